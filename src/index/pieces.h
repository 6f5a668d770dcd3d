/* The JSON that answers are joined from: made once when an item is published, so that serving it is copying. */
#pragma once
#include "index/index.h"

/* Members without braces: `"id":"…","kind":"review",…`. Free with g_free. */
char *plc_index_head(const struct plc_index_item *item);
char *plc_index_named(const struct plc_index_item *item); /* what needs a segment with identity */
char *plc_index_tail(const struct plc_index_item *item);
char *plc_index_tags(const struct plc_index_item *item); /* an array */
/* What stands in the place of plc_index_named where the identity may not be shown; a constant. */
const char *plc_index_unnamed(int64_t kind);
char *plc_index_translation_body(const struct plc_index_translation *translation); /* an object */

struct plc_index_picture {
        char *size;       /* members width and height */
        char *sources;    /* an array: one per type, best first, with srcset */
        char *placements; /* objects joined by commas, without brackets; "" for none */
};
/* Of the renditions of one channel and one `cropped`; false if there is none. Clear with plc_index_picture_clear. */
bool plc_index_picture_make(const struct plc_index_item *item, const struct plc_index_rendition *renditions,
                            size_t n_renditions, const char *channel, bool cropped, struct plc_index_picture *out);
void plc_index_picture_clear(struct plc_index_picture *picture);
