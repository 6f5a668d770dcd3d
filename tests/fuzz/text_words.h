/* What do the fuzz targets of text begin with? Bytes as a stranger's text, normalised as the office does it. */
#pragma once
#include "text/normalise.h"
#include <glib.h>

#define FUZZ_LIMIT ((size_t)4096)

/* NULL: refused. Free with g_free. */
static inline char *fuzz_text(const uint8_t *data, size_t size)
{
        char *text = NULL;
        if (size <= FUZZ_LIMIT)
                plc_text_normalise((const char *)data, size, 4 * FUZZ_LIMIT, &text, NULL);
        return text;
}
