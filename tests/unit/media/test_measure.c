/* Is a product that was cut out of its background framed whole? */
#include "media/measure.h"

#include <glib.h>
#include <string.h>

#include "media/image.h"
#include "media/media.h"

#define SIDE 100

/* An opaque box, grey at the left and of a strong colour with edges at its right end, on nothing. */
static VipsImage *cut_out(int left, int top, int w, int h, uint8_t alpha)
{
        g_autofree uint8_t *p = g_malloc0((size_t)SIDE * SIDE * 4);

        for (int y = top; y < top + h; y++)
                for (int x = left; x < left + w; x++) {
                        uint8_t *at = p + ((size_t)y * SIDE + (size_t)x) * 4;
                        bool loud = x > left + w * 4 / 5;
                        memcpy(at,
                               loud && (x + y) % 4 < 2 ? (uint8_t[]){255, 20, 0, alpha}
                                                       : (uint8_t[]){200, 200, 200, alpha},
                               4);
                }
        VipsImage *image =
                vips_image_new_from_memory_copy(p, (size_t)SIDE * SIDE * 4, SIDE, SIDE, 4, VIPS_FORMAT_UCHAR);
        image->Type = VIPS_INTERPRETATION_sRGB;
        return image;
}

static void the_middle_of_what_is_there_counts(void)
{
        static const struct {
                int left, top, w, h;
        } rows[] = {{10, 20, 80, 60}, {0, 0, 40, 100}, {60, 70, 40, 30}};

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                plc_autoimage image = cut_out(rows[i].left, rows[i].top, rows[i].w, rows[i].h, 255);
                struct plc_facts facts = {0};
                struct plc_cut_out box;

                g_assert_true(plc_measure(image, &facts, &box, NULL));
                g_assert_true(facts.has_attention);
                g_assert_cmpfloat_with_epsilon(facts.attention_x, (rows[i].left + rows[i].w / 2.0) / SIDE, 0.006);
                g_assert_cmpfloat_with_epsilon(facts.attention_y, (rows[i].top + rows[i].h / 2.0) / SIDE, 0.006);
                g_assert_cmpfloat_with_epsilon(box.x, rows[i].left / (double)SIDE, 1e-6);
                g_assert_cmpfloat_with_epsilon(box.y, rows[i].top / (double)SIDE, 1e-6);
                g_assert_cmpfloat_with_epsilon(box.w, rows[i].w / (double)SIDE, 1e-6);
                g_assert_cmpfloat_with_epsilon(box.h, rows[i].h / (double)SIDE, 1e-6);
        }
}

static void a_photo_that_is_nearly_nothing_still_has_a_point(void)
{
        plc_autoimage image = cut_out(10, 20, 80, 60, 60);
        struct plc_facts facts = {0};
        struct plc_cut_out box;

        g_assert_true(plc_measure(image, &facts, &box, NULL));
        g_assert_true(facts.has_attention);
        g_assert_cmpfloat(facts.attention_x, >, 0.55); /* the loud end */
        g_assert_cmpfloat(box.w, ==, 0);
}

static void round_corners_make_no_cut_out(void)
{
        plc_autoimage image = cut_out(2, 2, 96, 97, 255);
        struct plc_facts facts = {0};
        struct plc_cut_out box;

        g_assert_true(plc_measure(image, &facts, &box, NULL));
        g_assert_cmpfloat(box.w, ==, 0);
        g_assert_true(facts.has_attention);
}

/* The same picture, blurred and darkened on purpose; big enough that it is made smaller before it is measured. */
static struct plc_facts facts_of(double sigma, double light)
{
        VipsImage *noise = NULL, *three = NULL, *lit = NULL, *blurred = NULL, *bytes = NULL;
        struct plc_facts facts = {.width = 1000, .height = 700};
        struct plc_cut_out box;

        g_assert_cmpint(vips_gaussnoise(&noise, 1000, 700, "mean", 128.0, "sigma", 60.0, "seed", 1, NULL), ==, 0);
        g_assert_cmpint(sigma > 0 ? vips_gaussblur(noise, &blurred, sigma, NULL) : vips_copy(noise, &blurred, NULL), ==,
                        0);
        g_assert_cmpint(vips_linear1(blurred, &lit, light, 0, NULL), ==, 0);
        g_assert_cmpint(vips_cast(lit, &bytes, VIPS_FORMAT_UCHAR, NULL), ==, 0);
        VipsImage *bands[3] = {bytes, bytes, bytes};
        g_assert_cmpint(vips_bandjoin(bands, &three, 3, NULL), ==, 0);
        plc_autoimage ready = vips_image_copy_memory(three);
        ready->Type = VIPS_INTERPRETATION_sRGB;
        g_assert_true(plc_measure(ready, &facts, &box, NULL));
        g_object_unref(noise);
        g_object_unref(blurred);
        g_object_unref(lit);
        g_object_unref(bytes);
        g_object_unref(three);
        return facts;
}

static void blur_lowers_sharpness_and_darkness_exposure(void)
{
        struct plc_facts sharp = facts_of(0, 1), soft = facts_of(2, 1), blurred = facts_of(6, 1);
        struct plc_facts dark = facts_of(2, 0.3), bright = facts_of(2, 1.6);

        g_test_message("sharpness %.0f %.1f %.2f, exposure %.3f %.3f %.3f", sharp.sharpness, soft.sharpness,
                       blurred.sharpness, dark.exposure, soft.exposure, bright.exposure);
        g_assert_cmpfloat(sharp.sharpness, >, 10 * soft.sharpness);
        g_assert_cmpfloat(soft.sharpness, >, 10 * blurred.sharpness);
        g_assert_cmpfloat(blurred.sharpness, <, 20);
        g_assert_cmpfloat_with_epsilon(soft.exposure, 0.5, 0.02);
        g_assert_cmpfloat_with_epsilon(blurred.exposure, soft.exposure, 0.01);
        g_assert_cmpfloat_with_epsilon(dark.exposure, 0.15, 0.02);
        g_assert_cmpfloat_with_epsilon(bright.exposure, 0.8, 0.03);
        g_assert_cmpuint(strlen(sharp.pdq), ==, 64);
}

int main(int argc, char **argv)
{
        g_autoptr(GError) error = NULL;

        g_test_init(&argc, &argv, NULL);
        g_assert_true(plc_media_init(&error));
        g_test_add_func("/media/measure/the middle of a cut-out counts, not its loudest end",
                        the_middle_of_what_is_there_counts);
        g_test_add_func("/media/measure/what is nearly transparent all over has an eye's point",
                        a_photo_that_is_nearly_nothing_still_has_a_point);
        g_test_add_func("/media/measure/a photo with a thin transparent border is no cut-out",
                        round_corners_make_no_cut_out);
        g_test_add_func("/media/measure/blur lowers sharpness, darkness lowers exposure",
                        blur_lowers_sharpness_and_darkness_exposure);
        return g_test_run();
}
