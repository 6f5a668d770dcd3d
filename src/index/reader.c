/* Is there an index, of which publication, and is its office alive? And the small questions: a rendition, a summary, a
 * bundle's head. */
#include "index/reader.h"
#include "base/clock.h"
#include "index/internal.h"
#include "index/schema.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define STALE_MS (INT64_C(60) * 60 * 1000)
#define LOOK_S 1 /* a file that was put in the place of index.db is noticed so late */

plc_index_reader *plc_index_reader_new(const char *dir)
{
        plc_index_reader *r = g_new0(plc_index_reader, 1);
        r->path = g_build_filename(dir, "index.db", NULL);
        r->hidden_items = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        r->hidden_owners = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        return r;
}

void plc_index_reader_free(plc_index_reader *r)
{
        if (r == NULL)
                return;
        plc_index_read_rest(r);
        plc_db_close(r->db);
        g_hash_table_unref(r->hidden_items);
        g_hash_table_unref(r->hidden_owners);
        plc_index_lookup_free(r->lookup);
        g_free(r->path);
        g_free(r);
}

static bool load_meta(plc_index_reader *r, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(r->db, "meta", error, "");
        plc_row row = rows != NULL ? plc_rows_next(rows, error) : PLC_ROW_ERROR;

        if (row == PLC_ROW_ERROR)
                return false;
        if (row == PLC_ROW_END || plc_rows_int(rows, 0) < PLC_INDEX_FORMAT_FROM ||
            plc_rows_int(rows, 0) > PLC_INDEX_FORMAT)
                return plc_fail(error, PLC_E_UNREACHABLE, "index.db is empty or of another format");
        r->has_fronts = plc_rows_int(rows, 0) >= PLC_INDEX_FORMAT_FRONTS;
        r->has_packed = plc_rows_int(rows, 0) == PLC_INDEX_FORMAT;
        r->meta = (struct plc_index_state){.file = r->meta.file,
                                           .version = plc_rows_int(rows, 1),
                                           .published_at = plc_rows_int(rows, 2),
                                           .renewed_at = plc_rows_int(rows, 3)};
        int64_t lease = plc_rows_int(rows, 4);
        r->meta.dark_at = lease > 0 ? r->meta.renewed_at + lease : PLC_TIME_NEVER;
        return true;
}

static bool open_index(plc_index_reader *r, GError **error)
{
        g_autoptr(GError) why = NULL;
        struct stat st;

        if (stat(r->path, &st) == 0)
                r->db = plc_db_open(r->path, PLC_DB_READONLY, plc_index_sql(), &why);
        if (r->db == NULL)
                return plc_fail(error, PLC_E_UNREACHABLE, "the published index is not there yet: %s",
                                why != NULL ? why->message : g_strerror(errno));
        r->device = st.st_dev;
        r->inode = st.st_ino;
        r->meta.file++;
        r->has_meta = false;
        return true;
}

/*
 * The office never replaces index.db, but an operator may put another in its place; the open one would then be answered
 * from for ever, whatever is withdrawn.
 */
static void close_replaced(plc_index_reader *r)
{
        struct timespec now = {0};
        struct stat st;

        /* Asked for each question: the clock that needs no counter read is a tenth of the other's price. */
        if (r->db == NULL || clock_gettime(CLOCK_MONOTONIC_COARSE, &now) != 0 || now.tv_sec - r->looked_at < LOOK_S)
                return;
        r->looked_at = now.tv_sec;
        if (stat(r->path, &st) == 0 && st.st_dev == r->device && st.st_ino == r->inode)
                return;
        plc_index_read_rest(r);
        plc_db_close(g_steal_pointer(&r->db));
}

static void tell(const plc_index_reader *r, int64_t clock_ms, struct plc_index_state *out)
{
        *out = r->meta;
        out->now = MAX(clock_ms, out->published_at);
        out->stale = out->dark_at != PLC_TIME_NEVER && out->now - out->renewed_at > STALE_MS;
        out->dark = out->now >= out->dark_at;
}

/* A transaction in what there is, and what has changed since the last one. */
static bool begin(plc_index_reader *r, GError **error)
{
        int64_t seen = r->data_version;

        if (r->db == NULL && !open_index(r, error))
                return false;
        r->tx = plc_db_begin(r->db, error);
        if (r->tx == NULL ||
            (!(r->has_meta && plc_db_begun_unchanged(r->db)) && !plc_db_data_version(r->db, &seen, error)) ||
            ((!r->has_meta || seen != r->data_version) && !load_meta(r, error)))
                return false;
        r->has_meta = true;
        r->data_version = seen;
        return true;
}

static void drop(plc_index_reader *r)
{
        plc_index_read_rest(r);
        plc_db_close(g_steal_pointer(&r->db));
        r->has_meta = false;
}

/*
 * Who has no write right and comes between another's opening and its first reading finds index.db-shm without a head.
 * SQLite then refuses this connection for ever, also when the other was killed (SQLITE_READONLY_RECOVERY): what it
 * holds itself keeps it from seeing that nobody else is there, and from reading the log without that file. A new one
 * can.
 */
bool plc_index_read_begin(plc_index_reader *r, int64_t clock_ms, struct plc_index_state *out, GError **error)
{
        g_autoptr(GError) why = NULL;

        if (r->tx != NULL && r->has_meta && plc_db_unchanged(r->db)) {
                tell(r, clock_ms, out);
                return true;
        }
        plc_index_read_rest(r);
        close_replaced(r);
        bool begun = begin(r, &why);
        if (!begun && r->db != NULL) {
                drop(r);
                g_clear_error(&why);
                begun = begin(r, &why);
        }
        if (!begun) {
                drop(r);
                if (plc_error_code(why) != PLC_E_UNREACHABLE)
                        return plc_fail(error, PLC_E_UNREACHABLE, "the published index cannot be read: %s",
                                        why->message);
                g_propagate_error(error, g_steal_pointer(&why));
                return false;
        }
        tell(r, clock_ms, out);
        return true;
}

bool plc_index_look(plc_index_reader *r, int64_t clock_ms, struct plc_index_state *out, GError **error)
{
        close_replaced(r);
        if (r->db != NULL && r->has_meta && plc_db_unchanged(r->db)) {
                tell(r, clock_ms, out);
                return true;
        }
        bool there = plc_index_read_begin(r, clock_ms, out, error);
        plc_index_read_end(r);
        return there;
}

void plc_index_read_end(plc_index_reader *r)
{
        plc_index_front_forget(r);
        if (!r->lingers)
                plc_index_read_rest(r);
}

void plc_index_read_linger(plc_index_reader *r)
{
        r->lingers = true;
}

void plc_index_read_rest(plc_index_reader *r)
{
        plc_index_front_forget(r);
        plc_db_rollback(g_steal_pointer(&r->tx));
}

/* --- small questions
 * ------------------------------------------------------------------------------------------------------------ */

bool plc_index_get_summary(plc_index_reader *r, const char *product, struct plc_index_summary *out, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(r->db, "summary", error, "t", product);
        plc_row row = rows != NULL ? plc_rows_next(rows, error) : PLC_ROW_ERROR;

        if (row == PLC_ROW_ERROR)
                return false;
        *out = (struct plc_index_summary){0};
        if (row == PLC_ROW_END)
                return true;
        out->count = plc_rows_int(rows, 0);
        out->average = plc_rows_real(rows, 1);
        for (int i = 0; i < 5; i++)
                out->stars[i] = plc_rows_int(rows, 2 + i);
        return true;
}

bool plc_index_get_media(plc_index_reader *r, const char *key, const char *name, int64_t now,
                         struct plc_index_media *out, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(r->db, "media", error, "tti", key, name, now);
        plc_row row = rows != NULL ? plc_rows_next(rows, error) : PLC_ROW_ERROR;

        if (row == PLC_ROW_ERROR)
                return false;
        if (row == PLC_ROW_END || plc_index_hides(r, plc_rows_text(rows, 4)))
                return plc_fail(error, PLC_E_NOT_FOUND, "no such rendition that may be shown now");
        *out = (struct plc_index_media){.asset = plc_rows_dup(rows, 0),
                                        .type = plc_rows_dup(rows, 1),
                                        .bytes = plc_rows_int(rows, 2),
                                        .until = plc_rows_int(rows, 3)};
        return true;
}

void plc_index_media_clear(struct plc_index_media *media)
{
        g_clear_pointer(&media->asset, g_free);
        g_clear_pointer(&media->type, g_free);
}

bool plc_index_bundle(plc_index_reader *r, const struct plc_index_question *q, const char *name,
                      struct plc_index_bundle_head *out, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(r->db, "bundle", error, "t", name);
        plc_row row = rows != NULL ? plc_rows_next(rows, error) : PLC_ROW_ERROR;

        if (row == PLC_ROW_ERROR)
                return false;
        if (row == PLC_ROW) {
                g_auto(GStrv) channels = g_strsplit(plc_rows_text(rows, 2), " ", -1);
                size_t size = 0;
                const void *territories = plc_rows_blob(rows, 3, &size);
                if (g_strv_contains((const char *const *)channels, q->channel) &&
                    plc_index_territories_stored_has(territories, size, q->territory) &&
                    plc_rows_int(rows, 4) <= q->now && plc_rows_int(rows, 5) > q->now) {
                        *out = (struct plc_index_bundle_head){.version = plc_rows_int(rows, 0),
                                                              .title = plc_rows_dup(rows, 1),
                                                              .until = plc_rows_int(rows, 5)};
                        return true;
                }
        }
        return plc_fail(error, PLC_E_NOT_FOUND, "no such bundle there and now");
}

void plc_index_bundle_head_clear(struct plc_index_bundle_head *head)
{
        g_clear_pointer(&head->title, g_free);
}
