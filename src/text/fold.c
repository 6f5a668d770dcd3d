/* When are two words the same word? */
#include "text/fold.h"
#include "text/utf8.h"
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>

/* No word of a language is so long; ICU's buffers below are made for it. */
#define WORD_LIMIT 256

static const struct {
        const char *languages, *letters;
} rules[] = {
        {"", ""},
#define PLC_FOLD(languages, letters) {languages, letters},
#include "text/fold.def"
#undef PLC_FOLD
};

size_t plc_fold_rules(void)
{
        return G_N_ELEMENTS(rules);
}

/* The token of a space-separated list that `key` is, or that goes on behind it with '='; NULL if there is none. */
static const char *token_of(const char *list, const char *key, size_t size)
{
        for (const char *hit = list; (hit = strstr(hit, key)) != NULL; hit++) {
                if ((hit == list || hit[-1] == ' ') && strchr(" =", hit[size]))
                        return hit; /* strchr also finds the end */
        }
        return NULL;
}

size_t plc_fold_rule_of(const char *language)
{
        size_t size = language ? strcspn(language, "-_") : 0;
        if (size < 2 || size > 3)
                return 0;
        g_autofree char *primary = g_ascii_strdown(language, (gssize)size);
        for (size_t i = 1; i < G_N_ELEMENTS(rules); i++) {
                if (token_of(rules[i].languages, primary, size))
                        return i;
        }
        return 0;
}

/* How the rule writes this letter; NULL if it is none of its own. *out_size bytes. */
static const char *own_letter(size_t rule, int32_t c, size_t *out_size)
{
        char key[7] = {0};
        size_t size = (size_t)g_unichar_to_utf8((gunichar)c, key);
        const char *token = rule > 0 && c > 0x7f ? token_of(rules[rule].letters, key, size) : NULL;
        if (token && token[size] == '=')
                token += size + 1;
        *out_size = token ? strcspn(token, " ") : 0;
        return token;
}

bool plc_is_apostrophe(int32_t c)
{
        return c == '\'' || c == 0x2018 || c == 0x2019 || c == 0x2bb || c == 0x2bc || c == 0xff07 || c == 0x60 ||
               c == 0xb4 || c == 0x5f3 || c == 0x5f4;
}

/* Letters that Unicode does not take apart, as people without that key type them; and those that keyboards differ in.
 */
static const char *plain_letter(int32_t c)
{
        static const struct {
                int32_t c;
                const char *plain;
        } table[] = {{0xe6, "ae"}, {0xf0, "d"},   {0xf8, "o"},  {0xfe, "th"}, {0x111, "d"}, {0x127, "h"}, {0x131, "i"},
                     {0x142, "l"}, {0x153, "oe"}, {0x167, "t"}, {0x640, ""},  {0x622, "ا"}, {0x623, "ا"}, {0x625, "ا"},
                     {0x671, "ا"}, {0x649, "ي"},  {0x6cc, "ي"}, {0x6a9, "ك"}, {0x629, "ه"}, {0x93c, ""},  {0x901, "ं"}};
        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                if (table[i].c == c)
                        return table[i].plain;
        }
        return NULL;
}

static bool is_dropped(int32_t c)
{
        return (c >= 0x300 && c <= 0x36f) || (c >= 0x64b && c <= 0x65f) || c == 0x670 || (c >= 0x591 && c <= 0x5c7) ||
               plc_is_apostrophe(c) || u_isUWhiteSpace(c); /* a ligature of words (U+FDFA) has spaces in it */
}

/* й and ї are letters of their own wherever they are written, not и and і with a mark. */
static bool keeps_marks(int32_t c)
{
        UErrorCode status = U_ZERO_ERROR;
        int script = uscript_getScript(c, &status);
        return (script != USCRIPT_LATIN && script != USCRIPT_GREEK && script != USCRIPT_CYRILLIC) || c == 0x439 ||
               c == 0x457;
}

static void fold_letter(int32_t c, size_t rule, const UNormalizer2 *nfd, GString *out)
{
        size_t size;
        const char *own = own_letter(rule, c, &size);
        if (own) {
                g_string_append_len(out, own, (gssize)size);
                return;
        }
        const char *plain = plain_letter(c);
        if (plain || is_dropped(c)) {
                g_string_append(out, plain ? plain : "");
                return;
        }
        int32_t digit = u_charType(c) == U_DECIMAL_DIGIT_NUMBER ? u_charDigitValue(c) : -1;
        if (digit >= 0) {
                g_string_append_c(out, (char)('0' + digit));
                return;
        }
        if (!keeps_marks(c)) {
                UChar apart[8];
                UErrorCode status = U_ZERO_ERROR;
                if (unorm2_getDecomposition(nfd, c, apart, G_N_ELEMENTS(apart), &status) > 0)
                        c = apart[0]; /* the letter: all that have marks lie in the first plane */
        }
        g_string_append_unichar(out, (gunichar)c);
}

static bool fold_wide(const char *word, size_t size, size_t rule, GString *out, GError **error)
{
        UErrorCode status = U_ZERO_ERROR;
        UChar wide[2 * WORD_LIMIT + 1], cased[6 * WORD_LIMIT + 1], folded[36 * WORD_LIMIT + 1];
        int32_t wide_size = 0, cased_size, folded_size;
        const UNormalizer2 *fold = unorm2_getNFKCCasefoldInstance(&status), *nfd = unorm2_getNFDInstance(&status);
        u_strFromUTF8(wide, G_N_ELEMENTS(wide), &wide_size, word, (int32_t)size, &status);
        /* Where ı is a letter, I is its capital. */
        bool dotless = rule > 0 && token_of(rules[rule].letters, "ı", strlen("ı")) != NULL;
        cased_size = u_strFoldCase(cased, G_N_ELEMENTS(cased), wide, wide_size,
                                   dotless ? U_FOLD_CASE_EXCLUDE_SPECIAL_I : U_FOLD_CASE_DEFAULT, &status);
        folded_size = unorm2_normalize(fold, cased, cased_size, folded, G_N_ELEMENTS(folded), &status);
        UChar32 letters[36 * WORD_LIMIT];
        int32_t count = 0;
        u_strToUTF32(letters, G_N_ELEMENTS(letters), &count, folded, folded_size, &status);
        if (U_FAILURE(status))
                return plc_fail(error, PLC_E_INTERNAL, "ICU: %s", u_errorName(status));
        for (int32_t i = 0; i < count; i++)
                fold_letter(letters[i], rule, nfd, out);
        return true;
}

bool plc_fold_word(const char *word, size_t size, size_t rule, GString *out, GError **error)
{
        size_t ascii = 0;
        while (ascii < size && (word[ascii] & 0x80) == 0)
                ascii++;
        if (ascii < size || rule > 0)
                return g_utf8_strlen(word, (gssize)size) > WORD_LIMIT || fold_wide(word, size, rule, out, error);
        for (size_t i = 0; i < size && size <= WORD_LIMIT; i++) {
                if (!plc_is_apostrophe(word[i]))
                        g_string_append_c(out, g_ascii_tolower(word[i]));
        }
        return true;
}
