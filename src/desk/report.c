/* Does moderation look at the stars? How many reviews of each were approved (16 CFR 465: reviews may not be suppressed
 * for being bad). */
#include "catalog/summary.h"
#include "desk/private.h"

bool plc_desk_report_fairness(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        struct plc_catalog_moderated stars[5];

        if (!plc_json_only(request, error) || !plc_catalog_moderated_by_stars(desk->site->catalog, stars, error))
                return false;
        plc_jw_object(answer, NULL);
        plc_jw_array(answer, "stars");
        for (int star = 5; star >= 1; star--) {
                const struct plc_catalog_moderated *row = &stars[star - 1];
                int64_t decided = row->approved + row->rejected;

                plc_jw_object(answer, NULL);
                plc_jw_int(answer, "stars", star);
                plc_jw_int(answer, "approved", row->approved);
                plc_jw_int(answer, "rejected", row->rejected);
                plc_jw_int(answer, "waiting", row->waiting);
                if (decided > 0)
                        plc_jw_real(answer, "approval_rate", (double)(row->approved * 1000 / decided) / 1000);
                else
                        plc_jw_null(answer, "approval_rate");
                plc_jw_end_object(answer);
        }
        plc_jw_end_array(answer);
        plc_jw_end_object(answer);
        return true;
}
