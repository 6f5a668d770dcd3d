/* Which files does nothing lead to? See sweep.h. */
#include "pipeline/sweep.h"

#include "base/clock.h"
#include "base/json.h"
#include "catalog/ledger.h"
#include "catalog/verify.h"

#define SEALED_DAYS 30
#define RENDITION_DAYS 1

struct sweep {
        struct plc_site *site;
        int64_t before_ms; /* those that were put later stay */
        GHashTable *named;
        GPtrArray *gone;  /* of char * */
        plc_blobs *blobs; /* NULL: the vault */
};

static bool name_blob(const struct plc_named_blob *blob, void *user_data, GError **error)
{
        (void)error;
        g_hash_table_add(user_data, g_strdup(blob->blob));
        return true;
}

static bool name_file(const struct plc_named_file *file, void *user_data, GError **error)
{
        (void)error;
        g_hash_table_add(user_data, g_strdup(file->asset));
        return true;
}

static bool look(const char *key, void *user_data, GError **error)
{
        struct sweep *sweep = user_data;
        int64_t put_at;

        if (g_hash_table_contains(sweep->named, key))
                return true;
        if (!(sweep->blobs != NULL ? plc_blob_put_at(sweep->blobs, key, &put_at, error)
                                   : plc_vault_sealed_at(sweep->site->vault, key, &put_at, error)))
                return false;
        if (put_at < sweep->before_ms)
                g_ptr_array_add(sweep->gone, g_strdup(key));
        return true;
}

static bool record(struct plc_site *site, const char *folder, guint entries, int64_t now_ms, GError **error)
{
        g_autoptr(GString) event = g_string_new(NULL);
        g_autoptr(plc_db_tx) tx = NULL;

        plc_jw_object(event, NULL);
        plc_jw_string(event, "type", "retention.removed");
        plc_jw_string(event, "folder", folder);
        plc_jw_string(event, "reason", "nothing leads to them");
        plc_jw_int(event, "entries", entries);
        plc_jw_end_object(event);
        tx = plc_catalog_begin(site->catalog, error);
        return tx != NULL && plc_catalog_ledger_append(site->catalog, event->str, now_ms, NULL, error) &&
               plc_db_commit(&tx, error);
}

static bool remove_gone(struct sweep *sweep, const char *folder, int64_t now_ms, GError **error)
{
        int64_t restored;

        if (sweep->gone->len == 0)
                return true;
        if (!plc_catalog_count_events(sweep->site->catalog, "request.restored", &restored, error))
                return false;
        if (restored > 0)
                return true;
        if (!record(sweep->site, folder, sweep->gone->len, now_ms, error))
                return false;
        if (sweep->blobs != NULL)
                return plc_blob_remove_all(sweep->blobs, sweep->gone, error);
        for (guint i = 0; i < sweep->gone->len; i++)
                if (!plc_vault_remove(sweep->site->vault, sweep->gone->pdata[i], error))
                        return false;
        return true;
}

static bool sweep_vault(struct plc_site *site, int64_t now_ms, GError **error)
{
        g_autoptr(GHashTable) named = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_autoptr(GPtrArray) gone = g_ptr_array_new_with_free_func(g_free);
        struct sweep sweep = {site, now_ms - SEALED_DAYS * PLC_DAY_MS, named, gone, NULL};

        return plc_catalog_each_blob(site->catalog, name_blob, named, error) &&
               plc_vault_list(site->vault, look, &sweep, error) && remove_gone(&sweep, "vault", now_ms, error);
}

static bool sweep_files(struct plc_site *site, int64_t now_ms, GError **error)
{
        const struct {
                plc_blobs *blobs;
                const char *folder;
        } stores[] = {{site->assets, "public/assets"}, {site->creatives, "creatives"}};
        g_autoptr(GHashTable) named = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_autoptr(GPtrArray) left = NULL;

        if (!plc_catalog_each_file(site->catalog, name_file, named, error) ||
            !plc_catalog_all_left(site->catalog, &left, error))
                return false;
        for (guint i = 0; i < left->len; i++)
                g_hash_table_add(named, g_strdup(left->pdata[i]));
        for (size_t i = 0; i < G_N_ELEMENTS(stores); i++) {
                g_autoptr(GPtrArray) gone = g_ptr_array_new_with_free_func(g_free);
                struct sweep sweep = {site, now_ms - RENDITION_DAYS * PLC_DAY_MS, named, gone, stores[i].blobs};

                if (!plc_blob_list(stores[i].blobs, look, &sweep, error) ||
                    !remove_gone(&sweep, stores[i].folder, now_ms, error))
                        return false;
        }
        return true;
}

bool plc_sweep_run(struct plc_site *site, int64_t now_ms, GError **error)
{
        return sweep_vault(site, now_ms, error) && sweep_files(site, now_ms, error);
}
