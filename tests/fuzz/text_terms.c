/* Are terms of any text valid, bounded and the same every time, and do its own words find it? */
#include "fuzz/text_words.h"
#include "text/terms.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_matches(const char *text, const GArray *query)
{
        g_autoptr(GArray) matches = NULL;
        uint32_t at = 0;
        g_assert_true(plc_text_matches(text, "sv", query, &matches, NULL));
        for (guint i = 0; i < matches->len; i++) {
                const struct plc_match *match = &g_array_index(matches, struct plc_match, i);
                g_assert_cmpuint(match->start, >=, at);
                g_assert_cmpuint(match->end, >, match->start);
                g_assert_cmpuint(match->utf16_end, >, match->utf16_start);
                g_assert_true(g_utf8_validate(text + match->start, (gssize)(match->end - match->start), NULL));
                at = match->end;
        }
        g_assert_cmpuint(at, <=, strlen(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        g_autofree char *text = fuzz_text(data, size);
        g_autofree char *first = NULL;
        g_autofree char *second = NULL;
        g_autoptr(GArray) query = NULL;
        if (!text)
                return 0;
        g_assert_true(plc_text_index_terms(text, "sv", &first, NULL));
        g_assert_true(plc_text_index_terms(text, "sv", &second, NULL));
        g_assert_cmpstr(first, ==, second);
        g_assert_true(g_utf8_validate(first, -1, NULL));
        g_assert_null(strpbrk(first, "\"*\n"));
        if (!plc_text_query(text, &query, NULL))
                return 0;
        g_assert_cmpuint(query->len, <=, 16);
        check_matches(text, query);
        return 0;
}
