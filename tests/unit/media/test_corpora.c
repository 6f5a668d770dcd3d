/* Does any file of the corpora leak, crash or hang? Only where PLACET_CORPORA names the folder; each file in a child of
 * its own. A sample, the same each time; all with PLACET_TEST_ALL=1. */
#include "photos.h"
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define SAMPLE 64  /* one file in so many */
#define SECONDS 60 /* of processor time for one file, sanitizers included; the slowest takes 6 without them */

static struct plc_plan *corpora_plan(void)
{
        struct plc_plan *plan = new_plan();
        static const enum plc_format formats[] = {PLC_FORMAT_JPEG, PLC_FORMAT_WEBP, PLC_FORMAT_PNG};
        for (unsigned i = 0; i < G_N_ELEMENTS(formats); i++)
                add_placement(plan, "inside", 320, 0, PLC_FIT_INSIDE, formats[i]);
        add_placement(plan, "cover", 120, 150, PLC_FIT_COVER, PLC_FORMAT_JPEG);
        add_placement(plan, "blur", 108, 192, PLC_FIT_PAD_BLUR, PLC_FORMAT_JPEG);
        g_strlcpy(plan->note.credit, "Ann", sizeof plan->note.credit);
        return plan;
}

static void keep(const struct plc_result *result, const char *out_dir, unsigned number)
{
        for (unsigned m = 0; m < result->n_made; m++)
                for (unsigned f = 0; f < result->made[m].n_files; f++) {
                        const struct plc_made_file *file = &result->made[m].files[f];
                        g_autofree char *path = g_strdup_printf("%s/%u-%u-%u.%s", out_dir, number, m, f,
                                                                plc_format_extension(file->format));
                        g_autoptr(GBytes) bytes = file_bytes(file);
                        g_assert_true(
                                g_file_set_contents(path, g_bytes_get_data(bytes, NULL), (gssize)file->bytes, NULL));
                }
}

/* In the child: 0 rendered, 3 refused with an error. */
static int try_file(const char *path, const char *out_dir, unsigned number)
{
        g_autofree struct plc_plan *plan = corpora_plan();
        struct plc_result result = {0};
        struct plc_facts facts;
        g_autoptr(GError) error = NULL;
        const struct rlimit cpu = {SECONDS, SECONDS};
        setrlimit(RLIMIT_CPU, &cpu);
        plc_autofd int fd = open(path, O_RDONLY | O_CLOEXEC);
        bool examined = plc_media_examine(fd, &plan->limits, &facts, &error);
        g_clear_error(&error);
        if (!plc_media_render(fd, plan, &result, &error))
                return error == NULL || plc_error_code(error) == PLC_E_UNCLEAN ||
                                       plc_error_code(error) == PLC_E_INTERNAL || examined
                               ? 4
                               : 3;
        if (out_dir != NULL)
                keep(&result, out_dir, number);
        plc_result_clear(&result);
        return 0;
}

struct tally {
        unsigned files, rendered, refused, bad;
};

static void run_file(const char *path, const char *out_dir, struct tally *tally)
{
        int status = 0;
        unsigned number = tally->files++;
        pid_t child = fork();
        g_assert_cmpint(child, >=, 0);
        if (child == 0)
                _exit(try_file(path, out_dir, number));
        g_assert_cmpint(waitpid(child, &status, 0), ==, child);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
                tally->rendered++;
        } else if (WIFEXITED(status) && WEXITSTATUS(status) == 3) {
                tally->refused++;
        } else {
                g_test_message("%s: status %x", path, (unsigned)status);
                tally->bad++;
        }
}

static void run_folder(const char *folder, const char *out_dir, struct tally *tally)
{
        g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
        const char *name;
        g_assert_nonnull(dir);
        while ((name = g_dir_read_name(dir)) != NULL) {
                g_autofree char *path = g_build_filename(folder, name, NULL);
                if (g_file_test(path, G_FILE_TEST_IS_DIR))
                        run_folder(path, out_dir, tally);
                else if (!g_str_equal(name, "README.md") && (test_all() || g_str_hash(name) % SAMPLE == 0))
                        run_file(path, out_dir, tally);
        }
}

static bool run_part(const char *part, const char *out_dir, struct tally *tally)
{
        const char *corpora = g_getenv("PLACET_CORPORA");
        if (corpora == NULL) {
                g_test_skip("PLACET_CORPORA is not set");
                return false;
        }
        g_autofree char *folder = g_build_filename(corpora, part, NULL);
        run_folder(folder, out_dir, tally);
        g_test_message("%s: %u files, %u rendered, %u refused, %u bad", part, tally->files, tally->rendered,
                       tally->refused, tally->bad);
        return true;
}

/* Every rendition of every file, judged by the auditor beside the corpora, which shares nothing with our own check. */
static void run_and_audit(gconstpointer part)
{
        struct tally tally = {0};
        g_autofree char *out_dir = g_dir_make_tmp("placet-corpora-XXXXXX", NULL);
        g_autofree char *corpora = g_strdup(g_getenv("PLACET_CORPORA"));
        int status = -1;

        if (run_part(part, out_dir, &tally)) {
                g_assert_cmpuint(tally.bad, ==, 0);
                g_assert_cmpuint(tally.rendered, >, 0);
                g_autofree char *command = g_strdup_printf(
                        "find '%s' -type f -print0 | xargs -0 python3 '%s/audit_metadata.py' -q", out_dir, corpora);
                const char *argv[] = {"sh", "-c", command, NULL};
                g_autofree char *said = NULL;
                g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &said, NULL,
                                           &status, NULL));
                g_test_message("%s", said);
                g_assert_cmpint(status, ==, 0);
        }
        plc_autofd int parent = -1;
        g_autofree char *parent_name = g_path_get_dirname(out_dir);
        g_autofree char *name = g_path_get_basename(out_dir);
        g_assert_true(plc_open_dir(AT_FDCWD, parent_name, &parent, NULL));
        g_assert_true(plc_remove_tree_at(parent, name, NULL));
}

static void hostile_files_neither_crash_nor_hang(void)
{
        struct tally tally = {0};
        if (run_part("hostile", NULL, &tally))
                g_assert_cmpuint(tally.bad, ==, 0);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        start_media(); /* starts no thread, so that children may be forked from here */
        g_test_add_data_func("/corpora/files with metadata come out clean", "meta", run_and_audit);
        g_test_add_data_func("/corpora/photos come out clean", "photos", run_and_audit);
        g_test_add_func("/corpora/hostile files neither crash nor hang", hostile_files_neither_crash_nor_hang);
        return g_test_run();
}
