/* How do deleted bytes leave a database for good? A page's unused part is zeroed on its way into the file; what it is,
 * the page's own header says (sqlite.org/fileformat2.html 1.6). */
#include "db/scrub.h"

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define PAGE_MIN 512
#define PAGE_MAX 65536
#define FIRST_HEADER 100 /* before the b-tree header on the first page */

/* SQLite casts between the two, so this comes first; the real file follows behind. */
struct scrubbed {
        sqlite3_file base;
        uint8_t *page; /* PAGE_MAX bytes */
};

static sqlite3_vfs scrub_vfs, *real_vfs;

static sqlite3_file *real(sqlite3_file *file)
{
        return (sqlite3_file *)(void *)((struct scrubbed *)(void *)file + 1);
}

static unsigned two_bytes(const uint8_t *at)
{
        return (unsigned)at[0] << 8 | at[1];
}

/*
 * Only b-tree pages begin with 2, 5, 10 or 13: pages of the free list and of long rows begin with a page number, of
 * which the first byte is 0 in every file of less than 2^24 pages (128 GB of 8 KB each); beyond, nothing is touched.
 */
static void scrub(uint8_t *page, size_t size, sqlite3_int64 at)
{
        size_t header = at == 0 ? FIRST_HEADER : 0;
        uint8_t type = page[header];
        size_t begin, end;

        if ((type != 2 && type != 5 && type != 10 && type != 13) || at / (sqlite3_int64)size >= 1 << 24)
                return;
        begin = header + (type < 8 ? 12 : 8) + (size_t)2 * two_bytes(page + header + 3);
        end = two_bytes(page + header + 5);
        if (end == 0)
                end = PAGE_MAX;
        if (begin < end && end <= size)
                memset(page + begin, 0, end - begin);
}

static int scrub_write(sqlite3_file *file, const void *data, int amount, sqlite3_int64 at)
{
        struct scrubbed *s = (struct scrubbed *)(void *)file;
        bool is_page = amount >= PAGE_MIN && amount <= PAGE_MAX && (amount & (amount - 1)) == 0 && at % amount == 0;

        if (!is_page)
                return real(file)->pMethods->xWrite(real(file), data, amount, at);
        memcpy(s->page, data, (size_t)amount);
        scrub(s->page, (size_t)amount, at);
        return real(file)->pMethods->xWrite(real(file), s->page, amount, at);
}

/* --- the rest is handed through */

static int scrub_close(sqlite3_file *file)
{
        g_free(((struct scrubbed *)(void *)file)->page);
        return real(file)->pMethods->xClose(real(file));
}
static int scrub_read(sqlite3_file *file, void *out, int amount, sqlite3_int64 at)
{
        return real(file)->pMethods->xRead(real(file), out, amount, at);
}
static int scrub_truncate(sqlite3_file *file, sqlite3_int64 size)
{
        return real(file)->pMethods->xTruncate(real(file), size);
}
static int scrub_sync(sqlite3_file *file, int flags)
{
        return real(file)->pMethods->xSync(real(file), flags);
}
static int scrub_size(sqlite3_file *file, sqlite3_int64 *out)
{
        return real(file)->pMethods->xFileSize(real(file), out);
}
static int scrub_lock(sqlite3_file *file, int level)
{
        return real(file)->pMethods->xLock(real(file), level);
}
static int scrub_unlock(sqlite3_file *file, int level)
{
        return real(file)->pMethods->xUnlock(real(file), level);
}
static int scrub_reserved(sqlite3_file *file, int *out)
{
        return real(file)->pMethods->xCheckReservedLock(real(file), out);
}
static int scrub_control(sqlite3_file *file, int what, void *value)
{
        return real(file)->pMethods->xFileControl(real(file), what, value);
}
static int scrub_sector(sqlite3_file *file)
{
        return real(file)->pMethods->xSectorSize(real(file));
}
static int scrub_characteristics(sqlite3_file *file)
{
        return real(file)->pMethods->xDeviceCharacteristics(real(file));
}
static int scrub_shm_map(sqlite3_file *file, int region, int size, int extend, void volatile **out)
{
        return real(file)->pMethods->xShmMap(real(file), region, size, extend, out);
}
static int scrub_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
        return real(file)->pMethods->xShmLock(real(file), offset, n, flags);
}
static void scrub_shm_barrier(sqlite3_file *file)
{
        real(file)->pMethods->xShmBarrier(real(file));
}
static int scrub_shm_unmap(sqlite3_file *file, int delete_it)
{
        return real(file)->pMethods->xShmUnmap(real(file), delete_it);
}

/* Version 2: without memory maps, which would write around us. */
static const sqlite3_io_methods methods = {
        .iVersion = 2,
        .xClose = scrub_close,
        .xRead = scrub_read,
        .xWrite = scrub_write,
        .xTruncate = scrub_truncate,
        .xSync = scrub_sync,
        .xFileSize = scrub_size,
        .xLock = scrub_lock,
        .xUnlock = scrub_unlock,
        .xCheckReservedLock = scrub_reserved,
        .xFileControl = scrub_control,
        .xSectorSize = scrub_sector,
        .xDeviceCharacteristics = scrub_characteristics,
        .xShmMap = scrub_shm_map,
        .xShmLock = scrub_shm_lock,
        .xShmBarrier = scrub_shm_barrier,
        .xShmUnmap = scrub_shm_unmap,
};

static int scrub_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
        struct scrubbed *s = (struct scrubbed *)(void *)file;
        int result;

        (void)vfs;
        if ((flags & SQLITE_OPEN_MAIN_DB) == 0)
                return real_vfs->xOpen(real_vfs, name, file, flags, out_flags);
        s->base.pMethods = NULL;
        result = real_vfs->xOpen(real_vfs, name, real(file), flags, out_flags);
        if (result == SQLITE_OK) {
                s->page = g_malloc(PAGE_MAX);
                s->base.pMethods = &methods;
        } else if (real(file)->pMethods != NULL) {
                real(file)->pMethods->xClose(real(file));
        }
        return result;
}

const char *plc_sqlite_scrub(void)
{
        static gsize once;

        if (g_once_init_enter(&once)) {
                real_vfs = sqlite3_vfs_find(NULL);
                scrub_vfs = *real_vfs;
                scrub_vfs.zName = "plc-scrub";
                scrub_vfs.szOsFile = (int)sizeof(struct scrubbed) + real_vfs->szOsFile;
                scrub_vfs.xOpen = scrub_open;
                sqlite3_vfs_register(&scrub_vfs, 0);
                g_once_init_leave(&once, 1);
        }
        return scrub_vfs.zName;
}
