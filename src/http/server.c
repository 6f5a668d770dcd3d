/*
 * How do bytes on a connection become a call of a handler, and its answer bytes again? libmicrohttpd does HTTP/1.1 and
 * its connections; it runs by epoll inside the caller's GMainContext, so one thread serves and nothing here is locked.
 */
#include "base/file.h"
#include "http/internal.h"
#include "http/listen.h"
#include <errno.h>
#include <microhttpd.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define HEADER_MEMORY ((size_t)32 * 1024) /* of one connection: request line, headers, and our headers */
#define DISCARD_MAX ((size_t)64 * 1024)   /* of a body that nobody takes; over it the connection is cut */

struct plc_http_server {
        struct plc_http_config config;
        struct MHD_Daemon *daemon;
        GSource *source;
        char *address, *unix_path;
        unsigned active; /* requests whose answer is not sent yet */
        bool stopping;
};

struct source {
        GSource base;
        struct MHD_Daemon *daemon;
        void *tag;
};

/* --- one request
 * ---------------------------------------------------------------------------------------------------------------- */

struct exchange {
        plc_http_request request;
        plc_http_server *server;
        char *raw;
        GError *fault; /* found before a handler could be asked */
        const struct plc_http_route *route;
        GString *allow; /* methods of the path, where none is the request's */
        bool begun, body_announced;
        size_t discarded;
};

static void *on_target(void *cls, const char *raw, struct MHD_Connection *connection)
{
        struct exchange *x = g_new0(struct exchange, 1);
        x->server = cls;
        x->server->active++;
        x->request.connection = connection;
        x->raw = g_strndup(raw, PLC_HTTP_MAX_URL + 1);
        return x;
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode why)
{
        (void)cls;
        (void)connection;
        (void)why;
        struct exchange *x = *state;
        if (x == NULL)
                return;
        x->server->active--;
        plc_http_target_clear(&x->request.target);
        g_clear_pointer(&x->request.parts, g_hash_table_unref);
        g_clear_pointer(&x->request.received, g_byte_array_unref);
        g_clear_pointer(&x->request.body, g_bytes_unref);
        g_clear_error(&x->fault);
        if (x->allow != NULL)
                g_string_free(x->allow, TRUE);
        g_free(x->raw);
        g_free(x);
        *state = NULL;
}

struct framing {
        unsigned lengths, encodings, hosts;
};

static enum MHD_Result count_framing(void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
        struct framing *f = cls;
        (void)kind;
        (void)value;
        f->lengths += g_ascii_strcasecmp(name, "Content-Length") == 0;
        f->encodings += g_ascii_strcasecmp(name, "Transfer-Encoding") == 0;
        f->hosts += g_ascii_strcasecmp(name, "Host") == 0;
        return MHD_YES;
}

static bool is_method(const char *route, const char *asked)
{
        return strcmp(route, asked) == 0 || (strcmp(asked, "HEAD") == 0 && strcmp(route, "GET") == 0);
}

static bool find_route(struct exchange *x, GError **error)
{
        const struct plc_http_config *config = &x->server->config;
        GString *allow = g_string_new(NULL);

        for (size_t i = 0; i < config->n_routes; i++) {
                const struct plc_http_route *route = &config->routes[i];
                if (!plc_http_target_matches(&x->request.target, route->pattern, NULL))
                        continue;
                if (is_method(route->method, x->request.method)) {
                        x->route = route;
                        g_string_free(allow, TRUE);
                        x->request.parts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
                        plc_http_target_matches(&x->request.target, route->pattern, x->request.parts);
                        return true;
                }
                g_string_append_printf(allow, "%s%s", route->method,
                                       strcmp(route->method, "GET") == 0 ? ", HEAD, " : ", ");
        }
        if (allow->len == 0) {
                g_string_free(allow, TRUE);
                return plc_fail(error, PLC_E_NOT_FOUND, "no such address");
        }
        x->allow = g_string_append(allow, "OPTIONS");
        return plc_fail(error, PLC_E_METHOD, "method not taken");
}

/* What can be judged before a body is read. */
static bool begin(struct exchange *x, const char *method, GError **error)
{
        struct framing f = {0};
        struct MHD_Connection *connection = x->request.connection;

        x->begun = true;
        x->request.method = method;
        MHD_get_connection_values(connection, MHD_HEADER_KIND, count_framing, &f);
        x->body_announced = f.lengths + f.encodings > 0;
        if (f.lengths + f.encodings > 1 || f.hosts > 1)
                return plc_fail(error, PLC_E_BAD_REQUEST, "ambiguous framing"); /* request smuggling, RFC 9112 11.2 */
        if (!plc_http_target_parse(x->raw, &x->request.target, error) || !find_route(x, error))
                return false;
        if (!plc_http_target_only(&x->request.target, x->route->params, error))
                return false;
        const char *length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length");
        if (length != NULL && g_ascii_strtoull(length, NULL, 10) > x->route->max_body)
                return plc_fail(error, PLC_E_TOO_BIG, "body of more than %zu bytes", x->route->max_body);
        return true;
}

static bool receive(struct exchange *x, const char *data, size_t size)
{
        if (x->fault == NULL) {
                if (x->request.received == NULL)
                        x->request.received = g_byte_array_new();
                if (x->request.received->len + size <= x->route->max_body) {
                        g_byte_array_append(x->request.received, (const uint8_t *)data, (unsigned)size);
                        return true;
                }
                plc_fail(&x->fault, PLC_E_TOO_BIG, "body of more than %zu bytes", x->route->max_body);
        }
        x->discarded += size;
        return x->discarded <= DISCARD_MAX;
}

static void free_body(void *bytes)
{
        g_bytes_unref(bytes);
}

static struct MHD_Response *make_body(plc_http_response *r, uint64_t first, uint64_t count)
{
        if (r->fd >= 0)
                return MHD_create_response_from_fd_at_offset64(count, plc_steal_fd(&r->fd), first);
        if (r->body == NULL)
                return MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);
        GBytes *bytes = g_steal_pointer(&r->body);
        size_t size;
        const void *data = g_bytes_get_data(bytes, &size);
        if (size == 0) {
                g_bytes_unref(bytes);
                return MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);
        }
        /* The library takes a pointer to what it may write; it never does (RESPMEM with a free callback only reads). */
        return MHD_create_response_from_buffer_with_free_callback_cls(size, (void *)(uintptr_t)data, free_body, bytes);
}

static enum MHD_Result send_response(struct exchange *x, plc_http_response *r)
{
        struct MHD_Connection *connection = x->request.connection;
        bool reads = strcmp(x->request.method, "GET") == 0 || strcmp(x->request.method, "HEAD") == 0;
        uint64_t first = 0, count = r->size;

        if (reads) {
                bool get = x->request.method[0] == 'G'; /* RFC 9110 14.2: Range is defined for GET alone */
                plc_http_response_conditions(r, plc_http_header(&x->request, "If-None-Match"),
                                             get ? plc_http_header(&x->request, "Range") : NULL,
                                             plc_http_header(&x->request, "If-Range"), &first, &count);
        }
        const char *type = r->type;
        struct MHD_Response *out = make_body(r, first, count);
        if (out == NULL)
                return MHD_NO;
        if (type != NULL)
                MHD_add_response_header(out, "Content-Type", type);
        if (!g_hash_table_contains(r->headers, "Content-Security-Policy"))
                MHD_add_response_header(out, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        MHD_add_response_header(out, "X-Content-Type-Options", "nosniff");
        MHD_add_response_header(out, "Referrer-Policy", "no-referrer");
        if (x->server->config.cors) {
                MHD_add_response_header(out, "Access-Control-Allow-Origin", "*");
                MHD_add_response_header(out, "Cross-Origin-Resource-Policy", "cross-origin");
        }
        GHashTableIter i;
        void *name, *value;
        g_hash_table_iter_init(&i, r->headers);
        while (g_hash_table_iter_next(&i, &name, &value))
                MHD_add_response_header(out, name, value);
        if (r->close || x->server->stopping)
                MHD_add_response_header(out, "Connection", "close");
        enum MHD_Result queued = MHD_queue_response(connection, r->status, out);
        MHD_destroy_response(out);
        return queued;
}

/* A page on another site asks what it may do before it sends a header that is not simple (Fetch standard, CORS
 * preflight). */
static void preflight(struct exchange *x, plc_http_response *r)
{
        r->status = 204;
        plc_http_set(r, "Allow", x->allow->str);
        if (x->server->config.cors) {
                plc_http_set(r, "Access-Control-Allow-Methods", x->allow->str);
                plc_http_set(r, "Access-Control-Allow-Headers", "If-None-Match, Range, Content-Type");
                plc_http_set(r, "Access-Control-Max-Age", "86400");
        }
}

static enum MHD_Result finish(struct exchange *x)
{
        g_autoptr(plc_http_response) r = plc_http_response_new();
        g_autoptr(GError) error = g_steal_pointer(&x->fault);
        bool early = error != NULL;

        if (x->request.received != NULL)
                x->request.body = g_byte_array_free_to_bytes(g_steal_pointer(&x->request.received));
        if (error == NULL && x->route->handler(&x->request, r, x->server->config.context, &error))
                return send_response(x, r);
        if (error == NULL)
                plc_fail(&error, PLC_E_INTERNAL, "a handler failed without an error");
        if (plc_error_code(error) == PLC_E_METHOD && x->allow != NULL && strcmp(x->request.method, "OPTIONS") == 0) {
                preflight(x, r);
                return send_response(x, r);
        }
        plc_http_response_problem(r, error);
        /* After a request that was not understood, what follows on the connection may not be one either. */
        r->close = early && r->status != 404;
        if (r->status == 405 && x->allow != NULL)
                plc_http_set(r, "Allow", x->allow->str);
        if (r->status >= 500 && x->server->config.on_error != NULL)
                x->server->config.on_error(error, x->request.target.path, x->server->config.context);
        if (strlen(x->raw) > PLC_HTTP_MAX_URL)
                r->status = 414;
        return send_response(x, r);
}

static enum MHD_Result on_access(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                                 const char *version, const char *data, size_t *size, void **state)
{
        struct exchange *x = *state;
        (void)cls;
        (void)connection;
        (void)url;
        (void)version;
        if (x == NULL)
                return MHD_NO;
        if (!x->begun) {
                /*
                 * Answered at once, the library reads nothing more from the connection: right after a body that was
                 * announced and is not wanted, too much where none is to come.
                 */
                return begin(x, method, &x->fault) || !x->body_announced ? MHD_YES : finish(x);
        }
        if (*size > 0) {
                bool go_on = receive(x, data, *size);
                *size = 0;
                return go_on ? MHD_YES : MHD_NO;
        }
        return finish(x);
}

/* --- the server
 * ----------------------------------------------------------------------------------------------------------------- */

static gboolean source_prepare(GSource *base, int *timeout)
{
        MHD_UNSIGNED_LONG_LONG wait;
        if (MHD_get_timeout(((struct source *)base)->daemon, &wait) != MHD_YES) {
                *timeout = -1;
                return FALSE;
        }
        *timeout = (int)MIN(wait, 60000);
        return wait == 0;
}

static gboolean source_check(GSource *base)
{
        struct source *s = (struct source *)base;
        MHD_UNSIGNED_LONG_LONG wait;
        return g_source_query_unix_fd(base, s->tag) != 0 || (MHD_get_timeout(s->daemon, &wait) == MHD_YES && wait == 0);
}

static gboolean source_dispatch(GSource *base, GSourceFunc callback, void *data)
{
        (void)callback;
        (void)data;
        MHD_run(((struct source *)base)->daemon);
        return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs = {.prepare = source_prepare, .check = source_check, .dispatch = source_dispatch};

static size_t keep_escapes(void *cls, struct MHD_Connection *connection, char *text)
{
        (void)cls;
        (void)connection;
        return strlen(text); /* target.c decodes the raw target, strictly */
}

static void server_free(plc_http_server *server)
{
        if (server->unix_path != NULL)
                unlink(server->unix_path);
        g_free(server->unix_path);
        g_free(server->address);
        g_free(server);
}

bool plc_http_server_start(const struct plc_http_config *config, GMainContext *main_context, plc_http_server **out,
                           GError **error)
{
        int fd = -1;
        plc_http_server *server = g_new0(plc_http_server, 1);

        signal(SIGPIPE, SIG_IGN); /* sendfile has no MSG_NOSIGNAL: a reader who leaves would end the program */
        server->config = *config;
        if (!plc_http_listen(config->listen, &fd, &server->address, error)) {
                server_free(server);
                return false;
        }
        bool unix_socket = g_str_has_prefix(server->address, "unix:");
        if (unix_socket)
                server->unix_path = g_strdup(server->address + 5);
        server->daemon = MHD_start_daemon(
                MHD_USE_EPOLL, 0, NULL, NULL, on_access, server, MHD_OPTION_LISTEN_SOCKET, fd,
                MHD_OPTION_URI_LOG_CALLBACK, on_target, server, MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL,
                MHD_OPTION_NOTIFY_COMPLETED, on_completed, server, MHD_OPTION_CONNECTION_LIMIT,
                config->max_connections != 0 ? config->max_connections : 1000u, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
                unix_socket ? 0u : config->max_per_address, MHD_OPTION_CONNECTION_TIMEOUT,
                config->timeout_s != 0 ? config->timeout_s : 30u, MHD_OPTION_CONNECTION_MEMORY_LIMIT, HEADER_MEMORY,
                MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
        const union MHD_DaemonInfo *info =
                server->daemon != NULL ? MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD) : NULL;
        if (info == NULL) {
                if (server->daemon != NULL)
                        MHD_stop_daemon(server->daemon);
                else
                        close(fd);
                server_free(server);
                return plc_fail(error, PLC_E_INTERNAL, "libmicrohttpd did not start on %s", config->listen);
        }
        server->source = g_source_new(&source_funcs, sizeof(struct source));
        struct source *source = (struct source *)server->source;
        source->daemon = server->daemon;
        source->tag = g_source_add_unix_fd(server->source, info->epoll_fd, G_IO_IN);
        g_source_attach(server->source, main_context);
        *out = server;
        return true;
}

const char *plc_http_server_address(const plc_http_server *server)
{
        return server->address;
}

void plc_http_server_stop(plc_http_server *server, unsigned grace_ms)
{
        if (server == NULL)
                return;
        const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
        struct pollfd wait = {.fd = info != NULL ? info->epoll_fd : -1, .events = POLLIN};
        int64_t deadline = g_get_monotonic_time() + (int64_t)grace_ms * 1000;

        server->stopping = true;
        g_source_destroy(server->source);
        g_source_unref(server->source);
        int listening = MHD_quiesce_daemon(server->daemon);
        while (server->active > 0 && g_get_monotonic_time() < deadline) {
                poll(&wait, 1, 20);
                MHD_run(server->daemon);
        }
        MHD_stop_daemon(server->daemon);
        if (listening >= 0)
                close(listening);
        server_free(server);
}

/* --- what a handler may ask
 * ----------------------------------------------------------------------------------------------------- */

const char *plc_http_method(const plc_http_request *request)
{
        return request->method;
}

const char *plc_http_path(const plc_http_request *request)
{
        return request->target.path;
}

const char *plc_http_part(const plc_http_request *request, const char *name)
{
        return g_hash_table_lookup(request->parts, name);
}

const char *plc_http_param(const plc_http_request *request, const char *name)
{
        return plc_http_target_param(&request->target, name);
}

const char *plc_http_header(const plc_http_request *request, const char *name)
{
        return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

GBytes *plc_http_body(const plc_http_request *request)
{
        return request->body;
}

bool plc_http_param_int(const plc_http_request *request, const char *name, int64_t min, int64_t max, int64_t otherwise,
                        int64_t *out, GError **error)
{
        const char *text = plc_http_param(request, name);
        g_autofree char *expected =
                g_strdup_printf("a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, min, max);

        if (text == NULL) {
                *out = otherwise;
                return true;
        }
        size_t digits = strspn(text[0] == '-' ? text + 1 : text, "0123456789");
        if (digits == 0 || digits > 18 || (text[0] == '-' ? text + 1 : text)[digits] != '\0')
                return plc_http_bad_param(error, name, expected);
        int64_t value = g_ascii_strtoll(text, NULL, 10);
        if (value < min || value > max)
                return plc_http_bad_param(error, name, expected);
        *out = value;
        return true;
}
