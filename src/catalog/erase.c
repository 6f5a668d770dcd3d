/* What of a person is forgotten here, and how is that itself remembered? Fields and rows go; a keyed tombstone stays.
 */
#include "catalog/submission.h"

#include <string.h>

#include "catalog/inner.h"

static bool run_all(plc_catalog *catalog, const char *const *statements, size_t n, const char *contributor, int64_t at,
                    GError **error)
{
        if (!plc_catalog_need_tx(catalog, error))
                return false;
        for (size_t i = 0; i < n; i++) {
                if (!plc_db_run(catalog->db, statements[i], error, "ti", contributor, at))
                        return false;
                if (strcmp(statements[i], "erase_contributor") == 0 &&
                    !plc_catalog_changed_one(catalog, "contributor", contributor, error))
                        return false;
        }
        return true;
}

bool plc_catalog_erase_contributor(plc_catalog *catalog, const char *contributor, int64_t at, GError **error)
{
        static const char *const statements[] = {
                "erase_contributor", "erase_submissions", "erase_revisions", "erase_tags",
                "erase_texts",       "erase_reports",     "erase_flags",     "erase_previews",
                "erase_photos",      "erase_said",        "erase_reviews",   "erase_rated",
                "erase_persons",     "erase_grants",      "erase_items",     "erase_jobs",
        };

        return run_all(catalog, statements, G_N_ELEMENTS(statements), contributor, at, error);
}

bool plc_catalog_blobs_of_contributor(plc_catalog *catalog, const char *contributor, GPtrArray **out, GError **error)
{
        return plc_catalog_take_strings(plc_db_query(catalog->db, "erase_blobs", error, "t", contributor), out, error);
}

bool plc_catalog_forget_blobs(plc_catalog *catalog, const char *contributor, GError **error)
{
        static const char *const statements[] = {"forget_previews", "forget_originals", "forget_evidence"};

        return run_all(catalog, statements, G_N_ELEMENTS(statements), contributor, 0, error);
}

bool plc_catalog_empty_log(plc_catalog *catalog, GError **error)
{
        return plc_db_empty_log(catalog->db, error);
}

bool plc_catalog_add_tombstone(plc_catalog *catalog, const char *hmac, int64_t erased_at, GError **error)
{
        return plc_db_run(catalog->db, "tombstone_add", error, "ti", hmac, erased_at);
}

bool plc_catalog_find_tombstone(plc_catalog *catalog, const char *hmac, int64_t *out_erased_at, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(catalog->db, "tombstone_get", error, "t", hmac);
        plc_row row = rows != NULL ? plc_rows_next(rows, error) : PLC_ROW_ERROR;

        if (row == PLC_ROW_ERROR)
                return false;
        *out_erased_at = row == PLC_ROW ? plc_rows_int(rows, 0) : 0;
        return true;
}
