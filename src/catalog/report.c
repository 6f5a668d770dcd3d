/* How are reports kept? A row each, for as long as the item; what strangers wrote is sealed. */
#include "catalog/report.h"

#include "catalog/inner.h"

plc_report_row *plc_report_row_new(void)
{
        return g_new0(plc_report_row, 1);
}

void plc_report_row_free(plc_report_row *row)
{
        if (row == NULL)
                return;
        g_free(row->reason);
        g_free(row->from);
        g_free(row->state);
        g_clear_pointer(&row->sealed_text, g_bytes_unref);
        g_clear_pointer(&row->sealed_contact, g_bytes_unref);
        g_free(row);
}

bool plc_catalog_insert_report(plc_catalog *catalog, const plc_report_row *row, bool *out_new, GError **error)
{
        gsize text_size = 0, contact_size = 0;
        const void *text = row->sealed_text != NULL ? g_bytes_get_data(row->sealed_text, &text_size) : NULL;
        const void *contact = row->sealed_contact != NULL ? g_bytes_get_data(row->sealed_contact, &contact_size) : NULL;

        if (!plc_db_run(catalog->db, "report_insert", error, "ttttitbb", row->id, row->item, row->reason, row->from,
                        row->at, row->hold[0] != '\0' ? row->hold : NULL, text, text_size, contact, contact_size))
                return false;
        *out_new = plc_db_changes(catalog->db) == 1;
        return true;
}

static gpointer read_report(plc_catalog *catalog, plc_rows *rows, GError **error)
{
        plc_report_row *row = plc_report_row_new();

        (void)catalog, (void)error;
        plc_catalog_copy_id(rows, 0, row->id);
        plc_catalog_copy_id(rows, 1, row->item);
        row->reason = plc_rows_dup(rows, 2);
        row->from = plc_rows_dup(rows, 3);
        row->at = plc_rows_int(rows, 4);
        plc_catalog_copy_id(rows, 5, row->hold);
        row->state = plc_rows_dup(rows, 6);
        row->sealed_text = plc_rows_bytes(rows, 7);
        row->sealed_contact = plc_rows_bytes(rows, 8);
        return row;
}

bool plc_catalog_get_report(plc_catalog *catalog, const char *id, plc_report_row **out, GError **error)
{
        gpointer found = NULL;

        if (!plc_catalog_must(plc_catalog_take_one(catalog, plc_db_query(catalog->db, "report_get", error, "t", id),
                                                   read_report, &found, error),
                              &found, "report", id, error))
                return false;
        *out = found;
        return true;
}

bool plc_catalog_reports_of_item(plc_catalog *catalog, const char *item, GPtrArray **out, GError **error)
{
        return plc_catalog_take_all(catalog, plc_db_query(catalog->db, "reports_of_item", error, "t", item),
                                    read_report, (GDestroyNotify)plc_report_row_free, out, error);
}

bool plc_catalog_list_reported(plc_catalog *catalog, GPtrArray **out, GError **error)
{
        return plc_catalog_take_strings(
                plc_db_query(catalog->db, "reported_items", error, "i", (int64_t)PLC_CATALOG_PAGE_MAX), out, error);
}

bool plc_catalog_count_report_holds(plc_catalog *catalog, const char *from, int64_t since, int64_t *out_from,
                                    int64_t *out_all, GError **error)
{
        return plc_db_int(catalog->db, "report_holds_from", out_from, error, "ti", from, since) &&
               plc_db_int(catalog->db, "report_holds", out_all, error, "i", since);
}

bool plc_catalog_settle_report(plc_catalog *catalog, const char *id, const char *state, GError **error)
{
        return plc_db_run(catalog->db, "report_settle", error, "tt", id, state);
}

bool plc_catalog_settle_reports_of_hold(plc_catalog *catalog, const char *hold, const char *state, GError **error)
{
        return plc_db_run(catalog->db, "report_settle_hold", error, "tt", hold, state);
}

bool plc_catalog_settle_reports_of_item(plc_catalog *catalog, const char *item, const char *state, GError **error)
{
        return plc_db_run(catalog->db, "report_settle_item", error, "tt", item, state);
}
