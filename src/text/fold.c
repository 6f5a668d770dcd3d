/* When are two words the same word? */
#include "text/fold.h"
#include "text/utf8.h"
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>

/* Code points: no word of a language is so long. */
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
        /* Case folding makes three of one unit at most (Unicode, CaseFolding.txt), NFKC eighteen (UAX 15). On the heap:
         * arrays of this size would be cleared for every word (-ftrivial-auto-var-init), two thirds of all time. */
        int32_t wide_room = (int32_t)size + 1, cased_room = 3 * wide_room, folded_room = 18 * cased_room;
        g_autofree UChar *wide = g_new(UChar, (size_t)(wide_room + cased_room + folded_room));
        UChar *cased = wide + wide_room, *folded = cased + cased_room;
        int32_t wide_size = 0, cased_size, folded_size;
        const UNormalizer2 *fold = unorm2_getNFKCCasefoldInstance(&status), *nfd = unorm2_getNFDInstance(&status);
        u_strFromUTF8(wide, wide_room, &wide_size, word, (int32_t)size, &status);
        /* Where ı is a letter, I is its capital. */
        bool dotless = rule > 0 && token_of(rules[rule].letters, "ı", strlen("ı")) != NULL;
        cased_size = u_strFoldCase(cased, cased_room, wide, wide_size,
                                   dotless ? U_FOLD_CASE_EXCLUDE_SPECIAL_I : U_FOLD_CASE_DEFAULT, &status);
        folded_size = unorm2_normalize(fold, cased, cased_size, folded, folded_room, &status);
        if (U_FAILURE(status))
                return plc_fail(error, PLC_E_INTERNAL, "ICU: %s", u_errorName(status));
        for (int32_t at = 0; at < folded_size;) {
                UChar unit = folded[at++];
                int32_t c = unit;
                if (U16_IS_LEAD(unit) && at < folded_size)
                        c = U16_GET_SUPPLEMENTARY(unit, folded[at++]);
                fold_letter(c, rule, nfd, out);
        }
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
