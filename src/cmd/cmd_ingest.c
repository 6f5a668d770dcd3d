/* placet ingest: how is a drop taken in at once, and what became of it? */
#include <stdio.h>
#include <string.h>

#include "cmd/client.h"
#include "cmd/cmd.h"

static int ingest(int argc, char **argv);
static gboolean as_json;
static const GOptionEntry options[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print one JSON object", NULL},
        G_OPTION_ENTRY_NULL,
};

const struct plc_cmd plc_cmd_ingest = {
        .name = "ingest",
        .args = "SITE PATH… [--json]",
        .help = "Take drops in now; returns when each has its answer and its previews. A PATH outside the inbox is "
                "copied.",
        .example = "placet ingest shop ~/export/2026-11-03-*",
        .run = ingest,
};

static char *request_of(char **paths, int count)
{
        GString *out = g_string_new(NULL);

        plc_jw_object(out, NULL);
        plc_jw_array(out, "paths");
        for (int i = 0; i < count; i++) {
                g_autofree char *absolute = g_canonicalize_filename(paths[i], NULL);

                plc_jw_string(out, NULL, absolute);
        }
        plc_jw_end_array(out);
        plc_jw_end_object(out);
        return g_string_free(out, FALSE);
}

/* The claims, then the submissions that they became: both have to be quiet. */
static char **ids_of(plc_json *answer, const char *member)
{
        plc_json *drops = plc_json_member(answer, "drops");
        GPtrArray *ids = g_ptr_array_new();

        for (size_t i = 0; drops != NULL && i < plc_json_size(drops); i++) {
                const char *id = NULL;

                plc_json_get_string(plc_json_element(drops, i), member, PLC_OPTIONAL, 64, &id, NULL);
                if (id != NULL)
                        g_ptr_array_add(ids, g_strdup(id));
        }
        g_ptr_array_add(ids, NULL);
        return (char **)g_ptr_array_free(ids, FALSE);
}

/* How many were refused. */
static size_t tell(plc_json *state)
{
        plc_json *drops = plc_json_member(state, "drops");
        size_t refused = 0;

        for (size_t i = 0; i < plc_json_size(drops); i++) {
                plc_json *drop = plc_json_element(drops, i);
                const char *name = "", *how = "", *submission = NULL, *message = NULL;

                plc_json_get_string(drop, "drop", PLC_REQUIRED, 4096, &name, NULL);
                plc_json_get_string(drop, "state", PLC_REQUIRED, 64, &how, NULL);
                plc_json_get_string(drop, "submission", PLC_OPTIONAL, 64, &submission, NULL);
                plc_json_get_string(drop, "message", PLC_OPTIONAL, 65536, &message, NULL);
                if (strcmp(how, "rejected") == 0 || strcmp(how, "not taken") == 0)
                        refused++;
                if (as_json)
                        continue;
                printf("%-32s %-10s %s\n", name, how, message != NULL ? message : submission != NULL ? submission : "");
        }
        if (as_json)
                plc_client_print(drops);
        return refused;
}

/* What became of each drop is told even so. */
static bool put_off(plc_json *state)
{
        if (state != NULL)
                tell(state);
        return false;
}

static bool take_in(plc_client *client, char **paths, int count, size_t *out_refused, GError **error)
{
        g_autofree char *request = request_of(paths, count);
        g_autoptr(plc_json) answer = NULL, state = NULL;
        g_auto(GStrv) claims = NULL;

        if (!plc_client_call(client, "ingest", request, &answer, error))
                return false;
        claims = ids_of(answer, "claim");
        for (;;) {
                plc_json *drops;
                bool under_way = false;

                g_clear_pointer(&state, plc_json_free);
                if (!plc_client_wait(client, (const char *const *)claims, "taking in", &state, error))
                        return put_off(state);
                drops = plc_json_member(state, "drops");
                for (size_t i = 0; i < plc_json_size(drops); i++) {
                        const char *how = "";

                        plc_json_get_string(plc_json_element(drops, i), "state", PLC_REQUIRED, 64, &how, NULL);
                        under_way = under_way || strcmp(how, "under way") == 0;
                }
                if (!under_way)
                        break;
                /* Taken in, but the previews are still being made: wait for their submissions. */
                g_auto(GStrv) submissions = ids_of(state, "submission");
                if (!plc_client_wait(client, (const char *const *)submissions, "making previews", NULL, error))
                        return put_off(state);
        }
        *out_refused = tell(state);
        return true;
}

static int ingest(int argc, char **argv)
{
        g_autoptr(plc_client) client = NULL;
        GError *error = NULL;
        size_t refused = 0;

        if (!plc_cmd_parse(&plc_cmd_ingest, options, &argc, &argv))
                return 2;
        if (argc < 3)
                return plc_cmd_usage(&plc_cmd_ingest, "a SITE and at least one PATH are needed");
        client = plc_client_open(argv[1], true, &error);
        if (client == NULL || !take_in(client, argv + 2, argc - 2, &refused, &error))
                return plc_cmd_fail(error);
        if (refused > 0) {
                g_clear_pointer(&client, plc_client_close); /* takes its progress line away first */
                fprintf(stderr,
                        "placet: %zu of %d were not taken in. Each line tells why and what to do; rejected drops are "
                        "in "
                        "rejected/, unchanged.\n",
                        refused, argc - 2);
        }
        return refused > 0 ? 1 : 0;
}
