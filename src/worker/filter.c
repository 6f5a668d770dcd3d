/* Which system calls may a locked-in worker make? An allow-list (measured with strace over all formats); the rest is
 * EPERM or death. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "worker/sandbox.h"

#define NAMESPACES                                                                                                     \
        (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

static const int allowed[] = {
        /* what it has open: the photo, its own memfds, the socket */
        SCMP_SYS(read),
        SCMP_SYS(readv),
        SCMP_SYS(pread64),
        SCMP_SYS(preadv),
        SCMP_SYS(write),
        SCMP_SYS(writev),
        SCMP_SYS(pwrite64),
        SCMP_SYS(pwritev),
        SCMP_SYS(lseek),
        SCMP_SYS(close),
        SCMP_SYS(dup),
        SCMP_SYS(fstat),
        SCMP_SYS(newfstatat), /* glibc's fstat; Landlock does not cover it, the empty root does */
        SCMP_SYS(ftruncate),
        SCMP_SYS(fallocate),
        SCMP_SYS(memfd_create),
        SCMP_SYS(sendmsg),
        SCMP_SYS(recvmsg),
        SCMP_SYS(poll),
        SCMP_SYS(ppoll),
        /* memory and threads */
        SCMP_SYS(munmap),
        SCMP_SYS(mremap),
        SCMP_SYS(madvise),
        SCMP_SYS(brk),
        SCMP_SYS(futex),
        SCMP_SYS(set_robust_list),
        SCMP_SYS(rseq),
        SCMP_SYS(set_tid_address),
        SCMP_SYS(sched_yield),
        SCMP_SYS(sched_getaffinity),
        SCMP_SYS(getcpu),
        SCMP_SYS(membarrier),
        /* itself */
        SCMP_SYS(getpid),
        SCMP_SYS(gettid),
        SCMP_SYS(getrusage),
        SCMP_SYS(exit),
        SCMP_SYS(exit_group),
        SCMP_SYS(restart_syscall),
        SCMP_SYS(rt_sigaction),
        SCMP_SYS(rt_sigprocmask),
        SCMP_SYS(rt_sigreturn),
        SCMP_SYS(sigaltstack),
        /* time and chance */
        SCMP_SYS(clock_gettime),
        SCMP_SYS(clock_getres),
        SCMP_SYS(clock_nanosleep),
        SCMP_SYS(nanosleep),
        SCMP_SYS(gettimeofday),
        SCMP_SYS(time),
        SCMP_SYS(getrandom),
};

/* No library of ours ever tries these; who does has taken the worker over. */
static const int deadly[] = {
        SCMP_SYS(fork),
        SCMP_SYS(vfork),
        SCMP_SYS(execve),
        SCMP_SYS(execveat),
        SCMP_SYS(ptrace),
        SCMP_SYS(process_vm_readv),
        SCMP_SYS(process_vm_writev),
        SCMP_SYS(process_madvise),
        SCMP_SYS(pidfd_open),
        SCMP_SYS(pidfd_getfd),
        SCMP_SYS(pidfd_send_signal),
        SCMP_SYS(unshare),
        SCMP_SYS(setns),
        SCMP_SYS(mount),
        SCMP_SYS(umount2),
        SCMP_SYS(pivot_root),
        SCMP_SYS(chroot),
        SCMP_SYS(move_mount),
        SCMP_SYS(fsopen),
        SCMP_SYS(open_tree),
        SCMP_SYS(bpf),
        SCMP_SYS(perf_event_open),
        SCMP_SYS(userfaultfd),
        SCMP_SYS(keyctl),
        SCMP_SYS(add_key),
        SCMP_SYS(request_key),
        SCMP_SYS(io_uring_setup),
        SCMP_SYS(io_uring_enter),
        SCMP_SYS(io_uring_register),
        SCMP_SYS(init_module),
        SCMP_SYS(finit_module),
        SCMP_SYS(kexec_load),
        SCMP_SYS(reboot),
        SCMP_SYS(personality),
        SCMP_SYS(seccomp),
        SCMP_SYS(setuid),
        SCMP_SYS(setgid),
        SCMP_SYS(setresuid),
        SCMP_SYS(setresgid),
        SCMP_SYS(setgroups),
        SCMP_SYS(capset),
};

static const int fcntl_commands[] = {F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_ADD_SEALS, F_GET_SEALS};

static int lists(scmp_filter_ctx filter)
{
        int fault = 0;

        for (size_t i = 0; i < G_N_ELEMENTS(allowed) && fault == 0; i++)
                fault = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
        for (size_t i = 0; i < G_N_ELEMENTS(deadly) && fault == 0; i++)
                fault = seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, deadly[i], 0);
        for (size_t i = 0; i < G_N_ELEMENTS(fcntl_commands) && fault == 0; i++)
                fault = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1,
                                         SCMP_A1(SCMP_CMP_EQ, (scmp_datum_t)fcntl_commands[i]));
        return fault;
}

/* Calls whose arguments decide. Memory never becomes executable; a new thread is fine, a new process is not. */
static int conditions(scmp_filter_ctx filter)
{
        const scmp_datum_t self = (scmp_datum_t)getpid(), of_thread = CLONE_THREAD | NAMESPACES;
        const struct {
                uint32_t action;
                int call;
                unsigned n;
                struct scmp_arg_cmp args[2];
        } rows[] = {
                {SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, {SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)}},
                {SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, {SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)}},
                {SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, {SCMP_A0(SCMP_CMP_MASKED_EQ, of_thread, CLONE_THREAD)}},
                {SCMP_ACT_KILL_PROCESS, SCMP_SYS(clone), 1, {SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0)}},
                /* its flags are behind a pointer: glibc then falls back to clone, whose flags can be seen */
                {SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0, {{0}}},
                /* abort() of its own threads */
                {SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, {SCMP_A0(SCMP_CMP_EQ, self)}},
                {SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1, {SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME)}},
                /* its own CPU budget (plc_sandbox_grant_cpu); asking for a limit is free */
                {SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 2, {SCMP_A0(SCMP_CMP_EQ, 0), SCMP_A1(SCMP_CMP_EQ, RLIMIT_CPU)}},
                {SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 2, {SCMP_A0(SCMP_CMP_EQ, 0), SCMP_A2(SCMP_CMP_EQ, 0)}},
        };
        int fault = 0;

        for (size_t i = 0; i < G_N_ELEMENTS(rows) && fault == 0; i++)
                fault = seccomp_rule_add_array(filter, rows[i].action, rows[i].call, rows[i].n, rows[i].args);
        return fault;
}

bool plc_sandbox_filter(GError **error)
{
        scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
        int fault;

        if (filter == NULL)
                return plc_fail(error, PLC_E_BAD_CONFIG, "this kernel cannot filter system calls (seccomp)");
        fault = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
        if (fault == 0)
                fault = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC,
                                         1); /* every thread that `warm` may have started */
        if (fault == 0)
                fault = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
        if (fault == 0)
                fault = lists(filter);
        if (fault == 0)
                fault = conditions(filter);
        if (fault == 0)
                fault = seccomp_load(filter);
        seccomp_release(filter);
        if (fault != 0)
                return plc_fail(error, PLC_E_BAD_CONFIG, "cannot filter system calls (seccomp): %s",
                                g_strerror(-fault));
        return true;
}
