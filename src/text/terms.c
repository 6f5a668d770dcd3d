/* Which words is a text found by? */
#include "text/terms.h"
#include "text/sentences.h"
#include "text/utf8.h"
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>

/* Letters that Unicode does not take apart, as people without that key type them. */
static const char *plain_letter(int32_t c)
{
        static const struct {
                int32_t c;
                const char *plain;
        } table[] = {{0xe6, "ae"}, {0xf0, "d"},  {0xf8, "o"},  {0xfe, "th"},  {0x111, "d"},
                     {0x127, "h"}, {0x131, "i"}, {0x142, "l"}, {0x153, "oe"}, {0x167, "t"}};
        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                if (table[i].c == c)
                        return table[i].plain;
        }
        return NULL;
}

static bool drops_marks(int script)
{
        return script == USCRIPT_LATIN || script == USCRIPT_GREEK || script == USCRIPT_CYRILLIC;
}

/* NFKC_Casefold first; then canonically apart, and marks dropped where drops_marks. Appends to out. */
static bool fold_word(const char *word, size_t size, GString *out, GError **error)
{
        UErrorCode status = U_ZERO_ERROR;
        UChar wide[8 * PLC_TERM_LIMIT], folded[24 * PLC_TERM_LIMIT];
        char utf8[72 * PLC_TERM_LIMIT];
        int32_t wide_size = 0, folded_size, utf8_size = 0;
        const UNormalizer2 *fold = unorm2_getNFKCCasefoldInstance(&status);
        u_strFromUTF8(wide, G_N_ELEMENTS(wide), &wide_size, word, (int32_t)size, &status);
        folded_size = unorm2_normalize(fold, wide, wide_size, folded, G_N_ELEMENTS(folded), &status);
        u_strToUTF8(utf8, sizeof utf8, &utf8_size, folded, folded_size, &status);
        if (U_FAILURE(status))
                return plc_fail(error, PLC_E_INTERNAL, "ICU: %s", u_errorName(status));
        for (size_t at = 0; at < (size_t)utf8_size;) {
                int32_t c = plc_utf8_next(utf8, (size_t)utf8_size, &at);
                const char *plain = plain_letter(c);
                if (plain) {
                        g_string_append(out, plain);
                        continue;
                }
                /* й and ї are letters of their own, not и and і with a mark. */
                if (drops_marks(uscript_getScript(c, &status)) && c != 0x439 && c != 0x457) {
                        UChar apart[8];
                        const UNormalizer2 *nfd = unorm2_getNFDInstance(&status);
                        int32_t n = unorm2_getDecomposition(nfd, c, apart, G_N_ELEMENTS(apart), &status);
                        if (n > 0)
                                c = apart[0]; /* the letter: all that have marks lie in the first plane */
                } else if (u_charType(c) == U_NON_SPACING_MARK && out->len > 0 && (c >= 0x300 && c <= 0x36f)) {
                        continue;
                }
                g_string_append_unichar(out, (gunichar)c);
        }
        return true;
}

bool plc_text_terms(const char *utf8, char **out, GError **error)
{
        if (!g_utf8_validate(utf8, -1, NULL))
                return plc_fail(error, PLC_E_BAD_TEXT, "the text is not UTF-8");
        g_autoptr(GArray) words = NULL;
        if (!plc_words(utf8, strlen(utf8), &words, error))
                return false;
        g_autoptr(GString) terms = g_string_new(NULL);
        for (guint i = 0; i < words->len; i++) {
                const struct plc_word *word = &g_array_index(words, struct plc_word, i);
                if (!word->letters || word->end - word->start > 4 * PLC_TERM_LIMIT ||
                    g_utf8_strlen(utf8 + word->start, (gssize)(word->end - word->start)) > PLC_TERM_LIMIT)
                        continue;
                size_t before = terms->len;
                if (before > 0)
                        g_string_append_c(terms, ' ');
                size_t start = terms->len;
                if (!fold_word(utf8 + word->start, word->end - word->start, terms, error))
                        return false;
                if (terms->len == start)
                        g_string_truncate(terms, before);
        }
        *out = g_strndup(terms->str, terms->len);
        return true;
}
