/* Which words is a text found by, and which of its words were asked for? One ICU segmentation and folding for every
 * index and every query. */
#pragma once
#include "base/error.h"

/* A term longer than this (code points) is no word of a language; it is left out. */
#define PLC_TERM_LIMIT 64

/*
 * Space-joined terms of `utf8` (valid UTF-8, at most 1 MiB): words by ICU (Chinese, Japanese, Thai, Khmer, Lao,
 * Burmese by dictionary), parted at apostrophes of Latin words (l'été: l, été) and at dots and underscores that are not
 * between digits, folded by plc_fold_word without a language. Order and repetitions are kept. Empty if there is no
 * word. Free with g_free.
 */
bool plc_text_terms(const char *utf8, char **out, GError **error);

/*
 * What an index stores: as above, but the letters of `language` (BCP 47, or NULL: not known) stay (öl in Swedish), and
 * behind the words stand Arabic ones without article, preposition and conjunction (والمصباح gives مصباح as well), then,
 * of each unbroken run of Chinese, Japanese and Korean characters, the pairs of neighbours and the last character:
 * 质量很好 gives 质量 很好 质量 量很 很好 好; of Thai, Lao, Khmer and Burmese the threes. By these it is found where a
 * dictionary cuts text and query differently, and Korean words are found without their particles. No term holds a
 * space, a quotation mark or an asterisk.
 */
bool plc_text_index_terms(const char *utf8, const char *language, char **out, GError **error);

/* One word of a question. */
struct plc_query_word {
        /* NULL-terminated; one of them has to be in the text: one term, or several with spaces, which stand next to
         * each other in this order; an asterisk at the end of the last one stands for any rest of that term. */
        char **forms;
};

/*
 * The words of a question whose language nobody knows; a text is found that has all of them. Its forms are the foldings
 * of all languages (öl: ol, öl, oel), so a text is found whatever its language; a word without marks finds letters with
 * marks only where the language of the text takes them for the same. At most 16 words are read, at most 1 KiB.
 * Elements are struct plc_query_word, free with g_array_unref. BAD_TEXT if it is not UTF-8.
 */
bool plc_text_query(const char *utf8, GArray **out_words, GError **error);

struct plc_match {
        uint32_t start, end;             /* bytes of the UTF-8 text */
        uint32_t utf16_start, utf16_end; /* the same place in UTF-16 code units, as JavaScript counts */
};
/*
 * Where the words of a question stand in a text: in its own positions, in order, apart from each other, on whole words
 * (in Chinese, Japanese and Korean on whole characters). Elements are struct plc_match, free with g_array_unref.
 */
bool plc_text_matches(const char *utf8, const char *language, const GArray *query, GArray **out_matches,
                      GError **error);
