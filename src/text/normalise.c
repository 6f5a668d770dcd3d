/* What do strangers' bytes become before anything else reads them? One pass takes out what deceives, ICU then composes
 * (NFC). */
#include "text/normalise.h"
#include "text/utf8.h"
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#define MARKS_LIMIT 30
#define ISOLATES_LIMIT 8

static bool is_line_end(int32_t c)
{
        return c == '\n' || c == '\r' || c == 0x0b || c == 0x0c || c == 0x85 || c == 0x2028 || c == 0x2029;
}

static bool is_removed(int32_t c)
{
        return (c < 0x20 && c != '\t') || (c >= 0x7f && c <= 0x9f) || (c >= 0x202a && c <= 0x202e) ||
               (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffc);
}

static bool is_isolate(int32_t c)
{
        return c >= 0x2066 && c <= 0x2068;
}

#define POP_ISOLATE 0x2069

/* Are the isolates of the line that starts here all closed, and not nested too deep? */
static bool isolates_balance(const char *bytes, size_t size, size_t at)
{
        int depth = 0;
        while (at < size) {
                int32_t c = plc_utf8_next(bytes, size, &at);
                if (is_line_end(c))
                        break;
                if (is_isolate(c) && ++depth > ISOLATES_LIMIT)
                        return false;
                if (c == POP_ISOLATE && --depth < 0)
                        return false;
        }
        return depth == 0;
}

#define FLAG_TAGS 6 /* a country and the longest subdivision of it: gbeng */
#define CANCEL_TAG 0xe007f

/* How many bytes of tags behind a black flag make it that of a region (UTS 51, emoji tag sequence)? 0: they are hidden
 * text. */
static size_t region_tags(const char *bytes, size_t size, size_t at)
{
        size_t start = at, tags = 0;
        while (at < size) {
                int32_t c = plc_utf8_next(bytes, size, &at);
                if (c == CANCEL_TAG)
                        return tags >= 3 ? at - start : 0;
                bool letter = c >= 0xe0061 && c <= 0xe007a, digit = c >= 0xe0030 && c <= 0xe0039;
                if ((!letter && !digit) || ++tags > FLAG_TAGS)
                        return 0;
        }
        return 0;
}

/* One of them chooses a form of what stands before it; more would hide bytes. */
static bool is_selector(int32_t c)
{
        return (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef);
}

struct cleaning {
        GString *out;
        bool isolates;    /* those of this line stay */
        size_t flag_ends; /* the byte up to which tags are those of a flag */
        bool selected;    /* a variation selector was the last */
        unsigned marks;
};

/* `at`: behind it. */
static void clean_one(struct cleaning *state, int32_t c, const char *bytes, size_t size, size_t at)
{
        if (is_removed(c))
                return;
        if ((is_isolate(c) || c == POP_ISOLATE) && !state->isolates)
                return;
        if (c >= 0xe0000 && c <= 0xe007f && at > state->flag_ends)
                return;
        if (c == 0x1f3f4)
                state->flag_ends = at + region_tags(bytes, size, at);
        if (is_selector(c) && state->selected)
                return;
        state->selected = is_selector(c);
        bool mark = u_getCombiningClass(c) != 0 || u_charType(c) == U_NON_SPACING_MARK;
        state->marks = mark ? state->marks + 1 : 0;
        if (state->marks <= MARKS_LIMIT)
                g_string_append_unichar(state->out, (gunichar)c);
}

static bool clean(const char *bytes, size_t size, GString *out, GError **error)
{
        struct cleaning state = {.out = out, .isolates = isolates_balance(bytes, size, 0)};
        for (size_t at = 0; at < size;) {
                size_t here = at;
                int32_t c = plc_utf8_next(bytes, size, &at);
                if (c == PLC_UTF8_BAD)
                        return plc_fail(error, PLC_E_BAD_TEXT, "byte %zu of the text is not UTF-8", here + 1);
                if (c == 0)
                        return plc_fail(error, PLC_E_BAD_TEXT, "byte %zu of the text is U+0000", here + 1);
                if (!is_line_end(c)) {
                        clean_one(&state, c, bytes, size, at);
                        continue;
                }
                if (c == '\r' && at < size && bytes[at] == '\n')
                        at++;
                g_string_append_c(out, '\n');
                state.marks = 0;
                state.selected = false;
                state.isolates = isolates_balance(bytes, size, at);
        }
        return true;
}

static bool compose(const GString *text, size_t limit, char **out, GError **error)
{
        UErrorCode status = U_ZERO_ERROR;
        const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
        int32_t size = 0, composed_size = 0, bytes = 0;
        g_autofree UChar *wide = g_new(UChar, text->len + 1);
        u_strFromUTF8(wide, (int32_t)text->len + 1, &size, text->str, (int32_t)text->len, &status);
        if (U_SUCCESS(status) && unorm2_spanQuickCheckYes(nfc, wide, size, &status) == size) {
                *out = g_strndup(text->str, text->len);
                return true;
        }
        /* UAX 15: NFC of UTF-16 grows at most threefold. */
        g_autofree UChar *composed = g_new(UChar, 3 * (size_t)size + 1);
        composed_size = unorm2_normalize(nfc, wide, size, composed, 3 * size + 1, &status);
        g_autofree char *utf8 = g_malloc(3 * (size_t)composed_size + 1);
        u_strToUTF8(utf8, 3 * composed_size + 1, &bytes, composed, composed_size, &status);
        if (U_FAILURE(status))
                return plc_fail(error, PLC_E_INTERNAL, "ICU: %s", u_errorName(status));
        if ((size_t)bytes > limit)
                return plc_fail(error, PLC_E_TOO_BIG, "a text of %d bytes, the limit is %zu", bytes, limit);
        *out = g_steal_pointer(&utf8);
        return true;
}

bool plc_text_normalise(const char *bytes, size_t size, size_t limit, char **out, GError **error)
{
        /* ICU counts in 32 bits and the composed form is three times as long. */
        limit = MIN(limit, (size_t)INT32_MAX / 16);
        if (size > limit)
                return plc_fail(error, PLC_E_TOO_BIG, "a text of %zu bytes, the limit is %zu", size, limit);
        if (size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
                bytes += 3;
                size -= 3;
        }
        g_autoptr(GString) cleaned = g_string_sized_new(size + 1);
        return clean(bytes, size, cleaned, error) && compose(cleaned, limit, out, error);
}

/* Unicode calls them letters and symbols like others; their pictures are empty. The fillers of Hangul are
 * Default_Ignorable_Code_Point. */
static bool is_blank_picture(int32_t c)
{
        return c == 0x2800 || c == 0x1d159 || c == 0x13441 || c == 0x13442;
}

bool plc_text_shows(const char *utf8)
{
        static const uint32_t unseen = U_GC_Z_MASK | U_GC_CC_MASK | U_GC_CF_MASK | U_GC_M_MASK;
        size_t size = strlen(utf8);

        for (size_t at = 0; at < size;) {
                int32_t c = plc_utf8_next(utf8, size, &at);

                if (c == PLC_UTF8_BAD || (!(U_MASK(u_charType(c)) & unseen) && !is_blank_picture(c) &&
                                          !u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)))
                        return true;
        }
        return false;
}
