/* What do the fuzz targets of text begin with? Bytes as a stranger's text, normalised as the office does it. */
#pragma once
#include "text/normalise.h"
#include <glib.h>
#include <string.h>

#define FUZZ_LIMIT ((size_t)4096)

/* What comes out of a step is text as it went in: valid, NFC, at most three times as long. */
static inline void fuzz_check(const char *out, const char *in)
{
        g_assert_true(g_utf8_validate(out, -1, NULL));
        g_assert_cmpuint(strlen(out), <=, 3 * strlen(in));
        g_autofree char *composed = g_utf8_normalize(out, -1, G_NORMALIZE_NFC);
        g_assert_cmpstr(out, ==, composed);
}

/* NULL: refused. Free with g_free. */
static inline char *fuzz_text(const uint8_t *data, size_t size)
{
        char *text = NULL;
        if (size <= FUZZ_LIMIT)
                plc_text_normalise((const char *)data, size, 4 * FUZZ_LIMIT, &text, NULL);
        return text;
}
