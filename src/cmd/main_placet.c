/* Which command was meant? The one table of commands; each lives in a file of its name. */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"

extern const struct plc_cmd plc_cmd_init, plc_cmd_run, plc_cmd_serve, plc_cmd_status, plc_cmd_ingest, plc_cmd_list,
        plc_cmd_show, plc_cmd_approve, plc_cmd_reject, plc_cmd_override, plc_cmd_focus, plc_cmd_why, plc_cmd_rights,
        plc_cmd_bundle, plc_cmd_pull, plc_cmd_recalls, plc_cmd_render, plc_cmd_detect, plc_cmd_decide, plc_cmd_presets,
        plc_cmd_erase, plc_cmd_export, plc_cmd_verify, plc_cmd_backup, plc_cmd_index, plc_cmd_policy, plc_cmd_report,
        plc_cmd_doctor;

static const struct plc_cmd *const commands[] = {
        &plc_cmd_init,   &plc_cmd_run,     &plc_cmd_serve,  &plc_cmd_status,   &plc_cmd_ingest, &plc_cmd_list,
        &plc_cmd_show,   &plc_cmd_approve, &plc_cmd_reject, &plc_cmd_override, &plc_cmd_focus,  &plc_cmd_why,
        &plc_cmd_rights, &plc_cmd_bundle,  &plc_cmd_pull,   &plc_cmd_recalls,  &plc_cmd_render, &plc_cmd_detect,
        &plc_cmd_decide, &plc_cmd_presets, &plc_cmd_erase,  &plc_cmd_export,   &plc_cmd_verify, &plc_cmd_backup,
        &plc_cmd_index,  &plc_cmd_policy,  &plc_cmd_report, &plc_cmd_doctor,
};

/* Of its help, for the list of all. */
static int first_sentence(const char *help)
{
        const char *end = strstr(help, ". ");

        return (int)(end != NULL ? (size_t)(end + 1 - help) : strlen(help));
}

static void print_help(FILE *to)
{
        fputs("placet: customers' photos and reviews in, what may be shown, where and until when out.\n\n"
              "Usage: placet COMMAND …     (placet COMMAND --help tells more, with an example)\n\n",
              to);
        for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
                fprintf(to, "  %-8s  %.*s\n", commands[i]->name, first_sentence(commands[i]->help), commands[i]->help);
        fputs("\nSITE is a folder made by placet init; where it is left out, $PLACET_SITE, else the current folder.\n"
              "Exit status: 0 done, 1 not done, 2 wrong usage, 3 office busy or unreachable.\n",
              to);
}

int main(int argc, char **argv)
{
        setlocale(LC_CTYPE, "C.UTF-8");
        if (argc >= 2 &&
            (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0)) {
                print_help(stdout);
                return 0;
        }
        if (argc >= 2 && strcmp(argv[1], "--version") == 0) {
                puts("placet " PLC_VERSION);
                return 0;
        }
        for (size_t i = 0; argc >= 2 && i < G_N_ELEMENTS(commands); i++)
                if (strcmp(commands[i]->name, argv[1]) == 0)
                        return commands[i]->run(argc - 1, argv + 1);
        if (argc >= 2)
                fprintf(stderr, "placet: there is no command \"%s\"; placet --help lists them.\n", argv[1]);
        else
                print_help(stderr);
        return 2;
}
