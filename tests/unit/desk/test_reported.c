/* What does a report from outside take away, and what never? Each row: what was reported and done before, the report,
 * and what is shown after the office has looked into the spool. */
#include "base/file.h"
#include "catalog/report.h"
#include "desk/desk.h"
#include "desk/reported.h"
#include "publish/link.h"
#include "spool/spool.h"
#include "support/site.h"

#define NETWORK_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define NETWORK_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

struct fixture {
        struct test_site s;
        plc_office *office;
        plc_desk *desk;
        int spool;
        unsigned number;
        char last[PLC_ID_SIZE];
};

static void set_up(struct fixture *f, unsigned items)
{
        g_autoptr(GError) error = NULL;

        site_open(&f->s, NULL);
        for (unsigned i = 1; i <= items; i++) {
                g_autofree char *name = g_strdup_printf("i%u", i), *grant = g_strdup_printf("g%u", i);
                g_autofree char *said = g_strdup_printf("2 approve %s; 2 give %s licence item:%s ch=pdp,home "
                                                        "edits=crop,colour; 2 give %sd data item:%s ch=pdp,home",
                                                        name, grant, name, grant, name);

                site_item(&f->s, &(struct site_item){
                                         .name = name, .kind = "photo", .alt = "A tent", .state = PLC_ITEM_APPROVED});
                site_render(&f->s, name, "pdp-card", "a card");
                site_say(&f->s, said);
                site_publish(&f->s, name, 100);
                g_assert_true(site_shows(&f->s, name));
        }
        f->office = plc_office_new(f->s.site, NULL, &error);
        g_assert_no_error(error);
        f->desk = plc_desk_new(f->s.site, f->office);
        plc_open_dir(f->s.site->fd, "spool", &f->spool, &error);
        g_assert_no_error(error);
}

static void tear_down(struct fixture *f)
{
        plc_close_fd(&f->spool);
        plc_desk_free(f->desk);
        plc_office_free(f->office);
        site_close(&f->s);
}

static void put(struct fixture *f, unsigned number, const char *item, const char *reason, const char *from)
{
        struct plc_report report = {.at = plc_now_ms(),
                                    .reason = plc_spool_reason(reason)->word,
                                    .text = (char *)"It is my face",
                                    .contact = (char *)"ann@example.org"};
        g_autoptr(GError) error = NULL;
        char id[PLC_ID_SIZE];

        g_snprintf(report.id, sizeof report.id, "01RRRRRRRRRRRRRRRRRRRR%04u", number);
        g_strlcpy(report.from, from, sizeof report.from);
        site_id(item, id);
        report.item = id;
        plc_spool_put_report(f->spool, &report, &error);
        g_assert_no_error(error);
        g_strlcpy(f->last, report.id, sizeof f->last);
}

static void take(struct fixture *f, unsigned unreadable)
{
        g_autoptr(GError) error = NULL;
        unsigned found = 0, left = 0;

        plc_desk_take_spool(f->desk, &found, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(found, ==, unreadable);
        g_assert_true(plc_spool_count(f->spool, &left, &error));
        g_assert_cmpuint(left, ==, unreadable);
}

static void report(struct fixture *f, const char *item, const char *reason, const char *from)
{
        put(f, ++f->number, item, reason, from);
        take(f, 0);
}

/* The answer; free with g_free. */
static char *ask(struct fixture *f, const char *op, const char *request, plc_code *out_code)
{
        g_autofree char *full = site_long(request);
        g_autoptr(GString) answer = g_string_new(NULL);
        g_autoptr(GError) error = NULL;

        if (plc_desk_do(f->desk, op, full, answer, &error))
                return site_short(answer->str);
        if (out_code != NULL)
                *out_code = plc_error_code(error);
        return g_strdup(error->message);
}

static void dismiss(struct fixture *f)
{
        g_autofree char *request = g_strdup_printf("{\"report\":\"%s\"}", f->last);
        g_autofree char *answer = ask(f, "rights_dismiss", request, NULL);

        site_publish(&f->s, "i1", 100);
        g_assert_nonnull(strstr(answer, "\"report\":"));
}

static const struct {
        const char *sentence, *before, *reason; /* before: a reason that was dismissed */
        bool shown;
} rows[] = {
        {"somebody who is shown is believed until a person has looked", NULL, "me", false},
        {"so is a parent", NULL, "my_child", false},
        {"whoever finds it offensive is not", NULL, "offensive", true},
        {"nor who claims the photo", NULL, "copyright", true},
        {"after a dismissal nobody is", "me", "me", true},
        {"nor a parent", "offensive", "my_child", true},
};

static void test_holds(void)
{
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                struct fixture f = {0};
                g_autofree char *listed = NULL, *shown = NULL;

                g_test_message("%s", rows[i].sentence);
                set_up(&f, 1);
                if (rows[i].before != NULL) {
                        report(&f, "i1", rows[i].before, NETWORK_A);
                        dismiss(&f);
                        g_assert_true(site_shows(&f.s, "i1"));
                }
                report(&f, "i1", rows[i].reason, NETWORK_B);
                g_assert_cmpint(site_shows(&f.s, "i1"), ==, rows[i].shown);
                listed = ask(&f, "list", "{\"state\":\"waiting\"}", NULL);
                g_assert_nonnull(strstr(listed, rows[i].reason));
                g_assert_null(strstr(listed, "ann@example.org"));
                shown = ask(&f, "show", "{\"ids\":[\"i1\"]}", NULL);
                g_assert_nonnull(strstr(shown, "It is my face"));
                g_assert_nonnull(strstr(shown, "ann@example.org"));
                tear_down(&f);
        }
}

static void test_bounds(void)
{
        struct fixture f = {0};

        set_up(&f, 5);
        report(&f, "i1", "me", NETWORK_A);
        report(&f, "i2", "me", NETWORK_A);
        report(&f, "i3", "my_child", NETWORK_A);
        report(&f, "i4", "me", NETWORK_A);
        g_assert_false(site_shows(&f.s, "i1") || site_shows(&f.s, "i2") || site_shows(&f.s, "i3"));
        g_assert_true(site_shows(&f.s, "i4")); /* the fourth of one network waits for a person */
        report(&f, "i5", "me", NETWORK_B);
        g_assert_false(site_shows(&f.s, "i5"));
        tear_down(&f);
}

static void test_twice_is_once(void)
{
        struct fixture f = {0};
        g_autoptr(GPtrArray) reports = NULL, events = NULL;
        g_autoptr(GError) error = NULL;
        char id[PLC_ID_SIZE];

        set_up(&f, 1);
        put(&f, 1, "i1", "me", NETWORK_A);
        take(&f, 0);
        put(&f, 1, "i1", "me", NETWORK_A); /* ended between commit and removal: the file is still there */
        take(&f, 0);
        site_id("i1", id);
        g_assert_true(plc_catalog_reports_of_item(f.s.site->catalog, id, &reports, &error));
        g_assert_cmpuint(reports->len, ==, 1);
        g_assert_true(plc_catalog_ledger_about(f.s.site->catalog, "hold", ((plc_report_row *)reports->pdata[0])->hold,
                                               &events, &error));
        g_assert_cmpuint(events->len, ==, 1);
        dismiss(&f);
        put(&f, 1, "i1", "me", NETWORK_A);
        take(&f, 0);
        g_assert_true(site_shows(&f.s, "i1"));
        tear_down(&f);
}

static void test_what_else_lies_there(void)
{
        struct fixture f = {0};
        g_autofree char *path = NULL, *answer = NULL;
        plc_code code = PLC_E_NONE;

        set_up(&f, 1);
        path = g_build_filename(f.s.site->path, "spool", "r-01RRRRRRRRRRRRRRRRRRRR9999.json", NULL);
        g_assert_true(g_file_set_contents(path, "{\"format\":\"placet.spool/1\"}", -1, NULL));
        put(&f, 1, "i1", "me", NETWORK_A); /* a bad file keeps no other one waiting, and is not thrown away */
        take(&f, 1);
        g_assert_false(site_shows(&f.s, "i1"));
        unlink(path);
        report(&f, "i7", "me", NETWORK_A); /* of nothing: nothing */
        answer = ask(&f, "rights_dismiss", "{\"report\":\"01RRRRRRRRRRRRRRRRRRRR0009\"}", &code);
        g_assert_cmpint(code, ==, PLC_E_NOT_FOUND);
        tear_down(&f);
}

static void put_back(struct fixture *f, unsigned number, const char *item, const char *whose, bool all)
{
        struct plc_spool_withdrawal w = {.at = plc_now_ms(), .all = all};
        g_autoptr(GError) error = NULL;
        char contributor[PLC_ID_SIZE];

        g_snprintf(w.id, sizeof w.id, "01WWWWWWWWWWWWWWWWWWWW%04u", number);
        site_id(item, w.item);
        site_id(whose, contributor);
        plc_publish_token(f->s.site->vault, contributor, w.token);
        plc_spool_put_withdrawal(f->spool, &w, &error);
        g_assert_no_error(error);
}

static int64_t head_of(struct fixture *f)
{
        struct plc_ledger_head head;
        g_autoptr(GError) error = NULL;

        plc_catalog_ledger_head(f->s.site->catalog, &head, &error);
        g_assert_no_error(error);
        return head.seq;
}

static void test_taken_back(void)
{
        struct fixture f = {0};
        g_autoptr(GPtrArray) events = NULL;
        g_autoptr(GError) error = NULL;
        char id[PLC_ID_SIZE];
        int64_t head;

        set_up(&f, 3);
        put_back(&f, 1, "i1", "c2", false); /* with somebody else's token: refused, and it stays */
        take(&f, 1);
        g_assert_true(site_shows(&f.s, "i1"));
        put_back(&f, 1, "i1", "c1", false);
        take(&f, 0);
        g_assert_false(site_shows(&f.s, "i1"));
        g_assert_true(site_shows(&f.s, "i2"));
        site_id("i1", id);
        g_assert_true(plc_catalog_ledger_about(f.s.site->catalog, "item", id, &events, &error));
        const plc_ledger_row *last = events->pdata[events->len - 1];
        g_assert_cmpstr(last->type, ==, "consent.withdrawn");
        g_assert_nonnull(strstr(last->json, "\"x_by\":\"contributor\""));
        head = head_of(&f);
        put_back(&f, 1, "i1", "c1", false); /* ended between commit and removal */
        take(&f, 0);
        g_assert_cmpint(head_of(&f), ==, head);
        put_back(&f, 2, "i2", "c2", true);
        put_back(&f, 3, "i9", "c9", true); /* nobody's */
        take(&f, 0);
        g_assert_false(site_shows(&f.s, "i2"));
        g_assert_true(site_shows(&f.s, "i3"));
        tear_down(&f);
}

static void test_settled_by_what_is_done(void)
{
        struct fixture f = {0};
        g_autoptr(plc_report_row) row = NULL, second = NULL;
        g_autoptr(GError) error = NULL;
        g_autofree char *lift = NULL, *answer = NULL, *rejected = NULL, *listed = NULL;

        set_up(&f, 2);
        report(&f, "i1", "me", NETWORK_A);
        g_assert_true(plc_catalog_get_report(f.s.site->catalog, f.last, &row, &error));
        lift = g_strdup_printf("{\"hold\":\"%s\"}", row->hold);
        answer = ask(&f, "rights_lift", lift, NULL);
        g_assert_nonnull(strstr(answer, "\"items\":[\"i1\"]"));
        g_clear_pointer(&row, plc_report_row_free);
        g_assert_true(plc_catalog_get_report(f.s.site->catalog, f.last, &row, &error));
        g_assert_cmpstr(row->state, ==, "dismissed");
        report(&f, "i2", "offensive", NETWORK_A);
        rejected = ask(&f, "reject", "{\"ids\":[\"i2\"]}", NULL);
        g_assert_true(plc_catalog_get_report(f.s.site->catalog, f.last, &second, &error));
        g_assert_cmpstr(second->state, ==, "upheld");
        listed = ask(&f, "list", "{\"state\":\"waiting\"}", NULL);
        g_assert_null(strstr(listed, "reports"));
        tear_down(&f);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/reported/only those who are shown are believed at once", test_holds);
        g_test_add_func("/reported/holds by themselves are bounded", test_bounds);
        g_test_add_func("/reported/a report that is taken twice counts once", test_twice_is_once);
        g_test_add_func("/reported/what is no report keeps none waiting", test_what_else_lies_there);
        g_test_add_func("/reported/what contributors take back is recorded once, as theirs", test_taken_back);
        g_test_add_func("/reported/lifting dismisses, rejecting upholds", test_settled_by_what_is_done);
        return g_test_run();
}
