/*
 * What do search engines read? schema.org's Product with aggregateRating and review, made of the same JSON answer that
 * widgets get, so it cannot tell more. Google asks of each review a named author and a rating, and of the product at
 * least one of the two: what has them not is left out (developers.google.com/search/docs, review snippet).
 */
#include "base/json.h"
#include "serve/internal.h"
#include <string.h>

#define NAME_MAX_BYTES 200
#define AUTHOR_MAX 100 /* characters, Google's limit */

static plc_json *member(plc_json *object, const char *name)
{
        return object != NULL && plc_json_typeof(object) == PLC_JSON_OBJECT ? plc_json_member(object, name) : NULL;
}

static const char *text(plc_json *object, const char *name)
{
        plc_json *value = member(object, name);
        return value != NULL && plc_json_typeof(value) == PLC_JSON_STRING ? plc_json_string(value) : NULL;
}

static void write_rating(GString *out, const char *name, const char *type, double value, double worst, double best)
{
        plc_jw_object(out, name);
        plc_jw_string(out, "@type", type);
        plc_jw_real(out, "ratingValue", value);
        plc_jw_real(out, "worstRating", worst);
        plc_jw_real(out, "bestRating", best);
}

static bool write_aggregate(GString *out, plc_json *summary)
{
        plc_json *count = member(summary, "count"), *average = member(summary, "average");

        if (count == NULL || average == NULL || plc_json_int(count) <= 0)
                return false;
        write_rating(out, "aggregateRating", "AggregateRating", plc_json_real(average), 1, 5);
        plc_jw_int(out, "reviewCount", plc_json_int(count));
        plc_jw_end_object(out);
        return true;
}

static bool write_review(GString *out, plc_json *item)
{
        const char *author = text(item, "author"), *title = text(item, "title"), *body = text(item, "text"),
                   *written = text(item, "written_at"), *language = text(item, "lang");
        plc_json *rating = member(item, "rating");

        if (rating == NULL || author == NULL || author[0] == '\0' || g_utf8_strlen(author, -1) >= AUTHOR_MAX)
                return false;
        plc_jw_object(out, NULL);
        plc_jw_string(out, "@type", "Review");
        plc_jw_object(out, "author");
        plc_jw_string(out, "@type", "Person");
        plc_jw_string(out, "name", author);
        plc_jw_end_object(out);
        write_rating(out, "reviewRating", "Rating", plc_json_real(member(rating, "value")),
                     plc_json_real(member(rating, "min")), plc_json_real(member(rating, "max")));
        plc_jw_end_object(out);
        if (title != NULL && title[0] != '\0')
                plc_jw_string(out, "name", title);
        if (body != NULL && body[0] != '\0')
                plc_jw_string(out, "reviewBody", body);
        if (language != NULL && strcmp(language, "und") != 0)
                plc_jw_string(out, "inLanguage", language);
        if (written != NULL && strlen(written) >= 10) {
                g_autofree char *day = g_strndup(written, 10);
                plc_jw_string(out, "datePublished", day);
        }
        plc_jw_end_object(out);
        return true;
}

/* It is written into a script element: nothing in it may end that (HTML 4.12.1.3). */
static GString *for_script(const GString *json)
{
        GString *out = g_string_sized_new(json->len + 64);

        for (size_t i = 0; i < json->len; i++) {
                if (json->str[i] == '<')
                        g_string_append(out, "\\u003c");
                else
                        g_string_append_c(out, json->str[i]);
        }
        return out;
}

/* NULL: neither a rating nor a review to tell. */
static GString *make(plc_json *answer, const char *product, const char *name)
{
        g_autoptr(GString) out = g_string_sized_new(16384), reviews = g_string_sized_new(16384);
        plc_json *items = member(answer, "items");
        size_t n = items != NULL ? plc_json_size(items) : 0, told = 0;

        plc_jw_object(out, NULL);
        plc_jw_string(out, "@context", "https://schema.org");
        plc_jw_string(out, "@type", "Product");
        plc_jw_string(out, "name", name != NULL ? name : product);
        plc_jw_string(out, "sku", product);
        bool rated = write_aggregate(out, member(answer, "summary"));
        plc_jw_array(reviews, NULL);
        for (size_t i = 0; i < n; i++)
                told += write_review(reviews, plc_json_element(items, i));
        plc_jw_end_array(reviews);
        if (told > 0)
                plc_jw_raw(out, "review", reviews->str);
        plc_jw_end_object(out);
        return rated || told > 0 ? for_script(out) : NULL;
}

bool plc_route_jsonld(const plc_http_request *request, plc_http_response *response, void *context, GError **error)
{
        static const struct plc_json_limits limits = {.max_bytes = (size_t)64 << 20, .max_depth = 16};
        plc_serve *s = context;
        const char *name = plc_http_param(request, "name"), *product = plc_http_part(request, "id");
        struct plc_serve_question q;
        GString *json = NULL;
        int64_t until = 0;
        g_autoptr(plc_json) answer = NULL;

        if (name != NULL && (name[0] == '\0' || strlen(name) > NAME_MAX_BYTES))
                return plc_http_bad_param(error, "name", "what the product is called, 1 to 200 bytes");
        bool ok =
                plc_serve_question_begin(s, request, &q, error) &&
                plc_serve_product_list(s, request, &q, PLC_INDEX_REVIEW, "reviews.jsonld", NULL, &json, &until, error);
        if (ok) {
                answer = plc_json_parse(json->str, json->len, "answer", &limits, error);
                ok = answer != NULL;
                g_string_free(json, TRUE);
        }
        GString *out = ok ? make(answer, product, name) : NULL;
        if (ok && out == NULL)
                ok = plc_fail(error, PLC_E_NOT_FOUND, "nothing that a search engine would take");
        if (ok) {
                plc_serve_tag(response, "product", product);
                plc_serve_finish(s, request, &q, response, "application/ld+json", out, NULL, until);
        }
        plc_serve_question_end(s, &q);
        return ok;
}
