/* Which days of rejected/ and done/ are removed, when, and what does the ledger say of it? */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "catalog/ledger.h"
#include "pipeline/retention.h"
#include "pipeline/sweep.h"

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

/* --- what nothing leads to --- */

#define CONTRIBUTOR "00000000000000000000000001"

static void sweep_after(struct fixture *f, int64_t days)
{
        g_autoptr(GError) error = NULL;

        OK(plc_sweep_run(f->site, plc_now_ms() + days * PLC_DAY_MS, &error));
}

static bool is_sealed(struct fixture *f, const char *name)
{
        int64_t at;

        return plc_vault_sealed_at(f->site->vault, name, &at, NULL);
}

static bool is_stored(plc_blobs *blobs, const char *key)
{
        g_autoptr(GError) error = NULL;
        bool there;

        OK(plc_blob_exists(blobs, key, &there, &error));
        return there;
}

static int64_t events_of(struct fixture *f, const char *word)
{
        g_autoptr(GPtrArray) events = NULL;
        g_autoptr(GError) error = NULL;
        int64_t found = 0;

        OK(plc_catalog_ledger_read(f->site->catalog, 0, 100, &events, &error));
        for (guint i = 0; i < events->len; i++)
                found += strstr(((plc_ledger_row *)events->pdata[i])->json, word) != NULL;
        return found;
}

static void append(struct fixture *f, const char *event)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_db_tx) tx = plc_catalog_begin(f->site->catalog, &error);

        OK(plc_catalog_ledger_append(f->site->catalog, event, plc_now_ms(), NULL, &error));
        OK(plc_db_commit(&tx, &error));
}

static void what_nothing_leads_to_goes_when_it_is_old(void)
{
        char sealed[PLC_ID_SIZE], asset[PLC_BLOB_KEY_SIZE], creative[PLC_BLOB_KEY_SIZE];
        g_autoptr(GError) error = NULL;
        struct fixture f;

        site_open(&f);
        OK(plc_vault_ensure_key(f.site->vault, CONTRIBUTOR, &error));
        OK(plc_vault_seal_bytes(f.site->vault, CONTRIBUTOR, "x", 1, sealed, &error));
        OK(plc_blob_put_bytes_hashed(f.site->assets, "x", 1, "jpg", asset, &error));
        OK(plc_blob_put_bytes_hashed(f.site->creatives, "x", 1, "jpg", creative, &error));
        sweep_after(&f, 0); /* on their way, for all that is known */
        g_assert_true(is_stored(f.site->assets, asset) && is_stored(f.site->creatives, creative));
        sweep_after(&f, 2);
        g_assert_false(is_stored(f.site->assets, asset) || is_stored(f.site->creatives, creative));
        g_assert_true(is_sealed(&f, sealed));
        sweep_after(&f, 29);
        g_assert_true(is_sealed(&f, sealed));
        sweep_after(&f, 31);
        g_assert_false(is_sealed(&f, sealed));
        g_assert_cmpint(events_of(&f, "nothing leads to them"), ==, 3);
        g_assert_cmpint(events_of(&f, sealed), ==, 0);
        site_close(&f);
}

static void after_a_restore_nothing_is_swept(void)
{
        char sealed[PLC_ID_SIZE];
        g_autoptr(GError) error = NULL;
        struct fixture f;

        site_open(&f);
        OK(plc_vault_ensure_key(f.site->vault, CONTRIBUTOR, &error));
        OK(plc_vault_seal_bytes(f.site->vault, CONTRIBUTOR, "x", 1, sealed, &error));
        append(&f, "{\"type\":\"request.restored\",\"x_restored_from\":3}");
        sweep_after(&f, 400);
        g_assert_true(is_sealed(&f, sealed));
        site_close(&f);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/retention/days go when their time is over", days_go_when_their_time_is_over);
        g_test_add_func("/retention/each removal is an event with a count and no names",
                        each_removal_is_an_event_with_a_count_and_no_names);
        g_test_add_func("/sweep/what nothing leads to goes when it is old", what_nothing_leads_to_goes_when_it_is_old);
        g_test_add_func("/sweep/after a restore nothing is swept", after_a_restore_nothing_is_swept);
        return g_test_run();
}
