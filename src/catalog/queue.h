/* What is to be done next, by whom, and what happens when it fails? Jobs, leased for a time, finished only by who holds
 * them. */
#pragma once
#include "catalog/catalog.h"

#define PLC_JOB_BATCH 16 /* leased at once: 160,000 jobs per CPU second against 26,000 one by one (measured) */

typedef struct plc_job {
        char id[PLC_ID_SIZE];
        char *kind;    /* the step's name */
        char *subject; /* of what: an id */
        int64_t priority, attempts, run_at;
        char *worker; /* who holds it; NULL: nobody */
        char *code;   /* of the last failure; NULL */
} plc_job;
void plc_job_free(plc_job *job);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_job, plc_job_free)

/*
 * Once per (kind, subject): again while it waits changes nothing but that it may come sooner; while it runs, it will
 * run once more; after it was given up, it starts anew. Lower priority comes first.
 */
bool plc_catalog_enqueue(plc_catalog *catalog, const char *kind, const char *subject, int64_t priority, int64_t run_at,
                         GError **error);
/* Up to `limit` (≤ PLC_JOB_BATCH) jobs that are due, by priority, then run_at; held until now + lease_ms. Of plc_job.
 */
bool plc_catalog_lease_jobs(plc_catalog *catalog, const char *worker, int64_t now, int64_t lease_ms, size_t limit,
                            GPtrArray **out, GError **error);
/* Fenced, all three: CONFLICT if the lease was lost meanwhile, and then nothing is changed. */
bool plc_catalog_finish_job(plc_catalog *catalog, const plc_job *job, int64_t now, GError **error);
/* run_at 0: given up, kept for status and for plc_catalog_enqueue. */
bool plc_catalog_fail_job(plc_catalog *catalog, const plc_job *job, const char *code, int64_t run_at, GError **error);
bool plc_catalog_extend_job(plc_catalog *catalog, const plc_job *job, int64_t lease_until, GError **error);
/* Jobs whose holder let the lease run out are due again; attempts stay counted. */
bool plc_catalog_reap_jobs(plc_catalog *catalog, int64_t now, int64_t *out_reaped, GError **error);
/* At start, by the holder of office.lock: whoever held a lease before is dead. */
bool plc_catalog_release_jobs(plc_catalog *catalog, int64_t *out_released, GError **error);
bool plc_catalog_drop_job(plc_catalog *catalog, const char *kind, const char *subject, GError **error);

/* Is a job about this subject, or about an item of this submission, running or due at now? Jobs that were put off after
 * a failure are not counted. */
bool plc_catalog_has_jobs(plc_catalog *catalog, const char *subject, int64_t now, bool *out, GError **error);

/* Was a job about this subject given up, or put off after a failure (at now)? */
bool plc_catalog_gave_up(plc_catalog *catalog, const char *subject, int64_t now, bool *out, GError **error);

struct plc_job_counts {
        int64_t waiting, running, given_up;
        int64_t next_run_at; /* of the waiting ones; 0: none */
};
bool plc_catalog_count_jobs(plc_catalog *catalog, struct plc_job_counts *out, GError **error);
/* Waiting or running, of this priority or a lower number, due until then. */
bool plc_catalog_count_urgent(plc_catalog *catalog, int64_t priority, int64_t until, int64_t *out, GError **error);
/* Of plc_job, those given up. */
bool plc_catalog_list_given_up(plc_catalog *catalog, size_t limit, GPtrArray **out, GError **error);
