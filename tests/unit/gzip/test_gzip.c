/* Is what stands around a piece, and the piece itself, one gzip file of the same bytes? zlib's own reader is asked. */
#include "gzip/gzip.h"

#include <string.h>
#include <zlib.h>

/* As RFC 1952 has it, with its CRC-32 and size; NULL for anything else. */
static GBytes *gunzip(GBytes *file)
{
        z_stream stream = {0};
        uint8_t *out = g_malloc(1 << 20);
        size_t size = 0;

        g_assert_cmpint(inflateInit2(&stream, MAX_WBITS + 16), ==, Z_OK);
        stream.next_in = (Bytef *)(uintptr_t)g_bytes_get_data(file, &size);
        stream.avail_in = (uInt)size;
        stream.next_out = out;
        stream.avail_out = 1 << 20;
        int told = inflate(&stream, Z_FINISH);
        size = stream.total_out;
        bool whole = told == Z_STREAM_END && stream.avail_in == 0;
        inflateEnd(&stream);
        if (whole)
                return g_bytes_new_take(out, size);
        g_free(out);
        return NULL;
}

static void assert_is(GBytes *file, GBytes *body)
{
        g_assert_nonnull(file);
        GBytes *found = gunzip(file);
        g_assert_nonnull(found);
        g_assert_true(g_bytes_equal(found, body));
        g_bytes_unref(found);
        g_bytes_unref(file);
}

/* "item 0 item 1 …" */
static GString *rows(size_t size)
{
        GString *out = g_string_new(NULL);

        for (unsigned i = 0; out->len < size; i++)
                g_string_append_printf(out, "{\"id\":\"%u\",\"text\":\"Das Zelt steht %u.\"},", i * 2654435761u, i);
        return g_string_truncate(out, size);
}

static void test_around(void)
{
        static const struct {
                const char *sentence;
                size_t head, rows, tail;
                bool fits;
        } cases[] = {
                {"a usual answer", 180, 12000, 125, true},     {"nothing around it", 0, 12000, 0, true},
                {"nothing before it", 0, 500, 9, true},        {"nothing after it", 9, 500, 0, true},
                {"longer than a window", 99, 90000, 99, true}, {"longer than a stored block", 1, 300000, 1, true},
                {"all that may be", 1000, 12000, 24, true},    {"one byte more", 1000, 12000, 25, false},
        };
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GString) whole = rows(cases[i].head + cases[i].rows + cases[i].tail);
                g_autoptr(GBytes) body = g_bytes_new(whole->str, whole->len);
                struct plc_gzip_piece piece = {0};

                g_test_message("%s", cases[i].sentence);
                g_assert_true(plc_gzip_piece_make(whole->str + cases[i].head, cases[i].rows, &piece));
                g_assert_true(plc_gzip_piece_is(&piece, whole->str + cases[i].head, cases[i].rows));
                GBytes *file = plc_gzip_around(body, cases[i].head, &piece);
                if (cases[i].fits)
                        assert_is(file, body);
                else
                        g_assert_null(file);
                assert_is(plc_gzip(body), body);
                piece.size++;
                g_assert_null(plc_gzip_around(body, cases[i].head + cases[i].tail, &piece));
                g_assert_null(plc_gzip_around(body, whole->len + 1, &piece));
                plc_gzip_piece_clear(&piece);
        }
}

static void test_not_smaller(void)
{
        g_autoptr(GBytes) body = g_bytes_new_static("abc", 3);
        struct plc_gzip_piece piece = {0};

        g_assert_null(plc_gzip(body));
        g_assert_false(plc_gzip_piece_make("abc", 3, &piece));
        g_assert_null(piece.deflated);
}

/* Whatever is changed in it, or cut off, or added: it is not of these bytes any more. */
static void test_damaged(void)
{
        g_autoptr(GString) whole = rows(3000);
        struct plc_gzip_piece piece = {0};
        size_t size = 0;

        g_assert_true(plc_gzip_piece_make(whole->str, whole->len, &piece));
        const uint8_t *right = g_bytes_get_data(piece.deflated, &size);
        for (size_t i = 0; i <= size; i++) {
                g_autofree uint8_t *bytes = g_malloc(size + 1);
                struct plc_gzip_piece other = piece;

                if (i + 5 == size)
                        continue; /* with bits that fill the byte before the flush's 00 00 FF FF, and mean nothing */
                memcpy(bytes, right, size);
                bytes[size] = 0;
                bytes[i] = (uint8_t)(bytes[i] ^ (1u << i % 8)); /* the last time: a byte more */
                other.deflated = g_bytes_new(bytes, MAX(i + 1, size));
                g_assert_false(plc_gzip_piece_is(&other, whole->str, whole->len));
                g_bytes_unref(other.deflated);
                other.deflated = g_bytes_new(right, MIN(i, size - 1));
                g_assert_false(plc_gzip_piece_is(&other, whole->str, whole->len));
                g_bytes_unref(other.deflated);
        }
        g_assert_false(plc_gzip_piece_is(&piece, whole->str, whole->len - 1));
        whole->str[7] ^= 1;
        g_assert_false(plc_gzip_piece_is(&piece, whole->str, whole->len));
        plc_gzip_piece_clear(&piece);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/gzip/around a piece", test_around);
        g_test_add_func("/gzip/not smaller", test_not_smaller);
        g_test_add_func("/gzip/damaged", test_damaged);
        return g_test_run();
}
