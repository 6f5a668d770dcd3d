/* Is strangers' JSON read strictly, with the place of every fault, and is ours written in one form only? */
#include "base/clock.h"
#include "base/json.h"
#include "support/rows.h"

static plc_json *parse(const char *text, GError **error)
{
        return plc_json_parse(text, strlen(text), "a.json", &plc_json_default_limits, error);
}

static plc_json *parse_ok(const char *text)
{
        g_autoptr(GError) error = NULL;
        plc_json *root = parse(text, &error);

        g_assert_no_error(error);
        return root;
}

struct malformed_row {
        const char *sentence, *text;
        plc_code code; /* NONE: it reads */
};

static const struct malformed_row malformed[] = {
        {"an object reads", "{\"a\":1}", PLC_E_NONE},
        {"a number alone reads", "7", PLC_E_NONE},
        {"blanks around it read", " \n{} \t", PLC_E_NONE},
        {"nothing is refused", "", PLC_E_BAD_JSON},
        {"a name twice is refused", "{\"a\":1,\"a\":2}", PLC_E_BAD_JSON},
        {"a name twice deep inside is refused", "{\"x\":[{\"a\":1,\"b\":2,\"a\":1}]}", PLC_E_BAD_JSON},
        {"a name twice in another spelling is refused", "{\"a\":1,\"\\u0061\":2}", PLC_E_BAD_JSON},
        {"a zero character is refused", "{\"a\":\"x\\u0000y\"}", PLC_E_BAD_JSON},
        {"half a surrogate is refused", "{\"a\":\"\\ud800\"}", PLC_E_BAD_JSON},
        {"bytes that are not UTF-8 are refused", "{\"a\":\"\xff\"}", PLC_E_BAD_JSON},
        {"an overlong form is refused", "{\"a\":\"\xc0\xaf\"}", PLC_E_BAD_JSON},
        {"a control character is refused", "{\"a\":\"\x01\"}", PLC_E_BAD_JSON},
        {"a comma too many is refused", "{\"a\":1,}", PLC_E_BAD_JSON},
        {"a comment is refused", "{} // x", PLC_E_BAD_JSON},
        {"two documents are refused", "{}{}", PLC_E_BAD_JSON},
        {"NaN is refused", "[NaN]", PLC_E_BAD_JSON},
        {"a number beyond 64 bits is refused", "[9223372036854775808]", PLC_E_BAD_JSON},
        {"a leading zero is refused", "[01]", PLC_E_BAD_JSON},
        {"single quotes are refused", "{'a':1}", PLC_E_BAD_JSON},
};

static void test_malformed(gconstpointer data)
{
        const struct malformed_row *row = data;
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_json) root = parse(row->text, &error);

        assert_code(error, row->code);
        g_assert_cmpint(root != NULL, ==, row->code == PLC_E_NONE);
        if (error != NULL) {
                g_assert_true(g_str_has_prefix(error->message, "a.json: "));
                g_assert_nonnull(plc_error_remedy(error));
        }
}

static void test_place_of_a_syntax_fault(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_json) root = parse("{\n  \"a\": x\n}", &error);

        g_assert_null(root);
        g_assert_true(g_str_has_prefix(error->message, "a.json: is not valid JSON: line 2, column 8: "));
}

static void test_limits(void)
{
        const struct plc_json_limits small = {.max_bytes = 10, .max_depth = 3};
        static const struct {
                const char *text, *message; /* NULL: it reads */
        } rows[] = {
                {"\"12345678\"", NULL},
                {"\"123456789\"", "a.json: is 11 bytes long; at most 10 are accepted"},
                {"[[[]]]", NULL},
                {"[[[[]]]]", "a.json: is nested deeper than 3 levels"},
                {"{\"a\":[[]]}", NULL},
                {"\"[[[[[\"", NULL}, /* brackets in a string are none */
                {"\"\\\"[[[[\"", NULL},
                {"\"a\\u0000\"",
                 "a.json: is not valid JSON: line 1, column 9: \\u0000 is not allowed near '\"a\\u0000\"'"},
                {"[[]][[]]", "a.json: is not valid JSON: line 1, column 5: end of file expected near '['"},
        };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autoptr(GError) error = NULL;
                g_autoptr(plc_json) root = plc_json_parse(rows[i].text, strlen(rows[i].text), "a.json", &small, &error);

                g_assert_cmpstr(error != NULL ? error->message : NULL, ==, rows[i].message);
                g_assert_cmpint(root != NULL, ==, rows[i].message == NULL);
        }
}

static void test_default_limits(void)
{
        g_autoptr(GString) deep = g_string_new(NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_json) ok = NULL, bad = NULL;

        for (int i = 0; i < 32; i++)
                g_string_append_c(deep, '[');
        for (int i = 0; i < 32; i++)
                g_string_append_c(deep, ']');
        ok = parse(deep->str, &error);
        g_assert_no_error(error);
        g_string_prepend_c(deep, '[');
        g_string_append_c(deep, ']');
        bad = parse(deep->str, &error);
        assert_code(error, PLC_E_BAD_JSON);
        g_assert_cmpuint(plc_json_default_limits.max_bytes, ==, 1048576);
}

/* What is asked of {"m":VALUE}, and what is answered. */
enum ask {
        ASK_STRING, /* at most 4 bytes */
        ASK_NAME,
        ASK_INT, /* -5 to 5 */
        ASK_NUMBER,
        ASK_BOOL,
        ASK_ENUM, /* red, green */
        ASK_TIME,
        ASK_ARRAY, /* at most 2 */
        ASK_OBJECT,
        ASK_STRINGS, /* at most 2 of 4 bytes */
};

struct member_row {
        const char *sentence;
        enum ask ask;
        const char *value;   /* NULL: absent */
        const char *message; /* NULL: taken */
};

static const struct member_row members[] = {
        {"a string is taken", ASK_STRING, "\"four\"", NULL},
        {"an empty string is a string", ASK_STRING, "\"\"", NULL},
        {"a string counts bytes, not letters", ASK_STRING, "\"\\u20ac\\u20ac\"",
         "a.json, /m: is 6 bytes long; at most 4 are accepted"},
        {"a number is no string", ASK_STRING, "4", "a.json, /m: must be a string (found: a whole number)"},
        {"a missing string is told at the object", ASK_STRING, NULL, "a.json: \"m\" is missing"},
        {"null is missing", ASK_STRING, "null", "a.json: \"m\" is missing"},
        {"a name must not be empty", ASK_NAME, "\"\"", "a.json, /m: must not be empty"},
        {"a name is taken", ASK_NAME, "\"n\"", NULL},
        {"the least number is taken", ASK_INT, "-5", NULL},
        {"the greatest number is taken", ASK_INT, "5", NULL},
        {"below the least is told", ASK_INT, "-6", "a.json, /m: must be from -5 to 5 (found: -6)"},
        {"above the greatest is told", ASK_INT, "6", "a.json, /m: must be from -5 to 5 (found: 6)"},
        {"a fraction is no whole number", ASK_INT, "5.0", "a.json, /m: must be a whole number (found: a number)"},
        {"a number in a string is no number", ASK_INT, "\"5\"", "a.json, /m: must be a whole number (found: a string)"},
        {"a fraction is taken", ASK_NUMBER, "0.5", NULL},
        {"a whole number is a number", ASK_NUMBER, "1", NULL},
        {"a number out of range is told", ASK_NUMBER, "1.5", "a.json, /m: must be from 0 to 1 (found: 1.5)"},
        {"true is taken", ASK_BOOL, "true", NULL},
        {"1 is not true", ASK_BOOL, "1", "a.json, /m: must be true or false (found: a whole number)"},
        {"a word of the list is taken", ASK_ENUM, "\"green\"", NULL},
        {"another word is told with the list", ASK_ENUM, "\"Green\"",
         "a.json, /m: must be one of red, green (found: \"Green\")"},
        {"a time is taken", ASK_TIME, "\"2026-11-03T09:12:44+01:00\"", NULL},
        {"another form of time is told", ASK_TIME, "\"3.11.2026\"",
         "a.json, /m: must be an RFC 3339 time (found: \"3.11.2026\")"},
        {"a list is taken", ASK_ARRAY, "[1,2]", NULL},
        {"a longer list is told", ASK_ARRAY, "[1,2,3]", "a.json, /m: has 3 elements; at most 2 are accepted"},
        {"an object is no list", ASK_ARRAY, "{}", "a.json, /m: must be a list (found: an object)"},
        {"an object is taken", ASK_OBJECT, "{}", NULL},
        {"a list is no object", ASK_OBJECT, "[]", "a.json, /m: must be an object (found: a list)"},
        {"a list of strings is taken", ASK_STRINGS, "[\"a\",\"b\"]", NULL},
        {"an element that is no string is told", ASK_STRINGS, "[\"a\",7]",
         "a.json, /m/1: must be a string (found: a whole number)"},
        {"an element that is empty is told", ASK_STRINGS, "[\"\"]", "a.json, /m/0: must have 1 to 4 bytes (found: 0)"},
        {"an element that is too long is told", ASK_STRINGS, "[\"abcde\"]",
         "a.json, /m/0: must have 1 to 4 bytes (found: 5)"},
};

static bool ask(plc_json *root, enum ask what, plc_need need, GError **error)
{
        static const char *const colours[] = {"red", "green", NULL};
        g_auto(GStrv) strings = NULL;
        const char *text = NULL;
        plc_json *node = NULL;
        int64_t number = 0;
        double real = 0;
        bool truth = false;
        int word = -1;

        switch (what) {
        case ASK_STRING:
                return plc_json_get_string(root, "m", need, 4, &text, error);
        case ASK_NAME:
                return plc_json_get_name(root, "m", need, 4, &text, error);
        case ASK_INT:
                return plc_json_get_int(root, "m", need, -5, 5, &number, error);
        case ASK_NUMBER:
                return plc_json_get_number(root, "m", need, 0, 1, &real, error);
        case ASK_BOOL:
                return plc_json_get_bool(root, "m", need, &truth, error);
        case ASK_ENUM:
                return plc_json_get_enum(root, "m", need, colours, &word, error);
        case ASK_TIME:
                return plc_json_get_time(root, "m", need, &number, error);
        case ASK_ARRAY:
                return plc_json_get_array(root, "m", need, 2, &node, error);
        case ASK_OBJECT:
                return plc_json_get_object(root, "m", need, &node, error);
        case ASK_STRINGS:
                break;
        }
        return plc_json_get_strings(root, "m", need, 2, 4, &strings, error);
}

static void test_member(gconstpointer data)
{
        const struct member_row *row = data;
        g_autofree char *text = row->value != NULL ? g_strdup_printf("{\"m\":%s}", row->value) : g_strdup("{}");
        g_autoptr(plc_json) root = parse_ok(text);
        g_autoptr(GError) error = NULL;

        g_assert_cmpint(ask(root, row->ask, PLC_REQUIRED, &error), ==, row->message == NULL);
        g_assert_cmpstr(error != NULL ? error->message : NULL, ==, row->message);
}

/* What is optional and absent, or null, leaves the default alone. */
static void test_optional(void)
{
        static const char *const texts[] = {"{}", "{\"m\":null}"};

        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
                g_autoptr(plc_json) root = parse_ok(texts[i]);
                int64_t number = 42;

                for (int what = ASK_STRING; what <= ASK_STRINGS; what++)
                        g_assert_true(ask(root, (enum ask)what, PLC_OPTIONAL, NULL));
                g_assert_true(plc_json_get_int(root, "m", PLC_OPTIONAL, 0, 9, &number, NULL));
                g_assert_cmpint(number, ==, 42);
                g_assert_cmpint(plc_json_has(root, "m"), ==, i == 1);
        }
}

struct only_row {
        const char *sentence, *text, *message;
};

/* "known" is asked for. */
static const struct only_row onlies[] = {
        {"a member asked for is known", "{\"known\":1}", NULL},
        {"a member never asked for is told", "{\"known\":1,\"other\":2}",
         "a.json, /other: \"other\" is not a member known here"},
        {"x_ is free", "{\"x_other\":{\"anything\":1}}", NULL},
        {"x without the line is not", "{\"xother\":1}", "a.json, /xother: \"xother\" is not a member known here"},
        {"another case is another name", "{\"Known\":1}", "a.json, /Known: \"Known\" is not a member known here"},
};

static void test_only(gconstpointer data)
{
        const struct only_row *row = data;
        g_autoptr(plc_json) root = parse_ok(row->text);
        g_autoptr(GError) error = NULL;

        plc_json_member(root, "known");
        g_assert_cmpint(plc_json_only(root, &error), ==, row->message == NULL);
        g_assert_cmpstr(error != NULL ? error->message : NULL, ==, row->message);
        if (error != NULL)
                assert_code(error, PLC_E_UNKNOWN_MEMBER);
}

static void test_pointers(void)
{
        g_autoptr(plc_json) root = parse_ok("{\"a/b\":{\"m~n\":[0,{\"\":[5]}]}}");
        plc_json *node = plc_json_value(root, 0);
        g_autofree char *top = plc_json_pointer(root), *deep = NULL;

        node = plc_json_element(plc_json_value(node, 0), 1);
        node = plc_json_element(plc_json_value(node, 0), 0);
        deep = plc_json_pointer(node);
        g_assert_cmpstr(top, ==, "");
        g_assert_cmpstr(deep, ==, "/a~1b/m~0n/1//0"); /* RFC 6901, 3 */
        g_assert_cmpint(plc_json_int(node), ==, 5);
}

struct canonical_row {
        const char *sentence, *text, *canonical; /* NULL: refused */
};

static const struct canonical_row canonicals[] = {
        {"blanks go, members are sorted", "{ \"b\" : [ 1 , true , null ] , \"a\" : \"x\" }",
         "{\"a\":\"x\",\"b\":[1,true,null]}"},
        {"a prefix comes first", "{\"ab\":1,\"a\":2,\"\":3}", "{\"\":3,\"a\":2,\"ab\":1}"},
        {"capitals come before small letters", "{\"a\":1,\"B\":2}", "{\"B\":2,\"a\":1}"},
        /* RFC 8785, 3.2.3: its own example, without the member of "\u20ac" moved */
        {"the example of RFC 8785",
         "{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\\ufb33\":\"Hebrew Letter Dalet With Dagesh\",\"1\":"
         "\"One\",\"\\ud83d\\ude00\":\"Emoji: Grinning Face\",\"\\u0080\":\"Control\",\"\\u00f6\":\"Latin Small Letter "
         "O With Diaeresis\"}",
         "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\",\"\xc3\xb6\":\"Latin Small Letter O With "
         "Diaeresis\",\"\xe2\x82\xac\":\"Euro Sign\",\"\xf0\x9f\x98\x80\":\"Emoji: Grinning Face\",\"\xef\xac\xb3\":"
         "\"Hebrew Letter Dalet With Dagesh\"}"},
        {"a letter before the surrogates stays before an emoji", "{\"\\ud83d\\ude00\":1,\"\\ud7ff\":2}",
         "{\"\xed\x9f\xbf\":2,\"\xf0\x9f\x98\x80\":1}"},
        {"two emoji go by their second half", "{\"\\ud83d\\ude01\":1,\"\\ud83d\\ude00\":2}",
         "{\"\xf0\x9f\x98\x80\":2,\"\xf0\x9f\x98\x81\":1}"},
        {"a name that goes on with an emoji comes after its beginning", "{\"a\\ud83d\\ude00\":1,\"a\":2}",
         "{\"a\":2,\"a\xf0\x9f\x98\x80\":1}"},
        {"the seven short escapes, the rest by number",
         "[\"\\u0008\\u0009\\u000a\\u000c\\u000d\\u0022\\u005c\\u0001\\u001f\"]",
         "[\"\\b\\t\\n\\f\\r\\\"\\\\\\u0001\\u001f\"]"},
        {"a slash, DEL and letters are not escaped", "[\"\\/\\u007f\\u00e9\"]", "[\"/\x7f\xc3\xa9\"]"},
        {"the ends of 64 bits", "[-9223372036854775808,9223372036854775807,-0]",
         "[-9223372036854775808,9223372036854775807,0]"},
        {"empty ones stay empty", "{\"a\":{},\"b\":[],\"c\":\"\"}", "{\"a\":{},\"b\":[],\"c\":\"\"}"},
        {"a number with a fraction is refused", "{\"a\":[1.5]}", NULL},
        {"a number with an exponent is refused", "[1e3]", NULL},
};

static void test_canonical(gconstpointer data)
{
        const struct canonical_row *row = data;
        g_autoptr(plc_json) root = parse_ok(row->text);
        g_autoptr(GError) error = NULL;
        g_autofree char *text = plc_json_canonical(root, &error);

        g_assert_cmpstr(text, ==, row->canonical);
        assert_code(error, row->canonical != NULL ? PLC_E_NONE : PLC_E_BAD_VALUE);
}

static void test_canonical_without(void)
{
        static const char *const names[] = {"hash", "absent", NULL};
        g_autoptr(plc_json) root = parse_ok("{\"hash\":\"x\",\"b\":{\"hash\":1},\"a\":2}");
        g_autofree char *text = plc_json_canonical_without(root, names, NULL), *whole = plc_json_canonical(root, NULL);

        g_assert_cmpstr(text, ==, "{\"a\":2,\"b\":{\"hash\":1}}");
        g_assert_cmpstr(whole, ==, "{\"a\":2,\"b\":{\"hash\":1},\"hash\":\"x\"}"); /* the document is as before */
}

static void test_writer(void)
{
        g_autoptr(GString) out = g_string_new(NULL);
        g_autoptr(plc_json) root = NULL;

        plc_jw_object(out, NULL);
        plc_jw_object(out, "empty");
        plc_jw_end_object(out);
        plc_jw_array(out, "list");
        plc_jw_array(out, NULL);
        plc_jw_end_array(out);
        plc_jw_int(out, NULL, -1);
        plc_jw_string(out, NULL, "ends in [");
        plc_jw_string(out, NULL, ",");
        plc_jw_string(out, NULL, NULL);
        plc_jw_end_array(out);
        plc_jw_bool(out, "b", true);
        plc_jw_null(out, "n");
        plc_jw_time(out, "t", 0);
        plc_jw_time(out, "never", PLC_TIME_NEVER);
        plc_jw_raw(out, "raw", "{\"r\":1}");
        plc_jw_string(out, "odd \"name\"\n", "v");
        plc_jw_end_object(out);
        g_string_append_c(out, '\n');
        plc_jw_object(out, NULL); /* the next line of JSON Lines begins without a comma */
        plc_jw_end_object(out);
        g_assert_cmpstr(out->str, ==,
                        "{\"empty\":{},\"list\":[[],-1,\"ends in [\",\",\",null],\"b\":true,\"n\":null,"
                        "\"t\":\"1970-01-01T00:00:00.000Z\",\"never\":null,\"raw\":{\"r\":1},"
                        "\"odd \\\"name\\\"\\n\":\"v\"}\n{}");
        root = parse_ok("{\"b\":[1.50,{\"z\":null}],\"a\":\"\\u00e9\"}");
        g_string_truncate(out, 0);
        plc_json_write(root, out);
        g_assert_cmpstr(out->str, ==, "{\"b\":[1.5,{\"z\":null}],\"a\":\"\xc3\xa9\"}"); /* in the order read */
}

static void test_reals(void)
{
        static const double values[] = {0.1, 1.0 / 3.0, 4.35, 1e21, 5e-324, 1.7976931348623157e308, -0.25, 100.0};

        for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
                g_autoptr(GString) out = g_string_new(NULL);

                plc_jw_real(out, NULL, values[i]);
                g_assert_true(g_ascii_strtod(out->str, NULL) == values[i]); // NOLINT: it must read back exactly
                g_assert_null(strchr(out->str, ','));
        }
}

static void test_shortest(void)
{
        static const struct {
                double value;
                const char *text;
        } rows[] = {{0.1, "0.1"},   {4.35, "4.35"}, {0.5, "0.5"},   {10.0, "10"},
                    {100.0, "100"}, {-20.0, "-20"}, {1e21, "1e+21"}};

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autoptr(GString) out = g_string_new(NULL);

                plc_jw_real(out, NULL, rows[i].value);
                g_assert_cmpstr(out->str, ==, rows[i].text);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        ADD_ROWS("/json/malformed", malformed, test_malformed)
        g_test_add_func("/json/a fault of form is told with line and column", test_place_of_a_syntax_fault);
        g_test_add_func("/json/size and depth have limits", test_limits);
        g_test_add_func("/json/the default limits are those of the contract", test_default_limits);
        ADD_ROWS("/json/member", members, test_member)
        g_test_add_func("/json/what is optional and absent leaves the default", test_optional);
        ADD_ROWS("/json/only", onlies, test_only)
        g_test_add_func("/json/pointers are escaped", test_pointers);
        ADD_ROWS("/json/canonical", canonicals, test_canonical)
        g_test_add_func("/json/canonical without members", test_canonical_without);
        g_test_add_func("/json/the writer sets the commas", test_writer);
        g_test_add_func("/json/numbers read back as they were", test_reals);
        g_test_add_func("/json/numbers are written in their shortest form", test_shortest);
        return g_test_run();
}
