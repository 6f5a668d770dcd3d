/* Are the files of a drop the ones its submission names? Real folders, one mistake each. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "intake/manifest.h"

#define SHA_OF_A "559aead08264d5795d3909718cdd05abd49572e84fe55590eef31a88a08fdffd" /* of "A" */

struct folder {
        char *path;
        int fd;
};

static void set_up(struct folder *f, gconstpointer data)
{
        (void)data;
        f->path = g_dir_make_tmp("placet-test-XXXXXX", NULL);
        g_assert_nonnull(f->path);
        g_assert_true(plc_open_dir(AT_FDCWD, f->path, &f->fd, NULL));
}

static void tear_down(struct folder *f, gconstpointer data)
{
        (void)data;
        plc_close_fd(&f->fd);
        g_assert_true(plc_remove_tree_at(AT_FDCWD, f->path, NULL));
        g_free(f->path);
}

static void put(struct folder *f, const char *name, const char *content)
{
        g_autofree char *path = g_build_filename(f->path, name, NULL);

        g_assert_true(g_file_set_contents(path, content, -1, NULL));
}

/* A submission of one photo, with more members of that photo, and more of the whole. */
static plc_manifest *submission(const char *photo, const char *more_photo, const char *more)
{
        g_autofree char *json = g_strdup_printf("{\"schema\":\"placet.submission/1\",\"id\":\"a\",\"source\":\"s\","
                                                "\"photos\":[{\"file\":\"%s\"%s}]%s}",
                                                photo, more_photo, more);
        g_autoptr(GError) error = NULL;
        plc_manifest *s = plc_manifest_parse(json, strlen(json), "submission.json", PLC_MANIFEST_FOLDER, NULL,
                                             &plc_manifest_default_limits, &error);

        g_assert_no_error(error);
        return s;
}

static char **check(struct folder *f, plc_manifest *s, GError **error)
{
        char **notes = NULL;

        return plc_manifest_check_files(s, "submission.json", f->fd, &plc_manifest_default_limits, &notes, error)
                       ? notes
                       : NULL;
}

static void refused(struct folder *f, plc_manifest *s, plc_code code, const char *message, const char *remedy)
{
        g_autoptr(GError) error = NULL;

        g_assert_null(check(f, s, &error));
        g_assert_error(error, PLC_ERROR_DOMAIN, (int)code);
        g_assert_cmpstr(error->message, ==, message);
        g_assert_cmpstr(plc_error_remedy(error), ==, remedy);
}

static void test_all_there(struct folder *f, gconstpointer data)
{
        g_autoptr(plc_manifest) s = submission("a.jpg", ",\"sha256\":\"" SHA_OF_A "\"", "");
        g_auto(GStrv) notes = NULL;

        (void)data;
        put(f, "a.jpg", "A");
        put(f, "submission.json", "{}");
        put(f, "READY", "");
        notes = check(f, s, NULL);
        g_assert_nonnull(notes);
        g_assert_null(notes[0]);
        g_assert_cmpstr(s->photos[0].file.found_sha256, ==, SHA_OF_A);
        g_assert_cmpint(s->photos[0].file.found_bytes, ==, 1);
}

static void test_near_miss(struct folder *f, gconstpointer data)
{
        g_autoptr(plc_manifest) s = submission("IMG_2041.jpg", "", "");

        (void)data;
        put(f, "IMG_2041.JPG", "A");
        refused(f, s, PLC_E_MISSING_FILE,
                "submission.json, /photos/0/file: \"IMG_2041.jpg\" is not in the folder (found: \"IMG_2041.JPG\")",
                "Rename the file or correct the name, then move this folder back into inbox/.");
}

static void test_accents_apart(struct folder *f, gconstpointer data)
{
        g_autoptr(plc_manifest) s = submission("z\xc3\xa9lt.jpg", "", "");

        (void)data;
        put(f, "ze\xcc\x81lt.jpg", "A");
        refused(f, s, PLC_E_MISSING_FILE,
                "submission.json, /photos/0/file: \"z\xc3\xa9lt.jpg\" is not in the folder (found: "
                "\"ze\xcc\x81lt.jpg\")",
                "Rename the file or correct the name, then move this folder back into inbox/.");
}

static void test_missing(struct folder *f, gconstpointer data)
{
        g_autoptr(plc_manifest) s = submission("a.jpg", "", "");

        (void)data;
        refused(f, s, PLC_E_MISSING_FILE, "submission.json, /photos/0/file: \"a.jpg\" is not in the folder",
                "Add the file or correct the name, then move this folder back into inbox/.");
}

static void test_missing_evidence(struct folder *f, gconstpointer data)
{
        g_autoptr(plc_manifest) s = submission("a.jpg", "",
                                               ",\"consents\":[{\"terms\":\"t\",\"version\":1,\"captured_at\":\"2026-"
                                               "01-01\",\"evidence\":{\"file\":\"c.pdf\"}}]");

        (void)data;
        put(f, "a.jpg", "A");
        refused(f, s, PLC_E_MISSING_FILE, "submission.json, /consents/0/evidence/file: \"c.pdf\" is not in the folder",
                "Add the file or correct the name, then move this folder back into inbox/.");
}

static void test_missing_release(struct folder *f, gconstpointer data)
{
        g_autoptr(plc_manifest) s = submission("a.jpg",
                                               ",\"people\":\"others\",\"persons\":[{\"id\":\"p\",\"kind\":\"adult\","
                                               "\"release\":{\"file\":\"r.pdf\",\"captured_at\":\"2026-01-01\"}}]",
                                               "");

        (void)data;
        put(f, "a.jpg", "A");
        refused(f, s, PLC_E_MISSING_FILE,
                "submission.json, /photos/0/persons/0/release/file: \"r.pdf\" is not in the folder",
                "Add the file or correct the name, then move this folder back into inbox/.");
}

static void test_another_file(struct folder *f, gconstpointer data)
{
        g_autoptr(plc_manifest) s = submission("a.jpg", ",\"sha256\":\"" SHA_OF_A "\"", "");

        (void)data;
        put(f, "a.jpg", "B");
        refused(f, s, PLC_E_HASH_MISMATCH,
                "submission.json, /photos/0/sha256: \"a.jpg\" is another file than the one announced: its SHA-256 is "
                "df7e70e5021544f4834bbee64a9e3789febc4be81470df629cad6ddb03320a5c",
                "Copy the file again, or correct the sum, then move this folder back into inbox/.");
}

static void test_empty(struct folder *f, gconstpointer data)
{
        g_autoptr(plc_manifest) s = submission("a.jpg", "", "");

        (void)data;
        put(f, "a.jpg", "");
        refused(f, s, PLC_E_UNREADABLE, "submission.json, /photos/0/file: \"a.jpg\" is empty",
                "Copy the file again, then move this folder back into inbox/.");
}

static void test_too_large(struct folder *f, gconstpointer data)
{
        g_autoptr(plc_manifest) s = submission("a.jpg", "", "");
        g_autofree char *path = g_build_filename(f->path, "a.jpg", NULL);

        (void)data;
        put(f, "a.jpg", "A");
        g_assert_cmpint(truncate(path, 40000001), ==, 0);
        refused(f, s, PLC_E_TOO_LARGE,
                "submission.json, /photos/0/file: \"a.jpg\" has 40000001 bytes; at most 40000000 are accepted",
                "Give a smaller file, then move this folder back into inbox/.");
}

static void test_named_link(struct folder *f, gconstpointer data)
{
        g_autoptr(plc_manifest) s = submission("a.jpg", "", "");

        (void)data;
        g_assert_cmpint(symlinkat("/etc/passwd", f->fd, "a.jpg"), ==, 0);
        refused(f, s, PLC_E_UNSAFE_FILE,
                "submission.json, /photos/0/file: \"a.jpg\" is not an ordinary file of its own",
                "Put a copy of the file itself into the folder, then move this folder back into inbox/.");
}

static void test_hard_link(struct folder *f, gconstpointer data)
{
        g_autoptr(plc_manifest) s = submission("a.jpg", "", "");

        (void)data;
        put(f, "a.jpg", "A");
        g_assert_cmpint(linkat(f->fd, "a.jpg", f->fd, "b.jpg", 0), ==, 0);
        refused(f, s, PLC_E_UNSAFE_FILE, "b.jpg: is a file with several names (hard links)",
                "Take it out of the folder, then move this folder back into inbox/.");
}

static void test_unnamed_oddities(struct folder *f, gconstpointer data)
{
        g_autoptr(plc_manifest) s = submission("a.jpg", "", "");

        (void)data;
        put(f, "a.jpg", "A");
        g_assert_cmpint(mkdirat(f->fd, "more", 0700), ==, 0);
        refused(f, s, PLC_E_UNSAFE_FILE, "more: is a folder; the files of a drop lie beside each other",
                "Take it out of the folder, then move this folder back into inbox/.");
        g_assert_cmpint(unlinkat(f->fd, "more", AT_REMOVEDIR), ==, 0);
        g_assert_cmpint(symlinkat("a.jpg", f->fd, "more"), ==, 0);
        refused(f, s, PLC_E_UNSAFE_FILE, "more: is a link; only ordinary files are accepted",
                "Take it out of the folder, then move this folder back into inbox/.");
        g_assert_cmpint(unlinkat(f->fd, "more", 0), ==, 0);
        g_assert_cmpint(mkfifoat(f->fd, "more", 0600), ==, 0);
        refused(f, s, PLC_E_UNSAFE_FILE, "more: is not an ordinary file",
                "Take it out of the folder, then move this folder back into inbox/.");
}

static void test_unnamed_is_noted(struct folder *f, gconstpointer data)
{
        g_autoptr(plc_manifest) s = submission("a.jpg", "", "");
        g_auto(GStrv) notes = NULL;

        (void)data;
        put(f, "a.jpg", "A");
        put(f, ".DS_Store", "x");
        put(f, "b\n.jpg", "B");
        notes = check(f, s, NULL);
        g_assert_cmpuint(g_strv_length(notes), ==, 1);
        g_assert_cmpstr(notes[0], ==, "\"b?.jpg\" is not named in submission.json and was left out");
}

static void test_content_hash(struct folder *f, gconstpointer data)
{
        g_autoptr(plc_manifest) first = submission("a.jpg", "", ""), again = submission("a.jpg", "", "");
        g_autoptr(plc_manifest) other = submission("a.jpg", ",\"role\":\"scene\"", ""),
                                changed = submission("a.jpg", "", "");
        char hash[4][65];

        (void)data;
        put(f, "a.jpg", "A");
        g_strfreev(check(f, first, NULL));
        g_strfreev(check(f, again, NULL));
        g_strfreev(check(f, other, NULL));
        put(f, "a.jpg", "B");
        g_strfreev(check(f, changed, NULL));
        plc_manifest_content_hash(first, hash[0]);
        plc_manifest_content_hash(again, hash[1]);
        plc_manifest_content_hash(other, hash[2]);
        plc_manifest_content_hash(changed, hash[3]);
        g_assert_cmpstr(hash[0], ==, hash[1]);
        g_assert_cmpstr(hash[0], !=, hash[2]);
        g_assert_cmpstr(hash[0], !=, hash[3]);
}

static void test_present(struct folder *f, gconstpointer data)
{
        g_autoptr(plc_manifest) m = NULL;
        g_autoptr(GError) error = NULL;

        (void)data;
        g_assert_null(plc_manifest_read_folder(f->fd, NULL, &error));
        g_assert_error(error, PLC_ERROR_DOMAIN, PLC_E_NOT_FOUND);
        put(f, "submission.json",
            "{\"schema\":\"placet.submission/1\",\"id\":\"a\",\"source\":\"s\","
            "\"photos\":[{\"file\":\"a.jpg\"},{\"file\":\"b.jpg\"}]}");
        m = plc_manifest_read_folder(f->fd, NULL, NULL);
        g_assert_nonnull(m);
        put(f, "a.jpg", "A");
        g_assert_false(plc_manifest_files_present(m, f->fd));
        put(f, "b.jpg", "");
        g_assert_true(plc_manifest_files_present(m, f->fd));
}

#define CASE(sentence, function) g_test_add("/files/" sentence, struct folder, NULL, set_up, function, tear_down)

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        CASE("all that is named is there, and is the one announced", test_all_there);
        CASE("a name in other case is told", test_near_miss);
        CASE("a name with its accents apart is told", test_accents_apart);
        CASE("a photo is missing", test_missing);
        CASE("evidence is missing", test_missing_evidence);
        CASE("a release is missing", test_missing_release);
        CASE("another file than announced", test_another_file);
        CASE("an empty file", test_empty);
        CASE("a file above 40 MB", test_too_large);
        CASE("a link for a photo", test_named_link);
        CASE("a file of two names", test_hard_link);
        CASE("folders, links and pipes beside the photos", test_unnamed_oddities);
        CASE("a file nobody named is noted", test_unnamed_is_noted);
        CASE("same JSON and same bytes are the same drop", test_content_hash);
        CASE("complete by its manifest", test_present);
        return g_test_run();
}
