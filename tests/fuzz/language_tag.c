/* Can any Accept-Language, or any tag that a reader or a submission gives, harm whoever matches it? What comes out is a
 * tag. */
#include <string.h>

#include "text/language_tag.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const ours[] = {"en", "de", "pt-PT", "nb", "zh-Hans", "zh-Hant", "sr-Latn"};

/* Completing or writing it a second time changes nothing. */
static void same_again(char *make(const char *tag), const char *tag)
{
        g_autofree char *once = make(tag);
        g_autofree char *twice = once != NULL ? make(once) : NULL;

        g_assert_cmpstr(once, ==, twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        g_autofree char *text = g_strndup((const char *)data, size);

        same_again(plc_text_canonical_tag, text);
        g_assert_nonnull(plc_text_direction(text));
        for (size_t i = 0; i < G_N_ELEMENTS(ours); i++) {
                int score = plc_text_language_score(text, ours[i]);
                g_autofree char *tag = plc_text_language_of_reader(text, ours[i]);
                g_autofree char *again = plc_text_language_of_reader(text, tag);

                g_assert_true(score >= 0 && score <= 16 * 4 + 3);
                g_assert_true(g_str_has_prefix(tag, ours[i]) || strchr(ours[i], '-') != NULL);
                g_assert_cmpstr(again, ==, tag);
                g_assert_cmpuint(strlen(tag), <=, strlen("zh-Hant-419"));
        }
        return 0;
}
