/* What was handed out and may no longer be used? Files of pulls that are still valid by their receipt, of items that
 * would be denied now. */
#include "desk/recalls.h"

#include <string.h>

#include "base/clock.h"
#include "desk/private.h"

#define PULLED_PAGE 1000

static plc_channel channel_of(const struct plc_preset *preset, const plc_pull *pull)
{
        int channel = plc_word_index(plc_channel_words, preset != NULL ? preset->channel : pull->channel);

        return channel < 0 ? PLC_CHANNEL_AD : (plc_channel)channel;
}

/* Asked as it was asked when it was pulled: with a crop if that was allowed then, for no name. */
static bool may_still(struct plc_desk *desk, const plc_ledger *ledger, const plc_pull *pull, const plc_pull_file *file,
                      int64_t now_ms, struct plc_verdict *verdict)
{
        const struct plc_site *site = desk->site;
        struct plc_question question = plc_publish_question(
                &site->publisher, file->item, channel_of(plc_presets_find(site->presets, file->preset), pull),
                pull->territory, pull->pulled_at);

        question.identity = PLC_IDENTITY_HIDDEN;
        question.head = pull->head;
        question.edits = 1u << PLC_EDIT_CROP;
        plc_decide(ledger, site->policy, &question, verdict);
        if (!verdict->allow)
                question.edits = 0;
        question.at = now_ms;
        question.head = PLC_HEAD_END;
        plc_decide(ledger, site->policy, &question, verdict);
        return verdict->allow;
}

static void write_one(GString *out, const plc_pull *pull, const plc_pull_file *file, const struct plc_verdict *verdict)
{
        plc_jw_object(out, NULL);
        plc_jw_string(out, "pull", pull->id);
        plc_jw_string(out, "bundle", pull->bundle);
        plc_jw_string(out, "puller", pull->puller);
        plc_jw_string(out, "campaign", pull->campaign);
        plc_jw_time(out, "pulled_at", pull->pulled_at);
        plc_jw_string(out, "territory", pull->territory);
        plc_jw_string(out, "item", file->item);
        plc_jw_string(out, "preset", file->preset);
        plc_jw_string(out, "file", file->file);
        plc_jw_string(out, "sha256", file->sha256);
        plc_jw_time(out, "valid_until", file->valid_until != 0 ? file->valid_until : PLC_TIME_NEVER);
        plc_jw_array(out, "reasons");
        for (guint i = 0; i < verdict->reasons->len; i++)
                plc_jw_string(out, NULL, verdict->reasons->pdata[i]);
        plc_jw_end_array(out);
        plc_jw_end_object(out);
}

static bool write_of_item(struct plc_desk *desk, const char *item, int64_t now_ms, GString *out, GError **error)
{
        struct plc_verdict verdict = {0};
        g_autoptr(plc_ledger) ledger = NULL;
        g_autoptr(GPtrArray) pulls = NULL;

        if (!plc_catalog_pulls_of_item(desk->site->catalog, item, now_ms, &pulls, error))
                return false;
        if (pulls->len == 0)
                return true;
        ledger = plc_publish_ledger(&desk->site->publisher, item, error);
        if (ledger == NULL)
                return false;
        for (guint p = 0; p < pulls->len; p++) {
                const plc_pull *pull = pulls->pdata[p];

                for (guint f = 0; f < pull->files->len; f++) {
                        const plc_pull_file *file = pull->files->pdata[f];
                        bool over = file->valid_until != 0 && file->valid_until <= now_ms;

                        if (strcmp(file->item, item) == 0 && !over &&
                            !may_still(desk, ledger, pull, file, now_ms, &verdict))
                                write_one(out, pull, file, &verdict);
                }
        }
        plc_verdict_clear(&verdict);
        return true;
}

bool plc_desk_write_recalls(struct plc_desk *desk, const GPtrArray *items, int64_t now_ms, GString *answer,
                            GError **error)
{
        plc_jw_array(answer, "recalls");
        for (guint i = 0; i < items->len; i++)
                if (!write_of_item(desk, items->pdata[i], now_ms, answer, error))
                        return false;
        plc_jw_end_array(answer);
        return true;
}

/* {}: all that are open. */
bool plc_desk_recalls(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        g_autofree char *after = g_strdup("");
        int64_t now_ms = plc_now_ms();

        (void)request;
        plc_jw_object(answer, NULL);
        plc_jw_time(answer, "at", now_ms);
        plc_jw_array(answer, "recalls");
        for (;;) {
                g_autoptr(GPtrArray) page = NULL;

                if (!plc_catalog_pulled_items(desk->site->catalog, now_ms, after, PULLED_PAGE, &page, error))
                        return false;
                for (guint i = 0; i < page->len; i++)
                        if (!write_of_item(desk, page->pdata[i], now_ms, answer, error))
                                return false;
                if (page->len < PULLED_PAGE)
                        break;
                g_free(after);
                after = g_strdup(page->pdata[page->len - 1]);
        }
        plc_jw_end_array(answer);
        plc_jw_end_object(answer);
        return true;
}
