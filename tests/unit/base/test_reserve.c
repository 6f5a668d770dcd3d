/* Is room kept for what has to go on when the disk is full, once, and given back when it is asked for? */
#include "base/reserve.h"

#include "support/rows.h"

static off_t size_of(const struct playground *p)
{
        struct stat st;

        return fstatat(p->fd, PLC_RESERVE_NAME, &st, AT_SYMLINK_NOFOLLOW) == 0 ? st.st_blocks * 512 : -1;
}

static void test_kept_and_spent(void)
{
        struct playground p;

        playground_open(&p);
        g_assert_false(plc_reserve_spend(p.fd));
        g_assert_true(plc_reserve_keep(p.fd, 1 << 20));
        g_assert_cmpint(size_of(&p), >=, 1 << 20); /* taken on the disk, not only promised */
        g_assert_true(plc_reserve_keep(p.fd, 1 << 20));
        g_assert_true(plc_reserve_spend(p.fd));
        g_assert_cmpint(size_of(&p), ==, -1);
        playground_close(&p);
}

/* More than there is on any disk here. */
static void test_without_room(void)
{
        struct playground p;

        playground_open(&p);
        g_assert_false(plc_reserve_keep(p.fd, (size_t)1 << 60));
        g_assert_cmpint(size_of(&p), ==, -1);
        playground_close(&p);
}

static void test_another_size(void)
{
        struct playground p;

        playground_open(&p);
        g_assert_true(plc_reserve_keep(p.fd, 1 << 16));
        g_assert_true(plc_reserve_keep(p.fd, 1 << 20));
        g_assert_cmpint(size_of(&p), >=, 1 << 20);
        playground_close(&p);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/base/room is kept once, and given back once", test_kept_and_spent);
        g_test_add_func("/base/where there is no room none is kept", test_without_room);
        g_test_add_func("/base/a reserve of another size is made anew", test_another_size);
        return g_test_run();
}
