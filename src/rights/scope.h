/* Does one scope cover a whole context? */
#pragma once
#include "rights/event.h"

/* Why a grant does not open a context, in the order in which reasons are told. */
typedef enum {
        PLC_FAIL_WITHDRAWN,
        PLC_FAIL_NOT_YET,
        PLC_FAIL_EXPIRED,
        PLC_FAIL_CHANNEL,
        PLC_FAIL_TERRITORY,
        PLC_FAIL_LANGUAGE,
        PLC_FAIL_PRODUCT,
        PLC_FAIL_CONTROLLER,
        PLC_FAIL_EDIT,
        PLC_FAIL_SUBLICENCE,
        PLC_FAIL_ATTESTED,
        PLC_FAILURES
} plc_failure;

extern const char *const plc_failure_words[PLC_FAILURES]; /* "WITHDRAWN" … */

/* What a scope is held against. Texts are kept ones, or NULL: none was given, or one that no list has. */
struct plc_context {
        unsigned channel; /* one bit */
        plc_territory territory;
        const char *language;
        const char *product, *controller;
        unsigned edits;
        unsigned sublicensee; /* no bit or one */
};

/* Bits of plc_failure. */
unsigned plc_scope_failures(const struct plc_scope *scope, const struct plc_context *context);
