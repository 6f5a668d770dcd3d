/* How does a table of sentences become tests? One test for each row, named by its sentence. */
#pragma once
#include <fcntl.h>
#include <glib.h>
#include <string.h>

#include "base/file.h"

/* Rows are structs whose first member is `const char *sentence`. */
#define ADD_ROWS(prefix, rows, run)                                                                                    \
        for (size_t row_ = 0; row_ < G_N_ELEMENTS(rows); row_++) {                                                     \
                g_autofree char *path_ = g_strconcat(prefix "/", (rows)[row_].sentence, NULL);                         \
                                                                                                                       \
                g_test_add_data_func(path_, &(rows)[row_], run);                                                       \
        }

/* The code of an error by its name, so that a failing test tells both. */
#define assert_code(error, expected) g_assert_cmpstr(plc_code_name(plc_error_code(error)), ==, plc_code_name(expected))

/* g_assert_cmpmem without its conversions between signed and unsigned. */
static inline void assert_bytes(const void *found, size_t found_size, const void *expected, size_t size)
{
        g_assert_cmpuint(found_size, ==, size);
        g_assert_true(size == 0 || memcmp(found, expected, size) == 0);
}

/* A folder of the test's own. */
struct playground {
        char *path;
        int fd;
};

static inline void playground_open(struct playground *p)
{
        p->path = g_dir_make_tmp("placet-test-XXXXXX", NULL);
        p->fd = open(p->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        g_assert_cmpint(p->fd, >=, 0);
}

static inline void playground_close(struct playground *p)
{
        plc_close_fd(&p->fd);
        g_assert_true(plc_remove_tree_at(AT_FDCWD, p->path, NULL));
        g_clear_pointer(&p->path, g_free);
}

/* Writes a file of the playground, plainly; folders on its way are made. */
static inline void playground_write(const struct playground *p, const char *name, const char *text)
{
        g_autofree char *path = g_build_filename(p->path, name, NULL), *folder = g_path_get_dirname(path);

        g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
        g_assert_true(g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
}

/* NULL if it is not there. Free with g_free. */
static inline char *playground_read(const struct playground *p, const char *name)
{
        g_autofree char *path = g_build_filename(p->path, name, NULL);
        char *text = NULL;

        g_file_get_contents(path, &text, NULL, NULL);
        return text;
}

static inline bool playground_has(const struct playground *p, const char *name)
{
        struct stat st;

        return fstatat(p->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Names in a folder of it, joined by spaces. Free with g_free. */
static inline char *playground_names(const struct playground *p, const char *folder)
{
        g_auto(GStrv) names = NULL;

        g_assert_true(plc_list_dir(p->fd, folder, 10000, &names, NULL));
        return g_strjoinv(" ", names);
}
