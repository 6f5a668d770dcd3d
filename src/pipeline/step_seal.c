/* How does what is personal get out of the open? Originals are sealed under the key of the contributor, made here if
 * they are new. */
#include <string.h>

#include "base/clock.h"
#include "pipeline/office_private.h"

/* Someone whom we know, or a new contributor; nobody's photo gets a contributor of its own, whom nobody knows. */
static bool find_contributor(struct plc_drop *drop, GError **error)
{
        struct plc_site *site = drop->office->site;
        const plc_manifest *manifest = drop->manifest;
        plc_contributor *contributor = NULL;
        char hmac[PLC_SHA256_HEX_SIZE] = "";

        if (drop->known != NULL)
                return plc_catalog_get_contributor(site->catalog, drop->known->contributor, &drop->contributor, error);
        if (manifest->has_contributor && manifest->contributor.id != NULL) {
                plc_vault_hmac(site->vault, "contributor", manifest->source, manifest->contributor.id, hmac);
                if (!plc_catalog_find_contributor(site->catalog, hmac, &contributor, error))
                        return false;
        }
        if (contributor == NULL) {
                contributor = plc_contributor_new();
                plc_drop_new_contributor(drop, contributor->id);
                contributor->source = g_strdup(manifest->source);
                contributor->external_hmac = hmac[0] != '\0' ? g_strdup(hmac) : NULL;
                contributor->age_band = g_strdup(manifest->contributor.age_band);
                contributor->created_at = plc_now_ms();
        }
        drop->contributor = contributor;
        return true;
}

static bool seal_contributor(struct plc_drop *drop, GError **error)
{
        plc_vault *vault = drop->office->site->vault;
        plc_contributor *contributor = drop->contributor;
        const struct plc_manifest_contributor *said = &drop->manifest->contributor;
        g_autofree char *external = g_strdup_printf("contributor/%s/external", contributor->id);
        g_autofree char *email = g_strdup_printf("contributor/%s/email", contributor->id);

        if (contributor->sealed_external != NULL || contributor->sealed_email != NULL)
                return true;
        return plc_vault_seal_text(vault, contributor->id, external, said->id, &contributor->sealed_external, error) &&
               plc_vault_seal_text(vault, contributor->id, email, said->email, &contributor->sealed_email, error);
}

/* While the workers looked at the photos, somebody may have been erased: a key is never made for them again. */
static bool still_there(struct plc_drop *drop, GError **error)
{
        return !drop->contributor->erased || plc_fail(error, PLC_E_BUSY, "the contributor has just been erased");
}

enum plc_progress plc_step_seal(struct plc_office *office, struct plc_drop *drop, GError **error)
{
        plc_vault *vault = office->site->vault;

        /* While the workers looked at the photos, the same drop may have been recorded from another claim. */
        if (!plc_drop_find_known(drop, error))
                return PLC_FAILED;
        if (drop->again)
                return PLC_DONE;
        if (!plc_drop_refuse_erased(drop, error) || !find_contributor(drop, error) || !still_there(drop, error) ||
            !plc_drop_forget_key(drop, error) || !plc_vault_ensure_key(vault, drop->contributor->id, error) ||
            !seal_contributor(drop, error) || !plc_drop_find_kept(drop, error))
                return PLC_FAILED;
        for (size_t i = 0; i < drop->n_photos; i++)
                if (drop->photos[i].kept[0] == '\0' &&
                    !plc_vault_seal_fd(vault, drop->contributor->id, drop->photos[i].fd, drop->photos[i].sealed, error))
                        return PLC_FAILED;
        return PLC_DONE;
}
