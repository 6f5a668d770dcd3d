/* Which path and parameters does a request target name? Percent decoding (RFC 3986 2.1) by segment, so that %2F stays
 * inside its segment. */
#include "http/target.h"
#include <string.h>

#define PARAM_FILE "query" /* marks the errors whose pointer is a parameter */

bool plc_http_bad_param(GError **error, const char *name, const char *expected)
{
        return plc_fail_at(error, PLC_E_BAD_REQUEST, PARAM_FILE, name, expected, "not of the form expected");
}

/* NULL: a bad escape, not UTF-8, a control character or more than PLC_HTTP_MAX_VALUE bytes. */
static char *decode(const char *from, size_t size, bool plus_is_space)
{
        if (size > 3 * PLC_HTTP_MAX_VALUE)
                return NULL;
        g_autoptr(GString) out = g_string_sized_new(size + 1);
        for (size_t i = 0; i < size; i++) {
                char c = from[i];
                if (c == '%') {
                        if (i + 2 >= size || !g_ascii_isxdigit(from[i + 1]) || !g_ascii_isxdigit(from[i + 2]))
                                return NULL;
                        c = (char)(g_ascii_xdigit_value(from[i + 1]) * 16 + g_ascii_xdigit_value(from[i + 2]));
                        i += 2;
                } else if (c == '+' && plus_is_space) {
                        c = ' ';
                }
                if ((unsigned char)c < 0x20 || c == 0x7f)
                        return NULL;
                g_string_append_c(out, c);
        }
        if (out->len > PLC_HTTP_MAX_VALUE || !g_utf8_validate(out->str, (gssize)out->len, NULL))
                return NULL;
        return g_string_free(g_steal_pointer(&out), FALSE);
}

static bool parse_path(struct plc_http_target *t, GError **error)
{
        g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);
        const char *at = t->path + 1;
        while (t->path[1] != '\0') {
                const char *end = strchrnul(at, '/');
                char *part = decode(at, (size_t)(end - at), false);
                if (part == NULL || parts->len == PLC_HTTP_MAX_PARTS) {
                        g_free(part);
                        return plc_fail(error, PLC_E_BAD_REQUEST, "path is badly encoded, too long or too deep");
                }
                g_ptr_array_add(parts, part);
                if (*end == '\0')
                        break;
                at = end + 1;
        }
        g_ptr_array_add(parts, NULL);
        t->parts = (char **)g_ptr_array_free(g_steal_pointer(&parts), FALSE);
        return true;
}

static bool parse_pair(struct plc_http_target *t, const char *at, const char *end, GError **error)
{
        const char *equals = memchr(at, '=', (size_t)(end - at));
        const char *name_end = equals != NULL ? equals : end;
        struct plc_http_pair pair = {.name = decode(at, (size_t)(name_end - at), true)};

        if (pair.name == NULL || pair.name[0] == '\0' || strlen(pair.name) > 64) {
                g_free(pair.name);
                return plc_http_bad_param(error, NULL, "name=value pairs, joined by &, percent-encoded UTF-8");
        }
        if (plc_http_target_param(t, pair.name) != NULL) {
                plc_http_bad_param(error, pair.name, "it may be given once");
                g_free(pair.name);
                return false;
        }
        pair.value = equals != NULL ? decode(equals + 1, (size_t)(end - equals - 1), true) : g_strdup("");
        if (pair.value == NULL || t->pairs->len == PLC_HTTP_MAX_PARAMS) {
                plc_http_bad_param(error, pair.name,
                                   "percent-encoded UTF-8 without control characters, at most 1024 bytes");
                g_free(pair.name);
                g_free(pair.value);
                return false;
        }
        g_array_append_val(t->pairs, pair);
        return true;
}

static bool parse_query(struct plc_http_target *t, const char *query, GError **error)
{
        for (const char *at = query; *at != '\0';) {
                const char *end = strchrnul(at, '&');
                if (!parse_pair(t, at, end, error))
                        return false;
                if (*end == '\0')
                        return true;
                at = end + 1;
                if (*at == '\0')
                        return plc_http_bad_param(error, NULL, "name=value pairs, joined by &, percent-encoded UTF-8");
        }
        return true;
}

static void clear_pair(void *pair)
{
        g_free(((struct plc_http_pair *)pair)->name);
        g_free(((struct plc_http_pair *)pair)->value);
}

bool plc_http_target_parse(const char *raw, struct plc_http_target *out, GError **error)
{
        if (strlen(raw) > PLC_HTTP_MAX_URL)
                return plc_fail(error, PLC_E_TOO_BIG, "request target of more than %zu bytes", PLC_HTTP_MAX_URL);
        /* RFC 9112 3.2.2: the absolute form must be taken. */
        if (g_ascii_strncasecmp(raw, "http://", 7) == 0 || g_ascii_strncasecmp(raw, "https://", 8) == 0) {
                raw = strchr(strstr(raw, "//") + 2, '/');
                if (raw == NULL)
                        raw = "/";
        }
        if (raw[0] != '/')
                return plc_fail(error, PLC_E_BAD_REQUEST, "request target is not a path");
        for (const char *c = raw; *c != '\0'; c++)
                if ((unsigned char)*c <= 0x20 || (unsigned char)*c >= 0x7f || *c == '#' || *c == '\\')
                        return plc_fail(error, PLC_E_BAD_REQUEST,
                                        "request target holds a character that must be encoded");

        const char *question = strchrnul(raw, '?');
        struct plc_http_target t = {.path = g_strndup(raw, (size_t)(question - raw)),
                                    .pairs = g_array_new(FALSE, FALSE, sizeof(struct plc_http_pair))};
        g_array_set_clear_func(t.pairs, clear_pair);
        if (!parse_path(&t, error) || (*question == '?' && !parse_query(&t, question + 1, error))) {
                plc_http_target_clear(&t);
                return false;
        }
        *out = t;
        return true;
}

void plc_http_target_clear(struct plc_http_target *t)
{
        g_clear_pointer(&t->path, g_free);
        g_clear_pointer(&t->parts, g_strfreev);
        g_clear_pointer(&t->pairs, g_array_unref);
}

const char *plc_http_target_param(const struct plc_http_target *t, const char *name)
{
        for (unsigned i = 0; i < t->pairs->len; i++) {
                const struct plc_http_pair *pair = &g_array_index(t->pairs, struct plc_http_pair, i);
                if (strcmp(pair->name, name) == 0)
                        return pair->value;
        }
        return NULL;
}

static bool word_in(const char *list, const char *word)
{
        size_t size = strlen(word);
        for (const char *at = list; at != NULL && *at != '\0';) {
                const char *end = strchrnul(at, ' ');
                if ((size_t)(end - at) == size && memcmp(at, word, size) == 0)
                        return true;
                at = *end == ' ' ? end + 1 : end;
        }
        return false;
}

bool plc_http_target_only(const struct plc_http_target *t, const char *known, GError **error)
{
        for (unsigned i = 0; i < t->pairs->len; i++) {
                const struct plc_http_pair *pair = &g_array_index(t->pairs, struct plc_http_pair, i);
                if (!word_in(known, pair->name))
                        return plc_http_bad_param(error, pair->name, "this address does not know that parameter");
        }
        return true;
}

bool plc_http_target_matches(const struct plc_http_target *t, const char *pattern)
{
        size_t i = 0;
        for (const char *at = pattern; *at == '/' && at[1] != '\0'; i++) {
                const char *end = strchrnul(++at, '/');
                size_t size = (size_t)(end - at);
                if (t->parts[i] == NULL)
                        return false;
                if (at[0] == '{' ? t->parts[i][0] == '\0'
                                 : strlen(t->parts[i]) != size || memcmp(t->parts[i], at, size) != 0)
                        return false;
                at = end;
        }
        return t->parts[i] == NULL;
}

const char *plc_http_target_part(const struct plc_http_target *t, const char *pattern, const char *name)
{
        size_t i = 0, wanted = strlen(name);
        for (const char *at = pattern; *at == '/' && at[1] != '\0'; i++) {
                const char *end = strchrnul(++at, '/');
                if (at[0] == '{' && (size_t)(end - at) == wanted + 2 && memcmp(at + 1, name, wanted) == 0)
                        return t->parts[i];
                at = end;
        }
        return NULL;
}
