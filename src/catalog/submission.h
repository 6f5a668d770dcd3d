/* Who sent what, and when? Contributors, submissions, their revisions, tombstones. */
#pragma once
#include "catalog/catalog.h"
#include "catalog/item.h"

/* A person who sends, known by source + external id (an HMAC of them), or unknown to us (hmac NULL). */
typedef struct plc_contributor {
        char id[PLC_ID_SIZE];
        char *source;
        char *external_hmac;     /* plc_vault_hmac("contributor", source, external id) */
        GBytes *sealed_external; /* "contributor/ID/external" */
        GBytes *sealed_email;    /* "contributor/ID/email" */
        char *age_band;          /* adult, minor, unknown; NULL: not said */
        int64_t created_at;
        bool erased;
} plc_contributor;
plc_contributor *plc_contributor_new(void);
void plc_contributor_free(plc_contributor *contributor);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_contributor, plc_contributor_free)

/* One operator's id; what it says is in its revisions. */
typedef struct plc_submission {
        char id[PLC_ID_SIZE];
        char contributor[PLC_ID_SIZE];
        char *source;
        char *external_hmac;     /* plc_vault_hmac("submission", source, operator's id); NULL: a bare photo */
        GBytes *sealed_external; /* "submission/ID/external" */
        int64_t created_at;
        int64_t revision; /* the latest, from 1 */
} plc_submission;
plc_submission *plc_submission_new(void);
void plc_submission_free(plc_submission *submission);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_submission, plc_submission_free)

/* What one drop said. Names and countries are of the revision: a new name is shown no sooner than its items are
 * approved. */
typedef struct plc_revision {
        char submission[PLC_ID_SIZE];
        int64_t number;
        char *content_hash;  /* of the drop's bytes: the same again changes nothing. Keyed (plc_vault_hmac), it is
                                personal */
        GBytes *sealed_drop; /* "revision/SUBMISSION/NUMBER/drop": the name it was dropped under */
        GBytes *sealed_name; /* "revision/SUBMISSION/NUMBER/name": display name */
        char *country;       /* ISO alpha-2 */
        char *locale;        /* BCP 47 */
        char *credit;        /* required, optional, forbidden */
        char *origin;        /* review, community_post */
        char *campaign;
        char *prompt; /* id of the question asked */
        int64_t prompt_version;
        char *connection;   /* disclosure: none, incentive, … ; NULL: not said */
        char *verification; /* order, email, receipt, merchant, none; NULL: not said */
        char **tags;        /* NULL: none */
        int64_t collected_at;
        int64_t received_at;
        GBytes *sealed_answer; /* "revision/SUBMISSION/NUMBER/answer": as written to done/; NULL until there is one */
} plc_revision;
plc_revision *plc_revision_new(void);
void plc_revision_free(plc_revision *revision);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_revision, plc_revision_free)

/* One drop's worth of rows, all borrowed. */
struct plc_intake {
        const plc_contributor *contributor; /* inserted if its id is not there yet */
        plc_submission *submission;
        plc_revision *revision; /* submission and number are filled in */
        GPtrArray *items;       /* of plc_item: submission, contributor, revision, created_at are filled in */
        GPtrArray *persons;     /* of plc_person, or NULL; those whose id is there already stay */
};

/* CONFLICT if the operator's id is known. Revision 1. In a transaction. */
bool plc_catalog_insert_submission(plc_catalog *catalog, const struct plc_intake *intake, GError **error);
/*
 * submission->id must be there: adds revision n + 1 (submission->revision + 1: known for sealing) and its items; the
 * old ones stay as they are. CONFLICT if another revision came between. In a transaction.
 */
bool plc_catalog_insert_revision(plc_catalog *catalog, const struct plc_intake *intake, GError **error);

/* *out is NULL if there is none. */
bool plc_catalog_find_submission(plc_catalog *catalog, const char *external_hmac, plc_submission **out, GError **error);
bool plc_catalog_find_contributor(plc_catalog *catalog, const char *external_hmac, plc_contributor **out,
                                  GError **error);
/* The latest revision of it with that hash; *out is NULL if there is none. */
bool plc_catalog_find_revision(plc_catalog *catalog, const char *submission, const char *content_hash,
                               plc_revision **out, GError **error);

/* Every source that ever sent something, by name. GPtrArray of char *. */
bool plc_catalog_list_sources(plc_catalog *catalog, GPtrArray **out, GError **error);

bool plc_catalog_get_submission(plc_catalog *catalog, const char *id, plc_submission **out, GError **error);
bool plc_catalog_get_contributor(plc_catalog *catalog, const char *id, plc_contributor **out, GError **error);
/* number 0: the latest. */
bool plc_catalog_get_revision(plc_catalog *catalog, const char *submission, int64_t number, plc_revision **out,
                              GError **error);
bool plc_catalog_set_answer(plc_catalog *catalog, const char *submission, int64_t number, GBytes *sealed_answer,
                            GError **error);
/* Submissions that have an item in `state` (PLC_ITEM_ANY: all), newest first; of plc_submission. */
bool plc_catalog_list_submissions(plc_catalog *catalog, enum plc_item_state state, const char *after, size_t limit,
                                  GPtrArray **out, GError **error);
/* All of one contributor, oldest first; of plc_submission. */
bool plc_catalog_list_submissions_of(plc_catalog *catalog, const char *contributor, GPtrArray **out, GError **error);

/*
 * Forgets a person's fields: sealed bytes, HMACs, country, locale, all texts of their items; items become erased, and
 * no job about them is left. The names of blobs in the vault stay until plc_catalog_forget_blobs, so that their removal
 * can be begun again after a crash. The key itself is the vault's (plc_vault_destroy_key), the events are the ledger's,
 * renditions are the publisher's. In a transaction.
 */
bool plc_catalog_erase_contributor(plc_catalog *catalog, const char *contributor, int64_t at, GError **error);
/* Names in the vault of their originals, previews and evidence. GPtrArray of char *. */
bool plc_catalog_blobs_of_contributor(plc_catalog *catalog, const char *contributor, GPtrArray **out, GError **error);
/* When the blobs are gone. In a transaction. */
bool plc_catalog_forget_blobs(plc_catalog *catalog, const char *contributor, GError **error);
/* So that what was overwritten in the database does not stand in its log either. BUSY if a reader was in the way for
 * long. */
bool plc_catalog_empty_log(plc_catalog *catalog, GError **error);

/* A keyed memory of what was erased, by the same HMACs as above: keeps a re-export from bringing it back. */
bool plc_catalog_add_tombstone(plc_catalog *catalog, const char *hmac, int64_t erased_at, GError **error);
/* *out_erased_at is 0 if there is none. */
bool plc_catalog_find_tombstone(plc_catalog *catalog, const char *hmac, int64_t *out_erased_at, GError **error);
