/* When all places are taken, who leaves? */
#include "http/crowd.h"
#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#define PLACES 8 /* two of them are kept free */
#define GUESTS 9

static struct plc_http_crowd crowd;
static struct plc_http_guest *guests[GUESTS];
static int ours[GUESTS], theirs[GUESTS];

static void come(int i)
{
        int pair[2];

        g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), ==, 0);
        ours[i] = pair[0];
        theirs[i] = pair[1];
        guests[i] = plc_http_crowd_enter(&crowd, ours[i]);
}

static void go(int i)
{
        plc_http_crowd_leave(&crowd, guests[i]);
        close(ours[i]);
        close(theirs[i]);
}

static bool is_shut(int i)
{
        char byte;
        ssize_t n = recv(theirs[i], &byte, 1, MSG_DONTWAIT);

        g_assert_true(n == 0 || (n < 0 && errno == EAGAIN));
        return n == 0;
}

static void test_who_leaves(void)
{
        plc_http_crowd_init(&crowd, PLACES);
        for (int i = 0; i < 6; i++)
                come(i);
        for (int i = 0; i < 6; i++)
                g_assert_false(is_shut(i));
        g_test_message("who was served stays, the next waits longest");
        plc_http_crowd_served(&crowd, guests[0]);
        come(6);
        g_assert_true(is_shut(1));
        for (int i = 0; i < 7; i++)
                g_assert_true(i == 1 || !is_shut(i));
        g_test_message("who is leaving cannot come back, and is not counted");
        plc_http_crowd_served(&crowd, guests[1]);
        go(1);
        go(3);
        come(7);
        g_assert_false(is_shut(2));
        come(8);
        g_assert_true(is_shut(2));
        g_assert_false(is_shut(0));
        for (int i = 0; i < GUESTS; i++)
                if (i != 1 && i != 3)
                        go(i);
        g_assert_cmpuint(crowd.waiting.length, ==, 0);
}

static void test_a_single_place(void)
{
        plc_http_crowd_init(&crowd, 1);
        come(0);
        g_assert_false(is_shut(0));
        come(1);
        g_assert_true(is_shut(0) && !is_shut(1));
        go(0);
        go(1);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/http/crowd/who-leaves", test_who_leaves);
        g_test_add_func("/http/crowd/a-single-place", test_a_single_place);
        return g_test_run();
}
