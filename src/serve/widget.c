/* Where does <placet-reviews> come from? widget.js as it stands in the source, the same for every shop and reader. */
#include "base/clock.h"
#include "base/embed.h"
#include "base/hash.h"
#include "serve/internal.h"
#include <string.h>

PLC_EMBED(plc_widget_js, "src/serve/widget.js");

bool plc_route_widget(const plc_http_request *request, plc_http_response *response, void *context, GError **error)
{
        plc_serve *s = context;
        struct plc_index_state state;
        uint8_t digest[PLC_SHA256_LEN];
        char hex[PLC_SHA256_HEX_SIZE];
        plc_hash *hash = plc_hash_new();
        size_t size = strlen(plc_widget_js);
        (void)error;

        plc_hash_add(hash, plc_widget_js, size);
        plc_hash_final(hash, digest);
        plc_hex(digest, 12, hex);
        g_autofree char *etag = g_strdup_printf("W/\"%.24s\"", hex);
        plc_http_etag(response, etag);
        /* It holds no content, so it may be old for a while: it asks for what may be shown by itself. */
        plc_http_set(response, "Cache-Control", "public, max-age=3600, stale-while-revalidate=86400");
        plc_http_body_take(response, "text/javascript; charset=utf-8", g_bytes_new_static(plc_widget_js, size));
        if (plc_index_read_begin(s->reader, s->config.now(s->config.now_context), &state, NULL))
                plc_serve_remember(s, request, response, &state, 0, PLC_TIME_NEVER);
        plc_index_read_end(s->reader);
        return true;
}
