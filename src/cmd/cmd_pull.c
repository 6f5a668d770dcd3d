/* placet pull: how does an ad team get its creatives, only those it may use, with a manifest and a receipt? */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/hash.h"
#include "cmd/client.h"
#include "cmd/cmd.h"

static int pull(int argc, char **argv);
static char *bundle, *preset, *territory, *out_dir, *sublicensee, *campaign;
static gboolean as_json;
static const GOptionEntry options[] = {
        {"bundle", 0, 0, G_OPTION_ARG_STRING, &bundle, "Out of this bundle", "NAME"},
        {"preset", 0, 0, G_OPTION_ARG_STRING, &preset, "For these placements (ids or groups, comma-separated)", "P,…"},
        {"territory", 0, 0, G_OPTION_ARG_STRING, &territory, "To run there: two capitals, as DE", "T"},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &out_dir, "Into this folder (made if it is not there)", "DIR"},
        {"sublicensee", 0, 0, G_OPTION_ARG_STRING, &sublicensee, "Handed on to: ad_platform, retailer, affiliate", "S"},
        {"campaign", 0, 0, G_OPTION_ARG_STRING, &campaign, "For the receipt and the manifest", "C"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print one JSON object", NULL},
        G_OPTION_ENTRY_NULL,
};

const struct plc_cmd plc_cmd_pull = {
        .name = "pull",
        .args = "SITE --bundle NAME --preset P,… --territory T --out DIR [--campaign C] [--sublicensee S]",
        .help = "Hand out what may run there now: files, manifest.csv, receipt.json. What may not is left out, with "
                "the reason.",
        .example = "placet pull shop --bundle spring --preset meta-feed-4x5 --territory DE --out spring-de",
        .run = pull,
};

static const char *const columns[] = {
        "file",       "preset",      "width",     "height",           "bytes",       "sha256", "item",
        "product",    "campaign",    "channel",   "territories",      "valid_until", "credit", "disclosure",
        "alt_text",   "language",    "crop_x",    "crop_y",           "crop_w",      "crop_h", "safe_top",
        "safe_right", "safe_bottom", "safe_left", "ai_edits_allowed", "receipt"};

static const char *member_of(const char *column)
{
        return strcmp(column, "file") == 0 ? "path" : column;
}

static void row(GString *csv, plc_json *file, const char *pull_id)
{
        for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) {
                plc_json *value = plc_json_member(file, member_of(columns[i]));
                g_autoptr(GString) text = g_string_new(NULL);
                bool number = false;

                if (strcmp(columns[i], "campaign") == 0)
                        g_string_append(text, campaign != NULL ? campaign : "");
                else if (strcmp(columns[i], "territories") == 0)
                        g_string_append(text, territory);
                else if (strcmp(columns[i], "receipt") == 0)
                        g_string_append(text, pull_id);
                else if (value != NULL && plc_json_typeof(value) == PLC_JSON_STRING)
                        g_string_append(text, plc_json_string(value));
                else if (value != NULL) {
                        plc_json_write(value, text);
                        number = true;
                }
                plc_csv_cell(csv, text->str, number);
        }
        plc_csv_end_row(csv);
}

static GString *make_manifest(plc_json *files, const char *pull_id)
{
        GString *csv = g_string_new(NULL);

        for (size_t i = 0; i < G_N_ELEMENTS(columns); i++)
                g_string_append_printf(csv, "%s%s", i > 0 ? "," : "", columns[i]);
        g_string_append(csv, "\r\n");
        for (size_t i = 0; i < plc_json_size(files); i++)
                row(csv, plc_json_element(files, i), pull_id);
        return csv;
}

static void copy_member(GString *out, plc_json *from, const char *name, const char *as)
{
        plc_json *value = plc_json_member(from, name);
        g_autoptr(GString) text = g_string_new(NULL);

        if (value == NULL) {
                plc_jw_null(out, as);
                return;
        }
        plc_json_write(value, text);
        plc_jw_raw(out, as, text->str);
}

/* What of each photo its file shows, for whoever cuts the master by himself. */
static GString *make_crops(plc_json *files, const char *pull_id)
{
        static const char *const facts[] = {"verdict",     "override_by",  "override_at", "focal_outside_safe",
                                            "photo_width", "photo_height", "crop_key",    "meta",
                                            "microsoft",   "taboola",      "shown_at"};
        GString *out = g_string_new(NULL);

        plc_jw_object(out, NULL);
        plc_jw_string(out, "schema", "placet.crops/1");
        plc_jw_string(out, "pull", pull_id);
        plc_jw_array(out, "files");
        for (size_t i = 0; i < plc_json_size(files); i++) {
                plc_json *file = plc_json_element(files, i), *crop = plc_json_member(file, "crop");

                plc_jw_object(out, NULL);
                copy_member(out, file, "path", "path");
                copy_member(out, file, "preset", "preset");
                copy_member(out, file, "item", "item");
                for (size_t f = 0; f < G_N_ELEMENTS(facts); f++)
                        copy_member(out, crop, facts[f], facts[f]);
                plc_jw_end_object(out);
        }
        plc_jw_end_array(out);
        plc_jw_end_object(out);
        g_string_append_c(out, '\n');
        return out;
}

static GString *make_receipt(plc_json *answer, plc_json *files)
{
        static const char *const head[] = {"pull", "bundle", "version"};
        static const char *const facts[] = {"path", "sha256", "bytes", "item", "valid_until", "duties"};
        GString *out = g_string_new(NULL);

        plc_jw_object(out, NULL);
        plc_jw_string(out, "schema", "placet.receipt/1");
        for (size_t i = 0; i < G_N_ELEMENTS(head); i++)
                copy_member(out, answer, head[i], head[i]);
        copy_member(out, answer, "presets", "preset");
        copy_member(out, plc_json_element(files, 0), "channel", "channel");
        copy_member(out, answer, "territory", "territory");
        copy_member(out, answer, "at", "at");
        copy_member(out, answer, "head", "head");
        plc_jw_array(out, "files");
        for (size_t i = 0; i < plc_json_size(files); i++) {
                plc_jw_object(out, NULL);
                for (size_t f = 0; f < G_N_ELEMENTS(facts); f++)
                        copy_member(out, plc_json_element(files, i), facts[f], facts[f]);
                plc_jw_end_object(out);
        }
        plc_jw_end_array(out);
        plc_jw_end_object(out);
        g_string_append_c(out, '\n');
        return out;
}

/* What arrives is what was recorded: the hash is computed again over the copy's source. */
static bool copy_file(const char *site, plc_json *file, int to_dir, GError **error)
{
        const char *store = "", *asset = "", *path = "", *sha256 = "";
        g_autofree char *from = NULL;
        char found[PLC_SHA256_HEX_SIZE];
        plc_autofd int fd = -1;

        if (!plc_json_get_name(file, "store", PLC_REQUIRED, 64, &store, error) ||
            !plc_json_get_name(file, "asset", PLC_REQUIRED, 96, &asset, error) ||
            !plc_json_get_name(file, "path", PLC_REQUIRED, 255, &path, error) ||
            !plc_json_get_name(file, "sha256", PLC_REQUIRED, 64, &sha256, error))
                return false;
        from = g_strdup_printf("%s/%s/%.2s/%s", site, store, asset, asset + 2);
        fd = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (fd < 0)
                return plc_fail_errno(error, errno, "cannot open %s", from);
        if (!plc_sha256_fd(fd, found, error))
                return false;
        if (strcmp(found, sha256) != 0)
                return plc_fail(error, PLC_E_HASH_MISMATCH, "%s is not the file that was rendered", from);
        return plc_copy_durable_at(to_dir, path, fd, 0644, false, error);
}

static bool write_out(const char *site, plc_json *answer, plc_json *files, GError **error)
{
        const char *pull_id = "";
        plc_autofd int dir = -1;
        g_autoptr(GString) manifest = NULL, receipt = NULL, crops = NULL;

        plc_json_get_string(answer, "pull", PLC_REQUIRED, 64, &pull_id, NULL);
        if (g_mkdir_with_parents(out_dir, 0755) != 0)
                return plc_fail_errno(error, errno, "cannot make %s", out_dir);
        if (!plc_open_dir(AT_FDCWD, out_dir, &dir, error))
                return false;
        for (size_t i = 0; i < plc_json_size(files); i++)
                if (!copy_file(site, plc_json_element(files, i), dir, error))
                        return false;
        manifest = make_manifest(files, pull_id);
        receipt = make_receipt(answer, files);
        crops = make_crops(files, pull_id);
        return plc_write_durable_at(dir, "crops.json", crops->str, crops->len, 0644, error) &&
               plc_write_durable_at(dir, "receipt.json", receipt->str, receipt->len, 0644, error) &&
               plc_write_durable_at(dir, "manifest.csv", manifest->str, manifest->len, 0644, error);
}

static void tell_left_out(plc_json *left_out)
{
        for (size_t i = 0; i < plc_json_size(left_out); i++) {
                plc_json *one = plc_json_element(left_out, i);
                const char *item = "", *id = "", *why = "";
                g_auto(GStrv) reasons = NULL;
                g_autofree char *joined = NULL;

                plc_json_get_string(one, "item", PLC_REQUIRED, 64, &item, NULL);
                plc_json_get_string(one, "preset", PLC_REQUIRED, 64, &id, NULL);
                plc_json_get_string(one, "why", PLC_REQUIRED, 1000, &why, NULL);
                plc_json_get_strings(one, "reasons", PLC_REQUIRED, 1000, 1000, &reasons, NULL);
                joined = reasons != NULL ? g_strjoinv(" ", reasons) : g_strdup("");
                printf("  left out: %s %s: %s%s%s\n", item, id, why, joined[0] != '\0' ? ": " : "", joined);
        }
}

static int hand_out(const char *site, plc_json *answer, GError **error)
{
        plc_json *files = plc_json_member(answer, "files"), *left_out = plc_json_member(answer, "left_out");
        size_t count = plc_json_size(files);

        if (count > 0 && !write_out(site, answer, files, error))
                return -1;
        if (as_json)
                plc_client_print(answer);
        else {
                printf("%zu file%s into %s.\n", count, count == 1 ? "" : "s", out_dir);
                tell_left_out(left_out);
        }
        if (count > 0)
                return 0;
        plc_fail_at(error, PLC_E_DENIED, NULL, NULL, "placet why tells the reasons for each item.",
                    "nothing in bundle %s may run in %s as %s now; no file was written", bundle, territory, preset);
        return -1;
}

/* Most placements are made when they are first pulled. What cannot be made is told as left out. */
static bool render_missing(plc_client *client, const char *request, GError **error)
{
        g_autoptr(plc_json) answer = NULL;
        g_auto(GStrv) items = NULL;

        return plc_client_call(client, "pull_ask", request, &answer, error) &&
               plc_json_get_strings(answer, "items", PLC_REQUIRED, 1000000, 64, &items, error) &&
               (items[0] == NULL || plc_client_wait(client, (const char *const *)items, "rendering", NULL, error));
}

static int pull(int argc, char **argv)
{
        g_autoptr(plc_client) client = NULL;
        g_autoptr(plc_json) answer = NULL;
        g_autofree char *request = NULL;
        GError *error = NULL;
        const char *site;

        if (!plc_cmd_parse(&plc_cmd_pull, options, &argc, &argv))
                return 2;
        if (argc > 2 || bundle == NULL || preset == NULL || territory == NULL || out_dir == NULL)
                return plc_cmd_usage(&plc_cmd_pull, "--bundle, --preset, --territory and --out are needed");
        site = plc_cmd_site(argc == 2 ? argv[1] : NULL);
        request = plc_client_request("bundle", bundle, "presets", preset, "territory", territory, "sublicensee",
                                     sublicensee, "campaign", campaign, NULL);
        client = plc_client_open(site, true, &error);
        if (client == NULL || !render_missing(client, request, &error) ||
            !plc_client_call(client, "pull", request, &answer, &error) || hand_out(site, answer, &error) != 0)
                return plc_cmd_fail(error);
        return 0;
}
