/* How do fuzz corpora run as ordinary tests? Every file of the target's folder is fed once, as one TAP line. */
#include <glib.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void replay(gconstpointer path)
{
        g_autofree char *data = NULL;
        gsize size = 0;

        g_assert_true(g_file_get_contents(path, &data, &size, NULL));
        g_assert_cmpint(LLVMFuzzerTestOneInput((const uint8_t *)data, size), ==, 0);
}

int main(int argc, char **argv)
{
        g_autoptr(GDir) dir = NULL;
        const char *name;

        g_test_init(&argc, &argv, NULL);
        dir = g_dir_open(PLC_FUZZ_CORPUS, 0, NULL);
        while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
                g_autofree char *test = g_strdup_printf("/corpus/%s", name);

                g_test_add_data_func_full(test, g_build_filename(PLC_FUZZ_CORPUS, name, NULL), replay, g_free);
        }
        return g_test_run();
}
