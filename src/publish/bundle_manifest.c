/* What is written down of a version of a bundle? Once, when it is frozen: which items, what decide() said of each,
 * which files there were; nothing in it tells who anybody is. */
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"
#include "catalog/ledger.h"
#include "catalog/rendition.h"
#include "publish/bundle.h"
#include "rights/decide.h"

/* Territories of one channel with the same answer stand together. */
struct said {
        char *answer; /* as plc_verdict_write */
        GPtrArray *territories;
};

static void said_free(gpointer data)
{
        struct said *said = data;

        g_free(said->answer);
        g_ptr_array_unref(said->territories);
        g_free(said);
}

static void say(GPtrArray *all, char *answer, const char *territory)
{
        struct said *said;

        for (guint i = 0; i < all->len; i++) {
                said = all->pdata[i];
                if (strcmp(said->answer, answer) != 0)
                        continue;
                g_ptr_array_add(said->territories, (gpointer)territory);
                g_free(answer);
                return;
        }
        said = g_new(struct said, 1);
        said->answer = answer;
        said->territories = g_ptr_array_new();
        g_ptr_array_add(said->territories, (gpointer)territory);
        g_ptr_array_add(all, said);
}

/* WW is asked with a territory that no event and no rule names. */
static void decide_channel(const struct plc_publisher *publisher, const plc_bundle_definition *definition,
                           const plc_ledger *ledger, const char *item, const char *channel, int64_t at, GString *out)
{
        g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(said_free);
        struct plc_territories named;
        char other[3];

        plc_decide_territories(ledger, publisher->policy, item, &named, other);
        for (char **code = definition->territories; *code != NULL; code++) {
                plc_channel number = (plc_channel)plc_word_index(plc_channel_words, channel);
                struct plc_question question =
                        plc_publish_question(publisher, item, number, strcmp(*code, "WW") == 0 ? other : *code, at);
                struct plc_verdict verdict = {0};
                GString *answer = g_string_new(NULL);

                question.identity = PLC_IDENTITY_HIDDEN;
                plc_decide(ledger, publisher->policy, &question, &verdict);
                plc_verdict_write(&verdict, answer);
                plc_verdict_clear(&verdict);
                say(all, g_string_free(answer, FALSE), *code);
        }
        for (guint i = 0; i < all->len; i++) {
                const struct said *said = all->pdata[i];

                plc_jw_object(out, NULL);
                plc_jw_string(out, "channel", channel);
                plc_jw_array(out, "territories");
                for (guint t = 0; t < said->territories->len; t++)
                        plc_jw_string(out, NULL, said->territories->pdata[t]);
                plc_jw_end_array(out);
                plc_jw_raw(out, "said", said->answer);
                plc_jw_end_object(out);
        }
}

static bool write_files(const struct plc_publisher *publisher, const plc_bundle_definition *definition,
                        const char *item, GString *out, GError **error)
{
        g_autoptr(GPtrArray) placed = NULL;

        if (!plc_catalog_placed_of_item(publisher->catalog, item, &placed, error))
                return false;
        for (guint i = 0; i < placed->len; i++) {
                const plc_placed *row = placed->pdata[i];

                if (definition->placements != NULL &&
                    !g_strv_contains((const char *const *)definition->placements, row->preset))
                        continue;
                for (guint f = 0; f < row->files->len; f++) {
                        const plc_rendition *file = row->files->pdata[f];

                        plc_jw_object(out, NULL);
                        plc_jw_string(out, "preset", row->preset);
                        plc_jw_string(out, "format", file->format);
                        plc_jw_int(out, "width", file->width);
                        plc_jw_int(out, "height", file->height);
                        plc_jw_int(out, "bytes", file->bytes);
                        plc_jw_string(out, "sha256", file->sha256);
                        plc_jw_end_object(out);
                }
        }
        return true;
}

static bool write_item(const struct plc_publisher *publisher, const plc_bundle_definition *definition, const char *item,
                       int64_t at, GString *out, GError **error)
{
        g_autoptr(plc_ledger) ledger = plc_publish_ledger(publisher, item, error);

        if (ledger == NULL)
                return false;
        plc_jw_object(out, NULL);
        plc_jw_string(out, "item", item);
        plc_jw_array(out, "decisions");
        for (char **channel = definition->channels; *channel != NULL; channel++)
                decide_channel(publisher, definition, ledger, item, *channel, at, out);
        plc_jw_end_array(out);
        plc_jw_array(out, "files");
        if (!write_files(publisher, definition, item, out, error))
                return false;
        plc_jw_end_array(out);
        plc_jw_end_object(out);
        return true;
}

bool plc_bundle_manifest(const struct plc_publisher *publisher, const plc_bundle_definition *definition,
                         const plc_bundle *bundle, GString **out, GError **error)
{
        g_autoptr(GString) json = g_string_new(NULL);
        char hash[PLC_SHA256_HEX_SIZE];
        struct plc_ledger_head head;

        if (!plc_catalog_ledger_head(publisher->catalog, &head, error))
                return false;
        plc_sha256_hex(definition->json, strlen(definition->json), hash);
        plc_jw_object(json, NULL);
        plc_jw_string(json, "schema", "placet.bundle-manifest/1");
        plc_jw_string(json, "bundle", bundle->name);
        plc_jw_int(json, "version", bundle->version);
        plc_jw_time(json, "published_at", bundle->published_at);
        plc_jw_int(json, "ledger_head", head.seq);
        plc_jw_string(json, "definition_sha256", hash);
        plc_jw_array(json, "items");
        for (guint i = 0; i < bundle->items->len; i++)
                if (!write_item(publisher, definition, bundle->items->pdata[i], bundle->published_at, json, error))
                        return false;
        plc_jw_end_array(json);
        plc_jw_end_object(json);
        *out = g_steal_pointer(&json);
        return true;
}
