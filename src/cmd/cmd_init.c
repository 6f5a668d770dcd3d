/* placet init: where does a site come from? */
#include <stdio.h>

#include "cmd/cmd.h"
#include "site/site.h"

static int init(int argc, char **argv);

const struct plc_cmd plc_cmd_init = {
        .name = "init",
        .args = "SITE",
        .help = "Make a new site: its folders, an explained placet.conf, an empty catalog.",
        .example = "placet init shop",
        .run = init,
};

static int init(int argc, char **argv)
{
        GError *error = NULL;

        if (!plc_cmd_parse(&plc_cmd_init, NULL, &argc, &argv))
                return 2;
        if (argc != 2)
                return plc_cmd_usage(&plc_cmd_init, "one SITE is needed");
        if (!plc_site_create(argv[1], &error))
                return plc_cmd_fail(error);
        printf("Made the site %s. Next: name your trusted sources in %s/placet.conf, then placet run %s.\n", argv[1],
               argv[1], argv[1]);
        return 0;
}
