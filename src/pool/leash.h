/* How is one worker process started, watched and ended? (for pool.c) */
#pragma once
#include <sys/resource.h>
#include <sys/types.h>

#include "pool/pool.h"
#include "wire/wire.h"

struct plc_leash {
        pid_t pid;
        int pidfd; /* readable when the process has ended */
        plc_wire *wire;
};

/* The program gets a socket, an environment of ours, and nothing else of this process. BAD_CONFIG if it cannot be
 * started. */
bool plc_leash_start(const struct plc_pool_options *options, struct plc_leash *out, GError **error);
/* CPU seconds used so far. */
double plc_leash_cpu(const struct plc_leash *leash);
/* Open files that the worker may have from now on: what it makes is memory that no RLIMIT_AS counts. */
void plc_leash_limit_files(const struct plc_leash *leash, unsigned files);
void plc_leash_kill(const struct plc_leash *leash);
/* After the end (or waiting for it): status and usage; frees what the leash holds. */
void plc_leash_reap(struct plc_leash *leash, int *out_status, struct rusage *out_usage);
/* Whose fault is it that a worker ended with this status, unasked? One sentence. */
void plc_leash_blame(int status, GError **error);
