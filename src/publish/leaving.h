/*
 * Which files may nobody see any more, and how do they go? Renditions of presets that no segment and no question lets
 * anybody use, and those that were made by an earlier plan, unless another item needs the same file.
 *
 * The rows that lead to a file are taken away only when the file is durably gone: a crash leaves rows that the next
 * publication removes again, never a person's photo that no row leads to.
 */
#pragma once
#include "publish/publisher.h"

typedef struct plc_leaving plc_leaving;
plc_leaving *plc_leaving_new(const struct plc_publisher *publisher, int64_t now_ms);
void plc_leaving_free(plc_leaving *leaving);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_leaving, plc_leaving_free)

/* What leaves of an item; placed: all that was made of it (of plc_placed). Those that stay are added to `stay`. */
bool plc_leaving_add(plc_leaving *leaving, const plc_ledger *ledger, const plc_item *item, const GPtrArray *placed,
                     GPtrArray *stay, GError **error);
/* All items have been added: which files does nobody else need? */
bool plc_leaving_settle(plc_leaving *leaving, GError **error);

/* The index does not name them any more. At once, but not durably, and only until until_us (monotonic clock); returns
 * how many are still there. plc_leaving_remove has to follow. */
unsigned plc_leaving_drop(const plc_leaving *leaving, int64_t until_us);
/* Durably. */
bool plc_leaving_remove(const plc_leaving *leaving, GError **error);
/* And the rows; in a transaction if there are any. */
bool plc_leaving_is_empty(const plc_leaving *leaving);
bool plc_leaving_forget(const plc_leaving *leaving, GError **error);
