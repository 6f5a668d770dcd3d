/* Which characters of a text speak for its language? tools/train-language cuts words in the same way. */
#include "text/letters.h"
#include "text/utf8.h"
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>

/* Vowel signs of Arabic and the stretching line are decoration: the same word is written with and without. */
static bool is_arabic_decoration(UChar32 c)
{
        return (c >= 0x064b && c <= 0x0652) || c == 0x0640;
}

static UChar32 fold(UChar32 c)
{
        if (c >= 0xff21 && c <= 0xff5a) /* full-width Latin */
                c -= 0xfee0;
        return u_tolower(c);
}

static bool is_apostrophe(UChar32 c)
{
        return c == '\'' || c == 0x2019 || c == 0x2018 || c == 0x02bb || c == 0x02bc || c == '`' || c == 0xb4;
}

static bool is_space(UChar32 c)
{
        return u_isUWhiteSpace(c);
}

static size_t token_end(const char *s, size_t size, size_t start)
{
        size_t at = start;
        while (at < size) {
                size_t next = at;
                UChar32 c = plc_utf8_next(s, size, &next);
                if (is_space(c))
                        break;
                at = next;
        }
        return at;
}

/* "example.com/p", "shop.de": a dot between ASCII letters, two or more of them to the end or to a slash. */
static bool is_host(const char *s, size_t size)
{
        size_t end = 0, tail = 0;
        bool dot = false;
        for (; end < size && s[end] != '/'; end++) {
                if (s[end] == '.' && end > 0 && g_ascii_isalnum(s[end - 1])) {
                        dot = true;
                        tail = 0;
                } else if (g_ascii_isalpha(s[end])) {
                        tail++;
                } else if (s[end] != '-' && !g_ascii_isdigit(s[end])) {
                        return false;
                }
        }
        return dot && tail >= 2 && end < size; /* without a path it may be a missing space: "good.very good" */
}

/*
 * Text between spaces whose Latin letters say nothing: a URL, an e-mail address, a handle, or a code (digits and
 * letters in one: model numbers, sizes). Letters of other scripts still count, for Chinese and Japanese put no space
 * behind an address.
 */
static bool has_silent_latin(const char *s, size_t size)
{
        if (g_strstr_len(s, (gssize)size, "://") || memchr(s, '@', size) || is_host(s, size) ||
            (size > 4 && g_ascii_strncasecmp(s, "www.", 4) == 0))
                return true;
        bool digit = false, latin = false;
        for (size_t i = 0; i < size; i++) {
                digit |= g_ascii_isdigit(s[i]);
                latin |= g_ascii_isalpha(s[i]);
        }
        return digit && latin;
}

static void end_word(GArray *all)
{
        if (all->len > 0 && g_array_index(all, struct plc_letter, all->len - 1).c != 0) {
                struct plc_letter none = {0, USCRIPT_COMMON};
                g_array_append_val(all, none);
        }
}

/* A mark joins its letter where Unicode has one sign for both (NFC), else it stands after it. */
static void add_mark(GArray *all, const UNormalizer2 *nfc, UChar32 c)
{
        struct plc_letter *last = all->len > 0 ? &g_array_index(all, struct plc_letter, all->len - 1) : NULL;
        if (!last || last->c == 0 || is_arabic_decoration(c) || (c >= 0xfe00 && c <= 0xfe0f))
                return;
        UChar32 both = unorm2_composePair(nfc, (UChar32)last->c, c);
        if (both >= 0) {
                last->c = (uint32_t)both;
                return;
        }
        if (last->script == USCRIPT_LATIN)
                return; /* i + U+0307 out of İ, and ornaments */
        struct plc_letter mark = {(uint32_t)c, last->script};
        g_array_append_val(all, mark);
}

static bool next_is_letter(const char *s, size_t size, size_t at)
{
        if (at >= size)
                return false;
        UChar32 c = plc_utf8_next(s, size, &at);
        return c >= 0 && u_isalpha(c);
}

static void add_token(GArray *all, const UNormalizer2 *nfc, const char *s, size_t size)
{
        bool silent_latin = has_silent_latin(s, size);
        for (size_t at = 0; at < size;) {
                UChar32 c = plc_utf8_next(s, size, &at);
                UErrorCode status = U_ZERO_ERROR;
                struct plc_letter *last = all->len > 0 ? &g_array_index(all, struct plc_letter, all->len - 1) : NULL;
                if (c == 0x0640)
                        continue;
                if (U_MASK(u_charType(c)) & U_GC_M_MASK) {
                        add_mark(all, nfc, c);
                } else if (is_apostrophe(c) || c == 0xb7) {
                        if (last && last->c != 0 && next_is_letter(s, size, at)) {
                                struct plc_letter inside = {c == 0xb7 ? 0xb7u : (uint32_t)'\'', last->script};
                                g_array_append_val(all, inside);
                        }
                } else if (u_isalpha(c)) {
                        int script = uscript_getScript(c, &status);
                        if (silent_latin && script == USCRIPT_LATIN)
                                continue;
                        if (last && last->c != 0 && last->script != script)
                                end_word(all);
                        struct plc_letter letter = {(uint32_t)fold(c), script};
                        g_array_append_val(all, letter);
                } else {
                        end_word(all);
                }
        }
        end_word(all);
}

bool plc_letters_read(const char *utf8, size_t size, struct plc_letters *out, GError **error)
{
        if (size > PLC_LETTERS_LIMIT) {
                size = PLC_LETTERS_LIMIT;
                while (size > 0 && ((unsigned char)utf8[size] & 0xc0) == 0x80)
                        size--;
        }
        if (!g_utf8_validate_len(utf8, size, NULL))
                return plc_fail(error, PLC_E_BAD_TEXT, "the text is not UTF-8");
        UErrorCode status = U_ZERO_ERROR;
        const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
        if (U_FAILURE(status))
                return plc_fail(error, PLC_E_INTERNAL, "ICU: %s", u_errorName(status));
        struct plc_letters letters = {g_array_sized_new(FALSE, FALSE, sizeof(struct plc_letter), (guint)size / 2 + 8),
                                      0};
        for (size_t at = 0; at < size;) {
                size_t end = token_end(utf8, size, at);
                for (size_t i = at; i < end; i++)
                        letters.digits += g_ascii_isdigit(utf8[i]);
                add_token(letters.all, nfc, utf8 + at, end - at);
                at = end;
                if (at < size)
                        plc_utf8_next(utf8, size, &at);
        }
        *out = letters;
        return true;
}

void plc_letters_done(struct plc_letters *letters)
{
        g_clear_pointer(&letters->all, g_array_unref);
}
