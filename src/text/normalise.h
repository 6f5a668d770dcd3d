/* What do strangers' bytes become before anything else reads them? Valid UTF-8 in NFC, without what is invisible and
 * deceives. */
#pragma once
#include "base/error.h"

/*
 * Refused with BAD_TEXT (the message names the byte): anything but strict UTF-8 (so also lone surrogates and overlong
 * forms), and U+0000, which is the sign of UTF-16 or of a cut string. Refused with TOO_BIG: more than `limit` bytes in,
 * or out (NFC can grow a text threefold). A leading byte order mark is dropped. Made a line feed: CR LF, CR, NEL, VT,
 * FF, U+2028, U+2029. Removed: the other C0 and C1 controls but the tab, noncharacters, U+FEFF inside, interlinear
 * annotations and U+FFFC, bidi embeddings and overrides (U+202A-202E: they make a text read other than it is stored),
 * bidi isolates where a line does not close them or nests them deeper than 8, tag characters that do not belong to a
 * region's flag, variation selectors behind another one, and marks after the 30th on one letter (UAX 15, stream-safe
 * text). The result is zero-terminated; doing it again changes nothing. Free with g_free.
 */
bool plc_text_normalise(const char *bytes, size_t size, size_t limit, char **out, GError **error);

/* Does a reader see anything of it? Not of blanks, of what is invisible or a format's sign, of letters made to be blank
 * (U+3164 HANGUL FILLER, U+2800 BRAILLE PATTERN BLANK), of marks without a letter. `utf8` need not be valid: what is
 * not is seen. */
bool plc_text_shows(const char *utf8);
