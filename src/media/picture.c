/* How are all the sizes made from one decode? Whole, cropped, on white or on their own blur; from the smallest level
 * that serves. */
#include "media/picture.h"

#include "media/colour.h"
#include "media/photo.h"
#include "media/resize.h"
#include <math.h>
#include <string.h>

/* A level serves where it is so much larger: at least 55 dB beside one Lanczos3 of the whole photo, where rounding
 * alone leaves 59. Twice would give 1 to 2 dB more and costs a tenth of all processor time (measured). */
#define SPARE 1.5
#define MAX_LEVELS 12
/* Blur at a twentieth of the size and back: the same look as a blur of sigma 40 at full size for a thirteenth of its
 * time. */
#define BLUR_SIDE 96.0 /* a twentieth of 1920; the same look on a tile of 400 and on a canvas of 2560 */
#define BLUR_SIGMA 2.0
#define BLUR_DIM 0.75
#define TILE_GREY 242 /* quiet on white and on dark mail clients alike */

struct plc_levels {
        uint32_t width, height;
        unsigned n;
        VipsImage *images[MAX_LEVELS]; /* falling in size */
};

bool plc_picture_same(const struct plc_picture *a, const struct plc_picture *b)
{
        return a->fit == b->fit && a->crop.x == b->crop.x && a->crop.y == b->crop.y && a->crop.w == b->crop.w &&
               a->crop.h == b->crop.h && a->size.width == b->size.width && a->size.height == b->size.height &&
               a->size.picture.x == b->size.picture.x && a->size.picture.y == b->size.picture.y &&
               a->size.picture.w == b->size.picture.w && a->size.picture.h == b->size.picture.h;
}

static bool on_canvas(const struct plc_picture *p)
{
        return p->fit == PLC_FIT_CONTAIN || p->fit == PLC_FIT_PAD_BLUR || p->fit == PLC_FIT_TILE;
}

double plc_picture_scale(const struct plc_picture *p)
{
        double w = on_canvas(p) ? p->size.picture.w : p->size.width,
               h = on_canvas(p) ? p->size.picture.h : p->size.height;
        return fmax(w / p->crop.w, h / p->crop.h);
}

double plc_master_scale(double largest)
{
        return largest > 0.9 ? 1.0 : largest;
}

plc_levels *plc_levels_new(VipsImage *master, uint32_t width, uint32_t height)
{
        plc_levels *levels = g_new0(plc_levels, 1);
        levels->width = width;
        levels->height = height;
        levels->images[levels->n++] = master;
        return levels;
}

void plc_levels_free(plc_levels *levels)
{
        if (levels == NULL)
                return;
        for (unsigned i = 0; i < levels->n; i++)
                g_object_unref(levels->images[i]);
        g_free(levels);
}

/* Of memory images as the decoder makes them: colours stay multiplied by alpha. */
static VipsImage *shown(VipsImage *in, const struct plc_window *window, uint32_t w, uint32_t h)
{
        uint8_t *pixels = g_malloc((size_t)w * h * (size_t)in->Bands);
        g_autoptr(plc_resize) resize =
                plc_resize_new((uint32_t)in->Xsize, (uint32_t)in->Ysize, (unsigned)in->Bands, window, w, h, pixels);
        plc_resize_whole(resize, plc_pixels(in));
        return plc_image_take(pixels, w, h, (unsigned)in->Bands);
}

/* Colours no longer multiplied by alpha, as files have them. Takes over `in`. */
static VipsImage *straight(VipsImage *in)
{
        if (in == NULL || in->Bands != 4)
                return in;
        size_t n = (size_t)in->Xsize * (size_t)in->Ysize;
        const uint8_t *from = plc_pixels(in);
        uint8_t *pixels = g_malloc(n * 4), *to = pixels;
        for (size_t i = 0; i < n; i++, from += 4, to += 4) {
                unsigned alpha = from[3];
                if (alpha == 255 || alpha == 0) { /* nearly all pixels of most photos that have alpha at all */
                        memcpy(to, from, 4);
                        continue;
                }
                for (int b = 0; b < 3; b++) {
                        unsigned colour = (from[b] * 255U + alpha / 2) / alpha;
                        to[b] = (uint8_t)MIN(colour, 255U);
                }
                to[3] = from[3];
        }
        VipsImage *out = plc_image_take(pixels, (uint32_t)in->Xsize, (uint32_t)in->Ysize, 4);
        g_object_unref(in);
        return out;
}

/* The smallest level that is still SPARE times as large, else the largest there is. */
static VipsImage *level_for(const plc_levels *levels, double scale)
{
        for (unsigned i = levels->n; i-- > 1;)
                if ((double)levels->images[i]->Xsize / levels->width >= SPARE * scale)
                        return levels->images[i];
        return levels->images[0];
}

/* The part `crop` (in pixels of the original) at w × h pixels. */
static VipsImage *part(const plc_levels *levels, const struct plc_rect *crop, uint32_t w, uint32_t h)
{
        VipsImage *level = level_for(levels, fmax((double)w / crop->w, (double)h / crop->h));
        double sx = (double)level->Xsize / levels->width, sy = (double)level->Ysize / levels->height;
        return shown(level, &(struct plc_window){crop->x * sx, crop->y * sy, crop->w * sx, crop->h * sy}, w, h);
}

/* The middle of the photo in the canvas's ratio. */
static struct plc_rect cover_rect(const plc_levels *levels, uint32_t w, uint32_t h)
{
        double scale = fmin((double)levels->width / w, (double)levels->height / h);
        uint32_t cw = (uint32_t)CLAMP(w * scale, 1, levels->width), ch = (uint32_t)CLAMP(h * scale, 1, levels->height);
        return (struct plc_rect){(levels->width - cw) / 2, (levels->height - ch) / 2, cw, ch};
}

static VipsImage *blurred_ground(const plc_levels *levels, uint32_t w, uint32_t h)
{
        struct plc_rect rect = cover_rect(levels, w, h);
        double by = fmin(1, BLUR_SIDE / MAX(w, h));
        plc_autoimage small =
                straight(part(levels, &rect, (uint32_t)fmax(1, rint(w * by)), (uint32_t)fmax(1, rint(h * by))));
        plc_autoimage flat = NULL, *blurred = NULL, *dim = NULL, *bytes = NULL, *dark = NULL;

        if (small == NULL || plc_colour_flatten(small, &flat) != 0 ||
            vips_gaussblur(flat, &blurred, BLUR_SIGMA, NULL) != 0)
                return NULL;
        if (vips_linear1(blurred, &dim, BLUR_DIM, 0, NULL) != 0 || vips_cast(dim, &bytes, VIPS_FORMAT_UCHAR, NULL) != 0)
                return NULL;
        dark = plc_bare(g_steal_pointer(&bytes));
        return dark == NULL ? NULL : shown(dark, &(struct plc_window){0, 0, dark->Xsize, dark->Ysize}, w, h);
}

static VipsImage *plain_ground(uint32_t w, uint32_t h, double grey)
{
        plc_autoimage black = NULL, *white = NULL;
        VipsImage *out = NULL;
        if (vips_black(&black, (int)w, (int)h, "bands", 3, NULL) != 0 ||
            vips_linear1(black, &white, 0, grey, NULL) != 0 || vips_cast(white, &out, VIPS_FORMAT_UCHAR, NULL) != 0)
                return NULL;
        return plc_bare(out);
}

static VipsImage *canvas(const plc_levels *levels, const struct plc_picture *p)
{
        const struct plc_frame_size *s = &p->size;
        /* What was cut out of its ground stands on white: its blur would be a grey band. */
        bool blur = p->fit == PLC_FIT_PAD_BLUR && levels->images[0]->Bands == 3;
        plc_autoimage ground =
                blur ? blurred_ground(levels, s->width, s->height) : plain_ground(s->width, s->height, 255);
        plc_autoimage photo = ground != NULL ? straight(part(levels, &p->crop, s->picture.w, s->picture.h)) : NULL;
        plc_autoimage flat = NULL;
        VipsImage *out = NULL;

        if (photo == NULL || plc_colour_flatten(photo, &flat) != 0 ||
            vips_insert(ground, flat, &out, (int)s->picture.x, (int)s->picture.y, NULL) != 0)
                return NULL;
        out->Type = VIPS_INTERPRETATION_sRGB;
        return plc_bare(out);
}

VipsImage *plc_picture_small(const plc_levels *levels, uint32_t side)
{
        uint32_t longest = MAX(levels->width, levels->height);
        double scale = longest > side ? (double)side / longest : 1;
        return straight(part(levels, &(struct plc_rect){0, 0, levels->width, levels->height},
                             (uint32_t)fmax(1, rint(levels->width * scale)),
                             (uint32_t)fmax(1, rint(levels->height * scale))));
}

bool plc_picture_make(plc_levels *levels, const struct plc_picture *p, VipsImage **out, GError **error)
{
        VipsImage *made = p->fit == PLC_FIT_TILE ? plain_ground(p->size.width, p->size.height, TILE_GREY)
                          : on_canvas(p)         ? canvas(levels, p)
                                                 : part(levels, &p->crop, p->size.width, p->size.height);
        if (made == NULL)
                return plc_vips_fail(error, PLC_E_MEMORY, "a rendition cannot be made");
        made->Type = VIPS_INTERPRETATION_sRGB;
        bool whole = p->crop.w == levels->width && p->crop.h == levels->height && !on_canvas(p);
        VipsImage *last = levels->images[levels->n - 1];
        if (whole && levels->n < MAX_LEVELS && made->Xsize * 10 < last->Xsize * 9)
                levels->images[levels->n++] = g_object_ref(made);
        *out = straight(made);
        return true;
}
