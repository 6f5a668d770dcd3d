/* Are quotes cut at sentences or words, within so many characters as a reader counts them, without changing a word? */
#include "text/excerpt.h"
#include "text/sentences.h"
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
        {"whole sentences from further on, rather than a piece of a long one", 40,
         "When I first unpacked it in the kitchen I was not sure at all what to think of it. Now I love it every day. "
         "So do they all, by the way, in their own and quite different manner.",
         "… Now I love it every day. …"},
        {"at the end no ellipsis stands where nothing was left out", 40,
         "When I first unpacked it in the kitchen I was not sure at all what to think of it. Now I love it every day.",
         "… Now I love it every day."},
        {"a sentence of which something was masked is not the quote, where another one is", 44,
         "Mail me at ••• or call •••. It stood firm for nine nights in rain. We love it.",
         "… It stood firm for nine nights in rain. …"},
        {"nor does it follow those before it", 60,
         "It stood firm for nine nights in rain. Call •••. We took it to the mountains with all of the children.",
         "It stood firm for nine nights in rain. …"},
        {"where there is no other, it is", 40, "Mail me at ••• or call •••. Yes. Or to ••• at the shop in the town.",
         "Mail me at ••• or call •••. Yes. …"},
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
        {"no sentence ends at a shortened word", 18, "Für ca. 3 Tage war sie z. B. im Bad in Ordnung.",
         "Für ca. 3 Tage…"},
        {"nor one begins there", 40,
         "I wanted to know why it broke and so I asked their Mr. Smith about it. He was away for a week or so, they "
         "said.",
         "I wanted to know why it broke and so I…"},
        {"nor behind a letter", 30, "Die Lampe war wirklich z. B. im Bad sehr gut zu gebrauchen.",
         "Die Lampe war wirklich z. B…"},
        {"a full stop before a figure may be its own", 44,
         "It broke. 3 days later they sent a new one to the wrong place.",
         "It broke. 3 days later they sent a new one…"},
        {"nor at that of a street", 40,
         "Kupiłem za 200 zł w sklepie przy ul. Długiej w Warszawie. Nie polecam nikomu tej lampy.",
         "… Nie polecam nikomu tej lampy."},
        {"emoji alone are quoted, too", 3,
         "👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦😍😍",
         "👨‍👩‍👧‍👦👨‍👩‍👧‍👦…"},
        {"flags are not parted", 3, "🇩🇪🇫🇷🇯🇵🇮🇹", "🇩🇪🇫🇷…"},
        {"a compound with hyphens is one word", 22, "A well-known state-of-the-art tent", "A well-known…"},
        {"nothing gives nothing", 5, "", ""},
};

static void test_row(gconstpointer data)
{
        const struct row *row = data;
        g_autoptr(GError) error = NULL;
        struct plc_excerpt excerpt;
        g_assert_true(plc_text_excerpt(row->in, row->limit, &excerpt, &error));
        g_assert_cmpstr(excerpt.text, ==, row->out);
        g_assert_cmpint(excerpt.shortened, ==, strstr(row->out, PLC_ELLIPSIS) != NULL);
        plc_excerpt_clear(&excerpt);
}

/* Of each script something to cut: long and short sentences, marks, numbers, emoji. */
static const char *const scripts[] = {
        "Très belle lampe ! Je l’ai reçue en 3 jours, bien emballée ; 12,5 W suffisent. 👨‍👩‍👧 Merci "
        "beaucoup "
        "à "
        "toute l'équipe.",
        "Отличная лампа. Светит мягко, ребёнок засыпает сразу! Доставили за 2 дня, коробка целая… Беру ещё одну.",
        "Πολύ όμορφο φωτιστικό. Το φως είναι απαλό, τα παιδιά το λατρεύουν! Ήρθε σε 2 μέρες; Ναι, άθικτο.",
        "מנורה יפה מאוד. האור נעים, הילדים אוהבים אותה! הגיעה תוך 2 ימים, האריזה שלמה.",
        "مصباح جميل جدا. الضوء ناعم، والأطفال يحبونه! وصل خلال ٢ يومين، هل كان سليما؟ نعم.",
        "दीपक बहुत सुंदर है। बच्चों को यह बहुत पसंद आया! २ दिन में मिला, डिब्बा सही था।",
        "বাতিটি খুব সুন্দর। আলো নরম, বাচ্চারা খুব পছন্দ করেছে! ২ দিনে এসেছে।",
        "விளக்கு மிகவும் அழகாக உள்ளது. ஒளி மென்மையானது, குழந்தைகளுக்குப் பிடிக்கும்! 2 நாளில் வந்தது.",
        "దీపం చాలా అందంగా ఉంది. కాంతి మృదువుగా ఉంది, పిల్లలకు నచ్చింది! 2 రోజుల్లో వచ్చింది.",
        "ದೀಪ ತುಂಬಾ ಸುಂದರವಾಗಿದೆ. ಬೆಳಕು ಮೃದುವಾಗಿದೆ, ಮಕ್ಕಳಿಗೆ ಇಷ್ಟ! 2 ದಿನದಲ್ಲಿ ಬಂತು.",
        "വിളക്ക് വളരെ മനോഹരമാണ്. വെളിച്ചം മൃദുവാണ്, കുട്ടികൾക്ക് ഇഷ്ടമായി! 2 ദിവസത്തിൽ വന്നു.",
        "દીવો ખૂબ સુંદર છે. પ્રકાશ નરમ છે, બાળકોને ગમ્યો! 2 દિવસમાં આવ્યો.",
        "ਲੈਂਪ ਬਹੁਤ ਸੋਹਣਾ ਹੈ। ਰੌਸ਼ਨੀ ਨਰਮ ਹੈ, ਬੱਚਿਆਂ ਨੂੰ ਪਸੰਦ ਆਇਆ! 2 ਦਿਨਾਂ ਵਿੱਚ ਆਇਆ।",
        "โคมไฟสวยมาก แสงนุ่มนวล ลูกชอบมากเลยค่ะ ส่งของภายใน 2 วัน กล่องไม่บุบ แบตเตอรี่ใช้ได้ทั้งคืน",
        "ចង្កៀងនេះស្អាតណាស់។ ពន្លឺទន់ភ្លន់ កូនៗចូលចិត្តណាស់! មកដល់ក្នុង 2 ថ្ងៃ។",
        "ໂຄມໄຟງາມຫຼາຍ ແສງນຸ້ມນວນ ເດັກນ້ອຍມັກຫຼາຍ ສົ່ງພາຍໃນ 2 ມື້",
        "မီးအိမ်က အရမ်းလှတယ်။ အလင်းက နူးညံ့ပြီး ကလေးတွေ ကြိုက်ကြတယ်။ ၂ ရက်အတွင်း ရောက်တယ်။",
        "灯很漂亮，光线柔和。孩子每天晚上都要开着睡觉！2天就到了，包装完好，推荐购买。",
        "とても綺麗なランプです。光が柔らかくて、子供が毎晩使っています！2日で届きました。ガラスも丈夫。",
        "정말 예쁜 조명이에요. 빛이 부드럽고 아이들이 아주 좋아합니다! 2일 만에 도착했어요.",
        "ძალიან ლამაზი ნათურაა. სინათლე რბილია, ბავშვებს მოსწონთ! 2 დღეში მოვიდა.",
        "Շատ գեղեցիկ լամպ է։ Լույսը մեղմ է, երեխաները սիրում են։ 2 օրում եկավ։",
        "በጣም ቆንጆ መብራት ነው። ብርሃኑ ለስላሳ ነው፣ ልጆቹ ወደዱት። በ2 ቀን ደረሰ።",
};

static bool is_word_edge(const GArray *words, size_t at)
{
        for (guint i = 0; i < words->len; i++) {
                const struct plc_word *word = &g_array_index(words, struct plc_word, i);
                if (word->start == at || word->end == at)
                        return true;
        }
        return at == 0;
}

/* The text on one line, cut to `limit`: what every cut has to keep. */
static void check_cut(const char *line, size_t limit)
{
        struct plc_excerpt excerpt;
        g_autoptr(GArray) clusters = NULL;
        g_autoptr(GArray) words = NULL;
        g_assert_true(plc_text_excerpt(line, limit, &excerpt, NULL));
        g_assert_true(plc_clusters(excerpt.text, strlen(excerpt.text), &clusters, NULL));
        g_assert_cmpuint(clusters->len, <=, limit);
        g_assert_true(plc_words(line, strlen(line), &words, NULL));
        g_assert_cmpint(excerpt.shortened, ==, strcmp(excerpt.text, line) != 0);
        if (excerpt.shortened) {
                bool front = g_str_has_prefix(excerpt.text, PLC_ELLIPSIS " ");
                bool back = g_str_has_suffix(excerpt.text, PLC_ELLIPSIS);
                const char *from = excerpt.text + (front ? strlen(PLC_ELLIPSIS " ") : 0);
                size_t size = strlen(from) - (back ? strlen(PLC_ELLIPSIS) : 0);
                while (size > 0 && from[size - 1] == ' ')
                        size--;
                g_autofree char *quoted = g_strndup(from, size);
                const char *place = strstr(line, quoted);
                g_assert_nonnull(place);
                g_assert_true(front || place == line);
                g_assert_true(front || back);
                /* An ellipsis stands where words were left out, and nowhere else. */
                g_assert_true(size == 0 || back || place[size] == '\0');
                /* The same words may stand twice: one of the places has word edges. */
                bool edges = size == 0;
                for (; !edges && place; place = strstr(place + 1, quoted))
                        edges = is_word_edge(words, (size_t)(place - line)) &&
                                is_word_edge(words, (size_t)(place - line) + size);
                g_assert_true(edges);
        }
        plc_excerpt_clear(&excerpt);
}

static void test_every_cut_in_every_script_keeps_the_words(void)
{
        for (size_t i = 0; i < G_N_ELEMENTS(scripts); i++) {
                for (size_t limit = 1; limit < 130; limit++)
                        check_cut(scripts[i], limit);
        }
        /* Anything of one behind anything of another. */
        for (int i = 0; i < 300; i++) {
                const char *a = scripts[g_test_rand_int_range(0, G_N_ELEMENTS(scripts))];
                const char *b = scripts[g_test_rand_int_range(0, G_N_ELEMENTS(scripts))];
                long cut = g_test_rand_int_range(0, (gint32)g_utf8_strlen(a, -1));
                g_autofree char *head = g_utf8_substring(a, 0, cut);
                g_autofree char *both = g_strstrip(g_strconcat(head, b, NULL));
                check_cut(both, (size_t)g_test_rand_int_range(1, 120));
        }
}

/* Each character of the first scripts beside itself, a letter, a line's end and a space; followed by a mark, which
 * leaves all before it to ICU. */
static void test_clusters_of_plain_text_are_those_of_icu(void)
{
        for (gunichar c = 1; c < 0x300; c++) {
                g_autoptr(GString) text = g_string_new(NULL);
                g_autoptr(GArray) plain = NULL, marked = NULL;
                for (const char *beside = "a\n "; *beside; beside++) {
                        g_string_append_unichar(text, c);
                        g_string_append_unichar(text, c);
                        g_string_append_c(text, *beside);
                }
                g_assert_true(plc_clusters(text->str, text->len, &plain, NULL));
                g_string_append(text, "a\u0301");
                g_assert_true(plc_clusters(text->str, text->len, &marked, NULL));
                g_assert_cmpuint(marked->len, ==, plain->len + 1);
                g_assert_true(memcmp(plain->data, marked->data, plain->len * sizeof(uint32_t)) == 0);
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
        g_test_add_func("/excerpt/every cut in every script keeps the words",
                        test_every_cut_in_every_script_keeps_the_words);
        g_test_add_func("/excerpt/clusters of plain text are those of ICU",
                        test_clusters_of_plain_text_are_those_of_icu);
        g_test_add_func("/excerpt/bytes that are no text are refused", test_bytes_that_are_no_text_are_refused);
        return g_test_run();
}
