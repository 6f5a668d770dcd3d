/* Which territories are there (ISO 3166-1 alpha-2), and how is a set of them kept? */
#include "index/territory.h"
#include <glib.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
static const char codes[][3] = {
        "AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ",
        "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS",
        "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN",
        "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE",
        "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF",
        "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM",
        "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM",
        "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC",
        "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK",
        "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA",
        "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG",
        "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW",
        "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS",
        "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO",
        "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI",
        "VN", "VU", "WF", "WS", "YE", "YT", "ZA", "ZM", "ZW",
};
/* clang-format on */

static int compare(const void *code, const void *entry)
{
        return strcmp(code, entry);
}

bool plc_index_territory_known(const char *code)
{
        return bsearch(code, codes, G_N_ELEMENTS(codes), sizeof codes[0], compare) != NULL;
}

const char *plc_index_territory_at(size_t index)
{
        return index < G_N_ELEMENTS(codes) ? codes[index] : NULL;
}

static unsigned bit_of(const char *code)
{
        return (unsigned)(code[0] - 'A') * 26 + (unsigned)(code[1] - 'A');
}

bool plc_index_territories_add(struct plc_index_territories *set, const char *code)
{
        if (!plc_index_territory_known(code))
                return false;
        unsigned bit = bit_of(code);
        set->bits[bit / 8] = (uint8_t)(set->bits[bit / 8] | (1u << (bit % 8)));
        return true;
}

void plc_index_territories_remove(struct plc_index_territories *set, const char *code)
{
        if (!plc_index_territory_known(code))
                return;
        unsigned bit = bit_of(code);
        set->bits[bit / 8] = (uint8_t)(set->bits[bit / 8] & ~(1u << (bit % 8)));
}

/* Made once: it is compared with for every segment that is written. */
static const struct plc_index_territories *world(void)
{
        static struct plc_index_territories all;

        if (all.bits[0] == 0)
                for (size_t i = 0; i < G_N_ELEMENTS(codes); i++)
                        plc_index_territories_add(&all, codes[i]);
        return &all;
}

void plc_index_territories_join(struct plc_index_territories *set, const struct plc_index_territories *other)
{
        for (size_t i = 0; i < sizeof set->bits; i++)
                set->bits[i] |= other->bits[i];
}

void plc_index_territories_add_world(struct plc_index_territories *set)
{
        plc_index_territories_join(set, world());
}

bool plc_index_territories_has(const struct plc_index_territories *set, const char *code)
{
        if (!plc_index_territory_known(code))
                return false;
        unsigned bit = bit_of(code);
        return (set->bits[bit / 8] & (1u << (bit % 8))) != 0;
}

bool plc_index_territories_is_world(const struct plc_index_territories *set)
{
        return plc_index_territories_covers(set, world());
}

bool plc_index_territories_is_empty(const struct plc_index_territories *set)
{
        for (size_t i = 0; i < sizeof set->bits; i++)
                if (set->bits[i] != 0)
                        return false;
        return true;
}

size_t plc_index_territories_store(const struct plc_index_territories *set, uint8_t *out)
{
        if (plc_index_territories_is_world(set)) {
                out[0] = 'W';
                return 1;
        }
        memcpy(out, set->bits, sizeof set->bits);
        return sizeof set->bits;
}

bool plc_index_territories_load(const void *data, size_t size, struct plc_index_territories *out)
{
        if (size == 1 && *(const uint8_t *)data == 'W') {
                memset(out, 0, sizeof *out);
                plc_index_territories_add_world(out);
                return true;
        }
        if (size != sizeof out->bits)
                return false;
        memcpy(out->bits, data, size);
        return true;
}

bool plc_index_territories_stored_has(const void *data, size_t size, const char *code)
{
        if (size == 1)
                return *(const uint8_t *)data == 'W';
        if (size != PLC_INDEX_TERRITORIES_BYTES || code == NULL)
                return false;
        unsigned bit = bit_of(code);
        return (((const uint8_t *)data)[bit / 8] & (1u << (bit % 8))) != 0;
}

bool plc_index_territories_covers(const struct plc_index_territories *set, const struct plc_index_territories *others)
{
        for (size_t i = 0; i < sizeof set->bits; i++)
                if ((others->bits[i] & ~set->bits[i]) != 0)
                        return false;
        return true;
}
