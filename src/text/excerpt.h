/* How is a long text quoted in little room? By whole sentences, else whole words of its beginning; never a changed or a
 * cut word. */
#pragma once
#include "base/error.h"

/* What stands where words were left out; one of the `limit` clusters. */
#define PLC_ELLIPSIS "\xe2\x80\xa6"

struct plc_excerpt {
        char *text;     /* g_free */
        bool shortened; /* words were left out: an ellipsis stands where */
};

/*
 * What is quoted of `utf8` (valid UTF-8, at most 1 MiB) within `limit` user-perceived characters (grapheme clusters),
 * at least 1: all of it if it fits; else the first sentences, if they fill a third of the room; else the longest run of
 * sentences from further on, if it fills half (of both, without those that hold a PLC_PII_MASK); else the first ones as
 * they are, if they fill a third; else the words of the beginning that fit (dictionary words in Chinese,
 * Japanese, Thai, Khmer), if not one fits, an ellipsis alone. White space at the ends is dropped, inside it each run
 * becomes one space (a quote is one line). Sentences left out are words left out. Free with plc_excerpt_clear.
 */
bool plc_text_excerpt(const char *utf8, size_t limit, struct plc_excerpt *out, GError **error);
void plc_excerpt_clear(struct plc_excerpt *excerpt);
