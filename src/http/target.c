/* Which path and parameters does a request target name? Percent decoding (RFC 3986 2.1) by segment, so that %2F stays
 * inside its segment. */
#include "http/target.h"
#include "base/id.h"
#include <string.h>

#define PARAM_FILE "query" /* marks the errors whose pointer is a parameter */

bool plc_http_bad_param(GError **error, const char *name, const char *expected)
{
        return plc_fail_at(error, PLC_E_BAD_REQUEST, PARAM_FILE, name, expected, "not of the form expected");
}

/* One block for a request. */
struct plc_http_room {
        const char *parts[PLC_HTTP_MAX_PARTS + 1];
        struct plc_http_pair pairs[PLC_HTTP_MAX_PARAMS];
        char text[];
};

/* Stands for a part that could not be read: what it may be is not of this form. */
static const char unreadable[] = "\x7f";

/* What must be encoded to stand in a target (RFC 3986 2), whatever the library lets through. */
static bool is_raw(char c)
{
        return (unsigned char)c > 0x20 && (unsigned char)c < 0x7f && c != '#' && c != '\\';
}

/* NULL: a character that must be encoded, a bad escape, not UTF-8, a control character or more than PLC_HTTP_MAX_VALUE
 * bytes. Never more bytes than were sent: each text and its zero byte go to the place of what it was sent as and the
 * character after it. */
static const char *decode(struct plc_http_target *d, const char *from, size_t size, bool plus_is_space)
{
        char *begun = d->free, *to = begun;
        bool ascii = true;

        if (size > 3 * PLC_HTTP_MAX_VALUE)
                return NULL;
        for (size_t i = 0; i < size; i++) {
                char c = from[i];
                if (!is_raw(c))
                        return NULL;
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
                ascii &= (unsigned char)c < 0x80;
                *to++ = c;
        }
        if ((size_t)(to - begun) > PLC_HTTP_MAX_VALUE || (!ascii && !g_utf8_validate(begun, to - begun, NULL)))
                return NULL;
        *to = '\0';
        d->free = to + 1;
        return begun;
}

static bool parse_path(struct plc_http_target *t, GError **error)
{
        const char *at = t->path + 1;

        while (t->path[1] != '\0') {
                const char *end = strchrnul(at, '/');
                const char *part = decode(t, at, (size_t)(end - at), false);
                if (t->n_parts == PLC_HTTP_MAX_PARTS)
                        return plc_fail(error, PLC_E_BAD_REQUEST, "path is too deep");
                if (part == NULL || !plc_name_in_path(part)) { /* . and ..: a client ought to have taken them out */
                        part = unreadable;
                        t->odd = true;
                }
                t->parts[t->n_parts++] = part;
                if (*end == '\0')
                        break;
                at = end + 1;
        }
        t->parts[t->n_parts] = NULL;
        return true;
}

static bool parse_pair(struct plc_http_target *t, const char *at, const char *end, GError **error)
{
        const char *equals = memchr(at, '=', (size_t)(end - at));
        const char *name_end = equals != NULL ? equals : end;
        struct plc_http_pair pair = {.name = decode(t, at, (size_t)(name_end - at), true)};

        if (pair.name == NULL || pair.name[0] == '\0' || strlen(pair.name) > 64)
                return plc_http_bad_param(error, NULL, "name=value pairs, joined by &, percent-encoded UTF-8");
        if (plc_http_target_param(t, pair.name) != NULL)
                return plc_http_bad_param(error, pair.name, "it may be given once");
        if (t->n_pairs == PLC_HTTP_MAX_PARAMS)
                return plc_http_bad_param(error, pair.name, "fewer parameters: no address takes so many");
        pair.value = equals != NULL ? decode(t, equals + 1, (size_t)(end - equals - 1), true) : "";
        if (pair.value == NULL)
                return plc_http_bad_param(error, pair.name,
                                          "percent-encoded UTF-8 without control characters, at most 1024 bytes");
        t->pairs[t->n_pairs++] = pair;
        return true;
}

bool plc_http_target_query(struct plc_http_target *t, GError **error)
{
        for (const char *at = t->query; *at != '\0';) {
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
        size_t path = (size_t)(strchrnul(raw, '?') - raw), size = strlen(raw);
        /* The path as it is, and all of it decoded. */
        struct plc_http_room *room = g_malloc(sizeof *room + path + size + 3);
        struct plc_http_target t = {.path = room->text,
                                    .parts = room->parts,
                                    .pairs = room->pairs,
                                    .query = raw + path + (raw[path] == '?'),
                                    .room = room,
                                    .free = room->text + path + 1};

        memcpy(room->text, raw, path);
        room->text[path] = '\0';
        if (!parse_path(&t, error)) {
                plc_http_target_clear(&t);
                return false;
        }
        *out = t;
        return true;
}

void plc_http_target_clear(struct plc_http_target *t)
{
        g_free(t->room);
        *t = (struct plc_http_target){0};
}

const char *plc_http_target_param(const struct plc_http_target *t, const char *name)
{
        for (size_t i = 0; i < t->n_pairs; i++) {
                const struct plc_http_pair *pair = &t->pairs[i];
                if (pair->name[0] == name[0] && strcmp(pair->name, name) == 0) /* lists look for dozens */
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
        for (size_t i = 0; i < t->n_pairs; i++) {
                const struct plc_http_pair *pair = &t->pairs[i];
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

/* The name in the pattern's braces that takes the part of this number, free with g_free; NULL: none. */
static char *name_of(const char *pattern, size_t number)
{
        g_auto(GStrv) parts = g_strsplit(pattern + 1, "/", -1);
        const char *part = number < g_strv_length(parts) ? parts[number] : "";

        return part[0] == '{' ? g_strndup(part + 1, strlen(part) - 2) : NULL;
}

bool plc_http_target_whole(const struct plc_http_target *t, const char *pattern, GError **error)
{
        size_t i = 0;

        if (!t->odd)
                return true;
        while (t->parts[i] != unreadable)
                i++;
        g_autofree char *name = pattern != NULL ? name_of(pattern, i) : NULL;
        return plc_http_bad_param(error, name,
                                  "percent-encoded UTF-8 without control characters, at most 1024 bytes, not . or ..");
}
