/* How is the decision asked from outside, without a site? Events, policy and questions in, one answer a line out. */
#include "cmd/cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <placet/rights.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "text/language_tag.h"

/* A ledger of a million events is about 400 MB; GByteArray counts to 4 GiB and doubles as it grows. */
#define INPUT_LIMIT (2047 * PLC_MIB)

extern const struct plc_cmd plc_cmd_decide;

static bool read_input(const char *path, GBytes **out, struct plc_input *out_input, GError **error)
{
        const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
        plc_autofd int fd = -1;
        gsize size;

        if (strcmp(path, "-") == 0)
                fd = dup(STDIN_FILENO);
        else
                fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
                return plc_fail_errno(error, errno, "opening %s", name);
        if (!plc_read_all(fd, INPUT_LIMIT, out, error)) {
                g_prefix_error(error, "%s: ", name);
                return false;
        }
        out_input->name = name;
        out_input->data = g_bytes_get_data(*out, &size);
        out_input->size = size;
        return true;
}

static void print_answer(void *user, size_t line, const char *json)
{
        (void)user;
        (void)line;
        fputs(json, stdout);
        putchar('\n');
}

static void print_fault(void *user, const char *sentence)
{
        (void)user;
        fprintf(stderr, "placet: %s\n", sentence);
}

static int decide(int argc, char **argv)
{
        g_autofree char *events = NULL, *policy = NULL, *questions = NULL;
        const GOptionEntry entries[] = {
                {"events", 0, 0, G_OPTION_ARG_FILENAME, &events, "The ledger, one event a line", "FILE"},
                {"policy", 0, 0, G_OPTION_ARG_FILENAME, &policy, "The policy", "FILE"},
                {"questions", 0, 0, G_OPTION_ARG_FILENAME, &questions, "The questions, one a line", "FILE"},
                G_OPTION_ENTRY_NULL,
        };
        const struct plc_decide_calls calls = {
                .answer = print_answer, .fault = print_fault, .maximise = plc_text_maximise};
        g_autoptr(GBytes) events_text = NULL, policy_text = NULL, questions_text = NULL;
        GBytes **texts[] = {&events_text, &policy_text, &questions_text};
        struct plc_input inputs[3];
        GError *error = NULL;
        char **paths[] = {&events, &policy, &questions};
        size_t faults, from_stdin = 0;

        if (!plc_cmd_parse(&plc_cmd_decide, entries, &argc, &argv))
                return 2;
        if (argc > 1 || events == NULL || policy == NULL || questions == NULL)
                return plc_cmd_usage(&plc_cmd_decide,
                                     "--events, --policy and --questions are needed, and nothing else");
        for (size_t i = 0; i < G_N_ELEMENTS(paths); i++)
                from_stdin += strcmp(*paths[i], "-") == 0;
        if (from_stdin > 1)
                return plc_cmd_usage(&plc_cmd_decide, "only one of the three can be standard input (-)");
        for (size_t i = 0; i < G_N_ELEMENTS(paths); i++)
                if (!read_input(*paths[i], texts[i], &inputs[i], &error))
                        return plc_cmd_fail(error);
        faults = plc_decide_jsonl(&inputs[0], &inputs[1], &inputs[2], &calls);
        if (fflush(stdout) != 0 || ferror(stdout)) {
                plc_fail_errno(&error, errno, "writing the answers");
                return plc_cmd_fail(error);
        }
        return faults > 0;
}

const struct plc_cmd plc_cmd_decide = {
        .name = "decide",
        .args = "--events FILE --policy FILE --questions FILE",
        .help = "Answer questions about rights from a ledger in JSON Lines: no site is needed; - is standard input.",
        .example = "placet decide --events ledger.jsonl --policy policy.json --questions questions.jsonl",
        .run = decide,
};
