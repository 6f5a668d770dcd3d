/* How does a reader of a large database see its pages without copying them? The file is mapped once, with room to grow;
 * all else is SQLite's own. */
#include "db/map.h"

#include <fcntl.h>
#include <glib.h>
#include <sqlite3.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of address space: what is beyond the file's end is never touched, and becomes readable in its place as the file
 * grows. A larger file is mapped so far. */
#define ROOM ((sqlite3_int64)1 << 38)

/* Lies behind SQLite's own file, whose methods are these but for three. */
struct mapped {
        sqlite3_io_methods methods;
        const sqlite3_io_methods *real;
        uint8_t *at; /* NULL: not mapped */
        sqlite3_int64 size;
};

static sqlite3_vfs map_vfs, *real_vfs;

static struct mapped *mapped_of(sqlite3_file *file)
{
        return (struct mapped *)(void *)((char *)file + (real_vfs->szOsFile + 15) / 16 * 16);
}

static int map_fetch(sqlite3_file *file, sqlite3_int64 at, int amount, void **out)
{
        struct mapped *m = mapped_of(file);
        sqlite3_int64 size = 0;

        *out = NULL; /* the page is read */
        if (m->at == NULL || at + amount > ROOM)
                return SQLITE_OK;
        if (at + amount > m->size) {
                if (m->real->xFileSize(file, &size) != SQLITE_OK || at + amount > size)
                        return SQLITE_OK;
                m->size = size;
        }
        *out = m->at + at;
        return SQLITE_OK;
}

static int map_unfetch(sqlite3_file *file, sqlite3_int64 at, void *page)
{
        (void)file, (void)at, (void)page;
        return SQLITE_OK;
}

static int map_close(sqlite3_file *file)
{
        struct mapped *m = mapped_of(file);

        if (m->at != NULL)
                munmap(m->at, (size_t)ROOM);
        file->pMethods = m->real;
        return m->real->xClose(file);
}

static _Thread_local int opened = -1;

static int open_and_remember(const char *name, int flags, int mode)
{
        return opened = open(name, flags | O_CLOEXEC, mode);
}

/*
 * By SQLite's own descriptor: to open the file a second time and close it again would take away the locks that this
 * process holds on it (fcntl(2)). SQLite may use one that it had open before; then the file is read.
 */
static uint8_t *map_file(const char *name)
{
        struct stat by_name, by_number;

        if (opened < 0 || stat(name, &by_name) != 0 || fstat(opened, &by_number) != 0 ||
            by_name.st_dev != by_number.st_dev || by_name.st_ino != by_number.st_ino)
                return NULL;
        void *at = mmap(NULL, (size_t)ROOM, PROT_READ, MAP_SHARED | MAP_NORESERVE, opened, 0);
        return at != MAP_FAILED ? at : NULL;
}

static int map_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
        struct mapped *m = mapped_of(file);

        (void)vfs;
        opened = -1;
        int result = real_vfs->xOpen(real_vfs, name, file, flags, out_flags);
        if (result != SQLITE_OK || (flags & SQLITE_OPEN_MAIN_DB) == 0 || file->pMethods->iVersion < 3)
                return result;
        *m = (struct mapped){.methods = *file->pMethods, .real = file->pMethods, .at = map_file(name)};
        m->methods.xFetch = map_fetch;
        m->methods.xUnfetch = map_unfetch;
        m->methods.xClose = map_close;
        file->pMethods = &m->methods;
        return result;
}

const char *plc_sqlite_map(void)
{
        static gsize once;

        if (g_once_init_enter(&once)) {
                real_vfs = sqlite3_vfs_find(NULL);
                map_vfs = *real_vfs;
                map_vfs.zName = "plc-map";
                map_vfs.szOsFile = (real_vfs->szOsFile + 15) / 16 * 16 + (int)sizeof(struct mapped);
                map_vfs.xOpen = map_open;
                real_vfs->xSetSystemCall(real_vfs, "open", (sqlite3_syscall_ptr)(void *)open_and_remember);
                sqlite3_vfs_register(&map_vfs, 0);
                g_once_init_leave(&once, 1);
        }
        return map_vfs.zName;
}
