/*
 * What does an item look like in an answer? All JSON of items is made here. Renditions that have the photo's own shape
 * become one responsive set (`sources`: a browser may take any of them for any box); those of another shape stand under
 * their placement.
 */
#include "index/pieces.h"
#include "base/clock.h"
#include "base/json.h"
#include "text/language_tag.h"
#include <stdlib.h>
#include <string.h>

/* Without the first and last character: an object or array that was opened only to let the writer set the commas. */
static char *inside(GString *json)
{
        char *out = g_strndup(json->str + 1, json->len - 2);
        g_string_free(json, TRUE);
        return out;
}

static char *members(GString *object)
{
        plc_jw_end_object(object);
        return inside(object);
}

static GString *begin(void)
{
        GString *out = g_string_new(NULL);
        plc_jw_object(out, NULL);
        return out;
}

static const char *language_of(const struct plc_index_item *item)
{
        return item->language != NULL && item->language[0] != '\0' ? item->language : "und";
}

char *plc_index_head(const struct plc_index_item *item)
{
        GString *out = begin();

        plc_jw_string(out, "id", item->id);
        if (item->kind == PLC_INDEX_PHOTO) {
                plc_jw_string(out, "role", item->role != NULL ? item->role : "other");
                plc_jw_string(out, "alt", item->alt != NULL ? item->alt : "");
                plc_jw_string(out, "lang", language_of(item));
                return members(out);
        }
        plc_jw_string(out, "kind", "review");
        plc_jw_string(out, "lang", language_of(item));
        plc_jw_string(out, "dir", plc_text_direction(language_of(item)));
        if (item->has_rating) {
                plc_jw_object(out, "rating");
                plc_jw_real(out, "value", item->rating);
                plc_jw_real(out, "min", item->rating_min);
                plc_jw_real(out, "max", item->rating_max);
                plc_jw_end_object(out);
        } else {
                plc_jw_null(out, "rating");
        }
        plc_jw_string(out, "title", item->title);
        plc_jw_string(out, "text", item->text);
        return members(out);
}

char *plc_index_named(const struct plc_index_item *item)
{
        GString *out = begin();

        plc_jw_string(out, item->kind == PLC_INDEX_PHOTO ? "credit" : "author", item->author);
        if (item->kind == PLC_INDEX_REVIEW)
                plc_jw_string(out, "country", item->country);
        return members(out);
}

const char *plc_index_unnamed(int64_t kind)
{
        return kind == PLC_INDEX_PHOTO ? "\"credit\":null" : "\"author\":null,\"country\":null";
}

char *plc_index_tail(const struct plc_index_item *item)
{
        GString *out = begin();

        if (item->kind == PLC_INDEX_PHOTO) {
                plc_jw_string(out, "placeholder", item->placeholder);
                plc_jw_string(out, "source_type", item->source_type);
        } else {
                plc_jw_time(out, "written_at", item->written_at);
        }
        return members(out);
}

static void write_tags(GString *out, const struct plc_index_item *item, const struct plc_index_rendition *crop)
{
        plc_jw_array(out, "products");
        for (size_t i = 0; i < item->n_tags; i++) {
                const struct plc_index_tag *tag = &item->tags[i];
                double x = tag->x, y = tag->y;
                bool point = tag->has_point;
                if (crop != NULL && crop->crop_w > 0 && crop->crop_h > 0) {
                        x = (x - crop->crop_x) / crop->crop_w;
                        y = (y - crop->crop_y) / crop->crop_h;
                        point = point && x >= 0 && x <= 1 && y >= 0 && y <= 1; /* else the crop has cut it away */
                }
                plc_jw_object(out, NULL);
                plc_jw_string(out, "id", tag->product);
                if (point) {
                        plc_jw_real(out, "x", (double)(int64_t)(x * 10000 + 0.5) / 10000);
                        plc_jw_real(out, "y", (double)(int64_t)(y * 10000 + 0.5) / 10000);
                }
                plc_jw_end_object(out);
        }
        plc_jw_end_array(out);
}

char *plc_index_tags(const struct plc_index_item *item)
{
        GString *out = begin();
        write_tags(out, item, NULL);
        return members(out);
}

char *plc_index_translation_body(const struct plc_index_translation *translation)
{
        GString *out = g_string_new(NULL);

        plc_jw_object(out, NULL);
        plc_jw_string(out, "lang", translation->language);
        plc_jw_string(out, "dir", plc_text_direction(translation->language));
        plc_jw_string(out, "text", translation->body);
        plc_jw_string(out, "by", translation->by);
        plc_jw_end_object(out);
        return g_string_free(out, FALSE);
}

/* --- pictures
 * -------------------------------------------------------------------------------------------------------------------
 */

/* A browser takes the first type it knows: the smallest files first. */
static int type_rank(const char *type)
{
        static const char *const best_first[] = {"image/avif", "image/webp", "image/jpeg", "image/png"};
        int i = 0;
        while (i < (int)G_N_ELEMENTS(best_first) && strcmp(best_first[i], type) != 0)
                i++;
        return i;
}

static int by_type_and_width(const void *a, const void *b)
{
        const struct plc_index_rendition *x = *(const struct plc_index_rendition *const *)a;
        const struct plc_index_rendition *y = *(const struct plc_index_rendition *const *)b;
        int rank = type_rank(x->type) - type_rank(y->type);
        if (rank != 0)
                return rank;
        if (x->width != y->width)
                return x->width < y->width ? -1 : 1;
        return strcmp(x->name, y->name);
}

/* [{type, srcset: [[url, width], …]}]; of several with one type and width the first by name. */
static void write_sources(GString *out, const char *key, GPtrArray *renditions)
{
        const struct plc_index_rendition *before = NULL;

        if (renditions->len > 1)
                qsort(renditions->pdata, renditions->len, sizeof(void *), by_type_and_width);
        plc_jw_array(out, "sources");
        for (unsigned i = 0; i < renditions->len; i++) {
                const struct plc_index_rendition *r = renditions->pdata[i];
                bool same_type = before != NULL && strcmp(before->type, r->type) == 0;
                g_autofree char *url = g_strdup_printf("/m/%s/%s", key, r->name);

                if (same_type && before->width == r->width)
                        continue;
                if (before != NULL && !same_type) {
                        plc_jw_end_array(out);
                        plc_jw_end_object(out);
                }
                if (!same_type) {
                        plc_jw_object(out, NULL);
                        plc_jw_string(out, "type", r->type);
                        plc_jw_array(out, "srcset");
                }
                plc_jw_array(out, NULL);
                plc_jw_string(out, NULL, url);
                plc_jw_int(out, NULL, r->width);
                plc_jw_end_array(out);
                before = r;
        }
        if (before != NULL) {
                plc_jw_end_array(out);
                plc_jw_end_object(out);
        }
        plc_jw_end_array(out);
}

/* Same shape as the photo, up to the rounding of one pixel. */
static bool has_shape_of(const struct plc_index_rendition *r, const struct plc_index_item *item)
{
        int64_t a = (int64_t)r->width * item->height, b = (int64_t)r->height * item->width;
        return !r->cropped && item->width > 0 && llabs(a - b) <= MAX(item->width, item->height);
}

static const struct plc_index_rendition *widest(GPtrArray *renditions)
{
        const struct plc_index_rendition *best = renditions->pdata[0];
        for (unsigned i = 1; i < renditions->len; i++) {
                const struct plc_index_rendition *r = renditions->pdata[i];
                if (r->width > best->width)
                        best = r;
        }
        return best;
}

static void write_placement(GString *out, const struct plc_index_item *item, const char *preset, GPtrArray *renditions)
{
        const struct plc_index_rendition *best = widest(renditions);

        plc_jw_object(out, NULL);
        plc_jw_string(out, "preset", preset);
        plc_jw_int(out, "width", best->width);
        plc_jw_int(out, "height", best->height);
        write_sources(out, item->key, renditions);
        write_tags(out, item, best);
        plc_jw_end_object(out);
}

bool plc_index_picture_make(const struct plc_index_item *item, const struct plc_index_rendition *renditions,
                            size_t n_renditions, const char *channel, bool cropped, struct plc_index_picture *out)
{
        g_autoptr(GPtrArray) whole = g_ptr_array_new();
        g_autoptr(GPtrArray) presets = g_ptr_array_new(); /* names in the order they came */
        g_autoptr(GHashTable) by_preset =
                g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);

        for (size_t i = 0; i < n_renditions; i++) {
                const struct plc_index_rendition *r = &renditions[i];
                if (strcmp(r->channel, channel) != 0 || r->cropped != cropped)
                        continue;
                if (has_shape_of(r, item)) {
                        g_ptr_array_add(whole, (void *)r);
                        continue;
                }
                GPtrArray *of_preset = g_hash_table_lookup(by_preset, r->preset);
                if (of_preset == NULL) {
                        of_preset = g_ptr_array_new();
                        g_hash_table_insert(by_preset, (void *)r->preset, of_preset);
                        g_ptr_array_add(presets, (void *)r->preset);
                }
                g_ptr_array_add(of_preset, (void *)r);
        }
        if (whole->len == 0 && presets->len == 0)
                return false;

        GString *size = begin();
        plc_jw_int(size, "width", whole->len > 0 ? widest(whole)->width : item->width);
        plc_jw_int(size, "height", whole->len > 0 ? widest(whole)->height : item->height);
        out->size = members(size);
        GString *sources = begin();
        write_sources(sources, item->key, whole);
        out->sources = members(sources);
        GString *placements = g_string_new(NULL);
        plc_jw_array(placements, NULL);
        for (unsigned i = 0; i < presets->len; i++)
                write_placement(placements, item, presets->pdata[i], g_hash_table_lookup(by_preset, presets->pdata[i]));
        plc_jw_end_array(placements);
        out->placements = inside(placements);
        return true;
}

void plc_index_picture_clear(struct plc_index_picture *picture)
{
        g_free(picture->size);
        g_free(picture->sources);
        g_free(picture->placements);
}
