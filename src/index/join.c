/* How is an item of an answer joined from what was made at its publication? The same whether it was read from the
 * tables or from the front of its list. */
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "index/answer.h"
#include "index/pieces.h"
#include "text/labels.h"
#include "text/language_tag.h"

/* Our own words, which need no escaping. */
#define APPEND(out, words) g_string_append_len(out, words, sizeof words - 1)

static void write_label(GString *out, const char *code, const char *label)
{
        plc_jw_string(out, NULL, code);
        APPEND(out, ",\"label\":");
        plc_jw_string(out, NULL, label != NULL ? label : code);
        g_string_append_c(out, '}');
}

static void write_verification(struct plc_index_builder *b, const char *method)
{
        GString *out = b->out;
        size_t at = out->len;

        if (method == NULL || strcmp(method, "none") == 0) {
                APPEND(out, ",\"verification\":null");
                return;
        }
        if (strcmp(method, b->verified) == 0) {
                g_string_append_len(out, out->str + b->verified_at, (gssize)b->verified_size);
                return;
        }
        APPEND(out, ",\"verification\":{\"method\":");
        write_label(out, method, plc_text_label("verification", method, b->q->labels));
        if (g_strlcpy(b->verified, method, sizeof b->verified) >= sizeof b->verified)
                b->verified[0] = '\0';
        b->verified_at = at;
        b->verified_size = out->len - at;
}

#define NO_DISCLOSURE ",\"disclosure\":null"

static void write_disclosure(GString *out, const char *connection, const struct plc_index_question *q)
{
        if (connection[0] == '\0') {
                APPEND(out, NO_DISCLOSURE);
                return;
        }
        APPEND(out, ",\"disclosure\":{\"connection\":");
        write_label(out, connection, plc_text_label("disclosure", connection, q->labels));
}

/* --- what is made ready
 * ---------------------------------------------------------------------------------------------------------- */

/* Members without braces; the comma before them is ours. */
static void add_members(GString *out, const char *members)
{
        if (members == NULL || members[0] == '\0')
                return;
        g_string_append_c(out, ',');
        g_string_append(out, members);
}

void plc_index_make_ready(enum plc_index_kind kind, const struct plc_index_said *said, GString *space,
                          struct plc_index_ready *out)
{
        size_t begun = space->len, ends[PLC_INDEX_PARTS];

        *out = (struct plc_index_ready){.item = said->item,
                                        .language = said->language,
                                        .verification = said->verification,
                                        .written_at = said->written_at,
                                        .excerpt_is_text = said->excerpt_is_text,
                                        .translated = said->translated};
        if (kind == PLC_INDEX_REVIEW)
                g_string_append_c(space, '{');
        g_string_append(space, said->head);
        if (kind == PLC_INDEX_REVIEW)
                APPEND(space, ",\"excerpt\":");
        ends[PLC_INDEX_PART_HEAD] = space->len;
        if (kind == PLC_INDEX_REVIEW)
                plc_jw_string(space, NULL, said->excerpt);
        ends[PLC_INDEX_PART_EXCERPT] = space->len;
        if (kind == PLC_INDEX_REVIEW)
                APPEND(space, ",\"translation\":null");
        ends[PLC_INDEX_PART_UNTRANSLATED] = space->len;
        add_members(space, said->named);
        ends[PLC_INDEX_PART_NAMED] = space->len;
        if (kind == PLC_INDEX_REVIEW)
                add_members(space, said->tail);
        ends[PLC_INDEX_PART_TAIL] = space->len;
        for (size_t i = 0; i < PLC_INDEX_PARTS; i++)
                out->sizes[i] = ends[i] - (i > 0 ? ends[i - 1] : begun);
        out->bytes = space->str + begun;
}

void plc_index_make_lead(const struct plc_index_said *photo, const char *size, const char *sources, GString *out)
{
        add_members(out, size);
        add_members(out, photo->tail);
        add_members(out, sources);
        add_members(out, photo->tags);
        APPEND(out, ",\"placements\":[");
}

/* --- reviews
 * ---------------------------------------------------------------------------------------------------------------------
 */

bool plc_index_find_translation(struct plc_index_builder *b, const struct plc_index_ready *ready, unsigned edits,
                                char **out, GError **error)
{
        g_autofree char *best = NULL;

        *out = NULL;
        if (!ready->translated || (edits & (1u << PLC_INDEX_EDIT_TRANSLATE)) == 0 || b->q->labels == NULL)
                return true;
        int best_score = plc_text_language_score(b->q->labels, ready->language);
        g_autoptr(plc_rows) rows = plc_db_query(b->reader->db, "translations", error, "t", ready->item);
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

static void write_named(GString *out, enum plc_index_kind kind, const struct plc_index_ready *ready, const char *bytes,
                        bool named)
{
        if (named && ready->sizes[PLC_INDEX_PART_NAMED] > 0)
                g_string_append_len(out, bytes, (gssize)ready->sizes[PLC_INDEX_PART_NAMED]);
        else
                add_members(out, plc_index_unnamed(kind));
}

void plc_index_begin_review(struct plc_index_builder *b, const struct plc_index_ready *ready,
                            const struct plc_index_level *level, bool named, const char *translation)
{
        bool excerpt = ready->excerpt_is_text || (level->edits & (1u << PLC_INDEX_EDIT_EXCERPT)) != 0;
        const size_t *size = ready->sizes;
        const char *at = ready->bytes;
        GString *out = b->out;

        if (out->len > 0 && out->str[out->len - 1] == '}')
                g_string_append_c(out, ',');
        if (excerpt && translation == NULL && named && size[PLC_INDEX_PART_NAMED] > 0) {
                for (size_t i = 0; i < PLC_INDEX_PARTS; i++)
                        at += size[i];
                g_string_append_len(out, ready->bytes, at - ready->bytes);
        } else {
                g_string_append_len(out, at, (gssize)size[PLC_INDEX_PART_HEAD]);
                at += size[PLC_INDEX_PART_HEAD];
                g_string_append_len(out, excerpt ? at : "null", excerpt ? (gssize)size[PLC_INDEX_PART_EXCERPT] : 4);
                at += size[PLC_INDEX_PART_EXCERPT];
                APPEND(out, ",\"translation\":");
                g_string_append(out, translation != NULL ? translation : "null");
                at += size[PLC_INDEX_PART_UNTRANSLATED];
                write_named(out, PLC_INDEX_REVIEW, ready, at, named);
                at += size[PLC_INDEX_PART_NAMED];
                g_string_append_len(out, at, (gssize)size[PLC_INDEX_PART_TAIL]);
        }
        write_verification(b, ready->verification);
        if (level->disclosure[0] == '\0') { /* of nearly all: one piece */
                APPEND(out, NO_DISCLOSURE ",\"photos\":[");
                return;
        }
        write_disclosure(out, level->disclosure, b->q);
        APPEND(out, ",\"photos\":[");
}

void plc_index_end_review(struct plc_index_builder *b, const struct plc_index_level *level)
{
        APPEND(b->out, "]}");
        b->page->until = MIN(b->page->until, level->until);
}

/* --- photos
 * ---------------------------------------------------------------------------------------------------------------------
 */

void plc_index_seen_add(struct plc_index_seen *seen, unsigned edits, bool cropped, const char *lead, size_t lead_size,
                        const char *placements)
{
        if ((edits & (1u << (cropped ? PLC_INDEX_EDIT_CROP : PLC_INDEX_EDIT_NONE))) == 0)
                return;
        if (seen->lead == NULL) {
                seen->lead = lead;
                seen->lead_size = lead_size;
        }
        seen->placements[cropped] = placements;
}

void plc_index_write_photo(struct plc_index_builder *b, const struct plc_index_ready *ready,
                           const struct plc_index_seen *seen, const struct plc_index_level *level, bool named,
                           bool alone)
{
        GString *out = b->out;
        bool placed = false;

        plc_jw_object(out, NULL);
        if (alone)
                APPEND(out, "\"kind\":\"photo\",");
        g_string_append_len(out, ready->bytes, (gssize)ready->sizes[PLC_INDEX_PART_HEAD]);
        write_named(out, PLC_INDEX_PHOTO, ready, ready->bytes + ready->sizes[PLC_INDEX_PART_HEAD], named);
        g_string_append_len(out, seen->lead, (gssize)seen->lead_size);
        for (size_t i = 0; i < G_N_ELEMENTS(seen->placements); i++) {
                if (seen->placements[i] == NULL || seen->placements[i][0] == '\0')
                        continue;
                if (placed)
                        g_string_append_c(out, ',');
                g_string_append(out, seen->placements[i]);
                placed = true;
        }
        g_string_append_c(out, ']');
        if (alone) {
                plc_jw_time(out, "written_at", ready->written_at);
                write_verification(b, ready->verification);
        }
        if (alone || level->disclosure[0] != '\0')
                write_disclosure(out, level->disclosure, b->q);
        g_string_append_c(out, '}');
        b->page->until = MIN(b->page->until, level->until);
}
