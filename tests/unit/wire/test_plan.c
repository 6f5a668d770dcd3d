/* Where does a whole photo lie in a file that shows it on a ground? */
#include <glib.h>

#include "wire/plan.h"

static const struct {
        const char *sentence;
        struct plc_placement place;
        bool cropped;
        uint32_t photo[2], file[2];
        bool on_ground;
        struct plc_rect at;
} rows[] = {
        {"a landscape in a story lies in the middle of what its buttons leave free",
         {.fit = PLC_FIT_COVER, .fallback_fit = PLC_FIT_PAD_BLUR, .safe = {.top = 0.14, .bottom = 0.35}},
         false,
         {4000, 3000},
         {1080, 1920},
         true,
         {0, 353, 1080, 810}},
        {"on a plain ground it lies in the middle of the file",
         {.fit = PLC_FIT_COVER, .fallback_fit = PLC_FIT_CONTAIN, .safe = {.top = 0.14, .bottom = 0.35}},
         false,
         {3000, 4000},
         {1200, 600},
         true,
         {375, 0, 450, 600}},
        {"a photo smaller than its ground is not enlarged",
         {.fit = PLC_FIT_CONTAIN},
         false,
         {100, 50},
         {600, 600},
         true,
         {250, 275, 100, 50}},
        {"a file of the photo's own shape has no ground",
         {.fit = PLC_FIT_COVER, .fallback_fit = PLC_FIT_PAD_BLUR},
         false,
         {4032, 3024},
         {1080, 810},
         false,
         {0}},
        {"a crop has none",
         {.fit = PLC_FIT_COVER, .fallback_fit = PLC_FIT_PAD_BLUR},
         true,
         {4032, 3024},
         {1080, 1080},
         false,
         {0}},
        {"a place that has no ground has none", {.fit = PLC_FIT_INSIDE}, false, {4032, 3024}, {1080, 1080}, false, {0}},
};

static void check_row(gconstpointer data)
{
        size_t i = GPOINTER_TO_SIZE(data);
        struct plc_rect at = {0};

        g_assert_true(plc_on_ground(&rows[i].place, rows[i].cropped, rows[i].photo[0], rows[i].photo[1],
                                    rows[i].file[0], rows[i].file[1], &at) == rows[i].on_ground);
        g_assert_cmpuint(at.x, ==, rows[i].at.x);
        g_assert_cmpuint(at.y, ==, rows[i].at.y);
        g_assert_cmpuint(at.w, ==, rows[i].at.w);
        g_assert_cmpuint(at.h, ==, rows[i].at.h);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *path = g_strdup_printf("/plan/%s", rows[i].sentence);

                g_test_add_data_func(path, GSIZE_TO_POINTER(i), check_row);
        }
        return g_test_run();
}
