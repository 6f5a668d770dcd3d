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

#define GZIP_MIN 1024      /* below it, the headers weigh more */
#define PACKET_BYTES 1024u /* of one packet in memory, about, beside the text of its headers */

/* The date of RFC 9110 6.6.1, written once a second; the library would write it anew for each answer. */
#define DATE_SIZE (sizeof "Thu, 01 Jan 1970 00:00:00 GMT" - 1)
static const char *date_of(time_t now)
{
        static char text[32] = "Thu, 01 Jan 1970 00:00:00 GMT";
        static time_t of = -1;
        struct tm utc;

        if (now == of || gmtime_r(&now, &utc) == NULL)
                return text;
        of = now;
        strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc); /* the locale is C's */
        return text;
}

/* What is sent, its headers in the library's memory, where the date comes first, and the second that this tells. */
struct form {
        struct MHD_Response *packet;
        char *headers;
        time_t dated;
};

struct plc_http_kept {
        const struct plc_http_route *route;
        struct form whole, zipped, unchanged;
        GBytes *body; /* NULL for a file */
        uint64_t size, zipped_size;
        struct plc_http_piece piece;   /* until it is compressed */
        size_t headers, for_unchanged; /* bytes of all headers, and of those first ones that a 304 has */
        bool may_zip;
        char etag[]; /* "": none */
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

/* RFC 9110 15.4.5: what a stored answer is brought up to date with; the rest it has. */
static bool is_for_unchanged(const char *name)
{
        static const char *const needed[] = {"ETag", "Cache-Control", "Cache-Tag", "Vary"};

        for (size_t i = 0; i < G_N_ELEMENTS(needed); i++)
                if (name[0] == needed[i][0] && strcmp(name, needed[i]) == 0)
                        return true;
        return false;
}

/* The headers of one answer beside Date: first those that a 304 has. */
struct head {
        struct {
                const char *name, *value;
                size_t name_size, value_size;
        } lines[PLC_HTTP_HEADERS + 6];
        unsigned n;
        size_t size, for_unchanged; /* bytes with the date; of a 304 */
};

static void add_line(struct head *head, const char *name, const char *value)
{
        size_t name_size = strlen(name), value_size = strlen(value);

        head->lines[head->n].name = name;
        head->lines[head->n].value = value;
        head->lines[head->n].name_size = name_size;
        head->lines[head->n++].value_size = value_size;
        head->size += name_size + value_size + 4;
}

static void gather(struct head *head, const plc_http_response *r)
{
        /* Nothing is followed or loaded from JSON, and who may read it is CORS' alone (Fetch standard, 3.6: the
         * resource policy is for requests without CORS). */
        bool json = r->type != NULL && strcmp(r->type, "application/json") == 0, added[PLC_HTTP_HEADERS];

        head->n = 0;
        head->size = DATE_SIZE;
        if (r->cors)
                add_line(head, "Access-Control-Allow-Origin", "*");
        for (unsigned i = 0; i < r->n_headers; i++)
                if ((added[i] = is_for_unchanged(r->headers[i].name)))
                        add_line(head, r->headers[i].name, plc_http_response_value(r, i));
        head->for_unchanged = head->size;
        if (r->status == 304)
                return;
        if (r->type != NULL)
                add_line(head, "Content-Type", r->type);
        if (plc_http_response_get(r, "Content-Security-Policy") == NULL)
                add_line(head, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        add_line(head, "X-Content-Type-Options", "nosniff");
        if (!json)
                add_line(head, "Referrer-Policy", "no-referrer");
        if (r->cors && !json)
                add_line(head, "Cross-Origin-Resource-Policy", "cross-origin");
        for (unsigned i = 0; i < r->n_headers; i++)
                if (!added[i])
                        add_line(head, r->headers[i].name, plc_http_response_value(r, i));
}

/* As they are sent after "Date: ". No value holds an end of line (plc_http_set). */
static void write_head(const struct head *head, time_t dated, char *out)
{
        out = mempcpy(out, date_of(dated), DATE_SIZE);
        for (unsigned i = 0; i < head->n; i++) {
                out = mempcpy(out, "\r\n", 2);
                out = mempcpy(out, head->lines[i].name, head->lines[i].name_size);
                out = mempcpy(out, ": ", 2);
                out = mempcpy(out, head->lines[i].value, head->lines[i].value_size);
        }
}

/*
 * Room for all of them in one header of the library's: it would take three pieces of memory and a search of each for
 * ends of lines for every one, a seventh of the instructions of a list that is not kept, and read thirty cache lines
 * more of one that is (counted). It refuses a value with ends of lines, so its own copy of one of that size is written
 * over. False, with nothing left of the packet: no memory, or the library has changed.
 */
static bool make_room(struct form *form, size_t size)
{
        g_autofree char *room = g_malloc(size + 1);

        memset(room, 'x', size);
        room[size] = '\0';
        if (form->packet != NULL && MHD_add_response_header(form->packet, "Date", room) == MHD_YES)
                form->headers = (char *)(uintptr_t)MHD_get_response_header(form->packet, "Date");
        if (form->headers != NULL && strlen(form->headers) == size)
                return true;
        if (form->packet != NULL)
                MHD_destroy_response(form->packet);
        *form = (struct form){NULL};
        return false;
}

static struct form pack(plc_http_response *r, uint64_t first, uint64_t count, struct head *head)
{
        struct form form = {
                .packet = r->fd >= 0 ? MHD_create_response_from_fd_at_offset64(count, plc_steal_fd(&r->fd), first)
                                     : packet_of_bytes(r->body),
                .dated = time(NULL)};

        gather(head, r);
        if (!make_room(&form, head->size))
                return form;
        write_head(head, form.dated, form.headers);
        if (r->close) /* the library must know of this one */
                MHD_add_response_header(form.packet, "Connection", "close");
        return form;
}

struct MHD_Response *plc_http_pack(plc_http_response *r, uint64_t first, uint64_t count)
{
        struct head head;

        return pack(r, first, count, &head).packet;
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
        const char *etag = plc_http_response_etag(r);
        size_t etag_size = etag != NULL ? strlen(etag) + 1 : 1;
        plc_http_kept *kept = g_malloc0(sizeof *kept + etag_size);
        struct head head;

        memcpy(kept->etag, etag != NULL ? etag : "", etag_size);
        kept->may_zip = plc_http_response_may_zip(r);
        if (kept->may_zip)
                plc_http_response_vary(r);
        if (r->fd >= 0)
                plc_http_set(r, "Accept-Ranges", "bytes");
        kept->size = r->size;
        kept->body = r->body != NULL ? g_bytes_ref(r->body) : NULL;
        kept->piece = r->piece;
        r->piece = (struct plc_http_piece){0};
        kept->whole = pack(r, 0, r->size, &head);
        kept->headers = head.size;
        kept->for_unchanged = head.for_unchanged;
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
        g_free(kept);
}

size_t plc_http_kept_bytes(const plc_http_kept *kept, const plc_http_request *request)
{
        size_t packet = PACKET_BYTES + kept->headers;
        size_t bytes = sizeof *kept + packet + (kept->body != NULL ? kept->size : 0);

        if (kept->piece.gzip.deflated != NULL)
                bytes += g_bytes_get_size(kept->piece.gzip.deflated);
        if (kept->unchanged.packet != NULL || request->if_none_match != NULL)
                bytes += packet;
        if (kept->zipped.packet != NULL)
                bytes += packet + kept->zipped_size;
        else if (kept->may_zip && plc_http_takes_gzip(request))
                bytes += packet + kept->size / 2; /* at the most; told rightly when it is asked again */
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

/* They are written out for a connection when its answer is handed over, so those sent before keep their date. */
static void date(struct form *form)
{
        time_t now = time(NULL);

        if (form->dated == now)
                return;
        memcpy(form->headers, date_of(now), DATE_SIZE);
        form->dated = now;
}

/*
 * A 304 has no body. The library adds Content-Length: 0 to it, which RFC 9110 8.6 would rather not have and every cache
 * passes over (RFC 9111 3.2); 0.9.75 cannot leave it out, and with the true length there, parsers that forget what a
 * 304 is (wrk's, old Node's) wait for a body.
 */
static struct form sibling(const plc_http_kept *kept, GBytes *body)
{
        struct form out = {.packet = packet_of_bytes(body), .dated = kept->whole.dated};
        size_t size = body != NULL ? kept->headers : kept->for_unchanged;

        if (make_room(&out, size))
                memcpy(out.headers, kept->whole.headers, size);
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
        if (kept->etag[0] != '\0' && request->if_none_match != NULL &&
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
