/*
 * How does an item look in a mail? See email_body.h. Outlook for Windows takes widths from attributes alone, Gmail
 * drops style sheets and classes: every rule stands in the element, and every size twice.
 */
#include "publish/email_body.h"

#include <string.h>

#include "base/json.h"
#include "index/documents.h"
#include "index/email.h"
#include "text/labels.h"
#include "text/language_tag.h"
#include "text/locale.h"

#define FONT "font-family:Arial,Helvetica,sans-serif;"
#define SMALL FONT "font-size:13px;line-height:18px;color:#555555;"
#define TEXT FONT "font-size:16px;line-height:24px;color:#222222;"

/* Controls become references, so that PLC_INDEX_EMAIL_BASE stands nowhere but where we write it. An apostrophe is none:
 * Outlook for Windows knows no &apos; (HTML 4 has none) and writes it out, and every attribute stands in double quotes.
 */
static void put(GString *out, const char *text)
{
        g_autofree char *escaped = g_markup_escape_text(text, -1);
        char *at = escaped;

        for (char *apostrophe; (apostrophe = strstr(at, "&apos;")) != NULL; at = apostrophe + strlen("&apos;")) {
                g_string_append_len(out, at, apostrophe - at);
                g_string_append_c(out, '\'');
        }
        g_string_append(out, at);
}

static void put_lines(GString *out, const char *text)
{
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

        for (char **line = lines; *line != NULL; line++) {
                if (line != lines)
                        g_string_append(out, "<br>");
                put(out, *line);
        }
}

static char *link_of(const struct plc_email_content *c)
{
        const char *at = c->product_url != NULL ? strstr(c->product_url, "{id}") : NULL;
        g_autofree char *id = NULL;

        if (at == NULL || c->product == NULL)
                return NULL;
        id = g_uri_escape_string(c->product, NULL, FALSE);
        return g_strdup_printf("%.*s%s%s", (int)(at - c->product_url), c->product_url, id, at + strlen("{id}"));
}

static char *alt_of(const struct plc_email_content *c)
{
        return g_strdup(c->item->alt != NULL && c->item->alt[0] != '\0' ? c->item->alt : c->title);
}

static const char *language_of(const struct plc_index_item *item)
{
        return item->language != NULL && item->language[0] != '\0' ? item->language : "und";
}

static int stars_of(const struct plc_index_item *item)
{
        return item->has_rating ? plc_index_stars(item->rating, item->rating_min, item->rating_max) : 0;
}

/* ★★★★☆ */
static char *five_of(int stars)
{
        GString *out = g_string_new(NULL);

        for (int i = 1; i <= 5; i++)
                g_string_append(out, i <= stars ? "★" : "☆");
        return g_string_free(out, FALSE);
}

static const char *verified(const struct plc_email_content *c)
{
        return c->item->verification != NULL ? plc_text_label("verification", c->item->verification, c->language)
                                             : NULL;
}

/* What must be disclosed is told even where no language has a word for it. */
static const char *disclosed(const struct plc_email_content *c)
{
        const char *label = c->connection[0] != '\0' ? plc_text_label("disclosure", c->connection, c->language) : NULL;

        return label != NULL || c->connection[0] == '\0' ? label : c->connection;
}

/* Who, from where, how it is known, and what must be told: one small line. */
static void put_byline(GString *out, const struct plc_email_content *c)
{
        const char *name = c->named ? c->item->author : NULL;
        const char *code = c->named && c->item->kind == PLC_INDEX_REVIEW ? c->item->country : NULL;
        g_autofree char *country = code != NULL ? plc_locale_country(c->language, code) : NULL;
        const char *parts[] = {name, country, verified(c), disclosed(c)};
        bool any = false;

        for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
                if (parts[i] == NULL)
                        continue;
                g_string_append(out, any ? " · " : "<div style=\"" SMALL "padding:6px 0 0 0;\">");
                put(out, parts[i]);
                any = true;
        }
        g_string_append(out, any ? "</div>" : "");
}

static void put_photo(GString *out, const struct plc_email_content *c, const struct plc_email_photo *photo)
{
        g_autofree char *link = link_of(c), *alt = alt_of(c);

        if (link != NULL) {
                g_string_append(out, "<a href=\"");
                put(out, link);
                g_string_append(out, "\" target=\"_blank\" style=\"text-decoration:none;\">");
        }
        g_string_append_printf(out,
                               "<img src=\"%c/e/%s\" width=\"%" G_GINT64_FORMAT "\" height=\"%" G_GINT64_FORMAT
                               "\" border=\"0\" lang=\"",
                               PLC_INDEX_EMAIL_BASE, photo->slot, photo->width, photo->height);
        put(out, language_of(c->item));
        g_string_append(out, "\" alt=\"");
        put(out, alt);
        g_string_append_printf(out,
                               "\" style=\"display:block;width:%" G_GINT64_FORMAT
                               "px;max-width:100%%;height:auto;border:0;outline:none;text-decoration:none;" SMALL
                               "\">%s",
                               photo->width, link != NULL ? "</a>" : "");
        put_byline(out, c);
}

static void put_linked(GString *out, const char *link, const char *text)
{
        if (link != NULL) {
                g_string_append(out, "<a href=\"");
                put(out, link);
                g_string_append(out, "\" target=\"_blank\" style=\"color:#222222;text-decoration:none;\">");
        }
        put(out, text);
        g_string_append(out, link != NULL ? "</a>" : "");
}

static void put_review(GString *out, const struct plc_email_content *c)
{
        const struct plc_index_item *item = c->item;
        const char *language = language_of(item);
        g_autofree char *link = link_of(c), *five = five_of(stars_of(item));
        bool brief = c->excerpt && item->excerpt != NULL;

        if (stars_of(item) > 0)
                g_string_append_printf(out,
                                       "<div style=\"" FONT
                                       "font-size:18px;line-height:22px;color:#8a5a00;\">%s <span style=\"" SMALL
                                       "\">%d/5</span></div>",
                                       five, stars_of(item));
        g_string_append(out, "<div lang=\"");
        put(out, language);
        g_string_append_printf(out, "\" dir=\"%s\" style=\"" TEXT "padding:4px 0 0 0;\">",
                               plc_text_direction(language));
        if (item->title != NULL && item->title[0] != '\0') {
                g_string_append(out, "<strong>");
                put_linked(out, link, item->title);
                g_string_append(out, "</strong><br>");
        }
        put_lines(out, brief ? item->excerpt : item->text);
        g_string_append(out, "</div>");
        put_byline(out, c);
}

char *plc_email_html(const struct plc_email_content *c, const struct plc_email_photo *photo)
{
        GString *out = g_string_new(NULL);

        if (photo != NULL)
                put_photo(out, c, photo);
        else
                put_review(out, c);
        return g_string_free(out, FALSE);
}

static void put_address(GString *out, const char *member, const char *slot)
{
        g_autofree char *address = g_strdup_printf("\"%c/e/%s\"", PLC_INDEX_EMAIL_BASE, slot);

        plc_jw_raw(out, member, address);
}

static void put_photos(GString *out, const struct plc_email_content *c)
{
        g_autofree char *alt = alt_of(c);
        const struct plc_email_photo *first = &c->photos[0];

        plc_jw_string(out, "alt", alt);
        put_address(out, "image_url", first->slot);
        plc_jw_int(out, "image_width", first->width);
        plc_jw_int(out, "image_height", first->height);
        plc_jw_object(out, "images");
        for (size_t i = 0; i < c->n_photos; i++) {
                plc_jw_object(out, c->photos[i].preset);
                put_address(out, "url", c->photos[i].slot);
                plc_jw_int(out, "width", c->photos[i].width);
                plc_jw_int(out, "height", c->photos[i].height);
                plc_jw_end_object(out);
        }
        plc_jw_end_object(out);
        plc_jw_string(out, "source_type", c->item->source_type);
}

static void put_text(GString *out, const struct plc_email_content *c)
{
        const struct plc_index_item *item = c->item;
        int stars = stars_of(item);
        g_autofree char *five = five_of(stars);

        plc_jw_string(out, "title", item->title);
        plc_jw_string(out, "text", item->text);
        plc_jw_string(out, "excerpt", c->excerpt ? item->excerpt : NULL);
        if (stars > 0)
                plc_jw_int(out, "stars", stars);
        else
                plc_jw_null(out, "stars");
        plc_jw_string(out, "stars_text", stars > 0 ? five : NULL);
        plc_jw_string(out, "country", c->named ? item->country : NULL);
}

char *plc_email_json(const struct plc_email_content *c)
{
        const struct plc_index_item *item = c->item;
        g_autofree char *link = link_of(c);
        GString *out = g_string_new(NULL);

        plc_jw_object(out, NULL);
        plc_jw_string(out, "id", item->id);
        plc_jw_string(out, "kind", item->kind == PLC_INDEX_PHOTO ? "photo" : "review");
        plc_jw_string(out, "product", c->product);
        plc_jw_string(out, "link", link);
        plc_jw_string(out, "lang", language_of(item));
        plc_jw_string(out, "dir", plc_text_direction(language_of(item)));
        plc_jw_string(out, "author", c->named ? item->author : NULL);
        if (item->kind == PLC_INDEX_PHOTO)
                put_photos(out, c);
        else
                put_text(out, c);
        plc_jw_time(out, "written_at", item->written_at);
        plc_jw_string(out, "verification", verified(c));
        plc_jw_string(out, "disclosure", disclosed(c));
        plc_jw_end_object(out);
        return g_string_free(out, FALSE);
}
