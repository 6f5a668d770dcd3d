/* How is what may be done made less, by whom it may be done? Narrow, hold, refuse, invalidate: any operator may; dark
 * in the index when it is answered. Lifting a hold gives back what others have granted, no more. */
#include <string.h>

#include "base/clock.h"
#include "catalog/report.h"
#include "desk/private.h"
#include "desk/recalls.h"

#define CODE_BYTES 64
#define LIST_MAX 300

/* Reasons stay in the ledger for ever, so they are codes and tell of nobody. */
static bool read_code(plc_json *request, const char *name, plc_need need, const char **out, GError **error)
{
        static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";

        if (!plc_json_get_name(request, name, need, CODE_BYTES, out, error))
                return false;
        if (*out == NULL || strspn(*out, letters) == strlen(*out))
                return true;
        return plc_fail_at(error, PLC_E_USAGE, NULL, NULL, "Write it like rights_dispute, and tell of no person.",
                           "the %s must be a code of a-z, 0-9, _ and - (found: %s)", name, *out);
}

static void list(GString *out, const char *name, char *const *words)
{
        if (words == NULL)
                return;
        plc_jw_array(out, name);
        for (char *const *word = words; *word != NULL; word++)
                plc_jw_string(out, NULL, *word);
        plc_jw_end_array(out);
}

static bool is_empty(const struct plc_terms_scope *scope)
{
        return scope->channels == NULL && scope->territories == NULL && scope->exclude == NULL &&
               scope->languages == NULL && scope->products == NULL && scope->edits == NULL && scope->sublicense == NULL;
}

/* What is in force of a grant id: its requests and givings, in the order of the ledger. */
static bool has_event(struct plc_desk *desk, const char *kind, const char *id, const char *type, bool *out,
                      GError **error)
{
        g_autoptr(GPtrArray) events = NULL;

        *out = false;
        if (!plc_catalog_ledger_about(desk->site->catalog, kind, id, &events, error))
                return false;
        for (guint i = 0; i < events->len; i++)
                *out = *out || strcmp(((plc_ledger_row *)events->pdata[i])->type, type) == 0;
        return true;
}

static bool must_be_given(struct plc_desk *desk, const char *grant, GError **error)
{
        bool given, renewed;

        if (!has_event(desk, "grant", grant, "grant.given", &given, error) ||
            !has_event(desk, "grant", grant, "grant.renewed", &renewed, error))
                return false;
        return given || renewed ||
               plc_fail_at(error, PLC_E_NOT_FOUND, NULL, NULL, "placet rights show tells the grants of an item.",
                           "no grant %s was given", grant);
}

static bool touch_grant(struct plc_desk *desk, struct plc_desk_act *act, const char *grant, GError **error)
{
        g_autoptr(GPtrArray) items = NULL;

        if (!plc_catalog_ledger_items_of(desk->site->catalog, "grant", grant, &items, error))
                return false;
        plc_desk_act_touch(act, items);
        return true;
}

/* Recorded and published; then what was handed out of it. */
static bool darken_and_tell(struct plc_desk *desk, struct plc_desk_act *act, const char *name, const char *id,
                            GString *answer, GError **error)
{
        int64_t now_ms = plc_now_ms();

        if (!plc_desk_darken(desk, act, now_ms, error))
                return false;
        plc_jw_object(answer, NULL);
        plc_jw_string(answer, name, id);
        plc_jw_time(answer, "at", now_ms);
        plc_desk_answer_items(answer, act);
        plc_desk_answer_files(answer, act);
        if (!plc_desk_write_recalls(desk, act->items, plc_now_ms(), answer, error))
                return false;
        plc_jw_end_object(answer);
        return true;
}

static void narrowed(struct plc_desk_act *act, const char *grant, const struct plc_terms_scope *scope)
{
        GString *event = plc_desk_event("grant.narrowed");

        plc_jw_string(event, "grant", grant);
        plc_jw_object(event, "scope");
        list(event, "channels", scope->channels);
        list(event, "territories", scope->territories);
        list(event, "exclude", scope->exclude);
        list(event, "languages", scope->languages);
        list(event, "products", scope->products);
        list(event, "edits", scope->edits);
        list(event, "sublicense", scope->sublicense);
        plc_jw_end_object(event);
        plc_desk_event_end(act, event);
}

/* {"grant":G, and of channels, territories, exclude, languages, products, edits, sublicense those that shrink}. */
bool plc_desk_rights_narrow(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        g_autoptr(plc_desk_act) act = plc_desk_act_new();
        struct plc_terms_scope scope = {0};
        const char *grant = NULL;
        bool ok;

        if (!plc_json_get_name(request, "grant", PLC_REQUIRED, 64, &grant, error) ||
            !plc_terms_scope_read(request, PLC_OPTIONAL, &scope, error))
                return false;
        ok = !is_empty(&scope) || plc_fail_at(error, PLC_E_USAGE, NULL, NULL,
                                              "Say for which channels, territories … it shall hold from now on.",
                                              "nothing was named that shrinks");
        ok = ok && must_be_given(desk, grant, error) && touch_grant(desk, act, grant, error);
        if (ok) {
                narrowed(act, grant, &scope);
                ok = darken_and_tell(desk, act, "grant", grant, answer, error);
        }
        plc_terms_scope_clear(&scope);
        return ok;
}

static void placed(struct plc_desk_act *act, const char *hold, const struct plc_desk_target *target, const char *reason,
                   const struct plc_terms_scope *where)
{
        GString *event = plc_desk_event("hold.placed");

        plc_jw_string(event, "hold", hold);
        plc_jw_object(event, "target");
        plc_jw_string(event, target->kind, target->id);
        plc_jw_end_object(event);
        plc_jw_string(event, "reason", reason);
        list(event, "channels", where->channels);
        list(event, "territories", where->territories);
        plc_desk_event_end(act, event);
        plc_desk_act_touch(act, target->items);
}

static bool only_where(const struct plc_terms_scope *scope, GError **error)
{
        if (scope->exclude == NULL && scope->languages == NULL && scope->products == NULL && scope->edits == NULL &&
            scope->sublicense == NULL)
                return true;
        return plc_fail_at(error, PLC_E_USAGE, NULL, NULL, "Leave the others out.",
                           "a hold is for channels and territories only");
}

/* {"id" | "contributor": …, "reason":CODE, "channels", "territories"}. */
bool plc_desk_rights_hold(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        g_autoptr(plc_desk_act) act = plc_desk_act_new();
        struct plc_terms_scope where = {0};
        struct plc_desk_target target = {0};
        const char *reason = NULL;
        char hold[PLC_ID_SIZE];
        bool ok;

        if (!read_code(request, "reason", PLC_REQUIRED, &reason, error) ||
            !plc_terms_scope_read(request, PLC_OPTIONAL, &where, error))
                return false;
        ok = only_where(&where, error) && plc_desk_read_target(desk, request, &target, error);
        if (ok && strcmp(target.kind, "person") == 0)
                ok = plc_fail_at(error, PLC_E_USAGE, NULL, NULL, "Hold the items that show the person.",
                                 "a hold is on an item, a submission or a contributor");
        if (ok) {
                plc_id_new(hold);
                placed(act, hold, &target, reason, &where);
                ok = darken_and_tell(desk, act, "hold", hold, answer, error);
        }
        plc_desk_target_clear(&target);
        plc_terms_scope_clear(&where);
        return ok;
}

/* Is a placing of it still in force? A lifting ends the placings before it. */
static bool must_be_in_force(struct plc_desk *desk, const char *hold, GError **error)
{
        g_autoptr(GPtrArray) events = NULL;
        bool known = false, in_force = false;

        if (!plc_catalog_ledger_about(desk->site->catalog, "hold", hold, &events, error))
                return false;
        for (guint i = 0; i < events->len; i++) {
                in_force = strcmp(((plc_ledger_row *)events->pdata[i])->type, "hold.placed") == 0;
                known = true;
        }
        if (!known)
                return plc_fail_at(error, PLC_E_NOT_FOUND, NULL, NULL, "placet rights show tells the holds on an item.",
                                   "there is no hold %s", hold);
        return in_force || plc_fail(error, PLC_E_CONFLICT, "hold %s was lifted already", hold);
}

/* {"hold":ID}. A report that placed it is dismissed with it. What it held back comes again by the queue, as far as
 * everything else allows. */
bool plc_desk_rights_lift(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        g_autoptr(plc_desk_act) act = plc_desk_act_new();
        g_autoptr(GPtrArray) items = NULL;
        g_autoptr(plc_db_tx) tx = NULL;
        int64_t now_ms = plc_now_ms();
        const char *hold = NULL;
        GString *event;

        if (!plc_json_get_name(request, "hold", PLC_REQUIRED, 64, &hold, error) ||
            !must_be_in_force(desk, hold, error) ||
            !plc_catalog_ledger_items_of(desk->site->catalog, "hold", hold, &items, error))
                return false;
        event = plc_desk_event("hold.lifted");
        plc_jw_string(event, "hold", hold);
        plc_desk_event_end(act, event);
        plc_desk_act_touch(act, items);
        tx = plc_catalog_begin(desk->site->catalog, error);
        if (tx == NULL || !plc_catalog_settle_reports_of_hold(desk->site->catalog, hold, "dismissed", error) ||
            !plc_desk_brighten_in(desk, &tx, act, now_ms, error))
                return false;
        plc_jw_object(answer, NULL);
        plc_jw_string(answer, "hold", hold);
        plc_jw_time(answer, "at", now_ms);
        plc_desk_answer_items(answer, act);
        plc_jw_end_object(answer);
        return true;
}

/* grant.refused says again whose right it was: taken from what was asked for. */
static bool refused(struct plc_desk *desk, struct plc_desk_act *act, const char *grant, GError **error)
{
        const struct plc_json_limits limits = plc_json_default_limits;
        g_autoptr(GPtrArray) events = NULL;

        if (!plc_catalog_ledger_about(desk->site->catalog, "grant", grant, &events, error))
                return false;
        for (guint i = 0; i < events->len; i++) {
                const plc_ledger_row *row = events->pdata[i];
                g_autoptr(plc_json) asked = NULL;
                g_autoptr(GString) subject = NULL;
                const char *layer = NULL, *person = NULL;
                GString *event;

                if (strcmp(row->type, "grant.requested") != 0)
                        continue;
                asked = plc_json_parse(row->json, strlen(row->json), "ledger", &limits, error);
                if (asked == NULL || !plc_json_get_name(asked, "layer", PLC_REQUIRED, 16, &layer, error) ||
                    !plc_json_get_name(asked, "person", PLC_OPTIONAL, 64, &person, error))
                        return false;
                subject = g_string_new(NULL);
                plc_json_write(plc_json_member(asked, "subject"), subject);
                event = plc_desk_event("grant.refused");
                plc_jw_string(event, "grant", grant);
                plc_jw_string(event, "layer", layer);
                if (person != NULL)
                        plc_jw_string(event, "person", person);
                plc_jw_raw(event, "subject", subject->str);
                plc_desk_event_end(act, event);
                return true;
        }
        return plc_fail_at(error, PLC_E_NOT_FOUND, NULL, NULL,
                           "placet rights invalidate ends a grant that was recorded and should not have been.",
                           "no grant %s was asked for", grant);
}

/* {"grant":G}: what was asked for (grant.requested) and will not be recorded. */
bool plc_desk_rights_refuse(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        g_autoptr(plc_desk_act) act = plc_desk_act_new();
        const char *grant = NULL;
        bool before;

        if (!plc_json_get_name(request, "grant", PLC_REQUIRED, 64, &grant, error) ||
            !has_event(desk, "grant", grant, "grant.refused", &before, error))
                return false;
        if (before)
                return plc_fail(error, PLC_E_CONFLICT, "grant %s was refused already", grant);
        return refused(desk, act, grant, error) && darken_and_tell(desk, act, "grant", grant, answer, error);
}

/* {"grant":G, "reason":CODE}: it should never have been recorded (a forged form, the wrong person). Final. */
bool plc_desk_rights_invalidate(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        g_autoptr(plc_desk_act) act = plc_desk_act_new();
        const char *grant = NULL, *reason = NULL;
        GString *event;

        if (!plc_json_get_name(request, "grant", PLC_REQUIRED, 64, &grant, error) ||
            !read_code(request, "reason", PLC_OPTIONAL, &reason, error) || !must_be_given(desk, grant, error) ||
            !touch_grant(desk, act, grant, error))
                return false;
        event = plc_desk_event("grant.invalidated");
        plc_jw_string(event, "grant", grant);
        if (reason != NULL)
                plc_jw_string(event, "x_reason", reason);
        plc_desk_event_end(act, event);
        return darken_and_tell(desk, act, "grant", grant, answer, error);
}

bool plc_desk_flags_read(plc_json *request, plc_need need, char ***out, GError **error)
{
        static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";
        g_auto(GStrv) flags = NULL;

        if (!plc_json_get_strings(request, "flags", need, LIST_MAX, CODE_BYTES, &flags, error))
                return false;
        for (char **flag = flags; flag != NULL && *flag != NULL; flag++)
                if ((*flag)[0] == '\0' || strspn(*flag, letters) != strlen(*flag))
                        return plc_fail_at(error, PLC_E_USAGE, NULL, NULL, "Write it like alcohol.",
                                           "a flag must be a word of a-z, 0-9, _ and - (found: \"%s\")", *flag);
        *out = g_steal_pointer(&flags);
        return true;
}

void plc_desk_flags_set(struct plc_desk_act *act, const char *item, char *const *flags)
{
        GString *event = plc_desk_event("flags.set");

        plc_jw_string(event, "item", item);
        list(event, "flags", flags);
        plc_desk_event_end(act, event);
}

/* {"ids":[…], "flags":[…]}: the whole value, so that an empty list takes all away. What a flag forbade comes again. */
bool plc_desk_rights_flag(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        g_autoptr(plc_desk_act) act = plc_desk_act_new();
        g_autoptr(GPtrArray) items = NULL;
        g_auto(GStrv) flags = NULL;
        int64_t now_ms = plc_now_ms();
        g_autoptr(plc_db_tx) tx = NULL;

        if (!plc_desk_flags_read(request, PLC_REQUIRED, &flags, error) ||
            !plc_desk_resolve_all(desk, request, &items, error))
                return false;
        for (guint i = 0; i < items->len; i++)
                plc_desk_flags_set(act, items->pdata[i], flags);
        plc_desk_act_touch(act, items);
        tx = plc_catalog_begin(desk->site->catalog, error);
        if (tx == NULL || !plc_desk_write(desk, act, now_ms, error) ||
            !plc_desk_queue_renders(desk, act, now_ms, error) || !plc_desk_publish_now(desk, &tx, act, error))
                return false;
        plc_jw_object(answer, NULL);
        plc_desk_answer_items(answer, act);
        plc_desk_answer_files(answer, act);
        list(answer, "flags", flags);
        if (!plc_desk_write_recalls(desk, act->items, plc_now_ms(), answer, error))
                return false;
        plc_jw_end_object(answer);
        return true;
}
