/* placet approve, placet reject: how does a moderator's word become true? */
#include <stdio.h>
#include <string.h>

#include "cmd/client.h"
#include "cmd/cmd.h"

static int approve(int argc, char **argv);
static int reject(int argc, char **argv);
static gboolean as_json;
static char *code, *note;
static char **flags;
static const GOptionEntry options[] = {
        {"code", 0, 0, G_OPTION_ARG_STRING, &code, "Why, as a code for the ledger", "C"},
        {"note", 0, 0, G_OPTION_ARG_STRING, &note, "A note for placet show, sealed with the item", "T"},
        {"flag", 0, 0, G_OPTION_ARG_STRING_ARRAY, &flags,
         "approve: it shows this, which not every market takes: alcohol, skin, … (may be repeated)", "F"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print one JSON object", NULL},
        G_OPTION_ENTRY_NULL,
};

const struct plc_cmd plc_cmd_approve = {
        .name = "approve",
        .args = "SITE ID… [--flag F]… [--code C] [--note T] [--json]",
        .help = "Approve items; they are rendered and published, as far as permissions go, when it returns.",
        .example = "placet approve shop form-2026-11-03-0042",
        .run = approve,
};

const struct plc_cmd plc_cmd_reject = {
        .name = "reject",
        .args = "SITE ID… [--code C] [--note T] [--json]",
        .help = "Reject items; they are shown nowhere any more when it returns.",
        .example = "placet reject shop form-2026-11-03-0042 --code blurred",
        .run = reject,
};

static char *request_of(char **ids, int count)
{
        GString *out = g_string_new(NULL);

        plc_jw_object(out, NULL);
        plc_jw_array(out, "ids");
        for (int i = 0; i < count; i++)
                plc_jw_string(out, NULL, ids[i]);
        plc_jw_end_array(out);
        if (code != NULL)
                plc_jw_string(out, "code", code);
        if (note != NULL)
                plc_jw_string(out, "note", note);
        if (flags != NULL) {
                plc_jw_array(out, "flags");
                for (char **flag = flags; *flag != NULL; flag++)
                        plc_jw_string(out, NULL, *flag);
                plc_jw_end_array(out);
        }
        plc_jw_end_object(out);
        return g_string_free(out, FALSE);
}

static int moderate(const struct plc_cmd *cmd, int argc, char **argv)
{
        g_autoptr(plc_client) client = NULL;
        g_autoptr(plc_json) answer = NULL, state = NULL;
        g_autofree char *request = NULL;
        g_auto(GStrv) items = NULL, given_up = NULL;
        GError *error = NULL;

        if (!plc_cmd_parse(cmd, options, &argc, &argv))
                return 2;
        if (argc < 3)
                return plc_cmd_usage(cmd, "a SITE and at least one ID are needed");
        request = request_of(argv + 2, argc - 2);
        client = plc_client_open(argv[1], true, &error);
        if (client == NULL || !plc_client_call(client, cmd->name, request, &answer, &error) ||
            !plc_json_get_strings(answer, "items", PLC_REQUIRED, 1000000, 64, &items, &error) ||
            !plc_client_wait(client, (const char *const *)items, "rendering", &state, &error) ||
            !plc_json_get_strings(state, "given_up", PLC_REQUIRED, 1000000, 64, &given_up, &error))
                return plc_cmd_fail(error);
        if (given_up[0] != NULL) {
                g_autofree char *ids = g_strjoinv(", ", given_up);

                plc_fail_at(&error, PLC_E_INTERNAL, NULL, NULL, "placet show tells what became of them.",
                            "recorded, but not rendered and published (yet): %s", ids);
                return plc_cmd_fail(error);
        }
        if (as_json)
                plc_client_print(answer);
        else
                printf("%u %s %s.\n", g_strv_length(items), g_strv_length(items) == 1 ? "item" : "items",
                       strcmp(cmd->name, "approve") == 0 ? "approved" : "rejected");
        return 0;
}

static int approve(int argc, char **argv)
{
        return moderate(&plc_cmd_approve, argc, argv);
}

static int reject(int argc, char **argv)
{
        return moderate(&plc_cmd_reject, argc, argv);
}
