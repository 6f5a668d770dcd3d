/* Who leaves when all places are taken? */
#pragma once
#include <glib.h>

struct plc_http_guest; /* one connection */
struct plc_http_crowd {
        GQueue waiting; /* of guests; who has got nothing done for longest comes first */
        unsigned most;
};

/* `places`: what the library takes; some are kept free. */
void plc_http_crowd_init(struct plc_http_crowd *crowd, unsigned places);
/* Shuts another's socket where there would be too many. */
struct plc_http_guest *plc_http_crowd_enter(struct plc_http_crowd *crowd, int fd);
/* It was sent an answer. */
void plc_http_crowd_served(struct plc_http_crowd *crowd, struct plc_http_guest *guest);
/* Frees it. */
void plc_http_crowd_leave(struct plc_http_crowd *crowd, struct plc_http_guest *guest);
