/* Is what is personal in a text found and masked, and is what only looks like it left alone? */
#include "base/file.h"
#include "text/pii.h"
#include <glib.h>
#include <string.h>

/* "in" with the finds in {braces}; `kinds` in order, NULL: nothing is found. */
struct row {
        const char *in, *kinds;
};

static const struct row rows[] = {
        /* addresses */
        {"Write to {anna.berg@example.com} please", "email"},
        {"({Anna_Berg+shop@mail.example.co.uk}).", "email"},
        {"Mail: {müller@exämple.de}!", "email"},
        {"reach me {anna (at) example.com}", "email"},
        {"reach me {anna [at] example [dot] com}", "email"},
        {"请联系{wang@example.cn}谢谢", "email"},
        {"мой адрес {ivan@example.ru}", "email"},
        {"{ａｎｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ} in wide letters", "email"},
        /* URLs */
        {"see {https://shop.example/p/21146?x=1#top}.", "url"},
        {"see {http://example.com/a_(b)}, good", "url"},
        {"(see {http://example.com/a}), good", "url"},
        {"(see {http://example.com/a_(b)}), good", "url"},
        {"nice.no problems", NULL},
        {"see {www.example.com}, good", "url"},
        {"see {example.com/lamp}", "url"},
        {"bought on {lampen-shop.de} last week", "url"},
        {"SEE {EXAMPLE.COM}", "url"},
        {"看{https://example.cn/abc}很好", "url"},
        {"{https://example.com/レビュー/123}", "url"},
        {"{https://example.com/レビュー/123} です", "url"},
        {"見て{https://a.jp/b}です", "url"},
        {"{https://a.jp/}を見て買った。", "url"},
        {"{https://example.jp/商品/レビュー?id=12}を参照", "url"},
        {"{https://example.jp/商品/レビュー}を参照", "url"},
        {"「{https://example.jp/レビュー}」と", "url"},
        {"{https://ja.wikipedia.org/wiki/東京}は首都", "url"},
        {"{https://zh.wikipedia.org/wiki/北京}。很好", "url"},
        {"{https://example.cn/搜索?q=帐篷}，很好", "url"},
        {"{https://example.cn/}很好用", "url"},
        {"{https://example.jp/a?色=赤&サイズ=大}を買った", "url"},
        {"{https://example.jp/iPhoneケース/123} です", "url"},
        {"{https://example.jp/写真.jpg}です", "url"},
        {"{https://example.jp/お茶/12}", "url"},
        {"{https://example.kr/리뷰/12}에서 샀어요", "url"},
        {"{https://example.kr/p/}에서 샀어요", "url"},
        {"{https://ko.wikipedia.org/wiki/서울} 참고", "url"},
        {"{https://th.wikipedia.org/wiki/ช้าง} ดี", "url"},
        {"{https://example.kr/한글}", "url"},
        {"{https://example.kr/가방/12} 샀어요", "url"},
        {"{tende.it/カメラ/12} です", "url"},
        {"{tende.it/è-bello} ok", "url"},
        {"{example.com/写真/IMG_1.jpg}です", "url"},
        {"{https://user:pw@example.com/x} is one", "url"},
        /* handles */
        {"follow {@anna.berg} now", "handle"},
        {"thanks {@shop_team}!", "handle"},
        {"insta: {@lamp2go}", "handle"},
        /* phones, international */
        {"call {+49 170 1234567} today", "phone"},
        {"call {+49 (0)30 123456} today", "phone"},
        {"call {+1 (415) 555-0132}.", "phone"},
        {"{+33612345678}", "phone"},
        {"{0049 171 1234567} is mine", "phone"},
        {"+ is {+44 20 7946 0958}", "phone"},
        {"{(+34) 612 345 678}", "phone"},
        {"电话{+86 139 1234 5678}。", "phone"},
        {"رقمي {+٩٦٦ ٥٠ ١٢٣ ٤٥٦٧}", "phone"},
        /* phones, national */
        {"Ruf an: {030 1234567}", "phone"},
        {"Handy {0171/1234567}", "phone"},
        {"appelez le {06 12 34 56 78}", "phone"},
        {"appelez le {06.12.34.56.78}", "phone"},
        {"call {(415) 555-0132} now", "phone"},
        {"call {415-555-0132} now", "phone"},
        {"or {415.555.0132}", "phone"},
        {"or {1-415-555-0132}", "phone"},
        {"after 18:00 {0171 1234567}", "phone"},
        {"mine is {090-1234-5678}", "phone"},
        {"加我 {13912345678}", "phone"},
        {"加我{139 1234 5678}吧", "phone"},
        {"llámame {612 345 678}", "phone"},
        {"mob {98765 43210}", "phone"},
        {"ligue {(11) 91234-5678}", "phone"},
        {"звоните {8 (912) 345-67-89}", "phone"},
        {"Tel. {555 0132}", "phone"},
        {"whatsapp: {7911123456}", "phone"},
        {"{01761234567} gehört mir", "phone"},
        {"{020 7946 0958} and {+44 7911 123456}", "phone phone"},
        /* accounts */
        {"IBAN {DE89 3704 0044 0532 0130 00} please", "iban"},
        {"{GB82WEST12345698765432}", "iban"},
        {"{FR14 2004 1010 0505 0001 3M02 606}", "iban"},
        {"card {4111 1111 1111 1111}", "card"},
        {"card {5555555555554444}", "card"},
        {"Kosovo verklaarde zich op 17 februari 2008 onafhankelijk", NULL},
        {"In 1570 richt de Allerheiligenvloed veel schade aan", NULL},
        {"call of the season 2011-2012, 2013/14", NULL},
        {"maestro {6759 6498 2643 8453}", "card"},
        {"card no {4111111111111111}", "card"},
        {"order no 4111111111111111", NULL},
        {"{4111.1111.1111.1111}", "card"},
        {"{DE 89 3704 0044 0532 0130 00}, {DE89.3704.0044.0532.0130.00}", "iban iban"},
        {"{+ 49 171 3920055}", "phone"},
        {"2 + 49 171 or + 20 30 40 cm", NULL},
        {"Instagram: {anna_berg99}, snap: {annab99}", "handle handle"},
        {"微信号：{wxid_abc123}，加V：{lamp8888}，QQ：{12345678}", "handle handle handle"},
        {"LINE ID: {anna.99} 카톡 {minsu77}", "handle handle"},
        {"Instagram: lovely. Insta: 10/10, snap: 5 mm, line: 10.5", NULL},
        {"{goo.gl/abc} {amzn.to/3abc} or {www。example。com}。", "url url url"},
        {"on 98.fm, 150.cc, back.to that, 很好。it works", NULL},
        {"{anna.berg@ example.com}", "email"},
        {"amex {3782 822463 10005}", "card"},
        {"{@anna} {anna@example.com} {www.example.com}", "handle email url"},
        /* beside brackets, spelled, disarmed */
        {"Michigan 48604 {(989)755-1109}", "phone"},
        {"line ({+44 20 7946 0321}) was friendly", "phone"},
        {"{tessa dot wright at gmail dot com} is me", "email"},
        {"{nora.AT.example.DOT.com}", "email"},
        {"mail {julien (a) wanadoo.fr}", "email"},
        {"{suzuki★example.com}まで", "email"},
        {"{mick_o'neill@example.ie}", "email"},
        {"thanks to {@gear.head.uk} I found it", "handle"},
        {"ツイッター{@tent_taro}です", "handle"},
        {"ל-{yossi@dugma.co.il}", "email"},
        {"{hxxps://lamp-deals[.]com} is it", "url"},
        {"su {lampade.it} costa meno", "url"},
        {"so nice.it works", NULL},
        {"dial {1300 555 012}", "phone"},
        {"{0 800 555 012} est gratuit", "phone"},
        /* what only looks like it */
        {"0123456789 all keys work", NULL},
        {"a telephone for GSM 900/1800", NULL},
        {"usiku wa leo tarehe 28012019", NULL},
        {"Modell (a) und (b) sind gleich", NULL},
        {"20 x 30 x 40 cm", NULL},
        {"1.299,00 € statt 1.499,00 €", NULL},
        {"$1,299.00 or 0.5 l", NULL},
        {"geliefert am 24.12.2023, bestellt 01.12.2023", NULL},
        {"2023-10-12 14:30:00", NULL},
        {"from 01.02.2023 10 to 12", NULL},
        {"01/02/2023", NULL},
        {"01.02.2023-28.02.2023", NULL},
        {"on 06.07.23 08.09.23", NULL},
        {"01-02-2023 15 pieces", NULL},
        {"model AB76-384X and WH-1000XM4", NULL},
        {"EAN 4006381333931", NULL},
        {"4006381333931", NULL},
        {"ISBN 978-3-16-148410-0", NULL},
        {"order 0123456789", NULL},
        {"Bestellnummer 0171 1234567", NULL},
        {"Art.-Nr. 0123 456789", NULL},
        {"#01761234567", NULL},
        {"version 1.2.3.4 and 10.15.7", NULL},
        {"firmware 2.14.0.1187 fixed it", NULL},
        {"phone battery 4500 5000 mAh", NULL},
        {"call {415 555 0132} x 204", "phone"},
        {"05 10 15 20 25 as steps", NULL},
        {"{01 02 03 04 05} est mon numéro", "phone"},
        {"my number is {650-520-4800}, or {240.720.2250}, {(650) 520-4800} x", "phone phone phone"},
        {"Tel. {6500 0350}, mobile {7620 274600}, whatsapp {640 7525100}", "phone phone phone"},
        {"call {415 555 2671} hours 9-5, {+49 30 32195036} hours 9-5", "phone phone"},
        {"{0171 3920055} hours 9-17", "phone"},
        {"192.168.100.200", NULL},
        {"1920x1080 at 144 Hz, 5000 mAh", NULL},
        {"5/5, 10/10, 100 %", NULL},
        {"+50% brighter, +2 cm", NULL},
        {"+1000 times better", NULL},
        {"000 000 0000", NULL},
        {"sizes 36 37 38 39 40 41", NULL},
        {"12 345 678 sold", NULL},
        {"600 000 000 €", NULL},
        {"0800 123456 EUR", NULL},
        {"1999-2000, 2001-2002", NULL},
        {"3.14159265358979", NULL},
        {"0,123456789", NULL},
        {"2 @ 5 € each", NULL},
        {"5@10", NULL},
        {"@ home", NULL},
        {"@7", NULL},
        {"@home it works, @work not", NULL},
        {"{@homecamper} knows", "handle"},
        {"微博{@露营小王}，谢谢", "handle"},
        {"@渋谷で買った", NULL},
        {"Gut.In der Farbe", NULL},
        {"good.very good.Best", NULL},
        {"e.g. and i.e. and U.S.A.", NULL},
        {"Nice...really", NULL},
        {"node.js is a name", NULL},
        {"DE00 3704 0044 0532 0130 00", NULL},
        {"4111 1111 1111 1112", NULL},
        {"1234567890123456", NULL},
        {"8 8 8 8 8 8 8 8", NULL},
        {"it is 12:30-14:45", NULL},
        {"50.000 km in 2 Jahren", NULL},
        {"100-200-300 mm", NULL},
        {"100 ml / 200 ml / 300 ml", NULL},
        {"质量很好，买了3个", NULL},
        {"😀😀 10/10 😀", NULL},
        {"", NULL},
};

static void test_row(gconstpointer data)
{
        const struct row *row = data;
        g_autoptr(GString) text = g_string_new(NULL);
        g_autoptr(GString) expected = g_string_new(NULL);
        for (const char *c = row->in; *c; c++) {
                if (*c == '{') {
                        g_string_append(expected, PLC_PII_MASK);
                        for (c++; *c != '}'; c++)
                                g_string_append_c(text, *c);
                } else {
                        g_string_append_c(text, *c);
                        g_string_append_c(expected, *c);
                }
        }
        struct plc_pii pii;
        g_autoptr(GError) error = NULL;
        g_assert_true(plc_text_pii(text->str, NULL, &pii, &error));
        g_assert_cmpstr(pii.masked, ==, expected->str);
        g_autoptr(GString) kinds = g_string_new(NULL);
        uint32_t before = 0;
        for (guint i = 0; i < pii.spans->len; i++) {
                const struct plc_pii_span *span = &g_array_index(pii.spans, struct plc_pii_span, i);
                g_assert_cmpuint(span->start, >=, before);
                g_assert_cmpuint(span->end, >, span->start);
                before = span->end;
                g_string_append_printf(kinds, "%s%s", i > 0 ? " " : "", plc_pii_kind_name(span->kind));
        }
        g_assert_cmpuint(before, <=, text->len);
        g_assert_cmpstr(kinds->str, ==, row->kinds ? row->kinds : "");
        plc_pii_clear(&pii);
}

static void test_spans_are_bytes_of_the_text(void)
{
        const char *text = "Größe ok, Tel. 030 1234567";
        struct plc_pii pii;
        g_assert_true(plc_text_pii(text, NULL, &pii, NULL));
        g_assert_cmpuint(pii.spans->len, ==, 1);
        const struct plc_pii_span *span = &g_array_index(pii.spans, struct plc_pii_span, 0);
        g_autofree char *found = g_strndup(text + span->start, span->end - span->start);
        g_assert_cmpstr(found, ==, "030 1234567");
        plc_pii_clear(&pii);
}

static void test_order_numbers_are_found_by_the_shops_pattern(void)
{
        static const char *const patterns[] = {"ORD-999999", "99A99", "№9999", "注文99999", NULL};
        struct plc_pii pii;
        g_assert_true(
                plc_text_pii("my order ord-123456, not XORD-123456 or ORD-1234567, and 12x34", patterns, &pii, NULL));
        g_assert_cmpstr(pii.masked, ==, "my order " PLC_PII_MASK ", not XORD-123456 or ORD-1234567, and " PLC_PII_MASK);
        g_assert_cmpint(g_array_index(pii.spans, struct plc_pii_span, 0).kind, ==, PLC_PII_ORDER);
        plc_pii_clear(&pii);
        g_assert_true(plc_text_pii("заказ №1234, 注文12345です", patterns, &pii, NULL));
        g_assert_cmpstr(pii.masked, ==, "заказ " PLC_PII_MASK ", " PLC_PII_MASK "です");
        plc_pii_clear(&pii);
}

static void test_a_pattern_of_order_numbers_is_no_word(void)
{
        g_assert_true(plc_pii_order_pattern_fits("ORD-999"));
        g_assert_true(plc_pii_order_pattern_fits("№999999"));
        g_assert_false(plc_pii_order_pattern_fits("AAAA"));
        g_assert_false(plc_pii_order_pattern_fits("A99"));
        g_assert_false(plc_pii_order_pattern_fits("99999999999999999999999999999999999999999999999999999999999999999"));
}

/* What a stranger may send: long runs that make a rule look far ahead at every place. A quadratic rule would take
 * minutes. */
static void test_thirty_two_kilobytes_of_anything_are_soon_done(void)
{
        static const char *const units[] = {"a.",    "1 ",   "1-",      "+1", "(1",      "a@",    "DE11 ", "www.",
                                            "0171/", "@a",   "_",       "9",  "a at ",   "b . ",  "x-at-", "a dot ",
                                            "1 1 ",  "tel ", "http://", "(a", "x.com/(", "a.it ", "o'",    "a[.]"};
        for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
                g_autoptr(GString) text = g_string_new(NULL);
                while (text->len + 8 < 32 * PLC_KIB)
                        g_string_append(text, units[i]);
                struct plc_pii pii;
                g_assert_true(plc_text_pii(text->str, NULL, &pii, NULL));
                g_assert_cmpuint(strlen(pii.masked), <=, 3 * text->len);
                plc_pii_clear(&pii);
        }
}

static void test_bytes_that_are_no_text_are_refused(void)
{
        struct plc_pii pii;
        g_autoptr(GError) error = NULL;
        g_assert_false(plc_text_pii("a\xff", NULL, &pii, &error));
        g_assert_error(error, PLC_ERROR_DOMAIN, PLC_E_BAD_TEXT);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *sentence = g_strdelimit(g_strdup(rows[i].in), "/", '|');
                g_autofree char *name =
                        g_strdup_printf("/pii/%s: %s", rows[i].kinds ? "found" : "left alone", sentence);
                g_test_add_data_func(name, &rows[i], test_row);
        }
        g_test_add_func("/pii/spans are bytes of the text", test_spans_are_bytes_of_the_text);
        g_test_add_func("/pii/order numbers are found by the shop's pattern",
                        test_order_numbers_are_found_by_the_shops_pattern);
        g_test_add_func("/pii/a pattern of order numbers is no word", test_a_pattern_of_order_numbers_is_no_word);
        g_test_add_func("/pii/thirty-two kilobytes of anything are soon done",
                        test_thirty_two_kilobytes_of_anything_are_soon_done);
        g_test_add_func("/pii/bytes that are no text are refused", test_bytes_that_are_no_text_are_refused);
        return g_test_run();
}
