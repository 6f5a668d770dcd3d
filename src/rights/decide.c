/* May this item be used there, and until when? The verdict of one instant, then the same question at each later one. */
#include "rights/decide.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "rights/evaluate.h"

static int by_text(gconstpointer a, gconstpointer b)
{
        return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool plc_outcome_same_duties(const struct plc_outcome *a, const struct plc_outcome *b)
{
        if (a->duties != b->duties || a->disclose != b->disclose || a->review->len != b->review->len)
                return false;
        return a->review->len == 0 ||
               memcmp(a->review->pdata, b->review->pdata, a->review->len * sizeof a->review->pdata[0]) == 0;
}

void plc_outcome_duties(const struct plc_outcome *outcome, GPtrArray *out)
{
        if ((outcome->duties & PLC_DUTY_CREDIT) != 0)
                g_ptr_array_add(out, g_strdup("CREDIT"));
        if ((outcome->duties & PLC_DUTY_NO_CREDIT) != 0)
                g_ptr_array_add(out, g_strdup("NO_CREDIT"));
        if ((outcome->duties & PLC_DUTY_KEEP_SOURCE_TYPE) != 0)
                g_ptr_array_add(out, g_strdup("KEEP_SOURCE_TYPE"));
        if (outcome->disclose != PLC_CONNECTION_NONE)
                g_ptr_array_add(out, g_strdup_printf("DISCLOSE(%s)", plc_connection_words[outcome->disclose]));
        for (guint i = 0; i < outcome->review->len; i++)
                g_ptr_array_add(out, g_strdup_printf("REVIEW(%s)", (const char *)outcome->review->pdata[i]));
        g_ptr_array_sort(out, by_text);
}

static guint first_after(const GArray *instants, int64_t t)
{
        guint low = 0, high = instants->len;

        while (low < high) {
                guint middle = low + (high - low) / 2;

                if (g_array_index(instants, int64_t, middle) > t)
                        high = middle;
                else
                        low = middle + 1;
        }
        return low;
}

/* An instant after the year 9999 counts as none. */
static int64_t latest_use(const struct plc_policy *policy, const struct plc_question *question)
{
        const int64_t last = INT64_C(253402300799999); /* 9999-12-31T23:59:59.999Z */
        int64_t seconds = policy->max_ttl[question->channel];
        int64_t span, until;

        if (seconds < 0 || __builtin_mul_overflow(seconds, 1000, &span) ||
            __builtin_add_overflow(question->at, span, &until) || until > last)
                return PLC_TIME_NEVER;
        return until;
}

static int64_t valid_until(const struct plc_asking *asking, const struct plc_outcome *now)
{
        const GArray *instants = plc_view_instants(asking->view, asking->policy->max_grant_days);
        int64_t bound = latest_use(asking->policy, asking->question);
        struct plc_outcome then = {.review = asking->view->review_at};

        for (guint i = first_after(instants, asking->question->at); i < instants->len; i++) {
                int64_t t = g_array_index(instants, int64_t, i);

                if (t >= bound)
                        break;
                plc_evaluate(asking, t, &then);
                if (then.denied || !plc_outcome_same_duties(now, &then))
                        return t;
        }
        return bound;
}

static void empty(GPtrArray **list)
{
        if (*list == NULL)
                *list = g_ptr_array_new_with_free_func(g_free);
        else
                g_ptr_array_set_size(*list, 0);
}

void plc_decide(const plc_ledger *ledger, const plc_policy *policy, const struct plc_question *question,
                struct plc_verdict *out)
{
        struct plc_asking asking;
        struct plc_outcome now = {0};
        const char *reason;

        empty(&out->reasons);
        empty(&out->duties);
        out->allow = false;
        out->valid_until = PLC_TIME_NEVER;
        if (!plc_asking_prepare(ledger, policy, question, &asking, &reason)) {
                g_ptr_array_add(out->reasons, g_strdup(reason));
                return;
        }
        now.reasons = out->reasons;
        now.review = asking.view->review;
        plc_evaluate(&asking, question->at, &now);
        if (now.denied)
                return;
        out->allow = true;
        plc_outcome_duties(&now, out->duties);
        out->valid_until = valid_until(&asking, &now);
}

void plc_verdict_clear(struct plc_verdict *verdict)
{
        g_clear_pointer(&verdict->reasons, g_ptr_array_unref);
        g_clear_pointer(&verdict->duties, g_ptr_array_unref);
}

static void write_list(GString *out, const char *name, const GPtrArray *texts)
{
        plc_jw_array(out, name);
        for (guint i = 0; i < texts->len; i++)
                plc_jw_string(out, NULL, texts->pdata[i]);
        plc_jw_end_array(out);
}

void plc_verdict_write(const struct plc_verdict *verdict, GString *out)
{
        plc_jw_object(out, NULL);
        plc_jw_string(out, "verdict", verdict->allow ? "allow" : "deny");
        write_list(out, "reasons", verdict->reasons);
        write_list(out, "duties", verdict->duties);
        plc_jw_time(out, "valid_until", verdict->valid_until);
        plc_jw_end_object(out);
}
