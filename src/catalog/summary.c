/* What do the reviews of a product say on average? Counted from the rows each time: an average that is kept can be
 * wrong. */
#include "catalog/summary.h"

#include <string.h>

#include "catalog/inner.h"
#include "catalog/item.h"

bool plc_catalog_set_counted(plc_catalog *catalog, const char *item, bool counted, GError **error)
{
        int64_t was;

        /* Nearly always so: what is not written need not be moved, flushed and backed up. */
        if (plc_db_int(catalog->db, "item_counted", &was, NULL, "t", item) && was == counted)
                return true;
        return plc_db_run(catalog->db, "item_set_counted", error, "ti", item, (int64_t)counted) &&
               plc_catalog_changed_one(catalog, "item", item, error) &&
               plc_db_run(catalog->db, "rated_remove", error, "t", item) &&
               (!counted || plc_db_run(catalog->db, "rated_add", error, "t", item));
}

bool plc_catalog_count_anew(plc_catalog *catalog, GError **error)
{
        return plc_db_run(catalog->db, "rated_clear", error, "") && plc_db_run(catalog->db, "rated_fill", error, "");
}

bool plc_catalog_counted_otherwise(plc_catalog *catalog, char **out_product, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(catalog->db, "rated_otherwise", error, "");
        plc_row row = rows != NULL ? plc_rows_next(rows, error) : PLC_ROW_ERROR;

        if (row == PLC_ROW_ERROR)
                return false;
        *out_product = row == PLC_ROW ? plc_rows_dup(rows, 0) : NULL;
        return true;
}

/* 0 for a scale without extent. */
static double of_five(double value, double min, double max)
{
        return max > min ? 1 + 4 * (CLAMP(value, min, max) - min) / (max - min) : 0;
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
                double five = of_five(plc_rows_real(rows, 0), plc_rows_real(rows, 1), plc_rows_real(rows, 2));
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

bool plc_catalog_moderated_by_stars(plc_catalog *catalog, struct plc_catalog_moderated out[5], GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(catalog->db, "ratings_by_state", error, "");
        struct plc_catalog_moderated all[5] = {{0}};
        plc_row row = PLC_ROW_ERROR;

        while (rows != NULL && (row = plc_rows_next(rows, error)) == PLC_ROW) {
                double five = of_five(plc_rows_real(rows, 0), plc_rows_real(rows, 1), plc_rows_real(rows, 2));
                struct plc_catalog_moderated *stars = &all[five < 1 ? 0 : MIN((int)(five + 0.5), 5) - 1];
                enum plc_item_state state = PLC_ITEM_ANY;
                int64_t count = plc_rows_int(rows, 4);

                if (five < 1 || !plc_item_state_parse(plc_rows_text(rows, 3), &state))
                        continue; /* a scale without extent says nothing */
                stars->approved += state == PLC_ITEM_APPROVED ? count : 0;
                stars->rejected += state == PLC_ITEM_REJECTED ? count : 0;
                stars->waiting += state == PLC_ITEM_WAITING ? count : 0;
        }
        if (row != PLC_ROW_END)
                return false;
        memcpy(out, all, sizeof all);
        return true;
}
