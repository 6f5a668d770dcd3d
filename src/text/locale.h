/* How does a reader's language write dates, numbers, countries, languages, lists and counted things? By CLDR, as ICU
 * carries it. */
#pragma once
#include "base/error.h"

/*
 * `language`: one BCP 47 tag (NULL, or one that CLDR does not know: English). Times are milliseconds since 1970, UTC;
 * a day is one of UTC, the same for every reader. All results are UTF-8, free with g_free, never NULL.
 */

/* 7 October 2026, 7. Oktober 2026, 2026年10月7日 */
char *plc_locale_date(const char *language, int64_t ms);
/* today, yesterday, 3 days ago, last week, vor 2 Monaten; whole units rounded down. What is not before `now`: the
 * date. */
char *plc_locale_ago(const char *language, int64_t ms, int64_t now_ms);
/* 1,234.5 or 1.234,5 or १,२३४.५; at least `min` and at most `max` digits behind the point. */
char *plc_locale_number(const char *language, double value, int min, int max);
/* "DE" → Germany; the code itself where CLDR has no name. */
char *plc_locale_country(const char *language, const char *code);
/* "zh-Hant" → Traditional Chinese; the tag itself where CLDR has no name. */
char *plc_locale_language(const char *language, const char *tag);
/*
 * A sentence with a number: `forms` as MessageFormat's plural writes them, "one{# review} other{# reviews}", chosen by
 * the rules of the language (CLDR); # is the number as the language writes it.
 */
char *plc_locale_counted(const char *language, const char *forms, double count);
/* A sentence by a word: "machine{Machine translation} other{Translation}"; "" where there is neither it nor other. */
char *plc_locale_chosen(const char *language, const char *forms, const char *word);
/* a, b, and c; NULL-terminated. */
char *plc_locale_list(const char *language, const char *const *items);
/* The version of ICU that runs. */
const char *plc_locale_library(void);
