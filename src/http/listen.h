/* Opens the socket that a server listens on. */
#pragma once
#include "base/error.h"

/* Whether it is of the form expected; nothing is opened. */
bool plc_http_listen_check(const char *listen_at, GError **error);
/* out_address: as plc_http_server_address; free with g_free. */
bool plc_http_listen(const char *listen_at, int *out_fd, char **out_address, GError **error);
/* What an open listening socket is bound to, as above. */
char *plc_http_listen_address(int fd);
/* The version of libmicrohttpd that runs. */
const char *plc_http_library(void);
