/* Is this field of a message what its description allows? */
#include "wire/codec.h"

#include <math.h>
#include <string.h>

void plc_code_fault(struct plc_codec *codec, const char *name, const char *what)
{
        if (codec->failed)
                return;
        codec->failed = true;
        g_snprintf(codec->fault, sizeof(codec->fault), "%s %s", name, what);
}

static void put(struct plc_codec *codec, const char *name, const void *data, size_t size)
{
        if (codec->failed)
                return;
        if (size > PLC_WIRE_MAX_BYTES - codec->out->len)
                plc_code_fault(codec, name, "does not fit into a message");
        else
                g_byte_array_append(codec->out, data, (guint)size);
}

/* NULL when it fails. */
static const uint8_t *take(struct plc_codec *codec, const char *name, size_t size)
{
        const uint8_t *at = codec->in + codec->at;

        if (!codec->failed && size > codec->size - codec->at)
                plc_code_fault(codec, name, "is cut off");
        if (codec->failed)
                return NULL;
        codec->at += size;
        return at;
}

uint64_t plc_code_uint(struct plc_codec *codec, const char *name, unsigned bytes, uint64_t value, uint64_t min,
                       uint64_t max)
{
        if (codec->out == NULL) {
                const uint8_t *at = take(codec, name, bytes);

                value = 0;
                for (unsigned i = 0; at != NULL && i < bytes; i++)
                        value |= (uint64_t)at[i] << (8 * i);
        }
        if (!codec->failed && (value < min || value > max || (bytes < 8 && value >> (8 * bytes) != 0)))
                plc_code_fault(codec, name, "is out of range");
        if (codec->failed)
                return min;
        if (codec->out != NULL) {
                uint8_t raw[8];

                for (unsigned i = 0; i < 8; i++)
                        raw[i] = (uint8_t)(value >> (8 * i));
                put(codec, name, raw, bytes);
        }
        return value;
}

int64_t plc_code_int(struct plc_codec *codec, const char *name, int64_t value, int64_t min, int64_t max)
{
        /* The sign bit turned over keeps the order of signed numbers in unsigned ones. */
        const uint64_t turn = (uint64_t)1 << 63;

        return (int64_t)(plc_code_uint(codec, name, 8, (uint64_t)value ^ turn, (uint64_t)min ^ turn,
                                       (uint64_t)max ^ turn) ^
                         turn);
}

double plc_code_double(struct plc_codec *codec, const char *name, double value, double min, double max)
{
        uint64_t bits;

        memcpy(&bits, &value, sizeof(bits));
        bits = plc_code_uint(codec, name, 8, bits, 0, UINT64_MAX);
        memcpy(&value, &bits, sizeof(value));
        if (!codec->failed && !(isfinite(value) && value >= min && value <= max))
                plc_code_fault(codec, name, "is out of range");
        return codec->failed ? min : value;
}

bool plc_code_bool(struct plc_codec *codec, const char *name, bool value)
{
        return plc_code_uint(codec, name, 1, value, 0, 1) != 0;
}

static bool text_ok(enum plc_text_kind kind, const char *text, size_t size)
{
        if (kind == PLC_TEXT_NAME && size == 0)
                return false;
        if (!g_utf8_validate_len(text, size, NULL)) /* false for a zero byte too */
                return false;
        for (const char *p = text; p < text + size; p = g_utf8_next_char(p)) {
                gunichar c = g_utf8_get_char(p);

                if (kind == PLC_TEXT_LINES && (c == '\t' || c == '\n'))
                        continue;
                if (c < 0x20 || (c >= 0x7f && c < 0xa0))
                        return false;
                if (kind == PLC_TEXT_NAME && !(g_ascii_islower((char)c) || g_ascii_isdigit((char)c) || c == '-'))
                        return false;
                if (kind <= PLC_TEXT_ASCII && c > 0x7e)
                        return false;
        }
        return true;
}

void plc_code_text(struct plc_codec *codec, const char *name, enum plc_text_kind kind, char *text, size_t size)
{
        size_t length = codec->out != NULL ? strnlen(text, size) : 0;
        const char *from = text;

        length = (size_t)plc_code_uint(codec, name, 2, length, 0, size - 1);
        if (codec->out == NULL)
                from = (const char *)take(codec, name, length);
        if (!codec->failed && !text_ok(kind, from, length))
                plc_code_fault(codec, name, "has a character that may not stand there");
        if (codec->out != NULL) {
                put(codec, name, from, length);
                return;
        }
        memset(text, 0, size);
        if (!codec->failed)
                memcpy(text, from, length);
}

void plc_line_copy(char *out, size_t size, const char *text)
{
        g_autofree char *valid = g_utf8_make_valid(text, (gssize)strnlen(text, 4 * size));
        size_t at = 0;

        for (const char *p = valid; *p != '\0'; p = g_utf8_next_char(p)) {
                gunichar c = g_utf8_get_char(p);
                char utf8[6];
                size_t length;

                if (c < 0x20 || (c >= 0x7f && c < 0xa0))
                        c = ' ';
                length = (size_t)g_unichar_to_utf8(c, utf8);
                if (at + length >= size)
                        break;
                memcpy(out + at, utf8, length);
                at += length;
        }
        memset(out + at, 0, size - at);
}
