/* What stands in the front of a product's list (front.h), and when is it made anew? */
#include "index/front.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"

#define AT_ONCE 500 /* fronts in one transaction, where all are made: some MB */

struct plc_index_fronts {
        plc_db *db;
        GHashTable *products;
        char **packed; /* languages */
};

plc_index_fronts *plc_index_fronts_new(plc_db *db, char **packed)
{
        plc_index_fronts *f = g_new0(plc_index_fronts, 1);

        f->db = db;
        f->packed = packed;
        f->products = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        return f;
}

void plc_index_fronts_free(plc_index_fronts *f)
{
        if (f == NULL)
                return;
        g_hash_table_unref(f->products);
        g_strfreev(f->packed);
        g_free(f);
}

void plc_index_fronts_forget(plc_index_fronts *f)
{
        g_hash_table_remove_all(f->products);
}

void plc_index_fronts_touch(plc_index_fronts *f, const struct plc_index_segment *segment)
{
        if (strcmp(segment->channel, PLC_INDEX_FRONT_CHANNEL) == 0)
                plc_index_fronts_touch_product(f, segment->product);
}

void plc_index_fronts_touch_product(plc_index_fronts *f, const char *product)
{
        if (product[0] != '\0' && !g_hash_table_contains(f->products, product))
                g_hash_table_add(f->products, g_strdup(product));
}

bool plc_index_fronts_touch_item(plc_index_fronts *f, const char *item, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(f->db, "lists_of_item", error, "tt", item, PLC_INDEX_FRONT_CHANNEL);
        plc_row row = PLC_ROW_ERROR;

        while (rows != NULL && (row = plc_rows_next(rows, error)) == PLC_ROW)
                if (plc_rows_text(rows, 0)[0] != '\0')
                        g_hash_table_add(f->products, plc_rows_dup(rows, 0));
        return row == PLC_ROW_END;
}

/* --- bytes
 * ----------------------------------------------------------------------------------------------------------------------
 */

static void put_number(GString *out, uint64_t value, int bytes)
{
        for (int i = 0; i < bytes; i++)
                g_string_append_c(out, (char)(uint8_t)(value >> 8 * i));
}

static void put_text(GString *out, const char *text)
{
        if (text == NULL) {
                put_number(out, UINT32_MAX, 4);
                return;
        }
        put_number(out, strlen(text), 4);
        g_string_append(out, text);
        g_string_append_c(out, '\0');
}

static size_t begin_part(GString *out)
{
        put_number(out, 0, 4);
        return out->len;
}

static void end_part(GString *out, size_t begun)
{
        uint32_t size = (uint32_t)(out->len - begun);

        for (size_t i = 0; i < 4; i++)
                out->str[begun - 4 + i] = (char)(uint8_t)(size >> 8 * i);
}

/* --- what goes into it
 * ------------------------------------------------------------------------------------------------------------
 */

static void put_segment(GString *out, const plc_rows *row)
{
        struct plc_index_stored s;

        plc_index_view_read(row, &s);
        bool any = strcmp(s.languages, "*") == 0, free = s.duties[0] == '\0';
        bool world = s.territories_size == 1 && *(const char *)s.territories == 'W';

        put_number(out,
                   (s.named ? PLC_INDEX_FRONT_NAMED : 0) | (any ? PLC_INDEX_FRONT_ANY : 0) |
                           (free ? PLC_INDEX_FRONT_FREE : 0) | (world ? PLC_INDEX_FRONT_WORLD : 0),
                   1);
        put_number(out, (uint64_t)s.edits, 1);
        put_number(out, (uint64_t)s.from, 8);
        put_number(out, (uint64_t)s.until, 8);
        if (!any)
                put_text(out, s.languages);
        if (!free)
                put_text(out, s.duties);
        if (world)
                return;
        put_number(out, s.territories_size, 4);
        g_string_append_len(out, s.territories, (gssize)s.territories_size);
}

static bool has_translations(plc_db *db, const char *item, bool *out, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(db, "translations", error, "t", item);
        plc_row row = rows != NULL ? plc_rows_next(rows, error) : PLC_ROW_ERROR;

        *out = row == PLC_ROW;
        return row != PLC_ROW_ERROR;
}

static bool put_photos(plc_db *db, GString *out, const char *product, const char *group, GError **error);
static bool put_pictures(plc_db *db, GString *out, const struct plc_index_said *photo, GError **error);

static void put_ready(GString *out, const struct plc_index_ready *ready)
{
        size_t size = 0;

        put_text(out, ready->verification);
        put_text(out, ready->language);
        put_number(out, (ready->excerpt_is_text ? 1 : 0) | (ready->translated ? 2 : 0), 1);
        for (size_t i = 0; i < PLC_INDEX_PARTS; i++) {
                put_number(out, ready->sizes[i], 4);
                size += ready->sizes[i];
        }
        g_string_append_len(out, ready->bytes, (gssize)size);
}

/* All of an item after its segments. */
static bool put_said(plc_db *db, GString *out, const char *product, const char *item, int64_t kind, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(db, "item", error, "t", item);
        plc_row row = rows != NULL ? plc_rows_next(rows, error) : PLC_ROW_ERROR;
        g_autoptr(GString) space = g_string_new(NULL);
        struct plc_index_ready ready;
        struct plc_index_said said;

        if (row == PLC_ROW_END)
                return plc_fail(error, PLC_E_INTERNAL, "the index has segments of %s, which it does not hold", item);
        if (row == PLC_ROW_ERROR)
                return false;
        plc_index_read_said(rows, item, &said);
        said.translated = false;
        if (kind == PLC_INDEX_REVIEW && !has_translations(db, item, &said.translated, error))
                return false;
        plc_index_make_ready((enum plc_index_kind)kind, &said, space, &ready);
        put_ready(out, &ready);
        size_t inner = begin_part(out);
        if (kind == PLC_INDEX_REVIEW ? !put_photos(db, out, product, plc_rows_text(rows, 1), error)
                                     : !put_pictures(db, out, &said, error))
                return false;
        end_part(out, inner);
        return true;
}

static bool put_pictures(plc_db *db, GString *out, const struct plc_index_said *photo, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(db, "pictures", error, "tt", photo->item, PLC_INDEX_FRONT_CHANNEL);
        g_autoptr(GString) lead = g_string_new(NULL);
        plc_row row = PLC_ROW_ERROR;

        while (rows != NULL && (row = plc_rows_next(rows, error)) == PLC_ROW) {
                g_string_truncate(lead, 0);
                plc_index_make_lead(photo, plc_rows_text(rows, 1), plc_rows_text(rows, 2), lead);
                put_number(out, plc_rows_int(rows, 0) != 0, 1);
                put_text(out, lead->str);
                put_text(out, plc_rows_text(rows, 3));
        }
        return row == PLC_ROW_END;
}

/* A photo without a segment of this product is never shown in its list. */
static bool put_photo(plc_db *db, GString *out, const char *product, const char *item, int64_t written_at,
                      GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(db, "segments_of_item", error, "ttiit", product,
                                                PLC_INDEX_FRONT_CHANNEL, (int64_t)PLC_INDEX_PHOTO, written_at, item);
        size_t before = out->len, whole = begin_part(out), n = 0;
        plc_row row = PLC_ROW_ERROR;

        put_text(out, item);
        put_number(out, (uint64_t)written_at, 8);
        size_t segments = begin_part(out);
        for (; rows != NULL && (row = plc_rows_next(rows, error)) == PLC_ROW; n++)
                put_segment(out, rows);
        end_part(out, segments);
        if (row != PLC_ROW_END)
                return false;
        if (n == 0) {
                g_string_truncate(out, before);
                return true;
        }
        if (!put_said(db, out, product, item, PLC_INDEX_PHOTO, error))
                return false;
        end_part(out, whole);
        return true;
}

static bool put_photos(plc_db *db, GString *out, const char *product, const char *group, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(db, "photos_of_group", error, "t", group);
        plc_row row = PLC_ROW_ERROR;

        while (rows != NULL && (row = plc_rows_next(rows, error)) == PLC_ROW)
                if (!put_photo(db, out, product, plc_rows_text(rows, 0), plc_rows_int(rows, 1), error))
                        return false;
        return row == PLC_ROW_END;
}

/* --- one front
 * ------------------------------------------------------------------------------------------------------------------
 */

struct front {
        GString *bytes;
        struct plc_index_cursor last;
        bool counted; /* it has a summary */
        bool whole;   /* there is nothing after it */
        size_t flag_at, count_at, whole_at, segments_at, n;
};

static bool end_item(plc_db *db, struct front *f, const char *product, GError **error)
{
        if (f->n == 0)
                return true;
        end_part(f->bytes, f->segments_at);
        if (!put_said(db, f->bytes, product, f->last.item, PLC_INDEX_REVIEW, error))
                return false;
        end_part(f->bytes, f->whole_at);
        return true;
}

static void begin_item(struct front *f, const plc_rows *row)
{
        _Static_assert(PLC_INDEX_FRONT_ITEMS < 256, "one byte of the number is written");
        f->bytes->str[f->count_at] = (char)(uint8_t)++f->n;
        f->last.written_at = plc_rows_int(row, SEGMENT_WRITTEN);
        g_strlcpy(f->last.item, plc_rows_text(row, SEGMENT_ITEM), sizeof f->last.item);
        f->whole_at = begin_part(f->bytes);
        put_text(f->bytes, f->last.item);
        put_number(f->bytes, (uint64_t)f->last.written_at, 8);
        f->segments_at = begin_part(f->bytes);
}

static bool put_summary(plc_db *db, const char *product, struct front *f, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(db, "summary", error, "t", product);
        plc_row row = rows != NULL ? plc_rows_next(rows, error) : PLC_ROW_ERROR;
        double average = 0;
        uint64_t bits;

        f->counted = row == PLC_ROW;
        if (f->counted)
                average = plc_rows_real(rows, 1);
        memcpy(&bits, &average, sizeof bits);
        put_number(f->bytes, f->counted ? (uint64_t)plc_rows_int(rows, 0) : 0, 8);
        put_number(f->bytes, bits, 8);
        for (int i = 2; i < 7; i++)
                put_number(f->bytes, f->counted ? (uint64_t)plc_rows_int(rows, i) : 0, 8);
        f->count_at = f->bytes->len;
        put_number(f->bytes, 0, 8);
        return row != PLC_ROW_ERROR;
}

static bool make(plc_db *db, const char *product, struct front *f, GError **error)
{
        put_text(f->bytes, product);
        f->flag_at = f->bytes->len;
        put_number(f->bytes, 0, 1);
        if (!put_summary(db, product, f, error))
                return false;
        g_autoptr(plc_rows) rows = plc_db_query(db, "segments_of_product", error, "ttiit", product,
                                                PLC_INDEX_FRONT_CHANNEL, (int64_t)PLC_INDEX_REVIEW, PLC_TIME_NEVER, "");
        plc_row row = PLC_ROW_ERROR;

        while (rows != NULL && (row = plc_rows_next(rows, error)) == PLC_ROW) {
                if (strcmp(plc_rows_text(rows, SEGMENT_ITEM), f->last.item) != 0) {
                        if (!end_item(db, f, product, error))
                                return false;
                        if (f->n >= PLC_INDEX_FRONT_ITEMS || f->bytes->len >= PLC_INDEX_FRONT_BYTES)
                                return true;
                        begin_item(f, rows);
                }
                put_segment(f->bytes, rows);
        }
        f->whole = true;
        f->bytes->str[f->flag_at] = 1;
        return row == PLC_ROW_END && end_item(db, f, product, error);
}

static struct plc_index_front made(const struct front *f)
{
        return (struct plc_index_front){f->bytes->str, f->bytes->len, NULL};
}

/* packed NULL: somebody waits; what was packed of it goes, and is packed again later. */
static bool put_front(plc_db *db, char *const *packed, const char *product, GError **error)
{
        g_autoptr(GString) bytes = g_string_sized_new(16384);
        struct front f = {.bytes = bytes};

        if (!make(db, product, &f, error))
                return false;
        struct plc_index_front front = made(&f);
        bool put = f.n == 0 && !f.counted ? plc_db_run(db, "remove_front", error, "t", product)
                                          : plc_db_run(db, "put_front", error, "titib", product, f.last.written_at,
                                                       f.last.item, (int64_t)f.whole, bytes->str, bytes->len);
        return put && (packed != NULL ? plc_index_pack(db, packed, product, &front, error)
                                      : plc_index_unpack(db, product, error));
}

static int by_name(const void *a, const void *b)
{
        return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A few of them: whoever took them apart publishes each of them again by itself, and what follows is not to wait. */
static bool touch_unpacked(plc_index_fronts *f, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(f->db, "some_unpacked", error, "");
        plc_row row = PLC_ROW_ERROR;

        while (rows != NULL && (row = plc_rows_next(rows, error)) == PLC_ROW)
                plc_index_fronts_touch_product(f, plc_rows_text(rows, 0));
        return row == PLC_ROW_END;
}

bool plc_index_fronts_settle(plc_index_fronts *f, bool pack, GError **error)
{
        guint n = 0;

        if (pack && !touch_unpacked(f, error))
                return false;
        g_autofree const char **products = (const char **)g_hash_table_get_keys_as_array(f->products, &n);

        if (n > 1)
                qsort(products, n, sizeof *products, by_name); /* as they lie in the file */
        for (guint i = 0; i < n; i++)
                if (!put_front(f->db, pack ? f->packed : NULL, products[i], error))
                        return false;
        plc_index_fronts_forget(f);
        return true;
}

/* --- all of them
 * ----------------------------------------------------------------------------------------------------------------
 */

/* The next product of the list after this one, in the order of the file; "" at the end. Free with g_free. */
static bool next_product(plc_db *db, const char *after, char **out, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(db, "next_product", error, "t", after);
        plc_row row = rows != NULL ? plc_rows_next(rows, error) : PLC_ROW_ERROR;

        *out = g_strdup(row == PLC_ROW && !plc_rows_is_null(rows, 0) ? plc_rows_text(rows, 0) : "");
        return row != PLC_ROW_ERROR;
}

bool plc_index_fronts_make_all(plc_db *db, char *const *packed, GError **error)
{
        g_autofree char *product = NULL;

        /* Those that are there are replaced one by one, or removed: to clear them all first would fill the log. */
        if (!next_product(db, "", &product, error))
                return false;
        while (product[0] != '\0') {
                g_autoptr(plc_db_tx) tx = plc_db_begin(db, error);

                for (int i = 0; tx != NULL && i < AT_ONCE && product[0] != '\0'; i++) {
                        g_autofree char *before = g_steal_pointer(&product);

                        if (!put_front(db, packed, before, error) || !next_product(db, before, &product, error))
                                return false;
                }
                if (tx == NULL || !plc_db_commit(&tx, error))
                        return false;
        }
        return true;
}

static bool is_right(plc_db *db, char *const *packed, const char *product, bool *out, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(db, "front", error, "t", product);
        plc_row row = rows != NULL ? plc_rows_next(rows, error) : PLC_ROW_ERROR;
        g_autoptr(GString) bytes = g_string_sized_new(16384);
        struct front f = {.bytes = bytes};
        size_t size = 0;
        bool right = false;

        if (row == PLC_ROW_ERROR || !make(db, product, &f, error))
                return false;
        struct plc_index_front front = made(&f);
        if (!plc_index_packed_right(db, packed, product, &front, &right, error))
                return false;
        if (row == PLC_ROW_END) {
                *out = right && f.n == 0 && !f.counted;
                return true;
        }
        const void *stored = plc_rows_blob(rows, 3, &size);
        *out = right && (f.n > 0 || f.counted) && plc_rows_int(rows, 0) == f.last.written_at &&
               strcmp(plc_rows_text(rows, 1), f.last.item) == 0 && (plc_rows_int(rows, 2) != 0) == f.whole &&
               size == bytes->len && memcmp(stored, bytes->str, size) == 0;
        return true;
}

bool plc_index_fronts_wrong(plc_db *db, GPtrArray **out, GError **error)
{
        g_autoptr(GPtrArray) wrong = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(plc_rows) rows = plc_db_query(db, "audit_fronts", error, "");
        g_auto(GStrv) packed = NULL;
        plc_row row = PLC_ROW_ERROR;
        bool right;

        if (!plc_index_packing(db, &packed, error))
                return false;
        while (rows != NULL && (row = plc_rows_next(rows, error)) == PLC_ROW) {
                if (!is_right(db, packed, plc_rows_text(rows, 0), &right, error))
                        return false;
                if (!right)
                        g_ptr_array_add(wrong, plc_rows_dup(rows, 0));
        }
        if (row != PLC_ROW_END)
                return false;
        *out = g_steal_pointer(&wrong);
        return true;
}
