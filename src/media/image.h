/* A libvips image that lets go of itself: `plc_autoimage t = NULL;` (libvips 8.14 has no g_autoptr of its own, later
 * ones do). */
#pragma once
#include <stdint.h>
#include <vips/vips.h>

static inline void plc_image_clear(VipsImage **image)
{
        g_clear_object(image);
}
#define plc_autoimage __attribute__((cleanup(plc_image_clear))) VipsImage *

/* Of a memory image as plc_bare makes them: rows without gaps. */
static inline const uint8_t *plc_pixels(VipsImage *image)
{
        return vips_image_get_data(image);
}
