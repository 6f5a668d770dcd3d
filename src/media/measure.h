/* What can be said about the pixels? Placeholder, sharpness, exposure, and where an eye looks first. */
#pragma once
#include "media/photo.h"

/* `level`: an upright sRGB memory image of the whole photo, best about 1024 pixels. Fills its facts; what cannot be
 * told stays empty. */
bool plc_measure(VipsImage *level, struct plc_facts *facts, GError **error);
