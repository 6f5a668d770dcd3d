/* How is a lost or doubtful index made anew while the office is open? In one publication; files that are gone are
 * rendered again by the queue. */
#include "publish/rebuild.h"

#include "base/clock.h"
#include "desk/private.h"

bool plc_desk_index_rebuild(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        struct plc_rebuilt done;

        (void)request;
        if (!plc_publish_rebuild(&desk->site->publisher, plc_now_ms(), &done, error))
                return false;
        plc_office_kick(desk->office);
        plc_jw_object(answer, NULL);
        plc_jw_int(answer, "items", done.items);
        plc_jw_int(answer, "rendered_again", done.missing);
        plc_jw_int(answer, "left_out", done.left_out);
        plc_jw_array(answer, "items_rendered_again");
        for (guint i = 0; i < done.to_render->len; i++)
                plc_jw_string(answer, NULL, done.to_render->pdata[i]);
        plc_jw_end_array(answer);
        plc_jw_end_object(answer);
        g_ptr_array_unref(done.to_render);
        return true;
}
