/* How do rows become the items of an answer? Segments in the order of the list, folded to one view an item, then pieces
 * joined. */
#include "base/clock.h"
#include "base/json.h"
#include "index/front.h"
#include <string.h>

#define SCAN_MAX 4000 /* segments for one answer: about 2 ms */

static plc_rows *item_row(struct plc_index_builder *b, const char *item, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(b->reader->db, "item", error, "t", item);
        plc_row row = rows != NULL ? plc_rows_next(rows, error) : PLC_ROW_ERROR;

        if (row == PLC_ROW)
                return g_steal_pointer(&rows);
        if (row == PLC_ROW_END)
                plc_fail(error, PLC_E_INTERNAL, "the index has segments of %s, which it does not hold", item);
        return NULL;
}

void plc_index_read_said(const plc_rows *row, const char *item, struct plc_index_said *out)
{
        *out = (struct plc_index_said){.item = item,
                                       .language = plc_rows_text(row, 10),
                                       .head = plc_rows_text(row, 3),
                                       .named = plc_rows_text(row, 4),
                                       .excerpt = plc_rows_text(row, 5),
                                       .tail = plc_rows_text(row, 7),
                                       .tags = plc_rows_text(row, 8),
                                       .verification = plc_rows_text(row, 9),
                                       .written_at = plc_rows_int(row, 2),
                                       .excerpt_is_text = plc_rows_int(row, 6) != 0,
                                       .translated = true};
}

/* --- photos
 * ---------------------------------------------------------------------------------------------------------------------
 */

/* What is seen is lent by `keep`. */
static bool load_pictures(struct plc_index_builder *b, const struct plc_index_said *said, unsigned edits,
                          GPtrArray *keep, struct plc_index_seen *out, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(b->reader->db, "pictures", error, "tt", said->item, b->q->channel);
        plc_row row = PLC_ROW_ERROR;

        while (rows != NULL && (row = plc_rows_next(rows, error)) == PLC_ROW) {
                GString *lead = g_string_new(NULL);
                size_t size;

                plc_index_make_lead(said, plc_rows_text(rows, 1), plc_rows_text(rows, 2), lead);
                size = lead->len;
                g_ptr_array_add(keep, g_string_free(lead, FALSE));
                g_ptr_array_add(keep, plc_rows_dup(rows, 3));
                plc_index_seen_add(out, edits, plc_rows_int(rows, 0) != 0, keep->pdata[keep->len - 2], size,
                                   keep->pdata[keep->len - 1]);
        }
        return row == PLC_ROW_END;
}

/* *out_written false: no rendition of this channel may be shown, so there is no photo. */
static bool write_photo(struct plc_index_builder *b, const char *item, const struct plc_index_level *level, bool named,
                        bool alone, bool *out_written, GError **error)
{
        g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GString) space = g_string_new(NULL);
        g_autoptr(plc_rows) rows = item_row(b, item, error);
        struct plc_index_seen seen = {0};
        struct plc_index_ready ready;
        struct plc_index_said said;

        *out_written = false;
        if (rows == NULL)
                return false;
        plc_index_read_said(rows, item, &said);
        if (!load_pictures(b, &said, level->edits, keep, &seen, error))
                return false;
        if (seen.lead == NULL)
                return true;
        plc_index_make_ready(PLC_INDEX_PHOTO, &said, space, &ready);
        plc_index_write_photo(b, &ready, &seen, level, named, alone);
        *out_written = true;
        return true;
}

static bool view_of_item(struct plc_index_builder *b, const char *product, int64_t kind, int64_t written_at,
                         const char *item, struct plc_index_view *out, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(b->reader->db, "segments_of_item", error, "ttiit", product,
                                                b->q->channel, kind, written_at, item);
        plc_row row = PLC_ROW_ERROR;

        while (rows != NULL && (row = plc_rows_next(rows, error)) == PLC_ROW)
                plc_index_view_add_row(out, b->reader, rows, b->q);
        return row == PLC_ROW_END;
}

static bool is_in_bundle(struct plc_index_builder *b, const char *item, bool *out, GError **error)
{
        *out = true;
        if (b->bundle == NULL)
                return true;
        g_autoptr(plc_rows) rows = plc_db_query(b->reader->db, "is_in_bundle", error, "tt", item, b->bundle);
        plc_row row = rows != NULL ? plc_rows_next(rows, error) : PLC_ROW_ERROR;
        *out = row == PLC_ROW;
        return row != PLC_ROW_ERROR;
}

/* The photos of a review that may be shown by themselves; none of it tells of the others. */
static bool write_photos_of(struct plc_index_builder *b, const char *group, const char *product, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(b->reader->db, "photos_of_group", error, "t", group);
        plc_row row = PLC_ROW_ERROR;

        while (rows != NULL && (row = plc_rows_next(rows, error)) == PLC_ROW) {
                struct plc_index_view view = {0};
                bool named = false, written = false, wanted = false;
                const char *item = plc_rows_text(rows, 0);
                if (!is_in_bundle(b, item, &wanted, error))
                        return false;
                if (!wanted)
                        continue;
                if (!view_of_item(b, product, PLC_INDEX_PHOTO, plc_rows_int(rows, 1), item, &view, error))
                        return false;
                const struct plc_index_level *level = plc_index_view_chosen(&view, &named);
                if (level != NULL && !write_photo(b, item, level, named, false, &written, error))
                        return false;
        }
        return row == PLC_ROW_END;
}

/* --- items
 * ----------------------------------------------------------------------------------------------------------------------
 */

static bool write_review(struct plc_index_builder *b, const char *item, const char *product,
                         const struct plc_index_level *level, bool named, GError **error)
{
        g_autoptr(plc_rows) rows = item_row(b, item, error);
        g_autoptr(GString) space = g_string_new(NULL);
        g_autofree char *translation = NULL;
        struct plc_index_ready ready;
        struct plc_index_said said;

        if (rows == NULL)
                return false;
        plc_index_read_said(rows, item, &said);
        plc_index_make_ready(PLC_INDEX_REVIEW, &said, space, &ready);
        if (!plc_index_find_translation(b, &ready, level->edits, &translation, error))
                return false;
        plc_index_begin_review(b, &ready, level, named, translation);
        if (!write_photos_of(b, plc_rows_text(rows, 1), product, error))
                return false;
        plc_index_end_review(b, level);
        return true;
}

bool plc_index_write_item(struct plc_index_builder *b, int64_t kind, const char *item, const char *product,
                          const struct plc_index_view *view, GError **error)
{
        bool named = false, written = true;
        const struct plc_index_level *level = plc_index_view_chosen(view, &named);

        if (level == NULL)
                return true;
        if (kind == PLC_INDEX_REVIEW ? !write_review(b, item, product, level, named, error)
                                     : !write_photo(b, item, level, named, true, &written, error))
                return false;
        b->page->count += written;
        return true;
}

/* After *at, which is then the last item that was looked at. */
static bool list_rows(struct plc_index_builder *b, enum plc_index_kind kind, const char *product, size_t limit,
                      struct plc_index_cursor *at, size_t scanned, GError **error)
{
        struct plc_index_view view = {0};
        plc_row row = PLC_ROW_ERROR;
        bool open = false; /* an item whose segments are being folded */

        g_autoptr(plc_rows) rows = plc_db_query(b->reader->db, "segments_of_product", error, "ttiit", product,
                                                b->q->channel, (int64_t)kind, at->written_at, at->item);
        while (rows != NULL && (row = plc_rows_next(rows, error)) == PLC_ROW) {
                const char *item = plc_rows_text(rows, SEGMENT_ITEM);
                if (!open || strcmp(item, at->item) != 0) {
                        if (open && !plc_index_write_item(b, kind, at->item, product, &view, error))
                                return false;
                        if (b->page->count >= limit || scanned >= SCAN_MAX) {
                                b->page->more = true;
                                b->page->next = *at;
                                return true;
                        }
                        open = true;
                        view = (struct plc_index_view){0};
                        at->written_at = plc_rows_int(rows, SEGMENT_WRITTEN);
                        g_strlcpy(at->item, item, sizeof at->item);
                }
                plc_index_view_add_row(&view, b->reader, rows, b->q);
                scanned++;
        }
        return row == PLC_ROW_END && (!open || plc_index_write_item(b, kind, at->item, product, &view, error));
}

bool plc_index_list(plc_index_reader *r, const struct plc_index_question *q, enum plc_index_kind kind,
                    const char *product, const struct plc_index_cursor *after, size_t limit, GString *out_json,
                    struct plc_index_page *out_page, GError **error)
{
        struct plc_index_page page = {.until = PLC_TIME_NEVER};
        struct plc_index_builder b = {.reader = r, .q = q, .out = out_json, .page = &page};
        struct plc_index_cursor at = *after;
        bool ended = false;
        size_t scanned = 0;

        if (kind == PLC_INDEX_REVIEW && r->has_fronts && after->written_at == PLC_TIME_NEVER &&
            strcmp(q->channel, PLC_INDEX_FRONT_CHANNEL) == 0 &&
            !plc_index_list_front(&b, product, limit, &at, &scanned, &ended, error))
                return false;
        if (!ended && !list_rows(&b, kind, product, limit, &at, scanned, error))
                return false;
        *out_page = page;
        return true;
}

bool plc_index_bundle_list(plc_index_reader *r, const struct plc_index_question *q, const char *name, int64_t after,
                           size_t limit, GString *out_json, struct plc_index_page *out_page, GError **error)
{
        struct plc_index_page page = {.until = PLC_TIME_NEVER};
        struct plc_index_builder b = {.reader = r, .q = q, .bundle = name, .out = out_json, .page = &page};
        plc_row row = PLC_ROW_ERROR;
        size_t scanned = 0;

        g_autoptr(plc_rows) rows = plc_db_query(r->db, "bundle_items", error, "ti", name, after);
        while (rows != NULL && (row = plc_rows_next(rows, error)) == PLC_ROW) {
                struct plc_index_view view = {0};
                const char *item = plc_rows_text(rows, 1), *product = plc_rows_text(rows, 2);
                int64_t kind = plc_rows_int(rows, 3);
                if (page.count >= limit || scanned++ >= SCAN_MAX) {
                        page.more = true;
                        break;
                }
                if (!view_of_item(&b, product, kind, plc_rows_int(rows, 4), item, &view, error) ||
                    !plc_index_write_item(&b, kind, item, product, &view, error))
                        return false;
                page.next.written_at = plc_rows_int(rows, 0);
        }
        if (row == PLC_ROW_ERROR)
                return false;
        *out_page = page;
        return true;
}

bool plc_index_item_alone(plc_index_reader *r, const struct plc_index_question *q, const char *item, GString *out_json,
                          struct plc_index_page *out_page, GError **error)
{
        struct plc_index_page page = {.until = PLC_TIME_NEVER};
        struct plc_index_builder b = {.reader = r, .q = q, .out = out_json, .page = &page};
        plc_row row = PLC_ROW_ERROR;

        g_autoptr(plc_rows) rows = plc_db_query(r->db, "lists_of_item", error, "tt", item, q->channel);
        while (rows != NULL && page.count == 0 && (row = plc_rows_next(rows, error)) == PLC_ROW) {
                struct plc_index_view view = {0};
                const char *product = plc_rows_text(rows, 0);
                int64_t kind = plc_rows_int(rows, 1);
                if (!view_of_item(&b, product, kind, plc_rows_int(rows, 2), item, &view, error) ||
                    !plc_index_write_item(&b, kind, item, product, &view, error))
                        return false;
        }
        if (row == PLC_ROW_ERROR)
                return false;
        *out_page = page;
        return page.count > 0 || plc_fail(error, PLC_E_NOT_FOUND, "no such item that may be shown now");
}
