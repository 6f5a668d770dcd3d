/* Which channels are there, what is a territory, a language, an edit? The lists of the rights model, checked where
 * people write them. */
#include "preset/scope.h"

#include <string.h>

#include "base/id.h"

#define MAX_LIST 300 /* more territories than ISO 3166-1 has */
#define MAX_WORD_BYTES 128

/*
 * Ad and marketplace files go to the people who run those channels, by pull; social and print are posted and printed
 * from a pull too. Only what a page or an e-mail must fetch by itself is handed out publicly.
 */
const struct plc_terms_channel plc_terms_channels[] = {
        {"pdp", true},     {"home", true}, {"landing", true},      {"email", true},  {"feed", true},
        {"social", false}, {"ad", false},  {"marketplace", false}, {"print", false}, {NULL, false},
};

static const char *const edits[] = {"crop", "colour", "overlay", "excerpt", "translate", "composite", "ai", NULL};
static const char *const sublicensees[] = {"ad_platform", "retailer", "affiliate", NULL};

const struct plc_terms_channel *plc_terms_channel_find(const char *name)
{
        for (const struct plc_terms_channel *row = plc_terms_channels; row->name != NULL; row++)
                if (strcmp(row->name, name) == 0)
                        return row;
        return NULL;
}

bool plc_territory_valid(const char *text)
{
        return g_ascii_isupper(text[0]) && g_ascii_isupper(text[1]) && text[2] == '\0';
}

bool plc_country_valid(const char *text)
{
        return plc_territory_valid(text) && strcmp(text, "WW") != 0;
}

static bool subtags_valid(const char *text, bool stars)
{
        size_t length = 0;

        for (const char *c = text;; c++) {
                if (*c == '-' || *c == '\0') {
                        if (length < 1 || length > 8)
                                return false;
                        if (*c == '\0')
                                return true;
                        length = 0;
                } else if (stars && *c == '*' && length == 0 && (c[1] == '-' || c[1] == '\0')) {
                        length = 1;
                } else if (g_ascii_isalnum(*c)) {
                        length++;
                } else {
                        return false;
                }
        }
}

bool plc_language_tag_valid(const char *text)
{
        size_t primary = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

        if (text[primary] != '-' && text[primary] != '\0')
                return false;
        if (primary == 1 && (g_ascii_tolower(text[0]) != 'x' || text[1] == '\0'))
                return false;
        return strlen(text) <= 64 && subtags_valid(text, false);
}

bool plc_language_range_valid(const char *text)
{
        return strlen(text) <= 64 && subtags_valid(text, true);
}

static bool channel_valid(const char *text)
{
        return plc_terms_channel_find(text) != NULL;
}

static bool edit_valid(const char *text)
{
        return g_strv_contains(edits, text);
}

static bool sublicensee_valid(const char *text)
{
        return g_strv_contains(sublicensees, text);
}

static bool product_valid(const char *text)
{
        return text[0] != '\0' && plc_name_in_path(text);
}

static const struct {
        const char *name;
        size_t offset;
        bool (*valid)(const char *text);
        const char *expected;
} dimensions[] = {
        {"channels", offsetof(struct plc_terms_scope, channels), channel_valid,
         "one of pdp, home, landing, email, social, ad, feed, marketplace, print"},
        {"territories", offsetof(struct plc_terms_scope, territories), plc_territory_valid,
         "two capital letters (ISO 3166-1) or WW"},
        {"exclude", offsetof(struct plc_terms_scope, exclude), plc_territory_valid,
         "two capital letters (ISO 3166-1) or WW"},
        {"languages", offsetof(struct plc_terms_scope, languages), plc_language_range_valid,
         "a language range such as de or zh-Hant"},
        {"products", offsetof(struct plc_terms_scope, products), product_valid, "a product's id, neither . nor .."},
        {"edits", offsetof(struct plc_terms_scope, edits), edit_valid,
         "one of crop, colour, overlay, excerpt, translate, composite, ai"},
        {"sublicense", offsetof(struct plc_terms_scope, sublicense), sublicensee_valid,
         "one of ad_platform, retailer, affiliate"},
};

static bool no_repeats(plc_json *array, GError **error)
{
        g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

        for (size_t i = 0; i < plc_json_size(array); i++)
                if (!g_hash_table_add(seen, (gpointer)plc_json_string(plc_json_element(array, i))))
                        return plc_json_fail(plc_json_element(array, i), error, PLC_E_BAD_VALUE, "Remove it once.",
                                             "\"%s\" stands in this list twice",
                                             plc_json_string(plc_json_element(array, i)));
        return true;
}

static bool read_dimension(plc_json *object, size_t row, plc_need need, char ***out, GError **error)
{
        g_auto(GStrv) words = NULL;
        plc_json *array;

        if (!plc_json_get_strings(object, dimensions[row].name, need, MAX_LIST, MAX_WORD_BYTES, &words, error))
                return false;
        if (words == NULL)
                return true;
        array = plc_json_member(object, dimensions[row].name);
        if (words[0] == NULL)
                return plc_json_fail(array, error, PLC_E_BAD_VALUE,
                                     "Name what is meant, or leave the member out where nothing narrows it.",
                                     "is an empty list, which would allow nothing at all");
        for (size_t i = 0; words[i] != NULL; i++)
                if (!dimensions[row].valid(words[i]))
                        return plc_json_fail(plc_json_element(array, i), error, PLC_E_BAD_VALUE, "Correct the value.",
                                             "must be %s (found: \"%s\")", dimensions[row].expected, words[i]);
        if (!no_repeats(array, error))
                return false;
        *out = g_steal_pointer(&words);
        return true;
}

static char ***list_of(struct plc_terms_scope *scope, size_t row)
{
        return (char ***)(void *)((char *)scope + dimensions[row].offset);
}

bool plc_terms_scope_read(plc_json *object, plc_need channels_needed, struct plc_terms_scope *out, GError **error)
{
        struct plc_terms_scope scope = {0};

        for (size_t row = 0; row < G_N_ELEMENTS(dimensions); row++) {
                if (read_dimension(object, row, row == 0 ? channels_needed : PLC_OPTIONAL, list_of(&scope, row), error))
                        continue;
                plc_terms_scope_clear(&scope);
                return false;
        }
        *out = scope;
        return true;
}

void plc_terms_scope_clear(struct plc_terms_scope *scope)
{
        for (size_t row = 0; row < G_N_ELEMENTS(dimensions); row++)
                g_clear_pointer(list_of(scope, row), g_strfreev);
}
