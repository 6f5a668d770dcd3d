/* What is removed when its time is over? Whole days of rejected/ and done/, by the date in the folder's name. */
#include "pipeline/retention.h"

#include <fcntl.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "catalog/ledger.h"
#include "catalog/slot.h"

#define DAYS 4000       /* folders of one kind */
#define ENTRIES 1000000 /* in one of them */
#define SLOT_DAYS 548   /* 18 months: mails are opened again that late */

/* A folder called "2026-11-03", and that day over for at least so many days. */
static bool is_over(int dirfd, const char *name, int64_t days, int64_t now_ms)
{
        struct stat st;
        int64_t began;

        return strlen(name) == strlen("2026-11-03") && plc_time_parse_rfc3339(name, &began) &&
               began + (days + 1) * PLC_DAY_MS <= now_ms && fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
               S_ISDIR(st.st_mode);
}

static bool record(struct plc_site *site, const char *folder, const char *day, int64_t entries, int64_t now_ms,
                   GError **error)
{
        g_autoptr(plc_db_tx) tx = NULL;
        g_autoptr(GString) event = g_string_new(NULL);

        plc_jw_object(event, NULL);
        plc_jw_string(event, "type", "retention.removed");
        plc_jw_string(event, "folder", folder);
        plc_jw_string(event, "day", day);
        plc_jw_int(event, "entries", entries);
        plc_jw_end_object(event);
        tx = plc_catalog_begin(site->catalog, error);
        return tx != NULL && plc_catalog_ledger_append(site->catalog, event->str, now_ms, NULL, error) &&
               plc_db_commit(&tx, error);
}

static bool remove_days(struct plc_site *site, int dirfd, const char *folder, int64_t days, int64_t now_ms,
                        GError **error)
{
        g_auto(GStrv) names = NULL;

        if (!plc_list_dir(dirfd, ".", DAYS, &names, error))
                return false;
        for (char **name = names; *name != NULL; name++) {
                g_auto(GStrv) entries = NULL;
                plc_autofd int day = -1;

                if (!is_over(dirfd, *name, days, now_ms))
                        continue;
                if (!plc_open_dir(dirfd, *name, &day, error) || !plc_list_dir(day, ".", ENTRIES, &entries, error) ||
                    !record(site, folder, *name, g_strv_length(entries), now_ms, error) ||
                    !plc_remove_tree_at(dirfd, *name, error))
                        return false;
        }
        return true;
}

bool plc_retention_run(struct plc_site *site, int64_t now_ms, GError **error)
{
        const plc_conf *conf = site->conf;

        return remove_days(site, site->dirs.rejected, "rejected", conf->rejected_days, now_ms, error) &&
               remove_days(site, site->dirs.done, "done", conf->answers_days, now_ms, error) &&
               plc_catalog_forget_slots(site->catalog, now_ms - SLOT_DAYS * PLC_DAY_MS, error);
}
