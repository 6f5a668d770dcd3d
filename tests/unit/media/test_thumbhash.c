/* Is the placeholder what other people's decoders expect? Values made once by the npm package `thumbhash` 0.1.1 from
 * the same pixels. */
#include "media/thumbhash.h"

#include <glib.h>
#include <stdbool.h>

static const struct {
        const char *sentence;
        uint32_t w, h;
        bool alpha;
        const char *base64;
} rows[] = {
        {"landscape", 100, 75, false, "3wcKNZqAh3dwd3d4eHh3eHCAB/h3"},
        {"portrait", 60, 100, false, "3/cJPBpwB4d3d3d4d3eAgAj4eA=="},
        {"square with alpha", 32, 32, true, "o/iFHQ4nkIewiIuFdMDACPlngIeAh3h4iA=="},
        {"panorama", 100, 10, false, "4PcJMZyBhmVwd3d4cYAY+Hg="},
};

static void check_row(gconstpointer data)
{
        size_t i = GPOINTER_TO_SIZE(data);
        uint32_t w = rows[i].w, h = rows[i].h;
        g_autofree uint8_t *p = g_malloc((size_t)w * h * 4);
        for (uint32_t y = 0; y < h; y++)
                for (uint32_t x = 0; x < w; x++) {
                        uint8_t *at = p + ((size_t)y * w + x) * 4;
                        at[0] = (uint8_t)(x * 255 / (w - 1));
                        at[1] = (uint8_t)(y * 255 / (h - 1));
                        at[2] = (uint8_t)((x * 7 + y * 13) & 255);
                        at[3] = (uint8_t)(rows[i].alpha ? (x + y) * 255 / (w + h - 2) : 255);
                }
        uint8_t hash[PLC_THUMBHASH_MAX];
        size_t n = plc_thumbhash(w, h, p, hash);
        g_autofree char *text = g_base64_encode(hash, n);
        g_assert_cmpstr(text, ==, rows[i].base64);
}

static void nothing_for_no_pixels_or_too_many(void)
{
        uint8_t pixel[4] = {0}, hash[PLC_THUMBHASH_MAX];
        g_assert_cmpuint(plc_thumbhash(0, 1, pixel, hash), ==, 0);
        g_assert_cmpuint(plc_thumbhash(101, 1, pixel, hash), ==, 0);
        g_assert_cmpuint(plc_thumbhash(1, 1, pixel, hash), >, 5);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *path = g_strdup_printf("/thumbhash/%s", rows[i].sentence);
                g_test_add_data_func(path, GSIZE_TO_POINTER(i), check_row);
        }
        g_test_add_func("/thumbhash/nothing for no pixels or too many", nothing_for_no_pixels_or_too_many);
        return g_test_run();
}
