/* Which lines has the purge list still to get? See purge.h. */
#include "catalog/purge.h"

#include "catalog/inner.h"

bool plc_catalog_keep_purge(plc_catalog *catalog, const char *line, GError **error)
{
        return plc_catalog_need_tx(catalog, error) && plc_db_run(catalog->db, "purge_add", error, "t", line);
}

bool plc_catalog_kept_purges(plc_catalog *catalog, GPtrArray **out, int64_t *out_last, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(catalog->db, "purges", error, "i", (int64_t)PLC_CATALOG_PAGE_MAX);
        g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
        plc_row row = PLC_ROW_ERROR;
        int64_t last = 0;

        if (rows == NULL)
                return false;
        while ((row = plc_rows_next(rows, error)) == PLC_ROW) {
                g_ptr_array_add(lines, plc_rows_dup(rows, 0));
                last = plc_rows_int(rows, 1);
        }
        if (row == PLC_ROW_ERROR)
                return false;
        *out = g_steal_pointer(&lines);
        *out_last = last;
        return true;
}

bool plc_catalog_forget_purges(plc_catalog *catalog, int64_t last, GError **error)
{
        return plc_db_run(catalog->db, "purges_delete", error, "i", last);
}
