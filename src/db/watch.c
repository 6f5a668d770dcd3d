/* How is it known, without asking the kernel, that nothing was committed? */
#include "db/watch.h"

#include <string.h>

#define MAPPED 32768 /* bytes of the first page of the log's index */

/*
 * Every commit changes this header, and it is all that SQLite itself compares to know whether its own page cache is
 * still right. Asked of SQLite's own mapping; where it has none of its own (no writer lives, and the file may not be
 * written), nothing is certain.
 */
static bool log_header(const struct plc_sqlite_watch *watch, uint32_t out[PLC_WATCH_WORDS])
{
        sqlite3_file *file = watch->file;
        void volatile *page = NULL;

        if (file == NULL || file->pMethods == NULL || file->pMethods->iVersion < 2)
                return false;
        int result = file->pMethods->xShmMap(file, 0, MAPPED, 0, &page);
        if ((result != SQLITE_OK && result != SQLITE_READONLY) || page == NULL)
                return false;
        const volatile uint32_t *words = page;
        for (int i = 0; i < PLC_WATCH_WORDS; i++)
                out[i] = words[i];
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
        for (int i = 0; i < PLC_WATCH_WORDS; i++)
                if (words[PLC_WATCH_WORDS + i] != out[i])
                        return false; /* a commit is writing it */
        return true;
}

bool plc_sqlite_watch_unchanged(const struct plc_sqlite_watch *watch)
{
        uint32_t now[PLC_WATCH_WORDS];

        return watch->has_seen && log_header(watch, now) && memcmp(now, watch->seen, sizeof now) == 0;
}

/* Before the snapshot is taken, which can only be later: what is seen later to be the same is the snapshot's. */
void plc_sqlite_watch_begin(struct plc_sqlite_watch *watch, sqlite3 *db, bool opened)
{
        uint32_t now[PLC_WATCH_WORDS];

        if (opened && watch->file == NULL &&
            sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &watch->file) != SQLITE_OK)
                watch->file = NULL;
        bool seen = log_header(watch, now);
        watch->same = seen && watch->has_seen && memcmp(now, watch->seen, sizeof now) == 0;
        watch->has_seen = seen;
        if (seen)
                memcpy(watch->seen, now, sizeof now);
}
