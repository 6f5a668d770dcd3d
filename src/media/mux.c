/* What is copied from the encoder's bytes into the file? JPEG, WebP and PNG by allow-list; AVIF as it is but for our
 * packet: it is checked whole. */
#include "media/mux.h"

#include "media/bytes.h"

static const char xmp_signature[] =
        "http://ns.adobe.com/xap/1.0/"; /* with its closing zero: XMP part 3, section 1.1.3 */

static void append(GByteArray *out, const void *data, size_t size)
{
        g_byte_array_append(out, data, (guint)size);
}

static bool broken(GError **error, const char *what)
{
        return plc_fail(error, PLC_E_UNCLEAN, "the encoder's %s could not be followed", what);
}

static void append_jpeg_xmp(GByteArray *out, const char *xmp)
{
        size_t length = 2 + sizeof xmp_signature + strlen(xmp);
        uint8_t head[4] = {0xFF, 0xE1, (uint8_t)(length >> 8), (uint8_t)length};
        append(out, head, 4);
        append(out, xmp_signature, sizeof xmp_signature);
        append(out, xmp, strlen(xmp));
}

/* Every APPn but JFIF and every comment is left behind; from the first SOS on all is picture. */
static bool mux_jpeg(const uint8_t *bytes, size_t size, const char *xmp, GByteArray *out, GError **error)
{
        size_t at = 2;

        if (size < 4 || bytes[0] != 0xFF || bytes[1] != 0xD8)
                return broken(error, "JPEG");
        append(out, bytes, 2);
        bool xmp_due = xmp != NULL;
        while (at + 4 <= size && bytes[at] == 0xFF) {
                uint8_t marker = bytes[at + 1];
                size_t length = plc_be16(bytes + at + 2) + (size_t)2;
                if (length < 4 || length > size - at)
                        return broken(error, "JPEG");
                if (xmp_due && marker != 0xE0) {
                        append_jpeg_xmp(out, xmp);
                        xmp_due = false;
                }
                if (marker == 0xDA) {
                        append(out, bytes + at, size - at);
                        return true;
                }
                bool app = (marker >= 0xE1 && marker <= 0xEF) || marker == 0xFE;
                if (!app)
                        append(out, bytes + at, length);
                at += length;
        }
        return broken(error, "JPEG");
}

static void append_riff_chunk(GByteArray *out, const char *type, const uint8_t *data, size_t size)
{
        uint8_t head[8];
        memcpy(head, type, 4);
        plc_put_le32(head + 4, (uint32_t)size);
        append(out, head, 8);
        append(out, data, size);
        if (size & 1)
                append(out, "", 1);
}

/* The extended form (VP8X) is needed only for alpha beside VP8, and for XMP (WebP container specification). */
static bool mux_webp(const uint8_t *bytes, size_t size, uint32_t width, uint32_t height, const char *xmp,
                     GByteArray *out, GError **error)
{
        const uint8_t *alpha = NULL, *picture = NULL;
        size_t alpha_size = 0, picture_size = 0;

        if (size < 20 || memcmp(bytes, "RIFF", 4) != 0 || memcmp(bytes + 8, "WEBP", 4) != 0)
                return broken(error, "WebP");
        for (size_t at = 12; at + 8 <= size;) {
                size_t length = plc_le32(bytes + at + 4);
                if (length > size - at - 8)
                        return broken(error, "WebP");
                if (memcmp(bytes + at, "ALPH", 4) == 0)
                        alpha = bytes + at + 8, alpha_size = length;
                else if (memcmp(bytes + at, "VP8 ", 4) == 0 || memcmp(bytes + at, "VP8L", 4) == 0)
                        picture = bytes + at + 8, picture_size = length;
                at += 8 + length + (length & 1);
        }
        if (picture == NULL || picture_size < 5 || width == 0 || height == 0 || width > 16384 || height > 16384)
                return broken(error, "WebP");
        bool lossless = memcmp(picture - 8, "VP8L", 4) == 0;
        append(out, "RIFF\0\0\0\0WEBP", 12);
        if (alpha != NULL || xmp != NULL) {
                bool has_alpha = alpha != NULL || (lossless && (picture[4] & 0x10) != 0);
                uint8_t head[10] = {(uint8_t)((has_alpha ? 0x10 : 0) | (xmp != NULL ? 0x04 : 0))};
                uint32_t w = width - 1, h = height - 1;
                head[4] = (uint8_t)w, head[5] = (uint8_t)(w >> 8), head[6] = (uint8_t)(w >> 16);
                head[7] = (uint8_t)h, head[8] = (uint8_t)(h >> 8), head[9] = (uint8_t)(h >> 16);
                append_riff_chunk(out, "VP8X", head, sizeof head);
        }
        if (alpha != NULL)
                append_riff_chunk(out, "ALPH", alpha, alpha_size);
        append_riff_chunk(out, lossless ? "VP8L" : "VP8 ", picture, picture_size);
        if (xmp != NULL)
                append_riff_chunk(out, "XMP ", (const uint8_t *)xmp, strlen(xmp));
        plc_put_le32(out->data + 4, out->len - 8);
        return true;
}

uint32_t plc_png_crc(const uint8_t *bytes, size_t size)
{
        uint32_t crc = 0xFFFFFFFF;
        for (size_t i = 0; i < size; i++) {
                crc ^= bytes[i];
                for (int bit = 0; bit < 8; bit++)
                        crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320U : 0);
        }
        return ~crc;
}

static void append_png_xmp(GByteArray *out, const char *xmp)
{
        static const char head[] =
                "iTXtXML:com.adobe.xmp\0\0\0\0"; /* keyword, not compressed, no language, no translation */
        g_autoptr(GByteArray) chunk = g_byte_array_new();
        append(chunk, head, sizeof head);
        append(chunk, xmp, strlen(xmp));
        uint8_t number[4];
        plc_put_be32(number, chunk->len - 4);
        append(out, number, 4);
        append(out, chunk->data, chunk->len);
        plc_put_be32(number, plc_png_crc(chunk->data, chunk->len));
        append(out, number, 4);
}

static bool mux_png(const uint8_t *bytes, size_t size, const char *xmp, GByteArray *out, GError **error)
{
        static const char kept[][5] = {"IHDR", "PLTE", "tRNS", "IDAT", "IEND"};

        if (size < 8)
                return broken(error, "PNG");
        append(out, bytes, 8);
        for (size_t at = 8; at + 12 <= size;) {
                size_t length = plc_be32(bytes + at);
                if (length > size - at - 12)
                        return broken(error, "PNG");
                for (unsigned i = 0; i < G_N_ELEMENTS(kept); i++)
                        if (memcmp(bytes + at + 4, kept[i], 4) == 0)
                                append(out, bytes + at, length + 12);
                if (memcmp(bytes + at + 4, "IHDR", 4) == 0 && xmp != NULL)
                        append_png_xmp(out, xmp);
                if (memcmp(bytes + at + 4, "IEND", 4) == 0)
                        return true;
                at += 12 + length;
        }
        return broken(error, "PNG");
}

bool plc_mux(enum plc_format format, const uint8_t *bytes, size_t size, uint32_t width, uint32_t height,
             const char *xmp, GByteArray **out, GError **error)
{
        g_autoptr(GByteArray) file = g_byte_array_sized_new((guint)size + 1024);
        bool done = true;

        if (format == PLC_FORMAT_JPEG)
                done = mux_jpeg(bytes, size, xmp, file, error);
        else if (format == PLC_FORMAT_WEBP)
                done = mux_webp(bytes, size, width, height, xmp, file, error);
        else if (format == PLC_FORMAT_PNG)
                done = mux_png(bytes, size, xmp, file, error);
        else if (format == PLC_FORMAT_AVIF && xmp != NULL)
                done = plc_mux_avif(bytes, size, xmp, file, error);
        else
                append(file, bytes, size);
        if (!done)
                return false;
        *out = g_steal_pointer(&file);
        return true;
}
