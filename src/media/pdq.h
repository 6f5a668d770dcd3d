/* Is this the same photo, scaled or saved again? PDQ: 256 bits that say so by their Hamming distance (below about 31),
 * and how much they can be trusted. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLC_PDQ_HEX_SIZE 65
#define PLC_PDQ_LEAST_SIDE 5 /* pixels; below it there is no fingerprint */

/* A photo, or a smaller picture of it: a side of 512 tells as much as the whole does. */
struct plc_pdq_picture {
        uint32_t width, height;
        uint32_t full_width, full_height; /* of the photo; not less than width and height */
        const uint8_t *pixels;            /* 8-bit sRGB */
        unsigned bands;                   /* bytes a pixel, of which the first three count */
};

/* False (nothing set) where a side is below PLC_PDQ_LEAST_SIDE. Quality is 0 to 100; under 50 the fingerprint is of
 * something too flat to be compared. */
bool plc_pdq(const struct plc_pdq_picture *picture, char out_hex[PLC_PDQ_HEX_SIZE], uint8_t *out_quality);
