/* What does the operator hear of a drop that was taken in? One file in done/, in plain words, with our ids and no
 * personal text. */
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "pipeline/office_private.h"
#include "wire/plan.h"

static const char *state_words(const plc_item *item)
{
        static const char *const words[] = {
                [PLC_ITEM_WAITING] = "waiting for moderation",
                [PLC_ITEM_APPROVED] = "approved",
                [PLC_ITEM_REJECTED] = "rejected",
                [PLC_ITEM_FAILED] = "could not be processed",
                [PLC_ITEM_ERASED] = "erased",
                [PLC_ITEM_REPLACED] = "replaced",
        };

        return words[item->state];
}

static bool write_photo(struct plc_office *office, const plc_item *item, GString *out, GError **error)
{
        g_autofree char *file = NULL;

        if (!plc_publish_text(&office->site->publisher, item, "file", 0, &file, error))
                return false;
        plc_jw_string(out, "file", file);
        plc_jw_string(out, "state", state_words(item));
        if (item->code != NULL)
                plc_jw_string(out, "code", item->code);
        plc_jw_array(out, "pixels");
        plc_jw_int(out, NULL, item->photo.width);
        plc_jw_int(out, NULL, item->photo.height);
        plc_jw_end_array(out);
        plc_jw_array(out, "removed");
        for (unsigned bit = 0; bit < PLC_REMOVED_COUNT_; bit++)
                if (item->photo.removed & (INT64_C(1) << bit))
                        plc_jw_string(out, NULL, plc_removed_sentence(bit));
        plc_jw_end_array(out);
        return true;
}

static bool write_item(struct plc_office *office, const plc_item *item, GString *out, GError **error)
{
        plc_jw_object(out, NULL);
        plc_jw_string(out, "item", item->id);
        plc_jw_string(out, "kind", plc_item_kind_name(item->kind));
        if (item->kind == PLC_ITEM_PHOTO) {
                if (!write_photo(office, item, out, error))
                        return false;
        } else {
                plc_jw_string(out, "state", state_words(item));
                plc_jw_string(out, "language", item->language);
                plc_jw_real(out, "confidence", item->confidence);
        }
        plc_jw_end_object(out);
        return true;
}

/* Items of the revision; *out_ready is false while a photo still waits for its preview. */
static bool read_items(struct plc_office *office, const plc_revision *revision, GPtrArray *out, bool *out_ready,
                       GError **error)
{
        g_autoptr(GPtrArray) ids = NULL;

        *out_ready = true;
        if (!plc_catalog_items_of_revision(office->site->catalog, revision->submission, revision->number, &ids, error))
                return false;
        for (guint i = 0; i < ids->len; i++) {
                g_autoptr(plc_item) item = NULL;

                if (!plc_catalog_get_item(office->site->catalog, ids->pdata[i], &item, error))
                        return false;
                if (item->kind == PLC_ITEM_PHOTO && !item->preview_ready && item->state == PLC_ITEM_WAITING)
                        *out_ready = false;
                g_ptr_array_add(out, g_steal_pointer(&item));
        }
        return true;
}

/* One a line, sealed with the first item. */
static bool write_notes(struct plc_office *office, const plc_revision *revision, const GPtrArray *items, GString *out,
                        GError **error)
{
        plc_jw_array(out, "notes");
        for (guint i = 0; i < items->len; i++) {
                const plc_item *item = items->pdata[i];
                g_autofree char *notes = NULL;
                g_auto(GStrv) lines = NULL;

                if (item->revision != revision->number)
                        continue; /* kept: what is to be said of it was said with its own revision */
                if (!plc_publish_text(&office->site->publisher, item, "notes", 0, &notes, error))
                        return false;
                lines = g_strsplit(notes != NULL ? notes : "", "\n", -1);
                for (char **line = lines; *line != NULL; line++)
                        plc_jw_string(out, NULL, *line);
        }
        plc_jw_end_array(out);
        return true;
}

static bool write_answer(struct plc_office *office, const plc_revision *revision, const char *name,
                         const GPtrArray *items, GString *out, GError **error)
{
        plc_jw_object(out, NULL);
        plc_jw_string(out, "schema", "placet.answer/1");
        plc_jw_string(out, "drop", name);
        plc_jw_string(out, "outcome", revision->number > 1 ? "revised" : "accepted");
        plc_jw_string(out, "submission", revision->submission);
        plc_jw_int(out, "revision", revision->number);
        plc_jw_time(out, "received_at", revision->received_at);
        plc_jw_array(out, "items");
        for (guint i = 0; i < items->len; i++)
                if (!write_item(office, items->pdata[i], out, error))
                        return false;
        plc_jw_end_array(out);
        if (!write_notes(office, revision, items, out, error))
                return false;
        plc_jw_end_object(out);
        g_string_append_c(out, '\n');
        return true;
}

/* Not yet while a photo of it waits for its preview. */
static bool answer_one(struct plc_office *office, const plc_submission *submission, int64_t number, GError **error)
{
        struct plc_site *site = office->site;
        g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func((GDestroyNotify)plc_item_free);
        g_autoptr(GString) out = g_string_new(NULL);
        g_autoptr(plc_revision) revision = NULL;
        g_autofree char *what = NULL, *name = NULL, *sealed_as = NULL, *key = NULL;
        g_autoptr(GBytes) sealed = NULL;
        bool ready;

        if (!plc_catalog_get_revision(site->catalog, submission->id, number, &revision, error))
                return false;
        if (revision->sealed_answer != NULL)
                return true;
        if (!read_items(office, revision, items, &ready, error))
                return false;
        if (!ready)
                return true;
        what = g_strdup_printf("revision/%s/%" G_GINT64_FORMAT "/drop", submission->id, number);
        key = plc_answer_key(submission->id, number);
        if (!plc_vault_unseal_text(site->vault, submission->contributor, what, revision->sealed_drop, &name, error) ||
            !write_answer(office, revision, name, items, out, error) ||
            !plc_answer_write(&site->dirs, name, key, out->str, plc_now_ms(), error))
                return false;
        sealed_as = g_strdup_printf("revision/%s/%" G_GINT64_FORMAT "/answer", submission->id, number);
        return plc_vault_seal_text(site->vault, submission->contributor, sealed_as, out->str, &sealed, error) &&
               plc_catalog_set_answer(site->catalog, submission->id, number, sealed, error);
}

/* Each revision has its own: one that came before the former's previews were made does not speak for it. */
enum plc_progress plc_step_answer(struct plc_office *office, struct plc_running *running, GError **error)
{
        g_autoptr(plc_submission) submission = NULL;

        if (!plc_catalog_get_submission(office->site->catalog, running->job->subject, &submission, error))
                return PLC_FAILED;
        for (int64_t number = 1; number <= submission->revision; number++)
                if (!answer_one(office, submission, number, error))
                        return PLC_FAILED;
        return PLC_DONE;
}
