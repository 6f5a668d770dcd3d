/* Is everything that a taken-over worker can try refused, each time, while the pool goes on? */
#include <errno.h>

#include "playground.h"

#include "evil.h"

struct row {
        const char *name, *sentence;
        plc_code code; /* UNREADABLE: the call was refused and the worker could say so */
        int refusal;   /* and how: EPERM is the filter's answer; without it the empty root, say, would answer ENOENT */
        bool release_only; /* needs RLIMIT_AS */
        enum plc_job_kind job;
};

#define REFUSED(name, sentence)                                                                                        \
        {                                                                                                              \
                name, sentence, PLC_E_UNREADABLE, EPERM, false, PLC_JOB_EXAMINE                                        \
        }
#define KILLED(name, sentence)                                                                                         \
        {                                                                                                              \
                name, sentence, PLC_E_WORKER_DIED, 0, false, PLC_JOB_EXAMINE                                           \
        }
static const struct row acts[] = {
        REFUSED("open_passwd", "it cannot read a file"),
        REFUSED("open_old", "nor by the older call"),
        REFUSED("open_to_write", "it cannot make a file"),
        REFUSED("open_self_mem", "it cannot write to its own memory behind the protections"),
        REFUSED("open_own_fd", "it cannot open the photo again with more rights"),
        REFUSED("list_folder", "it cannot list a folder"),
        REFUSED("read_link", "it cannot learn where it runs"),
        REFUSED("unlink_file", "it cannot remove a file"),
        REFUSED("rename_file", "it cannot rename a file"),
        REFUSED("make_folder", "it cannot make a folder"),
        REFUSED("make_node", "it cannot make a device"),
        REFUSED("change_folder", "it cannot change its folder"),
        REFUSED("change_mode", "it cannot change a file's mode"),
        KILLED("change_root", "it cannot leave its root"),
        KILLED("mount_proc", "it cannot mount"),
        REFUSED("socket_inet", "it cannot reach the network"),
        REFUSED("socket_inet_udp", "not by UDP"),
        REFUSED("socket_unix", "nor other programs on this machine"),
        REFUSED("socket_netlink", "nor the kernel"),
        REFUSED("socket_pair", "it cannot even make a socket pair"),
        REFUSED("connect_unix", "it cannot turn its own socket elsewhere"),
        KILLED("socket_by_32_bit", "the calls of another machine are no way round"),
        KILLED("fork_old", "it cannot fork"),
        KILLED("vfork_child", "nor vfork"),
        KILLED("clone_process", "nor clone a process"),
        KILLED("clone_vm", "nor one that shares its memory"),
        {"clone3_process", "the newer clone does not exist", PLC_E_UNREADABLE, ENOSYS, false, PLC_JOB_EXAMINE},
        KILLED("exec_shell", "it cannot run a program"),
        KILLED("exec_memfd", "nor one that it wrote into memory"),
        KILLED("trace_parent", "it cannot trace the office"),
        KILLED("read_parent", "it cannot read the office's memory"),
        REFUSED("kill_parent", "it cannot kill the office"),
        REFUSED("tgkill_parent", "nor a thread of it"),
        REFUSED("sigqueue_parent", "nor send it any signal"),
        REFUSED("limit_of_parent", "it cannot limit the office"),
        KILLED("parents_descriptor", "it cannot hold a descriptor of the office"),
        REFUSED("signal_owner", "it cannot have signals sent for it"),
        REFUSED("map_rwx", "it cannot make memory that is written and run"),
        REFUSED("map_exec", "nor memory that is run"),
        REFUSED("make_executable", "nor turn data into a program"),
        REFUSED("make_executable_by_key", "nor by protection keys"),
        KILLED("read_execute", "nor by another personality"),
        KILLED("set_uid_root", "it cannot become root"),
        KILLED("user_namespace", "nor root of a world of its own"),
        REFUSED("dumpable", "it cannot make itself traceable"),
        REFUSED("drop_leash", "it cannot outlive the office"),
        KILLED("io_uring", "it cannot make calls by io_uring"),
        KILLED("bpf_map", "it cannot load a program into the kernel"),
        KILLED("key_ring", "it cannot use the kernel's keys"),
        KILLED("perf", "it cannot observe the machine"),
        KILLED("page_faults", "it cannot catch page faults"),
        REFUSED("message_queue", "it cannot make a message queue"),
        REFUSED("shared_memory", "nor shared memory with a name"),
        REFUSED("inotify", "it cannot watch files"),
        REFUSED("more_files", "it cannot raise its limit of files"),
        REFUSED("more_memory", "nor its limit of memory"),
        {"write_to_inherited", "it inherited nothing that can be written", PLC_E_UNREADABLE, EBADF, false,
         PLC_JOB_EXAMINE},
        {"write_to_photo", "it cannot change the photo, even where the office could", PLC_E_UNREADABLE, EBADF, false,
         PLC_JOB_EXAMINE},
        {"file_too_large", "it cannot make a file over the limit", PLC_E_WORKER_MEMORY, 0, false, PLC_JOB_EXAMINE},
        {"all_memory", "it cannot take 4 GiB", PLC_E_UNREADABLE, ENOMEM, true, PLC_JOB_EXAMINE},
        {"many_files", "it cannot make more files than its job needs", PLC_E_UNREADABLE, EMFILE, false,
         PLC_JOB_EXAMINE},
        {"never_end", "it cannot compute for ever", PLC_E_WORKER_TIMEOUT, 0, false, PLC_JOB_EXAMINE},
        {"never_wake", "it cannot sleep for ever", PLC_E_WORKER_TIMEOUT, 0, false, PLC_JOB_EXAMINE},
        KILLED("crash", "a crash is told as one"),
        KILLED("go_away", "so is an exit without an answer"),
        {"close_socket", "closing the socket is no way out", PLC_E_WORKER_TIMEOUT, 0, false, PLC_JOB_EXAMINE},
};

#define LIE(name, sentence)                                                                                            \
        {                                                                                                              \
                name, sentence, PLC_E_BAD_ANSWER, 0, false, PLC_JOB_RENDER                                             \
        }
static const struct row lies[] = {
        LIE("other_job", "an answer to another request"),
        LIE("other_kind", "a second hello"),
        LIE("examined_for_render", "an answer of another kind"),
        LIE("photo_of_a_million_pixels_a_side", "a photo larger than allowed"),
        LIE("sides_that_do_not_match", "sizes that contradict each other"),
        LIE("fingerprint_of_words", "a fingerprint that is none"),
        LIE("other_preset", "a placement nobody asked for"),
        LIE("one_placement_less", "a placement left out"),
        LIE("more_files_than_asked", "a file nobody asked for"),
        LIE("files_of_a_refused_placement", "files of a placement that it refused"),
        LIE("wider_than_the_plan", "a picture wider than the plan"),
        LIE("higher_than_the_photo", "a picture higher than the photo"),
        LIE("crop_outside", "a crop outside the photo"),
        LIE("format_not_asked_for", "a format nobody asked for"),
        LIE("bytes_of_another_format", "a web page that is said to be a picture"),
        LIE("fewer_bytes_than_told", "fewer bytes than told"),
        LIE("more_bytes_than_told", "more bytes than told"),
        LIE("not_sealed", "a file that could still change"),
        LIE("socket_instead_of_a_file", "a socket instead of a file"),
        LIE("device_instead_of_a_file", "a device instead of a file"),
        LIE("the_photo_instead_of_a_file", "the original instead of a rendition"),
        LIE("code_of_ours", "an error that no photo can have"),
        LIE("garbage", "words that are no message"),
        {"empty_packet", "nothing at all", PLC_E_WORKER_TIMEOUT, 0, false, PLC_JOB_RENDER},
        LIE("too_long", "a message over the limit"),
        LIE("short_message", "a message cut short"),
        LIE("a_thousand_descriptors", "a thousand descriptors"),
        LIE("descriptors_not_announced", "descriptors that were not announced"),
        LIE("descriptors_that_never_come", "descriptors announced and not sent"),
        LIE("descriptors_with_a_failure", "descriptors with a failure"),
        LIE("more_of_nothing", "a continuation of nothing"),
};

static void one(const struct row *row, plc_pool *pool)
{
        g_autoptr(GError) error = NULL;
        struct plc_result result = {0};
        bool got_through = run(pool, row->job, row->name, &result, &error);

        plc_result_clear(&result);
        g_assert_false(got_through);
        g_test_message("%s: %s", row->sentence, error->message);
        g_assert_cmpstr(plc_code_name(plc_error_code(error)), ==, plc_code_name(row->code));
        if (row->refusal != 0)
                g_assert_true(g_str_has_suffix(error->message, g_strerror(row->refusal)));
}

/* Refused each time, not only the first; and the next honest job is served as if nothing had been. */
static void test_row(gconstpointer data)
{
        const struct row *row = data;
        g_autoptr(plc_pool) pool = NULL;
        unsigned before = open_descriptors();

#ifdef PLC_SANITIZE
        if (row->release_only) {
                g_test_skip("needs RLIMIT_AS, which AddressSanitizer cannot live with");
                return;
        }
#endif
        pool = evil_pool();
        one(row, pool);
        assert_honest_works(pool);
        if (row->code != PLC_E_WORKER_TIMEOUT)
                one(row, pool);
        g_clear_pointer(&pool, plc_pool_free);
        g_assert_cmpuint(open_descriptors(), ==, before);
}

static void test_two_answers(void)
{
        g_autoptr(plc_pool) pool = evil_pool();
        struct plc_pool_stats stats;
        struct plc_result result = {0};

        g_assert_true(run(pool, PLC_JOB_RENDER, "two_answers", &result, NULL));
        plc_result_clear(&result);
        assert_honest_works(pool);
        assert_honest_works(pool);
        plc_pool_stats(pool, &stats);
        g_assert_cmpuint(stats.jobs, ==, 3);
        g_assert_cmpuint(stats.deaths, ==, 1); /* the second answer ended the worker and reached nobody */
        g_assert_cmpuint(stats.failed, ==, 0);
}

static void add(const char *what, const struct row *rows, size_t n)
{
        for (size_t i = 0; i < n; i++) {
                g_autofree char *path = g_strdup_printf("/acts/%s/%s", what, rows[i].name);

                g_test_add_data_func(path, &rows[i], test_row);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_main_context_default(); /* has a descriptor of its own */
        add("deeds", acts, G_N_ELEMENTS(acts));
        add("lies", lies, G_N_ELEMENTS(lies));
        g_test_add_func("/acts/lies/two_answers", test_two_answers);
        return g_test_run();
}
