/* Do mails show what may be shown in all of their territories, when it may, under addresses that stay? */
#include "catalog/slot.h"
#include "index/email.h"
#include "publish/bundle.h"
#include "publish/email_body.h"
#include "support/site.h"

#define HEAD "{\"schema\":\"placet.bundle/1\",\"name\":\"mail\",\"title\":\"Spring\",\"channels\":[\"email\"],"
#define DE_AT HEAD "\"territories\":[\"DE\",\"AT\"]"

static plc_bundle *publish(struct test_site *s, const char *json, double day)
{
        g_autofree char *full = site_long(json);
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_bundle_definition) definition = plc_bundle_parse(full, strlen(full), "b.json", &error);
        plc_bundle *bundle = NULL;

        g_assert_no_error(error);
        plc_bundle_publish(&s->site->publisher, definition, site_day(day), &bundle, &error);
        g_assert_no_error(error);
        for (guint i = 0; i < bundle->items->len; i++) { /* what the queue would do */
                plc_publish_item(&s->site->publisher, bundle->items->pdata[i], site_day(day), &error);
                g_assert_no_error(error);
        }
        return bundle;
}

static bool add(int64_t width, const char *body, void *data)
{
        (void)width;
        g_string_append_printf(data, "%s\n", body);
        return true;
}

/* The bodies of a placement or the feed on that day, with short names; "NOT_FOUND". Free with g_free. */
static char *mailed(struct test_site *s, const char *preset, const char *language, double day)
{
        g_autofree char *path = g_build_filename(s->p.path, "site/public", NULL);
        g_autoptr(plc_index_reader) reader = plc_index_reader_new(path);
        g_autoptr(GString) out = g_string_new(NULL);
        struct plc_index_email_head head = {0};
        struct plc_index_state state;
        g_autoptr(GError) error = NULL;
        int64_t until;

        g_assert_true(plc_index_read_begin(reader, site_day(day), &state, &error));
        if (plc_index_email_head(reader, "mail", site_day(day), &head, &error)) {
                plc_index_list_emails(reader, "mail", language, preset, site_day(day), add, out, &until, &error);
                g_assert_no_error(error);
        } else {
                assert_code(error, PLC_E_NOT_FOUND);
                g_string_assign(out, "NOT_FOUND");
        }
        plc_index_email_head_clear(&head);
        plc_index_read_end(reader);
        return site_short(out->str);
}

/* Ids of the feed in order. */
#define ASSERT_FEED(s, day, expected)                                                                                  \
        do {                                                                                                           \
                g_autofree char *feed_ = mailed(s, PLC_INDEX_EMAIL_FEED, "en", day);                                   \
                g_autoptr(GString) ids_ = g_string_new(NULL);                                                          \
                for (const char *at_ = feed_; (at_ = strstr(at_, "\"id\":\"i")) != NULL; at_ += 6)                     \
                        g_string_append_printf(ids_, "%s%.2s", ids_->len > 0 ? " " : "", at_ + 6);                     \
                g_assert_cmpstr(ids_->str, ==, expected);                                                              \
        } while (0)

static void assert_has(const char *text, const char *part, bool wanted)
{
        if ((strstr(text, part) != NULL) != wanted)
                g_error("%s %s", wanted ? "lacks" : "has", part);
}

/* Does the slot of this item and placement show its photo on that day? */
static bool slot_shows(struct test_site *s, const char *item, const char *preset, double day)
{
        g_autofree char *path = g_build_filename(s->p.path, "site/public", NULL);
        g_autoptr(plc_index_reader) reader = plc_index_reader_new(path);
        g_autoptr(GPtrArray) slots = NULL;
        struct plc_index_media media = {0};
        struct plc_index_state state;
        g_autoptr(GError) error = NULL;
        char id[PLC_ID_SIZE];
        bool shows = false;

        site_id(item, id);
        g_assert_true(plc_catalog_slots_of_item(s->site->catalog, id, &slots, &error));
        g_assert_true(plc_index_read_begin(reader, site_day(day), &state, &error));
        for (guint i = 0; i < slots->len; i++) {
                const plc_slot *slot = slots->pdata[i];

                if (strcmp(slot->preset, preset) == 0)
                        shows |= plc_index_get_slot(reader, slot->name, site_day(day), &media, NULL);
                plc_index_media_clear(&media);
        }
        plc_index_read_end(reader);
        return shows;
}

static unsigned count_slots(struct test_site *s, const char *item)
{
        g_autoptr(GPtrArray) slots = NULL;
        char id[PLC_ID_SIZE];

        site_id(item, id);
        g_assert_true(plc_catalog_slots_of_item(s->site->catalog, id, &slots, NULL));
        return slots->len;
}

/*
 * i1 photo of c1 with a name, for all countries; i2 review, for Germany and Austria until day 120; i3 photo for Germany
 * alone; i4 photo that may not be cropped; i5 review from day 110; i6 photo for product pages alone.
 */
static void shop(struct test_site *s)
{
        static const struct {
                struct site_item item;
                const char *given;
        } items[] = {
                {{.name = "i1", .kind = "photo", .display_name = "Ada <b>", .alt = "\"A\" tent & lake"},
                 "2 give g1 licence item:i1 ch=email; 2 give g1d data item:i1 ch=email"},
                {{.name = "i2",
                  .kind = "review",
                  .display_name = "Bo",
                  .body = "Held\nwell, that's it",
                  .rating = 4,
                  .written_at = 1},
                 "2 give g2 licence item:i2 ch=email to=DE,AT until=120"},
                {{.name = "i3", .kind = "photo"}, "2 give g3 licence item:i3 ch=email to=DE"},
                {{.name = "i4", .kind = "photo"}, "2 give g4 licence item:i4 ch=email edits="},
                {{.name = "i5", .kind = "review", .body = "Later", .rating = 5, .written_at = 2},
                 "2 give g5 licence item:i5 ch=email from=110"},
                {{.name = "i6", .kind = "photo"}, "2 give g6 licence item:i6 ch=pdp"},
        };

        site_open(s, "[site]\nlanguages = en de\nproduct_url = https://shop.example/p/{id}\n");
        for (size_t i = 0; i < G_N_ELEMENTS(items); i++) {
                struct site_item item = items[i].item;
                g_autofree char *approved = g_strdup_printf("2 approve %s; %s", item.name, items[i].given);

                item.state = PLC_ITEM_APPROVED;
                site_item(s, &item);
                site_say(s, approved);
                if (strcmp(item.kind, "photo") == 0) {
                        site_render(s, item.name, "email-square", item.name);
                        site_render(s, item.name, "email-full", item.name);
                }
                site_publish(s, item.name, 90);
        }
}

static void test_where_and_when(void)
{
        struct test_site s;

        shop(&s);
        plc_bundle_free(publish(
                &s, DE_AT ",\"order\":\"oldest\",\"placements\":[\"email-square\"],\"near_duplicates\":\"keep\"}", 91));
        ASSERT_FEED(&s, 92, "i2 i1"); /* neither for one of the countries alone, nor uncropped in a square, nor later */
        ASSERT_FEED(&s, 111, "i2 i5 i1"); /* it opens by itself */
        ASSERT_FEED(&s, 121, "i5 i1");    /* and ends by itself */
        plc_bundle_free(publish(&s,
                                HEAD "\"territories\":[\"DE\"],\"order\":\"oldest\",\"near_duplicates\":\"keep\","
                                     "\"placements\":[\"email-square\",\"email-full\"]}",
                                92));
        ASSERT_FEED(&s, 93, "i2 i1 i3 i4"); /* whole where it may not be cropped */
        g_assert_true(slot_shows(&s, "i4", "email-full", 93));
        g_assert_false(slot_shows(&s, "i4", "email-square", 93));
        g_assert_true(slot_shows(&s, "i3", "email-full", 93));
        g_assert_cmpuint(count_slots(&s, "i6"), ==, 0);
        site_close(&s);
}

static void test_words(void)
{
        g_autofree char *html = NULL, *german = NULL, *feed = NULL;
        struct test_site s;

        shop(&s);
        plc_bundle_free(publish(&s, DE_AT ",\"placements\":[\"email-square\"]}", 91));
        html = mailed(&s, "email-square", "en", 92);
        german = mailed(&s, "email-square", "de", 92);
        feed = mailed(&s, PLC_INDEX_EMAIL_FEED, "en", 92);
        assert_has(html, "alt=\"&quot;A&quot; tent &amp; lake\"", true);
        assert_has(html, "Ada &lt;b&gt;", true);
        assert_has(html, "<b>", false);
        assert_has(html, "Bo", false);                  /* nobody said that the name may be shown */
        assert_has(html, "Held well, that's it", true); /* Outlook for Windows would write &apos; out */
        assert_has(html, "★★★★☆", true);
        assert_has(html, "width=\"600\" height=\"600\"", true);
        assert_has(html, "<a href=\"https://shop.example/p/TENT\" target=\"_blank\"", true);
        assert_has(html, "Verified purchase", true);
        assert_has(german, "Geprüfter Kauf", true);
        assert_has(feed, "\"image_url\":\"\x1a/e/", true);
        assert_has(feed, "\"author\":\"Ada <b>\"", true);
        assert_has(feed, "\"stars_text\":\"★★★★☆\"", true);
        site_close(&s);
}

static void test_addresses_stay(void)
{
        struct test_site s;

        shop(&s);
        plc_bundle_free(publish(&s, DE_AT ",\"placements\":[\"email-square\"]}", 91));
        g_assert_cmpuint(count_slots(&s, "i1"), ==, 1);
        plc_bundle_free(publish(&s, DE_AT ",\"placements\":[\"email-square\"]}", 92));
        g_assert_cmpuint(count_slots(&s, "i1"), ==, 1);
        plc_bundle_free(publish(&s, HEAD "\"territories\":[\"WW\"],\"placements\":[\"email-square\"]}", 93));
        g_assert_cmpuint(count_slots(&s, "i1"), ==, 2); /* bound to other countries: another address */
        g_assert_true(plc_catalog_forget_slots(s.site->catalog, site_day(200), NULL));
        g_assert_cmpuint(count_slots(&s, "i1"), ==, 2); /* a bundle that is shown keeps them, however old */
        g_assert_true(plc_bundle_withdraw(&s.site->publisher, "mail", site_day(94), NULL));
        ASSERT_FEED(&s, 95, "");
        g_assert_true(slot_shows(&s, "i1", "email-square", 95)); /* the mail is out */
        g_assert_true(plc_catalog_forget_slots(s.site->catalog, site_day(93.5), NULL));
        g_assert_cmpuint(count_slots(&s, "i1"), ==, 2);
        g_assert_true(plc_catalog_forget_slots(s.site->catalog, site_day(94.5), NULL));
        g_assert_cmpuint(count_slots(&s, "i1"), ==, 0);
        site_close(&s);
}

static void test_what_goes(void)
{
        g_autofree char *feed = NULL;
        struct test_site s;

        shop(&s);
        plc_bundle_free(publish(&s, DE_AT ",\"placements\":[\"email-square\"]}", 91));
        site_say(&s, "92 hold h1 item:i1");
        site_publish(&s, "i1", 92);
        ASSERT_FEED(&s, 93, "i2");
        g_assert_false(slot_shows(&s, "i1", "email-square", 93));
        site_say(&s, "93 lift h1");
        site_render(&s, "i1", "email-square", "i1"); /* as render would, for its slots */
        site_publish(&s, "i1", 93);
        ASSERT_FEED(&s, 93, "i1 i2");
        g_assert_true(slot_shows(&s, "i1", "email-square", 93));
        g_assert_cmpuint(count_slots(&s, "i1"), ==, 1);
        site_say(&s, "94 withdraw g1d"); /* the name alone */
        site_publish(&s, "i1", 94);
        feed = mailed(&s, PLC_INDEX_EMAIL_FEED, "en", 95);
        assert_has(feed, "Ada", false);
        g_assert_true(slot_shows(&s, "i1", "email-square", 95));
        site_say(&s, "95 withdraw g1");
        site_publish(&s, "i1", 95);
        ASSERT_FEED(&s, 96, "i2");
        g_assert_false(slot_shows(&s, "i1", "email-square", 96));
        site_close(&s);
}

/* The file shows the left 3000 of 4000 pixels: what stands at 0.6 of the photo stands at 0.8 of it. */
static void test_points_go_through_the_crop(void)
{
        static const double point[] = {0.6, 0.25}, beyond[] = {0.8, 0.25};
        const struct site_item items[] = {
                {.name = "i1", .kind = "photo", .point = point, .state = PLC_ITEM_APPROVED},
                {.name = "i2", .kind = "photo", .point = beyond, .state = PLC_ITEM_APPROVED},
        };
        static const char *const expected[] = {"\"preset\":\"email-square\",\"width\":640,\"height\":640,",
                                               "\"products\":[{\"id\":\"TENT\",\"x\":0.8,\"y\":0.25}]",
                                               "\"products\":[{\"id\":\"TENT\"}]"};
        struct plc_index_question question = {.channel = "email", .language = "", .now = site_day(91)};
        const struct plc_index_cursor first = {.written_at = PLC_TIME_NEVER};
        g_autoptr(GString) json = g_string_new(NULL);
        struct plc_index_page page;
        struct plc_index_state state;
        g_autoptr(GError) error = NULL;
        struct test_site s;

        site_open(&s, NULL);
        question.now = site_day(91);
        for (size_t i = 0; i < G_N_ELEMENTS(items); i++) {
                g_autofree char *said =
                        g_strdup_printf("2 approve i%zu; 2 give g%zu licence item:i%zu ch=email", i + 1, i + 1, i + 1);

                site_item(&s, &items[i]);
                site_say(&s, said);
                site_render(&s, items[i].name, "email-square", items[i].name);
                site_publish(&s, items[i].name, 90);
        }
        g_autofree char *path = g_build_filename(s.p.path, "site/public", NULL);
        g_autoptr(plc_index_reader) reader = plc_index_reader_new(path);
        g_assert_true(plc_index_read_begin(reader, site_day(91), &state, &error));
        g_assert_true(plc_index_list(reader, &question, PLC_INDEX_PHOTO, "TENT", &first, 10, json, &page, &error));
        for (size_t i = 0; i < G_N_ELEMENTS(expected); i++)
                assert_has(json->str, expected[i], true); /* cut away: known, but nowhere */
        plc_index_read_end(reader);
        site_close(&s);
}

/* Files that an act dropped while their rows still stood. */
static void test_files_are_missed(void)
{
        g_autoptr(GPtrArray) wanted = NULL;
        g_autoptr(plc_item) item = NULL;
        g_autoptr(GError) error = NULL;
        struct test_site s;
        char id[PLC_ID_SIZE], key[PLC_BLOB_KEY_SIZE];

        shop(&s);
        site_id("i1", id);
        plc_bundle_free(publish(&s, DE_AT ",\"placements\":[\"email-square\"]}", 91));
        g_assert_true(slot_shows(&s, "i1", "email-square", 92));
        plc_blob_put_bytes_hashed(s.site->assets, "i1", 2, "jpg", key, &error);
        g_assert_true(plc_blob_drop(s.site->assets, key, &error));
        site_publish(&s, "i1", 92);
        g_assert_false(slot_shows(&s, "i1", "email-square", 92)); /* no address leads to nothing */
        g_assert_true(plc_catalog_get_item(s.site->catalog, id, &item, &error));
        g_assert_true(plc_publish_wanted(&s.site->publisher, item, site_day(92), &wanted, &error));
        g_assert_cmpuint(wanted->len, >=, 2); /* they are made again */
        site_close(&s);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/email/what may be shown in all of the territories, when it may", test_where_and_when);
        g_test_add_func("/email/words are escaped, labels are of the language, names only where they may be",
                        test_words);
        g_test_add_func("/email/addresses stay for 18 months after the last use", test_addresses_stay);
        g_test_add_func("/email/what is taken back is gone from feed and slot", test_what_goes);
        g_test_add_func("/email/files that are gone are missed and made again", test_files_are_missed);
        g_test_add_func("/email/points of tags go through the crop of the file", test_points_go_through_the_crop);
        return g_test_run();
}
