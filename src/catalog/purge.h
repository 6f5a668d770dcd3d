/* Which lines has the purge list still to get? Kept with the change that they tell of, in its transaction. */
#pragma once
#include "catalog/catalog.h"

/* Within a transaction. */
bool plc_catalog_keep_purge(plc_catalog *catalog, const char *line, GError **error);
/* The first of them in order, at most PLC_CATALOG_PAGE_MAX: GPtrArray of char *; out_last is the last one's number, 0
 * if there is none. */
bool plc_catalog_kept_purges(plc_catalog *catalog, GPtrArray **out, int64_t *out_last, GError **error);
/* Those up to that number are in the list. */
bool plc_catalog_forget_purges(plc_catalog *catalog, int64_t last, GError **error);
