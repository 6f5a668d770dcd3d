/* Where does an eye look first? A point to crop around where nobody has named one. */
#pragma once
#include <stdint.h>

#define PLC_ATTENTION_SIDE 32 /* the photo squeezed to a square; a place is found to a thirty-second of each side */

/* rgb: PLC_ATTENTION_SIDE² pixels of 3 bytes. Fractions of the photo. */
void plc_attention(const uint8_t *rgb, double *out_x, double *out_y);
