/* How are instants read and written? By civil-calendar arithmetic (H. Hinnant, days_from_civil), without time zones or
 * locales. */
#include "base/clock.h"

#include <string.h>
#include <time.h>

int64_t plc_now_ms(void)
{
        return g_get_real_time() / 1000;
}

static int64_t days_from_civil(int64_t y, int64_t m, int64_t d)
{
        int64_t era, year_of_era, day_of_year;

        y -= m <= 2;
        era = (y >= 0 ? y : y - 399) / 400;
        year_of_era = y - era * 400;
        day_of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
        return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static void civil_from_days(int64_t days, int *out_y, int *out_m, int *out_d)
{
        int64_t era, day_of_era, year_of_era, day_of_year, mp;

        days += 719468;
        era = (days >= 0 ? days : days - 146096) / 146097;
        day_of_era = days - era * 146097;
        year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
        day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        mp = (5 * day_of_year + 2) / 153;
        *out_d = (int)(day_of_year - (153 * mp + 2) / 5 + 1);
        *out_m = (int)(mp < 10 ? mp + 3 : mp - 9);
        *out_y = (int)(year_of_era + era * 400 + (*out_m <= 2));
}

static char *put_digits(char *at, int value, int count, char after)
{
        for (int i = count - 1; i >= 0; i--, value /= 10)
                at[i] = (char)('0' + value % 10);
        at[count] = after;
        return at + count + 1;
}

/* By hand: every answer tells its instant twice, and a format costs ten times as much. */
void plc_time_format(int64_t ms, char out[PLC_TIME_SIZE])
{
        const int64_t first = INT64_C(-62167219200000), last = INT64_C(253402300799999);
        int64_t clamped = CLAMP(ms, first, last) - first;
        int64_t in_day = clamped % PLC_DAY_MS;
        int y, m, d;

        civil_from_days(clamped / PLC_DAY_MS + first / PLC_DAY_MS, &y, &m, &d);
        out = put_digits(out, y, 4, '-');
        out = put_digits(out, m, 2, '-');
        out = put_digits(out, d, 2, 'T');
        out = put_digits(out, (int)(in_day / 3600000), 2, ':');
        out = put_digits(out, (int)(in_day / 60000 % 60), 2, ':');
        out = put_digits(out, (int)(in_day / 1000 % 60), 2, '.');
        out = put_digits(out, (int)(in_day % 1000), 3, 'Z');
        *out = '\0';
}

static bool digits(const char **at, int count, int *out)
{
        int value = 0;

        for (int i = 0; i < count; i++, (*at)++) {
                if (!g_ascii_isdigit(**at))
                        return false;
                value = value * 10 + (**at - '0');
        }
        *out = value;
        return true;
}

static bool literal(const char **at, char c)
{
        return *(*at)++ == c;
}

static bool parse_date(const char **at, int64_t *out_days)
{
        static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        int y, m, d;
        bool leap;

        if (!digits(at, 4, &y) || !literal(at, '-') || !digits(at, 2, &m) || !literal(at, '-') || !digits(at, 2, &d))
                return false;
        leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
        if (m < 1 || m > 12 || d < 1 || d > month_days[m - 1] + (m == 2 && leap))
                return false;
        *out_days = days_from_civil(y, m, d);
        return true;
}

static bool parse_clock(const char **at, int64_t *out_ms)
{
        int h, min, s;

        if (!digits(at, 2, &h) || !literal(at, ':') || !digits(at, 2, &min) || !literal(at, ':') || !digits(at, 2, &s))
                return false;
        if (h > 23 || min > 59 || s > 59)
                return false;
        *out_ms = ((h * 60 + min) * 60 + s) * INT64_C(1000);
        return true;
}

bool plc_time_parse(const char *text, int64_t *out_ms)
{
        const char *at = text;
        int64_t days, in_day;
        int ms;

        if (strlen(text) != PLC_TIME_SIZE - 1)
                return false;
        if (!parse_date(&at, &days) || !literal(&at, 'T') || !parse_clock(&at, &in_day) || !literal(&at, '.') ||
            !digits(&at, 3, &ms) || !literal(&at, 'Z'))
                return false;
        *out_ms = days * PLC_DAY_MS + in_day + ms;
        return true;
}

/* Digits beyond milliseconds are cut, never rounded up into the future. */
static bool parse_fraction(const char **at, int64_t *out_ms)
{
        int count = 0;

        *out_ms = 0;
        if (**at != '.')
                return true;
        for ((*at)++; g_ascii_isdigit(**at) && count < 9; (*at)++, count++)
                if (count < 3)
                        *out_ms = *out_ms * 10 + (**at - '0');
        if (count == 0)
                return false;
        for (; count < 3; count++)
                *out_ms *= 10;
        return true;
}

static bool parse_offset(const char **at, int64_t *out_ms)
{
        int sign, h, m;

        *out_ms = 0;
        if (**at == 'Z' || **at == 'z') {
                (*at)++;
                return true;
        }
        if (**at != '+' && **at != '-')
                return false;
        sign = *(*at)++ == '-' ? -1 : 1;
        if (!digits(at, 2, &h) || !literal(at, ':') || !digits(at, 2, &m) || h > 23 || m > 59)
                return false;
        *out_ms = sign * (h * 60 + m) * INT64_C(60000);
        return true;
}

bool plc_time_parse_rfc3339(const char *text, int64_t *out_ms)
{
        const char *at = text;
        int64_t days, in_day = 0, fraction = 0, offset = 0;

        if (!parse_date(&at, &days))
                return false;
        if (*at != '\0') {
                if (*at != 'T' && *at != 't' && *at != ' ')
                        return false;
                at++;
                if (!parse_clock(&at, &in_day) || !parse_fraction(&at, &fraction) || !parse_offset(&at, &offset) ||
                    *at != '\0')
                        return false;
        }
        *out_ms = days * PLC_DAY_MS + in_day + fraction - offset;
        return true;
}
