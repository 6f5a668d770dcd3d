/* Does each reader see dates, numbers, countries and languages as their language writes them? */
#include "text/labels.h"
#include "text/locale.h"
#include <glib.h>
#include <string.h>

#define DAY ((int64_t)86400 * 1000)
#define OCTOBER_7 INT64_C(1791331200000) /* 2026-10-07T00:00:00Z */
#define NOW (OCTOBER_7 + 12 * DAY / 24)

static const struct row {
        const char *language, *date, *yesterday, *two_months, *number, *country, *german, *list;
} rows[] = {
        {"en", "October 7, 2026", "yesterday", "2 months ago", "1,234.5", "Germany", "German", "a, b, and c"},
        {"de", "7. Oktober 2026", "gestern", "vor 2 Monaten", "1.234,5", "Deutschland", "Deutsch", "a, b und c"},
        {"fr", "7 octobre 2026", "hier", "il y a 2 mois", "1\u202f234,5", "Allemagne", "Allemand", "a, b et c"},
        {"es", "7 de octubre de 2026", "ayer", "hace 2 meses", "1.234,5", "Alemania", "Alemán", "a, b y c"},
        {"it", "7 ottobre 2026", "ieri", "2 mesi fa", "1.234,5", "Germania", "Tedesco", "a, b e c"},
        {"pt-BR", "7 de outubro de 2026", "ontem", "há 2 meses", "1.234,5", "Alemanha", "Alemão", "a, b e c"},
        {"nl", "7 oktober 2026", "gisteren", "2 maanden geleden", "1.234,5", "Duitsland", "Duits", "a, b en c"},
        {"pl", "7 października 2026", "wczoraj", "2 miesiące temu", "1\u00a0234,5", "Niemcy", "niemiecki", "a, b i c"},
        {"sv", "7 oktober 2026", "i går", "för 2 månader sedan", "1\u00a0234,5", "Tyskland", "Tyska", "a, b och c"},
        {"fi", "7. lokakuuta 2026", "eilen", "2 kuukautta sitten", "1\u00a0234,5", "Saksa", "Saksa", "a, b ja c"},
        {"tr", "7 Ekim 2026", "dün", "2 ay önce", "1.234,5", "Almanya", "Almanca", "a, b ve c"},
        {"ru", "7 октября 2026\u202fг.", "вчера", "2 месяца назад", "1\u00a0234,5", "Германия", "Немецкий", "a, b и c"},
        {"el", "7 Οκτωβρίου 2026", "χθες", "πριν από 2 μήνες", "1.234,5", "Γερμανία", "Γερμανικά", "a, b και c"},
        {"ja", "2026年10月7日", "昨日", "2 か月前", "1,234.5", "ドイツ", "ドイツ語", "a、b、c"},
        {"ko", "2026년 10월 7일", "어제", "2개월 전", "1,234.5", "독일", "독일어", "a, b 및 c"},
        {"zh-Hans", "2026年10月7日", "昨天", "2个月前", "1,234.5", "德国", "德语", "a、b和c"},
        {"zh-Hant", "2026年10月7日", "昨天", "2 個月前", "1,234.5", "德國", "德文", "a、b和c"},
        {"hi", "7 अक्तूबर 2026", "कल", "2 माह पहले", "1,234.5", "जर्मनी", "जर्मन", "a, b, और c"},
        {"th", "7 ตุลาคม ค.ศ. 2026", "เมื่อวาน", "2 เดือนที่ผ่านมา", "1,234.5", "เยอรมนี", "เยอรมัน", "a b และc"},
        {"ar", "٧ أكتوبر ٢٠٢٦", "أمس", "قبل شهرين", "١٬٢٣٤٫٥", "ألمانيا", "الألمانية", "a وb وc"},
        {"he", "7 באוקטובר 2026", "אתמול", "לפני חודשיים", "1,234.5", "גרמניה", "גרמנית", "a, b ו-c"},
        {"tlh", "October 7, 2026", "yesterday", "2 months ago", "1,234.5", "Germany", "German", "a, b, and c"},
        {"no such tag!", "October 7, 2026", "yesterday", "2 months ago", "1,234.5", "Germany", "German", "a, b, and c"},
};

static void is(char *got, const char *expected)
{
        g_assert_cmpstr(got, ==, expected);
        g_free(got);
}

static void test_row(gconstpointer data)
{
        const struct row *row = data;
        static const char *const letters[] = {"a", "b", "c", NULL};
        is(plc_locale_date(row->language, NOW), row->date);
        is(plc_locale_ago(row->language, NOW - DAY, NOW), row->yesterday);
        is(plc_locale_ago(row->language, NOW - 61 * DAY, NOW), row->two_months);
        is(plc_locale_number(row->language, 1234.5, 0, 1), row->number);
        is(plc_locale_country(row->language, "DE"), row->country);
        is(plc_locale_language(row->language, "de"), row->german);
        is(plc_locale_list(row->language, letters), row->list);
}

static const struct {
        int days;
        const char *said;
} agos[] = {{0, "today"},           {1, "yesterday"},       {2, "2 days ago"},   {6, "6 days ago"},
            {7, "1 week ago"},      {13, "1 week ago"},     {29, "4 weeks ago"}, {30, "1 month ago"},
            {59, "1 month ago"},    {364, "11 months ago"}, {365, "1 year ago"}, {731, "2 years ago"},
            {-1, "October 8, 2026"}};

static void test_how_long_ago(void)
{
        for (size_t i = 0; i < G_N_ELEMENTS(agos); i++)
                is(plc_locale_ago("en", NOW - agos[i].days * DAY, NOW), agos[i].said);
        /* Days are those of the calendar: an hour before midnight is yesterday. */
        is(plc_locale_ago("en", OCTOBER_7 - DAY / 24, OCTOBER_7 + DAY / 24), "yesterday");
}

static void test_what_has_no_name_is_told_by_its_code(void)
{
        is(plc_locale_country("de", "ZQ"), "ZQ");
        is(plc_locale_country("de", ""), "");
        is(plc_locale_language("de", "und"), "und");
        is(plc_locale_language("de", "zh-Hant"), "Chinesisch (Traditionell)");
        is(plc_locale_language("en", "sr-Latn"), "Serbian (Latin)");
        is(plc_locale_language("en", "not a tag"), "not a tag");
        is(plc_locale_number("de", 4.0, 1, 1), "4,0");
        is(plc_locale_number("en", 4.25, 0, 1), "4.3");
        is(plc_locale_list("en", (const char *const[]){"one", NULL}), "one");
        is(plc_locale_list("en", (const char *const[]){NULL}), "");
        is(plc_locale_date(NULL, NOW), "October 7, 2026");
        is(plc_locale_date("de-u-nu-deva-ca-buddhist", NOW), "7. Oktober 2026");
}

/* The labels and the rest speak of the same reader. */
static void test_each_of_these_languages_has_labels(void)
{
        unsigned own = 0;
        const char *english = plc_text_label("verification", "order", "en");
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
                own += strcmp(plc_text_label("verification", "order", rows[i].language), english) != 0;
        g_assert_cmpuint(own, >=, 12);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *name = g_strdup_printf("/locale/%s", rows[i].language);
                g_test_add_data_func(name, &rows[i], test_row);
        }
        g_test_add_func("/locale/how long ago", test_how_long_ago);
        g_test_add_func("/locale/what has no name is told by its code", test_what_has_no_name_is_told_by_its_code);
        g_test_add_func("/locale/each of these languages has labels", test_each_of_these_languages_has_labels);
        return g_test_run();
}
