/* Is what intake hands over what the publisher reads, and does a second drop do what it should? */
#include <fcntl.h>
#include <sys/stat.h>

#include "fixture.h"

static void everything_comes_back(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_item) item = NULL;
        g_autoptr(plc_submission) submission = NULL;
        g_autoptr(plc_contributor) contributor = NULL;
        g_autoptr(plc_revision) revision = NULL;
        g_autoptr(plc_person) person = NULL;
        struct drop d = drop_new("form-1", "content 1");
        const plc_item_product *product;
        struct fixture f;

        fixture_open(&f);
        drop_insert(&f, &d);
        g_assert_true(plc_catalog_find_submission(f.catalog, "form-1", &submission, &error));
        g_assert_cmpstr(submission->id, ==, d.submission->id);
        g_assert_cmpint(submission->revision, ==, 1);
        g_assert_true(plc_catalog_get_contributor(f.catalog, submission->contributor, &contributor, &error));
        g_assert_cmpstr(contributor->external_hmac, ==, "contributor of form-1");
        g_assert_true(g_bytes_equal(contributor->sealed_email, d.contributor->sealed_email));
        g_assert_null(contributor->sealed_external);
        g_assert_true(plc_catalog_get_revision(f.catalog, submission->id, 0, &revision, &error));
        g_assert_cmpstr(revision->tags[1], ==, "lake");
        g_assert_null(revision->sealed_answer);
        g_assert_true(plc_catalog_get_item(f.catalog, drop_item(&d, 1)->id, &item, &error));
        g_assert_no_error(error);
        g_assert_cmpint(item->kind, ==, PLC_ITEM_PHOTO);
        g_assert_cmpint(item->state, ==, PLC_ITEM_WAITING);
        g_assert_cmpstr(item->photo.media_key, ==, drop_item(&d, 1)->photo.media_key);
        g_assert_cmpfloat(item->photo.focal_y, ==, 0.125);
        g_assert_false(item->photo.has_box);
        g_assert_false(item->photo.examined);
        g_assert_cmpuint(item->products->len, ==, 2);
        product = g_ptr_array_index(item->products, 0);
        g_assert_true(product->primary && product->has_point);
        g_assert_cmpfloat(product->y, ==, 0.75);
        g_assert_cmpstr(item->verification, ==, "order");
        g_assert_cmpstr(item->country, ==, "PL");
        g_assert_true(g_bytes_equal(item->sealed_name, d.revision->sealed_name));
        g_assert_nonnull(plc_item_find_text(item, "caption", 0));
        g_clear_pointer(&item, plc_item_free);
        g_assert_true(plc_catalog_get_item(f.catalog, drop_item(&d, 0)->id, &item, &error));
        g_assert_cmpfloat(item->review.rating, ==, 5);
        g_assert_cmpint(item->review.written_at, ==, 900);
        g_assert_cmpint(item->review.recommended, ==, -1);
        g_assert_cmpfloat(item->confidence, ==, 0.98);
        g_assert_cmpstr(plc_item_find_text(item, "body", 1)->language, ==, "en");
        g_assert_cmpstr(plc_item_find_text(item, "body", 1)->by, ==, "human");
        g_assert_true(plc_catalog_find_person(f.catalog, submission->id, "hmac of p1", &person, &error));
        g_assert_cmpstr(person->items[0], ==, drop_item(&d, 1)->id);
        drop_free(&d);
        fixture_close(&f);
}

static void the_same_id_again_is_a_conflict_and_changes_nothing(void)
{
        g_autoptr(GError) error = NULL;
        struct drop one = drop_new("form-1", "content 1"), two = drop_new("form-1", "content 2");
        struct plc_intake intake = drop_intake(&two);
        int64_t counts[PLC_ITEM_ANY];
        struct fixture f;

        fixture_open(&f);
        drop_insert(&f, &one);
        {
                g_autoptr(plc_db_tx) tx = plc_catalog_begin(f.catalog, &error);

                g_assert_false(plc_catalog_insert_submission(f.catalog, &intake, &error));
                assert_code(error, PLC_E_CONFLICT);
                g_clear_error(&error);
                g_assert_false(plc_db_commit(&tx, &error));
                g_clear_error(&error);
        }
        g_assert_true(plc_catalog_count_items(f.catalog, counts, &error));
        g_assert_cmpint(counts[PLC_ITEM_WAITING], ==, 2);
        drop_free(&one);
        drop_free(&two);
        fixture_close(&f);
}

static void a_new_revision_adds_items_and_leaves_the_old(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) items = NULL;
        g_autoptr(plc_revision) same = NULL, other = NULL;
        g_autoptr(plc_submission) submission = NULL;
        g_autoptr(plc_item) old = NULL;
        struct drop one = drop_new("form-1", "content 1"), two = drop_new("form-1", "content 2");
        struct plc_intake intake;
        struct fixture f;

        fixture_open(&f);
        drop_insert(&f, &one);
        g_assert_true(
                plc_catalog_set_item_state(f.catalog, drop_item(&one, 0)->id, PLC_ITEM_APPROVED, NULL, 2000, &error));
        g_assert_true(plc_catalog_find_submission(f.catalog, "form-1", &submission, &error));
        g_assert_true(plc_catalog_find_revision(f.catalog, submission->id, "content 1", &same, &error));
        g_assert_cmpint(same->number, ==, 1);
        g_assert_true(plc_catalog_find_revision(f.catalog, submission->id, "content 2", &other, &error));
        g_assert_null(other);
        {
                g_autoptr(plc_db_tx) tx = plc_catalog_begin(f.catalog, &error);

                intake = drop_intake(&two);
                intake.submission = submission;
                g_ptr_array_set_size(two.persons, 0);
                g_assert_true(plc_catalog_insert_revision(f.catalog, &intake, &error));
                g_assert_true(plc_db_commit(&tx, &error));
        }
        g_assert_cmpint(submission->revision, ==, 2);
        g_assert_cmpint(drop_item(&two, 0)->revision, ==, 2);
        g_assert_true(plc_catalog_items_of_submission(f.catalog, submission->id, &items, &error));
        g_assert_cmpuint(items->len, ==, 4);
        g_assert_true(plc_catalog_get_item(f.catalog, drop_item(&one, 0)->id, &old, &error));
        g_assert_cmpint(old->state, ==, PLC_ITEM_APPROVED);
        {
                g_autoptr(plc_db_tx) tx = plc_catalog_begin(f.catalog, &error);

                submission->revision = 1; /* somebody who read it before */
                g_assert_false(plc_catalog_insert_revision(f.catalog, &intake, &error));
                assert_code(error, PLC_E_CONFLICT);
        }
        drop_free(&one);
        drop_free(&two);
        fixture_close(&f);
}

static void nothing_is_written_without_a_transaction(void)
{
        g_autoptr(GError) error = NULL;
        struct drop d = drop_new("form-1", "content 1");
        struct plc_intake intake = drop_intake(&d);
        struct fixture f;

        fixture_open(&f);
        g_assert_false(plc_catalog_insert_submission(f.catalog, &intake, &error));
        assert_code(error, PLC_E_INTERNAL);
        drop_free(&d);
        fixture_close(&f);
}

static void lists_are_paged_without_gap_or_repeat(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_autofree char *after = NULL;
        struct fixture f;
        guint submissions = 0;

        fixture_open(&f);
        for (int i = 0; i < 7; i++) {
                g_autofree char *external = g_strdup_printf("form-%d", i);
                struct drop d = drop_new(external, "content");

                d.submission->created_at = i < 4 ? 1000 : 2000; /* ties are told apart by id */
                drop_insert(&f, &d);
                drop_free(&d);
        }
        for (;;) {
                g_autoptr(GPtrArray) page = NULL;

                g_assert_true(plc_catalog_list_items(f.catalog, PLC_ITEM_WAITING, after, 4, &page, &error));
                for (guint i = 0; i < page->len; i++)
                        g_assert_true(g_hash_table_add(seen, g_strdup(page->pdata[i])));
                if (page->len == 0)
                        break;
                g_free(after);
                after = g_strdup(page->pdata[page->len - 1]);
        }
        g_assert_cmpuint(g_hash_table_size(seen), ==, 14);
        g_clear_pointer(&after, g_free);
        for (;;) {
                g_autoptr(GPtrArray) page = NULL;

                g_assert_true(plc_catalog_list_submissions(f.catalog, PLC_ITEM_ANY, after, 3, &page, &error));
                submissions += page->len;
                if (page->len == 0)
                        break;
                g_free(after);
                after = g_strdup(((plc_submission *)page->pdata[page->len - 1])->id);
        }
        g_assert_cmpuint(submissions, ==, 7);
        {
                g_autoptr(GPtrArray) none = NULL;

                g_assert_true(plc_catalog_list_submissions(f.catalog, PLC_ITEM_APPROVED, NULL, 10, &none, &error));
                g_assert_cmpuint(none->len, ==, 0);
        }
        fixture_close(&f);
}

static void an_id_names_an_item_a_submission_or_the_operators_own(void)
{
        g_autoptr(GError) error = NULL;
        struct drop d = drop_new("form-1", "content 1");
        const struct {
                const char *id, *hmac;
                guint items;
        } rows[] = {
                {drop_item(&d, 1)->id, NULL, 1}, {d.submission->id, NULL, 2}, {"2026-form", "form-1", 2},
                {"2026-form", "form-2", 0},      {"2026-form", NULL, 0},
        };
        g_autoptr(GPtrArray) sources = NULL;
        struct fixture f;

        fixture_open(&f);
        drop_insert(&f, &d);
        g_assert_true(plc_catalog_list_sources(f.catalog, &sources, &error)); /* whose ids an operator's id may be */
        g_assert_cmpuint(sources->len, ==, 1);
        g_assert_cmpstr(sources->pdata[0], ==, "shop");
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autoptr(GPtrArray) items = NULL;
                bool found = plc_catalog_resolve_items(f.catalog, rows[i].id, rows[i].hmac, &items, &error);

                g_assert_cmpint(found, ==, rows[i].items > 0);
                if (found)
                        g_assert_cmpuint(items->len, ==, rows[i].items);
                else
                        assert_code(error, PLC_E_NOT_FOUND);
                g_clear_error(&error);
        }
        drop_free(&d);
        fixture_close(&f);
}

static void facts_fill_in_what_the_operator_left_open(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_item) item = NULL, found = NULL;
        g_autoptr(GPtrArray) same = NULL;
        struct drop d = drop_new("form-1", "content 1");
        const char *const flags[] = {"phone", "alcohol", NULL};
        struct plc_item_photo facts = {.bytes = 5,
                                       .format = (char *)"jpeg",
                                       .width = 40,
                                       .height = 30,
                                       .removed = 3,
                                       .has_attention = true,
                                       .attention_x = 0.5,
                                       .pdq = (char *)"ff"};
        struct plc_preview preview = {.blob = (char *)"k1111", .width = 1280, .height = 960}, back;
        struct fixture f;
        const char *id;

        fixture_open(&f);
        drop_insert(&f, &d);
        id = drop_item(&d, 1)->id;
        g_assert_true(plc_catalog_set_photo_facts(f.catalog, id, &facts, &error));
        g_assert_false(plc_catalog_get_preview(f.catalog, id, &back, &error));
        assert_code(error, PLC_E_NOT_FOUND);
        g_clear_error(&error);
        {
                g_autoptr(plc_db_tx) tx = plc_catalog_begin(f.catalog, &error);

                g_assert_true(plc_catalog_put_preview(f.catalog, id, &preview, &error));
                g_assert_true(plc_catalog_set_item_language(f.catalog, id, "de", 0.5, flags, &error));
                g_assert_true(plc_db_commit(&tx, &error));
        }
        g_assert_true(plc_catalog_get_item(f.catalog, id, &item, &error));
        g_assert_true(item->photo.examined && item->preview_ready && item->photo.has_focal);
        g_assert_cmpint(item->photo.width, ==, 40);
        g_assert_cmpint(item->photo.removed, ==, 3);
        g_assert_cmpstr(item->photo.role, ==, "scene");
        g_assert_cmpstr(item->flags[0], ==, "alcohol");
        g_assert_cmpstr(item->language, ==, "de");
        g_assert_true(plc_catalog_get_preview(f.catalog, id, &back, &error));
        g_assert_cmpstr(back.blob, ==, "k1111");
        plc_preview_clear(&back);
        g_assert_true(plc_catalog_find_item_by_key(f.catalog, item->photo.media_key, &found, &error));
        g_assert_cmpstr(found->id, ==, id);
        g_assert_true(plc_catalog_same_photos(f.catalog, "hmac of the photo", &same, &error));
        g_assert_cmpuint(same->len, ==, 1);
        drop_free(&d);
        fixture_close(&f);
}

static void erasing_a_person_leaves_nothing_of_theirs_and_is_final(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_item) item = NULL;
        g_autoptr(plc_submission) gone = NULL;
        g_autoptr(plc_contributor) contributor = NULL;
        g_autoptr(GPtrArray) blobs = NULL;
        struct drop d = drop_new("form-1", "content 1");
        int64_t erased_at;
        struct fixture f;

        fixture_open(&f);
        drop_insert(&f, &d);
        {
                g_autoptr(plc_db_tx) tx = plc_catalog_begin(f.catalog, &error);

                g_assert_true(plc_catalog_erase_contributor(f.catalog, d.contributor->id, 5000, &error));
                g_assert_true(plc_catalog_add_tombstone(f.catalog, "form-1", 5000, &error));
                g_assert_true(plc_catalog_add_tombstone(f.catalog, "form-1", 4000, &error));
                g_assert_true(plc_db_commit(&tx, &error));
        }
        /* The names of blobs stay until somebody tells that the blobs are gone. */
        g_assert_true(plc_catalog_blobs_of_contributor(f.catalog, d.contributor->id, &blobs, &error));
        g_assert_cmpuint(blobs->len, ==, 1);
        g_assert_cmpstr(blobs->pdata[0], ==, "k0000");
        g_clear_pointer(&blobs, g_ptr_array_unref);
        {
                g_autoptr(plc_db_tx) tx = plc_catalog_begin(f.catalog, &error);

                g_assert_true(plc_catalog_forget_blobs(f.catalog, d.contributor->id, &error));
                g_assert_true(plc_db_commit(&tx, &error));
        }
        g_assert_true(plc_catalog_blobs_of_contributor(f.catalog, d.contributor->id, &blobs, &error));
        g_assert_cmpuint(blobs->len, ==, 0);
        g_assert_true(plc_catalog_empty_log(f.catalog, &error));
        g_assert_true(plc_catalog_find_submission(f.catalog, "form-1", &gone, &error));
        g_assert_null(gone);
        g_assert_true(plc_catalog_find_tombstone(f.catalog, "form-1", &erased_at, &error));
        g_assert_cmpint(erased_at, ==, 5000);
        g_assert_true(plc_catalog_find_tombstone(f.catalog, "form-2", &erased_at, &error));
        g_assert_cmpint(erased_at, ==, 0);
        g_assert_true(plc_catalog_get_contributor(f.catalog, d.contributor->id, &contributor, &error));
        g_assert_true(contributor->erased);
        g_assert_null(contributor->sealed_email);
        g_assert_true(plc_catalog_get_item(f.catalog, drop_item(&d, 0)->id, &item, &error));
        g_assert_cmpint(item->state, ==, PLC_ITEM_ERASED);
        g_assert_cmpuint(item->texts->len, ==, 0);
        g_assert_false(item->review.has_rating);
        g_assert_null(item->sealed_name);
        g_assert_null(item->country);
        g_assert_false(plc_catalog_set_item_state(f.catalog, item->id, PLC_ITEM_APPROVED, NULL, 6000, &error));
        assert_code(error, PLC_E_CONFLICT);
        {
                /* Erased bytes are overwritten, not just unlinked: in none of the catalog's files. */
                static const char *const files[] = {"catalog.db", "catalog.db-wal"};

                plc_catalog_close(f.catalog);
                for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
                        g_autofree char *path = g_build_filename(f.dir, files[i], NULL), *text = NULL;
                        gsize size = 0;

                        if (g_file_get_contents(path, &text, &size, NULL))
                                g_assert_null(memmem(text, size, "sealed body", strlen("sealed body")));
                }
                f.catalog = plc_catalog_open(f.path, NULL);
                g_assert_nonnull(f.catalog);
        }
        drop_free(&d);
        fixture_close(&f);
}

static void only_looking_needs_no_lock_and_writes_nothing(void)
{
        g_autoptr(GError) error = NULL;
        struct drop d = drop_new("form-1", "content 1");
        plc_catalog *reader;
        int64_t before, after, counts[PLC_ITEM_ANY];
        struct fixture f;

        fixture_open(&f);
        reader = plc_catalog_open_readonly(f.path, &error);
        g_assert_no_error(error);
        g_assert_true(plc_catalog_data_version(reader, &before, &error));
        drop_insert(&f, &d);
        g_assert_true(plc_catalog_data_version(reader, &after, &error));
        g_assert_cmpint(before, !=, after);
        {
                g_autoptr(plc_db_tx) tx = plc_catalog_begin(f.catalog, &error); /* the writer is at work */

                g_assert_true(plc_catalog_count_items(reader, counts, &error));
                g_assert_cmpint(counts[PLC_ITEM_WAITING], ==, 2);
        }
        g_assert_false(plc_catalog_meta_set(reader, "k", "v", &error));
        g_clear_error(&error);
        plc_catalog_close(reader);
        drop_free(&d);
        fixture_close(&f);
}

static void an_older_catalog_is_told_to_readers_and_mended_by_a_writer(void)
{
        g_autoptr(GError) error = NULL;
        plc_catalog *catalog;
        struct fixture f;

        fixture_open(&f);
        g_assert_true(plc_catalog_meta_set(f.catalog, "added", "0", &error));
        g_assert_null(plc_catalog_open_readonly(f.path, &error));
        assert_code(error, PLC_E_BAD_CONFIG);
        g_assert_nonnull(strstr(plc_error_remedy(error), "placet run"));
        g_clear_error(&error);
        catalog = plc_catalog_open(f.path, &error);
        g_assert_no_error(error);
        plc_catalog_close(catalog);
        catalog = plc_catalog_open_readonly(f.path, &error);
        g_assert_no_error(error);
        plc_catalog_close(catalog);
        fixture_close(&f);
}

static void a_catalog_is_made_once_and_private(void)
{
        g_autoptr(GError) error = NULL;
        struct stat st;
        struct fixture f;
        mode_t mask = umask(0);

        fixture_open(&f);
        umask(mask);
        g_assert_cmpint(stat(f.path, &st), ==, 0);
        g_assert_cmpint(st.st_mode & 0777, ==, 0600);
        g_assert_null(plc_catalog_create(f.path, &error));
        assert_code(error, PLC_E_CONFLICT);
        g_clear_error(&error);
        g_assert_true(plc_catalog_meta_set(f.catalog, "form", "9", &error));
        g_assert_null(plc_catalog_open(f.path, &error));
        assert_code(error, PLC_E_BAD_CONFIG);
        g_clear_error(&error);
        g_assert_null(plc_catalog_open("/nonexistent/catalog.db", &error));
        assert_code(error, PLC_E_NOT_FOUND);
        fixture_close(&f);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/catalog/everything that was inserted comes back", everything_comes_back);
        g_test_add_func("/catalog/the same operator's id again is a conflict and changes nothing",
                        the_same_id_again_is_a_conflict_and_changes_nothing);
        g_test_add_func("/catalog/a new revision adds items and leaves the old as they are",
                        a_new_revision_adds_items_and_leaves_the_old);
        g_test_add_func("/catalog/a submission needs its caller's transaction",
                        nothing_is_written_without_a_transaction);
        g_test_add_func("/catalog/lists are paged without gap or repeat", lists_are_paged_without_gap_or_repeat);
        g_test_add_func("/catalog/an id names an item, a submission or the operator's own",
                        an_id_names_an_item_a_submission_or_the_operators_own);
        g_test_add_func("/catalog/facts fill in what the operator left open",
                        facts_fill_in_what_the_operator_left_open);
        g_test_add_func("/catalog/erasing a person leaves nothing of theirs and is final",
                        erasing_a_person_leaves_nothing_of_theirs_and_is_final);
        g_test_add_func("/catalog/only looking needs no lock and writes nothing",
                        only_looking_needs_no_lock_and_writes_nothing);
        g_test_add_func("/catalog/a catalog is made once, private whatever the umask",
                        a_catalog_is_made_once_and_private);
        g_test_add_func("/catalog/an older catalog is told to who only reads, and mended by who writes",
                        an_older_catalog_is_told_to_readers_and_mended_by_a_writer);
        return g_test_run();
}
