/*
 * What is in the index that the whole program is asked about? `serve_sample PUBLIC [withdraw]` writes it: thirty
 * reviews of TENT-2P-OLIVE in three languages, some with photos, the bundles spring and mail, the item of the examples.
 * With `withdraw`, the photo of the examples goes.
 */
#include "index/email.h"
#include "unit/serve/sample.h"

#define ITEM "01JC8Q2V8A0000000000000000"
#define PHOTO "01JC8Q2V8B0000000000000000"
#define KEY "k3m8v2qa7t5xw9zdr4pn6chjyb"
#define SLOT KEY "-1200x900.jpg"
#define FILE_BYTES ((size_t)60 * 1024)

/* As tests/unit/schemas/serving.py has them. */
static const char *const site_languages[] = {"en", "de", "pl", "ja", NULL};

static void put_review(struct sample *s, int i, int64_t now)
{
        static const char *const languages[] = {"pl", "de", "ja"};
        static const char *const texts[] = {"Namiot stoi w trzy minuty, nawet przy wietrze. ",
                                            "Das Zelt steht in drei Minuten, auch bei Wind. ",
                                            "このテントは三分で立ちます。風があっても大丈夫です。 "};
        g_autofree char *id = g_strdup_printf("01JC8Q2V8A%016d", i);
        g_autoptr(GString) text = g_string_new(NULL);
        struct plc_index_item item = review(id, languages[i % 3], NULL);
        struct plc_index_segment open = open_in("WW");

        while (text->len < 400)
                g_string_append(text, texts[i % 3]);
        item.text = text->str;
        item.excerpt = texts[i % 3];
        item.rating = 1 + i % 5;
        item.written_at = now - i * HOUR;
        open.product = "TENT-2P-OLIVE";
        open.from_ms = now - HOUR;
        open.edit = PLC_INDEX_EDIT_NONE;
        OK(plc_index_put_item(s->writer, &item, &open, 1, NULL, 0, &error));
}

static void put_photo(struct sample *s, int64_t now)
{
        struct plc_index_item item = photo(PHOTO, ITEM, KEY, "Olivgrünes Zelt am See");
        struct plc_index_segment open = open_in("DE AT");
        g_autofree char *bytes = g_malloc(FILE_BYTES);

        for (size_t i = 0; i < FILE_BYTES; i++)
                bytes[i] = (char)(i * 2654435761u >> 13);
        struct plc_index_rendition files[] = {
                rendition(s, "pdp-card", "pdp-card.720.webp", "pdp", 720, 540, bytes, FILE_BYTES),
                rendition(s, "pdp-card", "pdp-card.320.webp", "pdp", 320, 240, "webp-320", 8),
                rendition(s, "pdp-card", "pdp-card.640.jpg", "pdp", 640, 480, "0123456789", 10),
                rendition(s, "email-square", "email-square.600.jpg", "email", 1200, 900, "email", 5),
        };
        struct plc_index_segment both[2];
        item.written_at = now;
        open.product = "TENT-2P-OLIVE";
        open.from_ms = now - HOUR;
        both[0] = both[1] = open;
        both[1].channel = "email";
        both[1].product = "";
        OK(plc_index_put_item(s->writer, &item, both, 2, files, G_N_ELEMENTS(files), &error));
}

/* As src/publish/email.c writes it; placet-serve adds nothing but its own address. */
static void put_mail(struct sample *s, int64_t now)
{
        static const char feed[] =
                "{\"id\":\"" PHOTO
                "\",\"kind\":\"photo\",\"product\":\"TENT-2P-OLIVE\",\"link\":null,\"lang\":\"de\",\"dir\":"
                "\"ltr\",\"author\":null,\"alt\":\"Zelt\",\"image_url\":\"\x1a/e/" SLOT
                "\",\"image_width\":600,\"image_height\":450,\"images\":{},\"source_type\":null,\"written_at\":"
                "\"2026-11-03T09:10:00.000Z\",\"verification\":null,\"disclosure\":null}";
        static const char *const presets[] = {"email-square", PLC_INDEX_EMAIL_FEED};
        struct plc_index_bundle bundle = {.name = "mail",
                                          .version = 1,
                                          .title = "Spring mail",
                                          .channels = "email",
                                          .territories = in("DE AT"),
                                          .from_ms = now - HOUR,
                                          .until_ms = PLC_TIME_NEVER,
                                          .placements = "email-square",
                                          .mark = "m"};
        struct plc_index_slot slot = {
                .slot = SLOT, .item = PHOTO, .name = "email-square.600.jpg", .territories = in("DE AT")};

        OK(plc_index_put_bundle(s->writer, &bundle, (struct plc_index_bundle_item[]){{PHOTO, ""}}, 1, &error));
        OK(plc_index_put_slot(s->writer, &slot, &error));
        for (size_t i = 0; i < G_N_ELEMENTS(presets) * (G_N_ELEMENTS(site_languages) - 1); i++) {
                struct plc_index_email email = {.bundle = "mail",
                                                .item = PHOTO,
                                                .language = site_languages[i / 2],
                                                .preset = presets[i % 2],
                                                .mark = "m",
                                                .until_ms = PLC_TIME_NEVER,
                                                .width = 600,
                                                .body = i % 2 == 0 ? "<img src=\"\x1a/e/" SLOT "\">" : feed};
                OK(plc_index_put_email(s->writer, &email, &error));
        }
}

static void publish(struct sample *s, int64_t now)
{
        struct plc_index_summary sum = {.count = 30, .average = 3, .stars = {6, 6, 6, 6, 6}};
        struct plc_index_bundle bundle = {.name = "spring",
                                          .version = 3,
                                          .title = "Spring",
                                          .channels = "pdp",
                                          .territories = in("DE"),
                                          .from_ms = now - HOUR,
                                          .until_ms = PLC_TIME_NEVER};

        OK(plc_index_begin(s->writer, &error));
        for (int i = 0; i < 30; i++)
                put_review(s, i, now);
        put_photo(s, now);
        OK(plc_index_put_summary(s->writer, "TENT-2P-OLIVE", &sum, &error));
        OK(plc_index_put_bundle(s->writer, &bundle,
                                (struct plc_index_bundle_item[]){{PHOTO, "TENT-2P-OLIVE"}, {ITEM, "TENT-2P-OLIVE"}}, 2,
                                &error));
        put_mail(s, now);
        OK(plc_index_commit(s->writer, now, &error));
        OK(plc_index_renew_lease(s->writer, now, 14 * PLC_DAY_MS, &error));
}

int main(int argc, char **argv)
{
        struct sample s = {.dir = argc > 1 ? argv[1] : NULL};
        g_autofree char *assets = g_build_filename(s.dir != NULL ? s.dir : ".", "assets", NULL);

        if (s.dir == NULL)
                return 2;
        g_assert_cmpint(g_mkdir_with_parents(assets, 0755), ==, 0);
        OK(plc_index_writer_open(s.dir, site_languages, &s.writer, &error));
        if (argc > 2) {
                OK(plc_index_begin(s.writer, &error));
                OK(plc_index_remove_item(s.writer, PHOTO, &error));
                OK(plc_index_commit(s.writer, plc_now_ms(), &error));
        } else {
                publish(&s, plc_now_ms());
        }
        plc_index_writer_close(s.writer);
        return 0;
}
