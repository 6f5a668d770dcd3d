/* Which days of rejected/ and done/ are removed, when, and what does the ledger say of it? */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "catalog/ledger.h"
#include "pipeline/retention.h"

#define OK(call)                                                                                                       \
        do {                                                                                                           \
                bool ok_ = (call);                                                                                     \
                g_assert_no_error(error);                                                                              \
                g_assert_true(ok_);                                                                                    \
        } while (0)

struct fixture {
        char *path;
        struct plc_site *site;
};

static void site_open(struct fixture *f)
{
        g_autoptr(GError) error = NULL;

        f->path = g_dir_make_tmp("placet-retention-XXXXXX", NULL);
        OK(plc_site_create(f->path, &error));
        f->site = plc_site_open(f->path, PLC_SITE_WRITE, &error);
        g_assert_no_error(error);
}

static void site_close(struct fixture *f)
{
        plc_site_close(f->site);
        g_assert_true(plc_remove_tree_at(AT_FDCWD, f->path, NULL));
        g_free(f->path);
}

static void put(struct fixture *f, const char *folder, const char *day, const char *name)
{
        g_autofree char *at = g_build_filename(f->path, folder, day, NULL), *path = g_build_filename(at, name, NULL);

        g_assert_cmpint(g_mkdir_with_parents(at, 0700), ==, 0);
        g_assert_true(g_file_set_contents(path, "x", 1, NULL));
}

static bool is_there(struct fixture *f, const char *folder, const char *day)
{
        g_autofree char *path = g_build_filename(f->path, folder, day, NULL);

        return g_file_test(path, G_FILE_TEST_EXISTS);
}

static void run_at(struct fixture *f, const char *when)
{
        g_autoptr(GError) error = NULL;
        int64_t now_ms;

        g_assert_true(plc_time_parse(when, &now_ms));
        OK(plc_retention_run(f->site, now_ms, &error));
}

/* Kept 14 and 30 whole days beyond the day itself, by the defaults. */
static void days_go_when_their_time_is_over(void)
{
        static const struct {
                const char *folder, *day, *now;
                bool stays;
        } rows[] = {
                {"rejected", "2026-11-01", "2026-11-15T23:59:59.999Z", true},
                {"rejected", "2026-11-01", "2026-11-16T00:00:00.000Z", false},
                {"done", "2026-11-01", "2026-12-01T23:59:59.999Z", true},
                {"done", "2026-11-01", "2026-12-02T00:00:00.000Z", false},
                {"rejected", "2026-11-31", "2027-11-16T00:00:00.000Z", true}, /* no such day: not ours */
                {"rejected", "2026-11-01-mine", "2027-11-16T00:00:00.000Z", true},
                {"done", "keep", "2027-11-16T00:00:00.000Z", true},
        };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                struct fixture f;

                site_open(&f);
                put(&f, rows[i].folder, rows[i].day, "a file");
                run_at(&f, rows[i].now);
                g_test_message("%s/%s at %s", rows[i].folder, rows[i].day, rows[i].now);
                g_assert_cmpint(is_there(&f, rows[i].folder, rows[i].day), ==, rows[i].stays);
                site_close(&f);
        }
}

static void each_removal_is_an_event_with_a_count_and_no_names(void)
{
        g_autoptr(GPtrArray) events = NULL;
        g_autoptr(GError) error = NULL;
        struct fixture f;

        site_open(&f);
        put(&f, "rejected", "2026-11-01", "holiday-of-ada");
        put(&f, "rejected", "2026-11-01", "holiday-of-ada.reason.txt");
        put(&f, "done", "2026-11-02", "ben.result.json");
        put(&f, "done", "2026-12-30", "cleo.result.json");
        run_at(&f, "2026-12-31T12:00:00.000Z");
        run_at(&f, "2026-12-31T13:00:00.000Z");
        OK(plc_catalog_ledger_read(f.site->catalog, 0, 100, &events, &error));
        g_assert_cmpuint(events->len, ==, 2);
        for (guint i = 0; i < events->len; i++) {
                const plc_ledger_row *event = events->pdata[i];

                g_assert_cmpstr(event->type, ==, "retention.removed");
                g_assert_null(strstr(event->json, "ada"));
                g_assert_nonnull(strstr(event->json, i == 0 ? "\"entries\":2,\"folder\":\"rejected\""
                                                            : "\"entries\":1,\"folder\":\"done\""));
        }
        g_assert_true(is_there(&f, "done", "2026-12-30"));
        site_close(&f);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/retention/days go when their time is over", days_go_when_their_time_is_over);
        g_test_add_func("/retention/each removal is an event with a count and no names",
                        each_removal_is_an_event_with_a_count_and_no_names);
        return g_test_run();
}
