/* Is a bundle what its definition says, and does it hold only what may be shown now? */
#include "index/reader.h"
#include "publish/bundle.h"
#include "support/site.h"

#define HEAD "{\"schema\":\"placet.bundle/1\",\"name\":\"spring\",\"channels\":[\"pdp\"],\"territories\":[\"WW\"]"

struct fault_row {
        const char *sentence, *json, *message; /* NULL: it reads */
};

static const struct fault_row faults[] = {
        {"the least that is needed", HEAD "}", NULL},
        {"everything that there is",
         HEAD
         ",\"title\":\"Spring\",\"query\":{\"kind\":\"photo\",\"product\":\"TENT\",\"tag\":\"camping\",\"role\":"
         "\"scene\","
         "\"language\":\"de\",\"country\":\"DE\",\"has_photo\":true,\"campaign\":\"holiday\",\"min_width\":800,\"min_"
         "height\":600,\"min_sharpness\":"
         "0.5,\"min_quality\":40,\"max_age_days\":365},\"pinned\":[\"i1\"],\"excluded\":[\"i2\"],"
         "\"order\":\"rating\",\"placements\":[\"pdp-card\"],\"near_duplicates\":\"keep\",\"diversity\":{"
         "\"contributor\":2,"
         "\"country\":5},\"limit\":100,\"kept\":true,\"from\":\"2027-03-01\",\"until\":\"2027-06-01\",\"x_note\":1}",
         NULL},
        {"a list is no definition", "[]", "b.json: must be an object"},
        {"the schema must be named", "{\"name\":\"spring\"}", "b.json: \"schema\" is missing"},
        {"another schema is told", "{\"schema\":\"placet.bundle/2\"}",
         "b.json, /schema: must be one of placet.bundle/1 (found: \"placet.bundle/2\")"},
        {"the name must be there", "{\"schema\":\"placet.bundle/1\",\"channels\":[\"pdp\"],\"territories\":[\"WW\"]}",
         "b.json: \"name\" is missing"},
        {"a name with capitals is told",
         "{\"schema\":\"placet.bundle/1\",\"name\":\"Spring\",\"channels\":[\"pdp\"],\"territories\":[\"WW\"]}",
         "b.json, /name: must be small letters, digits and inner hyphens (found: \"Spring\")"},
        {"a name that leads elsewhere is told",
         "{\"schema\":\"placet.bundle/1\",\"name\":\"../x\",\"channels\":[\"pdp\"],\"territories\":[\"WW\"]}",
         "b.json, /name: must be small letters, digits and inner hyphens (found: \"../x\")"},
        {"an unknown channel is told",
         "{\"schema\":\"placet.bundle/1\",\"name\":\"s\",\"channels\":[\"web\"],\"territories\":[\"WW\"]}",
         "b.json, /channels/0: \"web\" is not a channel"},
        {"a channel that stands twice is told",
         "{\"schema\":\"placet.bundle/1\",\"name\":\"s\",\"channels\":[\"pdp\",\"ad\",\"pdp\"],\"territories\":["
         "\"WW\"]}",
         "b.json, /channels/2: \"pdp\" stands twice"},
        {"no channel is told",
         "{\"schema\":\"placet.bundle/1\",\"name\":\"s\",\"channels\":[],\"territories\":[\"WW\"]}",
         "b.json, /channels: must not be empty"},
        {"no territory is told",
         "{\"schema\":\"placet.bundle/1\",\"name\":\"s\",\"channels\":[\"pdp\"],\"territories\":[]}",
         "b.json, /territories: must not be empty"},
        {"a small territory is told",
         "{\"schema\":\"placet.bundle/1\",\"name\":\"s\",\"channels\":[\"pdp\"],\"territories\":[\"FR\",\"de\"]}",
         "b.json, /territories/1: \"de\" is not a territory"},
        {"a territory by another name is told",
         "{\"schema\":\"placet.bundle/1\",\"name\":\"s\",\"channels\":[\"pdp\"],\"territories\":[\"UK\"]}",
         "b.json, /territories/0: \"UK\" is not a territory"},
        {"a title of two lines is told", HEAD ",\"title\":\"a\\nb\"}",
         "b.json, /title: must not hold control characters"},
        {"an unknown role is told", HEAD ",\"query\":{\"role\":\"front\"}}",
         "b.json, /query/role: must be one of scene, closeup, result, unboxing, before, after, other (found: "
         "\"front\")"},
        {"a product that no address reaches is told", HEAD ",\"query\":{\"product\":\"..\"}}",
         "b.json, /query/product: \"..\" is not a product's id"},
        {"one with dots in it is read", HEAD ",\"query\":{\"product\":\"...\"}}", NULL},
        {"a language by its name is told", HEAD ",\"query\":{\"language\":\"german please\"}}",
         "b.json, /query/language: \"german please\" is not a language range"},
        {"a range of any language in a script is read", HEAD ",\"query\":{\"language\":\"*-Hant\"}}", NULL},
        {"a country in small letters is told", HEAD ",\"query\":{\"country\":\"de\"}}",
         "b.json, /query/country: \"de\" is not a country"},
        {"the world as a country is told", HEAD ",\"query\":{\"country\":\"WW\"}}",
         "b.json, /query/country: \"WW\" is not a country"},
        {"a country that there is not is told", HEAD ",\"query\":{\"country\":\"ZZ\"}}",
         "b.json, /query/country: \"ZZ\" is not a country"},
        {"so is a name that is not its code", HEAD ",\"query\":{\"country\":\"UK\"}}",
         "b.json, /query/country: \"UK\" is not a country"},
        {"a number is no language", HEAD ",\"query\":{\"language\":\"49\"}}",
         "b.json, /query/language: \"49\" is not a language range"},
        {"nor is a letter", HEAD ",\"query\":{\"language\":\"d\"}}",
         "b.json, /query/language: \"d\" is not a language range"},
        {"nor the mark of a private one", HEAD ",\"query\":{\"language\":\"x\"}}",
         "b.json, /query/language: \"x\" is not a language range"},
        {"a private one is read", HEAD ",\"query\":{\"language\":\"x-camp\"}}", NULL},
        {"a language by itself is read", HEAD ",\"query\":{\"language\":\"gsw\"}}", NULL},
        {"so is one of a region", HEAD ",\"query\":{\"language\":\"es-419\"}}", NULL},
        {"a pinned item that is no id is told", HEAD ",\"pinned\":[\"i1\",\"tent\"]}",
         "b.json, /pinned/1: \"tent\" is not the id of an item"},
        {"an item pinned twice is told", HEAD ",\"pinned\":[\"i1\",\"i2\",\"i1\"]}",
         "b.json, /pinned/2: \"i1\" stands twice"},
        {"an excluded item that is no id is told", HEAD ",\"excluded\":[\"tent\"]}",
         "b.json, /excluded/0: \"tent\" is not the id of an item"},
        {"an item pinned and excluded is told", HEAD ",\"pinned\":[\"i1\"],\"excluded\":[\"i2\",\"i1\"]}",
         "b.json, /excluded/1: i1 is pinned as well"},
        {"a placement that leads elsewhere is told", HEAD ",\"placements\":[\"../x\"]}",
         "b.json, /placements/0: \"../x\" is not the id of a placement"},
        {"an unknown member is told", HEAD ",\"titel\":\"Spring\"}",
         "b.json, /titel: \"titel\" is not a member known here"},
        {"an unknown member of the query is told", HEAD ",\"query\":{\"sku\":\"TENT\"}}",
         "b.json, /query/sku: \"sku\" is not a member known here"},
        {"an unknown order is told", HEAD ",\"order\":\"best\"}",
         "b.json, /order: must be one of newest, oldest, rating, random (found: \"best\")"},
        {"a quality beyond all is told", HEAD ",\"query\":{\"min_quality\":101}}",
         "b.json, /query/min_quality: must be from 0 to 100 (found: 101)"},
        {"no item at all is told", HEAD ",\"limit\":0}", "b.json, /limit: must be from 1 to 10000 (found: 0)"},
        {"an unknown diversity is told", HEAD ",\"diversity\":{\"product\":1}}",
         "b.json, /diversity/product: \"product\" is not a member known here"},
        {"an unknown kind is told", HEAD ",\"query\":{\"kind\":\"video\"}}",
         "b.json, /query/kind: must be one of photo, review (found: \"video\")"},
        {"an end before the beginning is told", HEAD ",\"from\":\"2027-06-01\",\"until\":\"2027-06-01\"}",
         "b.json, /until: is not after \"from\""},
        {"a pinned item that is no string is told", HEAD ",\"pinned\":[7]}",
         "b.json, /pinned/0: must be a string (found: a whole number)"},
};

static void test_fault(gconstpointer data)
{
        const struct fault_row *row = data;
        g_autoptr(GError) error = NULL;
        g_autofree char *json = site_long(row->json), *message = row->message ? site_long(row->message) : NULL;
        g_autoptr(plc_bundle_definition) definition = plc_bundle_parse(json, strlen(json), "b.json", &error);

        g_assert_cmpstr(error != NULL ? error->message : NULL, ==, message);
        g_assert_cmpint(definition != NULL, ==, row->message == NULL);
}

/* As a site may have them from before: each was refused later than it was published. */
static void test_frozen(void)
{
        static const char json[] =
                "{\"schema\":\"placet.bundle/1\",\"name\":\"s\",\"title\":\"a\\tb\",\"channels\":[\"pdp\",\"pdp\"],"
                "\"territories\":[\"UK\",\"DE\"],\"query\":{\"role\":\"nice\",\"language\":\"de_\",\"country\":\"de\"},"
                "\"pinned\":[\"x\"],\"excluded\":[\"x\"],\"placements\":[\"A b\"]}";
        g_autoptr(GError) error = NULL, refused = NULL;
        g_autoptr(plc_bundle_definition) definition = plc_bundle_parse_frozen(json, "s", &error), other = NULL;

        g_assert_no_error(error);
        g_assert_true(plc_bundle_covers(definition, "pdp", "DE", 0));
        g_assert_cmpstr(definition->role, ==, "nice");
        other = plc_bundle_parse(json, strlen(json), "b.json", &refused);
        g_assert_null(other);
}

struct covers_row {
        const char *sentence, *channel, *territory, *at;
        bool covered;
};

/* Of {pdp, ad} in {DE, AT} in March and April 2027. */
static const struct covers_row covers[] = {
        {"its channel and territory in its time", "ad", "DE", "2027-03-15", true},
        {"the first instant", "pdp", "AT", "2027-03-01", true},
        {"the end is outside", "pdp", "AT", "2027-05-01", false},
        {"before it begins", "pdp", "AT", "2027-02-28", false},
        {"another channel", "email", "DE", "2027-03-15", false},
        {"another territory", "ad", "FR", "2027-03-15", false},
};

static void test_covers(gconstpointer data)
{
        static const char json[] = "{\"schema\":\"placet.bundle/1\",\"name\":\"s\",\"channels\":[\"pdp\",\"ad\"],"
                                   "\"territories\":[\"DE\",\"AT\"],\"from\":\"2027-03-01\",\"until\":\"2027-05-01\"}";
        const struct covers_row *row = data;
        g_autoptr(plc_bundle_definition) definition = plc_bundle_parse(json, strlen(json), "b.json", NULL);
        int64_t at;

        g_assert_true(plc_time_parse_rfc3339(row->at, &at));
        g_assert_cmpint(plc_bundle_covers(definition, row->channel, row->territory, at), ==, row->covered);
}

/* --- what is in it --------------------------------------------------------------------------------------------------
 */

struct query_row {
        const char *sentence, *more, *items;
};

/*
 * i1 photo TENT scene DE tags camping, written (received) last; i2 photo LAMP closeup; i3 review TENT de 5 stars of day
 * 10; i4 review TENT en 3 stars of day 20; i5 review LAMP en 4 stars of day 15, with the photo i2; i6 photo TENT
 * waiting; i7 photo TENT approved without a grant; i8 photo TENT given for ads only. All of DE but i4 (US).
 */
static const struct query_row queries[] = {
        {"all that may be shown there, newest first", ",\"query\":{\"kind\":\"review\"}", "i4 i5 i3"},
        {"oldest first", ",\"query\":{\"kind\":\"review\"},\"order\":\"oldest\"", "i3 i5 i4"},
        {"by rating", ",\"query\":{\"kind\":\"review\"},\"order\":\"rating\"", "i3 i5 i4"},
        {"of one product", ",\"query\":{\"product\":\"LAMP\",\"kind\":\"review\"}", "i5"},
        {"photos: neither what waits, nor what has no grant, nor what is for ads alone",
         ",\"query\":{\"kind\":\"photo\",\"product\":\"TENT\"}", "i1"},
        {"by tag", ",\"query\":{\"tag\":\"camping\"}", "i1"},
        {"by role", ",\"query\":{\"role\":\"closeup\"}", "i2"},
        {"by language", ",\"query\":{\"language\":\"de\",\"kind\":\"review\"}", "i3"},
        {"by country", ",\"query\":{\"country\":\"US\"}", "i4"},
        {"reviews with a photo", ",\"query\":{\"kind\":\"review\",\"has_photo\":true}", "i5"},
        {"reviews without a photo", ",\"query\":{\"kind\":\"review\",\"has_photo\":false}", "i4 i3"},
        {"pinned ones come first, in their order", ",\"query\":{\"kind\":\"review\"},\"pinned\":[\"i3\",\"i1\"]",
         "i3 i1 i4 i5"},
        {"a pinned one that may not be shown is not in it", ",\"query\":{\"country\":\"US\"},\"pinned\":[\"i7\"]",
         "i4"},
        {"excluded ones are out", ",\"query\":{\"kind\":\"review\"},\"excluded\":[\"i5\"]", "i4 i3"},
        {"nothing matches", ",\"query\":{\"product\":\"MUG\"}", ""},
};

static void shop(struct test_site *s)
{
        const struct site_item items[] = {
                {.name = "i1", .kind = "photo", .role = "scene", .tags = "camping,lake", .country = "DE"},
                {.name = "i5",
                 .kind = "review",
                 .product = "LAMP",
                 .body = "c",
                 .rating = 4,
                 .written_at = site_day(15)},
                {.name = "i2",
                 .kind = "photo",
                 .product = "LAMP",
                 .role = "closeup",
                 .submission = "s5",
                 .contributor = "c5"},
                {.name = "i3",
                 .kind = "review",
                 .body = "a",
                 .language = "de",
                 .rating = 5,
                 .written_at = site_day(10)},
                {.name = "i4", .kind = "review", .body = "b", .country = "US", .rating = 3, .written_at = site_day(20)},
                {.name = "i6", .kind = "photo", .state = PLC_ITEM_WAITING},
                {.name = "i7", .kind = "photo"},
                {.name = "i8", .kind = "photo"},
        };

        for (size_t i = 0; i < G_N_ELEMENTS(items); i++) {
                struct site_item item = items[i];
                g_autofree char *given =
                        g_strdup_printf("2 approve %s; 2 give g-%s licence item:%s ch=%s", item.name, item.name,
                                        item.name, strcmp(item.name, "i8") == 0 ? "ad" : "pdp,ad");

                if (strcmp(item.name, "i6") != 0)
                        item.state = PLC_ITEM_APPROVED;
                site_item(s, &item);
                site_say(s, strcmp(item.name, "i7") == 0 ? "2 approve i7" : given);
                if (item.state == PLC_ITEM_APPROVED)
                        site_publish(s, item.name, 90);
        }
}

static plc_bundle *publish(struct test_site *s, const char *json)
{
        g_autofree char *full = site_long(json);
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_bundle_definition) definition = plc_bundle_parse(full, strlen(full), "b.json", &error);
        plc_bundle *bundle = NULL;

        g_assert_no_error(error);
        plc_bundle_publish(&s->site->publisher, definition, site_day(90), &bundle, &error);
        g_assert_no_error(error);
        return bundle;
}

static char *names(const GPtrArray *ids)
{
        g_autoptr(GString) out = g_string_new(NULL);

        for (guint i = 0; i < ids->len; i++)
                g_string_append_printf(out, "%s%s", i > 0 ? " " : "", (char *)ids->pdata[i]);
        return site_short(out->str);
}

static void test_queries(void)
{
        struct test_site s;

        site_open(&s, NULL);
        shop(&s);
        for (size_t i = 0; i < G_N_ELEMENTS(queries); i++) {
                g_autofree char *json = g_strdup_printf(HEAD "%s}", queries[i].more), *found = NULL;
                g_autoptr(plc_bundle) bundle = publish(&s, json);

                g_test_message("%s", queries[i].sentence);
                found = names(bundle->items);
                g_assert_cmpstr(found, ==, queries[i].items);
                g_assert_cmpint(bundle->version, ==, (int64_t)i + 1);
        }
        site_close(&s);
}

static void test_random_is_fixed_by_version(void)
{
        static const char json[] = HEAD ",\"order\":\"random\"}";
        g_autofree char *first = NULL;
        struct test_site s;

        site_open(&s, NULL);
        shop(&s);
        for (int version = 1; version <= 2; version++) {
                g_autoptr(plc_bundle_definition) definition = NULL;
                g_autoptr(plc_bundle_choice) choice = NULL;
                g_autoptr(plc_bundle) bundle = NULL;
                g_autofree char *told = NULL, *found = NULL;

                definition = plc_bundle_parse(json, strlen(json), "b.json", NULL);
                g_assert_nonnull(definition);
                /* At another time: a day passes between a preview, or what is rendered for it, and what is frozen. */
                g_assert_true(plc_bundle_choose(&s.site->publisher, definition, site_day(89), &choice, NULL));
                told = names(choice->items);
                bundle = publish(&s, json);
                found = names(bundle->items);
                g_assert_cmpuint(bundle->items->len, ==, 5);
                g_assert_cmpstr(told, ==, found);
                g_assert_cmpstr(first, !=, found); /* of another version it is another */
                g_free(first);
                first = g_steal_pointer(&found);
        }
        site_close(&s);
}

/* What a reader on this channel gets behind that place: short names in order, or NOT_FOUND. Free with g_free. */
static char *reads(struct test_site *s, const char *channel, const char *territory, double day, int64_t after)
{
        g_autofree char *path = g_build_filename(s->p.path, "site/public", NULL);
        g_autoptr(plc_index_reader) reader = plc_index_reader_new(path);
        struct plc_index_question question = {
                .channel = channel, .territory = territory, .language = "", .now = site_day(day)};
        g_autoptr(GString) json = g_string_new(NULL);
        struct plc_index_bundle_head head = {0};
        struct plc_index_page page = {0};
        struct plc_index_state state;
        g_autoptr(GError) error = NULL;
        char *out;

        g_assert_true(plc_index_read_begin(reader, site_day(day), &state, &error));
        if (!plc_index_bundle(reader, &question, "spring", &head, &error)) {
                assert_code(error, PLC_E_NOT_FOUND);
                out = g_strdup("NOT_FOUND");
        } else {
                g_autofree char *text = NULL;

                plc_index_bundle_list(reader, &question, "spring", after, 100, json, &page, &error);
                g_assert_no_error(error);
                text = site_short(json->str);
                g_string_truncate(json, 0);
                for (const char *at = text; (at = strstr(at, "\"id\":\"i")) != NULL; at += 6)
                        g_string_append_printf(json, "%s%.2s", json->len > 0 ? " " : "", at + 6);
                out = g_strdup(json->str);
        }
        plc_index_bundle_head_clear(&head);
        plc_index_read_end(reader);
        return out;
}

#define ASSERT_READS(s, channel, territory, day, expected) ASSERT_READS_AFTER(s, channel, territory, day, 0, expected)
#define ASSERT_READS_AFTER(s, channel, territory, day, after, expected)                                                \
        do {                                                                                                           \
                g_autofree char *found_ = reads(s, channel, territory, day, after);                                    \
                g_assert_cmpstr(found_, ==, expected);                                                                 \
        } while (0)

static void test_comes_back(void)
{
        struct test_site s;

        site_open(&s, NULL);
        shop(&s);
        plc_bundle_free(publish(&s, HEAD ",\"query\":{\"kind\":\"review\"}}"));
        ASSERT_READS(&s, "pdp", "DE", 91, "i4 i5 i3");
        site_say(&s, "91 hold h1 item:i5");
        site_publish(&s, "i5", 91);
        ASSERT_READS(&s, "pdp", "DE", 91, "i4 i3");
        site_say(&s, "92 lift h1");
        site_publish(&s, "i5", 93);
        ASSERT_READS(&s, "pdp", "DE", 93, "i4 i5 i3"); /* in its place */
        site_say(&s, "94 withdraw g-i4");
        site_publish(&s, "i4", 94);
        ASSERT_READS(&s, "pdp", "DE", 94, "i5 i3");
        site_close(&s);
}

/* A reader has the first two; whatever comes and goes before them, the third is what is next. */
static void test_places_stay(void)
{
        struct test_site s;

        site_open(&s, NULL);
        shop(&s);
        plc_bundle_free(publish(&s, HEAD ",\"query\":{\"kind\":\"review\"}}"));
        ASSERT_READS_AFTER(&s, "pdp", "DE", 91, 2, "i3");
        site_say(&s, "91 hold h1 item:i4");
        site_publish(&s, "i4", 91);
        site_publish(&s, "i5", 91); /* the bundle is shown anew */
        ASSERT_READS(&s, "pdp", "DE", 91, "i5 i3");
        ASSERT_READS_AFTER(&s, "pdp", "DE", 91, 2, "i3");
        site_say(&s, "92 lift h1");
        site_publish(&s, "i4", 93);
        ASSERT_READS(&s, "pdp", "DE", 93, "i4 i5 i3");
        ASSERT_READS_AFTER(&s, "pdp", "DE", 93, 2, "i3");
        site_close(&s);
}

static void test_channels(void)
{
        struct test_site s;

        site_open(&s, NULL);
        shop(&s);
        plc_bundle_free(publish(&s, "{\"schema\":\"placet.bundle/1\",\"name\":\"spring\",\"channels\":[\"ad\"],"
                                    "\"territories\":[\"DE\"]}"));
        ASSERT_READS(&s, "pdp", "DE", 91, "NOT_FOUND"); /* an ad team's bundle stands in no byte of the index */
        ASSERT_READS(&s, "ad", "DE", 91, "NOT_FOUND");
        plc_bundle_free(publish(&s, "{\"schema\":\"placet.bundle/1\",\"name\":\"spring\",\"channels\":[\"pdp\",\"ad\"],"
                                    "\"territories\":[\"DE\"],\"query\":{\"country\":\"US\"}}"));
        ASSERT_READS(&s, "pdp", "DE", 91, "i4");
        ASSERT_READS(&s, "ad", "DE", 91, "NOT_FOUND");
        ASSERT_READS(&s, "pdp", "FR", 91, "NOT_FOUND"); /* not its territory */
        site_close(&s);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        ADD_ROWS("/bundle/definition", faults, test_fault)
        ADD_ROWS("/bundle/covers", covers, test_covers)
        g_test_add_func("/bundle/what was published before is read, whatever a new file may not say", test_frozen);
        g_test_add_func("/bundle/queries choose, pin, leave out and order", test_queries);
        g_test_add_func("/bundle/places stay while items come and go", test_places_stay);
        g_test_add_func("/bundle/a random order is fixed by the version", test_random_is_fixed_by_version);
        g_test_add_func("/bundle/what was held comes back in its place", test_comes_back);
        g_test_add_func("/bundle/other than public channels are never in the index", test_channels);
        return g_test_run();
}
