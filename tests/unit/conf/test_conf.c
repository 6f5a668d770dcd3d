/* Does placet.conf mean what it says, and is every mistake told with its line? */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/file.h"
#include "conf/conf.h"

struct row {
        const char *sentence, *text, *message; /* NULL: it loads */
};

static const struct row rows[] = {
        {"an empty file means every default", "", NULL},
        {"a number in range is taken", "[limits]\nphotos = 5\n", NULL},
        {"a number out of range is told with its line", "\n[limits]\nphotos = 0\n",
         "placet.conf: line 3, [limits] photos: must be a whole number from 1 to 100 (found: 0)"},
        {"a mistyped key is told", "[serve]\nlisen = 1\n",
         "placet.conf: line 2, [serve] lisen: is not a key known here"},
        {"an unknown section is told", "[server]\nlisten = 1\n",
         "placet.conf: line 1, [server]: is not a section known here"},
        {"a switch is on or off", "[site]\navif = yes\n",
         "placet.conf: line 2, [site] avif: must be on or off (found: yes)"},
        {"a header has a name", "[serve]\nterritory_header = CF-IPCountry\n", NULL},
        {"more than a name is told, and what is no name", "[serve]\nterritory_header = X-Country, X-Land\n",
         "placet.conf: line 2, [serve] territory_header: must be one name of a header, such as CF-IPCountry (found: "
         "X-Country, X-Land)"},
        {"so for the address", "[serve]\naddress_header = X-Forwarded-For:\n",
         "placet.conf: line 2, [serve] address_header: must be one name of a header, such as CF-IPCountry (found: "
         "X-Forwarded-For:)"},
        {"a source is trusted or not", "[source shop]\nconsents = maybe\n",
         "placet.conf: line 2, [source shop] consents: must be trusted or untrusted"},
};

static plc_conf *load(const char *text, GError **error)
{
        g_autofree char *dir = g_dir_make_tmp("conf-XXXXXX", NULL);
        plc_autofd int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        plc_conf *conf;

        g_assert_true(plc_write_durable_at(fd, "placet.conf", text, strlen(text), 0600, NULL));
        conf = plc_conf_load(fd, error);
        g_assert_true(plc_remove_tree_at(AT_FDCWD, dir, NULL));
        return conf;
}

static void test_row(gconstpointer data)
{
        const struct row *row = data;
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_conf) conf = load(row->text, &error);

        if (row->message == NULL)
                g_assert_no_error(error);
        else
                g_assert_cmpstr(error != NULL ? error->message : NULL, ==, row->message);
}

static void test_lists_are_parted_by_commas_and_blanks(void)
{
        static const char *const lists[] = {"pdp ad", "pdp,ad", "pdp, ad", "pdp,  ad ,", ", pdp\tad"};

        for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
                g_autofree char *text = g_strdup_printf("[site]\nchannels = %s\n", lists[i]);
                g_autoptr(plc_conf) conf = load(text, NULL);
                g_autofree char *read = g_strjoinv("|", conf->channels);

                g_assert_cmpstr(read, ==, "pdp|ad");
        }
}

static void test_written_file_is_all_defaults(void)
{
        g_autofree char *text = plc_conf_text();
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_conf) conf = load(text, &error), standard = plc_conf_standard();

        g_assert_no_error(error);
        g_assert_cmpint(conf->limit_pixels, ==, standard->limit_pixels);
        g_assert_cmpstr(conf->serve_listen, ==, "127.0.0.1:8080");
        g_assert_true(plc_conf_has_channel(conf, "ad"));
        g_assert_false(plc_conf_trusts(conf, "shop-form"));
}

static void test_trust_is_per_source(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_conf) conf =
                load("[source shop-form]\nconsents = trusted\n[source scraper]\nconsents = untrusted\n", &error);

        g_assert_no_error(error);
        g_assert_true(plc_conf_trusts(conf, "shop-form"));
        g_assert_false(plc_conf_trusts(conf, "scraper"));
        g_assert_false(plc_conf_trusts(conf, "unheard-of"));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *path = g_strdup_printf("/conf/%s", rows[i].sentence);

                g_test_add_data_func(path, &rows[i], test_row);
        }
        g_test_add_func("/conf/the written file is all defaults", test_written_file_is_all_defaults);
        g_test_add_func("/conf/lists are parted by commas and blanks", test_lists_are_parted_by_commas_and_blanks);
        g_test_add_func("/conf/trust is per source", test_trust_is_per_source);
        return g_test_run();
}
