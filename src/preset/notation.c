/* How is one crop told to those who cut by themselves? */
#include "preset/notation.h"

#include "base/json.h"

static void pair(GString *out, int64_t x, int64_t y)
{
        plc_jw_array(out, NULL);
        plc_jw_int(out, NULL, x);
        plc_jw_int(out, NULL, y);
        plc_jw_end_array(out);
}

void plc_notation_write(GString *out, const struct plc_rect *crop, uint32_t photo_height)
{
        int64_t right = (int64_t)crop->x + crop->w, bottom = (int64_t)crop->y + crop->h;

        plc_jw_array(out, "meta");
        pair(out, crop->x, crop->y);
        pair(out, right, bottom);
        plc_jw_end_array(out);
        plc_jw_object(out, "microsoft");
        plc_jw_int(out, "CropX", crop->x);
        plc_jw_int(out, "CropY", (int64_t)photo_height - bottom);
        plc_jw_int(out, "CropWidth", crop->w);
        plc_jw_int(out, "CropHeight", crop->h);
        plc_jw_end_object(out);
        plc_jw_object(out, "taboola");
        plc_jw_int(out, "top_left_x", crop->x);
        plc_jw_int(out, "top_left_y", crop->y);
        plc_jw_int(out, "width", crop->w);
        plc_jw_int(out, "height", crop->h);
        plc_jw_end_object(out);
}
