/* Does every failure say one sentence, on one line, with code, place and remedy? */
#include <errno.h>

#include "support/rows.h"

struct sentence_row {
        const char *sentence;
        const char *file, *pointer, *remedy, *text;
        const char *message, *told; /* error->message, plc_error_sentence */
};

static const struct sentence_row sentences[] = {
        {"a fault without a place is its text alone", NULL, NULL, NULL, "is too long", "is too long", "is too long."},
        {"a file stands before the text", "a.json", NULL, NULL, "is too long", "a.json: is too long",
         "a.json: is too long."},
        {"a pointer stands between file and text", "a.json", "/photos/0", NULL, "is missing",
         "a.json, /photos/0: is missing", "a.json, /photos/0: is missing."},
        {"the pointer to the whole document is not told", "a.json", "", NULL, "must be an object",
         "a.json: must be an object", "a.json: must be an object."},
        {"the remedy follows the full stop", "a.json", "/id", "Add it.", "is missing", "a.json, /id: is missing",
         "a.json, /id: is missing. Add it."},
        {"a text with its own full stop gets no second one", NULL, NULL, "Wait.", "No space is left.",
         "No space is left.", "No space is left. Wait."},
        {"a line feed in a stranger's text stays on the line", "a.json", NULL, NULL, "x\nREMOVED ALL\r\t\x1b[2J",
         "a.json: x?REMOVED ALL???[2J", "a.json: x?REMOVED ALL???[2J."},
        {"a line feed in a stranger's file name stays on the line", "a\nb.json", "/x\ny", NULL, "is missing",
         "a?b.json, /x?y: is missing", "a?b.json, /x?y: is missing."},
        {"bytes that are not UTF-8 are replaced", "\xff.json", NULL, NULL, "is missing",
         "\xef\xbf\xbd.json: is missing", "\xef\xbf\xbd.json: is missing."},
};

static void test_sentence(gconstpointer data)
{
        const struct sentence_row *row = data;
        g_autoptr(GError) error = NULL;
        g_autofree char *told = NULL;

        g_assert_false(plc_fail_at(&error, PLC_E_BAD_VALUE, row->file, row->pointer, row->remedy, "%s", row->text));
        told = plc_error_sentence(error);
        g_assert_cmpstr(error->message, ==, row->message);
        g_assert_cmpstr(told, ==, row->told);
        g_assert_cmpstr(plc_error_remedy(error), ==, row->remedy);
        assert_code(error, PLC_E_BAD_VALUE);
}

struct errno_row {
        const char *sentence;
        int number;
        plc_code code;
};

static const struct errno_row errnos[] = {
        {"a full disk is NO_SPACE", ENOSPC, PLC_E_NO_SPACE},      {"a full quota is NO_SPACE", EDQUOT, PLC_E_NO_SPACE},
        {"a missing file is NOT_FOUND", ENOENT, PLC_E_NOT_FOUND}, {"no memory is MEMORY", ENOMEM, PLC_E_MEMORY},
        {"anything else of the system is IO", EACCES, PLC_E_IO},
};

static void test_errno(gconstpointer data)
{
        const struct errno_row *row = data;
        g_autoptr(GError) error = NULL;
        g_autofree char *expected = g_strdup_printf("cannot open 7: %s", g_strerror(row->number));

        g_assert_false(plc_fail_errno(&error, row->number, "cannot open %d", 7));
        assert_code(error, row->code);
        g_assert_cmpstr(error->message, ==, expected);
}

static void test_long_text_is_cut_at_a_letter(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(GString) text = g_string_new(NULL);

        while (text->len < 5000)
                g_string_append(text, "\xe2\x82\xac"); /* three bytes a letter: no cut may fall inside */
        plc_fail_at(&error, PLC_E_BAD_VALUE, NULL, NULL, NULL, "%s", text->str);
        g_assert_cmpuint(strlen(error->message), <=, 1000);
        g_assert_cmpuint(strlen(error->message), >, 990);
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
        g_assert_true(g_str_has_suffix(error->message, "\xe2\x80\xa6"));
}

static void test_no_error_wanted(void)
{
        g_assert_false(plc_fail(NULL, PLC_E_IO, "x"));
        g_assert_false(plc_fail_at(NULL, PLC_E_IO, "a", "/b", "C.", "x"));
        g_assert_false(plc_fail_errno(NULL, ENOENT, "x"));
}

static void test_copy_keeps_the_place(void)
{
        g_autoptr(GError) error = NULL, copy = NULL;

        plc_fail_at(&error, PLC_E_BAD_VALUE, "a.json", "/id", "Add it.", "is missing");
        copy = g_error_copy(error);
        g_assert_cmpstr(plc_error_file(copy), ==, "a.json");
        g_assert_cmpstr(plc_error_pointer(copy), ==, "/id");
        g_assert_cmpstr(plc_error_remedy(copy), ==, "Add it.");
}

static void test_foreign_errors(void)
{
        g_autoptr(GError) error = g_error_new_literal(G_FILE_ERROR, G_FILE_ERROR_NOENT, "no");

        assert_code(error, PLC_E_INTERNAL);
        assert_code((GError *)NULL, PLC_E_NONE);
        g_assert_null(plc_error_file(error));
        g_assert_null(plc_error_remedy(error));
}

/* The table as a whole: what a caller of any code may rely on. */
static void test_every_code(void)
{
        for (int code = 1; code < PLC_E_COUNT_; code++) {
                const char *name = plc_code_name((plc_code)code), *text = plc_code_public((plc_code)code);

                g_test_message("%s", name);
                g_assert_cmpint(plc_code_from_name(name), ==, code);
                g_assert_cmpuint(strspn(name, "abcdefghijklmnopqrstuvwxyz_"), ==, strlen(name));
                g_assert_cmpint(plc_code_exit((plc_code)code), >=, 1);
                g_assert_cmpint(plc_code_exit((plc_code)code), <=, 3);
                g_assert_cmpint(plc_code_http((plc_code)code), >=, 400);
                g_assert_cmpint(plc_code_http((plc_code)code), <=, 599);
                g_assert_cmpuint(strlen(text), >, 5);
                g_assert_false(g_str_has_suffix(text, "."));
        }
        g_assert_cmpint(plc_code_from_name("no_such_code"), ==, PLC_E_NONE);
        g_assert_cmpint(plc_code_from_name("NONE"), ==, PLC_E_NONE);
        g_assert_cmpint(plc_code_from_name("Missing_File"), ==, PLC_E_MISSING_FILE);
}

struct code_row {
        const char *sentence;
        plc_code code;
        int exit_status, http_status;
        plc_then then;
};

static const struct code_row codes[] = {
        {"wrong use exits with 2", PLC_E_USAGE, 2, 400, PLC_THEN_REJECT},
        {"a busy office exits with 3 and is tried again", PLC_E_BUSY, 3, 503, PLC_THEN_RETRY},
        {"a full disk is tried again, never held against the drop", PLC_E_NO_SPACE, 1, 503, PLC_THEN_RETRY},
        {"a photo that kills its worker is set aside", PLC_E_WORKER_DIED, 1, 422, PLC_THEN_QUARANTINE},
        {"what is not published looks like what is not there", PLC_E_NOT_PUBLISHED, 1, 404, PLC_THEN_REJECT},
        {"a file with foreign segments stops the job", PLC_E_UNCLEAN, 1, 500, PLC_THEN_FATAL},
};

static void test_code(gconstpointer data)
{
        const struct code_row *row = data;

        g_assert_cmpint(plc_code_exit(row->code), ==, row->exit_status);
        g_assert_cmpint(plc_code_http(row->code), ==, row->http_status);
        g_assert_cmpint(plc_code_then(row->code), ==, row->then);
}

static void test_not_published_says_no_more_than_not_found(void)
{
        g_assert_cmpstr(plc_code_public(PLC_E_NOT_PUBLISHED), ==, plc_code_public(PLC_E_NOT_FOUND));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        ADD_ROWS("/error/sentence", sentences, test_sentence)
        ADD_ROWS("/error/errno", errnos, test_errno)
        ADD_ROWS("/error/code", codes, test_code)
        g_test_add_func("/error/a long text is cut between letters", test_long_text_is_cut_at_a_letter);
        g_test_add_func("/error/who wants no error gets none", test_no_error_wanted);
        g_test_add_func("/error/a copy keeps file, pointer and remedy", test_copy_keeps_the_place);
        g_test_add_func("/error/an error of another library is internal", test_foreign_errors);
        g_test_add_func("/error/every code has name, exit status, HTTP status and public text", test_every_code);
        g_test_add_func("/error/not published says no more than not found",
                        test_not_published_says_no_more_than_not_found);
        return g_test_run();
}
