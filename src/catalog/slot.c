/* Under which addresses do photos stand in mails? See slot.h. */
#include "catalog/slot.h"

#include "base/id.h"
#include "catalog/inner.h"

void plc_slot_free(plc_slot *slot)
{
        if (slot == NULL)
                return;
        g_free(slot->bundle);
        g_free(slot->preset);
        g_free(slot->territories);
        g_free(slot);
}

void plc_slot_name(int64_t width, int64_t height, char out[PLC_SLOT_SIZE])
{
        char key[PLC_ID_SIZE];

        plc_key_new(key);
        g_snprintf(out, PLC_SLOT_SIZE, "%s-%" G_GINT64_FORMAT "x%" G_GINT64_FORMAT ".jpg", key, width, height);
}

bool plc_catalog_put_slot(plc_catalog *catalog, const char *item, const plc_slot *slot, int64_t now_ms, GError **error)
{
        return plc_catalog_need_tx(catalog, error) &&
               plc_db_run(catalog->db, "slot_insert", error, "tttttiii", slot->name, slot->bundle, item, slot->preset,
                          slot->territories, slot->width, slot->height, now_ms);
}

static gpointer read_slot(plc_catalog *catalog, plc_rows *rows, GError **error)
{
        plc_slot *slot = g_new0(plc_slot, 1);

        (void)catalog, (void)error;
        g_strlcpy(slot->name, plc_rows_text(rows, 0), sizeof slot->name);
        slot->bundle = plc_rows_dup(rows, 1);
        slot->preset = plc_rows_dup(rows, 2);
        slot->territories = plc_rows_dup(rows, 3);
        slot->width = plc_rows_int(rows, 4);
        slot->height = plc_rows_int(rows, 5);
        return slot;
}

bool plc_catalog_slots_of_item(plc_catalog *catalog, const char *item, GPtrArray **out, GError **error)
{
        return plc_catalog_take_all(catalog, plc_db_query(catalog->db, "slots_of_item", error, "t", item), read_slot,
                                    (GDestroyNotify)plc_slot_free, out, error);
}

bool plc_catalog_use_slots(plc_catalog *catalog, const char *bundle, int64_t now_ms, GError **error)
{
        return plc_catalog_need_tx(catalog, error) && plc_db_run(catalog->db, "slots_use", error, "ti", bundle, now_ms);
}

bool plc_catalog_forget_slots(plc_catalog *catalog, int64_t before_ms, GError **error)
{
        return plc_db_run(catalog->db, "slots_forget", error, "i", before_ms);
}
