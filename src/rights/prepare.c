/* What of a question can be worked out once, for every instant? Ids become kept texts, scopes become bits, rows are
 * chosen. */
#include "rights/evaluate.h"

static const char *kept(const plc_ledger *ledger, const char *text)
{
        return text != NULL ? plc_names_find(plc_ledger_names(ledger), text) : NULL;
}

static void prepare_scopes(const struct plc_asking *a)
{
        const unsigned cap = 1u << PLC_FAIL_ATTESTED;

        for (guint i = 0; i < a->view->claims->len; i++) {
                struct plc_claim *claim = &g_array_index(a->view->claims, struct plc_claim, i);

                claim->hopeless = true;
                for (size_t j = 0; j < claim->givens.count; j++) {
                        struct plc_mark *mark = &claim->givens.at[j];

                        mark->failures = plc_scope_failures(&mark->event->given.scope, &a->context);
                        if (mark->event->given.attested && ((a->context.channel & ~a->policy->cap_channels) != 0 ||
                                                            (a->context.sublicensee & ~a->policy->cap_sublicense) != 0))
                                mark->failures |= cap;
                        claim->hopeless = claim->hopeless && mark->failures != 0;
                }
                for (size_t j = 0; j < claim->narrowings.count; j++)
                        claim->narrowings.at[j].failures =
                                plc_scope_failures(&claim->narrowings.at[j].event->narrowed, &a->context);
        }
}

static void prepare_rows(const plc_ledger *ledger, struct plc_asking *a)
{
        const struct plc_policy *policy = a->policy;

        for (size_t i = 0; i < policy->likeness_count; i++)
                if ((policy->likeness[i].channels & a->context.channel) != 0 &&
                    plc_territories_match(&policy->likeness[i].territories, a->context.territory))
                        a->likeness_kinds |= policy->likeness[i].kinds;
        g_array_set_size(a->view->suitability, 0);
        for (size_t i = 0; a->view->flags.count > 0 && i < policy->suitability_count; i++) {
                const struct plc_suitability_rule *row = &policy->suitability[i];
                struct plc_suit suit = {.deny = row->deny};

                if (!plc_territories_match(&row->territories, a->context.territory))
                        continue;
                suit.flag = plc_names_find(plc_ledger_names(ledger), row->flag);
                if (suit.flag != NULL)
                        g_array_append_val(a->view->suitability, suit);
        }
}

bool plc_asking_prepare(const plc_ledger *ledger, const struct plc_policy *policy, const struct plc_question *question,
                        struct plc_asking *out, const char **out_reason)
{
        struct plc_asking a = {.policy = policy, .question = question, .head = question->head};

        if (question->territory == NULL || !plc_territory_parse(question->territory, &a.context.territory) ||
            a.context.territory == PLC_TERRITORY_WORLD) {
                *out_reason = "BAD_QUESTION";
                return false;
        }
        a.view = plc_view_of(ledger, question->item);
        if (a.view == NULL) {
                *out_reason = "UNKNOWN_ITEM";
                return false;
        }
        a.context.channel = 1u << question->channel;
        a.context.language = plc_language_is_none(question->language) ? NULL : question->language;
        a.context.product = kept(ledger, question->product);
        a.context.controller = kept(ledger, question->controller);
        a.context.edits = question->edits;
        a.context.sublicensee = question->sublicensee >= 0 ? 1u << question->sublicensee : 0;
        prepare_scopes(&a);
        prepare_rows(ledger, &a);
        *out = a;
        return true;
}
