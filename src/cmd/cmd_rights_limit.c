/* placet rights withdraw, narrow, hold, lift, refuse, invalidate, flag, declare: what became of it, in a sentence. */
#include <stdio.h>

#include "cmd/cmd_rights.h"

static char *request_of(const char *name, const char *id)
{
        const struct plc_rights_options *o = &plc_rights_options;
        GString *out = g_string_new(NULL);

        plc_jw_object(out, NULL);
        if (id != NULL)
                plc_jw_string(out, name, id);
        if (o->reason != NULL)
                plc_jw_string(out, "reason", o->reason);
        plc_rights_write_scope(out);
        plc_jw_end_object(out);
        return g_string_free(out, FALSE);
}

/* The sentence's %s is the number of items. */
static int tell(plc_json *answer, const char *before, const char *after, GError **error)
{
        g_auto(GStrv) items = NULL;
        g_autofree char *count = NULL;

        if (!plc_json_get_strings(answer, "items", PLC_REQUIRED, 1000000, 64, &items, error))
                return -1;
        if (plc_rights_options.json) {
                plc_client_print(answer);
                return 0;
        }
        count = plc_rights_count(g_strv_length(items), "item was", "items were");
        printf("%s; %s %s.\n", before, count, after);
        plc_rights_tell_recalls(answer);
        return 0;
}

static int call_and_tell(plc_client *client, const char *op, const char *name, const char *id, const char *done,
                         GError **error)
{
        g_autofree char *request = request_of(name, id);
        g_autoptr(plc_json) answer = NULL;

        if (!plc_client_call(client, op, request, &answer, error))
                return -1;
        return tell(answer, done, "decided anew, and the index says so", error);
}

int plc_rights_withdraw(plc_client *client, const char *id, GError **error)
{
        const struct plc_rights_options *o = &plc_rights_options;
        g_autofree char *request = plc_client_request("id", id, "grant", o->grant, "contributor", o->contributor,
                                                      "person", o->person, NULL);
        g_autoptr(plc_json) answer = NULL;
        int64_t items = 0;

        if (!plc_client_call(client, "rights_withdraw", request, &answer, error) ||
            !plc_json_get_int(answer, "items", PLC_REQUIRED, 0, INT64_MAX, &items, error))
                return -1;
        if (o->json) {
                plc_client_print(answer);
                return 0;
        }
        printf("Withdrawn; %" G_GINT64_FORMAT " %s decided anew, and the index says so.\n", items,
               items == 1 ? "item was" : "items were");
        plc_rights_tell_recalls(answer);
        return 0;
}

int plc_rights_narrow(plc_client *client, const char *id, GError **error)
{
        return call_and_tell(client, "rights_narrow", "grant", id, "Narrowed", error);
}

int plc_rights_refuse(plc_client *client, const char *id, GError **error)
{
        return call_and_tell(client, "rights_refuse", "grant", id, "Refused", error);
}

int plc_rights_invalidate(plc_client *client, const char *id, GError **error)
{
        return call_and_tell(client, "rights_invalidate", "grant", id, "Invalidated", error);
}

/* The hold's id is on the first line alone: it is what lift asks for. */
int plc_rights_hold(plc_client *client, const char *id, GError **error)
{
        const char *contributor = plc_rights_options.contributor, *hold = "";
        g_autofree char *request =
                request_of(contributor != NULL ? "contributor" : "id", contributor != NULL ? contributor : id);
        g_autoptr(plc_json) answer = NULL;

        if (contributor != NULL && id != NULL) {
                plc_fail_at(error, PLC_E_USAGE, NULL, NULL, "Name one of the two.",
                            "an ID and --contributor exclude each other");
                return -1;
        }
        if (!plc_client_call(client, "rights_hold", request, &answer, error) ||
            !plc_json_get_string(answer, "hold", PLC_REQUIRED, 64, &hold, error))
                return -1;
        if (!plc_rights_options.json)
                puts(hold);
        return tell(answer, "Held back", "decided anew, and the index says so", error);
}

/* The address of a contributor's own page; whoever has it may withdraw, so it is for them alone. */
int plc_rights_link(plc_client *client, const char *id, GError **error)
{
        const char *contributor = plc_rights_options.contributor != NULL ? plc_rights_options.contributor : id;
        g_autofree char *request = plc_client_request("contributor", contributor, NULL);
        g_autoptr(plc_json) answer = NULL;
        const char *path = "", *url = NULL;

        if (!plc_client_call(client, "rights_link", request, &answer, error) ||
            !plc_json_get_string(answer, "path", PLC_REQUIRED, 64, &path, error) ||
            !plc_json_get_string(answer, "url", PLC_OPTIONAL, 4096, &url, error))
                return -1;
        if (plc_rights_options.json)
                plc_client_print(answer);
        else
                puts(url != NULL ? url : path);
        return 0;
}

int plc_rights_dismiss(plc_client *client, const char *id, GError **error)
{
        g_autofree char *request = plc_client_request("report", id, NULL);
        g_autoptr(plc_json) answer = NULL;
        g_auto(GStrv) items = NULL;

        if (!plc_client_call(client, "rights_dismiss", request, &answer, error) ||
            !plc_json_get_strings(answer, "items", PLC_REQUIRED, 1000000, 64, &items, error) ||
            !plc_client_wait(client, (const char *const *)items, "rendering", NULL, error))
                return -1;
        return tell(answer, "Dismissed", "decided anew and published as far as permissions go", error);
}

int plc_rights_lift(plc_client *client, const char *id, GError **error)
{
        g_autofree char *request = plc_client_request("hold", id, NULL);
        g_autoptr(plc_json) answer = NULL;
        g_auto(GStrv) items = NULL;

        if (!plc_client_call(client, "rights_lift", request, &answer, error) ||
            !plc_json_get_strings(answer, "items", PLC_REQUIRED, 1000000, 64, &items, error) ||
            !plc_client_wait(client, (const char *const *)items, "rendering", NULL, error))
                return -1;
        return tell(answer, "Lifted", "decided anew and published as far as permissions go", error);
}

int plc_rights_flag(plc_client *client, const char *id, GError **error)
{
        GString *out = g_string_new(NULL);
        g_autoptr(plc_json) answer = NULL;
        g_autofree char *request = NULL;
        g_auto(GStrv) items = NULL;

        plc_jw_object(out, NULL);
        plc_jw_array(out, "ids");
        plc_jw_string(out, NULL, id);
        plc_jw_end_array(out);
        plc_jw_array(out, "flags");
        for (char **flag = plc_rights_options.flags; flag != NULL && *flag != NULL; flag++)
                plc_jw_string(out, NULL, *flag);
        plc_jw_end_array(out);
        plc_jw_end_object(out);
        request = g_string_free(out, FALSE);
        if (!plc_client_call(client, "rights_flag", request, &answer, error) ||
            !plc_json_get_strings(answer, "items", PLC_REQUIRED, 1000000, 64, &items, error) ||
            !plc_client_wait(client, (const char *const *)items, "rendering", NULL, error))
                return -1;
        return tell(answer, plc_rights_options.flags != NULL ? "Flagged" : "Flags taken away", "decided anew", error);
}

int plc_rights_declare(plc_client *client, const char *id, GError **error)
{
        const struct plc_rights_options *o = &plc_rights_options;
        g_autofree char *request = plc_client_request("id", id, "people", o->people, "connection", o->connection,
                                                      "verification", o->verification, NULL);
        g_autoptr(plc_json) answer = NULL;
        g_auto(GStrv) items = NULL;

        if (!plc_client_call(client, "rights_declare", request, &answer, error) ||
            !plc_json_get_strings(answer, "items", PLC_REQUIRED, 1000000, 64, &items, error) ||
            !plc_client_wait(client, (const char *const *)items, "rendering", NULL, error))
                return -1;
        return tell(answer, "Declared", "decided anew", error);
}
