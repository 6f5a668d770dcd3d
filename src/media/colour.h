/* What do the photo's numbers mean as colours, and how do they become sRGB? Untagged stays untouched. */
#pragma once
#include "media/container.h"
#include "media/image.h"
#include <stdbool.h>

/* "Display P3", "CMYK", "untagged": the profile's own description in printable ASCII where there is one. */
void plc_colour_name(VipsImage *header, const struct plc_container *container, char *out, size_t size);
/* As libvips' own operations: 0 or -1. To 8-bit sRGB of 3 bands, 4 with alpha. */
int plc_colour_to_srgb(VipsImage *in, const struct plc_container *container, VipsImage **out);
/* On white; images without alpha go through. */
int plc_colour_flatten(VipsImage *in, VipsImage **out);
