/*
 * What do the filters and orders of lists mean, and what does /v1/search answer? Filters are the reader's choice alone:
 * none is ever set for them, and counts and averages know none (16 CFR 465).
 */
#include "base/json.h"
#include "serve/internal.h"
#include "text/language_tag.h"
#include <string.h>

#define TAG_BYTES 64 /* as in submission.json */

static const char *const kinds[] = {"review", "photo"};                   /* as enum plc_index_kind */
static const char *const orders[] = {"newest", "top", "photos", "local"}; /* as enum plc_index_order */
static const char *const roles[] = {"scene", "closeup", "result", "unboxing", "before", "after", "other"};
static const char *const truths[] = {"false", "true"};

static bool read_word(const plc_http_request *request, const char *name, const char *const *words, size_t n,
                      const char *expected, size_t *out, GError **error)
{
        const char *given = plc_http_param(request, name);

        *out = 0;
        if (given == NULL)
                return true;
        while (*out < n && strcmp(words[*out], given) != 0)
                ++*out;
        return *out < n || plc_http_bad_param(error, name, expected);
}

static bool read_tag(const plc_http_request *request, struct plc_serve_search *out, GError **error)
{
        const char *given = plc_http_param(request, "tag");

        if (given != NULL && (given[0] == '\0' || strlen(given) > TAG_BYTES || strpbrk(given, "\n\r\t") != NULL))
                return plc_http_bad_param(error, "tag", "a tag of submissions, 1 to 64 bytes");
        out->index.tag = given;
        return true;
}

static bool read_places(const plc_http_request *request, struct plc_serve_search *out, GError **error)
{
        const char *language = plc_http_param(request, "language"), *country = plc_http_param(request, "country");

        if (country != NULL && !plc_index_territory_known(country))
                return plc_http_bad_param(error, "country", "an ISO 3166-1 code of two capitals, such as DE");
        out->index.country = country;
        if (language == NULL)
                return true;
        out->language = strlen(language) <= 35 ? plc_text_canonical_tag(language) : NULL;
        out->index.language = out->language;
        return out->language != NULL ||
               plc_http_bad_param(error, "language", "a language tag (BCP 47), such as de or zh-Hant");
}

/* Of the language that answers are wanted in: with its script where it names one. */
static void set_local(const struct plc_serve_question *q, struct plc_serve_search *out)
{
        g_auto(GStrv) parts = g_strsplit(q->lang != NULL ? q->labels : "", ",", 2);
        g_auto(GStrv) tag = g_strsplit(parts[0] != NULL ? parts[0] : "", "-", -1);

        out->index.from_country = q->index.territory;
        if (tag[0] == NULL || tag[0][0] == '\0')
                return;
        out->in_language =
                tag[1] != NULL && strlen(tag[1]) == 4 ? g_strdup_printf("%s-%s", tag[0], tag[1]) : g_strdup(tag[0]);
        out->index.in_language = out->in_language;
}

static bool read_cursor(const plc_http_request *request, struct plc_serve_search *out, GError **error)
{
        const char *cursor = plc_http_param(request, "cursor");
        char rank[64];

        if (cursor == NULL)
                return true;
        if (!plc_serve_cursor_read(cursor, 's', &out->after.doc, rank) || out->after.doc < 0 || rank[0] < '0' ||
            rank[0] > '9' || rank[1] != '\0')
                return plc_http_bad_param(error, "cursor", PLC_SERVE_CURSOR_FORM);
        out->after.rank = rank[0] - '0';
        return true;
}

bool plc_serve_search_read(const plc_http_request *request, const struct plc_serve_question *q, const char *product,
                           enum plc_index_kind kind, struct plc_serve_search *out, GError **error)
{
        static const char *const asks[] = {"order", "language", "country", "rating", "role", "tag"};
        size_t order = 0, role = 0;
        int64_t stars = 0;

        *out = (struct plc_serve_search){.index = {.product = product, .kind = kind}};
        for (size_t i = 0; i < G_N_ELEMENTS(asks); i++)
                out->asked |= plc_http_param(request, asks[i]) != NULL;
        if (!out->asked)
                return true;
        if (!read_word(request, "order", orders, G_N_ELEMENTS(orders), "newest, top, photos or local", &order, error) ||
            !read_word(request, "role", roles, G_N_ELEMENTS(roles),
                       "scene, closeup, result, unboxing, before, after or other", &role, error) ||
            !plc_http_param_int(request, "rating", 1, 5, 0, &stars, error) || !read_tag(request, out, error) ||
            !read_places(request, out, error))
                return false;
        out->index.order = (enum plc_index_order)order;
        out->index.role = plc_http_param(request, "role");
        out->index.stars = (int)stars;
        if (out->index.order == PLC_INDEX_LOCAL)
                set_local(q, out);
        return true;
}

void plc_serve_search_clear(struct plc_serve_search *search)
{
        g_clear_pointer(&search->language, g_free);
        g_clear_pointer(&search->in_language, g_free);
}

bool plc_serve_search_write(plc_serve *s, const plc_http_request *request, const struct plc_serve_question *q,
                            struct plc_serve_search *search, GString *out, char **out_next, int64_t *out_until,
                            GError **error)
{
        struct plc_index_found found = {0};
        char rank[2] = "0";

        *out_next = NULL;
        if (!read_cursor(request, search, error) ||
            !plc_index_find(s->reader, &q->index, &search->index, &search->after, (size_t)q->limit, out, &found, error))
                return false;
        rank[0] = (char)('0' + found.next.rank);
        if (found.more)
                *out_next = plc_serve_cursor_write('s', found.next.doc, rank);
        *out_until = found.until;
        return true;
}

bool plc_serve_write_facets(plc_serve *s, const plc_http_request *request, const struct plc_serve_question *q,
                            const struct plc_index_search *search, GString *out, int64_t *until, GError **error)
{
        size_t wanted = 0;
        int64_t counts_until = INT64_MAX;

        if (!read_word(request, "facets", truths, G_N_ELEMENTS(truths), "true or false", &wanted, error))
                return false;
        if (wanted == 0 || q->state.dark)
                return true;
        if (!plc_index_count_facets(s->reader, &q->index, search, out, &counts_until, error))
                return false;
        *until = MIN(*until, counts_until);
        return true;
}

/* --- /v1/search */

static bool read_question(const plc_http_request *request, const struct plc_serve_question *q,
                          struct plc_serve_search *out, GError **error)
{
        const char *words = plc_http_param(request, "q"), *product = plc_http_param(request, "product");
        size_t kind = 0, matches = 0;

        if (words == NULL || words[0] == '\0')
                return plc_http_bad_param(error, "q", "the words to search for");
        if (product != NULL && product[0] == '\0')
                return plc_http_bad_param(error, "product", "the shop's id of a product");
        if (!read_word(request, "kind", kinds, G_N_ELEMENTS(kinds), "review or photo", &kind, error) ||
            !read_word(request, "matches", truths, G_N_ELEMENTS(truths), "true or false", &matches, error) ||
            !plc_serve_search_read(request, q, product, (enum plc_index_kind)kind, out, error))
                return false;
        out->index.words = words;
        out->index.matches = matches != 0;
        return true;
}

static bool write_found(plc_serve *s, const plc_http_request *request, const struct plc_serve_question *q,
                        struct plc_serve_search *search, GString *out, int64_t *out_until, GError **error)
{
        int64_t counts_until = INT64_MAX;
        g_autofree char *next = NULL;

        plc_jw_object(out, NULL);
        plc_jw_string(out, "query", search->index.words);
        plc_serve_write_question(out, q);
        if (!plc_serve_write_facets(s, request, q, &search->index, out, &counts_until, error))
                return false;
        plc_jw_array(out, "items");
        if (!q->state.dark && !plc_serve_search_write(s, request, q, search, out, &next, out_until, error))
                return false;
        *out_until = MIN(*out_until, counts_until);
        plc_jw_end_array(out);
        if (next != NULL)
                plc_serve_write_next(out, request, "/v1/search", next);
        else
                plc_jw_null(out, "next");
        plc_jw_end_object(out);
        return true;
}

/* Only the reader's own browser may keep it: no cache tag could tell a proxy which questions find an item. */
static void set_private(plc_http_response *response, const struct plc_serve *s, const struct plc_serve_question *q,
                        int64_t until)
{
        char value[64];

        g_snprintf(value, sizeof value, "private, max-age=%" G_GINT64_FORMAT ", must-revalidate",
                   plc_serve_max_age(&q->state, s->config.json_max_age, until));
        plc_http_set(response, "Cache-Control", value);
        if (q->territory_from_header)
                plc_http_set(response, "Vary", s->config.territory_header);
}

bool plc_route_search(const plc_http_request *request, plc_http_response *response, void *context, GError **error)
{
        plc_serve *s = context;
        struct plc_serve_question q;
        struct plc_serve_search search = {.asked = false};
        GString *out = plc_http_body_new();
        g_autoptr(GError) why = NULL;
        int64_t until = INT64_MAX;
        bool ok = plc_serve_question_begin(s, request, &q, &why) && read_question(request, &q, &search, &why) &&
                  write_found(s, request, &q, &search, out, &until, &why);

        if (ok) {
                plc_http_body_string(response, "application/json", g_steal_pointer(&out));
                set_private(response, s, &q, until);
        } else {
                g_string_free(out, TRUE);
                if (search.index.words != NULL && plc_error_code(why) == PLC_E_BAD_VALUE)
                        plc_http_bad_param(error, "q", "at least one word of letters or digits");
                else
                        g_propagate_error(error, g_steal_pointer(&why));
        }
        plc_serve_search_clear(&search);
        plc_serve_question_end(s, &q);
        return ok;
}
