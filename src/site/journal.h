/*
 * How does a checkpoint lie on the disk? As a line of JSON (schemas/json/checkpoint.schema.json) in
 * SITE/checkpoints/00000001.jsonl, …: each line signed, each naming the line before by its SHA-256, so that no line can
 * be changed, left out or put elsewhere; the last line is the checkpoint. One write and one fdatasync make it durable.
 * A line without its line feed was never acknowledged to anybody, and counts for nothing.
 */
#pragma once
#include "vault/sign.h"

#define PLC_CHECKPOINT_SCHEMA "placet.checkpoint/1"
#define PLC_JOURNAL_FILE_MAX ((size_t)8 << 20) /* bytes, then a new file is begun */
#define PLC_JOURNAL_LINE_MAX ((size_t)1 << 20) /* bytes of one line */
#define PLC_JOURNAL_NOT_RESTORED (-1)

typedef struct plc_checkpoint {
        int64_t seq; /* of the ledger's head; 0: empty */
        char hash[PLC_SHA256_HEX_SIZE];
        int64_t at;
        char previous[PLC_SHA256_HEX_SIZE]; /* digest of the line before; zeros: the first */
        char digest[PLC_SHA256_HEX_SIZE];   /* SHA-256 of this line without its line feed */
        GPtrArray *events;                  /* of char *: ledger events in their canonical form */
        int64_t restored_from; /* the ledger was taken up again from this seq: what was later before is lost */
} plc_checkpoint;
plc_checkpoint *plc_checkpoint_new(void);
void plc_checkpoint_free(plc_checkpoint *checkpoint);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_checkpoint, plc_checkpoint_free)

/* One line, its form and signature checked: BAD_LEDGER, told as of `where`. NULL on failure. */
plc_checkpoint *plc_checkpoint_parse(plc_vault *vault, const char *line, size_t size, const char *where,
                                     GError **error);

/* The descriptor of checkpoints/ is borrowed in all that follows. */

/* NOT_FOUND if there is no checkpoint at all. */
bool plc_journal_last(int dirfd, plc_vault *vault, plc_checkpoint **out, GError **error);
/* Cuts off the end of a line that a crash left; only by the holder of office.lock. */
bool plc_journal_mend(int dirfd, GError **error);
/* Newest first, until visit says *out_stop. Every signature and every link is checked on the way. */
typedef bool (*plc_journal_visit)(const plc_checkpoint *checkpoint, void *user_data, bool *out_stop, GError **error);
bool plc_journal_back(int dirfd, plc_vault *vault, plc_journal_visit visit, void *user_data, GError **error);
/* Signs and appends; `previous` and `digest` are filled in. last NULL: the very first. Durable when it returns. */
bool plc_journal_append(int dirfd, plc_vault *vault, const plc_checkpoint *last, plc_checkpoint *next, GError **error);
/* Every file of it gets ".set-aside" behind its name: a journal that cannot be read. */
bool plc_journal_set_aside(int dirfd, GError **error);
