/* Does an excerpt of any text keep to its room and to the words of the text? The first byte is the room. */
#include "fuzz/text_words.h"
#include "text/excerpt.h"
#include "text/sentences.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        if (size < 1)
                return 0;
        size_t limit = 1 + data[0];
        g_autofree char *text = fuzz_text(data + 1, size - 1);
        g_autoptr(GArray) clusters = NULL;
        struct plc_excerpt first, second;
        if (!text)
                return 0;
        g_assert_true(plc_text_excerpt(text, limit, &first, NULL));
        g_assert_true(plc_text_excerpt(text, limit, &second, NULL));
        g_assert_cmpstr(first.text, ==, second.text);
        if (text[0] != '\0')
                fuzz_check(first.text, text);
        g_assert_true(plc_clusters(first.text, strlen(first.text), &clusters, NULL));
        g_assert_cmpuint(clusters->len, <=, limit);
        g_assert_cmpuint(strlen(first.text), <=, strlen(text) + strlen(PLC_ELLIPSIS) * 2 + 2);
        plc_excerpt_clear(&first);
        plc_excerpt_clear(&second);
        return 0;
}
