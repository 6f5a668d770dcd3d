/*
 * Where does <placet-reviews> come from? widget.js as it stands in the source, the same for every reader, but without
 * its comments, indentation and most breaks (a fifth of what is sent) and with the sentences of words.def for when
 * nothing answers, in the site's languages. All other words come from /v1/words, in the one language that is read.
 */
#include "base/clock.h"
#include "base/embed.h"
#include "base/hash.h"
#include "serve/internal.h"
#include <string.h>

PLC_EMBED(plc_widget_js, "src/serve/widget.js");

#define FAILED "PLACET_FAILED"

/* No break is needed after these: no statement of the source ends there without its semicolon. */
#define BREAKS "\n;{},("

/* The source has such marks only around comments, no text that goes on in the next line with blanks, and none with a
 * blank beside an equals sign. */
static GString *script(const plc_serve *serve)
{
        GString *out = g_string_sized_new(32768);
        const char *end;

        for (const char *c = plc_widget_js; *c != '\0'; c++) {
                char last = out->len > 0 ? out->str[out->len - 1] : '\n';

                if (c[0] == '/' && c[1] == '*' && (end = strstr(c, "*/")) != NULL) {
                        c = end + 1;
                } else if (*c == '\n') {
                        c += strspn(c, "\n ") - 1;
                        if (strchr(BREAKS, last) == NULL)
                                g_string_append_c(out, '\n');
                } else if (*c != ' ' || (c[1] != '=' && last != '=' && last != '\n')) {
                        g_string_append_c(out, *c);
                }
        }
        const char *place = strstr(out->str, FAILED);
        g_autoptr(GString) failed = g_string_new(NULL);

        plc_serve_write_failed(serve, failed);
        if (place != NULL) {
                gssize at = place - out->str;

                g_string_erase(out, at, sizeof FAILED - 1);
                g_string_insert_len(out, at, failed->str, (gssize)failed->len);
        }
        return out;
}

bool plc_route_widget(const plc_http_request *request, plc_http_response *response, void *context, GError **error)
{
        plc_serve *s = context;
        struct plc_index_state state;
        uint8_t digest[PLC_SHA256_LEN];
        char hex[PLC_SHA256_HEX_SIZE];
        plc_hash *hash = plc_hash_new();
        GString *body = script(s);
        (void)error;

        plc_hash_add(hash, body->str, body->len);
        plc_hash_final(hash, digest);
        plc_hex(digest, 12, hex);
        g_autofree char *etag = g_strdup_printf("W/\"%.24s\"", hex);
        plc_http_etag(response, etag);
        /* It holds no content, so it may be old for a while: it asks for what may be shown by itself. */
        plc_http_set(response, "Cache-Control", "public, max-age=3600, stale-while-revalidate=86400");
        plc_http_body_string(response, "text/javascript; charset=utf-8", body);
        if (plc_index_read_begin(s->reader, s->config.now(s->config.now_context), &state, NULL))
                plc_serve_remember(s, request, response, &state, 0, PLC_TIME_NEVER);
        plc_index_read_end(s->reader);
        return true;
}
