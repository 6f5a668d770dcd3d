/* How do functions say what went wrong? One table of codes (errors.def), one sentence in the GError, told once by the
 * runner. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum plc_code {
        PLC_E_NONE = 0,
#define PLC_ERROR(name, exit_status, http_status, then, public_text) PLC_E_##name,
#include "base/errors.def"
#undef PLC_ERROR
        PLC_E_COUNT_
} plc_code;

/* What the queue does with a job that failed so. */
typedef enum plc_then { PLC_THEN_RETRY, PLC_THEN_REJECT, PLC_THEN_QUARANTINE, PLC_THEN_FATAL } plc_then;

#define PLC_ERROR_DOMAIN (plc_error_quark())
GQuark plc_error_quark(void);

/* Always false, so that a caller writes `return plc_fail(error, PLC_E_IO, "…", …);`. */
bool plc_fail(GError **error, plc_code code, const char *format, ...) G_GNUC_PRINTF(3, 4);

/*
 * A fault in something a person wrote: `file` as the person knows it, `pointer` a JSON pointer (RFC 6901) or NULL,
 * `remedy` one sentence on what to do. The message becomes "file, pointer: text"; file, pointer and remedy can be read
 * back below.
 */
bool plc_fail_at(GError **error, plc_code code, const char *file, const char *pointer, const char *remedy,
                 const char *format, ...) G_GNUC_PRINTF(6, 7);

/* "doing what: strerror". ENOSPC and EDQUOT become NO_SPACE, ENOENT NOT_FOUND, ENOMEM MEMORY, anything else IO. */
bool plc_fail_errno(GError **error, int error_number, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Borrowed from the error; NULL where none was given; NO_SPACE has one of its own. */
const char *plc_error_file(const GError *error);
const char *plc_error_pointer(const GError *error);
const char *plc_error_remedy(const GError *error);

/* The code of any GError; one of another domain is INTERNAL. */
plc_code plc_error_code(const GError *error);
const char *plc_code_name(plc_code code);      /* "missing_file" */
plc_code plc_code_from_name(const char *name); /* PLC_E_NONE if there is none of that name */
int plc_code_exit(plc_code code);
int plc_code_http(plc_code code);
plc_then plc_code_then(plc_code code);
const char *plc_code_public(plc_code code);

/* "message" or "message. Remedy", ending in one full stop: the sentence for a terminal. Free with g_free. */
char *plc_error_sentence(const GError *error);
