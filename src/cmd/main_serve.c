/*
 * What is placet-serve? The only program that strangers talk to. It holds a read-only index, the renditions and no key:
 * it is not linked with the code for anything else, and when started by root it locks itself into site/public as an
 * ordinary user before it listens.
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
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define GRACE_MS 3000   /* for answers under way when told to stop */
#define MAX_FILES 16384 /* connections and open renditions */

#ifdef PLC_SANITIZE
/* The leak checker reads /proc, which is not there once the program has locked itself into site/public. */
const char *__asan_default_options(void);
__attribute__((visibility("default"))) const char *__asan_default_options(void)
{
        return "detect_leaks=0";
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

static gboolean on_signal(void *loop)
{
        g_main_loop_quit(loop);
        return G_SOURCE_CONTINUE;
}

/* As root: site/ is 0700, so an ordinary user could not walk to site/public; but it can live in it. Gives the new path
 * of public. */
static bool drop_privileges(int public_fd, const char *user, char **public_dir, GError **error)
{
        const struct passwd *who;

        if (geteuid() != 0)
                return true;
        who = getpwnam(user);
        if (who == NULL || who->pw_uid == 0)
                return plc_fail(error, PLC_E_BAD_CONFIG, "[serve] user: there is no ordinary user \"%s\"", user);
        uid_t uid = who->pw_uid;
        gid_t gid = who->pw_gid;
        if (fchdir(public_fd) != 0 || chroot(".") != 0 || chdir("/") != 0)
                return plc_fail_errno(error, errno, "locking into public/");
        if (setgroups(0, NULL) != 0 || setresgid(gid, gid, gid) != 0 || setresuid(uid, uid, uid) != 0)
                return plc_fail_errno(error, errno, "becoming user %s", user);
        g_free(*public_dir);
        *public_dir = g_strdup("/");
        return true;
}

static void raise_file_limit(void)
{
        struct rlimit limit;
        if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < MAX_FILES) {
                limit.rlim_cur = MIN(limit.rlim_max, MAX_FILES);
                setrlimit(RLIMIT_NOFILE, &limit);
        }
}

static bool serve(const struct plc_conf *conf, const char *public_dir, const char *listen, GError **error)
{
        const struct plc_serve_config config = {.public_dir = public_dir,
                                                .listen = listen != NULL ? listen : conf->serve_listen,
                                                .name = conf->name,
                                                .languages = (const char *const *)conf->languages,
                                                .territory_header = conf->territory_header,
                                                .json_max_age = conf->json_max_age,
                                                .media_max_age = conf->media_max_age};
        g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
        plc_serve *server = NULL;

        if (!plc_serve_start(&config, NULL, &server, error))
                return false;
        g_unix_signal_add(SIGTERM, on_signal, loop);
        g_unix_signal_add(SIGINT, on_signal, loop);
        printf("placet-serve: listening on http://%s\n", plc_serve_address(server));
        fflush(stdout);
        g_main_loop_run(loop);
        plc_serve_stop(server, GRACE_MS);
        return true;
}

static bool run(const char *site, const char *listen, GError **error)
{
        plc_autofd int site_fd = -1, public_fd = -1;
        g_autofree char *public_dir = g_build_filename(site, "public", NULL);
        g_autofree char *absolute = g_canonicalize_filename(public_dir, NULL);

        if (!plc_open_dir(AT_FDCWD, site, &site_fd, error))
                return false;
        g_autoptr(plc_conf) conf = plc_conf_load(site_fd, error);
        if (conf == NULL || !plc_open_dir(site_fd, "public", &public_fd, error))
                return false;
        if (listen == NULL && strcmp(conf->serve_listen, "off") == 0)
                return plc_fail(error, PLC_E_BAD_CONFIG,
                                "placet.conf says [serve] listen = off; give --listen ADDR:PORT");
        raise_file_limit();
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        return drop_privileges(public_fd, conf->serve_user, &absolute, error) && serve(conf, absolute, listen, error);
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
