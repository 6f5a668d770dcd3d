/* Which words has a language, and how frequent are they? From lists and texts, cut by the same code as at run time. */
#include "base/file.h"
#include "text/letters.h"
#include "train.h"
#include <math.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>

/* Rarer words than the first so many of a language teach nothing that the others do not. */
#define MOST_WORDS 150000
#define LONGEST 40
/* A text of so many words says as much of their frequencies as a list. */
#define TEXT_AS_LIST 200000.0
/* A word that English has so much more often is English, in whatever list it stands. */
#define LEAKED 0.3
/* Drawn as a list has them, a word weighs its frequency to this power. */
#define TYPE_POWER 0.4
#define HELD_OUT 20
#define FILE_LIMIT (256 * PLC_MIB)

const uint32_t *train_letters(const struct train *train, const struct train_word *word)
{
        return &g_array_index(train->pool, uint32_t, word->at);
}

bool train_is_han(const struct train *train, size_t label)
{
        return train->labels[label].script_value == USCRIPT_HAN;
}

size_t train_strip(const uint32_t *letters, size_t length, uint32_t out[PLC_MODEL_WORD])
{
        static const struct {
                uint32_t marked;
                const char *bare;
        } undivided[] = {{0x111, "d"}, {0x142, "l"}, {0xf8, "o"}, {0x131, "i"}, {0xe6, "a"}, {0xdf, "ss"}};
        UErrorCode status = U_ZERO_ERROR;
        const UNormalizer2 *nfd = unorm2_getNFDInstance(&status);
        size_t count = 0;
        for (size_t i = 0; i < length && count + 2 <= PLC_MODEL_WORD; i++) {
                UChar parts[8];
                UChar32 first = (UChar32)letters[i];
                const char *bare = NULL;
                for (size_t k = 0; k < G_N_ELEMENTS(undivided); k++)
                        bare = undivided[k].marked == letters[i] ? undivided[k].bare : bare;
                for (const char *c = bare; c && *c; c++)
                        out[count++] = (uint32_t)*c;
                if (bare)
                        continue;
                status = U_ZERO_ERROR;
                int32_t size = unorm2_getDecomposition(nfd, first, parts, G_N_ELEMENTS(parts), &status);
                if (U_SUCCESS(status) && size > 0 && !U16_IS_SURROGATE(parts[0]))
                        first = parts[0];
                out[count++] = (uint32_t)first;
        }
        return count;
}

bool train_read_labels(struct train *train, GError **error)
{
        g_autofree char *path = g_build_filename(train->folder, "labels", NULL), *text = NULL;
        if (!g_file_get_contents(path, &text, NULL, error))
                return false;
        g_auto(GStrv) lines = g_strsplit(text, "\n", 0);
        for (char **line = lines; *line && **line; line++) {
                g_auto(GStrv) cells = g_strsplit(*line, "\t", 0);
                if (g_strv_length(cells) != 4 || train->label_count == TRAIN_MAX_LABELS)
                        return plc_fail(error, PLC_E_BAD_CONFIG, "%s: expected tag, script, prior, text share: %s",
                                        path, *line);
                struct train_label *label = &train->labels[train->label_count];
                g_strlcpy(label->tag, cells[0], sizeof label->tag);
                g_strlcpy(label->script, cells[1], sizeof label->script);
                label->script_value = u_getPropertyValueEnum(UCHAR_SCRIPT, label->script);
                if (label->script_value < 0 || label->script_value >= TRAIN_MAX_SCRIPTS)
                        return plc_fail(error, PLC_E_BAD_CONFIG, "%s: no script: %s", path, cells[1]);
                label->prior = g_ascii_strtod(cells[2], NULL);
                label->text_share = g_ascii_strtod(cells[3], NULL);
                train->members[label->script_value][train->member_count[label->script_value]++] = train->label_count++;
        }
        for (size_t i = 0; i < train->label_count; i++)
                train->labels[i].alone = train->member_count[train->labels[i].script_value] == 1;
        return true;
}

/* A word while its language is read: found by its letters. */
struct entry {
        struct train_word word;
        size_t index;
        const struct train *train;
};

static uint32_t hash_letters(const uint32_t *letters, size_t length)
{
        uint32_t h = UINT32_C(2166136261);
        for (size_t i = 0; i < length; i++)
                h = (h ^ letters[i]) * UINT32_C(16777619);
        h ^= h >> 15;
        h *= UINT32_C(0x2c1b3c6d);
        return h ^ h >> 12;
}

static guint entry_hash(gconstpointer key)
{
        const struct entry *entry = key;
        return hash_letters(train_letters(entry->train, &entry->word), entry->word.length);
}

static gboolean entry_equal(gconstpointer one, gconstpointer two)
{
        const struct entry *a = one, *b = two;
        return a->word.length == b->word.length &&
               memcmp(train_letters(a->train, &a->word), train_letters(b->train, &b->word),
                      a->word.length * sizeof(uint32_t)) == 0;
}

struct reading {
        struct train *train;
        int script;
        GHashTable *found;  /* struct entry → itself */
        GPtrArray *entries; /* in order of appearance */
        GArray *text, *sentences;
};

static struct entry *entry_of(struct reading *reading, const uint32_t *letters, size_t length)
{
        struct train *train = reading->train;
        struct entry probe = {.word = {.at = train->pool->len, .length = (unsigned)length}, .train = train};
        g_array_append_vals(train->pool, letters, (guint)length);
        struct entry *entry = g_hash_table_lookup(reading->found, &probe);
        if (entry) {
                g_array_set_size(train->pool, (guint)probe.word.at);
                return entry;
        }
        entry = g_memdup2(&probe, sizeof probe);
        entry->index = reading->entries->len;
        entry->word.held = hash_letters(letters, length) % HELD_OUT == 7;
        g_ptr_array_add(reading->entries, entry);
        g_hash_table_add(reading->found, entry);
        return entry;
}

/* Adds the words of `line`: with `frequency` to each, or (frequency 0) as text. */
static void read_line(struct reading *reading, const char *line, size_t size, double frequency)
{
        struct plc_letters letters;
        guint before = reading->text->len;
        if (!plc_letters_read(line, size, &letters, NULL))
                return;
        uint32_t word[LONGEST + 1];
        size_t length = 0;
        for (size_t i = 0; i <= letters.count; i++) {
                const struct plc_letter *letter = i < letters.count ? &letters.all[i] : NULL;
                bool inside = letter && letter->c != 0 && letter->script == reading->script;
                if (inside && length <= LONGEST)
                        word[length++] = letter->c;
                bool han_full = reading->script == USCRIPT_HAN && length == LONGEST;
                if ((!inside || han_full) && length > 0 && length <= LONGEST) {
                        struct entry *entry = entry_of(reading, word, length);
                        entry->word.frequency += (float)frequency;
                        if (frequency <= 0)
                                g_array_append_val(reading->text, entry->index);
                }
                if (!inside || han_full)
                        length = 0;
        }
        plc_letters_done(&letters);
        if (reading->text->len > before)
                g_array_append_val(reading->sentences, before);
}

static bool read_file(struct reading *reading, const char *tag, const char *suffix, bool list, GError **error)
{
        g_autofree char *name = g_strconcat(tag, suffix, NULL);
        g_autofree char *path = g_build_filename(reading->train->folder, name, NULL), *text = NULL;
        gsize size;
        if (!g_file_get_contents(path, &text, &size, error))
                return false;
        for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
                char *tab = memchr(line, '\t', (size_t)(end - line));
                if (list && tab)
                        read_line(reading, line, (size_t)(tab - line), g_ascii_strtod(tab + 1, NULL));
                else if (!list)
                        read_line(reading, line, (size_t)(end - line), 0);
        }
        return true;
}

static void mix_frequencies(struct reading *reading, const struct train_label *label)
{
        double total = 0, text = reading->text->len;
        for (guint i = 0; i < reading->entries->len; i++)
                total += ((struct entry *)reading->entries->pdata[i])->word.frequency;
        double share = total <= 0 ? 1 : label->text_share >= 0 ? label->text_share : text / (text + TEXT_AS_LIST);
        for (guint i = 0; i < reading->entries->len; i++) {
                struct entry *entry = reading->entries->pdata[i];
                entry->word.frequency *= (float)(total > 0 ? (1 - share) / total : 0);
        }
        for (guint i = 0; i < reading->text->len; i++) {
                struct entry *entry = reading->entries->pdata[g_array_index(reading->text, size_t, i)];
                entry->word.frequency += (float)(share / text);
        }
}

static int more_frequent(gconstpointer one, gconstpointer two)
{
        const struct entry *a = *(struct entry *const *)one, *b = *(struct entry *const *)two;
        if (a->word.frequency < b->word.frequency || a->word.frequency > b->word.frequency)
                return a->word.frequency < b->word.frequency ? 1 : -1;
        return a->word.at < b->word.at ? -1 : 1;
}

/* The most frequent words, and the text in terms of them. */
static void keep_best(struct reading *reading, struct train_words *out)
{
        g_autoptr(GPtrArray) sorted = g_ptr_array_copy(reading->entries, NULL, NULL);
        g_ptr_array_set_free_func(sorted, NULL);
        g_ptr_array_sort(sorted, more_frequent);
        out->count = MIN(sorted->len, MOST_WORDS);
        out->all = g_new(struct train_word, out->count + 1);
        g_autofree uint32_t *rank = g_new(uint32_t, sorted->len + 1);
        for (guint i = 0; i < sorted->len; i++) {
                struct entry *entry = sorted->pdata[i];
                rank[entry->index] = i;
                if (i < out->count)
                        out->all[i] = entry->word;
        }
        out->text = g_new(uint32_t, reading->text->len + 1);
        out->sentences = g_new(size_t, reading->sentences->len + 1);
        for (guint s = 0; s < reading->sentences->len; s++) {
                guint end = s + 1 < reading->sentences->len ? g_array_index(reading->sentences, guint, s + 1)
                                                            : reading->text->len;
                size_t start = out->text_len;
                for (guint i = g_array_index(reading->sentences, guint, s); i < end; i++) {
                        uint32_t index = rank[g_array_index(reading->text, size_t, i)];
                        if (index < out->count)
                                out->text[out->text_len++] = index;
                }
                if (out->text_len > start)
                        out->sentences[out->sentence_count++] = start;
        }
        out->sentences[out->sentence_count] = out->text_len;
}

static bool read_label(struct train *train, size_t index, GError **error)
{
        const struct train_label *label = &train->labels[index];
        g_autoptr(GHashTable) found = g_hash_table_new(entry_hash, entry_equal);
        g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GArray) text = g_array_new(FALSE, FALSE, sizeof(size_t));
        g_autoptr(GArray) sentences = g_array_new(FALSE, FALSE, sizeof(guint));
        struct reading reading = {train, label->script_value, found, entries, text, sentences};
        if (!read_file(&reading, label->tag, ".words", true, error) ||
            !read_file(&reading, label->tag, ".text", false, error))
                return false;
        mix_frequencies(&reading, label);
        keep_best(&reading, &train->words[index]);
        if (train->words[index].count == 0)
                return plc_fail(error, PLC_E_BAD_CONFIG, "%s: no words of %s in %s", label->tag, label->script,
                                train->folder);
        return true;
}

/* Words of other languages that are English words: lists made from the web are full of them. */
static void drop_english(struct train *train)
{
        g_autoptr(GHashTable) english = g_hash_table_new_full(entry_hash, entry_equal, g_free, NULL);
        size_t en = 0;
        while (en < train->label_count && strcmp(train->labels[en].tag, "en") != 0)
                en++;
        for (size_t i = 0; en < train->label_count && i < train->words[en].count; i++) {
                struct entry entry = {.word = train->words[en].all[i], .train = train};
                g_hash_table_add(english, g_memdup2(&entry, sizeof entry));
        }
        for (size_t l = 0; l < train->label_count; l++) {
                for (size_t i = 0; l != en && i < train->words[l].count; i++) {
                        struct entry probe = {.word = train->words[l].all[i], .train = train};
                        const struct entry *same = g_hash_table_lookup(english, &probe);
                        if (same && probe.word.length >= 3 && probe.word.frequency < LEAKED * same->word.frequency)
                                train->words[l].all[i].frequency = 0;
                }
        }
}

bool train_read_words(struct train *train, GError **error)
{
        train->pool = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        for (size_t l = 0; l < train->label_count; l++) {
                if (!train->labels[l].alone && !read_label(train, l, error))
                        return false;
        }
        drop_english(train);
        for (size_t l = 0; l < train->label_count; l++) {
                struct train_words *words = &train->words[l];
                double types = 0, uses = 0;
                words->by_type = g_new(double, words->count + 1);
                words->by_use = g_new(double, words->count + 1);
                for (size_t i = 0; i < words->count; i++) {
                        double frequency = words->all[i].frequency;
                        words->by_type[i] = types += frequency > 0 ? pow(frequency, TYPE_POWER) : 0;
                        words->by_use[i] = uses += frequency;
                }
        }
        return true;
}
