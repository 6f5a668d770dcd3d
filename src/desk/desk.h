/*
 * How is the office asked for something? One table of operations (ops.def), JSON in and out. They are synchronous: what
 * has to go dark is dark when they return. What needs a worker is queued, and `pending` tells when it is done.
 */
#pragma once
#include "base/json.h"
#include "pipeline/office.h"

struct plc_desk {
        struct plc_site *site;
        plc_office *office; /* NULL where the site is only looked at */
        GHashTable *drops;  /* claim id -> struct plc_desk_drop: drops that `ingest` took and how they ended */
        int spool_inotify;  /* -1 until the spool is watched */
        guint spool_scan, spool_hint;
        unsigned spool_unreadable; /* files of the spool, at the last look */
        plc_json *request;         /* the one being answered; NULL between requests */
};

/* The site (and office) are borrowed. */
struct plc_desk *plc_desk_new(struct plc_site *site, plc_office *office);
void plc_desk_free(struct plc_desk *desk);
typedef struct plc_desk plc_desk;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_desk, plc_desk_free)

/* NOT_FOUND if there is no such operation. */
bool plc_desk_writes(const char *op, bool *out_writes, GError **error);
/* The answer is appended as one JSON object. FORBIDDEN for an operation that writes on a site that is only looked at.
 */
bool plc_desk_do(struct plc_desk *desk, const char *op, const char *request_json, GString *answer, GError **error);

/* Answers POST /v1/desk/{op} on SITE/office.sock (0600) until freed. Errors come as
 * {"error":{"code","message","remedy"}}. */
typedef struct plc_desk_server plc_desk_server;
bool plc_desk_server_start(struct plc_desk *desk, plc_desk_server **out, GError **error);
void plc_desk_server_stop(plc_desk_server *server);

/* A member that plc_client reads back as the error it was: {"code","message","remedy"}. */
void plc_desk_write_fault(GString *out, const char *name, const GError *error);

/* How a drop that was taken ended; to be called by the office's watch. */
void plc_desk_drop_ended(struct plc_desk *desk, const struct plc_drop_end *end);
