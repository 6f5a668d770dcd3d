/* How does one preset become the placement of a plan? Every member has one reader here; what is not read is an unknown
 * member. */
#include "preset/placements_read.h"

#include <string.h>

#include "preset/scope.h"

#define MAX_SIDE 16384 /* pixels; WebP ends at 16383, JPEG at 65500 */
#define MAX_TEXT 1000

static const char *const size_modes[] = {"max", "exact", NULL};
static const char *const fits[] = {"refuse", "inside", "cover", "contain", "pad-blur", "tile", "thumbhash", NULL};
static const char *const subsamples[] = {"4:2:0", "4:4:4", "auto", NULL};
static const char *const encoders[] = {"jpeg", "webp", "avif", "png", NULL};
static const enum plc_format encoder_formats[] = {PLC_FORMAT_JPEG, PLC_FORMAT_WEBP, PLC_FORMAT_AVIF, PLC_FORMAT_PNG};
static const char *const overlays[] = {"allowed", "minimal-text", "max-20pct-text", "forbidden", NULL};
static const char *const measured_of[] = {"source", "crop", NULL};

/* What is needed while one preset is read. */
struct reading {
        struct plc_preset *preset;
        GHashTable *sources; /* of the file */
        GError **error;
};

void plc_preset_source_free(gpointer data)
{
        struct plc_preset_source *source = data;

        if (source == NULL)
                return;
        g_free(source->id);
        g_free(source->kind);
        g_free(source->url);
        g_free(source->says);
        g_free(source);
}

void plc_preset_free(struct plc_preset *preset)
{
        if (preset == NULL)
                return;
        g_free(preset->channel);
        g_free(preset->platform);
        g_free(preset->title);
        g_free(preset->notes);
        g_free(preset->overlay);
        g_free(preset->crop_key);
        g_strfreev(preset->groups);
        g_free(preset->file);
        g_free(preset->overrides);
        g_free(preset->checked);
        g_clear_pointer(&preset->sources, g_ptr_array_unref);
        g_free(preset);
}

bool plc_preset_id_valid(const char *id)
{
        size_t length = strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-");

        return length > 0 && id[length] == '\0' && length < PLC_PRESET_ID_SIZE && id[0] != '-' && id[length - 1] != '-';
}

static bool text(struct reading *r, plc_json *node, const char *name, plc_need need, char **out)
{
        const char *value = NULL;

        if (!plc_json_get_name(node, name, need, MAX_TEXT, &value, r->error))
                return false;
        *out = g_strdup(value);
        return true;
}

static bool pixels(struct reading *r, plc_json *node, const char *name, plc_need need, uint32_t *out)
{
        int64_t value = 0;

        if (!plc_json_get_int(node, name, need, 1, MAX_SIDE, &value, r->error))
                return false;
        *out = (uint32_t)value;
        return true;
}

/* Remembers what a number rests on; each source must be one that the file explains. */
static bool sources(struct reading *r, plc_json *node)
{
        g_auto(GStrv) ids = NULL;

        if (!plc_json_get_strings(node, "sources", PLC_REQUIRED, 16, 32, &ids, r->error))
                return false;
        if (ids[0] == NULL)
                return plc_json_fail(plc_json_member(node, "sources"), r->error, PLC_E_BAD_VALUE, "Name a source.",
                                     "must name where the number comes from (rule source-known)");
        for (size_t i = 0; ids[i] != NULL; i++) {
                struct plc_preset_source *source = g_hash_table_lookup(r->sources, ids[i]);

                if (source == NULL)
                        return plc_json_fail(plc_json_element(plc_json_member(node, "sources"), i), r->error,
                                             PLC_E_BAD_VALUE, "Add it to /sources of this file.",
                                             "\"%s\" is not explained in /sources (rule source-known)", ids[i]);
                if (!g_ptr_array_find(r->preset->sources, source, NULL))
                        g_ptr_array_add(r->preset->sources, source);
        }
        return true;
}

/* Objects of one number or size with its sources. NULL in *out: absent. */
static bool sourced(struct reading *r, plc_json *node, const char *name, plc_json **out)
{
        *out = NULL;
        return plc_json_get_object(node, name, PLC_OPTIONAL, out, r->error) && (*out == NULL || sources(r, *out));
}

static bool read_minima(struct reading *r, plc_json *node)
{
        struct plc_placement *p = &r->preset->placement;
        plc_json *object;
        int of = 0;

        if (!sourced(r, node, "min_source", &object))
                return false;
        if (object != NULL) {
                if (!pixels(r, object, "w", PLC_REQUIRED, &p->min_source_w) ||
                    !pixels(r, object, "h", PLC_REQUIRED, &p->min_source_h) ||
                    !plc_json_get_enum(object, "of", PLC_REQUIRED, measured_of, &of, r->error) ||
                    !plc_json_only(object, r->error))
                        return false;
                p->min_source_of_crop = of == 1;
        }
        if (!sourced(r, node, "hard_min", &object))
                return false;
        return object == NULL ||
               (pixels(r, object, "w", PLC_REQUIRED, &p->hard_min_w) &&
                pixels(r, object, "h", PLC_REQUIRED, &p->hard_min_h) && plc_json_only(object, r->error));
}

static bool read_bounds(struct reading *r, plc_json *node)
{
        struct plc_placement *p = &r->preset->placement;
        plc_json *object;

        if (!plc_json_get_number(node, "min_keep", PLC_OPTIONAL, 0, 1, &p->min_keep, r->error) ||
            !plc_json_get_bool(node, "focal_needed", PLC_OPTIONAL, &p->focal_needed, r->error) ||
            !sourced(r, node, "ratio_tolerance", &object))
                return false;
        if (object != NULL &&
            !(plc_json_get_number(object, "value", PLC_REQUIRED, 0, 0.5, &r->preset->ratio_tolerance, r->error) &&
              plc_json_only(object, r->error)))
                return false;
        if (!sourced(r, node, "max_bytes", &object))
                return false;
        if (object != NULL &&
            !(plc_json_get_int(object, "value", PLC_REQUIRED, 1024, INT64_C(1) << 30, &p->max_bytes, r->error) &&
              plc_json_get_bool(object, "hard", PLC_REQUIRED, &p->max_bytes_hard, r->error) &&
              plc_json_only(object, r->error)))
                return false;
        if (!sourced(r, node, "safe", &object))
                return false;
        return object == NULL ||
               (plc_json_get_number(object, "top", PLC_REQUIRED, 0, 0.9, &p->safe.top, r->error) &&
                plc_json_get_number(object, "right", PLC_REQUIRED, 0, 0.9, &p->safe.right, r->error) &&
                plc_json_get_number(object, "bottom", PLC_REQUIRED, 0, 0.9, &p->safe.bottom, r->error) &&
                plc_json_get_number(object, "left", PLC_REQUIRED, 0, 0.9, &p->safe.left, r->error) &&
                plc_json_get_bool(object, "required", PLC_OPTIONAL, &p->safe_required, r->error) &&
                plc_json_only(object, r->error));
}

/* A list of whole numbers, each above the one before. */
static bool ascending(struct reading *r, plc_json *node, const char *name, int64_t max, size_t room, uint32_t *values,
                      unsigned *out_n)
{
        plc_json *array = NULL;

        *out_n = 0;
        if (!plc_json_get_array(node, name, PLC_OPTIONAL, room, &array, r->error))
                return false;
        for (size_t i = 0; array != NULL && i < plc_json_size(array); i++) {
                plc_json *element = plc_json_element(array, i);

                if (plc_json_typeof(element) != PLC_JSON_INT || plc_json_int(element) < 1 ||
                    plc_json_int(element) > max)
                        return plc_json_fail(element, r->error, PLC_E_BAD_VALUE, "Correct the value.",
                                             "must be a whole number from 1 to %" G_GINT64_FORMAT, max);
                values[i] = (uint32_t)plc_json_int(element);
                if (i > 0 && values[i] <= values[i - 1])
                        return plc_json_fail(element, r->error, PLC_E_BAD_VALUE, "Sort the list.",
                                             "%u does not come after %u (rule ascending)", values[i], values[i - 1]);
                *out_n = (unsigned)i + 1;
        }
        return true;
}

static bool read_encoding(struct reading *r, plc_json *node, struct plc_encoding *out)
{
        int type = 0, subsample = PLC_SUBSAMPLE_420;
        int64_t quality = 0, effort = 0;
        bool jpeg;

        if (!plc_json_get_enum(node, "type", PLC_REQUIRED, encoders, &type, r->error))
                return false;
        out->format = encoder_formats[type];
        jpeg = out->format == PLC_FORMAT_JPEG;
        if (!plc_json_get_int(node, "quality", PLC_REQUIRED, 1, 100, &quality, r->error))
                return false;
        if (jpeg && !(plc_json_get_enum(node, "subsample", PLC_REQUIRED, subsamples, &subsample, r->error) &&
                      plc_json_get_bool(node, "progressive", PLC_REQUIRED, &out->progressive, r->error)))
                return false;
        if (!jpeg && !plc_json_get_int(node, "effort", PLC_REQUIRED, 0, out->format == PLC_FORMAT_WEBP ? 6 : 9, &effort,
                                       r->error))
                return false;
        if (!plc_json_get_bool(node, "optional", PLC_OPTIONAL, &out->optional, r->error) || !sources(r, node) ||
            !plc_json_only(node, r->error))
                return false;
        out->quality = (int)quality;
        out->effort = (int)effort;
        out->subsample = (enum plc_subsample)subsample;
        return true;
}

static bool read_encodings(struct reading *r, plc_json *node)
{
        struct plc_placement *p = &r->preset->placement;
        plc_json *array = NULL;

        if (!plc_json_get_array(node, "formats", PLC_REQUIRED, PLC_MAX_ENCODINGS, &array, r->error))
                return false;
        for (size_t i = 0; i < plc_json_size(array); i++) {
                plc_json *element = plc_json_element(array, i);

                if (plc_json_typeof(element) != PLC_JSON_OBJECT)
                        return plc_json_fail(element, r->error, PLC_E_BAD_VALUE, "Correct the value.",
                                             "must be an object");
                if (!read_encoding(r, element, &p->encodings[i]))
                        return false;
                p->n_encodings = (unsigned)i + 1;
        }
        return true;
}

static bool read_shape(struct reading *r, plc_json *node)
{
        struct plc_placement *p = &r->preset->placement;
        int mode = 0, fit = 0, fallback = 0;

        if (!pixels(r, node, "width", PLC_REQUIRED, &p->width) ||
            !pixels(r, node, "height", PLC_OPTIONAL, &p->height) ||
            !plc_json_get_enum(node, "size_mode", PLC_REQUIRED, size_modes, &mode, r->error) ||
            !plc_json_get_enum(node, "fit", PLC_REQUIRED, fits, &fit, r->error) ||
            !plc_json_get_enum(node, "fallback_fit", PLC_REQUIRED, fits, &fallback, r->error) ||
            !plc_json_get_bool(node, "allow_enlarge", PLC_OPTIONAL, &p->allow_enlarge, r->error) ||
            !plc_json_get_bool(node, "centre", PLC_OPTIONAL, &p->centre, r->error) ||
            !ascending(r, node, "widths", MAX_SIDE, PLC_MAX_WIDTHS, p->widths, &p->n_widths) ||
            !ascending(r, node, "dpr", 4, G_N_ELEMENTS(p->dpr), p->dpr, &p->n_dpr))
                return false;
        if (p->n_dpr == 0)
                p->dpr[p->n_dpr++] = 1;
        p->size_mode = (enum plc_size_mode)mode;
        p->fit = (enum plc_fit)fit;
        p->fallback_fit = (enum plc_fit)fallback;
        return true;
}

static bool read_names(struct reading *r, plc_json *node)
{
        struct plc_preset *preset = r->preset;
        const struct plc_terms_channel *channel;
        const char *id = NULL;
        int overlay = 0;

        if (!plc_json_get_name(node, "id", PLC_REQUIRED, MAX_TEXT, &id, r->error))
                return false;
        if (!plc_preset_id_valid(id))
                return plc_json_fail(plc_json_member(node, "id"), r->error, PLC_E_BAD_VALUE, "Correct the id.",
                                     "must be at most %d lower-case letters, digits and inner hyphens (found: \"%s\")",
                                     PLC_PRESET_ID_SIZE - 1, id);
        g_strlcpy(preset->placement.id, id, sizeof preset->placement.id);
        if (!text(r, node, "channel", PLC_REQUIRED, &preset->channel) ||
            !text(r, node, "platform", PLC_REQUIRED, &preset->platform) ||
            !text(r, node, "title", PLC_REQUIRED, &preset->title) ||
            !text(r, node, "notes", PLC_OPTIONAL, &preset->notes) ||
            !text(r, node, "crop_key", PLC_OPTIONAL, &preset->crop_key) ||
            !plc_json_get_enum(node, "overlay", PLC_REQUIRED, overlays, &overlay, r->error) ||
            !plc_json_get_strings(node, "groups", PLC_OPTIONAL, 8, PLC_PRESET_ID_SIZE - 1, &preset->groups, r->error))
                return false;
        preset->overlay = g_strdup(overlays[overlay]);
        preset->placement.overlay_forbidden = strcmp(preset->overlay, "forbidden") == 0;
        if (preset->groups == NULL)
                preset->groups = g_new0(char *, 1);
        channel = plc_terms_channel_find(preset->channel);
        if (channel == NULL && strcmp(preset->channel, "internal") != 0)
                return plc_json_fail(
                        plc_json_member(node, "channel"), r->error, PLC_E_BAD_VALUE, "Use one of these.",
                        "must be pdp, home, landing, email, social, ad, feed, marketplace, print or internal "
                        "(found: \"%s\")",
                        preset->channel);
        preset->is_public = channel != NULL && channel->is_public;
        return true;
}

struct plc_preset *plc_preset_read(plc_json *node, const char *file, const char *checked, GHashTable *known_sources,
                                   GError **error)
{
        struct plc_preset *preset = g_new0(struct plc_preset, 1);
        struct reading r = {.preset = preset, .sources = known_sources, .error = error};

        preset->file = g_strdup(file);
        preset->checked = g_strdup(checked);
        preset->sources = g_ptr_array_new();
        if (read_names(&r, node) && read_shape(&r, node) && sources(&r, node) && read_minima(&r, node) &&
            read_bounds(&r, node) && read_encodings(&r, node) && plc_json_only(node, error) &&
            plc_preset_rules(preset, node, error))
                return preset;
        plc_preset_free(preset);
        return NULL;
}
