/* Is what is found apart and in order, and is the masked text valid, bounded and the same every time? */
#include "fuzz/text_words.h"
#include "text/pii.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static const char *const orders[] = {"ORD-999999", "AA9", NULL};
        g_autofree char *text = fuzz_text(data, size);
        struct plc_pii first, second;
        uint32_t at = 0;
        if (!text)
                return 0;
        g_assert_true(plc_text_pii(text, orders, &first, NULL));
        g_assert_true(plc_text_pii(text, orders, &second, NULL));
        g_assert_cmpstr(first.masked, ==, second.masked);
        fuzz_check(first.masked, text);
        for (guint i = 0; i < first.spans->len; i++) {
                const struct plc_pii_span *span = &g_array_index(first.spans, struct plc_pii_span, i);
                g_assert_cmpuint(span->start, >=, at);
                g_assert_cmpuint(span->end, >, span->start);
                g_assert_true(g_utf8_validate(text + span->start, (gssize)(span->end - span->start), NULL));
                at = span->end;
        }
        g_assert_cmpuint(at, <=, strlen(text));
        plc_pii_clear(&first);
        plc_pii_clear(&second);
        return 0;
}
