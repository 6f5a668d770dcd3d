/* Are flags apart, in order, on whole characters, and the same every time? */
#include "fuzz/text_words.h"
#include "text/flags.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static plc_flag_lists *lists;
        static const char *const languages[] = {"de", "zh-Hans", "th", "ru", "ar", NULL};
        g_autofree char *text = fuzz_text(data, size);
        g_autoptr(GArray) first = NULL;
        g_autoptr(GArray) second = NULL;
        uint32_t at = 0;
        if (!lists && !plc_flag_lists_load(NULL, NULL, NULL, &lists, NULL))
                g_error("no word lists");
        if (!text)
                return 0;
        g_assert_true(plc_text_flags(lists, text, languages, &first, NULL));
        g_assert_true(plc_text_flags(lists, text, languages, &second, NULL));
        g_assert_cmpuint(first->len, ==, second->len);
        for (guint i = 0; i < first->len; i++) {
                const struct plc_flag *flag = &g_array_index(first, struct plc_flag, i);
                g_assert_cmpuint(flag->start, >=, at);
                g_assert_cmpuint(flag->end, >, flag->start);
                g_assert_true(g_utf8_validate(text + flag->start, (gssize)(flag->end - flag->start), NULL));
                at = flag->end;
        }
        g_assert_cmpuint(at, <=, strlen(text));
        return 0;
}
