/*
 * What must caches outside forget? After each publication that removes or replaces something,
 * SITE/purge/YYYY-MM-DD.jsonl gets one line for each item (schemas/json/purge.schema.json), durably, after the index
 * itself is durable.
 *
 * What is to be written is kept in SITE/purge/.pending before the index is changed, so that a crash in between loses
 * nothing: the next start writes it. A line may so stand there twice, which does no harm; and a line that a crash cut
 * short is followed by its whole self.
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
/* All items have been changed, the index has not committed. */
bool plc_purge_keep(plc_purge *purge, GError **error);
/* The index has committed. */
bool plc_purge_write(plc_purge *purge, GError **error);

/* At start: what a crash kept from being written. */
bool plc_purge_recover(const struct plc_publisher *publisher, GError **error);
