/* Is everything there that the catalog names, and as it names it? Sealed blobs, keys, renditions, modes. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/hash.h"
#include "catalog/queue.h"
#include "catalog/submission.h"
#include "catalog/verify.h"
#include "site/verify_private.h"
#include "vault/sign.h"

#define KEYS_MAX 100000000

/* --- the vault --- */

struct blobs {
        struct plc_verifying *verifying;
        GHashTable *named;
        int64_t orphans;
        char example[PLC_BLOB_KEY_SIZE];
};

static bool probe(const struct plc_named_blob *blob, void *user_data, GError **error)
{
        struct blobs *blobs = user_data;
        struct plc_verifying *verifying = blobs->verifying;
        g_autoptr(GError) fault = NULL;

        (void)error;
        g_hash_table_add(blobs->named, g_strdup(blob->blob));
        if (!plc_vault_probe(verifying->site->vault, blob->contributor, blob->blob, !verifying->options->quick, &fault))
                plc_verify_damage(
                        verifying,
                        plc_error_code(fault) == PLC_E_ERASED
                                ? "Put the contributor's key back from the copy of keys/, if they were not erased."
                                : "Put the file back from a backup of vault/.",
                        "The %s (vault/%.2s/%s) %s", blob->what, blob->blob, blob->blob + 2,
                        plc_error_code(fault) == PLC_E_NOT_FOUND ? "is missing"
                        : plc_error_code(fault) == PLC_E_ERASED  ? "has no key"
                                                                 : "does not open: it is damaged");
        plc_verify_count(verifying);
        return true;
}

static bool is_named(const char *name, void *user_data, GError **error)
{
        struct blobs *blobs = user_data;

        (void)error;
        if (g_hash_table_contains(blobs->named, name))
                return true;
        if (blobs->orphans++ == 0)
                g_strlcpy(blobs->example, name, sizeof blobs->example);
        return true;
}

bool plc_verify_vault(struct plc_verifying *verifying, GError **error)
{
        struct blobs blobs = {verifying, g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL), 0, ""};
        bool fine = plc_catalog_each_blob(verifying->site->catalog, probe, &blobs, error) &&
                    plc_vault_list(verifying->site->vault, is_named, &blobs, error);

        if (fine && blobs.orphans > 0)
                plc_verify_note(verifying,
                                "They are sealed and shown nowhere: drops still on their way, or what a crash left.",
                                "vault/ holds %" G_GINT64_FORMAT " sealed files that nothing names (%s)", blobs.orphans,
                                blobs.example);
        g_hash_table_unref(blobs.named);
        return fine;
}

/* --- names, addresses, texts: in columns of the catalog --- */

/* keys/site.key finds people again, and keeps the erased away: it must still give what it gave. */
static bool finds_again(struct plc_verifying *verifying, const struct plc_named_record *record, const char *text,
                        bool *out, GError **error)
{
        g_autofree char *what = g_strdup_printf("contributor/%s/external", record->contributor);
        g_autoptr(plc_contributor) contributor = NULL;
        char hmac[PLC_SHA256_HEX_SIZE];

        *out = true;
        if (strcmp(what, record->what) != 0)
                return true;
        if (!plc_catalog_get_contributor(verifying->site->catalog, record->contributor, &contributor, error))
                return false;
        plc_vault_hmac(verifying->site->vault, "contributor", contributor->source != NULL ? contributor->source : "",
                       text, hmac);
        *out = contributor->external_hmac == NULL || strcmp(contributor->external_hmac, hmac) == 0;
        return true;
}

static bool open_record(const struct plc_named_record *record, void *user_data, GError **error)
{
        struct plc_verifying *verifying = user_data;
        g_autoptr(GError) fault = NULL;
        g_autofree char *text = NULL;
        bool again = true;

        plc_verify_count(verifying);
        /* Without a key: told once for the contributor, not for each of their texts. */
        if (!plc_vault_unseal_text(verifying->site->vault, record->contributor, record->what, record->sealed, &text,
                                   &fault)) {
                if (plc_error_code(fault) != PLC_E_ERASED)
                        plc_verify_damage(
                                verifying,
                                "Put catalog.db back from a backup, or the contributor's key from the copy of keys/.",
                                "The sealed text %s of catalog.db does not open: it, or keys/%s.key, is damaged",
                                record->what, record->contributor);
                return true;
        }
        if (!finds_again(verifying, record, text, &again, error))
                return false;
        if (!again)
                plc_verify_damage(
                        verifying, "Put it back from the copy of keys/.",
                        "The contributor %s is not found by their own id any more: keys/site.key or catalog.db "
                        "is damaged",
                        record->contributor);
        return true;
}

bool plc_verify_records(struct plc_verifying *verifying, GError **error)
{
        return plc_catalog_each_record(verifying->site->catalog, open_record, verifying, error);
}

/* --- keys --- */

static bool check_key(const char *id, bool erased, void *user_data, GError **error)
{
        struct plc_verifying *verifying = user_data;
        bool has;

        if (!plc_vault_has_key(verifying->site->vault, id, &has, error))
                return false;
        if (erased && has)
                plc_verify_damage(verifying,
                                  "Start the office: it finishes erasures that a crash or a restored keys/ left.",
                                  "The contributor %s was erased, but keys/%s.key is there", id, id);
        if (!erased && !has)
                plc_verify_damage(verifying,
                                  "Put it back from the copy of keys/; without it nothing of theirs can be read.",
                                  "The key of contributor %s (keys/%s.key) is missing", id, id);
        plc_verify_count(verifying);
        return true;
}

bool plc_verify_keys(struct plc_verifying *verifying, GError **error)
{
        return plc_catalog_each_contributor(verifying->site->catalog, check_key, verifying, error);
}

/* --- renditions --- */

static bool same_hash(struct plc_verifying *verifying, int fd, const struct plc_named_file *file, const char *where,
                      GError **error)
{
        char hash[PLC_SHA256_HEX_SIZE];
        struct stat st;

        if (fstat(fd, &st) != 0)
                return plc_fail_errno(error, errno, "cannot look at %s", where);
        if (st.st_size == file->bytes) {
                if (verifying->options->quick)
                        return true;
                if (!plc_sha256_fd(fd, hash, error))
                        return false;
                if (strcmp(hash, file->sha256) == 0 && strncmp(file->asset, hash, strlen(hash)) == 0)
                        return true;
        }
        plc_verify_damage(verifying, "Remove it and run placet index rebuild SITE: it is rendered again.",
                          "The file %s (%s of photo %s) is not what was written: its bytes do not fit its name", where,
                          file->preset, file->item);
        return true;
}

static char *path_of(const struct plc_named_file *file, bool is_public)
{
        return g_strdup_printf("%s/%.2s/%s", is_public ? "public/assets" : "creatives", file->asset,
                               strlen(file->asset) > 2 ? file->asset + 2 : "");
}

/* Of a placement that was public and is so no more, or the other way round, the file is still where it was. */
static bool open_moved(const struct plc_verifying *verifying, const struct plc_named_file *file, bool is_public,
                       int *out)
{
        const struct plc_site *site = verifying->site;

        return verifying->options->settings_changed &&
               plc_blob_get(is_public ? site->creatives : site->assets, file->asset, out, NULL);
}

static bool check_file(const struct plc_named_file *file, void *user_data, GError **error)
{
        struct plc_verifying *verifying = user_data;
        const struct plc_site *site = verifying->site;
        const struct plc_preset *preset = plc_presets_find(site->presets, file->preset);
        bool is_public = preset == NULL || preset->is_public;
        g_autofree char *where = path_of(file, is_public), *moved = path_of(file, !is_public);
        g_autoptr(GError) fault = NULL;
        plc_autofd int fd = -1;
        bool is_queued;

        plc_verify_count(verifying);
        if (plc_blob_get(is_public ? site->assets : site->creatives, file->asset, &fd, &fault))
                return same_hash(verifying, fd, file, where, error);
        if (open_moved(verifying, file, is_public, &fd))
                return same_hash(verifying, fd, file, moved, error);
        /* What went dark loses its files at once, and its rows by the queue. */
        if (!plc_catalog_has_jobs(site->catalog, file->item, INT64_MAX, &is_queued, error))
                return false;
        if (is_queued)
                return true;
        plc_verify_damage(verifying, "Run placet index rebuild SITE: it is rendered again.",
                          "The file %s (%s of photo %s) cannot be opened: %s", where, file->preset, file->item,
                          fault->message);
        return true;
}

bool plc_verify_files(struct plc_verifying *verifying, GError **error)
{
        return plc_catalog_each_file(verifying->site->catalog, check_file, verifying, error);
}

/* --- modes --- */

static const struct {
        const char *path;
        mode_t mode;
        bool may_be_missing;
} modes[] = {
        {"keys", 0700, false},
        {"vault", 0700, false},
        {"checkpoints", 0700, true},
        {"creatives", 0700, false},
        {"inbox", 0700, false},
        {"spool", 0700, false},
        {"catalog.db", 0600, false},
        {"catalog.db-wal", 0600, true},
        {"catalog.db-shm", 0600, true},
        {"placet.conf", 0600, false},
        {"public", 0755, false},
        {"public/assets", 0755, false},
        {"public/index.db", 0644, false},
        {"public/index.db-wal", 0644, false},
        {"public/index.db-shm", 0644, false},
};

/* Stricter than it has to be is no damage where it is private; what is public has to be readable. */
static void check_mode(struct plc_verifying *verifying, const char *path, mode_t wanted, const struct stat *st)
{
        mode_t mode = st->st_mode & 07777;
        bool open_to_all = (wanted & 044) != 0;

        plc_verify_count(verifying);
        if (open_to_all ? mode != wanted : (mode & 077) != 0) {
                g_autofree char *remedy = g_strdup_printf("Set it: chmod %o %s.", wanted, path);

                plc_verify_damage(verifying, remedy, "%s has the mode %04o, not %04o: %s", path, mode, wanted,
                                  open_to_all ? "placet-serve may not be able to read it"
                                              : "others than its owner may get at it");
        }
}

static bool check_key_files(struct plc_verifying *verifying, GError **error)
{
        plc_autofd int keys = -1;
        g_auto(GStrv) names = NULL;

        if (!plc_open_dir(verifying->site->fd, "keys", &keys, error) ||
            !plc_list_dir(keys, ".", KEYS_MAX, &names, error))
                return false;
        for (char **name = names; *name != NULL; name++) {
                g_autofree char *path = g_strconcat("keys/", *name, NULL);
                struct stat st;

                if (fstatat(keys, *name, &st, AT_SYMLINK_NOFOLLOW) != 0)
                        continue; /* erased meanwhile */
                if (!S_ISREG(st.st_mode))
                        plc_verify_damage(verifying, "Move it elsewhere.", "%s is not an ordinary file", path);
                else
                        check_mode(verifying, path, 0600, &st);
        }
        return true;
}

bool plc_verify_modes(struct plc_verifying *verifying, GError **error)
{
        for (size_t i = 0; i < G_N_ELEMENTS(modes); i++) {
                struct stat st;

                if (fstatat(verifying->site->fd, modes[i].path, &st, AT_SYMLINK_NOFOLLOW) == 0)
                        check_mode(verifying, modes[i].path, modes[i].mode, &st);
                else if (!modes[i].may_be_missing)
                        plc_verify_damage(verifying,
                                          "Run placet index rebuild SITE, or put it back from a backup if it is not in "
                                          "public/.",
                                          "%s cannot be found: %s", modes[i].path, g_strerror(errno));
        }
        return check_key_files(verifying, error);
}
