/* Does a checkpoint say what was withdrawn, is nothing in it to be changed, and does an old catalog get it back? */
#include "site/checkpoint.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "catalog/ledger.h"
#include "vault/sign.h"

#define INGESTED(item)                                                                                                 \
        "{\"type\":\"item.ingested\",\"item\":\"" item                                                                 \
        "\",\"submission\":\"s\",\"contributor\":\"c\",\"kind\":\"photo\",\"shows_identity\":false,\"provenance\":"    \
        "\"camera\",\"attributes\":[]}"
#define FLAGS(item, flag) "{\"type\":\"flags.set\",\"item\":\"" item "\",\"flags\":[\"" flag "\"]}"
#define GIVEN(grant, kind)                                                                                             \
        "{\"type\":\"grant." kind "\",\"grant\":\"" grant                                                              \
        "\",\"layer\":\"licence\",\"subject\":{\"submission\":\"s\"}"                                                  \
        ",\"scope\":{\"channels\":[\"pdp\"]},\"not_before\":null,\"not_after\":null,\"captured_at\":\"2025-12-31T00:"  \
        "00:00.000Z\",\"attested\":false,\"terms\":null,\"terms_version\":null,\"evidence\":null}"
#define WITHDRAWN(grant) "{\"type\":\"grant.withdrawn\",\"grant\":\"" grant "\"}"

#define assert_code(error, expected) g_assert_cmpstr(plc_code_name(plc_error_code(error)), ==, plc_code_name(expected))
#define T0 INT64_C(1767225600000)

struct world {
        char *dir, *path, *kept;
        plc_site *site;
};

static void reopen(struct world *w)
{
        g_autoptr(GError) error = NULL;

        plc_site_close(w->site);
        w->site = plc_site_open(w->path, PLC_SITE_WRITE, &error);
        g_assert_no_error(error);
}

static void set_up(struct world *w)
{
        g_autoptr(GError) error = NULL;

        *w = (struct world){.dir = g_dir_make_tmp("placet-checkpoint-XXXXXX", NULL)};
        w->path = g_build_filename(w->dir, "site", NULL);
        w->kept = g_build_filename(w->dir, "kept.db", NULL);
        g_assert_true(plc_site_create(w->path, &error));
        reopen(w);
}

static void tear_down(struct world *w)
{
        plc_site_close(w->site);
        g_assert_true(plc_remove_tree_at(AT_FDCWD, w->dir, NULL));
        g_free(w->dir);
        g_free(w->path);
        g_free(w->kept);
}

static void append(struct world *w, int64_t at, const char *json)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_db_tx) tx = plc_catalog_begin(w->site->catalog, &error);

        plc_catalog_ledger_append(w->site->catalog, json, at, NULL, &error);
        g_assert_no_error(error);
        g_assert_true(plc_db_commit(&tx, &error));
}

static void checkpoint(struct world *w, bool always)
{
        g_autoptr(GError) error = NULL;

        g_assert_true(plc_site_checkpoint(w->site, always, &error));
        g_assert_no_error(error);
}

static void keep_catalog(struct world *w)
{
        g_autoptr(GError) error = NULL;

        unlink(w->kept);
        g_assert_true(plc_catalog_copy(w->site->catalog, w->kept, &error));
        g_assert_no_error(error);
}

/* As an operator who restores: the old file, and nothing of the new one. */
static void put_catalog_back(struct world *w)
{
        static const char *const ends[] = {"", "-wal", "-shm"};
        g_autofree char *catalog = g_build_filename(w->path, "catalog.db", NULL);
        g_autofree char *data = NULL;
        gsize size;

        g_clear_pointer(&w->site, plc_site_close);
        for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
                g_autofree char *path = g_strconcat(catalog, ends[i], NULL);

                unlink(path);
        }
        g_assert_true(g_file_get_contents(w->kept, &data, &size, NULL));
        g_assert_true(g_file_set_contents(catalog, data, (gssize)size, NULL));
}

/* How many events of this type there are. */
static unsigned count(struct world *w, const char *type)
{
        g_autoptr(GPtrArray) rows = NULL;
        unsigned found = 0;

        g_assert_true(plc_catalog_ledger_read(w->site->catalog, 0, 1000, &rows, NULL));
        for (guint i = 0; i < rows->len; i++)
                found += strcmp(((plc_ledger_row *)rows->pdata[i])->type, type) == 0;
        return found;
}

static char *journal_path(const struct world *w)
{
        return g_build_filename(w->path, "checkpoints", "00000001.jsonl", NULL);
}

static void a_signature_is_of_these_bytes_by_this_key(void)
{
        char one[PLC_SIGNATURE_HEX_SIZE], two[PLC_SIGNATURE_HEX_SIZE];
        g_autoptr(GError) error = NULL;
        struct world w, other;

        set_up(&w);
        set_up(&other);
        g_assert_true(plc_vault_sign(w.site->vault, "text", 4, one, &error));
        g_assert_true(plc_vault_check_signature(w.site->vault, "text", 4, one, &error));
        g_assert_false(plc_vault_check_signature(w.site->vault, "texT", 4, one, &error));
        assert_code(error, PLC_E_BAD_LEDGER);
        g_clear_error(&error);
        g_assert_true(plc_vault_sign(other.site->vault, "text", 4, two, &error));
        g_assert_false(plc_vault_check_signature(w.site->vault, "text", 4, two, &error));
        g_clear_error(&error);
        one[17] ^= 1;
        g_assert_false(plc_vault_check_signature(w.site->vault, "text", 4, one, &error));
        tear_down(&w);
        tear_down(&other);
}

static void what_closes_is_carried_and_what_opens_is_not(void)
{
        static const struct {
                const char *json;
                int64_t at;
                bool carried;
        } rows[] = {
                {INGESTED("i"), T0, false},
                {FLAGS("i", "skin"), T0, false}, /* with its ingestion: an old catalog has neither */
                {GIVEN("g", "given"), T0, false},
                {"{\"type\":\"moderation.decided\",\"item\":\"i\",\"verdict\":\"approved\",\"policy_version\":1,"
                 "\"codes\":[]}",
                 T0 + 1, false},
                {FLAGS("i", "alcohol"), T0 + 1, true},
                {"{\"type\":\"moderation.decided\",\"item\":\"i\",\"verdict\":\"rejected\",\"policy_version\":1,"
                 "\"codes\":[]}",
                 T0 + 2, true},
                {GIVEN("g", "renewed"), T0 + 2, true},
                {GIVEN("g", "given"), T0 + 2, true}, /* a second time: a renewal */
                {GIVEN("h", "given"), T0 + 2, false},
                {WITHDRAWN("g"), T0 + 3, true},
                {"{\"type\":\"hold.placed\",\"hold\":\"H\",\"target\":{\"item\":\"i\"},\"reason\":\"legal\"}", T0 + 3,
                 true},
                {"{\"type\":\"hold.lifted\",\"hold\":\"H\"}", T0 + 3, false},
                {"{\"type\":\"consent.withdrawn\",\"subject\":{\"contributor\":\"c\"}}", T0 + 4, true},
                {"{\"type\":\"item.erased\",\"item\":\"i\"}", T0 + 4, true},
        };
        struct world w;

        set_up(&w);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *before = g_strdup(w.site->checkpoints.last->digest);

                append(&w, rows[i].at, rows[i].json);
                if (i == 0)
                        continue; /* committed together with what follows */
                checkpoint(&w, false);
                if (rows[i].carried != (strcmp(before, w.site->checkpoints.last->digest) != 0))
                        g_error("event %zu", i + 1);
                if (rows[i].carried) {
                        g_assert_cmpuint(w.site->checkpoints.last->events->len, ==, 1);
                        g_assert_cmpint(w.site->checkpoints.last->seq, ==, (int64_t)i + 1);
                }
        }
        tear_down(&w);
}

/* Journal bytes, one after the other changed; every one of them is refused. */
static void a_changed_checkpoint_is_no_checkpoint(void)
{
        g_autofree char *path = NULL, *good = NULL;
        struct world w;
        gsize size;

        set_up(&w);
        append(&w, T0, WITHDRAWN("g"));
        checkpoint(&w, false);
        path = journal_path(&w);
        g_assert_true(g_file_get_contents(path, &good, &size, NULL));
        for (gsize at = 0; at < size; at++) {
                g_autofree char *bad = g_memdup2(good, size);
                g_autoptr(plc_checkpoint) last = NULL;
                g_autoptr(GError) error = NULL;

                bad[at] ^= 1;
                if (good[at] == '\n')
                        continue; /* another end of a line: the line is not whole, and not counted */
                g_assert_true(g_file_set_contents(path, bad, (gssize)size, NULL));
                if (plc_journal_last(w.site->checkpoints.fd, w.site->vault, &last, &error) && last->seq == 1) {
                        bool behind = true;

                        /* Then it is the line before that was changed: the link tells. */
                        g_assert_true(at < (gsize)(strchr(good, 10) - good));
                        g_assert_true(plc_checkpoint_fits(w.site->catalog, last, &behind, NULL));
                }
        }
        g_assert_true(g_file_set_contents(path, good, (gssize)size, NULL));
        tear_down(&w);
}

static void an_older_catalog_gets_back_what_closed_and_nothing_that_opened(void)
{
        g_autoptr(GError) error = NULL;
        struct plc_ledger_head head;
        struct world w;

        set_up(&w);
        append(&w, T0, INGESTED("i"));
        append(&w, T0, GIVEN("g", "given"));
        keep_catalog(&w);
        append(&w, T0 + 1, WITHDRAWN("g"));
        append(&w, T0 + 1, GIVEN("h", "given"));
        append(&w, T0 + 1, GIVEN("h", "renewed")); /* carried; its grant is lost, and it may not open */
        append(&w, T0 + 2, "{\"type\":\"item.erased\",\"item\":\"i\"}");
        checkpoint(&w, false);
        put_catalog_back(&w);
        reopen(&w);
        g_assert_nonnull(w.site->notice);
        g_assert_cmpuint(count(&w, "grant.withdrawn"), ==, 1);
        g_assert_cmpuint(count(&w, "item.erased"), ==, 1);
        g_assert_cmpuint(count(&w, "grant.given"), ==, 1);
        g_assert_cmpuint(count(&w, "grant.renewed"), ==, 0);
        g_assert_cmpuint(count(&w, "request.restored"), ==, 1);
        g_assert_true(plc_catalog_ledger_head(w.site->catalog, &head, &error));
        g_assert_cmpint(w.site->checkpoints.last->seq, ==, head.seq);
        g_assert_cmpint(w.site->checkpoints.last->restored_from, ==, 2);
        /* Opened again: nothing more. And restored again: no more than once. */
        reopen(&w);
        g_assert_null(w.site->notice);
        put_catalog_back(&w);
        reopen(&w);
        g_assert_cmpuint(count(&w, "grant.withdrawn"), ==, 1);
        g_assert_true(plc_catalog_ledger_verify(w.site->catalog, NULL, &error));
        tear_down(&w);
}

/* The events are committed, the checkpoint that tells of them is not there yet. */
static void a_crash_between_events_and_checkpoint_is_finished(void)
{
        g_autofree char *path = NULL, *before = NULL;
        struct world w;
        gsize size;

        set_up(&w);
        append(&w, T0, GIVEN("g", "given"));
        keep_catalog(&w);
        append(&w, T0 + 1, WITHDRAWN("g"));
        append(&w, T0 + 1, GIVEN("h", "given"));
        append(&w, T0 + 1, WITHDRAWN("h"));
        checkpoint(&w, true);
        path = journal_path(&w);
        put_catalog_back(&w);
        g_assert_true(g_file_get_contents(path, &before, &size, NULL));
        reopen(&w);
        g_clear_pointer(&w.site, plc_site_close);
        g_assert_true(g_file_set_contents(path, before, (gssize)size, NULL));
        reopen(&w);
        g_assert_cmpuint(count(&w, "grant.withdrawn"), ==, 2);
        reopen(&w);
        g_assert_null(w.site->notice);
        tear_down(&w);
}

static void another_history_is_refused(void)
{
        g_autoptr(GError) error = NULL;
        struct world w;

        set_up(&w);
        append(&w, T0, GIVEN("g", "given"));
        keep_catalog(&w);
        append(&w, T0 + 1, WITHDRAWN("g"));
        checkpoint(&w, true);
        put_catalog_back(&w);
        reopen(&w); /* restored, gone on with */
        append(&w, T0 + 2, WITHDRAWN("x"));
        checkpoint(&w, true);
        keep_catalog(&w);
        g_clear_pointer(&w.site, plc_site_close);
        reopen(&w);
        append(&w, T0 + 3, WITHDRAWN("y"));
        checkpoint(&w, true);
        put_catalog_back(&w);
        w.site = plc_site_open(w.path, PLC_SITE_WRITE, &error); /* older, of the same history: fine */
        g_assert_no_error(error);
        g_clear_pointer(&w.site, plc_site_close);
        /* The same length, other events. */
        {
                g_autoptr(plc_catalog) other = plc_catalog_open(w.kept, &error);
                g_autoptr(plc_db_tx) tx = plc_catalog_begin(other, &error);

                for (int i = 0; i < 5; i++)
                        g_assert_true(plc_catalog_ledger_append(other, WITHDRAWN("z"), T0 + 9, NULL, &error));
                g_assert_true(plc_db_commit(&tx, &error));
        }
        put_catalog_back(&w);
        w.site = plc_site_open(w.path, PLC_SITE_WRITE, &error);
        g_assert_null(w.site);
        assert_code(error, PLC_E_BAD_LEDGER);
        g_assert_nonnull(plc_error_remedy(error));
        g_clear_error(&error);
        w.site = plc_site_open(w.path, PLC_SITE_ACCEPT_LOSS, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(count(&w, "grant.withdrawn"), ==, 8); /* g, x, five z, y again */
        tear_down(&w);
}

static void many_events_make_several_checkpoints(void)
{
        g_autoptr(GError) error = NULL;
        struct world w;
        unsigned lines = 0;
        g_autofree char *path = NULL, *text = NULL;

        set_up(&w);
        {
                g_autoptr(plc_db_tx) tx = plc_catalog_begin(w.site->catalog, &error);

                for (int i = 0; i < 3000; i++)
                        g_assert_true(plc_catalog_ledger_append(w.site->catalog, WITHDRAWN("g"), T0 + i, NULL, &error));
                g_assert_true(plc_db_commit(&tx, &error));
        }
        checkpoint(&w, false);
        g_assert_cmpint(w.site->checkpoints.last->seq, ==, 3000);
        path = journal_path(&w);
        g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
        for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
                lines++;
        g_assert_cmpuint(lines, >, 2);
        reopen(&w);
        tear_down(&w);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/checkpoint/a signature is of these bytes by this key",
                        a_signature_is_of_these_bytes_by_this_key);
        g_test_add_func("/checkpoint/what closes is carried and what opens is not",
                        what_closes_is_carried_and_what_opens_is_not);
        g_test_add_func("/checkpoint/a changed checkpoint is no checkpoint", a_changed_checkpoint_is_no_checkpoint);
        g_test_add_func("/checkpoint/an older catalog gets back what closed and nothing that opened",
                        an_older_catalog_gets_back_what_closed_and_nothing_that_opened);
        g_test_add_func("/checkpoint/a crash between events and checkpoint is finished",
                        a_crash_between_events_and_checkpoint_is_finished);
        g_test_add_func("/checkpoint/another history is refused", another_history_is_refused);
        g_test_add_func("/checkpoint/many events make several checkpoints", many_events_make_several_checkpoints);
        return g_test_run();
}
