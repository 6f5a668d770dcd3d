/* Does a spreadsheet get texts as texts, whatever they say? */
#include "base/csv.h"
#include "support/rows.h"

struct row {
        const char *sentence, *text;
        bool number;
        const char *cell;
};

static const struct row rows[] = {
        {"a text is quoted", "A tent", false, "\"A tent\""},
        {"nothing is an empty text", "", false, "\"\""},
        {"a comma stays inside", "big, green", false, "\"big, green\""},
        {"a quote is doubled", "the \"best\"", false, "\"the \"\"best\"\"\""},
        {"a line end stays inside", "a\r\nb", false, "\"a\r\nb\""},
        {"a formula is disarmed", "=HYPERLINK(\"http://x\")", false, "\"'=HYPERLINK(\"\"http://x\"\")\""},
        {"a plus is disarmed", "+1+1", false, "\"'+1+1\""},
        {"a minus is disarmed", "-1+1", false, "\"'-1+1\""},
        {"an at sign is disarmed", "@SUM(A1)", false, "\"'@SUM(A1)\""},
        {"a tab before a formula is disarmed", "\t=1", false, "\"'\t=1\""},
        {"a carriage return before a formula is disarmed", "\r=1", false, "\"'\r=1\""},
        {"a line feed before a formula is disarmed", "\n=1", false, "\"'\n=1\""},
        {"a sign inside is left alone", "1=1", false, "\"1=1\""},
        {"a number is bare, below zero too", "-12.5", true, "-12.5"},
};

static void test_cell(gconstpointer data)
{
        const struct row *row = data;
        g_autoptr(GString) csv = g_string_new(NULL);

        plc_csv_cell(csv, row->text, row->number);
        g_assert_cmpstr(csv->str, ==, row->cell);
}

static void test_rows(void)
{
        g_autoptr(GString) csv = g_string_new(NULL);

        plc_csv_cell(csv, "a", false);
        plc_csv_cell(csv, "1", true);
        plc_csv_cell(csv, "", false);
        plc_csv_end_row(csv);
        plc_csv_cell(csv, "b", false);
        plc_csv_end_row(csv);
        g_assert_cmpstr(csv->str, ==, "\"a\",1,\"\"\r\n\"b\"\r\n");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        ADD_ROWS("/csv/cell", rows, test_cell)
        g_test_add_func("/csv/commas between cells, line ends after rows", test_rows);
        return g_test_run();
}
