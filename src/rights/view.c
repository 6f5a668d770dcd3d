/* What bears on one item? Collected from the ledger's index, each event in the one part it can play. */
#include "rights/view.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

static void add(struct plc_marks *marks, const struct plc_event *event)
{
        if (marks->count == marks->room) {
                marks->room = MAX(4, 2 * marks->room);
                marks->at = g_renew(struct plc_mark, marks->at, marks->room);
        }
        marks->at[marks->count++] = (struct plc_mark){.at = event->effective_at, .seq = event->seq, .event = event};
}

static int by_instant(const void *a, const void *b)
{
        const struct plc_mark *left = a, *right = b;

        if (left->at != right->at)
                return left->at < right->at ? -1 : 1;
        return left->seq < right->seq ? -1 : left->seq > right->seq;
}

static void sort(struct plc_marks *marks)
{
        if (marks->count > 1)
                qsort(marks->at, marks->count, sizeof marks->at[0], by_instant);
}

static void claim_clear(gpointer data)
{
        struct plc_claim *claim = data;

        g_free(claim->givens.at);
        g_free(claim->narrowings.at);
        g_free(claim->ends.at);
        g_free(claim->guardians.at);
        g_free(claim->person_withdrawals.at);
}

static void holding_clear(gpointer data)
{
        g_free(((struct plc_holding *)data)->lifts.at);
}

static void view_free(gpointer data)
{
        struct plc_view *view = data;

        g_free(view->moderations.at);
        g_free(view->disclosures.at);
        g_free(view->flags.at);
        g_free(view->persons.at);
        g_free(view->withdrawals.at);
        g_array_unref(view->claims);
        g_array_unref(view->holdings);
        g_array_unref(view->instants);
        g_array_unref(view->people);
        g_ptr_array_unref(view->flags_now);
        g_array_unref(view->suitability);
        g_ptr_array_unref(view->review);
        g_ptr_array_unref(view->review_at);
        g_free(view);
}

static void add_claim(const plc_ledger *ledger, struct plc_view *view, const struct plc_event *given)
{
        struct plc_claim claim = {.id = given->grant, .layer = given->layer, .person = given->person};
        const GPtrArray *about = plc_ledger_about(ledger, claim.id);

        for (guint i = 0; i < about->len; i++) {
                const struct plc_event *e = about->pdata[i];

                if (e->grant != claim.id)
                        continue;
                if (e->type == PLC_EVENT_GRANT_GIVEN || e->type == PLC_EVENT_GRANT_RENEWED)
                        add(&claim.givens, e);
                else if (e->type == PLC_EVENT_GRANT_NARROWED)
                        add(&claim.narrowings, e);
                else if (e->type == PLC_EVENT_GUARDIAN_VERIFIED)
                        add(&claim.guardians, e);
                else if (e->type == PLC_EVENT_GRANT_WITHDRAWN || e->type == PLC_EVENT_GRANT_TERMINATED ||
                         e->type == PLC_EVENT_GRANT_INVALIDATED)
                        add(&claim.ends, e);
        }
        about = claim.person != NULL ? plc_ledger_about(ledger, claim.person) : NULL;
        for (guint i = 0; about != NULL && i < about->len; i++) {
                const struct plc_event *e = about->pdata[i];

                if (e->type == PLC_EVENT_CONSENT_WITHDRAWN && e->subject_kind == PLC_ID_PERSON &&
                    e->subject == claim.person)
                        add(&claim.person_withdrawals, e);
        }
        sort(&claim.givens);
        sort(&claim.narrowings);
        sort(&claim.ends);
        sort(&claim.guardians);
        sort(&claim.person_withdrawals);
        g_array_append_val(view->claims, claim);
}

static void add_holding(const plc_ledger *ledger, struct plc_view *view, const struct plc_event *placed)
{
        struct plc_holding holding = {.placed = {.at = placed->effective_at, .seq = placed->seq, .event = placed}};
        const GPtrArray *about = plc_ledger_about(ledger, placed->hold);

        for (guint i = 0; i < about->len; i++) {
                const struct plc_event *e = about->pdata[i];

                if (e->type == PLC_EVENT_HOLD_LIFTED && e->hold == placed->hold)
                        add(&holding.lifts, e);
        }
        g_array_append_val(view->holdings, holding);
}

static void erase(struct plc_view *view, const struct plc_event *e)
{
        if (view->erased_seq == 0 || e->seq < view->erased_seq)
                view->erased_seq = e->seq;
}

/* Grants, blanket withdrawals and holds whose subject or target is this id; erasures of it. */
static void collect_subject(const plc_ledger *ledger, struct plc_view *view, plc_id_kind kind, const char *id)
{
        const GPtrArray *about = id != NULL ? plc_ledger_about(ledger, id) : NULL;

        for (guint i = 0; about != NULL && i < about->len; i++) {
                const struct plc_event *e = about->pdata[i];

                if (e->type == PLC_EVENT_SUBJECT_ERASED && kind == PLC_ID_CONTRIBUTOR && e->contributor == id)
                        erase(view, e);
                if (e->subject != id || e->subject_kind != kind)
                        continue;
                if (e->type == PLC_EVENT_CONSENT_WITHDRAWN)
                        add(&view->withdrawals, e);
                else if (e->type == PLC_EVENT_HOLD_PLACED)
                        add_holding(ledger, view, e);
                else if ((e->type == PLC_EVENT_GRANT_GIVEN || e->type == PLC_EVENT_GRANT_RENEWED) &&
                         plc_ledger_grant(ledger, e->grant) == e)
                        add_claim(ledger, view, e);
        }
}

static void collect_item(const plc_ledger *ledger, struct plc_view *view, const char *item)
{
        const GPtrArray *about = plc_ledger_about(ledger, item);

        for (guint i = 0; i < about->len; i++) {
                const struct plc_event *e = about->pdata[i];

                if (e->item != item)
                        continue;
                if (e->type == PLC_EVENT_ITEM_ERASED)
                        erase(view, e);
                else if (e->type == PLC_EVENT_PERSONS_DECLARED)
                        add(&view->persons, e);
                else if (e->type == PLC_EVENT_MODERATION_DECIDED)
                        add(&view->moderations, e);
                else if (e->type == PLC_EVENT_DISCLOSURE_SET)
                        add(&view->disclosures, e);
                else if (e->type == PLC_EVENT_FLAGS_SET)
                        add(&view->flags, e);
        }
}

static int by_claim_id(gconstpointer a, gconstpointer b)
{
        return strcmp(((const struct plc_claim *)a)->id, ((const struct plc_claim *)b)->id);
}

struct plc_view *plc_view_of(const plc_ledger *ledger, const char *item)
{
        const struct plc_event *ingested = plc_ledger_item(ledger, item);
        struct plc_view *view = ingested != NULL ? plc_ledger_view(ledger, ingested->item) : NULL;

        if (ingested == NULL || view != NULL)
                return view;
        view = g_new0(struct plc_view, 1);
        view->ingested = ingested;
        view->claims = g_array_new(FALSE, FALSE, sizeof(struct plc_claim));
        g_array_set_clear_func(view->claims, claim_clear);
        view->holdings = g_array_new(FALSE, FALSE, sizeof(struct plc_holding));
        g_array_set_clear_func(view->holdings, holding_clear);
        view->instants = g_array_new(FALSE, FALSE, sizeof(int64_t));
        view->people = g_array_new(FALSE, FALSE, sizeof(struct plc_depicted));
        view->suitability = g_array_new(FALSE, FALSE, sizeof(struct plc_suit));
        view->flags_now = g_ptr_array_new();
        view->review = g_ptr_array_new();
        view->review_at = g_ptr_array_new();
        collect_item(ledger, view, ingested->item);
        collect_subject(ledger, view, PLC_ID_ITEM, ingested->item);
        collect_subject(ledger, view, PLC_ID_SUBMISSION, ingested->submission);
        collect_subject(ledger, view, PLC_ID_CONTRIBUTOR, ingested->contributor);
        sort(&view->moderations);
        sort(&view->disclosures);
        sort(&view->flags);
        sort(&view->persons);
        sort(&view->withdrawals);
        g_array_sort(view->claims, by_claim_id);
        plc_ledger_keep_view(ledger, ingested->item, view, view_free);
        return view;
}

int64_t plc_given_end(const struct plc_event *event, int64_t max_grant_days)
{
        const int64_t last = INT64_C(253402300799999); /* 9999-12-31T23:59:59.999Z */
        int64_t span, end;

        if (event->given.not_after != PLC_TIME_NEVER)
                return event->given.not_after;
        end = event->given.not_before != INT64_MIN ? event->given.not_before : event->effective_at;
        if (__builtin_mul_overflow(max_grant_days, PLC_DAY_MS, &span) || __builtin_add_overflow(end, span, &end) ||
            end > last)
                return PLC_TIME_NEVER;
        return end;
}

static int by_value(gconstpointer a, gconstpointer b)
{
        int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

        return left < right ? -1 : left > right;
}

static void add_instants(GArray *out, const struct plc_marks *marks)
{
        for (size_t i = 0; i < marks->count; i++)
                g_array_append_val(out, marks->at[i].at);
}

const GArray *plc_view_instants(struct plc_view *view, int64_t max_grant_days)
{
        GArray *out = view->instants;
        guint kept = 0;

        if (view->instants_days == max_grant_days)
                return out;
        view->instants_days = max_grant_days;
        g_array_set_size(out, 0);
        g_array_append_val(out, view->ingested->effective_at);
        add_instants(out, &view->moderations);
        add_instants(out, &view->disclosures);
        add_instants(out, &view->flags);
        add_instants(out, &view->persons);
        add_instants(out, &view->withdrawals);
        for (guint i = 0; i < view->holdings->len; i++) {
                const struct plc_holding *holding = &g_array_index(view->holdings, struct plc_holding, i);

                g_array_append_val(out, holding->placed.at);
                add_instants(out, &holding->lifts);
        }
        for (guint i = 0; i < view->claims->len; i++) {
                const struct plc_claim *claim = &g_array_index(view->claims, struct plc_claim, i);

                add_instants(out, &claim->givens);
                add_instants(out, &claim->narrowings);
                add_instants(out, &claim->ends);
                add_instants(out, &claim->guardians);
                add_instants(out, &claim->person_withdrawals);
                for (size_t j = 0; j < claim->givens.count; j++) {
                        const struct plc_event *given = claim->givens.at[j].event;
                        int64_t end = plc_given_end(given, max_grant_days);

                        if (given->given.not_before != INT64_MIN)
                                g_array_append_val(out, given->given.not_before);
                        if (end != PLC_TIME_NEVER)
                                g_array_append_val(out, end);
                }
        }
        g_array_sort(out, by_value);
        for (guint i = 0; i < out->len; i++)
                if (kept == 0 || g_array_index(out, int64_t, i) != g_array_index(out, int64_t, kept - 1))
                        g_array_index(out, int64_t, kept++) = g_array_index(out, int64_t, i);
        g_array_set_size(out, kept);
        return out;
}
