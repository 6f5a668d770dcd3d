/* Which terms are registered, and which files of them are refused with which sentence? */
#include <fcntl.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "preset/terms.h"

#define TEXT "You may show my photo.\n"

static const char good[] =
        "{\"schema\": \"placet.terms/1\", \"id\": \"ugc\", \"version\": 3, \"language\": \"en\","
        " \"text_file\": \"ugc.txt\", \"text_sha256\": \"%s\", \"in_force_from\": \"2026-06-01T00:00:00.000Z\","
        " \"grants\": [{\"layer\": \"licence\", \"channels\": [\"pdp\", \"home\"], \"territories\": [\"WW\"], "
        "\"exclude\": [\"CN\"],"
        "  \"edits\": [\"crop\"], \"days\": 730},"
        " {\"layer\": \"likeness\", \"person\": \"self\", \"channels\": [\"pdp\"], \"territories\": [\"DE\"], "
        "\"days\": 365}]}";

static const struct row {
        const char *sentence, *find, *replace, *expected;
        plc_code code;
} rows[] = {
        {"no days", ", \"days\": 730", "", "/grants/0: \"days\" is missing", PLC_E_MISSING_MEMBER},
        {"days without end", "730", "0", "/grants/0/days: must be from 1 to 36500 (found: 0)", PLC_E_BAD_VALUE},
        {"no channels", "\"channels\": [\"pdp\", \"home\"], ", "", "/grants/0: \"channels\" is missing",
         PLC_E_MISSING_MEMBER},
        {"no territories", "\"territories\": [\"WW\"], ", "", "/grants/0: \"territories\" is missing",
         PLC_E_MISSING_MEMBER},
        {"an unknown layer", "\"licence\"", "\"license\"",
         "/grants/0/layer: must be one of licence, data, likeness (found: \"license\")", PLC_E_BAD_VALUE},
        {"likeness of nobody", "\"person\": \"self\", ", "", "/grants/1: a likeness grant needs \"person\": \"self\"",
         PLC_E_BAD_VALUE},
        {"likeness of another", "\"self\"", "\"friend\"", "/grants/1/person: must be one of self (found: \"friend\")",
         PLC_E_BAD_VALUE},
        {"a person on a licence", "\"licence\",", "\"licence\", \"person\": \"self\",",
         "/grants/0: \"person\" belongs to likeness grants only", PLC_E_BAD_VALUE},
        {"terms that grant nothing", "\"grants\": [{", "\"grants\": [], \"x_was\": [{",
         "/grants: terms that grant nothing are of no use", PLC_E_BAD_VALUE},
        {"a text elsewhere", "\"ugc.txt\"", "\"../ugc.txt\"",
         "/text_file: must be the name of a file beside this one (found: \"../ugc.txt\")", PLC_E_BAD_VALUE},
        {"a text that is not there", "\"ugc.txt\"", "\"other.txt\"", "/text_file: \"other.txt\" cannot be read",
         PLC_E_MISSING_FILE},
        {"a language with an underscore", "\"en\"", "\"en_GB\"",
         "/language: must be a language tag such as en or zh-Hant (found: \"en_GB\")", PLC_E_BAD_VALUE},
        {"a member nobody knows", "\"exclude\"", "\"except\"",
         "/grants/0/except: \"except\" is not a member known here", PLC_E_UNKNOWN_MEMBER},
};

static char *folder, *site;
static char sha256[PLC_SHA256_HEX_SIZE];

static void put(const char *where, const char *name, const char *text)
{
        g_autofree char *path = g_build_filename(where, name, NULL);

        g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void take_away(const char *where, const char *name)
{
        g_autofree char *path = g_build_filename(where, name, NULL);

        g_assert_true(plc_remove_tree_at(AT_FDCWD, path, NULL));
}

static char *terms(const char *find, const char *replace)
{
        const char *hash = strstr(good, "%s");
        g_autofree char *whole = g_strdup_printf("%.*s%s%s", (int)(hash - good), good, sha256, hash + 2);
        const char *at = strstr(whole, find);

        g_assert_nonnull(at);
        return g_strdup_printf("%.*s%s%s", (int)(at - whole), whole, replace, at + strlen(find));
}

static void refused(const char *json, plc_code code, const char *expected)
{
        g_autoptr(plc_terms_registry) registry = NULL;
        g_autoptr(GError) error = NULL;

        put(folder, "ugc.json", json);
        registry = plc_terms_load(folder, NULL, &error);
        g_assert_null(registry);
        g_assert_error(error, PLC_ERROR_DOMAIN, (int)code);
        g_assert_true(g_str_has_prefix(error->message, "presets/terms/ugc.json, "));
        if (strstr(error->message, expected) == NULL)
                g_error("expected \"%s\", found \"%s\"", expected, error->message);
}

static void test_row(gconstpointer data)
{
        const struct row *row = data;
        g_autofree char *json = terms(row->find, row->replace);

        refused(json, row->code, row->expected);
}

static void test_found(void)
{
        g_autofree char *json = terms("", "");
        g_autoptr(plc_terms_registry) registry = NULL;
        const struct plc_terms *found;
        char other[PLC_SHA256_HEX_SIZE];

        put(folder, "ugc.json", json);
        registry = plc_terms_load(folder, NULL, NULL);
        found = plc_terms_find(registry, "ugc", 3, sha256);
        g_assert_nonnull(found);
        g_assert_cmpuint(found->n_grants, ==, 2);
        g_assert_cmpstr(plc_terms_layer_name(found->grants[0].layer), ==, "licence");
        g_assert_cmpstr(found->grants[0].scope.channels[1], ==, "home");
        g_assert_cmpstr(found->grants[0].scope.exclude[0], ==, "CN");
        g_assert_null(found->grants[0].scope.languages);
        g_assert_cmpint(found->grants[1].layer, ==, PLC_TERMS_LIKENESS);
        g_assert_cmpint(found->grants[1].days, ==, 365);
        g_assert_null(plc_terms_find(registry, "ugc", 4, sha256));
        g_assert_null(plc_terms_find(registry, "ugd", 3, sha256));
        plc_sha256_hex("x", 1, other);
        g_assert_null(plc_terms_find(registry, "ugc", 3, other));
}

static void test_changed_text(void)
{
        g_autofree char *json = terms("", ""), *expected = NULL;
        char found[PLC_SHA256_HEX_SIZE];

        plc_sha256_hex("Anything.", 9, found);
        expected = g_strdup_printf("/text_sha256: \"ugc.txt\" has the SHA-256 %s (found here: %s)", found, sha256);
        put(folder, "ugc.txt", "Anything.");
        refused(json, PLC_E_HASH_MISMATCH, expected);
        put(folder, "ugc.txt", TEXT);
}

static void test_twice(void)
{
        g_autofree char *json = terms("", "");
        g_autoptr(plc_terms_registry) registry = NULL, overridden = NULL;
        g_autoptr(GError) error = NULL;

        put(folder, "ugc.json", json);
        put(site, "ugc.json", json);
        put(site, "ugc.txt", TEXT);
        overridden = plc_terms_load(folder, site, NULL);
        g_assert_cmpuint(plc_terms_size(overridden), ==, 1);
        g_assert_true(plc_terms_at(overridden, 0)->of_site);
        put(folder, "vgc.json", json);
        registry = plc_terms_load(folder, NULL, &error);
        g_assert_null(registry);
        g_assert_error(error, PLC_ERROR_DOMAIN, PLC_E_CONFLICT);
        g_assert_cmpstr(error->message, ==,
                        "presets/terms/vgc.json, /version: ugc version 3 in en stands in presets/terms/ugc.json too");
        take_away(folder, "vgc.json");
}

static void test_words(void)
{
        g_assert_true(plc_language_tag_valid("zh-Hant-TW"));
        g_assert_true(plc_language_tag_valid("x-klingon"));
        g_assert_false(plc_language_tag_valid("x"));
        g_assert_false(plc_language_tag_valid(""));
        g_assert_false(plc_language_tag_valid("en-"));
        g_assert_false(plc_language_tag_valid("123"));
        g_assert_false(plc_language_tag_valid("toolonglanguage"));
        g_assert_true(plc_language_range_valid("*"));
        g_assert_true(plc_language_range_valid("de-*-1996"));
        g_assert_false(plc_language_range_valid("d*"));
        g_assert_false(plc_language_range_valid("-de"));
        g_assert_true(plc_territory_valid("WW"));
        g_assert_false(plc_territory_valid("W"));
        g_assert_false(plc_territory_valid("DEU"));
        g_assert_false(plc_country_valid("WW"));
        g_assert_false(plc_terms_channel_find("ad")->is_public);
        g_assert_true(plc_terms_channel_find("pdp")->is_public);
        g_assert_null(plc_terms_channel_find("internal"));
}

int main(int argc, char **argv)
{
        int status;

        g_test_init(&argc, &argv, NULL);
        folder = g_dir_make_tmp("placet-test-XXXXXX", NULL);
        site = g_dir_make_tmp("placet-test-XXXXXX", NULL);
        plc_sha256_hex(TEXT, strlen(TEXT), sha256);
        put(folder, "ugc.txt", TEXT);
        g_test_add_func("/terms/registered terms are found by id, version and hash", test_found);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *path = g_strdup_printf("/terms/%02zu %s", i, rows[i].sentence);

                g_test_add_data_func(path, &rows[i], test_row);
        }
        g_test_add_func("/terms/a text that was changed is refused", test_changed_text);
        g_test_add_func("/terms/the same version twice is refused, a site's own wins", test_twice);
        g_test_add_func("/terms/languages, territories, channels", test_words);
        status = g_test_run();
        g_assert_true(plc_remove_tree_at(AT_FDCWD, folder, NULL));
        g_assert_true(plc_remove_tree_at(AT_FDCWD, site, NULL));
        g_free(folder);
        g_free(site);
        return status;
}
