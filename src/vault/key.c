/* Where do keys lie, and how do they get into memory and out of it again? As 32 random bytes a file, 0600, wiped after
 * each use. */
#include "vault/key.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

bool plc_key_make(int keys_dirfd, const char *name, GError **error)
{
        g_autoptr(GError) problem = NULL;
        uint8_t key[PLC_KEY_BYTES];
        plc_autofd int fd = -1;
        bool fine;

        if (faccessat(keys_dirfd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
                return true;
        randombytes_buf(key, sizeof key);
        fine = plc_memfd("placet-key", key, sizeof key, false, &fd, error);
        sodium_memzero(key, sizeof key);
        if (!fine)
                return false;
        if (plc_copy_durable_at(keys_dirfd, name, fd, 0600, true, &problem))
                return true;
        /* Somebody else made it in the same moment: it must be durable before anything is sealed with it. */
        if (plc_error_code(problem) == PLC_E_CONFLICT)
                return plc_fsync(keys_dirfd, "a key", error);
        g_propagate_error(error, g_steal_pointer(&problem));
        return false;
}

bool plc_key_read(int keys_dirfd, const char *name, uint8_t out[PLC_KEY_BYTES], GError **error)
{
        plc_autofd int fd = openat(keys_dirfd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
        uint8_t key[PLC_KEY_BYTES + 1];
        struct stat st;
        ssize_t got;

        if (fd < 0)
                return plc_fail_errno(error, errno, "cannot open key %s", name);
        if (fstat(fd, &st) != 0)
                return plc_fail_errno(error, errno, "cannot look at key %s", name);
        if (!S_ISREG(st.st_mode) || (st.st_mode & 077) != 0)
                return plc_fail_at(error, PLC_E_BAD_CONFIG, name, NULL, "Set its mode to 0600.",
                                   "others than its owner may read this key");
        got = read(fd, key, sizeof key);
        if (got == PLC_KEY_BYTES)
                memcpy(out, key, PLC_KEY_BYTES);
        sodium_memzero(key, sizeof key);
        if (got < 0)
                return plc_fail_errno(error, errno, "cannot read key %s", name);
        return got == PLC_KEY_BYTES || plc_fail(error, PLC_E_BAD_CONFIG, "key %s is not %d bytes", name, PLC_KEY_BYTES);
}

bool plc_key_derive(int keys_dirfd, const char *name, enum plc_key_use use, uint8_t out[PLC_KEY_BYTES], GError **error)
{
        uint8_t key[PLC_KEY_BYTES];

        if (!plc_key_read(keys_dirfd, name, key, error))
                return false;
        crypto_kdf_derive_from_key(out, PLC_KEY_BYTES, (uint64_t)use, "plcvault", key);
        sodium_memzero(key, sizeof key);
        return true;
}

bool plc_key_destroy(int keys_dirfd, const char *name, GError **error)
{
        static const uint8_t nothing[PLC_KEY_BYTES];
        plc_autofd int fd = openat(keys_dirfd, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

        if (fd < 0)
                return errno == ENOENT || plc_fail_errno(error, errno, "cannot open key %s", name);
        if (!plc_write_all(fd, nothing, sizeof nothing, error) || !plc_fsync(fd, name, error))
                return false;
        if (unlinkat(keys_dirfd, name, 0) != 0)
                return plc_fail_errno(error, errno, "cannot remove key %s", name);
        return plc_fsync(keys_dirfd, "the removal of a key", error);
}
