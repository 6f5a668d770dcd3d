/* How do files reach the disk whole, and how are strangers' paths opened? tmp → fsync → rename → fsync directory;
 * openat2 beneath. */
#pragma once
#include "base/error.h"
#include <sys/stat.h>

/* A descriptor that closes itself: `plc_autofd int fd = -1;`. Hand over with plc_steal_fd. */
#define plc_autofd __attribute__((cleanup(plc_close_fd)))
void plc_close_fd(int *fd);
int plc_steal_fd(int *fd);

#define PLC_KIB ((size_t)1024)
#define PLC_MIB ((size_t)1024 * 1024)

/* Reads to the end from the current position; over `limit` bytes: TOO_BIG. The result ends in a zero byte not counted
 * in size. */
bool plc_read_all(int fd, size_t limit, GBytes **out, GError **error);
/* Opens name under dirfd (AT_FDCWD allowed) without following a symbolic link at its end, and reads it. */
bool plc_read_file_at(int dirfd, const char *name, size_t limit, GBytes **out, GError **error);
bool plc_write_all(int fd, const void *data, size_t size, GError **error);

/* Durable when it returns, and never seen half-written: tmp in the same directory, fsync, rename over, fsync of the
 * directory. */
bool plc_write_durable_at(int dirfd, const char *name, const void *data, size_t size, mode_t mode, GError **error);
/* The same from a descriptor, from its offset 0; name must not exist yet if `exclusive`. */
bool plc_copy_durable_at(int dirfd, const char *name, int from_fd, mode_t mode, bool exclusive, GError **error);
/* Never seen half-written, but not yet durable: for files that can be made again. */
bool plc_copy_whole_at(int dirfd, const char *name, int from_fd, mode_t mode, GError **error);
/* renameat2(RENAME_NOREPLACE) and fsync of both directories. CONFLICT if the new name is taken, NOT_FOUND if the old is
 * gone. */
bool plc_rename_durable(int old_dirfd, const char *old_name, int new_dirfd, const char *new_name, GError **error);
bool plc_fsync(int fd, const char *what, GError **error);

/* O_DIRECTORY|O_CLOEXEC. */
bool plc_open_dir(int dirfd, const char *name, int *out_fd, GError **error);
/* mkdir -p of one level with exactly this mode whatever the umask, then fsync of the parent; an existing directory is
 * fine. */
bool plc_make_dir_at(int dirfd, const char *name, mode_t mode, GError **error);
/*
 * A stranger's path under root: openat2(RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS), O_NOFOLLOW|O_NONBLOCK, then it must be
 * an ordinary file with one link: else UNSAFE_FILE. NOT_FOUND if it is not there.
 */
bool plc_open_beneath(int root_fd, const char *path, int *out_fd, struct stat *out_stat, GError **error);
/* Removes name and all in it, never following links, then fsyncs dirfd. A name that is not there is fine. */
bool plc_remove_tree_at(int dirfd, const char *name, GError **error);
/* Names in the directory without "." and "..", sorted by bytes; more than `limit`: TOO_BIG. Free with g_strfreev. */
bool plc_list_dir(int dirfd, const char *name, size_t limit, char ***out, GError **error);

/* A memfd with these bytes, position 0; sealed against every change if `seal`. Close it. */
bool plc_memfd(const char *name, const void *data, size_t size, bool seal, int *out_fd, GError **error);
/* Maps size bytes of fd read-only; unmapped with the last reference of the bytes. size 0 gives empty bytes. */
bool plc_map_fd(int fd, size_t size, GBytes **out, GError **error);

/* The folder that the running program lies in; borrowed. */
const char *plc_program_dir(void);
/*
 * Where the data that people tune lies (`kind` = "presets" or "schemas"): $PLACET_PRESETS for presets, else beside an
 * installed program (../share/placet/KIND), else the source tree that this program was built from. Free with g_free.
 */
char *plc_data_dir(const char *kind);
