/* Does the same word give the same term, however it is written? */
#include "text/terms.h"
#include <glib.h>
#include <string.h>

static const struct row {
        const char *sentence, *in, *out;
} rows[] = {
        {"case and marks are folded", "Très BELLE été", "tres belle ete"},
        {"the same, composed or not", "e\xcc\x81te\xcc\x81", "ete"},
        {"sharp s is two", "Straße", "strasse"},
        {"letters with a stroke are plain", "Łódź, Søren, Đorđe", "lodz soren dorde"},
        {"punctuation and emoji are no words", "Nice!!! 😀 (really)", "nice really"},
        {"numbers are words", "20 Watt, 12.5", "20 watt 12.5"},
        {"full-width letters are ordinary", "ＡＢＣ１２", "abc12"},
        {"short i of Russian stays, io does not", "Чайник Ёлка", "чайник елка"},
        {"Ukrainian yi stays", "Їжак", "їжак"},
        {"Greek accents go", "Λάμπα φωτός", "λαμπα φωτοσ"},
        {"Chinese is cut by dictionary", "质量很好", "质量 很好"},
        {"Japanese too", "子供が使う", "子供 が 使う"},
        {"Japanese voicing marks stay", "ガラス", "ガラス"},
        {"Thai is cut by dictionary", "สินค้าดีมาก", "สินค้า ดี มาก"},
        {"Hindi signs stay", "दीपक बहुत", "दीपक बहुत"},
        {"a Turkish capital I with dot is i", "İyi", "iyi"},
        {"ligatures are taken apart", "ﬁne", "fine"},
        {"nothing gives nothing", "", ""},
        {"only signs give nothing", "… !!! ★★★", ""},
};

static void test_row(gconstpointer data)
{
        const struct row *row = data;
        g_autofree char *out = NULL;
        g_autoptr(GError) error = NULL;
        g_assert_true(plc_text_terms(row->in, &out, &error));
        g_assert_cmpstr(out, ==, row->out);
        g_autofree char *again = NULL;
        g_assert_true(plc_text_terms(out, &again, NULL));
        g_assert_cmpstr(again, ==, out);
}

static void test_a_word_of_a_thousand_letters_is_left_out(void)
{
        g_autofree char *word = g_strnfill(1000, 'a'), *text = g_strdup_printf("so %s what", word), *out = NULL;
        g_assert_true(plc_text_terms(text, &out, NULL));
        g_assert_cmpstr(out, ==, "so what");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *name = g_strdup_printf("/terms/%s", rows[i].sentence);
                g_test_add_data_func(name, &rows[i], test_row);
        }
        g_test_add_func("/terms/a word of a thousand letters is left out",
                        test_a_word_of_a_thousand_letters_is_left_out);
        return g_test_run();
}
