/* In which documents does a term stand? Blocks read from the newest down, and their form. */
#include "index/postings.h"

#include <string.h>

/* --- the form: seconds between two documents, doubled, plus 1 where the number within the second follows */

#define WITHIN ((INT64_C(1) << PLC_POSTINGS_BITS) - 1)

static void put(GByteArray *out, uint64_t value)
{
        uint8_t bytes[10];
        guint n = 0;

        for (; value >= 0x80; value >>= 7)
                bytes[n++] = (uint8_t)(value | 0x80);
        bytes[n++] = (uint8_t)value;
        g_byte_array_append(out, bytes, n);
}

static bool take(const uint8_t **at, const uint8_t *end, uint64_t *out)
{
        uint64_t value = 0;

        for (unsigned shift = 0; shift < 63 && *at < end; shift += 7) {
                uint8_t byte = *(*at)++;

                value |= (uint64_t)(byte & 0x7f) << shift;
                if (byte < 0x80) {
                        *out = value;
                        return true;
                }
        }
        return false;
}

GByteArray *plc_postings_pack(const int64_t *docs, size_t n)
{
        GByteArray *out = g_byte_array_new();

        for (size_t i = 1; i < n; i++) {
                uint64_t seconds = (uint64_t)((docs[i] >> PLC_POSTINGS_BITS) - (docs[i - 1] >> PLC_POSTINGS_BITS));
                uint64_t within = (uint64_t)(docs[i] & WITHIN);

                put(out, seconds << 1 | (within != 0));
                if (within != 0)
                        put(out, within);
        }
        return out;
}

bool plc_postings_unpack(int64_t first, const void *data, size_t size, int64_t *out_docs, size_t *out_n)
{
        const uint8_t *at = data, *end = at + size;
        size_t n = 1;

        out_docs[0] = first;
        for (; at < end; n++) {
                uint64_t seconds, within = 0;
                int64_t doc;

                if (n == PLC_POSTINGS_BLOCK || !take(&at, end, &seconds) ||
                    ((seconds & 1) != 0 && !take(&at, end, &within)) || seconds >> 1 > UINT32_MAX * UINT64_C(16) ||
                    within > WITHIN)
                        return false;
                doc = (((out_docs[n - 1] >> PLC_POSTINGS_BITS) + (int64_t)(seconds >> 1)) << PLC_POSTINGS_BITS) |
                      (int64_t)within;
                if (doc <= out_docs[n - 1])
                        return false;
                out_docs[n] = doc;
        }
        *out_n = n;
        return true;
}

/* --- reading */

struct plc_posting_list {
        plc_db *db;
        char *term;
        bool loaded;
        int64_t upto; /* between the block's first number and this one, the block tells all */
        size_t n;     /* 0: there is nothing at or below upto */
        int64_t docs[PLC_POSTINGS_BLOCK];
};

plc_posting_list *plc_posting_list_new(plc_db *db, const char *term)
{
        plc_posting_list *list = g_new0(plc_posting_list, 1);

        list->db = db;
        list->term = g_strdup(term);
        return list;
}

void plc_posting_list_free(plc_posting_list *list)
{
        if (list == NULL)
                return;
        g_free(list->term);
        g_free(list);
}

static bool load(plc_posting_list *list, int64_t limit, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(list->db, "posting_below", error, "ti", list->term, limit);
        plc_row row = rows != NULL ? plc_rows_next(rows, error) : PLC_ROW_ERROR;
        const void *data;
        size_t size;

        if (row == PLC_ROW_ERROR)
                return false;
        list->loaded = true;
        list->upto = limit;
        list->n = 0;
        if (row == PLC_ROW_END)
                return true;
        data = plc_rows_blob(rows, 1, &size);
        return plc_postings_unpack(plc_rows_int(rows, 0), data, size, list->docs, &list->n) ||
               plc_fail(error, PLC_E_INTERNAL, "a block of the search index is damaged");
}

bool plc_posting_list_seek(plc_posting_list *list, int64_t limit, struct plc_postings_budget *budget, int64_t *out,
                           GError **error)
{
        size_t low = 0, high;

        *out = PLC_POSTINGS_NONE;
        if (!list->loaded || limit > list->upto || (list->n > 0 && limit < list->docs[0])) {
                if (--budget->left < 0)
                        return true;
                if (!load(list, limit, error))
                        return false;
        }
        if (list->n == 0)
                return true;
        for (high = list->n; high - low > 1;) { /* docs[low] ≤ limit < docs[high] */
                size_t middle = low + (high - low) / 2;

                if (list->docs[middle] <= limit)
                        low = middle;
                else
                        high = middle;
        }
        *out = list->docs[low];
        return true;
}
