/* placet recalls: which files were handed out and may no longer be used? */
#include <stdio.h>

#include "cmd/cmd_rights.h"

static int recalls(int argc, char **argv);
static gboolean as_json;
static const GOptionEntry options[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print one JSON object", NULL},
        G_OPTION_ENTRY_NULL,
};

const struct plc_cmd plc_cmd_recalls = {
        .name = "recalls",
        .args = "[SITE] [--json]",
        .help = "List the files that were pulled, are still valid by their receipt, and may no longer be used.",
        .example = "placet recalls shop",
        .run = recalls,
};

static int recalls(int argc, char **argv)
{
        g_autoptr(plc_client) client = NULL;
        g_autoptr(plc_json) answer = NULL;
        GError *error = NULL;

        if (!plc_cmd_parse(&plc_cmd_recalls, options, &argc, &argv))
                return 2;
        if (argc > 2)
                return plc_cmd_usage(&plc_cmd_recalls, "one SITE is enough");
        client = plc_client_open(plc_cmd_site(argc == 2 ? argv[1] : NULL), false, &error);
        if (client == NULL || !plc_client_call(client, "recalls", "{}", &answer, &error))
                return plc_cmd_fail(error);
        if (as_json)
                plc_client_print(answer);
        else if (plc_json_size(plc_json_member(answer, "recalls")) == 0)
                puts("Nothing that was pulled needs to be called back.");
        else
                plc_rights_tell_recalls(answer);
        return 0;
}
