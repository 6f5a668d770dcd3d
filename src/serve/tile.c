/*
 * What stands in a mail where a photo may not be shown any more? A grey of the same size, so that the layout holds.
 * This program has no image encoder, and needs none for one colour: in a baseline JPEG every block after the first says
 * "as before, and nothing else" in two bits.
 */
#include "serve/internal.h"
#include <string.h>

/* ITU-T T.81 B. The first block's DC is 55 × 16 / 8 above the middle: grey 238. Codes: DC "0" no difference, "10" six
 * bits of it; AC "0" end of block. */
static const uint8_t before[] = {0xff, 0xd8,                                                          /* SOI */
                                 0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, /* APP0 */
                                 0xff, 0xdb, 0, 67, 0};                                               /* DQT */
static const uint8_t after[] = {
        0xff, 0xc4, 0, 21, 0x00, 1,    1, 0,  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, /* DHT */
        0xff, 0xc4, 0, 20, 0x10, 1,    0, 0,  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff,
        0xda, 0,    8, 1,  1,    0x00, 0, 63, 0}; /* SOS */

GBytes *plc_serve_tile(unsigned width, unsigned height)
{
        const uint8_t frame[] = {
                0xff,           0xc0, 0, 11,   8, (uint8_t)(height >> 8), (uint8_t)height, (uint8_t)(width >> 8),
                (uint8_t)width, 1,    1, 0x11, 0}; /* SOF0 */
        size_t blocks = (size_t)((width + 7) / 8) * ((height + 7) / 8), bits = 9 + 2 * (blocks - 1);
        GByteArray *out = g_byte_array_new();
        g_autofree uint8_t *data = g_malloc0((bits + 7) / 8);
        uint8_t quant[64];

        memset(quant, 16, sizeof quant);
        data[0] = 0xb7; /* 10 110111 and the first bit of the zeros: end of block, then "0" "0" for each other one */
        if (bits % 8 != 0)
                data[bits / 8] |= (uint8_t)(0xff >> (bits % 8)); /* filled up with ones (F.1.2.3) */
        g_byte_array_append(out, before, sizeof before);
        g_byte_array_append(out, quant, sizeof quant);
        g_byte_array_append(out, frame, sizeof frame);
        g_byte_array_append(out, after, sizeof after);
        g_byte_array_append(out, data, (guint)((bits + 7) / 8));
        g_byte_array_append(out, (const uint8_t[]){0xff, 0xd9}, 2);
        return g_byte_array_free_to_bytes(out);
}
