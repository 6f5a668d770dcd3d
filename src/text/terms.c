/* Which words is a text found by? Words by ICU, parted and folded; Arabic ones without what is written onto them;
 * neighbouring characters where no spaces part words. */
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

/*
 * How many neighbouring characters make a term beside the words of the dictionary; 0: none. Thai, Lao, Khmer and
 * Burmese take three: most of their characters are single letters, and two of them stand in every other word.
 */
static size_t gram_of(int32_t c)
{
        if (c < 0xe00)
                return 0;
        switch (script_of(c)) {
        case USCRIPT_THAI:
        case USCRIPT_LAO:
        case USCRIPT_KHMER:
        case USCRIPT_MYANMAR:
                return 3;
        case USCRIPT_HAN:
        case USCRIPT_HIRAGANA:
        case USCRIPT_KATAKANA:
        case USCRIPT_HANGUL:
        case USCRIPT_BOPOMOFO:
                return 2;
        default:
                return c == 0x30fc || c == 0x3005 || c == 0xff70 ? 2 : 0;
        }
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
        return !u_isalnum(c) && !u_hasBinaryProperty(c, UCHAR_ALPHABETIC) &&
               !(U_MASK(u_charType(c)) & (U_GC_M_MASK | U_GC_CF_MASK)) && u_charType(c) != U_MODIFIER_LETTER &&
               !(u_isdigit(before) && u_isdigit(after));
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

/*
 * Of a folded Arabic word what is behind the article and the prepositions and conjunctions written onto it; NULL if
 * there is nothing to take off, or fewer than three letters would be left (Larkey, Ballesteros and Connell, Light
 * Stemming for Arabic, 2007: light10 without its suffixes). A lone and (و) begins many words of its own, so only texts
 * are also found without it; questions keep it.
 */
static const char *bare_arabic(const char *word, bool question)
{
        static const char *const prefixes[] = {"وبال", "وال", "بال", "كال", "فال", "ولل", "ال", "لل", "و"};

        for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++) {
                if (!g_str_has_prefix(word, prefixes[i]))
                        continue;
                const char *rest = word + strlen(prefixes[i]);
                bool fits = g_utf8_strlen(rest, -1) >= 3 && !(question && i + 1 == G_N_ELEMENTS(prefixes));
                return fits ? rest : NULL;
        }
        return NULL;
}

void plc_terms_bare(const char *word, char **out)
{
        const char *bare = bare_arabic(word, true);
        if (bare)
                *out = g_strdup(bare);
}

static void add_bare(struct plc_terms *terms)
{
        guint n = terms->list->len;
        for (guint i = 0; i < n; i++) {
                struct plc_term term = g_array_index(terms->list, struct plc_term, i);
                if (((unsigned char)terms->all->str[term.at] & 0xfc) != 0xd8) /* U+0600 to U+06FF */
                        continue;
                g_autofree char *word = g_strndup(terms->all->str + term.at, term.size);
                const char *bare = bare_arabic(word, false);
                if (!bare)
                        continue;
                term.at = (uint32_t)terms->all->len + 1;
                term.size = (uint32_t)strlen(bare);
                g_string_append_printf(terms->all, " %s", bare);
                g_array_append_val(terms->list, term);
        }
}

/* The pairs of one run of characters, and its last one alone; or its threes. */
static bool add_grams(struct plc_terms *terms, const char *utf8, uint32_t start, uint32_t end, size_t gram,
                      GError **error)
{
        g_autoptr(GArray) clusters = NULL;
        if (!plc_clusters(utf8 + start, end - start, &clusters, error))
                return false;
        uint32_t first = start;
        for (guint i = 0; i < clusters->len; i++) {
                uint32_t next = start + g_array_index(clusters, uint32_t, i);
                guint last = i + (guint)gram - 1;
                if (gram > 2 && last >= clusters->len)
                        return true;
                uint32_t to = last < clusters->len ? start + g_array_index(clusters, uint32_t, last) : end;
                if (!fold_term(terms, utf8, first, to, next, error))
                        return false;
                first = next;
        }
        return true;
}

static bool add_all_grams(struct plc_terms *terms, const char *utf8, const GArray *words, GError **error)
{
        uint32_t start = 0, end = 0;
        size_t gram = 0; /* of the run so far */
        for (guint i = 0; i <= words->len; i++) {
                const struct plc_word *word = i < words->len ? &g_array_index(words, struct plc_word, i) : NULL;
                size_t at = word ? word->start : 0;
                size_t here = word && word->letters ? gram_of(plc_utf8_next(utf8, word->end, &at)) : 0;
                if (here != gram && gram > 0 && !add_grams(terms, utf8, start, end, gram, error))
                        return false;
                start = here != gram && here > 0 ? word->start : start;
                end = here > 0 ? word->end : end;
                gram = here;
        }
        return true;
}

bool plc_terms_read(const char *utf8, size_t rule, bool more, struct plc_terms *out, GError **error)
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
        if (more) {
                add_bare(&terms);
                if (!add_all_grams(&terms, utf8, words, error)) {
                        plc_terms_done(&terms);
                        return false;
                }
        }
        *out = terms;
        return true;
}

bool plc_terms_grams(const char *word, size_t size, char **out, GError **error)
{
        size_t at = 0, gram = size > 0 ? gram_of(plc_utf8_next(word, size, &at)) : 0;
        if (gram == 0)
                return true;
        struct plc_terms grams = {g_string_new(NULL), g_array_new(FALSE, FALSE, sizeof(struct plc_term)), 0};
        bool ok = add_grams(&grams, word, 0, (uint32_t)size, gram, error);
        if (ok && gram > 2 && grams.list->len > 0) {
                *out = g_strdup(grams.all->str);
        } else if (ok && gram == 2 && grams.list->len > 1) {
                const struct plc_term *last = &g_array_index(grams.list, struct plc_term, grams.list->len - 1);
                *out = g_strndup(grams.all->str, last->at - 1);
        } else if (ok && gram == 2 && grams.list->len == 1) {
                *out = g_strconcat(grams.all->str, "*", NULL);
        }
        plc_terms_done(&grams);
        return ok;
}

bool plc_terms_takes_threes(const char *word, size_t size)
{
        size_t at = 0;
        return size > 0 && gram_of(plc_utf8_next(word, size, &at)) == 3;
}

void plc_terms_done(struct plc_terms *terms)
{
        if (terms->all)
                g_string_free(terms->all, TRUE);
        g_clear_pointer(&terms->list, g_array_unref);
        terms->all = NULL;
}

static bool joined(const char *utf8, size_t rule, bool more, char **out, GError **error)
{
        struct plc_terms terms;
        if (!plc_terms_read(utf8, rule, more, &terms, error))
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
