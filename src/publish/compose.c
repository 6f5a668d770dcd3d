/* What does the index get to know of an item? Put together here, text by text. */
#include "publish/compose.h"

#include <string.h>

#include "catalog/rendition.h"
#include "catalog/submission.h"
#include "publish/link.h"
#include "text/excerpt.h"

#define EXCERPT_CLUSTERS 160 /* grapheme clusters: two lines of a product card */

void plc_composed_free(struct plc_composed *composed)
{
        if (composed == NULL)
                return;
        g_array_unref(composed->renditions);
        g_array_unref(composed->tags);
        g_array_unref(composed->translations);
        g_ptr_array_unref(composed->texts);
        plc_revision_free(composed->revision);
        g_free(composed);
}

/* Kept until the composed item is freed. */
static const char *keep(struct plc_composed *composed, char *text)
{
        if (text != NULL)
                g_ptr_array_add(composed->texts, text);
        return text;
}

static bool text(const struct plc_publisher *publisher, const plc_item *item, struct plc_composed *composed,
                 const char *field, int64_t n, const char **out, GError **error)
{
        char *unsealed = NULL;

        if (!plc_publish_text(publisher, item, field, n, &unsealed, error))
                return false;
        *out = keep(composed, unsealed);
        return true;
}

static bool compose_translations(const struct plc_publisher *publisher, const plc_item *item,
                                 struct plc_composed *composed, GError **error)
{
        for (guint i = 0; i < item->texts->len; i++) {
                const plc_item_text *row = item->texts->pdata[i];
                struct plc_index_translation translation = {.language = row->language, .by = row->by};

                if (strcmp(row->field, "body") != 0 || row->n == 0)
                        continue;
                if (!text(publisher, item, composed, "body", row->n, &translation.body, error))
                        return false;
                g_array_append_val(composed->translations, translation);
        }
        composed->item.translations = (const struct plc_index_translation *)(void *)composed->translations->data;
        composed->item.n_translations = composed->translations->len;
        return true;
}

static bool compose_review(const struct plc_publisher *publisher, const plc_item *item, struct plc_composed *composed,
                           GError **error)
{
        struct plc_index_item *out = &composed->item;
        struct plc_excerpt excerpt = {0};

        out->kind = PLC_INDEX_REVIEW;
        out->has_rating = item->review.has_rating;
        out->rating = item->review.rating;
        out->rating_min = item->review.rating_min;
        out->rating_max = item->review.rating_max;
        if (!text(publisher, item, composed, "title", 0, &out->title, error) ||
            !text(publisher, item, composed, "body", 0, &out->text, error))
                return false;
        if (out->text == NULL)
                out->text = "";
        if (!plc_text_excerpt(out->text, EXCERPT_CLUSTERS, &excerpt, error))
                return false;
        out->excerpt = keep(composed, g_strdup(excerpt.text));
        plc_excerpt_clear(&excerpt);
        return compose_translations(publisher, item, composed, error);
}

static bool compose_photo(const struct plc_publisher *publisher, const plc_item *item, struct plc_composed *composed,
                          GError **error)
{
        struct plc_index_item *out = &composed->item;

        out->kind = PLC_INDEX_PHOTO;
        out->key = item->photo.media_key;
        out->position = (int)item->position;
        out->width = (uint32_t)item->photo.width;
        out->height = (uint32_t)item->photo.height;
        out->role = item->photo.role;
        out->source_type = item->photo.digital_source_type;
        if (item->photo.thumbhash != NULL && item->photo.thumbhash[0] != '\0')
                out->placeholder = keep(composed, g_strconcat("thumbhash:", item->photo.thumbhash, NULL));
        if (!text(publisher, item, composed, "alt", 0, &out->alt, error))
                return false;
        for (guint i = 0; i < item->products->len; i++) {
                const plc_item_product *product = item->products->pdata[i];
                struct plc_index_tag tag = {product->product, product->has_point, product->x, product->y};

                g_array_append_val(composed->tags, tag);
        }
        out->tags = (const struct plc_index_tag *)(void *)composed->tags->data;
        out->n_tags = composed->tags->len;
        return true;
}

bool plc_compose_allows(const GArray *segments, const char *channel, bool cropped)
{
        for (guint i = 0; i < segments->len; i++) {
                const struct plc_index_segment *segment = &g_array_index(segments, struct plc_index_segment, i);

                if (strcmp(segment->channel, channel) == 0 &&
                    segment->edit == (cropped ? PLC_INDEX_EDIT_CROP : PLC_INDEX_EDIT_NONE))
                        return true;
        }
        return false;
}

static void add_file(struct plc_composed *composed, const plc_item *item, const plc_placed *placed,
                     const struct plc_preset *preset, const plc_rendition *file)
{
        const char *dot = strrchr(file->asset, '.');
        const char *extension = dot != NULL ? dot + 1 : "";
        struct plc_rect ground;
        char *name = g_strdup_printf("%s.%" G_GINT64_FORMAT ".%s", placed->preset, file->css_width, extension);
        struct plc_index_rendition row = {
                .preset = placed->preset,
                .name = keep(composed, name),
                .channel = preset->channel,
                .sha256 = file->sha256,
                .extension = extension,
                .width = (uint32_t)file->width,
                .height = (uint32_t)file->height,
                .bytes = file->bytes,
                .cropped = placed->cropped,
        };

        for (int format = 0; format < PLC_FORMAT_COUNT_; format++)
                if (strcmp(plc_format_name((enum plc_format)format), file->format) == 0)
                        row.type = plc_format_type((enum plc_format)format);
        if (placed->cropped) {
                row.crop_x = (double)placed->crop_x / (double)item->photo.width;
                row.crop_y = (double)placed->crop_y / (double)item->photo.height;
                row.crop_w = (double)placed->crop_w / (double)item->photo.width;
                row.crop_h = (double)placed->crop_h / (double)item->photo.height;
        } else if (plc_on_ground(&preset->placement, false, (uint32_t)item->photo.width, (uint32_t)item->photo.height,
                                 row.width, row.height, &ground) &&
                   ground.w > 0 && ground.h > 0) {
                row.crop_x = -(double)ground.x / ground.w;
                row.crop_y = -(double)ground.y / ground.h;
                row.crop_w = (double)row.width / ground.w;
                row.crop_h = (double)row.height / ground.h;
        }
        g_array_append_val(composed->renditions, row);
}

/* Is there a place and a time at which the name may be shown? Else nobody may see it, nor the country that stands
 * beside it. A duty NO_CREDIT takes both out of an answer, whatever the permission for personal data says. */
static bool tells_name(const GArray *segments)
{
        for (guint i = 0; i < segments->len; i++) {
                const struct plc_index_segment *segment = &g_array_index(segments, struct plc_index_segment, i);

                if (segment->identity && (segment->duties == NULL || strstr(segment->duties, "NO_CREDIT") == NULL))
                        return true;
        }
        return false;
}

struct plc_composed *plc_compose(const struct plc_publisher *publisher, const plc_item *item, const GPtrArray *placed,
                                 const GArray *segments, GError **error)
{
        g_autoptr(plc_composed) composed = g_new0(struct plc_composed, 1);
        struct plc_index_item *out = &composed->item;
        char *name = NULL;
        bool ok;

        composed->renditions = g_array_new(FALSE, FALSE, sizeof(struct plc_index_rendition));
        composed->tags = g_array_new(FALSE, FALSE, sizeof(struct plc_index_tag));
        composed->translations = g_array_new(FALSE, FALSE, sizeof(struct plc_index_translation));
        composed->texts = g_ptr_array_new_with_free_func(g_free);
        *out = (struct plc_index_item){
                .id = item->id,
                .group = item->submission,
                .written_at = item->review.written_at != 0 ? item->review.written_at : item->created_at,
                .language = item->language,
                .verification = item->verification,
        };
        if (tells_name(segments)) {
                out->country = item->country;
                if (!plc_publish_name(publisher, item, &name, error))
                        return NULL;
                out->author = keep(composed, name);
        }
        if (!plc_catalog_get_revision(publisher->catalog, item->submission, item->revision, &composed->revision, error))
                return NULL;
        plc_publish_owner(publisher->vault, item->contributor, composed->owner);
        out->owner = composed->owner;
        out->labels = (const char *const *)composed->revision->tags;
        ok = item->kind == PLC_ITEM_REVIEW ? compose_review(publisher, item, composed, error)
                                           : compose_photo(publisher, item, composed, error);
        for (guint i = 0; ok && i < placed->len; i++) {
                const plc_placed *row = placed->pdata[i];
                const struct plc_preset *preset = plc_presets_find(publisher->presets, row->preset);

                if (preset == NULL || !preset->is_public ||
                    !plc_compose_allows(segments, preset->channel, row->cropped))
                        continue;
                for (guint f = 0; f < row->files->len; f++)
                        add_file(composed, item, row, preset, row->files->pdata[f]);
        }
        return ok ? g_steal_pointer(&composed) : NULL;
}
