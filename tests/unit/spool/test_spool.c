/* Does a report come out of the spool as it went in, and is everything else that may lie there refused? */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "spool/spool.h"

#define ID "01AAAAAAAAAAAAAAAAAAAAAAA1"
#define ITEM "01BBBBBBBBBBBBBBBBBBBBBBB1"
#define FROM "0123456789abcdef0123456789abcdef"
#define NAME "r-" ID ".json"

static char *folder;
static int dirfd_of;

static void set_up(void)
{
        g_autoptr(GError) error = NULL;

        folder = g_dir_make_tmp("plc-spool-XXXXXX", NULL);
        plc_open_dir(AT_FDCWD, folder, &dirfd_of, &error);
        g_assert_no_error(error);
}

static void tear_down(void)
{
        plc_remove_tree_at(AT_FDCWD, folder, NULL);
        plc_close_fd(&dirfd_of);
        g_free(folder);
}

static struct plc_report report_of(const char *text)
{
        return (struct plc_report){.id = ID,
                                   .at = 1800000000000,
                                   .item = (char *)ITEM,
                                   .reason = plc_spool_reason("me")->word,
                                   .from = FROM,
                                   .text = (char *)text,
                                   .contact = (char *)"Ann \"A\" <ann@example.org>"};
}

static void test_comes_out_as_it_went_in(void)
{
        struct plc_report in = report_of("Das bin ich.\nBitte weg damit 📷"), out;
        g_autoptr(GError) error = NULL;
        g_auto(GStrv) names = NULL;
        unsigned n = 0;
        struct stat st;

        set_up();
        g_assert_true(plc_spool_put_report(dirfd_of, &in, &error));
        g_assert_true(plc_spool_list(dirfd_of, 'r', &names, &error));
        g_assert_cmpstr(names[0], ==, NAME);
        g_assert_null(names[1]);
        g_assert_cmpint(fstatat(dirfd_of, NAME, &st, 0), ==, 0);
        g_assert_cmpuint(st.st_mode & 0777, ==, 0600);
        g_assert_true(plc_spool_read_report(dirfd_of, NAME, &out, &error));
        g_assert_no_error(error);
        g_assert_cmpstr(out.id, ==, in.id);
        g_assert_cmpint(out.at, ==, in.at);
        g_assert_cmpstr(out.item, ==, in.item);
        g_assert_cmpstr(out.reason, ==, in.reason);
        g_assert_cmpstr(out.from, ==, in.from);
        g_assert_cmpstr(out.text, ==, in.text);
        g_assert_cmpstr(out.contact, ==, in.contact);
        plc_report_clear(&out);
        g_assert_true(plc_spool_count(dirfd_of, &n, &error) && n == 1);
        g_assert_true(plc_spool_remove(dirfd_of, NAME, &error) && plc_spool_remove(dirfd_of, NAME, &error));
        g_assert_true(plc_spool_count(dirfd_of, &n, &error) && n == 0);
        tear_down();
}

static void test_too_long_is_not_written(void)
{
        g_autoptr(GString) text = g_string_new(NULL);
        g_autoptr(GError) error = NULL;
        struct plc_report report;
        unsigned n = 1;

        set_up();
        while (text->len < PLC_SPOOL_FILE_MAX)
                g_string_append(text, "📷");
        report = report_of(text->str);
        g_assert_false(plc_spool_put_report(dirfd_of, &report, &error));
        g_assert_cmpint(plc_error_code(error), ==, PLC_E_TOO_BIG);
        g_clear_error(&error);
        g_assert_true(plc_spool_count(dirfd_of, &n, &error) && n == 0);
        tear_down();
}

#define START "{\"format\":\"placet.spool/1\",\"id\":\"" ID "\",\"at\":\"2026-11-22T04:00:00.000Z\",\"item\":\""
#define MIDDLE ITEM "\",\"reason\":\"me\",\"from\":\"" FROM "\""
#define LONG "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static const struct {
        const char *sentence, *text;
        bool fine;
} rows[] = {
        {"the least that a report is", START MIDDLE "}", true},
        {"nothing", "", false},
        {"no JSON", "report", false},
        {"an array", "[]", false},
        {"cut off", START MIDDLE, false},
        {"another file's id",
         "{\"format\":\"placet.spool/1\",\"id\":\"01AAAAAAAAAAAAAAAAAAAAAAA2\",\"at\":"
         "\"2026-11-22T04:00:00.000Z\",\"item\":\"" MIDDLE "}",
         false},
        {"another format",
         "{\"format\":\"placet.spool/2\",\"id\":\"" ID "\",\"at\":\"2026-11-22T04:00:00.000Z\","
         "\"item\":\"" MIDDLE "}",
         false},
        {"a member that nobody knows", START MIDDLE ",\"state\":\"upheld\"}", false},
        {"a member twice", START MIDDLE ",\"reason\":\"other\"}", false},
        {"a reason that is none", START ITEM "\",\"reason\":\"because\",\"from\":\"" FROM "\"}", false},
        {"an item that is no id", START "../../etc/passwd\",\"reason\":\"me\",\"from\":\"" FROM "\"}", false},
        {"a network that is no hash", START ITEM "\",\"reason\":\"me\",\"from\":\"203.0.113.7\"}", false},
        {"text as a number", START MIDDLE ",\"text\":1}", false},
        {"text with a control character", START MIDDLE ",\"text\":\"a\\u001b[2J\"}", false},
        {"text that is no UTF-8", START MIDDLE ",\"text\":\"\xff\"}", false},
        {"a contact longer than is taken", START MIDDLE ",\"contact\":\"" LONG LONG LONG "\"}", false},
        {"deeply nested", START MIDDLE ",\"text\":[[[[[[]]]]]]}", false},
};

static void test_hostile_files(void)
{
        set_up();
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *path = g_build_filename(folder, NAME, NULL);
                g_autoptr(GError) error = NULL;
                struct plc_report report;

                g_test_message("%s", rows[i].sentence);
                g_assert_true(g_file_set_contents(path, rows[i].text, -1, NULL));
                g_assert_cmpint(plc_spool_read_report(dirfd_of, NAME, &report, &error), ==, rows[i].fine);
                if (rows[i].fine) {
                        plc_report_clear(&report);
                        continue;
                }
                g_assert_cmpint(plc_code_then(plc_error_code(error)), ==, PLC_THEN_REJECT);
        }
        tear_down();
}

static void refused(const char *sentence, const char *name)
{
        g_autoptr(GError) error = NULL;
        struct plc_report report;

        g_test_message("%s", sentence);
        g_assert_false(plc_spool_read_report(dirfd_of, name, &report, &error));
        g_assert_cmpint(plc_code_then(plc_error_code(error)), ==, PLC_THEN_REJECT);
}

static void test_what_is_no_file_of_ours(void)
{
        g_autofree char *big = g_strnfill(PLC_SPOOL_FILE_MAX + 1, ' '), *path = NULL;
        g_auto(GStrv) names = NULL;
        g_autoptr(GError) error = NULL;

        set_up();
        path = g_build_filename(folder, NAME, NULL);
        g_assert_cmpint(symlink("/etc/hostname", path), ==, 0);
        refused("a link", NAME);
        unlink(path);
        g_assert_cmpint(mkfifo(path, 0600), ==, 0);
        refused("a pipe does not hold the office up", NAME);
        unlink(path);
        g_assert_cmpint(mkdir(path, 0700), ==, 0);
        refused("a folder", NAME);
        rmdir(path);
        g_assert_true(g_file_set_contents(path, big, -1, NULL));
        refused("a file that is too large", NAME);
        refused("another name", "../" NAME);
        for (size_t i = 0; i < 5; i++) {
                static const char *const others[] = {".tmp-x", ".key", "r-x.json", "x-" ID ".json", "r-" ID ".json2"};
                g_autofree char *other = g_build_filename(folder, others[i], NULL);

                g_assert_true(g_file_set_contents(other, "x", -1, NULL));
        }
        g_assert_true(plc_spool_list(dirfd_of, 'r', &names, &error));
        g_assert_cmpuint(g_strv_length(names), ==, 1);
        tear_down();
}

static void test_networks(void)
{
        uint8_t key[PLC_SPOOL_KEY_SIZE], again[PLC_SPOOL_KEY_SIZE], other[PLC_SPOOL_KEY_SIZE] = {1};
        char a[PLC_SPOOL_FROM_SIZE], b[PLC_SPOOL_FROM_SIZE], c[PLC_SPOOL_FROM_SIZE];
        g_autoptr(GError) error = NULL;

        set_up();
        g_assert_true(plc_spool_key(dirfd_of, key, &error) && plc_spool_key(dirfd_of, again, &error));
        g_assert_cmpint(memcmp(key, again, sizeof key), ==, 0);
        plc_spool_from(key, "4:cb0071", a);
        plc_spool_from(again, "4:cb0071", b);
        plc_spool_from(other, "4:cb0071", c);
        g_assert_cmpstr(a, ==, b);
        g_assert_cmpstr(a, !=, c);
        g_assert_null(strstr(a, "cb0071"));
        tear_down();
}

static void test_withdrawals(void)
{
        static const struct {
                const char *sentence, *token, *item, *more;
                bool fine;
        } files[] = {
                {"as it is written", "0aaaaaaaaaaaaaaaaaaaaaaaa1", ITEM, "", true},
                {"a token in capitals", "0AAAAAAAAAAAAAAAAAAAAAAAA1", ITEM, "", false},
                {"a token that is too short", "0aaaaaaaaaaaa", ITEM, "", false},
                {"an item that is no id", "0aaaaaaaaaaaaaaaaaaaaaaaa1", "../x", "", false},
                {"a member that nobody knows", "0aaaaaaaaaaaaaaaaaaaaaaaa1", ITEM, ",\"contributor\":\"x\"", false},
        };
        struct plc_spool_withdrawal in = {ID, "0aaaaaaaaaaaaaaaaaaaaaaaa1", ITEM, 1800000000000, true}, out;
        g_autofree char *path = NULL;
        g_auto(GStrv) names = NULL;
        g_autoptr(GError) error = NULL;

        set_up();
        g_assert_true(plc_spool_put_withdrawal(dirfd_of, &in, &error) && plc_spool_list(dirfd_of, 'w', &names, &error));
        g_assert_cmpstr(names[0], ==, "w-" ID ".json");
        g_assert_true(plc_spool_read_withdrawal(dirfd_of, names[0], &out, &error));
        g_assert_cmpstr(out.id, ==, in.id);
        g_assert_cmpstr(out.token, ==, in.token);
        g_assert_cmpstr(out.item, ==, in.item);
        g_assert_true(out.all && out.at == in.at);
        path = g_build_filename(folder, names[0], NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
                g_autofree char *text = g_strdup_printf("{\"format\":\"placet.spool/1\",\"id\":\"" ID
                                                        "\",\"at\":\"2026-11-22T04:00:00.000Z\","
                                                        "\"token\":\"%s\",\"item\":\"%s\",\"all\":false%s}",
                                                        files[i].token, files[i].item, files[i].more);

                g_test_message("%s", files[i].sentence);
                g_assert_true(g_file_set_contents(path, text, -1, NULL));
                g_assert_cmpint(plc_spool_read_withdrawal(dirfd_of, names[0], &out, NULL), ==, files[i].fine);
        }
        tear_down();
}

static void test_words(void)
{
        g_autofree char *thousand = g_strnfill(1000, 'x'), *more = g_strnfill(1001, 'x');

        g_assert_true(plc_spool_words_fit(thousand, 1000));
        g_assert_false(plc_spool_words_fit(more, 1000));
        g_assert_true(plc_spool_words_fit("one\r\n\ttwo", 1000));
        g_assert_false(plc_spool_words_fit("bell \a", 1000));
        g_assert_false(plc_spool_words_fit("\xc2\x9b", 1000)); /* CSI of C1 */
        g_assert_false(plc_spool_words_fit("\xed\xa0\x80", 1000));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/spool/a report comes out as it went in", test_comes_out_as_it_went_in);
        g_test_add_func("/spool/what is too long is not written", test_too_long_is_not_written);
        g_test_add_func("/spool/files of a hostile server", test_hostile_files);
        g_test_add_func("/spool/what is no file of ours", test_what_is_no_file_of_ours);
        g_test_add_func("/spool/networks are hashed under a key that stays", test_networks);
        g_test_add_func("/spool/withdrawals", test_withdrawals);
        g_test_add_func("/spool/words that are taken", test_words);
        return g_test_run();
}
