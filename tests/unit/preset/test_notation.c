/* Is one crop told the same in three notations? */
#include <glib.h>

#include "base/json.h"
#include "preset/notation.h"

static const struct {
        const char *sentence;
        struct plc_rect crop;
        uint32_t photo_height;
        const char *told;
} rows[] = {
        {"a square out of the top of an upright photo: far from the lower edge",
         {0, 100, 3000, 3000},
         4000,
         "{\"meta\":[[0,100],[3000,3100]],\"microsoft\":{\"CropX\":0,\"CropY\":900,\"CropWidth\":3000,\"CropHeight\":"
         "3000},\"taboola\":{\"top_left_x\":0,\"top_left_y\":100,\"width\":3000,\"height\":3000}}"},
        {"Microsoft's own example: 1000x1000 to 1000x524 in the middle is at 238 from below, too",
         {0, 238, 1000, 524},
         1000,
         "{\"meta\":[[0,238],[1000,762]],\"microsoft\":{\"CropX\":0,\"CropY\":238,\"CropWidth\":1000,\"CropHeight\":"
         "524},\"taboola\":{\"top_left_x\":0,\"top_left_y\":238,\"width\":1000,\"height\":524}}"},
        {"the whole photo begins at the corner of each",
         {0, 0, 4032, 3024},
         3024,
         "{\"meta\":[[0,0],[4032,3024]],\"microsoft\":{\"CropX\":0,\"CropY\":0,\"CropWidth\":4032,\"CropHeight\":3024},"
         "\"taboola\":{\"top_left_x\":0,\"top_left_y\":0,\"width\":4032,\"height\":3024}}"},
};

static void check_row(gconstpointer data)
{
        size_t i = GPOINTER_TO_SIZE(data);
        g_autoptr(GString) out = g_string_new(NULL);

        plc_jw_object(out, NULL);
        plc_notation_write(out, &rows[i].crop, rows[i].photo_height);
        plc_jw_end_object(out);
        g_assert_cmpstr(out->str, ==, rows[i].told);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *path = g_strdup_printf("/notation/%s", rows[i].sentence);

                g_test_add_data_func(path, GSIZE_TO_POINTER(i), check_row);
        }
        return g_test_run();
}
