/* How is a bundle's definition read? Strictly, like everything that a person writes. */
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "publish/bundle.h"

static const char *const orders[] = {"newest", "oldest", "rating", "random", NULL};
static const char *const kinds[] = {"photo", "review", NULL}; /* as enum plc_item_kind */

void plc_bundle_definition_free(struct plc_bundle_definition *definition)
{
        if (definition == NULL)
                return;
        g_free(definition->json);
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

static bool read_query(plc_json *query, plc_bundle_definition *out, GError **error)
{
        out->kind = -1;
        if (query == NULL)
                return true;
        out->photo_wanted_given = plc_json_has(query, "has_photo");
        return copy(query, "product", PLC_OPTIONAL, 128, &out->product, error) &&
               copy(query, "tag", PLC_OPTIONAL, 64, &out->tag, error) &&
               copy(query, "campaign", PLC_OPTIONAL, 128, &out->campaign, error) &&
               copy(query, "role", PLC_OPTIONAL, 16, &out->role, error) &&
               copy(query, "language", PLC_OPTIONAL, 64, &out->language, error) &&
               copy(query, "country", PLC_OPTIONAL, 2, &out->country, error) &&
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

static bool check_words(plc_json *root, const plc_bundle_definition *definition, GError **error)
{
        plc_territory territory;

        for (char **channel = definition->channels; *channel != NULL; channel++)
                if (plc_word_index(plc_channel_words, *channel) < 0)
                        return plc_json_fail(plc_json_member(root, "channels"), error, PLC_E_BAD_VALUE, "Correct it.",
                                             "\"%s\" is not a channel", *channel);
        for (char **code = definition->territories; *code != NULL; code++)
                if (!plc_territory_parse(*code, &territory))
                        return plc_json_fail(plc_json_member(root, "territories"), error, PLC_E_BAD_VALUE,
                                             "Write two capitals, or WW.", "\"%s\" is not a territory", *code);
        if (definition->channels[0] == NULL || definition->territories[0] == NULL)
                return plc_json_fail(root, error, PLC_E_BAD_VALUE, "Name at least one of each.",
                                     "channels and territories must not be empty");
        if (definition->until_ms <= definition->from_ms)
                return plc_json_fail(root, error, PLC_E_BAD_VALUE, "Correct the times.",
                                     "\"until\" is not after \"from\"");
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
             plc_json_get_strings(root, "channels", PLC_REQUIRED, 9, 16, &out->channels, error) &&
             plc_json_get_strings(root, "territories", PLC_REQUIRED, 300, 2, &out->territories, error) &&
             plc_json_get_object(root, "query", PLC_OPTIONAL, &query, error) && read_query(query, out, error) &&
             plc_json_get_strings(root, "pinned", PLC_OPTIONAL, 1000, 64, &out->pinned, error) &&
             plc_json_get_strings(root, "excluded", PLC_OPTIONAL, 1000, 64, &out->excluded, error) &&
             plc_json_get_enum(root, "order", PLC_OPTIONAL, orders, &out->order, error) &&
             plc_json_get_time(root, "from", PLC_OPTIONAL, &out->from_ms, error) &&
             plc_json_get_time(root, "until", PLC_OPTIONAL, &out->until_ms, error) &&
             plc_json_get_strings(root, "placements", PLC_OPTIONAL, 200, 64, &out->placements, error) &&
             plc_json_get_enum(root, "near_duplicates", PLC_OPTIONAL, duplicates, &keep_duplicates, error) &&
             plc_json_get_object(root, "diversity", PLC_OPTIONAL, &diversity, error) &&
             read_diversity(diversity, out, error) &&
             plc_json_get_int(root, "limit", PLC_OPTIONAL, 1, 10000, &out->limit, error) &&
             plc_json_get_bool(root, "kept", PLC_OPTIONAL, &out->kept, error) && plc_json_only(root, error) &&
             check_words(root, out, error);
        out->keep_duplicates = keep_duplicates == 1;
        return ok;
}

struct plc_bundle_definition *plc_bundle_parse(const char *json, size_t size, const char *file, GError **error)
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
        return read_all(root, definition, error) ? g_steal_pointer(&definition) : NULL;
}

bool plc_bundle_covers(const plc_bundle_definition *definition, const char *channel, const char *territory, int64_t at)
{
        const char *const *territories = (const char *const *)definition->territories;

        return g_strv_contains((const char *const *)definition->channels, channel) &&
               (g_strv_contains(territories, territory) || g_strv_contains(territories, "WW")) &&
               at >= definition->from_ms && at < definition->until_ms;
}
