/* Do strangers' bytes come out as valid NFC without what deceives, or not at all? */
#include "base/error.h"
#include "text/normalise.h"
#include <string.h>

#define LIMIT ((size_t)4096)

struct row {
        const char *sentence, *in, *out; /* out NULL: refused */
};

static const struct row rows[] = {
        {"plain ASCII stays", "Nice lamp.", "Nice lamp."},
        {"nothing stays nothing", "", ""},
        {"a byte order mark is dropped", "\xef\xbb\xbfGut", "Gut"},
        {"a byte order mark inside is dropped too", "Gu\xef\xbb\xbft", "Gut"},
        {"a letter and its mark become one sign", "Scho\xcc\x88n", "Schön"},
        {"two marks on one letter compose", "Vie\xcc\xa3\xcc\x82t", "Việt"},
        {"Hangul jamo become a syllable", "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", "한"},
        {"the angstrom sign is the letter", "\xe2\x84\xab", "Å"},
        {"full-width forms are not touched by NFC", "\xef\xbc\xa1", "\xef\xbc\xa1"},
        {"Windows line ends become line feeds", "a\r\nb\rc", "a\nb\nc"},
        {"NEL and the line separators become line feeds",
         "a\xc2\x85"
         "b\xe2\x80\xa8"
         "c\xe2\x80\xa9"
         "d\x0b"
         "e",
         "a\nb\nc\nd\ne"},
        {"tab and line feed stay", "a\tb\n", "a\tb\n"},
        {"other controls are removed",
         "a\x01\x1b[31mb\x7f\xc2\x9b"
         "c",
         "a[31mbc"},
        {"an override is removed",
         "abc\xe2\x80\xae"
         "fdp.exe",
         "abcfdp.exe"},
        {"embeddings are removed",
         "\xe2\x80\xaa"
         "a\xe2\x80\xac",
         "a"},
        {"closed isolates stay", "\xe2\x81\xa7שלום\xe2\x81\xa9!", "\xe2\x81\xa7שלום\xe2\x81\xa9!"},
        {"an isolate left open is removed", "\xe2\x81\xa7שלום!", "שלום!"},
        {"a pop without an isolate is removed",
         "a\xe2\x81\xa9"
         "b\xe2\x81\xa6",
         "ab"},
        {"each line balances its own isolates",
         "\xe2\x81\xa6"
         "a\n\xe2\x81\xa6"
         "b\xe2\x81\xa9",
         "a\n\xe2\x81\xa6"
         "b\xe2\x81\xa9"},
        {"noncharacters are removed",
         "a\xef\xbf\xbf\xef\xb7\x90\xf0\x9f\xbf\xbe"
         "b",
         "ab"},
        {"the object replacement character is removed",
         "a\xef\xbf\xbc"
         "b",
         "ab"},
        {"the flag of Wales keeps its tags",
         "🏴\xf3\xa0\x81\xa7\xf3\xa0\x81\xa2\xf3\xa0\x81\xb7\xf3\xa0\x81\xac\xf3\xa0\x81\xb3\xf3\xa0\x81\xbf!",
         "🏴\xf3\xa0\x81\xa7\xf3\xa0\x81\xa2\xf3\xa0\x81\xb7\xf3\xa0\x81\xac\xf3\xa0\x81\xb3\xf3\xa0\x81\xbf!"},
        {"hidden tag characters are removed", "Hi\xf3\xa0\x81\xa7\xf3\xa0\x81\xa2", "Hi"},
        {"a flag hides no text", "🏴\xf3\xa0\x81\xa7\xf3\xa0\x81\xa2\xf3\xa0\x81\xb7!", "🏴!"},
        {"nor a long one",
         "🏴\xf3\xa0\x81\xa7\xf3\xa0\x81\xa2\xf3\xa0\x81\xb7\xf3\xa0\x81\xac\xf3\xa0\x81\xb3\xf3\xa0\x81\xa1"
         "\xf3\xa0\x81\xa1\xf3\xa0\x81\xbf!",
         "🏴!"},
        {"a selector stays", "❤\xef\xb8\x8f葛\xf3\xa0\x84\x80", "❤\xef\xb8\x8f葛\xf3\xa0\x84\x80"},
        {"more of them on one sign hide bytes", "😀\xf3\xa0\x85\x88\xf3\xa0\x85\xa9\xef\xb8\x8f ok",
         "😀\xf3\xa0\x85\x88 ok"},
        {"a joined emoji stays one", "👩\xe2\x80\x8d🔬", "👩\xe2\x80\x8d🔬"},
        {"a Persian half-space stays", "می\xe2\x80\x8cخواهم", "می\xe2\x80\x8cخواهم"},
        {"Latin-1 is refused", "Sch\xf6n", NULL},
        {"a lone surrogate is refused", "a\xed\xa0\x80", NULL},
        {"an overlong slash is refused", "a\xc0\xaf", NULL},
        {"a character cut at the end is refused", "a\xe2\x82", NULL},
        {"a point past U+10FFFF is refused", "\xf4\x90\x80\x80", NULL},
        {"a stray continuation byte is refused", "\x80", NULL},
};

static void test_row(gconstpointer data)
{
        const struct row *row = data;
        g_autoptr(GError) error = NULL;
        g_autofree char *out = NULL;
        bool done = plc_text_normalise(row->in, strlen(row->in), LIMIT, &out, &error);
        if (!row->out) {
                g_assert_false(done);
                g_assert_error(error, PLC_ERROR_DOMAIN, PLC_E_BAD_TEXT);
                return;
        }
        g_assert_no_error(error);
        g_assert_cmpstr(out, ==, row->out);
        g_autofree char *again = NULL;
        g_assert_true(plc_text_normalise(out, strlen(out), LIMIT, &again, NULL));
        g_assert_cmpstr(again, ==, out);
}

static const struct {
        const char *sentence, *text;
        bool shows;
} seen[] = {
        {"a letter", "A", true},
        {"a Hangul name", "안나", true},
        {"a flag", "🇩🇪", true},
        {"a point", ".", true},
        {"a letter among fillers", "\xe3\x85\xa4K\xe3\x85\xa4", true},
        {"a sign of private use", "\xee\x80\x80", true},
        {"nothing", "", false},
        {"blanks of all kinds", " \t\xc2\xa0\xe3\x80\x80\xe2\x80\x83", false},
        {"the Hangul filler", "\xe3\x85\xa4", false},
        {"its half-width form", "\xef\xbe\xa0", false},
        {"the fillers of jamo", "\xe1\x85\x9f\xe1\x85\xa0", false},
        {"blank Braille", "\xe2\xa0\x80", false},
        {"a notehead of nothing", "\xf0\x9d\x85\x99", false},
        {"zero-width signs and a soft hyphen", "\xe2\x80\x8b\xe2\x80\x8d\xc2\xad\xef\xb8\x8f", false},
        {"signs of direction", "\xe2\x81\xa6\xe2\x81\xa9\xe2\x80\xae\xe2\x80\x8f", false},
        {"marks without a letter", "\xcc\x81\xe0\xa4\xbe", false},
        {"a tag", "\xf3\xa0\x81\xa7", false},
};

static void test_what_is_seen(void)
{
        for (size_t i = 0; i < G_N_ELEMENTS(seen); i++) {
                g_test_message("%s", seen[i].sentence);
                g_assert_cmpint(plc_text_shows(seen[i].text), ==, seen[i].shows);
        }
}

static void test_nul_is_refused_with_its_place(void)
{
        g_autoptr(GError) error = NULL;
        char *out = NULL;
        g_assert_false(plc_text_normalise("ab\0c", 4, LIMIT, &out, &error));
        g_assert_cmpstr(error->message, ==, "byte 3 of the text is U+0000");
        g_assert_null(out);
}

static void test_one_byte_over_the_limit_is_refused(void)
{
        g_autoptr(GError) error = NULL;
        char *out = NULL;
        g_assert_true(plc_text_normalise("abcd", 4, 4, &out, &error));
        g_free(g_steal_pointer(&out));
        g_assert_false(plc_text_normalise("abcde", 5, 4, &out, &error));
        g_assert_error(error, PLC_ERROR_DOMAIN, PLC_E_TOO_BIG);
}

static void test_a_tower_of_marks_is_cut_at_thirty(void)
{
        g_autoptr(GString) tower = g_string_new("q");
        for (int i = 0; i < 500; i++)
                g_string_append(tower, "\xcc\xb4");
        g_autofree char *out = NULL;
        g_assert_true(plc_text_normalise(tower->str, tower->len, LIMIT, &out, NULL));
        g_assert_cmpint(g_utf8_strlen(out, -1), ==, 31);
}

/* U+1D160 composes to three characters: the growth counts against the limit too. */
static void test_growth_counts_against_the_limit(void)
{
        g_autoptr(GError) error = NULL;
        char *out = NULL;
        const char *note = "\xf0\x9d\x85\xa0\xf0\x9d\x85\xa0";
        g_assert_false(plc_text_normalise(note, 8, 12, &out, &error));
        g_assert_error(error, PLC_ERROR_DOMAIN, PLC_E_TOO_BIG);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *name = g_strdup_printf("/normalise/%s", rows[i].sentence);
                g_test_add_data_func(name, &rows[i], test_row);
        }
        g_test_add_func("/normalise/what a reader sees of it", test_what_is_seen);
        g_test_add_func("/normalise/NUL is refused with its place", test_nul_is_refused_with_its_place);
        g_test_add_func("/normalise/one byte over the limit is refused", test_one_byte_over_the_limit_is_refused);
        g_test_add_func("/normalise/a tower of marks is cut at thirty", test_a_tower_of_marks_is_cut_at_thirty);
        g_test_add_func("/normalise/growth counts against the limit", test_growth_counts_against_the_limit);
        return g_test_run();
}
