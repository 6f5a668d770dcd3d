/*
 * What goes into mails? For every bundle of the channel email: its photos get slots (catalog/slot.h), and each item the
 * pieces of feed and snippet, one for each of the site's languages and each stretch of time in which it may be shown in
 * all of the bundle's territories (index/email.h). Made when the item is published, so that serving them is copying.
 */
#pragma once
#include "publish/bundle.h"
#include "publish/compose.h"

/* Presets (borrowed const struct plc_preset *) of the bundle's mails: its own, else the site's. Empty: not for mails.
 * Free with g_ptr_array_unref. */
GPtrArray *plc_email_placements(const struct plc_publisher *publisher, const plc_bundle_definition *definition);

/* Within an index publication and a transaction of the catalog, after the item was put. `segments` as it was put with.
 */
bool plc_email_put(const struct plc_publisher *publisher, const plc_item *item, const struct plc_composed *composed,
                   const GArray *segments, int64_t now_ms, GError **error);

/*
 * Queues what mails need of the items (ids): placements that were not made yet are rendered, the others published. In a
 * transaction. Nothing where the bundle is not for mails.
 */
bool plc_email_queue(const struct plc_publisher *publisher, const plc_bundle_definition *definition,
                     const GPtrArray *items, int64_t now_ms, GError **error);
