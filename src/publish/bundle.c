/* What is in a bundle? Its query is answered here, once a version. */
#include "publish/bundle.h"

#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "catalog/queue.h"
#include "catalog/submission.h"
#include "publish/segments.h"

#define BUNDLE_ITEMS 10000 /* of one version */

struct candidate {
        char id[PLC_ID_SIZE];
        int64_t written_at;
        double rating;
        char shuffle[PLC_SHA256_HEX_SIZE]; /* order "random": fixed by name, version and item */
};

/* Items that the bundle may not show anywhere it is for are not in it at all. */
static bool ever_shown(const struct plc_publisher *publisher, const plc_bundle_definition *definition,
                       const plc_item *item, int64_t now_ms, bool *out, GError **error)
{
        g_autoptr(plc_ledger) ledger = plc_publish_ledger(publisher, item->id, error);

        *out = false;
        if (ledger == NULL)
                return false;
        for (char **channel = definition->channels; !*out && *channel != NULL; channel++) {
                plc_channel number = (plc_channel)plc_word_index(plc_channel_words, *channel);
                unsigned crop = item->kind == PLC_ITEM_PHOTO ? 1u << PLC_EDIT_CROP : 1u << PLC_EDIT_EXCERPT;

                *out = plc_publish_ever(publisher, ledger, item, number, 0, now_ms) ||
                       plc_publish_ever(publisher, ledger, item, number, crop, now_ms);
        }
        return true;
}

static bool has_product(const plc_item *item, const char *product)
{
        for (guint i = 0; i < item->products->len; i++)
                if (strcmp(((plc_item_product *)item->products->pdata[i])->product, product) == 0)
                        return true;
        return false;
}

static bool has_tag(const struct plc_publisher *publisher, const plc_item *item, const char *tag, bool *out,
                    GError **error)
{
        g_autoptr(plc_revision) revision = NULL;

        if (!plc_catalog_get_revision(publisher->catalog, item->submission, item->revision, &revision, error))
                return false;
        *out = revision->tags != NULL && g_strv_contains((const char *const *)revision->tags, tag);
        return true;
}

static bool has_photo(const struct plc_publisher *publisher, const plc_item *item, bool *out, GError **error)
{
        g_autoptr(GPtrArray) ids = NULL;

        *out = item->kind == PLC_ITEM_PHOTO;
        if (*out)
                return true;
        if (!plc_catalog_items_of_submission(publisher->catalog, item->submission, &ids, error))
                return false;
        for (guint i = 0; !*out && i < ids->len; i++) {
                g_autoptr(plc_item) other = NULL;

                if (!plc_catalog_get_item(publisher->catalog, ids->pdata[i], &other, error))
                        return false;
                *out = other->kind == PLC_ITEM_PHOTO && other->state == PLC_ITEM_APPROVED;
        }
        return true;
}

static bool matches(const struct plc_publisher *publisher, const plc_bundle_definition *d, const plc_item *item,
                    bool *out, GError **error)
{
        bool tagged = true, photo = true;

        *out = false;
        if (d->excluded != NULL && g_strv_contains((const char *const *)d->excluded, item->id))
                return true;
        if ((d->kind >= 0 && (int)item->kind != d->kind) || (d->product != NULL && !has_product(item, d->product)) ||
            (d->role != NULL && g_strcmp0(item->photo.role, d->role) != 0) ||
            (d->country != NULL && g_strcmp0(item->country, d->country) != 0) ||
            (d->language != NULL && !plc_language_match(d->language, item->language != NULL ? item->language : "und")))
                return true;
        if ((d->tag != NULL && !has_tag(publisher, item, d->tag, &tagged, error)) ||
            (d->photo_wanted_given && !has_photo(publisher, item, &photo, error)))
                return false;
        *out = tagged && (!d->photo_wanted_given || photo == d->photo_wanted);
        return true;
}

static gint by_order(gconstpointer left, gconstpointer right, gpointer order)
{
        const struct candidate *a = left, *b = right;
        int64_t time = a->written_at < b->written_at ? -1 : a->written_at > b->written_at;
        double rating = a->rating - b->rating;

        switch (GPOINTER_TO_INT(order)) {
        case PLC_BUNDLE_OLDEST:
                return time != 0 ? (int)time : strcmp(a->id, b->id);
        case PLC_BUNDLE_RATING:
                if (rating > 0 || rating < 0)
                        return rating > 0 ? -1 : 1;
                break;
        case PLC_BUNDLE_RANDOM:
                return strcmp(a->shuffle, b->shuffle);
        default:
                break;
        }
        return time != 0 ? (int)-time : strcmp(a->id, b->id);
}

static bool consider(const struct plc_publisher *publisher, const plc_bundle_definition *definition, const char *id,
                     bool pinned, int64_t now_ms, GArray *out, GError **error)
{
        g_autofree char *seed = g_strdup_printf("%s %" G_GINT64_FORMAT " %s", definition->name, now_ms, id);
        g_autoptr(plc_item) item = NULL;
        struct candidate row = {0};
        bool wanted = true;

        if (!plc_catalog_get_item(publisher->catalog, id, &item, error))
                return false;
        if (item->state != PLC_ITEM_APPROVED)
                return true;
        if (!pinned && !matches(publisher, definition, item, &wanted, error))
                return false;
        if (wanted && !ever_shown(publisher, definition, item, now_ms, &wanted, error))
                return false;
        if (!wanted)
                return true;
        g_strlcpy(row.id, id, sizeof row.id);
        row.written_at = item->review.written_at != 0 ? item->review.written_at : item->created_at;
        row.rating = item->review.has_rating ? item->review.rating : 0;
        plc_sha256_hex(seed, strlen(seed), row.shuffle);
        g_array_append_val(out, row);
        return true;
}

/* Pinned ones first, in their order; then what matches. */
static bool select_items(const struct plc_publisher *publisher, const plc_bundle_definition *definition, int64_t now_ms,
                         GArray *out, GError **error)
{
        g_autofree char *after = g_strdup("");
        guint n_pinned;

        for (char **id = definition->pinned; id != NULL && *id != NULL; id++)
                if (!consider(publisher, definition, *id, true, now_ms, out, error))
                        return false;
        n_pinned = out->len;
        for (;;) {
                g_autoptr(GPtrArray) page = NULL;

                if (!plc_catalog_list_items(publisher->catalog, PLC_ITEM_APPROVED, after, PLC_CATALOG_PAGE_MAX, &page,
                                            error))
                        return false;
                for (guint i = 0; i < page->len && out->len < BUNDLE_ITEMS; i++) {
                        bool is_pinned = definition->pinned != NULL &&
                                         g_strv_contains((const char *const *)definition->pinned, page->pdata[i]);

                        if (!is_pinned && !consider(publisher, definition, page->pdata[i], false, now_ms, out, error))
                                return false;
                }
                if (page->len < PLC_CATALOG_PAGE_MAX)
                        break;
                g_free(after);
                after = g_strdup(page->pdata[page->len - 1]);
        }
        if (out->len > n_pinned)
                g_qsort_with_data((struct candidate *)(void *)out->data + n_pinned, (gint)(out->len - n_pinned),
                                  sizeof(struct candidate), by_order, GINT_TO_POINTER(definition->order));
        return true;
}

static char *public_channels(const plc_bundle_definition *definition)
{
        GString *out = g_string_new(NULL);

        for (char **channel = definition->channels; *channel != NULL; channel++)
                if (plc_index_channel_public(*channel))
                        g_string_append_printf(out, "%s%s", out->len > 0 ? " " : "", *channel);
        return g_string_free(out, FALSE);
}

static void fill_territories(const plc_bundle_definition *definition, struct plc_index_territories *out)
{
        for (char **code = definition->territories; *code != NULL; code++) {
                if (strcmp(*code, "WW") == 0)
                        plc_index_territories_add_world(out);
                else
                        plc_index_territories_add(out, *code);
        }
}

/* Only items that the index has: the name of one that nobody may see stands in no byte of it. */
bool plc_bundle_show(const struct plc_publisher *publisher, const char *name, GError **error)
{
        g_autoptr(plc_bundle_definition) definition = NULL;
        g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(struct plc_index_bundle_item));
        g_autoptr(plc_bundle) bundle = NULL;
        g_autofree char *channels = NULL;
        struct plc_index_bundle shown = {0};

        if (!plc_catalog_get_bundle(publisher->catalog, name, 0, &bundle, error))
                return false;
        definition = plc_bundle_parse(bundle->definition, strlen(bundle->definition), name, error);
        if (definition == NULL)
                return false;
        channels = public_channels(definition);
        if (channels[0] == '\0' || bundle->withdrawn_at != 0)
                return plc_index_remove_bundle(publisher->index, name, error);
        for (guint i = 0; i < bundle->items->len; i++) {
                struct plc_index_bundle_item row = {.item = bundle->items->pdata[i], .product = ""};
                bool there;

                if (!plc_index_has_item(publisher->index, row.item, &there, error))
                        return false;
                if (there)
                        g_array_append_val(rows, row);
        }
        shown = (struct plc_index_bundle){.name = name,
                                          .version = bundle->version,
                                          .title = definition->title,
                                          .channels = channels,
                                          .from_ms = definition->from_ms,
                                          .until_ms = definition->until_ms};
        fill_territories(definition, &shown.territories);
        return plc_index_put_bundle(publisher->index, &shown, (const struct plc_index_bundle_item *)(void *)rows->data,
                                    rows->len, error);
}

bool plc_bundle_publish(const struct plc_publisher *publisher, const plc_bundle_definition *definition, int64_t now_ms,
                        plc_bundle **out_bundle, GError **error)
{
        g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(struct candidate));
        g_autoptr(plc_bundle) bundle = plc_bundle_new();
        g_autoptr(plc_db_tx) tx = NULL;

        if (!select_items(publisher, definition, now_ms, rows, error))
                return false;
        bundle->name = g_strdup(definition->name);
        bundle->definition = g_strdup(definition->json);
        bundle->published_at = now_ms;
        for (guint i = 0; i < rows->len; i++)
                g_ptr_array_add(bundle->items, g_strdup(g_array_index(rows, struct candidate, i).id));
        tx = plc_catalog_begin(publisher->catalog, error);
        if (tx == NULL || !plc_catalog_put_bundle(publisher->catalog, bundle, error) ||
            (bundle->items->len > 0 && /* a crash before the index has it: publishing an item shows its bundles too */
             !plc_catalog_enqueue(publisher->catalog, "publish", bundle->items->pdata[0], 5, now_ms, error)) ||
            !plc_db_commit(&tx, error))
                return false;
        if (!plc_index_begin(publisher->index, error))
                return false;
        if (!plc_bundle_show(publisher, definition->name, error) ||
            !plc_index_commit(publisher->index, now_ms, error)) {
                plc_index_rollback(publisher->index);
                return false;
        }
        *out_bundle = g_steal_pointer(&bundle);
        return true;
}
