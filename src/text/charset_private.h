/* What do reading a named charset and guessing one share? */
#pragma once
#include "text/charset.h"

/*
 * ICU's converter `name`, strictly: false without an error where the bytes are not that, or give a control character
 * (but TAB, LF, FF, CR), a noncharacter or private use. `whole`: a character that is cut at the end is a fault, too.
 */
bool plc_charset_read(const char *name, const char *bytes, size_t size, bool whole, char **out, size_t *out_size);

/* Of these bytes the likeliest charset of plc_charsets that can read all of them; NULL if they are none. */
const char *plc_charset_guess(const char *bytes, size_t size, const plc_detector *detector);
