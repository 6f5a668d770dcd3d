/* How does the folder look: paths, modes, and what is left of a write that was cut off? */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "blob/blob.h"

static char *folder;

static mode_t mode_of(const char *name)
{
        g_autofree char *path = g_build_filename(folder, name, NULL);
        struct stat st;

        g_assert_cmpint(stat(path, &st), ==, 0);
        return st.st_mode & 0777;
}

static void paths_and_modes_hold_whatever_the_umask(void)
{
        static const struct {
                enum plc_blob_access access;
                mode_t umask, folder, file;
                const char *key, *dir, *path;
        } rows[] = {
                {PLC_BLOB_PRIVATE, 0000, 0700, 0600, "aa0001.webp", "aa", "aa/0001.webp"},
                {PLC_BLOB_PRIVATE, 0077, 0700, 0600, "bb0001", "bb", "bb/0001"},
                {PLC_BLOB_PUBLIC, 0077, 0755, 0644, "cc0001.jpg", "cc", "cc/0001.jpg"},
                {PLC_BLOB_PUBLIC, 0000, 0755, 0644, "dd0001", "dd", "dd/0001"},
        };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *url = g_strconcat("file:", folder, NULL);
                g_autoptr(GError) error = NULL;
                g_autoptr(plc_blobs) blobs = plc_blobs_open(url, rows[i].access, &error);
                mode_t old = umask(rows[i].umask);

                g_assert_true(plc_blob_put_bytes(blobs, "x", 1, rows[i].key, &error));
                umask(old);
                g_assert_cmpint(mode_of(rows[i].dir), ==, rows[i].folder);
                g_assert_cmpint(mode_of(rows[i].path), ==, rows[i].file);
        }
}

static bool refuse(const char *key, void *user_data, GError **error)
{
        (void)user_data;
        return strstr(key, "tmp") == NULL && strstr(key, "link") == NULL
                       ? true
                       : plc_fail(error, PLC_E_INTERNAL, "%s was listed", key);
}

static void half_written_files_and_links_are_no_blobs(void)
{
        g_autofree char *url = g_strconcat("file:", folder, NULL),
                        *tmp = g_build_filename(folder, "ee", ".tmp-x", NULL);
        g_autofree char *link = g_build_filename(folder, "ee", "link", NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_blobs) blobs = plc_blobs_open(url, PLC_BLOB_PRIVATE, &error);
        bool there;
        int fd;

        g_assert_true(plc_blob_put_bytes(blobs, "x", 1, "ee0001", &error));
        g_assert_true(g_file_set_contents(tmp, "half", -1, NULL));
        g_assert_cmpint(symlink("/etc/passwd", link), ==, 0);
        g_assert_false(plc_blob_get(blobs, "eelink", &fd, NULL));
        g_assert_true(plc_blob_exists(blobs, "eelink", &there, &error) && !there);
        g_assert_cmpint(unlink(link), ==, 0);
        g_assert_true(plc_blob_list(blobs, refuse, NULL, &error));
        g_assert_no_error(error);
}

int main(int argc, char **argv)
{
        int result;

        g_test_init(&argc, &argv, NULL);
        folder = g_dir_make_tmp("placet-disk-XXXXXX", NULL);
        g_test_add_func("/blob/disk/paths and modes hold whatever the umask", paths_and_modes_hold_whatever_the_umask);
        g_test_add_func("/blob/disk/half-written files and links are no blobs",
                        half_written_files_and_links_are_no_blobs);
        result = g_test_run();
        g_assert_true(plc_remove_tree_at(AT_FDCWD, folder, NULL));
        g_free(folder);
        return result;
}
