/* When and where may an item be shown? decide()'s answers as rows of the index, cut where they change, merged where
 * they are alike. */
#pragma once
#include "publish/publisher.h"

/* Rows with what they borrow from. Free with plc_publish_rows_free. */
struct plc_publish_rows {
        GArray *segments; /* of struct plc_index_segment */
        GPtrArray *texts; /* duties and languages that they point to */
};
void plc_publish_rows_free(struct plc_publish_rows *rows);
typedef struct plc_publish_rows plc_publish_rows;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_publish_rows, plc_publish_rows_free)

/* All rows of the public channels that the site asks for, from now_ms on; no rows: shown nowhere. Never fails on a
 * ledger that reads. */
struct plc_publish_rows *plc_publish_segments(const struct plc_publisher *publisher, const plc_ledger *ledger,
                                              const plc_item *item, int64_t now_ms);

/* Is there any territory, product or identity in which the item may be used so, now or later? */
bool plc_publish_ever(const struct plc_publisher *publisher, const plc_ledger *ledger, const plc_item *item,
                      plc_channel channel, unsigned edits, int64_t now_ms);
/* The same in these territories alone (codes, or WW for all), and on no product's page: as bundles show it. */
bool plc_publish_ever_in(const struct plc_publisher *publisher, const plc_ledger *ledger, const plc_item *item,
                         plc_channel channel, unsigned edits, char *const *territories, int64_t now_ms);
