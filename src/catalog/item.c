/* What is an item in memory, and how is one read back whole? Item, photo or review, products, texts, flags, and its
 * revision's part. */
#include "catalog/item.h"

#include <string.h>

#include "catalog/inner.h"

static const char *const kind_names[] = {[PLC_ITEM_PHOTO] = "photo", [PLC_ITEM_REVIEW] = "review"};
static const char *const state_names[] = {
        [PLC_ITEM_WAITING] = "waiting", [PLC_ITEM_APPROVED] = "approved", [PLC_ITEM_REJECTED] = "rejected",
        [PLC_ITEM_FAILED] = "failed",   [PLC_ITEM_ERASED] = "erased",     [PLC_ITEM_REPLACED] = "replaced",
        [PLC_ITEM_ANY] = "any",
};

const char *plc_item_kind_name(enum plc_item_kind kind)
{
        return kind_names[kind];
}

const char *plc_item_state_name(enum plc_item_state state)
{
        return state_names[state];
}

bool plc_item_state_parse(const char *name, enum plc_item_state *out)
{
        for (size_t i = 0; i < G_N_ELEMENTS(state_names); i++)
                if (strcmp(state_names[i], name) == 0) {
                        *out = (enum plc_item_state)i;
                        return true;
                }
        return false;
}

static void free_product(gpointer data)
{
        plc_item_product *product = data;

        g_free(product->product);
        g_free(product);
}

static void free_text(gpointer data)
{
        plc_item_text *text = data;

        g_free(text->field);
        g_free(text->language);
        g_free(text->by);
        g_bytes_unref(text->sealed);
        g_free(text);
}

static plc_item *item_blank(void)
{
        plc_item *item = g_new0(plc_item, 1);

        item->products = g_ptr_array_new_with_free_func(free_product);
        item->texts = g_ptr_array_new_with_free_func(free_text);
        item->review.recommended = -1;
        return item;
}

plc_item *plc_item_new(enum plc_item_kind kind)
{
        plc_item *item = item_blank();

        item->kind = kind;
        plc_id_new(item->id);
        if (kind == PLC_ITEM_PHOTO)
                plc_key_new(item->photo.media_key);
        return item;
}

void plc_item_free(plc_item *item)
{
        if (item == NULL)
                return;
        g_free(item->code);
        g_free(item->language);
        g_strfreev(item->flags);
        g_ptr_array_unref(item->products);
        g_ptr_array_unref(item->texts);
        g_free(item->photo.original);
        g_free(item->photo.original_hmac);
        g_free(item->photo.format);
        g_free(item->photo.thumbhash);
        g_free(item->photo.pdq);
        g_free(item->photo.digital_source_type);
        g_free(item->photo.role);
        g_free(item->photo.people);
        g_free(item->said_hmac);
        g_clear_pointer(&item->review.sealed_external, g_bytes_unref);
        g_free(item->review.kind);
        g_free(item->review.language_hint);
        g_free(item->source);
        g_free(item->country);
        g_free(item->locale);
        g_free(item->credit);
        g_free(item->connection);
        g_free(item->verification);
        g_free(item->origin);
        g_clear_pointer(&item->sealed_name, g_bytes_unref);
        g_free(item);
}

void plc_item_add_product(plc_item *item, const char *product, bool primary, const double *x, const double *y)
{
        plc_item_product *one = g_new0(plc_item_product, 1);

        one->product = g_strdup(product);
        one->primary = primary;
        one->has_point = x != NULL && y != NULL;
        one->x = one->has_point ? *x : 0;
        one->y = one->has_point ? *y : 0;
        g_ptr_array_add(item->products, one);
}

void plc_item_add_text(plc_item *item, const char *field, int64_t n, const char *language, const char *by,
                       GBytes *sealed)
{
        plc_item_text *text = g_new0(plc_item_text, 1);

        text->field = g_strdup(field);
        text->n = n;
        text->language = g_strdup(language);
        text->by = g_strdup(by);
        text->sealed = g_bytes_ref(sealed);
        g_ptr_array_add(item->texts, text);
}

const plc_item_text *plc_item_find_text(const plc_item *item, const char *field, int64_t n)
{
        for (guint i = 0; i < item->texts->len; i++) {
                const plc_item_text *text = g_ptr_array_index(item->texts, i);

                if (text->n == n && strcmp(text->field, field) == 0)
                        return text;
        }
        return NULL;
}

static bool flag(const plc_rows *rows, int column)
{
        return plc_rows_int(rows, column) != 0;
}

/* True: the one row is there to be read. */
static bool one_row(plc_rows *rows, const char *id, GError **error)
{
        plc_row row = rows != NULL ? plc_rows_next(rows, error) : PLC_ROW_ERROR;

        if (row == PLC_ROW_END)
                return plc_fail(error, PLC_E_INTERNAL, "item %s is only half there", id);
        return row == PLC_ROW;
}

static bool read_photo(plc_catalog *catalog, plc_item *item, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(catalog->db, "photo_get", error, "t", item->id);
        struct plc_item_photo *photo = &item->photo;

        if (!one_row(rows, item->id, error))
                return false;
        plc_catalog_copy_id(rows, 0, photo->media_key);
        photo->original = plc_rows_dup(rows, 1);
        photo->original_hmac = plc_rows_dup(rows, 2);
        photo->bytes = plc_rows_int(rows, 3);
        photo->format = plc_rows_dup(rows, 4);
        photo->width = plc_rows_int(rows, 5);
        photo->height = plc_rows_int(rows, 6);
        photo->frames = plc_rows_int(rows, 7);
        photo->removed = plc_rows_int(rows, 8);
        photo->thumbhash = plc_rows_dup(rows, 9);
        photo->pdq = plc_rows_dup(rows, 10);
        photo->pdq_quality = plc_rows_int(rows, 11);
        photo->sharpness = plc_rows_real(rows, 12);
        photo->exposure = plc_rows_real(rows, 13);
        photo->digital_source_type = plc_rows_dup(rows, 14);
        photo->role = plc_rows_dup(rows, 15);
        photo->people = plc_rows_dup(rows, 16);
        photo->has_focal = flag(rows, 17);
        photo->focal_x = plc_rows_real(rows, 18);
        photo->focal_y = plc_rows_real(rows, 19);
        photo->has_box = flag(rows, 20);
        photo->box_x = plc_rows_real(rows, 21);
        photo->box_y = plc_rows_real(rows, 22);
        photo->box_w = plc_rows_real(rows, 23);
        photo->box_h = plc_rows_real(rows, 24);
        photo->has_attention = flag(rows, 25);
        photo->attention_x = plc_rows_real(rows, 26);
        photo->attention_y = plc_rows_real(rows, 27);
        photo->examined = flag(rows, 28);
        return true;
}

static bool read_review(plc_catalog *catalog, plc_item *item, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(catalog->db, "review_get", error, "t", item->id);
        struct plc_item_review *review = &item->review;

        if (!one_row(rows, item->id, error))
                return false;
        review->sealed_external = plc_rows_bytes(rows, 0);
        review->kind = plc_rows_dup(rows, 1);
        review->has_rating = flag(rows, 2);
        review->rating = plc_rows_real(rows, 3);
        review->rating_min = plc_rows_real(rows, 4);
        review->rating_max = plc_rows_real(rows, 5);
        review->recommended = plc_rows_int(rows, 6);
        review->experience_date = plc_rows_int(rows, 7);
        review->written_at = plc_rows_int(rows, 8);
        review->language_hint = plc_rows_dup(rows, 9);
        review->likes = plc_rows_int(rows, 10);
        review->comments = plc_rows_int(rows, 11);
        review->shares = plc_rows_int(rows, 12);
        review->engagement_at = plc_rows_int(rows, 13);
        return true;
}

static bool read_products(plc_catalog *catalog, plc_item *item, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(catalog->db, "item_products", error, "t", item->id);
        plc_row row;

        if (rows == NULL)
                return false;
        while ((row = plc_rows_next(rows, error)) == PLC_ROW) {
                double x = plc_rows_real(rows, 3), y = plc_rows_real(rows, 4);
                bool point = flag(rows, 2);

                plc_item_add_product(item, plc_rows_text(rows, 0), flag(rows, 1), point ? &x : NULL, point ? &y : NULL);
        }
        return row == PLC_ROW_END;
}

static bool read_texts(plc_catalog *catalog, plc_item *item, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(catalog->db, "item_texts", error, "t", item->id);
        plc_row row;

        if (rows == NULL)
                return false;
        while ((row = plc_rows_next(rows, error)) == PLC_ROW) {
                g_autoptr(GBytes) sealed = plc_rows_bytes(rows, 4);

                plc_item_add_text(item, plc_rows_text(rows, 0), plc_rows_int(rows, 1), plc_rows_text(rows, 2),
                                  plc_rows_text(rows, 3), sealed);
        }
        return row == PLC_ROW_END;
}

static bool read_flags(plc_catalog *catalog, plc_item *item, GError **error)
{
        g_autoptr(GPtrArray) flags = NULL;

        if (!plc_catalog_take_strings(plc_db_query(catalog->db, "item_flags", error, "t", item->id), &flags, error))
                return false;
        if (flags->len > 0) {
                g_ptr_array_add(flags, NULL);
                item->flags = (char **)g_ptr_array_free(g_steal_pointer(&flags), FALSE);
        }
        return true;
}

static gpointer read_item(plc_catalog *catalog, plc_rows *rows, GError **error)
{
        g_autoptr(plc_item) item = item_blank();
        const char *kind = plc_rows_text(rows, 4), *state = plc_rows_text(rows, 5);

        plc_catalog_copy_id(rows, 0, item->id);
        plc_catalog_copy_id(rows, 1, item->submission);
        plc_catalog_copy_id(rows, 2, item->contributor);
        item->revision = plc_rows_int(rows, 3);
        item->kind = strcmp(kind, "photo") == 0 ? PLC_ITEM_PHOTO : PLC_ITEM_REVIEW;
        if (!plc_item_state_parse(state, &item->state)) {
                plc_fail(error, PLC_E_INTERNAL, "item %s is in a state that is not known", item->id);
                return NULL;
        }
        item->code = plc_rows_dup(rows, 6);
        item->position = plc_rows_int(rows, 7);
        item->created_at = plc_rows_int(rows, 8);
        item->changed_at = plc_rows_int(rows, 9);
        item->preview_ready = flag(rows, 10);
        item->language = plc_rows_dup(rows, 11);
        item->confidence = plc_rows_real(rows, 12);
        item->source = plc_rows_dup(rows, 13);
        item->country = plc_rows_dup(rows, 14);
        item->locale = plc_rows_dup(rows, 15);
        item->credit = plc_rows_dup(rows, 16);
        item->connection = plc_rows_dup(rows, 17);
        item->verification = plc_rows_dup(rows, 18);
        item->origin = plc_rows_dup(rows, 19);
        item->sealed_name = plc_rows_bytes(rows, 20);
        item->last_revision = plc_rows_int(rows, 21);
        if (!(item->kind == PLC_ITEM_PHOTO ? read_photo : read_review)(catalog, item, error) ||
            !read_products(catalog, item, error) || !read_texts(catalog, item, error) ||
            !read_flags(catalog, item, error))
                return NULL;
        return g_steal_pointer(&item);
}

bool plc_catalog_get_item(plc_catalog *catalog, const char *id, plc_item **out, GError **error)
{
        gpointer found = NULL;

        if (!plc_catalog_must(plc_catalog_take_one(catalog, plc_db_query(catalog->db, "item_get", error, "t", id),
                                                   read_item, &found, error),
                              &found, "item", id, error))
                return false;
        *out = found;
        return true;
}

bool plc_catalog_find_item_by_key(plc_catalog *catalog, const char *media_key, plc_item **out, GError **error)
{
        g_autoptr(GPtrArray) ids = NULL;

        if (!plc_catalog_take_strings(plc_db_query(catalog->db, "item_by_key", error, "t", media_key), &ids, error))
                return false;
        if (ids->len == 0) {
                *out = NULL;
                return true;
        }
        return plc_catalog_get_item(catalog, ids->pdata[0], out, error);
}
