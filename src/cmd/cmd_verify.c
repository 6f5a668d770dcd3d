/* placet verify: is everything as it should be? */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "pipeline/office.h"
#include "site/verify.h"

static int verify(int argc, char **argv);
static gboolean as_json, quick, accept_loss;
static char *checkpoint;
static const GOptionEntry options[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print one JSON object", NULL},
        {"quick", 0, 0, G_OPTION_ARG_NONE, &quick,
         "Leave out what takes long: every event by itself, every byte of every file", NULL},
        {"checkpoint", 0, 0, G_OPTION_ARG_FILENAME, &checkpoint,
         "Also compare with a checkpoint that was kept elsewhere (a copy of a file of checkpoints/)", "FILE"},
        {"accept-loss", 0, 0, G_OPTION_ARG_NONE, &accept_loss,
         "Go on with this catalog although it is not the one that was checkpointed: all that the checkpoints say was "
         "withdrawn is applied to it, the index is made anew. No office may run",
         NULL},
        G_OPTION_ENTRY_NULL,
};

const struct plc_cmd plc_cmd_verify = {
        .name = "verify",
        .args = "[SITE] [--quick] [--checkpoint FILE] [--accept-loss] [--json]",
        .help = "Check the ledger's chain and checkpoints, and blobs, keys, files and index against the catalog. Exit "
                "status 1: damage was found. Changed settings that no office has started with are no damage: a note, "
                "in --json settings_changed, tells of them.",
        .example = "placet verify shop",
        .run = verify,
};

static void show_progress(const char *part, int64_t done, void *user_data)
{
        (void)user_data;
        fprintf(stderr, "\r\033[K%s: %" G_GINT64_FORMAT, part, done);
}

static void print_json(const plc_verification *found, bool settings_changed)
{
        g_autoptr(GString) out = g_string_new(NULL);

        plc_jw_object(out, NULL);
        plc_jw_bool(out, "ok", found->damage == 0);
        plc_jw_int(out, "damage", found->damage);
        plc_jw_bool(out, "settings_changed", settings_changed);
        plc_jw_array(out, "parts");
        for (guint i = 0; i < found->parts->len; i++) {
                const struct plc_verified *part = &g_array_index(found->parts, struct plc_verified, i);

                plc_jw_object(out, NULL);
                plc_jw_string(out, "part", part->part);
                plc_jw_string(out, "of", part->what);
                plc_jw_int(out, "checked", part->checked);
                plc_jw_int(out, "damage", part->damage);
                plc_jw_real(out, "cpu_seconds", part->cpu_seconds);
                plc_jw_end_object(out);
        }
        plc_jw_end_array(out);
        plc_jw_array(out, "findings");
        for (guint i = 0; i < found->findings->len; i++) {
                const struct plc_finding *finding = found->findings->pdata[i];

                plc_jw_object(out, NULL);
                plc_jw_string(out, "part", finding->part);
                plc_jw_bool(out, "damage", finding->damage);
                plc_jw_bool(out, "settings", finding->settings);
                plc_jw_string(out, "text", finding->text);
                plc_jw_string(out, "remedy", finding->remedy);
                plc_jw_end_object(out);
        }
        plc_jw_end_array(out);
        plc_jw_end_object(out);
        puts(out->str);
}

static void print_words(const plc_verification *found, bool settings_changed)
{
        for (guint i = 0; i < found->parts->len; i++) {
                const struct plc_verified *part = &g_array_index(found->parts, struct plc_verified, i);

                printf("%-12s %8" G_GINT64_FORMAT " %s", part->part, part->checked, part->what);
                if (part->damage > 0)
                        printf(", %u damaged", part->damage);
                putchar('\n');
        }
        for (guint i = 0; i < found->findings->len; i++) {
                const struct plc_finding *finding = found->findings->pdata[i];

                fprintf(finding->damage ? stderr : stdout, "%s%s. %s\n", finding->damage ? "" : "note: ", finding->text,
                        finding->remedy != NULL ? finding->remedy : "");
        }
        if (settings_changed)
                puts("note: placet.conf, the policy or placements were changed since what is shown was decided. Start "
                     "the office (anew, if it runs), which decides all of it again, and then verify.");
        if (found->damage > 0)
                fprintf(stderr, "placet: %u faults were found.\n", found->damage);
        else
                puts(settings_changed ? "No damage was found." : "Everything is as it should be.");
}

static int verify(int argc, char **argv)
{
        struct plc_verify_options how = {0};
        g_autoptr(plc_verification) found = NULL;
        g_autoptr(plc_site) site = NULL;
        bool is_up_to_date = true;
        GError *error = NULL;

        if (!plc_cmd_parse(&plc_cmd_verify, options, &argc, &argv))
                return 2;
        if (argc > 2)
                return plc_cmd_usage(&plc_cmd_verify, "at most one SITE is taken");
        plc_log_quiet(true);
        site = plc_site_open(plc_cmd_site(argc == 2 ? argv[1] : NULL),
                             accept_loss ? PLC_SITE_ACCEPT_LOSS : PLC_SITE_READ, &error);
        if (site == NULL)
                return plc_cmd_fail(error);
        if (site->notice != NULL)
                fprintf(stderr, "placet: %s.\n", site->notice);
        how.quick = quick;
        how.checkpoint = checkpoint;
        how.settings_changed = plc_office_is_up_to_date(site, &is_up_to_date, NULL) && !is_up_to_date;
        how.progress = isatty(STDERR_FILENO) ? show_progress : NULL;
        found = plc_site_verify(site, &how, &error);
        if (how.progress != NULL)
                fputs("\r\033[K", stderr);
        if (found == NULL)
                return plc_cmd_fail(error);
        if (as_json)
                print_json(found, how.settings_changed);
        else
                print_words(found, how.settings_changed);
        return found->damage > 0 ? 1 : 0;
}
