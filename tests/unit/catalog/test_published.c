/* Renditions, bundles, pulls, averages: does what was written come back, and what was replaced not? */
#include "catalog/bundle.h"
#include "catalog/pull.h"
#include "catalog/rendition.h"
#include "catalog/summary.h"
#include "db/db.h"
#include "fixture.h"

static void put_placed(struct fixture *f, const char *item, const char *preset, const char *plan, const char *first,
                       const char *second)
{
        const char *const assets[] = {first, second};
        g_autoptr(plc_placed) placed = plc_placed_new();
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_db_tx) tx = plc_catalog_begin(f->catalog, &error);

        g_strlcpy(placed->item, item, sizeof placed->item);
        placed->preset = g_strdup(preset);
        placed->plan = g_strdup(plan);
        placed->verdict = g_strdup(first != NULL ? "ok" : "refused");
        placed->refusal = first != NULL ? NULL : g_strdup("too_small");
        placed->cropped = true;
        placed->crop_w = 800;
        for (size_t i = 0; i < 2; i++)
                if (assets[i] != NULL) {
                        plc_rendition *file = plc_placed_add_file(placed);

                        file->css_width = 320 * (int64_t)(i + 1);
                        file->format = g_strdup("webp");
                        file->width = file->css_width;
                        file->height = 240;
                        memset(file->sha256, 'a', 64);
                        file->asset = g_strdup(assets[i]);
                        file->encodes = 2;
                        file->holds = 0x21;
                }
        plc_catalog_put_placed(f->catalog, placed, &error);
        g_assert_no_error(error);
        g_assert_true(plc_db_commit(&tx, &error));
}

static void a_placement_made_again_replaces_its_files(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) all = NULL, assets = NULL, rest = NULL;
        g_autoptr(plc_placed) never = NULL, refused = NULL;
        struct drop d = drop_new("form-1", "content 1");
        const char *photo = drop_item(&d, 1)->id, *other = drop_item(&d, 0)->id;
        struct fixture f;
        bool has;

        fixture_open(&f);
        drop_insert(&f, &d);
        put_placed(&f, photo, "pdp-card", "v1", "aaaa.webp", "bbbb.webp");
        g_assert_true(plc_catalog_has_placed(f.catalog, photo, "pdp-card", "v1", &has, &error) && has);
        g_assert_true(plc_catalog_has_placed(f.catalog, photo, "pdp-card", "v2", &has, &error) && !has);
        put_placed(&f, photo, "pdp-card", "v2", "cccc.webp", NULL);
        g_assert_true(plc_catalog_has_asset(f.catalog, "aaaa.webp", &has, &error) && !has);
        g_assert_true(plc_catalog_has_asset(f.catalog, "cccc.webp", &has, &error) && has);
        put_placed(&f, photo, "email-square", "v1", NULL, NULL);
        put_placed(&f, photo, "google-191", "v1", "cccc.webp", "dddd.webp");
        put_placed(&f, other, "pdp-card", "v1", "dddd.webp", NULL);
        g_assert_true(plc_catalog_placed_of_item(f.catalog, photo, &all, &error));
        g_assert_cmpuint(all->len, ==, 3);
        for (guint i = 0; i < all->len; i++) {
                const plc_placed *placed = all->pdata[i];
                for (guint file = 0; file < placed->files->len; file++)
                        g_assert_cmpint(((const plc_rendition *)placed->files->pdata[file])->holds, ==, 0x21);
        }
        g_assert_true(plc_catalog_get_placed(f.catalog, photo, "email-square", &refused, &error));
        g_assert_cmpstr(refused->refusal, ==, "too_small");
        g_assert_cmpuint(refused->files->len, ==, 0);
        g_assert_true(plc_catalog_get_placed(f.catalog, photo, "none", &never, &error));
        g_assert_null(never);
        {
                g_autoptr(plc_db_tx) tx = plc_catalog_begin(f.catalog, &error);

                /* cccc is in google-191, too; dddd in another item's. */
                g_assert_true(plc_catalog_remove_placed_preset(f.catalog, photo, "pdp-card", &assets, &error));
                g_assert_cmpuint(assets->len, ==, 0);
                g_assert_true(plc_catalog_remove_placed(f.catalog, photo, &rest, &error));
                g_assert_cmpuint(rest->len, ==, 1);
                g_assert_cmpstr(rest->pdata[0], ==, "cccc.webp");
                g_assert_true(plc_db_commit(&tx, &error));
        }
        g_assert_true(plc_catalog_has_asset(f.catalog, "dddd.webp", &has, &error) && has);
        drop_free(&d);
        fixture_close(&f);
}

static void a_bundle_version_never_changes(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_bundle) bundle = plc_bundle_new(), one = NULL, latest = NULL, none = NULL;
        g_autoptr(GPtrArray) list = NULL, with = NULL, without = NULL, withdrawn = NULL;
        struct drop d = drop_new("form-1", "content 1");
        struct fixture f;

        fixture_open(&f);
        drop_insert(&f, &d);
        bundle->name = g_strdup("spring");
        bundle->definition = g_strdup("{}");
        bundle->published_at = 100;
        for (int version = 1; version <= 2; version++) {
                g_autoptr(plc_db_tx) tx = plc_catalog_begin(f.catalog, &error);

                g_ptr_array_insert(bundle->items, 0, g_strdup(drop_item(&d, version == 1 ? 0 : 1)->id));
                g_assert_true(plc_catalog_put_bundle(f.catalog, bundle, &error));
                g_assert_cmpint(bundle->version, ==, version);
                g_assert_true(plc_db_commit(&tx, &error));
        }
        g_assert_true(plc_catalog_get_bundle(f.catalog, "spring", 1, &one, &error));
        g_assert_cmpuint(one->items->len, ==, 1);
        g_assert_true(plc_catalog_get_bundle(f.catalog, "spring", 0, &latest, &error));
        g_assert_cmpint(latest->version, ==, 2);
        g_assert_cmpstr(latest->items->pdata[0], ==, drop_item(&d, 1)->id);
        g_assert_cmpstr(latest->items->pdata[1], ==, drop_item(&d, 0)->id);
        g_assert_false(plc_catalog_get_bundle(f.catalog, "spring", 9, &none, &error));
        g_assert_cmpstr(error->message, ==, "the latest version of the bundle spring is 2");
        g_clear_error(&error);
        g_assert_false(plc_catalog_get_bundle(f.catalog, "autumn", 0, &none, &error));
        assert_code(error, PLC_E_NOT_FOUND);
        g_clear_error(&error);
        g_assert_true(plc_catalog_list_bundles(f.catalog, &list, &error));
        g_assert_cmpuint(list->len, ==, 1);
        g_assert_cmpint(((plc_bundle *)list->pdata[0])->version, ==, 2);
        g_assert_true(plc_catalog_bundles_of_item(f.catalog, drop_item(&d, 1)->id, &with, &error));
        g_assert_cmpuint(with->len, ==, 1);
        g_assert_true(plc_catalog_withdraw_bundle(f.catalog, "spring", 200, &error));
        g_assert_true(plc_catalog_bundles_of_item(f.catalog, drop_item(&d, 1)->id, &withdrawn, &error));
        g_assert_cmpuint(withdrawn->len, ==, 0);
        g_assert_false(plc_catalog_withdraw_bundle(f.catalog, "autumn", 200, &error));
        drop_free(&d);
        fixture_close(&f);
}

static void a_recall_finds_the_pulls_that_are_still_valid(void)
{
        g_autoptr(GError) error = NULL;
        const int64_t until[] = {0, 500, 1500};
        g_autoptr(GPtrArray) valid = NULL, all = NULL;
        g_autoptr(plc_pull) back = NULL;
        char id[PLC_ID_SIZE] = "";
        struct fixture f;

        fixture_open(&f);
        for (size_t i = 0; i < G_N_ELEMENTS(until); i++) {
                g_autoptr(plc_pull) pull = plc_pull_new();
                g_autoptr(plc_db_tx) tx = plc_catalog_begin(f.catalog, &error);

                pull->bundle = g_strdup("spring");
                pull->preset = g_strdup("meta-feed-4x5");
                pull->territory = g_strdup("DE");
                pull->pulled_at = 100 + (int64_t)i;
                pull->head = 7;
                for (int file = 0; file < 2; file++) {
                        plc_pull_file *one = plc_pull_add_file(pull);

                        g_strlcpy(one->item, "i1", sizeof one->item);
                        one->file = g_strdup_printf("%d.jpg", file);
                        one->valid_until = until[i];
                }
                g_assert_true(plc_catalog_put_pull(f.catalog, pull, &error));
                g_assert_true(plc_db_commit(&tx, &error));
                g_strlcpy(id, pull->id, sizeof id);
        }
        g_assert_true(plc_catalog_pulls_of_item(f.catalog, "i1", 1000, &valid, &error));
        g_assert_cmpuint(valid->len, ==, 2);
        g_assert_cmpstr(((plc_pull *)valid->pdata[0])->id, ==, id);
        g_assert_true(plc_catalog_get_pull(f.catalog, id, &back, &error));
        g_assert_cmpuint(back->files->len, ==, 2);
        g_assert_cmpstr(((plc_pull_file *)back->files->pdata[1])->file, ==, "1.jpg");
        g_assert_cmpint(back->head, ==, 7);
        g_assert_true(plc_catalog_list_pulls(f.catalog, NULL, 2, &all, &error));
        g_assert_cmpuint(all->len, ==, 2);
        fixture_close(&f);
}

static void averages_count_what_counts_on_a_scale_of_five(void)
{
        static const struct {
                double value, min, max;
                bool counted;
        } rows[] = {{5, 1, 5, true},  {1, 1, 5, true},  {10, 0, 10, true},
                    {5, 0, 10, true}, {1, 1, 5, false}, {3, 3, 3, true}};
        struct plc_catalog_summary summary;
        g_autoptr(GError) error = NULL;
        struct fixture f;

        fixture_open(&f);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *external = g_strdup_printf("form-%zu", i);
                struct drop d = drop_new(external, "content");

                drop_item(&d, 0)->review.rating = rows[i].value;
                drop_item(&d, 0)->review.rating_min = rows[i].min;
                drop_item(&d, 0)->review.rating_max = rows[i].max;
                plc_item_add_product(drop_item(&d, 0), "TENT", false, NULL, NULL); /* named twice, counted once */
                drop_insert(&f, &d);
                g_assert_true(plc_catalog_set_counted(f.catalog, drop_item(&d, 0)->id, rows[i].counted, &error));
                drop_free(&d);
        }
        g_assert_true(plc_catalog_product_summary(f.catalog, "TENT", &summary, &error));
        g_assert_cmpint(summary.count, ==, 4);
        g_assert_cmpfloat(summary.average, ==, (5 + 1 + 5 + 3) / 4.0);
        g_assert_cmpint(summary.stars[0], ==, 1);
        g_assert_cmpint(summary.stars[2], ==, 1);
        g_assert_cmpint(summary.stars[4], ==, 2);
        g_assert_true(plc_catalog_product_summary(f.catalog, "NONE", &summary, &error));
        g_assert_cmpint(summary.count, ==, 0);
        fixture_close(&f);
}

static int64_t count_of(plc_catalog *catalog)
{
        struct plc_catalog_summary summary;

        g_assert_true(plc_catalog_product_summary(catalog, "TENT", &summary, NULL));
        return summary.count;
}

static int64_t count_rows(const struct fixture *f)
{
        plc_db *db = plc_db_open(f->path, 0, "-- :name rows\nSELECT count(*) FROM rated\n", NULL);
        int64_t rows = -1;

        g_assert_true(plc_db_int(db, "rows", &rows, NULL, ""));
        plc_db_close(db);
        return rows;
}

static void a_rating_counts_until_it_does_not(void)
{
        struct drop d = drop_new("form", "content");
        const char *item = drop_item(&d, 0)->id;
        g_autoptr(GError) error = NULL;
        struct fixture f;

        fixture_open(&f);
        drop_insert(&f, &d);
        for (int again = 0; again <= 1; again++) {
                g_assert_true(plc_catalog_set_counted(f.catalog, item, true, &error));
                g_assert_true(plc_catalog_set_counted(f.catalog, item, true, &error));
                g_assert_cmpint(count_of(f.catalog), ==, 1);
                g_assert_true(plc_catalog_set_counted(f.catalog, item, false, &error));
                g_assert_cmpint(count_of(f.catalog), ==, 0);
        }
        g_assert_true(plc_catalog_set_counted(f.catalog, item, true, &error));
        g_autoptr(plc_db_tx) tx = plc_catalog_begin(f.catalog, &error);
        g_assert_true(plc_catalog_erase_contributor(f.catalog, drop_item(&d, 0)->contributor, 100, &error));
        g_assert_true(plc_db_commit(&tx, &error));
        g_assert_cmpint(count_of(f.catalog), ==, 0);
        g_assert_cmpint(count_rows(&f), ==, 0);
        drop_free(&d);
        fixture_close(&f);
}

static void a_rating_counts_for_each_of_its_products(void)
{
        struct drop d = drop_new("form", "content");
        plc_item *review = drop_item(&d, 0);
        g_autoptr(GError) error = NULL;
        struct fixture f;

        plc_item_add_product(review, "PEGS", false, NULL, NULL);
        fixture_open(&f);
        drop_insert(&f, &d);
        g_assert_true(plc_catalog_set_counted(f.catalog, review->id, true, &error));
        g_assert_no_error(error);
        g_assert_cmpint(count_of(f.catalog), ==, 1);
        g_assert_cmpint(count_rows(&f), ==, 2);
        g_assert_true(plc_catalog_set_counted(f.catalog, review->id, false, &error));
        g_assert_no_error(error);
        g_assert_cmpint(count_rows(&f), ==, 0);
        g_assert_false(plc_catalog_set_counted(f.catalog, "nobody's", true, &error));
        g_assert_cmpint(plc_error_code(error), ==, PLC_E_NOT_FOUND);
        drop_free(&d);
        fixture_close(&f);
}

/* What an older program counted otherwise, without knowing of that table, keeps nothing from being published. */
static void a_rating_that_is_there_already_counts_once(void)
{
        static const char statements[] = "-- :name older\nUPDATE item SET counted = 0\n";
        struct drop d = drop_new("form", "content");
        g_autoptr(GError) error = NULL;
        struct fixture f;

        fixture_open(&f);
        drop_insert(&f, &d);
        g_assert_true(plc_catalog_set_counted(f.catalog, drop_item(&d, 0)->id, true, &error));
        plc_db *db = plc_db_open(f.path, 0, statements, &error);
        g_assert_true(plc_db_run(db, "older", &error, ""));
        plc_db_close(db);
        g_assert_true(plc_catalog_set_counted(f.catalog, drop_item(&d, 0)->id, true, &error));
        g_assert_no_error(error);
        g_assert_cmpint(count_rows(&f), ==, 1);
        drop_free(&d);
        fixture_close(&f);
}

/* An older program was at work, which had no such table. */
static void ratings_of_an_older_catalog_count(void)
{
        static const char statements[] =
                "-- :name older\nDROP TABLE rated; UPDATE meta SET value = '1' WHERE key = 'added'\n";
        g_autoptr(GError) error = NULL;
        struct fixture f;

        fixture_open(&f);
        for (int i = 0; i < 3; i++) {
                g_autofree char *external = g_strdup_printf("form-%d", i);
                struct drop d = drop_new(external, "content");

                drop_insert(&f, &d);
                g_assert_true(plc_catalog_set_counted(f.catalog, drop_item(&d, 0)->id, i > 0, &error));
                drop_free(&d);
        }
        plc_db *db = plc_db_open(f.path, 0, statements, &error);
        g_assert_true(plc_db_schema(db, "older", &error));
        plc_db_close(db);
        g_clear_pointer(&f.catalog, plc_catalog_close);
        f.catalog = plc_catalog_open(f.path, &error);
        g_assert_no_error(error);
        g_assert_cmpint(count_of(f.catalog), ==, 2);
        fixture_close(&f);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/published/a placement made again replaces its files",
                        a_placement_made_again_replaces_its_files);
        g_test_add_func("/published/a bundle's version never changes", a_bundle_version_never_changes);
        g_test_add_func("/published/a recall finds the pulls that are still valid",
                        a_recall_finds_the_pulls_that_are_still_valid);
        g_test_add_func("/published/averages count what counts, on a scale of five",
                        averages_count_what_counts_on_a_scale_of_five);
        g_test_add_func("/published/a rating counts until it does not", a_rating_counts_until_it_does_not);
        g_test_add_func("/published/a rating counts for each of its products",
                        a_rating_counts_for_each_of_its_products);
        g_test_add_func("/published/a rating that is there already counts once",
                        a_rating_that_is_there_already_counts_once);
        g_test_add_func("/published/ratings of an older catalog count", ratings_of_an_older_catalog_count);
        return g_test_run();
}
