/* What stands between the commas? Texts in quotes, numbers bare. */
#include "base/csv.h"

#include <string.h>

void plc_csv_cell(GString *csv, const char *text, bool is_number)
{
        if (csv->len > 0 && csv->str[csv->len - 1] != '\n')
                g_string_append_c(csv, ',');
        if (is_number) {
                g_string_append(csv, text);
                return;
        }
        g_string_append_c(csv, '"');
        if (text[0] != '\0' && strchr("=+-@\t\r\n", text[0]) != NULL)
                g_string_append_c(csv, '\'');
        for (; *text != '\0'; text++)
                g_string_append(csv, *text == '"' ? "\"\"" : (char[]){*text, '\0'});
        g_string_append_c(csv, '"');
}

void plc_csv_end_row(GString *csv)
{
        g_string_append(csv, "\r\n");
}
