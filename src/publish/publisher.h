/*
 * How does what is known become what is shown? The publisher asks decide() about an item, in every context that the
 * site publishes for, and writes the answers as segments into the index, or takes the item out of it. It is the only
 * writer of public/.
 */
#pragma once
#include "blob/blob.h"
#include "catalog/catalog.h"
#include "catalog/item.h"
#include "index/index.h"
#include "preset/placements.h"
#include "rights/decide.h"
#include "vault/vault.h"

/* All borrowed. */
struct plc_publisher {
        plc_catalog *catalog;
        plc_vault *vault;
        plc_blobs *assets, *creatives; /* files of public channels, and of the others */
        plc_index_writer *index;       /* NULL: questions only */
        const plc_policy *policy;
        const plc_presets *presets;
        const char *purge_dir;         /* SITE/purge; NULL: nothing is told to caches */
        const char *controller;        /* "": none */
        const char *const *channels;   /* asked for */
        const char *const *placements; /* ids of presets that every photo is rendered for; others where asked for */
        const char *const *languages;  /* of the pages */
        const char *product_url;       /* of a product's page, with {id}; "" or NULL: none */
        bool avif;                     /* formats marked optional are made too */
        struct plc_rights_note note;   /* what the site has written into every file */
};

/* The events that can matter for the item, ready for decide(). Free with plc_ledger_free. */
plc_ledger *plc_publish_ledger(const struct plc_publisher *publisher, const char *item, GError **error);

/* A question about the item with the site's controller, no product, no language, no sublicensee, at the ledger's end.
 */
struct plc_question plc_publish_question(const struct plc_publisher *publisher, const char *item, plc_channel channel,
                                         const char *territory, int64_t at);

/*
 * Makes the index say what may be shown of these items (ids) from now_ms on, in one publication, and removes the files
 * of renditions that nobody may see any more. Items that may be shown nowhere leave the index. Durable when it returns.
 * Needs no transaction of the catalog, and makes its own.
 */
bool plc_publish_items(const struct plc_publisher *publisher, const GPtrArray *items, int64_t now_ms, GError **error);
/*
 * The same for whoever waits for these items to be dark, in the catalog's transaction that records why: commits it,
 * then the index, and takes the files away, not yet durably, for at most 1.5 s (out_files_left: those that are still
 * there). A plc_publish_items has to follow: it must be queued in *tx. If it fails, what *tx recorded is nevertheless
 * recorded wherever that can be. *tx is NULL when it returns.
 */
bool plc_publish_act(const struct plc_publisher *publisher, plc_db_tx **tx, const GPtrArray *items, int64_t now_ms,
                     unsigned *out_files_left, GError **error);
bool plc_publish_item(const struct plc_publisher *publisher, const char *item, int64_t now_ms, GError **error);

/* The same, with an emptied index before it and all bundles after it (publish/rebuild.h). An item whose sealed data
 * does not open is left out and counted. */
bool plc_publish_anew(const struct plc_publisher *publisher, const GPtrArray *items, int64_t now_ms,
                      int64_t *out_left_out, GError **error);

/* Writes into publisher->index, within its begin … commit, what would be shown of the item, and changes nothing else:
 * for comparing an index with what it should say. */
bool plc_publish_copy(const struct plc_publisher *publisher, const char *item, int64_t now_ms, GError **error);

/*
 * Presets (borrowed const struct plc_preset *) that some grant, now or later, lets be made of this photo and that have
 * not been made by the present version of the preset: those that the site renders every photo for, in its channels, and
 * those that were asked for (plc_publish_ask). Free the array with g_ptr_array_unref.
 */
bool plc_publish_wanted(const struct plc_publisher *publisher, const plc_item *item, int64_t now_ms, GPtrArray **out,
                        GError **error);

/* Of those, the public ones that were made as things stand, but could be smaller: what a second pass is for. Free as
 * above. */
bool plc_publish_coarse(const struct plc_publisher *publisher, const plc_item *item, GPtrArray **out, GError **error);

/*
 * Asks for a preset of this photo that the site does not render by itself: in *out whether it was not there, may be
 * made, and is wanted from now on. Changes the catalog, in the caller's transaction; a job "render" must follow.
 */
bool plc_publish_ask(const struct plc_publisher *publisher, const plc_item *item, const struct plc_preset *preset,
                     int64_t now_ms, bool *out, GError **error);

/* Does a preset show less than the whole photo, so that the question must ask for the edit crop? */
bool plc_publish_crops(const struct plc_preset *preset);

/* What of an item's sealed texts may be published: unsealed, normalised and masked at intake. NULL where there is none;
 * g_free. */
bool plc_publish_text(const struct plc_publisher *publisher, const plc_item *item, const char *field, int64_t n,
                      char **out, GError **error);
bool plc_publish_name(const struct plc_publisher *publisher, const plc_item *item, char **out, GError **error);
