/* What goes into mails? See email.h. */
#include "publish/email.h"

#include <string.h>

#include "base/clock.h"
#include "catalog/bundle.h"
#include "catalog/queue.h"
#include "catalog/slot.h"
#include "index/email.h"
#include "index/view.h"
#include "publish/email_body.h"

/* One item in one bundle. */
struct mailing {
        const struct plc_publisher *publisher;
        const plc_item *item;
        const struct plc_composed *composed;
        const GArray *segments;
        int64_t now_ms;
        const plc_bundle_definition *definition;
        char mark[PLC_BUNDLE_MARK_SIZE];
        struct plc_index_territories territories;
        GPtrArray *placements; /* of const struct plc_preset */
        GPtrArray *slots;      /* all of the item, of plc_slot */
};

/* A photo in one of the bundle's placements. */
struct placed_photo {
        struct plc_email_photo shown;
        bool cropped;
};

static void add_placements(const struct plc_publisher *publisher, const char *const *ids, GPtrArray *out)
{
        for (; ids != NULL && *ids != NULL; ids++) {
                const struct plc_preset *preset = plc_presets_find(publisher->presets, *ids);

                if (preset != NULL && strcmp(preset->channel, "email") == 0 && preset->placement.fit != PLC_FIT_TILE)
                        g_ptr_array_add(out, (gpointer)preset);
        }
}

GPtrArray *plc_email_placements(const struct plc_publisher *publisher, const plc_bundle_definition *definition)
{
        GPtrArray *out = g_ptr_array_new();

        if (!g_strv_contains((const char *const *)definition->channels, "email") ||
            !g_strv_contains(publisher->channels, "email"))
                return out;
        add_placements(publisher, (const char *const *)definition->placements, out);
        if (out->len == 0)
                add_placements(publisher, publisher->placements, out);
        return out;
}

/* --- slots */

/* Mail programs show JPEG alone everywhere. */
static const struct plc_index_rendition *file_of(const struct plc_composed *composed, const char *preset)
{
        const struct plc_index_rendition *best = NULL;

        for (guint i = 0; i < composed->renditions->len; i++) {
                const struct plc_index_rendition *row =
                        &g_array_index(composed->renditions, struct plc_index_rendition, i);

                if (strcmp(row->preset, preset) == 0 && g_strcmp0(row->type, "image/jpeg") == 0 &&
                    (best == NULL || row->width > best->width))
                        best = row;
        }
        return best;
}

static const plc_slot *find_slot(const struct mailing *m, const char *preset, const char *territories,
                                 const struct plc_index_rendition *file)
{
        for (guint i = 0; i < m->slots->len; i++) {
                const plc_slot *slot = m->slots->pdata[i];

                if (strcmp(slot->bundle, m->definition->name) == 0 && strcmp(slot->preset, preset) == 0 &&
                    strcmp(slot->territories, territories) == 0 && slot->width == file->width &&
                    slot->height == file->height)
                        return slot;
        }
        return NULL;
}

/* The same bundle shows the same photo under the same address in each of its versions. */
static bool take_slot(struct mailing *m, const char *preset, const struct plc_index_rendition *file,
                      const plc_slot **out, GError **error)
{
        g_autofree char *territories = g_strjoinv(" ", m->definition->territories);
        plc_slot *slot;

        *out = find_slot(m, preset, territories, file);
        if (*out != NULL)
                return true;
        slot = g_new0(plc_slot, 1);
        plc_slot_name(file->width, file->height, slot->name);
        slot->bundle = g_strdup(m->definition->name);
        slot->preset = g_strdup(preset);
        slot->territories = g_steal_pointer(&territories);
        slot->width = file->width;
        slot->height = file->height;
        g_ptr_array_add(m->slots, slot);
        *out = slot;
        return plc_catalog_put_slot(m->publisher->catalog, m->item->id, slot, m->now_ms, error);
}

/* Whatever became of the bundle: as long as the file is there and may be shown. */
static bool put_slots(const struct plc_publisher *publisher, const plc_item *item, const struct plc_composed *composed,
                      const GPtrArray *slots, GError **error)
{
        for (guint i = 0; i < slots->len; i++) {
                const plc_slot *slot = slots->pdata[i];
                const struct plc_index_rendition *file = file_of(composed, slot->preset);
                g_auto(GStrv) codes = g_strsplit(slot->territories, " ", -1);
                struct plc_index_slot row = {.slot = slot->name, .item = item->id};

                if (file == NULL)
                        continue;
                row.name = file->name;
                plc_bundle_territories(codes, &row.territories);
                if (!plc_index_put_slot(publisher->index, &row, error))
                        return false;
        }
        return true;
}

/* CSS pixels: as wide as the place is, but a file that is smaller is not blown up. */
static struct placed_photo photo_of(const struct plc_preset *preset, const struct plc_index_rendition *file,
                                    const plc_slot *slot)
{
        int64_t box = preset->placement.width != 0 ? preset->placement.width : file->width;
        int64_t width = MIN(box, file->width);

        return (struct placed_photo){.shown = {.preset = preset->placement.id,
                                               .slot = slot->name,
                                               .width = width,
                                               .height = (file->height * width + file->width / 2) / file->width},
                                     .cropped = file->cropped};
}

static bool place_photos(struct mailing *m, GArray *out, GError **error)
{
        for (guint i = 0; m->item->kind == PLC_ITEM_PHOTO && i < m->placements->len; i++) {
                const struct plc_preset *preset = m->placements->pdata[i];
                const struct plc_index_rendition *file = file_of(m->composed, preset->placement.id);
                const plc_slot *slot = NULL;
                struct placed_photo photo;

                if (file == NULL)
                        continue;
                if (!take_slot(m, preset->placement.id, file, &slot, error))
                        return false;
                photo = photo_of(preset, file, slot);
                g_array_append_val(out, photo);
        }
        return true;
}

/* --- when, in which language */

static bool is_asked(const struct mailing *m, const char *language, const struct plc_index_segment *segment)
{
        return strcmp(segment->channel, "email") == 0 && segment->product[0] == '\0' &&
               (segment->language == NULL || strcmp(segment->language, language) == 0) &&
               plc_index_territories_covers(&segment->territories, &m->territories);
}

static gint by_time(gconstpointer a, gconstpointer b)
{
        int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

        return x < y ? -1 : x > y;
}

/* Every instant from now on at which an answer can change. */
static GArray *instants(const struct mailing *m, const char *language)
{
        GArray *out = g_array_new(FALSE, FALSE, sizeof(int64_t));

        g_array_append_val(out, m->now_ms);
        for (guint i = 0; i < m->segments->len; i++) {
                const struct plc_index_segment *segment = &g_array_index(m->segments, struct plc_index_segment, i);

                if (!is_asked(m, language, segment))
                        continue;
                if (segment->from_ms > m->now_ms)
                        g_array_append_val(out, segment->from_ms);
                if (segment->until_ms > m->now_ms)
                        g_array_append_val(out, segment->until_ms);
        }
        g_array_sort(out, by_time);
        return out;
}

static struct plc_index_view view_at(const struct mailing *m, const char *language, int64_t at)
{
        struct plc_index_view view = {0};

        for (guint i = 0; i < m->segments->len; i++) {
                const struct plc_index_segment *segment = &g_array_index(m->segments, struct plc_index_segment, i);

                if (is_asked(m, language, segment) && segment->from_ms <= at && at < segment->until_ms)
                        plc_index_view_join(&view, segment->identity, 1u << segment->edit, segment->until_ms,
                                            segment->duties != NULL ? segment->duties : "");
        }
        return view;
}

/* --- the pieces */

static bool put_piece(const struct mailing *m, const struct plc_email_content *content, const int64_t *span,
                      const char *preset, int64_t width, char *body, GError **error)
{
        const struct plc_index_email row = {.bundle = m->definition->name,
                                            .item = m->item->id,
                                            .language = content->language,
                                            .preset = preset,
                                            .mark = m->mark,
                                            .from_ms = span[0] <= m->now_ms ? 0 : span[0],
                                            .until_ms = span[1],
                                            .width = width,
                                            .body = body};
        bool ok = plc_index_put_email(m->publisher->index, &row, error);

        g_free(body);
        return ok;
}

/* Reviews stand between photos of any placement, and in mails without photos. */
static bool put_review(const struct mailing *m, const struct plc_email_content *content, const int64_t *span,
                       GError **error)
{
        for (guint i = 0; i < MAX(m->placements->len, 1u); i++) {
                const struct plc_preset *preset = m->placements->len > 0 ? m->placements->pdata[i] : NULL;

                if (!put_piece(m, content, span, preset != NULL ? preset->placement.id : "", 0,
                               plc_email_html(content, NULL), error))
                        return false;
        }
        return put_piece(m, content, span, PLC_INDEX_EMAIL_FEED, 0, plc_email_json(content), error);
}

static bool put_photos(const struct mailing *m, struct plc_email_content *content, const GArray *photos, unsigned edits,
                       const int64_t *span, GError **error)
{
        g_autoptr(GArray) allowed = g_array_new(FALSE, FALSE, sizeof(struct plc_email_photo));

        for (guint i = 0; i < photos->len; i++) {
                const struct placed_photo *photo = &g_array_index(photos, struct placed_photo, i);

                if ((edits & (1u << (photo->cropped ? PLC_INDEX_EDIT_CROP : PLC_INDEX_EDIT_NONE))) == 0)
                        continue;
                g_array_append_val(allowed, photo->shown);
                if (!put_piece(m, content, span, photo->shown.preset, photo->shown.width,
                               plc_email_html(content, &photo->shown), error))
                        return false;
        }
        content->photos = (const struct plc_email_photo *)(void *)allowed->data;
        content->n_photos = allowed->len;
        return allowed->len == 0 ||
               put_piece(m, content, span, PLC_INDEX_EMAIL_FEED, 0, plc_email_json(content), error);
}

static bool put_span(const struct mailing *m, const GArray *photos, const char *language, const int64_t *span,
                     GError **error)
{
        struct plc_index_view view = view_at(m, language, span[0]);
        bool named = false;
        const struct plc_index_level *level = plc_index_view_chosen(&view, &named);
        const struct plc_index_item *item = &m->composed->item;
        const GPtrArray *products = m->item->products;
        struct plc_email_content content = {
                .item = item,
                .language = language,
                .title = m->definition->title != NULL ? m->definition->title : m->definition->name,
                .product_url = m->publisher->product_url,
                .product = products->len > 0 ? ((const plc_item_product *)products->pdata[0])->product : NULL,
                .named = named,
        };

        if (level == NULL)
                return true;
        content.connection = level->disclosure;
        content.excerpt =
                (level->edits & (1u << PLC_INDEX_EDIT_EXCERPT)) != 0 || g_strcmp0(item->excerpt, item->text) == 0;
        return item->kind == PLC_INDEX_REVIEW ? put_review(m, &content, span, error)
                                              : put_photos(m, &content, photos, level->edits, span, error);
}

static bool put_in_bundle(struct mailing *m, GError **error)
{
        g_autoptr(GArray) photos = g_array_new(FALSE, FALSE, sizeof(struct placed_photo));

        if (!place_photos(m, photos, error))
                return false;
        for (const char *const *language = m->publisher->languages; *language != NULL; language++) {
                g_autoptr(GArray) at = instants(m, *language);

                for (guint i = 0; i < at->len; i++) {
                        int64_t span[2] = {g_array_index(at, int64_t, i), PLC_TIME_NEVER};

                        if (i + 1 < at->len)
                                span[1] = g_array_index(at, int64_t, i + 1);
                        if (span[0] < span[1] && !put_span(m, photos, *language, span, error))
                                return false;
                }
        }
        return true;
}

static bool put_in(struct mailing *m, const char *bundle, GError **error)
{
        g_autofree char *json = NULL;
        g_autoptr(plc_bundle_definition) definition = NULL;
        g_autoptr(GPtrArray) placements = NULL;
        bool ok;

        if (!plc_catalog_bundle_definition(m->publisher->catalog, bundle, &json, error))
                return false;
        definition = plc_bundle_parse_frozen(json, bundle, error);
        if (definition == NULL)
                return false;
        if (!g_strv_contains((const char *const *)definition->channels, "email"))
                return true;
        placements = plc_email_placements(m->publisher, definition);
        m->definition = definition;
        m->placements = placements;
        m->territories = (struct plc_index_territories){0};
        plc_bundle_territories(definition->territories, &m->territories);
        plc_bundle_mark(definition, m->mark);
        ok = put_in_bundle(m, error);
        m->definition = NULL;
        m->placements = NULL;
        return ok;
}

bool plc_email_put(const struct plc_publisher *publisher, const plc_item *item, const struct plc_composed *composed,
                   const GArray *segments, int64_t now_ms, GError **error)
{
        struct mailing m = {
                .publisher = publisher, .item = item, .composed = composed, .segments = segments, .now_ms = now_ms};
        g_autoptr(GPtrArray) bundles = NULL, slots = NULL;

        if (!plc_catalog_bundles_of_item(publisher->catalog, item->id, &bundles, error) ||
            !plc_catalog_slots_of_item(publisher->catalog, item->id, &slots, error))
                return false;
        m.slots = slots;
        for (guint i = 0; i < bundles->len; i++)
                if (!put_in(&m, bundles->pdata[i], error))
                        return false;
        return put_slots(publisher, item, composed, slots, error);
}

/* --- what is still to be made */

static bool queue_one(const struct plc_publisher *publisher, const GPtrArray *placements, const char *id,
                      int64_t now_ms, GError **error)
{
        g_autoptr(plc_item) item = NULL;
        bool render = false;

        if (!plc_catalog_get_item(publisher->catalog, id, &item, error))
                return false;
        for (guint i = 0; i < placements->len; i++) {
                bool asked = false;

                if (!plc_publish_ask(publisher, item, placements->pdata[i], now_ms, &asked, error))
                        return false;
                render |= asked;
        }
        return plc_catalog_enqueue(publisher->catalog, render ? "render" : "publish", id, 4, now_ms, error);
}

bool plc_email_queue(const struct plc_publisher *publisher, const plc_bundle_definition *definition,
                     const GPtrArray *items, int64_t now_ms, GError **error)
{
        g_autoptr(GPtrArray) placements = plc_email_placements(publisher, definition);

        if (!g_strv_contains((const char *const *)definition->channels, "email"))
                return true;
        for (guint i = 0; i < items->len; i++)
                if (!queue_one(publisher, placements, items->pdata[i], now_ms, error))
                        return false;
        return true;
}
