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

/*
 * The program gets a socket, an environment of ours, and nothing else of this process. files: how many it may have open
 * for all its life; what it makes is memory that no RLIMIT_AS counts, so its number ends too. BAD_CONFIG if it cannot
 * be started.
 */
bool plc_leash_start(const struct plc_pool_options *options, unsigned files, struct plc_leash *out, GError **error);
/* CPU seconds used so far. */
double plc_leash_cpu(const struct plc_leash *leash);
void plc_leash_kill(const struct plc_leash *leash);
/* After the end (or waiting for it): status and usage; frees what the leash holds. */
void plc_leash_reap(struct plc_leash *leash, int *out_status, struct rusage *out_usage);
/* Whose fault is it that a worker ended with this status, unasked? One sentence. */
void plc_leash_blame(int status, GError **error);
