/* What counts in a photo, where nobody said so, or said so wrongly? An operator's point or box; every crop is made anew
 * with it, and what is shown stays until then. */
#include "base/clock.h"
#include "desk/private.h"

#define ROUNDING 1e-6

static bool fraction(plc_json *node, const char *name, double *out, GError **error)
{
        return plc_json_get_number(node, name, PLC_REQUIRED, 0, 1, out, error);
}

static bool read_framing(plc_json *request, struct plc_item_photo *out, GError **error)
{
        plc_json *focal = NULL, *box = NULL;

        if (!plc_json_get_object(request, "focal", PLC_OPTIONAL, &focal, error) ||
            !plc_json_get_object(request, "box", PLC_OPTIONAL, &box, error))
                return false;
        out->has_focal = focal != NULL;
        out->has_box = box != NULL;
        if ((focal != NULL &&
             (!fraction(focal, "x", &out->focal_x, error) || !fraction(focal, "y", &out->focal_y, error))) ||
            (box != NULL && (!fraction(box, "x", &out->box_x, error) || !fraction(box, "y", &out->box_y, error) ||
                             !fraction(box, "w", &out->box_w, error) || !fraction(box, "h", &out->box_h, error))))
                return false;
        if (box == NULL || (out->box_w > 0 && out->box_h > 0 && out->box_x + out->box_w <= 1 + ROUNDING &&
                            out->box_y + out->box_h <= 1 + ROUNDING))
                return true;
        return plc_fail_at(error, PLC_E_BAD_VALUE, NULL, NULL,
                           "Give left, top, width and height as fractions of the upright photo.",
                           "the box must have a size and lie inside the photo");
}

/* {"ids":[…], "focal"?:{x,y}, "box"?:{x,y,w,h}}; neither: nothing is declared any more. */
bool plc_desk_focus(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        plc_catalog *catalog = desk->site->catalog;
        g_autoptr(plc_desk_act) act = plc_desk_act_new();
        g_autoptr(GPtrArray) items = NULL;
        struct plc_item_photo framing = {0};
        g_autoptr(plc_db_tx) tx = NULL;

        if (!read_framing(request, &framing, error) || !plc_desk_resolve_all(desk, request, &items, error))
                return false;
        tx = plc_catalog_begin(catalog, error);
        if (tx == NULL)
                return false;
        for (guint i = 0; i < items->len; i++) {
                g_autoptr(plc_item) item = NULL;

                if (!plc_catalog_get_item(catalog, items->pdata[i], &item, error))
                        return false;
                if (item->kind != PLC_ITEM_PHOTO || item->state == PLC_ITEM_ERASED)
                        continue;
                if (!plc_catalog_set_framing(catalog, item->id, &framing, error))
                        return false;
                g_ptr_array_add(act->items, g_strdup(item->id));
        }
        if (act->items->len == 0)
                return plc_fail_at(error, PLC_E_CONFLICT, NULL, NULL, "placet show tells the photos of a submission.",
                                   "none of these is a photo");
        if (!plc_desk_brighten_in(desk, &tx, act, plc_now_ms(), error))
                return false;
        plc_jw_object(answer, NULL);
        plc_desk_answer_items(answer, act);
        plc_jw_end_object(answer);
        return true;
}
