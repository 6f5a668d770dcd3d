/* Which named sets were published, and what was in each version? A version never changes; publishing again makes the
 * next. */
#pragma once
#include "catalog/catalog.h"

typedef struct plc_bundle {
        char *name;
        int64_t version;  /* from 1 */
        char *definition; /* its JSON, opaque here */
        int64_t published_at, withdrawn_at;
        GPtrArray *items; /* ids in order, of char * */
} plc_bundle;
plc_bundle *plc_bundle_new(void);
void plc_bundle_free(plc_bundle *bundle);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_bundle, plc_bundle_free)

/* Version is filled in. In a transaction. */
bool plc_catalog_put_bundle(plc_catalog *catalog, plc_bundle *bundle, GError **error);
/* Of a version that was put in the same transaction; never changed afterwards. */
bool plc_catalog_put_manifest(plc_catalog *catalog, const plc_bundle *bundle, bool kept, const char *manifest,
                              const char *sha256, GError **error);
bool plc_catalog_has_bundles(plc_catalog *catalog, bool *out, GError **error);
/* Is there a version that is kept and not withdrawn? */
bool plc_catalog_has_kept_bundles(plc_catalog *catalog, bool *out, GError **error);
/* Both NULL for a version that has none (it was published before there were manifests); free with g_free. */
bool plc_catalog_get_manifest(plc_catalog *catalog, const char *name, int64_t version, char **out_manifest,
                              char **out_sha256, GError **error);
/* version 0: the latest. */
bool plc_catalog_get_bundle(plc_catalog *catalog, const char *name, int64_t version, plc_bundle **out, GError **error);
/* Of the latest version; free with g_free. */
bool plc_catalog_bundle_definition(plc_catalog *catalog, const char *name, char **out, GError **error);
/* The latest version of each, by name, without items; of plc_bundle. */
bool plc_catalog_list_bundles(plc_catalog *catalog, GPtrArray **out, GError **error);
/* All versions of the name. */
bool plc_catalog_withdraw_bundle(plc_catalog *catalog, const char *name, int64_t at, GError **error);
/* Names of bundles whose latest version is not withdrawn and has the item. GPtrArray of char *. */
bool plc_catalog_bundles_of_item(plc_catalog *catalog, const char *item, GPtrArray **out, GError **error);
