/*
 * What may be done with a drop, by what its contributor said? Consents become events of the ledger here, and only here:
 * - the contributor's own act (attested false) if the source is trusted in placet.conf, the terms are registered, in
 * force when the consent was captured, and the hash of the text that was shown is theirs; its scope is the terms'
 * scope, narrowed by the consent;
 * - else an attestation if there is evidence and the consent says for which channels (the policy caps what that may
 * cover);
 * - else grant.requested, which opens nothing;
 * - guardian.verified for the likeness of a minor where a trusted source brings a guardian's evidence: of the
 * contributor by contributor.guardian, of a depicted one by a release that is signed_by guardian.
 * A submission alone never grants more than its terms.
 */
#pragma once
#include "catalog/item.h"
#include "intake/manifest.h"
#include "preset/terms.h"
#include "vault/vault.h"

/* A grant of the same submission that was withdrawn, terminated or invalidated. */
struct plc_consents_end {
        char layer[16];
        char person[PLC_ID_SIZE]; /* "" but on likeness */
        int64_t at;
        bool to_attest; /* the contributor withdrew all that is spoken of: no attestation opens it, whenever captured */
};

struct plc_consents {
        bool trusted;     /* the source of this drop is, by placet.conf */
        bool by_operator; /* recorded by hand: the ledger says so */
        const plc_terms_registry *terms;
        plc_vault *vault;
        const char *submission, *contributor; /* our ids; the contributor is the person `self` too */
        const char *item;                     /* for this one alone; NULL: for the submission */
        const char *person; /* a depicted one, who accepted the terms themselves: their likeness alone; NULL: the
                               contributor */
        bool minor;         /* the contributor is one: a guardian's consent is looked for */
        int folder_fd;      /* where evidence files lie */
        int64_t now_ms;
        const GArray *ended; /* of struct plc_consents_end: consents captured until then open nothing; NULL: none */
        GPtrArray *events;   /* out: JSON objects, of char *, without seq and hashes */
        GPtrArray *grants;   /* out: of plc_grant_record */
};

/* Seals evidence as it goes. */
bool plc_consents_add(const struct plc_consents *consents, const plc_manifest *manifest, GError **error);
/* Attested likeness grants of depicted people from the releases that a photo names; person_ids in the order of its
 * persons. */
bool plc_consents_add_releases(const struct plc_consents *consents, const plc_manifest *manifest,
                               const struct plc_manifest_photo *photo, const char *const *person_ids, GError **error);
