/* What does the trained model say of a word? A read-only mapped table of n-gram hashes; presets/language/README.md has
 * its format. */
#pragma once
#include "base/error.h"

#define PLC_MODEL_MAX_ORDER 5
#define PLC_MODEL_MAX_LABELS 96
#define PLC_MODEL_LENGTHS 5
/* An n-gram of many labels has a row of units instead of pairs, of whole groups of so many: they are added at once. */
#define PLC_MODEL_PAD 8
#define PLC_MODEL_ROW 0x80 /* of an entry's third byte: a row follows, and the other bits are its first label */
/* A longer run of letters is looked at in pieces of so many: no language has such words. */
#define PLC_MODEL_WORD 64
/* The n-grams of one word: those of every order at every place, and the word itself. */
#define PLC_MODEL_GRAMS ((PLC_MODEL_WORD + 2) * PLC_MODEL_MAX_ORDER + 1)

struct plc_model_label {
        char tag[16];
        char script[5];   /* ISO 15924 of the letters that it is looked for in */
        int script_value; /* the same as a number of ICU's (UScriptCode) */
        int32_t bias;     /* units that it begins with: how rare it is among texts of this script */
};

struct plc_model {
        GBytes *bytes;
        size_t label_count;
        struct plc_model_label labels[PLC_MODEL_MAX_LABELS];
        unsigned bucket_bits;
        const uint8_t *index; /* 2^bucket_bits + 1 little-endian uint32 */
        const uint8_t *data;
        uint32_t data_size;
        /* Labels of one script stand in a row: how many units a row has in the file (a multiple of PLC_MODEL_PAD, the
         * last ones 0), by its first label; 0 for the other labels. */
        uint8_t row_size[PLC_MODEL_MAX_LABELS];
        /* Millionths of a nat per unit, of words and of Han, for texts of up to 5, 10, 20, 50, more letters. */
        uint32_t temperature[2][PLC_MODEL_LENGTHS];
};

/* Maps `path`. BAD_CONFIG if it is not a model of this version. */
bool plc_model_open(const char *path, struct plc_model *out, GError **error);
void plc_model_close(struct plc_model *model);

/*
 * The hashes of the n-grams of a word of 1 to PLC_MODEL_WORD code points: of orders 1 to 5 with a space as its edges,
 * and of the word as a whole; of Han (`han`) orders 1 and 2, without edges. Returns how many.
 */
size_t plc_model_grams(const uint32_t *word, size_t length, bool han, uint32_t out_hashes[PLC_MODEL_GRAMS]);

/* The hash of one n-gram, edges included. */
uint32_t plc_model_hash(const uint32_t *gram, size_t length);

/* Adds to scores[label] what the n-grams of a word tell of its language. */
void plc_model_add(const struct plc_model *model, const uint32_t *word, size_t length, bool han,
                   int32_t scores[PLC_MODEL_MAX_LABELS]);
