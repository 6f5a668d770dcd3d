/*
 * How are the newest reviews of a product answered without looking each of them up? By one row a product, its front:
 * the summary, and the first items of the list with all that an answer is joined from, segments included, in the order
 * and form of the answer. It is made from the other tables in the transaction that changes them, and it decides
 * nothing: which of its segments are open for a reader is asked for each answer, as it is of the tables. What comes
 * after the front is read from them.
 *
 * The items of the answers that are asked for first are kept compressed beside it (packed.c). Which is the right one is
 * not concluded from the question: the answer is joined, and what has its digest is sent in its place.
 *
 * The bytes: numbers little-endian, a text is its size in four bytes, itself and a zero byte (NULL: the size is all
 * ones), a part is its size in four bytes and itself.
 *
 *     front    = text product, byte whole (1: there is nothing after it);
 *                eight bytes each: count, average (IEEE 754), one star … five stars, number of items;
 *                then these
 *     item     = part of: text item, eight bytes written_at, segments, text verification, text language, byte flags (1:
 *                the excerpt is the text, 2: there are translations), four bytes each: the sizes of its
 *                PLC_INDEX_PARTS; these, one after another; photos or pictures
 *     segments = part of: byte flags PLC_INDEX_FRONT_…, byte edits, eight bytes from, eight bytes until; then what the
 *                flags do not tell: text languages, text duties, part territories; and again
 *     photos   = part of items                     of a review; those that have a segment of this product
 *     pictures = part of: byte cropped, text lead, text placements; and again         of a photo; uncropped first
 */
#pragma once
#include "index/answer.h"

/* What pages of products ask; lists of other channels are read from the tables. */
#define PLC_INDEX_FRONT_CHANNEL "pdp"
#define PLC_INDEX_FRONT_ITEMS 16                  /* a page of twelve, and some that this reader may not see */
#define PLC_INDEX_FRONT_BYTES ((size_t)64 * 1024) /* about; longer texts make it shorter */
/* Of a segment: with the name; of every language; without duties; in every territory. */
enum {
        PLC_INDEX_FRONT_NAMED = 1,
        PLC_INDEX_FRONT_ANY = 2,
        PLC_INDEX_FRONT_FREE = 4,
        PLC_INDEX_FRONT_WORLD = 8,
};

struct plc_index_front {
        const void *bytes; /* of which those that are needed are read by and by */
        size_t size;
        struct plc_index_lookup *lookup; /* reads them; NULL: all are there */
};

/* --- front.c: the writer's side */

/* Of which products the front has to be made anew. `packed`: languages for packed.c; taken. */
typedef struct plc_index_fronts plc_index_fronts;
plc_index_fronts *plc_index_fronts_new(plc_db *db, char **packed);
void plc_index_fronts_free(plc_index_fronts *fronts);
void plc_index_fronts_forget(plc_index_fronts *fronts);
void plc_index_fronts_touch(plc_index_fronts *fronts, const struct plc_index_segment *segment);
void plc_index_fronts_touch_product(plc_index_fronts *fronts, const char *product);
/* All fronts in which the item may stand as it is stored now. */
bool plc_index_fronts_touch_item(plc_index_fronts *fronts, const char *item, GError **error);
/* Without `pack`, for whoever waits: what of them was kept compressed is removed; a settling with it packs it again. */
bool plc_index_fronts_settle(plc_index_fronts *fronts, bool pack, GError **error);
/* All of an index that has none yet, or others, in transactions of their own; readers must not use them before the
 * end. */
bool plc_index_fronts_make_all(plc_db *db, char *const *packed, GError **error);
/* Products whose front is not what the tables say, or what is packed of it not what it says, of char *. Makes all of
 * them for it. */
bool plc_index_fronts_wrong(plc_db *db, GPtrArray **out, GError **error);

/* --- front_list.c: the reader's side */

/*
 * Appends what of the front may be shown, as plc_index_list does. *at: the last item that was looked at, untouched
 * where there is no front; *scanned: segments looked at so far; *out_ended: the answer is complete, page->more is told.
 */
bool plc_index_list_front(struct plc_index_builder *builder, const char *product, size_t limit,
                          struct plc_index_cursor *at, size_t *scanned, bool *out_ended, GError **error);
/* The same of a front that is at hand. */
bool plc_index_list_of_front(struct plc_index_builder *builder, const char *product,
                             const struct plc_index_front *front, size_t limit, struct plc_index_cursor *at,
                             size_t *scanned, bool *out_ended, GError **error);
/*
 * *out_opened: the first instant at which all that it holds has begun; *out_territory: the country in which most of
 * what is not shown everywhere may be shown, the first of these in the alphabet; NULL if all is. False: damaged.
 */
bool plc_index_front_gauge(const struct plc_index_front *front, int64_t *out_opened, const char **out_territory);

/* --- packed.c: what is kept compressed; the reader's side is plc_index_packed */

/* In place of what is there of the product. No languages: nothing. */
bool plc_index_pack(plc_db *db, char *const *languages, const char *product, const struct plc_index_front *front,
                    GError **error);
/* Nothing of the product until plc_index_pack; that it is so is stored. */
bool plc_index_unpack(plc_db *db, const char *product, GError **error);
/* Is there what the last of both would leave, nothing else, and whole? */
bool plc_index_packed_right(plc_db *db, char *const *languages, const char *product,
                            const struct plc_index_front *front, bool *out, GError **error);
/* Of the index, for the functions above; free with g_strfreev. */
bool plc_index_packing(plc_db *db, char ***out_languages, GError **error);
