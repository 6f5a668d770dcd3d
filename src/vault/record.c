/*
 * How are names, addresses and texts sealed for columns of the catalog, and how are external ids found that nobody can
 * read? XChaCha20-Poly1305 with 24 random bytes before it; HMAC-SHA-256.
 */
#include <sodium.h>
#include <string.h>

#include "vault/inner.h"

#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG crypto_aead_xchacha20poly1305_ietf_ABYTES
#define FORM 1 /* the first byte: of the form described above */

bool plc_vault_seal_text(plc_vault *vault, const char *contributor, const char *what, const char *text, GBytes **out,
                         GError **error)
{
        size_t size = text != NULL ? strlen(text) : 0;
        g_autofree uint8_t *sealed = NULL;
        uint8_t key[PLC_KEY_BYTES];

        if (text == NULL) {
                *out = NULL;
                return true;
        }
        if (size > PLC_VAULT_TEXT_MAX)
                return plc_fail(error, PLC_E_TOO_BIG, "a text of more than %zu bytes", PLC_VAULT_TEXT_MAX);
        if (!plc_vault_key(vault, contributor, PLC_KEY_TEXT, key, error))
                return false;
        sealed = g_malloc(1 + NONCE + size + TAG);
        sealed[0] = FORM;
        randombytes_buf(sealed + 1, NONCE);
        crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + 1 + NONCE, NULL, (const uint8_t *)text, size,
                                                   (const uint8_t *)what, strlen(what), NULL, sealed + 1, key);
        sodium_memzero(key, sizeof key);
        *out = g_bytes_new_take(g_steal_pointer(&sealed), 1 + NONCE + size + TAG);
        return true;
}

bool plc_vault_unseal_text(plc_vault *vault, const char *contributor, const char *what, GBytes *sealed, char **out,
                           GError **error)
{
        g_autofree char *text = NULL;
        uint8_t key[PLC_KEY_BYTES];
        const uint8_t *data;
        size_t size;
        int result;

        if (sealed == NULL) {
                *out = NULL;
                return true;
        }
        data = g_bytes_get_data(sealed, &size);
        if (size < 1 + NONCE + TAG || size > 1 + NONCE + TAG + PLC_VAULT_TEXT_MAX || data[0] != FORM)
                return plc_fail(error, PLC_E_UNREADABLE, "%s is not a sealed record", what);
        if (!plc_vault_key(vault, contributor, PLC_KEY_TEXT, key, error))
                return false;
        text = g_malloc0(size - NONCE - TAG); /* one more than the content: the closing zero */
        result = crypto_aead_xchacha20poly1305_ietf_decrypt((uint8_t *)text, NULL, NULL, data + 1 + NONCE,
                                                            size - 1 - NONCE, (const uint8_t *)what, strlen(what),
                                                            data + 1, key);
        sodium_memzero(key, sizeof key);
        if (result != 0)
                return plc_fail(error, PLC_E_UNREADABLE, "%s does not open: damaged, or sealed as something else",
                                what);
        *out = g_steal_pointer(&text);
        return true;
}

/* The parts have no zero bytes in them, so one between them keeps them apart. */
void plc_vault_hmac(const plc_vault *vault, const char *purpose, const char *source, const char *text,
                    char out_hex[PLC_SHA256_HEX_SIZE])
{
        g_autoptr(GString) all = g_string_new(purpose);

        g_string_append_len(all, "", 1);
        g_string_append(all, source);
        g_string_append_len(all, "", 1);
        g_string_append(all, text);
        plc_hmac_sha256_hex(vault->site_key, PLC_KEY_BYTES, all->str, all->len, out_hex);
        sodium_memzero(all->str, all->len);
}

bool plc_vault_evidence_hmac(plc_vault *vault, const char *contributor, const void *data, size_t size,
                             char out_hex[PLC_SHA256_HEX_SIZE], GError **error)
{
        uint8_t key[PLC_KEY_BYTES];

        if (!plc_vault_key(vault, contributor, PLC_KEY_EVIDENCE, key, error))
                return false;
        plc_hmac_sha256_hex(key, sizeof key, data, size, out_hex);
        sodium_memzero(key, sizeof key);
        return true;
}
