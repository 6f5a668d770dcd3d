/*
 * How are ledgers and questions written in tests? As short sentences joined by "; ", each made into its JSON line here.
 *
 * Instants are days after 2026-01-01T00:00Z ("10", also "10.5"). A sentence is DAY VERB NAME … and key=value:
 *   1 item i1 photo by=c1 in=s1 identity ai attr=experience_date   1 approve i1 v=2      1 reject i1      1 pend i1
 *   1 people i1 p1:adult p2:minor      1 disclose i1 incentive     1 flags i1 alcohol pork
 *   1 give g1 licence item:i1 ch=pdp,ad to=FR,DE not=CN lang=de for=PRODUCT ctl=SHOP edits=crop sub=retailer from=5
 * until=30 captured=1 attested credit=required            1 renew g1 likeness(p1) contributor:c1 ch=ad 2 narrow g1
 * to=DE      2 withdraw|terminate|invalidate|guardian g1     2 revoke person:p1 2 hold h1 submission:s1 ch=ad to=DE   3
 * lift h1   4 erase i1   4 shred c1   4 noise anything A question is CHANNEL TERRITORY @DAY and item= edits= lang= for=
 * ctl= sub= head= identity noidentity.
 */
#pragma once
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "rights/decide.h"

#define DSL_DAY0 INT64_C(1767225600000) /* 2026-01-01T00:00:00.000Z */
#define DSL_RECORDED "2040-01-01T00:00:00.000Z"

/* Tests that go by the clock put day 0 elsewhere. */
static int64_t dsl_day0 = DSL_DAY0;

static inline int64_t dsl_ms(const char *days)
{
        return dsl_day0 + (int64_t)(g_ascii_strtod(days, NULL) * 86400000.0);
}

static inline const char *dsl_value(char **words, const char *key)
{
        size_t size = strlen(key);

        for (; *words != NULL; words++)
                if (strncmp(*words, key, size) == 0 && (*words)[size] == '=')
                        return *words + size + 1;
        return NULL;
}

static inline bool dsl_has(char **words, const char *word)
{
        return g_strv_contains((const char *const *)words, word);
}

static inline void dsl_list(GString *out, const char *name, const char *commas)
{
        g_auto(GStrv) parts = g_strsplit(commas, ",", -1);

        plc_jw_array(out, name);
        for (char **part = parts; *part != NULL; part++)
                if (**part != '\0')
                        plc_jw_string(out, NULL, *part);
        plc_jw_end_array(out);
}

static inline void dsl_scope(GString *out, char **words)
{
        static const char *const keys[][2] = {
                {"ch", "channels"},  {"to", "territories"},  {"not", "exclude"}, {"lang", "languages"},
                {"for", "products"}, {"ctl", "controllers"}, {"edits", "edits"}, {"sub", "sublicense"},
        };

        plc_jw_object(out, "scope");
        for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
                if (dsl_value(words, keys[i][0]) != NULL)
                        dsl_list(out, keys[i][1], dsl_value(words, keys[i][0]));
        plc_jw_end_object(out);
}

/* "contributor:c1" */
static inline void dsl_subject(GString *out, const char *name, const char *word)
{
        g_auto(GStrv) parts = g_strsplit(word, ":", 2);

        plc_jw_object(out, name);
        plc_jw_string(out, parts[0], parts[1]);
        plc_jw_end_object(out);
}

static inline void dsl_time(GString *out, const char *name, const char *days)
{
        plc_jw_time(out, name, days != NULL ? dsl_ms(days) : PLC_TIME_NEVER);
}

static inline void dsl_grant(GString *out, char **words)
{
        g_auto(GStrv) layer = g_strsplit_set(words[3], "()", -1);

        plc_jw_string(out, "grant", words[2]);
        plc_jw_string(out, "layer", layer[0]);
        if (layer[1] != NULL)
                plc_jw_string(out, "person", layer[1]);
        dsl_subject(out, "subject", words[4]);
        dsl_scope(out, words);
        dsl_time(out, "not_before", dsl_value(words, "from"));
        dsl_time(out, "not_after", dsl_value(words, "until"));
        dsl_time(out, "captured_at", dsl_value(words, "captured") != NULL ? dsl_value(words, "captured") : words[0]);
        plc_jw_bool(out, "attested", dsl_has(words, "attested"));
        if (dsl_value(words, "credit") != NULL)
                plc_jw_string(out, "credit", dsl_value(words, "credit"));
        plc_jw_string(out, "terms", "ugc-basic");
        plc_jw_int(out, "terms_version", 3);
        plc_jw_string(out, "evidence", "00ff");
}

static inline void dsl_item(GString *out, char **words)
{
        plc_jw_string(out, "item", words[2]);
        plc_jw_string(out, "kind", words[3]);
        plc_jw_string(out, "contributor", dsl_value(words, "by"));
        plc_jw_string(out, "submission", dsl_value(words, "in"));
        plc_jw_bool(out, "shows_identity", dsl_has(words, "identity"));
        plc_jw_string(out, "provenance", dsl_has(words, "ai") ? "ai" : "camera");
        dsl_list(out, "attributes", dsl_value(words, "attr") != NULL ? dsl_value(words, "attr") : "");
}

static inline void dsl_moderation(GString *out, char **words, const char *verdict)
{
        plc_jw_string(out, "item", words[2]);
        plc_jw_string(out, "verdict", verdict);
        plc_jw_int(out, "policy_version", dsl_value(words, "v") != NULL ? atoll(dsl_value(words, "v")) : 1);
        dsl_list(out, "codes", "");
}

static inline void dsl_people(GString *out, char **words)
{
        plc_jw_string(out, "item", words[2]);
        plc_jw_array(out, "persons");
        for (char **word = words + 3; *word != NULL; word++) {
                g_auto(GStrv) parts = g_strsplit(*word, ":", 2);

                plc_jw_object(out, NULL);
                plc_jw_string(out, "id", parts[0]);
                plc_jw_string(out, "kind", parts[1]);
                plc_jw_end_object(out);
        }
        plc_jw_end_array(out);
}

static inline void dsl_hold(GString *out, char **words)
{
        plc_jw_string(out, "hold", words[2]);
        dsl_subject(out, "target", words[3]);
        plc_jw_string(out, "reason", "report");
        if (dsl_value(words, "ch") != NULL)
                dsl_list(out, "channels", dsl_value(words, "ch"));
        if (dsl_value(words, "to") != NULL)
                dsl_list(out, "territories", dsl_value(words, "to"));
}

static inline void dsl_members(GString *out, char **words)
{
        const char *verb = words[1];

        if (strcmp(verb, "item") == 0) {
                dsl_item(out, words);
        } else if (strcmp(verb, "approve") == 0 || strcmp(verb, "reject") == 0 || strcmp(verb, "pend") == 0) {
                dsl_moderation(out, words, *verb == 'a' ? "approved" : *verb == 'r' ? "rejected" : "pending");
        } else if (strcmp(verb, "people") == 0) {
                dsl_people(out, words);
        } else if (strcmp(verb, "disclose") == 0) {
                plc_jw_string(out, "item", words[2]);
                plc_jw_string(out, "connection", words[3]);
                plc_jw_string(out, "verification", "order");
        } else if (strcmp(verb, "flags") == 0) {
                g_autofree char *flags = g_strjoinv(",", words + 3);

                plc_jw_string(out, "item", words[2]);
                dsl_list(out, "flags", flags);
        } else if (strcmp(verb, "give") == 0 || strcmp(verb, "renew") == 0) {
                dsl_grant(out, words);
        } else if (strcmp(verb, "narrow") == 0) {
                plc_jw_string(out, "grant", words[2]);
                dsl_scope(out, words);
        } else if (strcmp(verb, "revoke") == 0) {
                dsl_subject(out, "subject", words[2]);
        } else if (strcmp(verb, "hold") == 0) {
                dsl_hold(out, words);
        } else if (strcmp(verb, "lift") == 0) {
                plc_jw_string(out, "hold", words[2]);
        } else if (strcmp(verb, "erase") == 0) {
                plc_jw_string(out, "item", words[2]);
        } else if (strcmp(verb, "shred") == 0) {
                plc_jw_string(out, "contributor", words[2]);
        } else if (strcmp(verb, "noise") == 0) {
                plc_jw_string(out, "anything", words[2]);
        } else {
                plc_jw_string(out, "grant", words[2]);
        }
}

/* The JSON line of one sentence. Free with g_free. */
static inline char *dsl_event(int64_t seq, const char *sentence)
{
        static const char *const types[][2] = {
                {"item", "item.ingested"},
                {"approve", "moderation.decided"},
                {"reject", "moderation.decided"},
                {"pend", "moderation.decided"},
                {"people", "persons.declared"},
                {"disclose", "disclosure.set"},
                {"flags", "flags.set"},
                {"give", "grant.given"},
                {"renew", "grant.renewed"},
                {"narrow", "grant.narrowed"},
                {"withdraw", "grant.withdrawn"},
                {"terminate", "grant.terminated"},
                {"invalidate", "grant.invalidated"},
                {"guardian", "guardian.verified"},
                {"revoke", "consent.withdrawn"},
                {"hold", "hold.placed"},
                {"lift", "hold.lifted"},
                {"erase", "item.erased"},
                {"shred", "subject.erased"},
                {"noise", "request.access"},
        };
        g_autofree char *squeezed = g_strstrip(g_strdup(sentence));
        g_auto(GStrv) words = g_strsplit(squeezed, " ", -1);
        GString *out = g_string_new(NULL);
        const char *type = NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
                if (strcmp(types[i][0], words[1]) == 0)
                        type = types[i][1];
        if (type == NULL)
                g_error("no such verb: %s", sentence);
        plc_jw_object(out, NULL);
        plc_jw_int(out, "seq", seq);
        plc_jw_string(out, "recorded_at", DSL_RECORDED);
        dsl_time(out, "effective_at", words[0]);
        plc_jw_string(out, "type", type);
        dsl_members(out, words);
        plc_jw_end_object(out);
        return g_string_free(out, FALSE);
}

static inline void dsl_add(plc_ledger *ledger, const char *sentence)
{
        g_autofree char *line = dsl_event(plc_ledger_head(ledger) + 1, sentence);
        g_autoptr(GError) error = NULL;

        if (!plc_ledger_add_line(ledger, line, strlen(line), "ledger", &error))
                g_error("%s\n%s\n%s", sentence, line, error->message);
}

/* Of sentences joined by "; ". */
static inline plc_ledger *dsl_ledger(const char *sentences)
{
        g_auto(GStrv) parts = g_strsplit(sentences, ";", -1);
        plc_ledger *ledger = plc_ledger_new(false);

        for (char **part = parts; *part != NULL; part++)
                if (strspn(*part, " ") < strlen(*part))
                        dsl_add(ledger, *part);
        return ledger;
}

/* The JSON line of a question. Free with g_free. */
static inline char *dsl_question(const char *sentence)
{
        static const char *const keys[][2] = {
                {"lang", "language"}, {"for", "product"}, {"ctl", "controller"}, {"sub", "sublicensee"}};
        g_auto(GStrv) words = g_strsplit(sentence, " ", -1);
        GString *out = g_string_new(NULL);

        plc_jw_object(out, NULL);
        plc_jw_string(out, "item", dsl_value(words, "item") != NULL ? dsl_value(words, "item") : "i1");
        plc_jw_string(out, "channel", words[0]);
        plc_jw_string(out, "territory", words[1]);
        for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
                if (dsl_value(words, keys[i][0]) != NULL)
                        plc_jw_string(out, keys[i][1], dsl_value(words, keys[i][0]));
        if (dsl_value(words, "edits") != NULL)
                dsl_list(out, "edits", dsl_value(words, "edits"));
        if (dsl_has(words, "identity") || dsl_has(words, "noidentity"))
                plc_jw_bool(out, "identity", dsl_has(words, "identity"));
        dsl_time(out, "at", words[2] + 1);
        if (dsl_value(words, "head") != NULL)
                plc_jw_int(out, "head", atoll(dsl_value(words, "head")));
        plc_jw_end_object(out);
        return g_string_free(out, FALSE);
}

static inline void dsl_ask(const char *sentence, struct plc_asked *out)
{
        g_autofree char *line = dsl_question(sentence);
        g_autoptr(GError) error = NULL;

        if (!plc_asked_parse(line, strlen(line), "question", NULL, out, &error))
                g_error("%s\n%s\n%s", sentence, line, error->message);
}

/* "allow DUTY … until=DAY" or "deny REASON …". Free with g_free. */
static inline char *dsl_verdict(const struct plc_verdict *verdict)
{
        GString *out = g_string_new(verdict->allow ? "allow" : "deny");
        const GPtrArray *texts = verdict->allow ? verdict->duties : verdict->reasons;

        g_assert_cmpuint(verdict->allow ? verdict->reasons->len : verdict->duties->len, ==, 0);
        for (guint i = 0; i < texts->len; i++)
                g_string_append_printf(out, " %s", (const char *)texts->pdata[i]);
        if (verdict->valid_until != PLC_TIME_NEVER) {
                char days[G_ASCII_DTOSTR_BUF_SIZE];

                g_ascii_formatd(days, sizeof days, "%.10g", (double)(verdict->valid_until - DSL_DAY0) / 86400000.0);
                g_string_append_printf(out, " until=%s", days);
        }
        return g_string_free(out, FALSE);
}

static inline char *dsl_decide(const plc_ledger *ledger, const plc_policy *policy, const char *question)
{
        struct plc_verdict verdict = {0};
        struct plc_asked asked;
        char *text;

        dsl_ask(question, &asked);
        plc_decide(ledger, policy, &asked.question, &verdict);
        text = dsl_verdict(&verdict);
        plc_verdict_clear(&verdict);
        plc_asked_clear(&asked);
        return text;
}

/* A policy that says yes where the rules let it; `more` replaces members: "\"ai_ok\":[\"pdp\"]". */
static inline plc_policy *dsl_policy(const char *more)
{
        static const char *const members[] = {
                "\"version\":1",
                "\"min_moderation_version\":1",
                "\"people_must_be_declared\":[\"pdp\",\"ad\"]",
                "\"likeness\":[{\"channels\":[\"ad\",\"email\"],\"territories\":[\"WW\"],\"kinds\":[\"adult\","
                "\"minor\"]}]",
                "\"minors_in_ads\":false",
                "\"required\":[{\"channels\":[\"pdp\"],\"territories\":[\"FR\"],\"kind\":\"review\",\"attribute\":"
                "\"experience_date\"}]",
                "\"can_disclose\":[\"pdp\",\"ad\",\"email\"]",
                "\"ai_ok\":[]",
                "\"suitability\":[]",
                "\"max_ttl\":{}",
                "\"max_grant_days\":730",
                "\"attested_cap\":{\"channels\":[\"pdp\"],\"sublicense\":[]}",
        };
        GString *json = g_string_new("{");
        g_autoptr(GError) error = NULL;
        plc_policy *policy;

        for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
                g_autofree char *name = g_strndup(members[i], strcspn(members[i], ":") + 1);

                if (more == NULL || strstr(more, name) == NULL)
                        g_string_append_printf(json, "%s%s", json->len > 1 ? "," : "", members[i]);
        }
        g_string_append_printf(json, "%s%s}", more != NULL ? "," : "", more != NULL ? more : "");
        policy = plc_policy_parse(json->str, json->len, "policy", &error);
        if (policy == NULL)
                g_error("%s\n%s", json->str, error->message);
        g_string_free(json, TRUE);
        return policy;
}
