/* What an office left when it was killed in the middle of an act: is it done before anybody is served? */
#include "catalog/queue.h"
#include "desk/desk.h"
#include "support/site.h"

#define GIVEN SITE_APPROVED("i1") "; " SITE_GIVEN("i1", "g1", "ch=pdp,home edits=crop,colour")

static const struct row {
        const char *sentence;
        const char *said; /* recorded, and not published */
        const char *kind; /* of the job that was queued with it; NULL: none */
        int64_t priority;
        int64_t in_ms; /* due so much later */
        bool stopped;
        bool finished;
        int shown; /* -1: as it comes */
} rows[] = {
        {"nothing was left: nothing is waited for", "", NULL, 0, 0, false, true, true},
        {"a withdrawal is dark", "3 withdraw g1", "publish", 1, 0, false, true, false},
        {"a rejection is dark", "3 reject i1", "publish", 1, 0, false, true, false},
        {"a failing job is tried once, then put off", "3 withdraw g1", "nonsense", 1, 0, false, true, -1},
        {"what is put off is not waited for", "3 withdraw g1", "nonsense", 1, 3600000, false, true, true},
        {"who is stopped does not wait", "3 withdraw g1", "publish", 1, 0, true, false, true},
};

static void test_row(gconstpointer data)
{
        const struct row *row = data;
        struct test_site s = {0};
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_db_tx) tx = NULL;
        g_autoptr(plc_office) office = NULL;
        char id[PLC_ID_SIZE];

        site_open(&s, NULL);
        site_item(&s, &(struct site_item){.name = "i1", .kind = "photo", .alt = "A tent", .state = PLC_ITEM_APPROVED});
        site_render(&s, "i1", "pdp-card", "a card");
        site_say(&s, GIVEN);
        site_publish(&s, "i1", 100);
        g_assert_true(site_shows(&s, "i1"));
        site_say(&s, row->said);
        site_id("i1", id);
        if (row->kind != NULL) {
                tx = plc_catalog_begin(s.site->catalog, &error);
                plc_catalog_enqueue(s.site->catalog, row->kind, id, row->priority, plc_now_ms() + row->in_ms, &error);
                g_assert_no_error(error);
                g_assert_true(plc_db_commit(&tx, &error));
        }
        office = plc_office_new(s.site, NULL, &error);
        g_assert_no_error(error);
        g_assert_cmpint(plc_office_finish_acts(office, 60000, &row->stopped), ==, row->finished);
        if (row->shown >= 0)
                g_assert_cmpint(site_shows(&s, "i1"), ==, row->shown);
        g_clear_pointer(&office, plc_office_free);
        site_close(&s);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        ADD_ROWS("/pipeline/acts left behind", rows, test_row);
        return g_test_run();
}
