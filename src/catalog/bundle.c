/* How are published sets kept? Each version once, with its items in order; a withdrawal marks, nothing is changed or
 * removed. */
#include "catalog/bundle.h"

#include "catalog/inner.h"

plc_bundle *plc_bundle_new(void)
{
        plc_bundle *bundle = g_new0(plc_bundle, 1);

        bundle->items = g_ptr_array_new_with_free_func(g_free);
        return bundle;
}

void plc_bundle_free(plc_bundle *bundle)
{
        if (bundle == NULL)
                return;
        g_free(bundle->name);
        g_free(bundle->definition);
        g_ptr_array_unref(bundle->items);
        g_free(bundle);
}

static gpointer read_bundle(plc_catalog *catalog, plc_rows *rows, GError **error)
{
        plc_bundle *bundle = plc_bundle_new();

        (void)catalog, (void)error;
        bundle->name = plc_rows_dup(rows, 0);
        bundle->version = plc_rows_int(rows, 1);
        bundle->definition = plc_rows_dup(rows, 2);
        bundle->published_at = plc_rows_int(rows, 3);
        bundle->withdrawn_at = plc_rows_int(rows, 4);
        return bundle;
}

bool plc_catalog_put_bundle(plc_catalog *catalog, plc_bundle *bundle, GError **error)
{
        int64_t latest;

        if (!plc_catalog_need_tx(catalog, error) ||
            !plc_db_int(catalog->db, "bundle_latest", &latest, error, "t", bundle->name) ||
            !plc_db_run(catalog->db, "bundle_insert", error, "titi", bundle->name, latest + 1, bundle->definition,
                        bundle->published_at))
                return false;
        for (guint i = 0; i < bundle->items->len; i++)
                if (!plc_db_run(catalog->db, "bundle_item_insert", error, "tiit", bundle->name, latest + 1, (int64_t)i,
                                g_ptr_array_index(bundle->items, i)))
                        return false;
        bundle->version = latest + 1;
        return true;
}

bool plc_catalog_put_manifest(plc_catalog *catalog, const plc_bundle *bundle, bool kept, const char *manifest,
                              const char *sha256, GError **error)
{
        return plc_catalog_need_tx(catalog, error) &&
               plc_db_run(catalog->db, "bundle_manifest_insert", error, "tiitt", bundle->name, bundle->version,
                          (int64_t)kept, manifest, sha256);
}

bool plc_catalog_has_bundles(plc_catalog *catalog, bool *out, GError **error)
{
        int64_t n;

        if (!plc_db_int(catalog->db, "bundles_any", &n, error, ""))
                return false;
        *out = n > 0;
        return true;
}

bool plc_catalog_has_kept_bundles(plc_catalog *catalog, bool *out, GError **error)
{
        int64_t n;

        if (!plc_db_int(catalog->db, "bundles_kept", &n, error, ""))
                return false;
        *out = n > 0;
        return true;
}

bool plc_catalog_get_manifest(plc_catalog *catalog, const char *name, int64_t version, char **out_manifest,
                              char **out_sha256, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(catalog->db, "bundle_manifest", error, "ti", name, version);
        plc_row row = rows != NULL ? plc_rows_next(rows, error) : PLC_ROW_ERROR;

        if (row == PLC_ROW_ERROR)
                return false;
        *out_manifest = row == PLC_ROW ? plc_rows_dup(rows, 0) : NULL;
        *out_sha256 = row == PLC_ROW ? plc_rows_dup(rows, 1) : NULL;
        return true;
}

bool plc_catalog_get_bundle(plc_catalog *catalog, const char *name, int64_t version, plc_bundle **out, GError **error)
{
        g_autoptr(plc_bundle) bundle = NULL;
        GPtrArray *items;
        gpointer found = NULL;
        int64_t latest;

        if (!plc_db_int(catalog->db, "bundle_latest", &latest, error, "t", name))
                return false;
        if (latest > 0 && version > latest)
                return plc_fail_at(error, PLC_E_NOT_FOUND, NULL, NULL, "Versions are numbered from 1.",
                                   "the latest version of the bundle %s is %" G_GINT64_FORMAT, name, latest);
        version = version != 0 ? version : latest;
        if (!plc_catalog_take_one(catalog, plc_db_query(catalog->db, "bundle_get", error, "ti", name, version),
                                  read_bundle, &found, error))
                return false;
        if (found == NULL)
                return plc_fail_at(error, PLC_E_NOT_FOUND, NULL, NULL, "placet bundle list SITE tells those there are.",
                                   "there is no bundle %s", name);
        bundle = found;
        if (!plc_catalog_take_strings(plc_db_query(catalog->db, "bundle_items", error, "ti", name, version), &items,
                                      error))
                return false;
        g_ptr_array_unref(bundle->items);
        bundle->items = items;
        *out = g_steal_pointer(&bundle);
        return true;
}

bool plc_catalog_bundle_definition(plc_catalog *catalog, const char *name, char **out, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(catalog->db, "bundle_definition", error, "t", name);
        plc_row row = rows != NULL ? plc_rows_next(rows, error) : PLC_ROW_ERROR;

        if (row == PLC_ROW_END)
                return plc_fail(error, PLC_E_NOT_FOUND, "there is no bundle %s", name);
        if (row == PLC_ROW)
                *out = plc_rows_dup(rows, 0);
        return row == PLC_ROW;
}

bool plc_catalog_list_bundles(plc_catalog *catalog, GPtrArray **out, GError **error)
{
        return plc_catalog_take_all(catalog, plc_db_query(catalog->db, "bundle_list", error, ""), read_bundle,
                                    (GDestroyNotify)plc_bundle_free, out, error);
}

bool plc_catalog_withdraw_bundle(plc_catalog *catalog, const char *name, int64_t at, GError **error)
{
        int64_t latest;

        if (!plc_db_int(catalog->db, "bundle_latest", &latest, error, "t", name))
                return false;
        if (latest == 0)
                return plc_fail_at(error, PLC_E_NOT_FOUND, NULL, NULL, "placet bundle list SITE tells those there are.",
                                   "there is no bundle %s", name);
        return plc_db_run(catalog->db, "bundle_withdraw", error, "ti", name, at);
}

bool plc_catalog_bundles_of_item(plc_catalog *catalog, const char *item, GPtrArray **out, GError **error)
{
        return plc_catalog_take_strings(plc_db_query(catalog->db, "bundles_of_item", error, "t", item), out, error);
}
