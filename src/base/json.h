/*
 * How is JSON from strangers read, and our own written? Strictly: UTF-8, no duplicate names, stated limits; every fault
 * names file and JSON pointer (RFC 6901), what was found, what was expected.
 */
#pragma once
#include "base/error.h"

/* A node of a parsed document. The root owns the document; all other nodes and strings are borrowed from it. */
typedef struct plc_json plc_json;

struct plc_json_limits {
        size_t max_bytes;
        int max_depth;
};

extern const struct plc_json_limits plc_json_default_limits; /* 1 MiB, depth 32 */

typedef enum {
        PLC_JSON_NULL,
        PLC_JSON_BOOL,
        PLC_JSON_INT,
        PLC_JSON_REAL,
        PLC_JSON_STRING,
        PLC_JSON_ARRAY,
        PLC_JSON_OBJECT
} plc_json_type;

/* `file` is the name that faults tell. U+0000 in a string is a fault. Free the root with plc_json_free. */
plc_json *plc_json_parse(const char *data, size_t size, const char *file, const struct plc_json_limits *limits,
                         GError **error);
void plc_json_free(plc_json *root);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_json, plc_json_free)

plc_json_type plc_json_typeof(const plc_json *node);
/* "", "/photos/0/file"; free with g_free. */
char *plc_json_pointer(const plc_json *node);
/* A fault at this node (plc_fail_at with file and pointer). Always false. */
bool plc_json_fail(const plc_json *node, GError **error, plc_code code, const char *remedy, const char *format, ...)
        G_GNUC_PRINTF(5, 6);

/* Objects. Asking for a member marks it as known; plc_json_only fails at the first member never asked for, but x_*. */
plc_json *plc_json_member(plc_json *object, const char *name); /* NULL: absent, or null */
bool plc_json_has(plc_json *object, const char *name);         /* present, even if null; does not mark it */
bool plc_json_only(plc_json *object, GError **error);
size_t plc_json_size(const plc_json *node);                      /* members or elements; 0 for others */
const char *plc_json_name(const plc_json *object, size_t index); /* of a member, in the order written */
plc_json *plc_json_value(plc_json *object, size_t index);        /* of a member, marks it */
plc_json *plc_json_element(plc_json *array, size_t index);

typedef enum { PLC_OPTIONAL = 0, PLC_REQUIRED = 1 } plc_need;

/*
 * Typed members. Absent and optional (or null and optional): true, *out left as it was. Strings are borrowed; max_bytes
 * counts UTF-8 bytes; an empty string is a fault where max_bytes is given through plc_json_get_name.
 */
bool plc_json_get_string(plc_json *object, const char *name, plc_need need, size_t max_bytes, const char **out,
                         GError **error);
bool plc_json_get_name(plc_json *object, const char *name, plc_need need, size_t max_bytes, const char **out,
                       GError **error);
bool plc_json_get_int(plc_json *object, const char *name, plc_need need, int64_t min, int64_t max, int64_t *out,
                      GError **error);
bool plc_json_get_number(plc_json *object, const char *name, plc_need need, double min, double max, double *out,
                         GError **error);
bool plc_json_get_bool(plc_json *object, const char *name, plc_need need, bool *out, GError **error);
/* values: NULL-terminated; *out is the index. */
bool plc_json_get_enum(plc_json *object, const char *name, plc_need need, const char *const *values, int *out,
                       GError **error);
/* RFC 3339 in, milliseconds out. */
bool plc_json_get_time(plc_json *object, const char *name, plc_need need, int64_t *out_ms, GError **error);
bool plc_json_get_array(plc_json *object, const char *name, plc_need need, size_t max, plc_json **out, GError **error);
bool plc_json_get_object(plc_json *object, const char *name, plc_need need, plc_json **out, GError **error);
/* A new NULL-terminated array of copies; free with g_strfreev. Absent and optional: *out left as it was. */
bool plc_json_get_strings(plc_json *object, const char *name, plc_need need, size_t max, size_t max_bytes, char ***out,
                          GError **error);

/* The node's own value, of a node whose type was looked at first. */
const char *plc_json_string(const plc_json *node);
int64_t plc_json_int(const plc_json *node);
double plc_json_real(const plc_json *node); /* of INT or REAL */
bool plc_json_bool(const plc_json *node);
const char *plc_json_type_name(plc_json_type type); /* "a string" */

/* RFC 8785 form of a tree without floats (BAD_VALUE if there is one): members sorted by UTF-16, no spaces. Free with
 * g_free. */
char *plc_json_canonical(const plc_json *node, GError **error);
/* The same of an object without these members (NULL-terminated). */
char *plc_json_canonical_without(const plc_json *object, const char *const *names, GError **error);

/* Writing: appends to a GString, commas by itself. Bytes that are not UTF-8 become U+FFFD. `name` NULL inside arrays
 * and at the top. */
void plc_jw_object(GString *out, const char *name);
void plc_jw_array(GString *out, const char *name);
void plc_jw_end_object(GString *out);
void plc_jw_end_array(GString *out);
void plc_jw_string(GString *out, const char *name, const char *value); /* NULL writes null */
void plc_jw_int(GString *out, const char *name, int64_t value);
/* The digits of a number, up to `end`, before which there are PLC_DIGITS_MAX bytes: where they begin. */
#define PLC_DIGITS_MAX 20 /* of the largest number, and its sign */
char *plc_digits(char *end, int64_t value);
void plc_jw_real(GString *out, const char *name, double value); /* shortest form that reads back, no locale */
void plc_jw_bool(GString *out, const char *name, bool value);
void plc_jw_null(GString *out, const char *name);
void plc_jw_time(GString *out, const char *name, int64_t ms); /* PLC_TIME_NEVER writes null */
void plc_jw_raw(GString *out, const char *name, const char *json);
/* The node as it was read, compact, members in the order written; numbers with fractions in their shortest form. */
void plc_json_write(const plc_json *node, GString *out);
