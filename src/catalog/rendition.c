/* Which files were made of a photo? Rows of placed (the verdict) and rendition (the files). */
#include "catalog/rendition.h"

#include "catalog/inner.h"

static void free_rendition(gpointer data)
{
        plc_rendition *file = data;

        g_free(file->format);
        g_free(file->asset);
        g_free(file);
}

plc_placed *plc_placed_new(void)
{
        plc_placed *placed = g_new0(plc_placed, 1);

        placed->files = g_ptr_array_new_with_free_func(free_rendition);
        return placed;
}

void plc_placed_free(plc_placed *placed)
{
        if (placed == NULL)
                return;
        g_free(placed->preset);
        g_free(placed->plan);
        g_free(placed->verdict);
        g_free(placed->refusal);
        g_free(placed->why);
        g_ptr_array_unref(placed->files);
        g_free(placed);
}

plc_rendition *plc_placed_add_file(plc_placed *placed)
{
        plc_rendition *file = g_new0(plc_rendition, 1);

        g_ptr_array_add(placed->files, file);
        return file;
}

bool plc_catalog_put_placed(plc_catalog *catalog, const plc_placed *placed, GError **error)
{
        if (!plc_catalog_need_tx(catalog, error) ||
            !plc_db_run(catalog->db, "renditions_delete_preset", error, "tt", placed->item, placed->preset) ||
            !plc_db_run(catalog->db, "placed_put", error, "ttttttiiiiiii", placed->item, placed->preset, placed->plan,
                        placed->verdict, placed->refusal, placed->why, (int64_t)placed->cropped,
                        (int64_t)placed->focal_outside_safe, placed->crop_x, placed->crop_y, placed->crop_w,
                        placed->crop_h, placed->made_at))
                return false;
        for (guint i = 0; i < placed->files->len; i++) {
                const plc_rendition *file = g_ptr_array_index(placed->files, i);

                if (!plc_db_run(catalog->db, "rendition_insert", error, "ttitiiittii", placed->item, placed->preset,
                                file->css_width, file->format, file->width, file->height, file->bytes, file->sha256,
                                file->asset, file->quality, file->encodes) ||
                    !plc_db_run(catalog->db, "proof_insert", error, "ttiti", placed->item, placed->preset,
                                file->css_width, file->format, file->holds))
                        return false;
        }
        return true;
}

bool plc_catalog_has_placed(plc_catalog *catalog, const char *item, const char *preset, const char *plan, bool *out,
                            GError **error)
{
        int64_t count;

        if (!plc_db_int(catalog->db, "placed_count", &count, error, "ttt", item, preset, plan))
                return false;
        *out = count > 0;
        return true;
}

bool plc_catalog_has_asset(plc_catalog *catalog, const char *asset, bool *out, GError **error)
{
        int64_t count;

        if (!plc_db_int(catalog->db, "asset_count", &count, error, "t", asset))
                return false;
        *out = count > 0;
        return true;
}

static bool read_files(plc_catalog *catalog, plc_placed *placed, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(catalog->db, "renditions", error, "tt", placed->item, placed->preset);
        plc_row row;

        if (rows == NULL)
                return false;
        while ((row = plc_rows_next(rows, error)) == PLC_ROW) {
                plc_rendition *file = plc_placed_add_file(placed);

                file->css_width = plc_rows_int(rows, 0);
                file->format = plc_rows_dup(rows, 1);
                file->width = plc_rows_int(rows, 2);
                file->height = plc_rows_int(rows, 3);
                file->bytes = plc_rows_int(rows, 4);
                g_strlcpy(file->sha256, plc_rows_text(rows, 5), sizeof file->sha256);
                file->asset = plc_rows_dup(rows, 6);
                file->quality = plc_rows_int(rows, 7);
                file->encodes = plc_rows_int(rows, 8);
                file->holds = plc_rows_int(rows, 9);
        }
        return row == PLC_ROW_END;
}

static gpointer read_placed(plc_catalog *catalog, plc_rows *rows, GError **error)
{
        g_autoptr(plc_placed) placed = plc_placed_new();

        plc_catalog_copy_id(rows, 0, placed->item);
        placed->preset = plc_rows_dup(rows, 1);
        placed->plan = plc_rows_dup(rows, 2);
        placed->verdict = plc_rows_dup(rows, 3);
        placed->refusal = plc_rows_dup(rows, 4);
        placed->why = plc_rows_dup(rows, 5);
        placed->cropped = plc_rows_int(rows, 6) != 0;
        placed->focal_outside_safe = plc_rows_int(rows, 7) != 0;
        placed->crop_x = plc_rows_int(rows, 8);
        placed->crop_y = plc_rows_int(rows, 9);
        placed->crop_w = plc_rows_int(rows, 10);
        placed->crop_h = plc_rows_int(rows, 11);
        placed->made_at = plc_rows_int(rows, 12);
        return read_files(catalog, placed, error) ? g_steal_pointer(&placed) : NULL;
}

bool plc_catalog_placed_of_item(plc_catalog *catalog, const char *item, GPtrArray **out, GError **error)
{
        return plc_catalog_take_all(catalog, plc_db_query(catalog->db, "placed_of_item", error, "t", item), read_placed,
                                    (GDestroyNotify)plc_placed_free, out, error);
}

bool plc_catalog_placed_items(plc_catalog *catalog, GPtrArray **out, GError **error)
{
        return plc_catalog_take_strings(plc_db_query(catalog->db, "items_placed", error, ""), out, error);
}

bool plc_catalog_get_placed(plc_catalog *catalog, const char *item, const char *preset, plc_placed **out,
                            GError **error)
{
        gpointer found = NULL;

        if (!plc_catalog_take_one(catalog, plc_db_query(catalog->db, "placed_get", error, "tt", item, preset),
                                  read_placed, &found, error))
                return false;
        *out = found;
        return true;
}

bool plc_catalog_remove_placed(plc_catalog *catalog, const char *item, GPtrArray **out_assets, GError **error)
{
        g_autoptr(GPtrArray) assets = NULL;

        if (!plc_catalog_need_tx(catalog, error) ||
            !plc_catalog_take_strings(plc_db_query(catalog->db, "assets_only_of", error, "t", item), &assets, error) ||
            !plc_db_run(catalog->db, "renditions_delete", error, "t", item) ||
            !plc_db_run(catalog->db, "placed_delete", error, "t", item))
                return false;
        if (out_assets != NULL)
                *out_assets = g_steal_pointer(&assets);
        return true;
}

bool plc_catalog_forget_placed(plc_catalog *catalog, const char *item, const char *preset, GError **error)
{
        return plc_catalog_need_tx(catalog, error) &&
               plc_db_run(catalog->db, "renditions_delete_preset", error, "tt", item, preset) &&
               plc_db_run(catalog->db, "placed_delete_preset", error, "tt", item, preset);
}

static gpointer read_user(plc_catalog *catalog, plc_rows *rows, GError **error)
{
        (void)catalog, (void)error;
        return g_strdup_printf("%s %s", plc_rows_text(rows, 0), plc_rows_text(rows, 1));
}

bool plc_catalog_asset_users(plc_catalog *catalog, const char *asset, GPtrArray **out, GError **error)
{
        return plc_catalog_take_all(catalog, plc_db_query(catalog->db, "asset_users", error, "t", asset), read_user,
                                    g_free, out, error);
}

bool plc_catalog_remove_placed_preset(plc_catalog *catalog, const char *item, const char *preset,
                                      GPtrArray **out_assets, GError **error)
{
        g_autoptr(GPtrArray) assets = NULL;

        if (!plc_catalog_take_strings(plc_db_query(catalog->db, "assets_only_of_preset", error, "tt", item, preset),
                                      &assets, error) ||
            !plc_catalog_forget_placed(catalog, item, preset, error))
                return false;
        if (out_assets != NULL)
                *out_assets = g_steal_pointer(&assets);
        return true;
}

bool plc_catalog_leave_files(plc_catalog *catalog, const char *item, const char *preset, GError **error)
{
        return plc_catalog_need_tx(catalog, error) && plc_db_run(catalog->db, "leave_files", error, "tt", item, preset);
}

bool plc_catalog_left_files(plc_catalog *catalog, const char *item, GPtrArray **out, GError **error)
{
        return plc_catalog_take_strings(plc_db_query(catalog->db, "left_files", error, "t", item), out, error);
}

bool plc_catalog_left_by(plc_catalog *catalog, const char *asset, GPtrArray **out, GError **error)
{
        return plc_catalog_take_strings(plc_db_query(catalog->db, "left_by", error, "t", asset), out, error);
}

bool plc_catalog_forget_left(plc_catalog *catalog, const char *item, GError **error)
{
        return plc_catalog_need_tx(catalog, error) && plc_db_run(catalog->db, "left_files_forget", error, "t", item);
}
