/* What stood in the original, by a walk of its container? Bounded, never fails: it stops at the first thing that is
 * broken. */
#pragma once
#include "wire/plan.h"
#include <stddef.h>

/* Pointers into the file's bytes; NULL where there is none. */
struct plc_container {
        uint32_t found;      /* bits of enum plc_removed that the container itself tells */
        const uint8_t *exif; /* TIFF structure, without "Exif\0\0" */
        size_t exif_size;
        const uint8_t *xmp;
        size_t xmp_size;
        const uint8_t *c2pa;
        size_t c2pa_size;
        /* JPEG only, from its frame header. */
        uint32_t width, height, components, scans;
        bool buffered;              /* progressive, or several scans: the decoder holds all coefficients at once */
        uint64_t coefficient_bytes; /* of that buffer: 2 a coefficient, by the sampling factors */
        bool has_display_p3_nclx;   /* HEIF: primaries 12 (SMPTE EG 432-1) without an ICC profile */
};

void plc_container_read(enum plc_format format, const uint8_t *bytes, size_t size, struct plc_container *out);
/* Its parts, one per file. */
void plc_container_read_jpeg(const uint8_t *bytes, size_t size, struct plc_container *out);
void plc_container_read_png(const uint8_t *bytes, size_t size, struct plc_container *out);
void plc_container_read_webp(const uint8_t *bytes, size_t size, struct plc_container *out);
void plc_container_read_heif(const uint8_t *bytes, size_t size, struct plc_container *out);
void plc_container_read_tiff(const uint8_t *bytes, size_t size, struct plc_container *out);
void plc_container_read_gif(const uint8_t *bytes, size_t size, struct plc_container *out);
