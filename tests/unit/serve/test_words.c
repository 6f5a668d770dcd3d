/* Does each page and widget count reviews as its language does, and say by whom a translation is? */
#include "text/locale.h"
#include <glib.h>
#include <string.h>

static const struct {
        const char *language, *heading, *more, *none, *photo, *reviews, *translation;
} words[] = {
#define PLC_WORDS(language, heading, more, none, photo, reviews, translation, ...)                                     \
        {language, heading, more, none, photo, reviews, translation},
#include "serve/words.def"
#undef PLC_WORDS
};

static const struct row {
        const char *language, *one, *three, *twelve, *machine;
} rows[] = {
        {"en", "1 review", "3 reviews", "12 reviews", "Machine translation"},
        {"de", "1 Bewertung", "3 Bewertungen", "12 Bewertungen", "Maschinelle Übersetzung"},
        {"fr", "1 avis", "3 avis", "12 avis", "Traduction automatique"},
        {"es", "1 opinión", "3 opiniones", "12 opiniones", "Traducción automática"},
        {"it", "1 recensione", "3 recensioni", "12 recensioni", "Traduzione automatica"},
        {"nl", "1 beoordeling", "3 beoordelingen", "12 beoordelingen", "Automatische vertaling"},
        {"pl", "1 opinia", "3 opinie", "12 opinii", "Tłumaczenie automatyczne"},
        {"pt", "1 avaliação", "3 avaliações", "12 avaliações", "Tradução automática"},
        {"sv", "1 recension", "3 recensioner", "12 recensioner", "Maskinöversättning"},
        {"cs", "1 recenze", "3 recenze", "12 recenzí", "Strojový překlad"},
        {"tr", "1 yorum", "3 yorum", "12 yorum", "Otomatik çeviri"},
        {"ru", "1 отзыв", "3 отзыва", "12 отзывов", "Машинный перевод"},
        {"ar", "رأي واحد", "٣ آراء", "١٢ رأيًا", "ترجمة آلية"},
        {"he", "ביקורת אחת", "3 ביקורות", "12 ביקורות", "תרגום מכונה"},
        {"da", "1 anmeldelse", "3 anmeldelser", "12 anmeldelser", "Maskinoversættelse"},
        {"nb", "1 anmeldelse", "3 anmeldelser", "12 anmeldelser", "Maskinoversettelse"},
        {"fi", "1 arvostelu", "3 arvostelua", "12 arvostelua", "Konekäännös"},
        {"sk", "1 recenzia", "3 recenzie", "12 recenzií", "Strojový preklad"},
        {"hu", "1 értékelés", "3 értékelés", "12 értékelés", "Gépi fordítás"},
        {"ro", "1 recenzie", "3 recenzii", "12 recenzii", "Traducere automată"},
        {"el", "1 κριτική", "3 κριτικές", "12 κριτικές", "Αυτόματη μετάφραση"},
        {"uk", "1 відгук", "3 відгуки", "12 відгуків", "Машинний переклад"},
        {"th", "1 รีวิว", "3 รีวิว", "12 รีวิว", "แปลโดยระบบอัตโนมัติ"},
        {"ja", "レビュー1件", "レビュー3件", "レビュー12件", "機械翻訳"},
        {"ko", "리뷰 1개", "리뷰 3개", "리뷰 12개", "기계 번역"},
        {"zh-Hans", "1条评价", "3条评价", "12条评价", "机器翻译"},
        {"zh-Hant", "1則評價", "3則評價", "12則評價", "機器翻譯"},
};

static void is(char *got, const char *expected)
{
        g_assert_cmpstr(got, ==, expected);
        g_free(got);
}

static void test_row(gconstpointer data)
{
        const struct row *row = data;
        for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
                if (strcmp(words[i].language, row->language) != 0)
                        continue;
                is(plc_locale_counted(row->language, words[i].reviews, 1), row->one);
                is(plc_locale_counted(row->language, words[i].reviews, 3), row->three);
                is(plc_locale_counted(row->language, words[i].reviews, 12), row->twelve);
                is(plc_locale_chosen(row->language, words[i].translation, "machine"), row->machine);
                g_autofree char *human = plc_locale_chosen(row->language, words[i].translation, "human");
                g_assert_cmpstr(human, !=, row->machine);
                return;
        }
        g_test_fail_printf("words.def has no row %s", row->language);
}

/* Forms that one, three and twelve do not reach (CLDR): zero, twenty, twenty-one, a hundred and one, one and a half. */
static const struct {
        const char *language;
        double count;
        const char *told;
} forms[] = {
        {"ro", 0, "0 recenzii"},        {"ro", 20, "20 de recenzii"}, {"ro", 21, "21 de recenzii"},
        {"ro", 101, "101 recenzii"},    {"ro", 119, "119 recenzii"},  {"ro", 120, "120 de recenzii"},
        {"uk", 0, "0 відгуків"},        {"uk", 5, "5 відгуків"},      {"uk", 11, "11 відгуків"},
        {"uk", 21, "21 відгук"},        {"uk", 22, "22 відгуки"},     {"uk", 1.5, "1,5 відгуку"},
        {"sk", 0, "0 recenzií"},        {"sk", 5, "5 recenzií"},      {"sk", 22, "22 recenzií"},
        {"sk", 1.5, "1,5 recenzie"},    {"da", 0, "0 anmeldelser"},   {"fi", 0, "0 arvostelua"},
        {"el", 1234, "1.234 κριτικές"},
};

static void test_forms(void)
{
        for (size_t f = 0; f < G_N_ELEMENTS(forms); f++)
                for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
                        if (strcmp(words[i].language, forms[f].language) == 0)
                                is(plc_locale_counted(forms[f].language, words[i].reviews, forms[f].count),
                                   forms[f].told);
}

/* Each language of words.def has a row above. */
static void test_none_is_forgotten(void)
{
        g_assert_cmpuint(G_N_ELEMENTS(words), ==, G_N_ELEMENTS(rows));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *name = g_strdup_printf("/words/%s", rows[i].language);
                g_test_add_data_func(name, &rows[i], test_row);
        }
        g_test_add_func("/words/other forms", test_forms);
        g_test_add_func("/words/none is forgotten", test_none_is_forgotten);
        return g_test_run();
}
