/* What of the front of a product's list (front.h) may this reader see? */
#include <string.h>

#include "base/hash.h"
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
        struct plc_index_ready ready;
        struct walk segments, inner; /* inner: photos or pictures */
};

static void take_ready(struct walk *w, struct plc_index_ready *out)
{
        size_t size = 0;

        out->verification = take_text(w);
        out->language = take_text(w);
        uint64_t flags = take_number(w, 1);
        out->excerpt_is_text = (flags & 1) != 0;
        out->translated = (flags & 2) != 0;
        for (size_t i = 0; i < PLC_INDEX_PARTS; i++) {
                out->sizes[i] = (size_t)take_number(w, 4);
                size += out->sizes[i];
        }
        out->bytes = (const char *)w->at;
        if (size > (size_t)(w->end - w->at)) {
                w->damaged = true;
                w->at = w->end;
                return;
        }
        w->at += size;
}

static bool take_item(struct walk *from, struct record *out)
{
        struct walk w = take_part(from);

        out->ready.item = take_text(&w);
        out->ready.written_at = (int64_t)take_number(&w, 8);
        out->segments = take_part(&w);
        take_ready(&w, &out->ready);
        out->inner = take_part(&w);
        from->damaged |= w.damaged || out->ready.item == NULL || out->ready.language == NULL;
        return !from->damaged;
}

static bool take_segment(struct walk *w, struct plc_index_stored *out)
{
        uint64_t flags = take_number(w, 1);

        *out = (struct plc_index_stored){.languages = "*", .duties = "", .territories = "W", .territories_size = 1};
        out->named = (flags & PLC_INDEX_FRONT_NAMED) != 0;
        out->edits = (int64_t)take_number(w, 1);
        out->from = (int64_t)take_number(w, 8);
        out->until = (int64_t)take_number(w, 8);
        if ((flags & PLC_INDEX_FRONT_ANY) == 0)
                out->languages = take_text(w);
        if ((flags & PLC_INDEX_FRONT_FREE) == 0)
                out->duties = take_text(w);
        if ((flags & PLC_INDEX_FRONT_WORLD) == 0) {
                struct walk territories = take_part(w);
                out->territories = territories.at;
                out->territories_size = (size_t)(territories.end - territories.at);
        }
        return !w->damaged;
}

/* How many segments were looked at; none where one is damaged. */
static size_t take_view(struct plc_index_builder *b, struct record *r, struct plc_index_view *out)
{
        size_t n = 0;

        for (struct walk *w = &r->segments; w->at < w->end; n++) {
                struct plc_index_stored s;

                if (!take_segment(w, &s))
                        return 0;
                plc_index_view_add(out, b->reader, r->ready.item, &s, b->q);
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
        struct walk *w = &photo->inner;
        bool named = false;

        take_view(b, photo, &view);
        const struct plc_index_level *level = plc_index_view_chosen(&view, &named);
        if (photo->segments.damaged || level == NULL)
                return !photo->segments.damaged;
        while (w->at < w->end && !w->damaged) {
                bool cropped = take_number(w, 1) != 0;
                const uint8_t *before = w->at;
                const char *lead = take_text(w);
                size_t size = (size_t)(w->at - before);
                const char *placements = take_text(w);

                if (!w->damaged && lead != NULL && placements != NULL)
                        plc_index_seen_add(&seen, level->edits, cropped, lead, size - 5, placements);
        }
        if (!w->damaged && seen.lead != NULL)
                plc_index_write_photo(b, &photo->ready, &seen, level, named, false);
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
        if (!plc_index_find_translation(b, &review->ready, level->edits, &translation, error))
                return false;
        plc_index_begin_review(b, &review->ready, level, named, translation);
        while (review->inner.at < review->inner.end)
                if (!take_item(&review->inner, &photo) || !write_photo(b, &photo))
                        return damaged(product, error);
        plc_index_end_review(b, level);
        b->page->count++;
        return true;
}

/* --- a whole front
 * ------------------------------------------------------------------------------------------------------------ */

struct head {
        const char *product; /* NULL: damaged */
        bool whole;
        struct plc_index_summary summary;
        uint64_t items; /* how many follow */
};

static bool take_head(struct walk *w, struct head *out)
{
        out->product = take_text(w);
        out->whole = take_number(w, 1) != 0;
        out->summary.count = (int64_t)take_number(w, 8);
        uint64_t bits = take_number(w, 8);
        memcpy(&out->summary.average, &bits, sizeof bits);
        for (size_t i = 0; i < G_N_ELEMENTS(out->summary.stars); i++)
                out->summary.stars[i] = (int64_t)take_number(w, 8);
        out->items = take_number(w, 8);
        return !w->damaged && out->product != NULL;
}

/* --- where it lies
 * ---------------------------------------------------------------------------------------------------------------- */

/*
 * In which row was the front of a product with this hash found last? 0: of none. To look for it in the product's own
 * index and to have the row brought by a statement was two thirds of reading it (measured). Nothing is concluded from
 * the number: the front that is found must say that it is of the product, whatever was written, or put in the file's
 * place, since.
 */
#define PLACES ((size_t)1 << 18) /* 1 MB, of which is touched what is used */
#define KEPT ((size_t)128 * 1024)
#define STEP ((size_t)4096) /* more than what stands before the items */

struct plc_index_lookup {
        uint32_t rows[PLACES];
        GString *of;       /* the product whose front is at hand; meaningful while `at_hand` */
        GByteArray *space; /* the front; no bytes: there is none */
        size_t there;      /* how many of them were read */
        bool at_hand;
};

static struct plc_index_lookup *lookup_of(plc_index_reader *r)
{
        if (r->lookup == NULL) {
                r->lookup = g_new0(struct plc_index_lookup, 1);
                r->lookup->of = g_string_new(NULL);
                r->lookup->space = g_byte_array_new();
        }
        return r->lookup;
}

void plc_index_lookup_free(struct plc_index_lookup *l)
{
        if (l == NULL)
                return;
        g_string_free(l->of, TRUE);
        g_byte_array_unref(l->space);
        g_free(l);
}

void plc_index_front_forget(plc_index_reader *r)
{
        if (r->lookup != NULL)
                r->lookup->at_hand = false;
}

/* Of what was read: behind it is what another front has left there. */
static struct walk front_walk(const struct plc_index_front *front)
{
        const uint8_t *data = front->bytes;

        return (struct walk){data, data + (front->lookup != NULL ? front->lookup->there : front->size), false};
}

static struct plc_index_front front_at_hand(struct plc_index_lookup *l)
{
        return (struct plc_index_front){l->space->data, l->space->len, l};
}

/*
 * Of a front of sixteen items most answers need twelve, or three: the rest is not read. What was read stays where it
 * is: there is room for all.
 */
static bool reach(plc_index_reader *r, const struct plc_index_front *front, size_t upto, GError **error)
{
        struct plc_index_lookup *l = front->lookup;

        if (l == NULL || upto <= l->there || l->there == front->size)
                return true;
        upto = MIN(MAX(upto, l->there + STEP), front->size);
        if (!plc_db_cell_read(r->db, l->there, l->space->data + l->there, upto - l->there, error))
                return false;
        l->there = upto;
        return true;
}

static bool reach_item(plc_index_reader *r, const struct plc_index_front *front, struct walk *w, GError **error)
{
        const uint8_t *data = front->bytes;
        size_t first = (size_t)(w->at - data) + 4; /* after its size */

        if (!reach(r, front, first, error))
                return false;
        w->end = front_walk(front).end;
        struct walk ahead = *w;
        if (!reach(r, front, first + take_number(&ahead, 4), error))
                return false;
        w->end = front_walk(front).end;
        return true;
}

/* *out false: the row is there no more, or another's. */
static bool read_row(plc_index_reader *r, int64_t row, const char *product, bool *out, GError **error)
{
        GByteArray *space = r->lookup->space;
        size_t size = 0;

        if (!plc_db_cell_open(r->db, "front", "items", row, out, &size, error))
                return false;
        if (*out) {
                g_byte_array_set_size(space, (guint)size);
                r->lookup->there = 0;
                struct plc_index_front front = front_at_hand(r->lookup);
                if (!reach(r, &front, STEP, error))
                        return false;
                struct walk w = front_walk(&front);
                const char *of = take_text(&w);
                *out = of != NULL && strcmp(of, product) == 0;
        }
        return true;
}

/* No error and no row: there is none. */
static bool find_row(plc_index_reader *r, const char *product, int64_t *out, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(r->db, "front_row", error, "t", product);
        plc_row row = rows != NULL ? plc_rows_next(rows, error) : PLC_ROW_ERROR;

        *out = row == PLC_ROW ? plc_rows_int(rows, 0) : 0;
        return row != PLC_ROW_ERROR;
}

/* Into what is at hand. */
static bool load_front(plc_index_reader *r, const char *product, GError **error)
{
        struct plc_index_lookup *l = lookup_of(r);
        uint64_t digest[2] = {0};
        bool found = false;
        int64_t row;

        plc_quick_hash(digest, product, strlen(product));
        uint32_t *place = &l->rows[digest[0] % PLACES];
        l->at_hand = false;
        if (l->space->len > KEPT) {
                g_byte_array_unref(l->space);
                l->space = g_byte_array_new();
        }
        if (*place != 0 && !read_row(r, *place, product, &found, error))
                return false;
        if (!found) {
                if (!find_row(r, product, &row, error))
                        return false;
                if (row != 0 && !read_row(r, row, product, &found, error))
                        return false;
                if (row != 0 && !found)
                        return damaged(product, error);
                if (found)
                        *place = (uint32_t)row;
                else
                        g_byte_array_set_size(l->space, 0);
        }
        g_string_assign(l->of, product);
        l->at_hand = true;
        return true;
}

static bool is_at_hand(const plc_index_reader *r, const char *product)
{
        return r->lookup != NULL && r->lookup->at_hand && strcmp(r->lookup->of->str, product) == 0;
}

bool plc_index_get_list_summary(plc_index_reader *r, const char *product, struct plc_index_summary *out, GError **error)
{
        struct head head = {0};

        if (!r->has_fronts)
                return plc_index_get_summary(r, product, out, error);
        if (!load_front(r, product, error))
                return false;
        struct plc_index_front front = front_at_hand(r->lookup);
        struct walk w = front_walk(&front);
        if (front.size > 0 && !take_head(&w, &head))
                return damaged(product, error);
        *out = head.summary;
        return true;
}

bool plc_index_list_front(struct plc_index_builder *b, const char *product, size_t limit, struct plc_index_cursor *at,
                          size_t *scanned, bool *out_ended, GError **error)
{
        *out_ended = false;
        if (!is_at_hand(b->reader, product) && !load_front(b->reader, product, error))
                return false;
        struct plc_index_front front = front_at_hand(b->reader->lookup);
        return front.size == 0 || plc_index_list_of_front(b, product, &front, limit, at, scanned, out_ended, error);
}

bool plc_index_list_of_front(struct plc_index_builder *b, const char *product, const struct plc_index_front *front,
                             size_t limit, struct plc_index_cursor *at, size_t *scanned, bool *out_ended,
                             GError **error)
{
        struct walk w = front_walk(front);
        struct head head;

        *out_ended = false;
        if (!take_head(&w, &head))
                return damaged(product, error);
        for (; head.items > 0; head.items--) {
                struct plc_index_view view = {0};
                struct record review;

                if (b->page->count >= limit) {
                        b->page->more = *out_ended = true;
                        b->page->next = *at;
                        return true;
                }
                if (!reach_item(b->reader, front, &w, error))
                        return false;
                if (!take_item(&w, &review))
                        return damaged(product, error);
                *scanned += take_view(b, &review, &view);
                if (review.segments.damaged)
                        return damaged(product, error);
                if (!write_review(b, &review, &view, product, error))
                        return false;
                at->written_at = review.ready.written_at;
                g_strlcpy(at->item, review.ready.item, sizeof at->item);
        }
        *out_ended = head.whole;
        return w.at == (const uint8_t *)front->bytes + front->size || damaged(product, error);
}

/* --- what all of a front says
 * ------------------------------------------------------------------------------------------------- */

struct gauge {
        int64_t opened;
        unsigned counts[26 * 26]; /* by place in the list of territories */
        bool limited;
};

static bool gauge_segments(struct walk *w, struct gauge *gauge)
{
        const char *code;

        while (w->at < w->end) {
                struct plc_index_stored s;

                if (!take_segment(w, &s))
                        return false;
                gauge->opened = MAX(gauge->opened, s.from);
                if (plc_index_territories_stored_has(s.territories, s.territories_size, NULL))
                        continue;
                gauge->limited = true;
                for (size_t i = 0; (code = plc_index_territory_at(i)) != NULL; i++)
                        gauge->counts[i] += plc_index_territories_stored_has(s.territories, s.territories_size, code);
        }
        return true;
}

bool plc_index_front_gauge(const struct plc_index_front *front, int64_t *out_opened, const char **out_territory)
{
        struct walk w = front_walk(front);
        struct gauge gauge = {.opened = INT64_MIN};
        struct head head;
        size_t most = 0;

        if (!take_head(&w, &head))
                return false;
        for (; head.items > 0; head.items--) {
                struct record review, photo;

                if (!take_item(&w, &review) || !gauge_segments(&review.segments, &gauge))
                        return false;
                while (review.inner.at < review.inner.end)
                        if (!take_item(&review.inner, &photo) || !gauge_segments(&photo.segments, &gauge))
                                return false;
        }
        for (size_t i = 0; plc_index_territory_at(i) != NULL; i++)
                if (gauge.counts[i] > gauge.counts[most])
                        most = i;
        *out_opened = gauge.opened;
        *out_territory = gauge.limited ? plc_index_territory_at(most) : NULL;
        return !w.damaged;
}
