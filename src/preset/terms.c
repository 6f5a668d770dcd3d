/* Which grants does a registered text give? The files of presets/terms/, each checked against the text it is about. */
#include "preset/terms.h"

#include <fcntl.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"

#define MAX_FILES 1024
#define MAX_TEXT_BYTES PLC_MIB
#define MAX_GRANTS 32
#define MAX_DAYS 36500

struct plc_terms_registry {
        GPtrArray *terms; /* of struct plc_terms */
};

static const char *const layers[] = {"licence", "data", "likeness", NULL};

const char *plc_terms_layer_name(enum plc_terms_layer layer)
{
        return layers[layer];
}

static void terms_destroy(gpointer data)
{
        struct plc_terms *terms = data;

        for (size_t i = 0; i < terms->n_grants; i++)
                plc_terms_scope_clear(&terms->grants[i].scope);
        g_free(terms->grants);
        g_free(terms->id);
        g_free(terms->language);
        g_free(terms->text_file);
        g_free(terms->file);
        g_free(terms);
}

void plc_terms_free(plc_terms_registry *registry)
{
        if (registry == NULL)
                return;
        g_ptr_array_unref(registry->terms);
        g_free(registry);
}

static bool read_grant(plc_json *node, struct plc_terms_grant *out, GError **error)
{
        static const char *const persons[] = {"self", NULL};
        int layer = 0, person = -1;

        if (plc_json_typeof(node) != PLC_JSON_OBJECT)
                return plc_json_fail(node, error, PLC_E_BAD_VALUE, "Correct the value.", "must be an object");
        if (!plc_json_get_enum(node, "layer", PLC_REQUIRED, layers, &layer, error) ||
            !plc_json_get_enum(node, "person", PLC_OPTIONAL, persons, &person, error))
                return false;
        if ((layer == PLC_TERMS_LIKENESS) != (person == 0))
                return plc_json_fail(node, error, PLC_E_BAD_VALUE, "Correct the grant.",
                                     layer == PLC_TERMS_LIKENESS ? "a likeness grant needs \"person\": \"self\""
                                                                 : "\"person\" belongs to likeness grants only");
        if (!plc_json_get_int(node, "days", PLC_REQUIRED, 1, MAX_DAYS, &out->days, error) ||
            !plc_terms_scope_read(node, PLC_REQUIRED, &out->scope, error))
                return false;
        out->layer = (enum plc_terms_layer)layer;
        if (plc_json_has(node, "territories"))
                return plc_json_only(node, error);
        return plc_json_fail(node, error, PLC_E_MISSING_MEMBER, "Add it; [ \"WW\" ] means everywhere.",
                             "\"territories\" is missing");
}

static bool read_grants(plc_json *root, struct plc_terms *terms, GError **error)
{
        plc_json *array = NULL;

        if (!plc_json_get_array(root, "grants", PLC_REQUIRED, MAX_GRANTS, &array, error))
                return false;
        if (plc_json_size(array) == 0)
                return plc_json_fail(array, error, PLC_E_BAD_VALUE, "Add a grant.",
                                     "terms that grant nothing are of no use");
        terms->grants = g_new0(struct plc_terms_grant, plc_json_size(array));
        terms->n_grants = plc_json_size(array);
        for (size_t i = 0; i < terms->n_grants; i++)
                if (!read_grant(plc_json_element(array, i), &terms->grants[i], error))
                        return false;
        return true;
}

static bool read_head(plc_json *root, struct plc_terms *terms, GError **error)
{
        static const char *const schemas[] = {"placet.terms/1", NULL};
        const char *id = NULL, *language = NULL, *text_file = NULL, *sha256 = NULL;
        int schema;

        if (plc_json_typeof(root) != PLC_JSON_OBJECT)
                return plc_json_fail(root, error, PLC_E_BAD_VALUE, "Correct the file.", "must be an object");
        if (!plc_json_get_enum(root, "schema", PLC_REQUIRED, schemas, &schema, error) ||
            !plc_json_get_name(root, "id", PLC_REQUIRED, 64, &id, error) ||
            !plc_json_get_int(root, "version", PLC_REQUIRED, 1, 1000000, &terms->version, error) ||
            !plc_json_get_name(root, "language", PLC_REQUIRED, 64, &language, error) ||
            !plc_json_get_name(root, "text_file", PLC_REQUIRED, 255, &text_file, error) ||
            !plc_json_get_name(root, "text_sha256", PLC_REQUIRED, 64, &sha256, error) ||
            !plc_json_get_time(root, "in_force_from", PLC_REQUIRED, &terms->in_force_from, error))
                return false;
        if (!plc_language_tag_valid(language))
                return plc_json_fail(plc_json_member(root, "language"), error, PLC_E_BAD_VALUE, "Correct the value.",
                                     "must be a language tag such as en or zh-Hant (found: \"%s\")", language);
        if (strchr(text_file, '/') != NULL || text_file[0] == '.')
                return plc_json_fail(plc_json_member(root, "text_file"), error, PLC_E_BAD_VALUE, "Correct the name.",
                                     "must be the name of a file beside this one (found: \"%s\")", text_file);
        if (!plc_sha256_hex_valid(sha256))
                return plc_json_fail(plc_json_member(root, "text_sha256"), error, PLC_E_BAD_VALUE, "Correct the value.",
                                     "must be 64 lower-case hex digits (found: \"%s\")", sha256);
        terms->id = g_strdup(id);
        terms->language = g_strdup(language);
        terms->text_file = g_strdup(text_file);
        g_strlcpy(terms->text_sha256, sha256, sizeof terms->text_sha256);
        return true;
}

/* A registry whose hashes nobody compared would turn any text into a consent. */
static bool text_is_the_one(int dirfd, plc_json *root, const struct plc_terms *terms, GError **error)
{
        char found[PLC_SHA256_HEX_SIZE];
        g_autoptr(GError) fault = NULL;
        g_autoptr(GBytes) text = NULL;
        const void *data;
        size_t size;

        if (!plc_read_file_at(dirfd, terms->text_file, MAX_TEXT_BYTES, &text, &fault))
                return plc_json_fail(plc_json_member(root, "text_file"), error,
                                     plc_error_code(fault) == PLC_E_NOT_FOUND ? PLC_E_MISSING_FILE
                                                                              : plc_error_code(fault),
                                     "Put the text beside this file.", "\"%s\" cannot be read: %s", terms->text_file,
                                     fault->message);
        data = g_bytes_get_data(text, &size);
        plc_sha256_hex(data, size, found);
        if (strcmp(found, terms->text_sha256) == 0)
                return true;
        return plc_json_fail(
                plc_json_member(root, "text_sha256"), error, PLC_E_HASH_MISMATCH,
                "A text that changed is a new version: give it a new number and file, and leave the old one.",
                "\"%s\" has the SHA-256 %s (found here: %s)", terms->text_file, found, terms->text_sha256);
}

static bool keep(plc_terms_registry *registry, struct plc_terms *terms, GError **error)
{
        for (guint i = 0; i < registry->terms->len; i++) {
                const struct plc_terms *other = registry->terms->pdata[i];

                if (strcmp(other->id, terms->id) != 0 || other->version != terms->version ||
                    strcmp(other->language, terms->language) != 0)
                        continue;
                if (other->of_site == terms->of_site)
                        return plc_fail_at(error, PLC_E_CONFLICT, terms->file, "/version", "Give it a new version.",
                                           "%s version %" G_GINT64_FORMAT " in %s stands in %s too", terms->id,
                                           terms->version, terms->language, other->file);
                g_ptr_array_remove_index(registry->terms, i);
                break;
        }
        g_ptr_array_add(registry->terms, terms);
        return true;
}

static bool read_file(plc_terms_registry *registry, int dirfd, const char *name, bool of_site, GError **error)
{
        struct plc_terms *terms;
        g_autoptr(GBytes) bytes = NULL;
        g_autoptr(plc_json) root = NULL;
        g_autofree char *file = g_strdup_printf("%sterms/%s", of_site ? "SITE/" : "presets/", name);
        const char *data;
        size_t size;

        if (!plc_read_file_at(dirfd, name, plc_json_default_limits.max_bytes, &bytes, error))
                return false;
        data = g_bytes_get_data(bytes, &size);
        root = plc_json_parse(data, size, file, &plc_json_default_limits, error);
        if (root == NULL)
                return false;
        terms = g_new0(struct plc_terms, 1);
        terms->file = g_steal_pointer(&file);
        terms->of_site = of_site;
        if (read_head(root, terms, error) && read_grants(root, terms, error) && plc_json_only(root, error) &&
            text_is_the_one(dirfd, root, terms, error) && keep(registry, terms, error))
                return true;
        terms_destroy(terms);
        return false;
}

static bool read_folder(plc_terms_registry *registry, const char *dir, bool of_site, GError **error)
{
        g_auto(GStrv) names = NULL;
        plc_autofd int dirfd = -1;

        if (!plc_open_dir(AT_FDCWD, dir, &dirfd, error) || !plc_list_dir(dirfd, ".", MAX_FILES, &names, error))
                return false;
        for (size_t i = 0; names[i] != NULL; i++)
                if (names[i][0] != '.' && g_str_has_suffix(names[i], ".json") &&
                    !read_file(registry, dirfd, names[i], of_site, error))
                        return false;
        return true;
}

plc_terms_registry *plc_terms_load(const char *dir, const char *site_dir, GError **error)
{
        g_autoptr(plc_terms_registry) registry = g_new0(plc_terms_registry, 1);
        g_autofree char *shipped = NULL;

        registry->terms = g_ptr_array_new_with_free_func(terms_destroy);
        if (dir == NULL) {
                g_autofree char *top = plc_data_dir("presets");

                shipped = g_build_filename(top, "terms", NULL);
                dir = shipped;
        }
        if (!read_folder(registry, dir, false, error))
                return NULL;
        if (site_dir != NULL && g_file_test(site_dir, G_FILE_TEST_IS_DIR) &&
            !read_folder(registry, site_dir, true, error))
                return NULL;
        return g_steal_pointer(&registry);
}

size_t plc_terms_size(const plc_terms_registry *registry)
{
        return registry->terms->len;
}

const struct plc_terms *plc_terms_at(const plc_terms_registry *registry, size_t index)
{
        return registry->terms->pdata[index];
}

const struct plc_terms *plc_terms_find(const plc_terms_registry *registry, const char *id, int64_t version,
                                       const char *text_sha256)
{
        for (guint i = 0; i < registry->terms->len; i++) {
                const struct plc_terms *terms = registry->terms->pdata[i];

                if (terms->version == version && strcmp(terms->id, id) == 0 &&
                    strcmp(terms->text_sha256, text_sha256) == 0)
                        return terms;
        }
        return NULL;
}
