/* Does the front of a list answer exactly what the tables say, whatever is published, changed and taken away? */
#include "unit/serve/sample.h"

#include "base/id.h"
#include "db/db.h"
#include "gzip/gzip.h"
#include "index/audit.h"
#include "index/front.h"
#include "index/internal.h"

enum { ITEMS = 60, ROUNDS = 40, SEGMENTS = 6 };

static const char *const products[] = {"TENT", "LAMP", "", "ROPE"};

static uint64_t draw_state = 88172645463325252ULL;
static uint32_t draw(uint32_t below)
{
        draw_state ^= draw_state << 13;
        draw_state ^= draw_state >> 7;
        draw_state ^= draw_state << 17;
        return (uint32_t)((draw_state >> 11) % below);
}

static size_t draw_segments(struct plc_index_segment out[SEGMENTS], bool is_photo)
{
        static const char *const where[] = {"WW", "DE AT", "DE", "FR"};
        static const char *const languages[] = {NULL, NULL, "", "de"};
        static const char *const duties[] = {NULL, "CREDIT", "NO_CREDIT", "DISCLOSE(incentive)"};
        size_t n = 1 + draw(SEGMENTS);

        for (size_t i = 0; i < n; i++) {
                out[i] = open_in(where[draw(4)]);
                out[i].product = products[draw(10) < 7 ? 0 : draw(4)];
                out[i].channel = draw(5) == 0 ? "home" : "pdp";
                out[i].edit = i == 0         ? PLC_INDEX_EDIT_NONE
                              : draw(2) == 0 ? PLC_INDEX_EDIT_NONE
                              : is_photo     ? PLC_INDEX_EDIT_CROP
                              : draw(2) == 0 ? PLC_INDEX_EDIT_EXCERPT
                                             : PLC_INDEX_EDIT_TRANSLATE;
                out[i].identity = draw(2) == 0;
                out[i].language = languages[draw(4)];
                out[i].duties = duties[draw(4)];
                if (draw(4) == 0)
                        out[i].from_ms = T0 + HOUR;
                if (draw(4) == 0)
                        out[i].until_ms = T0 + 2 * HOUR;
        }
        return n;
}

static void put_one(struct sample *s, uint32_t nr)
{
        static const struct plc_index_translation german = {.language = "de", .body = "Steht.", .by = "human"};
        struct plc_index_segment segments[SEGMENTS];
        struct plc_index_rendition files[2];
        char id[32], group[32], key[PLC_ID_SIZE];
        bool is_photo = nr % 3 == 1; /* of the review before it, or of no review any more */

        g_snprintf(id, sizeof id, "01AAAAAAAAAAAAAAAAAAAAA%03u", nr);
        g_snprintf(group, sizeof group, "01AAAAAAAAAAAAAAAAAAAAA%03u", nr - is_photo);
        g_snprintf(key, sizeof key, "k3m8v2qa7t5xw9zdr4pn6c0%03u", nr);
        g_autofree char *text = g_strnfill(draw(8) == 0 ? 9000 : 40 + draw(700), (char)('a' + draw(26)));
        struct plc_index_item item = is_photo ? photo(id, group, key, "A \"photo\"") : review(id, "en", text);
        size_t n = draw_segments(segments, is_photo);

        item.written_at -= (int64_t)draw(5) * HOUR;
        if (!is_photo) {
                item.excerpt = draw(2) == 0 ? "line\n\"quoted\"" : text;
                item.translations = &german;
                item.n_translations = draw(2);
        }
        files[0] = rendition(s, "pdp-card", "pdp-card.640.jpg", "pdp", 640, 480, "a", 1);
        files[1] = rendition(s, "pdp-thumb", "pdp-thumb.64.jpg", "pdp", 64, 64, "b", 1);
        files[1].cropped = true;
        OK(plc_index_put_item(s->writer, &item, segments, n, files, is_photo ? draw(3) : 0, &error));
}

/* Is it kept compressed? Then it is that, and a byte less or another byte is not. */
static bool is_packed(plc_index_reader *reader, const char *product, GString *items)
{
        struct plc_gzip_piece piece = {0};

        if (!plc_index_packed(reader, product, items->str, items->len, &piece))
                return false;
        g_assert_true(plc_gzip_piece_is(&piece, items->str, items->len));
        plc_gzip_piece_clear(&piece);
        g_assert_false(plc_index_packed(reader, product, items->str, items->len - 1, &piece));
        g_assert_false(plc_index_packed(reader, "", items->str, items->len, &piece));
        items->str[items->len / 2] ^= 1;
        g_assert_false(plc_index_packed(reader, product, items->str, items->len, &piece));
        return true;
}

/* How many of the answers are kept compressed. */
static unsigned assert_same(struct sample *s, plc_index_reader *reader)
{
        static const char *const territories[] = {NULL, "DE", "FR"};
        static const char *const languages[] = {"", "de"};
        static const size_t limits[] = {1, 12, 16, 50};
        static const int hours[] = {0, 1, 2};
        struct plc_index_state state;
        unsigned packed = 0;
        (void)s;

        for (size_t t = 0; t < 2 * 3 * 4 * 3 * G_N_ELEMENTS(products); t++) {
                size_t limit = limits[t % 4], product = t / 4 % 4, left = t / 16;
                struct plc_index_question q = {.channel = "pdp",
                                               .territory = territories[left % 3],
                                               .language = languages[left / 3 % 2],
                                               .labels = "de,en"};
                struct plc_index_page page[2];
                GString *json[2];

                OK(plc_index_read_begin(reader, T0 + hours[left / 6] * HOUR, &state, &error));
                q.now = state.now;
                for (int with = 0; with <= 1; with++) {
                        struct plc_index_cursor first = {.written_at = PLC_TIME_NEVER};

                        json[with] = g_string_new(NULL);
                        reader->has_fronts = with != 0;
                        OK(plc_index_list(reader, &q, PLC_INDEX_REVIEW, products[product], &first, limit, json[with],
                                          &page[with], &error));
                }
                g_assert_cmpstr(json[0]->str, ==, json[1]->str);
                packed += is_packed(reader, products[product], json[1]);
                plc_index_read_end(reader);
                g_assert_cmpuint(page[0].count, ==, page[1].count);
                g_assert_cmpint(page[0].until, ==, page[1].until);
                g_assert_cmpint(page[0].more, ==, page[1].more);
                if (page[0].more) {
                        g_assert_cmpint(page[0].next.written_at, ==, page[1].next.written_at);
                        g_assert_cmpstr(page[0].next.item, ==, page[1].next.item);
                }
                g_string_free(json[0], TRUE);
                g_string_free(json[1], TRUE);
        }
        return packed;
}

static unsigned count_wrong(struct sample *s)
{
        g_autoptr(plc_index_audit) audit = NULL;
        g_autoptr(GPtrArray) wrong = NULL;

        OK(plc_index_audit_open(s->dir, &audit, &error));
        OK(plc_index_audit_fronts(audit, &wrong, &error));
        return wrong->len;
}

static void test_same(void)
{
        struct sample s;
        unsigned packed = 0;

        sample_open(&s);
        g_autoptr(plc_index_reader) reader = plc_index_reader_new(s.dir);
        for (int round = 0; round < ROUNDS; round++) {
                OK(plc_index_begin(s.writer, &error));
                for (uint32_t i = 0, n = 1 + draw(round == 0 ? 60 : 4); i < n; i++) {
                        uint32_t nr = draw(ITEMS);
                        g_autofree char *id = g_strdup_printf("01AAAAAAAAAAAAAAAAAAAAA%03u", nr);

                        if (round > 0 && draw(3) == 0)
                                OK(plc_index_remove_item(s.writer, id, &error));
                        else
                                put_one(&s, nr);
                }
                if (round % 7 == 6)
                        plc_index_rollback(s.writer);
                else if (round % 7 == 3)
                        OK(plc_index_commit_first(s.writer, T0, &error));
                else
                        OK(plc_index_commit(s.writer, T0, &error));
                packed += assert_same(&s, reader);
                g_assert_cmpuint(count_wrong(&s), ==, 0);
        }
        g_test_message("%u answers were kept compressed", packed);
        g_assert_cmpuint(packed, >, ROUNDS * 4);
        sample_close(&s);
}

static const char statements[] =
        "-- :name older\nUPDATE meta SET format = 4\n"
        "-- :name old\nUPDATE meta SET format = 5\n"
        "-- :name unpacked\nUPDATE meta SET format = 6\n"
        "-- :name last\nUPDATE meta SET format = 7\n"
        "-- :name rows\nSELECT rowid FROM front ORDER BY product\n"
        "-- :name none\nDROP TABLE front\n"
        "-- :name no_packs\nDROP TABLE packed; DROP TABLE packing\n"
        "-- :name packs\nSELECT count(*) FROM packed\n"
        "-- :name languages\nSELECT languages FROM packing\n"
        "-- :name piece\nSELECT deflated FROM packed\n"
        "-- :name damage_piece\nUPDATE packed SET deflated = $1\n"
        "-- :name damage_crc\nUPDATE packed SET crc = crc + 1\n"
        "-- :name damage_check\nUPDATE packed SET checked = checked + 1\n"
        "-- :name damage_size\nUPDATE packed SET size = size + 1\n"
        "-- :name other_piece\nUPDATE packed SET deflated = $1, checked = $2\n"
        "-- :name crc\nSELECT crc FROM packed\n"
        "-- :name stray\nINSERT INTO packed SELECT 'LAMP', digest, size, crc, checked, deflated FROM packed\n"
        "-- :name trap\nCREATE TRIGGER trap BEFORE INSERT ON packed WHEN NEW.product = 'P0550' "
        "BEGIN SELECT RAISE(ABORT, 'killed'); END\n"
        "-- :name no_trap\nDROP TRIGGER trap\n"
        "-- :name damage\nUPDATE front SET items = $1\n"
        "-- :name items\nSELECT length(items) FROM front\n"
        "-- :name bytes\nSELECT items FROM front\n"
        "-- :name count\nSELECT count(*) FROM front\n";

static plc_db *open_index(const struct sample *s)
{
        g_autofree char *path = g_build_filename(s->dir, "index.db", NULL);
        plc_db *db = plc_db_open(path, 0, statements, NULL);

        g_assert_nonnull(db);
        return db;
}

static char *ask(plc_index_reader *reader, GError **error)
{
        struct plc_index_question q = {.channel = "pdp", .territory = "DE", .language = "", .labels = "en", .now = T0};
        struct plc_index_cursor first = {.written_at = PLC_TIME_NEVER};
        g_autoptr(GString) json = g_string_new("[");
        struct plc_index_state state;
        struct plc_index_page page;

        bool ok = plc_index_read_begin(reader, T0, &state, error) &&
                  plc_index_list(reader, &q, PLC_INDEX_REVIEW, "TENT", &first, 12, json, &page, error);
        plc_index_read_end(reader);
        return ok ? g_strdup(json->str) : NULL;
}

/* A text that is long enough for its list to be kept compressed. */
static struct plc_index_item long_review(void)
{
        static char text[900];

        memset(text, 'x', sizeof text - 1);
        return review("01AAAAAAAAAAAAAAAAAAAAAAAA", "en", text);
}

static bool ask_packed(plc_index_reader *reader)
{
        g_autofree char *answer = ask(reader, NULL);
        g_autoptr(GString) items = g_string_new(answer + 1);
        struct plc_index_state state;

        OK(plc_index_read_begin(reader, T0, &state, &error));
        bool packed = is_packed(reader, "TENT", items);
        plc_index_read_end(reader);
        return packed;
}

/* An office with a newer program opens it; nothing goes dark meanwhile. */
static void assert_brought_up_to_date(const char *from, const char *how)
{
        struct plc_index_segment seg = open_in("DE");
        struct plc_index_item item = long_review();
        struct sample s;
        int64_t n = -1;

        sample_open(&s);
        put(&s, &item, &seg, 1, NULL, 0, T0);
        g_autoptr(plc_index_reader) reader = plc_index_reader_new(s.dir);
        g_autofree char *before = ask(reader, NULL);
        g_clear_pointer(&s.writer, plc_index_writer_close);
        plc_db *db = open_index(&s);
        OK(plc_db_run(db, from, &error, ""));
        if (how != NULL)
                OK(plc_db_run(db, how, &error, "b", "\1\0\0\0x", (size_t)5));
        OK(plc_db_schema(db, "no_packs", &error));
        g_autofree char *without = ask(reader, NULL);
        g_assert_cmpstr(without, ==, before);
        g_assert_false(ask_packed(reader));
        g_assert_cmpuint(count_wrong(&s), ==, 0);
        OK(plc_index_writer_open(s.dir, sample_languages, &s.writer, &error));
        OK(plc_db_int(db, "count", &n, &error, ""));
        g_assert_cmpint(n, ==, 1);
        plc_db_close(db);
        g_assert_cmpuint(count_wrong(&s), ==, 0);
        g_autofree char *after = ask(reader, NULL);
        g_assert_cmpstr(after, ==, before);
        g_assert_true(ask_packed(reader));
        sample_close(&s);
}

/* How often a word stands in the list of a product, as a reader sees it that goes on to be used. */
static void assert_lists(plc_index_reader *reader, const char *product, const char *word)
{
        struct plc_index_question q = {.channel = "pdp", .territory = "DE", .language = "", .labels = "en", .now = T0};
        struct plc_index_cursor first = {.written_at = PLC_TIME_NEVER};
        g_autoptr(GString) json = g_string_new("[");
        struct plc_index_summary sum;
        struct plc_index_state state;
        struct plc_index_page page;

        OK(plc_index_read_begin(reader, T0, &state, &error));
        g_assert_true(reader->has_fronts);
        OK(plc_index_get_list_summary(reader, product, &sum, &error));
        OK(plc_index_list(reader, &q, PLC_INDEX_REVIEW, product, &first, 12, json, &page, &error));
        plc_index_read_end(reader);
        g_assert_cmpuint(page.count, ==, word != NULL);
        g_assert_true(word == NULL || strstr(json->str, word) != NULL);
}

static int64_t only_row(const struct sample *s)
{
        plc_db *db = open_index(s);
        plc_rows *rows = plc_db_query(db, "rows", NULL, "");
        int64_t row;

        g_assert_cmpint(plc_rows_next(rows, NULL), ==, PLC_ROW);
        row = plc_rows_int(rows, 0);
        g_assert_cmpint(plc_rows_next(rows, NULL), ==, PLC_ROW_END);
        plc_rows_free(rows);
        plc_db_close(db);
        return row;
}

/* The row in which a reader found the front of a list may be gone, or another product's, when it is asked again. */
static void test_another_row(void)
{
        struct plc_index_segment tent = open_in("DE"), lamp = open_in("DE");
        struct plc_index_item of_tent = review("01AAAAAAAAAAAAAAAAAAAAAAAA", "en", "Stands."),
                              of_lamp = review("01BBBBBBBBBBBBBBBBBBBBBBBB", "en", "Shines.");
        struct sample s;

        sample_open(&s);
        lamp.product = "LAMP";
        put(&s, &of_tent, &tent, 1, NULL, 0, T0);
        g_autoptr(plc_index_reader) reader = plc_index_reader_new(s.dir);
        assert_lists(reader, "TENT", "Stands.");
        int64_t row = only_row(&s);
        OK(plc_index_begin(s.writer, &error));
        OK(plc_index_remove_item(s.writer, of_tent.id, &error));
        OK(plc_index_commit(s.writer, T0, &error));
        assert_lists(reader, "TENT", NULL);
        put(&s, &of_tent, &tent, 1, NULL, 0, T0);
        assert_lists(reader, "TENT", "Stands.");
        OK(plc_index_begin(s.writer, &error));
        OK(plc_index_remove_item(s.writer, of_tent.id, &error));
        OK(plc_index_commit(s.writer, T0, &error));
        put(&s, &of_lamp, &lamp, 1, NULL, 0, T0);
        g_assert_cmpint(only_row(&s), ==, row);
        assert_lists(reader, "TENT", NULL);
        assert_lists(reader, "LAMP", "Shines.");
        sample_close(&s);
}

/* The summary stands in it too, also of a product of which nothing may be shown. */
static void test_summary(void)
{
        const struct plc_index_summary sum = {.count = 3, .average = 4.25, .stars = {1, 0, 0, 1, 1}};
        struct plc_index_segment seg = open_in("DE");
        struct plc_index_item item = review("01AAAAAAAAAAAAAAAAAAAAAAAA", "en", "Stands.");
        static const char *const asked[] = {"TENT", "LAMP", "ROPE"};
        struct plc_index_state state;
        struct sample s;

        sample_open(&s);
        put(&s, &item, &seg, 1, NULL, 0, T0);
        OK(plc_index_begin(s.writer, &error));
        OK(plc_index_put_summary(s.writer, "TENT", &sum, &error));
        OK(plc_index_put_summary(s.writer, "LAMP", &sum, &error));
        OK(plc_index_commit(s.writer, T0, &error));
        g_autoptr(plc_index_reader) reader = plc_index_reader_new(s.dir);
        OK(plc_index_read_begin(reader, T0, &state, &error));
        for (size_t i = 0; i < G_N_ELEMENTS(asked); i++) {
                struct plc_index_summary table, ready;

                g_assert_true(reader->has_fronts);
                OK(plc_index_get_summary(reader, asked[i], &table, &error));
                OK(plc_index_get_list_summary(reader, asked[i], &ready, &error));
                g_assert_cmpint(ready.count, ==, i < 2 ? 3 : 0);
                g_assert_true(memcmp(&ready, &table, sizeof table) == 0);
        }
        plc_index_read_end(reader);
        g_assert_cmpuint(count_wrong(&s), ==, 0);
        sample_close(&s);
}

static void test_brought_up_to_date(void)
{
        assert_brought_up_to_date("older", "none");
        assert_brought_up_to_date("old", "damage");
        assert_brought_up_to_date("unpacked", NULL);
        assert_brought_up_to_date("last", "damage");
}

/* Whoever opens it without saying in which leaves them; of each, only as many are kept as differ. */
static void test_languages(void)
{
        static const char *const one[] = {"en", NULL}, *const five[] = {"de", "en", "fr", "ja", "ko", NULL},
                                 *const none[] = {NULL};
        static const struct {
                const char *const *given, *stored;
                int64_t packs;
        } opened[] = {{one, "en", 1},           {NULL, "en", 1}, {five, "de en fr ja", 4},
                      {NULL, "de en fr ja", 4}, {none, "", 0},   {one, "en", 1}};
        struct plc_index_segment seg = open_in("DE");
        struct plc_index_item item = long_review();
        struct sample s;

        sample_open(&s);
        put(&s, &item, &seg, 1, NULL, 0, T0);
        g_autoptr(plc_index_reader) reader = plc_index_reader_new(s.dir);
        for (size_t i = 0; i < G_N_ELEMENTS(opened); i++) {
                int64_t packs = -1;

                g_clear_pointer(&s.writer, plc_index_writer_close);
                OK(plc_index_writer_open(s.dir, opened[i].given, &s.writer, &error));
                plc_db *db = open_index(&s);
                plc_rows *rows = plc_db_query(db, "languages", NULL, "");
                g_assert_cmpint(plc_rows_next(rows, NULL), ==, PLC_ROW);
                g_assert_cmpstr(plc_rows_text(rows, 0), ==, opened[i].stored);
                plc_rows_free(rows);
                OK(plc_db_int(db, "packs", &packs, &error, ""));
                g_assert_cmpint(packs, ==, opened[i].packs);
                plc_db_close(db);
                g_assert_cmpint(ask_packed(reader), ==, packs > 0);
                g_assert_cmpuint(count_wrong(&s), ==, 0);
                put(&s, &item, &seg, 1, NULL, 0, T0);
                g_assert_cmpint(ask_packed(reader), ==, packs > 0);
                g_assert_cmpuint(count_wrong(&s), ==, 0);
        }
        sample_close(&s);
}

/* An office is killed while it compresses them in another language, and is started with the languages of before. */
static void test_languages_half_done(void)
{
        static const char *const en[] = {"en", NULL}, *const de[] = {"de", NULL};
        struct plc_index_segment seg = open_in("DE");
        struct plc_index_item item = long_review();
        char id[] = "01AAAAAAAAAAAAAAAAAAAA0000", product[] = "P0000";
        plc_index_writer *none = NULL;
        struct sample s;

        sample_open(&s);
        g_clear_pointer(&s.writer, plc_index_writer_close);
        OK(plc_index_writer_open(s.dir, en, &s.writer, &error));
        OK(plc_index_begin(s.writer, &error));
        for (int i = 0; i < 600; i++) {
                g_snprintf(id + 22, 5, "%04d", i);
                g_snprintf(product + 1, 5, "%04d", i);
                item.id = id;
                seg.product = product;
                OK(plc_index_put_item(s.writer, &item, &seg, 1, NULL, 0, &error));
        }
        OK(plc_index_commit(s.writer, T0, &error));
        g_assert_cmpuint(count_wrong(&s), ==, 0);
        g_clear_pointer(&s.writer, plc_index_writer_close);
        plc_db *db = open_index(&s);
        OK(plc_db_schema(db, "trap", &error));
        g_assert_false(plc_index_writer_open(s.dir, de, &none, NULL));
        OK(plc_db_schema(db, "no_trap", &error));
        OK(plc_index_writer_open(s.dir, en, &s.writer, &error));
        g_assert_cmpuint(count_wrong(&s), ==, 0);
        plc_db_close(db);
        sample_close(&s);
}

static void assert_not_packed(struct sample *s, plc_index_reader *reader)
{
        g_assert_false(ask_packed(reader));
        g_assert_cmpuint(count_wrong(s), ==, 1);
}

/* What of it is damaged is not there; `placet verify` tells. */
static void test_damaged_packs(void)
{
        static const char *const damages[] = {"damage_crc", "damage_check", "damage_size"};
        struct plc_index_segment seg = open_in("DE");
        struct plc_index_item item = long_review();
        struct sample s;
        size_t size = 0;

        sample_open(&s);
        put(&s, &item, &seg, 1, NULL, 0, T0);
        g_autoptr(plc_index_reader) reader = plc_index_reader_new(s.dir);
        g_assert_true(ask_packed(reader));
        plc_db *db = open_index(&s);
        plc_rows *rows = plc_db_query(db, "piece", NULL, "");
        g_assert_cmpint(plc_rows_next(rows, NULL), ==, PLC_ROW);
        g_autoptr(GBytes) bytes = plc_rows_bytes(rows, 0);
        plc_rows_free(rows);
        const uint8_t *whole = g_bytes_get_data(bytes, &size);
        for (size_t i = 0; i < size; i++) {
                g_autofree uint8_t *other = g_memdup2(whole, size);

                other[i] = (uint8_t)(other[i] ^ (1u << i % 8));
                OK(plc_db_run(db, "damage_piece", &error, "b", other, size));
                assert_not_packed(&s, reader);
                OK(plc_db_run(db, "damage_piece", &error, "b", whole, i));
                assert_not_packed(&s, reader);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(damages); i++) {
                put(&s, &item, &seg, 1, NULL, 0, T0);
                g_assert_true(ask_packed(reader));
                OK(plc_db_run(db, damages[i], &error, ""));
                assert_not_packed(&s, reader);
        }
        put(&s, &item, &seg, 1, NULL, 0, T0);
        OK(plc_db_run(db, "stray", &error, ""));
        g_assert_cmpuint(count_wrong(&s), ==, 1);
        plc_db_close(db);
        sample_close(&s);
}

/*
 * Who waits for an item to be dark does not wait for what is compressed: it is gone, and none of it is anywhere else
 * than it was. The next publication of anything packs it again, also where the office was killed in between.
 */
static void test_packed_later(void)
{
        struct plc_index_segment seg = open_in("DE"), of_lamp = open_in("DE");
        struct plc_index_item item = long_review(), second = long_review(), other = long_review();
        struct sample s;

        sample_open(&s);
        second.id = "01BBBBBBBBBBBBBBBBBBBBBBBB";
        other.id = "01CCCCCCCCCCCCCCCCCCCCCCCC";
        of_lamp.product = "LAMP";
        g_autoptr(plc_index_reader) reader = plc_index_reader_new(s.dir);
        for (int killed = 0; killed <= 1; killed++) {
                put(&s, &item, &seg, 1, NULL, 0, T0);
                put(&s, &second, &seg, 1, NULL, 0, T0);
                g_assert_true(ask_packed(reader));
                OK(plc_index_begin(s.writer, &error));
                OK(plc_index_remove_item(s.writer, second.id, &error));
                OK(plc_index_commit_first(s.writer, T0, &error));
                g_assert_false(ask_packed(reader));
                g_assert_cmpuint(count_wrong(&s), ==, 0);
                plc_db *db = open_index(&s);
                int64_t packs = -1;
                OK(plc_db_int(db, "packs", &packs, &error, ""));
                plc_db_close(db);
                g_assert_cmpint(packs, ==, killed * 2); /* of the other product */
                if (killed) {
                        g_clear_pointer(&s.writer, plc_index_writer_close);
                        OK(plc_index_writer_open(s.dir, sample_languages, &s.writer, &error));
                        g_assert_cmpuint(count_wrong(&s), ==, 0);
                }
                put(&s, &other, &of_lamp, 1, NULL, 0, T0);
                g_assert_true(ask_packed(reader));
                g_assert_cmpuint(count_wrong(&s), ==, 0);
        }
        sample_close(&s);
}

/* RFC 1951, 3.2.4: one block that is not compressed, and not the last. */
static GBytes *stored(const char *data, size_t size)
{
        GByteArray *out = g_byte_array_new();
        const uint8_t head[] = {0, (uint8_t)size, (uint8_t)(size >> 8), (uint8_t)~size, (uint8_t)(~size >> 8)};

        g_byte_array_append(out, head, sizeof head);
        g_byte_array_append(out, (const uint8_t *)data, (guint)size);
        return g_byte_array_free_to_bytes(out);
}

static size_t size_of_piece(plc_db *db)
{
        plc_rows *rows = plc_db_query(db, "piece", NULL, "");
        size_t size = 0;

        g_assert_cmpint(plc_rows_next(rows, NULL), ==, PLC_ROW);
        plc_rows_blob(rows, 0, &size);
        plc_rows_free(rows);
        return size;
}

/* An answer that is the same is not compressed again: one that was compressed otherwise stays. Nothing else does. */
static void test_kept(void)
{
        static const char *const one[] = {"en", NULL};
        struct plc_index_segment seg = open_in("DE");
        struct plc_index_item item = long_review();
        struct sample s;
        int64_t crc;

        sample_open(&s);
        g_clear_pointer(&s.writer, plc_index_writer_close);
        OK(plc_index_writer_open(s.dir, one, &s.writer, &error));
        put(&s, &item, &seg, 1, NULL, 0, T0);
        g_autoptr(plc_index_reader) reader = plc_index_reader_new(s.dir);
        g_autofree char *answer = ask(reader, NULL);
        plc_db *db = open_index(&s);
        size_t usual = size_of_piece(db);
        for (unsigned wrong = 0; wrong <= 1; wrong++) {
                answer[100] = wrong ? (char)(answer[100] ^ 1) : answer[100];
                g_autoptr(GBytes) piece = stored(answer + 1, strlen(answer) - 1);
                size_t size = 0;
                const void *bytes = g_bytes_get_data(piece, &size);

                OK(plc_db_int(db, "crc", &crc, &error, ""));
                uint32_t little = GUINT32_TO_LE((uint32_t)crc);
                int64_t checked = plc_gzip_crc(plc_gzip_crc(0, bytes, size), &little, sizeof little);
                OK(plc_db_run(db, "other_piece", &error, "bi", bytes, size, checked));
                g_assert_cmpuint(count_wrong(&s), ==, wrong);
                put(&s, &item, &seg, 1, NULL, 0, T0);
                g_assert_cmpuint(size_of_piece(db), ==, wrong ? usual : size);
                g_assert_cmpuint(count_wrong(&s), ==, 0);
                g_assert_true(ask_packed(reader));
        }
        plc_db_close(db);
        sample_close(&s);
}

/* Taken back by its contributor, and the office has not heard of it: another answer, so another digest. */
static void test_hidden(void)
{
        struct plc_index_segment seg = open_in("DE");
        struct plc_index_item item = long_review();
        struct sample s;

        sample_open(&s);
        put(&s, &item, &seg, 1, NULL, 0, T0);
        item.id = "01BBBBBBBBBBBBBBBBBBBBBBBB";
        put(&s, &item, &seg, 1, NULL, 0, T0);
        g_autoptr(plc_index_reader) reader = plc_index_reader_new(s.dir);
        g_assert_true(ask_packed(reader));
        plc_index_hide(reader, item.id, NULL);
        g_assert_false(ask_packed(reader));
        plc_index_hide_none(reader);
        g_assert_true(ask_packed(reader));
        sample_close(&s);
}

/* Not one byte of it may be read beyond, and none opens what the rows do not open. */
static void damage_front_of(const char *text)
{
        struct plc_index_segment seg = open_in("FR");
        struct plc_index_rendition file;
        struct plc_index_item item = review("01AAAAAAAAAAAAAAAAAAAAAAAA", "en", text);
        struct plc_index_item of_it = photo("01BBBBBBBBBBBBBBBBBBBBBBBB", item.id, KEY_A, "A tent");
        struct sample s;
        size_t size = 0;
        unsigned failed = 0;

        sample_open(&s);
        file = rendition(&s, "pdp-card", "pdp-card.640.jpg", "pdp", 640, 480, "a", 1);
        seg.territories = in("DE");
        put(&s, &item, &seg, 1, NULL, 0, T0);
        put(&s, &of_it, &seg, 1, &file, 1, T0);
        g_autoptr(plc_index_reader) reader = plc_index_reader_new(s.dir);
        plc_db *db = open_index(&s);
        plc_rows *rows = plc_db_query(db, "bytes", NULL, "");
        g_assert_cmpint(plc_rows_next(rows, NULL), ==, PLC_ROW);
        g_autoptr(GBytes) bytes = plc_rows_bytes(rows, 0);
        plc_rows_free(rows);
        const uint8_t *whole = g_bytes_get_data(bytes, &size);
        for (size_t i = 0; i < size; i += 1 + size / 300) {
                g_autofree uint8_t *other = g_memdup2(whole, size);
                g_autofree char *answer = NULL;

                other[i] = (uint8_t)~other[i];
                OK(plc_db_run(db, "damage", &error, "b", other, size));
                answer = ask(reader, NULL);
                failed += answer == NULL;
                OK(plc_db_run(db, "damage", &error, "b", whole, i));
                g_free(answer);
                answer = ask(reader, NULL);
                g_assert_null(answer);
                g_assert_cmpuint(count_wrong(&s), ==, 1);
        }
        g_assert_cmpuint(failed, >, 0);
        plc_db_close(db);
        sample_close(&s);
}

/* One that is read at once, and one that is read piece by piece. */
static void test_damaged(void)
{
        g_autofree char *text = g_strnfill(20000, 'S');

        damage_front_of("SECRET");
        damage_front_of(text);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/index/front/the same as the tables", test_same);
        g_test_add_func("/index/front/an older index is brought up to date", test_brought_up_to_date);
        g_test_add_func("/index/front/summary", test_summary);
        g_test_add_func("/index/front/in another row than before", test_another_row);
        g_test_add_func("/index/front/damaged", test_damaged);
        g_test_add_func("/index/front/packed in the site's languages", test_languages);
        g_test_add_func("/index/front/packed in other languages, half done", test_languages_half_done);
        g_test_add_func("/index/front/packed and damaged", test_damaged_packs);
        g_test_add_func("/index/front/packed and taken back", test_hidden);
        g_test_add_func("/index/front/packed by the publication that follows", test_packed_later);
        g_test_add_func("/index/front/packed and published again", test_kept);
        return g_test_run();
}
