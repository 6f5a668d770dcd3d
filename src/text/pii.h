/* What in a text says who wrote it? E-mail addresses, phone numbers, URLs, bank and card numbers, handles, order
 * numbers. */
#pragma once
#include "base/error.h"

/* What stands in a published text in place of each find: it tells neither kind nor length. */
#define PLC_PII_MASK "\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2"

typedef enum plc_pii_kind {
        PLC_PII_EMAIL,
        PLC_PII_PHONE,
        PLC_PII_URL,
        PLC_PII_IBAN, /* ISO 13616, check digits right */
        PLC_PII_CARD, /* ISO/IEC 7812, check digit right, of a known range */
        PLC_PII_HANDLE,
        PLC_PII_ORDER,
        PLC_PII_KINDS_
} plc_pii_kind;

const char *plc_pii_kind_name(plc_pii_kind kind); /* "email" */

struct plc_pii_span {
        uint32_t start, end; /* bytes of the text given */
        plc_pii_kind kind;
};

struct plc_pii {
        GArray *spans; /* of struct plc_pii_span, in order, apart from each other */
        char *masked;  /* the text with each span replaced by PLC_PII_MASK; at most three times as long */
};

/* Three digits at least, so that no word of a sentence is masked for it; 64 characters at most. */
bool plc_pii_order_pattern_fits(const char *pattern);

/*
 * `utf8`: valid UTF-8 of at most 1 MiB, NULL-terminated. `order_patterns` (NULL, or NULL-terminated): how the shop
 * writes its order numbers, `9` for a digit, `A` for a letter, anything else for itself, such as "ORD-999999"; only
 * between word edges. Clear with plc_pii_clear. BAD_TEXT, TOO_BIG.
 */
bool plc_text_pii(const char *utf8, const char *const *order_patterns, struct plc_pii *out, GError **error);
void plc_pii_clear(struct plc_pii *pii);
