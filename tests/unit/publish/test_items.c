/* Is what the index and the disk hold exactly what may be shown? Told as what is known of one item. */
#include "index/reader.h"
#include "support/site.h"

struct row {
        const char *sentence, *events; /* beyond ingestion on day 1 */
        bool shown;
        const char *kept; /* placements whose files stay, of pdp-card, pdp-lightbox (pdp), email-square, meta-feed-4x5
                             (ad) */
};

#define ALL "ch=pdp,email,ad edits=crop,colour"

static const struct row rows[] = {
        {"not approved: not shown, no file stays", SITE_GIVEN("i1", "g1", ALL), false, ""},
        {"approved without a grant: not shown, no file stays", SITE_APPROVED("i1"), false, ""},
        {"approved and given: shown, all files stay", SITE_APPROVED("i1") "; " SITE_GIVEN("i1", "g1", ALL), true,
         "email-square meta-feed-4x5 pdp-card pdp-lightbox"},
        {"given for product pages: only their files stay",
         SITE_APPROVED("i1") "; " SITE_GIVEN("i1", "g1", "ch=pdp edits=crop,colour"), true, "pdp-card pdp-lightbox"},
        {"given for advertisements alone: not shown, the creative stays",
         SITE_APPROVED("i1") "; " SITE_GIVEN("i1", "g1", "ch=ad edits=crop,colour"), false, "meta-feed-4x5"},
        {"given without crops: only what shows the whole photo stays",
         SITE_APPROVED("i1") "; " SITE_GIVEN("i1", "g1", "ch=pdp,email,ad edits=colour"), true,
         "pdp-card pdp-lightbox"},
        {"narrowed to product pages: the other files go",
         SITE_APPROVED("i1") "; " SITE_GIVEN("i1", "g1", ALL) "; 3 narrow g1 ch=pdp", true, "pdp-card pdp-lightbox"},
        {"rejected: not shown, no file stays", SITE_APPROVED("i1") "; " SITE_GIVEN("i1", "g1", ALL) "; 3 reject i1",
         false, ""},
        {"withdrawn: not shown, no file stays", SITE_APPROVED("i1") "; " SITE_GIVEN("i1", "g1", ALL) "; 3 withdraw g1",
         false, ""},
        {"withdrawn by the person: not shown, no file stays",
         SITE_APPROVED("i1") "; " SITE_GIVEN("i1", "g1", ALL) "; 3 revoke contributor:c1", false, ""},
        {"erased: not shown, no file stays", SITE_APPROVED("i1") "; " SITE_GIVEN("i1", "g1", ALL) "; 3 erase i1", false,
         ""},
        {"over: not shown, no file stays", SITE_APPROVED("i1") "; " SITE_GIVEN("i1", "g1", ALL " until=4"), false, ""},
        {"to come: in the index, for the server to open in time",
         SITE_APPROVED("i1") "; " SITE_GIVEN("i1", "g1", ALL " from=20"), true,
         "email-square meta-feed-4x5 pdp-card pdp-lightbox"},
        {"held everywhere: not shown, no file stays",
         SITE_APPROVED("i1") "; " SITE_GIVEN("i1", "g1", ALL) "; 3 hold h1 item:i1", false, ""},
        {"held in one country: shown elsewhere",
         SITE_APPROVED("i1") "; " SITE_GIVEN("i1", "g1", ALL) "; 3 hold h1 item:i1 to=DE", true,
         "email-square meta-feed-4x5 pdp-card pdp-lightbox"},
        {"nobody said who is in it: not shown",
         "1 people i1 p1:unknown; " SITE_APPROVED("i1") "; " SITE_GIVEN("i1", "g1", ALL), false, ""},
};

static const char *const presets[] = {"email-square", "meta-feed-4x5", "pdp-card", "pdp-lightbox"};

/* Names of the placements that the catalog still has, where the store has their file, too. */
static char *kept(struct test_site *s)
{
        g_autoptr(GPtrArray) placed = NULL;
        g_autoptr(GError) error = NULL;
        GString *out = g_string_new(NULL);
        char id[PLC_ID_SIZE];

        site_id("i1", id);
        plc_catalog_placed_of_item(s->site->catalog, id, &placed, &error);
        g_assert_no_error(error);
        for (guint i = 0; i < placed->len; i++)
                g_string_append_printf(out, "%s%s", i > 0 ? " " : "", ((plc_placed *)placed->pdata[i])->preset);
        for (size_t i = 0; i < G_N_ELEMENTS(presets); i++) {
                g_autofree char *bytes = g_strconcat("made for ", presets[i], NULL), *key = NULL;
                char hex[PLC_SHA256_HEX_SIZE];
                bool asset, creative;

                plc_sha256_hex(bytes, strlen(bytes), hex);
                key = g_strconcat(hex, ".jpg", NULL);
                g_assert_true(plc_blob_exists(s->site->assets, key, &asset, NULL) &&
                              plc_blob_exists(s->site->creatives, key, &creative, NULL));
                g_test_message("%s", presets[i]);
                g_assert_cmpint(asset || creative, ==, strstr(out->str, presets[i]) != NULL); /* rows and files agree */
        }
        return g_string_free(out, FALSE);
}

static void photo(struct test_site *s)
{
        site_item(s, &(struct site_item){.name = "i1", .kind = "photo", .alt = "A tent", .state = PLC_ITEM_APPROVED});
        for (size_t i = 0; i < G_N_ELEMENTS(presets); i++) {
                g_autofree char *bytes = g_strconcat("made for ", presets[i], NULL);

                site_render(s, "i1", presets[i], bytes);
        }
}

static void test_row(gconstpointer data)
{
        const struct row *row = data;
        g_autofree char *found = NULL;
        struct test_site s;

        site_open(&s, NULL);
        photo(&s);
        site_say(&s, row->events);
        site_publish(&s, "i1", 5);
        site_publish(&s, "i1", 5); /* twice is as once */
        g_assert_cmpint(site_shows(&s, "i1"), ==, row->shown);
        found = kept(&s);
        g_assert_cmpstr(found, ==, row->kept);
        site_close(&s);
}

static void test_comes_and_goes(void)
{
        struct test_site s;

        site_open(&s, NULL);
        photo(&s);
        site_say(&s, SITE_APPROVED("i1") "; " SITE_GIVEN("i1", "g1", ALL));
        site_publish(&s, "i1", 5);
        g_assert_true(site_shows(&s, "i1"));
        site_say(&s, "6 hold h1 item:i1");
        site_publish(&s, "i1", 6);
        g_assert_false(site_shows(&s, "i1"));
        site_say(&s, "7 lift h1");
        site_publish(&s, "i1", 8);
        g_assert_true(site_shows(&s, "i1"));
        site_say(&s, "9 withdraw g1");
        site_publish(&s, "i1", 9);
        g_assert_false(site_shows(&s, "i1"));
        site_close(&s);
}

/* No byte of what was taken out stays in the index's files (secure_delete). */
static void test_no_byte_stays(void)
{
        static const char secret[] = "Zweiundvierzig Wombats";
        struct test_site s;

        site_open(&s, NULL);
        site_item(&s, &(struct site_item){.name = "i1", .kind = "review", .body = secret, .state = PLC_ITEM_APPROVED});
        site_say(&s, SITE_APPROVED("i1") "; " SITE_GIVEN("i1", "g1", "ch=pdp"));
        for (int round = 0; round < 2; round++) {
                g_autofree char *path = g_build_filename(s.p.path, "site/public/index.db", NULL), *bytes = NULL;
                gsize size = 0;

                site_publish(&s, "i1", 5 + round);
                g_assert_cmpint(site_shows(&s, "i1"), ==, round == 0);
                if (round == 1)
                        g_clear_pointer(&s.site, plc_site_close); /* the log is in the file then */
                g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
                if (round == 1)
                        g_assert_null(memmem(bytes, size, secret, strlen(secret)));
                else
                        site_say(&s, "6 withdraw g1");
        }
        site_close(&s);
}

/* Who does not want to be named is not, and where nobody else may be named either, the name does not come here. */
static void test_no_byte_of_a_name(void)
{
        static const struct {
                const char *given;
                bool there;
        } names[] = {{"ch=pdp", true}, {"ch=pdp credit=forbidden", false}};

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
                g_autofree char *path = NULL, *bytes = NULL, *events = NULL;
                struct test_site s;
                gsize size = 0;

                site_open(&s, NULL);
                site_item(&s, &(struct site_item){.name = "i1",
                                                  .kind = "review",
                                                  .display_name = "Zweiundvierzig Wombats",
                                                  .body = "Good",
                                                  .state = PLC_ITEM_APPROVED});
                events =
                        g_strdup_printf(SITE_APPROVED("i1") "; 2 give g1 licence item:i1 %s; 2 give g2 data item:i1 %s",
                                        names[i].given, names[i].given);
                site_say(&s, events);
                site_publish(&s, "i1", 5);
                g_assert_true(site_shows(&s, "i1"));
                path = g_build_filename(s.p.path, "site/public/index.db", NULL);
                g_clear_pointer(&s.site, plc_site_close); /* the log is in the file then */
                g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
                g_assert_cmpint(memmem(bytes, size, "Wombats", 7) != NULL, ==, names[i].there);
                site_close(&s);
        }
}

/* --- summaries ------------------------------------------------------------------------------------------------------
 */

struct summary_row {
        const char *sentence, *events;
        double rating;
        enum plc_item_state state;
        int count;
};

static const struct summary_row summaries[] = {
        {"an approved rating counts", SITE_APPROVED("i1") "; " SITE_GIVEN("i1", "g1", "ch=pdp"), 4, PLC_ITEM_APPROVED,
         1},
        {"one that waits does not", SITE_GIVEN("i1", "g1", "ch=pdp"), 4, PLC_ITEM_WAITING, 0},
        {"one that was rejected does not", SITE_APPROVED("i1") "; " SITE_GIVEN("i1", "g1", "ch=pdp") "; 3 reject i1", 4,
         PLC_ITEM_REJECTED, 0},
        {"one that is held does not", SITE_APPROVED("i1") "; " SITE_GIVEN("i1", "g1", "ch=pdp") "; 3 hold h1 item:i1",
         4, PLC_ITEM_APPROVED, 0},
        {"one that was withdrawn does not", SITE_APPROVED("i1") "; " SITE_GIVEN("i1", "g1", "ch=pdp") "; 3 withdraw g1",
         4, PLC_ITEM_APPROVED, 0},
        {"one that was erased does not", SITE_APPROVED("i1") "; " SITE_GIVEN("i1", "g1", "ch=pdp") "; 3 erase i1", 4,
         PLC_ITEM_APPROVED, 0},
        {"one whose text may not be shown any more does, for rights do not move stars",
         SITE_APPROVED("i1") "; " SITE_GIVEN("i1", "g1", "ch=pdp until=4"), 4, PLC_ITEM_APPROVED, 1},
        {"one whose text may be shown in one country does",
         SITE_APPROVED("i1") "; " SITE_GIVEN("i1", "g1", "ch=pdp to=DE"), 4, PLC_ITEM_APPROVED, 1},
        {"one whose text was never given does", SITE_APPROVED("i1"), 4, PLC_ITEM_APPROVED, 1},
        {"a post without a rating does not", SITE_APPROVED("i1") "; " SITE_GIVEN("i1", "g1", "ch=pdp"), 0,
         PLC_ITEM_APPROVED, 0},
};

static void read_summary(struct test_site *s, struct plc_index_summary *out)
{
        g_autofree char *path = g_build_filename(s->p.path, "site/public", NULL);
        g_autoptr(plc_index_reader) reader = plc_index_reader_new(path);
        struct plc_index_state state;
        g_autoptr(GError) error = NULL;

        plc_index_read_begin(reader, plc_now_ms(), &state, &error);
        g_assert_no_error(error);
        plc_index_get_summary(reader, "TENT", out, &error);
        g_assert_no_error(error);
        plc_index_read_end(reader);
}

static void test_summary(gconstpointer data)
{
        const struct summary_row *row = data;
        struct plc_index_summary found;
        struct test_site s;

        site_open(&s, NULL);
        site_item(&s, &(struct site_item){.name = "i1",
                                          .kind = "review",
                                          .body = "Good",
                                          .rating = row->rating,
                                          .origin = row->rating > 0 ? "review" : "community_post",
                                          .state = row->state});
        site_item(&s, &(struct site_item){.name = "i2", .kind = "review", .rating = 2, .state = PLC_ITEM_APPROVED});
        site_say(&s, row->events);
        site_say(&s, SITE_APPROVED("i2") "; 2 give g2 licence item:i2 ch=pdp");
        site_publish(&s, "i1", 5);
        site_publish(&s, "i2", 5);
        read_summary(&s, &found);
        g_assert_cmpint(found.count, ==, row->count + 1);
        g_assert_cmpint(found.stars[1], ==, 1);
        g_assert_cmpint(found.stars[3], ==, row->count);
        g_assert_cmpfloat_with_epsilon(found.average, row->count ? 3 : 2, 1e-9);
        site_close(&s);
}

/* --- wanted placements ----------------------------------------------------------------------------------------------
 */

struct wanted_row {
        const char *sentence, *grants, *wanted;
};

static const struct wanted_row wanteds[] = {
        {"without a grant none", "", ""},
        {"for product pages theirs", SITE_GIVEN("i1", "g1", "ch=pdp edits=crop"), "pdp-card pdp-gallery pdp-lightbox"},
        {"an advertisement only where one is given", SITE_GIVEN("i1", "g1", "ch=ad edits=crop"),
         "google-191 meta-feed-4x5"},
        {"no cropped placement where crops are not given", SITE_GIVEN("i1", "g1", "ch=pdp,ad,email edits="),
         "pdp-card pdp-gallery pdp-lightbox"},
        {"none for what is over", SITE_GIVEN("i1", "g1", "ch=pdp,ad edits=crop until=4"), ""},
        {"what begins later is made before", SITE_GIVEN("i1", "g1", "ch=email edits=crop from=20"), "email-square"},
        {"none for a channel that the site does not have", SITE_GIVEN("i1", "g1", "ch=print,home edits=crop"), ""},
};

static char *wanted(struct test_site *s)
{
        g_autoptr(GPtrArray) found = NULL;
        g_autoptr(plc_item) item = NULL;
        g_autoptr(GError) error = NULL;
        GString *out = g_string_new(NULL);
        char id[PLC_ID_SIZE];

        site_id("i1", id);
        g_assert_true(plc_catalog_get_item(s->site->catalog, id, &item, &error));
        plc_publish_wanted(&s->site->publisher, item, site_day(5), &found, &error);
        g_assert_no_error(error);
        for (guint i = 0; i < found->len; i++)
                g_string_append_printf(out, "%s%s", i > 0 ? " " : "",
                                       ((const struct plc_preset *)found->pdata[i])->placement.id);
        return g_string_free(out, FALSE);
}

static void test_wanted(gconstpointer data)
{
        const struct wanted_row *row = data;
        g_autofree char *found = NULL;
        struct test_site s;

        site_open(&s, NULL);
        site_item(&s, &(struct site_item){.name = "i1", .kind = "photo", .state = PLC_ITEM_APPROVED});
        site_say(&s, SITE_APPROVED("i1"));
        site_say(&s, row->grants);
        found = wanted(&s);
        g_assert_cmpstr(found, ==, row->wanted);
        site_close(&s);
}

static void test_made_is_not_wanted(void)
{
        g_autofree char *found = NULL;
        struct test_site s;

        site_open(&s, NULL);
        site_item(&s, &(struct site_item){.name = "i1", .kind = "photo", .state = PLC_ITEM_APPROVED});
        site_say(&s, SITE_APPROVED("i1") "; " SITE_GIVEN("i1", "g1", "ch=pdp edits=crop"));
        site_render(&s, "i1", "pdp-card", "made");
        found = wanted(&s);
        g_assert_cmpstr(found, ==, "pdp-gallery pdp-lightbox");
        site_close(&s);
}

static const struct note_row {
        const char *sentence;
        const char *copyright, *licensor; /* NULL: as they were when the file was made */
        const char *said;                 /* then; NULL: nothing */
        bool again;
} notes[] = {
        {"nothing changed: the file stays", NULL, NULL, NULL, false},
        {"another copyright notice: made again", "(c) 2027 Lamps Ltd", NULL, NULL, true},
        {"another licensor: made again", NULL, "https://shop.example/licence", NULL, true},
        {"a gift is declared: made again", NULL, NULL, "1 disclose i1 free_product", true},
        {"no connection is declared once more: the file stays", NULL, NULL, "1 disclose i1 none", false},
        {"a gift is declared, and taken back: the file stays", NULL, NULL,
         "1 disclose i1 free_product; 2 disclose i1 none", false},
};

static void test_note(gconstpointer data)
{
        const struct note_row *row = data;
        g_autofree char *found = NULL;
        struct plc_rights_note *note;
        struct test_site s;

        site_open(&s, NULL);
        note = &s.site->publisher.note;
        g_strlcpy(note->copyright, "(c) 2026 Lamps Ltd", sizeof note->copyright);
        site_item(&s, &(struct site_item){.name = "i1", .kind = "photo", .state = PLC_ITEM_APPROVED});
        site_say(&s, SITE_APPROVED("i1") "; " SITE_GIVEN("i1", "g1", "ch=pdp edits=crop"));
        site_render(&s, "i1", "pdp-card", "made");
        if (row->copyright != NULL)
                g_strlcpy(note->copyright, row->copyright, sizeof note->copyright);
        if (row->licensor != NULL)
                g_strlcpy(note->licensor_url, row->licensor, sizeof note->licensor_url);
        if (row->said != NULL)
                site_say(&s, row->said);
        found = wanted(&s);
        g_assert_cmpstr(found, ==, row->again ? "pdp-card pdp-gallery pdp-lightbox" : "pdp-gallery pdp-lightbox");
        site_close(&s);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        ADD_ROWS("/items", rows, test_row)
        g_test_add_func("/items/a held item comes back, a withdrawn one does not", test_comes_and_goes);
        g_test_add_func("/items/no byte of what was taken out stays", test_no_byte_stays);
        g_test_add_func("/items/no byte of a name that nobody may see", test_no_byte_of_a_name);
        ADD_ROWS("/items/summary", summaries, test_summary)
        ADD_ROWS("/items/wanted", wanteds, test_wanted)
        g_test_add_func("/items/wanted/what was made is not made again", test_made_is_not_wanted);
        ADD_ROWS("/items/what stands in a file", notes, test_note)
        return g_test_run();
}
