/* What do the files of http/ share? The structs behind http.h; nothing outside this folder includes it. */
#pragma once
#include "http/target.h"

struct plc_http_request {
        struct plc_http_target target;
        GHashTable *parts; /* name → value */
        const char *method;
        void *connection; /* of libmicrohttpd */
        GByteArray *received;
        GBytes *body;
};

struct plc_http_response {
        unsigned status;
        const char *type;
        GBytes *body; /* or */
        int fd;       /* -1 none */
        uint64_t size;
        char *etag;
        GHashTable *headers; /* name → value */
        bool close;
};

plc_http_response *plc_http_response_new(void);
void plc_http_response_free(plc_http_response *response);
/* Empties it and makes it the problem of this error (RFC 9457). */
void plc_http_response_problem(plc_http_response *response, const GError *error);
/* 304, 206 or 416 where the request's conditions say so; `first` and `count` are what of the body is sent. */
void plc_http_response_conditions(plc_http_response *response, const char *if_none_match, const char *range,
                                  const char *if_range, uint64_t *out_first, uint64_t *out_count);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_http_response, plc_http_response_free)
