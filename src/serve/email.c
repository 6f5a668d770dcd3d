/*
 * What is a mail built from? A bundle's pieces as they lie in the index, put together: as a table of HTML, or as a feed
 * of JSON. For all of the bundle's territories together, as nobody knows where a mail is read.
 */
#include "index/email.h"
#include "base/clock.h"
#include "base/json.h"
#include "serve/internal.h"
#include "text/language_tag.h"
#include <string.h>

#define HTML_MAX 60000   /* bytes: programs that send mails advise it, and Gmail cuts a whole mail off at 102 KB */
#define JSON_MAX 3300000 /* bytes: no more of a feed is read (Klaviyo) */
#define TABLE_WIDTH 600
#define GUTTER 20 /* at least, between two photos */

struct putting {
        GString *out;
        const char *base; /* before paths of ours */
        size_t max, limit, count;
        int64_t columns, column, width; /* of the row that is open: 0 columns if none is */
};

/* The body with our own address where it belongs. */
static void append_body(struct putting *p, const char *body)
{
        for (const char *at = body, *mark; *at != '\0'; at = mark + 1) {
                mark = strchr(at, PLC_INDEX_EMAIL_BASE);
                if (mark == NULL) {
                        g_string_append(p->out, at);
                        return;
                }
                g_string_append_len(p->out, at, mark - at);
                g_string_append(p->out, p->base);
        }
}

/* --- HTML */

static void end_row(struct putting *p)
{
        if (p->columns == 0)
                return;
        g_string_append(p->out, "</tr></table></td></tr>\n");
        p->columns = 0;
}

/* Photos of one width stand side by side as many as fit; a table of its own for each row, as Outlook keeps columns. */
static void begin_cell(struct putting *p, int64_t width)
{
        int64_t columns = width > 0 ? CLAMP((TABLE_WIDTH + GUTTER) / (width + GUTTER), 1, 6) : 1;
        int64_t cell = width > 0 ? width : TABLE_WIDTH;

        if (p->columns != 0 && p->width == width && p->column < p->columns) {
                int64_t gap = (TABLE_WIDTH - columns * width) / (columns - 1);

                g_string_append_printf(p->out,
                                       "<td width=\"%" G_GINT64_FORMAT "\" style=\"width:%" G_GINT64_FORMAT
                                       "px;font-size:0;line-height:0;\">&nbsp;</td>",
                                       gap, gap);
        } else {
                end_row(p);
                g_string_append(p->out, "<tr><td style=\"padding:0 0 20px 0;\"><table role=\"presentation\" "
                                        "cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>");
                p->columns = columns;
                p->column = 0;
                p->width = width;
        }
        p->column++;
        g_string_append_printf(p->out,
                               "<td width=\"%" G_GINT64_FORMAT "\" valign=\"top\" style=\"width:%" G_GINT64_FORMAT
                               "px;vertical-align:top;\">",
                               cell, cell);
}

static bool put_html(int64_t width, const char *body, void *data)
{
        struct putting *p = data;
        size_t whole = p->out->len;
        struct putting before = *p;

        if (p->count == p->limit)
                return false;
        begin_cell(p, width);
        append_body(p, body);
        g_string_append(p->out, "</td>");
        if (p->out->len > p->max) {
                g_string_truncate(p->out, whole);
                *p = before;
                return false;
        }
        p->count++;
        return true;
}

static void begin_table(GString *out, const char *language)
{
        g_string_append_printf(out,
                               "<table role=\"presentation\" lang=\"%s\" dir=\"%s\" width=\"%d\" align=\"center\" "
                               "cellpadding=\"0\" cellspacing=\"0\" border=\"0\" "
                               "style=\"width:%dpx;max-width:100%%;border-collapse:collapse;\">\n",
                               language, plc_text_direction(language), TABLE_WIDTH, TABLE_WIDTH);
}

/* --- JSON */

static bool put_json(int64_t width, const char *body, void *data)
{
        struct putting *p = data;
        size_t whole = p->out->len;

        (void)width;
        if (p->count > 0)
                g_string_append_c(p->out, ',');
        append_body(p, body);
        if (p->out->len > p->max) {
                g_string_truncate(p->out, whole);
                return false;
        }
        p->count++;
        return true;
}

/* --- both */

struct asking {
        struct plc_serve_question q;
        struct plc_index_email_head head;
        const char *language; /* of the site's, as the pieces were made */
        char *base;
};

static void asking_clear(plc_serve *s, struct asking *a)
{
        plc_index_email_head_clear(&a->head);
        plc_serve_question_end(s, &a->q);
        g_free(a->base);
}

static char *own_address(const plc_serve *s)
{
        const char *given = s->config.public_url;
        size_t size = given != NULL ? strlen(given) : 0;

        while (size > 0 && given[size - 1] == '/')
                size--;
        return size > 0 ? g_strndup(given, size) : g_strdup_printf("http://%s", plc_http_server_address(s->http));
}

static bool begin_asking(plc_serve *s, const plc_http_request *request, struct asking *out, GError **error)
{
        const char *const *site = s->config.languages;

        *out = (struct asking){.base = own_address(s)};
        if (!plc_serve_question_begin(s, request, &out->q, error))
                return false;
        out->q.territory_from_header = false; /* the reader of this is no reader of the mail */
        if (out->q.state.dark)
                return plc_fail(error, PLC_E_NOT_FOUND, "the lease has run out");
        out->language = out->q.index.language[0] != '\0'  ? out->q.index.language
                        : site != NULL && site[0] != NULL ? site[0]
                                                          : "en";
        return plc_index_email_head(s->reader, plc_http_part(request, "name"), out->q.index.now, &out->head, error);
}

static void finish(plc_serve *s, const plc_http_request *request, plc_http_response *response, const struct asking *a,
                   const char *type, GString *body, int64_t until)
{
        plc_serve_tag(response, "bundle", plc_http_part(request, "name"));
        plc_serve_finish(s, request, &a->q, response, type, body, NULL, MIN(until, a->head.until));
}

static bool read_placement(const plc_http_request *request, const struct asking *a, const char **out, GError **error)
{
        const char *given = plc_http_param(request, "placement");

        *out = given != NULL ? given : a->head.placements[0] != NULL ? a->head.placements[0] : "";
        return given == NULL || g_strv_contains((const char *const *)a->head.placements, given) ||
               plc_http_bad_param(error, "placement", "one of the placements of the bundle, such as email-square");
}

bool plc_route_email_html(const plc_http_request *request, plc_http_response *response, void *context, GError **error)
{
        plc_serve *s = context;
        struct asking a;
        struct putting p = {.max = HTML_MAX};
        const char *placement = NULL;
        int64_t until = PLC_TIME_NEVER;
        bool ok = begin_asking(s, request, &a, error) && read_placement(request, &a, &placement, error);

        if (ok) {
                g_autoptr(GString) out = plc_http_body_new();

                p.out = out;
                p.base = a.base;
                p.limit = (size_t)a.q.limit;
                begin_table(out, a.language);
                ok = plc_index_list_emails(s->reader, plc_http_part(request, "name"), a.language, placement,
                                           a.q.index.now, put_html, &p, &until, error);
                end_row(&p);
                g_string_append(out, "</table>\n");
                if (ok)
                        finish(s, request, response, &a, "text/html; charset=utf-8", g_steal_pointer(&out), until);
        }
        asking_clear(s, &a);
        return ok;
}

bool plc_route_email_json(const plc_http_request *request, plc_http_response *response, void *context, GError **error)
{
        plc_serve *s = context;
        struct asking a;
        struct putting p = {.max = JSON_MAX - 16};
        int64_t until = PLC_TIME_NEVER;
        bool ok = begin_asking(s, request, &a, error);

        if (ok) {
                g_autoptr(GString) out = g_string_sized_new(65536);

                p.out = out;
                p.base = a.base;
                plc_jw_object(out, NULL);
                plc_jw_string(out, "bundle", plc_http_part(request, "name"));
                plc_jw_int(out, "version", a.head.version);
                plc_jw_string(out, "title", a.head.title);
                plc_jw_string(out, "lang", a.language);
                plc_jw_array(out, "items");
                ok = plc_index_list_emails(s->reader, plc_http_part(request, "name"), a.language, PLC_INDEX_EMAIL_FEED,
                                           a.q.index.now, put_json, &p, &until, error);
                plc_jw_end_array(out);
                plc_jw_end_object(out);
                if (ok)
                        finish(s, request, response, &a, "application/json", g_steal_pointer(&out), until);
        }
        asking_clear(s, &a);
        return ok;
}
