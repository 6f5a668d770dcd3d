/* When are two words the same word? One form for both: case, compatibility forms, and the marks that a language's own
 * search ignores. */
#pragma once
#include "base/error.h"

/*
 * Which letters with marks are letters of their own is the language's affair: ö is in Swedish, and a mere accent in
 * English. The rules are those of fold.def, 0 is for every language that has none of its own.
 */
size_t plc_fold_rules(void);
/* `language`: BCP 47 or NULL. */
size_t plc_fold_rule_of(const char *language);

/*
 * Appends the folded form of one word of valid UTF-8 (what is longer than 256 code points is left out): NFKC_Casefold
 * (UAX 44); digits of every script as ASCII; marks of Latin, Greek and Cyrillic letters dropped (é → e, ё → е; not й
 * and ї, which are no и and і to anybody) but those of the rule's own letters; æ → ae, ø → o, ł → l, đ → d, ß → ss;
 * Arabic and Hebrew points, the tatweel, the nukta of Hindi and apostrophes dropped; Arabic alef, yeh, kaf and teh
 * marbuta in one form each, as Arabic and Persian keyboards differ in them. Folding again changes nothing.
 */
bool plc_fold_word(const char *word, size_t size, size_t rule, GString *out, GError **error);

bool plc_is_apostrophe(int32_t c);
