/* The photo as it came: its bytes, what its header says, whether it is within the limits; and its pixels, upright, in
 * sRGB. */
#pragma once
#include "base/error.h"
#include "media/container.h"
#include "media/image.h"

struct plc_photo {
        GBytes *bytes; /* mapped */
        enum plc_format format;
        struct plc_container container;
        uint32_t stored_width, stored_height;
        uint32_t width, height; /* upright */
        unsigned orientation;
        uint32_t frames;
        bool alpha; /* there is an alpha channel; it may be opaque */
        char colour[64];
};

/* Type and header; nothing is decoded. Clear with plc_photo_clear, also after a failure. */
bool plc_photo_open(int fd, const struct plc_photo_limits *limits, struct plc_photo *out, GError **error);
void plc_photo_clear(struct plc_photo *photo);

/*
 * The whole photo, every line of it decoded, at round(side × scale) pixels (scale ≤ 1), upright, 8-bit sRGB with 3
 * bands, or 4 where the alpha is not all opaque: then colours are multiplied by it. In memory, without any metadata.
 * UNREADABLE if the file is broken or cut short.
 */
bool plc_photo_decode(const struct plc_photo *photo, double scale, VipsImage **out, GError **error);

/* Evaluates the image into memory of its own, leaving every metadata field behind. Takes over `in` (NULL allowed:
 * fails). */
VipsImage *plc_bare(VipsImage *in);
/* An sRGB image of these rows without gaps, which it takes over (g_free). */
VipsImage *plc_image_take(uint8_t *pixels, uint32_t width, uint32_t height, unsigned bands);
/* Turns what libvips noted into an error and forgets it; always false. */
bool plc_vips_fail(GError **error, plc_code code, const char *what);
