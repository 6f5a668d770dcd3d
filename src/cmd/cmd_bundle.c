/* placet bundle: how is a curated set published, and what is in it? */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cmd/client.h"
#include "cmd/cmd.h"

#define DEFINITION_BYTES PLC_MIB

static int bundle(int argc, char **argv);
static gboolean as_json;
static const GOptionEntry options[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print one JSON object", NULL},
        G_OPTION_ENTRY_NULL,
};

const struct plc_cmd plc_cmd_bundle = {
        .name = "bundle",
        .args = "publish SITE FILE | show SITE [NAME]",
        .help = "Freeze a bundle (schema placet.bundle/1) into its next version and show it; or tell what is in one.",
        .example = "placet bundle publish shop spring.json",
        .run = bundle,
};

static void print_one(plc_json *bundle_json, bool items)
{
        const char *name = "", *at = "";
        g_auto(GStrv) ids = NULL;
        int64_t version = 0;

        plc_json_get_string(bundle_json, "bundle", PLC_REQUIRED, 64, &name, NULL);
        plc_json_get_string(bundle_json, "published_at", PLC_REQUIRED, 64, &at, NULL);
        plc_json_get_int(bundle_json, "version", PLC_REQUIRED, 0, INT64_MAX, &version, NULL);
        plc_json_get_strings(bundle_json, "items", PLC_REQUIRED, 1000000, 64, &ids, NULL);
        printf("%s, version %" G_GINT64_FORMAT ", published %s, %u items\n", name, version, at,
               ids != NULL ? g_strv_length(ids) : 0);
        for (char **id = ids; items && id != NULL && *id != NULL; id++)
                printf("  %s\n", *id);
}

static bool publish(plc_client *client, const char *file, plc_json **out_answer, GError **error)
{
        g_autoptr(GBytes) bytes = NULL;
        g_autofree char *request = NULL;

        if (!plc_read_file_at(AT_FDCWD, file, DEFINITION_BYTES, &bytes, error))
                return false;
        if (!g_utf8_validate(g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes), NULL))
                return plc_fail_at(error, PLC_E_BAD_JSON, file, NULL, "Save it as UTF-8.", "is not UTF-8");
        request = plc_client_request("definition", (const char *)g_bytes_get_data(bytes, NULL), "file", file, NULL);
        return plc_client_call(client, "bundle_publish", request, out_answer, error);
}

static bool show(plc_client *client, const char *name, plc_json **out_answer, GError **error)
{
        g_autofree char *request = plc_client_request("name", name, NULL);

        return plc_client_call(client, "bundle_show", request, out_answer, error);
}

static int bundle(int argc, char **argv)
{
        g_autoptr(plc_client) client = NULL;
        g_autoptr(plc_json) answer = NULL;
        GError *error = NULL;
        plc_json *all;
        bool publishes;

        if (!plc_cmd_parse(&plc_cmd_bundle, options, &argc, &argv))
                return 2;
        publishes = argc == 4 && strcmp(argv[1], "publish") == 0;
        if (!publishes && (argc < 3 || argc > 4 || strcmp(argv[1], "show") != 0))
                return plc_cmd_usage(&plc_cmd_bundle, "publish SITE FILE or show SITE [NAME] is needed");
        client = plc_client_open(argv[2], publishes, &error);
        if (client == NULL || (publishes ? !publish(client, argv[3], &answer, &error)
                                         : !show(client, argc == 4 ? argv[3] : NULL, &answer, &error)))
                return plc_cmd_fail(error);
        all = plc_json_member(answer, "bundles");
        if (as_json)
                plc_client_print(answer);
        else if (all == NULL)
                print_one(answer, !publishes);
        for (size_t i = 0; !as_json && all != NULL && i < plc_json_size(all); i++)
                print_one(plc_json_element(all, i), false);
        return 0;
}
