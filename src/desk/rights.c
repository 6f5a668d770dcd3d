/* Which permissions does an item stand on, how is one recorded, and how is it withdrawn? */
#include <fcntl.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "desk/private.h"
#include "intake/consents.h"

#define EVIDENCE_BYTES ((size_t)10 << 20)

/* The events about grants, as the ledger has them: the time line of one item. */
bool plc_desk_rights_show(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        g_autoptr(GPtrArray) ids = NULL;

        if (!plc_desk_resolve_all(desk, request, &ids, error))
                return false;
        plc_jw_object(answer, NULL);
        plc_jw_array(answer, "items");
        for (guint i = 0; i < ids->len; i++) {
                g_autoptr(GPtrArray) events = NULL;

                if (!plc_catalog_ledger_for_item(desk->site->catalog, ids->pdata[i], &events, error))
                        return false;
                plc_jw_object(answer, NULL);
                plc_jw_string(answer, "item", ids->pdata[i]);
                plc_jw_array(answer, "events");
                for (guint e = 0; e < events->len; e++)
                        plc_jw_raw(answer, NULL, ((plc_ledger_row *)events->pdata[e])->json);
                plc_jw_end_array(answer);
                plc_jw_end_object(answer);
        }
        plc_jw_end_array(answer);
        plc_jw_end_object(answer);
        return true;
}

static void add_items(struct plc_desk_act *act, const GPtrArray *items)
{
        for (guint i = 0; i < items->len; i++)
                g_ptr_array_add(act->items, g_strdup(items->pdata[i]));
}

static void blanket(struct plc_desk_act *act, const char *kind, const char *id)
{
        GString *event = plc_desk_event("consent.withdrawn");

        plc_jw_object(event, "subject");
        plc_jw_string(event, kind, id);
        plc_jw_end_object(event);
        plc_desk_event_end(act, event);
}

/* `source:external-id`, or our own id. */
static bool find_contributor(struct plc_desk *desk, const char *name, plc_contributor **out, GError **error)
{
        const char *colon = strchr(name, ':');
        g_autofree char *source = colon != NULL ? g_strndup(name, (gsize)(colon - name)) : NULL;
        char hmac[PLC_SHA256_HEX_SIZE];

        if (source == NULL)
                return plc_catalog_get_contributor(desk->site->catalog, name, out, error);
        plc_vault_hmac(desk->site->vault, "contributor", source, colon + 1, hmac);
        if (!plc_catalog_find_contributor(desk->site->catalog, hmac, out, error))
                return false;
        return *out != NULL ||
               plc_fail_at(error, PLC_E_NOT_FOUND, NULL, NULL, "Write it as source:id, as the source has it.",
                           "no contributor is known as \"%s\"", name);
}

static bool withdraw_contributor(struct plc_desk *desk, struct plc_desk_act *act, const char *name, GError **error)
{
        g_autoptr(plc_contributor) contributor = NULL;
        g_autoptr(GPtrArray) items = NULL;

        if (!find_contributor(desk, name, &contributor, error) ||
            !plc_catalog_items_of_contributor(desk->site->catalog, contributor->id, &items, error))
                return false;
        blanket(act, "contributor", contributor->id);
        add_items(act, items);
        return true;
}

static bool withdraw_grant(struct plc_desk *desk, struct plc_desk_act *act, const char *grant, GError **error)
{
        g_autoptr(plc_grant_record) record = NULL;
        g_autoptr(GPtrArray) items = NULL;
        GString *event;

        if (!plc_catalog_get_grant(desk->site->catalog, grant, &record, error) ||
            !plc_catalog_ledger_items_of(desk->site->catalog, "grant", grant, &items, error))
                return false;
        event = plc_desk_event("grant.withdrawn");
        plc_jw_string(event, "grant", grant);
        plc_desk_event_end(act, event);
        add_items(act, items);
        return true;
}

/* All grants of what the id names: a submission as a whole, or one item. */
static bool withdraw_named(struct plc_desk *desk, struct plc_desk_act *act, const char *id, GError **error)
{
        g_autoptr(GPtrArray) items = NULL;
        g_autoptr(plc_item) first = NULL;

        if (!plc_desk_resolve(desk, id, &items, error) ||
            !plc_catalog_get_item(desk->site->catalog, items->pdata[0], &first, error))
                return false;
        if (strcmp(first->id, id) == 0)
                blanket(act, "item", id);
        else
                blanket(act, "submission", first->submission);
        add_items(act, items);
        return true;
}

bool plc_desk_rights_withdraw(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        const char *id = NULL, *grant = NULL, *contributor = NULL;
        g_autoptr(plc_desk_act) act = plc_desk_act_new();
        int64_t now_ms = plc_now_ms();
        g_autoptr(plc_db_tx) tx = NULL;
        bool ok;

        if (!plc_json_get_name(request, "id", PLC_OPTIONAL, 200, &id, error) ||
            !plc_json_get_name(request, "grant", PLC_OPTIONAL, 64, &grant, error) ||
            !plc_json_get_name(request, "contributor", PLC_OPTIONAL, 400, &contributor, error))
                return false;
        if ((id != NULL) + (grant != NULL) + (contributor != NULL) != 1)
                return plc_fail_at(error, PLC_E_USAGE, NULL, NULL, "Name exactly one of them.",
                                   "an item or submission, a grant, or a contributor must be named");
        ok = id != NULL      ? withdraw_named(desk, act, id, error)
             : grant != NULL ? withdraw_grant(desk, act, grant, error)
                             : withdraw_contributor(desk, act, contributor, error);
        if (!ok)
                return false;
        tx = plc_catalog_begin(desk->site->catalog, error);
        if (tx == NULL || !plc_desk_write(desk, act, now_ms, error) || !plc_db_commit(&tx, error) ||
            !plc_publish_items(&desk->site->publisher, act->items, plc_now_ms(), error))
                return false;
        plc_office_kick(desk->office);
        plc_jw_object(answer, NULL);
        plc_jw_int(answer, "items", act->items->len);
        plc_jw_time(answer, "withdrawn_at", now_ms);
        plc_jw_end_object(answer);
        return true;
}

/* The one consent of the request, in the form in which a drop would have brought it. */
static bool read_consent(struct plc_desk *desk, plc_json *request, struct plc_manifest_consent *out, GError **error)
{
        const char *terms = NULL, *evidence = NULL;
        int64_t version = 1;

        out->captured_at = plc_now_ms();
        out->not_before = out->not_after = PLC_TIME_NEVER;
        if (!plc_json_get_name(request, "terms", PLC_OPTIONAL, 64, &terms, error) ||
            !plc_json_get_int(request, "version", PLC_OPTIONAL, 1, 1000000, &version, error) ||
            !plc_json_get_name(request, "evidence", PLC_REQUIRED, EVIDENCE_BYTES, &evidence, error) ||
            !plc_json_get_time(request, "captured_at", PLC_OPTIONAL, &out->captured_at, error) ||
            !plc_json_get_time(request, "not_after", PLC_OPTIONAL, &out->not_after, error) ||
            !plc_terms_scope_read(request, terms != NULL ? PLC_OPTIONAL : PLC_REQUIRED, &out->scope, error))
                return false;
        if (out->captured_at > plc_now_ms())
                return plc_fail(error, PLC_E_BAD_VALUE, "the consent cannot have been captured in the future");
        out->terms = g_strdup(terms);
        out->version = version;
        out->evidence.text = g_strdup(evidence);
        for (size_t i = 0; terms != NULL && i < plc_terms_size(desk->site->terms); i++) {
                const struct plc_terms *row = plc_terms_at(desk->site->terms, i);

                if (strcmp(row->id, terms) == 0 && row->version == version && out->text_sha256 == NULL)
                        out->text_sha256 = g_strdup(row->text_sha256);
        }
        if (terms == NULL || out->text_sha256 != NULL)
                return true;
        return plc_fail_at(error, PLC_E_NOT_FOUND, NULL, NULL, "Register them in the site's terms/ folder.",
                           "terms \"%s\" version %" G_GINT64_FORMAT " are not registered", terms, version);
}

static bool write_grants(struct plc_desk *desk, const GPtrArray *grants, struct plc_desk_act *act, int64_t now_ms,
                         GError **error)
{
        g_autoptr(plc_db_tx) tx = plc_catalog_begin(desk->site->catalog, error);

        if (tx == NULL || !plc_desk_write(desk, act, now_ms, error))
                return false;
        for (guint i = 0; i < grants->len; i++)
                if (!plc_catalog_insert_grant(desk->site->catalog, grants->pdata[i], error))
                        return false;
        for (guint i = 0; i < act->items->len; i++)
                if (!plc_catalog_enqueue(desk->site->catalog, "render", act->items->pdata[i], 4, now_ms, error))
                        return false;
        return plc_db_commit(&tx, error);
}

/*
 * Under registered terms, with the contributor's own evidence, it is their act; without terms it is an attestation,
 * whose reach the policy caps. Nothing is granted without evidence.
 */
static bool grant(struct plc_desk *desk, const char *id, struct plc_manifest_consent *consent, GString *answer,
                  GError **error)
{
        plc_manifest manifest = {.n_consents = 1, .consents = consent};
        g_autoptr(GPtrArray) items = NULL,
                             grants = g_ptr_array_new_with_free_func((GDestroyNotify)plc_grant_record_free);
        g_autoptr(plc_desk_act) act = plc_desk_act_new();
        g_autoptr(plc_item) item = NULL;
        int64_t now_ms = plc_now_ms();
        struct plc_consents consents = {.trusted = consent->terms != NULL,
                                        .terms = desk->site->terms,
                                        .vault = desk->site->vault,
                                        .folder_fd = -1,
                                        .now_ms = now_ms,
                                        .events = act->events,
                                        .grants = grants};

        if (!plc_desk_resolve(desk, id, &items, error) ||
            !plc_catalog_get_item(desk->site->catalog, items->pdata[0], &item, error))
                return false;
        consents.submission = item->submission;
        consents.contributor = item->contributor;
        if (!plc_consents_add(&consents, &manifest, error))
                return false;
        g_ptr_array_set_size(items, 0);
        g_clear_pointer(&items, g_ptr_array_unref);
        if (!plc_catalog_items_of_submission(desk->site->catalog, item->submission, &items, error))
                return false;
        add_items(act, items);
        if (!write_grants(desk, grants, act, now_ms, error))
                return false;
        plc_office_kick(desk->office);
        plc_jw_object(answer, NULL);
        plc_jw_array(answer, "grants");
        for (guint i = 0; i < grants->len; i++)
                plc_jw_string(answer, NULL, ((plc_grant_record *)grants->pdata[i])->id);
        plc_jw_end_array(answer);
        plc_jw_bool(answer, "attested", consent->terms == NULL);
        plc_jw_array(answer, "items");
        for (guint i = 0; i < act->items->len; i++)
                plc_jw_string(answer, NULL, act->items->pdata[i]);
        plc_jw_end_array(answer);
        plc_jw_end_object(answer);
        return true;
}

bool plc_desk_rights_grant(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        struct plc_manifest_consent consent = {0};
        const char *id = NULL;
        bool ok = plc_json_get_name(request, "id", PLC_REQUIRED, 200, &id, error) &&
                  read_consent(desk, request, &consent, error) && grant(desk, id, &consent, answer, error);

        g_free(consent.terms);
        g_free(consent.text_sha256);
        g_free(consent.evidence.text);
        plc_terms_scope_clear(&consent.scope);
        return ok;
}
