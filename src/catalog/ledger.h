/*
 * What has happened to rights, in which order, and can anybody have changed it? The ledger: only ever appended to, each
 * event chained to the one before (rights-model: hash = SHA-256(prev 32 bytes ‖ canonical JSON without prev_hash and
 * hash)).
 */
#pragma once
#include "catalog/catalog.h"

typedef struct plc_ledger_row {
        int64_t seq;
        int64_t recorded_at, effective_at;
        char *type;
        char *json; /* canonical, without prev_hash and hash: what is hashed, and what decide() reads */
        char prev_hash[PLC_SHA256_HEX_SIZE];
        char hash[PLC_SHA256_HEX_SIZE];
} plc_ledger_row;
void plc_ledger_row_free(plc_ledger_row *event);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_ledger_row, plc_ledger_row_free)

struct plc_ledger_head {
        int64_t seq; /* 0: empty */
        char hash[PLC_SHA256_HEX_SIZE];
};

/*
 * `json`: an object with type and, where it is not `now`, effective_at; without seq, recorded_at, prev_hash, hash,
 * which are filled in here. Refused unless the rights model's reader takes it (rights/ledger.h): what is malformed
 * could never be taken out again; nor an item's second item.ingested, nor a grant whose layer, person or subject
 * changes (CONFLICT). In a transaction. out_seq may be NULL.
 */
bool plc_catalog_ledger_append(plc_catalog *catalog, const char *json, int64_t now, int64_t *out_seq, GError **error);

bool plc_catalog_ledger_head(plc_catalog *catalog, struct plc_ledger_head *out, GError **error);
/* Events of seq > after, at most limit; of plc_ledger_row. */
bool plc_catalog_ledger_read(plc_catalog *catalog, int64_t after, size_t limit, GPtrArray **out, GError **error);
/*
 * All that can matter for a decision about the item, in order of seq, found by index: what names it, its submission,
 * its contributor or a person declared in it; all of the grants and holds so found; what is about all (terms, policy).
 * Of plc_ledger_row.
 */
bool plc_catalog_ledger_for_item(plc_catalog *catalog, const char *item, GPtrArray **out, GError **error);
/* Events with a reference of this kind ("item", "submission", "contributor", "person", "grant", "hold"), in order of
 * seq. */
bool plc_catalog_ledger_about(plc_catalog *catalog, const char *kind, const char *id, GPtrArray **out, GError **error);
/* Items that events naming this submission, contributor, person or grant can matter for. GPtrArray of char *. */
bool plc_catalog_ledger_items_of(plc_catalog *catalog, const char *kind, const char *id, GPtrArray **out,
                                 GError **error);

/* As one line of JSON with prev_hash and hash, for export. Free with g_free. */
char *plc_ledger_row_line(const plc_ledger_row *event);

/*
 * Computes the whole chain and the references anew. BAD_LEDGER, with the first seq that is wrong. A chain cannot see
 * that its end was cut off: give the head that was known elsewhere, or NULL.
 */
bool plc_catalog_ledger_verify(plc_catalog *catalog, const struct plc_ledger_head *known, GError **error);
