/* What is asked of the worker for one photo? Placements, where to look, and what our own packet in each file says. */
#pragma once
#include "pipeline/office_private.h"

/* presets: const struct plc_preset *, at most PLC_MAX_PLACEMENTS; said: NULL where nobody can have said anything yet.
 * Free with g_free. */
struct plc_plan *plc_plan_for(const struct plc_office *office, const plc_item *item, const plc_said *said,
                              const struct plc_preset *const *presets, size_t n_presets);
