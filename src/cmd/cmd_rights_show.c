/* placet rights show: the time line of what was permitted, and how each permission stands now. */
#include <stdio.h>

#include "cmd/cmd_rights.h"

static char *request_of(const char *id)
{
        GString *out = g_string_new(NULL);

        plc_jw_object(out, NULL);
        if (id != NULL) {
                plc_jw_array(out, "ids");
                plc_jw_string(out, NULL, id);
                plc_jw_end_array(out);
        } else {
                plc_jw_string(out, "contributor", plc_rights_options.contributor);
        }
        plc_jw_end_object(out);
        return g_string_free(out, FALSE);
}

static const char *text(plc_json *object, const char *name)
{
        const char *value = "";

        plc_json_get_string(object, name, PLC_OPTIONAL, 65536, &value, NULL);
        return value;
}

/* Times of the answer are full; a line needs the minute. */
static void tell_line(plc_json *line)
{
        int64_t seq = 0;

        plc_json_get_int(line, "seq", PLC_REQUIRED, 0, INT64_MAX, &seq, NULL);
        printf("  %.10s %.5s UTC  #%-5" G_GINT64_FORMAT " %-19s %s\n", text(line, "effective_at"),
               text(line, "effective_at") + (text(line, "effective_at")[0] != '\0' ? 11 : 0), seq, text(line, "type"),
               text(line, "sentence"));
}

int plc_rights_show(plc_client *client, const char *id, GError **error)
{
        g_autofree char *request = NULL;
        g_autoptr(plc_json) answer = NULL;
        plc_json *items, *lines, *grants;

        if (id == NULL && plc_rights_options.contributor == NULL) {
                plc_fail_at(error, PLC_E_USAGE, NULL, NULL, "Name an item, a submission or --contributor.",
                            "nothing was named");
                return -1;
        }
        request = request_of(id);
        if (!plc_client_call(client, "rights_show", request, &answer, error))
                return -1;
        if (plc_rights_options.json) {
                plc_client_print(answer);
                return 0;
        }
        items = plc_json_member(answer, "items");
        for (size_t i = 0; i < plc_json_size(items); i++)
                puts(text(plc_json_element(items, i), "item"));
        lines = plc_json_member(answer, "timeline");
        for (size_t i = 0; i < plc_json_size(lines); i++)
                tell_line(plc_json_element(lines, i));
        grants = plc_json_member(answer, "grants");
        puts(plc_json_size(grants) > 0 ? "Now:" : "Now: no permission was ever recorded.");
        for (size_t i = 0; i < plc_json_size(grants); i++) {
                plc_json *grant = plc_json_element(grants, i);

                printf("  %s  %s\n", text(grant, "grant"), text(grant, "sentence"));
        }
        return 0;
}
