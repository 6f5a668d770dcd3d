/* Which quality makes a file just small enough? On files that behave as measured ones do, and on ones that do not. */
#include "media/search.h"

#include <glib.h>
#include <math.h>

/* bytes of a photo: ln bytes = a + b ln(s + 2) */
static int64_t modelled(int quality, double at_80, double slope)
{
        double s = quality < 50 ? 5000.0 / quality : 200.0 - 2 * quality;
        return (int64_t)(at_80 * pow((s + 2) / 42, slope));
}

static const struct {
        const char *sentence;
        int start, min;
        int64_t limit;
        double at_80, slope;
        bool fits;
        int least_quality;
        unsigned most_encodes;
} rows[] = {
        {"a light file is encoded once", 80, 60, 200000, 90000, -0.62, true, 80, 1},
        {"a usual one twice", 80, 60, 200000, 240000, -0.62, true, 69, 2},
        {"a noisy one, whose bytes fall faster, at most three times", 80, 60, 200000, 240000, -0.9, true, 70, 3},
        {"a flat one, whose bytes fall slowly, still as high as it goes", 80, 60, 200000, 215000, -0.3, true, 65, 4},
        {"one that cannot be made to fit ends at the lowest quality", 80, 60, 100000, 900000, -0.62, false, 60, 4},
        {"one whose bytes do not change ends, too", 80, 60, 100000, 150000, 0, false, 60, 6},
        {"a start at the lowest quality is the only one", 60, 60, 100000, 900000, -0.62, false, 60, 1},
};

static void check_row(gconstpointer data)
{
        size_t i = GPOINTER_TO_SIZE(data);
        struct plc_search s = {.limit = rows[i].limit, .min_quality = rows[i].min};
        for (int q = rows[i].start; q != 0; q = plc_search_next(&s)) {
                g_assert_cmpint(q, >=, rows[i].min);
                g_assert_cmpint(q, <=, rows[i].start);
                plc_search_note(&s, q, modelled(q, rows[i].at_80, rows[i].slope));
        }
        unsigned best = plc_search_best(&s);
        g_assert_cmpint(s.tried[best].bytes <= s.limit, ==, rows[i].fits);
        g_assert_cmpint(s.tried[best].quality, >=, rows[i].least_quality);
        g_assert_cmpuint(s.n, <=, rows[i].most_encodes);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *path = g_strdup_printf("/search/%s", rows[i].sentence);
                g_test_add_data_func(path, GSIZE_TO_POINTER(i), check_row);
        }
        return g_test_run();
}
