/* Is a photo made smaller as Lanczos says? Beside a slow reference in floating point; and nothing of what lies outside
 * the window. */
#include "media/resize.h"
#include <glib.h>
#include <math.h>
#include <string.h>

static double sinc(double x)
{
        return fabs(x) < 1e-9 ? 1 : sin(G_PI * x) / (G_PI * x);
}

static double lanczos3(double x)
{
        return fabs(x) >= 3 ? 0 : sinc(x) * sinc(x / 3);
}

static double catmull_rom(double x)
{
        x = fabs(x);
        return x >= 2 ? 0 : x < 1 ? 1.5 * x * x * x - 2.5 * x * x + 1 : -0.5 * x * x * x + 2.5 * x * x - 4 * x + 2;
}

/* One axis of many rows or columns of doubles, whose values are `step` apart and whose lines are `line` apart. */
struct lines {
        double *at;
        size_t step, line;
};

static void reference_axis(struct lines in, uint32_t size, double from, double length, struct lines out, uint32_t n,
                           size_t n_lines)
{
        double scale = length / n, stretch = fmax(scale, 1);
        g_autofree double *w = g_new0(double, size);
        for (uint32_t i = 0; i < n; i++) {
                double centre = from + (i + 0.5) * scale, weights = 0;
                uint32_t first = (uint32_t)floor(from + 1e-6), end = first;
                for (; end < size && end < ceil(from + length - 1e-6); end++) {
                        double x = (end + 0.5 - centre) / stretch;
                        w[end] = scale > 1 ? lanczos3(x) : catmull_rom(x);
                        weights += w[end];
                }
                for (size_t l = 0; l < n_lines; l++) {
                        double sum = 0;
                        for (uint32_t k = first; k < end; k++)
                                sum += w[k] * in.at[k * in.step + l * in.line];
                        out.at[i * out.step + l * out.line] = sum / weights;
                }
        }
}

static double *reference(const uint8_t *in, uint32_t w, uint32_t h, unsigned bands, const struct plc_window *window,
                         uint32_t out_w, uint32_t out_h)
{
        size_t line = (size_t)w * bands, out_line = (size_t)out_w * bands;
        g_autofree double *exact = g_new(double, line *h), *middle = g_new(double, line *out_h);
        double *out = g_new(double, out_line *out_h);
        for (size_t i = 0; i < line * h; i++)
                exact[i] = in[i];
        reference_axis((struct lines){exact, line, 1}, h, window->y, window->h, (struct lines){middle, line, 1}, out_h,
                       line);
        for (unsigned b = 0; b < bands; b++)
                reference_axis((struct lines){middle + b, bands, line}, w, window->x, window->w,
                               (struct lines){out + b, bands, out_line}, out_w, out_h);
        return out;
}

/* Waves that grow finer to the right, with noise: harder than a photo. */
static uint8_t *make_pattern(uint32_t w, uint32_t h, unsigned bands)
{
        uint8_t *pixels = g_malloc((size_t)w * h * bands);
        uint32_t state = 7;
        for (uint32_t y = 0; y < h; y++)
                for (uint32_t x = 0; x < w; x++)
                        for (unsigned b = 0; b < bands; b++) {
                                state = state * 1664525 + 1013904223;
                                double v = 128 + 90 * sin(x * x / 300.0 + y / (3.0 + b)) + (state >> 26);
                                pixels[((size_t)y * w + x) * bands + b] = (uint8_t)fmin(fmax(v, 0), 255);
                        }
        return pixels;
}

static double psnr(const uint8_t *got, const double *wanted, size_t n)
{
        double sum = 1e-9;
        for (size_t i = 0; i < n; i++) {
                double d = got[i] - fmin(fmax(wanted[i], 0), 255);
                sum += d * d;
        }
        return 10 * log10(255.0 * 255.0 * (double)n / sum);
}

static const struct {
        const char *sentence;
        uint32_t w, h;
        unsigned bands;
        struct plc_window window;
        uint32_t out_w, out_h;
} rows[] = {
        {"a photo to two thirds", 301, 203, 3, {0, 0, 301, 203}, 200, 135},
        {"to a ninth", 403, 301, 3, {0, 0, 403, 301}, 45, 33},
        {"its middle", 301, 203, 3, {50, 20, 150, 120}, 75, 60},
        {"a window between pixels", 301, 203, 3, {50.3, 20.7, 149.2, 120.9}, 75, 60},
        {"grey", 301, 203, 1, {0, 0, 301, 203}, 99, 70},
        {"grey with alpha", 301, 203, 2, {0, 0, 301, 203}, 99, 70},
        {"four inks", 301, 203, 4, {0, 0, 301, 203}, 99, 70},
        {"larger", 101, 73, 3, {0, 0, 101, 73}, 173, 155},
        {"larger across and smaller down", 101, 173, 3, {10, 10, 60, 160}, 90, 40},
        {"of one pixel", 1, 1, 3, {0, 0, 1, 1}, 9, 5},
        {"to one pixel", 60, 40, 3, {0, 0, 60, 40}, 1, 1},
        {"one column", 1, 90, 4, {0, 0, 1, 90}, 1, 31},
        {"a sliver of the last pixel", 40, 30, 3, {39.6, 0, 0.4, 30}, 5, 30},
};

static void looks_like_lanczos(void)
{
        for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
                size_t n = (size_t)rows[i].out_w * rows[i].out_h * rows[i].bands;
                g_autofree uint8_t *pixels = make_pattern(rows[i].w, rows[i].h, rows[i].bands), *out = g_malloc(n);
                g_autoptr(plc_resize) resize = plc_resize_new(rows[i].w, rows[i].h, rows[i].bands, &rows[i].window,
                                                              rows[i].out_w, rows[i].out_h, out);
                plc_resize_whole(resize, pixels);
                g_autofree double *wanted = reference(pixels, rows[i].w, rows[i].h, rows[i].bands, &rows[i].window,
                                                      rows[i].out_w, rows[i].out_h);
                double got = psnr(out, wanted, n);
                g_test_message("%s: %.1f dB", rows[i].sentence, got);
                g_assert_cmpfloat(got, >, 57); /* rounding to bytes alone leaves 58.9 */
        }
}

static void lines_one_by_one_make_the_same(void)
{
        for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
                size_t n = (size_t)rows[i].out_w * rows[i].out_h * rows[i].bands,
                       line = (size_t)rows[i].w * rows[i].bands;
                g_autofree uint8_t *pixels = make_pattern(rows[i].w, rows[i].h, rows[i].bands), *whole = g_malloc0(n),
                                   *lines = g_malloc0(n);
                g_autoptr(plc_resize) a = plc_resize_new(rows[i].w, rows[i].h, rows[i].bands, &rows[i].window,
                                                         rows[i].out_w, rows[i].out_h, whole);
                g_autoptr(plc_resize) b = plc_resize_new(rows[i].w, rows[i].h, rows[i].bands, &rows[i].window,
                                                         rows[i].out_w, rows[i].out_h, lines);
                plc_resize_whole(a, pixels);
                for (uint32_t y = 0; y < rows[i].h; y++) {
                        g_autofree uint8_t *one = g_memdup2(pixels + y * line, line); /* reading past it is seen */
                        plc_resize_line(b, one);
                }
                g_assert_true(memcmp(whole, lines, n) == 0);
        }
}

static void even_surfaces_stay_even(void)
{
        for (unsigned value = 0; value < 256; value += 5) {
                uint8_t in[3 * 97 * 61], out[3 * 40 * 23];
                memset(in, (int)value, sizeof in);
                g_autoptr(plc_resize) resize =
                        plc_resize_new(97, 61, 3, &(struct plc_window){0.5, 1.25, 90, 55}, 40, 23, out);
                plc_resize_whole(resize, in);
                for (size_t i = 0; i < sizeof out; i++)
                        g_assert_cmpuint(out[i], ==, value);
        }
}

static void pixels_at_their_own_size_are_copied(void)
{
        g_autofree uint8_t *in = make_pattern(50, 40, 3);
        uint8_t out[3 * 20 * 10];
        g_autoptr(plc_resize) resize = plc_resize_new(50, 40, 3, &(struct plc_window){7, 9, 20, 10}, 20, 10, out);
        plc_resize_whole(resize, in);
        for (size_t y = 0; y < 10; y++)
                g_assert_true(memcmp(out + y * 60, in + ((y + 9) * 50 + 7) * 3, 60) == 0);
}

/* What was cut off must not shine through: a black photo with a white frame around the window. */
static void nothing_outside_the_window_is_used(void)
{
        uint8_t in[100 * 80], out[25 * 20];
        memset(in, 255, sizeof in);
        for (size_t y = 20; y < 60; y++)
                memset(in + y * 100 + 25, 0, 50);
        g_autoptr(plc_resize) resize = plc_resize_new(100, 80, 1, &(struct plc_window){25, 20, 50, 40}, 25, 20, out);
        plc_resize_whole(resize, in);
        for (size_t i = 0; i < sizeof out; i++)
                g_assert_cmpuint(out[i], ==, 0);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/resize/it looks like Lanczos in floating point", looks_like_lanczos);
        g_test_add_func("/resize/lines one by one make the same", lines_one_by_one_make_the_same);
        g_test_add_func("/resize/even surfaces stay even", even_surfaces_stay_even);
        g_test_add_func("/resize/pixels at their own size are copied", pixels_at_their_own_size_are_copied);
        g_test_add_func("/resize/nothing outside the window is used", nothing_outside_the_window_is_used);
        return g_test_run();
}
