/* How does the worker give everything up that it does not need, and in which order? plc_sandbox_enter reads as the
 * list. */
#include "worker/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"

#define NOBODY 65534          /* user and group without any file, on every Linux */
#define ALL_CPU_SECONDS 36000 /* of one worker's life, a backstop; each job has its own budget below it */
#define MAX_THREADS 4096      /* counted by the kernel for all processes of the user; AV1 encoders start up to 13 */

/* Newer than the kernel headers of Debian 12; bits by ABI as in the kernel's landlock.rst. */
struct ruleset {
        uint64_t fs, net, scoped;
};

static int socket_fd = -1;

static bool close_but(int keep, int from)
{
        if (keep > from && syscall(SYS_close_range, from, keep - 1, 0) != 0)
                return false;
        return syscall(SYS_close_range, MAX(keep + 1, from), ~0u, 0) == 0;
}

bool plc_sandbox_close_all(int socket, GError **error)
{
        int null;

        if (socket <= STDERR_FILENO)
                return plc_fail(error, PLC_E_USAGE, "the socket must not be one of the standard descriptors");
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
                return plc_fail_errno(error, errno, "cannot tie the worker to the office");
        if (!close_but(socket, STDERR_FILENO + 1))
                return plc_fail_errno(error, errno, "cannot close descriptors");
        null = open("/dev/null", O_RDWR | O_CLOEXEC);
        if (null < 0)
                return plc_fail_errno(error, errno, "cannot open /dev/null");
#ifdef PLC_SANITIZE
        const int last = STDOUT_FILENO; /* the sanitizers report to stderr */
#else
        const int last = STDERR_FILENO;
#endif
        for (int fd = 0; fd <= last; fd++)
                dup2(null, fd);
        if (null > STDERR_FILENO)
                close(null);
        socket_fd = socket;
        return true;
}

/* An empty folder that vanishes with the process becomes the root: not even the existence of a file can be asked. */
static bool change_root(void)
{
        return chroot("/proc/self/fdinfo") == 0 && chdir("/") == 0;
}

static bool drop_privileges(struct plc_hello *hello, GError **error)
{
        struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
        struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {0};

        if (geteuid() == 0) {
                hello->own_root = change_root();
                for (int capability = 0; prctl(PR_CAPBSET_READ, capability) >= 0; capability++)
                        if (prctl(PR_CAPBSET_DROP, capability) != 0)
                                return plc_fail_errno(error, errno, "cannot drop a capability");
                if (setgroups(0, NULL) != 0 || setresgid(NOBODY, NOBODY, NOBODY) != 0 ||
                    setresuid(NOBODY, NOBODY, NOBODY) != 0)
                        return plc_fail_errno(error, errno, "cannot become the user nobody (%d)", NOBODY);
        }
        prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
        if (syscall(SYS_capset, &header, none) != 0)
                return plc_fail_errno(error, errno, "cannot give up capabilities");
        hello->uid = geteuid();
        return true;
}

static bool no_way_back(GError **error)
{
        struct pollfd office = {.fd = socket_fd, .events = POLLIN};

        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0) != 0)
                return plc_fail_errno(error, errno, "cannot give up privileges for good");
        /* Asked again: the kernel forgets it when the user changes. If the office died in between, its socket tells. */
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
                return plc_fail_errno(error, errno, "cannot tie the worker to the office");
        if (poll(&office, 1, 0) > 0 && (office.revents & POLLHUP) != 0)
                return plc_fail(error, PLC_E_UNREACHABLE, "the office is gone");
        return true;
}

static bool limit(int resource, rlim_t soft, rlim_t hard, GError **error)
{
        struct rlimit now, wanted;

        if (getrlimit((__rlimit_resource_t)resource, &now) != 0)
                return plc_fail_errno(error, errno, "cannot read resource limit %d", resource);
        wanted.rlim_max = MIN(hard, now.rlim_max);
        wanted.rlim_cur = MIN(soft, wanted.rlim_max);
        if (setrlimit((__rlimit_resource_t)resource, &wanted) != 0)
                return plc_fail_errno(error, errno, "cannot set resource limit %d", resource);
        return true;
}

static bool set_limits(const struct plc_sandbox_limits *limits, struct plc_hello *hello, GError **error)
{
        if (!limit(RLIMIT_CORE, 0, 0, error) || !limit(RLIMIT_FSIZE, limits->file_bytes, limits->file_bytes, error) ||
            !limit(RLIMIT_NOFILE, limits->files, limits->files, error) ||
            !limit(RLIMIT_NPROC, MAX_THREADS, MAX_THREADS, error) ||
            !limit(RLIMIT_CPU, ALL_CPU_SECONDS, ALL_CPU_SECONDS, error))
                return false;
#ifndef PLC_SANITIZE
        if (limits->memory_bytes > 0) {
                if (!limit(RLIMIT_AS, limits->memory_bytes, limits->memory_bytes, error))
                        return false;
                hello->address_limit = true;
        }
#else
        (void)hello;
#endif
        return true;
}

/* Denies all that this kernel can deny. No Landlock is no failure: seccomp denies the same calls; HELLO tells it. */
static bool landlock(struct plc_hello *hello, GError **error)
{
        static const unsigned fs_bits[] = {0, 13, 14, 15, 15, 16}; /* access rights known to ABI 1-4, 5 and later */
        struct ruleset rules = {0};
        plc_autofd int ruleset = -1;
        long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
        size_t size;

        if (abi < 1)
                return true;
        rules.fs = ((uint64_t)1 << fs_bits[MIN(abi, 5)]) - 1;
        rules.net = abi >= 4 ? 3 : 0;    /* TCP bind, connect */
        rules.scoped = abi >= 6 ? 3 : 0; /* abstract sockets, signals to others */
        size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
        ruleset = (int)syscall(SYS_landlock_create_ruleset, &rules, size, 0);
        if (ruleset < 0 || syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
                return plc_fail_errno(error, errno, "cannot close the file system (Landlock)");
        hello->landlock_abi = (uint32_t)abi;
        return true;
}

/* Landlock and capabilities bind the calling thread; threads started before would stay free. */
static bool alone(GError **error)
{
        struct stat tasks;

        if (stat("/proc/self/task", &tasks) == 0 && tasks.st_nlink != 3)
                return plc_fail(error, PLC_E_INTERNAL, "the worker has %d threads before it is locked in",
                                (int)tasks.st_nlink - 2);
        return true;
}

bool plc_sandbox_enter(const struct plc_sandbox_limits *limits, void (*warm)(void), struct plc_hello *out,
                       GError **error)
{
        struct plc_hello hello = {.version = PLC_WIRE_VERSION};

        if (!alone(error) || !drop_privileges(&hello, error) || !no_way_back(error) ||
            !set_limits(limits, &hello, error) || !landlock(&hello, error))
                return false;
        if (warm != NULL)
                warm();
        if (!plc_sandbox_filter(error)) /* a kernel without seccomp: no worker */
                return false;
        hello.seccomp = true;
        *out = hello;
        return true;
}

bool plc_sandbox_grant_cpu(uint32_t seconds, GError **error)
{
        struct rusage used;
        rlim_t until;

        getrusage(RUSAGE_SELF, &used);
        until = (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + 2 + seconds;
        return limit(RLIMIT_CPU, until, ALL_CPU_SECONDS, error);
}
