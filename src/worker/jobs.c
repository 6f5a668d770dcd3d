/* Which jobs does placet-worker do? */
#include "media/media.h"
#include "worker/loop.h"

static bool examine(plc_wire *wire, const struct plc_message *request, struct plc_message *answer, GError **error)
{
        (void)wire;
        return plc_media_examine(request->input, &request->limits, &answer->result.facts, error);
}

static bool render(plc_wire *wire, const struct plc_message *request, struct plc_message *answer, GError **error)
{
        (void)wire;
        return plc_media_render(request->input, &request->plan, &answer->result, error);
}

static const struct plc_worker_job jobs[] = {
        {PLC_MSG_EXAMINE, PLC_MSG_EXAMINED, examine},
        {PLC_MSG_RENDER, PLC_MSG_RENDERED, render},
};

const struct plc_worker plc_worker_media = {
        .init = plc_media_init, .libraries = plc_media_libraries, .jobs = jobs, .n_jobs = G_N_ELEMENTS(jobs)};
