/* How is our own JSON written? Appended to a string; a comma goes before anything that follows a finished value. */
#include "base/json.h"

#include <string.h>

#include "base/clock.h"

static void escape(GString *out, unsigned char byte)
{
        switch (byte) {
        case '"':
                g_string_append(out, "\\\"");
                break;
        case '\\':
                g_string_append(out, "\\\\");
                break;
        case '\b':
                g_string_append(out, "\\b");
                break;
        case '\f':
                g_string_append(out, "\\f");
                break;
        case '\n':
                g_string_append(out, "\\n");
                break;
        case '\r':
                g_string_append(out, "\\r");
                break;
        case '\t':
                g_string_append(out, "\\t");
                break;
        default:
                g_string_append_printf(out, "\\u%04x", byte);
        }
}

/* At once: each call that appends looks for room of its own, and lists have hundreds. */
static void quote(GString *out, const char *value, size_t size)
{
        size_t at = out->len;

        g_string_set_size(out, at + size + 2);
        out->str[at] = '"';
        memcpy(out->str + at + 1, value, size);
        out->str[at + 1 + size] = '"';
}

/* JSON is UTF-8 (RFC 8259, 8.1), and file names need not be: other bytes become U+FFFD. */
static void string(GString *out, const char *value)
{
        g_autofree char *valid = NULL;
        const char *ascii = value;

        /* Names and most codes: nothing of them is other than it is written. */
        while (*ascii >= 0x20 && *ascii < 0x7f && *ascii != '"' && *ascii != '\\')
                ascii++;
        if (*ascii == '\0') {
                quote(out, value, (size_t)(ascii - value));
                return;
        }
        if (!g_utf8_validate(value, -1, NULL))
                valid = g_utf8_make_valid(value, -1);
        if (valid != NULL)
                value = valid;
        g_string_append_c(out, '"');
        for (const char *c = value; *c != '\0'; c++) {
                const char *plain = c;
                unsigned char byte;

                while ((byte = (unsigned char)*c) >= 0x20 && byte != '"' && byte != '\\')
                        c++;
                g_string_append_len(out, plain, c - plain);
                if (byte == '\0')
                        break;
                escape(out, byte);
        }
        g_string_append_c(out, '"');
}

static void begin(GString *out, const char *name)
{
        char last = out->len > 0 ? out->str[out->len - 1] : '\n';

        if (last != '{' && last != '[' && last != ':' && last != '\n')
                g_string_append_c(out, ',');
        if (name != NULL) {
                string(out, name);
                g_string_append_c(out, ':');
        }
}

void plc_jw_object(GString *out, const char *name)
{
        begin(out, name);
        g_string_append_c(out, '{');
}

void plc_jw_array(GString *out, const char *name)
{
        begin(out, name);
        g_string_append_c(out, '[');
}

void plc_jw_end_object(GString *out)
{
        g_string_append_c(out, '}');
}

void plc_jw_end_array(GString *out)
{
        g_string_append_c(out, ']');
}

void plc_jw_string(GString *out, const char *name, const char *value)
{
        if (value == NULL) {
                plc_jw_null(out, name);
                return;
        }
        begin(out, name);
        string(out, value);
}

char *plc_digits(char *end, int64_t value)
{
        uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
        char *at = end;

        do
                *--at = (char)('0' + left % 10);
        while ((left /= 10) > 0);
        if (value < 0)
                *--at = '-';
        return at;
}

void plc_jw_int(GString *out, const char *name, int64_t value)
{
        char digits[PLC_DIGITS_MAX], *at = plc_digits(digits + sizeof digits, value);

        begin(out, name);
        g_string_append_len(out, at, digits + sizeof digits - at);
}

void plc_jw_real(GString *out, const char *name, double value)
{
        char buffer[G_ASCII_DTOSTR_BUF_SIZE];

        if (value > -1e15 && value < 1e15 && value >= (double)(int64_t)value && value <= (double)(int64_t)value) {
                plc_jw_int(out, name, (int64_t)value); /* 10, not 1e+01 */
                return;
        }
        for (int digits = 1; digits <= 17; digits++) {
                char format[8];

                g_snprintf(format, sizeof format, "%%.%dg", digits);
                g_ascii_formatd(buffer, sizeof buffer, format, value);
                if (g_ascii_strtod(buffer, NULL) >= value && g_ascii_strtod(buffer, NULL) <= value)
                        break;
        }
        begin(out, name);
        g_string_append(out, buffer);
}

void plc_jw_bool(GString *out, const char *name, bool value)
{
        begin(out, name);
        g_string_append(out, value ? "true" : "false");
}

void plc_jw_null(GString *out, const char *name)
{
        begin(out, name);
        g_string_append(out, "null");
}

void plc_jw_time(GString *out, const char *name, int64_t ms)
{
        char text[PLC_TIME_SIZE];

        if (ms == PLC_TIME_NEVER) {
                plc_jw_null(out, name);
                return;
        }
        plc_time_format(ms, text);
        plc_jw_string(out, name, text);
}

void plc_jw_raw(GString *out, const char *name, const char *json)
{
        begin(out, name);
        g_string_append(out, json);
}
