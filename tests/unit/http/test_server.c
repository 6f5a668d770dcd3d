/* Does a request come to its handler, and does every kind of bad one get its answer, over real sockets? */
#include "base/file.h"
#include "client.h"
#include "http/http.h"
#include <sys/un.h>

static bool say(const plc_http_request *request, plc_http_response *response, void *context, GError **error)
{
        (void)context;
        GBytes *body = plc_http_body(request);
        int64_t limit = 0;
        if (!plc_http_param_int(request, "limit", 1, 50, 12, &limit, error))
                return false;
        GString *out = g_string_new(NULL);
        g_string_printf(out, "%s %s limit=%d body=%d", plc_http_method(request), plc_http_part(request, "name"),
                        (int)limit, body != NULL ? (int)g_bytes_get_size(body) : -1);
        plc_http_body_string(response, "text/plain; charset=utf-8", out);
        plc_http_etag(response, "\"v1\"");
        plc_http_set(response, "X-Injected", "a\r\nSet-Cookie: b");
        return true;
}

static bool file(const plc_http_request *request, plc_http_response *response, void *context, GError **error)
{
        (void)request;
        (void)context;
        int fd = -1;
        if (!plc_memfd("file", "0123456789", 10, true, &fd, error))
                return false;
        plc_http_body_file(response, "image/jpeg", fd, 10);
        plc_http_etag(response, "\"f\"");
        return true;
}

static bool breaks(const plc_http_request *request, plc_http_response *response, void *context, GError **error)
{
        (void)request;
        (void)response;
        (void)context;
        return plc_fail(error, PLC_E_IO, "reading /secret/path: I/O error");
}

static const struct plc_http_route routes[] = {
        {"GET", "/say/{name}", "limit", 0, say},
        {"POST", "/say/{name}", "limit", 16, say},
        {"GET", "/file", NULL, 0, file},
        {"GET", "/breaks", NULL, 0, breaks},
};

static unsigned errors_told;
static void count_error(const GError *error, const char *path, void *context)
{
        (void)error;
        (void)path;
        (void)context;
        errors_told++;
}

static plc_http_server *server;
static const char *at;

static void start(const char *listen_at, unsigned per_address)
{
        static struct plc_http_config config;
        g_autoptr(GError) error = NULL;
        config = (struct plc_http_config){.listen = listen_at,
                                          .routes = routes,
                                          .n_routes = G_N_ELEMENTS(routes),
                                          .cors = true,
                                          .max_per_address = per_address,
                                          .on_error = count_error};
        g_assert_true(plc_http_server_start(&config, NULL, &server, &error));
        g_assert_no_error(error);
        at = plc_http_server_address(server);
}

static const struct {
        const char *sentence, *line, *headers;
        unsigned status;
        const char *in_body, *in_head;
} rows[] = {
        {"a route answers", "GET /say/tent", "", 200, "GET tent limit=12 body=-1", "X-Content-Type-Options: nosniff"},
        {"its part is decoded", "GET /say/A%2FB", "", 200, "GET A/B", "Access-Control-Allow-Origin: *"},
        {"a parameter is read", "GET /say/tent?limit=3", "", 200, "limit=3", "default-src 'none'"},
        {"HEAD has no body", "HEAD /say/tent", "", 200, NULL, "Content-Length: 26"},
        {"what the reader has is not sent again", "GET /say/tent", "If-None-Match: W/\"v1\"\r\n", 304, NULL,
         "ETag: \"v1\""},
        {"an unknown address is not found", "GET /nothing", "", 404, "\"code\":\"not_found\"",
         "application/problem+json"},
        {"another method is told which", "DELETE /say/tent", "", 405, "\"code\":\"method\"",
         "Allow: GET, HEAD, POST, OPTIONS"},
        {"a browser may ask first", "OPTIONS /say/tent", "", 204, NULL,
         "Access-Control-Allow-Methods: GET, HEAD, POST"},
        {"an unknown parameter is named", "GET /say/tent?evil=1", "", 400, "\"parameter\":\"evil\"",
         "Connection: close"},
        {"a repeated parameter is named", "GET /say/tent?limit=1&limit=2", "", 400, "\"parameter\":\"limit\"",
         "problem+json"},
        {"a number out of range is named with its range", "GET /say/tent?limit=51", "", 400, "from 1 to 50",
         "problem+json"},
        {"a number that is none is named", "GET /say/tent?limit=0x1", "", 400, "\"parameter\":\"limit\"",
         "problem+json"},
        {"a huge number is named", "GET /say/tent?limit=9999999999999999999999", "", 400, "\"limit\"", "problem+json"},
        {"a bad escape in the path", "GET /say/%zz", "", 400, "\"code\":\"bad_request\"", "Connection: close"},
        {"two dots name nothing", "GET /say/..", "", 400, "\"code\":\"bad_request\"", "problem+json"},
        {"a file is sent", "GET /file", "", 200, "0123456789", "Accept-Ranges: bytes"},
        {"a part of a file", "GET /file", "Range: bytes=2-4\r\n", 206, "234", "Content-Range: bytes 2-4/10"},
        {"the end of a file", "GET /file", "Range: bytes=-1\r\n", 206, "9", "Content-Length: 1"},
        {"a part beyond its end", "GET /file", "Range: bytes=10-\r\n", 416, NULL, "Content-Range: bytes */10"},
        {"several parts are the whole", "GET /file", "Range: bytes=0-1,3-4\r\n", 200, "0123456789",
         "Content-Length: 10"},
        {"a part of a file that changed is the whole", "GET /file", "Range: bytes=0-1\r\nIf-Range: \"g\"\r\n", 200,
         "0123456789", "200"},
        {"a part of the same file", "GET /file", "Range: bytes=0-1\r\nIf-Range: \"f\"\r\n", 206, "01", "206"},
        {"HEAD of a file", "HEAD /file", "Range: bytes=0-1\r\n", 200, NULL, "Content-Length: 10"},
        {"304 comes before 206", "GET /file", "Range: bytes=0-1\r\nIf-None-Match: \"f\"\r\n", 304, NULL, "304"},
        {"our own fault tells nothing of itself", "GET /breaks", "", 500, "storage did not answer", "no-store"},
        {"two lengths are ambiguous", "POST /say/x", "Content-Length: 0\r\nContent-Length: 0\r\n", 400, "bad_request",
         "Connection: close"},
        {"a length and chunks are ambiguous", "POST /say/x", "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", 400,
         NULL, "400"},
        {"chunks have no length", "POST /say/x", "Transfer-Encoding: chunked\r\n", 411, "no_length",
         "Connection: close"},
        {"nor has an encoding that nobody knows", "POST /say/x", "Transfer-Encoding: xchunked\r\n", 411, "no_length",
         "Connection: close"},
        {"a blank before the colon is ambiguous", "POST /say/x", "Content-Length : 4\r\n", 400, "bad_request",
         "Connection: close"},
        {"a line that ends for some", "GET /say/x", "X: a\rContent-Length: 4\r\n", 400, "bad_request",
         "Connection: close"},
        {"two hosts are ambiguous", "GET /say/x", "Host: b\r\n", 400, "bad_request", "Connection: close"},
        {"a body that is announced as too big", "POST /say/x", "Content-Length: 17\r\n", 413, "too_big",
         "Connection: close"},
        {"a body where none is taken", "GET /say/x", "Content-Length: 5\r\n", 413, "too_big", "Connection: close"},
};

static void test_answers(void)
{
        start("127.0.0.1:0", 0);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                struct answer a = client_once(at, rows[i].line, rows[i].headers);
                g_test_message("%s: %s%s", rows[i].sentence, a.head, a.body);
                g_assert_cmpuint(a.status, ==, rows[i].status);
                if (rows[i].in_body != NULL)
                        g_assert_nonnull(strstr(a.body, rows[i].in_body));
                if (rows[i].status == 304 || strncmp(rows[i].line, "HEAD", 4) == 0)
                        g_assert_cmpuint(a.body_size, ==, 0);
                g_assert_nonnull(strstr(a.head, rows[i].in_head));
                g_assert_null(strstr(a.head, "Set-Cookie"));
                g_assert_null(strstr(a.body, "secret"));
                answer_clear(&a);
        }
        g_assert_cmpuint(errors_told, ==, 1);
        plc_http_server_stop(server, 100);
}

static void test_bodies(void)
{
        start("127.0.0.1:0", 0);
        int fd = client_connect(at);
        const char *whole = "POST /say/x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcd";
        struct answer a = client_ask(fd, whole, strlen(whole));
        g_assert_cmpstr(a.body, ==, "POST x limit=12 body=4");
        answer_clear(&a);
        g_test_message("the connection is used again");
        a = client_ask(fd, whole, strlen(whole));
        g_assert_cmpuint(a.status, ==, 200);
        answer_clear(&a);
        g_test_message("also after an address that is not there");
        const char *nothing = "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n";
        a = client_ask(fd, nothing, strlen(nothing));
        g_assert_cmpuint(a.status, ==, 404);
        answer_clear(&a);
        a = client_ask(fd, whole, strlen(whole));
        g_assert_cmpuint(a.status, ==, 200);
        answer_clear(&a);
        close(fd);
        plc_http_server_stop(server, 100);
}

/* What browsers send at the most: cookies of 8 KB for a whole shop, beside their own headers; and as long an address.
 */
static void test_long_lines(void)
{
        static const char browser[] =
                "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 "
                "Safari/537.36\r\nAccept: application/json\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n"
                "Accept-Language: de-DE,de;q=0.9,en;q=0.8\r\nReferer: https://shop.example/p/tent\r\n"
                "Sec-Fetch-Dest: empty\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Site: same-site\r\n"
                "sec-ch-ua: \"Chromium\";v=\"139\"\r\nsec-ch-ua-mobile: ?0\r\nsec-ch-ua-platform: \"Linux\"\r\n";
        g_autofree char *long_one = g_strnfill(PLC_HTTP_MAX_URL - 32, 'a');
        g_autofree char *cookies = g_strdup_printf("%sCookie: a=%.*s\r\n", browser, 7000, long_one);
        g_autofree char *line = g_strconcat("GET /nothing/", long_one, NULL);

        start("127.0.0.1:0", 0);
        struct answer a = client_once(at, "GET /say/tent", cookies);
        g_assert_cmpuint(a.status, ==, 200);
        answer_clear(&a);
        a = client_once(at, line, browser);
        g_assert_cmpuint(a.status, ==, 400); /* by us: a part of more than PLC_HTTP_MAX_VALUE */
        g_assert_nonnull(strstr(a.body, "bad_request"));
        answer_clear(&a);
        plc_http_server_stop(server, 100);
}

/* Whole requests, as the library would have judged them by itself: with a head in the body, or without an answer. */
static void test_judged_by_us(void)
{
        static const struct {
                const char *sentence, *request, *in_body;
        } wrong[] = {
                {"a request names its host", "GET /say/tent HTTP/1.1\r\n\r\n", "{\"type\""},
                {"a blank is no part of a target", "GET /say/tent?limit= 5 HTTP/1.1\r\nHost: a\r\n\r\n", "{\"type\""},
        };

        start("127.0.0.1:0", 0);
        for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
                int fd = client_connect(at);
                struct answer a = client_ask(fd, wrong[i].request, strlen(wrong[i].request));
                g_test_message("%s: %s%s", wrong[i].sentence, a.head, a.body);
                g_assert_cmpuint(a.status, ==, 400);
                g_assert_true(g_str_has_prefix(a.body, wrong[i].in_body));
                answer_clear(&a);
                close(fd);
        }
        g_test_message("HTTP/1.0 needs none");
        int fd = client_connect(at);
        struct answer a = client_ask(fd, "GET /say/tent HTTP/1.0\r\n\r\n", 26);
        g_assert_cmpuint(a.status, ==, 200);
        answer_clear(&a);
        close(fd);
        g_test_message("of many parameters, the first that is one too many is named");
        g_autoptr(GString) line = g_string_new("GET /say/tent?");
        for (unsigned i = 0; i < 900; i++)
                g_string_append_printf(line, "&p%u=1" + (i == 0), i);
        a = client_once(at, line->str, "");
        g_assert_cmpuint(a.status, ==, 400);
        g_assert_nonnull(strstr(a.body, "\"parameter\":\"p32\""));
        answer_clear(&a);
        plc_http_server_stop(server, 100);
}

static void test_floods(void)
{
        start("127.0.0.1:0", 0);
        g_autofree char *fill = g_strnfill(PLC_HTTP_MAX_URL, 'a');
        g_autofree char *line = g_strdup_printf("GET /say/%s", fill);
        struct answer a = client_once(at, line, "");
        g_assert_cmpuint(a.status, ==, 414);
        answer_clear(&a);
        g_test_message("64 KiB of headers are refused");
        g_autofree char *more = g_strnfill(65536, 'b');
        g_autofree char *header = g_strdup_printf("X-Flood: %s\r\n", more);
        a = client_once(at, "GET /say/x", header);
        g_assert_true(a.closed || (a.status >= 400 && a.status < 500));
        answer_clear(&a);
        g_test_message("bytes that are no request are refused");
        int fd = client_connect(at);
        a = client_ask(fd, "\x16\x03\x01\x02\r\n\r\n\r\n", 10);
        g_assert_cmpuint(a.status, !=, 200);
        answer_clear(&a);
        close(fd);
        g_test_message("and the next client is served");
        a = client_once(at, "GET /say/tent", "");
        g_assert_cmpuint(a.status, ==, 200);
        answer_clear(&a);
        plc_http_server_stop(server, 100);
}

static void test_per_address(void)
{
        start("127.0.0.1:0", 2);
        int first = client_connect(at), second = client_connect(at), third = client_connect(at);
        const char *ask = "GET /say/x HTTP/1.1\r\nHost: a\r\n\r\n";
        struct answer a = client_ask(first, ask, strlen(ask));
        struct answer b = client_ask(second, ask, strlen(ask));
        struct answer c = client_ask(third, ask, strlen(ask));
        g_assert_cmpuint(a.status, ==, 200);
        g_assert_cmpuint(b.status, ==, 200);
        g_assert_true(c.closed && c.status == 0);
        answer_clear(&a);
        answer_clear(&b);
        answer_clear(&c);
        close(first);
        close(second);
        close(third);
        plc_http_server_stop(server, 100);
}

static void test_unix_socket(void)
{
        g_autofree char *dir = g_dir_make_tmp("plc-http-XXXXXX", NULL);
        g_autofree char *path = g_build_filename(dir, "office.sock", NULL);
        g_autofree char *url = g_strconcat("unix:", path, NULL);
        struct sockaddr_un to = {.sun_family = AF_UNIX};
        struct stat st;

        for (int round = 0; round < 2; round++) { /* the second time over a socket that nobody listens on any more */
                start(url, 0);
                g_assert_cmpint(stat(path, &st), ==, 0);
                g_assert_cmpuint(st.st_mode & 0777, ==, 0600);
                g_strlcpy(to.sun_path, path, sizeof to.sun_path);
                int fd = socket(AF_UNIX, SOCK_STREAM, 0);
                g_assert_cmpint(connect(fd, (struct sockaddr *)&to, sizeof to), ==, 0);
                const char *ask = "GET /say/x HTTP/1.1\r\nHost: a\r\n\r\n";
                struct answer a = client_ask(fd, ask, strlen(ask));
                g_assert_cmpuint(a.status, ==, 200);
                answer_clear(&a);
                close(fd);
                plc_http_server_stop(server, 100);
                g_assert_cmpint(stat(path, &st), !=, 0);
                if (round == 0) {
                        int dead = socket(AF_UNIX, SOCK_STREAM, 0);
                        g_assert_cmpint(bind(dead, (struct sockaddr *)&to, sizeof to), ==, 0);
                        close(dead);
                }
        }
        rmdir(dir);
}

static void test_accepts(void)
{
        static const struct {
                const char *header;
                bool accepted;
        } accepted[] = {
                {"gzip", true},
                {"gzip, deflate, br", true},
                {"br;q=1.0, gzip;q=0.5", true},
                {"GZIP", true},
                {"gzip;q=0", false},
                {"gzip;q=0.0", false},
                {"gzip; q=0.000", false},
                {"gzip;Q=0", false},
                {"deflate", false},
                {"", false},
                {"x-gzip", false},
                {"gzipped", false},
                {" ,, gzip", true},
                {"gzip;q=0.001", true},
                {"identity;q=0,gzip", true},
                {NULL, false},
        };
        for (size_t i = 0; i < G_N_ELEMENTS(accepted); i++) {
                g_test_message("%s", accepted[i].header != NULL ? accepted[i].header : "none");
                g_assert_cmpint(plc_http_accepts(accepted[i].header, "gzip"), ==, accepted[i].accepted);
        }
}

static void test_listen_faults(void)
{
        static const char *const bad[] = {"8080",         "localhost:80", "127.0.0.1:", "127.0.0.1:70000",
                                          "127.0.0.1:8a", "[::1:80",      ":80"};
        for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
                g_autoptr(GError) error = NULL;
                struct plc_http_config config = {.listen = bad[i], .routes = routes, .n_routes = 1};
                g_assert_false(plc_http_server_start(&config, NULL, &server, &error));
                g_assert_cmpint((int)plc_error_code(error), ==, PLC_E_BAD_CONFIG);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/http/server/answers", test_answers);
        g_test_add_func("/http/server/bodies", test_bodies);
        g_test_add_func("/http/server/long-lines", test_long_lines);
        g_test_add_func("/http/server/judged-by-us", test_judged_by_us);
        g_test_add_func("/http/server/floods", test_floods);
        g_test_add_func("/http/server/per-address", test_per_address);
        g_test_add_func("/http/server/unix-socket", test_unix_socket);
        g_test_add_func("/http/server/listen-faults", test_listen_faults);
        g_test_add_func("/http/server/accepts", test_accepts);
        return g_test_run();
}
