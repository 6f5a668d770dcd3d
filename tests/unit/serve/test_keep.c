/*
 * May an answer that is kept be given again? Every way in which it may not: what was withdrawn, has ended, or went dark
 * between two requests on a hot cache. `as_of` tells whether an answer was kept: it is the moment of its making.
 */
#include "unit/serve/sample.h"

#include <glib/gstdio.h>

#include "serve/serve.h"
#include "unit/http/client.h"

#define R1 "01AAAAAAAAAAAAAAAAAAAAAAA1"
#define P1 "01BBBBBBBBBBBBBBBBBBBBBBB1"
#define LIST "/v1/products/TENT/reviews?territory=DE"
#define PAGE "/v1/products/TENT/reviews.html?territory=DE"
#define ALONE "/v1/items/" P1 "?territory=DE"
#define PHOTO "/m/" KEY_A "/pdp-card.640.jpg"

static struct sample s;
static plc_serve *server;
static const char *at;
static int64_t now;
static struct plc_serve_config config;

static int64_t test_now(void *context)
{
        return *(int64_t *)context;
}

/* A review without end, a photo in it until T0 + 1 h. */
static void publish(void)
{
        struct plc_index_segment open = open_in("DE"), ends = open_in("DE");
        struct plc_index_item r = review(R1, "en", "It stands."), p = photo(P1, R1, KEY_A, "Olive tent");
        struct plc_index_rendition file =
                rendition(&s, "pdp-card", "pdp-card.640.jpg", "pdp", 640, 480, "0123456789", 10);

        ends.until_ms = T0 + HOUR;
        put(&s, &r, &open, 1, NULL, 0, T0);
        put(&s, &p, &ends, 1, &file, 1, T0);
}

static void start(void)
{
        static const char *const languages[] = {"en", NULL};
        GError *error = NULL;

        now = T0;
        config = (struct plc_serve_config){.public_dir = s.dir,
                                           .listen = "127.0.0.1:0",
                                           .languages = languages,
                                           .territory_header = "X-Country",
                                           .json_max_age = 60,
                                           .media_max_age = 300,
                                           .now = test_now,
                                           .now_context = &now};
        plc_serve_start(&config, NULL, &server, &error);
        g_assert_no_error(error);
        at = plc_serve_address(server);
}

static void begin(void)
{
        sample_open(&s);
        publish();
        start();
}

static void end(void)
{
        plc_serve_stop(server, 100);
        sample_close(&s);
}

static struct answer ask(const char *method, const char *path, const char *headers)
{
        g_autofree char *line = g_strdup_printf("%s %s", method, path);
        return client_once(at, line, headers);
}

/* Twice, so that it is kept; the second time is told by the moment that the first was made. */
static void warm(void)
{
        static const char *const paths[] = {LIST, PAGE, ALONE, PHOTO};

        for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
                struct answer a = ask("GET", paths[i], "");
                g_assert_cmpuint(a.status, ==, 200);
                answer_clear(&a);
        }
        now += 1000;
        struct answer a = ask("GET", LIST, "");
        char made[PLC_TIME_SIZE];
        plc_time_format(now - 1000, made);
        g_test_message("it is hot: made at %s", made);
        g_assert_nonnull(strstr(a.body, made));
        g_assert_nonnull(strstr(a.body, KEY_A));
        answer_clear(&a);
}

/* In no form of asking: plain, HEAD, conditional, a part, compressed. */
static void is_dark(const char *sentence)
{
        static const char *const headers[] = {"", "If-None-Match: *\r\n", "Range: bytes=0-3\r\n",
                                              "Accept-Encoding: gzip\r\n"};
        for (size_t i = 0; i < G_N_ELEMENTS(headers); i++) {
                g_test_message("%s (%s)", sentence, headers[i]);
                struct answer file = ask("GET", PHOTO, headers[i]), head = ask("HEAD", PHOTO, headers[i]);
                g_assert_cmpuint(file.status, ==, 404);
                g_assert_cmpuint(head.status, ==, 404);
                answer_clear(&file);
                answer_clear(&head);
        }
        struct answer list = ask("GET", LIST, ""), page = ask("GET", PAGE, ""), alone = ask("GET", ALONE, "");
        g_assert_cmpuint(alone.status, ==, 404);
        answer_clear(&alone);
        g_assert_null(strstr(list.body, KEY_A));
        g_assert_null(strstr(page.body, KEY_A));
        answer_clear(&list);
        answer_clear(&page);
}

static void test_withdrawn(void)
{
        begin();
        warm();
        put(&s, &(struct plc_index_item){.id = P1}, NULL, 0, NULL, 0, T0);
        is_dark("withdrawn between two requests");
        g_test_message("what it was made of is as before: the clock did not move");
        end();
}

static void test_expired(void)
{
        begin();
        warm();
        now = T0 + HOUR - 1;
        struct answer a = ask("GET", PHOTO, "");
        g_autofree char *cache = answer_header(&a, "Cache-Control");
        g_assert_cmpuint(a.status, ==, 200);
        g_assert_cmpstr(cache, ==, "public, max-age=0, must-revalidate");
        answer_clear(&a);
        now = T0 + HOUR;
        is_dark("expired while it was kept");
        end();
}

/* What is kept must not promise more time than is left when it is given again. */
static void test_max_age_shrinks(void)
{
        begin();
        now = T0 + HOUR - 301000;
        struct answer a = ask("GET", PHOTO, "");
        g_autofree char *full = answer_header(&a, "Cache-Control");
        g_assert_cmpstr(full, ==, "public, max-age=300, must-revalidate");
        answer_clear(&a);
        for (int64_t left = 300999; left > 0; left -= 9973) {
                now = T0 + HOUR - left;
                a = ask("GET", PHOTO, "");
                g_autofree char *value = answer_header(&a, "Cache-Control");
                int64_t told = g_ascii_strtoll(value + strlen("public, max-age="), NULL, 10);
                g_assert_cmpint(told * 1000, <=, left);
                g_assert_cmpint(told, >=, MIN(left / 1000, 300));
                answer_clear(&a);
        }
        end();
}

static void test_clock_set_back(void)
{
        begin();
        now = T0 + 5000;
        struct answer a = ask("GET", LIST, "");
        answer_clear(&a);
        g_test_message("an answer of a later moment is not one of an earlier");
        now = T0 + 4000;
        a = ask("GET", LIST, "");
        char made[PLC_TIME_SIZE];
        plc_time_format(now, made);
        g_assert_nonnull(strstr(a.body, made));
        answer_clear(&a);
        end();
}

static void test_opens(void)
{
        begin();
        struct plc_index_segment later = open_in("DE");
        struct plc_index_item r = review("01AAAAAAAAAAAAAAAAAAAAAAA2", "en", "Opens later.");
        later.from_ms = T0 + 5000;
        put(&s, &r, &later, 1, NULL, 0, T0);
        warm();
        now = T0 + 12000;
        struct answer a = ask("GET", LIST, "");
        g_assert_nonnull(strstr(a.body, "Opens later."));
        answer_clear(&a);
        end();
}

static void test_lease(void)
{
        begin();
        OK(plc_index_renew_lease(s.writer, T0, 14 * PLC_DAY_MS, &error));
        warm();
        g_test_message("a lease that was shortened ends what is kept, although nothing was published");
        OK(plc_index_renew_lease(s.writer, T0, 3500, &error));
        struct answer a = ask("GET", LIST, "");
        g_autofree char *cache = answer_header(&a, "Cache-Control");
        g_assert_nonnull(strstr(a.body, KEY_A));
        g_assert_cmpstr(cache, ==, "public, max-age=2, must-revalidate");
        answer_clear(&a);
        now = T0 + 3500;
        is_dark("the lease has run out");
        end();
}

static void test_renewed_lease_keeps(void)
{
        begin();
        OK(plc_index_renew_lease(s.writer, T0, 14 * PLC_DAY_MS, &error));
        struct answer a = ask("GET", LIST, "");
        answer_clear(&a);
        OK(plc_index_renew_lease(s.writer, T0 + 1000, 14 * PLC_DAY_MS, &error));
        now = T0 + 1000;
        a = ask("GET", LIST, "");
        char made[PLC_TIME_SIZE];
        plc_time_format(T0, made);
        g_assert_nonnull(strstr(a.body, made));
        answer_clear(&a);
        end();
}

/* The office is gone, and with it the writer's part of the log's index. */
static void test_without_office(void)
{
        begin();
        warm();
        plc_index_writer_close(g_steal_pointer(&s.writer));
        struct answer a = ask("GET", PHOTO, "");
        g_assert_cmpuint(a.status, ==, 200);
        answer_clear(&a);
        OK(plc_index_writer_open(s.dir, NULL, &s.writer, &error));
        put(&s, &(struct plc_index_item){.id = P1}, NULL, 0, NULL, 0, T0);
        is_dark("withdrawn by an office that was started again");
        end();
}

/* Another index.db in the place of the open one: it is noticed within a second or two, without a restart. */
static void test_replaced(void)
{
        static const char *const files[] = {"index.db", "index.db-wal", "index.db-shm"};

        begin();
        warm();
        plc_index_writer_close(g_steal_pointer(&s.writer));
        for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
                g_autofree char *path = g_build_filename(s.dir, files[i], NULL);
                g_unlink(path);
        }
        OK(plc_index_writer_open(s.dir, NULL, &s.writer, &error));
        struct plc_index_segment world = open_in("WW");
        struct plc_index_item r = review(R1, "en", "It stands.");
        put(&s, &r, &world, 1, NULL, 0, T0);
        put(&s, &r, &world, 1, NULL, 0, T0); /* the same number of publications as the one before */
        int64_t deadline = g_get_monotonic_time() + 5 * G_USEC_PER_SEC;
        unsigned status = 200;
        while (status == 200 && g_get_monotonic_time() < deadline) {
                struct answer a = ask("GET", PHOTO, "");
                status = a.status;
                answer_clear(&a);
        }
        is_dark("not in the index that was restored");
        end();
}

/* One address, two answers: the territory header is part of the question. */
static void test_header(void)
{
        begin();
        const char *path = "/v1/products/TENT/reviews";
        struct answer de = ask("GET", path, "X-Country: DE\r\n"), fr = ask("GET", path, "X-Country: FR\r\n"),
                      none = ask("GET", path, "");
        g_assert_nonnull(strstr(de.body, KEY_A));
        g_assert_null(strstr(fr.body, KEY_A));
        g_assert_null(strstr(none.body, KEY_A));
        answer_clear(&de);
        answer_clear(&fr);
        answer_clear(&none);
        end();
}

/* The forms of one kept answer: each is right by itself. */
static void test_forms(void)
{
        begin();
        g_autofree char *text = g_strnfill(3000, 'x');
        struct plc_index_item r = review(R1, "en", text);
        struct plc_index_segment open = open_in("DE");
        put(&s, &r, &open, 1, NULL, 0, T0);
        for (int round = 0; round < 2; round++) {
                g_test_message("%s", round == 0 ? "made now" : "kept");
                struct answer plain = ask("GET", LIST, ""), zipped = ask("GET", LIST, "Accept-Encoding: br, gzip\r\n"),
                              refused = ask("GET", LIST, "Accept-Encoding: gzip;q=0\r\n"), head = ask("HEAD", LIST, "");
                g_autofree char *etag = answer_header(&plain, "ETag"),
                                *coding = answer_header(&zipped, "Content-Encoding"),
                                *none = answer_header(&refused, "Content-Encoding"),
                                *vary = answer_header(&plain, "Vary"), *length = answer_header(&head, "Content-Length");
                g_autofree char *match = g_strdup_printf("If-None-Match: %s\r\n", etag);
                g_autofree char *same = g_strdup_printf("%zu", plain.body_size);
                struct answer unchanged = ask("GET", LIST, match);
                g_assert_cmpstr(coding, ==, "gzip");
                g_assert_cmpuint(zipped.body_size, <, plain.body_size / 2);
                g_assert_cmpint((uint8_t)zipped.body[0], ==, 0x1f);
                g_assert_cmpstr(none, ==, "");
                g_assert_nonnull(strstr(vary, "Accept-Encoding"));
                g_assert_cmpstr(length, ==, same);
                g_assert_cmpuint(head.body_size, ==, 0);
                g_assert_cmpuint(unchanged.status, ==, 304);
                g_assert_cmpuint(unchanged.body_size, ==, 0);
                answer_clear(&plain);
                answer_clear(&zipped);
                answer_clear(&refused);
                answer_clear(&head);
                answer_clear(&unchanged);
        }
        end();
}

static double kept_bytes(void)
{
        struct answer a = ask("GET", "/metrics", "");
        const char *told = strstr(a.body, "\nplacet_kept_bytes ");
        g_assert_nonnull(told);
        double bytes = g_ascii_strtod(told + strlen("\nplacet_kept_bytes "), NULL);
        answer_clear(&a);
        return bytes;
}

static void test_room(void)
{
        static const struct {
                const char *sentence, *headers;
                bool more;
        } asked[] = {{"an answer takes room", "", true},
                     {"not more when it is given again", "", false},
                     {"compressed, it takes more", "Accept-Encoding: gzip\r\n", true},
                     {"that nothing has changed is headers too", "If-None-Match: *\r\n", true},
                     {"and each of these is made once", "If-None-Match: *\r\n", false}};

        begin();
        double before = kept_bytes();
        g_assert_cmpfloat(before, ==, 0);
        for (size_t i = 0; i < G_N_ELEMENTS(asked); i++) {
                struct answer a = ask("GET", PAGE, asked[i].headers);
                double after = kept_bytes();

                g_test_message("%s: %.0f", asked[i].sentence, after);
                g_assert_cmpuint(a.status, ==, strstr(asked[i].headers, "None") != NULL ? 304 : 200);
                if (asked[i].more)
                        g_assert_cmpfloat(after, >,
                                          before); /* what is compressed is told rightly when it is asked again */
                else
                        g_assert_cmpfloat(after, <=, before);
                before = after;
                answer_clear(&a);
        }
        end();
}

/* The moment at which a list was made, and that this is the one expected. */
static void was_made(const char *path, int64_t when)
{
        struct answer a = ask("GET", path, "");
        char made[PLC_TIME_SIZE];

        plc_time_format(when, made);
        g_assert_cmpuint(a.status, ==, 200);
        g_assert_nonnull(strstr(a.body, made));
        answer_clear(&a);
}

static char *numbered(int i)
{
        return g_strdup_printf(LIST "&limit=%d&lang=%c%c", 1 + i % 50, 'a' + i / 50 % 26, 'a' + i / 1300);
}

/* When all room is taken, what is asked again and again stays, and what is asked twice takes the place of what is not.
 */
static void test_full(void)
{
        begin();
        g_autofree char *text = g_strnfill(100000, 'x');
        struct plc_index_item r = review(R1, "en", text);
        struct plc_index_segment open = open_in("DE");
        int n = 0;
        put(&s, &r, &open, 1, NULL, 0, T0);
        for (double before = -1, after = 0; after > before && n < 1000; after = kept_bytes()) {
                before = after;
                for (int i = 0; i < 10; i++) {
                        g_autofree char *path = numbered(n++);
                        was_made(path, T0);
                }
        }
        g_test_message("full after %d: %.0f", n, kept_bytes());
        g_assert_cmpint(n, <, 1000);
        now += 1000;
        g_autofree char *first = numbered(0), *second = numbered(1);
        for (int i = 0; i < 8; i++) {
                g_autofree char *newer = numbered(n++);
                was_made(first, T0);
                for (int times = 0; times < 3; times++)
                        was_made(newer, now);
                now++;
                g_test_message("%s is kept in the place of one that nobody asks for", newer);
                was_made(newer, now - 1);
        }
        was_made(first, T0);
        was_made(second, now);
        g_assert_cmpfloat(kept_bytes(), <=, 40 * 1024 * 1024);
        end();
}

/* What is kept tells when it is sent, and is otherwise the same. */
static void test_date(void)
{
        int64_t deadline = g_get_monotonic_time() + 5 * G_USEC_PER_SEC;

        begin();
        warm();
        struct answer a = ask("GET", LIST, "");
        g_autofree char *first = answer_header(&a, "Date"), *later = g_strdup(first);
        while (strcmp(later, first) == 0 && g_get_monotonic_time() < deadline) {
                struct answer b = ask("GET", LIST, "");
                g_free(later);
                later = answer_header(&b, "Date");
                g_autofree char *expected = g_strdup(a.head);
                memcpy(strstr(expected, first), later, strlen(first));
                g_assert_cmpstr(b.head, ==, expected);
                answer_clear(&b);
        }
        g_assert_cmpstr(later, !=, first);
        answer_clear(&a);
        end();
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_log_set_always_fatal(0);
        g_test_add_func("/serve/keep/withdrawn", test_withdrawn);
        g_test_add_func("/serve/keep/expired", test_expired);
        g_test_add_func("/serve/keep/max-age-shrinks", test_max_age_shrinks);
        g_test_add_func("/serve/keep/clock-set-back", test_clock_set_back);
        g_test_add_func("/serve/keep/opens", test_opens);
        g_test_add_func("/serve/keep/lease", test_lease);
        g_test_add_func("/serve/keep/renewed-lease", test_renewed_lease_keeps);
        g_test_add_func("/serve/keep/without-office", test_without_office);
        g_test_add_func("/serve/keep/replaced", test_replaced);
        g_test_add_func("/serve/keep/header", test_header);
        g_test_add_func("/serve/keep/forms", test_forms);
        g_test_add_func("/serve/keep/room", test_room);
        g_test_add_func("/serve/keep/full", test_full);
        g_test_add_func("/serve/keep/date", test_date);
        return g_test_run();
}
