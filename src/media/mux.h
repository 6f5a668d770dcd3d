/*
 * How are the encoder's bytes made into the file we store? The picture's own segments and chunks are copied by
 * allow-list, all else is left behind (libvips 8.14.1 ignores `strip` for WebP), and our XMP packet is put in.
 */
#pragma once
#include "base/error.h"
#include "wire/plan.h"

/* A new array; xmp may be NULL. UNCLEAN if the encoder's bytes cannot be followed. */
bool plc_mux(enum plc_format format, const uint8_t *bytes, size_t size, uint32_t width, uint32_t height,
             const char *xmp, GByteArray **out, GError **error);
/* Its part for AVIF with a packet. */
bool plc_mux_avif(const uint8_t *bytes, size_t size, const char *xmp, GByteArray *out, GError **error);
/* CRC of PNG chunks (ISO/IEC 15948 annex D). */
uint32_t plc_png_crc(const uint8_t *bytes, size_t size);
