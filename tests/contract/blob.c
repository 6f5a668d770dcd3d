/*
 * What may a caller of blob/ rely on, whatever the store? The same cases for every driver. The URL is the first
 * argument (an empty store); without one: a temporary folder.
 */
#include "blob/blob.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"

#define assert_code(error, expected) g_assert_cmpstr(plc_code_name(plc_error_code(error)), ==, plc_code_name(expected))

static plc_blobs *blobs;

static void holds(const char *key, const char *expected)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) bytes = NULL;
        plc_autofd int fd = -1;

        plc_blob_get(blobs, key, &fd, &error);
        g_assert_no_error(error);
        g_assert_true(plc_read_all(fd, 1 << 20, &bytes, &error));
        g_assert_cmpuint(g_bytes_get_size(bytes), ==, strlen(expected));
        g_assert_cmpstr(g_bytes_get_data(bytes, NULL), ==, expected);
}

static void put(const char *key, const char *text)
{
        g_autoptr(GError) error = NULL;

        plc_blob_put_bytes(blobs, text, strlen(text), key, &error);
        g_assert_no_error(error);
}

static void what_was_put_is_got(void)
{
        g_autoptr(GError) error = NULL;
        plc_autofd int fd = -1, back = -1;
        int64_t at_ms;
        bool there;

        put("k0001", "one");
        holds("k0001", "one");
        holds("k0001", "one");
        put("empty", "");
        holds("empty", "");
        g_assert_true(plc_memfd("t", "whole", 5, false, &fd, &error));
        g_assert_cmpint(lseek(fd, 3, SEEK_SET), ==, 3); /* from the start, wherever it stands */
        g_assert_true(plc_blob_put(blobs, fd, "k0002.webp", &error));
        holds("k0002.webp", "whole");
        g_assert_true(plc_blob_exists(blobs, "k0001", &there, &error) && there);
        g_assert_true(plc_blob_exists(blobs, "k0009", &there, &error) && !there);
        g_assert_true(plc_blob_exists(blobs, "zz0009", &there, &error) && !there);
        g_assert_true(plc_blob_put_at(blobs, "k0001", &at_ms, &error));
        g_assert_cmpint(ABS(plc_now_ms() - at_ms), <, 60000);
        g_assert_true(plc_blob_get(blobs, "k0001", &back, &error));
        g_assert_cmpint(write(back, "x", 1), ==, -1);
}

static void what_is_not_there_is_not_found(void)
{
        static const char *const keys[] = {"a0000", "b0000.jpg"};

        for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
                g_autoptr(GError) error = NULL, none = NULL;
                int64_t at_ms;
                int fd = -1;

                g_assert_false(plc_blob_put_at(blobs, keys[i], &at_ms, &none));
                assert_code(none, PLC_E_NOT_FOUND);
                g_assert_false(plc_blob_get(blobs, keys[i], &fd, &error));
                assert_code(error, PLC_E_NOT_FOUND);
                g_assert_cmpint(fd, ==, -1);
        }
}

static void a_key_never_changes_its_bytes(void)
{
        g_autoptr(GError) error = NULL;

        put("c0001", "first");
        g_assert_false(plc_blob_put_bytes(blobs, "other", 5, "c0001", &error));
        assert_code(error, PLC_E_CONFLICT);
        holds("c0001", "first");
}

static void the_same_bytes_have_the_same_hashed_key(void)
{
        g_autoptr(GError) error = NULL;
        char one[PLC_BLOB_KEY_SIZE], two[PLC_BLOB_KEY_SIZE], other[PLC_BLOB_KEY_SIZE], plain[PLC_BLOB_KEY_SIZE];
        char hex[PLC_SHA256_HEX_SIZE];
        g_autofree char *expected = NULL;

        plc_sha256_hex("abc", 3, hex);
        expected = g_strconcat(hex, ".webp", NULL);
        g_assert_true(plc_blob_put_bytes_hashed(blobs, "abc", 3, "webp", one, &error));
        g_assert_true(plc_blob_put_bytes_hashed(blobs, "abc", 3, "webp", two, &error));
        g_assert_true(plc_blob_put_bytes_hashed(blobs, "abd", 3, "webp", other, &error));
        g_assert_true(plc_blob_put_bytes_hashed(blobs, "abc", 3, NULL, plain, &error));
        g_assert_cmpstr(one, ==, expected);
        g_assert_cmpstr(one, ==, two);
        g_assert_cmpstr(one, !=, other);
        g_assert_cmpstr(plain, ==, hex);
        holds(one, "abc");
}

static void what_was_removed_is_gone_and_may_be_removed_again(void)
{
        g_autoptr(GError) error = NULL;
        plc_autofd int open = -1;
        bool there;

        put("d0001", "text");
        put("d0002", "stays");
        g_assert_true(plc_blob_get(blobs, "d0001", &open, &error));
        g_assert_true(plc_blob_remove(blobs, "d0001", &error));
        g_assert_true(plc_blob_remove(blobs, "d0001", &error));
        g_assert_true(plc_blob_remove(blobs, "yy0001", &error));
        g_assert_true(plc_blob_exists(blobs, "d0001", &there, &error) && !there);
        holds("d0002", "stays");
        put("d0001", "anew");
        holds("d0001", "anew");
        g_assert_true(plc_blob_drop(blobs, "d0001", &error));
        g_assert_true(plc_blob_drop(blobs, "d0001", &error));
        g_assert_true(plc_blob_drop(blobs, "yy0001", &error));
        g_assert_true(plc_blob_exists(blobs, "d0001", &there, &error) && !there);
        holds("d0002", "stays");
}

static void no_word_leads_out_of_the_store(void)
{
        static const char *const keys[] = {
                "",     "abc",       "../etc/passwd", "ab/cdef", "abcd/../x", ".abcd",           "abcd.",  "abcd.a.b",
                "ABCD", "abcd efgh", "abcd.webp/",    "ab..",    "äbcde",     "abcd.toolongext", "abcd\n", "tmp-abcd"};
        g_autofree char *longer = g_strnfill(81, 'a'), *fits = g_strnfill(80, 'a');

        for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
                g_autoptr(GError) error = NULL;
                bool there;
                int fd;

                g_assert_false(plc_blob_key_valid(keys[i]));
                g_assert_false(plc_blob_put_bytes(blobs, "x", 1, keys[i], &error));
                assert_code(error, PLC_E_INTERNAL);
                g_assert_false(plc_blob_get(blobs, keys[i], &fd, NULL));
                g_assert_false(plc_blob_remove(blobs, keys[i], NULL));
                g_assert_false(plc_blob_drop(blobs, keys[i], NULL));
                g_assert_false(plc_blob_exists(blobs, keys[i], &there, NULL));
        }
        g_assert_false(plc_blob_key_valid(longer));
        g_assert_true(plc_blob_key_valid(fits));
}

struct listing {
        GPtrArray *keys;
        guint stop_at;
};

static bool collect(const char *key, void *user_data, GError **error)
{
        struct listing *listing = user_data;

        g_ptr_array_add(listing->keys, g_strdup(key));
        return listing->keys->len != listing->stop_at || plc_fail(error, PLC_E_BUSY, "enough");
}

static void every_key_is_listed_once_in_order(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(g_free);
        struct listing listing = {keys, 0};
        guint total;

        put("zz0002", "2");
        put("zz0001.jpg", "1");
        put("000001", "0");
        g_assert_true(plc_blob_list(blobs, collect, &listing, &error));
        total = keys->len;
        for (guint i = 1; i < total; i++)
                g_assert_cmpint(strcmp(keys->pdata[i - 1], keys->pdata[i]), <, 0);
        g_assert_cmpstr(keys->pdata[0], ==, "000001");
        g_assert_cmpstr(keys->pdata[total - 1], ==, "zz0002");
        g_assert_cmpstr(keys->pdata[total - 2], ==, "zz0001.jpg");
        g_ptr_array_set_size(keys, 0);
        listing.stop_at = 2;
        g_assert_false(plc_blob_list(blobs, collect, &listing, &error));
        assert_code(error, PLC_E_BUSY);
        g_assert_cmpuint(keys->len, ==, 2);
}

static void a_store_that_is_not_there_is_not_an_empty_one(void)
{
        g_autoptr(GError) error = NULL;

        g_assert_null(plc_blobs_open("nosuch:x", PLC_BLOB_PRIVATE, &error));
        assert_code(error, PLC_E_BAD_CONFIG);
        g_clear_error(&error);
        g_assert_null(plc_blobs_open("file:/nonexistent/store", PLC_BLOB_PRIVATE, &error));
        assert_code(error, PLC_E_NOT_FOUND);
}

int main(int argc, char **argv)
{
        static const struct {
                const char *name;
                void (*run)(void);
        } all[] = {
                {"what was put is got", what_was_put_is_got},
                {"what is not there is not found", what_is_not_there_is_not_found},
                {"a key never changes its bytes", a_key_never_changes_its_bytes},
                {"the same bytes have the same hashed key", the_same_bytes_have_the_same_hashed_key},
                {"what was removed is gone and may be removed again",
                 what_was_removed_is_gone_and_may_be_removed_again},
                {"no word leads out of the store", no_word_leads_out_of_the_store},
                {"every key is listed once, in order", every_key_is_listed_once_in_order},
                {"a store that is not there is not an empty one", a_store_that_is_not_there_is_not_an_empty_one},
        };
        g_autofree char *folder = NULL, *url = NULL;
        g_autoptr(GError) error = NULL;
        int result;

        g_test_init(&argc, &argv, NULL);
        folder = g_dir_make_tmp("placet-blob-XXXXXX", NULL);
        url = argc > 1 ? g_strdup(argv[1]) : g_strconcat("file:", folder, NULL);
        blobs = plc_blobs_open(url, PLC_BLOB_PRIVATE, &error);
        g_assert_no_error(error);
        for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
                g_autofree char *path = g_strdup_printf("/blob/%.*s/%s", (int)strcspn(url, ":"), url, all[i].name);

                g_test_add_func(path, all[i].run);
        }
        result = g_test_run();
        plc_blobs_close(blobs);
        g_assert_true(plc_remove_tree_at(AT_FDCWD, folder, NULL));
        return result;
}
