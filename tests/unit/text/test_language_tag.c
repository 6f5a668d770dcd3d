/* Are language tags completed, written and compared as BCP 47 and CLDR say? */
#include "text/labels.h"
#include "text/language_tag.h"
#include <glib.h>

struct tag_row {
        const char *sentence, *in, *out;
};

static const struct tag_row maximised[] = {
        {"Chinese of Taiwan is written in traditional signs", "zh-TW", "zh-Hant-TW"},
        {"Chinese alone is simplified", "zh", "zh-Hans-CN"},
        {"traditional Chinese alone is of Taiwan", "zh-Hant", "zh-Hant-TW"},
        {"Chinese of Hong Kong", "ZH-hk", "zh-Hant-HK"},
        {"German", "de", "de-Latn-DE"},
        {"German of Austria", "de-AT", "de-Latn-AT"},
        {"underscores are taken", "pt_br", "pt-Latn-BR"},
        {"Serbian is Cyrillic", "sr", "sr-Cyrl-RS"},
        {"Serbian in Latin letters", "sr-latn", "sr-Latn-RS"},
        {"a variant stays behind", "de-1996", "de-Latn-DE-1996"},
        {"private use stays behind", "zh-TW-x-foo", "zh-Hant-TW-x-foo"},
        {"a region by number", "es-419", "es-Latn-419"},
        {"a language unknown to ICU stays as it is", "qaa", "qaa"},
        {"in whatever case", "QTZ", "QTZ"},
        {"an extended language subtag stays as it is", "zh-cmn-Hans", "zh-cmn-Hans"},
        {"a grandfathered tag stays as it is", "i-klingon", "i-klingon"},
        {"undetermined counts as no language", "und", NULL},
        {"undetermined with a script too", "UND-Latn", NULL},
        {"private use alone counts as no language", "x-ours", NULL},
        {"an empty tag is none", "", NULL},
        {"a subtag of nine letters is no tag", "de-abcdefghi", NULL},
        {"two hyphens are no tag", "de--AT", NULL},
        {"a sentence is no tag", "de AT", NULL},
};

static const struct tag_row canonical[] = {
        {"the usual case is restored", "ZH-HANT-tw", "zh-Hant-TW"},
        {"the old code of Hebrew is renewed", "iw", "he"},
        {"variants are in small letters", "DE-AT-1996", "de-AT-1996"},
        {"what is no tag is none", "d e", NULL},
};

static void test_maximise(gconstpointer data)
{
        const struct tag_row *row = data;
        g_autofree char *out = plc_text_maximise(row->in);
        g_assert_cmpstr(out, ==, row->out);
}

static void test_canonical(gconstpointer data)
{
        const struct tag_row *row = data;
        g_autofree char *out = plc_text_canonical_tag(row->in);
        g_assert_cmpstr(out, ==, row->out);
}

static void test_direction(void)
{
        static const char *const rtl[] = {"ar", "he", "fa-IR", "ur", "iw", "az-Arab", "uz_Arab_AF"};
        static const char *const ltr[] = {"de", "az", "zh-Hant", "und", "", "ha", "qaa", "?"};
        for (size_t i = 0; i < G_N_ELEMENTS(rtl); i++)
                g_assert_cmpstr(plc_text_direction(rtl[i]), ==, "rtl");
        for (size_t i = 0; i < G_N_ELEMENTS(ltr); i++)
                g_assert_cmpstr(plc_text_direction(ltr[i]), ==, "ltr");
}

static const struct {
        const char *sentence, *wanted, *better, *worse;
} orders[] = {
        {"who asks for German gets German before English", "de", "de", "en"},
        {"the first language asked for wins", "fr,de", "fr", "de"},
        {"even from another region", "fr-CA,de", "fr-FR", "de"},
        {"the region asked for is nearer", "pt-BR", "pt-BR", "pt-PT"},
        {"Taiwan reads traditional signs first", "zh-TW", "zh-Hant", "zh-Hans"},
        {"simplified signs are better than nothing", "zh-TW", "zh-Hans", "en"},
        {"the mainland reads simplified signs first", "zh-CN", "zh-Hans", "zh-Hant"},
        {"Norwegian is Bokmål", "no", "nb", "da"},
        {"who reads Nynorsk reads Bokmål before English", "nn-NO,en", "nb", "en"},
        {"but Nynorsk first", "nn-NO", "nn", "nb"},
        {"who reads Bokmål did not ask for Nynorsk", "nb,da", "da", "nn"},
        {"a weight of zero means not this one", "en;q=0, de", "de", "en"},
        {"spaces are no matter", " de , en ", "de", "en"},
        {"Serbian in Latin letters is asked for", "sr-Latn", "sr-Latn", "sr-Cyrl"},
};

static void test_orders(void)
{
        for (size_t i = 0; i < G_N_ELEMENTS(orders); i++) {
                g_test_message("%s", orders[i].sentence);
                g_assert_cmpint(plc_text_language_score(orders[i].wanted, orders[i].better), >,
                                plc_text_language_score(orders[i].wanted, orders[i].worse));
        }
        g_assert_cmpint(plc_text_language_score("de,fr", "ja"), ==, 0);
        g_assert_cmpint(plc_text_language_score(NULL, "ja"), ==, 0);
        g_assert_cmpint(plc_text_language_score("de;q=0", "de"), ==, 0);
}

static void test_the_readers_own_tag(void)
{
        static const char *const told[][3] = {
                {"en-GB", "en", "en-GB"},
                {"en-US", "en", "en"},
                {"de", "de", "de"},
                {"es-419", "es", "es-419"},
                {"zh-TW", "zh-Hant", "zh-Hant"},
                {"zh-HK,en", "zh-Hant", "zh-Hant-HK"},
                {"zh-HK", "zh-Hans", "zh-Hans"},
                {"pt-AO", "pt-PT", "pt-AO"},
                {"sr-Latn, de-AT;q=0.8, de-CH;q=0.5", "de", "de-AT"},
                {"fr-CA-x-shop", "fr", "fr-CA"},
                {"ja", "en", "en"},
                {"*", "en", "en"},
                {"", "en", "en"},
        };
        for (size_t i = 0; i < G_N_ELEMENTS(told); i++) {
                g_autofree char *tag = plc_text_language_of_reader(told[i][0], told[i][1]);
                g_assert_cmpstr(tag, ==, told[i][2]);
        }
        g_autofree char *none = plc_text_language_of_reader(NULL, "de");
        g_assert_cmpstr(none, ==, "de");
}

static const struct {
        const char *kind, *code, *wanted, *label;
} labels[] = {
        {"verification", "order", "de", "Geprüfter Kauf"},
        {"verification", "order", "de-AT,en", "Geprüfter Kauf"},
        {"verification", "order", "sw,fr", "Achat vérifié"},
        {"verification", "order", "sw", "Verified purchase"},
        {"verification", "order", NULL, "Verified purchase"},
        {"verification", "order", "zh-TW", "已驗證購買"},
        {"verification", "order", "zh", "已验证购买"},
        {"verification", "order", "no", "Bekreftet kjøp"},
        {"verification", "order", "nn-NO", "Bekreftet kjøp"},
        {"verification", "receipt", "pt-BR", "Verificado por nota fiscal"},
        {"verification", "receipt", "pt-PT", "Verificado por recibo"},
        {"disclosure", "free_product", "ja", "商品を無償で受領"},
        {"disclosure", "employee", "ar", "يعمل لدى الشركة"},
        {"disclosure", "none", "de", NULL},
        {"verification", "none", "de", NULL},
        {"disclosure", "order", "de", NULL},
        {"disclosure", NULL, "de", NULL},
};

static void test_labels(void)
{
        for (size_t i = 0; i < G_N_ELEMENTS(labels); i++)
                g_assert_cmpstr(plc_text_label(labels[i].kind, labels[i].code, labels[i].wanted), ==, labels[i].label);
}

/* Every row of the table has all its labels, and none says the same twice. */
static void test_labels_are_complete(void)
{
        static const char *const languages[] = {
                "en", "de", "fr", "es", "it", "nl", "pl", "pt-PT", "pt-BR", "sv",      "da",      "nb", "fi", "cs",
                "sk", "hu", "ro", "el", "tr", "ru", "uk", "ja",    "ko",    "zh-Hans", "zh-Hant", "ar", "he", "th"};
        static const char *const codes[][2] = {{"disclosure", "incentive"}, {"disclosure", "free_product"},
                                               {"disclosure", "affiliate"}, {"disclosure", "employee"},
                                               {"disclosure", "family"},    {"disclosure", "contest"},
                                               {"verification", "order"},   {"verification", "email"},
                                               {"verification", "receipt"}, {"verification", "merchant"}};
        for (size_t l = 0; l < G_N_ELEMENTS(languages); l++) {
                g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
                for (size_t c = 0; c < G_N_ELEMENTS(codes); c++) {
                        const char *label = plc_text_label(codes[c][0], codes[c][1], languages[l]);
                        g_assert_nonnull(label);
                        g_assert_true(g_utf8_validate(label, -1, NULL));
                        g_assert_true(g_hash_table_add(seen, (gpointer)label));
                        if (l > 0)
                                g_assert_cmpstr(label, !=, plc_text_label(codes[c][0], codes[c][1], "en"));
                }
        }
}

static void add_rows(const char *path, const struct tag_row *rows, size_t count, GTestDataFunc test)
{
        for (size_t i = 0; i < count; i++) {
                g_autofree char *name = g_strdup_printf("%s/%s", path, rows[i].sentence);
                g_test_add_data_func(name, &rows[i], test);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        add_rows("/maximise", maximised, G_N_ELEMENTS(maximised), test_maximise);
        add_rows("/canonical", canonical, G_N_ELEMENTS(canonical), test_canonical);
        g_test_add_func("/direction", test_direction);
        g_test_add_func("/languages wanted are an order", test_orders);
        g_test_add_func("/the tag in which a reader is told something", test_the_readers_own_tag);
        g_test_add_func("/labels in the reader's language", test_labels);
        g_test_add_func("/labels are complete", test_labels_are_complete);
        return g_test_run();
}
