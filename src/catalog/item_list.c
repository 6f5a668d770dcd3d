/* Which items are there? Lists of ids, counts, and what an id that a person typed means. */
#include <string.h>

#include "catalog/inner.h"
#include "catalog/item.h"

static bool list_by(plc_catalog *catalog, const char *statement, const char *of, GPtrArray **out, GError **error)
{
        return plc_catalog_take_strings(plc_db_query(catalog->db, statement, error, "t", of), out, error);
}

bool plc_catalog_items_of_submission(plc_catalog *catalog, const char *submission, GPtrArray **out, GError **error)
{
        return list_by(catalog, "items_of_submission", submission, out, error);
}

bool plc_catalog_items_of_revision(plc_catalog *catalog, const char *submission, int64_t revision, GPtrArray **out,
                                   GError **error)
{
        return plc_catalog_take_strings(
                plc_db_query(catalog->db, "items_of_revision", error, "ti", submission, revision), out, error);
}

bool plc_catalog_items_of_contributor(plc_catalog *catalog, const char *contributor, GPtrArray **out, GError **error)
{
        return list_by(catalog, "items_of_contributor", contributor, out, error);
}

bool plc_catalog_items_of_product(plc_catalog *catalog, const char *product, GPtrArray **out, GError **error)
{
        return list_by(catalog, "items_of_product", product, out, error);
}

bool plc_catalog_items_of_tag(plc_catalog *catalog, const char *tag, GPtrArray **out, GError **error)
{
        return list_by(catalog, "items_of_tag", tag, out, error);
}

bool plc_catalog_items_of_campaign(plc_catalog *catalog, const char *campaign, GPtrArray **out, GError **error)
{
        return list_by(catalog, "items_of_campaign", campaign, out, error);
}

bool plc_catalog_same_photos(plc_catalog *catalog, const char *original_hmac, GPtrArray **out, GError **error)
{
        return list_by(catalog, "items_same_photo", original_hmac, out, error);
}

bool plc_catalog_list_items(plc_catalog *catalog, enum plc_item_state state, const char *after, size_t limit,
                            GPtrArray **out, GError **error)
{
        int64_t most = (int64_t)MIN(limit, PLC_CATALOG_PAGE_MAX);
        const char *from = after != NULL ? after : "";
        plc_rows *rows = state == PLC_ITEM_ANY ? plc_db_query(catalog->db, "items_all", error, "ti", from, most)
                                               : plc_db_query(catalog->db, "items_in_state", error, "tti",
                                                              plc_item_state_name(state), from, most);

        return plc_catalog_take_strings(rows, out, error);
}

bool plc_catalog_count_items(plc_catalog *catalog, int64_t out_counts[PLC_ITEM_ANY], GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(catalog->db, "items_count", error, "");
        int64_t counts[PLC_ITEM_ANY] = {0};
        plc_row row;

        if (rows == NULL)
                return false;
        while ((row = plc_rows_next(rows, error)) == PLC_ROW) {
                enum plc_item_state state;

                if (plc_item_state_parse(plc_rows_text(rows, 0), &state) && state < PLC_ITEM_ANY)
                        counts[state] = plc_rows_int(rows, 1);
        }
        if (row == PLC_ROW_ERROR)
                return false;
        memcpy(out_counts, counts, sizeof counts);
        return true;
}

/* The ids of the submission with this HMAC; empty if there is none. */
static bool of_external(plc_catalog *catalog, const char *hmac, GPtrArray **out, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(catalog->db, "submission_find", error, "t", hmac);
        char id[PLC_ID_SIZE] = "";
        plc_row row;

        if (rows == NULL)
                return false;
        row = plc_rows_next(rows, error);
        if (row == PLC_ROW_ERROR)
                return false;
        if (row == PLC_ROW)
                plc_catalog_copy_id(rows, 0, id);
        return plc_catalog_items_of_submission(catalog, id, out, error);
}

bool plc_catalog_resolve_items(plc_catalog *catalog, const char *id, const char *external_hmac, GPtrArray **out,
                               GError **error)
{
        g_autoptr(GPtrArray) items = NULL;
        int64_t exists;

        if (!plc_db_int(catalog->db, "item_exists", &exists, error, "t", id))
                return false;
        if (exists > 0) {
                *out = g_ptr_array_new_with_free_func(g_free);
                g_ptr_array_add(*out, g_strdup(id));
                return true;
        }
        if (!plc_catalog_items_of_submission(catalog, id, &items, error))
                return false;
        if (items->len == 0 && external_hmac != NULL) {
                g_clear_pointer(&items, g_ptr_array_unref);
                if (!of_external(catalog, external_hmac, &items, error))
                        return false;
        }
        if (items->len == 0)
                return plc_fail(error, PLC_E_NOT_FOUND, "there is no item or submission %s", id);
        *out = g_steal_pointer(&items);
        return true;
}
