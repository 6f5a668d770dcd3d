/* How is an erasure brought to its end? In an order that a crash cannot turn round, and every step can be done twice.
 */
#pragma once
#include "site/site.h"

/*
 * Of a contributor whom plc_catalog_erase_contributor has made erased: out of the index, renditions removed, key
 * destroyed, blobs and answers removed, the logs of both databases emptied. The job `erase` does the same, queued in
 * the transaction of the ledger's events, so that a crash is finished at the next start. BUSY if a reader kept a log
 * from being emptied: all else is done then.
 */
bool plc_erase_finish(struct plc_site *site, const char *contributor, GError **error);
