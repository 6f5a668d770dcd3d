/* How is one crop told to those who cut by themselves? The same rectangle, in pixels of the upright original, as three
 * interfaces write it. */
#pragma once
#include <glib.h>

#include "wire/plan.h"

/*
 * Members of an open object: "meta" [[left, top], [right, bottom]] (image_crops of the Marketing API), "microsoft"
 * {CropX, CropY, CropWidth, CropHeight} counted from the LOWER left corner (ImageAsset of the Campaign Management API),
 * "taboola" {top_left_x, top_left_y, width, height}.
 */
void plc_notation_write(GString *out, const struct plc_rect *crop, uint32_t photo_height);
