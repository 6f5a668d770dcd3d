/* What does an old catalog get back before it may publish anything? All that was withdrawn since, from the checkpoints.
 */
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "catalog/item.h"
#include "catalog/ledger.h"
#include "catalog/queue.h"
#include "catalog/submission.h"
#include "publish/rebuild.h"
#include "site/checkpoint.h"

/* In the catalog's meta: the digest of the last checkpoint whose events a restored catalog has got back, and that the
 * index is still to be made anew. Both are written with the events, in one transaction. */
#define META_ACCOUNTED "checkpoint"
#define META_REBUILD "index"

/* The way back through the journal, to the newest checkpoint that the catalog still has. */
struct way {
        plc_catalog *catalog;
        bool any_branch;   /* also a checkpoint of a history that was given up */
        bool found, other; /* other: a checkpointed event has another hash */
        int64_t below;     /* checkpoints beyond it were given up by a later restoration */
        int64_t base;      /* seq of the one found */
        GPtrArray *events; /* newest first, of char * */
};

static bool step_back(const plc_checkpoint *checkpoint, void *user_data, bool *out_stop, GError **error)
{
        struct way *way = user_data;
        g_autoptr(GError) misfit = NULL;
        bool behind;

        if (way->any_branch || checkpoint->seq <= way->below) {
                if (plc_checkpoint_fits(way->catalog, checkpoint, &behind, &misfit)) {
                        way->found = true;
                        way->base = checkpoint->seq;
                        *out_stop = true;
                        return true;
                }
                if (plc_error_code(misfit) != PLC_E_BAD_LEDGER) {
                        g_propagate_error(error, g_steal_pointer(&misfit));
                        return false;
                }
                way->other |= !behind;
        }
        if (checkpoint->restored_from != PLC_JOURNAL_NOT_RESTORED)
                way->below = MIN(way->below, checkpoint->restored_from);
        for (guint i = checkpoint->events->len; i-- > 0;)
                g_ptr_array_add(way->events, g_strdup(checkpoint->events->pdata[i]));
        return true;
}

/* --- applying again --- */

struct again {
        struct plc_site *site;
        GHashTable *known;  /* events without what the ledger gives, that need not be applied */
        unsigned n_applied; /* for the record */
};

/* An event without seq and recorded_at: the same act in another place of the ledger. NULL on failure. */
static char *act_of(plc_json *event, GError **error)
{
        static const char *const given_by_ledger[] = {"recorded_at", "seq", NULL};

        return plc_json_canonical_without(event, given_by_ledger, error);
}

static const char *member(plc_json *event, const char *name)
{
        plc_json *value = plc_json_member(event, name);

        return value != NULL && plc_json_typeof(value) == PLC_JSON_STRING ? plc_json_string(value) : "";
}

/* What the catalog has after the base was recorded there as well. */
static bool learn_known(struct again *again, int64_t base, GError **error)
{
        for (;;) {
                g_autoptr(GPtrArray) rows = NULL;

                if (!plc_catalog_ledger_read(again->site->catalog, base, 1000, &rows, error))
                        return false;
                if (rows->len == 0)
                        return true;
                for (guint i = 0; i < rows->len; i++) {
                        const plc_ledger_row *row = rows->pdata[i];
                        g_autoptr(plc_json) event =
                                plc_json_parse(row->json, strlen(row->json), "ledger", &plc_json_default_limits, error);
                        char *act = event != NULL ? act_of(event, error) : NULL;

                        if (act == NULL)
                                return false;
                        g_hash_table_add(again->known, act);
                        base = row->seq;
                }
        }
}

/* Who sends the same again after the erasure is refused: keyed tombstones stand instead of their ids. */
static bool add_tombstones(plc_catalog *catalog, const plc_contributor *person, int64_t at, GError **error)
{
        g_autoptr(GPtrArray) submissions = NULL;

        if (person->external_hmac != NULL && !plc_catalog_add_tombstone(catalog, person->external_hmac, at, error))
                return false;
        if (!plc_catalog_list_submissions_of(catalog, person->id, &submissions, error))
                return false;
        for (guint i = 0; i < submissions->len; i++) {
                const plc_submission *submission = submissions->pdata[i];

                if (submission->external_hmac != NULL &&
                    !plc_catalog_add_tombstone(catalog, submission->external_hmac, at, error))
                        return false;
        }
        return true;
}

/* The person's rows go as they went before; key, blobs and files are the queued job's. */
static bool erase_again(struct again *again, const char *contributor, int64_t at, GError **error)
{
        plc_catalog *catalog = again->site->catalog;
        g_autoptr(plc_contributor) person = NULL;
        g_autoptr(GError) problem = NULL;

        if (!plc_catalog_get_contributor(catalog, contributor, &person, &problem)) {
                if (plc_error_code(problem) == PLC_E_NOT_FOUND)
                        return true; /* the old catalog never knew them */
                g_propagate_error(error, g_steal_pointer(&problem));
                return false;
        }
        return add_tombstones(catalog, person, at, error) &&
               plc_catalog_erase_contributor(catalog, contributor, at, error) &&
               plc_catalog_enqueue(catalog, "erase", contributor, 0, at, error);
}

/* What the catalog keeps beside the ledger of such an event. */
static bool follow(struct again *again, const char *type, plc_json *event, int64_t now_ms, GError **error)
{
        GError *problem = NULL;
        bool pending, done;

        if (strcmp(type, "subject.erased") == 0)
                return erase_again(again, member(event, "contributor"), now_ms, error);
        if (strcmp(type, "moderation.decided") != 0)
                return true;
        pending = strcmp(member(event, "verdict"), "pending") == 0;
        done = plc_catalog_set_item_state(again->site->catalog, member(event, "item"),
                                          pending ? PLC_ITEM_WAITING : PLC_ITEM_REJECTED, NULL, now_ms, &problem);
        /* erased is final, and an item that the old catalog never had is shown by nobody */
        if (done || plc_error_code(problem) == PLC_E_CONFLICT || plc_error_code(problem) == PLC_E_NOT_FOUND) {
                g_clear_error(&problem);
                return true;
        }
        g_propagate_error(error, problem);
        return false;
}

/* A renewal of a grant that this ledger never had would open. */
static bool would_open(struct again *again, const char *type, plc_json *event, bool *out, GError **error)
{
        g_autoptr(GPtrArray) before = NULL;

        *out = false;
        if (strcmp(type, "grant.given") != 0 && strcmp(type, "grant.renewed") != 0)
                return true;
        if (!plc_catalog_ledger_about(again->site->catalog, "grant", member(event, "grant"), &before, error))
                return false;
        *out = true;
        for (guint i = 0; i < before->len; i++)
                *out &= !g_str_has_prefix(((plc_ledger_row *)before->pdata[i])->type, "grant.given");
        return true;
}

static bool apply(struct again *again, const char *json, int64_t now_ms, GError **error)
{
        g_autoptr(plc_json) event = plc_json_parse(json, strlen(json), "checkpoints", &plc_json_default_limits, error);
        g_autofree char *act = event != NULL ? act_of(event, error) : NULL;
        const char *type;
        bool opens;

        if (act == NULL)
                return false;
        type = member(event, "type");
        if (!plc_checkpoint_carries(type) || g_hash_table_contains(again->known, act))
                return true;
        if (!would_open(again, type, event, &opens, error) || opens)
                return opens;
        if (!plc_catalog_ledger_append(again->site->catalog, act, now_ms, NULL, error) ||
            !follow(again, type, event, now_ms, error))
                return false;
        g_hash_table_add(again->known, g_steal_pointer(&act));
        again->n_applied++;
        return true;
}

static bool record(struct again *again, const struct plc_ledger_head *head, int64_t lost_to, int64_t now_ms,
                   GError **error)
{
        g_autoptr(GString) event = g_string_new(NULL);

        plc_jw_object(event, NULL);
        plc_jw_string(event, "type", "request.restored");
        plc_jw_int(event, "x_restored_from", head->seq);
        plc_jw_int(event, "x_checkpointed", lost_to);
        plc_jw_int(event, "x_applied_again", again->n_applied);
        plc_jw_end_object(event);
        return plc_catalog_ledger_append(again->site->catalog, event->str, now_ms, NULL, error);
}

static bool apply_all(struct again *again, const struct way *way, const plc_checkpoint *last, GError **error)
{
        plc_catalog *catalog = again->site->catalog;
        g_autoptr(plc_db_tx) tx = plc_catalog_begin(catalog, error);
        int64_t now_ms = plc_now_ms(), lost_to = last != NULL ? last->seq : 0;
        struct plc_ledger_head head;

        if (tx == NULL || !plc_catalog_ledger_head(catalog, &head, error) || !learn_known(again, way->base, error))
                return false;
        for (guint i = way->events->len; i-- > 0;)
                if (!apply(again, way->events->pdata[i], now_ms, error))
                        return false;
        if (!record(again, &head, lost_to, now_ms, error) ||
            !plc_catalog_meta_set(catalog, META_ACCOUNTED, last != NULL ? last->digest : "", error) ||
            !plc_catalog_meta_set(catalog, META_REBUILD, "rebuild", error) || !plc_db_commit(&tx, error))
                return false;
        /* Of another history all that follows the base is doubtful. */
        again->site->checkpoints.restored_from = way->any_branch ? way->base : head.seq;
        again->site->notice = g_strdup_printf(
                "The catalog is older than the last checkpoint (event %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                "): %u withdrawals, rejections and the like that it did not have were applied again, and the index is "
                "made anew. What was taken in or allowed since has to be done again",
                head.seq, lost_to, again->n_applied);
        return true;
}

static bool go_dark(struct plc_site *site, GError **error)
{
        if (!plc_index_begin(site->index, error))
                return false;
        if (plc_index_clear(site->index, error) && plc_index_commit(site->index, plc_now_ms(), error))
                return true;
        plc_index_rollback(site->index);
        return false;
}

static bool get_back(struct plc_site *site, const struct way *way, GError **error)
{
        struct again again = {
                .site = site,
                .known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        };
        bool fine = apply_all(&again, way, site->checkpoints.last, error);

        g_hash_table_unref(again.known);
        site->checkpoints.scanned = way->base;
        return fine && plc_site_checkpoint(site, true, error);
}

static bool finish_rebuild(struct plc_site *site, GError **error)
{
        g_autofree char *wanted = NULL;
        g_autoptr(plc_db_tx) tx = NULL;

        if (!plc_catalog_meta_get(site->catalog, META_REBUILD, &wanted, error))
                return false;
        if (g_strcmp0(wanted, "rebuild") != 0)
                return true;
        if (!plc_publish_rebuild(&site->publisher, plc_now_ms(), NULL, error))
                return false;
        tx = plc_catalog_begin(site->catalog, error);
        return tx != NULL && plc_catalog_meta_set(site->catalog, META_REBUILD, "", error) && plc_db_commit(&tx, error);
}

/* --- whether it is needed --- */

static bool refuse(const struct plc_site *site, const GError *misfit, GError **error)
{
        return plc_fail_at(error, PLC_E_BAD_LEDGER, site->path, NULL,
                           "Nothing is shown meanwhile. Put the right catalog.db back; if this one is to be gone on "
                           "with, run placet verify SITE --accept-loss.",
                           "the ledger is not the one that was checkpointed: %s", misfit->message);
}

/* Nothing to begin from: only by the operator's word. */
static bool begin_anew(struct plc_site *site, GError **error)
{
        struct way way = {.events = g_ptr_array_new_with_free_func(g_free)};
        plc_autofd int keys = -1;
        bool fine = plc_open_dir(site->fd, "keys", &keys, error) && plc_signer_create(keys, error) &&
                    plc_journal_set_aside(site->checkpoints.fd, error) && go_dark(site, error) &&
                    get_back(site, &way, error);

        g_ptr_array_unref(way.events);
        return fine;
}

static bool go_on_from(struct plc_site *site, const GError *misfit, bool behind, bool accept_loss, GError **error)
{
        struct plc_checkpoints *state = &site->checkpoints;
        struct way way = {.catalog = site->catalog,
                          .any_branch = accept_loss,
                          .below = INT64_MAX,
                          .events = g_ptr_array_new_with_free_func(g_free)};
        bool fine = go_dark(site, error) && plc_journal_back(state->fd, site->vault, step_back, &way, error);

        if (fine && !accept_loss && (!behind || !way.found || way.other))
                fine = refuse(site, misfit, error);
        fine = fine && get_back(site, &way, error);
        g_ptr_array_unref(way.events);
        return fine;
}

/* A crash came between the events and the checkpoint that tells of them. */
static bool was_accounted(struct plc_site *site, bool *out, GError **error)
{
        g_autofree char *digest = NULL;

        if (!plc_catalog_meta_get(site->catalog, META_ACCOUNTED, &digest, error))
                return false;
        *out = g_strcmp0(digest, site->checkpoints.last->digest) == 0;
        return true;
}

bool plc_checkpoint_reconcile(struct plc_site *site, bool accept_loss, GError **error)
{
        struct plc_checkpoints *state = &site->checkpoints;
        g_autoptr(GError) misfit = NULL, unreadable = NULL;
        bool behind, accounted;

        if (!plc_journal_mend(state->fd, error))
                return false;
        if (!plc_journal_last(state->fd, site->vault, &state->last, &unreadable)) {
                if (accept_loss &&
                    (plc_error_code(unreadable) == PLC_E_NOT_FOUND || plc_error_code(unreadable) == PLC_E_BAD_LEDGER))
                        return begin_anew(site, error) && finish_rebuild(site, error);
                g_propagate_error(error, g_steal_pointer(&unreadable));
                return false;
        }
        state->scanned = state->last->seq;
        if (!was_accounted(site, &accounted, error))
                return false;
        if (plc_checkpoint_fits(site->catalog, state->last, &behind, &misfit))
                return plc_site_checkpoint(site, false, error) && finish_rebuild(site, error);
        if (plc_error_code(misfit) != PLC_E_BAD_LEDGER) {
                g_propagate_error(error, g_steal_pointer(&misfit));
                return false;
        }
        return go_on_from(site, misfit, behind, accept_loss || accounted, error) && finish_rebuild(site, error);
}
