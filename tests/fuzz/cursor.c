/* Can any cursor harm the server? What is taken is exactly what it would write. */
#include "serve/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        g_autofree char *text = g_strndup((const char *)data, size);
        static const char kinds[] = "rmspb";

        for (const char *kind = kinds; *kind != '\0'; kind++) {
                char rest[64];
                int64_t number = 0;

                if (!plc_serve_cursor_read(text, *kind, &number, rest))
                        continue;
                g_autofree char *again = plc_serve_cursor_write(*kind, number, rest);
                g_assert_cmpstr(again, ==, text);
        }
        return 0;
}
