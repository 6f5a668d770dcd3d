/* What do the files of vault/ share? The open vault, and keys by use. */
#pragma once
#include "base/id.h"
#include "blob/blob.h"
#include "vault/key.h"
#include "vault/vault.h"

#define PLC_KEY_NAME_SIZE (PLC_ID_LEN + 5) /* "ID.key" */

struct plc_vault {
        plc_blobs *blobs;
        uint8_t *site_key;
        int keys_fd;
};

/* Of a contributor, for one use; ERASED if there is none. Wipe it. */
bool plc_vault_key(plc_vault *vault, const char *contributor, enum plc_key_use use, uint8_t out[PLC_KEY_BYTES],
                   GError **error);
