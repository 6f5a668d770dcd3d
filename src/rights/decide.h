/*
 * May this item be used there? One pure function: events, policy and question in, verdict out; no clock, no database.
 * Every way out of the system asks it. What it does not know is no.
 */
#pragma once
#include "rights/ledger.h"
#include "rights/policy.h"
#include "rights/question.h"

struct plc_verdict {
        bool allow;
        GPtrArray *reasons;  /* of char *: why not, in the order of the rules; empty exactly if allow */
        GPtrArray *duties;   /* of char *: what must be done with it, sorted by bytes; empty if not allow */
        int64_t valid_until; /* exclusive; PLC_TIME_NEVER: no end is known, or not allow */
};

/* `out` is zeroed at first and may be used again for the next question. */
void plc_decide(const plc_ledger *ledger, const plc_policy *policy, const struct plc_question *question,
                struct plc_verdict *out);
void plc_verdict_clear(struct plc_verdict *verdict);
/* {"verdict":"allow","reasons":[],"duties":[],"valid_until":null} without a line feed; out must be empty. */
void plc_verdict_write(const struct plc_verdict *verdict, GString *out);

/* A time during which the answer to one question stays the same. */
struct plc_segment {
        int64_t from, until; /* [from, until); until PLC_TIME_NEVER: no end is known */
        char **duties;       /* NULL-terminated */
};

/* Of struct plc_segment; frees what is in it. */
GArray *plc_segments_new(void);
/*
 * Appends the times at and after from_ms at which the question (its `at` is not looked at) is allowed, in order, cut
 * where its duties change. max_ttl plays no part. Are there any?
 */
bool plc_segments(const plc_ledger *ledger, const plc_policy *policy, const struct plc_question *question,
                  int64_t from_ms, GArray *out);

/*
 * All instants at which any answer about the item may change, ascending, each once, appended to out (GArray of
 * int64_t). Some may change nothing.
 */
void plc_decide_instants(const plc_ledger *ledger, const plc_policy *policy, const char *item, GArray *out);
/*
 * The territories that events about the item, or the policy, name: all others are answered alike, so it is enough to
 * ask for one of them, *out_other (AA, AB … whichever is not named; ZZ if all
 * are).
 */
void plc_decide_territories(const plc_ledger *ledger, const plc_policy *policy, const char *item,
                            struct plc_territories *out_named, char out_other[3]);
