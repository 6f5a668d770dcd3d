/* How are bytes named and authenticated? SHA-256 and HMAC-SHA-256 (FIPS 180-4, RFC 2104) from libcrypto, in lower-case
 * hex. */
#pragma once
#include "base/error.h"

#define PLC_SHA256_LEN 32
#define PLC_SHA256_HEX_SIZE 65

void plc_sha256(const void *data, size_t size, uint8_t out[PLC_SHA256_LEN]);
void plc_sha256_hex(const void *data, size_t size, char out[PLC_SHA256_HEX_SIZE]);
/* The whole file from offset 0, by pread: the descriptor's position is left alone. */
bool plc_sha256_fd(int fd, char out_hex[PLC_SHA256_HEX_SIZE], GError **error);
void plc_hmac_sha256_hex(const void *key, size_t key_size, const void *data, size_t size,
                         char out[PLC_SHA256_HEX_SIZE]);

/* Piece by piece. plc_hash_final frees. */
typedef struct plc_hash plc_hash;
plc_hash *plc_hash_new(void);
void plc_hash_add(plc_hash *hash, const void *data, size_t size);
void plc_hash_final(plc_hash *hash, uint8_t out[PLC_SHA256_LEN]);

/*
 * Are two contents that we wrote ourselves the same (ETag)? 128 bits, begun with zeros and gone on with from piece to
 * piece; ten times as fast as SHA-256 and no defence against somebody who looks for two that agree.
 */
void plc_quick_hash(uint64_t state[2], const void *data, size_t size);

void plc_hex(const uint8_t *bytes, size_t size, char *out); /* 2 × size + 1 characters */
bool plc_unhex(const char *hex, uint8_t *out, size_t size); /* exactly size bytes, lower case only */
bool plc_sha256_hex_valid(const char *hex);
