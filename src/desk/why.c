/* Why may an item be shown there, or not? decide()'s answer at any time and any head, in sentences. */
#include <string.h>

#include "base/clock.h"
#include "desk/private.h"
#include "desk/reasons.h"
#include "desk/standing.h"
#include "text/language_tag.h"

struct asked {
        const char *item, *channel, *territory, *product, *language, *sublicensee, *pull;
        char **edits;
        bool identity_given, identity;
        int64_t at, head;
};

static bool read_request(plc_json *request, struct asked *asked, GError **error)
{
        asked->at = plc_now_ms();
        asked->head = PLC_HEAD_END;
        asked->identity_given = plc_json_has(request, "identity");
        return plc_json_get_name(request, "item", PLC_REQUIRED, 64, &asked->item, error) &&
               plc_json_get_name(request, "channel", PLC_REQUIRED, 32, &asked->channel, error) &&
               plc_json_get_name(request, "territory", PLC_REQUIRED, 64, &asked->territory, error) &&
               plc_json_get_name(request, "product", PLC_OPTIONAL, 200, &asked->product, error) &&
               plc_json_get_name(request, "language", PLC_OPTIONAL, 64, &asked->language, error) &&
               plc_json_get_name(request, "sublicensee", PLC_OPTIONAL, 32, &asked->sublicensee, error) &&
               plc_json_get_strings(request, "edits", PLC_OPTIONAL, 16, 32, &asked->edits, error) &&
               plc_json_get_bool(request, "identity", PLC_OPTIONAL, &asked->identity, error) &&
               plc_json_get_time(request, "at", PLC_OPTIONAL, &asked->at, error) &&
               plc_json_get_int(request, "head", PLC_OPTIONAL, 0, INT64_MAX, &asked->head, error);
}

/* "Was it allowed when it was pulled?": at that time, by what was known then, in the territory that it was pulled for.
 */
static bool take_pull(struct plc_desk *desk, plc_json *request, struct asked *asked, plc_pull **out, GError **error)
{
        if (!plc_json_get_name(request, "pull", PLC_OPTIONAL, 64, &asked->pull, error))
                return false;
        if (asked->pull == NULL)
                return true;
        if (plc_json_has(request, "at") || plc_json_has(request, "head"))
                return plc_fail_at(error, PLC_E_USAGE, NULL, NULL, "Leave them out.",
                                   "the pull tells the time and the head");
        if (!plc_catalog_get_pull(desk->site->catalog, asked->pull, out, error))
                return false;
        asked->at = (*out)->pulled_at;
        asked->head = (*out)->head;
        return true;
}

static bool unknown_word(GError **error, const char *what, const char *found, const char *const *words)
{
        g_autofree char *all = g_strjoinv(", ", (char **)words);

        return plc_fail_at(error, PLC_E_USAGE, NULL, NULL, "Use one of those.", "%s must be one of %s (found: %s)",
                           what, all, found);
}

static bool make_question(struct plc_desk *desk, const struct asked *asked, struct plc_question *out, GError **error)
{
        int channel = plc_word_index(plc_channel_words, asked->channel);
        plc_territory territory;

        if (channel < 0)
                return unknown_word(error, "the channel", asked->channel, plc_channel_words);
        if (!plc_territory_parse(asked->territory, &territory) || territory == PLC_TERRITORY_WORLD)
                return plc_fail_at(error, PLC_E_USAGE, NULL, NULL, "Write it like DE.",
                                   "the territory must be two capitals of ISO 3166-1 (found: %s)", asked->territory);
        *out = plc_publish_question(&desk->site->publisher, asked->item, (plc_channel)channel, asked->territory,
                                    asked->at);
        out->product = asked->product;
        out->head = asked->head;
        if (asked->identity_given)
                out->identity = asked->identity ? PLC_IDENTITY_SHOWN : PLC_IDENTITY_HIDDEN;
        for (char **edit = asked->edits; edit != NULL && *edit != NULL; edit++) {
                int number = plc_word_index(plc_edit_words, *edit);

                if (number < 0)
                        return unknown_word(error, "an edit", *edit, plc_edit_words);
                out->edits |= 1u << number;
        }
        if (asked->sublicensee == NULL)
                return true;
        out->sublicensee = plc_word_index(plc_sublicensee_words, asked->sublicensee);
        return out->sublicensee >= 0 ||
               unknown_word(error, "the sublicensee", asked->sublicensee, plc_sublicensee_words);
}

static void write_list(GString *out, const char *name, const GPtrArray *values)
{
        plc_jw_array(out, name);
        for (guint i = 0; i < values->len; i++)
                plc_jw_string(out, NULL, values->pdata[i]);
        plc_jw_end_array(out);
}

static void write_sentences(GString *answer, const struct plc_question *question, const plc_ledger *ledger,
                            const plc_policy *policy, const struct plc_verdict *verdict)
{
        g_autoptr(GPtrArray) items = g_ptr_array_new();
        g_autoptr(GHashTable) subjects = NULL;
        g_autoptr(GArray) standings = NULL;

        g_ptr_array_add(items, (gpointer)question->item);
        subjects = plc_standing_subjects(ledger, items);
        standings = plc_standings(ledger, policy, subjects, question->at, question->head);
        plc_jw_array(answer, "sentences");
        for (guint i = 0; i < verdict->reasons->len; i++) {
                g_autofree char *text = plc_desk_reason(verdict->reasons->pdata[i], question, ledger, standings);

                plc_jw_string(answer, NULL, text);
        }
        plc_jw_end_array(answer);
        plc_jw_array(answer, "duty_sentences");
        for (guint i = 0; i < verdict->duties->len; i++) {
                g_autofree char *text = plc_desk_duty(verdict->duties->pdata[i]);

                plc_jw_string(answer, NULL, text);
        }
        plc_jw_end_array(answer);
}

static void write_verdict(const struct asked *asked, const struct plc_question *question, const plc_ledger *ledger,
                          const plc_policy *policy, const struct plc_verdict *verdict, GString *answer)
{
        plc_jw_object(answer, NULL);
        plc_jw_string(answer, "item", asked->item);
        plc_jw_string(answer, "channel", asked->channel);
        plc_jw_string(answer, "territory", asked->territory);
        plc_jw_time(answer, "at", asked->at);
        if (asked->head != PLC_HEAD_END)
                plc_jw_int(answer, "head", asked->head);
        plc_jw_string(answer, "verdict", verdict->allow ? "allow" : "deny");
        write_list(answer, "reasons", verdict->reasons);
        write_list(answer, "duties", verdict->duties);
        plc_jw_time(answer, "valid_until", verdict->valid_until);
        write_sentences(answer, question, ledger, policy, verdict);
        plc_jw_end_object(answer);
}

/* What is asked of an earlier head is answered by the rules of then; *out is today's where no others are known. */
static bool take_policy(struct plc_desk *desk, int64_t head, plc_policy **out_then, const plc_policy **out,
                        GError **error)
{
        g_autofree char *text = NULL;

        *out = desk->site->policy;
        if (head == PLC_HEAD_END)
                return true;
        if (!plc_catalog_policy_at(desk->site->catalog, head, &text, error))
                return false;
        if (text == NULL)
                return true;
        *out_then = plc_policy_parse(text, strlen(text), "the policy of then", error);
        *out = *out_then;
        return *out_then != NULL;
}

/* One item; a name that stands for several is answered for each of them. */
static bool answer_for(struct plc_desk *desk, struct asked *asked, GString *answer, GError **error)
{
        g_autofree char *language =
                plc_language_is_none(asked->language) ? NULL : plc_language_full(asked->language, plc_text_maximise);
        g_autoptr(plc_ledger) ledger = NULL;
        g_autoptr(plc_policy) then = NULL;
        const plc_policy *policy;
        struct plc_verdict verdict = {0};
        struct plc_question question;

        if (!make_question(desk, asked, &question, error) || !take_policy(desk, asked->head, &then, &policy, error))
                return false;
        question.language = language;
        ledger = plc_publish_ledger(&desk->site->publisher, asked->item, error);
        if (ledger == NULL)
                return false;
        plc_decide(ledger, policy, &question, &verdict);
        write_verdict(asked, &question, ledger, policy, &verdict, answer);
        plc_verdict_clear(&verdict);
        return true;
}

bool plc_desk_why(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        struct asked asked = {0};
        g_autoptr(GPtrArray) items = NULL;
        g_autoptr(plc_pull) pull = NULL;
        struct plc_question form;
        bool ok = read_request(request, &asked, error) && take_pull(desk, request, &asked, &pull, error) &&
                  make_question(desk, &asked, &form, error) && /* a wrong word is told before an unknown id */
                  plc_desk_resolve(desk, asked.item, &items, error);

        if (ok) {
                plc_jw_object(answer, NULL);
                plc_jw_array(answer, "answers");
        }
        for (guint i = 0; ok && i < items->len; i++) {
                asked.item = items->pdata[i];
                ok = answer_for(desk, &asked, answer, error);
        }
        if (ok) {
                plc_jw_end_array(answer);
                plc_jw_end_object(answer);
        }
        g_strfreev(asked.edits);
        return ok;
}
