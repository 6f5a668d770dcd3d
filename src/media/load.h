/* Which loader opens the photo? The one that its content names, never one that libvips would guess. */
#pragma once
#include "media/photo.h"

/* Sequential, first frame, failing at broken or cut-short data; `shrink` 1, 2, 4 or 8 counts for JPEG alone. */
VipsImage *plc_load(const struct plc_photo *photo, int shrink, GError **error);
