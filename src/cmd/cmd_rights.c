/* placet rights: on which permissions does an item stand, and how are they recorded, made less, and withdrawn? */
#include "cmd/cmd_rights.h"

#include <stdio.h>
#include <string.h>

static int rights(int argc, char **argv);
struct plc_rights_options plc_rights_options = {.version = 1};
#define OPTION(name, member, help, word)                                                                               \
        {                                                                                                              \
                name, 0, 0, G_OPTION_ARG_STRING, &plc_rights_options.member, help, word                                \
        }
static const GOptionEntry options[] = {
        OPTION("contributor", contributor, "show, withdraw, hold: all of theirs (our id, or source:id)", "C"),
        OPTION("person", person, "withdraw: wherever this depicted person is seen; grant: their own consent", "P"),
        {"guardian", 0, 0, G_OPTION_ARG_NONE, &plc_rights_options.guardian,
         "grant: a minor's guardian agreed, as the evidence shows", NULL},
        OPTION("grant", grant, "withdraw: this grant alone", "G"),
        OPTION("terms", terms, "grant: the registered terms that were accepted", "ID"),
        {"version", 0, 0, G_OPTION_ARG_INT64, &plc_rights_options.version, "grant: their version", "N"},
        OPTION("evidence", evidence, "grant, attest: what shows it: a text file, or the words", "FILE|TEXT"),
        OPTION("captured-at", captured_at, "grant, attest: when the contributor agreed (default now)", "TIME"),
        OPTION("not-after", not_after, "grant, attest: it ends then", "TIME"),
        OPTION("reason", reason, "hold, invalidate: why, as a code; tells of no person", "CODE"),
        OPTION("channels", channels, "Only for these: pdp home landing email social ad feed marketplace print", "C,…"),
        OPTION("territories", territories, "Only there", "T,…"),
        OPTION("exclude", exclude, "Not there", "T,…"),
        OPTION("languages", languages, "Only in these", "L,…"),
        OPTION("products", products, "Only for these", "P,…"),
        OPTION("edits", edits, "Only changed so: crop colour overlay excerpt translate composite ai", "E,…"),
        OPTION("sublicense", sublicense, "Handed on only to: ad_platform retailer affiliate", "S,…"),
        {"flag", 0, 0, G_OPTION_ARG_STRING_ARRAY, &plc_rights_options.flags,
         "flag: it shows this (may be repeated; none: it shows nothing of the kind)", "F"},
        OPTION("people", people, "declare: who is in the photo: none, self (the contributor), unknown", "WHO"),
        OPTION("connection", connection, "declare: none incentive free_product affiliate employee family contest", "C"),
        OPTION("verification", verification, "declare: order email receipt merchant none (default none)", "V"),
        {"json", 0, 0, G_OPTION_ARG_NONE, &plc_rights_options.json, "Print one JSON object", NULL},
        G_OPTION_ENTRY_NULL,
};

const struct plc_cmd plc_cmd_rights = {
        .name = "rights",
        .args = "show|grant|attest|withdraw|narrow|hold|lift|link|dismiss|refuse|invalidate|flag|declare SITE [ID] …",
        .help = "Show the permissions that items stand on, record, narrow or withdraw them, and hold items back.",
        .example =
                "placet rights show shop form-2026-11-03-0042\n"
                "  placet rights grant shop form-2026-11-03-0042 --terms ugc-ads --evidence mail.txt --territories "
                "DE,AT\n"
                "  placet rights attest shop form-2026-11-03-0042 --channels pdp --evidence \"asked at the counter\"\n"
                "  placet rights withdraw shop --contributor shop-form:cust-8841\n"
                "  placet rights narrow shop GRANT --territories DE --exclude AT\n"
                "  placet rights hold shop form-2026-11-03-0042 --reason rights_dispute --channels ad\n"
                "  placet rights lift shop HOLD\n"
                "  placet rights link shop shop-form:cust-8841\n"
                "  placet rights dismiss shop REPORT\n"
                "  placet rights flag shop form-2026-11-03-0042 --flag alcohol\n"
                "  placet rights declare shop form-2026-11-03-0042 --people none --connection none\n\n"
                "ID is an item, our submission id or the operator's; of narrow, refuse and invalidate a grant, of "
                "lift a hold, of dismiss a report.\n"
                "What takes away is dark in the index when the command returns; grant, attest and lift return when "
                "what they open is rendered and published.",
        .run = rights,
};

enum needs { AN_ID, AN_ID_OR_WHO };

static const struct verb {
        const char *name;
        plc_rights_verb *run;
        bool writes;
        enum needs needs;
        const char *missing; /* told where no ID was given */
} verbs[] = {
        {"show", plc_rights_show, false, AN_ID_OR_WHO, "show needs an ID or --contributor"},
        {"grant", plc_rights_grant, true, AN_ID, "grant needs an ID"},
        {"attest", plc_rights_attest, true, AN_ID, "attest needs an ID"},
        {"withdraw", plc_rights_withdraw, true, AN_ID_OR_WHO,
         "withdraw needs an ID, --grant, --contributor or --person"},
        {"narrow", plc_rights_narrow, true, AN_ID, "narrow needs a grant"},
        {"hold", plc_rights_hold, true, AN_ID_OR_WHO, "hold needs an ID or --contributor"},
        {"lift", plc_rights_lift, true, AN_ID, "lift needs a hold"},
        {"link", plc_rights_link, false, AN_ID_OR_WHO, "link needs a contributor: our id, or source:id"},
        {"dismiss", plc_rights_dismiss, true, AN_ID, "dismiss needs a report, by its reference"},
        {"refuse", plc_rights_refuse, true, AN_ID, "refuse needs a grant that was asked for"},
        {"invalidate", plc_rights_invalidate, true, AN_ID, "invalidate needs a grant"},
        {"flag", plc_rights_flag, true, AN_ID, "flag needs an ID"},
        {"declare", plc_rights_declare, true, AN_ID, "declare needs an ID"},
};

static const struct verb *find(const char *name)
{
        for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++)
                if (strcmp(verbs[i].name, name) == 0)
                        return &verbs[i];
        return NULL;
}

/* NULL: nothing is wrong. */
static const char *usage_fault(const struct verb *verb, const char *id)
{
        const struct plc_rights_options *o = &plc_rights_options;
        int named = (id != NULL) + (o->contributor != NULL) + (o->person != NULL) + (o->grant != NULL);
        bool grants = strcmp(verb->name, "grant") == 0, attests = strcmp(verb->name, "attest") == 0;

        if (id == NULL && (verb->needs == AN_ID || named == 0))
                return verb->missing;
        if (verb->needs == AN_ID_OR_WHO && named > 1)
                return "one of an ID, --grant, --contributor and --person is needed, not several";
        if (attests && o->person != NULL)
                return "attest takes no --person: nobody's word opens for another's picture";
        if (grants && o->terms == NULL)
                return "grant needs --terms: an operator's own word is recorded by rights attest";
        if (attests && o->terms != NULL)
                return "attest takes no --terms: what the contributor accepted is recorded by rights grant";
        if (attests && o->channels == NULL)
                return "attest needs --channels";
        if ((grants || attests) && o->evidence == NULL)
                return "--evidence is needed: nothing is granted without it";
        if (strcmp(verb->name, "declare") == 0 && o->people == NULL && o->connection == NULL)
                return "declare needs --people or --connection";
        if (strcmp(verb->name, "hold") == 0 && o->reason == NULL)
                return "hold needs --reason, a code";
        return NULL;
}

static int rights(int argc, char **argv)
{
        g_autoptr(plc_client) client = NULL;
        const struct verb *verb;
        const char *id, *fault;
        GError *error = NULL;

        if (!plc_cmd_parse(&plc_cmd_rights, options, &argc, &argv))
                return 2;
        if (argc < 3 || argc > 4)
                return plc_cmd_usage(&plc_cmd_rights, "a word such as show or withdraw, then a SITE, are needed");
        verb = find(argv[1]);
        if (verb == NULL)
                return plc_cmd_usage(&plc_cmd_rights, "the first word must be one of those");
        id = argc == 4 ? argv[3] : NULL;
        fault = usage_fault(verb, id);
        if (fault != NULL)
                return plc_cmd_usage(&plc_cmd_rights, fault);
        client = plc_client_open(argv[2], verb->writes, &error);
        if (client == NULL)
                return plc_cmd_fail(error);
        if (verb->run(client, id, &error) != 0)
                return plc_cmd_fail(error);
        return plc_client_drain(client, &error) ? 0 : plc_cmd_fail(error);
}

void plc_rights_write_scope(GString *request)
{
        const struct plc_rights_options *o = &plc_rights_options;
        const char *const given[][2] = {{"channels", o->channels},    {"territories", o->territories},
                                        {"exclude", o->exclude},      {"languages", o->languages},
                                        {"products", o->products},    {"edits", o->edits},
                                        {"sublicense", o->sublicense}};

        for (size_t i = 0; i < G_N_ELEMENTS(given); i++) {
                g_auto(GStrv) parts = given[i][1] != NULL ? g_strsplit(given[i][1], ",", -1) : NULL;

                if (parts == NULL)
                        continue;
                plc_jw_array(request, given[i][0]);
                for (char **part = parts; *part != NULL; part++)
                        plc_jw_string(request, NULL, g_strstrip(*part));
                plc_jw_end_array(request);
        }
}

char *plc_rights_count(size_t n, const char *one, const char *many)
{
        return g_strdup_printf("%zu %s", n, n == 1 ? one : many);
}

void plc_rights_tell_recalls(plc_json *answer)
{
        plc_json *recalls = plc_json_member(answer, "recalls");

        if (recalls == NULL || plc_json_size(recalls) == 0)
                return;
        puts("Handed out and still valid by its receipt; it must not be used any more:");
        for (size_t i = 0; i < plc_json_size(recalls); i++) {
                plc_json *recall = plc_json_element(recalls, i);
                const char *pull = "", *file = "", *sha256 = "", *until = "any time", *puller = "", *campaign = NULL;

                plc_json_get_string(recall, "pull", PLC_REQUIRED, 64, &pull, NULL);
                plc_json_get_string(recall, "file", PLC_REQUIRED, 4096, &file, NULL);
                plc_json_get_string(recall, "sha256", PLC_REQUIRED, 64, &sha256, NULL);
                plc_json_get_string(recall, "valid_until", PLC_OPTIONAL, 64, &until, NULL);
                plc_json_get_string(recall, "puller", PLC_OPTIONAL, 256, &puller, NULL);
                plc_json_get_string(recall, "campaign", PLC_OPTIONAL, 256, &campaign, NULL);
                printf("  pull %s by %s%s%s: %s (sha256 %s), valid until %s\n", pull, puller,
                       campaign != NULL ? " for " : "", campaign != NULL ? campaign : "", file, sha256, until);
        }
}
