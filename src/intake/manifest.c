/* Is this submission.json one that can be taken in? The document as a whole, and what holds between its members. */
#include "intake/manifest.h"

#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "intake/manifest_read.h"
#include "text/charset.h"

const struct plc_manifest_limits plc_manifest_default_limits = {
        .max_json_bytes = PLC_MIB,
        .max_json_depth = 32,
        .max_photos = 20,
        .max_photo_bytes = INT64_C(40) * 1000 * 1000,
        .max_evidence_bytes = INT64_C(10) * 1024 * 1024,
        .max_folder_files = 200,
};

static const char *const schemas[] = {"placet.submission/1", NULL};
static const char *const origins[] = {"review", "community_post", NULL};
static const char *const connections[] = {"none",   "incentive", "free_product", "affiliate", "employee",
                                          "family", "contest",   "unknown",      NULL};
static const char *const verifications[] = {"order", "email", "receipt", "merchant", "none", NULL};

static void free_photo(struct plc_manifest_photo *photo)
{
        g_free(photo->file.name);
        g_free(photo->file.sha256);
        g_free(photo->caption);
        g_free(photo->alt_lang);
        g_free(photo->alt_text);
        for (size_t i = 0; i < photo->n_tags; i++)
                g_free(photo->tags[i].product);
        g_free(photo->tags);
        for (size_t i = 0; i < photo->n_persons; i++) {
                g_free(photo->persons[i].id);
                plc_sub_evidence_clear(&photo->persons[i].release);
        }
        g_free(photo->persons);
}

static void free_review(struct plc_manifest_review *review)
{
        g_free(review->external_id);
        g_free(review->title);
        g_free(review->summary);
        g_free(review->body);
        g_strfreev(review->pros);
        g_strfreev(review->cons);
        g_free(review->language_hint);
        for (size_t i = 0; i < review->n_translations; i++) {
                g_free(review->translations[i].lang);
                g_free(review->translations[i].title);
                g_free(review->translations[i].body);
        }
        g_free(review->translations);
}

static void free_contributor(struct plc_manifest_contributor *contributor)
{
        g_free(contributor->id);
        g_free(contributor->display_name);
        g_free(contributor->email);
        g_free(contributor->country);
        g_free(contributor->locale);
        g_free(contributor->guardian_name);
        g_free(contributor->guardian_email);
        plc_sub_evidence_clear(&contributor->guardian_evidence);
}

void plc_manifest_free(struct plc_manifest *s)
{
        if (s == NULL)
                return;
        g_free(s->id);
        g_free(s->source);
        g_free(s->campaign);
        g_free(s->prompt_id);
        free_contributor(&s->contributor);
        free_review(&s->review);
        for (size_t i = 0; i < s->n_products; i++) {
                g_free(s->products[i].id);
                g_free(s->products[i].sku);
                g_free(s->products[i].gtin);
                g_free(s->products[i].url);
        }
        g_free(s->products);
        for (size_t i = 0; i < s->n_photos; i++)
                free_photo(&s->photos[i]);
        g_free(s->photos);
        g_strfreev(s->tags);
        for (size_t i = 0; i < s->n_consents; i++) {
                g_free(s->consents[i].terms);
                g_free(s->consents[i].text_sha256);
                plc_sub_evidence_clear(&s->consents[i].evidence);
                plc_terms_scope_clear(&s->consents[i].scope);
        }
        g_free(s->consents);
        g_free(s);
}

static bool read_consent(reading *r, plc_json *node, void *data)
{
        struct plc_manifest_consent *out = data;
        bool there;

        out->captured_at = out->not_before = out->not_after = PLC_TIME_NEVER;
        if (!plc_sub_id(r, node, "terms", PLC_REQUIRED, &out->terms) ||
            !plc_json_get_int(node, "version", PLC_REQUIRED, 1, 1000000, &out->version, r->error) ||
            !plc_sub_sha256(r, node, "text_sha256", &out->text_sha256) ||
            !plc_sub_past(r, node, "captured_at", PLC_REQUIRED, &out->captured_at) ||
            !plc_sub_evidence(r, node, "evidence", PLC_OPTIONAL, &out->evidence, &there) ||
            (there && !plc_sub_done(r, plc_json_member(node, "evidence"))) ||
            !plc_terms_scope_read(node, PLC_OPTIONAL, &out->scope, r->error) ||
            !plc_json_get_time(node, "not_before", PLC_OPTIONAL, &out->not_before, r->error) ||
            !plc_json_get_time(node, "not_after", PLC_OPTIONAL, &out->not_after, r->error))
                return false;
        if (out->not_before != PLC_TIME_NEVER && out->not_before >= out->not_after)
                return plc_json_fail(plc_json_member(node, "not_after"), r->error, PLC_E_BAD_VALUE,
                                     "Correct the times.", "must be later than not_before");
        if (out->not_after <= out->captured_at)
                return plc_json_fail(plc_json_member(node, "not_after"), r->error, PLC_E_BAD_VALUE,
                                     "Correct the times.", "must be later than captured_at");
        return true;
}

bool plc_sub_read_consents(reading *r, plc_json *root)
{
        plc_manifest *s = r->manifest;

        return plc_sub_objects(r, root, "consents", 20, sizeof *s->consents, &s->consents, &s->n_consents,
                               read_consent);
}

static bool read_prompt(reading *r, plc_json *root)
{
        plc_json *node = NULL;

        if (!plc_json_get_object(root, "prompt", PLC_OPTIONAL, &node, r->error))
                return false;
        return node == NULL ||
               (plc_sub_id(r, node, "id", PLC_REQUIRED, &r->manifest->prompt_id) &&
                plc_json_get_int(node, "version", PLC_OPTIONAL, 1, 1000000, &r->manifest->prompt_version, r->error) &&
                plc_sub_done(r, node));
}

static bool read_disclosure(reading *r, plc_json *root)
{
        plc_json *node = NULL;

        if (!plc_json_get_object(root, "disclosure", PLC_OPTIONAL, &node, r->error))
                return false;
        return node == NULL ||
               (plc_sub_word(r, node, "connection", PLC_REQUIRED, connections, &r->manifest->connection) &&
                plc_sub_word(r, node, "verification", PLC_OPTIONAL, verifications, &r->manifest->verification) &&
                plc_sub_done(r, node));
}

static bool read_head(reading *r, plc_json *root)
{
        plc_manifest *s = r->manifest;
        const char *schema = NULL;

        if (plc_json_typeof(root) != PLC_JSON_OBJECT)
                return plc_json_fail(root, r->error, PLC_E_BAD_JSON, "Correct the file.",
                                     "must be an object (found: %s)", plc_json_type_name(plc_json_typeof(root)));
        return plc_sub_word(r, root, "schema", PLC_REQUIRED, schemas, &schema) && plc_sub_no_video(r, root) &&
               plc_sub_id(r, root, "id", PLC_REQUIRED, &s->id) &&
               plc_sub_id(r, root, "source", PLC_REQUIRED, &s->source) &&
               plc_sub_past(r, root, "collected_at", PLC_OPTIONAL, &s->collected_at) &&
               plc_sub_line(r, root, "campaign", PLC_OPTIONAL, 128, &s->campaign) && read_prompt(r, root) &&
               plc_sub_word(r, root, "origin", PLC_OPTIONAL, origins, &s->origin) &&
               plc_sub_texts(r, root, "tags", 50, 64, &s->tags) && read_disclosure(r, root);
}

static bool guardian_fits(reading *r, plc_json *root)
{
        const struct plc_manifest_contributor *c = &r->manifest->contributor;

        if (!c->has_guardian || (c->age_band != NULL && strcmp(c->age_band, "adult") != 0))
                return true;
        return plc_json_fail(plc_json_member(plc_json_member(root, "contributor"), "guardian"), r->error,
                             PLC_E_BAD_VALUE, "Correct age_band, or take the guardian out.",
                             "does not fit age_band \"%s\"", c->age_band != NULL ? c->age_band : "not given");
}

static bool times_in_order(reading *r, plc_json *root)
{
        const struct plc_manifest_review *review = &r->manifest->review;
        plc_json *node = plc_json_member(root, "review");
        int64_t day = 0, collected = r->manifest->collected_at;

        if (review->written_at != PLC_TIME_NEVER && review->written_at > collected)
                return plc_json_fail(plc_json_member(node, "written_at"), r->error, PLC_E_BAD_VALUE,
                                     "Correct the times.", "is later than collected_at");
        if (review->experience_date[0] == '\0' || !plc_time_parse_rfc3339(review->experience_date, &day))
                return true;
        /* A day begins up to 14 hours earlier east of Greenwich. */
        if (day - INT64_C(14) * 3600 * 1000 > MIN(review->written_at, collected))
                return plc_json_fail(plc_json_member(node, "experience_date"), r->error, PLC_E_BAD_VALUE,
                                     "Correct the dates.", "is later than the review itself");
        return true;
}

static bool product_named(const plc_manifest *s, const char *name)
{
        for (size_t i = 0; i < s->n_products; i++)
                if (g_strcmp0(s->products[i].id, name) == 0 || g_strcmp0(s->products[i].sku, name) == 0 ||
                    g_strcmp0(s->products[i].gtin, name) == 0)
                        return true;
        return false;
}

static bool tags_name_products(reading *r, plc_json *root, size_t photo)
{
        const struct plc_manifest_photo *p = &r->manifest->photos[photo];

        for (size_t i = 0; i < p->n_tags; i++) {
                plc_json *node = plc_json_element(plc_json_member(root, "photos"), photo);

                if (!product_named(r->manifest, p->tags[i].product))
                        return plc_json_fail(
                                plc_json_member(plc_json_element(plc_json_member(node, "tags"), i), "product"),
                                r->error, PLC_E_BAD_VALUE, "Add the product to products, or correct the tag.",
                                "\"%s\" is not among the products of this submission", p->tags[i].product);
        }
        return true;
}

/* A person id names one human being, who is of one kind. */
static bool persons_agree(reading *r, plc_json *root)
{
        g_autoptr(GHashTable) kinds = g_hash_table_new(g_str_hash, g_str_equal);
        const plc_manifest *s = r->manifest;

        for (size_t i = 0; i < s->n_photos; i++)
                for (size_t k = 0; k < s->photos[i].n_persons; k++) {
                        const struct plc_manifest_person *person = &s->photos[i].persons[k];
                        const char *before = g_hash_table_lookup(kinds, person->id);
                        plc_json *node;

                        if (before == NULL)
                                g_hash_table_insert(kinds, person->id, (gpointer)person->kind);
                        if (before == NULL || strcmp(before, person->kind) == 0)
                                continue;
                        node = plc_json_member(plc_json_element(plc_json_member(root, "photos"), i), "persons");
                        return plc_json_fail(plc_json_member(plc_json_element(node, k), "kind"), r->error,
                                             PLC_E_BAD_VALUE, "Correct one of them, or give another person another id.",
                                             "\"%s\" is %s here and %s on another photo", person->id, person->kind,
                                             before);
                }
        return true;
}

static bool languages_once(reading *r, plc_json *root)
{
        const struct plc_manifest_review *review = &r->manifest->review;

        for (size_t i = 1; i < review->n_translations; i++)
                for (size_t k = 0; k < i; k++)
                        if (g_ascii_strcasecmp(review->translations[i].lang, review->translations[k].lang) == 0)
                                return plc_json_fail(
                                        plc_json_element(
                                                plc_json_member(plc_json_member(root, "review"), "translations"), i),
                                        r->error, PLC_E_BAD_VALUE, "Keep one of them.",
                                        "is a second translation into %s", review->translations[i].lang);
        return true;
}

bool plc_sub_check_meaning(reading *r, plc_json *root)
{
        const plc_manifest *s = r->manifest;

        if (!s->has_review && s->n_photos == 0)
                return plc_json_fail(root, r->error, PLC_E_MISSING_MEMBER, "Add what was said or shown.",
                                     "has neither a review nor photos");
        for (size_t i = 0; i < s->n_photos; i++)
                if (!tags_name_products(r, root, i))
                        return false;
        return guardian_fits(r, root) && times_in_order(r, root) && persons_agree(r, root) && languages_once(r, root);
}

plc_manifest *plc_manifest_parse(const char *data, size_t size, const char *file, enum plc_manifest_form form,
                                 const char *photo_name, const struct plc_manifest_limits *limits, GError **error)
{
        const struct plc_json_limits json_limits = {limits->max_json_bytes, limits->max_json_depth};
        static const char *const not_around[] = {"photos", "review", "consents", "collected_at", NULL};
        g_autoptr(plc_manifest) s = plc_manifest_bare(NULL);
        g_autoptr(plc_json) root = NULL;
        GError *fault = NULL;
        reading r = {s, limits, form, file, photo_name, &fault};

        root = plc_json_parse(data, size, file, &json_limits, &fault);
        if (root != NULL && read_head(&r, root) && plc_sub_read_contributor(&r, root) &&
            plc_sub_read_products(&r, root) && plc_sub_read_review(&r, root) && plc_sub_read_photos(&r, root) &&
            plc_sub_read_consents(&r, root) && plc_sub_done(&r, root) && plc_sub_check_meaning(&r, root)) {
                plc_sub_json_hash(root, NULL, s->json_sha256);
                plc_sub_json_hash(root, not_around, s->around_sha256);
                if (s->has_review)
                        plc_sub_json_hash(plc_json_member(root, "review"), NULL, s->review_sha256);
                return g_steal_pointer(&s);
        }
        plc_sub_remedy(fault, form, error);
        return NULL;
}

plc_manifest *plc_manifest_read(const char *data, size_t size, const char *file, enum plc_manifest_form form,
                                const char *photo_name, const struct plc_manifest_limits *limits, const char *declared,
                                const plc_detector *detector, GError **error)
{
        struct plc_decoded decoded;
        g_autoptr(GError) fault = NULL;
        plc_manifest *manifest;

        if (!plc_text_decode(data, size, limits->max_json_bytes, declared, detector, &decoded, &fault)) {
                plc_fail_at(error, plc_error_code(fault), file, NULL,
                            "Save it as UTF-8, then move this folder back into inbox/.", "cannot be read: %s",
                            fault->message);
                return NULL;
        }
        manifest = plc_manifest_parse(decoded.text, decoded.size, file, form, photo_name, limits, error);
        if (manifest != NULL && strcmp(decoded.name, "UTF-8") != 0) {
                manifest->charset = decoded.name;
                manifest->charset_by = plc_charset_by_name(decoded.by);
        }
        plc_decoded_clear(&decoded);
        return manifest;
}
