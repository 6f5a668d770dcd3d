/* Is SQLite set as the durability of everything else demands, and do its files have the modes they must have? */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "db/db.h"

#define assert_code(error, expected) g_assert_cmpstr(plc_code_name(plc_error_code(error)), ==, plc_code_name(expected))

static const char statements[] = "-- :name journal\nPRAGMA journal_mode\n-- :name sync\nPRAGMA synchronous\n"
                                 "-- :name foreign\nPRAGMA foreign_keys\n-- :name trusted\nPRAGMA trusted_schema\n"
                                 "-- :name secure\nPRAGMA secure_delete\n-- :name memory\nPRAGMA cache_size\n"
                                 "-- :name table\nCREATE TABLE t (a TEXT)\n-- :name put\nINSERT INTO t VALUES ($1)\n"
                                 "-- :name clear\nDELETE FROM t\n"
                                 "-- :name two\nSELECT 1; SELECT 2\n-- :name count\nSELECT count(*) FROM t\n"
                                 "-- :name cap\nPRAGMA max_page_count = 4\n"
                                 "-- :name schema_write\nPRAGMA writable_schema = ON\n"
                                 "-- :name own_tables\nUPDATE sqlite_schema SET name = 'x'\n";

static char *folder;

static char *path(const char *name)
{
        return g_build_filename(folder, name, NULL);
}

static plc_db *open_db(const char *name, unsigned flags)
{
        g_autofree char *file = path(name);
        g_autoptr(GError) error = NULL;
        plc_db *db = plc_db_open(file, flags, statements, &error);

        g_assert_no_error(error);
        return db;
}

static char *setting(plc_db *db, const char *name)
{
        g_autoptr(plc_rows) rows = plc_db_query(db, name, NULL, "");

        g_assert_cmpint(plc_rows_next(rows, NULL), ==, PLC_ROW);
        return plc_rows_dup(rows, 0);
}

static void a_writer_is_durable(void)
{
        static const struct {
                const char *setting, *value;
        } rows[] = {{"journal", "wal"}, {"sync", "2"}, {"foreign", "1"}, {"trusted", "0"}, {"secure", "1"}};

        for (int again = 0; again < 2; again++) {
                g_autoptr(plc_db) db = open_db("durable.db", PLC_DB_CREATE | PLC_DB_SECURE_DELETE);

                for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                        g_autofree char *value = setting(db, rows[i].setting);

                        g_test_message("%s is %s", rows[i].setting, value);
                        g_assert_cmpstr(value, ==, rows[i].value);
                }
        }
}

static mode_t mode_of(const char *name)
{
        g_autofree char *file = path(name);
        struct stat st;

        return stat(file, &st) == 0 ? st.st_mode & 0777 : 0;
}

static void modes_hold_whatever_the_umask(void)
{
        static const mode_t masks[] = {0, 0022, 0077};

        for (size_t i = 0; i < G_N_ELEMENTS(masks); i++) {
                g_autofree char *closed = g_strdup_printf("private%zu.db", i),
                                *open = g_strdup_printf("public%zu.db", i);
                g_autofree char *wal = g_strconcat(open, "-wal", NULL), *shm = g_strconcat(open, "-shm", NULL);
                g_autofree char *closed_wal = g_strconcat(closed, "-wal", NULL);
                mode_t old = umask(masks[i]);
                plc_db *private = open_db(closed, PLC_DB_CREATE),
                       *public = open_db(open, PLC_DB_CREATE | PLC_DB_PUBLIC);

                g_assert_true(plc_db_run(private, "table", NULL, "") && plc_db_run(public, "table", NULL, ""));
                umask(old);
                g_assert_cmpint(mode_of(closed), ==, 0600);
                g_assert_cmpint(mode_of(closed_wal), ==, 0600);
                g_assert_cmpint(mode_of(open), ==, 0644);
                g_assert_cmpint(mode_of(wal), ==, 0644);
                g_assert_cmpint(mode_of(shm), ==, 0644);
                plc_db_close(private);
                plc_db_close(public);
                g_assert_cmpint(mode_of(closed_wal), ==, 0); /* gone with the last writer */
                g_assert_cmpint(mode_of(wal), ==, 0644);     /* a reader without write right needs them */
                g_assert_cmpint(mode_of(shm), ==, 0644);
        }
}

static off_t size_of(const char *name)
{
        g_autofree char *file = path(name);
        struct stat st;

        g_assert_cmpint(stat(file, &st), ==, 0);
        return st.st_size;
}

static void the_log_is_cut_when_it_is_long(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_db) db = open_db("log.db", PLC_DB_CREATE | PLC_DB_PUBLIC), reader = NULL;
        g_autoptr(plc_rows) reading = NULL;

        g_assert_true(plc_db_run(db, "table", &error, ""));
        g_assert_true(plc_db_checkpoint(db, INT64_MAX, &error));
        g_assert_cmpint(size_of("log.db-wal"), >, 0);
        reader = open_db("log.db", PLC_DB_READONLY);
        reading = plc_db_query(reader, "count", &error, "");
        g_assert_cmpint(plc_rows_next(reading, &error), ==, PLC_ROW);
        g_assert_true(plc_db_run(db, "put", &error, "t", "more"));
        g_assert_true(plc_db_checkpoint(db, 0, &error)); /* a reader in the way is no failure */
        g_assert_no_error(error);
        g_clear_pointer(&reading, plc_rows_free);
        g_assert_true(plc_db_checkpoint(db, 0, &error));
        g_assert_cmpint(size_of("log.db-wal"), ==, 0);
}

/* Whoever waits for a commit does not wait for the pages of all before it. */
static void a_commit_leaves_the_log_to_whom_nobody_waits_for(void)
{
        g_autofree char *much = g_strnfill(5 << 20, 'x');
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_db) db = open_db("relieved.db", PLC_DB_CREATE);
        off_t before;

        g_assert_true(plc_db_run(db, "table", &error, ""));
        g_assert_true(plc_db_run(db, "put", &error, "t", "little"));
        before = size_of("relieved.db");
        g_assert_true(plc_db_relieve(db, &error));
        g_assert_cmpint(size_of("relieved.db"), ==, before); /* not worth it yet */
        g_assert_true(plc_db_run(db, "put", &error, "t", much));
        g_assert_cmpint(size_of("relieved.db"), ==, before);
        g_assert_true(plc_db_relieve(db, &error));
        g_assert_no_error(error);
        g_assert_cmpint(size_of("relieved.db"), >, 5 << 20);
}

static void deleted_bytes_are_overwritten_where_asked(void)
{
        static const char canary[] = "canary-5d10";
        const unsigned flags[] = {0, PLC_DB_SECURE_DELETE};

        for (size_t i = 0; i < 2; i++) {
                g_autofree char *name = g_strdup_printf("secure%zu.db", i), *file = path(name), *data = NULL;
                plc_db *db = open_db(name, PLC_DB_CREATE | flags[i]);
                gsize size;

                g_assert_true(plc_db_run(db, "table", NULL, "") && plc_db_run(db, "put", NULL, "t", canary) &&
                              plc_db_run(db, "put", NULL, "t", "stays") && plc_db_run(db, "clear", NULL, ""));
                plc_db_close(db);
                g_assert_true(g_file_get_contents(file, &data, &size, NULL));
                g_assert_cmpint(memmem(data, size, canary, strlen(canary)) == NULL, ==, i == 1);
        }
}

static void pages_take_the_memory_they_are_given(void)
{
        static const struct {
                int64_t bytes;
                const char *setting;
        } rows[] = {{256 * 1024 * 1024, "-262144"}, {0, "-32768"}};
        g_autoptr(plc_db) db = open_db("memory.db", PLC_DB_CREATE);
        g_autofree char *usual = setting(db, "memory");
        g_autoptr(plc_db_tx) tx = plc_db_begin(db, NULL);

        g_assert_cmpstr(usual, ==, rows[1].setting);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *value = NULL;

                g_assert_true(plc_db_cache(db, rows[i].bytes, NULL));
                value = setting(db, "memory");
                g_assert_cmpstr(value, ==, rows[i].setting);
        }
}

/* placet-serve runs as another user, with no write right anywhere near the index. */
static void another_user_can_read_what_is_public(void)
{
        g_autoptr(plc_db) db = NULL;
        int status;
        pid_t child;

        if (geteuid() != 0) {
                g_test_skip("only root can become another user");
                return;
        }
        g_assert_cmpint(chmod(folder, 0755), ==, 0);
        db = open_db("index.db", PLC_DB_CREATE | PLC_DB_PUBLIC);
        g_assert_true(plc_db_run(db, "table", NULL, "") && plc_db_run(db, "put", NULL, "t", "seen"));
        for (int closed = 0; closed < 2; closed++) { /* with a writer, and long after the last one */
                child = fork();
                if (child == 0) {
                        g_autofree char *file = path("index.db");
                        int64_t count = 0;
                        plc_db *reader;

                        if (setgid(65534) != 0 || setuid(65534) != 0)
                                _exit(2);
                        reader = plc_db_open(file, PLC_DB_READONLY, statements, NULL);
                        _exit(reader != NULL && plc_db_int(reader, "count", &count, NULL, "") && count == 1 ? 0 : 1);
                }
                g_assert_cmpint(waitpid(child, &status, 0), ==, child);
                g_assert_true(WIFEXITED(status));
                g_assert_cmpint(WEXITSTATUS(status), ==, 0);
                g_clear_pointer(&db, plc_db_close);
        }
        g_assert_cmpint(chmod(folder, 0700), ==, 0);
}

static void failures_have_their_codes(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_db) db = open_db("codes.db", PLC_DB_CREATE);
        g_autofree char *large = g_strnfill(100000, 'x'), *file = path("text.db");

        g_assert_true(plc_db_run(db, "table", &error, ""));
        g_assert_false(plc_db_run(db, "two", &error, ""));
        assert_code(error, PLC_E_INTERNAL);
        g_clear_error(&error);
        g_assert_true(plc_db_run(db, "schema_write", &error, ""));
        g_assert_false(plc_db_run(db, "own_tables", &error, "")); /* defensive */
        g_clear_error(&error);
        g_assert_true(plc_db_run(db, "cap", &error, ""));
        g_assert_false(plc_db_run(db, "put", &error, "t", large));
        assert_code(error, PLC_E_NO_SPACE);
        g_clear_error(&error);
        g_assert_true(
                g_file_set_contents(file, "this is no database at all, but long enough to be read as one", -1, NULL));
        g_assert_null(plc_db_open(file, 0, statements, &error));
        g_test_message("%s", error->message);
        assert_code(error, PLC_E_INTERNAL);
}

static void a_network_file_system_is_refused(void)
{
        /* Any FUSE mount will do; there is none on most machines. */
        g_autoptr(GError) error = NULL;
        g_autofree char *mounts = NULL, *point = NULL, *file = NULL;
        g_auto(GStrv) lines = NULL;

        g_assert_true(g_file_get_contents("/proc/self/mounts", &mounts, NULL, NULL));
        lines = g_strsplit(mounts, "\n", -1);
        for (char **line = lines; *line != NULL && point == NULL; line++) {
                g_auto(GStrv) words = g_strsplit(*line, " ", 4);

                if (g_strv_length(words) == 4 &&
                    (g_str_has_prefix(words[2], "fuse.") || g_str_has_prefix(words[2], "nfs")))
                        point = g_strdup(words[1]);
        }
        if (point == NULL) {
                g_test_skip("no network or FUSE file system is mounted here");
                return;
        }
        file = g_build_filename(point, "x.db", NULL);
        g_assert_null(plc_db_open(file, PLC_DB_CREATE, statements, &error));
        assert_code(error, PLC_E_BAD_CONFIG);
}

int main(int argc, char **argv)
{
        int result;

        g_test_init(&argc, &argv, NULL);
        folder = g_dir_make_tmp("placet-sqlite-XXXXXX", NULL);
        g_test_add_func("/db/sqlite/a writer has WAL, FULL and foreign keys, read back", a_writer_is_durable);
        g_test_add_func("/db/sqlite/modes hold whatever the umask", modes_hold_whatever_the_umask);
        g_test_add_func("/db/sqlite/the log is cut when it is long", the_log_is_cut_when_it_is_long);
        g_test_add_func("/db/sqlite/a commit leaves the log to whom nobody waits for",
                        a_commit_leaves_the_log_to_whom_nobody_waits_for);
        g_test_add_func("/db/sqlite/deleted bytes are overwritten where asked",
                        deleted_bytes_are_overwritten_where_asked);
        g_test_add_func("/db/sqlite/pages take the memory they are given", pages_take_the_memory_they_are_given);
        g_test_add_func("/db/sqlite/another user can read what is public", another_user_can_read_what_is_public);
        g_test_add_func("/db/sqlite/failures have their codes", failures_have_their_codes);
        g_test_add_func("/db/sqlite/a network file system is refused", a_network_file_system_is_refused);
        result = g_test_run();
        g_assert_true(plc_remove_tree_at(AT_FDCWD, folder, NULL));
        g_free(folder);
        return result;
}
