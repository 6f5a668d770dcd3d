/*
 * What is a site on disk, and who may write it? A folder with a fixed tree, opened here as a whole; the holder of
 * office.lock is its one writer.
 *
 *   checkpoints/   signed heads of the ledger, with what was withdrawn (site/checkpoint.h)
 *   placet.conf  inbox/ rejected/ done/ .work/   drops on their way        catalog.db vault/ keys/   private
 *   public/index.db public/assets/               what placet-serve sees    creatives/                files of channels
 * never served publicly spool/                                       written by placet-serve   placements/ terms/
 * policy.json  what the site adds to presets/
 *   .reserve     room for what takes away, on a full disk (base/reserve.h)
 */
#pragma once
#include "blob/blob.h"
#include "catalog/catalog.h"
#include "conf/conf.h"
#include "intake/claim.h"
#include "preset/placements.h"
#include "preset/terms.h"
#include "publish/publisher.h"
#include "text/detect.h"
#include "vault/vault.h"

enum plc_site_mode {
        PLC_SITE_READ,  /* looks only: no lock, whether an office runs or not */
        PLC_SITE_WRITE, /* takes office.lock; BUSY if an office has it */
        /* WRITE, by the operator's word also with a catalog or checkpoints that do not fit (site/checkpoint.h) */
        PLC_SITE_ACCEPT_LOSS,
};

/* The journal of checkpoints, and what is to go into the next one. */
struct plc_checkpoints {
        int fd;    /* of checkpoints/; -1: not there */
        bool fits; /* the catalog is the one that was checkpointed: only then another one is made */
        struct plc_checkpoint *last;
        int64_t scanned;    /* seq up to which the ledger was looked at */
        GPtrArray *carried; /* events for the next checkpoint: canonical JSON, of char * */
        int64_t restored_from;
};

struct plc_site {
        char *path; /* absolute */
        enum plc_site_mode mode;
        int fd, lock_fd;
        struct plc_intake_dirs dirs;
        plc_conf *conf;
        plc_presets *presets;
        char **placements; /* ids of those that every photo is rendered for */
        plc_terms_registry *terms;
        plc_policy *policy;
        char *policy_text;                     /* its file, word for word */
        char policy_hash[PLC_SHA256_HEX_SIZE]; /* of its file */
        char *purge_dir;                       /* for caches outside (publish/purge.h) */
        plc_catalog *catalog;
        plc_vault *vault;
        plc_blobs *assets, *creatives;
        plc_index_writer *index; /* NULL where it is only looked at */
        plc_detector *detector;
        struct plc_checkpoints checkpoints;
        char *notice;                   /* what opening it had to do, one sentence for the operator; NULL: nothing */
        struct plc_publisher publisher; /* borrows from the above */
};

/* Makes the tree, placet.conf and an empty catalog; CONFLICT if there is a site already. Nothing half-made stays a
 * site: placet.conf is written last. */
bool plc_site_create(const char *path, GError **error);
/* NOT_FOUND if path is no site, with what to do. NULL on failure. */
struct plc_site *plc_site_open(const char *path, enum plc_site_mode mode, GError **error);
void plc_site_close(struct plc_site *site);
/* On a full disk there is still room for what takes away: .reserve is kept for it. Whoever brings in or makes files
 * asks first; NO_SPACE where it was spent and cannot be made again. */
bool plc_site_has_room(const struct plc_site *site, GError **error);
/* Lets go of the reserve where hardly anything else is free. */
void plc_site_make_room(const struct plc_site *site);
/* Opened when it is first asked for; NULL on failure. */
const plc_detector *plc_site_detector(struct plc_site *site, GError **error);
typedef struct plc_site plc_site;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_site, plc_site_close)

#define PLC_SITE_SOCKET "office.sock"
