/* Was UTF-8 read in another charset and written down like that? "SchÃ¶n": undone only where it is certain. */
#include "text/charset.h"
#include "text/utf8.h"
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/ustring.h>

#define TIMES 3

/* Windows in the west, the east of Middle Europe and Russia; spreadsheets of old Macs; consoles of Windows. */
static const char *const misread_as[] = {"windows-1252", "windows-1250", "windows-1251",
                                         "macintosh",    "IBM437",       "IBM850"};

/* The byte that this character was; -1 if it was none. What windows-1252 leaves open came out as a C1 control. */
static int byte_of(UConverter *converter, int32_t c)
{
        if (c >= 0x80 && c <= 0x9f)
                return c;
        UChar wide[2];
        char byte[8];
        int32_t size = 0;
        UErrorCode status = U_ZERO_ERROR;
        u_strFromUTF32(wide, G_N_ELEMENTS(wide), &size, &c, 1, &status);
        int32_t bytes = ucnv_fromUChars(converter, byte, sizeof byte, wide, size, &status);
        return U_SUCCESS(status) && bytes == 1 ? (uint8_t)byte[0] : -1;
}

/* The bytes of the text as they were before; NULL if it was none of this. */
static char *bytes_before(UConverter *converter, const char *utf8, size_t size)
{
        g_autoptr(GString) bytes = g_string_sized_new(size + 1);
        for (size_t at = 0; at < size;) {
                int32_t c = plc_utf8_next(utf8, size, &at);
                int byte = c < 0x80 ? c : byte_of(converter, c);
                if (byte < 0)
                        return NULL;
                g_string_append_c(bytes, (char)byte);
        }
        return g_strndup(bytes->str, bytes->len);
}

/* "IRMÃ… AMOU", "A LÃ” É": Portuguese in capitals, where a word ends with Ã and a sign stands behind it. What would
 * come out there is "IRMÅ", or a small letter in a word of capitals. `at`: behind it; `before`: the sign before it. */
static bool may_be_capitals(int32_t c, int32_t before, const char *text, size_t size, size_t at)
{
        static const int32_t signs[] = {0xd1, 0xd2, 0xd3, 0xd4, 0xd6, 0xd7, 0xd9, 0xdb}; /* ‘ ’ “ ” – — ™ › */
        int32_t after = at < size ? plc_utf8_next(text, size, &at) : ' ';
        if (c < 0xc0 || c > 0xff || before < 'A' || before > 'Z' || u_islower(after))
                return false;
        if (u_islower(c) || c == 0xc5) /* … */
                return true;
        for (size_t i = 0; i < G_N_ELEMENTS(signs); i++) {
                if (c == signs[i])
                        return !u_isalpha(after);
        }
        return false;
}

/* Valid, and no control comes out. One or two sequences may be chance ("JÄ… GERN" would be one), but hardly those that
 * begin with Â, Ã, â or ð as windows-1252 has them, in capitals only of Portuguese. */
static bool is_certain(const char *text, size_t size, bool western)
{
        unsigned joined = 0, plain = 0, capitals = 0;
        int32_t before = ' ';
        for (size_t at = 0; at < size;) {
                size_t here = at;
                int32_t c = plc_utf8_next(text, size, &at);
                if (c == PLC_UTF8_BAD || (c >= 0x7f && c < 0xa0))
                        return false;
                uint8_t lead = (uint8_t)text[here];
                joined += c >= 0x80;
                plain += lead == 0xc2 || lead == 0xc3 || lead == 0xe2 || lead == 0xf0;
                capitals += may_be_capitals(c, before, text, size, at);
                before = c;
        }
        return joined > capitals && (joined > 2 || (western && plain == joined));
}

static char *undo_once(const char *utf8, GError **error)
{
        for (size_t i = 0; i < G_N_ELEMENTS(misread_as); i++) {
                UErrorCode status = U_ZERO_ERROR;
                UConverter *converter = ucnv_open(misread_as[i], &status);
                ucnv_setFromUCallBack(converter, UCNV_FROM_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
                ucnv_setFallback(converter, false);
                if (U_FAILURE(status)) {
                        ucnv_close(converter);
                        plc_fail(error, PLC_E_INTERNAL, "ICU: %s", u_errorName(status));
                        return NULL;
                }
                g_autofree char *before = bytes_before(converter, utf8, strlen(utf8));
                ucnv_close(converter);
                if (before && is_certain(before, strlen(before), i == 0))
                        return g_steal_pointer(&before);
        }
        return NULL;
}

static bool is_ascii(const char *text)
{
        for (; *text; text++) {
                if (*text & 0x80)
                        return false;
        }
        return true;
}

bool plc_text_repair(const char *utf8, char **out, unsigned *out_times, GError **error)
{
        g_autofree char *text = g_strdup(utf8);
        unsigned times = 0;
        while (times < TIMES && !is_ascii(text)) {
                GError *fault = NULL;
                char *before = undo_once(text, &fault);
                if (fault) {
                        g_propagate_error(error, fault);
                        return false;
                }
                if (!before)
                        break;
                g_free(text);
                text = before;
                times++;
        }
        *out = g_steal_pointer(&text);
        *out_times = times;
        return true;
}
