/* What is a command? One file, one row: its name, its arguments, a line of help, an example, and the function that runs
 * it. */
#pragma once
#include "base/error.h"

#include <glib.h>
#include <stdbool.h>

struct plc_cmd {
        const char *name;
        const char *args;    /* "SITE ITEM --channel C --territory T [--at TIME]" */
        const char *help;    /* its first sentence is its line in placet --help */
        const char *example; /* "placet why demo 01J… --channel ad --territory DE" */
        /* argv[0] is the command's name. Returns the exit status (DESIGN: 0 done, 1 not done, 2 usage, 3 busy). */
        int (*run)(int argc, char **argv);
};

/* The context of a command's options with usage line, help and example filled in. Free with g_option_context_free
 * (autoptr). */
GOptionContext *plc_cmd_options(const struct plc_cmd *cmd, const GOptionEntry *entries);
/* Parses; --help prints and exits 0. False: the usage fault has been told, return 2. */
bool plc_cmd_parse(const struct plc_cmd *cmd, const GOptionEntry *entries, int *argc, char ***argv);
/* One sentence to stderr; the exit status of the error's code. Takes the error. */
int plc_cmd_fail(GError *error);
/* "placet why: WHY. Usage: …" to stderr; 2. */
int plc_cmd_usage(const struct plc_cmd *cmd, const char *why);
/* SITE as given, else $PLACET_SITE, else "."; borrowed. */
const char *plc_cmd_site(const char *given);
/* What a file holds that a person named: a link or a pipe, if they like. The result ends in a zero byte not counted in
 * its size. */
bool plc_cmd_read(const char *path, size_t limit, GBytes **out, GError **error);
