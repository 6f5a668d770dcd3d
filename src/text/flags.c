/* What should a moderator look at in a text? Each word is looked up by what it looks like. */
#include "text/flags.h"
#include "text/flag_lists.h"
#include "text/fold.h"
#include "text/terms_private.h"
#include "text/utf8.h"
#include <string.h>
#include <unicode/uspoof.h>

#define FLAGS_LIMIT 100
#define KEY_BYTES 512

const char *plc_flag_kind_name(plc_flag_kind kind)
{
        static const char *const names[PLC_FLAG_KINDS_] = {"insult", "advertising", "health_claim", "competitor",
                                                           "link"};
        return names[kind];
}

/* ICU makes it once and for all threads; nobody frees it. */
static const USpoofChecker *spoof_checker(void)
{
        static gsize made;
        static USpoofChecker *checker;
        if (g_once_init_enter(&made)) {
                UErrorCode status = U_ZERO_ERROR;
                checker = uspoof_open(&status);
                g_once_init_leave(&made, 1);
        }
        return checker;
}

/* Three or more of one letter: nobody counts them. */
static void append_fewer(const char *word, unsigned most, GString *out)
{
        for (const char *c = word; *c;) {
                const char *next = g_utf8_next_char(c), *end = next;
                unsigned run = 1;
                while (strncmp(end, c, (size_t)(next - c)) == 0) {
                        end += next - c;
                        run++;
                }
                for (unsigned i = 0; i < (run > 2 ? most : run); i++)
                        g_string_append_len(out, c, next - c);
                c = end;
        }
}

static bool only_plain_letters(const char *word, size_t size)
{
        for (size_t i = 0; i < size; i++) {
                if (word[i] < 'a' || word[i] > 'z' || word[i] == 'm')
                        return false;
        }
        return true;
}

bool plc_flag_key(const char *folded, size_t size, unsigned most, GString *out, GError **error)
{
        char skeleton[KEY_BYTES];
        g_autofree char *word = g_strndup(folded, size);
        if (only_plain_letters(word, size)) { /* but m (rn) their skeletons are themselves */
                append_fewer(word, most, out);
                return true;
        }
        UErrorCode status = U_ZERO_ERROR;
        int32_t n = uspoof_getSkeletonUTF8(spoof_checker(), 0, word, (int32_t)size, skeleton, KEY_BYTES - 1, &status);
        if (status == U_BUFFER_OVERFLOW_ERROR)
                return true; /* no word */
        if (U_FAILURE(status))
                return plc_fail(error, PLC_E_INTERNAL, "ICU: %s", u_errorName(status));
        if ((size_t)n == size && memcmp(skeleton, word, size) == 0) { /* folded as it is */
                append_fewer(word, most, out);
                return true;
        }
        g_autoptr(GString) again = g_string_new(NULL);
        if (!plc_fold_word(skeleton, (size_t)n, 0, again, error))
                return false;
        append_fewer(again->str, most, out);
        return true;
}

struct search {
        const plc_flag_lists *lists;
        const char *utf8;
        const char *const *languages;
        struct plc_terms terms;
        GPtrArray *keys; /* of each term */
        GArray *found;
};

static bool speaks(const struct search *s, const char *language)
{
        if (strcmp(language, "any") == 0 || strcmp(language, "en") == 0)
                return true;
        size_t size = strlen(language);
        for (size_t i = 0; s->languages && s->languages[i]; i++) {
                if (g_ascii_strncasecmp(s->languages[i], language, size) == 0 && strchr("-_", s->languages[i][size]))
                        return true; /* strchr also finds the end */
        }
        return false;
}

static bool fits_word(const struct plc_flag_entry *entry, const char *key, size_t i)
{
        if (strcmp(key, entry->words[i]) == 0)
                return true;
        return entry->rest && !entry->words[i + 1] && g_str_has_prefix(key, entry->words[i]) &&
               !(entry->except && g_strv_contains((const char *const *)entry->except, key));
}

/* The entry's words from this term on: how many terms, 0 if not. */
static guint fits(const struct search *s, const struct plc_flag_entry *entry, const char *key, guint at)
{
        guint i = 0;
        for (; entry->words[i]; i++) {
                if (at + i >= s->keys->len || !fits_word(entry, i == 0 ? key : s->keys->pdata[at + i], i))
                        return 0;
        }
        return i;
}

static void add(struct search *s, plc_flag_kind kind, uint32_t start, uint32_t end)
{
        struct plc_flag *last = s->found->len > 0 ? &g_array_index(s->found, struct plc_flag, s->found->len - 1) : NULL;
        if (last && start < last->end) {
                if (last->kind == kind)
                        last->end = MAX(last->end, end);
                return;
        }
        struct plc_flag flag = {start, end, kind};
        if (s->found->len < FLAGS_LIMIT)
                g_array_append_val(s->found, flag);
}

static bool look_in(struct search *s, const GPtrArray *entries, const char *key, guint at, uint32_t end)
{
        for (guint i = 0; entries && i < entries->len; i++) {
                const struct plc_flag_entry *entry = entries->pdata[i];
                guint count = speaks(s, entry->language) ? fits(s, entry, key, at) : 0;
                if (count == 0)
                        continue;
                const struct plc_term *last = &g_array_index(s->terms.list, struct plc_term, at + count - 1);
                add(s, entry->kind, g_array_index(s->terms.list, struct plc_term, at).start, MAX(last->end, end));
                return true;
        }
        return false;
}

static bool look_up(struct search *s, const char *key, guint at, uint32_t end)
{
        char head[4] = {0};
        if (key[0] == '\0')
                return false;
        g_strlcpy(head, key, sizeof head);
        return look_in(s, g_hash_table_lookup(s->lists->by_word, key), key, at, end) ||
               look_in(s, g_hash_table_lookup(s->lists->by_head, head), key, at, end);
}

/* Letters that stand apart one by one, at least three: the key of their word, and where it ends. */
static bool spelled_out(const struct search *s, guint at, GString *key, uint32_t *out_end)
{
        g_autoptr(GString) word = g_string_new(NULL);
        uint32_t end = 0;
        guint letters = 0;
        for (guint i = at; i < s->terms.list->len && word->len < 64; i++) {
                const struct plc_term *term = &g_array_index(s->terms.list, struct plc_term, i);
                if (g_utf8_strlen(s->terms.all->str + term->at, term->size) != 1 || (end > 0 && term->start > end + 2))
                        break;
                g_string_append(word, s->keys->pdata[i]);
                letters++;
                end = term->end;
        }
        *out_end = end;
        append_fewer(word->str, 2, key);
        return letters >= 3;
}

static bool has_run(const char *word, size_t size)
{
        const char *before = NULL;
        for (const char *c = word; c < word + size; before = c, c = g_utf8_next_char(c)) {
                if (before && g_utf8_get_char(before) == g_utf8_get_char(c) && g_utf8_next_char(c) < word + size &&
                    g_utf8_get_char(g_utf8_next_char(c)) == g_utf8_get_char(c))
                        return true;
        }
        return false;
}

/* Digits that stand for letters, in a word of at least four signs that has more letters than digits: 1d1ot, Lum1na.
 * Otherwise untouched. */
static bool read_digits(const char *word, size_t size, GString **out)
{
        static const char letters[] = "oizeasgtbg"; /* of 0 to 9 */
        size_t digits = 0;
        for (size_t i = 0; i < size; i++)
                digits += g_ascii_isdigit(word[i]);
        if (size < 4 || digits == 0 || 2 * digits >= size)
                return false;
        *out = g_string_new_len(word, (gssize)size);
        for (char *c = (*out)->str; *c; c++)
                *c = g_ascii_isdigit(*c) ? letters[*c - '0'] : *c;
        return true;
}

/* What Arabic and Hebrew write onto a word: article, prepositions, conjunction. NULL if there is none; g_free. */
static char *without_prefix(const char *word)
{
        static const char *const hebrew = "הושבלכמ";
        char *bare = NULL;
        gunichar first = g_utf8_get_char(word);
        if (first >= 0x5d0 && first <= 0x5ea && g_utf8_strchr(hebrew, -1, first) && g_utf8_strlen(word, -1) > 3)
                return g_strdup(g_utf8_next_char(word));
        plc_terms_bare(word, &bare);
        return bare;
}

/* النصابين, והנוכלים: without what is written onto the word, twice at most. */
static bool look_behind_prefix(struct search *s, guint at, const char *folded, size_t size, bool *out_found,
                               GError **error)
{
        *out_found = false;
        if ((uint8_t)folded[0] < 0xd7 || (uint8_t)folded[0] > 0xdb) /* U+05C0 to U+06FF */
                return true;
        g_autofree char *word = g_strndup(folded, size);
        for (unsigned i = 0; i < 2 && !*out_found; i++) {
                g_autofree char *bare = without_prefix(word);
                g_autoptr(GString) key = g_string_new(NULL);
                if (!bare)
                        return true;
                if (!plc_flag_key(bare, strlen(bare), 2, key, error))
                        return false;
                *out_found = look_up(s, key->str, at, 0);
                g_free(word);
                word = g_steal_pointer(&bare);
        }
        return true;
}

static bool look_at(struct search *s, guint at, GError **error)
{
        const struct plc_term *term = &g_array_index(s->terms.list, struct plc_term, at);
        const char *folded = s->terms.all->str + term->at;
        if (look_up(s, s->keys->pdata[at], at, 0))
                return true;
        bool found = false;
        if (!look_behind_prefix(s, at, folded, term->size, &found, error) || found)
                return found;
        g_autoptr(GString) letters = NULL;
        if (read_digits(folded, term->size, &letters)) {
                g_autoptr(GString) key = g_string_new(NULL);
                if (!plc_flag_key(letters->str, letters->len, 2, key, error))
                        return false;
                if (look_up(s, key->str, at, 0))
                        return true;
        }
        if (has_run(folded, term->size)) {
                g_autoptr(GString) key = g_string_new(NULL);
                if (!plc_flag_key(folded, term->size, 1, key, error))
                        return false;
                if (look_up(s, key->str, at, 0))
                        return true;
        }
        g_autoptr(GString) key = g_string_new(NULL);
        uint32_t end = 0;
        if (spelled_out(s, at, key, &end))
                look_up(s, key->str, at, end);
        return true;
}

static bool make_keys(struct search *s, GError **error)
{
        for (guint i = 0; i < s->terms.list->len; i++) {
                const struct plc_term *term = &g_array_index(s->terms.list, struct plc_term, i);
                g_autoptr(GString) key = g_string_new(NULL);
                if (!plc_flag_key(s->terms.all->str + term->at, term->size, 2, key, error))
                        return false;
                g_ptr_array_add(s->keys, g_strndup(key->str, key->len));
        }
        return true;
}

bool plc_text_flags(const plc_flag_lists *lists, const char *utf8, const char *const *languages, GArray **out,
                    GError **error)
{
        struct search s = {.lists = lists, .utf8 = utf8, .languages = languages};
        if (!plc_terms_read(utf8, 0, false, &s.terms, error))
                return false;
        s.keys = g_ptr_array_new_with_free_func(g_free);
        s.found = g_array_new(FALSE, FALSE, sizeof(struct plc_flag));
        bool ok = make_keys(&s, error);
        for (guint at = 0; ok && at < s.keys->len; at++)
                ok = look_at(&s, at, error);
        plc_terms_done(&s.terms);
        g_ptr_array_unref(s.keys);
        if (ok)
                *out = s.found;
        else
                g_array_unref(s.found);
        return ok;
}
