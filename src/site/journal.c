/* How does a checkpoint lie on the disk? Lines of signed JSON, each linked to the one before, only ever appended. */
#include "site/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"

#define FILES_MAX 100000

static const struct plc_json_limits limits = {PLC_JOURNAL_LINE_MAX, 32};

plc_checkpoint *plc_checkpoint_new(void)
{
        plc_checkpoint *checkpoint = g_new0(plc_checkpoint, 1);

        memset(checkpoint->hash, '0', sizeof checkpoint->hash - 1);
        memset(checkpoint->previous, '0', sizeof checkpoint->previous - 1);
        checkpoint->events = g_ptr_array_new_with_free_func(g_free);
        checkpoint->restored_from = PLC_JOURNAL_NOT_RESTORED;
        return checkpoint;
}

void plc_checkpoint_free(plc_checkpoint *checkpoint)
{
        if (checkpoint == NULL)
                return;
        g_ptr_array_unref(checkpoint->events);
        g_free(checkpoint);
}

/* --- one line --- */

static bool read_hash(plc_json *object, const char *name, char out[PLC_SHA256_HEX_SIZE], GError **error)
{
        const char *text = NULL;

        if (!plc_json_get_string(object, name, PLC_REQUIRED, 64, &text, error))
                return false;
        if (!plc_sha256_hex_valid(text))
                return plc_json_fail(object, error, PLC_E_BAD_VALUE, NULL, "%s is not a SHA-256", name);
        g_strlcpy(out, text, PLC_SHA256_HEX_SIZE);
        return true;
}

static bool read_members(plc_json *object, plc_checkpoint *out, const char **out_signature, GError **error)
{
        const char *schema = NULL;
        plc_json *events = NULL;

        if (!plc_json_get_string(object, "schema", PLC_REQUIRED, 64, &schema, error))
                return false;
        if (strcmp(schema, PLC_CHECKPOINT_SCHEMA) != 0)
                return plc_json_fail(object, error, PLC_E_BAD_VALUE, NULL, "schema is not " PLC_CHECKPOINT_SCHEMA);
        if (!plc_json_get_int(object, "seq", PLC_REQUIRED, 0, INT64_MAX, &out->seq, error) ||
            !read_hash(object, "hash", out->hash, error) || !read_hash(object, "previous", out->previous, error) ||
            !plc_json_get_time(object, "at", PLC_REQUIRED, &out->at, error) ||
            !plc_json_get_int(object, "restored_from", PLC_OPTIONAL, 0, INT64_MAX, &out->restored_from, error) ||
            !plc_json_get_array(object, "events", PLC_REQUIRED, 100000, &events, error) ||
            !plc_json_get_string(object, "signature", PLC_REQUIRED, 256, out_signature, error) ||
            !plc_json_only(object, error))
                return false;
        for (size_t i = 0; i < plc_json_size(events); i++) {
                char *event = plc_json_canonical(plc_json_element(events, i), error);

                if (event == NULL)
                        return false;
                g_ptr_array_add(out->events, event);
        }
        return true;
}

static plc_checkpoint *parse(plc_vault *vault, const char *line, size_t size, const char *where, GError **error)
{
        static const char *const unsigned_members[] = {"signature", NULL};
        g_autoptr(plc_json) object = plc_json_parse(line, size, where, &limits, error);
        g_autoptr(plc_checkpoint) checkpoint = plc_checkpoint_new();
        g_autofree char *text = NULL;
        const char *signature = NULL;

        if (object == NULL)
                return NULL;
        if (plc_json_typeof(object) != PLC_JSON_OBJECT) {
                plc_json_fail(object, error, PLC_E_BAD_VALUE, NULL, "a checkpoint must be an object");
                return NULL;
        }
        if (!read_members(object, checkpoint, &signature, error))
                return NULL;
        text = plc_json_canonical_without(object, unsigned_members, error);
        if (text == NULL || !plc_vault_check_signature(vault, text, strlen(text), signature, error))
                return NULL;
        plc_sha256_hex(line, size, checkpoint->digest);
        return g_steal_pointer(&checkpoint);
}

plc_checkpoint *plc_checkpoint_parse(plc_vault *vault, const char *line, size_t size, const char *where, GError **error)
{
        g_autoptr(GError) problem = NULL;
        plc_checkpoint *checkpoint = parse(vault, line, size, where, &problem);
        plc_code code = plc_error_code(problem);

        if (checkpoint != NULL)
                return checkpoint;
        if (code == PLC_E_NOT_FOUND || code == PLC_E_BAD_CONFIG || code == PLC_E_IO)
                g_propagate_error(error, g_steal_pointer(&problem));
        else
                plc_fail_at(error, PLC_E_BAD_LEDGER, where, NULL,
                            "Put checkpoints/ back from a backup; where there is none, placet verify SITE "
                            "--accept-loss sets it aside and begins anew.",
                            "is not a checkpoint of this site: %s", problem->message);
        return NULL;
}

static char *write_line(plc_vault *vault, const plc_checkpoint *checkpoint, GError **error)
{
        g_autoptr(GString) text = g_string_new(NULL);
        g_autoptr(plc_json) object = NULL;
        g_autofree char *canonical = NULL;
        char signature[PLC_SIGNATURE_HEX_SIZE];

        plc_jw_object(text, NULL);
        plc_jw_string(text, "schema", PLC_CHECKPOINT_SCHEMA);
        plc_jw_time(text, "at", checkpoint->at);
        plc_jw_int(text, "seq", checkpoint->seq);
        plc_jw_string(text, "hash", checkpoint->hash);
        plc_jw_string(text, "previous", checkpoint->previous);
        if (checkpoint->restored_from != PLC_JOURNAL_NOT_RESTORED)
                plc_jw_int(text, "restored_from", checkpoint->restored_from);
        plc_jw_array(text, "events");
        for (guint i = 0; i < checkpoint->events->len; i++)
                plc_jw_raw(text, NULL, checkpoint->events->pdata[i]);
        plc_jw_end_array(text);
        plc_jw_end_object(text);
        object = plc_json_parse(text->str, text->len, "checkpoint", &limits, error);
        canonical = object != NULL ? plc_json_canonical(object, error) : NULL;
        if (canonical == NULL || !plc_vault_sign(vault, canonical, strlen(canonical), signature, error))
                return NULL;
        g_string_truncate(text, 0);
        g_string_append_len(text, canonical, (gssize)strlen(canonical) - 1); /* without the closing brace */
        g_string_append_printf(text, ",\"signature\":\"%s\"}\n", signature);
        return g_string_free(g_steal_pointer(&text), FALSE);
}

/* --- the files --- */

/* Names of the files in order; none: an empty list. */
static bool list(int dirfd, GPtrArray **out, GError **error)
{
        g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
        g_auto(GStrv) all = NULL;

        if (!plc_list_dir(dirfd, ".", FILES_MAX, &all, error))
                return false;
        for (char **name = all; *name != NULL; name++)
                if (strlen(*name) == 14 && strspn(*name, "0123456789") == 8 && g_str_has_suffix(*name, ".jsonl"))
                        g_ptr_array_add(names, g_strdup(*name));
        *out = g_steal_pointer(&names);
        return true;
}

/* Only what ends in a line feed. */
static bool read_whole_lines(int dirfd, const char *name, char **out_text, size_t *out_size, GError **error)
{
        g_autoptr(GBytes) bytes = NULL;
        const char *data, *end;
        gsize size;

        if (!plc_read_file_at(dirfd, name, PLC_JOURNAL_FILE_MAX + PLC_JOURNAL_LINE_MAX, &bytes, error))
                return false;
        data = g_bytes_get_data(bytes, &size);
        end = size > 0 ? memrchr(data, '\n', size) : NULL;
        *out_size = end != NULL ? (size_t)(end - data) + 1 : 0;
        *out_text = g_strndup(data, *out_size);
        return true;
}

/* The last line of `size` bytes that end in a line feed. */
static const char *last_line(const char *text, size_t size, size_t *out_size)
{
        const char *before = size > 1 ? memrchr(text, '\n', size - 1) : NULL;
        const char *line = before != NULL ? before + 1 : text;

        *out_size = (size_t)(text + size - line) - 1;
        return line;
}

bool plc_journal_back(int dirfd, plc_vault *vault, plc_journal_visit visit, void *user_data, GError **error)
{
        g_autoptr(GPtrArray) names = NULL;
        g_autofree char *wanted = NULL; /* digest that the newer line names */
        bool stop = false;

        if (!list(dirfd, &names, error))
                return false;
        for (guint n = names->len; n-- > 0 && !stop;) {
                g_autofree char *where = g_strdup_printf("checkpoints/%s", (const char *)names->pdata[n]);
                g_autofree char *text = NULL;
                size_t size, line_size;

                if (!read_whole_lines(dirfd, names->pdata[n], &text, &size, error))
                        return false;
                for (; size > 0 && !stop; size -= line_size + 1) {
                        const char *line = last_line(text, size, &line_size);
                        g_autoptr(plc_checkpoint) one = plc_checkpoint_parse(vault, line, line_size, where, error);

                        if (one == NULL)
                                return false;
                        if (wanted != NULL && strcmp(wanted, one->digest) != 0)
                                return plc_fail_at(
                                        error, PLC_E_BAD_LEDGER, where, NULL, "Put checkpoints/ back from a backup.",
                                        "a checkpoint after the one of event %" G_GINT64_FORMAT " was taken out",
                                        one->seq);
                        g_free(wanted);
                        wanted = g_strdup(one->previous);
                        if (!visit(one, user_data, &stop, error))
                                return false;
                }
        }
        if (!stop && wanted != NULL && strspn(wanted, "0") != strlen(wanted))
                return plc_fail_at(error, PLC_E_BAD_LEDGER, "checkpoints", NULL, "Put checkpoints/ back from a backup.",
                                   "its first checkpoints were taken out");
        return true;
}

static bool take_first(const plc_checkpoint *checkpoint, void *user_data, bool *out_stop, GError **error)
{
        plc_checkpoint **out = user_data;

        (void)error;
        *out = plc_checkpoint_new();
        g_ptr_array_unref((*out)->events);
        **out = *checkpoint;
        g_ptr_array_ref((*out)->events);
        *out_stop = true;
        return true;
}

bool plc_journal_last(int dirfd, plc_vault *vault, plc_checkpoint **out, GError **error)
{
        g_autoptr(plc_checkpoint) last = NULL;

        if (!plc_journal_back(dirfd, vault, take_first, &last, error))
                return false;
        if (last == NULL)
                return plc_fail_at(error, PLC_E_NOT_FOUND, "checkpoints", NULL,
                                   "Put checkpoints/ back from a backup; where there is none, placet verify SITE "
                                   "--accept-loss begins anew.",
                                   "holds no checkpoint");
        *out = g_steal_pointer(&last);
        return true;
}

bool plc_journal_mend(int dirfd, GError **error)
{
        g_autoptr(GPtrArray) names = NULL;
        g_autofree char *text = NULL;
        plc_autofd int fd = -1;
        const char *name;
        struct stat st;
        size_t size;

        if (!list(dirfd, &names, error))
                return false;
        if (names->len == 0)
                return true;
        name = names->pdata[names->len - 1];
        if (!read_whole_lines(dirfd, name, &text, &size, error))
                return false;
        fd = openat(dirfd, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
        if (fd < 0 || fstat(fd, &st) != 0)
                return plc_fail_errno(error, errno, "cannot open checkpoints/%s", name);
        if ((size_t)st.st_size == size)
                return true;
        if (ftruncate(fd, (off_t)size) != 0)
                return plc_fail_errno(error, errno, "cannot mend checkpoints/%s", name);
        return plc_fsync(fd, name, error);
}

/* The end of the newest file, or of none if a new one has to be begun: then *out_fd is -1. */
static bool open_end(int dirfd, char out_name[32], int *out_fd, off_t *out_size, GError **error)
{
        g_autoptr(GPtrArray) names = NULL;
        plc_autofd int fd = -1;
        const char *newest;
        struct stat st;

        if (!list(dirfd, &names, error))
                return false;
        newest = names->len > 0 ? names->pdata[names->len - 1] : "00000000.jsonl";
        if (names->len > 0) {
                fd = openat(dirfd, newest, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
                if (fd < 0 || fstat(fd, &st) != 0)
                        return plc_fail_errno(error, errno, "cannot open checkpoints/%s", newest);
                if ((size_t)st.st_size < PLC_JOURNAL_FILE_MAX) {
                        *out_size = st.st_size;
                        *out_fd = plc_steal_fd(&fd);
                        return true;
                }
        }
        g_snprintf(out_name, 32, "%08u.jsonl", (unsigned)g_ascii_strtoull(newest, NULL, 10) + 1);
        *out_fd = -1;
        return true;
}

bool plc_journal_append(int dirfd, plc_vault *vault, const plc_checkpoint *last, plc_checkpoint *next, GError **error)
{
        g_autofree char *line = NULL;
        plc_autofd int fd = -1;
        char name[32] = "";
        off_t before = 0;

        if (last != NULL)
                g_strlcpy(next->previous, last->digest, sizeof next->previous);
        line = write_line(vault, next, error);
        if (line == NULL || !open_end(dirfd, name, &fd, &before, error))
                return false;
        plc_sha256_hex(line, strlen(line) - 1, next->digest);
        if (fd < 0)
                return plc_write_durable_at(dirfd, name, line, strlen(line), 0600, error);
        if (!plc_write_all(fd, line, strlen(line), error)) {
                if (ftruncate(fd, before) != 0) /* else it is mended at the next start */
                        g_prefix_error(error, "half a checkpoint is left: ");
                return false;
        }
        return fdatasync(fd) == 0 || plc_fail_errno(error, errno, "cannot make a checkpoint durable");
}

bool plc_journal_set_aside(int dirfd, GError **error)
{
        g_autoptr(GPtrArray) names = NULL;

        if (!list(dirfd, &names, error))
                return false;
        for (guint i = 0; i < names->len; i++) {
                char key[PLC_ID_SIZE];
                g_autofree char *aside = NULL;

                plc_key_new(key);
                aside = g_strdup_printf("%s.%.6s.set-aside", (const char *)names->pdata[i], key);
                if (!plc_rename_durable(dirfd, names->pdata[i], dirfd, aside, error))
                        return false;
        }
        return true;
}
