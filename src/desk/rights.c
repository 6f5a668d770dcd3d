/* How is a permission recorded, and how is it withdrawn? Only a contributor's own evidence opens; an operator attests.
 */
#include <fcntl.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "desk/private.h"
#include "desk/recalls.h"
#include "desk/rights_known.h"
#include "intake/consents.h"

#define EVIDENCE_BYTES ((size_t)10 << 20)

static void blanket(struct plc_desk_act *act, const struct plc_desk_target *target)
{
        GString *event = plc_desk_event("consent.withdrawn");

        plc_jw_object(event, "subject");
        plc_jw_string(event, target->kind, target->id);
        plc_jw_end_object(event);
        plc_desk_event_end(act, event);
        plc_desk_act_touch(act, target->items);
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
        plc_desk_act_touch(act, items);
        return true;
}

/* All grants of what the request names: an item, a submission, a contributor, or whatever shows a person. */
static bool withdraw_named(struct plc_desk *desk, struct plc_desk_act *act, plc_json *request, GError **error)
{
        struct plc_desk_target target = {0};
        bool ok = plc_desk_read_target(desk, request, &target, error);

        if (ok)
                blanket(act, &target);
        plc_desk_target_clear(&target);
        return ok;
}

bool plc_desk_rights_withdraw(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        g_autoptr(plc_desk_act) act = plc_desk_act_new();
        int64_t now_ms = plc_now_ms();
        const char *grant = NULL;

        if (!plc_json_get_name(request, "grant", PLC_OPTIONAL, 64, &grant, error) ||
            !(grant != NULL ? withdraw_grant(desk, act, grant, error) : withdraw_named(desk, act, request, error)) ||
            !plc_desk_darken(desk, act, now_ms, error))
                return false;
        plc_jw_object(answer, NULL);
        plc_jw_int(answer, "items", act->items->len);
        plc_jw_time(answer, "withdrawn_at", now_ms);
        plc_desk_answer_files(answer, act);
        if (!plc_desk_write_recalls(desk, act->items, plc_now_ms(), answer, error))
                return false;
        plc_jw_end_object(answer);
        return true;
}

/* The registered terms of that id and version, in force when they were accepted; text_sha256 is theirs. */
static bool find_terms(struct plc_desk *desk, struct plc_manifest_consent *consent, GError **error)
{
        for (size_t i = 0; i < plc_terms_size(desk->site->terms); i++) {
                const struct plc_terms *row = plc_terms_at(desk->site->terms, i);

                if (strcmp(row->id, consent->terms) != 0 || row->version != consent->version)
                        continue;
                if (consent->captured_at < row->in_force_from)
                        return plc_fail_at(error, PLC_E_BAD_VALUE, NULL, NULL, "Name the version that was shown then.",
                                           "terms \"%s\" version %" G_GINT64_FORMAT
                                           " were not in force when they are said to have been accepted",
                                           consent->terms, consent->version);
                consent->text_sha256 = g_strdup(row->text_sha256);
                return true;
        }
        return plc_fail_at(error, PLC_E_NOT_FOUND, NULL, NULL, "Register them in the site's terms/ folder.",
                           "terms \"%s\" version %" G_GINT64_FORMAT " are not registered", consent->terms,
                           consent->version);
}

/* The one consent of the request, in the form in which a drop would have brought it. */
static bool read_consent(struct plc_desk *desk, plc_json *request, bool attested, struct plc_manifest_consent *out,
                         GError **error)
{
        const char *terms = NULL, *evidence = NULL;

        out->captured_at = plc_now_ms();
        out->version = 1;
        out->not_before = out->not_after = PLC_TIME_NEVER;
        if ((!attested && (!plc_json_get_name(request, "terms", PLC_REQUIRED, 64, &terms, error) ||
                           !plc_json_get_int(request, "version", PLC_OPTIONAL, 1, 1000000, &out->version, error))) ||
            !plc_json_get_name(request, "evidence", PLC_REQUIRED, EVIDENCE_BYTES, &evidence, error) ||
            !plc_json_get_time(request, "captured_at", PLC_OPTIONAL, &out->captured_at, error) ||
            !plc_json_get_time(request, "not_after", PLC_OPTIONAL, &out->not_after, error) ||
            !plc_terms_scope_read(request, attested ? PLC_REQUIRED : PLC_OPTIONAL, &out->scope, error))
                return false;
        if (out->captured_at > plc_now_ms())
                return plc_fail(error, PLC_E_BAD_VALUE, "the consent cannot have been captured in the future");
        out->terms = g_strdup(terms);
        out->evidence.text = g_strdup(evidence);
        return attested || find_terms(desk, out, error);
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
        return plc_desk_queue_renders(desk, act, now_ms, error) && plc_db_commit(&tx, error);
}

static void write_ids(GString *answer, const char *name, const struct plc_desk_act *act, const GPtrArray *grants,
                      bool given)
{
        plc_jw_array(answer, name);
        for (guint i = 0; i < grants->len; i++)
                if (plc_rights_gives(act->events->pdata[i]) == given)
                        plc_jw_string(answer, NULL, ((plc_grant_record *)grants->pdata[i])->id);
        plc_jw_end_array(answer);
}

/* grants: they open; requested: they do not, since the contributor has withdrawn the like; known: recorded before. */
static void write_answer(const struct plc_desk_act *act, const GPtrArray *grants, const GPtrArray *known, bool attested,
                         GString *answer)
{
        plc_jw_object(answer, NULL);
        write_ids(answer, "grants", act, grants, true);
        write_ids(answer, "requested", act, grants, false);
        plc_jw_array(answer, "known");
        for (guint i = 0; i < known->len; i++)
                plc_jw_string(answer, NULL, known->pdata[i]);
        plc_jw_end_array(answer);
        plc_jw_bool(answer, "attested", attested);
        plc_desk_answer_items(answer, act);
        plc_jw_end_object(answer);
}

/* A guardian speaks for a minor. */
static bool may_have_guardian(const plc_person *person, GError **error)
{
        return strcmp(person->kind, "minor") == 0 ||
               plc_fail_at(error, PLC_E_CONFLICT, NULL, NULL,
                           "Record it without --guardian; if they are a minor, send a revision that declares it.",
                           "person %s is declared as %s: a guardian speaks for a minor", person->id, person->kind);
}

/* Somebody else than the contributor, by the id that rights show tells: seen in what is spoken of. */
static bool read_person(struct plc_desk *desk, plc_json *request, const plc_item *item, bool guardian,
                        char out[PLC_ID_SIZE], GError **error)
{
        g_autoptr(GPtrArray) persons = NULL;
        const char *id = NULL;

        out[0] = '\0';
        if (!plc_json_get_name(request, "of_person", PLC_OPTIONAL, 64, &id, error))
                return false;
        if (id == NULL)
                return true;
        if (!plc_catalog_persons_of_submission(desk->site->catalog, item->submission, &persons, error))
                return false;
        for (guint i = 0; i < persons->len; i++) {
                const plc_person *person = persons->pdata[i];

                if (strcmp(person->id, id) != 0)
                        continue;
                if (guardian && !may_have_guardian(person, error))
                        return false;
                g_strlcpy(out, id, PLC_ID_SIZE);
        }
        return out[0] != '\0' ||
               plc_fail_at(error, PLC_E_NOT_FOUND, NULL, NULL, "placet rights show tells who is depicted.",
                           "nobody of that id is depicted in this submission");
}

/* A guardian agreed for them: what shows it is the grants' own evidence. */
static void add_guardian(const GPtrArray *grants, struct plc_desk_act *act)
{
        for (guint i = 0; i < grants->len; i++) {
                GString *event = plc_desk_event("guardian.verified");

                plc_jw_string(event, "grant", ((const plc_grant_record *)grants->pdata[i])->id);
                plc_desk_event_end(act, event);
        }
}

/* Whose consents are these, and which of the like were ended? */
static bool aim(struct plc_desk *desk, plc_json *request, struct plc_consents *consents, struct plc_desk_act *act,
                plc_item **out_item, char out_id[PLC_ID_SIZE], GArray *ended, GError **error)
{
        struct plc_desk_target target = {0};
        bool ok = plc_desk_read_target(desk, request, &target, error) &&
                  plc_catalog_get_item(desk->site->catalog, target.items->pdata[0], out_item, error) &&
                  plc_rights_find_ended(desk, &target, *out_item, ended, error);

        if (ok) {
                g_strlcpy(out_id, target.id, PLC_ID_SIZE);
                consents->item = strcmp(target.kind, "item") == 0 ? out_id : NULL;
                consents->submission = (*out_item)->submission;
                consents->contributor = (*out_item)->contributor;
                plc_desk_act_touch(act, target.items);
        }
        plc_desk_target_clear(&target);
        return ok;
}

/* Nothing that these could open: told, and not recorded. */
static bool refuse(const struct plc_desk_act *act, const GPtrArray *grants, bool attested, GError **error)
{
        if (grants->len == 0)
                return plc_fail_at(error, PLC_E_BAD_VALUE, NULL, NULL,
                                   "Ask for less than the terms give, not for more.",
                                   "nothing that these terms give is left of what was asked for");
        if (plc_rights_count_given(act->events) > 0)
                return true;
        if (attested)
                return plc_fail_at(error, PLC_E_CONFLICT, NULL, NULL,
                                   "Only the contributor's own new consent opens it again: placet rights grant.",
                                   "this was withdrawn, and no attestation undoes a withdrawal");
        return plc_fail_at(error, PLC_E_CONFLICT, NULL, NULL,
                           "Only a consent that was given after the withdrawal opens; say when with --captured-at.",
                           "this consent is older than a withdrawal, and does not undo it");
}

/*
 * Under registered terms, with the contributor's own evidence, it is their act; an attestation is the operator's word,
 * whose reach the policy caps. Nothing is granted without evidence, and no more than what was named: an item's id means
 * that item.
 */
static bool record(struct plc_desk *desk, plc_json *request, struct plc_manifest_consent *consent, GString *answer,
                   GError **error)
{
        plc_manifest manifest = {.n_consents = 1, .consents = consent};
        g_autoptr(GPtrArray) grants = g_ptr_array_new_with_free_func((GDestroyNotify)plc_grant_record_free);
        g_autoptr(plc_desk_act) act = plc_desk_act_new();
        g_autoptr(plc_item) item = NULL;
        g_autoptr(GArray) ended = g_array_new(FALSE, FALSE, sizeof(struct plc_consents_end));
        g_autoptr(GPtrArray) known = g_ptr_array_new_with_free_func(g_free);
        char id[PLC_ID_SIZE], person[PLC_ID_SIZE];
        bool guardian = false;
        int64_t now_ms = plc_now_ms();
        struct plc_consents consents = {.trusted = consent->terms != NULL,
                                        .by_operator = true,
                                        .terms = desk->site->terms,
                                        .vault = desk->site->vault,
                                        .folder_fd = -1,
                                        .now_ms = now_ms,
                                        .ended = ended,
                                        .events = act->events,
                                        .grants = grants};

        if (!plc_json_get_bool(request, "guardian", PLC_OPTIONAL, &guardian, error) ||
            !aim(desk, request, &consents, act, &item, id, ended, error) ||
            !read_person(desk, request, item, guardian, person, error))
                return false;
        consents.person = person[0] != '\0' ? person : NULL;
        if (!plc_consents_add(&consents, &manifest, error) || !refuse(act, grants, consent->terms == NULL, error) ||
            !plc_rights_take_out_known(desk, act->events, grants, known, error))
                return false;
        if (guardian)
                add_guardian(grants, act);
        if (grants->len == 0)
                g_ptr_array_set_size(act->items, 0);
        else if (!write_grants(desk, grants, act, now_ms, error))
                return false;
        plc_office_kick(desk->office);
        write_answer(act, grants, known, consent->terms == NULL, answer);
        return true;
}

static bool give(struct plc_desk *desk, plc_json *request, bool attested, GString *answer, GError **error)
{
        struct plc_manifest_consent consent = {0};
        bool ok = plc_json_has(request, "id") ||
                  plc_fail_at(error, PLC_E_USAGE, NULL, NULL, "Name an item or a submission.", "no id was given");

        ok = ok && read_consent(desk, request, attested, &consent, error) &&
             record(desk, request, &consent, answer, error);
        g_free(consent.terms);
        g_free(consent.text_sha256);
        g_free(consent.evidence.text);
        plc_terms_scope_clear(&consent.scope);
        return ok;
}

bool plc_desk_rights_grant(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        return give(desk, request, false, answer, error);
}

bool plc_desk_rights_attest(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        return give(desk, request, true, answer, error);
}
