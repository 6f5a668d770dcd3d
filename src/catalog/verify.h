/* Is the ledger as it was written? Computed anew, from the first event to the last. */
#pragma once
#include "catalog/ledger.h"

/* Called now and then; user_data NULL-safe by the caller. */
typedef void (*plc_verify_progress)(int64_t done, void *user_data);

/*
 * The chain alone, as fast as rows can be read: seq without gaps, each prev_hash the hash before, each hash the
 * SHA-256 of what stands there; and that `known` (NULL: none) is in it: a chain cannot see that its end was cut off.
 * BAD_LEDGER with the first event that is wrong. out_head may be NULL.
 */
bool plc_catalog_verify_chain(plc_catalog *catalog, const struct plc_ledger_head *known, plc_verify_progress progress,
                              void *user_data, struct plc_ledger_head *out_head, GError **error);
/*
 * All else about events: each in its canonical form, taken by the rights model's reader, its columns saying what it
 * says, its references those that it names, and no reference beyond. BAD_LEDGER.
 */
bool plc_catalog_verify_events(plc_catalog *catalog, plc_verify_progress progress, void *user_data, GError **error);
/* Is the database file whole, as far as the engine can tell? INTERNAL with what it says. */
bool plc_catalog_verify_file(plc_catalog *catalog, GError **error);

/* What the catalog names, for comparing it with what is there. Each stops with false at the visitor's first false. */
struct plc_named_blob {
        const char *blob, *contributor;
        const char *what; /* "original of photo ID" */
};
bool plc_catalog_each_blob(plc_catalog *catalog,
                           bool (*visit)(const struct plc_named_blob *blob, void *user_data, GError **error),
                           void *user_data, GError **error);
/* Small records sealed into columns. */
struct plc_named_record {
        const char *contributor, *what; /* as plc_vault_seal_text was told */
        GBytes *sealed;
};
bool plc_catalog_each_record(plc_catalog *catalog,
                             bool (*visit)(const struct plc_named_record *record, void *user_data, GError **error),
                             void *user_data, GError **error);
bool plc_catalog_each_contributor(plc_catalog *catalog,
                                  bool (*visit)(const char *id, bool erased, void *user_data, GError **error),
                                  void *user_data, GError **error);
/* Assets that were left behind (catalog/rendition.h), of char *. */
bool plc_catalog_all_left(plc_catalog *catalog, GPtrArray **out, GError **error);
/* How many events of this type there are. */
bool plc_catalog_count_events(plc_catalog *catalog, const char *type, int64_t *out, GError **error);
struct plc_named_file {
        const char *item, *preset, *asset, *sha256;
        int64_t bytes;
};
bool plc_catalog_each_file(plc_catalog *catalog,
                           bool (*visit)(const struct plc_named_file *file, void *user_data, GError **error),
                           void *user_data, GError **error);
