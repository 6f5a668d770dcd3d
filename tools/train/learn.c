/* What should each n-gram weigh? Logistic regression (AdaGrad) over pieces as short as the lines to be named: single
 * words, pairs, a few words of a text. */
#include "train.h"
#include <math.h>
#include <string.h>
#include <unicode/uscript.h>

/* How the pieces are made, as running shares of all: one word, two words, a few words of a text in a row, whole
 * sentences, words as they are used. */
#define ONE_WORD 0.37
#define TWO_WORDS 0.60
#define IN_A_ROW 0.78
#define SENTENCES 0.87
/* Neighbours are told apart in a long text by few words: what the many others lean to must not add up. */
#define LONG_LEAST 10
#define LONG_MOST 35
/* A text of fewer sentences is not varied enough to cut from. */
#define SENTENCES_ENOUGH 40
#define MOST_GRAMS 6000
/* In a mixed text each word may be of another language, so often, but never more than half as many again as are its
 * own. Of English: a word that others lend, one of the few that stand in its texts. */
#define FOREIGN_LEAST 0.1
#define FOREIGN_MUCH 0.5
/* Words of shops are asked for more often than newspapers have them. */
#define ENGLISH_OF_SHOPS 0.15
/* Named wrongly in the training data itself: names, quotations in another language. */
#define MISLABELLED 0.02

/* Of most labels a piece says no more than that they are not meant; that is known already. */
#define FAULT_LEAST 1e-3F

static uint64_t draw(struct train *train)
{
        /* xorshift64* (Vigna, public domain) */
        train->random ^= train->random >> 12;
        train->random ^= train->random << 25;
        train->random ^= train->random >> 27;
        return train->random * UINT64_C(2685821657736338717);
}

static double draw_share(struct train *train)
{
        return (double)(draw(train) >> 11) / 9007199254740992.0;
}

struct sample {
        uint32_t grams[MOST_GRAMS];
        size_t count, letters;
        const struct train_words *foreign; /* of a mixed text: where its other words are from; NULL */
        double foreign_share;
        size_t own_words, foreign_words;
};

static void feed(const struct train *train, struct sample *sample, const uint32_t *letters, size_t length, bool han)
{
        uint32_t hashes[PLC_MODEL_GRAMS];
        size_t count = plc_model_grams(letters, length, han, hashes);
        sample->letters += length;
        for (size_t i = 0; i < count; i++)
                train_ask(train, hashes[i]);
        for (size_t i = 0; i < count && sample->count < MOST_GRAMS; i++) {
                size_t gram = train_find(train, hashes[i]);
                if (gram != SIZE_MAX)
                        sample->grams[sample->count++] = (uint32_t)gram;
        }
}

static void feed_letters(const struct train *train, struct sample *sample, const struct train_word *word, bool strip)
{
        uint32_t bare[PLC_MODEL_WORD];
        if (strip)
                feed(train, sample, bare, train_strip(train_letters(train, word), word->length, bare), false);
        else
                feed(train, sample, train_letters(train, word), word->length, false);
}

static const struct train_word *draw_word(struct train *train, const struct train_words *words, const double *running,
                                          bool held)
{
        for (unsigned attempt = 0;; attempt++) {
                double point = draw_share(train) * running[words->count - 1];
                size_t low = 0, high = words->count - 1;
                while (low < high) {
                        size_t middle = (low + high) / 2;
                        if (running[middle] < point)
                                low = middle + 1;
                        else
                                high = middle;
                }
                if (words->all[low].held == held || attempt > 200)
                        return &words->all[low];
        }
}

/* A word of the text that is being made, or, where it is mixed, one of the other language instead. */
static void feed_word(struct train *train, struct sample *sample, const struct train_word *word, bool strip)
{
        if (sample->foreign && 2 * sample->foreign_words + 1 < 3 * sample->own_words &&
            draw_share(train) < sample->foreign_share) {
                word = draw_word(train, sample->foreign, sample->foreign->by_use, false);
                sample->foreign_words++;
        } else {
                sample->own_words++;
        }
        feed_letters(train, sample, word, strip);
}

/* Is this text mixed, and with what? */
static void mix(struct train *train, struct sample *sample, size_t label)
{
        sample->own_words = sample->foreign_words = 0;
        sample->foreign = NULL;
        if (train->labels[label].mixed <= 0 || draw_share(train) >= train->labels[label].mixed)
                return;
        sample->foreign = &train->lent;
        sample->foreign_share = FOREIGN_LEAST + draw_share(train) * FOREIGN_MUCH;
        if (strcmp(train->labels[label].tag, "en") == 0) {
                const size_t *others = train->members[train->labels[label].script_value];
                size_t other = others[draw(train) % train->member_count[train->labels[label].script_value]];
                sample->foreign = &train->words[other];
                sample->foreign_share = FOREIGN_LEAST;
        }
}

/* A run of Chinese characters, or a piece of one. */
static void make_han(struct train *train, struct sample *sample, const struct train_words *words, bool held)
{
        double kind = draw_share(train);
        const struct train_word *word = kind < 0.5 && words->text_len > 0
                                                ? &words->all[words->text[draw(train) % words->text_len]]
                                                : draw_word(train, words, words->by_type, held);
        size_t length = word->length, start = 0;
        if (kind > 0.3 && length > 2) {
                length = 2 + draw(train) % (length - 1);
                start = draw(train) % (word->length - length + 1);
        }
        feed(train, sample, train_letters(train, word) + start, length, true);
}

/* Of a text 2 to 6 words in a row, or whole sentences. */
static void make_text(struct train *train, struct sample *sample, const struct train_words *words, bool few, bool strip)
{
        size_t wanted = few ? 2 + draw(train) % 5 : LONG_LEAST + draw(train) % (LONG_MOST - LONG_LEAST);
        size_t sentence = draw(train) % words->sentence_count, start = words->sentences[sentence];
        size_t length = words->sentences[sentence + 1] - start;
        if (few && length > wanted)
                start += draw(train) % (length - wanted + 1);
        else if (!few) /* the sentences after it, too */
                length = words->text_len - start;
        for (size_t i = 0; i < MIN(length, wanted); i++)
                feed_word(train, sample, &words->all[words->text[start + i]], strip);
}

static void make(struct train *train, struct sample *sample, size_t label, bool held)
{
        const struct train_words *words = &train->words[label];
        sample->count = sample->letters = 0;
        if (train_is_han(train, label)) {
                make_han(train, sample, words, held);
                return;
        }
        mix(train, sample, label);
        const double *alone = words->by_type;
        if (strcmp(train->labels[label].tag, "en") == 0 && draw_share(train) < ENGLISH_OF_SHOPS) {
                words = &train->lent;
                alone = words->by_use;
        }
        double kind = draw_share(train);
        bool strip = train->labels[label].script_value == USCRIPT_LATIN && draw_share(train) < TRAIN_STRIPPED;
        if (kind < TWO_WORDS) {
                feed_word(train, sample, draw_word(train, words, alone, held), strip);
                const double *second = draw_share(train) < 0.7 ? alone : words->by_use;
                if (kind >= ONE_WORD)
                        feed_word(train, sample, draw_word(train, words, second, held), strip);
        } else if (kind < SENTENCES && words->sentence_count >= SENTENCES_ENOUGH) {
                make_text(train, sample, words, kind < IN_A_ROW, strip);
        } else {
                size_t count =
                        kind < SENTENCES ? LONG_LEAST + draw(train) % (LONG_MOST - LONG_LEAST) : 3 + draw(train) % 8;
                for (; count > 0; count--) {
                        const double *running = draw_share(train) < 0.8 ? words->by_use : words->by_type;
                        feed_word(train, sample, draw_word(train, words, running, held), strip);
                }
        }
}

static void score(const struct train *train, const struct sample *sample, int script, double scores[TRAIN_MAX_LABELS])
{
        for (size_t i = 0; i < train->member_count[script]; i++)
                scores[train->members[script][i]] = 0;
        for (size_t i = 0; i < sample->count; i++)
                __builtin_prefetch(&train->grams[sample->grams[i]]);
        for (size_t i = 0; i < sample->count; i++)
                __builtin_prefetch(&train->pairs[train->grams[sample->grams[i]].first]);
        for (size_t i = 0; i < sample->count; i++) {
                const struct train_gram *gram = &train->grams[sample->grams[i]];
                for (size_t p = gram->first; p < gram->first + gram->count; p++)
                        scores[train->pairs[p].label] += (double)train->pairs[p].weight;
        }
}

/* How far the likelihood of each label is from what it should be; the loss of this sample. */
static double faults_of(const struct train *train, const double scores[TRAIN_MAX_LABELS], size_t label,
                        float faults[TRAIN_MAX_LABELS])
{
        int script = train->labels[label].script_value;
        double best = scores[label], total = 0;
        for (size_t i = 0; i < train->member_count[script]; i++)
                best = MAX(best, scores[train->members[script][i]]);
        for (size_t i = 0; i < train->member_count[script]; i++) {
                size_t member = train->members[script][i];
                faults[member] = expf((float)(scores[member] - best));
                total += (double)faults[member];
        }
        for (size_t i = 0; i < train->member_count[script]; i++)
                faults[train->members[script][i]] /= (float)total;
        double loss = -log((double)faults[label] + 1e-9);
        faults[label] -= 1;
        return loss;
}

static void learn_one(struct train *train, const struct sample *sample, size_t label, double rate, double *out_loss)
{
        float part = 1 / (float)train->labels[label].times;
        double scores[TRAIN_MAX_LABELS];
        float faults[TRAIN_MAX_LABELS] = {0};
        score(train, sample, train->labels[label].script_value, scores);
        *out_loss += faults_of(train, scores, label, faults);
        for (size_t l = 0; l < train->label_count; l++)
                faults[l] = fabsf(faults[l]) < FAULT_LEAST ? 0 : faults[l] * part;
        float tied = 0;
        const char *chinese = "zh-";
        for (size_t l = 0; l < train->label_count; l++)
                tied += g_str_has_prefix(train->labels[l].tag, chinese) ? faults[l] / 2 : 0;
        for (size_t i = 0; i < sample->count; i++) {
                const struct train_gram *gram = &train->grams[sample->grams[i]];
                for (size_t p = gram->first; p < gram->first + gram->count; p++) {
                        struct train_pair *pair = &train->pairs[p];
                        bool both = gram->tied && g_str_has_prefix(train->labels[pair->label].tag, chinese);
                        float slope = both ? tied : faults[pair->label];
                        if (slope == 0.0F)
                                continue;
                        pair->square += slope * slope;
                        pair->weight -= (float)rate * slope / sqrtf(pair->square + 0.1F);
                }
        }
}

/* Scripts of few languages are learnt from fewer pieces. */
static bool is_due(const struct train *train, size_t label, size_t sample)
{
        size_t members = train->member_count[train->labels[label].script_value];
        return !train->labels[label].alone && sample % (members > 20 ? 1 : members > 3 ? 2 : 4) == 0;
}

void train_learn(struct train *train, size_t samples, unsigned rounds, double from, double to)
{
        g_autofree struct sample *sample = g_new(struct sample, 1);
        for (unsigned round = 0; round < rounds; round++) {
                double loss = 0;
                size_t count = 0;
                for (size_t i = 0; i < samples; i++) {
                        double done = (round + (double)i / (double)samples) / rounds;
                        double rate = from + (to - from) * done;
                        for (size_t l = 0; l < train->label_count; l++) {
                                for (unsigned t = 0; is_due(train, l, i) && t < train->labels[l].times; t++) {
                                        make(train, sample, l, false);
                                        learn_one(train, sample, l, rate, &loss);
                                        count++;
                                }
                        }
                }
                g_printerr("learnt from %zu pieces, loss %.4f\n", count, loss / (double)count);
        }
}

struct trial {
        float distance[TRAIN_MAX_LABELS];
        size_t count;
};

static double loss_at(const GArray *trials, double temperature)
{
        double loss = 0;
        for (guint i = 0; i < trials->len; i++) {
                const struct trial *trial = &g_array_index(trials, struct trial, i);
                double total = 0;
                for (size_t k = 0; k < trial->count; k++)
                        total += exp(MIN(50, (double)trial->distance[k] * temperature));
                loss -= log((1 - MISLABELLED) / total + MISLABELLED / (double)trial->count);
        }
        return loss;
}

static uint32_t best_temperature(const GArray *trials)
{
        double best = 1, least = loss_at(trials, 1);
        for (double temperature = 0.2; temperature < 1.6 && trials->len > 0; temperature *= 1.1) {
                double loss = loss_at(trials, temperature);
                if (loss < least) {
                        least = loss;
                        best = temperature;
                }
        }
        return (uint32_t)(best * 1000000 / TRAIN_UNITS_PER_NAT);
}

/* How sure may one be? By length, from pieces of words that were kept from training. */
void train_calibrate(struct train *train)
{
        static const size_t up_to[PLC_MODEL_LENGTHS] = {5, 10, 20, 50, SIZE_MAX};
        GArray *trials[2][PLC_MODEL_LENGTHS];
        g_autofree struct sample *sample = g_new(struct sample, 1);
        for (size_t i = 0; i < 2 * PLC_MODEL_LENGTHS; i++)
                trials[i / PLC_MODEL_LENGTHS][i % PLC_MODEL_LENGTHS] = g_array_new(FALSE, FALSE, sizeof(struct trial));
        for (size_t i = 0; i < 400 * train->label_count; i++) {
                size_t label = i % train->label_count, length = 0;
                if (train->labels[label].alone)
                        continue;
                int script = train->labels[label].script_value;
                double scores[TRAIN_MAX_LABELS];
                make(train, sample, label, true);
                score(train, sample, script, scores);
                while (sample->letters > up_to[length])
                        length++;
                struct trial trial = {.count = train->member_count[script]};
                for (size_t k = 0; k < trial.count; k++)
                        trial.distance[k] = (float)(scores[train->members[script][k]] - scores[label]);
                g_array_append_val(trials[train_is_han(train, label)][length], trial);
        }
        for (size_t i = 0; i < 2 * PLC_MODEL_LENGTHS; i++) {
                GArray *of = trials[i / PLC_MODEL_LENGTHS][i % PLC_MODEL_LENGTHS];
                train->temperature[i / PLC_MODEL_LENGTHS][i % PLC_MODEL_LENGTHS] = best_temperature(of);
                g_array_unref(of);
        }
}
