/* How is the address of a contributor's own page made? From the site's key alone: nothing is stored that could be lost
 * or read. */
#include "publish/link.h"

#include <string.h>

void plc_publish_token(const plc_vault *vault, const char *contributor, char out[PLC_ID_SIZE])
{
        char hmac[PLC_SHA256_HEX_SIZE];
        uint8_t bytes[16];

        plc_vault_hmac(vault, "page of a contributor", "", contributor, hmac);
        hmac[2 * sizeof bytes] = '\0';
        plc_unhex(hmac, bytes, sizeof bytes);
        plc_id_from(bytes, out);
        for (char *c = out; *c != '\0'; c++)
                *c = g_ascii_tolower(*c);
}

void plc_publish_owner(const plc_vault *vault, const char *contributor, char out_hex[PLC_SHA256_HEX_SIZE])
{
        char token[PLC_ID_SIZE];

        plc_publish_token(vault, contributor, token);
        plc_sha256_hex(token, strlen(token), out_hex);
}
