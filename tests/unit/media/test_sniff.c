/* Which kind of file is it, by its first bytes? */
#include "media/sniff.h"

#include <glib.h>
#include <string.h>

#define FTYP(major, compatible)                                                                                        \
        "\0\0\0\x1c"                                                                                                   \
        "ftyp" major "\0\0\0\0" compatible "        "
#define TIFF_HEAD "II*\0\x08\0\0\0"

static const struct {
        const char *sentence, *bytes;
        size_t size;
        enum plc_format format;
        const char *other;
} rows[] = {
#define ROW(sentence, bytes, format, other)                                                                            \
        {                                                                                                              \
                sentence, bytes, sizeof(bytes) - 1, format, other                                                      \
        }
        ROW("JPEG", "\xFF\xD8\xFF\xE0\0\x10JFIF\0\1\1\0\0\1\0\1", PLC_FORMAT_JPEG, NULL),
        ROW("PNG", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", PLC_FORMAT_PNG, NULL),
        ROW("WebP", "RIFF\x10\0\0\0WEBPVP8 ", PLC_FORMAT_WEBP, NULL),
        ROW("a RIFF file that is a sound is not WebP", "RIFF\x10\0\0\0WAVEfmt ", PLC_FORMAT_UNKNOWN,
            "of an unknown kind"),
        ROW("GIF", "GIF89a\1\0\1\0\0\0\0\0\0\0\0", PLC_FORMAT_GIF, NULL),
        ROW("TIFF of either end", "MM\0*\0\0\0\x08\0\0\0\0\0\0\0\0", PLC_FORMAT_TIFF, NULL),
        ROW("an iPhone's HEIC", FTYP("heic", "mif1heic"), PLC_FORMAT_HEIC, NULL),
        ROW("a HEIC that calls itself mif1 first", FTYP("mif1", "mif1heix"), PLC_FORMAT_HEIC, NULL),
        ROW("AVIF", FTYP("avif", "mif1miaf"), PLC_FORMAT_AVIF, NULL),
        ROW("AVIF behind mif1", FTYP("mif1", "mif1avif"), PLC_FORMAT_AVIF, NULL),
        ROW("a video is told as one", FTYP("isom", "iso2mp41"), PLC_FORMAT_UNKNOWN, "a video"),
        ROW("an iPhone's video too", FTYP("qt  ", "qt      "), PLC_FORMAT_UNKNOWN, "a video"),
        ROW("Canon's raw files", "II*\0\x10\0\0\0CR\2\0\0\0\0\0", PLC_FORMAT_UNKNOWN, "a camera raw file"),
        ROW("DNG, a TIFF that shows its thumbnail", TIFF_HEAD "\1\0\x12\xC6\1\0\4\0\0\0\1\4\0\0\0\0\0\0",
            PLC_FORMAT_UNKNOWN, "a camera raw file"),
        ROW("a TIFF whose first picture is a reduced one", TIFF_HEAD "\1\0\xFE\0\4\0\1\0\0\0\1\0\0\0\0\0\0\0",
            PLC_FORMAT_UNKNOWN, "a camera raw file"),
        ROW("an SVG, whatever its name", "<svg xmlns='http://www.w3.org/2000/svg'>", PLC_FORMAT_UNKNOWN,
            "an SVG drawing"),
        ROW("a PDF", "%PDF-1.7 0123456789", PLC_FORMAT_UNKNOWN, "a PDF document"),
        ROW("JPEG XL in its box", "\0\0\0\x0cJXL \r\n\x87\n\0\0\0\0", PLC_FORMAT_UNKNOWN, "a JPEG XL image"),
        ROW("nothing at all", "", PLC_FORMAT_UNKNOWN, "empty"),
        ROW("the first three bytes of a JPEG are not one", "\xFF\xD8\xFF", PLC_FORMAT_UNKNOWN, "of an unknown kind"),
        ROW("a TIFF whose directory lies outside", "II*\0\xFF\xFF\xFF\x7F\0\0\0\0\0\0\0\0", PLC_FORMAT_TIFF, NULL),
};

static void check_row(gconstpointer data)
{
        size_t i = GPOINTER_TO_SIZE(data);
        const char *other = NULL;
        g_autofree uint8_t *exact = g_memdup2(rows[i].bytes, rows[i].size); /* so that reading over the end is seen */
        g_assert_cmpstr(plc_format_name(plc_sniff(exact, rows[i].size, &other)), ==, plc_format_name(rows[i].format));
        if (rows[i].format == PLC_FORMAT_UNKNOWN)
                g_assert_cmpstr(other, ==, rows[i].other);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *path = g_strdup_printf("/sniff/%s", rows[i].sentence);
                g_test_add_data_func(path, GSIZE_TO_POINTER(i), check_row);
        }
        return g_test_run();
}
