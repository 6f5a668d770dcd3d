/* How do bytes become upright sRGB pixels? One pass through the file, line by line, made smaller on the way; what does
 * not fit in 8-bit sRGB is converted. */
#include "media/colour.h"
#include "media/load.h"
#include "media/photo.h"
#include "media/resize.h"

#define STRIP 16 /* lines asked of the decoder at a time: a row of blocks of most JPEGs */

VipsImage *plc_load(const struct plc_photo *photo, int shrink, GError **error)
{
        size_t size;
        const void *bytes = g_bytes_get_data(photo->bytes, &size);
        VipsSource *source = vips_source_new_from_memory(bytes, size);
        VipsImage *out = NULL;
        int failed = -1;

        if (source == NULL)
                return plc_vips_fail(error, PLC_E_MEMORY, "the photo cannot be opened"), NULL;
        switch (photo->format) {
        case PLC_FORMAT_JPEG:
                failed = vips_jpegload_source(source, &out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                                              VIPS_FAIL_ON_ERROR, "shrink", shrink, NULL);
                break;
        case PLC_FORMAT_PNG:
                failed = vips_pngload_source(source, &out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                                             VIPS_FAIL_ON_ERROR, NULL);
                break;
        case PLC_FORMAT_WEBP:
                failed = vips_webpload_source(source, &out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                                              VIPS_FAIL_ON_ERROR, NULL);
                break;
        case PLC_FORMAT_HEIC:
        case PLC_FORMAT_AVIF:
                failed = vips_heifload_source(source, &out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                                              VIPS_FAIL_ON_ERROR, NULL);
                break;
        case PLC_FORMAT_GIF:
                failed = vips_gifload_source(source, &out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                                             VIPS_FAIL_ON_ERROR, NULL);
                break;
        case PLC_FORMAT_TIFF:
                failed = vips_tiffload_source(source, &out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                                              VIPS_FAIL_ON_ERROR, NULL);
                break;
        default:
                vips_error("placet", "no loader");
        }
        g_object_unref(source);
        if (failed != 0) {
                g_clear_object(&out);
                plc_vips_fail(error, PLC_E_UNREADABLE, "the photo is broken or cut short");
        }
        return out;
}

VipsImage *plc_bare(VipsImage *in)
{
        if (in == NULL)
                return NULL;
        size_t size = 0;
        int width = in->Xsize, height = in->Ysize, bands = in->Bands;
        VipsBandFormat format = in->BandFmt;
        VipsInterpretation interpretation = in->Type;
        void *pixels = vips_image_write_to_memory(in, &size);
        g_object_unref(in);
        if (pixels == NULL)
                return NULL;
        VipsImage *out = vips_image_new_from_memory(pixels, size, width, height, bands, format);
        if (out == NULL) {
                g_free(pixels);
                return NULL;
        }
        g_signal_connect(out, "postclose", G_CALLBACK(vips_image_free_buffer), pixels);
        out->Type = interpretation;
        return out;
}

VipsImage *plc_image_take(uint8_t *pixels, uint32_t width, uint32_t height, unsigned bands)
{
        VipsImage *out = vips_image_new_from_memory(pixels, (size_t)width * height * bands, (int)width, (int)height,
                                                    (int)bands, VIPS_FORMAT_UCHAR);
        if (out == NULL) {
                g_free(pixels);
                return NULL;
        }
        g_signal_connect(out, "postclose", G_CALLBACK(vips_image_free_buffer), pixels);
        out->Type = VIPS_INTERPRETATION_sRGB;
        return out;
}

/* libvips' own operations, one after the other: takes over `in`, NULL goes through. */
static VipsImage *converted(VipsImage *in, const struct plc_container *container)
{
        VipsImage *out = NULL;
        if (in == NULL)
                return NULL;
        if (plc_colour_to_srgb(in, container, &out) != 0)
                g_clear_object(&out);
        g_object_unref(in);
        return out;
}

static VipsImage *upright(VipsImage *in, unsigned orientation)
{
        static const VipsAngle angle[9] = {0,
                                           0,
                                           0,
                                           VIPS_ANGLE_D180,
                                           VIPS_ANGLE_D180,
                                           VIPS_ANGLE_D90,
                                           VIPS_ANGLE_D90,
                                           VIPS_ANGLE_D270,
                                           VIPS_ANGLE_D270};
        bool mirrored = orientation == 2 || orientation == 4 || orientation == 5 || orientation == 7; /* TIFF 6.0, tag
                                                                                                        274 */
        plc_autoimage turned = NULL;
        VipsImage *out = NULL;
        if (in == NULL || orientation == 1)
                return in;
        if (vips_rot(in, &turned, angle[orientation], NULL) == 0) {
                if (mirrored)
                        vips_flip(turned, &out, VIPS_DIRECTION_HORIZONTAL, NULL);
                else
                        out = g_object_ref(turned);
        }
        g_object_unref(in);
        return plc_bare(out);
}

/* Colours times alpha, so that what lies under transparent pixels does not bleed into edges; false if any pixel is not
 * opaque. */
static bool multiply(const uint8_t *in, int n, uint8_t *out)
{
        bool opaque = true;
        for (int i = 0; i < n; i++, in += 4, out += 4) {
                unsigned alpha = in[3];
                for (int b = 0; b < 3; b++)
                        out[b] = (uint8_t)((in[b] * alpha + 127) / 255);
                out[3] = in[3];
                opaque = opaque && alpha == 255;
        }
        return opaque;
}

/* Every line of the image through the filter. */
static bool feed(VipsImage *in, plc_resize *resize, bool *out_opaque)
{
        VipsRegion *region = vips_region_new(in);
        bool alpha = in->Bands == 4 && vips_image_hasalpha(in), done = region != NULL;
        g_autofree uint8_t *multiplied = alpha ? g_malloc((size_t)in->Xsize * 4) : NULL;

        *out_opaque = true;
        for (int y = 0; done && y < in->Ysize; y += STRIP) {
                VipsRect strip = {0, y, in->Xsize, MIN(STRIP, in->Ysize - y)};
                done = vips_region_prepare(region, &strip) == 0;
                for (int i = 0; done && i < strip.height; i++) {
                        const uint8_t *line = VIPS_REGION_ADDR_TOPLEFT(region) + (ptrdiff_t)i * region->bpl;
                        if (alpha) {
                                *out_opaque = multiply(line, in->Xsize, multiplied) && *out_opaque;
                                line = multiplied;
                        }
                        plc_resize_line(resize, line);
                }
        }
        g_clear_object(&region);
        return done;
}

/* The same image of w × h pixels, with its profile; an alpha channel that is all opaque is left out. Takes over `in`.
 */
static VipsImage *resized(VipsImage *in, const struct plc_window *window, uint32_t w, uint32_t h)
{
        if (in == NULL)
                return NULL;
        unsigned bands = (unsigned)in->Bands;
        uint8_t *pixels = g_malloc((size_t)w * h * bands);
        g_autoptr(plc_resize) resize =
                plc_resize_new((uint32_t)in->Xsize, (uint32_t)in->Ysize, bands, window, w, h, pixels);
        bool opaque, alpha = vips_image_hasalpha(in);
        VipsImage *out = NULL;

        if (feed(in, resize, &opaque)) {
                if (alpha && bands == 4 && opaque) {
                        for (size_t i = 0; i < (size_t)w * h; i++)
                                memmove(pixels + i * 3, pixels + i * 4, 3);
                        bands = 3;
                }
                out = plc_image_take(g_steal_pointer(&pixels), w, h, bands);
        }
        const void *icc;
        size_t size;
        if (out != NULL) {
                out->Type = in->Type;
                if (vips_image_get_typeof(in, VIPS_META_ICC_NAME) != 0 &&
                    vips_image_get_blob(in, VIPS_META_ICC_NAME, &icc, &size) == 0)
                        vips_image_set_blob_copy(out, VIPS_META_ICC_NAME, icc, size);
        }
        g_free(pixels);
        g_object_unref(in);
        return out;
}

/*
 * libjpeg's own 1/2, 1/4, 1/8 while decoding, as long as a factor of two stays for the Lanczos filter: beyond that its
 * box average would be seen.
 */
static int shrink_on_load(const struct plc_photo *photo, double scale)
{
        if (photo->format != PLC_FORMAT_JPEG)
                return 1;
        return scale * 16 <= 1 ? 8 : scale * 8 <= 1 ? 4 : scale * 4 <= 1 ? 2 : 1;
}

bool plc_photo_decode(const struct plc_photo *photo, double scale, VipsImage **out, GError **error)
{
        uint32_t w = (uint32_t)fmax(1, rint(photo->stored_width * scale)),
                 h = (uint32_t)fmax(1, rint(photo->stored_height * scale));
        int shrink = shrink_on_load(photo, scale);
        struct plc_window window = {0, 0, (double)photo->stored_width / shrink, (double)photo->stored_height / shrink};
        VipsImage *image = plc_load(photo, shrink, error);

        if (image == NULL)
                return false;
        /* Colours are converted where there are fewest pixels; only what the filter does not take comes before it. */
        bool first = image->BandFmt != VIPS_FORMAT_UCHAR || image->Bands > 4 || vips_image_hasalpha(image);
        if (first)
                image = converted(image, &photo->container);
        image = resized(image, &window, w, h);
        if (!first)
                image = plc_bare(converted(image, &photo->container));
        image = upright(image, photo->orientation);
        if (image == NULL)
                return plc_vips_fail(error, PLC_E_UNREADABLE, "the photo is broken or cut short");
        vips_error_clear();
        *out = image;
        return true;
}
