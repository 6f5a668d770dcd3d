/* How is a pixel made of its neighbours? Down first, lines weighed together; then across, in 16 bits with six of
 * fraction; rounded once. */
#include "media/resize.h"

#include "media/weigh.h"
#include <math.h>
#include <string.h>

struct plc_resize {
        uint32_t height, out_w, out_h;
        unsigned bands;
        size_t line_bytes;
        bool same; /* pixels of the source as they are, from skip_x, skip_y on */
        uint32_t skip_x, skip_y;
        struct plc_weights down, across;
        uint8_t *lines;        /* the last lines, in a ring */
        uint32_t room;         /* lines in the ring */
        uint32_t come, made;   /* lines of the source seen, lines of the result written */
        const uint8_t **taken; /* lines of one weighing */
        int16_t *middle;       /* one line, weighed down, not yet across */
        uint8_t *out;
};

static double sinc(double x)
{
        return fabs(x) < 1e-9 ? 1 : sin(G_PI * x) / (G_PI * x);
}

static double lanczos3(double x)
{
        return fabs(x) >= 3 ? 0 : sinc(x) * sinc(x / 3);
}

/* Keys 1981, a = -1/2. */
static double catmull_rom(double x)
{
        x = fabs(x);
        if (x >= 2)
                return 0;
        return x < 1 ? 1.5 * x * x * x - 2.5 * x * x + 1 : -0.5 * x * x * x + 2.5 * x * x - 4 * x + 2;
}

/* Weights of the pixels from `first` on to 16 bits, so that their sum is exactly one: an even surface stays even. */
static void round_weights(const double *exact, uint32_t n, double sum, int32_t *pairs)
{
        int32_t rest = 1 << PLC_WEIGHT_BITS;
        uint32_t largest = 0;
        int16_t rounded[2];

        for (uint32_t i = 0; i < n; i++) {
                rest -= (int32_t)lrint(exact[i] / sum * (1 << PLC_WEIGHT_BITS));
                largest = exact[i] > exact[largest] ? i : largest;
        }
        for (uint32_t i = 0; i < n; i += 2) {
                for (uint32_t k = i; k < i + 2; k++) {
                        int32_t w = k < n ? (int32_t)lrint(exact[k] / sum * (1 << PLC_WEIGHT_BITS)) : 0;
                        rounded[k - i] = (int16_t)(w + (k == largest ? rest : 0));
                }
                pairs[i / 2] = (int32_t)((uint32_t)(uint16_t)rounded[0] | (uint32_t)(uint16_t)rounded[1] << 16);
        }
}

/* Pixels whose middle is nearer than the support; at least one. */
static uint32_t reach(double centre, double support, int64_t least, int64_t end, int64_t *out_first)
{
        int64_t first = CLAMP((int64_t)ceil(centre - 0.5 - support), least, end - 1),
                last = CLAMP((int64_t)floor(centre - 0.5 + support), first, end - 1);

        *out_first = first;
        return (uint32_t)(last - first + 1);
}

/* A multiple of two: across, two are weighed at a time. */
static uint32_t most_pairs(double from, double step, double support, uint32_t n, int64_t least, int64_t end)
{
        uint32_t most = 1;
        int64_t first;

        for (uint32_t i = 0; i < n; i++)
                most = MAX(most, reach(from + (i + 0.5) * step, support, least, end, &first));
        return (most + 3) / 4 * 2;
}

static void weigh(struct plc_weights *out, uint32_t size, double from, double length, uint32_t n)
{
        double step = length / n, stretch = fmax(step, 1), support = (step > 1 ? 3 : 2) * stretch;
        int64_t least = (int64_t)floor(from + 1e-6), end = MIN((int64_t)ceil(from + length - 1e-6), (int64_t)size);
        g_autofree double *exact = g_new(double, (size_t)ceil(support * 2) + 2);

        least = CLAMP(least, 0, (int64_t)size - 1);
        end = MAX(end, least + 1);
        out->n_pairs = most_pairs(from, step, support, n, least, end);
        out->first = g_new0(uint32_t, n);
        out->pairs = g_new0(int32_t, (size_t)n * out->n_pairs);
        for (uint32_t i = 0; i < n; i++) {
                double centre = from + (i + 0.5) * step, sum = 0;
                int64_t first;
                uint32_t taps = reach(centre, support, least, end, &first);

                for (uint32_t k = 0; k < taps; k++) {
                        double x = ((double)first + k + 0.5 - centre) / stretch;
                        exact[k] = step > 1 ? lanczos3(x) : catmull_rom(x);
                        sum += exact[k];
                }
                out->first[i] = (uint32_t)first;
                round_weights(exact, taps, sum, out->pairs + (size_t)i * out->n_pairs);
        }
}

static bool copies(plc_resize *r, const struct plc_window *window)
{
        r->skip_x = (uint32_t)lrint(window->x);
        r->skip_y = (uint32_t)lrint(window->y);
        return fabs(window->w - r->out_w) < 1e-3 && fabs(window->h - r->out_h) < 1e-3 &&
               fabs(window->x - r->skip_x) < 1e-3 && fabs(window->y - r->skip_y) < 1e-3;
}

plc_resize *plc_resize_new(uint32_t width, uint32_t height, unsigned bands, const struct plc_window *window,
                           uint32_t out_w, uint32_t out_h, uint8_t *out)
{
        plc_resize *r = g_new0(plc_resize, 1);

        r->height = height;
        r->out_w = out_w;
        r->out_h = out_h;
        r->bands = bands;
        r->out = out;
        r->line_bytes = (size_t)width * bands;
        r->same = copies(r, window);
        if (r->same)
                return r;
        weigh(&r->down, height, window->y, window->h, out_h);
        weigh(&r->across, width, window->x, window->w, out_w);
        r->room = MIN(2 * r->down.n_pairs + 1, height);
        r->taken = g_new(const uint8_t *, 2 * (size_t)r->down.n_pairs);
        r->middle = g_new0(int16_t, r->line_bytes + PLC_WEIGH_PADDING + 8 * (size_t)r->across.n_pairs);
        return r;
}

void plc_resize_free(plc_resize *r)
{
        if (r == NULL)
                return;
        g_free(r->down.first);
        g_free(r->down.pairs);
        g_free(r->across.first);
        g_free(r->across.pairs);
        g_free(r->lines);
        g_free(r->taken);
        g_free(r->middle);
        g_free(r);
}

/* Lines of the source lie at `lines`, each at its number modulo `room`; makes what they are enough for. */
static void make_lines(plc_resize *r, const uint8_t *lines, uint32_t room)
{
        for (; r->made < r->out_h; r->made++) {
                uint32_t first = r->down.first[r->made], n = 2 * r->down.n_pairs;

                if (MIN(first + n, r->height) > r->come)
                        return;
                for (uint32_t k = 0; k < n; k++) /* beyond the last line the weight is zero */
                        r->taken[k] = lines + MIN(first + k, r->height - 1) % room * r->line_bytes;
                plc_weigh_down(r->taken, r->down.pairs + (size_t)r->made * r->down.n_pairs, r->down.n_pairs,
                               r->line_bytes, r->middle);
                plc_weigh_across(r->middle, &r->across, r->out_w, r->bands,
                                 r->out + (size_t)r->made * r->out_w * r->bands);
        }
}

static void copy_line(plc_resize *r, const uint8_t *line)
{
        size_t n = (size_t)r->out_w * r->bands;

        if (r->come++ >= r->skip_y && r->made < r->out_h)
                memcpy(r->out + r->made++ * n, line + (size_t)r->skip_x * r->bands, n);
}

void plc_resize_line(plc_resize *r, const uint8_t *line)
{
        if (r->same) {
                copy_line(r, line);
                return;
        }
        if (r->lines == NULL)
                r->lines = g_malloc(r->room * r->line_bytes);
        memcpy(r->lines + r->come % r->room * r->line_bytes, line, r->line_bytes);
        r->come++;
        make_lines(r, r->lines, r->room);
}

void plc_resize_whole(plc_resize *r, const uint8_t *pixels)
{
        while (r->same && r->come < r->height)
                copy_line(r, pixels + r->come * r->line_bytes);
        if (r->same)
                return;
        r->come = r->height;
        make_lines(r, pixels, r->height);
}
