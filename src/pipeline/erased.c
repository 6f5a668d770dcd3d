/* Does a drop bring back somebody who was erased, and does it leave a key behind that nobody will ever destroy? */
#include "base/hash.h"
#include "pipeline/office_private.h"

static int64_t newest_consent(const plc_manifest *manifest)
{
        int64_t newest = 0;

        for (size_t i = 0; i < manifest->n_consents; i++)
                newest = MAX(newest, manifest->consents[i].captured_at);
        return newest;
}

static bool erased_when(struct plc_drop *drop, const char *purpose, const char *external, int64_t *out, GError **error)
{
        struct plc_site *site = drop->office->site;
        char hmac[PLC_SHA256_HEX_SIZE];

        *out = 0;
        if (external == NULL)
                return true;
        plc_vault_hmac(site->vault, purpose, drop->manifest->source, external, hmac);
        return plc_catalog_find_tombstone(site->catalog, hmac, out, error);
}

/* Keyed tombstones remember the person and each of their submissions. A nightly export does not bring
 * them back: only a consent that is newer than the erasure does. */
bool plc_drop_refuse_erased(struct plc_drop *drop, GError **error)
{
        const plc_manifest *manifest = drop->manifest;
        const char *person = manifest->has_contributor ? manifest->contributor.id : NULL;
        int64_t person_at, submission_at;

        if (!erased_when(drop, "contributor", person, &person_at, error) ||
            !erased_when(drop, "submission", manifest->id, &submission_at, error))
                return false;
        if (MAX(person_at, submission_at) == 0 || newest_consent(manifest) > MAX(person_at, submission_at))
                return true;
        return plc_fail_at(
                error, PLC_E_ERASED, drop->told_as, person_at != 0 ? "/contributor/id" : "/id",
                "Take this person out of the export; only a consent given after the erasure brings them back.",
                "this person's data was erased, and the consents here are older than that; nothing of the drop was "
                "kept");
}

void plc_drop_new_contributor(const struct plc_drop *drop, char out[PLC_ID_SIZE])
{
        char hmac[PLC_SHA256_HEX_SIZE];
        uint8_t bytes[16];

        plc_vault_hmac(drop->office->site->vault, "contributor of a drop", "", drop->claim->id, hmac);
        hmac[2 * sizeof bytes] = '\0';
        plc_unhex(hmac, bytes, sizeof bytes);
        plc_id_from(bytes, out);
}

bool plc_drop_forget_key(const struct plc_drop *drop, GError **error)
{
        struct plc_site *site = drop->office->site;
        g_autoptr(plc_contributor) known = NULL;
        g_autoptr(GError) missing = NULL;
        char id[PLC_ID_SIZE];

        plc_drop_new_contributor(drop, id);
        if (plc_catalog_get_contributor(site->catalog, id, &known, &missing))
                return true;
        if (plc_error_code(missing) == PLC_E_NOT_FOUND)
                return plc_vault_destroy_key(site->vault, id, error);
        g_propagate_error(error, g_steal_pointer(&missing));
        return false;
}
