/* What do the rules say at one instant? The inside of decide(), which asks it again and again for other instants. */
#pragma once
#include "rights/decide.h"
#include "rights/scope.h"
#include "rights/view.h"

struct plc_asking {
        const struct plc_policy *policy;
        const struct plc_question *question;
        struct plc_view *view;
        struct plc_context context;
        int64_t head;
        unsigned likeness_kinds; /* kinds of person whose likeness needs a grant there */
};

struct plc_outcome {
        bool denied;
        GPtrArray *reasons; /* NULL: only whether */
        unsigned duties;    /* of PLC_DUTY_… */
        plc_connection disclose;
        GPtrArray *review; /* flags, by bytes; borrowed room of the view */
};

enum {
        PLC_DUTY_CREDIT = 1,
        PLC_DUTY_NO_CREDIT = 2,
        PLC_DUTY_KEEP_SOURCE_TYPE = 4,
};

/* False: no answer but *out_reason. The view then holds room for this one question until the next is prepared. */
bool plc_asking_prepare(const plc_ledger *ledger, const struct plc_policy *policy, const struct plc_question *question,
                        struct plc_asking *out, const char **out_reason);
/* `out` begins with reasons and review set; the rest is overwritten. */
void plc_evaluate(const struct plc_asking *asking, int64_t t, struct plc_outcome *out);
bool plc_outcome_same_duties(const struct plc_outcome *a, const struct plc_outcome *b);
/* Of new strings, sorted by bytes. */
void plc_outcome_duties(const struct plc_outcome *outcome, GPtrArray *out);
