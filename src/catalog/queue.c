/* How do several processes share one list of things to do? Leases by UPDATE … RETURNING; who lost his lease can finish
 * nothing. */
#include "catalog/queue.h"

#include <string.h>

#include "catalog/inner.h"

enum { WAITING = 0, RUNNING = 1, GIVEN_UP = 2 }; /* job.state */

void plc_job_free(plc_job *job)
{
        if (job == NULL)
                return;
        g_free(job->kind);
        g_free(job->subject);
        g_free(job->worker);
        g_free(job->code);
        g_free(job);
}

static gpointer read_job(plc_catalog *catalog, plc_rows *rows, GError **error)
{
        plc_job *job = g_new0(plc_job, 1);

        (void)catalog, (void)error;
        plc_catalog_copy_id(rows, 0, job->id);
        job->kind = plc_rows_dup(rows, 1);
        job->subject = plc_rows_dup(rows, 2);
        job->priority = plc_rows_int(rows, 3);
        job->attempts = plc_rows_int(rows, 4);
        job->run_at = plc_rows_int(rows, 5);
        job->worker = plc_rows_dup(rows, 6);
        job->code = plc_rows_dup(rows, 7);
        return job;
}

bool plc_catalog_enqueue(plc_catalog *catalog, const char *kind, const char *subject, int64_t priority, int64_t run_at,
                         GError **error)
{
        char id[PLC_ID_SIZE];

        plc_id_new(id);
        return plc_db_run(catalog->db, "job_enqueue", error, "tttii", id, kind, subject, priority, run_at);
}

/* RETURNING has no order of its own. */
static int by_turn(gconstpointer a, gconstpointer b)
{
        const plc_job *one = *(const plc_job *const *)a, *other = *(const plc_job *const *)b;

        if (one->priority != other->priority)
                return one->priority < other->priority ? -1 : 1;
        if (one->run_at != other->run_at)
                return one->run_at < other->run_at ? -1 : 1;
        return strcmp(one->id, other->id);
}

bool plc_catalog_lease_jobs(plc_catalog *catalog, const char *worker, int64_t now, int64_t lease_ms, size_t limit,
                            GPtrArray **out, GError **error)
{
        char key[PLC_ID_SIZE];
        g_autofree char *holder = NULL;

        /* Every lease has its own name: the same worker cannot finish by an older lease what it holds by a newer. */
        plc_key_new(key);
        holder = g_strconcat(worker, "/", key, NULL);
        if (!plc_catalog_take_all(catalog,
                                  plc_db_query(catalog->db, "job_lease", error, "tiii", holder, now + lease_ms, now,
                                               (int64_t)MIN(limit, PLC_JOB_BATCH)),
                                  read_job, (GDestroyNotify)plc_job_free, out, error))
                return false;
        g_ptr_array_sort(*out, by_turn);
        return true;
}

static bool fenced(plc_catalog *catalog, const plc_job *job, GError **error)
{
        return plc_db_changes(catalog->db) == 1 ||
               plc_fail(error, PLC_E_CONFLICT, "the lease of job %s (%s) was lost", job->id, job->kind);
}

/* In this order: a job asked for again between the two is caught by the second. */
bool plc_catalog_finish_job(plc_catalog *catalog, const plc_job *job, int64_t now, GError **error)
{
        if (!plc_db_run(catalog->db, "job_delete_done", error, "tti", job->id, job->worker, job->attempts))
                return false;
        if (plc_db_changes(catalog->db) == 1)
                return true;
        return plc_db_run(catalog->db, "job_once_more", error, "ttii", job->id, job->worker, job->attempts, now) &&
               fenced(catalog, job, error);
}

bool plc_catalog_fail_job(plc_catalog *catalog, const plc_job *job, const char *code, int64_t run_at, GError **error)
{
        return plc_db_run(catalog->db, "job_fail", error, "ttiit", job->id, job->worker, job->attempts, run_at, code) &&
               fenced(catalog, job, error);
}

bool plc_catalog_extend_job(plc_catalog *catalog, const plc_job *job, int64_t lease_until, GError **error)
{
        return plc_db_run(catalog->db, "job_extend", error, "ttii", job->id, job->worker, job->attempts, lease_until) &&
               fenced(catalog, job, error);
}

bool plc_catalog_reap_jobs(plc_catalog *catalog, int64_t now, int64_t *out_reaped, GError **error)
{
        if (!plc_db_run(catalog->db, "job_reap", error, "i", now))
                return false;
        *out_reaped = plc_db_changes(catalog->db);
        return true;
}

bool plc_catalog_release_jobs(plc_catalog *catalog, int64_t *out_released, GError **error)
{
        if (!plc_db_run(catalog->db, "job_release", error, ""))
                return false;
        *out_released = plc_db_changes(catalog->db);
        return true;
}

bool plc_catalog_drop_job(plc_catalog *catalog, const char *kind, const char *subject, GError **error)
{
        return plc_db_run(catalog->db, "job_drop", error, "tt", kind, subject);
}

bool plc_catalog_count_jobs(plc_catalog *catalog, struct plc_job_counts *out, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(catalog->db, "job_counts", error, "");
        struct plc_job_counts counts = {0};
        plc_row row;

        if (rows == NULL)
                return false;
        while ((row = plc_rows_next(rows, error)) == PLC_ROW) {
                int64_t state = plc_rows_int(rows, 0), count = plc_rows_int(rows, 1);

                if (state == WAITING) {
                        counts.waiting = count;
                        counts.next_run_at = plc_rows_int(rows, 2);
                } else if (state == RUNNING) {
                        counts.running = count;
                } else if (state == GIVEN_UP) {
                        counts.given_up = count;
                }
        }
        if (row == PLC_ROW_ERROR)
                return false;
        *out = counts;
        return true;
}

bool plc_catalog_count_urgent(plc_catalog *catalog, int64_t priority, int64_t until, int64_t *out, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(catalog->db, "jobs_urgent", error, "ii", priority, until);

        if (rows == NULL || plc_rows_next(rows, error) != PLC_ROW)
                return false;
        *out = plc_rows_int(rows, 0);
        return true;
}

bool plc_catalog_list_given_up(plc_catalog *catalog, size_t limit, GPtrArray **out, GError **error)
{
        int64_t most = (int64_t)MIN(limit, PLC_CATALOG_PAGE_MAX);

        return plc_catalog_take_all(catalog, plc_db_query(catalog->db, "jobs_given_up", error, "i", most), read_job,
                                    (GDestroyNotify)plc_job_free, out, error);
}

bool plc_catalog_has_jobs(plc_catalog *catalog, const char *subject, int64_t now, bool *out, GError **error)
{
        int64_t count;

        if (!plc_db_int(catalog->db, "has_jobs", &count, error, "ti", subject, now))
                return false;
        *out = count > 0;
        return true;
}

bool plc_catalog_gave_up(plc_catalog *catalog, const char *subject, int64_t now, bool *out, GError **error)
{
        int64_t count;

        if (!plc_db_int(catalog->db, "jobs_given_up_of", &count, error, "ti", subject, now))
                return false;
        *out = count > 0;
        return true;
}
