/* What must caches outside forget? The addresses of what was shown of an item and is no longer, or no longer so. */
#include "publish/purge.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "index/state.h"

#define PENDING ".pending"
#define PENDING_BYTES ((size_t)1 << 30)

struct plc_purge {
        const struct plc_publisher *publisher;
        int64_t now_ms;
        struct plc_index_shown before; /* of the item that is being changed */
        GString *lines;
};

plc_purge *plc_purge_new(const struct plc_publisher *publisher, int64_t now_ms)
{
        plc_purge *purge = g_new0(plc_purge, 1);

        purge->publisher = publisher;
        purge->now_ms = now_ms;
        purge->lines = g_string_new(NULL);
        return purge;
}

void plc_purge_free(plc_purge *purge)
{
        if (purge == NULL)
                return;
        plc_index_shown_clear(&purge->before);
        g_string_free(purge->lines, TRUE);
        g_free(purge);
}

bool plc_purge_before(plc_purge *purge, const char *item, GError **error)
{
        plc_index_shown_clear(&purge->before);
        purge->before = (struct plc_index_shown){.there = false};
        return purge->publisher->purge_dir == NULL ||
               plc_index_shown(purge->publisher->index, item, purge->now_ms, &purge->before, error);
}

static void add_product(GString *line, const char *product)
{
        static const char *const routes[] = {"reviews", "media", "summary", "reviews.html"};
        g_autofree char *id = g_uri_escape_string(product, NULL, FALSE);

        for (size_t i = 0; i < G_N_ELEMENTS(routes); i++) {
                g_autofree char *url = g_strdup_printf("/v1/products/%s/%s", id, routes[i]);

                plc_jw_string(line, NULL, url);
        }
}

static void add_tag(GString *line, const char *kind, const char *id)
{
        g_autofree char *escaped = g_uri_escape_string(id, NULL, FALSE);
        g_autofree char *tag = g_strdup_printf("%s:%s", kind, escaped);

        plc_jw_string(line, NULL, tag);
}

static void add_urls(GString *line, const struct plc_index_shown *shown, const plc_item *item)
{
        plc_jw_array(line, "urls");
        for (guint i = 0; i < shown->media->len; i++) {
                g_autofree char *url = g_strconcat("/m/", shown->media->pdata[i], NULL);

                plc_jw_string(line, NULL, url);
        }
        for (guint p = 0; p < item->products->len; p++)
                add_product(line, ((plc_item_product *)item->products->pdata[p])->product);
        for (guint b = 0; b < shown->bundles->len; b++) {
                g_autofree char *url = g_strconcat("/v1/bundles/", shown->bundles->pdata[b], NULL);

                plc_jw_string(line, NULL, url);
        }
        plc_jw_end_array(line);
}

static void add_tags(GString *line, const struct plc_index_shown *shown, const plc_item *item)
{
        plc_jw_array(line, "tags");
        if (shown->media->len > 0 && item->photo.media_key[0] != '\0')
                add_tag(line, "photo", item->photo.media_key);
        for (guint p = 0; p < item->products->len; p++)
                add_tag(line, "product", ((plc_item_product *)item->products->pdata[p])->product);
        for (guint b = 0; b < shown->bundles->len; b++)
                add_tag(line, "bundle", shown->bundles->pdata[b]);
        plc_jw_end_array(line);
}

bool plc_purge_after(plc_purge *purge, const plc_item *item, GError **error)
{
        struct plc_index_shown after;
        g_autoptr(GString) line = NULL;

        if (!purge->before.there)
                return true; /* nobody can have it */
        if (!plc_index_shown(purge->publisher->index, item->id, purge->now_ms, &after, error))
                return false;
        if (!after.there || strcmp(after.digest, purge->before.digest) != 0) {
                line = g_string_new(NULL);
                plc_jw_object(line, NULL);
                plc_jw_time(line, "at", purge->now_ms);
                plc_jw_string(line, "why", after.there ? "replaced" : "removed");
                add_urls(line, &purge->before, item);
                add_tags(line, &purge->before, item);
                plc_jw_end_object(line);
                g_string_append_printf(purge->lines, "%s\n", line->str);
        }
        plc_index_shown_clear(&after);
        return true;
}

static bool open_dir(const struct plc_publisher *publisher, int *out, GError **error)
{
        if (mkdir(publisher->purge_dir, 0700) != 0 && errno != EEXIST)
                return plc_fail_errno(error, errno, "cannot make %s", publisher->purge_dir);
        return plc_open_dir(AT_FDCWD, publisher->purge_dir, out, error);
}

/* A line that a crash cut short is ended first. */
static bool append(int dir, const char *name, const char *data, size_t size, GError **error)
{
        plc_autofd int fd = openat(dir, name, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
        struct stat st;
        char last = '\n';

        if (fd < 0 || fstat(fd, &st) != 0 || (st.st_size > 0 && pread(fd, &last, 1, st.st_size - 1) != 1))
                return plc_fail_errno(error, errno, "cannot open the purge list");
        if ((last != '\n' && !plc_write_all(fd, "\n", 1, error)) || !plc_write_all(fd, data, size, error) ||
            !plc_fsync(fd, "the purge list", error))
                return false;
        return st.st_size > 0 || plc_fsync(dir, "the purge list", error);
}

static bool write_lines(int dir, int64_t now_ms, const char *data, size_t size, GError **error)
{
        char time[PLC_TIME_SIZE];
        g_autofree char *name = NULL;

        plc_time_format(now_ms, time);
        name = g_strdup_printf("%.10s.jsonl", time);
        if (!append(dir, name, data, size, error))
                return false;
        if (unlinkat(dir, PENDING, 0) != 0 && errno != ENOENT)
                return plc_fail_errno(error, errno, "cannot remove %s", PENDING);
        return true;
}

bool plc_purge_write(plc_purge *purge, GError **error)
{
        plc_autofd int dir = -1;

        return purge->lines->len == 0 || (open_dir(purge->publisher, &dir, error) &&
                                          write_lines(dir, purge->now_ms, purge->lines->str, purge->lines->len, error));
}

bool plc_purge_recover(const struct plc_publisher *publisher, GError **error)
{
        g_autoptr(GError) missing = NULL;
        g_autoptr(GBytes) pending = NULL;
        plc_autofd int dir = -1;
        gsize size;

        if (publisher->purge_dir == NULL)
                return true;
        if (!open_dir(publisher, &dir, error))
                return false;
        if (!plc_read_file_at(dir, PENDING, PENDING_BYTES, &pending, &missing)) {
                if (plc_error_code(missing) == PLC_E_NOT_FOUND)
                        return true;
                g_propagate_error(error, g_steal_pointer(&missing));
                return false;
        }
        return write_lines(dir, plc_now_ms(), g_bytes_get_data(pending, &size), g_bytes_get_size(pending), error);
}

/* What an earlier publication could not write (the disk was full) is not written over. */
bool plc_purge_keep(plc_purge *purge, GError **error)
{
        plc_autofd int dir = -1;

        return purge->lines->len == 0 ||
               (plc_purge_recover(purge->publisher, error) && open_dir(purge->publisher, &dir, error) &&
                plc_write_durable_at(dir, PENDING, purge->lines->str, purge->lines->len, 0600, error));
}
