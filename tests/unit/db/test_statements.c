/* Is a file of statements cut where it should be, and is a faulty one refused? */
#include "db/statements.h"

#include <string.h>

static void blocks_and_marks(void)
{
        static const struct {
                const char *sentence, *text, *dialect, *expected; /* of the block "a"; NULL: the file is refused */
        } rows[] = {
                {"a block ends where the next begins", "-- :name a\nSELECT 1\n-- :name b\nSELECT 2\n", "sqlite",
                 "SELECT 1"},
                {"the last block ends with the file", "-- :name b\nSELECT 2\n-- :name a\nSELECT 1", "sqlite",
                 "SELECT 1"},
                {"remarks may stand before the first name", "-- What?\n\n-- :name a\nSELECT 1\n", "sqlite", "SELECT 1"},
                {"statements may not", "SELECT 0\n-- :name a\nSELECT 1\n", "sqlite", NULL},
                {"an engine's own words are taken", "-- :name a\nSELECT 1 /*pg: FOR UPDATE*/\n", "pg",
                 "SELECT 1  FOR UPDATE"},
                {"and left out for the others", "-- :name a\nSELECT 1 /*pg: FOR UPDATE*/\n", "sqlite", "SELECT 1"},
                {"engines are told apart by their whole name", "-- :name a\nSELECT 1 /*pgx: + 1*/\n", "pg", "SELECT 1"},
                {"an ordinary comment is a comment", "-- :name a\nSELECT /* one: two */ 1\n", "sqlite", "SELECT  1"},
                {"a comment without end is refused", "-- :name a\nSELECT 1 /* oh\n", "sqlite", NULL},
                {"a name twice is refused", "-- :name a\nSELECT 1\n-- :name a\nSELECT 2\n", "sqlite", NULL},
                {"an empty block is refused", "-- :name a\n-- :name b\nSELECT 2\n", "sqlite", NULL},
                {"a block empty but for another engine's words is refused", "-- :name a\n/*pg: SELECT 1*/\n", "sqlite",
                 NULL},
        };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autoptr(GError) error = NULL;
                g_autoptr(GHashTable) table = plc_statements_parse(rows[i].text, rows[i].dialect, &error);

                g_test_message("%s", rows[i].sentence);
                g_assert_cmpint(table != NULL, ==, rows[i].expected != NULL);
                if (table != NULL)
                        g_assert_cmpstr(g_hash_table_lookup(table, "a"), ==, rows[i].expected);
                else
                        g_assert_cmpint(plc_error_code(error), ==, PLC_E_INTERNAL);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/db/statements/blocks and marks", blocks_and_marks);
        return g_test_run();
}
