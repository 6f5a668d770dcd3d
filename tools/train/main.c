/* Makes a language model out of a folder that tools/train-language prepared. */
#include "base/file.h"
#include "text/letters.h"
#include "train.h"
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define BUCKET_BITS 18
#define VERSION 5
/* An n-gram of one in so many labels of its script, or more, is written as a row: about the same size, faster to add.
 */
#define ROW_FROM 3
/* Room for the weights; the whole file stays under 8 MB. */
#define BYTES 7.0e6
/* Learning begins with this much more than there is room for, and finds out what is of use. */
#define OVER 1.5
#define PIECES 50000
#define ROUNDS 2
/* In the end it falls to nothing: neighbours are told apart by little, which the last pieces must not decide. */
#define RATE 0.15
#define RATE_AFTER 0.05

static void put_u32(GByteArray *out, uint32_t value)
{
        uint8_t bytes[4] = {(uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16), (uint8_t)(value >> 24)};
        g_byte_array_append(out, bytes, sizeof bytes);
}

static int by_bucket(const void *one, const void *two)
{
        const struct train_gram *a = one, *b = two;
        uint32_t left = a->hash >> (32 - BUCKET_BITS), right = b->hash >> (32 - BUCKET_BITS);
        if (left != right)
                return left < right ? -1 : 1;
        left = a->hash & 0xffff;
        right = b->hash & 0xffff;
        return left < right ? -1 : left > right;
}

/* Writes an n-gram of many labels as a row; false: they are too few, or (hashes collide) of two scripts. */
static bool put_row(const struct train *train, uint8_t *entry, const uint8_t units[TRAIN_MAX_LABELS], GByteArray *out)
{
        int script = train->labels[entry[3]].script_value;
        size_t first = train->members[script][0], count = train->member_count[script];
        size_t row = (count + PLC_MODEL_PAD - 1) / PLC_MODEL_PAD * PLC_MODEL_PAD;
        if (entry[2] * ROW_FROM < row || first + row > TRAIN_MAX_LABELS)
                return false;
        for (size_t i = 0; i < entry[2]; i++) {
                if (train->labels[entry[3 + 2 * i]].script_value != script)
                        return false;
        }
        entry[2] = (uint8_t)(PLC_MODEL_ROW | first);
        memset(entry + 3, 0, row);
        memcpy(entry + 3, units + first, count);
        g_byte_array_append(out, entry, (guint)(3 + row));
        return true;
}

static void put_gram(const struct train *train, const struct train_gram *gram, GByteArray *out)
{
        uint8_t entry[3 + 2 * TRAIN_MAX_LABELS] = {(uint8_t)gram->hash, (uint8_t)(gram->hash >> 8)};
        uint8_t units_of[TRAIN_MAX_LABELS] = {0};
        size_t size = 3;
        for (size_t p = gram->first; p < gram->first + gram->count; p++) {
                const struct train_pair *pair = &train->pairs[p];
                long units = CLAMP(lrintf(pair->weight * TRAIN_UNITS_PER_NAT), -127, 127);
                if (units == 0)
                        continue;
                entry[size++] = (uint8_t)pair->label;
                entry[size++] = units_of[pair->label] = (uint8_t)units;
                entry[2]++;
        }
        if (size > 3 && !put_row(train, entry, units_of, out))
                g_byte_array_append(out, entry, (guint)size);
}

static bool write_model(struct train *train, const char *path, GError **error)
{
        g_autoptr(GByteArray) out = g_byte_array_new(), index = g_byte_array_new(), data = g_byte_array_new();
        qsort(train->grams, train->gram_count, sizeof *train->grams, by_bucket);
        size_t at = 0;
        for (uint32_t bucket = 0; bucket < UINT32_C(1) << BUCKET_BITS; bucket++) {
                put_u32(index, data->len);
                for (; at < train->gram_count && train->grams[at].hash >> (32 - BUCKET_BITS) == bucket; at++)
                        put_gram(train, &train->grams[at], data);
        }
        put_u32(index, data->len);
        g_byte_array_append(out, (const uint8_t *)"PLCLANG1", 8);
        put_u32(out, VERSION);
        put_u32(out, (uint32_t)train->label_count);
        put_u32(out, BUCKET_BITS);
        put_u32(out, data->len);
        for (size_t i = 0; i < 2 * PLC_MODEL_LENGTHS; i++)
                put_u32(out, train->temperature[i / PLC_MODEL_LENGTHS][i % PLC_MODEL_LENGTHS]);
        for (size_t i = 0; i < train->label_count; i++) {
                g_byte_array_append(out, (const uint8_t *)train->labels[i].tag, sizeof train->labels[i].tag);
                g_byte_array_append(out, (const uint8_t *)train->labels[i].script, 4);
                put_u32(out, (uint32_t)lrint(TRAIN_UNITS_PER_NAT * log(train->labels[i].prior)));
        }
        g_byte_array_append(out, index->data, index->len);
        g_byte_array_append(out, data->data, data->len);
        return g_file_set_contents(path, (const char *)out->data, out->len, error);
}

/* What is left of each line of the input: the words as the detector reads them, with a space between two. */
static int fold_lines(void)
{
        g_autofree char *line = NULL;
        size_t room = 0;
        for (ssize_t size; (size = getline(&line, &room, stdin)) >= 0;) {
                g_autoptr(GString) folded = g_string_new(NULL);
                struct plc_letters letters;
                if (plc_letters_read(line, (size_t)size, &letters, NULL)) {
                        for (size_t i = 0; i < letters.count; i++) {
                                uint32_t c = letters.all[i].c;
                                if (c != 0 || i + 1 < letters.count)
                                        g_string_append_unichar(folded, c != 0 ? c : ' ');
                        }
                        plc_letters_done(&letters);
                }
                puts(folded->str);
        }
        return 0;
}

int main(int argc, char **argv)
{
        setlocale(LC_ALL, "C.UTF-8");
        if (argc == 2 && strcmp(argv[1], "fold") == 0)
                return fold_lines();
        if (argc != 3) {
                g_printerr("usage: %s PREPARED OUT, or %s fold < LINES\n", argv[0], argv[0]);
                return 2;
        }
        g_autofree struct train *train = g_new0(struct train, 1);
        g_autoptr(GError) error = NULL;
        train->folder = argv[1];
        train->random = UINT64_C(88172645463325252);
        if (!train_read_labels(train, &error) || !train_read_words(train, &error) ||
            !train_choose(train, BYTES * OVER, &error)) {
                g_printerr("%s\n", error->message);
                return 1;
        }
        train_learn(train, PIECES, ROUNDS, RATE, RATE * 0.5);
        train_prune(train, BYTES);
        train_learn(train, PIECES, 1, RATE_AFTER, 0);
        train_calibrate(train);
        if (!write_model(train, argv[2], &error)) {
                g_printerr("%s\n", error->message);
                return 1;
        }
        g_printerr("%zu n-grams, %zu weights\n", train->gram_count, train->pair_count);
        return 0;
}
