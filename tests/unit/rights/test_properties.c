/*
 * Does what must hold for every ledger hold? Random ledgers from a seed, each property asked of each; a failure is made
 * smaller line by line before it is printed. PLACET_LEDGERS sets how many, PLACET_SEED where they begin.
 */
#include "unit/rights/dsl.h"

#define PICK(random, words) ((words)[g_rand_int_range(random, 0, (int)G_N_ELEMENTS(words))])

struct trial {
        GRand *random;
        GPtrArray *sentences;
        plc_policy *policy, *endless; /* the second without max_ttl */
};

static const char *const channels[] = {"pdp", "ad", "email", "social", "pdp,ad", "pdp,ad,email,social", "pdp"};
static const char *const single_channels[] = {"pdp", "ad", "email", "social", "pdp"};
static const char *const territories[] = {"DE", "FR", "US", "SA"};
static const char *const territory_lists[] = {"WW", "WW", "DE,FR", "DE", "US,FR", ""};
static const char *const subjects[] = {"item:i1", "item:i1", "submission:s1", "contributor:c1", "item:i2"};
static const char *const layers[] = {"licence", "licence", "licence", "data", "likeness(p1)", "likeness(p2)"};
static const char *const grants[] = {"g1", "g2", "g3", "g5", "g9", "g9"};
static const char *const connections[] = {"none", "none", "none", "incentive", "family", "unknown"};
static const char *const kinds[] = {"adult", "minor", "self", "adult", "adult", "unknown"};
static const char *const policy_text =
        "\"suitability\":[{\"territories\":[\"SA\"],\"flag\":\"pork\",\"verdict\":\"deny\"},"
        "{\"territories\":[\"DE\",\"US\"],\"flag\":\"skin\",\"verdict\":\"warn\"}],\"ai_ok\":[\"pdp\",\"ad\"],\"minors_"
        "in_ads\":true";

static int day(GRand *random)
{
        return g_rand_int_range(random, 1, 40);
}

/* One more restriction to a scope, or none. */
static void add_dimensions(GRand *r, GString *out)
{
        static const char *const rare[] = {" lang=de", " lang=*",       " for=TENT", " ctl=SHOP", " edits=crop",
                                           " edits=",  " sub=retailer", " not=US",   " not=WW",   " lang=zh-Hant"};

        if (g_rand_boolean(r))
                g_string_append_printf(out, " to=%s", PICK(r, territory_lists));
        if (g_rand_int_range(r, 0, 6) == 0)
                g_string_append(out, PICK(r, rare));
}

/* A grant id keeps its layer and subject: they hang on the id. */
static char *random_giving(GRand *r)
{
        GString *out = g_string_new(NULL);
        int grant = g_rand_int_range(r, 1, 9), at = day(r);
        static const char *const credits[] = {"", "", "", " credit=required", " credit=forbidden", " credit=optional"};

        g_string_printf(out, "%d %s g%d %s %s ch=%s", at, g_rand_int_range(r, 0, 3) == 0 ? "renew" : "give", grant,
                        layers[(grant - 1) % 6], subjects[grant % 5], PICK(r, channels));
        add_dimensions(r, out);
        if (g_rand_int_range(r, 0, 4) == 0)
                g_string_append_printf(out, " from=%d", day(r));
        if (g_rand_boolean(r))
                g_string_append_printf(out, " until=%d", 10 + day(r));
        if (g_rand_boolean(r))
                g_string_append_printf(out, " captured=%d", g_rand_int_range(r, 0, at + 1));
        if (g_rand_int_range(r, 0, 4) == 0)
                g_string_append(out, " attested");
        g_string_append(out, PICK(r, credits));
        return g_string_free(out, FALSE);
}

static char *random_restriction(GRand *r)
{
        static const char *const ends[] = {"withdraw", "terminate", "invalidate"};
        static const char *const revoked[] = {"item:i1", "submission:s1", "contributor:c1", "person:p1", "person:p2"};
        GString *out = g_string_new(NULL);

        switch (g_rand_int_range(r, 0, 7)) {
        case 0:
        case 1:
                g_string_printf(out, "%d %s %s", day(r), PICK(r, ends), PICK(r, grants));
                break;
        case 2:
                g_string_printf(out, "%d revoke %s", day(r), PICK(r, revoked));
                break;
        case 3:
                g_string_printf(out, "%d hold h%d %s", day(r), g_rand_int_range(r, 1, 3), PICK(r, subjects));
                if (g_rand_boolean(r))
                        g_string_append_printf(out, " ch=%s", PICK(r, channels));
                break;
        case 4:
                g_string_printf(out, "%d narrow %s", day(r), PICK(r, grants));
                add_dimensions(r, out);
                break;
        case 5:
                g_string_printf(out, "%d %s i1", day(r), g_rand_boolean(r) ? "reject" : "pend");
                break;
        default:
                if (g_rand_int_range(r, 0, 6) == 0)
                        g_string_printf(out, "%d %s", day(r), g_rand_boolean(r) ? "erase i1" : "shred c1");
                else
                        g_string_printf(out, "%d narrow %s ch=%s", day(r), PICK(r, grants), PICK(r, channels));
        }
        return g_string_free(out, FALSE);
}

static char *random_fact(GRand *r)
{
        switch (g_rand_int_range(r, 0, 6)) {
        case 0:
                return g_strdup_printf("%d approve i1 v=%d", day(r), g_rand_int_range(r, 0, 6) > 0);
        case 1:
                return g_strdup_printf("%d disclose i1 %s", day(r), PICK(r, connections));
        case 2:
                return g_strdup_printf("%d people i1 p1:%s%s", day(r), PICK(r, kinds),
                                       g_rand_boolean(r) ? " p2:adult" : "");
        case 3:
                return g_strdup_printf("%d flags i1%s%s", day(r), g_rand_boolean(r) ? " pork" : "",
                                       g_rand_boolean(r) ? " skin" : "");
        case 4:
                return g_strdup_printf("%d lift h%d", day(r), g_rand_int_range(r, 1, 3));
        default:
                return g_strdup_printf("%d guardian %s", day(r), g_rand_boolean(r) ? "g5" : "g6");
        }
}

static GPtrArray *random_sentences(GRand *r)
{
        GPtrArray *out = g_ptr_array_new_with_free_func(g_free);
        int count = g_rand_int_range(r, 3, 14);

        g_ptr_array_add(out, g_strdup_printf("1 item i1 %s by=c1 in=s1%s%s%s", g_rand_boolean(r) ? "photo" : "review",
                                             g_rand_int_range(r, 0, 4) == 0 ? " identity" : "",
                                             g_rand_int_range(r, 0, 5) == 0 ? " ai" : "",
                                             g_rand_boolean(r) ? " attr=experience_date" : ""));
        if (g_rand_int_range(r, 0, 8) > 0)
                g_ptr_array_add(out, g_strdup("2 approve i1"));
        if (g_rand_int_range(r, 0, 8) > 0)
                g_ptr_array_add(out, g_strdup_printf("2 disclose i1 %s", PICK(r, connections)));
        if (g_rand_int_range(r, 0, 8) > 0)
                g_ptr_array_add(out,
                                g_strdup_printf("2 people i1%s", g_rand_int_range(r, 0, 3) == 0 ? " p1:adult" : ""));
        if (g_rand_int_range(r, 0, 8) > 0)
                g_ptr_array_add(out, g_strdup("2 give g9 licence submission:s1 ch=pdp,ad,email,social"));
        while (count-- > 0) {
                int kind = g_rand_int_range(r, 0, 10);

                g_ptr_array_add(out, kind < 4 ? random_giving(r) : kind < 8 ? random_fact(r) : random_restriction(r));
        }
        return out;
}

static char *random_question(GRand *r, int at)
{
        static const char *const more[] = {
                "",         "", "", "", " edits=crop", " lang=de-Latn-DE", " for=TENT", " sub=retailer", " noidentity",
                " identity"};

        return g_strdup_printf("%s %s @%d.5%s", PICK(r, single_channels), PICK(r, territories), at, PICK(r, more));
}

static plc_ledger *ledger_of(const GPtrArray *sentences)
{
        plc_ledger *ledger = plc_ledger_new(false);

        for (guint i = 0; i < sentences->len; i++)
                dsl_add(ledger, sentences->pdata[i]);
        return ledger;
}

/* --- the properties: NULL if it holds, else what is wrong; g_free. Each draws its own questions from the trial's
 * random numbers. */

typedef char *(*property_fn)(struct trial *trial, plc_ledger *ledger);

static bool is_allow(const char *verdict)
{
        return g_str_has_prefix(verdict, "allow");
}

/* A copy without the givings of one layer's other grants; `keep` NULL: of all. */
static plc_ledger *with_single_licence(const GPtrArray *sentences, const char *keep)
{
        g_autoptr(GPtrArray) left = g_ptr_array_new();

        for (guint i = 0; i < sentences->len; i++) {
                g_auto(GStrv) words = g_strsplit(sentences->pdata[i], " ", -1);
                bool gives = strcmp(words[1], "give") == 0 || strcmp(words[1], "renew") == 0;

                if (!gives || strcmp(words[3], "licence") != 0 || (keep != NULL && strcmp(words[2], keep) == 0))
                        g_ptr_array_add(left, sentences->pdata[i]);
        }
        return ledger_of(left);
}

/* (a) what is allowed is allowed by one licence alone, and by none without any */
static char *no_stitching(struct trial *trial, plc_ledger *ledger)
{
        g_autofree char *question = random_question(trial->random, day(trial->random));
        g_autofree char *all = dsl_decide(ledger, trial->policy, question);

        for (int grant = 0; is_allow(all) && grant <= 9; grant++) {
                g_autofree char *id = g_strdup_printf("g%d", grant);
                g_autoptr(plc_ledger) single = with_single_licence(trial->sentences, id);
                g_autofree char *alone = dsl_decide(single, trial->policy, question);

                if (is_allow(alone))
                        return grant == 0 ? g_strdup_printf("%s: %s without any licence", question, alone) : NULL;
        }
        return is_allow(all) ? g_strdup_printf("%s: %s, but by no licence alone", question, all) : NULL;
}

/* (b) a restriction more never opens */
static char *restrictions_never_open(struct trial *trial, plc_ledger *ledger)
{
        g_autofree char *restriction = random_restriction(trial->random);
        g_autoptr(GPtrArray) more = g_ptr_array_copy(trial->sentences, NULL, NULL);
        g_autoptr(plc_ledger) after = NULL;

        g_ptr_array_set_free_func(more, NULL);
        g_ptr_array_insert(more, g_rand_int_range(trial->random, 1, (int)more->len + 1), restriction);
        after = ledger_of(more);
        for (int i = 0; i < 4; i++) {
                g_autofree char *question = random_question(trial->random, day(trial->random));
                g_autofree char *then = dsl_decide(ledger, trial->policy, question);
                g_autofree char *now = dsl_decide(after, trial->policy, question);

                if (!is_allow(then) && is_allow(now))
                        return g_strdup_printf("%s: %s, but %s after \"%s\"", question, then, now, restriction);
        }
        return NULL;
}

/* (c) the same inputs give the same answer: asked of another ledger of the same lines, and asked again */
static char *same_answer(struct trial *trial, plc_ledger *ledger)
{
        g_autoptr(plc_ledger) other = ledger_of(trial->sentences);

        for (int i = 0; i < 3; i++) {
                g_autofree char *question = random_question(trial->random, day(trial->random));
                g_autofree char *first = dsl_decide(ledger, trial->policy, question);
                g_autofree char *second = dsl_decide(other, trial->policy, question);
                g_autofree char *third = dsl_decide(ledger, trial->policy, question);

                if (strcmp(first, second) != 0 || strcmp(first, third) != 0)
                        return g_strdup_printf("%s: %s, %s, %s", question, first, second, third);
        }
        return NULL;
}

static void decide_at(struct plc_asked *asked, plc_ledger *ledger, const plc_policy *policy, int64_t at,
                      struct plc_verdict *out)
{
        asked->question.at = at;
        plc_decide(ledger, policy, &asked->question, out);
}

static bool same_duties(const GPtrArray *a, const GPtrArray *b)
{
        if (a->len != b->len)
                return false;
        for (guint i = 0; i < a->len; i++)
                if (strcmp(a->pdata[i], b->pdata[i]) != 0)
                        return false;
        return true;
}

/* (d) until valid_until nothing changes, and then something does */
static char *valid_until_holds(struct trial *trial, plc_ledger *ledger)
{
        g_autofree char *question = random_question(trial->random, day(trial->random));
        struct plc_verdict now = {0}, then = {0};
        char *wrong = NULL;
        struct plc_asked asked;
        int64_t at, until;

        dsl_ask(question, &asked);
        at = asked.question.at;
        decide_at(&asked, ledger, trial->endless, at, &now);
        until = now.valid_until != PLC_TIME_NEVER ? now.valid_until : at + 2000 * PLC_DAY_MS;
        for (int i = 0; now.allow && i < 12 && wrong == NULL; i++) {
                int64_t t = i == 0 ? until - 1 : at + (int64_t)(g_rand_double(trial->random) * (double)(until - at));

                decide_at(&asked, ledger, trial->endless, t, &then);
                if (!then.allow || !same_duties(now.duties, then.duties))
                        wrong = g_strdup_printf("%s: not the same %" G_GINT64_FORMAT " ms later", question, t - at);
        }
        if (now.allow && now.valid_until != PLC_TIME_NEVER && wrong == NULL) {
                decide_at(&asked, ledger, trial->endless, now.valid_until, &then);
                if (then.allow && same_duties(now.duties, then.duties))
                        wrong = g_strdup_printf("%s: nothing changes at valid_until", question);
        }
        plc_verdict_clear(&now);
        plc_verdict_clear(&then);
        plc_asked_clear(&asked);
        return wrong;
}

/* (e) with a kind of knowledge taken away the answer is no */
static char *unknown_is_no(struct trial *trial, plc_ledger *ledger)
{
        static const char *const needed[] = {"item", "approve", "disclose", "give", "people"};
        const char *verb = PICK(trial->random, needed);
        bool photo = strstr(trial->sentences->pdata[0], "photo") != NULL;
        g_autofree char *question = random_question(trial->random, day(trial->random));
        g_autoptr(GPtrArray) left = g_ptr_array_new();
        g_autoptr(plc_ledger) less = NULL;
        g_autofree char *found = NULL;

        (void)ledger;
        if (strcmp(verb, "people") == 0 &&
            (!photo || g_str_has_prefix(question, "email") || g_str_has_prefix(question, "social")))
                return NULL;
        for (guint i = 0; i < trial->sentences->len; i++) {
                g_auto(GStrv) words = g_strsplit(trial->sentences->pdata[i], " ", -1);

                if (strcmp(words[1], verb) != 0 && !(strcmp(verb, "give") == 0 && strcmp(words[1], "renew") == 0))
                        g_ptr_array_add(left, trial->sentences->pdata[i]);
        }
        less = ledger_of(left);
        found = dsl_decide(less, trial->policy, question);
        return is_allow(found) ? g_strdup_printf("%s: %s without any \"%s\"", question, found, verb) : NULL;
}

/* (f) after a blanket withdrawal attestations open nothing, nor does older evidence */
static char *attestations_open_nothing_withdrawn(struct trial *trial, plc_ledger *ledger)
{
        int at = day(trial->random);
        g_autoptr(GPtrArray) left = g_ptr_array_new_with_free_func(g_free);
        g_autofree char *question = random_question(trial->random, at + g_rand_int_range(trial->random, 0, 30));
        g_autoptr(plc_ledger) after = NULL;
        g_autofree char *found = NULL;

        (void)ledger;
        for (guint i = 0; i < trial->sentences->len; i++) {
                g_auto(GStrv) words = g_strsplit(trial->sentences->pdata[i], " ", -1);
                const char *captured = dsl_value(words, "captured") != NULL ? dsl_value(words, "captured") : words[0];
                bool gives = strcmp(words[1], "give") == 0 || strcmp(words[1], "renew") == 0;

                if (!gives || dsl_has(words, "attested") || atoi(captured) <= at)
                        g_ptr_array_add(left, g_strdup(trial->sentences->pdata[i]));
        }
        g_ptr_array_add(left, g_strdup_printf("%d revoke contributor:c1", at));
        g_ptr_array_add(left, g_strdup_printf("%d give g99 licence item:i1 ch=pdp,ad,email,social captured=%d attested",
                                              at, at + 20));
        after = ledger_of(left);
        found = dsl_decide(after, trial->policy, question);
        return is_allow(found) ? g_strdup_printf("%s: %s after a withdrawal on day %d", question, found, at) : NULL;
}

/* What must keep its place among its like: givings of one grant, disclosures of one instant. */
static char *order_key(const char *sentence)
{
        g_auto(GStrv) words = g_strsplit(sentence, " ", -1);

        if (strcmp(words[1], "give") == 0 || strcmp(words[1], "renew") == 0)
                return g_strdup_printf("give %s", words[2]);
        return strcmp(words[1], "disclose") == 0 ? g_strdup_printf("disclose %s", words[0]) : NULL;
}

/* A shuffle in which sentences of one key stay in order: they are dealt again onto the places their like came to. */
static GPtrArray *shuffled(GRand *r, const GPtrArray *sentences)
{
        GPtrArray *out = g_ptr_array_new();
        g_autoptr(GHashTable) like =
                g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_queue_free);

        for (guint i = 0; i < sentences->len; i++) {
                g_autofree char *key = order_key(sentences->pdata[i]);

                g_ptr_array_insert(out, g_rand_int_range(r, 0, (int)out->len + 1), sentences->pdata[i]);
                if (key == NULL)
                        continue;
                if (!g_hash_table_contains(like, key))
                        g_hash_table_insert(like, g_strdup(key), g_queue_new());
                g_queue_push_tail(g_hash_table_lookup(like, key), sentences->pdata[i]);
        }
        for (guint i = 0; i < out->len; i++) {
                g_autofree char *key = order_key(out->pdata[i]);

                if (key != NULL)
                        out->pdata[i] = g_queue_pop_head(g_hash_table_lookup(like, key));
        }
        return out;
}

/* (g) the order of the lines does not matter */
static char *order_does_not_matter(struct trial *trial, plc_ledger *ledger)
{
        g_autoptr(GPtrArray) order = shuffled(trial->random, trial->sentences);
        g_autoptr(plc_ledger) other = ledger_of(order);

        for (int i = 0; i < 4; i++) {
                g_autofree char *question = random_question(trial->random, day(trial->random));
                g_autofree char *first = dsl_decide(ledger, trial->policy, question);
                g_autofree char *second = dsl_decide(other, trial->policy, question);

                if (strcmp(first, second) != 0) {
                        g_autoptr(GString) told = g_string_new(NULL);

                        for (guint j = 0; j < order->len; j++)
                                g_string_append_printf(told, "\n    # %s", (char *)order->pdata[j]);
                        return g_strdup_printf("%s: %s, but %s in this order:%s", question, first, second, told->str);
                }
        }
        return NULL;
}

static const struct plc_segment *segment_at(const GArray *segments, int64_t t)
{
        for (guint i = 0; i < segments->len; i++) {
                const struct plc_segment *s = &g_array_index(segments, struct plc_segment, i);

                if (s->from <= t && t < s->until)
                        return s;
        }
        return NULL;
}

/* looking up a segment is asking decide() at that instant */
static char *segments_are_the_decision(struct trial *trial, plc_ledger *ledger)
{
        g_autofree char *question = random_question(trial->random, 0);
        g_autoptr(GArray) segments = plc_segments_new();
        struct plc_verdict verdict = {0};
        struct plc_asked asked;
        char *wrong = NULL;

        dsl_ask(question, &asked);
        plc_segments(ledger, trial->policy, &asked.question, DSL_DAY0, segments);
        for (int i = 0; i < 24 && wrong == NULL; i++) {
                int64_t t = DSL_DAY0 + g_rand_int_range(trial->random, 0, i < 20 ? 52 : 2000) * PLC_DAY_MS -
                            (g_rand_boolean(trial->random) ? 1 : 0);
                const struct plc_segment *segment = segment_at(segments, MAX(t, DSL_DAY0));

                decide_at(&asked, ledger, trial->policy, MAX(t, DSL_DAY0), &verdict);
                if (verdict.allow != (segment != NULL) ||
                    (segment != NULL && g_strv_length(segment->duties) != verdict.duties->len))
                        wrong = g_strdup_printf("%s: day %.3f is %s, its segment is not", question,
                                                (double)(t - DSL_DAY0) / 86400000.0, verdict.allow ? "allow" : "deny");
                for (guint j = 0; wrong == NULL && segment != NULL && j < verdict.duties->len; j++)
                        if (strcmp(segment->duties[j], verdict.duties->pdata[j]) != 0)
                                wrong = g_strdup_printf("%s: other duties in the segment", question);
        }
        plc_verdict_clear(&verdict);
        plc_asked_clear(&asked);
        return wrong;
}

/* all territories that nobody names are answered alike */
static char *unnamed_territories_are_alike(struct trial *trial, plc_ledger *ledger)
{
        static const char *const unnamed[] = {"BR", "JP", "ZZ", "GL"};
        struct plc_territories named;
        char other[3];

        plc_decide_territories(ledger, trial->policy, "i1", &named, other);
        for (size_t i = 0; i < G_N_ELEMENTS(unnamed); i++) {
                const char *channel = PICK(trial->random, single_channels);
                int at = day(trial->random);
                g_autofree char *one = g_strdup_printf("%s %s @%d", channel, unnamed[i], at);
                g_autofree char *two = g_strdup_printf("%s %s @%d", channel, other, at);
                g_autofree char *first = dsl_decide(ledger, trial->policy, one);
                g_autofree char *second = dsl_decide(ledger, trial->policy, two);

                if (strcmp(first, second) != 0)
                        return g_strdup_printf("%s: %s, but %s: %s", one, first, two, second);
        }
        return NULL;
}

/* Adds to ids ("kind id") what this event names, if one of its mentions is among them. */
static bool found_by(const struct plc_event *event, GHashTable *ids)
{
        g_autoptr(GArray) mentions = g_array_new(FALSE, FALSE, sizeof(struct plc_mention));
        bool found = false;

        plc_event_mentions(event, mentions);
        for (guint i = 0; i < mentions->len; i++) {
                const struct plc_mention *m = &g_array_index(mentions, struct plc_mention, i);
                g_autofree char *id = g_strdup_printf("%d %s", (int)m->kind, m->id);

                found = found || g_hash_table_contains(ids, id);
        }
        return found;
}

static void add_id(GHashTable *ids, plc_id_kind kind, const char *id)
{
        if (id != NULL)
                g_hash_table_add(ids, g_strdup_printf("%d %s", (int)kind, id));
}

/* the events found as plc_event_mentions says are all that an item's answers need */
static char *a_sparse_ledger_is_enough(struct trial *trial, plc_ledger *ledger)
{
        g_autoptr(GHashTable) first = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_autoptr(GHashTable) all = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_autoptr(plc_ledger) sparse = plc_ledger_new(true);
        static const char *const of_item[] = {"i1", "s1", "c1"};

        for (size_t i = 0; i < G_N_ELEMENTS(of_item); i++) {
                add_id(first, (plc_id_kind)(PLC_ID_ITEM + i), of_item[i]);
                add_id(all, (plc_id_kind)(PLC_ID_ITEM + i), of_item[i]);
        }
        for (size_t i = 0; i < plc_ledger_size(ledger); i++) {
                const struct plc_event *e = plc_ledger_at(ledger, i);

                if (!found_by(e, first))
                        continue;
                add_id(all, PLC_ID_GRANT, e->grant);
                add_id(all, PLC_ID_HOLD, e->hold);
                for (size_t j = 0; e->type == PLC_EVENT_PERSONS_DECLARED && j < e->persons.count; j++)
                        add_id(all, PLC_ID_PERSON, e->persons.at[j].id);
        }
        for (size_t i = 0; i < plc_ledger_size(ledger); i++) {
                g_autofree char *line = dsl_event((int64_t)i + 1, trial->sentences->pdata[i]);

                if (found_by(plc_ledger_at(ledger, i), all))
                        g_assert_true(plc_ledger_add_line(sparse, line, strlen(line), "sparse", NULL));
        }
        for (int i = 0; i < 4; i++) {
                g_autofree char *asked = random_question(trial->random, day(trial->random));
                g_autofree char *question =
                        g_strdup_printf("%s head=%d", asked, g_rand_int_range(trial->random, 1, 20));
                g_autofree char *full = dsl_decide(ledger, trial->policy, question);
                g_autofree char *found = dsl_decide(sparse, trial->policy, question);

                if (strcmp(full, found) != 0)
                        return g_strdup_printf("%s: %s, but %s of the sparse ledger", question, full, found);
        }
        return NULL;
}

static const struct {
        const char *sentence;
        property_fn holds;
} properties[] = {
        {"(a) two grants are never stitched", no_stitching},
        {"(b) a restriction never opens", restrictions_never_open},
        {"(c) the same question has the same answer", same_answer},
        {"(d) valid_until is the first change", valid_until_holds},
        {"(e) unknown is never allow", unknown_is_no},
        {"(f) no attestation opens what was withdrawn", attestations_open_nothing_withdrawn},
        {"(g) the order of events does not matter", order_does_not_matter},
        {"a segment is the decision at its instants", segments_are_the_decision},
        {"territories that nobody names are alike", unnamed_territories_are_alike},
        {"a sparse ledger is enough", a_sparse_ledger_is_enough},
};

/* Asks one property of these sentences, with random numbers that depend on nothing else. */
static char *ask_property(size_t property, const GPtrArray *sentences, guint32 seed, plc_policy *policy,
                          plc_policy *endless)
{
        struct trial trial = {.random = g_rand_new_with_seed(seed),
                              .sentences = (GPtrArray *)sentences,
                              .policy = policy,
                              .endless = endless};
        g_autoptr(plc_ledger) ledger = ledger_of(sentences);
        char *wrong = properties[property].holds(&trial, ledger);

        g_rand_free(trial.random);
        return wrong;
}

/* Leaves out every sentence but the first that the failure does not need. */
static char *make_smaller(size_t property, GPtrArray *sentences, guint32 seed, plc_policy *policy, plc_policy *endless,
                          char *wrong)
{
        for (guint i = sentences->len - 1; i > 0; i--) {
                char *left_out = g_ptr_array_steal_index(sentences, i), *still;

                still = ask_property(property, sentences, seed, policy, endless);
                if (still == NULL) {
                        g_ptr_array_insert(sentences, (int)i, left_out);
                        continue;
                }
                g_free(left_out);
                g_free(wrong);
                wrong = still;
        }
        return wrong;
}

static guint32 number_from(const char *variable, guint32 otherwise)
{
        const char *text = g_getenv(variable);

        return text != NULL ? (guint32)g_ascii_strtoull(text, NULL, 10) : otherwise;
}

static void check(gconstpointer data)
{
        size_t property = GPOINTER_TO_SIZE(data);
        guint32 seed = number_from("PLACET_SEED", 1), ledgers = number_from("PLACET_LEDGERS", 10000);
        g_autoptr(plc_policy) endless = dsl_policy(policy_text);
        g_autofree char *limited = g_strdup_printf("%s,\"max_ttl\":{\"email\":432000}", policy_text);
        g_autoptr(plc_policy) policy = dsl_policy(limited);

        /* each property gets its share of the ledgers, all of them together the number asked for */
        for (guint32 i = (guint32)property; i < ledgers; i += G_N_ELEMENTS(properties)) {
                GRand *random = g_rand_new_with_seed(seed + i);
                g_autoptr(GPtrArray) sentences = random_sentences(random);
                guint32 asked = g_rand_int(random);
                char *wrong = ask_property(property, sentences, asked, policy, endless);

                g_rand_free(random);
                if (wrong == NULL)
                        continue;
                wrong = make_smaller(property, sentences, asked, policy, endless, wrong);
                g_test_message("seed %u: %s", seed + i, wrong);
                for (guint j = 0; j < sentences->len; j++)
                        g_test_message("    %s", (char *)sentences->pdata[j]);
                g_free(wrong);
                g_test_fail();
                return;
        }
}

/* The generator is worth nothing if it makes only refusals. */
static void the_generator_reaches_yes_and_no(void)
{
        g_autoptr(plc_policy) policy = dsl_policy(policy_text);
        GRand *random = g_rand_new_with_seed(7);
        int allowed = 0, ended = 0, with_duties = 0;

        for (int i = 0; i < 500; i++) {
                g_autoptr(GPtrArray) sentences = random_sentences(random);
                g_autoptr(plc_ledger) ledger = ledger_of(sentences);
                g_autofree char *question = random_question(random, day(random));
                g_autofree char *found = dsl_decide(ledger, policy, question);

                allowed += is_allow(found);
                ended += is_allow(found) && strstr(found, "until=") != NULL && strstr(found, "until=73") == NULL;
                with_duties += is_allow(found) && strpbrk(found, "CDNR") != NULL;
        }
        g_rand_free(random);
        g_test_message("of 500: %d allowed, %d of them end early, %d have duties", allowed, ended, with_duties);
        g_assert_cmpint(allowed, >, 50);
        g_assert_cmpint(allowed, <, 450);
        g_assert_cmpint(ended, >, 15);
        g_assert_cmpint(with_duties, >, 10);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/properties/the generator reaches yes and no", the_generator_reaches_yes_and_no);
        for (size_t i = 0; i < G_N_ELEMENTS(properties); i++) {
                g_autofree char *path = g_strdup_printf("/properties/%s", properties[i].sentence);

                g_test_add_data_func(path, GSIZE_TO_POINTER(i), check);
        }
        return g_test_run();
}
