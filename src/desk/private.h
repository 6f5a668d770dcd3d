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
        GPtrArray *events;   /* JSON, of char * */
        GPtrArray *items;    /* ids, of char * */
        unsigned files_left; /* after plc_desk_publish_now: not yet removed, though served to nobody */
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

/* Copies of these ids become items of the act. */
void plc_desk_act_touch(struct plc_desk_act *act, const GPtrArray *items);
/* After plc_desk_write in *tx, which it commits: recorded, and the index says so, when it returns; the files of an act
 * of usual size are gone, too. */
bool plc_desk_publish_now(struct plc_desk *desk, plc_db_tx **tx, struct plc_desk_act *act, GError **error);
/* For what can only take away: recorded and published when it returns. */
bool plc_desk_darken(struct plc_desk *desk, struct plc_desk_act *act, int64_t now_ms, GError **error);
/* For what can open: recorded; renders what is missing and publishes by the queue. */
bool plc_desk_brighten(struct plc_desk *desk, const struct plc_desk_act *act, int64_t now_ms, GError **error);
/* The same at the end of *tx, which it commits. */
bool plc_desk_brighten_in(struct plc_desk *desk, plc_db_tx **tx, const struct plc_desk_act *act, int64_t now_ms,
                          GError **error);
/* In the caller's transaction. */
bool plc_desk_queue_renders(struct plc_desk *desk, const struct plc_desk_act *act, int64_t now_ms, GError **error);
/* "items": […] of an answer. */
void plc_desk_answer_items(GString *answer, const struct plc_desk_act *act);
/* "files_left": of an act that took so much away that not all files could be removed before it was answered. */
void plc_desk_answer_files(GString *answer, const struct plc_desk_act *act);

/* `source:external-id`, or our own id. */
bool plc_desk_find_contributor(struct plc_desk *desk, const char *name, plc_contributor **out, GError **error);

/* What one of "id", "contributor" and "person" of a request names, with all items that it reaches. */
struct plc_desk_target {
        const char *kind; /* item, submission, contributor, person */
        char id[PLC_ID_SIZE];
        GPtrArray *items; /* of char * */
};
bool plc_desk_read_target(struct plc_desk *desk, plc_json *request, struct plc_desk_target *out, GError **error);
void plc_desk_target_clear(struct plc_desk_target *target);

/* "flags": […] of a request: words of a-z, 0-9, _ and -. Free with g_strfreev. */
bool plc_desk_flags_read(plc_json *request, plc_need need, char ***out, GError **error);
/* flags.set with these as the whole value. */
void plc_desk_flags_set(struct plc_desk_act *act, const char *item, char *const *flags);

struct plc_desk_drop;
void plc_desk_drop_free(struct plc_desk_drop *drop);

/* "2 photos" for sentences. */
char *plc_desk_count(unsigned n, const char *one, const char *many);
