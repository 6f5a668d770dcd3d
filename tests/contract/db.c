/*
 * What may a caller of db/ rely on, whatever the engine? The same cases for every driver. The URL is the first argument
 * ("%s" in it becomes a fresh name for each case); without one: SQLite in a temporary folder.
 */
#include "db/db.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

#define assert_code(error, expected) g_assert_cmpstr(plc_code_name(plc_error_code(error)), ==, plc_code_name(expected))

static const char statements[] =
        "-- Words before the first name are remarks.\n"
        "-- :name schema\n"
        "CREATE TABLE thing (id TEXT PRIMARY KEY, n BIGINT NOT NULL, x DOUBLE PRECISION, bytes BYTEA, word TEXT "
        "UNIQUE);\n"
        "CREATE TABLE part (thing TEXT NOT NULL REFERENCES thing, m BIGINT NOT NULL CHECK (m < 100));\n"
        "-- :name broken_schema\nCREATE TABLE first (id TEXT); CREATE TABLE thing (id TEXT);\n"
        "-- :name use_first\nSELECT count(*) FROM first\n"
        "-- :name put\nINSERT INTO thing (id, n, x, bytes, word) VALUES ($1, $2, $3, $4, $5)\n"
        "-- :name put_reversed\nINSERT INTO thing (n, id) VALUES ($2, $1)\n"
        "-- :name get\nSELECT n, x, bytes, word FROM thing WHERE id = $1\n"
        "-- :name twice\nSELECT $1 || $1\n"
        "-- :name count\nSELECT count(*) FROM thing\n"
        "-- :name number\nSELECT n FROM thing WHERE id = $1\n"
        "-- :name row\nSELECT rowid FROM thing WHERE id = $1\n"
        "-- :name remove\nDELETE FROM thing WHERE id = $1\n"
        "-- :name all\nSELECT id FROM thing ORDER BY id\n"
        "-- :name from\nSELECT id FROM thing WHERE n >= $1 ORDER BY n\n"
        "-- :name bump\nUPDATE thing SET n = n + 1 WHERE n >= $1\n"
        "-- :name bump_returning\nUPDATE thing SET n = n + 1 WHERE n >= $1 RETURNING id\n"
        "-- :name part\nINSERT INTO part (thing, m) VALUES ($1, $2)\n"
        "-- :name upsert\nINSERT INTO thing (id, n) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET n = excluded.n\n"
        "-- :name wrong\nSELECT nothing FROM nowhere\n"
        "-- :name marked\nSELECT 1 /*nosuchengine: + 1 */ /* a remark */ + 5\n";

static const char *template;
static char *folder;
static int cases;

/* A URL that nothing is at yet. */
static char *fresh_url(void)
{
        g_autofree char *name = g_strdup_printf("case%d", cases++);
        const char *place = strstr(template, "%s");

        g_assert_nonnull(place);
        return g_strdup_printf("%.*s%s%s", (int)(place - template), template, name, place + 2);
}

static plc_db *open_at(const char *url, unsigned flags)
{
        g_autoptr(GError) error = NULL;
        plc_db *db = plc_db_open(url, flags, statements, &error);

        g_assert_no_error(error);
        return db;
}

static plc_db *fresh(void)
{
        g_autofree char *url = fresh_url();
        g_autoptr(GError) error = NULL;
        plc_db *db = open_at(url, PLC_DB_CREATE);

        g_assert_true(plc_db_schema(db, "schema", &error));
        return db;
}

static void put(plc_db *db, const char *id, int64_t n)
{
        g_autoptr(GError) error = NULL;

        plc_db_run(db, "put", &error, "tidbt", id, n, 0.5, NULL, (size_t)0, NULL);
        g_assert_no_error(error);
}

static int64_t count(plc_db *db)
{
        int64_t n = -1;

        g_assert_true(plc_db_int(db, "count", &n, NULL, ""));
        return n;
}

static void what_was_put_comes_back(void)
{
        static const char raw[] = {0, 1, 'x', 0, (char)0xff};
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_db) db = fresh();
        g_autoptr(plc_rows) rows = NULL, nulls = NULL;
        const void *bytes;
        size_t size;

        g_assert_true(plc_db_run(db, "put", &error, "tidbt", "a", INT64_MIN, 0.1, raw, sizeof raw, "Zoë 露營"));
        g_assert_cmpint(plc_db_changes(db), ==, 1);
        rows = plc_db_query(db, "get", &error, "t", "a");
        g_assert_cmpint(plc_rows_next(rows, &error), ==, PLC_ROW);
        g_assert_cmpint(plc_rows_int(rows, 0), ==, INT64_MIN);
        g_assert_cmpfloat(plc_rows_real(rows, 1), ==, 0.1);
        bytes = plc_rows_blob(rows, 2, &size);
        g_assert_true(size == sizeof raw && memcmp(bytes, raw, size) == 0);
        g_assert_cmpstr(plc_rows_text(rows, 3), ==, "Zoë 露營");
        g_assert_false(plc_rows_is_null(rows, 3));
        g_assert_cmpint(plc_rows_next(rows, &error), ==, PLC_ROW_END);
        g_assert_true(plc_db_run(db, "put", &error, "tidbt", "b", INT64_MAX, 0.0, NULL, (size_t)0, NULL));
        nulls = plc_db_query(db, "get", &error, "t", "b");
        g_assert_cmpint(plc_rows_next(nulls, &error), ==, PLC_ROW);
        g_assert_cmpint(plc_rows_int(nulls, 0), ==, INT64_MAX);
        g_assert_null(plc_rows_blob(nulls, 2, &size));
        g_assert_null(plc_rows_text(nulls, 3));
        g_assert_true(plc_rows_is_null(nulls, 2) && plc_rows_is_null(nulls, 3));
}

static void empty_bytes_and_text_are_not_null(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_db) db = fresh();
        g_autoptr(plc_rows) rows = NULL;
        size_t size = 9;

        g_assert_true(plc_db_run(db, "put", &error, "tidbt", "a", (int64_t)1, 0.0, "", (size_t)0, ""));
        rows = plc_db_query(db, "get", &error, "t", "a");
        g_assert_cmpint(plc_rows_next(rows, &error), ==, PLC_ROW);
        g_assert_nonnull(plc_rows_blob(rows, 2, &size));
        g_assert_cmpuint(size, ==, 0);
        g_assert_cmpstr(plc_rows_text(rows, 3), ==, "");
}

static void parameters_go_by_their_numbers(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_db) db = fresh();
        g_autoptr(plc_rows) rows = NULL;
        int64_t n;

        g_assert_true(plc_db_run(db, "put_reversed", &error, "ti", "a", (int64_t)7));
        g_assert_true(plc_db_int(db, "number", &n, &error, "t", "a"));
        g_assert_cmpint(n, ==, 7);
        rows = plc_db_query(db, "twice", &error, "t", "ab");
        g_assert_cmpint(plc_rows_next(rows, &error), ==, PLC_ROW);
        g_assert_cmpstr(plc_rows_text(rows, 0), ==, "abab");
        g_assert_true(plc_db_int(db, "marked", &n, &error, ""));
        g_assert_cmpint(n, ==, 6);
}

static void errors_have_their_classes(void)
{
        g_autoptr(plc_db) db = fresh();
        static const struct {
                const char *statement, *id;
                int64_t n;
                plc_code code;
        } rows[] = {
                {"upsert", "a", 1, PLC_E_NONE},        {"put_reversed", "a", 2, PLC_E_CONFLICT}, /* the primary key */
                {"part", "nobody", 1, PLC_E_CONFLICT},                                           /* a reference */
                {"part", "a", 100, PLC_E_INTERNAL}, /* a check: our own mistake */
                {"wrong", "a", 1, PLC_E_INTERNAL},     {"no_such_name", "a", 1, PLC_E_INTERNAL},
                {"part", "a", 99, PLC_E_NONE}, /* none of them spoils what follows */
        };
        int64_t n;

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autoptr(GError) error = NULL;
                bool fine = plc_db_run(db, rows[i].statement, &error, "ti", rows[i].id, rows[i].n);

                assert_code(error, rows[i].code);
                g_assert_cmpint(fine, ==, rows[i].code == PLC_E_NONE);
                if (!fine)
                        g_assert_true(g_str_has_prefix(error->message, rows[i].statement)); /* says which */
        }
        {
                g_autoptr(GError) error = NULL;

                g_assert_true(plc_db_run(db, "put", &error, "tidbt", "u1", (int64_t)1, 0.0, NULL, (size_t)0, "word"));
                g_assert_false(plc_db_run(db, "put", &error, "tidbt", "u2", (int64_t)1, 0.0, NULL, (size_t)0, "word"));
                assert_code(error, PLC_E_CONFLICT);
                g_clear_error(&error);
                g_assert_false(plc_db_int(db, "number", &n, &error, "t", "nobody"));
                assert_code(error, PLC_E_NOT_FOUND);
        }
}

static void changes_are_counted(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_db) db = fresh();
        g_autoptr(plc_rows) rows = NULL;
        int returned = 0;

        for (int64_t i = 0; i < 5; i++)
                put(db, (const char *[]){"a", "b", "c", "d", "e"}[i], i);
        g_assert_true(plc_db_run(db, "bump", &error, "i", (int64_t)2));
        g_assert_cmpint(plc_db_changes(db), ==, 3);
        g_assert_true(plc_db_run(db, "bump", &error, "i", (int64_t)99));
        g_assert_cmpint(plc_db_changes(db), ==, 0);
        rows = plc_db_query(db, "bump_returning", &error, "i", (int64_t)4);
        while (plc_rows_next(rows, &error) == PLC_ROW)
                returned++;
        g_assert_cmpint(returned, ==, 2);
}

static void a_statement_may_be_open_several_times(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_db) db = fresh();
        g_autoptr(plc_rows) outer = NULL;
        int pairs = 0;

        for (int64_t i = 0; i < 3; i++)
                put(db, (const char *[]){"a", "b", "c"}[i], i);
        outer = plc_db_query(db, "all", &error, "");
        while (plc_rows_next(outer, &error) == PLC_ROW) {
                g_autoptr(plc_rows) inner = plc_db_query(db, "all", &error, "");

                while (plc_rows_next(inner, &error) == PLC_ROW)
                        pairs++;
        }
        g_assert_cmpint(pairs, ==, 9);
}

static void what_was_bound_may_go_before_the_rows_are_read(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_db) db = fresh();
        char *id = g_strdup("a");
        g_autoptr(plc_rows) rows = NULL;

        put(db, "a", 5);
        rows = plc_db_query(db, "get", &error, "t", id);
        id[0] = 'z';
        g_free(id);
        g_assert_cmpint(plc_rows_next(rows, &error), ==, PLC_ROW);
        g_assert_cmpint(plc_rows_int(rows, 0), ==, 5);
}

static void a_guard_rolls_back_on_every_way_out_but_commit(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_db) db = fresh();
        {
                g_autoptr(plc_db_tx) tx = plc_db_begin(db, &error);

                g_assert_true(plc_db_in_tx(db));
                put(db, "a", 1);
        }
        g_assert_false(plc_db_in_tx(db));
        g_assert_cmpint(count(db), ==, 0);
        {
                g_autoptr(plc_db_tx) tx = plc_db_begin(db, &error);

                put(db, "a", 1);
                g_assert_true(plc_db_commit(&tx, &error));
                g_assert_null(tx);
        }
        g_assert_cmpint(count(db), ==, 1);
        {
                g_autoptr(plc_db_tx) tx = plc_db_begin(db, &error);

                g_assert_null(plc_db_begin(db, &error));
                assert_code(error, PLC_E_INTERNAL);
                g_clear_error(&error);
        }
}

static void after_a_failure_only_rollback_is_possible(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_db) db = fresh();

        put(db, "a", 1);
        {
                g_autoptr(plc_db_tx) tx = plc_db_begin(db, &error);

                put(db, "b", 1);
                g_assert_false(plc_db_run(db, "put_reversed", &error, "ti", "a", (int64_t)1));
                assert_code(error, PLC_E_CONFLICT);
                g_clear_error(&error);
                g_assert_false(plc_db_run(db, "put_reversed", &error, "ti", "c", (int64_t)1));
                assert_code(error, PLC_E_INTERNAL);
                g_clear_error(&error);
                g_assert_false(plc_db_commit(&tx, &error));
                g_clear_error(&error);
        }
        g_assert_cmpint(count(db), ==, 1);
        put(db, "c", 1);
        g_assert_cmpint(count(db), ==, 2);
}

static void a_schema_is_made_whole_or_not_at_all(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_db) db = fresh();
        int64_t n;

        g_assert_false(plc_db_schema(db, "broken_schema", &error));
        g_clear_error(&error);
        g_assert_false(plc_db_int(db, "use_first", &n, &error, ""));
        assert_code(error, PLC_E_INTERNAL);
        put(db, "a", 1);
}

static void another_handle_sees_what_was_committed_and_nothing_else(void)
{
        g_autofree char *url = fresh_url();
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_db) writer = open_at(url, PLC_DB_CREATE), reader = NULL;
        int64_t before, during, after;

        g_assert_true(plc_db_schema(writer, "schema", &error));
        reader = open_at(url, PLC_DB_READONLY);
        g_assert_true(plc_db_data_version(reader, &before, &error));
        {
                g_autoptr(plc_db_tx) tx = plc_db_begin(writer, &error);

                put(writer, "a", 1);
                g_assert_cmpint(count(reader), ==, 0);
                g_assert_true(plc_db_data_version(reader, &during, &error));
                g_assert_cmpint(before, ==, during);
                g_assert_true(plc_db_commit(&tx, &error));
        }
        g_assert_cmpint(count(reader), ==, 1);
        g_assert_true(plc_db_data_version(reader, &after, &error));
        g_assert_cmpint(before, !=, after);
        g_assert_false(plc_db_run(reader, "bump", &error, "i", (int64_t)0));
        g_clear_error(&error);
        {
                /* One point in time for all that a transaction reads. */
                g_autoptr(plc_db_tx) tx = plc_db_begin(reader, &error);

                g_assert_cmpint(count(reader), ==, 1);
                put(writer, "b", 1);
                g_assert_cmpint(count(reader), ==, 1);
        }
        g_assert_cmpint(count(reader), ==, 2);
}

static void assert_cell(plc_db *db, int64_t row, const void *expected, size_t size)
{
        g_autoptr(GError) error = NULL;
        char bytes[16] = "";
        size_t told = 99;
        bool found = false;

        g_assert_true(plc_db_cell_open(db, "thing", "bytes", row, &found, &told, &error));
        g_assert_cmpint(found, ==, expected != NULL);
        g_assert_cmpuint(told, ==, size);
        if (found)
                for (size_t i = 0; i <= size; i++) { /* in two pieces */
                        g_assert_true(plc_db_cell_read(db, i, bytes + i, size - i, &error));
                        g_assert_true(plc_db_cell_read(db, 0, bytes, i, &error));
                }
        g_assert_true(size == 0 || memcmp(bytes, expected, size) == 0);
}

/* Those of the transaction's instant; a row that is not there, or has no bytes, is no fault. */
static void a_cell_is_read_by_the_number_of_its_row(void)
{
        g_autofree char *url = fresh_url();
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_db) writer = open_at(url, PLC_DB_CREATE), reader = NULL;
        int64_t first, second, bare, n;
        size_t size;
        bool found;

        g_assert_true(plc_db_schema(writer, "schema", &error));
        g_assert_true(plc_db_run(writer, "put", &error, "tidbt", "a", (int64_t)1, 0.5, "one", (size_t)3, NULL));
        g_assert_true(plc_db_run(writer, "put", &error, "tidbt", "b", (int64_t)2, 0.5, "\0two", (size_t)4, NULL));
        put(writer, "bare", 3);
        g_assert_true(plc_db_int(writer, "row", &first, &error, "t", "a"));
        g_assert_true(plc_db_int(writer, "row", &second, &error, "t", "b"));
        g_assert_true(plc_db_int(writer, "row", &bare, &error, "t", "bare"));
        reader = open_at(url, PLC_DB_READONLY);
        g_assert_false(plc_db_cell_open(reader, "thing", "bytes", first, &found, &size, NULL));
        for (int round = 0; round < 2; round++) {
                {
                        g_autoptr(plc_db_tx) tx = plc_db_begin(reader, &error);

                        assert_cell(reader, first, round == 0 ? "one" : NULL, round == 0 ? 3 : 0);
                        assert_cell(reader, second, "\0two", 4);
                        assert_cell(reader, second + 1000, NULL, 0);
                        assert_cell(reader, second, "\0two", 4);
                        g_assert_true(plc_db_run(writer, "remove", &error, "t", "a"));
                        assert_cell(reader, first, round == 0 ? "one" : NULL, round == 0 ? 3 : 0);
                        g_assert_true(plc_db_int(reader, "count", &n, &error, ""));
                        g_assert_cmpint(n, ==, 3 - round);
                }
                /* It does not keep the transaction open. */
                g_assert_true(plc_db_int(reader, "count", &n, &error, ""));
                g_assert_cmpint(n, ==, 2);
        }
        {
                g_autoptr(plc_db_tx) tx = plc_db_begin(reader, &error);
                char bytes[8];

                assert_cell(reader, bare, NULL, 0);
                assert_cell(reader, second, "\0two", 4);
                g_assert_false(plc_db_cell_read(reader, 1, bytes, 4, NULL));
                g_assert_false(plc_db_int(reader, "count", &n, NULL, "")); /* as after any failure */
        }
}

/* Reads in a transaction of its own, after which plc_db_unchanged is asked. */
static void look(plc_db *reader)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_db_tx) tx = plc_db_begin(reader, &error);

        g_assert_no_error(error);
        count(reader);
}

/* It may doubt, but it never takes a commit for none: not of a checkpoint, a rollback, or while one is under way. */
static void nothing_committed_goes_unnoticed(void)
{
        g_autofree char *url = fresh_url();
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_db) writer = open_at(url, PLC_DB_CREATE | PLC_DB_PUBLIC), reader = NULL;

        g_assert_true(plc_db_schema(writer, "schema", &error));
        reader = open_at(url, PLC_DB_READONLY);
        g_assert_false(plc_db_unchanged(reader)); /* nothing was read yet */
        look(reader);
        look(reader);
        bool certain = plc_db_unchanged(reader); /* an engine need not ever be */
        for (int i = 0; i < 50; i++) {
                g_autofree char *name = g_strdup_printf("n%d", i);

                look(reader);
                g_assert_cmpint(plc_db_unchanged(reader), ==, certain);
                {
                        g_autoptr(plc_db_tx) tx = plc_db_begin(writer, &error);

                        put(writer, name, i);
                        if (i % 3 == 0)
                                continue; /* rolled back */
                        g_assert_true(plc_db_commit(&tx, &error));
                }
                g_assert_false(plc_db_unchanged(reader));
                if (i % 5 == 0)
                        g_assert_true(plc_db_checkpoint(writer, 0, &error));
                g_assert_false(plc_db_unchanged(reader));
        }
        g_assert_true(certain || strncmp(url, "sqlite:", 7) != 0);
}

/* The process dies without a word: what was committed stands, what was not is gone. */
static void a_killed_writer_loses_only_what_it_had_not_committed(void)
{
        g_autofree char *url = fresh_url();
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_db) db = NULL;
        int status;
        pid_t child = fork();

        if (child == 0) {
                plc_db *mine = open_at(url, PLC_DB_CREATE);
                plc_db_tx *tx;

                g_assert_true(plc_db_schema(mine, "schema", NULL));
                tx = plc_db_begin(mine, NULL);
                put(mine, "committed", 1);
                g_assert_true(plc_db_commit(&tx, NULL));
                tx = plc_db_begin(mine, NULL);
                put(mine, "not committed", 1);
                raise(SIGKILL);
        }
        g_assert_cmpint(waitpid(child, &status, 0), ==, child);
        g_assert_true(WIFSIGNALED(status));
        db = open_at(url, 0);
        g_assert_cmpint(count(db), ==, 1);
}

static void nothing_is_made_that_was_not_asked_for(void)
{
        g_autofree char *url = fresh_url();
        g_autoptr(GError) error = NULL;

        g_assert_null(plc_db_open(url, 0, statements, &error));
        assert_code(error, PLC_E_NOT_FOUND);
        g_clear_error(&error);
        g_assert_null(plc_db_open(url, PLC_DB_READONLY, statements, &error));
        assert_code(error, PLC_E_NOT_FOUND);
        g_clear_error(&error);
        g_assert_null(plc_db_open("nosuch://x", PLC_DB_CREATE, statements, &error));
        assert_code(error, PLC_E_BAD_CONFIG);
}

int main(int argc, char **argv)
{
        static const struct {
                const char *name;
                void (*run)(void);
        } all[] = {
                {"what was put comes back", what_was_put_comes_back},
                {"empty bytes and text are not NULL", empty_bytes_and_text_are_not_null},
                {"parameters go by their numbers", parameters_go_by_their_numbers},
                {"errors have their classes", errors_have_their_classes},
                {"changes are counted", changes_are_counted},
                {"a statement may be open several times", a_statement_may_be_open_several_times},
                {"what was bound may go before the rows are read", what_was_bound_may_go_before_the_rows_are_read},
                {"a guard rolls back on every way out but commit", a_guard_rolls_back_on_every_way_out_but_commit},
                {"after a failure only rollback is possible", after_a_failure_only_rollback_is_possible},
                {"a schema is made whole or not at all", a_schema_is_made_whole_or_not_at_all},
                {"another handle sees what was committed and nothing else",
                 another_handle_sees_what_was_committed_and_nothing_else},
                {"a cell is read by the number of its row", a_cell_is_read_by_the_number_of_its_row},
                {"nothing committed goes unnoticed", nothing_committed_goes_unnoticed},
                {"a killed writer loses only what it had not committed",
                 a_killed_writer_loses_only_what_it_had_not_committed},
                {"nothing is made that was not asked for", nothing_is_made_that_was_not_asked_for},
        };
        g_autofree char *own = NULL;
        int result;

        g_test_init(&argc, &argv, NULL);
        folder = g_dir_make_tmp("placet-db-XXXXXX", NULL);
        own = g_strdup_printf("sqlite:%s/%%s.db", folder);
        template = argc > 1 ? argv[1] : own;
        for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
                g_autofree char *path =
                        g_strdup_printf("/db/%.*s/%s", (int)strcspn(template, ":"), template, all[i].name);

                g_test_add_func(path, all[i].run);
        }
        result = g_test_run();
        g_assert_true(plc_remove_tree_at(AT_FDCWD, folder, NULL));
        g_free(folder);
        return result;
}
