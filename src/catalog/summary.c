/* What do the reviews of a product say on average? Counted from the rows each time: an average that is kept can be
 * wrong. */
#include "catalog/summary.h"

#include "catalog/inner.h"

bool plc_catalog_set_counted(plc_catalog *catalog, const char *item, bool counted, GError **error)
{
        return plc_db_run(catalog->db, "item_set_counted", error, "ti", item, (int64_t)counted) &&
               plc_catalog_changed_one(catalog, "item", item, error);
}

bool plc_catalog_product_summary(plc_catalog *catalog, const char *product, struct plc_catalog_summary *out,
                                 GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(catalog->db, "product_ratings", error, "t", product);
        struct plc_catalog_summary summary = {0};
        double sum = 0;
        plc_row row;

        if (rows == NULL)
                return false;
        while ((row = plc_rows_next(rows, error)) == PLC_ROW) {
                double value = plc_rows_real(rows, 0), min = plc_rows_real(rows, 1), max = plc_rows_real(rows, 2);
                double five = max > min ? 1 + 4 * (CLAMP(value, min, max) - min) / (max - min) : 0;
                int64_t count = plc_rows_int(rows, 3);

                if (five < 1)
                        continue; /* a scale without extent says nothing */
                summary.count += count;
                summary.stars[MIN((int)(five + 0.5), 5) - 1] += count;
                sum += five * (double)count;
        }
        if (row == PLC_ROW_ERROR)
                return false;
        summary.average = summary.count > 0 ? sum / (double)summary.count : 0;
        *out = summary;
        return true;
}
