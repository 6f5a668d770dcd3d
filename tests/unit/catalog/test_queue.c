/* Is every job done once, by who holds it, and again when it must be? */
#include "catalog/queue.h"

#include "fixture.h"

static GPtrArray *lease(struct fixture *f, const char *worker, int64_t now, size_t limit)
{
        g_autoptr(GError) error = NULL;
        GPtrArray *jobs = NULL;

        plc_catalog_lease_jobs(f->catalog, worker, now, 1000, limit, &jobs, &error);
        g_assert_no_error(error);
        return jobs;
}

static void enqueue(struct fixture *f, const char *kind, const char *subject, int64_t priority, int64_t run_at)
{
        g_autoptr(GError) error = NULL;

        plc_catalog_enqueue(f->catalog, kind, subject, priority, run_at, &error);
        g_assert_no_error(error);
}

static struct plc_job_counts counts(struct fixture *f)
{
        struct plc_job_counts now;

        g_assert_true(plc_catalog_count_jobs(f->catalog, &now, NULL));
        return now;
}

static void jobs_come_by_priority_then_time_and_only_when_due(void)
{
        g_autoptr(GPtrArray) jobs = NULL, none = NULL, later = NULL;
        struct fixture f;

        fixture_open(&f);
        enqueue(&f, "render", "later", 0, 500);
        enqueue(&f, "render", "second", 5, 10);
        enqueue(&f, "render", "third", 5, 20);
        enqueue(&f, "preview", "first", 1, 50);
        jobs = lease(&f, "w1", 100, 16);
        g_assert_cmpuint(jobs->len, ==, 3);
        g_assert_cmpstr(((plc_job *)jobs->pdata[0])->subject, ==, "first");
        g_assert_cmpstr(((plc_job *)jobs->pdata[1])->subject, ==, "second");
        g_assert_cmpstr(((plc_job *)jobs->pdata[2])->subject, ==, "third");
        g_assert_cmpint(((plc_job *)jobs->pdata[0])->attempts, ==, 1);
        none = lease(&f, "w2", 100, 16);
        g_assert_cmpuint(none->len, ==, 0);
        g_assert_cmpint(counts(&f).next_run_at, ==, 500);
        later = lease(&f, "w2", 500, 16);
        g_assert_cmpuint(later->len, ==, 1);
        fixture_close(&f);
}

static void at_most_sixteen_at_once(void)
{
        g_autoptr(GPtrArray) jobs = NULL;
        struct fixture f;

        fixture_open(&f);
        for (int i = 0; i < 20; i++) {
                g_autofree char *subject = g_strdup_printf("s%d", i);

                enqueue(&f, "render", subject, 0, 0);
                enqueue(&f, "render", subject, 0, 0); /* once per kind and subject */
        }
        g_assert_cmpint(counts(&f).waiting, ==, 20);
        jobs = lease(&f, "w1", 1, 1000);
        g_assert_cmpuint(jobs->len, ==, PLC_JOB_BATCH);
        g_assert_cmpint(counts(&f).running, ==, PLC_JOB_BATCH);
        fixture_close(&f);
}

static void who_lost_the_lease_finishes_nothing(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) first = NULL, second = NULL;
        struct fixture f;
        int64_t reaped;

        fixture_open(&f);
        enqueue(&f, "render", "s", 0, 0);
        first = lease(&f, "w1", 100, 16);
        g_assert_true(plc_catalog_reap_jobs(f.catalog, 1099, &reaped, &error));
        g_assert_cmpint(reaped, ==, 0);
        g_assert_true(plc_catalog_extend_job(f.catalog, first->pdata[0], 2000, &error));
        g_assert_true(plc_catalog_reap_jobs(f.catalog, 1999, &reaped, &error));
        g_assert_cmpint(reaped, ==, 0);
        g_assert_true(plc_catalog_reap_jobs(f.catalog, 2000, &reaped, &error));
        g_assert_cmpint(reaped, ==, 1);
        second = lease(&f, "w1", 2000, 16); /* the very same worker */
        g_assert_cmpint(((plc_job *)second->pdata[0])->attempts, ==, 2);
        g_assert_false(plc_catalog_finish_job(f.catalog, first->pdata[0], 2001, &error));
        assert_code(error, PLC_E_CONFLICT);
        g_clear_error(&error);
        g_assert_false(plc_catalog_fail_job(f.catalog, first->pdata[0], "io", 0, &error));
        assert_code(error, PLC_E_CONFLICT);
        g_clear_error(&error);
        g_assert_false(plc_catalog_extend_job(f.catalog, first->pdata[0], 9000, &error));
        assert_code(error, PLC_E_CONFLICT);
        g_clear_error(&error);
        g_assert_true(plc_catalog_finish_job(f.catalog, second->pdata[0], 2001, &error));
        g_assert_cmpint(counts(&f).waiting + counts(&f).running + counts(&f).given_up, ==, 0);
        fixture_close(&f);
}

static void a_job_asked_for_while_it_runs_runs_once_more(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) first = NULL, second = NULL, failed = NULL, third = NULL;
        struct fixture f;

        fixture_open(&f);
        enqueue(&f, "render", "s", 3, 0);
        first = lease(&f, "w1", 100, 16);
        enqueue(&f, "render", "s", 3, 0);
        g_assert_true(plc_catalog_finish_job(f.catalog, first->pdata[0], 150, &error));
        g_assert_cmpint(counts(&f).waiting, ==, 1);
        second = lease(&f, "w1", 150, 16);
        g_assert_cmpint(((plc_job *)second->pdata[0])->attempts, ==, 1);
        enqueue(&f, "render", "s", 3, 0);
        g_assert_true(plc_catalog_fail_job(f.catalog, second->pdata[0], "unreadable", 0, &error));
        g_assert_cmpint(counts(&f).waiting, ==, 1); /* asked for since: not given up yet */
        third = lease(&f, "w1", 200, 16);
        g_assert_true(plc_catalog_finish_job(f.catalog, third->pdata[0], 250, &error));
        g_assert_cmpint(counts(&f).waiting, ==, 0);
        fixture_close(&f);
}

static void a_failed_job_waits_for_its_time_or_is_given_up(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) first = NULL, early = NULL, second = NULL, given_up = NULL, anew = NULL;
        struct fixture f;

        fixture_open(&f);
        enqueue(&f, "render", "s", 0, 0);
        first = lease(&f, "w1", 100, 16);
        g_assert_true(plc_catalog_fail_job(f.catalog, first->pdata[0], "io", 400, &error));
        early = lease(&f, "w1", 399, 16);
        g_assert_cmpuint(early->len, ==, 0);
        second = lease(&f, "w1", 400, 16);
        g_assert_cmpint(((plc_job *)second->pdata[0])->attempts, ==, 2);
        g_assert_cmpstr(((plc_job *)second->pdata[0])->code, ==, "io");
        g_assert_true(plc_catalog_fail_job(f.catalog, second->pdata[0], "unreadable", 0, &error));
        g_assert_cmpint(counts(&f).given_up, ==, 1);
        g_assert_true(plc_catalog_list_given_up(f.catalog, 10, &given_up, &error));
        g_assert_cmpstr(((plc_job *)given_up->pdata[0])->code, ==, "unreadable");
        enqueue(&f, "render", "s", 0, 500);
        anew = lease(&f, "w1", 500, 16);
        g_assert_cmpint(((plc_job *)anew->pdata[0])->attempts, ==, 1);
        fixture_close(&f);
}

static void after_a_crash_all_leases_are_free(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) first = NULL, again = NULL;
        struct fixture f;
        int64_t released;

        fixture_open(&f);
        enqueue(&f, "render", "a", 0, 0);
        enqueue(&f, "render", "b", 0, 0);
        first = lease(&f, "w1", 100, 1);
        plc_catalog_close(f.catalog);
        f.catalog = plc_catalog_open(f.path, &error);
        g_assert_true(plc_catalog_release_jobs(f.catalog, &released, &error));
        g_assert_cmpint(released, ==, 1);
        again = lease(&f, "w2", 100, 16);
        g_assert_cmpuint(again->len, ==, 2);
        g_assert_true(plc_catalog_drop_job(f.catalog, "render", "a", &error));
        g_assert_cmpint(counts(&f).running, ==, 1);
        fixture_close(&f);
}

static void what_is_put_off_is_not_waited_for(void)
{
        g_autoptr(GPtrArray) jobs = NULL;
        struct fixture f;
        bool busy;

        fixture_open(&f);
        enqueue(&f, "render", "s", 0, 500);
        g_assert_true(plc_catalog_has_jobs(f.catalog, "s", 499, &busy, NULL) && !busy);
        g_assert_true(plc_catalog_has_jobs(f.catalog, "other", 500, &busy, NULL) && !busy);
        g_assert_true(plc_catalog_has_jobs(f.catalog, "s", 500, &busy, NULL) && busy);
        jobs = lease(&f, "w1", 500, 1);
        g_assert_true(plc_catalog_has_jobs(f.catalog, "s", 0, &busy, NULL) && busy); /* running */
        g_assert_true(plc_catalog_fail_job(f.catalog, jobs->pdata[0], "io", 900, NULL));
        g_assert_true(plc_catalog_has_jobs(f.catalog, "s", 600, &busy, NULL) && !busy);
        fixture_close(&f);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/queue/jobs come by priority, then time, and only when due",
                        jobs_come_by_priority_then_time_and_only_when_due);
        g_test_add_func("/queue/once per kind and subject, at most sixteen at once", at_most_sixteen_at_once);
        g_test_add_func("/queue/who lost the lease finishes nothing", who_lost_the_lease_finishes_nothing);
        g_test_add_func("/queue/a job asked for while it runs runs once more",
                        a_job_asked_for_while_it_runs_runs_once_more);
        g_test_add_func("/queue/a failed job waits for its time or is given up",
                        a_failed_job_waits_for_its_time_or_is_given_up);
        g_test_add_func("/queue/after a crash all leases are free", after_a_crash_all_leases_are_free);
        g_test_add_func("/queue/what is put off is not waited for", what_is_put_off_is_not_waited_for);
        return g_test_run();
}
