/* placet serve: the public side alone, which is a program of its own. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "cmd/cmd.h"

static int serve(int argc, char **argv);
static char *listen_at;
static const GOptionEntry options[] = {
        {"listen", 0, 0, G_OPTION_ARG_STRING, &listen_at, "Listen there instead of placet.conf's [serve] listen",
         "ADDR:PORT"},
        G_OPTION_ENTRY_NULL,
};

const struct plc_cmd plc_cmd_serve = {
        .name = "serve",
        .args = "[SITE] [--listen ADDR:PORT]",
        .help = "Serve the published index alone; needs no office.",
        .example = "placet serve shop --listen 127.0.0.1:8080",
        .run = serve,
};

static int serve(int argc, char **argv)
{
        g_autofree char *program = g_build_filename(plc_program_dir(), "placet-serve", NULL);
        GError *error = NULL;

        if (!plc_cmd_parse(&plc_cmd_serve, options, &argc, &argv))
                return 2;
        if (argc > 2)
                return plc_cmd_usage(&plc_cmd_serve, "at most one SITE is taken");
        execl(program, "placet-serve", plc_cmd_site(argc == 2 ? argv[1] : NULL), listen_at != NULL ? "--listen" : NULL,
              listen_at, NULL);
        plc_fail_errno(&error, errno, "cannot start %s", program);
        return plc_cmd_fail(error);
}
