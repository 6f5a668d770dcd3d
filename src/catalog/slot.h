/*
 * Under which addresses do photos stand in mails? A slot is made when an e-mail bundle has the photo's file, and lives
 * on when bundle and version are long over: the mails are out.
 */
#pragma once
#include "catalog/catalog.h"

/* Its name is the last part of /e/{slot}: 26 random characters and the size, so that whatever happens something of that
 * size can be answered. */
#define PLC_SLOT_SIZE 48

typedef struct plc_slot {
        char name[PLC_SLOT_SIZE]; /* k3m8v2qa7t5xw9zdr4pn6chjyb-1200x1200.jpg */
        char *bundle, *preset;
        char *territories; /* codes between blanks, or WW; as the bundle was for then */
        int64_t width, height;
} plc_slot;
void plc_slot_free(plc_slot *slot);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_slot, plc_slot_free)

/* A new name for a file of these pixels. */
void plc_slot_name(int64_t width, int64_t height, char out[PLC_SLOT_SIZE]);

/* In a transaction. */
bool plc_catalog_put_slot(plc_catalog *catalog, const char *item, const plc_slot *slot, int64_t now_ms, GError **error);
/* Of plc_slot, by name. */
bool plc_catalog_slots_of_item(plc_catalog *catalog, const char *item, GPtrArray **out, GError **error);
/* Those of the bundle's latest version were in use until now. In a transaction. */
bool plc_catalog_use_slots(plc_catalog *catalog, const char *bundle, int64_t now_ms, GError **error);
/* Those last used before `before_ms` and in no bundle now go. */
bool plc_catalog_forget_slots(plc_catalog *catalog, int64_t before_ms, GError **error);
