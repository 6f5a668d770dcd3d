/* What do all commands share? Reading options, telling faults in one sentence, finding the site. */
#include "cmd/cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

GOptionContext *plc_cmd_options(const struct plc_cmd *cmd, const GOptionEntry *entries)
{
        g_autofree char *usage = g_strdup(cmd->args);
        g_autofree char *example = g_strdup_printf("Example:\n  %s", cmd->example);
        GOptionContext *context = g_option_context_new(usage);

        g_option_context_set_summary(context, cmd->help);
        g_option_context_set_description(context, example);
        if (entries != NULL)
                g_option_context_add_main_entries(context, entries, NULL);
        return context;
}

bool plc_cmd_parse(const struct plc_cmd *cmd, const GOptionEntry *entries, int *argc, char ***argv)
{
        g_autoptr(GOptionContext) context = plc_cmd_options(cmd, entries);
        g_autofree char *program = g_strdup_printf("placet %s", cmd->name);
        g_autoptr(GError) error = NULL;

        g_set_prgname(program);
        if (g_option_context_parse(context, argc, argv, &error))
                return true;
        plc_cmd_usage(cmd, error->message);
        return false;
}

int plc_cmd_fail(GError *error)
{
        g_autofree char *sentence = plc_error_sentence(error);
        int status = plc_code_exit(plc_error_code(error));

        fprintf(stderr, "placet: %s\n", sentence);
        g_error_free(error);
        return status;
}

int plc_cmd_usage(const struct plc_cmd *cmd, const char *why)
{
        fprintf(stderr, "placet %s: %s. Usage: placet %s %s (placet %s --help tells more)\n", cmd->name, why, cmd->name,
                cmd->args, cmd->name);
        return 2;
}

const char *plc_cmd_site(const char *given)
{
        const char *site = g_getenv("PLACET_SITE");

        if (given != NULL)
                return given;
        return site != NULL && site[0] != '\0' ? site : ".";
}

bool plc_cmd_read(const char *path, size_t limit, GBytes **out, GError **error)
{
        plc_autofd int fd = open(path, O_RDONLY | O_CLOEXEC);

        if (fd < 0)
                return plc_fail_errno(error, errno, "cannot open %s", path);
        if (plc_read_all(fd, limit, out, error))
                return true;
        g_prefix_error(error, "%s: ", path);
        return false;
}
