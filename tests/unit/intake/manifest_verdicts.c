/* Which of these submission.json would be taken in? One line per file: "accept" or "reject", and why; for
 * tests/unit/schemas. */
#include <fcntl.h>
#include <stdio.h>

#include "base/file.h"
#include "intake/manifest.h"

int main(int argc, char **argv)
{
        for (int i = 1; i < argc; i++) {
                bool sidecar = g_str_has_suffix(argv[i], ".sidecar.json");
                g_autoptr(plc_manifest) manifest = NULL;
                g_autoptr(GBytes) bytes = NULL;
                g_autoptr(GError) error = NULL;

                if (plc_read_file_at(AT_FDCWD, argv[i], PLC_MIB, &bytes, &error))
                        manifest = plc_manifest_parse(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes),
                                                      sidecar ? "a.jpg.json" : "submission.json",
                                                      sidecar ? PLC_MANIFEST_SIDECAR : PLC_MANIFEST_FOLDER,
                                                      sidecar ? "a.jpg" : NULL, &plc_manifest_default_limits, &error);
                printf("%s\t%s\t%s\n", manifest != NULL ? "accept" : "reject", argv[i],
                       error != NULL ? error->message : "");
        }
        return 0;
}
