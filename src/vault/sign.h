/* Who says that a text is ours? A key made with the site signs it (Ed25519, RFC 8032); the public half beside it tells,
 * also to somebody who has nothing else of the site. */
#pragma once
#include "vault/vault.h"

#define PLC_SIGNATURE_HEX_SIZE 129
#define PLC_SIGNER_KEY "checkpoint.key"
#define PLC_SIGNER_PUBLIC "checkpoint.pub"

/* Makes keys/checkpoint.key (0600: 32 bytes, the seed) and keys/checkpoint.pub (hex and a line feed), durably; a key
 * that is there stays. */
bool plc_signer_create(int keys_dirfd, GError **error);
/* NOT_FOUND without the key, BAD_CONFIG if others may read it. The key is in memory for this call only. */
bool plc_vault_sign(plc_vault *vault, const void *text, size_t size, char out_hex[PLC_SIGNATURE_HEX_SIZE],
                    GError **error);
/* BAD_LEDGER if the key of keys/checkpoint.pub has not signed exactly these bytes. */
bool plc_vault_check_signature(plc_vault *vault, const void *text, size_t size, const char *signature_hex,
                               GError **error);
