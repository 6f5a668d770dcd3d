/* What of an item may this reader see now? Only what single segments say: nothing is concluded from two together. */
#include "index/view.h"
#include <string.h>

static bool has_word(const char *list, const char *word)
{
        size_t size = strlen(word);
        for (const char *at = strstr(list, word); at != NULL; at = strstr(at + 1, word))
                if ((at == list || at[-1] == ' ') && (at[size] == '\0' || at[size] == ' '))
                        return true;
        return false;
}

static void read_duties(struct plc_index_level *level, const char *duties)
{
        level->no_credit |= has_word(duties, "NO_CREDIT");
        const char *at = strstr(duties, "DISCLOSE(");
        const char *end = at != NULL ? strchr(at, ')') : NULL;
        if (end != NULL && level->disclosure[0] == '\0' && (size_t)(end - at) - 9 < sizeof level->disclosure)
                memcpy(level->disclosure, at + 9, (size_t)(end - at) - 9);
}

void plc_index_view_read(const plc_rows *row, struct plc_index_stored *out)
{
        *out = (struct plc_index_stored){.languages = plc_rows_text(row, SEGMENT_LANGUAGES),
                                         .duties = plc_rows_text(row, SEGMENT_DUTIES),
                                         .edits = plc_rows_int(row, SEGMENT_EDITS),
                                         .from = plc_rows_int(row, SEGMENT_FROM),
                                         .until = plc_rows_int(row, SEGMENT_UNTIL),
                                         .named = plc_rows_int(row, SEGMENT_NAMED) != 0};
        out->territories = plc_rows_blob(row, SEGMENT_TERRITORIES, &out->territories_size);
}

void plc_index_view_add_row(struct plc_index_view *view, plc_index_reader *reader, const plc_rows *row,
                            const struct plc_index_question *q)
{
        struct plc_index_stored segment;

        plc_index_view_read(row, &segment);
        plc_index_view_add(view, reader, plc_rows_text(row, SEGMENT_ITEM), &segment, q);
}

void plc_index_view_add(struct plc_index_view *view, plc_index_reader *reader, const char *item,
                        const struct plc_index_stored *s, const struct plc_index_question *q)
{
        if (s->from > q->now || s->until <= q->now || s->edits <= 0 || s->edits >= 2 << PLC_INDEX_EDIT_TRANSLATE)
                return;
        /* Of the language that was asked alone: a grant for one language can bring duties that the others know nothing
         * of, so what is allowed without a language need not be allowed so in this one. */
        if (s->languages == NULL || s->duties == NULL ||
            (strcmp(s->languages, "*") != 0 &&
             !has_word(s->languages, q->language[0] != '\0' ? q->language : PLC_INDEX_NO_LANGUAGE)))
                return;
        if (!plc_index_territories_stored_has(s->territories, s->territories_size, q->territory) ||
            plc_index_hides(reader, item))
                return;
        plc_index_view_join(view, s->named, (unsigned)s->edits, s->until, s->duties);
}

void plc_index_view_join(struct plc_index_view *view, bool named, unsigned edits, int64_t until, const char *duties)
{
        struct plc_index_level *level = &view->level[named];

        level->until = level->edits == 0 ? until : MIN(level->until, until);
        level->edits |= edits;
        if (duties[0] != '\0')
                read_duties(level, duties);
}

const struct plc_index_level *plc_index_view_chosen(const struct plc_index_view *view, bool *out_named)
{
        for (int named = 1; named >= 0; named--) {
                const struct plc_index_level *level = &view->level[named];
                if ((level->edits & (1u << PLC_INDEX_EDIT_NONE)) == 0)
                        continue;
                *out_named = named == 1 && !level->no_credit;
                return level;
        }
        return NULL;
}
