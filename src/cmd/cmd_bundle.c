/* placet bundle: how is a curated set published, what is in it, what would be, and how do its versions differ? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "cmd/client.h"
#include "cmd/cmd.h"

#define DEFINITION_BYTES PLC_MIB

static int bundle(int argc, char **argv);
static gboolean as_json, manifest_alone;
static const GOptionEntry options[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print one JSON object", NULL},
        {"manifest", 0, 0, G_OPTION_ARG_NONE, &manifest_alone,
         "show NAME: print the version's manifest alone, the bytes that its hash is of", NULL},
        G_OPTION_ENTRY_NULL,
};

const struct plc_cmd plc_cmd_bundle = {
        .name = "bundle",
        .args = "publish|preview SITE FILE | list SITE | show SITE [NAME [VERSION]] | diff SITE NAME [FROM [TO]] | "
                "withdraw SITE NAME",
        .help = "Publish a choice of photos and reviews under a name, and see what it holds. publish freezes the "
                "bundle "
                "of a file (schema placet.bundle/1) into its next version and shows it; preview tells what it would "
                "hold, and what not and why; show what is in a version; diff how two versions differ; withdraw shows "
                "it no more.\n\nShown at /v1/bundles/NAME; one for the channel email also as "
                "/v1/bundles/NAME/email.json and email.html, whose photos are rendered when publish returns.",
        .example = "placet bundle publish shop spring.json",
        .run = bundle,
};

/* --- what is printed */

static void print_ids(plc_json *answer, const char *name, const char *before)
{
        g_auto(GStrv) ids = NULL;

        plc_json_get_strings(answer, name, PLC_REQUIRED, 1000000, 64, &ids, NULL);
        for (char **id = ids; id != NULL && *id != NULL; id++)
                printf("%s%s\n", before, *id);
}

static unsigned count_ids(plc_json *answer, const char *name)
{
        plc_json *ids = plc_json_member(answer, name);

        return ids != NULL ? (unsigned)plc_json_size(ids) : 0;
}

/* "BEFORE a, b"; nothing where the definition has no such list. */
static void print_list(plc_json *definition, const char *name, const char *before)
{
        g_auto(GStrv) words = NULL;
        g_autofree char *joined = NULL;

        plc_json_get_strings(definition, name, PLC_OPTIONAL, 1000, 64, &words, NULL);
        if (words == NULL || words[0] == NULL)
                return;
        joined = g_strjoinv(", ", words);
        printf("%s%s", before, joined);
}

/* What it is for, where and when: what pulls and readers are refused by. */
static void print_definition(plc_json *definition)
{
        const char *title = NULL, *from = NULL, *until = NULL;
        bool kept = false;

        plc_json_get_string(definition, "title", PLC_OPTIONAL, 1000, &title, NULL);
        plc_json_get_string(definition, "from", PLC_OPTIONAL, 64, &from, NULL);
        plc_json_get_string(definition, "until", PLC_OPTIONAL, 64, &until, NULL);
        plc_json_get_bool(definition, "kept", PLC_OPTIONAL, &kept, NULL);
        if (title != NULL)
                printf("%s\n", title);
        print_list(definition, "channels", "for ");
        print_list(definition, "territories", " in ");
        print_list(definition, "placements", "; placements ");
        printf("%s%s%s%s%s\n", from != NULL ? "; from " : "", from != NULL ? from : "", until != NULL ? "; until " : "",
               until != NULL ? until : "", kept ? "; kept" : "");
}

static void print_one(plc_json *answer, bool items)
{
        const char *name = "", *at = "", *withdrawn = NULL;
        unsigned count = count_ids(answer, "items");
        int64_t version = 0;

        plc_json_get_string(answer, "bundle", PLC_REQUIRED, 64, &name, NULL);
        plc_json_get_string(answer, "published_at", PLC_REQUIRED, 64, &at, NULL);
        plc_json_get_string(answer, "withdrawn_at", PLC_OPTIONAL, 64, &withdrawn, NULL);
        plc_json_get_int(answer, "version", PLC_REQUIRED, 0, INT64_MAX, &version, NULL);
        printf("%s, version %" G_GINT64_FORMAT ", published %s, %u item%s%s%s\n", name, version, at, count,
               count == 1 ? "" : "s", withdrawn != NULL ? ", withdrawn " : "", withdrawn != NULL ? withdrawn : "");
        if (!items)
                return;
        print_definition(plc_json_member(answer, "definition"));
        print_ids(answer, "items", "  ");
}

static void print_published(plc_json *answer)
{
        print_one(answer, false);
}

static void print_shown(plc_json *answer)
{
        plc_json *all = plc_json_member(answer, "bundles");
        const char *manifest = NULL;

        if (manifest_alone) {
                plc_json_get_string(answer, "manifest", PLC_OPTIONAL, SIZE_MAX, &manifest, NULL);
                fputs(manifest != NULL ? manifest : "", stdout);
                return;
        }
        if (all == NULL)
                print_one(answer, true);
        for (size_t i = 0; all != NULL && i < plc_json_size(all); i++)
                print_one(plc_json_element(all, i), false);
}

static void print_preview(plc_json *answer)
{
        static const struct {
                const char *reason, *sentence;
        } reasons[] = {
                {"not_approved", "is pinned, and not approved"},
                {"not_allowed", "may be shown nowhere that the bundle is for"},
                {"near_duplicate", "looks like"},
                {"contributor", "would be too many of one contributor"},
                {"country", "would be too many of one country"},
                {"limit", "is beyond the limit"},
        };
        plc_json *left_out = plc_json_member(answer, "left_out");
        unsigned count = count_ids(answer, "items");

        printf("It would hold %u item%s:\n", count, count == 1 ? "" : "s");
        print_ids(answer, "items", "  ");
        for (size_t i = 0; left_out != NULL && i < plc_json_size(left_out); i++) {
                const char *item = "", *reason = "", *of = NULL;

                plc_json_get_string(plc_json_element(left_out, i), "item", PLC_REQUIRED, 64, &item, NULL);
                plc_json_get_string(plc_json_element(left_out, i), "reason", PLC_REQUIRED, 64, &reason, NULL);
                plc_json_get_string(plc_json_element(left_out, i), "of", PLC_OPTIONAL, 64, &of, NULL);
                for (size_t r = 0; r < G_N_ELEMENTS(reasons); r++)
                        if (strcmp(reasons[r].reason, reason) == 0)
                                printf("left out: %s %s%s%s\n", item, reasons[r].sentence, of != NULL ? " " : "",
                                       of != NULL ? of : "");
        }
}

static void print_diff(plc_json *answer)
{
        int64_t from = 0, to = 0;
        const char *name = "";
        bool reordered = false;

        plc_json_get_string(answer, "bundle", PLC_REQUIRED, 64, &name, NULL);
        plc_json_get_int(answer, "from", PLC_REQUIRED, 0, INT64_MAX, &from, NULL);
        plc_json_get_int(answer, "to", PLC_REQUIRED, 0, INT64_MAX, &to, NULL);
        plc_json_get_bool(answer, "reordered", PLC_REQUIRED, &reordered, NULL);
        printf("%s, version %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT ": %u added, %u removed%s\n", name, from, to,
               count_ids(answer, "added"), count_ids(answer, "removed"), reordered ? ", in another order" : "");
        print_ids(answer, "added", "+ ");
        print_ids(answer, "removed", "- ");
}

/* --- what is asked */

static char *definition_request(char *const *words, GError **error)
{
        g_autoptr(GBytes) bytes = NULL;
        const char *text;

        if (!plc_cmd_read(words[0], DEFINITION_BYTES, &bytes, error))
                return NULL;
        if (!g_utf8_validate(g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes), NULL)) {
                plc_fail_at(error, PLC_E_BAD_JSON, words[0], NULL, "Save it as UTF-8.", "is not UTF-8");
                return NULL;
        }
        text = g_bytes_get_size(bytes) > 0 ? g_bytes_get_data(bytes, NULL) : "";
        if (g_str_has_prefix(text, "\xef\xbb\xbf")) /* editors of Windows begin a file with a BOM (RFC 8259, 8.1) */
                text += 3;
        return plc_client_request("definition", text, "file", words[0], NULL);
}

/* NAME and up to two versions, under these names. */
static char *version_request(char *const *words, const char *first, const char *second, GError **error)
{
        const char *const names[] = {first, second};
        GString *out = g_string_new(NULL);

        plc_jw_object(out, NULL);
        if (words[0] != NULL)
                plc_jw_string(out, "name", words[0]);
        for (size_t i = 0; i < 2 && words[0] != NULL && words[i + 1] != NULL; i++) {
                char *end = NULL;
                gint64 version = g_ascii_strtoll(words[i + 1], &end, 10);

                if (*end != '\0' || version < 1) {
                        plc_fail_at(error, PLC_E_USAGE, NULL, NULL, "Versions are numbered from 1.",
                                    "\"%s\" is no version", words[i + 1]);
                        g_string_free(out, TRUE);
                        return NULL;
                }
                plc_jw_int(out, names[i], version);
        }
        if (manifest_alone)
                plc_jw_bool(out, "manifest", true);
        plc_jw_end_object(out);
        return g_string_free(out, FALSE);
}

static char *show_request(char *const *words, GError **error)
{
        return version_request(words, "version", "version", error);
}

static char *diff_request(char *const *words, GError **error)
{
        return version_request(words, "from", "to", error);
}

static const struct act {
        const char *name, *op;
        bool writes;
        int least, most; /* words behind SITE */
        char *(*request)(char *const *words, GError **error);
        void (*print)(plc_json *answer);
} acts[] = {
        {"publish", "bundle_publish", true, 1, 1, definition_request, print_published},
        {"preview", "bundle_preview", false, 1, 1, definition_request, print_preview},
        {"list", "bundle_show", false, 0, 0, show_request, print_shown},
        {"show", "bundle_show", false, 0, 2, show_request, print_shown},
        {"diff", "bundle_diff", false, 1, 3, diff_request, print_diff},
        {"withdraw", "bundle_withdraw", true, 1, 1, show_request, print_published},
};

static bool wait_for_items(plc_client *client, plc_json *answer, const char *doing, GError **error)
{
        g_auto(GStrv) ids = NULL;

        return plc_json_get_strings(answer, "items", PLC_REQUIRED, 1000000, 64, &ids, error) &&
               (ids[0] == NULL || plc_client_wait(client, (const char *const *)ids, doing, NULL, error));
}

/* First the files of its placements, so that the manifest tells them; then what mails are made of. */
static bool publish(plc_client *client, const char *request, plc_json **out_answer, GError **error)
{
        g_autoptr(plc_json) asked = NULL, answer = NULL;

        if (!plc_client_call(client, "bundle_ask", request, &asked, error) ||
            !wait_for_items(client, asked, "rendering", error) ||
            !plc_client_call(client, "bundle_publish", request, &answer, error) ||
            !wait_for_items(client, answer, "publishing", error))
                return false;
        *out_answer = g_steal_pointer(&answer);
        return true;
}

static int bundle(int argc, char **argv)
{
        g_autoptr(plc_client) client = NULL;
        g_autoptr(plc_json) answer = NULL;
        const struct act *act = NULL;
        g_autofree char *request = NULL;
        GError *error = NULL;

        if (!plc_cmd_parse(&plc_cmd_bundle, options, &argc, &argv))
                return 2;
        for (size_t i = 0; argc >= 2 && i < G_N_ELEMENTS(acts); i++)
                if (strcmp(acts[i].name, argv[1]) == 0)
                        act = &acts[i];
        if (act == NULL || argc < 3 + act->least || argc > 3 + act->most ||
            (manifest_alone && (strcmp(act->name, "show") != 0 || argc < 4)))
                return plc_cmd_usage(&plc_cmd_bundle, "one of its forms is needed");
        request = act->request(argv + 3, &error);
        client = request != NULL ? plc_client_open(argv[2], act->writes, &error) : NULL;
        if (client == NULL ||
            !(strcmp(act->op, "bundle_publish") == 0 ? publish(client, request, &answer, &error)
                                                     : plc_client_call(client, act->op, request, &answer, &error)))
                return plc_cmd_fail(error);
        if (as_json)
                plc_client_print(answer);
        else
                act->print(answer);
        return 0;
}
