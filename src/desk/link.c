/* How does a contributor reach their own page, and how does what they take back there become an event? The token shows
 * that it was them: only the site's key makes it. */
#include "desk/link.h"

#include <string.h>

#include "base/clock.h"
#include "desk/private.h"
#include "publish/link.h"

/* On the name that the world calls the public API by; NULL where placet.conf tells none. */
static char *public_address(const struct plc_desk *desk, const char *path)
{
        const char *given = desk->site->conf->public_url;
        size_t size = given != NULL ? strlen(given) : 0;

        while (size > 0 && given[size - 1] == '/')
                size--;
        return size > 0 ? g_strdup_printf("%.*s%s", (int)size, given, path) : NULL;
}

/* {"contributor":C}: where their page is. */
bool plc_desk_rights_link(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        g_autoptr(plc_contributor) contributor = NULL;
        const char *name = NULL;
        char token[PLC_ID_SIZE];

        if (!plc_json_get_name(request, "contributor", PLC_REQUIRED, 400, &name, error) ||
            !plc_desk_find_contributor(desk, name, &contributor, error))
                return false;
        if (contributor->erased)
                return plc_fail(error, PLC_E_ERASED, "nothing is held about this contributor any more");
        plc_publish_token(desk->site->vault, contributor->id, token);
        g_autofree char *path = g_strconcat("/c/", token, NULL);
        g_autofree char *url = public_address(desk, path);
        plc_jw_object(answer, NULL);
        plc_jw_string(answer, "contributor", contributor->id);
        plc_jw_string(answer, "path", path);
        plc_jw_string(answer, "url", url);
        plc_jw_end_object(answer);
        return true;
}

/* The event names the file that it came from: one that was recorded before is known by it. */
static bool is_recorded(struct plc_desk *desk, const char *kind, const char *id, const char *file, bool *out,
                        GError **error)
{
        g_autoptr(GPtrArray) events = NULL;

        *out = false;
        if (!plc_catalog_ledger_about(desk->site->catalog, kind, id, &events, error))
                return false;
        for (guint i = 0; i < events->len; i++)
                *out = *out || strstr(((plc_ledger_row *)events->pdata[i])->json, file) != NULL;
        return true;
}

static bool record(struct plc_desk *desk, const plc_item *item, const struct plc_spool_withdrawal *w, GError **error)
{
        const char *kind = w->all ? "contributor" : "item", *id = w->all ? item->contributor : item->id;
        g_autoptr(plc_desk_act) act = plc_desk_act_new();
        g_autoptr(GPtrArray) items = NULL;
        bool before;
        GString *event;

        if (!is_recorded(desk, kind, id, w->id, &before, error) || before)
                return before;
        event = plc_desk_event("consent.withdrawn");
        plc_jw_object(event, "subject");
        plc_jw_string(event, kind, id);
        plc_jw_end_object(event);
        plc_jw_string(event, "x_by", "contributor");
        plc_jw_string(event, "x_request", w->id);
        plc_desk_event_end(act, event);
        if (w->all ? !plc_catalog_items_of_contributor(desk->site->catalog, id, &items, error) : false)
                return false;
        if (w->all)
                plc_desk_act_touch(act, items);
        else
                g_ptr_array_add(act->items, g_strdup(id));
        plc_site_make_room(desk->site);
        return plc_desk_darken(desk, act, plc_now_ms(), error);
}

bool plc_desk_take_withdrawal(struct plc_desk *desk, const struct plc_spool_withdrawal *w, GError **error)
{
        g_autoptr(plc_item) item = NULL;
        g_autoptr(GError) missing = NULL;
        char token[PLC_ID_SIZE];

        if (!plc_catalog_get_item(desk->site->catalog, w->item, &item, &missing)) {
                if (plc_error_code(missing) == PLC_E_NOT_FOUND)
                        return true; /* nothing is left of it to be shown */
                g_propagate_error(error, g_steal_pointer(&missing));
                return false;
        }
        plc_publish_token(desk->site->vault, item->contributor, token);
        if (strcmp(token, w->token) != 0)
                return plc_fail(error, PLC_E_FORBIDDEN, "a withdrawal in the spool is not its contributor's");
        return record(desk, item, w, error);
}
