/* Does the index show the words and files that the catalog has? What it would say is written anew, beside it, and
 * compared item by item. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "catalog/item.h"
#include "catalog/queue.h"
#include "index/audit.h"
#include "site/verify_private.h"

#define TOGETHER 500 /* items of one transaction of the index written anew */

static bool write_anew(struct plc_verifying *verifying, plc_index_writer *writer, const GPtrArray *items, guint from,
                       GError **error)
{
        struct plc_publisher publisher = verifying->site->publisher;
        int64_t now_ms = plc_now_ms();

        publisher.index = writer;
        if (!plc_index_begin(writer, error))
                return false;
        for (guint i = from; i < items->len && i < from + TOGETHER; i++) {
                g_autoptr(GError) fault = NULL;

                /* Told by the parts vault and records, or by the part index. */
                if (!plc_publish_copy(&publisher, items->pdata[i], now_ms, &fault) &&
                    plc_error_code(fault) != PLC_E_ERASED && plc_error_code(fault) != PLC_E_UNREADABLE &&
                    plc_error_code(fault) != PLC_E_NOT_FOUND) {
                        g_propagate_error(error, g_steal_pointer(&fault));
                        return false;
                }
        }
        return plc_index_commit_first(writer, now_ms, error);
}

/* What has ended leaves within the hour, and takes the files of its channel along. */
static bool has_ended(plc_index_audit *audit, const char *item, bool *out, GError **error)
{
        g_autoptr(GPtrArray) segments = NULL;
        int64_t now_ms = plc_now_ms();

        if (!plc_index_audit_segments(audit, item, &segments, error))
                return false;
        *out = false;
        for (guint i = 0; i < segments->len; i++)
                *out = *out || ((struct plc_index_audited *)segments->pdata[i])->segment.until_ms <= now_ms;
        return true;
}

static bool compare(struct plc_verifying *verifying, plc_index_audit *stored, plc_index_audit *anew, const char *item,
                    GError **error)
{
        g_autofree char *one = NULL, *other = NULL;
        bool ended, waits;

        plc_verify_count(verifying);
        if (!plc_index_audit_content(stored, item, &one, error) || !plc_index_audit_content(anew, item, &other, error))
                return false;
        if (strcmp(one, other) == 0)
                return true;
        if (!has_ended(stored, item, &ended, error) ||
            !plc_catalog_has_jobs(verifying->site->catalog, item, plc_now_ms(), &waits, error))
                return false;
        if (!ended && !waits && verifying->options->settings_changed)
                plc_verify_otherwise(verifying, item);
        else if (!ended && !waits)
                plc_verify_damage(verifying, "Run placet index rebuild SITE.",
                                  "public/index.db shows other words or files of the item %s than the catalog has",
                                  item);
        return true;
}

static bool compare_all(struct plc_verifying *verifying, const char *scratch, GError **error)
{
        g_autofree char *dir = g_build_filename(verifying->site->path, "public", NULL);
        g_autoptr(plc_index_audit) stored = NULL, anew = NULL;
        g_autoptr(plc_index_writer) writer = NULL;
        g_autoptr(GPtrArray) items = NULL;

        if (!plc_index_audit_open(dir, &stored, error) || !plc_index_audit_items(stored, &items, error) ||
            !plc_index_writer_open(scratch, NULL, &writer, error))
                return false;
        for (guint i = 0; i < items->len; i += TOGETHER)
                if (!write_anew(verifying, writer, items, i, error))
                        return false;
        if (!plc_index_audit_open(scratch, &anew, error))
                return false;
        for (guint i = 0; i < items->len; i++)
                if (!compare(verifying, stored, anew, items->pdata[i], error))
                        return false;
        return true;
}

bool plc_verify_content(struct plc_verifying *verifying, GError **error)
{
        g_autofree char *scratch = g_dir_make_tmp("placet-verify-XXXXXX", NULL);
        bool fine;

        if (scratch == NULL)
                return plc_fail(error, PLC_E_IO, "no folder can be made in %s to compare the index in",
                                g_get_tmp_dir());
        fine = compare_all(verifying, scratch, error);
        plc_remove_tree_at(AT_FDCWD, scratch, NULL);
        return fine;
}
