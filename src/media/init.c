/* What must happen before the sandbox is on? Libraries open their files here, and nothing after it needs a file or new
 * executable memory. */
#include "media/media.h"

#include <dlfcn.h>
#include <gmodule.h>
#include <time.h>
#include <vips/vips.h>

/* Libraries never log: libvips and GLib's GObject warn about strangers' files on standard error otherwise. */
static void drop_message(const char *domain, GLogLevelFlags level, const char *message, void *data)
{
        (void)domain, (void)level, (void)message, (void)data;
}

#if VIPS_MAJOR_VERSION == 8 && VIPS_MINOR_VERSION < 15
#include <vips/vector.h>
/*
 * libvips before 8.15 compiles its filters with ORC, which opens a file and maps it executable at the first use:
 * without that, a 12 megapixel photo takes 60 % longer. One trivial program makes it take its 64 KiB now and reuse
 * them; no libvips thread is started.
 */
static void warm_up_vector(void)
{
        if (!vips_vector_isenabled())
                return;
        VipsVector *vector = vips_vector_new("placet", 1);
        vips_vector_source_name(vector, "s1", 1);
        vips_vector_asm2(vector, "copyb", "d1", "s1");
        if (!vips_vector_compile(vector))
                vips_vector_set_enabled(FALSE); /* slower, but it does not try again behind the sandbox */
        vips_vector_free(vector);
}
#else
static void warm_up_vector(void)
{
}
#endif

static void allow_loaders(void)
{
        static const char *const allowed[] = {"VipsForeignLoadJpeg", "VipsForeignLoadPng",   "VipsForeignLoadWebp",
                                              "VipsForeignLoadHeif", "VipsForeignLoadNsgif", "VipsForeignLoadTiff"};
        vips_block_untrusted_set(TRUE);
        vips_operation_block_set("VipsForeignLoad", TRUE);
        for (unsigned i = 0; i < G_N_ELEMENTS(allowed); i++)
                vips_operation_block_set(allowed[i], FALSE);
}

/*
 * libvips loads every module beside it: ImageMagick, poppler, OpenSlide and JPEG XL, none of which is wanted here, take
 * 20 ms of each worker's start and are code in reach of a stranger's photo. It is told to look where there is nothing,
 * and only the HEIF module is loaded.
 */
static void load_heif(void)
{
        Dl_info info;

        if (g_type_from_name("VipsForeignLoadHeifSource") != 0 || dladdr((const void *)vips_version, &info) == 0)
                return;
        g_autofree char *folder = g_path_get_dirname(info.dli_fname);
        g_autofree char *path =
                g_strdup_printf("%s/vips-modules-%d.%d/vips-heif.so", folder, vips_version(0), vips_version(1));
        GModule *module = g_module_open(path, G_MODULE_BIND_LAZY);
        if (module != NULL)
                g_module_make_resident(module);
}

bool plc_media_init(GError **error)
{
        /* Read by libvips when a large image is made; it would else go to a temporary file, which the sandbox refuses.
         */
        g_setenv("VIPS_DISC_THRESHOLD", "64g", TRUE);
        g_setenv("VIPSHOME", "/nonexistent", TRUE);
        g_log_set_handler("VIPS", G_LOG_LEVEL_MASK | G_LOG_FLAG_RECURSION, drop_message, NULL);
        if (VIPS_INIT("placet-worker") != 0) {
                plc_fail(error, PLC_E_INTERNAL, "libvips did not start: %s", vips_error_buffer());
                vips_error_clear();
                return false;
        }
        load_heif();
        vips_concurrency_set(1); /* photos are the unit of parallel work, each in its own process */
        vips_cache_set_max(0);
        allow_loaders();
        if (g_type_from_name("VipsForeignLoadHeifSource") == 0)
                return plc_fail(
                        error, PLC_E_BAD_CONFIG,
                        "libvips has no HEIF loader here; install the package that brings it (libvips42, libheif1)");
        tzset(); /* libheif's and libvips' dates ask for the time zone, which is a file */
        warm_up_vector();
        return true;
}

const char *plc_media_libraries(void)
{
        static char text[64];

        g_snprintf(text, sizeof text, "libvips %d.%d.%d", vips_version(0), vips_version(1), vips_version(2));
        return text;
}
