/* Has the reader this answer already, or does it want a part of it? RFC 9110 sections 13 and 14. */
#include "http/http.h"
#include <string.h>

static const char *opaque(const char *etag)
{
        return strncmp(etag, "W/", 2) == 0 ? etag + 2 : etag;
}

bool plc_http_etag_listed(const char *list, const char *etag)
{
        const char *wanted = opaque(etag);
        size_t size = strlen(wanted);

        if (strcmp(list, etag) == 0) /* as most send it back */
                return true;
        for (const char *at = list; *at != '\0';) {
                at += strspn(at, " \t,");
                if (at[0] == '*')
                        return at == list + strspn(list, " \t") && at[1 + strspn(at + 1, " \t")] == '\0';
                at = opaque(at);
                if (*at != '"')
                        return false; /* not a list of entity tags: as if it were absent */
                const char *end = strchr(at + 1, '"');
                if (end == NULL)
                        return false;
                if ((size_t)(end + 1 - at) == size && memcmp(at, wanted, size) == 0)
                        return true;
                at = end + 1;
        }
        return false;
}

static bool digits(const char **at, uint64_t *out)
{
        if (!g_ascii_isdigit(**at))
                return false;
        uint64_t value = 0;
        for (; g_ascii_isdigit(**at); (*at)++) {
                uint64_t digit = (uint64_t)(**at - '0');
                value = value > (UINT64_MAX - digit) / 10 ? UINT64_MAX : value * 10 + digit;
        }
        *out = value;
        return true;
}

enum plc_http_range plc_http_range_parse(const char *header, uint64_t size, uint64_t *out_first, uint64_t *out_count)
{
        uint64_t first = 0, last = 0;

        if (g_ascii_strncasecmp(header, "bytes=", 6) != 0)
                return PLC_HTTP_RANGE_WHOLE;
        const char *at = header + 6;
        bool has_first = digits(&at, &first);
        if (*at++ != '-')
                return PLC_HTTP_RANGE_WHOLE;
        bool has_last = digits(&at, &last);
        if (*at != '\0' || (!has_first && !has_last) || (has_first && has_last && last < first))
                return PLC_HTTP_RANGE_WHOLE;
        if (!has_first) { /* the last `last` bytes */
                if (last == 0 || size == 0)
                        return PLC_HTTP_RANGE_UNSATISFIABLE;
                first = last >= size ? 0 : size - last;
                last = size - 1;
        } else {
                if (first >= size)
                        return PLC_HTTP_RANGE_UNSATISFIABLE;
                if (!has_last || last >= size)
                        last = size - 1;
        }
        *out_first = first;
        *out_count = last - first + 1;
        return PLC_HTTP_RANGE_PART;
}
