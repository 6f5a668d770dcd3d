/* What does one review or photo look like, asked for by its id? As in a list, and as little where it may not be shown.
 */
#include "base/json.h"
#include "serve/internal.h"
#include <string.h>

#define ID_MAX 64 /* bytes; ours have 26 */

bool plc_route_item(const plc_http_request *request, plc_http_response *response, void *context, GError **error)
{
        plc_serve *s = context;
        const char *id = plc_http_part(request, "id");
        struct plc_serve_question q;
        struct plc_index_page page;
        g_autoptr(GString) out = g_string_sized_new(2048);
        bool ok = plc_serve_question_begin(s, request, &q, error);

        if (ok && (q.state.dark || strlen(id) > ID_MAX))
                ok = plc_fail(error, PLC_E_NOT_FOUND, "no such item that may be shown now");
        if (ok) {
                plc_jw_object(out, NULL);
                plc_serve_write_question(out, &q);
                plc_jw_array(out, "items");
                ok = plc_index_item_alone(s->reader, &q.index, id, out, &page, error);
        }
        if (ok) {
                plc_jw_end_array(out);
                plc_jw_end_object(out);
                g_autofree char *as_of = plc_serve_as_of(&q);
                plc_serve_tag(response, "item", id);
                plc_serve_finish(s, request, &q, response, "application/json", g_steal_pointer(&out), as_of,
                                 page.until);
        }
        plc_serve_question_end(s, &q);
        return ok;
}
