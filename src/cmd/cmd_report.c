/* placet report: what can be shown to somebody who asks how the shop deals with reviews? */
#include <stdio.h>
#include <string.h>

#include "cmd/client.h"
#include "cmd/cmd.h"

static int report(int argc, char **argv);
static gboolean as_json;
static const GOptionEntry options[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print one JSON object", NULL},
        G_OPTION_ENTRY_NULL,
};

const struct plc_cmd plc_cmd_report = {
        .name = "report",
        .args = "fairness [SITE] [--json]",
        .help = "Tell how many reviews of each star were approved, rejected, and still wait. Moderation must not look "
                "at the stars.",
        .example = "placet report fairness shop",
        .run = report,
};

static int64_t number(plc_json *row, const char *name)
{
        int64_t value = 0;

        plc_json_get_int(row, name, PLC_REQUIRED, 0, INT64_MAX, &value, NULL);
        return value;
}

static void print(plc_json *answer)
{
        plc_json *stars = plc_json_member(answer, "stars");

        puts("stars  approved  rejected  waiting  approval");
        for (size_t i = 0; stars != NULL && i < plc_json_size(stars); i++) {
                plc_json *row = plc_json_element(stars, i);
                int64_t approved = number(row, "approved"), rejected = number(row, "rejected");

                printf("%5" G_GINT64_FORMAT "  %8" G_GINT64_FORMAT "  %8" G_GINT64_FORMAT "  %7" G_GINT64_FORMAT,
                       number(row, "stars"), approved, rejected, number(row, "waiting"));
                if (approved + rejected > 0)
                        printf("  %6.1f %%", 100 * (double)approved / (double)(approved + rejected));
                puts("");
        }
}

static int report(int argc, char **argv)
{
        g_autoptr(plc_client) client = NULL;
        g_autoptr(plc_json) answer = NULL;
        GError *error = NULL;

        if (!plc_cmd_parse(&plc_cmd_report, options, &argc, &argv))
                return 2;
        if (argc < 2 || argc > 3 || strcmp(argv[1], "fairness") != 0)
                return plc_cmd_usage(&plc_cmd_report, "fairness is the report that there is");
        client = plc_client_open(plc_cmd_site(argc == 3 ? argv[2] : NULL), false, &error);
        if (client == NULL || !plc_client_call(client, "report_fairness", "{}", &answer, &error))
                return plc_cmd_fail(error);
        if (as_json)
                plc_client_print(answer);
        else
                print(answer);
        return 0;
}
