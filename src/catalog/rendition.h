/* Which files were made of a photo, for which placement, and which could not be made, and why? */
#pragma once
#include "catalog/catalog.h"

typedef struct plc_rendition {
        int64_t css_width; /* the entry of the placement's widths that it was made for */
        char *format;      /* "webp" */
        int64_t width, height, bytes;
        char sha256[PLC_SHA256_HEX_SIZE];
        char *asset; /* key in the store of assets: sha256.ext */
        int64_t quality, encodes;
        int64_t holds; /* bits of enum plc_holds; 0: written before that was kept */
} plc_rendition;

/* One (photo, placement): the verdict, and the files that came of it (none if refused). */
typedef struct plc_placed {
        char item[PLC_ID_SIZE];
        char *preset;
        char *plan;    /* hash or version of the placement it was made by: made again if it changed */
        char *verdict; /* ok, native, undersized, refused */
        char *refusal; /* code, NULL */
        char *why;     /* a sentence, NULL */
        bool cropped, focal_outside_safe;
        int64_t crop_x, crop_y, crop_w, crop_h; /* pixels of the upright original */
        int64_t made_at;
        GPtrArray *files; /* of plc_rendition */
} plc_placed;
plc_placed *plc_placed_new(void);
void plc_placed_free(plc_placed *placed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_placed, plc_placed_free)
/* An empty one, owned by placed->files. */
plc_rendition *plc_placed_add_file(plc_placed *placed);

/* Replaces what was there for (item, preset). In a transaction. */
bool plc_catalog_put_placed(plc_catalog *catalog, const plc_placed *placed, GError **error);
/* True in *out if (item, preset) was made by this plan, whatever the verdict. */
bool plc_catalog_has_placed(plc_catalog *catalog, const char *item, const char *preset, const char *plan, bool *out,
                            GError **error);
/* All of an item, by preset; of plc_placed. */
bool plc_catalog_placed_of_item(plc_catalog *catalog, const char *item, GPtrArray **out, GError **error);
/* Ids of the items that have any. */
bool plc_catalog_placed_items(plc_catalog *catalog, GPtrArray **out, GError **error);
/* *out is NULL if it was never made. */
bool plc_catalog_get_placed(plc_catalog *catalog, const char *item, const char *preset, plc_placed **out,
                            GError **error);
/*
 * Removes the rows of an item; out_assets (may be NULL) are the assets that no other item's rendition has, to be
 * removed from the store after the commit. GPtrArray of char *. In a transaction.
 */
bool plc_catalog_remove_placed(plc_catalog *catalog, const char *item, GPtrArray **out_assets, GError **error);
/* The same for one placement of it; assets that another of its placements has are kept, too. */
bool plc_catalog_remove_placed_preset(plc_catalog *catalog, const char *item, const char *preset,
                                      GPtrArray **out_assets, GError **error);
/* Remembers the files of one placement as left behind: for whoever takes them away when the index does not name them
 * any more. In a transaction. */
bool plc_catalog_leave_files(plc_catalog *catalog, const char *item, const char *preset, GError **error);
/* What an item has left behind: assets, of char *. */
bool plc_catalog_left_files(plc_catalog *catalog, const char *item, GPtrArray **out, GError **error);
/* Which items have left this asset behind: ids, of char *. */
bool plc_catalog_left_by(plc_catalog *catalog, const char *asset, GPtrArray **out, GError **error);
/* In a transaction. */
bool plc_catalog_forget_left(plc_catalog *catalog, const char *item, GError **error);
/* Takes the rows of one placement away, whatever else has its assets. In a transaction. */
bool plc_catalog_forget_placed(plc_catalog *catalog, const char *item, const char *preset, GError **error);
/* Whose renditions have this asset: "ITEM PRESET", of char *. */
bool plc_catalog_asset_users(plc_catalog *catalog, const char *asset, GPtrArray **out, GError **error);
/* Whether any rendition has this asset. */
bool plc_catalog_has_asset(plc_catalog *catalog, const char *asset, bool *out, GError **error);
