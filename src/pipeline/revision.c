/* What does a changed drop leave as it was? A review that says the same, and photos whose bytes are the same and of
 * which the same is said, are not moderated again. */
#include <string.h>

#include "base/json.h"
#include "catalog/ledger.h"
#include "pipeline/office_private.h"

size_t plc_drop_photo_of(const struct plc_drop *drop, const plc_item *item)
{
        size_t i = 0;

        while (i < drop->n_photos && drop->photos[i].item != item)
                i++;
        return i;
}

static bool is_taken(const struct plc_drop *drop, const char *item)
{
        for (size_t i = 0; i < drop->n_photos; i++)
                if (strcmp(drop->photos[i].kept, item) == 0)
                        return true;
        return false;
}

/* A file that is twice in a drop is two items: only the first of them is the one that is known. */
static bool find_one(struct plc_drop *drop, plc_item *item, const char *plain, char kept[PLC_ID_SIZE], GError **error)
{
        const struct plc_site *site = drop->office->site;
        char hmac[PLC_SHA256_HEX_SIZE], found[PLC_ID_SIZE] = "";

        plc_vault_hmac(site->vault, "item as declared", "", plain, hmac);
        item->said_hmac = g_strdup(hmac);
        if (drop->known == NULL)
                return true;
        if (!plc_catalog_find_unchanged(site->catalog, drop->known->id, hmac, found, error))
                return false;
        if (found[0] == '\0' || is_taken(drop, found))
                return true;
        g_strlcpy(kept, found, PLC_ID_SIZE);
        g_ptr_array_remove(drop->items, item); /* frees it */
        return true;
}

bool plc_drop_find_kept(struct plc_drop *drop, GError **error)
{
        char plain[PLC_SHA256_HEX_SIZE];

        if (drop->manifest->has_review) {
                plc_manifest_review_hash(drop->manifest, plain);
                if (!find_one(drop, drop->items->pdata[0], plain, drop->kept_review, error))
                        return false;
        }
        for (size_t i = 0; i < drop->n_photos; i++) {
                struct plc_drop_photo *photo = &drop->photos[i];

                plc_manifest_photo_hash(drop->manifest, &drop->manifest->photos[i], plain);
                if (!find_one(drop, photo->item, plain, photo->kept, error))
                        return false;
                if (photo->kept[0] != '\0')
                        photo->item = NULL;
        }
        return true;
}

static bool replace(struct plc_drop *drop, const plc_item *item, int64_t now_ms, GError **error)
{
        plc_catalog *catalog = drop->office->site->catalog;
        g_autoptr(GString) event = g_string_new(NULL);

        plc_jw_object(event, NULL);
        plc_jw_string(event, "type", "moderation.decided");
        plc_jw_string(event, "item", item->id);
        plc_jw_string(event, "verdict", "rejected");
        plc_jw_int(event, "policy_version", drop->office->site->policy->version);
        plc_jw_array(event, "codes");
        plc_jw_string(event, NULL, "replaced");
        plc_jw_end_array(event);
        plc_jw_end_object(event);
        return plc_catalog_ledger_append(catalog, event->str, now_ms, NULL, error) &&
               plc_catalog_set_item_state(catalog, item->id, PLC_ITEM_REPLACED, "replaced", now_ms, error) &&
               plc_catalog_enqueue(catalog, "publish", item->id, 2, now_ms, error);
}

/* The rest was taken out of the submission, and no moderator will be asked about this revision. */
static bool replace_rest(struct plc_drop *drop, int64_t now_ms, GError **error)
{
        plc_catalog *catalog = drop->office->site->catalog;
        g_autoptr(GPtrArray) ids = NULL;

        if (!plc_catalog_items_of_submission(catalog, drop->submission->id, &ids, error))
                return false;
        for (guint i = 0; i < ids->len; i++) {
                g_autoptr(plc_item) item = NULL;

                if (!plc_catalog_get_item(catalog, ids->pdata[i], &item, error) ||
                    (item->last_revision < drop->submission->revision &&
                     (item->state == PLC_ITEM_APPROVED || item->state == PLC_ITEM_WAITING) &&
                     !replace(drop, item, now_ms, error)))
                        return false;
        }
        return true;
}

bool plc_drop_record_kept(struct plc_drop *drop, int64_t now_ms, GError **error)
{
        plc_catalog *catalog = drop->office->site->catalog;
        int64_t revision = drop->submission->revision;

        if (drop->kept_review[0] != '\0' && !plc_catalog_keep_item(catalog, drop->kept_review, revision, error))
                return false;
        for (size_t i = 0; i < drop->n_photos; i++)
                if (drop->photos[i].kept[0] != '\0' &&
                    !plc_catalog_keep_item(catalog, drop->photos[i].kept, revision, error))
                        return false;
        return drop->items->len > 0 || replace_rest(drop, now_ms, error);
}
