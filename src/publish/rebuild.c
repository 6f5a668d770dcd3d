/* How is a lost index made anew? Files that are gone are to be rendered again; all else is decided and written now. */
#include "publish/rebuild.h"

#include "catalog/queue.h"

bool plc_publish_has_files(const struct plc_publisher *publisher, const plc_placed *placed, bool *out, GError **error)
{
        const struct plc_preset *preset = plc_presets_find(publisher->presets, placed->preset);

        *out = true;
        for (guint i = 0; preset != NULL && *out && i < placed->files->len; i++) {
                const plc_rendition *file = placed->files->pdata[i];

                if (!plc_blob_exists(preset->is_public ? publisher->assets : publisher->creatives, file->asset, out,
                                     error))
                        return false;
        }
        return true;
}

/* Rows of files that are gone go, too: render makes what has no row. */
static bool look_at_files(const struct plc_publisher *publisher, const char *item, int64_t now_ms,
                          struct plc_rebuilt *done, GError **error)
{
        g_autoptr(GPtrArray) placed = NULL;
        int64_t gone = 0;

        if (!plc_catalog_placed_of_item(publisher->catalog, item, &placed, error))
                return false;
        for (guint i = 0; i < placed->len; i++) {
                const plc_placed *one = placed->pdata[i];
                bool complete;

                if (!plc_publish_has_files(publisher, one, &complete, error))
                        return false;
                if (complete)
                        continue;
                gone++;
                if (!plc_catalog_remove_placed_preset(publisher->catalog, item, one->preset, NULL, error))
                        return false;
        }
        if (gone > 0)
                g_ptr_array_add(done->to_render, g_strdup(item));
        done->missing += gone;
        return gone == 0 || plc_catalog_enqueue(publisher->catalog, "render", item, 4, now_ms, error);
}

static bool list_all(const struct plc_publisher *publisher, GPtrArray **out, GError **error)
{
        g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
        const char *after = NULL;

        for (;;) {
                g_autoptr(GPtrArray) page = NULL;

                if (!plc_catalog_list_items(publisher->catalog, PLC_ITEM_ANY, after, PLC_CATALOG_PAGE_MAX, &page,
                                            error))
                        return false;
                if (page->len == 0)
                        break;
                for (guint i = 0; i < page->len; i++)
                        g_ptr_array_add(all, g_strdup(page->pdata[i]));
                after = all->pdata[all->len - 1];
        }
        *out = g_steal_pointer(&all);
        return true;
}

static bool rebuild(const struct plc_publisher *publisher, int64_t now_ms, struct plc_rebuilt *done, GError **error)
{
        g_autoptr(GPtrArray) items = NULL, placed = NULL;
        g_autoptr(plc_db_tx) tx = NULL;

        if (!list_all(publisher, &items, error) || !plc_catalog_placed_items(publisher->catalog, &placed, error))
                return false;
        tx = plc_catalog_begin(publisher->catalog, error);
        if (tx == NULL)
                return false;
        for (guint i = 0; i < placed->len; i++)
                if (!look_at_files(publisher, placed->pdata[i], now_ms, done, error))
                        return false;
        done->items = items->len;
        return plc_db_commit(&tx, error) && plc_publish_anew(publisher, items, now_ms, &done->left_out, error);
}

bool plc_publish_rebuild(const struct plc_publisher *publisher, int64_t now_ms, struct plc_rebuilt *out, GError **error)
{
        struct plc_rebuilt done = {.to_render = g_ptr_array_new_with_free_func(g_free)};
        bool fine = rebuild(publisher, now_ms, &done, error);

        if (fine && out != NULL)
                *out = done;
        else
                g_ptr_array_unref(done.to_render);
        return fine;
}
