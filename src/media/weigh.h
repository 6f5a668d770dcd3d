/* How are lines and pixels weighed together fast? The inner loops of resize.c, with the machine's vector instructions
 * where we know them. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#define PLC_WEIGHT_BITS 14        /* a weight of 1 is 1 << 14 */
#define PLC_WEIGH_FRACTION_BITS 6 /* of a value between the two directions */
#define PLC_WEIGH_PADDING 16      /* values behind the last one that plc_weigh_across may read, with a weight of 0 */

/* For each pixel made: from which pixel on, and two 16-bit weights at a time, the first one's in the low half. Each has
 * n_pairs of them, the last may be zero. */
struct plc_weights {
        uint32_t *first;
        int32_t *pairs;
        uint32_t n_pairs;
};

/* out[x] = Σ weight × lines[k][x] over 2 × n_pairs lines of n bytes, with 6 bits of fraction. */
void plc_weigh_down(const uint8_t *const *lines, const int32_t *pairs, uint32_t n_pairs, size_t n, int16_t *out);
/* n pixels of `bands` 1-4 bytes, from values as above; n_pairs must be even. */
void plc_weigh_across(const int16_t *values, const struct plc_weights *weights, uint32_t n, unsigned bands,
                      uint8_t *out);
