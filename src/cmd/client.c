/* How does a command get something done on a site? By the office that runs, or by being it for a moment. */
#include "cmd/client.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "desk/desk.h"
#include "desk/reported.h"
#include "net/unix_client.h"

#define TRY_FOR_US (10 * G_USEC_PER_SEC)
#define TRY_EVERY_US 100000
#define POLL_US 50000
#define POLL_MAX_US G_USEC_PER_SEC
#define ANSWER_TIMEOUT_MS 120000

struct plc_client {
        char *socket; /* of a running office; NULL: we are it */
        plc_site *site;
        plc_office *office;
        plc_desk *desk;
        bool told_progress;
};

static void drop_ended(const struct plc_drop_end *end, void *user_data)
{
        plc_client *client = user_data;

        if (client->desk != NULL)
                plc_desk_drop_ended(client->desk, end);
}

/* Waiting longer may never end: what was asked is recorded, and is gone on with when the fault is gone. */
static bool put_off(const plc_client *client, const GError *why, GError **error)
{
        return plc_fail_at(error, plc_error_code(why), NULL, NULL,
                           client->socket != NULL ? "Nothing is lost; the office that runs tries again by itself."
                                                  : "Nothing is lost; once that is mended, placet run, or the next "
                                                    "command that writes, goes on with it.",
                           "recorded, but not finished: %s", why->message);
}

bool plc_client_drain(plc_client *client, GError **error)
{
        const GError *delayed = client->office != NULL ? plc_office_drain(client->office) : NULL;

        return delayed == NULL || put_off(client, delayed, error);
}

/* The desk is there before the office: drops left by a crash may end while the office is being opened. */
static bool be_office(plc_client *client, GError **error)
{
        const struct plc_office_watch watch = {.drop_ended = drop_ended, .user_data = client};
        unsigned unreadable;

        if (client->site->notice != NULL)
                fprintf(stderr, "placet: %s.\n", client->site->notice);
        client->desk = plc_desk_new(client->site, NULL);
        client->office = plc_office_new(client->site, &watch, error);
        client->desk->office = client->office;
        if (client->office == NULL || !plc_office_keep_lease(client->office, error))
                return false;
        if (!plc_desk_take_spool(client->desk, &unreadable, error)) /* what holds back, before anything is handed out */
                return false;
        /* Erasures that an old catalog had undone come first. */
        return client->site->notice == NULL || plc_client_drain(client, error);
}

static bool open_writing(plc_client *client, const char *path, GError **error)
{
        g_autofree char *socket = g_build_filename(path, PLC_SITE_SOCKET, NULL);
        gint64 give_up = g_get_monotonic_time() + TRY_FOR_US;

        for (;;) {
                g_autoptr(GError) busy = NULL;
                g_autoptr(GString) answer = NULL;
                long status;

                client->site = plc_site_open(path, PLC_SITE_WRITE, &busy);
                if (client->site != NULL)
                        return be_office(client, error);
                if (plc_error_code(busy) != PLC_E_BUSY) {
                        g_propagate_error(error, g_steal_pointer(&busy));
                        return false;
                }
                if (plc_net_unix_post(socket, "/v1/desk/status", "{}", 5000, &status, &answer, NULL)) {
                        client->socket = g_steal_pointer(&socket);
                        return true;
                }
                if (g_get_monotonic_time() > give_up) {
                        g_propagate_error(error, g_steal_pointer(&busy));
                        return false;
                }
                g_usleep(TRY_EVERY_US); /* another command has the lock and does not listen: it will be gone soon */
        }
}

plc_client *plc_client_open(const char *site, bool writes, GError **error)
{
        g_autoptr(plc_client) client = g_new0(plc_client, 1);

        plc_log_quiet(true);
        if (writes)
                return open_writing(client, site, error) ? g_steal_pointer(&client) : NULL;
        client->site = plc_site_open(site, PLC_SITE_READ, error);
        if (client->site == NULL)
                return NULL;
        client->desk = plc_desk_new(client->site, NULL);
        return g_steal_pointer(&client);
}

void plc_client_close(plc_client *client)
{
        if (client == NULL)
                return;
        if (client->told_progress)
                fputs("\r\033[K", stderr);
        plc_office_free(client->office);
        plc_desk_free(client->desk);
        plc_site_close(client->site);
        g_free(client->socket);
        g_free(client);
}

/* {"code","message","remedy"}, made the error that it was. */
static bool as_error(plc_json *fault, GError **error)
{
        const char *code = "internal", *message = "the office failed", *remedy = NULL;
        plc_code number;

        if (fault != NULL) {
                plc_json_get_string(fault, "code", PLC_OPTIONAL, 64, &code, NULL);
                plc_json_get_string(fault, "message", PLC_OPTIONAL, 65536, &message, NULL);
                plc_json_get_string(fault, "remedy", PLC_OPTIONAL, 65536, &remedy, NULL);
        }
        number = plc_code_from_name(code);
        return plc_fail_at(error, number != PLC_E_NONE ? number : PLC_E_INTERNAL, NULL, NULL, remedy, "%s", message);
}

static plc_json *parse(const GString *answer, GError **error)
{
        const struct plc_json_limits limits = {.max_bytes = PLC_DESK_ANSWER_MAX, .max_depth = 64};

        return plc_json_parse(answer->str, answer->len, "the office's answer", &limits, error);
}

static bool call_office(plc_client *client, const char *op, const char *request, plc_json **out_answer, GError **error)
{
        g_autofree char *path = g_strconcat("/v1/desk/", op, NULL);
        g_autoptr(GString) body = NULL;
        g_autoptr(plc_json) answer = NULL;
        long status;

        if (!plc_net_unix_post(client->socket, path, request, ANSWER_TIMEOUT_MS, &status, &body, error))
                return false;
        answer = parse(body, error);
        if (answer == NULL)
                return false;
        if (status != 200)
                return as_error(plc_json_member(answer, "error"), error);
        if (out_answer != NULL)
                *out_answer = g_steal_pointer(&answer);
        return true;
}

/* What the desk finds wrong with a value that it was asked with stood on the command line: wrong usage, not a failure.
 */
static void as_usage(GError **error)
{
        static const char from_us[] = "request, /";
        g_autoptr(GError) fault = *error;

        *error = NULL;
        plc_fail_at(error, PLC_E_USAGE, NULL, NULL, plc_error_remedy(fault), "%s", fault->message + sizeof from_us - 1);
}

static bool is_usage(const GError *fault)
{
        return plc_error_code(fault) == PLC_E_BAD_VALUE && g_str_has_prefix(fault->message, "request, /");
}

bool plc_client_call(plc_client *client, const char *op, const char *request, plc_json **out_answer, GError **error)
{
        g_autoptr(GString) body = g_string_new(NULL);
        GError *fault = NULL;
        bool done = client->socket != NULL ? call_office(client, op, request, out_answer, &fault)
                                           : plc_desk_do(client->desk, op, request, body, &fault);

        if (!done) {
                if (is_usage(fault))
                        as_usage(&fault);
                g_propagate_error(error, fault);
                return false;
        }
        if (client->socket != NULL || out_answer == NULL)
                return true;
        *out_answer = parse(body, error);
        return *out_answer != NULL;
}

static void show_progress(plc_client *client, plc_json *state, const char *doing)
{
        int64_t drops = 0, jobs = 0, waiting = 0;

        if (!isatty(STDERR_FILENO))
                return;
        plc_json_get_int(state, "drops_under_way", PLC_OPTIONAL, 0, INT64_MAX, &drops, NULL);
        plc_json_get_int(state, "jobs_running", PLC_OPTIONAL, 0, INT64_MAX, &jobs, NULL);
        plc_json_get_int(state, "jobs_waiting", PLC_OPTIONAL, 0, INT64_MAX, &waiting, NULL);
        fprintf(stderr,
                "\r\033[K%s: %" G_GINT64_FORMAT " drops, %" G_GINT64_FORMAT " jobs running, %" G_GINT64_FORMAT
                " waiting",
                doing, drops, jobs, waiting);
        client->told_progress = true;
}

char *plc_client_ids_request(const char *const *ids, size_t count)
{
        GString *out = g_string_new(NULL);

        plc_jw_object(out, NULL);
        plc_jw_array(out, "ids");
        for (size_t i = 0; i < count; i++)
                plc_jw_string(out, NULL, ids[i]);
        plc_jw_end_array(out);
        plc_jw_end_object(out);
        return g_string_free(out, FALSE);
}

bool plc_client_wait(plc_client *client, const char *const *ids, const char *doing, plc_json **out_state,
                     GError **error)
{
        g_autofree char *request = plc_client_ids_request(ids, g_strv_length((char **)ids));

        for (;;) {
                g_autoptr(plc_json) state = NULL;
                gint64 asked = g_get_monotonic_time(), until;
                bool busy = false;

                if (!plc_client_call(client, "pending", request, &state, error) ||
                    !plc_json_get_bool(state, "busy", PLC_REQUIRED, &busy, error))
                        return false;
                if (!busy) {
                        if (out_state != NULL)
                                *out_state = g_steal_pointer(&state);
                        return true;
                }
                if (plc_json_member(state, "delayed") != NULL) {
                        g_autoptr(GError) why = NULL;

                        as_error(plc_json_member(state, "delayed"), &why);
                        if (out_state != NULL)
                                *out_state = g_steal_pointer(&state);
                        return put_off(client, why, error);
                }
                show_progress(client, state, doing);
                /* Asking about thousands takes the office's time: nine tenths of it stay for the work. */
                until = g_get_monotonic_time() + CLAMP(9 * (g_get_monotonic_time() - asked), POLL_US, POLL_MAX_US);
                if (client->socket != NULL) {
                        g_usleep((gulong)MAX(until - g_get_monotonic_time(), 0));
                        continue;
                }
                do
                        g_main_context_iteration(NULL, TRUE);
                while (g_get_monotonic_time() < until && g_main_context_pending(NULL));
        }
}

char *plc_client_request(const char *name, ...)
{
        GString *out = g_string_new(NULL);
        va_list args;

        plc_jw_object(out, NULL);
        va_start(args, name);
        for (; name != NULL; name = va_arg(args, const char *)) {
                const char *value = va_arg(args, const char *);

                if (value != NULL)
                        plc_jw_string(out, name, value);
        }
        va_end(args);
        plc_jw_end_object(out);
        return g_string_free(out, FALSE);
}

void plc_client_print(const plc_json *answer)
{
        g_autoptr(GString) out = g_string_new(NULL);

        plc_json_write(answer, out);
        puts(out->str);
}
