/* What may a handler ask of its request? */
#include "http/internal.h"
#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <string.h>

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
        return plc_http_target_part(&request->target, request->route->pattern, name);
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

bool plc_http_takes_gzip(const plc_http_request *request)
{
        return plc_http_accepts(request->accept_encoding, "gzip");
}

bool plc_http_param_int(const plc_http_request *request, const char *name, int64_t min, int64_t max, int64_t otherwise,
                        int64_t *out, GError **error)
{
        const char *text = plc_http_param(request, name);

        if (text == NULL) {
                *out = otherwise;
                return true;
        }
        size_t digits = strspn(text[0] == '-' ? text + 1 : text, "0123456789");
        bool whole = digits > 0 && digits <= 18 && (text[0] == '-' ? text + 1 : text)[digits] == '\0';
        int64_t value = whole ? g_ascii_strtoll(text, NULL, 10) : 0;
        if (!whole || value < min || value > max) {
                g_autofree char *expected =
                        g_strdup_printf("a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, min, max);
                return plc_http_bad_param(error, name, expected);
        }
        *out = value;
        return true;
}

const char *plc_http_target(const plc_http_request *request)
{
        return request->raw;
}

const struct plc_http_route *plc_http_route_of(const plc_http_request *request)
{
        return request->route;
}

static bool is_loopback(const struct sockaddr *from)
{
        union {
                struct sockaddr any;
                struct sockaddr_in v4;
                struct sockaddr_in6 v6;
        } at;

        if (from == NULL)
                return false;
        if (from->sa_family == AF_UNIX)
                return true;
        if (from->sa_family == AF_INET) {
                memcpy(&at.v4, from, sizeof at.v4);
                return ntohl(at.v4.sin_addr.s_addr) >> 24 == 127;
        }
        if (from->sa_family != AF_INET6)
                return false;
        memcpy(&at.v6, from, sizeof at.v6);
        return IN6_IS_ADDR_LOOPBACK(&at.v6.sin6_addr) ||
               (IN6_IS_ADDR_V4MAPPED(&at.v6.sin6_addr) && at.v6.sin6_addr.s6_addr[12] == 127);
}

bool plc_http_is_local(const plc_http_request *request)
{
        static const char *const by_proxy[] = {"Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"};
        const union MHD_ConnectionInfo *info =
                MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

        for (size_t i = 0; i < G_N_ELEMENTS(by_proxy); i++)
                if (plc_http_header(request, by_proxy[i]) != NULL)
                        return false;
        return info != NULL && is_loopback(info->client_addr);
}

static void network_of_v4(const uint8_t *bytes, char out[PLC_HTTP_NETWORK_SIZE])
{
        g_snprintf(out, PLC_HTTP_NETWORK_SIZE, "4:%02x%02x%02x", bytes[0], bytes[1], bytes[2]);
}

static void network_of_v6(const struct in6_addr *a, char out[PLC_HTTP_NETWORK_SIZE])
{
        const uint8_t *b = a->s6_addr;

        if (IN6_IS_ADDR_V4MAPPED(a))
                network_of_v4(b + 12, out);
        else
                g_snprintf(out, PLC_HTTP_NETWORK_SIZE, "6:%02x%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2], b[3], b[4],
                           b[5], b[6]);
}

bool plc_http_network_of(const char *address, char out[PLC_HTTP_NETWORK_SIZE])
{
        struct in6_addr v6;
        struct in_addr v4;

        if (inet_pton(AF_INET, address, &v4) == 1) {
                uint8_t bytes[4];
                memcpy(bytes, &v4, sizeof bytes);
                network_of_v4(bytes, out);
                return true;
        }
        if (inet_pton(AF_INET6, address, &v6) != 1)
                return false;
        network_of_v6(&v6, out);
        return true;
}

static void network_of_peer(const struct sockaddr *from, char out[PLC_HTTP_NETWORK_SIZE])
{
        union {
                struct sockaddr_in v4;
                struct sockaddr_in6 v6;
        } at;
        uint8_t bytes[4];

        g_strlcpy(out, "unix", PLC_HTTP_NETWORK_SIZE);
        if (from != NULL && from->sa_family == AF_INET) {
                memcpy(&at.v4, from, sizeof at.v4);
                memcpy(bytes, &at.v4.sin_addr, sizeof bytes);
                network_of_v4(bytes, out);
        } else if (from != NULL && from->sa_family == AF_INET6) {
                memcpy(&at.v6, from, sizeof at.v6);
                network_of_v6(&at.v6.sin6_addr, out);
        }
}

void plc_http_network(const plc_http_request *request, const char *header, char out[PLC_HTTP_NETWORK_SIZE])
{
        const char *list = header != NULL && header[0] != '\0' ? plc_http_header(request, header) : NULL;
        const union MHD_ConnectionInfo *info =
                MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

        if (list != NULL) { /* what stands before the last comma was said by the client itself */
                const char *comma = strrchr(list, ',');
                g_autofree char *last = g_strstrip(g_strdup(comma != NULL ? comma + 1 : list));

                if (plc_http_network_of(last, out))
                        return;
        }
        network_of_peer(info != NULL ? info->client_addr : NULL, out);
}
