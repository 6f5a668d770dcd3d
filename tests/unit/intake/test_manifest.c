/* What does the reader say to each mistake in a submission.json? A good one, changed in one place per row. */
#include <string.h>

#include "base/clock.h"
#include "intake/manifest.h"

#define HASH "41ab41ab41ab41ab41ab41ab41ab41ab41ab41ab41ab41ab41ab41ab41ab41ab"

static const char good[] =
        "{\"schema\": \"placet.submission/1\", \"id\": \"camp-17\", \"source\": \"shop-form\","
        " \"collected_at\": \"2026-11-18T20:03:10.000Z\", \"campaign\": \"xmas\", \"prompt\": {\"id\": \"first\", "
        "\"version\": 2},"
        " \"origin\": \"review\","
        " \"contributor\": {\"id\": \"cust-1\", \"display_name\": \"Mei\", \"email\": \"mei@example.org\", "
        "\"country\": \"TW\","
        "  \"locale\": \"zh-Hant-TW\", \"age_band\": \"adult\", \"credit\": \"required\"},"
        " \"products\": [{\"id\": \"LAMP\", \"gtin\": \"4006381333931\", \"url\": \"https://shop.example/p\", "
        "\"primary\": true}],"
        " \"review\": {\"external_id\": \"r-5\", \"kind\": \"review\", \"rating\": {\"value\": 4, \"min\": 1, \"max\": "
        "5},"
        "  \"title\": \"T\", \"summary\": \"S\", \"body\": \"B\", \"pros\": [\"p\"], \"cons\": [\"c\"], "
        "\"recommended\": true,"
        "  \"experience_date\": \"2026-11-10\", \"written_at\": \"2026-11-18T20:01:00.000Z\", \"language_hint\": "
        "\"zh-Hant\","
        "  \"translations\": [{\"lang\": \"en\", \"body\": \"E\", \"by\": \"human\"}],"
        "  \"engagement\": {\"likes\": 31, \"comments\": 4, \"shares\": 2, \"at\": \"2026-11-18T20:03:00.000Z\"}},"
        " \"photos\": [{\"file\": \"scene.heic\", \"role\": \"scene\", \"caption\": \"C\","
        "  \"alt\": {\"lang\": \"en\", \"text\": \"A\"}, \"taken_at\": \"2026-11-10T19:22:00+08:00\","
        "  \"focal\": {\"x\": 0.62, \"y\": 0.41}, \"box\": {\"x\": 0.48, \"y\": 0.22, \"w\": 0.3, \"h\": 0.42},"
        "  \"tags\": [{\"x\": 0.6, \"y\": 0.4, \"product\": \"LAMP\"}], \"people\": \"others\","
        "  \"persons\": [{\"id\": \"p1\", \"kind\": \"adult\","
        "   \"release\": {\"file\": \"p1.pdf\", \"captured_at\": \"2026-11-12T08:00:00.000Z\"}}]},"
        "  {\"file\": \"close.jpg\", \"people\": \"none\", \"digital_source_type\": \"digitalCapture\"}],"
        " \"tags\": [\"camping\"], \"disclosure\": {\"connection\": \"incentive\", \"verification\": \"order\"},"
        " \"consents\": [{\"terms\": \"ugc-ads\", \"version\": 1, \"text_sha256\": \"" HASH "\","
        "  \"captured_at\": \"2026-11-18T20:02:40.000Z\", \"channels\": [\"pdp\", \"ad\"], \"territories\": [\"TW\", "
        "\"HK\"],"
        "  \"not_after\": \"2027-11-18T00:00:00.000Z\", \"evidence\": {\"file\": \"consent.pdf\"}}],"
        " \"x_crm\": {\"any\": null, \"thing\": 0.5}}";

static const struct row {
        const char *sentence, *find, *replace, *expected; /* expected NULL: accepted */
        plc_code code;
} rows[] = {
        {"the good one is good", "", "", NULL, 0},
        {"a member nobody knows", "\"campaign\"", "\"campain\"",
         "submission.json, /campain: \"campain\" is not a member known here", PLC_E_UNKNOWN_MEMBER},
        {"a member that begins with x_", "\"campaign\"", "\"x_campaign\"", NULL, 0},
        {"another schema", "submission/1", "submission/2",
         "/schema: must be one of placet.submission/1 (found: \"placet.submission/2\")", PLC_E_BAD_VALUE},
        {"no schema", "\"schema\": \"placet.submission/1\",", "", "submission.json: \"schema\" is missing",
         PLC_E_MISSING_MEMBER},
        {"no id", "\"id\": \"camp-17\",", "", "submission.json: \"id\" is missing", PLC_E_MISSING_MEMBER},
        {"an empty id", "\"camp-17\"", "\"\"", "/id: must not be empty", PLC_E_BAD_VALUE},
        {"an id of two lines", "camp-17", "camp\\n17", "/id: must be one line without control characters",
         PLC_E_BAD_VALUE},
        {"an id that is a number", "\"camp-17\"", "17", "/id: must be a string (found: a whole number)",
         PLC_E_BAD_VALUE},
        {"no source", "\"source\": \"shop-form\",", "", "submission.json: \"source\" is missing", PLC_E_MISSING_MEMBER},
        {"a null", "\"xmas\"", "null", "/campaign: is null, which says nothing", PLC_E_BAD_VALUE},
        {"a member twice", "\"campaign\"", "\"id\"", "is not valid JSON: line 1, column ", PLC_E_BAD_JSON},
        {"not JSON", "{\"schema\"", "{schema", "is not valid JSON: line 1, column ", PLC_E_BAD_JSON},
        {"a zero character", "camp-17", "camp\\u0000", "is not valid JSON: line 1, column ", PLC_E_BAD_JSON},
        {"bytes that are not UTF-8", "xmas", "xm\xe4s", "is not valid JSON: line 1, column ", PLC_E_BAD_JSON},
        {"a day that does not exist", "2026-11-18T20:03:10.000Z", "2026-02-30T20:03:10Z",
         "/collected_at: must be an RFC 3339 time (found: \"2026-02-30T20:03:10Z\")", PLC_E_BAD_VALUE},
        {"a time in words", "2026-11-18T20:03:10.000Z", "yesterday",
         "/collected_at: must be an RFC 3339 time (found: \"yesterday\")", PLC_E_BAD_VALUE},
        {"collected tomorrow", "2026-11-18T20:03:10.000Z", "2026-12-18T20:03:10Z",
         "/collected_at: must be a time that has passed (found: \"2026-12-18T20:03:10Z\")", PLC_E_BAD_VALUE},
        {"written after it was collected", "2026-11-18T20:01:00.000Z", "2026-11-18T20:03:11Z",
         "/review/written_at: is later than collected_at", PLC_E_BAD_VALUE},
        {"experienced after it was written", "2026-11-10\"", "2026-11-20\"",
         "/review/experience_date: is later than the review itself", PLC_E_BAD_VALUE},
        {"experienced the same day, east of Greenwich", "2026-11-10\"", "2026-11-19\"", NULL, 0},
        {"a time where a date belongs", "2026-11-10\"", "2026-11-10T00:00:00Z\"",
         "/review/experience_date: must be a date (found: \"2026-11-10T00:00:00Z\")", PLC_E_BAD_VALUE},
        {"an unknown origin", "\"origin\": \"review\"", "\"origin\": \"tweet\"",
         "/origin: must be one of review, community_post (found: \"tweet\")", PLC_E_BAD_VALUE},
        {"a contributor without id", "\"id\": \"cust-1\", ", "", "/contributor: \"id\" is missing",
         PLC_E_MISSING_MEMBER},
        {"a contributor that is a name", "{\"id\": \"cust-1\"", "[{\"id\": \"cust-1\"", "is not valid JSON",
         PLC_E_BAD_JSON},
        {"an address without @", "mei@example.org", "mei.example.org", "/contributor/email: must be an e-mail address",
         PLC_E_BAD_VALUE},
        {"an address with two @", "mei@example.org", "mei@x@example.org",
         "/contributor/email: must be an e-mail address", PLC_E_BAD_VALUE},
        {"no address is no fault", "mei@example.org", "", NULL, 0},
        {"a country in lower case", "\"TW\",  \"locale\"", "\"tw\",  \"locale\"",
         "/contributor/country: must be two capital letters (ISO 3166-1) (found: \"tw\")", PLC_E_BAD_VALUE},
        {"the whole world as a country", "\"TW\",  \"locale\"", "\"WW\",  \"locale\"",
         "/contributor/country: must be two capital letters (ISO 3166-1) (found: \"WW\")", PLC_E_BAD_VALUE},
        {"a locale with an underscore", "zh-Hant-TW", "zh_TW",
         "/contributor/locale: must be a language tag (BCP 47) (found: \"zh_TW\")", PLC_E_BAD_VALUE},
        {"an unknown age band", "\"adult\", \"credit\"", "\"grown\", \"credit\"",
         "/contributor/age_band: must be one of adult, 16-17, 13-15, under13, unknown (found: \"grown\")",
         PLC_E_BAD_VALUE},
        {"a guardian of an adult", "\"credit\": \"required\"", "\"guardian\": {\"name\": \"G\"}",
         "/contributor/guardian: does not fit age_band \"adult\"", PLC_E_BAD_VALUE},
        {"a guardian of a child", "\"adult\", \"credit\": \"required\"",
         "\"13-15\", \"guardian\": {\"name\": \"G\", \"evidence\": {\"text\": \"signed\"}}", NULL, 0},
        {"guardian's evidence with a stray member", "\"adult\", \"credit\": \"required\"",
         "\"13-15\", \"guardian\": {\"name\": \"G\", \"evidence\": {\"text\": \"signed\", \"by\": 1}}",
         "/contributor/guardian/evidence/by: \"by\" is not a member known here", PLC_E_UNKNOWN_MEMBER},
        {"a product that no address reaches", "\"id\": \"LAMP\", \"gtin\"", "\"id\": \"..\", \"gtin\"",
         "/products/0/id: must not be . or .. (found: \"..\"): no address of its page could be asked for",
         PLC_E_BAD_VALUE},
        {"nor by its sku", "\"id\": \"LAMP\", \"gtin\"", "\"sku\": \".\", \"gtin\"",
         "/products/0/sku: must not be . or .. (found: \".\")", PLC_E_BAD_VALUE},
        {"a product without a name", "\"id\": \"LAMP\", \"gtin\": \"4006381333931\", ", "",
         "/products/0: has none of \"id\", \"sku\" and \"gtin\"", PLC_E_MISSING_MEMBER},
        {"a wrong check digit", "4006381333931", "4006381333932",
         "/products/0/gtin: must be 8, 12, 13 or 14 digits with a right check digit (found: \"4006381333932\")",
         PLC_E_BAD_VALUE},
        {"a GTIN of 8 digits", "4006381333931", "96385074", NULL, 0},
        {"a GTIN of 9 digits", "4006381333931", "963850740", "/products/0/gtin: must be 8, 12, 13 or 14 digits",
         PLC_E_BAD_VALUE},
        {"a product address of another kind", "https://shop.example/p", "javascript:x",
         "/products/0/url: must be an address that begins with https:// or http://", PLC_E_BAD_VALUE},
        {"two primary products", "\"primary\": true}]", "\"primary\": true}, {\"id\": \"B\", \"primary\": true}]",
         "/products/1: is a second primary product", PLC_E_BAD_VALUE},
        {"the same product twice", "\"primary\": true}]",
         "\"primary\": true}, {\"id\": \"LAMP\", \"gtin\": \"4006381333931\"}]", "/products/1: is product 0 again",
         PLC_E_BAD_VALUE},
        {"a rating above its scale", "\"value\": 4", "\"value\": 6",
         "/review/rating/value: must be from 1 to 5 (found: 6)", PLC_E_BAD_VALUE},
        {"a rating below its scale", "\"value\": 4", "\"value\": 0.5",
         "/review/rating/value: must be from 1 to 5 (found: 0.5)", PLC_E_BAD_VALUE},
        {"a rating between two stars", "\"value\": 4", "\"value\": 4.5", NULL, 0},
        {"a scale upside down", "\"min\": 1, \"max\": 5", "\"min\": 5, \"max\": 1",
         "/review/rating: has a scale from 5 to 1; min must be below max", PLC_E_BAD_VALUE},
        {"a rating without a scale", ", \"min\": 1, \"max\": 5", "", "/review/rating: \"min\" is missing",
         PLC_E_MISSING_MEMBER},
        {"a rating that is a string", "\"value\": 4", "\"value\": \"4\"",
         "/review/rating/value: must be a number (found: a string)", PLC_E_BAD_VALUE},
        {"a summary of two lines", "\"summary\": \"S\"", "\"summary\": \"S\\nT\"",
         "/review/summary: must be one line without control characters", PLC_E_BAD_VALUE},
        {"an unknown kind of review", "\"kind\": \"review\"", "\"kind\": \"rant\"",
         "/review/kind: must be one of review, tutorial, unboxing, qa, comparison, fit, story (found: \"rant\")",
         PLC_E_BAD_VALUE},
        {"a translation by nobody", ", \"by\": \"human\"", "", "/review/translations/0: \"by\" is missing",
         PLC_E_MISSING_MEMBER},
        {"two translations into one language", "\"by\": \"human\"}]",
         "\"by\": \"human\"}, {\"lang\": \"EN\", \"body\": \"F\", \"by\": \"machine\"}]",
         "/review/translations/1: is a second translation into EN", PLC_E_BAD_VALUE},
        {"engagement below zero", "\"likes\": 31", "\"likes\": -1",
         "/review/engagement/likes: must be from 0 to 1000000000000 (found: -1)", PLC_E_BAD_VALUE},
        {"half a like", "\"likes\": 31", "\"likes\": 0.5",
         "/review/engagement/likes: must be a whole number (found: a number)", PLC_E_BAD_VALUE},
        {"a photo in another folder", "close.jpg", "../close.jpg",
         "/photos/1/file: must be the name of a file in this folder", PLC_E_BAD_VALUE},
        {"a photo in a sub-folder", "close.jpg", "a/close.jpg",
         "/photos/1/file: must be the name of a file in this folder", PLC_E_BAD_VALUE},
        {"a hidden photo", "close.jpg", ".close.jpg", "/photos/1/file: must be the name of a file in this folder",
         PLC_E_BAD_VALUE},
        {"a Windows path", "close.jpg", "C:\\\\close.jpg", "/photos/1/file: must be the name of a file in this folder",
         PLC_E_BAD_VALUE},
        {"a word with an escape sequence, told on one line", "\"role\": \"scene\"", "\"role\": \"\\u001b[2Jhero\\n\"",
         "/photos/0/role: must be one of scene, closeup, result, unboxing, before, after, other (found: \"?[2Jhero?\")",
         PLC_E_BAD_VALUE},
        {"an empty tag", "\"camping\"", "\"\"", "/tags/0: must not be empty", PLC_E_BAD_VALUE},
        {"a tag of blanks", "\"camping\"", "\" \\u3164\"", "/tags/0: shows nothing: all of it is blank or invisible",
         PLC_E_BAD_VALUE},
        {"an alternative text of a blank letter", "\"text\": \"A\"", "\"text\": \"\\u3164\"",
         "/photos/0/alt/text: shows nothing: all of it is blank or invisible", PLC_E_BAD_VALUE},
        {"a title of blanks is as none", "\"title\": \"T\"", "\"title\": \"\\u2800\\u200b \"", NULL, 0},
        {"a tag that is a number", "\"camping\"", "7", "/tags/0: must be a string (found: a whole number)",
         PLC_E_BAD_VALUE},
        {"a name with a line break", "close.jpg", "close\\n.jpg",
         "/photos/1/file: must be the name of a file in this folder", PLC_E_BAD_VALUE},
        {"the submission itself as a photo", "close.jpg", "submission.json",
         "/photos/1/file: must be the name of a file in this folder", PLC_E_BAD_VALUE},
        {"the same photo twice", "close.jpg", "scene.heic", "/photos/1: \"scene.heic\" is photo 0 already",
         PLC_E_BAD_VALUE},
        {"a video", "close.jpg", "close.MP4", "/photos/1/file: \"close.MP4\" is a video; only photos are accepted",
         PLC_E_UNSUPPORTED},
        {"a list of videos", "\"tags\": [\"camping\"]", "\"videos\": []",
         "submission.json: \"videos\" is not accepted; only photos are", PLC_E_UNSUPPORTED},
        {"a photo elsewhere on the web", "\"file\": \"close.jpg\"", "\"url\": \"https://example.org/a.jpg\"",
         "/photos/1/url: photos are not fetched from other servers", PLC_E_UNSUPPORTED},
        {"a photo without a file", "\"file\": \"close.jpg\", ", "", "/photos/1: \"file\" is missing",
         PLC_E_MISSING_MEMBER},
        {"an unknown role", "\"role\": \"scene\"", "\"role\": \"hero\"",
         "/photos/0/role: must be one of scene, closeup, result, unboxing, before, after, other (found: \"hero\")",
         PLC_E_BAD_VALUE},
        {"a focal point outside", "\"x\": 0.62", "\"x\": 1.62", "/photos/0/focal/x: must be from 0 to 1 (found: 1.62)",
         PLC_E_BAD_VALUE},
        {"a box that leaves the photo", "\"w\": 0.3", "\"w\": 0.6",
         "/photos/0/box: must have a size and lie inside the photo", PLC_E_BAD_VALUE},
        {"a box without a size", "\"w\": 0.3", "\"w\": 0", "/photos/0/box: must have a size and lie inside the photo",
         PLC_E_BAD_VALUE},
        {"a tag for a product that is not here", "\"product\": \"LAMP\"", "\"product\": \"TENT\"",
         "/photos/0/tags/0/product: \"TENT\" is not among the products of this submission", PLC_E_BAD_VALUE},
        {"a tag by GTIN", "\"product\": \"LAMP\"", "\"product\": \"4006381333931\"", NULL, 0},
        {"nobody, with a list", "\"people\": \"others\"", "\"people\": \"none\"",
         "/photos/0/persons: does not fit people \"none\"", PLC_E_BAD_VALUE},
        {"oneself, as another adult", "\"people\": \"others\"", "\"people\": \"self\"",
         "/photos/0/persons: does not fit people \"self\"", PLC_E_BAD_VALUE},
        {"oneself", "\"people\": \"others\",  \"persons\": [{\"id\": \"p1\", \"kind\": \"adult\"",
         "\"people\": \"self\",  \"persons\": [{\"id\": \"p1\", \"kind\": \"self\"", NULL, 0},
        {"an unknown kind of person", "\"kind\": \"adult\"", "\"kind\": \"friend\"",
         "/photos/0/persons/0/kind: must be one of self, adult, minor, unknown (found: \"friend\")", PLC_E_BAD_VALUE},
        {"one person of two kinds", "\"people\": \"none\"",
         "\"people\": \"others\", \"persons\": [{\"id\": \"p1\", \"kind\": \"minor\"}]",
         "/photos/1/persons/0/kind: \"p1\" is minor here and adult on another photo", PLC_E_BAD_VALUE},
        {"a release without a time", ", \"captured_at\": \"2026-11-12T08:00:00.000Z\"", "",
         "/photos/0/persons/0/release: \"captured_at\" is missing", PLC_E_MISSING_MEMBER},
        {"evidence that is both", "{\"file\": \"consent.pdf\"}", "{\"file\": \"consent.pdf\", \"text\": \"yes\"}",
         "/consents/0/evidence: must have exactly one of \"file\" and \"text\"", PLC_E_BAD_VALUE},
        {"evidence that is nothing", "{\"file\": \"consent.pdf\"}", "{}",
         "/consents/0/evidence: must have exactly one of \"file\" and \"text\"", PLC_E_BAD_VALUE},
        {"a source type of one's own", "digitalCapture", "photo",
         "/photos/1/digital_source_type: must be one of digitalCapture, ", PLC_E_BAD_VALUE},
        {"an unknown connection", "\"incentive\"", "\"gift\"",
         "/disclosure/connection: must be one of none, incentive, free_product, affiliate, employee, family, contest, "
         "unknown (found: \"gift\")",
         PLC_E_BAD_VALUE},
        {"terms without a version", "\"version\": 1, \"text", "\"text", "/consents/0: \"version\" is missing",
         PLC_E_MISSING_MEMBER},
        {"a hash in capitals", HASH, "41AB41ab41ab41ab41ab41ab41ab41ab41ab41ab41ab41ab41ab41ab41ab41ab",
         "/consents/0/text_sha256: must be 64 lower-case hex digits (found: ", PLC_E_BAD_VALUE},
        {"a consent of tomorrow", "2026-11-18T20:02:40.000Z", "2026-11-19T20:02:40.000Z",
         "/consents/0/captured_at: must be a time that has passed", PLC_E_BAD_VALUE},
        {"a consent that ended before it was given", "2027-11-18", "2025-11-18",
         "/consents/0/not_after: must be later than captured_at", PLC_E_BAD_VALUE},
        {"a consent that ends before it begins", "\"not_after\"", "\"not_before\": \"2028-01-01\", \"not_after\"",
         "/consents/0/not_after: must be later than not_before", PLC_E_BAD_VALUE},
        {"an unknown channel", "[\"pdp\", \"ad\"]", "[\"pdp\", \"tv\"]",
         "/consents/0/channels/1: must be one of pdp, home, landing, email, social, ad, feed, marketplace, print "
         "(found: \"tv\")",
         PLC_E_BAD_VALUE},
        {"a territory in words", "[\"TW\", \"HK\"]", "[\"Taiwan\"]",
         "/consents/0/territories/0: must be two capital letters (ISO 3166-1) or WW (found: \"Taiwan\")",
         PLC_E_BAD_VALUE},
        {"a territory twice", "[\"TW\", \"HK\"]", "[\"TW\", \"TW\"]",
         "/consents/0/territories/1: \"TW\" stands in this list twice", PLC_E_BAD_VALUE},
        {"no territory at all", "[\"TW\", \"HK\"]", "[]",
         "/consents/0/territories: is an empty list, which would allow nothing at all", PLC_E_BAD_VALUE},
        {"every narrower dimension", "\"channels\"",
         "\"exclude\": [\"CN\"], \"languages\": [\"zh-Hant\", \"*\"], \"products\": [\"LAMP\"], \"edits\": [\"crop\"], "
         "\"sublicense\": [\"ad_platform\"], \"channels\"",
         NULL, 0},
        {"an edit of one's own", "\"channels\"", "\"edits\": [\"sepia\"], \"channels\"",
         "/consents/0/edits/0: must be one of crop, colour, overlay, excerpt, translate, composite, ai (found: "
         "\"sepia\")",
         PLC_E_BAD_VALUE},
};

static char *changed(const char *find, const char *replace)
{
        const char *at = strstr(good, find);

        g_assert_nonnull(at);
        return g_strdup_printf("%.*s%s%s", (int)(at - good), good, replace, at + strlen(find));
}

static plc_manifest *parse(const char *json, enum plc_manifest_form form, const char *photo, GError **error)
{
        struct plc_manifest_limits limits = plc_manifest_default_limits;

        g_assert_true(plc_time_parse("2026-11-18T21:00:00.000Z", &limits.now_ms));
        return plc_manifest_parse(json, strlen(json), form == PLC_MANIFEST_FOLDER ? "submission.json" : "a.jpg.json",
                                  form, photo, &limits, error);
}

static void test_row(gconstpointer data)
{
        const struct row *row = data;
        g_autofree char *json = changed(row->find, row->replace);
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_manifest) s = parse(json, PLC_MANIFEST_FOLDER, NULL, &error);

        if (row->expected == NULL) {
                g_assert_no_error(error);
                g_assert_nonnull(s);
                return;
        }
        g_assert_null(s);
        g_assert_error(error, PLC_ERROR_DOMAIN, (int)row->code);
        if (strstr(error->message, row->expected) == NULL)
                g_error("expected \"%s\", found \"%s\"", row->expected, error->message);
        g_assert_true(g_str_has_prefix(error->message, "submission.json"));
        g_assert_true(g_str_has_suffix(plc_error_remedy(error), ", then move this folder back into inbox/."));
}

static void test_all_members_arrive(void)
{
        g_autoptr(plc_manifest) s = parse(good, PLC_MANIFEST_FOLDER, NULL, NULL);
        int64_t taken;

        g_assert_nonnull(s);
        g_assert_cmpstr(s->id, ==, "camp-17");
        g_assert_cmpint(s->prompt_version, ==, 2);
        g_assert_cmpstr(s->contributor.locale, ==, "zh-Hant-TW");
        g_assert_cmpstr(s->contributor.credit, ==, "required");
        g_assert_cmpstr(s->products[0].gtin, ==, "4006381333931");
        g_assert_true(s->products[0].primary);
        g_assert_cmpfloat(s->review.rating, ==, 4);
        g_assert_cmpint(s->review.recommended, ==, 1);
        g_assert_cmpstr(s->review.experience_date, ==, "2026-11-10");
        g_assert_cmpstr(s->review.translations[0].by, ==, "human");
        g_assert_cmpint(s->review.likes, ==, 31);
        g_assert_cmpuint(s->n_photos, ==, 2);
        g_assert_cmpstr(s->photos[0].alt_text, ==, "A");
        g_assert_true(plc_time_parse("2026-11-10T11:22:00.000Z", &taken));
        g_assert_cmpint(s->photos[0].taken_at, ==, taken);
        g_assert_cmpfloat(s->photos[0].box_h, ==, 0.42);
        g_assert_cmpstr(s->photos[0].persons[0].release.file.name, ==, "p1.pdf");
        g_assert_cmpstr(s->photos[1].role, ==, "other");
        g_assert_cmpstr(s->photos[1].digital_source_type, ==, "digitalCapture");
        g_assert_cmpstr(s->connection, ==, "incentive");
        g_assert_cmpstr(s->consents[0].scope.territories[1], ==, "HK");
        g_assert_null(s->consents[0].scope.edits);
        g_assert_cmpint(s->consents[0].not_before, ==, PLC_TIME_NEVER);
        g_assert_cmpuint(strlen(s->json_sha256), ==, 64);
}

static void test_layout_does_not_change_the_hash(void)
{
        g_autoptr(plc_manifest) a = NULL, b = NULL, c = NULL;
        const char *const head =
                "{\"schema\":\"placet.submission/"
                "1\",\"id\":\"a\",\"source\":\"s\",\"photos\":[{\"file\":\"a.jpg\",\"focal\":{\"x\":0.25,\"y\":0.5}}]}";
        const char *const turned = "{ \"photos\": [ { \"focal\": { \"y\": 0.5, \"x\": 0.250 }, \"file\": \"a.jpg\" } "
                                   "],\n \"source\": \"s\", \"id\": \"a\", \"schema\": \"placet.submission/1\" }";
        g_autofree char *other = g_strdup(head);

        a = parse(head, PLC_MANIFEST_FOLDER, NULL, NULL);
        b = parse(turned, PLC_MANIFEST_FOLDER, NULL, NULL);
        g_assert_cmpstr(a->json_sha256, ==, b->json_sha256);
        strstr(other, "0.25")[3] = '6';
        c = parse(other, PLC_MANIFEST_FOLDER, NULL, NULL);
        g_assert_cmpstr(a->json_sha256, !=, c->json_sha256);
}

static void test_too_many_photos(void)
{
        GString *json = g_string_new("{\"schema\":\"placet.submission/1\",\"id\":\"a\",\"source\":\"s\",\"photos\":[");
        g_autoptr(GError) error = NULL;

        for (int i = 0; i < 21; i++)
                g_string_append_printf(json, "%s{\"file\":\"%d.jpg\"}", i > 0 ? "," : "", i);
        g_string_append(json, "]}");
        g_assert_null(parse(json->str, PLC_MANIFEST_FOLDER, NULL, &error));
        g_assert_error(error, PLC_ERROR_DOMAIN, PLC_E_TOO_MANY_PHOTOS);
        g_assert_cmpstr(error->message, ==, "submission.json, /photos: names 21 photos; at most 20 are accepted");
        g_string_free(json, TRUE);
}

static char *with_summary(const char *letter, int count)
{
        g_autoptr(GString) part = g_string_new("\"summary\": \"");

        for (int i = 0; i < count; i++)
                g_string_append(part, letter);
        g_string_append_c(part, '"');
        return changed("\"summary\": \"S\"", part->str);
}

static void test_lengths_are_counted_in_characters(void)
{
        g_autofree char *fits = with_summary("幕", 140), *one_more = with_summary("a", 141);
        g_autoptr(plc_manifest) s = parse(fits, PLC_MANIFEST_FOLDER, NULL, NULL);
        g_autoptr(GError) error = NULL;

        g_assert_nonnull(s);
        g_assert_null(parse(one_more, PLC_MANIFEST_FOLDER, NULL, &error));
        g_assert_cmpstr(error->message, ==,
                        "submission.json, /review/summary: has 141 characters; at most 140 are accepted");
}

static void test_too_deep_and_too_long(void)
{
        g_autofree char *deep = g_strnfill(40, '['), *json = g_strdup_printf("{\"x_a\": %s", deep);
        g_autofree char *spaces = g_strnfill(1100000, ' ');
        g_autoptr(GError) error = NULL;

        g_assert_null(parse(json, PLC_MANIFEST_FOLDER, NULL, &error));
        g_assert_cmpstr(error->message, ==, "submission.json: is nested deeper than 32 levels");
        g_clear_error(&error);
        g_assert_null(parse(spaces, PLC_MANIFEST_FOLDER, NULL, &error));
        g_assert_error(error, PLC_ERROR_DOMAIN, PLC_E_TOO_BIG);
}

static void test_a_long_word_is_cut(void)
{
        g_autofree char *word = g_strnfill(5000, 'w'), *part = g_strdup_printf("\"role\": \"%s\"", word);
        g_autofree char *json = changed("\"role\": \"scene\"", part);
        g_autoptr(GError) error = NULL;

        g_assert_null(parse(json, PLC_MANIFEST_FOLDER, NULL, &error));
        g_assert_cmpuint(strlen(error->message), <, 1100);
        g_assert_true(g_str_has_suffix(error->message, "www…"));
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
}

static void test_nothing_said(void)
{
        g_autoptr(GError) error = NULL;

        g_assert_null(parse("{\"schema\":\"placet.submission/1\",\"id\":\"a\",\"source\":\"s\"}", PLC_MANIFEST_FOLDER,
                            NULL, &error));
        g_assert_cmpstr(error->message, ==, "submission.json: has neither a review nor photos");
        g_clear_error(&error);
        g_assert_null(
                parse("{\"schema\":\"placet.submission/1\",\"id\":\"a\",\"source\":\"s\",\"review\":{\"body\":\"\"}}",
                      PLC_MANIFEST_FOLDER, NULL, &error));
        g_assert_cmpstr(error->message, ==, "submission.json, /review: has no rating, title, summary or body");
        g_clear_error(&error);
        g_assert_null(parse("[]", PLC_MANIFEST_FOLDER, NULL, &error));
        g_assert_cmpstr(error->message, ==, "submission.json: must be an object (found: a list)");
}

static void test_sidecar(void)
{
        const char *const head = "{\"schema\":\"placet.submission/1\",\"id\":\"a\",\"source\":\"s\"";
        g_autofree char *alone = g_strconcat(head, "}", NULL),
                        *unnamed = g_strconcat(head, ",\"photos\":[{\"role\":\"scene\"}]}", NULL);
        g_autofree char *other = g_strconcat(head, ",\"photos\":[{\"file\":\"b.jpg\"}]}", NULL);
        g_autofree char *two = g_strconcat(head, ",\"photos\":[{},{}]}", NULL);
        g_autoptr(plc_manifest) a = parse(alone, PLC_MANIFEST_SIDECAR, "a.jpg", NULL);
        g_autoptr(plc_manifest) b = parse(unnamed, PLC_MANIFEST_SIDECAR, "a.jpg", NULL);
        g_autoptr(GError) error = NULL;

        g_assert_cmpstr(a->photos[0].file.name, ==, "a.jpg");
        g_assert_cmpstr(a->photos[0].people, ==, "unknown");
        g_assert_cmpstr(b->photos[0].file.name, ==, "a.jpg");
        g_assert_cmpstr(b->photos[0].role, ==, "scene");
        g_assert_null(parse(other, PLC_MANIFEST_SIDECAR, "a.jpg", &error));
        g_assert_cmpstr(error->message, ==,
                        "a.jpg.json, /photos/0/file: must be the photo that this file stands beside, \"a.jpg\" (found: "
                        "\"b.jpg\")");
        g_assert_cmpstr(plc_error_remedy(error), ==,
                        "Correct or remove the name, then move the photo and this file back into inbox/.");
        g_clear_error(&error);
        g_assert_null(parse(two, PLC_MANIFEST_SIDECAR, "a.jpg", &error));
        g_assert_error(error, PLC_ERROR_DOMAIN, PLC_E_TOO_MANY_PHOTOS);
}

static void test_bare_photo(void)
{
        g_autoptr(plc_manifest) s = plc_manifest_bare("IMG_1.jpg");

        g_assert_null(s->id);
        g_assert_false(s->has_contributor);
        g_assert_cmpuint(s->n_photos, ==, 1);
        g_assert_cmpstr(s->photos[0].people, ==, "unknown");
        g_assert_cmpstr(s->connection, ==, "unknown");
        g_assert_cmpuint(s->n_consents, ==, 0);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *path = g_strdup_printf("/submission/%02zu %s", i, rows[i].sentence);

                g_strdelimit(path + strlen("/submission/"), "/", '|');
                g_test_add_data_func(path, &rows[i], test_row);
        }
        g_test_add_func("/submission/all members arrive", test_all_members_arrive);
        g_test_add_func("/submission/its layout does not change its hash, a number does",
                        test_layout_does_not_change_the_hash);
        g_test_add_func("/submission/21 photos are too many", test_too_many_photos);
        g_test_add_func("/submission/lengths are counted in characters", test_lengths_are_counted_in_characters);
        g_test_add_func("/submission/too deep, too long", test_too_deep_and_too_long);
        g_test_add_func("/submission/a long word is cut in the message", test_a_long_word_is_cut);
        g_test_add_func("/submission/nothing said", test_nothing_said);
        g_test_add_func("/submission/a sidecar is about its photo", test_sidecar);
        g_test_add_func("/submission/a bare photo says nothing", test_bare_photo);
        return g_test_run();
}
