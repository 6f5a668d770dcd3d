/* placet run: what runs all day? The office, its workers, its desk on office.sock, and placet-serve beside it. */
#include <errno.h>
#include <glib-unix.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "desk/desk.h"
#include "desk/reported.h"
#include "http/listen.h"

#define SERVE_AGAIN_S 2
#define SERVE_FILE "serve.pid" /* "PID START", for the office that comes after one that was killed */
#define TAKE_OVER_MS 5000
#define ACTS_MS 10000      /* before placet-serve is started nevertheless */
#define SERVE_STOP_MS 5000 /* it takes 3 s at most for answers under way */

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
        bool terminal; /* started from one: when that is closed, it ends */
        plc_desk *desk;
};

static void start_serve(struct running *running);

/* When a process began, in ticks since boot (proc(5), field 22 of stat); 0 if it is no placet-serve. */
static uint64_t serve_began(pid_t pid)
{
        g_autofree char *path = g_strdup_printf("/proc/%d/stat", (int)pid), *text = NULL;
        g_auto(GStrv) fields = NULL;
        const char *after;

        if (!g_file_get_contents(path, &text, NULL, NULL) || strstr(text, "(placet-serve) ") == NULL)
                return 0;
        after = strrchr(text, ')') + 2;
        fields = g_strsplit(after, " ", 22);
        return g_strv_length(fields) > 19 ? g_ascii_strtoull(fields[19], NULL, 10) : 0;
}

static void note_serve(const struct running *running)
{
        g_autofree char *path = g_build_filename(running->site, SERVE_FILE, NULL);
        g_autofree char *text = g_strdup_printf("%d %" PRIu64 "\n", (int)running->serve, serve_began(running->serve));

        g_file_set_contents(path, text, -1, NULL); /* a help, not a promise: without it the address is in use */
}

/* The server of an office that was killed goes on serving, which is right; but it keeps the address. Was there one? */
static bool end_orphan(const struct running *running)
{
        g_autofree char *path = g_build_filename(running->site, SERVE_FILE, NULL), *text = NULL;
        char *end = NULL;
        uint64_t began;
        pid_t pid;
        plc_autofd int fd = -1;

        if (!g_file_get_contents(path, &text, NULL, NULL))
                return false;
        pid = (pid_t)g_ascii_strtoll(text, &end, 10);
        began = g_ascii_strtoull(end, NULL, 10);
        if (pid <= 1 || began == 0)
                return false;
        fd = (int)syscall(SYS_pidfd_open, pid, 0);
        if (fd < 0 || serve_began(pid) != began || kill(pid, SIGTERM) != 0)
                return false;
        if (poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, TAKE_OVER_MS) == 0)
                kill(pid, SIGKILL);
        plc_log_info("took over from the placet-serve that an office left behind");
        return true;
}

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
        if (WIFSIGNALED(status))
                plc_log_warning("placet-serve was ended by signal %d; starting it again in %d s", WTERMSIG(status),
                                SERVE_AGAIN_S);
        else
                plc_log_warning("placet-serve ended with exit status %d; starting it again in %d s",
                                WEXITSTATUS(status), SERVE_AGAIN_S);
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
        note_serve(running);
}

static gboolean on_signal(gpointer data)
{
        struct running *running = data;

        running->stopping = true;
        g_main_loop_quit(running->loop);
        return G_SOURCE_CONTINUE;
}

/* Whoever sends it wants placet.conf read again, as daemons do; placet-serve can. */
static gboolean on_hangup(gpointer data)
{
        struct running *running = data;

        if (running->terminal)
                return on_signal(data);
        if (running->serve != 0)
                kill(running->serve, SIGHUP);
        plc_log_info("told to read placet.conf again: %sthe office reads it when it is started anew",
                     running->serve != 0 ? "placet-serve does; " : "");
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
        g_autofree char *path = g_build_filename(running->site, SERVE_FILE, NULL);

        kill(running->serve, SIGTERM);
        for (int waited = 0; waitpid(running->serve, NULL, WNOHANG) == 0; waited++) {
                if (waited == SERVE_STOP_MS / 10)
                        kill(running->serve, SIGKILL);
                g_usleep(10000);
        }
        unlink(path);
}

static bool serves(const plc_site *site)
{
        return listen_at != NULL || strcmp(site->conf->serve_listen, "off") != 0;
}

/* An act that was recorded and not yet published when an office was killed is not to be seen undone, not even for a
 * moment; where a server went on serving, there is nothing to hold back. */
static void open_to_the_world(struct running *running, plc_office *office)
{
        bool served = end_orphan(running);

        if (!serves(plc_office_site(office)))
                return;
        if (!served && !plc_office_finish_acts(office, ACTS_MS, &running->stopping) && !running->stopping)
                plc_log_warning("what an earlier office left is not all published after %d s; serving nevertheless",
                                ACTS_MS / 1000);
        if (!running->stopping)
                start_serve(running);
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
        plc_desk_watch_spool(desk);
        open_to_the_world(running, office);
        if (site->notice != NULL)
                plc_log_warning("%s", site->notice);
        plc_log_info("the office of %s is open", site->path);
        if (!running->stopping)
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
        if (listen_at != NULL && !plc_http_listen_check(listen_at, &error)) {
                int status = plc_cmd_usage(&plc_cmd_run, error->message);

                g_error_free(error);
                return status;
        }
        running.site = plc_cmd_site(argc == 2 ? argv[1] : NULL);
        running.listen = listen_at;
        site = plc_site_open(running.site, PLC_SITE_WRITE, &error);
        if (site == NULL)
                return plc_cmd_fail(error);
        if (listen_at == NULL && serves(site) && !plc_http_listen_check(site->conf->serve_listen, &error))
                return plc_cmd_fail(error);
        running.loop = g_main_loop_new(NULL, FALSE);
        g_unix_signal_add(SIGTERM, on_signal, &running);
        g_unix_signal_add(SIGINT, on_signal, &running);
        running.terminal = isatty(STDIN_FILENO) == 1;
        g_unix_signal_add(SIGHUP, on_hangup, &running);
        ok = work(&running, site, &error);
        g_main_loop_unref(running.loop);
        return ok ? 0 : plc_cmd_fail(error);
}
