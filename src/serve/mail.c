/*
 * Who may put something into the spool, and how much of it? A few from one network, more from all, and never so much
 * that the disk or the office drowns. Addresses are kept nowhere: their networks are hashed under a key of the spool,
 * which is all that the office sees of them.
 */
#include "base/clock.h"
#include "base/hash.h"
#include "serve/internal.h"
#include "spool/spool.h"
#include <string.h>

#define NETWORK_BURST 5 /* at once from one network, then one each 10 minutes */
#define NETWORK_EVERY_US (600 * (int64_t)G_USEC_PER_SEC)
#define SITE_BURST 60 /* at once from all, then one each 6 seconds: 600 an hour, each a flush of the disk */
#define SITE_EVERY_US (6 * (int64_t)G_USEC_PER_SEC)
#define NETWORKS_MAX 2048u /* the site's bound lets no more than 360 be in use at a time */

/* Earned back with time; `at`: when all of it will be there again (monotonic, µs). */
struct allowance {
        int64_t at;
};

struct plc_serve_mail {
        int spool; /* borrowed; 0 none */
        uint8_t key[PLC_SPOOL_KEY_SIZE];
        bool has_key, counted;
        bool hides;       /* something was taken back that the office has perhaps not recorded yet */
        unsigned waiting; /* files in the spool, at most: the office takes them out without a word */
        struct allowance site;
        GHashTable *networks; /* hash → struct allowance */
};

struct plc_serve_mail *plc_serve_mail_new(int spool_fd)
{
        struct plc_serve_mail *mail = g_new0(struct plc_serve_mail, 1);

        mail->spool = spool_fd;
        if (spool_fd > 0)
                plc_spool_keep_room(spool_fd);
        mail->networks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        return mail;
}

void plc_serve_mail_free(struct plc_serve_mail *mail)
{
        g_hash_table_unref(mail->networks);
        g_free(mail);
}

static bool has_left(const struct allowance *a, int64_t now, int64_t every, int burst)
{
        return a == NULL || a->at - now <= every * (burst - 1);
}

static void take_one(struct allowance *a, int64_t now, int64_t every)
{
        a->at = MAX(a->at, now) + every;
}

static gboolean is_full_again(gpointer key, gpointer value, gpointer now)
{
        (void)key;
        return ((struct allowance *)value)->at <= *(int64_t *)now;
}

static bool may_come(struct plc_serve_mail *mail, const char *from, GError **error)
{
        int64_t now = g_get_monotonic_time();
        struct allowance *network = g_hash_table_lookup(mail->networks, from);

        if (!has_left(network, now, NETWORK_EVERY_US, NETWORK_BURST))
                return plc_fail(error, PLC_E_TOO_OFTEN, "too many reports from one network");
        if (!has_left(&mail->site, now, SITE_EVERY_US, SITE_BURST))
                return plc_fail(error, PLC_E_TOO_OFTEN, "too many reports");
        if (network == NULL) {
                if (g_hash_table_size(mail->networks) >= NETWORKS_MAX)
                        g_hash_table_foreach_remove(mail->networks, is_full_again, &now);
                network = g_new0(struct allowance, 1);
                g_hash_table_insert(mail->networks, g_strdup(from), network);
        }
        take_one(network, now, NETWORK_EVERY_US);
        take_one(&mail->site, now, SITE_EVERY_US);
        return true;
}

static bool has_room(struct plc_serve_mail *mail, unsigned max, GError **error)
{
        if (!mail->counted || mail->waiting >= max) {
                if (!plc_spool_count(mail->spool, &mail->waiting, error))
                        return false;
                mail->counted = true;
        }
        return mail->waiting < max || plc_fail(error, PLC_E_BUSY, "the spool is full");
}

/* To whoever asked, a spool that is not there or cannot be written is one thing: nothing was kept, try again. */
static bool was_kept(bool kept, GError **error)
{
        g_autoptr(GError) fault = NULL;

        if (kept || error == NULL || *error == NULL)
                return kept;
        if (plc_error_code(*error) != PLC_E_NOT_FOUND && plc_error_code(*error) != PLC_E_IO)
                return false;
        fault = g_steal_pointer(error);
        return plc_fail(error, PLC_E_UNREACHABLE, "the spool: %s", fault->message);
}

static bool put_report(struct plc_serve_mail *mail, struct plc_report *report, GError **error)
{
        return has_room(mail, PLC_SPOOL_REPORTS_MAX, error) && may_come(mail, report->from, error) &&
               plc_spool_put_report(mail->spool, report, error);
}

static bool put_withdrawal(struct plc_serve_mail *mail, const struct plc_spool_withdrawal *w, GError **error)
{
        return has_room(mail, PLC_SPOOL_FILES_MAX, error) && plc_spool_put_withdrawal(mail->spool, w, error);
}

bool plc_serve_mail_report(plc_serve *s, const plc_http_request *request, struct plc_report *report, GError **error)
{
        struct plc_serve_mail *mail = s->mail;
        char network[PLC_HTTP_NETWORK_SIZE];

        if (mail->spool <= 0)
                return plc_fail(error, PLC_E_UNREACHABLE, "there is no spool");
        if (!mail->has_key && !was_kept(plc_spool_key(mail->spool, mail->key, error), error))
                return false;
        mail->has_key = true;
        plc_http_network(request, s->config.address_header, network);
        plc_spool_from(mail->key, network, report->from);
        plc_id_new(report->id);
        report->at = s->config.now(s->config.now_context);
        if (!was_kept(put_report(mail, report, error), error))
                return false;
        mail->waiting++;
        return true;
}

static void hide(plc_serve *s, const struct plc_spool_withdrawal *w)
{
        char owner[PLC_SHA256_HEX_SIZE];

        plc_sha256_hex(w->token, strlen(w->token), owner);
        plc_index_hide(s->reader, w->all ? NULL : w->item, w->all ? owner : NULL);
}

bool plc_serve_mail_withdraw(plc_serve *s, struct plc_spool_withdrawal *w, GError **error)
{
        struct plc_serve_mail *mail = s->mail;

        plc_id_new(w->id);
        w->at = s->config.now(s->config.now_context);
        hide(s, w);
        plc_serve_forget(s->keep);
        if (mail->spool <= 0)
                return plc_fail(error, PLC_E_UNREACHABLE, "there is no spool");
        if (!was_kept(put_withdrawal(mail, w, error), error))
                return false;
        plc_spool_keep_room(mail->spool);
        mail->waiting++;
        mail->hides = true;
        return true;
}

bool plc_serve_mail_read(plc_serve *s, GError **error)
{
        struct plc_serve_mail *mail = s->mail;
        g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(struct plc_spool_withdrawal));
        g_auto(GStrv) names = NULL;

        if (mail->spool <= 0)
                return true;
        if (!plc_spool_list(mail->spool, 'w', &names, error))
                return false;
        if (!mail->hides && names[0] == NULL)
                return true;
        for (char **name = names; *name != NULL; name++) {
                struct plc_spool_withdrawal w;
                g_autoptr(GError) fault = NULL;

                if (plc_spool_read_withdrawal(mail->spool, *name, &w, &fault)) {
                        g_array_append_val(all, w);
                } else if (plc_code_then(plc_error_code(fault)) != PLC_THEN_REJECT) { /* not: gone, or none of ours */
                        g_propagate_error(error, g_steal_pointer(&fault));
                        return false;
                }
        }
        plc_index_hide_none(s->reader);
        for (guint i = 0; i < all->len; i++)
                hide(s, &g_array_index(all, struct plc_spool_withdrawal, i));
        plc_serve_forget(s->keep);
        mail->hides = all->len > 0;
        return true;
}
