/* Does the pool serve honest jobs: in order, with fresh workers in time, and with an end for each of them? */
#include "playground.h"

#include <glib-unix.h>
#include <sys/wait.h>

struct seen {
        GString *order;
        unsigned ended, failed;
        plc_code last;
};

struct ticket {
        struct seen *seen;
        char letter;
};

static void on_done(void *user_data, struct plc_result *result, GError *error)
{
        g_autofree struct ticket *ticket = user_data;

        g_assert_true((result == NULL) != (error == NULL));
        g_string_append_c(ticket->seen->order, ticket->letter);
        ticket->seen->ended++;
        ticket->seen->failed += error != NULL;
        ticket->seen->last = error != NULL ? plc_error_code(error) : PLC_E_NONE;
        plc_result_free(result);
        g_clear_error(&error);
}

static void submit(plc_pool *pool, struct seen *seen, char letter, const char *words)
{
        g_autoptr(GError) error = NULL;
        plc_autofd int fd = photo(words);
        struct plc_job_request request = {.kind = PLC_JOB_EXAMINE, .input = fd, .limits = &limits};
        struct ticket *ticket = g_new(struct ticket, 1);

        *ticket = (struct ticket){seen, letter};
        plc_pool_submit(pool, &request, on_done, ticket, &error);
        g_assert_no_error(error);
}

static void wait_for(const struct seen *seen, unsigned ended)
{
        while (seen->ended < ended)
                g_main_context_iteration(NULL, TRUE);
}

static void test_order(void)
{
        g_autoptr(plc_pool) pool = evil_pool();
        g_autoptr(GString) order = g_string_new("");
        struct seen seen = {.order = order};

        for (char letter = 'a'; letter <= 'f'; letter++)
                submit(pool, &seen, letter, "honest");
        g_assert_cmpuint(seen.ended, ==, 0); /* never from within submit */
        wait_for(&seen, 6);
        g_assert_cmpstr(order->str, ==, "abcdef");
        g_assert_cmpuint(seen.failed, ==, 0);
}

static void test_renewal(void)
{
        g_autoptr(plc_pool) pool = evil_pool();
        struct plc_pool_stats stats;

        for (int i = 0; i < 21; i++)
                assert_honest_works(pool);
        plc_pool_stats(pool, &stats);
        g_assert_cmpuint(stats.jobs, ==, 21);
        g_assert_cmpuint(stats.started, ==, 2); /* 20 jobs each */
        g_assert_cmpuint(stats.deaths, ==, 0);
        g_assert_cmpuint(stats.peak_rss_bytes, >, PLC_MIB);
        g_assert_true(stats.sandbox.seccomp);
        g_test_message("Landlock ABI %u, seccomp, uid %u, own root %d, peak %" G_GUINT64_FORMAT " KiB",
                       stats.sandbox.landlock_abi, stats.sandbox.uid, stats.sandbox.own_root,
                       stats.peak_rss_bytes / 1024);
        if (geteuid() == 0)
                g_assert_cmpuint(stats.sandbox.uid, ==, 65534);
}

static void test_second_try(void)
{
        g_autoptr(plc_pool) pool = evil_pool();
        g_autoptr(GString) order = g_string_new("");
        struct seen seen = {.order = order};
        struct plc_pool_stats stats;

        submit(pool, &seen, 'a', "honest");
        submit(pool, &seen, 'x', "crash");
        submit(pool, &seen, 'b', "honest");
        wait_for(&seen, 3);
        g_assert_cmpstr(order->str, ==, "axb");
        plc_pool_stats(pool, &stats);
        g_assert_cmpuint(stats.retries, ==, 1);
        g_assert_cmpuint(stats.deaths, ==, 2);
        g_assert_cmpuint(stats.failed, ==, 1);
        g_assert_cmpuint(stats.started, ==, 3); /* one for a and x, one for x alone, one for b */
}

static void test_idle(void)
{
        g_autoptr(plc_pool) pool = plc_pool_new(&(struct plc_pool_options){
                .program = PLC_TEST_BIN_DIR "/evil_worker", .workers = 1, .idle_seconds = 1});
        struct plc_pool_stats stats;

        assert_honest_works(pool);
        do {
                g_main_context_iteration(NULL, TRUE);
                plc_pool_stats(pool, &stats);
        } while (stats.alive > 0);
        g_assert_cmpuint(stats.deaths, ==, 0);
        assert_honest_works(pool);
}

static void test_free_ends_jobs(void)
{
        g_autoptr(GString) order = g_string_new("");
        struct seen seen = {.order = order};
        plc_pool *pool = evil_pool();

        submit(pool, &seen, 'a', "never_wake");
        submit(pool, &seen, 'b', "honest");
        for (int i = 0; i < 3; i++)
                g_main_context_iteration(NULL, TRUE);
        plc_pool_free(pool);
        g_assert_cmpuint(seen.ended, ==, 2);
        g_assert_cmpint(seen.last, ==, PLC_E_BUSY);
}

static void test_many_at_once(void)
{
        g_autoptr(plc_pool) pool =
                plc_pool_new(&(struct plc_pool_options){.program = PLC_TEST_BIN_DIR "/evil_worker", .workers = 3});
        g_autoptr(GString) order = g_string_new("");
        struct seen seen = {.order = order};
        struct plc_pool_stats stats;

        for (int i = 0; i < 100; i++)
                submit(pool, &seen, '.', i % 10 == 9 ? "crash" : "honest");
        wait_for(&seen, 100);
        plc_pool_stats(pool, &stats);
        g_assert_cmpuint(seen.failed, ==, 10);
        g_assert_cmpuint(stats.waiting, ==, 0);
}

/* Over 250 descriptors go in several packets. */
static void test_many_files(void)
{
        g_autoptr(plc_pool) pool = evil_pool();
        g_autofree struct plc_plan *plan = small_plan();
        plc_autofd int fd = photo("honest");
        struct plc_job_request request = {.kind = PLC_JOB_RENDER, .input = fd, .plan = plan};
        g_autoptr(GError) error = NULL;
        struct plc_result result = {0};

        plan->n_placements = 40;
        for (unsigned i = 0; i < plan->n_placements; i++) {
                plan->placements[i] = plan->placements[0];
                g_snprintf(plan->placements[i].id, PLC_PRESET_ID_SIZE, "place-%u", i);
                plan->placements[i].n_widths = 16;
                for (unsigned w = 0; w < 16; w++)
                        plan->placements[i].widths[w] = 40 + w;
        }
        plc_pool_run(pool, &request, &result, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(result.made[39].n_files, ==, 16);
        g_assert_cmpint(result.made[39].files[15].fd, >, 2);
        plc_result_clear(&result);
}

static void test_no_program(void)
{
        g_autoptr(plc_pool) pool = plc_pool_new(&(struct plc_pool_options){.program = "/nonexistent/worker"});
        g_autoptr(GError) error = NULL;
        struct plc_result result;

        g_assert_false(run(pool, PLC_JOB_EXAMINE, "honest", &result, &error));
        g_assert_error(error, PLC_ERROR_DOMAIN, PLC_E_BAD_CONFIG);
}

static void test_other_program(void)
{
        g_autoptr(plc_pool) pool = plc_pool_new(&(struct plc_pool_options){.program = "/bin/false"});
        g_autoptr(GError) error = NULL;
        struct plc_result result;

        g_assert_false(run(pool, PLC_JOB_EXAMINE, "honest", &result, &error));
        g_assert_error(error, PLC_ERROR_DOMAIN, PLC_E_BAD_CONFIG);
        g_assert_nonnull(strstr(error->message, "/bin/false cannot work here"));
}

static void test_input(void)
{
        g_autoptr(plc_pool) pool = evil_pool();
        g_autoptr(GError) error = NULL;
        struct plc_job_request request = {.kind = PLC_JOB_EXAMINE, .limits = &limits};
        struct plc_result result;
        int pipes[2];

        g_assert_true(g_unix_open_pipe(pipes, FD_CLOEXEC, NULL));
        request.input = pipes[0];
        g_assert_false(plc_pool_run(pool, &request, &result, &error));
        g_assert_error(error, PLC_ERROR_DOMAIN, PLC_E_UNSAFE_FILE);
        close(pipes[0]);
        close(pipes[1]);
}

static void test_position(void)
{
        g_autoptr(plc_pool) pool = evil_pool();
        plc_autofd int fd = photo("honest");
        struct plc_job_request request = {.kind = PLC_JOB_EXAMINE, .input = fd, .limits = &limits};
        struct plc_result result;

        g_assert_cmpint(lseek(fd, 3, SEEK_SET), ==, 3);
        g_assert_true(plc_pool_run(pool, &request, &result, NULL));
        g_assert_cmpint(lseek(fd, 0, SEEK_CUR), ==, 3);
}

static void test_by_hand(void)
{
        const char *argv[] = {PLC_TEST_BIN_DIR "/evil_worker", NULL};
        g_autofree char *told = NULL;
        int status;

        g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, 0, NULL, NULL, NULL, &told, &status, NULL));
        g_assert_true(WIFEXITED(status));
        g_assert_cmpint(WEXITSTATUS(status), ==, 2);
        g_assert_cmpstr(told, ==, "placet-worker is started by placet, not by hand.\n");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/pool/jobs end in the order they came", test_order);
        g_test_add_func("/pool/a worker does 20 jobs", test_renewal);
        g_test_add_func("/pool/a lost job is tried once more, alone", test_second_try);
        g_test_add_func("/pool/an idle worker is let go", test_idle);
        g_test_add_func("/pool/freeing ends every job", test_free_ends_jobs);
        g_test_add_func("/pool/a hundred jobs, ten of them deadly", test_many_at_once);
        g_test_add_func("/pool/640 files come back", test_many_files);
        g_test_add_func("/pool/no worker program is told", test_no_program);
        g_test_add_func("/pool/a program that is no worker is told", test_other_program);
        g_test_add_func("/pool/only an ordinary file is read", test_input);
        g_test_add_func("/pool/the caller's position stays", test_position);
        g_test_add_func("/pool/a worker does not start by hand", test_by_hand);
        return g_test_run();
}
