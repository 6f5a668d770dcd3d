/* Is a zip of ours one that others read? The end of this file says which ways of reading it are tried. */
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "pack/zip.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

/* What Python's zipfile says of the zip, by a line of Python that prints. NULL: there is no python3. */
static char *python(const char *path, const char *program)
{
        const char *argv[] = {"python3", "-c", program, path, NULL};
        g_autofree char *out = NULL, *err = NULL;
        g_autoptr(GError) error = NULL;
        int status;

        if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &err, &status, &error))
                return NULL;
        if (status != 0)
                g_test_message("%s", err);
        g_assert_cmpint(status, ==, 0);
        return g_steal_pointer(&out);
}

static int make(char **out_path)
{
        int fd = g_file_open_tmp("placet-zip-XXXXXX", out_path, NULL);

        g_assert_cmpint(fd, >=, 0);
        return fd;
}

static void reads_as(const char *path, const char *program, const char *expected)
{
        g_autofree char *said = python(path, program);

        if (said == NULL)
                g_test_skip("python3 is not installed");
        else
                g_assert_cmpstr(said, ==, expected);
        unlink(path);
}

static void names_bytes_and_times_come_back(void)
{
        g_autoptr(GError) error = NULL;
        g_autofree char *path = NULL;
        plc_autofd int fd = make(&path), photo = -1;
        g_autoptr(plc_zip) zip = NULL;
        int64_t at;

        g_assert_true(plc_time_parse("2026-11-03T09:30:20.000Z", &at));
        zip = plc_zip_new(fd, at);
        g_assert_true(plc_memfd("photo", "\377\330photo", 7, true, &photo, &error));
        g_assert_true(plc_zip_add(zip, "export.json", "{}", 2, &error));
        g_assert_true(plc_zip_add(zip, "originals/A ö 写真.jpg", "", 0, &error));
        g_assert_true(plc_zip_add_fd(zip, "previews/A.jpg", photo, &error));
        g_assert_true(plc_zip_end(zip, &error));
        g_assert_no_error(error);
        reads_as(path,
                 "import sys, zipfile\n"
                 "z = zipfile.ZipFile(sys.argv[1])\n"
                 "assert z.testzip() is None\n"
                 "for i in z.infolist(): print(ascii(i.filename), z.read(i), i.date_time, oct(i.external_attr >> 16))",
                 "'export.json' b'{}' (2026, 11, 3, 9, 30, 20) 0o100600\n"
                 "'originals/A \\xf6 \\u5199\\u771f.jpg' b'' (2026, 11, 3, 9, 30, 20) 0o100600\n"
                 "'previews/A.jpg' b'\\xff\\xd8photo' (2026, 11, 3, 9, 30, 20) 0o100600\n");
}

/* 65,536 entries and more are counted in the wide form. */
static void more_entries_than_the_narrow_form_counts(void)
{
        g_autoptr(GError) error = NULL;
        g_autofree char *path = NULL;
        plc_autofd int fd = make(&path);
        g_autoptr(plc_zip) zip = plc_zip_new(fd, 0);

        for (int i = 0; i < 65537; i++) {
                char name[16];

                g_snprintf(name, sizeof name, "%d", i);
                g_assert_true(plc_zip_add(zip, name, "x", 1, &error));
        }
        g_assert_true(plc_zip_end(zip, &error));
        reads_as(path,
                 "import sys, zipfile\n"
                 "z = zipfile.ZipFile(sys.argv[1])\n"
                 "print(len(z.namelist()), z.read('65536'))",
                 "65537 b'x'\n");
}

/* Entries that begin beyond 4 GiB are listed in the wide form; the file has a hole before them. */
static void offsets_beyond_four_gigabytes(void)
{
        g_autoptr(GError) error = NULL;
        g_autofree char *path = NULL;
        plc_autofd int fd = make(&path), big = -1;
        g_autoptr(plc_zip) zip = plc_zip_new(fd, 0);

        if (g_getenv("PLACET_TEST_ALL") == NULL) {
                unlink(path);
                g_test_skip("writes 4 GiB: PLACET_TEST_ALL=1 runs it");
                return;
        }
        big = memfd_create("big", MFD_CLOEXEC);
        g_assert_cmpint(ftruncate(big, INT64_C(2200) << 20), ==, 0);
        g_assert_true(plc_zip_add_fd(zip, "one", big, &error));
        g_assert_true(plc_zip_add_fd(zip, "two", big, &error));
        g_assert_true(plc_zip_add(zip, "three", "last", 4, &error));
        g_assert_true(plc_zip_end(zip, &error));
        reads_as(path,
                 "import sys, zipfile\n"
                 "z = zipfile.ZipFile(sys.argv[1])\n"
                 "print(z.namelist(), z.read('three'))",
                 "['one', 'two', 'three'] b'last'\n");
}

static void a_name_that_a_zip_cannot_hold_is_refused(void)
{
        g_autofree char *path = NULL, *longest = g_strnfill(1025, 'n');
        plc_autofd int fd = make(&path);
        g_autoptr(plc_zip) zip = plc_zip_new(fd, 0);
        const char *const bad[] = {"", "\xff", longest};

        for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
                g_autoptr(GError) error = NULL;

                g_assert_false(plc_zip_add(zip, bad[i], "x", 1, &error));
                g_assert_cmpint(plc_error_code(error), ==, PLC_E_BAD_VALUE);
        }
        unlink(path);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/zip/names, bytes and times come back in Python's zipfile", names_bytes_and_times_come_back);
        g_test_add_func("/zip/more entries than the narrow form counts", more_entries_than_the_narrow_form_counts);
        g_test_add_func("/zip/offsets beyond four gigabytes", offsets_beyond_four_gigabytes);
        g_test_add_func("/zip/a name that a zip cannot hold is refused", a_name_that_a_zip_cannot_hold_is_refused);
        return g_test_run();
}
