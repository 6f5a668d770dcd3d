/*
 * Which files does nothing lead to, and when do they go? What a crash left between writing a file and the row that
 * names it: sealed originals and previews after 30 days, renditions, which can be made again but are not sealed, after
 * one.
 *
 * Never where an older catalog was gone on with: what it does not name may be all that is left of a submission.
 */
#pragma once
#include "site/site.h"

/* By whoever holds the office's lock, between two turns: nothing is being written. Each removal is an event. */
bool plc_sweep_run(struct plc_site *site, int64_t now_ms, GError **error);
