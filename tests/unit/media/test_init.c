/* What code is in reach of a stranger's photo? libvips and the decoders we allow, not the modules that happen to be
 * installed. */
#include "media/media.h"
#include <string.h>

static void only_the_heif_module_is_loaded(void)
{
        static const char *const unwanted[] = {"libMagickCore", "libpoppler", "libopenslide",  "vips-magick",
                                               "vips-poppler",  "vips-jxl",   "vips-openslide"};
        g_autofree char *maps = NULL;
        g_autoptr(GError) error = NULL;

        plc_media_init(&error);
        g_assert_no_error(error);
        g_assert_true(g_file_get_contents("/proc/self/maps", &maps, NULL, NULL));
        g_assert_nonnull(strstr(maps, "libheif"));
        for (unsigned i = 0; i < G_N_ELEMENTS(unwanted); i++)
                if (strstr(maps, unwanted[i]) != NULL)
                        g_error("%s is loaded", unwanted[i]);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/init/only the HEIF module is loaded", only_the_heif_module_is_loaded);
        return g_test_run();
}
