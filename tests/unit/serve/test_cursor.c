/* Is a place in a list read back exactly as it was written, and nothing else taken for one? */
#include "serve/internal.h"

#include <string.h>

static void test_round_trips(void)
{
        static const struct {
                char kind;
                int64_t number;
                const char *rest;
        } rows[] = {{'r', 1800000000000, "01AAAAAAAAAAAAAAAAAAAAAAAA"},
                    {'r', 0, ""},
                    {'r', -1, "a.b"},
                    {'b', 3, "12"},
                    {'r', INT64_MAX, "x"}};
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                char rest[64] = "";
                int64_t number = 7;
                g_autofree char *text = plc_serve_cursor_write(rows[i].kind, rows[i].number, rows[i].rest);
                g_assert_true(strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
                              strlen(text));
                g_assert_true(plc_serve_cursor_read(text, rows[i].kind, &number, rest));
                g_assert_cmpint(number, ==, rows[i].number);
                g_assert_cmpstr(rest, ==, rows[i].rest);
                g_assert_false(plc_serve_cursor_read(text, 'q', &number, rest));
                text[0] = '!';
                g_assert_false(plc_serve_cursor_read(text, rows[i].kind, &number, rest));
        }
}

static void test_refused(void)
{
        static const char *const bad[] = {"",         "a",        "ab",       "abc",       "abcde",
                                          "====",     "r.1.x",    "ci4xLkE=", "ci4xLkE==", "ci4w\nMS5B",
                                          "ci4wMS5B", "ci4rMS5B", "ci4gMS5B", "ci54LkE",   "ci4xAEE"};
        for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
                char rest[64] = "";
                int64_t number = 0;
                g_test_message("\"%s\"", bad[i]);
                g_assert_false(plc_serve_cursor_read(bad[i], 'r', &number, rest));
        }
        char rest[64];
        int64_t number;
        g_autofree char *huge = g_strnfill(1000, 'A');
        g_assert_false(plc_serve_cursor_read(huge, 'r', &number, rest));
        g_autofree char *fill = g_strnfill(64, 'A');
        g_autofree char *longer = plc_serve_cursor_write('r', 1, fill);
        g_assert_false(plc_serve_cursor_read(longer, 'r', &number, rest));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/serve/cursor/round-trips", test_round_trips);
        g_test_add_func("/serve/cursor/refused", test_refused);
        return g_test_run();
}
