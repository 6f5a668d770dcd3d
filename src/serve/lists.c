/* What do the JSON answers look like? /reviews, /media, /summary and /v1/bundles; examples/reviews-answer.json is their
 * shape. */
#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"
#include "serve/internal.h"
#include <string.h>

/* 43 as 4.3, and 40 as 4: the same number as any other writer's. */
static void write_tenths(GString *out, const char *name, int64_t tenths)
{
        plc_jw_int(out, name, tenths / 10);
        if (tenths % 10 != 0) {
                g_string_append_c(out, '.');
                g_string_append_c(out, (char)('0' + tenths % 10));
        }
}

static void write_summary(GString *out, const char *name, const struct plc_index_summary *s)
{
        plc_jw_object(out, name);
        plc_jw_int(out, "count", s->count);
        if (s->count > 0)
                write_tenths(out, "average", (int64_t)(s->average * 10 + 0.5));
        else
                plc_jw_null(out, "average");
        plc_jw_object(out, "histogram");
        for (int star = 1; star <= 5; star++) {
                char number[2] = {(char)('0' + star), '\0'};
                plc_jw_int(out, number, s->stars[star - 1]);
        }
        plc_jw_end_object(out);
        plc_jw_end_object(out);
}

static void append_param(GString *url, const char *name, const char *value)
{
        if (value == NULL)
                return;
        g_string_append_c(url, strchr(url->str, '?') != NULL ? '&' : '?');
        g_string_append(url, name);
        g_string_append_c(url, '=');
        g_string_append_uri_escaped(url, value, NULL, FALSE);
}

void plc_serve_write_next(GString *out, const plc_http_request *request, const char *base, const char *cursor)
{
        static const char *const kept[] = {"q",   "product", "kind",    "language",  "country", "rating", "role",
                                           "tag", "order",   "matches", "territory", "channel", "lang",   "limit"};
        g_autoptr(GString) url = g_string_sized_new(256); /* of most */

        g_string_append(url, base);

        for (size_t i = 0; i < G_N_ELEMENTS(kept); i++)
                append_param(url, kept[i], plc_http_param(request, kept[i]));
        append_param(url, "cursor", cursor);
        plc_jw_string(out, "next", url->str);
}

void plc_serve_write_question(GString *out, const struct plc_serve_question *q)
{
        plc_jw_string(out, "territory", q->index.territory);
        plc_jw_string(out, "channel", q->index.channel);
        plc_jw_time(out, "as_of", q->index.now);
}

void plc_serve_finish(plc_serve *s, const plc_http_request *request, const struct plc_serve_question *q,
                      plc_http_response *response, const char *type, GString *body, const char *without, int64_t until)
{
        uint64_t digest[2] = {0};
        const char *cut = without != NULL ? strstr(body->str, without) : NULL;
        size_t before = cut != NULL ? (size_t)(cut - body->str) : body->len;
        size_t after = cut != NULL ? before + strlen(without) : body->len;
        char etag[4 + 2 * sizeof digest + 1] = "W/\"";

        plc_quick_hash(digest, body->str, before);
        plc_quick_hash(digest, body->str + after, body->len - after);
        /* Weak: as_of is the moment of asking; all else equal, a reader has the answer already. */
        plc_hex((const uint8_t *)digest, sizeof digest, etag + 3);
        etag[sizeof etag - 2] = '"';
        etag[sizeof etag - 1] = '\0';
        plc_http_etag(response, etag);
        plc_serve_cache(response, &q->state, s->config.json_max_age, until);
        if (q->territory_from_header)
                plc_http_set(response, "Vary", s->config.territory_header);
        plc_http_body_string(response, type, body);
        plc_serve_remember(s, request, response, &q->state, s->config.json_max_age, until);
}

void plc_serve_tag(plc_http_response *response, const char *kind, const char *id)
{
        g_autoptr(GString) tag = g_string_sized_new(128);

        g_string_append(tag, kind);
        g_string_append_c(tag, ':');
        g_string_append_uri_escaped(tag, id, NULL, FALSE); /* neither a comma nor a blank is left */
        plc_http_set(response, "Cache-Tag", tag->str);
}

char *plc_serve_as_of(const struct plc_serve_question *q)
{
        char time[PLC_TIME_SIZE];
        plc_time_format(q->index.now, time);
        return g_strconcat("\"as_of\":\"", time, "\"", NULL);
}

/* Items as they stand, newest first: one range of the index. *out_next as plc_serve_search_write. */
static bool write_plain(plc_serve *s, const plc_http_request *request, const struct plc_serve_question *q,
                        enum plc_index_kind kind, GString *out, char **out_next, int64_t *out_until, GError **error)
{
        const char *cursor = plc_http_param(request, "cursor");
        struct plc_index_cursor after = {.written_at = PLC_TIME_NEVER};
        struct plc_index_page page = {.until = PLC_TIME_NEVER};

        *out_next = NULL;
        if (cursor != NULL && !plc_serve_cursor_read(cursor, 'r', &after.written_at, after.item))
                return plc_http_bad_param(error, "cursor", PLC_SERVE_CURSOR_FORM);
        if (!q->state.dark && !plc_index_list(s->reader, &q->index, kind, plc_http_part(request, "id"), &after,
                                              (size_t)q->limit, out, &page, error))
                return false;
        if (page.more)
                *out_next = plc_serve_cursor_write('r', page.next.written_at, page.next.item);
        *out_until = page.until;
        return true;
}

static bool write_items(plc_serve *s, const plc_http_request *request, const struct plc_serve_question *q,
                        enum plc_index_kind kind, GString *out, char **out_next, int64_t *out_until, GError **error)
{
        struct plc_serve_search search;
        bool ok = plc_serve_search_read(request, q, plc_http_part(request, "id"), kind, &search, error);

        *out_until = PLC_TIME_NEVER;
        if (ok && !search.asked)
                ok = write_plain(s, request, q, kind, out, out_next, out_until, error);
        else if (ok && !q->state.dark)
                ok = plc_serve_search_write(s, request, q, &search, out, out_next, out_until, error);
        plc_serve_search_clear(&search);
        return ok;
}

/* Nobody is made to wait for the looking who does not take it compressed. */
static void find_packed(plc_serve *s, const plc_http_request *request, const struct plc_serve_question *q,
                        const GString *json, size_t begun, plc_http_response *response)
{
        struct plc_gzip_piece piece = {0};

        if (!q->state.dark && plc_http_takes_gzip(request) &&
            plc_index_packed(s->reader, plc_http_part(request, "id"), json->str + begun, json->len - begun, &piece))
                plc_http_body_piece(response, begun, &piece);
}

bool plc_serve_product_list(plc_serve *s, const plc_http_request *request, struct plc_serve_question *q,
                            enum plc_index_kind kind, const char *route, plc_http_response *response,
                            GString **out_json, int64_t *out_until, GError **error)
{
        const char *product = plc_http_part(request, "id");
        const struct plc_index_search counted = {.product = product, .kind = kind};
        struct plc_index_summary sum = {0};
        int64_t counts_until = PLC_TIME_NEVER;
        g_autofree char *next = NULL;
        g_autoptr(GString) out = plc_http_body_new();

        plc_jw_object(out, NULL);
        plc_jw_string(out, "product", product);
        plc_serve_write_question(out, q);
        if (q->state.dark) {
                plc_jw_null(out, "summary");
        } else {
                if (!(kind == PLC_INDEX_REVIEW ? plc_index_get_list_summary : plc_index_get_summary)(s->reader, product,
                                                                                                     &sum, error))
                        return false;
                write_summary(out, "summary", &sum);
        }
        if (!plc_serve_write_facets(s, request, q, &counted, out, &counts_until, error))
                return false;
        plc_jw_array(out, "items");
        size_t begun = out->len;
        if (!write_items(s, request, q, kind, out, &next, out_until, error))
                return false;
        if (response != NULL && kind == PLC_INDEX_REVIEW)
                find_packed(s, request, q, out, begun, response);
        *out_until = MIN(*out_until, counts_until);
        plc_jw_end_array(out);
        if (next != NULL) {
                g_autofree char *id = g_uri_escape_string(product, NULL, FALSE);
                g_autofree char *base = g_strconcat("/v1/products/", id, "/", route, NULL);
                plc_serve_write_next(out, request, base, next);
        } else {
                plc_jw_null(out, "next");
        }
        plc_jw_end_object(out);
        *out_json = g_steal_pointer(&out);
        return true;
}

static bool product_list(plc_serve *s, const plc_http_request *request, plc_http_response *response,
                         enum plc_index_kind kind, const char *route, GError **error)
{
        struct plc_serve_question q;
        GString *json = NULL;
        int64_t until = 0;
        bool ok = plc_serve_question_begin(s, request, &q, error) &&
                  plc_serve_product_list(s, request, &q, kind, route, response, &json, &until, error);

        if (ok) {
                g_autofree char *as_of = plc_serve_as_of(&q);
                plc_serve_tag(response, "product", plc_http_part(request, "id"));
                plc_serve_finish(s, request, &q, response, "application/json", json, as_of, until);
        }
        plc_serve_question_end(s, &q);
        return ok;
}

bool plc_route_reviews(const plc_http_request *request, plc_http_response *response, void *context, GError **error)
{
        return product_list(context, request, response, PLC_INDEX_REVIEW, "reviews", error);
}

bool plc_route_media(const plc_http_request *request, plc_http_response *response, void *context, GError **error)
{
        return product_list(context, request, response, PLC_INDEX_PHOTO, "media", error);
}

/* Summaries know no territory: an average that differs from country to country would hide reviews (16 CFR 465). */
bool plc_route_summary(const plc_http_request *request, plc_http_response *response, void *context, GError **error)
{
        plc_serve *s = context;
        const char *product = plc_http_part(request, "id");
        struct plc_serve_question q;
        struct plc_index_summary sum = {0};
        bool ok = plc_serve_question_begin(s, request, &q, error) &&
                  plc_index_get_summary(s->reader, product, &sum, error);

        if (ok && q.state.dark)
                ok = plc_fail(error, PLC_E_UNREACHABLE, "the lease has run out");
        if (ok) {
                GString *out = g_string_new(NULL);
                g_autofree char *as_of = plc_serve_as_of(&q);
                plc_jw_object(out, NULL);
                plc_jw_string(out, "product", product);
                plc_jw_time(out, "as_of", q.index.now);
                write_summary(out, "summary", &sum);
                plc_jw_end_object(out);
                plc_serve_tag(response, "product", product);
                plc_serve_finish(s, request, &q, response, "application/json", out, as_of, PLC_TIME_NEVER);
        }
        plc_serve_question_end(s, &q);
        return ok;
}

static bool bundle_json(plc_serve *s, const plc_http_request *request, const struct plc_serve_question *q,
                        const struct plc_index_bundle_head *head, GString *out, struct plc_index_page *out_page,
                        GError **error)
{
        const char *name = plc_http_part(request, "name"), *cursor = plc_http_param(request, "cursor");
        int64_t version = head->version, after = 0;
        char place[64] = "";

        if (cursor != NULL && (!plc_serve_cursor_read(cursor, 'b', &version, place) || place[0] == '\0' ||
                               strlen(place) > 9 || place[strspn(place, "0123456789")] != '\0'))
                return plc_http_bad_param(error, "cursor", PLC_SERVE_CURSOR_FORM);
        if (version != head->version)
                return plc_fail(error, PLC_E_CONFLICT, "the bundle has a newer version: begin again");
        after = g_ascii_strtoll(place, NULL, 10);
        plc_jw_object(out, NULL);
        plc_jw_string(out, "bundle", name);
        plc_jw_int(out, "version", head->version);
        plc_jw_string(out, "title", head->title);
        plc_serve_write_question(out, q);
        plc_jw_array(out, "items");
        if (!plc_index_bundle_list(s->reader, &q->index, name, after, (size_t)q->limit, out, out_page, error))
                return false;
        plc_jw_end_array(out);
        if (out_page->more) {
                g_autofree char *base = g_strdup_printf("/v1/bundles/%s", name);
                g_autofree char *last = g_strdup_printf("%d", (int)out_page->next.written_at);
                g_autofree char *next = plc_serve_cursor_write('b', head->version, last);
                plc_serve_write_next(out, request, base, next);
        } else {
                plc_jw_null(out, "next");
        }
        plc_jw_end_object(out);
        return true;
}

bool plc_route_bundle(const plc_http_request *request, plc_http_response *response, void *context, GError **error)
{
        plc_serve *s = context;
        struct plc_serve_question q;
        struct plc_index_bundle_head head = {0};
        struct plc_index_page page = {.until = PLC_TIME_NEVER};
        g_autoptr(GString) out = plc_http_body_new();
        bool ok = plc_serve_question_begin(s, request, &q, error);

        if (ok && q.state.dark)
                ok = plc_fail(error, PLC_E_NOT_FOUND, "the lease has run out");
        ok = ok && plc_index_bundle(s->reader, &q.index, plc_http_part(request, "name"), &head, error) &&
             bundle_json(s, request, &q, &head, out, &page, error);
        if (ok) {
                g_autofree char *as_of = plc_serve_as_of(&q);
                plc_serve_tag(response, "bundle", plc_http_part(request, "name"));
                plc_serve_finish(s, request, &q, response, "application/json", g_steal_pointer(&out), as_of,
                                 MIN(page.until, head.until));
        }
        plc_index_bundle_head_clear(&head);
        plc_serve_question_end(s, &q);
        return ok;
}
