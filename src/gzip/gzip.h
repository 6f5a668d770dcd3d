/*
 * How are bytes compressed as RFC 1952 (gzip) has it, all at once, or around a piece that was compressed before? The
 * only door to zlib. One thread.
 */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* NULL if it would not get smaller. */
GBytes *plc_gzip(GBytes *body);

/*
 * A run of bytes that was deflated by itself (RFC 1951): it refers to nothing before it, nothing after it refers to it,
 * it ends at a whole byte and is not the end. Begin with zeros.
 */
struct plc_gzip_piece {
        GBytes *deflated;
        size_t size;  /* as it was */
        uint32_t crc; /* CRC-32 of it, as it was */
};
void plc_gzip_piece_clear(struct plc_gzip_piece *piece);
/* False if it would not get smaller. */
bool plc_gzip_piece_make(const void *data, size_t size, struct plc_gzip_piece *out);
/* Is it of these bytes? Inflates it; whatever it holds, no more than `size` bytes are written. */
bool plc_gzip_piece_is(const struct plc_gzip_piece *piece, const void *data, size_t size);

/* What may stand around a piece: it is sent as it is. */
#define PLC_GZIP_AROUND_MAX ((size_t)1024)
/*
 * The body of which the piece begins at `at`, as a whole gzip file; nothing is compressed. The caller has made sure
 * that the piece is of these bytes. NULL: it does not fit into the body, or there is too much around it.
 */
GBytes *plc_gzip_around(GBytes *body, size_t at, const struct plc_gzip_piece *piece);

/* CRC-32 of a piece as it is stored, so that damage is found without inflating it; begin with 0 and go on. */
uint32_t plc_gzip_crc(uint32_t before, const void *data, size_t size);
