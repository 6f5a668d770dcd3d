/* How does a drop get from the inbox into .work/ID, whole, whatever happens meanwhile? */
#include "intake/claim.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "intake/inbox.h"

void plc_claim_free(struct plc_claim *claim)
{
        if (claim == NULL)
                return;
        g_free(claim->name);
        g_free(claim);
}

static struct plc_claim *new_claim(const char *name, const char *id)
{
        struct plc_claim *claim = g_new0(struct plc_claim, 1);

        if (id != NULL)
                g_strlcpy(claim->id, id, sizeof claim->id);
        else
                plc_id_new(claim->id);
        claim->name = g_strdup(name);
        return claim;
}

static bool open_work(const struct plc_intake_dirs *dirs, const struct plc_claim *claim, int *out_fd, GError **error)
{
        return plc_make_dir_at(dirs->work, claim->id, 0700, error) &&
               plc_open_dir(dirs->work, claim->id, out_fd, error);
}

/* What is done with carries a name that recovery removes: a folder half removed is never taken for a drop. */
static char *name_of_gone(const char *id)
{
        return g_strconcat(".gone-", id, NULL);
}

static bool exists(int dirfd, const char *name)
{
        struct stat st;

        return fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* The sidecar goes first: a crash then leaves a sidecar without its photo in .work, which recovery puts back. */
static bool move_in(const struct plc_intake_dirs *dirs, const struct plc_claim *claim, int work, GError **error)
{
        g_autofree char *sidecar = g_strconcat(claim->name, ".json", NULL);
        g_autofree char *marker = g_strconcat(claim->name, ".ready", NULL);
        struct stat st;

        if (fstatat(dirs->inbox, claim->name, &st, AT_SYMLINK_NOFOLLOW) != 0)
                return plc_fail_errno(error, errno, "cannot take %s", claim->name);
        if (!S_ISDIR(st.st_mode) && exists(dirs->inbox, sidecar) &&
            !plc_rename_durable(dirs->inbox, sidecar, work, sidecar, error))
                return false;
        if (!plc_rename_durable(dirs->inbox, claim->name, work, claim->name, error)) {
                plc_rename_durable(work, sidecar, dirs->inbox, sidecar, NULL);
                return false;
        }
        unlinkat(dirs->inbox, marker, 0); /* the drop is ours already, whatever becomes of its marker */
        return true;
}

struct plc_claim *plc_claim_take(const struct plc_intake_dirs *dirs, const char *name, const char *id, GError **error)
{
        g_autoptr(plc_claim) claim = new_claim(name, id);
        plc_autofd int work = -1;

        if (!open_work(dirs, claim, &work, error))
                return NULL;
        if (!move_in(dirs, claim, work, error)) {
                unlinkat(dirs->work, claim->id, AT_REMOVEDIR); /* stays if something is in it: recovery finishes that */
                return NULL;
        }
        return g_steal_pointer(&claim);
}

static bool copy_entry(int from_dir, const char *from, int to_dir, const char *to, int depth, GError **error);

static bool copy_folder(int from_dir, const char *from, int to_dir, const char *to, int depth, GError **error)
{
        plc_autofd int source = openat(from_dir, from, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        plc_autofd int target = -1;
        g_auto(GStrv) names = NULL;

        if (source < 0)
                return plc_fail_errno(error, errno, "cannot open folder %s", from);
        if (!plc_list_dir(source, ".", PLC_DROP_FILES, &names, error) || !plc_make_dir_at(to_dir, to, 0700, error) ||
            !plc_open_dir(to_dir, to, &target, error))
                return false;
        for (char **name = names; *name != NULL; name++)
                if (!copy_entry(source, *name, target, *name, depth + 1, error))
                        return false;
        return plc_fsync(target, to, error);
}

static bool copy_entry(int from_dir, const char *from, int to_dir, const char *to, int depth, GError **error)
{
        plc_autofd int fd = -1;
        struct stat st;

        if (fstatat(from_dir, from, &st, AT_SYMLINK_NOFOLLOW) != 0)
                return plc_fail_errno(error, errno, "cannot look at %s", from);
        if (S_ISDIR(st.st_mode) && depth < 2)
                return copy_folder(from_dir, from, to_dir, to, depth, error);
        if (!S_ISREG(st.st_mode))
                return plc_fail_at(error, PLC_E_UNSAFE_FILE, from, NULL, "Replace it by the file itself.",
                                   "is not an ordinary file or folder");
        fd = openat(from_dir, from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
        if (fd < 0)
                return plc_fail_errno(error, errno, "cannot open %s", from);
        return plc_copy_durable_at(to_dir, to, fd, 0600, true, error);
}

struct plc_claim *plc_claim_copy(const struct plc_intake_dirs *dirs, const char *path, const char *id, GError **error)
{
        g_autofree char *name = g_path_get_basename(path), *sidecar = g_strconcat(path, ".json", NULL);
        g_autofree char *sidecar_name = g_strconcat(name, ".json", NULL);
        g_autoptr(plc_claim) claim = new_claim(name, id);
        /* Copied under a hidden name of .work first: half a copy is never taken for a claim. */
        g_autofree char *tmp = g_strconcat(".copy-", claim->id, NULL);
        plc_autofd int work = -1;
        struct stat st;

        if (!plc_make_dir_at(dirs->work, tmp, 0700, error) || !plc_open_dir(dirs->work, tmp, &work, error))
                return NULL;
        if (!copy_entry(AT_FDCWD, path, work, name, 0, error) ||
            (fstatat(work, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISDIR(st.st_mode) &&
             fstatat(AT_FDCWD, sidecar, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
             !copy_entry(AT_FDCWD, sidecar, work, sidecar_name, 2, error)) ||
            !plc_rename_durable(dirs->work, tmp, dirs->work, claim->id, error)) {
                plc_remove_tree_at(dirs->work, tmp, NULL);
                return NULL;
        }
        return g_steal_pointer(&claim);
}

/* One folder of .work: true and *out NULL where nothing is left to do with it. */
static bool recover_one(const struct plc_intake_dirs *dirs, const char *id, struct plc_claim **out, GError **error)
{
        g_autoptr(plc_claim) claim = NULL;
        g_auto(GStrv) names = NULL;
        plc_autofd int work = -1;
        guint count;

        *out = NULL;
        if (!plc_id_valid(id))
                return plc_remove_tree_at(dirs->work, id,
                                          error); /* half a copy, whose original stands elsewhere; or done with */
        if (!plc_open_dir(dirs->work, id, &work, error) || !plc_list_dir(work, ".", PLC_DROP_FILES, &names, error))
                return false;
        count = g_strv_length(names);
        if (count == 0)
                return plc_remove_tree_at(dirs->work, id, error);
        if (count == 1 && g_str_has_suffix(names[0], ".json")) {
                g_autofree char *photo = g_strndup(names[0], strlen(names[0]) - strlen(".json"));

                /* The claim stopped between sidecar and photo. */
                if (exists(dirs->inbox, photo) && !exists(dirs->inbox, names[0]))
                        return plc_rename_durable(work, names[0], dirs->inbox, names[0], error) &&
                               plc_remove_tree_at(dirs->work, id, error);
        }
        claim = new_claim(names[0], id);
        *out = g_steal_pointer(&claim);
        return true;
}

bool plc_claim_recover(const struct plc_intake_dirs *dirs, GPtrArray *out_claims, GError **error)
{
        g_auto(GStrv) ids = NULL;

        if (!plc_list_dir(dirs->work, ".", 1000000, &ids, error))
                return false;
        for (char **id = ids; *id != NULL; id++) {
                struct plc_claim *claim;

                if (!recover_one(dirs, *id, &claim, error))
                        return false;
                if (claim != NULL)
                        g_ptr_array_add(out_claims, claim);
        }
        return true;
}

bool plc_claim_open(const struct plc_intake_dirs *dirs, const struct plc_claim *claim, int *out_fd, bool *out_is_folder,
                    GError **error)
{
        plc_autofd int work = -1;
        struct stat st;

        if (!plc_open_dir(dirs->work, claim->id, &work, error))
                return false;
        if (fstatat(work, claim->name, &st, AT_SYMLINK_NOFOLLOW) != 0)
                return plc_fail_errno(error, errno, "cannot look at %s", claim->name);
        if (!S_ISDIR(st.st_mode) && (!S_ISREG(st.st_mode) || st.st_nlink != 1))
                return plc_fail_at(
                        error, PLC_E_UNSAFE_FILE, claim->name, NULL,
                        "Replace it by the file itself, then drop it again.",
                        "is a link, a device or a file with several names; only folders and ordinary files are "
                        "taken in");
        *out_is_folder = S_ISDIR(st.st_mode);
        *out_fd = plc_steal_fd(&work);
        return true;
}

bool plc_claim_remove(const struct plc_intake_dirs *dirs, const struct plc_claim *claim, GError **error)
{
        g_autofree char *gone = name_of_gone(claim->id);
        g_autoptr(GError) fault = NULL;

        if (!plc_rename_durable(dirs->work, claim->id, dirs->work, gone, &fault) &&
            plc_error_code(fault) != PLC_E_NOT_FOUND) {
                g_propagate_error(error, g_steal_pointer(&fault));
                return false;
        }
        return plc_remove_tree_at(dirs->work, gone, error);
}
