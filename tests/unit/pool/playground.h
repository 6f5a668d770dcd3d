/* What do the pool's tests share? A pool of evil workers, and "photos" that tell them what to do. */
#pragma once
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "pool/pool.h"

static const struct plc_photo_limits limits = {
        .max_bytes = 1000000, .max_pixels = 1000000, .max_side = 10000, .max_frames = 1};

static inline plc_pool *evil_pool(void)
{
        return plc_pool_new(&(struct plc_pool_options){.program = PLC_TEST_BIN_DIR "/evil_worker",
                                                       .workers = 1,
                                                       .cpu_seconds = 1,
                                                       .wall_seconds = 2,
                                                       .memory_bytes = 1024 * PLC_MIB,
                                                       .file_bytes = 64 * PLC_MIB});
}

static inline int photo(const char *words)
{
        int fd = -1;

        g_assert_true(plc_memfd("photo", words, strlen(words), false, &fd, NULL));
        return fd;
}

/* Two placements; the photo that the evil worker tells of is 400 × 300. */
static inline struct plc_plan *small_plan(void)
{
        struct plc_plan *plan = g_new0(struct plc_plan, 1);

        plan->limits = limits;
        plan->n_placements = 2;
        for (unsigned i = 0; i < plan->n_placements; i++) {
                struct plc_placement *place = &plan->placements[i];

                g_snprintf(place->id, sizeof(place->id), "place-%u", i);
                place->width = place->height = 400;
                place->fit = PLC_FIT_COVER;
                place->n_encodings = 1;
                place->encodings[0] = (struct plc_encoding){.format = PLC_FORMAT_PNG, .quality = 90};
        }
        return plan;
}

static inline bool run(plc_pool *pool, enum plc_job_kind kind, const char *words, struct plc_result *out,
                       GError **error)
{
        g_autofree struct plc_plan *plan = small_plan();
        plc_autofd int fd = photo(words);
        struct plc_job_request request = {.kind = kind, .input = fd, .limits = &limits, .plan = plan};

        return plc_pool_run(pool, &request, out, error);
}

static inline void assert_honest_works(plc_pool *pool)
{
        g_autoptr(GError) error = NULL;
        struct plc_result result = {0};

        run(pool, PLC_JOB_RENDER, "honest", &result, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(result.n_made, ==, 2);
        plc_result_clear(&result);
}

static inline unsigned open_descriptors(void)
{
        g_auto(GStrv) names = NULL;

        g_assert_true(plc_list_dir(AT_FDCWD, "/proc/self/fd", 100000, &names, NULL));
        return g_strv_length(names);
}
