/* How does a drop go from .work to the catalog? Step by step; a fault rejects it whole, a full disk pauses it, a crash
 * redoes it. */
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "pipeline/office_private.h"

static const struct {
        const char *name;
        plc_drop_step *run;
} steps[] = {
#define DROP(name) {#name, plc_step_##name},
#define ITEM(name)
#define SUBMISSION(name)
#define CONTRIBUTOR(name)
#define SITE(name)
#define PLC_STEP(name, of, runs, what) of(name)
#include "pipeline/steps.def"
#undef PLC_STEP
#undef DROP
#undef ITEM
#undef SUBMISSION
#undef CONTRIBUTOR
#undef SITE
};

#define DROPS_AT_ONCE 16 /* drops under way: each holds up to 21 open files */
#define AGAIN_S 30       /* after a fault of ours */

void plc_drop_free(struct plc_drop *drop)
{
        g_clear_handle_id(&drop->again_source, g_source_remove);
        for (size_t i = 0; i < drop->n_photos; i++)
                plc_close_fd(&drop->photos[i].fd);
        g_free(drop->photos);
        plc_close_fd(&drop->fd);
        plc_claim_free(drop->claim);
        plc_manifest_free(drop->manifest);
        g_strfreev(drop->notes);
        g_free(drop->display_name);
        g_free(drop->sidecar);
        g_clear_error(&drop->error);
        g_clear_error(&drop->delayed_by);
        plc_contributor_free(drop->contributor);
        plc_submission_free(drop->submission);
        plc_submission_free(drop->known);
        plc_revision_free(drop->revision);
        g_clear_pointer(&drop->items, g_ptr_array_unref);
        g_clear_pointer(&drop->persons, g_ptr_array_unref);
        g_clear_pointer(&drop->grants, g_ptr_array_unref);
        g_clear_pointer(&drop->events, g_ptr_array_unref);
        g_free(drop);
}

void plc_drop_note(struct plc_drop *drop, const char *note)
{
        g_autoptr(GStrvBuilder) notes = g_strv_builder_new();

        if (drop->notes != NULL)
                g_strv_builder_addv(notes, (const char **)drop->notes);
        g_strv_builder_add(notes, note);
        g_strfreev(drop->notes);
        drop->notes = g_strv_builder_end(notes);
}

bool plc_drop_answer_again(struct plc_drop *drop, GError **error)
{
        g_autoptr(GString) out = g_string_new(NULL);
        g_autofree char *key = NULL;
        int64_t now_ms = plc_now_ms();

        plc_jw_object(out, NULL);
        plc_jw_string(out, "schema", "placet.answer/1");
        plc_jw_string(out, "drop", drop->claim->name);
        plc_jw_string(out, "outcome", "unchanged");
        plc_jw_string(out, "submission", drop->known->id);
        plc_jw_time(out, "received_at", now_ms);
        plc_jw_array(out, "items");
        plc_jw_end_array(out);
        plc_jw_array(out, "notes");
        plc_jw_string(out, NULL, "The same drop was taken in before; nothing was changed.");
        plc_jw_end_array(out);
        plc_jw_end_object(out);
        g_string_append_c(out, '\n');
        key = g_strconcat(PLC_ANSWER_UNCHANGED, drop->known->id, NULL);
        return plc_answer_write(&drop->office->site->dirs, drop->claim->name, key, out->str, now_ms, error);
}

static void tell(struct plc_drop *drop, const GError *error)
{
        struct plc_office *office = drop->office;
        struct plc_drop_end end = {
                .claim = drop->claim->id,
                .name = drop->claim->name,
                .submission = error != NULL ? NULL
                              : drop->again ? drop->known->id
                                            : drop->submission->id,
                .again = drop->again,
                .error = error,
        };

        if (office->watch.drop_ended != NULL)
                office->watch.drop_ended(&end, office->watch.user_data);
}

static void leave(struct plc_drop *drop)
{
        struct plc_office *office = drop->office;

        g_ptr_array_remove(office->drops, drop); /* frees it */
        office->drops_under_way--;
        plc_office_kick(office);
}

static void accepted(struct plc_drop *drop)
{
        tell(drop, NULL);
        leave(drop);
}

/* From the start, with nothing left of the first try. */
static gboolean try_again(gpointer data)
{
        struct plc_drop *drop = data;
        struct plc_office *office = drop->office;
        struct plc_claim *claim = g_steal_pointer(&drop->claim);

        drop->again_source = 0;
        leave(drop);
        plc_drop_start(office, claim);
        return G_SOURCE_REMOVE;
}

/* What was sealed of a drop that is not taken in (or not now) belongs to nobody. */
static void discard_sealed(struct plc_drop *drop)
{
        plc_vault *vault = drop->office->site->vault;

        for (size_t i = 0; i < drop->n_photos; i++)
                if (drop->photos[i].sealed[0] != '\0')
                        plc_vault_remove(vault, drop->photos[i].sealed, NULL);
        for (guint i = 0; drop->grants != NULL && i < drop->grants->len; i++) {
                const plc_grant_record *grant = drop->grants->pdata[i];

                if (grant->evidence_blob != NULL)
                        plc_vault_remove(vault, grant->evidence_blob, NULL);
        }
}

/* Only the code is logged: the sentence may hold names of a stranger's files. */
static void put_off(struct plc_drop *drop, const GError *why)
{
        plc_log_warning("drop %s, step %s: %s; trying again in %d s", drop->claim->id,
                        drop->step < G_N_ELEMENTS(steps) ? steps[drop->step].name : "end",
                        plc_code_name(plc_error_code(why)), AGAIN_S);
        g_clear_error(&drop->delayed_by);
        drop->delayed_by = g_error_copy(why);
        drop->again_source = g_timeout_add_seconds(AGAIN_S, try_again, drop);
}

/* A fault of ours (disk full, no worker) is never a failure of the drop: it stays in .work and is tried again. */
static void failed(struct plc_drop *drop, GError *error)
{
        g_autoptr(GError) why = error, fault = NULL;
        plc_then then = plc_code_then(plc_error_code(why));

        if (drop->office->closing)
                return; /* the workers were stopped: it is taken up again at the next start */
        if (!drop->committing)
                discard_sealed(drop);
        if (drop->recorded || then == PLC_THEN_RETRY || then == PLC_THEN_FATAL) {
                put_off(drop, why);
                return;
        }
        if (!plc_drop_forget_key(drop, &fault) ||
            !plc_claim_reject(&drop->office->site->dirs, drop->claim, why, plc_now_ms(), &fault)) {
                put_off(drop, fault);
                return;
        }
        tell(drop, why);
        leave(drop);
}

static void go_on(struct plc_drop *drop)
{
        for (; drop->step < G_N_ELEMENTS(steps); drop->step++) {
                GError *error = NULL;
                enum plc_progress progress = PLC_FAILED;

                if (drop->recorded || plc_site_has_room(drop->office->site, &error))
                        progress = steps[drop->step].run(drop->office, drop, &error);

                if (progress == PLC_PENDING)
                        return;
                if (progress == PLC_FAILED) {
                        failed(drop, error);
                        return;
                }
                if (drop->again && drop->step < G_N_ELEMENTS(steps) - 2)
                        drop->step = G_N_ELEMENTS(steps) - 2; /* on to record, which only lets go of it */
        }
        accepted(drop);
}

void plc_drop_resume(struct plc_drop *drop)
{
        if (drop->error != NULL) {
                failed(drop, g_steal_pointer(&drop->error));
                return;
        }
        drop->step++;
        go_on(drop);
}

/* Committed before a crash, or before its folder could be removed: only that is left to do. */
static bool is_recorded(struct plc_drop *drop, bool *out, GError **error)
{
        g_autoptr(GError) missing = NULL;

        *out = plc_catalog_get_submission(drop->office->site->catalog, drop->claim->id, &drop->submission, &missing);
        if (*out || plc_error_code(missing) == PLC_E_NOT_FOUND)
                return true;
        g_propagate_error(error, g_steal_pointer(&missing));
        return false;
}

static void begin(struct plc_drop *drop)
{
        struct plc_office *office = drop->office;
        GError *error = NULL;

        drop->under_way = true;
        office->drops_under_way++;
        if (!is_recorded(drop, &drop->recorded, &error))
                failed(drop, error);
        else if (!drop->recorded)
                go_on(drop);
        else if (plc_claim_remove(&office->site->dirs, drop->claim, &error))
                accepted(drop);
        else
                failed(drop, error);
}

/* One at a time, so that the desk is heard between them. */
void plc_drops_tick(struct plc_office *office)
{
        for (guint i = 0; i < office->drops->len && office->drops_under_way < DROPS_AT_ONCE; i++) {
                struct plc_drop *drop = office->drops->pdata[i];

                if (drop->under_way)
                        continue;
                begin(drop);
                plc_office_kick(office);
                return;
        }
}

bool plc_drops_full(const struct plc_office *office)
{
        return office->drops->len >= DROPS_AT_ONCE;
}

void plc_drop_start(struct plc_office *office, struct plc_claim *claim)
{
        struct plc_drop *drop = g_new0(struct plc_drop, 1);

        drop->office = office;
        drop->claim = claim;
        drop->fd = -1;
        g_ptr_array_add(office->drops, drop);
        plc_office_kick(office);
}
