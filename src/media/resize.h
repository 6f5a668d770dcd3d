/*
 * How do pixels become fewer, or more? Lanczos3 down and Catmull-Rom up, line by line, so that a photo is never whole
 * in memory for it. libvips before 8.15 does this without vector instructions: four times the processor time
 * (measured).
 */
#pragma once
#include "base/error.h"

/* The part of the source that is shown, in its pixels; nothing outside of it is used. */
struct plc_window {
        double x, y, w, h;
};

typedef struct plc_resize plc_resize;
/*
 * Interleaved bytes of 1 to 4 bands; where there is alpha, colours must be multiplied by it. `out` has out_w × out_h
 * pixels, rows without gaps, and is borrowed.
 */
plc_resize *plc_resize_new(uint32_t width, uint32_t height, unsigned bands, const struct plc_window *window,
                           uint32_t out_w, uint32_t out_h, uint8_t *out);
void plc_resize_free(plc_resize *resize);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_resize, plc_resize_free)
/* All lines of the source, one after the other from the first. */
void plc_resize_line(plc_resize *resize, const uint8_t *line);
/* Or all at once, from rows without gaps. */
void plc_resize_whole(plc_resize *resize, const uint8_t *pixels);
