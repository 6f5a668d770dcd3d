/*
 * What is a bundle, and what is in it? A definition (schema placet.bundle/1) is frozen into a numbered version: its
 * query is answered once, each item is decided for each of its channels and territories. Items leave by themselves when
 * they may no longer be shown, and come back when a hold is lifted; nothing else changes a version.
 */
#pragma once
#include "catalog/bundle.h"
#include "publish/publisher.h"

enum plc_bundle_order { PLC_BUNDLE_NEWEST, PLC_BUNDLE_OLDEST, PLC_BUNDLE_RATING, PLC_BUNDLE_RANDOM };

/* Strings are owned; NULL where not given. */
struct plc_bundle_definition {
        char *json; /* as it was read */
        char *name, *title;
        char **channels, **territories; /* territories may hold WW */
        char *product, *tag, *role, *language, *country;
        int kind; /* enum plc_item_kind, -1: any */
        bool photo_wanted_given, photo_wanted;
        char **pinned, **excluded;
        int order;
        int64_t from_ms, until_ms; /* 0 and PLC_TIME_NEVER where not given */
};
/* `file` is what faults tell. NULL on failure. */
struct plc_bundle_definition *plc_bundle_parse(const char *json, size_t size, const char *file, GError **error);
void plc_bundle_definition_free(struct plc_bundle_definition *definition);
typedef struct plc_bundle_definition plc_bundle_definition;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_bundle_definition, plc_bundle_definition_free)

/* Is it shown for this channel, in this territory, at this instant? */
bool plc_bundle_covers(const plc_bundle_definition *definition, const char *channel, const char *territory, int64_t at);

/* Freezes the next version and shows it; durable when it returns. out_bundle: the version with its items. */
bool plc_bundle_publish(const struct plc_publisher *publisher, const plc_bundle_definition *definition, int64_t now_ms,
                        plc_bundle **out_bundle, GError **error);
/* Within an index publication: shows the latest version as the index has its items now. */
bool plc_bundle_show(const struct plc_publisher *publisher, const char *name, GError **error);
