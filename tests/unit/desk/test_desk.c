/* Does every operation of the desk do what was asked, at once and wholly, or nothing, and say why? */
#include "catalog/pull.h"
#include "desk/desk.h"
#include "support/site.h"

struct office {
        struct test_site s;
        plc_office *office;
        plc_desk *desk;
};

/* i1 photo and i2 review, both waiting and given for pdp and ad; i3 review without a grant; i4 photo without preview.
 */
static void office_open(struct office *o)
{
        g_autoptr(GError) error = NULL;

        site_open(&o->s, NULL);
        site_item(&o->s, &(struct site_item){.name = "i1", .kind = "photo", .alt = "=1+1", .display_name = "Anna"});
        site_item(&o->s, &(struct site_item){.name = "i2", .kind = "review", .body = "A fine tent.", .rating = 5});
        site_item(&o->s, &(struct site_item){.name = "i3", .kind = "review", .body = "No consent.", .rating = 1});
        site_say(&o->s, SITE_GIVEN("i1", "g1", "ch=pdp,ad,email edits=crop,colour") "; " SITE_GIVEN(
                                "i2", "g2", "ch=pdp edits=excerpt"));
        site_render(&o->s, "i1", "pdp-card", "card");
        site_render(&o->s, "i1", "pdp-gallery", "gallery");
        site_render(&o->s, "i1", "pdp-lightbox", "lightbox");
        site_render(&o->s, "i1", "email-square", "square");
        site_render(&o->s, "i1", "meta-feed-4x5", "creative");
        site_render(&o->s, "i1", "google-191", "banner");
        o->office = plc_office_new(o->s.site, NULL, &error);
        g_assert_no_error(error);
        o->desk = plc_desk_new(o->s.site, o->office);
}

static void office_close(struct office *o)
{
        plc_desk_free(o->desk);
        plc_office_free(o->office);
        site_close(&o->s);
}

/* The answer with short names, or NULL and the error. Free with g_free. */
static char *ask(struct office *o, const char *op, const char *request, GError **error)
{
        g_autofree char *full = site_long(request);
        g_autoptr(GString) answer = g_string_new(NULL);

        return plc_desk_do(o->desk, op, full, answer, error) ? site_short(answer->str) : NULL;
}

static char *ask_ok(struct office *o, const char *op, const char *request)
{
        g_autoptr(GError) error = NULL;
        char *answer = ask(o, op, request, &error);

        g_test_message("%s %s", op, request);
        g_assert_no_error(error);
        return answer;
}

static void do_ok(struct office *o, const char *op, const char *request)
{
        g_free(ask_ok(o, op, request));
}

#define ASSERT_HAS(text, part)                                                                                         \
        do {                                                                                                           \
                if (strstr(text, part) == NULL)                                                                        \
                        g_error("%s:%d: \"%s\" is not in: %s", __FILE__, __LINE__, part, text);                        \
        } while (0)

/* --- bad requests ---------------------------------------------------------------------------------------------------
 */

struct bad_row {
        const char *sentence, *op, *request;
        plc_code code;
        const char *message;
};

static const struct bad_row bads[] = {
        {"an operation that is not there", "approv", "{}", PLC_E_NOT_FOUND, "the desk knows no operation \"approv\""},
        {"no JSON", "status", "{", PLC_E_BAD_JSON, NULL},
        {"no object", "status", "[]", PLC_E_BAD_REQUEST, "request: must be an object"},
        {"status with a member", "status", "{\"a\":1}", PLC_E_UNKNOWN_MEMBER,
         "request, /a: \"a\" is not a member known here"},
        {"list with another state", "list", "{\"state\":\"open\"}", PLC_E_BAD_VALUE,
         "request, /state: must be one of waiting, approved, rejected, failed, erased, replaced, any (found: "
         "\"open\")"},
        {"list with too many", "list", "{\"limit\":1001}", PLC_E_BAD_VALUE,
         "request, /limit: must be from 1 to 1000 (found: 1001)"},
        {"show without ids", "show", "{}", PLC_E_MISSING_MEMBER, "request: \"ids\" is missing"},
        {"show with no id", "show", "{\"ids\":[]}", PLC_E_USAGE, "request: no id was given"},
        {"show with ids of the wrong type", "show", "{\"ids\":\"i1\"}", PLC_E_BAD_VALUE,
         "request, /ids: must be a list (found: a string)"},
        {"show with an id that names nothing", "show", "{\"ids\":[\"camp-000917\"]}", PLC_E_NOT_FOUND,
         "nothing here is called \"camp-000917\""},
        {"approve with an id that names nothing", "approve", "{\"ids\":[\"nobody\"]}", PLC_E_NOT_FOUND,
         "nothing here is called \"nobody\""},
        {"approve with one that is there and one that is not", "approve", "{\"ids\":[\"i2\",\"nobody\"]}",
         PLC_E_NOT_FOUND, "nothing here is called \"nobody\""},
        {"approve with a mistyped member", "approve", "{\"ids\":[\"i2\"],\"cod\":\"x\"}", PLC_E_UNKNOWN_MEMBER,
         "request, /cod: \"cod\" is not a member known here"},
        {"reject with a mistyped member", "reject", "{\"ids\":[\"i2\"],\"cod\":\"x\"}", PLC_E_UNKNOWN_MEMBER,
         "request, /cod: \"cod\" is not a member known here"},
        {"why without an item", "why", "{\"channel\":\"pdp\",\"territory\":\"DE\"}", PLC_E_MISSING_MEMBER,
         "request: \"item\" is missing"},
        {"why on another channel", "why", "{\"item\":\"i1\",\"channel\":\"web\",\"territory\":\"DE\"}", PLC_E_USAGE,
         NULL},
        {"why for the world", "why", "{\"item\":\"i1\",\"channel\":\"pdp\",\"territory\":\"WW\"}", PLC_E_USAGE,
         "the territory must be two capitals of ISO 3166-1 (found: WW)"},
        {"why with another edit", "why",
         "{\"item\":\"i1\",\"channel\":\"pdp\",\"territory\":\"DE\",\"edits\":[\"blur\"]}", PLC_E_USAGE, NULL},
        {"withdraw with a mistyped member", "rights_withdraw", "{\"id\":\"i1\",\"gran\":\"g1\"}", PLC_E_UNKNOWN_MEMBER,
         "request, /gran: \"gran\" is not a member known here"},
        {"ingest with a mistyped member", "ingest", "{\"paths\":[\"/etc/hostname\"],\"cpoy\":true}",
         PLC_E_UNKNOWN_MEMBER, "request, /cpoy: \"cpoy\" is not a member known here"},
        {"a bundle with a mistyped member", "bundle_publish",
         "{\"definition\":\"{\\\"schema\\\":\\\"placet.bundle/"
         "1\\\",\\\"name\\\":\\\"s\\\",\\\"channels\\\":[\\\"pdp\\\"],"
         "\\\"territories\\\":[\\\"DE\\\"]}\",\"fil\":\"b.json\"}",
         PLC_E_UNKNOWN_MEMBER, "request, /fil: \"fil\" is not a member known here"},
        {"withdraw a grant that is not there", "rights_withdraw", "{\"grant\":\"g9\"}", PLC_E_NOT_FOUND, NULL},
        {"a bundle without its definition", "bundle_publish", "{}", PLC_E_MISSING_MEMBER,
         "request: \"definition\" is missing"},
        {"a bundle whose definition does not read", "bundle_publish", "{\"definition\":\"{\",\"file\":\"b.json\"}",
         PLC_E_BAD_JSON, NULL},
        {"a bundle that was never published", "bundle_show", "{\"name\":\"summer\"}", PLC_E_NOT_FOUND, NULL},
        {"a pull without a territory", "pull", "{\"bundle\":\"spring\",\"presets\":\"meta-feed-4x5\"}",
         PLC_E_MISSING_MEMBER, "request: \"territory\" is missing"},
        {"a pull for the world", "pull", "{\"bundle\":\"spring\",\"presets\":\"meta-feed-4x5\",\"territory\":\"WW\"}",
         PLC_E_USAGE, NULL},
        {"a pull of a preset that is not there", "pull",
         "{\"bundle\":\"spring\",\"presets\":\"meta-feed-4x6\",\"territory\":\"DE\"}", PLC_E_NOT_FOUND, NULL},
        {"a pull out of a bundle that is not there", "pull",
         "{\"bundle\":\"summer\",\"presets\":\"meta-feed-4x5\",\"territory\":\"DE\"}", PLC_E_NOT_FOUND, NULL},
        {"ingest without paths", "ingest", "{}", PLC_E_MISSING_MEMBER, "request: \"paths\" is missing"},
};

static void test_bad(gconstpointer data)
{
        const struct bad_row *row = data;
        g_autofree char *answer = NULL, *before = NULL, *after = NULL;
        g_autoptr(GError) error = NULL;
        struct office o;

        office_open(&o);
        before = ask_ok(&o, "status", "{}");
        answer = ask(&o, row->op, row->request, &error);
        g_assert_null(answer);
        g_assert_nonnull(error);
        assert_code(error, row->code);
        if (row->message != NULL)
                g_assert_cmpstr(error->message, ==, row->message);
        after = ask_ok(&o, "status", "{}");
        g_assert_cmpstr(after, ==, before); /* neither items, nor jobs, nor the ledger */
        office_close(&o);
}

/* --- good ones ------------------------------------------------------------------------------------------------------
 */

static void test_moderate(void)
{
        g_autofree char *answer = NULL, *rejected = NULL;
        struct office o;

        office_open(&o);
        answer = ask_ok(&o, "approve", "{\"ids\":[\"i2\"],\"note\":\"fine\"}");
        ASSERT_HAS(answer, "\"items\":[\"i2\"]");
        ASSERT_HAS(answer, "\"state\":\"approved\"");
        plc_office_drain(o.office);
        g_assert_true(site_shows(&o.s, "i2"));
        rejected = ask_ok(&o, "reject", "{\"ids\":[\"i2\"],\"code\":\"off_topic\"}");
        g_assert_false(site_shows(&o.s, "i2")); /* before a single job ran */
        ASSERT_HAS(rejected, "\"state\":\"rejected\"");
        plc_office_drain(o.office);
        g_assert_false(site_shows(&o.s, "i2"));
        office_close(&o);
}

static void test_approve_opens_nothing_by_itself(void)
{
        struct office o;

        office_open(&o);
        do_ok(&o, "approve", "{\"ids\":[\"i3\"]}");
        plc_office_drain(o.office);
        g_assert_false(site_shows(&o.s, "i3"));
        office_close(&o);
}

static void test_approve_photo(void)
{
        struct office o;

        office_open(&o);
        do_ok(&o, "approve", "{\"ids\":[\"i1\"]}");
        plc_office_drain(o.office);
        g_assert_true(site_shows(&o.s, "i1"));
        do_ok(&o, "rights_withdraw", "{\"id\":\"i1\"}");
        g_assert_false(site_shows(&o.s, "i1"));
        office_close(&o);
}

static void test_no_preview(void)
{
        g_autoptr(GError) error = NULL;
        g_autofree char *answer = NULL;
        struct office o;
        char id[PLC_ID_SIZE];

        office_open(&o);
        site_id("i1", id);
        g_assert_true(plc_catalog_set_item_state(o.s.site->catalog, id, PLC_ITEM_FAILED, "unreadable", 1, NULL));
        answer = ask(&o, "approve", "{\"ids\":[\"i1\"]}", &error);
        g_assert_null(answer);
        assert_code(error, PLC_E_CONFLICT);
        ASSERT_HAS(error->message, "is failed and cannot be approved");
        office_close(&o);
}

static void test_show(void)
{
        g_autofree char *photo = NULL, *list = NULL, *page = NULL;
        struct office o;

        office_open(&o);
        photo = ask_ok(&o, "show", "{\"ids\":[\"i1\",\"s1\",\"i1\"]}");
        ASSERT_HAS(photo, "\"item\":\"i1\"");
        ASSERT_HAS(photo, "\"products\":[\"TENT\"]");
        ASSERT_HAS(photo, "\"pixels\":[4000,3000]");
        ASSERT_HAS(photo, "\"preset\":\"pdp-card\"");
        g_assert_null(strstr(strstr(photo, "\"item\":\"i1\"") + 1, "\"item\":\"i1\"")); /* once, named three times */
        list = ask_ok(&o, "list", "{\"state\":\"waiting\"}");
        ASSERT_HAS(list, "\"item\":\"i3\"");
        page = ask_ok(&o, "list", "{\"limit\":2}");
        g_assert_null(strstr(page, "\"next\":null"));
        office_close(&o);
}

struct why_row {
        const char *sentence, *request, *verdict, *reasons, *told;
};

static const struct why_row whys[] = {
        {"nobody approved it", "{\"item\":\"i2\",\"channel\":\"pdp\",\"territory\":\"DE\"}", "deny",
         "[\"NOT_APPROVED\"]", "no moderator has approved it (or by an older policy)."},
        {"no permission was given", "{\"item\":\"i3\",\"channel\":\"pdp\",\"territory\":\"DE\"}", "deny",
         "[\"NOT_APPROVED\",\"LICENCE:NO_GRANT\"]", "Use of the photo or text itself: no permission was given."},
        {"another channel", "{\"item\":\"i2\",\"channel\":\"ad\",\"territory\":\"DE\"}", "deny",
         "[\"NOT_APPROVED\",\"LICENCE:CHANNEL\"]",
         "Use of the photo or text itself: the permission does not cover this channel (it covers pdp)."},
        {"the law of one country", "{\"item\":\"i2\",\"channel\":\"pdp\",\"territory\":\"FR\"}", "deny",
         "[\"NOT_APPROVED\",\"MISSING(experience_date)\"]",
         "this must be told there and is not known (experience_date)."},
        {"before it was approved, at an instant",
         "{\"item\":\"i1\",\"channel\":\"pdp\",\"territory\":\"DE\",\"head\":0}", "deny", "[\"UNKNOWN_ITEM\"]",
         "no such item is known."},
        {"with the name",
         "{\"item\":\"i2\",\"channel\":\"pdp\",\"territory\":\"DE\",\"identity\":true,\"edits\":[\"ai\"]}", "deny",
         "[\"NOT_APPROVED\",\"LICENCE:EDIT\",\"DATA:EDIT\"]",
         "Name, handle and country shown with it: the permission does not cover this edit (it covers excerpt)."},
};

static void test_why(gconstpointer data)
{
        const struct why_row *row = data;
        g_autofree char *answer = NULL, *reasons = g_strconcat("\"reasons\":", row->reasons, NULL);
        g_autofree char *verdict = g_strdup_printf("\"verdict\":\"%s\"", row->verdict);
        struct office o;

        office_open(&o);
        answer = ask_ok(&o, "why", row->request);
        ASSERT_HAS(answer, verdict);
        ASSERT_HAS(answer, reasons);
        ASSERT_HAS(answer, row->told);
        office_close(&o);
}

static void test_why_allow(void)
{
        g_autofree char *answer = NULL;
        struct office o;

        office_open(&o);
        do_ok(&o, "approve", "{\"ids\":[\"i1\"]}");
        answer = ask_ok(&o, "why", "{\"item\":\"i1\",\"channel\":\"ad\",\"territory\":\"DE\"}");
        ASSERT_HAS(answer, "\"verdict\":\"allow\",\"reasons\":[]");
        ASSERT_HAS(answer, "\"sentences\":[]");
        office_close(&o);
}

/* --- bundles and pulls ----------------------------------------------------------------------------------------------
 */

#define SPRING                                                                                                         \
        "{\"definition\":\"{\\\"schema\\\":\\\"placet.bundle/1\\\",\\\"name\\\":\\\"spring\\\",\\\"channels\\\":"      \
        "[\\\"pdp\\\",\\\"ad\\\"],\\\"territories\\\":[\\\"DE\\\",\\\"AT\\\"],\\\"query\\\":{\\\"kind\\\":"            \
        "\\\"photo\\\"}}\"}"

static void test_bundle(void)
{
        g_autofree char *first = NULL, *second = NULL, *shown = NULL, *old = NULL, *all = NULL;
        struct office o;

        office_open(&o);
        first = ask_ok(&o, "bundle_publish", SPRING);
        ASSERT_HAS(first, "\"bundle\":\"spring\",\"version\":1");
        ASSERT_HAS(first, "\"items\":[]"); /* nothing is approved yet */
        do_ok(&o, "approve", "{\"ids\":[\"i1\"]}");
        second = ask_ok(&o, "bundle_publish", SPRING);
        ASSERT_HAS(second, "\"version\":2");
        ASSERT_HAS(second, "\"items\":[\"i1\"]");
        shown = ask_ok(&o, "bundle_show", "{\"name\":\"spring\"}");
        ASSERT_HAS(shown, "\"version\":2");
        old = ask_ok(&o, "bundle_show", "{\"name\":\"spring\",\"version\":1}");
        ASSERT_HAS(old, "\"items\":[]"); /* a version never changes */
        all = ask_ok(&o, "bundle_show", "{}");
        ASSERT_HAS(all, "\"bundles\":[{\"bundle\":\"spring\",\"version\":2");
        office_close(&o);
}

static void pull_ready(struct office *o)
{
        office_open(o);
        do_ok(o, "approve", "{\"ids\":[\"i1\"]}");
        do_ok(o, "bundle_publish", SPRING);
}

#define PULL(territory) "{\"bundle\":\"spring\",\"presets\":\"meta-feed-4x5\",\"territory\":\"" territory "\"}"

static void test_pull(void)
{
        g_autofree char *answer = NULL, *lower = NULL, *path = NULL;
        g_autoptr(GPtrArray) pulls = NULL, events = NULL;
        struct plc_ledger_head head;
        struct office o;
        char id[PLC_ID_SIZE];

        pull_ready(&o);
        answer = ask_ok(&o, "pull", PULL("DE"));
        ASSERT_HAS(answer, "\"left_out\":[]");
        ASSERT_HAS(answer, "\"store\":\"creatives\"");
        ASSERT_HAS(answer, "\"credit\":\"Anna\"");
        ASSERT_HAS(answer, "\"alt_text\":\"=1+1\"");
        ASSERT_HAS(answer, "\"path\":\"i1.meta-feed-4x5.jpg\"");
        site_id("i1", id);
        g_assert_true(plc_catalog_pulls_of_item(o.s.site->catalog, id, plc_now_ms(), &pulls, NULL));
        g_assert_cmpuint(pulls->len, ==, 1); /* in the catalog, and in the ledger */
        ASSERT_HAS(answer, ((plc_pull *)pulls->pdata[0])->id);
        g_assert_true(plc_catalog_ledger_head(o.s.site->catalog, &head, NULL));
        g_assert_true(plc_catalog_ledger_read(o.s.site->catalog, head.seq - 1, 1, &events, NULL));
        g_assert_cmpstr(((plc_ledger_row *)events->pdata[0])->type, ==, "pull.issued");
        ASSERT_HAS(((plc_ledger_row *)events->pdata[0])->json, ((plc_pull *)pulls->pdata[0])->id);
        office_close(&o);
}

static void assert_nothing_pulled(struct office *o, const char *request, const char *why)
{
        g_autofree char *before = ask_ok(o, "status", "{}"), *answer = ask_ok(o, "pull", request);
        g_autofree char *after = ask_ok(o, "status", "{}");

        ASSERT_HAS(answer, "\"pull\":null");
        ASSERT_HAS(answer, "\"files\":[]");
        ASSERT_HAS(answer, why);
        g_assert_cmpstr(after, ==, before); /* what was not given is not in the ledger */
}

static void test_pull_denied(void)
{
        g_autoptr(GError) error = NULL;
        g_autofree char *answer = NULL;
        struct office o;

        pull_ready(&o);
        answer = ask(&o, "pull", PULL("FR"), &error); /* the bundle is for DE and AT */
        g_assert_null(answer);
        assert_code(error, PLC_E_DENIED);
        g_assert_cmpstr(error->message, ==, "bundle spring is not for channel ad in FR now");
        site_say(&o.s, "3 narrow g1 to=AT; 3 narrow g1d to=AT");
        assert_nothing_pulled(&o, PULL("DE"), "\"why\":\"not permitted\",\"reasons\":[\"LICENCE:TERRITORY\"]");
        g_free(ask_ok(&o, "pull", PULL("AT")));
        do_ok(&o, "rights_withdraw", "{\"id\":\"i1\"}");
        assert_nothing_pulled(&o, PULL("AT"), "LICENCE:WITHDRAWN");
        office_close(&o);
}

static void test_pull_not_rendered(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_db_tx) tx = NULL;
        struct office o;
        char id[PLC_ID_SIZE];

        pull_ready(&o);
        site_id("i1", id);
        tx = plc_catalog_begin(o.s.site->catalog, &error);
        g_assert_true(plc_catalog_remove_placed_preset(o.s.site->catalog, id, "meta-feed-4x5", NULL, &error));
        g_assert_true(plc_db_commit(&tx, &error));
        assert_nothing_pulled(&o, PULL("DE"), "\"why\":\"not rendered yet\",\"reasons\":[]");
        office_close(&o);
}

/* One path that is not there stops no other: each is told by itself. */
static void test_ingest_of_nothing(void)
{
        g_autofree char *answer = NULL, *claim = NULL, *request = NULL, *told = NULL;
        struct office o;

        office_open(&o);
        answer = ask_ok(&o, "ingest", "{\"paths\":[\"/nowhere/at/all\",\"/nor/here\"]}");
        ASSERT_HAS(answer, "\"drop\":\"all\"");
        ASSERT_HAS(answer, "\"drop\":\"here\"");
        claim = g_strndup(strstr(answer, "\"claim\":\"") + strlen("\"claim\":\""), PLC_ID_LEN);
        request = g_strdup_printf("{\"ids\":[\"%s\"]}", claim);
        told = ask_ok(&o, "pending", request);
        ASSERT_HAS(told, "\"state\":\"not taken\"");
        ASSERT_HAS(told, "\"code\":\"not_found\"");
        office_close(&o);
}

static void test_looking_writes_nothing(void)
{
        static const char *const writes[] = {"ingest",          "approve",        "reject",
                                             "rights_withdraw", "bundle_publish", "pull"};
        struct office o;
        plc_desk *looking;

        office_open(&o);
        looking = plc_desk_new(o.s.site, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(writes); i++) {
                g_autoptr(GString) answer = g_string_new(NULL);
                g_autoptr(GError) error = NULL;
                bool is_writing = false;

                g_assert_true(plc_desk_writes(writes[i], &is_writing, NULL));
                g_assert_true(is_writing);
                g_assert_false(plc_desk_do(looking, writes[i], "{}", answer, &error));
                assert_code(error, PLC_E_FORBIDDEN);
        }
        plc_desk_free(looking);
        office_close(&o);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        ADD_ROWS("/desk/refused", bads, test_bad)
        g_test_add_func("/desk/approved is shown, rejected is gone when it is answered", test_moderate);
        g_test_add_func("/desk/approval opens nothing without a permission", test_approve_opens_nothing_by_itself);
        g_test_add_func("/desk/withdrawn is gone when it is answered", test_approve_photo);
        g_test_add_func("/desk/a photo that failed cannot be approved", test_no_preview);
        g_test_add_func("/desk/show and list tell", test_show);
        ADD_ROWS("/desk/why", whys, test_why)
        g_test_add_func("/desk/why/allowed has no reasons", test_why_allow);
        g_test_add_func("/desk/a bundle's versions are numbered and never change", test_bundle);
        g_test_add_func("/desk/a pull is recorded before a file is named", test_pull);
        g_test_add_func("/desk/a pull leaves out what is not permitted, with the reasons", test_pull_denied);
        g_test_add_func("/desk/a pull tells what is not rendered yet", test_pull_not_rendered);
        g_test_add_func("/desk/a path that is not there is told by itself", test_ingest_of_nothing);
        g_test_add_func("/desk/looking writes nothing", test_looking_writes_nothing);
        return g_test_run();
}
