/* Which format is it, by content? Magic numbers of the accepted formats, and names of the refused ones for the
 * sentence. */
#include "media/sniff.h"

#include "media/bytes.h"
#include <glib.h>

static const struct {
        unsigned offset, size;
        const char *magic;
        const char *what;
} others[] = {
        {0, 2, "BM", "a BMP image"},
        {0, 4, "%PDF", "a PDF document"},
        {0, 4, "<svg", "an SVG drawing"},
        {0, 5, "<?xml", "an XML or SVG document"},
        {0, 2, "\xFF\x0A", "a JPEG XL image"},
        {4, 8, "JXL \r\n\x87\n", "a JPEG XL image"},
        {4, 8, "jP  \r\n\x87\n", "a JPEG 2000 image"},
        {0, 4, "8BPS", "a Photoshop document"},
        {0, 4, "\x76\x2f\x31\x01", "an OpenEXR image"},
        {0, 4, "\x1A\x45\xDF\xA3", "a video"},
        {0, 6, "/* XPM", "an XPM drawing"},
        {0, 2, "PK", "a zip archive"},
        {0, 4, "\x00\x00\x01\x00", "an icon"},
        {0, 2, "P6", "a PPM image"},
        {0, 14, "<!DOCTYPE html", "a web page"},
};

static const char *const video_brands[] = {"isom", "iso2", "mp41", "mp42", "qt  ", "M4V ", "3gp4", "3gp5", "avc1"};

/* ISO/IEC 23008-12: brands of still images; avif and avis are AV1 (AVIF 1.1 section 6). */
static enum plc_format sniff_isobmff(const uint8_t *bytes, size_t size, const char **out_other)
{
        uint32_t box = plc_be32(bytes);
        size_t end = MIN((size_t)box, MIN(size, (size_t)512)); /* real ftyp boxes hold under 20 brands */
        bool heic = false;

        for (size_t i = 8; i + 4 <= end; i += i == 8 ? 8 : 4) {
                const char *brand = (const char *)bytes + i;
                if (memcmp(brand, "avif", 4) == 0 || memcmp(brand, "avis", 4) == 0)
                        return PLC_FORMAT_AVIF;
                if (memcmp(brand, "hei", 3) == 0 || memcmp(brand, "hev", 3) == 0 || memcmp(brand, "mif1", 4) == 0 ||
                    memcmp(brand, "msf1", 4) == 0)
                        heic = true;
        }
        if (heic)
                return PLC_FORMAT_HEIC;
        *out_other = "an unknown ISO media file";
        for (unsigned i = 0; i < G_N_ELEMENTS(video_brands); i++)
                if (memcmp(bytes + 8, video_brands[i], 4) == 0)
                        *out_other = "a video";
        if (memcmp(bytes + 8, "crx ", 4) == 0)
                *out_other = "a camera raw file";
        return PLC_FORMAT_UNKNOWN;
}

/* Camera raw files (DNG, NEF, ARW, CR2 …) are TIFF files whose first picture is a thumbnail: shown as the photo, they
 * mislead. */
static bool is_camera_raw(const uint8_t *bytes, size_t size, bool big_endian)
{
        if (size < 14 || memcmp(bytes + 8, "CR", 2) == 0)
                return true;
        uint32_t at = big_endian ? plc_be32(bytes + 4) : plc_le32(bytes + 4);
        if (at > size - 2)
                return false;
        unsigned n = big_endian ? plc_be16(bytes + at) : plc_le16(bytes + at);
        for (unsigned i = 0; i < n && (size_t)at + 2 + (i + 1) * 12 <= size; i++) {
                const uint8_t *entry = bytes + at + 2 + (size_t)i * 12;
                unsigned tag = big_endian ? plc_be16(entry) : plc_le16(entry);
                uint32_t value = big_endian ? plc_be32(entry + 8) : plc_le32(entry + 8);
                if (tag == 0xC612 ||
                    (tag == 0x00FE && (value & 1) != 0)) /* DNGVersion; NewSubfileType: reduced resolution */
                        return true;
        }
        return false;
}

static enum plc_format sniff_tiff(const uint8_t *bytes, size_t size, const char **out_other)
{
        if (!is_camera_raw(bytes, size, bytes[0] == 'M'))
                return PLC_FORMAT_TIFF;
        *out_other = "a camera raw file";
        return PLC_FORMAT_UNKNOWN;
}

enum plc_format plc_sniff(const uint8_t *bytes, size_t size, const char **out_other)
{
        *out_other = size == 0 ? "empty" : "of an unknown kind";
        if (size < 16)
                return PLC_FORMAT_UNKNOWN;
        if (memcmp(bytes, "\xFF\xD8\xFF", 3) == 0)
                return PLC_FORMAT_JPEG;
        if (memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) == 0)
                return PLC_FORMAT_PNG;
        if (memcmp(bytes, "RIFF", 4) == 0 && memcmp(bytes + 8, "WEBP", 4) == 0)
                return PLC_FORMAT_WEBP;
        if (memcmp(bytes, "GIF87a", 6) == 0 || memcmp(bytes, "GIF89a", 6) == 0)
                return PLC_FORMAT_GIF;
        if (memcmp(bytes, "II*\0", 4) == 0 || memcmp(bytes, "MM\0*", 4) == 0)
                return sniff_tiff(bytes, size, out_other);
        if (memcmp(bytes + 4, "ftyp", 4) == 0)
                return sniff_isobmff(bytes, size, out_other);
        for (unsigned i = 0; i < G_N_ELEMENTS(others); i++)
                if (memcmp(bytes + others[i].offset, others[i].magic, others[i].size) == 0)
                        *out_other = others[i].what;
        return PLC_FORMAT_UNKNOWN;
}
