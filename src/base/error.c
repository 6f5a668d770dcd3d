/* Which code has which exit status, HTTP status, consequence and public text? errors.def, read here. */
#include "base/error.h"

#include <errno.h>
#include <string.h>

struct row {
        const char *name;
        int exit_status;
        int http_status;
        plc_then then;
        const char *public_text;
};

#define RETRY PLC_THEN_RETRY
#define REJECT PLC_THEN_REJECT
#define QUARANTINE PLC_THEN_QUARANTINE
#define FATAL PLC_THEN_FATAL
static const struct row rows[] = {
        [PLC_E_NONE] = {"NONE", 0, 200, PLC_THEN_FATAL, ""},
#define PLC_ERROR(name, exit_status, http_status, then, public_text)                                                   \
        [PLC_E_##name] = {#name, exit_status, http_status, then, public_text},
#include "base/errors.def"
#undef PLC_ERROR
};

typedef struct {
        char *file;
        char *pointer;
        char *remedy;
} PlcErrorPrivate;

static void plc_error_private_init(PlcErrorPrivate *private)
{
        *private = (PlcErrorPrivate){0};
}

static void plc_error_private_copy(const PlcErrorPrivate *from, PlcErrorPrivate *to)
{
        to->file = g_strdup(from->file);
        to->pointer = g_strdup(from->pointer);
        to->remedy = g_strdup(from->remedy);
}

static void plc_error_private_clear(PlcErrorPrivate *private)
{
        g_free(private->file);
        g_free(private->pointer);
        g_free(private->remedy);
}

G_DEFINE_EXTENDED_ERROR(PlcError, plc_error)

bool plc_fail(GError **error, plc_code code, const char *format, ...)
{
        va_list args;

        if (error == NULL)
                return false;
        va_start(args, format);
        *error = g_error_new_valist(PLC_ERROR_DOMAIN, (int)code, format, args);
        va_end(args);
        return false;
}

/* What a stranger wrote, on one line and no longer than a screen holds: it goes to terminals, logs and reason files
 * (CWE-117). */
static char *one_line(const char *text)
{
        const size_t limit = 1000;
        char *line = text != NULL ? g_utf8_make_valid(text, -1) : NULL;

        if (line == NULL)
                return NULL;
        for (char *c = line; *c != '\0'; c++)
                if (g_ascii_iscntrl(*c))
                        *c = '?';
        if (strlen(line) > limit)
                memcpy(g_utf8_find_prev_char(line, line + limit - 3), "\xe2\x80\xa6", sizeof "\xe2\x80\xa6");
        return line;
}

bool plc_fail_at(GError **error, plc_code code, const char *file, const char *pointer, const char *remedy,
                 const char *format, ...)
{
        g_autofree char *raw = NULL, *text = NULL;
        PlcErrorPrivate *private;
        va_list args;

        if (error == NULL)
                return false;
        va_start(args, format);
        raw = g_strdup_vprintf(format, args);
        va_end(args);
        text = one_line(raw);
        *error = g_error_new_literal(PLC_ERROR_DOMAIN, (int)code, text);
        private = plc_error_get_private(*error);
        private->file = one_line(file);
        private->pointer = one_line(pointer);
        private->remedy = g_strdup(remedy);
        if (file != NULL) {
                bool placed = pointer != NULL && pointer[0] != '\0';

                g_free((*error)->message);
                (*error)->message = g_strdup_printf("%s%s%s: %s", private->file, placed ? ", " : "",
                                                    placed ? private->pointer : "", text);
        }
        return false;
}

bool plc_fail_errno(GError **error, int error_number, const char *format, ...)
{
        g_autofree char *text = NULL;
        plc_code code = PLC_E_IO;
        va_list args;

        va_start(args, format);
        text = g_strdup_vprintf(format, args);
        va_end(args);
        if (error_number == ENOSPC || error_number == EDQUOT)
                code = PLC_E_NO_SPACE;
        else if (error_number == ENOENT)
                code = PLC_E_NOT_FOUND;
        else if (error_number == ENOMEM)
                code = PLC_E_MEMORY;
        return plc_fail(error, code, "%s: %s", text, g_strerror(error_number));
}

static const PlcErrorPrivate *details(const GError *error)
{
        return error != NULL && error->domain == PLC_ERROR_DOMAIN ? plc_error_get_private(error) : NULL;
}

const char *plc_error_file(const GError *error)
{
        const PlcErrorPrivate *private = details(error);

        return private != NULL ? private->file : NULL;
}

const char *plc_error_pointer(const GError *error)
{
        const PlcErrorPrivate *private = details(error);

        return private != NULL ? private->pointer : NULL;
}

const char *plc_error_remedy(const GError *error)
{
        const PlcErrorPrivate *private = details(error);

        if (private != NULL && private->remedy != NULL)
                return private->remedy;
        return plc_error_code(error) == PLC_E_NO_SPACE ? "Make room on that file system, then try again." : NULL;
}

plc_code plc_error_code(const GError *error)
{
        if (error == NULL)
                return PLC_E_NONE;
        if (error->domain != PLC_ERROR_DOMAIN || error->code <= 0 || error->code >= PLC_E_COUNT_)
                return PLC_E_INTERNAL;
        return (plc_code)error->code;
}

/* Lower case, made once: the form that stands in answers and reason files. */
const char *plc_code_name(plc_code code)
{
        static char *lower[PLC_E_COUNT_];
        static gsize ready;

        if (g_once_init_enter(&ready)) {
                for (size_t i = 0; i < PLC_E_COUNT_; i++)
                        lower[i] = g_ascii_strdown(rows[i].name, -1);
                g_once_init_leave(&ready, 1);
        }
        return lower[code];
}

plc_code plc_code_from_name(const char *name)
{
        for (int code = 1; code < PLC_E_COUNT_; code++)
                if (g_ascii_strcasecmp(rows[code].name, name) == 0)
                        return (plc_code)code;
        return PLC_E_NONE;
}

int plc_code_exit(plc_code code)
{
        return rows[code].exit_status;
}

int plc_code_http(plc_code code)
{
        return rows[code].http_status;
}

plc_then plc_code_then(plc_code code)
{
        return rows[code].then;
}

const char *plc_code_public(plc_code code)
{
        return rows[code].public_text;
}

char *plc_error_sentence(const GError *error)
{
        const char *remedy = plc_error_remedy(error);
        const char *stop = g_str_has_suffix(error->message, ".") ? "" : ".";

        return remedy != NULL ? g_strdup_printf("%s%s %s", error->message, stop, remedy)
                              : g_strdup_printf("%s%s", error->message, stop);
}
