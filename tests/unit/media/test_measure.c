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

                g_assert_true(plc_measure(image, &facts, NULL));
                g_assert_true(facts.has_attention);
                g_assert_cmpfloat_with_epsilon(facts.attention_x, (rows[i].left + rows[i].w / 2.0) / SIDE, 0.006);
                g_assert_cmpfloat_with_epsilon(facts.attention_y, (rows[i].top + rows[i].h / 2.0) / SIDE, 0.006);
        }
}

static void a_photo_that_is_nearly_nothing_still_has_a_point(void)
{
        plc_autoimage image = cut_out(10, 20, 80, 60, 60);
        struct plc_facts facts = {0};

        g_assert_true(plc_measure(image, &facts, NULL));
        g_assert_true(facts.has_attention);
        g_assert_cmpfloat(facts.attention_x, >, 0.55); /* the loud end */
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
        return g_test_run();
}
