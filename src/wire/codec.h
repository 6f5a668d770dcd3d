/*
 * How does a struct become bytes and come back without trust? Every field is described once, for both directions: fixed
 * width, little-endian, a stated range. There is one way to write a value, so what is read and written again is the
 * same bytes.
 */
#pragma once
#include "base/error.h"

#define PLC_WIRE_MAX_BYTES ((size_t)64 * 1024) /* of a message; the largest plan and answer fit (tests/unit/wire) */

struct plc_codec {
        GByteArray *out; /* NULL when reading */
        const uint8_t *in;
        size_t size, at;
        bool failed; /* then everything read is the least value of its range, and nothing more is written */
        char fault[160];
};

/* What may stand in a text: NAME is [a-z0-9-] and never empty, ASCII is 0x20-0x7e, LINE is UTF-8 without control
 * characters, LINES also has tab and newline. */
enum plc_text_kind { PLC_TEXT_NAME, PLC_TEXT_ASCII, PLC_TEXT_LINE, PLC_TEXT_LINES };

/* Writing: checks and writes `value`, returns it. Reading: ignores it, returns what was read. */
uint64_t plc_code_uint(struct plc_codec *codec, const char *name, unsigned bytes, uint64_t value, uint64_t min,
                       uint64_t max);
int64_t plc_code_int(struct plc_codec *codec, const char *name, int64_t value, int64_t min, int64_t max);
double plc_code_double(struct plc_codec *codec, const char *name, double value, double min, double max);
bool plc_code_bool(struct plc_codec *codec, const char *name, bool value);
/* text is a buffer of `size` bytes; at most size - 1 cross. */
void plc_code_text(struct plc_codec *codec, const char *name, enum plc_text_kind kind, char *text, size_t size);
void plc_code_fault(struct plc_codec *codec, const char *name, const char *what);

#define PLC_CODE(codec, bytes, field, min, max)                                                                        \
        ((field) = (__typeof__(field))plc_code_uint(codec, #field, bytes, (uint64_t)(field), min, max))
#define PLC_CODE_BOOL(codec, field) ((field) = plc_code_bool(codec, #field, field))
#define PLC_CODE_DOUBLE(codec, field, min, max) ((field) = plc_code_double(codec, #field, field, min, max))
#define PLC_CODE_TEXT(codec, kind, field) plc_code_text(codec, #field, kind, field, sizeof(field))

/* Makes any bytes fit for a LINE: invalid UTF-8 and controls are replaced, and it is cut at a character. */
void plc_line_copy(char *out, size_t size, const char *text);
