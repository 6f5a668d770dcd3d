/* How do bytes become upright sRGB pixels? One pass through the file, made smaller on the way; what does not fit in
 * 8-bit sRGB is converted. */
#include "media/colour.h"
#include "media/load.h"
#include "media/photo.h"

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

/* Each step takes over what it is given, so that a chain of them reads in order; NULL goes through. */
typedef int (*step)(VipsImage *in, VipsImage **out, const void *arg);

static VipsImage *take(VipsImage *in, step fn, const void *arg)
{
        VipsImage *out = NULL;
        if (in == NULL)
                return NULL;
        if (fn(in, &out, arg) != 0)
                g_clear_object(&out);
        g_object_unref(in);
        return out;
}

static int to_srgb(VipsImage *in, VipsImage **out, const void *arg)
{
        return plc_colour_to_srgb(in, arg, out);
}

static int premultiply(VipsImage *in, VipsImage **out, const void *arg)
{
        (void)arg;
        return vips_premultiply(in, out, NULL);
}

static int unpremultiply(VipsImage *in, VipsImage **out, const void *arg)
{
        plc_autoimage t = NULL;
        (void)arg;
        return vips_unpremultiply(in, &t, NULL) != 0 ? -1 : vips_cast(t, out, VIPS_FORMAT_UCHAR, NULL);
}

struct sides {
        double w, h;
};

static int resize(VipsImage *in, VipsImage **out, const void *arg)
{
        const struct sides *to = arg;
        if (in->Xsize == (int)to->w && in->Ysize == (int)to->h)
                return vips_copy(in, out, NULL);
        return vips_resize(in, out, to->w / in->Xsize, "vscale", to->h / in->Ysize, "kernel", VIPS_KERNEL_LANCZOS3,
                           NULL);
}

static int upright(VipsImage *in, VipsImage **out, const void *arg)
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
        unsigned orientation = *(const unsigned *)arg; /* TIFF 6.0, tag 274 */
        bool mirrored = orientation == 2 || orientation == 4 || orientation == 5 || orientation == 7;
        plc_autoimage turned = NULL;
        if (vips_rot(in, &turned, angle[orientation], NULL) != 0)
                return -1;
        return mirrored ? vips_flip(turned, out, VIPS_DIRECTION_HORIZONTAL, NULL) : vips_copy(turned, out, NULL);
}

static int drop_opaque_alpha(VipsImage *in, VipsImage **out, const void *arg)
{
        (void)arg;
        if (in->Bands != 4)
                return vips_copy(in, out, NULL);
        const uint8_t *p = plc_pixels(in);
        size_t n = (size_t)in->Xsize * (size_t)in->Ysize;
        for (size_t i = 0; i < n; i++)
                if (p[i * 4 + 3] != 255)
                        return vips_copy(in, out, NULL);
        return vips_extract_band(in, out, 0, "n", 3, NULL);
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
        struct sides to = {MAX(1, rint(photo->stored_width * scale)), MAX(1, rint(photo->stored_height * scale))};
        VipsImage *image = plc_load(photo, shrink_on_load(photo, scale), error);

        if (image == NULL)
                return false;
        if (vips_image_hasalpha(image)) { /* colours under transparent pixels must not bleed into the edges */
                image = take(image, to_srgb, &photo->container);
                image = take(image, premultiply, NULL);
                image = take(image, resize, &to);
                image = take(image, unpremultiply, NULL);
        } else {
                image = take(image, resize, &to);
                image = take(image, to_srgb, &photo->container);
        }
        image = plc_bare(image);
        if (photo->alpha && image != NULL)
                image = plc_bare(take(image, drop_opaque_alpha, NULL));
        if (photo->orientation != 1)
                image = plc_bare(take(image, upright, &photo->orientation));
        if (image == NULL)
                return plc_vips_fail(error, PLC_E_UNREADABLE, "the photo is broken or cut short");
        vips_error_clear();
        *out = image;
        return true;
}
