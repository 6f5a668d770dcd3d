/* What does /v1/search answer, and what do the filters and orders of lists? Asked over real HTTP. */
#include "unit/serve/sample.h"

#include "base/json.h"
#include "serve/serve.h"
#include "unit/http/client.h"

#define R1 "01AAAAAAAAAAAAAAAAAAAAAAA1"
#define R2 "01AAAAAAAAAAAAAAAAAAAAAAA2"
#define R3 "01AAAAAAAAAAAAAAAAAAAAAAA3"

static struct sample s;
static plc_serve *server;
static const char *at;

static int64_t test_now(void *context)
{
        (void)context;
        return T0;
}

/* R1: everywhere, for any product. R2: Germany alone, without the name. R3: only in France until T0 + 1 min. */
static void start(void)
{
        static const char *const languages[] = {"en", "de", NULL}, *const tags[] = {"spring camp", NULL};
        static struct plc_serve_config config;
        struct plc_index_segment world[] = {open_in("WW"), open_in("WW")}, de = open_in("DE"), fr = open_in("FR");
        struct plc_index_item r1 = review(R1, "en", "This tent \"stood\" firm"),
                              r2 = review(R2, "de", "Das Zelt, the tent"), r3 = review(R3, "fr", "La tente, the tent");
        GError *error = NULL;

        sample_open(&s);
        world[1].product = "";
        de.identity = false;
        fr.until_ms = T0 + 60000;
        r1.title = "A tent";
        r1.labels = tags;
        r2.rating = 2;
        r2.written_at = T0 - 2 * HOUR;
        r3.written_at = T0 - 3 * HOUR;
        put(&s, &r1, world, 2, NULL, 0, T0);
        put(&s, &r2, &de, 1, NULL, 0, T0);
        put(&s, &r3, &fr, 1, NULL, 0, T0);
        config = (struct plc_serve_config){.public_dir = s.dir,
                                           .listen = "127.0.0.1:0",
                                           .name = "Camp & Co",
                                           .languages = languages,
                                           .json_max_age = 300,
                                           .now = test_now};
        plc_serve_start(&config, NULL, &server, &error);
        g_assert_no_error(error);
        at = plc_serve_address(server);
}

static void stop(void)
{
        plc_serve_stop(server, 100);
        sample_close(&s);
}

static const struct {
        const char *sentence, *path;
        unsigned status;
        const char *has, *lacks;
} rows[] = {
        {"what every country may see", "/v1/search?q=tent", 200, R1, R2},
        {"what Germany may see", "/v1/search?q=tent&territory=DE", 200, R2, R3},
        {"with its products", "/v1/search?q=tent", 200, "\"products\":[\"TENT\"]", "matches"},
        {"where the words stand", "/v1/search?q=tent+stood&matches=true", 200,
         "\"matches\":{\"title\":[[2,6]],\"text\":[[5,9],[11,16]]}", NULL},
        {"for a product", "/v1/search?q=tent&product=TENT", 200, R1, NULL},
        {"for another product", "/v1/search?q=tent&product=MUG", 200, "\"items\":[]", R1},
        {"among photos", "/v1/search?q=tent&kind=photo", 200, "\"items\":[]", R1},
        {"a page of one", "/v1/search?q=tent&territory=DE&limit=1", 200, "\"next\":\"/v1/search?q=tent&territory=DE&",
         R2},
        {"no words", "/v1/search", 400, "\"parameter\":\"q\"", NULL},
        {"words that are none", "/v1/search?q=%21%21", 400, "\"parameter\":\"q\"", NULL},
        {"how many of each, of what every country may see", "/v1/products/TENT/reviews?facets=true", 200,
         "\"facets\":{\"counted\":1,\"complete\":true,\"language\":{\"en\":1},\"country\":{\"PL\":1},\"rating\":{"
         "\"5\":1},\"role\":{},\"tag\":{\"spring camp\":1}}",
         NULL},
        {"how many in Germany, without a country that may not be told",
         "/v1/products/TENT/reviews?facets=true&territory=DE", 200,
         "\"facets\":{\"counted\":2,\"complete\":true,\"language\":{\"de\":1,\"en\":1},\"country\":{\"PL\":1},"
         "\"rating\":{\"2\":1,\"5\":1},\"role\":{}",
         "fr"},
        {"a filter takes no choice away", "/v1/products/TENT/reviews?facets=true&territory=DE&language=de", 200,
         "\"language\":{\"de\":1,\"en\":1}", R1},
        {"of what is found by words", "/v1/search?q=zelt&facets=true&territory=DE", 200,
         "\"facets\":{\"counted\":1,\"complete\":true,\"language\":{\"de\":1},\"country\":{}", NULL},
        {"of photos there are none", "/v1/products/TENT/media?facets=true", 200,
         "\"facets\":{\"counted\":0,\"complete\":true,\"language\":{}", NULL},
        {"nobody asked", "/v1/products/TENT/reviews", 200, R1, "facets"},
        {"nor on the next page", "/v1/search?q=tent&territory=DE&limit=1&facets=true", 200, "\"facets\":{", "&facets"},
        {"neither yes nor no", "/v1/products/TENT/reviews?facets=1", 400, "\"parameter\":\"facets\"", NULL},
        {"a list by language", "/v1/products/TENT/reviews?language=de&territory=DE", 200, R2, R1},
        {"a country is not told by a filter where the name is not", "/v1/products/TENT/reviews?country=PL&territory=DE",
         200, R1, R2},
        {"a list by stars", "/v1/products/TENT/reviews?rating=2&territory=DE", 200, R2, R1},
        {"a list by tag", "/v1/products/TENT/reviews?tag=spring%20camp&territory=DE", 200, R1, R2},
        {"the filter goes on with the list", "/v1/products/TENT/reviews?order=top&territory=DE&limit=1", 200,
         "order=top", R2},
        {"an order that is none", "/v1/products/TENT/reviews?order=best", 400, "\"parameter\":\"order\"", NULL},
        {"six stars", "/v1/products/TENT/reviews?rating=6", 400, "\"parameter\":\"rating\"", NULL},
        {"a language that is none", "/v1/products/TENT/reviews?language=d!e", 400, "\"parameter\":\"language\"", NULL},
        {"a country that is none", "/v1/products/TENT/reviews?country=Germany", 400, "\"parameter\":\"country\"", NULL},
        {"a role of reviews", "/v1/products/TENT/reviews?role=scene", 400, "\"parameter\":\"role\"", NULL},
        {"a role that is none", "/v1/products/TENT/media?role=hero", 400, "\"parameter\":\"role\"", NULL},
        {"a tag without end",
         "/v1/search?q=x&tag=0123456789012345678901234567890123456789012345678901234567890123456789", 400,
         "\"parameter\":\"tag\"", NULL},
        {"a cursor of ours for another list", "/v1/search?q=tent&cursor=ci4xLng", 400, "\"parameter\":\"cursor\"",
         NULL},
        {"matches or not", "/v1/search?q=tent&matches=1", 400, "\"parameter\":\"matches\"", NULL},
};

static void test_answers(void)
{
        start();
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *line = g_strconcat("GET ", rows[i].path, NULL);
                struct answer a = client_once(at, line, "");

                g_test_message("%s: %s → %u %s", rows[i].sentence, rows[i].path, a.status, a.body);
                g_assert_cmpuint(a.status, ==, rows[i].status);
                g_assert_nonnull(strstr(a.body, rows[i].has));
                if (rows[i].lacks != NULL)
                        g_assert_null(strstr(a.body, rows[i].lacks));
                if (a.status == 200) {
                        g_autoptr(plc_json) json =
                                plc_json_parse(a.body, a.body_size, "answer", &plc_json_default_limits, NULL);
                        g_assert_nonnull(json);
                }
                answer_clear(&a);
        }
        stop();
}

static void test_caching(void)
{
        start();
        struct answer a = client_once(at, "GET /v1/search?q=tente&territory=FR", "");
        g_autofree char *cached = answer_header(&a, "Cache-Control");

        g_assert_nonnull(strstr(a.body, R3));
        g_test_message("only the reader's own browser keeps it, and not beyond what is shown");
        g_assert_cmpstr(cached, ==, "private, max-age=60, must-revalidate");
        answer_clear(&a);
        stop();
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/search/answers", test_answers);
        g_test_add_func("/search/caching", test_caching);
        return g_test_run();
}
