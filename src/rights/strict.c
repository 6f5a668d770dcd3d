/* How are the members of events, policies and questions read? */
#include "rights/strict.h"

#include "base/clock.h"

static bool no_fractions(plc_json *node, GError **error)
{
        plc_json_type type = plc_json_typeof(node);

        if (type == PLC_JSON_REAL)
                return plc_json_fail(node, error, PLC_E_BAD_VALUE, "Use a whole number or a string.",
                                     "is a number with a fraction or an exponent; there are none here");
        if (type != PLC_JSON_ARRAY && type != PLC_JSON_OBJECT)
                return true;
        for (size_t i = 0; i < plc_json_size(node); i++)
                if (!no_fractions(plc_json_element(node, i), error))
                        return false;
        return true;
}

plc_json *plc_take_document(const char *data, size_t size, const char *file, GError **error)
{
        g_autoptr(plc_json) root = plc_json_parse(data, size, file, &plc_json_default_limits, error);

        if (root == NULL)
                return NULL;
        if (plc_json_typeof(root) != PLC_JSON_OBJECT) {
                plc_take_refuse(root, "an object", error);
                return NULL;
        }
        if (!no_fractions(root, error))
                return NULL;
        return g_steal_pointer(&root);
}

bool plc_take_refuse(const plc_json *node, const char *expected, GError **error)
{
        if (plc_json_typeof(node) == PLC_JSON_STRING)
                return plc_json_fail(node, error, PLC_E_BAD_VALUE, "Correct the value.", "must be %s (found: \"%s\")",
                                     expected, plc_json_string(node));
        return plc_json_fail(node, error, PLC_E_BAD_VALUE, "Correct the value.", "must be %s (found: %s)", expected,
                             plc_json_type_name(plc_json_typeof(node)));
}

bool plc_take(plc_json *object, const char *name, unsigned how, plc_json_type type, plc_json **out, GError **error)
{
        plc_json *member = plc_json_member(object, name);

        if (member == NULL && plc_json_has(object, name)) {
                if ((how & PLC_NULLABLE) != 0)
                        return true;
                return plc_json_fail(object, error, PLC_E_BAD_VALUE, "Correct the value.",
                                     "\"%s\" must be %s (found: null)", name, plc_json_type_name(type));
        }
        if (member == NULL && (how & PLC_MUST) == 0)
                return true;
        if (member == NULL)
                return plc_json_fail(object, error, PLC_E_MISSING_MEMBER, "Add it.", "\"%s\" is missing", name);
        if (plc_json_typeof(member) != type)
                return plc_take_refuse(member, plc_json_type_name(type), error);
        *out = member;
        return true;
}

bool plc_take_text(plc_json *object, const char *name, unsigned how, const char **out, GError **error)
{
        plc_json *node = NULL;

        if (!plc_take(object, name, how, PLC_JSON_STRING, &node, error))
                return false;
        if (node != NULL)
                *out = plc_json_string(node);
        return true;
}

bool plc_take_bool(plc_json *object, const char *name, unsigned how, bool *out, GError **error)
{
        plc_json *node = NULL;

        if (!plc_take(object, name, how, PLC_JSON_BOOL, &node, error))
                return false;
        if (node != NULL)
                *out = plc_json_bool(node);
        return true;
}

bool plc_take_int(plc_json *object, const char *name, unsigned how, int64_t min, int64_t *out, GError **error)
{
        plc_json *node = NULL;

        if (!plc_take(object, name, how, PLC_JSON_INT, &node, error))
                return false;
        if (node == NULL)
                return true;
        if (plc_json_int(node) < min)
                return plc_json_fail(node, error, PLC_E_BAD_VALUE, "Correct the value.",
                                     "must be at least %" G_GINT64_FORMAT " (found: %" G_GINT64_FORMAT ")", min,
                                     plc_json_int(node));
        *out = plc_json_int(node);
        return true;
}

static bool word(const plc_json *node, const char *const *words, int *out, GError **error)
{
        g_autofree char *all = NULL, *expected = NULL;
        int index = -1;

        if (plc_json_typeof(node) == PLC_JSON_STRING)
                index = plc_word_index(words, plc_json_string(node));
        if (index < 0) {
                all = g_strjoinv(", ", (char **)words);
                expected = g_strdup_printf("one of %s", all);
                return plc_take_refuse(node, expected, error);
        }
        *out = index;
        return true;
}

bool plc_take_word(plc_json *object, const char *name, unsigned how, const char *const *words, int *out, GError **error)
{
        plc_json *node = NULL;

        if (!plc_take(object, name, how, PLC_JSON_STRING, &node, error))
                return false;
        return node == NULL || word(node, words, out, error);
}

bool plc_take_time(plc_json *object, const char *name, unsigned how, int64_t *out_ms, GError **error)
{
        plc_json *node = NULL;

        if (!plc_take(object, name, how, PLC_JSON_STRING, &node, error))
                return false;
        if (node != NULL && !plc_time_parse(plc_json_string(node), out_ms))
                return plc_take_refuse(node, "a time of the form 2026-11-03T09:12:44.000Z", error);
        return true;
}

bool plc_take_words(plc_json *object, const char *name, unsigned how, const char *const *words, unsigned *out,
                    GError **error)
{
        plc_json *list = NULL;
        unsigned set = 0;
        int index;

        if (!plc_take(object, name, how, PLC_JSON_ARRAY, &list, error))
                return false;
        if (list == NULL)
                return true;
        for (size_t i = 0; i < plc_json_size(list); i++) {
                if (!word(plc_json_element(list, i), words, &index, error))
                        return false;
                set |= 1u << index;
        }
        *out = set;
        return true;
}

bool plc_take_territories(plc_json *object, const char *name, unsigned how, struct plc_territories *out, GError **error)
{
        struct plc_territories set = {0};
        plc_json *list = NULL;

        if (!plc_take(object, name, how, PLC_JSON_ARRAY, &list, error))
                return false;
        if (list == NULL)
                return true;
        for (size_t i = 0; i < plc_json_size(list); i++) {
                const plc_json *node = plc_json_element(list, i);
                plc_territory territory;

                if (plc_json_typeof(node) != PLC_JSON_STRING || !plc_territory_parse(plc_json_string(node), &territory))
                        return plc_take_refuse(node, "a territory: two capitals or WW", error);
                plc_territories_add(&set, territory);
        }
        *out = set;
        return true;
}

bool plc_take_texts(plc_json *object, const char *name, unsigned how, bool ranges, struct plc_names *names,
                    struct plc_list *out, GError **error)
{
        struct plc_list texts = {0};
        plc_json *list = NULL;

        if (!plc_take(object, name, how, PLC_JSON_ARRAY, &list, error))
                return false;
        if (list == NULL)
                return true;
        texts.at = plc_names_alloc(names, plc_json_size(list), sizeof *texts.at);
        for (; texts.count < plc_json_size(list); texts.count++) {
                const plc_json *node = plc_json_element(list, texts.count);

                if (plc_json_typeof(node) != PLC_JSON_STRING)
                        return plc_take_refuse(node, "a string", error);
                if (ranges && !plc_language_valid(plc_json_string(node)))
                        return plc_take_refuse(node, "a language range such as de or zh-Hant", error);
                texts.at[texts.count] = plc_names_intern(names, plc_json_string(node));
        }
        *out = texts;
        return true;
}
