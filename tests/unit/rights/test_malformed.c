/* Is every kind of malformed line, policy and question refused, with its place and what is wrong? */
#include <placet/rights.h>

#include "rights/lines.h"
#include "unit/rights/dsl.h"

#define WHEN "\"recorded_at\":\"2026-01-02T00:00:00.000Z\",\"effective_at\":\"2026-01-01T00:00:00.000Z\""
#define HEAD "{\"seq\":1," WHEN ",\"type\":"
#define ITEM                                                                                                           \
        HEAD "\"item.ingested\",\"item\":\"i1\",\"kind\":\"photo\",\"contributor\":null,\"submission\":null,\"shows_"  \
             "identity\":false,\"provenance\":\"camera\",\"attributes\":[]"
#define GIVEN(seq, layer, subject, more)                                                                               \
        "{\"seq\":" seq "," WHEN ",\"type\":\"grant.given\",\"grant\":\"g1\"," layer ",\"subject\":" subject ","       \
        "\"not_before\":null,\"not_after\":null,\"attested\":false" more "}"
#define CAPTURED ",\"captured_at\":\"2026-01-02T00:00:00.000Z\""
#define SCOPE ",\"scope\":{\"channels\":[\"pdp\"]}"
#define LICENCE "\"layer\":\"licence\""
#define TO_ITEM "{\"item\":\"i1\"}"
#define GRANT(more) GIVEN("1", LICENCE, TO_ITEM, CAPTURED more)
#define SCOPED(scope) GRANT(",\"scope\":{\"channels\":[\"pdp\"]," scope "}")

struct row {
        const char *sentence, *text, *fault; /* fault NULL: it is accepted */
};

static const struct row events[] = {
        {"an item is accepted", ITEM "}", NULL},
        {"no events at all are accepted", "", NULL},
        {"the last line needs no line feed", ITEM "}\n{\"seq\":2," WHEN ",\"type\":\"request.access\",\"who\":[1,{}]}",
         NULL},
        {"an x_ member is accepted", ITEM ",\"x_note\":{\"deep\":[1,\"a\",null]}}", NULL},
        {"hashes are accepted and not looked at", ITEM ",\"prev_hash\":\"0\",\"hash\":\"1\"}", NULL},
        {"an item without contributor and submission is accepted",
         HEAD "\"item.ingested\",\"item\":\"i1\",\"kind\":\"review\",\"shows_identity\":true,\"provenance\":"
              "\"unknown\",\"attributes\":[\"a\"]}",
         NULL},
        {"a grant is accepted", GRANT(SCOPE), NULL},
        {"a person on likeness is accepted",
         GIVEN("1", "\"layer\":\"likeness\",\"person\":\"p1\"", TO_ITEM, CAPTURED SCOPE), NULL},
        {"no JSON", "{\"seq\":1,", "ledger, line 1: is not valid JSON"},
        {"not an object", "[1]", "ledger, line 1: must be an object (found: a list)"},
        {"a blank line", ITEM "}\n\n", "ledger, line 2: is blank"},
        {"a line of spaces", "  \r\n" ITEM "}", "ledger, line 1: is blank"},
        {"two objects in a line", ITEM "}" ITEM "}", "ledger, line 1: is not valid JSON"},
        {"a member named twice", "{\"seq\":1,\"seq\":1," WHEN ",\"type\":\"request.x\"}", "duplicate object key"},
        {"bytes that are not UTF-8", "{\"seq\":1," WHEN ",\"type\":\"request.\xff\"}", "unable to decode byte 0xff"},
        {"a fraction", "{\"seq\":1.0," WHEN ",\"type\":\"request.x\"}",
         "ledger, line 1, /seq: is a number with a fraction"},
        {"an exponent", ITEM ",\"x_a\":[{\"b\":1e2}]}", "/x_a/0/b: is a number with a fraction or an exponent"},
        {"a fraction in an event for the record", HEAD "\"pull.issued\",\"size\":1.5}",
         "/size: is a number with a fraction"},
        {"no seq", "{" WHEN ",\"type\":\"request.x\"}", "\"seq\" is missing"},
        {"seq of another type", "{\"seq\":\"1\"," WHEN ",\"type\":\"request.x\"}",
         "/seq: must be a whole number (found: \"1\")"},
        {"seq not from 1", "{\"seq\":2," WHEN ",\"type\":\"request.x\"}", "line 1, /seq: must be 1 (found: 2)"},
        {"seq 0", "{\"seq\":0," WHEN ",\"type\":\"request.x\"}", "/seq: must be at least 1"},
        {"a gap in seq", ITEM "}\n{\"seq\":3," WHEN ",\"type\":\"request.x\"}", "line 2, /seq: must be 2 (found: 3)"},
        {"a second 60",
         "{\"seq\":1,\"recorded_at\":\"2026-01-01T00:00:60.000Z\",\"effective_at\":\"2026-01-01T00:00:00.000Z\","
         "\"type\":\"request.x\"}",
         "/recorded_at: must be a time of the form"},
        {"a time without milliseconds",
         "{\"seq\":1,\"recorded_at\":\"2026-01-01T00:00:00.000Z\",\"effective_at\":\"2026-01-01T00:00:00Z\",\"type\":"
         "\"request.x\"}",
         "/effective_at: must be a time"},
        {"a time with an offset",
         "{\"seq\":1,\"recorded_at\":\"2026-01-01T00:00:00.000Z\",\"effective_at\":\"2026-01-01T00:00:00.000+00:00\","
         "\"type\":\"request.x\"}",
         "/effective_at: must be a time"},
        {"the 30th of February",
         "{\"seq\":1,\"recorded_at\":\"2026-02-30T00:00:00.000Z\",\"effective_at\":\"2026-01-01T00:00:00.000Z\","
         "\"type\":\"request.x\"}",
         "/recorded_at: must be a time"},
        {"an unknown type", HEAD "\"item.sold\"}", "/type: must be a known type of event (found: \"item.sold\")"},
        {"an unknown member", ITEM ",\"colour\":1}", "/colour: \"colour\" is not a member known here"},
        {"an unknown value", HEAD "\"item.ingested\",\"item\":\"i1\",\"kind\":\"video\"}",
         "/kind: must be one of photo, review (found: \"video\")"},
        {"a missing member", HEAD "\"item.erased\"}", "\"item\" is missing"},
        {"null where it is not allowed", HEAD "\"item.erased\",\"item\":null}",
         "\"item\" must be a string (found: null)"},
        {"a list of another type", HEAD "\"flags.set\",\"item\":\"i1\",\"flags\":[1]}",
         "/flags/0: must be a string (found: a whole number)"},
        {"a person twice in a declaration",
         HEAD "\"persons.declared\",\"item\":\"i1\",\"persons\":[{\"id\":\"p\",\"kind\":\"adult\"},{\"id\":\"p\","
              "\"kind\":\"adult\"}]}",
         "/persons: person \"p\" stands there twice"},
        {"a person of an unknown kind",
         HEAD "\"persons.declared\",\"item\":\"i1\",\"persons\":[{\"id\":\"p\",\"kind\":\"dog\"}]}",
         "/persons/0/kind: must be one of"},
        {"an unknown member of a person",
         HEAD "\"persons.declared\",\"item\":\"i1\",\"persons\":[{\"id\":\"p\",\"kind\":\"self\",\"age\":3}]}",
         "/persons/0/age"},
        {"a grant without channels", GRANT(",\"scope\":{}"), "/scope: \"channels\" is missing"},
        {"a grant without a scope", GRANT(""), "\"scope\" is missing"},
        {"channels that are null", GRANT(",\"scope\":{\"channels\":null}"),
         "\"channels\" must be a list (found: null)"},
        {"territories that are null do not mean any", SCOPED("\"territories\":null"),
         "\"territories\" must be a list (found: null)"},
        {"a channel that is none", GRANT(",\"scope\":{\"channels\":[\"tv\"]}"),
         "/scope/channels/0: must be one of pdp"},
        {"a territory in small letters", SCOPED("\"territories\":[\"DE\",\"fr\"]"),
         "/scope/territories/1: must be a territory: two capitals or WW (found: \"fr\")"},
        {"a territory of three letters", SCOPED("\"exclude\":[\"DEU\"]"), "/scope/exclude/0: must be a territory"},
        {"a language range of nine letters", SCOPED("\"languages\":[\"deutschen\"]"),
         "/scope/languages/0: must be a language range"},
        {"a language range with an underscore", SCOPED("\"languages\":[\"zh_TW\"]"), "/scope/languages/0"},
        {"a language range that ends in a hyphen", SCOPED("\"languages\":[\"de-\"]"), "/scope/languages/0"},
        {"an empty language range", SCOPED("\"languages\":[\"\"]"), "/scope/languages/0"},
        {"an edit that is none", SCOPED("\"edits\":[\"resize\"]"), "/scope/edits/0: must be one of crop"},
        {"a sublicensee that is none", SCOPED("\"sublicense\":[\"friend\"]"), "/scope/sublicense/0"},
        {"an unknown dimension", SCOPED("\"genders\":[]"), "/scope/genders"},
        {"two subjects", GIVEN("1", LICENCE, "{\"item\":\"i1\",\"submission\":\"s1\"}", CAPTURED SCOPE),
         "/subject: must name exactly one of item, submission, contributor (found: 2)"},
        {"no subject", GIVEN("1", LICENCE, "{}", CAPTURED SCOPE), "/subject: must name exactly one"},
        {"a person as the subject of a grant", GIVEN("1", LICENCE, "{\"person\":\"p1\"}", CAPTURED SCOPE),
         "/subject/person"},
        {"a person on the licence", GIVEN("1", LICENCE ",\"person\":\"p1\"", TO_ITEM, CAPTURED SCOPE),
         "\"person\" stands only on the layer likeness"},
        {"no person on likeness", GIVEN("1", "\"layer\":\"likeness\"", TO_ITEM, CAPTURED SCOPE),
         "\"person\" is missing"},
        {"an unknown credit", GRANT(SCOPE ",\"credit\":\"maybe\""),
         "/credit: must be one of required, optional, forbidden"},
        {"credit that is null", GRANT(SCOPE ",\"credit\":null"), "\"credit\" must be a string (found: null)"},
        {"evidence captured after it was recorded",
         GIVEN("1", LICENCE, TO_ITEM, SCOPE ",\"captured_at\":\"2026-01-02T00:00:00.001Z\""),
         "/captured_at: must not be later than recorded_at"},
        {"a grant that changes its layer", GRANT(SCOPE) "\n" GIVEN("2", "\"layer\":\"data\"", TO_ITEM, CAPTURED SCOPE),
         "line 2, /layer: the layer of grant \"g1\" may not change from licence to data"},
        {"a grant that changes its subject", GRANT(SCOPE) "\n" GIVEN("2", LICENCE, "{\"item\":\"i2\"}", CAPTURED SCOPE),
         "line 2, /subject: the subject of grant \"g1\" may not change"},
        {"a grant that changes the kind of its subject",
         GRANT(SCOPE) "\n" GIVEN("2", LICENCE, "{\"submission\":\"i1\"}", CAPTURED SCOPE), "line 2, /subject"},
        {"a grant that changes its person",
         GIVEN("1", "\"layer\":\"likeness\",\"person\":\"p1\"", TO_ITEM,
               CAPTURED SCOPE) "\n" GIVEN("2", "\"layer\":\"likeness\",\"person\":\"p2\"", TO_ITEM, CAPTURED SCOPE),
         "line 2, /person: the person of grant \"g1\" may not change from \"p1\" to \"p2\""},
        {"an item taken in twice",
         ITEM "}\n{\"seq\":2," WHEN ",\"type\":\"item.ingested\",\"item\":\"i1\",\"kind\":\"photo\",\"shows_identity\":"
              "false,\"provenance\":\"camera\",\"attributes\":[]}",
         "line 2, /item: item \"i1\" was ingested before"},
        {"a moderation without codes",
         HEAD "\"moderation.decided\",\"item\":\"i1\",\"verdict\":\"approved\",\"policy_version\":1}",
         "\"codes\" is missing"},
        {"a blanket withdrawal of nothing", HEAD "\"consent.withdrawn\",\"subject\":{}}",
         "/subject: must name exactly one of item, submission, contributor, person"},
        {"a hold of a person", HEAD "\"hold.placed\",\"hold\":\"h\",\"target\":{\"person\":\"p\"},\"reason\":\"r\"}",
         "/target/person"},
        {"terms in a language that is none",
         HEAD "\"terms.published\",\"terms\":\"t\",\"version\":1,\"language\":\"d e\",\"sha256\":\"0\"}",
         "/language: must be a language tag"},
};

static const struct row policies[] = {
        {"a version that is null", "\"version\":null", "policy: \"version\" must be a whole number (found: null)"},
        {"an unknown member", "\"colour\":1", "policy, /colour: \"colour\" is not a member known here"},
        {"an x_ member is accepted", "\"x_why\":\"because\"", NULL},
        {"an unknown channel", "\"ai_ok\":[\"tv\"]", "policy, /ai_ok/0: must be one of pdp"},
        {"an unknown kind of person", "\"likeness\":[{\"channels\":[],\"territories\":[],\"kinds\":[\"dog\"]}]",
         "policy, /likeness/0/kinds/0: must be one of minor"},
        {"a row without territories", "\"likeness\":[{\"channels\":[],\"kinds\":[]}]",
         "policy, /likeness/0: \"territories\" is missing"},
        {"an unknown member of a row",
         "\"suitability\":[{\"territories\":[],\"flag\":\"f\",\"verdict\":\"warn\",\"why\":1}]",
         "policy, /suitability/0/why"},
        {"an unknown verdict", "\"suitability\":[{\"territories\":[],\"flag\":\"f\",\"verdict\":\"allow\"}]",
         "policy, /suitability/0/verdict: must be one of warn, deny"},
        {"a row that is no object", "\"required\":[1]", "policy, /required/0: must be an object"},
        {"no days", "\"max_grant_days\":0", "policy, /max_grant_days: must be at least 1 (found: 0)"},
        {"a negative ttl", "\"max_ttl\":{\"ad\":-1}", "policy, /max_ttl/ad: must be at least 0"},
        {"a ttl that is null", "\"max_ttl\":{\"ad\":null}",
         "policy, /max_ttl: \"ad\" must be a whole number (found: null)"},
        {"a ttl of no channel", "\"max_ttl\":{\"tv\":1}", "policy, /max_ttl/tv"},
        {"a ttl with a fraction", "\"max_ttl\":{\"ad\":1.5}", "policy, /max_ttl/ad: is a number with a fraction"},
        {"a cap without lists is accepted", "\"attested_cap\":{}", NULL},
        {"a cap with null", "\"attested_cap\":{\"channels\":null}", "\"channels\" must be a list (found: null)"},
};

#define ASK(more)                                                                                                      \
        "{\"item\":\"i1\",\"channel\":\"pdp\",\"territory\":\"DE\",\"at\":\"2026-01-05T00:00:00.000Z\"" more "}"
static const struct row questions[] = {
        {"a short question is accepted", ASK(""), NULL},
        {"null is as absent",
         ASK(",\"language\":null,\"product\":null,\"controller\":null,\"edits\":null,\"sublicensee\":null,\"identity\":"
             "null,\"head\":null"),
         NULL},
        {"x_ members are accepted", ASK(",\"x_id\":[7]"), NULL},
        {"an item that is null is missing", "{\"item\":null}", "\"item\" must be a string (found: null)"},
        {"no item", "{}", "questions, line 1: \"item\" is missing"},
        {"the world", "{\"item\":\"i\",\"channel\":\"ad\",\"territory\":\"WW\"}",
         "/territory: must be a territory: two capitals, not WW"},
        {"an unknown channel", "{\"item\":\"i\",\"channel\":\"tv\"}", "/channel: must be one of"},
        {"a language with a blank", ASK(",\"language\":\"d e\""), "/language: must be a language tag"},
        {"an unknown edit", ASK(",\"edits\":[\"resize\"]"), "/edits/0: must be one of"},
        {"an unknown sublicensee", ASK(",\"sublicensee\":\"me\""), "/sublicensee: must be one of"},
        {"identity that is no boolean", ASK(",\"identity\":1"), "/identity: must be true or false"},
        {"a negative head", ASK(",\"head\":-1"), "/head: must be at least 0"},
        {"a head with a fraction", ASK(",\"head\":1.0"), "/head: is a number with a fraction"},
        {"a head beyond 64 bits", ASK(",\"head\":99999999999999999999"), "too big"},
        {"an unknown member", ASK(",\"colour\":1"), "/colour"},
        {"a time of another form", "{\"item\":\"i\",\"channel\":\"ad\",\"territory\":\"DE\",\"at\":\"2026-01-05\"}",
         "/at: must be a time"},
        {"a blank line", " ", "questions, line 1: is blank"},
};

static void told(const struct row *row, const GError *error, bool accepted)
{
        if (row->fault == NULL) {
                g_assert_no_error(error);
                g_assert_true(accepted);
                return;
        }
        g_assert_nonnull(error);
        g_assert_false(accepted);
        if (strstr(error->message, row->fault) == NULL)
                g_assert_cmpstr(error->message, ==, row->fault);
}

static void check_events(gconstpointer data)
{
        const struct row *row = data;
        g_autoptr(plc_ledger) ledger = plc_ledger_new(false);
        g_autoptr(GError) error = NULL;
        bool accepted = plc_ledger_add_lines(ledger, row->text, strlen(row->text), "ledger", &error);

        told(row, error, accepted);
}

static void check_policy(gconstpointer data)
{
        const struct row *row = data;
        g_autofree char *text = NULL, *name = g_strndup(row->text, strcspn(row->text, ":") + 1);
        g_autoptr(plc_policy) policy = NULL;
        g_autoptr(GError) error = NULL;
        static const char whole[] =
                "\"version\":1,\n\"min_moderation_version\":1,\n\"people_must_be_declared\":[],\n\"likeness\":[],\n"
                "\"minors_in_ads\":false,\n\"required\":[],\n\"can_disclose\":[],\n\"ai_ok\":[],\n\"suitability\":[],\n"
                "\"max_ttl\":{},\n\"max_grant_days\":730,\n\"attested_cap\":{\"channels\":[]}";
        g_auto(GStrv) members = g_strsplit(whole, ",\n", -1);
        GString *out = g_string_new("{");

        for (char **member = members; *member != NULL; member++)
                if (!g_str_has_prefix(*member, name))
                        g_string_append_printf(out, "%s,", *member);
        g_string_append_printf(out, "%s}", row->text);
        text = g_string_free(out, FALSE);
        policy = plc_policy_parse(text, strlen(text), "policy", &error);
        told(row, error, policy != NULL);
}

/* Each of its members left out in turn. */
static void every_member_of_a_policy_is_required(void)
{
        static const char *const members[] = {"version",
                                              "min_moderation_version",
                                              "people_must_be_declared",
                                              "likeness",
                                              "minors_in_ads",
                                              "required",
                                              "can_disclose",
                                              "ai_ok",
                                              "suitability",
                                              "max_ttl",
                                              "max_grant_days",
                                              "attested_cap"};
        g_autofree char *path = g_build_filename(PLC_SOURCE_DIR, "presets", "policy", "default.json", NULL);
        g_autofree char *text = NULL;
        gsize size;

        g_assert_true(g_file_get_contents(path, &text, &size, NULL));
        for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
                g_autofree char *quoted = g_strdup_printf("\"%s\":", members[i]), *wanted = NULL, *cut = g_strdup(text);
                g_autoptr(plc_policy) policy = NULL;
                g_autoptr(GError) error = NULL;
                char *at = strstr(cut, quoted);

                g_assert_nonnull(at);
                memcpy(at, "\"x_", 3); /* the name of a member of one's own: the one asked for is gone */
                policy = plc_policy_parse(cut, size, "policy", &error);
                wanted = g_strdup_printf("policy: \"%s\" is missing", members[i]);
                g_assert_null(policy);
                g_assert_cmpstr(error->message, ==, wanted);
        }
}

static void the_shipped_policy_has_the_stated_defaults(void)
{
        g_autofree char *path = g_build_filename(PLC_SOURCE_DIR, "presets", "policy", "default.json", NULL);
        g_autoptr(plc_policy) p = NULL;
        GError *error = NULL;

        p = plc_policy_load(path, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(p->people_must_be_declared, ==, (1u << PLC_CHANNELS) - 1);
        g_assert_cmpuint(p->likeness_count, ==, 2);
        g_assert_cmpuint(p->likeness[0].kinds, ==, 1u << PLC_PERSON_ADULT | 1u << PLC_PERSON_MINOR);
        g_assert_cmpuint(p->likeness[0].channels, ==,
                         1u << PLC_CHANNEL_AD | 1u << PLC_CHANNEL_EMAIL | 1u << PLC_CHANNEL_SOCIAL |
                                 1u << PLC_CHANNEL_HOME | 1u << PLC_CHANNEL_LANDING | 1u << PLC_CHANNEL_PRINT);
        g_assert_cmpuint(p->likeness[1].kinds, ==, 1u << PLC_PERSON_SELF);
        g_assert_cmpuint(p->likeness[1].channels, ==, 1u << PLC_CHANNEL_AD);
        g_assert_true(plc_territories_has(&p->likeness[1].territories, PLC_TERRITORY_WORLD));
        g_assert_false(p->minors_in_ads);
        g_assert_cmpuint(p->required_count, ==, 1);
        g_assert_cmpstr(p->required[0].attribute, ==, "experience_date");
        g_assert_cmpint(p->required[0].kind, ==, PLC_KIND_REVIEW);
        g_assert_cmpuint(p->can_disclose, ==, ((1u << PLC_CHANNELS) - 1) & ~(1u << PLC_CHANNEL_MARKETPLACE));
        g_assert_cmpuint(p->ai_ok, ==, 0);
        for (int channel = 0; channel < PLC_CHANNELS; channel++)
                g_assert_cmpint(p->max_ttl[channel], ==,
                                channel == PLC_CHANNEL_AD      ? 30 * 86400
                                : channel == PLC_CHANNEL_EMAIL ? 14 * 86400
                                                               : -1);
        g_assert_cmpint(p->max_grant_days, ==, 730);
        g_assert_cmpuint(p->cap_channels, ==, 1u << PLC_CHANNEL_PDP);
        g_assert_cmpuint(p->cap_sublicense, ==, 0);
}

static void note_answer(void *user, size_t line, const char *json)
{
        g_string_append_printf(user, "%zu %.17s\n", line, json);
}

static void note_fault(void *user, const char *sentence)
{
        g_string_append_printf(user, "fault %s\n", sentence);
}

static char *run(const char *events_text, const char *policy_text, const char *questions_text, size_t faults)
{
        const struct plc_input ledger = {"ledger", events_text, strlen(events_text)};
        const struct plc_input policy = {"policy", policy_text, strlen(policy_text)};
        const struct plc_input asked = {"questions", questions_text, strlen(questions_text)};
        GString *out = g_string_new(NULL);
        const struct plc_decide_calls calls = {.user = out, .answer = note_answer, .fault = note_fault};

        g_assert_cmpuint(plc_decide_jsonl(&ledger, &policy, &asked, &calls), ==, faults);
        return g_string_free(out, FALSE);
}

static void check_question(gconstpointer data)
{
        const struct row *row = data;
        g_autofree char *path = g_build_filename(PLC_SOURCE_DIR, "presets", "policy", "default.json", NULL);
        g_autofree char *policy = NULL, *found = NULL;

        g_assert_true(g_file_get_contents(path, &policy, NULL, NULL));
        found = run("", policy, row->text, row->fault != NULL);
        if (row->fault == NULL)
                g_assert_cmpstr(found, ==, "1 {\"verdict\":\"deny\"\n");
        else if (strstr(found, row->fault) == NULL || !g_str_has_prefix(found, "fault questions, line 1"))
                g_assert_cmpstr(found, ==, row->fault);
}

static void a_malformed_question_leaves_the_others_answered(void)
{
        g_autofree char *path = g_build_filename(PLC_SOURCE_DIR, "presets", "policy", "default.json", NULL);
        g_autofree char *policy = NULL, *some = NULL, *none = NULL, *no_policy = NULL;

        g_assert_true(g_file_get_contents(path, &policy, NULL, NULL));
        some = run(ITEM "}\n", policy, ASK("") "\n{}\n" ASK("") "\n", 1);
        g_assert_cmpstr(some, ==,
                        "1 {\"verdict\":\"deny\"\nfault questions, line 2: \"item\" is missing. Add it.\n3 "
                        "{\"verdict\":\"deny\"\n");
        none = run(ITEM "}\n\n", policy, ASK("") "\n{}\n", 1);
        g_assert_cmpstr(none, ==, "fault ledger, line 2: is blank. Remove it.\n");
        no_policy = run(ITEM "}\n", "{}", ASK(""), 1);
        g_assert_cmpstr(no_policy, ==, "fault policy: \"version\" is missing. Add it.\n");
}

static char *no_such_tag(const char *tag)
{
        return strcmp(tag, "de") == 0 ? g_strdup("de-Latn-DE") : NULL;
}

static void a_tag_that_no_library_knows_is_matched_as_it_stands(void)
{
        static const struct row rows[] = {
                {"the library is asked", "de", "de-Latn-DE"},
                {"it says that there is none", "fr", NULL},
                {"a star stays", "de-*", "de-*"},
                {"alone too", "*", "*"},
        };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *full = plc_language_full(rows[i].text, no_such_tag);

                g_assert_cmpstr(full, ==, rows[i].fault);
        }
}

static void a_sparse_ledger_may_have_gaps_but_rises(void)
{
        static const char first[] = "{\"seq\":7," WHEN ",\"type\":\"request.x\"}";
        g_autoptr(plc_ledger) ledger = plc_ledger_new(true);
        g_autoptr(GError) error = NULL;

        g_assert_true(plc_ledger_add_line(ledger, first, strlen(first), "row", NULL));
        g_assert_cmpint(plc_ledger_head(ledger), ==, 7);
        g_assert_false(plc_ledger_add_line(ledger, first, strlen(first), "row", &error));
        g_assert_cmpstr(error->message, ==, "row, /seq: must be greater than 7 (found: 7)");
        g_assert_cmpuint(plc_ledger_size(ledger), ==, 1);
}

static void an_event_is_chained_by_its_canonical_form(void)
{
        static const char text[] =
                "{ \"type\":\"item.erased\",\"hash\":\"zz\", \"item\":\"\\u00e9\\n\", \"seq\":1, \"prev_hash\":\"\"}";
        char zero[PLC_SHA256_HEX_SIZE], hash[PLC_SHA256_HEX_SIZE], next[PLC_SHA256_HEX_SIZE];
        g_autofree char *canonical = plc_event_canonical(text, strlen(text), NULL);

        g_assert_cmpstr(canonical, ==, "{\"item\":\"\xc3\xa9\\n\",\"seq\":1,\"type\":\"item.erased\"}");
        memset(zero, '0', sizeof zero - 1);
        zero[sizeof zero - 1] = '\0';
        g_assert_true(plc_event_hash(NULL, canonical, hash));
        g_assert_true(plc_event_hash(zero, canonical, next));
        g_assert_cmpstr(hash, ==, next);
        g_assert_true(plc_event_hash(hash, canonical, next));
        g_assert_cmpstr(hash, !=, next);
        g_assert_false(plc_event_hash("00", canonical, next));
        /* printf '%064d' 0 | xxd -r -p, then the text, through sha256sum */
        g_assert_cmpstr(hash, ==, "139567f3094c3778653f2aa156ce19cd699edc63ec7738249fa2c8cc40360bea");
}

static void an_event_says_by_which_ids_it_is_found(void)
{
        g_autoptr(plc_ledger) ledger =
                dsl_ledger("1 item i1 photo by=c1 in=s1; 1 give g1 likeness(p1) submission:s1 ch=ad; "
                           "1 shred c1; 1 revoke person:p1; 1 hold h1 item:i1; 1 lift h1; 1 noise x");
        static const char *const expected[] = {"1i1", "5g1 2s1", "3c1", "4p1", "6h1 1i1", "6h1", ""};

        for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
                g_autoptr(GArray) mentions = g_array_new(FALSE, FALSE, sizeof(struct plc_mention));
                g_autoptr(GString) found = g_string_new(NULL);

                plc_event_mentions(plc_ledger_at(ledger, i), mentions);
                for (guint j = 0; j < mentions->len; j++) {
                        const struct plc_mention *m = &g_array_index(mentions, struct plc_mention, j);

                        g_string_append_printf(found, "%s%d%s", j > 0 ? " " : "", (int)m->kind, m->id);
                }
                g_assert_cmpstr(found->str, ==, expected[i]);
        }
}

static void language_ranges_match_as_rfc_4647_says(void)
{
        static const struct {
                const char *range, *tag;
                bool matches;
        } rows[] = {
                {"de", "de-Latn-DE", true},
                {"DE", "de", true},
                {"de-DE", "de-Latn-DE", true},
                {"de-*-DE", "de-Latn-DE", true},
                {"de-DE", "de-Latn-AT", false},
                {"de-DE", "de", false},
                {"de-DE", "de-x-DE", false},
                {"de-DE", "de-Deva", false},
                {"*", "fr", true},
                {"*-CH", "fr-Latn-CH", true},
                {"*-CH", "fr-Latn-FR", false},
                {"zh-TW", "zh-Hant-TW", true},
                {"zh-Hans", "zh-Hant-TW", false},
                {"zh-Hant", "zh-Hant-TW-x-a", true},
                {"d", "de", false},
                {"de-1996", "de-Latn-DE-1996", true},
                {"en-*", "en", true},
        };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
                if (plc_language_match(rows[i].range, rows[i].tag) != rows[i].matches)
                        g_error("%s against %s", rows[i].range, rows[i].tag);
}

static void add_rows(const char *table, const struct row *rows, size_t count, GTestDataFunc check)
{
        for (size_t i = 0; i < count; i++) {
                g_autofree char *path = g_strdup_printf("/malformed/%s/%s", table, rows[i].sentence);

                g_test_add_data_func(path, &rows[i], check);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        add_rows("event", events, G_N_ELEMENTS(events), check_events);
        add_rows("policy", policies, G_N_ELEMENTS(policies), check_policy);
        add_rows("question", questions, G_N_ELEMENTS(questions), check_question);
        g_test_add_func("/policy/every member is required", every_member_of_a_policy_is_required);
        g_test_add_func("/policy/the shipped one has the stated defaults", the_shipped_policy_has_the_stated_defaults);
        g_test_add_func("/jsonl/a malformed question leaves the others answered",
                        a_malformed_question_leaves_the_others_answered);
        g_test_add_func("/language/a tag that no library knows is matched as it stands",
                        a_tag_that_no_library_knows_is_matched_as_it_stands);
        g_test_add_func("/ledger/a sparse one may have gaps but rises", a_sparse_ledger_may_have_gaps_but_rises);
        g_test_add_func("/event/it is chained by its canonical form", an_event_is_chained_by_its_canonical_form);
        g_test_add_func("/event/it says by which ids it is found", an_event_says_by_which_ids_it_is_found);
        g_test_add_func("/language/ranges match as RFC 4647 says", language_ranges_match_as_rfc_4647_says);
        return g_test_run();
}
