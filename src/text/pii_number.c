/* Which runs of digits reach a person or an account? Phone numbers by their form, card numbers by their check digits.
 */
#include "text/pii_rules.h"
#include "text/pii_words.h"
#include <string.h>

#define GROUPS_LIMIT 10
#define DIGITS_LIMIT 32

/* Digits with single separators between groups, as far as they go. */
struct number {
        bool plus;
        bool spaced;  /* + 49 … */
        bool closed;  /* the bracket that opens the first group closes before the last ends */
        bool bracket; /* a bracket opens the first group: (030) 123 … */
        char digits[DIGITS_LIMIT + 1];
        size_t count, groups;
        size_t group_size[GROUPS_LIMIT], group_end[GROUPS_LIMIT]; /* sign behind each group */
        char separator[GROUPS_LIMIT];                             /* before each group; 0 before the first */
};

static size_t separator_at(const struct plc_shape *shape, size_t at)
{
        static const char *const forms[] = {"-(0)", " (0) ", " (0)", "(0) ", "(0)", ") - ", ") ", " (", ")-",
                                            " - ",  " / ",   ")",    "(",    "-",   ".",    "/",  " "};
        for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
                size_t size = strlen(forms[i]);
                if (strncmp(shape->signs + at, forms[i], size) == 0 && g_ascii_isdigit(shape->signs[at + size]))
                        return size;
        }
        return 0;
}

/* False: no digit where one has to be. */
static bool read_number(const struct plc_shape *shape, size_t at, struct number *out)
{
        *out = (struct number){0};
        size_t i = at;
        if (shape->signs[i] == '+') {
                out->plus = true;
                i++;
                out->spaced = shape->signs[i] == ' ' && g_ascii_isdigit(shape->signs[i + 1]);
                i += out->spaced;
        }
        if (shape->signs[i] == '(') {
                out->bracket = true;
                i += shape->signs[i + 1] == '+' && !out->plus ? 2 : 1;
                out->plus |= shape->signs[i - 1] == '+';
        }
        if (!g_ascii_isdigit(shape->signs[i]))
                return false;
        while (out->groups < GROUPS_LIMIT) {
                size_t start = i;
                while (g_ascii_isdigit(shape->signs[i])) {
                        if (out->count < DIGITS_LIMIT)
                                out->digits[out->count++] = shape->signs[i];
                        i++;
                }
                if (out->count == DIGITS_LIMIT)
                        return out->groups > 0; /* no number of a person is so long; groups before may be one */
                out->group_size[out->groups] = i - start;
                out->group_end[out->groups++] = i;
                size_t gap = separator_at(shape, i);
                /* What begins with + goes on in the next line, too. */
                if (gap == 0 && out->plus && shape->signs[i] == '\n' && g_ascii_isdigit(shape->signs[i + 1]))
                        gap = 1;
                if (gap == 0 || out->groups == GROUPS_LIMIT)
                        break;
                char sign = shape->signs[i];
                out->closed |= memchr(shape->signs + i, ')', gap) != NULL;
                out->separator[out->groups] = sign == ' ' && gap > 1 ? shape->signs[i + 1] : sign;
                i += gap;
        }
        return true;
}

/* Keeps the first `groups` groups. */
static struct number first_groups(const struct number *number, size_t groups)
{
        struct number less = *number;
        less.groups = groups;
        less.count = 0;
        for (size_t i = 0; i < groups; i++)
                less.count += less.group_size[i];
        less.digits[less.count] = '\0';
        return less;
}

static bool has_shape(const struct number *n, const char *sizes)
{
        if (strlen(sizes) != n->groups)
                return false;
        for (size_t i = 0; i < n->groups; i++) {
                if (n->group_size[i] != (size_t)(sizes[i] - '0'))
                        return false;
        }
        return true;
}

static bool one_separator(const struct number *n)
{
        for (size_t i = 2; i < n->groups; i++) {
                if (n->separator[i] != n->separator[1])
                        return false;
        }
        return true;
}

static int value_of(const char *digits, size_t count)
{
        int value = 0;
        for (size_t i = 0; i < count; i++)
                value = value * 10 + (digits[i] - '0');
        return value;
}

/* 24.12.2023, 1/2/24, 2023-10-12, also with more behind it: a day, not a number to call. */
static bool is_date(const struct number *n)
{
        if (has_shape(n, "24") || has_shape(n, "2424") || has_shape(n, "242424")) /* 01/2023 02/2023 */
                return (n->separator[1] == '/' || (n->groups == 2 && n->separator[1] == ' ')) &&
                       value_of(n->digits, 2) <= 12 && value_of(n->digits + 2, 2) / 2 == 10;
        if (n->groups < 3 || n->separator[1] != n->separator[2] ||
            !strchr(has_shape(n, "224") ? "./- " : "./-", n->separator[1]))
                return false;
        size_t a = n->group_size[0], b = n->group_size[1], c = n->group_size[2];
        bool goes_on = n->groups > 3 && n->separator[3] == n->separator[2]; /* 06.12.34.56.78 is a French number */
        if (a > 4 || b > 2 || goes_on)
                return false;
        int first = value_of(n->digits, a), second = value_of(n->digits + a, b);
        bool short_first = a <= 2 && first <= 31 && second <= 31 && (c == 2 || c == 4);
        bool year_first = a == 4 && first / 100 >= 19 && first / 100 <= 21 && second <= 12 && c <= 2;
        return short_first || year_first;
}

static bool all_same(const struct number *n)
{
        return strspn(n->digits, (char[]){n->digits[0], '\0'}) == n->count;
}

/* 2011-2012, 2013/14 */
static bool is_years(const struct number *n)
{
        if (n->groups != 2 || n->group_size[0] != 4 || !strchr("-/", n->separator[1]))
                return false;
        int first = value_of(n->digits, 4) / 100, second = value_of(n->digits + 4, 2);
        return (first == 19 || first == 20) &&
               (n->group_size[1] == 2 || (n->group_size[1] == 4 && (second == 19 || second == 20)));
}

/* 2.14.0.1187: of a version; a single digit between dots is in no number to call. */
static bool is_version(const struct number *n)
{
        for (size_t i = 1; i < n->groups; i++) {
                if (n->group_size[i] == 1 && n->separator[i] == '.')
                        return one_separator(n);
        }
        return false;
}

/* 05 10 15 20 25: steps of a scale. */
static bool is_scale(const struct number *n)
{
        size_t size = n->group_size[0];
        if (n->groups < (n->digits[0] == '0' ? 4 : 3) || size > 4)
                return false;
        int first = value_of(n->digits, size), step = value_of(n->digits + size, size) - first;
        for (size_t i = 0; i < n->groups; i++) {
                if (n->group_size[i] != size || value_of(n->digits + i * size, size) != first + step * (int)i)
                        return false;
        }
        return size != 2 || step < -1 || step > 1; /* 01 02 03 04 05 is a number that somebody has */
}

/* Figures that stand beside "phone" and "signal" as well: 128 256 512, 1080 2400, 2023 2024. Parted by spaces, and none
 * begins with a zero: 650-520-4800, 6500 0350 and (in India) 98760 43210 are numbers that somebody has. */
static bool is_figures(const struct number *n)
{
        size_t round = 0, doubled = 0, years = 0, all = n->groups;
        const char *group = n->digits;
        if (n->plus || n->bracket)
                return false;
        for (size_t i = 0; i < all; group += n->group_size[i++]) {
                size_t size = n->group_size[i];
                bool zeros = i > 0 && size == 3 && memcmp(group, "000", 3) == 0;
                if (size > (n->digits[0] < '6' ? 5 : 4) || (group[0] == '0' && !zeros) ||
                    (i > 0 && !strchr(" /", n->separator[i])))
                        return false;
                int value = value_of(group, size);
                bool thousands = i + 1 < all && n->group_size[i + 1] == 3 && memcmp(group + size, "000", 3) == 0;
                round += group[size - 1] == '0' || thousands;
                doubled += value >= 16 && (value & (value - 1)) == 0;
                years += size == 4 && value >= 1900 && value < 2100;
        }
        return all > 1 && (round == all || doubled == all || years == all);
}

/* 24 7 365 */
static bool has_single(const struct number *n)
{
        size_t i = 1;
        while (i < n->groups && n->group_size[i] > 1)
                i++;
        return !n->plus && n->digits[0] != '0' && i < n->groups;
}

/* +10 000 000 */
static bool is_round(const struct number *n)
{
        return n->groups > 2 && n->count > 6 && strcmp(n->digits + n->count - 6, "000000") == 0;
}

/* 0123456789, 1234567890: somebody tries keys. */
static bool is_run(const struct number *n)
{
        size_t next = 1;
        while (next < n->count && (n->digits[next] - n->digits[next - 1] + 10) % 10 == 1)
                next++;
        return next == n->count;
}

/* "012 345 cm", "50 %" */
static bool has_unit(const struct plc_shape *shape, size_t end)
{
        static const char *const units[] = {"%",  "$",    "eur",   "usd",  "gbp",  "chf",   "cm",     "mm",     "km",
                                            "kg", "ml",   "mg",    "gb",   "mah",  "мач",   "mhz",    "ghz",    "hz",
                                            "db", "дб",   "dpi",   "rpm",  "px",   "pixel", "pixels", "piksel", "像素",
                                            "kb", "mb",   "m2",    "lei",  "zł",   "zl",    "kč",     "kc",     "kr",
                                            "ft", "tl",   "rp",    "pln",  "rub",  "yen",   "yuan",   "watt",   "lumen",
                                            "лв", "руб",  "р.",    "грн",  "тг",   "円",    "원",     "元",     "บาท",
                                            "đ",  "ريال", "تومان", "درهم", "টাকা", "रुपये",   "kn",     "din"};
        size_t at = end + (end < shape->size && shape->signs[end] == ' ');
        for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
                size_t size = plc_shape_says(shape, at, units[i]);
                if (size > 0 && (!plc_shape_is_word(shape->signs[at]) || plc_shape_ends(shape, at + size)))
                        return true;
        }
        return false;
}

/* "100 000 hours": words that may as well go on with a sentence, "030 1234567 hours 9 to 5". */
static bool is_counted(const struct plc_shape *shape, const struct number *n)
{
        static const char *const words[] = {" times", " points", " hours"};
        size_t end = n->group_end[n->groups - 1];
        if (n->plus || n->digits[0] == '0' || (n->groups > 1 && n->separator[1] != ' '))
                return false;
        for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
                if (plc_shape_says(shape, end, words[i]) > 0)
                        return true;
        }
        return false;
}

/* "0800 123 EUR", "$ 1 299 000", "012 345 x 20": an amount. */
static bool is_amount(const struct plc_shape *shape, size_t start, const struct number *n)
{
        size_t end = n->group_end[n->groups - 1];
        if (start > 0 && shape->signs[start - 1] == PLC_SHAPE_CURRENCY)
                return true;
        if (start > 1 && shape->signs[start - 1] == ' ' && shape->signs[start - 2] == PLC_SHAPE_CURRENCY)
                return true;
        bool spaced = end < shape->size && shape->signs[end] == ' ';
        return plc_shape_says(shape, end + spaced, "x ") > 0 || has_unit(shape, end) || is_counted(shape, n);
}

/* The national forms that are told apart from other figures by their groups. */
static bool is_national(const struct number *n)
{
        const char *d = n->digits;
        char sep = n->groups > 1 ? n->separator[1] : 0;
        /* North America: (415) 555-0132, 415-555-0132, 415.555.0132; area and exchange begin with 2 to 9. */
        if (n->count == 10 && has_shape(n, "334") && d[0] >= '2' && d[3] >= '2' &&
            (n->bracket || (one_separator(n) && (sep == '-' || sep == '.')) || n->separator[2] == '-'))
                return true;
        if (n->count == 11 && has_shape(n, "1334") && d[0] == '1' && d[1] >= '2' && d[4] >= '2')
                return true;
        /* China: 13912345678, 139 1234 5678 */
        if (n->count == 11 && d[0] == '1' && d[1] >= '3' && (n->groups == 1 || has_shape(n, "344")))
                return true;
        /* Spain, Poland, Portugal, the Czech Republic: 612 345 678 */
        if (n->count == 9 && has_shape(n, "333") && one_separator(n) && sep != '.' && strchr("5679", d[0]) &&
            strcmp(d + 3, "000000") != 0)
                return true;
        /* Spain 699 12 34 56; Portugal, Poland 22 123 45 67 */
        if (n->count == 9 && ((has_shape(n, "3222") && strchr("679", d[0])) || has_shape(n, "2322")) &&
            one_separator(n) && (sep == ' ' || sep == '-'))
                return true;
        /* Mobile numbers of Italy and India are often written in one. */
        if (n->count == 10 && n->groups == 1 && ((d[0] == '3' && d[1] >= '2') || d[0] >= '6'))
                return true;
        if (n->count == 10 && d[0] == '3' && d[1] >= '2' && sep == ' ' && (has_shape(n, "334") || has_shape(n, "37")))
                return true;
        /* India: 98765 43210; Brazil: (11) 91234-5678; Russia: 8 (912) 345-67-89 */
        if (n->count == 10 && has_shape(n, "55") && d[0] >= '6' && (sep == ' ' || sep == '-'))
                return true;
        if ((n->count == 11 || n->count == 10) && n->bracket && n->groups == 3 && n->group_size[0] == 2)
                return true;
        /* Australia: 1300 555 012 */
        if (n->count == 10 && has_shape(n, "433") && d[0] == '1' && strchr("38", d[1]) && d[2] == '0' && d[3] == '0')
                return one_separator(n) && (sep == ' ' || sep == '-');
        return n->count == 11 && d[0] == '8' && (has_shape(n, "13322") || has_shape(n, "1334"));
}

/* A trunk prefix 0, then an area: 030 1234567, 0171/1234567, 06 12 34 56 78, 090-1234-5678, 01761234567. */
static bool has_trunk_prefix(const struct number *n)
{
        if (n->digits[0] != '0' || n->digits[1] == '0' || n->count < 9 || n->count > 12)
                return false;
        if (has_shape(n, "1333") || has_shape(n, "13322")) /* 0 800 123 456, 0 532 123 45 67 */
                return one_separator(n) && n->separator[1] == ' ';
        if (n->group_size[0] < 2 ||
            (n->groups > 1 && n->separator[1] == '.' && n->group_size[0] != 2 && n->group_size[0] != 4))
                return false;
        /* Five pairs with dots are French, 4 3 3 Romanian and Vietnamese; other dots are versions and decimals. */
        if (n->groups > 1 && n->separator[1] == '.')
                return one_separator(n) && (has_shape(n, "22222") || has_shape(n, "433"));
        return n->groups > 1 || n->count == 10 || n->count == 11;
}

static bool is_phone(const struct plc_shape *shape, size_t at, const struct number *n)
{
        size_t end = n->group_end[n->groups - 1];
        if (!plc_shape_ends(shape, end) || all_same(n) || is_date(n) || is_years(n) || n->count > 15)
                return false;
        if (end + 1 < shape->size && strchr(".,:", shape->signs[end]) && g_ascii_isdigit(shape->signs[end + 1]))
                return false;                                                          /* a decimal, a time */
        bool ranges = n->groups == 2 && n->separator[1] == '/' && n->digits[0] != '0'; /* GSM 900/1800 */
        bool counted = !n->plus && n->digits[0] != '0' && /* "phone battery 4500 5000 mAh" */
                       (has_unit(shape, end) || (n->count < 9 && is_counted(shape, n)));
        if (strncmp(n->digits, "000", 3) == 0 || is_version(n) || is_scale(n) || is_round(n) ||
            (n->groups == 1 && n->count > 12 && plc_pii_called_a_code(shape, at))) /* IMEI */
                return false;
        if (!ranges && !counted && !is_figures(n) && !has_single(n) &&
            plc_pii_called_a_phone(shape, at, n->count >= 8 ? end : 0))
                return n->count >= 6;
        if (is_amount(shape, at, n) || is_run(n))
                return false;
        if (n->plus)
                return n->count >= (n->spaced ? 10 : 8) && n->digits[0] != '0';
        if (plc_pii_called_a_code(shape, at))
                return false;
        if (n->digits[0] == '0' && n->digits[1] == '0')
                return n->count >= 10 && n->digits[2] != '0';
        return has_trunk_prefix(n) || is_national(n);
}

/* A number does not begin inside another, behind a decimal point, a sign or a letter. */
static bool may_begin(const struct plc_shape *shape, size_t at)
{
        if (!plc_shape_begins(shape, at))
                return false;
        if (at == 0)
                return true;
        char before = shape->signs[at - 1];
        if (before == '(' || before == '+')
                return at < 2 || !g_ascii_isdigit(shape->signs[at - 2]);
        size_t digits = 0;
        while (digits < 3 && before == ' ' && !strchr("+(", shape->signs[at]) && at > digits + 1 &&
               g_ascii_isdigit(shape->signs[at - 2 - digits]))
                digits++;
        if (digits >= 3)
                return false; /* the middle of a longer number in groups; "18:00 0171 …" is none */
        bool joined = strchr("-./,", before) != NULL && at > 1 && plc_shape_is_word(shape->signs[at - 2]);
        return !joined || before == ',';
}

/* 0 7 7 0 0 … */
static size_t apart_phone(const struct plc_shape *shape, size_t at)
{
        struct plc_shape joined;
        struct number n;
        size_t end, size = 0;
        if (plc_shape_joined(shape, at, 7, &joined, &end) == 0)
                return 0;
        if (strspn(joined.signs, "+0123456789") == joined.size && read_number(&joined, 0, &n) && n.groups == 1 &&
            !all_same(&n) && (n.plus || has_trunk_prefix(&n) || plc_pii_called_a_phone(shape, at, 0)))
                size = end - at;
        plc_shape_clear(&joined);
        return size;
}

size_t plc_pii_phone_at(const struct plc_shape *shape, size_t at)
{
        char sign = shape->signs[at];
        if ((sign != '+' && sign != '(' && !g_ascii_isdigit(sign)) || !may_begin(shape, at))
                return 0;
        struct number all;
        size_t apart = apart_phone(shape, at);
        if (apart > 0)
                return apart;
        if (!read_number(shape, at, &all))
                return 0;
        /* "(+44 20 7946 0321)": the bracket is the sentence's. */
        if (sign == '(' && !all.closed)
                return 0;
        if (all.groups > 2 && is_figures(&all))
                return 0;
        if (all.groups > 4 && has_shape(&all, "4444444444" + (GROUPS_LIMIT - all.groups))) /* of a parcel */
                return 0;
        for (size_t groups = all.groups; groups > 0; groups--) {
                struct number n = first_groups(&all, groups);
                if (n.count >= 6 && is_phone(shape, at, &n))
                        return n.group_end[groups - 1] - at;
        }
        return 0;
}

/* ISO/IEC 7812-1 annex B (Luhn). */
static bool luhn(const char *digits, size_t count)
{
        unsigned sum = 0;
        for (size_t i = 0; i < count; i++) {
                unsigned d = (unsigned)(digits[count - 1 - i] - '0') * (i % 2 ? 2 : 1);
                sum += d > 9 ? d - 9 : d;
        }
        return sum % 10 == 0;
}

/* Visa, Mastercard, American Express, Diners, Discover, JCB, UnionPay, Maestro with their lengths. */
static bool is_card_range(const char *d, size_t count)
{
        unsigned two = (unsigned)(d[0] - '0') * 10 + (unsigned)(d[1] - '0');
        if (d[0] == '4')
                return count == 16 || count == 13 || count == 19;
        if (two == 34 || two == 37)
                return count == 15;
        if (two == 30 || two == 36 || two == 38)
                return count == 14;
        return ((two >= 51 && two <= 55) || (two >= 22 && two <= 27) || two == 35 || two == 60 || two == 62 ||
                two == 64 || two == 65 || strncmp(d, "6759", 4) == 0 || strncmp(d, "676", 3) == 0) &&
               (count == 16 || (two == 62 && count <= 19 && count >= 16));
}

size_t plc_pii_card_at(const struct plc_shape *shape, size_t at)
{
        if (!g_ascii_isdigit(shape->signs[at]) || !may_begin(shape, at))
                return 0;
        struct number all;
        if (!read_number(shape, at, &all))
                return 0;
        for (size_t groups = all.groups; groups > 0; groups--) {
                struct number n = first_groups(&all, groups);
                size_t end = n.group_end[groups - 1];
                /* A bare run of 13 digits is far more often an EAN, whose check digit is another. */
                bool grouped = groups > 1 && one_separator(&n) &&
                               (n.separator[1] == ' ' || n.separator[1] == '-' || has_shape(&n, "4444"));
                if (!grouped && plc_pii_called_a_code(shape, at) && !plc_pii_called_a_card(shape, at))
                        continue;
                if (n.count >= 13 && (grouped || (groups == 1 && n.count > 13)) && plc_shape_ends(shape, end) &&
                    is_card_range(n.digits, n.count) && luhn(n.digits, n.count) && !all_same(&n))
                        return end - at;
        }
        return 0;
}
