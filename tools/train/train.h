/* How is the language model trained? Words are read (words.c), their n-grams counted and the telling ones chosen
 * (grams.c), the weights learnt (learn.c), the file written (main.c). Floating point, one thread, no clock: the same
 * prepared folder gives the same bytes on the same machine. */
#pragma once
#include "text/model.h"
#include <stdbool.h>

#define TRAIN_MAX_LABELS PLC_MODEL_MAX_LABELS
#define TRAIN_MAX_SCRIPTS 256
/* Weights are written in sixteenths of a nat, in a signed byte. */
#define TRAIN_UNITS_PER_NAT 16

/* One row of PREPARED/labels: tag, script, prior, share of the text, times, mixed. */
struct train_label {
        char tag[16], script[5];
        int script_value;
        bool alone;        /* no other label in this script: nothing to learn */
        double prior;      /* how frequent among texts of its script; 1 for most */
        unsigned times;    /* how many pieces it learns from where another label learns from one */
        double text_share; /* of the word frequencies, how much the text says; < 0: by its size */
        double mixed;      /* how many of its texts have words of English in them */
};

struct train_word {
        size_t at; /* in the pool of letters */
        unsigned length;
        bool held; /* kept from training, for calibration */
        float frequency;
};

struct train_words {
        struct train_word *all; /* most frequent first */
        size_t count;
        double *by_type, *by_use; /* running sums, to draw from: words as a list has them, as a text has them */
        uint32_t *text;           /* indexes into `all` */
        size_t text_len;
        size_t *sentences; /* where each begins in `text`, and one past the last */
        size_t sentence_count;
};

struct train_pair {
        float weight, square; /* sum of the squared gradients */
        uint32_t label;
};

struct train_gram {
        uint32_t hash, first;
        uint16_t count;
        bool tied; /* both ways of writing Chinese learn the same */
};

struct train {
        const char *folder;
        struct train_label labels[TRAIN_MAX_LABELS];
        size_t label_count;
        size_t members[TRAIN_MAX_SCRIPTS][TRAIN_MAX_LABELS], member_count[TRAIN_MAX_SCRIPTS];
        struct train_words words[TRAIN_MAX_LABELS];
        struct train_words lent; /* of English, what stands in texts of other languages */
        GArray *pool;            /* uint32_t: the letters of all words */
        struct train_gram *grams;
        size_t gram_count;
        struct train_pair *pairs;
        size_t pair_count;
        struct train_slot *slots; /* hash → gram */
        size_t slot_mask;
        uint64_t random;
        uint32_t temperature[2][PLC_MODEL_LENGTHS];
};

const uint32_t *train_letters(const struct train *train, const struct train_word *word);
size_t train_label_named(const struct train *train, const char *tag); /* label_count: none */
bool train_is_han(const struct train *train, size_t label);
/* Letters without their marks; returns how many, at most PLC_MODEL_WORD. */
size_t train_strip(const uint32_t *letters, size_t length, uint32_t out[PLC_MODEL_WORD]);
/* How likely one sample is written without its marks. */
#define TRAIN_STRIPPED 0.09

bool train_read_labels(struct train *train, GError **error);
bool train_read_words(struct train *train, GError **error);

/* Counts and chooses n-grams worth `bytes` in the file, and gives them the weights of a naive Bayes classifier. */
bool train_choose(struct train *train, double bytes, GError **error);
/* Keeps those that learning made use of. */
void train_prune(struct train *train, double bytes);
/* The gram of this hash, SIZE_MAX if it was not chosen. */
size_t train_find(const struct train *train, uint32_t hash);
void train_ask(const struct train *train, uint32_t hash); /* fetches its place into the cache */

/* The rate falls evenly from `from` to `to`. */
void train_learn(struct train *train, size_t samples, unsigned rounds, double from, double to);
void train_calibrate(struct train *train);
