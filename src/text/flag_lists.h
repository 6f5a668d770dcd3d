/* What is a list of words in memory? Keys of words, by their first one. */
#pragma once
#include "text/flags.h"

#define PLC_FLAG_WORDS 8 /* of a phrase */

struct plc_flag_entry {
        plc_flag_kind kind;
        char *language; /* "any": of every language */
        char *text;     /* as written, without its asterisk */
        char **words;   /* keys; NULL-terminated */
        bool rest;      /* the last word may go on: "betrüg*" */
        char **except;  /* keys of words that `rest` does not mean; shared by the file, not owned */
};

struct plc_flag_lists {
        GHashTable *by_word; /* first key → GPtrArray of struct plc_flag_entry *, of those whose first word is whole */
        GHashTable *by_head; /* first three bytes of the key → the like, of entries of one word that may go on */
        GPtrArray *entries;  /* owns them */
        GPtrArray *excepts;  /* owns the lists */
        GHashTable *languages;
};

/*
 * What a folded word is compared by: its skeleton (UTS 39), folded again; letters that stand three times or more are
 * kept `most` times. Appends to out.
 */
bool plc_flag_key(const char *folded, size_t size, unsigned most, GString *out, GError **error);
