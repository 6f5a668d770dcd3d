/* How does a reader's language write dates, numbers, countries, languages and lists? Every formatter is opened for the
 * call: a page has a dozen, and none is shared between threads. */
#include "text/locale.h"
#include "base/clock.h"
#include <string.h>
#include <unicode/udat.h>
#include <unicode/uldnames.h>
#include <unicode/ulistformatter.h>
#include <unicode/uloc.h>
#include <unicode/umsg.h>
#include <unicode/unum.h>
#include <unicode/ureldatefmt.h>
#include <unicode/ustring.h>

#define ROOM 512 /* UTF-16 units: the longest names of CLDR are a tenth of it */
#define DAY ((int64_t)86400 * 1000)

/* ICU's id of the tag; "en" where CLDR has nothing of it. */
static const char *locale_of(const char *language, char room[ULOC_FULLNAME_CAPACITY])
{
        UErrorCode status = U_ZERO_ERROR;
        int32_t read = 0;
        char root[ULOC_LANG_CAPACITY];
        uloc_forLanguageTag(language ? language : "en", room, ULOC_FULLNAME_CAPACITY, &read, &status);
        int32_t size = U_SUCCESS(status) ? uloc_getLanguage(room, root, sizeof root, &status) : 0;
        if (U_FAILURE(status) || status == U_STRING_NOT_TERMINATED_WARNING || size == 0)
                return "en";
        /* A tag with an extension could ask for another calendar or other digits: only language, script, region. */
        char *extension = strchr(room, '@');
        if (extension)
                *extension = '\0';
        /* Where CLDR has nothing, ICU would answer in the language of the machine. */
        UNumberFormat *known = unum_open(UNUM_DECIMAL, NULL, 0, room, NULL, &status);
        const char *actual = U_SUCCESS(status) ? unum_getLocaleByType(known, ULOC_VALID_LOCALE, &status) : NULL;
        bool same = actual && strncmp(actual, root, (size_t)size) == 0 && strchr("_", actual[size]);
        unum_close(known);
        return same ? room : "en";
}

static char *utf8_of(const UChar *wide, int32_t size, UErrorCode status, const char *otherwise)
{
        char text[3 * ROOM + 1];
        int32_t written = 0;
        if (U_SUCCESS(status))
                u_strToUTF8(text, sizeof text, &written, wide, size, &status);
        return U_SUCCESS(status) && status != U_STRING_NOT_TERMINATED_WARNING ? g_strndup(text, (gsize)written)
                                                                              : g_strdup(otherwise);
}

char *plc_locale_date(const char *language, int64_t ms)
{
        char id[ULOC_FULLNAME_CAPACITY], plain[PLC_TIME_SIZE];
        static const UChar utc[] = {'U', 'T', 'C', 0};
        UChar wide[ROOM];
        UErrorCode status = U_ZERO_ERROR;
        /* The Gregorian calendar everywhere: th and fa would count their own years, and a review's date is compared
         * with the shop's. */
        g_autofree char *gregorian = g_strconcat(locale_of(language, id), "@calendar=gregorian", NULL);
        UDateFormat *format = udat_open(UDAT_NONE, UDAT_LONG, gregorian, utc, -1, NULL, 0, &status);
        int32_t size = U_SUCCESS(status) ? udat_format(format, (UDate)ms, wide, ROOM, NULL, &status) : 0;
        if (format)
                udat_close(format);
        plc_time_format(ms, plain);
        plain[MIN(strlen(plain), 10)] = '\0';
        return utf8_of(wide, size, status, plain);
}

/* Whole months of the calendar between two days. */
static int64_t months_between(int64_t from_ms, int64_t to_ms)
{
        g_autoptr(GDateTime) from = g_date_time_new_from_unix_utc(from_ms / 1000);
        g_autoptr(GDateTime) to = g_date_time_new_from_unix_utc(to_ms / 1000);
        int64_t months = 12 * (g_date_time_get_year(to) - g_date_time_get_year(from)) + g_date_time_get_month(to) -
                         g_date_time_get_month(from);
        return months - (g_date_time_get_day_of_month(to) < g_date_time_get_day_of_month(from));
}

char *plc_locale_ago(const char *language, int64_t ms, int64_t now_ms)
{
        char id[ULOC_FULLNAME_CAPACITY];
        UChar wide[ROOM];
        UErrorCode status = U_ZERO_ERROR;
        int64_t days = now_ms / DAY - ms / DAY;
        if (ms < 0 || days < 0 || days > 36525)
                return plc_locale_date(language, ms);
        int64_t months = months_between(ms, now_ms);
        URelativeDateTimeUnit unit = UDAT_REL_UNIT_DAY;
        int64_t count = days;
        if (months >= 12) {
                unit = UDAT_REL_UNIT_YEAR;
                count = months / 12;
        } else if (months >= 1) {
                unit = UDAT_REL_UNIT_MONTH;
                count = months;
        } else if (days >= 7) {
                unit = UDAT_REL_UNIT_WEEK;
                count = days / 7;
        }
        URelativeDateTimeFormatter *format =
                ureldatefmt_open(locale_of(language, id), NULL, UDAT_STYLE_LONG, UDISPCTX_CAPITALIZATION_NONE, &status);
        /* "yesterday" for a day, but "1 year ago": "last year" would be another year than it is. */
        int32_t size = U_FAILURE(status) ? 0
                       : unit == UDAT_REL_UNIT_DAY
                               ? ureldatefmt_format(format, (double)-count, unit, wide, ROOM, &status)
                               : ureldatefmt_formatNumeric(format, (double)-count, unit, wide, ROOM, &status);
        ureldatefmt_close(format);
        if (U_FAILURE(status))
                return plc_locale_date(language, ms);
        return utf8_of(wide, size, status, "");
}

char *plc_locale_number(const char *language, double value, int min, int max)
{
        char id[ULOC_FULLNAME_CAPACITY], plain[G_ASCII_DTOSTR_BUF_SIZE];
        UChar wide[ROOM];
        UErrorCode status = U_ZERO_ERROR;
        UNumberFormat *format = unum_open(UNUM_DECIMAL, NULL, 0, locale_of(language, id), NULL, &status);
        int32_t size = 0;
        if (U_SUCCESS(status)) {
                unum_setAttribute(format, UNUM_MIN_FRACTION_DIGITS, min);
                unum_setAttribute(format, UNUM_MAX_FRACTION_DIGITS, max);
                unum_setAttribute(format, UNUM_ROUNDING_MODE, UNUM_ROUND_HALFUP);
                size = unum_formatDouble(format, value, wide, ROOM, NULL, &status);
        }
        unum_close(format);
        return utf8_of(wide, size, status, g_ascii_dtostr(plain, sizeof plain, value));
}

static ULocaleDisplayNames *names_in(const char *language, UErrorCode *status)
{
        char id[ULOC_FULLNAME_CAPACITY];
        UDisplayContext contexts[] = {UDISPCTX_DIALECT_NAMES, UDISPCTX_CAPITALIZATION_FOR_UI_LIST_OR_MENU};
        return uldn_openForContext(locale_of(language, id), contexts, G_N_ELEMENTS(contexts), status);
}

char *plc_locale_country(const char *language, const char *code)
{
        UChar wide[ROOM];
        UErrorCode status = U_ZERO_ERROR;
        ULocaleDisplayNames *names = names_in(language, &status);
        int32_t size = U_SUCCESS(status) ? uldn_regionDisplayName(names, code, wide, ROOM, &status) : 0;
        uldn_close(names);
        return utf8_of(wide, size, status, code);
}

char *plc_locale_language(const char *language, const char *tag)
{
        char id[ULOC_FULLNAME_CAPACITY];
        UChar wide[ROOM];
        UErrorCode status = U_ZERO_ERROR;
        int32_t read = 0, size = 0;
        uloc_forLanguageTag(tag, id, sizeof id, &read, &status);
        if (U_FAILURE(status) || (size_t)read != strlen(tag) || strcmp(tag, "und") == 0)
                return g_strdup(tag);
        ULocaleDisplayNames *names = names_in(language, &status);
        size = U_SUCCESS(status) ? uldn_localeDisplayName(names, id, wide, ROOM, &status) : 0;
        uldn_close(names);
        return utf8_of(wide, size, status, tag);
}

static UChar *wide_of(const char *utf8, UErrorCode *status)
{
        UChar *wide = g_new(UChar, strlen(utf8) + 1);
        u_strFromUTF8(wide, (int32_t)strlen(utf8) + 1, NULL, utf8, -1, status);
        return wide;
}

char *plc_locale_counted(const char *language, const char *forms, double count)
{
        char id[ULOC_FULLNAME_CAPACITY];
        UErrorCode status = U_ZERO_ERROR;
        UChar said[ROOM];
        g_autofree char *pattern = g_strdup_printf("{0,plural,%s}", forms);
        g_autofree UChar *wide = wide_of(pattern, &status);
        int32_t size = u_formatMessage(locale_of(language, id), wide, -1, said, ROOM, &status, count);
        return utf8_of(said, size, status, "");
}

char *plc_locale_chosen(const char *language, const char *forms, const char *word)
{
        char id[ULOC_FULLNAME_CAPACITY];
        UErrorCode status = U_ZERO_ERROR;
        UChar said[ROOM];
        /* MessageFormat wants another form, though none may be there to say. */
        g_autofree char *pattern = g_strdup_printf("{0,select,%s%s}", forms, strstr(forms, "other{") ? "" : " other{}");
        g_autofree UChar *wide = wide_of(pattern, &status), *chosen = wide_of(word, &status);
        int32_t size = u_formatMessage(locale_of(language, id), wide, -1, said, ROOM, &status, chosen);
        return utf8_of(said, size, status, "");
}

char *plc_locale_list(const char *language, const char *const *items)
{
        char id[ULOC_FULLNAME_CAPACITY];
        UErrorCode status = U_ZERO_ERROR;
        UChar wide[4 * ROOM];
        char text[12 * ROOM + 1];
        int32_t size = 0, written = 0;
        g_autofree char *plain = g_strjoinv(", ", (char **)items);
        g_autoptr(GPtrArray) strings = g_ptr_array_new_with_free_func(g_free);
        if (strlen(plain) > (size_t)2 * ROOM)
                return g_steal_pointer(&plain); /* a list for a sentence is short */
        for (size_t i = 0; items[i]; i++) {
                g_ptr_array_add(strings, wide_of(items[i], &status));
        }
        UListFormatter *format = ulistfmt_open(locale_of(language, id), &status);
        if (U_SUCCESS(status))
                size = ulistfmt_format(format, (const UChar *const *)strings->pdata, NULL, (int32_t)strings->len, wide,
                                       G_N_ELEMENTS(wide), &status);
        ulistfmt_close(format);
        if (U_SUCCESS(status))
                u_strToUTF8(text, sizeof text, &written, wide, size, &status);
        return U_SUCCESS(status) ? g_strndup(text, (gsize)written) : g_steal_pointer(&plain);
}

const char *plc_locale_library(void)
{
        static char text[U_MAX_VERSION_STRING_LENGTH];
        UVersionInfo version;

        u_getVersion(version);
        u_versionToString(version, text);
        return text;
}
