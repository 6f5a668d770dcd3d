/* Does the shipped data say what was read about each place? Each placement told as a sentence, beside the sentence of
 * tests/unit/preset/researched.h. */
#include <glib.h>
#include <string.h>

#include "preset/placements.h"
#include "researched.h"

#define SHIPPED PLC_SOURCE_DIR "/presets/placements"

static const char *const groups[] = {"pdp", "ad", "email", "social", NULL};

static void numbers(GString *out, const char *before, const uint32_t *values, unsigned n)
{
        g_string_append(out, before);
        for (unsigned i = 0; i < n; i++)
                g_string_append_printf(out, " %u", values[i]);
}

static void tell_shape(const struct plc_preset *preset, GString *out)
{
        const struct plc_placement *p = &preset->placement;

        g_string_append_printf(out, "%s %u", p->size_mode == PLC_SIZE_EXACT ? "exact" : "max", p->width);
        g_string_append_printf(out, p->height > 0 ? "x%u" : " wide", p->height);
        g_string_append_printf(out, ", %s", plc_fit_name(p->fit));
        if (p->fallback_fit != PLC_FIT_REFUSE)
                g_string_append_printf(out, " else %s", plc_fit_name(p->fallback_fit));
        if (p->min_keep > 0)
                g_string_append_printf(out, ", keeps %g %%", p->min_keep * 100);
        if (p->min_source_w > 0)
                g_string_append_printf(out, ", asks %ux%u of the %s", p->min_source_w, p->min_source_h,
                                       p->min_source_of_crop ? "crop" : "photo");
        if (p->hard_min_w > 0)
                g_string_append_printf(out, ", least %ux%u", p->hard_min_w, p->hard_min_h);
        if (preset->ratio_tolerance > 0)
                g_string_append_printf(out, ", ratio off %g %%", preset->ratio_tolerance * 100);
        if (p->max_bytes > 0)
                g_string_append_printf(out, ", %" G_GINT64_FORMAT " bytes%s", p->max_bytes,
                                       p->max_bytes_hard ? " at most" : "");
        if (p->safe.top + p->safe.right + p->safe.bottom + p->safe.left > 0)
                g_string_append_printf(out, ", clear %g %g %g %g %%", p->safe.top * 100, p->safe.right * 100,
                                       p->safe.bottom * 100, p->safe.left * 100);
}

static void tell_files(const struct plc_preset *preset, GString *out)
{
        static const char *const subsamples[] = {"4:2:0", "4:4:4", "auto"};
        const struct plc_placement *p = &preset->placement;

        if (p->n_widths > 0)
                numbers(out, ", widths", p->widths, p->n_widths);
        if (p->n_dpr != 1 || p->dpr[0] != 1)
                numbers(out, ", times", p->dpr, p->n_dpr);
        if (strcmp(preset->overlay, "allowed") != 0)
                g_string_append_printf(out, ", overlay %s", preset->overlay);
        if (preset->crop_key != NULL)
                g_string_append_printf(out, ", crop key %s", preset->crop_key);
        for (unsigned i = 0; i < p->n_encodings; i++) {
                const struct plc_encoding *e = &p->encodings[i];

                g_string_append_printf(out, ", %s %d", plc_format_name(e->format), e->quality);
                if (e->format == PLC_FORMAT_JPEG)
                        g_string_append_printf(out, " %s %s", subsamples[e->subsample],
                                               e->progressive ? "progressive" : "baseline");
                else
                        g_string_append_printf(out, " effort %d", e->effort);
                g_string_append(out, e->optional ? " optional" : "");
        }
}

static const char *group_of(const struct plc_preset *preset)
{
        for (size_t i = 0; preset->groups[i] != NULL; i++)
                if (g_strv_contains(groups, preset->groups[i]))
                        return preset->groups[i];
        return preset->channel;
}

static char *sentence(const struct plc_preset *preset)
{
        GString *out = g_string_new(NULL);

        g_string_append_printf(out, "%s: %s, %s, ", preset->placement.id, group_of(preset), preset->platform);
        tell_shape(preset, out);
        tell_files(preset, out);
        return g_string_free(out, FALSE);
}

static plc_presets *shipped(void)
{
        g_autoptr(GError) error = NULL;
        plc_presets *presets = plc_presets_load(SHIPPED, NULL, &error);

        g_assert_no_error(error);
        return presets;
}

static void check_row(gconstpointer data)
{
        g_autoptr(plc_presets) presets = shipped();
        const char *said = data;
        g_autofree char *id = g_strndup(said, (gsize)(strchr(said, ':') - said)), *ours = NULL;
        const struct plc_preset *preset = plc_presets_find(presets, id);

        g_assert_nonnull(preset);
        ours = sentence(preset);
        g_assert_cmpstr(ours, ==, said);
}

/* The channels' groups hold these placements and no others. */
static void the_groups_are_complete(void)
{
        g_autoptr(plc_presets) presets = shipped();
        g_auto(GStrv) all = plc_presets_expand(presets, "pdp,ad,email,social", NULL);

        g_assert_cmpuint(G_N_ELEMENTS(researched), ==, 91);
        g_assert_cmpuint(g_strv_length(all), ==, 91);
        for (size_t i = 0; i < G_N_ELEMENTS(researched); i++) {
                g_autofree char *id = g_strndup(researched[i], strcspn(researched[i], ":"));

                g_assert_true(g_strv_contains((const char *const *)all, id));
        }
}

/* What Google's feeds take is asked with the feed's own permission: the consent for a product page does not reach it.
 */
static void feeds_ask_for_the_feed(void)
{
        static const char *const ids[] = {"gmc-lifestyle", "gmc-additional", "review-feed"};
        g_autoptr(plc_presets) presets = shipped();

        for (size_t i = 0; i < G_N_ELEMENTS(ids); i++)
                g_assert_cmpstr(plc_presets_find(presets, ids[i])->channel, ==, "feed");
}

/* A number without a source is a guess; "checked" is shown with it. */
static void every_placement_says_where_from(void)
{
        g_autoptr(plc_presets) presets = shipped();

        for (size_t i = 0; i < plc_presets_size(presets); i++) {
                const struct plc_preset *preset = plc_presets_at(presets, i);
                unsigned outside = 0;

                for (guint s = 0; s < preset->sources->len; s++)
                        outside += ((const struct plc_preset_source *)preset->sources->pdata[s])->url != NULL;
                g_assert_cmpuint(strlen(preset->checked), ==, 10);
                g_assert_cmpuint(preset->sources->len, >, 0);
                if (strcmp(preset->channel, "ad") == 0 && strcmp(preset->platform, "amazon") != 0)
                        g_assert_cmpuint(outside, >, 0);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(researched); i++) {
                g_autofree char *path = g_strdup_printf("/researched/%s", researched[i]);

                *strchr(path, ':') = '\0';
                g_test_add_data_func(path, researched[i], check_row);
        }
        g_test_add_func("/researched/the groups are complete", the_groups_are_complete);
        g_test_add_func("/researched/feeds ask for the feed", feeds_ask_for_the_feed);
        g_test_add_func("/researched/every placement says where from", every_placement_says_where_from);
        return g_test_run();
}
