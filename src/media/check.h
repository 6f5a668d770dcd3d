/* The parts of plc_media_check_clean, one per container. They share nothing with the encoders or the muxer;
 * what they find is added to *holds (bits of enum plc_holds). */
#pragma once
#include "media/media.h"

bool plc_check_jpeg(const uint8_t *bytes, size_t size, bool allow_icc, const char *xmp, uint32_t *holds,
                    GError **error);
bool plc_check_png(const uint8_t *bytes, size_t size, const char *xmp, uint32_t *holds, GError **error);
bool plc_check_webp(const uint8_t *bytes, size_t size, bool allow_icc, const char *xmp, uint32_t *holds,
                    GError **error);
bool plc_check_isobmff(const uint8_t *bytes, size_t size, bool allow_icc, const char *xmp, uint32_t *holds,
                       GError **error);
/* RGB, at most 3,200 bytes, the tags an sRGB profile needs and no others, described as sRGB, no device named. */
bool plc_check_icc(const uint8_t *bytes, size_t size, GError **error);
