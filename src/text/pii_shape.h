/* In what form do the rules for personal data read a text? One plain sign per character: digits and ASCII as they are,
 * others by class. */
#pragma once
#include "text/pii.h"

#define PLC_SHAPE_LETTER ((char)1)   /* a letter outside ASCII of a script with spaces */
#define PLC_SHAPE_UNSPACED ((char)2) /* a letter of a script without them: it stands next to anything */
#define PLC_SHAPE_OTHER ((char)3)
#define PLC_SHAPE_CURRENCY '$'

struct plc_shape {
        const char *text; /* borrowed */
        char *signs;      /* `size` of them and a zero; none for what cannot be seen (zero-width, soft hyphen) */
        uint32_t *starts; /* byte of each, and of the end */
        size_t size;
};

bool plc_shape_make(const char *utf8, struct plc_shape *out, GError **error);
void plc_shape_clear(struct plc_shape *shape);

bool plc_shape_is_word(char sign); /* a letter (of a script with spaces) or a digit */
/* No word goes on across `at`: what begins there begins a word of its own. */
bool plc_shape_begins(const struct plc_shape *shape, size_t at);
bool plc_shape_ends(const struct plc_shape *shape, size_t at);
/* Does the text go on with this (ASCII in any case, other letters as they are)? The signs that it takes, 0 if not. */
size_t plc_shape_says(const struct plc_shape *shape, size_t at, const char *word);
/* The signs of l e t t e r s that stand apart, one by one, from `at`, as one shape (clear it): 0 if there are not
 * `least`. *out_end: behind the last. */
size_t plc_shape_joined(const struct plc_shape *shape, size_t at, size_t least, struct plc_shape *out, size_t *out_end);
