/* How is an answer put together, and how does a fault become a problem document (RFC 9457) that tells only the table's
 * public text? */
#include "base/file.h"
#include "base/json.h"
#include "http/internal.h"
#include <string.h>

static plc_http_response *idle; /* one that was sent, with room for values */
#define VALUES_ROOM ((size_t)512)
#define VALUES_MAX ((size_t)8 * 1024) /* more room is given back */

plc_http_response *plc_http_response_new(void)
{
        plc_http_response *r = g_steal_pointer(&idle);
        GString *values = r != NULL ? r->values : g_string_sized_new(VALUES_ROOM);

        if (r == NULL)
                r = g_new(plc_http_response, 1);
        *r = (plc_http_response){.status = 200, .fd = -1, .values = g_string_truncate(values, 0)};
        return r;
}

static void drop_body(plc_http_response *r)
{
        g_clear_pointer(&r->body, g_bytes_unref);
        plc_close_fd(&r->fd);
        r->fd = -1;
        r->size = 0;
        r->type = NULL;
}

static void drop_headers(plc_http_response *r)
{
        r->n_headers = 0;
        g_string_truncate(r->values, 0);
}

void plc_http_response_free(plc_http_response *r)
{
        if (r == NULL)
                return;
        drop_body(r);
        plc_gzip_piece_clear(&r->piece.gzip);
        if (idle == NULL && r->values->allocated_len <= VALUES_MAX) {
                idle = r;
                return;
        }
        g_string_free(r->values, TRUE);
        g_free(r);
}

void plc_http_status(plc_http_response *r, unsigned status)
{
        r->status = status;
}

void plc_http_body_take(plc_http_response *r, const char *type, GBytes *body)
{
        drop_body(r);
        r->type = type;
        r->body = body;
        r->size = g_bytes_get_size(body);
}

/* Bodies that were sent. To take 32 KB from the system's memory and give them back for each list was a thirtieth of its
 * making (measured); everything runs in one thread. */
static struct {
        GString *bodies[8];
        unsigned n;
} spare;
#define BODY_ROOM ((size_t)16 * 1024)
#define BODY_MAX ((size_t)64 * 1024) /* a larger one is not kept */

GString *plc_http_body_new(void)
{
        return spare.n > 0 ? spare.bodies[--spare.n] : g_string_sized_new(BODY_ROOM);
}

static void body_done(void *data)
{
        GString *body = data;

        if (spare.n < G_N_ELEMENTS(spare.bodies) && body->allocated_len > BODY_ROOM && body->allocated_len <= BODY_MAX)
                spare.bodies[spare.n++] = g_string_truncate(body, 0);
        else
                g_string_free(body, TRUE);
}

void plc_http_body_string(plc_http_response *r, const char *type, GString *body)
{
        plc_http_body_take(r, type, g_bytes_new_with_free_func(body->str, body->len, body_done, body));
}

void plc_http_body_piece(plc_http_response *r, size_t at, struct plc_gzip_piece *piece)
{
        plc_gzip_piece_clear(&r->piece.gzip);
        r->piece = (struct plc_http_piece){*piece, at};
        *piece = (struct plc_gzip_piece){0};
}

void plc_http_body_file(plc_http_response *r, const char *type, int fd, uint64_t size)
{
        drop_body(r);
        r->type = type;
        r->fd = fd;
        r->size = size;
}

static unsigned place_of(const plc_http_response *r, const char *name)
{
        unsigned i = 0;
        while (i < r->n_headers && (r->headers[i].name[0] != name[0] || strcmp(r->headers[i].name, name) != 0))
                i++;
        return i;
}

const char *plc_http_response_value(const plc_http_response *r, unsigned header)
{
        return r->values->str + r->headers[header].at;
}

const char *plc_http_response_get(const plc_http_response *r, const char *name)
{
        unsigned i = place_of(r, name);
        return i < r->n_headers ? plc_http_response_value(r, i) : NULL;
}

const char *plc_http_response_etag(const plc_http_response *r)
{
        return plc_http_response_get(r, "ETag");
}

void plc_http_set(plc_http_response *r, const char *name, const char *value)
{
        const char *c = value;

        for (; *c != '\0'; c++)
                if (((unsigned char)*c < 0x20 && *c != '\t') || *c == 0x7f)
                        return;
        unsigned i = place_of(r, name);
        g_assert(i < PLC_HTTP_HEADERS);
        if (i == r->n_headers)
                r->n_headers++;
        r->headers[i] = (struct plc_http_header){name, r->values->len};
        g_string_append_len(r->values, value, c - value + 1); /* with its zero byte */
}

void plc_http_etag(plc_http_response *r, const char *etag)
{
        plc_http_set(r, "ETag", etag);
}

void plc_http_response_problem(plc_http_response *r, const GError *error)
{
        plc_code code = plc_error_code(error);
        GString *out = g_string_new(NULL);
        bool parameter = g_strcmp0(plc_error_file(error), "query") == 0;

        drop_body(r);
        plc_gzip_piece_clear(&r->piece.gzip);
        drop_headers(r);
        r->status = (unsigned)plc_code_http(code);
        plc_jw_object(out, NULL);
        plc_jw_string(out, "type", "about:blank");
        plc_jw_string(out, "title", plc_code_public(code));
        plc_jw_int(out, "status", r->status);
        plc_jw_string(out, "code", plc_code_name(code));
        if (parameter && plc_error_pointer(error) != NULL)
                plc_jw_string(out, "parameter", plc_error_pointer(error));
        if (parameter && plc_error_remedy(error) != NULL)
                plc_jw_string(out, "detail", plc_error_remedy(error));
        plc_jw_end_object(out);
        g_string_append_c(out, '\n');
        plc_http_body_string(r, "application/problem+json", out);
        plc_http_set(r, "Cache-Control", "no-store");
        if (r->status == 503 || r->status == 429)
                plc_http_set(r, "Retry-After", r->status == 503 ? "5" : "600");
}

void plc_http_response_conditions(plc_http_response *r, const char *if_none_match, const char *range,
                                  const char *if_range, uint64_t *out_first, uint64_t *out_count)
{
        const char *etag = plc_http_response_etag(r);

        *out_first = 0;
        *out_count = r->size;
        if (r->status != 200)
                return;
        if (etag != NULL && if_none_match != NULL && plc_http_etag_listed(if_none_match, etag)) {
                drop_body(r);
                r->status = 304;
                *out_count = 0;
                return;
        }
        if (r->fd < 0)
                return;
        /* RFC 9110 13.1.5: If-Range compares strongly; a date never matches, since no Last-Modified is sent. */
        bool whole = range == NULL ||
                     (if_range != NULL && (etag == NULL || strcmp(if_range, etag) != 0 || if_range[0] == 'W'));
        plc_http_set(r, "Accept-Ranges", "bytes"); /* from here on, etag may have moved */
        if (whole)
                return;
        switch (plc_http_range_parse(range, r->size, out_first, out_count)) {
        case PLC_HTTP_RANGE_WHOLE:
                return;
        case PLC_HTTP_RANGE_PART: {
                g_autofree char *told =
                        g_strdup_printf("bytes %" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT,
                                        *out_first, *out_first + *out_count - 1, r->size);
                plc_http_set(r, "Content-Range", told);
                r->status = 206;
                return;
        }
        case PLC_HTTP_RANGE_UNSATISFIABLE: {
                g_autofree char *told = g_strdup_printf("bytes */%" G_GUINT64_FORMAT, r->size);
                plc_http_set(r, "Content-Range", told);
                drop_body(r);
                r->status = 416;
                *out_count = 0;
                return;
        }
        }
}
