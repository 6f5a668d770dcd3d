/* Twenty-four patches of known colour, and how other colour spaces write them: by the spaces' own formulas, not by the
 * libraries that are tested. */
#pragma once
#include "photos.h"
#include <math.h>

#define PATCHES_ACROSS 6
#define PATCHES_DOWN 4
#define PATCH_SIDE 40
#define PATCHES (PATCHES_ACROSS * PATCHES_DOWN)
#define PATCHES_WIDTH (PATCHES_ACROSS * PATCH_SIDE)
#define PATCHES_HEIGHT (PATCHES_DOWN * PATCH_SIDE)

/* The sRGB numbers of the chart that photographers use: skins, sky, leaves, saturated colours, six greys. */
static const uint8_t patch_colours[PATCHES][3] = {
        {115, 82, 68},   {194, 150, 130}, {98, 122, 157},  {87, 108, 67},   {133, 128, 177}, {103, 189, 170},
        {214, 126, 44},  {80, 91, 166},   {193, 90, 99},   {94, 60, 108},   {157, 188, 64},  {224, 163, 46},
        {56, 61, 150},   {70, 148, 73},   {175, 54, 60},   {231, 199, 31},  {187, 86, 149},  {30, 133, 161},
        {243, 243, 242}, {200, 200, 200}, {160, 160, 160}, {122, 122, 121}, {85, 85, 85},    {52, 52, 52},
};

struct triple {
        double v[3];
};

/* Columns are the D50 XYZ of red, green and blue (of the spaces' ICC profiles). */
typedef const double matrix[3][3];
static matrix srgb_d50 = {{0.43607, 0.38515, 0.14307}, {0.22249, 0.71687, 0.06061}, {0.01392, 0.09708, 0.71410}};
static matrix p3_d50 = {{0.51512, 0.29198, 0.15710}, {0.24120, 0.69225, 0.06657}, {-0.00105, 0.04189, 0.78407}};
static matrix adobe_d50 = {{0.60974, 0.20528, 0.14919}, {0.31111, 0.62567, 0.06322}, {0.01947, 0.06087, 0.74457}};

static inline struct triple times(matrix m, struct triple t)
{
        struct triple out;
        for (int i = 0; i < 3; i++)
                out.v[i] = m[i][0] * t.v[0] + m[i][1] * t.v[1] + m[i][2] * t.v[2];
        return out;
}

/* The t with m × t = r, by Cramer's rule. */
static inline struct triple solve(matrix m, struct triple r)
{
        double c[3][3];
        struct triple out;
        for (int i = 0; i < 3; i++)
                for (int j = 0; j < 3; j++)
                        c[i][j] = m[(i + 1) % 3][(j + 1) % 3] * m[(i + 2) % 3][(j + 2) % 3] -
                                  m[(i + 1) % 3][(j + 2) % 3] * m[(i + 2) % 3][(j + 1) % 3];
        double det = m[0][0] * c[0][0] + m[0][1] * c[0][1] + m[0][2] * c[0][2];
        for (int i = 0; i < 3; i++)
                out.v[i] = (c[0][i] * r.v[0] + c[1][i] * r.v[1] + c[2][i] * r.v[2]) / det;
        return out;
}

/* IEC 61966-2-1. */
static inline double srgb_to_linear(double v)
{
        return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static inline double linear_to_srgb(double v)
{
        return v <= 0.0031308 ? v * 12.92 : 1.055 * pow(v, 1 / 2.4) - 0.055;
}

/* Of sRGB, 0 to 255. */
static inline struct triple xyz_of_light(const double *rgb)
{
        struct triple linear;
        for (int i = 0; i < 3; i++)
                linear.v[i] = srgb_to_linear(rgb[i] / 255);
        return times(srgb_d50, linear);
}

static inline struct triple xyz_of(const uint8_t *rgb)
{
        return xyz_of_light((const double[3]){rgb[0], rgb[1], rgb[2]});
}

/* CIE 1976, D50. */
static inline struct triple lab_of_light(const double *rgb)
{
        static const double white[3] = {0.96422, 1, 0.82521};
        struct triple xyz = xyz_of_light(rgb);
        double f[3];
        for (int i = 0; i < 3; i++) {
                double t = xyz.v[i] / white[i];
                f[i] = t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
        }
        return (struct triple){{116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])}};
}

static inline struct triple lab_of(const uint8_t *rgb)
{
        return lab_of_light((const double[3]){rgb[0], rgb[1], rgb[2]});
}

static inline double degrees_of(double b, double a)
{
        double h = atan2(b, a) * 180 / M_PI;
        return h < 0 ? h + 360 : h;
}

static inline double cosine(double degrees)
{
        return cos(degrees * M_PI / 180);
}

/* CIEDE2000 (ISO/CIE 11664-6) of two colours in Lab. */
static inline double ciede2000(struct triple x, struct triple y)
{
        double c = (hypot(x.v[1], x.v[2]) + hypot(y.v[1], y.v[2])) / 2;
        double g = 1.5 - 0.5 * sqrt(pow(c, 7) / (pow(c, 7) + pow(25, 7)));
        double c1 = hypot(x.v[1] * g, x.v[2]), c2 = hypot(y.v[1] * g, y.v[2]), mean_c = (c1 + c2) / 2;
        double h1 = degrees_of(x.v[2], x.v[1] * g), h2 = degrees_of(y.v[2], y.v[1] * g), turn = h2 - h1;
        double mean_h = h1 + h2;

        if (c1 * c2 == 0)
                turn = 0;
        else if (fabs(turn) <= 180)
                mean_h /= 2;
        else
                mean_h = (mean_h < 360 ? mean_h + 360 : mean_h - 360) / 2;
        turn += turn > 180 ? -360 : turn < -180 ? 360 : 0;
        double l = (x.v[0] + y.v[0]) / 2 - 50;
        double t = 1 - 0.17 * cosine(mean_h - 30) + 0.24 * cosine(2 * mean_h) + 0.32 * cosine(3 * mean_h + 6) -
                   0.2 * cosine(4 * mean_h - 63);
        double dl = (y.v[0] - x.v[0]) / (1 + 0.015 * l * l / sqrt(20 + l * l)), dc = (c2 - c1) / (1 + 0.045 * mean_c);
        double dh = 2 * sqrt(c1 * c2) * sin(turn / 2 * M_PI / 180) / (1 + 0.015 * mean_c * t);
        double rotation = -2 * sqrt(pow(mean_c, 7) / (pow(mean_c, 7) + pow(25, 7))) *
                          sin(60 * exp(-pow((mean_h - 275) / 25, 2)) * M_PI / 180);
        return sqrt(dl * dl + dc * dc + dh * dh + rotation * dc * dh);
}

static inline double delta_e(const uint8_t *a, const uint8_t *b)
{
        return ciede2000(lab_of(a), lab_of(b));
}

/* --- an ICC profile of three primaries and one curve (ICC.1:2001-04, version 2) */

enum curve { CURVE_SRGB, CURVE_ADOBE };

static inline void icc_number(uint8_t *at, double v)
{
        int32_t fixed = (int32_t)lround(v * 65536);
        at[0] = (uint8_t)(fixed >> 24), at[1] = (uint8_t)(fixed >> 16), at[2] = (uint8_t)(fixed >> 8),
        at[3] = (uint8_t)fixed;
}

static inline void icc_be(uint8_t *at, uint32_t v)
{
        at[0] = (uint8_t)(v >> 24), at[1] = (uint8_t)(v >> 16), at[2] = (uint8_t)(v >> 8), at[3] = (uint8_t)v;
}

static inline void icc_xyz(uint8_t *at, double x, double y, double z)
{
        memcpy(at, "XYZ ", 4);
        icc_number(at + 8, x);
        icc_number(at + 12, y);
        icc_number(at + 16, z);
}

#define ICC_POINTS 1024
#define ICC_SIZE (128 + 4 + 9 * 12 + 120 + 40 + 4 * 20 + 12 + ICC_POINTS * 2)

/* Fills ICC_SIZE bytes. */
static inline void make_profile(uint8_t *icc, const char *name, matrix primaries, enum curve curve)
{
        static const char *const tags[] = {"desc", "cprt", "wtpt", "rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC"};
        static const uint32_t sizes[] = {120, 40, 20, 20, 20, 20, 12 + ICC_POINTS * 2, 0, 0};
        uint32_t at = 128 + 4 + 9 * 12;

        memset(icc, 0, ICC_SIZE);
        icc_be(icc, ICC_SIZE);
        icc_be(icc + 8, 0x02400000);
        memcpy(icc + 12, "mntrRGB XYZ ", 12);
        memcpy(icc + 36, "acsp", 4);
        icc_number(icc + 68, 0.96420), icc_number(icc + 72, 1), icc_number(icc + 76, 0.82491);
        icc_be(icc + 128, 9);
        for (unsigned i = 0; i < 9; i++) {
                uint8_t *row = icc + 132 + i * 12;
                memcpy(row, tags[i], 4);
                icc_be(row + 4, i > 6 ? at - sizes[6] : at); /* one curve for all three */
                icc_be(row + 8, sizes[MIN(i, 6)]);
                uint8_t *data = icc + at;
                if (i == 0) {
                        memcpy(data, "desc", 4);
                        icc_be(data + 8, (uint32_t)strlen(name) + 1);
                        memcpy(data + 12, name, strlen(name));
                } else if (i == 1) {
                        memcpy(data, "text", 4);
                        memcpy(data + 8, "public domain", 13);
                } else if (i == 2) {
                        icc_xyz(data, 0.96420, 1, 0.82491);
                } else if (i < 6) {
                        icc_xyz(data, primaries[0][i - 3], primaries[1][i - 3], primaries[2][i - 3]);
                } else if (i == 6) {
                        memcpy(data, "curv", 4);
                        icc_be(data + 8, ICC_POINTS);
                        for (unsigned p = 0; p < ICC_POINTS; p++) {
                                double v = p / (ICC_POINTS - 1.0);
                                v = curve == CURVE_SRGB ? srgb_to_linear(v) : pow(v, 563.0 / 256);
                                unsigned sixteen = (unsigned)lround(v * 65535);
                                data[12 + p * 2] = (uint8_t)(sixteen >> 8), data[13 + p * 2] = (uint8_t)sixteen;
                        }
                }
                at += sizes[i];
        }
}

/* The numbers of a patch in a space of these primaries, 0 to 1. */
static inline struct triple in_space(const uint8_t *rgb, matrix primaries, enum curve curve)
{
        struct triple t = solve(primaries, xyz_of(rgb));
        for (int i = 0; i < 3; i++) {
                double v = CLAMP(t.v[i], 0, 1);
                t.v[i] = curve == CURVE_SRGB ? linear_to_srgb(v) : pow(v, 256.0 / 563);
        }
        return t;
}

/* --- a printer's profile (ICC.1:2001-04, section 6.5.7, lut16Type): what each of 16 × 16 × 16 × 16 mixtures of ink is
 */

#define INK_STEPS 16
#define INK_TABLE (INK_STEPS * INK_STEPS * INK_STEPS * INK_STEPS * 6)
#define INK_LUT (52 + 4 * 4 + INK_TABLE + 3 * 4)
#define INK_ICC_SIZE (128 + 4 + 5 * 12 + 120 + 40 + 20 + INK_LUT)

static inline void icc_be16(uint8_t *at, double v)
{
        unsigned rounded = (unsigned)lround(v);
        at[0] = (uint8_t)(rounded >> 8), at[1] = (uint8_t)rounded;
}

/* Each ink takes its complement of sRGB away, black all three: no press is like that, but everybody can reckon it. */
static inline void make_inks(uint8_t *lut)
{
        uint8_t *at = lut + 52;
        memcpy(lut, "mft2", 4);
        lut[8] = 4, lut[9] = 3, lut[10] = INK_STEPS;
        for (unsigned i = 0; i < 9; i += 4)
                icc_number(lut + 12 + i * 4, 1);
        icc_be16(lut + 48, 2), icc_be16(lut + 50, 2);
        for (unsigned i = 0; i < 4; i++, at += 4)
                icc_be16(at + 2, 65535);
        for (unsigned i = 0; i < INK_TABLE / 6; i++, at += 6) { /* black varies fastest */
                double white = 1 - i % INK_STEPS / (INK_STEPS - 1.0), light[3];
                for (unsigned c = 0; c < 3; c++)
                        light[c] = white * (1 - (i >> (12 - 4 * c)) % INK_STEPS / (INK_STEPS - 1.0)) * 255;
                struct triple lab = lab_of_light(light);
                icc_be16(at, lab.v[0] * 652.8);
                icc_be16(at + 2, (lab.v[1] + 128) * 256);
                icc_be16(at + 4, (lab.v[2] + 128) * 256);
        }
        for (unsigned i = 0; i < 3; i++, at += 4)
                icc_be16(at + 2, 65535);
}

/* Fills INK_ICC_SIZE bytes. */
static inline void make_ink_profile(uint8_t *icc, const char *name)
{
        static const char *const tags[] = {"desc", "cprt", "wtpt", "A2B0", "A2B1"}; /* one table for both intents */
        static const uint32_t sizes[] = {120, 40, 20, 0, INK_LUT};
        uint32_t at = 128 + 4 + 5 * 12;

        memset(icc, 0, INK_ICC_SIZE);
        icc_be(icc, INK_ICC_SIZE);
        icc_be(icc + 8, 0x02400000);
        memcpy(icc + 12, "prtrCMYKLab ", 12);
        memcpy(icc + 36, "acsp", 4);
        icc_number(icc + 68, 0.96420), icc_number(icc + 72, 1), icc_number(icc + 76, 0.82491);
        icc_be(icc + 128, 5);
        for (unsigned i = 0; i < 5; at += sizes[i], i++) {
                memcpy(icc + 132 + i * 12, tags[i], 4);
                icc_be(icc + 132 + i * 12 + 4, at);
                icc_be(icc + 132 + i * 12 + 8, i == 3 ? INK_LUT : sizes[i]);
        }
        at = 128 + 4 + 5 * 12;
        memcpy(icc + at, "desc", 4);
        icc_be(icc + at + 8, (uint32_t)strlen(name) + 1);
        memcpy(icc + at + 12, name, strlen(name));
        memcpy(icc + at + 120, "text", 4);
        memcpy(icc + at + 128, "public domain", 13);
        icc_xyz(icc + at + 160, 0.96420, 1, 0.82491);
        make_inks(icc + at + 180);
}

/* --- pictures of the patches */

static inline const uint8_t *patch_at(int x, int y)
{
        return patch_colours[y / PATCH_SIDE * PATCHES_ACROSS + x / PATCH_SIDE];
}

/* RGB of 8 bit, each pixel by `space` where given. */
static inline VipsImage *patches_in(const char *name, matrix primaries, enum curve curve)
{
        g_autofree uint8_t *pixels = g_malloc((size_t)PATCHES_WIDTH * PATCHES_HEIGHT * 3);
        for (int y = 0; y < PATCHES_HEIGHT; y++)
                for (int x = 0; x < PATCHES_WIDTH; x++) {
                        uint8_t *p = pixels + ((size_t)y * PATCHES_WIDTH + (size_t)x) * 3;
                        struct triple t =
                                name != NULL ? in_space(patch_at(x, y), primaries, curve) : (struct triple){{0}};
                        for (int i = 0; i < 3; i++)
                                p[i] = name != NULL ? (uint8_t)lround(t.v[i] * 255) : patch_at(x, y)[i];
                }
        VipsImage *image = vips_image_new_from_memory_copy(pixels, (size_t)PATCHES_WIDTH * PATCHES_HEIGHT * 3,
                                                           PATCHES_WIDTH, PATCHES_HEIGHT, 3, VIPS_FORMAT_UCHAR);
        image->Type = VIPS_INTERPRETATION_sRGB;
        if (name != NULL) {
                g_autofree uint8_t *icc = g_malloc(ICC_SIZE);
                make_profile(icc, name, primaries, curve);
                vips_image_set_blob_copy(image, VIPS_META_ICC_NAME, icc, ICC_SIZE);
        }
        return image;
}

static inline VipsImage *patches(void)
{
        return patches_in(NULL, srgb_d50, CURVE_SRGB);
}

/* As a press would be told: `black` is how much of what the three inks have in common becomes black, 0 to 1. */
static inline VipsImage *patches_in_inks(const char *name, double black)
{
        g_autofree uint8_t *pixels = g_malloc((size_t)PATCHES_WIDTH * PATCHES_HEIGHT * 4);
        g_autofree uint8_t *icc = g_malloc(INK_ICC_SIZE);
        for (int y = 0; y < PATCHES_HEIGHT; y++)
                for (int x = 0; x < PATCHES_WIDTH; x++) {
                        const uint8_t *rgb = patch_at(x, y);
                        uint8_t *p = pixels + ((size_t)y * PATCHES_WIDTH + (size_t)x) * 4;
                        p[3] = (uint8_t)lround(black * (255 - MAX(MAX(rgb[0], rgb[1]), rgb[2])));
                        for (int i = 0; i < 3; i++)
                                p[i] = (uint8_t)lround(255 - rgb[i] * 255.0 / (255 - p[3]));
                }
        VipsImage *image = vips_image_new_from_memory_copy(pixels, (size_t)PATCHES_WIDTH * PATCHES_HEIGHT * 4,
                                                           PATCHES_WIDTH, PATCHES_HEIGHT, 4, VIPS_FORMAT_UCHAR);
        image->Type = VIPS_INTERPRETATION_CMYK;
        make_ink_profile(icc, name);
        vips_image_set_blob_copy(image, VIPS_META_ICC_NAME, icc, INK_ICC_SIZE);
        return image;
}

/* A little-endian TIFF of one strip, uncompressed (TIFF 6.0): what libraries write is not what is tested here. */
static inline GByteArray *tiff_of(const uint8_t *pixels, size_t size, unsigned samples, unsigned bits,
                                  unsigned photometric)
{
        const struct {
                uint16_t tag, type;
                uint32_t count, value;
        } entries[] = {
                {256, 3, 1, PATCHES_WIDTH},
                {257, 3, 1, PATCHES_HEIGHT},
                {258, 3, samples, samples > 1 ? 8 : bits},
                {259, 3, 1, 1},
                {262, 3, 1, photometric},
                {273, 4, 1, 16},
                {277, 3, 1, samples},
                {278, 3, 1, PATCHES_HEIGHT},
                {279, 4, 1, (uint32_t)size},
                {284, 3, 1, 1},
        };
        GByteArray *out = g_byte_array_new();
        uint32_t directory = 16 + (uint32_t)size;
        uint8_t head[16] = {'I', 'I', 42, 0};
        for (int i = 0; i < 4; i++) {
                head[4 + i] = (uint8_t)(directory >> (8 * i));
                head[8 + 2 * i] = (uint8_t)bits; /* the bits of each sample stand behind the header */
        }
        g_byte_array_append(out, head, sizeof head);
        g_byte_array_append(out, pixels, (guint)size);
        uint8_t n[2] = {G_N_ELEMENTS(entries), 0};
        g_byte_array_append(out, n, 2);
        for (unsigned e = 0; e < G_N_ELEMENTS(entries); e++) {
                uint8_t row[12] = {(uint8_t)entries[e].tag, (uint8_t)(entries[e].tag >> 8), (uint8_t)entries[e].type};
                uint32_t numbers[2] = {entries[e].count, entries[e].value};
                for (int i = 0; i < 8; i++)
                        row[4 + i] = (uint8_t)(numbers[i / 4] >> (8 * (i % 4)));
                g_byte_array_append(out, row, sizeof row);
        }
        g_byte_array_append(out, (const uint8_t[4]){0}, 4);
        return out;
}
