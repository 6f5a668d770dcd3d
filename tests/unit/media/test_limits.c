/* Is a photo that would take too much memory refused by its header, before one pixel is decoded? */
#include "photos.h"

/* A small AVIF of 8 or 12 bits whose header claims other sides (ISO/IEC 23008-12, 6.5.3: ispe). */
static GByteArray *make_avif(bool deep, uint32_t width, uint32_t height)
{
        VipsImage *image = make_quarters(64, 64), *wide = NULL;
        g_assert_cmpint(
                vips_colourspace(image, &wide, deep ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB, NULL), ==,
                0);
        g_object_unref(image);
        GByteArray *bytes = save(wide, deep ? ".avif[effort=0,bitdepth=12]" : ".avif[effort=0]");
        for (size_t i = 0; i + 16 < bytes->len; i++)
                if (memcmp(bytes->data + i, "ispe\0\0\0\0", 8) == 0)
                        for (int k = 0; k < 4; k++) {
                                bytes->data[i + 8 + (size_t)k] = (uint8_t)(width >> (24 - 8 * k));
                                bytes->data[i + 12 + (size_t)k] = (uint8_t)(height >> (24 - 8 * k));
                        }
        return bytes;
}

static const struct {
        const char *sentence;
        bool deep;
        uint32_t width, height;
        const char *told; /* part of what is said; the pixels that are not there make the others unreadable */
        plc_code code;
} rows[] = {
        {"a small one of twelve bits is taken", true, 64, 64, NULL, 0},
        {"twelve bits of a phone's size are not refused by the header", true, 4000, 3000, "broken", PLC_E_UNREADABLE},
        {"twelve bits of 20 megapixels are", true, 5000, 4000, "more than 8 bits", PLC_E_TOO_LARGE},
        {"eight bits of 20 megapixels are not", false, 5000, 4000, "broken", PLC_E_UNREADABLE},
        {"nothing of 60 megapixels is taken", false, 10000, 6000, "limit", PLC_E_TOO_LARGE},
};

static void heif_is_refused_by_what_it_would_cost(void)
{
        for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autoptr(GByteArray) bytes = make_avif(rows[i].deep, rows[i].width, rows[i].height);
                plc_autofd int fd = photo_fd(bytes);
                struct plc_facts facts;
                g_autoptr(GError) error = NULL;
                bool taken = plc_media_examine(fd, &usual_limits, &facts, &error);
                g_test_message("%s: %s", rows[i].sentence, taken ? "taken" : error->message);
                g_assert_cmpint(taken, ==, rows[i].told == NULL);
                if (!taken) {
                        g_assert_cmpint((int)plc_error_code(error), ==, (int)rows[i].code);
                        g_assert_nonnull(strstr(error->message, rows[i].told));
                }
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        start_media();
        g_test_add_func("/limits/HEIF is refused by what it would cost", heif_is_refused_by_what_it_would_cost);
        return g_test_run();
}
