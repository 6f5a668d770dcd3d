/*
 * How do bytes on a connection become a call of a handler, and its answer bytes again? libmicrohttpd does HTTP/1.1 and
 * its connections; it runs by epoll inside the caller's GMainContext, so one thread serves and nothing here is locked.
 */
#include "base/file.h"
#include "http/crowd.h"
#include "http/internal.h"
#include "http/listen.h"
#include <errno.h>
#include <microhttpd.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* Of one connection: request line (≤ 8 KiB), headers, cookies once more (the library takes them apart, there is no way
 * to tell it not to), and our headers. It clears all of it for each request: a short answer would cost 2 to 3 % less
 * with 12 KiB (measured), but cookies of more than 5.3 KB, which shops have, would be refused. */
#define HEADER_MEMORY ((size_t)16 * 1024)
#define SPARE_EXCHANGES 64
#define SHORT_TARGET ((size_t)512)      /* bytes of a target that need no memory of their own */
#define DISCARD_MAX ((size_t)64 * 1024) /* of a body that nobody takes; over it the connection is cut */

struct plc_http_server {
        struct plc_http_config config;
        struct MHD_Daemon *daemon;
        GSource *source;
        char *address, *unix_path;
        struct plc_http_crowd crowd;
        unsigned active; /* requests whose answer is not sent yet */
        unsigned begun;  /* requests, ever; it may go round */
        int64_t turn_at; /* when the library was last told to look at its connections */
        struct exchange *spare[SPARE_EXCHANGES];
        unsigned n_spare;
        bool stopping;
};

struct source {
        GSource base;
        plc_http_server *server;
        struct MHD_Daemon *daemon;
        void *tag;
};

/* --- one request
 * ---------------------------------------------------------------------------------------------------------------- */

struct exchange {
        plc_http_request request;
        plc_http_server *server;
        char *raw;      /* short_raw, or its own */
        GError *fault;  /* found before a handler could be asked */
        GString *allow; /* methods of the path, where none is the request's */
        bool begun, answered, get, head, body_announced, ambiguous, in_chunks;
        size_t discarded;
        int64_t started;
        struct plc_http_told told;
        char short_raw[SHORT_TARGET]; /* last: what is before it is cleared for the next request */
};

static struct exchange *exchange_new(plc_http_server *server)
{
        if (server->n_spare == 0)
                return g_new0(struct exchange, 1);
        struct exchange *x = server->spare[--server->n_spare];
        memset(x, 0, offsetof(struct exchange, short_raw));
        return x;
}

static void exchange_free(struct exchange *x)
{
        plc_http_server *server = x->server;

        if (x->raw != x->short_raw)
                g_free(x->raw);
        if (server->n_spare < SPARE_EXCHANGES)
                server->spare[server->n_spare++] = x;
        else
                g_free(x);
}

/* The library would make a record of each parameter, which target.c reads itself; where they fill its memory (some 250
 * do), 0.9.75 leaves the connection without an answer. What it is going to read is what it showed us: nothing now. */
static void hide_query(const char *raw)
{
        char *query = strchr((char *)(uintptr_t)raw, '?');

        if (query != NULL && query[1] != '\0')
                query[1] = '\0';
}

static void *on_target(void *cls, const char *raw, struct MHD_Connection *connection)
{
        struct exchange *x = exchange_new(cls);
        x->server = cls;
        x->server->active++;
        x->server->begun++;
        x->request.connection = connection;
        size_t size = strnlen(raw, PLC_HTTP_MAX_URL + 1); /* g_strndup would fill all of it with zeros */
        x->raw = size < sizeof x->short_raw ? x->short_raw : g_malloc(size + 1);
        memcpy(x->raw, raw, size);
        x->raw[size] = '\0';
        x->request.raw = x->raw;
        hide_query(raw);
        x->started = x->server->turn_at;
        return x;
}

static void tell(struct exchange *x, enum MHD_RequestTerminationCode why)
{
        x->told.route = x->request.route;
        x->told.micros = g_get_monotonic_time() - x->started;
        x->told.finished = why == MHD_REQUEST_TERMINATED_COMPLETED_OK;
        x->server->config.on_answer(&x->told, x->server->config.context);
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode why)
{
        (void)cls;
        struct exchange *x = *state;
        if (x == NULL)
                return;
        if (why == MHD_REQUEST_TERMINATED_COMPLETED_OK)
                plc_http_crowd_served(
                        &x->server->crowd,
                        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context);
        x->server->active--;
        if (x->server->config.on_answer != NULL && x->answered)
                tell(x, why);
        plc_http_target_clear(&x->request.target);
        g_clear_pointer(&x->request.received, g_byte_array_unref);
        g_clear_pointer(&x->request.body, g_bytes_unref);
        g_clear_error(&x->fault);
        if (x->allow != NULL)
                g_string_free(x->allow, TRUE);
        exchange_free(x);
        *state = NULL;
}

/* All that we read of the headers, in one pass: how often each came, and the first of them, which counts. */
enum { HOST, LENGTH, ENCODING, IF_NONE_MATCH, RANGE, IF_RANGE, ACCEPT_ENCODING, KNOWN };
struct headers {
        const char *first[KNOWN];
        unsigned times[KNOWN], odd;
};

/* A name with a blank before its colon is no name, but may be one for whoever stands before us (RFC 9112 5.1), and a
 * bare CR in a value may be an end of line there (RFC 9112 2.2). The library passes both on. */
static bool is_odd(const char *name, size_t name_size, const char *value, size_t value_size)
{
        for (size_t i = 0; i < name_size; i++)
                if ((unsigned char)(name[i] - '!') > '~' - '!')
                        return true;
        return value != NULL && memchr(value, '\r', value_size) != NULL;
}

static enum MHD_Result read_header(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_size,
                                   const char *value, size_t value_size)
{
        static const struct {
                const char *name;
                size_t size;
        } known[KNOWN] = {
#define NAME(text) {text, sizeof text - 1}
                [HOST] = NAME("Host"),
                [LENGTH] = NAME("Content-Length"),
                [ENCODING] = NAME("Transfer-Encoding"),
                [IF_NONE_MATCH] = NAME("If-None-Match"),
                [RANGE] = NAME("Range"),
                [IF_RANGE] = NAME("If-Range"),
                [ACCEPT_ENCODING] = NAME("Accept-Encoding"),
#undef NAME
        };
        struct headers *h = cls;
        (void)kind;

        h->odd += is_odd(name, name_size, value, value_size);
        for (size_t i = 0; i < KNOWN; i++) {
                if (known[i].size != name_size || (memcmp(name, known[i].name, name_size) != 0 && /* as most write it */
                                                   g_ascii_strncasecmp(name, known[i].name, name_size) != 0))
                        continue;
                if (h->times[i]++ == 0)
                        h->first[i] = value;
                break;
        }
        return MHD_YES;
}

static bool is_method(const char *route, const char *asked)
{
        return strcmp(route, asked) == 0 || (strcmp(asked, "HEAD") == 0 && strcmp(route, "GET") == 0);
}

static bool find_route(struct exchange *x, GError **error)
{
        const struct plc_http_config *config = &x->server->config;
        g_autoptr(GString) allow = NULL;

        for (size_t i = 0; i < config->n_routes; i++) {
                const struct plc_http_route *route = &config->routes[i];
                if (!plc_http_target_matches(&x->request.target, route->pattern))
                        continue;
                if (is_method(route->method, x->request.method)) {
                        x->request.route = route;
                        return plc_http_target_whole(&x->request.target, route->pattern, error);
                }
                if (allow == NULL)
                        allow = g_string_new(NULL);
                g_string_append_printf(allow, "%s%s", route->method,
                                       strcmp(route->method, "GET") == 0 ? ", HEAD, " : ", ");
        }
        if (allow == NULL)
                return plc_http_target_whole(&x->request.target, NULL, error) &&
                       plc_fail(error, PLC_E_NOT_FOUND, "no such address");
        x->allow = g_string_append(g_steal_pointer(&allow), "OPTIONS");
        return plc_fail(error, PLC_E_METHOD, "method not taken");
}

/* What can be judged before a body is read. */
static bool judge(struct exchange *x, GError **error)
{
        struct MHD_Connection *connection = x->request.connection;

        if (x->ambiguous)
                return plc_fail(error, PLC_E_BAD_REQUEST, "ambiguous framing"); /* request smuggling, RFC 9112 11.2 */
        /* The library waits busily for the end of a chunk's size that is longer than its memory (measured: 30 s of a
         * processor for one request), and takes every encoding but chunks for a body without end. */
        if (x->in_chunks)
                return plc_fail(error, PLC_E_NO_LENGTH, "a body in chunks");
        if (strlen(x->raw) > PLC_HTTP_MAX_URL)
                return plc_fail(error, PLC_E_LONG_ADDRESS, "more than %zu bytes", PLC_HTTP_MAX_URL);
        if (!plc_http_target_parse(x->raw, &x->request.target, error) || !find_route(x, error))
                return false;
        const char *params = x->request.route->params;
        if (g_strcmp0(params, PLC_HTTP_UNREAD) != 0 && !(plc_http_target_query(&x->request.target, error) &&
                                                         plc_http_target_only(&x->request.target, params, error)))
                return false;
        const char *length =
                x->body_announced ? MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length") : NULL;
        if (length != NULL && g_ascii_strtoull(length, NULL, 10) > x->request.route->max_body)
                return plc_fail(error, PLC_E_TOO_BIG, "body of more than %zu bytes", x->request.route->max_body);
        return true;
}

static void begin(struct exchange *x, const char *method, const char *version)
{
        static const char *const methods[] = {"GET", "HEAD", "POST", "OPTIONS"};
        struct headers h = {0};
        size_t i = 0;

        x->begun = true;
        x->request.method = method;
        while (i < G_N_ELEMENTS(methods) && strcmp(methods[i], method) != 0)
                i++;
        x->get = i == 0;
        x->head = i == 1;
        x->told.method = i < G_N_ELEMENTS(methods) ? methods[i] : "-";
        MHD_get_connection_values_n(x->request.connection, MHD_HEADER_KIND, read_header, &h);
        x->request.if_none_match = h.first[IF_NONE_MATCH];
        x->request.range = h.first[RANGE];
        x->request.if_range = h.first[IF_RANGE];
        x->request.accept_encoding = h.first[ACCEPT_ENCODING];
        x->body_announced = h.times[LENGTH] + h.times[ENCODING] > 0;
        x->ambiguous = h.times[LENGTH] + h.times[ENCODING] > 1 || h.times[HOST] > 1 || h.odd > 0 ||
                       (h.times[HOST] == 0 && strcmp(version, "HTTP/1.0") != 0); /* RFC 9112 3.2 */
        x->in_chunks = h.times[ENCODING] > 0;
}

static bool receive(struct exchange *x, const char *data, size_t size)
{
        if (x->fault == NULL) {
                if (x->request.received == NULL)
                        x->request.received = g_byte_array_new();
                if (x->request.received->len + size <= x->request.route->max_body) {
                        g_byte_array_append(x->request.received, (const uint8_t *)data, (unsigned)size);
                        return true;
                }
                plc_fail(&x->fault, PLC_E_TOO_BIG, "body of more than %zu bytes", x->request.route->max_body);
        }
        x->discarded += size;
        return x->discarded <= DISCARD_MAX;
}

static enum MHD_Result hand_over(struct exchange *x, const struct plc_http_pick *what)
{
        x->answered = true;
        x->told.status = what->status;
        x->told.bytes = what->bytes;
        return MHD_queue_response(x->request.connection, what->status, what->packet);
}

static enum MHD_Result send_kept(struct exchange *x, plc_http_kept *kept)
{
        struct plc_http_pick what;

        return plc_http_kept_pick(kept, &x->request, &what) ? hand_over(x, &what) : MHD_NO;
}

static enum MHD_Result send_response(struct exchange *x, plc_http_response *r)
{
        uint64_t first = 0, count = r->size;

        if (r->kept != NULL)
                return send_kept(x, r->kept);
        bool may_zip = plc_http_response_may_zip(r);
        if (x->get || x->head)
                plc_http_response_conditions(r, x->request.if_none_match,
                                             x->get ? x->request.range : NULL, /* RFC 9110 14.2: for GET alone */
                                             x->request.if_range, &first, &count);
        if (may_zip && r->status == 200 && plc_http_takes_gzip(&x->request)) {
                plc_http_kept *once = plc_http_pack_all(r);
                enum MHD_Result sent = once != NULL ? send_kept(x, once) : MHD_NO;
                plc_http_kept_free(once);
                return sent;
        }
        if (may_zip)
                plc_http_response_vary(r);
        struct plc_http_pick what = {plc_http_pack(r, first, count), r->status, count};
        if (what.packet == NULL)
                return MHD_NO;
        enum MHD_Result queued = hand_over(x, &what);
        MHD_destroy_response(what.packet);
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

        r->cors = x->server->config.cors;
        r->gzip = x->server->config.gzip;
        r->close = x->server->stopping;
        if (x->request.received != NULL)
                x->request.body = g_byte_array_free_to_bytes(g_steal_pointer(&x->request.received));
        if (error == NULL && x->request.route->handler(&x->request, r, x->server->config.context, &error))
                return send_response(x, r);
        if (error == NULL)
                plc_fail(&error, PLC_E_INTERNAL, "a handler failed without an error");
        if (plc_error_code(error) == PLC_E_METHOD && x->allow != NULL && strcmp(x->request.method, "OPTIONS") == 0) {
                preflight(x, r);
                return send_response(x, r);
        }
        plc_http_response_problem(r, error);
        /* After a request that was not understood, what follows on the connection may not be one either. */
        r->close |= early && r->status != 404;
        if (r->status == 405 && x->allow != NULL)
                plc_http_set(r, "Allow", x->allow->str);
        if (r->status >= 500 && x->server->config.on_error != NULL)
                x->server->config.on_error(error, x->request.target.path, x->server->config.context);
        return send_response(x, r);
}

/* The short way: nothing is parsed that the library has not. */
static plc_http_kept *recall(struct exchange *x)
{
        const struct plc_http_config *config = &x->server->config;

        if (config->recall == NULL || x->server->stopping || x->ambiguous || x->request.range != NULL ||
            !(x->get || x->head))
                return NULL;
        plc_http_kept *kept = config->recall(&x->request, x->raw, config->context);
        if (kept != NULL) {
                x->request.route = plc_http_kept_route(kept);
                x->told.kept = true;
        }
        return kept;
}

static enum MHD_Result on_access(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                                 const char *version, const char *data, size_t *size, void **state)
{
        struct exchange *x = *state;
        (void)cls;
        (void)connection;
        (void)url;
        if (x == NULL)
                return MHD_NO;
        if (!x->begun) {
                begin(x, method, version);
                /*
                 * Answered at once, the library reads nothing more from the connection: right after a body that was
                 * announced and is not wanted, too much where none is to come.
                 */
                return !x->body_announced || judge(x, &x->fault) ? MHD_YES : finish(x);
        }
        if (*size > 0) {
                bool go_on = receive(x, data, *size);
                *size = 0;
                return go_on ? MHD_YES : MHD_NO;
        }
        if (!x->body_announced) {
                plc_http_kept *kept = recall(x);
                if (kept != NULL)
                        return send_kept(x, kept);
                judge(x, &x->fault);
        }
        return finish(x);
}

/* --- the server
 * ----------------------------------------------------------------------------------------------------------------- */

#define MANY 4 /* requests in one turn */
#define TURNS 4

/* How many requests began. */
static unsigned run(plc_http_server *server)
{
        unsigned before = server->begun;

        server->turn_at = g_get_monotonic_time();
        MHD_run(server->daemon);
        return server->begun - before;
}

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
        plc_http_server *server = ((struct source *)base)->server;

        /* Where many came at once, more have come in the meantime: to wait for them by way of GLib costs more than to
         * look (measured). Whatever else the context has to do waits for a few turns at most. */
        for (int turns = 0; turns < TURNS && run(server) >= MANY; turns++)
                ;
        if (server->config.on_rest != NULL)
                server->config.on_rest(server->config.context);
        return G_SOURCE_CONTINUE;
}

static void on_connection(void *cls, struct MHD_Connection *connection, void **guest,
                          enum MHD_ConnectionNotificationCode what)
{
        plc_http_server *server = cls;

        if (what == MHD_CONNECTION_NOTIFY_STARTED)
                *guest = plc_http_crowd_enter(
                        &server->crowd,
                        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd);
        else if (*guest != NULL)
                plc_http_crowd_leave(&server->crowd, *guest);
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
        while (server->n_spare > 0)
                g_free(server->spare[--server->n_spare]);
        g_free(server->unix_path);
        g_free(server->address);
        g_free(server);
}

bool plc_http_server_start(const struct plc_http_config *config, GMainContext *main_context, plc_http_server **out,
                           GError **error)
{
        int fd = -1;
        plc_http_server *server = g_new0(plc_http_server, 1);

        /* sendfile has no MSG_NOSIGNAL: a reader who leaves would end the program. The library is told, else it copies
         * files in pieces of 4 KB instead (measured: a fifth of the speed). */
        signal(SIGPIPE, SIG_IGN);
        server->config = *config;
        if (config->listen_fd > 0) {
                fd = config->listen_fd;
                server->address = plc_http_listen_address(fd);
        } else if (!plc_http_listen(config->listen, &fd, &server->address, error)) {
                server_free(server);
                return false;
        }
        bool unix_socket = g_str_has_prefix(server->address, "unix:");
        if (unix_socket)
                server->unix_path = g_strdup(server->address + 5);
        unsigned places = config->max_connections != 0 ? config->max_connections : 1000u;
        plc_http_crowd_init(&server->crowd, places);
        server->daemon = MHD_start_daemon(
                MHD_USE_EPOLL | MHD_USE_SUPPRESS_DATE_NO_CLOCK, 0, NULL, NULL, on_access, server,
                MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_URI_LOG_CALLBACK, on_target, server,
                MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL, MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
                MHD_OPTION_NOTIFY_CONNECTION, on_connection, server, MHD_OPTION_CONNECTION_LIMIT, places,
                MHD_OPTION_PER_IP_CONNECTION_LIMIT, unix_socket ? 0u : config->max_per_address,
                MHD_OPTION_CONNECTION_TIMEOUT, config->timeout_s != 0 ? config->timeout_s : 30u,
                /* What a strict library refuses (no Host, a blank in the target) gets its heads twice, or no answer at
                 * all; we refuse it ourselves. */
                MHD_OPTION_CONNECTION_MEMORY_LIMIT, HEADER_MEMORY, MHD_OPTION_STRICT_FOR_CLIENT, 0,
                MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_END);
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
        source->server = server;
        source->tag = g_source_add_unix_fd(server->source, info->epoll_fd, G_IO_IN);
        /* It does not, but for a source that may not, GLib takes its descriptor out of the poll while it runs and puts
         * it back, and wakes itself for both: four system calls more for each answer (counted). */
        g_source_set_can_recurse(server->source, TRUE);
        g_source_attach(server->source, main_context);
        *out = server;
        return true;
}

const char *plc_http_server_address(const plc_http_server *server)
{
        return server->address;
}

unsigned plc_http_server_connections(const plc_http_server *server)
{
        const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);
        return info != NULL ? info->num_connections : 0;
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
                run(server);
                if (server->config.on_rest != NULL)
                        server->config.on_rest(server->config.context);
        }
        MHD_stop_daemon(server->daemon);
        if (listening >= 0)
                close(listening);
        server_free(server);
}
