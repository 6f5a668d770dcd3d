/* Where do ids come from? The kernel's random numbers. */
#include "base/id.h"

#include <glib.h>
#include <string.h>
#include <sys/random.h>

static const char upper[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
static const char lower[] = "0123456789abcdefghjkmnpqrstvwxyz";

bool plc_name_in_path(const char *name)
{
        return strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

void plc_random(void *out, size_t size)
{
        uint8_t *bytes = out;

        while (size > 0) {
                ssize_t got = getrandom(bytes, MIN(size, 256), 0);

                if (got <= 0)
                        continue; /* EINTR only: up to 256 bytes never fail otherwise (getrandom(2)) */
                bytes += got;
                size -= (size_t)got;
        }
}

/* 128 bits in 26 digits of 5: the first digit holds the 3 odd bits, so it is at most '7'. */
static void encode(const uint8_t bytes[16], const char *digits, char out[PLC_ID_SIZE])
{
        unsigned accumulator = 0;
        int bits = 2; /* two leading zero bits make 130 */
        size_t at = 0;

        for (size_t i = 0; i < 16; i++) {
                accumulator = (accumulator << 8 | bytes[i]) & 0xfff;
                bits += 8;
                while (bits >= 5) {
                        bits -= 5;
                        out[at++] = digits[accumulator >> bits & 31];
                }
        }
        out[at] = '\0';
}

void plc_id_from(const uint8_t bytes[16], char out[PLC_ID_SIZE])
{
        encode(bytes, upper, out);
}

void plc_id_new(char out[PLC_ID_SIZE])
{
        uint8_t bytes[16];

        plc_random(bytes, sizeof bytes);
        encode(bytes, upper, out);
}

void plc_key_new(char out[PLC_ID_SIZE])
{
        uint8_t bytes[16];

        plc_random(bytes, sizeof bytes);
        encode(bytes, lower, out);
}

bool plc_id_valid(const char *text)
{
        return strlen(text) == PLC_ID_LEN && text[0] <= '7' && strspn(text, upper) == PLC_ID_LEN;
}
