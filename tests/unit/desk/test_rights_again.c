/* What becomes of a consent that is recorded by hand again? Older than a withdrawal it opens nothing, and an
 * attestation never after one; the same evidence is recorded once. */
#include "desk/desk.h"
#include "support/site.h"

/* "@-3": three days ago. */
static gboolean dated(const GMatchInfo *match, GString *out, gpointer data)
{
        g_autofree char *days = g_match_info_fetch(match, 1);
        char time[PLC_TIME_SIZE];

        (void)data;
        plc_time_format(plc_now_ms() / PLC_DAY_MS * PLC_DAY_MS + atoi(days) * PLC_DAY_MS, time);
        g_string_append(out, time);
        return FALSE;
}

#define GRANT(evidence, day)                                                                                           \
        "rights_grant {\"id\":\"i1\",\"terms\":\"ugc-basic\",\"version\":3,\"evidence\":\"" evidence                   \
        "\",\"captured_at\":\"@" day "\"}"
#define FIRST GRANT("a mail", "-3")
#define WITHDRAW "rights_withdraw {\"id\":\"i1\"}"
#define ATTEST "rights_attest {\"id\":\"i1\",\"evidence\":\"a call\",\"channels\":[\"pdp\"],\"territories\":[\"WW\"]}"
/* Of the first grant that was recorded: of the licence. */
#define WITHDRAW_GRANT "rights_withdraw {\"grant\":\"$1\"}"
#define INVALIDATE "rights_invalidate {\"grant\":\"$1\",\"reason\":\"forged\"}"

static const struct row {
        const char *sentence;
        const char *asks[4]; /* all but the last must do */
        plc_code code;       /* of the last */
        const char *told;    /* in its answer, or in the error's sentence */
        const char *verdict; /* of the product page then */
        unsigned given;      /* licences that the ledger has then */
} rows[] = {
        {"recorded once it opens", {FIRST}, PLC_E_NONE, "\"known\":[]", "allow", 1},
        {"the same evidence again is told, and not recorded",
         {FIRST, FIRST},
         PLC_E_NONE,
         "\"known\":[\"$1\"",
         "allow",
         1},
        {"what is known is no new grant", {FIRST, FIRST}, PLC_E_NONE, "\"grants\":[]", "allow", 1},
        {"other evidence is another grant", {FIRST, GRANT("a form", "-3")}, PLC_E_NONE, "\"known\":[]", "allow", 2},
        {"the same words at another time are another grant",
         {FIRST, GRANT("a mail", "-2")},
         PLC_E_NONE,
         "\"known\":[]",
         "allow",
         2},
        {"a consent that is older than the withdrawal of all does not open",
         {FIRST, WITHDRAW, GRANT("a form", "-2")},
         PLC_E_CONFLICT,
         "older than a withdrawal",
         "deny",
         1},
        {"the same consent does not open after the withdrawal",
         {FIRST, WITHDRAW, FIRST},
         PLC_E_CONFLICT,
         "older than a withdrawal",
         "deny",
         1},
        {"a consent that is older than the withdrawal of a grant does not open its layer",
         {FIRST, WITHDRAW_GRANT, GRANT("a form", "-2")},
         PLC_E_NONE,
         "\"requested\":[\"",
         "deny",
         1},
        {"a withdrawal of the submission is one of its photo",
         {"rights_withdraw {\"id\":\"s1\"}", FIRST},
         PLC_E_CONFLICT,
         "older than a withdrawal",
         "deny",
         0},
        {"nobody attests what was withdrawn",
         {FIRST, WITHDRAW, ATTEST},
         PLC_E_CONFLICT,
         "no attestation undoes",
         "deny",
         1},
        {"nobody attests what its submission's withdrawal ended",
         {"rights_withdraw {\"id\":\"s1\"}", ATTEST},
         PLC_E_CONFLICT,
         "no attestation undoes",
         "deny",
         0},
        {"of a grant that was withdrawn, the layer is not attested",
         {FIRST, WITHDRAW_GRANT, ATTEST},
         PLC_E_NONE,
         "\"requested\":[\"",
         "deny",
         1},
        {"what was invalidated may be attested from other evidence",
         {FIRST, INVALIDATE, ATTEST},
         PLC_E_NONE,
         "\"requested\":[]",
         "allow",
         2},
        {"what was invalidated is not recorded from the same evidence",
         {FIRST, INVALIDATE, FIRST},
         PLC_E_CONFLICT,
         "invalidated (grant $1)",
         "deny",
         1},
        {"what was invalidated says nothing of other evidence",
         {FIRST, INVALIDATE, GRANT("a form", "-4")},
         PLC_E_NONE,
         "\"requested\":[]",
         "allow",
         2},
        {"the history says who recorded it",
         {FIRST, "rights_show {\"ids\":[\"i1\"]}"},
         PLC_E_NONE,
         "permission given, recorded by an operator from the contributor's own evidence: use of the photo or text on "
         "pdp, "
         "home, social; everywhere; changed",
         "allow",
         1},
};

struct fixture {
        struct test_site s;
        plc_office *office;
        plc_desk *desk;
        char *first; /* the first grant that was recorded, of the licence */
};

static char *filled(const struct fixture *f, const char *text)
{
        g_auto(GStrv) parts = g_strsplit(text, "$1", -1);

        return g_strjoinv(f->first != NULL ? f->first : "$1", parts);
}

static char *ask(struct fixture *f, const char *op_and_request, plc_code *out_code)
{
        g_autofree char *named = filled(f, op_and_request), *when = replaced(named, "@(-?[0-9]+)", dated);
        g_autofree char *full = site_long(when), *op = g_strndup(full, strcspn(full, " "));
        g_autoptr(GString) answer = g_string_new(NULL);
        g_autoptr(GError) error = NULL;

        *out_code = PLC_E_NONE;
        if (plc_desk_do(f->desk, op, full + strlen(op) + 1, answer, &error)) {
                const char *grants = strstr(answer->str, "\"grants\":[\"");

                if (f->first == NULL && grants != NULL)
                        f->first = g_strndup(grants + strlen("\"grants\":[\""), PLC_ID_LEN);
                return g_string_free(g_steal_pointer(&answer), FALSE);
        }
        *out_code = plc_error_code(error);
        return g_strdup(error->message);
}

static unsigned licences(struct fixture *f)
{
        g_autoptr(GPtrArray) events = NULL;
        char id[PLC_ID_SIZE];
        unsigned count = 0;

        site_id("i1", id);
        g_assert_true(plc_catalog_ledger_about(f->s.site->catalog, "item", id, &events, NULL));
        for (guint i = 0; i < events->len; i++) {
                const plc_ledger_row *row = events->pdata[i];

                count += strcmp(row->type, "grant.given") == 0 && strstr(row->json, "\"layer\":\"licence\"") != NULL;
        }
        return count;
}

static void test_row(gconstpointer data)
{
        const struct row *row = data;
        struct fixture f = {0};
        g_autofree char *answer = NULL, *told = NULL, *why = NULL, *verdict = NULL;
        g_autoptr(GError) error = NULL;
        plc_code code = PLC_E_NONE, why_code;

        site_open(&f.s, NULL);
        site_item(&f.s, &(struct site_item){.name = "i1", .kind = "photo", .state = PLC_ITEM_APPROVED});
        site_say(&f.s, SITE_APPROVED("i1"));
        f.office = plc_office_new(f.s.site, NULL, &error);
        g_assert_no_error(error);
        f.desk = plc_desk_new(f.s.site, f.office);
        for (size_t i = 0; i < G_N_ELEMENTS(row->asks) && row->asks[i] != NULL; i++) {
                g_assert_cmpstr(plc_code_name(code), ==, plc_code_name(PLC_E_NONE));
                g_free(answer);
                answer = ask(&f, row->asks[i], &code);
                g_test_message("%s", answer);
        }
        told = filled(&f, row->told);
        g_assert_cmpstr(plc_code_name(code), ==, plc_code_name(row->code));
        g_assert_nonnull(strstr(answer, told));
        why = ask(&f, "why {\"item\":\"i1\",\"channel\":\"pdp\",\"territory\":\"DE\"}", &why_code);
        verdict = g_strdup_printf("\"verdict\":\"%s\"", row->verdict);
        g_test_message("%s", why);
        g_assert_nonnull(strstr(why, verdict));
        g_assert_cmpuint(licences(&f), ==, row->given);
        g_free(f.first);
        plc_desk_free(f.desk);
        plc_office_free(f.office);
        site_close(&f.s);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        ADD_ROWS("/desk/rights again", rows, test_row);
        return g_test_run();
}
