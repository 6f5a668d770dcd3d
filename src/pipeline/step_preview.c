/* What does a moderator look at? One picture of 1280 pixels, clean like everything we write, sealed like the original.
 */
#include <string.h>

#include "base/clock.h"
#include "pipeline/plan.h"

static bool keep(struct plc_office *office, const struct plc_running *running, const struct plc_made *made,
                 GError **error)
{
        plc_catalog *catalog = office->site->catalog;
        const plc_item *item = running->item;
        struct plc_preview preview = {.width = made->files[0].width,
                                      .height = made->files[0].height,
                                      .bytes = (int64_t)made->files[0].bytes,
                                      .made_at = plc_now_ms()};
        char name[PLC_ID_SIZE];
        g_autoptr(plc_db_tx) tx = NULL;

        if (!plc_vault_seal_fd(office->site->vault, item->contributor, made->files[0].fd, name, error))
                return false;
        preview.blob = name;
        tx = plc_catalog_begin(catalog, error);
        return tx != NULL && plc_catalog_put_preview(catalog, item->id, &preview, error) &&
               plc_catalog_enqueue(catalog, "answer", item->submission, 20, preview.made_at, error) &&
               plc_db_commit(&tx, error);
}

static void previewed(void *user_data, struct plc_result *result, GError *error)
{
        struct plc_running *running = user_data;

        running->worker_said = error != NULL || result->n_made != 1 || result->made[0].n_files != 1;
        if (error == NULL) {
                if (running->worker_said)
                        plc_fail(&error, PLC_E_BAD_ANSWER, "no preview was made: %s",
                                 result->n_made == 1 ? result->made[0].why : "nothing came back");
                else
                        keep(running->office, running, &result->made[0], &error);
                plc_result_free(result);
        }
        plc_running_end(running, error);
}

enum plc_progress plc_step_preview(struct plc_office *office, struct plc_running *running, GError **error)
{
        const struct plc_preset *preset = plc_presets_find(office->site->presets, "preview");
        g_autofree struct plc_plan *plan = NULL;

        if (running->item->preview_ready || running->item->state == PLC_ITEM_ERASED)
                return PLC_DONE;
        if (preset == NULL) {
                plc_fail(error, PLC_E_BAD_CONFIG, "presets/placements has no preset \"preview\"");
                return PLC_FAILED;
        }
        plan = plc_plan_for(office, running->item, NULL, &preset, 1);
        return plc_office_submit(office, running, plan, previewed, error) ? PLC_PENDING : PLC_FAILED;
}
