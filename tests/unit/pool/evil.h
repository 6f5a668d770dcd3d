/* What can a worker that was taken over try? Each try is a row: its name stands in the "photo". */
#pragma once
#include "wire/wire.h"

/* After the sandbox is on. */
struct evil_act {
        const char *name;
        long (*act)(void); /* < 0: refused, with errno; whatever is not killed and not < 0 succeeded */
};
extern const struct evil_act evil_acts[];
extern const size_t evil_n_acts;

/* Answers that are not true. */
struct evil_lie {
        const char *name;
        /* false: `answer` is sent no more (the lie was told on the wire) */
        bool (*lie)(plc_wire *wire, const struct plc_message *request, struct plc_message *answer);
};
extern const struct evil_lie evil_lies[];
extern const size_t evil_n_lies;

/* What an honest worker would answer: facts of a photo of 400 × 300, and for each placement one sealed PNG of 40 × 30.
 */
void evil_be_honest(const struct plc_message *request, struct plc_message *answer);
/* A memfd with these bytes. */
int evil_memfd(const void *data, size_t size, bool seal);
