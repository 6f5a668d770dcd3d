/* How is an item written, and what may change of it later? Its state, what the worker found, its language, texts,
 * preview. */
#include <string.h>

#include "catalog/inner.h"
#include "catalog/item.h"
#include "catalog/item_write.h"

static bool insert_photo(plc_catalog *catalog, const plc_item *item, GError **error)
{
        const struct plc_item_photo *p = &item->photo;

        return plc_db_run(catalog->db, "photo_insert", error, "ttttitiiiittiddtttiddiddddiddi", item->id, p->media_key,
                          p->original, p->original_hmac, p->bytes, p->format, p->width, p->height, p->frames,
                          p->removed, p->thumbhash, p->pdq, p->pdq_quality, p->sharpness, p->exposure,
                          p->digital_source_type, p->role, p->people, (int64_t)p->has_focal, p->focal_x, p->focal_y,
                          (int64_t)p->has_box, p->box_x, p->box_y, p->box_w, p->box_h, (int64_t)p->has_attention,
                          p->attention_x, p->attention_y, (int64_t)p->examined);
}

static bool insert_review(plc_catalog *catalog, const plc_item *item, GError **error)
{
        const struct plc_item_review *r = &item->review;

        return plc_db_run(catalog->db, "review_insert", error, "tbtidddiiitiiii", item->id,
                          PLC_BYTES(r->sealed_external), r->kind, (int64_t)r->has_rating, r->rating, r->rating_min,
                          r->rating_max, r->recommended, r->experience_date, r->written_at, r->language_hint, r->likes,
                          r->comments, r->shares, r->engagement_at);
}

static bool insert_flags(plc_catalog *catalog, const char *id, const char *const *flags, GError **error)
{
        for (; flags != NULL && *flags != NULL; flags++)
                if (!plc_db_run(catalog->db, "item_flag_insert", error, "tt", id, *flags))
                        return false;
        return true;
}

bool plc_catalog_insert_item(plc_catalog *catalog, const plc_item *item, GError **error)
{
        if (!plc_db_run(catalog->db, "item_insert", error, "tttitttiitd", item->id, item->submission, item->contributor,
                        item->revision, plc_item_kind_name(item->kind), plc_item_state_name(item->state), item->code,
                        item->position, item->created_at, item->language, item->confidence) ||
            !(item->kind == PLC_ITEM_PHOTO ? insert_photo : insert_review)(catalog, item, error) ||
            !insert_flags(catalog, item->id, (const char *const *)item->flags, error) ||
            (item->said_hmac != NULL &&
             !plc_db_run(catalog->db, "item_said_insert", error, "tt", item->id, item->said_hmac)))
                return false;
        for (guint i = 0; i < item->products->len; i++) {
                const plc_item_product *product = g_ptr_array_index(item->products, i);

                if (!plc_db_run(catalog->db, "item_product_insert", error, "titiidd", item->id, (int64_t)i,
                                product->product, (int64_t)product->primary, (int64_t)product->has_point, product->x,
                                product->y))
                        return false;
        }
        for (guint i = 0; i < item->texts->len; i++)
                if (!plc_catalog_put_text(catalog, item->id, g_ptr_array_index(item->texts, i), error))
                        return false;
        return true;
}

bool plc_catalog_put_text(plc_catalog *catalog, const char *id, const plc_item_text *text, GError **error)
{
        return plc_db_run(catalog->db, "item_text_put", error, "ttittb", id, text->field, text->n, text->language,
                          text->by, PLC_BYTES(text->sealed));
}

bool plc_catalog_set_item_state(plc_catalog *catalog, const char *id, enum plc_item_state state, const char *code,
                                int64_t at, GError **error)
{
        int64_t exists;

        if (!plc_db_run(catalog->db, "item_set_state", error, "ttti", id, plc_item_state_name(state), code, at))
                return false;
        if (plc_db_changes(catalog->db) == 1)
                return true;
        if (!plc_db_int(catalog->db, "item_exists", &exists, error, "t", id))
                return false;
        return exists > 0 ? plc_fail(error, PLC_E_CONFLICT, "item %s is erased", id)
                          : plc_fail(error, PLC_E_NOT_FOUND, "there is no item %s", id);
}

bool plc_catalog_find_unchanged(plc_catalog *catalog, const char *submission, const char *said_hmac,
                                char out[PLC_ID_SIZE], GError **error)
{
        g_autoptr(GPtrArray) ids = NULL;

        if (!plc_catalog_take_strings(plc_db_query(catalog->db, "item_said_find", error, "tt", submission, said_hmac),
                                      &ids, error))
                return false;
        g_strlcpy(out, ids->len > 0 ? ids->pdata[0] : "", PLC_ID_SIZE);
        return true;
}

bool plc_catalog_keep_item(plc_catalog *catalog, const char *id, int64_t revision, GError **error)
{
        return plc_catalog_need_tx(catalog, error) && plc_db_run(catalog->db, "item_keep", error, "ti", id, revision);
}

bool plc_catalog_set_photo_facts(plc_catalog *catalog, const char *id, const struct plc_item_photo *facts,
                                 GError **error)
{
        return plc_db_run(catalog->db, "photo_set_facts", error, "titiiiittiddtidd", id, facts->bytes, facts->format,
                          facts->width, facts->height, facts->frames, facts->removed, facts->thumbhash, facts->pdq,
                          facts->pdq_quality, facts->sharpness, facts->exposure, facts->digital_source_type,
                          (int64_t)facts->has_attention, facts->attention_x, facts->attention_y) &&
               plc_catalog_changed_one(catalog, "photo", id, error);
}

bool plc_catalog_set_framing(plc_catalog *catalog, const char *id, const struct plc_item_photo *framing, GError **error)
{
        return plc_db_run(catalog->db, "photo_set_framing", error, "tiddidddd", id, (int64_t)framing->has_focal,
                          framing->focal_x, framing->focal_y, (int64_t)framing->has_box, framing->box_x, framing->box_y,
                          framing->box_w, framing->box_h) &&
               plc_catalog_changed_one(catalog, "photo", id, error);
}

bool plc_catalog_set_original(plc_catalog *catalog, const char *id, const char *blob, const char *original_hmac,
                              GError **error)
{
        return plc_db_run(catalog->db, "photo_set_original", error, "ttt", id, blob, original_hmac) &&
               plc_catalog_changed_one(catalog, "photo", id, error);
}

bool plc_catalog_set_item_language(plc_catalog *catalog, const char *id, const char *language, double confidence,
                                   const char *const *flags, GError **error)
{
        return plc_catalog_need_tx(catalog, error) &&
               plc_db_run(catalog->db, "item_set_language", error, "ttd", id, language, confidence) &&
               plc_catalog_changed_one(catalog, "item", id, error) &&
               plc_db_run(catalog->db, "item_flags_clear", error, "t", id) && insert_flags(catalog, id, flags, error);
}

void plc_preview_clear(struct plc_preview *preview)
{
        g_free(preview->blob);
        g_free(preview->crops);
        *preview = (struct plc_preview){0};
}

bool plc_catalog_put_preview(plc_catalog *catalog, const char *item, const struct plc_preview *preview, GError **error)
{
        return plc_catalog_need_tx(catalog, error) &&
               plc_db_run(catalog->db, "preview_put", error, "ttiiiti", item, preview->blob, preview->width,
                          preview->height, preview->bytes, preview->crops, preview->made_at) &&
               plc_db_run(catalog->db, "item_set_preview", error, "t", item) &&
               plc_catalog_changed_one(catalog, "item", item, error);
}

bool plc_catalog_get_preview(plc_catalog *catalog, const char *item, struct plc_preview *out, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(catalog->db, "preview_get", error, "t", item);
        plc_row row = rows != NULL ? plc_rows_next(rows, error) : PLC_ROW_ERROR;

        if (row == PLC_ROW_END)
                return plc_fail(error, PLC_E_NOT_FOUND, "item %s has no preview", item);
        if (row == PLC_ROW_ERROR)
                return false;
        *out = (struct plc_preview){
                .blob = plc_rows_dup(rows, 0),
                .width = plc_rows_int(rows, 1),
                .height = plc_rows_int(rows, 2),
                .bytes = plc_rows_int(rows, 3),
                .crops = plc_rows_dup(rows, 4),
                .made_at = plc_rows_int(rows, 5),
        };
        return true;
}
