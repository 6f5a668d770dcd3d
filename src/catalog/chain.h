/* What is the form of an event in the ledger? Its canonical text, its link in the chain, and what it names. No database
 * here. */
#pragma once
#include "base/json.h"
#include "catalog/ledger.h"

/*
 * The event with seq and recorded_at, and effective_at where it was left out; *out_canonical is its RFC 8785 form.
 * BAD_VALUE for members that are not the caller's to give. NULL on failure.
 */
plc_json *plc_chain_complete(const char *json, int64_t seq, int64_t now, char **out_canonical, GError **error);

/* The event parsed, if it is the one that follows head and nothing in it was changed; else NULL. */
plc_json *plc_chain_check(const plc_ledger_row *event, const struct plc_ledger_head *head, GError **error);

/* One thing that an event names, borrowed from the event. "of_…": names where an item belongs, without being about
 * that. */
struct plc_chain_ref {
        const char *kind, *id;
};

/* Each once, sorted by kind and id; of plc_chain_ref. */
GPtrArray *plc_chain_refs(plc_json *event);
