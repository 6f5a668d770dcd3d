/* What stood in a JPEG file: which APPn segments, comments, second images, bytes after the end; and how costly is it to
 * decode? */
#include "media/container.h"

#include "media/bytes.h"
#include <glib.h>

static bool starts(const uint8_t *data, size_t size, const char *text, size_t length)
{
        return size >= length && memcmp(data, text, length) == 0;
}
#define STARTS(text) starts(data, size, text, sizeof(text) - 1)

static void read_app1(const uint8_t *data, size_t size, struct plc_container *out)
{
        if (STARTS("Exif\0")) { /* the sixth byte is 0, or FF in files of some old cameras */
                out->found |= PLC_REMOVED_EXIF;
                if (out->exif == NULL && size > 6)
                        out->exif = data + 6, out->exif_size = size - 6;
        } else if (STARTS("http://ns.adobe.com/x")) {
                out->found |= PLC_REMOVED_XMP;
                if (out->xmp == NULL)
                        out->xmp = data, out->xmp_size = size;
        } else {
                out->found |= PLC_REMOVED_COMMENT;
        }
}

static void read_segment(uint8_t marker, const uint8_t *data, size_t size, struct plc_container *out)
{
        switch (marker) {
        case 0xE0:
                if ((STARTS("JFIF\0") && size > 14) || STARTS("JFXX"))
                        out->found |= PLC_REMOVED_THUMBNAIL;
                break;
        case 0xE1:
                read_app1(data, size, out);
                break;
        case 0xE2:
                out->found |= STARTS("ICC_PROFILE") ? PLC_REMOVED_ICC : PLC_REMOVED_MPF;
                break;
        case 0xEB:
                out->found |= PLC_REMOVED_C2PA;
                if (out->c2pa == NULL)
                        out->c2pa = data, out->c2pa_size = size;
                break;
        case 0xED:
                out->found |= PLC_REMOVED_IPTC;
                break;
        case 0xEE: /* Adobe's transform flag: structure */
                break;
        default:
                out->found |= PLC_REMOVED_COMMENT;
        }
}

/* ITU-T T.81 B.2.2. */
static void read_frame(uint8_t marker, const uint8_t *data, size_t size, struct plc_container *out)
{
        if (size < 6 || out->width != 0)
                return;
        out->height = plc_be16(data + 1);
        out->width = plc_be16(data + 3);
        out->components = data[5];
        if (marker == 0xC2 || marker == 0xC6 || marker == 0xCA || marker == 0xCE)
                out->buffered = true;
        unsigned max_h = 1, max_v = 1;
        uint64_t samples = 0, pixels = (uint64_t)out->width * out->height;
        for (unsigned c = 0; c < out->components && 6 + (c + 1) * 3 <= size; c++) {
                max_h = MAX(max_h, (unsigned)data[7 + c * 3] >> 4);
                max_v = MAX(max_v, data[7 + c * 3] & 15U);
        }
        for (unsigned c = 0; c < out->components && 6 + (c + 1) * 3 <= size; c++)
                samples += pixels * (data[7 + c * 3] >> 4) * (data[7 + c * 3] & 15U) / (max_h * max_v);
        out->coefficient_bytes = 2 * samples;
}

/* Entropy-coded data ends at the first marker that is neither a stuffed zero nor a restart (T.81 B.1.1.5). */
static size_t skip_scan(const uint8_t *bytes, size_t size, size_t at)
{
        while (at + 1 < size) {
                const uint8_t *ff = memchr(bytes + at, 0xFF, size - at - 1);
                if (ff == NULL)
                        return size;
                at = (size_t)(ff - bytes);
                if (ff[1] != 0 && !(ff[1] >= 0xD0 && ff[1] <= 0xD7) && ff[1] != 0xFF)
                        return at;
                at += ff[1] == 0xFF ? 1 : 2;
        }
        return size;
}

/* Motion photos append an MP4 or QuickTime file, at once or behind a second picture. */
static bool holds_video(const uint8_t *trailer, size_t size)
{
        static const char *const kinds[] = {"ftypmp4", "ftypisom", "ftypqt  ", "ftypmp42", "ftyp3gp"};
        for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++)
                if (memmem(trailer, size, kinds[i], strlen(kinds[i])) != NULL)
                        return true;
        return false;
}

void plc_container_read_jpeg(const uint8_t *bytes, size_t size, struct plc_container *out)
{
        size_t at = 2;

        while (at + 4 <= size) {
                if (bytes[at] != 0xFF) { /* stray bytes: decoders look for the next marker, so do we */
                        at++;
                        continue;
                }
                uint8_t marker = bytes[at + 1];
                if (marker == 0xFF) {
                        at++;
                        continue;
                }
                if (marker == 0xD9)
                        break;
                if (marker <= 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {
                        at += 2;
                        continue;
                }
                size_t length = plc_be16(bytes + at + 2);
                if (length < 2 || length > size - at - 2)
                        return;
                const uint8_t *data = bytes + at + 4;
                if ((marker >= 0xE0 && marker <= 0xEF) || marker == 0xFE || (marker >= 0xF0 && marker <= 0xFD))
                        read_segment(marker, data, length - 2, out);
                else if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC)
                        read_frame(marker, data, length - 2, out);
                at += 2 + length;
                if (marker == 0xDA) {
                        out->scans++;
                        at = skip_scan(bytes, size, at);
                }
        }
        out->buffered = out->buffered || out->scans > 1;
        if (at + 2 < size)
                out->found |= PLC_REMOVED_TRAILER;
        if (at + 2 < size && holds_video(bytes + at + 2, size - at - 2))
                out->found |= PLC_REMOVED_VIDEO;
        /* A JPEG behind the end, as Multi-Picture Format, gain maps and some trailers have it. */
        if (at + 5 < size && memcmp(bytes + at + 2, "\xFF\xD8\xFF", 3) == 0)
                out->found |= PLC_REMOVED_MPF;
}
