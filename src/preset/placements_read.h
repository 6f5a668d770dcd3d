/* How does one preset of a file become a struct plc_preset? Inside src/preset only. */
#pragma once
#include "base/json.h"
#include "preset/placements.h"

/* sources: id → struct plc_preset_source (kept alive by the file's table). */
struct plc_preset *plc_preset_read(plc_json *node, const char *file, const char *checked, GHashTable *sources,
                                   GError **error);
void plc_preset_free(struct plc_preset *preset);
void plc_preset_source_free(gpointer source);
/* The rules that a schema cannot say: each has a name, told with the fault. */
bool plc_preset_rules(const struct plc_preset *preset, plc_json *node, GError **error);
/* Lower-case letters, digits and inner hyphens, at most PLC_PRESET_ID_SIZE - 1. */
bool plc_preset_id_valid(const char *id);
/* Of const struct plc_preset, in the order written: what a group expands to. Borrowed. */
GPtrArray *plc_presets_written(const plc_presets *presets);
