/* What must caches outside forget? The addresses of what was shown of an item and is no longer, or no longer so. */
#include "publish/purge.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "catalog/purge.h"
#include "index/state.h"

struct plc_purge {
        const struct plc_publisher *publisher;
        int64_t now_ms;
        struct plc_index_shown before; /* of the item that is being changed */
        GPtrArray *lines;              /* of char * */
};

plc_purge *plc_purge_new(const struct plc_publisher *publisher, int64_t now_ms)
{
        plc_purge *purge = g_new0(plc_purge, 1);

        purge->publisher = publisher;
        purge->now_ms = now_ms;
        purge->lines = g_ptr_array_new_with_free_func(g_free);
        return purge;
}

void plc_purge_free(plc_purge *purge)
{
        if (purge == NULL)
                return;
        plc_index_shown_clear(&purge->before);
        g_ptr_array_unref(purge->lines);
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
        static const char *const routes[] = {"reviews", "media", "summary", "reviews.html", "reviews.jsonld"};
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
                static const char *const forms[] = {"", "/email.html", "/email.json"};

                for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
                        g_autofree char *url = g_strconcat("/v1/bundles/", shown->bundles->pdata[b], forms[i], NULL);

                        plc_jw_string(line, NULL, url);
                }
        }
        g_autofree char *alone = g_strconcat("/v1/items/", item->id, NULL);
        plc_jw_string(line, NULL, alone);
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
        add_tag(line, "item", item->id);
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
                g_ptr_array_add(purge->lines, g_string_free(g_steal_pointer(&line), FALSE));
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

static bool write_lines(int dir, const GPtrArray *lines, GError **error)
{
        g_autoptr(GString) text = g_string_new(NULL);
        g_autofree char *name = NULL;
        char time[PLC_TIME_SIZE];

        plc_time_format(plc_now_ms(), time);
        name = g_strdup_printf("%.10s.jsonl", time);
        for (guint i = 0; i < lines->len; i++)
                g_string_append_printf(text, "%s\n", (const char *)lines->pdata[i]);
        return append(dir, name, text->str, text->len, error);
}

bool plc_purge_write(const struct plc_publisher *publisher, GError **error)
{
        plc_autofd int dir = -1;

        for (;;) {
                g_autoptr(GPtrArray) lines = NULL;
                int64_t last;

                if (!plc_catalog_kept_purges(publisher->catalog, &lines, &last, error))
                        return false;
                if (lines->len == 0 || publisher->purge_dir == NULL)
                        return true;
                if ((dir < 0 && !open_dir(publisher, &dir, error)) || !write_lines(dir, lines, error) ||
                    !plc_catalog_forget_purges(publisher->catalog, last, error))
                        return false;
        }
}

bool plc_purge_keep(plc_purge *purge, GError **error)
{
        for (guint i = 0; i < purge->lines->len; i++)
                if (!plc_catalog_keep_purge(purge->publisher->catalog, purge->lines->pdata[i], error))
                        return false;
        return true;
}
