/* Does what is sealed open for its own key alone, whole and as what it was, and stand in no file in clear? */
#include "vault/vault.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

#define CANARY "canary-7f31-Marta Kowalska"
#define PIECE (64 * 1024 + 17) /* one sealed piece in the file; 32 bytes stand before the first */
#define ALICE "01JC8Q2V7N6T8Y3W5K9M4R1B0D"
#define BOB "01JC8Q2V7N6T8Y3W5K9M4R1B0E"
#define assert_code(error, expected) g_assert_cmpstr(plc_code_name(plc_error_code(error)), ==, plc_code_name(expected))

struct site {
        char *dir;
        int vault_fd, keys_fd;
        plc_vault *vault;
};

static void site_open(struct site *s)
{
        g_autoptr(GError) error = NULL;
        plc_autofd int dir = -1;

        s->dir = g_dir_make_tmp("placet-vault-XXXXXX", NULL);
        g_assert_true(plc_open_dir(AT_FDCWD, s->dir, &dir, &error));
        g_assert_true(plc_make_dir_at(dir, "vault", 0700, &error) && plc_make_dir_at(dir, "keys", 0700, &error));
        g_assert_true(plc_open_dir(dir, "vault", &s->vault_fd, &error) &&
                      plc_open_dir(dir, "keys", &s->keys_fd, &error));
        g_assert_true(plc_vault_create(s->keys_fd, &error));
        s->vault = plc_vault_open(s->vault_fd, s->keys_fd, &error);
        g_assert_no_error(error);
        g_assert_true(plc_vault_ensure_key(s->vault, ALICE, &error) && plc_vault_ensure_key(s->vault, BOB, &error));
}

static void site_close(struct site *s)
{
        plc_vault_close(s->vault);
        plc_close_fd(&s->vault_fd);
        plc_close_fd(&s->keys_fd);
        g_assert_true(plc_remove_tree_at(AT_FDCWD, s->dir, NULL));
        g_free(s->dir);
}

/* size bytes in which the canary stands again and again. */
static GBytes *content(size_t size)
{
        char *data = g_malloc(size + 1);

        for (size_t i = 0; i < size; i++)
                data[i] = CANARY[i % strlen(CANARY)];
        return g_bytes_new_take(data, size);
}

static void seal(struct site *s, const char *contributor, GBytes *plain, char out[PLC_ID_SIZE])
{
        g_autoptr(GError) error = NULL;
        gsize size;
        const void *data = g_bytes_get_data(plain, &size);

        plc_vault_seal_bytes(s->vault, contributor, data != NULL ? data : "", size, out, &error);
        g_assert_no_error(error);
}

static char *path_of(struct site *s, const char *name)
{
        return g_strdup_printf("%s/vault/%.2s/%s", s->dir, name, name + 2);
}

static void opens(struct site *s, const char *contributor, const char *name, GBytes *expected)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) plain = NULL;
        plc_autofd int fd = -1;

        plc_vault_unseal_memfd(s->vault, contributor, name, &fd, &error);
        g_assert_no_error(error);
        g_assert_true(plc_read_all(fd, PLC_VAULT_FILE_MAX, &plain, &error));
        g_assert_true(g_bytes_equal(plain, expected));
        g_assert_cmpint(pwrite(fd, "x", 1, 0), ==, -1); /* sealed against writing */
}

static void stays_shut(struct site *s, const char *contributor, const char *name, plc_code code)
{
        g_autoptr(GError) error = NULL;
        int fd = -1;

        g_assert_false(plc_vault_unseal_memfd(s->vault, contributor, name, &fd, &error));
        assert_code(error, code);
        g_assert_cmpint(fd, ==, -1);
}

static void files_of_every_size_come_back(void)
{
        static const size_t sizes[] = {0, 1, 65535, 65536, 65537, 131072, 1000000};
        struct site s;

        site_open(&s);
        for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
                g_autoptr(GBytes) plain = content(sizes[i]);
                char name[PLC_ID_SIZE], again[PLC_ID_SIZE];

                seal(&s, ALICE, plain, name);
                opens(&s, ALICE, name, plain);
                seal(&s, ALICE, plain, again);
                g_assert_cmpstr(name, !=, again); /* the name tells nothing of the content */
        }
        site_close(&s);
}

static void another_key_does_not_open_it(void)
{
        g_autoptr(GBytes) plain = content(1000);
        char name[PLC_ID_SIZE];
        struct site s;

        site_open(&s);
        seal(&s, ALICE, plain, name);
        stays_shut(&s, BOB, name, PLC_E_UNREADABLE);
        stays_shut(&s, ALICE, "k0000000000000000000000000", PLC_E_NOT_FOUND);
        site_close(&s);
}

static void a_blob_in_anothers_place_does_not_open(void)
{
        g_autoptr(GBytes) plain = content(1000);
        g_autofree char *first = NULL, *second = NULL;
        char one[PLC_ID_SIZE], two[PLC_ID_SIZE];
        struct site s;

        site_open(&s);
        seal(&s, ALICE, plain, one);
        seal(&s, ALICE, plain, two);
        first = path_of(&s, one);
        second = path_of(&s, two);
        g_assert_cmpint(g_rename(first, second), ==, 0);
        stays_shut(&s, ALICE, two, PLC_E_UNREADABLE);
        site_close(&s);
}

struct damage {
        const char *how;
        size_t keep;     /* bytes kept of the file, 0: all */
        gssize flip;     /* offset of a flipped bit, negative from the end; G_MAXSSIZE: none */
        bool swap;       /* the first two pieces change places */
        const char *add; /* bytes after the end */
};

static void no_damage_goes_unseen(void)
{
        /* Of 3 pieces: 32 + 2 × PIECE + (1000 + 17). */
        static const struct damage rows[] = {
                {"cut inside the last piece", 32 + 2 * PIECE + 500, G_MAXSSIZE, false, NULL},
                {"cut between two pieces", 32 + 2 * PIECE, G_MAXSSIZE, false, NULL},
                {"cut after the header", 32, G_MAXSSIZE, false, NULL},
                {"cut inside the header", 31, G_MAXSSIZE, false, NULL},
                {"a bit of the form flipped", 0, 0, false, NULL},
                {"a bit of the header flipped", 0, 20, false, NULL},
                {"a bit of the first piece flipped", 0, 40, false, NULL},
                {"a bit of the second piece flipped", 0, 32 + PIECE + 9, false, NULL},
                {"the last bit flipped", 0, -1, false, NULL},
                {"two pieces swapped", 0, G_MAXSSIZE, true, NULL},
                {"a byte after the end", 0, G_MAXSSIZE, false, "x"},
        };
        g_autoptr(GBytes) plain = content(2 * 65536 + 1000);
        struct site s;

        site_open(&s);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                const struct damage *row = &rows[i];
                g_autofree char *path = NULL, *data = NULL, *piece = g_malloc(PIECE);
                g_autoptr(GString) all = NULL;
                char name[PLC_ID_SIZE];
                gsize size;

                g_test_message("%s", row->how);
                seal(&s, ALICE, plain, name);
                path = path_of(&s, name);
                g_assert_true(g_file_get_contents(path, &data, &size, NULL));
                g_assert_cmpuint(size, ==, 32 + 2 * PIECE + 1017);
                if (row->keep > 0)
                        size = row->keep;
                if (row->flip != G_MAXSSIZE)
                        data[row->flip < 0 ? (gssize)size + row->flip : row->flip] ^= 1;
                if (row->swap) {
                        memcpy(piece, data + 32, PIECE);
                        memmove(data + 32, data + 32 + PIECE, PIECE);
                        memcpy(data + 32 + PIECE, piece, PIECE);
                }
                all = g_string_new_len(data, (gssize)size);
                if (row->add != NULL)
                        g_string_append(all, row->add);
                g_assert_true(g_file_set_contents(path, all->str, (gssize)all->len, NULL));
                stays_shut(&s, ALICE, name, PLC_E_UNREADABLE);
        }
        site_close(&s);
}

static void a_record_opens_only_as_what_it_was_sealed_as(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) sealed = NULL, again = NULL, none = NULL, empty = NULL;
        g_autofree char *text = NULL, *nothing = NULL;
        struct site s;
        gsize size;

        site_open(&s);
        g_assert_true(plc_vault_seal_text(s.vault, ALICE, "item/I1/body/0", CANARY, &sealed, &error));
        g_assert_true(plc_vault_seal_text(s.vault, ALICE, "item/I1/body/0", CANARY, &again, &error));
        g_assert_false(g_bytes_equal(sealed, again));
        g_assert_true(plc_vault_unseal_text(s.vault, ALICE, "item/I1/body/0", sealed, &text, &error));
        g_assert_cmpstr(text, ==, CANARY);
        g_clear_pointer(&text, g_free);
        g_assert_false(plc_vault_unseal_text(s.vault, ALICE, "item/I2/body/0", sealed, &text, &error));
        assert_code(error, PLC_E_UNREADABLE);
        g_clear_error(&error);
        g_assert_false(plc_vault_unseal_text(s.vault, BOB, "item/I1/body/0", sealed, &text, &error));
        assert_code(error, PLC_E_UNREADABLE);
        g_clear_error(&error);
        g_bytes_get_data(sealed, &size);
        for (gsize i = 0; i < size; i++) {
                g_autofree char *copy = g_memdup2(g_bytes_get_data(sealed, NULL), size);
                g_autoptr(GBytes) flipped = NULL, cut = g_bytes_new(copy, i);

                copy[i] ^= 1;
                flipped = g_bytes_new(copy, size);
                g_assert_false(plc_vault_unseal_text(s.vault, ALICE, "item/I1/body/0", flipped, &text, NULL));
                g_assert_false(plc_vault_unseal_text(s.vault, ALICE, "item/I1/body/0", cut, &text, NULL));
        }
        g_assert_true(plc_vault_seal_text(s.vault, ALICE, "w", NULL, &none, &error));
        g_assert_null(none);
        g_assert_true(plc_vault_unseal_text(s.vault, ALICE, "w", NULL, &nothing, &error));
        g_assert_null(nothing);
        g_assert_true(plc_vault_seal_text(s.vault, ALICE, "w", "", &empty, &error));
        g_assert_true(plc_vault_unseal_text(s.vault, ALICE, "w", empty, &text, &error));
        g_assert_cmpstr(text, ==, "");
        site_close(&s);
}

/* True if needle stands in any file below dir. */
static bool anywhere(const char *dir, const void *needle, size_t size)
{
        g_autoptr(GDir) open = g_dir_open(dir, 0, NULL);
        const char *name;

        while (open != NULL && (name = g_dir_read_name(open)) != NULL) {
                g_autofree char *path = g_build_filename(dir, name, NULL), *data = NULL;
                gsize length;

                if (g_file_test(path, G_FILE_TEST_IS_DIR) ? anywhere(path, needle, size)
                                                          : g_file_get_contents(path, &data, &length, NULL) &&
                                                                    memmem(data, length, needle, size) != NULL)
                        return true;
        }
        return false;
}

static void nothing_of_it_is_readable_in_any_file(void)
{
        g_autoptr(GBytes) plain = content(200000);
        g_autofree char *clear = NULL;
        char name[PLC_ID_SIZE];
        struct site s;

        site_open(&s);
        seal(&s, ALICE, plain, name);
        g_assert_false(anywhere(s.dir, CANARY, strlen(CANARY)));
        clear = g_build_filename(s.dir, "clear", NULL); /* the search itself finds what is there */
        g_assert_true(g_file_set_contents(clear, CANARY, -1, NULL));
        g_assert_true(anywhere(s.dir, CANARY, strlen(CANARY)));
        site_close(&s);
}

static void keys_are_made_once_kept_private_and_destroyed_for_good(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) plain = content(1000), sealed = NULL;
        g_autofree char *path = NULL, *before = NULL, *after = NULL, *text = NULL;
        char name[PLC_ID_SIZE], hex[PLC_SHA256_HEX_SIZE];
        struct site s;
        struct stat st;
        gsize size;
        bool has;

        site_open(&s);
        path = g_strdup_printf("%s/keys/%s.key", s.dir, ALICE);
        g_assert_cmpint(stat(path, &st), ==, 0);
        g_assert_cmpint(st.st_mode & 0777, ==, 0600);
        g_assert_cmpint(st.st_size, ==, 32);
        g_assert_true(g_file_get_contents(path, &before, NULL, NULL));
        g_assert_true(plc_vault_ensure_key(s.vault, ALICE, &error));
        g_assert_true(g_file_get_contents(path, &after, &size, NULL));
        g_assert_true(size == 32 && memcmp(before, after, 32) == 0);
        seal(&s, ALICE, plain, name);
        g_assert_true(plc_vault_seal_text(s.vault, ALICE, "w", "t", &sealed, &error));
        g_assert_cmpint(chmod(path, 0640), ==, 0);
        stays_shut(&s, ALICE, name, PLC_E_BAD_CONFIG);
        g_assert_cmpint(chmod(path, 0600), ==, 0);
        g_assert_true(plc_vault_destroy_key(s.vault, ALICE, &error));
        g_assert_true(plc_vault_destroy_key(s.vault, ALICE, &error));
        g_assert_true(plc_vault_has_key(s.vault, ALICE, &has, &error) && !has);
        g_assert_true(plc_vault_has_key(s.vault, BOB, &has, &error) && has);
        g_assert_false(anywhere(s.dir, before, 32));
        stays_shut(&s, ALICE, name, PLC_E_ERASED);
        g_assert_false(plc_vault_unseal_text(s.vault, ALICE, "w", sealed, &text, &error));
        assert_code(error, PLC_E_ERASED);
        g_clear_error(&error);
        g_assert_false(plc_vault_evidence_hmac(s.vault, ALICE, "e", 1, hex, &error));
        assert_code(error, PLC_E_ERASED);
        g_clear_error(&error);
        g_assert_true(plc_vault_ensure_key(s.vault, ALICE, &error)); /* a new one opens nothing of the old */
        stays_shut(&s, ALICE, name, PLC_E_UNREADABLE);
        g_assert_false(plc_vault_ensure_key(s.vault, "../../etc/passwd", &error));
        assert_code(error, PLC_E_INTERNAL);
        site_close(&s);
}

static void hmacs_tell_apart_what_differs(void)
{
        g_autoptr(GError) error = NULL;
        char hex[7][PLC_SHA256_HEX_SIZE], evidence[2][PLC_SHA256_HEX_SIZE];
        struct site s, other;

        site_open(&s);
        site_open(&other);
        plc_vault_hmac(s.vault, "submission", "shop", "42", hex[0]);
        plc_vault_hmac(s.vault, "contributor", "shop", "42", hex[1]);
        plc_vault_hmac(s.vault, "submission", "shop4", "2", hex[2]);
        plc_vault_hmac(s.vault, "submission", "", "shop42", hex[3]);
        plc_vault_hmac(other.vault, "submission", "shop", "42", hex[4]);
        plc_vault_hmac(s.vault, "submission", "shop", "43", hex[5]);
        for (int i = 0; i < 6; i++)
                for (int j = 0; j < i; j++)
                        g_assert_cmpstr(hex[i], !=, hex[j]);
        plc_vault_close(s.vault); /* the same after a restart */
        s.vault = plc_vault_open(s.vault_fd, s.keys_fd, &error);
        plc_vault_hmac(s.vault, "submission", "shop", "42", hex[6]);
        g_assert_cmpstr(hex[6], ==, hex[0]);
        g_assert_true(plc_vault_evidence_hmac(s.vault, ALICE, "e", 1, evidence[0], &error));
        g_assert_true(plc_vault_evidence_hmac(s.vault, BOB, "e", 1, evidence[1], &error));
        g_assert_cmpstr(evidence[0], !=, evidence[1]);
        site_close(&s);
        site_close(&other);
}

static void a_missing_site_key_is_a_missing_disk(void)
{
        g_autoptr(GError) error = NULL;
        struct site s;

        site_open(&s);
        g_assert_cmpint(unlinkat(s.keys_fd, "site.key", 0), ==, 0);
        g_assert_null(plc_vault_open(s.vault_fd, s.keys_fd, &error));
        assert_code(error, PLC_E_NOT_FOUND);
        g_assert_cmpint(faccessat(s.keys_fd, "site.key", F_OK, 0), ==, -1);
        site_close(&s);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/vault/files of every size come back", files_of_every_size_come_back);
        g_test_add_func("/vault/another key does not open it", another_key_does_not_open_it);
        g_test_add_func("/vault/a blob in another's place does not open", a_blob_in_anothers_place_does_not_open);
        g_test_add_func("/vault/no damage goes unseen", no_damage_goes_unseen);
        g_test_add_func("/vault/a record opens only as what it was sealed as",
                        a_record_opens_only_as_what_it_was_sealed_as);
        g_test_add_func("/vault/nothing of it is readable in any file", nothing_of_it_is_readable_in_any_file);
        g_test_add_func("/vault/keys are made once, kept private and destroyed for good",
                        keys_are_made_once_kept_private_and_destroyed_for_good);
        g_test_add_func("/vault/HMACs tell apart what differs", hmacs_tell_apart_what_differs);
        g_test_add_func("/vault/a missing site key is a missing disk, never a new start",
                        a_missing_site_key_is_a_missing_disk);
        return g_test_run();
}
