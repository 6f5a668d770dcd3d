/*
 * Is a list that is sent compressed, byte for byte, the one that is sent as it is, whatever opens, ends or is withdrawn
 * meanwhile, and is nothing of it compressed that was compressed when it was published? Asked over real HTTP, at a time
 * that the test moves; read by zlib.
 */
#include "unit/serve/sample.h"

#include <zlib.h>

#include "serve/serve.h"
#include "unit/http/client.h"

#define REVIEWS 14
#define LIST "/v1/products/TENT/reviews"
#define MINUTE (HOUR / 60)

static struct sample s;
static plc_serve *server;
static const char *at;
static int64_t now;

static int64_t test_now(void *context)
{
        return *(int64_t *)context;
}

static const char *id_of(int nr)
{
        static char id[32];

        g_snprintf(id, sizeof id, "01AAAAAAAAAAAAAAAAAAAAAA%02d", nr);
        return id;
}

static void put_review(int nr, const char *where, int64_t from, int64_t until)
{
        g_autofree char *text = g_strdup_printf("Text %d of the tent: it stood in the rain, and the zipper of the "
                                                "inner room still runs after %d nights.",
                                                nr, 3 + nr * 7);
        struct plc_index_item item = review(id_of(nr), "en", text);
        struct plc_index_segment segment = open_in(where);

        item.written_at = T0 - nr * HOUR;
        segment.from_ms = from;
        segment.until_ms = until;
        put(&s, &item, &segment, 1, NULL, 0, T0);
}

/* The third opens an hour later, the fourth ends an hour after that; the fifth may be seen in two countries alone. */
static void begin(void)
{
        static const struct plc_serve_config config = {.listen = "127.0.0.1:0",
                                                       .languages = sample_languages,
                                                       .territory_header = "X-Country",
                                                       .json_max_age = 60,
                                                       .media_max_age = 300,
                                                       .now = test_now,
                                                       .now_context = &now};
        struct plc_serve_config own = config;

        sample_open(&s);
        for (int nr = 1; nr <= REVIEWS; nr++)
                put_review(nr, nr == 5 ? "DE AT" : "WW", nr == 3 ? T0 + HOUR : T0,
                           nr == 4 ? T0 + 2 * HOUR : PLC_TIME_NEVER);
        now = T0;
        own.public_dir = s.dir;
        OK(plc_serve_start(&own, NULL, &server, &error));
        at = plc_serve_address(server);
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

static void assert_header(const struct answer *a, const char *name, const char *value)
{
        g_autofree char *found = answer_header(a, name);
        g_assert_cmpstr(found, ==, value);
}

static GBytes *gunzip(const struct answer *a)
{
        static uint8_t out[1 << 20];
        z_stream stream = {
                .next_in = (Bytef *)a->body, .avail_in = (uInt)a->body_size, .next_out = out, .avail_out = sizeof out};

        g_assert_cmpint(inflateInit2(&stream, MAX_WBITS + 16), ==, Z_OK);
        g_assert_cmpint(inflate(&stream, Z_FINISH), ==, Z_STREAM_END);
        g_assert_cmpuint(stream.avail_in, ==, 0);
        size_t size = stream.total_out;
        inflateEnd(&stream);
        return g_bytes_new(out, size);
}

/* Begins with bytes that are not compressed, which no compressor of JSON would do: what was packed follows them. */
static bool is_packed(const struct answer *a)
{
        return a->body_size > 18 && a->body[10] == 0;
}

/* In each form of asking. Whoever asks first is answered anew: what was kept of a minute ago is not given again. */
static void expect(const char *sentence, const char *path, bool packed, const char *has, const char *lacks)
{
        g_test_message("%s: %s", sentence, path);
        now += MINUTE;
        struct answer zipped = ask("GET", path, "Accept-Encoding: gzip, br\r\n"), plain = ask("GET", path, ""),
                      head = ask("HEAD", path, "Accept-Encoding: gzip\r\n");
        g_autoptr(GBytes) inside = gunzip(&zipped);
        g_autofree char *etag = answer_header(&zipped, "ETag");
        g_autofree char *length = g_strdup_printf("%zu", zipped.body_size);
        g_autofree char *condition = g_strdup_printf("Accept-Encoding: gzip\r\nIf-None-Match: %s\r\n", etag);
        struct answer unchanged = ask("GET", path, condition);

        g_autoptr(GBytes) as_it_is = g_bytes_new(plain.body, plain.body_size);
        g_assert_true(g_bytes_equal(inside, as_it_is));
        g_assert_cmpint(is_packed(&zipped), ==, packed);
        g_assert_nonnull(strstr(plain.body, has));
        g_assert_true(lacks == NULL || strstr(plain.body, lacks) == NULL);
        assert_header(&zipped, "Content-Encoding", "gzip");
        assert_header(&plain, "Content-Encoding", "");
        assert_header(&head, "Content-Encoding", "gzip");
        assert_header(&head, "Content-Length", length);
        assert_header(&plain, "ETag", etag);
        const char *vary = strstr(path, "territory=") != NULL ? "Accept-Encoding" : "X-Country, Accept-Encoding";
        assert_header(&zipped, "Vary", vary);
        assert_header(&plain, "Vary", vary);
        assert_header(&unchanged, "Vary", vary);
        g_assert_cmpuint(unchanged.status, ==, 304);
        g_assert_cmpuint(unchanged.body_size, ==, 0);
        assert_header(&unchanged, "Content-Encoding", "");
        struct answer *all[] = {&zipped, &plain, &head, &unchanged};
        for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
                answer_clear(all[i]);
}

static void test_questions(void)
{
        begin();
        now = T0 + HOUR; /* all has begun, and nothing has ended */
        expect("as most ask first", LIST, true, "Verified purchase", "Text 5 ");
        expect("in the site's first language", LIST "?lang=en", true, "Verified purchase", NULL);
        expect("in another of the site's", LIST "?lang=de", true, "Geprüfter Kauf", NULL);
        expect("of a country", LIST "?lang=de-AT", true, "Geprüfter Kauf", NULL);
        expect("in one that the site has not", LIST "?lang=pl", false, "\"lang\":\"en\"", "Verified purchase");
        expect("where more may be shown", LIST "?territory=DE", true, "Text 5 ", NULL);
        expect("there and in another language", LIST "?territory=AT&lang=de", true, "Text 5 ", NULL);
        expect("where no more may be shown", LIST "?territory=FR&lang=de", true, "Text 13 ", "Text 5 ");
        expect("of another length", LIST "?limit=11", false, "Text 12 ", "Text 13 ");
        expect("with the same items, asked otherwise", LIST "?limit=12&channel=pdp", true, "Text 13 ", "Text 14 ");
        expect("with counts, which are short", LIST "?facets=true", true, "\"facets\"", NULL);
        end();
}

static void test_time(void)
{
        begin();
        expect("before something opens", LIST "?territory=DE", false, "Text 4 ", "Text 3 ");
        now = T0 + HOUR - 2 * MINUTE;
        expect("a minute before it does", LIST "?territory=DE", false, "Text 12 ", "Text 3 ");
        now = T0 + HOUR - MINUTE;
        expect("at its edge", LIST "?territory=DE", true, "Text 3 ", "Text 13 ");
        now = T0 + 2 * HOUR - 2 * MINUTE;
        expect("a minute before something ends", LIST "?territory=DE", true, "Text 4 ", NULL);
        now = T0 + 2 * HOUR - MINUTE;
        expect("at that edge", LIST "?territory=DE", false, "Text 13 ", "Text 4 ");
        put(&s, &(struct plc_index_item){.id = id_of(4)}, NULL, 0, NULL, 0, now);
        expect("and when the office has taken it away", LIST "?territory=DE", true, "Text 13 ", "Text 4 ");
        end();
}

static void test_withdrawn(void)
{
        begin();
        now = T0 + HOUR;
        expect("as it was", LIST, true, "Text 2 ", "Text 14 ");
        put(&s, &(struct plc_index_item){.id = id_of(2)}, NULL, 0, NULL, 0, now);
        expect("withdrawn", LIST, true, "Text 14 ", "Text 2 ");
        put_review(2, "DE", T0, PLC_TIME_NEVER);
        expect("back, in one country", LIST, true, "Text 14 ", "Text 2 ");
        expect("and there", LIST "?territory=DE", true, "Text 2 ", NULL);
        expect("and where another is", LIST "?territory=AT", false, "Text 5 ", "Text 2 ");
        end();
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/serve/packed/whatever is asked", test_questions);
        g_test_add_func("/serve/packed/time", test_time);
        g_test_add_func("/serve/packed/withdrawn", test_withdrawn);
        return g_test_run();
}
