/* A contributor's own page: its address, and what they did there. */
#pragma once
#include "desk/desk.h"
#include "spool/spool.h"

/*
 * Records what a contributor took back on their page, as their own act; published when it returns, and recorded once
 * however often it is taken. FORBIDDEN if the token is not that of the item's contributor.
 */
bool plc_desk_take_withdrawal(struct plc_desk *desk, const struct plc_spool_withdrawal *withdrawal, GError **error);
