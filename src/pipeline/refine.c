/* When is there time to make files smaller? When no drop, no job and no act is under way: one photo, then a look again.
 */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "pipeline/office_private.h"

#define QUIET_US (INT64_C(5) * 1000000) /* since the last act */
#define LOOKED_AT 100                   /* photos of one tick: those that have nothing to gain cost little */
#define AGAIN_MS INT64_C(3600000)       /* when all have been looked at */
#define PRIORITY 90                     /* behind everything else */

static bool is_idle(const struct plc_office *office)
{
        return office->drops->len == 0 && office->jobs_running == 0 && office->jobs_due == 0 &&
               office->act_at_us + QUIET_US < g_get_monotonic_time();
}

/* *out_queued: a photo that a second pass makes smaller. */
static bool look_at(struct plc_office *office, const char *id, bool *out_queued, GError **error)
{
        plc_catalog *catalog = office->site->catalog;
        g_autoptr(GPtrArray) coarse = NULL;
        g_autoptr(plc_item) item = NULL;

        *out_queued = false;
        g_strlcpy(office->refined_to, id, sizeof office->refined_to);
        if (!plc_catalog_get_item(catalog, id, &item, error))
                return false;
        if (item->kind != PLC_ITEM_PHOTO || item->state != PLC_ITEM_APPROVED)
                return true;
        if (!plc_publish_coarse(&office->site->publisher, item, &coarse, error))
                return false;
        *out_queued = coarse->len > 0;
        return coarse->len == 0 || plc_catalog_enqueue(catalog, "refine", id, PRIORITY, plc_now_ms(), error);
}

static bool look_for_one(struct plc_office *office, GError **error)
{
        g_autoptr(GPtrArray) ids = NULL;
        bool queued = false;

        if (!plc_catalog_list_items(office->site->catalog, PLC_ITEM_APPROVED, office->refined_to, LOOKED_AT, &ids,
                                    error))
                return false;
        for (guint i = 0; i < ids->len && !queued; i++)
                if (!look_at(office, ids->pdata[i], &queued, error))
                        return false;
        if (queued)
                plc_office_kick(office);
        if (ids->len == 0) {
                office->refined_to[0] = '\0';
                office->refine_at = plc_now_ms() + AGAIN_MS;
        }
        return true;
}

void plc_refine_tick(struct plc_office *office)
{
        g_autoptr(GError) error = NULL;

        if (!office->closing && plc_now_ms() >= office->refine_at && is_idle(office) && !look_for_one(office, &error))
                plc_log_error(error, "cannot look for files to make smaller");
}
