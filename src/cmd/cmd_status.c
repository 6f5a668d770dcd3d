/* placet status, list, show: what is there, and how is it? */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cmd/client.h"
#include "cmd/cmd.h"

static int status(int argc, char **argv);
static int list(int argc, char **argv);
static int show(int argc, char **argv);
static gboolean as_json;
static char *state, *after;
static gint limit = 100;
static const GOptionEntry json_option[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print one JSON object", NULL},
        G_OPTION_ENTRY_NULL,
};
static const GOptionEntry list_options[] = {
        {"state", 0, 0, G_OPTION_ARG_STRING, &state, "waiting, approved, rejected, failed, erased, replaced or any",
         "STATE"},
        {"after", 0, 0, G_OPTION_ARG_STRING, &after, "Go on after this item", "ID"},
        {"limit", 0, 0, G_OPTION_ARG_INT, &limit, "At most so many", "N"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print one JSON object", NULL},
        G_OPTION_ENTRY_NULL,
};

const struct plc_cmd plc_cmd_status = {
        .name = "status",
        .args = "[SITE] [--json]",
        .help = "Tell how the site is: items by state, queue, inbox, ledger.",
        .example = "placet status shop",
        .run = status,
};

const struct plc_cmd plc_cmd_list = {
        .name = "list",
        .args = "[SITE] [--state STATE] [--after ID] [--limit N] [--json]",
        .help = "List items, oldest first: a moderator's queue, with what was reported on top.",
        .example = "placet list shop --state waiting",
        .run = list,
};

const struct plc_cmd plc_cmd_show = {
        .name = "show",
        .args = "SITE ID… [--json]",
        .help = "Tell all about items: texts, what was removed from a photo, every placement and its verdict.",
        .example = "placet show shop form-2026-11-03-0042",
        .run = show,
};

/* An object's members, but those, as "name  value" lines; lists of strings joined, objects one level in. */
static void print_members(plc_json *object, int indent, const char *const *but)
{
        for (size_t i = 0; i < plc_json_size(object); i++) {
                plc_json *value = plc_json_value(object, i);
                const char *name = plc_json_name(object, i);
                g_autoptr(GString) text = g_string_new(NULL);

                if (but != NULL && g_strv_contains(but, name))
                        continue;
                switch (plc_json_typeof(value)) {
                case PLC_JSON_NULL:
                        continue;
                case PLC_JSON_OBJECT:
                        printf("%*s%s\n", indent, "", name);
                        print_members(value, indent + 2, NULL);
                        continue;
                case PLC_JSON_STRING:
                        g_string_append(text, plc_json_string(value));
                        break;
                case PLC_JSON_ARRAY:
                        for (size_t e = 0; e < plc_json_size(value); e++) {
                                plc_json *element = plc_json_element(value, e);

                                g_autoptr(GString) one = g_string_new(NULL); /* plc_json_write separates by itself */

                                if (plc_json_typeof(element) != PLC_JSON_STRING)
                                        plc_json_write(element, one);
                                g_string_append(text, e > 0 ? ", " : "");
                                g_string_append(text, plc_json_typeof(element) == PLC_JSON_STRING
                                                              ? plc_json_string(element)
                                                              : one->str);
                        }
                        break;
                default:
                        plc_json_write(value, text);
                }
                if (text->len > 0)
                        printf("%*s%-*s %s\n", indent, "", 16 - indent, name, text->str);
        }
}

static plc_json *ask(const char *site, const char *op, const char *request, GError **error)
{
        g_autoptr(plc_client) client = plc_client_open(site, false, error);
        plc_json *answer = NULL;

        if (client == NULL || !plc_client_call(client, op, request, &answer, error))
                return NULL;
        return answer;
}

static int status(int argc, char **argv)
{
        g_autoptr(plc_json) answer = NULL;
        GError *error = NULL;

        if (!plc_cmd_parse(&plc_cmd_status, json_option, &argc, &argv))
                return 2;
        if (argc > 2)
                return plc_cmd_usage(&plc_cmd_status, "at most one SITE is taken");
        answer = ask(plc_cmd_site(argc == 2 ? argv[1] : NULL), "status", "{}", &error);
        if (answer == NULL)
                return plc_cmd_fail(error);
        if (as_json)
                plc_client_print(answer);
        else
                print_members(answer, 0, NULL);
        return 0;
}

static const char *text_of(plc_json *object, const char *name)
{
        const char *value = "";

        plc_json_get_string(object, name, PLC_OPTIONAL, 65536, &value, NULL);
        return value;
}

static void print_line(plc_json *item)
{
        g_auto(GStrv) products = NULL, flags = NULL;
        g_autofree char *joined = NULL, *flagged = NULL;
        g_autoptr(GString) reported = g_string_new(NULL);
        plc_json *reports = plc_json_member(item, "reports");

        plc_json_get_strings(item, "products", PLC_REQUIRED, 1000, 4096, &products, NULL);
        plc_json_get_strings(item, "flags", PLC_OPTIONAL, 1000, 4096, &flags, NULL);
        joined = products != NULL ? g_strjoinv(",", products) : g_strdup("");
        flagged = flags != NULL ? g_strjoinv(",", flags) : g_strdup("");
        for (size_t i = 0; reports != NULL && i < plc_json_size(reports); i++)
                g_string_append_printf(reported, "%s%s", i == 0 ? "  ! reported: " : ", ",
                                       text_of(plc_json_element(reports, i), "reason"));
        printf("%s  %-8s  %-6s  %-8s  %.10s  %s%s%s%s\n", text_of(item, "item"), text_of(item, "state"),
               text_of(item, "kind"), text_of(item, "language"), text_of(item, "received_at"), joined,
               flagged[0] != '\0' ? "  ! " : "", flagged, reported->str);
}

static char *list_request(void)
{
        GString *out = g_string_new(NULL);

        plc_jw_object(out, NULL);
        if (state != NULL)
                plc_jw_string(out, "state", state);
        if (after != NULL)
                plc_jw_string(out, "after", after);
        plc_jw_int(out, "limit", limit);
        plc_jw_end_object(out);
        return g_string_free(out, FALSE);
}

static int list(int argc, char **argv)
{
        g_autoptr(plc_json) answer = NULL;
        g_autofree char *request = NULL;
        GError *error = NULL;
        plc_json *items;

        if (!plc_cmd_parse(&plc_cmd_list, list_options, &argc, &argv))
                return 2;
        if (argc > 2)
                return plc_cmd_usage(&plc_cmd_list, "at most one SITE is taken; show SITE ID tells of one");
        request = list_request();
        answer = ask(plc_cmd_site(argc == 2 ? argv[1] : NULL), "list", request, &error);
        if (answer == NULL)
                return plc_cmd_fail(error);
        if (as_json) {
                plc_client_print(answer);
                return 0;
        }
        items = plc_json_member(answer, "items");
        for (size_t i = 0; i < plc_json_size(items); i++)
                print_line(plc_json_element(items, i));
        if (text_of(answer, "next")[0] != '\0')
                fprintf(stderr, "There are more: --after %s\n", text_of(answer, "next"));
        return 0;
}

/* What the files hold, each part once: "[picture, xmp]". */
static void print_holds(plc_json *files)
{
        g_autoptr(GPtrArray) parts = g_ptr_array_new();

        for (size_t i = 0; i < plc_json_size(files); i++) {
                plc_json *holds = plc_json_member(plc_json_element(files, i), "holds");

                for (size_t h = 0; h < plc_json_size(holds); h++) {
                        const char *part = plc_json_string(plc_json_element(holds, h));

                        if (!g_ptr_array_find_with_equal_func(parts, part, g_str_equal, NULL))
                                g_ptr_array_add(parts, (gpointer)part);
                }
        }
        for (guint i = 0; i < parts->len; i++)
                printf("%s%s%s", i == 0 ? " [" : ", ", (const char *)parts->pdata[i], i + 1 == parts->len ? "]" : "");
}

static void print_placement(plc_json *placement)
{
        plc_json *files = plc_json_member(placement, "files"), *override = plc_json_member(placement, "override");
        const char *code = text_of(placement, "code");

        printf("  %-20s %-10s", text_of(placement, "preset"), text_of(placement, "verdict"));
        for (size_t i = 0; i < plc_json_size(files); i++) {
                plc_json *file = plc_json_element(files, i);
                int64_t width = 0, height = 0;

                plc_json_get_int(file, "width", PLC_REQUIRED, 0, INT64_MAX, &width, NULL);
                plc_json_get_int(file, "height", PLC_REQUIRED, 0, INT64_MAX, &height, NULL);
                printf(" %s:%dx%d", text_of(file, "format"), (int)width, (int)height);
        }
        print_holds(files);
        if (code[0] != '\0')
                printf(" %s: %s", code, text_of(placement, "why"));
        if (override != NULL)
                printf(" (allowed by %s, %.10s)", text_of(override, "by"), text_of(override, "at"));
        else if (strcmp(text_of(placement, "verdict"), "undersized") == 0)
                printf(" %s; placet override lets it in", text_of(placement, "why"));
        putchar('\n');
}

/* "insult: "idiot" in body, bytes 5 to 10"; of what is personal the words stay where they are sealed. */
static void print_finding(plc_json *finding, bool first)
{
        const char *words = text_of(finding, "words"), *charset = text_of(finding, "charset");
        int64_t n = 0, start = 0, end = 0;

        plc_json_get_int(finding, "n", PLC_OPTIONAL, 0, INT64_MAX, &n, NULL);
        printf("%-16s %s", first ? "findings" : "", text_of(finding, "kind"));
        if (words[0] != '\0')
                printf(" \"%s\"", words);
        printf(charset[0] != '\0' ? ": %s" : " in %s", text_of(finding, "field"));
        if (n > 0)
                printf(" %" PRId64, n);
        if (plc_json_member(finding, "end") != NULL &&
            plc_json_get_int(finding, "start", PLC_REQUIRED, 0, INT64_MAX, &start, NULL) &&
            plc_json_get_int(finding, "end", PLC_REQUIRED, 0, INT64_MAX, &end, NULL))
                printf(", bytes %" PRId64 " to %" PRId64, start, end);
        if (charset[0] != '\0')
                printf(" read as %s (%s)", charset, text_of(finding, "by"));
        putchar('\n');
}

static int show(int argc, char **argv)
{
        g_autoptr(plc_json) answer = NULL;
        g_autofree char *request = NULL;
        GError *error = NULL;
        plc_json *items;

        if (!plc_cmd_parse(&plc_cmd_show, json_option, &argc, &argv))
                return 2;
        if (argc < 2)
                return plc_cmd_usage(&plc_cmd_show, "a SITE and an ID are needed");
        request =
                plc_client_ids_request((const char *const *)argv + (argc > 2 ? 2 : 1), argc > 2 ? (size_t)argc - 2 : 1);
        answer = ask(plc_cmd_site(argc > 2 ? argv[1] : NULL), "show", request, &error);
        if (answer == NULL)
                return plc_cmd_fail(error);
        if (as_json) {
                plc_client_print(answer);
                return 0;
        }
        items = plc_json_member(answer, "items");
        for (size_t i = 0; i < plc_json_size(items); i++) {
                plc_json *item = plc_json_element(items, i);
                plc_json *placements = plc_json_member(item, "placements");
                plc_json *findings = plc_json_member(item, "findings");

                print_members(item, 0, (const char *const[]){"placements", "findings", NULL});
                for (size_t f = 0; findings != NULL && f < plc_json_size(findings); f++)
                        print_finding(plc_json_element(findings, f), f == 0);
                for (size_t p = 0; placements != NULL && p < plc_json_size(placements); p++)
                        print_placement(plc_json_element(placements, p));
                putchar('\n');
        }
        return 0;
}
