/* Is the ledger as it was written? First what costs least: the chain of hashes; then every event by itself. */
#include "catalog/verify.h"

#include <string.h>

#include "catalog/chain.h"
#include "catalog/inner.h"
#include "rights/ledger.h"

#define EVENTS_AT_ONCE 1000
#define TELL_EVERY 10000

/* --- the chain --- */

struct chain {
        int64_t seq;
        uint8_t hash[PLC_SHA256_LEN]; /* of seq; zeros before the first */
        char hex[PLC_SHA256_HEX_SIZE];
        GByteArray *input; /* prev_hash as 32 bytes, then the event */
};

static bool is_text(const plc_rows *rows, int column, const char *expected)
{
        size_t size;
        const void *found = plc_rows_blob(rows, column, &size);

        return found != NULL && size == strlen(expected) && memcmp(found, expected, size) == 0;
}

/* Bytes, not strings: what stands behind a zero byte counts, too. */
static bool next_link(struct chain *chain, const plc_rows *rows, GError **error)
{
        int64_t seq = plc_rows_int(rows, 0);
        const void *event;
        size_t size;

        if (seq != chain->seq + 1)
                return plc_fail(error, PLC_E_BAD_LEDGER, "event %" G_GINT64_FORMAT ": is missing", chain->seq + 1);
        if (!is_text(rows, 2, chain->hex))
                return plc_fail(error, PLC_E_BAD_LEDGER,
                                "event %" G_GINT64_FORMAT ": does not follow the event before it", seq);
        event = plc_rows_blob(rows, 1, &size);
        g_byte_array_set_size(chain->input, 0);
        g_byte_array_append(chain->input, chain->hash, sizeof chain->hash);
        if (size > 0)
                g_byte_array_append(chain->input, event, (guint)size);
        plc_sha256(chain->input->data, chain->input->len, chain->hash);
        plc_hex(chain->hash, sizeof chain->hash, chain->hex);
        if (!is_text(rows, 3, chain->hex))
                return plc_fail(error, PLC_E_BAD_LEDGER,
                                "event %" G_GINT64_FORMAT ": was changed: its hash does not fit", seq);
        chain->seq = seq;
        return true;
}

static bool follow_chain(plc_catalog *catalog, struct chain *chain, const struct plc_ledger_head *known,
                         plc_verify_progress progress, void *user_data, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(catalog->db, "ledger_chain", error, "");
        bool known_seen = known == NULL || known->seq == 0;
        plc_row row = PLC_ROW_ERROR;

        if (rows == NULL)
                return false;
        while ((row = plc_rows_next(rows, error)) == PLC_ROW) {
                if (!next_link(chain, rows, error))
                        return false;
                if (known != NULL && chain->seq == known->seq)
                        known_seen = strcmp(chain->hex, known->hash) == 0;
                if (progress != NULL && chain->seq % TELL_EVERY == 0)
                        progress(chain->seq, user_data);
        }
        if (row == PLC_ROW_ERROR)
                return false;
        return known_seen ||
               plc_fail(error, PLC_E_BAD_LEDGER,
                        "the ledger does not hold the event %" G_GINT64_FORMAT " that was known", known->seq);
}

bool plc_catalog_verify_chain(plc_catalog *catalog, const struct plc_ledger_head *known, plc_verify_progress progress,
                              void *user_data, struct plc_ledger_head *out_head, GError **error)
{
        struct chain chain = {.input = g_byte_array_new()};
        bool fine;

        memset(chain.hex, '0', sizeof chain.hex - 1);
        fine = follow_chain(catalog, &chain, known, progress, user_data, error);
        g_byte_array_unref(chain.input);
        if (fine && out_head != NULL) {
                out_head->seq = chain.seq;
                memcpy(out_head->hash, chain.hex, sizeof out_head->hash);
        }
        return fine;
}

/* --- every event by itself --- */

static bool same_refs(plc_catalog *catalog, int64_t seq, plc_json *event, GError **error)
{
        g_autoptr(GPtrArray) refs = plc_chain_refs(event);
        g_autoptr(plc_rows) rows = plc_db_query(catalog->db, "ledger_refs", error, "i", seq);
        guint found = 0;
        plc_row row;

        if (rows == NULL)
                return false;
        while ((row = plc_rows_next(rows, error)) == PLC_ROW) {
                const struct plc_chain_ref *ref = found < refs->len ? g_ptr_array_index(refs, found) : NULL;

                if (ref == NULL || g_strcmp0(ref->kind, plc_rows_text(rows, 0)) != 0 ||
                    g_strcmp0(ref->id, plc_rows_text(rows, 1)) != 0)
                        break;
                found++;
        }
        if (row == PLC_ROW_ERROR)
                return false;
        return (row == PLC_ROW_END && found == refs->len) ||
               plc_fail(error, PLC_E_BAD_LEDGER, "event %" G_GINT64_FORMAT " cannot be found by all that it names",
                        seq);
}

static bool verify_event(plc_catalog *catalog, const plc_ledger_row *event, struct plc_ledger_head *head,
                         GError **error)
{
        g_autoptr(plc_ledger) reader = plc_ledger_new(true);
        g_autoptr(GError) problem = NULL;
        g_autoptr(plc_json) parsed = plc_chain_check(event, head, &problem);

        if (parsed == NULL || !plc_ledger_add_line(reader, event->json, strlen(event->json), "ledger", &problem))
                return plc_fail(error, PLC_E_BAD_LEDGER, "event %" G_GINT64_FORMAT ": %s", head->seq + 1,
                                problem->message);
        if (!same_refs(catalog, event->seq, parsed, error))
                return false;
        head->seq = event->seq;
        memcpy(head->hash, event->hash, sizeof head->hash);
        return true;
}

bool plc_catalog_verify_events(plc_catalog *catalog, plc_verify_progress progress, void *user_data, GError **error)
{
        struct plc_ledger_head head = {0};
        int64_t beyond;

        memset(head.hash, '0', sizeof head.hash - 1);
        for (;;) {
                g_autoptr(GPtrArray) events = NULL;

                if (!plc_catalog_ledger_read(catalog, head.seq, EVENTS_AT_ONCE, &events, error))
                        return false;
                if (events->len == 0)
                        break;
                for (guint i = 0; i < events->len; i++)
                        if (!verify_event(catalog, g_ptr_array_index(events, i), &head, error))
                                return false;
                if (progress != NULL)
                        progress(head.seq, user_data);
        }
        /* Counted against the ledger, not against the last event read: an office may have gone on meanwhile. */
        if (!plc_db_int(catalog->db, "ledger_refs_stray", &beyond, error, ""))
                return false;
        return beyond == 0 || plc_fail(error, PLC_E_BAD_LEDGER, "references lead beyond the end of the ledger");
}

bool plc_catalog_ledger_verify(plc_catalog *catalog, const struct plc_ledger_head *known, GError **error)
{
        return plc_catalog_verify_chain(catalog, known, NULL, NULL, NULL, error) &&
               plc_catalog_verify_events(catalog, NULL, NULL, error);
}

bool plc_catalog_verify_file(plc_catalog *catalog, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(catalog->db, "integrity", error, "");

        if (rows == NULL || plc_rows_next(rows, error) != PLC_ROW)
                return false;
        return g_strcmp0(plc_rows_text(rows, 0), "ok") == 0 ||
               plc_fail(error, PLC_E_INTERNAL, "%s", plc_rows_text(rows, 0));
}

/* --- what it names --- */

bool plc_catalog_each_blob(plc_catalog *catalog,
                           bool (*visit)(const struct plc_named_blob *blob, void *user_data, GError **error),
                           void *user_data, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(catalog->db, "blobs_named", error, "");
        plc_row row = rows != NULL ? PLC_ROW : PLC_ROW_ERROR;

        while (row != PLC_ROW_ERROR && (row = plc_rows_next(rows, error)) == PLC_ROW) {
                const struct plc_named_blob blob = {plc_rows_text(rows, 0), plc_rows_text(rows, 1),
                                                    plc_rows_text(rows, 2)};

                if (!visit(&blob, user_data, error))
                        return false;
        }
        return row == PLC_ROW_END;
}

bool plc_catalog_each_record(plc_catalog *catalog,
                             bool (*visit)(const struct plc_named_record *record, void *user_data, GError **error),
                             void *user_data, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(catalog->db, "sealed_all", error, "");
        plc_row row = rows != NULL ? PLC_ROW : PLC_ROW_ERROR;

        while (row != PLC_ROW_ERROR && (row = plc_rows_next(rows, error)) == PLC_ROW) {
                g_autoptr(GBytes) sealed = plc_rows_bytes(rows, 2);
                const struct plc_named_record record = {plc_rows_text(rows, 0), plc_rows_text(rows, 1), sealed};

                if (!visit(&record, user_data, error))
                        return false;
        }
        return row == PLC_ROW_END;
}

bool plc_catalog_each_contributor(plc_catalog *catalog,
                                  bool (*visit)(const char *id, bool erased, void *user_data, GError **error),
                                  void *user_data, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(catalog->db, "contributors_all", error, "");
        plc_row row = rows != NULL ? PLC_ROW : PLC_ROW_ERROR;

        while (row != PLC_ROW_ERROR && (row = plc_rows_next(rows, error)) == PLC_ROW)
                if (!visit(plc_rows_text(rows, 0), plc_rows_int(rows, 1) != 0, user_data, error))
                        return false;
        return row == PLC_ROW_END;
}

bool plc_catalog_each_file(plc_catalog *catalog,
                           bool (*visit)(const struct plc_named_file *file, void *user_data, GError **error),
                           void *user_data, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(catalog->db, "renditions_all", error, "");
        plc_row row = rows != NULL ? PLC_ROW : PLC_ROW_ERROR;

        while (row != PLC_ROW_ERROR && (row = plc_rows_next(rows, error)) == PLC_ROW) {
                const struct plc_named_file file = {plc_rows_text(rows, 0), plc_rows_text(rows, 1),
                                                    plc_rows_text(rows, 2), plc_rows_text(rows, 3),
                                                    plc_rows_int(rows, 4)};

                if (!visit(&file, user_data, error))
                        return false;
        }
        return row == PLC_ROW_END;
}

bool plc_catalog_all_left(plc_catalog *catalog, GPtrArray **out, GError **error)
{
        return plc_catalog_take_strings(plc_db_query(catalog->db, "left_all", error, ""), out, error);
}

bool plc_catalog_count_events(plc_catalog *catalog, const char *type, int64_t *out, GError **error)
{
        return plc_db_int(catalog->db, "ledger_count_type", out, error, "t", type);
}
