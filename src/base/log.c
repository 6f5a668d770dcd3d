/* What does a log line look like? `2026-11-21T10:00:00.000Z info text`, escaped, one write. */
#include "base/log.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"

static bool is_quiet, is_json;

void plc_log_quiet(bool quiet)
{
        is_quiet = quiet;
}

void plc_log_as_json(void)
{
        is_json = true;
}

void plc_log_line(GString *line)
{
        g_string_append_c(line, '\n');
        if (write(STDERR_FILENO, line->str, line->len) < 0)
                return; /* nowhere left to say it */
}

static void put_json(const char *level, const char *text)
{
        g_autoptr(GString) line = g_string_sized_new(256);

        plc_jw_object(line, NULL);
        plc_jw_time(line, "time", plc_now_ms());
        plc_jw_string(line, "level", level);
        plc_jw_string(line, "message", text);
        plc_jw_end_object(line);
        plc_log_line(line);
}

static void put(const char *level, const char *text)
{
        g_autoptr(GString) line = g_string_sized_new(160);
        char when[PLC_TIME_SIZE];

        if (is_json) {
                put_json(level, text);
                return;
        }
        plc_time_format(plc_now_ms(), when);
        g_string_printf(line, "%s %s ", when, level);
        for (const char *c = text; *c != '\0' && line->len < 4096; c++) {
                if ((unsigned char)*c < 0x20 || *c == 0x7f)
                        g_string_append_printf(line, "\\x%02x", (unsigned)(unsigned char)*c);
                else
                        g_string_append_c(line, *c);
        }
        plc_log_line(line);
}

void plc_log_info(const char *format, ...)
{
        g_autofree char *text = NULL;
        va_list args;

        if (is_quiet)
                return;
        va_start(args, format);
        text = g_strdup_vprintf(format, args);
        va_end(args);
        put("info", text);
}

void plc_log_warning(const char *format, ...)
{
        g_autofree char *text = NULL;
        va_list args;

        va_start(args, format);
        text = g_strdup_vprintf(format, args);
        va_end(args);
        put("warning", text);
}

void plc_log_error(const GError *error, const char *format, ...)
{
        g_autofree char *text = NULL, *whole = NULL;
        va_list args;

        va_start(args, format);
        text = g_strdup_vprintf(format, args);
        va_end(args);
        whole = g_strdup_printf("%s: %s", text, error != NULL ? error->message : "unknown");
        put("error", whole);
}
