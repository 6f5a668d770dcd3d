/* Where does the server listen? "ADDR:PORT", "[ADDR]:PORT" (numbers only: no name is looked up) or "unix:PATH". */
#include "http/listen.h"
#include "base/file.h"
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 512
/* Bytes of one connection that wait in the kernel beyond what its reader takes: without it a hundred readers that never
 * read held 125 MB there (measured), and filling it kept all others waiting. Connections inherit it. */
#define UNSENT_MAX (128 * 1024)

union address {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
        struct sockaddr_un un;
};

static bool parse_port(const char *text, in_port_t *out)
{
        unsigned value = 0;
        if (*text == '\0' || strlen(text) > 5)
                return false;
        for (; g_ascii_isdigit(*text); text++)
                value = value * 10 + (unsigned)(*text - '0');
        if (*text != '\0' || value > 65535)
                return false;
        *out = htons((uint16_t)value);
        return true;
}

static bool parse(const char *listen_at, union address *out, socklen_t *out_size, GError **error)
{
        const char *colon = strrchr(listen_at, ':');
        g_autofree char *host = colon != NULL ? g_strndup(listen_at, (size_t)(colon - listen_at)) : g_strdup("");
        size_t length = strlen(host);

        memset(out, 0, sizeof *out);
        if (length > 2 && host[0] == '[' && host[length - 1] == ']') {
                host[length - 1] = '\0';
                out->v6.sin6_family = AF_INET6;
                *out_size = sizeof out->v6;
                if (inet_pton(AF_INET6, host + 1, &out->v6.sin6_addr) == 1 && parse_port(colon + 1, &out->v6.sin6_port))
                        return true;
        } else if (length > 0) {
                out->v4.sin_family = AF_INET;
                *out_size = sizeof out->v4;
                if (inet_pton(AF_INET, host, &out->v4.sin_addr) == 1 && parse_port(colon + 1, &out->v4.sin_port))
                        return true;
        }
        return plc_fail(error, PLC_E_BAD_CONFIG,
                        "cannot listen on \"%s\": expected ADDR:PORT, such as 127.0.0.1:8080 or [::1]:8080", listen_at);
}

bool plc_http_listen_check(const char *listen_at, GError **error)
{
        union address at;
        socklen_t size;

        return g_str_has_prefix(listen_at, "unix:") || parse(listen_at, &at, &size, error);
}

char *plc_http_listen_address(int fd)
{
        union address real = {0};
        socklen_t size = sizeof real;
        char text[INET6_ADDRSTRLEN] = "";

        if (getsockname(fd, &real.any, &size) != 0)
                return g_strdup("?");
        if (real.any.sa_family == AF_UNIX)
                return g_strconcat("unix:", real.un.sun_path, NULL);
        if (real.any.sa_family == AF_INET6) {
                inet_ntop(AF_INET6, &real.v6.sin6_addr, text, sizeof text);
                return g_strdup_printf("[%s]:%u", text, ntohs(real.v6.sin6_port));
        }
        inet_ntop(AF_INET, &real.v4.sin_addr, text, sizeof text);
        return g_strdup_printf("%s:%u", text, ntohs(real.v4.sin_port));
}

static bool listen_unix(const char *path, int *out_fd, GError **error)
{
        union address at = {.un.sun_family = AF_UNIX};
        struct stat st;

        if (strlen(path) >= sizeof at.un.sun_path)
                return plc_fail(error, PLC_E_BAD_CONFIG, "socket path is longer than %zu bytes: %s",
                                sizeof at.un.sun_path - 1, path);
        strncpy(at.un.sun_path, path, sizeof at.un.sun_path - 1);
        plc_autofd int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0)
                return plc_fail_errno(error, errno, "making a socket");
        /* Whoever calls holds the office lock, so a socket that lies there belongs to an office that is gone. */
        if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
                unlink(path);
        mode_t before = umask(0177);
        bool bound = bind(fd, &at.any, sizeof at.un) == 0;
        int why = errno;
        umask(before);
        if (!bound)
                return plc_fail_errno(error, why, "binding %s", path);
        if (listen(fd, BACKLOG) != 0)
                return plc_fail_errno(error, errno, "listening on %s", path);
        *out_fd = plc_steal_fd(&fd);
        return true;
}

bool plc_http_listen(const char *listen_at, int *out_fd, char **out_address, GError **error)
{
        union address at;
        socklen_t size = 0;
        int on = 1, unsent = UNSENT_MAX;

        if (g_str_has_prefix(listen_at, "unix:")) {
                if (!listen_unix(listen_at + 5, out_fd, error))
                        return false;
                *out_address = g_strdup(listen_at);
                return true;
        }
        if (!parse(listen_at, &at, &size, error))
                return false;
        plc_autofd int fd = socket(at.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0)
                return plc_fail_errno(error, errno, "making a socket");
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
        if (bind(fd, &at.any, size) != 0)
                return plc_fail_errno(error, errno, "listening on %s", listen_at);
        if (listen(fd, BACKLOG) != 0)
                return plc_fail_errno(error, errno, "listening on %s", listen_at);
        *out_address = plc_http_listen_address(fd);
        *out_fd = plc_steal_fd(&fd);
        return true;
}

const char *plc_http_library(void)
{
        return MHD_get_version();
}
