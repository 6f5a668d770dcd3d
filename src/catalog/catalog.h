/*
 * Where is everything written down that the office knows? In catalog.db: submissions, items, renditions, queue, ledger,
 * bundles, pulls. One header a subject; this one opens the catalog and says what holds for all.
 *
 * - Whatever takes more than one statement runs in the caller's transaction (plc_catalog_begin), else INTERNAL: so that
 * a submission, its ledger events and its jobs become durable together. Reads and single writes need none.
 * - Times are ms UTC, 0: none. Ids are made by the caller (base/id.h). Sealed fields are opaque bytes here
 * (vault/vault.h), and the words they were sealed with ("what") are stated at each; NULL: there is none.
 * - Structs are plain: strings owned by the struct (g_malloc), freed with it. For inserting, fill one in.
 * - Outputs that find nothing fail with NOT_FOUND, but where "NULL" is stated.
 */
#pragma once
#include "base/error.h"
#include "base/hash.h"
#include "base/id.h"
#include "db/db.h"

typedef struct plc_catalog plc_catalog;

/* url: as in db/db.h; NULL on failure. create makes an empty catalog (CONFLICT if there is one); open fails NOT_FOUND.
 */
plc_catalog *plc_catalog_create(const char *url, GError **error);
plc_catalog *plc_catalog_open(const char *url, GError **error);
/* For commands that only look: needs no lock, writes nothing. */
plc_catalog *plc_catalog_open_readonly(const char *url, GError **error);
void plc_catalog_close(plc_catalog *catalog);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_catalog, plc_catalog_close)
/* The version of SQLite that runs. */
const char *plc_catalog_library(void);

/* `g_autoptr(plc_db_tx) tx = plc_catalog_begin(catalog, error); … return plc_db_commit(&tx, error);` */
plc_db_tx *plc_catalog_begin(plc_catalog *catalog, GError **error);

/* A whole copy as it is now, office at work or not; CONFLICT if the file is there. Durable when it returns. */
bool plc_catalog_copy(plc_catalog *catalog, const char *path, GError **error);

/* Changes when another process has committed. */
/* Nobody waits just now: what has piled up in the log is moved (plc_db_relieve). */
bool plc_catalog_relieve(plc_catalog *catalog, GError **error);
bool plc_catalog_data_version(plc_catalog *catalog, int64_t *out, GError **error);

#define PLC_META_POLICY "policy_recorded" /* SHA-256 of the policy that the ledger names last: the office's */
/* Small facts about the site itself: *out is NULL if key was never set. */
bool plc_catalog_meta_get(plc_catalog *catalog, const char *key, char **out, GError **error);
bool plc_catalog_meta_set(plc_catalog *catalog, const char *key, const char *value, GError **error);

/* The rules that hold from the event `since` on, as their file has them. In the transaction of that event. */
bool plc_catalog_keep_policy(plc_catalog *catalog, int64_t since, const char *text, GError **error);
/* Those that held at that seq; *out is NULL if none is known. Free with g_free. */
bool plc_catalog_policy_at(plc_catalog *catalog, int64_t seq, char **out, GError **error);

/* One page of a list: ids in a stable order; pass the last id of a page as `after` for the next ("" or NULL: the
 * first). */
#define PLC_CATALOG_PAGE_MAX 1000
