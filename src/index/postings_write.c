/* How do terms get into the index, and out of it? Gathered over a publication, then block by block: a term that many
 * items of it have is written once. */
#include "index/postings.h"

#include <stdlib.h>
#include <string.h>

#define PENDING_MAX 2000000 /* changes kept in memory, as a rule: about 40 MiB */

struct change {
        int64_t doc;
        uint32_t nr; /* the later one of two is what counts */
        bool stands;
};

struct plc_postings {
        plc_db *db;
        GHashTable *terms; /* term → GArray of struct change */
        size_t pending, most;
        bool empty; /* there is no block in the file */
};

static void free_changes(gpointer changes)
{
        g_array_unref(changes);
}

plc_postings *plc_postings_new(plc_db *db)
{
        plc_postings *p = g_new0(plc_postings, 1);

        p->db = db;
        p->most = PENDING_MAX;
        p->terms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_changes);
        return p;
}

void plc_postings_free(plc_postings *p)
{
        if (p == NULL)
                return;
        g_hash_table_unref(p->terms);
        g_free(p);
}

void plc_postings_keep(plc_postings *p, size_t changes)
{
        p->most = changes > 0 ? changes : PENDING_MAX;
}

void plc_postings_emptied(plc_postings *p)
{
        p->empty = true;
}

void plc_postings_forget(plc_postings *p)
{
        p->empty = false;
        g_hash_table_remove_all(p->terms);
        p->pending = 0;
}

void plc_postings_change(plc_postings *p, const char *term, int64_t doc, bool stands)
{
        GArray *changes = g_hash_table_lookup(p->terms, term);
        struct change change = {doc, 0, stands};

        if (changes == NULL) {
                changes = g_array_sized_new(FALSE, FALSE, sizeof change, 1);
                g_hash_table_insert(p->terms, g_strdup(term), changes);
        } else {
                const struct change *last = &g_array_index(changes, struct change, changes->len - 1);

                if (last->doc == doc && last->stands == stands)
                        return;
        }
        change.nr = changes->len;
        g_array_append_val(changes, change);
        p->pending++;
}

static gint by_doc(gconstpointer a, gconstpointer b)
{
        const struct change *x = a, *y = b;

        if (x->doc != y->doc)
                return x->doc < y->doc ? -1 : 1;
        return x->nr < y->nr ? -1 : x->nr > y->nr;
}

/* One change a document; none where it was taken out and put back. */
static void settle(GArray *changes)
{
        guint kept = 0;

        g_array_sort(changes, by_doc);
        for (guint i = 0, next; i < changes->len; i = next) {
                const struct change *first = &g_array_index(changes, struct change, i), *last;

                for (next = i + 1; next < changes->len; next++)
                        if (g_array_index(changes, struct change, next).doc != first->doc)
                                break;
                last = &g_array_index(changes, struct change, next - 1);
                if (next - i > 1 && !first->stands && last->stands)
                        continue;
                g_array_index(changes, struct change, kept++) = *last;
        }
        g_array_set_size(changes, kept);
}

struct block {
        bool there;
        int64_t first, until; /* until: where the next block begins */
        size_t n;
        int64_t docs[PLC_POSTINGS_BLOCK];
};

/* The block that `doc` belongs into: the one that begins at or below it, or the first. */
static bool find_block(plc_postings *p, const char *term, int64_t doc, struct block *out, GError **error)
{
        static const char *const statements[] = {"posting_below", "posting_above"};

        *out = (struct block){.until = INT64_MAX};
        if (p->empty)
                return true;
        for (size_t i = 0; i < G_N_ELEMENTS(statements) && !out->there; i++) {
                g_autoptr(plc_rows) rows = plc_db_query(p->db, statements[i], error, "ti", term, doc);
                plc_row row = rows != NULL ? plc_rows_next(rows, error) : PLC_ROW_ERROR;
                const void *data;
                size_t size;

                if (row == PLC_ROW_ERROR)
                        return false;
                if (row == PLC_ROW_END)
                        continue;
                out->there = true;
                out->first = plc_rows_int(rows, 0);
                data = plc_rows_blob(rows, 1, &size);
                if (!plc_postings_unpack(out->first, data, size, out->docs, &out->n))
                        return plc_fail(error, PLC_E_INTERNAL, "a block of the search index is damaged");
        }
        if (!out->there)
                return true;
        g_autoptr(plc_rows) rows = plc_db_query(p->db, "posting_above", error, "ti", term, out->first);
        plc_row row = rows != NULL ? plc_rows_next(rows, error) : PLC_ROW_ERROR;

        if (row == PLC_ROW)
                out->until = plc_rows_int(rows, 0);
        return row != PLC_ROW_ERROR;
}

/* As many blocks as are needed, of one size. */
static bool write_blocks(plc_postings *p, const char *term, const GArray *docs, GError **error)
{
        size_t n_blocks = (docs->len + PLC_POSTINGS_BLOCK - 1) / PLC_POSTINGS_BLOCK;

        for (size_t i = 0; i < n_blocks; i++) {
                size_t from = docs->len * i / n_blocks, to = docs->len * (i + 1) / n_blocks;
                const int64_t *first = &g_array_index(docs, int64_t, from);
                g_autoptr(GByteArray) packed = plc_postings_pack(first, to - from);

                if (!plc_db_run(p->db, "put_posting", error, "tib", term, *first,
                                packed->data != NULL ? packed->data : (const uint8_t *)"", (size_t)packed->len))
                        return false;
        }
        return true;
}

/* The changes from *at on that lie within one block, merged into it. */
static bool change_block(plc_postings *p, const char *term, const GArray *changes, guint *at, GError **error)
{
        g_autoptr(GArray) docs = g_array_new(FALSE, FALSE, sizeof(int64_t));
        struct block block;
        size_t old = 0;

        if (!find_block(p, term, g_array_index(changes, struct change, *at).doc, &block, error))
                return false;
        while (*at < changes->len && g_array_index(changes, struct change, *at).doc < block.until) {
                struct change change = g_array_index(changes, struct change, (*at)++);

                while (old < block.n && block.docs[old] < change.doc)
                        g_array_append_val(docs, block.docs[old++]);
                if (old < block.n && block.docs[old] == change.doc)
                        old++;
                if (change.stands)
                        g_array_append_val(docs, change.doc);
        }
        g_array_append_vals(docs, block.docs + old, (guint)(block.n - old));
        if (block.there && (docs->len == 0 || g_array_index(docs, int64_t, 0) != block.first) &&
            !plc_db_run(p->db, "remove_posting", error, "ti", term, block.first))
                return false;
        return write_blocks(p, term, docs, error);
}

static int by_name(const void *a, const void *b)
{
        return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool plc_postings_flush(plc_postings *p, GError **error)
{
        guint n = 0;
        g_autofree const char **terms = (const char **)g_hash_table_get_keys_as_array(p->terms, &n);

        if (n > 1)
                qsort(terms, n, sizeof *terms, by_name); /* as they lie in the file */
        for (guint i = 0; i < n; i++) {
                GArray *changes = g_hash_table_lookup(p->terms, terms[i]);

                settle(changes);
                for (guint at = 0; at < changes->len;)
                        if (!change_block(p, terms[i], changes, &at, error))
                                return false;
        }
        plc_postings_forget(p);
        return true;
}

bool plc_postings_flush_many(plc_postings *p, GError **error)
{
        return p->pending < p->most || plc_postings_flush(p, error);
}
