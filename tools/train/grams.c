/* Which n-grams tell the languages of a script apart? Those that say most per byte of the file. */
#include "base/file.h"
#include "train.h"
#include <math.h>
#include <string.h>
#include <unicode/uscript.h>
#include <unicode/utrans.h>

/* Orders 1 to 5, and 6: a whole word. */
#define ORDERS (PLC_MODEL_MAX_ORDER + 2)
#define WHOLE (PLC_MODEL_MAX_ORDER + 1)
/* Below this share of the n-grams of its order a language does not have it. */
static const double least_share[ORDERS] = {0, 2e-5, 1e-5, 6e-6, 4e-6, 3e-6, 3e-6};
/* What learning begins with, in nats for each nat of log(share / least). */
static const double first_weight[ORDERS] = {0, 0.10, 0.175, 0.25, 0.30, 0.30, 0.20};
#define FIRST_WEIGHT_HAN 0.175
/* Of an inner n-gram's share, how much the published n-gram list says; the rest the words. */
#define LISTED 0.5
/* A sign of the other way of writing Chinese, in nats. */
#define WRITTEN_OTHERWISE 3
/* Of a language that half of the texts of are half English, what a lent word weighs among its own. */
#define MIXED_MUCH 0.3
#define LENT_COUNTS 0.02
#define TYPE_POWER 0.4

struct count {
        uint32_t hash;
        uint8_t label, order;
        bool used;
        float share;
};

struct counts {
        struct count *all; /* open addressing */
        size_t mask, used;
};

static size_t place(const struct counts *counts, uint32_t hash, size_t label)
{
        size_t at = ((uint64_t)hash * 96 + label) * UINT64_C(0x9e3779b97f4a7c15) >> 20 & counts->mask;
        while (counts->all[at].used && (counts->all[at].hash != hash || counts->all[at].label != label))
                at = (at + 1) & counts->mask;
        return at;
}

static void add(struct counts *counts, uint32_t hash, size_t label, size_t order, double share)
{
        if (counts->used * 10 >= counts->mask * 7) {
                struct counts wider = {g_new0(struct count, 2 * (counts->mask + 1)), 2 * counts->mask + 1, 0};
                for (size_t i = 0; i <= counts->mask; i++) {
                        if (counts->all[i].used)
                                wider.all[place(&wider, counts->all[i].hash, counts->all[i].label)] = counts->all[i];
                }
                wider.used = counts->used;
                g_free(counts->all);
                *counts = wider;
        }
        struct count *count = &counts->all[place(counts, hash, label)];
        if (!count->used) {
                *count = (struct count){hash, (uint8_t)label, (uint8_t)order, true, 0};
                counts->used++;
        }
        count->share += (float)share;
}

/* Order and place of the n-grams, in the order in which plc_model_grams gives them. */
static void describe(size_t length, bool han, uint8_t order[PLC_MODEL_GRAMS], bool edge[PLC_MODEL_GRAMS])
{
        size_t size = length + (han ? 0 : 2), count = 0, most = han ? 2 : PLC_MODEL_MAX_ORDER;
        for (size_t i = 0; i < size; i++) {
                for (size_t k = 0; k < most && i + k < size; k++) {
                        if (k == 0 && !han && (i == 0 || i == size - 1))
                                continue;
                        edge[count] = !han && (i == 0 || i + k == size - 1);
                        order[count++] = (uint8_t)(k + 1);
                }
        }
        edge[count] = true;
        order[count] = WHOLE;
}

struct totals {
        double all[ORDERS], inner[ORDERS];
};

static double weight_of(const struct train_words *words, size_t i)
{
        double frequency = words->all[i].frequency;
        return 0.5 * frequency / words->by_use[words->count - 1] +
               0.5 * pow(frequency, TYPE_POWER) / words->by_type[words->count - 1];
}

static struct totals sum_orders(const struct train *train, size_t label)
{
        struct totals totals = {0};
        const struct train_words *words = &train->words[label];
        bool han = train_is_han(train, label), edge[PLC_MODEL_GRAMS];
        uint8_t order[PLC_MODEL_GRAMS];
        uint32_t hashes[PLC_MODEL_GRAMS];
        for (size_t i = 0; i < words->count; i++) {
                const struct train_word *word = &words->all[i];
                if (word->held || word->frequency <= 0)
                        continue;
                double weight = weight_of(words, i);
                size_t count = plc_model_grams(train_letters(train, word), word->length, han, hashes);
                describe(word->length, han, order, edge);
                for (size_t k = 0; k < count; k++) {
                        totals.all[order[k]] += weight;
                        totals.inner[order[k]] += edge[k] ? 0 : weight;
                }
        }
        return totals;
}

struct counting {
        const struct train *train;
        struct counts *counts;
        size_t label;
        const struct totals *totals;
        bool listed; /* there is a list of n-grams, too */
};

static void count_word(const struct counting *c, const uint32_t *letters, size_t length, double weight)
{
        bool han = train_is_han(c->train, c->label), edge[PLC_MODEL_GRAMS];
        uint8_t order[PLC_MODEL_GRAMS];
        uint32_t hashes[PLC_MODEL_GRAMS];
        size_t count = plc_model_grams(letters, length, han, hashes);
        describe(length, han, order, edge);
        for (size_t k = 0; k < count; k++) {
                double share = weight / c->totals->all[order[k]];
                add(c->counts, hashes[k], c->label, order[k], c->listed && !edge[k] ? share * (1 - LISTED) : share);
        }
}

static void count_words(const struct counting *c)
{
        const struct train_words *words = &c->train->words[c->label];
        bool latin = c->train->labels[c->label].script_value == USCRIPT_LATIN;
        for (size_t i = 0; i < words->count; i++) {
                const struct train_word *word = &words->all[i];
                const uint32_t *letters = train_letters(c->train, word);
                if (word->held || word->frequency <= 0)
                        continue;
                count_word(c, letters, word->length, weight_of(words, i));
                uint32_t bare[PLC_MODEL_WORD];
                size_t length = latin ? train_strip(letters, word->length, bare) : 0;
                if (latin && (length != word->length || memcmp(bare, letters, length * sizeof *bare) != 0))
                        count_word(c, bare, length, weight_of(words, i) * TRAIN_STRIPPED);
        }
}

/* So that learning can say of the words of English, too, how often they stand in such a text. */
static void count_lent(const struct counting *c)
{
        const struct train_words *lent = &c->train->lent;
        for (size_t i = 0; i < lent->count; i++) {
                double share = (double)lent->all[i].frequency / lent->by_use[lent->count - 1];
                count_word(c, train_letters(c->train, &lent->all[i]), lent->all[i].length, LENT_COUNTS * share);
        }
}

/* The n-grams of PREPARED/xx.grams stand for letters inside words. */
static void count_list(const struct counting *c, const char *text)
{
        bool latin = c->train->labels[c->label].script_value == USCRIPT_LATIN;
        for (const char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
                const char *tab = memchr(line, '\t', (size_t)(end - line));
                uint32_t letters[PLC_MODEL_MAX_ORDER + 1], bare[PLC_MODEL_WORD];
                size_t order = 0;
                for (const char *s = line; tab && s < tab && order <= PLC_MODEL_MAX_ORDER; s = g_utf8_next_char(s))
                        letters[order++] = g_utf8_get_char(s);
                if (order == 0 || order > PLC_MODEL_MAX_ORDER)
                        continue;
                double share = g_ascii_strtod(tab + 1, NULL) * LISTED * c->totals->inner[order] / c->totals->all[order];
                add(c->counts, plc_model_hash(letters, order), c->label, order, share);
                if (latin && train_strip(letters, order, bare) == order &&
                    memcmp(bare, letters, order * sizeof *bare) != 0)
                        add(c->counts, plc_model_hash(bare, order), c->label, order, share * TRAIN_STRIPPED);
        }
}

static void count_label(const struct train *train, size_t label, struct counts *counts)
{
        struct totals totals = sum_orders(train, label);
        g_autofree char *name = g_strconcat(train->labels[label].tag, ".grams", NULL);
        g_autofree char *path = g_build_filename(train->folder, name, NULL), *text = NULL;
        bool listed = g_file_get_contents(path, &text, NULL, NULL);
        struct counting counting = {train, counts, label, &totals, listed};
        count_words(&counting);
        if (train->labels[label].mixed >= MIXED_MUCH)
                count_lent(&counting);
        if (listed)
                count_list(&counting, text);
}

static int by_hash(const void *one, const void *two)
{
        const struct count *a = one, *b = two;
        if (a->hash != b->hash)
                return a->hash < b->hash ? -1 : 1;
        return (int)a->label - (int)b->label;
}

/* Leaves the shares that count, sorted. */
static size_t settle(struct counts *counts)
{
        size_t n = 0;
        for (size_t i = 0; i <= counts->mask; i++) {
                struct count count = counts->all[i];
                if (count.used && count.share > least_share[count.order])
                        counts->all[n++] = count;
        }
        qsort(counts->all, n, sizeof *counts->all, by_hash);
        return n;
}

struct candidate {
        double worth; /* per byte */
        size_t start, end;
};

static int more_worth(const void *one, const void *two)
{
        const struct candidate *a = one, *b = two;
        if (a->worth < b->worth || a->worth > b->worth)
                return a->worth < b->worth ? 1 : -1;
        return a->start < b->start ? -1 : 1;
}

static double above_least(const struct count *count)
{
        return log(count->share / least_share[count->order]);
}

static struct candidate judge(const struct train *train, const struct count *all, size_t start, size_t end)
{
        double sum = 0, worth = 0;
        for (size_t i = start; i < end; i++)
                sum += above_least(&all[i]);
        double mean = sum / (double)train->member_count[train->labels[all[start].label].script_value];
        for (size_t i = start; i < end; i++)
                worth += all[i].share * MAX(above_least(&all[i]) - mean, 0);
        return (struct candidate){worth / (double)(3 + 2 * (end - start)), start, end};
}

static void add_pair(struct train *train, struct train_gram *gram, size_t label, double weight)
{
        train->pairs[train->pair_count++] = (struct train_pair){(float)weight, 0, (uint32_t)label};
        gram->count++;
}

/* Of a gram of Han both ways of writing Chinese weigh the same: what a text is about must not decide between them. */
static void add_han(struct train *train, struct train_gram *gram, const struct count *all,
                    const struct candidate *candidate)
{
        size_t ja = train_label_named(train, "ja");
        double chinese = 0, japanese = 0, share[TRAIN_MAX_LABELS] = {0};
        for (size_t i = candidate->start; i < candidate->end; i++) {
                double weight = FIRST_WEIGHT_HAN * above_least(&all[i]);
                share[all[i].label] = all[i].share;
                if (all[i].label == ja)
                        japanese = weight;
                else
                        chinese = MAX(chinese, weight);
        }
        gram->tied = true;
        for (size_t i = 0; i < train->member_count[USCRIPT_HAN]; i++) {
                size_t label = train->members[USCRIPT_HAN][i];
                double weight = label == ja ? japanese : chinese;
                /* Cantonese and the like: frequent in one, not once in the other */
                bool own = label != ja && all[candidate->start].order == 1 && share[label] > 4e-4;
                for (size_t k = 0; own && k < train->member_count[USCRIPT_HAN]; k++) {
                        size_t other = train->members[USCRIPT_HAN][k];
                        own = other == label || other == ja || share[other] <= 0;
                }
                add_pair(train, gram, label, weight + (own ? WRITTEN_OTHERWISE / 2.0 : 0));
        }
}

static bool changes(UTransliterator *transliterator, UChar32 c)
{
        UChar before[4], after[8];
        int32_t size = 0, length, limit;
        UErrorCode status = U_ZERO_ERROR;
        U16_APPEND_UNSAFE(before, size, c);
        memcpy(after, before, (size_t)size * sizeof *before);
        length = limit = size;
        utrans_transUChars(transliterator, after, &length, G_N_ELEMENTS(after), 0, &limit, &status);
        return U_SUCCESS(status) && (length != size || memcmp(after, before, (size_t)size * sizeof *before) != 0);
}

/* Which signs only one way of writing Chinese has is CLDR's to say. */
static bool tell_han_apart(struct train *train, GError **error)
{
        static const UChar to_hant[] = u"Hans-Hant", to_hans[] = u"Hant-Hans";
        UErrorCode status = U_ZERO_ERROR;
        UTransliterator *hans = utrans_openU(to_hant, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
        UTransliterator *hant = utrans_openU(to_hans, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
        if (U_FAILURE(status))
                return plc_fail(error, PLC_E_INTERNAL, "ICU: %s", u_errorName(status));
        size_t labels[2] = {train_label_named(train, "zh-Hans"), train_label_named(train, "zh-Hant")};
        for (uint32_t c = 0x3400; c < 0xa000; c++) {
                bool simple = changes(hans, (UChar32)c), traditional = changes(hant, (UChar32)c);
                uint32_t hashes[PLC_MODEL_GRAMS];
                plc_model_grams(&c, 1, true, hashes);
                size_t index = train_find(train, hashes[0]);
                if (simple == traditional || index == SIZE_MAX)
                        continue;
                const struct train_gram *gram = &train->grams[index];
                for (size_t i = gram->first; i < gram->first + gram->count; i++) {
                        if (train->pairs[i].label == labels[traditional])
                                train->pairs[i].weight += WRITTEN_OTHERWISE;
                }
        }
        utrans_close(hans);
        utrans_close(hant);
        return true;
}

struct train_slot {
        uint32_t hash, gram; /* gram + 1; 0: empty */
};

static size_t slot_of(const struct train *train, uint32_t hash)
{
        return hash * UINT64_C(0x9e3779b97f4a7c15) >> 30 & train->slot_mask;
}

void train_ask(const struct train *train, uint32_t hash)
{
        __builtin_prefetch(&train->slots[slot_of(train, hash)]);
}

size_t train_find(const struct train *train, uint32_t hash)
{
        for (size_t at = slot_of(train, hash); train->slots[at].gram != 0; at = (at + 1) & train->slot_mask) {
                if (train->slots[at].hash == hash)
                        return train->slots[at].gram - 1;
        }
        return SIZE_MAX;
}

static void index_grams(struct train *train)
{
        train->slot_mask = 1;
        while (train->slot_mask < 2 * train->gram_count)
                train->slot_mask *= 2;
        g_free(train->slots);
        train->slots = g_new0(struct train_slot, train->slot_mask--);
        for (size_t i = 0; i < train->gram_count; i++) {
                size_t at = slot_of(train, train->grams[i].hash);
                while (train->slots[at].gram != 0)
                        at = (at + 1) & train->slot_mask;
                train->slots[at] = (struct train_slot){train->grams[i].hash, (uint32_t)i + 1};
        }
}

static void take(struct train *train, const struct count *all, const struct candidate *candidate)
{
        struct train_gram *gram = &train->grams[train->gram_count++];
        *gram = (struct train_gram){.hash = all[candidate->start].hash, .first = (uint32_t)train->pair_count};
        if (train_is_han(train, all[candidate->start].label)) {
                add_han(train, gram, all, candidate);
                return;
        }
        for (size_t i = candidate->start; i < candidate->end; i++)
                add_pair(train, gram, all[i].label, first_weight[all[i].order] * above_least(&all[i]));
}

bool train_choose(struct train *train, double bytes, GError **error)
{
        struct counts counts = {g_new0(struct count, 1 << 24), (1 << 24) - 1, 0};
        for (size_t l = 0; l < train->label_count; l++) {
                if (!train->labels[l].alone)
                        count_label(train, l, &counts);
        }
        size_t count = settle(&counts), candidates = 0;
        g_autofree struct candidate *all = g_new(struct candidate, count + 1);
        for (size_t start = 0, end; start < count; start = end) {
                for (end = start; end < count && counts.all[end].hash == counts.all[start].hash; end++)
                        ;
                all[candidates++] = judge(train, counts.all, start, end);
        }
        qsort(all, candidates, sizeof *all, more_worth);
        train->grams = g_new(struct train_gram, candidates + 1);
        train->pairs = g_new(struct train_pair, count + 3 * candidates + 1);
        for (size_t i = 0; i < candidates && bytes > 0; i++) {
                take(train, counts.all, &all[i]);
                bytes -= 3 + 2 * (double)(all[i].end - all[i].start);
        }
        g_free(counts.all);
        index_grams(train);
        return train_label_named(train, "zh-Hant") == train->label_count || tell_han_apart(train, error);
}

static bool is_written(const struct train_pair *pair)
{
        return fabsf(pair->weight) * TRAIN_UNITS_PER_NAT >= 1;
}

void train_prune(struct train *train, double bytes)
{
        g_autofree struct candidate *all = g_new(struct candidate, train->gram_count + 1);
        for (size_t i = 0; i < train->gram_count; i++) {
                const struct train_gram *gram = &train->grams[i];
                double use = 0;
                size_t written = 0;
                for (size_t p = gram->first; p < gram->first + gram->count; p++) {
                        if (is_written(&train->pairs[p])) {
                                use += fabs((double)train->pairs[p].weight) * sqrt((double)train->pairs[p].square);
                                written++;
                        }
                }
                all[i] = (struct candidate){use / (double)(3 + 2 * written), i, i};
        }
        qsort(all, train->gram_count, sizeof *all, more_worth);
        struct train_gram *grams = g_new(struct train_gram, train->gram_count + 1);
        struct train_pair *pairs = g_new(struct train_pair, train->pair_count + 1);
        size_t gram_count = 0, pair_count = 0;
        for (size_t i = 0; i < train->gram_count && bytes > 0 && all[i].worth > 0; i++) {
                const struct train_gram *old = &train->grams[all[i].start];
                struct train_gram *gram = &grams[gram_count++];
                *gram = (struct train_gram){old->hash, (uint32_t)pair_count, 0, old->tied};
                for (size_t p = old->first; p < old->first + old->count; p++) {
                        if (is_written(&train->pairs[p])) {
                                pairs[pair_count++] = train->pairs[p];
                                gram->count++;
                        }
                }
                bytes -= 3 + 2 * (double)gram->count;
        }
        g_free(train->grams);
        g_free(train->pairs);
        train->grams = grams;
        train->pairs = pairs;
        train->gram_count = gram_count;
        train->pair_count = pair_count;
        index_grams(train);
}
