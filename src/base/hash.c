/* Who computes hashes? libcrypto, only here (1,045 MB per CPU second where GLib's own does 329). */
#include "base/hash.h"

#include <errno.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>
#include <unistd.h>

/* Both halves of the product of 64 by 64 bits, folded. */
static uint64_t fold(uint64_t a, uint64_t b)
{
        __extension__ typedef unsigned __int128 wide;
        wide product = (wide)a * b;

        return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Odd numbers with about half of their bits set: digits of the fractional parts of e, pi and the square root of 2. */
static const uint64_t salt[8] = {
        UINT64_C(0xb7e151628aed2a6b), UINT64_C(0xbf7158809cf4f3c7), UINT64_C(0x243f6a8885a308d3),
        UINT64_C(0x13198a2e03707345), UINT64_C(0x6a09e667f3bcc909), UINT64_C(0xb2fb1366ea957d3f),
        UINT64_C(0x62e7160f38b4da57), UINT64_C(0xa784d9045190cfef),
};

static void quick_step(uint64_t state[2], const uint64_t words[4])
{
        state[0] = fold(state[0] ^ words[0] ^ salt[0], words[1] ^ salt[1]);
        state[1] = fold(state[1] ^ words[2] ^ salt[2], words[3] ^ salt[3]);
}

static uint64_t word_at(const uint8_t *at)
{
        uint64_t word;

        memcpy(&word, at, sizeof word);
        return word;
}

/* Four products that do not wait for each other, written out: as a loop the compiler goes by way of memory. */
static const uint8_t *quick_blocks(uint64_t state[2], const uint8_t *at, size_t blocks)
{
        uint64_t a = state[0], b = state[1], c = state[0], d = state[1];

        for (; blocks > 0; blocks--, at += 64) {
                a = fold(a ^ word_at(at) ^ salt[0], word_at(at + 8) ^ salt[1]);
                b = fold(b ^ word_at(at + 16) ^ salt[2], word_at(at + 24) ^ salt[3]);
                c = fold(c ^ word_at(at + 32) ^ salt[4], word_at(at + 40) ^ salt[5]);
                d = fold(d ^ word_at(at + 48) ^ salt[6], word_at(at + 56) ^ salt[7]);
        }
        state[0] = a;
        state[1] = b;
        quick_step(state, (const uint64_t[]){c, d, d, c});
        return at;
}

void plc_quick_hash(uint64_t state[2], const void *data, size_t size)
{
        const uint8_t *at = data;
        size_t left = size;
        uint64_t words[4], last[4] = {0};

        if (left >= 64) {
                at = quick_blocks(state, at, left / 64);
                left %= 64;
        }
        for (; left >= sizeof words; left -= sizeof words, at += sizeof words) {
                memcpy(words, at, sizeof words);
                quick_step(state, words);
        }
        memcpy(last, at, left);
        quick_step(state, last);
        quick_step(state, (const uint64_t[]){size, state[1], size, state[0]});
}

void plc_hex(const uint8_t *bytes, size_t size, char *out)
{
        static const char digits[] = "0123456789abcdef";

        for (size_t i = 0; i < size; i++) {
                out[2 * i] = digits[bytes[i] >> 4];
                out[2 * i + 1] = digits[bytes[i] & 15];
        }
        out[2 * size] = '\0';
}

static int nibble(char c)
{
        if (c >= '0' && c <= '9')
                return c - '0';
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool plc_unhex(const char *hex, uint8_t *out, size_t size)
{
        if (strlen(hex) != 2 * size)
                return false;
        for (size_t i = 0; i < size; i++) {
                int high = nibble(hex[2 * i]), low = nibble(hex[2 * i + 1]);

                if (high < 0 || low < 0)
                        return false;
                out[i] = (uint8_t)(high << 4 | low);
        }
        return true;
}

bool plc_sha256_hex_valid(const char *hex)
{
        uint8_t bytes[PLC_SHA256_LEN];

        return plc_unhex(hex, bytes, sizeof bytes);
}

plc_hash *plc_hash_new(void)
{
        EVP_MD_CTX *context = EVP_MD_CTX_new();

        if (context == NULL || EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1)
                g_error("libcrypto has no SHA-256");
        return (plc_hash *)context;
}

void plc_hash_add(plc_hash *hash, const void *data, size_t size)
{
        EVP_DigestUpdate((EVP_MD_CTX *)hash, data, size);
}

void plc_hash_final(plc_hash *hash, uint8_t out[PLC_SHA256_LEN])
{
        EVP_DigestFinal_ex((EVP_MD_CTX *)hash, out, NULL);
        EVP_MD_CTX_free((EVP_MD_CTX *)hash);
}

void plc_sha256(const void *data, size_t size, uint8_t out[PLC_SHA256_LEN])
{
        EVP_Digest(data, size, out, NULL, EVP_sha256(), NULL);
}

void plc_sha256_hex(const void *data, size_t size, char out[PLC_SHA256_HEX_SIZE])
{
        uint8_t bytes[PLC_SHA256_LEN];

        plc_sha256(data, size, bytes);
        plc_hex(bytes, sizeof bytes, out);
}

bool plc_sha256_fd(int fd, char out_hex[PLC_SHA256_HEX_SIZE], GError **error)
{
        g_autofree uint8_t *buffer = g_malloc(64 * 1024);
        uint8_t bytes[PLC_SHA256_LEN];
        plc_hash *hash = plc_hash_new();
        off_t at = 0;

        for (;;) {
                ssize_t got = pread(fd, buffer, 64 * 1024, at);

                if (got < 0 && errno == EINTR)
                        continue;
                if (got < 0) {
                        int saved = errno;

                        plc_hash_final(hash, bytes);
                        return plc_fail_errno(error, saved, "cannot read to hash");
                }
                if (got == 0)
                        break;
                plc_hash_add(hash, buffer, (size_t)got);
                at += got;
        }
        plc_hash_final(hash, bytes);
        plc_hex(bytes, sizeof bytes, out_hex);
        return true;
}

void plc_hmac_sha256_hex(const void *key, size_t key_size, const void *data, size_t size, char out[PLC_SHA256_HEX_SIZE])
{
        uint8_t bytes[PLC_SHA256_LEN];
        unsigned length = sizeof bytes;

        HMAC(EVP_sha256(), key, (int)key_size, data, size, bytes, &length);
        plc_hex(bytes, sizeof bytes, out);
}
