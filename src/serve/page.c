/*
 * What does the page without JavaScript look like? It is made of the same JSON answer that widgets get, so it cannot
 * show more than that. Photos are shown whole: a crop by CSS would be a crop, which not every permission covers.
 */
#include "base/clock.h"
#include "base/json.h"
#include "serve/internal.h"
#include "text/locale.h"
#include <string.h>

static const char *string_of(plc_json *object, const char *name)
{
        plc_json *value = object != NULL ? plc_json_member(object, name) : NULL;
        return value != NULL && plc_json_typeof(value) == PLC_JSON_STRING ? plc_json_string(value) : NULL;
}

static double number_of(plc_json *object, const char *name)
{
        plc_json *value = object != NULL ? plc_json_member(object, name) : NULL;
        return value != NULL && (plc_json_typeof(value) == PLC_JSON_INT || plc_json_typeof(value) == PLC_JSON_REAL)
                       ? plc_json_real(value)
                       : 0;
}

static char *decimal(double value, const char *format)
{
        char buffer[G_ASCII_DTOSTR_BUF_SIZE];
        return g_strdup(g_ascii_formatd(buffer, sizeof buffer, format, value));
}

/* --- pieces of the page
 * --------------------------------------------------------------------------------------------------------- */

/* Five stars of 24 units, filled up to the share: a nested svg clips. */
static void put_stars(GString *out, double share, const char *told)
{
        g_autofree char *width = decimal(CLAMP(share, 0, 1) * 120, "%.1f");
        g_string_append(out, "<svg class=\"stars\" viewBox=\"0 0 120 24\" role=\"img\" aria-label=\"");
        plc_html_text(out, told);
        g_string_append_printf(
                out,
                "\"><use href=\"#s\" class=\"off\"/><svg width=\"%s\" height=\"24\" viewBox=\"0 0 %s 24\">"
                "<use href=\"#s\" class=\"on\"/></svg></svg>",
                width, width);
}

static void put_symbol(GString *out)
{
        g_string_append(out, "<svg class=\"defs\" aria-hidden=\"true\"><defs><g id=\"s\">");
        for (int i = 0; i < 5; i++)
                g_string_append_printf(
                        out,
                        "<path transform=\"translate(%d 0)\" d=\"M12 1.8l3.1 6.5 7.1.9-5.2 4.9 1.3 7L12 17.7l-6.3 "
                        "3.4 1.3-7L1.8 9.2l7.1-.9z\"/>",
                        24 * i);
        g_string_append(out, "</g></defs></svg>\n");
}

static void put_summary(GString *out, plc_json *summary, const struct plc_serve_words *w)
{
        double count = number_of(summary, "count"), average = number_of(summary, "average");
        plc_json *stars = summary != NULL ? plc_json_member(summary, "histogram") : NULL;
        if (count <= 0 || stars == NULL)
                return;
        g_autofree char *value = plc_locale_number(w->language, average, 1, 1);
        g_autofree char *counted = plc_locale_counted(w->language, w->reviews, count);
        g_autofree char *told = g_strdup_printf("%s / 5", value);

        g_string_append_printf(out, "<section class=\"sum\"><div><span class=\"avg\">%s</span>", value);
        put_stars(out, average / 5, told);
        g_string_append_printf(out, "<small>%s</small></div>\n<ol class=\"hist\">", counted);
        for (int star = 5; star >= 1; star--) {
                double n = plc_json_real(plc_json_value(stars, (size_t)star - 1));
                g_autofree char *named = plc_locale_number(w->language, star, 0, 0);
                g_autofree char *many = plc_locale_number(w->language, n, 0, 0);
                g_string_append_printf(
                        out,
                        "<li><span>%s ★</span><svg class=\"bar\" viewBox=\"0 0 100 8\" "
                        "preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"off\" width=\"100\" "
                        "height=\"8\"/><rect class=\"on\" width=\"%.0f\" height=\"8\"/></svg><span>%s</span></li>",
                        named, n / count * 100, many); /* of all reviews: a bar that is full says "everybody" */
        }
        g_string_append(out, "</ol></section>\n");
}

static void put_srcset(GString *out, plc_json *srcset)
{
        for (size_t i = 0; i < plc_json_size(srcset); i++) {
                plc_json *pair = plc_json_element(srcset, i);
                g_string_append(out, i > 0 ? ", " : "");
                plc_html_text(out, plc_json_string(plc_json_element(pair, 0)));
                g_string_append_printf(out, " %dw", (int)plc_json_int(plc_json_element(pair, 1)));
        }
}

/* The file nearest above `width`, else the widest: for browsers that know no srcset, and for the link to the large one.
 */
static const char *file_of_width(plc_json *srcset, int64_t width)
{
        size_t n = plc_json_size(srcset), i = 0;
        while (i + 1 < n && plc_json_int(plc_json_element(plc_json_element(srcset, i), 1)) < width)
                i++;
        return plc_json_string(plc_json_element(plc_json_element(srcset, i), 0));
}

/* To the form of report_page.c; told apart for those who hear only the links. */
static void put_report(GString *out, plc_json *of, const char *whose, const struct plc_serve_words *w)
{
        plc_html_in(out, "<a class=\"report\" rel=\"nofollow\" href=\"/v1/report?item=", string_of(of, "id"),
                    "&amp;lang=");
        g_string_append_printf(out, "%s\" aria-label=\"%s", w->language, w->report);
        plc_html_in(out, ": ", whose, "");
        plc_html_in(out, "\">", w->report, "</a>");
}

/* What a photo without an alternative text is called, as in the widget: the link around it needs a name (WCAG 2.4.4).
 */
static char *name_of(plc_json *photo, const struct plc_serve_words *w)
{
        const char *credit = string_of(photo, "credit");

        return credit != NULL ? g_strconcat(w->photo, credit, NULL) : g_strdup(w->photos);
}

static void put_photo(GString *out, plc_json *photo, const struct plc_serve_words *w, bool alone, bool first)
{
        plc_json *sources = plc_json_member(photo, "sources");
        size_t n = sources != NULL ? plc_json_size(sources) : 0;
        double width = number_of(photo, "width"), height = number_of(photo, "height");
        const char *alt = string_of(photo, "alt");
        if (n == 0 || height <= 0)
                return;
        g_autofree char *name = alt == NULL || alt[0] == '\0' ? name_of(photo, w) : NULL;
        /* As drawn, where there is room: the style sheet makes it smaller where there is not, whatever its shape. */
        double drawn = MIN(height, alone ? 336 : 240), wide = drawn * width / height;
        g_autofree char *sizes = g_strdup_printf("min(86vw, %.0fpx)", wide);
        plc_json *last = plc_json_member(plc_json_element(sources, n - 1), "srcset");

        g_string_append(out, "<figure><a href=\"");
        plc_html_text(out, file_of_width(last, 2048));
        g_string_append(out, "\"><picture>");
        for (size_t i = 0; i + 1 < n; i++) {
                plc_json *source = plc_json_element(sources, i);
                plc_html_in(out, "<source type=\"", string_of(source, "type"), "\" srcset=\"");
                put_srcset(out, plc_json_member(source, "srcset"));
                g_string_append_printf(out, "\" sizes=\"%s\">", sizes);
        }
        g_string_append(out, "<img src=\"");
        plc_html_text(out, file_of_width(last, 640));
        g_string_append(out, "\" srcset=\"");
        put_srcset(out, last);
        g_string_append_printf(out, "\" sizes=\"%s\" width=\"%.0f\" height=\"%.0f\"%s decoding=\"async\" alt=\"", sizes,
                               wide, drawn, first ? " fetchpriority=\"high\"" : " loading=\"lazy\"");
        plc_html_text(out, name != NULL ? name : alt);
        if (name == NULL)
                plc_html_in(out, "\" lang=\"", string_of(photo, "lang"), "");
        g_string_append(out, "\"></picture></a>");
        const char *credit = string_of(photo, "credit");
        g_string_append(out, "<figcaption>");
        g_string_append(out, credit != NULL ? w->photo : "");
        plc_html_in(out, "<bdi>", credit, "</bdi> · ");
        plc_html_in(out, "", string_of(plc_json_member(photo, "disclosure"), "label"), " · ");
        put_report(out, photo, name != NULL ? name : alt, w);
        g_string_append(out, "</figcaption></figure>\n");
}

static void put_text(GString *out, const char *open, plc_json *of, const char *name, const char *close)
{
        const char *text = string_of(of, name);
        if (text == NULL || text[0] == '\0')
                return;
        g_string_append(out, open);
        plc_html_in(out, " lang=\"", string_of(of, "lang"), "\"");
        plc_html_in(out, " dir=\"", string_of(of, "dir"), "\"");
        g_string_append_c(out, '>');
        plc_html_text(out, text);
        g_string_append(out, close);
}

static void put_top(GString *out, plc_json *item, const struct plc_serve_words *w)
{
        plc_json *rating = plc_json_member(item, "rating");
        const char *written = string_of(item, "written_at");

        g_string_append(out, "<div class=\"top\">");
        if (rating != NULL) {
                double min = number_of(rating, "min"), max = number_of(rating, "max"),
                       value = number_of(rating, "value");
                g_autofree char *a = plc_locale_number(w->language, value, 0, 1);
                g_autofree char *b = plc_locale_number(w->language, max, 0, 1);
                g_autofree char *told = g_strdup_printf("%s / %s", a, b);
                put_stars(out, max > min ? (1 + 4 * (value - min) / (max - min)) / 5 : 0, told);
        }
        plc_html_in(out, "<b><bdi>", string_of(item, "author"), "</bdi></b>");
        const char *country = string_of(item, "country");
        g_autofree char *named = country != NULL ? plc_locale_country(w->language, country) : NULL;
        plc_html_in(out, "<span>", named, "</span>");
        int64_t ms;
        if (written != NULL && plc_time_parse(written, &ms)) {
                /* The date, not how long ago it was: an answer may be kept by a cache for days. */
                g_autofree char *date = plc_locale_date(w->language, ms);
                g_string_append_printf(out, "<time datetime=\"%.10s\">", written);
                plc_html_in(out, "", date, "</time>");
        }
        plc_html_in(out, "<span class=\"ok\">", string_of(plc_json_member(item, "verification"), "label"), "</span>");
        plc_json *disclosure = plc_json_member(item, "disclosure");
        const char *told = string_of(disclosure, "label");
        plc_html_in(out, "<span class=\"note\">", told != NULL ? told : string_of(disclosure, "connection"), "</span>");
        put_report(out, item, string_of(item, "author"), w);
        g_string_append(out, "</div>\n");
}

static void put_item(GString *out, plc_json *item, const struct plc_serve_words *w, bool first)
{
        plc_json *photos = plc_json_member(item, "photos");
        size_t n = photos != NULL ? plc_json_size(photos) : 0;

        plc_html_in(out, "<li class=\"item\" id=\"", string_of(item, "id"), "\">");
        put_top(out, item, w);
        put_text(out, "<h2", item, "title", "</h2>\n");
        put_text(out, "<blockquote", item, "text", "</blockquote>\n");
        plc_json *translation = plc_json_member(item, "translation");
        if (translation != NULL) {
                const char *by = string_of(translation, "by");
                g_autofree char *label = plc_locale_chosen(w->language, w->translation, by != NULL ? by : "human");
                plc_html_in(out, "<div class=\"tr\"><p>", label, "</p>\n");
                put_text(out, "<blockquote", translation, "text", "</blockquote></div>\n");
        }
        if (n > 0) {
                g_string_append(out, n == 1 ? "<div class=\"photos one\">" : "<div class=\"photos\">");
                for (size_t i = 0; i < n; i++)
                        put_photo(out, plc_json_element(photos, i), w, n == 1, first && i == 0);
                g_string_append(out, "</div>");
        }
        g_string_append(out, "</li>\n");
}

/* --- the page
 * -------------------------------------------------------------------------------------------------------------------
 */

static void put_body(GString *out, plc_serve *s, plc_json *answer, const struct plc_serve_words *w, const char *product)
{
        plc_json *items = plc_json_member(answer, "items");
        size_t n = plc_json_size(items);
        const char *next = string_of(answer, "next");
        bool first = true;

        g_string_append(out, "<main class=\"reviews\"><header><p>");
        plc_html_text(out, plc_serve_name(s));
        plc_html_in(out, " · ", product, "</p>");
        plc_html_in(out, "<h1>", w->heading, "</h1></header>\n");
        put_summary(out, plc_json_member(answer, "summary"), w);
        g_string_append(out, "<ol class=\"items\">\n");
        for (size_t i = 0; i < n; i++) {
                plc_json *item = plc_json_element(items, i);
                plc_json *photos = plc_json_member(item, "photos");
                put_item(out, item, w, first);
                first = first && (photos == NULL || plc_json_size(photos) == 0);
        }
        g_string_append(out, "</ol>\n");
        if (n == 0)
                plc_html_in(out, "<p class=\"none\">", w->none, "</p>\n");
        const char *question = next != NULL ? strchr(next, '?') : NULL;
        if (question != NULL) {
                plc_html_in(out, "<p class=\"more\"><a rel=\"next\" href=\"", question, "\">");
                plc_html_in(out, "", w->more, "</a></p>\n");
        }
        g_string_append(out, "</main></body></html>\n");
}

bool plc_route_page(const plc_http_request *request, plc_http_response *response, void *context, GError **error)
{
        static const struct plc_json_limits limits = {.max_bytes = (size_t)64 << 20, .max_depth = 16};
        plc_serve *s = context;
        struct plc_serve_question q;
        GString *json = NULL;
        int64_t until = 0;
        g_autoptr(plc_json) answer = NULL;

        bool ok = plc_serve_question_begin(s, request, &q, error) &&
                  plc_serve_product_list(s, request, &q, PLC_INDEX_REVIEW, "reviews.html", NULL, &json, &until, error);
        if (ok) {
                answer = plc_json_parse(json->str, json->len, "answer", &limits, error);
                ok = answer != NULL;
                g_string_free(json, TRUE);
        }
        if (ok) {
                char room[PLC_SERVE_LOCALE_SIZE];
                const struct plc_serve_words own = plc_serve_words_of_reader(q.labels, room), *w = &own;
                const char *product = plc_http_part(request, "id");
                GString *out = plc_html_begin(response, w->language, w->heading, product, "form-action 'none'");
                put_symbol(out);
                put_body(out, s, answer, w, product);
                plc_serve_tag(response, "product", product);
                plc_serve_finish(s, request, &q, response, "text/html; charset=utf-8", out, NULL, until);
        }
        plc_serve_question_end(s, &q);
        return ok;
}
