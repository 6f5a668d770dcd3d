/* What do these ledgers answer? `placet decide` for many cases in one process: each argument is a path before .events,
 * .policy and .questions. For mutate.py, which starts it once per mutation. */
#include <placet/rights.h>
#include <stdio.h>

#include "base/error.h"
#include "text/language_tag.h"

static void print_answer(void *user, size_t line, const char *json)
{
        (void)user;
        (void)line;
        puts(json);
}

static void print_fault(void *user, const char *sentence)
{
        (void)user;
        printf("fault %s\n", sentence);
}

int main(int argc, char **argv)
{
        const struct plc_decide_calls calls = {
                .answer = print_answer, .fault = print_fault, .maximise = plc_text_maximise};
        static const char *const kinds[] = {"events", "policy", "questions"};

        for (int i = 1; i < argc; i++) {
                struct plc_input inputs[3];
                char *texts[3];

                for (int k = 0; k < 3; k++) {
                        g_autofree char *path = g_strconcat(argv[i], ".", kinds[k], NULL);
                        gsize size;

                        if (!g_file_get_contents(path, &texts[k], &size, NULL))
                                return 2;
                        inputs[k] = (struct plc_input){kinds[k], texts[k], size};
                }
                plc_decide_jsonl(&inputs[0], &inputs[1], &inputs[2], &calls);
                for (int k = 0; k < 3; k++)
                        g_free(texts[k]);
        }
        return 0;
}
