/*
 * What has to be kept elsewhere, so that a site can be made again? catalog.db (one instant of it, an office may go on),
 * the sealed files of vault/, checkpoints/, placet.conf, policy.json, terms/, placements/, and the empty folders of a
 * site. Never keys/: they are what makes an erasure true in every backup; they go to a second place and are kept there
 * for at most 30 days. Never public/ and creatives/: `placet index rebuild` makes them.
 *
 * manifest.json (schemas/json/backup.schema.json) is written last: without it a backup is not whole.
 */
#pragma once
#include "site/site.h"

struct plc_backed_up {
        int64_t files, bytes; /* without manifest.json */
        int64_t events;       /* in the ledger of the copy */
};

/* `dir` must be empty or not be there (CONFLICT). The site may be open for reading. Durable when it returns. */
bool plc_site_backup(struct plc_site *site, const char *dir, void (*progress)(int64_t files, void *user_data),
                     void *user_data, struct plc_backed_up *out, GError **error);
