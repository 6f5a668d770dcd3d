/* What is the form of an event in the ledger? Its canonical text, its link in the chain, and what it names
 * (rights-model §2). */
#include "catalog/chain.h"

#include <string.h>

#include "base/clock.h"
#include "rights/event.h"

static const struct plc_json_limits limits = {64 * 1024, 32}; /* of one event */

static plc_json *parse(const char *text, GError **error)
{
        g_autoptr(plc_json) event = plc_json_parse(text, strlen(text), "event", &limits, error);

        if (event != NULL && plc_json_typeof(event) != PLC_JSON_OBJECT) {
                plc_json_fail(event, error, PLC_E_BAD_VALUE, NULL, "an event must be an object");
                return NULL;
        }
        return g_steal_pointer(&event);
}

plc_json *plc_chain_complete(const char *json, int64_t seq, int64_t now, char **out_canonical, GError **error)
{
        static const char *const ours[] = {"seq", "recorded_at", "prev_hash", "hash"};
        g_autoptr(GString) text = g_string_new("{");
        g_autofree char *given_text = NULL;
        g_autoptr(plc_json) given = parse(json, error), event = NULL;

        if (given == NULL)
                return NULL;
        for (size_t i = 0; i < G_N_ELEMENTS(ours); i++)
                if (plc_json_has(given, ours[i])) {
                        plc_json_fail(given, error, PLC_E_BAD_VALUE, NULL, "%s is given by the ledger", ours[i]);
                        return NULL;
                }
        given_text = plc_json_canonical(given, error);
        if (given_text == NULL)
                return NULL;
        plc_jw_int(text, "seq", seq);
        plc_jw_time(text, "recorded_at", now);
        if (!plc_json_has(given, "effective_at"))
                plc_jw_time(text, "effective_at", now);
        if (plc_json_size(given) > 0)
                g_string_append_c(text, ',');
        g_string_append(text, given_text + 1);
        event = parse(text->str, error);
        if (event == NULL)
                return NULL;
        *out_canonical = plc_json_canonical(event, error);
        return *out_canonical != NULL ? g_steal_pointer(&event) : NULL;
}

static bool is_time(plc_json *event, const char *name, int64_t expected)
{
        char text[PLC_TIME_SIZE];
        const char *value = NULL;

        plc_time_format(expected, text);
        return plc_json_get_string(event, name, PLC_REQUIRED, PLC_TIME_SIZE, &value, NULL) && strcmp(value, text) == 0;
}

/* The columns by which events are found must say what the event says. */
static bool columns_agree(const plc_ledger_row *row, plc_json *event)
{
        const char *type = NULL;
        int64_t seq = 0;

        return plc_json_get_int(event, "seq", PLC_REQUIRED, 1, INT64_MAX, &seq, NULL) && seq == row->seq &&
               plc_json_get_string(event, "type", PLC_REQUIRED, 64, &type, NULL) && g_strcmp0(type, row->type) == 0 &&
               is_time(event, "recorded_at", row->recorded_at) && is_time(event, "effective_at", row->effective_at);
}

plc_json *plc_chain_check(const plc_ledger_row *event, const struct plc_ledger_head *head, GError **error)
{
        g_autoptr(plc_json) parsed = NULL;
        g_autofree char *canonical = NULL;
        char hash[PLC_SHA256_HEX_SIZE];

        if (event->seq != head->seq + 1) {
                plc_fail(error, PLC_E_BAD_LEDGER, "is missing");
                return NULL;
        }
        if (strcmp(event->prev_hash, head->hash) != 0) {
                plc_fail(error, PLC_E_BAD_LEDGER, "does not follow the event before it");
                return NULL;
        }
        if (event->json == NULL || !plc_event_hash(event->prev_hash, event->json, hash) ||
            strcmp(hash, event->hash) != 0) {
                plc_fail(error, PLC_E_BAD_LEDGER, "was changed: its hash does not fit");
                return NULL;
        }
        parsed = parse(event->json, error);
        canonical = parsed != NULL ? plc_json_canonical(parsed, error) : NULL;
        if (canonical == NULL)
                return NULL;
        if (strcmp(canonical, event->json) != 0 || !columns_agree(event, parsed)) {
                plc_fail(error, PLC_E_BAD_LEDGER, "is not in its canonical form");
                return NULL;
        }
        return g_steal_pointer(&parsed);
}

static void add(GPtrArray *refs, const char *kind, plc_json *id)
{
        struct plc_chain_ref *ref;

        if (id == NULL || plc_json_typeof(id) != PLC_JSON_STRING)
                return;
        ref = g_new(struct plc_chain_ref, 1);
        *ref = (struct plc_chain_ref){kind, plc_json_string(id)};
        g_ptr_array_add(refs, ref);
}

/* {item: …} or {submission: …} …: of "subject" and "target". */
static void add_one_of(GPtrArray *refs, plc_json *object)
{
        static const char *const kinds[] = {"item", "submission", "contributor", "person"};

        if (object == NULL || plc_json_typeof(object) != PLC_JSON_OBJECT)
                return;
        for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
                add(refs, kinds[i], plc_json_member(object, kinds[i]));
}

static void add_persons(GPtrArray *refs, plc_json *persons)
{
        if (persons == NULL || plc_json_typeof(persons) != PLC_JSON_ARRAY)
                return;
        for (size_t i = 0; i < plc_json_size(persons); i++) {
                plc_json *person = plc_json_element(persons, i);

                if (plc_json_typeof(person) == PLC_JSON_OBJECT)
                        add(refs, "of_person", plc_json_member(person, "id"));
        }
}

static int by_kind_and_id(gconstpointer a, gconstpointer b)
{
        const struct plc_chain_ref *one = *(const struct plc_chain_ref *const *)a;
        const struct plc_chain_ref *other = *(const struct plc_chain_ref *const *)b;
        int order = strcmp(one->kind, other->kind);

        return order != 0 ? order : strcmp(one->id, other->id);
}

GPtrArray *plc_chain_refs(plc_json *event)
{
        GPtrArray *refs = g_ptr_array_new_with_free_func(g_free);
        plc_json *type = plc_json_member(event, "type");
        const char *name = type != NULL && plc_json_typeof(type) == PLC_JSON_STRING ? plc_json_string(type) : "";
        bool ingested = strcmp(name, "item.ingested") == 0;

        add(refs, "item", plc_json_member(event, "item"));
        /* An ingested item belongs to a submission; the event is not about the submission, or every one of its items
         * had them all. */
        add(refs, ingested ? "of_submission" : "submission", plc_json_member(event, "submission"));
        add(refs, ingested ? "of_contributor" : "contributor", plc_json_member(event, "contributor"));
        add(refs, "person", plc_json_member(event, "person"));
        add(refs, "grant", plc_json_member(event, "grant"));
        add(refs, "hold", plc_json_member(event, "hold"));
        add_one_of(refs, plc_json_member(event, "subject"));
        add_one_of(refs, plc_json_member(event, "target"));
        add_persons(refs, plc_json_member(event, "persons"));
        g_ptr_array_sort(refs, by_kind_and_id);
        for (guint i = 1; i < refs->len;) {
                gpointer *pair = &refs->pdata[i - 1];

                if (by_kind_and_id(&pair[0], &pair[1]) == 0)
                        g_ptr_array_remove_index(refs, i);
                else
                        i++;
        }
        if (strcmp(name, "terms.published") == 0 || strcmp(name, "policy.changed") == 0) {
                struct plc_chain_ref *all = g_new(struct plc_chain_ref, 1);

                *all = (struct plc_chain_ref){"all", ""};
                g_ptr_array_insert(refs, 0, all); /* before "contributor": sorted */
        }
        return refs;
}
