/* What of the front of a product's list (front.h) may this reader see? */
#include <string.h>

#include "index/front.h"

/* A damaged row must open nothing: whatever does not fit is empty, and the answer fails. */
struct walk {
        const uint8_t *at, *end;
        bool damaged;
};

static uint64_t take_number(struct walk *w, int bytes)
{
        uint64_t value = 0;

        if (w->end - w->at < bytes) {
                w->damaged = true;
                w->at = w->end;
                return 0;
        }
        memcpy(&value, w->at, (size_t)bytes);
        w->at += bytes;
        return GUINT64_FROM_LE(value);
}

static struct walk take_part(struct walk *w)
{
        uint64_t size = take_number(w, 4);
        struct walk part = {w->at, w->at, false};

        if (size > (uint64_t)(w->end - w->at)) {
                w->damaged = true;
                return part;
        }
        part.end = w->at += size;
        return part;
}

static const char *take_text(struct walk *w)
{
        uint64_t size = take_number(w, 4);
        const char *text = (const char *)w->at;

        if (size == UINT32_MAX)
                return NULL;
        if (size >= (uint64_t)(w->end - w->at) || text[size] != '\0') {
                w->damaged = true;
                return NULL;
        }
        w->at += size + 1;
        return text;
}

struct record {
        struct plc_index_said said;
        struct walk segments, photos, pictures;
};

static bool take_item(struct walk *from, struct record *out)
{
        struct walk w = take_part(from);

        memset(out, 0, sizeof *out);
        out->said.item = take_text(&w);
        out->said.written_at = (int64_t)take_number(&w, 8);
        out->segments = take_part(&w);
        out->said.head = take_text(&w);
        out->said.named = take_text(&w);
        out->said.excerpt = take_text(&w);
        out->said.tail = take_text(&w);
        out->said.tags = take_text(&w);
        out->said.verification = take_text(&w);
        out->said.language = take_text(&w);
        uint64_t flags = take_number(&w, 1);
        out->said.excerpt_is_text = (flags & 1) != 0;
        out->said.translated = (flags & 2) != 0;
        out->photos = take_part(&w);
        out->pictures = take_part(&w);
        from->damaged |= w.damaged || out->said.item == NULL || out->said.language == NULL;
        return !from->damaged;
}

/* How many segments were looked at; none where one is damaged. */
static size_t take_view(struct plc_index_builder *b, struct record *r, struct plc_index_view *out)
{
        size_t n = 0;

        for (struct walk *w = &r->segments; w->at < w->end; n++) {
                struct plc_index_stored s;

                s.from = (int64_t)take_number(w, 8);
                s.until = (int64_t)take_number(w, 8);
                s.edits = (int64_t)take_number(w, 1);
                s.named = take_number(w, 1) != 0;
                s.languages = take_text(w);
                s.duties = take_text(w);
                struct walk territories = take_part(w);
                s.territories = territories.at;
                s.territories_size = (size_t)(territories.end - territories.at);
                if (w->damaged)
                        return 0;
                plc_index_view_add(out, b->reader, r->said.item, &s, b->q);
        }
        return n;
}

static bool damaged(const char *product, GError **error)
{
        return plc_fail(error, PLC_E_INTERNAL, "the front of the list of %s is damaged", product);
}

static bool write_photo(struct plc_index_builder *b, struct record *photo)
{
        struct plc_index_view view = {0};
        struct plc_index_seen seen = {0};
        struct walk *w = &photo->pictures;
        bool named = false;

        take_view(b, photo, &view);
        const struct plc_index_level *level = plc_index_view_chosen(&view, &named);
        if (photo->segments.damaged || level == NULL)
                return !photo->segments.damaged;
        while (w->at < w->end && !w->damaged) {
                bool cropped = take_number(w, 1) != 0;
                const char *size = take_text(w), *sources = take_text(w), *placements = take_text(w);

                if (!w->damaged && size != NULL && sources != NULL && placements != NULL)
                        plc_index_seen_add(&seen, level->edits, cropped, size, sources, placements);
        }
        if (!w->damaged && seen.size != NULL)
                plc_index_write_photo(b, &photo->said, &seen, level, named, false);
        plc_index_seen_clear(&seen);
        return !w->damaged;
}

static bool write_review(struct plc_index_builder *b, struct record *review, const struct plc_index_view *view,
                         const char *product, GError **error)
{
        bool named = false;
        const struct plc_index_level *level = plc_index_view_chosen(view, &named);
        g_autofree char *translation = NULL;
        struct record photo;

        if (level == NULL)
                return true;
        if (!plc_index_find_translation(b, &review->said, level->edits, &translation, error))
                return false;
        plc_index_begin_review(b, &review->said, level, named, translation);
        while (review->photos.at < review->photos.end)
                if (!take_item(&review->photos, &photo) || !write_photo(b, &photo))
                        return damaged(product, error);
        plc_index_end_review(b, level);
        b->page->count++;
        return true;
}

bool plc_index_list_front(struct plc_index_builder *b, const char *product, size_t limit, struct plc_index_cursor *at,
                          size_t *scanned, bool *out_ended, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(b->reader->db, "front", error, "t", product);
        plc_row row = rows != NULL ? plc_rows_next(rows, error) : PLC_ROW_ERROR;
        size_t size = 0;

        *out_ended = false;
        if (row != PLC_ROW)
                return row == PLC_ROW_END;
        const uint8_t *data = plc_rows_blob(rows, 3, &size);
        struct walk w = {data, data + size, false};
        while (w.at < w.end) {
                struct plc_index_view view = {0};
                struct record review;

                if (b->page->count >= limit) {
                        b->page->more = *out_ended = true;
                        b->page->next = *at;
                        return true;
                }
                if (!take_item(&w, &review))
                        return damaged(product, error);
                *scanned += take_view(b, &review, &view);
                if (review.segments.damaged)
                        return damaged(product, error);
                if (!write_review(b, &review, &view, product, error))
                        return false;
                at->written_at = review.said.written_at;
                g_strlcpy(at->item, review.said.item, sizeof at->item);
        }
        *out_ended = plc_rows_int(rows, 2) != 0;
        return true;
}
