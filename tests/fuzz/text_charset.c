/* Do any bytes become text, or a refusal? The last one says how they are read. Decoded, repaired, normalised: valid NFC
 * UTF-8, bounded, the same every time.
 */
#include "text/charset.h"
#include "text/normalise.h"
#include <glib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LIMIT ((size_t)4096)

static const char *const declared[] = {"windows-1251", "Shift_JIS", "UTF-16", "no such charset"};

/* `how`: what is declared and whether the language is asked. */
static char *text_of(const uint8_t *data, size_t size, unsigned how)
{
        static plc_detector *detector;
        struct plc_decoded decoded;
        g_autofree char *repaired = NULL;
        char *normal = NULL;
        unsigned times = 0;
        if (!detector)
                g_assert_true(plc_detector_open_default(&detector, NULL));
        if (!plc_text_decode((const char *)data, size, LIMIT, how < G_N_ELEMENTS(declared) ? declared[how] : NULL,
                             how % 2 ? detector : NULL, &decoded, NULL))
                return NULL;
        /* No charset's character of one byte has more than three in UTF-8. */
        g_assert_cmpuint(decoded.size, <=, 3 * size);
        g_assert_true(g_utf8_validate(decoded.text, (gssize)decoded.size, NULL));
        g_assert_true(plc_text_repair(decoded.text, &repaired, &times, NULL));
        g_assert_cmpuint(strlen(repaired), <=, decoded.size);
        g_assert_true(plc_text_normalise(repaired, strlen(repaired), 16 * LIMIT, &normal, NULL));
        plc_decoded_clear(&decoded);
        return normal;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        if (size > LIMIT)
                return 0;
        unsigned how = size > 0 ? data[size - 1] % 16 : 5;
        g_autofree char *text = text_of(data, size, how);
        g_autofree char *again = text_of(data, size, how);
        g_assert_cmpstr(text, ==, again);
        if (text) {
                g_autofree char *composed = g_utf8_normalize(text, -1, G_NORMALIZE_NFC);
                g_assert_cmpstr(text, ==, composed);
        }
        return 0;
}
