/* Which characters of a text speak for its language? Letters, folded; not URLs, addresses, handles, codes, digits,
 * emoji. */
#pragma once
#include "base/error.h"

/* Text examined for its language: more of it makes nobody surer. The rest is not read. */
#define PLC_LETTERS_LIMIT ((size_t)32 * 1024)

struct plc_letter {
        uint32_t c;     /* simple lower case; 0 between words */
        int32_t script; /* UScriptCode as a number; of marks and apostrophes that of the letter before them */
};

struct plc_letters {
        struct plc_letter *all; /* ends with a 0 if there is any */
        size_t count;
        size_t digits;
};

/* BAD_TEXT if it is not UTF-8. */
bool plc_letters_read(const char *utf8, size_t size, struct plc_letters *out, GError **error);
void plc_letters_done(struct plc_letters *letters);
