/* How does a call by name reach an engine? Statement found, prepared once, bound by its letters, stepped; transactions
 * guarded. */
#include "db/db.h"

#include <stdarg.h>
#include <string.h>

#include "db/driver.h"
#include "db/statements.h"

/* How long a checkpoint waits for readers: their transactions take microseconds, a stopped one may take for ever. */
#define IN_PASSING_MS 100
#define MUST_MS 2000

static const struct plc_db_driver *const drivers[] = {&plc_db_sqlite};

struct plc_db {
        const struct plc_db_driver *driver;
        plc_db_conn *conn;
        GHashTable *texts; /* name → SQL */
        GHashTable *ready; /* name (of `texts`) → GPtrArray of plc_db_stmt that nobody uses just now */
        plc_db_tx *tx;
        int64_t changes;
        bool broken; /* a statement of this transaction failed */
};

struct plc_db_tx {
        plc_db *db;
};

struct plc_rows {
        plc_db *db;
        plc_db_stmt *stmt;
        GPtrArray *idle;  /* where the statement comes from */
        const char *name; /* a constant: statements are called by their names in the code */
};

static const struct plc_db_driver *find_driver(const char *url, const char **out_path)
{
        for (size_t i = 0; i < G_N_ELEMENTS(drivers); i++) {
                size_t length = strlen(drivers[i]->scheme);

                if (strncmp(url, drivers[i]->scheme, length) == 0 && url[length] == ':') {
                        *out_path = url + length + 1;
                        return drivers[i];
                }
        }
        *out_path = url;
        return strstr(url, "://") == NULL ? &plc_db_sqlite : NULL;
}

plc_db *plc_db_open(const char *url, unsigned flags, const char *statements, GError **error)
{
        const char *path;
        const struct plc_db_driver *driver = find_driver(url, &path);
        g_autoptr(GHashTable) texts = NULL;
        plc_db_conn *conn;
        plc_db *db;

        if (driver == NULL) {
                plc_fail(error, PLC_E_BAD_CONFIG, "%s: no such kind of database", url);
                return NULL;
        }
        texts = plc_statements_parse(statements, driver->dialect, error);
        if (texts == NULL)
                return NULL;
        conn = driver->open(path, flags, error);
        if (conn == NULL)
                return NULL;
        db = g_new0(plc_db, 1);
        db->driver = driver;
        db->conn = conn;
        db->texts = g_steal_pointer(&texts);
        db->ready = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
        return db;
}

void plc_db_close(plc_db *db)
{
        if (db == NULL)
                return;
        if (db->tx != NULL)
                db->driver->rollback(db->conn);
        g_hash_table_unref(db->ready);
        g_hash_table_unref(db->texts);
        db->driver->close(db->conn);
        g_free(db);
}

static bool failed(plc_db *db, const char *name, GError **error)
{
        db->broken = db->tx != NULL;
        g_prefix_error(error, "%s: ", name);
        return false;
}

/* A statement out of the cache, or a fresh one; the caller has it alone until give_back. */
static plc_db_stmt *take(plc_db *db, const char *name, GPtrArray **out_idle, GError **error)
{
        GPtrArray *idle = g_hash_table_lookup(db->ready, name);
        void *key = NULL, *sql = NULL;

        if (db->broken) {
                plc_fail(error, PLC_E_INTERNAL, "the transaction has failed before and can only be rolled back");
                return NULL;
        }
        *out_idle = idle;
        if (idle != NULL && idle->len > 0)
                return g_ptr_array_steal_index_fast(idle, idle->len - 1);
        if (!g_hash_table_lookup_extended(db->texts, name, &key, &sql)) {
                plc_fail(error, PLC_E_INTERNAL, "there is no statement of that name");
                return NULL;
        }
        if (idle == NULL) {
                *out_idle = g_ptr_array_new_with_free_func((GDestroyNotify)db->driver->finalize);
                g_hash_table_insert(db->ready, key, *out_idle);
        }
        return db->driver->prepare(db->conn, name, sql, error);
}

static void give_back(plc_db *db, GPtrArray *idle, plc_db_stmt *stmt)
{
        db->driver->reset(stmt);
        g_ptr_array_add(idle, stmt);
}

static bool bind(plc_db *db, plc_db_stmt *stmt, const char *types, va_list *args, GError **error)
{
        const struct plc_db_driver *d = db->driver;

        for (int i = 1; types[i - 1] != '\0'; i++) {
                const void *pointer;
                bool fine;

                switch (types[i - 1]) {
                case 't':
                        pointer = va_arg(*args, const char *);
                        fine = pointer != NULL ? d->bind_text(stmt, i, pointer, error) : d->bind_null(stmt, i, error);
                        break;
                case 'i':
                        fine = d->bind_int(stmt, i, va_arg(*args, int64_t), error);
                        break;
                case 'd':
                        fine = d->bind_real(stmt, i, va_arg(*args, double), error);
                        break;
                case 'b': {
                        size_t size;

                        pointer = va_arg(*args, const void *);
                        size = va_arg(*args, size_t);
                        fine = pointer != NULL ? d->bind_blob(stmt, i, pointer, size, error)
                                               : d->bind_null(stmt, i, error);
                        break;
                }
                default:
                        fine = plc_fail(error, PLC_E_INTERNAL, "no type has the letter %c", types[i - 1]);
                }
                if (!fine)
                        return false;
        }
        return true;
}

/* Bound and not yet stepped; NULL on failure. */
static plc_db_stmt *start(plc_db *db, const char *name, const char *types, va_list *args, GPtrArray **out_idle,
                          GError **error)
{
        plc_db_stmt *stmt = take(db, name, out_idle, error);

        if (stmt == NULL) {
                failed(db, name, error);
                return NULL;
        }
        if (!bind(db, stmt, types, args, error)) {
                give_back(db, *out_idle, stmt);
                failed(db, name, error);
                return NULL;
        }
        return stmt;
}

bool plc_db_run(plc_db *db, const char *name, GError **error, const char *types, ...)
{
        plc_db_stmt *stmt;
        GPtrArray *idle;
        va_list args;
        plc_row row;

        va_start(args, types);
        stmt = start(db, name, types, &args, &idle, error);
        va_end(args);
        if (stmt == NULL)
                return false;
        while ((row = db->driver->step(stmt, error)) == PLC_ROW)
                ;
        db->changes = row == PLC_ROW_END ? db->driver->changes(db->conn) : 0;
        give_back(db, idle, stmt);
        return row == PLC_ROW_END || failed(db, name, error);
}

int64_t plc_db_changes(const plc_db *db)
{
        return db->changes;
}

plc_rows *plc_db_query(plc_db *db, const char *name, GError **error, const char *types, ...)
{
        plc_db_stmt *stmt;
        GPtrArray *idle;
        plc_rows *rows;
        va_list args;

        va_start(args, types);
        stmt = start(db, name, types, &args, &idle, error);
        va_end(args);
        if (stmt == NULL)
                return NULL;
        rows = g_new(plc_rows, 1);
        *rows = (plc_rows){db, stmt, idle, name};
        return rows;
}

void plc_rows_free(plc_rows *rows)
{
        if (rows == NULL)
                return;
        give_back(rows->db, rows->idle, rows->stmt);
        g_free(rows);
}

plc_row plc_rows_next(plc_rows *rows, GError **error)
{
        plc_row row = rows->db->driver->step(rows->stmt, error);

        if (row == PLC_ROW_ERROR)
                failed(rows->db, rows->name, error);
        return row;
}

int64_t plc_rows_int(const plc_rows *rows, int column)
{
        return rows->db->driver->column_int(rows->stmt, column);
}

double plc_rows_real(const plc_rows *rows, int column)
{
        return rows->db->driver->column_real(rows->stmt, column);
}

const char *plc_rows_text(const plc_rows *rows, int column)
{
        return rows->db->driver->column_text(rows->stmt, column);
}

const void *plc_rows_blob(const plc_rows *rows, int column, size_t *out_size)
{
        return rows->db->driver->column_blob(rows->stmt, column, out_size);
}

bool plc_rows_is_null(const plc_rows *rows, int column)
{
        return rows->db->driver->column_is_null(rows->stmt, column);
}

char *plc_rows_dup(const plc_rows *rows, int column)
{
        return g_strdup(plc_rows_text(rows, column));
}

GBytes *plc_rows_bytes(const plc_rows *rows, int column)
{
        size_t size;
        const void *data = plc_rows_blob(rows, column, &size);

        return data != NULL ? g_bytes_new(data, size) : NULL;
}

bool plc_db_int(plc_db *db, const char *name, int64_t *out, GError **error, const char *types, ...)
{
        plc_db_stmt *stmt;
        GPtrArray *idle;
        va_list args;
        plc_row row;

        va_start(args, types);
        stmt = start(db, name, types, &args, &idle, error);
        va_end(args);
        if (stmt == NULL)
                return false;
        row = db->driver->step(stmt, error);
        if (row == PLC_ROW)
                *out = db->driver->column_int(stmt, 0);
        give_back(db, idle, stmt);
        if (row == PLC_ROW_END)
                return plc_fail(error, PLC_E_NOT_FOUND, "%s: nothing found", name);
        return row == PLC_ROW || failed(db, name, error);
}

bool plc_db_cell_open(plc_db *db, const char *table, const char *column, int64_t row, bool *out_found, size_t *out_size,
                      GError **error)
{
        if (db->tx == NULL)
                return plc_fail(error, PLC_E_INTERNAL, "a cell of %s is read in no transaction", table);
        return db->driver->cell_open(db->conn, table, column, row, out_found, out_size, error) ||
               failed(db, table, error);
}

bool plc_db_cell_read(plc_db *db, size_t from, void *out, size_t size, GError **error)
{
        return db->driver->cell_read(db->conn, from, out, size, error) || failed(db, "a cell", error);
}

plc_db_tx *plc_db_begin(plc_db *db, GError **error)
{
        if (db->tx != NULL) {
                plc_fail(error, PLC_E_INTERNAL, "a transaction within a transaction");
                return NULL;
        }
        if (!db->driver->begin(db->conn, error))
                return NULL;
        db->tx = g_new(plc_db_tx, 1);
        db->tx->db = db;
        db->broken = false;
        return db->tx;
}

static void end(plc_db_tx *tx)
{
        tx->db->tx = NULL;
        tx->db->broken = false;
        g_free(tx);
}

bool plc_db_commit(plc_db_tx **tx, GError **error)
{
        plc_db_tx *mine = g_steal_pointer(tx);
        plc_db *db = mine->db;
        bool fine;

        if (db->broken)
                fine = plc_fail(error, PLC_E_INTERNAL, "a transaction with a failed statement cannot be committed");
        else
                fine = db->driver->commit(db->conn, error);
        if (!fine)
                db->driver->rollback(db->conn);
        end(mine);
        return fine;
}

void plc_db_rollback(plc_db_tx *tx)
{
        if (tx == NULL)
                return;
        tx->db->driver->rollback(tx->db->conn);
        end(tx);
}

bool plc_db_in_tx(const plc_db *db)
{
        return db->tx != NULL;
}

bool plc_db_schema(plc_db *db, const char *name, GError **error)
{
        const char *sql = g_hash_table_lookup(db->texts, name);
        g_autoptr(plc_db_tx) tx = NULL;

        if (sql == NULL)
                return plc_fail(error, PLC_E_INTERNAL, "%s: there is no statement of that name", name);
        if (db->tx == NULL) {
                tx = plc_db_begin(db, error);
                if (tx == NULL)
                        return false;
        }
        if (!db->driver->script(db->conn, sql, error))
                return failed(db, name, error);
        return tx == NULL || plc_db_commit(&tx, error);
}

bool plc_db_data_version(plc_db *db, int64_t *out, GError **error)
{
        return db->driver->data_version(db->conn, out, error);
}

bool plc_db_unchanged(const plc_db *db)
{
        return !db->broken && db->driver->unchanged != NULL && db->driver->unchanged(db->conn);
}

bool plc_db_begun_unchanged(const plc_db *db)
{
        return db->driver->begun_unchanged != NULL && db->driver->begun_unchanged(db->conn);
}

bool plc_db_checkpoint(plc_db *db, int64_t above, GError **error)
{
        bool done;

        return plc_db_try_checkpoint(db, above, &done, error);
}

bool plc_db_try_checkpoint(plc_db *db, int64_t above, bool *out_done, GError **error)
{
        *out_done = true;
        return db->driver->checkpoint == NULL ||
               db->driver->checkpoint(db->conn, above, IN_PASSING_MS, out_done, error);
}

bool plc_db_relieve(plc_db *db, GError **error)
{
        return db->driver->relieve == NULL || db->driver->relieve(db->conn, error);
}

bool plc_db_cache(plc_db *db, int64_t bytes, GError **error)
{
        return db->driver->cache == NULL || db->driver->cache(db->conn, bytes, error);
}

bool plc_db_empty_log(plc_db *db, GError **error)
{
        bool done = true;

        if (db->driver->checkpoint != NULL && !db->driver->checkpoint(db->conn, 0, MUST_MS, &done, error))
                return false;
        return done || plc_fail_at(error, PLC_E_BUSY, NULL, NULL, "It is tried again by itself.",
                                   "a reader keeps the log from being emptied");
}

bool plc_db_copy(plc_db *db, const char *path, GError **error)
{
        if (db->driver->copy == NULL)
                return plc_fail_at(error, PLC_E_UNSUPPORTED, NULL, NULL, "Use the engine's own backup.",
                                   "this kind of database is not copied by Placet");
        return db->driver->copy(db->conn, path, error);
}
