/* In which charset are a stranger's bytes, and what do they say in UTF-8? Byte order mark, then strict UTF-8, then what
 * is declared, then a guess. */
#pragma once
#include "base/error.h"
#include "text/detect.h"

typedef enum plc_charset_by {
        PLC_CHARSET_MARK,
        PLC_CHARSET_UTF8,
        PLC_CHARSET_DECLARED,
        PLC_CHARSET_GUESS
} plc_charset_by;

const char *plc_charset_by_name(plc_charset_by by); /* "mark", "utf8", "declared", "guess" */

struct plc_decoded {
        char *text; /* valid UTF-8 without a byte order mark, zero-terminated; g_free */
        size_t size;
        const char *name; /* "UTF-8", "windows-1251", …: static text */
        plc_charset_by by;
};

bool plc_charset_known(const char *name); /* ICU can read it */

/* What is looked for, NULL-terminated: names of the IANA registry. What they are asked for with is ICU's affair. */
const char *const *plc_charsets(void);

/*
 * Bytes of at most `limit` (TOO_BIG), in one charset:
 * - behind a byte order mark of UTF-8, UTF-16, UTF-32 or GB18030 that one alone, strictly;
 * - else UTF-8, if they are that strictly and hold no zero byte, and are not ISO-2022-JP, -KR or -CN (in which ESC
 *   shifts), nor HZ or UTF-7 where that is declared: these look like ASCII;
 * - else, where they are UTF-8 but for surrogates: these are joined (CESU-8), or, where one is alone, refused;
 * - else, where more than four fifths of what is outside ASCII are, it is damaged UTF-8: refused, with the first bad
 *   byte;
 * - else `declared` (any name that ICU knows, or NULL), if they are that strictly and no control character comes out
 *   (ISO-8859-1 is read as windows-1252, EUC-KR as windows-949, Shift_JIS as windows-31j, as everybody does);
 * - else the one of plc_charsets that they are strictly and that needs the least surprise: each letter costs by how
 *   often it is met in its script, more where words mix scripts, rise to capitals or hold signs; ICU's own detection
 *   counts as a hint; where charsets come out near each other, the language that `detector` (or NULL) finds in each,
 *   in the words around what is not ASCII, has to have those letters in its alphabet (CLDR). Weighed are 64 KiB from
 *   where the text stops being ASCII; all of it has to be readable.
 * BAD_TEXT: in none. Nothing is changed but the charset: plc_text_normalise comes after. The same bytes always give
 * the same answer.
 */
bool plc_text_decode(const char *bytes, size_t size, size_t limit, const char *declared, const plc_detector *detector,
                     struct plc_decoded *out, GError **error);
void plc_decoded_clear(struct plc_decoded *decoded);

/*
 * Undoes UTF-8 that was read as windows-1252 (or ISO-8859-1), windows-1250 or windows-1251 and written as UTF-8 again,
 * up to three times over: "SchÃ¶n" says "Schön". Only where it is certain: each character outside ASCII, of the whole
 * text, has to be part of such a sequence, and no control character may come out ("IRMÃ…" is Portuguese). *out_times:
 * how often it was undone; 0: *out is a copy. `utf8` is valid. Free with g_free.
 */
bool plc_text_repair(const char *utf8, char **out, unsigned *out_times, GError **error);
