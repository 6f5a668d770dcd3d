/* How do rows become the items of an answer? Segments in the order of the list, folded to one view an item, then pieces
 * joined. */
#include "base/clock.h"
#include "base/json.h"
#include "index/answer.h"
#include "index/internal.h"
#include "index/pieces.h"
#include "index/view.h"
#include "text/labels.h"
#include "text/language_tag.h"
#include <string.h>

#define SCAN_MAX 4000 /* segments for one answer: about 2 ms */

/* --- pieces
 * ---------------------------------------------------------------------------------------------------------------------
 */

static void write_label(GString *out, const char *member, const char *name, const char *code, const char *label)
{
        plc_jw_object(out, member);
        plc_jw_string(out, name, code);
        plc_jw_string(out, "label", label != NULL ? label : code);
        plc_jw_end_object(out);
}

static void write_verification(GString *out, const char *method, const struct plc_index_question *q)
{
        if (method == NULL || strcmp(method, "none") == 0)
                plc_jw_null(out, "verification");
        else
                write_label(out, "verification", "method", method, plc_text_label("verification", method, q->labels));
}

static void write_disclosure(GString *out, const char *connection, const struct plc_index_question *q)
{
        if (connection[0] == '\0')
                plc_jw_null(out, "disclosure");
        else
                write_label(out, "disclosure", "connection", connection,
                            plc_text_label("disclosure", connection, q->labels));
}

/* Pieces are members without braces; the comma before them is ours. */
static void write_piece(GString *out, const char *piece)
{
        if (piece == NULL || piece[0] == '\0')
                return;
        if (out->str[out->len - 1] != '{')
                g_string_append_c(out, ',');
        g_string_append(out, piece);
}

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

/* One that suits this reader better than the text itself. */
static bool write_translation(struct plc_index_builder *b, const char *item, const char *language, bool allowed,
                              GError **error)
{
        g_autofree char *best = NULL;

        if (allowed && b->q->labels != NULL) {
                int best_score = plc_text_language_score(b->q->labels, language);
                g_autoptr(plc_rows) rows = plc_db_query(b->reader->db, "translations", error, "t", item);
                plc_row row = PLC_ROW_ERROR;
                while (rows != NULL && (row = plc_rows_next(rows, error)) == PLC_ROW) {
                        int score = plc_text_language_score(b->q->labels, plc_rows_text(rows, 0));
                        if (score <= best_score)
                                continue;
                        best_score = score;
                        g_free(best);
                        best = plc_rows_dup(rows, 1);
                }
                if (row != PLC_ROW_END)
                        return false;
        }
        plc_jw_raw(b->out, "translation", best != NULL ? best : "null");
        return true;
}

/* --- photos
 * ---------------------------------------------------------------------------------------------------------------------
 */

struct pictures {
        char *size, *sources;
        GString *placements;
};

static void pictures_clear(struct pictures *p)
{
        g_free(p->size);
        g_free(p->sources);
        if (p->placements != NULL)
                g_string_free(p->placements, TRUE);
}

static bool load_pictures(struct plc_index_builder *b, const char *item, unsigned edits, struct pictures *out,
                          GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(b->reader->db, "pictures", error, "tt", item, b->q->channel);
        plc_row row = PLC_ROW_ERROR;

        out->placements = g_string_new(NULL);
        while (rows != NULL && (row = plc_rows_next(rows, error)) == PLC_ROW) {
                const char *placements = plc_rows_text(rows, 3);
                bool cropped = plc_rows_int(rows, 0) != 0;
                if ((edits & (1u << (cropped ? PLC_INDEX_EDIT_CROP : PLC_INDEX_EDIT_NONE))) == 0)
                        continue;
                if (out->size == NULL) { /* the uncropped row comes first */
                        out->size = plc_rows_dup(rows, 1);
                        out->sources = plc_rows_dup(rows, 2);
                }
                if (placements[0] != '\0')
                        g_string_append_printf(out->placements, "%s%s", out->placements->len > 0 ? "," : "",
                                               placements);
        }
        return row == PLC_ROW_END;
}

/* *out_written false: no rendition of this channel may be shown, so there is no photo. */
static bool write_photo(struct plc_index_builder *b, const char *item, const struct plc_index_level *level, bool named,
                        bool alone, bool *out_written, GError **error)
{
        __attribute__((cleanup(pictures_clear))) struct pictures p = {0};
        GString *out = b->out;

        *out_written = false;
        if (!load_pictures(b, item, level->edits, &p, error))
                return false;
        if (p.size == NULL)
                return true;
        g_autoptr(plc_rows) rows = item_row(b, item, error);
        if (rows == NULL)
                return false;
        const char *name = plc_rows_text(rows, 4);

        plc_jw_object(out, NULL);
        if (alone)
                plc_jw_string(out, "kind", "photo");
        write_piece(out, plc_rows_text(rows, 3));
        write_piece(out, named && name != NULL ? name : plc_index_unnamed(PLC_INDEX_PHOTO));
        write_piece(out, p.size);
        write_piece(out, plc_rows_text(rows, 7));
        write_piece(out, p.sources);
        write_piece(out, plc_rows_text(rows, 8));
        plc_jw_array(out, "placements");
        g_string_append(out, p.placements->str);
        plc_jw_end_array(out);
        if (alone) {
                plc_jw_time(out, "written_at", plc_rows_int(rows, 2));
                write_verification(out, plc_rows_text(rows, 9), b->q);
        }
        if (alone || level->disclosure[0] != '\0')
                write_disclosure(out, level->disclosure, b->q);
        plc_jw_end_object(out);
        b->page->until = MIN(b->page->until, level->until);
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
                plc_index_view_add(out, b->reader, rows, b->q);
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

        plc_jw_array(b->out, "photos");
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
        plc_jw_end_array(b->out);
        return row == PLC_ROW_END;
}

/* --- items
 * ----------------------------------------------------------------------------------------------------------------------
 */

static bool write_review(struct plc_index_builder *b, const char *item, const char *product,
                         const struct plc_index_level *level, bool named, GError **error)
{
        g_autoptr(plc_rows) rows = item_row(b, item, error);
        if (rows == NULL)
                return false;
        const char *name = plc_rows_text(rows, 4);
        bool excerpt = plc_rows_int(rows, 6) != 0 || (level->edits & (1u << PLC_INDEX_EDIT_EXCERPT)) != 0;
        GString *out = b->out;

        plc_jw_object(out, NULL);
        write_piece(out, plc_rows_text(rows, 3));
        plc_jw_string(out, "excerpt", excerpt ? plc_rows_text(rows, 5) : NULL);
        if (!write_translation(b, item, plc_rows_text(rows, 10), (level->edits & (1u << PLC_INDEX_EDIT_TRANSLATE)) != 0,
                               error))
                return false;
        write_piece(out, named && name != NULL ? name : plc_index_unnamed(PLC_INDEX_REVIEW));
        write_piece(out, plc_rows_text(rows, 7));
        write_verification(out, plc_rows_text(rows, 9), b->q);
        write_disclosure(out, level->disclosure, b->q);
        if (!write_photos_of(b, plc_rows_text(rows, 1), product, error))
                return false;
        plc_jw_end_object(out);
        b->page->until = MIN(b->page->until, level->until);
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

bool plc_index_list(plc_index_reader *r, const struct plc_index_question *q, enum plc_index_kind kind,
                    const char *product, const struct plc_index_cursor *after, size_t limit, GString *out_json,
                    struct plc_index_page *out_page, GError **error)
{
        struct plc_index_page page = {.until = PLC_TIME_NEVER};
        struct plc_index_builder b = {.reader = r, .q = q, .out = out_json, .page = &page};
        struct plc_index_view view = {0};
        struct plc_index_cursor current = {0};
        plc_row row = PLC_ROW_ERROR;
        size_t scanned = 0;

        g_autoptr(plc_rows) rows = plc_db_query(r->db, "segments_of_product", error, "ttiit", product, q->channel,
                                                (int64_t)kind, after->written_at, after->item);
        while (rows != NULL && (row = plc_rows_next(rows, error)) == PLC_ROW) {
                const char *item = plc_rows_text(rows, SEGMENT_ITEM);
                if (strcmp(item, current.item) != 0) {
                        if (current.item[0] != '\0' &&
                            !plc_index_write_item(&b, kind, current.item, product, &view, error))
                                return false;
                        if (page.count >= limit || scanned >= SCAN_MAX) {
                                page.more = true;
                                page.next = current;
                                *out_page = page;
                                return true;
                        }
                        view = (struct plc_index_view){0};
                        current.written_at = plc_rows_int(rows, SEGMENT_WRITTEN);
                        g_strlcpy(current.item, item, sizeof current.item);
                }
                plc_index_view_add(&view, r, rows, q);
                scanned++;
        }
        if (row != PLC_ROW_END ||
            (current.item[0] != '\0' && !plc_index_write_item(&b, kind, current.item, product, &view, error)))
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
