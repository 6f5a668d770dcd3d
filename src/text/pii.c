/* What in a text says who wrote it? Each rule is asked at each place, the first that finds something has it. */
#include "text/pii.h"
#include "text/pii_rules.h"
#include "text/pii_words.h"
#include <string.h>
#include <unicode/uscript.h>

const char *plc_pii_kind_name(plc_pii_kind kind)
{
        static const char *const names[PLC_PII_KINDS_] = {"email", "phone", "url", "iban", "card", "handle", "order"};
        return names[kind];
}

/* Behind these a dot is more often an address than a missing space: the largest registries of RFC 1591 kind. */
static const char *const domains[] = {
        "com", "net", "org",  "info", "biz",  "shop", "store", "online", "site", "io", "me", "tv", "eu",  "de",
        "at",  "ch",  "fr",   "it",   "es",   "nl",   "be",    "pl",     "cz",   "sk", "hu", "ro", "bg",  "gr",
        "pt",  "se",  "dk",   "fi",   "ie",   "uk",   "ru",    "ua",     "tr",   "jp", "cn", "kr", "tw",  "hk",
        "sg",  "in",  "au",   "nz",   "ca",   "us",   "mx",    "br",     "ar",   "za", "ly", "gg", "app", "dev",
        "xyz", "edu", "gov",  "be",   "no",   "lt",   "lv",    "ee",     "hr",   "si", "rs", "is", "il",  "ir",
        "sa",  "ae",  "eg",   "id",   "my",   "ph",   "th",    "vn",     "pk",   "bd", "lk", "kz", "by",  "cl",
        "co",  "pe",  "club", "top",  "link", "blog", "email", "gl",     "gd",   "cc", "to", "ai", "fm",  "example"};

/* Of those in other scripts. */
static const char *const other_domains[] = {"рф",  "рус",      "онлайн", "сайт", "укр",   "бел",
                                            "қаз", "бг",       "срб",    "мкд",  "ею",    "ελ",
                                            "ευ",  "السعودية", "امارات", "مصر",  "ایران", "भारत"};

bool plc_pii_host_sign(char c)
{
        return g_ascii_isalnum(c) || c == '-' || c == PLC_SHAPE_LETTER;
}

bool plc_pii_hebrew_prefix(const struct plc_shape *shape, size_t at)
{
        size_t i = at;
        while (i < shape->size && shape->signs[i] == PLC_SHAPE_LETTER)
                i++;
        gunichar first = g_utf8_get_char(shape->text + shape->starts[at]);
        return i > at && first >= 0x5d0 && first <= 0x5ea && shape->signs[i] == '-' &&
               g_ascii_isalnum(shape->signs[i + 1]);
}

/* A dot, or one that is disarmed: lamps[.]com. */
static size_t dot_at(const struct plc_shape *shape, size_t at)
{
        const char *s = shape->signs + at;
        if (s[0] == PLC_SHAPE_OTHER) /* as keyboards in China write it; browsers read it as a dot (UTS 46) */
                return plc_shape_says(shape, at, "。") > 0;
        return s[0] == '.' ? 1 : strncmp(s, "[.]", 3) == 0 || strncmp(s, "(.)", 3) == 0 ? 3 : 0;
}

#define HOST_LIMIT 253 /* RFC 1035 §2.3.4, less the length octets */

size_t plc_pii_host_at(const struct plc_shape *shape, size_t at, size_t *out_tld)
{
        size_t i = at, label = at, end = 0;
        while (i < shape->size && i - at <= HOST_LIMIT && plc_pii_host_sign(shape->signs[i])) {
                while (i < shape->size && i - at <= HOST_LIMIT && plc_pii_host_sign(shape->signs[i]))
                        i++;
                if (label > at && i - label >= 2 && !g_ascii_isdigit(shape->signs[label]) &&
                    shape->signs[label] != '-') {
                        end = i;
                        *out_tld = label;
                }
                if (i + 1 >= shape->size || dot_at(shape, i) == 0)
                        break;
                i += dot_at(shape, i);
                label = i;
        }
        return end > at ? end - at : 0;
}

bool plc_pii_known_domain(const struct plc_shape *shape, size_t tld, size_t end)
{
        for (size_t i = 0; shape->signs[tld] == PLC_SHAPE_LETTER && i < G_N_ELEMENTS(other_domains); i++) {
                if (plc_shape_says(shape, tld, other_domains[i]) == end - tld)
                        return true;
        }
        for (size_t i = 0; i < G_N_ELEMENTS(domains); i++) {
                if (strlen(domains[i]) == end - tld &&
                    g_ascii_strncasecmp(shape->signs + tld, domains[i], end - tld) == 0)
                        return true;
        }
        return false;
}

bool plc_pii_word_domain(const struct plc_shape *shape, size_t tld, size_t end)
{
        static const char *const words[] = {"in", "me", "it", "us", "at", "be", "to", "no", "so", "is", "my", "am"};
        for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
                if (plc_shape_says(shape, tld, words[i]) == end - tld)
                        return true;
        }
        return false;
}

#define AROUND 160 /* signs: a review's sentence or two, and a bound where a text is all addresses */

/* Do the words around have some of a language in which this domain is no word? So "su lampade.it" is an address in
 * Italian, and "nice.it works" is none in English. */
static bool spoken_there(const struct plc_shape *shape, size_t tld, size_t end)
{
        static const struct {
                const char *domain, *words[12];
        } languages[] = {
                {"it", {" il ", " gli ", " di ", " che ", " su ", " non ", " con ", " più ", " molto ", " ho "}},
                {"at", {" und ", " der ", " das ", " ist ", " nicht ", " bei ", " auf ", " mit ", " ich "}},
                {"be", {" het ", " een ", " voor ", " bij ", " van ", " les ", " est ", " chez ", " sur "}},
                {"no", {" og ", " det ", " ikke ", " på ", " jeg ", " hos ", " er "}},
                {"is", {" og ", " ekki ", " það ", " hjá ", " fyrir "}}};
        size_t from = tld > AROUND ? tld - AROUND : 0, to = MIN(end + AROUND, shape->size);
        for (size_t i = 0; i < G_N_ELEMENTS(languages); i++) {
                if (plc_shape_says(shape, tld, languages[i].domain) != end - tld)
                        continue;
                g_autofree char *around = g_strdup_printf(" %.*s ", (int)(shape->starts[to] - shape->starts[from]),
                                                          shape->text + shape->starts[from]);
                g_autofree char *lower = g_utf8_strdown(around, -1);
                g_strdelimit(lower, "\n,;:!?()\"", ' ');
                for (const char *const *word = languages[i].words; *word; word++) {
                        if (strstr(lower, *word))
                                return true;
                }
        }
        return false;
}

static bool has_prefix(const struct plc_shape *shape, size_t at, const char *prefix)
{
        return g_ascii_strncasecmp(shape->signs + at, prefix, strlen(prefix)) == 0;
}

/* "user:password@" before the host (RFC 3986 §3.2.1); 0 if there is none. */
static size_t user_info_at(const struct plc_shape *shape, size_t at)
{
        size_t i = at;
        while (i - at < HOST_LIMIT && g_ascii_isgraph(shape->signs[i]) && !strchr("/?#@", shape->signs[i]))
                i++;
        return i > at && shape->signs[i] == '@' ? i + 1 - at : 0;
}

/* 192.0.2.10 */
static size_t address_of_numbers(const struct plc_shape *shape, size_t at)
{
        size_t size = strspn(shape->signs + at, "0123456789.");
        return size >= 7 && size <= 15 && g_ascii_isdigit(shape->signs[at + size - 1]) ? size : 0;
}

static bool all_digits(const struct plc_shape *shape, size_t at, size_t tld)
{
        return at + strspn(shape->signs + at, "0123456789.") >= tld;
}

/* hxxp: how people write a link that must not become one. */
static const char *const schemes[] = {"http://", "https://", "ftp://", "hxxp://", "hxxps://"};

size_t plc_pii_url_at(const struct plc_shape *shape, size_t at)
{
        if (!plc_shape_begins(shape, at) || plc_pii_hebrew_prefix(shape, at))
                return 0;
        size_t host = at, tld = 0;
        bool sure = true;
        for (size_t i = 0; i < G_N_ELEMENTS(schemes) && host == at; i++)
                host += plc_shape_says(shape, at, schemes[i]);
        if (host > at)
                host += user_info_at(shape, host);
        else
                sure = has_prefix(shape, at, "www.");
        size_t size = plc_pii_host_at(shape, host, &tld);
        if (size == 0 && host > at)
                size = address_of_numbers(shape, host);
        if (size == 0)
                return 0;
        size_t end = host + size;
        bool goes_on = end + 1 < shape->size && strchr("/?#", shape->signs[end]) &&
                       (shape->signs[end + 1] > ' ' || shape->signs[end + 1] == PLC_SHAPE_UNSPACED ||
                        shape->signs[end + 1] == PLC_SHAPE_LETTER);
        if (!sure && !plc_pii_known_domain(shape, tld, end))
                return 0;
        /* A bare host: "Gut.In" is a missing space, a host is written in one case. */
        if (!sure && g_ascii_isupper(shape->signs[tld]) && !g_ascii_isupper(shape->signs[end - 1]))
                return 0;
        /* "nice.no problems", "at 5.com on the dial" */
        if (!sure && !goes_on &&
            ((plc_pii_word_domain(shape, tld, end) && !spoken_there(shape, tld, end)) || all_digits(shape, at, tld)))
                return 0;
        if (!plc_shape_ends(shape, end))
                return 0;
        if (end < shape->size && strchr(":/?#", shape->signs[end]))
                end = MAX(end, plc_pii_path_end(shape, end));
        return end - at;
}

/* "@home it works": an English at. */
static bool is_place(const struct plc_shape *shape, size_t at, size_t end)
{
        static const char *const places[] = {"home", "work", "school", "office", "night", "all", "everyone"};
        for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
                if (plc_shape_says(shape, at, places[i]) == end - at)
                        return true;
        }
        return false;
}

/* In Chinese a name is of Han and ends at a space or a full stop; @北京 is taken for one. With Kana in it is a sentence
 * in Japanese, and what is longer one in Chinese. */
#define HAN_HANDLE_LIMIT 8

static size_t han_handle_at(const struct plc_shape *shape, size_t at)
{
        size_t i = at + 1;
        UErrorCode status = U_ZERO_ERROR;
        while (shape->signs[i] == PLC_SHAPE_UNSPACED || plc_shape_is_word(shape->signs[i])) {
                int32_t c = (int32_t)g_utf8_get_char(shape->text + shape->starts[i]);
                if (shape->signs[i] == PLC_SHAPE_UNSPACED && uscript_getScript(c, &status) != USCRIPT_HAN)
                        return 0;
                i++;
        }
        return i - at >= 3 && i - at - 1 <= HAN_HANDLE_LIMIT ? i - at : 0;
}

/* "Insta: anna_berg99", "微信号：wxid_a1": of five signs at least, and not a word of a sentence: with a digit, an
 * underscore or a dot in it. Numbers alone are those of QQ. */
static size_t named_account_at(const struct plc_shape *shape, size_t at)
{
        size_t i = at, letters = 0;
        bool telling = false;
        if (!g_ascii_isalnum(shape->signs[at]) || !plc_shape_begins(shape, at))
                return 0;
        for (; i < shape->size && i - at <= 30 && (g_ascii_isalnum(shape->signs[i]) || strchr("_.", shape->signs[i]));
             i++) {
                letters += g_ascii_isalpha(shape->signs[i]) ? 1 : 0;
                telling |= !g_ascii_isalpha(shape->signs[i]) && i + 1 < shape->size &&
                           (shape->signs[i] != '.' || g_ascii_isalnum(shape->signs[i + 1]));
        }
        while (shape->signs[i - 1] == '.')
                i--;
        telling = telling || g_ascii_isdigit(shape->signs[i - 1]) || shape->signs[i - 1] == '_';
        bool fits = telling && i - at >= 5 && plc_shape_ends(shape, i) && (letters > 0 || i - at <= 12);
        return fits && plc_pii_called_an_account(shape, at) ? i - at : 0;
}

/* @name: two to thirty signs, one of them a letter; "@ 5 €" and "5@10" are prices. */
size_t plc_pii_handle_at(const struct plc_shape *shape, size_t at)
{
        if (shape->signs[at] != '@')
                return named_account_at(shape, at);
        if (!plc_shape_begins(shape, at))
                return 0;
        size_t i = at + 1, letters = 0;
        while (i < shape->size && i - at <= 30 && (plc_shape_is_word(shape->signs[i]) || shape->signs[i] == '.'))
                letters += g_ascii_isalpha(shape->signs[i++]) ? 1 : 0;
        while (i > at + 1 && shape->signs[i - 1] == '.')
                i--;
        if (letters == 0)
                return han_handle_at(shape, at);
        return i - at >= 3 && !is_place(shape, at + 1, i) ? i - at : 0;
}

static size_t order_at(const struct plc_shape *shape, size_t at, const char *pattern)
{
        if (!plc_shape_begins(shape, at))
                return 0;
        size_t i = at;
        for (; *pattern; pattern = g_utf8_next_char(pattern), i++) {
                if (i >= shape->size)
                        return 0;
                char sign = shape->signs[i], itself[7] = {0};
                g_unichar_to_utf8(g_utf8_get_char(pattern), itself); /* № */
                bool same = *pattern == '9'   ? g_ascii_isdigit(sign)
                            : *pattern == 'A' ? g_ascii_isalpha(sign)
                            : *pattern & 0x80 ? plc_shape_says(shape, i, itself) == 1
                                              : g_ascii_toupper(sign) == g_ascii_toupper(*pattern);
                if (!same)
                        return 0;
        }
        return plc_shape_ends(shape, i) ? i - at : 0;
}

bool plc_pii_order_pattern_fits(const char *pattern)
{
        size_t digits = 0;
        for (const char *c = pattern; *c; c++)
                digits += *c == '9';
        return digits >= 3 && g_utf8_validate(pattern, -1, NULL) && g_utf8_strlen(pattern, -1) <= 64;
}

typedef size_t (*find_at)(const struct plc_shape *shape, size_t at);

/* The order is the precedence: an address holds a host, a bank number may look like a phone number. */
static const struct {
        plc_pii_kind kind;
        find_at find;
} rules[] = {{PLC_PII_EMAIL, plc_pii_email_at}, {PLC_PII_URL, plc_pii_url_at},   {PLC_PII_HANDLE, plc_pii_handle_at},
             {PLC_PII_IBAN, plc_pii_iban_at},   {PLC_PII_CARD, plc_pii_card_at}, {PLC_PII_PHONE, plc_pii_phone_at}};

static size_t find(const struct plc_shape *shape, size_t at, const char *const *order_patterns, plc_pii_kind *out_kind)
{
        for (size_t i = 0; order_patterns && order_patterns[i]; i++) {
                size_t size = order_at(shape, at, order_patterns[i]);
                if (size > 0) {
                        *out_kind = PLC_PII_ORDER;
                        return size;
                }
        }
        for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
                size_t size = rules[i].find(shape, at);
                if (size > 0) {
                        *out_kind = rules[i].kind;
                        return size;
                }
        }
        return 0;
}

bool plc_text_pii(const char *utf8, const char *const *order_patterns, struct plc_pii *out, GError **error)
{
        struct plc_shape shape;
        if (!plc_shape_make(utf8, &shape, error))
                return false;
        GArray *spans = g_array_new(FALSE, FALSE, sizeof(struct plc_pii_span));
        GString *masked = g_string_sized_new(strlen(utf8) + 1);
        for (size_t at = 0; at < shape.size;) {
                plc_pii_kind kind;
                size_t size = find(&shape, at, order_patterns, &kind);
                uint32_t start = shape.starts[at], end = shape.starts[at + MAX(size, 1)];
                if (size > 0) {
                        struct plc_pii_span span = {start, end, kind};
                        g_array_append_val(spans, span);
                        g_string_append(masked, PLC_PII_MASK);
                } else {
                        g_string_append_len(masked, utf8 + start, (gssize)(end - start));
                }
                at += MAX(size, 1);
        }
        plc_shape_clear(&shape);
        *out = (struct plc_pii){spans, g_string_free(masked, FALSE)};
        return true;
}

void plc_pii_clear(struct plc_pii *pii)
{
        g_clear_pointer(&pii->spans, g_array_unref);
        g_clear_pointer(&pii->masked, g_free);
}
