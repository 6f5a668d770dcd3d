/* What is asked of the worker for one photo? */
#include "pipeline/plan.h"

#include "publish/note.h"

/* Where nobody said what counts in the photo, it is the product that was tagged in it: the primary one, else the first.
 */
static void look_at_tag(struct plc_plan *plan, const plc_item *item)
{
        for (guint i = 0; !plan->has_box && i < item->products->len; i++) {
                const plc_item_product *product = g_ptr_array_index(item->products, i);

                if (!product->has_point || (plan->has_focal && !product->primary))
                        continue;
                plan->has_focal = true;
                plan->focal_x = product->x;
                plan->focal_y = product->y;
                if (product->primary)
                        return;
        }
}

struct plc_plan *plc_plan_for(const struct plc_office *office, const plc_item *item, const plc_said *said,
                              const struct plc_preset *const *presets, size_t n_presets)
{
        struct plc_plan *plan = g_new0(struct plc_plan, 1);
        const struct plc_item_photo *photo = &item->photo;

        plan->limits = plc_office_photo_limits(office);
        plan->avif = office->site->conf->avif;
        plan->has_focal = photo->has_focal;
        plan->focal_x = photo->focal_x;
        plan->focal_y = photo->focal_y;
        plan->has_box = photo->has_box;
        plan->box_x = photo->box_x;
        plan->box_y = photo->box_y;
        plan->box_w = photo->box_w;
        plan->box_h = photo->box_h;
        if (!photo->has_focal)
                look_at_tag(plan, item);
        plc_publish_note(&office->site->publisher, item, said, &plan->note);
        plan->has_overlay = said != NULL && plc_said_overlay(said);
        for (size_t i = 0; i < n_presets && i < PLC_MAX_PLACEMENTS; i++) {
                struct plc_placement *placement = &plan->placements[plan->n_placements++];

                *placement = presets[i]->placement;
                placement->allow_undersized = said != NULL && plc_said_override(said, placement->id) != NULL;
        }
        return plan;
}
