/* How do the photo's colours become sRGB? By its ICC profile and ours (both named: with one alone libvips 8.14 shifts
 * untagged colours). */
#include "media/colour.h"

#include "media/bytes.h"
#include "media/photo.h"
#include <glib.h>

#define MAX_ICC ((size_t)4 * 1024 * 1024) /* press profiles have 0.5 to 2 MB */

static const uint8_t *profile_of(VipsImage *image, size_t *size)
{
        const void *data = NULL;
        *size = 0;
        if (vips_image_get_typeof(image, VIPS_META_ICC_NAME) == 0 ||
            vips_image_get_blob(image, VIPS_META_ICC_NAME, &data, size) != 0) {
                vips_error_clear();
                return NULL;
        }
        return *size >= 132 && *size <= MAX_ICC ? data : NULL;
}

/* ICC.1:2022 section 9.2.41 (desc) in its version 2 and version 4 forms. */
static bool description(const uint8_t *icc, size_t size, char *out, size_t out_size)
{
        uint32_t n = MIN(plc_be32(icc + 128), 100U);
        size_t written = 0;

        for (uint32_t i = 0; i < n && 132 + ((size_t)i + 1) * 12 <= size; i++) {
                const uint8_t *tag = icc + 132 + (size_t)i * 12;
                size_t offset = plc_be32(tag + 4), length = plc_be32(tag + 8), step = 1, at = 12;
                if (memcmp(tag, "desc", 4) != 0 || offset > size || length > size - offset || length < 28)
                        continue;
                const uint8_t *data = icc + offset;
                size_t end = MIN(length, at + plc_be32(data + 8));
                if (memcmp(data, "mluc", 4) == 0) {
                        step = 2;
                        at = plc_be32(data + 24);
                        end = MIN(length, at + plc_be32(data + 20));
                        at++; /* the low byte of UTF-16BE */
                }
                for (; at < end && written + 1 < out_size && data[at] != 0; at += step)
                        out[written++] = (char)(data[at] >= ' ' && data[at] < 0x7F ? data[at] : '?');
        }
        out[written] = '\0';
        return written > 0;
}

void plc_colour_name(VipsImage *header, const struct plc_container *container, char *out, size_t size)
{
        size_t icc_size;
        const uint8_t *icc = profile_of(header, &icc_size);
        const char *name = "untagged";

        if (icc != NULL && description(icc, icc_size, out, size))
                return;
        if (container->has_display_p3_nclx)
                name = "Display P3";
        else if (header->Type == VIPS_INTERPRETATION_CMYK)
                name = "CMYK";
        else if (header->Type == VIPS_INTERPRETATION_LAB)
                name = "Lab";
        g_strlcpy(out, name, size);
}

/* Profiles that say what untagged means: converting them would only cost time. "c2" is Facebook's small sRGB. */
static bool is_srgb(const uint8_t *icc, size_t size)
{
        char name[64];
        return memcmp(icc + 16, "RGB ", 4) == 0 && description(icc, size, name, sizeof name) &&
               (g_str_has_prefix(name, "sRGB IEC61966-2") || g_str_equal(name, "sRGB") || g_str_equal(name, "c2") ||
                g_str_equal(name, "sRGB built-in"));
}

static bool has_tag(const uint8_t *icc, size_t size, const char *tag)
{
        uint32_t n = MIN(plc_be32(icc + 128), 100U);

        for (size_t i = 0; i < n && 132 + (i + 1) * 12 <= size; i++)
                if (memcmp(icc + 132 + i * 12, tag, 4) == 0)
                        return true;
        return false;
}

/*
 * Without a table for the colorimetric intent the perceptual one stands in (ICC.1:2022 section 8.10.2). Asked for what
 * the profile lacks, libvips warns and takes a CMYK profile of its own: measured, a CIEDE2000 of 18.
 */
static VipsIntent intent_of(VipsImage *in)
{
        size_t size;
        const uint8_t *icc = profile_of(in, &size);
        bool perceptual = icc != NULL && has_tag(icc, size, "A2B0") && !has_tag(icc, size, "A2B1");

        return perceptual ? VIPS_INTENT_PERCEPTUAL : VIPS_INTENT_RELATIVE;
}

static int transform(VipsImage *in, bool embedded, const char *from, VipsImage **out)
{
        return vips_icc_transform(in, out, "srgb", "embedded", embedded, "input_profile", from, "intent",
                                  embedded ? intent_of(in) : VIPS_INTENT_RELATIVE, "black_point_compensation", TRUE,
                                  NULL);
}

/*
 * Lab in files is relative to D50 (TIFF 6.0 section 23, ICC), libvips' own to D65: blues would be off by a CIEDE2000 of
 * 6; and lcms goes through a table of 33 steps a side, off by 2. By Bradford's matrix it is exact.
 */
static int from_lab(VipsImage *in, VipsImage **out)
{
        static const double d50[3] = {96.422, 100, 82.521};
        static const double to_d65[9] = {0.9555766, -0.0230393, 0.0631636,  -0.0282895, 1.0099416,
                                         0.0210077, 0.0122982,  -0.0204830, 1.3299098};
        plc_autoimage lab = NULL, *xyz = NULL, *adapted = NULL, *matrix = NULL;
        VipsArrayDouble *white = vips_array_double_new(d50, 3);

        matrix = vips_image_new_matrix_from_array(3, 3, to_d65, 9);
        int failed = matrix == NULL || vips_colourspace(in, &lab, VIPS_INTERPRETATION_LAB, NULL) != 0 ||
                     vips_Lab2XYZ(lab, &xyz, "temp", white, NULL) != 0 ||
                     vips_recomb(xyz, &adapted, matrix, NULL) != 0 ||
                     vips_copy(adapted, out, "interpretation", VIPS_INTERPRETATION_XYZ, NULL) != 0;
        vips_area_unref(VIPS_AREA(white));
        return failed ? -1 : 0;
}

/* Eight bits come packed as four (libvips' LABQ); with an alpha beside it, it is taken as libvips takes it. */
static bool is_lab(const VipsImage *image)
{
        return image->Coding == VIPS_CODING_LABQ || (image->Bands == 3 && (image->Type == VIPS_INTERPRETATION_LAB ||
                                                                           image->Type == VIPS_INTERPRETATION_LABS));
}

static VipsInterpretation meaning(VipsImage *in)
{
        VipsInterpretation type = vips_image_guess_interpretation(in);
        if (type == VIPS_INTERPRETATION_MULTIBAND)
                type = in->Bands < 3 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;
        return type;
}

/* Whatever colour space it is in now to 8-bit sRGB without profiles. */
static int by_definition(VipsImage *in, VipsImage **out)
{
        plc_autoimage typed = NULL, *rgb = NULL, *bands = NULL;

        if (vips_copy(in, &typed, "interpretation", meaning(in), NULL) != 0)
                return -1;
        if (vips_colourspace(typed, &rgb, VIPS_INTERPRETATION_sRGB, NULL) != 0)
                return -1;
        int n = rgb->Bands >= 4 ? 4 : rgb->Bands;
        if (n < 3) {
                vips_error("placet", "%d colour bands", n);
                return -1;
        }
        if (vips_extract_band(rgb, &bands, 0, "n", n, NULL) != 0)
                return -1;
        return vips_cast(bands, out, VIPS_FORMAT_UCHAR, NULL);
}

int plc_colour_to_srgb(VipsImage *in, const struct plc_container *container, VipsImage **out)
{
        size_t size;
        const uint8_t *icc = profile_of(in, &size);
        plc_autoimage converted = NULL;
        bool cmyk = in->Type == VIPS_INTERPRETATION_CMYK;

        if (is_lab(in))
                from_lab(in, &converted);
        else if (cmyk)
                transform(in, icc != NULL, "cmyk", &converted);
        else if (icc != NULL && !is_srgb(icc, size))
                transform(in, true, "srgb", &converted);
        else if (icc == NULL && container->has_display_p3_nclx)
                transform(in, false, "p3", &converted);
        if (converted == NULL)
                vips_error_clear(); /* no profile, or one that does not fit: the numbers are taken as they are */
        return by_definition(converted != NULL ? converted : in, out);
}

int plc_colour_flatten(VipsImage *in, VipsImage **out)
{
        const uint8_t *from = in->Bands == 4 && in->BandFmt == VIPS_FORMAT_UCHAR ? vips_image_get_data(in) : NULL;
        if (in->Bands != 4)
                return vips_copy(in, out, NULL);
        if (from == NULL)
                return -1;
        size_t n = (size_t)in->Xsize * (size_t)in->Ysize;
        uint8_t *pixels = g_malloc(n * 3), *to = pixels;
        for (size_t i = 0; i < n; i++, from += 4, to += 3) {
                unsigned alpha = from[3], white = 255 * (255 - alpha) + 127;
                for (int b = 0; b < 3; b++)
                        to[b] = (uint8_t)((from[b] * alpha + white) / 255);
        }
        *out = plc_image_take(pixels, (uint32_t)in->Xsize, (uint32_t)in->Ysize, 3);
        return *out != NULL ? 0 : -1;
}
