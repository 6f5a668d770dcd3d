/* Are quotes cut at sentences or words, within so many characters as a reader counts them, without changing a word? */
#include "text/excerpt.h"
#include <glib.h>
#include <string.h>

struct row {
        const char *sentence;
        size_t limit;
        const char *in, *out;
};

static const struct row rows[] = {
        {"a text that fits stays whole", 20, "Nice lamp.", "Nice lamp."},
        {"one that fits exactly too", 10, "Nice lamp.", "Nice lamp."},
        {"white space becomes one space", 30, "  Nice \n\n lamp. ", "Nice lamp."},
        {"the first sentence is taken, and words left out are told", 30,
         "Very bright lamp. My children love it since the first day.", "Very bright lamp. …"},
        {"two sentences where two fit", 40, "Bright lamp. Good price. Delivery took three weeks and a day.",
         "Bright lamp. Good price. …"},
        {"a short first word is not enough of a quote", 30, "Wow! I never had a lamp that shines like this one.",
         "Wow! I never had a lamp that…"},
        {"a long sentence is cut between words", 20, "I never had a lamp that shines like this one.",
         "I never had a lamp…"},
        {"a word is never cut", 12, "Donaudampfschifffahrt is long", "…"},
        {"a comma does not stand before the ellipsis", 14, "Good, cheap, and very bright", "Good, cheap…"},
        {"French quotation keeps its apostrophe", 16, "C'est l'hiver aujourd'hui partout", "C'est l'hiver…"},
        {"a decimal number is one word", 16, "It weighs 12.5 kilograms in all", "It weighs 12.5…"},
        {"an emoji family counts as one", 6, "👨‍👩‍👧‍👦 👍🏽 ok",
         "👨‍👩‍👧‍👦 👍🏽 ok"},
        {"letters with marks count once", 4, "e\xcc\x81te\xcc\x81 chaud", "e\xcc\x81te\xcc\x81…"},
        {"Japanese is cut at its full stop", 14, "とても明るいです。子供たちが毎日使っています。",
         "とても明るいです。…"},
        {"a long Japanese sentence at a dictionary word", 8, "子供たちが毎日使っています。", "子供たちが毎日…"},
        {"Chinese at a dictionary word", 7, "质量很好物流很快包装也不错", "质量很好物流…"},
        {"Thai at a dictionary word", 10, "สินค้าคุณภาพดีมากส่งเร็ว", "สินค้าคุณภาพ…"},
        {"Arabic at a word, in its own order", 16, "المنتج رائع جدا وصل بسرعة كبيرة", "المنتج رائع جدا…"},
        {"Hebrew at its sentence", 20, "מנורה יפה מאוד. הגיעה תוך יומיים בלבד", "מנורה יפה מאוד. …"},
        {"Hindi at its danda", 24, "दीपक बहुत सुंदर है। बच्चों को यह बहुत पसंद आया।", "दीपक बहुत सुंदर है। …"},
        {"room for one is an ellipsis", 1, "Nice lamp.", "…"},
        {"nothing gives nothing", 5, "", ""},
};

static void test_row(gconstpointer data)
{
        const struct row *row = data;
        g_autoptr(GError) error = NULL;
        struct plc_excerpt excerpt;
        g_assert_true(plc_text_excerpt(row->in, row->limit, &excerpt, &error));
        g_assert_cmpstr(excerpt.text, ==, row->out);
        g_assert_cmpint(excerpt.shortened, ==, g_str_has_suffix(row->out, PLC_ELLIPSIS));
        plc_excerpt_clear(&excerpt);
}

/* At every length: within it, a beginning of the text but for the ellipsis, growing with the room only in whole words.
 */
static void test_every_length_keeps_the_words(void)
{
        static const char text[] =
                "Die Lampe ist sehr hell. C'est l'été, ça va! 子供たちが毎日使っています。 والضوء جميل. Fin.";
        for (unsigned limit = 1; limit < 100; limit++) {
                struct plc_excerpt excerpt;
                g_assert_true(plc_text_excerpt(text, limit, &excerpt, NULL));
                g_assert_true(g_utf8_validate(excerpt.text, -1, NULL));
                g_assert_cmpint(g_utf8_strlen(excerpt.text, -1), <=, limit);
                size_t size = strlen(excerpt.text);
                if (excerpt.shortened) {
                        size -= strlen(PLC_ELLIPSIS);
                        while (size > 0 && excerpt.text[size - 1] == ' ')
                                size--;
                }
                g_assert_cmpint(strncmp(text, excerpt.text, size), ==, 0);
                plc_excerpt_clear(&excerpt);
        }
}

static void test_bytes_that_are_no_text_are_refused(void)
{
        struct plc_excerpt excerpt;
        g_autoptr(GError) error = NULL;
        g_assert_false(plc_text_excerpt("a\xff", 5, &excerpt, &error));
        g_assert_error(error, PLC_ERROR_DOMAIN, PLC_E_BAD_TEXT);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *name = g_strdup_printf("/excerpt/%s", rows[i].sentence);
                g_test_add_data_func(name, &rows[i], test_row);
        }
        g_test_add_func("/excerpt/every length keeps the words", test_every_length_keeps_the_words);
        g_test_add_func("/excerpt/bytes that are no text are refused", test_bytes_that_are_no_text_are_refused);
        return g_test_run();
}
