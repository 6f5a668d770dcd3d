/*
 * May this file be shown now? Asked of the index for every single request, also for HEAD, ranges and revalidations:
 * only what is allowed gets as far as an ETag. Whatever the reason, the refusal is the same 404, byte for byte.
 */
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "serve/internal.h"
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool open_assets(plc_serve *s, GError **error)
{
        if (s->assets != NULL)
                return true;
        g_autofree char *url = g_strdup_printf("file:%s/assets", s->config.public_dir);
        s->assets = plc_blobs_open(url, PLC_BLOB_PUBLIC, error);
        return s->assets != NULL;
}

/* The types that the pipeline writes; a body type must outlive the answer, and a damaged row must not choose another.
 */
static const char *known_type(const char *type)
{
        static const char *const types[] = {"image/webp", "image/jpeg", "image/avif", "image/png"};
        for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
                if (g_strcmp0(types[i], type) == 0)
                        return types[i];
        return "application/octet-stream";
}

static bool find(plc_serve *s, const plc_http_request *request, struct plc_index_state *out_state,
                 struct plc_index_media *out, GError **error)
{
        bool ok = plc_index_read_begin(s->reader, s->config.now(s->config.now_context), out_state, error);

        if (ok && out_state->dark)
                ok = plc_fail(error, PLC_E_NOT_FOUND, "the lease has run out");
        ok = ok && plc_index_get_media(s->reader, plc_http_part(request, "key"), plc_http_part(request, "file"),
                                       out_state->now, out, error);
        plc_index_read_end(s->reader);
        return ok;
}

bool plc_serve_send_asset(plc_serve *s, plc_http_response *response, const struct plc_index_media *media,
                          GError **error)
{
        plc_autofd int fd = -1;
        struct stat st;
        bool ok = open_assets(s, error) && plc_blob_get(s->assets, media->asset, &fd, error);

        if (ok && (fstat(fd, &st) != 0 || st.st_size != media->bytes))
                ok = plc_fail(error, PLC_E_INTERNAL, "public/assets: %s is not of the size that the index says",
                              media->asset);
        else if (!ok && plc_error_code(error != NULL ? *error : NULL) == PLC_E_NOT_FOUND && error != NULL) {
                g_clear_error(error); /* our fault, not the reader's */
                plc_fail(error, PLC_E_INTERNAL, "public/assets: %s is not there", media->asset);
        }
        if (ok) {
                g_autofree char *etag = g_strdup_printf("\"%.32s\"", media->asset);

                plc_http_body_file(response, known_type(media->type), plc_steal_fd(&fd), (uint64_t)media->bytes);
                plc_http_etag(response, etag);
                plc_http_set(response, "Content-Disposition", "inline");
        }
        return ok;
}

bool plc_route_rendition(const plc_http_request *request, plc_http_response *response, void *context, GError **error)
{
        plc_serve *s = context;
        struct plc_index_state state;
        struct plc_index_media media = {0};

        if (!find(s, request, &state, &media, error))
                return false;
        bool ok = plc_serve_send_asset(s, response, &media, error);
        if (ok) {
                plc_serve_cache(response, &state, s->config.media_max_age, media.until);
                plc_serve_tag(response, "photo", plc_http_part(request, "key"));
                plc_serve_remember(s, request, response, &state, s->config.media_max_age, media.until);
        }
        plc_index_media_clear(&media);
        return ok;
}

/* 200 while it can answer; `alarm` is for whoever watches: the office has not been seen for an hour. */
bool plc_route_health(const plc_http_request *request, plc_http_response *response, void *context, GError **error)
{
        plc_serve *s = context;
        struct plc_index_state state = {0};
        g_autoptr(GError) why = NULL;
        bool there = plc_index_read_begin(s->reader, s->config.now(s->config.now_context), &state, &why);
        GString *out = g_string_new(NULL);
        (void)request;
        (void)error;

        plc_index_read_end(s->reader);
        plc_jw_object(out, NULL);
        plc_jw_string(out, "status", !there ? "no index" : state.dark ? "dark" : "ok");
        plc_jw_bool(out, "alarm", !there || state.stale || state.dark);
        if (there) {
                plc_jw_int(out, "version", state.version);
                plc_jw_time(out, "published_at", state.published_at > 0 ? state.published_at : PLC_TIME_NEVER);
                plc_jw_time(out, "office_seen_at", state.renewed_at > 0 ? state.renewed_at : PLC_TIME_NEVER);
                plc_jw_time(out, "dark_at", state.dark_at);
        }
        plc_jw_end_object(out);
        plc_http_status(response, there && !state.dark ? 200 : 503);
        plc_http_body_string(response, "application/json", out);
        plc_http_set(response, "Cache-Control", "no-store");
        return true;
}
