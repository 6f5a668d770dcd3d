/* Are the shipped placements the researched ones, and which mistakes in a preset are told how? */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/file.h"
#include "preset/placements.h"

#define SHIPPED PLC_SOURCE_DIR "/presets/placements"

static const char good[] =
        "{\"schema\": \"placet.placements/1\", \"title\": \"T\", \"checked\": \"2026-11-21\","
        " \"sources\": {\"A\": {\"kind\": \"official\", \"url\": \"https://example.org/\", \"says\": \"1080 by 1350\"},"
        "  \"D\": {\"kind\": \"design\", \"says\": \"ours\"}},"
        " \"placements\": [{\"id\": \"one-4x5\", \"channel\": \"ad\", \"platform\": \"p\", \"title\": \"t\","
        "  \"width\": 1080, \"height\": 1350, \"size_mode\": \"max\", \"fit\": \"cover\", \"fallback_fit\": "
        "\"pad-blur\","
        "  \"min_keep\": 0.6, \"min_source\": {\"w\": 800, \"h\": 1000, \"of\": \"crop\", \"sources\": [\"D\"]},"
        "  \"hard_min\": {\"w\": 600, \"h\": 750, \"sources\": [\"A\"]},"
        "  \"max_bytes\": {\"value\": 150000, \"hard\": true, \"sources\": [\"A\"]},"
        "  \"safe\": {\"top\": 0.1, \"right\": 0.1, \"bottom\": 0.2, \"left\": 0.1, \"sources\": [\"A\"]},"
        "  \"groups\": [\"mine\"], \"widths\": [540, 1080], \"dpr\": [1, 2],"
        "  \"formats\": [{\"type\": \"jpeg\", \"quality\": 85, \"subsample\": \"4:2:0\", \"progressive\": true, "
        "\"sources\": [\"D\"]}],"
        "  \"overlay\": \"allowed\", \"sources\": [\"A\"]}]}";

static const struct row {
        const char *sentence, *find, *replace, *expected; /* expected NULL: accepted */
} rows[] = {
        {"the good one is good", "", "", NULL},
        {"a member nobody knows", "\"min_keep\"", "\"minkeep\"",
         "/placements/0/minkeep: \"minkeep\" is not a member known here"},
        {"no sources of a number", ", \"sources\": [\"A\"]},  \"max_bytes\"", "},  \"max_bytes\"",
         "/placements/0/hard_min: \"sources\" is missing"},
        {"a source that is not explained", "\"of\": \"crop\", \"sources\": [\"D\"]",
         "\"of\": \"crop\", \"sources\": [\"E\"]",
         "/placements/0/min_source/sources/0: \"E\" is not explained in /sources (rule source-known)"},
        {"an official source without an address", "\"url\": \"https://example.org/\", ", "",
         "/sources/A: \"url\" is missing"},
        {"a date in words", "2026-11-21", "last week", "/checked: must be an RFC 3339 time (found: \"last week\")"},
        {"an id in capitals", "one-4x5", "One",
         "/placements/0/id: must be at most 47 lower-case letters, digits and inner hyphens (found: \"One\")"},
        {"an id that is a channel", "one-4x5", "social",
         "/placements/0/id: is the name of a channel, which names a group (rule id-is-no-group)"},
        {"a group of another channel: chosen with it, asked as its own", "[\"mine\"]", "[\"pdp\"]", NULL},
        {"a group in capitals", "[\"mine\"]", "[\"Mine\"]",
         "/placements/0/groups: a group's name is lower-case letters, digits and inner hyphens (rule group-name)"},
        {"an id that is a group", "[\"mine\"]", "[\"one-4x5\"]",
         "\"one-4x5\" is a preset and a group of one-4x5 (rule id-is-no-group)"},
        {"an unknown channel", "\"channel\": \"ad\"", "\"channel\": \"tv\"",
         "/placements/0/channel: must be pdp, home, landing, email, social, ad, feed, marketplace, print or internal "
         "(found: \"tv\")"},
        {"no width", "\"width\": 1080, ", "", "/placements/0: \"width\" is missing"},
        {"a width of nothing", "\"width\": 1080", "\"width\": 0",
         "/placements/0/width: must be from 1 to 16384 (found: 0)"},
        {"a crop without a height", "\"height\": 1350, ", "",
         "/placements/0/fit: a place without a height can only take inside (rule height-needed)"},
        {"a fall-back that crops again", "\"pad-blur\"", "\"cover\"",
         "/placements/0/fallback_fit: must be refuse, contain or pad-blur: it is for photos that a crop would cut too "
         "far (rule fallback-shows-all)"},
        {"a fit that does nothing", "\"fit\": \"cover\"", "\"fit\": \"refuse\"",
         "/placements/0/fit: must be inside, cover, contain, pad-blur, tile or thumbhash (rule fit-does-something)"},
        {"min_keep without a crop", "\"fit\": \"cover\", \"fallback_fit\": \"pad-blur\"",
         "\"fit\": \"contain\", \"fallback_fit\": \"refuse\"",
         "/placements/0/min_keep: only a cover crop loses a part of the photo (rule keep-is-for-crops)"},
        {"a minimum above the size", "\"w\": 600", "\"w\": 1200",
         "/placements/0/hard_min: is above the preset's own size (rule minimum-below-size)"},
        {"minima in the wrong order", "\"w\": 800", "\"w\": 500",
         "/placements/0/min_source: is below hard_min (rule minima-in-order)"},
        {"widths that go down", "[540, 1080]", "[1080, 540]",
         "/placements/0/widths/1: 540 does not come after 1080 (rule ascending)"},
        {"a width above the preset's", "[540, 1080]", "[540, 1920]",
         "/placements/0/widths: a width is above the preset's own width (rule widths-within-width)"},
        {"insets that leave nothing", "\"bottom\": 0.2", "\"bottom\": 0.9",
         "/placements/0/safe: leaves no safe area (rule safe-area-left)"},
        {"an inset above one", "\"bottom\": 0.2", "\"bottom\": 20",
         "/placements/0/safe/bottom: must be from 0 to 0.9 (found: 20)"},
        {"enlarging in an ad", "\"overlay\"", "\"allow_enlarge\": true, \"overlay\"",
         "/placements/0/allow_enlarge: only measuring presets may enlarge (rule never-enlarged)"},
        {"the centre in an ad", "\"overlay\"", "\"centre\": true, \"overlay\"",
         "/placements/0/centre: only measuring presets may ignore the focal point (rule focal-point-kept)"},
        {"enlarging in a measuring preset", "\"channel\": \"ad\"", "\"allow_enlarge\": true, \"channel\": \"internal\"",
         NULL},
        {"a progressive JPEG in an e-mail", "\"channel\": \"ad\"", "\"channel\": \"email\"",
         "/placements/0/formats: must be baseline JPEG alone: Outlook for Windows shows neither WebP nor AVIF (rule "
         "email-baseline-jpeg)"},
        {"a JPEG that does not say its chroma", "\"subsample\": \"4:2:0\", ", "",
         "/placements/0/formats/0: \"subsample\" is missing"},
        {"a JPEG with effort", "\"quality\": 85", "\"quality\": 85, \"effort\": 4",
         "/placements/0/formats/0/effort: \"effort\" is not a member known here"},
        {"a format twice", "\"formats\": [",
         "\"formats\": [{\"type\": \"jpeg\", \"quality\": 80, \"subsample\": \"auto\", \"progressive\": true, "
         "\"sources\": [\"D\"]}, ",
         "/placements/0/formats: names a format twice (rule each-format-once)"},
        {"no format",
         "{\"type\": \"jpeg\", \"quality\": 85, \"subsample\": \"4:2:0\", \"progressive\": true, "
         "\"sources\": [\"D\"]}",
         "", "/placements/0/formats: must name a format: only thumbhash is no file (rule a-file-has-a-format)"},
        {"a file of a ThumbHash", "\"fit\": \"cover\", \"fallback_fit\": \"pad-blur\",  \"min_keep\": 0.6",
         "\"fit\": \"thumbhash\", \"fallback_fit\": \"refuse\"",
         "/placements/0/formats: must be empty: thumbhash is no file (rule a-file-has-a-format)"},
        {"a fall-back without a crop", "\"fit\": \"cover\", \"fallback_fit\": \"pad-blur\",  \"min_keep\": 0.6",
         "\"fit\": \"contain\", \"fallback_fit\": \"pad-blur\"",
         "/placements/0/fallback_fit: only a cover crop can cut too far; write refuse (rule fallback-is-for-crops)"},
        {"a focal point needed without a crop",
         "\"fit\": \"cover\", \"fallback_fit\": \"pad-blur\",  \"min_keep\": 0.6",
         "\"fit\": \"contain\", \"fallback_fit\": \"refuse\", \"focal_needed\": true",
         "/placements/0/focal_needed: only a cover crop loses a part of the photo (rule keep-is-for-crops)"},
        {"an unknown format", "\"jpeg\"", "\"jxl\"",
         "/placements/0/formats/0/type: must be one of jpeg, webp, avif, png (found: \"jxl\")"},
        {"an id twice", "\"placements\": [",
         "\"placements\": [{\"id\": \"one-4x5\", \"channel\": \"pdp\", \"platform\": \"p\", \"title\": \"t\", "
         "\"width\": 9, \"size_mode\": \"max\", \"fit\": \"inside\", \"fallback_fit\": \"refuse\", \"formats\": "
         "[{\"type\": \"webp\", \"quality\": 80, \"effort\": 4, \"sources\": [\"D\"]}], \"overlay\": \"allowed\", "
         "\"sources\": [\"D\"]}, ",
         "/placements/1/id: \"one-4x5\" stands in "},
};

static char *folder;

static void put(const char *name, const char *text)
{
        g_autofree char *path = g_build_filename(folder, name, NULL);

        g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static char *changed(const char *find, const char *replace)
{
        const char *at = strstr(good, find);

        g_assert_nonnull(at);
        return g_strdup_printf("%.*s%s%s", (int)(at - good), good, replace, at + strlen(find));
}

static void test_row(gconstpointer data)
{
        const struct row *row = data;
        g_autofree char *json = changed(row->find, row->replace), *path = g_build_filename(folder, "x.json", NULL);
        g_autoptr(plc_presets) presets = NULL;
        g_autoptr(GError) error = NULL;

        put("x.json", json);
        presets = plc_presets_load_file(path, &error);
        if (row->expected == NULL) {
                g_assert_no_error(error);
                g_assert_nonnull(presets);
                return;
        }
        g_assert_null(presets);
        g_assert_nonnull(error);
        if (strstr(error->message, row->expected) == NULL)
                g_error("expected \"%s\", found \"%s\"", row->expected, error->message);
}

static plc_presets *shipped(void)
{
        g_autoptr(GError) error = NULL;
        plc_presets *presets = plc_presets_load(SHIPPED, NULL, &error);

        g_assert_no_error(error);
        return presets;
}

static void test_shipped_values(void)
{
        g_autoptr(plc_presets) presets = shipped();
        const struct plc_preset *meta = plc_presets_find(presets, "meta-feed-4x5"),
                                *card = plc_presets_find(presets, "pdp-card");
        const struct plc_preset *square = plc_presets_find(presets, "email-square"),
                                *google = plc_presets_find(presets, "google-191");
        const struct plc_placement *p = &meta->placement;

        g_assert_cmpuint(p->width, ==, 1440);
        g_assert_cmpuint(p->height, ==, 1800);
        g_assert_cmpint(p->fit, ==, PLC_FIT_COVER);
        g_assert_cmpint(p->fallback_fit, ==, PLC_FIT_PAD_BLUR);
        g_assert_cmpfloat(p->min_keep, ==, 0.6);
        g_assert_cmpuint(p->min_source_w, ==, 1080);
        g_assert_true(p->min_source_of_crop);
        g_assert_cmpuint(p->hard_min_h, ==, 750);
        g_assert_cmpint(p->max_bytes, ==, 30000000);
        g_assert_true(p->max_bytes_hard);
        g_assert_cmpfloat(p->safe.right, ==, 0.0593);
        g_assert_cmpint(p->encodings[0].subsample, ==, PLC_SUBSAMPLE_AUTO);
        g_assert_cmpint(p->encodings[0].quality, ==, 90);
        g_assert_false(meta->is_public);
        g_assert_cmpstr(meta->crop_key, ==, "400x500");
        g_assert_cmpstr(meta->file, ==, "presets/placements/ad-meta.json");
        g_assert_cmpuint(meta->sources->len, >=, 5);
        g_assert_cmpuint(card->placement.n_widths, ==, 6);
        g_assert_cmpuint(card->placement.widths[5], ==, 1066);
        g_assert_cmpuint(card->placement.height, ==, 0);
        g_assert_cmpint(card->placement.encodings[0].format, ==, PLC_FORMAT_AVIF);
        g_assert_true(card->placement.encodings[0].optional);
        g_assert_true(card->is_public);
        g_assert_cmpuint(square->placement.dpr[0], ==, 2);
        g_assert_false(square->placement.encodings[0].progressive);
        g_assert_false(square->placement.max_bytes_hard);
        g_assert_cmpint(google->placement.fallback_fit, ==, PLC_FIT_REFUSE);
        g_assert_cmpfloat(google->ratio_tolerance, ==, 0.01);
}

static void test_preview_is_internal(void)
{
        g_autoptr(plc_presets) presets = shipped();
        const struct plc_preset *preview = plc_presets_find(presets, "preview");

        g_assert_cmpuint(preview->placement.width, ==, 1280);
        g_assert_cmpint(preview->placement.fit, ==, PLC_FIT_INSIDE);
        g_assert_cmpuint(preview->placement.n_encodings, ==, 1);
        g_assert_cmpint(preview->placement.encodings[0].format, ==, PLC_FORMAT_JPEG);
        g_assert_false(preview->is_public);
}

static void test_bench_is_exact(void)
{
        g_autoptr(plc_presets) presets = shipped();
        const char *const groups[] = {"bench14", "bench14-fast"};
        const char *const members[] = {"webp-1920",      "webp-1280",      "webp-960",       "webp-640",     "webp-320",
                                       "webp-160",       "jpeg-1280",      "jpeg-640",       "jpeg-1200",    "jpeg-600",
                                       "jpeg-1080x1080", "jpeg-1080x1350", "jpeg-1080x1920", "jpeg-1200x628"};

        for (int g = 0; g < 2; g++) {
                g_auto(GStrv) ids = plc_presets_expand(presets, groups[g], NULL);

                g_assert_cmpuint(g_strv_length(ids), ==, 14);
                for (int i = 0; i < 14; i++) {
                        g_autofree char *id = g_strdup_printf("%s-%s", groups[g], members[i]);
                        const struct plc_placement *p = &plc_presets_find(presets, ids[i])->placement;

                        g_assert_cmpstr(ids[i], ==, id);
                        g_assert_cmpint(p->encodings[0].quality, ==, i < 10 ? 80 : 85);
                        g_assert_cmpint(p->encodings[0].effort, ==, i >= 6 ? 0 : g == 0 ? 4 : 2);
                        g_assert_true(p->allow_enlarge);
                        g_assert_true(p->centre == (i >= 10));
                        g_assert_cmpint(p->fit, ==, i >= 10 ? PLC_FIT_COVER : PLC_FIT_INSIDE);
                }
        }
}

static void test_expand(void)
{
        g_autoptr(plc_presets) presets = shipped();
        g_auto(GStrv) ids = plc_presets_expand(presets, "feed, meta-feed-4x5,gmc-lifestyle", NULL);
        g_autofree char *joined = g_strjoinv(" ", ids);
        g_autoptr(GError) error = NULL;

        g_assert_cmpstr(joined, ==, "gmc-lifestyle gmc-additional review-feed meta-feed-4x5");
        g_assert_null(plc_presets_expand(presets, "pdp-crad", &error));
        g_assert_error(error, PLC_ERROR_DOMAIN, PLC_E_NOT_FOUND);
        g_assert_cmpstr(error->message, ==, "there is no preset or group \"pdp-crad\"; the nearest is \"pdp-card\"");
        g_clear_error(&error);
        g_assert_null(plc_presets_expand(presets, "internal", &error));
        g_assert_error(error, PLC_ERROR_DOMAIN, PLC_E_NOT_FOUND);
        g_clear_error(&error);
        g_assert_null(plc_presets_expand(presets, "pdp,", &error));
        g_assert_error(error, PLC_ERROR_DOMAIN, PLC_E_NOT_FOUND);
}

static void test_site_overrides(void)
{
        g_autofree char *json = changed("one-4x5", "pdp-card"), *absent = g_build_filename(folder, "no", NULL);
        g_autoptr(plc_presets) before = shipped(), after = NULL, none = NULL;
        const struct plc_preset *card;

        put("x.json", json);
        after = plc_presets_load(SHIPPED, folder, NULL);
        g_assert_nonnull(after);
        card = plc_presets_find(after, "pdp-card");
        g_assert_cmpuint(card->placement.width, ==, 1080);
        g_assert_true(card->of_site);
        g_assert_cmpstr(card->overrides, ==, "presets/placements/pdp-shopify.json");
        g_assert_null(plc_presets_find(after, "pdp-gallery")->overrides);
        g_assert_cmpuint(plc_presets_size(after), ==, plc_presets_size(before));
        g_assert_cmpstr(plc_presets_version(after), !=, plc_presets_version(before));
        g_assert_cmpstr(card->version, !=, plc_presets_find(before, "pdp-card")->version);
        g_assert_cmpstr(plc_presets_find(after, "pdp-gallery")->version, ==,
                        plc_presets_find(before, "pdp-gallery")->version);
        none = plc_presets_load(SHIPPED, absent, NULL);
        g_assert_cmpstr(plc_presets_version(none), ==, plc_presets_version(before));
}

static void test_version_is_of_pixels(void)
{
        static const struct {
                const char *find, *replace;
                bool same;
        } edits[] = {{"\"title\": \"t\"", "\"title\": \"u\"", true},
                     {"1080 by 1350", "as read", true},
                     {"\"quality\": 85", "\"quality\": 86", false},
                     {"\"hard\": true", "\"hard\": false", false},
                     {"\"left\": 0.1", "\"left\": 0.11", false},
                     {"\"overlay\": \"allowed\"", "\"overlay\": \"forbidden\"", false},
                     {"\"left\": 0.1,", "\"left\": 0.1, \"required\": true,", false},
                     {"\"min_keep\": 0.6", "\"min_keep\": 0.5", false}};
        g_autofree char *path = g_build_filename(folder, "x.json", NULL);
        g_autoptr(plc_presets) first = NULL;

        put("x.json", good);
        first = plc_presets_load_file(path, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(edits); i++) {
                g_autofree char *json = changed(edits[i].find, edits[i].replace);
                g_autoptr(plc_presets) other = NULL;

                put("x.json", json);
                other = plc_presets_load_file(path, NULL);
                g_assert_true((strcmp(plc_presets_version(first), plc_presets_version(other)) == 0) == edits[i].same);
        }
}

int main(int argc, char **argv)
{
        int status;

        g_test_init(&argc, &argv, NULL);
        folder = g_dir_make_tmp("placet-test-XXXXXX", NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *path = g_strdup_printf("/placements/%02zu %s", i, rows[i].sentence);

                g_test_add_data_func(path, &rows[i], test_row);
        }
        g_test_add_func("/placements/the shipped ones have the researched values", test_shipped_values);
        g_test_add_func("/placements/the preview is internal", test_preview_is_internal);
        g_test_add_func("/placements/bench14 is fourteen files, exactly", test_bench_is_exact);
        g_test_add_func("/placements/words expand to ids, each once", test_expand);
        g_test_add_func("/placements/a site's own preset wins", test_site_overrides);
        g_test_add_func("/placements/the version changes with what is made, and only then", test_version_is_of_pixels);
        status = g_test_run();
        g_assert_true(plc_remove_tree_at(AT_FDCWD, folder, NULL));
        g_free(folder);
        return status;
}
