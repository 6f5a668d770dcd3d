/* What does the ledger know already of a consent that is recorded by hand? It may have been withdrawn since, or it
 * stands there. */
#pragma once
#include "catalog/item.h"
#include "desk/private.h"

/*
 * When grants and consents that reach the target were withdrawn or terminated, appended to out (GArray of struct
 * plc_consents_end). What was invalidated is not among them: of other evidence it says nothing.
 */
bool plc_rights_find_ended(struct plc_desk *desk, const struct plc_desk_target *target, const plc_item *first,
                           GArray *out, GError **error);

/*
 * Events (JSON, of char *) of grants that the ledger has already, with the same subject, scope, times and evidence, are
 * taken out, with their records of `grants`; the ids of those in the ledger are appended to out (of char *). CONFLICT
 * if one of them was invalidated.
 */
bool plc_rights_take_out_known(struct plc_desk *desk, GPtrArray *events, GPtrArray *grants, GPtrArray *out,
                               GError **error);

/* How many of these events give? The others only ask. */
guint plc_rights_count_given(const GPtrArray *events);
bool plc_rights_gives(const char *event);
