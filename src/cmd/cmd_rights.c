/* placet rights: on which permissions does an item stand, how is one recorded, and how withdrawn? */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cmd/client.h"
#include "cmd/cmd.h"
#include <fcntl.h>

#define EVIDENCE_BYTES ((size_t)1 << 20)

static int rights(int argc, char **argv);
static char *grant, *contributor, *terms, *evidence, *captured_at, *not_after, *channels, *territories, *edits,
        *products;
static gint64 version = 1;
static gboolean as_json;
static const GOptionEntry options[] = {
        {"grant", 0, 0, G_OPTION_ARG_STRING, &grant, "withdraw: this grant alone", "G"},
        {"contributor", 0, 0, G_OPTION_ARG_STRING, &contributor, "withdraw: all of theirs (our id, or source:id)", "C"},
        {"terms", 0, 0, G_OPTION_ARG_STRING, &terms, "grant: the registered terms that were accepted", "ID"},
        {"version", 0, 0, G_OPTION_ARG_INT64, &version, "grant: their version", "N"},
        {"evidence", 0, 0, G_OPTION_ARG_FILENAME, &evidence, "grant: a text file that shows it (an e-mail, a form)",
         "FILE"},
        {"captured-at", 0, 0, G_OPTION_ARG_STRING, &captured_at, "grant: when the contributor agreed", "TIME"},
        {"not-after", 0, 0, G_OPTION_ARG_STRING, &not_after, "grant: it ends then", "TIME"},
        {"channels", 0, 0, G_OPTION_ARG_STRING, &channels, "grant: only for these (comma-separated)", "C,…"},
        {"territories", 0, 0, G_OPTION_ARG_STRING, &territories, "grant: only there (comma-separated)", "T,…"},
        {"edits", 0, 0, G_OPTION_ARG_STRING, &edits, "grant: only changed so (comma-separated)", "E,…"},
        {"products", 0, 0, G_OPTION_ARG_STRING, &products, "grant: only for these products (comma-separated)", "P,…"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print one JSON object", NULL},
        G_OPTION_ENTRY_NULL,
};

const struct plc_cmd plc_cmd_rights = {
        .name = "rights",
        .args = "show|grant|withdraw SITE [ID] …",
        .help = "Show the permissions that an item stands on, record one with its evidence, or withdraw.",
        .example = "placet rights withdraw shop form-2026-11-03-0042\n"
                   "  placet rights grant shop 5Q2V7N6T8Y3W5K9M4R1B0D --terms ugc-ads --evidence mail.txt "
                   "--territories DE,AT",
        .run = rights,
};

static void print_event(plc_json *event)
{
        static const char *const told[] = {"type",     "effective_at", "grant",   "layer",      "scope",   "not_after",
                                           "attested", "verdict",      "subject", "connection", "persons", "reason"};

        for (size_t i = 0; i < G_N_ELEMENTS(told); i++) {
                plc_json *value = plc_json_member(event, told[i]);
                g_autoptr(GString) text = g_string_new(NULL);

                if (value == NULL)
                        continue;
                if (plc_json_typeof(value) == PLC_JSON_STRING)
                        g_string_append(text, plc_json_string(value));
                else
                        plc_json_write(value, text);
                printf(i == 0 ? "  %-20s" : " %s", text->str);
        }
        putchar('\n');
}

static int show(plc_client *client, const char *id, GError **error)
{
        g_autoptr(plc_json) answer = NULL;
        g_autofree char *request = NULL;
        GString *out = g_string_new(NULL);
        plc_json *items;

        plc_jw_object(out, NULL);
        plc_jw_array(out, "ids");
        plc_jw_string(out, NULL, id);
        plc_jw_end_array(out);
        plc_jw_end_object(out);
        request = g_string_free(out, FALSE);
        if (!plc_client_call(client, "rights_show", request, &answer, error))
                return -1;
        if (as_json) {
                plc_client_print(answer);
                return 0;
        }
        items = plc_json_member(answer, "items");
        for (size_t i = 0; i < plc_json_size(items); i++) {
                plc_json *item = plc_json_element(items, i), *events = plc_json_member(item, "events");
                const char *name = "";

                plc_json_get_string(item, "item", PLC_REQUIRED, 64, &name, NULL);
                puts(name);
                for (size_t e = 0; e < plc_json_size(events); e++)
                        print_event(plc_json_element(events, e));
        }
        return 0;
}

static void add_list(GString *out, const char *name, const char *words)
{
        g_auto(GStrv) parts = words != NULL ? g_strsplit(words, ",", -1) : NULL;

        if (parts == NULL)
                return;
        plc_jw_array(out, name);
        for (char **part = parts; *part != NULL; part++)
                plc_jw_string(out, NULL, g_strstrip(*part));
        plc_jw_end_array(out);
}

static char *grant_request(const char *id, const char *text)
{
        GString *out = g_string_new(NULL);
        const char *const pairs[][2] = {{"terms", terms}, {"captured_at", captured_at}, {"not_after", not_after}};

        plc_jw_object(out, NULL);
        plc_jw_string(out, "id", id);
        plc_jw_string(out, "evidence", text);
        plc_jw_int(out, "version", version);
        for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
                if (pairs[i][1] != NULL)
                        plc_jw_string(out, pairs[i][0], pairs[i][1]);
        add_list(out, "channels", channels);
        add_list(out, "territories", territories);
        add_list(out, "edits", edits);
        add_list(out, "products", products);
        plc_jw_end_object(out);
        return g_string_free(out, FALSE);
}

static int give(plc_client *client, const char *id, GError **error)
{
        g_autoptr(plc_json) answer = NULL;
        g_autoptr(GBytes) bytes = NULL;
        g_autofree char *request = NULL;
        g_auto(GStrv) items = NULL, grants = NULL;
        bool attested = false;

        if (!plc_read_file_at(AT_FDCWD, evidence, EVIDENCE_BYTES, &bytes, error))
                return -1;
        if (!g_utf8_validate(g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes), NULL)) {
                plc_fail_at(error, PLC_E_BAD_TEXT, evidence, NULL, "Save the e-mail or form as plain UTF-8 text.",
                            "is not a text in UTF-8");
                return -1;
        }
        request = grant_request(id, g_bytes_get_data(bytes, NULL));
        if (!plc_client_call(client, "rights_grant", request, &answer, error) ||
            !plc_json_get_strings(answer, "items", PLC_REQUIRED, 1000000, 64, &items, error) ||
            !plc_json_get_strings(answer, "grants", PLC_REQUIRED, 1000, 64, &grants, error) ||
            !plc_json_get_bool(answer, "attested", PLC_REQUIRED, &attested, error) ||
            !plc_client_wait(client, (const char *const *)items, "rendering", NULL, error))
                return -1;
        if (as_json)
                plc_client_print(answer);
        else
                printf("%u grants recorded%s.\n", g_strv_length(grants),
                       attested ? " as an attestation, which the policy caps" : "");
        return 0;
}

static int withdraw(plc_client *client, const char *id, GError **error)
{
        g_autofree char *request = plc_client_request("id", id, "grant", grant, "contributor", contributor, NULL);
        g_autoptr(plc_json) answer = NULL;
        int64_t items = 0;

        if (!plc_client_call(client, "rights_withdraw", request, &answer, error) ||
            !plc_json_get_int(answer, "items", PLC_REQUIRED, 0, INT64_MAX, &items, error))
                return -1;
        if (as_json)
                plc_client_print(answer);
        else
                printf("Withdrawn; %" G_GINT64_FORMAT " %s decided anew, and the index says so.\n", items,
                       items == 1 ? "item was" : "items were");
        return 0;
}

static int rights(int argc, char **argv)
{
        const char *verb = NULL, *id;
        g_autoptr(plc_client) client = NULL;
        GError *error = NULL;
        int done;

        if (!plc_cmd_parse(&plc_cmd_rights, options, &argc, &argv))
                return 2;
        if (argc < 3 || argc > 4)
                return plc_cmd_usage(&plc_cmd_rights, "show, grant or withdraw, then a SITE, are needed");
        verb = argv[1];
        id = argc == 4 ? argv[3] : NULL;
        if (strcmp(verb, "show") != 0 && strcmp(verb, "grant") != 0 && strcmp(verb, "withdraw") != 0)
                return plc_cmd_usage(&plc_cmd_rights, "the first word must be show, grant or withdraw");
        if (id == NULL && (strcmp(verb, "withdraw") != 0 || (grant == NULL && contributor == NULL)))
                return plc_cmd_usage(&plc_cmd_rights, "an ID is needed");
        if (strcmp(verb, "grant") == 0 && evidence == NULL)
                return plc_cmd_usage(&plc_cmd_rights, "grant needs --evidence: nothing is granted without it");
        client = plc_client_open(argv[2], strcmp(verb, "show") != 0, &error);
        if (client == NULL)
                return plc_cmd_fail(error);
        done = strcmp(verb, "show") == 0    ? show(client, id, &error)
               : strcmp(verb, "grant") == 0 ? give(client, id, &error)
                                            : withdraw(client, id, &error);
        return done == 0 ? 0 : plc_cmd_fail(error);
}
