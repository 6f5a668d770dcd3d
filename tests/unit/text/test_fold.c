/* Are the letters that searching tells apart those that CLDR's search collation tells apart? ICU is asked about every
 * letter of every alphabet. */
#include "text/fold.h"
#include <glib.h>
#include <string.h>
#include <unicode/ucol.h>
#include <unicode/uloc.h>
#include <unicode/ulocdata.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

static const char *const languages[] = {"af", "sq", "az", "bs", "ca", "hr", "cs", "da", "nl", "en", "et", "fi",
                                        "fr", "gl", "de", "el", "hu", "is", "ga", "it", "lv", "lt", "mt", "nb",
                                        "nn", "pl", "pt", "ro", "ru", "sk", "sl", "es", "sv", "tr", "vi", "cy"};

/* Where we fold and CLDR does not, or the other way round, with the reason. */
static const char *const exceptions =
        "й ї "   /* CLDR's root folds ї; to its writers it is as little an і as й is an и */
        "ı ŋ þ " /* not folded by CLDR outside of Turkish, Sami, Icelandic; people without the key type i, n, th */
        "œ ß " /* two letters: compared by hand below */;

static void fold(const char *text, const char *language, char out[64])
{
        g_autoptr(GString) folded = g_string_new(NULL);
        g_assert_true(plc_fold_word(text, strlen(text), plc_fold_rule_of(language), folded, NULL));
        g_strlcpy(out, folded->str, 64);
}

static UCollator *collator(const char *language)
{
        UErrorCode status = U_ZERO_ERROR;
        g_autofree char *tag = g_strdup_printf("%s-u-co-search", language);
        char id[64];
        int32_t read = 0;
        uloc_forLanguageTag(tag, id, sizeof id, &read, &status);
        UCollator *opened = ucol_open(id, &status);
        g_assert_true(U_SUCCESS(status));
        ucol_setStrength(opened, UCOL_PRIMARY);
        return opened;
}

static void test_letters_of(gconstpointer data)
{
        const char *language = data;
        UErrorCode status = U_ZERO_ERROR;
        UCollator *search = collator(language);
        ULocaleData *locale = ulocdata_open(language, &status);
        USet *letters = ulocdata_getExemplarSet(locale, NULL, USET_ADD_CASE_MAPPINGS, ULOCDATA_ES_STANDARD, &status);
        const UNormalizer2 *nfd = unorm2_getNFDInstance(&status);
        g_assert_true(U_SUCCESS(status));
        unsigned compared = 0;
        for (int32_t i = 0; i < uset_size(letters); i++) {
                UChar32 c = uset_charAt(letters, i);
                UChar letter[3] = {0}, apart[8];
                int32_t size = 0;
                status = U_ZERO_ERROR;
                if (c < 0x80 || unorm2_getDecomposition(nfd, c, apart, G_N_ELEMENTS(apart), &status) <= 0)
                        continue;
                u_strFromUTF32(letter, G_N_ELEMENTS(letter), &size, &c, 1, &status);
                char utf8[8] = {0}, base[8] = {0}, ours[64], plain[64];
                u_strToUTF8(utf8, sizeof utf8, NULL, letter, size, &status);
                u_strToUTF8(base, sizeof base, NULL, apart, 1, &status);
                if (strstr(exceptions, utf8))
                        continue;
                fold(utf8, language, ours);
                fold(base, language, plain);
                bool same = ucol_strcoll(search, letter, size, apart, 1) == UCOL_EQUAL;
                if (same != (strcmp(ours, plain) == 0))
                        g_test_message("%s in %s: %s", utf8, language, same ? "folded by CLDR" : "kept by CLDR");
                g_assert_true(same == (strcmp(ours, plain) == 0));
                compared++;
        }
        g_test_message("%u letters compared", compared);
        uset_close(letters);
        ulocdata_close(locale);
        ucol_close(search);
}

static const struct {
        const char *language, *a, *b;
} same_rows[] = {{"de", "ä", "ae"}, {"de", "Ü", "UE"},         {"da", "å", "aa"}, {"sv", "ø", "ö"},
                 {"da", "ö", "ø"},  {"en", "œuvre", "OEUVRE"}, {"de", "ß", "ss"}, {"fr", "æ", "ae"}};

static void test_spellings_that_are_the_same(void)
{
        for (size_t i = 0; i < G_N_ELEMENTS(same_rows); i++) {
                char a[64], b[64];
                UChar wide_a[64], wide_b[64];
                UErrorCode status = U_ZERO_ERROR;
                UCollator *search = collator(same_rows[i].language);
                fold(same_rows[i].a, same_rows[i].language, a);
                fold(same_rows[i].b, same_rows[i].language, b);
                g_assert_cmpstr(a, ==, b);
                u_strFromUTF8(wide_a, 64, NULL, same_rows[i].a, -1, &status);
                u_strFromUTF8(wide_b, 64, NULL, same_rows[i].b, -1, &status);
                g_assert_cmpint(ucol_strcoll(search, wide_a, -1, wide_b, -1), ==, UCOL_EQUAL);
                ucol_close(search);
        }
}

static void test_what_languages_have_rules(void)
{
        g_assert_cmpuint(plc_fold_rule_of("sv"), ==, plc_fold_rule_of("fi"));
        g_assert_cmpuint(plc_fold_rule_of("sv-SE"), ==, plc_fold_rule_of("SV"));
        g_assert_cmpuint(plc_fold_rule_of("sr-Latn"), ==, plc_fold_rule_of("hr"));
        g_assert_cmpuint(plc_fold_rule_of("de"), !=, 0);
        g_assert_cmpuint(plc_fold_rule_of("und"), ==, 0);
        g_assert_cmpuint(plc_fold_rule_of(""), ==, 0);
        g_assert_cmpuint(plc_fold_rule_of(NULL), ==, 0);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(languages); i++) {
                g_autofree char *name =
                        g_strdup_printf("/fold/letters of %s are kept as CLDR keeps them", languages[i]);
                g_test_add_data_func(name, languages[i], test_letters_of);
        }
        g_test_add_func("/fold/spellings that are the same", test_spellings_that_are_the_same);
        g_test_add_func("/fold/what languages have rules", test_what_languages_have_rules);
        return g_test_run();
}
