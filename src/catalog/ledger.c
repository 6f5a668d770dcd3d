/* How is an event added to the ledger, and how is it found again? Canonical, chained, with references for what it
 * names. */
#include "catalog/ledger.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "catalog/chain.h"
#include "catalog/inner.h"
#include "rights/ledger.h"

#define READ_MAX 100000 /* events handed out at once */

void plc_ledger_row_free(plc_ledger_row *event)
{
        if (event == NULL)
                return;
        g_free(event->type);
        g_free(event->json);
        g_free(event);
}

static gpointer read_event(plc_catalog *catalog, plc_rows *rows, GError **error)
{
        plc_ledger_row *event = g_new0(plc_ledger_row, 1);
        const char *prev = plc_rows_text(rows, 5), *hash = plc_rows_text(rows, 6);

        (void)catalog, (void)error;
        event->seq = plc_rows_int(rows, 0);
        event->recorded_at = plc_rows_int(rows, 1);
        event->effective_at = plc_rows_int(rows, 2);
        event->type = plc_rows_dup(rows, 3);
        event->json = plc_rows_dup(rows, 4);
        g_strlcpy(event->prev_hash, prev != NULL ? prev : "", sizeof event->prev_hash);
        g_strlcpy(event->hash, hash != NULL ? hash : "", sizeof event->hash);
        return event;
}

bool plc_catalog_ledger_head(plc_catalog *catalog, struct plc_ledger_head *out, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(catalog->db, "ledger_head", error, "");
        struct plc_ledger_head head = {0};
        plc_row row;

        if (rows == NULL)
                return false;
        memset(head.hash, '0', sizeof head.hash - 1);
        row = plc_rows_next(rows, error);
        if (row == PLC_ROW_ERROR)
                return false;
        if (row == PLC_ROW) {
                const char *hash = plc_rows_text(rows, 1);

                head.seq = plc_rows_int(rows, 0);
                if (hash == NULL || !plc_sha256_hex_valid(hash))
                        return plc_fail(error, PLC_E_BAD_LEDGER, "event %" G_GINT64_FORMAT " has no hash", head.seq);
                g_strlcpy(head.hash, hash, sizeof head.hash);
        }
        *out = head;
        return true;
}

static bool insert_refs(plc_catalog *catalog, int64_t seq, plc_json *event, GError **error)
{
        g_autoptr(GPtrArray) refs = plc_chain_refs(event);

        for (guint i = 0; i < refs->len; i++) {
                const struct plc_chain_ref *ref = g_ptr_array_index(refs, i);

                if (!plc_db_run(catalog->db, "ledger_ref_insert", error, "tti", ref->kind, ref->id, seq))
                        return false;
        }
        return true;
}

static bool take_events(plc_catalog *catalog, plc_rows *rows, GPtrArray **out, GError **error)
{
        return plc_catalog_take_all(catalog, rows, read_event, (GDestroyNotify)plc_ledger_row_free, out, error);
}

bool plc_catalog_ledger_read(plc_catalog *catalog, int64_t after, size_t limit, GPtrArray **out, GError **error)
{
        int64_t most = (int64_t)MIN(limit, READ_MAX);

        return take_events(catalog, plc_db_query(catalog->db, "ledger_read", error, "ii", after, most), out, error);
}

/*
 * What can matter for an item, while it is looked for. Walked from here, reference by reference: as one statement it
 * took half of a publication's time, since SQLite makes a table in memory for each of its steps and gives that memory
 * back to the kernel (measured on 3.40.1).
 */
struct looking {
        plc_catalog *catalog;
        int64_t head;     /* what is appended meanwhile is not seen: all is as it was at one instant */
        GPtrArray *names; /* "KIND ID": the item; its submission, contributor, persons; grants and holds of all these */
        GHashTable *known; /* the same; borrowed */
        GArray *seqs;
};

static void add_name(struct looking *looking, const char *kind, const char *id)
{
        g_autofree char *name = g_strconcat(kind, " ", id, NULL);

        if (g_hash_table_contains(looking->known, name))
                return;
        g_hash_table_add(looking->known, name);
        g_ptr_array_add(looking->names, g_steal_pointer(&name));
}

/* The events that name it, and what else they name that has to be followed: of the item, whose it is; of these, grants
 * and holds; of grants and holds, nothing more. */
static bool look_at(struct looking *looking, guint which, GError **error)
{
        const char *name = looking->names->pdata[which], *id = strchr(name, ' ') + 1;
        g_autofree char *kind = g_strndup(name, (gsize)(id - 1 - name));
        bool last = strcmp(kind, "grant") == 0 || strcmp(kind, "hold") == 0 || strcmp(kind, "all") == 0;
        g_autoptr(plc_rows) rows = plc_db_query(looking->catalog->db, "ledger_refs_about", error, "tt", kind, id);
        plc_row row = PLC_ROW_ERROR;

        while (rows != NULL && (row = plc_rows_next(rows, error)) == PLC_ROW) {
                const char *other = plc_rows_text(rows, 1);
                int64_t seq = plc_rows_int(rows, 0);

                if (seq > looking->head)
                        continue;
                g_array_append_val(looking->seqs, seq);
                if (which == 0 && g_str_has_prefix(other, "of_"))
                        add_name(looking, other + strlen("of_"), plc_rows_text(rows, 2));
                else if (!last && (strcmp(other, "grant") == 0 || strcmp(other, "hold") == 0))
                        add_name(looking, other, plc_rows_text(rows, 2));
        }
        return row == PLC_ROW_END;
}

static gint by_number(gconstpointer a, gconstpointer b)
{
        int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

        return x < y ? -1 : x > y;
}

static bool take_numbered(plc_catalog *catalog, GArray *seqs, GPtrArray **out, GError **error)
{
        g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func((GDestroyNotify)plc_ledger_row_free);
        int64_t before = 0;

        g_array_sort(seqs, by_number);
        for (guint i = 0; i < seqs->len; i++) {
                int64_t seq = g_array_index(seqs, int64_t, i);
                gpointer event = NULL;

                if (seq == before)
                        continue;
                before = seq;
                if (!plc_catalog_take_one(catalog, plc_db_query(catalog->db, "ledger_event", error, "i", seq),
                                          read_event, &event, error))
                        return false;
                if (event == NULL)
                        return plc_fail(error, PLC_E_BAD_LEDGER, "event %" G_GINT64_FORMAT " is missing", seq);
                g_ptr_array_add(events, event);
        }
        *out = g_steal_pointer(&events);
        return true;
}

bool plc_catalog_ledger_for_item(plc_catalog *catalog, const char *item, GPtrArray **out, GError **error)
{
        g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
        g_autoptr(GArray) seqs = g_array_new(FALSE, FALSE, sizeof(int64_t));
        struct looking looking = {.catalog = catalog, .names = names, .known = known, .seqs = seqs};

        if (!plc_db_int(catalog->db, "ledger_last", &looking.head, error, ""))
                return false;
        add_name(&looking, "item", item);
        add_name(&looking, "all", "");
        for (guint i = 0; i < names->len; i++)
                if (!look_at(&looking, i, error))
                        return false;
        return take_numbered(catalog, seqs, out, error);
}

bool plc_catalog_ledger_about(plc_catalog *catalog, const char *kind, const char *id, GPtrArray **out, GError **error)
{
        return take_events(catalog, plc_db_query(catalog->db, "ledger_about", error, "tt", kind, id), out, error);
}

/* The events that an event of this type may contradict: those of its item or its grant. *out is empty for all others.
 */
static bool earlier(plc_catalog *catalog, const char *type, plc_json *event, GPtrArray **out, GError **error)
{
        bool ingested = strcmp(type, "item.ingested") == 0;
        bool given = strcmp(type, "grant.given") == 0 || strcmp(type, "grant.renewed") == 0;
        const char *kind = ingested ? "item" : "grant", *id = NULL;

        if (!ingested && !given) {
                *out = g_ptr_array_new();
                return true;
        }
        return plc_json_get_name(event, kind, PLC_REQUIRED, 256, &id, error) &&
               plc_catalog_ledger_about(catalog, kind, id, out, error);
}

/*
 * A malformed event makes the whole ledger malformed (rights-model §2) and could never be taken out again: the rights
 * model's own reader sees it first, together with what it may contradict.
 */
static bool well_formed(plc_catalog *catalog, const char *type, plc_json *event, const char *canonical, GError **error)
{
        g_autoptr(plc_ledger) known = plc_ledger_new(true);
        g_autoptr(GPtrArray) before = NULL;

        if (!earlier(catalog, type, event, &before, error))
                return false;
        for (guint i = 0; i < before->len; i++) {
                const plc_ledger_row *row = g_ptr_array_index(before, i);

                if (!plc_ledger_add_line(known, row->json, strlen(row->json), "ledger", error))
                        return false;
        }
        return plc_ledger_add_line(known, canonical, strlen(canonical), "event", error);
}

bool plc_catalog_ledger_append(plc_catalog *catalog, const char *json, int64_t now, int64_t *out_seq, GError **error)
{
        g_autofree char *canonical = NULL;
        g_autoptr(plc_json) event = NULL;
        char hash[PLC_SHA256_HEX_SIZE];
        struct plc_ledger_head head;
        const char *type = NULL, *effective = NULL;
        int64_t effective_at;

        if (!plc_catalog_need_tx(catalog, error) || !plc_catalog_ledger_head(catalog, &head, error))
                return false;
        event = plc_chain_complete(json, head.seq + 1, now, &canonical, error);
        if (event == NULL || !plc_json_get_name(event, "type", PLC_REQUIRED, 64, &type, error) ||
            !plc_json_get_string(event, "effective_at", PLC_REQUIRED, PLC_TIME_SIZE, &effective, error) ||
            !well_formed(catalog, type, event, canonical, error))
                return false;
        if (!plc_time_parse(effective, &effective_at))
                return plc_fail(error, PLC_E_BAD_VALUE, "effective_at is not of the form YYYY-MM-DDThh:mm:ss.mmmZ");
        if (!plc_event_hash(head.hash, canonical, hash))
                return plc_fail(error, PLC_E_BAD_LEDGER, "event %" G_GINT64_FORMAT " has no hash", head.seq);
        if (!plc_db_run(catalog->db, "ledger_insert", error, "iiitttt", head.seq + 1, now, effective_at, type,
                        canonical, head.hash, hash) ||
            !insert_refs(catalog, head.seq + 1, event, error))
                return false;
        if (out_seq != NULL)
                *out_seq = head.seq + 1;
        return true;
}

bool plc_catalog_ledger_items_of(plc_catalog *catalog, const char *kind, const char *id, GPtrArray **out,
                                 GError **error)
{
        return plc_catalog_take_strings(plc_db_query(catalog->db, "ledger_items_of", error, "tt", kind, id), out,
                                        error);
}

char *plc_ledger_row_line(const plc_ledger_row *event)
{
        GString *line = g_string_new_len(event->json, (gssize)strlen(event->json) - 1); /* without the closing brace */

        g_string_append_printf(line, ",\"prev_hash\":\"%s\",\"hash\":\"%s\"}", event->prev_hash, event->hash);
        return g_string_free(line, FALSE);
}
