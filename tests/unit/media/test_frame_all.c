/* Do the rules of framing hold for any photo in any placement that Placet brings? Random sizes, points and boxes, each
 * through all of them. */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "media/frame.h"
#include "preset/placements.h"

#define SHIPPED PLC_SOURCE_DIR "/presets/placements"
#define PHOTOS 1500

/* What is looked at when a rule is broken. */
struct asked {
        struct plc_frame_photo photo;
        const struct plc_preset *preset;
        struct plc_placement place;
        struct plc_frame frame;
};

static void hold(const struct asked *a, bool held, const char *rule)
{
        if (!held)
                g_error("%s: photo %ux%u, focal %d %g %g, box %d %g %g %g %g in %s: %s, crop %u,%u %ux%u, %u sizes, %s",
                        rule, a->photo.width, a->photo.height, a->photo.has_focal, a->photo.focal_x, a->photo.focal_y,
                        a->photo.has_box, a->photo.box_x, a->photo.box_y, a->photo.box_w, a->photo.box_h, a->place.id,
                        plc_placed_verdict_name(a->frame.verdict), a->frame.crop.x, a->frame.crop.y, a->frame.crop.w,
                        a->frame.crop.h, a->frame.n_sizes, a->frame.why);
}

static bool on_canvas(const struct plc_frame *f)
{
        return f->fit == PLC_FIT_CONTAIN || f->fit == PLC_FIT_PAD_BLUR;
}

static void check_verdict(const struct asked *a)
{
        const struct plc_frame *f = &a->frame;

        hold(a, (f->verdict == PLC_VERDICT_REFUSED) == (f->refusal != PLC_REFUSAL_NONE),
             "only what is refused has a code");
        hold(a, f->verdict == PLC_VERDICT_OK || f->why[0] != '\0', "what is not ok says why");
        hold(a, f->verdict != PLC_VERDICT_REFUSED || f->n_sizes == 0, "what is refused has no file");
        hold(a, f->verdict != PLC_VERDICT_UNDERSIZED || a->place.allow_undersized == (f->n_sizes > 0),
             "what is undersized has files where somebody allows it");
        hold(a,
             (f->verdict != PLC_VERDICT_OK && f->verdict != PLC_VERDICT_NATIVE) || f->n_sizes > 0 ||
                     f->fit == PLC_FIT_THUMBHASH,
             "what is ok has a file");
        hold(a, f->refusal != PLC_REFUSAL_FACE_CUT && f->refusal != PLC_REFUSAL_TOO_HEAVY,
             "framing knows no such code");
        hold(a, f->n_sizes <= PLC_MAX_WIDTHS, "at most sixteen sizes");
}

static void check_size(const struct asked *a, const struct plc_frame_size *s)
{
        const struct plc_frame *f = &a->frame;
        const struct plc_placement *p = &a->place;
        uint32_t w = on_canvas(f) ? s->picture.w : s->width, h = on_canvas(f) ? s->picture.h : s->height;

        hold(a, s->width > 0 && s->height > 0, "a file has pixels");
        if (f->fit == PLC_FIT_TILE)
                return;
        hold(a, w <= f->crop.w && h <= f->crop.h, "nothing is enlarged");
        hold(a, p->size_mode != PLC_SIZE_EXACT || (s->width == p->width && s->height == p->height),
             "an exact size is exact");
        hold(a, s->width >= p->hard_min_w && s->height >= p->hard_min_h, "no file is below the least size");
        if (on_canvas(f))
                hold(a, s->picture.x + s->picture.w <= s->width && s->picture.y + s->picture.h <= s->height,
                     "the photo lies on its canvas");
        if (f->fit != PLC_FIT_INSIDE && s->width >= 100 && s->height >= 100) {
                double off = ((double)s->width / s->height) / ((double)p->width / p->height) - 1;
                double most = a->preset->ratio_tolerance > 0 ? a->preset->ratio_tolerance : 0.01;

                hold(a, fabs(off) <= most, "the ratio is the place's");
        }
        if (f->fit == PLC_FIT_COVER || f->fit == PLC_FIT_INSIDE) {
                double off = ((double)s->width / s->height) / ((double)f->crop.w / f->crop.h) - 1;

                hold(a, fabs(off) <= 1.5 / MIN(s->width, s->height) + 1.5 / MIN(f->crop.w, f->crop.h),
                     "nothing is stretched");
        }
}

/* Edges of the declared subject in pixels of the photo; false: nothing is declared. */
static bool subject(const struct plc_frame_photo *photo, double out[4])
{
        bool box = photo->has_box;

        out[0] = (box ? photo->box_x : photo->focal_x) * photo->width;
        out[1] = (box ? photo->box_y : photo->focal_y) * photo->height;
        out[2] = (box ? photo->box_x + photo->box_w : photo->focal_x) * photo->width;
        out[3] = (box ? photo->box_y + photo->box_h : photo->focal_y) * photo->height;
        return box || photo->has_focal;
}

/* Is the subject in the safe area of this file? Asked of the file, in its own pixels. */
static bool is_safe(const struct asked *a, const struct plc_frame_size *s, const double at[4])
{
        const struct plc_frame *f = &a->frame;
        const struct plc_insets *safe = &a->place.safe;
        struct plc_rect on = on_canvas(f) ? s->picture : (struct plc_rect){0, 0, s->width, s->height};
        double sx = (double)on.w / f->crop.w, sy = (double)on.h / f->crop.h, slack = 1 + 2 * fmax(sx, sy);

        return on.x + (at[0] - f->crop.x) * sx >= safe->left * s->width - slack &&
               on.y + (at[1] - f->crop.y) * sy >= safe->top * s->height - slack &&
               on.x + (at[2] - f->crop.x) * sx <= (1 - safe->right) * s->width + slack &&
               on.y + (at[3] - f->crop.y) * sy <= (1 - safe->bottom) * s->height + slack;
}

static void check_crop(const struct asked *a)
{
        const struct plc_frame *f = &a->frame;
        const struct plc_rect *c = &f->crop;
        double at[4], keep = (double)c->w * c->h / ((double)a->photo.width * a->photo.height);

        hold(a, (uint64_t)c->x + c->w <= a->photo.width && (uint64_t)c->y + c->h <= a->photo.height,
             "the crop lies inside the photo");
        if (f->n_sizes == 0)
                return;
        hold(a, c->w > 0 && c->h > 0, "the crop has pixels");
        hold(a, f->cropped == (c->w < a->photo.width || c->h < a->photo.height),
             "cropped tells whether something is cut");
        hold(a, keep + 1.0 / MIN(a->photo.width, a->photo.height) + 0.001 >= a->place.min_keep, "a crop keeps enough");
        if (!subject(&a->photo, at) || f->fit == PLC_FIT_TILE)
                return;
        hold(a, at[0] >= c->x - 1.0 && at[1] >= c->y - 1.0 && at[2] <= c->x + c->w + 1.0 && at[3] <= c->y + c->h + 1.0,
             "what was declared is in the crop");
        if (f->fit != PLC_FIT_INSIDE)
                for (unsigned s = 0; s < f->n_sizes; s++)
                        hold(a, f->focal_outside_safe || is_safe(a, &f->sizes[s], at),
                             "what was declared is in the safe area, or it is told");
        hold(a, !a->place.safe_required || !f->focal_outside_safe, "where the safe area is required it is kept");
}

static void check_again(const struct asked *a)
{
        struct plc_frame again;
        bool same;

        plc_frame(&a->photo, &a->place, &again);
        same = again.verdict == a->frame.verdict && again.refusal == a->frame.refusal && again.fit == a->frame.fit &&
               memcmp(&again.crop, &a->frame.crop, sizeof again.crop) == 0 && again.n_sizes == a->frame.n_sizes &&
               strcmp(again.why, a->frame.why) == 0;
        for (unsigned s = 0; same && s < again.n_sizes; s++)
                same = again.sizes[s].width == a->frame.sizes[s].width &&
                       again.sizes[s].height == a->frame.sizes[s].height;
        hold(a, same, "asked again, the answer is the same");
}

/* Sizes as they come: phones, crops, thumbnails, panoramas. */
static uint32_t side(GRand *rand)
{
        static const uint32_t usual[] = {1080, 1200, 1350, 1440, 1600, 1920, 2048, 3024, 4000, 4032};

        switch (g_rand_int_range(rand, 0, 4)) {
        case 0:
                return usual[g_rand_int_range(rand, 0, G_N_ELEMENTS(usual))];
        case 1:
                return (uint32_t)g_rand_int_range(rand, 1, 700);
        default:
                return (uint32_t)g_rand_int_range(rand, 500, 9000);
        }
}

static struct plc_frame_photo any_photo(GRand *rand)
{
        struct plc_frame_photo photo = {.width = side(rand), .height = side(rand)};
        int declared = g_rand_int_range(rand, 0, 4);

        photo.has_attention = true;
        photo.attention_x = g_rand_double(rand);
        photo.attention_y = g_rand_double(rand);
        photo.has_overlay = g_rand_int_range(rand, 0, 10) == 0;
        photo.has_focal = declared == 1;
        photo.has_box = declared == 2;
        photo.focal_x = g_rand_double(rand);
        photo.focal_y = g_rand_double(rand);
        photo.box_x = g_rand_double(rand) * 0.9;
        photo.box_y = g_rand_double(rand) * 0.9;
        photo.box_w = (1 - photo.box_x) * g_rand_double(rand);
        photo.box_h = (1 - photo.box_y) * g_rand_double(rand);
        return photo;
}

static void any_photo_in_any_placement(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_presets) presets = plc_presets_load(SHIPPED, NULL, &error);
        GRand *rand = g_rand_new_with_seed(20261121);
        unsigned verdicts[4] = {0}, refusals[PLC_REFUSAL_COUNT_] = {0};

        g_assert_no_error(error);
        for (unsigned n = 0; n < PHOTOS; n++) {
                struct asked a = {.photo = any_photo(rand)};
                bool allow = g_rand_boolean(rand);

                for (size_t i = 0; i < plc_presets_size(presets); i++) {
                        a.preset = plc_presets_at(presets, i);
                        a.place = a.preset->placement;
                        if (a.place.allow_enlarge) /* for measuring */
                                continue;
                        a.place.allow_undersized = allow;
                        plc_frame(&a.photo, &a.place, &a.frame);
                        check_verdict(&a);
                        check_crop(&a);
                        for (unsigned s = 0; s < a.frame.n_sizes; s++)
                                check_size(&a, &a.frame.sizes[s]);
                        check_again(&a);
                        verdicts[a.frame.verdict]++;
                        refusals[a.frame.refusal]++;
                }
        }
        g_rand_free(rand);
        /* A rule that nothing meets is not tested. */
        for (unsigned v = 0; v < G_N_ELEMENTS(verdicts); v++)
                g_assert_cmpuint(verdicts[v], >, PHOTOS / 4);
        g_assert_cmpuint(refusals[PLC_REFUSAL_FOCAL_OUTSIDE_SAFE], >, 100);
        g_assert_cmpuint(refusals[PLC_REFUSAL_OVERLAY_FORBIDDEN], >, 100);
        g_assert_cmpuint(refusals[PLC_REFUSAL_RATIO], >, 100);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/frame-all/any photo in any placement", any_photo_in_any_placement);
        return g_test_run();
}
