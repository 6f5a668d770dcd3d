/*
 * How many questions does the decision answer in a second of CPU? On ledgers of 50 events about one item: prints one
 * line for decide() alone, one with JSON Lines in and out, one for the segments of a question, one for loading.
 */
#include <placet/rights.h>
#include <stdio.h>
#include <time.h>

#include "unit/rights/dsl.h"

enum { EVENTS = 50, LEDGERS = 40, ROUNDS = 4000 };

static double cpu_seconds(void)
{
        struct timespec now;

        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
        return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void tell(const char *what, double count, double seconds)
{
        printf("%-34s %10.0f per CPU second\n", what, count / seconds);
}

/* A dozen grants with renewals and narrowings, some ended, holds lifted, facts that change: everything about item i1.
 */
static char *ledger_text(int variant)
{
        GString *out = g_string_new(NULL);
        static const char *const first[] = {
                "1 item i1 photo by=c1 in=s1",
                "1 approve i1",
                "1 disclose i1 none",
                "1 people i1 p1:adult",
                "1 give g0 licence submission:s1 ch=pdp,home,email,ad to=WW credit=required",
                "1 flags i1 skin"};

        for (int i = 0; i < EVENTS; i++) {
                g_autofree char *sentence = NULL, *line = NULL;
                int day = 2 + (i * 7 + variant * 3) % 90;

                if (i < (int)G_N_ELEMENTS(first))
                        sentence = g_strdup(first[i]);
                else if (i % 6 == 0)
                        sentence = g_strdup_printf("%d give g%d licence item:i1 ch=pdp,ad to=DE,FR,US until=%d", day, i,
                                                   day + 40);
                else if (i % 6 == 1)
                        sentence = g_strdup_printf("%d give g%d likeness(p1) item:i1 ch=ad,email to=WW until=%d", day,
                                                   i, day + 200);
                else if (i % 6 == 2)
                        sentence = g_strdup_printf("%d narrow g%d not=CN", day, i - 2);
                else if (i % 6 == 3)
                        sentence = g_strdup_printf("%d renew g%d licence item:i1 ch=pdp,ad to=WW until=%d", day, i - 3,
                                                   day + 60);
                else if (i % 6 == 4)
                        sentence = g_strdup_printf("%d withdraw g%d", day, i - 4);
                else
                        sentence = g_strdup_printf("%d approve i1 v=3", day);
                line = dsl_event(i + 1, sentence);
                g_string_append_printf(out, "%s\n", line);
        }
        return g_string_free(out, FALSE);
}

static void count_answer(void *user, size_t line, const char *json)
{
        (void)line;
        (void)json;
        ++*(size_t *)user;
}

static void report_fault(void *user, const char *sentence)
{
        (void)user;
        g_error("%s", sentence);
}

int main(void)
{
        static const char *const asked_for[] = {
                "pdp DE @5", "ad DE @30 edits=crop", "email FR @60 lang=de-Latn-DE", "pdp US @95",
                "ad CN @20", "pdp DE @3 for=TENT"};
        g_autofree char *path = g_build_filename(PLC_SOURCE_DIR, "presets", "policy", "default.json", NULL);
        g_autofree char *policy_json = NULL;
        struct plc_asked asked[G_N_ELEMENTS(asked_for)];
        g_autoptr(GString) questions = g_string_new(NULL);
        g_autoptr(GArray) segments = plc_segments_new();
        plc_ledger *ledgers[LEDGERS];
        char *texts[LEDGERS];
        struct plc_verdict verdict = {0};
        size_t count = 0, allowed = 0;
        g_autoptr(plc_policy) policy = NULL;
        gsize policy_size;
        double start;

        g_assert_true(g_file_get_contents(path, &policy_json, &policy_size, NULL));
        policy = plc_policy_parse(policy_json, policy_size, path, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(asked_for); i++)
                dsl_ask(asked_for[i], &asked[i]);
        for (int i = 0; i < LEDGERS; i++)
                texts[i] = ledger_text(i);

        start = cpu_seconds();
        for (int i = 0; i < LEDGERS; i++) {
                ledgers[i] = plc_ledger_new(false);
                g_assert_true(plc_ledger_add_lines(ledgers[i], texts[i], strlen(texts[i]), "ledger", NULL));
        }
        tell("events loaded", LEDGERS * EVENTS, cpu_seconds() - start);

        start = cpu_seconds();
        for (int round = 0; round < ROUNDS; round++)
                for (size_t i = 0; i < G_N_ELEMENTS(asked_for); i++, count++) {
                        plc_decide(ledgers[(round + (int)i) % LEDGERS], policy, &asked[i].question, &verdict);
                        allowed += verdict.allow;
                }
        tell("questions, decide() alone", (double)count, cpu_seconds() - start);
        printf("%-34s %9.0f %%\n", "  of them allowed", 100.0 * (double)allowed / (double)count);

        start = cpu_seconds();
        for (int round = 0; round < ROUNDS / 4; round++)
                for (size_t i = 0; i < G_N_ELEMENTS(asked_for); i++) {
                        g_array_set_size(segments, 0);
                        plc_segments(ledgers[(round + (int)i) % LEDGERS], policy, &asked[i].question, DSL_DAY0,
                                     segments);
                }
        tell("segment lists", ROUNDS / 4 * G_N_ELEMENTS(asked_for), cpu_seconds() - start);

        for (int round = 0; round < ROUNDS; round++)
                for (size_t i = 0; i < G_N_ELEMENTS(asked_for); i++) {
                        g_autofree char *line = dsl_question(asked_for[i]);

                        g_string_append_printf(questions, "%s\n", line);
                }
        count = 0;
        start = cpu_seconds();
        {
                const struct plc_input inputs[] = {{"events", texts[0], strlen(texts[0])},
                                                   {"policy", policy_json, policy_size},
                                                   {"questions", questions->str, questions->len}};
                const struct plc_decide_calls calls = {.user = &count, .answer = count_answer, .fault = report_fault};

                plc_decide_jsonl(&inputs[0], &inputs[1], &inputs[2], &calls);
        }
        tell("questions, JSON Lines in and out", (double)count, cpu_seconds() - start);

        for (int i = 0; i < LEDGERS; i++) {
                plc_ledger_free(ledgers[i]);
                g_free(texts[i]);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(asked_for); i++)
                plc_asked_clear(&asked[i]);
        plc_verdict_clear(&verdict);
        return 0;
}
