/* What keeps the office going? The main context: the inbox's events and scans, the queue, the lease; one after the
 * other. */
#include "pipeline/office.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "pipeline/office_private.h"
#include "pipeline/retention.h"
#include "pipeline/sweep.h"
#include "site/checkpoint.h"

#define LEASE_EVERY_S 60
#define NETWORK_SCAN_S 5
#define EXPIRY_EVERY_S 3600
#define HINT_DELAY_MS 50
#define ACT_PRIORITY 1 /* erase 0, the desk's publish 1; publications by time and by policy come after */

struct plc_site *plc_office_site(plc_office *office)
{
        return office->site;
}

static plc_pool *start_pool(const plc_conf *conf)
{
        const struct plc_pool_options options = {
                .workers = (unsigned)conf->workers,
                .jobs_per_worker = (unsigned)conf->worker_jobs,
                .cpu_seconds = (uint32_t)conf->decode_cpu,
                .wall_seconds = (unsigned)conf->worker_wall,
                .memory_bytes = (uint64_t)conf->worker_memory,
        };

        return plc_pool_new(&options);
}

/* What was given up for a fault of ours may go well now; a photo that is to blame stays given up. */
static bool take_up_given_up(plc_catalog *catalog, GError **error)
{
        g_autoptr(GPtrArray) jobs = NULL;

        if (!plc_catalog_list_given_up(catalog, PLC_CATALOG_PAGE_MAX, &jobs, error))
                return false;
        for (guint i = 0; i < jobs->len; i++) {
                const plc_job *job = jobs->pdata[i];
                plc_then then = plc_code_then(plc_code_from_name(job->code != NULL ? job->code : ""));

                if ((then == PLC_THEN_RETRY || then == PLC_THEN_FATAL) &&
                    !plc_catalog_enqueue(catalog, job->kind, job->subject, job->priority, plc_now_ms(), error))
                        return false;
        }
        return true;
}

static bool recover(plc_office *office, GError **error)
{
        g_autoptr(GPtrArray) claims = g_ptr_array_new();
        plc_catalog *catalog = office->site->catalog;
        int64_t released;

        if (!plc_catalog_release_jobs(catalog, &released, error) || !take_up_given_up(catalog, error) ||
            !plc_republish_if_changed(office->site, error) || !plc_republish_expired(office->site, error) ||
            !plc_claim_recover(&office->site->dirs, claims, error))
                return false;
        for (guint i = 0; i < claims->len; i++)
                plc_drop_start(office, claims->pdata[i]);
        return true;
}

/* At the start: a fault in a list is told before any drop is taken. */
static bool load_flag_lists(plc_office *office, GError **error)
{
        g_autofree char *own = g_build_filename(office->site->path, "words", NULL);
        g_auto(GStrv) names = g_strsplit(office->site->conf->competitors, ",", -1);
        g_autoptr(GPtrArray) competitors = g_ptr_array_new();

        for (char **name = names; *name != NULL; name++)
                if (g_strstrip(*name)[0] != '\0')
                        g_ptr_array_add(competitors, *name);
        g_ptr_array_add(competitors, NULL);
        return plc_flag_lists_load(NULL, own, (const char *const *)competitors->pdata, &office->flag_lists, error);
}

plc_office *plc_office_new(struct plc_site *site, const struct plc_office_watch *watch, GError **error)
{
        g_autoptr(plc_office) office = g_new0(plc_office, 1);

        office->site = site;
        office->inotify_fd = -1;
        if (watch != NULL)
                office->watch = *watch;
        plc_id_new(office->worker);
        office->drops = g_ptr_array_new_with_free_func((GDestroyNotify)plc_drop_free);
        office->unsettled = g_ptr_array_new_with_free_func((GDestroyNotify)plc_running_free);
        if (!load_flag_lists(office, error))
                return NULL;
        office->pool = start_pool(site->conf);
        if (!recover(office, error))
                return NULL;
        plc_office_kick(office);
        return g_steal_pointer(&office);
}

void plc_office_free(plc_office *office)
{
        if (office == NULL)
                return;
        guint *const sources[] = {&office->kick_source,    &office->scan_source,   &office->lease_source,
                                  &office->inotify_source, &office->hint_source,   &office->look_source,
                                  &office->expiry_source,  &office->settle_source, &office->refine_source};

        office->closing = true;
        for (size_t i = 0; i < G_N_ELEMENTS(sources); i++)
                g_clear_handle_id(sources[i], g_source_remove);
        plc_pool_free(office->pool); /* what runs is told BUSY; its leases are released at the next start */
        g_clear_handle_id(&office->kick_source, g_source_remove);
        g_ptr_array_unref(office->drops);
        plc_flag_lists_free(office->flag_lists);
        plc_inbox_free(office->inbox);
        plc_close_fd(&office->inotify_fd);
        g_ptr_array_unref(office->unsettled);
        g_clear_error(&office->unsettled_by);
        g_clear_error(&office->fault);
        g_free(office);
}

static gboolean kicked(gpointer data)
{
        plc_office *office = data;

        office->kick_source = 0;
        plc_drops_tick(office);
        plc_jobs_tick(office);
        return G_SOURCE_REMOVE;
}

void plc_office_kick(plc_office *office)
{
        if (office->kick_source == 0 && !office->closing)
                office->kick_source = g_idle_add(kicked, office);
}

static gboolean look_soon(gpointer data);

static void look(plc_office *office)
{
        g_autoptr(GPtrArray) ready = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GError) error = NULL;
        unsigned waiting = 0;

        if (!plc_inbox_look(office->inbox, plc_now_ms(), ready, &waiting, &error)) {
                plc_log_error(error, "cannot look at the inbox");
                return;
        }
        for (guint i = 0; i < ready->len; i++) {
                g_autoptr(GError) fault = NULL;

                if (plc_drops_full(office)) { /* the rest lies well where it is */
                        waiting++;
                        break;
                }
                struct plc_claim *claim = plc_claim_take(&office->site->dirs, ready->pdata[i], NULL, &fault);

                if (claim != NULL)
                        plc_drop_start(office, claim);
                else if (plc_error_code(fault) != PLC_E_NOT_FOUND) /* another hand took it */
                        plc_log_warning("cannot take a drop from the inbox (%s); trying again",
                                        plc_code_name(plc_error_code(fault)));
        }
        if (waiting > 0 && office->look_source == 0) /* settling: look again when it may have settled */
                office->look_source = g_timeout_add(
                        (guint)CLAMP(office->site->conf->settle_seconds * 1000 / 2, 200, 5000), look_soon, office);
}

static gboolean look_soon(gpointer data)
{
        plc_office *office = data;

        office->look_source = 0;
        look(office);
        return G_SOURCE_REMOVE;
}

static gboolean scan(gpointer data)
{
        look(data);
        return G_SOURCE_CONTINUE;
}

/* A hint only: what has moved in is told to the inbox, and a look follows soon. */
static gboolean hinted(gint fd, GIOCondition condition, gpointer data)
{
        plc_office *office = data;
        char buffer[16 * 1024] __attribute__((aligned(8)));
        ssize_t got;

        (void)condition;
        while ((got = read(fd, buffer, sizeof buffer)) > 0) {
                for (char *at = buffer; at < buffer + got;) {
                        const struct inotify_event *event = (const struct inotify_event *)(const void *)at;

                        if ((event->mask & IN_MOVED_TO) != 0 && event->len > 0)
                                plc_inbox_moved_in(office->inbox, event->name);
                        at += sizeof *event + event->len;
                }
        }
        if (office->look_source == 0)
                office->look_source = g_timeout_add(HINT_DELAY_MS, look_soon, office);
        return G_SOURCE_CONTINUE;
}

/* Network file systems tell nothing of other machines' writes. */
static guint scan_seconds(const plc_office *office)
{
        static const unsigned network[] = {0x6969 /* NFS */, 0xff534d42 /* CIFS */, 0xfe534d42 /* SMB2 */,
                                           0x65735546 /* FUSE */};
        guint seconds = (guint)office->site->conf->scan_seconds;
        struct statfs fs;

        if (fstatfs(office->site->dirs.inbox, &fs) == 0)
                for (size_t i = 0; i < G_N_ELEMENTS(network); i++)
                        if ((unsigned)fs.f_type == network[i])
                                return MIN(seconds, NETWORK_SCAN_S);
        return seconds;
}

static void look_for_outdated(plc_office *office);

static gboolean refine(gpointer data)
{
        plc_refine_tick(data);
        return G_SOURCE_CONTINUE;
}

bool plc_office_watch_inbox(plc_office *office, GError **error)
{
        g_autofree char *path = g_build_filename(office->site->path, "inbox", NULL);

        office->inbox = plc_inbox_new(office->site->dirs.inbox, office->site->conf->settle_seconds * 1000);
        office->inotify_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
        if (office->inotify_fd < 0 ||
            inotify_add_watch(office->inotify_fd, path,
                              IN_CREATE | IN_MOVED_TO | IN_CLOSE_WRITE | IN_ATTRIB | IN_ONLYDIR) < 0)
                plc_log_warning("the kernel gives no hints about the inbox (%s); it is looked at every %u s",
                                g_strerror(errno), scan_seconds(office));
        else
                office->inotify_source = g_unix_fd_add(office->inotify_fd, G_IO_IN, hinted, office);
        office->scan_source = g_timeout_add_seconds(scan_seconds(office), scan, office);
        if (office->site->conf->second_pass)
                office->refine_source = g_timeout_add_seconds(PLC_REFINE_EVERY_S, refine, office);
        look_for_outdated(office);
        look(office);
        (void)error;
        return true;
}

/* By inode: there may be several ways to it. */
static bool is_in_inbox(const struct plc_site *site, const char *path, char **out_name)
{
        g_autofree char *absolute = g_canonicalize_filename(path, NULL);
        g_autofree char *parent = g_path_get_dirname(absolute);
        struct stat inbox, found;

        *out_name = g_path_get_basename(absolute);
        return fstat(site->dirs.inbox, &inbox) == 0 && stat(parent, &found) == 0 && inbox.st_dev == found.st_dev &&
               inbox.st_ino == found.st_ino;
}

bool plc_office_take(plc_office *office, const char *path, const char *id, GError **error)
{
        g_autofree char *name = NULL;
        bool inside = is_in_inbox(office->site, path, &name);
        struct plc_claim *claim = inside ? plc_claim_take(&office->site->dirs, name, id, error)
                                         : plc_claim_copy(&office->site->dirs, path, id, error);

        if (claim == NULL)
                return false;
        plc_drop_start(office, claim);
        return true;
}

/* Jobs whose end could not be written are due again. */
static bool renew(plc_office *office, GError **error)
{
        int64_t reaped;

        if (!plc_catalog_reap_jobs(office->site->catalog, plc_now_ms(), &reaped, error))
                return false;
        if (reaped > 0)
                plc_office_kick(office);
        return plc_index_renew_lease(office->site->index, plc_now_ms(), office->site->conf->lease_days * PLC_DAY_MS,
                                     error);
}

/* Each minute, too: a checkpoint of what came in, and of what withdrew without the desk. */
static gboolean renew_again(gpointer data)
{
        plc_office *office = data;
        g_autoptr(GError) error = NULL, fault = NULL;

        if (!renew(data, &error))
                plc_log_error(error, "cannot renew the lease of the index");
        if (!plc_site_checkpoint(office->site, true, &fault))
                plc_log_error(fault, "cannot write a checkpoint");
        g_clear_error(&fault);
        if (!plc_office_keep_opened(office, &fault))
                plc_log_error(fault, "cannot fill the kept bundles");
        plc_office_kick(office);
        return G_SOURCE_CONTINUE;
}

static void look_for_outdated(plc_office *office)
{
        g_autoptr(GError) error = NULL;
        int64_t now_ms = plc_now_ms();
        bool sweeps = office->swept_at + PLC_DAY_MS <= now_ms;

        if (sweeps)
                office->swept_at = now_ms;
        if (!plc_retention_run(office->site, now_ms, &error) ||
            (sweeps && !plc_sweep_run(office->site, now_ms, &error)))
                plc_log_error(error, "cannot remove what is no longer kept");
}

static gboolean look_for_expired(gpointer data)
{
        plc_office *office = data;
        g_autoptr(GError) error = NULL;

        if (!plc_republish_expired(office->site, &error) || !plc_office_queue_keep(office, &error))
                plc_log_error(error, "cannot look for what has ended");
        look_for_outdated(office);
        plc_office_kick(office);
        return G_SOURCE_CONTINUE;
}

bool plc_office_keep_lease(plc_office *office, GError **error)
{
        if (!renew(office, error))
                return false;
        if (office->lease_source == 0)
                office->lease_source = g_timeout_add_seconds(LEASE_EVERY_S, renew_again, office);
        if (office->expiry_source == 0)
                office->expiry_source = g_timeout_add_seconds(EXPIRY_EVERY_S, look_for_expired, office);
        return true;
}

void plc_office_load(plc_office *office, struct plc_office_load *out)
{
        *out = (struct plc_office_load){office->drops->len, office->jobs_running, office->jobs_due};
}

const GError *plc_office_delayed(const plc_office *office, const char *const *claims)
{
        for (guint i = 0; i < office->drops->len; i++) {
                const struct plc_drop *drop = office->drops->pdata[i];

                if (drop->delayed_by != NULL && (claims == NULL || g_strv_contains(claims, drop->claim->id)))
                        return drop->delayed_by;
        }
        return office->unsettled_by != NULL ? office->unsettled_by : office->fault;
}

const GError *plc_office_drain(plc_office *office)
{
        while (plc_office_delayed(office, NULL) == NULL &&
               (office->drops->len > 0 || office->jobs_running > 0 || office->kick_source != 0 || office->jobs_due > 0))
                g_main_context_iteration(NULL, TRUE);
        return plc_office_delayed(office, NULL);
}

static gboolean waited_enough(gpointer data)
{
        bool *enough = data;

        *enough = true;
        return G_SOURCE_CONTINUE;
}

bool plc_office_finish_acts(plc_office *office, unsigned wait_ms, const bool *stop)
{
        int64_t now_ms = plc_now_ms(), left = 0;
        bool enough = false, known;
        guint source = g_timeout_add(wait_ms, waited_enough, &enough);

        /* One that failed is put off beyond now_ms: once is enough. */
        while ((known = plc_catalog_count_urgent(office->site->catalog, ACT_PRIORITY, now_ms, &left, NULL)) &&
               left > 0 && !enough && !*stop)
                g_main_context_iteration(NULL, TRUE);
        g_source_remove(source);
        return known && left == 0;
}

bool plc_office_busy_with(plc_office *office, const char *const *ids)
{
        for (guint i = 0; i < office->drops->len; i++)
                if (g_strv_contains(ids, ((struct plc_drop *)office->drops->pdata[i])->claim->id))
                        return true;
        for (; *ids != NULL; ids++) {
                bool queued = true;

                if (!plc_catalog_has_jobs(office->site->catalog, *ids, plc_now_ms(), &queued, NULL) || queued)
                        return true;
        }
        return false;
}
