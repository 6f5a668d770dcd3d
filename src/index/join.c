/* How is an item of an answer joined from what was made at its publication? The same whether it was read from the
 * tables or from the front of its list. */
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "index/answer.h"
#include "index/pieces.h"
#include "text/labels.h"
#include "text/language_tag.h"

/* Our own words, which need no escaping: after an item's first members, where a comma always stands before. */
#define APPEND(out, words) g_string_append_len(out, words, sizeof words - 1)

static void write_label(GString *out, const char *code, const char *label)
{
        plc_jw_string(out, NULL, code);
        APPEND(out, ",\"label\":");
        plc_jw_string(out, NULL, label != NULL ? label : code);
        g_string_append_c(out, '}');
}

static void write_verification(GString *out, const char *method, const struct plc_index_question *q)
{
        if (method == NULL || strcmp(method, "none") == 0) {
                APPEND(out, ",\"verification\":null");
                return;
        }
        APPEND(out, ",\"verification\":{\"method\":");
        write_label(out, method, plc_text_label("verification", method, q->labels));
}

static void write_disclosure(GString *out, const char *connection, const struct plc_index_question *q)
{
        if (connection[0] == '\0') {
                APPEND(out, ",\"disclosure\":null");
                return;
        }
        APPEND(out, ",\"disclosure\":{\"connection\":");
        write_label(out, connection, plc_text_label("disclosure", connection, q->labels));
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

bool plc_index_find_translation(struct plc_index_builder *b, const struct plc_index_said *said, unsigned edits,
                                char **out, GError **error)
{
        g_autofree char *best = NULL;

        *out = NULL;
        if (!said->translated || (edits & (1u << PLC_INDEX_EDIT_TRANSLATE)) == 0 || b->q->labels == NULL)
                return true;
        int best_score = plc_text_language_score(b->q->labels, said->language);
        g_autoptr(plc_rows) rows = plc_db_query(b->reader->db, "translations", error, "t", said->item);
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
        *out = g_steal_pointer(&best);
        return true;
}

void plc_index_begin_review(struct plc_index_builder *b, const struct plc_index_said *said,
                            const struct plc_index_level *level, bool named, const char *translation)
{
        bool excerpt = said->excerpt_is_text || (level->edits & (1u << PLC_INDEX_EDIT_EXCERPT)) != 0;
        GString *out = b->out;

        plc_jw_object(out, NULL);
        write_piece(out, said->head);
        APPEND(out, ",\"excerpt\":");
        g_string_append(out, excerpt && said->excerpt != NULL ? said->excerpt : "null");
        APPEND(out, ",\"translation\":");
        g_string_append(out, translation != NULL ? translation : "null");
        write_piece(out, named && said->named != NULL ? said->named : plc_index_unnamed(PLC_INDEX_REVIEW));
        write_piece(out, said->tail);
        write_verification(out, said->verification, b->q);
        write_disclosure(out, level->disclosure, b->q);
        APPEND(out, ",\"photos\":[");
}

void plc_index_end_review(struct plc_index_builder *b, const struct plc_index_level *level)
{
        plc_jw_end_array(b->out);
        plc_jw_end_object(b->out);
        b->page->until = MIN(b->page->until, level->until);
}

/* --- photos
 * ---------------------------------------------------------------------------------------------------------------------
 */

void plc_index_seen_clear(struct plc_index_seen *seen)
{
        g_clear_pointer(&seen->size, g_free);
        g_clear_pointer(&seen->sources, g_free);
        if (seen->placements != NULL)
                g_string_free(seen->placements, TRUE);
        seen->placements = NULL;
}

void plc_index_seen_add(struct plc_index_seen *seen, unsigned edits, bool cropped, const char *size,
                        const char *sources, const char *placements)
{
        if ((edits & (1u << (cropped ? PLC_INDEX_EDIT_CROP : PLC_INDEX_EDIT_NONE))) == 0)
                return;
        if (seen->size == NULL) {
                seen->size = g_strdup(size);
                seen->sources = g_strdup(sources);
        }
        if (seen->placements == NULL)
                seen->placements = g_string_new(NULL);
        if (placements[0] != '\0')
                g_string_append_printf(seen->placements, "%s%s", seen->placements->len > 0 ? "," : "", placements);
}

void plc_index_write_photo(struct plc_index_builder *b, const struct plc_index_said *said,
                           const struct plc_index_seen *seen, const struct plc_index_level *level, bool named,
                           bool alone)
{
        GString *out = b->out;

        plc_jw_object(out, NULL);
        if (alone)
                plc_jw_string(out, "kind", "photo");
        write_piece(out, said->head);
        write_piece(out, named && said->named != NULL ? said->named : plc_index_unnamed(PLC_INDEX_PHOTO));
        write_piece(out, seen->size);
        write_piece(out, said->tail);
        write_piece(out, seen->sources);
        write_piece(out, said->tags);
        APPEND(out, ",\"placements\":[");
        g_string_append(out, seen->placements->str);
        plc_jw_end_array(out);
        if (alone) {
                plc_jw_time(out, "written_at", said->written_at);
                write_verification(out, said->verification, b->q);
        }
        if (alone || level->disclosure[0] != '\0')
                write_disclosure(out, level->disclosure, b->q);
        plc_jw_end_object(out);
        b->page->until = MIN(b->page->until, level->until);
}
