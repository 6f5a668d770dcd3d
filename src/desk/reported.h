/* What was reported from outside: taken out of the spool, told to moderators, dismissed. */
#pragma once
#include "desk/desk.h"

/*
 * Takes all that waits in SITE/spool: what contributors took back on their pages (desk/link.h), and reports: recorded,
 * on top of the moderation queue, and held where the reason
 * asks for it. What is recorded is removed from the spool; what is neither stays, and is counted.
 */
bool plc_desk_take_spool(struct plc_desk *desk, unsigned *out_unreadable, GError **error);
/* Looks into the spool now and whenever something comes into it, until the desk is freed. */
void plc_desk_watch_spool(struct plc_desk *desk);

/* "reports": […] of an item; `whole`: every one, with what was written; else the open ones. Nothing where there is
 * none. */
bool plc_desk_write_reports(struct plc_desk *desk, const char *item, const char *contributor, bool whole, GString *out,
                            GError **error);
