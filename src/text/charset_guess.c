/* In which charset are bytes that say nothing of it? Each is tried; the text that surprises least has it. */
#include "text/charset_private.h"
#include "text/utf8.h"
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>
#include <unicode/ulocdata.h>
#include <unicode/uscript.h>

#define SAMPLE ((size_t)64 * 1024) /* bytes: more makes nobody surer */
#define LEAD ((size_t)1024)        /* of them before the first that is not ASCII */
#define NAMED ((size_t)2 * 1024)   /* of which the language is asked */
#define AROUND 6                   /* words on both sides of one that is not ASCII */
#define NEAR 2.0                   /* bits a byte outside ASCII: nearer ones are parted by their languages */
#define NEAR_LIMIT 12
#define RARER 2.0   /* bits for a charset of which Windows has one of its own, for the same languages */
#define FOREIGN 8.0 /* bits for a letter that a language does not write with */

/* The first of two that come out alike is taken. */
static const char *const charsets[] = {"windows-1252", "windows-1251", "windows-1250",
                                       "windows-1253", "windows-1254", "windows-1255",
                                       "windows-1256", "windows-1257", "windows-1258",
                                       "windows-874",  "ISO-8859-2",   "ISO-8859-5",
                                       "ISO-8859-7",   "ISO-8859-15",  "ISO-8859-6",
                                       "ISO-8859-8",   "ISO-8859-4",   "ISO-8859-13",
                                       "ISO-8859-1",   "ISO-8859-9",   "KOI8-R",
                                       "KOI8-U",       "IBM866",       "windows-31j",
                                       "EUC-JP",       "windows-949",  "GB18030",
                                       "Big5",         "UTF-16LE",     "UTF-16BE",
                                       "UTF-32LE",     "UTF-32BE",     NULL};

const char *const *plc_charsets(void)
{
        return charsets;
}

/* Letters of a script, the most frequent first, as texts of its languages have them. */
static const struct {
        UScriptCode script;
        const char *letters;
} frequent[] = {
        {USCRIPT_CYRILLIC, "оаеинтсрвлкмдпуяыгзьбчйіжхшюцїєщэфёґъўјљњћђџѓќѕәөүңқғұһ"},
        {USCRIPT_GREEK, "αοιετσνρπκυμληςίωόάέδγχήθύφβώξζψϊϋΐΰ"},
        {USCRIPT_HEBREW, "יוהלאתמרבשנדםעפקכחגסטזצץןךףװױײ"},
        {USCRIPT_ARABIC, "اليمونرتبةعدسفهكقحجشصطأخىضذزثإئغءآظؤیکپگچژًٌٍَُِّْٰٹڈڑےہں"},
        {USCRIPT_THAI, "านรอกเงมยลวดทสตะปบคหแจพชขใไโผซถฟธศณษญภฐฎฏฑฒฆฉฌฝฮ่้ีัิืุู็์ำๆ"},
        {USCRIPT_HIRAGANA, "いのんたでしてとるかすりなまがにもはきらさこれうっよをくあだお"},
        {USCRIPT_KATAKANA, "ーンストルリイラッアドシクレテプマコフジカ"},
};

/* Bits for a letter of a script, by its place in the row above: geometric, about what counts of letters show. */
static double letter_bits(UScriptCode script, int32_t c)
{
        c = u_tolower(c);
        for (size_t i = 0; i < G_N_ELEMENTS(frequent); i++) {
                if (frequent[i].script != script)
                        continue;
                int place = 0;
                for (const char *at = frequent[i].letters; *at; at = g_utf8_next_char(at), place++) {
                        if ((int32_t)g_utf8_get_char(at) == c)
                                return 3.0 + 0.16 * place;
                }
                return 13;
        }
        return script == USCRIPT_LATIN ? 6.0 : 12.0;
}

/* Latin letters with marks: those of some large language cost less than those of few. */
static double latin_bits(int32_t c)
{
        static const char *const usual = "éäöüßàèáíóúçñåøæêâîôûãõőűýžšěčřůąęłśżźćńșțşţăğıİœëïìòùāēīūģķļņėįųđðþňľťď";
        char key[7] = {0};
        g_unichar_to_utf8((gunichar)u_tolower(c), key);
        const char *hit = strstr(usual, key);
        if ((c >= 0x1ea0 && c <= 0x1ef9) || c == 0x1a1 || c == 0x1b0)
                return 7.0; /* Vietnamese */
        if (!hit)
                return c < 0x180 ? 9.0 : 13.0;
        return 5.0 + 0.012 * (double)(hit - usual) / 2;
}

/* What stands in writing beside letters, without being one. */
static double sign_bits(int32_t c, int32_t before, int32_t after)
{
        bool inside = u_isalpha(before) && u_isalpha(after);
        if (c == 0x2019 && (inside || u_isalpha(after)))
                return inside ? 4 : 9;
        if (inside && c != 0xb7 && c != 0x2013 && c != 0x2014)
                return 16;
        if ((c >= 0x2013 && c <= 0x201e) || c == 0x2026 || c == 0xab || c == 0xbb || c == 0xa0 || c == 0x20ac ||
            c == 0xbf || c == 0xa1)
                return 6;
        if (c == 0xb0 || c == 0xa3 || c == 0xb2 || c == 0xb3 || c == 0xbd || c == 0xae || c == 0x2122 || c == 0x2116)
                return 8;
        if (c >= 0x3000 && c <= 0x303f)
                return 5;
        if (u_isdigit(c) && !u_isalpha(before)) /* ๕, ٣ */
                return 7;
        return c >= 0xff01 && c <= 0xff5e ? 7 : 11;
}

/* Rows of a double-byte set hold the common characters first: Han of level 1, Hangul as written. */
static double pair_bits(const char *charset, uint8_t lead, int32_t c)
{
        UErrorCode status = U_ZERO_ERROR;
        UScriptCode script = uscript_getScript(c, &status);
        if (script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA)
                return letter_bits(script, c) + 2;
        if (c >= 0x3131 && c <= 0x3163) /* ㅋㅋ, ㅎㅎ, ㅠㅠ: how Koreans laugh and cry */
                return 6;
        if (script == USCRIPT_HANGUL)
                return lead == 1 || (lead >= 0xb0 && lead <= 0xc8) ? 8.5 : 17;
        if (script != USCRIPT_HAN)
                return 0;
        if (strcmp(charset, "GB18030") == 0)
                return lead >= 0xb0 && lead <= 0xd7 ? 9.5 : 16;
        if (strcmp(charset, "Big5") == 0)
                return lead >= 0xa4 && lead <= 0xc6 ? 9.5 : 16;
        if (strcmp(charset, "windows-31j") == 0)
                return lead >= 0x88 && lead <= 0x97 ? 10 : 16;
        if (strcmp(charset, "EUC-JP") == 0)
                return lead >= 0xb0 && lead <= 0xcf ? 10 : 16;
        return strcmp(charset, "windows-949") == 0 ? 17 : 11;
}

struct weighing {
        const char *charset;
        double bits;         /* of what is outside ASCII */
        size_t outside;      /* characters outside ASCII */
        size_t latin, plain; /* Latin letters with marks, ASCII letters */
        int32_t before;
        UScriptCode script; /* of the word so far */
        bool lower;         /* its last letter is one */
};

static bool is_east_asian(UScriptCode script)
{
        return script == USCRIPT_HAN || script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA ||
               script == USCRIPT_HANGUL || script == USCRIPT_BOPOMOFO;
}

static void weigh_letter(struct weighing *w, int32_t c, uint8_t lead)
{
        UErrorCode status = U_ZERO_ERROR;
        UScriptCode script = uscript_getScript(c, &status);
        double pair = lead ? pair_bits(w->charset, lead, c) : 0;
        if (script == USCRIPT_INHERITED || script == USCRIPT_COMMON)
                script = w->script;
        if (c >= 0x80) {
                w->outside++;
                w->bits += pair > 0 ? pair : script == USCRIPT_LATIN ? latin_bits(c) : letter_bits(script, c);
                w->latin += script == USCRIPT_LATIN;
        } else {
                w->plain++;
        }
        if (w->script != USCRIPT_COMMON && w->script != script && !(is_east_asian(w->script) && is_east_asian(script)))
                w->bits += is_east_asian(script) || is_east_asian(w->script) ? 5 : 10;
        if (u_isUUppercase(c) && u_isalpha(w->before))
                w->bits += w->lower ? 7 : 1; /* of a word in capitals, as KOI8 in windows-1251 is */
        w->lower = u_isULowercase(c);
        w->script = script;
}

/* Average bits of a byte of `size`: how long the text is to tell, given the charset. */
static double weigh(const char *charset, const char *text, size_t size, const char *bytes, size_t byte_count)
{
        struct weighing w = {.charset = charset, .script = USCRIPT_COMMON};
        bool wide = strncmp(charset, "UTF-", 4) == 0,
             pairs = g_str_has_prefix(charset, "windows-31j") || strcmp(charset, "EUC-JP") == 0 ||
                     strcmp(charset, "windows-949") == 0 || strcmp(charset, "GB18030") == 0 ||
                     strcmp(charset, "Big5") == 0;
        size_t byte = 0;
        bool ascii = false;
        for (size_t at = 0; at < size;) {
                int32_t c = plc_utf8_next(text, size, &at);
                ascii = ascii || c < 0x80;
                size_t next = at;
                int32_t after = at < size ? plc_utf8_next(text, size, &next) : ' ';
                /* Bytes go along with characters: one for ASCII, two for the rest (half-width kana: one; four of
                 * GB18030: looked at as two, no common character among them). */
                uint8_t lead = pairs && byte < byte_count ? (uint8_t)bytes[byte] : wide ? 1 : 0;
                byte += pairs && c >= 0x80 && !(c >= 0xff61 && c <= 0xff9f) ? 2 : 1;
                if (u_isalpha(c) || (U_MASK(u_charType(c)) & U_GC_M_MASK)) {
                        weigh_letter(&w, c, lead);
                } else {
                        if (c >= 0x80) {
                                w.outside++;
                                w.bits += sign_bits(c, w.before, after);
                        }
                        /* 4ѓ3 is no writing: digits stand beside words, not in them. */
                        if (c < 0x80 && u_isdigit(c) && w.before >= 0x80 && u_isalpha(w.before) && after >= 0x80)
                                w.bits += 6;
                        w.script = USCRIPT_COMMON;
                        w.lower = false;
                }
                w.before = c;
        }
        /* In no language do most letters have marks. */
        if (w.latin > (w.plain + w.latin) * 45 / 100)
                w.bits += 4.0 * (double)w.latin;
        /* No text is without a space, a line's end or a digit for long. */
        if (wide && !ascii)
                w.bits += 3.0 * (double)w.outside;
        if (wide) /* ASCII is spelled with two or four bytes here, and each of them is outside of other charsets' words
                   */
                w.bits += 1.0 * (double)w.plain;
        return w.bits;
}

struct candidate {
        const char *name;
        char *text;
        size_t size;
        double bits;
};

static gint by_bits(gconstpointer a, gconstpointer b)
{
        const struct candidate *x = a, *y = b;
        return (x->bits > y->bits) - (x->bits < y->bits);
}

static void clear_candidate(void *candidate)
{
        g_free(((struct candidate *)candidate)->text);
}

/* ICU's confidence of 0 to 100 takes up to 10 bits off: a hint for the short, nothing for the long. */
static void heed_icu(const char *bytes, size_t size, GArray *candidates)
{
        UErrorCode status = U_ZERO_ERROR;
        UCharsetDetector *icu = ucsdet_open(&status);
        int32_t count = 0;
        ucsdet_setText(icu, bytes, (int32_t)size, &status);
        const UCharsetMatch **matches = ucsdet_detectAll(icu, &count, &status);
        for (int32_t i = 0; U_SUCCESS(status) && i < count; i++) {
                const char *name = ucsdet_getName(matches[i], &status);
                int32_t confidence = ucsdet_getConfidence(matches[i], &status);
                for (guint k = 0; k < candidates->len; k++) {
                        struct candidate *one = &g_array_index(candidates, struct candidate, k);
                        if (ucnv_compareNames(one->name, name) == 0)
                                one->bits -= confidence / 10.0;
                }
        }
        ucsdet_close(icu);
}

/* Romanian is written with cedillas where charsets have no commas. */
static int32_t as_in_alphabet(int32_t c, const char *language)
{
        if (strcmp(language, "ro") != 0)
                return c;
        return c == 0x15f ? 0x219 : c == 0x163 ? 0x21b : c == 0x15e ? 0x218 : c == 0x162 ? 0x21a : c;
}

struct span {
        size_t start, size;
};

/* The next word; its size is 0 at the end. *out_parted: a line or a quoted string ended before it. Names of members of
 * JSON are none: they are English in every language. */
static struct span next_word(const char *text, size_t size, size_t *at, bool *out_parted)
{
        static const char between[] = " \t\r\n\"";
        *out_parted = *at > 0 && strchr("\r\n\"", text[*at - 1]);
        while (*at < size) {
                struct span word = {*at, 0};
                while (*at < size && !strchr(between, text[*at]))
                        (*at)++;
                word.size = *at - word.start;
                bool key = *at + 1 < size && text[*at] == '"' && text[*at + 1] == ':';
                *at += *at < size;
                if (!key && word.size > 0 && (word.size > 1 || g_ascii_isalnum(text[word.start])))
                        return word;
                *out_parted = *out_parted || strchr("\r\n\"", text[*at - 1]);
        }
        return (struct span){0};
}

static void append_word(GString *out, const char *text, struct span word)
{
        g_string_append_len(g_string_append_c(out, ' '), text + word.start, (gssize)word.size);
}

/* What tells the language: the words with letters outside ASCII, and those around them in the same line or string. */
static GString *telling_words(const char *text, size_t size)
{
        GString *out = g_string_new(NULL);
        struct span before[AROUND], word;
        guint waiting = 0, behind = 0;
        bool parted = false;
        for (size_t at = 0; out->len < NAMED && (word = next_word(text, size, &at, &parted)).size > 0;) {
                bool telling = false;
                for (size_t i = 0; i < word.size; i++)
                        telling = telling || (text[word.start + i] & 0x80);
                if (parted)
                        waiting = behind = 0;
                if (telling || behind > 0) {
                        for (guint i = 0; i < waiting; i++)
                                append_word(out, text, before[i]);
                        waiting = 0;
                        behind = telling ? AROUND : behind - 1;
                        append_word(out, text, word);
                        continue;
                }
                if (waiting == AROUND)
                        memmove(before, before + 1, --waiting * sizeof before[0]);
                before[waiting++] = word;
        }
        if (out->len > NAMED)
                g_string_truncate(out, (gsize)(g_utf8_find_prev_char(out->str, out->str + NAMED) - out->str));
        return out;
}

static double foreign_bits(const plc_detector *detector, const struct candidate *one)
{
        struct plc_language language;
        UErrorCode status = U_ZERO_ERROR;
        g_autoptr(GString) words = telling_words(one->text, one->size);
        if (!plc_text_detect_one(detector, words->str, words->len, NULL, &language, NULL) || !language.confidence_milli)
                return 0;
        ULocaleData *locale = ulocdata_open(language.tag, &status);
        USet *letters = ulocdata_getExemplarSet(locale, NULL, USET_ADD_CASE_MAPPINGS, ULOCDATA_ES_STANDARD, &status);
        size_t foreign = 0;
        for (size_t at = 0; U_SUCCESS(status) && at < one->size;) {
                int32_t c = plc_utf8_next(one->text, one->size, &at);
                bool letter = u_isalpha(c) || (U_MASK(u_charType(c)) & U_GC_M_MASK);
                foreign += c >= 0x80 && letter && !uset_contains(letters, as_in_alphabet(c, language.tag));
        }
        uset_close(letters);
        if (locale)
                ulocdata_close(locale);
        return FOREIGN * (double)foreign + 6.0 * (1 - language.confidence_milli / 1000.0);
}

/* The bytes, and the piece of them that is weighed. */
struct sample {
        const char *bytes;
        size_t size, start, count;
};

/* It begins shortly before the first byte that is not ASCII; in steps of four, for UTF-32. */
static struct sample take_sample(const char *bytes, size_t size)
{
        struct sample sample = {bytes, size, 0, MIN(size, SAMPLE)};
        size_t ascii = 0;
        while (ascii < size && bytes[ascii] > 0)
                ascii++;
        if (size > SAMPLE && ascii > LEAD)
                sample.start = MIN(ascii - LEAD, size - SAMPLE) & ~(size_t)3;
        return sample;
}

static bool reads_all(const struct sample *sample, const char *name)
{
        g_autofree char *text = NULL;
        size_t size;
        return sample->count == sample->size || plc_charset_read(name, sample->bytes, sample->size, true, &text, &size);
}

/* Of those that give the same text as the best, the one that stands first in our list. */
static const char *first_alike(const GArray *candidates, guint best_at, const struct sample *sample)
{
        const struct candidate *best = &g_array_index(candidates, struct candidate, best_at);
        for (const char *const *name = charsets; *name; name++) {
                for (guint i = 0; i < candidates->len; i++) {
                        const struct candidate *one = &g_array_index(candidates, struct candidate, i);
                        if (one->name == *name && one->size == best->size &&
                            memcmp(one->text, best->text, best->size) == 0 && reads_all(sample, one->name))
                                return one->name;
                }
        }
        return best->name;
}

static void add_candidate(GArray *candidates, const struct sample *sample, const char *name)
{
        struct candidate one = {.name = name};
        const char *bytes = sample->bytes + sample->start;
        bool whole = sample->start + sample->count == sample->size;
        if (!plc_charset_read(name, bytes, sample->count, whole, &one.text, &one.size))
                return;
        if (strcmp(name, "windows-1258") == 0) { /* tones stand apart there */
                char *composed = g_utf8_normalize(one.text, (gssize)one.size, G_NORMALIZE_NFC);
                g_free(one.text);
                one.text = composed;
                one.size = strlen(composed);
        }
        one.bits = weigh(name, one.text, one.size, bytes, sample->count);
        one.bits += g_str_has_prefix(name, "ISO") ? RARER : g_str_has_prefix(name, "IBM") ? 3 * RARER : 0;
        g_array_append_val(candidates, one);
}

const char *plc_charset_guess(const char *bytes, size_t size, const plc_detector *detector)
{
        struct sample sample = take_sample(bytes, size);
        size_t outside = 0;
        g_autoptr(GArray) candidates = g_array_new(FALSE, FALSE, sizeof(struct candidate));
        g_array_set_clear_func(candidates, clear_candidate);
        for (size_t i = 0; i < sample.count; i++)
                outside += (bytes[sample.start + i] & 0x80) != 0;
        for (const char *const *name = charsets; *name; name++)
                add_candidate(candidates, &sample, *name);
        if (candidates->len == 0)
                return NULL;
        heed_icu(bytes + sample.start, sample.count, candidates);
        g_array_sort(candidates, by_bits); /* stable: GLib merges */
        double near = g_array_index(candidates, struct candidate, 0).bits + 12 + NEAR * (double)outside;
        guint compared = 0;
        for (; detector && compared < MIN(candidates->len, NEAR_LIMIT); compared++) {
                struct candidate *one = &g_array_index(candidates, struct candidate, compared);
                if (one->bits > near)
                        break;
                one->bits += foreign_bits(detector, one);
        }
        g_array_sort(candidates, by_bits);
        for (guint i = 0; i < candidates->len; i++) {
                if (reads_all(&sample, g_array_index(candidates, struct candidate, i).name))
                        return first_alike(candidates, i, &sample);
        }
        return NULL;
}
