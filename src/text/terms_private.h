/* What do the index's and the query's side of terms share? The terms of a text with their places in it. */
#pragma once
#include "base/error.h"

struct plc_term {
        uint32_t at, size;   /* in `all` */
        uint32_t start, end; /* bytes of the text */
        uint32_t first_end;  /* of a pair: where its first character ends; 0 of a word */
};

struct plc_terms {
        GString *all; /* space-joined */
        GArray *list; /* of struct plc_term: words in order, then pairs in order */
        size_t rule;  /* of plc_fold_word */
};

bool plc_terms_read(const char *utf8, size_t rule, bool pairs, struct plc_terms *out, GError **error);
void plc_terms_done(struct plc_terms *terms);

/* `*out`: the pairs of one word of Chinese, Japanese or Korean as a phrase, without the last character alone; the
 * character and an asterisk if it is but one; untouched if the word is of another script. Free with g_free. */
bool plc_terms_pairs(const char *word, size_t size, char **out, GError **error);
