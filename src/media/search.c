/*
 * Which quality makes a file just small enough? ln(bytes) is nearly a line over the logarithm of how coarsely an
 * encoder quantises at a quality, so a secant on it needs few encodes: on ten photos and nine limits from 95 to 50 % of
 * what the asked quality gives, 2.1 for JPEG, 2.5 for WebP, 2.4 for AVIF, the first one counted; bisection needs six.
 */
#include "media/search.h"

#include <math.h>

#define AIM 0.96 /* of the limit */
#define GOOD_ENOUGH 0.90

/* libjpeg's scale of its tables. */
static double jpeg_coarseness(int quality)
{
        return log((quality < 50 ? 5000.0 / quality : 200.0 - 2 * quality) + 2);
}

/* libwebp's: two lines that meet at 75, then a cube root. */
static double webp_coarseness(int quality)
{
        double c = quality / 100.0;
        return log(1.02 - cbrt(c < 0.75 ? c * 2 / 3 : 2 * c - 1));
}

/* AV1's steps grow by a constant factor. */
static double avif_coarseness(int quality)
{
        return -quality / 20.0;
}

static const struct curve {
        double (*coarseness)(int quality);
        double first_slope; /* mean of those photos */
} jpeg = {jpeg_coarseness, -0.57}, webp = {webp_coarseness, -0.74}, avif = {avif_coarseness, -0.64};

static const struct curve *curve_of(const struct plc_search *search)
{
        return search->format == PLC_FORMAT_WEBP ? &webp : search->format == PLC_FORMAT_AVIF ? &avif : &jpeg;
}

/* The highest quality that is at least as coarse. */
static int quality_of(const struct curve *curve, double coarseness)
{
        int quality = 100;
        while (quality > 1 && curve->coarseness(quality) < coarseness)
                quality--;
        return quality;
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
        const struct curve *curve = curve_of(search);
        if (search->n < 2)
                return curve->first_slope;
        unsigned last = search->n - 1;
        double dx = curve->coarseness(search->tried[last].quality) - curve->coarseness(search->tried[last - 1].quality);
        double dy = log((double)search->tried[last].bytes) - log((double)search->tried[last - 1].bytes);
        double b = fabs(dx) > 1e-9 ? dy / dx : 0;
        return b < -0.05 ? b : curve->first_slope;
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
        const struct curve *curve = curve_of(search);
        int quality = quality_of(curve, curve->coarseness(search->tried[last].quality) + step);
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
