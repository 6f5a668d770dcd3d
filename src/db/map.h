/* How does a reader of a large database see its pages without copying them? SQLite itself maps at most the first 2 GiB
 * of a file (SQLITE_MAX_MMAP_SIZE as Debian builds it). */
#pragma once

/*
 * The name of a VFS through which a file that is only read is mapped as a whole. An index of a million reviews has 5
 * GB: of answers from everywhere in it, a third of the time were system calls that copy pages (measured).
 */
const char *plc_sqlite_map(void);
