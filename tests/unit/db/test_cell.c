/* Is one cell read as it is in this transaction, and does it keep nobody waiting after it? */
#include <fcntl.h>
#include <string.h>

#include "base/file.h"
#include "db/db.h"

static const char statements[] = "-- :name tables\nCREATE TABLE a (id TEXT, b BLOB); CREATE TABLE c (id TEXT, b BLOB)\n"
                                 "-- :name put\nINSERT INTO a VALUES ($1, $2)\n"
                                 "-- :name put_other\nINSERT INTO c VALUES ($1, $2)\n"
                                 "-- :name put_null\nINSERT INTO a VALUES ($1, NULL)\n"
                                 "-- :name change\nUPDATE a SET b = $2 WHERE id = $1\n"
                                 "-- :name remove\nDELETE FROM a WHERE id = $1\n";

struct pair {
        char *folder;
        plc_db *writer, *reader;
};

static struct pair open_pair(void)
{
        struct pair p = {.folder = g_dir_make_tmp("placet-cell.XXXXXX", NULL)};
        g_autofree char *path = g_build_filename(p.folder, "cell.db", NULL);
        g_autoptr(GError) error = NULL;

        p.writer = plc_db_open(path, PLC_DB_CREATE, statements, &error);
        g_assert_no_error(error);
        g_assert_true(plc_db_schema(p.writer, "tables", &error));
        g_assert_true(plc_db_run(p.writer, "put", &error, "tb", "one", "first", (size_t)5));
        g_assert_true(plc_db_run(p.writer, "put", &error, "tb", "two", "the second", (size_t)10));
        g_assert_true(plc_db_run(p.writer, "put_null", &error, "t", "three"));
        g_assert_true(plc_db_run(p.writer, "put_other", &error, "tb", "one", "elsewhere", (size_t)9));
        p.reader = plc_db_open(path, PLC_DB_READONLY, statements, &error);
        g_assert_no_error(error);
        return p;
}

static void close_pair(struct pair *p)
{
        plc_db_close(p->reader);
        plc_db_close(p->writer);
        g_assert_true(plc_remove_tree_at(AT_FDCWD, p->folder, NULL));
        g_free(p->folder);
}

/* "": there is no such cell. */
static void expect(plc_db *db, const char *table, int64_t row, const char *bytes)
{
        g_autoptr(GError) error = NULL;
        char read[32] = "";
        size_t size = 0;
        bool found = false;

        g_assert_true(plc_db_cell_open(db, table, "b", row, &found, &size, &error));
        g_assert_cmpint(found, ==, bytes[0] != '\0');
        if (!found)
                return;
        g_assert_cmpuint(size, ==, strlen(bytes));
        g_assert_true(plc_db_cell_read(db, 0, read, size - 1, &error));
        g_assert_true(plc_db_cell_read(db, size - 1, read + size - 1, 1, &error));
        g_assert_cmpstr(read, ==, bytes);
        g_assert_false(plc_db_cell_read(db, 1, read, size, NULL));
        g_assert_false(plc_db_cell_read(db, size + 1, read, 0, NULL));
}

static void cells_are_of_their_rows(void)
{
        struct pair p = open_pair();
        g_autoptr(plc_db_tx) tx = plc_db_begin(p.reader, NULL);

        for (int again = 0; again < 2; again++) {
                expect(p.reader, "a", 1, "first");
                expect(p.reader, "a", 2, "the second");
                expect(p.reader, "a", 3, "");
                expect(p.reader, "c", 1, "elsewhere");
                expect(p.reader, "a", 4, "");
                expect(p.reader, "a", 0, "");
                expect(p.reader, "a", INT64_MIN, "");
        }
        plc_db_rollback(g_steal_pointer(&tx));
        close_pair(&p);
}

static void a_transaction_sees_what_it_saw(void)
{
        struct pair p = open_pair();
        plc_db_tx *tx = plc_db_begin(p.reader, NULL);

        expect(p.reader, "a", 1, "first");
        g_assert_true(plc_db_run(p.writer, "change", NULL, "tb", "one", "another", (size_t)7));
        g_assert_true(plc_db_run(p.writer, "remove", NULL, "t", "two"));
        expect(p.reader, "a", 2, "the second");
        expect(p.reader, "a", 1, "first");
        plc_db_rollback(tx);
        tx = plc_db_begin(p.reader, NULL);
        expect(p.reader, "a", 1, "another");
        expect(p.reader, "a", 2, "");
        plc_db_rollback(tx);
        close_pair(&p);
}

static void a_cell_ends_with_its_transaction(void)
{
        g_autoptr(GError) error = NULL, late = NULL;
        struct pair p = open_pair();
        size_t size;
        bool found;
        char byte;

        g_assert_false(plc_db_cell_open(p.reader, "a", "b", 1, &found, &size, &error));
        g_assert_cmpint(plc_error_code(error), ==, PLC_E_INTERNAL);
        for (int again = 0; again < 2; again++) {
                plc_db_tx *tx = plc_db_begin(p.reader, NULL);

                expect(p.reader, "a", 1, "first");
                plc_db_rollback(tx);
                g_assert_false(plc_db_cell_read(p.reader, 0, &byte, 1, again ? &late : NULL));
                g_assert_true(plc_db_run(p.writer, "put", NULL, "tb", "more", "more", (size_t)4));
                g_assert_true(plc_db_empty_log(p.writer, NULL)); /* nobody reads any more */
        }
        g_assert_cmpint(plc_error_code(late), ==, PLC_E_INTERNAL);
        close_pair(&p);
}

static void a_cell_that_is_not_there_is_none_and_no_fault(void)
{
        struct pair p = open_pair();
        plc_db_tx *tx = plc_db_begin(p.reader, NULL);

        expect(p.reader, "nowhere", 1, "");
        expect(p.reader, "a", 1, "first");
        g_assert_false(plc_db_run(p.reader, "put", NULL, "tb", "x", "x", (size_t)1)); /* it may not write */
        expect(p.reader, "a", 2, "the second");
        plc_db_rollback(tx);
        close_pair(&p);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/db/cell/cells are of their rows", cells_are_of_their_rows);
        g_test_add_func("/db/cell/a transaction sees what it saw", a_transaction_sees_what_it_saw);
        g_test_add_func("/db/cell/a cell ends with its transaction", a_cell_ends_with_its_transaction);
        g_test_add_func("/db/cell/a cell that is not there is none, and no fault",
                        a_cell_that_is_not_there_is_none_and_no_fault);
        return g_test_run();
}
