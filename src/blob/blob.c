/* How does a call reach a store of blobs? By the scheme of its URL; keys are checked here, once, for every driver. */
#include "blob/blob.h"

#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "blob/driver.h"

#define LETTERS "0123456789abcdefghijklmnopqrstuvwxyz"

static const struct plc_blob_driver *const drivers[] = {&plc_blob_disk};

plc_blobs *plc_blobs_open(const char *url, enum plc_blob_access access, GError **error)
{
        for (size_t i = 0; i < G_N_ELEMENTS(drivers); i++) {
                size_t length = strlen(drivers[i]->scheme);

                if (strncmp(url, drivers[i]->scheme, length) == 0 && url[length] == ':')
                        return drivers[i]->open(url + length + 1, access, error);
        }
        plc_fail(error, PLC_E_BAD_CONFIG, "%s: no such kind of store", url);
        return NULL;
}

void plc_blobs_close(plc_blobs *blobs)
{
        if (blobs != NULL)
                blobs->driver->close(blobs);
}

bool plc_blob_key_valid(const char *key)
{
        size_t stem = strspn(key, LETTERS), extension;

        if (stem < 4 || stem > 80)
                return false;
        if (key[stem] == '\0')
                return true;
        extension = strspn(key + stem + 1, LETTERS);
        return key[stem] == '.' && extension >= 1 && extension <= 8 && key[stem + 1 + extension] == '\0';
}

/* No stranger's words become a path. */
static bool check(const char *key, GError **error)
{
        return plc_blob_key_valid(key) || plc_fail(error, PLC_E_INTERNAL, "not a key of a blob");
}

bool plc_blob_put(plc_blobs *blobs, int fd, const char *key, GError **error)
{
        return check(key, error) && blobs->driver->put(blobs, fd, key, error);
}

bool plc_blob_put_bytes(plc_blobs *blobs, const void *data, size_t size, const char *key, GError **error)
{
        plc_autofd int fd = -1;

        return plc_memfd("placet-blob", data, size, false, &fd, error) && plc_blob_put(blobs, fd, key, error);
}

bool plc_blob_put_hashed(plc_blobs *blobs, int fd, const char *extension, char out_key[PLC_BLOB_KEY_SIZE],
                         GError **error)
{
        g_autoptr(GError) problem = NULL;
        char hex[PLC_SHA256_HEX_SIZE], key[PLC_BLOB_KEY_SIZE];

        if (!plc_sha256_fd(fd, hex, error))
                return false;
        g_snprintf(key, sizeof key, "%s%s%s", hex, extension != NULL ? "." : "", extension != NULL ? extension : "");
        /* CONFLICT: these very bytes are there already, and a driver says so only of what is durable. */
        if (!plc_blob_put(blobs, fd, key, &problem) && plc_error_code(problem) != PLC_E_CONFLICT) {
                g_propagate_error(error, g_steal_pointer(&problem));
                return false;
        }
        memcpy(out_key, key, sizeof key);
        return true;
}

bool plc_blob_put_bytes_hashed(plc_blobs *blobs, const void *data, size_t size, const char *extension,
                               char out_key[PLC_BLOB_KEY_SIZE], GError **error)
{
        plc_autofd int fd = -1;

        return plc_memfd("placet-blob", data, size, false, &fd, error) &&
               plc_blob_put_hashed(blobs, fd, extension, out_key, error);
}

bool plc_blob_get(plc_blobs *blobs, const char *key, int *out_fd, GError **error)
{
        return check(key, error) && blobs->driver->get(blobs, key, out_fd, error);
}

bool plc_blob_exists(plc_blobs *blobs, const char *key, bool *out, GError **error)
{
        return check(key, error) && blobs->driver->exists(blobs, key, out, error);
}

bool plc_blob_put_at(plc_blobs *blobs, const char *key, int64_t *out_ms, GError **error)
{
        return check(key, error) && blobs->driver->put_at(blobs, key, out_ms, error);
}

bool plc_blob_remove(plc_blobs *blobs, const char *key, GError **error)
{
        return check(key, error) && blobs->driver->remove(blobs, key, error);
}

bool plc_blob_drop(plc_blobs *blobs, const char *key, GError **error)
{
        return check(key, error) && blobs->driver->drop(blobs, key, error);
}

bool plc_blob_remove_all(plc_blobs *blobs, const GPtrArray *keys, GError **error)
{
        for (guint i = 0; i < keys->len; i++)
                if (!check(keys->pdata[i], error))
                        return false;
        return blobs->driver->remove_all(blobs, keys, error);
}

bool plc_blob_list(plc_blobs *blobs, plc_blob_visit visit, void *user_data, GError **error)
{
        return blobs->driver->list(blobs, visit, user_data, error);
}
