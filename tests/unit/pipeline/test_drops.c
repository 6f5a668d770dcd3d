/* What becomes of drops, with the real worker: taken in, known already, changed, broken? */
#include <unistd.h>

#include "catalog/queue.h"
#include "pipeline/office.h"
#include "support/site.h"

struct intake {
        struct test_site s;
        plc_office *office;
        GString *ends; /* "NAME accepted", "NAME again", "NAME missing_file", joined by "; " */
        char submission[PLC_ID_SIZE];
};

static void ended(const struct plc_drop_end *end, void *user_data)
{
        struct intake *i = user_data;

        g_string_append_printf(i->ends, "%s%s %s", i->ends->len > 0 ? "; " : "", end->name,
                               end->error != NULL ? plc_code_name(plc_error_code(end->error))
                               : end->again       ? "again"
                                                  : "accepted");
        if (end->submission != NULL)
                g_strlcpy(i->submission, end->submission, sizeof i->submission);
}

static void intake_open(struct intake *i)
{
        const struct plc_office_watch watch = {.drop_ended = ended, .user_data = i};
        g_autoptr(GError) error = NULL;

        site_open(&i->s, "[limits]\nworkers = 1\n");
        i->ends = g_string_new(NULL);
        i->office = plc_office_new(i->s.site, &watch, &error);
        g_assert_no_error(error);
}

static void intake_close(struct intake *i)
{
        plc_office_free(i->office);
        site_close(&i->s);
        g_string_free(i->ends, TRUE);
}

static bool no_worker(void)
{
        g_autofree char *worker = g_build_filename(plc_program_dir(), "placet-worker", NULL);

        if (access(worker, X_OK) == 0)
                return false;
        g_test_skip("placet-worker is not beside this program");
        return true;
}

/* A folder beside the site: a review, and a photo of `bytes` bytes (0: all of it). */
static void make_drop(struct intake *i, const char *name, const char *body, gsize bytes)
{
        g_autofree char *file = g_build_filename(name, "submission.json", NULL), *photo = NULL, *target = NULL;
        g_autofree char *json =
                g_strdup_printf("{\"schema\":\"placet.submission/1\",\"id\":\"camp-1\",\"source\":\"shop\","
                                "\"products\":[{\"id\":\"TENT\"}],\"review\":{\"body\":\"%s\"},"
                                "\"photos\":[{\"file\":\"a.jpg\",\"people\":\"none\"}]}",
                                body);
        gsize size = 0;

        playground_write(&i->s.p, file, json);
        g_assert_true(g_file_get_contents(PLC_SOURCE_DIR "/tests/data/demo/13-th-tent-minimal/IMG_5108.jpg", &photo,
                                          &size, NULL));
        target = g_build_filename(i->s.p.path, name, "a.jpg", NULL);
        g_assert_true(g_file_set_contents(target, photo, (gssize)(bytes > 0 ? bytes : size), NULL));
}

static void take(struct intake *i, const char *name, const char *expected)
{
        g_autofree char *path = g_build_filename(i->s.p.path, name, NULL);
        g_autoptr(GError) error = NULL;
        char id[PLC_ID_SIZE];

        plc_id_new(id);
        g_string_truncate(i->ends, 0);
        plc_office_take(i->office, path, id, &error);
        g_assert_no_error(error);
        plc_office_drain(i->office);
        g_assert_cmpstr(i->ends->str, ==, expected);
}

static void assert_items(struct intake *i, int64_t waiting, const char *where)
{
        int64_t counts[PLC_ITEM_ANY];

        g_test_message("%s", where);
        g_assert_true(plc_catalog_count_items(i->s.site->catalog, counts, NULL));
        g_assert_cmpint(counts[PLC_ITEM_WAITING], ==, waiting);
        g_assert_cmpint(counts[PLC_ITEM_FAILED], ==, 0);
}

static void test_life(void)
{
        g_autoptr(plc_submission) submission = NULL;
        g_autoptr(GPtrArray) ids = NULL;
        g_autofree char *work = NULL;
        struct intake i;
        char first[PLC_ID_SIZE];

        if (no_worker())
                return;
        intake_open(&i);
        make_drop(&i, "drop", "A fine tent.", 0);
        take(&i, "drop", "drop accepted");
        g_strlcpy(first, i.submission, sizeof first);
        assert_items(&i, 2, "a review and a photo wait for a moderator");
        g_assert_true(plc_catalog_items_of_submission(i.s.site->catalog, first, &ids, NULL));
        for (guint n = 0; n < ids->len; n++) {
                g_autoptr(plc_item) item = NULL;

                g_assert_true(plc_catalog_get_item(i.s.site->catalog, ids->pdata[n], &item, NULL));
                g_assert_true(item->kind == PLC_ITEM_REVIEW || item->preview_ready);
        }
        take(&i, "drop", "drop again");
        g_assert_cmpstr(i.submission, ==, first);
        assert_items(&i, 2, "the same again changes nothing");
        make_drop(&i, "drop", "A fine tent, but heavy.", 0);
        take(&i, "drop", "drop accepted");
        g_assert_cmpstr(i.submission, ==, first);
        g_assert_true(plc_catalog_get_submission(i.s.site->catalog, first, &submission, NULL));
        g_assert_cmpint(submission->revision, ==, 2);
        make_drop(&i, "broken", "Another tent.", 20000);
        take(&i, "broken", "broken unreadable");
        work = playground_names(&i.s.p, "site/.work");
        g_assert_cmpstr(work, ==, "");
        g_assert_true(playground_has(&i.s.p, "drop/a.jpg")); /* what is outside the inbox stays */
        intake_close(&i);
}

static const struct {
        const char *sentence, *alt, *language;
} said[] = {
        {"what was declared stands where the words cannot tell", "{\"lang\":\"DE-at\",\"text\":\"IMG 22\"}", "de-AT"},
        {"where they can, they do", "{\"lang\":\"de\",\"text\":\"The olive tent stands beside the lake\"}", "en"},
        {"what is declared unknown is", "{\"lang\":\"und\",\"text\":\"IMG 22\"}", "und"},
};

static void test_alt_language(void)
{
        struct intake i;

        if (no_worker())
                return;
        intake_open(&i);
        for (size_t n = 0; n < G_N_ELEMENTS(said); n++) {
                g_autofree char *photo = g_strdup_printf("\"a.jpg\",\"alt\":%s", said[n].alt), *json = NULL;
                g_autofree char *file = g_build_filename(i.s.p.path, "drop", "submission.json", NULL);
                g_autoptr(GPtrArray) ids = NULL;
                g_autoptr(GString) whole = NULL;

                g_test_message("%s", said[n].sentence);
                make_drop(&i, "drop", "A fine tent.", 0);
                g_assert_true(g_file_get_contents(file, &json, NULL, NULL));
                whole = g_string_new(json);
                g_string_replace(whole, "\"a.jpg\"", photo, 1);
                playground_write(&i.s.p, "drop/submission.json", whole->str);
                take(&i, "drop", "drop accepted");
                g_assert_true(plc_catalog_items_of_submission(i.s.site->catalog, i.submission, &ids, NULL));
                for (guint at = 0; at < ids->len; at++) {
                        g_autoptr(plc_item) item = NULL;

                        g_assert_true(plc_catalog_get_item(i.s.site->catalog, ids->pdata[at], &item, NULL));
                        if (item->kind == PLC_ITEM_PHOTO && at + 1 == ids->len)
                                g_assert_cmpstr(item->language, ==, said[n].language);
                }
        }
        intake_close(&i);
}

static void test_rejected_whole(void)
{
        g_autofree char *days = NULL, *folder = NULL, *names = NULL;
        struct intake i;

        intake_open(&i);
        make_drop(&i, "site/inbox/drop", "A fine tent.", 0);
        g_assert_cmpint(unlinkat(i.s.p.fd, "site/inbox/drop/a.jpg", 0), ==, 0);
        take(&i, "site/inbox/drop", "drop missing_file");
        assert_items(&i, 0, "nothing was taken in");
        days = playground_names(&i.s.p, "site/rejected");
        folder = g_build_filename("site/rejected", days, NULL);
        names = playground_names(&i.s.p, folder);
        g_assert_cmpstr(names, ==, "drop drop.reason.json drop.reason.txt");
        intake_close(&i);
}

/* --- jobs whose fault is ours ---------------------------------------------------------------------------------------
 */

enum fault { GONE, DAMAGED, NO_DISK, NO_ROOM };

struct fault_row {
        const char *sentence;
        enum fault fault;
        bool retried; /* else given up, and told in status */
};

static const struct fault_row faults[] = {
        {"an original that is not in the vault is no fault of the photo", GONE, false},
        {"an original that the vault cannot open is no fault of the photo", DAMAGED, false},
        {"a disk that does not answer is asked again later", NO_DISK, true},
        {"a full one as long as it is full", NO_ROOM, true},
};

/* More often than anything else is tried; and /proc is a folder without room. */
static void fill_disk(struct intake *i)
{
        g_autoptr(GError) error = NULL;
        int full = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        for (int n = 0; n < 70; n++) {
                g_autoptr(GPtrArray) jobs = NULL;

                g_assert_true(plc_catalog_lease_jobs(i->s.site->catalog, "w", plc_now_ms(), 1000, 1, &jobs, &error));
                g_assert_true(plc_catalog_fail_job(i->s.site->catalog, jobs->pdata[0], "NO_SPACE", 1, &error));
        }
        g_assert_cmpint(dup2(full, i->s.site->fd), >=, 0);
        close(full);
}

static void spoil(struct intake *i, const char *blob, enum fault fault)
{
        g_autofree char *name = g_strdup_printf("site/vault/%.2s/%s", blob, blob + 2);

        if (fault == NO_ROOM) {
                fill_disk(i);
                return;
        }
        g_assert_cmpint(unlinkat(i->s.p.fd, name, 0), ==, 0);
        if (fault == DAMAGED)
                playground_write(&i->s.p, name, "damaged");
        if (fault != NO_DISK)
                return;
        name[strlen("site/vault/ab")] = '\0'; /* ENOTDIR instead of a folder: an error of the disk */
        g_assert_cmpint(unlinkat(i->s.p.fd, name, AT_REMOVEDIR), ==, 0);
        playground_write(&i->s.p, name, "");
}

static void test_fault(gconstpointer data)
{
        const struct fault_row *row = data;
        struct plc_job_counts jobs = {0};
        g_autoptr(plc_item) item = NULL;
        g_autoptr(GError) error = NULL;
        char id[PLC_ID_SIZE], owner[PLC_ID_SIZE], blob[PLC_ID_SIZE];
        struct intake i;

        intake_open(&i);
        site_item(&i.s, &(struct site_item){.name = "i1", .kind = "photo", .state = PLC_ITEM_APPROVED});
        site_say(&i.s, SITE_APPROVED("i1") "; " SITE_GIVEN("i1", "g1", "ch=pdp edits=crop"));
        site_id("i1", id);
        site_id("c1", owner);
        g_assert_true(plc_vault_seal_bytes(i.s.site->vault, owner, "photo", 5, blob, &error));
        g_assert_true(plc_catalog_set_original(i.s.site->catalog, id, blob, "hmac", &error));
        g_assert_true(plc_catalog_enqueue(i.s.site->catalog, "render", id, 4, plc_now_ms(), &error));
        spoil(&i, blob, row->fault);
        plc_office_kick(i.office);
        plc_office_drain(i.office);
        g_assert_true(plc_catalog_get_item(i.s.site->catalog, id, &item, &error));
        g_assert_cmpstr(plc_item_state_name(item->state), ==, "approved");
        g_assert_true(plc_catalog_count_jobs(i.s.site->catalog, &jobs, &error));
        g_assert_cmpint(jobs.given_up, ==, row->retried ? 0 : 1);
        g_assert_cmpint(jobs.waiting, ==, row->retried ? 1 : 0);
        if (row->retried)
                g_assert_cmpint(jobs.next_run_at, >, plc_now_ms());
        intake_close(&i);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/drops/taken in, known again, changed, broken", test_life);
        g_test_add_func("/drops/which language a photo's words are in", test_alt_language);
        g_test_add_func("/drops/a drop that lacks a file is rejected whole", test_rejected_whole);
        ADD_ROWS("/drops/fault", faults, test_fault)
        return g_test_run();
}
