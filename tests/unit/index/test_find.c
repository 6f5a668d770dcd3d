/* Is everything found that a reader would look for, nothing that this reader may not see, and each item once? */
#include "unit/serve/sample.h"

#include "db/db.h"
#include "index/audit.h"
#include "index/documents.h"
#include "index/find.h"
#include "index/postings.h"
#include "index/schema.h"

static struct sample s;
static plc_index_reader *reader;

static const char *id_of(int n)
{
        char id[32];

        g_snprintf(id, sizeof id, "01%024d", n);
        return g_intern_string(id);
}

/* "n text", written n hours before T0; open in `territories`; "" takes it out. */
static void give(int n, const char *language, const char *text, const char *territories)
{
        struct plc_index_item item = review(id_of(n), language, text);
        struct plc_index_segment segments[2] = {open_in(territories[0] != '\0' ? territories : "DE")};

        segments[1] = segments[0];
        segments[1].product = "";
        item.written_at = T0 - n * HOUR;
        item.rating = 1 + n % 5;
        item.country = n % 2 ? "PL" : "DE";
        put(&s, &item, segments, territories[0] != '\0' ? 2 : 0, NULL, 0, T0);
}

/* Numbers of the items found, in order, all pages of `limit`: "3 1 2". */
static char *find_all(const struct plc_index_search *search, const char *territory, size_t limit)
{
        struct plc_index_question q = {.channel = "pdp", .territory = territory, .language = "", .labels = "en"};
        struct plc_index_found found = {.more = true};
        g_autoptr(GString) numbers = g_string_new(NULL);

        for (int pages = 0; found.more; pages++) {
                g_autoptr(GString) json = g_string_new("[");
                struct plc_index_state state;

                g_assert_cmpint(pages, <, 100);
                OK(plc_index_read_begin(reader, T0, &state, &error));
                q.now = state.now;
                OK(plc_index_find(reader, &q, search, &found.next, limit, json, &found, &error));
                plc_index_read_end(reader);
                for (const char *at = json->str; (at = strstr(at, "\"id\":\"01")) != NULL; at++) {
                        g_autofree char *digits = g_strndup(at + 8, 24);
                        g_string_append_printf(numbers, "%s%d", numbers->len > 0 ? " " : "", atoi(digits));
                }
        }
        return g_string_free(g_steal_pointer(&numbers), FALSE);
}

static void begin(void)
{
        sample_open(&s);
        reader = plc_index_reader_new(s.dir);
}

static void end(void)
{
        plc_index_reader_free(reader);
        sample_close(&s);
}

static void test_words(void)
{
        static const struct {
                int n;
                const char *language, *text, *territories;
        } texts[] = {
                {1, "en", "The tent stood firm in the rain", "WW"},
                {2, "en", "Rain came in, the zipper broke", "WW"},
                {3, "de", "Das Zelt ist schön und dicht", "WW"},
                {4, "zh-Hans", "这条裙子非常好看，防水帐篷质量很好", "WW"},
                {5, "ja", "このテントは東京都で買いました", "WW"},
                {6, "th", "เต็นท์นี้กันน้ำได้ดีมาก", "WW"},
                {7, "en", "A secret tent", "DE"},
                {8, "ko", "텐트가 정말 좋아요", "WW"},
                {9, "fr", "L'été sous la tente", "WW"},
        };
        static const struct {
                const char *sentence, *words, *territory, *expected;
        } rows[] = {
                {"a word, newest first", "rain", NULL, "1 2"},
                {"whatever its capitals", "RAIN", NULL, "1 2"},
                {"all words are needed", "rain tent", NULL, "1"},
                {"a word that is nowhere", "snow", NULL, ""},
                {"an umlaut is no u, but may be written so", "schoen", NULL, "3"},
                {"another word is not found", "schon", NULL, ""},
                {"and by itself", "schön", NULL, "3"},
                {"Chinese without spaces", "裙子", NULL, "4"},
                {"a word that the dictionary may cut otherwise", "防水帐篷", NULL, "4"},
                {"one character", "裙", NULL, "4"},
                {"of a word all characters are needed", "裙裤", NULL, ""},
                {"Japanese", "テント", NULL, "5"},
                {"a name in Japanese", "東京", NULL, "5"},
                {"Thai", "กันน้ำ", NULL, "6"},
                {"Korean without its particle", "텐트", NULL, "8"},
                {"behind an apostrophe", "été", NULL, "9"},
                {"a name is no word of a text, though it is shown", "Marta", NULL, ""},
                {"what may be shown in Germany", "secret", "DE", "7"},
                {"is not found in France", "secret", "FR", ""},
                {"nor without a country", "secret", NULL, ""},
        };
        begin();
        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
                give(texts[i].n, texts[i].language, texts[i].text, texts[i].territories);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                struct plc_index_search search = {.words = rows[i].words};
                g_autofree char *found = find_all(&search, rows[i].territory, 12);

                g_test_message("%s: %s", rows[i].sentence, rows[i].words);
                g_assert_cmpstr(found, ==, rows[i].expected);
        }
        end();
}

static void test_facets_and_orders(void)
{
        static const struct {
                const char *sentence;
                struct plc_index_search search;
                const char *expected;
        } rows[] = {
                {"newest first", {.product = "TENT"}, "1 2 3 4 5 6"},
                {"another product", {.product = "TEN"}, ""},
                {"best first, of those the newest", {.product = "TENT", .order = PLC_INDEX_TOP}, "4 3 2 1 6 5"},
                {"five stars", {.product = "TENT", .stars = 5}, "4"},
                {"a language", {.product = "TENT", .language = "de"}, "2 4"},
                {"a language as it is spoken somewhere", {.product = "TENT", .language = "de-AT"}, "4"},
                {"a country", {.product = "TENT", .country = "DE"}, "2 4 6"},
                {"both", {.product = "TENT", .country = "DE", .language = "en"}, "6"},
                {"their country first, then their language",
                 {.product = "TENT", .order = PLC_INDEX_LOCAL, .from_country = "PL", .in_language = "de"},
                 "1 3 5 2 4 6"},
                {"photos first", {.product = "TENT", .order = PLC_INDEX_PHOTOS}, "3 1 2 4 5 6"},
                {"only photos", {.product = "TENT", .kind = PLC_INDEX_PHOTO}, "90"},
                {"photos of a role", {.product = "TENT", .kind = PLC_INDEX_PHOTO, .role = "closeup"}, ""},
                {"photos of their role", {.product = "TENT", .kind = PLC_INDEX_PHOTO, .role = "scene"}, "90"},
        };
        struct plc_index_item picture = photo(id_of(90), id_of(3), KEY_A, "a tent");
        struct plc_index_segment segment = open_in("WW");
        struct plc_index_rendition file;

        begin();
        for (int n = 1; n <= 6; n++)
                give(n, n == 4 ? "de-AT" : n == 2 ? "de" : "en", "text", "WW");
        file = rendition(&s, "pdp-card", "pdp-card.320.webp", "pdp", 320, 240, "bytes", 5);
        put(&s, &picture, &segment, 1, &file, 1, T0);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *found = find_all(&rows[i].search, NULL, 12);
                g_autofree char *pages = find_all(&rows[i].search, NULL, 1);

                /* the photo stands in its review, too */
                if (rows[i].search.kind == PLC_INDEX_REVIEW) {
                        g_auto(GStrv) parts = g_strsplit(found, " 90", -1), more = g_strsplit(pages, " 90", -1);
                        g_free(found);
                        g_free(pages);
                        found = g_strjoinv("", parts);
                        pages = g_strjoinv("", more);
                }
                g_test_message("%s", rows[i].sentence);
                g_assert_cmpstr(found, ==, rows[i].expected);
                g_assert_cmpstr(pages, ==, rows[i].expected);
        }

        g_test_message("when its photo goes, a review stands among the others again");
        put(&s, &picture, NULL, 0, NULL, 0, T0);
        struct plc_index_search photos = {.product = "TENT", .order = PLC_INDEX_PHOTOS};
        g_autofree char *without = find_all(&photos, NULL, 12);
        g_assert_cmpstr(without, ==, "1 2 3 4 5 6");
        end();
}

/* Item 2 is from Poland, which may be told in France alone: in Poland its place must not tell it. */
static void test_order_tells_no_country(void)
{
        static const struct {
                const char *territory, *from, *language, *expected;
        } rows[] = {
                {"FR", "PL", NULL, "2 3 1 4"}, {"PL", "PL", NULL, "3 1 2 4"}, {"PL", "PL", "de", "3 2 4 1"},
                {"FR", "PL", "de", "2 3 4 1"}, {"DE", "DE", NULL, "1 4 2 3"},
        };

        begin();
        for (int n = 1; n <= 4; n++) {
                struct plc_index_item item = review(id_of(n), n == 2 || n == 4 ? "de" : "en", "text");
                struct plc_index_segment told = open_in("WW"), here = open_in("FR"), untold = open_in("WW");

                item.country = n == 2 || n == 3 ? "PL" : "DE";
                item.written_at = T0 - n * HOUR;
                untold.identity = false;
                if (n == 2)
                        put(&s, &item, (struct plc_index_segment[]){here, untold}, 2, NULL, 0, T0);
                else
                        put(&s, &item, &told, 1, NULL, 0, T0);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                struct plc_index_search search = {.product = "TENT",
                                                  .order = PLC_INDEX_LOCAL,
                                                  .from_country = rows[i].from,
                                                  .in_language = rows[i].language};
                g_autofree char *found = find_all(&search, rows[i].territory, 12);
                g_autofree char *pages = find_all(&search, rows[i].territory, 1);

                g_assert_cmpstr(found, ==, rows[i].expected);
                g_assert_cmpstr(pages, ==, rows[i].expected);
        }
        end();
}

/* Between any two pages some come and some go: none is told twice, none is lost that stayed. */
static void test_pages_while_items_come_and_go(void)
{
        static const enum plc_index_order orders[] = {PLC_INDEX_NEWEST, PLC_INDEX_TOP};

        for (size_t o = 0; o < G_N_ELEMENTS(orders); o++) {
                struct plc_index_question q = {.channel = "pdp", .language = "", .labels = "en"};
                struct plc_index_search search = {.words = "text", .order = orders[o]};
                struct plc_index_found found = {.more = true};
                bool told[201] = {false}, gone[201] = {false};
                GRand *chance = g_rand_new_with_seed(7);

                begin();
                for (int n = 1; n <= 100; n++)
                        give(2 * n, "en", "some text", "WW");
                while (found.more) {
                        g_autoptr(GString) json = g_string_new("[");
                        struct plc_index_state state;

                        OK(plc_index_read_begin(reader, T0, &state, &error));
                        q.now = state.now;
                        OK(plc_index_find(reader, &q, &search, &found.next, 7, json, &found, &error));
                        plc_index_read_end(reader);
                        for (const char *at = json->str; (at = strstr(at, "\"id\":\"01")) != NULL; at++) {
                                g_autofree char *digits = g_strndup(at + 8, 24);
                                int n = atoi(digits);
                                g_assert_false(told[n]);
                                g_assert_false(gone[n]);
                                told[n] = true;
                        }
                        for (int i = 0; i < 5; i++) {
                                int in = 2 * g_rand_int_range(chance, 0, 100) + 1,
                                    out = 2 * g_rand_int_range(chance, 1, 101);
                                give(in, "en", "some text", "WW");
                                give(out, "en", "", "");
                                gone[out] = true;
                        }
                }
                for (int n = 2; n <= 200; n += 2)
                        if (!gone[n])
                                g_assert_true(told[n]);
                g_rand_free(chance);
                end();
        }
}

static bool file_holds(const char *needle)
{
        static const char *const names[] = {"index.db", "index.db-wal", "index.db-shm"};

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
                g_autofree char *path = g_build_filename(s.dir, names[i], NULL), *bytes = NULL;
                size_t size = 0;

                g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
                if (memmem(bytes, size, needle, strlen(needle)) != NULL)
                        return true;
        }
        return false;
}

static void test_terms_leave_with_their_item(void)
{
        begin();
        give(1, "en", "Markcanary is Otherwise", "WW");
        give(2, "en", "another otherwise text", "WW");
        g_assert_true(file_holds("markcanary"));
        give(1, "en", "Something else", "WW");
        g_test_message("a text that was written anew leaves no word of the old one");
        g_assert_false(file_holds("markcanary"));
        give(1, "en", "Markcanary is back", "WW");
        give(1, "en", "", "");
        g_assert_false(file_holds("markcanary"));
        g_assert_true(file_holds("otherwise"));
        end();
}

static void audit(unsigned items, int64_t strays)
{
        g_autoptr(plc_index_audit) audited = NULL;
        g_autoptr(GPtrArray) found = NULL;
        int64_t n = -1;

        OK(plc_index_audit_open(s.dir, &audited, &error));
        OK(plc_index_audit_words(audited, &found, &n, &error));
        g_assert_cmpuint(found->len, ==, items);
        g_assert_cmpint(n, ==, strays);
}

static void test_verified(void)
{
        static const char statements[] =
                "-- :name lose\nDELETE FROM posting WHERE term = 'tent'\n"
                "-- :name stray\nINSERT INTO posting (term, first, docs) VALUES ('x', 7, $1)\n";
        plc_db *db;

        begin();
        give(1, "en", "The tent stood firm, the tent", "WW");
        give(2, "zh-Hans", "质量很好质量", "WW");
        audit(0, 0);
        g_clear_pointer(&s.writer, plc_index_writer_close);
        g_autofree char *path = g_build_filename(s.dir, "index.db", NULL);
        db = plc_db_open(path, 0, statements, NULL);
        OK(plc_db_run(db, "lose", &error, ""));
        audit(1, 0);
        OK(plc_db_run(db, "stray", &error, "b", "\x02", (size_t)1));
        audit(1, 2);
        plc_db_close(db);
        end();
}

/* Against a plain array: numbers in any order in and out, and every seek. */
static void test_postings(void)
{
        enum { SECONDS = 400, ROUNDS = 60 };
        static bool stands[SECONDS * 4];
        GRand *chance = g_rand_new_with_seed(11);
        plc_db *db;
        plc_postings *postings;

        begin();
        g_autofree char *path = g_build_filename(s.dir, "other.db", NULL);
        db = plc_db_open(path, PLC_DB_CREATE, plc_index_sql(), NULL);
        OK(plc_db_schema(db, "schema", &error));
        postings = plc_postings_new(db);
        plc_postings_emptied(postings); /* true of the first round, and no more of the others */
        for (int round = 0; round < ROUNDS; round++) {
                plc_posting_list *list = plc_posting_list_new(db, "w");
                struct plc_postings_budget budget = {100000};

                for (int i = 0; i < 100; i++) {
                        int n = g_rand_int_range(chance, 0, SECONDS * 4);
                        int64_t doc = ((int64_t)(n / 4) * 1000 << PLC_POSTINGS_BITS) + n % 4;

                        bool now = g_rand_int_range(chance, 0, round < ROUNDS / 2 ? 4 : 2) != 0;
                        if (now == stands[n])
                                continue; /* only what stands is taken out */
                        stands[n] = now;
                        for (int twice = 0; twice <= i % 2; twice++)
                                plc_postings_change(postings, "w", doc, stands[n]);
                }
                OK(plc_postings_flush(postings, &error));
                int64_t expected = PLC_POSTINGS_NONE;
                for (int n = 0; n < SECONDS * 4; n++) {
                        int64_t doc = ((int64_t)(n / 4) * 1000 << PLC_POSTINGS_BITS) + n % 4, found;

                        if (stands[n])
                                expected = doc;
                        OK(plc_posting_list_seek(list, doc, &budget, &found, &error));
                        g_assert_cmpint(found, ==, expected);
                }
                plc_posting_list_free(list);
        }
        plc_postings_free(postings);
        plc_db_close(db);
        g_rand_free(chance);
        end();
}

/* A text that says a word twice is written anew, while the words kept in memory go to the file at some
 * point of it. */
static void test_written_on_the_way(void)
{
        static const char text[] = "lamp one two three four five six lamp";
        struct plc_index_item items[] = {review(id_of(1), "en", text), review(id_of(2), "en", text)};
        struct plc_index_segment segment = open_in("DE");
        g_autofree char *path = NULL;

        begin();
        path = g_build_filename(s.dir, "index.db", NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(items); i++)
                put(&s, &items[i], &segment, 1, NULL, 0, T0);
        for (size_t most = 1; most < 60; most++) {
                plc_db *db = plc_db_open(path, 0, plc_index_sql(), NULL);
                plc_index_documents *documents = plc_index_documents_new(db);
                g_autoptr(plc_db_tx) tx = plc_db_begin(db, NULL);

                plc_index_documents_keep(documents, most);
                for (size_t i = 0; i < G_N_ELEMENTS(items); i++) {
                        struct plc_index_document made;
                        int64_t was;

                        OK(plc_index_documents_take(documents, items[i].id, &was, &error));
                        OK(plc_index_documents_put(documents, &items[i], &segment, 1, was, &made, &error));
                        plc_index_document_clear(&made);
                }
                OK(plc_index_documents_settle(documents, &error));
                OK(plc_db_commit(&tx, &error));
                plc_index_documents_free(documents);
                plc_db_close(db);
                audit(0, 0);
        }
        end();
}

static void test_damaged_blocks(void)
{
        static const struct {
                const char *sentence, *bytes;
                size_t size;
                bool fine;
        } rows[] = {
                {"one number", "", 0, true},
                {"the next second", "\x02", 1, true},
                {"a number that goes on for ever", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 11, false},
                {"a number cut short", "\x82", 1, false},
                {"the same again", "\x00", 1, false},
                {"a place within the second that is none", "\x01\xff\xff\xff\x01", 5, false},
        };
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                int64_t docs[PLC_POSTINGS_BLOCK];
                size_t n;

                g_test_message("%s", rows[i].sentence);
                g_assert_cmpint(plc_postings_unpack(5, rows[i].bytes, rows[i].size, docs, &n), ==, rows[i].fine);
        }
        g_autofree char *many = g_strnfill(PLC_POSTINGS_BLOCK, 2);
        int64_t docs[PLC_POSTINGS_BLOCK];
        size_t n;
        g_assert_false(plc_postings_unpack(5, many, PLC_POSTINGS_BLOCK, docs, &n));
        g_assert_true(plc_postings_unpack(5, many, PLC_POSTINGS_BLOCK - 1, docs, &n));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/find/words", test_words);
        g_test_add_func("/find/facets and orders", test_facets_and_orders);
        g_test_add_func("/find/the order tells no country that may not be told", test_order_tells_no_country);
        g_test_add_func("/find/pages while items come and go", test_pages_while_items_come_and_go);
        g_test_add_func("/find/terms leave with their item", test_terms_leave_with_their_item);
        g_test_add_func("/find/what is found is verified", test_verified);
        g_test_add_func("/find/postings", test_postings);
        g_test_add_func("/find/written on the way", test_written_on_the_way);
        g_test_add_func("/find/damaged blocks", test_damaged_blocks);
        return g_test_run();
}
