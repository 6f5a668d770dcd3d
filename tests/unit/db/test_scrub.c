/* Is what was deleted in no byte of a database, however its pages were rebalanced? */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "db/db.h"

enum { WORDS = 15000, TOGETHER = 500 };

static const char statements[] =
        "-- :name schema\n"
        "CREATE TABLE t (word TEXT, first BIGINT, docs BLOB, PRIMARY KEY (word, first)) WITHOUT ROWID;\n"
        "CREATE TABLE i (id TEXT PRIMARY KEY, body TEXT)\n"
        "-- :name put_t\nINSERT INTO t VALUES ($1, 1, $2)\n"
        "-- :name put_i\nINSERT INTO i VALUES ($1, $2)\n"
        "-- :name drop_t\nDELETE FROM t WHERE word = $1\n"
        "-- :name drop_i\nDELETE FROM i WHERE id = $1\n";

static void must(bool ok, GError *error)
{
        g_assert_no_error(error);
        g_assert_true(ok);
}

/* Each word differs from all others in its last ten characters. */
static void name(char out[16], char kind, int n)
{
        g_snprintf(out, 16, "W%c%08x%04x", kind, (unsigned)n * 2654435761u, (unsigned)n);
}

/* Random order in, random order out, half of it stays. How many of those that went can still be read? */
static int count_left(unsigned flags)
{
        g_autofree char *folder = g_dir_make_tmp("plc-scrub-XXXXXX", NULL);
        g_autofree char *path = g_build_filename(folder, "x.db", NULL), *bytes = NULL, *filler = g_strnfill(2500, 'f');
        GRand *chance = g_rand_new_with_seed(1);
        GError *error = NULL;
        plc_db *db = plc_db_open(path, PLC_DB_CREATE | flags, statements, &error);
        gsize size = 0;
        int left = 0;

        must(db != NULL && plc_db_schema(db, "schema", &error), error);
        for (int round = 0; round < 2; round++)
                for (int n = 0; n < WORDS;) {
                        plc_db_tx *tx = plc_db_begin(db, &error);

                        must(tx != NULL, error);
                        for (int k = 0; k < TOGETHER; k++, n++) {
                                char key[16], body[16];

                                name(key, 'k', n);
                                name(body, 'b', n);
                                if (round == 0) {
                                        g_autofree char *text =
                                                g_strconcat(body, filler + g_rand_int_range(chance, 0, 2500), NULL);
                                        size_t docs = (size_t)g_rand_int_range(chance, 0, 800);

                                        must(plc_db_run(db, "put_t", &error, "tb", key, filler, docs) &&
                                                     plc_db_run(db, "put_i", &error, "tt", key, text),
                                             error);
                                } else if (n % 2 == 0) {
                                        must(plc_db_run(db, "drop_t", &error, "t", key) &&
                                                     plc_db_run(db, "drop_i", &error, "t", key),
                                             error);
                                }
                        }
                        must(plc_db_commit(&tx, &error), error);
                }
        must(plc_db_empty_log(db, &error), error);
        g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
        for (const char *at = bytes; (at = memchr(at, 'W', size - (size_t)(at - bytes))) != NULL; at++) {
                unsigned n;

                if ((at[1] == 'k' || at[1] == 'b') && (size_t)(at - bytes) + 14 < size &&
                    strspn(at + 2, "0123456789abcdef") >= 12 && sscanf(at + 10, "%4x", &n) == 1)
                        left += n % 2 == 0;
        }
        plc_db_close(db);
        g_rand_free(chance);
        must(plc_remove_tree_at(AT_FDCWD, folder, &error), error);
        return left;
}

static void test_deleted(void)
{
        g_test_message("SQLite by itself leaves some, or this test shows nothing");
        g_assert_cmpint(count_left(0), >, 0);
        g_assert_cmpint(count_left(PLC_DB_SECURE_DELETE), ==, 0);
        g_assert_cmpint(count_left(PLC_DB_SECURE_DELETE | PLC_DB_PUBLIC), ==, 0);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/scrub/what was deleted is in no byte", test_deleted);
        return g_test_run();
}
