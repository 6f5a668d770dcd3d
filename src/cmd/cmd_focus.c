/* placet focus: how does somebody say what must stay in every crop of a photo? */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "cmd/client.h"
#include "cmd/cmd.h"

static int focus(int argc, char **argv);
static char *at, *box;
static gboolean none, as_json;
static const GOptionEntry options[] = {
        {"at", 0, 0, G_OPTION_ARG_STRING, &at,
         "The point that counts: fractions of the upright photo from its top left", "X,Y"},
        {"box", 0, 0, G_OPTION_ARG_STRING, &box, "What must stay in every crop: left, top, width, height, likewise",
         "X,Y,W,H"},
        {"none", 0, 0, G_OPTION_ARG_NONE, &none, "Take both back: what catches the eye counts", NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print one JSON object", NULL},
        G_OPTION_ENTRY_NULL,
};

const struct plc_cmd plc_cmd_focus = {
        .name = "focus",
        .args = "SITE ID… --at X,Y | --box X,Y,W,H | --none [--json]",
        .help = "Say what counts in photos: every crop is made anew, and what is shown stays until then.",
        .example = "placet focus shop form-2026-11-03-0042 --at 0.62,0.4",
        .run = focus,
};

/* So many numbers from 0 to 1 with commas. */
static bool read_numbers(const char *text, size_t n, double *out)
{
        g_auto(GStrv) parts = g_strsplit(text, ",", -1);

        if (g_strv_length(parts) != n)
                return false;
        for (size_t i = 0; i < n; i++) {
                char *end = NULL;

                out[i] = g_ascii_strtod(g_strstrip(parts[i]), &end);
                if (end == parts[i] || *end != '\0' || !(out[i] >= 0 && out[i] <= 1))
                        return false;
        }
        return true;
}

static void write_numbers(GString *out, const char *name, const char *letters, const double *numbers)
{
        plc_jw_object(out, name);
        for (size_t i = 0; letters[i] != '\0'; i++)
                plc_jw_real(out, (const char[]){letters[i], '\0'}, numbers[i]);
        plc_jw_end_object(out);
}

/* NULL: not such numbers. */
static char *request_of(char **ids, int count)
{
        double point[2], sides[4];
        GString *out;

        if ((at != NULL && !read_numbers(at, 2, point)) || (box != NULL && !read_numbers(box, 4, sides)))
                return NULL;
        out = g_string_new(NULL);
        plc_jw_object(out, NULL);
        plc_jw_array(out, "ids");
        for (int i = 0; i < count; i++)
                plc_jw_string(out, NULL, ids[i]);
        plc_jw_end_array(out);
        if (at != NULL)
                write_numbers(out, "focal", "xy", point);
        if (box != NULL)
                write_numbers(out, "box", "xywh", sides);
        plc_jw_end_object(out);
        return g_string_free(out, FALSE);
}

static int focus(int argc, char **argv)
{
        g_autoptr(plc_client) client = NULL;
        g_autoptr(plc_json) answer = NULL;
        g_auto(GStrv) items = NULL;
        g_autofree char *request = NULL;
        GError *error = NULL;

        if (!plc_cmd_parse(&plc_cmd_focus, options, &argc, &argv))
                return 2;
        if (argc < 3 || none == (at != NULL || box != NULL))
                return plc_cmd_usage(&plc_cmd_focus, "a SITE, at least one ID, and --at, --box or --none are needed");
        request = request_of(argv + 2, argc - 2);
        if (request == NULL)
                return plc_cmd_usage(&plc_cmd_focus, "--at takes two and --box four numbers from 0 to 1, with commas");
        client = plc_client_open(argv[1], true, &error);
        if (client == NULL || !plc_client_call(client, "focus", request, &answer, &error) ||
            !plc_json_get_strings(answer, "items", PLC_REQUIRED, 1000000, 64, &items, &error) ||
            !plc_client_wait(client, (const char *const *)items, "rendering", NULL, &error))
                return plc_cmd_fail(error);
        if (as_json)
                plc_client_print(answer);
        else
                printf("%u %s cropped %s.\n", g_strv_length(items), g_strv_length(items) == 1 ? "photo" : "photos",
                       none ? "by what catches the eye" : "to keep it");
        return 0;
}
