/* placet rights grant, attest: how does a permission given elsewhere get recorded? With its evidence, or not at all. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cmd/cmd_rights.h"

#define EVIDENCE_BYTES ((size_t)1 << 20)

/* Words have spaces; one "word" with a stroke or with an ending is a file that somebody mistyped. */
static bool looks_like_a_path(const char *said)
{
        const char *dot = strrchr(said, '.');

        return strpbrk(said, " \t\n") == NULL && (strchr(said, '/') != NULL || (dot != NULL && dot[1] != '\0'));
}

/* A file of that name, else the words themselves. */
static bool read_evidence(const char *said, char **out, GError **error)
{
        g_autoptr(GBytes) bytes = NULL;

        if (!g_file_test(said, G_FILE_TEST_EXISTS)) {
                if (looks_like_a_path(said) || g_str_has_suffix(said, ".txt") || g_str_has_suffix(said, ".eml"))
                        return plc_fail_at(error, PLC_E_NOT_FOUND, said, NULL,
                                           "Name a file that is there, or write the words.", "is not there");
                *out = g_strdup(said);
                return true;
        }
        if (!plc_read_file_at(AT_FDCWD, said, EVIDENCE_BYTES, &bytes, error))
                return false;
        *out = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
        if (strlen(*out) == g_bytes_get_size(bytes) && g_utf8_validate(*out, -1, NULL))
                return true;
        g_clear_pointer(out, g_free);
        return plc_fail_at(error, PLC_E_BAD_TEXT, said, NULL, "Save the e-mail or form as plain UTF-8 text.",
                           "is not a text in UTF-8");
}

static char *request_of(const char *id, const char *evidence)
{
        const struct plc_rights_options *o = &plc_rights_options;
        const char *const pairs[][2] = {
                {"id", id},          {"evidence", evidence},          {"of_person", o->person},
                {"terms", o->terms}, {"captured_at", o->captured_at}, {"not_after", o->not_after},
        };
        GString *out = g_string_new(NULL);

        plc_jw_object(out, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
                if (pairs[i][1] != NULL)
                        plc_jw_string(out, pairs[i][0], pairs[i][1]);
        if (o->terms != NULL)
                plc_jw_int(out, "version", o->version);
        if (o->guardian)
                plc_jw_bool(out, "guardian", true);
        plc_rights_write_scope(out);
        plc_jw_end_object(out);
        return g_string_free(out, FALSE);
}

static void list(const char *const *grants)
{
        for (; *grants != NULL; grants++)
                printf(" %s", *grants);
        putchar('\n');
}

static bool tell(plc_json *answer, GError **error)
{
        g_auto(GStrv) grants = NULL, requested = NULL, known = NULL;

        if (!plc_json_get_strings(answer, "grants", PLC_REQUIRED, 1000, 64, &grants, error) ||
            !plc_json_get_strings(answer, "requested", PLC_REQUIRED, 1000, 64, &requested, error) ||
            !plc_json_get_strings(answer, "known", PLC_REQUIRED, 1000, 64, &known, error))
                return false;
        if (grants[0] != NULL) {
                g_autofree char *count = plc_rights_count(g_strv_length(grants), "grant", "grants");

                printf("%s recorded%s:", count,
                       plc_rights_options.terms == NULL ? " as an attestation, which the policy caps" : "");
                list((const char *const *)grants);
        }
        if (requested[0] != NULL) {
                fputs("Opens nothing, since the like was withdrawn:", stdout);
                list((const char *const *)requested);
        }
        if (known[0] != NULL) {
                fputs("Known already, from the same evidence; not recorded again:", stdout);
                list((const char *const *)known);
        }
        return true;
}

static int give(plc_client *client, const char *op, const char *id, GError **error)
{
        g_autofree char *evidence = NULL, *request = NULL;
        g_auto(GStrv) items = NULL;
        g_autoptr(plc_json) answer = NULL;

        if (!read_evidence(plc_rights_options.evidence, &evidence, error))
                return -1;
        request = request_of(id, evidence);
        if (!plc_client_call(client, op, request, &answer, error) ||
            !plc_json_get_strings(answer, "items", PLC_REQUIRED, 1000000, 64, &items, error) ||
            !plc_client_wait(client, (const char *const *)items, "rendering", NULL, error))
                return -1;
        if (plc_rights_options.json) {
                plc_client_print(answer);
                return 0;
        }
        return tell(answer, error) ? 0 : -1;
}

int plc_rights_grant(plc_client *client, const char *id, GError **error)
{
        return give(client, "rights_grant", id, error);
}

int plc_rights_attest(plc_client *client, const char *id, GError **error)
{
        return give(client, "rights_attest", id, error);
}
