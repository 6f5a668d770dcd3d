/*
 * How does everything reach a database? By statements written once, in schemas/sql, called by name, the same for every
 * engine. A handle belongs to one thread at a time. The engine is chosen by the URL: "sqlite:/path", or a plain path
 * (SQLite).
 */
#pragma once
#include "base/error.h"

typedef struct plc_db plc_db;
typedef struct plc_db_tx plc_db_tx;
typedef struct plc_rows plc_rows;

enum plc_db_flags {
        PLC_DB_READONLY = 1 << 0, /* needs no write right in the folder; the files must exist */
        PLC_DB_CREATE = 1 << 1,   /* made if it is not there, mode 0600 whatever the umask */
        PLC_DB_PUBLIC =
                1 << 2, /* readers of other users: mode 0644, and the -wal and -shm files outlive the last writer */
        PLC_DB_SECURE_DELETE = 1 << 3, /* deleted bytes are overwritten */
};

/*
 * `statements`: named blocks as below, borrowed for the life of the handle. NULL on failure. A writer's handle has WAL,
 * synchronous=FULL (read back: with NORMAL 44 of 60 simulated power losses lost a submission, with FULL none) and
 * foreign keys. BAD_CONFIG on a network file system, where WAL does not work; NOT_FOUND where there is no file and
 * CREATE was not given.
 *
 *     -- :name find_item
 *     SELECT id FROM item WHERE id = $1 [slash-star]pg: FOR UPDATE [star-slash]
 *
 * A comment that begins with an engine's name and a colon is that engine's text, and nothing for the others.
 */
plc_db *plc_db_open(const char *url, unsigned flags, const char *statements, GError **error);
void plc_db_close(plc_db *db);
/* The version of SQLite that runs. */
const char *plc_db_library(void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_db, plc_db_close)

/*
 * `types` has one letter for each of $1, $2, …:
 *   t  const char *            text, NULL is SQL's NULL
 *   i  int64_t                 (cast constants: the compiler cannot)
 *   d  double
 *   b  const void *, size_t    bytes, a NULL pointer is SQL's NULL
 * BUSY: another writer for longer than 10 s. CONFLICT: a unique key or a reference. FORBIDDEN: a trigger of the schema
 * refused. NO_SPACE, MEMORY, IO; INTERNAL for a statement that does not fit the schema, or a damaged file. After a
 * failure inside a transaction only its rollback is possible (PostgreSQL's rule, kept for every engine).
 */
bool plc_db_run(plc_db *db, const char *name, GError **error, const char *types, ...);
/* Rows that the last plc_db_run changed, inserted or deleted. */
int64_t plc_db_changes(const plc_db *db);

/* NULL on failure. A statement may be open several times at once. */
plc_rows *plc_db_query(plc_db *db, const char *name, GError **error, const char *types, ...);
void plc_rows_free(plc_rows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_rows, plc_rows_free)

typedef enum { PLC_ROW_ERROR = -1, PLC_ROW_END = 0, PLC_ROW = 1 } plc_row;

/* `while ((row = plc_rows_next(rows, error)) == PLC_ROW) …; return row == PLC_ROW_END;` */
plc_row plc_rows_next(plc_rows *rows, GError **error);
/* Columns from 0. What is borrowed lasts until the next plc_rows_next. */
int64_t plc_rows_int(const plc_rows *rows, int column);                        /* NULL gives 0 */
double plc_rows_real(const plc_rows *rows, int column);                        /* NULL gives 0 */
const char *plc_rows_text(const plc_rows *rows, int column);                   /* NULL gives NULL */
const void *plc_rows_blob(const plc_rows *rows, int column, size_t *out_size); /* NULL gives NULL and 0 */
bool plc_rows_is_null(const plc_rows *rows, int column);
/* Copies; NULL for NULL. */
char *plc_rows_dup(const plc_rows *rows, int column);
GBytes *plc_rows_bytes(const plc_rows *rows, int column);

/*
 * The bytes of one column of one row, where they lie, without a statement: half of a query's cost. `row` is the
 * engine's own number of it, as a statement has told it (SQLite's rowid); it may be of another row, or of none, as soon
 * as anything is committed, so the bytes themselves must tell whose they are. Within a transaction, one at a time.
 * *out_size: of the bytes; *out_found false: no row has that number, or its column is no bytes.
 */
bool plc_db_cell_open(plc_db *db, const char *table, const char *column, int64_t row, bool *out_found, size_t *out_size,
                      GError **error);
/* `size` bytes, from the one at `from` on, of the cell that was opened last; not more than it has. */
bool plc_db_cell_read(plc_db *db, size_t from, void *out, size_t size, GError **error);

/* The first column of the first row; NOT_FOUND if there is none. */
bool plc_db_int(plc_db *db, const char *name, int64_t *out, GError **error, const char *types, ...);

/*
 * One transaction at a time (INTERNAL otherwise). A writer's takes the write lock at once (BEGIN IMMEDIATE: a deferred
 * one that reads and then writes gets BUSY in spite of the timeout). `g_autoptr(plc_db_tx) tx` rolls back on every way
 * out but commit.
 */
plc_db_tx *plc_db_begin(plc_db *db, GError **error);
bool plc_db_commit(plc_db_tx **tx, GError **error); /* durable when true; *tx is NULL either way */
void plc_db_rollback(plc_db_tx *tx);                /* NULL is fine */
bool plc_db_in_tx(const plc_db *db);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_db_tx, plc_db_rollback)

/* Runs a named block of several statements without parameters (DDL), in a transaction of its own unless one is open. */
bool plc_db_schema(plc_db *db, const char *name, GError **error);

/* Changes when another handle has committed. */
bool plc_db_data_version(plc_db *db, int64_t *out, GError **error);
/*
 * True only if it is certain that nothing was committed since this handle's last plc_db_begin began; costs no system
 * call. False: ask by a transaction.
 */
bool plc_db_unchanged(const plc_db *db);
/* True only if it is certain that nothing was committed between this handle's last two plc_db_begin. */
bool plc_db_begun_unchanged(const plc_db *db);
/* Moves the log into the database and cuts it to nothing if it is larger than `above` bytes; a reader in the way is no
 * failure. */
bool plc_db_checkpoint(plc_db *db, int64_t above, GError **error);
/* The same; out_done: no reader stood in the way. */
bool plc_db_try_checkpoint(plc_db *db, int64_t above, bool *out_done, GError **error);
/* Moves a log that has grown beyond 4 MB into the database, without waiting for anybody: a commit does so by itself
 * only from 64 MB on, so whoever writes much calls this where nobody waits. */
bool plc_db_relieve(plc_db *db, GError **error);
/* The same to nothing, for what must be nowhere any more: BUSY if a reader stood in the way for 2 s. */
bool plc_db_empty_log(plc_db *db, GError **error);
/* How much memory pages may take from now on; 0: the usual again, and the rest is given back. For whoever writes all of
 * a database: a page that has to make room meanwhile is written and read again. */
bool plc_db_cache(plc_db *db, int64_t bytes, GError **error);
/*
 * A copy as it was at one instant, writers going on meanwhile, into a file that must not be there yet (CONFLICT), 0600,
 * durable. UNSUPPORTED where the engine has its own tools for that.
 */
bool plc_db_copy(plc_db *db, const char *path, GError **error);
