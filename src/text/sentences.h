/* Where do sentences and words end? ICU's boundaries (UAX 29, dictionaries for unspaced scripts) as byte offsets of
 * UTF-8. */
#pragma once
#include "base/error.h"

/* Byte offsets (uint32_t) of the ends of the sentences, ascending, the last one is size (of 0 bytes: none). size ≤ 1
 * MiB. */
bool plc_sentences(const char *utf8, size_t size, GArray **out_ends, GError **error);

struct plc_word {
        uint32_t start, end; /* bytes */
        bool letters;        /* a word of letters, digits, ideographs; not space or punctuation */
};
/* All pieces between word boundaries, in order. */
bool plc_words(const char *utf8, size_t size, GArray **out_words, GError **error);
/* Byte offsets of the ends of user-perceived characters (grapheme clusters). */
bool plc_clusters(const char *utf8, size_t size, GArray **out_ends, GError **error);
