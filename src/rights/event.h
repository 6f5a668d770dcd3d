/* What is an event? One line of the ledger: its strict form, its canonical bytes, and its link in the hash chain. */
#pragma once
#include "base/error.h"
#include "base/hash.h"
#include "rights/names.h"
#include "rights/vocabulary.h"

typedef enum plc_event_type {
#define PLC_EVENT(name, text, read) PLC_EVENT_##name,
#include "rights/events.def"
#undef PLC_EVENT
        PLC_EVENT_TYPES
} plc_event_type;

/* Which of an event's ids is meant: of its subject, its target, or what a catalog finds it by. */
typedef enum {
        PLC_ID_NONE,
        PLC_ID_ITEM,
        PLC_ID_SUBMISSION,
        PLC_ID_CONTRIBUTOR,
        PLC_ID_PERSON,
        PLC_ID_GRANT,
        PLC_ID_HOLD
} plc_id_kind;

/* Dimensions of a scope that bind; the others say "any". Of a grant, channels, edits and sublicense always bind. */
enum {
        PLC_SCOPE_CHANNELS = 1 << 0,
        PLC_SCOPE_TERRITORIES = 1 << 1,
        PLC_SCOPE_LANGUAGES = 1 << 2,
        PLC_SCOPE_PRODUCTS = 1 << 3,
        PLC_SCOPE_CONTROLLERS = 1 << 4,
        PLC_SCOPE_EDITS = 1 << 5,
        PLC_SCOPE_SUBLICENSE = 1 << 6,
};

struct plc_scope {
        unsigned given;
        unsigned channels, edits, sublicense; /* bits of the enumerations */
        struct plc_territories territories, exclude;
        struct plc_list languages, products, controllers;
};

struct plc_depicted {
        const char *id;
        plc_person_kind kind;
};

/* All texts are kept by the names given to plc_event_parse. What an event's type does not have is NULL or zero. */
struct plc_event {
        int64_t seq, recorded_at, effective_at;
        plc_event_type type;
        const char *item, *submission, *contributor, *grant, *hold;
        plc_id_kind subject_kind; /* of a grant, a blanket withdrawal, a hold's target */
        const char *subject;
        plc_layer layer;
        const char *person; /* on likeness */
        union {
                struct {
                        plc_subject_kind kind;
                        bool shows_identity;
                        plc_provenance provenance;
                        struct plc_list attributes;
                } ingested;
                struct {
                        struct plc_depicted *at; /* sorted by id, by bytes */
                        size_t count;
                } persons;
                struct {
                        struct plc_scope scope;
                        int64_t not_before, not_after; /* INT64_MIN, PLC_TIME_NEVER: null */
                        int64_t captured_at;
                        bool attested;
                        plc_credit credit;
                } given;
                struct plc_scope narrowed;
                struct {
                        unsigned channels;
                        struct plc_territories territories;
                } placed; /* "all" is all bits, or WW */
                struct {
                        plc_moderation_verdict verdict;
                        int64_t policy_version;
                } moderation;
                plc_connection connection;
                struct plc_list flags;
        };
};

/* NULL for a type's name that is not known; "request.anything" is PLC_EVENT_REQUEST. */
bool plc_event_type_parse(const char *text, plc_event_type *out);
const char *plc_event_type_name(plc_event_type type); /* "request." for PLC_EVENT_REQUEST */

/*
 * One line, strictly. `where` names the line in faults ("events.jsonl, line 7"). Faults: BAD_JSON, BAD_VALUE,
 * MISSING_MEMBER, UNKNOWN_MEMBER.
 */
bool plc_event_parse(const char *json, size_t size, const char *where, struct plc_names *names, struct plc_event *out,
                     GError **error);

/* An id that an event mentions. */
struct plc_mention {
        plc_id_kind kind;
        const char *id;
};
/*
 * The ids by which an event matters to decisions, appended to out (GArray of struct plc_mention). A sparse ledger for
 * one item is complete with the events found by: the item; its submission and contributor (of its item.ingested); the
 * grants and holds that those events name; and the persons in its persons.declared.
 */
void plc_event_mentions(const struct plc_event *event, GArray *out);

/* RFC 8785 form without prev_hash and hash: what is stored and hashed. Does not check the event. Free with g_free. */
char *plc_event_canonical(const char *json, size_t size, GError **error);
/* SHA-256(prev_hash as 32 bytes ‖ canonical). prev_hash_hex NULL: the first event (32 zero bytes). False: not 64
 * lower-case hex. */
bool plc_event_hash(const char *prev_hash_hex, const char *canonical, char out_hex[PLC_SHA256_HEX_SIZE]);
