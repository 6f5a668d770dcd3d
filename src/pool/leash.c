/* How is one worker process started, watched and ended? */
#include "pool/leash.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"

#define SOCKET 3          /* what the worker finds its socket as */
#define EXIT_NO_MEMORY 77 /* PLC_WORKER_EXIT_NO_MEMORY of worker/loop.h */

/*
 * One arena: RLIMIT_AS counts 64 MiB for each. Buffers of renditions (up to 16 MiB) come from the heap, which keeps
 * them for the next one of the photo: by mmap each would cost its page faults anew, half of all time in the kernel. The
 * worker hands it all back after the photo. One thread per photo. No temporary files: they could not be opened.
 */
static char *const environment[] = {"MALLOC_ARENA_MAX=1",
                                    "MALLOC_MMAP_THRESHOLD_=16777216",
                                    "MALLOC_TRIM_THRESHOLD_=67108864",
                                    "VIPS_CONCURRENCY=1",
                                    "VIPS_DISC_THRESHOLD=1000g",
                                    "LC_ALL=C.UTF-8",
                                    "PATH=/nonexistent",
#ifdef PLC_SANITIZE
                                    "UBSAN_OPTIONS=print_stacktrace=1",
                                    "G_SLICE=always-malloc",
#endif
                                    NULL};

static int spawn(const char *program, char *const *argv, int socket, pid_t *out_pid)
{
        posix_spawn_file_actions_t files;
        posix_spawnattr_t attributes;
        sigset_t none, all;
        int fault;

        sigemptyset(&none);
        sigfillset(&all);
        posix_spawn_file_actions_init(&files);
        posix_spawnattr_init(&attributes);
        posix_spawn_file_actions_adddup2(&files, socket, SOCKET); /* first: the socket may be one of 0-2 */
        posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDWR, 0);
        posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_RDWR, 0);
#ifndef PLC_SANITIZE /* there its reports are wanted */
        posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_RDWR, 0);
#endif
        posix_spawn_file_actions_addclosefrom_np(&files, SOCKET + 1);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setsigdefault(&attributes, &all);
        posix_spawnattr_setpgroup(&attributes, 0); /* a Ctrl-C at the terminal is for the office to answer */
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
        fault = posix_spawn(out_pid, program, &files, &attributes, argv, environment);
        posix_spawnattr_destroy(&attributes);
        posix_spawn_file_actions_destroy(&files);
        return fault;
}

bool plc_leash_start(const struct plc_pool_options *options, unsigned files, struct plc_leash *out, GError **error)
{
        g_autofree char *most_files = g_strdup_printf("--files=%u", files);
        g_autofree char *memory = g_strdup_printf("--memory=%" G_GUINT64_FORMAT, options->memory_bytes);
        g_autofree char *file_bytes = g_strdup_printf("--file-bytes=%" G_GUINT64_FORMAT, options->file_bytes);
        char *argv[] = {
                (char *)"placet-worker", (char *)"--socket=" G_STRINGIFY(SOCKET), memory, file_bytes, most_files, NULL};
        struct plc_leash leash = {.pidfd = -1};
        int ends[2], fault;

        if (!plc_wire_pair(ends, error))
                return false;
        fault = spawn(options->program, argv, ends[1], &leash.pid);
        close(ends[1]);
        leash.wire = plc_wire_new(ends[0]);
        if (fault == 0)
                leash.pidfd = (int)syscall(SYS_pidfd_open, leash.pid, 0);
        if (leash.pidfd >= 0) {
                *out = leash;
                return true;
        }
        if (fault == 0) {
                fault = errno;
                kill(leash.pid, SIGKILL);
                waitpid(leash.pid, NULL, 0);
        }
        plc_wire_free(leash.wire);
        return plc_fail(error, PLC_E_BAD_CONFIG, "cannot start %s: %s", options->program, g_strerror(fault));
}

double plc_leash_cpu(const struct plc_leash *leash)
{
        struct timespec used;
        clockid_t clock;

        if (clock_getcpuclockid(leash->pid, &clock) != 0 || clock_gettime(clock, &used) != 0)
                return 0;
        return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

void plc_leash_kill(const struct plc_leash *leash)
{
        syscall(SYS_pidfd_send_signal, leash->pidfd, SIGKILL, NULL, 0);
}

void plc_leash_reap(struct plc_leash *leash, int *out_status, struct rusage *out_usage)
{
        pid_t pid;

        do
                pid = wait4(leash->pid, out_status, 0, out_usage);
        while (pid < 0 && errno == EINTR);
        if (pid < 0) {
                *out_status = SIGKILL; /* somebody else reaped it */
                memset(out_usage, 0, sizeof(*out_usage));
        }
        plc_close_fd(&leash->pidfd);
        plc_wire_free(g_steal_pointer(&leash->wire));
}

void plc_leash_blame(int status, GError **error)
{
        static const struct {
                int signal;
                plc_code code;
                const char *sentence;
        } rows[] = {
                {SIGXCPU, PLC_E_WORKER_TIMEOUT, "reading the photo used more processor time than is allowed"},
                {SIGXFSZ, PLC_E_WORKER_MEMORY, "reading the photo tried to make a larger file than is allowed"},
                {SIGKILL, PLC_E_WORKER_MEMORY,
                 "the system killed the program that read the photo, most likely for want of memory"},
                {SIGSYS, PLC_E_WORKER_DIED, "the program that read the photo tried something forbidden and was killed"},
        };

        if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_NO_MEMORY) {
                plc_fail(error, PLC_E_WORKER_MEMORY, "reading the photo needs more memory than is allowed");
                return;
        }
        for (size_t i = 0; WIFSIGNALED(status) && i < G_N_ELEMENTS(rows); i++)
                if (WTERMSIG(status) == rows[i].signal) {
                        plc_fail(error, rows[i].code, "%s", rows[i].sentence);
                        return;
                }
        if (WIFSIGNALED(status))
                plc_fail(error, PLC_E_WORKER_DIED, "the program that read the photo crashed (%s)",
                         sigabbrev_np(WTERMSIG(status)));
        else
                plc_fail(error, PLC_E_WORKER_DIED,
                         "the program that read the photo ended without an answer (status %d)", WEXITSTATUS(status));
}
