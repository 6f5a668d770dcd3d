/* How do the consents of a drop become grants? One at a time: whose act is it, which scope is left, until when. */
#include "intake/consents.h"

#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"

#define EVIDENCE_BYTES ((size_t)10 << 20)

/* Strings of a list of the event; NULL ends it. */
static void list(GString *out, const char *name, char *const *values)
{
        if (values == NULL)
                return;
        plc_jw_array(out, name);
        for (char *const *value = values; *value != NULL; value++)
                plc_jw_string(out, NULL, *value);
        plc_jw_end_array(out);
}

static bool in(char *const *values, const char *value)
{
        return g_strv_contains((const char *const *)values, value);
}

/* Both must hold. NULL is "any"; `world` is the word that stands for any within a list, or NULL. Free with g_strfreev.
 */
static char **both(char *const *a, char *const *b, const char *world)
{
        g_autoptr(GPtrArray) out = g_ptr_array_new();

        if (a == NULL || (world != NULL && b != NULL && in(a, world)))
                return g_strdupv((char **)b);
        if (b == NULL || (world != NULL && in(b, world)))
                return g_strdupv((char **)a);
        for (char *const *value = a; *value != NULL; value++)
                if (in(b, *value))
                        g_ptr_array_add(out, g_strdup(*value));
        g_ptr_array_add(out, NULL);
        return (char **)g_ptr_array_free(g_steal_pointer(&out), FALSE);
}

static char **either(char *const *a, char *const *b)
{
        g_autoptr(GPtrArray) out = g_ptr_array_new();

        if (a == NULL && b == NULL)
                return NULL;
        for (char *const *value = a; value != NULL && *value != NULL; value++)
                g_ptr_array_add(out, g_strdup(*value));
        for (char *const *value = b; value != NULL && *value != NULL; value++)
                if (a == NULL || !in(a, *value))
                        g_ptr_array_add(out, g_strdup(*value));
        g_ptr_array_add(out, NULL);
        return (char **)g_ptr_array_free(g_steal_pointer(&out), FALSE);
}

/* The terms' scope narrowed by the consent's. Clear with plc_terms_scope_clear. */
static struct plc_terms_scope narrow(const struct plc_terms_scope *terms, const struct plc_terms_scope *consent)
{
        static const char *const usual_edits[] = {"crop", "colour", "excerpt",
                                                  NULL}; /* rights-model: absent means these */
        char *const *edits = terms->edits != NULL ? terms->edits : (char *const *)usual_edits;
        char *none[] = {NULL};

        return (struct plc_terms_scope){
                .channels = both(terms->channels, consent->channels, NULL),
                .territories = both(terms->territories, consent->territories, "WW"),
                .exclude = either(terms->exclude, consent->exclude),
                .languages = both(terms->languages, consent->languages, "*"),
                .products = both(terms->products, consent->products, NULL),
                .edits = consent->edits != NULL ? both(edits, consent->edits, NULL) : g_strdupv((char **)edits),
                .sublicense = both(terms->sublicense != NULL ? terms->sublicense : none, consent->sublicense, NULL),
        };
}

static bool allows_nothing(const struct plc_terms_scope *scope)
{
        return scope->channels == NULL || scope->channels[0] == NULL ||
               (scope->territories != NULL && scope->territories[0] == NULL);
}

struct grant {
        const char *layer, *person; /* person NULL but on likeness */
        const struct plc_terms_scope *scope;
        int64_t captured_at, not_before, not_after; /* bounds PLC_TIME_NEVER: none */
        bool attested;
        bool by_guardian;          /* of a minor's likeness */
        const char *guardian_hmac; /* of the guardian's evidence; NULL: the grant's own */
        const char *credit, *terms;
        int64_t version;
        const struct plc_manifest_evidence *evidence;
};

static void write_scope(GString *out, const struct plc_terms_scope *scope)
{
        plc_jw_object(out, "scope");
        list(out, "channels", scope->channels);
        list(out, "territories", scope->territories);
        list(out, "exclude", scope->exclude);
        list(out, "languages", scope->languages);
        list(out, "products", scope->products);
        list(out, "edits", scope->edits);
        list(out, "sublicense", scope->sublicense);
        plc_jw_end_object(out);
}

static void begin_event(GString *out, const char *type, const char *id, const struct grant *grant,
                        const struct plc_consents *consents)
{
        plc_jw_object(out, NULL);
        plc_jw_string(out, "type", type);
        plc_jw_string(out, "grant", id);
        plc_jw_string(out, "layer", grant->layer);
        if (grant->person != NULL)
                plc_jw_string(out, "person", grant->person);
        plc_jw_object(out, "subject");
        if (consents->item != NULL)
                plc_jw_string(out, "item", consents->item);
        else
                plc_jw_string(out, "submission", consents->submission);
        plc_jw_end_object(out);
}

/* Seals the evidence of a grant under the contributor's key; out_hmac is what the ledger says of it ("" if there is
 * none). */
static bool seal_evidence(const struct plc_consents *consents, const struct plc_manifest_evidence *evidence,
                          plc_grant_record *record, char out_hmac[PLC_SHA256_HEX_SIZE], GError **error)
{
        g_autofree char *what = g_strdup_printf("grant/%s/evidence", record->id);
        g_autoptr(GBytes) bytes = NULL;
        char name[PLC_ID_SIZE];
        gsize size;

        out_hmac[0] = '\0';
        if (evidence->text != NULL)
                return plc_vault_seal_text(consents->vault, consents->contributor, what, evidence->text,
                                           &record->sealed_evidence, error) &&
                       plc_vault_evidence_hmac(consents->vault, consents->contributor, evidence->text,
                                               strlen(evidence->text), out_hmac, error);
        if (evidence->file.name == NULL)
                return true;
        if (!plc_read_file_at(consents->folder_fd, evidence->file.name, EVIDENCE_BYTES, &bytes, error))
                return false;
        if (!plc_vault_seal_bytes(consents->vault, consents->contributor, g_bytes_get_data(bytes, &size),
                                  g_bytes_get_size(bytes), name, error) ||
            !plc_vault_evidence_hmac(consents->vault, consents->contributor, g_bytes_get_data(bytes, &size),
                                     g_bytes_get_size(bytes), out_hmac, error))
                return false;
        record->evidence_blob = g_strdup(name);
        return true;
}

static void write_given(GString *out, const struct grant *grant, const char *evidence_hmac)
{
        write_scope(out, grant->scope);
        plc_jw_time(out, "effective_at", grant->captured_at);
        plc_jw_time(out, "not_before", grant->not_before);
        plc_jw_time(out, "not_after", grant->not_after);
        plc_jw_time(out, "captured_at", grant->captured_at);
        plc_jw_bool(out, "attested", grant->attested);
        if (grant->credit != NULL)
                plc_jw_string(out, "credit", grant->credit);
        plc_jw_string(out, "terms", grant->terms);
        if (grant->terms != NULL)
                plc_jw_int(out, "terms_version", grant->version);
        plc_jw_string(out, "evidence", evidence_hmac[0] != '\0' ? evidence_hmac : NULL);
}

/* Nobody undoes a withdrawal: not by sending the same consent again. */
static bool was_ended(const struct plc_consents *consents, const struct grant *grant)
{
        for (guint i = 0; consents->ended != NULL && i < consents->ended->len; i++) {
                const struct plc_consents_end *end = &g_array_index(consents->ended, struct plc_consents_end, i);

                if (strcmp(end->layer, grant->layer) == 0 &&
                    strcmp(end->person, grant->person != NULL ? grant->person : "") == 0 &&
                    (grant->captured_at <= end->at || (grant->attested && end->to_attest)))
                        return true;
        }
        return false;
}

/* The ledger's word for it; what shows it is sealed with the grant, or (guardian_of) beside it. */
static void add_guardian(const struct plc_consents *consents, const char *grant, const char *evidence_hmac)
{
        GString *out = g_string_new(NULL);

        plc_jw_object(out, NULL);
        plc_jw_string(out, "type", "guardian.verified");
        plc_jw_string(out, "grant", grant);
        plc_jw_string(out, "x_evidence", evidence_hmac[0] != '\0' ? evidence_hmac : NULL);
        plc_jw_end_object(out);
        g_ptr_array_add(consents->events, g_string_free(out, FALSE));
}

static bool has_evidence(const struct plc_manifest_evidence *evidence)
{
        return evidence->text != NULL || evidence->file.name != NULL;
}

/* The guardian's evidence of a contributor who is a minor: sealed as a record of its own, which is no grant. */
static bool seal_guardian(const struct plc_consents *consents, const plc_manifest *manifest, bool *out_verified,
                          char out_hmac[PLC_SHA256_HEX_SIZE], GError **error)
{
        const struct plc_manifest_contributor *said = &manifest->contributor;
        g_autoptr(plc_grant_record) record = NULL;

        *out_verified =
                consents->trusted && consents->minor && said->has_guardian && has_evidence(&said->guardian_evidence);
        if (!*out_verified)
                return true;
        record = plc_grant_record_new();
        g_strlcpy(record->submission, consents->submission, sizeof record->submission);
        g_strlcpy(record->contributor, consents->contributor, sizeof record->contributor);
        g_strlcpy(record->person, consents->contributor, sizeof record->person);
        record->layer = g_strdup("likeness");
        record->captured_at = consents->now_ms;
        if (!seal_evidence(consents, &said->guardian_evidence, record, out_hmac, error))
                return false;
        g_ptr_array_add(consents->grants, g_steal_pointer(&record));
        return true;
}

/* given: grant.given; else grant.requested. */
static bool add(const struct plc_consents *consents, const struct grant *grant, bool given, GError **error)
{
        g_autoptr(plc_grant_record) record = plc_grant_record_new();
        g_autoptr(GString) out = g_string_new(NULL);
        char hmac[PLC_SHA256_HEX_SIZE];

        given = given && !was_ended(consents, grant);
        plc_id_new(record->id);
        g_strlcpy(record->submission, consents->submission, sizeof record->submission);
        g_strlcpy(record->contributor, consents->contributor, sizeof record->contributor);
        g_strlcpy(record->person, grant->person != NULL ? grant->person : "", sizeof record->person);
        record->layer = g_strdup(grant->layer);
        record->terms = g_strdup(grant->terms);
        record->terms_version = grant->version;
        record->captured_at = grant->captured_at;
        if (!seal_evidence(consents, grant->evidence, record, hmac, error))
                return false;
        begin_event(out, given ? "grant.given" : "grant.requested", record->id, grant, consents);
        if (given)
                write_given(out, grant, hmac);
        if (consents->by_operator)
                plc_jw_string(out, "x_by", "operator");
        plc_jw_end_object(out);
        g_ptr_array_add(consents->events, g_string_free(g_steal_pointer(&out), FALSE));
        if (given && grant->by_guardian)
                add_guardian(consents, record->id, grant->guardian_hmac != NULL ? grant->guardian_hmac : hmac);
        g_ptr_array_add(consents->grants, g_steal_pointer(&record));
        return true;
}

/* Their own act, the contributor's or a depicted person's: one grant for each that the terms give them. */
static bool add_own(const struct plc_consents *consents, const plc_manifest *manifest,
                    const struct plc_manifest_consent *consent, const struct plc_terms *terms,
                    const char *guardian_hmac, GError **error)
{
        for (size_t i = 0; i < terms->n_grants; i++) {
                const struct plc_terms_grant *row = &terms->grants[i];
                struct plc_terms_scope scope = narrow(&row->scope, &consent->scope);
                struct grant grant = {
                        .layer = plc_terms_layer_name(row->layer),
                        .person = row->layer != PLC_TERMS_LIKENESS ? NULL
                                  : consents->person != NULL       ? consents->person
                                                                   : consents->contributor,
                        .scope = &scope,
                        .captured_at = consent->captured_at,
                        .not_before = consent->not_before,
                        .not_after = MIN(consent->not_after, consent->captured_at + row->days * PLC_DAY_MS),
                        .by_guardian = row->layer == PLC_TERMS_LIKENESS && guardian_hmac != NULL,
                        .guardian_hmac = guardian_hmac,
                        .credit = manifest->contributor.credit,
                        .terms = terms->id,
                        .version = terms->version,
                        .evidence = &consent->evidence,
                };
                bool likeness = row->layer == PLC_TERMS_LIKENESS, theirs = likeness || consents->person == NULL;
                bool ok = !theirs || allows_nothing(&scope) || add(consents, &grant, true, error);

                plc_terms_scope_clear(&scope);
                if (!ok)
                        return false;
        }
        return true;
}

/* Somebody else's word for it: recorded, capped by the policy, or only asked for. */
static bool add_foreign(const struct plc_consents *consents, const plc_manifest *manifest,
                        const struct plc_manifest_consent *consent, GError **error)
{
        bool attested = has_evidence(&consent->evidence) && !allows_nothing(&consent->scope);
        static const char *const layers[] = {"licence", "data"};

        for (size_t i = 0; i < G_N_ELEMENTS(layers); i++) {
                struct grant grant = {
                        .layer = layers[i],
                        .scope = &consent->scope,
                        .captured_at = consent->captured_at,
                        .not_before = consent->not_before,
                        .not_after = consent->not_after,
                        .attested = true,
                        .credit = manifest->contributor.credit,
                        .terms = consent->terms,
                        .version = consent->version,
                        .evidence = &consent->evidence,
                };

                if (!add(consents, &grant, attested, error))
                        return false;
        }
        return true;
}

/* NULL: it is not the contributor's own act. */
static const struct plc_terms *own_terms(const struct plc_consents *consents,
                                         const struct plc_manifest_consent *consent)
{
        const struct plc_terms *terms = NULL;

        if (consents->trusted && consent->text_sha256 != NULL)
                terms = plc_terms_find(consents->terms, consent->terms, consent->version, consent->text_sha256);
        return terms != NULL && consent->captured_at >= terms->in_force_from ? terms : NULL;
}

bool plc_consents_add(const struct plc_consents *consents, const plc_manifest *manifest, GError **error)
{
        char hmac[PLC_SHA256_HEX_SIZE] = "";
        bool guardian = false;

        if (!seal_guardian(consents, manifest, &guardian, hmac, error))
                return false;
        for (size_t i = 0; i < manifest->n_consents; i++) {
                const struct plc_manifest_consent *consent = &manifest->consents[i];
                const struct plc_terms *terms = own_terms(consents, consent);
                bool ok = terms != NULL ? add_own(consents, manifest, consent, terms, guardian ? hmac : NULL, error)
                                        : add_foreign(consents, manifest, consent, error);

                if (!ok)
                        return false;
        }
        return true;
}

/* What a release covers is what the drop's consents ask for: it names no scope of its own. */
static bool add_release(const struct plc_consents *consents, const plc_manifest *manifest,
                        const struct plc_manifest_person *person, const char *person_id, GError **error)
{
        for (size_t i = 0; i < manifest->n_consents; i++) {
                const struct plc_manifest_consent *consent = &manifest->consents[i];
                const struct plc_terms *terms = own_terms(consents, consent);
                struct plc_terms_scope any = {0}, scope;
                struct grant grant = {
                        .layer = "likeness",
                        .person = person_id,
                        .captured_at = person->release_captured_at != PLC_TIME_NEVER ? person->release_captured_at
                                                                                     : consent->captured_at,
                        .not_before = consent->not_before,
                        .not_after = consent->not_after,
                        .attested = true,
                        .by_guardian = consents->trusted && person->release_by_guardian,
                        .evidence = &person->release,
                };
                bool ok;

                scope = narrow(terms != NULL && terms->n_grants > 0 ? &terms->grants[0].scope : &any, &consent->scope);
                grant.scope = &scope;
                ok = allows_nothing(&scope) || add(consents, &grant, true, error);
                plc_terms_scope_clear(&scope);
                if (!ok)
                        return false;
        }
        return true;
}

bool plc_consents_add_releases(const struct plc_consents *consents, const plc_manifest *manifest,
                               const struct plc_manifest_photo *photo, const char *const *person_ids, GError **error)
{
        for (size_t i = 0; i < photo->n_persons; i++)
                if (photo->persons[i].has_release &&
                    !add_release(consents, manifest, &photo->persons[i], person_ids[i], error))
                        return false;
        return true;
}
