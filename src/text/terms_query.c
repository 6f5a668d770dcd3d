/* What does somebody look for, and where in a text does it stand? Each word of a question in every form that an index
 * may hold it in. */
#include "text/fold.h"
#include "text/sentences.h"
#include "text/terms.h"
#include "text/terms_private.h"
#include "text/utf8.h"
#include <string.h>

#define QUERY_BYTES 1024
#define QUERY_WORDS 16
#define RUN_BYTES 96 /* of words without spaces that are also looked for as one: each letter is a lookup */

static void clear_word(void *word)
{
        g_strfreev(((struct plc_query_word *)word)->forms);
}

static void add_form(GPtrArray *forms, char *form)
{
        for (guint i = 0; i <= forms->len; i++) {
                if (form[0] == '\0' || (i < forms->len && strcmp(forms->pdata[i], form) == 0)) {
                        g_free(form);
                        return;
                }
        }
        g_ptr_array_add(forms, form);
}

/* Folding differs by language only where a letter has a mark, or is a capital I. */
static bool same_everywhere(const char *word, size_t size)
{
        for (size_t i = 0; i < size; i++) {
                if ((word[i] & 0x80) || word[i] == 'I')
                        return false;
        }
        return true;
}

/* run: what it may be found by as well, or NULL. */
static bool add_forms(const char *word, size_t size, const char *run, GArray *words, GError **error)
{
        g_autoptr(GPtrArray) forms = g_ptr_array_new_with_free_func(g_free);
        size_t rules = same_everywhere(word, size) ? 1 : plc_fold_rules();
        char *bare = NULL, *grams = NULL;
        for (size_t rule = 0; rule < rules; rule++) {
                g_autoptr(GString) form = g_string_new(NULL);
                if (!plc_fold_word(word, size, rule, form, error))
                        return false;
                add_form(forms, g_strdup(form->str));
        }
        if (forms->len > 0)
                plc_terms_bare(forms->pdata[0], &bare);
        if (bare)
                add_form(forms, bare);
        if (!plc_terms_grams(word, size, &grams, error))
                return false;
        if (grams)
                add_form(forms, grams);
        if (run)
                add_form(forms, g_strdup(run));
        if (forms->len == 0)
                return true;
        g_ptr_array_add(forms, NULL);
        struct plc_query_word added = {(char **)g_ptr_array_free(g_steal_pointer(&forms), FALSE)};
        g_array_append_val(words, added);
        return true;
}

/* The l of l'été and the s of Anna's: nobody looks for them. */
static bool is_elided(const char *utf8, size_t size, const struct plc_term *term)
{
        if (term->size > 1)
                return false;
        size_t after = term->end;
        size_t before = term->start > 0 ? (size_t)(g_utf8_prev_char(utf8 + term->start) - utf8) : 0;
        return (before < term->start && plc_is_apostrophe(plc_utf8_next(utf8, size, &before))) ||
               (after < size && plc_is_apostrophe(plc_utf8_next(utf8, size, &after)));
}

/* Where the unbroken run of Thai, Lao, Khmer or Burmese words ends that begins with this term; its own place if there
 * is none. */
static guint end_of_run(const char *utf8, const GArray *terms, guint at)
{
        guint end = at;
        for (; end < terms->len; end++) {
                const struct plc_term *term = &g_array_index(terms, struct plc_term, end);
                if (!plc_terms_takes_threes(utf8 + term->start, term->end - term->start) ||
                    (end > at && term->start != g_array_index(terms, struct plc_term, end - 1).end))
                        break;
        }
        return end;
}

/* The dictionary cuts a run in a question otherwise than the same run within a text: it is found as a whole, too. */
static bool run_form(const char *utf8, const GArray *terms, guint at, guint end, char **out, GError **error)
{
        g_clear_pointer(out, g_free);
        if (end < at + 2)
                return true;
        uint32_t from = g_array_index(terms, struct plc_term, at).start;
        uint32_t to = g_array_index(terms, struct plc_term, end - 1).end;
        return to - from > RUN_BYTES || plc_terms_grams(utf8 + from, to - from, out, error);
}

bool plc_text_query(const char *utf8, GArray **out_words, GError **error)
{
        size_t size = strnlen(utf8, QUERY_BYTES + 1);
        if (size > QUERY_BYTES)
                return plc_fail(error, PLC_E_TOO_BIG, "a question of more than %d bytes", QUERY_BYTES);
        struct plc_terms terms;
        if (!plc_terms_read(utf8, 0, false, &terms, error))
                return false;
        g_autoptr(GArray) words = g_array_new(FALSE, FALSE, sizeof(struct plc_query_word));
        g_array_set_clear_func(words, clear_word);
        g_autofree char *run = NULL;
        guint run_end = 0;
        bool ok = true;
        for (guint i = 0; ok && i < terms.list->len && words->len < QUERY_WORDS; i++) {
                const struct plc_term *term = &g_array_index(terms.list, struct plc_term, i);
                if (i >= run_end) {
                        run_end = end_of_run(utf8, terms.list, i);
                        ok = run_form(utf8, terms.list, i, run_end, &run, error);
                }
                if (ok && (terms.list->len == 1 || !is_elided(utf8, size, term)))
                        ok = add_forms(utf8 + term->start, term->end - term->start, run, words, error);
        }
        plc_terms_done(&terms);
        if (ok)
                *out_words = g_steal_pointer(&words);
        return ok;
}

/* Is `form` what stands from this term on? *out_end: where it ends in the text. */
static bool form_at(const struct plc_terms *terms, guint at, const char *form, uint32_t *out_end)
{
        for (; at < terms->list->len; at++) {
                const struct plc_term *term = &g_array_index(terms->list, struct plc_term, at);
                const char *text = terms->all->str + term->at;
                size_t size = strcspn(form, " ");
                /* Begins so: one character, and each stands first in some pair. */
                bool any_rest = form[size - 1] == '*';
                if (any_rest ? term->first_end == 0 || term->size < --size : term->size != size)
                        return false;
                if (memcmp(text, form, size) != 0)
                        return false;
                *out_end = any_rest ? term->first_end : term->end;
                if (any_rest || form[size] == '\0')
                        return true;
                form += size + 1;
        }
        return false;
}

static gint by_start(gconstpointer a, gconstpointer b)
{
        const struct plc_match *x = a, *y = b;
        return x->start != y->start ? (x->start < y->start ? -1 : 1) : (x->end > y->end) - (x->end < y->end);
}

/* Overlapping ones become one, and places are counted in UTF-16 as well. */
static void tidy(const char *utf8, GArray *matches)
{
        guint kept = 0;
        uint32_t units = 0;
        size_t at = 0;
        g_array_sort(matches, by_start);
        for (guint i = 0; i < matches->len; i++) {
                struct plc_match match = g_array_index(matches, struct plc_match, i);
                struct plc_match *last = kept > 0 ? &g_array_index(matches, struct plc_match, kept - 1) : NULL;
                if (last && match.start < last->end)
                        last->end = MAX(last->end, match.end);
                else
                        g_array_index(matches, struct plc_match, kept++) = match;
        }
        g_array_set_size(matches, kept);
        for (guint i = 0; i < kept; i++) {
                struct plc_match *match = &g_array_index(matches, struct plc_match, i);
                while (at < match->end) {
                        if (at == match->start)
                                match->utf16_start = units;
                        units += plc_utf8_next(utf8, match->end, &at) > 0xffff ? 2 : 1;
                }
                match->utf16_end = units;
        }
}

bool plc_text_matches(const char *utf8, const char *language, const GArray *query, GArray **out_matches, GError **error)
{
        struct plc_terms terms;
        if (!plc_terms_read(utf8, plc_fold_rule_of(language), true, &terms, error))
                return false;
        GArray *matches = g_array_new(FALSE, FALSE, sizeof(struct plc_match));
        for (guint at = 0; at < terms.list->len; at++) {
                for (guint i = 0; i < query->len; i++) {
                        char **forms = g_array_index(query, struct plc_query_word, i).forms;
                        for (size_t k = 0; forms[k]; k++) {
                                struct plc_match match = {.start =
                                                                  g_array_index(terms.list, struct plc_term, at).start};
                                if (form_at(&terms, at, forms[k], &match.end))
                                        g_array_append_val(matches, match);
                        }
                }
        }
        plc_terms_done(&terms);
        tidy(utf8, matches);
        *out_matches = matches;
        return true;
}
