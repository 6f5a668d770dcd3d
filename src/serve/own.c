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
#include "text/excerpt.h"
#include "text/language_tag.h"
#include "text/locale.h"
#include <string.h>

#define NAME_CLUSTERS 60 /* of an item's words in the name of its button */
#define ITEMS_MAX 500    /* on one page; `all` takes all back nevertheless */

struct words {
        const char *language, *heading, *shown, *one, *all, *none, *done, *gone;
        const char *world, *without, *until;
        const char *channels[5];
};

static const struct words words[] = {
#define PLC_OWN(language, heading, shown, one, all, none, done, gone, world, without, until, ...)                      \
        {language, heading, shown, one, all, none, done, gone, world, without, until, {__VA_ARGS__}},
#include "serve/own.def"
#undef PLC_OWN
};
static const char *const channels[5] = {"pdp", "home", "landing", "email", "feed"}; /* as the columns of own.def */

struct page {
        GString *items;
        const struct words *w; /* NULL: not known yet */
        char *language;        /* of w, as the reader's country writes it */
        struct plc_index_state state;
        size_t n, left; /* left: not taken back yet */
        struct plc_index_territories told;
        char *countries; /* of `told`, in words: most items have the same */
};

/* False: in a language that own.def has not. */
static bool speak(struct page *page, const char *wanted)
{
        size_t row = plc_serve_row_for(wanted, words, G_N_ELEMENTS(words), sizeof words[0]);

        if (row == G_N_ELEMENTS(words))
                return false;
        page->w = &words[row];
        page->language = plc_text_language_of_reader(wanted, page->w->language);
        return true;
}

/* Their own words, from the piece that answers are made of. Returns the first of them; free with g_free; NULL: none. */
static char *put_words(GString *out, const struct plc_index_owned *owned)
{
        char *first = NULL;
        static const char *const members[] = {"title", "text", "alt"};
        static const struct plc_json_limits limits = {.max_bytes = 1 << 20, .max_depth = 8};
        g_autofree char *object = g_strdup_printf("{%s}", owned->head);
        g_autoptr(plc_json) head = plc_json_parse(object, strlen(object), "head", &limits, NULL);

        for (size_t i = 0; head != NULL && i < G_N_ELEMENTS(members); i++) {
                const plc_json *value = plc_json_member(head, members[i]);

                if (value == NULL || plc_json_typeof(value) != PLC_JSON_STRING || plc_json_string(value)[0] == '\0')
                        continue;
                plc_html_in(out, "<p>", plc_json_string(value), "</p>\n");
                if (first == NULL)
                        first = g_strdup(plc_json_string(value));
        }
        return first;
}

/* What it is, to who does not see it: the beginning of its words; without any, the product and the time. */
static char *name_of(const struct plc_index_owned *owned, const char *said, const struct page *page)
{
        struct plc_excerpt excerpt;

        if (said != NULL && plc_text_excerpt(said, NAME_CLUSTERS, &excerpt, NULL))
                return excerpt.text;
        g_autofree char *ago = plc_locale_ago(page->language, owned->written_at, page->state.now);
        g_autofree char *products = g_strjoinv(", ", (char **)owned->products);
        return g_strdup_printf("%s%s%s%s",
                               owned->kind == PLC_INDEX_PHOTO ? plc_serve_words_for(page->language)->photo : "",
                               products, products[0] != '\0' ? " · " : "", ago);
}

/* With its number, as two may have the same name (WCAG 2.4.6). It begins as it is seen (2.5.3). */
static void put_button(GString *out, const struct plc_index_owned *owned, const char *name, const struct page *page)
{
        g_autofree char *number = plc_locale_number(page->language, (double)page->n, 0, 0);
        g_autofree char *whole = g_strdup_printf("%s · %s · %s", page->w->one, number, name);

        plc_html_in(out, "<form method=\"post\"><button name=\"item\" value=\"", owned->item, "\"");
        plc_html_in(out, " aria-label=\"", whole, "\">");
        plc_html_in(out, "", page->w->one, "</button></form></li>\n");
}

static int by_name(const void *a, const void *b)
{
        return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* How long ago it was: the page is kept nowhere, so it stays true. */
static void put_age(GString *out, const struct plc_index_owned *owned, const struct page *page)
{
        char written[PLC_TIME_SIZE];
        g_autofree char *ago = plc_locale_ago(page->language, owned->written_at, page->state.now);

        plc_time_format(owned->written_at, written);
        g_string_append_printf(out, "<p class=\"where\"><time datetime=\"%.10s\">", written);
        plc_html_in(out, "", ago, "</time></p>\n");
}

/* Named are those in which it is shown, or the fewer in which it is not. */
static char *countries(const struct plc_index_territories *set, const struct page *page)
{
        g_autoptr(GPtrArray) in = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func(g_free);
        const struct words *w = page->w;
        const char *code;

        if (plc_index_territories_is_world(set))
                return g_strdup(w->world);
        for (size_t i = 0; (code = plc_index_territory_at(i)) != NULL; i++)
                g_ptr_array_add(plc_index_territories_has(set, code) ? in : out,
                                plc_locale_country(page->language, code));
        bool most = in->len > out->len;
        GPtrArray *named = most ? out : in;

        g_ptr_array_sort(named, by_name);
        g_ptr_array_add(named, NULL);
        g_autofree char *list = plc_locale_list(page->language, (const char *const *)named->pdata);
        return most ? g_strdup_printf("%s · %s%s", w->world, w->without, list) : g_steal_pointer(&list);
}

static void put_place(GString *out, const struct plc_index_shown_in *place, struct page *page)
{
        const struct words *w = page->w;

        for (size_t i = 0; i < G_N_ELEMENTS(channels); i++)
                if (strcmp(channels[i], place->channel) == 0)
                        plc_html_in(out, "<li>", w->channels[i], " · ");
        if (page->countries == NULL || memcmp(&page->told, &place->territories, sizeof page->told) != 0) {
                g_free(page->countries);
                page->countries = countries(&place->territories, page);
                page->told = place->territories;
        }
        plc_html_text(out, page->countries);
        if (place->until < PLC_TIME_NEVER) {
                g_autofree char *last =
                        plc_locale_date(page->language, place->until - 1); /* the last day on which it is */

                plc_html_in(out, " · ", w->until, "");
                plc_html_text(out, last);
        }
        g_string_append(out, "</li>\n");
}

static void put_places(GString *out, const struct plc_index_owned *owned, struct page *page)
{
        plc_html_in(out, "<p class=\"where\">", page->w->shown, "");
        for (const char *const *product = owned->products; *product != NULL; product++)
                plc_html_in(out, product == owned->products ? "<bdi>" : ", <bdi>", *product, "</bdi>");
        g_string_append(out, "</p><ul class=\"where\">\n");
        for (size_t i = 0; i < owned->n_places; i++)
                put_place(out, &owned->places[i], page);
        g_string_append(out, "</ul>\n");
}

static void put_item(const struct plc_index_owned *owned, void *data)
{
        struct page *page = data;
        GString *out = page->items;

        if (page->w == NULL && !speak(page, owned->language)) /* nothing asked for suits: that of their newest text */
                speak(page, "en");
        page->n++;
        page->left += !owned->hidden;
        g_string_append(out, "<li class=\"item\">");
        g_autoptr(GString) theirs = g_string_new(NULL);
        g_autofree char *said = put_words(theirs, owned), *name = name_of(owned, said, page);
        if (owned->media != NULL && !owned->hidden) {
                plc_html_in(out, "<img alt=\"", said != NULL ? "" : name, "\""); /* the words stand below it */
                plc_html_in(out, " loading=\"lazy\" src=\"/m/", owned->media, "\">\n");
        }
        g_string_append_len(out, theirs->str, (gssize)theirs->len);
        put_age(out, owned, page);
        if (owned->hidden) {
                plc_html_in(out, "<p class=\"done\">", page->w->gone, "</p></li>\n");
                return;
        }
        put_places(out, owned, page);
        put_button(out, owned, name, page);
}

static void put_page(plc_serve *s, struct page *page, bool done, plc_http_response *response)
{
        const char *const *site = s->config.languages;

        if (page->w == NULL && (site == NULL || !speak(page, site[0])))
                speak(page, "en");
        GString *out = plc_html_begin(response, page->language, page->w->heading, plc_serve_name(s),
                                      "form-action 'self'; frame-ancestors 'none'");
        plc_html_in(out, "<main class=\"own\"><header><p>", plc_serve_name(s), "</p>");
        plc_html_in(out, "<h1>", page->w->heading, "</h1></header>\n");
        if (done)
                plc_html_in(out, "<p class=\"done\" role=\"status\">", page->w->done, "</p>\n");
        if (page->n == 0)
                plc_html_in(out, "<p class=\"none\">", page->w->none, "</p>\n");
        else
                g_string_append_printf(out, "<ol class=\"items\">%s</ol>\n", page->items->str);
        if (page->left > 1)
                plc_html_in(out, "<form method=\"post\"><button name=\"all\" value=\"1\">", page->w->all,
                            "</button></form>\n");
        g_string_append(out, "</main></body></html>\n");
        plc_http_body_string(response, "text/html; charset=utf-8", out);
        plc_http_set(response, "X-Robots-Tag", "noindex, nofollow, noarchive");
        plc_http_set(response, "Cache-Control", "no-store");
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
        const char *lang = plc_http_param(request, "lang");
        g_autofree char *asked = plc_serve_asked(request, lang);
        struct page page = {.items = g_string_new(NULL)};
        bool ok;

        speak(&page, asked);
        ok = plc_serve_lang_fits(lang, error) &&
             plc_index_read_begin(s->reader, s->config.now(s->config.now_context), &page.state, error) &&
             plc_index_list_owned(s->reader, owner, page.state.now, ITEMS_MAX, put_item, &page, error);
        plc_index_read_end(s->reader);
        if (ok)
                put_page(s, &page, done, response);
        g_string_free(page.items, TRUE);
        g_free(page.countries);
        g_free(page.language);
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

/* What it names is theirs and shown; for all, one item stands for whose it is. *out_new false: nothing is left to do;
 * *out_others: as it is somebody else's. */
static bool find(plc_serve *s, const char *owner, struct plc_spool_withdrawal *w, bool *out_new, bool *out_others,
                 GError **error)
{
        struct plc_index_state state;
        bool theirs = false;
        bool ok = plc_index_read_begin(s->reader, s->config.now(s->config.now_context), &state, error);

        if (ok && w->all)
                ok = plc_index_list_owned(s->reader, owner, state.now, 1, take_first, w, error);
        ok = ok && plc_index_owns(s->reader, owner, w->item, &theirs, out_others, error);
        *out_new = ok && theirs && (w->all || !plc_index_hides(s->reader, w->item));
        plc_index_read_end(s->reader);
        return ok;
}

bool plc_route_withdraw(const plc_http_request *request, plc_http_response *response, void *context, GError **error)
{
        plc_serve *s = context;
        struct plc_spool_withdrawal w = {.all = false};
        char owner[PLC_SHA256_HEX_SIZE];
        bool is_new, others = false;

        if (!read_token(request, owner, error) || !plc_serve_lang_fits(plc_http_param(request, "lang"), error) ||
            !read_wish(request, &w, error) || !find(s, owner, &w, &is_new, &others, error))
                return false;
        g_strlcpy(w.token, plc_http_part(request, "token"), sizeof w.token);
        if (is_new && !plc_serve_mail_withdraw(s, &w, error))
                return false;
        return answer(s, request, owner, !others, response, error); /* of another's, nothing was taken back */
}
