/* Are ids 128 random bits in 26 letters, and is nothing else taken for one? */
#include "base/id.h"
#include "support/rows.h"

struct row {
        const char *sentence, *text;
        bool valid;
};

static const struct row rows[] = {
        {"26 digits", "01234567890123456789012345", true},
        {"the greatest", "7ZZZZZZZZZZZZZZZZZZZZZZZZZ", true},
        {"more than 128 bits are refused", "8ZZZZZZZZZZZZZZZZZZZZZZZZZ", false},
        {"small letters are refused", "0123456789abcdefghjkmnpqrs", false},
        {"I is refused", "0123456789012345678901234I", false},
        {"L is refused", "0123456789012345678901234L", false},
        {"O is refused", "0123456789012345678901234O", false},
        {"U is refused", "0123456789012345678901234U", false},
        {"25 letters are refused", "0123456789012345678901234", false},
        {"27 letters are refused", "012345678901234567890123456", false},
        {"a path is refused", "../../../../../etc/passwd0", false},
        {"nothing is refused", "", false},
};

static void test_valid(gconstpointer data)
{
        const struct row *row = data;

        g_assert_cmpint(plc_id_valid(row->text), ==, row->valid);
}

static void test_new(void)
{
        unsigned seen[256] = {0}, first[256] = {0};

        for (int i = 0; i < 4096; i++) {
                char id[PLC_ID_SIZE], key[PLC_ID_SIZE];

                plc_id_new(id);
                plc_key_new(key);
                g_assert_true(plc_id_valid(id));
                g_assert_cmpuint(strspn(key, "0123456789abcdefghjkmnpqrstvwxyz"), ==, PLC_ID_LEN);
                first[(unsigned char)id[0]]++;
                for (int c = 1; c < PLC_ID_LEN; c++)
                        seen[(unsigned char)id[c]]++;
        }
        /* 102,400 letters of 32: each 3,200 ± 56; 4,096 first digits of 8: each 512 ± 21. Ten deviations never happen.
         */
        for (const char *c = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; *c != '\0'; c++)
                g_assert_cmpint(ABS((int)seen[(unsigned char)*c] - 3200), <, 560);
        for (char c = '0'; c <= '7'; c++)
                g_assert_cmpint(ABS((int)first[(unsigned char)c] - 512), <, 210);
}

static void test_differ(void)
{
        g_autoptr(GHashTable) ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

        for (int i = 0; i < 10000; i++) {
                char id[PLC_ID_SIZE];

                plc_id_new(id);
                g_assert_true(g_hash_table_add(ids, g_strdup(id)));
        }
}

/* More than getrandom(2) promises at once, and nothing beyond the end. */
static void test_random(void)
{
        uint8_t bytes[1001] = {0};
        unsigned zeros = 0;

        plc_random(bytes, 1000);
        for (size_t i = 0; i < 1000; i++)
                zeros += bytes[i] == 0;
        g_assert_cmpuint(zeros, <, 40); /* 4 expected */
        g_assert_cmpuint(bytes[1000], ==, 0);
        g_assert_true(memcmp(bytes + 256, bytes + 512, 256) != 0);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        ADD_ROWS("/id/valid", rows, test_valid)
        g_test_add_func("/id/new ones use the whole alphabet evenly", test_new);
        g_test_add_func("/id/ten thousand differ", test_differ);
        g_test_add_func("/id/random bytes fill what was asked for", test_random);
        return g_test_run();
}
