/* What would a bundle hold now? Its query is answered, what may be shown nowhere is left out, then what looks alike and
 * what would be too much of one person or country; and every leaving out has its reason. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "catalog/submission.h"
#include "publish/bundle.h"
#include "publish/segments.h"

#define BUNDLE_ITEMS 10000     /* of one version */
#define LEFT_OUT_BY_LIMIT 1000 /* that are told one by one */
#define PDQ_WORDS 4
#define PDQ_HEX (PDQ_WORDS * 16)
#define PDQ_ALIKE 31   /* bits of 256 that may differ, and */
#define PDQ_QUALITY 50 /* how much there must be to see: both the fingerprint's authors' own thresholds */

struct candidate {
        char id[PLC_ID_SIZE];
        int64_t written_at;
        double rating;
        char shuffle[PLC_SHA256_HEX_SIZE]; /* order "random": fixed by name, version and item */
        char contributor[PLC_ID_SIZE], country[3];
        bool pinned, has_pdq;
        uint64_t pdq[PDQ_WORDS];
};

void plc_bundle_choice_free(struct plc_bundle_choice *choice)
{
        if (choice == NULL)
                return;
        g_ptr_array_unref(choice->items);
        g_ptr_array_unref(choice->left_out);
        g_free(choice);
}

static void leave_out(plc_bundle_choice *choice, const char *item, const char *reason, const char *other)
{
        struct plc_bundle_left_out *out = g_new0(struct plc_bundle_left_out, 1);

        g_strlcpy(out->item, item, sizeof out->item);
        g_strlcpy(out->other, other, sizeof out->other);
        out->reason = reason;
        g_ptr_array_add(choice->left_out, out);
}

/* --- which items match */

/* Items that the bundle may not show anywhere it is for are not in it at all. */
static bool ever_shown(const struct plc_publisher *publisher, const plc_bundle_definition *definition, const char *id,
                       int64_t now_ms, bool *out, GError **error)
{
        g_autoptr(plc_ledger) ledger = plc_publish_ledger(publisher, id, error);
        g_autoptr(plc_item) item = NULL;

        *out = false;
        if (ledger == NULL || !plc_catalog_get_item(publisher->catalog, id, &item, error))
                return false;
        for (char **channel = definition->channels; !*out && *channel != NULL; channel++) {
                plc_channel number = (plc_channel)plc_word_index(plc_channel_words, *channel);
                unsigned crop = item->kind == PLC_ITEM_PHOTO ? 1u << PLC_EDIT_CROP : 1u << PLC_EDIT_EXCERPT;

                *out = plc_publish_ever_in(publisher, ledger, item, number, 0, definition->territories, now_ms) ||
                       plc_publish_ever_in(publisher, ledger, item, number, crop, definition->territories, now_ms);
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

static bool matches_revision(const struct plc_publisher *publisher, const plc_bundle_definition *d,
                             const plc_item *item, bool *out, GError **error)
{
        g_autoptr(plc_revision) revision = NULL;

        *out = true;
        if (d->tag == NULL && d->campaign == NULL)
                return true;
        if (!plc_catalog_get_revision(publisher->catalog, item->submission, item->revision, &revision, error))
                return false;
        *out = (d->tag == NULL ||
                (revision->tags != NULL && g_strv_contains((const char *const *)revision->tags, d->tag))) &&
               (d->campaign == NULL || g_strcmp0(revision->campaign, d->campaign) == 0);
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

static int64_t written_at(const plc_item *item)
{
        return item->review.written_at != 0 ? item->review.written_at : item->created_at;
}

/* Of a review none of this is asked: it has neither size nor sharpness. */
static bool is_good_enough(const plc_bundle_definition *d, const plc_item *item)
{
        const struct plc_item_photo *photo = &item->photo;

        return item->kind != PLC_ITEM_PHOTO ||
               (photo->width >= d->min_width && photo->height >= d->min_height &&
                photo->sharpness >= d->min_sharpness && photo->pdq_quality >= d->min_quality);
}

static bool matches(const struct plc_publisher *publisher, const plc_bundle_definition *d, const plc_item *item,
                    int64_t now_ms, bool *out, GError **error)
{
        bool tagged = true, photo = true;

        *out = false;
        if ((d->kind >= 0 && (int)item->kind != d->kind) || (d->product != NULL && !has_product(item, d->product)) ||
            (d->role != NULL && g_strcmp0(item->photo.role, d->role) != 0) ||
            (d->country != NULL && g_strcmp0(item->country, d->country) != 0) ||
            (d->language != NULL &&
             !plc_language_match(d->language, item->language != NULL ? item->language : "und")) ||
            (d->max_age_days > 0 && written_at(item) < now_ms - d->max_age_days * PLC_DAY_MS) ||
            !is_good_enough(d, item))
                return true;
        if (!matches_revision(publisher, d, item, &tagged, error) ||
            (d->photo_wanted_given && !has_photo(publisher, item, &photo, error)))
                return false;
        *out = tagged && (!d->photo_wanted_given || photo == d->photo_wanted);
        return true;
}

/* --- in which order */

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

static void read_pdq(const plc_item *item, struct candidate *out)
{
        const char *hex = item->photo.pdq;

        if (item->kind != PLC_ITEM_PHOTO || hex == NULL || strlen(hex) != PDQ_HEX ||
            item->photo.pdq_quality < PDQ_QUALITY)
                return;
        for (size_t i = 0; i < PDQ_WORDS; i++) {
                char word[17] = {0};

                memcpy(word, hex + i * 16, 16);
                out->pdq[i] = g_ascii_strtoull(word, NULL, 16);
        }
        out->has_pdq = true;
}

/* A scale of ten and one of five can stand in one order. */
static double share_of(const struct plc_item_review *review)
{
        return review->has_rating && review->rating_max > review->rating_min
                       ? (review->rating - review->rating_min) / (review->rating_max - review->rating_min)
                       : -1;
}

struct choosing {
        const struct plc_publisher *publisher;
        const plc_bundle_definition *definition;
        int64_t now_ms, version; /* 0: of a kept one, which is filled with the same ones, else each time would be new */
        GHashTable *passed_over; /* pinned and excluded: not looked for; they can be thousands */
        GArray *rows;            /* of struct candidate */
        plc_bundle_choice *choice;
};

static bool consider(struct choosing *c, const char *id, bool pinned, GError **error)
{
        const plc_bundle_definition *definition = c->definition;
        g_autofree char *seed = g_strdup_printf("%s %" G_GINT64_FORMAT " %s", definition->name, c->version, id);
        g_autoptr(plc_item) item = NULL;
        struct candidate row = {.pinned = pinned};
        bool wanted = true;

        if (!plc_catalog_get_item(c->publisher->catalog, id, &item, error))
                return false;
        if (item->state != PLC_ITEM_APPROVED) {
                if (pinned)
                        leave_out(c->choice, id, "not_approved", "");
                return true;
        }
        if (!pinned && !matches(c->publisher, definition, item, c->now_ms, &wanted, error))
                return false;
        if (!wanted)
                return true;
        g_strlcpy(row.id, id, sizeof row.id);
        g_strlcpy(row.contributor, item->contributor, sizeof row.contributor);
        g_strlcpy(row.country, item->country != NULL ? item->country : "", sizeof row.country);
        row.written_at = written_at(item);
        row.rating = share_of(&item->review);
        if (definition->order == PLC_BUNDLE_RANDOM)
                plc_sha256_hex(seed, strlen(seed), row.shuffle);
        read_pdq(item, &row);
        g_array_append_val(c->rows, row);
        return true;
}

static bool consider_all(struct choosing *c, const GPtrArray *ids, GError **error)
{
        for (guint i = 0; i < ids->len; i++)
                if (!g_hash_table_contains(c->passed_over, ids->pdata[i]) && !consider(c, ids->pdata[i], false, error))
                        return false;
        return true;
}

static bool consider_approved(struct choosing *c, GError **error)
{
        g_autofree char *after = g_strdup("");

        for (;;) {
                g_autoptr(GPtrArray) page = NULL;

                if (!plc_catalog_list_items(c->publisher->catalog, PLC_ITEM_APPROVED, after, PLC_CATALOG_PAGE_MAX,
                                            &page, error) ||
                    !consider_all(c, page, error))
                        return false;
                if (page->len < PLC_CATALOG_PAGE_MAX)
                        return true;
                g_free(after);
                after = g_strdup(page->pdata[page->len - 1]);
        }
}

/* The narrowest list that there is of what can match. */
static bool consider_matching(struct choosing *c, GError **error)
{
        const plc_bundle_definition *d = c->definition;
        plc_catalog *catalog = c->publisher->catalog;
        g_autoptr(GPtrArray) few = NULL;

        if (d->product == NULL && d->tag == NULL && d->campaign == NULL)
                return consider_approved(c, error);
        return (d->product != NULL ? plc_catalog_items_of_product(catalog, d->product, &few, error)
                : d->tag != NULL   ? plc_catalog_items_of_tag(catalog, d->tag, &few, error)
                                   : plc_catalog_items_of_campaign(catalog, d->campaign, &few, error)) &&
               consider_all(c, few, error);
}

static void pass_over(GHashTable *set, char *const *ids)
{
        for (; ids != NULL && *ids != NULL; ids++)
                g_hash_table_add(set, *ids);
}

/* Pinned ones first, in their order; then what matches. */
static bool select_items(struct choosing *c, GError **error)
{
        guint n_pinned;

        pass_over(c->passed_over, c->definition->pinned);
        pass_over(c->passed_over, c->definition->excluded);
        for (char **id = c->definition->pinned; id != NULL && *id != NULL; id++)
                if (!consider(c, *id, true, error))
                        return false;
        n_pinned = c->rows->len;
        if (!consider_matching(c, error))
                return false;
        if (c->rows->len > n_pinned)
                g_qsort_with_data((struct candidate *)(void *)c->rows->data + n_pinned, (gint)(c->rows->len - n_pinned),
                                  sizeof(struct candidate), by_order, GINT_TO_POINTER(c->definition->order));
        return true;
}

/* --- what is too much */

static bool looks_like(const struct candidate *a, const struct candidate *b)
{
        int differ = 0;

        for (size_t i = 0; i < PDQ_WORDS; i++)
                differ += __builtin_popcountll(a->pdq[i] ^ b->pdq[i]);
        return a->has_pdq && b->has_pdq && differ <= PDQ_ALIKE;
}

static int64_t count_of(GHashTable *counts, const char *key)
{
        return (int64_t)GPOINTER_TO_SIZE(g_hash_table_lookup(counts, key));
}

static void count(GHashTable *counts, const char *key)
{
        g_hash_table_insert(counts, (gpointer)key, GSIZE_TO_POINTER((gsize)count_of(counts, key) + 1));
}

/* NULL: it stays. Pinned ones always do, and count. */
static const char *too_much(const plc_bundle_definition *d, const struct candidate *row, const GPtrArray *kept,
                            GHashTable *contributors, GHashTable *countries, const char **out_other)
{
        *out_other = "";
        if (row->pinned)
                return NULL;
        for (guint i = 0; !d->keep_duplicates && i < kept->len; i++) {
                const struct candidate *other = kept->pdata[i];

                if (!looks_like(row, other))
                        continue;
                *out_other = other->id;
                return "near_duplicate";
        }
        if (d->per_contributor > 0 && count_of(contributors, row->contributor) >= d->per_contributor)
                return "contributor";
        if (d->per_country > 0 && row->country[0] != '\0' && count_of(countries, row->country) >= d->per_country)
                return "country";
        return NULL;
}

/* In order, so that only as many have to be decided as there is room for. */
static bool choose(const struct plc_publisher *publisher, const plc_bundle_definition *definition, GArray *rows,
                   int64_t now_ms, plc_bundle_choice *choice, GError **error)
{
        g_autoptr(GHashTable) contributors = g_hash_table_new(g_str_hash, g_str_equal);
        g_autoptr(GHashTable) countries = g_hash_table_new(g_str_hash, g_str_equal);
        g_autoptr(GPtrArray) kept = g_ptr_array_new();
        int64_t limit = definition->limit > 0 ? definition->limit : BUNDLE_ITEMS;
        unsigned beyond = 0;

        for (guint i = 0; i < rows->len && beyond < LEFT_OUT_BY_LIMIT; i++) {
                struct candidate *row = &g_array_index(rows, struct candidate, i);
                const char *other = "", *reason = NULL;
                bool shown = true;

                if (kept->len >= limit) {
                        leave_out(choice, row->id, "limit", "");
                        beyond++;
                        continue;
                }
                reason = too_much(definition, row, kept, contributors, countries, &other);
                if (reason == NULL && !ever_shown(publisher, definition, row->id, now_ms, &shown, error))
                        return false;
                if (reason != NULL || !shown) {
                        leave_out(choice, row->id, reason != NULL ? reason : "not_allowed", other);
                        continue;
                }
                count(contributors, row->contributor);
                count(countries, row->country);
                g_ptr_array_add(kept, row);
                g_ptr_array_add(choice->items, g_strdup(row->id));
        }
        return true;
}

/* What is to be rendered, what a preview tells and what is frozen then is chosen at different times, and is the same.
 */
static bool find_version(struct choosing *c, GError **error)
{
        g_autoptr(plc_bundle) latest = NULL;
        g_autoptr(GError) none = NULL;

        if (c->definition->kept)
                return true;
        if (plc_catalog_get_bundle(c->publisher->catalog, c->definition->name, 0, &latest, &none)) {
                c->version = latest->version + 1;
                return true;
        }
        c->version = 1;
        if (plc_error_code(none) == PLC_E_NOT_FOUND)
                return true;
        g_propagate_error(error, g_steal_pointer(&none));
        return false;
}

bool plc_bundle_choose(const struct plc_publisher *publisher, const plc_bundle_definition *definition, int64_t now_ms,
                       plc_bundle_choice **out, GError **error)
{
        g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(struct candidate));
        g_autoptr(GHashTable) passed_over = g_hash_table_new(g_str_hash, g_str_equal);
        g_autoptr(plc_bundle_choice) choice = g_new0(plc_bundle_choice, 1);
        struct choosing choosing = {publisher, definition, now_ms, 0, passed_over, rows, choice};

        choice->items = g_ptr_array_new_with_free_func(g_free);
        choice->left_out = g_ptr_array_new_with_free_func(g_free);
        if (!find_version(&choosing, error) || !select_items(&choosing, error))
                return false;
        if (!choose(publisher, definition, rows, now_ms, choice, error))
                return false;
        *out = g_steal_pointer(&choice);
        return true;
}
