/* When is a kept bundle filled anew? After items were published, and each hour for windows that open and items that
 * grow old; behind all other jobs, so that many approvals make one version. */
#include "base/clock.h"
#include "catalog/bundle.h"
#include "pipeline/office_private.h"
#include "publish/bundle.h"

#define PRIORITY 30

bool plc_office_queue_keep(struct plc_site *site, GError **error)
{
        bool any;

        return plc_catalog_has_kept_bundles(site->catalog, &any, error) &&
               (!any || plc_catalog_enqueue(site->catalog, "keep", "bundles", PRIORITY, plc_now_ms(), error));
}

enum plc_progress plc_step_keep(struct plc_office *office, struct plc_running *running, GError **error)
{
        (void)running;
        return plc_bundle_keep_all(&office->site->publisher, plc_now_ms(), error) ? PLC_DONE : PLC_FAILED;
}
