/* Are the fingerprints PDQ's? The same pixels give the reference's bits; and a photo stays itself when it is scaled. */
#include "media/pdq.h"

#include <glib.h>
#include <math.h>
#include <string.h>

/* Integers alone, so that these are the same pixels anywhere. */
static uint8_t *pattern(uint32_t w, uint32_t h, unsigned bands)
{
        uint8_t *pixels = g_malloc((size_t)w * h * bands);
        for (uint32_t y = 0; y < h; y++)
                for (uint32_t x = 0; x < w; x++) {
                        uint32_t u = x * 1000 / w, v = y * 1000 / h;
                        uint8_t *p = pixels + ((size_t)y * w + x) * bands;
                        memset(p, 77, bands);
                        p[0] = (uint8_t)((u * u + 3 * v * v + 700 * u * v / 1000) / 3000 % 256);
                        p[1] = (uint8_t)(u * (1000 - v) / 1500 % 256);
                        p[2] = (uint8_t)((u * 7 / 100 + v * 11 / 100) % 5 * 51);
                }
        return pixels;
}

/*
 * Made with `pdqhash` 0.2.8 from PyPI, which compiles Meta's own C++: compute(array) of the pattern as three bands, its
 * bits joined to one number and printed with %064x.
 */
static const struct {
        uint32_t w, h;
        const char *hash;
        unsigned quality;
} rows[] = {
        {640, 480, "a178aaa5a94cad9125af35583153992e99ac9c98ccca8eedcee5c636c637c631", 100},
        {512, 512, "a578aaa5a94cad9325af35583153992e99ac9c988cca8eed8ee5c636c637c631", 100},
        {100, 300, "b578aaa58b4cad1125af35583153992e99ac8c98ccca8eedcee5c636c637c631", 100},
        {64, 64, "b528bab18b4ead5025afb558b553912f99ac8c988cca8ee9cee5c636c6378631", 100},
        {65, 33, "250ab2b19a4f8950a5afa5583553916789ac9c98cccaccebcee5ce36ee378631", 100},
        {1000, 701, "a578aaa58b4cad9125af35583153992e99ac9c988cca8eedcee5c636c637c631", 100},
        {40, 20, "552facb0aa6fc158b4a7259c9551912f85ac9d989cdaceeba6e522368e37a231", 100},
        {5, 5, "69da64d996a59324ce7394a5cb726b5a348d6c5b69da64c996a593a4ca7294a5", 100},
};

static unsigned distance(const char *a, const char *b)
{
        unsigned bits = 0;
        g_assert_cmpuint(strlen(a), ==, 64);
        g_assert_cmpuint(strlen(b), ==, 64);
        for (size_t i = 0; i < 64; i++)
                bits += (unsigned)__builtin_popcount(
                        (unsigned)(g_ascii_xdigit_value(a[i]) ^ g_ascii_xdigit_value(b[i])));
        return bits;
}

static void the_same_pixels_give_the_reference_s_bits(void)
{
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
                for (unsigned bands = 3; bands <= 4; bands++) {
                        g_autofree uint8_t *pixels = pattern(rows[i].w, rows[i].h, bands);
                        struct plc_pdq_picture picture = {rows[i].w, rows[i].h, rows[i].w, rows[i].h, pixels, bands};
                        char hex[PLC_PDQ_HEX_SIZE];
                        uint8_t quality = 255;
                        g_assert_true(plc_pdq(&picture, hex, &quality));
                        g_assert_cmpstr(hex, ==, rows[i].hash);
                        g_assert_cmpuint(quality, ==, rows[i].quality);
                }
}

/* Every second pixel of each line and every second line: another picture of the same thing. */
static void half_a_photo_that_says_so_is_nearer_than_one_that_does_not(void)
{
        const uint32_t w = 800, h = 500;
        g_autofree uint8_t *pixels = pattern(w, h, 3);
        g_autofree uint8_t *half = g_malloc((size_t)w / 2 * h / 2 * 3);
        for (size_t y = 0; y < h / 2; y++)
                for (size_t x = 0; x < w / 2; x++)
                        for (size_t b = 0; b < 3; b++) {
                                const uint8_t *p = pixels + ((y * 2) * w + x * 2) * 3 + b;
                                half[(y * (w / 2) + x) * 3 + b] =
                                        (uint8_t)((p[0] + p[3] + p[(size_t)w * 3] + p[(size_t)w * 3 + 3] + 2) / 4);
                        }
        struct plc_pdq_picture whole = {w, h, w, h, pixels, 3}, told = {w / 2, h / 2, w, h, half, 3};
        char a[PLC_PDQ_HEX_SIZE], b[PLC_PDQ_HEX_SIZE];
        uint8_t quality;
        g_assert_true(plc_pdq(&whole, a, &quality));
        g_assert_true(plc_pdq(&told, b, &quality));
        g_assert_cmpuint(distance(a, b), <=, 2);
}

static void too_small_is_none_and_flat_is_worth_nothing(void)
{
        uint8_t grey[64 * 64 * 3];
        char hex[PLC_PDQ_HEX_SIZE] = "";
        uint8_t quality = 255;
        memset(grey, 128, sizeof grey);
        g_assert_false(plc_pdq(&(struct plc_pdq_picture){4, 64, 4, 64, grey, 3}, hex, &quality));
        g_assert_false(plc_pdq(&(struct plc_pdq_picture){64, 4, 64, 4, grey, 3}, hex, &quality));
        g_assert_cmpstr(hex, ==, "");
        g_assert_cmpuint(quality, ==, 255);
        g_assert_true(plc_pdq(&(struct plc_pdq_picture){64, 64, 64, 64, grey, 3}, hex, &quality));
        g_assert_cmpuint(quality, ==, 0);
}

/* Long, thin and odd sizes, and pictures smaller than the grid: within bounds (ASan), and always 64 digits. */
static void any_shape(void)
{
        static const uint32_t sides[] = {5, 6, 63, 64, 65, 127, 129, 511, 1500};
        for (size_t i = 0; i < G_N_ELEMENTS(sides); i++)
                for (size_t k = 0; k < G_N_ELEMENTS(sides); k++) {
                        g_autofree uint8_t *pixels = pattern(sides[i], sides[k], 3);
                        struct plc_pdq_picture p = {sides[i], sides[k], sides[i] * 3 + 1, sides[k] * 3 + 1, pixels, 3};
                        char hex[PLC_PDQ_HEX_SIZE];
                        uint8_t quality;
                        g_assert_true(plc_pdq(&p, hex, &quality));
                        g_assert_cmpuint(strspn(hex, "0123456789abcdef"), ==, 64);
                }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/pdq/the same pixels give the reference's bits", the_same_pixels_give_the_reference_s_bits);
        g_test_add_func("/pdq/a photo at half its size stays within two bits",
                        half_a_photo_that_says_so_is_nearer_than_one_that_does_not);
        g_test_add_func("/pdq/too small is none, flat is worth nothing", too_small_is_none_and_flat_is_worth_nothing);
        g_test_add_func("/pdq/any shape", any_shape);
        return g_test_run();
}
