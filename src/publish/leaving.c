/* Which files may nobody see any more, and how do they go? See leaving.h. */
#include "publish/leaving.h"

#include <string.h>

#include "catalog/rendition.h"
#include "publish/segments.h"

struct plc_leaving {
        const struct plc_publisher *publisher;
        int64_t now_ms;
        GHashTable *placements; /* "ITEM PRESET" */
        GHashTable *left;       /* items whose files of an earlier plan leave too */
        GHashTable *assets;     /* of all these */
        GPtrArray *alone;       /* borrowed from assets: those that nobody else needs */
};

plc_leaving *plc_leaving_new(const struct plc_publisher *publisher, int64_t now_ms)
{
        plc_leaving *leaving = g_new(plc_leaving, 1);

        leaving->publisher = publisher;
        leaving->now_ms = now_ms;
        leaving->placements = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        leaving->left = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        leaving->assets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        leaving->alone = g_ptr_array_new();
        return leaving;
}

void plc_leaving_free(plc_leaving *leaving)
{
        if (leaving == NULL)
                return;
        g_ptr_array_unref(leaving->alone);
        g_hash_table_unref(leaving->assets);
        g_hash_table_unref(leaving->left);
        g_hash_table_unref(leaving->placements);
        g_free(leaving);
}

/* Of one item, what was asked for a row before: there are several of each channel. */
struct uses {
        bool asked[PLC_CHANNELS][2], found[PLC_CHANNELS][2];
};

static bool is_used(const struct plc_publisher *publisher, const plc_ledger *ledger, const plc_item *item,
                    const plc_placed *row, int64_t now_ms, struct uses *uses)
{
        const struct plc_preset *preset = plc_presets_find(publisher->presets, row->preset);
        int channel = preset != NULL ? plc_word_index(plc_channel_words, preset->channel) : -1;
        unsigned rights_edits = row->cropped ? 1u << PLC_EDIT_CROP : 0;

        if (channel < 0)
                return false;
        if (!uses->asked[channel][row->cropped])
                uses->found[channel][row->cropped] =
                        plc_publish_ever(publisher, ledger, item, (plc_channel)channel, rights_edits, now_ms);
        uses->asked[channel][row->cropped] = true;
        return uses->found[channel][row->cropped];
}

bool plc_leaving_add(plc_leaving *leaving, const plc_ledger *ledger, const plc_item *item, const GPtrArray *placed,
                     GPtrArray *stay, GError **error)
{
        g_autoptr(GPtrArray) left = NULL;
        struct uses uses = {0};

        if (!plc_catalog_left_files(leaving->publisher->catalog, item->id, &left, error))
                return false;
        if (left->len > 0)
                g_hash_table_add(leaving->left, g_strdup(item->id));
        for (guint i = 0; i < left->len; i++)
                g_hash_table_add(leaving->assets, g_strdup(left->pdata[i]));
        for (guint i = 0; i < placed->len; i++) {
                const plc_placed *row = placed->pdata[i];

                if (is_used(leaving->publisher, ledger, item, row, leaving->now_ms, &uses)) {
                        g_ptr_array_add(stay, (gpointer)row);
                        continue;
                }
                g_hash_table_add(leaving->placements, g_strdup_printf("%s %s", item->id, row->preset));
                for (guint f = 0; f < row->files->len; f++)
                        g_hash_table_add(leaving->assets, g_strdup(((plc_rendition *)row->files->pdata[f])->asset));
        }
        return true;
}

static char *item_of(const char *placement, const char **out_preset)
{
        const char *space = strchr(placement, ' ');

        *out_preset = space + 1;
        return g_strndup(placement, (gsize)(space - placement));
}

/* One that is not among those that leave now: another item's, which may be leaving as well (its publication follows).
 */
static bool is_needed(const plc_leaving *leaving, const char *placement, bool *out, GError **error)
{
        const struct plc_publisher *publisher = leaving->publisher;
        const char *preset;
        g_autofree char *id = item_of(placement, &preset);
        g_autoptr(plc_ledger) ledger = plc_publish_ledger(publisher, id, error);
        g_autoptr(plc_placed) row = NULL;
        g_autoptr(plc_item) item = NULL;
        struct uses uses = {0};

        if (ledger == NULL || !plc_catalog_get_item(publisher->catalog, id, &item, error) ||
            !plc_catalog_get_placed(publisher->catalog, id, preset, &row, error))
                return false;
        *out = row != NULL && is_used(publisher, ledger, item, row, leaving->now_ms, &uses);
        return true;
}

/* By the index, as a file of another item that is published later. */
static bool is_left_elsewhere(const plc_leaving *leaving, const char *asset, bool *out, GError **error)
{
        g_autoptr(GPtrArray) items = NULL;

        if (!plc_catalog_left_by(leaving->publisher->catalog, asset, &items, error))
                return false;
        *out = false;
        for (guint i = 0; i < items->len; i++)
                *out = *out || !g_hash_table_contains(leaving->left, items->pdata[i]);
        return true;
}

bool plc_leaving_settle(plc_leaving *leaving, GError **error)
{
        GHashTableIter iter;
        gpointer asset;

        g_hash_table_iter_init(&iter, leaving->assets);
        while (g_hash_table_iter_next(&iter, &asset, NULL)) {
                g_autoptr(GPtrArray) users = NULL;
                bool needed = false;

                if (!plc_catalog_asset_users(leaving->publisher->catalog, asset, &users, error) ||
                    !is_left_elsewhere(leaving, asset, &needed, error))
                        return false;
                for (guint u = 0; u < users->len && !needed; u++)
                        if (!g_hash_table_contains(leaving->placements, users->pdata[u]) &&
                            !is_needed(leaving, users->pdata[u], &needed, error))
                                return false;
                if (!needed)
                        g_ptr_array_add(leaving->alone, asset);
        }
        return true;
}

/* What cannot be removed here is tried again, and told, by the publication that follows. */
unsigned plc_leaving_drop(const plc_leaving *leaving, int64_t until_us)
{
        const struct plc_publisher *publisher = leaving->publisher;
        unsigned left = 0;

        for (guint i = 0; i < leaving->alone->len; i++) {
                const char *asset = leaving->alone->pdata[i];

                left += g_get_monotonic_time() >= until_us || !plc_blob_drop(publisher->assets, asset, NULL) ||
                        !plc_blob_drop(publisher->creatives, asset, NULL);
        }
        return left;
}

bool plc_leaving_remove(const plc_leaving *leaving, GError **error)
{
        return plc_blob_remove_all(leaving->publisher->assets, leaving->alone, error) &&
               plc_blob_remove_all(leaving->publisher->creatives, leaving->alone, error);
}

bool plc_leaving_is_empty(const plc_leaving *leaving)
{
        return g_hash_table_size(leaving->placements) == 0 && g_hash_table_size(leaving->left) == 0;
}

bool plc_leaving_forget(const plc_leaving *leaving, GError **error)
{
        GHashTableIter iter;
        gpointer key;

        g_hash_table_iter_init(&iter, leaving->placements);
        while (g_hash_table_iter_next(&iter, &key, NULL)) {
                const char *preset;
                g_autofree char *item = item_of(key, &preset);

                if (!plc_catalog_forget_placed(leaving->publisher->catalog, item, preset, error))
                        return false;
        }
        g_hash_table_iter_init(&iter, leaving->left);
        while (g_hash_table_iter_next(&iter, &key, NULL))
                if (!plc_catalog_forget_left(leaving->publisher->catalog, key, error))
                        return false;
        return true;
}
