/* What should a moderator look at in a text? Insults, advertising, health claims, competitors' names: words of lists
 * that people keep (presets/words). A flag tells; it never rejects. */
#pragma once
#include "base/error.h"

typedef enum plc_flag_kind {
        PLC_FLAG_INSULT,
        PLC_FLAG_ADVERTISING,
        PLC_FLAG_HEALTH_CLAIM,
        PLC_FLAG_COMPETITOR,
        PLC_FLAG_LINK, /* found by plc_text_pii, not here */
        PLC_FLAG_KINDS_
} plc_flag_kind;

const char *plc_flag_kind_name(plc_flag_kind kind); /* "health_claim" */

struct plc_flag {
        uint32_t start, end; /* bytes of the text given */
        plc_flag_kind kind;
};

typedef struct plc_flag_lists plc_flag_lists;

/*
 * All files *.json of `dir` (NULL: presets/words), then those of `site_dir` (NULL or not there: none) on top of them,
 * schema placet.words/1. `competitors`: the site's own list of names (NULL-terminated, or NULL), looked for in every
 * language. BAD_CONFIG names file, pointer and rule. Read-only from then on: safe to use from many threads.
 */
bool plc_flag_lists_load(const char *dir, const char *site_dir, const char *const *competitors, plc_flag_lists **out,
                         GError **error);
/* One file alone, as a check; *out_entries: how many words and phrases it has (NULL: not asked). */
bool plc_flag_lists_check(const char *path, size_t *out_entries, GError **error);
void plc_flag_lists_free(plc_flag_lists *lists);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_flag_lists, plc_flag_lists_free)

/* How many languages have a list, the one for every language not counted. */
size_t plc_flag_lists_languages(const plc_flag_lists *lists);
size_t plc_flag_lists_entries(const plc_flag_lists *lists);

/*
 * Words and phrases of `utf8` (valid, at most 1 MiB) that the lists of these languages (BCP 47, NULL-terminated or
 * NULL; English and the list for all are always among them) hold. Compared are whole words as ICU segments them, folded
 * (plc_fold_word), and by what they look like (UTS 39 skeletons: Cyrillic о for Latin o, 0 for o; digits for letters:
 * 1d1ot); letters that stand
 * apart one by one (s p a m) are one word, three or more of the same letter count as two or one. At most 100 flags, in
 * order, apart from each other; elements of *out are struct plc_flag, free with g_array_unref.
 */
bool plc_text_flags(const plc_flag_lists *lists, const char *utf8, const char *const *languages, GArray **out,
                    GError **error);
