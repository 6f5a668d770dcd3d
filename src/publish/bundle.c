/* How does a bundle become visible? Frozen into its next version, shown as far as the index has its items, filled anew
 * where it is kept. */
#include "publish/bundle.h"

#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "catalog/item.h"
#include "catalog/queue.h"
#include "catalog/slot.h"
#include "publish/email.h"

static char *public_channels(const plc_bundle_definition *definition)
{
        GString *out = g_string_new(NULL);

        for (char **channel = definition->channels; *channel != NULL; channel++)
                if (plc_index_channel_public(*channel))
                        g_string_append_printf(out, "%s%s", out->len > 0 ? " " : "", *channel);
        return g_string_free(out, FALSE);
}

void plc_bundle_territories(char *const *codes, struct plc_index_territories *out)
{
        for (char *const *code = codes; *code != NULL; code++) {
                if (strcmp(*code, "WW") == 0)
                        plc_index_territories_add_world(out);
                else
                        plc_index_territories_add(out, *code);
        }
}

void plc_bundle_mark(const plc_bundle_definition *definition, char out[PLC_BUNDLE_MARK_SIZE])
{
        char hash[PLC_SHA256_HEX_SIZE];

        plc_sha256_hex(definition->json, strlen(definition->json), hash);
        g_strlcpy(out, hash, PLC_BUNDLE_MARK_SIZE);
}

static char *placements_of(const struct plc_publisher *publisher, const plc_bundle_definition *definition)
{
        g_autoptr(GPtrArray) placements = plc_email_placements(publisher, definition);
        GString *out = g_string_new(NULL);

        for (guint i = 0; i < placements->len; i++)
                g_string_append_printf(out, "%s%s", i > 0 ? " " : "",
                                       ((const struct plc_preset *)placements->pdata[i])->placement.id);
        return g_string_free(out, FALSE);
}

/* Only items that the index has: the name of one that nobody may see stands in no byte of it. Its place stays free, so
 * that a reader who goes on from page to page misses none and meets none twice when items come and go. */
bool plc_bundle_show(const struct plc_publisher *publisher, const char *name, GError **error)
{
        g_autoptr(plc_bundle_definition) definition = NULL;
        g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(struct plc_index_bundle_item));
        g_autoptr(plc_bundle) bundle = NULL;
        g_autofree char *channels = NULL, *placements = NULL;
        char mark[PLC_BUNDLE_MARK_SIZE];
        struct plc_index_bundle shown = {0};

        if (!plc_catalog_get_bundle(publisher->catalog, name, 0, &bundle, error))
                return false;
        definition = plc_bundle_parse_frozen(bundle->definition, name, error);
        if (definition == NULL)
                return false;
        channels = public_channels(definition);
        if (channels[0] == '\0' || bundle->withdrawn_at != 0)
                return plc_index_remove_bundle(publisher->index, name, error);
        for (guint i = 0; i < bundle->items->len; i++) {
                struct plc_index_bundle_item row = {.item = bundle->items->pdata[i], .product = ""};
                bool there;

                if (!plc_index_has_item(publisher->index, row.item, &there, error))
                        return false;
                if (!there)
                        row.item = NULL;
                g_array_append_val(rows, row);
        }
        placements = placements_of(publisher, definition);
        plc_bundle_mark(definition, mark);
        shown = (struct plc_index_bundle){.name = name,
                                          .version = bundle->version,
                                          .title = definition->title,
                                          .channels = channels,
                                          .from_ms = definition->from_ms,
                                          .until_ms = definition->until_ms,
                                          .placements = placements,
                                          .mark = mark};
        plc_bundle_territories(definition->territories, &shown.territories);
        return plc_index_put_bundle(publisher->index, &shown, (const struct plc_index_bundle_item *)(void *)rows->data,
                                    rows->len, error);
}

static bool show_now(const struct plc_publisher *publisher, const char *name, int64_t now_ms, GError **error)
{
        if (!plc_index_begin(publisher->index, error))
                return false;
        if (plc_bundle_show(publisher, name, error) && plc_index_commit(publisher->index, now_ms, error))
                return true;
        plc_index_rollback(publisher->index);
        return false;
}

static bool holds(const plc_bundle *bundle, const char *item)
{
        return g_ptr_array_find_with_equal_func(bundle->items, item, g_str_equal, NULL);
}

/* Those for which mails have nothing yet: all, where the version before had another definition. */
static bool queue_emails(const struct plc_publisher *publisher, const plc_bundle_definition *definition,
                         const plc_bundle *bundle, const plc_bundle *before, int64_t now_ms, GError **error)
{
        bool other = before == NULL || strcmp(before->definition, bundle->definition) != 0 || before->withdrawn_at != 0;
        g_autoptr(GPtrArray) fresh = g_ptr_array_new();

        for (guint i = 0; i < bundle->items->len; i++)
                if (other || !holds(before, bundle->items->pdata[i]))
                        g_ptr_array_add(fresh, bundle->items->pdata[i]);
        return plc_email_queue(publisher, definition, fresh, now_ms, error);
}

static bool latest_before(const struct plc_publisher *publisher, const char *name, plc_bundle **out, GError **error)
{
        g_autoptr(GError) none = NULL;

        if (plc_catalog_get_bundle(publisher->catalog, name, 0, out, &none))
                return true;
        *out = NULL;
        if (plc_error_code(none) == PLC_E_NOT_FOUND)
                return true;
        g_propagate_error(error, g_steal_pointer(&none));
        return false;
}

/* Takes the items of the choice. */
static bool freeze(const struct plc_publisher *publisher, const plc_bundle_definition *definition,
                   plc_bundle_choice *choice, int64_t now_ms, plc_bundle **out_bundle, GError **error)
{
        g_autoptr(plc_bundle) bundle = plc_bundle_new(), before = NULL;
        g_autoptr(GString) manifest = NULL;
        g_autoptr(plc_db_tx) tx = plc_catalog_begin(publisher->catalog, error);
        char hash[PLC_SHA256_HEX_SIZE];

        bundle->name = g_strdup(definition->name);
        bundle->definition = g_strdup(definition->json);
        bundle->published_at = now_ms;
        g_ptr_array_extend_and_steal(bundle->items, g_steal_pointer(&choice->items));
        choice->items = g_ptr_array_new_with_free_func(g_free);
        if (tx == NULL || !latest_before(publisher, definition->name, &before, error) ||
            !plc_catalog_use_slots(publisher->catalog, definition->name, now_ms, error) ||
            !plc_catalog_put_bundle(publisher->catalog, bundle, error) ||
            !queue_emails(publisher, definition, bundle, before, now_ms, error) ||
            !plc_bundle_manifest(publisher, definition, bundle, &manifest, error))
                return false;
        plc_sha256_hex(manifest->str, manifest->len, hash);
        if (!plc_catalog_put_manifest(publisher->catalog, bundle, definition->kept, manifest->str, hash, error) ||
            (bundle->items->len > 0 && /* a crash before the index has it: publishing an item shows its bundles too */
             !plc_catalog_enqueue(publisher->catalog, "publish", bundle->items->pdata[0], 5, now_ms, error)) ||
            !plc_db_commit(&tx, error) || !show_now(publisher, definition->name, now_ms, error))
                return false;
        *out_bundle = g_steal_pointer(&bundle);
        return true;
}

static GPtrArray *placements_to_make(const struct plc_publisher *publisher, const plc_bundle_definition *definition)
{
        GPtrArray *out = plc_email_placements(publisher, definition);

        for (char **id = definition->placements; id != NULL && *id != NULL; id++) {
                const struct plc_preset *preset = plc_presets_find(publisher->presets, *id);

                if (preset != NULL && !g_ptr_array_find(out, preset, NULL))
                        g_ptr_array_add(out, (gpointer)preset);
        }
        return out;
}

/* Puts down which of the placements are wanted of it and not there; *out: any. */
static bool want(const struct plc_publisher *publisher, const GPtrArray *placements, const char *id, int64_t now_ms,
                 bool *out, GError **error)
{
        g_autoptr(plc_item) item = NULL;

        *out = false;
        if (!plc_catalog_get_item(publisher->catalog, id, &item, error))
                return false;
        for (guint i = 0; i < placements->len; i++) {
                bool asked;

                if (!plc_publish_ask(publisher, item, placements->pdata[i], now_ms, &asked, error))
                        return false;
                *out |= asked;
        }
        return true;
}

static bool queue_render(const struct plc_publisher *publisher, const char *id, int64_t now_ms, GError **error)
{
        return plc_catalog_enqueue(publisher->catalog, "render", id, 3, now_ms, error);
}

bool plc_bundle_ask(const struct plc_publisher *publisher, const plc_bundle_definition *definition, int64_t now_ms,
                    GPtrArray **out_asked, GError **error)
{
        g_autoptr(GPtrArray) placements = placements_to_make(publisher, definition);
        g_autoptr(GPtrArray) asked = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(plc_bundle_choice) choice = NULL;

        if (!plc_bundle_choose(publisher, definition, now_ms, &choice, error))
                return false;
        for (guint i = 0; placements->len > 0 && i < choice->items->len; i++) {
                const char *id = choice->items->pdata[i];
                bool one;

                if (!want(publisher, placements, id, now_ms, &one, error) ||
                    (one && !queue_render(publisher, id, now_ms, error)))
                        return false;
                if (one)
                        g_ptr_array_add(asked, g_strdup(id));
        }
        *out_asked = g_steal_pointer(&asked);
        return true;
}

bool plc_bundle_publish(const struct plc_publisher *publisher, const plc_bundle_definition *definition, int64_t now_ms,
                        plc_bundle **out_bundle, GError **error)
{
        g_autoptr(plc_bundle_choice) choice = NULL;

        return plc_bundle_choose(publisher, definition, now_ms, &choice, error) &&
               freeze(publisher, definition, choice, now_ms, out_bundle, error);
}

bool plc_bundle_withdraw(const struct plc_publisher *publisher, const char *name, int64_t now_ms, GError **error)
{
        g_autoptr(plc_db_tx) tx = plc_catalog_begin(publisher->catalog, error);

        return tx != NULL && plc_catalog_use_slots(publisher->catalog, name, now_ms, error) &&
               plc_catalog_withdraw_bundle(publisher->catalog, name, now_ms, error) && plc_db_commit(&tx, error) &&
               show_now(publisher, name, now_ms, error);
}

static bool same_items(const GPtrArray *a, const GPtrArray *b)
{
        bool same = a->len == b->len;

        for (guint i = 0; same && i < a->len; i++)
                same = strcmp(a->pdata[i], b->pdata[i]) == 0;
        return same;
}

/* Asks for the files of what `before` has not; waiting: those whose files are not there yet are added. */
static bool ask_for_new(const struct plc_publisher *publisher, const plc_bundle_definition *definition,
                        const plc_bundle *before, const plc_bundle_choice *choice, int64_t now_ms, GHashTable *waiting,
                        GError **error)
{
        g_autoptr(GPtrArray) placements = placements_to_make(publisher, definition);
        g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal); /* a bundle may hold 10,000 */
        g_autoptr(plc_db_tx) tx = plc_catalog_begin(publisher->catalog, error);

        if (tx == NULL)
                return false;
        for (guint i = 0; i < before->items->len; i++)
                g_hash_table_add(known, before->items->pdata[i]);
        for (guint i = 0; placements->len > 0 && i < choice->items->len; i++) {
                const char *id = choice->items->pdata[i];
                bool wanted, gave_up;

                if (g_hash_table_contains(known, id))
                        continue;
                if (!want(publisher, placements, id, now_ms, &wanted, error))
                        return false;
                if (!wanted)
                        continue;
                g_hash_table_add(waiting, g_strdup(id));
                /* What a worker died of is not tried again each time that a bundle is filled. */
                if (!plc_catalog_gave_up(publisher->catalog, id, now_ms, &gave_up, error) ||
                    (!gave_up && !queue_render(publisher, id, now_ms, error)))
                        return false;
        }
        return plc_db_commit(&tx, error);
}

static void exclude(plc_bundle_definition *definition, GHashTable *these)
{
        GStrvBuilder *all = g_strv_builder_new();
        GHashTableIter iter;
        gpointer id;

        if (definition->excluded != NULL)
                g_strv_builder_addv(all, (const char **)definition->excluded);
        g_hash_table_iter_init(&iter, these);
        while (g_hash_table_iter_next(&iter, &id, NULL))
                g_strv_builder_add(all, id);
        g_strfreev(definition->excluded);
        definition->excluded = g_strv_builder_end(all);
        g_strv_builder_unref(all);
}

static void remove_all(GPtrArray *items, GHashTable *these)
{
        for (guint i = items->len; i-- > 0;)
                if (g_hash_table_contains(these, items->pdata[i]))
                        g_ptr_array_remove_index(items, i);
}

/*
 * What it would hold, without those that are new and whose files are being made: a manifest tells the files of all of
 * its items. Their place goes to the next ones that match; once they are published, the bundle is filled again.
 */
static bool choose_ready(const struct plc_publisher *publisher, plc_bundle_definition *definition,
                         const plc_bundle *before, int64_t now_ms, plc_bundle_choice **out, GError **error)
{
        g_autoptr(GHashTable) waiting = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_autoptr(plc_bundle_choice) choice = NULL, others = NULL;

        if (!plc_bundle_choose(publisher, definition, now_ms, &choice, error) ||
            !ask_for_new(publisher, definition, before, choice, now_ms, waiting, error))
                return false;
        if (g_hash_table_size(waiting) == 0) {
                *out = g_steal_pointer(&choice);
                return true;
        }
        exclude(definition, waiting);
        if (!plc_bundle_choose(publisher, definition, now_ms, &others, error) ||
            !ask_for_new(publisher, definition, before, others, now_ms, waiting, error))
                return false;
        remove_all(others->items, waiting);
        *out = g_steal_pointer(&others);
        return true;
}

static bool keep(const struct plc_publisher *publisher, const char *name, int64_t now_ms, int64_t *next_ms,
                 GError **error)
{
        g_autoptr(plc_bundle_definition) definition = NULL;
        g_autoptr(plc_bundle_choice) choice = NULL;
        g_autoptr(plc_bundle) bundle = NULL, next = NULL;

        if (!plc_catalog_get_bundle(publisher->catalog, name, 0, &bundle, error))
                return false;
        definition = plc_bundle_parse_frozen(bundle->definition, name, error);
        if (definition == NULL)
                return false;
        if (bundle->withdrawn_at != 0 || !definition->kept)
                return true;
        if (now_ms < definition->from_ms)
                *next_ms = MIN(*next_ms, definition->from_ms);
        if (now_ms < definition->from_ms || now_ms >= definition->until_ms)
                return true;
        return choose_ready(publisher, definition, bundle, now_ms, &choice, error) &&
               (same_items(choice->items, bundle->items) ||
                freeze(publisher, definition, choice, now_ms, &next, error));
}

bool plc_bundle_keep_all(const struct plc_publisher *publisher, int64_t now_ms, int64_t *out_next_ms, GError **error)
{
        g_autoptr(GPtrArray) bundles = NULL;
        int64_t next_ms = PLC_TIME_NEVER;
        bool ok = true;

        if (!plc_catalog_list_bundles(publisher->catalog, &bundles, error))
                return false;
        for (guint i = 0; i < bundles->len; i++) /* what fails for one must not keep the others from being filled */
                ok = keep(publisher, ((plc_bundle *)bundles->pdata[i])->name, now_ms, &next_ms, ok ? error : NULL) &&
                     ok;
        if (ok)
                *out_next_ms = next_ms;
        return ok;
}
