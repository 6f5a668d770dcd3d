/* What does the index get to know of an item? Its published texts, unsealed for the moment of writing, and nothing else
 * of it. */
#pragma once
#include "catalog/submission.h"
#include "publish/publisher.h"

/* An item for the index with all that it points to. Free with plc_composed_free. */
struct plc_composed {
        struct plc_index_item item;
        char owner[PLC_SHA256_HEX_SIZE];
        GArray *renditions; /* of struct plc_index_rendition */
        GPtrArray *texts;   /* what item and renditions point to */
        GArray *tags, *translations;
        plc_revision *revision; /* what it was dropped with: its tags */
};
void plc_composed_free(struct plc_composed *composed);
typedef struct plc_composed plc_composed;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_composed, plc_composed_free)

/* placed: of plc_placed. Only files of presets whose channel is public and for which `allowed` has a segment are taken.
 * NULL on failure. */
struct plc_composed *plc_compose(const struct plc_publisher *publisher, const plc_item *item, const GPtrArray *placed,
                                 const GArray *segments, GError **error);
/* Is there a segment under which a file of this preset may be shown? */
bool plc_compose_allows(const GArray *segments, const char *channel, bool cropped);
