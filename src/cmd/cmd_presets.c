/* Which sizes are there, where do they come from, and is a file of them in order? `placet presets list|show|check`. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "cmd/cmd.h"
#include "preset/placements.h"
#include "site/site.h"
#include "text/flags.h"

extern const struct plc_cmd plc_cmd_presets;

static gboolean as_json;
static char *site;

static const GOptionEntry entries[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "One JSON object a line", NULL},
        {"site", 0, 0, G_OPTION_ARG_FILENAME, &site, "The same as SITE: with its own presets (SITE/placements)",
         "SITE"},
        {0},
};

static const char *const size_modes[] = {"max", "exact"};
static const char *const subsamples[] = {"4:2:0", "4:4:4", "auto"};

static plc_presets *load(GError **error)
{
        g_autofree char *folder = site != NULL ? g_build_filename(site, "placements", NULL) : NULL;
        g_autofree char *conf = site != NULL ? g_build_filename(site, "placet.conf", NULL) : NULL;

        if (conf != NULL && !g_file_test(conf, G_FILE_TEST_EXISTS)) {
                plc_fail_at(error, PLC_E_NOT_FOUND, site, NULL, "Name a folder that placet init made.",
                            "is not a site of Placet (it has no placet.conf)");
                return NULL;
        }
        return plc_presets_load(NULL, folder, error);
}

/* "pdp", "feed pdp": what --preset may be given to mean it, besides its id. */
static char *groups_text(const struct plc_preset *preset)
{
        g_autofree char *groups = g_strjoinv(" ", preset->groups);
        bool internal = strcmp(preset->channel, "internal") == 0;

        return g_strdup_printf("%s%s%s", internal ? "" : preset->channel, internal || groups[0] == '\0' ? "" : " ",
                               groups);
}

/* "150 KB", "200 KB?" where quality decides. */
static char *limit_text(const struct plc_placement *p)
{
        if (p->max_bytes == 0)
                return g_strdup("-");
        if (p->max_bytes >= 1000000)
                return g_strdup_printf("%.3g MB%s", (double)p->max_bytes / 1e6, p->max_bytes_hard ? "" : "?");
        return g_strdup_printf("%.3g KB%s", (double)p->max_bytes / 1e3, p->max_bytes_hard ? "" : "?");
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

static void write_insets(GString *out, const struct plc_insets *safe, bool required)
{
        plc_jw_object(out, "safe");
        plc_jw_real(out, "top", safe->top);
        plc_jw_real(out, "right", safe->right);
        plc_jw_real(out, "bottom", safe->bottom);
        plc_jw_real(out, "left", safe->left);
        plc_jw_bool(out, "required", required);
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
        plc_jw_bool(out, "focal_needed", p->focal_needed);
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
        write_insets(out, &p->safe, p->safe_required);
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
        plc_jw_string(out, "fit", plc_fit_name(p->fit));
        plc_jw_string(out, "fallback_fit", plc_fit_name(p->fallback_fit));
        write_numbers(out, "widths", p->widths, p->n_widths);
        write_numbers(out, "dpr", p->dpr, p->n_dpr);
        write_encodings(out, p);
        write_limits(out, preset);
        plc_jw_string(out, "overlay", preset->overlay);
        plc_jw_string(out, "crop_key", preset->crop_key);
        plc_jw_string(out, "notes", preset->notes);
        plc_jw_string(out, "file", preset->file);
        plc_jw_string(out, "overrides", preset->overrides);
        plc_jw_string(out, "checked", preset->checked);
        plc_jw_string(out, "version", preset->version);
        write_sources(out, preset);
        plc_jw_end_object(out);
        puts(out->str);
}

static void list_one(const struct plc_preset *preset)
{
        g_autofree char *size = size_text(&preset->placement), *formats = formats_text(&preset->placement),
                        *groups = groups_text(preset), *limit = limit_text(&preset->placement);

        if (as_json)
                print_json(preset);
        else
                printf("%-22s %-12s %-16s %-10s %-6s %-15s %-9s %s%s\n", preset->placement.id, groups, preset->platform,
                       size, size_modes[preset->placement.size_mode], formats, limit, preset->title,
                       preset->overrides != NULL ? " (the site's, in place of ours)"
                       : preset->of_site         ? " (the site's)"
                                                 : "");
}

/* Places first, then what is for looking and measuring alone. */
static int list(void)
{
        g_autoptr(plc_presets) presets = NULL;
        GError *error = NULL;

        presets = load(&error);
        if (presets == NULL)
                return plc_cmd_fail(error);
        if (!as_json)
                printf("%-22s %-12s %-16s %-10s %-6s %-15s %-9s %s\n", "ID", "GROUP", "PLATFORM", "SIZE", "MODE",
                       "FORMATS", "LIMIT", "TITLE");
        for (int internal = 0; internal <= 1; internal++)
                for (size_t i = 0; i < plc_presets_size(presets); i++) {
                        const struct plc_preset *preset = plc_presets_at(presets, i);

                        if ((strcmp(preset->channel, "internal") == 0) == internal)
                                list_one(preset);
                }
        return 0;
}

static void print_limits(const struct plc_preset *preset)
{
        const struct plc_placement *p = &preset->placement;

        if (p->min_keep > 0)
                printf("  a crop keeps   at least %g %% of the photo, else %s\n", p->min_keep * 100,
                       plc_fit_name(p->fallback_fit));
        if (p->focal_needed)
                printf("  focal point    needed, or a box, where a crop keeps less than half of the photo\n");
        if (p->size_mode == PLC_SIZE_MAX && (p->min_source_w > p->hard_min_w || p->min_source_h > p->hard_min_h))
                printf("  undersized     below %ux%u of the %s; placet override lets it in\n", p->min_source_w,
                       p->min_source_h, p->min_source_of_crop ? "crop" : "photo");
        if (p->hard_min_w > 0)
                printf("  refused        below %ux%u\n", p->hard_min_w, p->hard_min_h);
        if (preset->ratio_tolerance > 0)
                printf("  ratio          may be off by %g %%\n", preset->ratio_tolerance * 100);
        if (p->max_bytes > 0)
                printf("  weight         at most %" G_GINT64_FORMAT " bytes%s\n", p->max_bytes,
                       p->max_bytes_hard ? ", else refused" : " where quality allows");
        if (p->safe.top + p->safe.right + p->safe.bottom + p->safe.left > 0)
                printf("  keep clear     top %g, right %g, bottom %g, left %g (shares of the canvas)%s\n", p->safe.top,
                       p->safe.right, p->safe.bottom, p->safe.left, p->safe_required ? ", or refused" : "");
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
        printf("  size           %s (%s), %s\n", size, size_modes[p->size_mode], plc_fit_name(p->fit));
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
        if (preset->overrides != NULL)
                printf("  overrides      takes the place of %s\n", preset->overrides);
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

/* `what` it holds: "preset", "word". */
static void tell(const char *file, const GError *error, size_t count, const char *what)
{
        g_autofree char *sentence = error != NULL ? plc_error_sentence(error) : NULL;
        g_autoptr(GString) out = g_string_new(NULL);

        if (!as_json) {
                if (error != NULL)
                        printf("%s\n", sentence);
                else
                        printf("%s: %zu %s%s, in order\n", file, count, what, count == 1 ? "" : "s");
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

/* All that would be loaded, together: shipped, and the site's over it. */
static int check_all(const char *what)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_presets) presets = load(&error);

        tell(what, error, presets != NULL ? plc_presets_size(presets) : 0, "preset");
        return presets == NULL;
}

/* A file of words tells so in its first lines; everything else is taken for placements. */
static bool holds_words(const char *file)
{
        char head[256] = {0};
        FILE *opened = fopen(file, "re");
        size_t size = opened != NULL ? fread(head, 1, sizeof head - 1, opened) : 0;

        if (opened != NULL)
                fclose(opened);
        return size > 0 && strstr(head, "placet.words/") != NULL;
}

/* presets/words, and a site's own. */
static int check_words(const char *what, const char *folder)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_flag_lists) lists = NULL;
        bool ok = plc_flag_lists_load(NULL, folder, NULL, &lists, &error);

        tell(what, error, ok ? plc_flag_lists_entries(lists) : 0, "word");
        return !ok;
}

static int check_file(const char *file)
{
        g_autoptr(GError) error = NULL;

        if (holds_words(file)) {
                size_t entries_read = 0;
                bool ok = plc_flag_lists_check(file, &entries_read, &error);

                tell(file, error, entries_read, "word");
                return !ok;
        }
        g_autoptr(plc_presets) presets = plc_presets_load_file(file, &error);

        tell(file, error, presets != NULL ? plc_presets_size(presets) : 0, "preset");
        return presets == NULL;
}

/* What [site] placements names must be there. */
static int check_list(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_site) opened = plc_site_open(site, PLC_SITE_READ, &error);
        g_autofree char *file = g_build_filename(site, "placet.conf", NULL);

        tell(file, error, opened != NULL ? g_strv_length(opened->placements) : 0, "preset");
        return opened == NULL;
}

static int by_text(gconstpointer a, gconstpointer b)
{
        return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Each file by itself, so that the second fault does not wait for the first; then what only shows together. */
static int check_site(void)
{
        g_autofree char *folder = g_build_filename(site, "placements", NULL);
        g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
        g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
        const char *name;
        int faults = 0;

        while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
                if (name[0] != '.' && g_str_has_suffix(name, ".json"))
                        g_ptr_array_add(files, g_build_filename(folder, name, NULL));
        g_ptr_array_sort(files, by_text);
        for (guint i = 0; i < files->len; i++)
                faults += check_file(files->pdata[i]);
        if (faults > 0)
                return faults;
        g_autofree char *words = g_build_filename(site, "words", NULL);
        return check_words(words, words) + check_all(site) != 0 ? 1 : check_list();
}

static int check(char **files)
{
        int faults = 0;

        if (files[0] != NULL && files[1] == NULL && g_file_test(files[0], G_FILE_TEST_IS_DIR))
                site = files[0];
        if (site != NULL)
                faults = check_site();
        else if (files[0] == NULL)
                faults = check_all("presets/placements") + check_words("presets/words", NULL);
        else
                for (; *files != NULL; files++)
                        faults += check_file(*files);
        if (faults > 0)
                fprintf(stderr, "placet: %d of the files %s not in order. Correct what is named above.\n", faults,
                        faults == 1 ? "is" : "are");
        return faults > 0 ? 1 : 0;
}

static int run(int argc, char **argv)
{
        if (!plc_cmd_parse(&plc_cmd_presets, entries, &argc, &argv))
                return 2;
        if (argc >= 2 && strcmp(argv[1], "check") == 0)
                return check(argv + 2);
        if (argc == 3 && strcmp(argv[1], "list") == 0)
                site = argv[2];
        if (argc == 4 && strcmp(argv[1], "show") == 0)
                site = argv[3];
        if ((argc == 2 || argc == 3) && strcmp(argv[1], "list") == 0)
                return list();
        if ((argc == 3 || argc == 4) && strcmp(argv[1], "show") == 0)
                return show(argv[2]);
        return plc_cmd_usage(&plc_cmd_presets,
                             argc < 2 ? "say list, show or check" : "that is not list, show ID or check [FILE…|SITE]");
}

const struct plc_cmd plc_cmd_presets = {
        .name = "presets",
        .args = "list [SITE] | show ID [SITE] | check [FILE…|SITE] [--json]",
        .help = "Show the sizes and formats that each place takes, with their sources, or check files of them.",
        .example = "placet presets show meta-feed-4x5",
        .run = run,
};
