/* How are all the sizes made from one decode? Whole, cropped, on white or on their own blur; from the smallest level
 * twice as large. */
#include "media/picture.h"

#include "media/colour.h"
#include "media/photo.h"
#include <math.h>

#define SPARE                                                                                                          \
        2.0 /* a level serves where it is this much larger: Lanczos from there looks like Lanczos from the original */
#define MAX_LEVELS 12
/* Blur at a twentieth of the size and back: the same look as a blur of sigma 40 at full size for a thirteenth of its
 * time. */
#define BLUR_SHRINK 20
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
        return largest > 0.7 ? 1.0 : largest;
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

static VipsImage *resized(VipsImage *in, uint32_t w, uint32_t h, VipsKernel kernel)
{
        VipsImage *out = NULL;
        if (in == NULL)
                return NULL;
        if ((uint32_t)in->Xsize == w && (uint32_t)in->Ysize == h) {
                if (vips_copy(in, &out, NULL) != 0)
                        return NULL;
                return out;
        }
        plc_autoimage before = NULL, *small = NULL, *after = NULL;
        bool alpha = in->Bands == 4;
        if ((alpha ? vips_premultiply(in, &before, NULL) : vips_copy(in, &before, NULL)) != 0 ||
            vips_resize(before, &small, (double)w / in->Xsize, "vscale", (double)h / in->Ysize, "kernel", kernel,
                        NULL) != 0)
                return NULL;
        if (!alpha)
                return g_steal_pointer(&small);
        if (vips_unpremultiply(small, &after, NULL) != 0 || vips_cast(after, &out, VIPS_FORMAT_UCHAR, NULL) != 0)
                return NULL;
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
        int cw = CLAMP((int)rint(crop->w * sx), 1, level->Xsize), ch = CLAMP((int)rint(crop->h * sy), 1, level->Ysize);
        int x = CLAMP((int)rint(crop->x * sx), 0, level->Xsize - cw),
            y = CLAMP((int)rint(crop->y * sy), 0, level->Ysize - ch);
        plc_autoimage area = NULL;

        if (vips_extract_area(level, &area, x, y, cw, ch, NULL) != 0)
                return NULL;
        return plc_bare(resized(area, w, h, VIPS_KERNEL_LANCZOS3));
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
        plc_autoimage small = part(levels, &rect, MAX(1, w / BLUR_SHRINK), MAX(1, h / BLUR_SHRINK));
        plc_autoimage flat = NULL, *blurred = NULL, *large = NULL, *dim = NULL;
        VipsImage *out = NULL;

        if (small == NULL || plc_colour_flatten(small, &flat) != 0 ||
            vips_gaussblur(flat, &blurred, BLUR_SIGMA, NULL) != 0)
                return NULL;
        large = resized(blurred, w, h, VIPS_KERNEL_CUBIC);
        if (large == NULL || vips_linear1(large, &dim, BLUR_DIM, 0, NULL) != 0 ||
            vips_cast(dim, &out, VIPS_FORMAT_UCHAR, NULL) != 0)
                return NULL;
        return plc_bare(out);
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
        plc_autoimage ground = p->fit == PLC_FIT_PAD_BLUR ? blurred_ground(levels, s->width, s->height)
                                                          : plain_ground(s->width, s->height, 255);
        plc_autoimage photo = ground != NULL ? part(levels, &p->crop, s->picture.w, s->picture.h) : NULL;
        plc_autoimage flat = NULL;
        VipsImage *out = NULL;

        if (photo == NULL || plc_colour_flatten(photo, &flat) != 0 ||
            vips_insert(ground, flat, &out, (int)s->picture.x, (int)s->picture.y, NULL) != 0)
                return NULL;
        out->Type = VIPS_INTERPRETATION_sRGB;
        return plc_bare(out);
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
        *out = made;
        return true;
}
