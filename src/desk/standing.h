/* On which grants does an item stand, at an instant and a head of the ledger? For telling, not for deciding: what may
 * be shown is decide()'s word alone. */
#pragma once
#include "rights/ledger.h"
#include "rights/policy.h"

enum plc_standing_state {
        PLC_STANDING_ACTIVE,
        PLC_STANDING_NOT_YET,
        PLC_STANDING_EXPIRED,
        PLC_STANDING_WITHDRAWN,
        PLC_STANDING_TERMINATED,
        PLC_STANDING_INVALIDATED,
        PLC_STANDING_REQUESTED,
        PLC_STANDING_REFUSED,
};
extern const char *const plc_standing_words[]; /* "active" … */

/* All borrowed from the ledger. */
struct plc_standing {
        const char *grant;
        plc_layer layer;
        const char *person;           /* of a likeness; NULL */
        const struct plc_event *said; /* the giving in force; of one only asked for, the request */
        struct plc_scope scope;       /* with all narrowings; zero of one only asked for */
        int64_t from, until;          /* [from, until); PLC_TIME_NEVER: no end */
        enum plc_standing_state state;
        int64_t ended_at; /* of what was withdrawn, terminated, invalidated, refused */
};

/* Ids that a grant's subject must be one of to cover one of these items (char *): the items, their submissions and
 * contributors. A set of borrowed strings; free with g_hash_table_unref. */
GHashTable *plc_standing_subjects(const plc_ledger *ledger, const GPtrArray *items);
/* By grant, in the order in which they were first named; GArray of struct plc_standing. */
GArray *plc_standings(const plc_ledger *ledger, const plc_policy *policy, GHashTable *subjects, int64_t at,
                      int64_t head);
