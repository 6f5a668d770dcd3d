/* During which times is the answer yes? The question asked at every instant at which it can change. */
#include "base/clock.h"
#include "rights/evaluate.h"

static void segment_clear(gpointer data)
{
        g_strfreev(((struct plc_segment *)data)->duties);
}

GArray *plc_segments_new(void)
{
        GArray *segments = g_array_new(FALSE, FALSE, sizeof(struct plc_segment));

        g_array_set_clear_func(segments, segment_clear);
        return segments;
}

static void open_segment(GArray *out, int64_t from, const struct plc_outcome *outcome)
{
        GPtrArray *duties = g_ptr_array_new();
        struct plc_segment segment = {.from = from, .until = PLC_TIME_NEVER};

        plc_outcome_duties(outcome, duties);
        g_ptr_array_add(duties, NULL);
        segment.duties = (char **)g_ptr_array_free(duties, FALSE);
        g_array_append_val(out, segment);
}

bool plc_segments(const plc_ledger *ledger, const plc_policy *policy, const struct plc_question *question,
                  int64_t from_ms, GArray *out)
{
        struct plc_outcome a, b, *now = &a, *then = &b;
        guint before = out->len;
        struct plc_asking asking;
        const GArray *instants;
        const char *reason;

        if (!plc_asking_prepare(ledger, policy, question, &asking, &reason))
                return false;
        instants = plc_view_instants(asking.view, policy->max_grant_days);
        a = (struct plc_outcome){.review = asking.view->review};
        b = (struct plc_outcome){.review = asking.view->review_at};
        plc_evaluate(&asking, from_ms, now);
        if (!now->denied)
                open_segment(out, from_ms, now);
        for (guint i = 0; i < instants->len; i++) {
                int64_t t = g_array_index(instants, int64_t, i);
                struct plc_outcome *swap = now;

                if (t <= from_ms)
                        continue;
                plc_evaluate(&asking, t, then);
                if (now->denied == then->denied && (now->denied || plc_outcome_same_duties(now, then)))
                        continue;
                if (!now->denied)
                        g_array_index(out, struct plc_segment, out->len - 1).until = t;
                if (!then->denied)
                        open_segment(out, t, then);
                now = then;
                then = swap;
        }
        return out->len > before;
}

void plc_decide_instants(const plc_ledger *ledger, const plc_policy *policy, const char *item, GArray *out)
{
        struct plc_view *view = plc_view_of(ledger, item);
        const GArray *instants = view != NULL ? plc_view_instants(view, policy->max_grant_days) : NULL;

        if (instants != NULL)
                g_array_append_vals(out, instants->data, instants->len);
}

static void name_scope(struct plc_territories *out, const struct plc_scope *scope)
{
        plc_territories_union(out, &scope->territories);
        plc_territories_union(out, &scope->exclude);
}

static void name_events(struct plc_territories *out, const struct plc_view *view)
{
        for (guint i = 0; i < view->claims->len; i++) {
                const struct plc_claim *claim = &g_array_index(view->claims, struct plc_claim, i);

                for (size_t j = 0; j < claim->givens.count; j++)
                        name_scope(out, &claim->givens.at[j].event->given.scope);
                for (size_t j = 0; j < claim->narrowings.count; j++)
                        name_scope(out, &claim->narrowings.at[j].event->narrowed);
        }
        for (guint i = 0; i < view->holdings->len; i++)
                plc_territories_union(
                        out, &g_array_index(view->holdings, struct plc_holding, i).placed.event->placed.territories);
}

void plc_decide_territories(const plc_ledger *ledger, const plc_policy *policy, const char *item,
                            struct plc_territories *out_named, char out_other[3])
{
        struct plc_view *view = plc_view_of(ledger, item);
        struct plc_territories named = {0};
        plc_territory other = 0;

        if (view != NULL)
                name_events(&named, view);
        for (size_t i = 0; i < policy->likeness_count; i++)
                plc_territories_union(&named, &policy->likeness[i].territories);
        for (size_t i = 0; i < policy->required_count; i++)
                plc_territories_union(&named, &policy->required[i].territories);
        for (size_t i = 0; i < policy->suitability_count; i++)
                plc_territories_union(&named, &policy->suitability[i].territories);
        named.bits[PLC_TERRITORY_WORLD / 64] &= ~(UINT64_C(1) << (PLC_TERRITORY_WORLD % 64));
        while (other < PLC_TERRITORIES - 1 && (other == PLC_TERRITORY_WORLD || plc_territories_has(&named, other)))
                other++;
        *out_named = named;
        plc_territory_format(other, out_other);
}
