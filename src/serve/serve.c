/* How does placet-serve come up and go down? The routes of routes.def on one server, in one thread. */
#include "serve/serve.h"
#include "base/clock.h"
#include "base/log.h"
#include "serve/internal.h"

#define SPOOL_EVERY_S 10 /* what the office has recorded need not be hidden any more */

static const struct plc_http_route routes[] = {
#define PLC_ROUTE(method, pattern, params, function)                                                                   \
        {method, pattern, params, sizeof method == sizeof "POST" ? PLC_SERVE_BODY_MAX : 0, plc_route_##function},
#include "serve/routes.def"
#undef PLC_ROUTE
};

static int64_t clock_now(void *context)
{
        (void)context;
        return plc_now_ms();
}

void plc_serve_tell(plc_serve *s, const GError *error)
{
        int64_t now = g_get_monotonic_time();

        /* Once a minute for each kind: strangers' requests must not fill the log. */
        if (s->told[plc_error_code(error)] != 0 && now - s->told[plc_error_code(error)] < 60 * G_USEC_PER_SEC)
                return;
        s->told[plc_error_code(error)] = now;
        plc_log_error(error, "answering a request");
}

static void tell(const GError *error, const char *path, void *context)
{
        (void)path; /* it may hold what a stranger wrote */
        plc_serve_tell(context, error);
}

static void rest(void *context)
{
        plc_serve *s = context;

        plc_index_read_rest(s->reader);
}

static gboolean read_again(gpointer data)
{
        g_autoptr(GError) error = NULL;

        if (!plc_serve_mail_read(data, &error))
                plc_serve_tell(data, error);
        return G_SOURCE_CONTINUE;
}

bool plc_serve_start(const struct plc_serve_config *config, GMainContext *main_context, plc_serve **out, GError **error)
{
        plc_serve *s = g_new0(plc_serve, 1);

        s->config = *config;
        if (s->config.now == NULL)
                s->config.now = clock_now;
        s->reader = plc_index_reader_new(config->public_dir);
        plc_index_read_linger(s->reader);
        s->keep = plc_serve_keep_new();
        s->counts = plc_serve_counts_new();
        s->mail = plc_serve_mail_new(config->spool_fd);
        s->routes = routes;
        struct plc_http_config http = {.listen = config->listen,
                                       .routes = routes,
                                       .n_routes = G_N_ELEMENTS(routes),
                                       .context = s,
                                       .cors = true,
                                       .gzip = true,
                                       .recall = plc_serve_recall,
                                       .on_rest = rest,
                                       .on_answer = plc_serve_count,
                                       .listen_fd = config->listen_fd,
                                       .max_connections = config->max_connections,
                                       .max_per_address = config->max_per_address,
                                       .on_error = tell};
        /* Before anybody is answered: what was taken back and cannot be read must not be shown. */
        if (!plc_serve_mail_read(s, error) || !plc_http_server_start(&http, main_context, &s->http, error)) {
                plc_index_reader_free(s->reader);
                plc_serve_keep_free(s->keep);
                plc_serve_mail_free(s->mail);
                g_free(s->counts);
                g_free(s);
                return false;
        }
        s->reread = g_timeout_source_new_seconds(SPOOL_EVERY_S);
        g_source_set_callback(s->reread, read_again, s, NULL);
        g_source_attach(s->reread, main_context);
        *out = s;
        return true;
}

void plc_serve_reload(plc_serve *s, const struct plc_serve_config *config)
{
        s->config = *config;
        if (s->config.now == NULL)
                s->config.now = clock_now;
        plc_serve_forget(s->keep);
        plc_serve_languages_forget(s);
}

const char *plc_serve_address(const plc_serve *s)
{
        return plc_http_server_address(s->http);
}

void plc_serve_stop(plc_serve *s, unsigned grace_ms)
{
        if (s == NULL)
                return;
        plc_http_server_stop(s->http, grace_ms);
        g_source_destroy(s->reread);
        g_source_unref(s->reread);
        plc_serve_keep_free(s->keep);
        plc_serve_mail_free(s->mail);
        plc_serve_languages_forget(s);
        g_free(s->counts);
        plc_index_reader_free(s->reader);
        plc_blobs_close(s->assets);
        g_free(s);
}
