/* placet run: what runs all day? The office, its workers, its desk on office.sock, and placet-serve beside it. */
#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "desk/desk.h"

#define SERVE_AGAIN_S 2

extern char **environ;
static int run(int argc, char **argv);
static char *listen_at;
static const GOptionEntry options[] = {
        {"listen", 0, 0, G_OPTION_ARG_STRING, &listen_at, "Listen there instead of placet.conf's [serve] listen",
         "ADDR:PORT"},
        G_OPTION_ENTRY_NULL,
};

const struct plc_cmd plc_cmd_run = {
        .name = "run",
        .args = "[SITE] [--listen ADDR:PORT]",
        .help = "Run the office: take drops from the inbox, do the work, publish; and serve, unless serve is off.",
        .example = "placet run shop",
        .run = run,
};

struct running {
        GMainLoop *loop;
        const char *site;
        const char *listen; /* NULL: placet.conf's */
        pid_t serve;        /* 0: none */
        bool stopping;
        plc_desk *desk;
};

static void start_serve(struct running *running);

static gboolean start_again(gpointer data)
{
        start_serve(data);
        return G_SOURCE_REMOVE;
}

static void serve_ended(GPid pid, gint status, gpointer data)
{
        struct running *running = data;

        g_spawn_close_pid(pid);
        running->serve = 0;
        if (running->stopping)
                return;
        plc_log_warning("placet-serve ended (status %d); starting it again in %d s", status, SERVE_AGAIN_S);
        g_timeout_add_seconds(SERVE_AGAIN_S, start_again, running);
}

static void start_serve(struct running *running)
{
        g_autofree char *program = g_build_filename(plc_program_dir(), "placet-serve", NULL);
        char *argv[] = {(char *)"placet-serve", (char *)running->site,
                        running->listen != NULL ? (char *)"--listen" : NULL, (char *)running->listen, NULL};
        int fault = posix_spawn(&running->serve, program, NULL, NULL, argv, environ);

        if (fault != 0) {
                running->serve = 0;
                plc_log_warning("cannot start %s: %s", program, g_strerror(fault));
                g_timeout_add_seconds(SERVE_AGAIN_S, start_again, running);
                return;
        }
        g_child_watch_add(running->serve, serve_ended, running);
}

static gboolean on_signal(gpointer data)
{
        struct running *running = data;

        running->stopping = true;
        g_main_loop_quit(running->loop);
        return G_SOURCE_CONTINUE;
}

static void drop_ended(const struct plc_drop_end *end, void *user_data)
{
        struct running *running = user_data;

        if (running->desk != NULL)
                plc_desk_drop_ended(running->desk, end);
        if (end->error != NULL)
                plc_log_info("drop rejected (%s)", plc_code_name(plc_error_code(end->error)));
        else
                plc_log_info("drop %s, submission %s", end->again ? "known already" : "taken in", end->submission);
}

static void stop_serve(struct running *running)
{
        if (running->serve == 0)
                return;
        kill(running->serve, SIGTERM);
        waitpid(running->serve, NULL, 0);
}

static bool serves(const plc_site *site)
{
        return listen_at != NULL || strcmp(site->conf->serve_listen, "off") != 0;
}

static bool work(struct running *running, plc_site *site, GError **error)
{
        const struct plc_office_watch watch = {.drop_ended = drop_ended, .user_data = running};
        g_autoptr(plc_desk) desk = plc_desk_new(site, NULL);
        g_autoptr(plc_office) office = NULL;
        plc_desk_server *server = NULL;

        running->desk = desk;
        office = plc_office_new(site, &watch, error);
        desk->office = office;
        if (office == NULL || !plc_office_keep_lease(office, error) || !plc_office_watch_inbox(office, error) ||
            !plc_desk_server_start(desk, &server, error))
                return false;
        if (serves(site))
                start_serve(running);
        plc_log_info("the office of %s is open", site->path);
        g_main_loop_run(running->loop);
        plc_log_info("the office of %s closes", site->path);
        stop_serve(running);
        plc_desk_server_stop(server);
        running->desk = NULL;
        return true;
}

static int run(int argc, char **argv)
{
        struct running running = {0};
        g_autoptr(plc_site) site = NULL;
        GError *error = NULL;
        bool ok;

        if (!plc_cmd_parse(&plc_cmd_run, options, &argc, &argv))
                return 2;
        if (argc > 2)
                return plc_cmd_usage(&plc_cmd_run, "at most one SITE is taken");
        running.site = plc_cmd_site(argc == 2 ? argv[1] : NULL);
        running.listen = listen_at;
        site = plc_site_open(running.site, PLC_SITE_WRITE, &error);
        if (site == NULL)
                return plc_cmd_fail(error);
        running.loop = g_main_loop_new(NULL, FALSE);
        g_unix_signal_add(SIGTERM, on_signal, &running);
        g_unix_signal_add(SIGINT, on_signal, &running);
        ok = work(&running, site, &error);
        g_main_loop_unref(running.loop);
        return ok ? 0 : plc_cmd_fail(error);
}
