/* What can be said about the pixels? Placeholder, sharpness, exposure, and where an eye looks first. */
#pragma once
#include "media/photo.h"

/* What is opaque of a picture that lies on nothing, in fractions of it; w is 0 where it is no such picture. */
struct plc_cut_out {
        double x, y, w, h;
};

/* `level`: an upright sRGB memory image of the whole photo, best about 1024 pixels. Fills its facts; what cannot be
 * told stays empty. */
bool plc_measure(VipsImage *level, struct plc_facts *facts, struct plc_cut_out *out_cut_out, GError **error);
