/* Which characters of a text speak for its language? The model is trained on words cut by this file. */
#include "text/letters.h"
#include "text/utf8.h"
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>

enum kind { OTHER, SPACE, LETTER, MARK, INSIDE, NOTHING };

struct fact {
        uint32_t lower;
        uint8_t script;
        uint8_t kind;
};

/* Asking ICU costs more than all the rest; so it is asked once for each block of 256 characters that occurs. */
#define BLOCK 256
static struct fact *blocks[0x110000 / BLOCK];

static bool is_apostrophe(UChar32 c)
{
        return c == '\'' || c == 0x2019 || c == 0x2018 || c == 0x02bb || c == 0x02bc || c == '`' || c == 0xb4;
}

/* Vowel signs of Arabic and the stretching line are decoration: the same word is written with and without. */
static bool is_arabic_decoration(UChar32 c)
{
        return (c >= 0x064b && c <= 0x0652) || c == 0x0640;
}

static enum kind kind_of(UChar32 c)
{
        if (is_arabic_decoration(c) || (c >= 0xfe00 && c <= 0xfe0f))
                return NOTHING;
        if (is_apostrophe(c) || c == 0xb7)
                return INSIDE;
        if (U_MASK(u_charType(c)) & U_GC_M_MASK)
                return MARK;
        return u_isalpha(c) ? LETTER : u_isUWhiteSpace(c) ? SPACE : OTHER;
}

static UChar32 fold(UChar32 c)
{
        if (c >= 0xff21 && c <= 0xff5a) /* full-width Latin */
                c -= 0xfee0;
        return u_tolower(c);
}

static struct fact *make_block(size_t number)
{
        struct fact *block = g_new(struct fact, BLOCK);
        for (UChar32 i = 0; i < BLOCK; i++) {
                UErrorCode status = U_ZERO_ERROR;
                UChar32 c = (UChar32)number * BLOCK + i;
                enum kind kind = kind_of(c);
                int script = uscript_getScript(c, &status);
                uint32_t lower = kind == INSIDE ? (c == 0xb7 ? 0xb7u : (uint32_t)'\'') : (uint32_t)fold(c);
                block[i] = (struct fact){lower, (uint8_t)script, (uint8_t)kind};
        }
        /* Two threads may have made the same: the first one's stays. */
        if (!g_atomic_pointer_compare_and_exchange(&blocks[number], NULL, block)) {
                g_free(block);
                block = g_atomic_pointer_get(&blocks[number]);
        }
        return block;
}

static inline const struct fact *fact_of(int32_t c)
{
        size_t number = (size_t)c / BLOCK;
        struct fact *block = g_atomic_pointer_get(&blocks[number]);
        if (G_UNLIKELY(!block))
                block = make_block(number);
        return &block[(size_t)c % BLOCK];
}

/* What stands between two spaces, seen from afar. */
struct token {
        const char *s;
        size_t size;
        bool at, dot, colon, latin;
        size_t digits;
};

static struct token next_token(const char *s, size_t size, size_t start)
{
        struct token token = {.s = s + start};
        size_t i = start;
        while (i < size) {
                unsigned char b = (unsigned char)s[i];
                if (b >= 0x80) {
                        size_t next = i;
                        int32_t c = plc_utf8_next(s, size, &next);
                        if (fact_of(c)->kind == SPACE)
                                break;
                        i = next;
                        continue;
                }
                if (b == ' ' || (b >= '\t' && b <= '\r'))
                        break;
                token.at |= b == '@';
                token.dot |= b == '.';
                token.colon |= b == ':';
                token.latin |= g_ascii_isalpha(b);
                token.digits += g_ascii_isdigit(b);
                i++;
        }
        token.size = i - start;
        return token;
}

/* "example.com/p", "shop.de/": a dot between ASCII letters, two or more of them to a slash. */
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
static bool has_silent_latin(const struct token *token)
{
        if (token->at || (token->digits > 0 && token->latin))
                return true;
        if (token->colon && g_strstr_len(token->s, (gssize)token->size, "://"))
                return true;
        return token->dot &&
               (is_host(token->s, token->size) || (token->size > 4 && g_ascii_strncasecmp(token->s, "www.", 4) == 0));
}

static void end_word(struct plc_letters *letters)
{
        if (letters->count > 0 && letters->all[letters->count - 1].c != 0)
                letters->all[letters->count++] = (struct plc_letter){0, USCRIPT_COMMON};
}

/* A mark joins its letter where Unicode has one sign for both (NFC), else it stands after it. */
static void add_mark(struct plc_letters *letters, struct plc_letter *last, const UNormalizer2 *nfc, int32_t c)
{
        UChar32 both = unorm2_composePair(nfc, (UChar32)last->c, c);
        if (both >= 0)
                last->c = (uint32_t)both;
        else if (last->script != USCRIPT_LATIN) /* there i + U+0307 out of İ, and ornaments */
                letters->all[letters->count++] = (struct plc_letter){(uint32_t)c, last->script};
}

static bool next_is_letter(const struct token *token, size_t at)
{
        return at < token->size && fact_of(plc_utf8_next(token->s, token->size, &at))->kind == LETTER;
}

/* "Sooooo": a letter that is drawn out says no more than it does twice. No word of these scripts has it three times,
 * but for a few compounds (Schifffahrt), which are trained on as they are read. */
static bool is_drawn_out(const struct plc_letters *letters, const struct fact *fact)
{
        const struct plc_letter *last = letters->all + letters->count;
        return letters->count >= 2 && (fact->script == USCRIPT_LATIN || fact->script == USCRIPT_CYRILLIC) &&
               last[-1].c == fact->lower && last[-2].c == fact->lower;
}

static void add_token(struct plc_letters *letters, const UNormalizer2 *nfc, const struct token *token)
{
        bool silent_latin = has_silent_latin(token);
        for (size_t at = 0; at < token->size;) {
                int32_t c = plc_utf8_next(token->s, token->size, &at);
                const struct fact *fact = fact_of(c);
                struct plc_letter *last = letters->count > 0 ? &letters->all[letters->count - 1] : NULL;
                bool in_word = last && last->c != 0;
                if (fact->kind == LETTER) {
                        if (silent_latin && fact->script == USCRIPT_LATIN)
                                continue;
                        if (is_drawn_out(letters, fact))
                                continue;
                        if (in_word && last->script != fact->script)
                                end_word(letters);
                        letters->all[letters->count++] = (struct plc_letter){fact->lower, fact->script};
                } else if (fact->kind == MARK) {
                        if (in_word)
                                add_mark(letters, last, nfc, c);
                } else if (fact->kind == INSIDE) {
                        if (in_word && next_is_letter(token, at))
                                letters->all[letters->count++] = (struct plc_letter){fact->lower, last->script};
                } else if (fact->kind != NOTHING) {
                        end_word(letters);
                }
        }
        end_word(letters);
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
        /* A character is one letter at most, and an end of a word before it. */
        struct plc_letters letters = {.all = g_new(struct plc_letter, 2 * size + 2)};
        for (size_t at = 0; at < size;) {
                struct token token = next_token(utf8, size, at);
                letters.digits += token.digits;
                add_token(&letters, nfc, &token);
                at += token.size;
                if (at < size)
                        plc_utf8_next(utf8, size, &at);
        }
        *out = letters;
        return true;
}

void plc_letters_done(struct plc_letters *letters)
{
        g_clear_pointer(&letters->all, g_free);
}
