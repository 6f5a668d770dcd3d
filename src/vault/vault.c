/* How is what is personal kept? Files here, sealed by stream.c under keys of key.c; small records in record.c. */
#include "vault/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "blob/blob.h"
#include "vault/inner.h"
#include "vault/stream.h"

#define SITE_KEY "site.key"

static bool ready(GError **error)
{
        return sodium_init() >= 0 || plc_fail(error, PLC_E_INTERNAL, "libsodium cannot be used");
}

const char *plc_vault_library(void)
{
        return sodium_version_string();
}

bool plc_vault_create(int keys_dirfd, GError **error)
{
        return ready(error) && plc_key_make(keys_dirfd, SITE_KEY, error);
}

plc_vault *plc_vault_open(int vault_dirfd, int keys_dirfd, GError **error)
{
        g_autoptr(plc_vault) vault = NULL;

        if (!ready(error))
                return NULL;
        vault = g_new0(plc_vault, 1);
        vault->keys_fd = fcntl(keys_dirfd, F_DUPFD_CLOEXEC, 0);
        if (vault->keys_fd < 0) {
                plc_fail_errno(error, errno, "cannot keep the folder of keys open");
                return NULL;
        }
        /* Locked in memory, out of core dumps, between guard pages. */
        vault->site_key = sodium_malloc(PLC_KEY_BYTES);
        if (vault->site_key == NULL) {
                plc_fail(error, PLC_E_MEMORY, "no memory for a key");
                return NULL;
        }
        if (!plc_key_read(keys_dirfd, SITE_KEY, vault->site_key, error))
                return NULL;
        vault->blobs = plc_blobs_open_dir(vault_dirfd, PLC_BLOB_PRIVATE, error);
        return vault->blobs != NULL ? g_steal_pointer(&vault) : NULL;
}

void plc_vault_close(plc_vault *vault)
{
        if (vault == NULL)
                return;
        plc_blobs_close(vault->blobs);
        sodium_free(vault->site_key); /* wipes it */
        plc_close_fd(&vault->keys_fd);
        g_free(vault);
}

/* ID.key; a contributor's id only, so that no other word becomes a file. */
static bool key_name(const char *contributor, char out[PLC_KEY_NAME_SIZE], GError **error)
{
        if (!plc_id_valid(contributor))
                return plc_fail(error, PLC_E_INTERNAL, "not an id of a contributor");
        g_snprintf(out, PLC_KEY_NAME_SIZE, "%s.key", contributor);
        return true;
}

bool plc_vault_ensure_key(plc_vault *vault, const char *contributor, GError **error)
{
        char name[PLC_KEY_NAME_SIZE];

        return key_name(contributor, name, error) && plc_key_make(vault->keys_fd, name, error);
}

bool plc_vault_has_key(plc_vault *vault, const char *contributor, bool *out, GError **error)
{
        char name[PLC_KEY_NAME_SIZE];
        bool there;

        if (!key_name(contributor, name, error))
                return false;
        there = faccessat(vault->keys_fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
        if (!there && errno != ENOENT)
                return plc_fail_errno(error, errno, "cannot look for a key");
        *out = there;
        return true;
}

bool plc_vault_destroy_key(plc_vault *vault, const char *contributor, GError **error)
{
        char name[PLC_KEY_NAME_SIZE];

        return key_name(contributor, name, error) && plc_key_destroy(vault->keys_fd, name, error);
}

bool plc_vault_key(plc_vault *vault, const char *contributor, enum plc_key_use use, uint8_t out[PLC_KEY_BYTES],
                   GError **error)
{
        g_autoptr(GError) problem = NULL;
        char name[PLC_KEY_NAME_SIZE];

        if (!key_name(contributor, name, error))
                return false;
        if (plc_key_derive(vault->keys_fd, name, use, out, &problem))
                return true;
        if (plc_error_code(problem) == PLC_E_NOT_FOUND)
                return plc_fail(error, PLC_E_ERASED, "contributor %s has no key", contributor);
        g_propagate_error(error, g_steal_pointer(&problem));
        return false;
}

bool plc_vault_seal_fd(plc_vault *vault, const char *contributor, int fd, char out_name[PLC_ID_SIZE], GError **error)
{
        uint8_t key[PLC_KEY_BYTES];
        plc_autofd int sealed = -1;
        char name[PLC_ID_SIZE];
        bool fine;

        if (!plc_vault_key(vault, contributor, PLC_KEY_FILE, key, error))
                return false;
        plc_key_new(name);
        fine = plc_memfd("placet-sealed", "", 0, false, &sealed, error) &&
               plc_stream_seal(fd, sealed, name, key, PLC_VAULT_FILE_MAX, error);
        sodium_memzero(key, sizeof key);
        if (!fine || !plc_blob_put(vault->blobs, sealed, name, error))
                return false;
        memcpy(out_name, name, PLC_ID_SIZE);
        return true;
}

bool plc_vault_seal_bytes(plc_vault *vault, const char *contributor, const void *data, size_t size,
                          char out_name[PLC_ID_SIZE], GError **error)
{
        plc_autofd int fd = -1;

        return plc_memfd("placet-plain", data, size, false, &fd, error) &&
               plc_vault_seal_fd(vault, contributor, fd, out_name, error);
}

bool plc_vault_unseal_memfd(plc_vault *vault, const char *contributor, const char *name, int *out_fd, GError **error)
{
        plc_autofd int sealed = -1, plain = -1;
        uint8_t key[PLC_KEY_BYTES];
        bool fine;

        if (!plc_blob_get(vault->blobs, name, &sealed, error) ||
            !plc_memfd("placet-unsealed", "", 0, false, &plain, error) ||
            !plc_vault_key(vault, contributor, PLC_KEY_FILE, key, error))
                return false;
        fine = plc_stream_unseal(sealed, plain, name, key, PLC_VAULT_FILE_MAX, error);
        sodium_memzero(key, sizeof key);
        if (!fine)
                return false;
        if (lseek(plain, 0, SEEK_SET) != 0 ||
            fcntl(plain, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
                return plc_fail_errno(error, errno, "cannot seal a file in memory");
        *out_fd = plc_steal_fd(&plain);
        return true;
}

bool plc_vault_probe(plc_vault *vault, const char *contributor, const char *name, bool whole, GError **error)
{
        uint8_t key[PLC_KEY_BYTES];
        plc_autofd int sealed = -1;
        bool fine;

        if (!plc_blob_get(vault->blobs, name, &sealed, error) ||
            !plc_vault_key(vault, contributor, PLC_KEY_FILE, key, error))
                return false;
        fine = plc_stream_probe(sealed, name, key, PLC_VAULT_FILE_MAX, whole, error);
        sodium_memzero(key, sizeof key);
        return fine;
}

bool plc_vault_list(plc_vault *vault, bool (*visit)(const char *name, void *user_data, GError **error), void *user_data,
                    GError **error)
{
        return plc_blob_list(vault->blobs, visit, user_data, error);
}

bool plc_vault_sealed_at(plc_vault *vault, const char *name, int64_t *out_ms, GError **error)
{
        return plc_blob_put_at(vault->blobs, name, out_ms, error);
}

bool plc_vault_remove(plc_vault *vault, const char *name, GError **error)
{
        return plc_blob_remove(vault->blobs, name, error);
}
