/* What does a worker do from its first instruction to its last? One sandbox, then one request after the other. */
#pragma once
#include "wire/wire.h"

#define PLC_WORKER_EXIT_STARTED_BY_HAND 2
#define PLC_WORKER_EXIT_NO_MEMORY 77 /* GLib could not allocate; the office blames memory */

/* A kind of job. run fills `answer` (its kind is set) or fails; `wire` is for jobs that say more than one thing. */
struct plc_worker_job {
        enum plc_msg request, answer;
        bool (*run)(plc_wire *wire, const struct plc_message *request, struct plc_message *answer, GError **error);
};

struct plc_worker {
        bool (*init)(GError **error);   /* before the sandbox: load libraries; NULL: nothing */
        void (*warm)(void);             /* see plc_sandbox_enter; NULL: nothing */
        const char *(*libraries)(void); /* for HELLO; NULL: none */
        const struct plc_worker_job *jobs;
        size_t n_jobs;
};

/* `--socket N [--memory BYTES] [--file-bytes BYTES] [--files N]`, as pool/ starts it. Returns the exit status. */
int plc_worker_main(int argc, char **argv, const struct plc_worker *worker);

/* The worker that decodes photos (jobs.c). */
extern const struct plc_worker plc_worker_media;
