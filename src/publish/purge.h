/*
 * What must caches outside forget? After each publication that removes or replaces something,
 * SITE/purge/YYYY-MM-DD.jsonl gets one line for each item (schemas/json/purge.schema.json).
 *
 * The lines are kept in the catalog, in the transaction that is durable before the index changes, so that no crash
 * loses one and nobody who waits for an item to be dark waits for the list: it is written by the queued publication, or
 * at the next start. A line may so stand there twice, which does no harm; and a line that a crash cut short is followed
 * by its whole self.
 */
#pragma once
#include "catalog/item.h"
#include "publish/publisher.h"

typedef struct plc_purge plc_purge;
/* For one publication; keeps nothing where the publisher has no purge_dir. */
plc_purge *plc_purge_new(const struct plc_publisher *publisher, int64_t now_ms);
void plc_purge_free(plc_purge *purge);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_purge, plc_purge_free)

/* Around the change of one item in the index. */
bool plc_purge_before(plc_purge *purge, const char *item, GError **error);
bool plc_purge_after(plc_purge *purge, const plc_item *item, GError **error);
/* All items have been changed, neither the index nor the catalog has committed. */
bool plc_purge_keep(plc_purge *purge, GError **error);

/* What is kept goes into the list; outside of a transaction. */
bool plc_purge_write(const struct plc_publisher *publisher, GError **error);
