/*
 * What does a contributor see of theirs, and how do they take it back? One page without JavaScript under an address
 * that cannot be guessed. What is taken back is dark before it is answered, durable in the spool, and the office
 * records it whenever it is there. A token of nobody's gets the page of somebody of whom nothing is shown.
 */
#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"
#include "serve/internal.h"
#include "spool/spool.h"
#include "text/language_tag.h"
#include <string.h>

#define ITEMS_MAX 500 /* on one page; `all` takes all back nevertheless */
#define STYLE                                                                                                          \
        "body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}"                     \
        "ol{list-style:none;padding:0}li{border-top:1px solid #8888;padding:1rem 0;overflow:hidden}"                   \
        "img{float:inline-start;width:7rem;height:auto;margin-inline-end:1rem}p{margin:.3rem 0}"                       \
        "button{font:inherit;padding:.4em 1em}.done{font-weight:700}:root{color-scheme:light dark}"

struct words {
        const char *language, *heading, *shown, *one, *all, *none, *done, *gone;
        const char *channels[5];
};

static const struct words words[] = {
#define PLC_OWN(language, heading, shown, one, all, none, done, gone, ...)                                             \
        {language, heading, shown, one, all, none, done, gone, {__VA_ARGS__}},
#include "serve/own.def"
#undef PLC_OWN
};
static const char *const channels[5] = {"pdp", "home", "landing", "email", "feed"}; /* as the columns of own.def */

static const struct words *words_for(const char *wanted)
{
        const struct words *best = &words[0];
        int best_score = 0;

        for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
                int score = plc_text_language_score(wanted, words[i].language);

                if (score > best_score) {
                        best_score = score;
                        best = &words[i];
                }
        }
        return best;
}

static void put(GString *out, const char *before, const char *text, const char *after)
{
        g_autofree char *escaped = g_markup_escape_text(text, -1);

        g_string_append_printf(out, "%s%s%s", before, escaped, after);
}

struct page {
        GString *items;
        const struct words *w;
        const char *asked; /* language, or NULL */
        size_t n, left;    /* left: not taken back yet */
};

/* Their own words, from the piece that answers are made of. */
static void put_words(GString *out, const struct plc_index_owned *owned)
{
        static const char *const members[] = {"title", "text", "alt"};
        static const struct plc_json_limits limits = {.max_bytes = 1 << 20, .max_depth = 8};
        g_autofree char *object = g_strdup_printf("{%s}", owned->head);
        g_autoptr(plc_json) head = plc_json_parse(object, strlen(object), "head", &limits, NULL);

        for (size_t i = 0; head != NULL && i < G_N_ELEMENTS(members); i++) {
                const plc_json *value = plc_json_member(head, members[i]);

                if (value != NULL && plc_json_typeof(value) == PLC_JSON_STRING && plc_json_string(value)[0] != '\0')
                        put(out, "<p>", plc_json_string(value), "</p>\n");
        }
}

static void put_places(GString *out, const struct plc_index_owned *owned, const struct words *w)
{
        g_autoptr(GString) places = g_string_new(NULL);

        for (const char *const *channel = owned->channels; *channel != NULL; channel++)
                for (size_t i = 0; i < G_N_ELEMENTS(channels); i++)
                        if (strcmp(channels[i], *channel) == 0)
                                g_string_append_printf(places, "%s%s", places->len > 0 ? " · " : "", w->channels[i]);
        for (const char *const *product = owned->products; *product != NULL; product++)
                g_string_append_printf(places, "%s%s", product == owned->products ? " — " : ", ", *product);
        put(out, "<p>", w->shown, "");
        put(out, "", places->str, "</p>\n");
}

static void put_item(const struct plc_index_owned *owned, void *data)
{
        struct page *page = data;
        GString *out = page->items;

        if (page->w == NULL) /* nobody asked for a language: that of their newest text */
                page->w = words_for(page->asked != NULL ? page->asked : owned->language);
        page->n++;
        page->left += !owned->hidden;
        g_string_append(out, "<li>");
        if (owned->media != NULL && !owned->hidden)
                put(out, "<img alt=\"\" loading=\"lazy\" src=\"/m/", owned->media, "\">\n");
        put_words(out, owned);
        if (owned->hidden) {
                put(out, "<p class=\"done\">", page->w->gone, "</p></li>\n");
                return;
        }
        put_places(out, owned, page->w);
        put(out, "<form method=\"post\"><button name=\"item\" value=\"", owned->item, "\">");
        put(out, "", page->w->one, "</button></form></li>\n");
}

static void set_headers(plc_http_response *response)
{
        uint8_t digest[PLC_SHA256_LEN];

        plc_sha256(STYLE, sizeof STYLE - 1, digest);
        g_autofree char *base64 = g_base64_encode(digest, sizeof digest);
        g_autofree char *policy = g_strdup_printf("default-src 'none'; img-src 'self'; style-src 'sha256-%s'; "
                                                  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
                                                  base64);
        plc_http_set(response, "Content-Security-Policy", policy);
        plc_http_set(response, "Referrer-Policy", "no-referrer"); /* the address is the key */
        plc_http_set(response, "X-Robots-Tag", "noindex, nofollow, noarchive");
        plc_http_set(response, "Cache-Control", "no-store");
}

static void put_page(plc_serve *s, struct page *page, bool done, plc_http_response *response)
{
        const char *const *site = s->config.languages;
        GString *out = g_string_new("<!doctype html>\n");

        if (page->w == NULL)
                page->w = words_for(page->asked != NULL               ? page->asked
                                    : site != NULL && site[0] != NULL ? site[0]
                                                                      : "en");
        g_string_append_printf(out, "<html lang=\"%s\" dir=\"%s\"><head><meta charset=\"utf-8\">", page->w->language,
                               plc_text_direction(page->w->language));
        g_string_append(out,
                        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                        "<meta name=\"robots\" content=\"noindex\"><meta name=\"referrer\" content=\"no-referrer\">");
        put(out, "<title>", page->w->heading, "</title>");
        g_string_append(out, "<style>" STYLE "</style></head><body><main>\n");
        put(out, "<h1>", page->w->heading, "</h1>\n");
        if (done)
                put(out, "<p class=\"done\" role=\"status\">", page->w->done, "</p>\n");
        if (page->n == 0)
                put(out, "<p>", page->w->none, "</p>\n");
        g_string_append_printf(out, "<ol>%s</ol>\n", page->items->str);
        if (page->left > 1)
                put(out, "<form method=\"post\"><button name=\"all\" value=\"1\">", page->w->all, "</button></form>\n");
        g_string_append(out, "</main></body></html>\n");
        plc_http_body_string(response, "text/html; charset=utf-8", out);
        set_headers(response);
}

static bool read_token(const plc_http_request *request, char owner[PLC_SHA256_HEX_SIZE], GError **error)
{
        const char *token = plc_http_part(request, "token");

        if (!plc_spool_token_valid(token))
                return plc_fail(error, PLC_E_NOT_FOUND, "no token has that form");
        plc_sha256_hex(token, strlen(token), owner);
        return true;
}

static bool answer(plc_serve *s, const plc_http_request *request, const char *owner, bool done,
                   plc_http_response *response, GError **error)
{
        struct page page = {.items = g_string_new(NULL), .asked = plc_http_param(request, "lang")};
        struct plc_index_state state;
        bool ok;

        if (page.asked != NULL && strlen(page.asked) > 35)
                ok = plc_http_bad_param(error, "lang", "a BCP 47 language tag such as de or pt-BR");
        else
                ok = plc_index_read_begin(s->reader, s->config.now(s->config.now_context), &state, error) &&
                     plc_index_list_owned(s->reader, owner, state.now, ITEMS_MAX, put_item, &page, error);
        plc_index_read_end(s->reader);
        if (ok)
                put_page(s, &page, done, response);
        g_string_free(page.items, TRUE);
        return ok;
}

bool plc_route_own(const plc_http_request *request, plc_http_response *response, void *context, GError **error)
{
        char owner[PLC_SHA256_HEX_SIZE];

        return read_token(request, owner, error) && answer(context, request, owner, false, response, error);
}

/* item=ID, or all=1; nothing else. */
static bool read_wish(const plc_http_request *request, struct plc_spool_withdrawal *out, GError **error)
{
        GBytes *bytes = plc_http_body(request);
        gsize size = 0;
        const char *body = bytes != NULL ? g_bytes_get_data(bytes, &size) : NULL;
        g_autofree char *text = body != NULL ? g_strndup(body, size) : g_strdup("");

        if (strcmp(text, "all=1") == 0) {
                out->all = true;
                return true;
        }
        if (!g_str_has_prefix(text, "item=") || !plc_id_valid(text + 5))
                return plc_http_bad_param(error, "body", "item=ID, or all=1");
        g_strlcpy(out->item, text + 5, sizeof out->item);
        return true;
}

static void take_first(const struct plc_index_owned *owned, void *data)
{
        struct plc_spool_withdrawal *w = data;

        g_strlcpy(w->item, owned->item, sizeof w->item);
}

/* What it names is theirs and shown; for all, one item stands for whose it is. *out_new false: nothing is left to do.
 */
static bool find(plc_serve *s, const char *owner, struct plc_spool_withdrawal *w, bool *out_new, GError **error)
{
        struct plc_index_state state;
        bool theirs = false;
        bool ok = plc_index_read_begin(s->reader, s->config.now(s->config.now_context), &state, error);

        if (ok && w->all)
                ok = plc_index_list_owned(s->reader, owner, state.now, 1, take_first, w, error);
        ok = ok && plc_index_owns(s->reader, owner, w->item, &theirs, error);
        *out_new = ok && theirs && (w->all || !plc_index_hides(s->reader, w->item));
        plc_index_read_end(s->reader);
        return ok;
}

bool plc_route_withdraw(const plc_http_request *request, plc_http_response *response, void *context, GError **error)
{
        plc_serve *s = context;
        struct plc_spool_withdrawal w = {.all = false};
        char owner[PLC_SHA256_HEX_SIZE];
        bool is_new;

        if (!read_token(request, owner, error) || !read_wish(request, &w, error) || !find(s, owner, &w, &is_new, error))
                return false;
        g_strlcpy(w.token, plc_http_part(request, "token"), sizeof w.token);
        if (is_new && !plc_serve_mail_withdraw(s, &w, error))
                return false;
        return answer(s, request, owner, true, response, error);
}
