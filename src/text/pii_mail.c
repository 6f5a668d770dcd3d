/* Where is an e-mail address, also one spelled out so that machines do not see it? anna@x.com, anna (at) x (dot) com,
 * anna arobase x point fr, a n n a @ x . c o m. */
#include "text/pii_rules.h"
#include <string.h>

#define LABEL_LIMIT 63 /* RFC 1035 §2.3.4 */
#define LOCAL_LIMIT 64 /* RFC 5321 §4.5.3.1.1 */
#define LABELS_LIMIT 10

/* In the languages in which people spell addresses: en, de, fr, es and pt, it, pl, ru. */
static const char *const at_words[] = {"at",         "ät",    "klammeraffe", "arobase", "arroba",
                                       "chiocciola", "małpa", "собака",      "собачка"};
static const char *const dot_words[] = {"dot", "punkt", "point", "punto", "ponto", "kropka", "точка"};

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

/* `sign`, or one of the words between brackets or hyphens, or between spaces. *out_size signs, spaces around included.
 */
static enum sureness said_at(const struct plc_shape *shape, size_t at, char sign, const char *const *words,
                             size_t count, size_t *out_size)
{
        static const char opening[] = "([{<-_*", closing[] = ")]}>-_*";
        size_t i = at + (shape->signs[at] == ' ');
        if (shape->signs[i] == sign && sign) {
                i++;
                *out_size = i + (shape->signs[i] == ' ' && shape->signs[at] == ' ') - at;
                return SIGN;
        }
        bool spaced = i > at;
        const char *open = shape->signs[i] ? strchr(opening, shape->signs[i]) : NULL;
        i += open != NULL;
        size_t size = any_word(shape, i, words, count);
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
                enum sureness dot = said_at(shape, i, '.', dot_words, G_N_ELEMENTS(dot_words), &gap);
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
        struct host host = spelled_host(shape, local_end + gap);
        bool english = plc_shape_says(shape, local_end + 1, "at ") > 0;
        return is_believed(shape, sure, english, &host, local_end + gap) ? host.end - at : 0;
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

size_t plc_pii_email_at(const struct plc_shape *shape, size_t at)
{
        if (!plc_shape_is_word(shape->signs[at]) || !plc_shape_begins(shape, at))
                return 0;
        size_t end = at, gap;
        while (end < shape->size && end - at < LOCAL_LIMIT && is_local_sign(shape->signs[end])) {
                if (end > at && strchr("-_", shape->signs[end]) &&
                    said_at(shape, end, '\0', at_words, G_N_ELEMENTS(at_words), &gap) == BRACKETED)
                        break;
                end++;
        }
        size_t size = shape->signs[end] == '@' ? plain_address(shape, at, end) : 0;
        if (size == 0)
                size = spelled_address(shape, at, end);
        return size > 0 ? size : apart_address(shape, at);
}
