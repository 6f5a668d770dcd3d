/* Do the rows of the index say what decide() says, at every instant and in every country? */
#include "publish/segments.h"

#include "support/rows.h"
#include "text/language_tag.h"
#include "unit/rights/dsl.h"

struct row {
        const char *sentence, *events;
        const char *languages; /* of the site, by blanks; "" none */
        const char *product;   /* of the item; NULL none */
        const char *kind;      /* photo, review */
        const char *rows; /* "CHANNEL EDIT [name] TERRITORIES FROM-UNTIL [lang=…] [for=…] [DUTIES]", joined by "; " */
};

#define SHOWN "1 item i1 photo by=c1 in=s1; 1 people i1; 1 disclose i1 none; 1 approve i1"
#define READ "1 item i1 review by=c1 in=s1; 1 disclose i1 none; 1 approve i1"

static const struct row rows[] = {
        {"without a grant there is none", SHOWN, "", NULL, "photo", ""},
        {"without a moderator there is none",
         "1 item i1 photo by=c1; 1 people i1; 1 disclose i1 none; 2 give g1 licence item:i1 ch=pdp", "", NULL, "photo",
         ""},
        {"a grant for everywhere is one row for the world, cropped and not",
         SHOWN "; 2 give g1 licence item:i1 ch=pdp until=30", "", NULL, "photo",
         "pdp none WORLD 5-30; pdp crop WORLD 5-30"},
        {"no crop allowed, no row for crops", SHOWN "; 2 give g1 licence item:i1 ch=pdp edits= until=30", "", NULL,
         "photo", "pdp none WORLD 5-30"},
        {"a row begins no sooner than now", SHOWN "; 2 give g1 licence item:i1 ch=pdp edits= from=10 until=30", "",
         NULL, "photo", "pdp none WORLD 10-30"},
        {"an open end is that of the policy", SHOWN "; 2 give g1 licence item:i1 ch=pdp edits=", "", NULL, "photo",
         "pdp none WORLD 5-732"},
        {"what is over has no row", SHOWN "; 2 give g1 licence item:i1 ch=pdp until=4", "", NULL, "photo", ""},
        {"two countries are one row", SHOWN "; 2 give g1 licence item:i1 ch=pdp edits= to=DE,AT until=30", "", NULL,
         "photo", "pdp none AT,DE 5-30"},
        {"all but one", SHOWN "; 2 give g1 licence item:i1 ch=pdp edits= to=WW not=CN until=30", "", NULL, "photo",
         "pdp none not CN 5-30"},
        {"two countries with two ends are two rows",
         SHOWN "; 2 give g1 licence item:i1 ch=pdp edits= to=DE until=30; 2 give g2 licence item:i1 ch=pdp edits= "
               "to=FR until=40",
         "", NULL, "photo", "pdp none DE 5-30; pdp none FR 5-40"},
        {"a hold for a time cuts a row in two",
         SHOWN "; 2 give g1 licence item:i1 ch=pdp edits= until=30; 10 hold h1 item:i1; 12 lift h1", "", NULL, "photo",
         "pdp none WORLD 5-10; pdp none WORLD 12-30"},
        {"a hold in one country leaves the others",
         SHOWN "; 2 give g1 licence item:i1 ch=pdp edits= until=30; 3 hold h1 item:i1 to=FR", "", NULL, "photo",
         "pdp none not FR 5-30"},
        {"a withdrawal to come ends the row", SHOWN "; 2 give g1 licence item:i1 ch=pdp edits=; 9 withdraw g1", "",
         NULL, "photo", "pdp none WORLD 5-9"},
        {"a duty that begins cuts a row",
         SHOWN "; 2 give g1 licence item:i1 ch=pdp edits= until=30; 10 disclose i1 incentive", "", NULL, "photo",
         "pdp none WORLD 5-10; pdp none WORLD 10-30 DISCLOSE(incentive)"},
        {"with the name where the data may be shown",
         SHOWN
         "; 2 give g1 licence item:i1 ch=pdp edits= until=30; 2 give g2 data item:i1 ch=pdp edits= to=DE until=20",
         "", NULL, "photo", "pdp none name DE 5-20; pdp none WORLD 5-30"},
        {"a name that must be given and may not be shown: not shown",
         SHOWN "; 2 give g1 licence item:i1 ch=pdp edits= until=30 credit=required", "", NULL, "photo", ""},
        {"a name that must be given is shown where it may be",
         SHOWN "; 2 give g1 licence item:i1 ch=pdp edits= until=30 credit=required; "
               "2 give g2 data item:i1 ch=pdp edits= to=DE until=20",
         "", NULL, "photo", "pdp none name DE 5-20 CREDIT"},
        {"an advertisement is never in the index", SHOWN "; 2 give g1 licence item:i1 ch=ad,social,print", "", NULL,
         "photo", ""},
        {"a channel that the site does not ask for is not in it", SHOWN "; 2 give g1 licence item:i1 ch=home", "", NULL,
         "photo", ""},
        {"e-mail is", SHOWN "; 2 give g1 licence item:i1 ch=email edits= until=30", "", NULL, "photo",
         "email none WORLD 5-30"},
        {"a grant for one language answers for that language alone",
         SHOWN "; 2 give g1 licence item:i1 ch=pdp edits= lang=de until=30", "en de", NULL, "photo",
         "pdp none WORLD 5-30 lang=de"},
        {"a language without a script is found by its range",
         SHOWN "; 2 give g1 licence item:i1 ch=pdp edits= lang=zh-Hant until=30", "zh-TW zh-CN", NULL, "photo",
         "pdp none WORLD 5-30 lang=zh-TW"},
        {"a language with a star is a language: what is for another is not shown in it",
         SHOWN "; 2 give g1 licence item:i1 ch=pdp edits= lang=de until=30", "de-* fr-*", NULL, "photo",
         "pdp none WORLD 5-30 lang=de-*"},
        {"a grant for one product answers for that product alone",
         SHOWN "; 2 give g1 licence item:i1 ch=pdp edits= for=TENT until=30", "", "TENT", "photo",
         "pdp none WORLD 5-30 for=TENT"},
        {"a grant for all products answers with and without",
         SHOWN "; 2 give g1 licence item:i1 ch=pdp edits= until=30", "", "TENT", "photo",
         "pdp none WORLD 5-30; pdp none WORLD 5-30 for=TENT"},
        {"a review has excerpts, and FR asks for its date", READ "; 2 give g1 licence item:i1 ch=pdp until=30", "",
         NULL, "review", "pdp none not FR 5-30; pdp excerpt not FR 5-30"},
        {"a review that may not be cut", READ "; 2 give g1 licence item:i1 ch=pdp edits=colour until=30", "", NULL,
         "review", "pdp none not FR 5-30"},
};

static const char *const edits[] = {"none", "crop", "excerpt", "translate"};

static void write_territories(const struct plc_index_territories *set, GString *out)
{
        g_autoptr(GString) in = g_string_new(NULL), missing = g_string_new(NULL);
        const char *code;

        for (size_t i = 0; (code = plc_index_territory_at(i)) != NULL; i++) {
                GString *side = plc_index_territories_has(set, code) ? in : missing;

                g_string_append_printf(side, "%s%s", side->len > 0 ? "," : "", code);
        }
        if (missing->len == 0)
                g_string_append(out, "WORLD");
        else if (in->len <= missing->len)
                g_string_append(out, in->str);
        else
                g_string_append_printf(out, "not %s", missing->str);
}

static void write_row(const struct plc_index_segment *s, GString *out)
{
        g_string_append_printf(out, "%s%s %s%s ", out->len > 0 ? "; " : "", s->channel, edits[s->edit],
                               s->identity ? " name" : "");
        write_territories(&s->territories, out);
        g_string_append_printf(out, " %d-%d", (int)((s->from_ms - dsl_day0) / PLC_DAY_MS),
                               (int)((s->until_ms - dsl_day0) / PLC_DAY_MS));
        if (s->language[0] != '\0')
                g_string_append_printf(out, " lang=%s", s->language);
        if (s->product[0] != '\0')
                g_string_append_printf(out, " for=%s", s->product);
        if (s->duties[0] != '\0')
                g_string_append_printf(out, " %s", s->duties);
}

static plc_policy *policy(void)
{
        g_autoptr(GError) error = NULL;
        plc_policy *loaded = plc_policy_load(PLC_SOURCE_DIR "/presets/policy/default.json", &error);

        g_assert_no_error(error);
        return loaded;
}

static plc_item *item_of(const char *kind, const char *product)
{
        plc_item *item = plc_item_new(strcmp(kind, "photo") == 0 ? PLC_ITEM_PHOTO : PLC_ITEM_REVIEW);

        g_strlcpy(item->id, "i1", sizeof item->id);
        if (product != NULL)
                plc_item_add_product(item, product, true, NULL, NULL);
        return item;
}

static void test_row(gconstpointer data)
{
        static const char *const channels[] = {"pdp", "email", "ad", "social", NULL};
        const struct row *row = data;
        g_auto(GStrv) languages = g_strsplit(row->languages, " ", -1);
        g_autoptr(plc_policy) rules = policy();
        g_autoptr(plc_ledger) ledger = dsl_ledger(row->events);
        g_autoptr(plc_item) item = item_of(row->kind, row->product);
        g_autoptr(plc_publish_rows) found = NULL;
        g_autoptr(GString) out = g_string_new(NULL);
        struct plc_publisher publisher = {
                .policy = rules, .channels = channels, .languages = (const char *const *)languages};

        found = plc_publish_segments(&publisher, ledger, item, dsl_ms("5"));
        for (guint i = 0; i < found->segments->len; i++)
                write_row(&g_array_index(found->segments, struct plc_index_segment, i), out);
        g_assert_cmpstr(out->str, ==, row->rows);
}

/* --- the index and decide() agree -----------------------------------------------------------------------------------
 */

/* Seeded: the same ledgers and questions each time. */
static GRand *chance;

static const char *pick(const char *words)
{
        static char word[64];
        g_auto(GStrv) all = g_strsplit(words, " ", -1);

        g_strlcpy(word, all[g_rand_int_range(chance, 0, (gint32)g_strv_length(all))], sizeof word);
        return word;
}

static int day(int from, int to)
{
        return g_rand_int_range(chance, from, to);
}

static void random_grant(GString *out, int number)
{
        int from = day(0, 20);

        g_string_append_printf(out, "; %d give g%d %s ", from, number, pick("licence licence data likeness(p1)"));
        g_string_append_printf(out, "%s ", pick("item:i1 submission:s1 contributor:c1"));
        g_string_append_printf(out, "ch=%s ", pick("pdp pdp,email email pdp,ad"));
        g_string_append_printf(out, "%s ", pick("to=WW to=DE,AT to=FR to=DE,FR,JP not=CN not=DE"));
        g_string_append_printf(out, "%s ",
                               pick("edits=crop edits=crop,excerpt edits= credit=required credit=forbidden attested"));
        g_string_append_printf(out, "%s ", pick("lang=de,en lang=de for=TENT credit=optional credit=optional"));
        if (day(0, 2) == 0)
                g_string_append_printf(out, "until=%d ", from + day(1, 30));
        if (day(0, 3) == 0)
                g_string_append_printf(out, "from=%d", from + day(0, 10));
}

static char *random_events(const char *kind)
{
        GString *out = g_string_new(NULL);

        g_string_printf(out, "0 item i1 %s by=c1 in=s1 %s", kind, pick("identity attr=experience_date ai x"));
        g_string_append_printf(out, "; 0 people i1 %s", pick("p1:adult p1:self p1:adult"));
        g_string_append_printf(out, "; %d disclose i1 %s; %d approve i1", day(0, 3), pick("none none incentive"),
                               day(0, 4));
        for (int i = 0; i < 6; i++)
                random_grant(out, i);
        for (int i = day(0, 4); i > 0; i--) {
                int at = day(5, 35);

                switch (day(0, 6)) {
                case 0:
                        g_string_append_printf(out, "; %d withdraw g%d", at, day(0, 6));
                        break;
                case 1:
                        g_string_append_printf(out, "; %d hold h1 item:i1 %s; %d lift h1", at, pick("to=DE ch=pdp x"),
                                               at + 3);
                        break;
                case 2:
                        g_string_append_printf(out, "; %d narrow g%d to=%s", at, day(0, 6), pick("DE FR WW"));
                        break;
                case 3:
                        g_string_append_printf(out, "; %d disclose i1 %s", at, pick("affiliate none unknown"));
                        break;
                case 4:
                        g_string_append_printf(out, "; %d reject i1; %d approve i1", at, at + 2);
                        break;
                default:
                        g_string_append_printf(out, "; %d revoke %s", at, pick("item:i1 person:p1"));
                }
        }
        return g_string_free(out, FALSE);
}

/* The duties of the row that a reader would find, "-" if there is none; never two. */
static const char *look_up(const GArray *segments, const struct plc_index_segment *like, const char *territory,
                           int64_t at)
{
        const char *found = "-";

        for (guint i = 0; i < segments->len; i++) {
                const struct plc_index_segment *s = &g_array_index(segments, struct plc_index_segment, i);

                if (strcmp(s->product, like->product) != 0 || strcmp(s->channel, like->channel) != 0 ||
                    strcmp(s->language, like->language) != 0 || s->edit != like->edit ||
                    s->identity != like->identity || at < s->from_ms || at >= s->until_ms ||
                    !plc_index_territories_has(&s->territories, territory))
                        continue;
                g_assert_cmpstr(found, ==, "-");
                found = s->duties;
        }
        return found;
}

static char *decided(const struct plc_publisher *publisher, const plc_ledger *ledger,
                     const struct plc_index_segment *like, const char *territory, int64_t at)
{
        static const unsigned rights[] = {0, 1u << PLC_EDIT_CROP, 1u << PLC_EDIT_EXCERPT, 1u << PLC_EDIT_TRANSLATE};
        struct plc_question question = plc_publish_question(
                publisher, "i1", (plc_channel)plc_word_index(plc_channel_words, like->channel), territory, at);
        g_autofree char *language = plc_text_maximise(like->language[0] != '\0' ? like->language : NULL);
        struct plc_verdict verdict = {0};
        char *out;

        question.language = language;
        question.product = like->product[0] != '\0' ? like->product : NULL;
        question.edits = rights[like->edit];
        question.identity = like->identity ? PLC_IDENTITY_SHOWN : PLC_IDENTITY_HIDDEN;
        plc_decide(ledger, publisher->policy, &question, &verdict);
        /* a name that must be given and may not be shown: then nothing is shown */
        if (!like->identity && g_ptr_array_find_with_equal_func(verdict.duties, "CREDIT", g_str_equal, NULL))
                verdict.allow = false;
        g_ptr_array_add(verdict.duties, NULL);
        out = verdict.allow ? g_strjoinv(" ", (char **)verdict.duties->pdata) : g_strdup("-");
        g_ptr_array_set_size(verdict.duties, (gint)verdict.duties->len - 1);
        plc_verdict_clear(&verdict);
        return out;
}

static unsigned ask_many(const struct plc_publisher *publisher, const char *events, const char *kind, int64_t now_ms)
{
        g_autoptr(plc_ledger) ledger = dsl_ledger(events);
        g_autoptr(plc_item) item = item_of(kind, "TENT");
        g_autoptr(plc_publish_rows) found = plc_publish_segments(publisher, ledger, item, now_ms);
        unsigned allowed = 0;

        for (int q = 0; q < 100; q++) {
                struct plc_index_segment like = {.channel = day(0, 3) > 0 ? "pdp" : "email",
                                                 .language = day(0, 2)   ? "de"
                                                             : day(0, 2) ? "en"
                                                                         : "",
                                                 .product = day(0, 2) ? "TENT" : "",
                                                 .identity = day(0, 3) == 0};
                int64_t at = now_ms + (int64_t)day(0, 40) * PLC_DAY_MS + (day(0, 2) ? day(0, 86400000) : 0);
                g_autofree char *territory = g_strdup(pick("DE AT FR JP CN US"));
                g_autofree char *expected = NULL;
                const char *row;

                like.edit = day(0, 2)                    ? PLC_INDEX_EDIT_NONE
                            : strcmp(kind, "photo") == 0 ? PLC_INDEX_EDIT_CROP
                                                         : PLC_INDEX_EDIT_EXCERPT;
                expected = decided(publisher, ledger, &like, territory, at);
                row = look_up(found->segments, &like, territory, at);
                if (strcmp(row, expected) != 0)
                        g_error("%s\nasked %s %s %s name=%d lang=%s for=%s at day %.3f: the index says %s, decide() %s",
                                events, like.channel, edits[like.edit], territory, like.identity, like.language,
                                like.product, (double)(at - dsl_day0) / (double)PLC_DAY_MS, row, expected);
                allowed += strcmp(expected, "-") != 0;
        }
        return allowed;
}

static void test_agree(void)
{
        static const char *const channels[] = {"pdp", "email", NULL}, *const languages[] = {"en", "de", NULL};
        g_autoptr(plc_policy) rules = policy();
        struct plc_publisher publisher = {.policy = rules, .channels = channels, .languages = languages};
        unsigned allowed = 0;

        chance = g_rand_new_with_seed(20270301);
        for (int round = 0; round < 60; round++) {
                const char *kind = round % 2 ? "review" : "photo";
                g_autofree char *events = random_events(kind);

                allowed += ask_many(&publisher, events, kind, dsl_ms("5"));
        }
        g_rand_free(chance);
        g_test_message("%u of 6000 questions allowed", allowed);
        g_assert_cmpuint(allowed, >, 300); /* else it asks nothing worth asking */
        g_assert_cmpuint(allowed, <, 5400);
}

/* ever: some grant, now or later, somewhere, for some product or language. */
struct ever_row {
        const char *sentence, *grants;
        bool ever;
};

static const struct ever_row evers[] = {
        {"no grant, never", "", false},
        {"a grant for the world", "2 give g1 licence item:i1 ch=ad until=30", true},
        {"a grant for one country", "2 give g1 licence item:i1 ch=ad to=DE until=30", true},
        {"a grant that begins later", "2 give g1 licence item:i1 ch=ad from=20 until=30", true},
        {"a grant for its product", "2 give g1 licence item:i1 ch=ad for=TENT until=30", true},
        {"a grant for another product", "2 give g1 licence item:i1 ch=ad for=LAMP until=30", false},
        {"a grant for a language of the site", "2 give g1 licence item:i1 ch=ad lang=de until=30", true},
        {"a grant for a language that the site has not", "2 give g1 licence item:i1 ch=ad lang=ja until=30", false},
        {"a grant that is over", "2 give g1 licence item:i1 ch=ad until=4", false},
        {"a grant for another channel", "2 give g1 licence item:i1 ch=pdp until=30", false},
        {"a grant that was withdrawn", "2 give g1 licence item:i1 ch=ad until=30; 3 withdraw g1", false},
        {"a grant without the edit", "2 give g1 licence item:i1 ch=ad edits=colour until=30", false},
};

static void test_ever(gconstpointer data)
{
        static const char *const channels[] = {"ad", NULL}, *const languages[] = {"en", "de", NULL};
        const struct ever_row *row = data;
        g_autofree char *events = g_strconcat(SHOWN "; ", row->grants, NULL);
        g_autoptr(plc_policy) rules = policy();
        g_autoptr(plc_ledger) ledger = dsl_ledger(events);
        g_autoptr(plc_item) item = item_of("photo", "TENT");
        struct plc_publisher publisher = {.policy = rules, .channels = channels, .languages = languages};

        g_assert_cmpint(plc_publish_ever(&publisher, ledger, item, PLC_CHANNEL_AD, 1u << PLC_EDIT_CROP, dsl_ms("5")),
                        ==, row->ever);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        ADD_ROWS("/segments", rows, test_row)
        ADD_ROWS("/segments/ever", evers, test_ever)
        g_test_add_func("/segments/rows and decide() agree on random ledgers", test_agree);
        return g_test_run();
}
