/* How does a folder keep blobs? As ab/cdef….ext, written whole (tmp → fsync → rename → fsync directory), never changed
 * after. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "blob/driver.h"

#define MAX_FOLDERS 2048  /* two letters or digits: 1,296 */
#define MAX_FILES 1000000 /* listed from one of them at once */

struct disk_blobs {
        struct plc_blobs base;
        int root_fd;
        mode_t file_mode, dir_mode;
        bool durable[128][128]; /* folders whose names are known to be on the disk */
};

static struct disk_blobs *disk(plc_blobs *blobs)
{
        return (struct disk_blobs *)blobs; /* base is the first member */
}

plc_blobs *plc_blobs_open_dir(int dirfd, enum plc_blob_access access, GError **error)
{
        int fd = fcntl(dirfd, F_DUPFD_CLOEXEC, 0);
        struct disk_blobs *blobs;

        if (fd < 0) {
                plc_fail_errno(error, errno, "cannot keep a folder open");
                return NULL;
        }
        blobs = g_new0(struct disk_blobs, 1);
        blobs->base.driver = &plc_blob_disk;
        blobs->root_fd = fd;
        blobs->file_mode = access == PLC_BLOB_PUBLIC ? 0644 : 0600;
        blobs->dir_mode = access == PLC_BLOB_PUBLIC ? 0755 : 0700;
        return &blobs->base;
}

static plc_blobs *disk_open(const char *path, enum plc_blob_access access, GError **error)
{
        plc_autofd int fd = -1;

        return plc_open_dir(AT_FDCWD, path, &fd, error) ? plc_blobs_open_dir(fd, access, error) : NULL;
}

static void disk_close(plc_blobs *blobs)
{
        close(disk(blobs)->root_fd);
        g_free(blobs);
}

static void folder_of(const char *key, char out[3])
{
        memcpy(out, key, 2);
        out[2] = '\0';
}

/* -1 with errno set. */
static int open_folder(plc_blobs *blobs, const char *key)
{
        char folder[3];

        folder_of(key, folder);
        return openat(disk(blobs)->root_fd, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
}

static bool disk_put(plc_blobs *blobs, int fd, const char *key, GError **error)
{
        struct disk_blobs *mine = disk(blobs);
        g_autoptr(GError) problem = NULL;
        plc_autofd int dir = -1;
        char folder[3];
        bool *durable;

        folder_of(key, folder);
        durable = &mine->durable[(unsigned char)key[0]][(unsigned char)key[1]];
        if (!plc_make_dir_at(mine->root_fd, folder, mine->dir_mode, error))
                return false;
        /* Whoever made it may have died before its name was on the disk. */
        if (!*durable && !plc_fsync(mine->root_fd, folder, error))
                return false;
        *durable = true;
        dir = open_folder(blobs, key);
        if (dir < 0)
                return plc_fail_errno(error, errno, "cannot open a folder of blobs");
        if (plc_copy_durable_at(dir, key + 2, fd, mine->file_mode, true, &problem))
                return true;
        /* Whoever put it may have died between the rename and the fsync of the folder: "taken" must mean durable. */
        if (plc_error_code(problem) == PLC_E_CONFLICT && !plc_fsync(dir, "a blob", error))
                return false;
        g_propagate_error(error, g_steal_pointer(&problem));
        return false;
}

static bool disk_get(plc_blobs *blobs, const char *key, int *out_fd, GError **error)
{
        plc_autofd int dir = open_folder(blobs, key);
        plc_autofd int fd = dir >= 0 ? openat(dir, key + 2, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) : -1;

        if (fd < 0)
                return plc_fail_errno(error, errno, "cannot open blob %s", key);
        *out_fd = plc_steal_fd(&fd);
        return true;
}

static bool disk_exists(plc_blobs *blobs, const char *key, bool *out, GError **error)
{
        plc_autofd int dir = open_folder(blobs, key);
        struct stat st;
        bool there = dir >= 0 && fstatat(dir, key + 2, &st, AT_SYMLINK_NOFOLLOW) == 0;

        if (!there && errno != ENOENT)
                return plc_fail_errno(error, errno, "cannot look for blob %s", key);
        *out = there && S_ISREG(st.st_mode);
        return true;
}

static bool disk_put_at(plc_blobs *blobs, const char *key, int64_t *out_ms, GError **error)
{
        plc_autofd int dir = open_folder(blobs, key);
        struct stat st;

        if (dir < 0 || fstatat(dir, key + 2, &st, AT_SYMLINK_NOFOLLOW) != 0)
                return plc_fail_errno(error, errno, "cannot look for blob %s", key);
        *out_ms = (int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000;
        return true;
}

static bool disk_remove(plc_blobs *blobs, const char *key, GError **error)
{
        plc_autofd int dir = open_folder(blobs, key);

        if (dir < 0)
                return errno == ENOENT || plc_fail_errno(error, errno, "cannot open a folder of blobs");
        if (unlinkat(dir, key + 2, 0) != 0 && errno != ENOENT)
                return plc_fail_errno(error, errno, "cannot remove blob %s", key);
        return plc_fsync(dir, "a removal", error);
}

static bool disk_drop(plc_blobs *blobs, const char *key, GError **error)
{
        plc_autofd int dir = open_folder(blobs, key);

        if (dir < 0)
                return errno == ENOENT || plc_fail_errno(error, errno, "cannot open a folder of blobs");
        return unlinkat(dir, key + 2, 0) == 0 || errno == ENOENT ||
               plc_fail_errno(error, errno, "cannot remove blob %s", key);
}

/*
 * First all of them go, then each folder is flushed once: the first flush takes the others' changes along. A flush
 * after each file took 19 s for 5,700 files of 950 photos; syncfs waits for what everybody else writes to the disk,
 * which was 3 s on a busy one.
 */
static bool disk_remove_all(plc_blobs *blobs, const GPtrArray *keys, GError **error)
{
        g_autoptr(GHashTable) flushed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

        for (guint i = 0; i < keys->len; i++)
                if (!disk_drop(blobs, keys->pdata[i], error))
                        return false;
        for (guint i = 0; i < keys->len; i++) {
                plc_autofd int dir = -1;

                if (!g_hash_table_add(flushed, g_strndup(keys->pdata[i], 2)))
                        continue;
                dir = open_folder(blobs, keys->pdata[i]);
                if (dir < 0 ? errno != ENOENT : fsync(dir) != 0)
                        return plc_fail_errno(error, errno, "cannot make removals durable");
        }
        return true;
}

static bool list_folder(plc_blobs *blobs, const char *folder, plc_blob_visit visit, void *user_data, GError **error)
{
        g_auto(GStrv) names = NULL;

        if (!plc_list_dir(disk(blobs)->root_fd, folder, MAX_FILES, &names, error))
                return false;
        for (char **name = names; *name != NULL; name++) {
                g_autofree char *key = g_strconcat(folder, *name, NULL);

                /* What was being written when the power went has a leading dot: no key. */
                if (plc_blob_key_valid(key) && !visit(key, user_data, error))
                        return false;
        }
        return true;
}

static bool disk_list(plc_blobs *blobs, plc_blob_visit visit, void *user_data, GError **error)
{
        g_auto(GStrv) folders = NULL;

        if (!plc_list_dir(disk(blobs)->root_fd, ".", MAX_FOLDERS, &folders, error))
                return false;
        for (char **folder = folders; *folder != NULL; folder++)
                if (strlen(*folder) == 2 && !list_folder(blobs, *folder, visit, user_data, error))
                        return false;
        return true;
}

const struct plc_blob_driver plc_blob_disk = {
        .scheme = "file",
        .open = disk_open,
        .close = disk_close,
        .put = disk_put,
        .get = disk_get,
        .exists = disk_exists,
        .put_at = disk_put_at,
        .remove = disk_remove,
        .drop = disk_drop,
        .remove_all = disk_remove_all,
        .list = disk_list,
};
