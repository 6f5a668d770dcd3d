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
/* A word that English has so much more often is English, in whatever list it stands; in a list that is English for a
 * good part, also one that English has not much more often: so many times that part, and where the language's own text
 * does not have the word once, so much more often than that. */
#define LEAKED 0.3
#define LEAKED_OF_PART 3.0
#define LEAKED_UNLESS_IN_TEXT 10
/* The words of English that tell how much of a list is English: the most frequent ones. */
#define TELLING 200
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

size_t train_label_named(const struct train *train, const char *tag)
{
        size_t i = 0;
        while (i < train->label_count && strcmp(train->labels[i].tag, tag) != 0)
                i++;
        return i;
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
                if (g_strv_length(cells) != 6 || train->label_count == TRAIN_MAX_LABELS)
                        return plc_fail(error, PLC_E_BAD_CONFIG,
                                        "%s: expected tag, script, prior, text share, times, mixed: %s", path, *line);
                struct train_label *label = &train->labels[train->label_count];
                g_strlcpy(label->tag, cells[0], sizeof label->tag);
                g_strlcpy(label->script, cells[1], sizeof label->script);
                label->script_value = u_getPropertyValueEnum(UCHAR_SCRIPT, label->script);
                if (label->script_value < 0 || label->script_value >= TRAIN_MAX_SCRIPTS)
                        return plc_fail(error, PLC_E_BAD_CONFIG, "%s: no script: %s", path, cells[1]);
                label->prior = g_ascii_strtod(cells[2], NULL);
                label->text_share = g_ascii_strtod(cells[3], NULL);
                label->times = (unsigned)CLAMP(g_ascii_strtoull(cells[4], NULL, 10), 1, 100);
                label->mixed = g_ascii_strtod(cells[5], NULL);
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

static bool read_label(struct train *train, const struct train_label *label, bool text, struct train_words *out,
                       GError **error)
{
        g_autoptr(GHashTable) found = g_hash_table_new(entry_hash, entry_equal);
        g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GArray) uses = g_array_new(FALSE, FALSE, sizeof(size_t));
        g_autoptr(GArray) sentences = g_array_new(FALSE, FALSE, sizeof(guint));
        struct reading reading = {train, label->script_value, found, entries, uses, sentences};
        if (!read_file(&reading, label->tag, ".words", true, error) ||
            (text && !read_file(&reading, label->tag, ".text", false, error)))
                return false;
        mix_frequencies(&reading, label);
        keep_best(&reading, out);
        if (out->count == 0)
                return plc_fail(error, PLC_E_BAD_CONFIG, "%s: no words of %s in %s", label->tag, label->script,
                                train->folder);
        return true;
}

static GHashTable *table_of(const struct train *train, const struct train_words *words)
{
        GHashTable *table = g_hash_table_new_full(entry_hash, entry_equal, g_free, NULL);
        for (size_t i = 0; i < words->count; i++) {
                struct entry entry = {.word = words->all[i], .index = i, .train = train};
                g_hash_table_add(table, g_memdup2(&entry, sizeof entry));
        }
        return table;
}

static double frequency_in(GHashTable *table, const struct train *train, const struct train_word *word)
{
        struct entry probe = {.word = *word, .train = train};
        const struct entry *same = g_hash_table_lookup(table, &probe);
        return same ? (double)same->word.frequency : 0;
}

static int by_size(const void *one, const void *two)
{
        double a = *(const double *)one, b = *(const double *)two;
        return (a > b) - (a < b);
}

/* How much of a list is English: the median of how frequent the words of English are there, to what they are in it. */
static double english_part(const struct train *train, const struct train_words *words, GHashTable *english)
{
        double ratios[TELLING] = {0};
        for (size_t i = 0; i < words->count; i++) {
                struct entry probe = {.word = words->all[i], .train = train};
                const struct entry *same = g_hash_table_lookup(english, &probe);
                if (same && same->index < TELLING)
                        ratios[same->index] = (double)(probe.word.frequency / same->word.frequency);
        }
        qsort(ratios, TELLING, sizeof *ratios, by_size);
        return ratios[TELLING / 2];
}

/* Words of other languages that are English words: lists made from the web are full of them. */
static void drop_english(struct train *train)
{
        size_t en = train_label_named(train, "en");
        if (en == train->label_count)
                return;
        g_autoptr(GHashTable) english = table_of(train, &train->words[en]);
        for (size_t l = 0; l < train->label_count; l++) {
                struct train_words *words = &train->words[l];
                double part = l == en || words->count == 0 ? 0 : english_part(train, words, english);
                double leaked = MAX(LEAKED, LEAKED_OF_PART * part);
                if (leaked > LEAKED)
                        g_printerr("%s: %.0f %% of its words are English\n", train->labels[l].tag, 100 * part);
                g_autofree bool *said = g_new0(bool, words->count + 1);
                for (size_t i = 0; i < words->text_len; i++)
                        said[words->text[i]] = true;
                for (size_t i = 0; l != en && i < words->count; i++) {
                        struct train_word *word = &words->all[i];
                        double times = leaked > LEAKED && !said[i] ? leaked * LEAKED_UNLESS_IN_TEXT : leaked;
                        if (word->length >= 3 && (double)word->frequency < times * frequency_in(english, train, word))
                                word->frequency = 0;
                }
        }
}

/* How frequent in `table` is the word with the vowel of Old Slavic yat written the other way: vreme for vrijeme, mesto
 * for mjesto (`from` ije or je, `to` e), or back? */
static double other_yat(struct train *train, GHashTable *table, const struct train_word *word, const char *from,
                        const char *to)
{
        double most = 0;
        uint32_t changed[LONGEST + 3];
        size_t cut = strlen(from), put = strlen(to);
        for (size_t at = 0; at + cut <= word->length && word->length <= LONGEST; at++) {
                const uint32_t *letters = train_letters(train, word);
                size_t same = 0, count = 0;
                while (same < cut && letters[at + same] == (uint32_t)from[same])
                        same++;
                if (same < cut)
                        continue;
                for (size_t i = 0; i < at; i++)
                        changed[count++] = letters[i];
                for (size_t i = 0; i < put; i++)
                        changed[count++] = (uint32_t)to[i];
                for (size_t i = at + cut; i < word->length; i++)
                        changed[count++] = letters[i];
                struct train_word other = {.at = train->pool->len, .length = (unsigned)count};
                g_array_append_vals(train->pool, changed, (guint)count);
                most = MAX(most, frequency_in(table, train, &other));
                g_array_set_size(train->pool, (guint)other.at);
        }
        return most;
}

/*
 * Lists of Bosnian, Croatian and Serbian hold each other's texts. What tells them apart most is yat: Serbian writes e
 * (and only Serbian does), the two others ije and je. A word that both ways are found of, and that the other language
 * has much more often this way, is the other one's.
 */
static void drop_other_yat(struct train *train)
{
        static const char *const ijekavian[] = {"bs", "hr"};
        size_t sr = train_label_named(train, "sr-Latn");
        for (size_t k = 0; k < G_N_ELEMENTS(ijekavian); k++) {
                size_t own = train_label_named(train, ijekavian[k]);
                if (own == train->label_count || sr == train->label_count)
                        return;
                g_autoptr(GHashTable) here = table_of(train, &train->words[own]);
                g_autoptr(GHashTable) there = table_of(train, &train->words[sr]);
                for (size_t i = 0; i < train->words[own].count; i++) {
                        struct train_word *word = &train->words[own].all[i];
                        double both =
                                MAX(other_yat(train, here, word, "e", "ije"), other_yat(train, here, word, "e", "je"));
                        if (both > (double)word->frequency &&
                            frequency_in(there, train, word) > 2 * (double)word->frequency)
                                word->frequency = 0;
                }
                for (size_t i = 0; i < train->words[sr].count; i++) {
                        struct train_word *word = &train->words[sr].all[i];
                        double both = MAX(other_yat(train, there, word, "ije", "e"),
                                          other_yat(train, there, word, "je", "e"));
                        if (both > (double)word->frequency &&
                            frequency_in(here, train, word) > 2 * (double)word->frequency)
                                word->frequency = 0;
                }
        }
}

static void sum_up(struct train_words *words)
{
        double types = 0, uses = 0;
        words->by_type = g_new(double, words->count + 1);
        words->by_use = g_new(double, words->count + 1);
        for (size_t i = 0; i < words->count; i++) {
                double frequency = words->all[i].frequency;
                words->by_type[i] = types += frequency > 0 ? pow(frequency, TYPE_POWER) : 0;
                words->by_use[i] = uses += frequency;
        }
}

bool train_read_words(struct train *train, GError **error)
{
        train->pool = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        for (size_t l = 0; l < train->label_count; l++) {
                if (!train->labels[l].alone && !read_label(train, &train->labels[l], true, &train->words[l], error))
                        return false;
        }
        const struct train_label lent = {.tag = "lent", .script = "Latn", .script_value = USCRIPT_LATIN};
        if (train->member_count[USCRIPT_LATIN] > 0 && !read_label(train, &lent, false, &train->lent, error))
                return false;
        drop_english(train);
        drop_other_yat(train);
        for (size_t l = 0; l < train->label_count; l++)
                sum_up(&train->words[l]);
        sum_up(&train->lent);
        return true;
}
