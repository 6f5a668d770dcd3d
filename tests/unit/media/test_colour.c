/* Do the colours stay what they were, and does the photo stand upright? By known patches, through each way in. */
#include "photos.h"

/* One PNG of the photo's own size: what comes out is what the pipeline made of the pixels, without an encoder's loss.
 */
static VipsImage *through(GByteArray *bytes, struct plc_facts *out_facts)
{
        g_autofree struct plc_plan *plan = new_plan();
        struct plc_result result;
        add_placement(plan, "same", 400, 0, PLC_FIT_INSIDE, PLC_FORMAT_PNG);
        render(bytes, plan, &result);
        g_assert_cmpuint(result.made[0].n_files, ==, 1);
        VipsImage *image = decode(&result.made[0].files[0]);
        *out_facts = result.facts;
        plc_result_clear(&result);
        g_byte_array_unref(bytes);
        return image;
}

/* The way back from upright to how a camera held so stores it (TIFF 6.0, tag 274). */
static VipsImage *stored_as(VipsImage *upright, int orientation)
{
        static const VipsAngle angle[9] = {0,
                                           0,
                                           0,
                                           VIPS_ANGLE_D180,
                                           VIPS_ANGLE_D180,
                                           VIPS_ANGLE_D270,
                                           VIPS_ANGLE_D270,
                                           VIPS_ANGLE_D90,
                                           VIPS_ANGLE_D90};
        bool mirrored = orientation == 2 || orientation == 4 || orientation == 5 || orientation == 7;
        VipsImage *flipped = NULL, *turned = NULL, *out = NULL;
        g_assert_cmpint(mirrored ? vips_flip(upright, &flipped, VIPS_DIRECTION_HORIZONTAL, NULL)
                                 : vips_copy(upright, &flipped, NULL),
                        ==, 0);
        g_assert_cmpint(vips_rot(flipped, &turned, angle[orientation], NULL), ==, 0);
        out = vips_image_copy_memory(turned);
        vips_image_set_int(out, VIPS_META_ORIENTATION, orientation);
        g_object_unref(upright);
        g_object_unref(flipped);
        g_object_unref(turned);
        return out;
}

static void check_orientation(gconstpointer data)
{
        int orientation = GPOINTER_TO_INT(data) & 15;
        const char *suffix = GPOINTER_TO_INT(data) > 15 ? ".tif" : ".jpg[Q=95]";
        struct plc_facts facts;
        VipsImage *image = through(save(stored_as(make_quarters(400, 300), orientation), suffix), &facts);
        g_assert_cmpint(facts.orientation, ==, orientation);
        g_assert_cmpuint(facts.width, ==, 400);
        g_assert_cmpuint(facts.height, ==, 300);
        g_assert_cmpuint(facts.stored_width, ==, orientation < 5 ? 400U : 300U);
        assert_quarters(image, 4);
        g_object_unref(image);
}

static void untagged_is_untouched(void)
{
        struct plc_facts facts;
        VipsImage *noise = make_noise(400, 100);
        g_object_ref(noise);
        VipsImage *image = through(save(noise, ".png"), &facts);
        g_assert_cmpstr(facts.colour, ==, "untagged");
        g_assert_cmpint(memcmp(vips_image_get_data(noise), vips_image_get_data(image), (size_t)400 * 100 * 3), ==, 0);
        g_object_unref(noise);
        g_object_unref(image);
}

/* Against libvips' own conversion of the ready pixels: that the pipeline takes both profiles, at the right moment. */
static void check_profile(const char *profile, const char *suffix, int tolerance)
{
        static const double places[4][2] = {{0.2, 0.2}, {0.8, 0.2}, {0.2, 0.8}, {0.8, 0.8}};
        struct plc_facts facts;
        VipsImage *srgb = make_quarters(400, 300), *tagged = NULL, *lazy = NULL;
        g_assert_cmpint(vips_icc_transform(srgb, &tagged, profile, "embedded", FALSE, "input_profile", "srgb", "intent",
                                           VIPS_INTENT_RELATIVE, "black_point_compensation", TRUE, NULL),
                        ==, 0);
        g_assert_cmpint(vips_icc_transform(tagged, &lazy, "srgb", "embedded", TRUE, "intent", VIPS_INTENT_RELATIVE,
                                           "black_point_compensation", TRUE, NULL),
                        ==, 0);
        VipsImage *reference = vips_image_copy_memory(lazy), *image = through(save(tagged, suffix), &facts);
        g_assert_true((facts.removed & PLC_REMOVED_ICC) != 0);
        g_assert_cmpstr(facts.colour, !=, "untagged");
        for (unsigned i = 0; i < 4; i++) {
                const uint8_t *p = pixel_at(reference, (int)(places[i][0] * 400), (int)(places[i][1] * 300));
                assert_pixel(image, places[i][0], places[i][1], p[0], p[1], p[2], tolerance);
        }
        g_object_unref(srgb);
        g_object_unref(lazy);
        g_object_unref(reference);
        g_object_unref(image);
}

static void display_p3_becomes_srgb(void)
{
        check_profile("p3", ".png", 1);
        check_profile("p3", ".jpg[Q=98]", 4);
}

static void cmyk_becomes_srgb(void)
{
        check_profile("cmyk", ".jpg[Q=98]", 5);
}

static void deep_and_grey(void)
{
        struct plc_facts facts;
        VipsImage *srgb = make_quarters(400, 300), *deep = NULL, *grey = NULL, *image;
        g_assert_cmpint(vips_colourspace(srgb, &deep, VIPS_INTERPRETATION_RGB16, NULL), ==, 0);
        g_assert_cmpint(vips_colourspace(srgb, &grey, VIPS_INTERPRETATION_B_W, NULL), ==, 0);
        image = through(save(deep, ".png"), &facts);
        assert_quarters(image, 1);
        g_object_unref(image);
        image = through(save(grey, ".png"), &facts);
        g_assert_cmpint(image->Bands, ==, 3);
        assert_pixel(image, 0.8, 0.8, 128, 128, 128, 1);
        g_object_unref(image);
        g_object_unref(srgb);
}

static void palette_gif(void)
{
        struct plc_facts facts;
        VipsImage *image = through(save(make_quarters(400, 300), ".gif"), &facts);
        g_assert_cmpuint(facts.format, ==, PLC_FORMAT_GIF);
        assert_quarters(image, 6);
        g_object_unref(image);
}

static void heic_and_avif(void)
{
        static const char *const suffixes[] = {".heic[Q=90]", ".avif[Q=90,effort=0]", ".webp[Q=95]"};
        for (unsigned i = 0; i < G_N_ELEMENTS(suffixes); i++) {
                struct plc_facts facts;
                VipsImage *image = through(save(make_quarters(400, 300), suffixes[i]), &facts);
                assert_quarters(image, 8);
                g_object_unref(image);
        }
}

/* Left half opaque red, right half transparent (and blue, which must not show). */
static GByteArray *half_transparent(void)
{
        uint8_t *pixels = g_malloc(400 * 300 * 4);
        for (size_t i = 0; i < (size_t)400 * 300; i++)
                memcpy(pixels + i * 4, i % 400 < 200 ? "\xC8\x28\x28\xFF" : "\x00\x00\xFF\x00", 4);
        VipsImage *image = vips_image_new_from_memory_copy(pixels, 400 * 300 * 4, 400, 300, 4, VIPS_FORMAT_UCHAR);
        g_free(pixels);
        image->Type = VIPS_INTERPRETATION_sRGB;
        return save(image, ".png");
}

static void alpha_is_white_in_jpeg_and_kept_in_webp(void)
{
        g_autoptr(GByteArray) bytes = half_transparent();
        g_autofree struct plc_plan *plan = new_plan();
        struct plc_result result;
        add_placement(plan, "jpeg", 200, 0, PLC_FIT_INSIDE, PLC_FORMAT_JPEG);
        add_placement(plan, "webp", 200, 0, PLC_FIT_INSIDE, PLC_FORMAT_WEBP);
        add_placement(plan, "story", 90, 160, PLC_FIT_PAD_BLUR, PLC_FORMAT_JPEG);
        render(bytes, plan, &result);
        g_assert_true(result.facts.alpha);
        VipsImage *jpeg = decode(&result.made[0].files[0]), *webp = decode(&result.made[1].files[0]);
        assert_pixel(jpeg, 0.2, 0.5, 200, 40, 40, 4);
        assert_pixel(jpeg, 0.8, 0.5, 255, 255, 255, 1);
        assert_pixel(jpeg, 0.49, 0.5, 200, 40, 40, 20); /* no blue at the edge */
        g_assert_cmpint(webp->Bands, ==, 4);
        g_assert_cmpint(pixel_at(webp, 160, 75)[3], ==, 0);
        g_assert_cmpint(pixel_at(webp, 40, 75)[3], ==, 255);
        VipsImage *story = decode(&result.made[2].files[0]);
        assert_pixel(story, 0.2, 0.5, 200, 40, 40, 8);
        assert_pixel(story, 0.2, 0.05, 255, 255, 255, 1); /* no grey of a blurred nothing */
        g_object_unref(story);
        g_object_unref(jpeg);
        g_object_unref(webp);
        plc_result_clear(&result);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        start_media();
        for (int i = 1; i <= 8; i++) {
                g_autofree char *jpeg = g_strdup_printf("/colour/a JPEG stored as orientation %d is upright", i);
                g_autofree char *tiff = g_strdup_printf("/colour/a TIFF stored as orientation %d is upright", i);
                g_test_add_data_func(jpeg, GINT_TO_POINTER(i), check_orientation);
                g_test_add_data_func(tiff, GINT_TO_POINTER(i | 16), check_orientation);
        }
        g_test_add_func("/colour/untagged is untouched", untagged_is_untouched);
        g_test_add_func("/colour/Display P3 becomes sRGB", display_p3_becomes_srgb);
        g_test_add_func("/colour/CMYK becomes sRGB", cmyk_becomes_srgb);
        g_test_add_func("/colour/16 bit and grey", deep_and_grey);
        g_test_add_func("/colour/palette", palette_gif);
        g_test_add_func("/colour/HEIC, AVIF and WebP", heic_and_avif);
        g_test_add_func("/colour/alpha is white in JPEG and kept in WebP", alpha_is_white_in_jpeg_and_kept_in_webp);
        return g_test_run();
}
