/*
 * What holds a process that may be taken over by the photo it reads? In this order: no descriptors but its socket, no
 * privileges, resource limits, Landlock, seccomp. After it no file can be opened, no socket made, no program started,
 * no process touched.
 */
#pragma once
#include "wire/message.h"

struct plc_sandbox_limits {
        uint64_t memory_bytes; /* RLIMIT_AS; 0: none. Not in sanitized builds: ASan does not start under it (measured).
                                */
        uint64_t file_bytes;   /* RLIMIT_FSIZE, of each memfd */
        unsigned files;        /* RLIMIT_NOFILE */
};

/* Closes every descriptor but `socket` and (in sanitized builds) stderr; 0-2 become /dev/null. Asks to die with the
 * parent. */
bool plc_sandbox_close_all(int socket, GError **error);

/*
 * Everything else. The process must have one thread. `warm`, if not NULL, runs when no file can be opened any more but
 * memory may still be made executable: libvips before 8.15 compiles its loops then (measured: 60 % more CPU without).
 */
bool plc_sandbox_enter(const struct plc_sandbox_limits *limits, void (*warm)(void), struct plc_hello *out,
                       GError **error);

/* CPU seconds for what comes now, over what was used before; SIGXCPU ends the process after that. */
bool plc_sandbox_grant_cpu(uint32_t seconds, GError **error);

/* The seccomp part alone (filter.c). */
bool plc_sandbox_filter(GError **error);
