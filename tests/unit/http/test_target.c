/* Are paths and parameters read strictly, and are conditions and ranges what RFC 9110 says? */
#include "http/target.h"

#define PATTERN "/v1/products/{id}/reviews"

static bool read_all(const char *raw, struct plc_http_target *out, GError **error)
{
        if (!plc_http_target_parse(raw, out, error))
                return false;
        bool ours = plc_http_target_matches(out, PATTERN);
        if (plc_http_target_whole(out, ours ? PATTERN : NULL, error) && plc_http_target_query(out, error))
                return true;
        plc_http_target_clear(out);
        return false;
}

static const struct {
        const char *sentence, *raw, *fault; /* fault: NULL none, "" without a parameter, else the parameter's name */
} targets[] = {
        {"a plain path is fine", "/v1/products/TENT/reviews", NULL},
        {"the root is fine", "/", NULL},
        {"parameters are fine", "/x?territory=DE&lang=zh-Hant", NULL},
        {"an empty value is a value", "/x?lang=", NULL},
        {"a slash may be part of an id when escaped", "/v1/products/A%2FB/reviews", NULL},
        {"the absolute form is taken", "http://shop.example/x?a=1", NULL},
        {"an unfinished escape is refused", "/x%2", ""},
        {"an escape that is not hexadecimal is refused", "/x%zz", ""},
        {"an escaped zero byte is refused", "/x%00", ""},
        {"bytes that are not UTF-8 are refused", "/x%ff%fe", ""},
        {"an over-long form of a slash is not UTF-8", "/%c0%af", ""},
        {"a backslash must be escaped", "/x\\y", ""},
        {"a fragment is never sent", "/x#y", ""},
        {"something that is no path is refused", "x", ""},
        {"seventeen parts are too deep", "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17", ""},
        {"a part that every client takes out is refused", "/v1/products/../reviews", "id"},
        {"however it is escaped", "/v1/products/%2E./reviews", "id"},
        {"one that stands for here too", "/v1/products/%2e/reviews", "id"},
        {"an id that is badly escaped is refused by name", "/v1/products/%zz/reviews", "id"},
        {"also where parameters are, too", "/v1/products/%ff/reviews?lang=%e", "id"},
        {"a part that is no id is not", "/v1/%zz/TENT/reviews", ""},
        {"three dots are a name", "/v1/products/.../reviews", NULL},
        {"a repeated parameter is refused by name", "/x?lang=de&lang=en", "lang"},
        {"a repeated name is seen through its escape", "/x?lang=de&l%61ng=en", "lang"},
        {"a badly escaped value is refused by name", "/x?lang=%e", "lang"},
        {"a control character in a value is refused by name", "/x?cursor=%0d%0aSet-Cookie", "cursor"},
        {"a letter that is not escaped is refused by name", "/x?tag=\xc3\xa4", "tag"},
        {"so is a blank", "/x?limit= 5", "limit"},
        {"and a fragment behind a value", "/x?limit=5#y", "limit"},
        {"a letter in the path must be escaped, too", "/v1/products/\xc3\xa4/reviews", "id"},
        {"a parameter without a name is refused", "/x?=1", ""},
        {"an empty pair is refused", "/x?a=1&&b=2", ""},
        {"an ampersand at the end is refused", "/x?a=1&", ""},
};

static void test_targets(void)
{
        for (size_t i = 0; i < G_N_ELEMENTS(targets); i++) {
                struct plc_http_target t = {0};
                g_autoptr(GError) error = NULL;
                bool ok = read_all(targets[i].raw, &t, &error);
                g_test_message("%s", targets[i].sentence);
                g_assert_cmpint(ok, ==, targets[i].fault == NULL);
                if (!ok) {
                        const char *parameter = plc_error_pointer(error);
                        g_assert_cmpstr(parameter != NULL ? parameter : "", ==, targets[i].fault);
                }
                if (ok)
                        plc_http_target_clear(&t);
        }
}

static void test_limits(void)
{
        struct plc_http_target t;
        g_autoptr(GError) error = NULL;
        g_autofree char *huge = g_strnfill(PLC_HTTP_MAX_URL + 1, '/');
        g_assert_false(plc_http_target_parse(huge, &t, &error));
        g_assert_cmpint((int)plc_error_code(error), ==, PLC_E_TOO_BIG);
        g_clear_error(&error);

        g_autofree char *fill = g_strnfill(PLC_HTTP_MAX_VALUE + 1, 'a');
        g_autofree char *value = g_strconcat("/x?lang=", fill, NULL);
        g_assert_false(read_all(value, &t, &error));
        g_assert_cmpstr(plc_error_pointer(error), ==, "lang");
        g_clear_error(&error);

        g_autofree char *id = g_strconcat("/v1/products/", fill, "/reviews", NULL);
        g_assert_false(read_all(id, &t, &error));
        g_assert_cmpstr(plc_error_pointer(error), ==, "id");
        g_clear_error(&error);

        g_autoptr(GString) many = g_string_new("/x?p=1");
        for (int i = 0; i < 32; i++)
                g_string_append_printf(many, "&p%d=1", i);
        g_assert_false(read_all(many->str, &t, &error));
        g_assert_cmpstr(plc_error_pointer(error), ==, "p31");
}

static void test_values(void)
{
        struct plc_http_target t;
        g_autoptr(GError) error = NULL;
        g_assert_true(read_all("/p/A%2FB%C3%A9?q=a+b%2Bc&lang=", &t, &error));
        g_assert_cmpstr(t.path, ==, "/p/A%2FB%C3%A9");
        g_assert_cmpstr(t.parts[1], ==, "A/Bé");
        g_assert_cmpstr(plc_http_target_param(&t, "q"), ==, "a b+c");
        g_assert_cmpstr(plc_http_target_param(&t, "lang"), ==, "");
        g_assert_null(plc_http_target_param(&t, "limit"));
        g_assert_true(plc_http_target_only(&t, "lang q", &error));
        g_assert_false(plc_http_target_only(&t, "lang quantity", &error));
        g_assert_cmpstr(plc_error_pointer(error), ==, "q");
        plc_http_target_clear(&t);
}

static const struct {
        const char *sentence, *path, *pattern;
        bool matches;
} matches[] = {
        {"a fixed path matches itself", "/healthz", "/healthz", true},
        {"a longer one does not", "/healthz/x", "/healthz", false},
        {"a slash at the end is another address", "/healthz/", "/healthz", false},
        {"a part in braces takes a segment", "/v1/products/TENT/reviews", "/v1/products/{id}/reviews", true},
        {"but not an empty one", "/v1/products//reviews", "/v1/products/{id}/reviews", false},
        {"nor two", "/v1/products/a/b/reviews", "/v1/products/{id}/reviews", false},
        {"an escaped slash stays in its segment", "/v1/products/a%2Fb/reviews", "/v1/products/{id}/reviews", true},
        {"the root is only the root", "/", "/healthz", false},
        {"and matches itself", "/", "/", true},
};

static void test_matches(void)
{
        for (size_t i = 0; i < G_N_ELEMENTS(matches); i++) {
                struct plc_http_target t;
                g_test_message("%s", matches[i].sentence);
                g_assert_true(plc_http_target_parse(matches[i].path, &t, NULL));
                g_assert_cmpint(plc_http_target_matches(&t, matches[i].pattern), ==, matches[i].matches);
                plc_http_target_clear(&t);
        }
}

static const struct {
        const char *list, *etag;
        bool listed;
} etags[] = {
        {"\"a\"", "\"a\"", true},
        {"W/\"a\"", "\"a\"", true},
        {"\"a\"", "W/\"a\"", true},
        {"\"b\", \"a\"", "\"a\"", true},
        {"\"b\",W/\"a\"", "\"a\"", true},
        {"*", "\"a\"", true},
        {" * ", "\"a\"", true},
        {"\"ab\"", "\"a\"", false},
        {"a", "\"a\"", false},
        {"", "\"a\"", false},
        {"\"a", "\"a\"", false},
        {"\"b\", *", "\"a\"", false},
        {"\"b\" \"a\"", "\"a\"", true},
};

static void test_etags(void)
{
        for (size_t i = 0; i < G_N_ELEMENTS(etags); i++) {
                g_test_message("%s in %s", etags[i].etag, etags[i].list);
                g_assert_cmpint(plc_http_etag_listed(etags[i].list, etags[i].etag), ==, etags[i].listed);
        }
}

static const struct {
        const char *header;
        uint64_t size;
        enum plc_http_range kind;
        uint64_t first, count;
} ranges[] = {
        {"bytes=0-0", 100, PLC_HTTP_RANGE_PART, 0, 1},
        {"bytes=10-19", 100, PLC_HTTP_RANGE_PART, 10, 10},
        {"bytes=90-", 100, PLC_HTTP_RANGE_PART, 90, 10},
        {"bytes=90-1000", 100, PLC_HTTP_RANGE_PART, 90, 10},
        {"bytes=-10", 100, PLC_HTTP_RANGE_PART, 90, 10},
        {"bytes=-1000", 100, PLC_HTTP_RANGE_PART, 0, 100},
        {"BYTES=0-", 100, PLC_HTTP_RANGE_PART, 0, 100},
        {"bytes=0-99999999999999999999999", 100, PLC_HTTP_RANGE_PART, 0, 100},
        {"bytes=100-", 100, PLC_HTTP_RANGE_UNSATISFIABLE, 0, 0},
        {"bytes=99999999999999999999999-", 100, PLC_HTTP_RANGE_UNSATISFIABLE, 0, 0},
        {"bytes=-0", 100, PLC_HTTP_RANGE_UNSATISFIABLE, 0, 0},
        {"bytes=0-", 0, PLC_HTTP_RANGE_UNSATISFIABLE, 0, 0},
        {"bytes=5-4", 100, PLC_HTTP_RANGE_WHOLE, 0, 0},
        {"bytes=0-1,5-6", 100, PLC_HTTP_RANGE_WHOLE, 0, 0},
        {"bytes=a-b", 100, PLC_HTTP_RANGE_WHOLE, 0, 0},
        {"bytes=-", 100, PLC_HTTP_RANGE_WHOLE, 0, 0},
        {"bytes=", 100, PLC_HTTP_RANGE_WHOLE, 0, 0},
        {"bytes=0 - 1", 100, PLC_HTTP_RANGE_WHOLE, 0, 0},
        {"lines=0-1", 100, PLC_HTTP_RANGE_WHOLE, 0, 0},
};

static void test_ranges(void)
{
        for (size_t i = 0; i < G_N_ELEMENTS(ranges); i++) {
                uint64_t first = 0, count = 0;
                g_test_message("%s of %u", ranges[i].header, (unsigned)ranges[i].size);
                g_assert_cmpint((int)plc_http_range_parse(ranges[i].header, ranges[i].size, &first, &count), ==,
                                (int)ranges[i].kind);
                g_assert_cmpuint(first, ==, ranges[i].first);
                g_assert_cmpuint(count, ==, ranges[i].count);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/http/target/strict", test_targets);
        g_test_add_func("/http/target/limits", test_limits);
        g_test_add_func("/http/target/values", test_values);
        g_test_add_func("/http/target/routes", test_matches);
        g_test_add_func("/http/conditional/etags", test_etags);
        g_test_add_func("/http/conditional/ranges", test_ranges);
        return g_test_run();
}
