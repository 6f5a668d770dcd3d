/* Which presets are there, under which names, in which version? The folders read, the site's own laid over the shipped
 * ones. */
#include "preset/placements.h"

#include <fcntl.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "preset/placements_read.h"

#define MAX_FILES 256
#define MAX_PRESETS_PER_FILE 512

struct plc_presets {
        GPtrArray *presets; /* of struct plc_preset, by id */
        GPtrArray *written; /* the same, borrowed, in the order read: what groups expand to */
        GHashTable *by_id;
        GPtrArray *source_tables; /* of GHashTable: what the presets' sources point into */
        char version[PLC_PRESET_VERSION_SIZE];
};

static void preset_destroy(gpointer preset)
{
        plc_preset_free(preset);
}

static plc_presets *presets_new(void)
{
        plc_presets *presets = g_new0(plc_presets, 1);

        presets->presets = g_ptr_array_new_with_free_func(preset_destroy);
        presets->written = g_ptr_array_new();
        presets->by_id = g_hash_table_new(g_str_hash, g_str_equal);
        presets->source_tables = g_ptr_array_new_with_free_func((GDestroyNotify)g_hash_table_unref);
        return presets;
}

void plc_presets_free(plc_presets *presets)
{
        if (presets == NULL)
                return;
        g_hash_table_unref(presets->by_id);
        g_ptr_array_unref(presets->written);
        g_ptr_array_unref(presets->presets);
        g_ptr_array_unref(presets->source_tables);
        g_free(presets);
}

static bool read_source(plc_json *node, const char *id, GHashTable *table, GError **error)
{
        static const char *const kinds[] = {"official", "official-3p", "secondary", "code",
                                            "measured", "design",      "memory",    NULL};
        struct plc_preset_source *source;
        const char *url = NULL, *says = NULL;
        int kind = 0;

        if (plc_json_typeof(node) != PLC_JSON_OBJECT)
                return plc_json_fail(node, error, PLC_E_BAD_VALUE, "Correct the value.", "must be an object");
        if (!plc_json_get_enum(node, "kind", PLC_REQUIRED, kinds, &kind, error) ||
            !plc_json_get_name(node, "url", kind < 4 ? PLC_REQUIRED : PLC_OPTIONAL, 2048, &url, error) ||
            !plc_json_get_name(node, "says", PLC_REQUIRED, 1000, &says, error) || !plc_json_only(node, error))
                return false;
        if (url != NULL && !g_str_has_prefix(url, "https://") && !g_str_has_prefix(url, "http://"))
                return plc_json_fail(plc_json_member(node, "url"), error, PLC_E_BAD_VALUE, "Correct the address.",
                                     "must be a web address");
        source = g_new0(struct plc_preset_source, 1);
        source->id = g_strdup(id);
        source->kind = g_strdup(kinds[kind]);
        source->url = g_strdup(url);
        source->says = g_strdup(says);
        g_hash_table_insert(table, source->id, source);
        return true;
}

static bool read_sources(plc_json *root, GHashTable *table, GError **error)
{
        plc_json *object = NULL;

        if (!plc_json_get_object(root, "sources", PLC_REQUIRED, &object, error))
                return false;
        for (size_t i = 0; i < plc_json_size(object); i++)
                if (!read_source(plc_json_value(object, i), plc_json_name(object, i), table, error))
                        return false;
        return true;
}

/* A site's preset takes the shipped one's place; two of one id side by side are a mistake. */
static bool keep(plc_presets *presets, struct plc_preset *preset, bool of_site, plc_json *node, GError **error)
{
        struct plc_preset *other = g_hash_table_lookup(presets->by_id, preset->placement.id);

        if (other != NULL && other->of_site == of_site) {
                plc_json_fail(plc_json_member(node, "id"), error, PLC_E_CONFLICT, "Rename or remove one of them.",
                              "\"%s\" stands in %s too (rule id-once)", preset->placement.id, other->file);
                plc_preset_free(preset);
                return false;
        }
        preset->of_site = of_site;
        if (other != NULL) {
                preset->overrides = g_strdup(other->file);
                g_hash_table_remove(presets->by_id, other->placement.id);
                g_ptr_array_remove(presets->written, other);
                g_ptr_array_remove(presets->presets, other);
        }
        g_ptr_array_add(presets->presets, preset);
        g_ptr_array_add(presets->written, preset);
        g_hash_table_insert(presets->by_id, preset->placement.id, preset);
        return true;
}

static bool read_head(plc_json *root, const char **out_checked, GError **error)
{
        static const char *const schemas[] = {"placet.placements/1", NULL};
        const char *title = NULL;
        int64_t day;
        int schema;

        if (plc_json_typeof(root) != PLC_JSON_OBJECT)
                return plc_json_fail(root, error, PLC_E_BAD_VALUE, "Correct the file.", "must be an object");
        if (!plc_json_get_enum(root, "schema", PLC_REQUIRED, schemas, &schema, error) ||
            !plc_json_get_name(root, "title", PLC_REQUIRED, 200, &title, error) ||
            !plc_json_get_time(root, "checked", PLC_REQUIRED, &day, error) ||
            !plc_json_get_name(root, "checked", PLC_REQUIRED, 200, out_checked, error))
                return false;
        if (strlen(*out_checked) != 10)
                return plc_json_fail(plc_json_member(root, "checked"), error, PLC_E_BAD_VALUE,
                                     "Write it like 2026-11-03.", "must be a date alone");
        return true;
}

static bool read_presets(plc_presets *presets, plc_json *root, const char *file, bool of_site, GError **error)
{
        g_autoptr(GHashTable) sources = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, plc_preset_source_free);
        const char *checked = NULL;
        plc_json *array = NULL;

        if (!read_head(root, &checked, error) || !read_sources(root, sources, error) ||
            !plc_json_get_array(root, "placements", PLC_REQUIRED, MAX_PRESETS_PER_FILE, &array, error) ||
            !plc_json_only(root, error))
                return false;
        g_ptr_array_add(presets->source_tables, g_hash_table_ref(sources));
        for (size_t i = 0; i < plc_json_size(array); i++) {
                plc_json *element = plc_json_element(array, i);
                struct plc_preset *preset;

                if (plc_json_typeof(element) != PLC_JSON_OBJECT)
                        return plc_json_fail(element, error, PLC_E_BAD_VALUE, "Correct the value.",
                                             "must be an object");
                preset = plc_preset_read(element, file, checked, sources, error);
                if (preset == NULL || !keep(presets, preset, of_site, element, error))
                        return false;
        }
        return true;
}

static bool read_file(plc_presets *presets, int dirfd, const char *name, const char *file, bool of_site, GError **error)
{
        g_autoptr(GBytes) bytes = NULL;
        g_autoptr(plc_json) root = NULL;
        const char *data;
        size_t size;

        if (!plc_read_file_at(dirfd, name, plc_json_default_limits.max_bytes, &bytes, error))
                return false;
        data = g_bytes_get_data(bytes, &size);
        root = plc_json_parse(data, size, file, &plc_json_default_limits, error);
        return root != NULL && read_presets(presets, root, file, of_site, error);
}

static bool read_folder(plc_presets *presets, const char *dir, bool of_site, GError **error)
{
        g_auto(GStrv) names = NULL;
        plc_autofd int dirfd = -1;

        if (!plc_open_dir(AT_FDCWD, dir, &dirfd, error) || !plc_list_dir(dirfd, ".", MAX_FILES, &names, error))
                return false;
        for (size_t i = 0; names[i] != NULL; i++) {
                g_autofree char *file = g_strdup_printf("%splacements/%s", of_site ? "SITE/" : "presets/", names[i]);

                if (names[i][0] == '.' || !g_str_has_suffix(names[i], ".json"))
                        continue;
                if (!read_file(presets, dirfd, names[i], file, of_site, error))
                        return false;
        }
        return true;
}

/* Everything that the worker will do differently for, and nothing else: titles, notes and sources may be corrected
 * freely. */
static void set_version(struct plc_preset *preset)
{
        const struct plc_placement *p = &preset->placement;
        g_autoptr(GString) form = g_string_new("placement/1\n");
        char hex[PLC_SHA256_HEX_SIZE], number[G_ASCII_DTOSTR_BUF_SIZE];
        const double reals[] = {p->min_keep, p->safe.top, p->safe.right, p->safe.bottom, p->safe.left};

        g_string_append_printf(form, "%s %u %u %d %d %d\n%u %u %d %u %u %d %d\n%" G_GINT64_FORMAT " %d\n", p->id,
                               p->width, p->height, (int)p->size_mode, (int)p->fit, (int)p->fallback_fit,
                               p->min_source_w, p->min_source_h, p->min_source_of_crop, p->hard_min_w, p->hard_min_h,
                               p->allow_enlarge, p->centre, p->max_bytes, p->max_bytes_hard);
        g_string_append_printf(form, "%d %d %d\n", p->safe_required, p->focal_needed, p->overlay_forbidden);
        for (size_t i = 0; i < G_N_ELEMENTS(reals); i++)
                g_string_append_printf(form, "%s ", g_ascii_dtostr(number, sizeof number, reals[i]));
        for (unsigned i = 0; i < p->n_widths; i++)
                g_string_append_printf(form, "w%u ", p->widths[i]);
        for (unsigned i = 0; i < p->n_dpr; i++)
                g_string_append_printf(form, "d%u ", p->dpr[i]);
        for (unsigned i = 0; i < p->n_encodings; i++)
                g_string_append_printf(form, "\n%s %d %d %d %d %d", plc_format_name(p->encodings[i].format),
                                       p->encodings[i].quality, p->encodings[i].effort, (int)p->encodings[i].subsample,
                                       p->encodings[i].progressive, p->encodings[i].optional);
        plc_sha256_hex(form->str, form->len, hex);
        g_strlcpy(preset->version, hex, sizeof preset->version);
}

static int by_id(gconstpointer a, gconstpointer b)
{
        const struct plc_preset *left = *(struct plc_preset *const *)a, *right = *(struct plc_preset *const *)b;

        return strcmp(left->placement.id, right->placement.id);
}

/* An id must not hide a group, nor a group an id: `--preset` takes both. */
static bool finish(plc_presets *presets, GError **error)
{
        g_autoptr(GString) all = g_string_new(NULL);
        char hex[PLC_SHA256_HEX_SIZE];

        g_ptr_array_sort(presets->presets, by_id);
        for (guint i = 0; i < presets->presets->len; i++) {
                struct plc_preset *preset = presets->presets->pdata[i];

                for (size_t g = 0; preset->groups[g] != NULL; g++)
                        if (g_hash_table_contains(presets->by_id, preset->groups[g]))
                                return plc_fail_at(error, PLC_E_CONFLICT, preset->file, NULL,
                                                   "Rename the group or the preset.",
                                                   "\"%s\" is a preset and a group of %s (rule id-is-no-group)",
                                                   preset->groups[g], preset->placement.id);
                set_version(preset);
                g_string_append_printf(all, "%s %s %s\n", preset->placement.id, preset->channel, preset->version);
        }
        plc_sha256_hex(all->str, all->len, hex);
        g_strlcpy(presets->version, hex, sizeof presets->version);
        return true;
}

plc_presets *plc_presets_load(const char *dir, const char *site_dir, GError **error)
{
        g_autoptr(plc_presets) presets = presets_new();
        g_autofree char *shipped = NULL;

        if (dir == NULL) {
                g_autofree char *top = plc_data_dir("presets");

                shipped = g_build_filename(top, "placements", NULL);
                dir = shipped;
        }
        if (!read_folder(presets, dir, false, error))
                return NULL;
        if (site_dir != NULL && g_file_test(site_dir, G_FILE_TEST_IS_DIR) &&
            !read_folder(presets, site_dir, true, error))
                return NULL;
        if (!finish(presets, error))
                return NULL;
        return g_steal_pointer(&presets);
}

plc_presets *plc_presets_load_file(const char *path, GError **error)
{
        g_autoptr(plc_presets) presets = presets_new();

        if (!read_file(presets, AT_FDCWD, path, path, false, error) || !finish(presets, error))
                return NULL;
        return g_steal_pointer(&presets);
}

size_t plc_presets_size(const plc_presets *presets)
{
        return presets->presets->len;
}

const struct plc_preset *plc_presets_at(const plc_presets *presets, size_t index)
{
        return presets->presets->pdata[index];
}

GPtrArray *plc_presets_written(const plc_presets *presets)
{
        return presets->written;
}

const struct plc_preset *plc_presets_find(const plc_presets *presets, const char *id)
{
        return g_hash_table_lookup(presets->by_id, id);
}

const char *plc_presets_version(const plc_presets *presets)
{
        return presets->version;
}
