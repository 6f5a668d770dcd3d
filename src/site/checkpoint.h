/*
 * Can an old catalog bring back what was withdrawn since? Signed checkpoints outside the database (site/journal.h) see
 * to it that it cannot.
 *
 * A checkpoint holds the ledger's head (seq, hash) and, as canonical ledger events, everything since the checkpoint
 * before it that may close something: withdrawals, narrowings, holds, rejections, erasures; and what replaces a value
 * of an item or a grant that was there before (persons, flags, disclosure, renewals). Ledger events hold random ids,
 * codes and HMACs only, so the checkpoints hold no personal data either. What opens is not carried: it needs the
 * contributor's evidence, which an old catalog does not have.
 *
 * - When: before the desk answers an act that recorded such an event (plc_site_checkpoint), and each minute otherwise.
 *   So the last checkpoint is at least as new as the last withdrawal that anybody was told of.
 * - Opening a site for writing compares the catalog with the last checkpoint. The same ledger, or one that goes on
 *   after it: fine. An older one of the same history (a restored backup): the index is emptied first, the carried
 *   events are applied to the ledger again (their effective_at stays, seq and recorded_at are new), a
 * `request.restored` event and a checkpoint with `restored_from` tell of it, and the index is made anew from what then
 * holds. A crash in between is finished by the next opening. Another history (an event that was checkpointed has
 * another hash): BAD_LEDGER, the index is emptied, nothing is published until `placet verify SITE --accept-loss` has
 * said that this catalog is the one to go on with; the carried events are applied then, too.
 * - What it cannot see: a whole machine set back, checkpoints and all. Copies of checkpoints/ elsewhere can: put them
 *   back, or give one to `placet verify SITE --checkpoint FILE`.
 */
#pragma once
#include "site/journal.h"
#include "site/site.h"

/* Does an event of this type close, or replace what may close? Others are not carried. */
bool plc_checkpoint_carries(const char *type);

/*
 * Brings the checkpoint up to date if an event that it carries was recorded since, or if `always` and anything was.
 * Outside a transaction, on a site open for writing. Durable when it returns.
 */
bool plc_site_checkpoint(struct plc_site *site, bool always, GError **error);

/* The first one of a new site. `site` has path, fd and vault only. */
bool plc_checkpoint_begin(int checkpoints_fd, plc_vault *vault, GError **error);

/* Of plc_site_open for writing, before anything else is done with the site: as told above. */
bool plc_checkpoint_reconcile(struct plc_site *site, bool accept_loss, GError **error);

/*
 * Is the ledger of this catalog the one that the checkpoint was made of? BAD_LEDGER, with what was found: cut short
 * (out_behind true) or another.
 */
bool plc_checkpoint_fits(plc_catalog *catalog, const plc_checkpoint *checkpoint, bool *out_behind, GError **error);
