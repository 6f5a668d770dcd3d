/* What bears on one item? The events about it, its submission, contributor, grants and persons, sorted out once for all
 * questions. */
#pragma once
#include "rights/ledger.h"

/* An event's place in time and ledger, side by side for fast looking. */
struct plc_mark {
        int64_t at, seq;
        const struct plc_event *event;
        unsigned failures; /* of a scope, for the question being asked */
};

/* By instant, then seq. */
struct plc_marks {
        struct plc_mark *at;
        size_t count, room;
};

/* A placing of a hold, with all liftings of its id. */
struct plc_holding {
        struct plc_mark placed;
        struct plc_marks lifts;
};

/* A grant that covers the item. */
struct plc_claim {
        const char *id;
        plc_layer layer;
        const char *person;
        struct plc_marks givens, narrowings, ends, guardians;
        struct plc_marks person_withdrawals; /* of the person of a likeness grant */
        bool hopeless;                       /* no giving of it covers the question being asked */
};

/* A row of the policy's suitability for the territory being asked about. */
struct plc_suit {
        const char *flag;
        bool deny;
};

struct plc_view {
        const struct plc_event *ingested;
        int64_t erased_seq; /* of the first erasure; 0: none */
        struct plc_marks moderations, disclosures, flags, persons;
        struct plc_marks withdrawals; /* blanket ones of item, submission, contributor */
        GArray *claims;               /* of struct plc_claim, by id */
        GArray *holdings;             /* of struct plc_holding */
        GArray *instants;             /* of int64_t, ascending; for instants_days */
        int64_t instants_days;        /* 0: not yet made */
        /* room for the question being asked */
        GArray *people;                /* of struct plc_depicted */
        GPtrArray *flags_now;          /* of kept texts */
        GArray *suitability;           /* of struct plc_suit */
        GPtrArray *review, *review_at; /* of kept texts */
};

/* Kept by the ledger until its next event. NULL: the ledger never mentions an item.ingested of it. */
struct plc_view *plc_view_of(const plc_ledger *ledger, const char *item);

static inline bool plc_mark_counts(const struct plc_mark *mark, int64_t t, int64_t head)
{
        return mark->at <= t && mark->seq <= head;
}

/* The one with the latest effective_at, and of these the greatest seq; NULL if none counts. */
static inline const struct plc_mark *plc_marks_latest(const struct plc_marks *marks, int64_t t, int64_t head)
{
        for (size_t i = marks->count; i-- > 0;)
                if (plc_mark_counts(&marks->at[i], t, head))
                        return &marks->at[i];
        return NULL;
}

static inline bool plc_marks_any(const struct plc_marks *marks, int64_t t, int64_t head)
{
        for (size_t i = 0; i < marks->count && marks->at[i].at <= t; i++)
                if (marks->at[i].seq <= head)
                        return true;
        return false;
}

/* The instant at which a given or renewed event ceases to grant; PLC_TIME_NEVER after the year 9999. */
int64_t plc_given_end(const struct plc_event *event, int64_t max_grant_days);
/* All instants at which an answer may change, ascending, each once. Borrowed from the view. */
const GArray *plc_view_instants(struct plc_view *view, int64_t max_grant_days);
