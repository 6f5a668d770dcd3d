/* How is SQLite driven? In WAL mode with synchronous=FULL, settings read back. sqlite3.h is included in this
 * folder alone.
 */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/file.h"
#include "db/driver.h"
#include "db/map.h"
#include "db/scrub.h"
#include "db/watch.h"

#define BUSY_MS 10000
#define CACHE_KIB 32768     /* 2 MB is SQLite's own: a publication of many items then writes its pages several times */
#define LOG_PAGES 1000      /* 4 MB, from which the log is worth moving into the database: SQLite's own measure */
#define PLACES 24           /* parameters of a statement that are looked up once; of more, each time */
#define LOG_PAGES_MAX 16000 /* 64 MB: moved within the commit after all, where nobody has asked for it until then */

struct plc_db_conn {
        sqlite3 *db;
        sqlite3_stmt *version, *begin, *rollback; /* of a reader, whose every answer begins and ends with them */
        struct plc_sqlite_watch watch;
        sqlite3_blob *cell; /* of this column; it reads, so it must not outlive a transaction */
        const char *cell_table, *cell_column;
        char *wal;     /* path of the log */
        int log_pages; /* at the last commit, moved or not */
        bool readonly;
};

struct plc_db_stmt {
        sqlite3 *db;
        sqlite3_stmt *stmt;
        int places[PLACES]; /* of $1, $2, …; 0: the statement does not name it */
};

/* An error of the engine in our words: which code a caller can act on. */
static bool fail(sqlite3 *db, GError **error)
{
        int extended = sqlite3_extended_errcode(db), number = sqlite3_system_errno(db);
        plc_code code = PLC_E_INTERNAL;

        switch (extended & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
                code = PLC_E_BUSY;
                break;
        case SQLITE_FULL:
                code = PLC_E_NO_SPACE;
                break;
        case SQLITE_NOMEM:
                code = PLC_E_MEMORY;
                break;
        case SQLITE_IOERR:
                code = number == ENOSPC || number == EDQUOT ? PLC_E_NO_SPACE : PLC_E_IO;
                break;
        case SQLITE_CANTOPEN:
                code = number == ENOENT ? PLC_E_NOT_FOUND : PLC_E_IO;
                break;
        case SQLITE_READONLY:
                code = PLC_E_IO;
                break;
        case SQLITE_CONSTRAINT:
                if (extended == SQLITE_CONSTRAINT_UNIQUE || extended == SQLITE_CONSTRAINT_PRIMARYKEY ||
                    extended == SQLITE_CONSTRAINT_FOREIGNKEY)
                        code = PLC_E_CONFLICT;
                else if (extended == SQLITE_CONSTRAINT_TRIGGER)
                        code = PLC_E_FORBIDDEN;
                break;
        default:
                break;
        }
        return plc_fail(error, code, "%s", code == PLC_E_NO_SPACE ? "no room on its file system" : sqlite3_errmsg(db));
}

/* WAL keeps an index in shared memory, which no network file system gives (sqlite.org/wal.html). */
static bool local_disk(const char *path, GError **error)
{
        static const struct {
                unsigned long magic;
                const char *name;
        } remote[] = {
                {0x6969, "NFS"},      {0x517b, "SMB"},    {0xff534d42, "CIFS"},  {0xfe534d42, "SMB2"},
                {0x65735546, "FUSE"}, {0x01021997, "9P"}, {0x00c36400, "Ceph"},  {0x5346414f, "AFS"},
                {0x73757245, "Coda"}, {0x564c, "NCP"},    {0x7461636f, "OCFS2"}, {0x0bd00bd0, "Lustre"},
        };
        g_autofree char *folder = g_path_get_dirname(path);
        struct statfs fs;

        if (statfs(folder, &fs) != 0)
                return plc_fail_errno(error, errno, "cannot look at %s", folder);
        for (size_t i = 0; i < G_N_ELEMENTS(remote); i++)
                if (((unsigned long)fs.f_type & 0xffffffffUL) == remote[i].magic)
                        return plc_fail_at(error, PLC_E_BAD_CONFIG, path, NULL, "Put the site on a local disk.",
                                           "a database cannot lie on a network file system (%s)", remote[i].name);
        return true;
}

/* Made by us, so that its mode is what we say from the first moment; SQLite gives -wal and -shm the same. */
static bool make_file(const char *path, mode_t mode, GError **error)
{
        g_autofree char *folder = g_path_get_dirname(path);
        plc_autofd int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
        plc_autofd int dir = -1;

        if (fd < 0 && errno == EEXIST)
                return true;
        if (fd < 0)
                return plc_fail_errno(error, errno, "cannot create %s", path);
        if (fchmod(fd, mode) != 0)
                return plc_fail_errno(error, errno, "cannot set the mode of %s", path);
        return plc_fsync(fd, path, error) && plc_open_dir(AT_FDCWD, folder, &dir, error) &&
               plc_fsync(dir, folder, error);
}

/* One value of a pragma, as text. */
static char *pragma(sqlite3 *db, const char *sql, GError **error)
{
        sqlite3_stmt *stmt = NULL;
        char *value = NULL;

        if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
                value = g_strdup((const char *)sqlite3_column_text(stmt, 0));
        else
                fail(db, error);
        sqlite3_finalize(stmt);
        return value;
}

static bool must_be(sqlite3 *db, const char *sql, const char *expected, GError **error)
{
        g_autofree char *value = pragma(db, sql, error);

        if (value == NULL)
                return false;
        return strcmp(value, expected) == 0 ||
               plc_fail(error, PLC_E_BAD_CONFIG, "%s gave %s, not %s", sql, value, expected);
}

static bool execute(sqlite3 *db, const char *sql, GError **error)
{
        return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK || fail(db, error);
}

static int move_log(plc_db_conn *conn)
{
        int result = sqlite3_wal_checkpoint_v2(conn->db, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);

        if (result == SQLITE_OK)
                conn->log_pages = 0;
        return result;
}

/* SQLite would move the log within the commit that makes it 1,000 pages long, with two flushes of the disk: whoever
 * waits for that commit (a withdrawal) waits for the pages of all before it. */
static int committed(void *data, sqlite3 *db, const char *schema, int pages)
{
        plc_db_conn *conn = data;

        (void)db, (void)schema;
        conn->log_pages = pages;
        if (pages >= LOG_PAGES_MAX)
                move_log(conn); /* a failure is the next one's, as it is in SQLite's own hook */
        return SQLITE_OK;
}

static bool set_cache(sqlite3 *db, int64_t kib, GError **error)
{
        g_autofree char *sql = g_strdup_printf("PRAGMA cache_size=-%" G_GINT64_FORMAT, kib);

        return execute(db, sql, error);
}

static bool set_writer(sqlite3 *db, unsigned flags, GError **error)
{
        int persist = 1;

        if ((flags & PLC_DB_PUBLIC) != 0 &&
            sqlite3_file_control(db, "main", SQLITE_FCNTL_PERSIST_WAL, &persist) != SQLITE_OK)
                return fail(db, error);
        /* Of a file that is made now: rows of 1 to 2 KB lie whole in a page (of 4 KB they would not), and a list is one
         * or two pages. */
        if ((flags & PLC_DB_PUBLIC) != 0 && !execute(db, "PRAGMA page_size=8192", error))
                return false;
        return set_cache(db, CACHE_KIB, error) && must_be(db, "PRAGMA journal_mode=WAL", "wal", error) &&
               execute(db, "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON", error) &&
               must_be(db, "PRAGMA synchronous", "2", error) && must_be(db, "PRAGMA foreign_keys", "1", error) &&
               must_be(db, (flags & PLC_DB_SECURE_DELETE) != 0 ? "PRAGMA secure_delete=ON" : "PRAGMA secure_delete=OFF",
                       (flags & PLC_DB_SECURE_DELETE) != 0 ? "1" : "0", error);
}

static void close_cell(plc_db_conn *conn)
{
        if (conn->cell != NULL)
                sqlite3_blob_close(conn->cell); /* what it tells is the last failure, which was told */
        conn->cell = NULL;
}

static void conn_close(plc_db_conn *conn)
{
        close_cell(conn);
        sqlite3_finalize(conn->version);
        sqlite3_finalize(conn->begin);
        sqlite3_finalize(conn->rollback);
        sqlite3_close(conn->db);
        g_free(conn->wal);
        g_free(conn);
}

static plc_db_conn *conn_open(const char *path, unsigned flags, GError **error)
{
        bool readonly = (flags & PLC_DB_READONLY) != 0;
        int mode = readonly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
        plc_db_conn *conn;

        if (!local_disk(path, error))
                return NULL;
        if ((flags & PLC_DB_CREATE) != 0 && !make_file(path, (flags & PLC_DB_PUBLIC) != 0 ? 0644 : 0600, error))
                return NULL;
        if (access(path, F_OK) != 0) {
                plc_fail_errno(error, errno, "cannot open %s", path);
                return NULL;
        }
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* before the first file; it costs a lock for each allocation */
        conn = g_new0(plc_db_conn, 1);
        conn->wal = g_strconcat(path, "-wal", NULL);
        conn->readonly = readonly;
        /* NOFOLLOW would refuse links in the folders above, too: a site may lie behind one. */
        if (sqlite3_open_v2(path, &conn->db, mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                            readonly                              ? plc_sqlite_map()
                            : (flags & PLC_DB_SECURE_DELETE) != 0 ? plc_sqlite_scrub()
                                                                  : NULL) != SQLITE_OK) {
                fail(conn->db, error);
                conn_close(conn);
                return NULL;
        }
        sqlite3_busy_timeout(conn->db, BUSY_MS);
        /* A damaged or planted file gets no more power than its data: no functions in its schema, no writes to its own
         * tables. */
        sqlite3_db_config(conn->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
        sqlite3_db_config(conn->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        sqlite3_db_config(conn->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
        sqlite3_db_config(conn->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
        if (!must_be(conn->db, "PRAGMA trusted_schema", "0", error) ||
            (!readonly && !set_writer(conn->db, flags, error))) {
                g_prefix_error(error, "%s: ", path);
                conn_close(conn);
                return NULL;
        }
        /* Pages are read where the kernel has them. How far is map.c's: this is SQLite's own limit. */
        if (readonly && !execute(conn->db, "PRAGMA mmap_size=2147418112", error)) {
                conn_close(conn);
                return NULL;
        }
        if (!readonly)
                sqlite3_wal_hook(conn->db, committed, conn);
        return conn;
}

static bool conn_script(plc_db_conn *conn, const char *sql, GError **error)
{
        return execute(conn->db, sql, error);
}

static plc_db_stmt *conn_prepare(plc_db_conn *conn, const char *name, const char *sql, GError **error)
{
        sqlite3_stmt *prepared = NULL;
        const char *tail = NULL;
        plc_db_stmt *stmt;

        if (sqlite3_prepare_v3(conn->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &prepared, &tail) != SQLITE_OK) {
                fail(conn->db, error);
                return NULL;
        }
        if (prepared == NULL || tail[strspn(tail, "; \n\t")] != '\0') {
                sqlite3_finalize(prepared);
                plc_fail(error, PLC_E_INTERNAL, "%s is not one statement", name);
                return NULL;
        }
        stmt = g_new0(plc_db_stmt, 1);
        stmt->db = conn->db;
        stmt->stmt = prepared;
        for (int i = 0; i < PLACES; i++) { /* $1 is a named parameter to SQLite */
                char parameter[16];
                g_snprintf(parameter, sizeof parameter, "$%d", i + 1);
                stmt->places[i] = sqlite3_bind_parameter_index(prepared, parameter);
        }
        return stmt;
}

static void stmt_finalize(plc_db_stmt *stmt)
{
        sqlite3_finalize(stmt->stmt);
        g_free(stmt);
}

static int place(const plc_db_stmt *stmt, int index)
{
        char name[16];

        if (index <= PLACES)
                return stmt->places[index - 1];
        g_snprintf(name, sizeof name, "$%d", index);
        return sqlite3_bind_parameter_index(stmt->stmt, name);
}

static bool bound(const plc_db_stmt *stmt, int result, GError **error)
{
        return result == SQLITE_OK || fail(stmt->db, error);
}

static bool bind_null(plc_db_stmt *stmt, int index, GError **error)
{
        int at = place(stmt, index);

        return at == 0 || bound(stmt, sqlite3_bind_null(stmt->stmt, at), error);
}

static bool bind_int(plc_db_stmt *stmt, int index, int64_t value, GError **error)
{
        int at = place(stmt, index);

        return at == 0 || bound(stmt, sqlite3_bind_int64(stmt->stmt, at, value), error);
}

static bool bind_real(plc_db_stmt *stmt, int index, double value, GError **error)
{
        int at = place(stmt, index);

        return at == 0 || bound(stmt, sqlite3_bind_double(stmt->stmt, at, value), error);
}

/* Copied: rows may be read long after the caller's strings are gone. */
static bool bind_text(plc_db_stmt *stmt, int index, const char *value, GError **error)
{
        int at = place(stmt, index);

        return at == 0 ||
               bound(stmt, sqlite3_bind_text64(stmt->stmt, at, value, strlen(value), SQLITE_TRANSIENT, SQLITE_UTF8),
                     error);
}

static bool bind_blob(plc_db_stmt *stmt, int index, const void *value, size_t size, GError **error)
{
        int at = place(stmt, index);

        return at == 0 || bound(stmt, sqlite3_bind_blob64(stmt->stmt, at, value, size, SQLITE_TRANSIENT), error);
}

static plc_row stmt_step(plc_db_stmt *stmt, GError **error)
{
        switch (sqlite3_step(stmt->stmt)) {
        case SQLITE_ROW:
                return PLC_ROW;
        case SQLITE_DONE:
                return PLC_ROW_END;
        default:
                fail(stmt->db, error);
                return PLC_ROW_ERROR;
        }
}

static void stmt_reset(plc_db_stmt *stmt)
{
        sqlite3_reset(stmt->stmt);
        sqlite3_clear_bindings(stmt->stmt);
}

/* The same column of another row costs half as much as a new look at the schema. */
static bool conn_cell_open(plc_db_conn *conn, const char *table, const char *column, int64_t row, bool *out_found,
                           size_t *out_size, GError **error)
{
        int result;

        if (conn->cell != NULL && strcmp(table, conn->cell_table) == 0 && strcmp(column, conn->cell_column) == 0) {
                result = sqlite3_blob_reopen(conn->cell, row);
        } else {
                close_cell(conn);
                conn->cell_table = table;
                conn->cell_column = column;
                result = sqlite3_blob_open(conn->db, "main", table, column, row, 0, &conn->cell);
        }
        *out_found = result == SQLITE_OK;
        *out_size = *out_found ? (size_t)sqlite3_blob_bytes(conn->cell) : 0;
        if (*out_found)
                return true;
        /* Before it is closed, which may tell another. "No such row" has no code of its own. */
        bool fine = (result & 0xff) == SQLITE_ERROR || fail(conn->db, error);
        close_cell(conn);
        return fine;
}

static bool conn_cell_read(plc_db_conn *conn, size_t from, void *out, size_t size, GError **error)
{
        size_t all = conn->cell != NULL ? (size_t)sqlite3_blob_bytes(conn->cell) : 0;

        if (conn->cell == NULL || from > all || size > all - from)
                return plc_fail(error, PLC_E_INTERNAL, "a cell has no %zu bytes from %zu on", size, from);
        return sqlite3_blob_read(conn->cell, out, (int)size, (int)from) == SQLITE_OK || fail(conn->db, error);
}

static int64_t conn_changes(plc_db_conn *conn)
{
        return sqlite3_changes64(conn->db);
}

static int64_t column_int(plc_db_stmt *stmt, int column)
{
        return sqlite3_column_int64(stmt->stmt, column);
}

static double column_real(plc_db_stmt *stmt, int column)
{
        return sqlite3_column_double(stmt->stmt, column);
}

static const char *column_text(plc_db_stmt *stmt, int column)
{
        return (const char *)sqlite3_column_text(stmt->stmt, column);
}

/* Zero bytes are not NULL, though SQLite gives a null pointer for both. */
static const void *column_blob(plc_db_stmt *stmt, int column, size_t *out_size)
{
        const void *data = sqlite3_column_blob(stmt->stmt, column);

        *out_size = (size_t)sqlite3_column_bytes(stmt->stmt, column);
        if (data == NULL && sqlite3_column_type(stmt->stmt, column) != SQLITE_NULL)
                return "";
        return data;
}

static bool column_is_null(plc_db_stmt *stmt, int column)
{
        return sqlite3_column_type(stmt->stmt, column) == SQLITE_NULL;
}

static bool conn_unchanged(const plc_db_conn *conn)
{
        return plc_sqlite_watch_unchanged(&conn->watch);
}

static bool conn_begun_unchanged(const plc_db_conn *conn)
{
        return conn->watch.same;
}

static bool step_ready(plc_db_conn *conn, sqlite3_stmt **stmt, const char *sql, GError **error)
{
        if (*stmt == NULL && sqlite3_prepare_v3(conn->db, sql, -1, SQLITE_PREPARE_PERSISTENT, stmt, NULL) != SQLITE_OK)
                return fail(conn->db, error);
        bool fine = sqlite3_step(*stmt) == SQLITE_DONE || fail(conn->db, error);
        sqlite3_reset(*stmt);
        return fine;
}

static bool conn_begin(plc_db_conn *conn, GError **error)
{
        if (!conn->readonly)
                return execute(conn->db, "BEGIN IMMEDIATE", error);
        plc_sqlite_watch_begin(&conn->watch, conn->db, conn->begin != NULL);
        return step_ready(conn, &conn->begin, "BEGIN", error);
}

static bool conn_commit(plc_db_conn *conn, GError **error)
{
        close_cell(conn);
        return execute(conn->db, "COMMIT", error);
}

static void conn_rollback(plc_db_conn *conn)
{
        close_cell(conn);
        if (sqlite3_get_autocommit(conn->db) != 0)
                return;
        if (!conn->readonly || !step_ready(conn, &conn->rollback, "ROLLBACK", NULL))
                sqlite3_exec(conn->db, "ROLLBACK", NULL, NULL, NULL);
}

static bool conn_data_version(plc_db_conn *conn, int64_t *out, GError **error)
{
        bool fine;

        if (conn->version == NULL && sqlite3_prepare_v3(conn->db, "PRAGMA data_version", -1, SQLITE_PREPARE_PERSISTENT,
                                                        &conn->version, NULL) != SQLITE_OK)
                return fail(conn->db, error);
        fine = sqlite3_step(conn->version) == SQLITE_ROW;
        if (fine)
                *out = sqlite3_column_int64(conn->version, 0);
        else
                fail(conn->db, error);
        sqlite3_reset(conn->version);
        return fine;
}

static bool conn_checkpoint(plc_db_conn *conn, int64_t above, int wait_ms, bool *out_done, GError **error)
{
        struct stat st;
        int result;

        *out_done = true;
        if (stat(conn->wal, &st) != 0)
                return errno == ENOENT || plc_fail_errno(error, errno, "cannot look at %s", conn->wal);
        if (st.st_size <= above)
                return true;
        /* A reader in the way keeps the log from being cut: it will be, the next time. */
        sqlite3_busy_timeout(conn->db, wait_ms);
        result = sqlite3_wal_checkpoint_v2(conn->db, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
        sqlite3_busy_timeout(conn->db, BUSY_MS);
        *out_done = result == SQLITE_OK;
        /* Pages in memory may hold copies of rows that are deleted since, which the file no longer has (scrub.h). */
        if (*out_done)
                sqlite3_db_release_memory(conn->db);
        return result == SQLITE_OK || (result & 0xff) == SQLITE_BUSY || fail(conn->db, error);
}

static bool conn_relieve(plc_db_conn *conn, GError **error)
{
        int result;

        if (conn->log_pages < LOG_PAGES)
                return true;
        result = move_log(conn);
        return result == SQLITE_OK || (result & 0xff) == SQLITE_BUSY || fail(conn->db, error);
}

static bool conn_cache(plc_db_conn *conn, int64_t bytes, GError **error)
{
        if (!set_cache(conn->db, bytes > 0 ? bytes / 1024 : CACHE_KIB, error))
                return false;
        if (bytes == 0)
                sqlite3_db_release_memory(conn->db);
        return true;
}

/* VACUUM INTO reads in one transaction and leaves free pages behind; it does not sync what it wrote. */
static bool conn_copy(plc_db_conn *conn, const char *path, GError **error)
{
        sqlite3_stmt *stmt = NULL;
        plc_autofd int fd = -1;
        bool fine;

        if (access(path, F_OK) == 0)
                return plc_fail(error, PLC_E_CONFLICT, "%s is there already", path);
        if (!make_file(path, 0600, error))
                return false;
        fine = sqlite3_prepare_v2(conn->db, "VACUUM INTO ?1", -1, &stmt, NULL) == SQLITE_OK &&
               sqlite3_bind_text(stmt, 1, path, -1, SQLITE_TRANSIENT) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_DONE;
        if (!fine)
                fail(conn->db, error);
        sqlite3_finalize(stmt);
        if (!fine)
                return false;
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        return fd >= 0 ? plc_fsync(fd, path, error) : plc_fail_errno(error, errno, "cannot open %s", path);
}

const struct plc_db_driver plc_db_sqlite = {
        .scheme = "sqlite",
        .dialect = "sqlite",
        .open = conn_open,
        .close = conn_close,
        .script = conn_script,
        .prepare = conn_prepare,
        .finalize = stmt_finalize,
        .bind_null = bind_null,
        .bind_int = bind_int,
        .bind_real = bind_real,
        .bind_text = bind_text,
        .bind_blob = bind_blob,
        .step = stmt_step,
        .reset = stmt_reset,
        .changes = conn_changes,
        .column_int = column_int,
        .column_real = column_real,
        .column_text = column_text,
        .column_blob = column_blob,
        .column_is_null = column_is_null,
        .cell_open = conn_cell_open,
        .cell_read = conn_cell_read,
        .begin = conn_begin,
        .commit = conn_commit,
        .rollback = conn_rollback,
        .data_version = conn_data_version,
        .unchanged = conn_unchanged,
        .begun_unchanged = conn_begun_unchanged,
        .checkpoint = conn_checkpoint,
        .relieve = conn_relieve,
        .cache = conn_cache,
        .copy = conn_copy,
};

const char *plc_db_library(void)
{
        return sqlite3_libversion();
}
