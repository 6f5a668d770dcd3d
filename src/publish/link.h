/* Under which address does a contributor find their own page? */
#pragma once
#include "vault/vault.h"

/* The token in /c/{token}: 128 bits that only the site's key can make, the same each time; of the form of a media key.
 */
void plc_publish_token(const plc_vault *vault, const char *contributor, char out[PLC_ID_SIZE]);
/* What the index has of it: who holds the index does not hold the address. */
void plc_publish_owner(const plc_vault *vault, const char *contributor, char out_hex[PLC_SHA256_HEX_SIZE]);
