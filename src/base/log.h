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
/* From now on each line is a JSON object: time, level, message. */
void plc_log_as_json(void);
/* One that is made already, an object of JSON; taken as it is, gets its line end. */
void plc_log_line(GString *line);
/* Off for commands whose terminal belongs to their own output. */
void plc_log_quiet(bool quiet);
