/* Which words is a text found by? Words by ICU, parted and folded; pairs of characters where no spaces part them. */
#include "text/terms.h"
#include "text/fold.h"
#include "text/sentences.h"
#include "text/terms_private.h"
#include "text/utf8.h"
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

static int script_of(int32_t c)
{
        UErrorCode status = U_ZERO_ERROR;
        return uscript_getScript(c, &status);
}

static bool is_paired(int32_t c)
{
        if (c < 0x1100)
                return false;
        int script = script_of(c);
        return script == USCRIPT_HAN || script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA ||
               script == USCRIPT_HANGUL || script == USCRIPT_BOPOMOFO || c == 0x30fc || c == 0x3005 || c == 0xff70;
}

static bool fold_term(struct plc_terms *terms, const char *utf8, uint32_t start, uint32_t end, uint32_t first_end,
                      GError **error)
{
        if (end - start > 4 * PLC_TERM_LIMIT || g_utf8_strlen(utf8 + start, (gssize)(end - start)) > PLC_TERM_LIMIT)
                return true;
        size_t before = terms->all->len;
        if (before > 0)
                g_string_append_c(terms->all, ' ');
        size_t at = terms->all->len;
        if (!plc_fold_word(utf8 + start, end - start, terms->rule, terms->all, error))
                return false;
        if (terms->all->len == at) {
                g_string_truncate(terms->all, before);
                return true;
        }
        struct plc_term term = {(uint32_t)at, (uint32_t)(terms->all->len - at), start, end, first_end};
        g_array_append_val(terms->list, term);
        return true;
}

/* Is a word in two here? Sides that nobody looks for as one: l'été, schön.Aber; not 12.5, not м'ята. */
static bool parts_at(int32_t before, int32_t c, int32_t after)
{
        if (plc_is_apostrophe(c))
                return script_of(before) == USCRIPT_LATIN;
        return !u_isalnum(c) && !(U_MASK(u_charType(c)) & (U_GC_M_MASK | U_GC_CF_MASK)) &&
               u_charType(c) != U_MODIFIER_LETTER && !(u_isdigit(before) && u_isdigit(after));
}

static bool add_word(struct plc_terms *terms, const char *utf8, const struct plc_word *word, GError **error)
{
        uint32_t start = word->start;
        int32_t before = 0;
        for (size_t at = word->start; at < word->end;) {
                size_t here = at;
                int32_t c = plc_utf8_next(utf8, word->end, &at);
                size_t next = at;
                int32_t after = at < word->end ? plc_utf8_next(utf8, word->end, &next) : 0;
                if (c > 0x7f || !g_ascii_isalnum(c)) {
                        if (parts_at(before, c, after)) {
                                if (here > start && !fold_term(terms, utf8, start, (uint32_t)here, 0, error))
                                        return false;
                                start = (uint32_t)at;
                        }
                }
                before = c;
        }
        return word->end <= start || fold_term(terms, utf8, start, word->end, 0, error);
}

/* The pairs of one run of characters, and its last one alone. */
static bool add_pairs(struct plc_terms *terms, const char *utf8, uint32_t start, uint32_t end, GError **error)
{
        g_autoptr(GArray) clusters = NULL;
        if (!plc_clusters(utf8 + start, end - start, &clusters, error))
                return false;
        uint32_t first = start;
        for (guint i = 0; i < clusters->len; i++) {
                uint32_t next = start + g_array_index(clusters, uint32_t, i);
                uint32_t last = i + 1 < clusters->len ? start + g_array_index(clusters, uint32_t, i + 1) : end;
                if (!fold_term(terms, utf8, first, last, next, error))
                        return false;
                first = next;
        }
        return true;
}

static bool add_all_pairs(struct plc_terms *terms, const char *utf8, const GArray *words, GError **error)
{
        uint32_t start = 0, end = 0;
        for (guint i = 0; i <= words->len; i++) {
                const struct plc_word *word = i < words->len ? &g_array_index(words, struct plc_word, i) : NULL;
                size_t at = word ? word->start : 0;
                if (word && word->letters && is_paired(plc_utf8_next(utf8, word->end, &at))) {
                        start = end > start ? start : word->start;
                        end = word->end;
                        continue;
                }
                if (end > start && !add_pairs(terms, utf8, start, end, error))
                        return false;
                start = end = 0;
        }
        return true;
}

bool plc_terms_read(const char *utf8, size_t rule, bool pairs, struct plc_terms *out, GError **error)
{
        if (!g_utf8_validate(utf8, -1, NULL))
                return plc_fail(error, PLC_E_BAD_TEXT, "the text is not UTF-8");
        g_autoptr(GArray) words = NULL;
        if (!plc_words(utf8, strlen(utf8), &words, error))
                return false;
        struct plc_terms terms = {g_string_new(NULL), g_array_new(FALSE, FALSE, sizeof(struct plc_term)), rule};
        for (guint i = 0; i < words->len; i++) {
                const struct plc_word *word = &g_array_index(words, struct plc_word, i);
                if (word->letters && !add_word(&terms, utf8, word, error)) {
                        plc_terms_done(&terms);
                        return false;
                }
        }
        if (pairs && !add_all_pairs(&terms, utf8, words, error)) {
                plc_terms_done(&terms);
                return false;
        }
        *out = terms;
        return true;
}

bool plc_terms_pairs(const char *word, size_t size, char **out, GError **error)
{
        size_t at = 0;
        if (size == 0 || !is_paired(plc_utf8_next(word, size, &at)))
                return true;
        struct plc_terms pairs = {g_string_new(NULL), g_array_new(FALSE, FALSE, sizeof(struct plc_term)), 0};
        bool ok = add_pairs(&pairs, word, 0, (uint32_t)size, error);
        if (ok && pairs.list->len > 1) {
                const struct plc_term *last = &g_array_index(pairs.list, struct plc_term, pairs.list->len - 1);
                *out = g_strndup(pairs.all->str, last->at - 1);
        } else if (ok && pairs.list->len == 1) {
                *out = g_strconcat(pairs.all->str, "*", NULL);
        }
        plc_terms_done(&pairs);
        return ok;
}

void plc_terms_done(struct plc_terms *terms)
{
        if (terms->all)
                g_string_free(terms->all, TRUE);
        g_clear_pointer(&terms->list, g_array_unref);
        terms->all = NULL;
}

static bool joined(const char *utf8, size_t rule, bool pairs, char **out, GError **error)
{
        struct plc_terms terms;
        if (!plc_terms_read(utf8, rule, pairs, &terms, error))
                return false;
        *out = g_strdup(terms.all->str);
        plc_terms_done(&terms);
        return true;
}

bool plc_text_terms(const char *utf8, char **out, GError **error)
{
        return joined(utf8, 0, false, out, error);
}

bool plc_text_index_terms(const char *utf8, const char *language, char **out, GError **error)
{
        return joined(utf8, plc_fold_rule_of(language), true, out, error);
}
