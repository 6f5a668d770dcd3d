/* Does a JPEG that we wrote hold anything but the picture? ITU-T T.81 annex B, JFIF 1.02; every byte is accounted for.
 */
#include "media/check.h"

#include "media/bytes.h"

struct jpeg {
        bool allow_icc;
        const char *xmp;
        unsigned frames, scans, jfifs, xmps, iccs;
};

static bool unclean(GError **error, uint8_t marker, size_t at, const char *what)
{
        return plc_fail(error, PLC_E_UNCLEAN, "JPEG: %s (marker FF%02X at byte %zu)", what, marker, at);
}

static bool tables_fill(uint8_t marker, const uint8_t *data, size_t size)
{
        size_t at = 0;
        while (at < size) {
                if (marker == 0xDB) {
                        at += (data[at] >> 4) != 0 ? 129 : 65;
                } else {
                        if (size - at < 17)
                                return false;
                        size_t codes = 0;
                        for (unsigned i = 1; i <= 16; i++)
                                codes += data[at + i];
                        at += 17 + codes;
                }
        }
        return at == size;
}

static bool check_app(struct jpeg *j, uint8_t marker, const uint8_t *data, size_t size, size_t at, GError **error)
{
        static const char signature[] = "http://ns.adobe.com/xap/1.0/";
        if (marker == 0xE0) {
                if (size != 14 || memcmp(data, "JFIF", 5) != 0 || data[12] != 0 || data[13] != 0 || j->jfifs++ != 0)
                        return unclean(error, marker, at, "a JFIF header with a thumbnail, or not JFIF");
                return true;
        }
        if (marker == 0xE1 && j->xmp != NULL && size == sizeof signature + strlen(j->xmp) &&
            memcmp(data, signature, sizeof signature) == 0 &&
            memcmp(data + sizeof signature, j->xmp, strlen(j->xmp)) == 0 && j->xmps++ == 0)
                return true;
        if (marker == 0xE2 && j->allow_icc && size > 14 && memcmp(data, "ICC_PROFILE\0\1\1", 14) == 0 && j->iccs++ == 0)
                return plc_check_icc(data + 14, size - 14, error);
        return unclean(error, marker, at, "a segment that is not on the list");
}

static bool check_segment(struct jpeg *j, uint8_t marker, const uint8_t *data, size_t size, size_t at, GError **error)
{
        switch (marker) {
        case 0xC0:
        case 0xC1:
        case 0xC2: /* baseline, extended, progressive */
                if (size < 6 || size != 6 + (size_t)data[5] * 3 || j->frames++ != 0)
                        return unclean(error, marker, at, "a frame header of another size, or a second one");
                return true;
        case 0xC4:
        case 0xDB:
                return tables_fill(marker, data, size) || unclean(error, marker, at, "slack in a table");
        case 0xDD:
                return size == 2 || unclean(error, marker, at, "a restart interval of another size");
        case 0xDA:
                if (j->frames != 1 || size < 4 || size != 4 + (size_t)data[0] * 2)
                        return unclean(error, marker, at, "a scan header of another size, or before the frame");
                j->scans++;
                return true;
        default:
                return check_app(j, marker, data, size, at, error);
        }
}

/* To the marker that ends the scan; no fill bytes are allowed. */
static size_t scan_end(const uint8_t *bytes, size_t size, size_t at)
{
        while (at + 1 < size) {
                if (bytes[at] == 0xFF && bytes[at + 1] != 0 && !(bytes[at + 1] >= 0xD0 && bytes[at + 1] <= 0xD7))
                        return at;
                at += bytes[at] == 0xFF ? 2 : 1;
        }
        return size;
}

bool plc_check_jpeg(const uint8_t *bytes, size_t size, bool allow_icc, const char *xmp, uint32_t *holds, GError **error)
{
        struct jpeg j = {.allow_icc = allow_icc, .xmp = xmp};
        size_t at = 2;

        if (size < 4 || bytes[0] != 0xFF || bytes[1] != 0xD8)
                return unclean(error, 0xD8, 0, "no start of image");
        while (at + 2 <= size) {
                if (bytes[at] != 0xFF)
                        return unclean(error, bytes[at], at, "stray bytes between segments");
                uint8_t marker = bytes[at + 1];
                if (marker == 0xD9) {
                        if (j.scans == 0)
                                return unclean(error, marker, at, "no picture");
                        *holds |= (j.jfifs > 0 ? PLC_HOLDS_JFIF : 0U) | (j.xmps > 0 ? PLC_HOLDS_XMP : 0U) |
                                  (j.iccs > 0 ? PLC_HOLDS_ICC : 0U);
                        return at + 2 == size || unclean(error, marker, at, "bytes after the end of the image");
                }
                if (at + 4 > size)
                        break;
                size_t length = plc_be16(bytes + at + 2);
                if (length < 2 || length > size - at - 2)
                        return unclean(error, marker, at, "a segment that runs over the end");
                if (!check_segment(&j, marker, bytes + at + 4, length - 2, at, error))
                        return false;
                at += 2 + length;
                if (marker == 0xDA)
                        at = scan_end(bytes, size, at);
        }
        return unclean(error, 0xD9, at, "no end of image");
}
