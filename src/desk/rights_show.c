/* On what do these items stand, and how did that come about? The time line of their events, then the present state of
 * each grant. */
#include <string.h>

#include "base/clock.h"
#include "desk/private.h"
#include "desk/standing.h"
#include "desk/timeline.h"
#include "desk/words.h"

#define ITEMS_WITH_EVENTS 100 /* of more, the events themselves would not fit into an answer: the time line alone */

/* All events about any of the items, each once, by seq. Free with g_ptr_array_unref. */
struct merged {
        GPtrArray *rows; /* of plc_ledger_row */
        GHashTable *seen;
};

static int by_seq(gconstpointer a, gconstpointer b)
{
        const plc_ledger_row *one = *(const plc_ledger_row *const *)a, *other = *(const plc_ledger_row *const *)b;

        return one->seq < other->seq ? -1 : one->seq > other->seq;
}

static void merge(struct merged *merged, GPtrArray *events)
{
        for (guint i = 0; i < events->len; i++) {
                plc_ledger_row *row = events->pdata[i];

                if (!g_hash_table_add(merged->seen, GSIZE_TO_POINTER((gsize)row->seq)))
                        continue;
                g_ptr_array_add(merged->rows, row);
                events->pdata[i] = NULL; /* its owner is the other array now */
        }
}

static bool write_items(struct plc_desk *desk, const GPtrArray *items, struct merged *merged, GString *answer,
                        GError **error)
{
        plc_jw_array(answer, "items");
        for (guint i = 0; i < items->len; i++) {
                g_autoptr(GPtrArray) events = NULL;

                if (!plc_catalog_ledger_for_item(desk->site->catalog, items->pdata[i], &events, error))
                        return false;
                plc_jw_object(answer, NULL);
                plc_jw_string(answer, "item", items->pdata[i]);
                if (items->len <= ITEMS_WITH_EVENTS) {
                        plc_jw_array(answer, "events");
                        for (guint e = 0; e < events->len; e++)
                                plc_jw_raw(answer, NULL, ((plc_ledger_row *)events->pdata[e])->json);
                        plc_jw_end_array(answer);
                }
                plc_jw_end_object(answer);
                merge(merged, events);
        }
        plc_jw_end_array(answer);
        return true;
}

/* The rights model's own reading of the rows; the i-th event is the i-th row's. */
static plc_ledger *read_rows(const GPtrArray *rows, GError **error)
{
        g_autoptr(plc_ledger) ledger = plc_ledger_new(true);

        for (guint i = 0; i < rows->len; i++) {
                const plc_ledger_row *row = rows->pdata[i];

                if (!plc_ledger_add_line(ledger, row->json, strlen(row->json), "ledger", error))
                        return NULL;
        }
        return g_steal_pointer(&ledger);
}

/* Not of grants that cover none of these items: the likeness of one person stands in many submissions. */
static bool is_ours(const plc_ledger *ledger, GHashTable *subjects, const struct plc_event *event)
{
        const struct plc_event *given = event->grant != NULL ? plc_ledger_grant(ledger, event->grant) : NULL;

        if (given != NULL)
                return g_hash_table_contains(subjects, given->subject);
        return true;
}

static int by_instant(gconstpointer a, gconstpointer b, gpointer ledger)
{
        const struct plc_event *one = plc_ledger_at(ledger, *(const guint *)a);
        const struct plc_event *other = plc_ledger_at(ledger, *(const guint *)b);

        if (one->effective_at != other->effective_at)
                return one->effective_at < other->effective_at ? -1 : 1;
        return one->seq < other->seq ? -1 : one->seq > other->seq;
}

static void write_line(GString *answer, const plc_ledger_row *row, const struct plc_event *event)
{
        g_autofree char *sentence = plc_timeline_sentence(row, event);

        plc_jw_object(answer, NULL);
        plc_jw_int(answer, "seq", row->seq);
        plc_jw_time(answer, "effective_at", row->effective_at);
        plc_jw_time(answer, "recorded_at", row->recorded_at);
        plc_jw_string(answer, "type", row->type);
        plc_jw_string(answer, "sentence", sentence);
        plc_jw_end_object(answer);
}

static void write_timeline(GString *answer, const GPtrArray *rows, plc_ledger *ledger, GHashTable *subjects)
{
        g_autoptr(GArray) order = g_array_new(FALSE, FALSE, sizeof(guint));

        for (guint i = 0; i < rows->len; i++)
                if (is_ours(ledger, subjects, plc_ledger_at(ledger, i)))
                        g_array_append_val(order, i);
        g_array_sort_with_data(order, by_instant, ledger);
        plc_jw_array(answer, "timeline");
        for (guint i = 0; i < order->len; i++) {
                guint at = g_array_index(order, guint, i);

                write_line(answer, rows->pdata[at], plc_ledger_at(ledger, at));
        }
        plc_jw_end_array(answer);
}

/* "active until 2028-11-03 09:40 UTC (in 712 days)" */
static char *state_words(const struct plc_standing *standing, int64_t now_ms)
{
        char time[PLC_WORDS_TIME_SIZE];

        switch (standing->state) {
        case PLC_STANDING_ACTIVE:
                if (standing->until == PLC_TIME_NEVER)
                        return g_strdup("active, without an end");
                plc_words_time(standing->until, time);
                return g_strdup_printf("active until %s (in %" G_GINT64_FORMAT " days)", time,
                                       (standing->until - now_ms) / PLC_DAY_MS);
        case PLC_STANDING_NOT_YET:
                plc_words_time(standing->said->given.not_before, time);
                return g_strdup_printf("begins %s", time);
        case PLC_STANDING_EXPIRED:
                plc_words_time(standing->until, time);
                return g_strdup_printf("expired %s", time);
        case PLC_STANDING_REQUESTED:
                return g_strdup("asked for, not given");
        default:
                plc_words_time(standing->ended_at, time);
                return g_strdup_printf("%s %s", plc_standing_words[standing->state], time);
        }
}

static void write_grant(GString *answer, const struct plc_standing *standing, int64_t now_ms)
{
        bool given = standing->said->type == PLC_EVENT_GRANT_GIVEN || standing->said->type == PLC_EVENT_GRANT_RENEWED;
        g_autofree char *state = state_words(standing, now_ms);
        g_autofree char *scope = plc_words_scope(&standing->scope);
        g_autofree char *sentence = g_strdup_printf(
                "%s%s%s%s%s%s: %s", plc_words_layer(standing->layer), standing->person != NULL ? " " : "",
                standing->person != NULL ? standing->person : "", given ? " " : "", scope,
                given && standing->said->given.attested ? " (attested)" : "", state);

        plc_jw_object(answer, NULL);
        plc_jw_string(answer, "grant", standing->grant);
        plc_jw_string(answer, "layer", plc_layer_words[standing->layer]);
        plc_jw_string(answer, "person", standing->person);
        plc_jw_string(answer, "subject", standing->said->subject);
        plc_jw_bool(answer, "attested", given && standing->said->given.attested);
        plc_jw_string(answer, "state", plc_standing_words[standing->state]);
        plc_jw_time(answer, "until", standing->until);
        plc_jw_string(answer, "sentence", sentence);
        plc_jw_end_object(answer);
}

static void write_grants(struct plc_desk *desk, GString *answer, const plc_ledger *ledger, GHashTable *subjects,
                         int64_t now_ms)
{
        g_autoptr(GArray) standings = plc_standings(ledger, desk->site->policy, subjects, now_ms, INT64_MAX);

        plc_jw_array(answer, "grants");
        for (guint i = 0; i < standings->len; i++)
                write_grant(answer, &g_array_index(standings, struct plc_standing, i), now_ms);
        plc_jw_end_array(answer);
}

static bool find_items(struct plc_desk *desk, plc_json *request, GPtrArray **out, GError **error)
{
        struct plc_desk_target target;

        if (plc_json_has(request, "ids"))
                return plc_desk_resolve_all(desk, request, out, error);
        if (!plc_desk_read_target(desk, request, &target, error))
                return false;
        *out = target.items;
        return true;
}

/* {"ids":[…]} or {"contributor":…}. */
bool plc_desk_rights_show(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        g_autoptr(GPtrArray) items = NULL;
        g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)plc_ledger_row_free);
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL), subjects = NULL;
        struct merged merged = {rows, seen};
        g_autoptr(plc_ledger) ledger = NULL;
        int64_t now_ms = plc_now_ms();

        if (!find_items(desk, request, &items, error))
                return false;
        plc_jw_object(answer, NULL);
        plc_jw_time(answer, "at", now_ms);
        if (!write_items(desk, items, &merged, answer, error))
                return false;
        g_ptr_array_sort(rows, by_seq);
        ledger = read_rows(rows, error);
        if (ledger == NULL)
                return false;
        subjects = plc_standing_subjects(ledger, items);
        write_timeline(answer, rows, ledger, subjects);
        write_grants(desk, answer, ledger, subjects, now_ms);
        plc_jw_end_object(answer);
        return true;
}
