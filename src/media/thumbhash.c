/* How is a ThumbHash made? Average colour and the lowest cosine terms of luma, two colour differences and alpha, 4 bits
 * each. */
#include "media/thumbhash.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define MAX_PIXELS (PLC_THUMBHASH_SIDE * PLC_THUMBHASH_SIDE)
#define MAX_TERMS 32

struct channel {
        double values[MAX_PIXELS];
        double dc, scale, ac[MAX_TERMS];
        unsigned n_ac;
};

static void transform(struct channel *c, unsigned w, unsigned h, unsigned nx, unsigned ny)
{
        double fx[PLC_THUMBHASH_SIDE];

        for (unsigned cy = 0; cy < ny; cy++)
                for (unsigned cx = 0; cx * ny < nx * (ny - cy); cx++) {
                        double sum = 0;
                        for (unsigned x = 0; x < w; x++)
                                fx[x] = (double)cos(M_PI / w * cx * (x + 0.5));
                        for (unsigned y = 0; y < h; y++) {
                                double fy = cos(M_PI / h * cy * (y + 0.5));
                                for (unsigned x = 0; x < w; x++)
                                        sum += c->values[x + y * w] * fx[x] * fy;
                        }
                        double f = (sum / (w * h));
                        if (cx == 0 && cy == 0) {
                                c->dc = f;
                        } else if (c->n_ac < MAX_TERMS) {
                                c->ac[c->n_ac++] = f;
                                c->scale = fmax(c->scale, fabs(f));
                        }
                }
        for (unsigned i = 0; i < c->n_ac; i++)
                c->ac[i] = c->scale > 0 ? 0.5 + 0.5 / c->scale * c->ac[i] : 0;
}

struct average {
        double r, g, b, a;
};

static struct average average_of(size_t n, const uint8_t *rgba)
{
        struct average avg = {0};
        for (size_t i = 0; i < n; i++) {
                double alpha = rgba[i * 4 + 3] / 255.0;
                avg.r += alpha / 255 * rgba[i * 4];
                avg.g += alpha / 255 * rgba[i * 4 + 1];
                avg.b += alpha / 255 * rgba[i * 4 + 2];
                avg.a += alpha;
        }
        if (avg.a > 0)
                avg.r /= avg.a, avg.g /= avg.a, avg.b /= avg.a;
        return avg;
}

static unsigned bits(double value, double most)
{
        return (unsigned)lround(fmin(fmax(value, 0), 1) * most);
}

static void put_terms(const struct channel *c, uint8_t *out, size_t start, unsigned *index)
{
        for (unsigned i = 0; i < c->n_ac; i++, (*index)++)
                out[start + (*index >> 1)] |= (uint8_t)(bits(c->ac[i], 15) << ((*index & 1) << 2));
}

static void put_number(uint8_t *out, uint32_t v, unsigned bytes)
{
        for (unsigned i = 0; i < bytes; i++)
                out[i] = (uint8_t)(v >> (8 * i));
}

size_t plc_thumbhash(uint32_t w, uint32_t h, const uint8_t *rgba, uint8_t out[PLC_THUMBHASH_MAX])
{
        static _Thread_local struct channel l, p, q, a; /* 320 KB: too much for a stack of unknown size */

        if (w == 0 || h == 0 || w > PLC_THUMBHASH_SIDE || h > PLC_THUMBHASH_SIDE)
                return 0;
        memset(out, 0, PLC_THUMBHASH_MAX);
        size_t n = (size_t)w * h;
        struct average avg = average_of(n, rgba);
        bool has_alpha = avg.a < (double)n - 1e-6;
        unsigned limit = has_alpha ? 5 : 7, longest = w > h ? w : h;
        unsigned lx = (unsigned)fmax(1, round((double)limit * w / longest)),
                 ly = (unsigned)fmax(1, round((double)limit * h / longest));

        l.n_ac = p.n_ac = q.n_ac = a.n_ac = 0;
        l.scale = p.scale = q.scale = a.scale = 0;
        for (size_t i = 0; i < n; i++) {
                double alpha = rgba[i * 4 + 3] / 255.0;
                double r = avg.r * (1 - alpha) + alpha / 255 * rgba[i * 4];
                double g = avg.g * (1 - alpha) + alpha / 255 * rgba[i * 4 + 1];
                double b = avg.b * (1 - alpha) + alpha / 255 * rgba[i * 4 + 2];
                l.values[i] = (double)((r + g + b) / 3);
                p.values[i] = (double)((r + g) / 2 - b);
                q.values[i] = (double)(r - g);
                a.values[i] = (double)alpha;
        }
        transform(&l, w, h, lx > 3 ? lx : 3, ly > 3 ? ly : 3);
        transform(&p, w, h, 3, 3);
        transform(&q, w, h, 3, 3);
        if (has_alpha)
                transform(&a, w, h, 5, 5);

        bool landscape = w > h;
        put_number(out,
                   bits(l.dc, 63) | bits(0.5 + 0.5 * p.dc, 63) << 6 | bits(0.5 + 0.5 * q.dc, 63) << 12 |
                           bits(l.scale, 31) << 18 | (has_alpha ? 1U << 23 : 0),
                   3);
        put_number(out + 3,
                   (landscape ? ly : lx) | bits(p.scale, 63) << 3 | bits(q.scale, 63) << 9 | (landscape ? 1U << 15 : 0),
                   2);
        size_t start = 5;
        if (has_alpha)
                out[start++] = (uint8_t)(bits(a.dc, 15) | bits(a.scale, 15) << 4);
        unsigned index = 0;
        put_terms(&l, out, start, &index);
        put_terms(&p, out, start, &index);
        put_terms(&q, out, start, &index);
        if (has_alpha)
                put_terms(&a, out, start, &index);
        return start + (index + 1) / 2;
}
