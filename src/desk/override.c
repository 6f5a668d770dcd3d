/* Who lets a photo into a placement that it is too small for? A person, by name, for one photo and one placement; only
 * what the placement itself leaves open, never below its least size, and never enlarged. */
#include <string.h>

#include "base/clock.h"
#include "desk/private.h"
#include "publish/said.h"

struct overriding {
        struct plc_desk *desk;
        plc_desk_act *act;
        char **presets;
        const char *by;
        bool withdraw;
};

static void record(struct overriding *o, const char *item, const char *preset)
{
        GString *event = plc_desk_event(o->withdraw ? "placement.override_ended" : "placement.overridden");

        plc_jw_string(event, "item", item);
        plc_jw_string(event, "preset", preset);
        plc_jw_string(event, "by", o->by);
        plc_desk_event_end(o->act, event);
}

static bool fault(const char *item, const char *preset, const char *remedy, const char *what, GError **error)
{
        return plc_fail_at(error, PLC_E_CONFLICT, NULL, NULL, remedy, "photo %s in %s: %s", item, preset, what);
}

static bool may_override(struct overriding *o, const char *item, const char *preset, GError **error)
{
        g_autoptr(plc_placed) placed = NULL;

        if (!plc_catalog_get_placed(o->desk->site->catalog, item, preset, &placed, error))
                return false;
        if (placed == NULL)
                return fault(item, preset, "Pull it, or name the placement in [site] placements.",
                             "has not been rendered for it yet, so nobody knows", error);
        if (strcmp(placed->verdict, "refused") == 0) {
                g_autofree char *what = g_strdup_printf("is refused (%s), which nobody's word changes: %s",
                                                        placed->refusal, placed->why != NULL ? placed->why : "");

                return fault(item, preset, "Take another photo or placement.", what, error);
        }
        return strcmp(placed->verdict, "undersized") == 0 ||
               fault(item, preset, "There is nothing to do.", "is not undersized", error);
}

static bool override_one(struct overriding *o, const char *item, GError **error)
{
        g_autoptr(plc_said) said = plc_publish_said(&o->desk->site->publisher, item, error);

        if (said == NULL)
                return false;
        for (char **preset = o->presets; *preset != NULL; preset++) {
                bool given = plc_said_override(said, *preset) != NULL;

                if (o->withdraw && !given)
                        return fault(item, *preset, "There is nothing to do.", "was not overridden", error);
                if (!o->withdraw && (given || !may_override(o, item, *preset, error))) {
                        if (given)
                                continue;
                        return false;
                }
                record(o, item, *preset);
        }
        g_ptr_array_add(o->act->items, g_strdup(item));
        return true;
}

static bool override_all(struct overriding *o, const GPtrArray *items, GError **error)
{
        for (guint i = 0; i < items->len; i++) {
                g_autoptr(plc_item) item = NULL;

                if (!plc_catalog_get_item(o->desk->site->catalog, items->pdata[i], &item, error))
                        return false;
                if (item->kind == PLC_ITEM_PHOTO && item->state == PLC_ITEM_APPROVED &&
                    !override_one(o, item->id, error))
                        return false;
        }
        return o->act->items->len > 0 ||
               plc_fail_at(error, PLC_E_CONFLICT, NULL, NULL, "placet show tells the photos and their states.",
                           "none of these is an approved photo");
}

/* {"ids":[…], "presets":"P,…", "by":NAME, "withdraw"?: true} */
bool plc_desk_override(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        g_autoptr(plc_desk_act) act = plc_desk_act_new();
        struct overriding o = {.desk = desk, .act = act};
        g_autoptr(GPtrArray) items = NULL;
        const char *words = NULL;
        bool ok;

        if (!plc_json_get_name(request, "presets", PLC_REQUIRED, 4096, &words, error) ||
            !plc_json_get_name(request, "by", PLC_REQUIRED, 200, &o.by, error) ||
            !plc_json_get_bool(request, "withdraw", PLC_OPTIONAL, &o.withdraw, error) ||
            !plc_desk_resolve_all(desk, request, &items, error))
                return false;
        o.presets = plc_presets_expand(desk->site->presets, words, error);
        ok = o.presets != NULL && override_all(&o, items, error) && plc_desk_brighten(desk, act, plc_now_ms(), error);
        g_strfreev(o.presets);
        if (!ok)
                return false;
        plc_jw_object(answer, NULL);
        plc_desk_answer_items(answer, act);
        plc_jw_string(answer, "state", o.withdraw ? "taken back" : "overridden");
        plc_jw_end_object(answer);
        return true;
}
