/* How are all the sizes made from one decode? A shrinking pile of levels of the whole photo; each picture from the
 * smallest that serves. */
#pragma once
#include "base/error.h"
#include "media/frame.h"
#include "media/image.h"

/* Pixels that at least one file needs; two files of the same pixels share one. */
struct plc_picture {
        enum plc_fit fit;
        struct plc_rect crop;
        struct plc_frame_size size;
};

bool plc_picture_same(const struct plc_picture *a, const struct plc_picture *b);
/* Largest ratio of made pixels to the photo's own that the picture needs. */
double plc_picture_scale(const struct plc_picture *picture);
/* The scale at which to decode, for a picture of this scale: all of it where one resize more would only soften. */
double plc_master_scale(double largest);

typedef struct plc_levels plc_levels;
/* Takes over the decoded photo (plc_photo_decode), of any size; width and height are those of the upright original. */
plc_levels *plc_levels_new(VipsImage *master, uint32_t width, uint32_t height);
void plc_levels_free(plc_levels *levels);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_levels, plc_levels_free)
/* The whole photo with its longer side at most `side`, colours not multiplied by alpha; NULL only without memory. */
VipsImage *plc_picture_small(const plc_levels *levels, uint32_t side);
/* Ask in order of falling scale. In memory, bare; a reference of the caller's. */
bool plc_picture_make(plc_levels *levels, const struct plc_picture *picture, VipsImage **out, GError **error);
