/* Which events go into a checkpoint, and when is one made? See checkpoint.h; what an old catalog gets back is
 * restore.c. */
#include "site/checkpoint.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "catalog/ledger.h"

#define SCAN_AT_ONCE 1000
#define EVENTS_BYTES ((size_t)256 << 10) /* of one checkpoint; more make several */

static const struct carried {
        const char *type;
        bool only_later; /* not with the ingestion of its item, which an old catalog does not have either */
} carried[] = {
        {"item.erased", false},       {"subject.erased", false},   {"persons.declared", true},
        {"grant.given", false},       {"grant.renewed", false},    {"grant.narrowed", false},
        {"grant.withdrawn", false},   {"grant.terminated", false}, {"grant.invalidated", false},
        {"consent.withdrawn", false}, {"hold.placed", false},      {"moderation.decided", true},
        {"disclosure.set", true},     {"flags.set", true},
};

static const struct carried *find(const char *type)
{
        for (size_t i = 0; i < G_N_ELEMENTS(carried); i++)
                if (strcmp(carried[i].type, type) == 0)
                        return &carried[i];
        return NULL;
}

bool plc_checkpoint_carries(const char *type)
{
        return find(type) != NULL;
}

static const char *member(plc_json *event, const char *name)
{
        plc_json *value = plc_json_member(event, name);

        return value != NULL && plc_json_typeof(value) == PLC_JSON_STRING ? plc_json_string(value) : "";
}

/* A grant that is given a second time is a renewal (rights-model §2); the first time opens only. */
static bool is_given_again(plc_catalog *catalog, const char *grant, int64_t seq, bool *out, GError **error)
{
        g_autoptr(GPtrArray) events = NULL;

        if (!plc_catalog_ledger_about(catalog, "grant", grant, &events, error))
                return false;
        *out = false;
        for (guint i = 0; i < events->len; i++) {
                const plc_ledger_row *row = events->pdata[i];

                *out |= row->seq < seq && strcmp(row->type, "grant.given") == 0;
        }
        return true;
}

/* ingested: item → recorded_at of those that the scan has seen. */
static bool look_at(plc_catalog *catalog, const plc_ledger_row *row, GHashTable *ingested, bool *out, GError **error)
{
        const struct carried *rule = find(row->type);
        g_autoptr(plc_json) event = NULL;
        const int64_t *at;
        const char *item;

        *out = false;
        if (rule == NULL && strcmp(row->type, "item.ingested") != 0)
                return true;
        event = plc_json_parse(row->json, strlen(row->json), "ledger", &plc_json_default_limits, error);
        if (event == NULL)
                return false;
        item = member(event, "item");
        if (rule == NULL) {
                g_hash_table_replace(ingested, g_strdup(item), g_memdup2(&row->recorded_at, sizeof row->recorded_at));
                return true;
        }
        if (strcmp(row->type, "grant.given") == 0)
                return is_given_again(catalog, member(event, "grant"), row->seq, out, error);
        if (strcmp(row->type, "moderation.decided") == 0 && strcmp(member(event, "verdict"), "approved") == 0)
                return true;
        at = rule->only_later ? g_hash_table_lookup(ingested, item) : NULL;
        *out = at == NULL || *at != row->recorded_at;
        return true;
}

/* What was recorded since the last look, and is to be carried. */
static bool scan(struct plc_site *site, struct plc_ledger_head *out_head, GError **error)
{
        g_autoptr(GHashTable) ingested = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        struct plc_checkpoints *state = &site->checkpoints;

        if (!plc_catalog_ledger_head(site->catalog, out_head, error))
                return false;
        while (state->scanned < out_head->seq) {
                g_autoptr(GPtrArray) rows = NULL;

                if (!plc_catalog_ledger_read(site->catalog, state->scanned, SCAN_AT_ONCE, &rows, error))
                        return false;
                if (rows->len == 0)
                        return plc_fail(error, PLC_E_BAD_LEDGER, "the ledger ends before its head");
                for (guint i = 0; i < rows->len; i++) {
                        const plc_ledger_row *row = rows->pdata[i];
                        bool keep;

                        if (!look_at(site->catalog, row, ingested, &keep, error))
                                return false;
                        if (keep)
                                g_ptr_array_add(state->carried, g_strdup(row->json));
                        state->scanned = row->seq;
                }
        }
        return true;
}

/* As many of the carried events as fit; the last checkpoint of several has the head. */
static plc_checkpoint *next_of(const struct plc_checkpoints *state, const struct plc_ledger_head *head)
{
        plc_checkpoint *next = plc_checkpoint_new();
        size_t bytes = 0;

        next->at = plc_now_ms();
        next->seq = head->seq;
        next->restored_from = state->restored_from;
        g_strlcpy(next->hash, head->hash, sizeof next->hash);
        for (guint i = 0; i < state->carried->len && bytes < EVENTS_BYTES; i++) {
                g_ptr_array_add(next->events, g_strdup(state->carried->pdata[i]));
                bytes += strlen(state->carried->pdata[i]);
        }
        return next;
}

/* The head that goes with a checkpoint before the last of several: that of its last event. */
static bool head_at(plc_catalog *catalog, const char *event_json, struct plc_ledger_head *out, GError **error)
{
        g_autoptr(plc_json) event =
                plc_json_parse(event_json, strlen(event_json), "ledger", &plc_json_default_limits, error);
        g_autoptr(GPtrArray) rows = NULL;
        const plc_ledger_row *row;
        int64_t seq = 0;

        if (event == NULL || !plc_json_get_int(event, "seq", PLC_REQUIRED, 1, INT64_MAX, &seq, error) ||
            !plc_catalog_ledger_read(catalog, seq - 1, 1, &rows, error))
                return false;
        if (rows->len == 0)
                return plc_fail(error, PLC_E_BAD_LEDGER, "event %" G_GINT64_FORMAT " is missing", seq);
        row = rows->pdata[0];
        out->seq = row->seq;
        g_strlcpy(out->hash, row->hash, sizeof out->hash);
        return true;
}

static bool append(struct plc_site *site, const struct plc_ledger_head *head, GError **error)
{
        struct plc_checkpoints *state = &site->checkpoints;
        g_autoptr(plc_checkpoint) next = next_of(state, head);

        if (next->events->len < state->carried->len) {
                struct plc_ledger_head so_far;

                if (!head_at(site->catalog, next->events->pdata[next->events->len - 1], &so_far, error))
                        return false;
                next->seq = so_far.seq;
                g_strlcpy(next->hash, so_far.hash, sizeof next->hash);
        }
        if (!plc_journal_append(state->fd, site->vault, state->last, next, error))
                return false;
        if (next->events->len > 0)
                g_ptr_array_remove_range(state->carried, 0, next->events->len);
        state->restored_from = PLC_JOURNAL_NOT_RESTORED;
        plc_checkpoint_free(state->last);
        state->last = g_steal_pointer(&next);
        return true;
}

bool plc_site_checkpoint(struct plc_site *site, bool always, GError **error)
{
        struct plc_checkpoints *state = &site->checkpoints;
        struct plc_ledger_head head;

        if (!scan(site, &head, error))
                return false;
        if (state->carried->len == 0 && (!always || (state->last != NULL && state->last->seq == head.seq)))
                return true;
        do {
                if (!append(site, &head, error))
                        return false;
        } while (state->carried->len > 0);
        return true;
}

bool plc_checkpoint_begin(int checkpoints_fd, plc_vault *vault, GError **error)
{
        g_autoptr(plc_checkpoint) first = plc_checkpoint_new();

        first->at = plc_now_ms();
        return plc_journal_append(checkpoints_fd, vault, NULL, first, error);
}

bool plc_checkpoint_fits(plc_catalog *catalog, const plc_checkpoint *checkpoint, bool *out_behind, GError **error)
{
        struct plc_ledger_head head;
        g_autoptr(GPtrArray) rows = NULL;

        *out_behind = false;
        if (!plc_catalog_ledger_head(catalog, &head, error))
                return false;
        if (head.seq < checkpoint->seq) {
                *out_behind = true;
                return plc_fail(error, PLC_E_BAD_LEDGER,
                                "the ledger ends with event %" G_GINT64_FORMAT
                                ", the checkpoint knows event %" G_GINT64_FORMAT,
                                head.seq, checkpoint->seq);
        }
        if (checkpoint->seq == 0)
                return true;
        if (!plc_catalog_ledger_read(catalog, checkpoint->seq - 1, 1, &rows, error))
                return false;
        return (rows->len == 1 && strcmp(((plc_ledger_row *)rows->pdata[0])->hash, checkpoint->hash) == 0) ||
               plc_fail(error, PLC_E_BAD_LEDGER, "event %" G_GINT64_FORMAT " is not the one that was checkpointed",
                        checkpoint->seq);
}
