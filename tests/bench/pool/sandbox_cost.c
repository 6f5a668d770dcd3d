/* What does the sandbox cost? The same plan for the same photo in this process and through the pool: CPU seconds,
 * largest memory. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "media/media.h"
#include "pool/pool.h"

static const struct {
        const char *id;
        uint32_t width, height;
        enum plc_format format;
} places[] = {
        {"card-640", 640, 0, PLC_FORMAT_WEBP}, {"card-320", 320, 0, PLC_FORMAT_WEBP},
        {"gallery", 1200, 0, PLC_FORMAT_WEBP}, {"square", 1080, 1080, PLC_FORMAT_JPEG},
        {"feed", 1080, 1350, PLC_FORMAT_JPEG}, {"email", 600, 600, PLC_FORMAT_JPEG},
};

static void make_plan(struct plc_plan *plan)
{
        memset(plan, 0, sizeof(*plan));
        plan->limits = (struct plc_photo_limits){
                .max_bytes = 40000000, .max_pixels = 50000000, .max_side = 16000, .max_frames = 500};
        for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
                struct plc_placement *place = &plan->placements[plan->n_placements++];

                g_strlcpy(place->id, places[i].id, sizeof(place->id));
                place->width = places[i].width;
                place->height = places[i].height;
                place->size_mode = PLC_SIZE_MAX;
                place->fit = places[i].height == 0 ? PLC_FIT_INSIDE : PLC_FIT_COVER;
                place->n_encodings = 1;
                place->encodings[0] = (struct plc_encoding){.format = places[i].format,
                                                            .quality = 80,
                                                            .effort = places[i].format == PLC_FORMAT_WEBP ? 4 : 0};
        }
}

static double cpu(int who)
{
        struct rusage used;

        getrusage(who, &used);
        return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
               (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static bool in_process(int fd, const struct plc_plan *plan, unsigned times, GError **error)
{
        double before;

        if (!plc_media_init(error))
                return false;
        before = cpu(RUSAGE_SELF);
        for (unsigned i = 0; i < times; i++) {
                struct plc_result result = {0};

                if (!plc_media_render(fd, plan, &result, error))
                        return false;
                plc_result_clear(&result);
        }
        printf("in process: %.1f CPU ms a photo\n", 1e3 * (cpu(RUSAGE_SELF) - before) / times);
        return true;
}

static bool pooled(const char *worker, int fd, const struct plc_plan *plan, unsigned times, unsigned jobs_per_worker,
                   GError **error)
{
        struct plc_pool_options options = {.program = worker, .workers = 1, .jobs_per_worker = jobs_per_worker};
        plc_pool *pool = plc_pool_new(&options);
        struct plc_job_request request = {.kind = PLC_JOB_RENDER, .input = fd, .plan = plan};
        double before = cpu(RUSAGE_SELF) + cpu(RUSAGE_CHILDREN);
        unsigned files = 0;
        bool ok = true;

        for (unsigned i = 0; ok && i < times; i++) {
                struct plc_result result = {0};

                ok = plc_pool_run(pool, &request, &result, error);
                for (unsigned m = 0; m < result.n_made; m++)
                        files += result.made[m].n_files;
                plc_result_clear(&result);
        }
        plc_pool_free(pool);
        printf("%u jobs a worker: %.1f CPU ms a photo, %u files\n", jobs_per_worker,
               1e3 * (cpu(RUSAGE_SELF) + cpu(RUSAGE_CHILDREN) - before) / times, files / times);
        return ok;
}

int main(int argc, char **argv)
{
        g_autofree struct plc_plan *plan = g_new0(struct plc_plan, 1);
        unsigned times = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 20;
        struct rusage children;
        GError *error = NULL;
        int fd;

        if (argc < 3 || times == 0 || (fd = open(argv[2], O_RDONLY | O_CLOEXEC)) < 0) {
                fprintf(stderr, "usage: bench_sandbox_cost WORKER PHOTO [TIMES]\n");
                return 2;
        }
        make_plan(plan);
        if (!pooled(argv[1], fd, plan, times, 20, &error) || !pooled(argv[1], fd, plan, times, 1, &error) ||
            !in_process(fd, plan, times, &error)) {
                fprintf(stderr, "%s\n", error->message);
                return 1;
        }
        getrusage(RUSAGE_CHILDREN, &children);
        printf("largest worker: %ld MiB\n", children.ru_maxrss / 1024);
        return 0;
}
