/* May an answer be sent compressed? gzip alone: every browser and proxy takes it. */
#include "http/http.h"
#include <string.h>

bool plc_http_accepts(const char *header, const char *coding)
{
        size_t size = strlen(coding);

        for (const char *at = header; at != NULL && *at != '\0';) {
                at += strspn(at, " \t,");
                size_t length = strcspn(at, ",");
                size_t name = strcspn(at, ",; \t");
                if (name == size && g_ascii_strncasecmp(at, coding, size) == 0) {
                        const char *quality = g_strstr_len(at, (gssize)length, "q=");
                        if (quality == NULL) /* RFC 5234 2.3: a literal text is of either case */
                                quality = g_strstr_len(at, (gssize)length, "Q=");
                        /* "q=0", "q=0.0": refused. */
                        return quality == NULL || strspn(quality + 2, "0.") < strcspn(quality + 2, " ,;");
                }
                at += length;
        }
        return false;
}
