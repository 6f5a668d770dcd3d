/* What does the word after --preset mean: one preset, a channel's presets, or a named group? */
#include <string.h>

#include "preset/placements_read.h"

/* Edit distance (Levenshtein), for "did you mean": names have at most 47 characters. */
static unsigned distance(const char *a, const char *b)
{
        unsigned row[PLC_PRESET_ID_SIZE + 1];
        size_t width = MIN(strlen(b), (size_t)PLC_PRESET_ID_SIZE);

        for (unsigned i = 0; i <= width; i++)
                row[i] = i;
        for (unsigned y = 0; a[y] != '\0'; y++) {
                unsigned diagonal = row[0];

                row[0] = y + 1;
                for (size_t x = 0; x < width; x++) {
                        unsigned change = diagonal + (a[y] != b[x]);

                        diagonal = row[x + 1];
                        row[x + 1] = MIN(change, MIN(row[x], row[x + 1]) + 1);
                }
        }
        return row[width];
}

static bool in_group(const struct plc_preset *preset, const char *word)
{
        if (g_strv_contains((const char *const *)preset->groups, word))
                return true;
        return strcmp(preset->channel, word) == 0 && strcmp(word, "internal") != 0;
}

static void add_once(GPtrArray *ids, const char *id)
{
        if (!g_ptr_array_find_with_equal_func(ids, id, g_str_equal, NULL))
                g_ptr_array_add(ids, g_strdup(id));
}

static bool not_there(const plc_presets *presets, const char *word, GError **error)
{
        unsigned best = G_MAXUINT;
        const char *nearest = "pdp";

        for (size_t i = 0; i < plc_presets_size(presets); i++) {
                const char *id = plc_presets_at(presets, i)->placement.id;
                unsigned d = strlen(word) < PLC_PRESET_ID_SIZE ? distance(word, id) : G_MAXUINT;

                if (d < best) {
                        best = d;
                        nearest = id;
                }
        }
        if (best <= 3)
                return plc_fail_at(error, PLC_E_NOT_FOUND, NULL, NULL, "`placet presets list` shows all of them.",
                                   "there is no preset or group \"%s\"; the nearest is \"%s\"", word, nearest);
        return plc_fail_at(error, PLC_E_NOT_FOUND, NULL, NULL, "`placet presets list` shows all of them.",
                           "there is no preset or group \"%.60s\"", word);
}

char **plc_presets_expand(const plc_presets *presets, const char *words, GError **error)
{
        g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
        g_auto(GStrv) list = g_strsplit(words, ",", -1);
        GPtrArray *written = plc_presets_written(presets);

        for (size_t w = 0; list[w] != NULL; w++) {
                const char *word = g_strstrip(list[w]);
                bool found = plc_presets_find(presets, word) != NULL;

                if (found)
                        add_once(ids, word);
                for (guint i = 0; i < written->len; i++) {
                        const struct plc_preset *preset = written->pdata[i];

                        if (!in_group(preset, word))
                                continue;
                        found = true;
                        add_once(ids, preset->placement.id);
                }
                if (!found) {
                        not_there(presets, word, error);
                        return NULL;
                }
        }
        g_ptr_array_add(ids, NULL);
        return (char **)g_ptr_array_free(g_steal_pointer(&ids), FALSE);
}
