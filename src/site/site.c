/* How is a site made, opened and locked? One folder after the other, each fault named; what fails leaves nothing open.
 */
#include "site/site.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/reserve.h"
#include "intake/inbox.h"
#include "site/checkpoint.h"
#include "text/charset.h"
#include "text/language_tag.h"
#include "text/pii.h"

static const struct {
        const char *name;
        mode_t mode;
} folders[] = {
        {"inbox", 0700},     {"rejected", 0700}, {"done", 0700},        {".work", 0700},
        {"vault", 0700},     {"keys", 0700},     {"public", 0755},      {"public/assets", 0755},
        {"creatives", 0700}, {"spool", 0700},    {"checkpoints", 0700},
};

#define ENTRIES_MAX 1000000
#define RESERVE_BYTES ((size_t)16 << 20) /* to withdraw a contributor of 1,000 items writes 13 MB of logs */

static const char no_site[] = "Make one with placet init, or name another folder.";

static bool make_tree(int fd, GError **error)
{
        for (size_t i = 0; i < G_N_ELEMENTS(folders); i++)
                if (!plc_make_dir_at(fd, folders[i].name, folders[i].mode, error))
                        return false;
        return true;
}

/* The key that signs, and the checkpoint of the empty ledger: later ones only follow. */
static bool begin_checkpoints(int fd, int keys, GError **error)
{
        plc_autofd int checkpoints = -1, sealed = -1;
        g_autoptr(plc_vault) vault = NULL;

        if (!plc_signer_create(keys, error) || !plc_open_dir(fd, "checkpoints", &checkpoints, error) ||
            !plc_open_dir(fd, "vault", &sealed, error))
                return false;
        vault = plc_vault_open(sealed, keys, error);
        return vault != NULL && plc_checkpoint_begin(checkpoints, vault, error);
}

static bool fill(const char *path, int fd, GError **error)
{
        g_autofree char *url = g_build_filename(path, "catalog.db", NULL);
        g_autofree char *public = g_build_filename(path, "public", NULL);
        g_autofree char *text = plc_conf_text();
        g_autoptr(plc_index_writer) index = NULL;
        g_autoptr(plc_catalog) catalog = NULL;
        plc_autofd int inbox = -1, keys = -1;

        if (!plc_open_dir(fd, "inbox", &inbox, error) || !plc_open_dir(fd, "keys", &keys, error) ||
            !plc_write_durable_at(inbox, PLC_INBOX_MARKER, "", 0, 0600, error) || !plc_vault_create(keys, error))
                return false;
        catalog = plc_catalog_create(url, error);
        if (catalog == NULL || !plc_index_writer_open(public, NULL, &index, error) ||
            !begin_checkpoints(fd, keys, error))
                return false;
        return plc_write_durable_at(fd, "placet.conf", text, strlen(text), 0600, error);
}

/* What an init that was cut off has left, what somebody has laid there for the site to come, and what a fresh disk
 * holds. */
static bool may_be_there(const char *name)
{
        static const char *const others[] = {"policy.json", "terms", "placements", "lost+found"};

        for (size_t i = 0; i < G_N_ELEMENTS(folders); i++)
                if (strcmp(folders[i].name, name) == 0)
                        return true;
        for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
                if (strcmp(others[i], name) == 0)
                        return true;
        return false;
}

static bool must_be_free(const char *path, int fd, GError **error)
{
        g_auto(GStrv) names = NULL;

        if (!plc_list_dir(fd, ".", ENTRIES_MAX, &names, error))
                return false;
        for (char **name = names; *name != NULL; name++)
                if (!may_be_there(*name))
                        return plc_fail_at(error, PLC_E_CONFLICT, path, NULL, "Name a new or empty folder.",
                                           "holds something already (%s)", *name);
        return true;
}

bool plc_site_create(const char *path, GError **error)
{
        g_autofree char *absolute = g_canonicalize_filename(path, NULL);
        plc_autofd int fd = -1;
        struct stat st;

        if (mkdir(absolute, 0755) != 0 && errno != EEXIST)
                return plc_fail_errno(error, errno, "cannot make %s", absolute);
        if (!plc_open_dir(AT_FDCWD, absolute, &fd, error))
                return false;
        if (fstatat(fd, "placet.conf", &st, AT_SYMLINK_NOFOLLOW) == 0)
                return plc_fail_at(error, PLC_E_CONFLICT, absolute, NULL, "Use it as it is, or name another folder.",
                                   "is a site already");
        if (fstatat(fd, "catalog.db", &st, AT_SYMLINK_NOFOLLOW) == 0)
                return plc_fail_at(error, PLC_E_CONFLICT, absolute, NULL,
                                   "Put its placet.conf back, or name another folder.",
                                   "holds a catalog.db without a placet.conf");
        return must_be_free(absolute, fd, error) && make_tree(fd, error) && fill(absolute, fd, error);
}

static bool take_lock(struct plc_site *site, GError **error)
{
        site->lock_fd = openat(site->fd, "office.lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (site->lock_fd < 0)
                return plc_fail_errno(error, errno, "cannot open office.lock");
        if (flock(site->lock_fd, LOCK_EX | LOCK_NB) == 0)
                return true;
        if (errno != EWOULDBLOCK)
                return plc_fail_errno(error, errno, "cannot lock office.lock");
        return plc_fail_at(error, PLC_E_BUSY, site->path, NULL, "Wait for it, or talk to it.",
                           "another office or command is writing this site");
}

/* Opening writes too, so what takes away needs its room from here on. */
static bool take_over(struct plc_site *site, GError **error)
{
        if (!take_lock(site, error))
                return false;
        plc_reserve_keep(site->fd, RESERVE_BYTES);
        plc_site_make_room(site);
        return true;
}

static bool open_dirs(struct plc_site *site, GError **error)
{
        struct plc_intake_dirs *dirs = &site->dirs;

        return plc_open_dir(site->fd, "inbox", &dirs->inbox, error) &&
               plc_open_dir(site->fd, ".work", &dirs->work, error) &&
               plc_open_dir(site->fd, "rejected", &dirs->rejected, error) &&
               plc_open_dir(site->fd, "done", &dirs->done, error);
}

static bool choose_placements(struct plc_site *site, GError **error)
{
        g_autofree char *words = g_strjoinv(" ", site->conf->placements);
        g_autoptr(GError) unknown = NULL;

        g_strdelimit(g_strstrip(words), " ", ',');
        site->placements = words[0] != '\0' ? plc_presets_expand(site->presets, words, &unknown) : g_new0(char *, 1);
        return site->placements != NULL ||
               plc_fail_at(error, PLC_E_BAD_CONFIG, "placet.conf", NULL, plc_error_remedy(unknown),
                           "[site] placements: %s", unknown->message);
}

static bool open_data(struct plc_site *site, GError **error)
{
        g_autofree char *presets = plc_data_dir("presets");
        g_autofree char *own_terms = g_build_filename(site->path, "terms", NULL);
        g_autofree char *own_placements = g_build_filename(site->path, "placements", NULL);
        g_autofree char *terms = g_build_filename(presets, "terms", NULL);
        g_autofree char *own_policy = g_build_filename(site->path, "policy.json", NULL);
        g_autofree char *policy = g_build_filename(presets, "policy", "default.json", NULL);
        const char *chosen = g_file_test(own_policy, G_FILE_TEST_EXISTS) ? own_policy : policy;
        g_autoptr(GBytes) bytes = NULL;
        gsize size;

        site->presets = plc_presets_load(NULL, own_placements, error);
        if (site->presets == NULL || !choose_placements(site, error))
                return false;
        site->terms = plc_terms_load(terms, own_terms, error);
        if (site->terms == NULL)
                return false;
        if (!plc_read_file_at(AT_FDCWD, chosen, plc_json_default_limits.max_bytes, &bytes, error))
                return false;
        site->policy = plc_policy_parse(g_bytes_get_data(bytes, &size), g_bytes_get_size(bytes), chosen, error);
        plc_sha256_hex(g_bytes_get_data(bytes, &size), g_bytes_get_size(bytes), site->policy_hash);
        site->policy_text = g_strndup(g_bytes_get_data(bytes, &size), g_bytes_get_size(bytes));
        return site->policy != NULL;
}

static bool open_stores(struct plc_site *site, GError **error)
{
        g_autofree char *catalog = g_build_filename(site->path, "catalog.db", NULL);
        g_autofree char *public = g_build_filename(site->path, "public", NULL);
        plc_autofd int vault = -1, keys = -1, assets = -1, creatives = -1;

        if (!plc_open_dir(site->fd, "vault", &vault, error) || !plc_open_dir(site->fd, "keys", &keys, error) ||
            !plc_open_dir(site->fd, "public/assets", &assets, error) ||
            !plc_open_dir(site->fd, "creatives", &creatives, error))
                return false;
        site->catalog = site->mode == PLC_SITE_WRITE ? plc_catalog_open(catalog, error)
                                                     : plc_catalog_open_readonly(catalog, error);
        if (site->catalog == NULL)
                return false;
        site->vault = plc_vault_open(vault, keys, error);
        if (site->vault == NULL)
                return false;
        site->assets = plc_blobs_open_dir(assets, PLC_BLOB_PUBLIC, error);
        if (site->assets == NULL)
                return false;
        site->creatives = plc_blobs_open_dir(creatives, PLC_BLOB_PRIVATE, error);
        if (site->creatives == NULL)
                return false;
        return site->mode == PLC_SITE_READ ||
               plc_index_writer_open(public, (const char *const *)site->conf->languages, &site->index, error);
}

static bool charset_known(const plc_conf *conf, GError **error)
{
        return conf->charset[0] == '\0' || plc_charset_known(conf->charset) ||
               plc_fail_at(error, PLC_E_BAD_CONFIG, "placet.conf", "text.charset",
                           "Write its usual name, such as windows-1251, Shift_JIS or GB18030, or leave it empty.",
                           "\"%s\" is no charset that is known", conf->charset);
}

static bool order_numbers_fit(const plc_conf *conf, GError **error)
{
        for (char **pattern = conf->order_numbers; *pattern != NULL; pattern++)
                if (!plc_pii_order_pattern_fits(*pattern))
                        return plc_fail_at(error, PLC_E_BAD_CONFIG, "placet.conf", "text.order_numbers",
                                           "Write 9 for each digit, of which there have to be three, and A for a "
                                           "letter, such as ORD-999999; else words of reviews would be masked.",
                                           "\"%s\" is not how order numbers are written", *pattern);
        return true;
}

/* A name that is no channel's would be published for nowhere, and nobody would be told. */
static bool lists_known(const plc_conf *conf, GError **error)
{
        for (char **channel = conf->channels; *channel != NULL; channel++)
                if (plc_word_index(plc_channel_words, *channel) < 0)
                        return plc_fail_at(error, PLC_E_BAD_CONFIG, "placet.conf", NULL,
                                           "Write some of pdp, home, landing, email, social, ad, feed, marketplace and "
                                           "print, with blanks between.",
                                           "[site] channels: \"%s\" is no channel", *channel);
        for (char **language = conf->languages; *language != NULL; language++) {
                g_autofree char *tag = plc_text_canonical_tag(*language);

                if (tag == NULL)
                        return plc_fail_at(error, PLC_E_BAD_CONFIG, "placet.conf", NULL,
                                           "Write them as de, pt-BR or zh-Hant (BCP 47), with blanks between.",
                                           "[site] languages: \"%s\" is no language", *language);
        }
        return true;
}

static bool open_folder(struct plc_site *site, const char *path, GError **error)
{
        struct stat st;

        site->path = g_canonicalize_filename(path, NULL);
        site->fd = open(site->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (site->fd < 0)
                return plc_fail_at(error, PLC_E_NOT_FOUND, site->path, NULL, no_site,
                                   "is not a folder that can be opened");
        if (fstatat(site->fd, "placet.conf", &st, AT_SYMLINK_NOFOLLOW) != 0)
                return plc_fail_at(error, PLC_E_NOT_FOUND, site->path, NULL, no_site,
                                   "is not a site of Placet (it has no placet.conf)");
        site->conf = plc_conf_load(site->fd, error);
        return site->conf != NULL && charset_known(site->conf, error) && order_numbers_fit(site->conf, error) &&
               lists_known(site->conf, error);
}

/* For a site that is only looked at they need not be there. */
static bool open_checkpoints(struct plc_site *site, enum plc_site_mode mode, GError **error)
{
        g_autoptr(GError) missing = NULL;

        if (mode == PLC_SITE_ACCEPT_LOSS && !plc_make_dir_at(site->fd, "checkpoints", 0700, error))
                return false;
        if (!plc_open_dir(site->fd, "checkpoints", &site->checkpoints.fd, &missing)) {
                if (mode == PLC_SITE_READ && plc_error_code(missing) == PLC_E_NOT_FOUND)
                        return true;
                return plc_fail_at(error, PLC_E_BAD_LEDGER, site->path, NULL,
                                   "Put checkpoints/ back from a backup; where there is none, placet verify SITE "
                                   "--accept-loss begins anew.",
                                   "%s", missing->message);
        }
        site->checkpoints.fits =
                mode != PLC_SITE_READ && plc_checkpoint_reconcile(site, mode == PLC_SITE_ACCEPT_LOSS, error);
        return mode == PLC_SITE_READ || site->checkpoints.fits;
}

static void write_note(struct plc_rights_note *note, const plc_conf *conf)
{
        g_strlcpy(note->credit, conf->credit, sizeof note->credit);
        g_strlcpy(note->copyright, conf->copyright, sizeof note->copyright);
        g_strlcpy(note->usage_terms, conf->usage_terms, sizeof note->usage_terms);
        g_strlcpy(note->web_statement, conf->web_statement, sizeof note->web_statement);
        g_strlcpy(note->licensor_url, conf->licensor_url, sizeof note->licensor_url);
        g_strlcpy(note->data_mining, conf->data_mining, sizeof note->data_mining);
}

struct plc_site *plc_site_open(const char *path, enum plc_site_mode mode, GError **error)
{
        g_autoptr(plc_site) site = g_new0(struct plc_site, 1);

        site->mode = mode == PLC_SITE_READ ? PLC_SITE_READ : PLC_SITE_WRITE;
        site->fd = site->lock_fd = site->checkpoints.fd = -1;
        site->checkpoints.carried = g_ptr_array_new_with_free_func(g_free);
        site->checkpoints.restored_from = PLC_JOURNAL_NOT_RESTORED;
        site->dirs = (struct plc_intake_dirs){-1, -1, -1, -1};
        if (!open_folder(site, path, error) || (site->mode == PLC_SITE_WRITE && !take_over(site, error)) ||
            !open_dirs(site, error) || !open_data(site, error) || !open_stores(site, error))
                return NULL;
        site->purge_dir = mode != PLC_SITE_READ ? g_build_filename(site->path, "purge", NULL) : NULL;
        site->publisher = (struct plc_publisher){
                .catalog = site->catalog,
                .vault = site->vault,
                .assets = site->assets,
                .creatives = site->creatives,
                .index = site->index,
                .policy = site->policy,
                .purge_dir = site->purge_dir,
                .presets = site->presets,
                .controller = site->conf->controller,
                .channels = (const char *const *)site->conf->channels,
                .placements = (const char *const *)site->placements,
                .languages = (const char *const *)site->conf->languages,
                .product_url = site->conf->product_url,
                .avif = site->conf->avif,
        };
        write_note(&site->publisher.note, site->conf);
        if (!open_checkpoints(site, mode, error))
                return NULL;
        return g_steal_pointer(&site);
}

bool plc_site_has_room(const struct plc_site *site, GError **error)
{
        return plc_reserve_keep(site->fd, RESERVE_BYTES) ||
               plc_fail_at(error, PLC_E_NO_SPACE, site->path, NULL,
                           "Make room on that file system: at least 24 MB, better as much as a day's drops.",
                           "no room on its file system but for what takes away");
}

void plc_site_make_room(const struct plc_site *site)
{
        struct statvfs room;

        if (fstatvfs(site->fd, &room) == 0 && (uint64_t)room.f_bavail * room.f_frsize < RESERVE_BYTES / 2)
                plc_reserve_spend(site->fd);
}

const plc_detector *plc_site_detector(struct plc_site *site, GError **error)
{
        return site->detector != NULL || plc_detector_open_default(&site->detector, error) ? site->detector : NULL;
}

void plc_site_close(struct plc_site *site)
{
        if (site == NULL)
                return;
        /* What was done since the last one, if it can be said; else the next opening says it. */
        if (site->checkpoints.fits)
                plc_site_checkpoint(site, true, NULL);
        g_clear_pointer(&site->checkpoints.last, plc_checkpoint_free);
        g_clear_pointer(&site->checkpoints.carried, g_ptr_array_unref);
        plc_close_fd(&site->checkpoints.fd);
        g_free(site->notice);
        plc_detector_free(site->detector);
        plc_index_writer_close(site->index);
        plc_blobs_close(site->creatives);
        plc_blobs_close(site->assets);
        plc_vault_close(site->vault);
        plc_catalog_close(site->catalog);
        plc_policy_free(site->policy);
        g_free(site->policy_text);
        plc_terms_free(site->terms);
        g_strfreev(site->placements);
        plc_presets_free(site->presets);
        plc_conf_free(site->conf);
        plc_close_fd(&site->dirs.inbox);
        plc_close_fd(&site->dirs.work);
        plc_close_fd(&site->dirs.rejected);
        plc_close_fd(&site->dirs.done);
        plc_close_fd(&site->lock_fd); /* the lock goes with it, last of all that writes */
        plc_close_fd(&site->fd);
        g_free(site->purge_dir);
        g_free(site->path);
        g_free(site);
}
