/* What does a worker that was taken over try to do to this machine? One act a row, by bare system calls. */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/keyctl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "evil.h"

#define CALL(name, ...)                                                                                                \
        static long name(void)                                                                                         \
        {                                                                                                              \
                return __VA_ARGS__;                                                                                    \
        }

CALL(open_passwd, syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY))
CALL(open_old, syscall(SYS_open, "/etc/passwd", O_RDONLY))
CALL(open_to_write, syscall(SYS_openat, AT_FDCWD, "/tmp/placet-evil", O_WRONLY | O_CREAT, 0600))
CALL(open_self_mem, syscall(SYS_openat, AT_FDCWD, "/proc/self/mem", O_RDWR))
CALL(open_own_fd, syscall(SYS_openat, AT_FDCWD, "/proc/self/fd/3", O_RDWR))
CALL(list_folder, syscall(SYS_openat, AT_FDCWD, "/", O_RDONLY | O_DIRECTORY))
CALL(read_link, syscall(SYS_readlink, "/proc/self/exe", (char[64]){0}, 64))
CALL(unlink_file, syscall(SYS_unlink, "/tmp/placet-evil"))
CALL(rename_file, syscall(SYS_rename, "/tmp/placet-evil", "/tmp/placet-evil2"))
CALL(make_folder, syscall(SYS_mkdir, "/tmp/placet-evil", 0700))
CALL(make_node, syscall(SYS_mknodat, AT_FDCWD, "/tmp/placet-evil", S_IFCHR | 0600, 0x103))
CALL(change_folder, syscall(SYS_chdir, "/etc"))
CALL(change_mode, syscall(SYS_chmod, "/etc/passwd", 0777))
CALL(change_root, syscall(SYS_chroot, "/"))
CALL(mount_proc, syscall(SYS_mount, "proc", "/tmp", "proc", 0, NULL))
CALL(socket_inet, syscall(SYS_socket, AF_INET, SOCK_STREAM, 0))
CALL(socket_inet_udp, syscall(SYS_socket, AF_INET, SOCK_DGRAM, 0))
CALL(socket_unix, syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0))
CALL(socket_netlink, syscall(SYS_socket, AF_NETLINK, SOCK_RAW, 0))
CALL(socket_pair, syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, (int[2]){0}))
CALL(fork_old, syscall(SYS_fork))
CALL(clone_process, syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0))
CALL(clone_vm, syscall(SYS_clone, CLONE_VM | SIGCHLD, 0, 0, 0, 0))
CALL(clone3_process, syscall(SYS_clone3, (uint64_t[8]){[4] = SIGCHLD}, 64))
CALL(trace_parent, syscall(SYS_ptrace, PTRACE_ATTACH, getppid(), 0, 0))
CALL(kill_parent, syscall(SYS_kill, getppid(), SIGKILL))
CALL(tgkill_parent, syscall(SYS_tgkill, getppid(), getppid(), SIGKILL))
CALL(sigqueue_parent, syscall(SYS_rt_sigqueueinfo, getppid(), SIGTERM, (siginfo_t[1]){0}))
CALL(set_uid_root, syscall(SYS_setuid, 0))
CALL(user_namespace, syscall(SYS_unshare, CLONE_NEWUSER))
CALL(dumpable, syscall(SYS_prctl, PR_SET_DUMPABLE, 1, 0, 0, 0))
CALL(drop_leash, syscall(SYS_prctl, PR_SET_PDEATHSIG, 0, 0, 0, 0))
CALL(io_uring, syscall(SYS_io_uring_setup, 4, (char[256]){0}))
CALL(bpf_map, syscall(SYS_bpf, BPF_MAP_CREATE, (char[128]){0}, 128))
CALL(key_ring, syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 1))
CALL(perf, syscall(SYS_perf_event_open, (char[128]){0}, 0, -1, -1, 0))
CALL(page_faults, syscall(SYS_userfaultfd, 0))
CALL(message_queue, syscall(SYS_mq_open, "/placet-evil", O_RDWR | O_CREAT, 0600, NULL))
CALL(shared_memory, syscall(SYS_shmget, 0x706c63, 4096, 0600 | 01000))
CALL(inotify, syscall(SYS_inotify_init1, 0))
CALL(read_execute, syscall(SYS_personality, 0x0400000))
CALL(more_files, syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, (uint64_t[2]){100000, 100000}, NULL))
CALL(more_memory, syscall(SYS_prlimit64, 0, RLIMIT_AS, (uint64_t[2]){RLIM_INFINITY, RLIM_INFINITY}, NULL))
CALL(limit_of_parent, syscall(SYS_prlimit64, getppid(), RLIMIT_CPU, (uint64_t[2]){1, 1}, NULL))
CALL(parents_descriptor, syscall(SYS_pidfd_open, getppid(), 0))
CALL(signal_owner, syscall(SYS_fcntl, 3, F_SETOWN, getppid()))

static long socket_by_32_bit(void)
{
#ifdef __x86_64__
        long result;

        /* 359 = socket in the i386 table: another table of calls must not be a way round the filter. */
        __asm__ volatile("int $0x80" : "=a"(result) : "a"(359L), "b"(2L), "c"(1L), "d"(0L) : "memory");
        errno = (int)-result;
        return result;
#else
        return syscall(SYS_socket, AF_INET, SOCK_STREAM, 0);
#endif
}

static long vfork_child(void)
{
#ifdef SYS_vfork
        return syscall(SYS_vfork);
#else
        return syscall(SYS_clone, CLONE_VFORK | CLONE_VM | SIGCHLD, 0, 0, 0, 0);
#endif
}

static long exec_shell(void)
{
        char *const argv[] = {(char *)"sh", (char *)"-c", (char *)"true", NULL};

        return syscall(SYS_execve, "/bin/sh", argv, NULL);
}

/* A program in memory needs no file. */
static long exec_memfd(void)
{
        static const char script[] = "#!/bin/true\n";
        char *const argv[] = {(char *)"x", NULL};

        return syscall(SYS_execveat, evil_memfd(script, sizeof(script) - 1, false), "", argv, NULL, AT_EMPTY_PATH);
}

static long map(int protection)
{
        return (long)(intptr_t)mmap(NULL, 4096, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}
CALL(map_rwx, map(PROT_READ | PROT_WRITE | PROT_EXEC))
CALL(map_exec, map(PROT_READ | PROT_EXEC))

static long make_executable(void)
{
        return mprotect((void *)(intptr_t)map(PROT_READ | PROT_WRITE), 4096, PROT_READ | PROT_EXEC);
}

static long make_executable_by_key(void)
{
        return syscall(SYS_pkey_mprotect, map(PROT_READ | PROT_WRITE), 4096, PROT_READ | PROT_EXEC, -1);
}

static long connect_unix(void)
{
        struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/run/dbus/system_bus_socket"};

        return connect(3, (struct sockaddr *)&address, sizeof(address));
}

static long read_parent(void)
{
        char byte;
        struct iovec here = {&byte, 1}, there = {(void *)(intptr_t)0x400000, 1};

        prctl(PR_SET_DUMPABLE, 1);
        return syscall(SYS_process_vm_readv, getppid(), &here, 1, &there, 1, 0);
}

/* Nothing of the office may be open here but the socket (3), the photo, and /dev/null. */
static long write_to_inherited(void)
{
        for (int fd = 4; fd < 4096; fd++) {
                int flags = fcntl(fd, F_GETFL);

                if (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY)
                        return fd;
        }
        errno = EBADF;
        return -1;
}

static long write_to_photo(void)
{
        for (int fd = 4; fd < 64; fd++)
                if (write(fd, "x", 1) == 1 || ftruncate(fd, 0) == 0)
                        return fd;
        errno = EBADF;
        return -1;
}

static long file_too_large(void)
{
        return ftruncate(evil_memfd("", 0, false), (off_t)1 << 30);
}

static long all_memory(void)
{
        volatile char *memory = malloc((size_t)4 << 30);

        if (memory == NULL)
                return -1;
        memory[0] = 1;
        return memory[0];
}

/* Memory in files is counted by no RLIMIT_AS: the number of files has to end. */
static long many_files(void)
{
        for (int i = 0; i < 200; i++)
                if (evil_memfd("", 0, false) < 0)
                        return -1;
        return 0;
}

static long never_end(void)
{
        volatile uint64_t i = 1;

        while (i != 0)
                i |= 1;
        return 0;
}

static long never_wake(void)
{
        volatile bool awake = false;

        while (!awake)
                g_usleep(G_USEC_PER_SEC);
        return 0;
}

static long crash(void)
{
        signal(SIGSEGV, SIG_DFL);
        signal(SIGABRT, SIG_DFL);
        abort();
}

static long go_away(void)
{
        _exit(0);
}

static long close_socket(void)
{
        close(3);
        return never_wake();
}

#define ACT(act)                                                                                                       \
        {                                                                                                              \
#act, act                                                                                              \
        }
const struct evil_act evil_acts[] = {
        ACT(open_passwd),
        ACT(open_old),
        ACT(open_to_write),
        ACT(open_self_mem),
        ACT(open_own_fd),
        ACT(list_folder),
        ACT(read_link),
        ACT(unlink_file),
        ACT(rename_file),
        ACT(make_folder),
        ACT(make_node),
        ACT(change_folder),
        ACT(change_mode),
        ACT(change_root),
        ACT(mount_proc),
        ACT(socket_inet),
        ACT(socket_inet_udp),
        ACT(socket_unix),
        ACT(socket_netlink),
        ACT(socket_pair),
        ACT(connect_unix),
        ACT(socket_by_32_bit),
        ACT(fork_old),
        ACT(vfork_child),
        ACT(clone_process),
        ACT(clone_vm),
        ACT(clone3_process),
        ACT(exec_shell),
        ACT(exec_memfd),
        ACT(trace_parent),
        ACT(read_parent),
        ACT(kill_parent),
        ACT(tgkill_parent),
        ACT(sigqueue_parent),
        ACT(limit_of_parent),
        ACT(parents_descriptor),
        ACT(signal_owner),
        ACT(map_rwx),
        ACT(map_exec),
        ACT(make_executable),
        ACT(make_executable_by_key),
        ACT(read_execute),
        ACT(set_uid_root),
        ACT(user_namespace),
        ACT(dumpable),
        ACT(drop_leash),
        ACT(io_uring),
        ACT(bpf_map),
        ACT(key_ring),
        ACT(perf),
        ACT(page_faults),
        ACT(message_queue),
        ACT(shared_memory),
        ACT(inotify),
        ACT(more_files),
        ACT(more_memory),
        ACT(write_to_inherited),
        ACT(write_to_photo),
        ACT(file_too_large),
        ACT(all_memory),
        ACT(many_files),
        ACT(never_end),
        ACT(never_wake),
        ACT(crash),
        ACT(go_away),
        ACT(close_socket),
};
const size_t evil_n_acts = G_N_ELEMENTS(evil_acts);
