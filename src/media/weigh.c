/* Three ways to the same numbers: plain C, SSE2 (every x86-64) and AVX2 (half the time). The bits are equal. */
#include "media/weigh.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>
#ifdef __SSE2__
#include <immintrin.h>
#endif

#define DOWN_SHIFT (PLC_WEIGHT_BITS - PLC_WEIGH_FRACTION_BITS)
#define ACROSS_SHIFT (PLC_WEIGHT_BITS + PLC_WEIGH_FRACTION_BITS)

static int32_t first_of(int32_t pair)
{
        return (int16_t)(pair & 0xFFFF);
}

static int32_t second_of(int32_t pair)
{
        return (int16_t)((uint32_t)pair >> 16);
}

static void down_plain(const uint8_t *const *lines, const int32_t *pairs, uint32_t n_pairs, size_t from, size_t n,
                       int16_t *out)
{
        for (size_t x = from; x < n; x++) {
                int32_t sum = 1 << (DOWN_SHIFT - 1);
                for (uint32_t k = 0; k < n_pairs; k++)
                        sum += lines[2 * k][x] * first_of(pairs[k]) + lines[2 * k + 1][x] * second_of(pairs[k]);
                out[x] = (int16_t)CLAMP(sum >> DOWN_SHIFT, INT16_MIN, INT16_MAX);
        }
}

#ifdef __SSE2__

static bool has_avx2(void)
{
        return __builtin_cpu_supports("avx2") != 0;
}

static size_t down_sse2(const uint8_t *const *lines, const int32_t *pairs, uint32_t n_pairs, size_t n, int16_t *out)
{
        const __m128i zero = _mm_setzero_si128(), half = _mm_set1_epi32(1 << (DOWN_SHIFT - 1));
        size_t x = 0;

        for (; x + 16 <= n; x += 16) {
                __m128i sum[4] = {half, half, half, half};
                for (uint32_t k = 0; k < n_pairs; k++) {
                        __m128i a = _mm_loadu_si128((const __m128i *)(lines[2 * k] + x)),
                                b = _mm_loadu_si128((const __m128i *)(lines[2 * k + 1] + x)),
                                low = _mm_unpacklo_epi8(a, b), high = _mm_unpackhi_epi8(a, b),
                                w = _mm_set1_epi32(pairs[k]);
                        sum[0] = _mm_add_epi32(sum[0], _mm_madd_epi16(_mm_unpacklo_epi8(low, zero), w));
                        sum[1] = _mm_add_epi32(sum[1], _mm_madd_epi16(_mm_unpackhi_epi8(low, zero), w));
                        sum[2] = _mm_add_epi32(sum[2], _mm_madd_epi16(_mm_unpacklo_epi8(high, zero), w));
                        sum[3] = _mm_add_epi32(sum[3], _mm_madd_epi16(_mm_unpackhi_epi8(high, zero), w));
                }
                for (int i = 0; i < 4; i++)
                        sum[i] = _mm_srai_epi32(sum[i], DOWN_SHIFT);
                _mm_storeu_si128((__m128i *)(out + x), _mm_packs_epi32(sum[0], sum[1]));
                _mm_storeu_si128((__m128i *)(out + x + 8), _mm_packs_epi32(sum[2], sum[3]));
        }
        return x;
}

/* Unpacking and packing stay within halves of 128 bits: the halves change places at the end. */
__attribute__((target("avx2"))) static size_t down_avx2(const uint8_t *const *lines, const int32_t *pairs,
                                                        uint32_t n_pairs, size_t n, int16_t *out)
{
        const __m256i zero = _mm256_setzero_si256(), half = _mm256_set1_epi32(1 << (DOWN_SHIFT - 1));
        size_t x = 0;

        for (; x + 32 <= n; x += 32) {
                __m256i sum[4] = {half, half, half, half};
                for (uint32_t k = 0; k < n_pairs; k++) {
                        __m256i a = _mm256_loadu_si256((const __m256i *)(lines[2 * k] + x)),
                                b = _mm256_loadu_si256((const __m256i *)(lines[2 * k + 1] + x)),
                                low = _mm256_unpacklo_epi8(a, b), high = _mm256_unpackhi_epi8(a, b),
                                w = _mm256_set1_epi32(pairs[k]);
                        sum[0] = _mm256_add_epi32(sum[0], _mm256_madd_epi16(_mm256_unpacklo_epi8(low, zero), w));
                        sum[1] = _mm256_add_epi32(sum[1], _mm256_madd_epi16(_mm256_unpackhi_epi8(low, zero), w));
                        sum[2] = _mm256_add_epi32(sum[2], _mm256_madd_epi16(_mm256_unpacklo_epi8(high, zero), w));
                        sum[3] = _mm256_add_epi32(sum[3], _mm256_madd_epi16(_mm256_unpackhi_epi8(high, zero), w));
                }
                for (int i = 0; i < 4; i++)
                        sum[i] = _mm256_srai_epi32(sum[i], DOWN_SHIFT);
                __m256i left = _mm256_packs_epi32(sum[0], sum[1]), right = _mm256_packs_epi32(sum[2], sum[3]);
                _mm256_storeu_si256((__m256i *)(out + x), _mm256_permute2x128_si256(left, right, 0x20));
                _mm256_storeu_si256((__m256i *)(out + x + 16), _mm256_permute2x128_si256(left, right, 0x31));
        }
        return x;
}

/* Four bytes where there is room: the next pixel writes over what is too much. */
static inline void put_pixel(uint32_t four, bool room, unsigned bands, uint8_t *out)
{
        if (room) {
                memcpy(out, &four, 4);
                return;
        }
        for (unsigned b = 0; b < bands; b++)
                out[b] = (uint8_t)(four >> (8 * b));
}

/* All bands of a pixel at a time; of fewer than four, the others are the neighbour's and are thrown away. */
static void across_sse2(const int16_t *values, const struct plc_weights *w, uint32_t n, unsigned bands, uint8_t *out)
{
        for (uint32_t i = 0; i < n; i++, out += bands) {
                const int16_t *p = values + (size_t)w->first[i] * bands;
                const int32_t *pairs = w->pairs + (size_t)i * w->n_pairs;
                __m128i sum = _mm_set1_epi32(1 << (ACROSS_SHIFT - 1));
                for (uint32_t k = 0; k < w->n_pairs; k++, p += 2 * bands) {
                        __m128i a = _mm_loadl_epi64((const __m128i *)p),
                                b = _mm_loadl_epi64((const __m128i *)(p + bands));
                        sum = _mm_add_epi32(sum, _mm_madd_epi16(_mm_unpacklo_epi16(a, b), _mm_set1_epi32(pairs[k])));
                }
                sum = _mm_packs_epi32(_mm_srai_epi32(sum, ACROSS_SHIFT), sum);
                put_pixel((uint32_t)_mm_cvtsi128_si32(_mm_packus_epi16(sum, sum)), i + 4 < n, bands, out);
        }
}

/* Four neighbours at a time: one pair in each half, brought side by side by one shuffle. */
__attribute__((target("avx2"))) static void across_avx2(const int16_t *values, const struct plc_weights *w, uint32_t n,
                                                        unsigned bands, uint8_t *out)
{
        uint8_t beside[16];

        for (unsigned b = 0; b < 4; b++)
                for (unsigned i = 0; i < 4; i++)
                        beside[4 * b + i] = (uint8_t)(2 * (i < 2 ? b : bands + b) + (i & 1));
        const __m256i order = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)beside)),
                      spread = _mm256_set_epi32(0x07060504, 0x07060504, 0x07060504, 0x07060504, 0x03020100, 0x03020100,
                                                0x03020100, 0x03020100),
                      half = _mm256_castsi128_si256(_mm_set1_epi32(1 << (ACROSS_SHIFT - 2))); /* in each half */
        const __m256i start = _mm256_permute2x128_si256(half, half, 0);

        for (uint32_t i = 0; i < n; i++, out += bands) {
                const int16_t *p = values + (size_t)w->first[i] * bands;
                const int32_t *pairs = w->pairs + (size_t)i * w->n_pairs;
                __m256i sum = start;
                for (uint32_t k = 0; k < w->n_pairs; k += 2, p += 4 * bands) {
                        int64_t two;
                        memcpy(&two, pairs + k, sizeof two);
                        __m256i four =
                                _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)p)),
                                                        _mm_loadu_si128((const __m128i *)(p + 2 * bands)), 1);
                        sum = _mm256_add_epi32(sum,
                                               _mm256_madd_epi16(_mm256_shuffle_epi8(four, order),
                                                                 _mm256_shuffle_epi8(_mm256_set1_epi64x(two), spread)));
                }
                __m128i one = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
                one = _mm_packs_epi32(_mm_srai_epi32(one, ACROSS_SHIFT), one);
                put_pixel((uint32_t)_mm_cvtsi128_si32(_mm_packus_epi16(one, one)), i + 4 < n, bands, out);
        }
}

void plc_weigh_down(const uint8_t *const *lines, const int32_t *pairs, uint32_t n_pairs, size_t n, int16_t *out)
{
        size_t done = has_avx2() ? down_avx2(lines, pairs, n_pairs, n, out) : down_sse2(lines, pairs, n_pairs, n, out);
        down_plain(lines, pairs, n_pairs, done, n, out);
}

void plc_weigh_across(const int16_t *values, const struct plc_weights *w, uint32_t n, unsigned bands, uint8_t *out)
{
        (has_avx2() ? across_avx2 : across_sse2)(values, w, n, bands, out);
}

#else

void plc_weigh_down(const uint8_t *const *lines, const int32_t *pairs, uint32_t n_pairs, size_t n, int16_t *out)
{
        down_plain(lines, pairs, n_pairs, 0, n, out);
}

void plc_weigh_across(const int16_t *values, const struct plc_weights *w, uint32_t n, unsigned bands, uint8_t *out)
{
        for (uint32_t i = 0; i < n; i++, out += bands)
                for (unsigned b = 0; b < bands; b++) {
                        const int16_t *p = values + (size_t)w->first[i] * bands + b;
                        const int32_t *pairs = w->pairs + (size_t)i * w->n_pairs;
                        int32_t sum = 1 << (ACROSS_SHIFT - 1);
                        for (uint32_t k = 0; k < w->n_pairs; k++, p += 2 * bands)
                                sum += p[0] * first_of(pairs[k]) + p[bands] * second_of(pairs[k]);
                        out[b] = (uint8_t)CLAMP(sum >> ACROSS_SHIFT, 0, 255);
                }
}

#endif
