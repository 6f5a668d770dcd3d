/* What do the files of http/ share? The structs behind http.h; nothing outside this folder includes it. */
#pragma once
#include "http/target.h"

struct MHD_Connection;
struct MHD_Response;

struct plc_http_request {
        struct plc_http_target target;
        const char *method, *raw;
        const struct plc_http_route *route;
        const char *if_none_match, *range, *if_range, *accept_encoding; /* the first of each, or NULL */
        struct MHD_Connection *connection;
        GByteArray *received;
        GBytes *body;
};

#define PLC_HTTP_HEADERS 16 /* of an answer, besides those that all have */

/* What of a body was compressed before; without bytes: nothing. */
struct plc_http_piece {
        struct plc_gzip_piece gzip;
        size_t at;
};

struct plc_http_response {
        unsigned status;
        const char *type;
        GBytes *body; /* or */
        int fd;       /* -1 none */
        uint64_t size;
        struct plc_http_piece piece;
        struct plc_http_header {
                const char *name;
                size_t at; /* of its value, in `values` */
        } headers[PLC_HTTP_HEADERS];
        unsigned n_headers;
        GString *values;
        bool cors, gzip; /* as the server's */
        bool close;
        plc_http_kept *kept; /* it was put together and is borrowed */
};

plc_http_response *plc_http_response_new(void);
void plc_http_response_free(plc_http_response *response);
const char *plc_http_response_get(const plc_http_response *response, const char *name);
const char *plc_http_response_value(const plc_http_response *response, unsigned header);
const char *plc_http_response_etag(const plc_http_response *response); /* or NULL */
/* Empties it and makes it the problem of this error (RFC 9457). */
void plc_http_response_problem(plc_http_response *response, const GError *error);
/* 304, 206 or 416 where the request's conditions say so; `first` and `count` are what of the body is sent. */
void plc_http_response_conditions(plc_http_response *response, const char *if_none_match, const char *range,
                                  const char *if_range, uint64_t *out_first, uint64_t *out_count);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_http_response, plc_http_response_free)

/* --- packet.c: what goes to the library */

/* The library's object, with all headers; body or file are taken from it. NULL: no memory. */
struct MHD_Response *plc_http_pack(plc_http_response *response, uint64_t first, uint64_t count);
/* All forms of one answer, to be given to plc_http_kept_pick and freed. */
plc_http_kept *plc_http_pack_all(plc_http_response *response);
bool plc_http_response_may_zip(const plc_http_response *response);
/* Once, of one that may be: RFC 9110 12.5.5, also where it is sent as it is, and 15.4.5, where it has not changed. */
void plc_http_response_vary(plc_http_response *response);
struct plc_http_pick {
        struct MHD_Response *packet; /* borrowed */
        unsigned status;
        uint64_t bytes;
};
/* Which of its forms this reader is sent: whole, compressed, or that nothing has changed. */
bool plc_http_kept_pick(plc_http_kept *kept, const plc_http_request *request, struct plc_http_pick *out);
const struct plc_http_route *plc_http_kept_route(const plc_http_kept *kept);
