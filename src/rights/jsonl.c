/* How does the decision stand alone, over JSON Lines? libplacet's one function, and `placet decide`. */
#include <placet/rights.h>

#include "rights/decide.h"
#include "rights/lines.h"

static size_t tell(const struct plc_decide_calls *calls, const GError *error)
{
        g_autofree char *sentence = plc_error_sentence(error);

        calls->fault(calls->user, sentence);
        return 1;
}

static bool ask(const struct plc_input *questions, const struct plc_lines *lines, const char *line, size_t size,
                struct plc_asked *out, GError **error)
{
        g_autofree char *where = g_strdup_printf("%s, line %zu", questions->name, lines->number);

        if (plc_line_is_blank(line, size))
                return plc_fail_at(error, PLC_E_BAD_VALUE, where, NULL, "Remove it.", "is blank");
        return plc_asked_parse(line, size, where, NULL, out, error);
}

/* Few languages are asked for again and again, and completing a tag costs as much as the decision. */
#define LANGUAGES_KEPT 1024

static void complete_language(GHashTable *kept, const struct plc_decide_calls *calls, struct plc_question *question)
{
        gpointer full;

        if (question->language == NULL || calls->maximise == NULL)
                return;
        if (!g_hash_table_lookup_extended(kept, question->language, NULL, &full)) {
                if (g_hash_table_size(kept) >= LANGUAGES_KEPT)
                        g_hash_table_remove_all(kept);
                full = plc_language_full(question->language, calls->maximise);
                g_hash_table_insert(kept, g_strdup(question->language), full);
        }
        question->language = full;
}

size_t plc_decide_jsonl(const struct plc_input *events, const struct plc_input *policy,
                        const struct plc_input *questions, const struct plc_decide_calls *calls)
{
        struct plc_lines lines = {.at = questions->data, .end = questions->data + questions->size};
        g_autoptr(plc_ledger) ledger = plc_ledger_new(false);
        g_autoptr(GHashTable) languages = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        g_autoptr(GString) answer = g_string_new(NULL);
        g_autoptr(plc_policy) rules = NULL;
        struct plc_verdict verdict = {0};
        g_autoptr(GError) fatal = NULL;
        size_t size, faults = 0;
        const char *line;

        rules = plc_policy_parse(policy->data, policy->size, policy->name, &fatal);
        if (rules == NULL || !plc_ledger_add_lines(ledger, events->data, events->size, events->name, &fatal))
                return tell(calls, fatal);
        while (plc_lines_next(&lines, &line, &size)) {
                g_autoptr(GError) error = NULL;
                struct plc_asked asked;

                if (!ask(questions, &lines, line, size, &asked, &error)) {
                        faults += tell(calls, error);
                        continue;
                }
                complete_language(languages, calls, &asked.question);
                plc_decide(ledger, rules, &asked.question, &verdict);
                g_string_truncate(answer, 0);
                plc_verdict_write(&verdict, answer);
                calls->answer(calls->user, lines.number, answer->str);
                plc_asked_clear(&asked);
        }
        plc_verdict_clear(&verdict);
        return faults;
}
