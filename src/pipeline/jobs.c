/* How does the queue get done? Leased in batches, run step by step, finished or put off; what cannot succeed is told
 * and given up. */
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "pipeline/office_private.h"

/* 16 jobs of two tries of 120 s, one after the other, with time to spare; a dead office's leases are released at the
 * next start. */
#define LEASE_MS INT64_C(7200000)
#define QUEUE_AGAIN_S 10 /* after the queue could not be read or written (disk full) */
#define TRIES 8
#define FIRST_DELAY_MS INT64_C(2000)
#define REST_US (INT64_C(200) * 1000)   /* after an act, no job is begun: the next one may follow */
#define BURST_US (INT64_C(2) * 1000000) /* of acts without a rest; then one job has its turn between two of them */

enum runs { AT_ONCE, IN_WORKER };

static const struct step {
        const char *name;
        enum runs runs;
        bool of_item;
        plc_job_step *run;
} steps[] = {
#define DROP(name, runs)
#define ITEM(name, runs) {#name, runs, true, plc_step_##name},
#define SUBMISSION(name, runs) {#name, runs, false, plc_step_##name},
#define CONTRIBUTOR(name, runs) {#name, runs, false, plc_step_##name},
#define SITE(name, runs) {#name, runs, false, plc_step_##name},
#define PLC_STEP(name, of, runs, what) of(name, runs)
#include "pipeline/steps.def"
#undef PLC_STEP
#undef DROP
#undef ITEM
#undef SUBMISSION
#undef CONTRIBUTOR
#undef SITE
};

static const struct step *find_step(const char *kind)
{
        for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
                if (strcmp(steps[i].name, kind) == 0)
                        return &steps[i];
        return NULL;
}

/* Is the photo to blame? Only for what a worker said of it, twice; never for a fault of ours, such as an original that
 * the vault does not have or cannot open. */
static bool blames_photo(const struct plc_running *running, plc_code code)
{
        plc_then then = plc_code_then(code);

        return running->worker_said && running->item != NULL &&
               (then == PLC_THEN_REJECT || then == PLC_THEN_QUARANTINE);
}

void plc_running_free(struct plc_running *running)
{
        plc_job_free(running->job);
        plc_item_free(running->item);
        g_clear_pointer(&running->wanted, g_ptr_array_unref);
        g_clear_pointer(&running->said, plc_said_free);
        g_clear_error(&running->why);
        g_free(running);
}

/* A photo that cannot be processed fails alone: its item is marked, the rest of its submission goes on. */
static bool fail_item(struct plc_office *office, const struct plc_running *running, const char *code, GError **error)
{
        plc_catalog *catalog = office->site->catalog;
        int64_t now_ms = plc_now_ms();

        return plc_catalog_set_item_state(catalog, running->item->id, PLC_ITEM_FAILED, code, now_ms, error) &&
               plc_catalog_enqueue(catalog, "answer", running->item->submission, 20, now_ms, error);
}

static bool settle(struct plc_office *office, const struct plc_running *running, GError **error)
{
        plc_catalog *catalog = office->site->catalog;
        plc_code code = plc_error_code(running->why);
        int64_t now_ms = plc_now_ms();
        bool again = plc_code_then(code) == PLC_THEN_RETRY &&
                     (running->job->attempts < TRIES || code == PLC_E_NO_SPACE); /* a disk may be full for days */
        int64_t run_at = again ? now_ms + (FIRST_DELAY_MS << MIN(running->job->attempts, TRIES - 1)) : 0;
        g_autoptr(plc_db_tx) tx = NULL;

        if (running->why == NULL)
                return plc_catalog_finish_job(catalog, running->job, now_ms, error);
        tx = plc_catalog_begin(catalog, error);
        if (tx == NULL)
                return false;
        if (!again && !running->refines && blames_photo(running, code) &&
            !fail_item(office, running, plc_code_name(code), error))
                return false;
        return plc_catalog_fail_job(catalog, running->job, plc_code_name(code), run_at, error) &&
               plc_db_commit(&tx, error);
}

/* False: the queue cannot be told now (disk full), so the job must not be let go of: its lease would last for hours. */
static bool is_settled(struct plc_office *office, const struct plc_running *running)
{
        g_autoptr(GError) fault = NULL;

        g_clear_error(&office->unsettled_by);
        if (settle(office, running, &fault) || plc_error_code(fault) == PLC_E_CONFLICT)
                return true;
        plc_log_error(fault, "cannot end job %s of %s; trying again in %d s", running->job->kind, running->job->subject,
                      QUEUE_AGAIN_S);
        office->unsettled_by = g_steal_pointer(&fault);
        return false;
}

static void let_go(struct plc_running *running)
{
        struct plc_office *office = running->office;

        office->jobs_running--;
        plc_running_free(running);
        plc_office_kick(office);
}

static gboolean settle_again(gpointer data)
{
        struct plc_office *office = data;

        while (office->unsettled->len > 0) {
                if (!is_settled(office, office->unsettled->pdata[0]))
                        return G_SOURCE_CONTINUE;
                let_go(g_ptr_array_steal_index(office->unsettled, 0));
        }
        office->settle_source = 0;
        return G_SOURCE_REMOVE;
}

void plc_running_end(struct plc_running *running, GError *error)
{
        struct plc_office *office = running->office;

        running->why = error;
        if (error != NULL && !office->closing)
                plc_log_error(error, "job %s of %s", running->job->kind, running->job->subject);
        if (office->closing || is_settled(office, running)) {
                let_go(running);
                return;
        }
        g_ptr_array_add(office->unsettled, running);
        if (office->settle_source == 0)
                office->settle_source = g_timeout_add_seconds(QUEUE_AGAIN_S, settle_again, office);
}

static bool begin(struct plc_office *office, struct plc_running *running, plc_job_step **out_step, GError **error)
{
        const struct step *step = find_step(running->job->kind);

        if (step == NULL)
                return plc_fail(error, PLC_E_INTERNAL, "no step is called %s", running->job->kind);
        *out_step = step->run;
        if (step->runs == IN_WORKER && !plc_site_has_room(office->site, error))
                return false;
        return !step->of_item ||
               plc_catalog_get_item(office->site->catalog, running->job->subject, &running->item, error);
}

static void run(struct plc_office *office, plc_job *job)
{
        struct plc_running *running = g_new0(struct plc_running, 1);
        enum plc_progress progress = PLC_FAILED;
        plc_job_step *step = NULL;
        GError *error = NULL;

        running->office = office;
        running->job = job;
        office->jobs_running++;
        if (begin(office, running, &step, &error))
                progress = step(office, running, &error);
        if (progress != PLC_PENDING)
                plc_running_end(running, error);
}

static gboolean due_again(gpointer data)
{
        struct plc_office *office = data;

        office->hint_source = 0;
        plc_jobs_tick(office);
        return G_SOURCE_REMOVE;
}

/* Waiting for the next one that was put off. */
static void sleep_until_due(struct plc_office *office, const struct plc_job_counts *counts, int64_t now_ms)
{
        if (office->hint_source != 0 || counts->next_run_at == 0 || counts->next_run_at <= now_ms)
                return;
        office->hint_source = g_timeout_add((guint)MIN(counts->next_run_at - now_ms, 60000), due_again, office);
}

void plc_office_kick_after_act(plc_office *office)
{
        int64_t now_us = g_get_monotonic_time();

        /* A command that is the office for a moment waits for its jobs: nobody else asks it for anything. */
        if (office->inbox != NULL) {
                if (office->act_at_us == 0 || now_us - office->act_at_us > REST_US)
                        office->acts_from_us = now_us;
                office->act_at_us = now_us;
        }
        plc_office_kick(office);
}

/*
 * Until when do jobs leave the thread and the disk to acts that follow one another? They stay due, as they are queued:
 * a crash, a restart or a command finds them as ever. 0: they need not wait.
 */
static int64_t rests_us(struct plc_office *office)
{
        int64_t now_us = g_get_monotonic_time(), left = office->act_at_us + REST_US - now_us;

        if (office->act_at_us == 0 || left <= 0)
                return 0;
        if (now_us - office->acts_from_us < BURST_US)
                return left;
        office->acts_from_us = now_us;
        return 0;
}

static bool rest(struct plc_office *office)
{
        int64_t left = rests_us(office);

        if (left == 0)
                return false;
        g_clear_handle_id(&office->hint_source, g_source_remove);
        office->hint_source = g_timeout_add((guint)(left / 1000 + 1), due_again, office);
        return true;
}

void plc_jobs_tick(struct plc_office *office)
{
        plc_catalog *catalog = office->site->catalog;
        struct plc_job_counts counts = {0};
        int64_t now_ms = plc_now_ms();
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) jobs = NULL;
        bool rests = rest(office), acts = office->act_at_us + REST_US > g_get_monotonic_time();

        if (!rests && office->jobs_running < PLC_JOB_BATCH &&
            plc_catalog_lease_jobs(catalog, office->worker, now_ms, LEASE_MS,
                                   acts ? 1 : PLC_JOB_BATCH - office->jobs_running, &jobs, &error)) {
                g_ptr_array_set_free_func(jobs, NULL);
                for (guint i = 0; i < jobs->len; i++)
                        run(office, jobs->pdata[i]);
        }
        if (error == NULL && !acts)
                plc_catalog_relieve(catalog, &error);
        if (error == NULL && plc_catalog_count_jobs(catalog, &counts, &error)) {
                now_ms = plc_now_ms();
                office->jobs_due = counts.next_run_at != 0 && counts.next_run_at <= now_ms ? counts.waiting : 0;
                sleep_until_due(office, &counts, now_ms);
                if (!rests && office->jobs_due > 0 && office->jobs_running < PLC_JOB_BATCH)
                        plc_office_kick(office);
        }
        g_clear_error(&office->fault);
        if (error != NULL) {
                office->fault = g_error_copy(error);
                plc_log_error(error, "cannot read the queue; trying again in %d s", QUEUE_AGAIN_S);
                if (office->hint_source == 0)
                        office->hint_source = g_timeout_add_seconds(QUEUE_AGAIN_S, due_again, office);
        }
        if (office->watch.progress != NULL)
                office->watch.progress(office, office->watch.user_data);
}

struct plc_photo_limits plc_office_photo_limits(const struct plc_office *office)
{
        const plc_conf *conf = office->site->conf;

        return (struct plc_photo_limits){
                .max_bytes = (uint64_t)conf->limit_photo_bytes,
                .max_pixels = (uint64_t)conf->limit_pixels,
                .max_side = (uint32_t)conf->limit_side,
                .max_frames = (uint32_t)conf->limit_frames,
        };
}

static uint32_t files_of(const struct plc_plan *plan)
{
        uint32_t files = 0;

        for (unsigned i = 0; i < plan->n_placements; i++) {
                const struct plc_placement *placement = &plan->placements[i];

                files += MAX(placement->n_widths, 1u) * MAX(placement->n_encodings, 1u);
        }
        return files;
}

bool plc_office_submit(struct plc_office *office, struct plc_running *running, const struct plc_plan *plan,
                       plc_job_done done, GError **error)
{
        const plc_conf *conf = office->site->conf;
        struct plc_job_request request = {
                .kind = PLC_JOB_RENDER,
                .plan = plan,
                .cpu_seconds = (uint32_t)conf->decode_cpu + (uint32_t)conf->render_cpu * files_of(plan),
        };
        plc_autofd int original = -1;

        if (!plc_vault_unseal_memfd(office->site->vault, running->item->contributor, running->item->photo.original,
                                    &original, error))
                return false;
        request.input = original;
        return plc_pool_submit(office->pool, &request, done, running, error);
}
