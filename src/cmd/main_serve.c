/*
 * What is placet-serve? The only program that strangers talk to. It holds a read-only index, the renditions and no key:
 * it is not linked with the code for anything else, and when started by root it takes its port, then locks itself into
 * site/public as an ordinary user before it reads a byte from anybody.
 */
#include "base/file.h"
#include "base/log.h"
#include "conf/conf.h"
#include "http/listen.h"
#include "serve/serve.h"
#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <grp.h>
#include <locale.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#define GRACE_MS 3000    /* for answers under way when told to stop */
#define OTHER_FILES 2200 /* beside connections: renditions that are kept open, the index, these */

#ifdef PLC_SANITIZE
/* The leak checker reads /proc, which is not there once root has locked itself into site/public; an ordinary user is
 * checked (tests/unit/schemas/serving.py). */
const char *__asan_default_options(void);
__attribute__((visibility("default"))) const char *__asan_default_options(void)
{
        return geteuid() == 0 ? "detect_leaks=0" : "";
}
#endif

static int fail(GError *error)
{
        g_autofree char *sentence = plc_error_sentence(error);
        int status = plc_code_exit(plc_error_code(error));
        fprintf(stderr, "placet-serve: %s\n", sentence);
        g_error_free(error);
        return status;
}

/* As root: site/ is 0700, so an ordinary user could not walk to site/public; but it can live in it. Gives the new path
 * of public, and spool/, the one folder that it writes. */
static bool drop_privileges(int public_fd, int spool_fd, const char *user, char **public_dir, GError **error)
{
        const struct passwd *who;

        if (geteuid() != 0)
                return true;
        who = getpwnam(user);
        if (who == NULL || who->pw_uid == 0)
                return plc_fail(error, PLC_E_BAD_CONFIG, "[serve] user: there is no ordinary user \"%s\"", user);
        uid_t uid = who->pw_uid;
        gid_t gid = who->pw_gid;
        if (spool_fd >= 0 && fchown(spool_fd, uid, gid) != 0)
                return plc_fail_errno(error, errno, "giving spool/ to user %s", user);
        if (fchdir(public_fd) != 0 || chroot(".") != 0 || chdir("/") != 0)
                return plc_fail_errno(error, errno, "locking into public/");
        if (setgroups(0, NULL) != 0 || setresgid(gid, gid, gid) != 0 || setresuid(uid, uid, uid) != 0)
                return plc_fail_errno(error, errno, "becoming user %s", user);
        g_free(*public_dir);
        *public_dir = g_strdup("/");
        return true;
}

/* Everything about one run: what was read, what is open. */
struct run {
        plc_conf *conf;
        char *public_dir;
        int site_fd, conf_fd, listen_fd, spool_fd;
        unsigned connections;
        plc_serve *server;
        GMainLoop *loop;
};

/* Connections and kept renditions each take a descriptor; what the system does not give is taken from connections. */
static unsigned raise_file_limit(unsigned connections)
{
        struct rlimit limit;
        rlim_t wanted = connections + OTHER_FILES;

        if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
                return connections;
        if (limit.rlim_cur < wanted) {
                limit.rlim_cur = MIN(limit.rlim_max, wanted);
                setrlimit(RLIMIT_NOFILE, &limit);
        }
        if (limit.rlim_cur >= wanted)
                return connections;
        unsigned fewer = limit.rlim_cur > 2 * OTHER_FILES ? (unsigned)limit.rlim_cur - OTHER_FILES
                                                          : (unsigned)limit.rlim_cur / 2;
        plc_log_warning("[serve] connections = %u, but the system gives %u open files: %u connections are taken",
                        connections, (unsigned)limit.rlim_cur, fewer);
        return fewer;
}

static struct plc_serve_config config_of(const struct run *r)
{
        const struct plc_conf *conf = r->conf;
        return (struct plc_serve_config){.public_dir = r->public_dir,
                                         .listen_fd = r->listen_fd,
                                         .name = conf->name,
                                         .public_url = conf->public_url,
                                         .languages = (const char *const *)conf->languages,
                                         .territory_header = conf->territory_header,
                                         .address_header = conf->address_header,
                                         .spool_fd = r->spool_fd,
                                         .json_max_age = conf->json_max_age,
                                         .media_max_age = conf->media_max_age,
                                         .max_connections = r->connections,
                                         .max_per_address = (unsigned)conf->max_per_address,
                                         .log_requests = conf->log_requests};
}

/* The ordinary user that root became cannot walk to placet.conf any more; the open file can still be read, unless an
 * editor has put another in its place. */
static plc_conf *read_again(const struct run *r, GError **error)
{
        struct stat st;
        plc_conf *conf = plc_conf_load(r->site_fd, NULL);

        if (conf != NULL)
                return conf;
        if (fstat(r->conf_fd, &st) == 0 && st.st_nlink > 0)
                return plc_conf_load_fd(r->conf_fd, error);
        plc_fail(error, PLC_E_BAD_CONFIG, "another placet.conf is there now, which only a restart can read");
        return NULL;
}

static void reload(struct run *r)
{
        g_autoptr(GError) error = NULL;
        plc_conf *conf = read_again(r, &error);

        if (conf == NULL) {
                plc_log_error(error, "told to read placet.conf again; going on with the settings from before");
                return;
        }
        plc_conf *before = r->conf;
        r->conf = conf;
        struct plc_serve_config config = config_of(r);
        plc_serve_reload(r->server, &config);
        plc_conf_free(before);
        plc_log_info("placet.conf was read again; listen, user, connections and max_per_address change with a restart");
}

static gboolean on_signal(int fd, GIOCondition condition, void *data)
{
        struct signalfd_siginfo told;
        struct run *r = data;
        (void)condition;

        while (read(fd, &told, sizeof told) == (ssize_t)sizeof told)
                if (told.ssi_signo == SIGHUP)
                        reload(r);
                else
                        g_main_loop_quit(r->loop);
        return G_SOURCE_CONTINUE;
}

/* Not by GLib, which makes a thread for it: with a second one, each of a hundred small takings and givings of memory
 * takes a lock, and so does each call that may wait. */
static bool take_signals(struct run *r, int *out_fd, GError **error)
{
        sigset_t ours;

        sigemptyset(&ours);
        sigaddset(&ours, SIGTERM);
        sigaddset(&ours, SIGINT);
        sigaddset(&ours, SIGHUP);
        if (sigprocmask(SIG_BLOCK, &ours, NULL) != 0 || (*out_fd = signalfd(-1, &ours, SFD_NONBLOCK | SFD_CLOEXEC)) < 0)
                return plc_fail_errno(error, errno, "waiting for signals");
        g_unix_fd_add(*out_fd, G_IO_IN, on_signal, r);
        return true;
}

static bool serve(struct run *r, GError **error)
{
        struct plc_serve_config config = config_of(r);
        plc_autofd int signals = -1;

        if (!take_signals(r, &signals, error) || !plc_serve_start(&config, NULL, &r->server, error))
                return false;
        r->loop = g_main_loop_new(NULL, FALSE);
        printf("placet-serve: listening on http://%s\n", plc_serve_address(r->server));
        fflush(stdout);
        g_main_loop_run(r->loop);
        plc_serve_stop(r->server, GRACE_MS);
        g_main_loop_unref(r->loop);
        return true;
}

/* All that needs root comes first: reading the site, opening files, taking a port below 1024. */
static bool prepare(struct run *r, const char *site, const char *listen, int *out_public_fd, GError **error)
{
        g_autofree char *public_dir = g_build_filename(site, "public", NULL), *address = NULL;

        r->public_dir = g_canonicalize_filename(public_dir, NULL);
        if (!plc_open_dir(AT_FDCWD, site, &r->site_fd, error))
                return false;
        r->conf = plc_conf_load(r->site_fd, error);
        if (r->conf == NULL || !plc_open_dir(r->site_fd, "public", out_public_fd, error))
                return false;
        if (!plc_open_dir(r->site_fd, "spool", &r->spool_fd, NULL))
                plc_log_warning("there is no spool/ in the site: reports are not taken");
        if (listen == NULL)
                listen = r->conf->serve_listen;
        if (strcmp(listen, "off") == 0)
                return plc_fail(error, PLC_E_BAD_CONFIG,
                                "placet.conf says [serve] listen = off; give --listen ADDR:PORT");
        r->conf_fd = openat(r->site_fd, "placet.conf", O_RDONLY | O_CLOEXEC);
        r->connections = raise_file_limit((unsigned)r->conf->connections);
        return plc_http_listen(listen, &r->listen_fd, &address, error);
}

static bool run(const char *site, const char *listen, GError **error)
{
        struct run r = {.site_fd = -1, .conf_fd = -1, .spool_fd = -1};
        plc_autofd int public_fd = -1;
        bool ok = prepare(&r, site, listen, &public_fd, error);

        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        ok = ok && drop_privileges(public_fd, r.spool_fd, r.conf->serve_user, &r.public_dir, error) && serve(&r, error);
        plc_conf_free(r.conf);
        g_free(r.public_dir);
        plc_close_fd(&r.conf_fd);
        plc_close_fd(&r.spool_fd);
        plc_close_fd(&r.site_fd);
        return ok;
}

int main(int argc, char **argv)
{
        char *listen = NULL;
        const GOptionEntry entries[] = {{"listen", 0, 0, G_OPTION_ARG_STRING, &listen,
                                         "instead of [serve] listen; port 0 takes a free one", "ADDR:PORT"},
                                        G_OPTION_ENTRY_NULL};
        g_autoptr(GOptionContext) options = g_option_context_new("[SITE]");
        GError *error = NULL;

        setlocale(LC_ALL, "C.UTF-8");
        plc_log_as_json();
        g_option_context_set_summary(
                options, "Answers product pages, widgets and e-mail images from SITE/public, and knows nothing else.");
        g_option_context_add_main_entries(options, entries, NULL);
        if (!g_option_context_parse(options, &argc, &argv, &error) || argc > 2 ||
            (listen != NULL && !plc_http_listen_check(listen, &error))) {
                fprintf(stderr, "placet-serve: %s\n", error != NULL ? error->message : "one SITE at most");
                g_clear_error(&error);
                return 2;
        }
        const char *standard = g_getenv("PLACET_SITE");
        const char *site = argc == 2 ? argv[1] : standard != NULL && standard[0] != '\0' ? standard : ".";
        bool ok = run(site, listen, &error);
        g_free(listen);
        return ok ? 0 : fail(error);
}
