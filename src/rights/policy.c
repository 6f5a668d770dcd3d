/* What did the house decide? */
#include "rights/policy.h"

#include <fcntl.h>

#include "base/file.h"
#include "rights/strict.h"

void plc_policy_free(plc_policy *policy)
{
        if (policy == NULL)
                return;
        plc_names_free(policy->names);
        g_free(policy);
}

/* The rows of a list of objects: each is read by `read` into *out_rows, elements of `size` bytes. */
typedef bool (*row_fn)(plc_policy *policy, plc_json *row, void *out, GError **error);

static bool read_rows(plc_policy *policy, plc_json *root, const char *name, row_fn read, size_t size, void **out_rows,
                      size_t *out_count, GError **error)
{
        plc_json *list = NULL;
        char *rows;

        if (!plc_take(root, name, PLC_MUST, PLC_JSON_ARRAY, &list, error))
                return false;
        rows = plc_names_alloc(policy->names, plc_json_size(list), size);
        for (size_t i = 0; i < plc_json_size(list); i++) {
                plc_json *row = plc_json_element(list, i);

                if (plc_json_typeof(row) != PLC_JSON_OBJECT)
                        return plc_take_refuse(row, "an object", error);
                if (!read(policy, row, rows + i * size, error) || !plc_json_only(row, error))
                        return false;
        }
        *out_rows = rows;
        *out_count = plc_json_size(list);
        return true;
}

static bool read_text(plc_policy *policy, plc_json *row, const char *name, const char **out, GError **error)
{
        const char *text = NULL;

        if (!plc_take_text(row, name, PLC_MUST, &text, error))
                return false;
        *out = plc_names_intern(policy->names, text);
        return true;
}

static bool read_likeness(plc_policy *policy, plc_json *row, void *out, GError **error)
{
        struct plc_likeness_rule *rule = out;

        (void)policy;
        return plc_take_words(row, "channels", PLC_MUST, plc_channel_words, &rule->channels, error) &&
               plc_take_territories(row, "territories", PLC_MUST, &rule->territories, error) &&
               plc_take_words(row, "kinds", PLC_MUST, plc_person_kind_words, &rule->kinds, error);
}

static bool read_required(plc_policy *policy, plc_json *row, void *out, GError **error)
{
        struct plc_required_rule *rule = out;
        int kind = 0;

        if (!plc_take_words(row, "channels", PLC_MUST, plc_channel_words, &rule->channels, error) ||
            !plc_take_territories(row, "territories", PLC_MUST, &rule->territories, error) ||
            !plc_take_word(row, "kind", PLC_MUST, plc_subject_kind_words, &kind, error))
                return false;
        rule->kind = (plc_subject_kind)kind;
        return read_text(policy, row, "attribute", &rule->attribute, error);
}

static bool read_suitability(plc_policy *policy, plc_json *row, void *out, GError **error)
{
        static const char *const verdicts[] = {"warn", "deny", NULL};
        struct plc_suitability_rule *rule = out;
        int verdict = 0;

        if (!plc_take_territories(row, "territories", PLC_MUST, &rule->territories, error) ||
            !read_text(policy, row, "flag", &rule->flag, error) ||
            !plc_take_word(row, "verdict", PLC_MUST, verdicts, &verdict, error))
                return false;
        rule->deny = verdict == 1;
        return true;
}

static bool read_max_ttl(plc_policy *policy, plc_json *root, GError **error)
{
        plc_json *object = NULL;

        if (!plc_take(root, "max_ttl", PLC_MUST, PLC_JSON_OBJECT, &object, error))
                return false;
        for (int channel = 0; channel < PLC_CHANNELS; channel++) {
                policy->max_ttl[channel] = -1;
                if (!plc_take_int(object, plc_channel_words[channel], PLC_MAY, 0, &policy->max_ttl[channel], error))
                        return false;
        }
        return plc_json_only(object, error);
}

static bool read_cap(plc_policy *policy, plc_json *root, GError **error)
{
        plc_json *object = NULL;

        return plc_take(root, "attested_cap", PLC_MUST, PLC_JSON_OBJECT, &object, error) &&
               plc_take_words(object, "channels", PLC_MAY, plc_channel_words, &policy->cap_channels, error) &&
               plc_take_words(object, "sublicense", PLC_MAY, plc_sublicensee_words, &policy->cap_sublicense, error) &&
               plc_json_only(object, error);
}

static bool read_policy(plc_policy *p, plc_json *root, GError **error)
{
        return plc_take_int(root, "version", PLC_MUST, INT64_MIN, &p->version, error) &&
               plc_take_int(root, "min_moderation_version", PLC_MUST, INT64_MIN, &p->min_moderation_version, error) &&
               plc_take_words(root, "people_must_be_declared", PLC_MUST, plc_channel_words, &p->people_must_be_declared,
                              error) &&
               read_rows(p, root, "likeness", read_likeness, sizeof *p->likeness, (void **)&p->likeness,
                         &p->likeness_count, error) &&
               plc_take_bool(root, "minors_in_ads", PLC_MUST, &p->minors_in_ads, error) &&
               read_rows(p, root, "required", read_required, sizeof *p->required, (void **)&p->required,
                         &p->required_count, error) &&
               plc_take_words(root, "can_disclose", PLC_MUST, plc_channel_words, &p->can_disclose, error) &&
               plc_take_words(root, "ai_ok", PLC_MUST, plc_channel_words, &p->ai_ok, error) &&
               read_rows(p, root, "suitability", read_suitability, sizeof *p->suitability, (void **)&p->suitability,
                         &p->suitability_count, error) &&
               read_max_ttl(p, root, error) &&
               plc_take_int(root, "max_grant_days", PLC_MUST, 1, &p->max_grant_days, error) &&
               read_cap(p, root, error) && plc_json_only(root, error);
}

plc_policy *plc_policy_parse(const char *json, size_t size, const char *file, GError **error)
{
        g_autoptr(plc_json) root = plc_take_document(json, size, file, error);
        g_autoptr(plc_policy) policy = NULL;

        if (root == NULL)
                return NULL;
        policy = g_new0(struct plc_policy, 1);
        policy->names = plc_names_new();
        if (!read_policy(policy, root, error))
                return NULL;
        return g_steal_pointer(&policy);
}

plc_policy *plc_policy_load(const char *path, GError **error)
{
        g_autoptr(GBytes) bytes = NULL;
        const char *text;
        gsize size;

        if (!plc_read_file_at(AT_FDCWD, path, plc_json_default_limits.max_bytes, &bytes, error))
                return NULL;
        text = g_bytes_get_data(bytes, &size);
        return plc_policy_parse(text, size, path, error);
}
