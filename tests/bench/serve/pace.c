/*
 * How long does a reader wait who comes at a fixed rate, whatever the server does? `pace PORT RATE SECONDS PATHS` asks
 * the addresses of the file PATHS one after the other over 16 connections and counts from the moment at which each
 * request was due (a client that waits for the server before it asks again would not see the worst). It prints p50,
 * p99, p99.9 and the longest in milliseconds, and how many were asked.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <math.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS = 16, ANSWER_MAX = 1 << 20 };

static double now(void)
{
        struct timespec t;

        clock_gettime(CLOCK_MONOTONIC, &t);
        return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct connection {
        int fd;
        double due; /* 0: it is idle */
        size_t got, wanted;
        char *buffer;
};

static int open_connection(int port)
{
        struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof at) != 0) {
                perror("connecting");
                exit(1);
        }
        return fd;
}

static void ask(struct connection *c, const char *path, double due)
{
        char request[1024];
        int size = g_snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", path);

        c->due = due;
        c->got = c->wanted = 0;
        if (send(c->fd, request, (size_t)size, MSG_NOSIGNAL) != size) {
                perror("asking");
                exit(1);
        }
}

/* True when the answer is whole. */
static bool take(struct connection *c)
{
        ssize_t n = recv(c->fd, c->buffer + c->got, ANSWER_MAX - c->got - 1, MSG_DONTWAIT);
        const char *head, *length;

        if (n <= 0) {
                if (n < 0 && (errno == EAGAIN || errno == EINTR))
                        return false;
                fputs("the server closed a connection\n", stderr);
                exit(1);
        }
        c->got += (size_t)n;
        c->buffer[c->got] = '\0';
        if (c->wanted == 0 && (head = strstr(c->buffer, "\r\n\r\n")) != NULL) {
                length = strcasestr(c->buffer, "content-length:");
                c->wanted = (size_t)(head + 4 - c->buffer) + (length != NULL ? strtoul(length + 15, NULL, 10) : 0);
        }
        return c->wanted > 0 && c->got >= c->wanted;
}

static int by_size(const void *a, const void *b)
{
        double x = *(const double *)a, y = *(const double *)b;

        return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
        struct connection all[CONNECTIONS] = {0};
        struct pollfd polls[CONNECTIONS];
        char *text = NULL;
        size_t asked = 0, done = 0;

        if (argc != 5 || !g_file_get_contents(argv[4], &text, NULL, NULL)) {
                fputs("usage: pace PORT RATE SECONDS PATHS\n", stderr);
                return 2;
        }
        int port = atoi(argv[1]);
        double rate = atof(argv[2]), seconds = atof(argv[3]);
        size_t wanted = (size_t)(rate * seconds);
        char **paths = g_strsplit(g_strchomp(text), "\n", -1);
        size_t n_paths = g_strv_length(paths);
        double *took = g_new(double, wanted);

        prctl(PR_SET_TIMERSLACK, 1000UL, 0, 0, 0);
        for (size_t i = 0; i < CONNECTIONS; i++) {
                all[i].fd = open_connection(port);
                all[i].buffer = g_malloc(ANSWER_MAX);
                polls[i] = (struct pollfd){.fd = all[i].fd, .events = POLLIN};
        }
        double begun = now();
        while (done < wanted) {
                double due = begun + (double)asked / rate, wait;
                size_t idle = 0;

                while (idle < CONNECTIONS && all[idle].due > 0)
                        idle++;
                if (asked < wanted && idle < CONNECTIONS && now() >= due) {
                        ask(&all[idle], paths[asked % n_paths], due);
                        asked++;
                        continue;
                }
                wait = asked < wanted && idle < CONNECTIONS ? fmax(0, due - now()) : 1;
                struct timespec limit = {(time_t)wait, (long)((wait - floor(wait)) * 1e9)};
                if (ppoll(polls, CONNECTIONS, &limit, NULL) <= 0)
                        continue;
                for (size_t i = 0; i < CONNECTIONS; i++)
                        if ((polls[i].revents & (POLLIN | POLLHUP | POLLERR)) != 0 && take(&all[i])) {
                                took[done++] = (now() - all[i].due) * 1000;
                                all[i].due = 0;
                        }
        }
        qsort(took, done, sizeof *took, by_size);
        printf("%.3f %.3f %.3f %.3f %zu\n", took[done / 2], took[done * 99 / 100], took[done * 999 / 1000],
               took[done - 1], done);
        return 0;
}
