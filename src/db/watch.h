/* Was anything committed? Asked of the memory that all who have the same file open share, without a system call. */
#pragma once
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#define PLC_WATCH_WORDS 12 /* of the header of the log's index: sqlite.org/walformat.html */

/* Begin with zeros. */
struct plc_sqlite_watch {
        sqlite3_file *file;             /* SQLite's own, once it is asked for */
        uint32_t seen[PLC_WATCH_WORDS]; /* the header before the last begin */
        bool has_seen, same;            /* same: it was then as before the begin before */
};

/* Before a transaction begins. `opened`: one has begun before, so SQLite has opened its mapping itself. */
void plc_sqlite_watch_begin(struct plc_sqlite_watch *watch, sqlite3 *db, bool opened);
/* True only if it is certain that nothing was committed since. */
bool plc_sqlite_watch_unchanged(const struct plc_sqlite_watch *watch);
