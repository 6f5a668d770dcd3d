/* How sharp, how bright, what placeholder, and where does the eye go? Simple statistics of a small level of the photo.
 */
#include "media/measure.h"

#include "media/attention.h"
#include "media/colour.h"
#include "media/pdq.h"
#include "media/thumbhash.h"

#define MOST_OPAQUE 0.9 /* of the picture, that the box around all that is opaque fills */
#define MIDDLE_SIDE 512 /* sharpness, exposure and fingerprint are of this size */

static VipsImage *smaller(VipsImage *in, int side)
{
        VipsImage *out = NULL;
        int longest = MAX(in->Xsize, in->Ysize);
        double scale = longest > side ? (double)side / longest : 1;
        int failed = scale < 1 ? vips_resize(in, &out, MAX(scale, 1.0 / in->Xsize), "vscale",
                                             MAX(scale, 1.0 / in->Ysize), NULL)
                               : vips_copy(in, &out, NULL);
        return failed != 0 ? NULL : plc_bare(out);
}

static double luma(const uint8_t *p)
{
        return 0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2];
}

/* Variance of the Laplacian; mean luma. */
static void measure_luma(VipsImage *rgb, struct plc_facts *facts)
{
        int w = rgb->Xsize, h = rgb->Ysize;
        g_autofree double *y = g_new(double, (size_t)w *(size_t)h);
        const uint8_t *p = plc_pixels(rgb);
        double sum = 0, edges = 0, squares = 0;

        for (size_t i = 0; i < (size_t)w * (size_t)h; i++) {
                y[i] = luma(p + i * (size_t)rgb->Bands);
                sum += y[i];
        }
        facts->exposure = sum / 255 / ((double)w * h);
        for (int j = 1; j + 1 < h; j++)
                for (int i = 1; i + 1 < w; i++) {
                        const double *c = y + (size_t)j * (size_t)w + i;
                        double edge = c[-1] + c[1] + c[-w] + c[w] - 4 * c[0];
                        edges += edge;
                        squares += edge * edge;
                }
        double n = (double)(w - 2) * (h - 2);
        facts->sharpness = w > 2 && h > 2 ? squares / n - (edges / n) * (edges / n) : 0;
}

/* Of the flattened photo, so that a product cut out of its ground is that product on white. */
static void measure_fingerprint(VipsImage *rgb, struct plc_facts *facts)
{
        struct plc_pdq_picture picture = {.width = (uint32_t)rgb->Xsize,
                                          .height = (uint32_t)rgb->Ysize,
                                          .full_width = facts->width,
                                          .full_height = facts->height,
                                          .pixels = plc_pixels(rgb),
                                          .bands = (unsigned)rgb->Bands};
        plc_pdq(&picture, facts->pdq, &facts->pdq_quality);
}

static bool measure_attention(VipsImage *rgb, struct plc_facts *facts)
{
        VipsImage *out = NULL;
        if (vips_resize(rgb, &out, (double)PLC_ATTENTION_SIDE / rgb->Xsize, "vscale",
                        (double)PLC_ATTENTION_SIDE / rgb->Ysize, NULL) != 0)
                return false;
        plc_autoimage square = plc_bare(out);
        if (square == NULL || square->Xsize != PLC_ATTENTION_SIDE || square->Ysize != PLC_ATTENTION_SIDE ||
            square->Bands != 3)
                return false;
        plc_attention(plc_pixels(square), &facts->attention_x, &facts->attention_y);
        facts->has_attention = true;
        return true;
}

/*
 * A product cut out of its background is framed by its middle: an eye's point is its most colourful corner, and a crop
 * around that cuts the product. Where nothing but the corners is transparent, it is a photo as others are.
 */
static bool measure_cut_out(VipsImage *level, struct plc_facts *facts, struct plc_cut_out *out)
{
        const uint8_t *p = level->Bands == 4 && level->BandFmt == VIPS_FORMAT_UCHAR ? plc_pixels(level) : NULL;
        int left = level->Xsize, right = -1, top = level->Ysize, bottom = -1;

        for (int y = 0; p != NULL && y < level->Ysize; y++)
                for (int x = 0; x < level->Xsize; x++) {
                        if (p[((size_t)y * (size_t)level->Xsize + (size_t)x) * 4 + 3] < 128)
                                continue;
                        left = MIN(left, x);
                        right = MAX(right, x);
                        top = MIN(top, y);
                        bottom = y;
                }
        if (right < 0)
                return false;
        facts->attention_x = (left + right + 1) / 2.0 / level->Xsize;
        facts->attention_y = (top + bottom + 1) / 2.0 / level->Ysize;
        facts->has_attention = true;
        *out = (struct plc_cut_out){(double)left / level->Xsize, (double)top / level->Ysize,
                                    (right + 1.0 - left) / level->Xsize, (bottom + 1.0 - top) / level->Ysize};
        if (out->w * out->h > MOST_OPAQUE)
                *out = (struct plc_cut_out){0};
        return true;
}

static bool measure_thumbhash(VipsImage *level, struct plc_facts *facts)
{
        plc_autoimage small = smaller(level, PLC_THUMBHASH_SIDE);
        plc_autoimage rgba = NULL;
        uint8_t hash[PLC_THUMBHASH_MAX];

        if (small == NULL)
                return false;
        if ((small->Bands == 4 ? vips_copy(small, &rgba, NULL) : vips_addalpha(small, &rgba, NULL)) != 0)
                return false;
        plc_autoimage pixels = plc_bare(g_steal_pointer(&rgba));
        if (pixels == NULL || pixels->BandFmt != VIPS_FORMAT_UCHAR)
                return false;
        size_t n = plc_thumbhash((uint32_t)pixels->Xsize, (uint32_t)pixels->Ysize, plc_pixels(pixels), hash);
        g_autofree char *text = g_base64_encode(hash, n);
        g_strlcpy(facts->thumbhash, text, sizeof facts->thumbhash);
        return true;
}

bool plc_measure(VipsImage *level, struct plc_facts *facts, struct plc_cut_out *out_cut_out, GError **error)
{
        plc_autoimage flat = NULL;

        *out_cut_out = (struct plc_cut_out){0};
        facts->alpha = level->Bands == 4;
        if (plc_colour_flatten(level, &flat) != 0)
                return plc_vips_fail(error, PLC_E_MEMORY, "the photo cannot be measured");
        plc_autoimage middle = smaller(flat, MIDDLE_SIDE);
        if (middle == NULL || !measure_thumbhash(level, facts))
                return plc_vips_fail(error, PLC_E_MEMORY, "the photo cannot be measured");
        measure_luma(middle, facts);
        measure_fingerprint(middle, facts);
        if (!measure_cut_out(level, facts, out_cut_out) && !measure_attention(middle, facts))
                vips_error_clear(); /* a photo of a few pixels has no point to look at */
        return true;
}
