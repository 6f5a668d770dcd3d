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
                        /* "q=0", "q=0.0": refused. */
                        return quality == NULL || strspn(quality + 2, "0.") < strcspn(quality + 2, " ,;");
                }
                at += length;
        }
        return false;
}
