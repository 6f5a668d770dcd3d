/* Is a drop at every moment in exactly one place, and is its end told where the operator looks? */
#include "intake/claim.h"

#include <unistd.h>

#include "support/rows.h"

#define NOON INT64_C(1793697182000) /* 2026-11-03T09:13:02.000Z */

struct site {
        struct playground p;
        struct plc_intake_dirs dirs;
};

static void set_up(struct site *s, gconstpointer data)
{
        static const char *const names[] = {"inbox", "work", "rejected", "done", "outside"};

        (void)data;
        playground_open(&s->p);
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
                g_assert_true(plc_make_dir_at(s->p.fd, names[i], 0700, NULL));
        g_assert_true(plc_open_dir(s->p.fd, "inbox", &s->dirs.inbox, NULL));
        g_assert_true(plc_open_dir(s->p.fd, "work", &s->dirs.work, NULL));
        g_assert_true(plc_open_dir(s->p.fd, "rejected", &s->dirs.rejected, NULL));
        g_assert_true(plc_open_dir(s->p.fd, "done", &s->dirs.done, NULL));
}

static void tear_down(struct site *s, gconstpointer data)
{
        (void)data;
        plc_close_fd(&s->dirs.inbox);
        plc_close_fd(&s->dirs.work);
        plc_close_fd(&s->dirs.rejected);
        plc_close_fd(&s->dirs.done);
        playground_close(&s->p);
}

static void assert_names(const struct site *s, const char *folder, const char *expected)
{
        g_autofree char *names = playground_names(&s->p, folder);

        g_test_message("in %s", folder);
        g_assert_cmpstr(names, ==, expected);
}

static void assert_text(const struct site *s, const char *path, const char *expected)
{
        g_autofree char *text = playground_read(&s->p, path);

        g_test_message("%s", path);
        g_assert_cmpstr(text, ==, expected);
}

/* work/ID of a claim. Free with g_free. */
static char *place(const struct plc_claim *claim)
{
        return g_build_filename("work", claim->id, NULL);
}

static void test_take_folder(struct site *s, gconstpointer data)
{
        g_autoptr(plc_claim) claim = NULL;
        g_autoptr(GError) error = NULL;
        g_autofree char *work = NULL;
        plc_autofd int fd = -1;
        bool folder = false;

        (void)data;
        playground_write(&s->p, "inbox/drop/a.jpg", "a");
        playground_write(&s->p, "inbox/drop.ready", "");
        playground_write(&s->p, "inbox/drop.json", "{}"); /* a folder has no sidecar */
        playground_write(&s->p, "inbox/other.ready", "");
        claim = plc_claim_take(&s->dirs, "drop", NULL, &error);
        g_assert_no_error(error);
        g_assert_true(plc_id_valid(claim->id));
        g_assert_cmpstr(claim->name, ==, "drop");
        work = place(claim);
        assert_names(s, work, "drop");
        assert_names(s, "inbox", "drop.json other.ready");
        g_assert_true(plc_claim_open(&s->dirs, claim, &fd, &folder, &error));
        g_assert_true(folder);
        g_assert_true(plc_claim_remove(&s->dirs, claim, &error));
        assert_names(s, "work", "");
}

static void test_take_photo(struct site *s, gconstpointer data)
{
        g_autoptr(plc_claim) claim = NULL;
        g_autofree char *work = NULL;
        char id[PLC_ID_SIZE];
        plc_autofd int fd = -1;
        bool folder = true;

        (void)data;
        plc_id_new(id);
        playground_write(&s->p, "inbox/a.jpg", "a");
        playground_write(&s->p, "inbox/a.jpg.json", "{}");
        claim = plc_claim_take(&s->dirs, "a.jpg", id, NULL);
        g_assert_cmpstr(claim->id, ==, id);
        work = place(claim);
        assert_names(s, work, "a.jpg a.jpg.json");
        assert_names(s, "inbox", "");
        g_assert_true(plc_claim_open(&s->dirs, claim, &fd, &folder, NULL));
        g_assert_false(folder);
}

static void test_take_nothing(struct site *s, gconstpointer data)
{
        g_autoptr(GError) error = NULL;

        (void)data;
        g_assert_null(plc_claim_take(&s->dirs, "gone", NULL, &error));
        assert_code(error, PLC_E_NOT_FOUND);
        assert_names(s, "work", "");
}

struct unsafe_row {
        const char *sentence;
        const char *what; /* link, fifo, hard, inner link, inner fifo */
        bool at_copy;     /* else when the claim is opened */
};

static const struct unsafe_row unsafes[] = {
        {"a link is not copied", "link", true},
        {"a FIFO is not copied", "fifo", true},
        {"a link in a folder is not copied", "inner link", true},
        {"a FIFO in a folder is not copied", "inner fifo", true},
        {"a link in the inbox is refused when it is opened", "link", false},
        {"a FIFO in the inbox is refused when it is opened", "fifo", false},
        {"a file with two names in the inbox is refused when it is opened", "hard", false},
};

static void make_unsafe(const struct site *s, int dir, const char *what)
{
        playground_write(&s->p, "outside/secret", "secret");
        if (g_str_has_prefix(what, "inner ")) {
                plc_autofd int inner = -1;

                g_assert_true(plc_make_dir_at(dir, "drop", 0700, NULL));
                g_assert_true(plc_open_dir(dir, "drop", &inner, NULL));
                if (strcmp(what, "inner link") == 0)
                        g_assert_cmpint(symlinkat("../../outside/secret", inner, "x"), ==, 0);
                else
                        g_assert_cmpint(mkfifoat(inner, "x", 0600), ==, 0);
        } else if (strcmp(what, "link") == 0) {
                g_assert_cmpint(symlinkat("../outside/secret", dir, "drop"), ==, 0);
        } else if (strcmp(what, "fifo") == 0) {
                g_assert_cmpint(mkfifoat(dir, "drop", 0600), ==, 0);
        } else {
                g_assert_cmpint(linkat(s->p.fd, "outside/secret", dir, "drop", 0), ==, 0);
        }
}

static void test_unsafe(gconstpointer data)
{
        const struct unsafe_row *row = data;
        g_autoptr(plc_claim) claim = NULL;
        g_autoptr(GError) error = NULL;
        g_autofree char *path = NULL;
        plc_autofd int fd = -1;
        struct site s;
        bool folder;

        set_up(&s, NULL);
        make_unsafe(&s, s.dirs.inbox, row->what);
        path = g_build_filename(s.p.path, "inbox", "drop", NULL);
        if (row->at_copy) {
                g_assert_null(plc_claim_copy(&s.dirs, path, NULL, &error));
                assert_names(&s, "work", ""); /* no half copy stays */
        } else {
                claim = plc_claim_take(&s.dirs, "drop", NULL, &error);
                g_assert_no_error(error);
                g_assert_false(plc_claim_open(&s.dirs, claim, &fd, &folder, &error));
        }
        assert_code(error, PLC_E_UNSAFE_FILE);
        g_assert_cmpint(fd, ==, -1);
        assert_text(&s, "outside/secret", "secret");
        tear_down(&s, NULL);
}

static void test_copy(struct site *s, gconstpointer data)
{
        g_autofree char *folder = g_build_filename(s->p.path, "outside", "drop", NULL), *work = NULL;
        g_autofree char *photo = g_build_filename(s->p.path, "outside", "a.jpg", NULL), *work2 = NULL, *text = NULL;
        g_autoptr(plc_claim) claim = NULL, second = NULL;
        g_autoptr(GError) error = NULL;

        (void)data;
        playground_write(&s->p, "outside/drop/a.jpg", "bytes");
        playground_write(&s->p, "outside/a.jpg", "a");
        playground_write(&s->p, "outside/a.jpg.json", "{}");
        claim = plc_claim_copy(&s->dirs, folder, NULL, &error);
        g_assert_no_error(error);
        second = plc_claim_copy(&s->dirs, photo, NULL, &error);
        g_assert_no_error(error);
        work = place(claim);
        work2 = place(second);
        assert_names(s, work, "drop");
        assert_names(s, work2, "a.jpg a.jpg.json");
        text = g_build_filename(work, "drop", "a.jpg", NULL);
        assert_text(s, text, "bytes");
        assert_names(s, "outside", "a.jpg a.jpg.json drop"); /* the original stays */
        g_assert_null(plc_claim_copy(&s->dirs, "/nowhere/at/all", NULL, &error));
        assert_code(error, PLC_E_NOT_FOUND);
}

#define ID "01234567890123456789012345"

struct recover_row {
        const char *sentence;
        const char *work;   /* files in .work, by blanks; a name that ends in / is an empty folder */
        const char *inbox;  /* likewise */
        const char *claims; /* "NAME", by blanks */
        const char *work_after, *inbox_after;
};

static const struct recover_row recoveries[] = {
        {"nothing is nothing", "", "", "", "", ""},
        {"a whole claim is taken up", ID "/drop/a.jpg", "", "drop", ID, ""},
        {"a photo with its sidecar is one claim", ID "/a.jpg " ID "/a.jpg.json", "", "a.jpg", ID, ""},
        {"a photo alone is a claim", ID "/a.jpg", "", "a.jpg", ID, ""},
        {"an empty folder is removed", ID "/", "", "", "", ""},
        {"half of a copy is removed", ".copy-" ID "/drop/a.jpg", "", "", "", ""},
        {"a sidecar whose photo never came is put back", ID "/a.jpg.json", "a.jpg", "", "", "a.jpg a.jpg.json"},
        {"a sidecar whose photo is nowhere is a claim", ID "/a.jpg.json", "", "a.jpg.json", ID, ""},
        {"a .json file of its own is a claim", ID "/notes.json", "other", "notes.json", ID, "other"},
        {"two claims come in order of their ids", "11234567890123456789012345/b " ID "/a", "", "a b",
         ID " 11234567890123456789012345", ""},
};

static void put_all(const struct site *s, const char *folder, const char *names)
{
        g_auto(GStrv) each = g_strsplit(names, " ", -1);

        for (char **name = each; *name != NULL; name++) {
                g_autofree char *path = g_build_filename(folder, *name, NULL);

                if (**name == '\0')
                        continue;
                if (g_str_has_suffix(*name, "/"))
                        g_assert_cmpint(mkdirat(s->p.fd, path, 0700), ==, 0);
                else
                        playground_write(&s->p, path, "x");
        }
}

static void test_recover(gconstpointer data)
{
        const struct recover_row *row = data;
        g_autoptr(GPtrArray) claims = g_ptr_array_new_with_free_func((GDestroyNotify)plc_claim_free);
        g_autoptr(GString) names = g_string_new(NULL);
        g_autoptr(GError) error = NULL;
        struct site s;

        set_up(&s, NULL);
        put_all(&s, "work", row->work);
        put_all(&s, "inbox", row->inbox);
        plc_claim_recover(&s.dirs, claims, &error);
        g_assert_no_error(error);
        for (guint i = 0; i < claims->len; i++)
                g_string_append_printf(names, "%s%s", i > 0 ? " " : "", ((plc_claim *)claims->pdata[i])->name);
        g_assert_cmpstr(names->str, ==, row->claims);
        assert_names(&s, "work", row->work_after);
        assert_names(&s, "inbox", row->inbox_after);
        tear_down(&s, NULL);
}

static struct plc_claim *taken(struct site *s, const char *name)
{
        g_autoptr(GError) error = NULL;
        struct plc_claim *claim = plc_claim_take(&s->dirs, name, NULL, &error);

        g_assert_no_error(error);
        return claim;
}

static GError *missing_file(void)
{
        GError *why = NULL;

        plc_fail_at(&why, PLC_E_MISSING_FILE, "submission.json", "/photos/0/file",
                    "Rename the file or correct the name, then move this folder back into inbox/.",
                    "\"IMG_2041.jpg\" is not in the folder (found: \"IMG_2041.JPG\")");
        return why;
}

static void test_reject(struct site *s, gconstpointer data)
{
        g_autoptr(plc_claim) claim = NULL;
        g_autoptr(GError) why = missing_file(), error = NULL;

        (void)data;
        playground_write(&s->p, "inbox/drop/IMG_2041.JPG", "x");
        claim = taken(s, "drop");
        g_assert_true(plc_claim_reject(&s->dirs, claim, why, NOON, &error));
        g_assert_no_error(error);
        assert_names(s, "rejected/2026-11-03", "drop drop.reason.json drop.reason.txt");
        assert_names(s, "rejected/2026-11-03/drop", "IMG_2041.JPG");
        assert_text(s, "rejected/2026-11-03/drop.reason.txt",
                    "Rejected: submission.json, /photos/0/file: \"IMG_2041.jpg\" is not in the folder (found: "
                    "\"IMG_2041.JPG\").\n"
                    "Nothing was taken in. Rename the file or correct the name, then move this folder back into "
                    "inbox/.\n(code missing_file, 2026-11-03T09:13:02.000Z)\n");
        assert_text(s, "rejected/2026-11-03/drop.reason.json",
                    "{\"schema\":\"placet.reason/1\",\"drop\":\"drop\",\"code\":\"missing_file\",\"file\":"
                    "\"submission.json\",\"pointer\":\"/photos/0/file\",\"message\":\"submission.json, "
                    "/photos/0/file: \\\"IMG_2041.jpg\\\" is not in the folder (found: \\\"IMG_2041.JPG\\\")\","
                    "\"remedy\":\"Rename the file or correct the name, then move this folder back into inbox/.\","
                    "\"at\":\"2026-11-03T09:13:02.000Z\"}\n");
        assert_names(s, "work", "");
}

static void test_reject_twice(struct site *s, gconstpointer data)
{
        g_autoptr(GError) why = missing_file(), error = NULL;

        (void)data;
        for (int i = 0; i < 3; i++) {
                g_autoptr(plc_claim) claim = NULL;

                playground_write(&s->p, "inbox/a.jpg", "x");
                playground_write(&s->p, "inbox/a.jpg.json", "{}");
                claim = taken(s, "a.jpg");
                g_assert_true(plc_claim_reject(&s->dirs, claim, why, NOON, &error));
                g_assert_no_error(error);
        }
        assert_names(s, "rejected/2026-11-03",
                     "a.jpg a.jpg-2 a.jpg-2.json a.jpg-2.reason.json a.jpg-2.reason.txt a.jpg-3 a.jpg-3.json "
                     "a.jpg-3.reason.json a.jpg-3.reason.txt a.jpg.json a.jpg.reason.json a.jpg.reason.txt");
        assert_names(s, "work", "");
}

/* A crash between the reason and the move leaves a reason without its drop; the drop then keeps its name. */
static void test_reject_again(struct site *s, gconstpointer data)
{
        g_autoptr(plc_claim) claim = NULL;
        g_autoptr(GError) why = missing_file(), error = NULL;

        (void)data;
        playground_write(&s->p, "rejected/2026-11-03/drop.reason.txt", "from before the crash");
        playground_write(&s->p, "inbox/drop/x", "x");
        claim = taken(s, "drop");
        g_assert_true(plc_claim_reject(&s->dirs, claim, why, NOON, &error));
        assert_names(s, "rejected/2026-11-03", "drop drop.reason.json drop.reason.txt");
}

/* No member "revision" is the first one: so they were written before there was one. */
static void answer(struct site *s, const char *submission, int64_t revision, const char *what)
{
        g_autofree char *number =
                revision > 1 ? g_strdup_printf("\"revision\":%" G_GINT64_FORMAT ",", revision) : g_strdup("");
        g_autofree char *json =
                g_strdup_printf("{\"submission\":\"%s\",%s\"what\":\"%s\"}\n", submission, number, what);
        g_autofree char *key = plc_answer_key(submission, revision);
        g_autoptr(GError) error = NULL;

        plc_answer_write(&s->dirs, "drop", key, json, NOON, &error);
        g_assert_no_error(error);
}

static void test_answer(struct site *s, gconstpointer data)
{
        (void)data;
        answer(s, "S1", 1, "first");
        answer(s, "S1", 1, "once more");
        answer(s, "S2", 1, "another");
        answer(s, "S3", 1, "a third");
        answer(s, "S2", 1, "another once more");
        answer(s, "S1", 2, "its second revision");
        answer(s, "S1", 2, "its second revision, once more");
        assert_names(s, "done/2026-11-03", "drop-2.result.json drop-3.result.json drop-4.result.json drop.result.json");
        assert_text(s, "done/2026-11-03/drop-4.result.json",
                    "{\"submission\":\"S1\",\"revision\":2,\"what\":\"its second revision, once more\"}\n");
        assert_text(s, "done/2026-11-03/drop.result.json", "{\"submission\":\"S1\",\"what\":\"once more\"}\n");
        assert_text(s, "done/2026-11-03/drop-2.result.json",
                    "{\"submission\":\"S2\",\"what\":\"another once more\"}\n");
        assert_text(s, "done/2026-11-03/drop-3.result.json", "{\"submission\":\"S3\",\"what\":\"a third\"}\n");
}

/* What an operator put there is not ours, and not to be lost. */
static void test_answer_spares_others(struct site *s, gconstpointer data)
{
        (void)data;
        playground_write(&s->p, "done/2026-11-03/drop.result.json", "my notes");
        answer(s, "S1", 1, "first");
        assert_text(s, "done/2026-11-03/drop.result.json", "my notes");
        assert_names(s, "done/2026-11-03", "drop-2.result.json drop.result.json");
}

#define ADD(sentence, run) g_test_add("/claim/" sentence, struct site, NULL, set_up, run, tear_down)

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        ADD("a folder moves with its markers gone", test_take_folder);
        ADD("a photo moves with its sidecar", test_take_photo);
        ADD("what is gone is NOT_FOUND", test_take_nothing);
        ADD_ROWS("/claim/unsafe", unsafes, test_unsafe)
        ADD("a path outside is copied and stays", test_copy);
        ADD_ROWS("/claim/recover", recoveries, test_recover)
        ADD("a rejected drop lies beside its reason", test_reject);
        ADD("a name taken on that day gets a number", test_reject_twice);
        ADD("a reason without its drop is written anew", test_reject_again);
        ADD("an answer replaces that of the same submission alone", test_answer);
        ADD("an answer never replaces a file that is not one", test_answer_spares_others);
        return g_test_run();
}
