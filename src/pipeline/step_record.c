/* When is a drop taken in? When one transaction has written submission, ledger events and jobs; only then is the drop
 * let go. */
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "catalog/ledger.h"
#include "intake/consents.h"
#include "pipeline/office_private.h"

static const char *const minors[] = {"16-17", "13-15", "under13", "minor", NULL};

static void event(struct plc_drop *drop, GString *out)
{
        plc_jw_end_object(out);
        g_ptr_array_add(drop->events, g_string_free(out, FALSE));
}

static GString *begin(const char *type, const plc_item *item)
{
        GString *out = g_string_new(NULL);

        plc_jw_object(out, NULL);
        plc_jw_string(out, "type", type);
        plc_jw_string(out, "item", item->id);
        return out;
}

/* IPTC NewsCodes: made or changed by a trained model, or with parts that are. A declaration of one is believed; of a
 * camera only as far as it goes. */
static const char *provenance(const char *source_type)
{
        static const char *const made[] = {"trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia",
                                           "compositeSynthetic", "algorithmicMedia", NULL};

        if (source_type == NULL || source_type[0] == '\0')
                return "unknown";
        if (g_strv_contains(made, source_type))
                return "ai";
        return strcmp(source_type, "digitalCapture") == 0 ? "camera" : "unknown";
}

static void ingested(struct plc_drop *drop, const plc_item *item)
{
        GString *out = begin("item.ingested", item);
        bool photo = item->kind == PLC_ITEM_PHOTO;

        plc_jw_string(out, "kind", plc_item_kind_name(item->kind));
        plc_jw_string(out, "contributor", drop->contributor->id);
        plc_jw_string(out, "submission", drop->submission->id);
        plc_jw_bool(out, "shows_identity", drop->display_name != NULL);
        plc_jw_string(out, "provenance", photo ? provenance(item->photo.digital_source_type) : "unknown");
        plc_jw_array(out, "attributes");
        if (item->review.experience_date != 0)
                plc_jw_string(out, NULL, "experience_date");
        plc_jw_end_array(out);
        event(drop, out);
}

static void disclosed(struct plc_drop *drop, const plc_item *item)
{
        GString *out = begin("disclosure.set", item);

        plc_jw_string(out, "connection", drop->manifest->connection);
        plc_jw_string(out, "verification", drop->manifest->verification);
        event(drop, out);
}

/* Bytes that had to be read as something else than UTF-8. */
static void decoded(struct plc_drop *drop)
{
        GString *out;

        if (drop->manifest->charset == NULL)
                return;
        out = g_string_new(NULL);
        plc_jw_object(out, NULL);
        plc_jw_string(out, "type", "text.decoded");
        plc_jw_string(out, "submission", drop->submission->id);
        plc_jw_string(out, "charset", drop->manifest->charset);
        plc_jw_string(out, "by", drop->manifest->charset_by);
        event(drop, out);
}

/* Our id for a person whom the drop names; the contributor is one person in all drops. */
static bool person_id(struct plc_drop *drop, const struct plc_manifest_person *said, const plc_item *item,
                      char out[PLC_ID_SIZE], GError **error)
{
        struct plc_site *site = drop->office->site;
        g_autoptr(plc_person) known = NULL;
        char hmac[PLC_SHA256_HEX_SIZE];
        plc_person *person;

        if (strcmp(said->kind, "self") == 0) {
                g_strlcpy(out, drop->contributor->id, PLC_ID_SIZE);
                return true;
        }
        plc_vault_hmac(site->vault, "person", drop->submission->id, said->id, hmac);
        for (guint i = 0; i < drop->persons->len; i++) {
                const plc_person *at = drop->persons->pdata[i];

                if (g_strcmp0(at->external_hmac, hmac) == 0) {
                        g_strlcpy(out, at->id, PLC_ID_SIZE);
                        return true;
                }
        }
        if (!plc_catalog_find_person(site->catalog, drop->submission->id, hmac, &known, error))
                return false;
        person = plc_person_new();
        if (known != NULL)
                g_strlcpy(person->id, known->id, sizeof person->id);
        else
                plc_id_new(person->id);
        g_strlcpy(person->submission, drop->submission->id, sizeof person->submission);
        person->external_hmac = g_strdup(hmac);
        person->kind = g_strdup(said->kind);
        person->items = g_new0(char *, 2);
        person->items[0] = g_strdup(item->id);
        g_ptr_array_add(drop->persons, person);
        g_strlcpy(out, person->id, PLC_ID_SIZE);
        return true;
}

static void declared_one(GString *out, const char *id, const char *kind)
{
        plc_jw_object(out, NULL);
        plc_jw_string(out, "id", id);
        plc_jw_string(out, "kind", kind);
        plc_jw_end_object(out);
}

static bool is_minor(const char *band)
{
        return band != NULL && g_strv_contains(minors, band);
}

/* A contributor who is a minor, by this drop or by an earlier one, is one on every photo of themselves. */
static const char *kind_of(const struct plc_drop *drop, const char *kind)
{
        bool minor = is_minor(drop->contributor->age_band) || is_minor(drop->manifest->contributor.age_band);

        return strcmp(kind, "self") == 0 && minor ? "minor" : kind;
}

/* `people` unknown declares nothing: the rights model then denies wherever the policy asks. */
static bool declared(struct plc_drop *drop, const plc_item *item, const struct plc_manifest_photo *said,
                     const struct plc_consents *consents, GError **error)
{
        g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
        char id[PLC_ID_SIZE];
        GString *out;

        if (strcmp(said->people, "unknown") == 0)
                return true;
        out = begin("persons.declared", item);
        plc_jw_array(out, "persons");
        if (strcmp(said->people, "self") == 0 && said->n_persons == 0)
                declared_one(out, drop->contributor->id, kind_of(drop, "self"));
        for (size_t i = 0; i < said->n_persons; i++) {
                if (!person_id(drop, &said->persons[i], item, id, error)) {
                        g_string_free(out, TRUE);
                        return false;
                }
                declared_one(out, id, kind_of(drop, said->persons[i].kind));
                g_ptr_array_add(ids, g_strdup(id));
        }
        if (strcmp(said->people, "others") == 0 && said->n_persons == 0) {
                plc_id_new(id);
                declared_one(out, id, "unknown");
        }
        plc_jw_end_array(out);
        event(drop, out);
        return plc_consents_add_releases(consents, drop->manifest, said, (const char *const *)ids->pdata, error);
}

/* When grants of an earlier revision were ended: a re-export of the same consents does not open them again. */
static bool find_ended(struct plc_drop *drop, GArray *out, GError **error)
{
        static const char *const ends[] = {"grant.withdrawn", "grant.terminated", "grant.invalidated", NULL};
        plc_catalog *catalog = drop->office->site->catalog;
        g_autoptr(GPtrArray) records = NULL;

        if (drop->known == NULL)
                return true;
        if (!plc_catalog_grants_of_submission(catalog, drop->submission->id, &records, error))
                return false;
        for (guint i = 0; i < records->len; i++) {
                const plc_grant_record *record = records->pdata[i];
                g_autoptr(GPtrArray) events = NULL;

                if (!plc_catalog_ledger_about(catalog, "grant", record->id, &events, error))
                        return false;
                for (guint e = 0; e < events->len; e++) {
                        const plc_ledger_row *row = events->pdata[e];
                        struct plc_consents_end end = {.at = row->effective_at};

                        if (!g_strv_contains(ends, row->type))
                                continue;
                        g_strlcpy(end.layer, record->layer, sizeof end.layer);
                        g_strlcpy(end.person, record->person, sizeof end.person);
                        g_array_append_val(out, end);
                }
        }
        return true;
}

static bool make_events(struct plc_drop *drop, int64_t now_ms, GError **error)
{
        struct plc_site *site = drop->office->site;
        g_autoptr(GArray) ended = g_array_new(FALSE, FALSE, sizeof(struct plc_consents_end));
        struct plc_consents consents = {
                .trusted = plc_conf_trusts(site->conf, drop->manifest->source),
                .terms = site->terms,
                .vault = site->vault,
                .submission = drop->submission->id,
                .contributor = drop->contributor->id,
                .minor = is_minor(drop->contributor->age_band) || is_minor(drop->manifest->contributor.age_band),
                .folder_fd = drop->fd,
                .now_ms = now_ms,
                .events = drop->events,
                .grants = drop->grants,
                .ended = ended,
        };

        if (!find_ended(drop, ended, error))
                return false;
        decoded(drop);
        for (guint i = 0; i < drop->items->len; i++) {
                const plc_item *item = drop->items->pdata[i];

                ingested(drop, item);
                disclosed(drop, item);
                if (item->kind == PLC_ITEM_PHOTO &&
                    !declared(drop, item, &drop->manifest->photos[plc_drop_photo_of(drop, item)], &consents, error))
                        return false;
        }
        return plc_consents_add(&consents, drop->manifest, error);
}

static void photo_found(plc_item *item, const struct plc_drop_photo *found, const struct plc_manifest_photo *said,
                        const plc_vault *vault)
{
        const struct plc_facts *facts = &found->facts;
        struct plc_item_photo *photo = &item->photo;
        char hmac[PLC_SHA256_HEX_SIZE];

        plc_vault_hmac(vault, "photo", "", said->file.found_sha256, hmac);
        photo->original = g_strdup(found->sealed);
        photo->original_hmac = g_strdup(hmac);
        photo->bytes = said->file.found_bytes;
        photo->format = g_strdup(plc_format_name(facts->format));
        photo->width = facts->width;
        photo->height = facts->height;
        photo->frames = facts->frames;
        photo->removed = facts->removed;
        photo->thumbhash = g_strdup(facts->thumbhash);
        photo->pdq = g_strdup(facts->pdq);
        photo->pdq_quality = facts->pdq_quality;
        photo->sharpness = facts->sharpness;
        photo->exposure = facts->exposure;
        photo->has_attention = facts->has_attention;
        photo->attention_x = facts->attention_x;
        photo->attention_y = facts->attention_y;
        photo->examined = true;
        /* The file's own word that it was made by AI is not declared away. */
        if (facts->digital_source_type[0] != '\0' &&
            (photo->digital_source_type == NULL || (strcmp(provenance(facts->digital_source_type), "ai") == 0 &&
                                                    strcmp(provenance(photo->digital_source_type), "ai") != 0))) {
                g_free(photo->digital_source_type);
                photo->digital_source_type = g_strdup(facts->digital_source_type);
        }
}

static bool make_revision(struct plc_drop *drop, int64_t now_ms, GError **error)
{
        plc_vault *vault = drop->office->site->vault;
        const plc_manifest *said = drop->manifest;
        plc_revision *revision = plc_revision_new();
        int64_t number = drop->known != NULL ? drop->known->revision + 1 : 1;
        g_autofree char *name = g_strdup_printf("revision/%s/%" G_GINT64_FORMAT "/name", drop->submission->id, number);
        g_autofree char *dropped =
                g_strdup_printf("revision/%s/%" G_GINT64_FORMAT "/drop", drop->submission->id, number);

        drop->revision = revision;
        revision->content_hash = g_strdup(drop->content_hash);
        revision->country = g_strdup(said->contributor.country);
        revision->locale = g_strdup(said->contributor.locale);
        revision->credit = g_strdup(said->contributor.credit);
        revision->origin = g_strdup(said->origin);
        revision->campaign = g_strdup(said->campaign);
        revision->prompt = g_strdup(said->prompt_id);
        revision->prompt_version = said->prompt_version;
        revision->connection = g_strdup(said->connection);
        revision->verification = g_strdup(said->verification);
        revision->tags = g_strdupv(said->tags);
        revision->collected_at = said->collected_at != PLC_TIME_NEVER ? said->collected_at : 0;
        revision->received_at = now_ms;
        return plc_vault_seal_text(vault, drop->contributor->id, name, drop->display_name, &revision->sealed_name,
                                   error) &&
               plc_vault_seal_text(vault, drop->contributor->id, dropped, drop->claim->name, &revision->sealed_drop,
                                   error);
}

static bool make_submission(struct plc_drop *drop, int64_t now_ms, GError **error)
{
        plc_vault *vault = drop->office->site->vault;
        g_autofree char *what = g_strdup_printf("submission/%s/external", drop->claim->id);
        char hmac[PLC_SHA256_HEX_SIZE];

        if (drop->known != NULL) {
                drop->submission = g_steal_pointer(&drop->known);
                drop->known = plc_submission_new(); /* remembers that it was known, and its revision */
                drop->known->revision = drop->submission->revision;
                return true;
        }
        drop->submission = plc_submission_new();
        g_strlcpy(drop->submission->id, drop->claim->id, PLC_ID_SIZE);
        g_strlcpy(drop->submission->contributor, drop->contributor->id, PLC_ID_SIZE);
        drop->submission->source = g_strdup(drop->manifest->source);
        drop->submission->created_at = now_ms;
        if (drop->manifest->id == NULL)
                return true;
        plc_vault_hmac(vault, "submission", drop->manifest->source, drop->manifest->id, hmac);
        drop->submission->external_hmac = g_strdup(hmac);
        return plc_vault_seal_text(vault, drop->contributor->id, what, drop->manifest->id,
                                   &drop->submission->sealed_external, error);
}

/* New consents are for the whole submission: what is approved of it may now be shown elsewhere too. */
static bool queue_older(struct plc_drop *drop, int64_t now_ms, GError **error)
{
        plc_catalog *catalog = drop->office->site->catalog;
        g_autoptr(GPtrArray) ids = NULL;

        if (!plc_catalog_items_of_submission(catalog, drop->submission->id, &ids, error))
                return false;
        for (guint i = 0; i < ids->len; i++) {
                g_autoptr(plc_item) item = NULL;

                if (!plc_catalog_get_item(catalog, ids->pdata[i], &item, error) ||
                    (item->state == PLC_ITEM_APPROVED &&
                     !plc_catalog_enqueue(catalog, "render", item->id, 6, now_ms, error)))
                        return false;
        }
        return true;
}

static bool queue_jobs(struct plc_drop *drop, int64_t now_ms, GError **error)
{
        plc_catalog *catalog = drop->office->site->catalog;

        for (size_t i = 0; i < drop->n_photos; i++)
                if (drop->photos[i].item != NULL &&
                    !plc_catalog_enqueue(catalog, "preview", drop->photos[i].item->id, 10, now_ms, error))
                        return false;
        if (drop->known != NULL && !queue_older(drop, now_ms, error))
                return false;
        return plc_catalog_enqueue(catalog, "answer", drop->submission->id, 20, now_ms, error);
}

static bool write_all(struct plc_drop *drop, int64_t now_ms, GError **error)
{
        plc_catalog *catalog = drop->office->site->catalog;
        struct plc_intake intake = {drop->contributor, drop->submission, drop->revision, drop->items, drop->persons};
        bool ok = drop->known != NULL ? plc_catalog_insert_revision(catalog, &intake, error)
                                      : plc_catalog_insert_submission(catalog, &intake, error);

        for (guint i = 0; ok && i < drop->events->len; i++)
                ok = plc_catalog_ledger_append(catalog, drop->events->pdata[i], now_ms, NULL, error);
        for (guint i = 0; ok && i < drop->grants->len; i++)
                ok = plc_catalog_insert_grant(catalog, drop->grants->pdata[i], error);
        return ok && plc_drop_record_kept(drop, now_ms, error) && queue_jobs(drop, now_ms, error);
}

static bool prepare(struct plc_drop *drop, int64_t now_ms, GError **error)
{
        drop->persons = g_ptr_array_new_with_free_func((GDestroyNotify)plc_person_free);
        drop->grants = g_ptr_array_new_with_free_func((GDestroyNotify)plc_grant_record_free);
        drop->events = g_ptr_array_new_with_free_func(g_free);
        for (size_t i = 0; i < drop->n_photos; i++)
                if (drop->photos[i].item != NULL)
                        photo_found(drop->photos[i].item, &drop->photos[i], &drop->manifest->photos[i],
                                    drop->office->site->vault);
        return make_submission(drop, now_ms, error) && make_revision(drop, now_ms, error) &&
               make_events(drop, now_ms, error);
}

enum plc_progress plc_step_record(struct plc_office *office, struct plc_drop *drop, GError **error)
{
        int64_t now_ms = plc_now_ms();
        g_autoptr(plc_db_tx) tx = NULL;
        g_auto(GStrv) unnamed = NULL;

        if (!plc_manifest_unnamed(drop->manifest, drop->told_as, drop->fd, &unnamed, error) ||
            !plc_claim_set_aside(&office->site->dirs, drop->claim, drop->fd, (const char *const *)unnamed, now_ms,
                                 error))
                return PLC_FAILED;
        if (drop->again) {
                if (!plc_drop_answer_again(drop, error))
                        return PLC_FAILED;
        } else {
                if (!prepare(drop, now_ms, error))
                        return PLC_FAILED;
                tx = plc_catalog_begin(office->site->catalog, error);
                if (tx == NULL || !write_all(drop, now_ms, error))
                        return PLC_FAILED;
                drop->committing = true;
                if (!plc_db_commit(&tx, error))
                        return PLC_FAILED;
                drop->recorded = true;
        }
        return plc_claim_remove(&office->site->dirs, drop->claim, error) ? PLC_DONE : PLC_FAILED;
}
