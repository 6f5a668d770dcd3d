/* Which letters and digits are a bank account's number? ISO 13616: a country, check digits, and as many signs as that
 * country's banks write. */
#include "text/pii_rules.h"
#include <string.h>

#define LIMIT 34

/* Country and signs in all (registry of ISO 13616): by the length, sentences with figures ("op 17 februari 2008") are
 * none, of which one in a hundred has the right check digits. */
static const char lengths[] = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 "
                              "BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 "
                              "EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 "
                              "GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 "
                              "IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 "
                              "LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 "
                              "NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 "
                              "SA24 SC31 SD18 SE24 SI19 SK24 SM27 ST25 SV28 "
                              "TL23 TN24 TR26 UA29 VA22 VG24 XK20 BI27 DJ27 "
                              "FK18 HN28 MN20 NI28 OM23 RU33 SO23 YE30";

static size_t length_of(const char *country)
{
        for (const char *row = lengths; row < lengths + sizeof lengths - 1; row += strlen("DE22 ")) {
                if (row[0] == g_ascii_toupper(country[0]) && row[1] == g_ascii_toupper(country[1]))
                        return (size_t)(row[2] - '0') * 10 + (size_t)(row[3] - '0');
        }
        return 0;
}

static bool checks(const char *plain, size_t count)
{
        unsigned rest = 0;
        for (size_t k = 0; k < count; k++) {
                char c = g_ascii_toupper(plain[(k + 4) % count]);
                rest = g_ascii_isdigit(c) ? rest * 10 + (unsigned)(c - '0') : rest * 100 + (unsigned)(c - 'A') + 10;
                rest %= 97;
        }
        return rest == 1;
}

/* Spaces, hyphens or dots may stand between groups, and behind the country: DE 89 3704 … */
size_t plc_pii_iban_at(const struct plc_shape *shape, size_t at)
{
        const char *s = shape->signs + at;
        if (!g_ascii_isalpha(s[0]) || !g_ascii_isalpha(s[1]) || !plc_shape_begins(shape, at))
                return 0;
        char plain[LIMIT + 1];
        size_t length = length_of(s), count = 0, digits = 0, i = 0;
        while (count < length && g_ascii_isalnum(s[i])) {
                digits += g_ascii_isdigit(s[i]) ? 1 : 0;
                plain[count++] = s[i++];
                if (count < length && s[i] && strchr(" -.", s[i]))
                        i++;
        }
        bool right = length > 0 && count == length && g_ascii_isdigit(plain[2]) && g_ascii_isdigit(plain[3]) &&
                     digits * 2 >= count && plc_shape_ends(shape, at + i);
        return right && checks(plain, count) ? i : 0;
}
