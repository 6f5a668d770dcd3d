/* Is what lies in a site's folder as it should be? Settings, folders, room on the disk, and what verify looks at
 * quickly. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/file.h"
#include "cmd/doctor.h"
#include "pipeline/office.h"
#include "site/verify.h"
#include "text/flags.h"

#define ROOM_LEAST ((uint64_t)24 << 20) /* below it intake stands still (plc_site_has_room) */
#define ROOM_GOOD ((uint64_t)1 << 30)   /* a day's drops of a small shop */
#define FILES_GOOD 10000                /* inodes: a photo needs about a dozen files */

static const char owner[] = "Run doctor and the office as the user to whom the site belongs, or chown it";

static void settings(plc_doctor *doctor)
{
        g_autoptr(GError) error = NULL;
        plc_autofd int fd = -1;

        if (!plc_open_dir(AT_FDCWD, doctor->path, &fd, &error) || faccessat(fd, "placet.conf", F_OK, 0) != 0) {
                plc_doctor_tell(doctor, "site", PLC_HEALTH_FAULT, "Make one with placet init, or name another folder",
                                "%s is not a site of Placet%s", doctor->path,
                                error != NULL ? ": it cannot be opened" : " (it has no placet.conf)");
                return;
        }
        if (faccessat(fd, "placet.conf", R_OK, AT_EACCESS) != 0) {
                plc_doctor_tell(doctor, "settings", PLC_HEALTH_FAULT, owner, "The user %u may not read %s/placet.conf",
                                (unsigned)geteuid(), doctor->path);
                return;
        }
        doctor->conf = plc_conf_load(fd, &error);
        if (doctor->conf == NULL)
                plc_doctor_error(doctor, "settings", error, "Correct that line of placet.conf");
        else
                plc_doctor_ok(doctor, "settings", "placet.conf is in order");
}

/* --- folders --- */

static const struct {
        const char *path;
        bool written, moved; /* by the office; drops go from one to the other by rename */
} folders[] = {
        {"inbox", true, true},      {".work", true, true},          {"rejected", true, true},
        {"done", true, false},      {"vault", true, false},         {"keys", true, false},
        {"public", true, false},    {"public/assets", true, false}, {"spool", false, false},
        {"creatives", true, false}, {"checkpoints", true, false},
};

static void look_at_folder(plc_doctor *doctor, int fd, size_t i, dev_t device)
{
        const char *path = folders[i].path;
        struct stat st;

        if (fstatat(fd, path, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISDIR(st.st_mode))
                plc_doctor_tell(doctor, "folders", PLC_HEALTH_FAULT,
                                strcmp(path, "public") == 0 || strcmp(path, "public/assets") == 0
                                        ? "Make it (mode 0755) and run placet index rebuild"
                                        : "Mount it, or put it back from the backup",
                                "%s/%s is not there, or no folder", doctor->path, path);
        else if (folders[i].written && faccessat(fd, path, R_OK | W_OK | X_OK, AT_EACCESS) != 0)
                plc_doctor_tell(doctor, "folders", PLC_HEALTH_FAULT, owner,
                                "%s/%s belongs to the user %u; the user %u may not write into it", doctor->path, path,
                                (unsigned)st.st_uid, (unsigned)geteuid());
        else if (folders[i].moved && st.st_dev != device)
                plc_doctor_tell(doctor, "folders", PLC_HEALTH_FAULT,
                                "Mount the whole site, not parts of it: drops are taken by renaming them",
                                "%s/%s lies on another file system than the site", doctor->path, path);
}

static void look_at_folders(plc_doctor *doctor)
{
        plc_autofd int fd = -1;
        struct stat st;

        if (!plc_open_dir(AT_FDCWD, doctor->path, &fd, NULL) || fstat(fd, &st) != 0)
                return;
        for (size_t i = 0; i < G_N_ELEMENTS(folders); i++)
                look_at_folder(doctor, fd, i, st.st_dev);
        plc_doctor_ok(doctor, "folders", "all are there and can be written");
}

static void disk(plc_doctor *doctor)
{
        struct statvfs room;

        if (statvfs(doctor->path, &room) != 0)
                return;
        uint64_t bytes = (uint64_t)room.f_bavail * room.f_frsize;
        if (bytes < ROOM_LEAST)
                plc_doctor_tell(doctor, "disk", PLC_HEALTH_FAULT,
                                "Make room on that file system; what takes away still goes through",
                                "%.0f MB are free: nothing is taken in or made below 24 MB", (double)bytes / 1e6);
        else if (bytes < ROOM_GOOD)
                plc_doctor_tell(doctor, "disk", PLC_HEALTH_WARNING, "Make room for the drops of some days",
                                "only %.0f MB are free", (double)bytes / 1e6);
        else if (room.f_files > 0 && room.f_favail < FILES_GOOD)
                plc_doctor_tell(doctor, "disk", PLC_HEALTH_WARNING,
                                "Remove small files there, or use a file system with more inodes",
                                "only %llu more files can be made: its inodes run out",
                                (unsigned long long)room.f_favail);
        plc_doctor_ok(doctor, "disk", "%.1f GB are free", (double)bytes / 1e9);
}

/* --- what the office opens --- */

static void words(plc_doctor *doctor)
{
        g_autofree char *own = g_build_filename(doctor->path, "words", NULL);
        g_autoptr(plc_flag_lists) lists = NULL;
        g_autoptr(GError) error = NULL;

        if (!plc_flag_lists_load(NULL, own, NULL, &lists, &error))
                plc_doctor_error(doctor, "words", error, "Correct that file; placet presets check tells more");
        else
                plc_doctor_ok(doctor, "words", "%zu words to tell moderators of", plc_flag_lists_entries(lists));
}

static void open_site(plc_doctor *doctor)
{
        g_autoptr(GError) error = NULL;

        doctor->site = plc_site_open(doctor->path, PLC_SITE_READ, &error);
        if (doctor->site == NULL) {
                plc_doctor_error(doctor, "site", error, "Mend that; nothing behind it could be looked at");
                return;
        }
        plc_doctor_ok(doctor, "site", "catalog, vault, keys, policy, %zu terms and %zu placements open",
                      plc_terms_size(doctor->site->terms), plc_presets_size(doctor->site->presets));
}

/* --- what verify knows --- */

static const struct plc_finding *first_of(const plc_verification *found, const char *part, bool of_settings)
{
        for (guint i = 0; i < found->findings->len; i++) {
                const struct plc_finding *finding = found->findings->pdata[i];

                if ((of_settings ? finding->settings : finding->damage) && strcmp(finding->part, part) == 0)
                        return finding;
        }
        return NULL;
}

static bool is_up_to_date(const struct plc_site *site)
{
        bool is = true;

        return !plc_office_is_up_to_date(site, &is, NULL) || is;
}

static void tell_part(plc_doctor *doctor, const plc_verification *found, const struct plc_verified *part)
{
        static const char more[] = "Look at all of it with placet verify; placet index rebuild makes public/ anew";
        const struct plc_finding *first = first_of(found, part->part, false);
        const struct plc_finding *settings = first_of(found, part->part, true);

        if (first == NULL && settings != NULL)
                plc_doctor_tell(doctor, part->part, PLC_HEALTH_WARNING,
                                "Start the office, anew if it runs: it decides all of it again",
                                "placet.conf, the policy or placements were changed since what is shown was decided: "
                                "%s",
                                settings->text);
        else if (first == NULL)
                plc_doctor_ok(doctor, part->part, "%" G_GINT64_FORMAT " %s", part->checked, part->what);
        else if (part->damage == 1)
                plc_doctor_tell(doctor, part->part, PLC_HEALTH_FAULT, first->remedy != NULL ? first->remedy : more,
                                "%s", first->text);
        else
                plc_doctor_tell(doctor, part->part, PLC_HEALTH_FAULT, first->remedy != NULL ? first->remedy : more,
                                "%s (and %u more: placet verify --quick lists them)", first->text, part->damage - 1);
}

static void verify(plc_doctor *doctor)
{
        const struct plc_verify_options how = {
                .quick = true, .settings_changed = !is_up_to_date(doctor->site), .progress = doctor->progress};
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_verification) found = plc_site_verify(doctor->site, &how, &error);

        for (guint i = 0; i < found->parts->len; i++)
                tell_part(doctor, found, &g_array_index(found->parts, struct plc_verified, i));
}

void plc_doctor_site(plc_doctor *doctor)
{
        settings(doctor);
        if (doctor->conf == NULL)
                return;
        look_at_folders(doctor);
        disk(doctor);
        words(doctor);
        open_site(doctor);
        if (doctor->site != NULL)
                verify(doctor);
}
