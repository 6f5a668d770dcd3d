/* What does a drop say about itself, and is all of it there? Folders, photos with a sidecar, and photos that came
 * alone. */
#include <fcntl.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "pipeline/office_private.h"
#include "site/site.h"

#define SUBMISSION_JSON "submission.json"

static const char again_remedy[] = "Correct it, then move this folder back into inbox/.";

static struct plc_manifest_limits limits_of(const struct plc_office *office)
{
        const plc_conf *conf = office->site->conf;
        struct plc_manifest_limits limits = plc_manifest_default_limits;

        limits.max_json_bytes = (size_t)conf->limit_json_bytes;
        limits.max_json_depth = (int)conf->limit_json_depth;
        limits.max_photos = (size_t)conf->limit_photos;
        limits.max_photo_bytes = conf->limit_photo_bytes;
        limits.now_ms = plc_now_ms();
        return limits;
}

static plc_manifest *read_json(struct plc_site *site, int dirfd, const char *file, enum plc_manifest_form form,
                               const char *photo, const struct plc_manifest_limits *limits, GError **error)
{
        const char *declared = site->conf->charset[0] != '\0' ? site->conf->charset : NULL;
        const plc_detector *detector = plc_site_detector(site, error);
        g_autoptr(GBytes) bytes = NULL;
        g_autoptr(GError) fault = NULL;
        struct stat st;
        const char *data;
        gsize size;

        if (detector == NULL)
                return NULL;
        if (fstatat(dirfd, file, &st, AT_SYMLINK_NOFOLLOW) != 0) {
                plc_fail_at(error, PLC_E_MISSING_FILE, file, NULL,
                            "Put a submission.json into the folder, then move it back into inbox/.",
                            "is not in the folder");
                return NULL;
        }
        if (!S_ISREG(st.st_mode) || st.st_nlink != 1) {
                plc_fail_at(error, PLC_E_UNSAFE_FILE, file, NULL, again_remedy,
                            "is not an ordinary file with one name");
                return NULL;
        }
        if (!plc_read_file_at(dirfd, file, limits->max_json_bytes, &bytes, &fault)) {
                plc_fail_at(error, plc_error_code(fault), file, NULL,
                            "Make it smaller, then move this folder back into inbox/.", "cannot be read: %s",
                            fault->message);
                return NULL;
        }
        data = g_bytes_get_data(bytes, &size);
        return plc_manifest_read(data, size, file, form, photo, limits, declared, detector, error);
}

static bool unpack_folder(struct plc_drop *drop, int work, const struct plc_manifest_limits *limits, GError **error)
{
        drop->fd = openat(work, drop->claim->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        if (drop->fd < 0)
                return plc_fail(error, PLC_E_IO, "cannot open the folder %s", drop->claim->name);
        drop->told_as = SUBMISSION_JSON;
        drop->manifest =
                read_json(drop->office->site, drop->fd, SUBMISSION_JSON, PLC_MANIFEST_FOLDER, NULL, limits, error);
        return drop->manifest != NULL;
}

static bool is_archive(const char *name)
{
        static const char *const endings[] = {".zip", ".csv", ".jsonl", ".tar", ".gz", ".7z", ".rar"};
        g_autofree char *lower = g_ascii_strdown(name, -1);

        for (size_t i = 0; i < G_N_ELEMENTS(endings); i++)
                if (g_str_has_suffix(lower, endings[i]))
                        return true;
        return false;
}

static bool unpack_file(struct plc_drop *drop, int work, const struct plc_manifest_limits *limits, GError **error)
{
        g_autofree char *sidecar = g_strconcat(drop->claim->name, ".json", NULL);
        struct stat st;

        if (is_archive(drop->claim->name))
                return plc_fail_at(error, PLC_E_UNSUPPORTED, drop->claim->name, NULL,
                                   "Unpack it, and drop the folder with its submission.json.",
                                   "is an archive or a table; only folders and photos are taken in");
        drop->fd = fcntl(work, F_DUPFD_CLOEXEC, 3);
        if (fstatat(work, sidecar, &st, AT_SYMLINK_NOFOLLOW) == 0) {
                drop->told_as = drop->sidecar = g_steal_pointer(&sidecar);
                drop->manifest = read_json(drop->office->site, work, drop->sidecar, PLC_MANIFEST_SIDECAR,
                                           drop->claim->name, limits, error);
        } else {
                drop->told_as = drop->claim->name;
                drop->manifest = plc_manifest_bare(drop->claim->name);
        }
        return drop->manifest != NULL;
}

bool plc_drop_find_known(struct plc_drop *drop, GError **error)
{
        struct plc_site *site = drop->office->site;
        char hmac[PLC_SHA256_HEX_SIZE];
        g_autoptr(plc_revision) same = NULL, latest = NULL;

        g_clear_pointer(&drop->known, plc_submission_free);
        if (drop->manifest->id == NULL)
                return true;
        plc_vault_hmac(site->vault, "submission", drop->manifest->source, drop->manifest->id, hmac);
        if (!plc_catalog_find_submission(site->catalog, hmac, &drop->known, error))
                return false;
        if (drop->known == NULL)
                return true;
        if (!plc_catalog_find_revision(site->catalog, drop->known->id, drop->content_hash, &same, error) ||
            !plc_catalog_get_revision(site->catalog, drop->known->id, 0, &latest, error))
                return false;
        drop->again = same != NULL && same->number == latest->number;
        return true;
}

/* What came in another charset may have been read wrong. */
static void note_charset(struct plc_drop *drop)
{
        const plc_manifest *said = drop->manifest;
        g_autofree char *note = NULL;

        if (said->charset == NULL)
                return;
        note = g_strdup_printf("%s is not UTF-8; it was read as %s%s.", drop->told_as, said->charset,
                               strcmp(said->charset_by, "guess") == 0
                                       ? ", which is a guess: look at its texts, or write it as UTF-8"
                                       : "");
        plc_drop_note(drop, note);
}

static void hash_content(struct plc_drop *drop)
{
        char plain[PLC_SHA256_HEX_SIZE];

        plc_manifest_content_hash(drop->manifest, plain);
        plc_vault_hmac(drop->office->site->vault, "content", "", plain, drop->content_hash);
}

enum plc_progress plc_step_unpack(struct plc_office *office, struct plc_drop *drop, GError **error)
{
        struct plc_manifest_limits limits = limits_of(office);
        plc_autofd int work = -1;
        bool is_folder;

        if (!plc_claim_open(&office->site->dirs, drop->claim, &work, &is_folder, error))
                return PLC_FAILED;
        if (is_folder ? !unpack_folder(drop, work, &limits, error) : !unpack_file(drop, work, &limits, error))
                return PLC_FAILED;
        if (!plc_manifest_check_files(drop->manifest, drop->told_as, drop->fd, &limits, &drop->notes, error))
                return PLC_FAILED;
        note_charset(drop);
        hash_content(drop);
        return plc_drop_find_known(drop, error) && plc_drop_refuse_erased(drop, error) ? PLC_DONE : PLC_FAILED;
}
