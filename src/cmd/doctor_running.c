/* Does what a site needs around it run, and is it set up for going live? Office, lease, queue, inbox, spool, server. */
#include <errno.h>
#include <netinet/in.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "catalog/queue.h"
#include "cmd/doctor.h"
#include "http/listen.h"
#include "index/reader.h"
#include "intake/inbox.h"
#include "net/unix_client.h"
#include "spool/spool.h"
#include "text/labels.h"
#include "text/language_tag.h"

#define ANSWER_MS 3000
#define SPOOL_MANY 1000 /* an office that runs takes them within seconds */

static void office(plc_doctor *doctor)
{
        g_autofree char *socket = g_build_filename(doctor->path, PLC_SITE_SOCKET, NULL);
        g_autoptr(GString) answer = NULL;
        g_autoptr(GError) error = NULL;
        long status = 0;
        bool answers = plc_net_unix_post(socket, "/v1/desk/status", "{}", ANSWER_MS, &status, &answer, &error);

        doctor->office = answers || plc_error_code(error) != PLC_E_UNREACHABLE;
        if (answers)
                plc_doctor_ok(doctor, "office", "it runs and answers");
        else if (doctor->office)
                plc_doctor_tell(doctor, "office", PLC_HEALTH_WARNING,
                                "It may be at something long: ask again in a minute, then look at its log",
                                "An office runs, but did not answer within %d s", ANSWER_MS / 1000);
        else
                plc_doctor_tell(doctor, "office", PLC_HEALTH_WARNING,
                                "Start it with placet run, and have it started with the machine",
                                "No office runs: drops wait, and so do reports; what ends still goes dark by itself");
}

/* By the index, and by the clock that placet-serve will judge it with. */
static void lease(plc_doctor *doctor)
{
        static const char start[] = "Start the office (placet run): it renews it each minute";
        g_autofree char *public = g_build_filename(doctor->path, "public", NULL);
        g_autoptr(plc_index_reader) reader = plc_index_reader_new(public);
        g_autoptr(GError) error = NULL;
        struct plc_index_state state;
        int64_t now = plc_now_ms();
        char at[PLC_TIME_SIZE];

        if (!plc_index_read_begin(reader, now, &state, &error)) {
                plc_index_read_end(reader);
                plc_doctor_tell(doctor, "lease", PLC_HEALTH_FAULT, "Run placet index rebuild",
                                "The published index cannot be read: %s", error->message);
                return;
        }
        plc_index_read_end(reader);
        plc_time_format(state.dark_at, at);
        if (state.published_at > now + 1000)
                plc_doctor_tell(doctor, "clock", PLC_HEALTH_FAULT,
                                "Set the clock right; until then nothing that should end does",
                                "The system's clock stands before the last publication: it was set back");
        if (state.dark)
                plc_doctor_tell(doctor, "lease", PLC_HEALTH_FAULT, start,
                                "The lease of the index ran out (%s): nothing is shown", at);
        else if (state.stale && state.published_at > 0)
                plc_doctor_tell(doctor, "lease", PLC_HEALTH_WARNING, start,
                                "The office was not seen for an hour: all goes dark on %s", at);
        if (state.dark_at == PLC_TIME_NEVER)
                plc_doctor_ok(doctor, "lease", "%s",
                              doctor->conf->lease_days > 0
                                      ? "none yet: the office gives it as soon as it runs"
                                      : "none ([site] lease_days = 0): what is shown stays without an office too");
        plc_doctor_ok(doctor, "lease", "until %s, renewed by an office that runs", at);
}

static void queue(plc_doctor *doctor)
{
        struct plc_job_counts jobs;
        g_autoptr(GError) error = NULL;

        if (!plc_catalog_count_jobs(doctor->site->catalog, &jobs, &error))
                plc_doctor_error(doctor, "queue", error, "Look at the catalog with placet verify");
        else if (jobs.given_up > 0)
                plc_doctor_tell(doctor, "queue", PLC_HEALTH_WARNING,
                                "placet list --state failed names their items; when the reason is mended, start the "
                                "office anew: it tries them again",
                                "%" G_GINT64_FORMAT " jobs were given up", jobs.given_up);
        else
                plc_doctor_ok(doctor, "queue", "%" G_GINT64_FORMAT " jobs wait, %" G_GINT64_FORMAT " run", jobs.waiting,
                              jobs.running);
}

static void inbox(plc_doctor *doctor)
{
        g_autoptr(plc_inbox) box = plc_inbox_new(doctor->site->dirs.inbox, 0);
        g_autoptr(GPtrArray) ready = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GError) error = NULL;
        unsigned waiting = 0;

        if (!plc_inbox_look(box, plc_now_ms(), ready, &waiting, &error))
                plc_doctor_error(doctor, "inbox", error, "Look at SITE/inbox");
        else
                plc_doctor_ok(doctor, "inbox", "%u drops lie in it", ready->len + waiting);
}

static void spool(plc_doctor *doctor)
{
        g_autoptr(GError) error = NULL;
        plc_autofd int fd = -1;
        unsigned files = 0;

        if (!plc_open_dir(doctor->site->fd, "spool", &fd, &error) || !plc_spool_count(fd, &files, &error))
                plc_doctor_error(doctor, "spool", error,
                                 "Make SITE/spool again (mode 0700), of the user of placet-serve");
        else if (files >= PLC_SPOOL_REPORTS_MAX)
                plc_doctor_tell(doctor, "spool", PLC_HEALTH_FAULT, "Start the office: it takes them",
                                "%u reports and withdrawals wait: no more reports are taken", files);
        else if (files >= SPOOL_MANY)
                plc_doctor_tell(doctor, "spool", PLC_HEALTH_WARNING, "Start the office: it takes them",
                                "%u reports and withdrawals wait; at %u no more are taken", files,
                                PLC_SPOOL_REPORTS_MAX);
        else
                plc_doctor_ok(doctor, "spool", "%u reports and withdrawals wait", files);
}

/* --- the server --- */

/* Is it placet-serve that answers there? Its health then. */
static bool ask_health(const char *listen, char **out_status)
{
        g_autoptr(GString) body = NULL;
        g_autoptr(plc_json) json = NULL;
        const char *status = NULL;
        long http = 0;

        *out_status = NULL;
        if (!plc_net_get(listen, "/healthz", ANSWER_MS, &http, &body, NULL))
                return false;
        json = plc_json_parse(body->str, body->len, "healthz", &plc_json_default_limits, NULL);
        if (json != NULL && plc_json_typeof(json) == PLC_JSON_OBJECT && plc_json_member(json, "alarm") != NULL &&
            plc_json_get_string(json, "status", PLC_REQUIRED, 64, &status, NULL))
                *out_status = g_strdup(status);
        return true;
}

/* Nobody answers there: could placet-serve listen? It is tried, and given back. */
static void try_listen(plc_doctor *doctor, const char *listen)
{
        g_autofree char *address = NULL;
        g_autoptr(GError) error = NULL;
        plc_autofd int fd = -1;

        if (g_str_has_prefix(listen, "unix:")) /* listening there would take the place of a socket that is in use */
                plc_doctor_ok(doctor, "serve", "nothing answers at %s yet", listen);
        else if (!plc_http_listen(listen, &fd, &address, &error))
                plc_doctor_error(doctor, "serve", error,
                                 "Name another address or port in placet.conf, [serve] listen, or end what has it");
        else if (doctor->office)
                plc_doctor_tell(doctor, "serve", PLC_HEALTH_WARNING,
                                "Look at the office's log, if it was not started with --listen for another address",
                                "An office runs, but nothing answers at [serve] listen = %s", listen);
        else
                plc_doctor_ok(doctor, "serve", "%s is free for placet-serve", listen);
}

static void serve(plc_doctor *doctor)
{
        const char *listen = doctor->conf->serve_listen;
        const struct passwd *user = geteuid() == 0 ? getpwnam(doctor->conf->serve_user) : NULL;
        g_autofree char *status = NULL;

        if (strcmp(listen, "off") == 0) {
                plc_doctor_ok(doctor, "serve", "[serve] listen = off: placet-serve is started by somebody else");
                return;
        }
        if (geteuid() == 0 && (user == NULL || user->pw_uid == 0))
                plc_doctor_tell(doctor, "serve", PLC_HEALTH_FAULT, "Make one, or name another in placet.conf",
                                "[serve] user = %s is no ordinary user of this machine", doctor->conf->serve_user);
        else if (!g_str_has_prefix(listen, "unix:") && g_str_has_suffix(listen, ":0"))
                plc_doctor_ok(doctor, "serve", "placet-serve listens at any free port: the office's log tells which");
        else if (!ask_health(listen, &status))
                try_listen(doctor, listen);
        else if (status == NULL)
                plc_doctor_tell(doctor, "serve", PLC_HEALTH_FAULT,
                                "End it, or name another address in placet.conf, [serve] listen",
                                "Another program answers at %s", listen);
        else if (strcmp(status, "ok") != 0)
                plc_doctor_tell(doctor, "serve", PLC_HEALTH_FAULT,
                                "Start the office, and look whether this is the site that it serves",
                                "placet-serve answers at %s, but says: %s", listen, status);
        else
                plc_doctor_ok(doctor, "serve", "placet-serve answers at %s", listen);
}

/* --- settings that only show when it is too late --- */

static void languages(plc_doctor *doctor)
{
        const char *english = plc_text_label("verification", "order", "en");
        g_autoptr(GString) unspoken = g_string_new(NULL);

        for (char **language = doctor->conf->languages; *language != NULL; language++)
                if (plc_text_label("verification", "order", *language) == english &&
                    plc_text_language_score(*language, "en") == 0)
                        g_string_append_printf(unspoken, "%s%s", unspoken->len > 0 ? ", " : "", *language);
        if (unspoken->len > 0)
                plc_doctor_tell(doctor, "languages", PLC_HEALTH_WARNING,
                                "Show those pages in another language too, or take it out of [site] languages",
                                "Labels, and what the widget itself says, are English in pages in: %s", unspoken->str);
        plc_doctor_ok(doctor, "languages", "labels, widget and forms speak all of [site] languages");
}

static void going_live(plc_doctor *doctor)
{
        const plc_conf *conf = doctor->conf;

        languages(doctor);
        if (conf->trusted_sources[0] == NULL)
                plc_doctor_tell(doctor, "sources", PLC_HEALTH_WARNING,
                                "Name those that you control: [source NAME] with consents = trusted",
                                "placet.conf trusts no source: no consent counts as the contributor's own act, so "
                                "hardly anything may be shown");
        plc_doctor_ok(doctor, "sources", "%u trusted", g_strv_length(conf->trusted_sources));
        if (conf->controller[0] == '\0')
                plc_doctor_tell(doctor, "controller", PLC_HEALTH_WARNING,
                                "Set [site] controller to the legal entity that publishes",
                                "[site] controller is empty: grants for a named controller open nothing");
        plc_doctor_ok(doctor, "controller", "%s", conf->controller);
        if (plc_conf_has_channel(conf, "email") && conf->public_url[0] == '\0')
                plc_doctor_tell(doctor, "public_url", PLC_HEALTH_WARNING,
                                "Set [serve] public_url to the address by which the world comes here",
                                "[serve] public_url is empty: images in mails, and contributors' links, would lead to "
                                "http://%s",
                                conf->serve_listen);
        plc_doctor_ok(doctor, "public_url", "%s", conf->public_url[0] != '\0' ? conf->public_url : "no mails are sent");
}

void plc_doctor_running(plc_doctor *doctor)
{
        going_live(doctor);
        office(doctor);
        lease(doctor);
        if (doctor->site != NULL) {
                queue(doctor);
                inbox(doctor);
                spool(doctor);
        }
        serve(doctor);
}
