/* What is known, in order? The list, its index, and the faults that only the events before a line can show. */
#include "rights/ledger.h"

#include "rights/lines.h"

struct plc_ledger {
        bool sparse;
        int64_t head;
        struct plc_names *names;
        GPtrArray *events;  /* in the names' memory */
        GHashTable *about;  /* id => GPtrArray of events */
        GHashTable *items;  /* id => item.ingested */
        GHashTable *grants; /* id => first given or renewed */
        GHashTable *views;  /* id => struct kept */
};

struct kept {
        struct plc_view *view;
        GDestroyNotify done;
};

static void kept_free(gpointer data)
{
        struct kept *kept = data;

        kept->done(kept->view);
        g_free(kept);
}

plc_ledger *plc_ledger_new(bool sparse)
{
        plc_ledger *ledger = g_new0(struct plc_ledger, 1);

        ledger->sparse = sparse;
        ledger->names = plc_names_new();
        ledger->events = g_ptr_array_new();
        ledger->about = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_ptr_array_unref);
        ledger->items = g_hash_table_new(NULL, NULL);
        ledger->grants = g_hash_table_new(NULL, NULL);
        ledger->views = g_hash_table_new_full(NULL, NULL, NULL, kept_free);
        return ledger;
}

void plc_ledger_free(plc_ledger *ledger)
{
        if (ledger == NULL)
                return;
        g_hash_table_unref(ledger->views);
        g_hash_table_unref(ledger->grants);
        g_hash_table_unref(ledger->items);
        g_hash_table_unref(ledger->about);
        g_ptr_array_unref(ledger->events);
        plc_names_free(ledger->names);
        g_free(ledger);
}

static void index_under(plc_ledger *ledger, const char *id, struct plc_event *event)
{
        GPtrArray *list;

        if (id == NULL)
                return;
        list = g_hash_table_lookup(ledger->about, id);
        if (list == NULL) {
                list = g_ptr_array_new();
                g_hash_table_insert(ledger->about, (gpointer)id, list);
        }
        /* one id text may name things of two kinds, and both in one event */
        if (list->len == 0 || list->pdata[list->len - 1] != event)
                g_ptr_array_add(list, event);
}

static bool is_giving(const struct plc_event *event)
{
        return event->type == PLC_EVENT_GRANT_GIVEN || event->type == PLC_EVENT_GRANT_RENEWED;
}

static bool in_order(const plc_ledger *ledger, const struct plc_event *event, const char *where, GError **error)
{
        if (!ledger->sparse && event->seq != ledger->head + 1)
                return plc_fail_at(
                        error, PLC_E_BAD_VALUE, where, "/seq", "Number the events 1, 2, 3 … in the order of the file.",
                        "must be %" G_GINT64_FORMAT " (found: %" G_GINT64_FORMAT ")", ledger->head + 1, event->seq);
        if (event->seq <= ledger->head)
                return plc_fail_at(error, PLC_E_BAD_VALUE, where, "/seq", "Give the events in their order.",
                                   "must be greater than %" G_GINT64_FORMAT " (found: %" G_GINT64_FORMAT ")",
                                   ledger->head, event->seq);
        return true;
}

static bool fits_grant(const plc_ledger *ledger, const struct plc_event *event, const char *where, GError **error)
{
        const struct plc_event *first = g_hash_table_lookup(ledger->grants, event->grant);
        const char *remedy = "Use a new grant id.";

        if (first == NULL)
                return true;
        if (first->layer != event->layer)
                return plc_fail_at(error, PLC_E_CONFLICT, where, "/layer", remedy,
                                   "the layer of grant \"%s\" may not change from %s to %s", event->grant,
                                   plc_layer_words[first->layer], plc_layer_words[event->layer]);
        if (first->person != event->person)
                return plc_fail_at(error, PLC_E_CONFLICT, where, "/person", remedy,
                                   "the person of grant \"%s\" may not change from \"%s\" to \"%s\"", event->grant,
                                   first->person, event->person);
        if (first->subject_kind != event->subject_kind || first->subject != event->subject)
                return plc_fail_at(error, PLC_E_CONFLICT, where, "/subject", remedy,
                                   "the subject of grant \"%s\" may not change", event->grant);
        return true;
}

static bool fits(const plc_ledger *ledger, const struct plc_event *event, const char *where, GError **error)
{
        if (!in_order(ledger, event, where, error))
                return false;
        if (event->type == PLC_EVENT_ITEM_INGESTED && g_hash_table_contains(ledger->items, event->item))
                return plc_fail_at(error, PLC_E_CONFLICT, where, "/item", "Remove the second one.",
                                   "item \"%s\" was ingested before", event->item);
        return !is_giving(event) || fits_grant(ledger, event, where, error);
}

bool plc_ledger_add_line(plc_ledger *ledger, const char *json, size_t size, const char *where, GError **error)
{
        struct plc_event parsed, *event;

        if (!plc_event_parse(json, size, where, ledger->names, &parsed, error) || !fits(ledger, &parsed, where, error))
                return false;
        event = plc_names_alloc(ledger->names, 1, sizeof *event);
        *event = parsed;
        g_ptr_array_add(ledger->events, event);
        ledger->head = event->seq;
        if (event->type == PLC_EVENT_ITEM_INGESTED)
                g_hash_table_insert(ledger->items, (gpointer)event->item, event);
        if (is_giving(event) && !g_hash_table_contains(ledger->grants, event->grant))
                g_hash_table_insert(ledger->grants, (gpointer)event->grant, event);
        index_under(ledger, event->item, event);
        if (event->type == PLC_EVENT_SUBJECT_ERASED)
                index_under(ledger, event->contributor, event);
        index_under(ledger, event->subject, event);
        index_under(ledger, event->grant, event);
        index_under(ledger, event->hold, event);
        g_hash_table_remove_all(ledger->views);
        return true;
}

bool plc_ledger_add_lines(plc_ledger *ledger, const char *text, size_t size, const char *file, GError **error)
{
        struct plc_lines lines = {.at = text, .end = text + size};
        const char *line;
        size_t line_size;

        while (plc_lines_next(&lines, &line, &line_size)) {
                g_autofree char *where = g_strdup_printf("%s, line %zu", file, lines.number);

                if (plc_line_is_blank(line, line_size))
                        return plc_fail_at(error, PLC_E_BAD_VALUE, where, NULL, "Remove it.", "is blank");
                if (!plc_ledger_add_line(ledger, line, line_size, where, error))
                        return false;
        }
        return true;
}

size_t plc_ledger_size(const plc_ledger *ledger)
{
        return ledger->events->len;
}

const struct plc_event *plc_ledger_at(const plc_ledger *ledger, size_t index)
{
        return ledger->events->pdata[index];
}

int64_t plc_ledger_head(const plc_ledger *ledger)
{
        return ledger->head;
}

const struct plc_names *plc_ledger_names(const plc_ledger *ledger)
{
        return ledger->names;
}

static gconstpointer lookup(const plc_ledger *ledger, GHashTable *table, const char *id)
{
        const char *kept = plc_names_find(ledger->names, id);

        return kept != NULL ? g_hash_table_lookup(table, kept) : NULL;
}

const struct plc_event *plc_ledger_grant(const plc_ledger *ledger, const char *grant)
{
        return lookup(ledger, ledger->grants, grant);
}

const struct plc_event *plc_ledger_item(const plc_ledger *ledger, const char *item)
{
        return lookup(ledger, ledger->items, item);
}

const GPtrArray *plc_ledger_about(const plc_ledger *ledger, const char *id)
{
        return g_hash_table_lookup(ledger->about, id);
}

struct plc_view *plc_ledger_view(const plc_ledger *ledger, const char *item)
{
        const struct kept *kept = g_hash_table_lookup(ledger->views, item);

        return kept != NULL ? kept->view : NULL;
}

void plc_ledger_keep_view(const plc_ledger *ledger, const char *item, struct plc_view *view, GDestroyNotify done)
{
        struct kept *kept = g_new(struct kept, 1);

        *kept = (struct kept){.view = view, .done = done};
        g_hash_table_insert(ledger->views, (gpointer)item, kept);
}
