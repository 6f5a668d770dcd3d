/*
 * Who leaves when all places are taken? The connection that has got nothing done for longest: no answer was sent on it
 * since. So those who hold theirs open with a byte now and then push out each other, not readers who ask and go.
 */
#include "http/crowd.h"
#include <stdbool.h>
#include <sys/socket.h>

#define SPARE 32 /* places kept free: more than the library accepts before it looks at what was closed (10) */

struct plc_http_guest {
        GList link;
        int fd;
        bool leaving;
};

void plc_http_crowd_init(struct plc_http_crowd *crowd, unsigned places)
{
        g_queue_init(&crowd->waiting);
        crowd->most = places - MIN(SPARE, places / 4);
}

struct plc_http_guest *plc_http_crowd_enter(struct plc_http_crowd *crowd, int fd)
{
        struct plc_http_guest *guest = g_new0(struct plc_http_guest, 1);

        guest->fd = fd;
        guest->link.data = guest;
        g_queue_push_tail_link(&crowd->waiting, &guest->link);
        if (crowd->waiting.length > crowd->most) {
                struct plc_http_guest *first = g_queue_pop_head_link(&crowd->waiting)->data;

                first->leaving = true;
                shutdown(first->fd, SHUT_RDWR); /* the library finds it closed, and clears up */
        }
        return guest;
}

void plc_http_crowd_served(struct plc_http_crowd *crowd, struct plc_http_guest *guest)
{
        if (guest->leaving || crowd->waiting.tail == &guest->link)
                return;
        g_queue_unlink(&crowd->waiting, &guest->link);
        g_queue_push_tail_link(&crowd->waiting, &guest->link);
}

void plc_http_crowd_leave(struct plc_http_crowd *crowd, struct plc_http_guest *guest)
{
        if (!guest->leaving)
                g_queue_unlink(&crowd->waiting, &guest->link);
        g_free(guest);
}
