/*
 * What is at an address that stands in mails? The photo, as long as it may be shown in every country that the mail was
 * for; else a tile of its size. Never an error: proxies of mail programs keep those for days, and the reader of an old
 * mail has done nothing wrong. The size stands in the address, so that it is known with no index, too.
 */
#include "base/id.h"
#include "index/email.h"
#include "serve/internal.h"
#include <string.h>

#define KEY_CHARACTERS "0123456789abcdefghjkmnpqrstvwxyz"

static bool read_side(const char **at, char end, unsigned *out)
{
        char *behind = NULL;
        uint64_t side = **at >= '1' && **at <= '9' ? g_ascii_strtoull(*at, &behind, 10) : 0;

        if (side == 0 || side > PLC_SERVE_TILE_SIDE || *behind != end)
                return false;
        *at = behind + 1;
        *out = (unsigned)side;
        return true;
}

/* KEY-1200x800.jpg; what is not of this form was never in a mail. */
static bool read_size(const char *slot, unsigned *out_width, unsigned *out_height)
{
        const char *at = slot + PLC_ID_LEN + 1;

        return strspn(slot, KEY_CHARACTERS) == PLC_ID_LEN && slot[PLC_ID_LEN] == '-' &&
               read_side(&at, 'x', out_width) && read_side(&at, '.', out_height) && strcmp(at, "jpg") == 0;
}

static bool send_photo(plc_serve *s, const plc_http_request *request, plc_http_response *response, GError **error)
{
        struct plc_index_state state;
        struct plc_index_media media = {0};
        bool ok = plc_index_read_begin(s->reader, s->config.now(s->config.now_context), &state, error);

        if (ok && state.dark)
                ok = plc_fail(error, PLC_E_NOT_FOUND, "the lease has run out");
        ok = ok && plc_index_get_slot(s->reader, plc_http_part(request, "slot"), state.now, &media, error);
        plc_index_read_end(s->reader);
        ok = ok && plc_serve_send_asset(s, response, &media, error);
        if (ok) {
                plc_http_set(response, "Cache-Control", "no-cache, max-age=0");
                plc_serve_remember(s, request, response, &state, 0, media.until);
        }
        plc_index_media_clear(&media);
        return ok;
}

bool plc_route_slot(const plc_http_request *request, plc_http_response *response, void *context, GError **error)
{
        plc_serve *s = context;
        g_autoptr(GError) why = NULL;
        unsigned width, height;
        char etag[40];

        if (!read_size(plc_http_part(request, "slot"), &width, &height))
                return plc_fail(error, PLC_E_NOT_FOUND, "no slot is of this form");
        if (send_photo(s, request, response, &why))
                return true;
        if (plc_error_code(why) != PLC_E_NOT_FOUND && plc_error_code(why) != PLC_E_UNREACHABLE)
                plc_serve_tell(s, why);
        g_snprintf(etag, sizeof etag, "\"tile-%ux%u\"", width, height);
        plc_http_body_take(response, "image/jpeg", plc_serve_tile(width, height));
        plc_http_etag(response, etag);
        plc_http_set(response, "Content-Disposition", "inline");
        plc_http_set(response, "Cache-Control", "no-cache, max-age=0");
        return true;
}
