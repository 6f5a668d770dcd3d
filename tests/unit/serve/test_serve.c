/* What does the world get to see? Published with the index writer, asked over real HTTP, at a time that the test moves.
 */
#include "unit/serve/sample.h"

#include "base/json.h"
#include "gzip/gzip.h"
#include "serve/serve.h"
#include "text/locale.h"
#include "unit/http/client.h"

#define R1 "01AAAAAAAAAAAAAAAAAAAAAAA1"
#define R2 "01AAAAAAAAAAAAAAAAAAAAAAA2"
#define P1 "01BBBBBBBBBBBBBBBBBBBBBBB1"
#define P2 "01BBBBBBBBBBBBBBBBBBBBBBB2"

static struct sample s;
static plc_serve *server;
static const char *at;
static int64_t now;
static struct plc_serve_config config;

static int64_t test_now(void *context)
{
        return *(int64_t *)context;
}

static const char *const *site_languages = (const char *const[]){"en", "de", NULL};

static void start(void)
{
        GError *error = NULL;
        now = T0;
        config = (struct plc_serve_config){.public_dir = s.dir,
                                           .listen = "127.0.0.1:0",
                                           .name = "Camp & Co",
                                           .languages = site_languages,
                                           .territory_header = "X-Country",
                                           .json_max_age = 60,
                                           .media_max_age = 300,
                                           .now = test_now,
                                           .now_context = &now};
        plc_serve_start(&config, NULL, &server, &error);
        g_assert_no_error(error);
        at = plc_serve_address(server);
}

/* R1: everywhere. R2: named in DE only, elsewhere without the name. P1 (of R1): DE until T0 + 1 h, crop too. P2 (of
 * R1): no segment. */
static void publish(void)
{
        sample_open(&s);
        struct plc_index_segment world = open_in("WW"), de = open_in("DE AT"), de_crop = de, p1 = open_in("DE"),
                                 p1_crop = p1, fr = open_in("FR");
        struct plc_index_item r1 = review(R1, "pl", "Namiot stoi w trzy minuty, <b>nawet</b> przy wietrze."),
                              r2 = review(R2, "ar", "خيمة جيدة");
        struct plc_index_item a = photo(P1, R1, KEY_A, "Olive tent"), b = photo(P2, R1, KEY_B, "Secret");
        struct plc_index_tag tag = {.product = "TENT", .has_point = true, .x = 0.35, .y = 0.6};
        struct plc_index_summary sum = {.count = 128, .average = 4.6, .stars = {2, 3, 7, 22, 94}};
        r2.written_at = T0 - 2 * HOUR;
        r2.author = "سارة";
        fr.identity = false;
        fr.duties = "DISCLOSE(incentive)";
        p1.until_ms = p1_crop.until_ms = T0 + HOUR;
        p1_crop.edit = PLC_INDEX_EDIT_CROP;
        (void)de_crop;
        a.tags = &tag;
        a.n_tags = 1;
        struct plc_index_rendition files[] = {
                rendition(&s, "pdp-card", "pdp-card.320.webp", "pdp", 320, 240, "webp-320", 8),
                rendition(&s, "pdp-card", "pdp-card.640.webp", "pdp", 640, 480, "webp-640", 8),
                rendition(&s, "pdp-card", "pdp-card.640.jpg", "pdp", 640, 480, "0123456789", 10),
                rendition(&s, "pdp-grid-1x1", "pdp-grid-1x1.320.jpg", "pdp", 320, 320, "cropped", 7),
                rendition(&s, "email-square", "email-square.600.jpg", "email", 600, 600, "email", 5),
        };
        files[3].cropped = true;
        files[3].crop_x = 0.125;
        files[3].crop_w = 0.75;
        files[3].crop_h = 1;
        OK(plc_index_begin(s.writer, &error));
        OK(plc_index_put_item(s.writer, &r1, &world, 1, NULL, 0, &error));
        OK(plc_index_put_item(s.writer, &r2, (struct plc_index_segment[]){de, fr}, 2, NULL, 0, &error));
        OK(plc_index_put_item(s.writer, &a, (struct plc_index_segment[]){p1, p1_crop}, 2, files, 5, &error));
        OK(plc_index_put_item(s.writer, &b, NULL, 0, files, 5, &error));
        OK(plc_index_put_summary(s.writer, "TENT", &sum, &error));
        OK(plc_index_put_bundle(s.writer,
                                &(struct plc_index_bundle){.name = "spring",
                                                           .version = 3,
                                                           .title = "Spring",
                                                           .channels = "pdp",
                                                           .territories = in("DE FR"),
                                                           .from_ms = T0,
                                                           .until_ms = T0 + 4 * HOUR},
                                (struct plc_index_bundle_item[]){{P1, "TENT"}, {R2, "TENT"}, {R1, "TENT"}}, 3, &error));
        OK(plc_index_put_bundle(s.writer,
                                &(struct plc_index_bundle){.name = "texts",
                                                           .version = 1,
                                                           .title = "Texts",
                                                           .channels = "pdp",
                                                           .territories = in("DE"),
                                                           .from_ms = T0,
                                                           .until_ms = PLC_TIME_NEVER},
                                (struct plc_index_bundle_item[]){{R1, "TENT"}}, 1, &error));
        OK(plc_index_commit(s.writer, T0, &error));
        start();
}

static void stop(void)
{
        plc_serve_stop(server, 100);
        sample_close(&s);
}

static struct answer get(const char *path)
{
        g_autofree char *line = g_strconcat("GET ", path, NULL);
        return client_once(at, line, "");
}

static void expect(const char *sentence, const char *path, unsigned status, const char *has, const char *lacks)
{
        struct answer a = get(path);
        g_test_message("%s: %s → %u %s", sentence, path, a.status, a.body);
        g_assert_cmpuint(a.status, ==, status);
        if (has != NULL)
                g_assert_nonnull(strstr(a.body, has));
        if (lacks != NULL)
                g_assert_null(strstr(a.body, lacks));
        if (a.status == 200) {
                g_autofree char *type = answer_header(&a, "Content-Type");
                if (strcmp(type, "application/json") == 0) {
                        GError *error = NULL;
                        g_autoptr(plc_json) json =
                                plc_json_parse(a.body, a.body_size, path, &plc_json_default_limits, &error);
                        g_assert_no_error(error);
                }
        }
        answer_clear(&a);
}

static const struct {
        const char *sentence, *path;
        unsigned status;
        const char *has, *lacks;
} rows[] = {
        {"a review that all may see", "/v1/products/TENT/reviews", 200, "\"author\":\"Marta K.\",\"country\":\"PL\"",
         R2},
        {"without territory a photo for one country is not shown", "/v1/products/TENT/reviews", 200, "\"photos\":[]",
         KEY_A},
        {"in its country it is", "/v1/products/TENT/reviews?territory=DE", 200,
         "[\"/m/" KEY_A "/pdp-card.320.webp\",320]", KEY_B},
        {"in another it is not", "/v1/products/TENT/reviews?territory=FR", 200, R1, KEY_A},
        {"the name is shown where it may be", "/v1/products/TENT/reviews?territory=AT", 200, "سارة", "incentive"},
        {"and not where it may not", "/v1/products/TENT/reviews?territory=FR", 200, "\"author\":null,\"country\":null",
         "سارة"},
        {"there the reward is told", "/v1/products/TENT/reviews?territory=FR", 200, "\"connection\":\"incentive\"",
         NULL},
        {"labels are in the language asked for", "/v1/products/TENT/reviews?territory=DE&lang=de", 200, "Kauf", NULL},
        {"right-to-left is said", "/v1/products/TENT/reviews?territory=DE", 200, "\"lang\":\"ar\",\"dir\":\"rtl\"",
         NULL},
        {"a tag's point is carried through the crop", "/v1/products/TENT/reviews?territory=DE", 200,
         "\"x\":0.3,\"y\":0.6", NULL},
        {"the summary is of all", "/v1/products/TENT/summary", 200,
         "\"count\":128,\"average\":4.6,\"histogram\":{\"1\":2,\"2\":3", NULL},
        {"and stands in the list whatever the country", "/v1/products/TENT/reviews?territory=JP", 200, "\"count\":128",
         NULL},
        {"photos by themselves", "/v1/products/TENT/media?territory=DE", 200, "\"kind\":\"photo\",\"id\":\"" P1 "\"",
         R1},
        {"nobody has e-mail segments", "/v1/products/TENT/media?territory=DE&channel=email", 200, "\"items\":[]", P1},
        {"an unknown product has nothing", "/v1/products/NONE/reviews", 200, "\"items\":[],\"next\":null", NULL},
        {"a bundle in its order", "/v1/bundles/spring?territory=DE", 200, "\"version\":3,\"title\":\"Spring\"", NULL},
        {"a bundle drops what may not be shown", "/v1/bundles/spring?territory=FR", 200, R2, P1},
        {"a photo that is not in the bundle is not in its reviews", "/v1/bundles/texts?territory=DE", 200, R1, P1},
        {"a bundle in another country is not there", "/v1/bundles/spring?territory=JP", 404, "not_found", NULL},
        {"nor for the world", "/v1/bundles/spring", 404, "not_found", NULL},
        {"nor one that nobody made", "/v1/bundles/winter?territory=DE", 404, "not_found", NULL},
        {"ads are not asked here", "/v1/products/TENT/reviews?channel=ad", 400, "\"parameter\":\"channel\"", NULL},
        {"a territory is one of the list", "/v1/products/TENT/reviews?territory=XX", 400, "\"parameter\":\"territory\"",
         NULL},
        {"WW is no territory of a reader", "/v1/products/TENT/reviews?territory=WW", 400, "\"parameter\":\"territory\"",
         NULL},
        {"a language is a tag", "/v1/products/TENT/reviews?lang=not%20a%20tag", 400, "\"parameter\":\"lang\"", NULL},
        {"a limit has its range", "/v1/products/TENT/reviews?limit=0", 400, "\"parameter\":\"limit\"", NULL},
        {"a cursor is ours", "/v1/products/TENT/reviews?cursor=abcd", 400, "\"parameter\":\"cursor\"", NULL},
        {"a cursor of another list is not", "/v1/bundles/spring?territory=DE&cursor=ci4xLkE", 400,
         "\"parameter\":\"cursor\"", NULL},
        {"an unknown parameter is named", "/v1/products/TENT/summary?territory=DE", 400, "\"parameter\":\"territory\"",
         NULL},
        {"text is text on the page", "/v1/products/TENT/reviews.html?territory=DE", 200, "&lt;b&gt;nawet&lt;/b&gt;",
         "<b>nawet"},
        {"the page has sizes of pictures", "/v1/products/TENT/reviews.html?territory=DE", 200,
         "width=\"448\" height=\"336\"", NULL},
        {"the page shows no more than the answer", "/v1/products/TENT/reviews.html", 200, "Marta K.", KEY_A},
        {"and writes dates as in the reader's country", "/v1/products/TENT/reviews.html?territory=DE&lang=en-GB", 200,
         ">15 January 2027</time>", NULL},
        {"of which it tells", "/v1/products/TENT/reviews.html?lang=en-GB", 200, "<html lang=\"en-GB\" dir=\"ltr\">",
         NULL},
        {"the widget, too", "/v1/words?lang=de-AT", 200, "\"lang\":\"de-AT\",", NULL},
        {"Chinese by its script", "/v1/words?lang=zh-TW", 200, "\"lang\":\"zh-Hant\",", NULL},
        {"no odd tag", "/v1/words?lang=de-x-foo", 200, "\"lang\":\"de\",", NULL},
        {"the page speaks the language asked for", "/v1/products/TENT/reviews.html?lang=ar", 200,
         "<html lang=\"ar\" dir=\"rtl\">", NULL},
        {"the site's name is text", "/v1/products/TENT/reviews.html", 200, "Camp &amp; Co", NULL},
        {"a product's id is text", "/v1/products/%3Cscript%3E/reviews.html", 200, "&lt;script&gt;", "<script>"},
        {"health", "/healthz", 200, "\"status\":\"ok\",\"alarm\":false", NULL},
};

static void test_answers(void)
{
        publish();
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
                expect(rows[i].sentence, rows[i].path, rows[i].status, rows[i].has, rows[i].lacks);
        struct answer a = client_once(at, "GET /v1/products/TENT/reviews", "X-Country: DE\r\n");
        g_autofree char *vary = answer_header(&a, "Vary");
        g_assert_nonnull(strstr(a.body, KEY_A));
        g_assert_cmpstr(vary, ==, "X-Country, Accept-Encoding");
        answer_clear(&a);
        stop();
}

static void test_paging(void)
{
        publish();
        struct answer a = get("/v1/products/TENT/reviews?territory=DE&limit=1");
        g_autoptr(plc_json) json = plc_json_parse(a.body, a.body_size, "1", &plc_json_default_limits, NULL);
        const char *next = plc_json_string(plc_json_member(json, "next"));
        g_assert_nonnull(strstr(a.body, R1));
        g_assert_null(strstr(a.body, R2));
        expect("the second page has what is left", next, 200, R2, R1);
        g_test_message("the cursor stays right when the item it names goes away");
        put(&s, &(struct plc_index_item){.id = R1}, NULL, 0, NULL, 0, T0);
        expect("nothing is skipped", next, 200, R2, R1);
        answer_clear(&a);

        a = get("/v1/bundles/spring?territory=DE&limit=1");
        g_autoptr(plc_json) bundle = plc_json_parse(a.body, a.body_size, "2", &plc_json_default_limits, NULL);
        g_autofree char *more = g_strdup(plc_json_string(plc_json_member(bundle, "next")));
        expect("the bundle goes on", more, 200, R2, P1);
        OK(plc_index_begin(s.writer, &error));
        OK(plc_index_put_bundle(s.writer,
                                &(struct plc_index_bundle){.name = "spring",
                                                           .version = 4,
                                                           .channels = "pdp",
                                                           .territories = in("DE"),
                                                           .from_ms = T0,
                                                           .until_ms = T0 + HOUR},
                                (struct plc_index_bundle_item[]){{R2, "TENT"}}, 1, &error));
        OK(plc_index_commit(s.writer, T0, &error));
        expect("but not from one version into another", more, 409, "conflict", NULL);
        answer_clear(&a);
        stop();
}

#define FILE_OF(key, name) "/m/" key "/" name

static void same_refusal(const char *sentence, const char *path)
{
        static const char *const headers[] = {"", "If-None-Match: *\r\n", "Range: bytes=0-1\r\n",
                                              "If-None-Match: \"x\"\r\nRange: bytes=99-\r\n"};
        struct answer none = get("/m/00000000000000000000000000/none.jpg");
        g_autofree char *line = g_strconcat("GET ", path, NULL);
        g_assert_cmpuint(none.status, ==, 404);
        for (size_t i = 0; i < G_N_ELEMENTS(headers); i++) {
                struct answer a = client_once(at, line, headers[i]);
                const char *date_a = strstr(a.head, "Date: "), *date_n = strstr(none.head, "Date: ");
                g_test_message("%s (%s)", sentence, headers[i]);
                g_assert_cmpuint(a.status, ==, 404);
                g_assert_cmpstr(a.body, ==, none.body);
                /* All but the date is the same, byte for byte. */
                g_assert_true(date_a - a.head == date_n - none.head &&
                              strncmp(a.head, none.head, (size_t)(date_a - a.head)) == 0);
                g_assert_cmpstr(strchr(date_a, '\n'), ==, strchr(date_n, '\n'));
                answer_clear(&a);
        }
        answer_clear(&none);
}

/* What the purge list calls it by; a refusal tells nothing. */
static void test_tags(void)
{
        static const struct {
                const char *sentence, *path, *tag; /* "": none */
        } tagged[] = {
                {"a list of reviews", "/v1/products/TENT/reviews?territory=DE", "product:TENT"},
                {"a list of photos", "/v1/products/TENT/media?territory=DE", "product:TENT"},
                {"a summary", "/v1/products/TENT/summary", "product:TENT"},
                {"a page", "/v1/products/TENT/reviews.html?territory=DE", "product:TENT"},
                {"an id with a comma and a blank stays one tag", "/v1/products/A%2C%20B/reviews?territory=DE",
                 "product:A%2C%20B"},
                {"a bundle", "/v1/bundles/spring?territory=DE", "bundle:spring"},
                {"a file", FILE_OF(KEY_A, "pdp-card.640.jpg"), "photo:" KEY_A},
                {"a file that may not be shown", FILE_OF(KEY_B, "pdp-card.640.jpg"), ""},
                {"a bundle that is not there", "/v1/bundles/winter?territory=DE", ""},
                {"health", "/v1/health", ""},
        };

        publish();
        for (size_t i = 0; i < G_N_ELEMENTS(tagged); i++) {
                struct answer a = get(tagged[i].path);
                g_autofree char *tag = answer_header(&a, "Cache-Tag");

                g_test_message("%s: %u %s", tagged[i].sentence, a.status, tag);
                g_assert_cmpstr(tag, ==, tagged[i].tag);
                answer_clear(&a);
        }
        stop();
}

static void test_renditions(void)
{
        publish();
        struct answer a = get(FILE_OF(KEY_A, "pdp-card.640.jpg"));
        g_autofree char *etag = answer_header(&a, "ETag"), *cache = answer_header(&a, "Cache-Control"),
                        *type = answer_header(&a, "Content-Type");
        g_assert_cmpuint(a.status, ==, 200);
        g_assert_cmpstr(a.body, ==, "0123456789");
        g_assert_cmpstr(type, ==, "image/jpeg");
        g_assert_cmpstr(cache, ==, "public, max-age=300, must-revalidate");
        answer_clear(&a);

        a = client_once(at, "HEAD " FILE_OF(KEY_A, "pdp-card.640.jpg"), "");
        g_autofree char *length = answer_header(&a, "Content-Length");
        g_assert_cmpuint(a.status, ==, 200);
        g_assert_cmpstr(length, ==, "10");
        answer_clear(&a);
        g_autofree char *match = g_strdup_printf("If-None-Match: %s\r\n", etag);
        a = client_once(at, "GET " FILE_OF(KEY_A, "pdp-card.640.jpg"), match);
        g_assert_cmpuint(a.status, ==, 304);
        answer_clear(&a);
        a = client_once(at, "GET " FILE_OF(KEY_A, "pdp-card.640.jpg"), "Range: bytes=2-3\r\n");
        g_assert_cmpuint(a.status, ==, 206);
        g_assert_cmpstr(a.body, ==, "23");
        answer_clear(&a);
        expect("a crop has its permission", FILE_OF(KEY_A, "pdp-grid-1x1.320.jpg"), 200, "cropped", NULL);

        same_refusal("an unknown name", FILE_OF(KEY_A, "pdp-card.641.jpg"));
        same_refusal("an unapproved photo", FILE_OF(KEY_B, "pdp-card.640.jpg"));
        same_refusal("a file of another channel", FILE_OF(KEY_A, "email-square.600.jpg"));
        same_refusal("a way out of the folder", FILE_OF(KEY_A, "..%2F..%2Findex.db"));

        g_test_message("half a minute before the end, caches may keep it for half a minute");
        now = T0 + HOUR - 30500;
        a = get(FILE_OF(KEY_A, "pdp-card.640.jpg"));
        g_autofree char *late = answer_header(&a, "Cache-Control");
        g_assert_cmpstr(late, ==, "public, max-age=30, must-revalidate");
        answer_clear(&a);
        now = T0 + HOUR;
        same_refusal("an expired photo, although only the clock moved", FILE_OF(KEY_A, "pdp-card.640.jpg"));
        now = T0 - HOUR;
        expect("a clock set back does not close what was published", FILE_OF(KEY_A, "pdp-card.640.jpg"), 200,
               "0123456789", NULL);

        now = T0;
        g_autofree char *sized = g_strdup_printf("GET %s", FILE_OF(KEY_A, "pdp-card.640.jpg"));
        put(&s, &(struct plc_index_item){.id = P1}, NULL, 0, NULL, 0, T0);
        a = client_once(at, sized, match);
        g_assert_cmpuint(a.status, ==, 404);
        answer_clear(&a);
        same_refusal("a withdrawn photo", FILE_OF(KEY_A, "pdp-card.640.jpg"));
        expect("is gone from the next answer", "/v1/products/TENT/reviews?territory=DE", 200, R1, KEY_A);
        expect("and from the bundle", "/v1/bundles/spring?territory=DE", 200, R1, P1);
        stop();
}

static void test_time(void)
{
        publish();
        struct answer a = get("/v1/products/TENT/reviews?territory=DE");
        g_autofree char *cache = answer_header(&a, "Cache-Control"), *etag = answer_header(&a, "ETag");
        g_assert_cmpstr(cache, ==, "public, max-age=60, must-revalidate");
        answer_clear(&a);

        g_test_message("a later moment alone is no new answer");
        now = T0 + 1000;
        g_autofree char *match = g_strdup_printf("If-None-Match: %s\r\n", etag);
        a = client_once(at, "GET /v1/products/TENT/reviews?territory=DE", match);
        g_assert_cmpuint(a.status, ==, 304);
        answer_clear(&a);

        now = T0 + HOUR - 10999;
        a = get("/v1/products/TENT/reviews?territory=DE");
        g_autofree char *late = answer_header(&a, "Cache-Control");
        g_assert_cmpstr(late, ==, "public, max-age=10, must-revalidate");
        answer_clear(&a);

        now = T0 + HOUR;
        expect("the photo goes with its permission", "/v1/products/TENT/reviews?territory=DE", 200, R1, KEY_A);
        a = client_once(at, "GET /v1/products/TENT/reviews?territory=DE", match);
        g_assert_cmpuint(a.status, ==, 200);
        answer_clear(&a);
        now = T0 + 4 * HOUR;
        expect("a bundle ends with its window", "/v1/bundles/spring?territory=DE", 404, NULL, NULL);
        stop();
}

static void test_lease(void)
{
        publish();
        struct plc_index_segment no_end = open_in("DE");
        struct plc_index_item a_photo = photo(P1, R1, KEY_A, "Olive tent");
        struct plc_index_rendition file =
                rendition(&s, "pdp-card", "pdp-card.640.jpg", "pdp", 640, 480, "0123456789", 10);
        put(&s, &a_photo, &no_end, 1, &file, 1, T0);
        OK(plc_index_renew_lease(s.writer, T0, 14 * PLC_DAY_MS, &error));
        now = T0 + HOUR;
        expect("an office seen within the hour is well", "/healthz", 200, "\"alarm\":false", NULL);
        now = T0 + HOUR + 1;
        expect("after an hour it is missed", "/healthz", 200, "\"status\":\"ok\",\"alarm\":true", NULL);
        now = T0 + 14 * PLC_DAY_MS - 5000;
        struct answer a = get("/v1/products/TENT/reviews");
        g_autofree char *cache = answer_header(&a, "Cache-Control");
        g_assert_nonnull(strstr(a.body, R1));
        g_assert_cmpstr(cache, ==, "public, max-age=5, must-revalidate");
        answer_clear(&a);
        expect("a photo without end is there", FILE_OF(KEY_A, "pdp-card.640.jpg"), 200, "0123456789", NULL);
        now = T0 + 14 * PLC_DAY_MS;
        expect("when the lease runs out everything is dark", "/v1/products/TENT/reviews", 200,
               "\"summary\":null,\"items\":[]", R1);
        expect("pages too", "/v1/products/TENT/reviews.html", 200, NULL, R1);
        same_refusal("and files", FILE_OF(KEY_A, "pdp-card.640.jpg"));
        expect("and it says so", "/healthz", 503, "\"status\":\"dark\",\"alarm\":true", NULL);
        OK(plc_index_renew_lease(s.writer, now, 14 * PLC_DAY_MS, &error));
        expect("until the office is back", "/v1/products/TENT/reviews", 200, R1, NULL);
        OK(plc_index_renew_lease(s.writer, T0, 0, &error));
        now = T0 + 4000 * PLC_DAY_MS;
        expect("without a lease nothing goes dark by itself", "/v1/products/TENT/reviews", 200, R1, NULL);
        stop();
}

/* Three tables, one list of languages: a row that is missing would be English in the midst of another page. */
static void test_pages_speak_every_language_of_the_widget(void)
{
        static const char *const languages[] = {
#define PLC_WORDS(language, ...) language,
#include "serve/words.def"
#undef PLC_WORDS
        };

        publish();
        for (size_t i = 0; i < G_N_ELEMENTS(languages); i++) {
                g_autofree char *report = g_strdup_printf("/v1/report?item=" R1 "&lang=%s", languages[i]);
                g_autofree char *own = g_strdup_printf("/c/0aaaaaaaaaaaaaaaaaaaaaaaaa?lang=%s", languages[i]);
                g_autofree char *words = g_strdup_printf("/v1/words?lang=%s", languages[i]);
                g_autofree char *said = g_strdup_printf("\"lang\":\"%s\"", languages[i]);
                g_autofree char *html = g_strdup_printf("<html lang=\"%s\"", languages[i]);
                const char *english = i > 0 ? "What is wrong with it?" : NULL;

                expect("the widget's words", words, 200, said, NULL);
                expect("the form of a report", report, 200, html, english);
                expect("a contributor's own page", own, 200, html, i > 0 ? "Nothing of yours" : NULL);
                expect("and for when nothing can be shown", words, 200, "\"failed\":\"", NULL);
        }
        expect("a report names an item", "/v1/report", 400, "\"parameter\":\"item\"", NULL);
        expect("and nothing else", "/v1/report?item=%22%3E%3Cscript%3E", 400, "\"parameter\":\"item\"", "<script");
        stop();
}

static void test_swiss_german_has_no_sharp_s(void)
{
        static const char *const languages[] = {"de-CH", "de-LI", "de-Latn-CH"};

        publish();
        for (size_t i = 0; i < G_N_ELEMENTS(languages); i++) {
                g_autofree char *words = g_strdup_printf("/v1/words?lang=%s", languages[i]);
                g_autofree char *page = g_strdup_printf("/v1/products/TENT/reviews.html?lang=%s", languages[i]);
                g_autofree char *own = g_strdup_printf("/c/0aaaaaaaaaaaaaaaaaaaaaaaaa?lang=%s", languages[i]);
                g_autofree char *report = g_strdup_printf("/v1/report?item=" R1 "&lang=%s", languages[i]);

                expect("the widget's words", words, 200, "\"close\":\"Schliessen\"", "ß");
                expect("the page", page, 200, "Kundenbewertungen", "ß");
                expect("a contributor's own page", own, 200, "Ihre Fotos", "ß");
                expect("the form of a report", report, 200, "Etwas melden", "ß");
        }
        expect("the labels", "/v1/products/TENT/reviews?territory=FR&lang=de-CH", 200, "Bewertung gegen", "ß");
        expect("others have it", "/v1/words?lang=de-AT", 200, "\"close\":\"Schließen\"", NULL);
        stop();
}

/* To who does not see the page, all photos without words and all buttons would be the same. */
static void test_own_page_names_what_it_shows(void)
{
        static const char token[] = "0aaaaaaaaaaaaaaaaaaaaaaaaa", own[] = "/c/0aaaaaaaaaaaaaaaaaaaaaaaaa?lang=de-AT";
        static const char long_words[] =
                "Er steht. In drei Minuten steht er, auch bei Wind und im Regen, auf der Wiese "
                "und im Sand, und am Abend ist er trocken und warm und \"wie neu\".";
        char owner[PLC_SHA256_HEX_SIZE];
        struct plc_index_segment segment = open_in("DE");

        publish();
        struct plc_index_rendition file =
                rendition(&s, "pdp-card", "pdp-card.640.jpg", "pdp", 640, 480, "0123456789", 10);
        struct plc_index_item r = review(R1, "de", long_words), p = photo(P1, R1, KEY_A, NULL),
                              q = photo(P2, R1, KEY_B, "Olive \"tent\"");
        plc_sha256_hex(token, strlen(token), owner);
        r.owner = p.owner = q.owner = owner;
        p.written_at = q.written_at = r.written_at - 72 * HOUR;
        put(&s, &r, &segment, 1, NULL, 0, T0);
        put(&s, &p, &segment, 1, &file, 1, T0);
        put(&s, &q, &segment, 1, &file, 1, T0);
        expect("a photo without words is named", own, 200, "<img alt=\"Foto: TENT · vor 3 Tagen\"", NULL);
        expect("one with words is not told twice", own, 200, "<img alt=\"\"", "<img alt=\"Olive");
        expect("a button tells which review", own, 200, "aria-label=\"Zurückziehen · 1 · Er steht. In",
               "wie neu&quot;.\">");
        expect("which photo", own, 200, "· Olive &quot;tent&quot;\">Zurückziehen</button>", NULL);
        expect("and which without words", own, 200, "· Foto: TENT · vor 3 Tagen\">Zurückziehen</button>", NULL);
        expect("in the page's own language", "/c/0aaaaaaaaaaaaaaaaaaaaaaaaa?lang=ar", 200, "aria-label=\"سحب · ",
               "Foto:");
        stop();
}

/* Whose link tells no language is spoken to in that of their browser, as their country writes it; else in that of their
 * newest text. */
static void test_pages_without_a_language_ask_the_browser(void)
{
        static const char token[] = "0aaaaaaaaaaaaaaaaaaaaaaaaa", own[] = "/c/0aaaaaaaaaaaaaaaaaaaaaaaaa",
                          own_de[] = "/c/0aaaaaaaaaaaaaaaaaaaaaaaaa?lang=de-AT", report[] = "/v1/report?item=" R1;
        static const struct {
                const char *path, *accept, *tag, *has;
        } asked[] = {
                {own, "zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant", "您的照片和評價"},
                {own, "zh-HK", "zh-Hant-HK", "您的照片和評價"},
                {own, "zh-CN", "zh-Hans", "您的照片和评价"},
                {own, "pt-BR,pt;q=0.9", "pt", "Suas fotos e avaliações</h1>"},
                {own, "pt-PT,pt;q=0.9", "pt-PT", "As suas fotos e avaliações</h1>"},
                {own, "pt", "pt", "<h1>Suas fotos e avaliações"},
                {own, "es-419", "es-419", "Sus fotos y opiniones"},
                {own, "es-MX,es", "es-MX", "Sus fotos y opiniones"},
                {own, "en-GB,en;q=0.5", "en-GB", "Your photos and reviews"},
                {own, "sr-Latn-RS, sr;q=0.9, de-AT;q=0.5", "de-AT", "Ihre Fotos und Bewertungen"},
                {own, "sr-Latn", "fr", "Vos photos et vos avis"}, /* that of their text */
                {own, "fr;q=0, *", "fr", "Vos photos et vos avis"},
                {own, NULL, "fr", "Vos photos et vos avis"},
                {own_de, "ja", "de-AT", "Ihre Fotos und Bewertungen"},
                {report, "zh-TW", "zh-Hant", "檢舉內容"},
                {report, "pt-BR", "pt", "Denunciar conteúdo"},
                {report, "pt-PT", "pt-PT", "Denunciar um conteúdo"},
                {report, "sr-Latn,es-419", "es", "Denunciar"},
                {report, "sr-Latn", "en", "What is wrong with it?"},
        };
        char owner[PLC_SHA256_HEX_SIZE];
        struct plc_index_segment segment = open_in("DE");

        publish();
        struct plc_index_item r = review(R1, "fr", "premier");
        plc_sha256_hex(token, strlen(token), owner);
        r.owner = owner;
        put(&s, &r, &segment, 1, NULL, 0, T0);
        for (size_t i = 0; i < G_N_ELEMENTS(asked); i++) {
                g_autofree char *line = g_strconcat("GET ", asked[i].path, NULL);
                g_autofree char *header = g_strdup_printf("Accept-Language: %s\r\n", asked[i].accept);
                g_autofree char *html = g_strdup_printf("<html lang=\"%s\"", asked[i].tag);
                struct answer a = client_once(at, line, asked[i].accept != NULL ? header : "");
                g_autofree char *kept = answer_header(&a, "Cache-Control");

                g_test_message("%s, %s", asked[i].path, asked[i].accept);
                g_assert_nonnull(strstr(a.body, html));
                g_assert_nonnull(strstr(a.body, asked[i].has));
                g_assert_cmpstr(kept, ==, "no-store"); /* so that it needs no Vary */
                answer_clear(&a);
        }
        stop();
}

/* Words that cannot be asked for, as nothing answers, stand in the script: in the site's languages, by the names that a
 * page has for them, and never so many that it gets too large. */
static void test_widget_has_a_sentence_in_the_sites_languages(void)
{
        static const char *const ours[] = {"no", "zh-TW", "de-AT", "de", "en", NULL};
        static const char *const longest[] = {"th", "el", "uk", "ru", "ar", "he", "ja", "ko", "zh-Hans",
                                              "hu", "fr", "it", "es", "pl", "cs", "en", NULL};
        const char *const *before = site_languages;

        site_languages = ours;
        publish();
        expect("Norwegian by its usual name, Chinese by its script", "/widget.js", 200,
               "sorry={\"no\":\"Anmeldelsene kan ikke vises akkurat "
               "nå.\",\"zh-Hant\":\"目前無法顯示評價。\",\"de\":\"Die",
               "\"fr\":");
        stop();
        site_languages = longest;
        publish();
        struct answer a = get("/widget.js");
        g_autoptr(GBytes) body = g_bytes_new(a.body, strlen(a.body)), zipped = plc_gzip(body);
        g_assert_cmpuint(g_bytes_get_size(zipped), <=, 8192);
        g_assert_nonnull(strstr(a.body, "\"it\":\""));
        answer_clear(&a);
        expect("no more than twelve", "/widget.js", 200, NULL, "\"es\":\"");
        stop();
        site_languages = before;
}

/* Other products, and countries in which it ends on the same day, are one line; what ends later, or is another channel,
 * is another. */
static void test_a_contributor_sees_where_and_until_when(void)
{
        static const char token[] = "0aaaaaaaaaaaaaaaaaaaaaaaaa";
        char owner[PLC_SHA256_HEX_SIZE];
        struct plc_index_segment segments[] = {open_in("DE AT"), open_in("DE AT"), open_in("FR"), open_in("DE AT"),
                                               open_in("WW")};

        publish();
        struct plc_index_item r = review(R1, "en", "first");
        plc_sha256_hex(token, strlen(token), owner);
        r.owner = owner;
        for (size_t i = 0; i < 3; i++)
                segments[i].until_ms = T0 + 10 * PLC_DAY_MS;
        segments[1].product = "STOVE";
        segments[3].from_ms = T0 + 10 * PLC_DAY_MS;
        segments[3].until_ms = T0 + 20 * PLC_DAY_MS;
        segments[4].channel = "email";
        put(&s, &r, segments, G_N_ELEMENTS(segments), NULL, 0, T0);
        const char *page = "/c/0aaaaaaaaaaaaaaaaaaaaaaaaa?lang=en";
        g_autofree char *first = plc_locale_date("en", T0 + 10 * PLC_DAY_MS - 1);
        g_autofree char *second = plc_locale_date("en", T0 + 20 * PLC_DAY_MS - 1);
        g_autofree char *joined =
                g_strdup_printf("<li>product pages · Austria, France, and Germany · until %s</li>", first);
        g_autofree char *later = g_strdup_printf("<li>product pages · Austria and Germany · until %s</li>", second);

        expect("countries of one last day", page, 200, joined, NULL);
        expect("and of a later one", page, 200, later, NULL);
        expect("everywhere, without end", page, 200, "<li>e-mail · all countries</li>", NULL);
        expect("with both products", page, 200, "<bdi>TENT</bdi>, <bdi>STOVE</bdi>", NULL);
        now = T0 + 12 * PLC_DAY_MS;
        expect("what is over is not told", page, 200, later, "France");
        stop();
}

static void test_before_there_is_an_index(void)
{
        s.dir = g_dir_make_tmp("plc-public-XXXXXX", NULL);
        start();
        expect("no index yet", "/v1/products/TENT/reviews", 503, "unreachable", s.dir);
        expect("no index yet", "/healthz", 503, "no index", NULL);
        g_autofree char *assets = g_build_filename(s.dir, "assets", NULL);
        g_assert_cmpint(g_mkdir_with_parents(assets, 0755), ==, 0);
        OK(plc_index_writer_open(s.dir, NULL, &s.writer, &error));
        struct plc_index_segment world = open_in("WW");
        struct plc_index_item r = review(R1, "en", "first");
        put(&s, &r, &world, 1, NULL, 0, T0);
        expect("it is found when it comes", "/v1/products/TENT/reviews", 200, R1, NULL);
        stop();
}

static void test_a_translation_is_called_one(void)
{
        static const struct plc_index_translation english = {
                .language = "en", .body = "It stands in three minutes.", .by = "machine"};

        publish();
        struct plc_index_segment segments[] = {open_in("WW"), open_in("WW")};
        struct plc_index_item r = review(R1, "pl", "Stoi w trzy minuty.");
        segments[1].edit = PLC_INDEX_EDIT_TRANSLATE;
        r.translations = &english;
        r.n_translations = 1;
        put(&s, &r, segments, 2, NULL, 0, T0);
        expect("in the reader's language", "/v1/products/TENT/reviews.html?lang=en", 200,
               "<div class=\"tr\"><p>Machine translation</p>\n<blockquote lang=\"en\" dir=\"ltr\">It stands", NULL);
        expect("and is not there for others", "/v1/products/TENT/reviews.html?lang=pl", 200, "Stoi w trzy minuty.",
               "class=\"tr\"");
        stop();
}

static void test_a_missing_file_is_our_fault(void)
{
        publish();
        g_autofree char *assets = g_build_filename(s.dir, "assets", NULL);
        OK(plc_remove_tree_at(AT_FDCWD, assets, &error));
        g_assert_cmpint(g_mkdir_with_parents(assets, 0755), ==, 0);
        expect("not a 404", FILE_OF(KEY_A, "pdp-card.640.jpg"), 500, "\"code\":\"internal\"", s.dir);
        stop();
}

/* The link around it would have no name for those who hear the page. */
static void test_a_photo_without_a_text_has_a_name(void)
{
        publish();
        struct plc_index_segment open = open_in("DE"), unnamed = open_in("DE");
        struct plc_index_rendition file =
                rendition(&s, "pdp-card", "pdp-card.640.jpg", "pdp", 640, 480, "0123456789", 10);
        struct plc_index_item item = photo(P1, R1, KEY_A, "");

        item.author = "Marta K.";
        put(&s, &item, &open, 1, &file, 1, T0);
        expect("its credit", "/v1/products/TENT/reviews.html?territory=DE&lang=de", 200, "alt=\"Foto: Marta K.\"",
               NULL);
        expect("also where it is reported", "/v1/products/TENT/reviews.html?territory=DE&lang=de", 200,
               "aria-label=\"Melden: Foto: Marta K.\"", NULL);
        unnamed.identity = false;
        put(&s, &item, &unnamed, 1, &file, 1, T0);
        expect("or what all of them are", "/v1/products/TENT/reviews.html?territory=DE&lang=de", 200,
               "alt=\"Kundenfotos\"", "alt=\"\"");
        stop();
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_log_set_always_fatal(0);
        g_test_add_func("/serve/answers", test_answers);
        g_test_add_func("/serve/paging", test_paging);
        g_test_add_func("/serve/renditions", test_renditions);
        g_test_add_func("/serve/answers carry the tags of the purge list", test_tags);
        g_test_add_func("/serve/time", test_time);
        g_test_add_func("/serve/lease", test_lease);
        g_test_add_func("/serve/pages without a language ask the browser",
                        test_pages_without_a_language_ask_the_browser);
        g_test_add_func("/serve/Swiss German has no sharp s", test_swiss_german_has_no_sharp_s);
        g_test_add_func("/serve/a contributor's own page names what it shows", test_own_page_names_what_it_shows);
        g_test_add_func("/serve/pages-speak-every-language-of-the-widget",
                        test_pages_speak_every_language_of_the_widget);
        g_test_add_func("/serve/the widget has a sentence in the site's languages",
                        test_widget_has_a_sentence_in_the_sites_languages);
        g_test_add_func("/serve/a-contributor-sees-where-and-until-when", test_a_contributor_sees_where_and_until_when);
        g_test_add_func("/serve/before-there-is-an-index", test_before_there_is_an_index);
        g_test_add_func("/serve/a-translation-is-called-one", test_a_translation_is_called_one);
        g_test_add_func("/serve/a-photo-without-a-text-has-a-name", test_a_photo_without_a_text_has_a_name);
        g_test_add_func("/serve/a-missing-file-is-our-fault", test_a_missing_file_is_our_fault);
        return g_test_run();
}
