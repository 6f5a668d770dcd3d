/* Which part of the photo is shown, at which sizes, or why not: the rules of framing as sentences. */
#include "media/frame.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define PHOTO(w, h) .photo = {.width = w, .height = h}
#define FOCAL(w, h, x, y) .photo = {.width = w, .height = h, .has_focal = true, .focal_x = x, .focal_y = y}
#define ATTENTION(w, h, x, y)                                                                                          \
        .photo = {.width = w, .height = h, .has_attention = true, .attention_x = x, .attention_y = y}
#define BOX(w, h, x, y, bw, bh)                                                                                        \
        .photo = {.width = w, .height = h, .has_box = true, .box_x = x, .box_y = y, .box_w = bw, .box_h = bh}

#define COVER(w, h) .width = w, .height = h, .fit = PLC_FIT_COVER
#define INSIDE(w, h) .width = w, .height = h, .fit = PLC_FIT_INSIDE
#define WIDTHS(n, ...) .n_widths = n, .widths = {__VA_ARGS__}
#define DPR(n, ...) .n_dpr = n, .dpr = {__VA_ARGS__}
#define EXACT .size_mode = PLC_SIZE_EXACT
#define OF_CROP(w, h) .min_source_of_crop = true, .min_source_w = w, .min_source_h = h
#define OF_PHOTO(w, h) .min_source_w = w, .min_source_h = h
#define LEAST(w, h) .hard_min_w = w, .hard_min_h = h
#define ALLOWED .allow_undersized = true

#define OK PLC_VERDICT_OK, PLC_REFUSAL_NONE
#define NATIVE PLC_VERDICT_NATIVE, PLC_REFUSAL_NONE
#define UNDERSIZED PLC_VERDICT_UNDERSIZED, PLC_REFUSAL_NONE
#define REFUSED(code) PLC_VERDICT_REFUSED, PLC_REFUSAL_##code

static const struct {
        const char *sentence;
        struct plc_frame_photo photo;
        struct plc_placement placement;
        enum plc_placement_verdict verdict;
        enum plc_refusal refusal;
        const char *sizes; /* "600x600 1200x1200" */
        struct plc_rect crop;
} rows[] = {
        /* cover */
        {"a large landscape photo fills a portrait place exactly, cropped at its middle",
         PHOTO(4000, 3000),
         {COVER(1440, 1800)},
         OK,
         "1440x1800",
         {800, 0, 2400, 3000}},
        {"a photo of the very ratio is not cropped",
         PHOTO(1440, 1800),
         {COVER(1440, 1800)},
         OK,
         "1440x1800",
         {0, 0, 1440, 1800}},
        {"one pixel too few is made as it is, never enlarged",
         PHOTO(1439, 1800),
         {COVER(1440, 1800)},
         NATIVE,
         "1439x1799",
         {0, 1, 1439, 1799}},
        {"a crop above the least size but below what is asked for needs somebody's word",
         PHOTO(1000, 1000),
         {COVER(1440, 1800), OF_CROP(1080, 1350), LEAST(600, 750)},
         UNDERSIZED,
         "",
         {100, 0, 800, 1000}},
        {"and with it is made at its own size, not enlarged",
         PHOTO(1000, 1000),
         {COVER(1440, 1800), OF_CROP(1080, 1350), LEAST(600, 750), ALLOWED},
         UNDERSIZED,
         "800x1000",
         {100, 0, 800, 1000}},
        {"nobody's word makes up for the least size",
         PHOTO(700, 700),
         {COVER(1440, 1800), OF_CROP(1080, 1350), LEAST(600, 750), ALLOWED},
         REFUSED(TOO_SMALL),
         "",
         {70, 0, 560, 700}},
        {"an exact place takes nothing else, whoever says so",
         PHOTO(1000, 1000),
         {COVER(1080, 1080), EXACT, OF_CROP(1080, 1080), ALLOWED},
         REFUSED(TOO_SMALL),
         "",
         {0, 0, 1000, 1000}},
        {"between asked for and best it is made at its own size",
         PHOTO(1200, 1500),
         {COVER(1440, 1800), OF_CROP(1080, 1350), LEAST(600, 750)},
         NATIVE,
         "1200x1500",
         {0, 0, 1200, 1500}},
        {"below the least size it is refused",
         PHOTO(700, 700),
         {COVER(1440, 1800), OF_CROP(1080, 1350), LEAST(600, 750)},
         REFUSED(TOO_SMALL),
         "",
         {70, 0, 560, 700}},
        {"an exact place takes the exact size",
         PHOTO(1000, 1000),
         {COVER(300, 250), EXACT},
         OK,
         "300x250",
         {0, 84, 1000, 833}},
        {"an exact place takes nothing smaller",
         PHOTO(299, 1000),
         {COVER(300, 250), EXACT},
         REFUSED(TOO_SMALL),
         "",
         {0, 376, 299, 249}},
        {"too little of the photo left: refused where there is no other way",
         PHOTO(3000, 4000),
         {COVER(1200, 628), .min_keep = 0.6},
         REFUSED(KEEP_TOO_LOW),
         "",
         {0, 1215, 3000, 1570}},
        {"a strip is not cut out where nobody said what counts",
         PHOTO(4000, 3000),
         {COVER(970, 250), .min_keep = 0.12, .focal_needed = true},
         REFUSED(KEEP_TOO_LOW),
         "",
         {0, 985, 4000, 1031}},
        {"a focal point lets the strip be cut out around it",
         FOCAL(4000, 3000, 0.5, 0.25),
         {COVER(970, 250), .min_keep = 0.12, .focal_needed = true},
         OK,
         "970x250",
         {0, 235, 4000, 1031}},
        {"not even that where nearly nothing would be left",
         FOCAL(3000, 4000, 0.5, 0.25),
         {COVER(728, 90), .min_keep = 0.12, .focal_needed = true},
         REFUSED(KEEP_TOO_LOW),
         "",
         {0, 815, 3000, 371}},
        {"a strip that keeps half of the photo needs no focal point",
         PHOTO(4000, 1000),
         {COVER(970, 250), .min_keep = 0.12, .focal_needed = true},
         OK,
         "970x250",
         {60, 0, 3880, 1000}},
        {"a photo with text on it is refused where the place takes none",
         .photo = {.width = 4000, .height = 3000, .has_overlay = true},
         {COVER(1200, 628), .overlay_forbidden = true},
         REFUSED(OVERLAY_FORBIDDEN),
         "",
         {0, 0, 0, 0}},
        {"elsewhere it is made like any other",
         .photo = {.width = 4000, .height = 3000, .has_overlay = true},
         {COVER(1200, 628)},
         OK,
         "1200x628",
         {0, 454, 4000, 2093}},
        {"and where none is seen the place takes it",
         PHOTO(4000, 3000),
         {COVER(1200, 628), .overlay_forbidden = true},
         OK,
         "1200x628",
         {0, 454, 4000, 2093}},
        {"the measuring groups may enlarge",
         PHOTO(100, 100),
         {COVER(1080, 1080), .allow_enlarge = true},
         OK,
         "1080x1080",
         {0, 0, 100, 100}},
        /* where the window goes */
        {"the window follows the focal point",
         FOCAL(4000, 3000, 0.25, 0.5),
         {COVER(1000, 1000)},
         OK,
         "1000x1000",
         {0, 0, 3000, 3000}},
        {"and is clamped inside the photo",
         FOCAL(4000, 1000, 0.99, 0.5),
         {COVER(1000, 1000)},
         OK,
         "1000x1000",
         {3000, 0, 1000, 1000}},
        {"without a focal point it follows attention",
         ATTENTION(4000, 1000, 0.5, 0.5),
         {COVER(1000, 1000)},
         OK,
         "1000x1000",
         {1500, 0, 1000, 1000}},
        {"a focal point goes before attention",
         .photo = {.width = 4000,
                   .height = 1000,
                   .has_focal = true,
                   .focal_x = 0.25,
                   .focal_y = 0.5,
                   .has_attention = true,
                   .attention_x = 0.9,
                   .attention_y = 0.5},
         {COVER(1000, 1000)},
         OK,
         "1000x1000",
         {500, 0, 1000, 1000}},
        {"the measuring groups stay in the middle whatever the focal point",
         FOCAL(4000, 1000, 0.99, 0.5),
         {COVER(1000, 1000), .centre = true},
         OK,
         "1000x1000",
         {1500, 0, 1000, 1000}},
        {"a box at the edge of the window is moved into the safe area",
         BOX(4000, 1000, 0.5, 0, 0.2, 1.0),
         {COVER(1000, 1000), .safe = {0, 0.1, 0, 0.1}},
         OK,
         "1000x1000",
         {1900, 0, 1000, 1000}},
        {"a focal point at the edge of its box does not cut the box",
         .photo = {.width = 4000,
                   .height = 1000,
                   .has_focal = true,
                   .focal_x = 0.5,
                   .focal_y = 0.5,
                   .has_box = true,
                   .box_x = 0.5,
                   .box_y = 0,
                   .box_w = 0.2,
                   .box_h = 1},
         {COVER(1000, 1000)},
         OK,
         "1000x1000",
         {1800, 0, 1000, 1000}},
        {"a box that a crop would cut is shown whole, if the place has a way",
         BOX(4000, 2000, 0.1, 0, 0.8, 1.0),
         {COVER(1000, 1000), .fallback_fit = PLC_FIT_CONTAIN},
         OK,
         "1000x1000",
         {0, 0, 4000, 2000}},
        {"where it has none, the crop is refused",
         BOX(4000, 2000, 0.1, 0, 0.8, 1.0),
         {COVER(1000, 1000)},
         REFUSED(FOCAL_OUTSIDE_SAFE),
         "",
         {1000, 0, 2000, 2000}},
        {"a point that cannot leave the place's buttons is refused where the place insists",
         FOCAL(1080, 1920, 0.5, 0.95),
         {COVER(1080, 1920), .safe = {0.15, 0, 0.35, 0}, .safe_required = true},
         REFUSED(FOCAL_OUTSIDE_SAFE),
         "",
         {0, 0, 1080, 1920}},
        {"where it insists and has a ground, the photo shown whole may bring the point out",
         FOCAL(1500, 2000, 0.5, 0.5),
         {COVER(1080, 1920), .safe = {0.15, 0, 0.55, 0}, .safe_required = true, .fallback_fit = PLC_FIT_PAD_BLUR},
         OK,
         "1080x1920",
         {0, 0, 1500, 2000}},
        {"an unsymmetrical safe area has its own middle",
         FOCAL(1000, 4000, 0.5, 0.5),
         {COVER(1000, 1000), .safe = {0, 0, 0.5, 0}},
         OK,
         "1000x1000",
         {0, 1750, 1000, 1000}},
        /* dpr */
        {"a place of 600 at twice the density is a file of 1200",
         PHOTO(3000, 3000),
         {COVER(600, 600), DPR(1, 2), LEAST(600, 600)},
         OK,
         "1200x1200",
         {0, 0, 3000, 3000}},
        {"where the photo lacks the pixels, once the density",
         PHOTO(1100, 1100),
         {COVER(600, 600), DPR(1, 2), LEAST(600, 600)},
         OK,
         "600x600",
         {0, 0, 1100, 1100}},
        {"and below that it is refused",
         PHOTO(599, 700),
         {COVER(600, 600), DPR(1, 2), LEAST(600, 600)},
         REFUSED(TOO_SMALL),
         "",
         {0, 51, 599, 599}},
        {"each density that the photo has",
         PHOTO(200, 200),
         {COVER(84, 84), DPR(3, 1, 2, 3)},
         OK,
         "84x84 168x168",
         {0, 0, 200, 200}},
        /* inside */
        {"each width up to the photo's own",
         PHOTO(1000, 500),
         {INSIDE(1066, 0), WIDTHS(4, 165, 360, 940, 1066)},
         NATIVE,
         "165x83 360x180 940x470",
         {0, 0, 1000, 500}},
        {"all widths of a large photo",
         PHOTO(4000, 3000),
         {INSIDE(1066, 0), WIDTHS(2, 165, 1066)},
         OK,
         "165x124 1066x800",
         {0, 0, 4000, 3000}},
        {"narrower than the smallest width: one file of its own width",
         PHOTO(120, 80),
         {INSIDE(1066, 0), WIDTHS(2, 165, 1066)},
         NATIVE,
         "120x80",
         {0, 0, 120, 80}},
        {"and undersized where the place says what it wants",
         PHOTO(120, 80),
         {INSIDE(1066, 0), OF_PHOTO(165, 1), WIDTHS(2, 165, 1066)},
         UNDERSIZED,
         "",
         {0, 0, 120, 80}},
        {"a width and a height limit the longest side",
         PHOTO(3000, 4000),
         {INSIDE(2048, 2048), WIDTHS(3, 1100, 1445, 2048)},
         OK,
         "825x1100 1084x1445 1536x2048",
         {0, 0, 3000, 4000}},
        {"a panorama keeps at least one pixel of height",
         PHOTO(20000, 10),
         {INSIDE(165, 0)},
         OK,
         "165x1",
         {0, 0, 20000, 10}},
        {"a very tall photo keeps to what WebP can hold",
         PHOTO(1000, 30000),
         {INSIDE(1000, 0)},
         OK,
         "546x16383",
         {0, 0, 1000, 30000}},
        {"an e-mail width falls back to once the density",
         PHOTO(700, 500),
         {INSIDE(600, 0), DPR(1, 2), LEAST(600, 1)},
         OK,
         "600x429",
         {0, 0, 700, 500}},
        {"a panorama that would be a strip inside its square is refused where the place asks for more",
         PHOTO(4000, 1000),
         {INSIDE(1500, 1500), LEAST(500, 500)},
         REFUSED(RATIO),
         "",
         {0, 0, 4000, 1000}},
        {"the tile shows nothing of the photo, at exactly its size",
         PHOTO(10, 10),
         {.width = 600, .height = 400, .fit = PLC_FIT_TILE, EXACT},
         OK,
         "600x400",
         {0, 0, 10, 10}},
        /* the whole photo on a ground */
        {"a panorama in an e-mail square is shown whole on white",
         PHOTO(2000, 500),
         {COVER(600, 600), .min_keep = 0.5, .fallback_fit = PLC_FIT_CONTAIN, LEAST(600, 600)},
         OK,
         "600x600",
         {0, 0, 2000, 500}},
        {"a landscape in a portrait place is shown whole on its blur",
         PHOTO(3000, 2000),
         {COVER(1080, 1350), .min_keep = 0.6, .fallback_fit = PLC_FIT_PAD_BLUR},
         OK,
         "1080x1350",
         {0, 0, 3000, 2000}},
        {"but not where it would be a strip",
         PHOTO(4000, 1000),
         {COVER(1080, 1350), .min_keep = 0.6, .fallback_fit = PLC_FIT_PAD_BLUR},
         REFUSED(RATIO),
         "",
         {0, 0, 4000, 1000}},
        {"a ground shrinks with a small photo, so that nothing is enlarged",
         PHOTO(540, 540),
         {.width = 1080, .height = 1350, .fit = PLC_FIT_PAD_BLUR},
         NATIVE,
         "540x675",
         {0, 0, 540, 540}},
        {"an exact ground is not shrunk",
         PHOTO(540, 540),
         {.width = 1080, .height = 1350, .fit = PLC_FIT_PAD_BLUR, EXACT},
         REFUSED(TOO_SMALL),
         "",
         {0, 0, 540, 540}},
};

static void check_row(gconstpointer data)
{
        size_t i = GPOINTER_TO_SIZE(data);
        struct plc_frame f;
        g_autoptr(GString) sizes = g_string_new("");

        plc_frame(&rows[i].photo, &rows[i].placement, &f);
        for (unsigned s = 0; s < f.n_sizes; s++)
                g_string_append_printf(sizes, "%s%ux%u", s > 0 ? " " : "", f.sizes[s].width, f.sizes[s].height);
        g_assert_cmpstr(plc_placed_verdict_name(f.verdict), ==, plc_placed_verdict_name(rows[i].verdict));
        g_assert_cmpstr(plc_refusal_name(f.refusal), ==, plc_refusal_name(rows[i].refusal));
        g_assert_cmpstr(sizes->str, ==, rows[i].sizes);
        g_assert_cmpuint(f.crop.x, ==, rows[i].crop.x);
        g_assert_cmpuint(f.crop.y, ==, rows[i].crop.y);
        g_assert_cmpuint(f.crop.w, ==, rows[i].crop.w);
        g_assert_cmpuint(f.crop.h, ==, rows[i].crop.h);
        if (f.verdict != PLC_VERDICT_OK)
                g_assert_cmpstr(f.why, !=, "");
}

static void refusals_say_why_in_numbers(void)
{
        struct plc_frame_photo photo = {.width = 3024, .height = 4032};
        struct plc_placement place = {COVER(1200, 628), .min_keep = 0.6};
        struct plc_frame f;
        plc_frame(&photo, &place, &f);
        g_assert_cmpstr(f.why, ==, "1.91:1 would keep 39 % of the photo; at least 60 % is needed");
}

static void a_box_that_cannot_be_saved_is_flagged(void)
{
        struct plc_frame_photo photo = {
                .width = 4000, .height = 1000, .has_box = true, .box_x = 0.4, .box_w = 0.24, .box_h = 1};
        struct plc_placement place = {COVER(1000, 1000), .safe = {0, 0.1, 0, 0.1}};
        struct plc_frame f;
        plc_frame(&photo, &place, &f);
        g_assert_true(f.focal_outside_safe);
        g_assert_cmpint(f.verdict, ==, PLC_VERDICT_OK);
        photo.box_w = 0.2;
        plc_frame(&photo, &place, &f);
        g_assert_false(f.focal_outside_safe);
}

static void the_blurred_ground_keeps_the_photo_in_the_safe_area(void)
{
        struct plc_frame_photo photo = {.width = 4000, .height = 3000};
        struct plc_placement place = {
                .width = 1080, .height = 1920, .fit = PLC_FIT_PAD_BLUR, .safe = {0.14, 0, 0.35, 0}};
        struct plc_frame f;
        plc_frame(&photo, &place, &f);
        g_assert_cmpuint(f.sizes[0].picture.w, ==, 1080);
        g_assert_cmpuint(f.sizes[0].picture.h, ==, 810);
        g_assert_cmpuint(f.sizes[0].picture.y, >=, 269); /* 14 % of 1920 */
        g_assert_cmpuint(f.sizes[0].picture.y + 810, <=, 1248);
        g_assert_false(f.cropped);
}

/* Whatever the photo, the place and the point: the window is inside, nothing is enlarged, an exact size is exact. */
static void check_bounds(uint32_t pw, uint32_t ph, uint32_t w, uint32_t h, unsigned point)
{
        static const double points[] = {0, 0.013, 0.5, 1};
        struct plc_frame_photo photo = {.width = pw,
                                        .height = ph,
                                        .has_focal = true,
                                        .focal_x = points[point / 4],
                                        .focal_y = points[point % 4]};
        struct plc_placement place = {COVER(w, h), .safe = {0.1, 0.06, 0.35, 0.06}};
        struct plc_frame f;

        for (int fit = PLC_FIT_INSIDE; fit <= PLC_FIT_PAD_BLUR; fit++) {
                place.fit = fit;
                plc_frame(&photo, &place, &f);
                g_assert_cmpuint(f.crop.x + f.crop.w, <=, pw);
                g_assert_cmpuint(f.crop.y + f.crop.h, <=, ph);
                for (unsigned s = 0; s < f.n_sizes; s++) {
                        const struct plc_frame_size *size = &f.sizes[s];
                        bool canvas = fit == PLC_FIT_CONTAIN || fit == PLC_FIT_PAD_BLUR;
                        g_assert_cmpuint(size->width, >, 0);
                        g_assert_cmpuint(size->height, >, 0);
                        g_assert_cmpuint(canvas ? size->picture.w : size->width, <=, f.crop.w);
                        g_assert_cmpuint(canvas ? size->picture.h : size->height, <=, f.crop.h);
                        g_assert_cmpuint(size->picture.x + size->picture.w, <=, canvas ? size->width : UINT32_MAX);
                        g_assert_cmpuint(size->picture.y + size->picture.h, <=, canvas ? size->height : UINT32_MAX);
                        if (f.verdict == PLC_VERDICT_OK && fit != PLC_FIT_INSIDE)
                                g_assert_true(size->width == w && size->height == h);
                }
        }
}

static void no_window_ever_leaves_its_photo(void)
{
        static const uint32_t sides[] = {1, 2, 3, 84, 599, 600, 1080, 1350, 4032, 16000};
        for (unsigned i = 0; i < 10000; i++)
                for (unsigned point = 0; point < 16; point++)
                        check_bounds(sides[i % 10], sides[i / 10 % 10], sides[i / 100 % 10], sides[i / 1000], point);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *path = g_strdup_printf("/frame/%s", rows[i].sentence);
                g_strdelimit(path + 7, "/", '-');
                g_test_add_data_func(path, GSIZE_TO_POINTER(i), check_row);
        }
        g_test_add_func("/frame/refusals say why in numbers", refusals_say_why_in_numbers);
        g_test_add_func("/frame/a box that cannot be saved is flagged", a_box_that_cannot_be_saved_is_flagged);
        g_test_add_func("/frame/the blurred ground keeps the photo in the safe area",
                        the_blurred_ground_keeps_the_photo_in_the_safe_area);
        g_test_add_func("/frame/no window ever leaves its photo", no_window_ever_leaves_its_photo);
        return g_test_run();
}
