/* Is everything as it should be? Part by part; what is found must be found twice, for an office may be at work. */
#include "site/verify.h"

#include <string.h>
#include <time.h>

#include "site/verify_private.h"

#define PAUSE_US 300000 /* between two looks: a publication in between has ended */

static const struct {
        const char *part, *what;
        plc_verify_part *look;
        bool quick; /* also with --quick */
} parts[] = {
        {"ledger", "events", plc_verify_chain, true},      {"checkpoints", "checkpoints", plc_verify_checkpoints, true},
        {"events", "events", plc_verify_events, false},    {"catalog", "databases", plc_verify_catalog, false},
        {"vault", "sealed blobs", plc_verify_vault, true}, {"records", "sealed texts", plc_verify_records, false},
        {"keys", "contributors", plc_verify_keys, true},   {"files", "renditions", plc_verify_files, true},
        {"index", "items", plc_verify_index, true},        {"content", "items shown", plc_verify_content, false},
        {"modes", "files", plc_verify_modes, true},
};

static void finding_free(gpointer data)
{
        struct plc_finding *finding = data;

        g_free(finding->text);
        g_free(finding->remedy);
        g_free(finding);
}

void plc_verification_free(plc_verification *verification)
{
        if (verification == NULL)
                return;
        g_array_unref(verification->parts);
        g_ptr_array_unref(verification->findings);
        g_free(verification);
}

void plc_verify_count(struct plc_verifying *verifying)
{
        const struct plc_verify_options *options = verifying->options;

        verifying->checked++;
        if (options->progress != NULL && verifying->checked % 64 == 0)
                options->progress(verifying->part, verifying->checked, options->user_data);
}

static struct plc_finding *add(struct plc_verifying *verifying, bool damage, const char *remedy, char *text)
{
        struct plc_finding *finding = g_new0(struct plc_finding, 1);

        finding->part = verifying->part;
        finding->damage = damage;
        finding->text = text;
        finding->remedy = g_strdup(remedy);
        g_ptr_array_add(verifying->findings, finding);
        return finding;
}

void plc_verify_damage(struct plc_verifying *verifying, const char *remedy, const char *format, ...)
{
        va_list args;

        va_start(args, format);
        add(verifying, true, remedy, g_strdup_vprintf(format, args));
        va_end(args);
}

void plc_verify_otherwise(struct plc_verifying *verifying, const char *item)
{
        if (verifying->otherwise++ == 0)
                verifying->example = g_strdup(item);
}

/* After a change of settings that may be all of a site, and is one thing to say. */
static void tell_otherwise(struct plc_verifying *verifying)
{
        if (verifying->otherwise > 0)
                add(verifying, false, "Start the office (anew, if it runs), which decides all of it again.",
                    g_strdup_printf("public/index.db shows %" G_GINT64_FORMAT
                                    " %s otherwise than placet.conf, the policy and placements would have it now "
                                    "(%s)",
                                    verifying->otherwise, verifying->otherwise == 1 ? "item" : "items",
                                    verifying->example))
                        ->settings = true;
        g_clear_pointer(&verifying->example, g_free);
}

void plc_verify_note(struct plc_verifying *verifying, const char *remedy, const char *format, ...)
{
        va_list args;

        va_start(args, format);
        add(verifying, false, remedy, g_strdup_vprintf(format, args));
        va_end(args);
}

static double cpu_seconds(void)
{
        struct timespec at;

        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
        return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static bool has_damage(const GPtrArray *findings)
{
        for (guint i = 0; i < findings->len; i++)
                if (((const struct plc_finding *)findings->pdata[i])->damage)
                        return true;
        return false;
}

static GPtrArray *look(struct plc_verifying *verifying, plc_verify_part *part)
{
        g_autoptr(GError) error = NULL;

        verifying->findings = g_ptr_array_new_with_free_func(finding_free);
        verifying->checked = verifying->otherwise = 0;
        if (!part(verifying, &error))
                plc_verify_damage(verifying, plc_error_remedy(error), "%s", error->message);
        tell_otherwise(verifying);
        return g_steal_pointer(&verifying->findings);
}

/* What the second look did not see again was an office at work. */
static void keep_seen_twice(GPtrArray *first, const GPtrArray *second)
{
        g_autoptr(GHashTable) texts = g_hash_table_new(g_str_hash, g_str_equal);

        for (guint i = 0; i < second->len; i++)
                g_hash_table_add(texts, ((struct plc_finding *)second->pdata[i])->text);
        for (guint i = first->len; i-- > 0;)
                if (!g_hash_table_contains(texts, ((struct plc_finding *)first->pdata[i])->text))
                        g_ptr_array_remove_index(first, i);
}

static void take(plc_verification *out, struct plc_verifying *verifying, GPtrArray *findings, size_t part, double cpu)
{
        struct plc_verified done = {parts[part].part, parts[part].what, verifying->checked, 0, cpu};
        guint told = 0, untold = 0;

        for (guint i = 0; i < findings->len; i++) {
                struct plc_finding *finding = findings->pdata[i];

                done.damage += finding->damage;
                if (told < PLC_FINDINGS_MAX) {
                        g_ptr_array_add(out->findings, g_steal_pointer(&findings->pdata[i]));
                        told++;
                } else {
                        untold++;
                }
        }
        g_ptr_array_set_free_func(findings, NULL);
        for (guint i = 0; i < findings->len; i++)
                if (findings->pdata[i] != NULL)
                        finding_free(findings->pdata[i]);
        if (untold > 0) {
                struct plc_finding *more = g_new0(struct plc_finding, 1);

                more->part = parts[part].part;
                more->damage = done.damage > 0;
                more->text =
                        g_strdup_printf("%u more of the part %s are not told one by one", untold, parts[part].part);
                g_ptr_array_add(out->findings, more);
        }
        out->damage += done.damage;
        g_array_append_val(out->parts, done);
}

plc_verification *plc_site_verify(struct plc_site *site, const struct plc_verify_options *options, GError **error)
{
        plc_verification *out = g_new0(plc_verification, 1);

        (void)error;
        out->parts = g_array_new(FALSE, FALSE, sizeof(struct plc_verified));
        out->findings = g_ptr_array_new_with_free_func(finding_free);
        for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
                struct plc_verifying verifying = {.site = site, .options = options, .part = parts[i].part};
                g_autoptr(GPtrArray) findings = NULL;
                double before = cpu_seconds(), cpu;

                if (options->quick && !parts[i].quick)
                        continue;
                findings = look(&verifying, parts[i].look);
                cpu = cpu_seconds() - before;
                if (has_damage(findings)) {
                        g_autoptr(GPtrArray) again = NULL;

                        g_usleep(PAUSE_US);
                        again = look(&verifying, parts[i].look);
                        keep_seen_twice(findings, again);
                }
                take(out, &verifying, findings, i, cpu);
        }
        return out;
}
