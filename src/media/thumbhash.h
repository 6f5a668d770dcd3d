/* What is shown while the photo loads? A ThumbHash (Evan Wallace, 2023): about 25 bytes that keep ratio, colours and
 * alpha. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#define PLC_THUMBHASH_MAX 48 /* bytes: 6 + half of 27 + 5 + 5 + 14 coefficients, rounded up */
#define PLC_THUMBHASH_SIDE 100

/* At most 100 pixels a side, rows without gaps, 4 bytes a pixel; the number of bytes written, 0 for an empty or too
 * large image. */
size_t plc_thumbhash(uint32_t width, uint32_t height, const uint8_t *rgba, uint8_t out[PLC_THUMBHASH_MAX]);
