/* What stood in a PNG, WebP, TIFF or GIF file, by its chunks and tags? (JPEG and HEIF have files of their own.) */
#include "media/container.h"

#include "media/bytes.h"
#include <glib.h>

#define MAX_CHUNKS                                                                                                     \
        100000 /* a 40 MB PNG cut into chunks of 1 byte would be 3 million; honest ones have under 10,000              \
                */

static bool is(const uint8_t *four, const char *name)
{
        return memcmp(four, name, 4) == 0;
}

void plc_container_read_png(const uint8_t *bytes, size_t size, struct plc_container *out)
{
        size_t at = 8;

        for (unsigned n = 0; n < MAX_CHUNKS && at + 12 <= size; n++) {
                size_t length = plc_be32(bytes + at);
                const uint8_t *type = bytes + at + 4, *data = bytes + at + 8;
                if (length > size - at - 12)
                        return;
                if (is(type, "eXIf")) {
                        out->found |= PLC_REMOVED_EXIF;
                        out->exif = data, out->exif_size = length;
                } else if (is(type, "iTXt") && length > 22 && memcmp(data, "XML:com.adobe.xmp", 18) == 0) {
                        out->found |= PLC_REMOVED_XMP;
                        out->xmp = data, out->xmp_size = length;
                } else if (is(type, "tEXt") || is(type, "zTXt") || is(type, "iTXt")) {
                        /* ImageMagick's way, before PNG had a chunk for it */
                        bool raw = length > 21 && (memcmp(data, "Raw profile type exif", 21) == 0 ||
                                                   memcmp(data, "Raw profile type APP1", 21) == 0);
                        out->found |= raw ? PLC_REMOVED_EXIF : PLC_REMOVED_COMMENT;
                } else if (is(type, "tIME")) {
                        out->found |= PLC_REMOVED_TIME;
                } else if (is(type, "iCCP")) {
                        out->found |= PLC_REMOVED_ICC;
                } else if (is(type, "caBX")) {
                        out->found |= PLC_REMOVED_C2PA;
                        out->c2pa = data, out->c2pa_size = length;
                }
                at += 12 + length;
                if (is(type, "IEND"))
                        break;
        }
        if (at < size)
                out->found |= PLC_REMOVED_TRAILER;
}

void plc_container_read_webp(const uint8_t *bytes, size_t size, struct plc_container *out)
{
        if (size < 12)
                return;
        size_t end = MIN(size, (size_t)plc_le32(bytes + 4) + 8), at = 12;

        for (unsigned n = 0; n < MAX_CHUNKS && at + 8 <= end; n++) {
                size_t length = plc_le32(bytes + at + 4);
                const uint8_t *type = bytes + at, *data = bytes + at + 8;
                if (length > end - at - 8)
                        return;
                if (is(type, "EXIF")) {
                        bool prefixed = length > 6 && memcmp(data, "Exif\0\0", 6) == 0;
                        out->found |= PLC_REMOVED_EXIF;
                        out->exif = data + (prefixed ? 6 : 0), out->exif_size = length - (prefixed ? 6 : 0);
                } else if (is(type, "XMP ")) {
                        out->found |= PLC_REMOVED_XMP;
                        out->xmp = data, out->xmp_size = length;
                } else if (is(type, "ICCP")) {
                        out->found |= PLC_REMOVED_ICC;
                } else if (is(type, "C2PA")) {
                        out->found |= PLC_REMOVED_C2PA;
                        out->c2pa = data, out->c2pa_size = length;
                } else if (!is(type, "VP8 ") && !is(type, "VP8L") && !is(type, "VP8X") && !is(type, "ALPH") &&
                           !is(type, "ANIM") && !is(type, "ANMF")) {
                        out->found |= PLC_REMOVED_COMMENT;
                }
                at += 8 + length + (length & 1);
        }
        if (end < size)
                out->found |= PLC_REMOVED_TRAILER;
}

static const struct {
        uint16_t tag;
        uint32_t means;
} tiff_tags[] = {
        {0x010E, PLC_REMOVED_COMMENT}, /* ImageDescription */
        {0x010F, PLC_REMOVED_CAMERA},  {0x0110, PLC_REMOVED_CAMERA}, {0x0131, PLC_REMOVED_COMMENT}, /* Software */
        {0x0132, PLC_REMOVED_TIME},                                                                 /* DateTime */
        {0x013B, PLC_REMOVED_SERIAL}, /* Artist: the owner's name in many cameras */
        {0x02BC, PLC_REMOVED_XMP},     {0x83BB, PLC_REMOVED_IPTC},   {0x8649, PLC_REMOVED_IPTC},
        {0x8769, PLC_REMOVED_EXIF},    {0x8773, PLC_REMOVED_ICC},    {0x8825, PLC_REMOVED_GPS},
        {0xC62F, PLC_REMOVED_SERIAL},
};

void plc_container_read_tiff(const uint8_t *bytes, size_t size, struct plc_container *out)
{
        if (size < 8)
                return;
        bool big = bytes[0] == 'M';
        size_t at = big ? plc_be32(bytes + 4) : plc_le32(bytes + 4);
        if (at > size - 2)
                return;
        unsigned n = big ? plc_be16(bytes + at) : plc_le16(bytes + at);

        for (unsigned i = 0; i < n && at + 2 + (i + 1) * 12 <= size; i++) {
                const uint8_t *entry = bytes + at + 2 + (size_t)i * 12;
                uint16_t tag = big ? plc_be16(entry) : plc_le16(entry);
                size_t length = big ? plc_be32(entry + 4) : plc_le32(entry + 4);
                size_t value = big ? plc_be32(entry + 8) : plc_le32(entry + 8);
                for (unsigned t = 0; t < G_N_ELEMENTS(tiff_tags); t++)
                        if (tiff_tags[t].tag == tag)
                                out->found |= tiff_tags[t].means;
                if (tag == 0x02BC && value < size && length <= size - value)
                        out->xmp = bytes + value, out->xmp_size = length;
        }
        size_t next = at + 2 + (size_t)n * 12;
        if (next + 4 <= size && plc_be32(bytes + next) != 0)
                out->found |= PLC_REMOVED_MPF; /* further pages */
}

/* Sub-blocks of a GIF extension (GIF89a section 15): returns the place after the closing zero, or size. */
static size_t skip_sub_blocks(const uint8_t *bytes, size_t size, size_t at)
{
        while (at < size && bytes[at] != 0)
                at += 1 + (size_t)bytes[at];
        return MIN(at + 1, size);
}

void plc_container_read_gif(const uint8_t *bytes, size_t size, struct plc_container *out)
{
        if (size < 13)
                return;
        size_t at = 13 + ((bytes[10] & 0x80) != 0 ? (size_t)3 * (2U << (bytes[10] & 7)) : 0);

        while (at + 2 < size) {
                if (bytes[at] == 0x21) {
                        uint8_t label = bytes[at + 1];
                        if (label == 0xFE || label == 0x01)
                                out->found |= PLC_REMOVED_COMMENT;
                        if (label == 0xFF && at + 14 < size && memcmp(bytes + at + 3, "XMP DataXMP", 11) == 0) {
                                out->found |= PLC_REMOVED_XMP;
                                out->xmp = bytes + at + 14, out->xmp_size = size - at - 14;
                        }
                        if (label == 0xFF && at + 14 < size && memcmp(bytes + at + 3, "ICCRGBG1012", 11) == 0)
                                out->found |= PLC_REMOVED_ICC;
                        at = skip_sub_blocks(bytes, size, at + 2);
                } else if (bytes[at] == 0x2C && at + 10 < size) {
                        uint8_t flags = bytes[at + 9];
                        at += 11 + ((flags & 0x80) != 0 ? (size_t)3 * (2U << (flags & 7)) : 0);
                        at = skip_sub_blocks(bytes, size, at);
                } else {
                        return;
                }
        }
        if (at + 1 < size)
                out->found |= PLC_REMOVED_TRAILER;
}

void plc_container_read(enum plc_format format, const uint8_t *bytes, size_t size, struct plc_container *out)
{
        static void (*const readers[PLC_FORMAT_COUNT_])(const uint8_t *, size_t, struct plc_container *) = {
                [PLC_FORMAT_JPEG] = plc_container_read_jpeg, [PLC_FORMAT_PNG] = plc_container_read_png,
                [PLC_FORMAT_WEBP] = plc_container_read_webp, [PLC_FORMAT_HEIC] = plc_container_read_heif,
                [PLC_FORMAT_AVIF] = plc_container_read_heif, [PLC_FORMAT_GIF] = plc_container_read_gif,
                [PLC_FORMAT_TIFF] = plc_container_read_tiff,
        };
        *out = (struct plc_container){0};
        if (readers[format] != NULL)
                readers[format](bytes, size, out);
}
