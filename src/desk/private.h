/* What do the operations share? Reading requests, finding items, and writing an event so that it is published before it
 * is answered. */
#pragma once
#include "catalog/bundle.h"
#include "catalog/item.h"
#include "catalog/ledger.h"
#include "catalog/pull.h"
#include "catalog/queue.h"
#include "catalog/rendition.h"
#include "catalog/submission.h"
#include "desk/desk.h"

typedef bool plc_desk_op(struct plc_desk *desk, plc_json *request, GString *answer, GError **error);
#define PLC_OP(name, access, what) plc_desk_op plc_desk_##name;
#include "desk/ops.def"
#undef PLC_OP

/* Ids of items that an id typed by a person names: item, our submission id, or the operator's id of any source. char *.
 */
bool plc_desk_resolve(struct plc_desk *desk, const char *id, GPtrArray **out, GError **error);
/* The same for "ids": ["…"] of a request, without doubles; at least one. */
bool plc_desk_resolve_all(struct plc_desk *desk, plc_json *request, GPtrArray **out, GError **error);

/* Events of one act, and the items that they touch. */
struct plc_desk_act {
        GPtrArray *events; /* JSON, of char * */
        GPtrArray *items;  /* ids, of char * */
};
struct plc_desk_act *plc_desk_act_new(void);
void plc_desk_act_free(struct plc_desk_act *act);
typedef struct plc_desk_act plc_desk_act;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_desk_act, plc_desk_act_free)
/* Begins {"type":type,"NAME":id to be written by the caller…; end with plc_desk_event_end. */
GString *plc_desk_event(const char *type);
void plc_desk_event_end(struct plc_desk_act *act, GString *event);
/*
 * In the caller's transaction: appends the events and queues a publication of every item, so that a crash after the
 * commit finishes what was begun.
 */
bool plc_desk_write(struct plc_desk *desk, const struct plc_desk_act *act, int64_t now_ms, GError **error);

/* "2 photos" for sentences. */
char *plc_desk_count(unsigned n, const char *one, const char *many);
