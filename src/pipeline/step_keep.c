/*
 * When is a kept bundle filled anew? After items were published, in the minute in which its window opens, and each hour
 * for items that grow old; behind all other jobs, so that many approvals make one version, and not more often than it
 * costs: the office is one thread, and whoever withdraws must not wait behind it.
 */
#include "base/clock.h"
#include "catalog/bundle.h"
#include "pipeline/office_private.h"
#include "publish/bundle.h"

#define PRIORITY 30
#define SHARE 20                   /* of the office's time: one twentieth */
#define REST_MAX_MS INT64_C(60000) /* what is approved is in it a minute later at the latest */

bool plc_office_queue_keep(struct plc_office *office, GError **error)
{
        int64_t now_ms = plc_now_ms();
        bool any;

        return plc_catalog_has_kept_bundles(office->site->catalog, &any, error) &&
               (!any || plc_catalog_enqueue(office->site->catalog, "keep", "bundles", PRIORITY,
                                            MAX(now_ms, office->keep_from_ms), error));
}

bool plc_office_keep_opened(struct plc_office *office, GError **error)
{
        if (plc_now_ms() < office->keep_opens_ms)
                return true;
        office->keep_opens_ms = PLC_TIME_NEVER; /* until the step tells the next one */
        return plc_office_queue_keep(office, error);
}

enum plc_progress plc_step_keep(struct plc_office *office, struct plc_running *running, GError **error)
{
        int64_t began_us = g_get_monotonic_time(), took_ms;
        bool ok = plc_bundle_keep_all(&office->site->publisher, plc_now_ms(), &office->keep_opens_ms, error);

        (void)running;
        took_ms = (g_get_monotonic_time() - began_us) / 1000;
        office->keep_from_ms = plc_now_ms() + MIN(SHARE * took_ms, REST_MAX_MS);
        return ok ? PLC_DONE : PLC_FAILED;
}
