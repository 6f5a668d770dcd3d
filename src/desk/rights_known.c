/* What does the ledger know already of a consent that is recorded by hand? */
#include "desk/rights_known.h"

#include <string.h>

#include "base/json.h"
#include "intake/consents.h"

static const char *text(plc_json *said, const char *name)
{
        plc_json *value = said != NULL ? plc_json_member(said, name) : NULL;

        return value != NULL && plc_json_typeof(value) == PLC_JSON_STRING ? plc_json_string(value) : "";
}

static plc_json *read_event(const char *event, GError **error)
{
        return plc_json_parse(event, strlen(event), "ledger", &plc_json_default_limits, error);
}

static bool is_one_of(const char *type, const char *a, const char *b)
{
        return strcmp(type, a) == 0 || strcmp(type, b) == 0;
}

static void add_end(GArray *out, const char *layer, const char *person, int64_t at, bool to_attest)
{
        struct plc_consents_end end = {.at = at, .to_attest = to_attest};

        g_strlcpy(end.layer, layer, sizeof end.layer);
        g_strlcpy(end.person, person, sizeof end.person);
        g_array_append_val(out, end);
}

/* A blanket withdrawal ends every layer; of likeness, that of the contributor, since no other is recorded by hand. */
static void add_blanket(GArray *out, const char *contributor, int64_t at, bool whole)
{
        add_end(out, "licence", "", at, whole);
        add_end(out, "data", "", at, whole);
        add_end(out, "likeness", contributor, at, whole);
}

static bool add_ends_of_grant(struct plc_desk *desk, const char *given, bool whole, GArray *out, GError **error)
{
        g_autoptr(plc_json) said = read_event(given, error);
        g_autoptr(GPtrArray) rows = NULL;

        if (said == NULL || !plc_catalog_ledger_about(desk->site->catalog, "grant", text(said, "grant"), &rows, error))
                return false;
        for (guint i = 0; i < rows->len; i++) {
                const plc_ledger_row *row = rows->pdata[i];

                if (is_one_of(row->type, "grant.withdrawn", "grant.terminated"))
                        add_end(out, text(said, "layer"), text(said, "person"), row->effective_at,
                                whole && strcmp(row->type, "grant.withdrawn") == 0);
        }
        return true;
}

/* Grants and blanket withdrawals that have this one as their subject; whole: it holds all that is spoken of. */
static bool add_ends_of(struct plc_desk *desk, const char *kind, const char *id, const char *contributor, bool whole,
                        GArray *out, GError **error)
{
        g_autoptr(GPtrArray) rows = NULL;

        if (!plc_catalog_ledger_about(desk->site->catalog, kind, id, &rows, error))
                return false;
        for (guint i = 0; i < rows->len; i++) {
                const plc_ledger_row *row = rows->pdata[i];

                if (strcmp(row->type, "consent.withdrawn") == 0)
                        add_blanket(out, contributor, row->effective_at, whole);
                else if (is_one_of(row->type, "grant.given", "grant.renewed") &&
                         !add_ends_of_grant(desk, row->json, whole, out, error))
                        return false;
        }
        return true;
}

bool plc_rights_find_ended(struct plc_desk *desk, const struct plc_desk_target *target, const plc_item *first,
                           GArray *out, GError **error)
{
        if (!add_ends_of(desk, "contributor", first->contributor, first->contributor, true, out, error) ||
            !add_ends_of(desk, "submission", first->submission, first->contributor, true, out, error))
                return false;
        for (guint i = 0; i < target->items->len; i++)
                if (!add_ends_of(desk, "item", target->items->pdata[i], first->contributor, target->items->len == 1,
                                 out, error))
                        return false;
        return true;
}

/* What a grant says, whoever recorded it, whenever, and under whichever id. Free with g_free. */
static char *essence(const char *event, GError **error)
{
        static const char *const leave_out[] = {"grant", "seq", "recorded_at", "x_by", NULL};
        g_autoptr(plc_json) said = read_event(event, error);

        return said != NULL ? plc_json_canonical_without(said, leave_out, error) : NULL;
}

static bool refuse_invalidated(struct plc_desk *desk, const char *grant, GError **error)
{
        g_autoptr(GPtrArray) rows = NULL;

        if (!plc_catalog_ledger_about(desk->site->catalog, "grant", grant, &rows, error))
                return false;
        for (guint i = 0; i < rows->len; i++)
                if (strcmp(((plc_ledger_row *)rows->pdata[i])->type, "grant.invalidated") == 0)
                        return plc_fail_at(error, PLC_E_CONFLICT, NULL, NULL, "Record other evidence.",
                                           "the same evidence was recorded before, and invalidated (grant %s)", grant);
        return true;
}

/* The grant of the ledger that says the same as this event, or "". */
static bool find_same(struct plc_desk *desk, const char *event, char out[PLC_ID_SIZE], GError **error)
{
        g_autoptr(plc_json) said = read_event(event, error);
        g_autofree char *wanted = essence(event, error);
        g_autoptr(GPtrArray) rows = NULL;
        plc_json *subject;
        const char *kind;

        out[0] = '\0';
        if (said == NULL || wanted == NULL)
                return false;
        subject = plc_json_member(said, "subject");
        kind = text(subject, "item")[0] != '\0' ? "item" : "submission";
        if (!plc_catalog_ledger_about(desk->site->catalog, kind, text(subject, kind), &rows, error))
                return false;
        for (guint i = 0; i < rows->len; i++) {
                const plc_ledger_row *row = rows->pdata[i];
                g_autoptr(plc_json) earlier = NULL;
                g_autofree char *found = NULL;

                if (strcmp(row->type, text(said, "type")) != 0)
                        continue;
                earlier = read_event(row->json, error);
                found = essence(row->json, error);
                if (earlier == NULL || found == NULL)
                        return false;
                if (strcmp(found, wanted) != 0)
                        continue;
                g_strlcpy(out, text(earlier, "grant"), PLC_ID_SIZE);
                return refuse_invalidated(desk, out, error);
        }
        return true;
}

bool plc_rights_take_out_known(struct plc_desk *desk, GPtrArray *events, GPtrArray *grants, GPtrArray *out,
                               GError **error)
{
        for (guint i = 0; i < events->len;) { /* one record for each: by hand nothing comes with a guardian's word */
                char same[PLC_ID_SIZE];

                if (!find_same(desk, events->pdata[i], same, error))
                        return false;
                if (same[0] == '\0') {
                        i++;
                        continue;
                }
                g_ptr_array_add(out, g_strdup(same));
                g_ptr_array_remove_index(events, i);
                g_ptr_array_remove_index(grants, i);
        }
        return true;
}

bool plc_rights_gives(const char *event)
{
        g_autoptr(plc_json) said = read_event(event, NULL);

        return strcmp(text(said, "type"), "grant.given") == 0;
}

guint plc_rights_count_given(const GPtrArray *events)
{
        guint given = 0;

        for (guint i = 0; i < events->len; i++)
                given += plc_rights_gives(events->pdata[i]);
        return given;
}
