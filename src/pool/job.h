/* What does the pool keep of a request until it is answered? (for pool.c) */
#pragma once
#include "pool/pool.h"

struct plc_pool_job {
        struct plc_job_request request; /* limits and plan point to our own copies */
        int input;                      /* our own, read-only */
        uint64_t id;
        unsigned tries; /* ended without an answer */
        plc_job_done done;
        void *user_data;
};

/* UNSAFE_FILE, BAD_VALUE: it could never be sent. */
struct plc_pool_job *plc_pool_job_new(const struct plc_job_request *request, uint64_t id, GError **error);
void plc_pool_job_free(struct plc_pool_job *job);
/* With a description of the photo of its own: read-only, its own position. NULL: our own fault, not the photo's. */
struct plc_message *plc_pool_job_message(const struct plc_pool_job *job, GError **error);
/* How many files an honest worker makes for it. */
unsigned plc_pool_job_files(const struct plc_pool_job *job);
