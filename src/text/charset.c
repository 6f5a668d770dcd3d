/* In which charset are a stranger's bytes? First what they say of themselves, then what is said of them. */
#include "text/charset.h"
#include "text/charset_private.h"
#include "text/utf8.h"
#include <string.h>
#include <unicode/ucnv.h>
#include <unicode/ustring.h>

static const struct {
        const char *bytes;
        size_t size;
        const char *name;
} marks[] = {{"\xef\xbb\xbf", 3, "UTF-8"},      {"\xff\xfe\0\0", 4, "UTF-32LE"}, /* before UTF-16LE, whose mark it
                                                                                    begins with */
             {"\0\0\xfe\xff", 4, "UTF-32BE"},   {"\xff\xfe", 2, "UTF-16LE"},     {"\xfe\xff", 2, "UTF-16BE"},
             {"\x84\x31\x95\x33", 4, "GB18030"}};

static bool is_usual(int32_t c)
{
        if (c < 0xa0)
                return (c >= 0x20 && c < 0x7f) || c == '\t' || c == '\n' || c == '\f' || c == '\r';
        return (c & 0xfffe) != 0xfffe && !(c >= 0xfdd0 && c <= 0xfdef) && !(c >= 0xe000 && c <= 0xf8ff) && c < 0xf0000;
}

bool plc_charset_read(const char *name, const char *bytes, size_t size, bool whole, char **out, size_t *out_size)
{
        UErrorCode status = U_ZERO_ERROR;
        UConverter *converter = ucnv_open(name, &status);
        ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
        if (U_FAILURE(status)) {
                ucnv_close(converter);
                return false;
        }
        /* No charset writes more than one UTF-16 unit for a byte (but a surrogate pair for four of GB18030). */
        g_autofree UChar *wide = g_new(UChar, size + 2);
        UChar *to = wide;
        const char *from = bytes;
        ucnv_toUnicode(converter, &to, wide + size + 2, &from, bytes + size, NULL, whole, &status);
        ucnv_close(converter);
        if (U_FAILURE(status))
                return false;
        g_autofree char *text = g_malloc(3 * (size_t)(to - wide) + 1);
        int32_t text_size = 0;
        u_strToUTF8(text, (int32_t)(3 * (to - wide)) + 1, &text_size, wide, (int32_t)(to - wide), &status);
        if (U_FAILURE(status))
                return false; /* a lone surrogate of UTF-16 */
        for (size_t at = 0; at < (size_t)text_size;) {
                if (!is_usual(plc_utf8_next(text, (size_t)text_size, &at)))
                        return false;
        }
        *out = g_steal_pointer(&text);
        *out_size = (size_t)text_size;
        return true;
}

/* Thai and others in UTF-16 are ASCII by their bytes, each second one a control character. */
static bool looks_two_bytes_wide(const char *bytes, size_t size)
{
        size_t controls[2] = {0};
        for (size_t i = 0; i < size; i++)
                controls[i % 2] += (uint8_t)bytes[i] < 0x20 && !strchr("\t\n\f\r", bytes[i]);
        return size % 2 == 0 && MAX(controls[0], controls[1]) * 2 > size / 2;
}

static bool is_utf8(const char *bytes, size_t size)
{
        if (looks_two_bytes_wide(bytes, size))
                return false;
        for (size_t at = 0; at < size;) {
                if (plc_utf8_next(bytes, size, &at) <= 0)
                        return false;
        }
        return true;
}

/* UTF-8 with few bad bytes in it is damaged, not another charset. *out_at: the first of them. */
static bool is_damaged_utf8(const char *bytes, size_t size, size_t *out_at)
{
        size_t good = 0, bad = 0;
        for (size_t at = 0; at < size;) {
                size_t here = at;
                int32_t c = plc_utf8_next(bytes, size, &at);
                if (c == PLC_UTF8_BAD && bad++ == 0)
                        *out_at = here;
                good += c >= 0x80;
        }
        return bad > 0 && good > 4 * bad;
}

/* By any name that ICU has for them: latin1, sjis, csISO2022JP. */
static bool is_named(const char *name, const char *charset)
{
        UErrorCode status = U_ZERO_ERROR;
        const char *a = ucnv_getAlias(name, 0, &status), *b = ucnv_getAlias(charset, 0, &status);
        return ucnv_compareNames(name, charset) == 0 || (U_SUCCESS(status) && a && b && strcmp(a, b) == 0);
}

/* Text with a zero in it, not UTF-16: of that every second byte is one where the others are such text. */
static bool is_utf8_with_zeros(const char *bytes, size_t size)
{
        size_t zeros = 0;
        for (size_t at = 0; at < size;) {
                int32_t c = plc_utf8_next(bytes, size, &at);
                if (c == PLC_UTF8_BAD || (c > 0 && !is_usual(c)))
                        return false; /* of Cyrillic in UTF-16 every second byte is a control */
                zeros += c == 0;
        }
        return zeros > 0 && zeros < size / 4;
}

/* UTF-8 whose characters beyond U+FFFF are two surrogates of three bytes each, as Java and old databases write them
 * (UTR 26, CESU-8). *out_lone: the byte where half of one stands alone. */
static bool is_cesu(const char *bytes, size_t size, size_t *out_lone)
{
        bool found = false;
        *out_lone = size;
        for (size_t at = 0; at < size;) {
                size_t here = at;
                if (plc_utf8_next(bytes, size, &at) != PLC_UTF8_BAD)
                        continue;
                const uint8_t *b = (const uint8_t *)bytes + here;
                size_t left = size - here;
                bool one = left >= 3 && b[0] == 0xed && b[1] >= 0xa0 && (b[2] & 0xc0) == 0x80;
                bool two = one && b[1] < 0xb0 && left >= 6 && b[3] == 0xed && b[4] >= 0xb0 && (b[5] & 0xc0) == 0x80;
                if (!one)
                        return false;
                if (!two && *out_lone == size)
                        *out_lone = here;
                found = true;
                at = here + (two ? 6 : 3);
        }
        return found;
}

/* In seven bits (RFC 1468, 1557, 1922, 1843, 2152), so that they look like ASCII. */
static bool is_seven_bit(const char *bytes, size_t size, const char *name)
{
        static const char *const names[] = {"ISO-2022-JP", "ISO-2022-KR", "ISO-2022-CN", "HZ-GB-2312", "UTF-7"};
        for (size_t i = 0; i < size; i++) {
                if (bytes[i] & 0x80)
                        return false;
        }
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
                if (is_named(name, names[i]))
                        return true;
        }
        return false;
}

/* ESC begins the other set of these; nobody types it. NULL: none. */
static const char *escaped_charset(const char *bytes, size_t size)
{
        static const char *const names[] = {"ISO-2022-JP", "ISO-2022-KR", "ISO-2022-CN"};
        if (memchr(bytes, 0x1b, size) == NULL)
                return NULL;
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
                g_autofree char *text = NULL;
                size_t text_size;
                if (is_seven_bit(bytes, size, names[i]) &&
                    plc_charset_read(names[i], bytes, size, true, &text, &text_size))
                        return names[i];
        }
        return NULL;
}

/* What people mean by these names (WHATWG Encoding Standard, labels). */
static const char *meant_by(const char *declared)
{
        static const char *const meant[][2] = {{"ISO-8859-1", "windows-1252"},
                                               {"US-ASCII", "windows-1252"},
                                               {"ISO-8859-9", "windows-1254"},
                                               {"EUC-KR", "windows-949"},
                                               {"KS_C_5601-1987", "windows-949"},
                                               {"Shift_JIS", "windows-31j"},
                                               {"GB2312", "GB18030"},
                                               {"GBK", "GB18030"},
                                               {"TIS-620", "windows-874"}};
        for (size_t i = 0; i < G_N_ELEMENTS(meant); i++) {
                if (is_named(declared, meant[i][0]))
                        return meant[i][1];
        }
        return declared;
}

/* Our name where it is one of ours, else ICU's, which is static text. */
static const char *name_of(const char *name)
{
        for (const char *const *one = plc_charsets(); *one; one++) {
                if (ucnv_compareNames(*one, name) == 0)
                        return *one;
        }
        UErrorCode status = U_ZERO_ERROR;
        const char *standard = ucnv_getStandardName(name, "MIME", &status);
        if (!standard)
                standard = ucnv_getStandardName(name, "IANA", &status);
        return standard ? standard : "a declared charset";
}

static bool take_mark(const char *bytes, size_t size, struct plc_decoded *out, bool *out_marked, GError **error)
{
        for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
                size_t skip = marks[i].size;
                if (size < skip || memcmp(bytes, marks[i].bytes, skip) != 0)
                        continue;
                *out_marked = true;
                if (!plc_charset_read(marks[i].name, bytes + skip, size - skip, true, &out->text, &out->size))
                        return plc_fail(error, PLC_E_BAD_TEXT, "the text begins like %s, but is not that all through",
                                        marks[i].name);
                out->name = marks[i].name;
                out->by = PLC_CHARSET_MARK;
                return true;
        }
        *out_marked = false;
        return true;
}

/* Bytes without a mark that are not UTF-8, or are it only by their look. */
static bool read_other(const char *bytes, size_t size, const char *declared, const plc_detector *detector,
                       struct plc_decoded *out, GError **error)
{
        size_t at = 0;
        const char *zero = memchr(bytes, '\0', size);
        bool cesu = is_cesu(bytes, size, &at);
        if (cesu && at < size)
                return plc_fail(error, PLC_E_BAD_TEXT, "byte %zu of the text begins a lone surrogate", at + 1);
        if (cesu && plc_charset_read("CESU-8", bytes, size, true, &out->text, &out->size)) {
                out->name = "CESU-8";
                out->by = PLC_CHARSET_GUESS;
                return true;
        }
        if (is_damaged_utf8(bytes, size, &at))
                return plc_fail(error, PLC_E_BAD_TEXT, "byte %zu of the text is not UTF-8, as most of it is", at + 1);
        const char *name = declared ? meant_by(declared) : NULL;
        bool read = name && plc_charset_read(name, bytes, size, true, &out->text, &out->size);
        out->by = read ? PLC_CHARSET_DECLARED : PLC_CHARSET_GUESS;
        if (!read && !is_utf8_with_zeros(bytes, size)) {
                name = escaped_charset(bytes, size);
                if (!name)
                        name = plc_charset_guess(bytes, size, detector);
                read = name && plc_charset_read(name, bytes, size, true, &out->text, &out->size);
        }
        if (!read && zero)
                return plc_fail(error, PLC_E_BAD_TEXT, "byte %zu of the text is zero, and it is not UTF-16 or UTF-32",
                                (size_t)(zero - bytes) + 1);
        if (!read)
                return plc_fail(error, PLC_E_BAD_TEXT, "the text is not UTF-8, nor in any other known charset");
        out->name = name_of(name);
        return true;
}

bool plc_text_decode(const char *bytes, size_t size, size_t limit, const char *declared, const plc_detector *detector,
                     struct plc_decoded *out, GError **error)
{
        struct plc_decoded decoded = {0};
        bool marked = false;
        limit = MIN(limit, (size_t)INT32_MAX / 16); /* ICU counts in 32 bits */
        if (size > limit)
                return plc_fail(error, PLC_E_TOO_BIG, "a text of %zu bytes, the limit is %zu", size, limit);
        if (!take_mark(bytes, size, &decoded, &marked, error))
                return false;
        bool shifts = (declared && is_seven_bit(bytes, size, declared)) || escaped_charset(bytes, size);
        if (!marked && is_utf8(bytes, size) && !shifts)
                decoded = (struct plc_decoded){g_strndup(bytes, size), size, "UTF-8", PLC_CHARSET_UTF8};
        else if (!marked && !read_other(bytes, size, declared, detector, &decoded, error))
                return false;
        *out = decoded;
        return true;
}

bool plc_charset_known(const char *name)
{
        UErrorCode status = U_ZERO_ERROR;
        ucnv_close(ucnv_open(name, &status));
        return name[0] != '\0' && U_SUCCESS(status);
}

const char *plc_charset_by_name(plc_charset_by by)
{
        static const char *const names[] = {"mark", "utf8", "declared", "guess"};
        return names[by];
}

void plc_decoded_clear(struct plc_decoded *decoded)
{
        g_clear_pointer(&decoded->text, g_free);
}
