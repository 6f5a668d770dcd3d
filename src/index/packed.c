/*
 * Of which answers are the items kept compressed, and are these items among them? A list is asked for first without a
 * language and in the site's; without a country, and in the one in which most may be shown; and when all that it holds
 * has begun. These answers are joined as the reader joins them (front_list.c), those that are alike once, and deflated.
 * No clock is asked: the same rows are packed the same, whenever it is done.
 */
#include <string.h>

#include "base/hash.h"
#include "gzip/gzip.h"
#include "index/front.h"

#define ITEMS_MIN 768 /* bytes; with what stands around them such an answer is not sent compressed */

struct digest {
        uint64_t words[2];
};

static struct digest digest_of(const char *items, size_t size)
{
        struct digest digest = {0};

        plc_quick_hash(digest.words, items, size);
        return digest;
}

/* Of what the reader does not compare with the items. */
static uint32_t check_of(GBytes *deflated, uint32_t crc)
{
        size_t size = 0;
        const void *data = g_bytes_get_data(deflated, &size);
        uint32_t little = GUINT32_TO_LE(crc);

        return plc_gzip_crc(plc_gzip_crc(0, data, size), &little, sizeof little);
}

/* Not found, or not as it was stored: false without an error. Clear *out after true. */
static bool find(plc_db *db, const char *product, const struct digest *digest, size_t size, struct plc_gzip_piece *out)
{
        g_autoptr(plc_rows) rows = plc_db_query(db, "packed", NULL, "tb", product, digest->words, sizeof *digest);

        if (rows == NULL || plc_rows_next(rows, NULL) != PLC_ROW || plc_rows_int(rows, 0) != (int64_t)size)
                return false;
        uint32_t crc = (uint32_t)plc_rows_int(rows, 1);
        GBytes *deflated = plc_rows_bytes(rows, 3);
        if (deflated == NULL || plc_rows_int(rows, 2) != check_of(deflated, crc)) {
                g_clear_pointer(&deflated, g_bytes_unref);
                return false;
        }
        *out = (struct plc_gzip_piece){deflated, size, crc};
        return true;
}

bool plc_index_packed(plc_index_reader *r, const char *product, const char *items, size_t size,
                      struct plc_gzip_piece *out)
{
        if (!r->has_packed || size < ITEMS_MIN)
                return false;
        struct digest digest = digest_of(items, size);
        return find(r->db, product, &digest, size, out);
}

/* --- the writer's side
 * ---------------------------------------------------------------------------------------------------------- */

struct packing {
        plc_db *db;
        const char *product;
        const struct plc_index_front *front;
        GArray *digests; /* of those that were visited */
        bool (*visit)(struct packing *packing, const struct digest *digest, const GString *items, GError **error);
        GArray *pieces; /* of struct piece, what the product is to have */
        bool right;
        int64_t found;
};

struct piece {
        struct digest digest;
        struct plc_gzip_piece gzip;
};

static bool is_new(GArray *digests, const struct digest *digest)
{
        for (guint i = 0; i < digests->len; i++)
                if (memcmp(&g_array_index(digests, struct digest, i), digest, sizeof *digest) == 0)
                        return false;
        g_array_append_val(digests, *digest);
        return true;
}

static bool answer(struct packing *p, const struct plc_index_question *q, GError **error)
{
        plc_index_reader reader = {.db = p->db}; /* nothing is hidden from the writer */
        struct plc_index_page page = {.until = INT64_MAX};
        g_autoptr(GString) items = g_string_sized_new(p->front->size);
        struct plc_index_builder b = {.reader = &reader, .q = q, .out = items, .page = &page};
        struct plc_index_cursor at = {0};
        size_t scanned = 0;
        bool ended = false;

        if (!plc_index_list_of_front(&b, p->product, p->front, PLC_INDEX_PAGE, &at, &scanned, &ended, error))
                return false;
        if (!ended || items->len < ITEMS_MIN)
                return true;
        struct digest digest = digest_of(items->str, items->len);
        return !is_new(p->digests, &digest) || p->visit(p, &digest, items, error);
}

static bool each(struct packing *p, char *const *languages, GError **error)
{
        g_autoptr(GArray) digests = g_array_new(FALSE, FALSE, sizeof(struct digest));
        struct plc_index_question q = {.channel = PLC_INDEX_FRONT_CHANNEL};
        const char *territory = NULL;

        p->digests = digests;
        if (languages[0] == NULL || p->front->size == 0)
                return true;
        if (!plc_index_front_gauge(p->front, &q.now, &territory))
                return plc_fail(error, PLC_E_INTERNAL, "the front of the list of %s is damaged", p->product);
        for (int country = 0; country <= (territory != NULL); country++) {
                q.territory = country ? territory : NULL;
                q.language = "";
                q.labels = languages[0];
                if (!answer(p, &q, error))
                        return false;
                for (char *const *language = languages; *language != NULL; language++) {
                        g_autofree char *labels = g_strconcat(*language, ",", languages[0], NULL);

                        q.language = *language;
                        q.labels = labels;
                        if (!answer(p, &q, error))
                                return false;
                }
        }
        return true;
}

/* By what they inflate to: another version of zlib may deflate the same otherwise. */
static bool find_right(struct packing *p, const struct digest *digest, const GString *items, struct plc_gzip_piece *out)
{
        if (!find(p->db, p->product, digest, items->len, out))
                return false;
        if (plc_gzip_piece_is(out, items->str, items->len))
                return true;
        plc_gzip_piece_clear(out);
        return false;
}

/* What is there already is not deflated again: a product is published more often than its answers change. */
static bool collect(struct packing *p, const struct digest *digest, const GString *items, GError **error)
{
        struct piece piece = {.digest = *digest};
        (void)error;

        if (find_right(p, digest, items, &piece.gzip) || plc_gzip_piece_make(items->str, items->len, &piece.gzip))
                g_array_append_val(p->pieces, piece);
        return true;
}

static bool put(plc_db *db, const char *product, const struct piece *piece, GError **error)
{
        const struct plc_gzip_piece *gzip = &piece->gzip;
        size_t size = 0;
        const void *deflated = g_bytes_get_data(gzip->deflated, &size);

        return plc_db_run(db, "put_packed", error, "tbiiib", product, piece->digest.words, sizeof piece->digest,
                          (int64_t)gzip->size, (int64_t)gzip->crc, (int64_t)check_of(gzip->deflated, gzip->crc),
                          deflated, size);
}

static void piece_clear(void *piece)
{
        plc_gzip_piece_clear(&((struct piece *)piece)->gzip);
}

bool plc_index_pack(plc_db *db, char *const *languages, const char *product, const struct plc_index_front *front,
                    GError **error)
{
        g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(struct piece));
        struct packing p = {.db = db, .product = product, .front = front, .visit = collect, .pieces = pieces};

        g_array_set_clear_func(pieces, piece_clear);
        if (!each(&p, languages, error) || !plc_db_run(db, "remove_packed", error, "t", product) ||
            !plc_db_run(db, "remove_unpacked", error, "t", product))
                return false;
        for (guint i = 0; i < pieces->len; i++)
                if (!put(db, product, &g_array_index(pieces, struct piece, i), error))
                        return false;
        return true;
}

bool plc_index_unpack(plc_db *db, const char *product, GError **error)
{
        return plc_db_run(db, "remove_packed", error, "t", product) &&
               plc_db_run(db, "put_unpacked", error, "t", product);
}

/* --- are they right?
 * ------------------------------------------------------------------------------------------------------------ */

static bool compare(struct packing *p, const struct digest *digest, const GString *items, GError **error)
{
        struct plc_gzip_piece piece = {0};
        (void)error;

        if (find_right(p, digest, items, &piece))
                p->found++;
        else
                p->right = p->right && !plc_gzip_piece_make(items->str, items->len, &piece);
        plc_gzip_piece_clear(&piece);
        return true;
}

bool plc_index_packed_right(plc_db *db, char *const *languages, const char *product,
                            const struct plc_index_front *front, bool *out, GError **error)
{
        struct packing p = {.db = db, .product = product, .front = front, .visit = compare, .right = true};
        int64_t n = 0, unpacked = 0;

        if (!plc_db_int(db, "count_packed", &n, error, "t", product) ||
            !plc_db_int(db, "count_unpacked", &unpacked, error, "t", product))
                return false;
        if (unpacked == 0 && !each(&p, languages, error))
                return false;
        *out = p.right && n == p.found;
        return true;
}

bool plc_index_packing(plc_db *db, char ***out_languages, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(db, "packing", error, "");
        plc_row row = rows != NULL ? plc_rows_next(rows, error) : PLC_ROW_ERROR;

        if (row == PLC_ROW_ERROR)
                return false;
        *out_languages = g_strsplit(row == PLC_ROW ? plc_rows_text(rows, 0) : "", " ", -1);
        return true;
}
