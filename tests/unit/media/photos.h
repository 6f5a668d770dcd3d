/* Photos made on the spot with libvips, plans for them, and what came out, for the tests of media/. */
#pragma once
#include "base/file.h"
#include "media/media.h"
#include <unistd.h>
#include <vips/vips.h>

static const struct plc_photo_limits usual_limits = {
        .max_bytes = 40000000, .max_pixels = 50000000, .max_side = 30000, .max_frames = 100};

/* The HEVC encoder of libheif, which only these tests use, leaves a little behind. */
const char *__lsan_default_suppressions(void);
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void)
{
        return "leak:libx265";
}

/* What takes long is asked for by name: rows beyond the telling ones, all of a corpus. */
static inline bool test_all(void)
{
        return g_strcmp0(g_getenv("PLACET_TEST_ALL"), "1") == 0;
}

/* libvips warns about broken files, and g_test makes every warning deadly: here they are what is tested. */
static inline void start_media(void)
{
        g_autoptr(GError) error = NULL;
        g_log_set_always_fatal((GLogLevelFlags)G_LOG_FATAL_MASK);
        plc_media_init(&error);
        g_assert_no_error(error);
}

/* Four colours: red, green / blue, grey; any turn or mirroring shows. */
static inline VipsImage *make_quarters(int width, int height)
{
        static const uint8_t colours[4][3] = {{200, 40, 40}, {40, 180, 60}, {50, 60, 200}, {128, 128, 128}};
        size_t size = (size_t)width * (size_t)height * 3;
        uint8_t *pixels = g_malloc(size);
        for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++)
                        memcpy(pixels + ((size_t)y * (size_t)width + (size_t)x) * 3,
                               colours[(y >= height / 2) * 2 + (x >= width / 2)], 3);
        VipsImage *image = vips_image_new_from_memory_copy(pixels, size, width, height, 3, VIPS_FORMAT_UCHAR);
        g_free(pixels);
        image->Type = VIPS_INTERPRETATION_sRGB;
        return image;
}

/* Noise over a ramp: files of it are heavy. */
static inline VipsImage *make_noise(int width, int height)
{
        size_t size = (size_t)width * (size_t)height * 3;
        uint8_t *pixels = g_malloc(size);
        uint32_t state = 1;
        for (size_t i = 0; i < size; i++) {
                state = state * 1664525 + 1013904223;
                pixels[i] = (uint8_t)(state >> 25) + (uint8_t)(i / 3 % (size_t)width * 127 / (size_t)width);
        }
        VipsImage *image = vips_image_new_from_memory_copy(pixels, size, width, height, 3, VIPS_FORMAT_UCHAR);
        g_free(pixels);
        image->Type = VIPS_INTERPRETATION_sRGB;
        return image;
}

/* Saved by suffix (".jpg[Q=95]") with its metadata; takes over the image. */
static inline GByteArray *save(VipsImage *image, const char *suffix)
{
        void *data = NULL;
        size_t size = 0;
        int failed = vips_image_write_to_buffer(image, suffix, &data, &size, NULL);
        g_assert_cmpstr(failed == 0 ? "" : vips_error_buffer(), ==, "");
        g_object_unref(image);
        return g_byte_array_new_take(data, size);
}

static inline int photo_fd(const GByteArray *bytes)
{
        int fd = -1;
        g_assert_true(plc_memfd("photo", bytes->data, bytes->len, true, &fd, NULL));
        return fd;
}

static inline struct plc_plan *new_plan(void)
{
        struct plc_plan *plan = g_new0(struct plc_plan, 1);
        plan->limits = usual_limits;
        return plan;
}

static inline struct plc_placement *add_placement(struct plc_plan *plan, const char *id, uint32_t w, uint32_t h,
                                                  enum plc_fit fit, enum plc_format format)
{
        struct plc_placement *p = &plan->placements[plan->n_placements++];
        *p = (struct plc_placement){.width = w, .height = h, .fit = fit, .n_dpr = 1, .dpr = {1}, .n_encodings = 1};
        g_strlcpy(p->id, id, sizeof p->id);
        p->encodings[0] =
                (struct plc_encoding){.format = format, .quality = 90, .effort = 2, .subsample = PLC_SUBSAMPLE_444};
        return p;
}

static inline GBytes *file_bytes(const struct plc_made_file *file)
{
        GBytes *bytes = NULL;
        g_assert_true(plc_map_fd(file->fd, file->bytes, &bytes, NULL));
        return bytes;
}

/* Pixels of a rendition, decoded whole; free with g_object_unref. */
static inline VipsImage *decode(const struct plc_made_file *file)
{
        g_autoptr(GBytes) bytes = file_bytes(file);
        size_t size;
        const void *data = g_bytes_get_data(bytes, &size);
        VipsImage *lazy = vips_image_new_from_buffer(data, size, "", NULL);
        g_assert_nonnull(lazy);
        VipsImage *image = vips_image_copy_memory(lazy);
        g_object_unref(lazy);
        g_assert_nonnull(image);
        g_assert_cmpint(image->Xsize, ==, (int)file->width);
        g_assert_cmpint(image->Ysize, ==, (int)file->height);
        return image;
}

static inline const uint8_t *pixel_at(VipsImage *image, int x, int y)
{
        return (const uint8_t *)vips_image_get_data(image) +
               ((size_t)y * (size_t)image->Xsize + (size_t)x) * (size_t)image->Bands;
}

static inline void assert_pixel(VipsImage *image, double x, double y, int r, int g, int b, int tolerance)
{
        const uint8_t *p = pixel_at(image, (int)(x * image->Xsize), (int)(y * image->Ysize));
        g_assert_cmpint(ABS(p[0] - r), <=, tolerance);
        g_assert_cmpint(ABS(p[1] - g), <=, tolerance);
        g_assert_cmpint(ABS(p[2] - b), <=, tolerance);
}

static inline void assert_quarters(VipsImage *image, int tolerance)
{
        assert_pixel(image, 0.2, 0.2, 200, 40, 40, tolerance);
        assert_pixel(image, 0.8, 0.2, 40, 180, 60, tolerance);
        assert_pixel(image, 0.2, 0.8, 50, 60, 200, tolerance);
        assert_pixel(image, 0.8, 0.8, 128, 128, 128, tolerance);
}

/* Renders and expects success. */
static inline void render(const GByteArray *bytes, const struct plc_plan *plan, struct plc_result *result)
{
        plc_autofd int fd = photo_fd(bytes);
        g_autoptr(GError) error = NULL;
        bool done = plc_media_render(fd, plan, result, &error);
        g_assert_no_error(error);
        g_assert_true(done);
}
