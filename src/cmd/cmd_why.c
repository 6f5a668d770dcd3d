/* placet why: may this item be shown there, and why or why not? */
#include <stdio.h>
#include <string.h>

#include "cmd/client.h"
#include "cmd/cmd.h"

static int why(int argc, char **argv);
static char *channel, *territory, *at, *product, *language, *sublicensee, *pull;
static char **edits;
static gint64 head = -1;
static gboolean quiet, as_json;
static const GOptionEntry options[] = {
        {"channel", 0, 0, G_OPTION_ARG_STRING, &channel, "pdp home landing email social ad feed marketplace print",
         "C"},
        {"territory", 0, 0, G_OPTION_ARG_STRING, &territory, "Two capitals, as DE", "T"},
        {"at", 0, 0, G_OPTION_ARG_STRING, &at, "At that time instead of now", "TIME"},
        {"head", 0, 0, G_OPTION_ARG_INT64, &head, "By what the ledger knew at that seq", "SEQ"},
        {"pull", 0, 0, G_OPTION_ARG_STRING, &pull, "When that was pulled, by what was known then", "PULL"},
        {"product", 0, 0, G_OPTION_ARG_STRING, &product, "On this product's page", "ID"},
        {"language", 0, 0, G_OPTION_ARG_STRING, &language, "On a page in this language", "TAG"},
        {"edit", 0, 0, G_OPTION_ARG_STRING_ARRAY, &edits, "Changed so: crop, overlay, ai, … (may be repeated)", "E"},
        {"sublicensee", 0, 0, G_OPTION_ARG_STRING, &sublicensee, "Handed on to: ad_platform, retailer, affiliate", "S"},
        {"quiet", 0, 0, G_OPTION_ARG_NONE, &quiet, "Print nothing; exit 1 if denied", NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print one JSON object", NULL},
        G_OPTION_ENTRY_NULL,
};

const struct plc_cmd plc_cmd_why = {
        .name = "why",
        .args = "SITE ITEM --channel C --territory T [--at TIME] [--head SEQ | --pull PULL] [--quiet] [--json]",
        .help = "Say whether ITEM may be shown there, and every reason.",
        .example = "placet why shop form-2026-11-03-0042 --channel ad --territory DE\n"
                   "  placet why shop form-2026-11-03-0042 --channel ad --territory DE --pull PULL    "
                   "# was it allowed when that was pulled?",
        .run = why,
};

static char *request_of(const char *item)
{
        GString *out = g_string_new(NULL);
        const char *const pairs[][2] = {{"channel", channel}, {"territory", territory}, {"at", at},
                                        {"product", product}, {"language", language},   {"sublicensee", sublicensee},
                                        {"pull", pull}};

        plc_jw_object(out, NULL);
        plc_jw_string(out, "item", item);
        for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
                if (pairs[i][1] != NULL)
                        plc_jw_string(out, pairs[i][0], pairs[i][1]);
        if (head >= 0)
                plc_jw_int(out, "head", head);
        if (edits != NULL) {
                plc_jw_array(out, "edits");
                for (char **edit = edits; *edit != NULL; edit++)
                        plc_jw_string(out, NULL, *edit);
                plc_jw_end_array(out);
        }
        plc_jw_end_object(out);
        return g_string_free(out, FALSE);
}

static void tell_one(plc_json *answer, bool allow)
{
        const char *item = "", *until = NULL;
        g_auto(GStrv) sentences = NULL, reasons = NULL, duties = NULL, told = NULL;

        plc_json_get_string(answer, "item", PLC_REQUIRED, 64, &item, NULL);
        plc_json_get_string(answer, "valid_until", PLC_OPTIONAL, 64, &until, NULL);
        plc_json_get_strings(answer, "sentences", PLC_REQUIRED, 1000, 4096, &sentences, NULL);
        plc_json_get_strings(answer, "reasons", PLC_REQUIRED, 1000, 4096, &reasons, NULL);
        plc_json_get_strings(answer, "duties", PLC_REQUIRED, 1000, 4096, &duties, NULL);
        plc_json_get_strings(answer, "duty_sentences", PLC_REQUIRED, 1000, 4096, &told, NULL);
        printf("%s: %s for %s in %s", item, allow ? "allowed" : "NOT allowed", channel, territory);
        if (allow && until != NULL)
                printf(" until %s", until);
        puts(".");
        for (guint i = 0; sentences != NULL && reasons != NULL && i < g_strv_length(sentences); i++)
                printf("  - %s (%s)\n", sentences[i], reasons[i]);
        for (guint i = 0; duties != NULL && i < g_strv_length(duties); i++)
                printf("  duty: %s%s%s%s\n", told != NULL ? told[i] : "", told != NULL ? " (" : "", duties[i],
                       told != NULL ? ")" : "");
}

static bool tell(plc_json *root)
{
        plc_json *answers = plc_json_member(root, "answers");
        bool all = true;

        for (size_t i = 0; answers != NULL && i < plc_json_size(answers); i++) {
                plc_json *answer = plc_json_element(answers, i);
                const char *verdict = "deny";
                bool allow;

                plc_json_get_string(answer, "verdict", PLC_REQUIRED, 16, &verdict, NULL);
                allow = strcmp(verdict, "allow") == 0;
                all = all && allow;
                if (!quiet && !as_json)
                        tell_one(answer, allow);
        }
        if (as_json && !quiet && answers != NULL)
                plc_client_print(plc_json_size(answers) == 1 ? plc_json_element(answers, 0) : answers);
        return all;
}

static int why(int argc, char **argv)
{
        g_autoptr(plc_client) client = NULL;
        g_autoptr(plc_json) answer = NULL;
        g_autofree char *request = NULL;
        GError *error = NULL;

        if (!plc_cmd_parse(&plc_cmd_why, options, &argc, &argv))
                return 2;
        if (argc < 2 || argc > 3 || channel == NULL || territory == NULL)
                return plc_cmd_usage(&plc_cmd_why, "an ITEM, --channel and --territory are needed");
        request = request_of(argv[argc - 1]);
        client = plc_client_open(plc_cmd_site(argc == 3 ? argv[1] : NULL), false, &error);
        if (client == NULL || !plc_client_call(client, "why", request, &answer, &error))
                return plc_cmd_fail(error);
        return tell(answer) || !quiet ? 0 : 1;
}
