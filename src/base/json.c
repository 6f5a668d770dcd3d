/* How is a stranger's JSON read so that every fault can be told with its place? A tree of nodes that know their
 * parents, over jansson. */
#include "base/json.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/clock.h"

const struct plc_json_limits plc_json_default_limits = {.max_bytes = 1024 * 1024, .max_depth = 32};

struct plc_json {
        json_t *value;
        struct plc_json *parent, *root;
        const char *name; /* as a member */
        size_t index;     /* as an element */
        bool known;       /* was asked for */
        plc_json *kids;   /* plc_json_size of them, made when first asked for */
        /* of the root only */
        char *file;
};

/* jansson has its own fixed depth (2,048); ours is told before parsing, with the position. */
static bool depth_within(const char *data, size_t size, int max_depth)
{
        bool in_string = false;
        int depth = 0;

        for (size_t i = 0; i < size; i++) {
                char c = data[i];

                if (in_string) {
                        if (c == '\\')
                                i++;
                        else if (c == '"')
                                in_string = false;
                } else if (c == '"') {
                        in_string = true;
                } else if (c == '[' || c == '{') {
                        if (++depth > max_depth)
                                return false;
                } else if (c == ']' || c == '}') {
                        depth--;
                }
        }
        return true;
}

static void free_kids(plc_json *node)
{
        for (size_t i = 0; node->kids != NULL && i < plc_json_size(node); i++)
                free_kids(&node->kids[i]);
        g_free(node->kids);
}

plc_json *plc_json_parse(const char *data, size_t size, const char *file, const struct plc_json_limits *limits,
                         GError **error)
{
        static const char remedy[] = "Correct the file and try again.";
        json_error_t fault;
        plc_json *root;
        json_t *value;

        if (size > limits->max_bytes) {
                plc_fail_at(error, PLC_E_TOO_BIG, file, NULL, "Make it smaller.",
                            "is %zu bytes long; at most %zu are accepted", size, limits->max_bytes);
                return NULL;
        }
        if (!depth_within(data, size, limits->max_depth)) {
                plc_fail_at(error, PLC_E_BAD_JSON, file, NULL, remedy, "is nested deeper than %d levels",
                            limits->max_depth);
                return NULL;
        }
        value = json_loadb(data, size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &fault);
        if (value == NULL) {
                char *flag = strstr(fault.text, " without JSON_ALLOW_NUL"); /* a flag of jansson's, not of the file's */
                if (flag != NULL)
                        memmove(flag, flag + strlen(" without JSON_ALLOW_NUL"),
                                strlen(flag + strlen(" without JSON_ALLOW_NUL")) + 1);
                plc_fail_at(error, PLC_E_BAD_JSON, file, NULL, remedy, "is not valid JSON: line %d, column %d: %s",
                            fault.line, fault.column, fault.text);
                return NULL;
        }
        root = g_new0(struct plc_json, 1);
        root->value = value;
        root->root = root;
        root->known = true;
        root->file = g_strdup(file);
        return root;
}

void plc_json_free(plc_json *root)
{
        if (root == NULL)
                return;
        free_kids(root);
        json_decref(root->value);
        g_free(root->file);
        g_free(root);
}

static void set_kid(plc_json *node, size_t at, json_t *value, const char *name)
{
        node->kids[at] = (plc_json){.value = value, .parent = node, .root = node->root, .name = name, .index = at};
}

/* NULL where there is none. */
static plc_json *kids_of(plc_json *node)
{
        size_t size = plc_json_size(node), at = 0;
        const char *name;
        json_t *value;

        if (node->kids != NULL || size == 0)
                return node->kids;
        node->kids = g_new(plc_json, size);
        if (json_is_object(node->value)) {
                json_object_foreach(node->value, name, value) set_kid(node, at++, value, name);
        } else {
                json_array_foreach(node->value, at, value) set_kid(node, at, value, NULL);
        }
        return node->kids;
}

plc_json_type plc_json_typeof(const plc_json *node)
{
        switch (json_typeof(node->value)) {
        case JSON_OBJECT:
                return PLC_JSON_OBJECT;
        case JSON_ARRAY:
                return PLC_JSON_ARRAY;
        case JSON_STRING:
                return PLC_JSON_STRING;
        case JSON_INTEGER:
                return PLC_JSON_INT;
        case JSON_REAL:
                return PLC_JSON_REAL;
        case JSON_TRUE:
        case JSON_FALSE:
                return PLC_JSON_BOOL;
        case JSON_NULL:
                break;
        }
        return PLC_JSON_NULL;
}

const char *plc_json_type_name(plc_json_type type)
{
        static const char *const names[] = {"null",     "true or false", "a whole number", "a number",
                                            "a string", "a list",        "an object"};

        return names[type];
}

static void append_pointer(const plc_json *node, GString *out)
{
        if (node->parent == NULL)
                return;
        append_pointer(node->parent, out);
        g_string_append_c(out, '/');
        if (node->name == NULL) {
                g_string_append_printf(out, "%zu", node->index);
                return;
        }
        for (const char *c = node->name; *c != '\0'; c++) {
                if (*c == '~')
                        g_string_append(out, "~0");
                else if (*c == '/')
                        g_string_append(out, "~1");
                else
                        g_string_append_c(out, *c);
        }
}

char *plc_json_pointer(const plc_json *node)
{
        GString *out = g_string_new(NULL);

        append_pointer(node, out);
        return g_string_free(out, FALSE);
}

bool plc_json_fail(const plc_json *node, GError **error, plc_code code, const char *remedy, const char *format, ...)
{
        g_autofree char *pointer = plc_json_pointer(node), *text = NULL;
        va_list args;

        va_start(args, format);
        text = g_strdup_vprintf(format, args);
        va_end(args);
        return plc_fail_at(error, code, node->root->file, pointer, remedy, "%s", text);
}

static plc_json *find(plc_json *object, const char *name)
{
        plc_json *kids;

        if (!json_is_object(object->value))
                return NULL;
        kids = kids_of(object);
        for (size_t i = 0; i < plc_json_size(object); i++)
                if (strcmp(kids[i].name, name) == 0)
                        return &kids[i];
        return NULL;
}

plc_json *plc_json_member(plc_json *object, const char *name)
{
        plc_json *kid = find(object, name);

        if (kid == NULL)
                return NULL;
        kid->known = true;
        return json_is_null(kid->value) ? NULL : kid;
}

bool plc_json_has(plc_json *object, const char *name)
{
        return find(object, name) != NULL;
}

bool plc_json_only(plc_json *object, GError **error)
{
        plc_json *kids = kids_of(object);

        for (size_t i = 0; i < plc_json_size(object); i++) {
                const plc_json *kid = &kids[i];

                if (!kid->known && !g_str_has_prefix(kid->name, "x_"))
                        return plc_json_fail(kid, error, PLC_E_UNKNOWN_MEMBER,
                                             "Remove it, or begin its name with x_ if it is your own.",
                                             "\"%s\" is not a member known here", kid->name);
        }
        return true;
}

size_t plc_json_size(const plc_json *node)
{
        return json_is_object(node->value) ? json_object_size(node->value) : json_array_size(node->value);
}

const char *plc_json_name(const plc_json *object, size_t index)
{
        return kids_of((plc_json *)object)[index].name;
}

plc_json *plc_json_value(plc_json *object, size_t index)
{
        plc_json *kid = &kids_of(object)[index];

        kid->known = true;
        return kid;
}

plc_json *plc_json_element(plc_json *array, size_t index)
{
        return &kids_of(array)[index];
}

const char *plc_json_string(const plc_json *node)
{
        return json_string_value(node->value);
}

int64_t plc_json_int(const plc_json *node)
{
        return json_integer_value(node->value);
}

double plc_json_real(const plc_json *node)
{
        return json_number_value(node->value);
}

bool plc_json_bool(const plc_json *node)
{
        return json_is_true(node->value);
}

/* *out NULL and true: absent though optional. */
static bool typed(plc_json *object, const char *name, plc_need need, plc_json_type type, plc_json **out, GError **error)
{
        plc_json *kid = plc_json_member(object, name);
        plc_json_type found;

        *out = kid;
        if (kid == NULL && need == PLC_OPTIONAL)
                return true;
        if (kid == NULL)
                return plc_json_fail(object, error, PLC_E_MISSING_MEMBER, "Add it.", "\"%s\" is missing", name);
        found = plc_json_typeof(kid);
        if (found == type || (type == PLC_JSON_REAL && found == PLC_JSON_INT))
                return true;
        return plc_json_fail(kid, error, PLC_E_BAD_VALUE, "Correct the value.", "must be %s (found: %s)",
                             plc_json_type_name(type), plc_json_type_name(found));
}

bool plc_json_get_string(plc_json *object, const char *name, plc_need need, size_t max_bytes, const char **out,
                         GError **error)
{
        plc_json *kid;

        if (!typed(object, name, need, PLC_JSON_STRING, &kid, error))
                return false;
        if (kid == NULL)
                return true;
        if (json_string_length(kid->value) > max_bytes)
                return plc_json_fail(kid, error, PLC_E_BAD_VALUE, "Shorten it.",
                                     "is %zu bytes long; at most %zu are accepted", json_string_length(kid->value),
                                     max_bytes);
        *out = json_string_value(kid->value);
        return true;
}

bool plc_json_get_name(plc_json *object, const char *name, plc_need need, size_t max_bytes, const char **out,
                       GError **error)
{
        const char *value = NULL;

        if (!plc_json_get_string(object, name, need, max_bytes, &value, error))
                return false;
        if (value == NULL)
                return true;
        if (value[0] == '\0')
                return plc_json_fail(plc_json_member(object, name), error, PLC_E_BAD_VALUE, "Give a value.",
                                     "must not be empty");
        *out = value;
        return true;
}

bool plc_json_get_int(plc_json *object, const char *name, plc_need need, int64_t min, int64_t max, int64_t *out,
                      GError **error)
{
        plc_json *kid;
        int64_t value;

        if (!typed(object, name, need, PLC_JSON_INT, &kid, error))
                return false;
        if (kid == NULL)
                return true;
        value = json_integer_value(kid->value);
        if (value < min || value > max)
                return plc_json_fail(kid, error, PLC_E_BAD_VALUE, "Correct the value.",
                                     "must be from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
                                     " (found: %" G_GINT64_FORMAT ")",
                                     min, max, value);
        *out = value;
        return true;
}

bool plc_json_get_number(plc_json *object, const char *name, plc_need need, double min, double max, double *out,
                         GError **error)
{
        plc_json *kid;
        double value;

        if (!typed(object, name, need, PLC_JSON_REAL, &kid, error))
                return false;
        if (kid == NULL)
                return true;
        value = json_number_value(kid->value);
        if (!(value >= min && value <= max))
                return plc_json_fail(kid, error, PLC_E_BAD_VALUE, "Correct the value.",
                                     "must be from %g to %g (found: %g)", min, max, value);
        *out = value;
        return true;
}

bool plc_json_get_bool(plc_json *object, const char *name, plc_need need, bool *out, GError **error)
{
        plc_json *kid;

        if (!typed(object, name, need, PLC_JSON_BOOL, &kid, error))
                return false;
        if (kid != NULL)
                *out = json_is_true(kid->value);
        return true;
}

bool plc_json_get_enum(plc_json *object, const char *name, plc_need need, const char *const *values, int *out,
                       GError **error)
{
        g_autofree char *all = NULL;
        plc_json *kid;

        if (!typed(object, name, need, PLC_JSON_STRING, &kid, error))
                return false;
        if (kid == NULL)
                return true;
        for (int i = 0; values[i] != NULL; i++)
                if (strcmp(values[i], json_string_value(kid->value)) == 0) {
                        *out = i;
                        return true;
                }
        all = g_strjoinv(", ", (char **)values);
        return plc_json_fail(kid, error, PLC_E_BAD_VALUE, "Use one of these.", "must be one of %s (found: \"%s\")", all,
                             json_string_value(kid->value));
}

bool plc_json_get_time(plc_json *object, const char *name, plc_need need, int64_t *out_ms, GError **error)
{
        plc_json *kid;

        if (!typed(object, name, need, PLC_JSON_STRING, &kid, error))
                return false;
        if (kid != NULL && !plc_time_parse_rfc3339(json_string_value(kid->value), out_ms))
                return plc_json_fail(kid, error, PLC_E_BAD_VALUE, "Write it like 2026-11-03T09:12:44Z.",
                                     "must be an RFC 3339 time (found: \"%s\")", json_string_value(kid->value));
        return true;
}

bool plc_json_get_array(plc_json *object, const char *name, plc_need need, size_t max, plc_json **out, GError **error)
{
        plc_json *kid;

        if (!typed(object, name, need, PLC_JSON_ARRAY, &kid, error))
                return false;
        if (kid == NULL)
                return true;
        if (json_array_size(kid->value) > max)
                return plc_json_fail(kid, error, PLC_E_BAD_VALUE, "Shorten the list.",
                                     "has %zu elements; at most %zu are accepted", json_array_size(kid->value), max);
        *out = kid;
        return true;
}

bool plc_json_get_object(plc_json *object, const char *name, plc_need need, plc_json **out, GError **error)
{
        plc_json *kid;

        if (!typed(object, name, need, PLC_JSON_OBJECT, &kid, error))
                return false;
        if (kid != NULL)
                *out = kid;
        return true;
}

bool plc_json_get_strings(plc_json *object, const char *name, plc_need need, size_t max, size_t max_bytes, char ***out,
                          GError **error)
{
        g_autoptr(GPtrArray) strings = g_ptr_array_new_with_free_func(g_free);
        plc_json *array = NULL;

        if (!plc_json_get_array(object, name, need, max, &array, error))
                return false;
        if (array == NULL)
                return true;
        for (size_t i = 0; i < plc_json_size(array); i++) {
                plc_json *element = plc_json_element(array, i);

                if (plc_json_typeof(element) != PLC_JSON_STRING)
                        return plc_json_fail(element, error, PLC_E_BAD_VALUE, "Correct the value.",
                                             "must be a string (found: %s)",
                                             plc_json_type_name(plc_json_typeof(element)));
                if (json_string_length(element->value) > max_bytes || json_string_length(element->value) == 0)
                        return plc_json_fail(element, error, PLC_E_BAD_VALUE, "Correct the value.",
                                             "must have 1 to %zu bytes (found: %zu)", max_bytes,
                                             json_string_length(element->value));
                g_ptr_array_add(strings, g_strdup(plc_json_string(element)));
        }
        g_ptr_array_add(strings, NULL);
        *out = (char **)g_ptr_array_free(g_steal_pointer(&strings), FALSE);
        return true;
}

/* RFC 8785 §3.2.3 sorts by UTF-16 code units; by UTF-8 bytes only U+E000…U+FFFF against supplementary planes would
 * differ. */
static int by_utf16(gconstpointer a, gconstpointer b)
{
        const char *left = *(const char *const *)a, *right = *(const char *const *)b;

        while (*left != '\0' && *left == *right)
                left++, right++;
        if (((unsigned char)*left >= 0xf0) != ((unsigned char)*right >= 0xf0)) {
                /* the one beyond the BMP begins with a surrogate, 0xD800-0xDBFF */
                bool left_high = (unsigned char)*left >= 0xf0;
                unsigned char other = (unsigned char)(left_high ? *right : *left);
                bool other_above = other >= 0xee; /* U+E000 and up */

                return left_high == other_above ? -1 : 1;
        }
        return (unsigned char)*left < (unsigned char)*right ? -1 : (unsigned char)*left > (unsigned char)*right;
}

static bool canonical(json_t *value, GString *out, const plc_json *node, GError **error)
{
        if (json_is_object(value)) {
                g_autoptr(GPtrArray) names = g_ptr_array_new();
                const char *name;
                json_t *member;

                json_object_foreach(value, name, member) g_ptr_array_add(names, (gpointer)name);
                g_ptr_array_sort(names, by_utf16);
                plc_jw_object(out, NULL);
                for (guint i = 0; i < names->len; i++) {
                        plc_jw_raw(out, names->pdata[i], "");
                        if (!canonical(json_object_get(value, names->pdata[i]), out, node, error))
                                return false;
                }
                plc_jw_end_object(out);
        } else if (json_is_array(value)) {
                plc_jw_array(out, NULL);
                for (size_t i = 0; i < json_array_size(value); i++)
                        if (!canonical(json_array_get(value, i), out, node, error))
                                return false;
                plc_jw_end_array(out);
        } else if (json_is_string(value)) {
                plc_jw_string(out, NULL, json_string_value(value));
        } else if (json_is_integer(value)) {
                plc_jw_int(out, NULL, json_integer_value(value));
        } else if (json_is_real(value)) {
                return plc_json_fail(node, error, PLC_E_BAD_VALUE, "Use a whole number or a string.",
                                     "has a number with a fraction; there are none in a ledger");
        } else {
                plc_jw_raw(out, NULL, json_is_true(value) ? "true" : json_is_false(value) ? "false" : "null");
        }
        return true;
}

char *plc_json_canonical(const plc_json *node, GError **error)
{
        g_autoptr(GString) out = g_string_sized_new(256);

        if (!canonical(node->value, out, node, error))
                return NULL;
        return g_string_free(g_steal_pointer(&out), FALSE);
}

char *plc_json_canonical_without(const plc_json *object, const char *const *names, GError **error)
{
        plc_json rest = *object;
        char *text;

        rest.value = json_copy(object->value);
        for (size_t i = 0; names[i] != NULL; i++)
                json_object_del(rest.value, names[i]);
        text = plc_json_canonical(&rest, error);
        json_decref(rest.value);
        return text;
}

static void write_value(json_t *value, const char *name, GString *out)
{
        const char *member_name;
        json_t *member;
        size_t index;

        switch (json_typeof(value)) {
        case JSON_OBJECT:
                plc_jw_object(out, name);
                json_object_foreach(value, member_name, member) write_value(member, member_name, out);
                plc_jw_end_object(out);
                break;
        case JSON_ARRAY:
                plc_jw_array(out, name);
                json_array_foreach(value, index, member) write_value(member, NULL, out);
                plc_jw_end_array(out);
                break;
        case JSON_STRING:
                plc_jw_string(out, name, json_string_value(value));
                break;
        case JSON_INTEGER:
                plc_jw_int(out, name, json_integer_value(value));
                break;
        case JSON_REAL:
                plc_jw_real(out, name, json_real_value(value));
                break;
        case JSON_TRUE:
        case JSON_FALSE:
                plc_jw_bool(out, name, json_is_true(value));
                break;
        case JSON_NULL:
                plc_jw_null(out, name);
                break;
        }
}

void plc_json_write(const plc_json *node, GString *out)
{
        write_value(node->value, NULL, out);
}
