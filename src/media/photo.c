/* Is it a photo that we take? Type by content, then every limit that its header can tell, before one pixel is decoded.
 */
#include "media/photo.h"

#include "base/file.h"
#include "media/colour.h"
#include "media/load.h"
#include "media/removed.h"
#include "media/sniff.h"
#include <sys/stat.h>

/*
 * A progressive JPEG, or one of several scans, is held whole as coefficients while it is decoded: 2 bytes each, 150 MB
 * for 50 megapixels in 4:2:0, 300 MB in 4:4:4. Within this and the pixels made of it a worker stays under 512 MiB.
 */
#define MAX_COEFFICIENT_BYTES ((uint64_t)320 * 1024 * 1024)
#define MAX_SCANS 64U /* encoders write up to 12; each costs a pass over all coefficients */
#define MAX_SCAN_WORK ((uint64_t)1200 * 1000 * 1000) /* pixels × scans: 50 megapixels in 24 scans */

/*
 * HEIF of more than 8 bits: libheif 1.15 holds the planes twice and the colours in 16 bits twice, 29 bytes a pixel in
 * 4:2:0 (measured: 618 MiB for 20.6 megapixels), more in 4:4:4 or with alpha. Phones' photos of 12 megapixels pass.
 */
#define DEEP_HEIF_BYTES 36U /* a pixel */
#define MAX_HELD_BYTES ((uint64_t)440 * 1024 * 1024)

bool plc_vips_fail(GError **error, plc_code code, const char *what)
{
        const char *all = vips_error_buffer(),
                   *line = all; /* the last line is the cause, those before it are warnings */
        size_t length = strlen(all), n = 0;
        char text[120];

        while (length > 0 && all[length - 1] == '\n')
                length--;
        for (const char *c = all; c < all + length; c++)
                if (*c == '\n')
                        line = c + 1;
        for (; line < all + length && n + 1 < sizeof text; line++)
                text[n++] = *line >= ' ' && *line < 0x7F ? *line : '?';
        text[n] = '\0';
        vips_error_clear();
        return plc_fail(error, code, "%s%s%s%s", what, n > 0 ? " (" : "", text, n > 0 ? ")" : "");
}

static bool map(int fd, const struct plc_photo_limits *limits, struct plc_photo *out, GError **error)
{
        struct stat st;
        if (fstat(fd, &st) != 0)
                return plc_fail_errno(error, errno, "looking at the photo");
        if (st.st_size < 0 || (uint64_t)st.st_size > limits->max_bytes)
                return plc_fail(error, PLC_E_TOO_LARGE, "the photo has %lld bytes, the limit is %llu",
                                (long long)st.st_size, (unsigned long long)limits->max_bytes);
        return plc_map_fd(fd, (size_t)st.st_size, &out->bytes, error);
}

static bool check_sides(uint64_t w, uint64_t h, const struct plc_photo_limits *limits, GError **error)
{
        if (w == 0 || h == 0)
                return plc_fail(error, PLC_E_UNREADABLE, "the photo has no pixels");
        if (w > limits->max_side || h > limits->max_side || w * h > limits->max_pixels)
                return plc_fail(error, PLC_E_TOO_LARGE,
                                "the photo has %llux%llu pixels, the limit is %.1f megapixels and %u a side",
                                (unsigned long long)w, (unsigned long long)h, (double)limits->max_pixels / 1e6,
                                limits->max_side);
        return true;
}

/* Before libvips sees the file: a progressive bomb is told by its frame header alone. */
static bool check_jpeg_cost(const struct plc_container *c, const struct plc_photo_limits *limits, GError **error)
{
        if (c->width == 0)
                return true; /* no frame header, or one that gives its height later: libjpeg refuses both */
        if (!check_sides(c->width, MAX(c->height, 1), limits, error))
                return false;
        if (!c->buffered)
                return true;
        uint64_t work = (uint64_t)c->width * c->height * c->scans;
        if (c->coefficient_bytes > MAX_COEFFICIENT_BYTES || c->scans > MAX_SCANS || work > MAX_SCAN_WORK)
                return plc_fail(error, PLC_E_TOO_LARGE,
                                "the progressive photo has %ux%u pixels in %u scans, too much to decode", c->width,
                                c->height, c->scans);
        return true;
}

static bool check_heif_cost(const struct plc_photo *photo, VipsImage *header, uint64_t pixels, GError **error)
{
        bool heif = photo->format == PLC_FORMAT_HEIC || photo->format == PLC_FORMAT_AVIF;

        if (!heif || header->BandFmt == VIPS_FORMAT_UCHAR || pixels * DEEP_HEIF_BYTES <= MAX_HELD_BYTES)
                return true;
        return plc_fail(error, PLC_E_TOO_LARGE,
                        "the photo has %.1f megapixels of more than 8 bits a colour, the limit of such %s is %.1f",
                        (double)pixels / 1e6, plc_format_name(photo->format), MAX_HELD_BYTES / DEEP_HEIF_BYTES / 1e6);
}

static unsigned orientation_of(const struct plc_photo *photo, VipsImage *header)
{
        int value = 1;
        switch (photo->format) {
        case PLC_FORMAT_JPEG:
        case PLC_FORMAT_PNG:
        case PLC_FORMAT_WEBP:
                return plc_exif_orientation(photo->container.exif, photo->container.exif_size);
        case PLC_FORMAT_TIFF:
                if (vips_image_get_typeof(header, VIPS_META_ORIENTATION) != 0 &&
                    vips_image_get_int(header, VIPS_META_ORIENTATION, &value) == 0 && value >= 1 && value <= 8)
                        return (unsigned)value;
                return 1;
        default:
                return 1; /* HEIF turns by irot and imir, and libheif has done it; its EXIF tag tells nothing (ISO/IEC
                             23008-12 A.2.1) */
        }
}

static bool read_header(struct plc_photo *photo, const struct plc_photo_limits *limits, GError **error)
{
        plc_autoimage header = plc_load(photo, 1, error);
        if (header == NULL)
                return false;
        uint64_t w = (uint64_t)vips_image_get_width(header), h = (uint64_t)vips_image_get_height(header);
        if (!check_sides(w, h, limits, error) || !check_heif_cost(photo, header, w * h, error))
                return false;
        photo->frames = (uint32_t)vips_image_get_n_pages(header);
        if (photo->frames > limits->max_frames)
                return plc_fail(error, PLC_E_TOO_LARGE, "the file has %u frames, the limit is %u", photo->frames,
                                limits->max_frames);
        photo->stored_width = (uint32_t)w;
        photo->stored_height = (uint32_t)h;
        photo->alpha = vips_image_hasalpha(header);
        photo->orientation = orientation_of(photo, header);
        bool turned = photo->orientation >= 5;
        photo->width = turned ? photo->stored_height : photo->stored_width;
        photo->height = turned ? photo->stored_width : photo->stored_height;
        plc_colour_name(header, &photo->container, photo->colour, sizeof photo->colour);
        return true;
}

bool plc_photo_open(int fd, const struct plc_photo_limits *limits, struct plc_photo *out, GError **error)
{
        const char *other;

        *out = (struct plc_photo){0};
        if (!map(fd, limits, out, error))
                return false;
        size_t size;
        const uint8_t *bytes = g_bytes_get_data(out->bytes, &size);
        out->format = plc_sniff(bytes, size, &other);
        if (out->format == PLC_FORMAT_UNKNOWN)
                return plc_fail(error, PLC_E_UNSUPPORTED,
                                "the file is %s; photos are taken as JPEG, PNG, WebP, HEIC, AVIF, GIF or TIFF", other);
        plc_container_read(out->format, bytes, size, &out->container);
        if (out->format == PLC_FORMAT_JPEG && !check_jpeg_cost(&out->container, limits, error))
                return false;
        return read_header(out, limits, error);
}

void plc_photo_clear(struct plc_photo *photo)
{
        g_clear_pointer(&photo->bytes, g_bytes_unref);
}
