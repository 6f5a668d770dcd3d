/* Does the index still say what the rules say? What is shown was decided under a policy, a placet.conf and presets;
 * when they have changed since, every item is decided anew. */
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"
#include "catalog/ledger.h"
#include "index/schema.h"
#include "pipeline/office_private.h"
#include "publish/note.h"
#include "publish/purge.h"

#define KEY "published_under" /* of the catalog's meta */

static void add(plc_hash *hash, const char *text)
{
        plc_hash_add(hash, text, strlen(text) + 1);
}

/* All that is asked besides the ledger. The program's version is in it: another decide() may answer otherwise. */
static void fingerprint(const struct plc_site *site, char out[PLC_SHA256_HEX_SIZE])
{
        const plc_conf *conf = site->conf;
        char *const *lists[] = {conf->channels, conf->languages, site->placements};
        uint8_t sum[PLC_SHA256_LEN];
        char note[PLC_NOTE_MARK_SIZE];
        plc_hash *hash = plc_hash_new();

        add(hash, PLC_VERSION);
        add(hash, G_STRINGIFY(PLC_INDEX_FORMAT)); /* one of an older form was emptied when it was opened, or holds what
                                                   * this program would not write: names that may be shown nowhere */
        add(hash, site->policy_hash);
        add(hash, plc_presets_version(site->presets));
        add(hash, conf->controller != NULL ? conf->controller : "");
        add(hash, conf->product_url);
        plc_note_mark(&site->publisher.note, note);
        add(hash, note); /* it stands in files that were made */
        add(hash, conf->avif ? "avif" : "");
        for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
                for (char *const *word = lists[i]; *word != NULL; word++)
                        add(hash, *word);
                add(hash, "");
        }
        plc_hash_final(hash, sum);
        plc_hex(sum, sizeof sum, out);
}

/* First what it may not show any more goes, then what it may show now is rendered. */
static bool queue_item(plc_catalog *catalog, const char *id, int64_t now_ms, GError **error)
{
        return plc_catalog_enqueue(catalog, "publish", id, 2, now_ms, error) &&
               plc_catalog_enqueue(catalog, "render", id, 6, now_ms, error);
}

static bool queue_approved(plc_catalog *catalog, int64_t now_ms, GError **error)
{
        g_autofree char *after = g_strdup("");

        for (;;) {
                g_autoptr(GPtrArray) page = NULL;

                if (!plc_catalog_list_items(catalog, PLC_ITEM_APPROVED, after, PLC_CATALOG_PAGE_MAX, &page, error))
                        return false;
                for (guint i = 0; i < page->len; i++)
                        if (!queue_item(catalog, page->pdata[i], now_ms, error))
                                return false;
                if (page->len < PLC_CATALOG_PAGE_MAX)
                        return true;
                g_free(after);
                after = g_strdup(page->pdata[page->len - 1]);
        }
}

/* What is shown although it is not among the approved (it should not be) is looked at too. */
static bool queue_shown(struct plc_site *site, int64_t now_ms, GError **error)
{
        g_autoptr(GPtrArray) shown = NULL;

        if (!plc_index_list_items(site->index, &shown, error))
                return false;
        for (guint i = 0; i < shown->len; i++) {
                g_autoptr(plc_item) item = NULL;
                g_autoptr(GError) missing = NULL;

                if (plc_catalog_get_item(site->catalog, shown->pdata[i], &item, &missing)) {
                        if (!plc_catalog_enqueue(site->catalog, "publish", item->id, 2, now_ms, error))
                                return false;
                } else if (plc_error_code(missing) != PLC_E_NOT_FOUND) {
                        g_propagate_error(error, g_steal_pointer(&missing));
                        return false;
                }
        }
        return true;
}

/* The server shows by time; this takes away the bytes of what has ended, its files included. */
bool plc_republish_expired(struct plc_site *site, GError **error)
{
        g_autoptr(GPtrArray) expired = NULL;
        int64_t now_ms = plc_now_ms();

        if (!plc_index_list_expired(site->index, now_ms, &expired, error))
                return false;
        for (guint i = 0; i < expired->len; i++)
                if (!plc_catalog_enqueue(site->catalog, "publish", expired->pdata[i], 5, now_ms, error))
                        return false;
        return true;
}

/* "Was it allowed then?" is asked of the events; by which rules it was answered, the ledger tells too. */
static bool record_policy(struct plc_site *site, int64_t now_ms, GError **error)
{
        g_autofree char *recorded = NULL;
        g_autoptr(GString) event = NULL;
        g_autoptr(plc_db_tx) tx = NULL;
        int64_t seq;

        if (!plc_catalog_meta_get(site->catalog, PLC_META_POLICY, &recorded, error))
                return false;
        if (g_strcmp0(recorded, site->policy_hash) == 0)
                return true;
        event = g_string_new(NULL);
        plc_jw_object(event, NULL);
        plc_jw_string(event, "type", "policy.changed");
        plc_jw_int(event, "version", site->policy->version);
        plc_jw_string(event, "sha256", site->policy_hash);
        plc_jw_end_object(event);
        tx = plc_catalog_begin(site->catalog, error);
        return tx != NULL && plc_catalog_ledger_append(site->catalog, event->str, now_ms, &seq, error) &&
               plc_catalog_keep_policy(site->catalog, seq, site->policy_text, error) &&
               plc_catalog_meta_set(site->catalog, PLC_META_POLICY, site->policy_hash, error) &&
               plc_db_commit(&tx, error);
}

bool plc_office_is_up_to_date(const struct plc_site *site, bool *out, GError **error)
{
        char now_under[PLC_SHA256_HEX_SIZE];
        g_autofree char *published_under = NULL;

        fingerprint(site, now_under);
        if (!plc_catalog_meta_get(site->catalog, KEY, &published_under, error))
                return false;
        *out = published_under == NULL || strcmp(published_under, now_under) == 0; /* NULL: no office ever ran */
        return true;
}

bool plc_republish_if_changed(struct plc_site *site, GError **error)
{
        char now_under[PLC_SHA256_HEX_SIZE];
        g_autofree char *published_under = NULL;
        g_autoptr(plc_db_tx) tx = NULL;
        int64_t now_ms = plc_now_ms();

        fingerprint(site, now_under);
        if (!plc_purge_write(&site->publisher, error) || !record_policy(site, now_ms, error) ||
            !plc_catalog_meta_get(site->catalog, KEY, &published_under, error))
                return false;
        if (g_strcmp0(published_under, now_under) == 0)
                return true;
        tx = plc_catalog_begin(site->catalog, error);
        return tx != NULL && queue_approved(site->catalog, now_ms, error) && queue_shown(site, now_ms, error) &&
               plc_catalog_meta_set(site->catalog, KEY, now_under, error) && plc_db_commit(&tx, error);
}
