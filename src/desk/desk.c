/* Which operation is it, may it write here, and how is it answered? */
#include "desk/desk.h"

#include <string.h>

#include "base/file.h"
#include "desk/private.h"
#include "site/checkpoint.h"

#define REQUEST_BYTES ((size_t)4 << 20)

/* TAKES: writes too, and what it does takes away: it goes on where the disk is full. */
enum access { READS, WRITES, TAKES };

static const struct {
        const char *name;
        enum access access;
        plc_desk_op *run;
} ops[] = {
#define PLC_OP(name, access, what) {#name, access, plc_desk_##name},
#include "desk/ops.def"
#undef PLC_OP
};

struct plc_desk *plc_desk_new(struct plc_site *site, plc_office *office)
{
        struct plc_desk *desk = g_new0(struct plc_desk, 1);

        desk->site = site;
        desk->spool_inotify = -1;
        desk->office = office;
        desk->drops = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)plc_desk_drop_free);
        return desk;
}

void plc_desk_free(struct plc_desk *desk)
{
        if (desk == NULL)
                return;
        g_clear_handle_id(&desk->spool_scan, g_source_remove);
        g_clear_handle_id(&desk->spool_hint, g_source_remove);
        plc_close_fd(&desk->spool_inotify);
        g_hash_table_unref(desk->drops);
        g_free(desk);
}

static size_t find(const char *name)
{
        size_t i = 0;

        while (i < G_N_ELEMENTS(ops) && strcmp(ops[i].name, name) != 0)
                i++;
        return i;
}

bool plc_desk_writes(const char *op, bool *out_writes, GError **error)
{
        size_t i = find(op);

        if (i == G_N_ELEMENTS(ops))
                return plc_fail(error, PLC_E_NOT_FOUND, "the desk knows no operation \"%s\"", op);
        *out_writes = ops[i].access != READS;
        return true;
}

bool plc_desk_do(struct plc_desk *desk, const char *op, const char *request_json, GString *answer, GError **error)
{
        const struct plc_json_limits limits = {.max_bytes = REQUEST_BYTES, .max_depth = 32};
        g_autoptr(plc_json) request = NULL;
        size_t i = find(op);
        bool ok;

        if (i == G_N_ELEMENTS(ops))
                return plc_fail(error, PLC_E_NOT_FOUND, "the desk knows no operation \"%s\"", op);
        if (ops[i].access != READS && desk->office == NULL)
                return plc_fail(error, PLC_E_FORBIDDEN, "%s changes the site, which is only looked at here", op);
        request = plc_json_parse(request_json, strlen(request_json), "request", &limits, error);
        if (request == NULL)
                return false;
        if (plc_json_typeof(request) != PLC_JSON_OBJECT)
                return plc_json_fail(request, error, PLC_E_BAD_REQUEST, NULL, "must be an object");
        if (ops[i].access == WRITES && !plc_site_has_room(desk->site, error))
                return false;
        if (ops[i].access == TAKES)
                plc_site_make_room(desk->site);
        desk->request = request;
        ok = ops[i].run(desk, request, answer, error) && plc_json_only(request, error);
        desk->request = NULL;
        if (!ok)
                return false;
        /* What was taken away stays away, also from a catalog that is older: durable before it is answered. */
        return ops[i].access == READS || plc_site_checkpoint(desk->site, false, error);
}

struct plc_desk_act *plc_desk_act_new(void)
{
        struct plc_desk_act *act = g_new0(struct plc_desk_act, 1);

        act->events = g_ptr_array_new_with_free_func(g_free);
        act->items = g_ptr_array_new_with_free_func(g_free);
        return act;
}

void plc_desk_act_free(struct plc_desk_act *act)
{
        if (act == NULL)
                return;
        g_ptr_array_unref(act->events);
        g_ptr_array_unref(act->items);
        g_free(act);
}

GString *plc_desk_event(const char *type)
{
        GString *out = g_string_new(NULL);

        plc_jw_object(out, NULL);
        plc_jw_string(out, "type", type);
        return out;
}

void plc_desk_event_end(struct plc_desk_act *act, GString *event)
{
        plc_jw_end_object(event);
        g_ptr_array_add(act->events, g_string_free(event, FALSE));
}

bool plc_desk_write(struct plc_desk *desk, const struct plc_desk_act *act, int64_t now_ms, GError **error)
{
        plc_catalog *catalog = desk->site->catalog;

        /* A mistyped member is told before anything is done: what it would have limited must not happen without it. */
        if (desk->request != NULL && !plc_json_only(desk->request, error))
                return false;
        for (guint i = 0; i < act->events->len; i++)
                if (!plc_catalog_ledger_append(catalog, act->events->pdata[i], now_ms, NULL, error))
                        return false;
        for (guint i = 0; i < act->items->len; i++)
                if (!plc_catalog_enqueue(catalog, "publish", act->items->pdata[i], 1, now_ms, error))
                        return false;
        return true;
}

char *plc_desk_count(unsigned n, const char *one, const char *many)
{
        return g_strdup_printf("%u %s", n, n == 1 ? one : many);
}

/* The operator's id is kept as an HMAC with its source: each source that the site knows is tried. What two sources call
 * by one name is nobody's to guess: a withdrawal would reach one of them only. */
static bool resolve_external(struct plc_desk *desk, const char *id, GPtrArray **out, GError **error)
{
        g_autoptr(GPtrArray) sources = NULL, found = NULL;

        if (!plc_catalog_list_sources(desk->site->catalog, &sources, error))
                return false;
        for (guint i = 0; i < sources->len; i++) {
                g_autoptr(GPtrArray) items = NULL;
                g_autoptr(GError) missing = NULL;
                char hmac[PLC_SHA256_HEX_SIZE];

                plc_vault_hmac(desk->site->vault, "submission", sources->pdata[i], id, hmac);
                if (!plc_catalog_resolve_items(desk->site->catalog, id, hmac, &items, &missing)) {
                        if (plc_error_code(missing) == PLC_E_NOT_FOUND)
                                continue;
                        g_propagate_error(error, g_steal_pointer(&missing));
                        return false;
                }
                if (found != NULL)
                        return plc_fail_at(error, PLC_E_CONFLICT, NULL, NULL,
                                           "Use our id of the submission; placet list shows it.",
                                           "two sources call something \"%s\"", id);
                found = g_steal_pointer(&items);
        }
        if (found != NULL) {
                *out = g_steal_pointer(&found);
                return true;
        }
        return plc_fail_at(error, PLC_E_NOT_FOUND, NULL, NULL, "placet list shows the ids that there are.",
                           "nothing here is called \"%s\"", id);
}

bool plc_desk_resolve(struct plc_desk *desk, const char *id, GPtrArray **out, GError **error)
{
        g_autoptr(GError) missing = NULL;

        if (plc_catalog_resolve_items(desk->site->catalog, id, NULL, out, &missing))
                return true;
        if (plc_error_code(missing) == PLC_E_NOT_FOUND)
                return resolve_external(desk, id, out, error);
        g_propagate_error(error, g_steal_pointer(&missing));
        return false;
}

bool plc_desk_resolve_all(struct plc_desk *desk, plc_json *request, GPtrArray **out, GError **error)
{
        g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
        g_auto(GStrv) ids = NULL;

        if (!plc_json_get_strings(request, "ids", PLC_REQUIRED, 1000, 200, &ids, error))
                return false;
        if (ids[0] == NULL)
                return plc_json_fail(request, error, PLC_E_USAGE, "Name at least one.", "no id was given");
        for (char **id = ids; *id != NULL; id++) {
                g_autoptr(GPtrArray) items = NULL;

                if (!plc_desk_resolve(desk, *id, &items, error))
                        return false;
                for (guint i = 0; i < items->len; i++) {
                        char *copy;

                        if (g_hash_table_contains(seen, items->pdata[i]))
                                continue;
                        copy = g_strdup(items->pdata[i]);
                        g_ptr_array_add(all, copy);
                        g_hash_table_add(seen, copy);
                }
        }
        *out = g_steal_pointer(&all);
        return true;
}
