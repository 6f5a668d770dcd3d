/*
 * What lies in the inbox, and what of it may be taken now? A directory scan is the truth; the kernel's events are only
 * hints. Ready is: a marker (READY inside a folder, or NAME.ready beside it); or arrived by rename and complete by its
 * manifest; or settled: size, mtime, ctime and inode of everything in it unchanged over two looks at least `settle_ms`
 * apart. A folder that is not complete by its manifest, and a photo that may still get its sidecar, settle four times
 * as long.
 */
#pragma once
#include "base/error.h"

#define PLC_INBOX_NAMES 1000000 /* in the inbox; more is a fault told in the log */
#define PLC_INBOX_ENTRIES 10000 /* ready ones that one look tells; the rest wait for the next */
#define PLC_DROP_FILES 200      /* files in one drop */

typedef struct plc_inbox plc_inbox;

/* inbox_fd is borrowed for its life. */
plc_inbox *plc_inbox_new(int inbox_fd, int64_t settle_ms);
void plc_inbox_free(plc_inbox *inbox);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_inbox, plc_inbox_free)

/* A hint that NAME arrived by rename (IN_MOVED_TO). */
void plc_inbox_moved_in(plc_inbox *inbox, const char *name);

/*
 * One look at now_ms. out_ready: names (new strings, owned by the array) that may be claimed, sorted by bytes;
 * out_waiting: how many are seen but not ready. NOT_FOUND if the root marker (.placet-inbox) is gone: a missing mount
 * is not an empty inbox.
 */
bool plc_inbox_look(plc_inbox *inbox, int64_t now_ms, GPtrArray *out_ready, unsigned *out_waiting, GError **error);

/* Left alone whatever it is: hidden, temporary, half-copied, markers. */
bool plc_inbox_ignores(const char *name);

#define PLC_INBOX_MARKER ".placet-inbox"
