/* What does the trained model say of a run of characters? Opened once, checked once, every later read within the
 * checked bounds. */
#include "text/model.h"
#include "base/file.h"
#include <fcntl.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unistd.h>

#define MAGIC "PLCLANG1"
#define VERSION 5
#define HEADER_SIZE 64
#define LABEL_SIZE 24
/* The size that the model is allowed to grow to; a bigger file is not ours. */
#define MAX_FILE (16 * PLC_MIB)

static uint32_t read_u32(const uint8_t *p)
{
        return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static bool map_file(const char *path, GBytes **out, GError **error)
{
        plc_autofd int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
                return plc_fail_errno(error, errno, "opening the language model %s", path);
        struct stat st;
        if (fstat(fd, &st) < 0)
                return plc_fail_errno(error, errno, "looking at the language model %s", path);
        if (st.st_size < HEADER_SIZE || st.st_size > (off_t)MAX_FILE)
                return plc_fail(error, PLC_E_BAD_CONFIG, "%s is not a language model", path);
        return plc_map_fd(fd, (size_t)st.st_size, out, error);
}

static bool read_labels(struct plc_model *model, const uint8_t *p)
{
        for (size_t i = 0; i < model->label_count; i++, p += LABEL_SIZE) {
                struct plc_model_label *label = &model->labels[i];
                memcpy(label->tag, p, sizeof label->tag);
                memcpy(label->script, p + 16, 4);
                label->script[4] = '\0';
                label->bias = (int32_t)read_u32(p + 20);
                if (label->tag[0] == '\0' || label->tag[sizeof label->tag - 1] != '\0')
                        return false;
                label->script_value = u_getPropertyValueEnum(UCHAR_SCRIPT, label->script);
                if (label->script_value < 0)
                        return false;
        }
        return true;
}

/* Labels of the same script follow each other. */
static bool find_rows(struct plc_model *model)
{
        for (size_t first = 0, next; first < model->label_count; first = next) {
                int script = model->labels[first].script_value;
                for (next = first; next < model->label_count && model->labels[next].script_value == script; next++)
                        ;
                size_t size = (next - first + PLC_MODEL_PAD - 1) / PLC_MODEL_PAD * PLC_MODEL_PAD;
                if (first + size <= PLC_MODEL_MAX_LABELS) /* the padding is added to other labels' scores: it is 0 */
                        model->row_size[first] = (uint8_t)size;
        }
        return model->label_count < PLC_MODEL_ROW;
}

/* The size of the entry at `at`; 0 if it is none. */
static size_t check_entry(const struct plc_model *model, const uint8_t *at, size_t room)
{
        if (room < 3)
                return 0;
        if (at[2] & PLC_MODEL_ROW) {
                size_t first = at[2] & (PLC_MODEL_ROW - 1);
                size_t size = first < model->label_count ? model->row_size[first] : 0;
                return size > 0 && size <= room - 3 ? 3 + size : 0;
        }
        size_t pairs = at[2];
        if (2 * pairs > room - 3)
                return 0;
        for (size_t i = 0; i < pairs; i++) {
                if (at[3 + 2 * i] >= model->label_count)
                        return 0;
        }
        return 3 + 2 * pairs;
}

/* Buckets follow each other; entries fill one exactly and name only labels that exist. */
static bool check_buckets(const struct plc_model *model)
{
        uint32_t previous = 0;
        for (size_t b = 0; b < (size_t)1 << model->bucket_bits; b++) {
                uint32_t start = read_u32(model->index + 4 * b), end = read_u32(model->index + 4 * b + 4);
                if (start != previous || end < start || end > model->data_size)
                        return false;
                for (uint32_t at = start; at < end;) {
                        size_t size = check_entry(model, model->data + at, end - at);
                        if (size == 0)
                                return false;
                        at += (uint32_t)size;
                }
                previous = end;
        }
        return previous == model->data_size;
}

static bool parse(struct plc_model *model)
{
        gsize size;
        const uint8_t *p = g_bytes_get_data(model->bytes, &size);
        if (memcmp(p, MAGIC, 8) != 0 || read_u32(p + 8) != VERSION)
                return false;
        model->label_count = read_u32(p + 12);
        model->bucket_bits = read_u32(p + 16);
        model->data_size = read_u32(p + 20);
        if (model->label_count == 0 || model->label_count > PLC_MODEL_MAX_LABELS || model->bucket_bits < 16 ||
            model->bucket_bits > 20)
                return false;
        for (size_t i = 0; i < PLC_MODEL_LENGTHS; i++) {
                model->temperature[0][i] = read_u32(p + 24 + 4 * i);
                model->temperature[1][i] = read_u32(p + 24 + 4 * (PLC_MODEL_LENGTHS + i));
        }
        size_t index_at = HEADER_SIZE + LABEL_SIZE * model->label_count;
        size_t data_at = index_at + 4 * (((size_t)1 << model->bucket_bits) + 1);
        if (size < data_at || size - data_at != model->data_size)
                return false;
        model->index = p + index_at;
        model->data = p + data_at;
        return read_labels(model, p + HEADER_SIZE) && find_rows(model) && check_buckets(model);
}

bool plc_model_open(const char *path, struct plc_model *out, GError **error)
{
        struct plc_model model = {0};
        if (!map_file(path, &model.bytes, error))
                return false;
        if (!parse(&model)) {
                plc_model_close(&model);
                return plc_fail(error, PLC_E_BAD_CONFIG, "%s is not a language model of version %d", path, VERSION);
        }
        *out = model;
        return true;
}

void plc_model_close(struct plc_model *model)
{
        g_clear_pointer(&model->bytes, g_bytes_unref);
}

#define HASH_START UINT32_C(2166136261)

static uint32_t hash_step(uint32_t hash, uint32_t c)
{
        return (hash ^ c) * UINT32_C(16777619);
}

/* The last step of MurmurHash3 (public domain), so that short n-grams spread over the buckets. */
static uint32_t finish(uint32_t h)
{
        h ^= h >> 16;
        h *= UINT32_C(0x85ebca6b);
        h ^= h >> 13;
        h *= UINT32_C(0xc2b2ae35);
        return h ^ h >> 16;
}

uint32_t plc_model_hash(const uint32_t *gram, size_t length)
{
        uint32_t h = HASH_START;
        for (size_t i = 0; i < length; i++)
                h = hash_step(h, gram[i]);
        return finish(h);
}

size_t plc_model_grams(const uint32_t *word, size_t length, bool han, uint32_t out_hashes[PLC_MODEL_GRAMS])
{
        uint32_t edged[PLC_MODEL_WORD + 2];
        size_t size = 0, count = 0, order = han ? 2 : PLC_MODEL_MAX_ORDER;
        if (!han)
                edged[size++] = ' ';
        memcpy(edged + size, word, length * sizeof *word);
        size += length;
        if (!han)
                edged[size++] = ' ';
        for (size_t i = 0; i < size; i++) {
                uint32_t h = HASH_START;
                for (size_t k = 0; k < order && i + k < size; k++) {
                        h = hash_step(h, edged[i + k]);
                        if (k > 0 || edged[i] != ' ')
                                out_hashes[count++] = finish(h);
                }
        }
        if (!han && size > PLC_MODEL_MAX_ORDER)
                out_hashes[count++] = plc_model_hash(edged, size);
        return count;
}

/* Groups of a fixed size in arrays that are not the same: the compiler adds a group in a few instructions. */
static void add_row(const uint8_t *restrict units, size_t size, int32_t *restrict scores)
{
        for (size_t i = 0; i < size; i += PLC_MODEL_PAD) {
                for (size_t k = 0; k < PLC_MODEL_PAD; k++)
                        scores[i + k] += (int8_t)units[i + k];
        }
}

static void add_gram(const struct plc_model *model, uint32_t h, int32_t scores[PLC_MODEL_MAX_LABELS])
{
        const uint8_t *slot = model->index + 4 * (size_t)(h >> (32 - model->bucket_bits));
        const uint8_t *at = model->data + read_u32(slot), *end = model->data + read_u32(slot + 4);
        unsigned wanted = h & 0xffff;
        while (at < end) {
                unsigned low = (unsigned)at[0] | (unsigned)at[1] << 8, pairs = at[2],
                         first = pairs & (PLC_MODEL_ROW - 1);
                bool row = (pairs & PLC_MODEL_ROW) != 0;
                if (low > wanted)
                        return;
                if (low == wanted && row) {
                        add_row(at + 3, model->row_size[first], scores + first);
                        return;
                }
                if (low == wanted) {
                        for (unsigned i = 0; i < pairs; i++)
                                scores[at[3 + 2 * i]] += (int8_t)at[4 + 2 * i];
                        return;
                }
                at += 3 + (row ? model->row_size[first] : 2 * pairs);
        }
}

/* The table does not fit the nearest caches: all of a word's places are asked for before the first is needed. */
void plc_model_add(const struct plc_model *model, const uint32_t *word, size_t length, bool han,
                   int32_t scores[PLC_MODEL_MAX_LABELS])
{
        uint32_t hashes[PLC_MODEL_GRAMS];
        size_t count = plc_model_grams(word, length, han, hashes);
        for (size_t i = 0; i < count; i++)
                __builtin_prefetch(model->data +
                                   read_u32(model->index + 4 * (size_t)(hashes[i] >> (32 - model->bucket_bits))));
        for (size_t i = 0; i < count; i++)
                add_gram(model, hashes[i], scores);
}
