/*
 * How does a test get a site with items in it, without a worker? A real site in a temporary folder, items put straight
 * into catalog and vault, events written in the sentences of unit/rights/dsl.h.
 *
 * Short names stand for ids: i1 (items), s1 (submissions), c1 (contributors); SITE_ID makes the id, site_short the name
 * again. Day 0 of the sentences is a hundred days before the test runs.
 */
#pragma once
#include "base/clock.h"
#include "catalog/item.h"
#include "catalog/ledger.h"
#include "catalog/rendition.h"
#include "catalog/submission.h"
#include "publish/publisher.h"
#include "publish/said.h"
#include "site/site.h"
#include "support/rows.h"
#include "unit/rights/dsl.h"

struct test_site {
        struct playground p;
        struct plc_site *site;
};

/* "i1" → 26 characters. */
static inline void site_id(const char *name, char out[PLC_ID_SIZE])
{
        static const char kinds[] = "isc";

        g_snprintf(out, PLC_ID_SIZE, "1%02d%023d", (int)(strchr(kinds, name[0]) - kinds) + 1, atoi(name + 1));
}

static inline gboolean lengthen(const GMatchInfo *match, GString *out, gpointer data)
{
        g_autofree char *name = g_match_info_fetch(match, 0);
        char id[PLC_ID_SIZE];

        (void)data;
        site_id(name, id);
        g_string_append(out, id);
        return FALSE;
}

static inline gboolean shorten(const GMatchInfo *match, GString *out, gpointer data)
{
        g_autofree char *kind = g_match_info_fetch(match, 1), *number = g_match_info_fetch(match, 2);

        (void)data;
        g_string_append_printf(out, "%c%d", "isc"[atoi(kind) - 1], atoi(number));
        return FALSE;
}

static inline char *replaced(const char *text, const char *pattern, GRegexEvalCallback by)
{
        g_autoptr(GRegex) regex = g_regex_new(pattern, 0, 0, NULL);

        return g_regex_replace_eval(regex, text, -1, 0, 0, by, NULL, NULL);
}

/* Every short name of a text made an id, and the other way round. Free with g_free. */
static inline char *site_long(const char *text)
{
        return replaced(text, "(?<![A-Za-z0-9-])[isc][0-9]+(?![A-Za-z0-9])", lengthen);
}

static inline char *site_short(const char *text)
{
        return replaced(text, "1(0[123])0{19}([0-9]{4})", shorten);
}

/* conf: lines added to an empty placet.conf, or NULL for the one that is made. */
static inline void site_open(struct test_site *s, const char *conf)
{
        g_autoptr(GError) error = NULL;
        g_autofree char *path = NULL;

        dsl_day0 = plc_now_ms() - 100 * PLC_DAY_MS;
        if (g_file_test("/dev/shm", G_FILE_TEST_IS_DIR))
                g_setenv("TMPDIR", "/dev/shm", FALSE); /* a site syncs a hundred times; none of it has to last here */
        playground_open(&s->p);
        path = g_build_filename(s->p.path, "site", NULL);
        plc_site_create(path, &error);
        g_assert_no_error(error);
        if (conf != NULL)
                playground_write(&s->p, "site/placet.conf", conf);
        s->site = plc_site_open(path, PLC_SITE_WRITE, &error);
        g_assert_no_error(error);
}

static inline void site_close(struct test_site *s)
{
        g_clear_pointer(&s->site, plc_site_close);
        playground_close(&s->p);
}

static inline void site_say_one(struct test_site *s, const char *sentence)
{
        static const char *const ours[] = {"seq", "recorded_at", NULL};
        g_autofree char *full = site_long(sentence), *line = dsl_event(1, full), *json = NULL;
        g_autoptr(plc_json) event = plc_json_parse(line, strlen(line), "event", &plc_json_default_limits, NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_db_tx) tx = NULL;

        json = plc_json_canonical_without(event, ours, NULL);
        tx = plc_catalog_begin(s->site->catalog, &error);
        g_assert_no_error(error);
        if (!plc_catalog_ledger_append(s->site->catalog, json, plc_now_ms(), NULL, &error) ||
            !plc_db_commit(&tx, &error))
                g_error("%s\n%s\n%s", sentence, json, error->message);
}

/* Sentences of dsl.h joined by "; ", appended to the ledger. */
static inline void site_say(struct test_site *s, const char *sentences)
{
        g_auto(GStrv) parts = g_strsplit(sentences, ";", -1);

        for (char **part = parts; *part != NULL; part++)
                if (strspn(*part, " ") < strlen(*part))
                        site_say_one(s, *part);
}

/* What an item is, beyond its kind. */
struct site_item {
        const char *name;                           /* i1 */
        const char *submission, *contributor;       /* NULL: s and c of the same number */
        const char *kind;                           /* photo, review */
        const char *product;                        /* NULL: TENT */
        const char *display_name, *language, *body; /* of a review; NULL: none */
        const char *alt;                            /* of a photo */
        const char *origin;                         /* NULL: review */
        const char *role, *tags, *country;          /* NULL: none; tags with commas */
        const char *campaign, *pdq;                 /* NULL: none */
        int64_t width;                              /* of a photo; 0: 4000 */
        const double *point;                        /* where its product is: x, y; NULL: nowhere */
        double rating, rating_max;                  /* 0: none; of 5 */
        int64_t written_at;
        int64_t received_at; /* 0: now */
        enum plc_item_state state;
};

static inline GBytes *site_seal(struct test_site *s, const char *contributor, const char *what, const char *text)
{
        g_autoptr(GError) error = NULL;
        GBytes *sealed = NULL;

        plc_vault_seal_text(s->site->vault, contributor, what, text, &sealed, &error);
        g_assert_no_error(error);
        return sealed;
}

static inline void site_text(struct test_site *s, plc_item *item, const char *contributor, const char *field,
                             const char *text)
{
        g_autofree char *what = g_strdup_printf("item/%s/%s/0", item->id, field);
        g_autoptr(GBytes) sealed = site_seal(s, contributor, what, text);

        if (text != NULL)
                plc_item_add_text(item, field, 0, NULL, NULL, sealed);
}

static inline void site_fill(struct test_site *s, const struct site_item *what, plc_item *item, const char *contributor)
{
        site_id(what->name, item->id);
        item->state = what->state;
        item->language = g_strdup(what->language != NULL ? what->language : "en");
        plc_item_add_product(item, what->product != NULL ? what->product : "TENT", true, what->point,
                             what->point != NULL ? what->point + 1 : NULL);
        site_text(s, item, contributor, "body", what->body);
        site_text(s, item, contributor, "alt", what->alt);
        if (item->kind == PLC_ITEM_PHOTO) {
                item->photo.width = what->width != 0 ? what->width : 4000;
                item->photo.pdq = g_strdup(what->pdq);
                item->photo.pdq_quality = what->pdq != NULL ? 100 : 0;
                item->photo.height = 3000;
                item->photo.format = g_strdup("jpeg");
                item->photo.role = g_strdup(what->role != NULL ? what->role : "scene");
                item->photo.people = g_strdup("none");
                item->photo.examined = true;
        } else {
                item->review.kind = g_strdup("review");
                item->review.has_rating = what->rating > 0;
                item->review.rating = what->rating;
                item->review.rating_min = 1;
                item->review.rating_max = what->rating_max > 0 ? what->rating_max : 5;
                item->review.written_at = what->written_at;
        }
}

/* A submission of this one item, or the item added to the one that is there (by a new revision). */
static inline void site_put(struct test_site *s, const struct site_item *what)
{
        g_autoptr(plc_contributor) contributor = plc_contributor_new();
        g_autoptr(plc_submission) submission = plc_submission_new(), known = NULL;
        g_autoptr(plc_revision) revision = plc_revision_new();
        g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func((GDestroyNotify)plc_item_free);
        g_autofree char *named = NULL, *s_name = g_strdup_printf("s%s", what->name + 1);
        g_autofree char *c_name = g_strdup_printf("c%s", what->name + 1);
        plc_item *item = plc_item_new(strcmp(what->kind, "photo") == 0 ? PLC_ITEM_PHOTO : PLC_ITEM_REVIEW);
        struct plc_intake intake = {contributor, submission, revision, items, NULL};
        const struct plc_preview preview = {.blob = (char *)"preview", .width = 1280, .height = 960, .made_at = 1};
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_db_tx) tx = NULL;

        site_id(what->contributor != NULL ? what->contributor : c_name, contributor->id);
        site_id(what->submission != NULL ? what->submission : s_name, submission->id);
        g_assert_true(plc_vault_ensure_key(s->site->vault, contributor->id, &error));
        contributor->source = g_strdup("shop");
        contributor->created_at = submission->created_at = plc_now_ms();
        submission->source = g_strdup("shop");
        g_strlcpy(submission->contributor, contributor->id, sizeof submission->contributor);
        if (!plc_catalog_get_submission(s->site->catalog, submission->id, &known, NULL))
                known = NULL;
        named = g_strdup_printf("revision/%s/%d/name", submission->id, known != NULL ? (int)known->revision + 1 : 1);
        revision->sealed_name = site_seal(s, contributor->id, named, what->display_name);
        revision->content_hash = g_strdup(what->name);
        revision->origin = g_strdup(what->origin != NULL ? what->origin : "review");
        revision->country = g_strdup(what->country);
        revision->campaign = g_strdup(what->campaign);
        revision->connection = g_strdup("none");
        revision->verification = g_strdup("order");
        revision->tags = what->tags != NULL ? g_strsplit(what->tags, ",", -1) : NULL;
        revision->received_at = what->received_at != 0 ? what->received_at : plc_now_ms();
        site_fill(s, what, item, contributor->id);
        g_ptr_array_add(items, item);
        tx = plc_catalog_begin(s->site->catalog, &error);
        if (known != NULL) {
                submission->revision = known->revision;
                plc_catalog_insert_revision(s->site->catalog, &intake, &error);
        } else {
                plc_catalog_insert_submission(s->site->catalog, &intake, &error);
        }
        g_assert_no_error(error);
        if (item->kind == PLC_ITEM_PHOTO &&
            plc_catalog_set_photo_facts(s->site->catalog, item->id, &item->photo, &error))
                plc_catalog_put_preview(s->site->catalog, item->id, &preview, &error);
        g_assert_no_error(error);
        g_assert_true(plc_db_commit(&tx, &error));
}

/* A photo or a review of its own contributor, with what ingestion says of it on day 1. */
static inline void site_item(struct test_site *s, const struct site_item *what)
{
        g_autofree char *said = g_strdup_printf(
                "1 item %s %s by=%s in=%s%s; 1 people %s; 1 disclose %s none", what->name, what->kind,
                what->contributor != NULL ? what->contributor : (char[]){'c', what->name[1], what->name[2], '\0'},
                what->submission != NULL ? what->submission : (char[]){'s', what->name[1], what->name[2], '\0'},
                what->display_name != NULL ? " identity" : "", what->name, what->name);

        site_put(s, what);
        site_say(s, said);
}

/* A file of the placement, as a worker would have made it: bytes, rendition row, store. */
static inline void site_render(struct test_site *s, const char *item, const char *preset_id, const char *bytes)
{
        const struct plc_preset *preset = plc_presets_find(s->site->presets, preset_id);
        g_autoptr(plc_placed) placed = plc_placed_new();
        plc_rendition *file = plc_placed_add_file(placed);
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_db_tx) tx = NULL;
        g_autoptr(plc_item) of = NULL;
        g_autoptr(plc_said) said = NULL;
        char key[PLC_BLOB_KEY_SIZE], plan[PLC_PLAN_SIZE];

        g_assert_nonnull(preset);
        plc_blob_put_bytes_hashed(preset->is_public ? s->site->assets : s->site->creatives, bytes, strlen(bytes), "jpg",
                                  key, &error);
        g_assert_no_error(error);
        site_id(item, placed->item);
        placed->preset = g_strdup(preset_id);
        said = plc_publish_said(&s->site->publisher, placed->item, &error);
        g_assert_no_error(error);
        g_assert_true(plc_catalog_get_item(s->site->catalog, placed->item, &of, &error));
        plc_said_plan(&s->site->publisher, of, said, preset, plan);
        placed->plan = g_strdup(plan);
        placed->verdict = g_strdup("ok");
        placed->cropped = plc_publish_crops(preset);
        placed->crop_w = placed->crop_h = 3000;
        placed->made_at = plc_now_ms();
        file->css_width = 640;
        file->format = g_strdup("jpeg");
        file->width = file->height = 640;
        file->bytes = (int64_t)strlen(bytes);
        file->asset = g_strdup(key);
        plc_sha256_hex(bytes, strlen(bytes), file->sha256);
        tx = plc_catalog_begin(s->site->catalog, &error);
        plc_catalog_put_placed(s->site->catalog, placed, &error);
        g_assert_no_error(error);
        g_assert_true(plc_db_commit(&tx, &error));
}

static inline int64_t site_day(double day)
{
        return dsl_day0 + (int64_t)(day * (double)PLC_DAY_MS);
}

static inline void site_publish(struct test_site *s, const char *item, double day)
{
        g_autoptr(GError) error = NULL;
        char id[PLC_ID_SIZE];

        site_id(item, id);
        plc_publish_item(&s->site->publisher, id, site_day(day), &error);
        g_assert_no_error(error);
}

static inline bool site_shows(struct test_site *s, const char *item)
{
        g_autoptr(GError) error = NULL;
        char id[PLC_ID_SIZE];
        bool there = false;

        site_id(item, id);
        plc_index_has_item(s->site->index, id, &there, &error);
        g_assert_no_error(error);
        return there;
}

#define SITE_APPROVED(i) "2 approve " i
/* The contributor's own licence and data grants for one item. */
#define SITE_GIVEN(i, g, how) "2 give " g " licence item:" i " " how "; 2 give " g "d data item:" i " " how
