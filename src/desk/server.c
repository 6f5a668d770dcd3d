/* How do commands reach the running office? By HTTP on office.sock, which only its owner may open. */
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "desk/desk.h"
#include "http/http.h"

#define BODY_BYTES ((size_t)4 << 20)

struct plc_desk_server {
        struct plc_http_config config; /* the wrapper borrows it */
        plc_http_server *http;
        char *path, *listen;
};

void plc_desk_write_fault(GString *out, const char *name, const GError *error)
{
        plc_jw_object(out, name);
        plc_jw_string(out, "code", plc_code_name(plc_error_code(error)));
        plc_jw_string(out, "message", error->message);
        plc_jw_string(out, "remedy", plc_error_remedy(error));
        plc_jw_end_object(out);
}

/* The whole sentence is told: only the owner of the site can be at the other end. */
static bool operate(const plc_http_request *request, plc_http_response *response, void *context, GError **error)
{
        GBytes *body = plc_http_body(request);
        g_autofree char *json =
                body != NULL ? g_strndup(g_bytes_get_data(body, NULL), g_bytes_get_size(body)) : g_strdup("{}");
        GString *answer = g_string_new(NULL);
        g_autoptr(GError) fault = NULL;

        (void)error;
        if (!plc_desk_do(context, plc_http_part(request, "op"), json, answer, &fault)) {
                plc_http_status(response, (unsigned)plc_code_http(plc_error_code(fault)));
                g_string_truncate(answer, 0);
                plc_jw_object(answer, NULL);
                plc_desk_write_fault(answer, "error", fault);
                plc_jw_end_object(answer);
        }
        plc_http_body_string(response, "application/json", answer);
        return true;
}

static void on_error(const GError *error, const char *path, void *context)
{
        (void)context;
        plc_log_error(error, "desk, %s", path);
}

static const struct plc_http_route routes[] = {{"POST", "/v1/desk/{op}", NULL, BODY_BYTES, operate}};

static void server_free(plc_desk_server *server)
{
        g_free(server->path);
        g_free(server->listen);
        g_free(server);
}

bool plc_desk_server_start(struct plc_desk *desk, plc_desk_server **out, GError **error)
{
        plc_desk_server *server = g_new0(plc_desk_server, 1);

        server->path = g_build_filename(desk->site->path, PLC_SITE_SOCKET, NULL);
        server->listen = g_strconcat("unix:", server->path, NULL);
        server->config = (struct plc_http_config){.listen = server->listen,
                                                  .routes = routes,
                                                  .n_routes = G_N_ELEMENTS(routes),
                                                  .context = desk,
                                                  .on_error = on_error};
        if (!plc_http_server_start(&server->config, NULL, &server->http, error)) {
                server_free(server);
                return false;
        }
        *out = server;
        return true;
}

void plc_desk_server_stop(plc_desk_server *server)
{
        if (server == NULL)
                return;
        plc_http_server_stop(server->http, 2000);
        unlink(server->path);
        server_free(server);
}
