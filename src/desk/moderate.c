/* Who lets an item be seen? A person's word, as an event of the ledger; and how does it become true before it is
 * answered? */
#include <string.h>

#include "base/clock.h"
#include "catalog/report.h"
#include "desk/private.h"

static void decided(struct plc_desk_act *act, const plc_item *item, const char *verdict, int64_t policy_version,
                    const char *code)
{
        GString *event = plc_desk_event("moderation.decided");

        plc_jw_string(event, "item", item->id);
        plc_jw_string(event, "verdict", verdict);
        plc_jw_int(event, "policy_version", policy_version);
        plc_jw_array(event, "codes");
        if (code != NULL)
                plc_jw_string(event, NULL, code);
        plc_jw_end_array(event);
        plc_desk_event_end(act, event);
        g_ptr_array_add(act->items, g_strdup(item->id));
}

/* Does the revision bring items of this kind of its own? */
static bool brings(const GPtrArray *items, int64_t revision, enum plc_item_kind kind)
{
        for (guint i = 0; i < items->len; i++) {
                const plc_item *item = items->pdata[i];

                if (item->revision == revision && item->kind == kind)
                        return true;
        }
        return false;
}

static bool read_items(plc_catalog *catalog, const char *submission, GPtrArray *out, GError **error)
{
        g_autoptr(GPtrArray) ids = NULL;

        if (!plc_catalog_items_of_submission(catalog, submission, &ids, error))
                return false;
        for (guint i = 0; i < ids->len; i++) {
                plc_item *item = NULL;

                if (!plc_catalog_get_item(catalog, ids->pdata[i], &item, error))
                        return false;
                g_ptr_array_add(out, item);
        }
        return true;
}

/*
 * What an approved revision replaces: items that earlier revisions of its submission brought last, shown or still
 * waiting, if they are of the same kind, or of a kind of which the new revision brings none to be decided (a photo that
 * was taken out of the submission does not stay).
 */
static bool replace_older(struct plc_desk *desk, struct plc_desk_act *act, const plc_item *item, int64_t now_ms,
                          GError **error)
{
        plc_catalog *catalog = desk->site->catalog;
        g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func((GDestroyNotify)plc_item_free);

        if (item->revision <= 1)
                return true;
        if (!read_items(catalog, item->submission, items, error))
                return false;
        for (guint i = 0; i < items->len; i++) {
                const plc_item *older = items->pdata[i];

                if (older->last_revision >= item->revision ||
                    (older->state != PLC_ITEM_APPROVED && older->state != PLC_ITEM_WAITING) ||
                    (older->kind != item->kind && brings(items, item->revision, older->kind)))
                        continue;
                decided(act, older, "rejected", desk->site->policy->version, "replaced");
                if (!plc_catalog_set_item_state(catalog, older->id, PLC_ITEM_REPLACED, "replaced", now_ms, error))
                        return false;
        }
        return true;
}

/* A photo that could not be processed, or was erased, cannot be approved. */
static bool may_approve(const plc_item *item, GError **error)
{
        if (item->state == PLC_ITEM_FAILED || item->state == PLC_ITEM_ERASED || item->state == PLC_ITEM_REPLACED)
                return plc_fail(error, PLC_E_CONFLICT, "%s %s is %s and cannot be approved",
                                plc_item_kind_name(item->kind), item->id, plc_item_state_name(item->state));
        if (item->kind == PLC_ITEM_PHOTO && !item->preview_ready)
                return plc_fail_at(error, PLC_E_CONFLICT, NULL, NULL, "Wait until placet show tells that it is ready.",
                                   "photo %s has no preview yet", item->id);
        return true;
}

/* Free words may be personal, and the ledger never forgets: they are sealed with the item. */
static bool keep_note(struct plc_desk *desk, const plc_item *item, const char *note, GError **error)
{
        g_autofree char *what = g_strdup_printf("item/%s/note/0", item->id);
        g_autoptr(GBytes) sealed = NULL;

        if (!plc_vault_seal_text(desk->site->vault, item->contributor, what, note, &sealed, error))
                return false;
        return plc_catalog_put_text(desk->site->catalog, item->id,
                                    &(const plc_item_text){.field = (char *)"note", .sealed = sealed}, error);
}

static bool decide_one(struct plc_desk *desk, struct plc_desk_act *act, const char *id, bool approve, const char *code,
                       const char *note, int64_t now_ms, GError **error)
{
        plc_catalog *catalog = desk->site->catalog;
        g_autoptr(plc_item) item = NULL;

        if (!plc_catalog_get_item(catalog, id, &item, error) || (approve && !may_approve(item, error)))
                return false;
        decided(act, item, approve ? "approved" : "rejected", desk->site->policy->version, code);
        if (note != NULL && !keep_note(desk, item, note, error))
                return false;
        if (!plc_catalog_set_item_state(catalog, id, approve ? PLC_ITEM_APPROVED : PLC_ITEM_REJECTED, code, now_ms,
                                        error))
                return false;
        if (!approve)
                return plc_catalog_settle_reports_of_item(catalog, id, "upheld", error);
        return replace_older(desk, act, item, now_ms, error) &&
               plc_catalog_enqueue(catalog, "render", id, 4, now_ms, error);
}

/* Names that stand for all: a submission's items that are no longer to be decided (failed, replaced) are passed over
 * then. */
static bool drop_undecidable(struct plc_desk *desk, GPtrArray *items, bool approve, GError **error)
{
        for (guint i = items->len; items->len > 1 && i-- > 0;) {
                g_autoptr(plc_item) item = NULL;

                if (!plc_catalog_get_item(desk->site->catalog, items->pdata[i], &item, error))
                        return false;
                if (item->state == PLC_ITEM_FAILED || item->state == PLC_ITEM_ERASED ||
                    item->state == PLC_ITEM_REPLACED || (!approve && item->state == PLC_ITEM_REJECTED))
                        g_ptr_array_remove_index(items, i);
        }
        return true;
}

/* A moderator who approves adds to the flags that are there: what one saw is not unsaid by the next. */
static bool add_flags(struct plc_desk *desk, struct plc_desk_act *act, const char *item, char *const *more,
                      GError **error)
{
        g_autoptr(GPtrArray) events = NULL, all = g_ptr_array_new();
        g_autoptr(plc_json) last = NULL;
        g_auto(GStrv) before = NULL;

        if (more == NULL || more[0] == NULL)
                return true;
        if (!plc_catalog_ledger_about(desk->site->catalog, "item", item, &events, error))
                return false;
        for (guint i = events->len; i-- > 0 && last == NULL;) {
                const plc_ledger_row *row = events->pdata[i];

                if (strcmp(row->type, "flags.set") != 0)
                        continue;
                last = plc_json_parse(row->json, strlen(row->json), "ledger", &plc_json_default_limits, error);
                if (last == NULL || !plc_json_get_strings(last, "flags", PLC_REQUIRED, 10000, 4096, &before, error))
                        return false;
        }
        for (char **flag = before; flag != NULL && *flag != NULL; flag++)
                g_ptr_array_add(all, *flag);
        for (char *const *flag = more; *flag != NULL; flag++)
                if (!g_ptr_array_find_with_equal_func(all, *flag, g_str_equal, NULL))
                        g_ptr_array_add(all, *flag);
        g_ptr_array_add(all, NULL);
        plc_desk_flags_set(act, item, (char *const *)all->pdata);
        return true;
}

static bool moderate(struct plc_desk *desk, plc_json *request, bool approve, GString *answer, GError **error)
{
        g_auto(GStrv) flags = NULL;
        g_autoptr(plc_desk_act) act = plc_desk_act_new();
        g_autoptr(GPtrArray) items = NULL;
        const char *code = NULL, *note = NULL;
        int64_t now_ms = plc_now_ms();
        g_autoptr(plc_db_tx) tx = NULL;

        if (!plc_json_get_name(request, "code", PLC_OPTIONAL, 64, &code, error) ||
            !plc_json_get_name(request, "note", PLC_OPTIONAL, 1000, &note, error) ||
            (approve && !plc_desk_flags_read(request, PLC_OPTIONAL, &flags, error)) ||
            !plc_desk_resolve_all(desk, request, &items, error) || !drop_undecidable(desk, items, approve, error))
                return false;
        tx = plc_catalog_begin(desk->site->catalog, error);
        if (tx == NULL)
                return false;
        for (guint i = 0; i < items->len; i++)
                if (!add_flags(desk, act, items->pdata[i], flags, error) ||
                    !decide_one(desk, act, items->pdata[i], approve, code, note, now_ms, error))
                        return false;
        if (!plc_desk_write(desk, act, now_ms, error) ||
            !(approve ? plc_db_commit(&tx, error) : plc_desk_publish_now(desk, &tx, act, error)))
                return false;
        plc_office_kick(desk->office);
        plc_jw_object(answer, NULL);
        plc_jw_array(answer, "items");
        for (guint i = 0; i < items->len; i++)
                plc_jw_string(answer, NULL, items->pdata[i]);
        plc_jw_end_array(answer);
        plc_jw_string(answer, "state", approve ? "approved" : "rejected");
        plc_desk_answer_files(answer, act);
        plc_jw_end_object(answer);
        return true;
}

bool plc_desk_approve(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        return moderate(desk, request, true, answer, error);
}

bool plc_desk_reject(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        return moderate(desk, request, false, answer, error);
}
