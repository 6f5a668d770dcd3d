/* Is one other byte anywhere in the ledger found? Every byte of every column, one after the other. */
#include "catalog/verify.h"

#include "fixture.h"

#define T0 INT64_C(1767225600000)

static const char writes[] =
        "-- :name open_up\n"
        "DROP TRIGGER ledger_no_update; DROP TRIGGER ledger_no_delete; DROP TRIGGER ledger_next_only;\n"
        "DROP TRIGGER ledger_ref_no_update; DROP TRIGGER ledger_ref_no_delete; DROP TRIGGER ledger_ref_last_only;\n"
        "-- :name seq\nUPDATE ledger SET seq = $2 WHERE seq = $1\n"
        "-- :name recorded_at\nUPDATE ledger SET recorded_at = $2 WHERE seq = $1\n"
        "-- :name effective_at\nUPDATE ledger SET effective_at = $2 WHERE seq = $1\n"
        "-- :name type\nUPDATE ledger SET type = $2 WHERE seq = $1\n"
        "-- :name event\nUPDATE ledger SET event = $2 WHERE seq = $1\n"
        "-- :name prev_hash\nUPDATE ledger SET prev_hash = $2 WHERE seq = $1\n"
        "-- :name hash\nUPDATE ledger SET hash = $2 WHERE seq = $1\n"
        "-- :name kind\nUPDATE ledger_ref SET kind = $2 WHERE seq = $1\n"
        "-- :name id\nUPDATE ledger_ref SET id = $2 WHERE seq = $1\n"
        "-- :name cut_refs\nDELETE FROM ledger_ref WHERE seq = $1\n"
        "-- :name cut\nDELETE FROM ledger WHERE seq = $1\n"
        "-- :name loose\nPRAGMA foreign_keys = OFF\n";

static void set_up(struct fixture *f, plc_db **out_raw)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_db_tx) tx = NULL;

        fixture_open(f);
        tx = plc_catalog_begin(f->catalog, &error);
        for (int i = 1; i <= 3; i++) {
                g_autofree char *json =
                        g_strdup_printf("{\"type\":\"grant.withdrawn\",\"grant\":\"g%d\",\"x_why\":\"asked\"}", i);

                g_assert_true(plc_catalog_ledger_append(f->catalog, json, T0 + i, NULL, &error));
        }
        g_assert_true(plc_db_commit(&tx, &error));
        *out_raw = plc_db_open(f->path, 0, writes, &error);
        g_assert_no_error(error);
        g_assert_true(plc_db_schema(*out_raw, "open_up", &error));
        g_assert_true(plc_db_run(*out_raw, "loose", &error, ""));
        g_assert_true(plc_catalog_ledger_verify(f->catalog, NULL, &error));
}

static void must_be_found(struct fixture *f, bool by_chain, const char *what)
{
        g_autoptr(GError) error = NULL, chain = NULL;

        if (plc_catalog_ledger_verify(f->catalog, NULL, &error))
                g_error("not found: %s", what);
        assert_code(error, PLC_E_BAD_LEDGER);
        if (by_chain && plc_catalog_verify_chain(f->catalog, NULL, NULL, NULL, NULL, &chain))
                g_error("not found by the chain: %s", what);
}

static void every_byte_of_every_text_column(void)
{
        static const char *const columns[] = {"type", "event", "prev_hash", "hash", "kind", "id"};
        g_autoptr(GPtrArray) rows = NULL;
        g_autoptr(GError) error = NULL;
        struct fixture f;
        unsigned flips = 0;
        plc_db *raw;

        set_up(&f, &raw);
        g_assert_true(plc_catalog_ledger_read(f.catalog, 0, 10, &rows, &error));
        for (guint r = 0; r < rows->len; r++) {
                const plc_ledger_row *row = rows->pdata[r];
                g_autofree char *grant = g_strdup_printf("g%u", r + 1);
                const char *const values[] = {row->type, row->json, row->prev_hash, row->hash, "grant", grant};

                for (size_t c = 0; c < G_N_ELEMENTS(columns); c++)
                        for (size_t at = 0; at < strlen(values[c]); at++, flips++) {
                                g_autofree char *changed = g_strdup(values[c]);
                                g_autofree char *what =
                                        g_strdup_printf("event %u, column %s, byte %zu", r + 1, columns[c], at);

                                changed[at] ^= 1;
                                g_assert_true(plc_db_run(raw, columns[c], &error, "it", row->seq, changed));
                                must_be_found(&f, c >= 1 && c <= 3, what);
                                g_assert_true(plc_db_run(raw, columns[c], &error, "it", row->seq, values[c]));
                        }
        }
        g_assert_cmpuint(flips, >, 800);
        g_assert_true(plc_catalog_ledger_verify(f.catalog, NULL, &error));
        plc_db_close(raw);
        fixture_close(&f);
}

static void every_bit_of_every_number(void)
{
        static const char *const columns[] = {"seq", "recorded_at", "effective_at"};
        g_autoptr(GError) error = NULL;
        struct fixture f;
        plc_db *raw;

        set_up(&f, &raw);
        for (int64_t seq = 1; seq <= 3; seq++)
                for (size_t c = 0; c < G_N_ELEMENTS(columns); c++)
                        for (int bit = 0; bit < 63; bit++) {
                                g_autofree char *what =
                                        g_strdup_printf("event %d, %s, bit %d", (int)seq, columns[c], bit);
                                int64_t was = c == 0 ? seq : T0 + seq, changed = was ^ (INT64_C(1) << bit);

                                if (c == 0 && changed >= 1 && changed <= 3)
                                        continue; /* the key of another event: the database refuses */
                                g_assert_true(plc_db_run(raw, columns[c], &error, "ii", seq, changed));
                                must_be_found(&f, c == 0, what);
                                g_assert_true(plc_db_run(raw, columns[c], &error, "ii", c == 0 ? changed : seq, was));
                        }
        g_assert_true(plc_catalog_ledger_verify(f.catalog, NULL, &error));
        plc_db_close(raw);
        fixture_close(&f);
}

static void bytes_behind_a_zero_byte(void)
{
        g_autoptr(GPtrArray) rows = NULL;
        g_autoptr(GError) error = NULL;
        g_autoptr(GString) longer = NULL;
        struct fixture f;
        plc_db *raw;

        set_up(&f, &raw);
        g_assert_true(plc_catalog_ledger_read(f.catalog, 1, 1, &rows, &error));
        longer = g_string_new(((plc_ledger_row *)rows->pdata[0])->json);
        g_string_append_len(longer, "\0x", 2);
        g_assert_true(plc_db_run(raw, "event", &error, "ib", (int64_t)2, longer->str, longer->len));
        must_be_found(&f, true, "an event that goes on behind its end");
        plc_db_close(raw);
        fixture_close(&f);
}

static void a_cut_tail_is_seen_by_what_was_known_alone(void)
{
        g_autoptr(GError) error = NULL;
        struct plc_ledger_head known, head;
        struct fixture f;
        plc_db *raw;

        set_up(&f, &raw);
        g_assert_true(plc_catalog_ledger_head(f.catalog, &known, &error));
        g_assert_true(plc_db_run(raw, "cut_refs", &error, "i", (int64_t)3));
        g_assert_true(plc_db_run(raw, "cut", &error, "i", (int64_t)3));
        g_assert_true(plc_catalog_ledger_verify(f.catalog, NULL, &error));
        g_assert_false(plc_catalog_verify_chain(f.catalog, &known, NULL, NULL, &head, &error));
        assert_code(error, PLC_E_BAD_LEDGER);
        plc_db_close(raw);
        fixture_close(&f);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/verify/every byte of every text column", every_byte_of_every_text_column);
        g_test_add_func("/verify/every bit of every number", every_bit_of_every_number);
        g_test_add_func("/verify/bytes behind a zero byte", bytes_behind_a_zero_byte);
        g_test_add_func("/verify/a cut tail is seen by what was known alone",
                        a_cut_tail_is_seen_by_what_was_known_alone);
        return g_test_run();
}
