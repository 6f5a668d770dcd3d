/* What is known of a photo or a review, and in which state is it? */
#pragma once
#include "catalog/catalog.h"

enum plc_item_kind { PLC_ITEM_PHOTO, PLC_ITEM_REVIEW };
const char *plc_item_kind_name(enum plc_item_kind kind); /* "photo" */

/* replaced: a later revision took its place. ANY is for filters alone. */
enum plc_item_state {
        PLC_ITEM_WAITING,
        PLC_ITEM_APPROVED,
        PLC_ITEM_REJECTED,
        PLC_ITEM_FAILED,
        PLC_ITEM_ERASED,
        PLC_ITEM_REPLACED,
        PLC_ITEM_ANY
};
const char *plc_item_state_name(enum plc_item_state state); /* "waiting" */
bool plc_item_state_parse(const char *name, enum plc_item_state *out);

/* A product of the item; where a photo was tagged, x and y are fractions of the upright photo. */
typedef struct plc_item_product {
        char *product;
        bool primary;
        bool has_point;
        double x, y;
} plc_item_product;

/* title, summary, body, pros, cons, display text of any field; sealed as "item/ID/FIELD/N". */
typedef struct plc_item_text {
        char *field; /* title, summary, body, pros, cons, caption, alt, file (its name), facts (what only show tells) …
                      */
        int64_t n; /* 0, 1, … where a field has several; translations: field "body", n from 1, language and by set */
        char *language; /* BCP 47, NULL: that of the item */
        char *by;       /* author, human, machine; NULL: the original */
        GBytes *sealed;
} plc_item_text;

/* What the worker found and the operator declared. The sealed part (camera, taken at, file name) is among the texts. */
struct plc_item_photo {
        char *original;      /* the vault's name of the blob */
        char *original_hmac; /* plc_vault_hmac("photo", "", SHA-256 hex): the same photo elsewhere is found by it */
        int64_t bytes;
        char *format;          /* plc_format_name */
        int64_t width, height; /* upright */
        int64_t frames;
        int64_t removed; /* bits of enum plc_removed */
        char *thumbhash;
        char *pdq;
        int64_t pdq_quality;
        double sharpness, exposure;
        char *digital_source_type; /* declared, or found in the original */
        char *role;                /* scene, closeup, … */
        char *people;              /* none, self, others, unknown */
        bool has_focal, has_box, has_attention;
        double focal_x, focal_y, box_x, box_y, box_w, box_h, attention_x,
                attention_y;         /* fractions of the upright photo */
        char media_key[PLC_ID_SIZE]; /* plc_key_new: /m/{key}/…, for the life of the item */
        bool examined;               /* what the worker finds is filled in */
};

struct plc_item_review {
        GBytes *sealed_external; /* "item/ID/external": the review's own id in the shop */
        char *kind;              /* review, community_post, … */
        bool has_rating;
        double rating, rating_min, rating_max;
        int64_t recommended; /* 1 yes, 0 no, -1 not said */
        int64_t experience_date, written_at;
        char *language_hint;
        int64_t likes, comments, shares, engagement_at;
};

typedef struct plc_item {
        char id[PLC_ID_SIZE];
        char submission[PLC_ID_SIZE];
        char contributor[PLC_ID_SIZE];
        int64_t revision;
        int64_t last_revision; /* the latest that brought it unchanged; when read */
        char *said_hmac;       /* of what it was declared as; written with the item, not read back; NULL: not known */
        enum plc_item_kind kind;
        enum plc_item_state state;
        char *code;       /* of the state: why rejected or failed; NULL */
        int64_t position; /* in its submission, from 0 */
        int64_t created_at, changed_at;
        bool preview_ready;
        char *language; /* BCP 47 of its text; "und" */
        double confidence;
        char **flags;        /* of the words: what a moderator should look at; NULL: none */
        GPtrArray *products; /* of plc_item_product */
        GPtrArray *texts;    /* of plc_item_text, by field and n */
        struct plc_item_photo photo;
        struct plc_item_review review;
        /* Of its revision, filled in when read (for the publisher). */
        char *source, *country, *locale, *credit, *connection, *verification, *origin;
        GBytes *sealed_name; /* "revision/SUBMISSION/NUMBER/name" */
} plc_item;
plc_item *plc_item_new(
        enum plc_item_kind kind); /* with a new id, empty products and texts, and for a photo a media key */
void plc_item_free(plc_item *item);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_item, plc_item_free)

void plc_item_add_product(plc_item *item, const char *product, bool primary, const double *x, const double *y);
/* Takes a reference of sealed. */
void plc_item_add_text(plc_item *item, const char *field, int64_t n, const char *language, const char *by,
                       GBytes *sealed);
/* NULL if there is none; borrowed. */
const plc_item_text *plc_item_find_text(const plc_item *item, const char *field, int64_t n);

bool plc_catalog_get_item(plc_catalog *catalog, const char *id, plc_item **out, GError **error);
/* *out is NULL if no media key is like this. */
bool plc_catalog_find_item_by_key(plc_catalog *catalog, const char *media_key, plc_item **out, GError **error);
/* Ids, in order of position; every revision. GPtrArray of char *. */
bool plc_catalog_items_of_submission(plc_catalog *catalog, const char *submission, GPtrArray **out, GError **error);
/* Those that this revision brought, new ones and kept ones. GPtrArray of char *. */
bool plc_catalog_items_of_revision(plc_catalog *catalog, const char *submission, int64_t revision, GPtrArray **out,
                                   GError **error);
bool plc_catalog_items_of_contributor(plc_catalog *catalog, const char *contributor, GPtrArray **out, GError **error);
bool plc_catalog_items_of_product(plc_catalog *catalog, const char *product, GPtrArray **out, GError **error);
bool plc_catalog_items_of_tag(plc_catalog *catalog, const char *tag, GPtrArray **out, GError **error);
bool plc_catalog_items_of_campaign(plc_catalog *catalog, const char *campaign, GPtrArray **out, GError **error);
/* Photos with these very bytes, oldest first. GPtrArray of char *. */
bool plc_catalog_same_photos(plc_catalog *catalog, const char *original_hmac, GPtrArray **out, GError **error);
/* Ids in `state`, oldest first (a moderator's queue), `limit` ≤ PLC_CATALOG_PAGE_MAX. GPtrArray of char *. */
bool plc_catalog_list_items(plc_catalog *catalog, enum plc_item_state state, const char *after, size_t limit,
                            GPtrArray **out, GError **error);
/* How many items are in each state. */
bool plc_catalog_count_items(plc_catalog *catalog, int64_t out_counts[PLC_ITEM_ANY], GError **error);

/*
 * What an id that a person typed names: an item of ours, a submission of ours, or (external_hmac, NULL: not asked) the
 * operator's id. GPtrArray of item ids; NOT_FOUND if it names nothing.
 */
bool plc_catalog_resolve_items(plc_catalog *catalog, const char *id, const char *external_hmac, GPtrArray **out,
                               GError **error);

/* erased is final: CONFLICT. */
bool plc_catalog_set_item_state(plc_catalog *catalog, const char *id, enum plc_item_state state, const char *code,
                                int64_t at, GError **error);
/* The item of the submission, approved or waiting, that was declared like this (said_hmac); "" if there is none. */
bool plc_catalog_find_unchanged(plc_catalog *catalog, const char *submission, const char *said_hmac,
                                char out[PLC_ID_SIZE], GError **error);
/* That revision has it too. */
bool plc_catalog_keep_item(plc_catalog *catalog, const char *id, int64_t revision, GError **error);
/* What the worker found: format to attention, and examined becomes true; the declared fields stay. */
bool plc_catalog_set_photo_facts(plc_catalog *catalog, const char *id, const struct plc_item_photo *facts,
                                 GError **error);
/* has_focal to box_h. */
bool plc_catalog_set_framing(plc_catalog *catalog, const char *id, const struct plc_item_photo *framing,
                             GError **error);
bool plc_catalog_set_original(plc_catalog *catalog, const char *id, const char *blob, const char *original_hmac,
                              GError **error);
bool plc_catalog_set_item_language(plc_catalog *catalog, const char *id, const char *language, double confidence,
                                   const char *const *flags, GError **error);
/* Replaces the text of that field and n. */
bool plc_catalog_put_text(plc_catalog *catalog, const char *id, const plc_item_text *text, GError **error);

/* The picture for a moderator: in the vault, never public. */
struct plc_preview {
        char *blob; /* the vault's name */
        int64_t width, height, bytes, made_at;
        char *crops; /* crop rectangles per placement as JSON, opaque; NULL */
};
void plc_preview_clear(struct plc_preview *preview);
/* Replaces the last one and marks the item preview_ready. In a transaction. */
bool plc_catalog_put_preview(plc_catalog *catalog, const char *item, const struct plc_preview *preview, GError **error);
bool plc_catalog_get_preview(plc_catalog *catalog, const char *item, struct plc_preview *out, GError **error);

/* A depicted person: one human being, by our own id. */
typedef struct plc_person_row {
        char id[PLC_ID_SIZE];
        char submission[PLC_ID_SIZE];
        char *external_hmac; /* plc_vault_hmac("person", submission, the id in the submission): found again in a new
                                revision */
        char *kind;          /* self, adult, minor, unknown */
        char **items;        /* ids of the photos that show them */
} plc_person;
plc_person *plc_person_new(void);
void plc_person_free(plc_person *person);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_person, plc_person_free)
/* *out is NULL if there is none. */
bool plc_catalog_find_person(plc_catalog *catalog, const char *submission, const char *external_hmac, plc_person **out,
                             GError **error);
/* Of plc_person. */
bool plc_catalog_persons_of_submission(plc_catalog *catalog, const char *submission, GPtrArray **out, GError **error);

/* Where the evidence of a grant lies; the grant itself is in the ledger. */
typedef struct plc_grant_record {
        char id[PLC_ID_SIZE];
        char submission[PLC_ID_SIZE];
        char contributor[PLC_ID_SIZE]; /* whose key seals the evidence */
        char person[PLC_ID_SIZE];      /* "": not a likeness grant */
        char *layer;                   /* licence, data, likeness */
        char *terms;
        int64_t terms_version;
        char *evidence_blob;     /* the vault's name; NULL */
        GBytes *sealed_evidence; /* "grant/ID/evidence": text; NULL */
        int64_t captured_at;
} plc_grant_record;
plc_grant_record *plc_grant_record_new(void);
void plc_grant_record_free(plc_grant_record *grant);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_grant_record, plc_grant_record_free)
bool plc_catalog_insert_grant(plc_catalog *catalog, const plc_grant_record *grant, GError **error);
bool plc_catalog_get_grant(plc_catalog *catalog, const char *id, plc_grant_record **out, GError **error);
/* Of plc_grant_record. */
bool plc_catalog_grants_of_submission(plc_catalog *catalog, const char *submission, GPtrArray **out, GError **error);
bool plc_catalog_grants_of_contributor(plc_catalog *catalog, const char *contributor, GPtrArray **out, GError **error);
