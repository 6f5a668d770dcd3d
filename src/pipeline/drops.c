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
#define PLC_STEP(name, of, runs, what) of(name)
#include "pipeline/steps.def"
#undef PLC_STEP
#undef DROP
#undef ITEM
#undef SUBMISSION
};

void plc_drop_free(struct plc_drop *drop)
{
        for (size_t i = 0; i < drop->n_photos; i++)
                plc_close_fd(&drop->photos[i].fd);
        g_free(drop->photos);
        plc_close_fd(&drop->fd);
        plc_claim_free(drop->claim);
        plc_manifest_free(drop->manifest);
        g_strfreev(drop->notes);
        g_clear_error(&drop->error);
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

static char *again_answer(const struct plc_drop *drop, int64_t now_ms)
{
        GString *out = g_string_new(NULL);

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
        return g_string_free(out, FALSE);
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
        plc_office_kick(office);
}

static void accepted(struct plc_drop *drop)
{
        g_autoptr(GError) error = NULL;
        int64_t now_ms = plc_now_ms();

        if (drop->again) {
                g_autofree char *json = again_answer(drop, now_ms);

                if (!plc_answer_write(&drop->office->site->dirs, drop->claim->name, drop->known->id, json, now_ms,
                                      &error))
                        plc_log_error(error, "cannot write the answer to %s", drop->claim->id);
        }
        tell(drop, NULL);
        leave(drop);
}

static gboolean try_again(gpointer data)
{
        struct plc_drop *drop = data;
        struct plc_office *office = drop->office;
        struct plc_claim *claim = g_steal_pointer(&drop->claim);

        g_ptr_array_remove(office->drops, drop);
        plc_drop_start(office, claim);
        return G_SOURCE_REMOVE;
}

/* A fault of ours (disk full, no worker) is never a failure of the drop: it stays in .work and is tried again. */
static void failed(struct plc_drop *drop, GError *error)
{
        g_autoptr(GError) why = error, fault = NULL;
        plc_then then = plc_code_then(plc_error_code(why));

        if (then == PLC_THEN_RETRY || then == PLC_THEN_FATAL) {
                plc_log_error(why, "drop %s, step %s; trying again in 30 s", drop->claim->id, steps[drop->step].name);
                g_timeout_add_seconds(30, try_again, drop);
                return;
        }
        if (!plc_claim_reject(&drop->office->site->dirs, drop->claim, why, plc_now_ms(), &fault)) {
                plc_log_error(fault, "drop %s cannot be moved to rejected/; trying again in 30 s", drop->claim->id);
                g_timeout_add_seconds(30, try_again, drop);
                return;
        }
        tell(drop, why);
        leave(drop);
}

static void go_on(struct plc_drop *drop)
{
        for (; drop->step < G_N_ELEMENTS(steps); drop->step++) {
                GError *error = NULL;
                enum plc_progress progress = steps[drop->step].run(drop->office, drop, &error);

                if (progress == PLC_PENDING)
                        return;
                if (progress == PLC_FAILED) {
                        failed(drop, error);
                        return;
                }
                if (drop->again && strcmp(steps[drop->step].name, "unpack") == 0)
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

void plc_drop_start(struct plc_office *office, struct plc_claim *claim)
{
        struct plc_drop *drop = g_new0(struct plc_drop, 1);

        drop->office = office;
        drop->claim = claim;
        drop->fd = -1;
        g_ptr_array_add(office->drops, drop);
        go_on(drop);
}
