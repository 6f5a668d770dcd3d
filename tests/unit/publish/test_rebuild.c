/* Does an index that was made anew say the same as the one that grew act by act? */
#include "db/db.h"
#include "index/audit.h"
#include "publish/bundle.h"
#include "publish/rebuild.h"
#include "support/site.h"

/* All that is stored, row by row; but in which blocks the words stand, which follows from what came when. */
static const char statements[] =
        "-- :name item\n"
        "SELECT id || '|' || kind || '|' || grp || '|' || place || '|' || written_at || '|' || language || '|' || head "
        "|| '|' || "
        "coalesce(named, '-') || '|' || coalesce(excerpt, '-') || '|' || excerpt_is_text || '|' || tail || '|' || tags "
        "|| '|' || "
        "coalesce(verification, '-') || '|' || doc || '|' || illustrated || '|' || facets || '|' || terms FROM item "
        "ORDER BY id\n"
        "-- :name segment\n"
        "SELECT product || '|' || channel || '|' || kind || '|' || item || '|' || languages || '|' || edits || '|' || "
        "named || '|' || "
        "until_ms || '|' || hex(territories) || '|' || duties FROM segment ORDER BY product, channel, kind, item, nr\n"
        "-- :name summary\n"
        "SELECT product || '|' || reviews || '|' || average || '|' || stars5 FROM summary ORDER BY product\n"
        "-- :name bundle\n"
        "SELECT b.name || '|' || version || '|' || title || '|' || channels || '|' || i.place || '|' || i.item || '|' "
        "|| i.product || '|' || b.placements || '|' || b.mark "
        "FROM bundle b JOIN bundle_item i ON i.bundle = b.name ORDER BY b.name, i.place\n"
        "-- :name picture\n"
        "SELECT item || '|' || channel || '|' || cropped || '|' || size || '|' || sources || '|' || placements FROM "
        "picture ORDER BY item, channel, cropped\n"
        "-- :name rendition\n"
        "SELECT media_key || '|' || name || '|' || item || '|' || channel || '|' || cropped || '|' || asset || '|' || "
        "type || '|' || bytes FROM rendition ORDER BY media_key, name\n"
        "-- :name translation\nSELECT item || '|' || language || '|' || body FROM translation ORDER BY item, language\n"
        "-- :name owner\nSELECT item || '|' || owner FROM owner ORDER BY item\n"
        "-- :name slot\nSELECT slot || '|' || item || '|' || name || '|' || hex(territories) FROM slot ORDER BY slot\n"
        "-- :name email\n"
        "SELECT bundle || '|' || item || '|' || language || '|' || preset || '|' || from_ms || '|' || until_ms || '|' "
        "|| "
        "mark || '|' || width || '|' || body FROM email ORDER BY bundle, item, language, preset, from_ms\n"
        "-- :name packed\nSELECT product || '|' || hex(digest) || '|' || hex(deflated) FROM packed ORDER BY product, "
        "digest\n"
        "-- :name words\nSELECT count(DISTINCT term) FROM posting\n";

static char *dump(struct test_site *s)
{
        static const char *const tables[] = {"item",        "segment", "summary", "bundle", "picture", "rendition",
                                             "translation", "owner",   "slot",    "email",  "packed",  "words"};
        g_autofree char *path = g_build_filename(s->p.path, "site/public/index.db", NULL);
        g_autofree char *dir = g_path_get_dirname(path);
        g_autoptr(plc_index_audit) audit = NULL;
        g_autoptr(GPtrArray) wrong = NULL;
        g_autoptr(GError) error = NULL;
        plc_db *db = plc_db_open(path, PLC_DB_READONLY, statements, &error);
        GString *out = g_string_new(NULL);
        int64_t strays = -1;

        g_assert_no_error(error);
        for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
                g_autoptr(plc_rows) rows = plc_db_query(db, tables[i], &error, "");

                g_assert_no_error(error);
                g_string_append_printf(out, "--- %s\n", tables[i]);
                while (plc_rows_next(rows, &error) == PLC_ROW)
                        g_string_append_printf(out, "%s\n", plc_rows_text(rows, 0));
                g_assert_no_error(error);
        }
        plc_db_close(db);
        g_assert_true(plc_index_audit_open(dir, &audit, &error));
        g_assert_true(plc_index_audit_words(audit, &wrong, &strays, &error));
        g_assert_cmpuint(wrong->len, ==, 0);
        g_assert_cmpint(strays, ==, 0);
        return g_string_free(out, FALSE);
}

static void shop(struct test_site *s)
{
        static const struct site_item items[] = {
                {.name = "i1",
                 .kind = "review",
                 .body = "The tent stood firm",
                 .rating = 5,
                 .tags = "camping,lake",
                 .country = "DE"},
                {.name = "i2",
                 .kind = "review",
                 .body = "质量很好",
                 .language = "zh-Hans",
                 .rating = 4,
                 .product = "LAMP"},
                {.name = "i3", .kind = "review", .body = "Withdrawn since", .rating = 1},
                {.name = "i4", .kind = "review", .body = "Held and let go", .rating = 2, .country = "US"},
                {.name = "i5", .kind = "photo", .alt = "A tent by the lake", .submission = "s1", .contributor = "c1"},
                {.name = "i6", .kind = "review", .body = "Waiting", .rating = 3},
        };
        site_open(s, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(items); i++) {
                struct site_item item = items[i];
                g_autofree char *given = g_strdup_printf("2 approve %s; 2 give g-%s licence item:%s ch=pdp,email to=%s",
                                                         item.name, item.name, item.name, i % 2 ? "WW" : "DE,AT");

                item.written_at = site_day(10 + (double)i);
                if (strcmp(item.name, "i6") != 0)
                        item.state = PLC_ITEM_APPROVED;
                site_item(s, &item);
                if (item.state == PLC_ITEM_APPROVED)
                        site_say(s, given);
                if (strcmp(item.kind, "photo") == 0) {
                        site_render(s, item.name, "email-square", "file");
                        site_render(s, item.name, "pdp-card", "file");
                }
                site_publish(s, item.name, 90);
        }
}

static void test_same(void)
{
        static const char definition[] =
                "{\"schema\":\"placet.bundle/1\",\"name\":\"spring\",\"channels\":[\"pdp\",\"email\"],"
                "\"territories\":[\"DE\"],\"placements\":[\"email-square\"]}";
        g_autoptr(plc_bundle_definition) bundle = plc_bundle_parse(definition, strlen(definition), "b.json", NULL);
        g_autofree char *grown = NULL, *anew = NULL;
        g_autoptr(plc_bundle) frozen = NULL;
        g_autoptr(GError) error = NULL;
        struct test_site s;

        shop(&s);
        plc_bundle_publish(&s.site->publisher, bundle, site_day(90), &frozen, &error);
        g_assert_no_error(error);
        for (guint i = 0; i < frozen->items->len; i++)
                plc_publish_item(&s.site->publisher, frozen->items->pdata[i], site_day(90), &error);
        g_assert_no_error(error);
        site_say(&s, "90 withdraw g-i3; 90 hold h1 item:i4");
        site_publish(&s, "i3", 91);
        site_publish(&s, "i4", 91);
        site_say(&s, "92 lift h1");
        site_publish(&s, "i4", 93);
        grown = dump(&s);
        g_assert_nonnull(strstr(grown, " stood "));
        g_assert_null(strstr(grown, " withdrawn "));
        g_assert_nonnull(strstr(grown, "-640x640.jpg|"));
        g_assert_nonnull(strstr(grown, "|email-square|0|"));
        g_assert_nonnull(strstr(grown, "--- packed\nTENT|"));
        plc_publish_rebuild(&s.site->publisher, site_day(93), NULL, &error);
        g_assert_no_error(error);
        anew = dump(&s);
        g_assert_cmpstr(anew, ==, grown);
        site_close(&s);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/rebuild/it is the same", test_same);
        return g_test_run();
}
