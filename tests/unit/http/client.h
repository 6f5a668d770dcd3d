/* Sends bytes to a server that runs in this thread's main context, and reads all that comes until it closes or nothing
 * more is due. */
#pragma once
#include <arpa/inet.h>
#include <glib.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct answer {
        unsigned status;
        char *head, *body; /* head with its closing blank line; body ends in a zero byte */
        size_t body_size;
        bool closed;
};

static inline void answer_clear(struct answer *a)
{
        g_free(a->head);
        g_free(a->body);
}

static inline int client_connect(const char *address)
{
        const char *colon = strrchr(address, ':');
        struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(colon + 1))};
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        g_assert_cmpint(connect(fd, (struct sockaddr *)&at, sizeof at), ==, 0);
        return fd;
}

static inline bool answer_is_whole(const GByteArray *got, bool head_only)
{
        const char *end = got->len > 0 ? g_strstr_len((const char *)got->data, (gssize)got->len, "\r\n\r\n") : NULL;
        if (end == NULL)
                return false;
        g_autofree char *head = g_ascii_strdown((const char *)got->data, end - (const char *)got->data);
        const char *length = strstr(head, "content-length: ");
        size_t body =
                length != NULL && !head_only && strstr(head, " 304 ") == NULL ? strtoul(length + 16, NULL, 10) : 0;
        return got->len >= (size_t)(end + 4 - (const char *)got->data) + body;
}

/* Sends, and gives back one answer; the connection stays the caller's. 10 s without an answer is a failure. */
static inline struct answer client_ask(int fd, const char *bytes, size_t size)
{
        struct answer a = {0};
        g_autoptr(GByteArray) got = g_byte_array_new();
        int64_t deadline = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;
        size_t sent = 0;

        while (!a.closed && !answer_is_whole(got, strncmp(bytes, "HEAD", 4) == 0)) {
                g_assert_cmpint(g_get_monotonic_time(), <, deadline);
                struct pollfd p = {.fd = fd, .events = (short)(POLLIN | (sent < size ? POLLOUT : 0))};
                g_main_context_iteration(NULL, FALSE);
                if (poll(&p, 1, 5) <= 0)
                        continue;
                if (sent < size && (p.revents & POLLOUT)) {
                        ssize_t n = send(fd, bytes + sent, size - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
                        sent = n > 0 ? sent + (size_t)n : size;
                }
                if (p.revents & (POLLIN | POLLHUP | POLLERR)) {
                        uint8_t buffer[16384];
                        ssize_t n = recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);
                        if (n > 0)
                                g_byte_array_append(got, buffer, (unsigned)n);
                        else if (n == 0 || (n < 0 && p.revents & (POLLHUP | POLLERR)))
                                a.closed = true;
                }
        }
        g_byte_array_append(got, (const uint8_t *)"", 1);
        char *end = g_strstr_len((const char *)got->data, (gssize)got->len, "\r\n\r\n");
        size_t head = end != NULL ? (size_t)(end + 4 - (char *)got->data) : 0;
        a.head = g_strndup((const char *)got->data, head);
        a.body_size = got->len - 1 - head;
        a.body = g_memdup2(got->data + head, a.body_size + 1);
        if (head > 12)
                a.status = (unsigned)atoi(a.head + 9);
        return a;
}

/* One request on its own connection: "GET /x" and extra header lines ("" or "Range: bytes=0-1\r\n"). */
static inline struct answer client_once(const char *address, const char *line, const char *headers)
{
        g_autofree char *request = g_strdup_printf("%s HTTP/1.1\r\nHost: %s\r\n%s\r\n", line, address, headers);
        int fd = client_connect(address);
        struct answer a = client_ask(fd, request, strlen(request));
        close(fd);
        return a;
}

/* The value of a header, or "" if it is not there; free with g_free. */
static inline char *answer_header(const struct answer *a, const char *name)
{
        g_auto(GStrv) lines = g_strsplit(a->head, "\r\n", -1);
        size_t size = strlen(name);
        for (size_t i = 0; lines[i] != NULL; i++)
                if (g_ascii_strncasecmp(lines[i], name, size) == 0 && lines[i][size] == ':')
                        return g_strdup(g_strchug(lines[i] + size + 1));
        return g_strdup("");
}
