/* Who took which files away, for what, known at which point of the ledger? What a recall goes by. */
#pragma once
#include "catalog/catalog.h"

typedef struct plc_pull_file {
        char item[PLC_ID_SIZE];
        char *preset;
        char *file; /* name in the folder or archive handed out */
        char sha256[PLC_SHA256_HEX_SIZE];
        int64_t bytes;
        int64_t valid_until; /* 0: no end */
} plc_pull_file;

typedef struct plc_pull {
        char id[PLC_ID_SIZE];
        char *bundle; /* NULL: not by bundle */
        int64_t bundle_version;
        char *preset, *channel, *territory;
        char *puller;   /* who: role or token name, no personal data */
        char *campaign; /* NULL */
        int64_t pulled_at;
        int64_t head;     /* seq of the ledger it was decided at */
        char *receipt;    /* JSON, opaque; NULL */
        GPtrArray *files; /* of plc_pull_file */
} plc_pull;
plc_pull *plc_pull_new(void); /* with a new id */
void plc_pull_free(plc_pull *pull);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_pull, plc_pull_free)
/* An empty one, owned by pull->files. */
plc_pull_file *plc_pull_add_file(plc_pull *pull);

/* In a transaction. */
bool plc_catalog_put_pull(plc_catalog *catalog, const plc_pull *pull, GError **error);
bool plc_catalog_get_pull(plc_catalog *catalog, const char *id, plc_pull **out, GError **error);
/* Pulls that took this item and whose file of it is still valid at `at`, newest first; of plc_pull. */
bool plc_catalog_pulls_of_item(plc_catalog *catalog, const char *item, int64_t at, GPtrArray **out, GError **error);
/* Items of which any pull has a file still valid at `at`, by id. GPtrArray of char *. */
bool plc_catalog_pulled_items(plc_catalog *catalog, int64_t at, const char *after, size_t limit, GPtrArray **out,
                              GError **error);
/* Newest first, without files; of plc_pull. */
bool plc_catalog_list_pulls(plc_catalog *catalog, const char *after, size_t limit, GPtrArray **out, GError **error);
