/* Is a text found by the words that a reader would look for it with, whatever language either is in, and marked where
 * it says them? */
#include "text/fold.h"
#include "text/terms.h"
#include <glib.h>
#include <string.h>

static const struct index_row {
        const char *sentence, *language, *in, *out;
} index_rows[] = {
        {"Swedish keeps its own letters, and drops an accent", "sv", "Öl på idé", "öl på ide"},
        {"so does Finnish", "fi", "Kärpänen", "kärpänen"},
        {"in a text whose language is not known they are dropped", NULL, "Öl på idé", "ol pa ide"},
        {"and in one of a language that has no such letter", "fr", "Noël à coup sûr", "noel a coup sur"},
        {"German umlauts are as written without", "de", "Schöne Grüße", "schoene gruesse"},
        {"Danish a with a ring is a double a", "da", "Blå sø", "blaa sø"},
        {"Swedish spelled with a Danish letter", "sv", "Smørgås", "smörgås"},
        {"Spanish keeps its n", "es", "Año pasado, ¡qué ilusión!", "año pasado que ilusion"},
        {"Turkish keeps its letters and has its own small i", "tr", "IŞIK İyi çok", "ışık iyi çok"},
        {"Croatian keeps its letters", "hr", "Što je čaša", "što je čaša"},
        {"Serbian in Latin letters, too", "sr-Latn", "Đak", "đak"},
        {"Slovak keeps what its dictionaries order apart", "sk", "Dlhá šálka", "dlhá šálka"},
        {"Polish does not", "pl", "Łódź", "lodz"},
        {"Icelandic keeps thorn and its accents", "is", "Þétt", "þétt"},
        {"French elision parts", "fr", "L’été qu'il", "l ete qu il"},
        {"Ukrainian apostrophes do not", "uk", "м'ята М’ЯТА", "мята мята"},
        {"a missing space parts", "de", "Gut.In 12.5", "gut in 12.5"},
        {"Arabic without points and in one form of alef", "ar", "أَحْمَر", "احمر"},
        {"Persian keyboards and Arabic ones", "fa", "کیف", "كيف"},
        {"Persian words are not parted where they only do not join", "fa", "می‌شود", "ميشود"},
        {"digits of every script", "hi", "२० ٢٠", "20 20"},
        {"pairs stand behind the words", "zh-Hans", "质量很好", "质量 很好 质量 量很 很好 好"},
        {"of each run apart", "zh-Hans", "好灯, 亮度", "好 灯 亮度 好灯 灯 亮度 度"},
        {"Korean has pairs, too", "ko", "조명이 밝다", "조명이 밝다 조명 명이 이 밝다 다"},
        {"half-width letters with their voicing marks", "ja", "ｶﾞﾗｽ", "ガラス ガラ ラス ス"},
        {"Thai has threes", "th", "ฝนตกหนัก ดี", "ฝน ตกหนัก ดี ฝนต นตก ตกห กหนั หนัก"},
        {"two Thai letters have none", "th", "ฝน 20", "ฝน 20"},
        {"of each script apart", "th", "ตกหนัก质量", "ตกหนัก 质量 ตกห กหนั หนัก 质量 量"},
        {"Arabic stands without what is written onto it, too", "ar", "والمصابيح للخيمة وكتاب",
         "والمصابيح للخيمه وكتاب مصابيح خيمه كتاب"},
        {"unless too little would be left", "ar", "الان ولد", "الان ولد"},
};

static void test_index_row(gconstpointer data)
{
        const struct index_row *row = data;
        g_autofree char *out = NULL;
        g_autoptr(GError) error = NULL;
        g_assert_true(plc_text_index_terms(row->in, row->language, &out, &error));
        g_assert_cmpstr(out, ==, row->out);
}

/* {braces} stand around what is found in the text; without any it is not found. */
static const struct find_row {
        const char *sentence, *question, *language, *text;
} find_rows[] = {
        {"an English reader finds French", "ete", "fr", "Parfait pour l'{été} !"},
        {"and the French one, too", "l'été", "fr", "Parfait pour cet {été} !"},
        {"and in capitals", "ÉTÉ", "fr", "Parfait pour l'{été} !"},
        {"a Swede finds Swedish", "öl", "sv", "Bra {öl}, billig {ol}"},
        {"a Swede finds a text whose language was taken for another", "öl", "nl", "Bra {öl}"},
        {"what is another word in Swedish is not found", "ol", "sv", "Bra öl"},
        {"a German finds with or without umlauts", "gruen", "de", "Sehr {grün} und {gruen}"},
        {"so, too", "grün", "de", "Sehr {grün} und {gruen}"},
        {"in text typed without marks", "grün", "de", "Sehr {grun}"},
        {"a Dane finds a double a", "båd", "da", "En {baad} og {båd}"},
        {"a Turk finds in capitals", "IŞIK", "tr", "Güzel {ışık}"},
        {"a Spaniard's n is none", "ano", "es", "El año"},
        {"but finds what was typed without", "año", "es", "El {ano} y el {año}"},
        {"a word that has the question in it is not found", "lamp", "en", "lampshade, clamp"},
        {"names with an apostrophe", "anna's", "en", "{Anna}'s lamp"},
        {"Chinese across the words of the dictionary", "充电", "zh-Hans", "这个{充电}宝很好"},
        {"Chinese, one character", "灯", "zh-Hans", "台{灯}很亮，{灯}也大"},
        {"Japanese", "子供", "ja", "うちの{子供}たち"},
        {"Japanese in half-width letters", "ガラス", "ja", "{ｶﾞﾗｽ}のランプ"},
        {"Korean without its particle", "조명", "ko", "{조명}이 밝다"},
        {"Thai", "คุณภาพ", "th", "สินค้า{คุณภาพ}ดี"},
        {"Thai where the dictionary cuts the text otherwise", "ฝนตก", "th", "{ฝนตก}หนักมาก"},
        {"and where it cuts the question otherwise", "ฝนตกหนัก", "th", "{ฝนตกหนัก}หนา"},
        {"two Thai letters only as a word", "รถ", "th", "สามารถซื้อ{รถ}ได้"},
        {"an Arabic word with its article", "مصباح", "ar", "هذا {المصباح} جميل"},
        {"with a preposition and a conjunction", "مصباح", "ar", "{وبالمصباح} نقرأ"},
        {"and without, where it was asked for with", "المصباح", "ar", "{مصباح} جميل {والمصباح}"},
        {"for the tent", "خيمة", "ar", "{للخيمة} وكتاب"},
        {"and a book", "كتاب", "ar", "للخيمة {وكتاب}"},
        {"a rose (warda) is no and", "وردة", "ar", "{وردة} ردة"},
        {"Russian io", "елка", "ru", "Новая {ёлка}"},
        {"Arabic", "احمر", "ar", "لون {أحمر} جميل"},
        {"two words, each by itself", "red lamp", "en", "A {lamp} in {red}"},
        {"nothing finds nothing", "", "en", "Nice lamp"},
        {"signs find nothing", "* \" ' !", "en", "Nice lamp's * \""},
};

static void test_find_row(gconstpointer data)
{
        const struct find_row *row = data;
        g_autoptr(GArray) query = NULL;
        g_autoptr(GArray) matches = NULL;
        g_autoptr(GError) error = NULL;
        g_autofree char *text = g_strdup(row->text);
        g_autoptr(GString) found = g_string_new(NULL);
        uint32_t at = 0;
        char *to = text;
        for (const char *c = row->text; *c; c++) {
                if (*c != '{' && *c != '}')
                        *to++ = *c;
        }
        *to = '\0';
        g_assert_true(plc_text_query(row->question, &query, &error));
        g_assert_true(plc_text_matches(text, row->language, query, &matches, &error));
        for (guint i = 0; i < matches->len; i++) {
                const struct plc_match *match = &g_array_index(matches, struct plc_match, i);
                g_string_append_printf(found, "%.*s{%.*s}", (int)(match->start - at), text + at,
                                       (int)(match->end - match->start), text + match->start);
                at = match->end;
        }
        g_string_append(found, text + at);
        g_assert_cmpstr(found->str, ==, row->text);
}

/* Every word that an index holds is found by itself, as it stands in the text: the two sides never part ways. */
static void test_each_word_of_a_text_finds_it(void)
{
        static const struct {
                const char *language, *text;
        } texts[] = {
                {"sv", "Min dotter älskar den nya lampan på nattduksbordet, ljuset är varmt och gör ögonen glada."},
                {"tr", "Işığı çok güzel, İstanbul'dan üç günde geldi; kızım ŞIK buldu."},
                {"de", "Die Größe passt, Übergabe schnell, süße Lampe für Grüße!"},
                {"sk", "Žltá šálka je ťažká, ale ňou pijem čaj každý deň."},
                {"ja", "子供部屋に置いたら、とても明るくてｶﾞﾗｽの反射もきれいです。"},
                {"zh-Hans", "充电宝的质量很好，物流也快，客服态度不错。"},
                {"ko", "조명이 밝고 배송도 빨라서 만족합니다."},
                {"th", "สินค้าคุณภาพดีมาก ส่งเร็ว แพ็คดี ใช้งานง่าย"},
                {"km", "ផលិតផលនេះល្អណាស់ ដឹកជញ្ជូនលឿន"},
                {"ar", "المُنْتَج رائِع جدّاً وأنصح بشرائه"},
                {"vi", "Đèn rất đẹp, giao hàng nhanh, đóng gói cẩn thận."},
        };
        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
                g_autoptr(GArray) query = NULL;
                g_autoptr(GArray) matches = NULL;
                g_assert_true(plc_text_query(texts[i].text, &query, NULL));
                g_assert_cmpuint(query->len, >=, 3);
                for (guint k = 0; k < query->len; k++) {
                        g_autoptr(GArray) one = g_array_new(FALSE, FALSE, sizeof(struct plc_query_word));
                        g_array_append_val(one, g_array_index(query, struct plc_query_word, k));
                        g_clear_pointer(&matches, g_array_unref);
                        g_assert_true(plc_text_matches(texts[i].text, texts[i].language, one, &matches, NULL));
                        if (matches->len == 0)
                                g_test_message("not found: %s",
                                               g_array_index(query, struct plc_query_word, k).forms[0]);
                        g_assert_cmpuint(matches->len, >=, 1);
                }
        }
}

static void test_places_are_counted_in_bytes_and_as_javascript_does(void)
{
        const char *text = "👍🏽 Größe ok, Größe";
        g_autoptr(GArray) query = NULL;
        g_autoptr(GArray) matches = NULL;
        g_assert_true(plc_text_query("groesse", &query, NULL));
        g_assert_true(plc_text_matches(text, "de", query, &matches, NULL));
        g_assert_cmpuint(matches->len, ==, 2);
        const struct plc_match *first = &g_array_index(matches, struct plc_match, 0), *second = first + 1;
        g_assert_cmpuint(first->start, ==, 9);
        g_assert_cmpuint(first->end, ==, 16);
        g_assert_cmpuint(first->utf16_start, ==, 5);
        g_assert_cmpuint(first->utf16_end, ==, 10);
        g_assert_cmpuint(second->end, ==, strlen(text));
        g_assert_cmpuint(second->utf16_end, ==, 20);
}

static void test_a_question_has_limits(void)
{
        g_autofree char *kilobyte = g_strnfill(1025, 'a');
        g_autoptr(GError) error = NULL;
        g_autoptr(GArray) query = NULL;
        g_autoptr(GString) words = g_string_new(NULL);
        for (int i = 0; i < 40; i++)
                g_string_append_printf(words, "w%d ", i);
        g_assert_false(plc_text_query(kilobyte, &query, &error));
        g_assert_error(error, PLC_ERROR_DOMAIN, PLC_E_TOO_BIG);
        g_assert_true(plc_text_query(words->str, &query, NULL));
        g_assert_cmpuint(query->len, ==, 16);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(index_rows); i++) {
                g_autofree char *name = g_strdup_printf("/index/%s", index_rows[i].sentence);
                g_test_add_data_func(name, &index_rows[i], test_index_row);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(find_rows); i++) {
                g_autofree char *name = g_strdup_printf("/find/%s", find_rows[i].sentence);
                g_test_add_data_func(name, &find_rows[i], test_find_row);
        }
        g_test_add_func("/find/each word of a text finds it", test_each_word_of_a_text_finds_it);
        g_test_add_func("/find/places are counted in bytes and as JavaScript does",
                        test_places_are_counted_in_bytes_and_as_javascript_does);
        g_test_add_func("/find/a question has limits", test_a_question_has_limits);
        return g_test_run();
}
