/* Where does a crop look: at what was declared, else at the product tagged, else wherever the eye goes? */
#include "pipeline/plan.h"

#include <glib.h>

struct tag {
        const char *product; /* NULL: no more */
        bool primary, has_point;
        double x, y;
};

static const struct {
        const char *sentence;
        bool has_focal, has_box;
        struct tag tags[3];
        bool looks; /* at a declared point */
        double x, y;
} rows[] = {
        {"nothing declared, nothing tagged: nowhere in particular",
         false,
         false,
         {{"A", true, false, 0, 0}},
         false,
         0,
         0},
        {"a tagged product is looked at", false, false, {{"A", true, true, 0.5, 0.4}}, true, 0.5, 0.4},
        {"the primary product goes before one tagged earlier",
         false,
         false,
         {{"B", false, true, 0.1, 0.1}, {"A", true, true, 0.5, 0.4}},
         true,
         0.5,
         0.4},
        {"a product beside it is looked at where the primary has no tag",
         false,
         false,
         {{"A", true, false, 0, 0}, {"B", false, true, 0.1, 0.2}, {"C", false, true, 0.9, 0.9}},
         true,
         0.1,
         0.2},
        {"a focal point goes before a tag", true, false, {{"A", true, true, 0.5, 0.4}}, true, 0.3, 0.7},
        {"a box goes before a tag", false, true, {{"A", true, true, 0.5, 0.4}}, false, 0, 0},
};

static void check_row(gconstpointer data)
{
        size_t i = GPOINTER_TO_SIZE(data);
        g_autoptr(plc_conf) conf = plc_conf_standard();
        struct plc_site site = {.conf = conf};
        struct plc_office office = {.site = &site};
        g_autoptr(plc_item) item = plc_item_new(PLC_ITEM_PHOTO);

        for (const struct tag *tag = rows[i].tags; tag < rows[i].tags + 3 && tag->product != NULL; tag++)
                plc_item_add_product(item, tag->product, tag->primary, tag->has_point ? &tag->x : NULL,
                                     tag->has_point ? &tag->y : NULL);
        item->photo.has_focal = rows[i].has_focal;
        item->photo.focal_x = 0.3;
        item->photo.focal_y = 0.7;
        item->photo.has_box = rows[i].has_box;
        g_autofree struct plc_plan *plan = plc_plan_for(&office, item, NULL, NULL, 0);
        g_assert_cmpint(plan->has_focal, ==, rows[i].looks);
        g_assert_cmpint(plan->has_box, ==, rows[i].has_box);
        if (rows[i].looks) {
                g_assert_cmpfloat(plan->focal_x, ==, rows[i].x);
                g_assert_cmpfloat(plan->focal_y, ==, rows[i].y);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *path = g_strdup_printf("/pipeline/plan/%s", rows[i].sentence);

                g_test_add_data_func(path, GSIZE_TO_POINTER(i), check_row);
        }
        return g_test_run();
}
