/* Which presets make no sense though each member is well-formed? The named rules, one sentence each. */
#include <string.h>

#include "preset/placements_read.h"
#include "preset/scope.h"

static bool broken(plc_json *node, const char *member, GError **error, const char *rule, const char *why)
{
        plc_json *at = plc_json_member(node, member);

        return plc_json_fail(at != NULL ? at : node, error, PLC_E_BAD_VALUE, "Correct the preset.", "%s (rule %s)", why,
                             rule);
}

static bool rule_shape(const struct plc_preset *preset, plc_json *node, GError **error)
{
        const struct plc_placement *p = &preset->placement;

        if (p->fit == PLC_FIT_REFUSE)
                return broken(node, "fit", error, "fit-does-something",
                              "must be inside, cover, contain, pad-blur, tile or thumbhash");
        if (p->height == 0 && p->fit != PLC_FIT_INSIDE)
                return broken(node, "fit", error, "height-needed", "a place without a height can only take inside");
        if (p->height == 0 && p->fallback_fit != PLC_FIT_REFUSE)
                return broken(node, "fallback_fit", error, "height-needed",
                              "without a height there is nothing to fill");
        if (p->fallback_fit == PLC_FIT_COVER || p->fallback_fit == PLC_FIT_INSIDE || p->fallback_fit >= PLC_FIT_TILE)
                return broken(node, "fallback_fit", error, "fallback-shows-all",
                              "must be refuse, contain or pad-blur: it is for photos that a crop would cut too far");
        if (p->fallback_fit != PLC_FIT_REFUSE && p->fit != PLC_FIT_COVER)
                return broken(node, "fallback_fit", error, "fallback-is-for-crops",
                              "only a cover crop can cut too far; write refuse");
        if (p->min_keep > 0 && p->fit != PLC_FIT_COVER)
                return broken(node, "min_keep", error, "keep-is-for-crops",
                              "only a cover crop loses a part of the photo");
        if (p->focal_needed && p->fit != PLC_FIT_COVER)
                return broken(node, "focal_needed", error, "keep-is-for-crops",
                              "only a cover crop loses a part of the photo");
        if (p->n_widths > 0 && p->widths[p->n_widths - 1] > p->width)
                return broken(node, "widths", error, "widths-within-width", "a width is above the preset's own width");
        return true;
}

static bool rule_sizes(const struct plc_preset *preset, plc_json *node, GError **error)
{
        const struct plc_placement *p = &preset->placement;

        if (p->hard_min_w > p->width || (p->height > 0 && p->hard_min_h > p->height))
                return broken(node, "hard_min", error, "minimum-below-size", "is above the preset's own size");
        if (p->min_source_of_crop && (p->min_source_w > p->width || (p->height > 0 && p->min_source_h > p->height)))
                return broken(node, "min_source", error, "minimum-below-size", "is above the preset's own size");
        if (p->min_source_of_crop && (p->min_source_w < p->hard_min_w || p->min_source_h < p->hard_min_h))
                return broken(node, "min_source", error, "minima-in-order", "is below hard_min");
        if (p->safe.left + p->safe.right >= 0.95 || p->safe.top + p->safe.bottom >= 0.95)
                return broken(node, "safe", error, "safe-area-left", "leaves no safe area");
        return true;
}

static bool rule_files(const struct plc_preset *preset, plc_json *node, GError **error)
{
        const struct plc_placement *p = &preset->placement;
        unsigned sizes = (p->n_widths > 0 ? p->n_widths : 1) * p->n_dpr;

        if ((p->n_encodings == 0) != (p->fit == PLC_FIT_THUMBHASH))
                return broken(node, "formats", error, "a-file-has-a-format",
                              p->n_encodings == 0 ? "must name a format: only thumbhash is no file"
                                                  : "must be empty: thumbhash is no file");
        if (sizes * p->n_encodings > PLC_MAX_PLACEMENT_FILES)
                return broken(node, "formats", error, "at-most-48-files",
                              "sizes, densities and formats make more than 48 files");
        for (unsigned i = 0; i < p->n_encodings; i++) {
                for (unsigned k = 0; k < i; k++)
                        if (p->encodings[k].format == p->encodings[i].format)
                                return broken(node, "formats", error, "each-format-once", "names a format twice");
                if (strcmp(preset->channel, "email") == 0 &&
                    (p->encodings[i].format != PLC_FORMAT_JPEG || p->encodings[i].progressive))
                        return broken(node, "formats", error, "email-baseline-jpeg",
                                      "must be baseline JPEG alone: Outlook for Windows shows neither WebP nor AVIF");
        }
        return true;
}

static bool rule_names(const struct plc_preset *preset, plc_json *node, GError **error)
{
        bool internal = strcmp(preset->channel, "internal") == 0;

        if (!internal && preset->placement.allow_enlarge)
                return broken(node, "allow_enlarge", error, "never-enlarged", "only measuring presets may enlarge");
        if (!internal && preset->placement.centre)
                return broken(node, "centre", error, "focal-point-kept",
                              "only measuring presets may ignore the focal point");
        if (plc_terms_channel_find(preset->placement.id) != NULL)
                return broken(node, "id", error, "id-is-no-group", "is the name of a channel, which names a group");
        for (size_t i = 0; preset->groups[i] != NULL; i++)
                if (!plc_preset_id_valid(preset->groups[i]))
                        return broken(node, "groups", error, "group-name",
                                      "a group's name is lower-case letters, digits and inner hyphens");
        return true;
}

bool plc_preset_rules(const struct plc_preset *preset, plc_json *node, GError **error)
{
        return rule_shape(preset, node, error) && rule_sizes(preset, node, error) && rule_files(preset, node, error) &&
               rule_names(preset, node, error);
}
