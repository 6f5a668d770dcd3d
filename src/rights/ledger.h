/*
 * What is known, in order? Events in memory, appended and never changed, indexed by what they speak about. Not for two
 * threads at once: a question leaves what it compiled for the next one.
 */
#pragma once
#include "rights/event.h"

typedef struct plc_ledger plc_ledger;

/* sparse: only the events that can matter to some items are loaded, so seq only has to rise; else it must be 1, 2, 3 …
 */
plc_ledger *plc_ledger_new(bool sparse);
void plc_ledger_free(plc_ledger *ledger); /* NULL allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_ledger, plc_ledger_free)

/*
 * One line. `where` names it in faults. Beyond the faults of plc_event_parse: seq out of order, an item ingested twice,
 * a grant whose layer, person or subject changes. After a fault the ledger is as before.
 */
bool plc_ledger_add_line(plc_ledger *ledger, const char *json, size_t size, const char *where, GError **error);
/* All lines of a JSON Lines text. `file` and the line's number name it in faults; blank lines are faults. */
bool plc_ledger_add_lines(plc_ledger *ledger, const char *text, size_t size, const char *file, GError **error);

size_t plc_ledger_size(const plc_ledger *ledger);
const struct plc_event *plc_ledger_at(const plc_ledger *ledger, size_t index);
/* The seq of the last event; 0 if there is none. */
int64_t plc_ledger_head(const plc_ledger *ledger);
const struct plc_names *plc_ledger_names(const plc_ledger *ledger);
/* The first given or renewed event of a grant in the order of the ledger, which fixes its layer, person and subject; or
 * NULL. */
const struct plc_event *plc_ledger_grant(const plc_ledger *ledger, const char *grant);
/* The item's item.ingested, or NULL. */
const struct plc_event *plc_ledger_item(const plc_ledger *ledger, const char *item);

/*
 * For the decision (ids must be kept texts of plc_ledger_names): the events that mention this id in a part that
 * decisions look at, in the order of the ledger; NULL for none. GPtrArray of const struct plc_event *, borrowed.
 */
const GPtrArray *plc_ledger_about(const plc_ledger *ledger, const char *id);

/* What a decision compiled about an item, kept until the next event is added. */
struct plc_view;
struct plc_view *plc_ledger_view(const plc_ledger *ledger, const char *item);
void plc_ledger_keep_view(const plc_ledger *ledger, const char *item, struct plc_view *view, GDestroyNotify done);
