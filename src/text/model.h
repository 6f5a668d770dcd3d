/* What does the trained model say of a run of characters? A read-only mapped table of n-gram hashes;
 * presets/language/README.md has its format. */
#pragma once
#include "base/error.h"

#define PLC_MODEL_MAX_ORDER 5
#define PLC_MODEL_MAX_LABELS 96
#define PLC_MODEL_LENGTHS 5

struct plc_model_label {
        char tag[16];
        char script[5];   /* ISO 15924 of the letters that it is looked for in */
        int script_value; /* the same as a number of ICU's (UScriptCode) */
};

struct plc_model {
        GBytes *bytes;
        size_t label_count;
        struct plc_model_label labels[PLC_MODEL_MAX_LABELS];
        unsigned bucket_bits;
        const uint8_t *index; /* 2^bucket_bits + 1 little-endian uint32 */
        const uint8_t *data;
        uint32_t data_size;
        /* Millionths of a nat per unit, of words and of Han, for texts of up to 5, 10, 20, 50, more letters. */
        uint32_t temperature[2][PLC_MODEL_LENGTHS];
};

/* Maps `path`. BAD_CONFIG if it is not a model of this version. */
bool plc_model_open(const char *path, struct plc_model *out, GError **error);
void plc_model_close(struct plc_model *model);

/* The hash of an n-gram, one code point after the other, finished by plc_model_add. */
#define PLC_MODEL_HASH_START UINT32_C(2166136261)
static inline uint32_t plc_model_hash_step(uint32_t hash, uint32_t c)
{
        return (hash ^ c) * UINT32_C(16777619);
}

/* Adds to scores[label] what the n-gram of this running hash tells; nothing if the model does not know it. */
void plc_model_add(const struct plc_model *model, uint32_t hash, int32_t scores[PLC_MODEL_MAX_LABELS]);
