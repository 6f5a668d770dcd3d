/* placet index: how is the published index made anew? */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "cmd/client.h"
#include "cmd/cmd.h"

#define WAIT_AT_ONCE 1000 /* ids of one question to the office */

static int index_command(int argc, char **argv);
static gboolean as_json;
static const GOptionEntry options[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print one JSON object", NULL},
        G_OPTION_ENTRY_NULL,
};

const struct plc_cmd plc_cmd_index = {
        .name = "index",
        .args = "rebuild [SITE] [--json]",
        .help = "Write the published index anew from catalog and vault. It is emptied and filled in one publication; "
                "files of renditions that are gone are made again.",
        .example = "placet index rebuild shop",
        .run = index_command,
};

static int64_t number(plc_json *answer, const char *name)
{
        int64_t value = 0;

        plc_json_get_int(answer, name, PLC_OPTIONAL, 0, INT64_MAX, &value, NULL);
        return value;
}

/* It has returned when everything is there again that decide() allows. */
static bool rebuild(plc_client *client, plc_json **out_answer, GError **error)
{
        g_autoptr(plc_json) answer = NULL;
        g_auto(GStrv) ids = NULL;

        if (!plc_client_call(client, "index_rebuild", "{}", &answer, error) ||
            !plc_json_get_strings(answer, "items_rendered_again", PLC_REQUIRED, SIZE_MAX, 64, &ids, error))
                return false;
        for (char **from = ids; *from != NULL;) {
                char *few[WAIT_AT_ONCE + 1] = {NULL};

                for (size_t i = 0; i < WAIT_AT_ONCE && *from != NULL; i++)
                        few[i] = *from++;
                if (!plc_client_wait(client, (const char *const *)few, "Rendering", NULL, error))
                        return false;
        }
        *out_answer = g_steal_pointer(&answer);
        return true;
}

static int index_command(int argc, char **argv)
{
        g_autoptr(plc_client) client = NULL;
        g_autoptr(plc_json) answer = NULL;
        GError *error = NULL;

        if (!plc_cmd_parse(&plc_cmd_index, options, &argc, &argv))
                return 2;
        if (argc < 2 || argc > 3 || strcmp(argv[1], "rebuild") != 0)
                return plc_cmd_usage(&plc_cmd_index, "rebuild is what can be done with it");
        client = plc_client_open(plc_cmd_site(argc == 3 ? argv[2] : NULL), true, &error);
        if (client == NULL || !rebuild(client, &answer, &error))
                return plc_cmd_fail(error);
        if (as_json) {
                plc_client_print(answer);
                return 0;
        }
        printf("The index was written anew: %" G_GINT64_FORMAT " items looked at", number(answer, "items"));
        if (number(answer, "rendered_again") > 0)
                printf(", %" G_GINT64_FORMAT " placements rendered again", number(answer, "rendered_again"));
        if (number(answer, "left_out") > 0)
                printf(", %" G_GINT64_FORMAT " left out (placet verify tells why)", number(answer, "left_out"));
        puts(".");
        return 0;
}
