/* Which of what matches is in a bundle, and why not the rest; is a kept one filled anew, in its window alone? */
#include "catalog/queue.h"
#include "publish/bundle.h"
#include "support/site.h"

#define HEAD "{\"schema\":\"placet.bundle/1\",\"name\":\"spring\",\"channels\":[\"pdp\"],\"territories\":[\"WW\"]"
#define ZEROS "000000000000000000000000000000000000000000000000000000000000000"

struct choice_row {
        const char *sentence, *more, *items, *left_out;
};

/*
 * Photos of TENT, the newest last: i1 (c1, DE), i2 (c1, DE) and i3 (c3, FR) look alike (i3 by 31 bits), i4 (c4, DE)
 * differs by 32 bits, i5 (c1, no country) has no fingerprint and is small, i6 (c6, US) of the campaign "holiday", i7
 * has no grant.
 */
static const struct choice_row choices[] = {
        {"the first of those that look alike stays", "", "i6 i5 i4 i3",
         "i7:not_allowed i2:near_duplicate:i3 i1:near_duplicate:i3"},
        {"the oldest, if that is the order", ",\"order\":\"oldest\"", "i1 i4 i5 i6",
         "i2:near_duplicate:i1 i3:near_duplicate:i1 i7:not_allowed"},
        {"all of them", ",\"near_duplicates\":\"keep\"", "i6 i5 i4 i3 i2 i1", "i7:not_allowed"},
        {"pinned ones stay, whatever they look like", ",\"pinned\":[\"i1\",\"i2\"]", "i1 i2 i6 i5 i4",
         "i7:not_allowed i3:near_duplicate:i1"},
        {"one of each contributor", ",\"near_duplicates\":\"keep\",\"diversity\":{\"contributor\":1}", "i6 i5 i4 i3",
         "i7:not_allowed i2:contributor i1:contributor"},
        {"one of each country, and those of none", ",\"near_duplicates\":\"keep\",\"diversity\":{\"country\":1}",
         "i6 i5 i4 i3", "i7:not_allowed i2:country i1:country"},
        {"at most two", ",\"limit\":2", "i6 i5", "i7:not_allowed i4:limit i3:limit i2:limit i1:limit"},
        {"no more, however many are pinned", ",\"limit\":1,\"pinned\":[\"i1\",\"i2\"]", "i1",
         "i2:limit i7:limit i6:limit i5:limit i4:limit i3:limit"},
        {"pinned ones count", ",\"limit\":2,\"pinned\":[\"i1\"]", "i1 i6",
         "i7:not_allowed i5:limit i4:limit i3:limit i2:limit"},
        {"a pinned one without a grant is told", ",\"pinned\":[\"i7\"],\"query\":{\"campaign\":\"holiday\"}", "i6",
         "i7:not_allowed"},
        {"of a campaign", ",\"query\":{\"campaign\":\"holiday\"}", "i6", ""},
        {"wide enough", ",\"query\":{\"min_width\":1000,\"product\":\"TENT\"}", "i6 i4 i3",
         "i7:not_allowed i2:near_duplicate:i3 i1:near_duplicate:i3"},
        {"high enough", ",\"query\":{\"min_height\":3001}", "", ""},
        {"sharp enough", ",\"query\":{\"min_sharpness\":0.5}", "", ""},
        {"with enough in it", ",\"query\":{\"min_quality\":50}", "i4 i3", "i2:near_duplicate:i3 i1:near_duplicate:i3"},
        {"young enough", ",\"query\":{\"max_age_days\":1}", "i6 i5 i4 i3",
         "i7:not_allowed i2:near_duplicate:i3 i1:near_duplicate:i3"},
};

static void shop(struct test_site *s)
{
        static const struct site_item items[] = {
                {.name = "i1", .kind = "photo", .country = "DE", .pdq = ZEROS "0"},
                {.name = "i2", .kind = "photo", .country = "DE", .contributor = "c1", .pdq = ZEROS "1"},
                {.name = "i3",
                 .kind = "photo",
                 .country = "FR",
                 .pdq = "00000000ffffffe0"
                        "000000000000000000000000000000000000000000000000"},
                {.name = "i4",
                 .kind = "photo",
                 .country = "DE",
                 .pdq = "ffffffffffffffff"
                        "ffffffff00000000"
                        "00000000000000000000000000000000"},
                {.name = "i5", .kind = "photo", .contributor = "c1", .width = 900},
                {.name = "i6", .kind = "photo", .country = "US", .campaign = "holiday"},
                {.name = "i7", .kind = "photo"},
        };
        site_open(s, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(items); i++) {
                struct site_item item = items[i];
                const char *n = item.name;
                g_autofree char *given =
                        g_strdup_printf("2 approve %s; 2 give g-%s licence item:%s ch=pdp,ad", n, n, n);

                item.state = PLC_ITEM_APPROVED;
                item.received_at = plc_now_ms() - 100 + (int64_t)i; /* the order of the test */
                site_item(s, &item);
                site_say(s, strcmp(n, "i7") == 0 ? "2 approve i7" : given);
        }
}

static plc_bundle_definition *define(const char *more)
{
        g_autofree char *json = g_strdup_printf(HEAD "%s}", more), *full = site_long(json);
        g_autoptr(GError) error = NULL;
        plc_bundle_definition *definition = plc_bundle_parse(full, strlen(full), "b.json", &error);

        g_assert_no_error(error);
        return definition;
}

static char *tell(const GPtrArray *ids)
{
        g_autoptr(GString) out = g_string_new(NULL);

        for (guint i = 0; i < ids->len; i++)
                g_string_append_printf(out, "%s%s", i > 0 ? " " : "", (char *)ids->pdata[i]);
        return site_short(out->str);
}

static char *tell_left_out(const GPtrArray *left_out)
{
        g_autoptr(GString) out = g_string_new(NULL);

        for (guint i = 0; i < left_out->len; i++) {
                const struct plc_bundle_left_out *row = left_out->pdata[i];

                g_string_append_printf(out, "%s%s:%s%s%s", i > 0 ? " " : "", row->item, row->reason,
                                       row->other[0] != '\0' ? ":" : "", row->other);
        }
        return site_short(out->str);
}

static void test_choices(void)
{
        struct test_site s;

        shop(&s);
        for (size_t i = 0; i < G_N_ELEMENTS(choices); i++) {
                g_autoptr(plc_bundle_definition) definition = define(choices[i].more);
                g_autoptr(plc_bundle_choice) choice = NULL;
                g_autofree char *items = NULL, *left_out = NULL;
                g_autoptr(GError) error = NULL;

                plc_bundle_choose(&s.site->publisher, definition, plc_now_ms(), &choice, &error);
                g_assert_no_error(error);
                items = tell(choice->items);
                left_out = tell_left_out(choice->left_out);
                g_test_message("%s: %s, without %s", choices[i].sentence, items, left_out);
                g_assert_cmpstr(items, ==, choices[i].items);
                g_assert_cmpstr(left_out, ==, choices[i].left_out);
        }
        site_close(&s);
}

/* i1 and i2 for Germany, i3 and i4 for France, newest last; i5 a review of 9 out of 10, i6 one of 4 out of 5; i7 a
 * photo for Italy, on the pages of its product alone. */
static void test_room(void)
{
        static const struct {
                const char *sentence, *more, *items;
        } rows[] = {
                {"what may not be shown there takes no room",
                 ",\"limit\":2,\"query\":{\"kind\":\"photo\"},\"territories\":[\"DE\",\"AT\"]}", "i2 i1"},
                {"nor a contributor's only place",
                 ",\"diversity\":{\"country\":1},\"query\":{\"kind\":\"photo\"},\"territories\":[\"DE\"]}", "i2"},
                {"elsewhere it is the others", ",\"limit\":2,\"query\":{\"kind\":\"photo\"},\"territories\":[\"FR\"]}",
                 "i4 i3"},
                {"everywhere, what is allowed somewhere",
                 ",\"limit\":2,\"query\":{\"kind\":\"photo\"},\"territories\":[\"WW\"]}", "i4 i3"},
                {"on the pages of its product alone is in no bundle, of that product neither",
                 ",\"limit\":2,\"query\":{\"product\":\"TENT\"},\"territories\":[\"IT\"]}", "i6 i5"},
                {"by rating, whatever the scale",
                 ",\"order\":\"rating\",\"query\":{\"kind\":\"review\"},\"territories\":[\"WW\"]}", "i5 i6"},
        };
        struct test_site s;

        site_open(&s, NULL);
        for (int i = 1; i <= 7; i++) {
                g_autofree char *name = g_strdup_printf("i%d", i), *said = NULL;
                struct site_item item = {.name = name,
                                         .kind = i == 5 || i == 6 ? "review" : "photo",
                                         .country = "DE",
                                         .state = PLC_ITEM_APPROVED};

                item.received_at = plc_now_ms() - 100 + i; /* by which photos are ordered */
                item.rating = i == 5 ? 9 : 4;
                item.rating_max = i == 5 ? 10 : 5;
                site_item(&s, &item);
                said = g_strdup_printf("2 approve i%d; 2 give g%d licence item:i%d ch=pdp to=%s", i, i, i,
                                       i <= 2   ? "DE"
                                       : i <= 4 ? "FR"
                                       : i <= 6 ? "WW"
                                                : "IT for=TENT");
                site_say(&s, said);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *json = g_strconcat(
                                        "{\"schema\":\"placet.bundle/1\",\"name\":\"spring\",\"channels\":[\"pdp\"],"
                                        "\"near_duplicates\":\"keep\"",
                                        rows[i].more, NULL),
                                *items = NULL;
                g_autoptr(plc_bundle_definition) definition = plc_bundle_parse(json, strlen(json), "b.json", NULL);
                g_autoptr(plc_bundle_choice) choice = NULL;

                g_assert_nonnull(definition);
                g_assert_true(plc_bundle_choose(&s.site->publisher, definition, plc_now_ms(), &choice, NULL));
                items = tell(choice->items);
                g_test_message("%s", rows[i].sentence);
                g_assert_cmpstr(items, ==, rows[i].items);
        }
        site_close(&s);
}

/* A site for pdp and email alone. */
static void test_fits(void)
{
        static const struct {
                const char *sentence, *channels, *more, *message; /* NULL: it fits */
        } rows[] = {
                {"a channel that the site publishes", "\"pdp\",\"email\"", "", NULL},
                {"a channel that is pulled for", "\"pdp\",\"social\"", "", NULL},
                {"one that would silently show nothing", "\"pdp\",\"home\"", "",
                 "b.json, /channels/1: this site does not publish the channel \"home\""},
                {"a placement that there is", "\"pdp\"", ",\"placements\":[\"pdp-card\"]", NULL},
                {"one that there is not", "\"pdp\"", ",\"placements\":[\"pdp-card\",\"pdp-carpet\"]",
                 "b.json, /placements/1: \"pdp-carpet\" is not a placement"},
                {"a pinned item that there is", "\"pdp\"", ",\"pinned\":[\"i1\"]", NULL},
                {"one that there is not", "\"pdp\"", ",\"pinned\":[\"i1\",\"i2\"]",
                 "b.json, /pinned/1: there is no item i2"},
                {"a window that is over", "\"pdp\"", ",\"until\":\"2020-01-01\"", "b.json, /until: is over already"},
        };
        struct test_site s;

        site_open(&s, "[site]\nchannels = pdp email\n");
        site_item(&s, &(struct site_item){.name = "i1", .kind = "photo"});
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *json =
                        g_strdup_printf("{\"schema\":\"placet.bundle/"
                                        "1\",\"name\":\"spring\",\"channels\":[%s],\"territories\":[\"WW\"]%s}",
                                        rows[i].channels, rows[i].more);
                g_autofree char *full = site_long(json), *message = rows[i].message ? site_long(rows[i].message) : NULL;
                g_autoptr(plc_bundle_definition) definition = plc_bundle_parse(full, strlen(full), "b.json", NULL);
                g_autoptr(GError) error = NULL;
                bool fits;

                g_test_message("%s", rows[i].sentence);
                fits = plc_bundle_fits(&s.site->publisher, definition, plc_now_ms(), &error);
                g_assert_cmpstr(error != NULL ? error->message : NULL, ==, message);
                g_assert_cmpint(fits, ==, message == NULL);
        }
        site_close(&s);
}

static void latest(struct test_site *s, int64_t *out_version, char **out_items)
{
        g_autoptr(plc_bundle) bundle = NULL;
        g_autoptr(GError) error = NULL;

        plc_catalog_get_bundle(s->site->catalog, "spring", 0, &bundle, &error);
        g_assert_no_error(error);
        *out_version = bundle->version;
        *out_items = tell(bundle->items);
}

static void keep(struct test_site *s, int64_t at, int64_t version, const char *items)
{
        g_autoptr(GError) error = NULL;
        g_autofree char *found = NULL;
        int64_t is, next;

        plc_bundle_keep_all(&s->site->publisher, at, &next, &error);
        g_assert_no_error(error);
        latest(s, &is, &found);
        g_assert_cmpint(is, ==, version);
        g_assert_cmpstr(found, ==, items);
}

static void test_kept_random(void)
{
        g_autoptr(plc_bundle_definition) definition = define(",\"kept\":true,\"order\":\"random\"");
        g_autoptr(plc_bundle) bundle = NULL;
        g_autofree char *items = NULL;
        struct test_site s;

        shop(&s);
        g_assert_true(plc_bundle_publish(&s.site->publisher, definition, plc_now_ms(), &bundle, NULL));
        items = tell(bundle->items);
        keep(&s, plc_now_ms() + 5000, 1, items);
        keep(&s, plc_now_ms() + PLC_DAY_MS, 1, items);
        site_close(&s);
}

static void test_kept(void)
{
        int64_t now = plc_now_ms(), opens;
        char from[PLC_TIME_SIZE], until[PLC_TIME_SIZE];
        g_autofree char *more = NULL, *manifest = NULL, *sha256 = NULL;
        g_autoptr(plc_bundle_definition) definition = NULL;
        g_autoptr(plc_bundle) bundle = NULL;
        g_autoptr(GError) error = NULL;
        struct test_site s;

        shop(&s);
        plc_time_format(now + PLC_DAY_MS, from);
        plc_time_format(now + 3 * PLC_DAY_MS, until);
        more = g_strdup_printf(",\"kept\":true,\"query\":{\"campaign\":\"holiday\"},\"from\":\"%s\",\"until\":\"%s\"",
                               from, until);
        definition = define(more);
        plc_bundle_publish(&s.site->publisher, definition, now, &bundle, &error);
        g_assert_no_error(error);
        g_assert_true(plc_bundle_keep_all(&s.site->publisher, now, &opens, NULL));
        g_assert_cmpint(opens, ==, now + PLC_DAY_MS);
        keep(&s, now + 2 * PLC_DAY_MS, 1, "i6");
        g_assert_true(plc_bundle_keep_all(&s.site->publisher, now + 2 * PLC_DAY_MS, &opens, NULL));
        g_assert_cmpint(opens, ==, PLC_TIME_NEVER);

        g_test_message("what comes later is taken in within its window");
        struct site_item late = {.name = "i8", .kind = "photo", .campaign = "holiday", .state = PLC_ITEM_APPROVED};
        site_item(&s, &late);
        site_say(&s, "2 approve i8; 2 give g-i8 licence item:i8 ch=pdp");
        keep(&s, now, 1, "i6");
        keep(&s, now + 2 * PLC_DAY_MS, 2, "i8 i6");
        keep(&s, now + 2 * PLC_DAY_MS, 2, "i8 i6");
        keep(&s, now + 3 * PLC_DAY_MS, 2, "i8 i6");

        g_test_message("each version has its manifest, and the hash is of its bytes");
        char hash[PLC_SHA256_HEX_SIZE];
        plc_catalog_get_manifest(s.site->catalog, "spring", 2, &manifest, &sha256, &error);
        g_assert_no_error(error);
        plc_sha256_hex(manifest, strlen(manifest), hash);
        g_assert_cmpstr(hash, ==, sha256);
        g_assert_nonnull(strstr(manifest, "\"version\":2"));
        g_assert_nonnull(
                strstr(manifest, "{\"channel\":\"pdp\",\"territories\":[\"WW\"],\"said\":{\"verdict\":\"allow\""));

        g_test_message("withdrawn, it is filled no more");
        plc_bundle_withdraw(&s.site->publisher, "spring", now, &error);
        g_assert_no_error(error);
        site_say(&s, "3 withdraw g-i8");
        keep(&s, now + 2 * PLC_DAY_MS, 2, "i8 i6");
        site_close(&s);
}

/* All jobs that are due are taken and given up, as if the worker had died of them twice. */
static void give_up_all(struct test_site *s)
{
        g_autoptr(GPtrArray) jobs = NULL;

        g_assert_true(plc_catalog_lease_jobs(s->site->catalog, "w", plc_now_ms(), 1000, PLC_JOB_BATCH, &jobs, NULL));
        for (guint i = 0; i < jobs->len; i++)
                g_assert_true(plc_catalog_fail_job(s->site->catalog, jobs->pdata[i], "WORKER_DIED", 0, NULL));
}

static int64_t given_up(struct test_site *s)
{
        struct plc_job_counts counts;

        g_assert_true(plc_catalog_count_jobs(s->site->catalog, &counts, NULL));
        return counts.given_up;
}

/* Of two at most; what is new waits for its files, and gives its place to others meanwhile. */
static void test_kept_with_files(void)
{
        g_autoptr(plc_bundle_definition) definition = NULL;
        g_autofree char *manifest = NULL, *sha256 = NULL, *i8 = site_long("\"item\":\"i8\"");
        g_autoptr(plc_bundle) bundle = NULL;
        g_autoptr(GError) error = NULL;
        struct test_site s;

        shop(&s);
        definition = define(",\"kept\":true,\"limit\":2,\"placements\":[\"pdp-card\"],\"near_duplicates\":\"keep\"");
        site_render(&s, "i5", "pdp-card", "five");
        site_render(&s, "i6", "pdp-card", "six");
        plc_bundle_publish(&s.site->publisher, definition, plc_now_ms(), &bundle, &error);
        g_assert_no_error(error);
        struct site_item late = {.name = "i8", .kind = "photo", .state = PLC_ITEM_APPROVED};
        site_item(&s, &late);
        site_say(&s, "2 approve i8; 2 give g-i8 licence item:i8 ch=pdp");
        keep(&s, plc_now_ms(), 1, "i6 i5");
        keep(&s, plc_now_ms(), 1, "i6 i5");
        site_render(&s, "i8", "pdp-card", "eight");
        keep(&s, plc_now_ms(), 2, "i8 i6");
        plc_catalog_get_manifest(s.site->catalog, "spring", 2, &manifest, &sha256, &error);
        g_assert_no_error(error);
        g_assert_nonnull(strstr(strstr(manifest, i8), "\"files\":[{\"preset\":\"pdp-card\""));

        g_test_message("what cannot be rendered is not tried again each time");
        site_item(&s, &(struct site_item){.name = "i9", .kind = "photo", .state = PLC_ITEM_APPROVED});
        site_say(&s, "2 approve i9; 2 give g-i9 licence item:i9 ch=pdp");
        give_up_all(&s);
        int64_t before = given_up(&s);
        keep(&s, plc_now_ms(), 2, "i8 i6");
        give_up_all(&s);
        g_assert_cmpint(given_up(&s), ==, before + 1);
        keep(&s, plc_now_ms(), 2, "i8 i6");
        g_assert_cmpint(given_up(&s), ==, before + 1);

        g_test_message("but what was rendered is in it, whatever else of it was given up");
        site_render(&s, "i9", "pdp-card", "nine");
        keep(&s, plc_now_ms(), 3, "i9 i8");
        site_close(&s);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/bundle/choices, and why not the rest", test_choices);
        g_test_add_func("/bundle/what the site cannot show is told with its place in the file", test_fits);
        g_test_add_func("/bundle/a kept one is filled within its window", test_kept);
        g_test_add_func("/bundle/what may not be shown takes no room, and ratings are of their scale", test_room);
        g_test_add_func("/bundle/what is new in a kept one waits for its files", test_kept_with_files);
        g_test_add_func("/bundle/a kept one in random order keeps its order", test_kept_random);
        return g_test_run();
}
