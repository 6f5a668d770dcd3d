/* How long may a text be, and what is a safe name? The smallest pieces of a submission, checked. */
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "intake/manifest_read.h"
#include "text/normalise.h"

#define CLOCK_SLACK_MS (INT64_C(5) * 60 * 1000)
#define MAX_ID 128
#define MAX_URL 2048
#define MAX_FILE_NAME 255 /* NAME_MAX of Linux file systems, in bytes */
#define MAX_EVIDENCE_TEXT 4000

static bool wrong(reading *r, plc_json *node, const char *name, const char *remedy, const char *expected)
{
        plc_json *at = plc_json_member(node, name);
        const char *found = plc_json_string(at);

        if (g_utf8_strlen(found, -1) > 80)
                return plc_json_fail(at, r->error, PLC_E_BAD_VALUE, remedy, "must be %s", expected);
        return plc_json_fail(at, r->error, PLC_E_BAD_VALUE, remedy, "must be %s (found: \"%s\")", expected, found);
}

static bool has_controls(const char *text)
{
        for (const char *c = text; *c != '\0'; c++)
                if (g_ascii_iscntrl(*c))
                        return true;
        return false;
}

static const char *of_nothing(const char *value)
{
        return value[0] == '\0' ? "must not be empty" : "shows nothing: all of it is blank or invisible";
}

bool plc_sub_text(reading *r, plc_json *node, const char *name, plc_need need, size_t max_chars, char **out)
{
        const char *value = NULL;
        size_t chars;

        if (!plc_json_get_string(node, name, need, r->limits->max_json_bytes, &value, r->error))
                return false;
        if (value == NULL)
                return true;
        chars = (size_t)g_utf8_strlen(value, -1);
        if (chars > max_chars)
                return plc_json_fail(plc_json_member(node, name), r->error, PLC_E_BAD_VALUE, "Shorten it.",
                                     "has %zu characters; at most %zu are accepted", chars, max_chars);
        if (plc_text_shows(value))
                *out = g_strdup(value);
        else if (need == PLC_REQUIRED)
                return plc_json_fail(plc_json_member(node, name), r->error, PLC_E_BAD_VALUE, "Give a value.", "%s",
                                     of_nothing(value));
        return true;
}

bool plc_sub_line(reading *r, plc_json *node, const char *name, plc_need need, size_t max_chars, char **out)
{
        if (!plc_sub_text(r, node, name, need, max_chars, out))
                return false;
        if (*out != NULL && has_controls(*out))
                return plc_json_fail(plc_json_member(node, name), r->error, PLC_E_BAD_VALUE,
                                     "Write it on one line, without tabs.",
                                     "must be one line without control characters");
        return true;
}

bool plc_sub_id(reading *r, plc_json *node, const char *name, plc_need need, char **out)
{
        const char *value = NULL;

        if (!plc_json_get_name(node, name, need, r->limits->max_json_bytes, &value, r->error))
                return false;
        return value == NULL || plc_sub_line(r, node, name, need, MAX_ID, out);
}

static bool text_fits(reading *r, plc_json *element, size_t max_chars)
{
        size_t chars;

        if (plc_json_typeof(element) != PLC_JSON_STRING)
                return plc_json_fail(element, r->error, PLC_E_BAD_VALUE, "Correct the value.",
                                     "must be a string (found: %s)", plc_json_type_name(plc_json_typeof(element)));
        chars = (size_t)g_utf8_strlen(plc_json_string(element), -1);
        if (!plc_text_shows(plc_json_string(element)))
                return plc_json_fail(element, r->error, PLC_E_BAD_VALUE, "Take it out of the list.", "%s",
                                     of_nothing(plc_json_string(element)));
        if (chars > max_chars)
                return plc_json_fail(element, r->error, PLC_E_BAD_VALUE, "Shorten it.",
                                     "has %zu characters; at most %zu are accepted", chars, max_chars);
        return true;
}

bool plc_sub_texts(reading *r, plc_json *node, const char *name, size_t max, size_t max_chars, char ***out)
{
        g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
        plc_json *array = NULL;

        if (!plc_json_get_array(node, name, PLC_OPTIONAL, max, &array, r->error))
                return false;
        if (array == NULL || plc_json_size(array) == 0)
                return true;
        for (size_t i = 0; i < plc_json_size(array); i++) {
                if (!text_fits(r, plc_json_element(array, i), max_chars))
                        return false;
                g_ptr_array_add(texts, g_strdup(plc_json_string(plc_json_element(array, i))));
        }
        g_ptr_array_add(texts, NULL);
        *out = (char **)g_ptr_array_free(g_steal_pointer(&texts), FALSE);
        return true;
}

bool plc_sub_word(reading *r, plc_json *node, const char *name, plc_need need, const char *const *words,
                  const char **out)
{
        int index = -1;

        if (!plc_json_get_enum(node, name, need, words, &index, r->error))
                return false;
        if (index >= 0)
                *out = words[index];
        return true;
}

bool plc_sub_language(reading *r, plc_json *node, const char *name, plc_need need, char **out)
{
        const char *value = NULL;

        if (!plc_json_get_name(node, name, need, 255, &value, r->error))
                return false;
        if (value != NULL && !plc_language_tag_valid(value))
                return wrong(r, node, name, "Write it like en, pt-BR or zh-Hant-TW.", "a language tag (BCP 47)");
        *out = g_strdup(value);
        return true;
}

bool plc_sub_email(reading *r, plc_json *node, const char *name, char **out)
{
        const char *at;

        if (!plc_sub_line(r, node, name, PLC_OPTIONAL, 254, out))
                return false;
        if (*out == NULL)
                return true;
        at = strchr(*out, '@');
        if (at == NULL || at == *out || at[1] == '\0' || strchr(at + 1, '@') != NULL || strchr(*out, ' ') != NULL)
                return plc_json_fail(plc_json_member(node, name), r->error, PLC_E_BAD_VALUE,
                                     "Correct the address, or leave it out.", "must be an e-mail address");
        return true;
}

bool plc_sub_url(reading *r, plc_json *node, const char *name, char **out)
{
        if (!plc_sub_line(r, node, name, PLC_OPTIONAL, MAX_URL, out))
                return false;
        if (*out == NULL)
                return true;
        if ((g_str_has_prefix(*out, "https://") && (*out)[8] != '\0') ||
            (g_str_has_prefix(*out, "http://") && (*out)[7] != '\0'))
                return true;
        return wrong(r, node, name, "Correct the address.", "an address that begins with https:// or http://");
}

bool plc_sub_sha256(reading *r, plc_json *node, const char *name, char **out)
{
        const char *value = NULL;

        if (!plc_json_get_name(node, name, PLC_OPTIONAL, 255, &value, r->error))
                return false;
        if (value != NULL && !plc_sha256_hex_valid(value))
                return wrong(r, node, name, "Give the SHA-256 as sha256sum prints it, or leave it out.",
                             "64 lower-case hex digits");
        *out = g_strdup(value);
        return true;
}

bool plc_sub_past(reading *r, plc_json *node, const char *name, plc_need need, int64_t *out)
{
        if (!plc_json_get_time(node, name, need, out, r->error))
                return false;
        if (*out != PLC_TIME_NEVER && r->limits->now_ms != 0 && *out > r->limits->now_ms + CLOCK_SLACK_MS)
                return wrong(r, node, name, "Correct the time, or the clock of the machine that wrote it.",
                             "a time that has passed");
        return true;
}

static bool name_safe(const char *name)
{
        return name[0] != '.' && name[0] != '~' && strpbrk(name, "/\\") == NULL && !has_controls(name);
}

static bool is_video(const char *name)
{
        static const char *const extensions[] = {".mp4", ".mov", ".m4v", ".avi",  ".mkv", ".webm",
                                                 ".mpg", ".wmv", ".3gp", ".mpeg", NULL};

        for (int i = 0; extensions[i] != NULL; i++) {
                size_t length = strlen(name), tail = strlen(extensions[i]);

                if (length > tail && g_ascii_strcasecmp(name + length - tail, extensions[i]) == 0)
                        return true;
        }
        return false;
}

bool plc_sub_file(reading *r, plc_json *node, plc_need need, struct plc_manifest_file *out)
{
        const char *name = NULL;

        if (!plc_json_get_name(node, "file", need, MAX_FILE_NAME, &name, r->error))
                return false;
        if (name == NULL)
                return true;
        if (!name_safe(name) || strcmp(name, r->file) == 0)
                return wrong(r, node, "file", "Give the plain name of a file that lies beside this one.",
                             "the name of a file in this folder, without / or \\ and not beginning with . or ~");
        if (is_video(name))
                return plc_json_fail(plc_json_member(node, "file"), r->error, PLC_E_UNSUPPORTED,
                                     "Take the video out, or give a still picture of it.",
                                     "\"%s\" is a video; only photos are accepted", name);
        out->name = g_strdup(name);
        return plc_sub_sha256(r, node, "sha256", &out->sha256);
}

bool plc_sub_no_video(reading *r, plc_json *node)
{
        static const char *const names[] = {"video", "videos"};

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
                if (plc_json_has(node, names[i]))
                        return plc_json_fail(node, r->error, PLC_E_UNSUPPORTED,
                                             "Take the video out, or give a still picture of it.",
                                             "\"%s\" is not accepted; only photos are", names[i]);
        return true;
}

void plc_sub_evidence_clear(struct plc_manifest_evidence *evidence)
{
        g_free(evidence->file.name);
        g_free(evidence->file.sha256);
        g_free(evidence->text);
}

bool plc_sub_evidence(reading *r, plc_json *node, const char *name, plc_need need, struct plc_manifest_evidence *out,
                      bool *out_there)
{
        plc_json *object = NULL;

        *out_there = false;
        if (!plc_json_get_object(node, name, need, &object, r->error))
                return false;
        if (object == NULL)
                return true;
        if (plc_json_has(object, "file") == plc_json_has(object, "text"))
                return plc_json_fail(object, r->error, PLC_E_BAD_VALUE, "Keep one of the two.",
                                     "must have exactly one of \"file\" and \"text\"");
        *out_there = true;
        if (plc_json_has(object, "file"))
                return plc_sub_file(r, object, PLC_REQUIRED, &out->file);
        return plc_sub_text(r, object, "text", PLC_REQUIRED, MAX_EVIDENCE_TEXT, &out->text);
}

bool plc_sub_done(reading *r, plc_json *node)
{
        if (!plc_json_only(node, r->error))
                return false;
        for (size_t i = 0; i < plc_json_size(node); i++) {
                plc_json *member = plc_json_value(node, i);

                if (plc_json_typeof(member) == PLC_JSON_NULL && !g_str_has_prefix(plc_json_name(node, i), "x_"))
                        return plc_json_fail(member, r->error, PLC_E_BAD_VALUE, "Leave the member out.",
                                             "is null, which says nothing");
        }
        return true;
}

bool plc_sub_objects(reading *r, plc_json *node, const char *name, size_t max, size_t size, void *out, size_t *out_n,
                     plc_sub_read_fn read)
{
        plc_json *array = NULL;
        char *elements;

        if (!plc_json_get_array(node, name, PLC_OPTIONAL, max, &array, r->error))
                return false;
        if (array == NULL || plc_json_size(array) == 0)
                return true;
        elements = g_malloc0_n(plc_json_size(array), size);
        *(void **)out = elements;
        *out_n = plc_json_size(array);
        for (size_t i = 0; i < *out_n; i++) {
                plc_json *element = plc_json_element(array, i);

                if (plc_json_typeof(element) != PLC_JSON_OBJECT)
                        return plc_json_fail(element, r->error, PLC_E_BAD_VALUE, "Correct the value.",
                                             "must be an object (found: %s)",
                                             plc_json_type_name(plc_json_typeof(element)));
                if (!read(r, element, elements + i * size) || !plc_sub_done(r, element))
                        return false;
        }
        return true;
}

char *plc_sub_shown(const char *name)
{
        char *shown = g_utf8_make_valid(name, -1);

        for (char *c = shown; *c != '\0'; c++)
                if (g_ascii_iscntrl(*c))
                        *c = '?';
        return shown;
}

void plc_sub_remedy(GError *fault, enum plc_manifest_form form, GError **error)
{
        const char *file = plc_error_file(fault), *pointer = plc_error_pointer(fault), *text = fault->message;
        const char *remedy = plc_error_remedy(fault) != NULL ? plc_error_remedy(fault) : "Correct it.";
        g_autofree char *whole = NULL;
        size_t skip = 0;

        if (file == NULL || plc_code_then(plc_error_code(fault)) != PLC_THEN_REJECT) {
                g_propagate_error(error, fault);
                return;
        }
        skip = strlen(file) + 2;
        if (pointer != NULL && pointer[0] != '\0')
                skip += strlen(pointer) + 2;
        whole = g_strdup_printf("%.*s, then move %s back into inbox/.",
                                (int)strlen(remedy) - g_str_has_suffix(remedy, "."), remedy,
                                form == PLC_MANIFEST_FOLDER ? "this folder" : "the photo and this file");
        plc_fail_at(error, plc_error_code(fault), file, pointer, whole, "%s", text + skip);
        g_error_free(fault);
}
