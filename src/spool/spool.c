/* What does a file of the spool look like, and how is one written, read and removed? */
#include "spool/spool.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/reserve.h"

#define FORMAT "placet.spool/1"
#define KEY_NAME ".key"
#define LIST_MAX ((size_t)20000) /* twice what may be there: over it the folder is not ours any more */
#define FILE_NAME_LEN (2 + PLC_ID_LEN + 5)

const struct plc_spool_reason plc_spool_reasons[] = {
        {"me", true},     {"my_child", true},   {"my_photo", false}, {"copyright", false}, {"personal_data", false},
        {"false", false}, {"offensive", false}, {"illegal", false},  {"other", false},     {NULL, false},
};

const struct plc_spool_reason *plc_spool_reason(const char *word)
{
        for (const struct plc_spool_reason *r = plc_spool_reasons; r->word != NULL; r++)
                if (strcmp(r->word, word) == 0)
                        return r;
        return NULL;
}

void plc_report_clear(struct plc_report *report)
{
        g_clear_pointer(&report->item, g_free);
        g_clear_pointer(&report->text, g_free);
        g_clear_pointer(&report->contact, g_free);
}

bool plc_spool_words_fit(const char *text, int max)
{
        if (!g_utf8_validate(text, -1, NULL) || g_utf8_strlen(text, -1) > max)
                return false;
        for (const char *c = text; *c != '\0'; c = g_utf8_next_char(c))
                if (g_unichar_iscntrl(g_utf8_get_char(c)) && strchr("\t\r\n", *c) == NULL)
                        return false;
        return true;
}

bool plc_spool_key(int dirfd, uint8_t out[PLC_SPOOL_KEY_SIZE], GError **error)
{
        g_autoptr(GBytes) bytes = NULL;
        gsize size = 0;

        if (plc_read_file_at(dirfd, KEY_NAME, PLC_SPOOL_KEY_SIZE, &bytes, NULL)) {
                const void *key = g_bytes_get_data(bytes, &size);

                if (size == PLC_SPOOL_KEY_SIZE) {
                        memcpy(out, key, size);
                        return true;
                }
        }
        plc_random(out, PLC_SPOOL_KEY_SIZE);
        return plc_write_durable_at(dirfd, KEY_NAME, out, PLC_SPOOL_KEY_SIZE, 0600, error);
}

void plc_spool_from(const uint8_t key[PLC_SPOOL_KEY_SIZE], const char *network, char out[PLC_SPOOL_FROM_SIZE])
{
        char hex[PLC_SHA256_HEX_SIZE];

        plc_hmac_sha256_hex(key, PLC_SPOOL_KEY_SIZE, network, strlen(network), hex);
        g_strlcpy(out, hex, PLC_SPOOL_FROM_SIZE);
}

static bool is_named(const char *name, char kind, char out_id[PLC_ID_SIZE])
{
        if (strlen(name) != FILE_NAME_LEN || name[0] != kind || name[1] != '-' ||
            strcmp(name + 2 + PLC_ID_LEN, ".json") != 0)
                return false;
        g_strlcpy(out_id, name + 2, PLC_ID_SIZE);
        return plc_id_valid(out_id);
}

bool plc_spool_count(int dirfd, unsigned *out, GError **error)
{
        g_auto(GStrv) names = NULL;

        *out = 0;
        if (!plc_list_dir(dirfd, ".", LIST_MAX, &names, error))
                return false;
        for (char **name = names; *name != NULL; name++)
                *out += (*name)[0] != '.';
        return true;
}

bool plc_spool_put_report(int dirfd, const struct plc_report *report, GError **error)
{
        g_autofree char *name = g_strdup_printf("r-%s.json", report->id);
        g_autoptr(GString) out = g_string_new(NULL);

        plc_jw_object(out, NULL);
        plc_jw_string(out, "format", FORMAT);
        plc_jw_string(out, "id", report->id);
        plc_jw_time(out, "at", report->at);
        plc_jw_string(out, "item", report->item);
        plc_jw_string(out, "reason", report->reason);
        plc_jw_string(out, "from", report->from);
        if (report->text != NULL)
                plc_jw_string(out, "text", report->text);
        if (report->contact != NULL)
                plc_jw_string(out, "contact", report->contact);
        plc_jw_end_object(out);
        if (out->len > PLC_SPOOL_FILE_MAX)
                return plc_fail(error, PLC_E_TOO_BIG, "a report of %zu bytes", out->len);
        return plc_write_durable_at(dirfd, name, out->str, out->len, 0600, error);
}

bool plc_spool_list(int dirfd, char kind, char ***out, GError **error)
{
        g_autoptr(GPtrArray) ours = g_ptr_array_new_with_free_func(g_free);
        g_auto(GStrv) names = NULL;
        char id[PLC_ID_SIZE];

        if (!plc_list_dir(dirfd, ".", LIST_MAX, &names, error))
                return false;
        for (char **name = names; *name != NULL; name++)
                if (is_named(*name, kind, id))
                        g_ptr_array_add(ours, g_strdup(*name));
        g_ptr_array_add(ours, NULL);
        *out = (char **)g_ptr_array_steal(ours, NULL);
        return true;
}

/* Words as placet-serve takes them; a file may still say others. */
static bool read_words(plc_json *root, const char *name, int max, char **out, GError **error)
{
        const char *words = NULL;

        if (!plc_json_get_name(root, name, PLC_OPTIONAL, PLC_SPOOL_FILE_MAX, &words, error))
                return false;
        if (words != NULL && !plc_spool_words_fit(words, max))
                return plc_fail(error, PLC_E_BAD_VALUE, "%s is too long or has control characters", name);
        *out = g_strdup(words);
        return true;
}

static bool read_members(plc_json *root, const char *file_id, struct plc_report *r, GError **error)
{
        const char *format = NULL, *id = NULL, *item = NULL, *reason = NULL, *from = NULL;

        if (!plc_json_get_name(root, "format", PLC_REQUIRED, 64, &format, error) ||
            !plc_json_get_name(root, "id", PLC_REQUIRED, PLC_ID_LEN, &id, error) ||
            !plc_json_get_time(root, "at", PLC_REQUIRED, &r->at, error) ||
            !plc_json_get_name(root, "item", PLC_REQUIRED, PLC_ID_LEN, &item, error) ||
            !plc_json_get_name(root, "reason", PLC_REQUIRED, 32, &reason, error) ||
            !plc_json_get_name(root, "from", PLC_REQUIRED, PLC_SPOOL_FROM_SIZE - 1, &from, error) ||
            !read_words(root, "text", PLC_SPOOL_TEXT_MAX, &r->text, error) ||
            !read_words(root, "contact", PLC_SPOOL_CONTACT_MAX, &r->contact, error) || !plc_json_only(root, error))
                return false;
        if (strcmp(format, FORMAT) != 0 || strcmp(id, file_id) != 0 || !plc_id_valid(item) ||
            plc_spool_reason(reason) == NULL || strlen(from) != PLC_SPOOL_FROM_SIZE - 1 ||
            strspn(from, "0123456789abcdef") != strlen(from))
                return plc_fail(error, PLC_E_BAD_VALUE, "a member of a report in the spool is not of its form");
        g_strlcpy(r->id, id, sizeof r->id);
        g_strlcpy(r->from, from, sizeof r->from);
        r->reason = plc_spool_reason(reason)->word;
        r->item = g_strdup(item);
        return true;
}

/* The file as an object, and its id; NULL: it is none of ours. Free with plc_json_free. */
static plc_json *read_file(int dirfd, const char *name, char kind, char out_id[PLC_ID_SIZE], GError **error)
{
        static const struct plc_json_limits limits = {.max_bytes = PLC_SPOOL_FILE_MAX, .max_depth = 2};
        g_autoptr(GBytes) bytes = NULL;
        g_autoptr(plc_json) root = NULL;
        plc_autofd int fd = -1;
        struct stat st;
        gsize size;

        if (!is_named(name, kind, out_id)) {
                plc_fail(error, PLC_E_BAD_VALUE, "nothing of the spool is called so");
                return NULL;
        }
        if (!plc_open_beneath(dirfd, name, &fd, &st, error) || !plc_read_all(fd, PLC_SPOOL_FILE_MAX, &bytes, error))
                return NULL;
        const char *text = g_bytes_get_data(bytes, &size);
        root = plc_json_parse(text != NULL ? text : "", size, "spool", &limits, error);
        if (root == NULL)
                return NULL;
        if (plc_json_typeof(root) != PLC_JSON_OBJECT) {
                plc_fail(error, PLC_E_BAD_VALUE, "a file of the spool is no object");
                return NULL;
        }
        return g_steal_pointer(&root);
}

bool plc_spool_read_report(int dirfd, const char *name, struct plc_report *out, GError **error)
{
        struct plc_report report = {.id = ""};
        char id[PLC_ID_SIZE];
        g_autoptr(plc_json) root = read_file(dirfd, name, 'r', id, error);

        if (root == NULL)
                return false;
        if (!read_members(root, id, &report, error)) {
                plc_report_clear(&report);
                return false;
        }
        *out = report;
        return true;
}

bool plc_spool_token_valid(const char *text)
{
        g_autofree char *upper = g_ascii_strup(text, -1), *lower = g_ascii_strdown(text, -1);

        return plc_id_valid(upper) && strcmp(lower, text) == 0;
}

void plc_spool_keep_room(int dirfd)
{
        plc_reserve_keep(dirfd, PLC_SPOOL_RESERVE);
}

bool plc_spool_put_withdrawal(int dirfd, const struct plc_spool_withdrawal *w, GError **error)
{
        g_autofree char *name = g_strdup_printf("w-%s.json", w->id);
        g_autoptr(GString) out = g_string_new(NULL);
        g_autoptr(GError) full = NULL;

        plc_jw_object(out, NULL);
        plc_jw_string(out, "format", FORMAT);
        plc_jw_string(out, "id", w->id);
        plc_jw_time(out, "at", w->at);
        plc_jw_string(out, "token", w->token);
        plc_jw_string(out, "item", w->item);
        plc_jw_bool(out, "all", w->all);
        plc_jw_end_object(out);
        if (plc_write_durable_at(dirfd, name, out->str, out->len, 0600, &full))
                return true;
        if (plc_error_code(full) == PLC_E_NO_SPACE && plc_reserve_spend(dirfd))
                return plc_write_durable_at(dirfd, name, out->str, out->len, 0600, error);
        g_propagate_error(error, g_steal_pointer(&full));
        return false;
}

bool plc_spool_read_withdrawal(int dirfd, const char *name, struct plc_spool_withdrawal *out, GError **error)
{
        const char *format = NULL, *id = NULL, *item = NULL, *token = NULL;
        struct plc_spool_withdrawal w = {.id = ""};
        char file_id[PLC_ID_SIZE];
        g_autoptr(plc_json) root = read_file(dirfd, name, 'w', file_id, error);

        if (root == NULL || !plc_json_get_name(root, "format", PLC_REQUIRED, 64, &format, error) ||
            !plc_json_get_name(root, "id", PLC_REQUIRED, PLC_ID_LEN, &id, error) ||
            !plc_json_get_time(root, "at", PLC_REQUIRED, &w.at, error) ||
            !plc_json_get_name(root, "token", PLC_REQUIRED, PLC_ID_LEN, &token, error) ||
            !plc_json_get_name(root, "item", PLC_REQUIRED, PLC_ID_LEN, &item, error) ||
            !plc_json_get_bool(root, "all", PLC_REQUIRED, &w.all, error) || !plc_json_only(root, error))
                return false;
        if (strcmp(format, FORMAT) != 0 || strcmp(id, file_id) != 0 || !plc_id_valid(item) ||
            !plc_spool_token_valid(token))
                return plc_fail(error, PLC_E_BAD_VALUE, "a member of a withdrawal in the spool is not of its form");
        g_strlcpy(w.id, id, sizeof w.id);
        g_strlcpy(w.token, token, sizeof w.token);
        g_strlcpy(w.item, item, sizeof w.item);
        *out = w;
        return true;
}

bool plc_spool_remove(int dirfd, const char *name, GError **error)
{
        if (unlinkat(dirfd, name, 0) != 0 && errno != ENOENT)
                return plc_fail_errno(error, errno, "cannot remove a file of the spool");
        return plc_fsync(dirfd, "spool", error);
}
