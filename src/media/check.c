/* Is a file that we wrote clean? Chooses the reader of its container; and is its colour profile a plain sRGB one? */
#include "media/check.h"

#include "media/bytes.h"

#define MAX_ICC 3200 /* HP's sRGB IEC61966-2.1, the largest in common use, has 3,144 */

static bool known_tag(const uint8_t *tag)
{
        static const char known[][5] = {"desc", "cprt", "wtpt", "bkpt", "rXYZ", "gXYZ", "bXYZ",
                                        "rTRC", "gTRC", "bTRC", "chad", "chrm", "cicp", "lumi"};
        for (unsigned i = 0; i < G_N_ELEMENTS(known); i++)
                if (memcmp(tag, known[i], 4) == 0)
                        return true;
        return false;
}

/* ICC.1 section 7.2 (header) and 7.3 (tag table); `desc` is textDescriptionType or multiLocalizedUnicodeType. */
bool plc_check_icc(const uint8_t *bytes, size_t size, GError **error)
{
        static const uint8_t wide[] = {0, 's', 0, 'R', 0, 'G', 0, 'B'};
        if (size < 132 || size > MAX_ICC || plc_be32(bytes) != size || memcmp(bytes + 36, "acsp", 4) != 0 ||
            memcmp(bytes + 16, "RGB ", 4) != 0)
                return plc_fail(error, PLC_E_UNCLEAN, "a colour profile of %zu bytes is not a small RGB profile", size);
        uint32_t n = plc_be32(bytes + 128);
        bool srgb = false;
        for (uint32_t i = 0; i < n; i++) {
                if (132 + ((size_t)i + 1) * 12 > size)
                        return plc_fail(error, PLC_E_UNCLEAN, "a colour profile's tag table runs over its end");
                const uint8_t *tag = bytes + 132 + (size_t)i * 12;
                size_t offset = plc_be32(tag + 4), length = plc_be32(tag + 8);
                if (!known_tag(tag) || offset > size || length > size - offset)
                        return plc_fail(error, PLC_E_UNCLEAN, "a colour profile holds a tag that is not on the list");
                if (memcmp(tag, "desc", 4) == 0)
                        srgb = memmem(bytes + offset, length, "sRGB", 4) != NULL ||
                               memmem(bytes + offset, length, wide, sizeof wide) != NULL;
        }
        if (!srgb)
                return plc_fail(error, PLC_E_UNCLEAN, "a colour profile does not call itself sRGB");
        return true;
}

static bool check(enum plc_format format, const uint8_t *bytes, size_t size, bool allow_icc, const char *xmp,
                  uint32_t *holds, GError **error)
{
        switch (format) {
        case PLC_FORMAT_JPEG:
                return plc_check_jpeg(bytes, size, allow_icc, xmp, holds, error);
        case PLC_FORMAT_PNG:
                return plc_check_png(bytes, size, xmp, holds, error);
        case PLC_FORMAT_WEBP:
                return plc_check_webp(bytes, size, allow_icc, xmp, holds, error);
        case PLC_FORMAT_AVIF:
                return plc_check_isobmff(bytes, size, allow_icc, xmp, holds, error);
        default:
                return plc_fail(error, PLC_E_UNCLEAN, "files of the format %s are never written",
                                plc_format_name(format));
        }
}

bool plc_media_check_clean(enum plc_format format, const uint8_t *bytes, size_t size, bool allow_icc, const char *xmp,
                           uint32_t *out_holds, GError **error)
{
        uint32_t holds = PLC_HOLDS_PICTURE;

        if (!check(format, bytes, size, allow_icc, xmp, &holds, error))
                return false;
        if (out_holds != NULL)
                *out_holds = holds;
        return true;
}
