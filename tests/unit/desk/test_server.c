/* Is the office asked over its socket as it is asked directly, and are its errors told whole? */
#include "desk/desk.h"
#include "net/unix_client.h"
#include "support/site.h"

struct row {
        const char *sentence, *path, *request;
        long status;
        const char *part; /* of the answer */
};

static const struct row rows[] = {
        {"an operation answers with its object", "/v1/desk/status", "{}", 200, "\"items\":{\"waiting\":0"},
        {"an operation that writes, too", "/v1/desk/pending", "{\"ids\":[]}", 200, "\"busy\":false"},
        {"a member that is missing", "/v1/desk/show", "{}", 422,
         "{\"error\":{\"code\":\"missing_member\",\"message\":\"request: \\\"ids\\\" is missing\",\"remedy\":\"Add "
         "it.\"}}"},
        {"an id that names nothing", "/v1/desk/approve", "{\"ids\":[\"x\"]}", 404,
         "{\"error\":{\"code\":\"not_found\",\"message\":\"nothing here is called \\\"x\\\"\""},
        {"an operation that is not there", "/v1/desk/nothing", "{}", 404, "\"code\":\"not_found\""},
        {"no JSON", "/v1/desk/status", "}", 422, "\"code\":\"bad_json\""},
        {"another address is not the desk's", "/v1/reviews", "{}", 404, ""},
};

struct call {
        const char *socket;
        const struct row *row;
        long status;
        GString *body;
        GError *error;
        gint done;
};

/* The server lives on the main context of the test, so the client waits in a thread of its own. */
static gpointer post(gpointer data)
{
        struct call *call = data;

        plc_net_unix_post(call->socket, call->row->path, call->row->request, 20000, &call->status, &call->body,
                          &call->error);
        g_atomic_int_set(&call->done, 1);
        g_main_context_wakeup(NULL);
        return NULL;
}

static void test_row(gconstpointer data)
{
        struct call call = {.row = data};
        g_autofree char *path = NULL;
        g_autoptr(GError) error = NULL;
        plc_desk_server *server = NULL;
        plc_office *office;
        struct test_site s;
        struct stat st;
        plc_desk *desk;
        GThread *thread;

        site_open(&s, NULL);
        office = plc_office_new(s.site, NULL, &error);
        g_assert_no_error(error);
        desk = plc_desk_new(s.site, office);
        plc_desk_server_start(desk, &server, &error);
        g_assert_no_error(error);
        path = g_build_filename(s.site->path, PLC_SITE_SOCKET, NULL);
        g_assert_cmpint(stat(path, &st), ==, 0);
        g_assert_cmpint(st.st_mode & 0777, ==, 0600); /* its owner alone */
        call.socket = path;
        thread = g_thread_new("client", post, &call);
        while (!g_atomic_int_get(&call.done))
                g_main_context_iteration(NULL, TRUE);
        g_thread_join(thread);
        g_assert_no_error(call.error);
        g_assert_cmpint(call.status, ==, call.row->status);
        if (strstr(call.body->str, call.row->part) == NULL)
                g_error("\"%s\" is not in: %s", call.row->part, call.body->str);
        g_string_free(call.body, TRUE);
        plc_desk_server_stop(server);
        g_assert_cmpint(stat(path, &st), ==, -1);
        plc_desk_free(desk);
        plc_office_free(office);
        site_close(&s);
}

static void test_nobody_there(void)
{
        g_autoptr(GError) error = NULL;
        GString *body = NULL;
        struct playground p;
        g_autofree char *path = NULL;
        long status;

        playground_open(&p);
        path = g_build_filename(p.path, "office.sock", NULL);
        g_assert_false(plc_net_unix_post(path, "/v1/desk/status", "{}", 2000, &status, &body, &error));
        assert_code(error, PLC_E_UNREACHABLE);
        g_assert_null(body);
        playground_close(&p);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        ADD_ROWS("/desk server", rows, test_row)
        g_test_add_func("/desk server/where no office runs, nobody is reached", test_nobody_there);
        return g_test_run();
}
