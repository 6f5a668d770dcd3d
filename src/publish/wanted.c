/* Which files shall be made of a photo? Those of the site's own list and those that somebody asked for, as far as some
 * grant allows them; never all that a placement exists for. */
#include <string.h>

#include "catalog/rendition.h"
#include "catalog/slot.h"
#include "publish/publisher.h"
#include "publish/said.h"
#include "publish/segments.h"

#define ASKED "asked" /* verdict of a row that nothing has been made for yet */

static bool may_ever(const struct plc_publisher *publisher, const plc_ledger *ledger, const plc_item *item,
                     const struct plc_preset *preset, int64_t now_ms)
{
        int channel = plc_word_index(plc_channel_words, preset->channel);
        unsigned edits = plc_publish_crops(preset) ? 1u << PLC_EDIT_CROP : 0;

        return channel >= 0 && plc_publish_ever(publisher, ledger, item, (plc_channel)channel, edits, now_ms);
}

/* Made as things stand, by the first pass or the second; asked for alone is not made. */
static bool is_made(const struct plc_publisher *publisher, const plc_item *item, const plc_said *said,
                    const plc_placed *placed, const struct plc_preset *preset)
{
        char plan[PLC_PLAN_SIZE];

        plc_said_plan(publisher, item, said, preset, plan);
        if (strcmp(placed->plan, plan) == 0)
                return true;
        g_strlcat(plan, PLC_PLAN_REFINED, sizeof plan);
        return strcmp(placed->plan, plan) == 0;
}

/* Effort tells in WebP and AVIF alone. */
static bool can_be_smaller(const struct plc_preset *preset)
{
        for (unsigned i = 0; i < preset->placement.n_encodings; i++)
                if (preset->placement.encodings[i].format == PLC_FORMAT_WEBP ||
                    preset->placement.encodings[i].format == PLC_FORMAT_AVIF)
                        return preset->is_public;
        return false;
}

bool plc_publish_coarse(const struct plc_publisher *publisher, const plc_item *item, GPtrArray **out, GError **error)
{
        g_autoptr(GPtrArray) coarse = g_ptr_array_new(), rows = NULL;
        g_autoptr(plc_said) said = NULL;

        if (!plc_catalog_placed_of_item(publisher->catalog, item->id, &rows, error))
                return false;
        said = plc_publish_said(publisher, item->id, error);
        if (said == NULL)
                return false;
        for (guint i = 0; i < rows->len; i++) {
                const plc_placed *row = rows->pdata[i];
                const struct plc_preset *preset = plc_presets_find(publisher->presets, row->preset);
                char plan[PLC_PLAN_SIZE];

                if (row->files->len == 0 || preset == NULL || !can_be_smaller(preset))
                        continue;
                plc_said_plan(publisher, item, said, preset, plan);
                if (strcmp(row->plan, plan) == 0)
                        g_ptr_array_add(coarse, (gpointer)preset);
        }
        *out = g_steal_pointer(&coarse);
        return true;
}

static bool rendered_for_all(const struct plc_publisher *publisher, const struct plc_preset *preset)
{
        return publisher->placements != NULL && g_strv_contains(publisher->channels, preset->channel) &&
               g_strv_contains(publisher->placements, preset->placement.id);
}

/* Mails that were sent show it, whatever became of the rows in the meantime. */
static bool is_mailed(const GPtrArray *slots, const struct plc_preset *preset)
{
        for (guint i = 0; i < slots->len; i++)
                if (strcmp(((const plc_slot *)slots->pdata[i])->preset, preset->placement.id) == 0)
                        return true;
        return false;
}

bool plc_publish_wanted(const struct plc_publisher *publisher, const plc_item *item, int64_t now_ms, GPtrArray **out,
                        GError **error)
{
        g_autoptr(GPtrArray) wanted = g_ptr_array_new();
        g_autoptr(plc_ledger) ledger = plc_publish_ledger(publisher, item->id, error);
        g_autoptr(plc_said) said = ledger != NULL ? plc_publish_said(publisher, item->id, error) : NULL;
        g_autoptr(GPtrArray) slots = NULL;

        if (said == NULL || !plc_catalog_slots_of_item(publisher->catalog, item->id, &slots, error))
                return false;
        for (size_t i = 0; i < plc_presets_size(publisher->presets); i++) {
                const struct plc_preset *preset = plc_presets_at(publisher->presets, i);
                g_autoptr(plc_placed) placed = NULL;

                if (!plc_catalog_get_placed(publisher->catalog, item->id, preset->placement.id, &placed, error))
                        return false;
                if (placed == NULL ? !rendered_for_all(publisher, preset) && !is_mailed(slots, preset)
                                   : is_made(publisher, item, said, placed, preset))
                        continue;
                if (may_ever(publisher, ledger, item, preset, now_ms))
                        g_ptr_array_add(wanted, (gpointer)preset);
        }
        *out = g_steal_pointer(&wanted);
        return true;
}

bool plc_publish_ask(const struct plc_publisher *publisher, const plc_item *item, const struct plc_preset *preset,
                     int64_t now_ms, bool *out, GError **error)
{
        g_autoptr(plc_ledger) ledger = NULL;
        g_autoptr(plc_placed) placed = NULL, asked = NULL;
        g_autoptr(plc_said) said = NULL;

        *out = false;
        if (item->kind != PLC_ITEM_PHOTO || item->state != PLC_ITEM_APPROVED)
                return true;
        if (!plc_catalog_get_placed(publisher->catalog, item->id, preset->placement.id, &placed, error))
                return false;
        said = plc_publish_said(publisher, item->id, error);
        if (said == NULL)
                return false;
        if (placed != NULL && is_made(publisher, item, said, placed, preset))
                return true;
        ledger = plc_publish_ledger(publisher, item->id, error);
        if (ledger == NULL)
                return false;
        *out = may_ever(publisher, ledger, item, preset, now_ms);
        if (!*out || placed != NULL)
                return true;
        asked = plc_placed_new();
        g_strlcpy(asked->item, item->id, sizeof asked->item);
        asked->preset = g_strdup(preset->placement.id);
        asked->plan = g_strdup("");
        asked->verdict = g_strdup(ASKED);
        asked->made_at = now_ms;
        return plc_catalog_put_placed(publisher->catalog, asked, error);
}
