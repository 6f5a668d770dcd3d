/*
 * How does a reader report without JavaScript? A form at the address that takes it, and an answer to be read. The form
 * looks nothing up: whether there is such an item is told to nobody.
 */
#include "base/id.h"
#include "serve/internal.h"
#include "spool/spool.h"
#include <string.h>

#define REASONS 9

struct words {
        const char *language, *heading, *why;
        const char *reasons[REASONS]; /* as plc_spool_reasons */
        const char *text, *contact, *send, *done, *later;
};

static const struct words words[] = {
#define PLC_REPORT(language, heading, why, a, b, c, d, e, f, g, h, i, ...)                                             \
        {language, heading, why, {a, b, c, d, e, f, g, h, i}, __VA_ARGS__},
#include "serve/report.def"
#undef PLC_REPORT
};

/* In the language of the page or widget that led here, else of the reader's browser, else in the site's first. */
static const struct words *words_for(const plc_serve *s, const plc_http_request *request)
{
        const char *const *site = s->config.languages;
        g_autofree char *asked = plc_serve_asked(request, plc_http_param(request, "lang"));
        size_t row = plc_serve_row_for(asked, words, G_N_ELEMENTS(words), sizeof words[0]);

        if (row == G_N_ELEMENTS(words) && site != NULL)
                row = plc_serve_row_for(site[0], words, G_N_ELEMENTS(words), sizeof words[0]);
        return &words[row < G_N_ELEMENTS(words) ? row : 0];
}

static GString *begin(plc_serve *s, plc_http_response *response, const struct words *w)
{
        GString *out = plc_html_begin(response, w->language, w->heading, plc_serve_name(s),
                                      "form-action 'self'; frame-ancestors 'none'");

        plc_http_set(response, "X-Robots-Tag", "noindex, nofollow");
        plc_html_in(out, "<main class=\"form\"><header><p>", plc_serve_name(s), "</p>");
        plc_html_in(out, "<h1>", w->heading, "</h1></header>\n");
        return out;
}

static void put_reasons(GString *out, const struct words *w)
{
        plc_html_in(out, "<fieldset><legend>", w->why, "</legend>\n");
        for (size_t i = 0; i < REASONS; i++) {
                g_string_append_printf(out, "<label><input type=\"radio\" name=\"reason\" value=\"%s\" required>",
                                       plc_spool_reasons[i].word);
                plc_html_in(out, " ", w->reasons[i], "</label>\n");
        }
        g_string_append(out, "</fieldset>\n");
}

bool plc_route_report_form(const plc_http_request *request, plc_http_response *response, void *context, GError **error)
{
        plc_serve *s = context;
        const char *item = plc_http_param(request, "item"), *lang = plc_http_param(request, "lang");

        if (item == NULL || !plc_id_valid(item))
                return plc_http_bad_param(error, "item", "the id of an item, as it stands in answers");
        if (!plc_serve_lang_fits(lang, error))
                return false;
        const struct words *w = words_for(s, request);
        GString *out = begin(s, response, w);

        g_string_append_printf(out, "<form method=\"post\" action=\"/v1/report?lang=%s\">", w->language);
        plc_html_in(out, "<input type=\"hidden\" name=\"item\" value=\"", item, "\">\n");
        put_reasons(out, w);
        plc_html_in(out, "<label>", w->text, "");
        g_string_append_printf(out,
                               "<textarea name=\"text\" rows=\"4\" maxlength=\"%d\" dir=\"auto\"></textarea></label>\n",
                               PLC_SPOOL_TEXT_MAX);
        plc_html_in(out, "<label>", w->contact, "");
        g_string_append_printf(
                out, "<input name=\"contact\" maxlength=\"%d\" autocomplete=\"email\" dir=\"auto\"></label>\n",
                PLC_SPOOL_CONTACT_MAX);
        plc_html_in(out, "<button>", w->send, "</button></form></main></body></html>\n");
        plc_http_body_string(response, "text/html; charset=utf-8", out);
        plc_http_set(response, "Cache-Control", "no-store");
        return true;
}

bool plc_serve_wants_page(const plc_http_request *request)
{
        const char *accept = plc_http_header(request, "Accept");

        return accept != NULL && strstr(accept, "text/html") != NULL;
}

void plc_serve_report_page(plc_serve *s, const plc_http_request *request, plc_http_response *response,
                           const char *reference)
{
        const struct words *w = words_for(s, request);
        GString *out = begin(s, response, w);

        plc_html_in(out, "<p role=\"status\">", reference != NULL ? w->done : w->later, "");
        plc_html_in(out, "<code>", reference, "</code>");
        g_string_append(out, "</p></main></body></html>\n");
        plc_http_body_string(response, "text/html; charset=utf-8", out);
        plc_http_set(response, "Cache-Control", "no-store");
}
