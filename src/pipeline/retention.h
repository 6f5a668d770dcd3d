/* How long is kept what nobody needs any more? As placet.conf says in [retention]; each removal is an event. */
#pragma once
#include "site/site.h"

/*
 * Removes days of rejected/ and done/ that ended longer ago than they are kept. Each day's removal is recorded first
 * (retention.removed: which folder, which day, how many entries, no names), so that a crash records it twice rather
 * than not at all. Other things in these folders are left alone.
 */
bool plc_retention_run(struct plc_site *site, int64_t now_ms, GError **error);
