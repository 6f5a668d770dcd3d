/* Does the desk take rights away at once, and open nothing on an operator's word? Every row: what is known, what is
 * asked of the desk, and what the index and the answer say before anything else has run. */
#include "catalog/pull.h"
#include "desk/desk.h"
#include "support/site.h"

#define GIVEN SITE_APPROVED("i1") "; " SITE_GIVEN("i1", "g1", "ch=pdp,home edits=crop,colour")

struct fixture {
        struct test_site s;
        plc_office *office;
        plc_desk *desk;
};

static void set_up(struct fixture *f, const char *events, const char *policy)
{
        g_autoptr(GError) error = NULL;

        site_open(&f->s, NULL);
        if (policy != NULL) {
                plc_policy_free(f->s.site->policy);
                f->s.site->policy = plc_policy_parse(policy, strlen(policy), "policy", &error);
                g_assert_no_error(error);
                f->s.site->publisher.policy = f->s.site->policy;
        }
        site_item(&f->s,
                  &(struct site_item){.name = "i1", .kind = "photo", .alt = "A tent", .state = PLC_ITEM_APPROVED});
        site_render(&f->s, "i1", "pdp-card", "a card");
        site_say(&f->s, events);
        site_publish(&f->s, "i1", 100);
        f->office = plc_office_new(f->s.site, NULL, &error);
        g_assert_no_error(error);
        f->desk = plc_desk_new(f->s.site, f->office);
}

static void tear_down(struct fixture *f)
{
        plc_desk_free(f->desk);
        plc_office_free(f->office);
        site_close(&f->s);
}

/* The answer with short names, or the error's sentence. Free with g_free. */
static char *ask(struct fixture *f, const char *op, const char *request, plc_code *out_code)
{
        g_autofree char *full = site_long(request);
        g_autoptr(GString) answer = g_string_new(NULL);
        g_autoptr(GError) error = NULL;

        *out_code = PLC_E_NONE;
        if (plc_desk_do(f->desk, op, full, answer, &error))
                return site_short(answer->str);
        *out_code = plc_error_code(error);
        return g_strdup(error->message);
}

static const struct act {
        const char *sentence, *events, *op, *request;
        bool shown; /* right after the answer */
        plc_code code;
        const char *told; /* in the answer, or in the error's sentence */
} acts[] = {
        {"a grant withdrawn is dark", GIVEN, "rights_withdraw", "{\"id\":\"i1\"}", false, PLC_E_NONE, "\"items\":1"},
        {"a grant narrowed to advertisements is dark on product pages", GIVEN, "rights_narrow",
         "{\"grant\":\"g1\",\"channels\":[\"ad\"]}", false, PLC_E_NONE, "\"items\":[\"i1\"]"},
        {"a grant narrowed to product pages stays there", GIVEN, "rights_narrow",
         "{\"grant\":\"g1\",\"channels\":[\"pdp\"]}", true, PLC_E_NONE, "\"items\":[\"i1\"]"},
        {"a narrowing cannot widen", "2 approve i1; " SITE_GIVEN("i1", "g1", "ch=ad edits=crop,colour"),
         "rights_narrow", "{\"grant\":\"g1\",\"channels\":[\"ad\",\"pdp\"]}", false, PLC_E_NONE, "\"grant\":\"g1\""},
        {"a narrowing says what shrinks", GIVEN, "rights_narrow", "{\"grant\":\"g1\"}", true, PLC_E_USAGE, "nothing"},
        {"no grant of that name", GIVEN, "rights_narrow", "{\"grant\":\"g9\",\"channels\":[\"pdp\"]}", true,
         PLC_E_NOT_FOUND, "no grant"},
        {"a hold on an item is dark", GIVEN, "rights_hold", "{\"id\":\"i1\",\"reason\":\"dispute\"}", false, PLC_E_NONE,
         "\"hold\":\""},
        {"a hold on a submission is dark", GIVEN, "rights_hold", "{\"id\":\"s1\",\"reason\":\"dispute\"}", false,
         PLC_E_NONE, "\"items\":[\"i1\"]"},
        {"a hold on a contributor is dark", GIVEN, "rights_hold", "{\"contributor\":\"c1\",\"reason\":\"dispute\"}",
         false, PLC_E_NONE, "\"items\":[\"i1\"]"},
        {"a hold for advertisements leaves product pages", GIVEN, "rights_hold",
         "{\"id\":\"i1\",\"reason\":\"dispute\",\"channels\":[\"ad\"]}", true, PLC_E_NONE, "\"hold\":\""},
        {"a reason that tells of somebody is refused", GIVEN, "rights_hold",
         "{\"id\":\"i1\",\"reason\":\"Mrs Smith called\"}", true, PLC_E_USAGE, "must be a code"},
        {"no hold of that name", GIVEN, "rights_lift", "{\"hold\":\"h9\"}", true, PLC_E_NOT_FOUND, "no hold"},
        {"a lifted hold opens by the queue, not before", GIVEN "; 3 hold h1 item:i1", "rights_lift",
         "{\"hold\":\"h1\"}", false, PLC_E_NONE, "\"items\":[\"i1\"]"},
        {"a hold is lifted once", GIVEN "; 3 hold h1 item:i1; 4 lift h1", "rights_lift", "{\"hold\":\"h1\"}", true,
         PLC_E_CONFLICT, "lifted already"},
        {"a grant invalidated is dark", GIVEN, "rights_invalidate", "{\"grant\":\"g1\",\"reason\":\"forged\"}", false,
         PLC_E_NONE, "\"items\":[\"i1\"]"},
        {"what was never asked for cannot be refused", GIVEN, "rights_refuse", "{\"grant\":\"g1\"}", true,
         PLC_E_NOT_FOUND, "asked for"},
        {"nobody is granted anything without terms", "2 approve i1", "rights_grant",
         "{\"id\":\"i1\",\"evidence\":\"she said so\",\"channels\":[\"pdp\"]}", false, PLC_E_MISSING_MEMBER, "terms"},
        {"nobody is granted anything without evidence", "2 approve i1", "rights_grant",
         "{\"id\":\"i1\",\"terms\":\"ugc-basic\",\"version\":3}", false, PLC_E_MISSING_MEMBER, "evidence"},
        {"an attestation names its channels", "2 approve i1", "rights_attest",
         "{\"id\":\"i1\",\"evidence\":\"she said so\"}", false, PLC_E_MISSING_MEMBER, "channels"},
        {"an attestation takes no terms", "2 approve i1", "rights_attest",
         "{\"id\":\"i1\",\"evidence\":\"she said so\",\"channels\":[\"pdp\"],\"terms\":\"ugc-basic\"}", false,
         PLC_E_UNKNOWN_MEMBER, "terms"},
        {"flags are words", GIVEN, "rights_flag", "{\"ids\":[\"i1\"],\"flags\":[\"Beer!\"]}", true, PLC_E_USAGE,
         "word"},
};

static void test_act(gconstpointer data)
{
        const struct act *row = data;
        struct fixture f = {0};
        g_autofree char *answer = NULL;
        plc_code code;

        set_up(&f, row->events, NULL);
        answer = ask(&f, row->op, row->request, &code);
        g_test_message("%s", answer);
        g_assert_cmpstr(plc_code_name(code), ==, plc_code_name(row->code));
        g_assert_nonnull(strstr(answer, row->told));
        g_assert_cmpint(site_shows(&f.s, "i1"), ==, row->shown);
        tear_down(&f);
}

#define POLICY(suitability, ai_ok)                                                                                     \
        "{\"version\":1,\"min_moderation_version\":1,\"people_must_be_declared\":[\"pdp\",\"home\",\"ad\"],"           \
        "\"likeness\":[{\"channels\":[\"ad\",\"home\"],\"territories\":[\"WW\"],\"kinds\":[\"adult\",\"minor\"]}],"    \
        "\"minors_in_ads\":false,\"required\":[],\"can_disclose\":[\"pdp\",\"home\",\"ad\"],\"ai_ok\":" ai_ok ","      \
        "\"suitability\":" suitability ",\"max_ttl\":{},\"max_grant_days\":730,"                                       \
        "\"attested_cap\":{\"channels\":[\"pdp\"],\"sublicense\":[]}}"
#define OPEN "2 approve i1; 2 give g1 licence item:i1 ch=pdp,home,ad,marketplace edits=crop,colour; "
#define MINOR OPEN "2 people i1 c1:minor; 2 give g2 likeness(c1) item:i1 ch=pdp,home,ad; "
#define ALCOHOL                                                                                                        \
        POLICY("[{\"territories\":[\"SA\"],\"flag\":\"alcohol\",\"verdict\":\"deny\"},"                                \
               "{\"territories\":[\"WW\"],\"flag\":\"alcohol\",\"verdict\":\"warn\"}]",                                \
               "[]")

static const struct scenario {
        const char *sentence, *policy, *events, *channel, *territory;
        const char *reasons, *duties, *words; /* words: in the sentences */
} scenarios[] = {
        {"a minor without a guardian is dark on the home page", NULL, MINOR, "home", "DE", "[\"MINOR\"]", "[]",
         "guardian"},
        {"a minor without a guardian is dark in ads", NULL, MINOR, "ad", "DE", "[\"MINOR\"]", "[]", "minor"},
        {"a minor with a guardian's consent is shown on the home page", NULL, MINOR "3 guardian g2", "home", "DE", "[]",
         "[]", NULL},
        {"a minor with a guardian's consent is shown on the product page", NULL, MINOR "3 guardian g2", "pdp", "DE",
         "[]", "[]", NULL},
        {"a minor is never in ads, whatever a guardian says", NULL, MINOR "3 guardian g2", "ad", "DE", "[\"MINOR\"]",
         "[]", "ads do not take"},
        {"alcohol is denied where the market does not take it", ALCOHOL, OPEN "3 flags i1 alcohol", "pdp", "SA",
         "[\"MARKET(alcohol)\"]", "[]", "(alcohol)"},
        {"alcohol is to be looked at elsewhere", ALCOHOL, OPEN "3 flags i1 alcohol", "pdp", "DE", "[]",
         "[\"REVIEW(alcohol)\"]", "look"},
        {"an incentive must be told on the product page", NULL, OPEN "3 disclose i1 incentive", "pdp", "DE", "[]",
         "[\"DISCLOSE(incentive)\"]", "beside it (incentive)"},
        {"an incentive cannot be told on a marketplace", NULL, OPEN "3 disclose i1 incentive", "marketplace", "DE",
         "[\"DISCLOSURE_IMPOSSIBLE\"]", "[]", "cannot"},
        {"what ran out tells when", NULL, "2 approve i1; 2 give g1 licence item:i1 ch=pdp until=50", "pdp", "DE",
         "[\"LICENCE:EXPIRED\"]", "[]", "has run out (2"},
        {"what is for other channels tells which", NULL, OPEN, "print", "DE", "[\"LICENCE:CHANNEL\"]", "[]",
         "(it covers pdp, home, ad, marketplace)"},
        {"what is for other countries tells which, as narrowed", NULL,
         "2 approve i1; 2 give g1 licence item:i1 ch=pdp to=DE,AT,FR; 3 narrow g1 to=AT,DE", "pdp", "US",
         "[\"LICENCE:TERRITORY\"]", "[]", "(it covers AT, DE)"},
        {"what was withdrawn tells when", NULL, OPEN "3 withdraw g1", "pdp", "DE", "[\"LICENCE:WITHDRAWN\"]", "[]",
         "was withdrawn (2"},
        {"what is held tells the hold", NULL, OPEN "3 hold h1 item:i1", "pdp", "DE", "[\"HELD\"]", "[]", "(hold h1)"},
};

static void test_scenario(gconstpointer data)
{
        const struct scenario *row = data;
        struct fixture f = {0};
        g_autofree char *answer = NULL, *reasons = g_strdup_printf("\"reasons\":%s", row->reasons);
        g_autofree char *duties = g_strdup_printf("\"duties\":%s", row->duties);
        g_autofree char *request = g_strdup_printf("{\"item\":\"i1\",\"channel\":\"%s\",\"territory\":\"%s\"}",
                                                   row->channel, row->territory);
        plc_code code;

        set_up(&f, row->events, row->policy);
        answer = ask(&f, "why", request, &code);
        g_test_message("%s", answer);
        g_assert_cmpstr(plc_code_name(code), ==, plc_code_name(PLC_E_NONE));
        g_assert_nonnull(strstr(answer, reasons));
        g_assert_nonnull(strstr(answer, duties));
        g_assert_true(row->words == NULL || strstr(answer, row->words) != NULL);
        tear_down(&f);
}

/* Pulled while it was allowed, withdrawn since: then it was right, now it is to be called back. */
static void test_pull(void)
{
        struct fixture f = {0};
        g_autoptr(plc_pull) pull = plc_pull_new();
        plc_pull_file *file = plc_pull_add_file(pull);
        g_autofree char *then = NULL, *now = NULL, *withdrawn = NULL, *recalls = NULL, *request = NULL;
        struct plc_ledger_head head;
        g_autoptr(GError) error = NULL;
        plc_db_tx *tx;
        plc_code code;

        set_up(&f, OPEN, NULL);
        g_assert_true(plc_catalog_ledger_head(f.s.site->catalog, &head, &error));
        pull->channel = g_strdup("ad");
        pull->territory = g_strdup("DE");
        pull->pulled_at = plc_now_ms();
        pull->head = head.seq;
        site_id("i1", file->item);
        file->preset = g_strdup("meta-feed-4x5");
        file->file = g_strdup("tent.jpg");
        memset(file->sha256, 'a', sizeof file->sha256 - 1);
        tx = plc_catalog_begin(f.s.site->catalog, &error);
        g_assert_true(plc_catalog_put_pull(f.s.site->catalog, pull, &error) && plc_db_commit(&tx, &error));
        recalls = ask(&f, "recalls", "{}", &code);
        g_assert_nonnull(strstr(recalls, "\"recalls\":[]"));
        withdrawn = ask(&f, "rights_withdraw", "{\"id\":\"i1\"}", &code);
        g_assert_nonnull(strstr(withdrawn, "\"file\":\"tent.jpg\""));
        g_free(g_steal_pointer(&recalls));
        recalls = ask(&f, "recalls", "{}", &code);
        g_assert_nonnull(strstr(recalls, "LICENCE:WITHDRAWN"));
        now = ask(&f, "why", "{\"item\":\"i1\",\"channel\":\"ad\",\"territory\":\"DE\"}", &code);
        g_assert_nonnull(strstr(now, "\"verdict\":\"deny\""));
        request =
                g_strdup_printf("{\"item\":\"i1\",\"channel\":\"ad\",\"territory\":\"DE\",\"pull\":\"%s\"}", pull->id);
        then = ask(&f, "why", request, &code);
        g_assert_nonnull(strstr(then, "\"verdict\":\"allow\""));
        tear_down(&f);
}

static bool has_asset(struct fixture *f, const char *bytes)
{
        char hex[PLC_SHA256_HEX_SIZE];
        g_autofree char *key = NULL;
        bool there = false;

        plc_sha256_hex(bytes, strlen(bytes), hex);
        key = g_strconcat(hex, ".jpg", NULL);
        g_assert_true(plc_blob_exists(f->s.site->assets, key, &there, NULL));
        return there;
}

/* What no other item needs is gone when it is answered, before any job has run; what another needs stays until that
 * goes, too. */
static void test_files_go_with_the_answer(void)
{
        struct fixture f = {0};
        g_autofree char *answer = NULL;
        plc_code code;

        set_up(&f, GIVEN, NULL);
        site_item(&f.s,
                  &(struct site_item){.name = "i2", .kind = "photo", .alt = "A tent", .state = PLC_ITEM_APPROVED});
        site_render(&f.s, "i2", "pdp-card", "a card of both");
        site_render(&f.s, "i1", "pdp-lightbox", "a card of both");
        site_render(&f.s, "i2", "pdp-lightbox", "a card of both");
        site_say(&f.s, SITE_APPROVED("i2") "; " SITE_GIVEN("i2", "g2", "ch=pdp,home edits=crop,colour"));
        site_publish(&f.s, "i2", 100);
        g_assert_true(has_asset(&f, "a card") && has_asset(&f, "a card of both"));
        answer = ask(&f, "rights_withdraw", "{\"id\":\"i1\"}", &code);
        g_assert_null(strstr(answer, "files_left"));
        g_assert_false(has_asset(&f, "a card"));
        g_assert_true(has_asset(&f, "a card of both"));
        g_free(answer);
        answer = ask(&f, "rights_withdraw", "{\"id\":\"i2\"}", &code);
        g_assert_false(has_asset(&f, "a card of both"));
        plc_office_drain(f.office);
        g_assert_false(has_asset(&f, "a card of both"));
        tear_down(&f);
}

/* An item whose sealed data is lost cannot be published; it keeps nobody's withdrawal from being recorded and dark. */
static void test_what_cannot_be_published_is_dark(void)
{
        struct fixture f = {0};
        g_autofree char *answer = NULL;
        char id[PLC_ID_SIZE];
        plc_code code;

        set_up(&f, GIVEN, NULL);
        g_assert_true(site_shows(&f.s, "i1"));
        site_id("c1", id);
        g_assert_true(plc_vault_destroy_key(f.s.site->vault, id, NULL));
        answer = ask(&f, "rights_narrow", "{\"grant\":\"g1\",\"channels\":[\"pdp\"]}", &code);
        g_test_message("%s", answer);
        g_assert_cmpint(code, ==, PLC_E_NONE);
        g_assert_false(site_shows(&f.s, "i1"));
        tear_down(&f);
}

/* Caches are told of what they may have, and of nothing else. */
static void test_purge(void)
{
        struct fixture f = {0};
        g_autofree char *answer = NULL, *names = NULL, *file = NULL, *list = NULL, *folder = NULL;
        plc_code code;

        set_up(&f, GIVEN, NULL);
        folder = g_build_filename(f.s.p.path, "site/purge", NULL);
        g_assert_false(g_file_test(folder, G_FILE_TEST_EXISTS)); /* what is shown for the first time is in no cache */
        answer = ask(&f, "rights_withdraw", "{\"id\":\"i1\"}", &code);
        plc_office_drain(f.office);
        names = playground_names(&f.s.p, "site/purge");
        file = g_strconcat("site/purge/", names, NULL);
        list = playground_read(&f.s.p, file);
        g_test_message("%s: %s", names, list);
        g_assert_nonnull(strstr(list, "\"why\":\"removed\""));
        g_assert_nonnull(strstr(list, "/pdp-card.640.jpg\""));
        g_assert_nonnull(strstr(list, "\"/v1/products/TENT/reviews\""));
        tear_down(&f);
}

/* The time line has a line for each event, and how each grant stands. */
static void test_show(void)
{
        struct fixture f = {0};
        g_autofree char *answer = NULL;
        plc_code code;

        set_up(&f, GIVEN "; 3 narrow g1 ch=pdp; 4 hold h1 item:i1; 5 lift h1; 6 withdraw g1", NULL);
        answer = ask(&f, "rights_show", "{\"ids\":[\"i1\"]}", &code);
        g_test_message("%s", answer);
        g_assert_nonnull(strstr(answer, "by the contributor's own act: use of the photo or text on pdp, home"));
        g_assert_nonnull(strstr(answer, "narrowed by an operator, from now on only on pdp [grant g1]"));
        g_assert_nonnull(strstr(answer, "held back: item i1 on all channels; everywhere (report)"));
        g_assert_nonnull(strstr(answer, "use of the photo or text on pdp; changed by crop, colour: withdrawn 2"));
        g_assert_nonnull(strstr(answer, "shown with it on pdp, home; changed by crop, colour: active until 2"));
        tear_down(&f);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        ADD_ROWS("/desk/rights", acts, test_act);
        ADD_ROWS("/desk/why", scenarios, test_scenario);
        g_test_add_func("/desk/rights/what was pulled and is withdrawn is called back, and was right then", test_pull);
        g_test_add_func("/desk/rights/files go before the answer, unless another item has them",
                        test_files_go_with_the_answer);
        g_test_add_func("/desk/rights/what cannot be published is dark", test_what_cannot_be_published_is_dark);
        g_test_add_func("/desk/rights/caches are told what to forget", test_purge);
        g_test_add_func("/desk/rights/the time line tells each event and each grant", test_show);
        return g_test_run();
}
