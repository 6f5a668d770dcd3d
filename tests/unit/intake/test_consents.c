/* What may be done with a drop, by what its contributor said? A consent, a question, and decide()'s answer to it. */
#include "intake/consents.h"

#include "base/clock.h"
#include "rights/decide.h"
#include "support/rows.h"

#define NOW INT64_C(1793664000000) /* 2026-11-03T00:00:00.000Z */
#define BASIC                                                                                                          \
        "\"terms\":\"ugc-basic\",\"version\":3,\"text_sha256\":"                                                       \
        "\"e86ee079510227ead52da99cac27e0e726ea014a0f379328e89b5885128370e0\","
#define ADS                                                                                                            \
        "\"terms\":\"ugc-ads\",\"version\":1,\"text_sha256\":"                                                         \
        "\"66de1d1caa5fb33c052accaf593997c505bdc9dae1559d77d91b3f0cef99e75b\","
#define OTHER_TEXT                                                                                                     \
        "\"terms\":\"ugc-ads\",\"version\":1,\"text_sha256\":"                                                         \
        "\"0000000000000000000000000000000000000000000000000000000000000000\","
#define JULY "\"captured_at\":\"2026-07-01T00:00:00.000Z\""
#define LATER "\"captured_at\":\"2026-07-02T00:00:00.000Z\"" /* of two that fail alike, the later one is told */
#define TICKED ",\"evidence\":{\"text\":\"ticked the box\"}"

struct row {
        const char *sentence;
        bool trusted;
        const char *consent;  /* members of one consent, or several objects' joined by "},{" */
        const char *more;     /* further members of the submission, or "" */
        const char *events;   /* layers in order: plain own act, ~ attested, ? requested */
        const char *question; /* CHANNEL TERRITORY DATE [crop] [name] [sub] */
        const char *answer;   /* allow and duties, or the reasons */
};

#define SELF ",\"photos\":[{\"file\":\"a.jpg\",\"people\":\"self\"}]"
#define NONE ",\"photos\":[{\"file\":\"a.jpg\",\"people\":\"none\"}]"
#define RELEASED                                                                                                       \
        ",\"photos\":[{\"file\":\"a.jpg\",\"people\":\"others\",\"persons\":[{\"id\":\"p1\",\"kind\":\"adult\","       \
        "\"release\":{\"text\":\"signed on paper\",\"captured_at\":\"2026-07-01T00:00:00.000Z\"}}]}]"
#define UNRELEASED                                                                                                     \
        ",\"photos\":[{\"file\":\"a.jpg\",\"people\":\"others\",\"persons\":[{\"id\":\"p1\",\"kind\":\"adult\"}]}]"
#define CREDIT(word) ",\"contributor\":{\"id\":\"c\",\"credit\":\"" word "\"}" NONE
#define OWN "licence data likeness"
#define NOTHING "LICENCE:NO_GRANT"

static const struct row rows[] = {
        {"registered terms from a trusted source give the terms' scope", true, BASIC JULY, NONE, OWN,
         "pdp DE 2026-08-01", "allow"},
        {"a photo may be cropped where the terms say so", true, BASIC JULY, NONE, OWN, "pdp DE 2026-08-01 crop",
         "allow"},
        {"the name may be shown where the terms give it", true, BASIC JULY, NONE, OWN, "pdp DE 2026-08-01 name",
         "allow"},
        {"the name may not where only the photo is given", true, BASIC JULY, NONE, OWN, "social DE 2026-08-01 name",
         "DATA:CHANNEL"},
        {"a channel that the terms do not give stays closed", true, BASIC JULY, NONE, OWN, "ad DE 2026-08-01",
         "LICENCE:CHANNEL"},
        {"asking for more channels than the terms give gives none of them", true,
         BASIC JULY ",\"channels\":[\"ad\",\"email\"]", NONE, "", "ad DE 2026-08-01", NOTHING},
        {"asking for one given and one not gives the one", true, BASIC JULY ",\"channels\":[\"pdp\",\"ad\"]", NONE, OWN,
         "ad DE 2026-08-01", "LICENCE:CHANNEL"},
        {"fewer channels than the terms give", true, BASIC JULY ",\"channels\":[\"home\"]", NONE, OWN,
         "pdp DE 2026-08-01", "LICENCE:CHANNEL"},
        {"fewer territories than the terms give", true, BASIC JULY ",\"territories\":[\"DE\",\"AT\"]", NONE, OWN,
         "pdp FR 2026-08-01", "LICENCE:TERRITORY"},
        {"WW and DE is DE", true, BASIC JULY ",\"territories\":[\"DE\"]", NONE, OWN, "pdp DE 2026-08-01", "allow"},
        {"WW and WW is WW", true, BASIC JULY ",\"territories\":[\"WW\"]", NONE, OWN, "pdp JP 2026-08-01", "allow"},
        {"an excluded territory is out", true, BASIC JULY ",\"exclude\":[\"CN\"]", NONE, OWN, "pdp CN 2026-08-01",
         "LICENCE:TERRITORY"},
        {"and only that one", true, BASIC JULY ",\"exclude\":[\"CN\"]", NONE, OWN, "pdp TW 2026-08-01", "allow"},
        {"fewer edits than the terms give", true, BASIC JULY ",\"edits\":[\"colour\"]", NONE, OWN,
         "pdp DE 2026-08-01 crop", "LICENCE:EDIT"},
        {"edits that the terms do not give stay closed", true, BASIC JULY ",\"edits\":[\"crop\",\"ai\"]", NONE, OWN,
         "pdp DE 2026-08-01 ai", "LICENCE:EDIT"},
        {"a sublicence that the terms give", true, ADS JULY, NONE, OWN, "ad DE 2026-08-01 sub", "allow"},
        {"a sublicence that the consent takes away", true, ADS JULY ",\"sublicense\":[\"retailer\"]", NONE, OWN,
         "ad DE 2026-08-01 sub", "LICENCE:SUBLICENCE"},
        {"a sublicence that the terms do not give", true, BASIC JULY ",\"sublicense\":[\"ad_platform\"]", NONE, OWN,
         "pdp DE 2026-08-01 sub", "LICENCE:SUBLICENCE"},
        {"it ends with the terms' days", true, BASIC JULY, NONE, OWN, "pdp DE 2028-06-30", "LICENCE:EXPIRED"},
        {"the day before it has not ended", true, BASIC JULY, NONE, OWN, "pdp DE 2028-06-29", "allow"},
        {"it ends earlier where the consent says so", true, BASIC JULY ",\"not_after\":\"2026-09-01T00:00:00Z\"", NONE,
         OWN, "pdp DE 2026-09-01", "LICENCE:EXPIRED"},
        {"it never ends later than the terms' days", true, BASIC JULY ",\"not_after\":\"2036-09-01T00:00:00Z\"", NONE,
         OWN, "pdp DE 2028-07-01", "LICENCE:EXPIRED"},
        {"it begins where the consent says so", true, BASIC JULY ",\"not_before\":\"2026-09-01T00:00:00Z\"", NONE, OWN,
         "pdp DE 2026-08-31", "LICENCE:NOT_YET"},
        {"before it was given there is none", true, BASIC JULY, NONE, OWN, "pdp DE 2026-06-30", NOTHING},
        {"a source that nobody trusts opens nothing", false, BASIC JULY, NONE, "?licence ?data", "pdp DE 2026-08-01",
         NOTHING},
        {"another text than the registered one opens nothing", true, OTHER_TEXT JULY, NONE, "?licence ?data",
         "pdp DE 2026-08-01", NOTHING},
        {"no text named opens nothing", true, "\"terms\":\"ugc-basic\",\"version\":3," JULY, NONE, "?licence ?data",
         "pdp DE 2026-08-01", NOTHING},
        {"another version of the terms opens nothing", true,
         "\"terms\":\"ugc-basic\",\"version\":4,\"text_sha256\":"
         "\"e86ee079510227ead52da99cac27e0e726ea014a0f379328e89b5885128370e0\"," JULY,
         NONE, "?licence ?data", "pdp DE 2026-08-01", NOTHING},
        {"captured before the terms were in force opens nothing", true,
         BASIC "\"captured_at\":\"2026-05-31T23:59:59.999Z\"", NONE, "?licence ?data", "pdp DE 2026-08-01", NOTHING},
        {"captured when they came into force is their own act", true, BASIC "\"captured_at\":\"2026-06-01T00:00:00Z\"",
         NONE, OWN, "pdp DE 2026-08-01", "allow"},
        {"evidence from an untrusted source is an attestation, good for a product page", false,
         BASIC JULY TICKED ",\"channels\":[\"pdp\",\"ad\"]", NONE, "~licence ~data", "pdp DE 2026-08-01", "allow"},
        {"and not for an advertisement", false, BASIC JULY TICKED ",\"channels\":[\"pdp\",\"ad\"]", NONE,
         "~licence ~data", "ad DE 2026-08-01", "LICENCE:ATTESTED"},
        {"evidence for no channel is a request", false, BASIC JULY TICKED, NONE, "?licence ?data", "pdp DE 2026-08-01",
         NOTHING},
        {"evidence with another text is an attestation too", true, OTHER_TEXT JULY TICKED ",\"channels\":[\"pdp\"]",
         NONE, "~licence ~data", "pdp DE 2026-08-01", "allow"},
        {"an attestation keeps its territories", false,
         BASIC JULY TICKED ",\"channels\":[\"pdp\"],\"territories\":[\"AT\"]", NONE, "~licence ~data",
         "pdp DE 2026-08-01", "LICENCE:TERRITORY"},
        {"no consent at all", true, NULL, NONE, "", "pdp DE 2026-08-01", NOTHING},
        {"two consents are two grants, and neither is stitched to the other", true,
         ADS JULY ",\"channels\":[\"ad\"],\"territories\":[\"US\"]},{" BASIC LATER ",\"territories\":[\"DE\"]", NONE,
         OWN " " OWN, "ad DE 2026-08-01", "LICENCE:CHANNEL"},
        {"credit asked for is a duty", true, BASIC JULY, CREDIT("required"), OWN, "pdp DE 2026-08-01", "allow CREDIT"},
        {"credit forbidden is a duty", true, BASIC JULY, CREDIT("forbidden"), OWN, "pdp DE 2026-08-01",
         "allow NO_CREDIT"},
        {"credit as one likes is none", true, BASIC JULY, CREDIT("optional"), OWN, "pdp DE 2026-08-01", "allow"},
        {"their own face may go into an advertisement by their own act", true, ADS JULY, SELF, OWN, "ad DE 2026-08-01",
         "allow"},
        {"and stays out by terms that do not give it", true, BASIC LATER "},{" ADS JULY ",\"territories\":[\"US\"]",
         SELF, OWN " " OWN, "ad DE 2026-08-01", "LICENCE:CHANNEL LIKENESS(C):CHANNEL"},
        {"another's face needs that other's release", true, ADS JULY, UNRELEASED, OWN, "email DE 2026-08-01",
         "LIKENESS(P1):NO_GRANT"},
        {"a release that the operator brings is an attestation, no good for e-mail", true, ADS JULY, RELEASED,
         OWN " ~likeness", "email DE 2026-08-01", "LIKENESS(P1):ATTESTED"},
        {"on a product page nobody needs it", true, ADS JULY, RELEASED, OWN " ~likeness", "pdp DE 2026-08-01", "allow"},
        {"a release covers no more than the consent asks for", true, ADS JULY ",\"territories\":[\"FR\"]", RELEASED,
         OWN " ~likeness", "email DE 2026-08-01", "LICENCE:TERRITORY LIKENESS(P1):TERRITORY LIKENESS(P1):ATTESTED"},
};

/* A vault, the shipped terms, and what consents make. */
struct scene {
        struct playground p;
        plc_vault *vault;
        plc_terms_registry *terms;
        plc_policy *policy;
        char submission[PLC_ID_SIZE], contributor[PLC_ID_SIZE], person[PLC_ID_SIZE];
        GPtrArray *events, *grants;
};

static void scene_open(struct scene *s)
{
        plc_autofd int vault = -1, keys = -1;
        g_autoptr(GError) error = NULL;

        *s = (struct scene){0};
        playground_open(&s->p);
        g_assert_true(plc_make_dir_at(s->p.fd, "vault", 0700, NULL) && plc_make_dir_at(s->p.fd, "keys", 0700, NULL) &&
                      plc_open_dir(s->p.fd, "vault", &vault, NULL) && plc_open_dir(s->p.fd, "keys", &keys, NULL));
        g_assert_true(plc_vault_create(keys, &error));
        s->vault = plc_vault_open(vault, keys, &error);
        g_assert_no_error(error);
        s->terms = plc_terms_load(PLC_SOURCE_DIR "/presets/terms", NULL, &error);
        g_assert_no_error(error);
        s->policy = plc_policy_load(PLC_SOURCE_DIR "/presets/policy/default.json", &error);
        g_assert_no_error(error);
        plc_id_new(s->submission);
        plc_id_new(s->contributor);
        plc_id_new(s->person);
        g_assert_true(plc_vault_ensure_key(s->vault, s->contributor, &error));
        s->events = g_ptr_array_new_with_free_func(g_free);
        s->grants = g_ptr_array_new_with_free_func((GDestroyNotify)plc_grant_record_free);
}

static void scene_close(struct scene *s)
{
        plc_vault_close(s->vault);
        plc_terms_free(s->terms);
        plc_policy_free(s->policy);
        g_ptr_array_unref(s->events);
        g_ptr_array_unref(s->grants);
        playground_close(&s->p);
}

static plc_manifest *read_manifest(const char *consent, const char *more)
{
        struct plc_manifest_limits limits = plc_manifest_default_limits;
        g_autofree char *consents = consent != NULL ? g_strdup_printf("{%s}", consent) : g_strdup("");
        g_autofree char *json = g_strdup_printf(
                "{\"schema\":\"placet.submission/1\",\"id\":\"a\",\"source\":\"s\",\"consents\":[%s]%s}", consents,
                more);
        g_autoptr(GError) error = NULL;
        plc_manifest *manifest;

        limits.now_ms = NOW;
        manifest =
                plc_manifest_parse(json, strlen(json), "submission.json", PLC_MANIFEST_FOLDER, NULL, &limits, &error);
        g_assert_no_error(error);
        return manifest;
}

static void run_consents(struct scene *s, const plc_manifest *manifest, bool trusted, GError **error)
{
        const char *const people[] = {s->person};
        struct plc_consents consents = {.trusted = trusted,
                                        .terms = s->terms,
                                        .vault = s->vault,
                                        .submission = s->submission,
                                        .contributor = s->contributor,
                                        .folder_fd = s->p.fd,
                                        .now_ms = NOW,
                                        .events = s->events,
                                        .grants = s->grants};

        if (!plc_consents_add(&consents, manifest, error))
                return;
        for (size_t i = 0; i < manifest->n_photos; i++)
                if (!plc_consents_add_releases(&consents, manifest, &manifest->photos[i], people, error))
                        return;
}

static void add_event(plc_ledger *ledger, const char *members)
{
        const char *effective =
                strstr(members, "\"effective_at\"") != NULL ? "" : "\"effective_at\":\"2026-11-03T00:00:00.000Z\",";
        g_autofree char *line = g_strdup_printf("{\"seq\":%" G_GINT64_FORMAT ",\"recorded_at\":"
                                                "\"2026-11-03T00:00:00.000Z\",%s%s",
                                                plc_ledger_head(ledger) + 1, effective, members + 1);
        g_autoptr(GError) error = NULL;

        plc_ledger_add_line(ledger, line, strlen(line), "ledger", &error);
        g_test_message("%s", line);
        g_assert_no_error(error);
}

/* Everything but the grants: a photo that a moderator approved, with nothing to disclose. */
static plc_ledger *make_ledger(const struct scene *s, const plc_manifest *manifest)
{
        static const char past[] = "\"effective_at\":\"2026-01-01T00:00:00.000Z\",\"item\":\"I\"";
        const char *people = manifest->photos[0].people;
        plc_ledger *ledger = plc_ledger_new(false);
        g_autofree char *ingested = g_strdup_printf("{\"type\":\"item.ingested\",%s,\"kind\":\"photo\",\"contributor\":"
                                                    "\"%s\",\"submission\":\"%s\",\"shows_identity\":false,"
                                                    "\"provenance\":\"camera\",\"attributes\":[]}",
                                                    past, s->contributor, s->submission);
        g_autofree char *person = strcmp(people, "none") == 0 ? g_strdup("")
                                  : strcmp(people, "self") == 0
                                          ? g_strdup_printf("{\"id\":\"%s\",\"kind\":\"self\"}", s->contributor)
                                          : g_strdup_printf("{\"id\":\"%s\",\"kind\":\"adult\"}", s->person);
        g_autofree char *persons = g_strdup_printf("{\"type\":\"persons.declared\",%s,\"persons\":[%s]}", past, person);
        g_autofree char *approved = g_strdup_printf("{\"type\":\"moderation.decided\",%s,\"verdict\":\"approved\","
                                                    "\"policy_version\":1,\"codes\":[]}",
                                                    past);
        g_autofree char *disclosed = g_strdup_printf("{\"type\":\"disclosure.set\",%s,\"connection\":\"none\","
                                                     "\"verification\":\"order\"}",
                                                     past);

        add_event(ledger, ingested);
        add_event(ledger, persons);
        add_event(ledger, approved);
        add_event(ledger, disclosed);
        for (guint i = 0; i < s->events->len; i++)
                add_event(ledger, s->events->pdata[i]);
        return ledger;
}

static char *layers(const GPtrArray *events)
{
        GString *out = g_string_new(NULL);

        for (guint i = 0; i < events->len; i++) {
                g_autoptr(plc_json) event = plc_json_parse(events->pdata[i], strlen(events->pdata[i]), "event",
                                                           &plc_json_default_limits, NULL);
                bool attested = false;

                plc_json_get_bool(event, "attested", PLC_OPTIONAL, &attested, NULL);
                g_string_append_printf(out, "%s%s%s", i > 0 ? " " : "",
                                       strcmp(plc_json_string(plc_json_member(event, "type")), "grant.given") != 0 ? "?"
                                       : attested                                                                  ? "~"
                                                                                                                   : "",
                                       plc_json_string(plc_json_member(event, "layer")));
        }
        return g_string_free(out, FALSE);
}

/* "pdp DE 2026-08-01 crop name sub" */
static char *ask(const struct scene *s, const plc_ledger *ledger, const char *sentence)
{
        g_auto(GStrv) words = g_strsplit(sentence, " ", -1);
        const char *const *word = (const char *const *)words;
        struct plc_question question = {
                .item = "I",
                .channel = (plc_channel)plc_word_index(plc_channel_words, words[0]),
                .territory = words[1],
                .edits = (g_strv_contains(word, "crop") ? 1u << PLC_EDIT_CROP : 0) |
                         (g_strv_contains(word, "ai") ? 1u << PLC_EDIT_AI : 0),
                .sublicensee = g_strv_contains(word, "sub") ? PLC_SUBLICENSEE_AD_PLATFORM : -1,
                .identity = g_strv_contains(word, "name") ? PLC_IDENTITY_SHOWN : PLC_IDENTITY_HIDDEN,
                .head = PLC_HEAD_END,
        };
        struct plc_verdict verdict = {0};
        GString *out = g_string_new(NULL);

        g_assert_true(plc_time_parse_rfc3339(words[2], &question.at));
        plc_decide(ledger, s->policy, &question, &verdict);
        if (verdict.allow)
                g_string_append(out, "allow");
        for (guint i = 0; i < verdict.reasons->len; i++)
                g_string_append_printf(out, "%s%s", out->len > 0 ? " " : "", (char *)verdict.reasons->pdata[i]);
        for (guint i = 0; i < verdict.duties->len; i++)
                g_string_append_printf(out, " %s", (char *)verdict.duties->pdata[i]);
        plc_verdict_clear(&verdict);
        g_string_replace(out, s->contributor, "C", 0);
        g_string_replace(out, s->person, "P1", 0);
        return g_string_free(out, FALSE);
}

static void test_row(gconstpointer data)
{
        const struct row *row = data;
        g_autoptr(plc_manifest) manifest = read_manifest(row->consent, row->more);
        g_autoptr(plc_ledger) ledger = NULL;
        g_autofree char *found = NULL, *answer = NULL;
        g_autoptr(GError) error = NULL;
        struct scene s;

        scene_open(&s);
        run_consents(&s, manifest, row->trusted, &error);
        g_assert_no_error(error);
        found = layers(s.events);
        g_assert_cmpstr(found, ==, row->events);
        g_assert_cmpuint(s.grants->len, ==, s.events->len);
        ledger = make_ledger(&s, manifest);
        answer = ask(&s, ledger, row->question);
        g_assert_cmpstr(answer, ==, row->answer);
        scene_close(&s);
}

static void test_evidence_is_sealed(void)
{
        g_autoptr(plc_manifest) manifest = read_manifest(BASIC JULY TICKED, NONE);
        g_autofree char *what = NULL, *text = NULL;
        g_autoptr(GError) error = NULL;
        const plc_grant_record *grant;
        char hmac[PLC_SHA256_HEX_SIZE];
        struct scene s;

        scene_open(&s);
        run_consents(&s, manifest, true, &error);
        g_assert_no_error(error);
        grant = s.grants->pdata[0];
        what = g_strdup_printf("grant/%s/evidence", grant->id);
        g_assert_true(plc_vault_unseal_text(s.vault, s.contributor, what, grant->sealed_evidence, &text, &error));
        g_assert_cmpstr(text, ==, "ticked the box");
        g_assert_true(plc_vault_evidence_hmac(s.vault, s.contributor, text, strlen(text), hmac, &error));
        g_assert_nonnull(strstr(s.events->pdata[0], hmac));
        for (guint i = 0; i < s.events->len; i++)
                g_assert_null(strstr(s.events->pdata[i], "ticked")); /* the ledger holds no clear text */
        scene_close(&s);
}

static void test_evidence_file(void)
{
        g_autoptr(plc_manifest) manifest = read_manifest(BASIC JULY ",\"evidence\":{\"file\":\"form.pdf\"}", NONE);
        g_autoptr(GError) error = NULL, gone = NULL;
        plc_autofd int fd = -1;
        const plc_grant_record *grant;
        struct scene s, t;

        scene_open(&s);
        playground_write(&s.p, "form.pdf", "signed");
        run_consents(&s, manifest, true, &error);
        g_assert_no_error(error);
        grant = s.grants->pdata[0];
        g_assert_true(plc_vault_unseal_memfd(s.vault, s.contributor, grant->evidence_blob, &fd, &error));
        g_assert_null(grant->sealed_evidence);
        scene_close(&s);
        scene_open(&t);
        run_consents(&t, manifest, true, &gone);
        assert_code(gone, PLC_E_NOT_FOUND);
        scene_close(&t);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        ADD_ROWS("/consents", rows, test_row)
        g_test_add_func("/consents/evidence is sealed, the ledger holds its HMAC", test_evidence_is_sealed);
        g_test_add_func("/consents/a file of evidence is sealed, and missed when it is gone", test_evidence_file);
        return g_test_run();
}
