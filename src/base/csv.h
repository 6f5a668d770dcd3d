/* How is a table written that people open in a spreadsheet? RFC 4180, and no cell that a spreadsheet would run. */
#pragma once
#include <glib.h>
#include <stdbool.h>

/*
 * One more cell of the row; a comma goes before it by itself. A text is quoted, and one that begins with = + - @, a tab
 * or a line end gets an apostrophe: spreadsheets run such cells as formulas (CWE-1236). A number is written as it is.
 */
void plc_csv_cell(GString *csv, const char *text, bool is_number);
/* "\r\n" (RFC 4180, 2.1). */
void plc_csv_end_row(GString *csv);
