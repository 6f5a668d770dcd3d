/*
 * Which part of the photo is shown in a placement, at which sizes, or why not? Nothing is ever enlarged (but for the
 * measuring groups that say so), the window never leaves the photo, and every refusal has a code and a sentence.
 */
#include "media/frame.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MAX_SIDE 16383      /* of a WebP file (RFC 6386: 14 bits) */
#define MIN_FOREGROUND 0.30 /* of a blurred canvas: 16:9 in 9:16 fills 0.32 and still reads as the photo */
#define UNASKED_KEEP 0.5    /* of a photo, in a strip, where nobody said what counts in it */

struct size {
        uint32_t w, h;
};

static uint32_t at_least_1(double v)
{
        return v < 1 ? 1 : (uint32_t)lround(v);
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
        return a < b ? a : b;
}

/* "4:5", or "1.91:1" where small numbers do not say it. */
static const char *ratio_text(uint32_t w, uint32_t h, char *out, size_t size)
{
        uint32_t a = w, b = h;
        while (b != 0) {
                uint32_t rest = a % b;
                a = b;
                b = rest;
        }
        if (a != 0 && w / a <= 21 && h / a <= 21)
                snprintf(out, size, "%u:%u", w / a, h / a);
        else
                snprintf(out, size, "%.2f:1", h != 0 ? (double)w / h : 0.0);
        return out;
}

static void refuse(struct plc_frame *out, enum plc_refusal code)
{
        out->verdict = PLC_VERDICT_REFUSED;
        out->refusal = code;
        out->n_sizes = 0;
}

/* The widths that are wanted: `widths`, else width × each dpr; where no multiple can be had, the plain width. */
static unsigned wanted_widths(const struct plc_placement *p, uint32_t out[PLC_MAX_WIDTHS])
{
        unsigned n = 0;
        for (unsigned i = 0; i < p->n_widths && n < PLC_MAX_WIDTHS; i++)
                out[n++] = p->widths[i];
        if (n == 0)
                for (unsigned i = 0; i < p->n_dpr && i < 4; i++)
                        if (p->dpr[i] >= 1)
                                out[n++] = p->width * p->dpr[i];
        if (n == 0)
                out[n++] = p->width;
        return n;
}

static bool on_canvas(const struct plc_frame *f)
{
        return f->fit == PLC_FIT_CONTAIN || f->fit == PLC_FIT_PAD_BLUR;
}

static struct size canvas_of(const struct plc_placement *p, uint32_t width)
{
        uint32_t height = p->height == 0 ? MAX_SIDE : at_least_1((double)width * p->height / p->width);
        return (struct size){width, height};
}

/* What a file for this width would be, and whether the window has the pixels for it. */
static bool size_for(const struct plc_placement *p, const struct plc_frame *f, uint32_t width,
                     struct plc_frame_size *out)
{
        struct size canvas = canvas_of(p, width);
        double scale_w = (double)canvas.w / f->crop.w, scale_h = (double)canvas.h / f->crop.h;
        double scale = scale_w < scale_h ? scale_w : scale_h;

        *out = (struct plc_frame_size){
                .width = canvas.w, .height = canvas.h, .css_width = (uint16_t)smaller(width, UINT16_MAX)};
        if (f->fit == PLC_FIT_COVER)
                return p->allow_enlarge || (canvas.w <= f->crop.w && canvas.h <= f->crop.h);
        if (f->fit == PLC_FIT_INSIDE) {
                out->width = smaller(at_least_1(f->crop.w * scale), canvas.w);
                out->height = smaller(at_least_1(f->crop.h * scale), canvas.h);
        }
        return p->allow_enlarge || scale <= 1.0;
}

/* Made from all the pixels that there are: same ratio, no enlargement. */
static struct plc_frame_size native_size(const struct plc_placement *p, const struct plc_frame *f)
{
        struct plc_frame_size out = {0};
        double limit = 1;

        if (on_canvas(f)) {
                struct size canvas = canvas_of(p, p->width);
                double scale_w = (double)f->crop.w / canvas.w, scale_h = (double)f->crop.h / canvas.h;
                double scale = scale_w > scale_h ? scale_w : scale_h;
                out.width = at_least_1(canvas.w * scale);
                out.height = at_least_1(canvas.h * scale);
        } else {
                if (f->crop.w > MAX_SIDE || f->crop.h > MAX_SIDE)
                        limit = (double)MAX_SIDE / (f->crop.w > f->crop.h ? f->crop.w : f->crop.h);
                out.width = at_least_1(f->crop.w * limit);
                out.height = at_least_1(f->crop.h * limit);
        }
        out.css_width = (uint16_t)smaller(out.width, UINT16_MAX);
        return out;
}

/* Fills sizes; true if the placement's best size is among them. */
static bool choose_sizes(const struct plc_placement *p, struct plc_frame *f)
{
        uint32_t wanted[PLC_MAX_WIDTHS];
        unsigned n = wanted_widths(p, wanted);
        uint32_t best = p->n_widths > 0 ? wanted[n - 1] : p->width;
        bool has_best = false;

        for (unsigned i = 0; i < n; i++) {
                struct plc_frame_size s;
                if (!size_for(p, f, wanted[i], &s))
                        continue;
                has_best = has_best || wanted[i] >= best;
                if (f->n_sizes > 0 && f->sizes[f->n_sizes - 1].width == s.width &&
                    f->sizes[f->n_sizes - 1].height == s.height)
                        continue;
                f->sizes[f->n_sizes++] = s;
        }
        struct plc_frame_size once;
        if (f->n_sizes == 0 && p->n_widths == 0 && size_for(p, f, p->width, &once)) {
                f->sizes[f->n_sizes++] = once;
                has_best = true;
        }
        if (f->n_sizes == 0 && p->size_mode != PLC_SIZE_EXACT)
                f->sizes[f->n_sizes++] = native_size(p, f);
        for (unsigned i = 0; i < f->n_sizes; i++)
                if (on_canvas(f))
                        f->sizes[i].picture = plc_lay_on_canvas(p, f->fit, f->crop.w, f->crop.h, f->sizes[i].width,
                                                                f->sizes[i].height);
        return has_best;
}

/* One axis: the window's start, so that the subject [lo, hi] lies within the safe part and `at` at its middle where
 * possible. */
static double place_axis(double photo, double window, double at, double lo, double hi, double safe_before,
                         double safe_after)
{
        double start = at - (safe_before + window - safe_after) / 2;
        double latest = lo - safe_before, earliest = hi - window + safe_after;
        if (earliest <= latest)
                start = fmin(fmax(start, earliest), latest);
        else
                start = (earliest + latest) / 2;
        return fmin(fmax(start, 0), photo - window);
}

struct subject {
        double x, y, left, top, right, bottom;
        bool declared;
};

static struct subject subject_of(const struct plc_frame_photo *photo)
{
        struct subject s = {.x = 0.5, .y = 0.5};
        if (photo->has_attention)
                s.x = photo->attention_x, s.y = photo->attention_y;
        if (photo->has_box)
                s.x = photo->box_x + photo->box_w / 2, s.y = photo->box_y + photo->box_h / 2;
        if (photo->has_focal)
                s.x = photo->focal_x, s.y = photo->focal_y;
        s.left = s.right = s.x;
        s.top = s.bottom = s.y;
        if (photo->has_box) {
                s.left = photo->box_x, s.right = photo->box_x + photo->box_w;
                s.top = photo->box_y, s.bottom = photo->box_y + photo->box_h;
        }
        s.declared = photo->has_box || photo->has_focal;
        s.x *= photo->width, s.left *= photo->width, s.right *= photo->width;
        s.y *= photo->height, s.top *= photo->height, s.bottom *= photo->height;
        return s;
}

/* To a pixel: windows are rounded. */
static bool lies_within(const struct subject *s, double left, double top, double right, double bottom)
{
        return s->left >= left - 1 && s->right <= right + 1 && s->top >= top - 1 && s->bottom <= bottom + 1;
}

/* The largest window of the placement's ratio within the photo. */
static struct size window_of(const struct plc_frame_photo *photo, const struct plc_placement *p)
{
        double ratio = (double)p->width / p->height, w = photo->width, h = photo->height;
        if (w / h > ratio)
                w = h * ratio;
        else
                h = w / ratio;
        return (struct size){smaller(at_least_1(w), photo->width), smaller(at_least_1(h), photo->height)};
}

static void place_window(const struct plc_frame_photo *photo, const struct plc_placement *p, struct plc_frame *f)
{
        struct subject s = subject_of(photo);
        double w = f->crop.w, h = f->crop.h, x = (photo->width - w) / 2, y = (photo->height - h) / 2;
        double left = p->safe.left * w, right = p->safe.right * w, top = p->safe.top * h, bottom = p->safe.bottom * h;

        if (!p->centre) {
                x = place_axis(photo->width, w, s.x, s.left, s.right, left, right);
                y = place_axis(photo->height, h, s.y, s.top, s.bottom, top, bottom);
        }
        f->crop.x = smaller((uint32_t)lround(x), photo->width - f->crop.w);
        f->crop.y = smaller((uint32_t)lround(y), photo->height - f->crop.h);
        f->focal_outside_safe = s.declared && !lies_within(&s, f->crop.x + left, f->crop.y + top, f->crop.x + w - right,
                                                           f->crop.y + h - bottom);
}

/* A box is what must stay in every crop. */
static bool cuts_box(const struct plc_frame_photo *photo, const struct plc_frame *f)
{
        struct subject s = subject_of(photo);
        return photo->has_box &&
               !lies_within(&s, f->crop.x, f->crop.y, (double)f->crop.x + f->crop.w, (double)f->crop.y + f->crop.h);
}

/* The same question where the whole photo lies on a canvas: its buttons may still lie over what counts. */
static void look_at_canvas(const struct plc_frame_photo *photo, const struct plc_placement *p, struct plc_frame *f)
{
        const struct plc_frame_size *size = &f->sizes[f->n_sizes - 1];
        struct subject s = subject_of(photo);
        double scale = (double)size->picture.w / photo->width, left = size->picture.x, top = size->picture.y;

        /* the canvas in pixels of the photo, whose corner is 0, 0 */
        f->focal_outside_safe = s.declared && !lies_within(&s, (p->safe.left * size->width - left) / scale,
                                                           (p->safe.top * size->height - top) / scale,
                                                           ((1 - p->safe.right) * size->width - left) / scale,
                                                           ((1 - p->safe.bottom) * size->height - top) / scale);
}

/* The verdict on pixels: of the crop or canvas at its own size, against best, wanted and least. */
static void judge_pixels(const struct plc_frame_photo *photo, const struct plc_placement *p, struct plc_frame *f,
                         bool has_best)
{
        struct size have = {f->crop.w, f->crop.h};
        bool canvas = on_canvas(f);
        if (canvas && f->n_sizes > 0)
                have = (struct size){f->sizes[f->n_sizes - 1].width, f->sizes[f->n_sizes - 1].height};
        struct size source = p->min_source_of_crop || canvas ? have : (struct size){photo->width, photo->height};

        if (!p->allow_enlarge && (f->n_sizes == 0 || have.w < p->hard_min_w || have.h < p->hard_min_h)) {
                uint32_t need_w = f->n_sizes == 0 ? p->width : p->hard_min_w,
                         need_h = f->n_sizes == 0 ? p->height : p->hard_min_h;
                snprintf(f->why, sizeof f->why, "the part shown has %ux%u pixels; at least %ux%u are needed", have.w,
                         have.h, need_w, need_h);
                refuse(f, PLC_REFUSAL_TOO_SMALL);
        } else if (!p->allow_enlarge && (source.w < p->min_source_w || source.h < p->min_source_h)) {
                f->verdict = PLC_VERDICT_UNDERSIZED;
                snprintf(f->why, sizeof f->why, "%s has %ux%u pixels; this place asks for %ux%u",
                         p->min_source_of_crop ? "the part shown" : "the photo", source.w, source.h, p->min_source_w,
                         p->min_source_h);
                if (!p->allow_undersized)
                        f->n_sizes = 0;
        } else if (!has_best) {
                f->verdict = PLC_VERDICT_NATIVE;
                const struct plc_frame_size *s = &f->sizes[f->n_sizes - 1];
                snprintf(f->why, sizeof f->why,
                         "made at %ux%u: the photo has no pixels for more, and nothing is enlarged", s->width,
                         s->height);
        }
}

/* The whole photo on its canvas, or as large as the place takes it: too small a picture of it is no use there. */
static bool fits_there(const struct plc_placement *p, struct plc_frame *f)
{
        const struct plc_frame_size *s = &f->sizes[f->n_sizes - 1];

        if (f->fit == PLC_FIT_PAD_BLUR) {
                double share = (double)s->picture.w * s->picture.h / ((double)s->width * s->height);
                if (share < MIN_FOREGROUND)
                        snprintf(f->why, sizeof f->why,
                                 "the whole photo would fill only %.0f %% of the frame; at least %.0f %% are needed",
                                 100 * share, 100 * MIN_FOREGROUND);
                return share >= MIN_FOREGROUND;
        }
        if (f->fit != PLC_FIT_INSIDE || f->crop.w < p->hard_min_w || f->crop.h < p->hard_min_h ||
            (s->width >= p->hard_min_w && s->height >= p->hard_min_h))
                return true;
        snprintf(f->why, sizeof f->why, "the whole photo would have %ux%u pixels there; at least %ux%u are needed",
                 s->width, s->height, p->hard_min_w, p->hard_min_h);
        return false;
}

static void frame_whole(const struct plc_frame_photo *photo, const struct plc_placement *p, struct plc_frame *f)
{
        f->crop = (struct plc_rect){0, 0, photo->width, photo->height};
        f->cropped = f->focal_outside_safe = false;
        if (f->fit != PLC_FIT_INSIDE && p->height == 0)
                f->fit = PLC_FIT_INSIDE; /* a canvas of any height is the photo itself */
        bool has_best = choose_sizes(p, f);
        if (f->n_sizes > 0 && !fits_there(p, f)) {
                refuse(f, PLC_REFUSAL_RATIO);
                return;
        }
        if (f->n_sizes > 0 && on_canvas(f))
                look_at_canvas(photo, p, f);
        if (f->focal_outside_safe && p->safe_required) {
                snprintf(f->why, sizeof f->why,
                         "what counts in the photo would lie under the place's own buttons and texts");
                refuse(f, PLC_REFUSAL_FOCAL_OUTSIDE_SAFE);
                return;
        }
        judge_pixels(photo, p, f, has_best);
}

/* The crop is out of the question, as `why` says: shown whole if the place has a way for that. */
static void fall_back(const struct plc_frame_photo *photo, const struct plc_placement *p, struct plc_frame *f,
                      enum plc_refusal refusal)
{
        if (p->fallback_fit == PLC_FIT_REFUSE || p->fallback_fit == PLC_FIT_COVER) {
                refuse(f, refusal);
                return;
        }
        f->fit = p->fallback_fit;
        strncat(f->why, ": shown whole instead", sizeof f->why - strlen(f->why) - 1);
        frame_whole(photo, p, f);
}

/* How much of the photo a crop must keep at least. */
static double least_keep(const struct plc_frame_photo *photo, const struct plc_placement *p)
{
        return p->focal_needed && !photo->has_focal && !photo->has_box ? fmax(p->min_keep, UNASKED_KEEP) : p->min_keep;
}

static void frame_cover(const struct plc_frame_photo *photo, const struct plc_placement *p, struct plc_frame *f)
{
        struct size window = window_of(photo, p);
        double keep = (double)window.w * window.h / ((double)photo->width * photo->height);
        double least = least_keep(photo, p);
        char ratio[32];

        f->crop = (struct plc_rect){0, 0, window.w, window.h};
        place_window(photo, p, f);
        f->cropped = window.w < photo->width || window.h < photo->height;
        ratio_text(p->width, p->height, ratio, sizeof ratio);
        if (keep + 0.0005 < least) {
                snprintf(f->why, sizeof f->why, "%s would keep %.0f %% of the photo; at least %.0f %% is needed%s",
                         ratio, 100 * keep, 100 * least,
                         least > p->min_keep ? " where nobody has set a focal point or box" : "");
                fall_back(photo, p, f, PLC_REFUSAL_KEEP_TOO_LOW);
        } else if (!p->centre && cuts_box(photo, f)) {
                snprintf(f->why, sizeof f->why, "%s would cut the box that must stay in every crop", ratio);
                fall_back(photo, p, f, PLC_REFUSAL_FOCAL_OUTSIDE_SAFE);
        } else if (f->focal_outside_safe && p->safe_required) {
                snprintf(f->why, sizeof f->why, "what counts in the photo does not fit into the safe area of %s",
                         ratio);
                fall_back(photo, p, f, PLC_REFUSAL_FOCAL_OUTSIDE_SAFE);
        } else {
                judge_pixels(photo, p, f, choose_sizes(p, f));
        }
}

/* Nothing of the photo is shown: a file of its place's size, or no file. */
static void frame_nothing(const struct plc_frame_photo *photo, const struct plc_placement *p, struct plc_frame *f)
{
        f->crop = (struct plc_rect){0, 0, photo->width, photo->height};
        if (f->fit == PLC_FIT_THUMBHASH) {
                snprintf(f->why, sizeof f->why, "no file: it is the thumbhash told with the photo");
                return;
        }
        f->sizes[f->n_sizes++] = (struct plc_frame_size){
                .width = p->width, .height = p->height, .css_width = (uint16_t)smaller(p->width, UINT16_MAX)};
}

void plc_frame(const struct plc_frame_photo *photo, const struct plc_placement *placement, struct plc_frame *out)
{
        *out = (struct plc_frame){.verdict = PLC_VERDICT_OK, .fit = placement->fit};
        if (photo->width == 0 || photo->height == 0 || placement->width == 0) {
                refuse(out, PLC_REFUSAL_TOO_SMALL);
        } else if (placement->overlay_forbidden && photo->has_overlay) {
                snprintf(out->why, sizeof out->why,
                         "there is text, a logo or a badge on the photo, and this place takes none");
                refuse(out, PLC_REFUSAL_OVERLAY_FORBIDDEN);
        } else if (out->fit == PLC_FIT_COVER && placement->height != 0) {
                frame_cover(photo, placement, out);
        } else if (out->fit == PLC_FIT_REFUSE) {
                refuse(out, PLC_REFUSAL_RATIO);
        } else if (out->fit == PLC_FIT_TILE || out->fit == PLC_FIT_THUMBHASH) {
                frame_nothing(photo, placement, out);
        } else {
                frame_whole(photo, placement, out);
        }
}
