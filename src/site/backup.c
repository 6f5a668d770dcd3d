/* What has to be kept elsewhere? The catalog first: what the vault gets after it is named by nobody, what it loses was
 * erased. */
#include "site/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "catalog/ledger.h"
#include "intake/inbox.h"

#define FILES_MAX 100000 /* in one folder of terms and the like */

struct backup {
        struct plc_site *site;
        int to;            /* the backup's folder */
        GString *manifest; /* inside of "files" */
        struct plc_backed_up done;
        void (*progress)(int64_t files, void *user_data);
        void *user_data;
};

static bool note(struct backup *backup, int fd, const char *path, GError **error)
{
        char hash[PLC_SHA256_HEX_SIZE];
        struct stat st;

        if (fstat(fd, &st) != 0)
                return plc_fail_errno(error, errno, "cannot look at %s", path);
        if (!plc_sha256_fd(fd, hash, error))
                return false;
        plc_jw_object(backup->manifest, NULL);
        plc_jw_string(backup->manifest, "path", path);
        plc_jw_int(backup->manifest, "bytes", st.st_size);
        plc_jw_string(backup->manifest, "sha256", hash);
        plc_jw_end_object(backup->manifest);
        backup->done.files++;
        backup->done.bytes += st.st_size;
        if (backup->progress != NULL)
                backup->progress(backup->done.files, backup->user_data);
        return true;
}

/* One file of from_fd/name to to_fd/name; a file that is gone meanwhile was erased, and is fine where `may_go`. */
static bool copy_file(struct backup *backup, int from_fd, int to_fd, const char *name, const char *path, bool may_go,
                      GError **error)
{
        plc_autofd int fd = openat(from_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
        plc_autofd int copy = -1;
        struct stat st;

        if (fd < 0 && errno == ENOENT && may_go)
                return true;
        if (fd < 0 || fstat(fd, &st) != 0)
                return plc_fail_errno(error, errno, "cannot open %s", path);
        if (!S_ISREG(st.st_mode))
                return true;
        if (!plc_copy_durable_at(to_fd, name, fd, 0600, true, error))
                return false;
        copy = openat(to_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        return copy >= 0 ? note(backup, copy, path, error) : plc_fail_errno(error, errno, "cannot read %s", path);
}

/* A folder of files, and where `depth` allows, of such folders. One that is not there is fine. */
static bool copy_folder(struct backup *backup, int from_fd, int to_fd, const char *name, const char *path,
                        bool may_be_missing, int depth, GError **error)
{
        plc_autofd int from = openat(from_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        plc_autofd int to = -1;
        g_auto(GStrv) names = NULL;

        if (from < 0 && errno == ENOENT && may_be_missing)
                return true;
        if (from < 0)
                return plc_fail_errno(error, errno, "cannot open %s", path);
        if (!plc_make_dir_at(to_fd, name, 0700, error) || !plc_open_dir(to_fd, name, &to, error) ||
            !plc_list_dir(from, ".", FILES_MAX * 10, &names, error))
                return false;
        for (char **one = names; *one != NULL; one++) {
                g_autofree char *inside = g_strdup_printf("%s/%s", path, *one);
                struct stat st;

                if ((*one)[0] == '.' || fstatat(from, *one, &st, AT_SYMLINK_NOFOLLOW) != 0)
                        continue; /* begun or gone meanwhile */
                if (S_ISDIR(st.st_mode)
                            ? depth > 0 && !copy_folder(backup, from, to, *one, inside, true, depth - 1, error)
                            : !copy_file(backup, from, to, *one, inside, true, error))
                        return false;
        }
        return true;
}

static bool copy_catalog(struct backup *backup, const char *dir, GError **error)
{
        g_autofree char *path = g_build_filename(dir, "catalog.db", NULL);
        plc_autofd int fd = -1;

        if (!plc_catalog_copy(backup->site->catalog, path, error))
                return false;
        fd = openat(backup->to, "catalog.db", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        return fd >= 0 ? note(backup, fd, "catalog.db", error) : plc_fail_errno(error, errno, "cannot read %s", path);
}

/* So that the copy, given its keys, is a site again: `placet index rebuild` needs no more. */
static bool make_empty_folders(struct backup *backup, GError **error)
{
        static const struct {
                const char *name;
                mode_t mode;
        } folders[] = {{"inbox", 0700},     {"rejected", 0700}, {"done", 0700},          {".work", 0700},
                       {"creatives", 0700}, {"public", 0755},   {"public/assets", 0755}, {"spool", 0700}};
        plc_autofd int inbox = -1;

        for (size_t i = 0; i < G_N_ELEMENTS(folders); i++)
                if (!plc_make_dir_at(backup->to, folders[i].name, folders[i].mode, error))
                        return false;
        return plc_open_dir(backup->to, "inbox", &inbox, error) &&
               plc_write_durable_at(inbox, PLC_INBOX_MARKER, "", 0, 0600, error);
}

static bool copy_all(struct backup *backup, const char *dir, GError **error)
{
        int from = backup->site->fd;

        return copy_catalog(backup, dir, error) &&
               copy_folder(backup, from, backup->to, "vault", "vault", false, 1, error) &&
               copy_folder(backup, from, backup->to, "checkpoints", "checkpoints", true, 0, error) &&
               copy_folder(backup, from, backup->to, "terms", "terms", true, 2, error) &&
               copy_folder(backup, from, backup->to, "placements", "placements", true, 2, error) &&
               copy_file(backup, from, backup->to, "policy.json", "policy.json", true, error) &&
               copy_file(backup, from, backup->to, "placet.conf", "placet.conf", false, error) &&
               make_empty_folders(backup, error);
}

/* The head is read from the copy: the office may have gone on since. */
static bool write_manifest(struct backup *backup, const char *dir, GError **error)
{
        g_autofree char *path = g_build_filename(dir, "catalog.db", NULL);
        g_autoptr(GString) text = g_string_new(NULL);
        g_autoptr(plc_catalog) copy = plc_catalog_open_readonly(path, error);
        struct plc_ledger_head head;

        if (copy == NULL || !plc_catalog_ledger_head(copy, &head, error))
                return false;
        backup->done.events = head.seq;
        plc_jw_object(text, NULL);
        plc_jw_string(text, "schema", "placet.backup/1");
        plc_jw_time(text, "at", plc_now_ms());
        plc_jw_int(text, "seq", head.seq);
        plc_jw_string(text, "hash", head.hash);
        plc_jw_raw(text, "files", backup->manifest->str);
        plc_jw_end_object(text);
        g_string_append_c(text, '\n');
        return plc_write_durable_at(backup->to, "manifest.json", text->str, text->len, 0600, error);
}

static bool open_empty(const char *dir, int *out_fd, GError **error)
{
        g_autoptr(GError) full = NULL;
        g_auto(GStrv) names = NULL;
        plc_autofd int fd = -1;

        if (mkdir(dir, 0700) != 0 && errno != EEXIST)
                return plc_fail_errno(error, errno, "cannot make %s", dir);
        if (!plc_open_dir(AT_FDCWD, dir, &fd, error))
                return false;
        if (!plc_list_dir(fd, ".", 1, &names, &full) || names[0] != NULL)
                return plc_fail_at(error, PLC_E_CONFLICT, dir, NULL, "Name a new folder for each backup.",
                                   "is not empty");
        *out_fd = plc_steal_fd(&fd);
        return true;
}

bool plc_site_backup(struct plc_site *site, const char *dir, void (*progress)(int64_t files, void *user_data),
                     void *user_data, struct plc_backed_up *out, GError **error)
{
        struct backup backup = {.site = site, .to = -1, .progress = progress, .user_data = user_data};
        bool fine;

        if (!open_empty(dir, &backup.to, error))
                return false;
        backup.manifest = g_string_new(NULL);
        plc_jw_array(backup.manifest, NULL);
        fine = copy_all(&backup, dir, error);
        plc_jw_end_array(backup.manifest);
        fine = fine && write_manifest(&backup, dir, error);
        g_string_free(backup.manifest, TRUE);
        plc_close_fd(&backup.to);
        if (fine)
                *out = backup.done;
        return fine;
}
