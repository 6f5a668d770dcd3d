/* What do the index's and the query's side of terms share? The terms of a text with their places in it. */
#pragma once
#include "base/error.h"

struct plc_term {
        uint32_t at, size;   /* in `all` */
        uint32_t start, end; /* bytes of the text */
        uint32_t first_end;  /* of neighbouring characters: where the first ends; 0 of a word */
};

struct plc_terms {
        GString *all; /* space-joined */
        GArray *list; /* of struct plc_term: words in order, then what plc_text_index_terms says, in order */
        size_t rule;  /* of plc_fold_word */
};

/* more: what an index holds, else the words alone. */
bool plc_terms_read(const char *utf8, size_t rule, bool more, struct plc_terms *out, GError **error);
void plc_terms_done(struct plc_terms *terms);

/*
 * `*out`: the neighbouring characters of one word as a phrase. Of Chinese, Japanese or Korean the pairs, without the
 * last character alone, or the character and an asterisk if it is but one; of Thai, Lao, Khmer or Burmese the threes,
 * if it has so many. Untouched if there are none. Free with g_free.
 */
bool plc_terms_grams(const char *word, size_t size, char **out, GError **error);
/* Does it begin with a letter of Thai, Lao, Khmer or Burmese? */
bool plc_terms_takes_threes(const char *word, size_t size);
/* `*out`: a folded Arabic word of a question without its article; untouched if it has none. Free with g_free. */
void plc_terms_bare(const char *word, char **out);
