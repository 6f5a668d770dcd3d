/* Where is an e-mail address, also one spelled out so that machines do not see it? anna@x.com, anna (at) x (dot) com,
 * anna arobase x point fr, a n n a @ x . c o m. */
#include "text/pii_rules.h"
#include <string.h>

#define LABEL_LIMIT 63 /* RFC 1035 §2.3.4 */
#define LOCAL_LIMIT 64 /* RFC 5321 §4.5.3.1.1 */
#define LABELS_LIMIT 10

/* In the languages in which people spell addresses. */
static const char *const at_words[] = {
        "at",        "ät",           "klammeraffe",  "arobase", "arroba", "chiocciola", "małpa",
        "собака",    "собачка",      "apenstaartje", "zavináč", "kukac",  "snabel-a",   "snabela",
        "krøllalfa", "παπάκι",       "кльомба",      "равлик",  "שטרודל", "כרוכית",     "آت",
        "a còng",    "アットマーク", "アット",       "골뱅이",  "艾特",   "एट"};
/* Words of every sentence, or single letters: only in brackets. */
static const char *const bracketed_at_words[] = {"a", "à", "et", "ätt", "at"};
static const char *const dot_words[] = {"dot",   "punkt", "point",  "punto", "ponto", "kropka", "точка", "крапка",
                                        "punt",  "tečka", "bodka",  "pont",  "punct", "piste",  "nokta", "τελεία",
                                        "נקודה", "نقطة",  "ドット", "닷",    "chấm",  "titik",  "डॉट",   "点"};

/* After these "at" alone is said of an address. */
static const char *const providers[] = {"gmail",    "googlemail", "yahoo", "hotmail", "outlook", "live",   "icloud",
                                        "aol",      "gmx",        "web",   "mail",    "yandex",  "proton", "protonmail",
                                        "t-online", "libero",     "wp",    "seznam",  "qq",      "163",    "naver"};

static size_t any_word(const struct plc_shape *shape, size_t at, const char *const *words, size_t count)
{
        for (size_t i = 0; i < count; i++) {
                size_t size = plc_shape_says(shape, at, words[i]);
                if (size > 0)
                        return size;
        }
        return 0;
}

/* How sure is it that this is a sign of an address and not a word of a sentence? */
enum sureness { NOTHING, SPOKEN, BRACKETED, SIGN };

/* Signs that say the one of an address: themselves, and the stars that Japanese reviewers write for it. */
static bool is_sign(const struct plc_shape *shape, size_t at, char sign)
{
        static const char *const stars[] = {"★", "☆", "◎", "●", "ⓐ"};
        if (sign == '\0' || shape->signs[at] == sign)
                return sign != '\0';
        for (size_t i = 0; sign == '@' && i < G_N_ELEMENTS(stars); i++) {
                if (plc_shape_says(shape, at, stars[i]) > 0)
                        return true;
        }
        return false;
}

/* `sign`, or one of the words between brackets or hyphens, or between spaces. *out_size signs, spaces around included.
 */
static enum sureness said_at(const struct plc_shape *shape, size_t at, char sign, const char *const *words,
                             size_t count, size_t *out_size)
{
        static const char opening[] = "([{<-_*.", closing[] = ")]}>-_*.";
        size_t i = at + (shape->signs[at] == ' ');
        if (is_sign(shape, i, sign)) {
                i++;
                *out_size = i + (shape->signs[i] == ' ' && (sign == '@' || shape->signs[at] == ' ')) - at;
                return SIGN;
        }
        bool spaced = i > at;
        const char *open = shape->signs[i] ? strchr(opening, shape->signs[i]) : NULL;
        i += open != NULL;
        size_t size = any_word(shape, i, words, count);
        for (size_t k = 0; open && sign == '@' && size == 0 && k < G_N_ELEMENTS(bracketed_at_words); k++) {
                size_t one = plc_shape_says(shape, i, bracketed_at_words[k]);
                size = one > 0 && shape->signs[i + one] == closing[open - opening] ? one : 0;
        }
        i += size;
        if (size == 0 || (open && shape->signs[i] != closing[open - opening]))
                return NOTHING;
        i += open != NULL;
        if (!open && (!spaced || shape->signs[i] != ' '))
                return NOTHING;
        *out_size = i + (shape->signs[i] == ' ') - at;
        return open ? BRACKETED : SPOKEN;
}

struct host {
        size_t end, tld; /* behind it; where its last label begins */
        size_t labels;
        enum sureness least; /* of its dots; SIGN if all are dots */
};

static size_t label_at(const struct plc_shape *shape, size_t at)
{
        size_t i = at;
        while (i < shape->size && i - at < LABEL_LIMIT && plc_pii_host_sign(shape->signs[i])) {
                /* A hyphen may begin "-dot-". */
                size_t gap;
                if (i > at && shape->signs[i] == '-' &&
                    said_at(shape, i, '\0', dot_words, G_N_ELEMENTS(dot_words), &gap) == BRACKETED)
                        break;
                i++;
        }
        return i - at;
}

/* Labels with dots of any kind, as far as the last that can be a registry's. */
static struct host spelled_host(const struct plc_shape *shape, size_t at)
{
        struct host host = {0}, best = {0};
        host.least = SIGN;
        for (size_t i = at; host.labels < LABELS_LIMIT;) {
                size_t size = label_at(shape, i), gap = 0;
                if (size == 0)
                        break;
                host.labels++;
                host.tld = i;
                host.end = i += size;
                bool known = plc_pii_known_domain(shape, host.tld, host.end);
                if (host.labels > 1 && (known || host.least >= BRACKETED) && size >= 2 &&
                    plc_shape_ends(shape, host.end) && !g_ascii_isdigit(shape->signs[host.tld]))
                        best = host;
                enum sureness dot = said_at(shape, i, '\0', dot_words, G_N_ELEMENTS(dot_words), &gap);
                if (dot == NOTHING)
                        dot = said_at(shape, i, '.', dot_words, G_N_ELEMENTS(dot_words), &gap);
                /* "x. Com" is the end of a sentence; "x . com" is not. */
                if (dot == NOTHING || (dot == SIGN && gap == 2))
                        break;
                if (dot == SIGN && gap == 3 && best.labels > 0)
                        break;
                host.least = MIN(host.least, dot);
                i += gap;
        }
        return best;
}

static bool is_local_sign(char c)
{
        return g_ascii_isalnum(c) || c == PLC_SHAPE_LETTER || (c && strchr("._%+-", c));
}

/* RFC 5321 §4.1.3: [192.0.2.1]. */
static size_t address_literal(const struct plc_shape *shape, size_t at)
{
        if (shape->signs[at] != '[')
                return 0;
        size_t size = strspn(shape->signs + at + 1, "0123456789abcdefABCDEF:.");
        return size >= 3 && shape->signs[at + 1 + size] == ']' ? size + 2 : 0;
}

static size_t plain_address(const struct plc_shape *shape, size_t at, size_t local_end)
{
        size_t tld, host = local_end + 1, size = plc_pii_host_at(shape, host, &tld);
        if (size == 0)
                size = address_literal(shape, host);
        return size > 0 ? host + size - at : 0;
}

/* "anna at gmail.com" is an address, "at example.com" says where; "at the dot in" says neither. */
static bool is_believed(const struct plc_shape *shape, enum sureness at_sign, bool english, const struct host *host,
                        size_t host_at)
{
        if (host->labels == 0)
                return false;
        if (at_sign == BRACKETED)
                return true;
        if (at_sign == SIGN)
                return plc_pii_known_domain(shape, host->tld, host->end);
        if (host->least == SIGN)
                return !english || any_word(shape, host_at, providers, G_N_ELEMENTS(providers)) > 0;
        return !english || !plc_pii_word_domain(shape, host->tld, host->end);
}

static size_t spelled_address(const struct plc_shape *shape, size_t at, size_t local_end)
{
        size_t gap = 0;
        enum sureness sure = said_at(shape, local_end, '@', at_words, G_N_ELEMENTS(at_words), &gap);
        if (sure == NOTHING)
                return 0;
        size_t host_at = local_end + gap;
        struct host host = spelled_host(shape, host_at);
        bool known = host.labels > 0 && plc_pii_known_domain(shape, host.tld, host.end);
        /* "x.at.y.dot.com" spells both; "(a)" may be a list's. */
        if (sure == BRACKETED && host.least != BRACKETED && (shape->signs[local_end] == '.' || !known))
                return 0;
        /* "because of @tent.shop" names somebody; "anna @gmail.com" is one. */
        if (sure == SIGN && shape->signs[local_end] == ' ' && shape->signs[host_at - 1] != ' ' &&
            any_word(shape, host_at, providers, G_N_ELEMENTS(providers)) == 0)
                return 0;
        bool english = plc_shape_says(shape, local_end + 1, "at ") > 0;
        return is_believed(shape, sure, english, &host, host_at) ? host.end - at : 0;
}

static size_t apart_address(const struct plc_shape *shape, size_t at)
{
        struct plc_shape joined;
        size_t end;
        if (plc_shape_joined(shape, at, 8, &joined, &end) == 0)
                return 0;
        size_t size = plc_pii_email_at(&joined, 0);
        bool all = size == joined.size;
        plc_shape_clear(&joined);
        return all ? end - at : 0;
}

/* O'Neill, whose name is no quotation. */
static bool is_irish(const struct plc_shape *shape, size_t at, size_t i)
{
        return i > at && g_ascii_tolower(shape->signs[i - 1]) == 'o' && g_ascii_isalpha(shape->signs[i + 1]) &&
               (i - 1 == at || !g_ascii_isalnum(shape->signs[i - 2]));
}

static size_t local_part(const struct plc_shape *shape, size_t at)
{
        size_t end = at;
        while (end < shape->size && end - at < LOCAL_LIMIT &&
               (is_local_sign(shape->signs[end]) || (shape->signs[end] == '\'' && is_irish(shape, at, end))))
                end++;
        return end;
}

/* Up to a spelled at: anna_at_x, anna-at-x, anna.at.x; over spelled dots: anna dot smith. */
static size_t spelled_local_part(const struct plc_shape *shape, size_t at)
{
        size_t end = at, gap;
        while (end < shape->size && end - at < LOCAL_LIMIT && is_local_sign(shape->signs[end])) {
                if (shape->signs[end] == '.' && plc_shape_says(shape, end + 1, "at.") == 0) {
                        end++;
                        continue;
                }
                if (end > at && strchr("-_.", shape->signs[end]) &&
                    said_at(shape, end, '\0', at_words, G_N_ELEMENTS(at_words), &gap) == BRACKETED)
                        break;
                end++;
        }
        enum sureness dot = said_at(shape, end, '\0', dot_words, G_N_ELEMENTS(dot_words), &gap);
        if (dot == NOTHING || end + gap >= shape->size || !plc_shape_is_word(shape->signs[end + gap]) ||
            end - at >= LOCAL_LIMIT)
                return end;
        size_t next = end + gap;
        while (next < shape->size && next - at < LOCAL_LIMIT && is_local_sign(shape->signs[next]))
                next++;
        return said_at(shape, next, '\0', at_words, G_N_ELEMENTS(at_words), &gap) != NOTHING ? next : end;
}

size_t plc_pii_email_at(const struct plc_shape *shape, size_t at)
{
        if (!plc_shape_is_word(shape->signs[at]) || !plc_shape_begins(shape, at) || plc_pii_hebrew_prefix(shape, at))
                return 0;
        size_t end = local_part(shape, at), size = 0;
        if (shape->signs[end] == '@')
                size = plain_address(shape, at, end);
        if (size == 0)
                size = spelled_address(shape, at, spelled_local_part(shape, at));
        return size > 0 ? size : apart_address(shape, at);
}
