/*
 * What is handed to the library to be sent? One object of headers and body. An answer that is kept has up to three of
 * them (whole, compressed, "not modified"), each made when it is first asked for and then sent as often as wanted:
 * formatting ten headers again for each request cost more than all else (measured).
 */
#include "base/file.h"
#include "http/internal.h"
#include <microhttpd.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define GZIP_MIN 1024       /* below it, the headers weigh more */
#define HEADERS_BYTES 2048u /* of one packet in memory, about */

/* The date of RFC 9110 6.6.1, written once a second; the library would write it anew for each answer. */
static const char *date_of(time_t now)
{
        static char text[32];
        static time_t of = -1;
        struct tm utc;

        if (now == of || gmtime_r(&now, &utc) == NULL)
                return text;
        of = now;
        strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc); /* the locale is C's */
        return text;
}

/* What is sent, and the second that its headers tell. */
struct form {
        struct MHD_Response *packet;
        time_t dated;
};

struct plc_http_kept {
        const struct plc_http_route *route;
        struct form whole, zipped, unchanged;
        GBytes *body; /* NULL for a file */
        uint64_t size, zipped_size;
        struct plc_http_piece piece; /* until it is compressed */
        bool may_zip;
        char *etag;
};

static void free_body(void *bytes)
{
        g_bytes_unref(bytes);
}

static struct MHD_Response *packet_of_bytes(GBytes *bytes)
{
        size_t size = 0;
        const void *data = bytes != NULL ? g_bytes_get_data(bytes, &size) : NULL;

        if (size == 0)
                return MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);
        /* The library takes a pointer to what it may write; it never does (RESPMEM with a free callback only reads). */
        return MHD_create_response_from_buffer_with_free_callback_cls(size, (void *)(uintptr_t)data, free_body,
                                                                      g_bytes_ref(bytes));
}

static void add_headers(struct MHD_Response *out, const plc_http_response *r)
{
        /* Nothing is followed or loaded from JSON, and who may read it is CORS' alone (Fetch standard, 3.6: the
         * resource policy is for requests without CORS). Each header costs a hundredth of a list. */
        bool json = r->type != NULL && strcmp(r->type, "application/json") == 0;

        MHD_add_response_header(out, "Date", date_of(time(NULL)));
        if (r->type != NULL)
                MHD_add_response_header(out, "Content-Type", r->type);
        if (plc_http_response_get(r, "Content-Security-Policy") == NULL)
                MHD_add_response_header(out, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        MHD_add_response_header(out, "X-Content-Type-Options", "nosniff");
        if (!json)
                MHD_add_response_header(out, "Referrer-Policy", "no-referrer");
        if (r->cors)
                MHD_add_response_header(out, "Access-Control-Allow-Origin", "*");
        if (r->cors && !json)
                MHD_add_response_header(out, "Cross-Origin-Resource-Policy", "cross-origin");
        for (unsigned i = 0; i < r->n_headers; i++)
                MHD_add_response_header(out, r->headers[i].name, r->headers[i].value);
        if (r->close)
                MHD_add_response_header(out, "Connection", "close");
}

struct MHD_Response *plc_http_pack(plc_http_response *r, uint64_t first, uint64_t count)
{
        struct MHD_Response *out = r->fd >= 0
                                           ? MHD_create_response_from_fd_at_offset64(count, plc_steal_fd(&r->fd), first)
                                           : packet_of_bytes(r->body);
        if (out != NULL)
                add_headers(out, r);
        return out;
}

/* --- answers that are kept
 * ------------------------------------------------------------------------------------------------------------ */

bool plc_http_response_may_zip(const plc_http_response *r)
{
        return r->gzip && r->body != NULL && r->status == 200 && r->size >= GZIP_MIN && r->type != NULL &&
               (g_str_has_prefix(r->type, "application/") || g_str_has_prefix(r->type, "text/"));
}

void plc_http_response_vary(plc_http_response *r)
{
        const char *before = plc_http_response_get(r, "Vary");
        g_autofree char *both = before != NULL ? g_strconcat(before, ", Accept-Encoding", NULL) : NULL;

        plc_http_set(r, "Vary", both != NULL ? both : "Accept-Encoding");
}

plc_http_kept *plc_http_pack_all(plc_http_response *r)
{
        plc_http_kept *kept = g_new0(plc_http_kept, 1);

        kept->may_zip = plc_http_response_may_zip(r);
        if (kept->may_zip)
                plc_http_response_vary(r);
        if (r->fd >= 0)
                plc_http_set(r, "Accept-Ranges", "bytes");
        kept->size = r->size;
        kept->etag = g_strdup(r->etag);
        kept->body = r->body != NULL ? g_bytes_ref(r->body) : NULL;
        kept->piece = r->piece;
        r->piece = (struct plc_http_piece){0};
        kept->whole.dated = time(NULL);
        kept->whole.packet = plc_http_pack(r, 0, r->size);
        if (kept->whole.packet == NULL) {
                plc_http_kept_free(kept);
                return NULL;
        }
        return kept;
}

plc_http_kept *plc_http_keep(const plc_http_request *request, plc_http_response *r)
{
        if (r->close || r->status != 200 || request->range != NULL)
                return NULL;
        if (r->body != NULL) { /* without the room that it was written in */
                GBytes *tight = g_bytes_new(g_bytes_get_data(r->body, NULL), r->size);

                g_bytes_unref(r->body);
                r->body = tight;
        }
        r->kept = plc_http_pack_all(r);
        if (r->kept != NULL)
                r->kept->route = request->route;
        return r->kept;
}

void plc_http_kept_free(plc_http_kept *kept)
{
        if (kept == NULL)
                return;
        const struct form *forms[] = {&kept->whole, &kept->zipped, &kept->unchanged};
        for (size_t i = 0; i < G_N_ELEMENTS(forms); i++)
                if (forms[i]->packet != NULL)
                        MHD_destroy_response(forms[i]->packet); /* its last use ends it */
        if (kept->body != NULL)
                g_bytes_unref(kept->body);
        plc_gzip_piece_clear(&kept->piece.gzip);
        g_free(kept->etag);
        g_free(kept);
}

size_t plc_http_kept_bytes(const plc_http_kept *kept, const plc_http_request *request)
{
        size_t bytes = sizeof *kept + HEADERS_BYTES + (kept->body != NULL ? kept->size : 0);

        if (kept->piece.gzip.deflated != NULL)
                bytes += g_bytes_get_size(kept->piece.gzip.deflated);
        if (kept->unchanged.packet != NULL || request->if_none_match != NULL)
                bytes += HEADERS_BYTES;
        if (kept->zipped.packet != NULL)
                bytes += HEADERS_BYTES + kept->zipped_size;
        else if (kept->may_zip && plc_http_takes_gzip(request))
                bytes += HEADERS_BYTES + kept->size / 2; /* at the most; told rightly when it is asked again */
        return bytes;
}

bool plc_http_kept_is_file(const plc_http_kept *kept)
{
        return kept->body == NULL;
}

const struct plc_http_route *plc_http_kept_route(const plc_http_kept *kept)
{
        return kept->route;
}

/* Headers are written out for a connection when its answer is handed over, so those sent before keep their date. */
static void date(struct form *form)
{
        time_t now = time(NULL);

        if (form->dated == now)
                return;
        g_autofree char *old = g_strdup(MHD_get_response_header(form->packet, "Date"));
        if (old != NULL)
                MHD_del_response_header(form->packet, "Date", old);
        MHD_add_response_header(form->packet, "Date", date_of(now));
        form->dated = now;
}

/*
 * RFC 9110 15.4.5: what a stored answer is brought up to date with; the rest it has. The library adds Content-Length:
 * 0, which 8.6 would rather not have and every cache passes over (RFC 9111 3.2); 0.9.75 cannot leave it out, and with
 * the true length there, parsers that forget what a 304 is (wrk's, old Node's) wait for a body.
 */
static enum MHD_Result copy_for_unchanged(void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
        static const char *const needed[] = {"Date",      "ETag", "Cache-Control",
                                             "Cache-Tag", "Vary", "Access-Control-Allow-Origin"};
        (void)kind;
        for (size_t i = 0; i < G_N_ELEMENTS(needed); i++)
                if (g_ascii_strcasecmp(name, needed[i]) == 0)
                        MHD_add_response_header(cls, name, value);
        return MHD_YES;
}

static enum MHD_Result copy_header(void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
        (void)kind;
        MHD_add_response_header(cls, name, value);
        return MHD_YES;
}

static struct form sibling(const plc_http_kept *kept, GBytes *body)
{
        struct form out = {packet_of_bytes(body), kept->whole.dated};

        if (out.packet != NULL)
                MHD_get_response_headers(kept->whole.packet, body != NULL ? copy_header : copy_for_unchanged,
                                         out.packet);
        return out;
}

static void zip(plc_http_kept *kept)
{
        g_autoptr(GBytes) smaller = NULL;

        if (kept->piece.gzip.deflated != NULL)
                smaller = plc_gzip_around(kept->body, kept->piece.at, &kept->piece.gzip);
        plc_gzip_piece_clear(&kept->piece.gzip);
        if (smaller == NULL)
                smaller = plc_gzip(kept->body);
        kept->may_zip = smaller != NULL;
        if (smaller == NULL)
                return;
        kept->zipped = sibling(kept, smaller);
        kept->zipped_size = g_bytes_get_size(smaller);
        if (kept->zipped.packet != NULL)
                MHD_add_response_header(kept->zipped.packet, "Content-Encoding", "gzip");
}

bool plc_http_kept_pick(plc_http_kept *kept, const plc_http_request *request, struct plc_http_pick *out)
{
        struct form *form = &kept->whole;

        *out = (struct plc_http_pick){NULL, 200, kept->size};
        if (kept->etag != NULL && request->if_none_match != NULL &&
            plc_http_etag_listed(request->if_none_match, kept->etag)) {
                form = &kept->unchanged;
                if (form->packet == NULL)
                        *form = sibling(kept, NULL);
                out->status = 304;
                out->bytes = 0;
        } else if (kept->may_zip && plc_http_takes_gzip(request)) {
                if (kept->zipped.packet == NULL)
                        zip(kept);
                if (kept->zipped.packet != NULL) {
                        form = &kept->zipped;
                        out->bytes = kept->zipped_size;
                }
        }
        if (form->packet == NULL)
                return false;
        date(form);
        out->packet = form->packet;
        return true;
}
