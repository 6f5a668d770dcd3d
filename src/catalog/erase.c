/* What of a person is forgotten here, and how is that itself remembered? Fields and rows go; a keyed tombstone stays.
 */
#include "catalog/inner.h"
#include "catalog/submission.h"

bool plc_catalog_erase_contributor(plc_catalog *catalog, const char *contributor, int64_t at, GPtrArray **out_blobs,
                                   GError **error)
{
        static const char *const steps[] = {
                "erase_contributor", "erase_submissions", "erase_revisions", "erase_tags",
                "erase_texts",       "erase_flags",       "erase_previews",  "erase_photos",
                "erase_reviews",     "erase_persons",     "erase_grants",    "erase_items",
        };
        g_autoptr(GPtrArray) blobs = NULL;

        if (!plc_catalog_need_tx(catalog, error) ||
            !plc_catalog_take_strings(plc_db_query(catalog->db, "erase_blobs", error, "t", contributor), &blobs, error))
                return false;
        for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
                if (!plc_db_run(catalog->db, steps[i], error, "ti", contributor, at))
                        return false;
                if (i == 0 && !plc_catalog_changed_one(catalog, "contributor", contributor, error))
                        return false;
        }
        *out_blobs = g_steal_pointer(&blobs);
        return true;
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
