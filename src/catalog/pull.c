/* Who took which files away? Rows of pull and pull_file, written once. */
#include "catalog/pull.h"

#include "catalog/inner.h"

static void free_file(gpointer data)
{
        plc_pull_file *file = data;

        g_free(file->preset);
        g_free(file->file);
        g_free(file);
}

plc_pull *plc_pull_new(void)
{
        plc_pull *pull = g_new0(plc_pull, 1);

        plc_id_new(pull->id);
        pull->files = g_ptr_array_new_with_free_func(free_file);
        return pull;
}

void plc_pull_free(plc_pull *pull)
{
        if (pull == NULL)
                return;
        g_free(pull->bundle);
        g_free(pull->preset);
        g_free(pull->channel);
        g_free(pull->territory);
        g_free(pull->puller);
        g_free(pull->campaign);
        g_free(pull->receipt);
        g_ptr_array_unref(pull->files);
        g_free(pull);
}

plc_pull_file *plc_pull_add_file(plc_pull *pull)
{
        plc_pull_file *file = g_new0(plc_pull_file, 1);

        g_ptr_array_add(pull->files, file);
        return file;
}

bool plc_catalog_put_pull(plc_catalog *catalog, const plc_pull *pull, GError **error)
{
        if (!plc_catalog_need_tx(catalog, error) ||
            !plc_db_run(catalog->db, "pull_insert", error, "ttitttttiit", pull->id, pull->bundle, pull->bundle_version,
                        pull->preset, pull->channel, pull->territory, pull->puller, pull->campaign, pull->pulled_at,
                        pull->head, pull->receipt))
                return false;
        for (guint i = 0; i < pull->files->len; i++) {
                const plc_pull_file *file = g_ptr_array_index(pull->files, i);

                if (!plc_db_run(catalog->db, "pull_file_insert", error, "tittttii", pull->id, (int64_t)i, file->item,
                                file->preset, file->file, file->sha256, file->bytes, file->valid_until))
                        return false;
        }
        return true;
}

static gpointer read_pull(plc_catalog *catalog, plc_rows *rows, GError **error)
{
        plc_pull *pull = plc_pull_new();

        (void)catalog, (void)error;
        plc_catalog_copy_id(rows, 0, pull->id);
        pull->bundle = plc_rows_dup(rows, 1);
        pull->bundle_version = plc_rows_int(rows, 2);
        pull->preset = plc_rows_dup(rows, 3);
        pull->channel = plc_rows_dup(rows, 4);
        pull->territory = plc_rows_dup(rows, 5);
        pull->puller = plc_rows_dup(rows, 6);
        pull->campaign = plc_rows_dup(rows, 7);
        pull->pulled_at = plc_rows_int(rows, 8);
        pull->head = plc_rows_int(rows, 9);
        pull->receipt = plc_rows_dup(rows, 10);
        return pull;
}

static bool read_files(plc_catalog *catalog, plc_pull *pull, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(catalog->db, "pull_files", error, "t", pull->id);
        plc_row row;

        if (rows == NULL)
                return false;
        while ((row = plc_rows_next(rows, error)) == PLC_ROW) {
                plc_pull_file *file = plc_pull_add_file(pull);

                plc_catalog_copy_id(rows, 0, file->item);
                file->preset = plc_rows_dup(rows, 1);
                file->file = plc_rows_dup(rows, 2);
                g_strlcpy(file->sha256, plc_rows_text(rows, 3), sizeof file->sha256);
                file->bytes = plc_rows_int(rows, 4);
                file->valid_until = plc_rows_int(rows, 5);
        }
        return row == PLC_ROW_END;
}

static gpointer read_whole_pull(plc_catalog *catalog, plc_rows *rows, GError **error)
{
        g_autoptr(plc_pull) pull = read_pull(catalog, rows, error);

        return read_files(catalog, pull, error) ? g_steal_pointer(&pull) : NULL;
}

bool plc_catalog_get_pull(plc_catalog *catalog, const char *id, plc_pull **out, GError **error)
{
        gpointer found = NULL;

        if (!plc_catalog_must(plc_catalog_take_one(catalog, plc_db_query(catalog->db, "pull_get", error, "t", id),
                                                   read_whole_pull, &found, error),
                              &found, "pull", id, error))
                return false;
        *out = found;
        return true;
}

bool plc_catalog_pulls_of_item(plc_catalog *catalog, const char *item, int64_t at, GPtrArray **out, GError **error)
{
        return plc_catalog_take_all(catalog, plc_db_query(catalog->db, "pulls_of_item", error, "ti", item, at),
                                    read_whole_pull, (GDestroyNotify)plc_pull_free, out, error);
}

bool plc_catalog_pulled_items(plc_catalog *catalog, int64_t at, const char *after, size_t limit, GPtrArray **out,
                              GError **error)
{
        return plc_catalog_take_strings(plc_db_query(catalog->db, "pulled_items", error, "iti", at,
                                                     after != NULL ? after : "",
                                                     (int64_t)MIN(limit, PLC_CATALOG_PAGE_MAX)),
                                        out, error);
}

bool plc_catalog_list_pulls(plc_catalog *catalog, const char *after, size_t limit, GPtrArray **out, GError **error)
{
        return plc_catalog_take_all(catalog,
                                    plc_db_query(catalog->db, "pull_list", error, "ti", after != NULL ? after : "",
                                                 (int64_t)MIN(limit, PLC_CATALOG_PAGE_MAX)),
                                    read_pull, (GDestroyNotify)plc_pull_free, out, error);
}
