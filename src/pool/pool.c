/* Which job goes to which worker, and what becomes of both? A queue, a few workers, and one answer for every job. */
#include "pool/pool.h"

#include <glib-unix.h>
#include <sys/wait.h>

#include "base/file.h"
#include "pool/check.h"
#include "pool/job.h"
#include "pool/leash.h"

#define TICK_MS 100      /* how often a busy worker's budgets are looked at */
#define START_SECONDS 30 /* from fork to HELLO; measured 60-80 ms with libvips */
#define SPARE_FILES 32   /* open files of a worker besides what it makes; 64 MiB each at most: as much as its memory */
#define TRIES 2

const struct plc_pool_options plc_pool_default_options = {
        .jobs_per_worker = 20,
        .cpu_seconds = 20,
        .wall_seconds = 120,
        .idle_seconds = 30,
        .memory_bytes = 2048 * PLC_MIB,
        .file_bytes = 64 * PLC_MIB,
};

enum state { STARTING, IDLE, BUSY, ENDING };

struct worker {
        plc_pool *pool;
        struct plc_leash leash;
        enum state state;
        struct plc_pool_job *job; /* of a starting or busy worker, or of one that ends with its job undone */
        unsigned jobs_done;
        unsigned files;    /* that it may have open */
        int64_t since;     /* monotonic µs: start, job or idleness began */
        double cpu_before; /* of its earlier jobs */
        GError *reason;    /* why we ended it, if it was for a fault */
        bool let_go;       /* we ended it, without any fault */
        GSource *on_socket, *on_end, *on_tick;
};

struct plc_pool {
        struct plc_pool_options options;
        char *program;
        GQueue *waiting;    /* of struct plc_pool_job */
        GPtrArray *workers; /* of struct worker */
        GSource *on_work;   /* a dispatch that was asked for and did not run yet */
        uint64_t last_id;
        unsigned files; /* that the largest plan so far needed open: what new workers may have */
        struct plc_pool_stats stats;
};

static void want_dispatch(plc_pool *pool);

/* --- jobs --- */

/* The last word on a job. Takes result and error. Nothing of the pool is touched afterwards: the callback may do what
 * it likes. */
static void job_end(plc_pool *pool, struct plc_pool_job *job, struct plc_result *result, GError *error)
{
        plc_job_done done = job->done;
        void *user_data = job->user_data;

        pool->stats.jobs++;
        pool->stats.failed += error != NULL;
        plc_pool_job_free(job);
        done(user_data, result, error);
}

/* --- the end of a worker --- */

static void drop_source(GSource **source)
{
        if (*source == NULL)
                return;
        g_source_destroy(*source);
        g_source_unref(*source);
        *source = NULL;
}

static GSource *watch(plc_pool *pool, GSource *source, GSourceFunc call, void *data)
{
        g_source_set_callback(source, call, data, NULL);
        g_source_attach(source, pool->options.context);
        return source;
}

/* Takes reason; NULL: it may go. Its job, if it has one, is decided when the process has ended. */
static void worker_kill(struct worker *worker, GError *reason)
{
        if (worker->state == ENDING) {
                g_clear_error(&reason);
                return;
        }
        worker->state = ENDING;
        worker->reason = reason;
        worker->let_go = reason == NULL;
        drop_source(&worker->on_socket);
        drop_source(&worker->on_tick);
        plc_leash_kill(&worker->leash);
}

/* One more try alone in a fresh worker, or the end. MEMORY is blamed on the photo only when it was alone. Takes error.
 */
static void job_lost(plc_pool *pool, struct plc_pool_job *job, GError *error)
{
        if (++job->tries < TRIES) {
                pool->stats.retries++;
                g_error_free(error);
                g_queue_push_head(pool->waiting, job);
                want_dispatch(pool);
                return;
        }
        if (error->code == PLC_E_MEMORY)
                error->code = PLC_E_WORKER_MEMORY;
        job_end(pool, job, NULL, error);
}

static void worker_free(struct worker *worker)
{
        drop_source(&worker->on_socket);
        drop_source(&worker->on_end);
        drop_source(&worker->on_tick);
        g_clear_error(&worker->reason);
        g_free(worker);
}

static void count_usage(plc_pool *pool, const struct rusage *usage)
{
        pool->stats.peak_rss_bytes = MAX(pool->stats.peak_rss_bytes, (uint64_t)usage->ru_maxrss * PLC_KIB);
        pool->stats.cpu_seconds += (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) +
                                   (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1e6;
}

/* A worker that ends before HELLO says nothing about the photo: this machine, or the program, is at fault. */
static void blame_start(struct worker *worker, int status)
{
        g_autofree char *why = worker->reason != NULL ? g_strdup(worker->reason->message)
                               : WIFEXITED(status)    ? g_strdup_printf("it ended with status %d", WEXITSTATUS(status))
                                                      : g_strdup_printf("signal %d ended it", WTERMSIG(status));

        g_clear_error(&worker->reason);
        plc_fail(&worker->reason, PLC_E_BAD_CONFIG, "%s cannot work here: %s", worker->pool->program, why);
}

static gboolean on_end(int fd, GIOCondition condition, gpointer data)
{
        struct worker *worker = data;
        plc_pool *pool = worker->pool;
        struct plc_pool_job *job = g_steal_pointer(&worker->job);
        bool starting = worker->state == STARTING;
        g_autoptr(GError) error = NULL;
        struct rusage usage;
        int status;

        (void)fd;
        (void)condition;
        plc_leash_reap(&worker->leash, &status, &usage);
        count_usage(pool, &usage);
        pool->stats.deaths += !worker->let_go;
        if (starting || (worker->reason != NULL && worker->reason->code == PLC_E_BAD_CONFIG))
                blame_start(worker, status);
        if (worker->reason == NULL && job != NULL)
                plc_leash_blame(status, &worker->reason);
        error = g_steal_pointer(&worker->reason);
        g_ptr_array_remove(pool->workers, worker); /* frees it */
        want_dispatch(pool);
        if (job == NULL)
                return G_SOURCE_REMOVE;
        if (error->code == PLC_E_BAD_CONFIG)
                job_end(pool, job, NULL, g_steal_pointer(&error));
        else
                job_lost(pool, job, g_steal_pointer(&error));
        return G_SOURCE_REMOVE;
}

/* --- talking to a worker --- */

static void worker_rest(struct worker *worker)
{
        worker->state = IDLE;
        worker->since = g_get_monotonic_time();
}

static void worker_begin(struct worker *worker)
{
        g_autoptr(plc_message) message = NULL;
        GError *error = NULL;

        message = plc_pool_job_message(worker->job, &error);
        if (message == NULL) { /* our own fault: neither the photo's nor the worker's */
                struct plc_pool_job *job = g_steal_pointer(&worker->job);

                worker_rest(worker);
                want_dispatch(worker->pool);
                job_end(worker->pool, job, NULL, error);
                return;
        }
        worker->state = BUSY;
        worker->since = g_get_monotonic_time();
        worker->cpu_before = plc_leash_cpu(&worker->leash);
        if (plc_wire_send(worker->leash.wire, message, false, &error))
                return;
        if (error->code == PLC_E_UNREACHABLE) { /* its death tells more */
                g_error_free(error);
                return;
        }
        if (error->code == PLC_E_BUSY)
                error->code = PLC_E_WORKER_DIED; /* it sits on messages that it was sent before */
        worker_kill(worker, error);
}

static void on_hello(struct worker *worker, const struct plc_message *message)
{
        GError *error = NULL;

        if (message->kind == PLC_MSG_FAILED)
                plc_fail(&error, PLC_E_BAD_CONFIG, "%s", message->failure.text);
        else if (message->hello.version != PLC_WIRE_VERSION)
                plc_fail(&error, PLC_E_BAD_CONFIG, "it is of another version");
        else if (!message->hello.seccomp)
                plc_fail(&error, PLC_E_BAD_CONFIG, "it is not locked in");
        if (error != NULL) {
                worker_kill(worker, error);
                return;
        }
        worker->pool->stats.sandbox = message->hello;
        if (worker->job != NULL)
                worker_begin(worker);
        else
                worker_rest(worker);
}

static bool said_more(struct worker *worker)
{
        struct plc_message *more = NULL;

        return plc_wire_recv(worker->leash.wire, false, 0, &more, NULL) != PLC_GOT_NOTHING;
}

static void on_answer(struct worker *worker, struct plc_message *message)
{
        plc_pool *pool = worker->pool;
        struct plc_pool_job *job = worker->job;
        struct plc_result *result = NULL;
        GError *error = NULL;

        if (message->job != job->id)
                plc_fail(&error, PLC_E_BAD_ANSWER, "the answer cannot be true: it is to another request");
        else if (message->kind == PLC_MSG_FAILED)
                plc_check_failure(&message->failure, &error);
        else
                plc_check_answer(&job->request, pool->options.file_bytes, &message->result, &error);
        if (error != NULL && (error->code == PLC_E_BAD_ANSWER || error->code == PLC_E_MEMORY)) {
                worker_kill(worker, error); /* the job is decided at its end */
                return;
        }
        if (error == NULL) {
                result = g_memdup2(&message->result, sizeof(message->result));
                message->result = (struct plc_result){0};
        }
        worker->job = NULL;
        worker->jobs_done++;
        worker_rest(worker);
        if (said_more(worker)) {
                GError *more = NULL;

                plc_fail(&more, PLC_E_BAD_ANSWER, "a second answer to one request");
                worker_kill(worker, more);
        } else if (error != NULL || job->tries > 0 || worker->jobs_done >= pool->options.jobs_per_worker) {
                worker_kill(worker, NULL);
        }
        want_dispatch(pool);
        job_end(pool, job, result, error);
}

static unsigned expected(const struct worker *worker)
{
        if (worker->state == STARTING)
                return PLC_MSG_BIT(PLC_MSG_HELLO) | PLC_MSG_BIT(PLC_MSG_FAILED);
        if (worker->state == BUSY)
                return PLC_MSG_BIT(PLC_MSG_FAILED) |
                       PLC_MSG_BIT(worker->job->request.kind == PLC_JOB_RENDER ? PLC_MSG_RENDERED : PLC_MSG_EXAMINED);
        return 0;
}

static gboolean on_socket(int fd, GIOCondition condition, gpointer data)
{
        struct worker *worker = data;
        g_autoptr(plc_message) message = NULL;
        GError *error = NULL;

        (void)fd;
        (void)condition;
        switch (plc_wire_recv(worker->leash.wire, false, expected(worker), &message, &error)) {
        case PLC_GOT_NOTHING:
                break;
        case PLC_GOT_MESSAGE:
                if (worker->state == STARTING)
                        on_hello(worker, message);
                else
                        on_answer(worker, message);
                break;
        case PLC_GOT_BAD:
                worker_kill(worker, error);
                break;
        case PLC_GOT_END: /* the end of the process comes next, with its cause; closing alone is no way out */
                drop_source(&worker->on_socket);
                break;
        }
        return G_SOURCE_CONTINUE; /* destroyed above where it must not go on */
}

static gboolean on_tick(gpointer data)
{
        struct worker *worker = data;
        const struct plc_pool_options *options = &worker->pool->options;
        double wall = (double)(g_get_monotonic_time() - worker->since) / G_USEC_PER_SEC;
        GError *error = NULL;

        if (worker->state == STARTING && wall > START_SECONDS) {
                plc_fail(&error, PLC_E_BAD_CONFIG, "it did not start within %d seconds", START_SECONDS);
        } else if (worker->state == BUSY && wall > options->wall_seconds) {
                plc_fail(&error, PLC_E_WORKER_TIMEOUT, "reading the photo took longer than %u seconds",
                         options->wall_seconds);
        } else if (worker->state == BUSY &&
                   plc_leash_cpu(&worker->leash) - worker->cpu_before > worker->job->request.cpu_seconds) {
                plc_fail(&error, PLC_E_WORKER_TIMEOUT, "reading the photo used more than %u seconds of processor time",
                         worker->job->request.cpu_seconds);
        } else if (!(worker->state == IDLE && wall > options->idle_seconds)) {
                return G_SOURCE_CONTINUE;
        }
        worker_kill(worker, error);
        return G_SOURCE_CONTINUE;
}

/* --- the queue --- */

static bool worker_start(plc_pool *pool, struct plc_pool_job *job, GError **error)
{
        struct worker *worker = g_new0(struct worker, 1);

        worker->files = pool->files;
        if (!plc_leash_start(&pool->options, worker->files, &worker->leash, error)) {
                g_free(worker);
                return false;
        }
        worker->pool = pool;
        worker->job = job;
        worker->state = STARTING;
        worker->since = g_get_monotonic_time();
        /* GUnixFDSourceFunc goes through GSourceFunc, as glib-unix.h wants it. */
        worker->on_socket = watch(pool, g_unix_fd_source_new(plc_wire_fd(worker->leash.wire), G_IO_IN | G_IO_HUP),
                                  (GSourceFunc)(void (*)(void))on_socket, worker);
        worker->on_end = watch(pool, g_unix_fd_source_new(worker->leash.pidfd, G_IO_IN),
                               (GSourceFunc)(void (*)(void))on_end, worker);
        worker->on_tick = watch(pool, g_timeout_source_new(TICK_MS), on_tick, worker);
        g_ptr_array_add(pool->workers, worker);
        pool->stats.started++;
        return true;
}

static struct worker *idle_worker(plc_pool *pool)
{
        for (guint i = 0; i < pool->workers->len; i++) {
                struct worker *worker = g_ptr_array_index(pool->workers, i);

                if (worker->state == IDLE)
                        return worker;
        }
        return NULL;
}

/* Starts the first waiting job if it can be now; a second try gets a fresh worker, a larger plan a wider one. */
static bool dispatch_one(plc_pool *pool)
{
        struct plc_pool_job *job = g_queue_peek_head(pool->waiting);
        struct worker *idle = idle_worker(pool);
        GError *error = NULL;

        if (job == NULL)
                return false;
        pool->files = MAX(pool->files, SPARE_FILES + plc_pool_job_files(job));
        if (idle != NULL && job->tries == 0 && idle->files >= SPARE_FILES + plc_pool_job_files(job)) {
                g_queue_pop_head(pool->waiting);
                idle->job = job;
                worker_begin(idle);
                return true;
        }
        if (pool->workers->len >= pool->options.workers) {
                if (idle != NULL)
                        worker_kill(idle, NULL); /* its place is needed; its end dispatches again */
                return false;
        }
        g_queue_pop_head(pool->waiting);
        if (!worker_start(pool, job, &error))
                job_end(pool, job, NULL, error);
        return true;
}

static gboolean on_work(gpointer data)
{
        plc_pool *pool = data;

        drop_source(&pool->on_work);
        /* One at a time: a callback may have added jobs, or work may wait for the end of a worker. */
        if (dispatch_one(pool))
                want_dispatch(pool);
        return G_SOURCE_REMOVE;
}

static void want_dispatch(plc_pool *pool)
{
        if (pool->on_work == NULL && !g_queue_is_empty(pool->waiting)) {
                GSource *source = g_idle_source_new();

                g_source_set_priority(source, G_PRIORITY_DEFAULT);
                pool->on_work = watch(pool, source, on_work, pool);
        }
}

/* --- for callers --- */

/* An answer brings up to 1,024 descriptors; the usual soft limit is 1,024 for everything. */
static void allow_many_files(void)
{
        struct rlimit files;

        if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < 8192 && files.rlim_cur < files.rlim_max) {
                files.rlim_cur = MIN(8192, files.rlim_max);
                setrlimit(RLIMIT_NOFILE, &files);
        }
}

plc_pool *plc_pool_new(const struct plc_pool_options *options)
{
        plc_pool *pool = g_new0(plc_pool, 1);
        struct plc_pool_options *mine = &pool->options;

        allow_many_files();
        *mine = *options;
#define DEFAULT(member) mine->member = mine->member != 0 ? mine->member : plc_pool_default_options.member
        DEFAULT(jobs_per_worker);
        DEFAULT(cpu_seconds);
        DEFAULT(wall_seconds);
        DEFAULT(idle_seconds);
        DEFAULT(memory_bytes);
        DEFAULT(file_bytes);
#undef DEFAULT
        if (mine->workers == 0)
                mine->workers = MIN(g_get_num_processors(), 8);
        if (mine->context != NULL)
                g_main_context_ref(mine->context);
        pool->program = options->program != NULL ? g_strdup(options->program)
                                                 : g_build_filename(plc_program_dir(), "placet-worker", NULL);
        mine->program = pool->program;
        pool->waiting = g_queue_new();
        pool->workers = g_ptr_array_new_with_free_func((GDestroyNotify)worker_free);
        return pool;
}

static void end_for_closing(plc_pool *pool, struct plc_pool_job *job)
{
        GError *error = NULL;

        plc_fail(&error, PLC_E_BUSY, "the workers are being stopped");
        job_end(pool, job, NULL, error);
}

void plc_pool_free(plc_pool *pool)
{
        struct plc_pool_job *job;

        if (pool == NULL)
                return;
        for (guint i = 0; i < pool->workers->len; i++)
                worker_kill(g_ptr_array_index(pool->workers, i), NULL);
        for (guint i = 0; i < pool->workers->len; i++) {
                struct worker *worker = g_ptr_array_index(pool->workers, i);
                struct rusage usage;
                int status;

                plc_leash_reap(&worker->leash, &status, &usage);
                if (worker->job != NULL)
                        g_queue_push_tail(pool->waiting, worker->job);
        }
        while ((job = g_queue_pop_head(pool->waiting)) != NULL)
                end_for_closing(pool, job);
        drop_source(&pool->on_work);
        g_ptr_array_unref(pool->workers);
        g_queue_free(pool->waiting);
        if (pool->options.context != NULL)
                g_main_context_unref(pool->options.context);
        g_free(pool->program);
        g_free(pool);
}

bool plc_pool_submit(plc_pool *pool, const struct plc_job_request *request, plc_job_done done, void *user_data,
                     GError **error)
{
        struct plc_job_request complete = *request;
        struct plc_pool_job *job;

        if (complete.cpu_seconds == 0)
                complete.cpu_seconds = pool->options.cpu_seconds;
        job = plc_pool_job_new(&complete, pool->last_id + 1, error);
        if (job == NULL)
                return false;
        pool->last_id++;
        job->done = done;
        job->user_data = user_data;
        g_queue_push_tail(pool->waiting, job);
        want_dispatch(pool);
        return true;
}

struct waiting {
        bool ended;
        struct plc_result *result;
        GError *error;
};

static void on_waited(void *user_data, struct plc_result *result, GError *error)
{
        struct waiting *waiting = user_data;

        *waiting = (struct waiting){true, result, error};
}

bool plc_pool_run(plc_pool *pool, const struct plc_job_request *request, struct plc_result *out, GError **error)
{
        struct waiting waiting = {0};

        if (!plc_pool_submit(pool, request, on_waited, &waiting, error))
                return false;
        while (!waiting.ended)
                g_main_context_iteration(pool->options.context, TRUE);
        if (waiting.result == NULL) {
                g_propagate_error(error, waiting.error);
                return false;
        }
        *out = *waiting.result;
        g_free(waiting.result);
        return true;
}

void plc_pool_stats(const plc_pool *pool, struct plc_pool_stats *out)
{
        *out = pool->stats;
        out->alive = pool->workers->len;
        out->waiting = g_queue_get_length(pool->waiting);
}
