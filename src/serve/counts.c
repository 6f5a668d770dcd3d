/*
 * How much is asked, and how is it answered? Counted in memory, told at /metrics to this machine alone, and, where the
 * operator wants it, a line for each request. Nothing here says who asked, or for what beyond the route.
 */
#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "serve/internal.h"
#include <string.h>

/* Prometheus' text format, version 0.0.4. */
#define TYPE "text/plain; version=0.0.4; charset=utf-8"

static const double buckets[] = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1, 5}; /* s */

struct plc_serve_counts {
        uint64_t answers[PLC_ROUTES + 1][5]; /* of each route and, last, of none; 1xx … 5xx */
        uint64_t bytes, kept, cut;
        uint64_t within[G_N_ELEMENTS(buckets) + 1];
        double seconds;
        int64_t started; /* ms */
};

struct plc_serve_counts *plc_serve_counts_new(void)
{
        struct plc_serve_counts *c = g_new0(struct plc_serve_counts, 1);

        G_STATIC_ASSERT(G_N_ELEMENTS(c->within) == G_N_ELEMENTS(buckets) + 1);
        c->started = plc_now_ms();
        return c;
}

static void log_request(const struct plc_http_told *told)
{
        g_autoptr(GString) line = g_string_sized_new(256);

        plc_jw_object(line, NULL);
        plc_jw_time(line, "time", plc_now_ms());
        plc_jw_string(line, "level", "info");
        plc_jw_string(line, "message", "answered");
        plc_jw_string(line, "method", told->method);
        plc_jw_string(line, "route", told->route != NULL ? told->route->pattern : NULL);
        plc_jw_int(line, "status", told->status);
        plc_jw_int(line, "bytes", (int64_t)told->bytes);
        plc_jw_int(line, "micros", told->micros);
        plc_jw_bool(line, "kept", told->kept);
        plc_jw_bool(line, "finished", told->finished);
        plc_jw_end_object(line);
        plc_log_line(line);
}

void plc_serve_count(const struct plc_http_told *told, void *context)
{
        plc_serve *s = context;
        struct plc_serve_counts *c = s->counts;
        double seconds = (double)told->micros / 1e6;
        size_t bucket = 0, route = told->route != NULL ? (size_t)(told->route - s->routes) : PLC_ROUTES;

        c->answers[MIN(route, PLC_ROUTES)][CLAMP(told->status / 100, 1, 5) - 1]++;
        c->bytes += strcmp(told->method, "HEAD") == 0 ? 0 : told->bytes;
        c->kept += told->kept;
        c->cut += !told->finished;
        c->seconds += seconds;
        while (bucket < G_N_ELEMENTS(buckets) && seconds > buckets[bucket])
                bucket++;
        c->within[bucket]++;
        if (s->config.log_requests)
                log_request(told);
}

/* --- /metrics */

static void head(GString *out, const char *name, const char *type, const char *help)
{
        g_string_append_printf(out, "# HELP placet_%s %s\n# TYPE placet_%s %s\n", name, help, name, type);
}

static void one(GString *out, const char *name, const char *type, const char *help, double value)
{
        char number[G_ASCII_DTOSTR_BUF_SIZE];

        head(out, name, type, help);
        g_string_append_printf(out, "placet_%s %s\n", name, g_ascii_formatd(number, sizeof number, "%.15g", value));
}

static void write_answers(GString *out, const plc_serve *s)
{
        head(out, "answers_total", "counter", "Requests answered, by route and class of status.");
        for (size_t i = 0; i <= PLC_ROUTES; i++)
                for (int class = 0; class < 5; class ++)
                        if (s->counts->answers[i][class] > 0)
                                g_string_append_printf(out,
                                                       "placet_answers_total{route=\"%s\",status=\"%dxx\"} "
                                                       "%" G_GUINT64_FORMAT "\n",
                                                       i < PLC_ROUTES ? s->routes[i].pattern : "", class + 1,
                                                       s->counts->answers[i][class]);
}

static void write_seconds(GString *out, const struct plc_serve_counts *c)
{
        char number[G_ASCII_DTOSTR_BUF_SIZE];
        uint64_t sum = 0;

        head(out, "answer_seconds", "histogram", "From the request's first line to its last byte given to the kernel.");
        for (size_t i = 0; i < G_N_ELEMENTS(buckets); i++) {
                sum += c->within[i];
                g_string_append_printf(out, "placet_answer_seconds_bucket{le=\"%s\"} %" G_GUINT64_FORMAT "\n",
                                       g_ascii_formatd(number, sizeof number, "%.9g", buckets[i]), sum);
        }
        sum += c->within[G_N_ELEMENTS(buckets)];
        g_string_append_printf(out, "placet_answer_seconds_bucket{le=\"+Inf\"} %" G_GUINT64_FORMAT "\n", sum);
        g_string_append_printf(out, "placet_answer_seconds_sum %s\nplacet_answer_seconds_count %" G_GUINT64_FORMAT "\n",
                               g_ascii_formatd(number, sizeof number, "%.9g", c->seconds), sum);
}

static void write_index(GString *out, plc_serve *s)
{
        struct plc_index_state state = {0};
        bool there = plc_index_look(s->reader, s->config.now(s->config.now_context), &state, NULL);

        one(out, "index_up", "gauge", "1: there is an index, and its lease runs.", there && !state.dark);
        one(out, "alarm", "gauge", "1: no index, or the office has not been seen for an hour.",
            !there || state.stale || state.dark);
        if (!there)
                return;
        one(out, "index_version", "gauge", "Number of the publication that is answered from.", (double)state.version);
        one(out, "index_published_seconds", "gauge", "When it was published, since 1970.",
            (double)state.published_at / 1e3);
        one(out, "office_seen_seconds", "gauge", "When the office was last alive, since 1970.",
            (double)state.renewed_at / 1e3);
        if (state.dark_at != PLC_TIME_NEVER)
                one(out, "lease_left_seconds", "gauge", "Until nothing is shown any more.",
                    (double)(state.dark_at - state.now) / 1e3);
}

bool plc_route_metrics(const plc_http_request *request, plc_http_response *response, void *context, GError **error)
{
        plc_serve *s = context;
        struct plc_serve_counts *c = s->counts;

        if (!plc_http_is_local(request))
                return plc_fail(error, PLC_E_NOT_FOUND, "metrics are told to this machine alone");
        GString *out = g_string_sized_new(8192);
        write_answers(out, s);
        write_seconds(out, c);
        one(out, "answer_bytes_total", "counter", "Bytes of bodies.", (double)c->bytes);
        one(out, "answers_kept_total", "counter", "Answers that were given again from memory.", (double)c->kept);
        one(out, "answers_cut_total", "counter", "Answers whose reader left before their end.", (double)c->cut);
        one(out, "kept_bytes", "gauge", "Memory of answers that are kept.", (double)plc_serve_kept_bytes(s->keep));
        one(out, "kept_files", "gauge", "Renditions that are kept open.", (double)plc_serve_kept_files(s->keep));
        one(out, "connections", "gauge", "Connections open now.", plc_http_server_connections(s->http));
        one(out, "started_seconds", "gauge", "When this program was started, since 1970.", (double)c->started / 1e3);
        write_index(out, s);
        plc_http_body_string(response, TYPE, out);
        plc_http_set(response, "Cache-Control", "no-store");
        return true;
}
