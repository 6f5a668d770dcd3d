/* What of an item may this reader see now? Its segments are folded, row by row, into one view. */
#pragma once
#include "db/db.h"
#include "index/reader.h"

/* How the languages of a row are written: words between spaces, "*" alone for every one. */
#define PLC_INDEX_NO_LANGUAGE "-" /* the question without a language */

struct plc_index_level {
        unsigned edits; /* bits 1 << enum plc_index_edit */
        int64_t until;
        bool no_credit;
        char disclosure[32]; /* the connection that must be told; "" none */
};

/* Start with zeros. */
struct plc_index_view {
        struct plc_index_level level[2]; /* without, with identity */
};

/* One segment as it is stored; strings are lent. */
struct plc_index_stored {
        const char *languages, *duties;
        const void *territories;
        size_t territories_size;
        int64_t edits, from, until;
        bool named;
};

/* Of this item; what is not open for this reader now is left out. */
void plc_index_view_add(struct plc_index_view *view, plc_index_reader *reader, const char *item,
                        const struct plc_index_stored *segment, const struct plc_index_question *question);
/* The current row of segments_of_product, segments_of_item or segments_everywhere. */
void plc_index_view_read(const plc_rows *row, struct plc_index_stored *out);
void plc_index_view_add_row(struct plc_index_view *view, plc_index_reader *reader, const plc_rows *row,
                            const struct plc_index_question *question);
/* One that is open now, for this reader: what plc_index_view_add does with such a segment. */
void plc_index_view_join(struct plc_index_view *view, bool named, unsigned edits, int64_t until, const char *duties);
/*
 * The level to be shown: with identity if the item may be shown so as it is, else without; NULL if not at all. Levels
 * are not mixed: an edit that is allowed only without the name is not shown beside the name.
 */
const struct plc_index_level *plc_index_view_chosen(const struct plc_index_view *view, bool *out_named);

/* Columns of these statements. */
enum {
        SEGMENT_ITEM,
        SEGMENT_WRITTEN,
        SEGMENT_LANGUAGES,
        SEGMENT_EDITS,
        SEGMENT_NAMED,
        SEGMENT_FROM,
        SEGMENT_UNTIL,
        SEGMENT_TERRITORIES,
        SEGMENT_DUTIES
};
