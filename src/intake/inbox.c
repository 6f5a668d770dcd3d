/* When is a drop ready to be taken? Decided here, from what two looks at the folder saw. */
#include "intake/inbox.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "intake/manifest.h"

struct seen {
        uint8_t signature[PLC_SHA256_LEN];
        int64_t since; /* unchanged from here on */
        bool moved_in;
        bool present; /* in the look under way */
};

struct plc_inbox {
        int fd;
        int64_t settle_ms;
        GHashTable *seen; /* name -> struct seen */
};

plc_inbox *plc_inbox_new(int inbox_fd, int64_t settle_ms)
{
        plc_inbox *inbox = g_new0(plc_inbox, 1);

        inbox->fd = inbox_fd;
        inbox->settle_ms = settle_ms;
        inbox->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        return inbox;
}

void plc_inbox_free(plc_inbox *inbox)
{
        if (inbox == NULL)
                return;
        g_hash_table_unref(inbox->seen);
        g_free(inbox);
}

bool plc_inbox_ignores(const char *name)
{
        static const char *const endings[] = {".part",     ".partial",   ".tmp",   ".crdownload",
                                              ".filepart", ".tacitpart", ".ready", ".swp"};
        static const char *const names[] = {"Thumbs.db", "desktop.ini", "READY"};

        if (name[0] == '.' || name[0] == '~')
                return true;
        for (size_t i = 0; i < G_N_ELEMENTS(endings); i++)
                if (g_str_has_suffix(name, endings[i]))
                        return true;
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
                if (strcmp(name, names[i]) == 0)
                        return true;
        return false;
}

static struct seen *remember(plc_inbox *inbox, const char *name)
{
        struct seen *seen = g_hash_table_lookup(inbox->seen, name);

        if (seen == NULL) {
                seen = g_new0(struct seen, 1);
                seen->since = INT64_MIN;
                g_hash_table_insert(inbox->seen, g_strdup(name), seen);
        }
        return seen;
}

void plc_inbox_moved_in(plc_inbox *inbox, const char *name)
{
        if (!plc_inbox_ignores(name) && g_hash_table_size(inbox->seen) < PLC_INBOX_ENTRIES)
                remember(inbox, name)->moved_in = true;
}

static void add_stat(plc_hash *hash, const char *name, const struct stat *st)
{
        const int64_t facts[] = {(int64_t)st->st_size,        (int64_t)st->st_ino,          (int64_t)st->st_mode,
                                 (int64_t)st->st_mtim.tv_sec, (int64_t)st->st_mtim.tv_nsec, (int64_t)st->st_ctim.tv_sec,
                                 (int64_t)st->st_ctim.tv_nsec};

        plc_hash_add(hash, name, strlen(name) + 1);
        plc_hash_add(hash, facts, sizeof facts);
}

/* Everything in it, two levels at most: deeper folders are refused later, their own ctime is enough to see movement. */
static bool add_folder(plc_hash *hash, int dirfd, const char *name, int depth)
{
        plc_autofd int fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        g_auto(GStrv) names = NULL;

        if (fd < 0 || !plc_list_dir(fd, ".", PLC_DROP_FILES * 4, &names, NULL))
                return false;
        for (char **entry = names; *entry != NULL; entry++) {
                struct stat st;

                if (fstatat(fd, *entry, &st, AT_SYMLINK_NOFOLLOW) != 0)
                        return false;
                add_stat(hash, *entry, &st);
                if (S_ISDIR(st.st_mode) && depth < 2)
                        add_folder(hash, fd, *entry, depth + 1);
        }
        return true;
}

static void sign(plc_inbox *inbox, const char *name, const struct stat *st, uint8_t out[PLC_SHA256_LEN])
{
        plc_hash *hash = plc_hash_new();
        g_autofree char *sidecar = g_strconcat(name, ".json", NULL);
        struct stat beside;

        add_stat(hash, name, st);
        if (S_ISDIR(st->st_mode))
                add_folder(hash, inbox->fd, name, 0);
        else if (fstatat(inbox->fd, sidecar, &beside, AT_SYMLINK_NOFOLLOW) == 0)
                add_stat(hash, sidecar, &beside);
        plc_hash_final(hash, out);
}

static bool has_marker(plc_inbox *inbox, const char *name, bool folder)
{
        g_autofree char *beside = g_strconcat(name, ".ready", NULL);
        g_autofree char *inside = g_build_filename(name, "READY", NULL);
        struct stat st;

        return fstatat(inbox->fd, beside, &st, AT_SYMLINK_NOFOLLOW) == 0 ||
               (folder && fstatat(inbox->fd, inside, &st, AT_SYMLINK_NOFOLLOW) == 0);
}

/* Its manifest reads, and every file that it names is there. What is wrong otherwise is told when it has been claimed.
 */
static bool complete(plc_inbox *inbox, const char *name)
{
        plc_autofd int fd = openat(inbox->fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        g_autoptr(plc_manifest) manifest = NULL;

        if (fd < 0)
                return false;
        manifest = plc_manifest_read_folder(fd, NULL, NULL);
        return manifest != NULL && plc_manifest_files_present(manifest, fd);
}

/* Sidecars and half of a pair: `x.jpg.json` goes with `x.jpg`, and waits for it. */
static bool is_sidecar(plc_inbox *inbox, const char *name)
{
        g_autofree char *photo = NULL;
        struct stat st;

        if (!g_str_has_suffix(name, ".json"))
                return false;
        photo = g_strndup(name, strlen(name) - strlen(".json"));
        return fstatat(inbox->fd, photo, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool is_ready(plc_inbox *inbox, const char *name, const struct stat *st, struct seen *seen, int64_t now_ms)
{
        uint8_t signature[PLC_SHA256_LEN];
        bool folder = S_ISDIR(st->st_mode), whole;
        g_autofree char *sidecar = g_strconcat(name, ".json", NULL);
        struct stat beside;

        if (has_marker(inbox, name, folder))
                return true;
        sign(inbox, name, st, signature);
        if (seen->since == INT64_MIN || seen->since > now_ms || /* the clock was set back */
            memcmp(signature, seen->signature, sizeof signature) != 0) {
                memcpy(seen->signature, signature, sizeof signature);
                seen->since = now_ms;
        }
        if (S_ISREG(st->st_mode) && st->st_size == 0)
                return false; /* the first create of many SMB clients: never a photo, never gone either */
        whole = folder ? complete(inbox, name) : fstatat(inbox->fd, sidecar, &beside, AT_SYMLINK_NOFOLLOW) == 0;
        if (whole && folder && seen->moved_in)
                return true;
        return now_ms - seen->since >= (whole ? 1 : 4) * inbox->settle_ms &&
               (seen->since != now_ms || inbox->settle_ms == 0);
}

static gboolean not_present(gpointer name, gpointer value, gpointer data)
{
        struct seen *seen = value;
        bool gone = !seen->present;

        (void)name, (void)data;
        seen->present = false;
        return gone;
}

bool plc_inbox_look(plc_inbox *inbox, int64_t now_ms, GPtrArray *out_ready, unsigned *out_waiting, GError **error)
{
        g_auto(GStrv) names = NULL;
        unsigned waiting = 0;
        struct stat st;

        if (fstatat(inbox->fd, PLC_INBOX_MARKER, &st, AT_SYMLINK_NOFOLLOW) != 0)
                return plc_fail_at(error, PLC_E_NOT_FOUND, "inbox", NULL,
                                   "Mount it again; if it really is the inbox of this site, create an empty file "
                                   ".placet-inbox in it.",
                                   "the marker " PLC_INBOX_MARKER " is not there, so this may be an unmounted folder");
        if (!plc_list_dir(inbox->fd, ".", PLC_INBOX_NAMES, &names, error))
                return false;
        for (char **name = names; *name != NULL; name++) {
                struct seen *seen;

                if (plc_inbox_ignores(*name) || is_sidecar(inbox, *name) ||
                    fstatat(inbox->fd, *name, &st, AT_SYMLINK_NOFOLLOW) != 0)
                        continue;
                seen = remember(inbox, *name);
                seen->present = true;
                if (out_ready->len < PLC_INBOX_ENTRIES && is_ready(inbox, *name, &st, seen, now_ms))
                        g_ptr_array_add(out_ready, g_strdup(*name));
                else
                        waiting++;
        }
        g_hash_table_foreach_remove(inbox->seen, not_present, NULL);
        *out_waiting = waiting;
        return true;
}
