/* What does the index show of one item? All its rows, as one digest, and the addresses under which it is fetched. */
#include "index/state.h"

#include <string.h>

#include "base/hash.h"
#include "index/internal.h"

static void add(plc_hash *hash, const void *data, size_t size)
{
        uint64_t length = data != NULL ? size : UINT64_MAX; /* nothing is not the empty text */

        plc_hash_add(hash, &length, sizeof length);
        if (data != NULL)
                plc_hash_add(hash, data, size);
}

/* Rows of one statement into the digest, whatever their types; the first `texts` columns, then one blob if it has one.
 */
static bool add_rows(plc_hash *hash, plc_rows *given, int columns, GError **error)
{
        g_autoptr(plc_rows) rows = given;
        plc_row row;

        if (rows == NULL)
                return false;
        while ((row = plc_rows_next(rows, error)) == PLC_ROW)
                for (int i = 0; i < columns; i++) {
                        size_t size = 0;
                        const void *value = plc_rows_blob(rows, i, &size);

                        add(hash, value, size);
                }
        return row == PLC_ROW_END;
}

static bool take_names(plc_rows *given, GPtrArray *out, GError **error)
{
        g_autoptr(plc_rows) rows = given;
        plc_row row;

        if (rows == NULL)
                return false;
        while ((row = plc_rows_next(rows, error)) == PLC_ROW)
                g_ptr_array_add(out, plc_rows_dup(rows, 0));
        return row == PLC_ROW_END;
}

void plc_index_shown_clear(struct plc_index_shown *shown)
{
        g_clear_pointer(&shown->media, g_ptr_array_unref);
        g_clear_pointer(&shown->bundles, g_ptr_array_unref);
}

bool plc_index_shown(plc_index_writer *w, const char *item, int64_t now_ms, struct plc_index_shown *out, GError **error)
{
        struct plc_index_shown shown = {.media = g_ptr_array_new_with_free_func(g_free),
                                        .bundles = g_ptr_array_new_with_free_func(g_free)};
        plc_db *db = plc_index_writer_db(w);
        uint8_t sum[PLC_SHA256_LEN];
        plc_hash *hash = plc_hash_new();
        bool ok = plc_index_has_item(w, item, &shown.there, error);

        if (ok && shown.there)
                ok = add_rows(hash, plc_db_query(db, "shown_item", error, "t", item), 6, error) &&
                     add_rows(hash, plc_db_query(db, "shown_segments", error, "ti", item, now_ms), 9, error) &&
                     add_rows(hash, plc_db_query(db, "shown_pictures", error, "t", item), 5, error) &&
                     add_rows(hash, plc_db_query(db, "shown_renditions", error, "t", item), 4, error) &&
                     add_rows(hash, plc_db_query(db, "shown_translations", error, "t", item), 2, error) &&
                     take_names(plc_db_query(db, "shown_media", error, "t", item), shown.media, error) &&
                     take_names(plc_db_query(db, "shown_bundles", error, "t", item), shown.bundles, error);
        plc_hash_final(hash, sum);
        if (!ok) {
                plc_index_shown_clear(&shown);
                return false;
        }
        plc_hex(sum, sizeof sum, shown.digest);
        *out = shown;
        return true;
}
