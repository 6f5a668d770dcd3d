/* When may a drop be taken? Stories of what an operator does, told to a clock that the test holds. */
#include "intake/inbox.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "support/rows.h"

#define SETTLE 5000

/*
 * A story is sentences joined by "; ":
 *   put PATH · grow PATH (more bytes) · swap PATH (another file of the same size) · empty PATH · manifest PATH (a
 *   submission.json that names photo.jpg) · bad PATH (a submission.json that does not read) · remove PATH · moved NAME
 *   (the kernel says that it arrived by rename) · look SECONDS: NAMES that are ready, +N that wait
 */
struct story {
        const char *sentence, *text;
};

static const struct story stories[] = {
        {"an empty inbox has nothing", "look 0: +0"},
        {"a marker inside makes a folder ready at once", "put drop/READY; look 0: drop +0"},
        {"a marker beside makes a folder ready at once", "put drop/x; put drop.ready; look 0: drop +0"},
        {"a marker beside makes a photo ready at once", "put a.jpg; put a.jpg.ready; look 0: a.jpg +0"},
        {"a marker alone is no drop", "put a.jpg.ready; look 0: +0; look 100: +0"},
        {"a whole folder settles in five seconds",
         "manifest drop; put drop/photo.jpg; look 0: +1; look 4.9: +1; look 5: drop +0"},
        {"a whole folder that arrived by rename is ready at once",
         "manifest drop; put drop/photo.jpg; moved drop; look 0: drop +0"},
        {"a folder that arrived by rename and lacks a file waits", "manifest drop; moved drop; look 0: +1; look 5: +1"},
        {"it is ready once its file is there",
         "manifest drop; moved drop; look 0: +1; put drop/photo.jpg; look 1: drop +0"},
        {"a folder that lacks a file waits four times as long",
         "manifest drop; look 0: +1; look 5: +1; look 19.9: +1; look 20: drop +0"},
        {"a folder without submission.json waits four times as long",
         "put drop/photo.jpg; look 0: +1; look 19: +1; look 20: drop +0"},
        {"a folder whose submission.json does not read waits four times as long",
         "bad drop; look 0: +1; look 19: +1; look 20: drop +0"},
        {"one look is never enough", "put a.jpg; look 1000: +1"},
        {"a photo that grows settles anew",
         "put a.jpg; look 0: +1; grow a.jpg; look 20: +1; look 39: +1; look 40: a.jpg +0"},
        {"a file in a folder that grows settles anew", "manifest drop; put drop/photo.jpg; look 0: +1; grow "
                                                       "drop/photo.jpg; look 5: +1; look 9: +1; look 10: drop +0"},
        {"a file in a folder of a folder that grows settles anew",
         "manifest drop; put drop/photo.jpg; put drop/more/x; look 0: +1; grow drop/more/x; look 5: +1; look 10: drop "
         "+0"},
        {"another file of the same size settles anew",
         "put a.jpg; look 0: +1; swap a.jpg; look 20: +1; look 40: a.jpg +0"},
        {"a file added to a folder settles anew",
         "manifest drop; put drop/photo.jpg; look 0: +1; put drop/extra; look 5: +1; look 10: drop +0"},
        {"a name that goes and comes back settles anew",
         "put a.jpg; look 0: +1; remove a.jpg; look 10: +0; put a.jpg; look 20: +1; look 40: a.jpg +0"},
        {"a bare photo waits four times as long, for its sidecar",
         "put a.jpg; look 0: +1; look 5: +1; look 20: a.jpg +0"},
        {"a photo with its sidecar settles in five seconds", "put a.jpg; put a.jpg.json; look 0: +1; look 5: a.jpg +0"},
        {"a sidecar alone waits for its photo", "put a.jpg.json; look 0: +1; put a.jpg; look 2: +1; look 7: a.jpg +0"},
        {"a sidecar that grows keeps its photo",
         "put a.jpg; put a.jpg.json; look 0: +1; grow a.jpg.json; look 5: +1; look 10: a.jpg +0"},
        {"an empty file waits for ever", "empty a.jpg; look 0: +1; look 1000: +1"},
        {"an empty file that gets its bytes settles then",
         "empty a.jpg; look 0: +1; put a.jpg; look 1000: +1; look 1020: a.jpg +0"},
        {"hidden, temporary and foreign names are left alone",
         "put .hidden; put ~a.jpg; put a.part; put a.partial; put a.tmp; put a.crdownload; put a.filepart; "
         "put Thumbs.db; put desktop.ini; put READY; put .DS_Store; put .a.jpg.swp; look 0: +0; look 100: +0"},
        {"ready ones come in the order of their bytes", "put b/READY; put a/READY; put C/READY; look 0: C a b +0"},
        {"one that waits does not hold up another", "put a.jpg; put b/READY; look 0: b +1"},
        {"a rename that was told for a name never seen does no harm", "moved ghost; look 0: +0; look 5: +0"},
};

static const char manifest[] = "{\"schema\":\"placet.submission/1\",\"id\":\"a\",\"source\":\"s\","
                               "\"photos\":[{\"file\":\"photo.jpg\"}]}";

static void look(plc_inbox *inbox, const char *words)
{
        g_autoptr(GPtrArray) ready = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GError) error = NULL;
        g_autoptr(GString) found = g_string_new(NULL);
        g_auto(GStrv) parts = g_strsplit(words, ": ", 2);
        unsigned waiting = 99;

        plc_inbox_look(inbox, (int64_t)(g_ascii_strtod(parts[0], NULL) * 1000), ready, &waiting, &error);
        g_assert_no_error(error);
        for (guint i = 0; i < ready->len; i++)
                g_string_append_printf(found, "%s ", (const char *)ready->pdata[i]);
        g_string_append_printf(found, "+%u", waiting);
        g_test_message("look %s", words);
        g_assert_cmpstr(found->str, ==, parts[1]);
}

static void act(const struct playground *p, plc_inbox *inbox, const char *verb, const char *what)
{
        g_autofree char *path = g_build_filename(p->path, what, NULL),
                        *inside = g_strconcat(what, "/submission.json", NULL);

        if (strcmp(verb, "look") == 0)
                look(inbox, what);
        else if (strcmp(verb, "moved") == 0)
                plc_inbox_moved_in(inbox, what);
        else if (strcmp(verb, "put") == 0)
                playground_write(p, what, "x");
        else if (strcmp(verb, "grow") == 0)
                playground_write(p, what, "xx");
        else if (strcmp(verb, "swap") == 0)
                playground_write(p, what, "y");
        else if (strcmp(verb, "empty") == 0)
                playground_write(p, what, "");
        else if (strcmp(verb, "manifest") == 0)
                playground_write(p, inside, manifest);
        else if (strcmp(verb, "bad") == 0)
                playground_write(p, inside, "{");
        else if (strcmp(verb, "remove") == 0)
                g_assert_cmpint(g_remove(path), ==, 0);
        else
                g_error("no such verb: %s", verb);
}

static void test_story(gconstpointer data)
{
        const struct story *story = data;
        g_auto(GStrv) sentences = g_strsplit(story->text, "; ", -1);
        g_autoptr(plc_inbox) inbox = NULL;
        struct playground p;

        playground_open(&p);
        playground_write(&p, PLC_INBOX_MARKER, "");
        inbox = plc_inbox_new(p.fd, SETTLE);
        for (char **sentence = sentences; *sentence != NULL; sentence++) {
                g_auto(GStrv) words = g_strsplit(*sentence, " ", 2);

                act(&p, inbox, words[0], words[1]);
        }
        playground_close(&p);
}

static void test_missing_mount(void)
{
        g_autoptr(GPtrArray) ready = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(plc_inbox) inbox = NULL;
        g_autoptr(GError) error = NULL;
        struct playground p;
        unsigned waiting;

        playground_open(&p);
        playground_write(&p, "drop/READY", "");
        inbox = plc_inbox_new(p.fd, SETTLE);
        g_assert_false(plc_inbox_look(inbox, 0, ready, &waiting, &error));
        assert_code(error, PLC_E_NOT_FOUND);
        g_assert_cmpuint(ready->len, ==, 0);
        g_assert_nonnull(plc_error_remedy(error));
        playground_close(&p);
}

static void test_symlink_is_taken_as_itself(void)
{
        g_autoptr(GPtrArray) ready = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(plc_inbox) inbox = NULL;
        struct playground p;
        unsigned waiting;

        playground_open(&p);
        playground_write(&p, PLC_INBOX_MARKER, "");
        g_assert_cmpint(symlinkat("/etc", p.fd, "etc"), ==, 0);
        inbox = plc_inbox_new(p.fd, 0);
        g_assert_true(plc_inbox_look(inbox, 0, ready, &waiting, NULL)); /* it is refused later, with a reason */
        g_assert_cmpuint(ready->len, ==, 1);
        playground_close(&p);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        ADD_ROWS("/inbox", stories, test_story)
        g_test_add_func("/inbox/a missing mount is an error, not an empty inbox", test_missing_mount);
        g_test_add_func("/inbox/a link is not followed", test_symlink_is_taken_as_itself);
        return g_test_run();
}
