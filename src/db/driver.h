/* What must an engine be able to do? This table; tests/contract/db.c says how each function behaves. */
#pragma once
#include "db/db.h"

typedef struct plc_db_conn plc_db_conn; /* the engine's own; its struct begins with nothing of ours */
typedef struct plc_db_stmt plc_db_stmt;

struct plc_db_driver {
        const char *scheme;  /* of the URL */
        const char *dialect; /* whose marked alternatives are taken */
        plc_db_conn *(*open)(const char *path, unsigned flags, GError **error);
        void (*close)(plc_db_conn *conn);
        bool (*script)(plc_db_conn *conn, const char *sql, GError **error);
        plc_db_stmt *(*prepare)(plc_db_conn *conn, const char *name, const char *sql, GError **error);
        void (*finalize)(plc_db_stmt *stmt);
        /* index from 1 for $1; what is bound must live until reset. An index that the statement does not name is
         * ignored. */
        bool (*bind_null)(plc_db_stmt *stmt, int index, GError **error);
        bool (*bind_int)(plc_db_stmt *stmt, int index, int64_t value, GError **error);
        bool (*bind_real)(plc_db_stmt *stmt, int index, double value, GError **error);
        bool (*bind_text)(plc_db_stmt *stmt, int index, const char *value, GError **error);
        bool (*bind_blob)(plc_db_stmt *stmt, int index, const void *value, size_t size, GError **error);
        plc_row (*step)(plc_db_stmt *stmt, GError **error);
        void (*reset)(plc_db_stmt *stmt); /* forgets what was bound, too */
        int64_t (*changes)(plc_db_conn *conn);
        int64_t (*column_int)(plc_db_stmt *stmt, int column);
        double (*column_real)(plc_db_stmt *stmt, int column);
        const char *(*column_text)(plc_db_stmt *stmt, int column);
        const void *(*column_blob)(plc_db_stmt *stmt, int column, size_t *out_size);
        bool (*column_is_null)(plc_db_stmt *stmt, int column);
        bool (*cell_open)(plc_db_conn *conn, const char *table, const char *column, int64_t row, bool *out_found,
                          size_t *out_size, GError **error);
        bool (*cell_read)(plc_db_conn *conn, size_t from, void *out, size_t size, GError **error);
        bool (*begin)(plc_db_conn *conn, GError **error); /* its end closes the cell, too */
        bool (*commit)(plc_db_conn *conn, GError **error);
        void (*rollback)(plc_db_conn *conn);
        bool (*data_version)(plc_db_conn *conn, int64_t *out, GError **error);
        bool (*unchanged)(const plc_db_conn *conn); /* NULL: never certain */
        bool (*begun_unchanged)(const plc_db_conn *conn);
        /* A whole, consistent copy into a new file, durable; NULL: the engine has its own tools for that. */
        bool (*copy)(plc_db_conn *conn, const char *path, GError **error);
        /* NULL: nothing to do. out_done: the log is not larger than `above` now. */
        bool (*checkpoint)(plc_db_conn *conn, int64_t above, int wait_ms, bool *out_done, GError **error);
        /* NULL: nothing to do. */
        bool (*relieve)(plc_db_conn *conn, GError **error);
        /* NULL: nothing to do. 0: the usual. */
        bool (*cache)(plc_db_conn *conn, int64_t bytes, GError **error);
};

extern const struct plc_db_driver plc_db_sqlite;
