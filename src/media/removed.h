/* What of a person and a camera stood in the original? Fills removed, taken_at, camera, digital_source_type of the
 * facts. */
#pragma once
#include "media/container.h"

void plc_removed_read(const struct plc_container *container, struct plc_facts *facts);
/* EXIF orientation 1-8; 1 where there is none or it is not one of them. */
unsigned plc_exif_orientation(const uint8_t *exif, size_t size);
