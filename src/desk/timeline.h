/* What happened to rights, in order, in sentences? One line for each event of the ledger. */
#pragma once
#include "catalog/ledger.h"
#include "rights/ledger.h"

/* What the event says, without its instant: "permission given by the contributor: use of the photo or text on pdp; in
 * DE; until 2028-11-03 09:40 UTC". Free with g_free. */
char *plc_timeline_sentence(const plc_ledger_row *row, const struct plc_event *event);
