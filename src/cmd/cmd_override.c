/* placet override: how does somebody answer for a photo that is smaller than its placement asks for? */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "cmd/client.h"
#include "cmd/cmd.h"

static int override(int argc, char **argv);
static char *preset, *by;
static gboolean withdraw, as_json;
static const GOptionEntry options[] = {
        {"preset", 0, 0, G_OPTION_ARG_STRING, &preset, "In these placements (ids or groups, comma-separated)", "P,…"},
        {"by", 0, 0, G_OPTION_ARG_STRING, &by, "Who answers for it; stands in the ledger, and in show", "NAME"},
        {"withdraw", 0, 0, G_OPTION_ARG_NONE, &withdraw, "Take it back: the files go", NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print one JSON object", NULL},
        G_OPTION_ENTRY_NULL,
};

const struct plc_cmd plc_cmd_override = {
        .name = "override",
        .args = "SITE ID… --preset P,… --by NAME [--withdraw] [--json]",
        .help = "Let photos into placements that call them undersized; made at the size they have, never enlarged.",
        .example = "placet override shop form-2026-11-03-0042 --preset meta-feed-4x5 --by \"Ada, ads\"",
        .run = override,
};

static char *request_of(char **ids, int count)
{
        GString *out = g_string_new(NULL);

        plc_jw_object(out, NULL);
        plc_jw_array(out, "ids");
        for (int i = 0; i < count; i++)
                plc_jw_string(out, NULL, ids[i]);
        plc_jw_end_array(out);
        plc_jw_string(out, "presets", preset);
        plc_jw_string(out, "by", by);
        if (withdraw)
                plc_jw_bool(out, "withdraw", true);
        plc_jw_end_object(out);
        return g_string_free(out, FALSE);
}

static int override(int argc, char **argv)
{
        g_autoptr(plc_client) client = NULL;
        g_autoptr(plc_json) answer = NULL, state = NULL;
        g_auto(GStrv) items = NULL, given_up = NULL;
        g_autofree char *request = NULL;
        GError *error = NULL;

        if (!plc_cmd_parse(&plc_cmd_override, options, &argc, &argv))
                return 2;
        if (argc < 3 || preset == NULL || by == NULL)
                return plc_cmd_usage(&plc_cmd_override, "a SITE, at least one ID, --preset and --by are needed");
        request = request_of(argv + 2, argc - 2);
        client = plc_client_open(argv[1], true, &error);
        if (client == NULL || !plc_client_call(client, "override", request, &answer, &error) ||
            !plc_json_get_strings(answer, "items", PLC_REQUIRED, 1000000, 64, &items, &error) ||
            !plc_client_wait(client, (const char *const *)items, "rendering", &state, &error) ||
            !plc_json_get_strings(state, "given_up", PLC_REQUIRED, 1000000, 64, &given_up, &error))
                return plc_cmd_fail(error);
        if (given_up[0] != NULL) {
                g_autofree char *ids = g_strjoinv(", ", given_up);

                plc_fail_at(&error, PLC_E_INTERNAL, NULL, NULL, "placet show tells what became of them.",
                            "recorded, but not rendered (yet): %s", ids);
                return plc_cmd_fail(error);
        }
        if (as_json)
                plc_client_print(answer);
        else
                printf("%u %s %s.\n", g_strv_length(items), g_strv_length(items) == 1 ? "photo" : "photos",
                       withdraw ? "as before" : "overridden");
        return 0;
}
