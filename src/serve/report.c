/* What does somebody say who wants something taken down? JSON or a form, read strictly; answered with a reference only
 * when it is durable. Whether there is such an item is not told: whoever asks learns nothing. */
#include "base/json.h"
#include "serve/internal.h"
#include "spool/spool.h"
#include <string.h>

#define FIELDS 4
static const char *const names[FIELDS] = {"item", "reason", "text", "contact"};

static bool is_type(const plc_http_request *request, const char *type)
{
        const char *given = plc_http_header(request, "Content-Type");
        size_t size = strlen(type);

        return given != NULL && g_ascii_strncasecmp(given, type, size) == 0 && strchr("; \t", given[size]) != NULL;
}

static int place_of(const char *name)
{
        int i = 0;

        while (i < FIELDS && strcmp(names[i], name) != 0)
                i++;
        return i;
}

static bool keep(const char *name, const char *value, char *values[FIELDS], GError **error)
{
        int i = place_of(name);

        if (i == FIELDS)
                return plc_http_bad_param(error, "body", "only item, reason, text and contact");
        if (values[i] != NULL)
                return plc_http_bad_param(error, names[i], "given once");
        values[i] = g_strdup(value);
        return true;
}

static bool read_json(const char *body, size_t size, char *values[FIELDS], GError **error)
{
        static const struct plc_json_limits limits = {.max_bytes = PLC_SERVE_BODY_MAX, .max_depth = 2};
        g_autoptr(plc_json) root = plc_json_parse(body, size, "body", &limits, NULL);

        if (root == NULL || plc_json_typeof(root) != PLC_JSON_OBJECT)
                return plc_http_bad_param(error, "body", "a JSON object, or a form");
        for (size_t i = 0; i < plc_json_size(root); i++) {
                const plc_json *value = plc_json_value(root, i);

                if (plc_json_typeof(value) == PLC_JSON_NULL && place_of(plc_json_name(root, i)) < FIELDS)
                        continue;
                if (plc_json_typeof(value) != PLC_JSON_STRING)
                        return plc_http_bad_param(error, "body", "strings only");
                if (!keep(plc_json_name(root, i), plc_json_string(value), values, error))
                        return false;
        }
        return true;
}

/* A form ends lines with CR LF (HTML 4.10.21.8), which would count twice. */
static void mend_line_ends(char *text)
{
        char *to = text;

        for (const char *c = text; *c != '\0'; c++)
                if (c[0] != '\r' || c[1] != '\n')
                        *to++ = *c;
        *to = '\0';
}

/* A field that was left empty in a form is one that was not given. */
static bool read_form(const char *body, size_t size, char *values[FIELDS], GError **error)
{
        GUriParamsIter form;
        g_autoptr(GError) fault = NULL;

        g_uri_params_iter_init(&form, body, (gssize)size, "&", G_URI_PARAMS_WWW_FORM);
        for (;;) {
                g_autofree char *name = NULL, *value = NULL;

                if (!g_uri_params_iter_next(&form, &name, &value, &fault))
                        break;
                mend_line_ends(value);
                if (value[0] != '\0' && !keep(name, value, values, error))
                        return false;
        }
        return fault == NULL || plc_http_bad_param(error, "body", "a form in percent-encoded UTF-8");
}

static bool read_body(const plc_http_request *request, char *values[FIELDS], GError **error)
{
        GBytes *bytes = plc_http_body(request);
        gsize size = 0;
        const char *body = bytes != NULL ? g_bytes_get_data(bytes, &size) : NULL;

        if (body == NULL || size == 0)
                return plc_http_bad_param(error, "body", "item and reason, as JSON or a form");
        if (is_type(request, "application/json"))
                return read_json(body, size, values, error);
        if (is_type(request, "application/x-www-form-urlencoded"))
                return read_form(body, size, values, error);
        return plc_fail(error, PLC_E_UNSUPPORTED, "neither JSON nor a form");
}

static bool check(char *const values[FIELDS], struct plc_report *out, GError **error)
{
        const struct plc_spool_reason *reason = values[1] != NULL ? plc_spool_reason(values[1]) : NULL;

        if (values[0] == NULL || !plc_id_valid(values[0]))
                return plc_http_bad_param(error, "item", "the id of an item, as it stands in answers");
        if (reason == NULL)
                return plc_http_bad_param(error, "reason",
                                          "one of me, my_child, my_photo, copyright, personal_data, false, offensive, "
                                          "illegal, other");
        if (values[2] != NULL && !plc_spool_words_fit(values[2], PLC_SPOOL_TEXT_MAX))
                return plc_http_bad_param(error, "text", "at most 1000 characters, without control characters");
        if (values[3] != NULL && !plc_spool_words_fit(values[3], PLC_SPOOL_CONTACT_MAX))
                return plc_http_bad_param(error, "contact", "at most 200 characters, without control characters");
        *out = (struct plc_report){.item = values[0], .reason = reason->word, .text = values[2], .contact = values[3]};
        return true;
}

/* 1,000 characters of four bytes each do not fit beside a long contact. */
static bool too_long(GError **error)
{
        g_clear_error(error);
        return plc_http_bad_param(error, "text", "shorter: with all else it takes more than 4096 bytes");
}

static void put_reference(plc_http_response *response, const char *reference)
{
        GString *out = g_string_new(NULL);

        plc_jw_object(out, NULL);
        plc_jw_string(out, "reference", reference);
        plc_jw_end_object(out);
        plc_http_body_string(response, "application/json", out);
        plc_http_set(response, "Cache-Control", "no-store");
}

/* Of a form that a person sent: a sentence in their language, and what went wrong into the log. */
static bool refuse(plc_serve *s, const plc_http_request *request, plc_http_response *response, GError **error)
{
        g_autoptr(GError) fault = error != NULL ? g_steal_pointer(error) : NULL;
        unsigned status = (unsigned)plc_code_http(plc_error_code(fault));

        if (status >= 500)
                plc_serve_tell(s, fault);
        plc_serve_report_page(s, request, response, NULL);
        plc_http_status(response, status);
        plc_http_set(response, "Retry-After", "600");
        return true;
}

bool plc_route_report(const plc_http_request *request, plc_http_response *response, void *context, GError **error)
{
        char *values[FIELDS] = {NULL};
        struct plc_report report;
        bool page = plc_serve_wants_page(request);
        bool ok = plc_serve_lang_fits(plc_http_param(request, "lang"), error) && read_body(request, values, error) &&
                  check(values, &report, error);

        if (ok) {
                ok = plc_serve_mail_report(context, request, &report, error);
                if (ok) {
                        plc_http_status(response, 202);
                        if (page)
                                plc_serve_report_page(context, request, response, report.id);
                        else
                                put_reference(response, report.id);
                } else if (plc_error_code(error != NULL ? *error : NULL) == PLC_E_TOO_BIG) {
                        too_long(error);
                } else if (page) {
                        ok = refuse(context, request, response, error);
                }
        }
        for (int i = 0; i < FIELDS; i++)
                g_free(values[i]);
        return ok;
}
