/* How is one character read? Strictly, by table 3-7 of the Unicode Standard: no overlong form, no surrogate, nothing
 * past U+10FFFF. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#define PLC_UTF8_BAD INT32_C(-1)

/* The character at *at, which moves behind it; PLC_UTF8_BAD moves by one byte. *at must be < size. */
static inline int32_t plc_utf8_next(const char *text, size_t size, size_t *at)
{
        const uint8_t *s = (const uint8_t *)text + *at;
        size_t left = size - *at;
        uint8_t b = *s;
        (*at)++;
        if (b < 0x80)
                return b;
        size_t more = b >= 0xc2 && b <= 0xdf ? 1 : b >= 0xe0 && b <= 0xef ? 2 : b >= 0xf0 && b <= 0xf4 ? 3 : 0;
        if (more == 0 || left <= more)
                return PLC_UTF8_BAD;
        uint8_t low = b == 0xe0 ? 0xa0 : b == 0xf0 ? 0x90 : 0x80, high = b == 0xed ? 0x9f : b == 0xf4 ? 0x8f : 0xbf;
        if (s[1] < low || s[1] > high)
                return PLC_UTF8_BAD;
        int32_t c = b & (0x3f >> more);
        for (size_t i = 1; i <= more; i++) {
                if ((s[i] & 0xc0) != 0x80)
                        return PLC_UTF8_BAD;
                c = c << 6 | (s[i] & 0x3f);
        }
        *at += more;
        return c;
}
