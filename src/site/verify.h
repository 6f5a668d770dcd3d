/*
 * Is everything as it should be? The ledger against itself and its checkpoints, the catalog against vault, keys and
 * files, the published index against decide(). Only looks: beside a running office or without one. What an office
 * changes meanwhile is looked at twice before it is called damage.
 */
#pragma once
#include "site/site.h"

struct plc_finding {
        const char *part; /* "ledger", "checkpoints", "events", "catalog", "vault", "keys", "files", "index", "modes" */
        bool damage;      /* false: a note */
        bool settings;    /* a note: changed settings would have it otherwise */
        char *text;       /* one sentence: what, where */
        char *remedy;     /* one sentence: what to do; NULL: nothing */
};

/* One part that was looked at, in order. */
struct plc_verified {
        const char *part;
        const char *what; /* "events", "blobs" … */
        int64_t checked;
        unsigned damage;
        double cpu_seconds;
};

struct plc_verify_options {
        /* Not: every event by itself, every byte of every file, the database's own check, what averages are of. */
        bool quick;
        /* Settings, policy or presets are others than those under which what is shown was decided: that it is not what
         * they would have it is then no damage. */
        bool settings_changed;
        const char *checkpoint; /* a file whose last line is a checkpoint kept elsewhere; NULL: none */
        /* Now and then; NULL: nobody looks. */
        void (*progress)(const char *part, int64_t done, void *user_data);
        void *user_data;
};

typedef struct plc_verification {
        GArray *parts;       /* of struct plc_verified */
        GPtrArray *findings; /* of struct plc_finding; at most PLC_FINDINGS_MAX a part */
        unsigned damage;
} plc_verification;

#define PLC_FINDINGS_MAX 100

/* The site may be open for reading. NULL only if nothing could be looked at. */
plc_verification *plc_site_verify(struct plc_site *site, const struct plc_verify_options *options, GError **error);
void plc_verification_free(plc_verification *verification);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_verification, plc_verification_free)
