/* What does an operator read of what became of a drop? rejected/DATE/NAME.reason.txt, or done/DATE/NAME.result.json. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "intake/claim.h"

#define REASON_BYTES (64 * PLC_KIB)
#define STEM_BYTES 230 /* NAME_MAX is 255 */

static bool open_day(int root, int64_t now_ms, int *out_fd, GError **error)
{
        char day[PLC_TIME_SIZE];

        plc_time_format(now_ms, day);
        day[strlen("2026-11-03")] = '\0';
        return plc_make_dir_at(root, day, 0700, error) && plc_open_dir(root, day, out_fd, error);
}

/* Of a name of 255 bytes, what leaves room for "-2.result.json" behind it; letters stay whole. */
static char *stem_of(const char *name)
{
        size_t length = strlen(name);

        if (length > STEM_BYTES)
                for (length = STEM_BYTES; length > 0 && ((unsigned char)name[length] & 0xc0) == 0x80;)
                        length--;
        return g_strndup(name, length);
}

/* "camera.jpg" as the example shows it; the sentence ends where the operator can act. */
static char *reason_text(const GError *why, int64_t now_ms)
{
        const char *remedy = plc_error_remedy(why);
        const char *stop = g_str_has_suffix(why->message, ".") ? "" : ".";
        g_autofree char *message = g_utf8_make_valid(why->message, -1);
        char when[PLC_TIME_SIZE];

        plc_time_format(now_ms, when);
        for (char *c = message; *c != '\0'; c++)
                if (g_ascii_iscntrl(*c)) /* a file name may hold a line feed */
                        *c = '?';
        return g_strdup_printf("Rejected: %s%s\nNothing was taken in. %s\n(code %s, %s)\n", message, stop,
                               remedy != NULL ? remedy : "Correct it, then move this folder back into inbox/.",
                               plc_code_name(plc_error_code(why)), when);
}

static char *reason_json(const struct plc_claim *claim, const GError *why, int64_t now_ms)
{
        GString *out = g_string_new(NULL);

        plc_jw_object(out, NULL);
        plc_jw_string(out, "schema", "placet.reason/1");
        plc_jw_string(out, "drop", claim->name);
        plc_jw_string(out, "code", plc_code_name(plc_error_code(why)));
        plc_jw_string(out, "file", plc_error_file(why));
        plc_jw_string(out, "pointer", plc_error_pointer(why));
        plc_jw_string(out, "message", why->message);
        plc_jw_string(out, "remedy", plc_error_remedy(why));
        plc_jw_time(out, "at", now_ms);
        plc_jw_end_object(out);
        g_string_append_c(out, '\n');
        return g_string_free(out, FALSE);
}

static bool is_there(int dirfd, const char *name, const char *ending)
{
        g_autofree char *whole = g_strconcat(name, ending, NULL);
        struct stat st;

        return fstatat(dirfd, whole, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* The first of NAME, NAME-2, NAME-3, … under which neither a drop nor a sidecar lies. A reason without its drop is
 * written over: the drop was moved back, or never came. */
static char *free_name(int day, const char *name)
{
        g_autofree char *stem = stem_of(name);

        for (int i = 1;; i++) {
                g_autofree char *candidate = i == 1 ? g_strdup(name) : g_strdup_printf("%s-%d", stem, i);

                if (!is_there(day, candidate, "") && !is_there(day, candidate, ".json"))
                        return g_steal_pointer(&candidate);
        }
}

/* The sidecar goes last: a photo that a crash leaves alone would be taken for a bare one. */
static bool move_out(int work, const struct plc_claim *claim, int day, const char *name, GError **error)
{
        g_autofree char *from = g_strconcat(claim->name, ".json", NULL), *to = g_strconcat(name, ".json", NULL);

        return plc_rename_durable(work, claim->name, day, name, error) &&
               (!is_there(work, claim->name, ".json") || plc_rename_durable(work, from, day, to, error));
}

bool plc_claim_reject(const struct plc_intake_dirs *dirs, const struct plc_claim *claim, const GError *why,
                      int64_t now_ms, GError **error)
{
        g_autofree char *text = reason_text(why, now_ms), *json = reason_json(claim, why, now_ms), *name = NULL;
        g_autofree char *stem = NULL, *text_name = NULL, *json_name = NULL;
        plc_autofd int day = -1, work = -1;

        if (!open_day(dirs->rejected, now_ms, &day, error) || !plc_open_dir(dirs->work, claim->id, &work, error))
                return false;
        name = free_name(day, claim->name);
        stem = stem_of(name);
        text_name = g_strconcat(stem, ".reason.txt", NULL);
        json_name = g_strconcat(stem, ".reason.json", NULL);
        if (!plc_write_durable_at(day, json_name, json, strlen(json), 0600, error) ||
            !plc_write_durable_at(day, text_name, text, strlen(text), 0600, error) ||
            /* Of a person who was erased only the reason is kept: their photos are stored nowhere again. */
            (plc_error_code(why) != PLC_E_ERASED && !move_out(work, claim, day, name, error)))
                return false;
        plc_close_fd(&work);
        return plc_claim_remove(dirs, claim, error);
}

bool plc_claim_set_aside(const struct plc_intake_dirs *dirs, const struct plc_claim *claim, int folder_fd,
                         const char *const *files, int64_t now_ms, GError **error)
{
        g_autofree char *stem = stem_of(claim->name), *name = g_strconcat(stem, ".left-out", NULL);
        plc_autofd int day = -1, folder = -1;

        if (files[0] == NULL)
                return true;
        if (!open_day(dirs->done, now_ms, &day, error))
                return false;
        for (int i = 2; is_there(day, name, ""); i++) {
                g_free(name);
                name = g_strdup_printf("%s-%d.left-out", stem, i);
        }
        if (!plc_make_dir_at(day, name, 0700, error) || !plc_open_dir(day, name, &folder, error))
                return false;
        for (; *files != NULL; files++)
                if (!plc_rename_durable(folder_fd, *files, folder, *files, error))
                        return false;
        return true;
}

char *plc_answer_key(const char *submission, int64_t revision)
{
        return g_strdup_printf("%s/%" G_GINT64_FORMAT, submission, revision);
}

/* An answer to the same revision is written over: it may have been written just before a crash. */
static bool is_ours_or_free(int day, const char *name, const char *key)
{
        g_autoptr(GBytes) bytes = NULL;
        g_autoptr(plc_json) root = NULL;
        const char *found = NULL, *outcome = "", *data;
        g_autofree char *its = NULL;
        int64_t revision = 1;
        struct stat st;
        gsize size;

        if (fstatat(day, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
                return true;
        if (!plc_read_file_at(day, name, REASON_BYTES * 16, &bytes, NULL))
                return false;
        data = g_bytes_get_data(bytes, &size);
        root = plc_json_parse(data, size, name, &plc_json_default_limits, NULL);
        if (root == NULL || !plc_json_get_string(root, "submission", PLC_REQUIRED, PLC_ID_LEN, &found, NULL) ||
            !plc_json_get_string(root, "outcome", PLC_OPTIONAL, 64, &outcome, NULL) ||
            !plc_json_get_int(root, "revision", PLC_OPTIONAL, 1, INT64_MAX, &revision, NULL))
                return false;
        its = strcmp(outcome, "unchanged") == 0 ? g_strconcat(PLC_ANSWER_UNCHANGED, found, NULL)
                                                : plc_answer_key(found, revision);
        return strcmp(its, key) == 0;
}

bool plc_answer_write(const struct plc_intake_dirs *dirs, const char *name, const char *key, const char *json,
                      int64_t now_ms, GError **error)
{
        g_autofree char *stem = stem_of(name);
        plc_autofd int day = -1;

        if (!open_day(dirs->done, now_ms, &day, error))
                return false;
        for (int i = 1;; i++) {
                g_autofree char *file = i == 1 ? g_strdup_printf("%s.result.json", stem)
                                               : g_strdup_printf("%s-%d.result.json", stem, i);

                if (is_ours_or_free(day, file, key))
                        return plc_write_durable_at(day, file, json, strlen(json), 0600, error);
        }
}
