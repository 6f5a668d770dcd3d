/* How does a command talk to the running office? One HTTP request over site/office.sock (0600). And does the server
 * answer? */
#pragma once
#include "base/error.h"

#define PLC_DESK_ANSWER_MAX ((size_t)64 << 20)

/*
 * POSTs JSON and waits for the answer, at most timeout_ms. UNREACHABLE if nobody listens there (nothing was changed).
 * out_status is the HTTP status, out_body its body (≤ PLC_DESK_ANSWER_MAX, else TOO_BIG); free with g_string_free.
 */
bool plc_net_unix_post(const char *socket_path, const char *path, const char *json, int64_t timeout_ms,
                       long *out_status, GString **out_body, GError **error);
/* GETs from a server on this machine, at ADDR:PORT or unix:PATH as it was told to listen. UNREACHABLE. */
bool plc_net_get(const char *address, const char *path, int64_t timeout_ms, long *out_status, GString **out_body,
                 GError **error);
/* The version of libcurl that runs. */
const char *plc_net_library(void);
