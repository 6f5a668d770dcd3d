/* Does the real worker read real photos behind its sandbox, whatever their format? */
#include "playground.h"

#define WORKER PLC_TEST_BIN_DIR "/../bin/placet-worker"
#define DEMO PLC_SOURCE_DIR "/tests/data/demo/"

static const struct plc_photo_limits wide = {
        .max_bytes = 40000000, .max_pixels = 50000000, .max_side = 16000, .max_frames = 500};

static struct plc_plan *web_plan(void)
{
        struct plc_plan *plan = g_new0(struct plc_plan, 1);
        static const enum plc_format formats[] = {PLC_FORMAT_JPEG, PLC_FORMAT_WEBP, PLC_FORMAT_PNG, PLC_FORMAT_AVIF};

        plan->limits = wide;
        plan->avif = true;
        plan->n_placements = G_N_ELEMENTS(formats);
        for (unsigned i = 0; i < plan->n_placements; i++) {
                struct plc_placement *place = &plan->placements[i];

                g_snprintf(place->id, sizeof(place->id), "as-%s", plc_format_name(formats[i]));
                place->width = place->height = 240;
                place->fit = PLC_FIT_COVER;
                place->n_encodings = 1;
                place->encodings[0] = (struct plc_encoding){.format = formats[i], .quality = 60};
        }
        return plan;
}

static plc_pool *real_pool(void)
{
        return plc_pool_new(&(struct plc_pool_options){.program = WORKER, .workers = 1});
}

static void render(plc_pool *pool, const char *path)
{
        g_autofree struct plc_plan *plan = web_plan();
        plc_autofd int fd = open(path, O_RDONLY | O_CLOEXEC);
        struct plc_job_request request = {.kind = PLC_JOB_EXAMINE, .input = fd, .limits = &wide, .plan = plan};
        g_autoptr(GError) error = NULL;
        struct plc_result result = {0};

        g_assert_cmpint(fd, >=, 0);
        plc_pool_run(pool, &request, &result, &error);
        g_assert_no_error(error);
        g_test_message("%s: %s %u × %u", path, plc_format_name(result.facts.format), result.facts.width,
                       result.facts.height);
        request.kind = PLC_JOB_RENDER;
        plc_pool_run(pool, &request, &result, &error);
        g_assert_no_error(error);
        for (unsigned i = 0; i < result.n_made; i++) {
                g_assert_cmpuint(result.made[i].n_files, ==, 1);
                g_assert_cmpuint(result.made[i].files[0].width, ==, 240);
        }
        plc_result_clear(&result);
}

static void find_photos(const char *folder, unsigned depth, GPtrArray *out)
{
        g_auto(GStrv) names = NULL;

        if (!plc_list_dir(AT_FDCWD, folder, 10000, &names, NULL))
                return;
        for (char **name = names; *name != NULL; name++) {
                g_autofree char *path = g_build_filename(folder, *name, NULL);
                g_autofree char *lower = g_ascii_strdown(*name, -1);

                if (depth > 0 && g_file_test(path, G_FILE_TEST_IS_DIR))
                        find_photos(path, depth - 1, out);
                else if (g_str_has_suffix(lower, ".jpg") || g_str_has_suffix(lower, ".png") ||
                         g_str_has_suffix(lower, ".heic") || g_str_has_suffix(lower, ".webp"))
                        g_ptr_array_add(out, g_steal_pointer(&path));
        }
}

static const char *extension(const char *path)
{
        return strrchr(path, '.');
}

/* One photo of each format among the demo's. */
static void test_demo_photos(void)
{
        g_autoptr(GPtrArray) photos = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GHashTable) done = g_hash_table_new(g_str_hash, g_str_equal);
        g_autoptr(plc_pool) pool = real_pool();
        struct plc_pool_stats stats;

        find_photos(DEMO, 2, photos);
        for (guint i = 0; i < photos->len; i++)
                if (g_hash_table_add(done, (void *)extension(g_ptr_array_index(photos, i))))
                        render(pool, g_ptr_array_index(photos, i));
        if (photos->len == 0) {
                g_test_skip("no demo photos here");
                return;
        }
        plc_pool_stats(pool, &stats);
        g_assert_cmpuint(stats.deaths, ==, 0);
        g_assert_cmpuint(stats.started, ==, 2); /* the plan needs more files than an examination */
}

static void test_broken(void)
{
        g_autoptr(plc_pool) pool = real_pool();
        g_autoptr(GError) error = NULL;
        struct plc_result result;

        g_assert_false(run(pool, PLC_JOB_EXAMINE, "<svg xmlns='http://www.w3.org/2000/svg'/>", &result, &error));
        g_assert_error(error, PLC_ERROR_DOMAIN, PLC_E_UNSUPPORTED);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/photo/each format is read behind the sandbox", test_demo_photos);
        g_test_add_func("/photo/a drawing is refused", test_broken);
        return g_test_run();
}
