/* Which words is a text found by? One ICU segmentation and folding for every index and every query. */
#pragma once
#include "base/error.h"

/* A term longer than this is no word of a language; it is left out. */
#define PLC_TERM_LIMIT 64

/*
 * Space-joined terms of `utf8` (valid UTF-8, at most 1 MiB): words by ICU (Chinese, Japanese, Thai, Khmer by
 * dictionary), compatibility forms and case folded (NFKC_Casefold), marks of Latin, Greek and Cyrillic letters dropped
 * (é → e, ё → е, but й and ї stay: letters of their own), ß → ss, ø → o, ł → l, đ → d, æ → ae. Order and
 * repetitions are kept, so phrases can be searched. A run of Han without a space is also told by the dictionary; a
 * query goes the same way. Empty if there is no word. Free with g_free.
 */
bool plc_text_terms(const char *utf8, char **out, GError **error);
