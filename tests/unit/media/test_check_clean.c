/* Is every foreign thing seen in a written file? Small files built by hand, right ones and ones with one thing too
 * many. */
#include "media/bytes.h"
#include "media/check.h"
#include "media/mux.h"

static const char packet[] = "<?xpacket begin=\"\"?><x:xmpmeta/><?xpacket end=\"r\"?>";

static void add(GByteArray *to, const void *data, size_t size)
{
        g_byte_array_append(to, data, (guint)size);
}
#define ADD(to, literal) add(to, literal, sizeof(literal) - 1)

/* --- JPEG: segments in order; the scan holds a stuffed zero and a restart marker
 * ---------------------------------------------- */

static const char jfif[] = "\xFF\xE0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0";
static const char dqt[] = "\xFF\xDB\0\x43\0"
                          "0123456789012345678901234567890123456789012345678901234567890123";
static const char sof[] = "\xFF\xC0\0\x0b\x08\0\x08\0\x08\1\1\x11\0";
static const char dht[] = "\xFF\xC4\0\x14\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\7";
static const char sos[] = "\xFF\xDA\0\x08\1\1\0\0\x3F\0\x12\x34\xFF\0\x56\xFF\xD0\x78";
#define S(literal) literal, sizeof(literal) - 1

/* `extra` goes before the scan, `after` behind the end. */
static GByteArray *jpeg(const char *extra, size_t extra_size, const char *after, size_t after_size)
{
        GByteArray *f = g_byte_array_new();
        ADD(f, "\xFF\xD8");
        ADD(f, jfif);
        add(f, S(dqt));
        add(f, S(sof));
        add(f, S(dht));
        add(f, extra, extra_size);
        add(f, S(sos));
        ADD(f, "\xFF\xD9");
        add(f, after, after_size);
        return f;
}

static const struct {
        const char *sentence;
        const char *extra;
        size_t extra_size;
        const char *after;
        size_t after_size;
        bool clean;
} jpegs[] = {
        {"only what a picture needs is clean", S(""), S(""), true},
        {"a restart interval is structure", S("\xFF\xDD\0\4\0\1"), S(""), true},
        {"EXIF",
         S("\xFF\xE1\0\x08"
           "Exif\0\0"),
         S(""), false},
        {"XMP that is not ours",
         S("\xFF\xE1\0\x22"
           "http://ns.adobe.com/xap/1.0/\0<x>"),
         S(""), false},
        {"a comment", S("\xFF\xFE\0\5abc"), S(""), false},
        {"an ICC profile, where none is allowed", S("\xFF\xE2\0\x10ICC_PROFILE\0\1\1"), S(""), false},
        {"an index of further pictures", S("\xFF\xE2\0\6MPF\0"), S(""), false},
        {"Photoshop's block", S("\xFF\xED\0\5abc"), S(""), false},
        {"content credentials", S("\xFF\xEB\0\5JP1"), S(""), false},
        {"Adobe's transform flag: we do not write it",
         S("\xFF\xEE\0\x0e"
           "Adobe\0\x64\0\0\0\0\1"),
         S(""), false},
        {"a reserved segment", S("\xFF\xF0\0\5abc"), S(""), false},
        {"a second JFIF header", jfif, sizeof jfif - 1, S(""), false},
        {"a JFIF extension with a thumbnail", S("\xFF\xE0\0\7JFXX\0"), S(""), false},
        {"slack at the end of a quantisation table",
         S("\xFF\xDB\0\x46\0"
           "0123456789012345678901234567890123456789012345678901234567890123GPS"),
         S(""), false},
        {"slack at the end of a Huffman table", S("\xFF\xC4\0\x17\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\7GPS"), S(""),
         false},
        {"stray bytes between segments", S("GPS"), S(""), false},
        {"a segment that runs over the end", S("\xFF\xDB\xFF\xFF"), S(""), false},
        {"one byte after the end", S(""), S("x"), false},
        {"a second picture after the end", S(""), S("\xFF\xD8\xFF\xD9"), false},
        {"a video after the end", S(""),
         S("\0\0\0\x18"
           "ftypmp42"),
         false},
        {"a second frame header", sof, sizeof sof - 1, S(""), false},
};

static void check_jpeg(gconstpointer data)
{
        size_t i = GPOINTER_TO_SIZE(data);
        g_autoptr(GByteArray) f = jpeg(jpegs[i].extra, jpegs[i].extra_size, jpegs[i].after, jpegs[i].after_size);
        g_autofree uint8_t *exact = g_memdup2(f->data, f->len);
        g_autoptr(GError) error = NULL;
        g_assert_cmpint(plc_media_check_clean(PLC_FORMAT_JPEG, exact, f->len, false, NULL, NULL, &error), ==,
                        jpegs[i].clean);
        if (!jpegs[i].clean)
                g_assert_cmpint(plc_error_code(error), ==, PLC_E_UNCLEAN);
}

static bool clean(enum plc_format format, const uint8_t *bytes, size_t size, const char *xmp)
{
        g_autofree uint8_t *exact = g_memdup2(bytes, size);
        return plc_media_check_clean(format, exact, size, false, xmp, NULL, NULL);
}

/* Cutting a right file anywhere, or not ending it, is never clean; nor does the reader run over the end. */
static void every_cut_is_seen(enum plc_format format, const GByteArray *f, const char *xmp)
{
        g_assert_true(clean(format, f->data, f->len, xmp));
        for (size_t n = 0; n < f->len; n++)
                g_assert_false(clean(format, f->data, n, xmp));
}

static void jpeg_cut_short(void)
{
        g_autoptr(GByteArray) f = jpeg(S(""), S(""));
        every_cut_is_seen(PLC_FORMAT_JPEG, f, NULL);
}

/* Ours goes in and is recognised; one changed byte, or the same packet where none was meant to be, is not ours. */
static void only_our_packet(enum plc_format format, const GByteArray *plain)
{
        g_autoptr(GByteArray) f = NULL;
        g_assert_true(plc_mux(format, plain->data, plain->len, 8, 8, packet, &f, NULL));
        g_assert_cmpuint(f->len, >, plain->len);
        every_cut_is_seen(format, f, packet);
        g_assert_false(clean(format, f->data, f->len, NULL));
        g_assert_false(clean(format, f->data, f->len, "<?xpacket begin=\"\"?><x:xmpmeta/><?xpacket end=\"w\"?>"));
        uint8_t *at = memmem(f->data, f->len, "xmpmeta", 7);
        at[0] = 'X';
        g_assert_false(clean(format, f->data, f->len, packet));
}

static void jpeg_packet(void)
{
        g_autoptr(GByteArray) f = jpeg(S(""), S(""));
        only_our_packet(PLC_FORMAT_JPEG, f);
}

/* --- PNG
 * -----------------------------------------------------------------------------------------------------------------------
 */

static void png_chunk(GByteArray *f, const char *type, const char *data, size_t size)
{
        uint8_t number[4];
        g_autoptr(GByteArray) body = g_byte_array_new();
        add(body, type, 4);
        add(body, data, size);
        plc_put_be32(number, (uint32_t)size);
        add(f, number, 4);
        add(f, body->data, body->len);
        plc_put_be32(number, plc_png_crc(body->data, body->len));
        add(f, number, 4);
}

static GByteArray *png(const char *type, const char *data, size_t size)
{
        GByteArray *f = g_byte_array_new();
        ADD(f, "\x89PNG\r\n\x1a\n");
        png_chunk(f, "IHDR", S("\0\0\0\1\0\0\0\1\x08\0\0\0\0"));
        if (type != NULL)
                png_chunk(f, type, data, size);
        png_chunk(f, "IDAT", S("\x78\x9c\x63\x00\x00\x00\x02\x00\x01"));
        png_chunk(f, "IEND", S(""));
        return f;
}

static void png_chunks(void)
{
        static const char *const foreign[] = {"eXIf", "tEXt", "zTXt", "iTXt", "tIME", "iCCP",
                                              "caBX", "pHYs", "acTL", "prVt", "IHDR"};
        for (unsigned i = 0; i < G_N_ELEMENTS(foreign); i++) {
                g_autoptr(GByteArray) f = png(foreign[i], S("GPS"));
                g_test_message("%s", foreign[i]);
                g_assert_false(clean(PLC_FORMAT_PNG, f->data, f->len, NULL));
        }
        g_autoptr(GByteArray) plain = png(NULL, NULL, 0);
        every_cut_is_seen(PLC_FORMAT_PNG, plain, NULL);
        only_our_packet(PLC_FORMAT_PNG, plain);
        plain->data[plain->len - 1] ^= 1; /* four bytes of CRC could carry something, too */
        g_assert_false(clean(PLC_FORMAT_PNG, plain->data, plain->len, NULL));
        plain->data[plain->len - 1] ^= 1;
        ADD(plain, "x");
        g_assert_false(clean(PLC_FORMAT_PNG, plain->data, plain->len, NULL));
}

/* --- WebP
 * ----------------------------------------------------------------------------------------------------------------------
 */

static void webp_chunk(GByteArray *f, const char *type, const char *data, size_t size)
{
        uint8_t number[4];
        plc_put_le32(number, (uint32_t)size);
        add(f, type, 4);
        add(f, number, 4);
        add(f, data, size);
        if (size & 1)
                add(f, "", 1);
        plc_put_le32(f->data + 4, f->len - 8);
}

static GByteArray *webp(const char *before, const char *head, size_t head_size, const char *after)
{
        GByteArray *f = g_byte_array_new();
        ADD(f, "RIFF\0\0\0\0WEBP");
        if (before != NULL)
                webp_chunk(f, before, head, head_size);
        webp_chunk(f, "VP8 ", S("0123456789a"));
        if (after != NULL)
                webp_chunk(f, after, S("GPS"));
        return f;
}

static void webp_chunks(void)
{
        static const char extended[] = "\x08\0\0\0\7\0\0\7\0\0"; /* says that EXIF follows */
        static const char *const foreign[] = {"EXIF", "XMP ", "ICCP", "C2PA", "ANIM",
                                              "ANMF", "junk", "VP8 ", "VP8L", "ALPH"};
        for (unsigned i = 0; i < G_N_ELEMENTS(foreign); i++) {
                g_autoptr(GByteArray) f = webp(NULL, NULL, 0, foreign[i]);
                g_test_message("%s", foreign[i]);
                g_assert_false(clean(PLC_FORMAT_WEBP, f->data, f->len, NULL));
        }
        g_autoptr(GByteArray) flagged = webp("VP8X", S(extended), NULL);
        g_assert_false(clean(PLC_FORMAT_WEBP, flagged->data, flagged->len, NULL));
        g_autoptr(GByteArray) profile = webp("ICCP", S("xx"), NULL);
        g_assert_false(clean(PLC_FORMAT_WEBP, profile->data, profile->len, NULL));

        g_autoptr(GByteArray) plain = webp(NULL, NULL, 0, NULL);
        every_cut_is_seen(PLC_FORMAT_WEBP, plain, NULL);
        only_our_packet(PLC_FORMAT_WEBP, plain);
        plain->data[plain->len - 1] = 'x'; /* the padding of an odd chunk */
        g_assert_false(clean(PLC_FORMAT_WEBP, plain->data, plain->len, NULL));
        plain->data[plain->len - 1] = 0;
        ADD(plain, "xx");
        g_assert_false(clean(PLC_FORMAT_WEBP, plain->data, plain->len, NULL));
}

/* What libvips 8.14.1 leaves in a WebP although it is told to strip: the muxer drops it. */
static void the_muxer_drops_what_the_encoder_left(void)
{
        g_autoptr(GByteArray) dirty = webp("VP8X", S("\x0c\0\0\0\7\0\0\7\0\0"), "EXIF");
        webp_chunk(dirty, "XMP ", S("GPSx"));
        g_autoptr(GByteArray) f = NULL;
        g_assert_true(plc_mux(PLC_FORMAT_WEBP, dirty->data, dirty->len, 8, 8, NULL, &f, NULL));
        g_assert_true(clean(PLC_FORMAT_WEBP, f->data, f->len, NULL));
        g_assert_null(memmem(f->data, f->len, "GPS", 3));

        g_autoptr(GByteArray) photo = jpeg(S("\xFF\xE1\0\x0b"
                                             "Exif\0\0GPS\xFF\xFE\0\5GPS"),
                                           S(""));
        g_autoptr(GByteArray) j = NULL;
        g_assert_true(plc_mux(PLC_FORMAT_JPEG, photo->data, photo->len, 8, 8, NULL, &j, NULL));
        g_assert_true(clean(PLC_FORMAT_JPEG, j->data, j->len, NULL));
        g_assert_null(memmem(j->data, j->len, "GPS", 3));
}

static void other_formats_are_never_written(void)
{
        g_assert_false(clean(PLC_FORMAT_GIF, (const uint8_t *)"GIF89a", 6, NULL));
        g_assert_false(clean(PLC_FORMAT_TIFF, (const uint8_t *)"II*\0", 4, NULL));
        g_assert_false(clean(PLC_FORMAT_HEIC,
                             (const uint8_t *)"\0\0\0\x18"
                                              "ftyp",
                             8, NULL));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(jpegs); i++) {
                g_autofree char *path = g_strdup_printf("/clean/jpeg/%s", jpegs[i].sentence);
                g_test_add_data_func(path, GSIZE_TO_POINTER(i), check_jpeg);
        }
        g_test_add_func("/clean/jpeg/cut short anywhere", jpeg_cut_short);
        g_test_add_func("/clean/jpeg/only our packet", jpeg_packet);
        g_test_add_func("/clean/png/chunks, packet and cuts", png_chunks);
        g_test_add_func("/clean/webp/chunks, packet and cuts", webp_chunks);
        g_test_add_func("/clean/the muxer drops what the encoder left", the_muxer_drops_what_the_encoder_left);
        g_test_add_func("/clean/other formats are never written", other_formats_are_never_written);
        return g_test_run();
}
