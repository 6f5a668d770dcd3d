/* Are the photos photos? Each is decoded once in the sandbox; a broken one rejects its drop, with its name and place.
 */
#include <fcntl.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "pipeline/office_private.h"

struct asked {
        struct plc_drop *drop;
        size_t photo;
};

static void photo_fault(struct plc_drop *drop, size_t photo, const GError *why)
{
        const char *name = drop->manifest->photos[photo].file.name;
        g_autofree char *pointer = NULL;

        if (drop->error != NULL)
                return; /* the first is told */
        if (strcmp(drop->told_as, name) != 0)
                pointer = g_strdup_printf("/photos/%zu/file", photo);
        plc_fail_at(&drop->error, plc_error_code(why), drop->told_as, pointer,
                    "Replace or remove the photo, then move this folder back into inbox/.", "\"%s\": %s", name,
                    why->message);
}

static void examined(void *user_data, struct plc_result *result, GError *error)
{
        g_autofree struct asked *asked = user_data;
        struct plc_drop *drop = asked->drop;

        if (error != NULL) {
                photo_fault(drop, asked->photo, error);
                g_error_free(error);
        } else {
                drop->photos[asked->photo].facts = result->facts;
                plc_result_free(result);
        }
        if (--drop->examining == 0)
                plc_drop_resume(drop);
}

static bool open_photos(struct plc_drop *drop, GError **error)
{
        drop->n_photos = drop->manifest->n_photos;
        drop->photos = g_new0(struct plc_drop_photo, drop->n_photos);
        for (size_t i = 0; i < drop->n_photos; i++)
                drop->photos[i].fd = -1;
        for (size_t i = 0; i < drop->n_photos; i++) {
                struct stat st;

                if (!plc_open_beneath(drop->fd, drop->manifest->photos[i].file.name, &drop->photos[i].fd, &st, error))
                        return false;
        }
        return true;
}

/* What was declared of a photo, and what the worker found in it. */
static void fill_photo(plc_item *item, const struct plc_manifest_photo *said, const struct plc_manifest *manifest)
{
        struct plc_item_photo *photo = &item->photo;

        photo->role = g_strdup(said->role);
        photo->people = g_strdup(said->people);
        photo->has_focal = said->has_focal;
        photo->focal_x = said->focal_x;
        photo->focal_y = said->focal_y;
        photo->has_box = said->has_box;
        photo->box_x = said->box_x;
        photo->box_y = said->box_y;
        photo->box_w = said->box_w;
        photo->box_h = said->box_h;
        photo->digital_source_type = g_strdup(said->digital_source_type);
        for (size_t p = 0; p < manifest->n_products; p++) {
                const struct plc_manifest_product *product = &manifest->products[p];
                const char *id = product->id != NULL    ? product->id
                                 : product->sku != NULL ? product->sku
                                                        : product->gtin;
                const struct plc_manifest_tag *tag = NULL;

                for (size_t t = 0; t < said->n_tags; t++)
                        if (strcmp(said->tags[t].product, id) == 0)
                                tag = &said->tags[t];
                plc_item_add_product(item, id, product->primary, tag != NULL ? &tag->x : NULL,
                                     tag != NULL ? &tag->y : NULL);
        }
}

static void fill_review(plc_item *item, const struct plc_manifest *manifest)
{
        const struct plc_manifest_review *said = &manifest->review;
        struct plc_item_review *review = &item->review;

        review->kind = g_strdup(said->kind);
        review->has_rating = said->has_rating;
        review->rating = said->rating;
        review->rating_min = said->rating_min;
        review->rating_max = said->rating_max;
        review->recommended = said->recommended;
        review->written_at = said->written_at != PLC_TIME_NEVER ? said->written_at : 0;
        plc_time_parse_rfc3339(said->experience_date, &review->experience_date);
        review->language_hint = g_strdup(said->language_hint);
        review->likes = said->likes;
        review->comments = said->comments;
        review->shares = said->shares;
        review->engagement_at = said->has_engagement && said->engagement_at != PLC_TIME_NEVER ? said->engagement_at : 0;
        for (size_t p = 0; p < manifest->n_products; p++) {
                const struct plc_manifest_product *product = &manifest->products[p];

                plc_item_add_product(item,
                                     product->id != NULL    ? product->id
                                     : product->sku != NULL ? product->sku
                                                            : product->gtin,
                                     product->primary, NULL, NULL);
        }
}

static void make_items(struct plc_drop *drop)
{
        drop->items = g_ptr_array_new_with_free_func((GDestroyNotify)plc_item_free);
        if (drop->manifest->has_review) {
                plc_item *review = plc_item_new(PLC_ITEM_REVIEW);

                fill_review(review, drop->manifest);
                g_ptr_array_add(drop->items, review);
        }
        for (size_t i = 0; i < drop->n_photos; i++) {
                plc_item *item = plc_item_new(PLC_ITEM_PHOTO);

                item->position = (int64_t)i + 1;
                fill_photo(item, &drop->manifest->photos[i], drop->manifest);
                drop->photos[i].item = item;
                g_ptr_array_add(drop->items, item);
        }
}

enum plc_progress plc_step_examine(struct plc_office *office, struct plc_drop *drop, GError **error)
{
        struct plc_photo_limits limits = plc_office_photo_limits(office);

        if (!open_photos(drop, error))
                return PLC_FAILED;
        make_items(drop);
        for (size_t i = 0; i < drop->n_photos; i++) {
                struct plc_job_request request = {
                        .kind = PLC_JOB_EXAMINE,
                        .input = drop->photos[i].fd,
                        .limits = &limits,
                        .cpu_seconds = (uint32_t)office->site->conf->decode_cpu,
                };
                struct asked *asked = g_new(struct asked, 1);
                g_autoptr(GError) fault = NULL;

                *asked = (struct asked){drop, i};
                if (plc_pool_submit(office->pool, &request, examined, asked, &fault)) {
                        drop->examining++;
                } else {
                        photo_fault(drop, i, fault);
                        g_free(asked);
                }
        }
        if (drop->examining > 0)
                return PLC_PENDING;
        if (drop->error == NULL)
                return PLC_DONE;
        g_propagate_error(error, g_steal_pointer(&drop->error));
        return PLC_FAILED;
}
