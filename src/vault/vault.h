/*
 * How is what is personal kept? Sealed under a key of the contributor's own: originals and evidence as files in vault/,
 * names, addresses and texts as small records for columns of the catalog. Destroying the key makes all of it
 * unreadable, in copies too.
 *
 * Order: plc_vault_ensure_key first (durable when it returns), then seal, then refer to it in the catalog.
 * `contributor` is our own id (base/id.h); every submission has one, if only for a person unknown to us.
 */
#pragma once
#include "base/error.h"
#include "base/hash.h"
#include "base/id.h"

typedef struct plc_vault plc_vault;

#define PLC_VAULT_FILE_MAX ((size_t)256 << 20) /* bytes of one sealed file: TOO_BIG beyond it */
#define PLC_VAULT_TEXT_MAX ((size_t)4 << 20)   /* bytes of one small record */

/* Makes keys/site.key if it is not there. Only when a site is made: a missing key later is a missing disk, never a new
 * start. */
bool plc_vault_create(int keys_dirfd, GError **error);
/* The version of libsodium that runs. */
const char *plc_vault_library(void);
/* NULL on failure; both descriptors are duplicated. NOT_FOUND without site.key; BAD_CONFIG if others may read it. */
plc_vault *plc_vault_open(int vault_dirfd, int keys_dirfd, GError **error);
void plc_vault_close(plc_vault *vault);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_vault, plc_vault_close)

bool plc_vault_ensure_key(plc_vault *vault, const char *contributor, GError **error);
bool plc_vault_has_key(plc_vault *vault, const char *contributor, bool *out, GError **error);
/* Overwritten, removed, and the removal durable. A key that is not there is fine. */
bool plc_vault_destroy_key(plc_vault *vault, const char *contributor, GError **error);

/* In all that follows: ERASED if the contributor has no key, UNREADABLE if the sealed bytes are not what was sealed. */

/* Everything in fd, from offset 0 (an ordinary file or memfd). The name is random: it tells nothing of the content. */
bool plc_vault_seal_fd(plc_vault *vault, const char *contributor, int fd, char out_name[PLC_ID_SIZE], GError **error);
bool plc_vault_seal_bytes(plc_vault *vault, const char *contributor, const void *data, size_t size,
                          char out_name[PLC_ID_SIZE], GError **error);
/* A sealed memfd at offset 0, never a file. Close it. NOT_FOUND if there is no such blob. */
bool plc_vault_unseal_memfd(plc_vault *vault, const char *contributor, const char *name, int *out_fd, GError **error);
/*
 * Does the blob open with the contributor's key? `whole`: every piece is opened and thrown away; else the first alone,
 * and the length must be one that a sealed file can have. NOT_FOUND, ERASED, UNREADABLE.
 */
bool plc_vault_probe(plc_vault *vault, const char *contributor, const char *name, bool whole, GError **error);
/* Every name there is; stops with false at the visitor's first false. */
bool plc_vault_list(plc_vault *vault, bool (*visit)(const char *name, void *user_data, GError **error), void *user_data,
                    GError **error);
/* When it was sealed, ms UTC; NOT_FOUND. */
bool plc_vault_sealed_at(plc_vault *vault, const char *name, int64_t *out_ms, GError **error);
/* A name that is not there is fine. */
bool plc_vault_remove(plc_vault *vault, const char *name, GError **error);

/*
 * Small records. `what` says what it is, "item_text/ID/body": the same words must be given to open it, so that no
 * record can be put in another's place. Text NULL gives NULL and back. Free with g_bytes_unref and g_free.
 */
bool plc_vault_seal_text(plc_vault *vault, const char *contributor, const char *what, const char *text, GBytes **out,
                         GError **error);
bool plc_vault_unseal_text(plc_vault *vault, const char *contributor, const char *what, GBytes *sealed, char **out,
                           GError **error);

/* HMAC-SHA-256 under the site's key, for finding external ids and for tombstones: of purpose, source ("" if none) and
 * text. */
void plc_vault_hmac(const plc_vault *vault, const char *purpose, const char *source, const char *text,
                    char out_hex[PLC_SHA256_HEX_SIZE]);
/* Under the contributor's key: what the ledger says of a piece of evidence. */
bool plc_vault_evidence_hmac(plc_vault *vault, const char *contributor, const void *data, size_t size,
                             char out_hex[PLC_SHA256_HEX_SIZE], GError **error);
