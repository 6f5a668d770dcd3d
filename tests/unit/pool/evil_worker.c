/* A worker that does what its "photo" says: "honest", one of evil_acts.c or one of evil_lies.c. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "evil.h"
#include "worker/loop.h"

#ifdef PLC_SANITIZE
const char *__asan_default_options(void);
__attribute__((visibility("default"))) const char *__asan_default_options(void)
{
        return "detect_leaks=0:symbolize=0:allocator_may_return_null=1";
}
#endif

int evil_memfd(const void *data, size_t size, bool seal)
{
        int fd = memfd_create("made", MFD_CLOEXEC | MFD_ALLOW_SEALING);

        if (fd >= 0 && (write(fd, data, size) != (ssize_t)size ||
                        (seal && fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW) != 0)))
                _exit(3);
        return fd;
}

static const char png[] = "\x89PNG\r\n\x1a\n only the head is looked at here";

void evil_be_honest(const struct plc_message *request, struct plc_message *answer)
{
        struct plc_result *result = &answer->result;

        result->facts = (struct plc_facts){.format = PLC_FORMAT_JPEG,
                                           .width = 400,
                                           .height = 300,
                                           .stored_width = 400,
                                           .stored_height = 300,
                                           .orientation = 1,
                                           .frames = 1,
                                           .colour = "sRGB"};
        if (request->kind != PLC_MSG_RENDER)
                return;
        result->n_made = request->plan.n_placements;
        result->made = g_new0(struct plc_made, result->n_made);
        for (unsigned i = 0; i < result->n_made; i++) {
                struct plc_made *made = &result->made[i];

                g_strlcpy(made->preset, request->plan.placements[i].id, sizeof(made->preset));
                made->crop = (struct plc_rect){0, 0, 400, 300};
                made->n_files = MAX(request->plan.placements[i].n_widths, 1);
                for (unsigned f = 0; f < made->n_files; f++)
                        made->files[f] = (struct plc_made_file){.width = 40,
                                                                .height = 30,
                                                                .format = PLC_FORMAT_PNG,
                                                                .bytes = sizeof(png),
                                                                .fd = evil_memfd(png, sizeof(png), true)};
        }
}

static bool act(const char *name, GError **error)
{
        for (size_t i = 0; i < evil_n_acts; i++)
                if (strcmp(evil_acts[i].name, name) == 0 && evil_acts[i].act() < 0)
                        return plc_fail(error, PLC_E_UNREADABLE, "refused: %s", g_strerror(errno));
        return true;
}

static bool evil(plc_wire *wire, const struct plc_message *request, struct plc_message *answer, GError **error)
{
        char name[64] = "";

        if (pread(request->input, name, sizeof(name) - 1, 0) < 0)
                return plc_fail_errno(error, errno, "cannot read");
        evil_be_honest(request, answer);
        for (size_t i = 0; i < evil_n_lies; i++)
                if (strcmp(evil_lies[i].name, name) == 0 && !evil_lies[i].lie(wire, request, answer))
                        for (;;) /* until the office has judged */
                                g_usleep(G_USEC_PER_SEC);
        return act(name, error);
}

static const struct plc_worker_job jobs[] = {
        {PLC_MSG_EXAMINE, PLC_MSG_EXAMINED, evil},
        {PLC_MSG_RENDER, PLC_MSG_RENDERED, evil},
};
static const struct plc_worker evil_one = {.jobs = jobs, .n_jobs = G_N_ELEMENTS(jobs)};

int main(int argc, char **argv)
{
        return plc_worker_main(argc, argv, &evil_one);
}
