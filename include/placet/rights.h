/*
 * libplacet: may an item be used in a context? The pure decision over JSON Lines: no clock, no files, no state between
 * calls.
 *
 * Three texts go in: the events of a ledger (one JSON object a line), a policy (one JSON object), questions (one JSON
 * object a line). For each question comes out one answer
 *     {"verdict":"allow","reasons":[],"duties":["CREDIT"],"valid_until":"2027-01-31T00:00:00.000Z"}
 * or a fault. Texts are UTF-8 and need not end in a zero byte.
 */
#ifndef PLACET_RIGHTS_H
#define PLACET_RIGHTS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct plc_input {
        const char *name; /* for faults: "events.jsonl" */
        const char *data;
        size_t size;
};

struct plc_decide_calls {
        void *user;
        /* One line of answer without its line feed, for the question of this line number. Required. */
        void (*answer)(void *user, size_t line, const char *json);
        /* One sentence that names input, line or member, and what is wrong. Required. The text ends with the call. */
        void (*fault)(void *user, const char *sentence);
        /*
         * Makes the full form of a language tag (CLDR likely subtags: zh-TW gives zh-Hant-TW) in memory from malloc, or
         * NULL for a tag that tells no language. NULL: tags are taken as written.
         */
        char *(*maximise)(const char *tag);
};

/*
 * Calls back in the order of the questions; a malformed question gives a fault instead of an answer, and the next one
 * is answered. A malformed ledger or policy gives one fault and no answer at all. Returns the number of faults.
 */
size_t plc_decide_jsonl(const struct plc_input *events, const struct plc_input *policy,
                        const struct plc_input *questions, const struct plc_decide_calls *calls);

#ifdef __cplusplus
}
#endif
#endif
