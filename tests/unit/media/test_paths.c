/* Does each way in keep the colours? Patches whose sRGB is known, written as cameras and editors write them, must come
 * out within a ΔE of 1.5 (CIEDE2000), in every format that we write. */
#include "media/mux.h"
#include "patches.h"

#define MOST 1.5

/* --- ways in */

static GByteArray *untagged_png(void)
{
        return save(patches(), ".png");
}

static GByteArray *untagged_jpeg(void)
{
        return save(patches(), ".jpg[Q=97,subsample_mode=off]");
}

static GByteArray *untagged_webp(void)
{
        return save(patches(), ".webp[lossless]");
}

static GByteArray *progressive_jpeg(void)
{
        return save(patches(), ".jpg[Q=97,interlace,subsample_mode=off]");
}

static GByteArray *heic(void)
{
        return save(patches(), ".heic[Q=98,subsample_mode=off]");
}

static GByteArray *avif(void)
{
        return save(patches(), ".avif[Q=98,effort=0,subsample_mode=off]");
}

static void png_chunk(GByteArray *out, const char *type, const uint8_t *data, size_t size)
{
        g_autoptr(GByteArray) chunk = g_byte_array_new();
        uint8_t number[4];
        g_byte_array_append(chunk, (const uint8_t *)type, 4);
        g_byte_array_append(chunk, data, (guint)size);
        icc_be(number, (uint32_t)size);
        g_byte_array_append(out, number, 4);
        g_byte_array_append(out, chunk->data, chunk->len);
        icc_be(number, plc_png_crc(chunk->data, chunk->len));
        g_byte_array_append(out, number, 4);
}

/* One stored block of deflate (RFC 1951 section 3.2.4): each row a zero for its filter, then its numbers. */
static GByteArray *palette_png(void)
{
        enum { ROW = PATCHES_WIDTH + 1, SIZE = ROW * PATCHES_HEIGHT };
        static uint8_t stream[7 + SIZE + 4] = {
                0x78, 0x01, 0x01, SIZE & 255, SIZE >> 8, ~SIZE & 255, (~SIZE >> 8) & 255};
        uint8_t header[13] = {0, 0, 0, PATCHES_WIDTH, 0, 0, 0, PATCHES_HEIGHT, 8, 3};
        uint32_t a = 1, b = 0;
        for (int i = 0; i < SIZE; i++) {
                int x = i % ROW - 1, y = i / ROW;
                stream[7 + i] = (uint8_t)(x < 0 ? 0 : y / PATCH_SIDE * PATCHES_ACROSS + x / PATCH_SIDE);
                a = (a + stream[7 + i]) % 65521, b = (b + a) % 65521;
        }
        icc_be(stream + 7 + SIZE, b << 16 | a);
        GByteArray *out = g_byte_array_new();
        g_byte_array_append(out, (const uint8_t *)"\x89PNG\r\n\x1a\n", 8);
        png_chunk(out, "IHDR", header, sizeof header);
        png_chunk(out, "PLTE", &patch_colours[0][0], sizeof patch_colours);
        png_chunk(out, "IDAT", stream, sizeof stream);
        png_chunk(out, "IEND", NULL, 0);
        return out;
}

static GByteArray *palette_gif(void)
{
        return save(patches(), ".gif[dither=0]");
}

static GByteArray *interlaced_png(void)
{
        return save(patches(), ".png[interlace]");
}

static GByteArray *named_srgb_png(void)
{
        return save(patches_in("sRGB IEC61966-2.1", srgb_d50, CURVE_SRGB), ".png");
}

static GByteArray *srgb_of_another_name_png(void)
{
        return save(patches_in("Camera standard", srgb_d50, CURVE_SRGB), ".png");
}

static GByteArray *display_p3_png(void)
{
        return save(patches_in("Display P3", p3_d50, CURVE_SRGB), ".png");
}

static GByteArray *display_p3_jpeg(void)
{
        return save(patches_in("Display P3", p3_d50, CURVE_SRGB), ".jpg[Q=98,subsample_mode=off]");
}

static GByteArray *display_p3_heic(void)
{
        return save(patches_in("Display P3", p3_d50, CURVE_SRGB), ".heic[Q=98,subsample_mode=off]");
}

static GByteArray *adobe_rgb_jpeg(void)
{
        return save(patches_in("Adobe RGB (1998)", adobe_d50, CURVE_ADOBE), ".jpg[Q=98,subsample_mode=off]");
}

static GByteArray *adobe_rgb_tiff(void)
{
        return save(patches_in("Adobe RGB (1998)", adobe_d50, CURVE_ADOBE), ".tif");
}

static GByteArray *cmyk_jpeg(void)
{
        return save(patches_in_inks("Plain inks", 0), ".jpg[Q=98]");
}

static GByteArray *cmyk_with_black_jpeg(void)
{
        return save(patches_in_inks("Plain inks", 0.7), ".jpg[Q=98]");
}

static GByteArray *cmyk_with_black_tiff(void)
{
        return save(patches_in_inks("Plain inks", 1), ".tif");
}

/* Without a table for the colorimetric intent, the perceptual one stands in (ICC.1:2022 section 8.10.2). */
static GByteArray *cmyk_of_one_intent_tiff(void)
{
        VipsImage *image = patches_in_inks("Plain inks", 1);
        const void *icc = NULL;
        size_t size = 0;

        g_assert_cmpint(vips_image_get_blob(image, VIPS_META_ICC_NAME, &icc, &size), ==, 0);
        g_autofree uint8_t *changed = g_memdup2(icc, size);
        memcpy(changed + 132 + 4 * 12, "A2B2", 4);
        vips_image_set_blob_copy(image, VIPS_META_ICC_NAME, changed, size);
        return save(image, ".tif");
}

/* To sixteen bits and saved. */
static GByteArray *deep(VipsImage *image, const char *suffix)
{
        VipsImage *wide = NULL, *typed = NULL;
        g_assert_cmpint(vips_linear1(image, &wide, 257, 0, NULL), ==, 0);
        g_assert_cmpint(vips_cast(wide, &typed, VIPS_FORMAT_USHORT, NULL), ==, 0);
        typed->Type = VIPS_INTERPRETATION_RGB16;
        g_object_unref(wide);
        g_object_unref(image);
        return save(typed, suffix);
}

static GByteArray *sixteen_bit_png(void)
{
        return deep(patches(), ".png");
}

static GByteArray *sixteen_bit_display_p3_png(void)
{
        return deep(patches_in("Display P3", p3_d50, CURVE_SRGB), ".png");
}

static GByteArray *sixteen_bit_tiff(void)
{
        static uint16_t pixels[PATCHES_HEIGHT][PATCHES_WIDTH][3];
        for (int y = 0; y < PATCHES_HEIGHT; y++)
                for (int x = 0; x < PATCHES_WIDTH; x++)
                        for (int i = 0; i < 3; i++)
                                pixels[y][x][i] = (uint16_t)(patch_at(x, y)[i] * 257);
        return tiff_of((const uint8_t *)pixels, sizeof pixels, 3, 16, 2);
}

static GByteArray *lab_tiff(void)
{
        static uint8_t pixels[PATCHES_HEIGHT][PATCHES_WIDTH][3];
        for (int y = 0; y < PATCHES_HEIGHT; y++)
                for (int x = 0; x < PATCHES_WIDTH; x++) {
                        struct triple lab = lab_of(patch_at(x, y));
                        pixels[y][x][0] = (uint8_t)lround(lab.v[0] * 2.55);
                        pixels[y][x][1] = (uint8_t)(int8_t)lround(lab.v[1]);
                        pixels[y][x][2] = (uint8_t)(int8_t)lround(lab.v[2]);
                }
        return tiff_of(&pixels[0][0][0], sizeof pixels, 3, 8, 8);
}

/* A base picture as any other, then its gain map: here of the wrong colours, so that it would show. */
static GByteArray *ultra_hdr_jpeg(void)
{
        GByteArray *base = untagged_jpeg();
        g_autoptr(GByteArray) map = save(make_quarters(60, 40), ".jpg");
        g_byte_array_append(base, map->data, map->len);
        return base;
}

/* One frame below the other, which is all of other colours. */
static GByteArray *animation(const char *suffix)
{
        VipsImage *first = patches(), *second = NULL, *both = NULL;
        g_assert_cmpint(vips_invert(first, &second, NULL), ==, 0);
        g_assert_cmpint(vips_join(first, second, &both, VIPS_DIRECTION_VERTICAL, NULL), ==, 0);
        g_object_unref(first);
        g_object_unref(second);
        VipsImage *tall = vips_image_copy_memory(both);
        g_object_unref(both);
        vips_image_set_int(tall, VIPS_META_PAGE_HEIGHT, PATCHES_HEIGHT);
        return save(tall, suffix);
}

static GByteArray *animated_gif(void)
{
        return animation(".gif[dither=0]");
}

static GByteArray *animated_webp(void)
{
        return animation(".webp[lossless]");
}

static GByteArray *opaque_alpha_png(void)
{
        VipsImage *rgb = patches(), *out = NULL;
        g_assert_cmpint(vips_addalpha(rgb, &out, NULL), ==, 0);
        g_object_unref(rgb);
        return save(out, ".png");
}

static const struct {
        const char *sentence;
        GByteArray *(*make)(void);
        const char *colour; /* as it is told; NULL: whatever */
} ways[] = {
        {"an untagged PNG", untagged_png, "untagged"},
        {"an untagged JPEG", untagged_jpeg, "untagged"},
        {"a progressive JPEG", progressive_jpeg, "untagged"},
        {"a WebP", untagged_webp, "untagged"},
        {"a HEIC", heic, NULL},
        {"an AVIF", avif, NULL},
        {"a PNG with a palette", palette_png, "untagged"},
        {"an interlaced PNG", interlaced_png, "untagged"},
        {"a GIF", palette_gif, "untagged"},
        {"a PNG of 16 bits", sixteen_bit_png, "untagged"},
        {"a TIFF of 16 bits", sixteen_bit_tiff, "untagged"},
        {"a TIFF in Lab", lab_tiff, "Lab"},
        {"a PNG tagged as sRGB", named_srgb_png, "sRGB IEC61966-2.1"},
        {"a PNG of sRGB by another name", srgb_of_another_name_png, "Camera standard"},
        {"a Display P3 PNG", display_p3_png, "Display P3"},
        {"a Display P3 PNG of 16 bits", sixteen_bit_display_p3_png, "Display P3"},
        {"a Display P3 JPEG", display_p3_jpeg, "Display P3"},
        {"a Display P3 HEIC", display_p3_heic, "Display P3"},
        {"an Adobe RGB JPEG", adobe_rgb_jpeg, "Adobe RGB (1998)"},
        {"an Adobe RGB TIFF", adobe_rgb_tiff, "Adobe RGB (1998)"},
        {"a CMYK JPEG", cmyk_jpeg, "Plain inks"},
        {"a CMYK JPEG with black ink", cmyk_with_black_jpeg, "Plain inks"},
        {"a CMYK TIFF with black ink", cmyk_with_black_tiff, "Plain inks"},
        {"a CMYK TIFF whose profile knows no colorimetric intent", cmyk_of_one_intent_tiff, "Plain inks"},
        {"the base picture of an Ultra HDR JPEG", ultra_hdr_jpeg, "untagged"},
        {"the first frame of a GIF", animated_gif, NULL},
        {"the first frame of a WebP", animated_webp, NULL},
        {"a PNG with an alpha that hides nothing", opaque_alpha_png, "untagged"},
};

/* The mean of the patch's middle, of three bands. */
static void mean_of(VipsImage *image, unsigned patch, uint8_t out[3])
{
        double sum[3] = {0};
        unsigned n = 0, column = patch % PATCHES_ACROSS, row = patch / PATCHES_ACROSS;
        int w = image->Xsize / PATCHES_ACROSS, h = image->Ysize / PATCHES_DOWN;
        for (int y = h / 4; y < h * 3 / 4; y++)
                for (int x = w / 4; x < w * 3 / 4; x++, n++) {
                        const uint8_t *p = pixel_at(image, (int)column * w + x, (int)row * h + y);
                        sum[0] += p[0], sum[1] += p[1], sum[2] += p[2];
                }
        for (int i = 0; i < 3; i++)
                out[i] = (uint8_t)lround(sum[i] / n);
}

static double worst_patch(VipsImage *image, unsigned *at)
{
        double worst = 0;
        for (unsigned i = 0; i < PATCHES; i++) {
                uint8_t mean[3];
                mean_of(image, i, mean);
                double d = delta_e(mean, patch_colours[i]);
                if (d > worst)
                        worst = d, *at = i;
        }
        return worst;
}

static void check_way(gconstpointer data)
{
        static const enum plc_format formats[] = {PLC_FORMAT_PNG, PLC_FORMAT_JPEG, PLC_FORMAT_WEBP, PLC_FORMAT_AVIF};
        size_t i = GPOINTER_TO_SIZE(data);
        g_autoptr(GByteArray) bytes = ways[i].make();
        g_autofree struct plc_plan *plan = new_plan();
        struct plc_result result;
        for (unsigned f = 0; f < G_N_ELEMENTS(formats); f++) /* as it is, and made smaller */
                add_placement(plan, "p", f == 0 ? PATCHES_WIDTH : PATCHES_WIDTH / 2, 0, PLC_FIT_INSIDE, formats[f])
                        ->encodings[0]
                        .quality = 95;
        render(bytes, plan, &result);
        if (ways[i].colour != NULL)
                g_assert_cmpstr(result.facts.colour, ==, ways[i].colour);
        g_assert_cmpuint(result.facts.width, ==, PATCHES_WIDTH);
        g_assert_cmpuint(result.facts.height, ==, PATCHES_HEIGHT);
        for (unsigned f = 0; f < G_N_ELEMENTS(formats); f++) {
                unsigned at = 0;
                VipsImage *image = decode(&result.made[f].files[0]);
                double worst = worst_patch(image, &at);
                g_test_message("%s to %s: %.2f at patch %u", ways[i].sentence, plc_format_name(formats[f]), worst, at);
                g_assert_cmpfloat(worst, <=, MOST);
                g_object_unref(image);
        }
        plc_result_clear(&result);
}

/* The test's own arithmetic, against numbers that others printed. */
static void the_formulas_are_right(void)
{
        static const uint8_t white[3] = {255, 255, 255}, red[3] = {255, 0, 0};
        struct triple lab = lab_of(red), p3 = in_space(red, p3_d50, CURVE_SRGB);
        g_assert_cmpfloat_with_epsilon(lab.v[0], 54.29, 0.05); /* D50, as ICC profiles have it */
        g_assert_cmpfloat_with_epsilon(lab.v[1], 80.81, 0.1);
        g_assert_cmpfloat_with_epsilon(lab.v[2], 69.89, 0.1);
        g_assert_cmpfloat_with_epsilon(lab_of(white).v[0], 100, 0.01);
        g_assert_cmpfloat_with_epsilon(p3.v[0], 0.9175, 0.001);
        g_assert_cmpfloat_with_epsilon(p3.v[1], 0.2003, 0.001);
        g_assert_cmpfloat_with_epsilon(p3.v[2], 0.1387, 0.001);
        g_assert_cmpfloat(delta_e(white, white), ==, 0);
        /* G. Sharma and others, The CIEDE2000 Color-Difference Formula, 2005, table 1: pairs 1, 7, 13 and 25 */
        static const struct {
                struct triple x, y;
                double distance;
        } pairs[] = {{{{50, 2.6772, -79.7751}}, {{50, 0, -82.7485}}, 2.0425},
                     {{{50, 0, 0}}, {{50, -1, 2}}, 2.3669},
                     {{{50, -0.0010, 2.4900}}, {{50, 0.0011, -2.4900}}, 4.7461},
                     {{{60.2574, -34.0099, 36.2677}}, {{60.4626, -34.1751, 39.4387}}, 1.2644}};
        for (unsigned i = 0; i < G_N_ELEMENTS(pairs); i++)
                g_assert_cmpfloat_with_epsilon(ciede2000(pairs[i].x, pairs[i].y), pairs[i].distance, 0.0001);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        start_media();
        g_test_add_func("/paths/the formulas are right", the_formulas_are_right);
        for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
                g_autofree char *path = g_strdup_printf("/paths/%s", ways[i].sentence);
                g_test_add_data_func(path, GSIZE_TO_POINTER(i), check_way);
        }
        return g_test_run();
}
