/* How does an item get into the index, and out of it? One publication for all that changed together. */
#include <string.h>

#include "base/clock.h"
#include "catalog/queue.h"
#include "catalog/rendition.h"
#include "catalog/summary.h"
#include "publish/bundle.h"
#include "publish/compose.h"
#include "publish/email.h"
#include "publish/leaving.h"
#include "publish/purge.h"
#include "publish/rebuild.h"
#include "publish/segments.h"

/* Of an act that darkens very many, the rest of the files is left to the queue: nobody is served them, and whoever
 * asked is answered within 2 s. */
#define ACT_FILES_US (INT64_C(1500) * 1000)

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

static bool change_index(const struct plc_publisher *publisher, const plc_ledger *ledger, const plc_item *item,
                         const GPtrArray *placed, int64_t now_ms, bool emails, GError **error)
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
                                  composed->renditions->len, error) &&
               (!emails || plc_email_put(publisher, item, composed, rows->segments, now_ms, error));
}

/* Files are made of photos alone. */
static bool placed_of(const struct plc_publisher *publisher, const plc_item *item, GPtrArray **out, GError **error)
{
        if (item->kind == PLC_ITEM_PHOTO)
                return plc_catalog_placed_of_item(publisher->catalog, item->id, out, error);
        *out = g_ptr_array_new();
        return true;
}

bool plc_publish_copy(const struct plc_publisher *publisher, const char *id, int64_t now_ms, GError **error)
{
        g_autoptr(plc_ledger) ledger = plc_publish_ledger(publisher, id, error);
        g_autoptr(GPtrArray) placed = NULL;
        g_autoptr(plc_item) item = NULL;

        return ledger != NULL && plc_catalog_get_item(publisher->catalog, id, &item, error) &&
               placed_of(publisher, item, &placed, error) &&
               change_index(publisher, ledger, item, placed, now_ms, false, error);
}

/* Either may be NULL: nothing is told to caches; no file leaves. */
struct effects {
        plc_purge *purge;
        plc_leaving *leaving;
        bool bundles; /* there are some, of which one may be for mails */
        bool looks;   /* whether files are there; an act has no time for it, and takes away alone */
};

/*
 * An act drops files at once and leaves their rows to the publication that follows; what was taken back in between
 * (a hold that is lifted within a second) may be used again, and its files are gone.
 */
static bool make_again(const struct plc_publisher *publisher, const plc_item *item, const GPtrArray *placed,
                       int64_t now_ms, GError **error)
{
        bool gone = false;

        for (guint i = 0; i < placed->len; i++) {
                plc_placed *row = placed->pdata[i];
                bool there = true;

                if (!plc_publish_has_files(publisher, row, &there, error))
                        return false;
                if (there)
                        continue;
                g_ptr_array_set_size(row->files, 0);
                g_free(row->plan);
                row->plan = g_strdup("");
                if (!plc_catalog_put_placed(publisher->catalog, row, error))
                        return false;
                gone = true;
        }
        return !gone || plc_catalog_enqueue(publisher->catalog, "render", item->id, 4, now_ms, error);
}

static bool publish_one(const struct plc_publisher *publisher, const char *id, int64_t now_ms, GHashTable *products,
                        const struct effects *effects, GError **error)
{
        g_autoptr(plc_ledger) ledger = plc_publish_ledger(publisher, id, error);
        g_autoptr(GPtrArray) placed = NULL, stay = g_ptr_array_new();
        g_autoptr(plc_item) item = NULL;

        if (ledger == NULL || !plc_catalog_get_item(publisher->catalog, id, &item, error) ||
            !placed_of(publisher, item, &placed, error))
                return false;
        for (guint p = 0; p < item->products->len; p++)
                g_hash_table_add(products, g_strdup(((plc_item_product *)item->products->pdata[p])->product));
        if (!plc_catalog_set_counted(publisher->catalog, id, is_counted(publisher, ledger, item, now_ms), error))
                return false;
        if (effects->leaving != NULL && item->kind == PLC_ITEM_PHOTO &&
            !plc_leaving_add(effects->leaving, ledger, item, placed, stay, error))
                return false;
        if (effects->looks && !make_again(publisher, item, stay, now_ms, error))
                return false;
        return (effects->purge == NULL || plc_purge_before(effects->purge, id, error)) &&
               change_index(publisher, ledger, item, placed, now_ms, effects->bundles, error) &&
               (effects->purge == NULL || plc_purge_after(effects->purge, item, error));
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
static bool publish_all(const struct plc_publisher *publisher, const GPtrArray *items, int64_t now_ms,
                        const struct effects *given, int64_t *left_out, GError **error)
{
        g_autoptr(GHashTable) products = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        struct effects told = *given, *effects = &told;

        if (!plc_catalog_has_bundles(publisher->catalog, &told.bundles, error))
                return false;
        for (guint i = 0; i < items->len; i++) {
                g_autoptr(GError) why = NULL;

                if (publish_one(publisher, items->pdata[i], now_ms, products, effects, &why))
                        continue;
                if (left_out == NULL) {
                        g_propagate_error(error, g_steal_pointer(&why));
                        return false;
                }
                if (!leave_out(publisher, items->pdata[i], why, left_out, error))
                        return false;
        }
        return publish_summaries(publisher, products, error) &&
               (!told.bundles || publish_bundles(publisher, items, error)) &&
               (effects->leaving == NULL || plc_leaving_settle(effects->leaving, error)) &&
               (effects->purge == NULL || plc_purge_keep(effects->purge, error));
}

/*
 * The catalog commits before the index: with it is durable what caches have to be told of this change. A crash in
 * between leaves a publication to be done again: whoever publishes an item has queued that before.
 */
bool plc_publish_items(const struct plc_publisher *publisher, const GPtrArray *items, int64_t now_ms, GError **error)
{
        g_autoptr(plc_purge) purge = plc_purge_new(publisher, now_ms);
        g_autoptr(plc_leaving) leaving = plc_leaving_new(publisher, now_ms);
        g_autoptr(plc_db_tx) tx = NULL;

        if (items->len == 0)
                return true;
        tx = plc_catalog_begin(publisher->catalog, error);
        if (tx == NULL || !plc_index_begin(publisher->index, error))
                return false;
        if (!publish_all(publisher, items, now_ms, &(struct effects){.purge = purge, .leaving = leaving, .looks = true},
                         NULL, error) ||
            !plc_db_commit(&tx, error)) {
                plc_index_rollback(publisher->index);
                return false;
        }
        if (!plc_index_commit(publisher->index, now_ms, error) || !plc_leaving_remove(leaving, error))
                return false;
        if (!plc_leaving_is_empty(leaving)) {
                tx = plc_catalog_begin(publisher->catalog, error);
                if (tx == NULL || !plc_leaving_forget(leaving, error) || !plc_db_commit(&tx, error))
                        return false;
        }
        return plc_purge_write(publisher, error);
}

/*
 * Two flushes of the disk, and each is meant: the catalog's, with what was done and all that has to follow from it, and
 * the index's, with which it is dark. Files, rows, logs and lists follow in the queued publications. An item that
 * cannot be composed leaves the index, and keeps no other one there.
 */
bool plc_publish_act(const struct plc_publisher *publisher, plc_db_tx **tx, const GPtrArray *items, int64_t now_ms,
                     unsigned *out_files_left, GError **error)
{
        g_autoptr(plc_purge) purge = plc_purge_new(publisher, now_ms);
        g_autoptr(plc_leaving) leaving = plc_leaving_new(publisher, now_ms);
        int64_t until_us = g_get_monotonic_time() + ACT_FILES_US, left_out = 0;

        *out_files_left = 0;
        if (items->len == 0)
                return plc_db_commit(tx, error);
        if (!plc_index_begin(publisher->index, error)) {
                plc_db_commit(tx, NULL); /* done it is: the queue goes on from here, and the error is told */
                return false;
        }
        if (!publish_all(publisher, items, now_ms, &(struct effects){.purge = purge, .leaving = leaving}, &left_out,
                         error)) {
                plc_index_rollback(publisher->index);
                plc_db_commit(tx, NULL); /* as above */
                return false;
        }
        if (!plc_db_commit(tx, error)) {
                plc_index_rollback(publisher->index);
                return false;
        }
        if (!plc_index_commit_first(publisher->index, now_ms, error))
                return false;
        *out_files_left = plc_leaving_drop(leaving, until_us);
        return true;
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
        g_autoptr(plc_leaving) leaving = plc_leaving_new(publisher, now_ms);
        g_autoptr(plc_db_tx) tx = plc_catalog_begin(publisher->catalog, error);
        int64_t left_out = 0;

        if (tx == NULL || !plc_catalog_count_anew(publisher->catalog, error) ||
            !plc_index_begin_whole(publisher->index, error))
                return false;
        if (!plc_index_clear(publisher->index, error) ||
            !publish_all(publisher, items, now_ms, &(struct effects){.leaving = leaving}, &left_out, error) ||
            !show_all_bundles(publisher, error) || !plc_index_commit(publisher->index, now_ms, error)) {
                plc_index_rollback(publisher->index);
                return false;
        }
        *out_left_out = left_out;
        return plc_leaving_remove(leaving, error) && plc_leaving_forget(leaving, error) && plc_db_commit(&tx, error);
}

bool plc_publish_item(const struct plc_publisher *publisher, const char *item, int64_t now_ms, GError **error)
{
        g_autoptr(GPtrArray) one = g_ptr_array_new();

        g_ptr_array_add(one, (gpointer)item);
        return plc_publish_items(publisher, one, now_ms, error);
}
