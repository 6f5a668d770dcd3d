/* A catalog in a temporary folder, and a submission as intake would hand it over. */
#pragma once
#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "catalog/catalog.h"
#include "catalog/submission.h"

struct fixture {
        char *dir, *path;
        plc_catalog *catalog;
};

static inline void fixture_open(struct fixture *f)
{
        g_autoptr(GError) error = NULL;

        f->dir = g_dir_make_tmp("placet-catalog-XXXXXX", NULL);
        f->path = g_build_filename(f->dir, "catalog.db", NULL);
        f->catalog = plc_catalog_create(f->path, &error);
        g_assert_no_error(error);
}

static inline void fixture_close(struct fixture *f)
{
        plc_catalog_close(f->catalog);
        g_assert_true(plc_remove_tree_at(AT_FDCWD, f->dir, NULL));
        g_free(f->dir);
        g_free(f->path);
}

static inline GBytes *bytes(const char *text)
{
        return g_bytes_new(text, strlen(text));
}

/* What a drop of one review and one photo becomes. */
struct drop {
        plc_contributor *contributor;
        plc_submission *submission;
        plc_revision *revision;
        GPtrArray *items, *persons;
};

static inline struct drop drop_new(const char *external, const char *content)
{
        struct drop d = {plc_contributor_new(), plc_submission_new(), plc_revision_new(),
                         g_ptr_array_new_with_free_func((GDestroyNotify)plc_item_free),
                         g_ptr_array_new_with_free_func((GDestroyNotify)plc_person_free)};
        plc_item *review = plc_item_new(PLC_ITEM_REVIEW), *photo = plc_item_new(PLC_ITEM_PHOTO);
        plc_person *person = plc_person_new();
        g_autoptr(GBytes) body = bytes("sealed body"), caption = bytes("sealed caption");
        double x = 0.25, y = 0.75;

        d.contributor->source = g_strdup("shop");
        d.contributor->external_hmac = g_strconcat("contributor of ", external, NULL);
        d.contributor->sealed_email = bytes("sealed email");
        d.contributor->created_at = 1000;
        d.submission->source = g_strdup("shop");
        d.submission->external_hmac = g_strdup(external);
        d.submission->created_at = 1000;
        d.revision->content_hash = g_strdup(content);
        d.revision->sealed_name = bytes("sealed name");
        d.revision->country = g_strdup("PL");
        d.revision->connection = g_strdup("none");
        d.revision->verification = g_strdup("order");
        d.revision->tags = g_strsplit("camping,lake", ",", -1);
        d.revision->received_at = 1000;
        review->position = 0;
        review->review.has_rating = true;
        review->review.rating = 5;
        review->review.rating_min = 1;
        review->review.rating_max = 5;
        review->review.written_at = 900;
        review->language = g_strdup("pl");
        review->confidence = 0.98;
        plc_item_add_product(review, "TENT", true, NULL, NULL);
        plc_item_add_text(review, "body", 0, NULL, NULL, body);
        plc_item_add_text(review, "body", 1, "en", "human", body);
        photo->position = 1;
        photo->photo.role = g_strdup("scene");
        photo->photo.original = g_strdup("k0000");
        photo->photo.original_hmac = g_strdup("hmac of the photo");
        photo->photo.has_focal = true;
        photo->photo.focal_x = 0.5;
        photo->photo.focal_y = 0.125;
        plc_item_add_product(photo, "TENT", true, &x, &y);
        plc_item_add_product(photo, "LAMP", false, NULL, NULL);
        plc_item_add_text(photo, "caption", 0, NULL, NULL, caption);
        person->external_hmac = g_strdup("hmac of p1");
        person->kind = g_strdup("adult");
        person->items = g_strsplit(photo->id, ",", -1);
        g_ptr_array_add(d.items, review);
        g_ptr_array_add(d.items, photo);
        g_ptr_array_add(d.persons, person);
        return d;
}

static inline struct plc_intake drop_intake(const struct drop *d)
{
        return (struct plc_intake){d->contributor, d->submission, d->revision, d->items, d->persons};
}

static inline void drop_free(struct drop *d)
{
        plc_contributor_free(d->contributor);
        plc_submission_free(d->submission);
        plc_revision_free(d->revision);
        g_ptr_array_unref(d->items);
        g_ptr_array_unref(d->persons);
}

/* The drop in the catalog, committed. */
static inline void drop_insert(struct fixture *f, const struct drop *d)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_db_tx) tx = plc_catalog_begin(f->catalog, &error);
        struct plc_intake intake = drop_intake(d);

        g_assert_no_error(error);
        plc_catalog_insert_submission(f->catalog, &intake, &error);
        g_assert_no_error(error);
        g_assert_true(plc_db_commit(&tx, &error));
}

static inline plc_item *drop_item(const struct drop *d, guint index)
{
        return g_ptr_array_index(d->items, index);
}

#define assert_code(error, expected) g_assert_cmpstr(plc_code_name(plc_error_code(error)), ==, plc_code_name(expected))
