/* Who writes to stderr, and how? The runners, through here: one line an event, `key=value` pairs, no controls, no
 * personal data. */
#pragma once
#include <glib.h>
#include <stdbool.h>

/* info, warning, error. The text is our own words with ids and codes; control characters are escaped (log injection,
 * CWE-117). */
void plc_log_info(const char *format, ...) G_GNUC_PRINTF(1, 2);
void plc_log_warning(const char *format, ...) G_GNUC_PRINTF(1, 2);
/* "doing: message", once, by the runner that gives up on it. */
void plc_log_error(const GError *error, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Off for commands whose terminal belongs to their own output. */
void plc_log_quiet(bool quiet);
