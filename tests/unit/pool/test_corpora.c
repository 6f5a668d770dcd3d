/* Does anything of the corpora bring the real worker down, behind its sandbox: a crash, a hang, or more memory than is
 * promised? */
#include <fcntl.h>
#include <sys/resource.h>

#include "base/file.h"
#include "pool/pool.h"

#define WORKER PLC_TEST_BIN_DIR "/../bin/placet-worker"
#define PROMISED_MIB 512

static const struct plc_photo_limits usual = {
        .max_bytes = 40000000, .max_pixels = 50000000, .max_side = 20000, .max_frames = 1000};

static struct plc_plan *small_plan(void)
{
        struct plc_plan *plan = g_new0(struct plc_plan, 1);
        struct plc_placement *place = &plan->placements[plan->n_placements++];

        plan->limits = usual;
        g_strlcpy(place->id, "card", sizeof(place->id));
        place->width = 640;
        place->fit = PLC_FIT_INSIDE;
        place->n_encodings = 1;
        place->encodings[0] = (struct plc_encoding){.format = PLC_FORMAT_WEBP, .quality = 80, .effort = 2};
        return plan;
}

struct tally {
        plc_pool *pool;
        const struct plc_plan *plan;
        unsigned files, rendered, refused, bad;
};

static void run_file(const char *path, struct tally *tally)
{
        plc_autofd int fd = open(path, O_RDONLY | O_CLOEXEC);
        struct plc_job_request request = {.kind = PLC_JOB_RENDER, .input = fd, .plan = tally->plan};
        struct plc_result result = {0};
        g_autoptr(GError) error = NULL;

        tally->files++;
        if (plc_pool_run(tally->pool, &request, &result, &error)) {
                tally->rendered++;
        } else if (error->code == PLC_E_UNSUPPORTED || error->code == PLC_E_UNREADABLE ||
                   error->code == PLC_E_TOO_LARGE) {
                tally->refused++;
        } else {
                tally->bad++;
                g_test_message("%s: %s (%s)", path, error->message, plc_code_name(plc_error_code(error)));
        }
        plc_result_clear(&result);
}

static void run_folder(const char *folder, struct tally *tally)
{
        g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
        const char *name;

        g_assert_nonnull(dir);
        while ((name = g_dir_read_name(dir)) != NULL) {
                g_autofree char *path = g_build_filename(folder, name, NULL);

                if (g_file_test(path, G_FILE_TEST_IS_DIR))
                        run_folder(path, tally);
                else
                        run_file(path, tally);
        }
}

static void nothing_brings_the_worker_down(gconstpointer part)
{
        const char *corpora = g_getenv("PLACET_CORPORA");
        g_autofree struct plc_plan *plan = small_plan();
        struct tally tally = {.plan = plan};
        struct plc_pool_stats stats;
        struct rusage workers;

        if (corpora == NULL) {
                g_test_skip("PLACET_CORPORA is not set");
                return;
        }
        g_autofree char *folder = g_build_filename(corpora, (const char *)part, NULL);
        tally.pool = plc_pool_new(&(struct plc_pool_options){.program = WORKER, .workers = 1});
        run_folder(folder, &tally);
        plc_pool_stats(tally.pool, &stats);
        plc_pool_free(tally.pool);
        getrusage(RUSAGE_CHILDREN, &workers); /* all have been reaped */
        g_test_message("%s: %u files, %u rendered, %u refused, %u bad; peak %ld MiB", (const char *)part, tally.files,
                       tally.rendered, tally.refused, tally.bad, workers.ru_maxrss / 1024);
        g_assert_cmpuint(tally.rendered, >, 0);
        g_assert_cmpuint(tally.bad, ==, 0);
        g_assert_cmpuint(stats.deaths, ==, 0);
#ifndef PLC_SANITIZE /* it multiplies memory */
        g_assert_cmpint(workers.ru_maxrss / 1024, <=, PROMISED_MIB);
#endif
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_data_func("/corpora/hostile files", "hostile", nothing_brings_the_worker_down);
        g_test_add_data_func("/corpora/files with metadata", "meta", nothing_brings_the_worker_down);
        return g_test_run();
}
