/* Who is in a photo, and how did an item come about, where the drop did not say? An operator's word, as events of the
 * ledger. */
#include <string.h>

#include "base/clock.h"
#include "desk/private.h"

static const char *const peoples[] = {"none", "self", "unknown", NULL};
static const char *const connections[] = {"none",     "incentive", "free_product", "affiliate",
                                          "employee", "family",    "contest",      NULL};
static const char *const verifications[] = {"order", "email", "receipt", "merchant", "none", NULL};

/* `self` is the contributor, one person in all drops; `unknown` shuts the photo wherever people must be declared. */
static void declare_people(struct plc_desk_act *act, const plc_item *item, const char *people)
{
        GString *event = plc_desk_event("persons.declared");

        plc_jw_string(event, "item", item->id);
        plc_jw_array(event, "persons");
        if (strcmp(people, "none") != 0) {
                char unknown[PLC_ID_SIZE];

                plc_id_new(unknown);
                plc_jw_object(event, NULL);
                plc_jw_string(event, "id", strcmp(people, "self") == 0 ? item->contributor : unknown);
                plc_jw_string(event, "kind", people);
                plc_jw_end_object(event);
        }
        plc_jw_end_array(event);
        plc_desk_event_end(act, event);
}

static void disclose(struct plc_desk_act *act, const plc_item *item, const char *connection, const char *verification)
{
        GString *event = plc_desk_event("disclosure.set");

        plc_jw_string(event, "item", item->id);
        plc_jw_string(event, "connection", connection);
        plc_jw_string(event, "verification", verification);
        plc_desk_event_end(act, event);
}

/* {"id":…, "people"?, "connection"?, "verification"?} for every item that the id names; people for photos alone. */
bool plc_desk_rights_declare(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        g_autoptr(plc_desk_act) act = plc_desk_act_new();
        g_autoptr(GPtrArray) items = NULL;
        int people = -1, connection = -1, verification = 4;
        int64_t now_ms = plc_now_ms();
        g_autoptr(plc_db_tx) tx = NULL;
        const char *id = NULL;

        if (!plc_json_get_name(request, "id", PLC_REQUIRED, 200, &id, error) ||
            !plc_json_get_enum(request, "people", PLC_OPTIONAL, peoples, &people, error) ||
            !plc_json_get_enum(request, "connection", PLC_OPTIONAL, connections, &connection, error) ||
            !plc_json_get_enum(request, "verification", PLC_OPTIONAL, verifications, &verification, error) ||
            !plc_json_only(request, error) || !plc_desk_resolve(desk, id, &items, error))
                return false;
        if (people < 0 && connection < 0)
                return plc_fail_at(error, PLC_E_USAGE, NULL, NULL, "Say people, connection or both.",
                                   "nothing is declared");
        for (guint i = 0; i < items->len; i++) {
                g_autoptr(plc_item) item = NULL;

                if (!plc_catalog_get_item(desk->site->catalog, items->pdata[i], &item, error))
                        return false;
                if (people >= 0 && item->kind == PLC_ITEM_PHOTO)
                        declare_people(act, item, peoples[people]);
                if (connection >= 0)
                        disclose(act, item, connections[connection], verifications[verification]);
        }
        plc_desk_act_touch(act, items);
        /* It may open, and it may take away: the index says so before the answer, renders follow by the queue. */
        tx = plc_catalog_begin(desk->site->catalog, error);
        if (tx == NULL || !plc_desk_write(desk, act, now_ms, error) ||
            !plc_desk_queue_renders(desk, act, now_ms, error) || !plc_desk_publish_now(desk, &tx, act, error))
                return false;
        plc_jw_object(answer, NULL);
        plc_desk_answer_items(answer, act);
        plc_desk_answer_files(answer, act);
        plc_jw_end_object(answer);
        return true;
}
