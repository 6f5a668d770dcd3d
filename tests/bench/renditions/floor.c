/* What must these files cost at least? One decode and fourteen encodes by the codecs' own libraries on pixels that are
 * ready; resizing, colour, safety and the start of a process cost nothing here. Prints CPU seconds. */
#include <stdio.h> /* before jpeglib.h, which needs FILE */

#include <jpeglib.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <vips/vips.h>
#include <webp/encode.h>

static double decode_seconds, webp_seconds, jpeg_seconds;

static double cpu(void)
{
        struct rusage used;

        getrusage(RUSAGE_SELF, &used);
        return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
               (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static void jpeg_decode(const char *path)
{
        struct jpeg_decompress_struct d;
        struct jpeg_error_mgr errors;
        FILE *f = fopen(path, "rb");

        d.err = jpeg_std_error(&errors);
        jpeg_create_decompress(&d);
        jpeg_stdio_src(&d, f);
        jpeg_read_header(&d, TRUE);
        jpeg_start_decompress(&d);
        JSAMPLE *line = malloc((size_t)d.output_width * (size_t)d.output_components);
        while (d.output_scanline < d.output_height)
                jpeg_read_scanlines(&d, &line, 1);
        jpeg_finish_decompress(&d);
        jpeg_destroy_decompress(&d);
        free(line);
        fclose(f);
}

/* Others through libvips: its own part beside theirs is small (HEIC, PNG). */
static int decode(const char *path)
{
        double before = cpu();
        FILE *f = fopen(path, "rb");
        int first = f != NULL ? getc(f) : EOF;

        if (f != NULL)
                fclose(f);
        if (first == 0xFF) {
                jpeg_decode(path);
        } else {
                VipsImage *image = vips_image_new_from_file(path, "access", VIPS_ACCESS_SEQUENTIAL, NULL);
                size_t size;
                void *pixels = image != NULL ? vips_image_write_to_memory(image, &size) : NULL;
                if (pixels == NULL)
                        return -1;
                g_free(pixels);
                g_object_unref(image);
        }
        decode_seconds = cpu() - before;
        return 0;
}

static void jpeg_encode(VipsImage *image, int quality)
{
        struct jpeg_compress_struct c;
        struct jpeg_error_mgr errors;
        unsigned char *bytes = NULL;
        unsigned long size = 0;
        size_t stride = (size_t)image->Xsize * 3;
        JSAMPLE *pixels = (JSAMPLE *)(uintptr_t)vips_image_get_data(image);

        c.err = jpeg_std_error(&errors);
        jpeg_create_compress(&c);
        jpeg_mem_dest(&c, &bytes, &size);
        c.image_width = (JDIMENSION)image->Xsize;
        c.image_height = (JDIMENSION)image->Ysize;
        c.input_components = 3;
        c.in_color_space = JCS_RGB;
        jpeg_set_defaults(&c);
        jpeg_set_quality(&c, quality, TRUE);
        c.optimize_coding = TRUE;
        jpeg_start_compress(&c, TRUE);
        while (c.next_scanline < c.image_height) {
                JSAMPROW line = pixels + c.next_scanline * stride;
                jpeg_write_scanlines(&c, &line, 1);
        }
        jpeg_finish_compress(&c);
        jpeg_destroy_compress(&c);
        free(bytes);
}

static int webp_encode(VipsImage *image, int quality)
{
        WebPConfig config;
        WebPPicture picture;
        WebPMemoryWriter writer;
        const uint8_t *pixels = vips_image_get_data(image);

        if (!WebPConfigInit(&config) || !WebPPictureInit(&picture))
                return -1;
        config.quality = (float)quality;
        config.method = 4;
        WebPMemoryWriterInit(&writer);
        picture.width = image->Xsize;
        picture.height = image->Ysize;
        picture.writer = WebPMemoryWrite;
        picture.custom_ptr = &writer;
        bool done = (image->Bands == 4 ? WebPPictureImportRGBA(&picture, pixels, image->Xsize * 4)
                                       : WebPPictureImportRGB(&picture, pixels, image->Xsize * 3)) &&
                    WebPEncode(&config, &picture);
        WebPPictureFree(&picture);
        WebPMemoryWriterClear(&writer);
        return done ? 0 : -1;
}

static int encode(const char *photo, const char *order)
{
        char kind[8];
        int quality, width, height;
        VipsImage *small = NULL, *ready = NULL;

        if (sscanf(order, "%7s %d %d %d", kind, &quality, &width, &height) != 4 ||
            vips_thumbnail(photo, &small, width, "height", height > 0 ? height : VIPS_MAX_COORD, "crop",
                           height > 0 ? VIPS_INTERESTING_CENTRE : VIPS_INTERESTING_NONE, "import_profile", "srgb",
                           "export_profile", "srgb", NULL) != 0)
                return -1;
        bool webp = strcmp(kind, "webp") == 0;
        if (webp || small->Bands != 4) {
                ready = vips_image_copy_memory(small);
        } else {
                VipsImage *flat = NULL;
                if (vips_flatten(small, &flat, NULL) != 0)
                        return -1;
                ready = vips_image_copy_memory(flat);
                g_object_unref(flat);
        }
        g_object_unref(small);
        if (ready == NULL)
                return -1;
        double before = cpu();
        int failed = 0;
        if (webp)
                failed = webp_encode(ready, quality);
        else
                jpeg_encode(ready, quality);
        *(webp ? &webp_seconds : &jpeg_seconds) += cpu() - before;
        g_object_unref(ready);
        return failed;
}

int main(int argc, char **argv)
{
        if (argc < 3 || VIPS_INIT(argv[0]) != 0) {
                fprintf(stderr, "usage: bench_floor PHOTO \"webp 80 1920 0\"…\n");
                return 2;
        }
        vips_concurrency_set(1);
        vips_cache_set_max(0);
        for (int i = 1; i < argc; i++)
                if ((i == 1 ? decode(argv[1]) : encode(argv[1], argv[i])) != 0) {
                        fprintf(stderr, "%s: %s\n", argv[i], vips_error_buffer());
                        return 1;
                }
        printf("%.3f %.3f %.3f %.3f\n", decode_seconds + webp_seconds + jpeg_seconds, decode_seconds, webp_seconds,
               jpeg_seconds);
        return 0;
}
