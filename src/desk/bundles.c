/* How is a bundle published, and what is in it now? */
#include <string.h>

#include "base/clock.h"
#include "desk/private.h"
#include "publish/bundle.h"

static void write_bundle(const plc_bundle *bundle, GString *out)
{
        plc_jw_string(out, "bundle", bundle->name);
        plc_jw_int(out, "version", bundle->version);
        plc_jw_time(out, "published_at", bundle->published_at);
        plc_jw_time(out, "withdrawn_at", bundle->withdrawn_at != 0 ? bundle->withdrawn_at : PLC_TIME_NEVER);
        plc_jw_array(out, "items");
        for (guint i = 0; i < bundle->items->len; i++)
                plc_jw_string(out, NULL, bundle->items->pdata[i]);
        plc_jw_end_array(out);
}

/* {"definition":"the text of the file"}: text, so that a fault is told with the place in the file. */
bool plc_desk_bundle_publish(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        const char *json = NULL, *file = "bundle";
        g_autoptr(plc_bundle_definition) definition = NULL;
        g_autoptr(plc_bundle) bundle = NULL;

        if (!plc_json_get_name(request, "definition", PLC_REQUIRED, plc_json_default_limits.max_bytes, &json, error) ||
            !plc_json_get_name(request, "file", PLC_OPTIONAL, 4096, &file, error) || !plc_json_only(request, error))
                return false;
        definition = plc_bundle_parse(json, strlen(json), file, error);
        if (definition == NULL || !plc_bundle_publish(&desk->site->publisher, definition, plc_now_ms(), &bundle, error))
                return false;
        plc_jw_object(answer, NULL);
        write_bundle(bundle, answer);
        plc_jw_end_object(answer);
        return true;
}

/* Without a name: all of them. */
bool plc_desk_bundle_show(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        const char *name = NULL;
        int64_t version = 0;
        g_autoptr(GPtrArray) all = NULL;

        if (!plc_json_get_name(request, "name", PLC_OPTIONAL, 63, &name, error) ||
            !plc_json_get_int(request, "version", PLC_OPTIONAL, 1, INT64_MAX, &version, error))
                return false;
        if (name != NULL) {
                g_autoptr(plc_bundle) bundle = NULL;

                if (!plc_catalog_get_bundle(desk->site->catalog, name, version, &bundle, error))
                        return false;
                plc_jw_object(answer, NULL);
                write_bundle(bundle, answer);
                plc_jw_raw(answer, "definition", g_strstrip(bundle->definition));
                plc_jw_end_object(answer);
                return true;
        }
        if (!plc_catalog_list_bundles(desk->site->catalog, &all, error))
                return false;
        plc_jw_object(answer, NULL);
        plc_jw_array(answer, "bundles");
        for (guint i = 0; i < all->len; i++) {
                const plc_bundle *listed = all->pdata[i];
                g_autoptr(plc_bundle) bundle = NULL; /* with its items, which a list does not have */

                if (!plc_catalog_get_bundle(desk->site->catalog, listed->name, listed->version, &bundle, error))
                        return false;
                plc_jw_object(answer, NULL);
                write_bundle(bundle, answer);
                plc_jw_end_object(answer);
        }
        plc_jw_end_array(answer);
        plc_jw_end_object(answer);
        return true;
}
