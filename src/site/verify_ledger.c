/* Is the ledger the one that was written? Chain, checkpoints, events. */
#include <fcntl.h>
#include <string.h>

#include "base/file.h"
#include "catalog/summary.h"
#include "catalog/verify.h"
#include "site/checkpoint.h"
#include "site/verify_private.h"
#include "vault/sign.h"

static const char restore[] = "Put catalog.db back from a backup; what was withdrawn since is applied again by itself.";

static void tell(int64_t done, void *user_data)
{
        struct plc_verifying *verifying = user_data;

        verifying->checked = done;
        if (verifying->options->progress != NULL)
                verifying->options->progress(verifying->part, done, verifying->options->user_data);
}

bool plc_verify_chain(struct plc_verifying *verifying, GError **error)
{
        g_autoptr(GError) fault = NULL;
        struct plc_ledger_head head;

        if (plc_catalog_verify_chain(verifying->site->catalog, NULL, tell, verifying, &head, &fault)) {
                verifying->checked = head.seq;
                return true;
        }
        if (plc_error_code(fault) != PLC_E_BAD_LEDGER) {
                g_propagate_error(error, g_steal_pointer(&fault));
                return false;
        }
        plc_verify_damage(verifying, restore, "The ledger's chain is broken: %s", fault->message);
        return true;
}

bool plc_verify_events(struct plc_verifying *verifying, GError **error)
{
        g_autoptr(GError) fault = NULL;

        if (plc_catalog_verify_events(verifying->site->catalog, tell, verifying, &fault))
                return true;
        if (plc_error_code(fault) != PLC_E_BAD_LEDGER) {
                g_propagate_error(error, g_steal_pointer(&fault));
                return false;
        }
        plc_verify_damage(verifying, restore, "The ledger does not say what it said: %s", fault->message);
        return true;
}

bool plc_verify_catalog(struct plc_verifying *verifying, GError **error)
{
        g_autoptr(GError) fault = NULL;
        g_autofree char *product = NULL;

        verifying->checked = 1;
        if (!plc_catalog_verify_file(verifying->site->catalog, &fault)) {
                plc_verify_damage(verifying, restore, "catalog.db is damaged: %s", fault->message);
                return true;
        }
        if (!plc_catalog_counted_otherwise(verifying->site->catalog, &product, error))
                return false;
        if (product != NULL)
                plc_verify_damage(verifying, "Run placet index rebuild SITE.",
                                  "catalog.db counts other ratings of the product %s than its reviews that count",
                                  product);
        return true;
}

/* --- checkpoints --- */

static void must_fit(struct plc_verifying *verifying, const plc_checkpoint *checkpoint, const char *where,
                     GError **error)
{
        g_autoptr(GError) misfit = NULL;
        bool behind = false;

        (void)error;
        if (plc_checkpoint_fits(verifying->site->catalog, checkpoint, &behind, &misfit))
                return;
        plc_verify_damage(
                verifying,
                behind ? "Put the newest catalog.db back; if it is lost, start the office: what was withdrawn "
                         "since is applied again before anything is shown."
                       : "Put the right catalog.db back; if this one is to be gone on with, run placet verify "
                         "SITE --accept-loss.",
                "The ledger was %s (%s): %s", behind ? "cut short" : "rewritten", where, misfit->message);
}

static bool visit(const plc_checkpoint *checkpoint, void *user_data, bool *out_stop, GError **error)
{
        struct plc_verifying *verifying = user_data;

        (void)error;
        if (verifying->checked == 0)
                must_fit(verifying, checkpoint, "last checkpoint", NULL);
        if (checkpoint->restored_from != PLC_JOURNAL_NOT_RESTORED)
                plc_verify_note(verifying, NULL,
                                "An older catalog was gone on with from event %" G_GINT64_FORMAT
                                "; the checkpoint of event %" G_GINT64_FORMAT " tells of it",
                                checkpoint->restored_from, checkpoint->seq);
        plc_verify_count(verifying);
        *out_stop = verifying->options->quick;
        return true;
}

/* A checkpoint that was kept elsewhere: the last line of the file. */
static bool check_given(struct plc_verifying *verifying, GError **error)
{
        const char *path = verifying->options->checkpoint, *line;
        g_autoptr(plc_checkpoint) checkpoint = NULL;
        g_autoptr(GBytes) bytes = NULL;
        g_autofree char *text = NULL;

        if (!plc_read_file_at(AT_FDCWD, path, PLC_JOURNAL_FILE_MAX + PLC_JOURNAL_LINE_MAX, &bytes, error))
                return false;
        text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
        g_strchomp(text);
        line = strrchr(text, '\n') != NULL ? strrchr(text, '\n') + 1 : text;
        checkpoint = plc_checkpoint_parse(verifying->site->vault, line, strlen(line), path, error);
        if (checkpoint == NULL)
                return false;
        must_fit(verifying, checkpoint, path, NULL);
        return true;
}

/* What is signed from now on must be what can be checked: the two files of the pair belong together. */
static bool check_signer(struct plc_verifying *verifying, GError **error)
{
        static const char text[] = "placet verify";
        char signature[PLC_SIGNATURE_HEX_SIZE];
        g_autoptr(GError) misfit = NULL;

        if (!plc_vault_sign(verifying->site->vault, text, sizeof text, signature, error))
                return false;
        if (!plc_vault_check_signature(verifying->site->vault, text, sizeof text, signature, &misfit))
                plc_verify_damage(verifying, "Put both back from the copy of keys/.",
                                  "keys/" PLC_SIGNER_KEY " and keys/" PLC_SIGNER_PUBLIC " do not belong together: %s",
                                  misfit->message);
        return true;
}

bool plc_verify_checkpoints(struct plc_verifying *verifying, GError **error)
{
        const struct plc_site *site = verifying->site;

        if (site->checkpoints.fd < 0)
                return plc_fail_at(error, PLC_E_NOT_FOUND, "checkpoints", NULL,
                                   "Put checkpoints/ back from a backup; where there is none, placet verify SITE "
                                   "--accept-loss begins anew.",
                                   "there are none: nobody can tell whether the ledger was cut short");
        if (!plc_journal_back(site->checkpoints.fd, site->vault, visit, verifying, error))
                return false;
        if (verifying->checked == 0)
                plc_verify_damage(verifying,
                                  "Put checkpoints/ back from a backup; where there is none, placet verify SITE "
                                  "--accept-loss begins anew.",
                                  "There is no checkpoint: nobody can tell whether the ledger was cut short");
        return check_signer(verifying, error) &&
               (verifying->options->checkpoint == NULL || check_given(verifying, error));
}
