/* What makes a file durable, and what makes a path safe? This file; every fsync in it is meant. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/id.h"

void plc_close_fd(int *fd)
{
        if (*fd >= 0)
                close(*fd);
        *fd = -1;
}

int plc_steal_fd(int *fd)
{
        int stolen = *fd;

        *fd = -1;
        return stolen;
}

bool plc_read_all(int fd, size_t limit, GBytes **out, GError **error)
{
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        guint size;

        for (;;) {
                size_t have = bytes->len, want = MAX(have, 16 * PLC_KIB);
                ssize_t got;

                if (have > limit)
                        return plc_fail(error, PLC_E_TOO_BIG, "more than %zu bytes", limit);
                want = MIN(want, limit - have + 1);
                g_byte_array_set_size(bytes, (guint)(have + want));
                got = read(fd, bytes->data + have, want);
                if (got < 0 && errno != EINTR)
                        return plc_fail_errno(error, errno, "cannot read");
                g_byte_array_set_size(bytes, (guint)(have + (size_t)MAX(got, 0)));
                if (got == 0)
                        break;
        }
        size = bytes->len;
        g_byte_array_append(bytes, (const guint8 *)"", 1);
        *out = g_bytes_new_take(g_byte_array_free(g_steal_pointer(&bytes), FALSE), size);
        return true;
}

bool plc_read_file_at(int dirfd, const char *name, size_t limit, GBytes **out, GError **error)
{
        plc_autofd int fd = openat(dirfd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

        if (fd < 0)
                return plc_fail_errno(error, errno, "cannot open %s", name);
        if (!plc_read_all(fd, limit, out, error)) {
                g_prefix_error(error, "%s: ", name);
                return false;
        }
        return true;
}

bool plc_write_all(int fd, const void *data, size_t size, GError **error)
{
        const char *at = data;

        while (size > 0) {
                ssize_t put = write(fd, at, size);

                if (put < 0 && errno == EINTR)
                        continue;
                if (put < 0)
                        return plc_fail_errno(error, errno, "cannot write");
                at += put;
                size -= (size_t)put;
        }
        return true;
}

bool plc_fsync(int fd, const char *what, GError **error)
{
        return fsync(fd) == 0 || plc_fail_errno(error, errno, "cannot make %s durable", what);
}

static bool fsync_parent(int dirfd, const char *what, GError **error)
{
        plc_autofd int cwd = -1;

        if (dirfd != AT_FDCWD)
                return plc_fsync(dirfd, what, error);
        cwd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        return cwd >= 0 ? plc_fsync(cwd, what, error) : plc_fail_errno(error, errno, "cannot open .");
}

/* Begins a file under a name that nobody looks at (leading dot). */
static bool open_tmp(int dirfd, mode_t mode, char tmp[static 64], int *out_fd, GError **error)
{
        char key[PLC_ID_SIZE];
        int fd;

        plc_key_new(key);
        g_snprintf(tmp, 64, ".tmp-%s", key);
        fd = openat(dirfd, tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
        if (fd < 0)
                return plc_fail_errno(error, errno, "cannot create a file");
        if (fchmod(fd, mode) != 0) {
                plc_fail_errno(error, errno, "cannot set the mode of a new file");
                close(fd);
                unlinkat(dirfd, tmp, 0);
                return false;
        }
        *out_fd = fd;
        return true;
}

static bool finish_tmp(int dirfd, const char *tmp, const char *name, int fd, bool exclusive, GError **error)
{
        if (!plc_fsync(fd, name, error))
                return false;
        if (renameat2(dirfd, tmp, dirfd, name, exclusive ? RENAME_NOREPLACE : 0) != 0)
                return errno == EEXIST ? plc_fail(error, PLC_E_CONFLICT, "%s exists already", name)
                                       : plc_fail_errno(error, errno, "cannot name %s", name);
        return fsync_parent(dirfd, name, error);
}

bool plc_write_durable_at(int dirfd, const char *name, const void *data, size_t size, mode_t mode, GError **error)
{
        plc_autofd int fd = -1;
        char tmp[64];

        if (!open_tmp(dirfd, mode, tmp, &fd, error))
                return false;
        if (!plc_write_all(fd, data, size, error) || !finish_tmp(dirfd, tmp, name, fd, false, error)) {
                unlinkat(dirfd, tmp, 0);
                return false;
        }
        return true;
}

static bool copy_bytes(int from_fd, int to_fd, GError **error)
{
        off_t at = 0;

        for (;;) {
                ssize_t sent = sendfile(to_fd, from_fd, &at, 1 << 20);

                if (sent < 0 && errno == EINTR)
                        continue;
                if (sent < 0)
                        return plc_fail_errno(error, errno, "cannot copy");
                if (sent == 0)
                        return true;
        }
}

bool plc_copy_durable_at(int dirfd, const char *name, int from_fd, mode_t mode, bool exclusive, GError **error)
{
        plc_autofd int fd = -1;
        char tmp[64];

        if (!open_tmp(dirfd, mode, tmp, &fd, error))
                return false;
        if (!copy_bytes(from_fd, fd, error) || !finish_tmp(dirfd, tmp, name, fd, exclusive, error)) {
                unlinkat(dirfd, tmp, 0);
                return false;
        }
        return true;
}

bool plc_copy_whole_at(int dirfd, const char *name, int from_fd, mode_t mode, GError **error)
{
        plc_autofd int fd = -1;
        char tmp[64];

        if (!open_tmp(dirfd, mode, tmp, &fd, error))
                return false;
        if (copy_bytes(from_fd, fd, error) &&
            (renameat(dirfd, tmp, dirfd, name) == 0 || plc_fail_errno(error, errno, "cannot name %s", name)))
                return true;
        unlinkat(dirfd, tmp, 0);
        return false;
}

bool plc_rename_durable(int old_dirfd, const char *old_name, int new_dirfd, const char *new_name, GError **error)
{
        if (renameat2(old_dirfd, old_name, new_dirfd, new_name, RENAME_NOREPLACE) != 0)
                return errno == EEXIST ? plc_fail(error, PLC_E_CONFLICT, "%s exists already", new_name)
                                       : plc_fail_errno(error, errno, "cannot move %s", old_name);
        return fsync_parent(new_dirfd, new_name, error) && fsync_parent(old_dirfd, old_name, error);
}

bool plc_open_dir(int dirfd, const char *name, int *out_fd, GError **error)
{
        int fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        if (fd < 0)
                return plc_fail_errno(error, errno, "cannot open folder %s", name);
        *out_fd = fd;
        return true;
}

bool plc_make_dir_at(int dirfd, const char *name, mode_t mode, GError **error)
{
        plc_autofd int fd = -1;

        if (mkdirat(dirfd, name, mode) != 0) {
                if (errno != EEXIST)
                        return plc_fail_errno(error, errno, "cannot make folder %s", name);
                return plc_open_dir(dirfd, name, &fd, error);
        }
        if (!plc_open_dir(dirfd, name, &fd, error))
                return false;
        if (fchmod(fd, mode) != 0)
                return plc_fail_errno(error, errno, "cannot set the mode of folder %s", name);
        return fsync_parent(dirfd, name, error);
}

bool plc_open_beneath(int root_fd, const char *path, int *out_fd, struct stat *out_stat, GError **error)
{
        struct open_how how = {
                .flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
                .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
        };
        plc_autofd int fd = (int)syscall(SYS_openat2, root_fd, path, &how, sizeof how);
        struct stat st;

        if (fd < 0 && (errno == ELOOP || errno == EXDEV || errno == ENXIO))
                return plc_fail(error, PLC_E_UNSAFE_FILE, "%s is a link, or leads out of its folder", path);
        if (fd < 0)
                return plc_fail_errno(error, errno, "cannot open %s", path);
        if (fstat(fd, &st) != 0)
                return plc_fail_errno(error, errno, "cannot look at %s", path);
        if (!S_ISREG(st.st_mode) || st.st_nlink != 1)
                return plc_fail(error, PLC_E_UNSAFE_FILE, "%s is not an ordinary file with one name", path);
        *out_fd = plc_steal_fd(&fd);
        *out_stat = st;
        return true;
}

static bool remove_entries(int fd, GError **error);

static bool remove_one(int dirfd, const char *name, GError **error)
{
        plc_autofd int fd = -1;

        if (unlinkat(dirfd, name, 0) == 0 || errno == ENOENT)
                return true;
        if (errno != EISDIR && errno != EPERM)
                return plc_fail_errno(error, errno, "cannot remove %s", name);
        fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        if (fd < 0)
                return plc_fail_errno(error, errno, "cannot remove %s", name);
        if (!remove_entries(fd, error))
                return false;
        return unlinkat(dirfd, name, AT_REMOVEDIR) == 0 || plc_fail_errno(error, errno, "cannot remove %s", name);
}

static bool remove_entries(int fd, GError **error)
{
        g_auto(GStrv) names = NULL;

        if (!plc_list_dir(fd, ".", 1000000, &names, error))
                return false;
        for (char **name = names; *name != NULL; name++)
                if (!remove_one(fd, *name, error))
                        return false;
        return true;
}

bool plc_remove_tree_at(int dirfd, const char *name, GError **error)
{
        return remove_one(dirfd, name, error) && fsync_parent(dirfd, name, error);
}

static int by_bytes(gconstpointer a, gconstpointer b)
{
        return strcmp(*(char *const *)a, *(char *const *)b);
}

bool plc_list_dir(int dirfd, const char *name, size_t limit, char ***out, GError **error)
{
        g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
        int fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;

        if (dir == NULL) {
                plc_fail_errno(error, errno, "cannot list %s", name);
                plc_close_fd(&fd);
                return false;
        }
        for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
                if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
                        continue;
                if (names->len >= limit) {
                        closedir(dir);
                        return plc_fail(error, PLC_E_TOO_BIG, "%s holds more than %zu files", name, limit);
                }
                g_ptr_array_add(names, g_strdup(entry->d_name));
        }
        closedir(dir);
        g_ptr_array_sort(names, by_bytes);
        g_ptr_array_add(names, NULL);
        *out = (char **)g_ptr_array_free(g_steal_pointer(&names), FALSE);
        return true;
}

bool plc_memfd(const char *name, const void *data, size_t size, bool seal, int *out_fd, GError **error)
{
        plc_autofd int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);

        if (fd < 0)
                return plc_fail_errno(error, errno, "cannot make a file in memory");
        if (!plc_write_all(fd, data, size, error))
                return false;
        if (lseek(fd, 0, SEEK_SET) != 0 ||
            (seal && fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0))
                return plc_fail_errno(error, errno, "cannot seal a file in memory");
        *out_fd = plc_steal_fd(&fd);
        return true;
}

struct mapping {
        void *address;
        size_t size;
};

static void unmap(gpointer data)
{
        struct mapping *mapping = data;

        munmap(mapping->address, mapping->size);
        g_free(mapping);
}

bool plc_map_fd(int fd, size_t size, GBytes **out, GError **error)
{
        struct mapping *mapping;
        void *address;

        if (size == 0) {
                *out = g_bytes_new_static("", 0);
                return true;
        }
        address = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (address == MAP_FAILED)
                return plc_fail_errno(error, errno, "cannot map %zu bytes", size);
        mapping = g_new(struct mapping, 1);
        *mapping = (struct mapping){address, size};
        *out = g_bytes_new_with_free_func(address, size, unmap, mapping);
        return true;
}

const char *plc_program_dir(void)
{
        static char *dir;
        static gsize ready;

        if (g_once_init_enter(&ready)) {
                g_autofree char *exe = g_file_read_link("/proc/self/exe", NULL);

                dir = exe != NULL ? g_path_get_dirname(exe) : g_strdup(".");
                g_once_init_leave(&ready, 1);
        }
        return dir;
}

char *plc_data_dir(const char *kind)
{
        const char *chosen = strcmp(kind, "presets") == 0 ? g_getenv("PLACET_PRESETS") : NULL;
        g_autofree char *installed = g_build_filename(plc_program_dir(), "..", "share", "placet", kind, NULL);

        if (chosen != NULL && chosen[0] != '\0')
                return g_strdup(chosen);
        if (g_file_test(installed, G_FILE_TEST_IS_DIR))
                return g_steal_pointer(&installed);
        return g_build_filename(PLC_SOURCE_DIR, kind, NULL);
}
