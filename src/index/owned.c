/* Whose is what is shown, for their own page, and what of it did they take back just now? */
#include <string.h>

#include "index/internal.h"

void plc_index_hide(plc_index_reader *r, const char *item, const char *owner)
{
        if (item != NULL)
                g_hash_table_add(r->hidden_items, g_strdup(item));
        if (owner != NULL)
                g_hash_table_add(r->hidden_owners, g_strdup(owner));
        r->hides = true;
}

void plc_index_hide_none(plc_index_reader *r)
{
        g_hash_table_remove_all(r->hidden_items);
        g_hash_table_remove_all(r->hidden_owners);
        r->hides = false;
}

bool plc_index_hides(plc_index_reader *r, const char *item)
{
        if (!r->hides) /* it is asked for every segment of every answer */
                return false;
        if (g_hash_table_contains(r->hidden_items, item))
                return true;
        if (g_hash_table_size(r->hidden_owners) == 0)
                return false;
        g_autoptr(plc_rows) rows = plc_db_query(r->db, "owner_of", NULL, "t", item);
        plc_row row = rows != NULL ? plc_rows_next(rows, NULL) : PLC_ROW_ERROR;
        return row == PLC_ROW_ERROR ||
               (row == PLC_ROW && g_hash_table_contains(r->hidden_owners, plc_rows_text(rows, 0)));
}

bool plc_index_owns(plc_index_reader *r, const char *owner, const char *item, bool *out_theirs, bool *out_others,
                    GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(r->db, "owner_of", error, "t", item);
        plc_row row = rows != NULL ? plc_rows_next(rows, error) : PLC_ROW_ERROR;

        if (row == PLC_ROW_ERROR)
                return false;
        *out_theirs = row == PLC_ROW && strcmp(plc_rows_text(rows, 0), owner) == 0;
        *out_others = row == PLC_ROW && !*out_theirs;
        return true;
}

static void add_product(GPtrArray *to, const char *id)
{
        if (id[0] != '\0' && !g_ptr_array_find_with_equal_func(to, id, g_str_equal, NULL))
                g_ptr_array_add(to, g_strdup(id));
}

/* Other products of the same channel, and segments that follow each other, need not be told apart. */
static void add_place(GArray *to, const struct plc_index_shown_in *more)
{
        for (guint i = 0; i < to->len; i++) {
                struct plc_index_shown_in *place = &g_array_index(to, struct plc_index_shown_in, i);

                if (place->channel != more->channel)
                        continue;
                if (memcmp(&place->territories, &more->territories, sizeof more->territories) == 0) {
                        place->until = MAX(place->until, more->until);
                        return;
                }
                if (place->until == more->until) {
                        plc_index_territories_join(&place->territories, &more->territories);
                        return;
                }
        }
        g_array_append_val(to, *more);
}

static bool read_places(plc_index_reader *r, const char *item, int64_t now, GArray *places, GPtrArray *products,
                        GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(r->db, "owned_places", error, "ti", item, now);
        plc_row row = PLC_ROW_ERROR;

        while (rows != NULL && (row = plc_rows_next(rows, error)) == PLC_ROW) {
                struct plc_index_shown_in place = {.channel = g_intern_string(plc_rows_text(rows, 1)),
                                                   .until = plc_rows_int(rows, 3)};
                size_t size = 0;
                const void *set = plc_rows_blob(rows, 2, &size);

                add_product(products, plc_rows_text(rows, 0));
                if (plc_index_territories_load(set, size, &place.territories))
                        add_place(places, &place);
        }
        g_ptr_array_add(products, NULL);
        return row == PLC_ROW_END;
}

bool plc_index_list_owned(plc_index_reader *r, const char *owner, int64_t now, size_t limit,
                          void (*visit)(const struct plc_index_owned *owned, void *data), void *data, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(r->db, "owned", error, "t", owner);
        plc_row row = PLC_ROW_END;

        if (rows == NULL)
                return false;
        for (size_t n = 0; n < limit && (row = plc_rows_next(rows, error)) == PLC_ROW; n++) {
                g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(struct plc_index_shown_in));
                g_autoptr(GPtrArray) products = g_ptr_array_new_with_free_func(g_free);
                const char *item = plc_rows_text(rows, 0);

                if (!read_places(r, item, now, places, products, error))
                        return false;
                visit(&(const struct plc_index_owned){.item = item,
                                                      .kind = (enum plc_index_kind)plc_rows_int(rows, 1),
                                                      .written_at = plc_rows_int(rows, 2),
                                                      .language = plc_rows_text(rows, 3),
                                                      .head = plc_rows_text(rows, 4),
                                                      .media = plc_rows_text(rows, 5),
                                                      .products = (const char *const *)products->pdata,
                                                      .places = (const struct plc_index_shown_in *)(void *)places->data,
                                                      .n_places = places->len,
                                                      .hidden = plc_index_hides(r, item)},
                      data);
        }
        return row != PLC_ROW_ERROR;
}
