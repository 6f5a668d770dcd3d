/* How does a command talk to the running office, and does the server beside it answer? By libcurl, on this machine
 * alone. */
#include "net/unix_client.h"

#include <curl/curl.h>
#include <string.h>

static size_t collect(char *data, size_t size, size_t count, void *user_data)
{
        GString *body = user_data;

        if (body->len + size * count > PLC_DESK_ANSWER_MAX)
                return 0; /* libcurl then ends with CURLE_WRITE_ERROR */
        g_string_append_len(body, data, (gssize)(size * count));
        return size * count;
}

/* Neither proxies nor redirects nor cookies: what is asked is on this machine. */
static CURLcode exchange(const char *socket_path, const char *url, const char *json, int64_t timeout_ms,
                         long *out_status, GString *body)
{
        struct curl_slist *headers = NULL;
        CURL *curl = curl_easy_init();
        CURLcode code;

        if (curl == NULL)
                return CURLE_OUT_OF_MEMORY;
        if (socket_path != NULL)
                curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, socket_path);
        if (json != NULL) {
                headers = curl_slist_append(headers, "Content-Type: application/json");
                headers = curl_slist_append(headers, "Expect:");
                curl_easy_setopt(curl, CURLOPT_POSTFIELDS, json);
                curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
        }
        curl_easy_setopt(curl, CURLOPT_URL, url);
        curl_easy_setopt(curl, CURLOPT_PROXY, "");
        curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
        curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
        code = curl_easy_perform(curl);
        if (code == CURLE_OK)
                curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, out_status);
        curl_easy_cleanup(curl);
        curl_slist_free_all(headers);
        return code;
}

bool plc_net_unix_post(const char *socket_path, const char *path, const char *json, int64_t timeout_ms,
                       long *out_status, GString **out_body, GError **error)
{
        g_autofree char *url = g_strconcat("http://office", path, NULL);
        g_autoptr(GString) body = g_string_new(NULL);
        CURLcode code = exchange(socket_path, url, json, timeout_ms, out_status, body);

        if (code == CURLE_WRITE_ERROR)
                return plc_fail(error, PLC_E_TOO_BIG, "the office's answer is longer than %zu bytes",
                                PLC_DESK_ANSWER_MAX);
        if (code == CURLE_OPERATION_TIMEDOUT)
                return plc_fail_at(error, PLC_E_IO, socket_path, NULL,
                                   "It may still be at it: placet status and placet show tell what was done.",
                                   "the office did not answer within %" G_GINT64_FORMAT " s", timeout_ms / 1000);
        if (code != CURLE_OK)
                return plc_fail_at(error, PLC_E_UNREACHABLE, socket_path, NULL,
                                   "Look whether placet run is alive, and try again.",
                                   "the office does not answer (%s)", curl_easy_strerror(code));
        *out_body = g_steal_pointer(&body);
        return true;
}

bool plc_net_get(const char *address, const char *path, int64_t timeout_ms, long *out_status, GString **out_body,
                 GError **error)
{
        bool is_socket = g_str_has_prefix(address, "unix:");
        g_autofree char *url = g_strconcat("http://", is_socket ? "serve" : address, path, NULL);
        g_autoptr(GString) body = g_string_new(NULL);
        CURLcode code = exchange(is_socket ? address + strlen("unix:") : NULL, url, NULL, timeout_ms, out_status, body);

        if (code != CURLE_OK)
                return plc_fail(error, PLC_E_UNREACHABLE, "%s", curl_easy_strerror(code));
        *out_body = g_steal_pointer(&body);
        return true;
}

const char *plc_net_library(void)
{
        return curl_version_info(CURLVERSION_NOW)->version;
}
