/* Are the pieces of mails put together within their bounds, and does a slot never show what may not be shown? Over real
 * HTTP. */
#include "unit/serve/sample.h"

#include "base/json.h"
#include "index/email.h"
#include "serve/serve.h"
#include "unit/http/client.h"

#define MANY 60
#define SLOT KEY_A "-600x400.jpg"
#define FEED "GET /v1/bundles/mail/email.json"
#define HTML "GET /v1/bundles/mail/email.html"

static struct sample s;
static plc_serve *server;
static const char *at;
static int64_t now = T0;

static int64_t test_now(void *context)
{
        (void)context;
        return now;
}

static void put_one(int i, const char *preset, int64_t width, size_t bytes)
{
        g_autofree char *id = g_strdup_printf("01AAAAAAAAAAAAAAAAAAAAAA%02d", i), *body = NULL;
        g_autofree char *fill = g_strnfill(bytes, 'x');
        struct plc_index_email email = {.bundle = "mail",
                                        .item = id,
                                        .language = "en",
                                        .preset = preset,
                                        .mark = "m",
                                        .until_ms = i == 0 ? T0 + HOUR : PLC_TIME_NEVER,
                                        .width = width};

        body = strcmp(preset, PLC_INDEX_EMAIL_FEED) == 0
                       ? g_strdup_printf("{\"id\":\"%s\",\"image_url\":\"\x1a/e/" SLOT "\",\"text\":\"%s\"}", id, fill)
                       : g_strdup_printf("<img id=\"%s\" src=\"\x1a/e/" SLOT "\">%s", id, fill);
        email.body = body;
        OK(plc_index_put_email(s.writer, &email, &error));
}

/* Item 0 is a photo for Germany and Austria until T0 + 1 h, with a slot for both; the others are reviews. */
static void put_items(void)
{
        struct plc_index_segment open = open_in("DE AT"), crop = open;
        struct plc_index_item picture = photo("01AAAAAAAAAAAAAAAAAAAAAA00", "g", KEY_A, "alt");
        struct plc_index_rendition file =
                rendition(&s, "email-square", "email-square.600.jpg", "email", 600, 400, "the photo", 9);

        open.channel = crop.channel = "email";
        open.until_ms = T0 + 2 * HOUR;
        crop.until_ms = T0 + HOUR;
        crop.edit = PLC_INDEX_EDIT_CROP;
        file.cropped = true;
        OK(plc_index_put_item(s.writer, &picture, (struct plc_index_segment[]){open, crop}, 2, &file, 1, &error));
        OK(plc_index_put_slot(
                s.writer,
                &(struct plc_index_slot){
                        .slot = SLOT, .item = picture.id, .name = "email-square.600.jpg", .territories = in("DE AT")},
                &error));
        OK(plc_index_put_slot(s.writer,
                              &(struct plc_index_slot){.slot = KEY_B "-600x400.jpg",
                                                       .item = picture.id,
                                                       .name = "email-square.600.jpg",
                                                       .territories = in("DE AT FR")},
                              &error));
        for (int i = 1; i < MANY; i++) {
                g_autofree char *id = g_strdup_printf("01AAAAAAAAAAAAAAAAAAAAAA%02d", i);
                struct plc_index_item item = review(id, "en", "text");

                OK(plc_index_put_item(s.writer, &item, &open, 1, NULL, 0, &error));
        }
}

static void publish(size_t bytes, const char *mark)
{
        struct plc_index_bundle bundle = {.name = "mail",
                                          .version = 7,
                                          .title = "Mail",
                                          .channels = "email",
                                          .territories = in("DE AT"),
                                          .from_ms = T0 - HOUR,
                                          .until_ms = T0 + 24 * HOUR,
                                          .placements = "email-square email-half-1x1",
                                          .mark = mark};
        g_autoptr(GArray) items = g_array_new(FALSE, TRUE, sizeof(struct plc_index_bundle_item));
        g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);

        OK(plc_index_begin(s.writer, &error));
        put_items();
        for (int i = 0; i < MANY; i++) {
                struct plc_index_bundle_item row = {.product = ""};

                g_ptr_array_add(ids, g_strdup_printf("01AAAAAAAAAAAAAAAAAAAAAA%02d", i));
                row.item = ids->pdata[i];
                g_array_append_val(items, row);
                put_one(i, PLC_INDEX_EMAIL_FEED, 0, bytes);
                put_one(i, "email-square", 600, bytes / 10);
                put_one(i, "email-half-1x1", i == 2 ? 0 : 290, 10);
        }
        OK(plc_index_put_bundle(s.writer, &bundle, (const struct plc_index_bundle_item *)(void *)items->data,
                                items->len, &error));
        OK(plc_index_commit(s.writer, T0, &error));
}

static void start(size_t bytes, const char *mark)
{
        static const char *const languages[] = {"en", NULL};
        static struct plc_serve_config config;
        GError *error = NULL;

        now = T0;
        sample_open(&s);
        publish(bytes, mark);
        config = (struct plc_serve_config){.public_dir = s.dir,
                                           .listen = "127.0.0.1:0",
                                           .name = "Camp",
                                           .public_url = "https://reviews.example/r/",
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

/* Expects the status; the body, free with g_free. */
static char *ask(const char *line, unsigned status)
{
        struct answer a = client_once(at, line, "");
        char *body = g_memdup2(a.body, a.body_size + 1);

        g_test_message("%s → %u, %zu bytes", line, a.status, a.body_size);
        g_assert_cmpuint(a.status, ==, status);
        answer_clear(&a);
        return body;
}

static unsigned count(const char *text, const char *part)
{
        unsigned n = 0;

        for (; (text = strstr(text, part)) != NULL; text++)
                n++;
        return n;
}

static void test_bounds(void)
{
        g_autofree char *feed = NULL, *html = NULL;
        g_autoptr(plc_json) json = NULL;
        struct plc_json_limits wide = plc_json_default_limits;

        start(100000, "m");
        feed = ask(FEED, 200);
        html = ask(HTML "?limit=50", 200);
        wide.max_bytes = 4 * PLC_MIB;
        json = plc_json_parse(feed, strlen(feed), "feed", &wide, NULL);
        g_assert_nonnull(json); /* whole, though cut */
        g_assert_cmpuint(strlen(feed), <=, 3300000);
        g_assert_cmpuint(plc_json_size(plc_json_member(json, "items")), ==, 32);
        g_assert_cmpuint(strlen(html), <=, 60200);
        g_assert_cmpuint(count(html, "<img"), ==, 5);
        g_assert_cmpuint(count(html, "<table"), ==, count(html, "</table>"));
        g_assert_cmpuint(count(html, "<tr>"), ==, count(html, "</tr>"));
        stop();
}

static void test_html(void)
{
        g_autofree char *wide = NULL, *half = NULL, *refused = NULL;

        start(10, "m");
        wide = ask(HTML "?limit=50", 200);
        half = ask(HTML "?placement=email-half-1x1&limit=6", 200);
        refused = ask(HTML "?placement=email-thumb", 400);
        g_assert_nonnull(strstr(wide, "src=\"https://reviews.example/r/e/" SLOT "\""));
        g_assert_null(strchr(wide, PLC_INDEX_EMAIL_BASE));
        g_assert_cmpuint(count(wide, "<img"), ==, 50);
        g_assert_cmpuint(count(wide, "&nbsp;"), ==, 0);
        g_test_message("two, then the review between them alone, then two, then one");
        g_assert_cmpuint(count(half, "<img"), ==, 6);
        g_assert_cmpuint(count(half, "&nbsp;"), ==, 2);
        g_assert_cmpuint(count(half, "<td width=\"20\""), ==, 2);
        g_assert_cmpuint(count(half, "<td width=\"600\""), ==, 1);
        g_assert_nonnull(strstr(refused, "\"parameter\":\"placement\""));
        stop();
}

static void test_time(void)
{
        g_autofree char *early = NULL, *later = NULL, *photo_then = NULL, *tile = NULL, *wider = NULL;
        struct answer a;

        start(10, "m");
        early = ask(FEED, 200);
        a = client_once(at, FEED, "");
        g_autofree char *cached = answer_header(&a, "Cache-Control");
        answer_clear(&a);
        g_assert_cmpstr(cached, ==, "public, max-age=300, must-revalidate");
        photo_then = ask("GET /e/" SLOT, 200);
        g_assert_cmpstr(photo_then, ==, "the photo");
        wider = ask("GET /e/" KEY_B "-600x400.jpg", 200); /* not for France */
        g_assert_cmpint((unsigned char)wider[0], ==, 0xff);
        now = T0 + HOUR - 10000;
        photo_then[0] = '\0';
        a = client_once(at, FEED, "");
        g_autofree char *shorter = answer_header(&a, "Cache-Control");
        answer_clear(&a);
        g_assert_cmpstr(shorter, ==, "public, max-age=10, must-revalidate");
        now = T0 + HOUR; /* the permission for the crop ends: no one published anything */
        later = ask(FEED, 200);
        tile = ask("GET /e/" SLOT, 200);
        g_assert_nonnull(strstr(early, "AAAA00"));
        g_assert_null(strstr(later, "AAAA00"));
        g_assert_nonnull(strstr(later, "AAAA01"));
        g_assert_cmpint((unsigned char)tile[0], ==, 0xff);
        now = T0 + 24 * HOUR;
        g_free(ask(FEED, 404)); /* its window is over */
        stop();
}

static void test_other_definition(void)
{
        g_autofree char *feed = NULL;

        start(10, "other"); /* pieces of another definition of the bundle: other countries, perhaps */
        feed = ask(FEED, 200);
        g_assert_nonnull(strstr(feed, "\"items\":[]"));
        stop();
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/email/feed and snippet end within their bounds, whole", test_bounds);
        g_test_add_func("/email/photos stand side by side where they fit, with whole addresses", test_html);
        g_test_add_func("/email/what ends is gone by time alone", test_time);
        g_test_add_func("/email/pieces of another definition are not shown", test_other_definition);
        return g_test_run();
}
