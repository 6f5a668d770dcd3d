/* What is done when a person was erased, in which order? Dark first, then unreadable, then gone. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "pipeline/erase.h"
#include "pipeline/office_private.h"

#define DAYS 4000       /* folders of done/ */
#define ANSWERS 1000000 /* in one of them */
#define ANSWER_BYTES PLC_MIB

/* done/DATE/NAME.result.json tells in it which submission it is of; its name is the operator's and can be anything. */
static bool is_of(int day, const char *name, GHashTable *submissions)
{
        g_autoptr(GBytes) bytes = NULL;
        g_autoptr(plc_json) root = NULL;
        const char *submission = NULL;

        if (!g_str_has_suffix(name, ".result.json") || !plc_read_file_at(day, name, ANSWER_BYTES, &bytes, NULL))
                return false;
        root = plc_json_parse(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), name, &plc_json_default_limits,
                              NULL);
        return root != NULL && plc_json_typeof(root) == PLC_JSON_OBJECT &&
               plc_json_get_string(root, "submission", PLC_REQUIRED, PLC_ID_LEN, &submission, NULL) &&
               g_hash_table_contains(submissions, submission);
}

static bool remove_of_day(int done, const char *date, GHashTable *submissions, GError **error)
{
        g_auto(GStrv) names = NULL;
        plc_autofd int day = -1;
        bool removed = false;

        if (!plc_open_dir(done, date, &day, error) || !plc_list_dir(day, ".", ANSWERS, &names, error))
                return false;
        for (char **name = names; *name != NULL; name++) {
                if (!is_of(day, *name, submissions))
                        continue;
                if (unlinkat(day, *name, 0) != 0)
                        return plc_fail(error, PLC_E_IO, "cannot remove an answer of %s", date);
                removed = true;
        }
        return !removed || plc_fsync(day, date, error);
}

static bool remove_answers(struct plc_site *site, const char *contributor, GError **error)
{
        g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
        g_autoptr(GPtrArray) submissions = NULL;
        g_auto(GStrv) days = NULL;
        char first[PLC_TIME_SIZE];

        if (!plc_catalog_list_submissions_of(site->catalog, contributor, &submissions, error) ||
            !plc_list_dir(site->dirs.done, ".", DAYS, &days, error))
                return false;
        if (submissions->len == 0)
                return true;
        for (guint i = 0; i < submissions->len; i++)
                g_hash_table_add(ids, ((plc_submission *)submissions->pdata[i])->id);
        plc_time_format(((plc_submission *)submissions->pdata[0])->created_at - PLC_DAY_MS, first);
        for (char **day = days; *day != NULL; day++)
                if (strncmp(*day, first, strlen("2026-11-03")) >= 0 &&
                    !remove_of_day(site->dirs.done, *day, ids, error))
                        return false;
        return true;
}

static bool remove_blobs(struct plc_site *site, const char *contributor, GError **error)
{
        g_autoptr(GPtrArray) blobs = NULL;
        g_autoptr(plc_db_tx) tx = NULL;

        if (!plc_catalog_blobs_of_contributor(site->catalog, contributor, &blobs, error))
                return false;
        for (guint i = 0; i < blobs->len; i++)
                if (!plc_vault_remove(site->vault, blobs->pdata[i], error))
                        return false;
        tx = plc_catalog_begin(site->catalog, error);
        return tx != NULL && plc_catalog_forget_blobs(site->catalog, contributor, error) && plc_db_commit(&tx, error);
}

/*
 * The index first: nobody sees them while the rest is done. Then the key, with which all sealed bytes go, here and in
 * every copy of the catalog. Blobs before the rows that name them. The logs last, when everything has been overwritten.
 */
bool plc_erase_finish(struct plc_site *site, const char *contributor, GError **error)
{
        g_autoptr(GPtrArray) items = NULL;

        return plc_catalog_items_of_contributor(site->catalog, contributor, &items, error) &&
               plc_publish_items(&site->publisher, items, plc_now_ms(), error) &&
               plc_vault_destroy_key(site->vault, contributor, error) && remove_blobs(site, contributor, error) &&
               remove_answers(site, contributor, error) && plc_index_empty_log(site->index, error) &&
               plc_catalog_empty_log(site->catalog, error);
}

enum plc_progress plc_step_erase(struct plc_office *office, struct plc_running *running, GError **error)
{
        return plc_erase_finish(office->site, running->job->subject, error) ? PLC_DONE : PLC_FAILED;
}
