/* placet export: what does an operator hand to somebody who asks what is held about them? */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "desk/export.h"

static int export(int argc, char **argv);
static char *out;
static const GOptionEntry options[] = {
        {"out", 'o', 0, G_OPTION_ARG_FILENAME, &out, "The zip to write; it must not be there yet", "FILE.zip"},
        G_OPTION_ENTRY_NULL,
};

const struct plc_cmd plc_cmd_export = {
        .name = "export",
        .args = "SITE CONTRIBUTOR --out FILE.zip",
        .help = "Write all that is held about a person into a zip that only you can read.",
        .example = "placet export shop shop-form:cust-8841 --out cust-8841.zip",
        .run = export,
};

static bool write_zip(plc_desk *desk, const char *contributor, int fd, GError **error)
{
        g_autoptr(plc_zip) zip = plc_zip_new(fd, plc_now_ms());

        return plc_export_contributor(desk, contributor, zip, error) && plc_zip_end(zip, error) &&
               plc_fsync(fd, out, error);
}

/* Under another name until it is whole: half a zip is never taken for what somebody asked for. */
static bool write_file(plc_desk *desk, const char *contributor, GError **error)
{
        g_autofree char *folder = g_path_get_dirname(out), *name = g_path_get_basename(out);
        g_autofree char *part = g_strconcat(name, ".part", NULL);
        plc_autofd int dir = -1, fd = -1;
        struct stat st;

        if (!plc_open_dir(AT_FDCWD, folder, &dir, error))
                return false;
        if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
                return plc_fail_at(error, PLC_E_CONFLICT, out, NULL, "Name another file, or remove it.",
                                   "is there already");
        unlinkat(dir, part, 0); /* of a run that was cut off */
        fd = openat(dir, part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0)
                return plc_fail_errno(error, errno, "cannot make %s", part);
        if (write_zip(desk, contributor, fd, error) && plc_rename_durable(dir, part, dir, name, error))
                return true;
        unlinkat(dir, part, 0);
        return false;
}

static int export(int argc, char **argv)
{
        g_autoptr(plc_site) site = NULL;
        g_autoptr(plc_desk) desk = NULL;
        GError *error = NULL;

        if (!plc_cmd_parse(&plc_cmd_export, options, &argc, &argv))
                return 2;
        if (argc != 3 || out == NULL)
                return plc_cmd_usage(&plc_cmd_export,
                                     "a SITE, a CONTRIBUTOR (our id, or source:id) and --out are needed");
        plc_log_quiet(true);
        site = plc_site_open(argv[1], PLC_SITE_READ, &error);
        if (site == NULL)
                return plc_cmd_fail(error);
        desk = plc_desk_new(site, NULL);
        if (!write_file(desk, argv[2], &error))
                return plc_cmd_fail(error);
        printf("Written: %s\n", out);
        return 0;
}
