/* What does the pool keep of a request until it is answered, and how does it become a message? */
#include "pool/job.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/file.h"
#include "pool/check.h"

void plc_pool_job_free(struct plc_pool_job *job)
{
        plc_close_fd(&job->input);
        g_free((void *)job->request.limits);
        g_free((void *)job->request.plan);
        g_free(job);
}

/* A duplicate would share position and write permission with the caller's descriptor; opening it again shares neither.
 */
static bool open_input(int input, int *out_fd, GError **error)
{
        g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", input);
        struct stat found;
        int fd;

        if (fstat(input, &found) != 0)
                return plc_fail_errno(error, errno, "cannot look at the photo");
        if (!S_ISREG(found.st_mode))
                return plc_fail(error, PLC_E_UNSAFE_FILE, "the photo is not an ordinary file");
        fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
                return plc_fail_errno(error, errno, "cannot open the photo for the worker");
        *out_fd = fd;
        return true;
}

struct plc_message *plc_pool_job_message(const struct plc_pool_job *job, GError **error)
{
        bool render = job->request.kind == PLC_JOB_RENDER;
        g_autoptr(plc_message) message = plc_message_new(render ? PLC_MSG_RENDER : PLC_MSG_EXAMINE, job->id);

        message->cpu_seconds = job->request.cpu_seconds;
        if (render)
                message->plan = *job->request.plan;
        else
                message->limits = *job->request.limits;
        if (!open_input(job->input, &message->input, error))
                return NULL;
        return g_steal_pointer(&message);
}

static bool ready(struct plc_pool_job *job, GError **error)
{
        g_autoptr(plc_message) trial = NULL;
        g_autoptr(GByteArray) bytes = NULL;
        g_autoptr(GArray) fds = NULL;

        if (!open_input(job->request.input, &job->input, error))
                return false;
        trial = plc_pool_job_message(job, error);
        return trial != NULL && plc_message_encode(trial, &bytes, &fds, error);
}

struct plc_pool_job *plc_pool_job_new(const struct plc_job_request *request, uint64_t id, GError **error)
{
        struct plc_pool_job *job = g_new0(struct plc_pool_job, 1);
        bool render = request->kind == PLC_JOB_RENDER;

        job->request = *request;
        job->request.limits = render ? NULL : g_memdup2(request->limits, sizeof(*request->limits));
        job->request.plan = render ? g_memdup2(request->plan, sizeof(*request->plan)) : NULL;
        job->input = -1;
        job->id = id;
        if (ready(job, error))
                return job;
        plc_pool_job_free(job);
        return NULL;
}

unsigned plc_pool_job_files(const struct plc_pool_job *job)
{
        const struct plc_plan *plan = job->request.plan;
        unsigned files = 0;

        for (unsigned i = 0; plan != NULL && i < plan->n_placements; i++)
                files += plc_check_max_files(plan, &plan->placements[i]);
        return files;
}
