/* How is a person forgotten? Recorded, with tombstones and the work still to do, in one transaction; then done, then
 * answered. */
#include <string.h>

#include "base/clock.h"
#include "desk/private.h"
#include "pipeline/erase.h"

struct erasing {
        struct plc_desk *desk;
        char id[PLC_ID_SIZE]; /* of the contributor; "": only the tombstone is left */
        bool already;
        int64_t at;
        GPtrArray *items;       /* ids, of char * */
        GPtrArray *submissions; /* of plc_submission */
};

static void clear(struct erasing *erasing)
{
        g_clear_pointer(&erasing->items, g_ptr_array_unref);
        g_clear_pointer(&erasing->submissions, g_ptr_array_unref);
}

/* Erased before: their external id leads to nobody any more, but to the tombstone. */
static bool find_tombstone(struct erasing *erasing, const char *name, GError **error)
{
        const char *colon = strchr(name, ':');
        g_autofree char *source = colon != NULL ? g_strndup(name, (gsize)(colon - name)) : NULL;
        char hmac[PLC_SHA256_HEX_SIZE];

        if (source == NULL)
                return true;
        plc_vault_hmac(erasing->desk->site->vault, "contributor", source, colon + 1, hmac);
        return plc_catalog_find_tombstone(erasing->desk->site->catalog, hmac, &erasing->at, error);
}

static bool when_erased(struct erasing *erasing, GError **error)
{
        g_autoptr(GPtrArray) events = NULL;

        if (!plc_catalog_ledger_about(erasing->desk->site->catalog, "contributor", erasing->id, &events, error))
                return false;
        for (guint i = 0; i < events->len; i++) {
                const plc_ledger_row *event = events->pdata[i];

                if (strcmp(event->type, "subject.erased") == 0)
                        erasing->at = event->recorded_at;
        }
        return true;
}

static bool find(struct erasing *erasing, const char *name, GError **error)
{
        plc_catalog *catalog = erasing->desk->site->catalog;
        g_autoptr(plc_contributor) contributor = NULL;
        g_autoptr(GError) missing = NULL;

        if (!plc_desk_find_contributor(erasing->desk, name, &contributor, &missing)) {
                if (plc_error_code(missing) == PLC_E_NOT_FOUND && !find_tombstone(erasing, name, error))
                        return false;
                erasing->already = erasing->at != 0;
                if (!erasing->already)
                        g_propagate_error(error, g_steal_pointer(&missing));
                return erasing->already;
        }
        g_strlcpy(erasing->id, contributor->id, sizeof erasing->id);
        erasing->already = contributor->erased;
        return plc_catalog_items_of_contributor(catalog, contributor->id, &erasing->items, error) &&
               plc_catalog_list_submissions_of(catalog, contributor->id, &erasing->submissions, error) &&
               (!erasing->already || when_erased(erasing, error));
}

static void add_event(struct plc_desk_act *act, const char *type, const char *kind, const char *id)
{
        GString *event = plc_desk_event(type);

        plc_jw_string(event, kind, id);
        plc_desk_event_end(act, event);
}

static bool add_tombstones(struct erasing *erasing, GError **error)
{
        plc_catalog *catalog = erasing->desk->site->catalog;
        g_autoptr(plc_contributor) contributor = NULL;

        if (!plc_catalog_get_contributor(catalog, erasing->id, &contributor, error) ||
            (contributor->external_hmac != NULL &&
             !plc_catalog_add_tombstone(catalog, contributor->external_hmac, erasing->at, error)))
                return false;
        for (guint i = 0; i < erasing->submissions->len; i++) {
                const plc_submission *submission = erasing->submissions->pdata[i];

                if (submission->external_hmac != NULL &&
                    !plc_catalog_add_tombstone(catalog, submission->external_hmac, erasing->at, error))
                        return false;
        }
        return true;
}

/* From this commit on everything that reads the catalog finds them erased, and whatever crashes, the job does the rest.
 */
static bool record(struct erasing *erasing, GError **error)
{
        plc_catalog *catalog = erasing->desk->site->catalog;
        g_autoptr(plc_desk_act) act = plc_desk_act_new();
        g_autoptr(plc_db_tx) tx = NULL;

        erasing->at = plc_now_ms();
        add_event(act, "subject.erased", "contributor", erasing->id);
        for (guint i = 0; i < erasing->items->len; i++)
                add_event(act, "item.erased", "item", erasing->items->pdata[i]);
        tx = plc_catalog_begin(catalog, error);
        return tx != NULL && plc_desk_write(erasing->desk, act, erasing->at, error) && add_tombstones(erasing, error) &&
               plc_catalog_erase_contributor(catalog, erasing->id, erasing->at, error) &&
               plc_catalog_enqueue(catalog, "erase", erasing->id, 0, erasing->at, error) && plc_db_commit(&tx, error);
}

static bool finish(struct erasing *erasing, GError **error)
{
        g_autoptr(GError) fault = NULL;

        if (plc_erase_finish(erasing->desk->site, erasing->id, &fault))
                return plc_catalog_drop_job(erasing->desk->site->catalog, "erase", erasing->id, error);
        plc_office_kick(erasing->desk->office);
        return plc_fail_at(error, plc_error_code(fault), NULL, NULL,
                           "The office tries again by itself; the same command with their id does it now.",
                           "the erasure of %s is recorded, but not all of it could be done yet: %s", erasing->id,
                           fault->message);
}

static bool write_pulls_of(struct erasing *erasing, const char *item, int64_t now_ms, GString *answer, GError **error)
{
        g_autoptr(GPtrArray) pulls = NULL;

        if (!plc_catalog_pulls_of_item(erasing->desk->site->catalog, item, 0, &pulls, error))
                return false;
        for (guint p = 0; p < pulls->len; p++) {
                const plc_pull *pull = pulls->pdata[p];

                for (guint f = 0; f < pull->files->len; f++) {
                        const plc_pull_file *file = pull->files->pdata[f];

                        if (strcmp(file->item, item) != 0)
                                continue;
                        plc_jw_object(answer, NULL);
                        plc_jw_string(answer, "pull", pull->id);
                        plc_jw_string(answer, "puller", pull->puller);
                        plc_jw_string(answer, "campaign", pull->campaign);
                        plc_jw_time(answer, "pulled_at", pull->pulled_at);
                        plc_jw_string(answer, "item", item);
                        plc_jw_string(answer, "file", file->file);
                        plc_jw_string(answer, "sha256", file->sha256);
                        plc_jw_time(answer, "valid_until", file->valid_until != 0 ? file->valid_until : PLC_TIME_NEVER);
                        plc_jw_bool(answer, "still_valid", file->valid_until == 0 || file->valid_until > now_ms);
                        plc_jw_end_object(answer);
                }
        }
        return true;
}

/* Who was given what must be told of the erasure (GDPR art. 19): also those whose time to use it had run out. */
static bool write_answer(struct erasing *erasing, GString *answer, GError **error)
{
        guint items = erasing->items != NULL ? erasing->items->len : 0;

        plc_jw_object(answer, NULL);
        plc_jw_string(answer, "contributor", erasing->id[0] != '\0' ? erasing->id : NULL);
        plc_jw_bool(answer, "already", erasing->already);
        plc_jw_time(answer, "erased_at", erasing->at);
        plc_jw_int(answer, "submissions", erasing->submissions != NULL ? erasing->submissions->len : 0);
        plc_jw_int(answer, "items", items);
        plc_jw_array(answer, "pulled");
        for (guint i = 0; i < items; i++)
                if (!write_pulls_of(erasing, erasing->items->pdata[i], plc_now_ms(), answer, error))
                        return false;
        plc_jw_end_array(answer);
        plc_jw_end_object(answer);
        return true;
}

bool plc_desk_erase(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        struct erasing erasing = {.desk = desk};
        const char *name = NULL;
        bool ok = plc_json_get_name(request, "contributor", PLC_REQUIRED, 400, &name, error) &&
                  find(&erasing, name, error);

        if (ok && !erasing.already)
                ok = record(&erasing, error);
        if (ok && erasing.id[0] != '\0')
                ok = finish(&erasing, error);
        ok = ok && write_answer(&erasing, answer, error);
        clear(&erasing);
        return ok;
}
