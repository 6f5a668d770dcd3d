/* How does a report from outside reach a moderator, and when does it hold an item back by itself? The spool's files are
 * a stranger's words: each becomes a row, and only "this is me" and "this is my child" become a hold, a few at a time.
 */
#include "desk/reported.h"

#include <glib-unix.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "catalog/report.h"
#include "desk/link.h"
#include "desk/private.h"
#include "site/checkpoint.h"
#include "spool/spool.h"

/* In a day: enough for a family that finds its album, too few to empty a shop. */
#define HOLDS_PER_NETWORK 3
#define HOLDS_PER_SITE 50
#define LOOK_EVERY_S 30 /* inotify is only a hint */

static bool was_dismissed(const GPtrArray *reports)
{
        for (guint i = 0; i < reports->len; i++)
                if (strcmp(((plc_report_row *)reports->pdata[i])->state, "dismissed") == 0)
                        return true;
        return false;
}

static bool holds_already(const GPtrArray *reports)
{
        for (guint i = 0; i < reports->len; i++) {
                const plc_report_row *row = reports->pdata[i];

                if (strcmp(row->state, "open") == 0 && row->hold[0] != '\0')
                        return true;
        }
        return false;
}

static bool may_hold(struct plc_desk *desk, const struct plc_report *report, int64_t now_ms, bool *out, GError **error)
{
        g_autoptr(GPtrArray) before = NULL;
        int64_t from, all;

        *out = false;
        if (!plc_spool_reason(report->reason)->holds)
                return true;
        if (!plc_catalog_reports_of_item(desk->site->catalog, report->item, &before, error) ||
            !plc_catalog_count_report_holds(desk->site->catalog, report->from, now_ms - PLC_DAY_MS, &from, &all, error))
                return false;
        *out = !was_dismissed(before) && !holds_already(before) && from < HOLDS_PER_NETWORK && all < HOLDS_PER_SITE;
        return true;
}

static bool seal(struct plc_desk *desk, const plc_item *item, const char *id, const char *field, const char *text,
                 GBytes **out, GError **error)
{
        g_autofree char *what = g_strdup_printf("report/%s/%s", id, field);

        return plc_vault_seal_text(desk->site->vault, item->contributor, what, text, out, error);
}

static void hold(struct plc_desk_act *act, plc_report_row *row)
{
        g_autofree char *reason = g_strdup_printf("reported_%s", row->reason);
        GString *event = plc_desk_event("hold.placed");

        plc_id_new(row->hold);
        plc_jw_string(event, "hold", row->hold);
        plc_jw_object(event, "target");
        plc_jw_string(event, "item", row->item);
        plc_jw_end_object(event);
        plc_jw_string(event, "reason", reason);
        plc_desk_event_end(act, event);
        g_ptr_array_add(act->items, g_strdup(row->item));
}

static bool record(struct plc_desk *desk, const struct plc_report *report, const plc_item *item, GError **error)
{
        g_autoptr(plc_report_row) row = plc_report_row_new();
        g_autoptr(plc_desk_act) act = plc_desk_act_new();
        g_autoptr(plc_db_tx) tx = NULL;
        int64_t now_ms = plc_now_ms();
        bool holds, is_new;

        g_strlcpy(row->id, report->id, sizeof row->id);
        g_strlcpy(row->item, report->item, sizeof row->item);
        row->reason = g_strdup(report->reason);
        row->from = g_strdup(report->from);
        row->at = now_ms;
        plc_site_make_room(desk->site);
        tx = plc_catalog_begin(desk->site->catalog, error);
        if (tx == NULL || !seal(desk, item, row->id, "text", report->text, &row->sealed_text, error) ||
            !seal(desk, item, row->id, "contact", report->contact, &row->sealed_contact, error) ||
            !may_hold(desk, report, now_ms, &holds, error))
                return false;
        if (holds)
                hold(act, row);
        if (!plc_catalog_insert_report(desk->site->catalog, row, &is_new, error))
                return false;
        if (!is_new || !holds)
                return plc_db_commit(&tx, error);
        return plc_desk_write(desk, act, now_ms, error) && plc_desk_publish_now(desk, &tx, act, error);
}

/* An item that nobody knows, or that was erased, has nothing to be held back; the reporter was told no more than that
 * it was received. */
static bool take(struct plc_desk *desk, int spool, const char *name, GError **error)
{
        struct plc_report report;
        g_autoptr(plc_item) item = NULL;
        g_autoptr(GError) missing = NULL;
        bool ok;

        if (!plc_spool_read_report(spool, name, &report, error))
                return false;
        ok = plc_catalog_get_item(desk->site->catalog, report.item, &item, &missing);
        if (ok && item->state != PLC_ITEM_ERASED)
                ok = record(desk, &report, item, error);
        else if (!ok && plc_error_code(missing) == PLC_E_NOT_FOUND)
                ok = true;
        else if (!ok)
                g_propagate_error(error, g_steal_pointer(&missing));
        plc_report_clear(&report);
        return ok && plc_spool_remove(spool, name, error);
}

static bool take_back(struct plc_desk *desk, int spool, const char *name, GError **error)
{
        struct plc_spool_withdrawal withdrawal;

        return plc_spool_read_withdrawal(spool, name, &withdrawal, error) &&
               plc_desk_take_withdrawal(desk, &withdrawal, error) && plc_spool_remove(spool, name, error);
}

static bool take_all(struct plc_desk *desk, int spool, char kind, unsigned *out_taken, unsigned *out_unreadable,
                     GError **error)
{
        g_auto(GStrv) names = NULL;

        if (!plc_spool_list(spool, kind, &names, error))
                return false;
        for (char **name = names; *name != NULL; name++) {
                g_autoptr(GError) fault = NULL;

                if (kind == 'w' ? take_back(desk, spool, *name, &fault) : take(desk, spool, *name, &fault)) {
                        ++*out_taken;
                        continue;
                }
                if (plc_code_then(plc_error_code(fault)) != PLC_THEN_REJECT) {
                        g_propagate_error(error, g_steal_pointer(&fault));
                        return false;
                }
                ++*out_unreadable;
        }
        return true;
}

bool plc_desk_take_spool(struct plc_desk *desk, unsigned *out_unreadable, GError **error)
{
        plc_autofd int spool = -1;
        unsigned taken = 0;

        *out_unreadable = 0;
        if (!plc_open_dir(desk->site->fd, "spool", &spool, error) ||
            !take_all(desk, spool, 'w', &taken, out_unreadable, error) ||
            !take_all(desk, spool, 'r', &taken, out_unreadable, error))
                return false;
        /* What was taken away stays away, also from a catalog that is older. */
        return taken == 0 || plc_site_checkpoint(desk->site, false, error);
}

static gboolean look(gpointer data)
{
        struct plc_desk *desk = data;
        g_autoptr(GError) error = NULL;
        unsigned unreadable;

        if (!plc_desk_take_spool(desk, &unreadable, &error))
                plc_log_error(error, "cannot take everything out of the spool; trying again");
        else if (unreadable > desk->spool_unreadable) /* once, not at each look */
                plc_log_warning("%u files of the spool are not of the form that placet-serve writes; they stay there",
                                unreadable);
        desk->spool_unreadable = unreadable;
        return G_SOURCE_CONTINUE;
}

static gboolean hinted(gint fd, GIOCondition condition, gpointer data)
{
        char buffer[4096] __attribute__((aligned(8)));

        (void)condition;
        while (read(fd, buffer, sizeof buffer) > 0)
                continue;
        return look(data);
}

void plc_desk_watch_spool(struct plc_desk *desk)
{
        g_autofree char *path = g_build_filename(desk->site->path, "spool", NULL);

        desk->spool_scan = g_timeout_add_seconds(LOOK_EVERY_S, look, desk);
        desk->spool_inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
        if (desk->spool_inotify >= 0 && inotify_add_watch(desk->spool_inotify, path, IN_MOVED_TO | IN_ONLYDIR) >= 0)
                desk->spool_hint = g_unix_fd_add(desk->spool_inotify, G_IO_IN, hinted, desk);
        look(desk);
}

static bool write_sealed(struct plc_desk *desk, const char *contributor, const plc_report_row *row, const char *field,
                         GBytes *sealed, GString *out, GError **error)
{
        g_autofree char *what = g_strdup_printf("report/%s/%s", row->id, field), *text = NULL;

        if (sealed == NULL)
                return true;
        if (!plc_vault_unseal_text(desk->site->vault, contributor, what, sealed, &text, error))
                return false;
        plc_jw_string(out, field, text);
        return true;
}

static bool write_report(struct plc_desk *desk, const char *contributor, const plc_report_row *row, bool whole,
                         GString *out, GError **error)
{
        plc_jw_object(out, NULL);
        plc_jw_string(out, "report", row->id);
        plc_jw_string(out, "reason", row->reason);
        plc_jw_time(out, "at", row->at);
        plc_jw_string(out, "state", row->state);
        if (row->hold[0] != '\0')
                plc_jw_string(out, "hold", row->hold);
        if (whole && (!write_sealed(desk, contributor, row, "text", row->sealed_text, out, error) ||
                      !write_sealed(desk, contributor, row, "contact", row->sealed_contact, out, error)))
                return false;
        plc_jw_end_object(out);
        return true;
}

bool plc_desk_write_reports(struct plc_desk *desk, const char *item, const char *contributor, bool whole, GString *out,
                            GError **error)
{
        g_autoptr(GPtrArray) reports = NULL;
        bool begun = false;

        if (!plc_catalog_reports_of_item(desk->site->catalog, item, &reports, error))
                return false;
        for (guint i = 0; i < reports->len; i++) {
                const plc_report_row *row = reports->pdata[i];

                if (!whole && strcmp(row->state, "open") != 0)
                        continue;
                if (!begun)
                        plc_jw_array(out, "reports");
                begun = true;
                if (!write_report(desk, contributor, row, whole, out, error))
                        return false;
        }
        if (begun)
                plc_jw_end_array(out);
        return true;
}

/* Does the hold that a report placed still hold? */
static bool still_holds(struct plc_desk *desk, const char *id, bool *out, GError **error)
{
        g_autoptr(GPtrArray) events = NULL;

        *out = false;
        if (id[0] == '\0')
                return true;
        if (!plc_catalog_ledger_about(desk->site->catalog, "hold", id, &events, error))
                return false;
        for (guint i = 0; i < events->len; i++)
                *out = strcmp(((plc_ledger_row *)events->pdata[i])->type, "hold.placed") == 0;
        return true;
}

/* {"report":ID}: nothing is wrong with the item; the hold that the report placed is lifted, and no report holds the
 * item by itself again. */
bool plc_desk_rights_dismiss(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        g_autoptr(plc_desk_act) act = plc_desk_act_new();
        g_autoptr(plc_report_row) row = NULL;
        g_autoptr(plc_db_tx) tx = NULL;
        int64_t now_ms = plc_now_ms();
        const char *id = NULL;
        bool lifts;

        if (!plc_json_get_name(request, "report", PLC_REQUIRED, 64, &id, error) ||
            !plc_catalog_get_report(desk->site->catalog, id, &row, error) ||
            !still_holds(desk, row->hold, &lifts, error))
                return false;
        if (strcmp(row->state, "open") != 0)
                return plc_fail(error, PLC_E_CONFLICT, "report %s was %s already", id, row->state);
        if (lifts) {
                GString *event = plc_desk_event("hold.lifted");

                plc_jw_string(event, "hold", row->hold);
                plc_desk_event_end(act, event);
                g_ptr_array_add(act->items, g_strdup(row->item));
        }
        tx = plc_catalog_begin(desk->site->catalog, error);
        if (tx == NULL || !plc_catalog_settle_report(desk->site->catalog, id, "dismissed", error) ||
            !plc_desk_brighten_in(desk, &tx, act, now_ms, error))
                return false;
        plc_jw_object(answer, NULL);
        plc_jw_string(answer, "report", id);
        plc_jw_time(answer, "at", now_ms);
        plc_desk_answer_items(answer, act);
        plc_jw_end_object(answer);
        return true;
}
