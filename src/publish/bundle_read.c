/* How is a bundle's definition read? Strictly, like everything that a person writes. */
#include <string.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/json.h"
#include "publish/bundle.h"

static const char *const roles[] = {"scene", "closeup", "result", "unboxing", "before", "after", "other", NULL};
static const char *const orders[] = {"newest", "oldest", "rating", "random", NULL};
static const char *const kinds[] = {"photo", "review", NULL}; /* as enum plc_item_kind */

void plc_bundle_definition_free(struct plc_bundle_definition *definition)
{
        if (definition == NULL)
                return;
        g_free(definition->json);
        g_free(definition->file);
        g_free(definition->name);
        g_free(definition->title);
        g_strfreev(definition->channels);
        g_strfreev(definition->territories);
        g_strfreev(definition->placements);
        g_free(definition->product);
        g_free(definition->tag);
        g_free(definition->campaign);
        g_free(definition->role);
        g_free(definition->language);
        g_free(definition->country);
        g_strfreev(definition->pinned);
        g_strfreev(definition->excluded);
        g_free(definition);
}

static bool copy(plc_json *object, const char *name, plc_need need, size_t max, char **out, GError **error)
{
        const char *value = NULL;

        if (!plc_json_get_name(object, name, need, max, &value, error))
                return false;
        *out = g_strdup(value);
        return true;
}

/* --- of which form single values are */

static bool is_item(const char *text)
{
        return plc_id_valid(text);
}

static bool is_channel(const char *text)
{
        return plc_word_index(plc_channel_words, text) >= 0;
}

/* ISO's list itself: for a UK, which nobody is asked for, nothing would be shown, silently. */
static bool is_territory(const char *text)
{
        return strcmp(text, "WW") == 0 || plc_index_territory_known(text);
}

static bool is_country(const char *text)
{
        return plc_index_territory_known(text);
}

/* A preset's id, of letters that stand in a path. */
static bool is_placement(const char *text)
{
        return g_ascii_isalnum(text[0]) && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(text);
}

/* A language's subtag, of letters; x and i alone begin what is no language's (RFC 5646, 2.1). */
static bool begins_tag(const char *text)
{
        size_t first = strcspn(text, "-");
        size_t letters = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
        char small = g_ascii_tolower(text[0]);

        return letters == first && (first >= 2 || ((small == 'x' || small == 'i') && text[1] == '-'));
}

/* RFC 4647: subtags of one to eight letters or digits, or *, joined by hyphens. */
static bool is_range(const char *text)
{
        if (text[0] != '*' && !begins_tag(text))
                return false;
        g_auto(GStrv) subtags = g_strsplit(text, "-", -1);

        for (char **subtag = subtags; *subtag != NULL; subtag++) {
                size_t size = strlen(*subtag);

                if (strcmp(*subtag, "*") == 0)
                        continue;
                for (size_t i = 0; i < size; i++)
                        if (!g_ascii_isalnum((*subtag)[i]))
                                return false;
                if (size < 1 || size > 8)
                        return false;
        }
        return true;
}

struct form {
        const char *what, *remedy;
        bool (*fits)(const char *text);
};
static const struct form item_form = {"the id of an item", "placet list and placet show tell ids of items.", is_item};
static const struct form channel_form = {
        "a channel", "Write pdp, home, landing, email, social, ad, feed, marketplace or print.", is_channel};
static const struct form territory_form = {"a territory", "Write two capitals of ISO 3166-1, such as GB, or WW.",
                                           is_territory};
static const struct form country_form = {"a country", "Write two capitals of ISO 3166-1, such as GB.", is_country};
static const struct form placement_form = {"the id of a placement", "placet presets list tells those there are.",
                                           is_placement};
static const struct form range_form = {"a language range", "Write it like de, zh-Hant or *.", is_range};

static const struct form product_form = {"a product's id", "Name one that a product can have: not . or ..",
                                         plc_name_in_path};

static bool fits(const plc_bundle_definition *definition, plc_json *node, const struct form *form, const char *value,
                 GError **error)
{
        return definition->frozen || form->fits(value) ||
               plc_json_fail(node, error, PLC_E_BAD_VALUE, form->remedy, "\"%s\" is not %s", value, form->what);
}

static bool copy_fitting(const plc_bundle_definition *definition, plc_json *object, const char *name, size_t max,
                         const struct form *form, char **out, GError **error)
{
        return copy(object, name, PLC_OPTIONAL, max, out, error) &&
               (*out == NULL || fits(definition, plc_json_member(object, name), form, *out, error));
}

/* A list in which each is of the form, and none stands twice. */
static bool copy_list(const plc_bundle_definition *definition, plc_json *object, const char *name, plc_need need,
                      size_t max, const struct form *form, char ***out, GError **error)
{
        g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
        plc_json *list;

        if (!plc_json_get_strings(object, name, need, max, 64, out, error))
                return false;
        list = plc_json_member(object, name);
        if (need == PLC_REQUIRED && **out == NULL)
                return plc_json_fail(list, error, PLC_E_BAD_VALUE, "Name at least one.", "must not be empty");
        for (size_t i = 0; *out != NULL && (*out)[i] != NULL; i++) {
                if (!fits(definition, plc_json_element(list, i), form, (*out)[i], error))
                        return false;
                if (!g_hash_table_add(seen, (*out)[i]) && !definition->frozen)
                        return plc_json_fail(plc_json_element(list, i), error, PLC_E_BAD_VALUE, "Take one of them out.",
                                             "\"%s\" stands twice", (*out)[i]);
        }
        return true;
}

/* --- the parts */

static bool read_role(plc_json *query, plc_bundle_definition *out, GError **error)
{
        int role;

        return (out->frozen || plc_json_get_enum(query, "role", PLC_OPTIONAL, roles, &role, error)) &&
               copy(query, "role", PLC_OPTIONAL, 16, &out->role, error);
}

static bool read_query(plc_json *query, plc_bundle_definition *out, GError **error)
{
        out->kind = -1;
        if (query == NULL)
                return true;
        out->photo_wanted_given = plc_json_has(query, "has_photo");
        return copy_fitting(out, query, "product", 128, &product_form, &out->product, error) &&
               copy(query, "tag", PLC_OPTIONAL, 64, &out->tag, error) &&
               copy(query, "campaign", PLC_OPTIONAL, 128, &out->campaign, error) && read_role(query, out, error) &&
               copy_fitting(out, query, "language", 64, &range_form, &out->language, error) &&
               copy_fitting(out, query, "country", 64, &country_form, &out->country, error) &&
               plc_json_get_enum(query, "kind", PLC_OPTIONAL, kinds, &out->kind, error) &&
               plc_json_get_bool(query, "has_photo", PLC_OPTIONAL, &out->photo_wanted, error) &&
               plc_json_get_int(query, "min_width", PLC_OPTIONAL, 1, 100000, &out->min_width, error) &&
               plc_json_get_int(query, "min_height", PLC_OPTIONAL, 1, 100000, &out->min_height, error) &&
               plc_json_get_number(query, "min_sharpness", PLC_OPTIONAL, 0, 1e6, &out->min_sharpness, error) &&
               plc_json_get_int(query, "min_quality", PLC_OPTIONAL, 0, 100, &out->min_quality, error) &&
               plc_json_get_int(query, "max_age_days", PLC_OPTIONAL, 1, 36500, &out->max_age_days, error) &&
               plc_json_only(query, error);
}

static bool read_diversity(plc_json *diversity, plc_bundle_definition *out, GError **error)
{
        return diversity == NULL ||
               (plc_json_get_int(diversity, "contributor", PLC_OPTIONAL, 1, 10000, &out->per_contributor, error) &&
                plc_json_get_int(diversity, "country", PLC_OPTIONAL, 1, 10000, &out->per_country, error) &&
                plc_json_only(diversity, error));
}

static bool check_name(plc_json *root, const char *name, GError **error)
{
        if (strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(name) && name[0] != '-' &&
            !g_str_has_suffix(name, "-"))
                return true;
        return plc_json_fail(plc_json_member(root, "name"), error, PLC_E_BAD_VALUE, "Write it like spring-2027.",
                             "must be small letters, digits and inner hyphens (found: \"%s\")", name);
}

/* For people, on one line. */
static bool check_title(plc_json *root, const char *title, GError **error)
{
        for (const char *c = title; c != NULL && *c != '\0'; c++)
                if (g_ascii_iscntrl(*c))
                        return plc_json_fail(plc_json_member(root, "title"), error, PLC_E_BAD_VALUE,
                                             "Write it on one line.", "must not hold control characters");
        return true;
}

static bool check_whole(plc_json *root, const plc_bundle_definition *definition, GError **error)
{
        plc_json *excluded = plc_json_member(root, "excluded");

        for (size_t i = 0; definition->excluded != NULL && definition->excluded[i] != NULL; i++)
                if (definition->pinned != NULL &&
                    g_strv_contains((const char *const *)definition->pinned, definition->excluded[i]))
                        return plc_json_fail(plc_json_element(excluded, i), error, PLC_E_BAD_VALUE,
                                             "Take it out of one of both.", "%s is pinned as well",
                                             definition->excluded[i]);
        if (definition->until_ms <= definition->from_ms)
                return plc_json_fail(plc_json_member(root, "until"), error, PLC_E_BAD_VALUE, "Correct the times.",
                                     "is not after \"from\"");
        return true;
}

static bool read_all(plc_json *root, plc_bundle_definition *out, GError **error)
{
        static const char *const schemas[] = {"placet.bundle/1", NULL};
        static const char *const duplicates[] = {"remove", "keep", NULL};
        plc_json *query = NULL, *diversity = NULL;
        int schema, keep_duplicates = 0;
        bool ok;

        out->until_ms = PLC_TIME_NEVER;
        ok = plc_json_get_enum(root, "schema", PLC_REQUIRED, schemas, &schema, error) &&
             copy(root, "name", PLC_REQUIRED, 63, &out->name, error) && check_name(root, out->name, error) &&
             copy(root, "title", PLC_OPTIONAL, 200, &out->title, error) &&
             (out->frozen || check_title(root, out->title, error)) &&
             copy_list(out, root, "channels", PLC_REQUIRED, 9, &channel_form, &out->channels, error) &&
             copy_list(out, root, "territories", PLC_REQUIRED, 300, &territory_form, &out->territories, error) &&
             plc_json_get_object(root, "query", PLC_OPTIONAL, &query, error) && read_query(query, out, error) &&
             copy_list(out, root, "pinned", PLC_OPTIONAL, 1000, &item_form, &out->pinned, error) &&
             copy_list(out, root, "excluded", PLC_OPTIONAL, 1000, &item_form, &out->excluded, error) &&
             plc_json_get_enum(root, "order", PLC_OPTIONAL, orders, &out->order, error) &&
             plc_json_get_time(root, "from", PLC_OPTIONAL, &out->from_ms, error) &&
             plc_json_get_time(root, "until", PLC_OPTIONAL, &out->until_ms, error) &&
             copy_list(out, root, "placements", PLC_OPTIONAL, 200, &placement_form, &out->placements, error) &&
             plc_json_get_enum(root, "near_duplicates", PLC_OPTIONAL, duplicates, &keep_duplicates, error) &&
             plc_json_get_object(root, "diversity", PLC_OPTIONAL, &diversity, error) &&
             read_diversity(diversity, out, error) &&
             plc_json_get_int(root, "limit", PLC_OPTIONAL, 1, 10000, &out->limit, error) &&
             plc_json_get_bool(root, "kept", PLC_OPTIONAL, &out->kept, error) && plc_json_only(root, error) &&
             (out->frozen || check_whole(root, out, error));
        out->keep_duplicates = keep_duplicates == 1;
        return ok;
}

static plc_bundle_definition *parse(const char *json, size_t size, const char *file, bool frozen, GError **error)
{
        g_autoptr(plc_bundle_definition) definition = g_new0(plc_bundle_definition, 1);
        g_autoptr(plc_json) root = plc_json_parse(json, size, file, &plc_json_default_limits, error);

        if (root == NULL)
                return NULL;
        if (plc_json_typeof(root) != PLC_JSON_OBJECT) {
                plc_json_fail(root, error, PLC_E_BAD_VALUE, "Write an object.", "must be an object");
                return NULL;
        }
        definition->json = g_strndup(json, size);
        definition->file = g_strdup(file);
        definition->frozen = frozen;
        return read_all(root, definition, error) ? g_steal_pointer(&definition) : NULL;
}

plc_bundle_definition *plc_bundle_parse(const char *json, size_t size, const char *file, GError **error)
{
        return parse(json, size, file, false, error);
}

plc_bundle_definition *plc_bundle_parse_frozen(const char *json, const char *name, GError **error)
{
        return parse(json, strlen(json), name, true, error);
}

bool plc_bundle_covers(const plc_bundle_definition *definition, const char *channel, const char *territory, int64_t at)
{
        const char *const *territories = (const char *const *)definition->territories;

        return g_strv_contains((const char *const *)definition->channels, channel) &&
               (g_strv_contains(territories, territory) || g_strv_contains(territories, "WW")) &&
               at >= definition->from_ms && at < definition->until_ms;
}
