/*
 * How is a file of named statements cut into its blocks? At lines `-- :name WORD`; a comment that begins with an
 * engine's name and a colon is that engine's alone.
 */
#include "db/statements.h"

#include <string.h>

#define MARK "-- :name "

/* "pg: …" between the signs of a comment: the length of the engine's name, 0 for an ordinary comment. */
static size_t engine_length(const char *comment)
{
        size_t length = strspn(comment, "abcdefghijklmnopqrstuvwxyz");

        return length > 0 && comment[length] == ':' ? length : 0;
}

static bool expand(const char *name, const char *text, size_t size, const char *dialect, GString *out, GError **error)
{
        const char *end = text + size;

        for (const char *at = text; at < end;) {
                const char *open = g_strstr_len(at, end - at, "/*");
                const char *close = open != NULL ? g_strstr_len(open + 2, end - open - 2, "*/") : NULL;
                size_t engine;

                if (open == NULL) {
                        g_string_append_len(out, at, end - at);
                        return true;
                }
                if (close == NULL)
                        return plc_fail(error, PLC_E_INTERNAL, "statement %s: a comment without end", name);
                g_string_append_len(out, at, open - at);
                engine = engine_length(open + 2);
                if (engine == strlen(dialect) && strncmp(open + 2, dialect, engine) == 0)
                        g_string_append_len(out, open + 3 + engine, close - open - 3 - (gssize)engine);
                at = close + 2;
        }
        return true;
}

static bool add_block(GHashTable *table, const char *name, const char *text, size_t size, const char *dialect,
                      GError **error)
{
        g_autoptr(GString) sql = g_string_new(NULL);

        if (g_hash_table_contains(table, name))
                return plc_fail(error, PLC_E_INTERNAL, "statement %s is there twice", name);
        if (!expand(name, text, size, dialect, sql, error))
                return false;
        g_strstrip(sql->str);
        if (sql->str[0] == '\0')
                return plc_fail(error, PLC_E_INTERNAL, "statement %s is empty", name);
        g_hash_table_insert(table, g_strdup(name), g_strdup(sql->str));
        return true;
}

/* The next line that begins a block, or the end of the text. */
static const char *next_mark(const char *at)
{
        const char *mark;

        if (strncmp(at, MARK, strlen(MARK)) == 0)
                return at;
        mark = strstr(at, "\n" MARK);
        return mark != NULL ? mark + 1 : at + strlen(at);
}

/* Only remarks may stand before the first name. */
static bool remarks_only(const char *text, const char *end)
{
        while (text < end) {
                const char *line = text;

                text = memchr(line, '\n', (size_t)(end - line));
                text = text != NULL ? text + 1 : end;
                if (*line != '\n' && strncmp(line, "--", 2) != 0)
                        return false;
        }
        return true;
}

GHashTable *plc_statements_parse(const char *text, const char *dialect, GError **error)
{
        g_autoptr(GHashTable) table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        const char *at = next_mark(text);

        if (!remarks_only(text, at)) {
                plc_fail(error, PLC_E_INTERNAL, "text before the first statement's name");
                return NULL;
        }
        while (*at != '\0') {
                const char *name = at + strlen(MARK);
                size_t length = strcspn(name, " \n");
                const char *body = name + length + strcspn(name + length, "\n");
                g_autofree char *key = g_strndup(name, length);

                at = next_mark(body);
                if (!add_block(table, key, body, (size_t)(at - body), dialect, error))
                        return NULL;
        }
        return g_steal_pointer(&table);
}
