/* Is the ledger chained as the rights model says, unchangeable, and is all that matters for an item found? */
#include "catalog/ledger.h"

#include "base/clock.h"
#include "fixture.h"

/* Whole events, as the rights model wants them. */
#define INGESTED(item, submission, contributor)                                                                        \
        "{\"type\":\"item.ingested\",\"item\":\"" item "\",\"submission\":\"" submission                               \
        "\",\"contributor\":\"" contributor                                                                            \
        "\",\"kind\":\"photo\",\"shows_identity\":false,\"provenance\":\"camera\",\"attributes\":[]}"
#define GIVEN(grant, layer, subject, id)                                                                               \
        "{\"type\":\"grant.given\",\"grant\":\"" grant "\",\"layer\":" layer ",\"subject\":{\"" subject "\":\"" id     \
        "\"},\"scope\":{\"channels\":[\"pdp\"]},\"not_before\":null,\"not_after\":null,\"captured_at\":\"2025-12-"     \
        "31T00:00:"                                                                                                    \
        "00.000Z\",\"attested\":false,\"terms\":null,\"terms_version\":null,\"evidence\":null}"

#define T0 INT64_C(1767225600000) /* 2026-01-01T00:00:00.000Z */

static int64_t append(struct fixture *f, const char *json)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_db_tx) tx = plc_catalog_begin(f->catalog, &error);
        int64_t seq = 0;

        plc_catalog_ledger_append(f->catalog, json, T0, &seq, &error);
        g_assert_no_error(error);
        g_assert_true(plc_db_commit(&tx, &error));
        return seq;
}

static void an_event_is_canonical_and_chained(void)
{
        static const char expected[] = "{\"effective_at\":\"2026-01-01T00:00:00.000Z\",\"item\":\"i1\",\"recorded_at\":"
                                       "\"2026-01-01T00:00:00.000Z\",\"seq\":1,\"type\":\"item.erased\"}";
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) events = NULL;
        char input[32 + sizeof expected] = {0}, hex[PLC_SHA256_HEX_SIZE], zeros[PLC_SHA256_HEX_SIZE];
        const plc_ledger_row *one, *two;
        struct plc_ledger_head head;
        g_autofree char *line = NULL;
        struct fixture f;

        fixture_open(&f);
        g_assert_true(plc_catalog_ledger_head(f.catalog, &head, &error));
        g_assert_cmpint(head.seq, ==, 0);
        g_assert_cmpint(append(&f, " {\"type\": \"item.erased\", \"item\": \"i1\"}"), ==, 1);
        g_assert_cmpint(
                append(&f, "{\"type\":\"item.erased\",\"item\":\"i2\",\"effective_at\":\"2026-02-01T00:00:00.000Z\"}"),
                ==, 2);
        g_assert_true(plc_catalog_ledger_read(f.catalog, 0, 10, &events, &error));
        g_assert_cmpuint(events->len, ==, 2);
        one = events->pdata[0];
        two = events->pdata[1];
        g_assert_cmpstr(one->json, ==, expected);
        memcpy(input + 32, expected, sizeof expected - 1);
        plc_sha256_hex(input, 32 + sizeof expected - 1, hex); /* 32 zero bytes ‖ canonical, by hand */
        g_assert_cmpstr(one->hash, ==, hex);
        memset(zeros, '0', 64);
        zeros[64] = '\0';
        g_assert_cmpstr(one->prev_hash, ==, zeros);
        g_assert_cmpstr(two->prev_hash, ==, one->hash);
        g_assert_cmpint(two->effective_at - two->recorded_at, ==, 31 * PLC_DAY_MS);
        line = plc_ledger_row_line(one);
        g_assert_true(g_str_has_suffix(line, "\"}"));
        g_assert_nonnull(strstr(line, one->hash));
        g_assert_true(plc_catalog_ledger_head(f.catalog, &head, &error));
        g_assert_cmpint(head.seq, ==, 2);
        g_assert_cmpstr(head.hash, ==, two->hash);
        g_assert_true(plc_catalog_ledger_verify(f.catalog, &head, &error));
        g_assert_no_error(error);
        fixture_close(&f);
}

static void what_is_not_the_callers_to_say_is_refused(void)
{
        static const struct {
                const char *json;
                plc_code code;
        } rows[] = {
                {"{\"type\":\"item.erased\",\"seq\":7}", PLC_E_BAD_VALUE},
                {"{\"type\":\"item.erased\",\"recorded_at\":\"2026-01-01T00:00:00.000Z\"}", PLC_E_BAD_VALUE},
                {"{\"type\":\"item.erased\",\"hash\":\"00\"}", PLC_E_BAD_VALUE},
                {"{\"type\":\"item.erased\",\"prev_hash\":\"00\"}", PLC_E_BAD_VALUE},
                {"{\"type\":\"item.erased\",\"x_score\":0.5}", PLC_E_BAD_VALUE},
                {"{\"type\":\"item.erased\",\"effective_at\":\"2026-01-01\"}", PLC_E_BAD_VALUE},
                {"{\"item\":\"i1\"}", PLC_E_MISSING_MEMBER},
                {"{\"type\":\"item.erased\"}", PLC_E_MISSING_MEMBER},
                {"{\"type\":\"item.forgotten\",\"item\":\"i1\"}", PLC_E_BAD_VALUE},
                {"{\"type\":\"item.erased\",\"item\":\"i1\",\"why\":1}", PLC_E_UNKNOWN_MEMBER},
                {"[]", PLC_E_BAD_VALUE},
                {"{\"type\":", PLC_E_BAD_JSON},
                {"{\"type\":\"a\",\"type\":\"b\"}", PLC_E_BAD_JSON},
        };
        struct fixture f;

        fixture_open(&f);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autoptr(GError) error = NULL;
                g_autoptr(plc_db_tx) tx = plc_catalog_begin(f.catalog, &error);

                g_assert_false(plc_catalog_ledger_append(f.catalog, rows[i].json, T0, NULL, &error));
                g_test_message("%s: %s", rows[i].json, error->message);
                assert_code(error, rows[i].code);
        }
        {
                g_autoptr(GError) error = NULL;

                g_assert_false(plc_catalog_ledger_append(f.catalog, "{\"type\":\"item.erased\"}", T0, NULL, &error));
                assert_code(error, PLC_E_INTERNAL); /* no transaction */
        }
        {
                g_autoptr(GError) error = NULL;
                g_autoptr(plc_db_tx) tx = plc_catalog_begin(f.catalog, &error);
                const char *ingested = INGESTED("i1", "s1", "c1");

                g_assert_true(plc_catalog_ledger_append(f.catalog, ingested, T0, NULL, &error));
                g_assert_false(plc_catalog_ledger_append(f.catalog, ingested, T0, NULL, &error));
                assert_code(error, PLC_E_CONFLICT);
        }
        {
                g_autoptr(GError) error = NULL;
                g_autoptr(plc_db_tx) tx = plc_catalog_begin(f.catalog, &error);

                g_assert_true(plc_catalog_ledger_append(f.catalog, GIVEN("g1", "\"licence\"", "item", "i1"), T0, NULL,
                                                        &error));
                g_assert_true(plc_catalog_ledger_append(f.catalog, GIVEN("g1", "\"licence\"", "item", "i1"), T0, NULL,
                                                        &error));
                g_assert_false(plc_catalog_ledger_append(f.catalog, GIVEN("g1", "\"licence\"", "item", "i2"), T0, NULL,
                                                         &error));
                assert_code(error, PLC_E_CONFLICT); /* another subject */
        }
        fixture_close(&f);
}

/* Somebody with the file in hand and SQL of his own. */
static const char attacks[] =
        "-- :name attack_update\nUPDATE ledger SET event = event\n"
        "-- :name attack_delete\nDELETE FROM ledger WHERE seq = 1\n"
        "-- :name attack_replace\nINSERT OR REPLACE INTO ledger SELECT * FROM ledger WHERE seq = 1\n"
        "-- :name attack_gap\nINSERT INTO ledger VALUES (9, 0, 0, 'x', '{}', '', '')\n"
        "-- :name attack_ref_update\nUPDATE ledger_ref SET id = 'i9'\n"
        "-- :name attack_ref_delete\nDELETE FROM ledger_ref\n"
        "-- :name attack_ref_insert\nINSERT INTO ledger_ref VALUES ('item', 'i9', 1)\n"
        "-- :name off\nDROP TRIGGER ledger_no_update\n"
        "-- :name off_delete\nDROP TRIGGER ledger_no_delete\n"
        "-- :name off_ref\nDROP TRIGGER ledger_ref_no_update\n"
        "-- :name off_ref_delete\nDROP TRIGGER ledger_ref_no_delete\n"
        "-- :name off_ref_insert\nDROP TRIGGER ledger_ref_last_only\n"
        "-- :name flip\nUPDATE ledger SET event = $2 WHERE seq = $1\n"
        "-- :name flip_hash\nUPDATE ledger SET event = $2, hash = $3 WHERE seq = $1\n"
        "-- :name flip_time\nUPDATE ledger SET effective_at = 0 WHERE seq = 2\n"
        "-- :name cut\nDELETE FROM ledger WHERE seq = 3\n"
        "-- :name cut_refs\nDELETE FROM ledger_ref WHERE seq = 3\n"
        "-- :name lose_ref\nDELETE FROM ledger_ref WHERE seq = 2\n"
        "-- :name add_ref\nINSERT INTO ledger_ref VALUES ('hold', 'h9', 2)\n";

static void three_events(struct fixture *f)
{
        fixture_open(f);
        append(f, INGESTED("i1", "s1", "c1"));
        append(f, "{\"type\":\"hold.placed\",\"hold\":\"h1\",\"target\":{\"item\":\"i1\"},\"reason\":\"me\"}");
        append(f, "{\"type\":\"hold.lifted\",\"hold\":\"h1\"}");
}

static void nothing_in_it_can_be_changed_or_removed(void)
{
        static const char *const names[] = {"attack_update",     "attack_delete",     "attack_replace",   "attack_gap",
                                            "attack_ref_update", "attack_ref_delete", "attack_ref_insert"};
        g_autoptr(GError) error = NULL;
        struct fixture f;
        plc_db *db;

        three_events(&f);
        db = plc_db_open(f.path, 0, attacks, &error);
        g_assert_no_error(error);
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
                g_assert_false(plc_db_run(db, names[i], &error, ""));
                g_test_message("%s", error->message);
                assert_code(error, PLC_E_FORBIDDEN);
                g_clear_error(&error);
        }
        plc_db_close(db);
        g_assert_true(plc_catalog_ledger_verify(f.catalog, NULL, &error));
        fixture_close(&f);
}

static void expect_damage(struct fixture *f, const struct plc_ledger_head *known, const char *words)
{
        g_autoptr(GError) error = NULL;

        g_assert_false(plc_catalog_ledger_verify(f->catalog, known, &error));
        assert_code(error, PLC_E_BAD_LEDGER);
        g_test_message("%s", error->message);
        g_assert_nonnull(strstr(error->message, words));
}

static plc_db *attacker(const struct fixture *f)
{
        static const char *const off[] = {"off", "off_delete", "off_ref", "off_ref_delete", "off_ref_insert"};
        plc_db *db = plc_db_open(f->path, 0, attacks, NULL);

        for (size_t i = 0; i < G_N_ELEMENTS(off); i++)
                g_assert_true(plc_db_run(db, off[i], NULL, ""));
        return db;
}

/* Every byte of the second event, one at a time. */
static void any_flipped_byte_is_found(void)
{
        g_autoptr(GPtrArray) events = NULL;
        g_autoptr(GError) error = NULL;
        const plc_ledger_row *event;
        struct fixture f;
        plc_db *db;

        three_events(&f);
        db = attacker(&f);
        g_assert_true(plc_catalog_ledger_read(f.catalog, 1, 1, &events, &error));
        event = events->pdata[0];
        for (size_t i = 0; event->json[i] != '\0'; i++) {
                g_autofree char *flipped = g_strdup(event->json);

                flipped[i] ^= 1;
                g_assert_true(plc_db_run(db, "flip", &error, "it", (int64_t)2, flipped));
                expect_damage(&f, NULL, "event 2: was changed");
        }
        g_assert_true(plc_db_run(db, "flip", &error, "it", (int64_t)2, event->json));
        g_assert_true(plc_catalog_ledger_verify(f.catalog, NULL, &error));
        plc_db_close(db);
        fixture_close(&f);
}

static void cleverer_changes_are_found_too(void)
{
        g_autoptr(GError) error = NULL;
        struct plc_ledger_head head;
        struct fixture f;
        plc_db *db;

        three_events(&f);
        db = attacker(&f);
        g_assert_true(plc_catalog_ledger_head(f.catalog, &head, &error));
        g_assert_true(plc_db_run(db, "add_ref", &error, ""));
        expect_damage(&f, NULL, "event 2 cannot be found");
        g_assert_true(plc_db_run(db, "lose_ref", &error, ""));
        expect_damage(&f, NULL, "event 2 cannot be found");
        plc_db_close(db);
        fixture_close(&f);

        three_events(&f);
        db = attacker(&f);
        g_assert_true(plc_db_run(db, "flip_time", &error, ""));
        expect_damage(&f, NULL, "event 2: is not in its canonical form");
        plc_db_close(db);
        fixture_close(&f);

        /* A cut end is seen only by who knows the head. */
        three_events(&f);
        g_assert_true(plc_catalog_ledger_head(f.catalog, &head, &error));
        db = attacker(&f);
        g_assert_true(plc_db_run(db, "cut_refs", &error, "") && plc_db_run(db, "cut", &error, ""));
        g_assert_true(plc_catalog_ledger_verify(f.catalog, NULL, &error));
        expect_damage(&f, &head, "does not hold the event 3");
        plc_db_close(db);
        fixture_close(&f);

        /* The last event rewritten with a hash that fits. */
        three_events(&f);
        g_assert_true(plc_catalog_ledger_head(f.catalog, &head, &error));
        db = attacker(&f);
        {
                g_autoptr(GPtrArray) events = NULL;
                char hash[PLC_SHA256_HEX_SIZE];
                const plc_ledger_row *last;
                g_autoptr(GString) other = NULL;
                g_autofree uint8_t *input = NULL;

                g_assert_true(plc_catalog_ledger_read(f.catalog, 2, 1, &events, &error));
                last = events->pdata[0];
                other = g_string_new(last->json);
                g_string_replace(other, "\"h1\"", "\"h2\"", 0);
                input = g_malloc(32 + other->len);
                g_assert_true(plc_unhex(last->prev_hash, input, 32));
                memcpy(input + 32, other->str, other->len);
                plc_sha256_hex(input, 32 + other->len, hash);
                g_assert_true(plc_db_run(db, "flip_hash", &error, "itt", (int64_t)3, other->str, hash));
                expect_damage(&f, NULL, "event 3 cannot be found"); /* its reference still says h1 */
                expect_damage(&f, &head, "event 3");
        }
        plc_db_close(db);
        fixture_close(&f);
}

static char *seqs(GPtrArray *events)
{
        GString *text = g_string_new(NULL);

        for (guint i = 0; i < events->len; i++)
                g_string_append_printf(text, "%s%d", i > 0 ? " " : "", (int)((plc_ledger_row *)events->pdata[i])->seq);
        return g_string_free(text, FALSE);
}

static void what_can_matter_for_an_item_is_found_and_nothing_else(void)
{
        static const char *const events[] = {
                /*  1 */ "{\"type\":\"terms.published\",\"terms\":\"t\",\"version\":1,\"language\":\"en\",\"sha256\":"
                         "\"00\"}",
                /*  2 */ INGESTED("i1", "s1", "c1"),
                /*  3 */ INGESTED("i2", "s1", "c1"),
                /*  4 */ INGESTED("i3", "s3", "c3"),
                /*  5 */
                "{\"type\":\"persons.declared\",\"item\":\"i1\",\"persons\":[{\"id\":\"p1\",\"kind\":\"adult\"}]}",
                /*  6 */
                "{\"type\":\"persons.declared\",\"item\":\"i3\",\"persons\":[{\"id\":\"p1\",\"kind\":\"adult\"}]}",
                /*  7 */
                GIVEN("g1", "\"licence\"", "submission", "s1"),
                /*  8 */
                GIVEN("g2", "\"data\"", "contributor", "c1"),
                /*  9 */
                GIVEN("g3", "\"likeness\",\"person\":\"p1\"", "item", "i1"),
                /* 10 */
                GIVEN("g4", "\"licence\"", "submission", "s3"),
                /* 11 */ "{\"type\":\"grant.withdrawn\",\"grant\":\"g1\"}",
                /* 12 */ "{\"type\":\"grant.withdrawn\",\"grant\":\"g4\"}",
                /* 13 */ "{\"type\":\"guardian.verified\",\"grant\":\"g3\"}",
                /* 14 */
                "{\"type\":\"hold.placed\",\"hold\":\"h1\",\"target\":{\"contributor\":\"c1\"},\"reason\":\"x\"}",
                /* 15 */ "{\"type\":\"hold.lifted\",\"hold\":\"h1\"}",
                /* 16 */ "{\"type\":\"hold.placed\",\"hold\":\"h2\",\"target\":{\"item\":\"i2\"},\"reason\":\"x\"}",
                /* 17 */ "{\"type\":\"consent.withdrawn\",\"subject\":{\"person\":\"p1\"}}",
                /* 18 */ "{\"type\":\"subject.erased\",\"contributor\":\"c3\"}",
                /* 19 */
                "{\"type\":\"moderation.decided\",\"item\":\"i1\",\"verdict\":\"approved\",\"policy_version\":1,"
                "\"codes\":[]}",
                /* 20 */ "{\"type\":\"policy.changed\",\"version\":2}",
        };
        static const struct {
                const char *item, *expected;
        } rows[] = {
                {"i1", "1 2 5 7 8 9 11 13 14 15 17 19 20"},
                {"i2", "1 3 7 8 11 14 15 16 20"},
                {"i3", "1 4 6 9 10 12 13 17 18 20"}, /* 9, 13: a grant of the person p1, who is in it too */
                {"i4", "1 20"},
        };
        static const struct {
                const char *kind, *id, *items;
        } backwards[] = {
                {"item", "i2", "i2"},        {"submission", "s1", "i1 i2"},
                {"contributor", "c3", "i3"}, {"person", "p1", "i1 i3"},
                {"grant", "g1", "i1 i2"},    {"grant", "g3", "i1"},
                {"hold", "h1", "i1 i2"},     {"hold", "h9", ""},
        };
        g_autoptr(GError) error = NULL;
        struct fixture f;

        fixture_open(&f);
        for (size_t i = 0; i < G_N_ELEMENTS(events); i++)
                append(&f, events[i]);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autoptr(GPtrArray) found = NULL;
                g_autofree char *text = NULL;

                g_assert_true(plc_catalog_ledger_for_item(f.catalog, rows[i].item, &found, &error));
                text = seqs(found);
                g_assert_cmpstr(text, ==, rows[i].expected);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(backwards); i++) {
                g_autoptr(GPtrArray) items = NULL;
                g_autofree char *text = NULL;

                g_assert_true(
                        plc_catalog_ledger_items_of(f.catalog, backwards[i].kind, backwards[i].id, &items, &error));
                g_ptr_array_add(items, NULL);
                text = g_strjoinv(" ", (char **)items->pdata);
                g_assert_cmpstr(text, ==, backwards[i].items);
        }
        g_assert_true(plc_catalog_ledger_verify(f.catalog, NULL, &error));
        g_assert_no_error(error);
        fixture_close(&f);
}

static void a_rolled_back_event_never_was(void)
{
        g_autoptr(GError) error = NULL;
        struct plc_ledger_head head;
        struct fixture f;

        three_events(&f);
        {
                g_autoptr(plc_db_tx) tx = plc_catalog_begin(f.catalog, &error);

                g_assert_true(plc_catalog_ledger_append(f.catalog, "{\"type\":\"item.erased\",\"item\":\"i1\"}", T0,
                                                        NULL, &error));
        }
        g_assert_true(plc_catalog_ledger_head(f.catalog, &head, &error));
        g_assert_cmpint(head.seq, ==, 3);
        g_assert_cmpint(append(&f, "{\"type\":\"item.erased\",\"item\":\"i1\"}"), ==, 4);
        g_assert_true(plc_catalog_ledger_verify(f.catalog, &head, &error));
        fixture_close(&f);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/ledger/an event is canonical and chained to the one before",
                        an_event_is_canonical_and_chained);
        g_test_add_func("/ledger/what is not the caller's to say is refused",
                        what_is_not_the_callers_to_say_is_refused);
        g_test_add_func("/ledger/nothing in it can be changed or removed", nothing_in_it_can_be_changed_or_removed);
        g_test_add_func("/ledger/any flipped byte is found", any_flipped_byte_is_found);
        g_test_add_func("/ledger/cleverer changes are found too", cleverer_changes_are_found_too);
        g_test_add_func("/ledger/what can matter for an item is found, and nothing else",
                        what_can_matter_for_an_item_is_found_and_nothing_else);
        g_test_add_func("/ledger/a rolled back event never was", a_rolled_back_event_never_was);
        return g_test_run();
}
