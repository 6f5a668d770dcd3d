/* In what form do the rules for personal data read a text? Digits of every script become ASCII, so that ٠١٢ and ０１２
 * are numbers too. */
#include "text/pii_shape.h"
#include "base/file.h"
#include "text/utf8.h"
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

#define LIMIT PLC_MIB

static bool is_unspaced(int32_t c)
{
        UErrorCode status = U_ZERO_ERROR;
        if (c == 0x30fc || c == 0xff70 || c == 0x3005) /* signs of Kana and Han that Unicode counts to no script */
                return true;
        switch (uscript_getScript(c, &status)) {
        case USCRIPT_HAN:
        case USCRIPT_HIRAGANA:
        case USCRIPT_KATAKANA:
        case USCRIPT_BOPOMOFO:
        case USCRIPT_HANGUL: /* spaced, but particles follow a number directly */
        case USCRIPT_THAI:
        case USCRIPT_KHMER:
        case USCRIPT_LAO:
        case USCRIPT_MYANMAR:
                return true;
        default:
                return false;
        }
}

static char sign_of(int32_t c)
{
        if (c < 0x80)
                return c < 0x20 && c != '\n' && c != '\t' ? PLC_SHAPE_OTHER : (char)c;
        if (c >= 0xff01 && c <= 0xff5e)
                return (char)(c - 0xfee0);
        int32_t digit = u_charDigitValue(c);
        if (digit >= 0 && u_charType(c) == U_DECIMAL_DIGIT_NUMBER)
                return (char)('0' + digit);
        if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212)
                return '-';
        if (u_isUWhiteSpace(c))
                return ' ';
        if (u_charType(c) == U_CURRENCY_SYMBOL)
                return PLC_SHAPE_CURRENCY;
        if (u_isalpha(c) || (U_MASK(u_charType(c)) & U_GC_M_MASK))
                return is_unspaced(c) ? PLC_SHAPE_UNSPACED : PLC_SHAPE_LETTER;
        return PLC_SHAPE_OTHER;
}

/* What nobody sees cannot part a number: zero-width signs, soft hyphens, variation selectors, the box of a keycap. */
static bool is_invisible(int32_t c)
{
        return c == 0x20e3 || (c >= 0x80 && u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT));
}

bool plc_shape_make(const char *utf8, struct plc_shape *out, GError **error)
{
        size_t size = strlen(utf8);
        if (size > LIMIT)
                return plc_fail(error, PLC_E_TOO_BIG, "a text of %zu bytes, the limit is %zu", size, LIMIT);
        if (!g_utf8_validate(utf8, (gssize)size, NULL))
                return plc_fail(error, PLC_E_BAD_TEXT, "the text is not UTF-8");
        struct plc_shape shape = {utf8, g_malloc(size + 1), g_new(uint32_t, size + 1), 0};
        for (size_t at = 0; at < size;) {
                uint32_t start = (uint32_t)at;
                int32_t c = plc_utf8_next(utf8, size, &at);
                if (is_invisible(c) && shape.size > 0)
                        continue; /* hidden together with what stands before it */
                shape.starts[shape.size] = start;
                shape.signs[shape.size++] = sign_of(c);
        }
        shape.signs[shape.size] = '\0';
        shape.starts[shape.size] = (uint32_t)size;
        *out = shape;
        return true;
}

void plc_shape_clear(struct plc_shape *shape)
{
        g_clear_pointer(&shape->signs, g_free);
        g_clear_pointer(&shape->starts, g_free);
}

bool plc_shape_is_word(char sign)
{
        return g_ascii_isalnum(sign) || sign == PLC_SHAPE_LETTER || sign == '_';
}

bool plc_shape_begins(const struct plc_shape *shape, size_t at)
{
        return at == 0 || !plc_shape_is_word(shape->signs[at - 1]);
}

bool plc_shape_ends(const struct plc_shape *shape, size_t at)
{
        return at >= shape->size || !plc_shape_is_word(shape->signs[at]);
}

size_t plc_shape_says(const struct plc_shape *shape, size_t at, const char *word)
{
        size_t first = at;
        for (; *word && at < shape->size; at++) {
                const char *c = shape->text + shape->starts[at];
                size_t size = (size_t)(g_utf8_next_char(word) - word);
                if (size == 1 ? g_ascii_tolower(shape->signs[at]) != *word : strncmp(c, word, size) != 0)
                        return 0;
                word += size;
        }
        return *word ? 0 : at - first;
}

#define JOINED_LIMIT 80

size_t plc_shape_joined(const struct plc_shape *shape, size_t at, size_t least, struct plc_shape *out, size_t *out_end)
{
        if (at + 3 >= shape->size || shape->signs[at + 1] != ' ' || shape->signs[at + 3] != ' ')
                return 0;
        struct plc_shape joined = {shape->text, g_malloc(JOINED_LIMIT + 1), g_new(uint32_t, JOINED_LIMIT + 1), 0};
        size_t end = at;
        for (size_t i = at; i < shape->size && joined.size < JOINED_LIMIT; i += 2) {
                if (shape->signs[i] == ' ' || (i + 1 < shape->size && shape->signs[i + 1] != ' '))
                        break;
                joined.starts[joined.size] = shape->starts[i];
                joined.signs[joined.size++] = shape->signs[i];
                end = i + 1;
        }
        joined.signs[joined.size] = '\0';
        joined.starts[joined.size] = shape->starts[end];
        if (joined.size < least) {
                plc_shape_clear(&joined);
                return 0;
        }
        *out = joined;
        *out_end = end;
        return joined.size;
}
