/* Does a PNG that we wrote hold anything but the picture? ISO/IEC 15948: five chunk types and our own XMP, each CRC
 * right. */
#include "media/check.h"

#include "media/bytes.h"
#include "media/mux.h"

static bool unclean(GError **error, const uint8_t *type, const char *what)
{
        char name[5] = "";
        for (unsigned i = 0; type != NULL && i < 4; i++)
                name[i] = g_ascii_isalpha(type[i]) ? (char)type[i] : '?';
        return plc_fail(error, PLC_E_UNCLEAN, "PNG: %s%s%s", what, name[0] != '\0' ? " " : "", name);
}

static bool is_our_xmp(const uint8_t *data, size_t size, const char *xmp)
{
        static const char head[] = "XML:com.adobe.xmp\0\0\0\0";
        return xmp != NULL && size == sizeof head + strlen(xmp) && memcmp(data, head, sizeof head) == 0 &&
               memcmp(data + sizeof head, xmp, strlen(xmp)) == 0;
}

bool plc_check_png(const uint8_t *bytes, size_t size, const char *xmp, uint32_t *holds, GError **error)
{
        static const char allowed[][5] = {"IHDR", "PLTE", "tRNS", "IDAT", "IEND"};
        unsigned seen[G_N_ELEMENTS(allowed)] = {0}, xmps = 0;
        size_t at = 8;
        bool has_alpha = size > 25 && (bytes[25] & 4) != 0; /* the header's colour type */

        if (size < 8 || memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) != 0)
                return unclean(error, NULL, "no signature");
        while (at + 12 <= size) {
                size_t length = plc_be32(bytes + at);
                const uint8_t *type = bytes + at + 4, *data = bytes + at + 8;
                if (length > size - at - 12)
                        return unclean(error, type, "a chunk runs over the end:");
                if (plc_be32(data + length) != plc_png_crc(type, length + 4))
                        return unclean(error, type, "a wrong CRC in");
                unsigned kind = 0;
                while (kind < G_N_ELEMENTS(allowed) && memcmp(type, allowed[kind], 4) != 0)
                        kind++;
                if (kind == G_N_ELEMENTS(allowed)) {
                        if (memcmp(type, "iTXt", 4) != 0 || !is_our_xmp(data, length, xmp) || xmps++ != 0)
                                return unclean(error, type, "a chunk that is not on the list:");
                } else if (seen[kind]++ != 0 && kind != 3) {
                        return unclean(error, type, "a second chunk");
                }
                if ((kind == 0) != (at == 8) || (kind == 0 && length != 13))
                        return unclean(error, type, "the header is not first, or not of 13 bytes:");
                at += 12 + length;
                if (kind == 4) {
                        if (length != 0 || at != size)
                                return unclean(error, type, "bytes in or after");
                        *holds |= (xmps > 0 ? PLC_HOLDS_XMP : 0U) | (seen[2] > 0 || has_alpha ? PLC_HOLDS_ALPHA : 0U);
                        return seen[3] > 0 || unclean(error, NULL, "no picture");
                }
        }
        return unclean(error, NULL, "no end");
}
