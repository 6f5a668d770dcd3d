/*
 * Who decodes a photo without being endangered by it? A few locked-in worker processes, started when there is work,
 * each doing one job at a time, thrown away after some jobs, after any fault and when idle. All on one GLib main
 * context, no threads.
 */
#pragma once
#include "wire/message.h"

typedef struct plc_pool plc_pool;

struct plc_pool_options {
        const char *program; /* NULL: placet-worker beside the running program */
        unsigned workers;    /* at most at a time; 0: one per processor, 8 at most */
        unsigned jobs_per_worker;
        uint32_t cpu_seconds;  /* of a job that says none */
        unsigned wall_seconds; /* of a job */
        unsigned idle_seconds; /* then a worker without work is let go */
        uint64_t memory_bytes; /* RLIMIT_AS of a worker */
        uint64_t file_bytes;   /* of one file that a worker makes */
        GMainContext *context; /* NULL: the default one */
};
extern const struct plc_pool_options plc_pool_default_options; /* 20 jobs, 20 s CPU, 120 s, idle 30 s, 2 GiB, 64 MiB */

enum plc_job_kind { PLC_JOB_EXAMINE, PLC_JOB_RENDER };

struct plc_job_request {
        enum plc_job_kind kind;
        int input; /* borrowed; an ordinary file or memfd, read from its start, never written */
        const struct plc_photo_limits *limits; /* EXAMINE; borrowed, copied by plc_pool_submit */
        const struct plc_plan *plan;           /* RENDER; the same */
        uint32_t cpu_seconds;                  /* 0: the pool's default */
};

/*
 * Called once for each job from the main context, never from within plc_pool_submit. One of result and error is NULL;
 * the callee owns the other (plc_result_free, g_error_free). Errors: what the worker found wrong with the photo
 * (UNSUPPORTED, UNREADABLE, TOO_LARGE, …); WORKER_DIED, WORKER_TIMEOUT, WORKER_MEMORY, BAD_ANSWER after two tries, the
 * second alone in a fresh worker; BAD_CONFIG where no worker can be started; BUSY when the pool is freed first.
 */
typedef void (*plc_job_done)(void *user_data, struct plc_result *result, GError *error);

plc_pool *plc_pool_new(const struct plc_pool_options *options); /* zero members: the default */
/* Kills and reaps all workers; not from within a callback. NULL is fine. */
void plc_pool_free(plc_pool *pool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_pool, plc_pool_free)

/* false (the callback is not called): UNSAFE_FILE if input is no ordinary file, BAD_VALUE if the plan cannot be sent.
 */
bool plc_pool_submit(plc_pool *pool, const struct plc_job_request *request, plc_job_done done, void *user_data,
                     GError **error);
/* The same, waiting for the end while the main context runs. Clear *out with plc_result_clear. */
bool plc_pool_run(plc_pool *pool, const struct plc_job_request *request, struct plc_result *out, GError **error);

struct plc_pool_stats {
        uint64_t jobs, failed, retries; /* ended; of them with an error; second tries */
        uint64_t started, deaths;       /* workers; of them those that did not end by our choice */
        unsigned alive, waiting;        /* workers, jobs now */
        uint64_t peak_rss_bytes;        /* of the largest worker that has ended */
        double cpu_seconds;             /* of all workers that have ended */
        struct plc_hello sandbox;       /* of the last worker that said hello */
};
void plc_pool_stats(const plc_pool *pool, struct plc_pool_stats *out);
