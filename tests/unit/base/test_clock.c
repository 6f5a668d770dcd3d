/* Are instants read exactly as the rights model writes them, and no other way? */
#include "base/clock.h"
#include "support/rows.h"

#define NO INT64_MIN

struct row {
        const char *sentence, *text;
        int64_t ms; /* NO: it is refused */
};

static const struct row strict[] = {
        {"the beginning of time", "1970-01-01T00:00:00.000Z", 0},
        {"an ordinary instant", "2026-11-03T09:12:44.123Z", INT64_C(1793697164123)},
        {"the millisecond before the epoch", "1969-12-31T23:59:59.999Z", -1},
        {"29 February of a leap year", "2028-02-29T00:00:00.000Z", INT64_C(1835395200000)},
        {"29 February of a century divisible by 400", "2000-02-29T00:00:00.000Z", INT64_C(951782400000)},
        {"the first instant of the calendar", "0000-01-01T00:00:00.000Z", INT64_C(-62167219200000)},
        {"the last instant of the calendar", "9999-12-31T23:59:59.999Z", INT64_C(253402300799999)},
        {"29 February of another year is refused", "2027-02-29T00:00:00.000Z", NO},
        {"29 February of a century is refused", "2100-02-29T00:00:00.000Z", NO},
        {"31 April is refused", "2026-04-31T00:00:00.000Z", NO},
        {"day 0 is refused", "2026-04-00T00:00:00.000Z", NO},
        {"month 13 is refused", "2026-13-01T00:00:00.000Z", NO},
        {"month 0 is refused", "2026-00-01T00:00:00.000Z", NO},
        {"hour 24 is refused", "2026-04-01T24:00:00.000Z", NO},
        {"minute 60 is refused", "2026-04-01T00:60:00.000Z", NO},
        {"second 60 is refused", "2016-12-31T23:59:60.000Z", NO},
        {"without milliseconds it is refused", "2026-04-01T00:00:00Z", NO},
        {"with two digits of fraction it is refused", "2026-04-01T00:00:00.00Z", NO},
        {"with four digits of fraction it is refused", "2026-04-01T00:00:00.0000Z", NO},
        {"an offset is refused", "2026-04-01T00:00:00.000+00:00", NO},
        {"a small t is refused", "2026-04-01t00:00:00.000Z", NO},
        {"a small z is refused", "2026-04-01T00:00:00.000z", NO},
        {"a blank for T is refused", "2026-04-01 00:00:00.000Z", NO},
        {"a date alone is refused", "2026-04-01", NO},
        {"a sign is refused", "+026-04-01T00:00:00.000Z", NO},
        {"a blank in a number is refused", "2026- 4-01T00:00:00.000Z", NO},
        {"nothing is refused", "", NO},
        {"one letter too many is refused", "2026-04-01T00:00:00.000ZZ", NO},
};

static void test_strict(gconstpointer data)
{
        const struct row *row = data;
        int64_t ms = 42;
        char text[PLC_TIME_SIZE];

        g_assert_cmpint(plc_time_parse(row->text, &ms), ==, row->ms != NO);
        g_assert_cmpint(ms, ==, row->ms != NO ? row->ms : 42);
        if (row->ms == NO)
                return;
        plc_time_format(ms, text);
        g_assert_cmpstr(text, ==, row->text);
}

static const struct row rfc3339[] = {
        {"Z", "2026-11-03T09:12:44Z", INT64_C(1793697164000)},
        {"an eastern offset is subtracted", "2026-11-03T10:12:44+01:00", INT64_C(1793697164000)},
        {"a western offset is added", "2026-11-03T01:42:44-07:30", INT64_C(1793697164000)},
        {"an offset that crosses midnight", "2026-11-04T00:12:44+15:00", INT64_C(1793697164000)},
        {"the unknown offset -00:00 is UTC", "2026-11-03T09:12:44-00:00", INT64_C(1793697164000)},
        {"small letters", "2026-11-03t09:12:44z", INT64_C(1793697164000)},
        {"a blank for T", "2026-11-03 09:12:44Z", INT64_C(1793697164000)},
        {"one digit of fraction", "2026-11-03T09:12:44.1Z", INT64_C(1793697164100)},
        {"nine digits are cut, not rounded", "2026-11-03T09:12:44.123999999Z", INT64_C(1793697164123)},
        {"a date alone is its midnight", "2026-11-03", INT64_C(1793664000000)},
        {"ten digits of fraction are refused", "2026-11-03T09:12:44.1234567890Z", NO},
        {"an empty fraction is refused", "2026-11-03T09:12:44.Z", NO},
        {"a comma is refused", "2026-11-03T09:12:44,5Z", NO},
        {"no offset is refused", "2026-11-03T09:12:44", NO},
        {"an offset without a colon is refused", "2026-11-03T09:12:44+0100", NO},
        {"an offset of 24 hours is refused", "2026-11-03T09:12:44+24:00", NO},
        {"an offset of 60 minutes is refused", "2026-11-03T09:12:44+01:60", NO},
        {"second 60 is refused", "2016-12-31T23:59:60Z", NO},
        {"no seconds are refused", "2026-11-03T09:12Z", NO},
        {"words are refused", "yesterday", NO},
        {"a half date is refused", "2026-11", NO},
        {"what follows the time is refused", "2026-11-03T09:12:44Z and more", NO},
        {"what follows the date is refused", "2026-11-03x", NO},
};

static void test_rfc3339(gconstpointer data)
{
        const struct row *row = data;
        int64_t ms = 42;

        g_assert_cmpint(plc_time_parse_rfc3339(row->text, &ms), ==, row->ms != NO);
        g_assert_cmpint(ms, ==, row->ms != NO ? row->ms : 42);
}

struct format_row {
        const char *sentence;
        int64_t ms;
        const char *text;
};

static const struct format_row ends[] = {
        {"never is written as the last instant there is", PLC_TIME_NEVER, "9999-12-31T23:59:59.999Z"},
        {"before all time is written as the first", INT64_MIN, "0000-01-01T00:00:00.000Z"},
        {"one millisecond after the last is the last", INT64_C(253402300800000), "9999-12-31T23:59:59.999Z"},
};

static void test_format(gconstpointer data)
{
        const struct format_row *row = data;
        char text[PLC_TIME_SIZE];

        plc_time_format(row->ms, text);
        g_assert_cmpstr(text, ==, row->text);
}

/* Against GLib's calendar, one day of every month of 800 years. */
static void test_calendar(void)
{
        for (int year = 1600; year < 2400; year++)
                for (int month = 1; month <= 12; month++) {
                        int day = g_date_get_days_in_month((GDateMonth)month, (GDateYear)year);
                        g_autoptr(GDateTime) then = g_date_time_new_utc(year, month, day, 12, 34, 56);
                        g_autofree char *text = g_strdup_printf("%04d-%02d-%02dT12:34:56.007Z", year, month, day);
                        char back[PLC_TIME_SIZE];
                        int64_t ms;

                        g_assert_true(plc_time_parse(text, &ms));
                        g_assert_cmpint(ms, ==, g_date_time_to_unix(then) * 1000 + 7);
                        plc_time_format(ms, back);
                        g_assert_cmpstr(back, ==, text);
                }
}

static void test_now(void)
{
        int64_t before = g_get_real_time() / 1000, now = plc_now_ms(), after = g_get_real_time() / 1000;

        g_assert_cmpint(now, >=, before);
        g_assert_cmpint(now, <=, after);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        ADD_ROWS("/clock/ledger form", strict, test_strict)
        ADD_ROWS("/clock/RFC 3339", rfc3339, test_rfc3339)
        ADD_ROWS("/clock/ends", ends, test_format)
        g_test_add_func("/clock/every month of 800 years agrees with GLib", test_calendar);
        g_test_add_func("/clock/now is now, in milliseconds", test_now);
        return g_test_run();
}
