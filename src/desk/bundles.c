/* How is a bundle published, and what is in it now? */
#include <string.h>

#include "base/clock.h"
#include "desk/private.h"
#include "publish/bundle.h"

static void write_ids(GString *out, const char *name, const GPtrArray *ids)
{
        plc_jw_array(out, name);
        for (guint i = 0; i < ids->len; i++)
                plc_jw_string(out, NULL, ids->pdata[i]);
        plc_jw_end_array(out);
}

static void write_bundle(const plc_bundle *bundle, GString *out)
{
        plc_jw_string(out, "bundle", bundle->name);
        plc_jw_int(out, "version", bundle->version);
        plc_jw_time(out, "published_at", bundle->published_at);
        plc_jw_time(out, "withdrawn_at", bundle->withdrawn_at != 0 ? bundle->withdrawn_at : PLC_TIME_NEVER);
        write_ids(out, "items", bundle->items);
}

/* {"definition":"the text of the file"}: text, so that a fault is told with the place in the file. */
static plc_bundle_definition *read_definition(const struct plc_desk *desk, plc_json *request, GError **error)
{
        const char *json = NULL, *file = "bundle";
        g_autoptr(plc_bundle_definition) definition = NULL;

        if (!plc_json_get_string(request, "definition", PLC_REQUIRED, plc_json_default_limits.max_bytes, &json,
                                 error) ||
            !plc_json_get_name(request, "file", PLC_OPTIONAL, 4096, &file, error) || !plc_json_only(request, error))
                return NULL;
        definition = plc_bundle_parse(json, strlen(json), file, error);
        if (definition == NULL || !plc_bundle_fits(&desk->site->publisher, definition, plc_now_ms(), error))
                return NULL;
        return g_steal_pointer(&definition);
}

bool plc_desk_bundle_publish(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        g_autoptr(plc_bundle_definition) definition = read_definition(desk, request, error);
        g_autoptr(plc_bundle) bundle = NULL;

        if (definition == NULL || !plc_bundle_publish(&desk->site->publisher, definition, plc_now_ms(), &bundle, error))
                return false;
        plc_office_kick(desk->office); /* files for mails may be wanted */
        plc_jw_object(answer, NULL);
        write_bundle(bundle, answer);
        plc_jw_end_object(answer);
        return true;
}

/* Of what it would hold: files of its placements that were never made are queued; {"items":[ids]} to wait for. */
bool plc_desk_bundle_ask(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        g_autoptr(plc_bundle_definition) definition = read_definition(desk, request, error);
        g_autoptr(GPtrArray) asked = NULL;
        g_autoptr(plc_db_tx) tx = NULL;

        if (definition == NULL)
                return false;
        tx = plc_catalog_begin(desk->site->catalog, error);
        if (tx == NULL || !plc_bundle_ask(&desk->site->publisher, definition, plc_now_ms(), &asked, error) ||
            !plc_db_commit(&tx, error))
                return false;
        plc_office_kick(desk->office);
        plc_jw_object(answer, NULL);
        write_ids(answer, "items", asked);
        plc_jw_end_object(answer);
        return true;
}

bool plc_desk_bundle_preview(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        g_autoptr(plc_bundle_definition) definition = read_definition(desk, request, error);
        g_autoptr(plc_bundle_choice) choice = NULL;

        if (definition == NULL || !plc_bundle_choose(&desk->site->publisher, definition, plc_now_ms(), &choice, error))
                return false;
        plc_jw_object(answer, NULL);
        plc_jw_string(answer, "bundle", definition->name);
        write_ids(answer, "items", choice->items);
        plc_jw_array(answer, "left_out");
        for (guint i = 0; i < choice->left_out->len; i++) {
                const struct plc_bundle_left_out *out = choice->left_out->pdata[i];

                plc_jw_object(answer, NULL);
                plc_jw_string(answer, "item", out->item);
                plc_jw_string(answer, "reason", out->reason);
                plc_jw_string(answer, "of", out->other[0] != '\0' ? out->other : NULL);
                plc_jw_end_object(answer);
        }
        plc_jw_end_array(answer);
        plc_jw_end_object(answer);
        return true;
}

bool plc_desk_bundle_withdraw(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        g_autoptr(plc_bundle) bundle = NULL;
        const char *name = NULL;

        if (!plc_json_get_name(request, "name", PLC_REQUIRED, 63, &name, error) || !plc_json_only(request, error) ||
            !plc_bundle_withdraw(&desk->site->publisher, name, plc_now_ms(), error) ||
            !plc_catalog_get_bundle(desk->site->catalog, name, 0, &bundle, error))
                return false;
        plc_jw_object(answer, NULL);
        write_bundle(bundle, answer);
        plc_jw_end_object(answer);
        return true;
}

static bool holds(const GPtrArray *items, const char *id)
{
        return g_ptr_array_find_with_equal_func((GPtrArray *)items, id, g_str_equal, NULL);
}

/* Items of `these` that `others` has not, or has too. */
static GPtrArray *pick(const GPtrArray *these, const GPtrArray *others, bool in_both)
{
        GPtrArray *out = g_ptr_array_new();

        for (guint i = 0; i < these->len; i++)
                if (holds(others, these->pdata[i]) == in_both)
                        g_ptr_array_add(out, these->pdata[i]);
        return out;
}

/* Do those that both have stand in another order? */
static bool is_reordered(const plc_bundle *before, const plc_bundle *after)
{
        g_autoptr(GPtrArray) a = pick(before->items, after->items, true), b = pick(after->items, before->items, true);

        for (guint i = 0; i < a->len && i < b->len; i++)
                if (strcmp(a->pdata[i], b->pdata[i]) != 0)
                        return true;
        return false;
}

/* {"name", "from", "to"}: versions; without them, the last two. */
bool plc_desk_bundle_diff(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        g_autoptr(GPtrArray) added = NULL, removed = NULL;
        g_autoptr(plc_bundle) before = NULL, after = NULL;
        int64_t from = 0, to = 0;
        const char *name = NULL;

        if (!plc_json_get_name(request, "name", PLC_REQUIRED, 63, &name, error) ||
            !plc_json_get_int(request, "from", PLC_OPTIONAL, 1, INT64_MAX, &from, error) ||
            !plc_json_get_int(request, "to", PLC_OPTIONAL, 1, INT64_MAX, &to, error) ||
            !plc_json_only(request, error) || !plc_catalog_get_bundle(desk->site->catalog, name, to, &after, error))
                return false;
        if (from == 0 && after->version == 1)
                return plc_fail_at(error, PLC_E_NOT_FOUND, NULL, NULL, "There is nothing to compare it with yet.",
                                   "the bundle %s has one version alone", name);
        if (!plc_catalog_get_bundle(desk->site->catalog, name, from != 0 ? from : after->version - 1, &before, error))
                return false;
        added = pick(after->items, before->items, false);
        removed = pick(before->items, after->items, false);
        plc_jw_object(answer, NULL);
        plc_jw_string(answer, "bundle", name);
        plc_jw_int(answer, "from", before->version);
        plc_jw_int(answer, "to", after->version);
        write_ids(answer, "added", added);
        write_ids(answer, "removed", removed);
        plc_jw_bool(answer, "reordered", is_reordered(before, after));
        plc_jw_end_object(answer);
        return true;
}

/* Without a name: all of them. */
bool plc_desk_bundle_show(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        const char *name = NULL;
        int64_t version = 0;
        g_autoptr(GPtrArray) all = NULL;

        bool with_manifest = false;

        if (!plc_json_get_name(request, "name", PLC_OPTIONAL, 63, &name, error) ||
            !plc_json_get_int(request, "version", PLC_OPTIONAL, 1, INT64_MAX, &version, error) ||
            !plc_json_get_bool(request, "manifest", PLC_OPTIONAL, &with_manifest, error))
                return false;
        if (name != NULL) {
                g_autoptr(plc_bundle) bundle = NULL;
                g_autofree char *manifest = NULL, *sha256 = NULL;

                if (!plc_catalog_get_bundle(desk->site->catalog, name, version, &bundle, error) ||
                    !plc_catalog_get_manifest(desk->site->catalog, name, bundle->version, &manifest, &sha256, error))
                        return false;
                plc_jw_object(answer, NULL);
                write_bundle(bundle, answer);
                plc_jw_raw(answer, "definition", g_strstrip(bundle->definition));
                plc_jw_string(answer, "manifest_sha256", sha256);
                if (with_manifest)
                        plc_jw_string(answer, "manifest", manifest); /* a string: the bytes that the hash is of */
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
