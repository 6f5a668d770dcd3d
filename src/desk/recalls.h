/* What was handed out and may no longer be used? For the answers of what takes rights away. */
#pragma once
#include "desk/desk.h"

/* "recalls": […] of files of these items (ids) in pulls that are still valid and would be denied now. */
bool plc_desk_write_recalls(struct plc_desk *desk, const GPtrArray *items, int64_t now_ms, GString *answer,
                            GError **error);
