/* placet erase: how does an operator answer a request to be forgotten? */
#include <stdio.h>

#include "cmd/client.h"
#include "cmd/cmd.h"

static int erase(int argc, char **argv);
static gboolean as_json, waits;
static const GOptionEntry options[] = {
        {"wait", 0, 0, G_OPTION_ARG_NONE, &waits, "Return when all is done, as it does without it", NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print one JSON object", NULL},
        G_OPTION_ENTRY_NULL,
};

const struct plc_cmd plc_cmd_erase = {
        .name = "erase",
        .args = "SITE CONTRIBUTOR [--wait] [--json]",
        .help = "Erase a person: all that they sent is gone, here and in backups, and does not come back by itself.",
        .example = "placet erase shop shop-form:cust-8841",
        .run = erase,
};

static bool print_pulled(plc_json *answer, GError **error)
{
        plc_json *pulled = NULL;

        if (!plc_json_get_array(answer, "pulled", PLC_REQUIRED, 1000000, &pulled, error))
                return false;
        if (plc_json_size(pulled) > 0)
                puts("These files were handed out; whoever has them must be told (GDPR art. 19):");
        for (size_t i = 0; i < plc_json_size(pulled); i++) {
                plc_json *row = plc_json_element(pulled, i);
                const char *pull = "", *file = "", *sha256 = "", *puller = "", *campaign = NULL;
                bool valid = false;

                if (!plc_json_get_string(row, "pull", PLC_REQUIRED, 64, &pull, error) ||
                    !plc_json_get_string(row, "file", PLC_REQUIRED, 4096, &file, error) ||
                    !plc_json_get_string(row, "sha256", PLC_REQUIRED, 64, &sha256, error) ||
                    !plc_json_get_string(row, "puller", PLC_OPTIONAL, 200, &puller, error) ||
                    !plc_json_get_string(row, "campaign", PLC_OPTIONAL, 200, &campaign, error) ||
                    !plc_json_get_bool(row, "still_valid", PLC_REQUIRED, &valid, error))
                        return false;
                printf("  %s  %s  %s  %s%s%s  %s\n", pull, puller, file, sha256, campaign != NULL ? "  " : "",
                       campaign != NULL ? campaign : "", valid ? "in use" : "its time has run out");
        }
        return true;
}

static bool print(plc_json *answer, GError **error)
{
        int64_t submissions = 0, items = 0;
        const char *at = "";
        bool already = false;

        if (!plc_json_get_bool(answer, "already", PLC_REQUIRED, &already, error) ||
            !plc_json_get_string(answer, "erased_at", PLC_REQUIRED, 64, &at, error) ||
            !plc_json_get_int(answer, "submissions", PLC_REQUIRED, 0, INT64_MAX, &submissions, error) ||
            !plc_json_get_int(answer, "items", PLC_REQUIRED, 0, INT64_MAX, &items, error))
                return false;
        if (already)
                printf("This person was erased already, at %s.\n", at);
        else
                printf("Erased: %" G_GINT64_FORMAT " %s with %" G_GINT64_FORMAT
                       " %s. Their key is destroyed; nothing of theirs can be read any more.\n",
                       submissions, submissions == 1 ? "submission" : "submissions", items,
                       items == 1 ? "item" : "items");
        if (!print_pulled(answer, error))
                return false;
        puts("Drops in rejected/ were never taken in and belong to nobody here: look through them yourself.");
        return true;
}

static int erase(int argc, char **argv)
{
        g_autoptr(plc_client) client = NULL;
        g_autoptr(plc_json) answer = NULL;
        g_autofree char *request = NULL;
        GError *error = NULL;

        if (!plc_cmd_parse(&plc_cmd_erase, options, &argc, &argv))
                return 2;
        if (argc != 3)
                return plc_cmd_usage(&plc_cmd_erase, "a SITE and a CONTRIBUTOR (our id, or source:id) are needed");
        request = plc_client_request("contributor", argv[2], NULL);
        client = plc_client_open(argv[1], true, &error);
        if (client == NULL || !plc_client_call(client, "erase", request, &answer, &error))
                return plc_cmd_fail(error);
        if (as_json)
                plc_client_print(answer);
        else if (!print(answer, &error))
                return plc_cmd_fail(error);
        return 0;
}
