/*
 * How does a request reach a function of ours? A table of routes; strict reading of path, query and body with stated
 * limits; answers that follow RFC 9110 (conditional, range, HEAD) and RFC 9457 (problems). One thread: everything runs
 * in a GMainContext.
 */
#pragma once
#include "base/error.h"
#include "gzip/gzip.h"

#define PLC_HTTP_MAX_URL ((size_t)8 * 1024) /* path and query as sent; over it 414 */
#define PLC_HTTP_MAX_VALUE ((size_t)1024)   /* one decoded part of the path or parameter; over it 400 */
#define PLC_HTTP_MAX_PARAMS ((size_t)32)
#define PLC_HTTP_MAX_PARTS ((size_t)16)
#define PLC_HTTP_UNREAD "*"

typedef struct plc_http_server plc_http_server;
typedef struct plc_http_request plc_http_request;
typedef struct plc_http_response plc_http_response;
typedef struct plc_http_kept plc_http_kept;

/* What became of one request. Nothing of it tells who asked, or for what beyond the route. */
struct plc_http_told {
        const struct plc_http_route *route; /* NULL: an unknown address, or not understood */
        const char *method;                 /* of the table; "-" where none of it fits */
        unsigned status;
        uint64_t bytes;      /* of the body as it was to be sent */
        int64_t micros;      /* from its first line read until its last byte was handed to the kernel */
        bool kept, finished; /* from a kept answer; sent to its end */
};

/* Fills the answer, or fails: the error becomes a problem+json of its code (only the public text of the table is told).
 */
typedef bool plc_http_handler(const plc_http_request *request, plc_http_response *response, void *context,
                              GError **error);

struct plc_http_route {
        const char *method;  /* GET takes HEAD too */
        const char *pattern; /* "/v1/products/{id}/reviews"; a part in braces takes one non-empty segment */
        const char *params;  /* the query parameters it knows, space-separated; any other: 400. NULL: none;
                              * PLC_HTTP_UNREAD: whatever comes behind the path is not looked at */
        size_t max_body;     /* bytes; 0: none is taken */
        plc_http_handler *handler;
};

struct plc_http_config {
        const char
                *listen; /* "127.0.0.1:8080", "[::1]:0" or "unix:PATH" (made 0600; a dead socket there is replaced) */
        const struct plc_http_route *routes;
        size_t n_routes;
        void *context;            /* given to handlers */
        int listen_fd;            /* already listening at `listen`, taken also on failure; 0: opened here */
        bool cors;                /* any web page may read the answers: they hold nothing that depends on who asks */
        bool gzip;                /* text of 1 KiB and more is sent compressed to who takes it */
        unsigned max_connections; /* 0: 1000 */
        unsigned max_per_address; /* 0: no limit beyond max_connections */
        unsigned timeout_s;       /* of a connection on which nothing moves; 0: 30 */
        void (*on_error)(const GError *error, const char *path,
                         void *context); /* 500s, for the runner's log; or NULL */
        /*
         * Asked before anything else about a GET or HEAD that has neither body nor Range, with the target as it was
         * sent: an answer that is kept and is right now, lent until the call returns to the server; or NULL. May be
         * NULL.
         */
        plc_http_kept *(*recall)(const plc_http_request *request, const char *target, void *context);
        void (*on_rest)(void *context); /* all that had come is answered: now it is waited; or NULL */
        void (*on_answer)(const struct plc_http_told *told, void *context); /* for counting and logs; or NULL */
};

/* Listens and serves whenever the context runs. Config, routes and what they point to must outlive the server. */
bool plc_http_server_start(const struct plc_http_config *config, GMainContext *main_context, plc_http_server **out,
                           GError **error);
/* "127.0.0.1:8080" with the port that is really used, or "unix:PATH"; borrowed. */
const char *plc_http_server_address(const plc_http_server *server);
unsigned plc_http_server_connections(const plc_http_server *server);
/* Takes no more connections, lets requests under way end for at most grace_ms, then closes everything and frees. */
void plc_http_server_stop(plc_http_server *server, unsigned grace_ms);

/* --- what was asked; all borrowed from the request
 * ------------------------------------------------------------------------------ */
const char *plc_http_method(const plc_http_request *request);
const char *plc_http_path(const plc_http_request *request); /* as sent, without the query */
const char *plc_http_part(const plc_http_request *request,
                          const char *name); /* of the pattern; never NULL for its names */
const char *plc_http_param(const plc_http_request *request, const char *name);  /* NULL if it was not given */
const char *plc_http_header(const plc_http_request *request, const char *name); /* the first of that name, or NULL */
const char *plc_http_target(const plc_http_request *request); /* path and query as sent: what `recall` is asked with */
const struct plc_http_route *plc_http_route_of(const plc_http_request *request);
/* By a connection from this machine, and not handed on by a proxy on it (which would say so). */
bool plc_http_is_local(const plc_http_request *request);
#define PLC_HTTP_NETWORK_SIZE 32
/*
 * The network that the request came from, without the last part of its address: an IPv4 /24, an IPv6 /56. `header`, if
 * given and sent, holds the address that a trusted proxy saw, last of a list. "unix" for a socket of this machine.
 */
void plc_http_network(const plc_http_request *request, const char *header, char out[PLC_HTTP_NETWORK_SIZE]);
/* The same of an address as text; false if it is none. */
bool plc_http_network_of(const char *address, char out[PLC_HTTP_NETWORK_SIZE]);
GBytes *plc_http_body(const plc_http_request *request); /* NULL if there was none */
bool plc_http_takes_gzip(const plc_http_request *request);
/* Whole number in [min, max], else 400 naming it; absent: `otherwise`. */
bool plc_http_param_int(const plc_http_request *request, const char *name, int64_t min, int64_t max, int64_t otherwise,
                        int64_t *out, GError **error);
/* Always false: 400 with `parameter` and, as `detail`, what is expected (our own constant words). */
bool plc_http_bad_param(GError **error, const char *name, const char *expected);

/* --- the answer
 * ----------------------------------------------------------------------------------------------------------------- */
/* Status 200 and no body until told. Types are constants; bodies are taken. */
void plc_http_status(plc_http_response *response, unsigned status);
void plc_http_body_take(plc_http_response *response, const char *type, GBytes *body);
void plc_http_body_string(plc_http_response *response, const char *type, GString *body);
/* Empty, with room for a usual list: one that was sent before where there is one. */
GString *plc_http_body_new(void);
/* The file is sent from its offset 0 by sendfile; fd is taken. HEAD, Range and If-Range are done here. */
void plc_http_body_file(plc_http_response *response, const char *type, int fd, uint64_t size);
/*
 * From `at` on the body that is given next has the bytes of this piece, which was compressed before: where the answer
 * is sent compressed, nothing of it is compressed again. What is in the piece is taken.
 */
void plc_http_body_piece(plc_http_response *response, size_t at, struct plc_gzip_piece *piece);
/* Replaces a header of that name, a constant in its usual letters. Values with controls are refused (dropped): header
 * injection. */
void plc_http_set(plc_http_response *response, const char *name, const char *value);
/* With quotes, weak ones with W/. If-None-Match is then answered with 304 by itself. */
void plc_http_etag(plc_http_response *response, const char *etag);
/*
 * Puts the filled answer together once, headers and all, so that `recall` can give it again; of a file the descriptor
 * stays open. NULL where it cannot be kept (a part was asked for, the server is stopping). Whoever keeps it answers for
 * its being right.
 */
plc_http_kept *plc_http_keep(const plc_http_request *request, plc_http_response *response);
void plc_http_kept_free(plc_http_kept *kept); /* what is being sent of it is sent to its end */
/* Of memory, about, once this reader has been answered: a form is made when it is first asked for. */
size_t plc_http_kept_bytes(const plc_http_kept *kept, const plc_http_request *request);
bool plc_http_kept_is_file(const plc_http_kept *kept);

/* --- pieces that are tested alone
 * ----------------------------------------------------------------------------------------------- */
/* Does a list of entity tags (If-None-Match; RFC 9110 13.1.2: weak comparison) name this one? */
bool plc_http_etag_listed(const char *list, const char *etag);
/* May the reader be sent this coding (Accept-Encoding; RFC 9110 12.5.3)? NULL: no header, so no. */
bool plc_http_accepts(const char *header, const char *coding);
enum plc_http_range { PLC_HTTP_RANGE_WHOLE, PLC_HTTP_RANGE_PART, PLC_HTTP_RANGE_UNSATISFIABLE };
/* One range of bytes (RFC 9110 14.2). Several ranges, other units and malformed ones are ignored: the whole is sent. */
enum plc_http_range plc_http_range_parse(const char *header, uint64_t size, uint64_t *out_first, uint64_t *out_count);
