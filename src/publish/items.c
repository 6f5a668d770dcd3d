/* How does an item get into the index, and out of it? One publication for all that changed together. */
#include <string.h>

#include "base/clock.h"
#include "catalog/rendition.h"
#include "catalog/summary.h"
#include "publish/bundle.h"
#include "publish/compose.h"
#include "publish/purge.h"
#include "publish/segments.h"

/* Counted in averages: approved and neither erased, held nor withdrawn, whatever territory (16 CFR 465; rights do not
 * move stars). */
static bool is_counted(const struct plc_publisher *publisher, const plc_ledger *ledger, const plc_item *item,
                       int64_t now_ms)
{
        static const char *const against[] = {"UNKNOWN_ITEM", "ERASED", "HELD", "NOT_APPROVED", "LICENCE:WITHDRAWN"};
        struct plc_question question = plc_publish_question(publisher, item->id, PLC_CHANNEL_PDP, "AA", now_ms);
        struct plc_verdict verdict = {0};
        bool counted = item->kind == PLC_ITEM_REVIEW && item->review.has_rating && item->state == PLC_ITEM_APPROVED;

        question.identity = PLC_IDENTITY_HIDDEN;
        plc_decide(ledger, publisher->policy, &question, &verdict);
        for (size_t i = 0; i < G_N_ELEMENTS(against); i++)
                if (g_ptr_array_find_with_equal_func(verdict.reasons, against[i], g_str_equal, NULL))
                        counted = false;
        plc_verdict_clear(&verdict);
        return counted;
}

/* Files of presets that no segment and no question lets anybody use any more: their rows go, their assets are told. */
static bool drop_unused(const struct plc_publisher *publisher, const plc_ledger *ledger, const plc_item *item,
                        const GPtrArray *placed, int64_t now_ms, GPtrArray *out_assets, GError **error)
{
        for (guint i = 0; i < placed->len; i++) {
                const plc_placed *row = placed->pdata[i];
                const struct plc_preset *preset = plc_presets_find(publisher->presets, row->preset);
                int channel = preset != NULL ? plc_word_index(plc_channel_words, preset->channel) : -1;
                unsigned rights_edits = row->cropped ? 1u << PLC_EDIT_CROP : 0;
                g_autoptr(GPtrArray) assets = NULL;

                if (channel >= 0 &&
                    plc_publish_ever(publisher, ledger, item, (plc_channel)channel, rights_edits, now_ms))
                        continue;
                if (!plc_catalog_remove_placed_preset(publisher->catalog, item->id, row->preset, &assets, error))
                        return false;
                for (guint a = 0; a < assets->len; a++)
                        g_ptr_array_add(out_assets, g_strdup(assets->pdata[a]));
        }
        return true;
}

static bool change_index(const struct plc_publisher *publisher, const plc_ledger *ledger, const plc_item *item,
                         const GPtrArray *placed, int64_t now_ms, GError **error)
{
        g_autoptr(plc_publish_rows) rows = plc_publish_segments(publisher, ledger, item, now_ms);
        g_autoptr(plc_composed) composed = NULL;

        if (rows->segments->len == 0)
                return plc_index_remove_item(publisher->index, item->id, error);
        composed = plc_compose(publisher, item, placed, rows->segments, error);
        return composed != NULL &&
               plc_index_put_item(publisher->index, &composed->item,
                                  (const struct plc_index_segment *)(void *)rows->segments->data, rows->segments->len,
                                  (const struct plc_index_rendition *)(void *)composed->renditions->data,
                                  composed->renditions->len, error);
}

/* purge NULL: nothing is told to caches. out_assets NULL: files that nobody may see any more stay for the next time. */
static bool publish_one(const struct plc_publisher *publisher, const char *id, int64_t now_ms, GHashTable *products,
                        plc_purge *purge, GPtrArray *out_assets, GError **error)
{
        g_autoptr(plc_ledger) ledger = plc_publish_ledger(publisher, id, error);
        g_autoptr(GPtrArray) placed = NULL;
        g_autoptr(plc_item) item = NULL;

        if (ledger == NULL || !plc_catalog_get_item(publisher->catalog, id, &item, error) ||
            !plc_catalog_placed_of_item(publisher->catalog, id, &placed, error))
                return false;
        for (guint p = 0; p < item->products->len; p++)
                g_hash_table_add(products, g_strdup(((plc_item_product *)item->products->pdata[p])->product));
        if (!plc_catalog_set_counted(publisher->catalog, id, is_counted(publisher, ledger, item, now_ms), error) ||
            (out_assets != NULL && !drop_unused(publisher, ledger, item, placed, now_ms, out_assets, error)))
                return false;
        return (purge == NULL || plc_purge_before(purge, id, error)) &&
               change_index(publisher, ledger, item, placed, now_ms, error) &&
               (purge == NULL || plc_purge_after(purge, item, error));
}

static bool publish_summaries(const struct plc_publisher *publisher, GHashTable *products, GError **error)
{
        GHashTableIter iter;
        gpointer product;

        g_hash_table_iter_init(&iter, products);
        while (g_hash_table_iter_next(&iter, &product, NULL)) {
                struct plc_index_summary summary = {0};
                struct plc_catalog_summary counted;

                if (!plc_catalog_product_summary(publisher->catalog, product, &counted, error))
                        return false;
                summary.count = counted.count;
                summary.average = counted.average;
                memcpy(summary.stars, counted.stars, sizeof summary.stars);
                if (!plc_index_put_summary(publisher->index, product, &summary, error))
                        return false;
        }
        return true;
}

/*
 * Between the two commits: the index names them no more, the catalog still does. A crash then leaves rows that the next
 * publication removes again, never a person's photo that no row leads to.
 */
static bool remove_assets(const struct plc_publisher *publisher, const GPtrArray *assets, GError **error)
{
        return plc_blob_remove_all(publisher->assets, assets, error) &&
               plc_blob_remove_all(publisher->creatives, assets, error);
}

/* Bundles that hold one of them: what left or came back is seen there too. */
static bool publish_bundles(const struct plc_publisher *publisher, const GPtrArray *items, GError **error)
{
        g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        GHashTableIter iter;
        gpointer name;

        for (guint i = 0; i < items->len; i++) {
                g_autoptr(GPtrArray) found = NULL;

                if (!plc_catalog_bundles_of_item(publisher->catalog, items->pdata[i], &found, error))
                        return false;
                for (guint b = 0; b < found->len; b++)
                        g_hash_table_add(names, g_strdup(found->pdata[b]));
        }
        g_hash_table_iter_init(&iter, names);
        while (g_hash_table_iter_next(&iter, &name, NULL))
                if (!plc_bundle_show(publisher, name, error))
                        return false;
        return true;
}

/* One that cannot be unsealed is shown nowhere: it must not keep all others from being published. */
static bool leave_out(const struct plc_publisher *publisher, const char *item, const GError *why, int64_t *left_out,
                      GError **error)
{
        plc_code code = plc_error_code(why);

        if (code != PLC_E_ERASED && code != PLC_E_UNREADABLE && code != PLC_E_NOT_FOUND) {
                g_propagate_error(error, g_error_copy(why));
                return false;
        }
        (*left_out)++;
        return plc_index_remove_item(publisher->index, item, error);
}

/* left_out NULL: the first that fails fails all. */
static bool publish_all(const struct plc_publisher *publisher, const GPtrArray *items, int64_t now_ms, plc_purge *purge,
                        GPtrArray *out_assets, int64_t *left_out, GError **error)
{
        g_autoptr(GHashTable) products = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

        for (guint i = 0; i < items->len; i++) {
                g_autoptr(GError) why = NULL;

                if (publish_one(publisher, items->pdata[i], now_ms, products, purge, out_assets, &why))
                        continue;
                if (left_out == NULL) {
                        g_propagate_error(error, g_steal_pointer(&why));
                        return false;
                }
                if (!leave_out(publisher, items->pdata[i], why, left_out, error))
                        return false;
        }
        return publish_summaries(publisher, products, error) && publish_bundles(publisher, items, error);
}

/*
 * The index commits first: what may be seen no more is gone before anything else is true. Should the catalog's commit
 * then be lost, the next publication of the item says the same again.
 */
/* with_files: also removes those that nobody may see any more. */
static bool publish_together(const struct plc_publisher *publisher, const GPtrArray *items, int64_t now_ms,
                             bool with_files, GError **error)
{
        g_autoptr(GPtrArray) assets = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(plc_purge) purge = plc_purge_new(publisher, now_ms);
        g_autoptr(plc_db_tx) tx = NULL;

        if (items->len == 0)
                return true;
        tx = plc_catalog_begin(publisher->catalog, error);
        if (tx == NULL || !plc_index_begin(publisher->index, error))
                return false;
        if (!publish_all(publisher, items, now_ms, purge, with_files ? assets : NULL, NULL, error) ||
            !plc_purge_keep(purge, error) || !plc_index_commit(publisher->index, now_ms, error)) {
                plc_index_rollback(publisher->index);
                return false;
        }
        return plc_purge_write(purge, error) && remove_assets(publisher, assets, error) && plc_db_commit(&tx, error);
}

bool plc_publish_items(const struct plc_publisher *publisher, const GPtrArray *items, int64_t now_ms, GError **error)
{
        return publish_together(publisher, items, now_ms, true, error);
}

bool plc_publish_index(const struct plc_publisher *publisher, const GPtrArray *items, int64_t now_ms, GError **error)
{
        return publish_together(publisher, items, now_ms, false, error);
}

/* Bundles that hold none of the items are shown as well. */
static bool show_all_bundles(const struct plc_publisher *publisher, GError **error)
{
        g_autoptr(GPtrArray) bundles = NULL;

        if (!plc_catalog_list_bundles(publisher->catalog, &bundles, error))
                return false;
        for (guint i = 0; i < bundles->len; i++)
                if (!plc_bundle_show(publisher, ((plc_bundle *)bundles->pdata[i])->name, error))
                        return false;
        return true;
}

bool plc_publish_anew(const struct plc_publisher *publisher, const GPtrArray *items, int64_t now_ms,
                      int64_t *out_left_out, GError **error)
{
        g_autoptr(GPtrArray) assets = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(plc_db_tx) tx = plc_catalog_begin(publisher->catalog, error);
        int64_t left_out = 0;

        if (tx == NULL || !plc_index_begin(publisher->index, error))
                return false;
        if (!plc_index_clear(publisher->index, error) ||
            !publish_all(publisher, items, now_ms, NULL, assets, &left_out, error) ||
            !show_all_bundles(publisher, error) || !plc_index_commit(publisher->index, now_ms, error)) {
                plc_index_rollback(publisher->index);
                return false;
        }
        *out_left_out = left_out;
        return remove_assets(publisher, assets, error) && plc_db_commit(&tx, error);
}

bool plc_publish_item(const struct plc_publisher *publisher, const char *item, int64_t now_ms, GError **error)
{
        g_autoptr(GPtrArray) one = g_ptr_array_new();

        g_ptr_array_add(one, (gpointer)item);
        return plc_publish_items(publisher, one, now_ms, error);
}
