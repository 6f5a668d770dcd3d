/* placet backup: what has to be kept elsewhere? */
#include <stdio.h>
#include <unistd.h>

#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "site/backup.h"

static int backup(int argc, char **argv);
static gboolean as_json;
static const GOptionEntry options[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print one JSON object", NULL},
        G_OPTION_ENTRY_NULL,
};

const struct plc_cmd plc_cmd_backup = {
        .name = "backup",
        .args = "SITE DIR",
        .help = "Copy catalog, sealed files, checkpoints and settings into the new folder DIR. An office may go on "
                "meanwhile. keys/ is never copied: copy it to another place than DIR and keep no copy of it for more "
                "than 30 days, for an erasure holds in a backup only where the key is gone. To restore: copy DIR to "
                "where the site was, put the newest keys/ and checkpoints/ into it, then placet index rebuild SITE; "
                "what the checkpoints say was withdrawn since is applied before anything is shown.",
        .example = "placet backup shop /backup/shop-monday && rsync -a shop/keys/ other-host:shop-keys/",
        .run = backup,
};

static void show_progress(int64_t files, void *user_data)
{
        (void)user_data;
        if (files % 64 == 0)
                fprintf(stderr, "\r\033[K%" G_GINT64_FORMAT " files", files);
}

static void print_json(const struct plc_backed_up *done)
{
        g_autoptr(GString) out = g_string_new(NULL);

        plc_jw_object(out, NULL);
        plc_jw_int(out, "files", done->files);
        plc_jw_int(out, "bytes", done->bytes);
        plc_jw_int(out, "events", done->events);
        plc_jw_end_object(out);
        puts(out->str);
}

static int backup(int argc, char **argv)
{
        g_autoptr(plc_site) site = NULL;
        struct plc_backed_up done;
        GError *error = NULL;
        bool terminal = isatty(STDERR_FILENO), fine;

        if (!plc_cmd_parse(&plc_cmd_backup, options, &argc, &argv))
                return 2;
        if (argc != 3)
                return plc_cmd_usage(&plc_cmd_backup, "a SITE and a folder DIR are needed");
        plc_log_quiet(true);
        site = plc_site_open(argv[1], PLC_SITE_READ, &error);
        if (site == NULL)
                return plc_cmd_fail(error);
        fine = plc_site_backup(site, argv[2], terminal ? show_progress : NULL, NULL, &done, &error);
        if (terminal)
                fputs("\r\033[K", stderr);
        if (!fine)
                return plc_cmd_fail(error);
        if (as_json)
                print_json(&done);
        else
                printf("%s holds %" G_GINT64_FORMAT " files, %" G_GINT64_FORMAT " bytes, the ledger up to event "
                       "%" G_GINT64_FORMAT ". Copy %s/keys to another place and keep no copy of it for more than 30 "
                       "days.\n",
                       argv[2], done.files, done.bytes, done.events, argv[1]);
        return 0;
}
