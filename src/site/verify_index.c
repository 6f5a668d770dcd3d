/* Does the world see exactly what decide() allows? Every item asked again, and compared row by row. */
#include <string.h>

#include "base/clock.h"
#include "catalog/item.h"
#include "catalog/queue.h"
#include "index/audit.h"
#include "publish/segments.h"
#include "site/verify_private.h"

static const char rebuild[] = "Run placet index rebuild SITE.";

/* What is left of a segment from now on; NULL: nothing. Two rows that are alike but for their territories are one. */
static char *key_of(const struct plc_index_segment *segment, int64_t now_ms)
{
        int64_t from = MAX(segment->from_ms, now_ms);

        if (segment->until_ms <= now_ms)
                return NULL;
        return g_strdup_printf("%s\n%s\n%s\n%d\n%d\n%" G_GINT64_FORMAT "\n%" G_GINT64_FORMAT "\n%s", segment->channel,
                               segment->product, segment->language != NULL ? segment->language : "", segment->edit,
                               segment->identity, from, segment->until_ms,
                               segment->duties != NULL ? segment->duties : "");
}

static void add(GHashTable *rows, const struct plc_index_segment *segment, int64_t now_ms)
{
        char *key = key_of(segment, now_ms);
        struct plc_index_territories *found;

        if (key == NULL)
                return;
        found = g_hash_table_lookup(rows, key);
        if (found == NULL) {
                g_hash_table_insert(rows, key, g_memdup2(&segment->territories, sizeof segment->territories));
                return;
        }
        for (size_t i = 0; i < sizeof found->bits; i++)
                found->bits[i] |= segment->territories.bits[i];
        g_free(key);
}

static GHashTable *rows_new(void)
{
        return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

/* The first territory of a that b has not; NULL: none. */
static const char *beyond(const struct plc_index_territories *a, const struct plc_index_territories *b)
{
        for (size_t i = 0; plc_index_territory_at(i) != NULL; i++) {
                const char *code = plc_index_territory_at(i);

                if (plc_index_territories_has(a, code) && (b == NULL || !plc_index_territories_has(b, code)))
                        return code;
        }
        return NULL;
}

/* Of the rows of `rows` that are not wholly in `others` the least: its channel, and a territory. Another look must find
 * the same one, though keys hold the moment of looking, or it is taken for an office at work. */
static bool find_beyond(GHashTable *rows, GHashTable *others, char **out_channel, const char **out_territory)
{
        g_autofree char *least = NULL;
        GHashTableIter iter;
        gpointer key, territories;

        g_hash_table_iter_init(&iter, rows);
        while (g_hash_table_iter_next(&iter, &key, &territories)) {
                const char *territory = beyond(territories, g_hash_table_lookup(others, key));
                g_autofree char *channel = g_strndup(key, strcspn(key, "\n"));
                int order = least != NULL ? strcmp(channel, least) : -1;

                if (territory == NULL || order > 0 || (order == 0 && strcmp(territory, *out_territory) >= 0))
                        continue;
                g_free(least);
                least = g_steal_pointer(&channel);
                *out_territory = territory;
        }
        if (least == NULL)
                return false;
        *out_channel = g_steal_pointer(&least);
        return true;
}

static bool stored_rows(plc_index_audit *audit, const char *item, int64_t now_ms, GHashTable *out, GError **error)
{
        g_autoptr(GPtrArray) segments = NULL;

        if (!plc_index_audit_segments(audit, item, &segments, error))
                return false;
        for (guint i = 0; i < segments->len; i++)
                add(out, &((struct plc_index_audited *)segments->pdata[i])->segment, now_ms);
        return true;
}

static bool decided_rows(const struct plc_publisher *publisher, const char *id, int64_t now_ms, GHashTable *out,
                         GError **error)
{
        g_autoptr(plc_ledger) ledger = plc_publish_ledger(publisher, id, error);
        g_autoptr(plc_publish_rows) rows = NULL;
        g_autoptr(plc_item) item = NULL;

        if (ledger == NULL || !plc_catalog_get_item(publisher->catalog, id, &item, error))
                return false;
        rows = plc_publish_segments(publisher, ledger, item, now_ms);
        for (guint i = 0; i < rows->segments->len; i++)
                add(out, &g_array_index(rows->segments, struct plc_index_segment, i), now_ms);
        return true;
}

/* A publication that is still queued will say it. */
static bool is_on_its_way(struct plc_verifying *verifying, const char *item, bool *out, GError **error)
{
        return plc_catalog_has_jobs(verifying->site->catalog, item, plc_now_ms(), out, error);
}

/*
 * Would other settings let it be shown in that channel? Not where the policy is the one under which it was decided and
 * nothing of the item may be used there: whoever withdrew, or was erased, did so whatever stands in placet.conf.
 */
static bool may_be_of_settings(struct plc_verifying *verifying, const char *id, const char *channel, bool *out,
                               GError **error)
{
        const struct plc_site *site = verifying->site;
        int number = plc_word_index(plc_channel_words, channel);
        g_autofree char *policy = NULL;
        g_autoptr(plc_ledger) ledger = NULL;
        g_autoptr(plc_item) item = NULL;

        *out = false;
        if (!verifying->options->settings_changed)
                return true;
        if (!plc_catalog_meta_get(site->catalog, PLC_META_POLICY, &policy, error))
                return false;
        *out = g_strcmp0(policy, site->policy_hash) != 0;
        if (*out || number < 0)
                return true;
        ledger = plc_publish_ledger(&site->publisher, id, error);
        if (ledger == NULL || !plc_catalog_get_item(site->catalog, id, &item, error))
                return false;
        *out = plc_publish_ever(&site->publisher, ledger, item, (plc_channel)number, 0, plc_now_ms());
        return true;
}

static bool tell_beyond(struct plc_verifying *verifying, const char *item, const char *channel, const char *territory,
                        GError **error)
{
        bool waits, settings;

        if (!is_on_its_way(verifying, item, &waits, error) ||
            !may_be_of_settings(verifying, item, channel, &settings, error))
                return false;
        if (!waits && settings)
                plc_verify_otherwise(verifying, item);
        else if (!waits)
                plc_verify_damage(verifying, rebuild,
                                  "public/index.db shows the item %s (channel %s, territory %s) otherwise than "
                                  "decide() allows it",
                                  item, channel, territory);
        return true;
}

static bool tell_lack(struct plc_verifying *verifying, const char *item, const char *channel, const char *territory,
                      GError **error)
{
        bool waits;

        if (!is_on_its_way(verifying, item, &waits, error))
                return false;
        if (!waits && verifying->options->settings_changed)
                plc_verify_otherwise(verifying, item);
        else if (!waits)
                plc_verify_damage(verifying, rebuild,
                                  "public/index.db lacks a row of the item %s (channel %s, territory %s) that "
                                  "decide() allows",
                                  item, channel, territory);
        return true;
}

static bool compare(struct plc_verifying *verifying, plc_index_audit *audit, const char *item, GError **error)
{
        g_autoptr(GHashTable) stored = rows_new(), decided = rows_new();
        g_autofree char *channel = NULL;
        int64_t now_ms = plc_now_ms();
        const char *territory;

        if (!stored_rows(audit, item, now_ms, stored, error) ||
            !decided_rows(&verifying->site->publisher, item, now_ms, decided, error))
                return false;
        if (find_beyond(stored, decided, &channel, &territory))
                return tell_beyond(verifying, item, channel, territory, error);
        return !find_beyond(decided, stored, &channel, &territory) ||
               tell_lack(verifying, item, channel, territory, error);
}

/* Files that the index gives out are there. */
static bool check_assets(struct plc_verifying *verifying, plc_index_audit *audit, const char *item, GError **error)
{
        g_autoptr(GPtrArray) assets = NULL;

        if (!plc_index_audit_assets(audit, item, &assets, error))
                return false;
        for (guint i = 0; i < assets->len; i++) {
                bool there;

                if (!plc_blob_exists(verifying->site->assets, assets->pdata[i], &there, error))
                        return false;
                if (!there)
                        plc_verify_damage(verifying, rebuild,
                                          "public/index.db names the file %s of the item %s, which is not there",
                                          (const char *)assets->pdata[i], item);
        }
        return true;
}

static bool check_catalog_items(struct plc_verifying *verifying, plc_index_audit *audit, GHashTable *in_index,
                                GError **error)
{
        g_autofree char *after = NULL;

        for (;;) {
                g_autoptr(GPtrArray) page = NULL;

                if (!plc_catalog_list_items(verifying->site->catalog, PLC_ITEM_ANY, after, PLC_CATALOG_PAGE_MAX, &page,
                                            error))
                        return false;
                if (page->len == 0)
                        return true;
                for (guint i = 0; i < page->len; i++) {
                        const char *item = page->pdata[i];
                        bool shown = g_hash_table_remove(in_index, item);

                        if (!compare(verifying, audit, item, error) ||
                            (shown && (!check_assets(verifying, audit, item, error) ||
                                       !plc_verify_emails_of(verifying, audit, item, error))))
                                return false;
                        plc_verify_count(verifying);
                }
                g_free(after);
                after = g_strdup(page->pdata[page->len - 1]);
        }
}

static void tell_unknown(struct plc_verifying *verifying, GHashTable *in_index, const GPtrArray *strays)
{
        GHashTableIter iter;
        gpointer item;

        g_hash_table_iter_init(&iter, in_index);
        while (g_hash_table_iter_next(&iter, &item, NULL))
                plc_verify_damage(verifying, rebuild,
                                  "public/index.db holds the item %s, which the catalog does not know",
                                  (const char *)item);
        for (guint i = 0; i < strays->len; i++)
                plc_verify_damage(verifying, rebuild,
                                  "public/index.db holds rows of the item %s without the item itself",
                                  (const char *)strays->pdata[i]);
}

static bool check_words(struct plc_verifying *verifying, plc_index_audit *audit, GError **error)
{
        g_autoptr(GPtrArray) items = NULL;
        int64_t strays = 0;

        if (!plc_index_audit_words(audit, &items, &strays, error))
                return false;
        for (guint i = 0; i < items->len; i++)
                plc_verify_damage(verifying, rebuild,
                                  "public/index.db finds the item %s by other words than those of its text",
                                  (const char *)items->pdata[i]);
        if (strays > 0)
                plc_verify_damage(verifying, rebuild, "public/index.db holds words of items that it does not hold");
        return true;
}

static bool check_fronts(struct plc_verifying *verifying, plc_index_audit *audit, GError **error)
{
        g_autoptr(GPtrArray) products = NULL;

        if (!plc_index_audit_fronts(audit, &products, error))
                return false;
        for (guint i = 0; i < products->len; i++)
                plc_verify_damage(verifying, rebuild,
                                  "public/index.db answers the list of product %s otherwise than its rows say",
                                  (const char *)products->pdata[i]);
        return true;
}

bool plc_verify_index(struct plc_verifying *verifying, GError **error)
{
        g_autofree char *dir = g_build_filename(verifying->site->path, "public", NULL);
        g_autoptr(GHashTable) in_index = g_hash_table_new(g_str_hash, g_str_equal);
        g_autoptr(GPtrArray) items = NULL, strays = NULL;
        g_autoptr(plc_index_audit) audit = NULL;

        if (!plc_index_audit_open(dir, &audit, error) || !plc_index_audit_items(audit, &items, error) ||
            !plc_index_audit_strays(audit, &strays, error))
                return false;
        for (guint i = 0; i < items->len; i++)
                g_hash_table_add(in_index, items->pdata[i]);
        if (!check_catalog_items(verifying, audit, in_index, error))
                return false;
        tell_unknown(verifying, in_index, strays);
        return check_words(verifying, audit, error) && check_fronts(verifying, audit, error);
}
