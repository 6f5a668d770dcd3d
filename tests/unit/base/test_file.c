/* Do files reach the disk whole or not at all, and are strangers' paths opened without being led astray? */
#include "base/file.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "support/rows.h"

static void test_write_replaces(void)
{
        struct playground p;
        g_autofree char *text = NULL, *names = NULL;
        struct stat st;
        mode_t before = umask(077);

        playground_open(&p);
        g_assert_true(plc_write_durable_at(p.fd, "a", "old and long", 12, 0600, NULL));
        g_assert_true(plc_write_durable_at(p.fd, "a", "new", 3, 0644, NULL));
        umask(before);
        text = playground_read(&p, "a");
        names = playground_names(&p, ".");
        g_assert_cmpstr(text, ==, "new");
        g_assert_cmpstr(names, ==, "a");
        g_assert_cmpint(fstatat(p.fd, "a", &st, 0), ==, 0);
        g_assert_cmpint(st.st_mode & 0777, ==, 0644); /* whatever the umask */
        playground_close(&p);
}

struct failing_row {
        const char *sentence;
        const char *name;
        rlim_t largest;
        plc_code code;
};

static const struct failing_row failing[] = {
        {"a file that cannot be written whole leaves nothing", "a", 100, PLC_E_IO},
        {"a name that is a folder leaves nothing", "folder", RLIM_INFINITY, PLC_E_IO},
        {"a name in a folder that is not there leaves nothing", "nowhere/a", RLIM_INFINITY, PLC_E_NOT_FOUND},
};

static void check_failing(const struct playground *p, const struct failing_row *row, bool copy)
{
        static const char text[4096] = "whole";
        struct rlimit limit, low;
        g_autoptr(GError) error = NULL;
        plc_autofd int fd = -1;
        bool ok;

        g_assert_true(plc_memfd("text", text, sizeof text, false, &fd, NULL));
        g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &limit), ==, 0);
        low = limit;
        low.rlim_cur = MIN(row->largest, limit.rlim_max);
        g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &low), ==, 0);
        ok = copy ? plc_copy_durable_at(p->fd, row->name, fd, 0600, false, &error)
                  : plc_write_durable_at(p->fd, row->name, text, sizeof text, 0600, &error);
        g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
        g_assert_false(ok);
        assert_code(error, row->code);
}

static void test_failing(gconstpointer data)
{
        struct playground p;
        g_autofree char *names = NULL;

        playground_open(&p);
        signal(SIGXFSZ, SIG_IGN); /* the write then fails with EFBIG, as a full disk would */
        g_assert_true(plc_make_dir_at(p.fd, "folder", 0700, NULL));
        playground_write(&p, "folder/x", "");
        check_failing(&p, data, false);
        check_failing(&p, data, true);
        names = playground_names(&p, ".");
        g_assert_cmpstr(names, ==, "folder");
        playground_close(&p);
}

static void test_copy(void)
{
        struct playground p;
        g_autoptr(GError) error = NULL;
        g_autofree char *text = NULL, *names = NULL;
        plc_autofd int fd = -1;

        playground_open(&p);
        g_assert_true(plc_memfd("text", "content", 7, false, &fd, NULL));
        g_assert_cmpint(lseek(fd, 5, SEEK_SET), ==, 5); /* copied from the start all the same */
        g_assert_true(plc_copy_durable_at(p.fd, "a", fd, 0600, true, &error));
        g_assert_no_error(error);
        g_assert_false(plc_copy_durable_at(p.fd, "a", fd, 0600, true, &error));
        assert_code(error, PLC_E_CONFLICT);
        g_assert_true(plc_copy_durable_at(p.fd, "a", fd, 0600, false, NULL));
        text = playground_read(&p, "a");
        names = playground_names(&p, ".");
        g_assert_cmpstr(text, ==, "content");
        g_assert_cmpstr(names, ==, "a");
        playground_close(&p);
}

struct limit_row {
        const char *sentence;
        size_t size, limit;
        bool read;
};

static const struct limit_row limits[] = {
        {"an empty file is read", 0, 0, true},
        {"as many bytes as allowed are read", 100, 100, true},
        {"one byte more is TOO_BIG", 101, 100, false},
        {"one byte is more than none", 1, 0, false},
        {"a file of several pieces is read", 200000, 200000, true},
        {"a file of several pieces and one byte is TOO_BIG", 200001, 200000, false},
};

static void test_limit(gconstpointer data)
{
        const struct limit_row *row = data;
        g_autofree char *text = g_strnfill(row->size, 'x');
        g_autoptr(GBytes) bytes = NULL;
        g_autoptr(GError) error = NULL;
        struct playground p;

        playground_open(&p);
        playground_write(&p, "a", text);
        g_assert_cmpint(plc_read_file_at(p.fd, "a", row->limit, &bytes, &error), ==, row->read);
        if (row->read) {
                assert_bytes(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), text, row->size);
                g_assert_cmpint(((const char *)g_bytes_get_data(bytes, NULL))[row->size], ==, '\0');
        } else {
                assert_code(error, PLC_E_TOO_BIG);
                g_assert_true(g_str_has_prefix(error->message, "a: ")); /* the file is named */
        }
        playground_close(&p);
}

struct path_row {
        const char *sentence, *path;
        plc_code code; /* NONE: it opens */
};

/* See tangle: what stands at these paths. */
static const struct path_row paths[] = {
        {"an ordinary file opens", "file", PLC_E_NONE},
        {"an ordinary file in a folder opens", "folder/file", PLC_E_NONE},
        {"a way down and up again within the folder opens", "folder/../file", PLC_E_NONE},
        {"a link to a file inside is refused", "link", PLC_E_UNSAFE_FILE},
        {"a link to a file outside is refused", "outside", PLC_E_UNSAFE_FILE},
        {"a folder that is a link is refused", "folderlink/file", PLC_E_UNSAFE_FILE},
        {"a dangling link is refused", "dangling", PLC_E_UNSAFE_FILE},
        {"a way up is refused", "../beside", PLC_E_UNSAFE_FILE},
        {"a way down and up and out is refused", "folder/../../beside", PLC_E_UNSAFE_FILE},
        {"an absolute path is refused", "/etc/passwd", PLC_E_UNSAFE_FILE},
        {"a file with two names is refused", "hard", PLC_E_UNSAFE_FILE},
        {"a FIFO is refused without waiting for its writer", "fifo", PLC_E_UNSAFE_FILE},
        {"a folder is refused", "folder", PLC_E_UNSAFE_FILE},
        {"what is not there is NOT_FOUND", "missing", PLC_E_NOT_FOUND},
        {"nothing is NOT_FOUND", "", PLC_E_NOT_FOUND},
};

/* root/ with one of each, and `beside` outside it. */
static int tangle(const struct playground *p)
{
        int root;

        playground_write(p, "beside", "secret");
        playground_write(p, "root/file", "ok");
        playground_write(p, "root/folder/file", "ok");
        playground_write(p, "root/hard", "ok");
        g_assert_true(plc_open_dir(p->fd, "root", &root, NULL));
        g_assert_cmpint(symlinkat("file", root, "link"), ==, 0);
        g_assert_cmpint(symlinkat("../beside", root, "outside"), ==, 0);
        g_assert_cmpint(symlinkat("folder", root, "folderlink"), ==, 0);
        g_assert_cmpint(symlinkat("nowhere", root, "dangling"), ==, 0);
        g_assert_cmpint(linkat(root, "hard", root, "hard2", 0), ==, 0);
        g_assert_cmpint(mkfifoat(root, "fifo", 0600), ==, 0);
        return root;
}

static void test_beneath(gconstpointer data)
{
        const struct path_row *row = data;
        g_autoptr(GError) error = NULL;
        plc_autofd int root = -1, fd = -1;
        struct playground p;
        struct stat st;

        playground_open(&p);
        root = tangle(&p);
        g_assert_cmpint(plc_open_beneath(root, row->path, &fd, &st, &error), ==, row->code == PLC_E_NONE);
        assert_code(error, row->code);
        g_assert_cmpint(fd >= 0, ==, row->code == PLC_E_NONE);
        if (fd >= 0)
                g_assert_cmpint(st.st_size, ==, 2);
        playground_close(&p);
}

static void test_read_follows_no_link(void)
{
        g_autoptr(GBytes) bytes = NULL;
        plc_autofd int root = -1;
        struct playground p;

        playground_open(&p);
        root = tangle(&p);
        g_assert_false(plc_read_file_at(root, "outside", 100, &bytes, NULL));
        g_assert_null(bytes);
        playground_close(&p);
}

static void test_rename(void)
{
        g_autoptr(GError) error = NULL;
        struct playground p;
        g_autofree char *a = NULL, *b = NULL;

        playground_open(&p);
        playground_write(&p, "a", "from");
        playground_write(&p, "b", "in the way");
        g_assert_false(plc_rename_durable(p.fd, "a", p.fd, "b", &error));
        assert_code(error, PLC_E_CONFLICT);
        g_clear_error(&error);
        a = playground_read(&p, "a");
        b = playground_read(&p, "b");
        g_assert_cmpstr(a, ==, "from");
        g_assert_cmpstr(b, ==, "in the way");
        g_assert_true(plc_rename_durable(p.fd, "a", p.fd, "c", &error));
        g_assert_no_error(error);
        g_assert_false(playground_has(&p, "a"));
        g_assert_true(playground_has(&p, "c"));
        g_assert_false(plc_rename_durable(p.fd, "a", p.fd, "d", &error));
        assert_code(error, PLC_E_NOT_FOUND);
        playground_close(&p);
}

static void test_remove_tree(void)
{
        g_autoptr(GError) error = NULL;
        plc_autofd int root = -1;
        struct playground p;

        playground_open(&p);
        root = tangle(&p);
        playground_write(&p, "kept/file", "kept");
        g_assert_cmpint(symlinkat("../../kept", root, "folder/keptlink"), ==, 0);
        g_assert_cmpint(symlinkat("kept", p.fd, "top"), ==, 0);
        g_assert_true(plc_remove_tree_at(p.fd, "root", &error));
        g_assert_no_error(error);
        g_assert_false(playground_has(&p, "root"));
        g_assert_true(plc_remove_tree_at(p.fd, "top", &error)); /* the link goes, not what it names */
        g_assert_false(playground_has(&p, "top"));
        g_assert_true(playground_has(&p, "kept/file"));
        g_assert_true(playground_has(&p, "beside"));
        g_assert_true(plc_remove_tree_at(p.fd, "root", &error)); /* not there: fine */
        g_assert_no_error(error);
        playground_close(&p);
}

static void test_list(void)
{
        g_auto(GStrv) names = NULL;
        g_autoptr(GError) error = NULL;
        struct playground p;
        g_autofree char *joined = NULL;

        playground_open(&p);
        playground_write(&p, "b", "");
        playground_write(&p, "a", "");
        playground_write(&p, ".hidden", "");
        playground_write(&p, "B/x", "");
        g_assert_true(plc_list_dir(p.fd, ".", 4, &names, &error));
        joined = g_strjoinv(" ", names);
        g_assert_cmpstr(joined, ==, ".hidden B a b");
        g_clear_pointer(&names, g_strfreev);
        g_assert_false(plc_list_dir(p.fd, ".", 3, &names, &error));
        assert_code(error, PLC_E_TOO_BIG);
        g_assert_null(names);
        g_clear_error(&error);
        g_assert_false(plc_list_dir(p.fd, "missing", 3, &names, &error));
        assert_code(error, PLC_E_NOT_FOUND);
        playground_close(&p);
}

static void test_make_dir(void)
{
        g_autoptr(GError) error = NULL;
        mode_t before = umask(077);
        struct playground p;
        struct stat st;

        playground_open(&p);
        g_assert_true(plc_make_dir_at(p.fd, "d", 0755, &error));
        umask(before);
        g_assert_cmpint(fstatat(p.fd, "d", &st, 0), ==, 0);
        g_assert_cmpint(st.st_mode & 0777, ==, 0755);
        g_assert_true(plc_make_dir_at(p.fd, "d", 0700, &error)); /* there already: fine, and left as it is */
        g_assert_no_error(error);
        playground_write(&p, "f", "");
        g_assert_false(plc_make_dir_at(p.fd, "f", 0700, &error));
        assert_code(error, PLC_E_IO);
        playground_close(&p);
}

static void test_memfd(void)
{
        plc_autofd int fd = -1;
        g_autoptr(GBytes) bytes = NULL, empty = NULL;

        g_assert_true(plc_memfd("m", "content", 7, true, &fd, NULL));
        g_assert_cmpint(lseek(fd, 0, SEEK_CUR), ==, 0);
        g_assert_cmpint(write(fd, "x", 1), ==, -1);
        g_assert_cmpint(ftruncate(fd, 3), ==, -1);
        g_assert_cmpint(ftruncate(fd, 30), ==, -1);
        g_assert_true(plc_map_fd(fd, 7, &bytes, NULL));
        assert_bytes(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), "content", 7);
        g_assert_true(plc_map_fd(fd, 0, &empty, NULL));
        g_assert_cmpuint(g_bytes_get_size(empty), ==, 0);
}

static void test_data_dir(void)
{
        g_autofree char *source = NULL, *chosen = NULL, *schemas = NULL;

        g_unsetenv("PLACET_PRESETS");
        source = plc_data_dir("presets");
        g_assert_cmpstr(source, ==, PLC_SOURCE_DIR "/presets");
        g_setenv("PLACET_PRESETS", "/elsewhere", TRUE);
        chosen = plc_data_dir("presets");
        schemas = plc_data_dir("schemas");
        g_unsetenv("PLACET_PRESETS");
        g_assert_cmpstr(chosen, ==, "/elsewhere");
        g_assert_cmpstr(schemas, ==, PLC_SOURCE_DIR "/schemas");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/file/writing replaces the whole and leaves no other name", test_write_replaces);
        ADD_ROWS("/file/failing", failing, test_failing)
        g_test_add_func("/file/an exclusive copy does not replace", test_copy);
        ADD_ROWS("/file/limit", limits, test_limit)
        ADD_ROWS("/file/beneath", paths, test_beneath)
        g_test_add_func("/file/reading follows no link", test_read_follows_no_link);
        g_test_add_func("/file/renaming does not replace", test_rename);
        g_test_add_func("/file/removing a tree follows no link", test_remove_tree);
        g_test_add_func("/file/a list is sorted and has an end", test_list);
        g_test_add_func("/file/a folder has its mode whatever the umask", test_make_dir);
        g_test_add_func("/file/a sealed memory file cannot be changed", test_memfd);
        g_test_add_func("/file/presets may be chosen, schemas may not", test_data_dir);
        return g_test_run();
}
