/* What gets into the published index, what stays out, and is what was removed gone from every byte? */
#include "unit/serve/sample.h"

#include "db/db.h"
#include "index/reader.h"
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_territories(void)
{
        static const struct {
                const char *set, *asked;
                bool has;
        } rows[] = {{"DE AT", "DE", true}, {"DE AT", "AT", true}, {"DE AT", "FR", false},
                    {"WW", "ZW", true},    {"WW", "AD", true},    {"DE", NULL, false},
                    {"WW", NULL, true},    {"DE", "DJ", false},   {"ZW", "ZW", true}};
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                struct plc_index_territories set = in(rows[i].set), again = {0};
                uint8_t stored[PLC_INDEX_TERRITORIES_BYTES];
                size_t size = plc_index_territories_store(&set, stored);
                g_test_message("%s in %s", rows[i].asked, rows[i].set);
                g_assert_cmpint(plc_index_territories_stored_has(stored, size, rows[i].asked), ==, rows[i].has);
                g_assert_true(plc_index_territories_load(stored, size, &again));
                g_assert_true(memcmp(&again, &set, sizeof set) == 0);
                if (rows[i].asked != NULL)
                        g_assert_cmpint(plc_index_territories_has(&set, rows[i].asked), ==, rows[i].has);
        }
        size_t n = 0;
        struct plc_index_territories all = {0};
        while (plc_index_territory_at(n) != NULL)
                plc_index_territories_add(&all, plc_index_territory_at(n++));
        g_assert_cmpuint(n, ==, 249);
        g_assert_true(plc_index_territories_is_world(&all));
        g_assert_false(plc_index_territory_known("WW"));
        g_assert_false(plc_index_territory_known("UK"));
        g_assert_false(plc_index_territory_known("de"));
        g_assert_false(plc_index_territory_known("DEU"));
        g_assert_false(plc_index_territories_stored_has("", 0, "DE"));
        g_assert_false(plc_index_territories_stored_has("Wx", 2, "DE"));
}

static bool file_holds(const char *dir, const char *name, const char *needle)
{
        g_autofree char *path = g_build_filename(dir, name, NULL);
        g_autoptr(GBytes) bytes = NULL;
        OK(plc_read_file_at(AT_FDCWD, path, 64 * PLC_MIB, &bytes, &error));
        size_t size = 0;
        const void *data = g_bytes_get_data(bytes, &size);
        return memmem(data, size, needle, strlen(needle)) != NULL;
}

static bool index_holds(struct sample *s, const char *needle)
{
        return file_holds(s->dir, "index.db", needle) || file_holds(s->dir, "index.db-wal", needle);
}

static void test_files(void)
{
        static const char *const names[] = {"index.db", "index.db-wal", "index.db-shm"};
        struct sample s;
        mode_t before = umask(0077);
        sample_open(&s);
        umask(before);
        for (int round = 0; round < 2; round++) {
                for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
                        struct stat st;
                        g_autofree char *path = g_build_filename(s.dir, names[i], NULL);
                        g_test_message("%s %s", names[i], round == 0 ? "while the office runs" : "after it has gone");
                        g_assert_cmpint(stat(path, &st), ==, 0);
                        g_assert_cmpuint(st.st_mode & 0777, ==, 0644);
                }
                if (round == 0)
                        g_clear_pointer(&s.writer, plc_index_writer_close);
        }
        sample_close(&s);
}

static void test_what_nobody_may_see_is_in_no_byte(void)
{
        struct sample s;
        sample_open(&s);
        struct plc_index_segment seg = open_in("DE");
        struct plc_index_item item = review("01AAAAAAAAAAAAAAAAAAAAAAAA", "en", "TEXTMARK is a good tent");
        struct plc_index_translation translation = {.language = "de", .body = "TRANSLATIONMARK", .by = "human"};
        item.author = "NAMEMARK";
        item.excerpt = "EXCERPTMARK";
        item.translations = &translation;
        item.n_translations = 1;

        put(&s, &item, &seg, 1, NULL, 0, T0);
        g_assert_true(index_holds(&s, "TEXTMARK"));
        g_assert_true(index_holds(&s, "NAMEMARK"));
        g_assert_false(index_holds(&s, "EXCERPTMARK"));
        g_assert_false(index_holds(&s, "TRANSLATIONMARK"));

        g_test_message("the name goes when no segment lets it out any more");
        seg.identity = false;
        put(&s, &item, &seg, 1, NULL, 0, T0);
        g_assert_true(index_holds(&s, "TEXTMARK"));
        g_assert_false(index_holds(&s, "NAMEMARK"));

        g_test_message("everything goes with the item");
        OK(plc_index_begin(s.writer, &error));
        OK(plc_index_remove_item(s.writer, item.id, &error));
        OK(plc_index_commit(s.writer, T0, &error));
        g_assert_false(index_holds(&s, "TEXTMARK"));

        g_test_message("and when the publisher has no segment for it");
        put(&s, &item, &seg, 1, NULL, 0, T0);
        put(&s, &item, NULL, 0, NULL, 0, T0);
        g_assert_false(index_holds(&s, "TEXTMARK"));

        g_test_message("and when somebody read just then, at the latest with the office's end");
        g_autoptr(plc_index_reader) reader = plc_index_reader_new(s.dir);
        struct plc_index_state state;
        put(&s, &item, &seg, 1, NULL, 0, T0);
        OK(plc_index_read_begin(reader, T0, &state, &error));
        put(&s, &item, NULL, 0, NULL, 0, T0);
        g_assert_true(index_holds(&s, "TEXTMARK"));
        plc_index_read_end(reader);
        plc_index_read_rest(reader);
        g_clear_pointer(&s.writer, plc_index_writer_close);
        g_assert_false(index_holds(&s, "TEXTMARK"));
        sample_close(&s);
}

static void test_another_format_is_made_anew(void)
{
        static const char statements[] =
                "-- :name older\nUPDATE meta SET format = 1\n-- :name item\nDROP TABLE segment\n";
        struct plc_index_segment seg = open_in("DE");
        struct plc_index_item item = review("01AAAAAAAAAAAAAAAAAAAAAAAA", "en", "OLDMARK");
        struct sample s;
        bool there;

        sample_open(&s);
        put(&s, &item, &seg, 1, NULL, 0, T0);
        g_clear_pointer(&s.writer, plc_index_writer_close);
        g_autofree char *path = g_build_filename(s.dir, "index.db", NULL);
        plc_db *db = plc_db_open(path, 0, statements, NULL);
        OK(plc_db_run(db, "older", &error, ""));
        OK(plc_db_run(db, "item", &error, ""));
        plc_db_close(db);
        OK(plc_index_writer_open(s.dir, NULL, &s.writer, &error));
        OK(plc_index_has_item(s.writer, item.id, &there, &error));
        g_assert_false(there);
        put(&s, &item, &seg, 1, NULL, 0, T0);
        OK(plc_index_has_item(s.writer, item.id, &there, &error));
        g_assert_true(there);
        sample_close(&s);
}

static void test_refused(void)
{
        struct sample s;
        sample_open(&s);
        struct plc_index_item r = review("01AAAAAAAAAAAAAAAAAAAAAAAA", "en", "x");
        struct plc_index_item p = photo("01BBBBBBBBBBBBBBBBBBBBBBBB", "g", KEY_A, "x");
        struct plc_index_item no_key = photo("01BBBBBBBBBBBBBBBBBBBBBBBB", "g", "short", "x");
        struct plc_index_segment good = open_in("DE"), ad = good, none = good, backward = good, crop = good;
        struct plc_index_rendition image = rendition(&s, "pdp-card", "pdp-card.640.jpg", "pdp", 640, 480, "x", 1),
                                   ad_image = image, bad_name = image, bad_hash = image;
        ad.channel = "ad";
        none.territories = (struct plc_index_territories){0};
        backward.until_ms = backward.from_ms;
        crop.edit = PLC_INDEX_EDIT_CROP;
        ad_image.channel = "ad";
        bad_name.name = "../../x.jpg";
        bad_hash.sha256 = "../../x";
        const struct {
                const char *sentence;
                const struct plc_index_item *item;
                const struct plc_index_segment *segment;
                const struct plc_index_rendition *rendition;
        } rows[] = {
                {"a segment for ads is not public", &r, &ad, NULL},
                {"a segment for nobody opens nothing", &r, &none, NULL},
                {"a segment without time opens nothing", &r, &backward, NULL},
                {"what may be cropped may be shown whole, else something is wrong", &p, &crop, NULL},
                {"a rendition for ads is not public", &p, &good, &ad_image},
                {"a rendition's name is a name", &p, &good, &bad_name},
                {"a rendition is a file of assets", &p, &good, &bad_hash},
                {"a photo has a key", &no_key, &good, &image},
        };
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autoptr(GError) why = NULL;
                g_test_message("%s", rows[i].sentence);
                OK(plc_index_begin(s.writer, &error));
                g_assert_false(plc_index_put_item(s.writer, rows[i].item, rows[i].segment, 1, rows[i].rendition,
                                                  rows[i].rendition != NULL, &why));
                g_assert_cmpint((int)plc_error_code(why), ==, PLC_E_BAD_VALUE);
                plc_index_rollback(s.writer);
        }
        sample_close(&s);
}

static void test_publications(void)
{
        struct sample s;
        struct plc_index_state a, b;
        sample_open(&s);
        struct plc_index_segment seg = open_in("DE");
        struct plc_index_item one = review("01AAAAAAAAAAAAAAAAAAAAAAAA", "en", "one");
        put(&s, &one, &seg, 1, NULL, 0, T0);

        g_autoptr(plc_index_reader) reader = plc_index_reader_new(s.dir);
        OK(plc_index_read_begin(reader, T0 + 1, &a, &error));
        g_assert_cmpint(a.now, ==, T0 + 1);
        plc_index_read_end(reader);

        g_test_message("a clock that was set back opens nothing again");
        OK(plc_index_read_begin(reader, T0 - HOUR, &b, &error));
        g_assert_cmpint(b.now, ==, T0);
        plc_index_read_end(reader);

        g_test_message("what is not committed is not seen");
        OK(plc_index_begin(s.writer, &error));
        OK(plc_index_remove_item(s.writer, one.id, &error));
        struct plc_index_question q = {.channel = "pdp", .territory = "DE", .language = "", .now = T0};
        struct plc_index_cursor first = {.written_at = PLC_TIME_NEVER};
        struct plc_index_page page;
        g_autoptr(GString) json = g_string_new("[");
        OK(plc_index_read_begin(reader, T0, &b, &error));
        OK(plc_index_list(reader, &q, PLC_INDEX_REVIEW, "TENT", &first, 10, json, &page, &error));
        g_assert_cmpuint(page.count, ==, 1);

        g_test_message("an answer that has begun stays of one publication");
        OK(plc_index_commit(s.writer, T0 + 5, &error));
        OK(plc_index_list(reader, &q, PLC_INDEX_REVIEW, "TENT", &first, 10, json, &page, &error));
        g_assert_cmpuint(page.count, ==, 1);
        plc_index_read_end(reader);

        g_test_message("the next answer is of the next one");
        OK(plc_index_read_begin(reader, T0, &b, &error));
        g_assert_cmpint(b.version, ==, a.version + 1);
        g_assert_cmpint(b.now, ==, T0 + 5);
        OK(plc_index_list(reader, &q, PLC_INDEX_REVIEW, "TENT", &first, 10, json, &page, &error));
        g_assert_cmpuint(page.count, ==, 0);
        plc_index_read_end(reader);
        sample_close(&s);
}

/* All of the index in one publication: the old one without what was in it, the new one begun. */
static void write_all_anew(plc_index_writer *writer, const struct plc_index_item *item)
{
        struct plc_index_segment seg = open_in("DE");

        OK(plc_index_begin_whole(writer, &error));
        OK(plc_index_clear(writer, &error));
        OK(plc_index_put_item(writer, item, &seg, 1, NULL, 0, &error));
}

static void test_all_anew(void)
{
        struct plc_index_item old = review("01AAAAAAAAAAAAAAAAAAAAAAAA", "en", "old");
        struct plc_index_item anew = review("01BBBBBBBBBBBBBBBBBBBBBBBB", "en", "anew");
        static const char *const ends[] = {"dies on the way", "is given up", "is committed"};
        struct plc_index_segment seg = open_in("DE");
        struct sample s;

        sample_open(&s);
        put(&s, &old, &seg, 1, NULL, 0, T0);
        g_clear_pointer(&s.writer, plc_index_writer_close);
        for (size_t end = 0; end < G_N_ELEMENTS(ends); end++) {
                bool has_old, has_new;
                int status;
                pid_t child = fork();

                g_test_message("one that %s", ends[end]);
                if (child == 0) {
                        plc_index_writer *writer = NULL;

                        OK(plc_index_writer_open(s.dir, NULL, &writer, &error));
                        write_all_anew(writer, &anew);
                        if (end == 0)
                                raise(SIGKILL);
                        if (end == 1)
                                plc_index_rollback(writer);
                        else
                                OK(plc_index_commit(writer, T0, &error));
                        plc_index_writer_close(writer);
                        _exit(0);
                }
                g_assert_cmpint(waitpid(child, &status, 0), ==, child);
                g_assert_cmpint(WIFSIGNALED(status), ==, end == 0);
                OK(plc_index_writer_open(s.dir, NULL, &s.writer, &error));
                OK(plc_index_has_item(s.writer, old.id, &has_old, &error));
                OK(plc_index_has_item(s.writer, anew.id, &has_new, &error));
                g_assert_cmpint(has_old, ==, end < 2);
                g_assert_cmpint(has_new, ==, end == 2);
                g_clear_pointer(&s.writer, plc_index_writer_close);
        }
        sample_close(&s);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/index/territories", test_territories);
        g_test_add_func("/index/files", test_files);
        g_test_add_func("/index/in-no-byte", test_what_nobody_may_see_is_in_no_byte);
        g_test_add_func("/index/another format is made anew", test_another_format_is_made_anew);
        g_test_add_func("/index/refused", test_refused);
        g_test_add_func("/index/publications", test_publications);
        g_test_add_func("/index/all anew", test_all_anew);
        return g_test_run();
}
