/* Which files are made of an approved photo? Those that a live grant allows and that are not there yet, all from one
 * decode. */
#include <string.h>

#include "base/clock.h"
#include "catalog/rendition.h"
#include "pipeline/plan.h"

/* Files of channels that placet-serve never serves lie apart, where it cannot read. */
static plc_blobs *store_of(struct plc_office *office, const struct plc_preset *preset)
{
        return preset->is_public ? office->site->assets : office->site->creatives;
}

static bool keep_files(struct plc_office *office, const struct plc_preset *preset, const struct plc_made *made,
                       plc_placed *placed, GError **error)
{
        for (unsigned i = 0; i < made->n_files; i++) {
                const struct plc_made_file *file = &made->files[i];
                plc_rendition *row = plc_placed_add_file(placed);
                char key[PLC_BLOB_KEY_SIZE];

                if (!plc_blob_put_hashed(store_of(office, preset), file->fd, plc_format_extension(file->format), key,
                                         error))
                        return false;
                row->css_width = file->css_width;
                row->format = g_strdup(plc_format_name(file->format));
                row->width = file->width;
                row->height = file->height;
                row->bytes = (int64_t)file->bytes;
                row->quality = file->quality;
                row->encodes = file->encodes;
                row->holds = file->holds;
                row->asset = g_strdup(key);
                g_strlcpy(row->sha256, key, sizeof row->sha256);
        }
        return true;
}

static plc_placed *keep_one(struct plc_running *running, const struct plc_preset *preset, const struct plc_made *made,
                            GError **error)
{
        g_autoptr(plc_placed) placed = plc_placed_new();
        const plc_item *item = running->item;
        char plan[PLC_PLAN_SIZE];

        g_strlcpy(placed->item, item->id, sizeof placed->item);
        placed->preset = g_strdup(made->preset);
        plc_said_plan(&running->office->site->publisher, item, running->said, preset, plan);
        if (running->refines)
                g_strlcat(plan, PLC_PLAN_REFINED, sizeof plan);
        placed->plan = g_strdup(plan);
        placed->verdict = g_strdup(plc_placed_verdict_name(made->verdict));
        placed->refusal = made->refusal != PLC_REFUSAL_NONE ? g_strdup(plc_refusal_name(made->refusal)) : NULL;
        placed->why = made->why[0] != '\0' ? g_strdup(made->why) : NULL;
        placed->cropped = made->cropped;
        placed->focal_outside_safe = made->focal_outside_safe;
        placed->crop_x = made->crop.x;
        placed->crop_y = made->crop.y;
        placed->crop_w = made->crop.w;
        placed->crop_h = made->crop.h;
        placed->made_at = plc_now_ms();
        return keep_files(running->office, preset, made, placed, error) ? g_steal_pointer(&placed) : NULL;
}

/* Files of another plan stay where they are until the index names the new ones: they go with that publication
 * (publish/leaving.h). */
static bool replace(struct plc_site *site, const GPtrArray *rows, GError **error)
{
        for (guint i = 0; i < rows->len; i++) {
                const plc_placed *placed = rows->pdata[i];

                if (!plc_catalog_leave_files(site->catalog, placed->item, placed->preset, error) ||
                    !plc_catalog_put_placed(site->catalog, placed, error))
                        return false;
        }
        return true;
}

/* The files are durable before the rows that name them. */
static bool keep_all(struct plc_running *running, const struct plc_result *result, GError **error)
{
        struct plc_office *office = running->office;
        plc_catalog *catalog = office->site->catalog;
        g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)plc_placed_free);
        g_autoptr(plc_item) now = NULL;
        g_autoptr(plc_db_tx) tx = NULL;

        if (!plc_catalog_get_item(catalog, running->item->id, &now, error))
                return false;
        if (now->state == PLC_ITEM_ERASED)
                return true; /* while the worker was at it: what it made is kept nowhere */
        for (unsigned i = 0; i < result->n_made; i++) {
                plc_placed *placed = keep_one(running, running->wanted->pdata[i], &result->made[i], error);

                if (placed == NULL)
                        return false;
                g_ptr_array_add(rows, placed);
        }
        if (!running->refines) { /* there is something to gain again */
                office->refine_at = 0;
                office->refined_to[0] = '\0';
        }
        tx = plc_catalog_begin(catalog, error);
        if (tx == NULL)
                return false;
        if (!replace(office->site, rows, error))
                return false;
        return plc_catalog_enqueue(catalog, "publish", running->item->id, 5, plc_now_ms(), error) &&
               plc_db_commit(&tx, error);
}

static void rendered(void *user_data, struct plc_result *result, GError *error)
{
        struct plc_running *running = user_data;

        running->worker_said = error != NULL;
        if (error == NULL) {
                keep_all(running, result, &error);
                plc_result_free(result);
        }
        plc_running_end(running, error);
}

enum plc_progress plc_step_render(struct plc_office *office, struct plc_running *running, GError **error)
{
        const plc_item *item = running->item;
        g_autofree struct plc_plan *plan = NULL;

        if (item->kind == PLC_ITEM_PHOTO && item->state == PLC_ITEM_APPROVED) {
                running->said = plc_publish_said(&office->site->publisher, item->id, error);
                if (running->said == NULL ||
                    !plc_publish_wanted(&office->site->publisher, item, plc_now_ms(), &running->wanted, error))
                        return PLC_FAILED;
                if (running->wanted->len > PLC_MAX_PLACEMENTS)
                        g_ptr_array_set_size(running->wanted,
                                             PLC_MAX_PLACEMENTS); /* the rest follows: publish asks again */
                if (running->wanted->len > 0) {
                        plan = plc_plan_for(office, item, running->said,
                                            (const struct plc_preset *const *)running->wanted->pdata,
                                            running->wanted->len);
                        return plc_office_submit(office, running, plan, rendered, error) ? PLC_PENDING : PLC_FAILED;
                }
        }
        return plc_catalog_enqueue(office->site->catalog, "publish", item->id, 5, plc_now_ms(), error) ? PLC_DONE
                                                                                                       : PLC_FAILED;
}

#define MOST_WEBP_EFFORT 6

/* The same files with more effort, and the optional formats beside them; what is shown stays until they are there. */
enum plc_progress plc_step_refine(struct plc_office *office, struct plc_running *running, GError **error)
{
        const plc_item *item = running->item;
        g_autofree struct plc_plan *plan = NULL;

        running->refines = true;
        if (item->kind != PLC_ITEM_PHOTO || item->state != PLC_ITEM_APPROVED)
                return PLC_DONE;
        running->said = plc_publish_said(&office->site->publisher, item->id, error);
        if (running->said == NULL || !plc_publish_coarse(&office->site->publisher, item, &running->wanted, error))
                return PLC_FAILED;
        if (running->wanted->len == 0)
                return PLC_DONE;
        if (running->wanted->len > PLC_MAX_PLACEMENTS)
                g_ptr_array_set_size(running->wanted, PLC_MAX_PLACEMENTS); /* the rest: another time */
        plan = plc_plan_for(office, item, running->said, (const struct plc_preset *const *)running->wanted->pdata,
                            running->wanted->len);
        plan->avif = true;
        for (unsigned i = 0; i < plan->n_placements; i++)
                for (unsigned e = 0; e < plan->placements[i].n_encodings; e++)
                        if (plan->placements[i].encodings[e].format == PLC_FORMAT_WEBP)
                                plan->placements[i].encodings[e].effort = MOST_WEBP_EFFORT;
        return plc_office_submit(office, running, plan, rendered, error) ? PLC_PENDING : PLC_FAILED;
}

enum plc_progress plc_step_publish(struct plc_office *office, struct plc_running *running, GError **error)
{
        return plc_publish_item(&office->site->publisher, running->item->id, plc_now_ms(), error) &&
                               plc_office_queue_keep(office, error)
                       ? PLC_DONE
                       : PLC_FAILED;
}
