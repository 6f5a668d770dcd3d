/* Are SHA-256 and HMAC-SHA-256 what FIPS 180-4 and RFC 4231 say? */
#include <unistd.h>

#include "base/hash.h"
#include "support/rows.h"

struct row {
        const char *sentence, *text;
        size_t times;
        const char *hex;
};

/* FIPS 180-4's examples (NIST, "SHA256.pdf" of the example values) and the million of FIPS 180-2, B.3. */
static const struct row vectors[] = {
        {"nothing", "", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"one block: abc", "abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"two blocks", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"a million letters", "a", 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
};

static void test_vector(gconstpointer data)
{
        const struct row *row = data;
        g_autoptr(GString) text = g_string_new(NULL);
        char hex[PLC_SHA256_HEX_SIZE], piecewise[PLC_SHA256_HEX_SIZE], of_file[PLC_SHA256_HEX_SIZE];
        uint8_t digest[PLC_SHA256_LEN], pieces[PLC_SHA256_LEN];
        plc_hash *hash = plc_hash_new();
        plc_autofd int fd = -1;

        for (size_t i = 0; i < row->times; i++) {
                g_string_append(text, row->text);
                plc_hash_add(hash, row->text, strlen(row->text));
        }
        plc_hash_final(hash, pieces);
        plc_hex(pieces, sizeof pieces, piecewise);
        plc_sha256(text->str, text->len, digest);
        plc_sha256_hex(text->str, text->len, hex);
        g_assert_cmpstr(hex, ==, row->hex);
        g_assert_cmpstr(piecewise, ==, row->hex);
        assert_bytes(digest, sizeof digest, pieces, sizeof pieces);
        g_assert_true(plc_memfd("hash", text->str, text->len, true, &fd, NULL));
        g_assert_cmpint(lseek(fd, 2, SEEK_SET), ==, 2);
        g_assert_true(plc_sha256_fd(fd, of_file, NULL));
        g_assert_cmpstr(of_file, ==, row->hex);
        g_assert_cmpint(lseek(fd, 0, SEEK_CUR), ==, 2); /* the position is left alone */
}

struct hmac_row {
        const char *sentence;
        const char *key;
        size_t key_times;
        const char *data;
        size_t times;
        const char *hex;
};

/* RFC 4231, 4.2 to 4.8 (4.6 is about truncation). */
static const struct hmac_row hmacs[] = {
        {"test case 1", "\x0b", 20, "Hi There", 1, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"test case 2, a key shorter than the digest", "Jefe", 1, "what do ya want for nothing?", 1,
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {"test case 3, key and data longer than a block together", "\xaa", 20, "\xdd", 50,
         "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        {"test case 6, a key longer than a block", "\xaa", 131,
         "Test Using Larger Than Block-Size Key - Hash Key First", 1,
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {"test case 7, key and data longer than a block", "\xaa", 131,
         "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be "
         "hashed before being used by the HMAC algorithm.",
         1, "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
};

static void test_hmac(gconstpointer data)
{
        const struct hmac_row *row = data;
        g_autoptr(GString) key = g_string_new(NULL), text = g_string_new(NULL);
        char hex[PLC_SHA256_HEX_SIZE];

        for (size_t i = 0; i < row->key_times; i++)
                g_string_append(key, row->key);
        for (size_t i = 0; i < row->times; i++)
                g_string_append(text, row->data);
        plc_hmac_sha256_hex(key->str, key->len, text->str, text->len, hex);
        g_assert_cmpstr(hex, ==, row->hex);
}

struct hex_row {
        const char *sentence, *hex;
        bool valid;
};

static const struct hex_row hexes[] = {
        {"lower case", "00ff10", true},
        {"upper case is refused", "00FF10", false},
        {"too short is refused", "00ff1", false},
        {"too long is refused", "00ff1000", false},
        {"other letters are refused", "00fg10", false},
};

static void test_hex(gconstpointer data)
{
        static const uint8_t expected[] = {0x00, 0xff, 0x10};
        const struct hex_row *row = data;
        uint8_t bytes[3];
        char back[7];

        g_assert_cmpint(plc_unhex(row->hex, bytes, sizeof bytes), ==, row->valid);
        if (!row->valid)
                return;
        assert_bytes(bytes, sizeof bytes, expected, sizeof expected);
        plc_hex(bytes, sizeof bytes, back);
        g_assert_cmpstr(back, ==, row->hex);
}

static void test_sha256_hex_valid(void)
{
        g_assert_true(plc_sha256_hex_valid(vectors[0].hex));
        g_assert_false(plc_sha256_hex_valid(vectors[0].hex + 1));
        g_assert_false(plc_sha256_hex_valid("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"));
        g_assert_false(plc_sha256_hex_valid(""));
}

static void test_quick(void)
{
        uint8_t bytes[200] = {0};
        g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        unsigned n = 0;

        for (size_t size = 0; size <= sizeof bytes; size++)
                for (size_t bit = 0; bit <= 8 * size; bit++) { /* 0: none */
                        uint64_t state[2] = {0};

                        if (bit > 0)
                                bytes[(bit - 1) / 8] ^= (uint8_t)(1u << (bit - 1) % 8);
                        plc_quick_hash(state, bytes, size);
                        g_hash_table_add(
                                seen, g_strdup_printf("%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, state[0], state[1]));
                        if (bit > 0)
                                bytes[(bit - 1) / 8] ^= (uint8_t)(1u << (bit - 1) % 8);
                        n++;
                }
        g_assert_cmpuint(g_hash_table_size(seen), ==, n);

        uint64_t one[2] = {0}, two[2] = {0};
        plc_quick_hash(one, "ab", 2);
        plc_quick_hash(one, "c", 1);
        plc_quick_hash(two, "a", 1);
        plc_quick_hash(two, "bc", 2);
        g_assert_true(one[0] != two[0] && one[1] != two[1]);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        ADD_ROWS("/hash/FIPS 180-4", vectors, test_vector)
        ADD_ROWS("/hash/RFC 4231", hmacs, test_hmac)
        ADD_ROWS("/hash/hexadecimal", hexes, test_hex)
        g_test_add_func("/hash/quick: every bit counts", test_quick);
        g_test_add_func("/hash/a digest is 64 small digits", test_sha256_hex_valid);
        return g_test_run();
}
