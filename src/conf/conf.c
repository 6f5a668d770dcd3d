/* How is placet.conf read and written? By walking conf.def, so that file, defaults, limits and explanations cannot
 * part. */
#include "conf/conf.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"

#define MAX_BYTES (64 * PLC_KIB)

enum kind { TEXT, URL, HEADER, LIST, SWITCH, NUMBER };

struct key {
        const char *section, *name;
        size_t offset;
        enum kind kind;
        const char *standard;
        int64_t min, max;
        const char *help;
};

static const struct key keys[] = {
#define PLC_KEY(section, key, member, kind, standard, min, max, help)                                                  \
        {section, key, offsetof(struct plc_conf, member), kind, standard, min, max, help},
#include "conf/conf.def"
#undef PLC_KEY
};

static const char remedy[] = "Correct placet.conf; placet init writes an explained one.";

/* GKeyFile does not tell lines: the first line after the section that begins with the key. */
static int line_of(const char *text, const char *section, const char *key)
{
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
        g_autofree char *head = g_strdup_printf("[%s]", section);
        bool inside = false;

        for (int i = 0; lines[i] != NULL; i++) {
                const char *line = g_strstrip(lines[i]);

                if (line[0] == '[')
                        inside = strcmp(line, head) == 0;
                if ((inside && key != NULL && g_str_has_prefix(line, key)) || (inside && key == NULL))
                        return i + 1;
        }
        return 0;
}

static bool fault(GError **error, const char *text, const char *section, const char *key, const char *why)
{
        return plc_fail_at(error, PLC_E_BAD_CONFIG, "placet.conf", NULL, remedy, "line %d, [%s]%s%s: %s",
                           line_of(text, section, key), section, key != NULL ? " " : "", key != NULL ? key : "", why);
}

/* Nothing in it that would have to be escaped where it is written: in HTML, in JSON. */
static bool is_url(const char *value)
{
        const char *at = g_str_has_prefix(value, "https://")  ? value + strlen("https://")
                         : g_str_has_prefix(value, "http://") ? value + strlen("http://")
                                                              : "";

        return value[0] == '\0' ||
               (at[0] != '\0' && at[strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                               "0123456789-._~:/?#[]@!$()*+,;=%{}")] == '\0');
}

/* A field name (RFC 9110, 5.1): of anything else no request has a header. */
static bool is_header(const char *value)
{
        return value[strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~")] ==
               '\0';
}

static bool set_text(char **at, const struct key *key, const char *value, char **out_why)
{
        if (key->kind == URL && !is_url(value))
                *out_why = g_strdup_printf("must begin with https:// or http://, without blanks, quotes and & "
                                           "(found: %s)",
                                           value);
        else if (key->kind == HEADER && !is_header(value))
                *out_why = g_strdup_printf("must be one name of a header, such as CF-IPCountry (found: %s)", value);
        else if ((int64_t)strlen(value) > key->max)
                *out_why = g_strdup_printf("is longer than %" G_GINT64_FORMAT " bytes", key->max);
        if (*out_why != NULL)
                return false;
        g_free(*at);
        *at = g_strdup(value);
        return true;
}

/* "pdp, ad": parted by any run of commas and blanks, so that there is no empty one among them. */
static char **list_of(const char *value)
{
        g_auto(GStrv) parts = g_strsplit_set(value, " \t,", -1);
        GStrvBuilder *list = g_strv_builder_new();

        for (char **part = parts; *part != NULL; part++)
                if (**part != '\0')
                        g_strv_builder_add(list, *part);
        char **out = g_strv_builder_end(list);
        g_strv_builder_unref(list);
        return out;
}

static bool set(struct plc_conf *conf, const struct key *key, const char *value, char **out_why)
{
        void *at = (char *)conf + key->offset;
        char *end = NULL;
        int64_t number;

        switch (key->kind) {
        case TEXT:
        case URL:
        case HEADER:
                return set_text(at, key, value, out_why);
        case LIST:
                g_strfreev(*(char ***)at);
                *(char ***)at = list_of(value);
                return true;
        case SWITCH:
                if (strcmp(value, "on") != 0 && strcmp(value, "off") != 0) {
                        *out_why = g_strdup_printf("must be on or off (found: %s)", value);
                        return false;
                }
                *(bool *)at = strcmp(value, "on") == 0;
                return true;
        case NUMBER:
                number = g_ascii_strtoll(value, &end, 10);
                if (end == value || *end != '\0' || number < key->min || number > key->max) {
                        *out_why = g_strdup_printf("must be a whole number from %" G_GINT64_FORMAT
                                                   " to %" G_GINT64_FORMAT " (found: %s)",
                                                   key->min, key->max, value);
                        return false;
                }
                *(int64_t *)at = number;
                return true;
        }
        return false;
}

struct plc_conf *plc_conf_standard(void)
{
        struct plc_conf *conf = g_new0(struct plc_conf, 1);
        g_autofree char *why = NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
                if (!set(conf, &keys[i], keys[i].standard, &why))
                        g_error("conf.def: %s %s", keys[i].name, why);
        conf->trusted_sources = g_new0(char *, 1);
        return conf;
}

void plc_conf_free(struct plc_conf *conf)
{
        if (conf == NULL)
                return;
        for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
                void *at = (char *)conf + keys[i].offset;

                if (keys[i].kind == LIST)
                        g_strfreev(*(char ***)at);
                else if (keys[i].kind != SWITCH && keys[i].kind != NUMBER)
                        g_free(*(char **)at);
        }
        g_strfreev(conf->trusted_sources);
        g_free(conf);
}

static const struct key *find_key(const char *section, const char *name, bool *out_section_known)
{
        *out_section_known = false;
        for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
                if (strcmp(keys[i].section, section) != 0)
                        continue;
                *out_section_known = true;
                if (strcmp(keys[i].name, name) == 0)
                        return &keys[i];
        }
        return NULL;
}

static bool read_source(GKeyFile *file, const char *section, GPtrArray *trusted, const char *text, GError **error)
{
        g_auto(GStrv) names = g_key_file_get_keys(file, section, NULL, NULL);
        const char *source = section + strlen("source ");

        for (char **name = names; *name != NULL; name++) {
                g_autofree char *value = g_key_file_get_value(file, section, *name, NULL);

                if (strcmp(*name, "consents") != 0)
                        return fault(error, text, section, *name, "is not a key known here (known: consents)");
                if (strcmp(value, "trusted") == 0)
                        g_ptr_array_add(trusted, g_strdup(source));
                else if (strcmp(value, "untrusted") != 0)
                        return fault(error, text, section, *name, "must be trusted or untrusted");
        }
        return true;
}

static bool read_section(struct plc_conf *conf, GKeyFile *file, const char *section, const char *text, GError **error)
{
        g_auto(GStrv) names = g_key_file_get_keys(file, section, NULL, NULL);

        for (char **name = names; *name != NULL; name++) {
                g_autofree char *value = g_key_file_get_string(file, section, *name, NULL), *why = NULL;
                bool section_known;
                const struct key *key = find_key(section, *name, &section_known);

                if (!section_known)
                        return fault(error, text, section, NULL, "is not a section known here");
                if (key == NULL)
                        return fault(error, text, section, *name, "is not a key known here");
                if (value == NULL || !set(conf, key, value, &why))
                        return fault(error, text, section, *name, why != NULL ? why : "is not readable");
        }
        return true;
}

static struct plc_conf *parse(GBytes *bytes, GError **error)
{
        g_autoptr(plc_conf) conf = plc_conf_standard();
        g_autoptr(GPtrArray) trusted = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GKeyFile) file = g_key_file_new();
        g_autoptr(GError) fault_inside = NULL;
        g_auto(GStrv) sections = NULL;
        const char *text;
        gsize size;

        text = g_bytes_get_data(bytes, &size);
        if (!g_key_file_load_from_data(file, text, size, G_KEY_FILE_NONE, &fault_inside)) {
                plc_fail_at(error, PLC_E_BAD_CONFIG, "placet.conf", NULL, remedy, "%s", fault_inside->message);
                return NULL;
        }
        sections = g_key_file_get_groups(file, NULL);
        for (char **section = sections; *section != NULL; section++) {
                bool ok = g_str_has_prefix(*section, "source ") ? read_source(file, *section, trusted, text, error)
                                                                : read_section(conf, file, *section, text, error);

                if (!ok)
                        return NULL;
        }
        g_ptr_array_add(trusted, NULL);
        g_strfreev(conf->trusted_sources);
        conf->trusted_sources = (char **)g_ptr_array_free(g_steal_pointer(&trusted), FALSE);
        return g_steal_pointer(&conf);
}

struct plc_conf *plc_conf_load(int site_fd, GError **error)
{
        g_autoptr(GBytes) bytes = NULL;

        return plc_read_file_at(site_fd, "placet.conf", MAX_BYTES, &bytes, error) ? parse(bytes, error) : NULL;
}

struct plc_conf *plc_conf_load_fd(int fd, GError **error)
{
        char text[MAX_BYTES];
        ssize_t size = pread(fd, text, sizeof text, 0);

        if (size < 0 || size == (ssize_t)sizeof text) {
                plc_fail(error, PLC_E_BAD_CONFIG, "placet.conf cannot be read, or is larger than 64 KiB");
                return NULL;
        }
        g_autoptr(GBytes) bytes = g_bytes_new(text, (size_t)size);
        return parse(bytes, error);
}

bool plc_conf_trusts(const struct plc_conf *conf, const char *source)
{
        return source != NULL && g_strv_contains((const char *const *)conf->trusted_sources, source);
}

bool plc_conf_has_channel(const struct plc_conf *conf, const char *channel)
{
        return g_strv_contains((const char *const *)conf->channels, channel);
}

char *plc_conf_text(void)
{
        GString *out = g_string_new(
                "# The settings of this Placet site. Every key has the default shown; delete what you do not "
                "change.\n");
        const char *section = "";

        for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
                if (strcmp(section, keys[i].section) != 0)
                        g_string_append_printf(out, "\n[%s]\n", section = keys[i].section);
                g_string_append_printf(out, "# %s\n%s = %s\n", keys[i].help, keys[i].name, keys[i].standard);
        }
        g_string_append(
                out,
                "\n# Consents count as the contributor's own act only from sources listed here as trusted; from any "
                "other\n# source they are an attestation or a request. One section for each source that you "
                "control:\n# [source shop-form]\n# consents = trusted\n");
        return g_string_free(out, FALSE);
}
