/* Which sizes are there, where do they come from, and is a file of them in order? `placet presets list|show|check`. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "cmd/cmd.h"
#include "preset/placements.h"

extern const struct plc_cmd plc_cmd_presets;

static gboolean as_json;
static char *site;

static const GOptionEntry entries[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "One JSON object a line", NULL},
        {"site", 0, 0, G_OPTION_ARG_FILENAME, &site, "Also the presets of this site (SITE/placements)", "SITE"},
        {0},
};

static const char *const size_modes[] = {"max", "exact"};
static const char *const fits[] = {"refuse", "inside", "cover", "contain", "pad-blur"};
static const char *const subsamples[] = {"4:2:0", "4:4:4", "auto"};

static plc_presets *load(GError **error)
{
        g_autofree char *folder = site != NULL ? g_build_filename(site, "placements", NULL) : NULL;

        return plc_presets_load(NULL, folder, error);
}

static char *size_text(const struct plc_placement *p)
{
        return p->height > 0 ? g_strdup_printf("%ux%u", p->width, p->height) : g_strdup_printf("%u wide", p->width);
}

static char *formats_text(const struct plc_placement *p)
{
        GString *out = g_string_new(NULL);

        for (unsigned i = 0; i < p->n_encodings; i++)
                g_string_append_printf(out, "%s%s%s", i > 0 ? " " : "", plc_format_name(p->encodings[i].format),
                                       p->encodings[i].optional ? "?" : "");
        return g_string_free(out, FALSE);
}

static char *widths_text(const struct plc_placement *p)
{
        GString *out = g_string_new(NULL);

        for (unsigned i = 0; i < p->n_widths; i++)
                g_string_append_printf(out, "%s%u", i > 0 ? " " : "", p->widths[i]);
        for (unsigned i = 0; i < p->n_dpr; i++)
                if (p->dpr[i] > 1)
                        g_string_append_printf(out, "%s%ux pixels", out->len > 0 ? ", " : "", p->dpr[i]);
        return g_string_free(out, FALSE);
}

static void write_insets(GString *out, const struct plc_insets *safe)
{
        plc_jw_object(out, "safe");
        plc_jw_real(out, "top", safe->top);
        plc_jw_real(out, "right", safe->right);
        plc_jw_real(out, "bottom", safe->bottom);
        plc_jw_real(out, "left", safe->left);
        plc_jw_end_object(out);
}

static void write_numbers(GString *out, const char *name, const uint32_t *values, unsigned n)
{
        plc_jw_array(out, name);
        for (unsigned i = 0; i < n; i++)
                plc_jw_int(out, NULL, values[i]);
        plc_jw_end_array(out);
}

static void write_encodings(GString *out, const struct plc_placement *p)
{
        plc_jw_array(out, "formats");
        for (unsigned i = 0; i < p->n_encodings; i++) {
                const struct plc_encoding *e = &p->encodings[i];

                plc_jw_object(out, NULL);
                plc_jw_string(out, "type", plc_format_name(e->format));
                plc_jw_int(out, "quality", e->quality);
                if (e->format == PLC_FORMAT_JPEG) {
                        plc_jw_string(out, "subsample", subsamples[e->subsample]);
                        plc_jw_bool(out, "progressive", e->progressive);
                } else {
                        plc_jw_int(out, "effort", e->effort);
                }
                plc_jw_bool(out, "optional", e->optional);
                plc_jw_end_object(out);
        }
        plc_jw_end_array(out);
}

static void write_sources(GString *out, const struct plc_preset *preset)
{
        plc_jw_array(out, "sources");
        for (guint i = 0; i < preset->sources->len; i++) {
                const struct plc_preset_source *source = preset->sources->pdata[i];

                plc_jw_object(out, NULL);
                plc_jw_string(out, "id", source->id);
                plc_jw_string(out, "kind", source->kind);
                if (source->url != NULL)
                        plc_jw_string(out, "url", source->url);
                plc_jw_string(out, "says", source->says);
                plc_jw_end_object(out);
        }
        plc_jw_end_array(out);
}

static void write_limits(GString *out, const struct plc_preset *preset)
{
        const struct plc_placement *p = &preset->placement;

        plc_jw_real(out, "min_keep", p->min_keep);
        plc_jw_object(out, "min_source");
        plc_jw_int(out, "w", p->min_source_w);
        plc_jw_int(out, "h", p->min_source_h);
        plc_jw_string(out, "of", p->min_source_of_crop ? "crop" : "source");
        plc_jw_end_object(out);
        plc_jw_object(out, "hard_min");
        plc_jw_int(out, "w", p->hard_min_w);
        plc_jw_int(out, "h", p->hard_min_h);
        plc_jw_end_object(out);
        plc_jw_real(out, "ratio_tolerance", preset->ratio_tolerance);
        plc_jw_int(out, "max_bytes", p->max_bytes);
        plc_jw_bool(out, "max_bytes_hard", p->max_bytes_hard);
        write_insets(out, &p->safe);
        plc_jw_bool(out, "allow_enlarge", p->allow_enlarge);
        plc_jw_bool(out, "centre", p->centre);
}

static void print_json(const struct plc_preset *preset)
{
        g_autoptr(GString) out = g_string_new(NULL);
        const struct plc_placement *p = &preset->placement;

        plc_jw_object(out, NULL);
        plc_jw_string(out, "id", p->id);
        plc_jw_string(out, "channel", preset->channel);
        plc_jw_string(out, "platform", preset->platform);
        plc_jw_string(out, "title", preset->title);
        plc_jw_array(out, "groups");
        for (size_t i = 0; preset->groups[i] != NULL; i++)
                plc_jw_string(out, NULL, preset->groups[i]);
        plc_jw_end_array(out);
        plc_jw_bool(out, "public", preset->is_public);
        plc_jw_int(out, "width", p->width);
        if (p->height > 0)
                plc_jw_int(out, "height", p->height);
        plc_jw_string(out, "size_mode", size_modes[p->size_mode]);
        plc_jw_string(out, "fit", fits[p->fit]);
        plc_jw_string(out, "fallback_fit", fits[p->fallback_fit]);
        write_numbers(out, "widths", p->widths, p->n_widths);
        write_numbers(out, "dpr", p->dpr, p->n_dpr);
        write_encodings(out, p);
        write_limits(out, preset);
        plc_jw_string(out, "overlay", preset->overlay);
        plc_jw_string(out, "crop_key", preset->crop_key);
        plc_jw_string(out, "notes", preset->notes);
        plc_jw_string(out, "file", preset->file);
        plc_jw_string(out, "checked", preset->checked);
        plc_jw_string(out, "version", preset->version);
        write_sources(out, preset);
        plc_jw_end_object(out);
        puts(out->str);
}

static int list(void)
{
        g_autoptr(plc_presets) presets = NULL;
        GError *error = NULL;

        presets = load(&error);
        if (presets == NULL)
                return plc_cmd_fail(error);
        if (!as_json)
                printf("%-28s %-9s %-10s %-16s %s\n", "ID", "CHANNEL", "SIZE", "FORMATS", "TITLE");
        for (size_t i = 0; i < plc_presets_size(presets); i++) {
                const struct plc_preset *preset = plc_presets_at(presets, i);
                g_autofree char *size = size_text(&preset->placement), *formats = formats_text(&preset->placement);

                if (as_json)
                        print_json(preset);
                else
                        printf("%-28s %-9s %-10s %-16s %s\n", preset->placement.id, preset->channel, size, formats,
                               preset->title);
        }
        return 0;
}

static void print_limits(const struct plc_preset *preset)
{
        const struct plc_placement *p = &preset->placement;

        if (p->min_keep > 0)
                printf("  a crop keeps   at least %g %% of the photo, else %s\n", p->min_keep * 100,
                       fits[p->fallback_fit]);
        if (p->min_source_w > 1 || p->min_source_h > 1)
                printf("  undersized     below %ux%u of the %s\n", p->min_source_w, p->min_source_h,
                       p->min_source_of_crop ? "crop" : "photo");
        if (p->hard_min_w > 0)
                printf("  refused        below %ux%u\n", p->hard_min_w, p->hard_min_h);
        if (preset->ratio_tolerance > 0)
                printf("  ratio          may be off by %g %%\n", preset->ratio_tolerance * 100);
        if (p->max_bytes > 0)
                printf("  weight         at most %" G_GINT64_FORMAT " bytes%s\n", p->max_bytes,
                       p->max_bytes_hard ? ", else refused" : " where quality allows");
        if (p->safe.top + p->safe.right + p->safe.bottom + p->safe.left > 0)
                printf("  keep clear     top %g, right %g, bottom %g, left %g (shares of the canvas)\n", p->safe.top,
                       p->safe.right, p->safe.bottom, p->safe.left);
        if (p->allow_enlarge || p->centre)
                printf("  for measuring  %s%s\n", p->allow_enlarge ? "may enlarge" : "",
                       p->centre ? ", crops at the centre" : "");
}

static void print_preset(const struct plc_preset *preset)
{
        const struct plc_placement *p = &preset->placement;
        g_autofree char *size = size_text(p), *widths = widths_text(p);

        printf("%s: %s\n", p->id, preset->title);
        printf("  channel        %s, platform %s, %s\n", preset->channel, preset->platform,
               preset->is_public ? "served publicly" : "never served publicly");
        printf("  size           %s (%s), %s\n", size, size_modes[p->size_mode], fits[p->fit]);
        if (widths[0] != '\0')
                printf("  widths         %s\n", widths);
        for (unsigned i = 0; i < p->n_encodings; i++) {
                const struct plc_encoding *e = &p->encodings[i];

                printf("  %-14s %s quality %d", i == 0 ? "formats" : "", plc_format_name(e->format), e->quality);
                if (e->format == PLC_FORMAT_JPEG)
                        printf(", %s, %s", subsamples[e->subsample], e->progressive ? "progressive" : "baseline");
                else
                        printf(", effort %d", e->effort);
                printf("%s\n", e->optional ? ", only with avif = on" : "");
        }
        print_limits(preset);
        printf("  text on it     %s\n", preset->overlay);
        if (preset->crop_key != NULL)
                printf("  crop key       %s\n", preset->crop_key);
        if (preset->notes != NULL)
                printf("  notes          %s\n", preset->notes);
        printf("  file           %s, sources checked %s, version %s\n", preset->file, preset->checked, preset->version);
        for (guint i = 0; i < preset->sources->len; i++) {
                const struct plc_preset_source *source = preset->sources->pdata[i];

                printf("  %-14s %s (%s): %s%s%s\n", i == 0 ? "sources" : "", source->id, source->kind, source->says,
                       source->url != NULL ? " " : "", source->url != NULL ? source->url : "");
        }
}

static int show(const char *words)
{
        g_autoptr(plc_presets) presets = NULL;
        g_auto(GStrv) ids = NULL;
        GError *error = NULL;

        presets = load(&error);
        ids = presets != NULL ? plc_presets_expand(presets, words, &error) : NULL;
        if (ids == NULL)
                return plc_cmd_fail(error);
        for (size_t i = 0; ids[i] != NULL; i++) {
                if (as_json)
                        print_json(plc_presets_find(presets, ids[i]));
                else
                        print_preset(plc_presets_find(presets, ids[i]));
        }
        return 0;
}

static void tell(const char *file, const GError *error, size_t count)
{
        g_autofree char *sentence = error != NULL ? plc_error_sentence(error) : NULL;
        g_autoptr(GString) out = g_string_new(NULL);

        if (!as_json) {
                if (error != NULL)
                        printf("%s\n", sentence);
                else
                        printf("%s: %zu preset%s, in order\n", file, count, count == 1 ? "" : "s");
                return;
        }
        plc_jw_object(out, NULL);
        plc_jw_string(out, "file", file);
        plc_jw_bool(out, "ok", error == NULL);
        if (error != NULL) {
                plc_jw_string(out, "code", plc_code_name(plc_error_code(error)));
                plc_jw_string(out, "pointer", plc_error_pointer(error));
                plc_jw_string(out, "message", error->message);
        }
        plc_jw_end_object(out);
        puts(out->str);
}

/* Each file by itself, so that the second fault does not wait for the first; without files, all that would be loaded,
 * together. */
static int check(char **files)
{
        int faults = 0;

        if (files[0] == NULL) {
                g_autoptr(GError) error = NULL;
                g_autoptr(plc_presets) presets = load(&error);

                tell("presets/placements", error, presets != NULL ? plc_presets_size(presets) : 0);
                return presets != NULL ? 0 : 1;
        }
        for (; *files != NULL; files++) {
                g_autoptr(GError) error = NULL;
                g_autoptr(plc_presets) presets = plc_presets_load_file(*files, &error);

                faults += presets == NULL;
                tell(*files, error, presets != NULL ? plc_presets_size(presets) : 0);
        }
        if (faults > 0)
                fprintf(stderr, "placet: %d of the files %s in order. Correct what is named above.\n", faults,
                        faults == 1 ? "is not" : "are not");
        return faults > 0 ? 1 : 0;
}

static int run(int argc, char **argv)
{
        if (!plc_cmd_parse(&plc_cmd_presets, entries, &argc, &argv))
                return 2;
        if (argc == 2 && strcmp(argv[1], "list") == 0)
                return list();
        if (argc == 3 && strcmp(argv[1], "show") == 0)
                return show(argv[2]);
        if (argc >= 2 && strcmp(argv[1], "check") == 0)
                return check(argv + 2);
        return plc_cmd_usage(&plc_cmd_presets,
                             argc < 2 ? "say list, show or check" : "that is not list, show ID or check [FILE…]");
}

const struct plc_cmd plc_cmd_presets = {
        .name = "presets",
        .args = "list | show ID | check [FILE…] [--json] [--site SITE]",
        .help = "Show the sizes and formats that each place takes, with their sources, or check files of them.",
        .example = "placet presets show meta-feed-4x5",
        .run = run,
};
