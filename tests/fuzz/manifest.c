/* Can any submission.json harm its reader? What is refused has one line with a remedy; what is taken keeps its limits.
 */
#include <string.h>

#include "intake/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_as(const uint8_t *data, size_t size, enum plc_manifest_form form)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_manifest) manifest =
                plc_manifest_parse((const char *)data, size, "submission.json", form,
                                   form == PLC_MANIFEST_SIDECAR ? "a.jpg" : NULL, &plc_manifest_default_limits, &error);

        if (manifest == NULL) {
                g_assert_nonnull(plc_error_remedy(error));
                g_assert_null(strpbrk(error->message, "\n\r\t\x1b"));
                g_assert_true(g_utf8_validate(error->message, -1, NULL));
                g_assert_cmpuint(strlen(error->message), <, 4096);
                return;
        }
        g_assert_cmpuint(manifest->n_photos, <=, plc_manifest_default_limits.max_photos);
        for (size_t i = 0; i < manifest->n_photos; i++) {
                g_assert_null(strpbrk(manifest->photos[i].file.name, "/\\\n"));
                g_assert_cmpint(manifest->photos[i].file.name[0], !=, '.');
        }
        g_assert_cmpuint(strlen(manifest->json_sha256), ==, 64);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        read_as(data, size, PLC_MANIFEST_FOLDER);
        read_as(data, size, PLC_MANIFEST_SIDECAR);
        return 0;
}
