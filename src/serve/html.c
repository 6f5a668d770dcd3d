/*
 * What do the pages of placet-serve have in common? One way to write a stranger's words into them, one style sheet, and
 * a policy (CSP level 3) that names the sheet by its hash, so that nothing which slipped into a text could style or
 * run.
 */
#include "base/embed.h"
#include "base/hash.h"
#include "serve/internal.h"
#include "text/language_tag.h"
#include <string.h>

PLC_EMBED(plc_page_css, "src/serve/page.css");

/* Text and attribute values alike (HTML 13.3). */
void plc_html_text(GString *out, const char *text)
{
        for (const char *c = text; *c != '\0'; c++) {
                switch (*c) {
                case '&':
                        g_string_append(out, "&amp;");
                        break;
                case '<':
                        g_string_append(out, "&lt;");
                        break;
                case '>':
                        g_string_append(out, "&gt;");
                        break;
                case '"':
                        g_string_append(out, "&quot;");
                        break;
                case '\'':
                        g_string_append(out, "&#39;");
                        break;
                default:
                        g_string_append_c(out, *c);
                }
        }
}

void plc_html_in(GString *out, const char *open, const char *text, const char *close)
{
        if (text == NULL)
                return;
        g_string_append(out, open);
        plc_html_text(out, text);
        g_string_append(out, close);
}

const char *plc_serve_name(const plc_serve *s)
{
        return s->config.name != NULL && s->config.name[0] != '\0' ? s->config.name : "Placet";
}

bool plc_serve_lang_fits(const char *lang, GError **error)
{
        g_autofree char *tag = lang != NULL && strlen(lang) <= 35 ? plc_text_canonical_tag(lang) : NULL;

        return lang == NULL || tag != NULL ||
               plc_http_bad_param(error, "lang", "a language tag (BCP 47), such as de or pt-BR");
}

GString *plc_html_begin(plc_http_response *response, const char *language, const char *title, const char *of,
                        const char *policy)
{
        GString *out = g_string_sized_new(32768);
        uint8_t digest[PLC_SHA256_LEN];

        g_string_append_printf(out, "<!doctype html>\n<html lang=\"%s\" dir=\"%s\"><head><meta charset=\"utf-8\">",
                               language, plc_text_direction(language));
        g_string_append(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                             "<meta name=\"color-scheme\" content=\"light dark\">");
        plc_html_in(out, "<title>", title, of != NULL ? " · " : "");
        plc_html_in(out, "", of, "");
        g_string_append_printf(out, "</title><style>%s</style></head><body>\n", plc_page_css);

        plc_sha256(plc_page_css, strlen(plc_page_css), digest);
        g_autofree char *base64 = g_base64_encode(digest, sizeof digest);
        g_autofree char *full = g_strdup_printf(
                "default-src 'none'; img-src 'self'; style-src 'sha256-%s'; base-uri 'none'; %s", base64, policy);
        plc_http_set(response, "Content-Security-Policy", full);
        return out;
}
