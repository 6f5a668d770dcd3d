/* Is a moderator told of what is in the lists, however it is written, and left in peace about words that only look like
 * it? */
#include "text/flag_lists.h"
#include "text/flags.h"
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

/* Flagged words stand in braces; `kinds` in order, NULL: none. */
static const struct row {
        const char *languages, *in, *kinds;
} rows[] = {
        {"en", "You are {idiots}, all of you", "insult"},
        {"en", "What a load of {SHIT}", "insult"},
        {"en", "what a {bastard} lamp", "insult"},
        {"en", "{fucking} awful", "insult"},
        {"en", "{Shiiiiit} lamp", "insult"},
        {"en", "{s h i t} lamp", "insult"},
        {"en", "{s.h.i.t} lamp", "insult"},
        {"en", "{ѕhіt} in Cyrillic letters", "insult"},
        {"en", "{ｓｈｉｔ} in wide letters", "insult"},
        {"en", "{sh\u00adit} with a soft hyphen in it", "insult"},
        {"en", "{m0ron} with a zero", "insult"},
        {"en", "{1d1ot} with ones", "insult"},
        {"en", "{b4st4rd} lamp", "insult"},
        {"en", "nicer than {L4mpW0rld}", "competitor"},
        {"en", "GU10, A55 and 4x4, h2o2, 1st, 3rd, mp3s", NULL},
        {"pl", "{idioci}", "insult"},
        {"en", "Use {promo code} LAMP10, {click here}", "advertising advertising"},
        {"en", "It {cured my} back pain, {no side effects}", "health_claim health_claim"},
        {"en", "much nicer than {LampWorld}", "competitor"},
        {"en", "better than {Bright & Co}.", "competitor"},
        {"en", "better than {bright and  co}", NULL},
        {"de", "So ein {Saftladen}, {Betrügerfirma}!", "insult insult"},
        {"de", "{SCHEISSE} und {Scheiße}", "insult insult"},
        {"de-AT", "{Idioten}", "insult"},
        {"fr", "Bande d'{escrocs}", "insult"},
        {"es", "Esto es una {mierda}", "insult"},
        {"it", "Che {schifo}", NULL},
        {"pt-BR", "use o {cupom de desconto} FOTO", "advertising"},
        {"nl", "{Kortingscode} LAMP", "advertising"},
        {"pl", "{oszuści} i {złodzieje}", "insult insult"},
        {"tr", "tam bir {dolandırıcılık}", "insult"},
        {"ru", "Магазин {мошенников}, {МОШЕННИКИ}", "insult insult"},
        {"uk", "{шахраї}", "insult"},
        {"el", "{απατεώνες}", "insult"},
        {"ar", "هذا {نصاب}", "insult"},
        {"he", "{קוד הנחה} בפרופיל", "advertising"},
        {"hi", "यह {धोखेबाज} है", "insult"},
        {"th", "ใช้{โค้ดส่วนลด}นี้", "advertising"},
        {"vi", "nhập {mã giảm giá} nhé", "advertising"},
        {"ja", "この店は{詐欺}です", "insult"},
        {"ko", "{사기꾼} 회사", "insult"},
        {"ko", "이런 {사기꾼들} {병신같은} 회사", "insult insult"},
        {"ko", "암막 커튼, 시발점", NULL},
        {"ar", "هؤلاء {النصابين} {والحرامية}", "insult insult"},
        {"he", "{הנוכלים} {והנוכלים} האלה", "insult insult"},
        {"he", "הלוכסן", NULL},
        {"fi", "{huijareita} ja {idiootit}", "insult insult"},
        {"en", "{iⅾiot} with a Roman numeral", "insult"},
        {"zh-Hans", "这个卖家是{骗子}", "insult"},
        {"zh-Hant", "這個賣家是{騙子}", "insult"},
        /* words of another language are not meant */
        {"en", "die Hure von Babylon", NULL},
        {"de", "mit con und con", NULL},
        {"ru", "{промокод} и {promo code}", "advertising advertising"},
        /* words that only hold one of the list, or look like it */
        {"en", "Greetings from Scunthorpe, Penistone and Clitheroe", NULL},
        {"en", "a class act: first class glass, brass, grass and a compass", NULL},
        {"en", "bought at Dick's Sporting Goods", NULL},
        {"en", "the assassin in the classic passage was embarrassed", NULL},
        {"en", "cockpit, cocktail, peacock, Hitchcock, shuttlecock", NULL},
        {"en", "Essex, Sussex, Middlesex", NULL},
        {"en", "I will assess the assets and assist the assembly", NULL},
        {"en", "mishit, shitake, Shih Tzu", NULL},
        {"en", "therapist, analyst, cumulative document", NULL},
        {"en", "the picture is a bit crooked", NULL},
        {"en", "flame retardant, tardy", NULL},
        {"en", "a b c d e f", NULL},
        {"en", "Moby Dick by Herman Melville", NULL},
        {"en", "cucumber, circumference", NULL},
        {"en", "Fuchs, Fuchsia, Focke", NULL},
        {"en", "scrap paper, scrapbook", NULL},
        {"en", "skilled with a pen is mightier", NULL},
        {"en", "procurement, accurate, obscure", NULL},
        {"de", "idiotensichere Montage", NULL},
        {"de", "Klasse Kasse, Masse, Tasse, Gasse", NULL},
        {"de",
         "Fichte, Fick lles gibt es nicht"
         "",
         "insult"},
        {"de", "Deponie, Depesche, Hureka", NULL},
        {"fr", "Je confirme, connecteur conforme, contact", NULL},
        {"fr", "député, réputation, dispute", NULL},
        {"es", "computadora, disputa, reputación", NULL},
        {"es", "un cono de luz con pantalla", NULL},
        {"it", "cazzuola, stronzio", NULL},
        {"pt", "computador, deputado", NULL},
        {"nl", "lulletje rozenwater? kuttel? hoera!", NULL},
        {"pl", "rakieta, rakieta tenisowa", NULL},
        {"sv", "skitur i fjällen", NULL},
        {"hu", "kicsit csalódott vagyok", NULL},
        {"ru", "оскорблять, хлебать, рубля, корабля", NULL},
        {"ru", "ракета, раковина, дракон", NULL},
        {"vi", "các con đi ngủ, đeo kính, một lon nước", NULL},
        {"id", "mainan untuk anjing", NULL},
        {"zh-Hans", "操作简单，体操用品", NULL},
        {"ja", "ばかり, 糞便ではない", NULL},
        {"ko", "사기 좋은 조명", NULL},
        {"en", "", NULL},
        {"en", "10/10 😀", NULL},
};

static plc_flag_lists *lists;

static void test_row(gconstpointer data)
{
        const struct row *row = data;
        g_autoptr(GString) text = g_string_new(NULL);
        g_autoptr(GArray) found = NULL;
        g_autoptr(GError) error = NULL;
        const char *languages[] = {row->languages, NULL};
        for (const char *c = row->in; *c; c++) {
                if ((*c != '{' && *c != '}') || !row->kinds)
                        g_string_append_c(text, *c);
        }
        g_assert_true(plc_text_flags(lists, text->str, languages, &found, &error));
        g_autoptr(GString) marked = g_string_new(NULL);
        g_autoptr(GString) kinds = g_string_new(NULL);
        uint32_t at = 0;
        for (guint i = 0; i < found->len; i++) {
                const struct plc_flag *flag = &g_array_index(found, struct plc_flag, i);
                g_assert_cmpuint(flag->start, >=, at);
                g_string_append_printf(marked, "%.*s{%.*s}", (int)(flag->start - at), text->str + at,
                                       (int)(flag->end - flag->start), text->str + flag->start);
                g_string_append_printf(kinds, "%s%s", i > 0 ? " " : "", plc_flag_kind_name(flag->kind));
                at = flag->end;
        }
        g_string_append(marked, text->str + at);
        g_assert_cmpstr(kinds->str, ==, row->kinds ? row->kinds : "");
        if (row->kinds && strchr(row->in, '{'))
                g_assert_cmpstr(marked->str, ==, row->in);
}

static void test_every_entry_of_the_lists_is_found_by_itself(void)
{
        for (guint i = 0; i < lists->entries->len; i++) {
                const struct plc_flag_entry *entry = lists->entries->pdata[i];
                const char *text = entry->text;
                g_autoptr(GArray) found = NULL;
                const char *languages[] = {entry->language, NULL};
                g_assert_true(plc_text_flags(lists, text, languages, &found, NULL));
                if (found->len == 0)
                        g_test_message("not found: %s (%s)", text, entry->language);
                g_assert_cmpuint(found->len, >, 0);
        }
        g_assert_cmpuint(plc_flag_lists_languages(lists), >=, 12);
        g_assert_cmpuint(lists->entries->len, >, 500);
}

static void test_small_letters_look_like_themselves(void)
{
        for (char c = 'a'; c <= 'z'; c++) {
                g_autoptr(GString) alone = g_string_new(NULL);
                g_autoptr(GString) beside = g_string_new(NULL);
                char plain[3] = {c, c == 'q' ? 'k' : 'q', '\0'};
                g_autofree char *accented = g_strdup_printf("%s\xd0\xb0", plain); /* a Cyrillic one behind it */
                g_assert_true(plc_flag_key(plain, 2, 2, alone, NULL));
                g_assert_true(plc_flag_key(accented, strlen(accented), 2, beside, NULL));
                g_string_append_c(alone, 'a');
                g_assert_cmpstr(alone->str, ==, beside->str);
        }
}

static const struct fault {
        const char *file, *told;
} faults[] = {
        {"{\"schema\": \"placet.words/1\", \"language\": \"xx_\"}", "language"},
        {"{\"schema\": \"placet.words/1\"}", "language"},
        {"{\"schema\": \"placet.words/2\", \"language\": \"de\"}", "schema"},
        {"{\"schema\": \"placet.words/1\", \"language\": \"de\", \"insult\": [\"***\"]}", "asterisk"},
        {"{\"schema\": \"placet.words/1\", \"language\": \"de\", \"insult\": [\"ab*\"]}", "fewer than three"},
        {"{\"schema\": \"placet.words/1\", \"language\": \"de\", \"insult\": [\"!!\"]}", "no word"},
        {"{\"schema\": \"placet.words/1\", \"language\": \"de\", \"insult\": [7]}", "not a word"},
        {"{\"schema\": \"placet.words/1\", \"language\": \"de\", \"insult\": [\"a b c d e f g h i\"]}", "more than 8"},
        {"{\"schema\": \"placet.words/1\", \"language\": \"de\", \"insults\": []}", "insults"},
        {"nothing", ""},
};

static void test_a_faulty_list_is_told_with_its_place(void)
{
        g_autofree char *dir = g_dir_make_tmp("words-XXXXXX", NULL);
        g_autofree char *path = g_build_filename(dir, "own.json", NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(faults); i++) {
                g_autoptr(GError) error = NULL;
                g_assert_true(g_file_set_contents(path, faults[i].file, -1, NULL));
                g_assert_false(plc_flag_lists_check(path, NULL, &error));
                g_assert_nonnull(error);
                g_autofree char *whole = g_strdup_printf("%s %s", plc_error_pointer(error), error->message);
                if (!strstr(whole, faults[i].told))
                        g_test_message("%s: %s", faults[i].file, whole);
                g_assert_nonnull(strstr(whole, faults[i].told));
        }
        g_unlink(path);
        g_rmdir(dir);
}

static void test_a_site_has_its_own_words(void)
{
        g_autofree char *dir = g_dir_make_tmp("words-XXXXXX", NULL);
        g_autofree char *path = g_build_filename(dir, "own.json", NULL);
        g_autoptr(plc_flag_lists) own = NULL;
        g_autoptr(GArray) found = NULL;
        g_autoptr(GError) error = NULL;
        g_assert_true(g_file_set_contents(
                path, "{\"schema\":\"placet.words/1\",\"language\":\"any\",\"insult\":[\"lampoon*\"]}", -1, NULL));
        g_assert_true(plc_flag_lists_check(path, NULL, &error));
        g_assert_true(plc_flag_lists_load(NULL, dir, NULL, &own, &error));
        g_assert_true(plc_text_flags(own, "Such a lampoonist!", NULL, &found, &error));
        g_assert_cmpuint(found->len, ==, 1);
        g_unlink(path);
        g_rmdir(dir);
}

static void test_at_most_a_hundred(void)
{
        g_autoptr(GString) text = g_string_new(NULL);
        g_autoptr(GArray) found = NULL;
        for (int i = 0; i < 200; i++)
                g_string_append(text, "idiot ");
        g_assert_true(plc_text_flags(lists, text->str, NULL, &found, NULL));
        g_assert_cmpuint(found->len, ==, 100);
}

int main(int argc, char **argv)
{
        static const char *const competitors[] = {"LampWorld", "Bright & Co.", NULL};
        g_autoptr(GError) error = NULL;
        g_test_init(&argc, &argv, NULL);
        if (!plc_flag_lists_load(NULL, NULL, competitors, &lists, &error))
                g_error("%s", error->message);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *sentence = g_strdelimit(g_strdup(rows[i].in), "/", '|');
                g_autofree char *name = g_strdup_printf("/flags/%s %s: %s", rows[i].languages,
                                                        rows[i].kinds ? "flagged" : "in peace", sentence);
                g_test_add_data_func(name, &rows[i], test_row);
        }
        g_test_add_func("/flags/every entry of the lists is found by itself",
                        test_every_entry_of_the_lists_is_found_by_itself);
        g_test_add_func("/flags/small letters look like themselves", test_small_letters_look_like_themselves);
        g_test_add_func("/flags/a faulty list is told with its place", test_a_faulty_list_is_told_with_its_place);
        g_test_add_func("/flags/a site has its own words", test_a_site_has_its_own_words);
        g_test_add_func("/flags/at most a hundred", test_at_most_a_hundred);
        int failed = g_test_run();
        plc_flag_lists_free(lists);
        return failed;
}
