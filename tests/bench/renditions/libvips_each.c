/* What do these files cost with libvips alone, one after the other from the file, as image servers do? One process, one
 * thread, `vips_thumbnail` and a saver for each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vips/vips.h>

/* "webp 80 1920 0": format, quality, width, height (0: any). */
static int make(const char *photo, const char *folder, const char *order)
{
        char kind[8], path[4096];
        int quality, width, height;
        VipsImage *small = NULL;
        VipsArrayDouble *white = vips_array_double_newv(1, 255.0);

        if (sscanf(order, "%7s %d %d %d", kind, &quality, &width, &height) != 4)
                return -1;
        int failed = height == 0
                             ? vips_thumbnail(photo, &small, width, "height", VIPS_MAX_COORD, "import_profile", "srgb",
                                              "export_profile", "srgb", NULL)
                             : vips_thumbnail(photo, &small, width, "height", height, "crop", VIPS_INTERESTING_CENTRE,
                                              "import_profile", "srgb", "export_profile", "srgb", NULL);
        if (failed != 0)
                return -1;
        snprintf(path, sizeof(path), "%s/%s-%dx%d.%s", folder, kind, width, height, kind);
        failed = strcmp(kind, "webp") == 0 ? vips_webpsave(small, path, "Q", quality, "effort", 4, "strip", TRUE, NULL)
                                           : vips_jpegsave(small, path, "Q", quality, "optimize_coding", TRUE, "strip",
                                                           TRUE, "background", white, NULL);
        g_object_unref(small);
        vips_area_unref(VIPS_AREA(white));
        return failed;
}

int main(int argc, char **argv)
{
        if (argc < 4 || VIPS_INIT(argv[0]) != 0) {
                fprintf(stderr, "usage: bench_libvips_each PHOTO FOLDER \"webp 80 1920 0\"…\n");
                return 2;
        }
        vips_concurrency_set(1);
        vips_cache_set_max(0);
        for (int i = 3; i < argc; i++)
                if (make(argv[1], argv[2], argv[i]) != 0) {
                        fprintf(stderr, "%s: %s\n", argv[i], vips_error_buffer());
                        return 1;
                }
        return 0;
}
