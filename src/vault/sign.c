/* Who says that a text is ours? libsodium's Ed25519 under a seed in keys/. */
#include "vault/sign.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "vault/inner.h"

G_STATIC_ASSERT(crypto_sign_SEEDBYTES == PLC_KEY_BYTES);
G_STATIC_ASSERT(2 * crypto_sign_BYTES + 1 == PLC_SIGNATURE_HEX_SIZE);

/* Wipe out_secret. */
static bool key_pair(int keys_dirfd, uint8_t out_public[crypto_sign_PUBLICKEYBYTES],
                     uint8_t out_secret[crypto_sign_SECRETKEYBYTES], GError **error)
{
        uint8_t seed[PLC_KEY_BYTES];

        if (!plc_key_read(keys_dirfd, PLC_SIGNER_KEY, seed, error))
                return false;
        crypto_sign_seed_keypair(out_public, out_secret, seed);
        sodium_memzero(seed, sizeof seed);
        return true;
}

bool plc_signer_create(int keys_dirfd, GError **error)
{
        uint8_t public_key[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
        char text[2 * sizeof public_key + 2];

        if (sodium_init() < 0)
                return plc_fail(error, PLC_E_INTERNAL, "libsodium cannot be used");
        if (!plc_key_make(keys_dirfd, PLC_SIGNER_KEY, error) || !key_pair(keys_dirfd, public_key, secret, error))
                return false;
        sodium_memzero(secret, sizeof secret);
        plc_hex(public_key, sizeof public_key, text);
        text[2 * sizeof public_key] = '\n';
        text[2 * sizeof public_key + 1] = '\0';
        return plc_write_durable_at(keys_dirfd, PLC_SIGNER_PUBLIC, text, strlen(text), 0600, error);
}

bool plc_vault_sign(plc_vault *vault, const void *text, size_t size, char out_hex[PLC_SIGNATURE_HEX_SIZE],
                    GError **error)
{
        uint8_t public_key[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
        uint8_t signature[crypto_sign_BYTES];

        if (!key_pair(vault->keys_fd, public_key, secret, error))
                return false;
        crypto_sign_detached(signature, NULL, text, size, secret);
        sodium_memzero(secret, sizeof secret);
        plc_hex(signature, sizeof signature, out_hex);
        return true;
}

bool plc_vault_check_signature(plc_vault *vault, const void *text, size_t size, const char *signature_hex,
                               GError **error)
{
        uint8_t public_key[crypto_sign_PUBLICKEYBYTES], signature[crypto_sign_BYTES];
        g_autoptr(GBytes) bytes = NULL;
        g_autofree char *hex = NULL;

        if (!plc_read_file_at(vault->keys_fd, PLC_SIGNER_PUBLIC, 1024, &bytes, error))
                return false;
        hex = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
        if (!plc_unhex(g_strchomp(hex), public_key, sizeof public_key))
                return plc_fail_at(error, PLC_E_BAD_CONFIG, "keys/" PLC_SIGNER_PUBLIC, NULL,
                                   "Put it back from the copy of keys/.", "is not a public key");
        return (plc_unhex(signature_hex, signature, sizeof signature) &&
                crypto_sign_verify_detached(signature, text, size, public_key) == 0) ||
               plc_fail(error, PLC_E_BAD_LEDGER, "the signature does not fit");
}
