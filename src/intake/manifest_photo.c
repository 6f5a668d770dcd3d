/* Which photos are in a drop, what do they show, and who is on them? The photos and products of a submission. */
#include <string.h>

#include "base/clock.h"
#include "base/id.h"
#include "intake/manifest_read.h"

static const char *const roles[] = {"scene", "closeup", "result", "unboxing", "before", "after", "other", NULL};
static const char *const peoples[] = {"none", "self", "others", "unknown", NULL};
static const char *const person_kinds[] = {"self", "adult", "minor", "unknown", NULL};
/* IPTC NewsCodes, digitalsourcetype, retired terms included: a photo may well carry one. */
static const char *const source_types[] = {"digitalCapture",
                                           "computationalCapture",
                                           "multiFrameComputationalCapture",
                                           "negativeFilm",
                                           "positiveFilm",
                                           "print",
                                           "minorHumanEdits",
                                           "humanEdits",
                                           "compositeCapture",
                                           "algorithmicallyEnhanced",
                                           "softwareImage",
                                           "digitalArt",
                                           "digitalCreation",
                                           "dataDrivenMedia",
                                           "trainedAlgorithmicMedia",
                                           "algorithmicMedia",
                                           "screenCapture",
                                           "virtualRecording",
                                           "composite",
                                           "compositeSynthetic",
                                           "compositeWithTrainedAlgorithmicMedia",
                                           NULL};

static bool read_alt(reading *r, plc_json *photo, struct plc_manifest_photo *out)
{
        plc_json *node = NULL;

        if (!plc_json_get_object(photo, "alt", PLC_OPTIONAL, &node, r->error))
                return false;
        return node == NULL ||
               (plc_sub_language(r, node, "lang", PLC_REQUIRED, &out->alt_lang) &&
                plc_sub_text(r, node, "text", PLC_REQUIRED, 500, &out->alt_text) && plc_sub_done(r, node));
}

static bool fraction(reading *r, plc_json *node, const char *name, double *out)
{
        return plc_json_get_number(node, name, PLC_REQUIRED, 0, 1, out, r->error);
}

static bool read_focal(reading *r, plc_json *photo, struct plc_manifest_photo *out)
{
        plc_json *node = NULL;

        if (!plc_json_get_object(photo, "focal", PLC_OPTIONAL, &node, r->error))
                return false;
        if (node == NULL)
                return true;
        out->has_focal = true;
        return fraction(r, node, "x", &out->focal_x) && fraction(r, node, "y", &out->focal_y) && plc_sub_done(r, node);
}

static bool read_box(reading *r, plc_json *photo, struct plc_manifest_photo *out)
{
        const double rounding = 1e-6;
        plc_json *node = NULL;

        if (!plc_json_get_object(photo, "box", PLC_OPTIONAL, &node, r->error))
                return false;
        if (node == NULL)
                return true;
        out->has_box = true;
        if (!fraction(r, node, "x", &out->box_x) || !fraction(r, node, "y", &out->box_y) ||
            !fraction(r, node, "w", &out->box_w) || !fraction(r, node, "h", &out->box_h) || !plc_sub_done(r, node))
                return false;
        if (out->box_w > 0 && out->box_h > 0 && out->box_x + out->box_w <= 1 + rounding &&
            out->box_y + out->box_h <= 1 + rounding)
                return true;
        return plc_json_fail(node, r->error, PLC_E_BAD_VALUE, "Give x, y, w and h as fractions of the upright photo.",
                             "must have a size and lie inside the photo (x + w and y + h at most 1)");
}

static bool read_tag(reading *r, plc_json *node, void *data)
{
        struct plc_manifest_tag *out = data;

        return fraction(r, node, "x", &out->x) && fraction(r, node, "y", &out->y) &&
               plc_sub_id(r, node, "product", PLC_REQUIRED, &out->product);
}

static bool read_release(reading *r, plc_json *person, struct plc_manifest_person *out)
{
        static const char *const signers[] = {"person", "guardian", NULL};
        const char *signer = "person";
        plc_json *node;

        if (!plc_sub_evidence(r, person, "release", PLC_OPTIONAL, &out->release, &out->has_release))
                return false;
        if (!out->has_release)
                return true;
        node = plc_json_member(person, "release");
        if (!plc_sub_past(r, node, "captured_at", PLC_REQUIRED, &out->release_captured_at) ||
            !plc_sub_word(r, node, "signed_by", PLC_OPTIONAL, signers, &signer) || !plc_sub_done(r, node))
                return false;
        out->release_by_guardian = strcmp(signer, "guardian") == 0;
        return !out->release_by_guardian || strcmp(out->kind, "minor") == 0 ||
               plc_json_fail(plc_json_member(node, "signed_by"), r->error, PLC_E_BAD_VALUE,
                             "Correct signed_by or kind.", "must be \"person\": a guardian signs for a minor");
}

static bool read_person(reading *r, plc_json *node, void *data)
{
        struct plc_manifest_person *out = data;

        out->release_captured_at = PLC_TIME_NEVER;
        return plc_sub_id(r, node, "id", PLC_REQUIRED, &out->id) &&
               plc_sub_word(r, node, "kind", PLC_REQUIRED, person_kinds, &out->kind) && read_release(r, node, out);
}

static bool persons_fit(reading *r, plc_json *node, const struct plc_manifest_photo *out)
{
        plc_json *list = plc_json_member(node, "persons");
        bool other = false;

        for (size_t i = 0; i < out->n_persons; i++) {
                other |= strcmp(out->persons[i].kind, "self") != 0;
                for (size_t k = 0; k < i; k++)
                        if (strcmp(out->persons[k].id, out->persons[i].id) == 0)
                                return plc_json_fail(plc_json_element(list, i), r->error, PLC_E_BAD_VALUE,
                                                     "Name each person once.", "\"%s\" is on this photo's list twice",
                                                     out->persons[i].id);
        }
        if (out->n_persons == 0)
                return true;
        if (strcmp(out->people, "others") == 0 && other)
                return true;
        if (strcmp(out->people, "self") == 0 && !other && out->n_persons == 1)
                return true;
        return plc_json_fail(list, r->error, PLC_E_BAD_VALUE, "Correct people or persons.",
                             "does not fit people \"%s\": none and unknown go without a list, self with one person of "
                             "kind self, others with at least one who is not",
                             out->people);
}

static bool read_which(reading *r, plc_json *node, struct plc_manifest_photo *out)
{
        bool sidecar = r->form == PLC_MANIFEST_SIDECAR;

        if (!plc_sub_no_video(r, node))
                return false;
        if (plc_json_has(node, "url"))
                return plc_json_fail(plc_json_member(node, "url") != NULL ? plc_json_member(node, "url") : node,
                                     r->error, PLC_E_UNSUPPORTED,
                                     "Put the file into the folder and name it in \"file\".",
                                     "photos are not fetched from other servers");
        if (!plc_sub_file(r, node, sidecar ? PLC_OPTIONAL : PLC_REQUIRED, &out->file))
                return false;
        if (!sidecar)
                return true;
        if (out->file.name != NULL && strcmp(out->file.name, r->photo_name) != 0)
                return plc_json_fail(plc_json_member(node, "file"), r->error, PLC_E_BAD_VALUE,
                                     "Correct or remove the name.",
                                     "must be the photo that this file stands beside, \"%s\" (found: \"%s\")",
                                     r->photo_name, out->file.name);
        if (out->file.name == NULL) {
                out->file.name = g_strdup(r->photo_name);
                return plc_sub_sha256(r, node, "sha256", &out->file.sha256);
        }
        return true;
}

static void photo_defaults(struct plc_manifest_photo *photo)
{
        photo->taken_at = PLC_TIME_NEVER;
        photo->role = "other";
        photo->people = "unknown";
}

static bool read_photo(reading *r, plc_json *node, void *data)
{
        static const char *const of_the_file[] = {"file", "sha256", NULL};
        struct plc_manifest_photo *out = data;

        photo_defaults(out);
        plc_sub_json_hash(node, of_the_file, out->said_sha256);
        return read_which(r, node, out) && plc_sub_word(r, node, "role", PLC_OPTIONAL, roles, &out->role) &&
               plc_sub_text(r, node, "caption", PLC_OPTIONAL, 500, &out->caption) && read_alt(r, node, out) &&
               plc_json_get_time(node, "taken_at", PLC_OPTIONAL, &out->taken_at, r->error) &&
               read_focal(r, node, out) && read_box(r, node, out) &&
               plc_sub_objects(r, node, "tags", 30, sizeof *out->tags, &out->tags, &out->n_tags, read_tag) &&
               plc_sub_word(r, node, "people", PLC_OPTIONAL, peoples, &out->people) &&
               plc_sub_objects(r, node, "persons", 30, sizeof *out->persons, &out->persons, &out->n_persons,
                               read_person) &&
               persons_fit(r, node, out) &&
               plc_sub_word(r, node, "digital_source_type", PLC_OPTIONAL, source_types, &out->digital_source_type);
}

static bool names_once(reading *r, plc_json *root)
{
        const plc_manifest *s = r->manifest;

        for (size_t i = 1; i < s->n_photos; i++)
                for (size_t k = 0; k < i; k++)
                        if (strcmp(s->photos[i].file.name, s->photos[k].file.name) == 0)
                                return plc_json_fail(plc_json_element(plc_json_member(root, "photos"), i), r->error,
                                                     PLC_E_BAD_VALUE, "Name each photo once.",
                                                     "\"%s\" is photo %zu already", s->photos[i].file.name, k);
        return true;
}

bool plc_sub_read_photos(reading *r, plc_json *root)
{
        size_t most = r->form == PLC_MANIFEST_SIDECAR ? 1 : r->limits->max_photos;
        plc_manifest *s = r->manifest;
        plc_json *array = NULL;

        if (!plc_json_get_array(root, "photos", PLC_OPTIONAL, G_MAXSIZE, &array, r->error))
                return false;
        if (array != NULL && plc_json_size(array) > most)
                return plc_json_fail(array, r->error, PLC_E_TOO_MANY_PHOTOS,
                                     r->form == PLC_MANIFEST_SIDECAR ? "Keep the one that this file stands beside."
                                                                     : "Split them into several submissions.",
                                     "names %zu photos; at most %zu %s accepted", plc_json_size(array), most,
                                     most == 1 ? "is" : "are");
        if (!plc_sub_objects(r, root, "photos", most, sizeof *s->photos, &s->photos, &s->n_photos, read_photo) ||
            !names_once(r, root))
                return false;
        if (s->n_photos > 0 || r->form == PLC_MANIFEST_FOLDER)
                return true;
        s->photos = g_new0(struct plc_manifest_photo, 1);
        s->n_photos = 1;
        photo_defaults(&s->photos[0]);
        s->photos[0].file.name = g_strdup(r->photo_name);
        return true;
}

plc_manifest *plc_manifest_bare(const char *photo_name)
{
        plc_manifest *s = g_new0(plc_manifest, 1);

        s->collected_at = s->review.written_at = s->review.engagement_at = PLC_TIME_NEVER;
        s->review.recommended = -1;
        s->review.kind = s->origin = "review";
        s->connection = "unknown";
        s->verification = "none";
        if (photo_name == NULL)
                return s;
        s->photos = g_new0(struct plc_manifest_photo, 1);
        s->n_photos = 1;
        photo_defaults(&s->photos[0]);
        s->photos[0].file.name = g_strdup(photo_name);
        return s;
}

/* GS1 General Specifications §7.9: weights 3 and 1 from the right, the sum with the check digit divisible by 10. */
static bool gtin_valid(const char *gtin)
{
        size_t length = strlen(gtin);
        unsigned sum = 0;

        if ((length != 8 && length != 12 && length != 13 && length != 14) || strspn(gtin, "0123456789") != length)
                return false;
        for (size_t i = 0; i < length; i++)
                sum += (unsigned)(gtin[length - 1 - i] - '0') * (i % 2 == 0 ? 1 : 3);
        return sum % 10 == 0;
}

static bool read_product_name(reading *r, plc_json *node, const char *name, char **out)
{
        return plc_sub_id(r, node, name, PLC_OPTIONAL, out) &&
               (*out == NULL || plc_name_in_path(*out) ||
                plc_json_fail(plc_json_member(node, name), r->error, PLC_E_BAD_VALUE,
                              "Give the product another name, such as its article number.",
                              "must not be . or .. (found: \"%s\"): no address of its page could be asked for", *out));
}

static bool read_product(reading *r, plc_json *node, void *data)
{
        struct plc_manifest_product *out = data;

        if (!read_product_name(r, node, "id", &out->id) || !read_product_name(r, node, "sku", &out->sku) ||
            !plc_sub_id(r, node, "gtin", PLC_OPTIONAL, &out->gtin) || !plc_sub_url(r, node, "url", &out->url) ||
            !plc_json_get_bool(node, "primary", PLC_OPTIONAL, &out->primary, r->error))
                return false;
        if (out->id == NULL && out->sku == NULL && out->gtin == NULL)
                return plc_json_fail(node, r->error, PLC_E_MISSING_MEMBER, "Add one of them.",
                                     "has none of \"id\", \"sku\" and \"gtin\"");
        if (out->gtin != NULL && !gtin_valid(out->gtin))
                return plc_json_fail(plc_json_member(node, "gtin"), r->error, PLC_E_BAD_VALUE,
                                     "Correct the number, or name the product by id or sku.",
                                     "must be 8, 12, 13 or 14 digits with a right check digit (found: \"%s\")",
                                     out->gtin);
        return true;
}

bool plc_sub_read_products(reading *r, plc_json *root)
{
        plc_manifest *s = r->manifest;
        bool primary = false;

        if (!plc_sub_objects(r, root, "products", 50, sizeof *s->products, &s->products, &s->n_products, read_product))
                return false;
        for (size_t i = 0; i < s->n_products; i++) {
                plc_json *at = plc_json_element(plc_json_member(root, "products"), i);

                if (primary && s->products[i].primary)
                        return plc_json_fail(at, r->error, PLC_E_BAD_VALUE, "Mark one product as primary.",
                                             "is a second primary product");
                primary |= s->products[i].primary;
                for (size_t k = 0; k < i; k++)
                        if (g_strcmp0(s->products[i].id, s->products[k].id) == 0 &&
                            g_strcmp0(s->products[i].sku, s->products[k].sku) == 0 &&
                            g_strcmp0(s->products[i].gtin, s->products[k].gtin) == 0)
                                return plc_json_fail(at, r->error, PLC_E_BAD_VALUE, "Name each product once.",
                                                     "is product %zu again", k);
        }
        return true;
}
