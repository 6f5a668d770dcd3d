/*
 * Which quality makes a file just small enough? ln(bytes) is nearly a line over ln(s + 2), s being libjpeg's scale of
 * its tables (s = 5000/Q below 50, 200 - 2Q above): a secant on it needs two encodes where bisection needs six
 * (measured on 32 photos).
 */
#include "media/search.h"

#include <math.h>

#define FIRST_SLOPE -0.62 /* mean of those photos */
#define AIM 0.97          /* of the limit */
#define GOOD_ENOUGH 0.92

static double x_of(int quality)
{
        return log((quality < 50 ? 5000.0 / quality : 200.0 - 2 * quality) + 2);
}

static int quality_of(double x)
{
        double s = exp(fmin(x, 9)) - 2;
        double q = s > 100 ? 5000 / s : (200 - s) / 2;
        return (int)floor(fmin(fmax(q, 1), 100));
}

void plc_search_note(struct plc_search *search, int quality, int64_t bytes)
{
        if (search->n < PLC_MAX_ENCODES) {
                search->tried[search->n].quality = quality;
                search->tried[search->n++].bytes = bytes > 0 ? bytes : 1;
        }
}

/* The highest quality known to fit, and the lowest known not to; 0 where none was tried. */
static void bounds(const struct plc_search *search, int *fits, int *heavy)
{
        *fits = *heavy = 0;
        for (unsigned i = 0; i < search->n; i++) {
                int q = search->tried[i].quality;
                if (search->tried[i].bytes <= search->limit)
                        *fits = q > *fits ? q : *fits;
                else
                        *heavy = *heavy == 0 || q < *heavy ? q : *heavy;
        }
}

static double slope(const struct plc_search *search)
{
        if (search->n < 2)
                return FIRST_SLOPE;
        unsigned last = search->n - 1;
        double dx = x_of(search->tried[last].quality) - x_of(search->tried[last - 1].quality);
        double dy = log((double)search->tried[last].bytes) - log((double)search->tried[last - 1].bytes);
        double b = fabs(dx) > 1e-9 ? dy / dx : FIRST_SLOPE;
        return b < -0.05 ? b : FIRST_SLOPE;
}

int plc_search_next(const struct plc_search *search)
{
        if (search->n == 0 || search->n == PLC_MAX_ENCODES)
                return 0;
        int fits, heavy;
        bounds(search, &fits, &heavy);
        unsigned last = search->n - 1;
        int64_t bytes = search->tried[last].bytes;
        if (heavy == 0 || (bytes <= search->limit && (double)bytes >= GOOD_ENOUGH * (double)search->limit))
                return 0;
        if (heavy <= search->min_quality || heavy - fits <= 1)
                return 0;
        double step = (log(AIM * (double)search->limit) - log((double)bytes)) / slope(search);
        int quality = quality_of(x_of(search->tried[last].quality) + step);
        if (quality >= heavy)
                quality = heavy - 1;
        if (quality <= fits)
                quality = fits + 1;
        return quality < search->min_quality ? search->min_quality : quality;
}

unsigned plc_search_best(const struct plc_search *search)
{
        unsigned best = 0;
        for (unsigned i = 1; i < search->n; i++) {
                bool fits = search->tried[i].bytes <= search->limit,
                     best_fits = search->tried[best].bytes <= search->limit;
                bool heavier = search->tried[i].bytes > search->tried[best].bytes;
                if (fits != best_fits ? fits : fits ? heavier : !heavier)
                        best = i;
        }
        return best;
}
